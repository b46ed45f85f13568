"""The short syntax of `ports` -> its ports, as the library that Compose uses reads it.

Source: docker/go-connections, nat.ParsePortSpec, and compose-go types.ParsePortConfig.
"""

from bootready.read.scalars import bounded_integer
from bootready.remembered import remembered
from bootready.typed import NamedTuple

PROTOCOLS = frozenset({"tcp", "udp", "sctp"})
PORT_LIMIT = 131_072
"""Ports that one file may publish in short syntax: each number for TCP and for UDP."""
_HIGHEST = 65535


class PortSyntaxError(ValueError):
    """A port that cannot be read; its text says why."""


class ShortPort(NamedTuple):
    """One port; `published` is '' for a random one and may be a range."""

    host_ip: str
    published: str
    target: int
    protocol: str


def parse_port(text: str, room: int = PORT_LIMIT) -> list[ShortPort]:
    """Return the ports that `text`, such as ``127.0.0.1:8000-8001:80-81/udp``, stands for.

    Raises PortSyntaxError, also for more than `room` ports.
    """
    host_ip, published, target = _parts(text)
    protocol, target = _protocol(target)
    host_ip = _address(host_ip, text)
    if not target:
        raise PortSyntaxError(f"no port specified in '{text}'")
    start, end = _range(target, f"container port '{target}' in '{text}'")
    host_start, host_end = 0, 0
    if published:
        host_start, host_end = _range(published, f"host port '{published}' in '{text}'")
        if end - start != host_end - host_start and end != start:
            raise PortSyntaxError(
                f"the ranges '{published}' and '{target}' in '{text}' differ in size"
            )
    if protocol.lower() not in PROTOCOLS:
        raise PortSyntaxError(f"protocol '{protocol}' in '{text}' is not tcp, udp or sctp")
    if end - start >= room:
        raise PortSyntaxError(f"more than {PORT_LIMIT:,} ports in short syntax")
    ports = []
    for offset in range(end - start + 1):
        host = str(host_start + offset) if published else ""
        if published and start == end and host_start != host_end:
            host = f"{host}-{host_end}"
        ports.append(ShortPort(host_ip, host, start + offset, protocol.lower()))
    if len(ports) == 1:
        return ports
    # compose-go sorts the ports of one entry as text, so 100 comes before 99.
    return sorted(ports, key=lambda port: f"{port.target}/{port.protocol}")


def _parts(text: str) -> tuple[str, str, str]:
    parts = text.split(":")
    if len(parts) == 1:
        return "", "", parts[0]
    if len(parts) == 2:
        return "", parts[0], parts[1]
    return ":".join(parts[:-2]), parts[-2], parts[-1]


def _protocol(target: str) -> tuple[str, str]:
    port, slash, protocol = target.partition("/")
    if not port:
        return "tcp", ""
    protocol = protocol.split("/")[0]
    return (protocol if slash and protocol else "tcp"), port


def _address(text: str, whole: str) -> str:
    if not text:
        return ""
    bare = text[1:-1] if text[0] == "[" and text[-1] == "]" else text
    if not is_address(bare):
        raise PortSyntaxError(f"host address '{text}' in '{whole}' is not an IP address")
    return bare


@remembered(512)
def is_address(text: str) -> bool:
    """Tell whether `text` is an IPv4 or IPv6 address."""
    if _is_dotted(text):
        return True
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _is_dotted(text: str) -> bool:
    """Tell whether `text` is a usual IPv4 address, without importing ipaddress for it."""
    parts = text.split(".")
    return len(parts) == 4 and all(
        part.isascii()
        and part.isdigit()
        and len(part) < 4
        and int(part) < 256
        and str(int(part)) == part
        for part in parts
    )


def _range(text: str, what: str) -> tuple[int, int]:
    first, dash, rest = text.partition("-")
    start = _number(first, what)
    end = _number(rest.split("-")[0], what) if dash else start
    if end < start:
        raise PortSyntaxError(f"{what} ends before it starts")
    return start, end


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit()) or bounded_integer(text) > _HIGHEST:
        raise PortSyntaxError(f"{what} is not a port number")
    return int(text)
