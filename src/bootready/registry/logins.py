"""A registry's host -> the login that docker has for it: config.json, or a credential helper.

https://docs.docker.com/reference/cli/docker/login/#credential-stores; the client's own words in
docker/cli, config/configfile and docker-credential-helpers, client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bootready.engine.address import client_config
from bootready.engine.api import mapping, text
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.registry.reference import HUB, HUB_HOST
from bootready.typed import NamedTuple

HUB_KEY = "https://index.docker.io/v1/"
"""Docker Hub's name in every store of credentials."""
HELPER_SECONDS = 10.0
_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LARGEST = 64_000
"""Characters of a secret that is believed to be one."""


class Login(NamedTuple):
    """A user's name and password, an identity token, or a token of the registry; one of them.

    It never prints what it holds.
    """

    source: str
    user: str = ""
    password: str = ""
    identity: str = ""
    bearer: str = ""

    def __repr__(self) -> str:  # of a named tuple, str() asks for it as well
        return f"Login({self.source})"


def find_login(host: str, environ: Mapping[str, str]) -> Login | None:
    """Return docker's login for the registry at `host`, None where it has none.

    A helper is started without a shell, from an absolute directory of the PATH; what it says is
    never shown. Raises EngineError where one that is configured cannot be asked.
    """
    config = client_config(environ)
    hub = host in {HUB, HUB_HOST, "index.docker.io"}
    key = HUB_KEY if hub else host
    helpers = mapping(config, "credHelpers")
    names = ("docker.io", HUB_KEY, "index.docker.io", HUB_HOST) if hub else (host,)
    named = next((one for name in names if isinstance(one := helpers.get(name), str)), "")
    helper = named or text(config, "credsStore")
    found = _from_helper(helper, key) if helper else None
    return found or _from_file(config, names)


def _from_file(config: Plain, names: tuple[str, ...]) -> Login | None:
    for key, entry in mapping(config, "auths").items():
        if key not in names and _host_of(key) not in names:
            continue
        user, password = _decoded(text(entry, "auth"))
        login = Login(
            "config.json",
            user or text(entry, "username"),
            password or text(entry, "password"),
            text(entry, "identitytoken"),
            text(entry, "registrytoken"),
        )
        if login.password or login.identity or login.bearer:
            return _fit(login)
    return None


def _host_of(key: str) -> str:
    return key.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _decoded(value: str) -> tuple[str, str]:
    import base64
    import binascii

    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, password.strip("\0")


def _from_helper(name: str, key: str) -> Login | None:
    if not _HELPER.fullmatch(name):
        raise EngineError("the credential helper in docker's config.json has no valid name")
    import json

    from bootready.engine.run import run

    program = f"docker-credential-{name}"
    done = run([program, "get"], stdin=key, timeout=HELPER_SECONDS, cwd="/")
    if done.exit_code != 0:
        if "credentials not found" in f"{done.stdout}{done.stderr}":
            return None
        # What it said may hold anything: only that it failed is told.
        raise EngineError(f"'{program}' failed with exit code {done.exit_code}")
    try:
        said: Plain = json.loads(done.stdout[: 2 * _LARGEST])
    except (ValueError, RecursionError):
        raise EngineError(f"'{program}' did not answer with JSON") from None
    user, secret = text(said, "Username"), text(said, "Secret")
    if not secret:
        return None
    token = user == "<token>"
    return _fit(Login(program, "" if token else user, "" if token else secret, secret * token))


def _fit(login: Login) -> Login | None:
    """Return a login whose parts may stand in a header, or None."""
    fits = all(len(part) < _LARGEST and "\n" not in part and "\r" not in part for part in login)
    return login if fits else None
