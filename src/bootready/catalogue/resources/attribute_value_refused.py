"""The engine rejects the value of an attribute: found before boot, at its place."""

from __future__ import annotations

import re

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
    addresses,
    addresses_on,
    is_tmpfs_option,
    numbers,
    words,
)
from bootready.knowledge.secrets.forms import masked_hosts
from bootready.model.lookup import items_at, place_in, text_at
from bootready.model.node import Mapping
from bootready.model.project import Service

KEYS = (
    *("cpu_period", "cpu_quota", "cpu_shares", "cpus", "deploy", "device_cgroup_rules", "dns"),
    *("environment", "expose", "extra_hosts", "hostname", "ipc", "isolation", "mac_address"),
    *("mem_swappiness", "networks", "stop_signal", "tmpfs", "user", "working_dir"),
)
_ELSEWHERE = {"environment", "networks"}
"""Attributes that nearly every service has; what is refused of them is looked for apart."""
_OWN = frozenset(KEYS) - _ELSEWHERE


@check(
    summary="the engine rejects the value of an attribute",
    severity=Severity.ERROR,
    looks_at=tuple(f"service.{key}" for key in KEYS),
    where=(*(f"service.{key}" for key in sorted(_OWN)), "network.settings", "environment.nameless"),
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
    `environment` and env files. The last line of an env file is a value without a name if it has
    no `=` and no line break.

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
        for entry in service.environment:
            if entry.env_file and not entry.name:
                yield report(
                    entry.location,
                    f"service '{service.name}': a value in its env file has no name",
                    hint="write `NAME=value`; end a line that is only a name with a line break",
                )


def _could_be_meant(path: tuple[str | int, ...], found: str) -> bool:
    """Tell whether to quote a value: what no address looks like may be anything, a password too."""
    return path[0] != "extra_hosts" or masked_hosts(f"h={found}") == f"h={found}"


def _refusals(service: Service) -> Iterator[Refusal]:
    if not _OWN.isdisjoint(service.node.entries):
        yield from _of_attributes(service.node)
    for network in service.networks:
        yield from addresses_on(service.node, network.network)
    for entry in service.environment:
        if not entry.name and not entry.env_file:
            yield ("environment",), "=", "a name before the `=`"


def _of_attributes(node: Mapping) -> Iterator[Refusal]:
    yield from addresses(node)
    yield from numbers(node)
    yield from words(node)
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
