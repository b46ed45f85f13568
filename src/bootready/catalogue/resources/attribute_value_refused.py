"""The engine rejects the value of an attribute: found before boot, at its place."""

from __future__ import annotations

import re
from ipaddress import ip_address

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.engine.values import (
    IPC_MODES,
    SIGNALS,
    Refusal,
    is_tmpfs_option,
    numbers,
    words,
)
from bootready.knowledge.secrets.forms import masked_hosts
from bootready.model.lookup import items_at, place_in, text_at
from bootready.model.project import Service
from bootready.regex import regex

KEYS = (
    *("cpu_period", "cpu_quota", "cpu_shares", "cpus", "deploy", "device_cgroup_rules", "dns"),
    *("environment", "expose", "extra_hosts", "hostname", "ipc", "isolation", "mac_address"),
    *("mem_swappiness", "networks", "stop_signal", "tmpfs", "user", "working_dir"),
)
_MAC = regex(r"(?:[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2})")


@check(
    summary="the engine rejects the value of an attribute",
    severity=Severity.ERROR,
    looks_at=tuple(f"service.{key}" for key in KEYS),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/",
)
def attribute_value_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks values that `docker compose config` passes on unchecked: addresses in `dns`,
    `extra_hosts`, `link_local_ips` and `mac_address`, the path in `working_dir`, the signal in
    `stop_signal`, the modes of `ipc` and `isolation`, the numbers in `cpus`, `cpu_shares`,
    `cpu_quota`, `cpu_period` and `mem_swappiness`, the options of `tmpfs`, `device_cgroup_rules`,
    the ports in `expose`, the length of `hostname`, the size of `user` and the names in
    `environment`.

    ## Why it stops boot
    Compose or the engine rejects the container when it is created or started.

    ## Remedy
    Use a value of the kind that the message names.

    ## When to silence it
    If the engine that boots the project is newer and accepts the value; the limits were measured
    with Docker Engine 20.10.
    """
    for service in context.project.services:
        for path, found, wanted in _refusals(service):
            if "$" not in found:  # a required variable without a value is a finding of its own
                attribute = ".".join(key for key in path if isinstance(key, str))
                said = f"is '{found}', must" if _could_be_meant(path, found) else "must"
                yield report(
                    place_in(service, *path),
                    f"service '{service.name}': `{attribute}` {said} be {wanted}",
                )


def _could_be_meant(path: tuple[str | int, ...], found: str) -> bool:
    """Tell whether to quote a value: what no address looks like may be anything, a password too."""
    return path[0] != "extra_hosts" or masked_hosts(f"h={found}") == f"h={found}"


def _refusals(service: Service) -> Iterator[Refusal]:
    yield from _addresses(service)
    yield from numbers(service.node)
    yield from words(service.node)
    node = service.node
    directory = text_at(node, "working_dir")
    if directory and directory[0] != "/" and not re.match(r"[A-Za-z]:\\|\\", directory):
        yield ("working_dir",), directory, "an absolute path"
    signal = text_at(node, "stop_signal").upper()
    if signal and not signal.isdigit() and signal.removeprefix("SIG") not in SIGNALS:
        yield ("stop_signal",), text_at(node, "stop_signal"), "a signal such as SIGTERM"
    ipc = text_at(node, "ipc")
    if ipc and ipc not in IPC_MODES and ":" not in ipc:
        yield ("ipc",), ipc, f"one of {', '.join(sorted(IPC_MODES))}"
    isolation = text_at(node, "isolation")
    if isolation not in {"", "default"}:
        yield ("isolation",), isolation, "'default', the only one on Linux"
    for index, entry in items_at(node, "tmpfs"):
        for option in text_at(entry).partition(":")[2].split(","):
            if not is_tmpfs_option(option):
                yield ("tmpfs", index), option, "an option such as size=64m or mode=1777"
    for name in (entry.name for entry in service.environment if not entry.env_file):
        if not name:
            yield ("environment",), "=", "a name before the `=`"


def _addresses(service: Service) -> Iterator[Refusal]:
    node = service.node
    for index, entry in items_at(node, "dns"):
        if not _is_address(text_at(entry)):
            yield ("dns", index), text_at(entry), "an IP address"
    for index, entry in items_at(node, "extra_hosts"):
        host = text_at(entry).partition("=")[2]
        if host and host != "host-gateway" and not _is_address(host):
            yield ("extra_hosts", index), host, "an IP address or host-gateway"
    for network in service.networks:
        for index, entry in items_at(node, "networks", network.network, "link_local_ips"):
            if not _is_address(text_at(entry)):
                where = ("networks", network.network, "link_local_ips", index)
                yield where, text_at(entry), "an IP address"
    macs = [("mac_address",), *(("networks", n.network, "mac_address") for n in service.networks)]
    for keys in macs:
        if (mac := text_at(node, *keys)) and not _MAC.fullmatch(mac):
            yield keys, mac, "an address such as 02:42:ac:11:00:02"


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
