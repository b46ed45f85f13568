"""What the engine takes for the words and numbers that Compose hands on unread."""

from __future__ import annotations

from bootready.model.lookup import at, items_at, text_at
from bootready.model.node import Mapping
from bootready.regex import regex
from bootready.typed import Iterator

Refusal = tuple[tuple[str | int, ...], str, str]
"""The place below a service, what is there, and what the engine expects."""

_SIGNALS = (
    "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT"
    " STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX"
)
SIGNALS = frozenset(_SIGNALS.split()) | {
    *(f"RTMIN+{number}" for number in range(1, 16)),
    *(f"RTMAX-{number}" for number in range(1, 15)),
}
"""Without `SIG` (moby/sys/signal, signal_linux.go)."""

RESOURCE_NAME = regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
"""Of a container, and of a volume of the driver `local` (moby, names.RestrictedNamePattern)."""

NETWORK_MODES = frozenset({"bridge", "host", "none"})
"""The networks that every engine has, and what `network_mode` calls them."""

GO_BOOLEANS = frozenset({"1", "t", "T", "TRUE", "true", "True"}) | {
    *("0", "f", "F", "FALSE", "false", "False")
}
"""What Go's strconv.ParseBool reads."""

IPC_MODES = frozenset({"host", "none", "private", "shareable"})

_OPTIONS = (
    "async atime bind defaults dev diratime dirsync exec gid mand mode mpol noatime nodev"
    " nodiratime noexec nomand norelatime nosuid nostrictatime nr_blocks nr_inodes private rbind"
    " relatime remount ro rprivate rshared rslave runbindable rw shared size slave strictatime suid"
    " sync uid unbindable"
)
_TMPFS_OPTIONS = frozenset({"", *_OPTIONS.split()})
"""moby/sys/mount, flags_linux.go, with tmpfs(5)."""

_TMPFS_VALUES = {
    "size": r"(?:0x[0-9a-fA-F]+|[0-9]+)[kmgtpeKMGTPE%]?",
    "nr_blocks": r"[0-9]+[kmgKMG]?",
    "nr_inodes": r"[0-9]+[kmgKMG]?",
    "mode": r"[0-7]+",
    "uid": r"[0-9]+",
    "gid": r"[0-9]+",
}
"""What the kernel takes for options with a value: `64m`, unlike Compose not `64mb`."""
_HIGHEST_ID = 2**31 - 1

_RULE = regex(r"[acb] (?:[0-9]+|\*):(?:[0-9]+|\*) [rwm]{1,3}")
"""Of a device cgroup (moby, daemon/oci_linux.go)."""
_EXPOSED = regex(r"([0-9]+)(?:-([0-9]+))?(?:/[a-zA-Z]+)?")
_LONGEST_HOST_NAME = 64
"""Of Linux (sethostname(2))."""
_MAC = regex(r"(?:[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2})")
_OF_NETWORKS = {"link_local_ips", "mac_address"}
_NUMBERS = {"cpus", "deploy", "cpu_shares", "cpu_quota", "cpu_period", "mem_swappiness"}
_WORDS = {"hostname", "user", "device_cgroup_rules", "expose"}


def numbers(node: Mapping) -> Iterator[Refusal]:
    """Yield the numbers of a service that the engine refuses (asked of engine 20.10)."""
    if _NUMBERS.isdisjoint(node.entries):
        return
    for path in (("cpus",), ("deploy", "resources", "limits", "cpus")):
        wanted = _number(text_at(node, *path))
        if wanted and wanted < 0.01:
            yield path, text_at(node, *path), "at least 0.01"
    shares = _number(text_at(node, "cpu_shares"))
    if shares and shares < 0:
        yield ("cpu_shares",), text_at(node, "cpu_shares"), "a weight of at least 2"
    quota = _number(text_at(node, "cpu_quota"))
    if quota and 0 < quota < 1000:
        yield ("cpu_quota",), text_at(node, "cpu_quota"), "at least 1000 microseconds"
    period = _number(text_at(node, "cpu_period"))
    if period and not 1000 <= period <= 1_000_000:
        yield ("cpu_period",), text_at(node, "cpu_period"), "between 1000 and 1000000 microseconds"
    swappiness = _number(text_at(node, "mem_swappiness"))
    if swappiness and swappiness > 100:
        yield ("mem_swappiness",), text_at(node, "mem_swappiness"), "between 0 and 100"


def words(node: Mapping) -> Iterator[Refusal]:
    """Yield the words of a service that the engine refuses (asked of engine 20.10)."""
    if _WORDS.isdisjoint(node.entries):
        return
    name = text_at(node, "hostname")
    if len(name) > _LONGEST_HOST_NAME:
        yield ("hostname",), name, f"at most {_LONGEST_HOST_NAME} characters long"
    for number in text_at(node, "user").split(":"):
        if number.isdigit() and int(number) > _HIGHEST_ID:
            yield ("user",), number, f"at most {_HIGHEST_ID}"
    for index, entry in items_at(node, "device_cgroup_rules"):
        if not _RULE.fullmatch(text_at(entry)):
            yield ("device_cgroup_rules", index), text_at(entry), "a rule such as 'c 1:3 rwm'"
    for index, entry in items_at(node, "expose"):
        if not _is_exposable(text_at(entry)):
            yield ("expose", index), text_at(entry), "a port such as 8080 or 8080-8081/udp"


def addresses(node: Mapping) -> Iterator[Refusal]:
    """Yield the addresses of a service, its networks apart, that the engine refuses."""
    for index, entry in items_at(node, "dns"):
        if not _is_address(text_at(entry)):
            yield ("dns", index), text_at(entry), "an IP address"
    for index, entry in items_at(node, "extra_hosts"):
        host = text_at(entry).partition("=")[2]
        if host and host != "host-gateway" and not _is_address(host):
            yield ("extra_hosts", index), host, "an IP address or host-gateway"
    yield from _mac(node, "mac_address")


def addresses_on(node: Mapping, name: str) -> Iterator[Refusal]:
    """Yield the addresses of a service on the network `name` that the engine refuses."""
    attachment = at(node, "networks", name)
    if not isinstance(attachment, Mapping) or _OF_NETWORKS.isdisjoint(attachment.entries):
        return
    for index, entry in items_at(attachment, "link_local_ips"):
        if not _is_address(text_at(entry)):
            yield ("networks", name, "link_local_ips", index), text_at(entry), "an IP address"
    yield from _mac(node, "networks", name, "mac_address")


def _mac(node: Mapping, *keys: str) -> Iterator[Refusal]:
    if (mac := text_at(node, *keys)) and not _MAC.fullmatch(mac):
        yield keys, mac, "an address such as 02:42:ac:11:00:02"


def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def is_tmpfs_option(option: str) -> bool:
    """Tell whether engine and kernel take one of the options of a short `tmpfs`."""
    name, _, value = option.partition("=")
    wanted = _TMPFS_VALUES.get(name)
    return name in _TMPFS_OPTIONS and (wanted is None or bool(regex(wanted).fullmatch(value)))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_exposable(text: str) -> bool:
    """Tell whether `text` is a port or a range of ports (docker/go-connections, ParsePortRange)."""
    found = _EXPOSED.fullmatch(text)
    if found is None:
        return False
    first = int(found[1])
    return first <= int(found[2] or first) <= 65535
