"""An image reference -> which registry has to be asked for what, and how it is spoken to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bootready.knowledge.images.names import parts_of
from bootready.typed import NamedTuple

HUB = "docker.io"
HUB_HOST = "registry-1.docker.io"
LOOPBACK = ("127.0.0.0/8", "::1/128")
"""What every engine takes for insecure (moby, registry/config.go)."""

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})|\[[0-9A-Fa-f:]{2,45}\])(?::\d{1,5})?")
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-{1,10})[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LONGEST = 255


class Wanted(NamedTuple):
    """What is asked for: `registry` is its name as references have it."""

    registry: str
    repository: str
    reference: str

    @property
    def digest(self) -> str:
        """The digest that the reference names, or ''."""
        return self.reference if ":" in self.reference else ""


class Endpoint(NamedTuple):
    """Where a registry listens; without `verify` nobody looks at its certificate."""

    scheme: str
    host: str
    verify: bool = True


def wanted(image: str) -> Wanted | None:
    """Return what an image reference asks for, None where it is no valid one.

    The forms are those of distribution/reference: nothing else reaches a URL.
    """
    if len(image) > 2 * _LONGEST:
        return None
    reference = parts_of(image)
    index, path = reference.host or HUB, reference.path
    if not reference.host and "/" not in path:
        path = f"library/{path}"
    tag = reference.digest or reference.tag or "latest"
    if not _HOST.fullmatch(index) or len(path) > _LONGEST or not _REPOSITORY.fullmatch(path):
        return None
    if not (_DIGEST if reference.digest else _TAG).fullmatch(tag):
        return None
    return Wanted(index, path, tag)


def endpoints(
    index: str,
    mirrors: Sequence[str],
    insecure: Sequence[str],
    resolve: Callable[[str], Sequence[str]],
) -> tuple[Endpoint, ...]:
    """Return where a registry is asked, in order, as an engine with these settings would.

    `mirrors` are URLs and serve Docker Hub only; of what is `insecure` no certificate is verified,
    and plain HTTP is taken where TLS is not spoken. `resolve` returns the addresses of a host.
    """
    hosts = [url for mirror in mirrors if (url := _mirror(mirror))] if index == HUB else []
    found = list[Endpoint]()
    for scheme, host in (*hosts, ("https", HUB_HOST if index == HUB else index)):
        if _is_insecure(host, (*insecure, *LOOPBACK), resolve):
            found += [Endpoint("https", host, verify=False)] if scheme == "https" else []
            found.append(Endpoint("http", host, verify=False))
        elif scheme == "https":
            found.append(Endpoint("https", host))
    return tuple(found)


def name_of(host: str) -> str:
    """Return a host without its port and without the brackets of IPv6."""
    if host.startswith("["):
        return host[1 : host.find("]")]
    return host.partition(":")[0]


def is_host(host: str) -> bool:
    """Tell whether a name, perhaps with a port, is one that may stand in a URL."""
    return _HOST.fullmatch(host) is not None


def _mirror(url: str) -> tuple[str, str] | None:
    scheme, _, host = url.rstrip("/").partition("://")
    return (scheme, host) if scheme in {"http", "https"} and is_host(host) else None


def _is_insecure(
    host: str, insecure: Sequence[str], resolve: Callable[[str], Sequence[str]]
) -> bool:
    if host in insecure:
        return True
    from ipaddress import ip_address, ip_network

    networks = []
    for entry in insecure:
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            continue  # a host
    for address in resolve(host):
        found = ip_address(address)
        if any(found.version == one.version and found in one for one in networks):
            return True
    return False
