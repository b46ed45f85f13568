"""A URL -> an answer of bounded size in bounded time, by urllib3; the only place that imports it.

Addresses are looked up here and connected to as looked up, so that a name cannot change its mind
between being judged and being used.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache

import urllib3
from urllib3 import exceptions as failures

from bootready.registry.places import MACHINE, METADATA, PUBLIC, nearness
from bootready.registry.reference import is_host, name_of
from bootready.typed import NamedTuple

REDIRECTS = 5
_PORTS = {"https": 443, "http": 80}
_CHUNK = 65_536
_ADDRESSES = 4
"""So many addresses of a host are tried."""
_AUTHORITIES = 20
_ANSWERS = frozenset({"content-type", "docker-content-digest", "location", "www-authenticate"}) | {
    "ratelimit-remaining",
    "retry-after",
}


class Limits(NamedTuple):
    """Seconds: for a connection, for silence after that, and for all images together."""

    connect: float = 5.0
    silence: float = 10.0
    all: float = 30.0


class UnansweredError(Exception):
    """No answer, or none that has any sense; with `no_tls`, one in plain HTTP may have some."""

    def __init__(self, said: str, *, no_tls: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.no_tls = no_tls


class Url(NamedTuple):
    """The parts of a URL; `host` has the port as it was written."""

    scheme: str
    host: str
    target: str

    @property
    def port(self) -> int:
        """The port, that of the scheme where none is written."""
        tail = self.host.rpartition("]")[2].rpartition(":")[2]
        return int(tail) if ":" in self.host.rpartition("]")[2] else _PORTS[self.scheme]

    @property
    def place(self) -> tuple[str, str, int]:
        """What has to be equal for a login to be sent on."""
        return self.scheme, name_of(self.host).lower(), self.port


class Answer(NamedTuple):
    """What was answered; header names in lower case, those that are read here only."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Speaks to any number of hosts until its deadline; threads may share it."""

    def __init__(
        self,
        limits: Limits,
        contexts: Callable[[str, bool], ssl.SSLContext],
        proxies: Mapping[str, str],
    ) -> None:
        self.limits = limits
        self._deadline = time.monotonic() + limits.all
        self._contexts = contexts
        self._proxies = proxies
        self._pools: dict[
            tuple[object, ...], urllib3.HTTPConnectionPool | urllib3.ProxyManager
        ] = {}
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def resolve(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a host, () where there are none; asked once."""
        name = name_of(host)
        if name not in self._addresses:
            try:
                rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                rows = []
            found = dict.fromkeys(str(row[4][0]) for row in rows)
            self._addresses[name] = tuple(found)[:_ADDRESSES]
        return self._addresses[name]

    def ask(  # noqa: PLR0917 - what one request is made of
        self,
        method: str,
        url: Url,
        headers: Mapping[str, str],
        limit: int,
        body: bytes | None = None,
        verify: bool = True,
    ) -> Answer:
        """Return the answer to a request, redirects followed as far as they may lead.

        `limit` is in bytes. A redirect leads from https to https or from http to http, and never
        nearer to this machine than `url` is; another host is not sent the login. Raises
        UnansweredError.
        """
        sent, at, origin = dict(headers), url, self.nearness(url)
        for _ in range(REDIRECTS + 1):
            answer = self._once(method, at, sent, limit, body, verify)
            if answer.status not in {301, 302, 303, 307, 308} or "location" not in answer.headers:
                return answer
            to = _redirected(at, answer.headers["location"])
            if self.nearness(to) > origin:
                raise UnansweredError(f"it redirects to '{to.host}' in a nearer network")
            if to.place != at.place:
                sent = {name: value for name, value in sent.items() if name != "Authorization"}
                verify = True
            if body is not None:
                raise UnansweredError(f"it redirects a login to '{to.host}'")
            at = to
        raise UnansweredError(f"it redirects more than {REDIRECTS} times")

    def close(self) -> None:
        """Close what is open; whoever still waits for an answer gets none."""
        with self._lock:
            for pool in self._pools.values():
                pool.clear() if isinstance(pool, urllib3.ProxyManager) else pool.close()
            self._pools.clear()

    def nearness(self, url: Url) -> int:
        """Return how near the host of a URL is (`places`)."""
        if self._proxy(url):
            return _by_name(name_of(url.host))
        found = [nearness(address) for address in self.resolve(url.host)]
        return min(found, default=PUBLIC)

    def _once(  # noqa: PLR0917 - as `ask`
        self,
        method: str,
        url: Url,
        headers: Mapping[str, str],
        limit: int,
        body: bytes | None,
        verify: bool,
    ) -> Answer:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise UnansweredError(self._too_late())
        sent = {
            "Host": url.host,
            "User-Agent": "bootready",
            "Accept-Encoding": "identity",
            **headers,
        }
        limits = urllib3.Timeout(
            connect=min(left, self.limits.connect), read=min(left, self.limits.silence)
        )
        proxy = self._proxy(url)
        places = ("",) if proxy else self.resolve(url.host)
        if not places:
            raise UnansweredError(f"the name '{name_of(url.host)}' has no address", no_tls=True)
        last = UnansweredError("")
        for place in places:
            pool = self._pool(url, place, proxy, verify=verify)
            send = pool.request if isinstance(pool, urllib3.ProxyManager) else pool.urlopen
            target = f"{url.scheme}://{url.host}{url.target}" if proxy else url.target
            try:
                response = send(
                    method,
                    target,
                    body=body,
                    headers=sent,
                    redirect=False,
                    retries=False,
                    timeout=limits,
                    preload_content=False,
                    decode_content=False,
                )
                return self._read(response, limit)
            except (failures.ConnectTimeoutError, failures.NewConnectionError) as error:
                last = self._failure(error, left)
            except (failures.HTTPError, OSError, ValueError) as error:
                raise self._failure(error, left) from None
        raise last

    def _read(self, response: urllib3.BaseHTTPResponse, limit: int) -> Answer:
        headers = {
            name.lower(): ", ".join(response.headers.getlist(name))[:8192]
            for name in response.headers
            if name.lower() in _ANSWERS
        }
        parts: list[bytes] = []
        size = 0
        whole = False
        try:
            while True:
                if time.monotonic() > self._deadline:
                    raise UnansweredError(self._too_late())
                part: bytes = response.read1(_CHUNK)
                if not part:
                    break
                size += len(part)
                if size > limit:
                    raise UnansweredError(f"its answer is longer than {limit:,} bytes")
                parts.append(part)
            whole = True
        finally:
            if whole:
                response.release_conn()
            else:
                response.close()
        return Answer(int(response.status), headers, b"".join(parts))

    def _pool(
        self, url: Url, address: str, proxy: str, *, verify: bool
    ) -> urllib3.HTTPConnectionPool | urllib3.ProxyManager:
        key = (proxy, address, *url.place, verify)
        with self._lock:
            if key not in self._pools:
                context = self._contexts(url.host, verify) if url.scheme == "https" else None
                self._pools[key] = _made(url, address, proxy, context)
            return self._pools[key]

    def _proxy(self, url: Url) -> str:
        proxy = self._proxies.get(url.scheme, "")
        if not proxy or _is_direct(name_of(url.host), self._proxies):
            return ""
        if self.resolve_literal(url.host) == MACHINE:
            return ""
        return proxy

    @staticmethod
    def resolve_literal(host: str) -> int | None:
        """Return how near a host is that is an address or localhost, None for any other name."""
        name = name_of(host)
        if name == "localhost" or name.endswith(".localhost"):
            return MACHINE
        return nearness(name) if re.fullmatch(r"[0-9.]+|.*:.*", name) else None

    def _too_late(self) -> str:
        return f"no answer within {self.limits.all:g} s"

    def _failure(self, error: Exception, left: float) -> UnansweredError:
        """Return a failure in our words: what urllib3 says holds addresses and whole URLs.

        `left` are the seconds that there were when it was asked.
        """
        if isinstance(error, failures.TimeoutError | TimeoutError):
            connecting = isinstance(error, failures.ConnectTimeoutError)
            limit = self.limits.connect if connecting else self.limits.silence
            what = "connection" if connecting else "answer"
            return UnansweredError(
                f"no {what} within {limit:g} s" if limit < left else self._too_late()
            )
        inner = error.args[0] if error.args else None
        for one in (error, inner, error.__cause__):
            if isinstance(one, ssl.SSLCertVerificationError):
                return UnansweredError(f"its certificate is not accepted: {one.verify_message}")
        if isinstance(error, failures.ProxyError):
            return UnansweredError("the proxy does not lead there", no_tls=True)
        if isinstance(error, failures.SSLError | ssl.SSLError):
            return UnansweredError("its TLS is not understood", no_tls=True)
        if isinstance(error, failures.NewConnectionError):
            return UnansweredError("it does not accept connections", no_tls=True)
        return UnansweredError("its HTTP is not understood", no_tls=True)


def parse_url(text: str) -> Url | None:
    """Return the parts of an absolute http or https URL without a user, None for any other."""
    if len(text) > 8192 or re.search(r"[\x00-\x20\x7f-\xa0\\]", text):
        return None
    try:
        parts = urllib.parse.urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc
    if parts.scheme not in _PORTS or "@" in host or not is_host(host) or port == 0:
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Url(parts.scheme, host, target)


def _redirected(at: Url, location: str) -> Url:
    whole = urllib.parse.urljoin(f"{at.scheme}://{at.host}{at.target}", location)
    url = parse_url(whole)
    if url is None or url.scheme != at.scheme:
        kind = whole.partition(":")[0][:20]
        raise UnansweredError(f"it redirects from '{at.scheme}' to '{kind}'")
    return url


def _is_direct(name: str, proxies: Mapping[str, str]) -> bool:
    """Tell whether ``no_proxy`` names a host, or a domain that it is in; ``*`` names all."""
    entries = [entry.strip().lower() for entry in proxies.get("no", "").split(",")]
    own = name.lower()
    return any(
        entry == "*" or own == (bare := entry.lstrip(".")) or own.endswith(f".{bare}")
        for entry in entries
        if entry
    )


def _by_name(name: str) -> int:
    """Return how near a host is that a proxy resolves: what can be told by its name alone."""
    if name == "metadata" or name.startswith("metadata.") or name.endswith(".internal"):
        return METADATA
    literal = Transport.resolve_literal(name)
    return PUBLIC if literal is None else literal


def _made(
    url: Url, address: str, proxy: str, context: ssl.SSLContext | None
) -> urllib3.HTTPConnectionPool | urllib3.ProxyManager:
    if proxy:
        parsed = urllib3.util.parse_url(proxy)
        headers = urllib3.make_headers(proxy_basic_auth=parsed.auth) if parsed.auth else None
        bare = parsed._replace(auth=None).url
        return urllib3.ProxyManager(bare, proxy_headers=headers, ssl_context=context, maxsize=8)
    if context is None:
        return urllib3.HTTPConnectionPool(address, url.port, maxsize=8)
    if context.verify_mode is ssl.CERT_NONE:
        urllib3.disable_warnings(failures.InsecureRequestWarning)  # the engine says that it may be
    return urllib3.HTTPSConnectionPool(
        address, url.port, maxsize=8, ssl_context=context, server_hostname=name_of(url.host)
    )


def contexts_for(directory: str) -> Callable[[str, bool], ssl.SSLContext]:
    """Return what makes the TLS of a host: the system's authorities, and those below `directory`.

    That is ``certs.d`` of the engine: ``HOST:PORT/*.crt``.
    """
    usual = cache(ssl.create_default_context)  # loading the system's takes 20 ms

    def context(host: str, verify: bool) -> ssl.SSLContext:
        if not verify:
            bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            bare.check_hostname = False
            bare.verify_mode = ssl.CERT_NONE
            return bare
        return _with_authorities(os.path.join(directory, host)) or usual()

    return context


def _with_authorities(folder: str) -> ssl.SSLContext | None:
    """Return a context that trusts the authorities in `folder` as well, None if it has none."""
    try:
        names = [name for name in sorted(os.listdir(folder)) if name.endswith(".crt")]
    except OSError:
        return None
    context = ssl.create_default_context() if names else None
    for name in names[:_AUTHORITIES]:
        with suppress(OSError):  # SSLError is one; the engine says what is wrong with the file
            if context is not None:
                context.load_verify_locations(cafile=os.path.join(folder, name))
    return context
