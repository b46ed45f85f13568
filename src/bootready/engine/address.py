"""The environment -> where the engine listens, and the certificates that it is spoken to with.

As the docker client decides: ``DOCKER_HOST``, else the current context, else the default socket.
https://docs.docker.com/engine/security/protect-access/ and docker/cli, context/docker/load.go
Where that does not exist, a socket of rootless Docker or Podman (`engine/sockets.py`).
"""

from __future__ import annotations

import os
import stat

from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.model.printable import printable
from bootready.plain_json import loads
from bootready.regex import regex
from bootready.system import IS_WINDOWS, O_NONBLOCK
from bootready.typed import TYPE_CHECKING, Mapping, NamedTuple

if TYPE_CHECKING:
    import ssl

DEFAULT_HOST = "npipe:////./pipe/docker_engine" if IS_WINDOWS else "unix:///var/run/docker.sock"
"""As the client has it (moby/moby, client/client_unix.go and client_windows.go)."""
_DIALLED = ("ssh://", "npipe://")
_NO_ADDRESS = regex(r"[\s\x00-\x20\x7f\ud800-\udfff]")
_LARGEST = 1_000_000
"""Bytes of a file of the docker client that is read."""
_HOST_HINT = "set DOCKER_HOST to an address such as unix:///var/run/docker.sock or tcp://HOST:2376"


class Security(NamedTuple):
    """How TLS is spoken: files in PEM, '' for one that is not there; `verify` as docker does."""

    authority: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True


class Address(NamedTuple):
    """Where the engine listens: a socket path, or a host and port; `security` for TLS."""

    url: str
    path: str = ""
    host: str = ""
    port: int = 0
    security: Security | None = None

    @property
    def is_dialled(self) -> bool:
        """Whether only the docker client reaches it: over ssh, or by a named pipe of Windows."""
        return self.url.startswith(_DIALLED)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it leads to another machine: not a socket, a pipe or a loopback address."""
        return bool(self.host) and (
            self.is_dialled or self.host not in {"localhost", "127.0.0.1", "::1"}
        )

    @property
    def shown(self) -> str:
        """The URL in quotes, without a password or what does not print."""
        return _quoted(self.url)


class _Endpoint(NamedTuple):
    """What the current context says; `folder` holds its TLS material."""

    url: str
    folder: str
    verify: bool


def find_address(environ: Mapping[str, str]) -> Address:
    """Return the address in DOCKER_HOST, of the docker context, or of a socket of this machine.

    Raises EngineError where it is none that we can talk to.
    """
    if url := environ.get("DOCKER_HOST"):
        return parse_address(url, _from_environment(environ))
    context = _context(environ)
    if context is None:
        from bootready.engine.sockets import socket_besides

        return parse_address(socket_besides(DEFAULT_HOST, environ) or DEFAULT_HOST)
    return parse_address(context.url, _from_context(context))


def host_for_clients(environ: Mapping[str, str]) -> str:
    """Return the DOCKER_HOST that Compose has to be given to find the engine that we found, or ''.

    Only where nothing names an engine, and one is where the docker client would not look.
    """
    from bootready.engine.sockets import socket_besides

    try:
        is_named = bool(environ.get("DOCKER_HOST")) or _context(environ) is not None
    except EngineError:
        return ""
    return "" if is_named else socket_besides(DEFAULT_HOST, environ)


def parse_address(url: str, security: Security | None = None) -> Address:
    """Return the parts of an address such as ``unix:///path`` or ``tcp://host:port``.

    Raises EngineError for what is none, or is of a kind that nobody can talk to from here.
    """
    kind, _, rest = url.partition("://")
    if kind == "unix":
        return Address(url, path=rest)
    if kind in {"tcp", "http", "https"}:
        if security is None and kind == "https":
            security = Security()
        host, port = _host_and_port(url, rest)
        return Address(url, "", host, port or (2376 if security else 2375), security)
    if kind == "ssh":
        return Address(url, host=_ssh_host(url, rest))
    if kind == "npipe" and IS_WINDOWS:
        return Address(url)
    if kind == "npipe":
        raise EngineError(
            f"engine {_quoted(url)}: only Windows has named pipes",
            hint="in WSL 2 the engine of Docker Desktop is at unix:///var/run/docker.sock",
        )
    raise EngineError(
        f"engine {_quoted(url)}: bootready talks to 'unix', 'tcp' and 'ssh' addresses, not "
        f"{_quoted(kind)}",
        hint=_HOST_HINT,
    )


def tls_context(security: Security) -> ssl.SSLContext:
    """Return what speaks TLS as `security` says. Raises EngineError for files that are no PEM."""
    import ssl

    context = ssl.create_default_context()
    try:
        if security.authority:
            # Only this authority: the system's own would let in whoever it trusts.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(cafile=security.authority)
        if not security.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if security.certificate and security.key:
            # A key with a passphrase is refused; asking for it would wait for a person.
            context.load_cert_chain(security.certificate, security.key, password="")
    except (OSError, ValueError) as error:
        files = security.authority or security.certificate
        said = getattr(error, "strerror", None) or str(error)
        raise EngineError(
            f"the TLS files of the engine in {_quoted(os.path.dirname(files))}: {said}",
            hint="set DOCKER_CERT_PATH to a directory with ca.pem, cert.pem and key.pem",
        ) from None
    return context


def _ssh_host(url: str, rest: str) -> str:
    """Return the host of an address over ssh; EngineError for what might be an option of ssh."""
    from urllib.parse import urlsplit

    host, _ = _host_and_port(url, rest)
    parsed = urlsplit(f"//{rest}")
    user = parsed.username or ""
    if user.startswith("-") or host.startswith("-") or parsed.query or parsed.fragment:
        raise EngineError(f"engine {_quoted(url)}: not a valid address", hint=_HOST_HINT)
    if parsed.password is not None:
        raise EngineError(
            f"engine {_quoted(url)}: ssh takes no password there",
            hint="log in with a key, and write ssh://USER@HOST",
        )
    return host


def _host_and_port(url: str, rest: str) -> tuple[str, int | None]:
    from urllib.parse import urlsplit

    try:
        parsed = urlsplit(f"//{rest}")
        host, port = parsed.hostname or "", parsed.port
        host.encode("idna")
    except ValueError:
        host, port = "", None
    # urlsplit takes line breaks out silently; what holds one is no address.
    if not host or port == 0 or _NO_ADDRESS.search(rest):
        raise EngineError(f"engine {_quoted(url)}: not a valid address", hint=_HOST_HINT)
    return host, port


def _from_environment(environ: Mapping[str, str]) -> Security | None:
    """Return the TLS of DOCKER_HOST; DOCKER_TLS alone encrypts without verifying."""
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    if not verify and not environ.get("DOCKER_TLS"):
        return None
    folder = environ.get("DOCKER_CERT_PATH") or config_directory(environ)
    authority = os.path.join(folder, "ca.pem")
    if not os.path.isfile(authority):
        raise EngineError(
            f"DOCKER_TLS_VERIFY is set, but {_quoted(authority)} does not exist",
            hint="set DOCKER_CERT_PATH to a directory with ca.pem, cert.pem and key.pem",
        )
    return _material(folder, verify=verify)


def _from_context(context: _Endpoint) -> Security | None:
    found = _material(context.folder, verify=context.verify)
    return None if found == Security() else found


def _material(folder: str, *, verify: bool) -> Security:
    def there(name: str) -> str:
        path = os.path.join(folder, name)
        return path if os.path.lexists(path) else ""

    return Security(there("ca.pem"), there("cert.pem"), there("key.pem"), verify)


def config_directory(environ: Mapping[str, str]) -> str:
    """Return the directory of the docker client's configuration."""
    return environ.get("DOCKER_CONFIG") or os.path.join(
        environ.get("HOME") or os.path.expanduser("~"), ".docker"
    )


def client_config(environ: Mapping[str, str]) -> Plain:
    """Return the docker client's ``config.json``, None where there is none that can be read."""
    return _read_json(os.path.join(config_directory(environ), "config.json"))


def _context(environ: Mapping[str, str]) -> _Endpoint | None:
    directory = config_directory(environ)
    config = client_config(environ)
    named = config.get("currentContext") if isinstance(config, dict) else None
    name = environ.get("DOCKER_CONTEXT") or (named if isinstance(named, str) else "")
    if name in {"", "default"}:
        return None
    # The client stores a context under the hash of its name (docker/cli, context store).
    import hashlib

    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
    meta = _read_json(os.path.join(directory, "contexts", "meta", digest, "meta.json"))
    endpoint: Plain = meta
    for key in ("Endpoints", "docker"):
        endpoint = endpoint.get(key) if isinstance(endpoint, dict) else None
    host = endpoint.get("Host") if isinstance(endpoint, dict) else None
    if not isinstance(endpoint, dict) or not isinstance(host, str) or not host:
        raise EngineError(
            f"docker context {_quoted(name)} is not defined", hint="docker context ls"
        )
    folder = os.path.join(directory, "contexts", "tls", digest, "docker")
    return _Endpoint(host, folder, verify=endpoint.get("SkipTLSVerify") is not True)


def _read_json(path: str) -> Plain:
    try:
        with open(path, "rb", opener=_opened) as file:
            return loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None


def _opened(path: str, flags: int) -> int:
    """Open a regular file only: a pipe would be waited for."""
    number = os.open(path, flags | O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(f"{path} is not a regular file")
    return number


def _quoted(value: str) -> str:
    """Return a value of the environment in quotes, without a password or what does not print."""
    from bootready.knowledge.secrets.forms import masked

    return f"'{printable(masked(value))}'"
