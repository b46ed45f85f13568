"""One repository of one registry -> answers, with docker's login where the registry asks for it.

https://distribution.github.io/distribution/spec/auth/token/ and /oauth/; RFC 7617 for Basic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bootready.engine.api import text
from bootready.registry.documents import parsed
from bootready.registry.logins import Login
from bootready.registry.reference import HUB_HOST, Endpoint, name_of
from bootready.registry.transport import Answer, Transport, UnansweredError, Url, parse_url

_PAIR = re.compile(r'([A-Za-z]{1,32})="([^"\\]{0,2000})"')
_TOKEN = re.compile(r"[\x21-\x7e]{1,65536}")
_TOKEN_LIMIT = 1_000_000
"""Bytes of an answer that holds a token."""
_CLIENT = "bootready"


class Client:
    """Asks one endpoint for one repository, and remembers what authorizes it."""

    def __init__(
        self, transport: Transport, endpoint: Endpoint, repository: str, login: Login | None
    ) -> None:
        self.endpoint = endpoint
        self.repository = repository
        self.login = login
        self.note = ""
        """Why a login was not sent, or ''."""
        self._transport = transport
        self._authorization = ""

    def ask(self, method: str, path: str, limit: int, accept: str = "*/*") -> Answer:
        """Return the answer to ``METHOD /v2/REPOSITORY/path``. Raises UnansweredError."""
        url = Url(self.endpoint.scheme, self.endpoint.host, f"/v2/{self.repository}/{path}")
        answer = self._send(method, url, limit, accept)
        if answer.status != 401 or self._authorization:
            return answer
        self._authorization = self._authorized(url, answer.headers.get("www-authenticate", ""))
        return self._send(method, url, limit, accept) if self._authorization else answer

    def _send(self, method: str, url: Url, limit: int, accept: str) -> Answer:
        headers = {"Accept": accept}
        if self._authorization:
            headers["Authorization"] = self._authorization
        return self._transport.ask(method, url, headers, limit, verify=self.endpoint.verify)

    def _authorized(self, url: Url, challenge: str) -> str:
        """Return what goes into `Authorization`, '' where there is nothing to send."""
        bearer = re.search(r"(?i)(?:^|,\s*)bearer\s+(.*)", challenge)
        if bearer is None:
            basic = re.search(r"(?i)(?:^|,\s*)basic\b", challenge)
            return _basic(self.login) if basic and self.login and self.login.password else ""
        if self.login and self.login.bearer:
            return _bearer(self.login.bearer)
        said = dict(_PAIR.findall(bearer.group(1)))
        realm = parse_url(said.get("realm", ""))
        if realm is None or realm.scheme != url.scheme:
            raise UnansweredError(f"its token realm must be a '{url.scheme}' address")
        if self._transport.nearness(realm) > self._transport.nearness(url):
            raise UnansweredError(f"its token realm '{realm.host}' is in a nearer network")
        login = self.login
        if login and not kindred(url.host, realm.host):
            self.note = f"the login was not sent to '{realm.host}', which gives out its tokens"
            login = None
        return self._token(realm, said.get("service", ""), login)

    def _token(self, realm: Url, service: str, login: Login | None) -> str:
        scope = {"scope": f"repository:{self.repository}:pull"}
        scope |= {"service": service} if service else {}
        # A host that is not the registry's own is verified, whatever may be insecure.
        verify = self.endpoint.verify or realm.host != self.endpoint.host
        headers: dict[str, str] = {"Accept": "application/json"}
        if login and login.identity:
            form = {"grant_type": "refresh_token", "client_id": _CLIENT} | scope
            body = urlencode(form | {"refresh_token": login.identity}).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            answer = self._transport.ask("POST", realm, headers, _TOKEN_LIMIT, body, verify)
        else:
            if login and login.password:
                headers["Authorization"] = _basic(login)
            joint = "&" if "?" in realm.target else "?"
            at = realm._replace(target=f"{realm.target}{joint}{urlencode(scope)}")
            answer = self._transport.ask("GET", at, headers, _TOKEN_LIMIT, None, verify)
        if answer.status in {400, 401, 403, 404}:
            return ""
        if answer.status != 200:
            raise UnansweredError(f"'{realm.host}' answers {answer.status} instead of a token")
        found = parsed(answer.body)
        return _bearer(text(found, "token") or text(found, "access_token"))


def kindred(registry: str, realm: str) -> bool:
    """Tell whether a login for `registry` may be sent to `realm`, which gives out its tokens.

    It may to the same host, a host below it, or one of the same domain (``registry.gitlab.com``
    and ``gitlab.com``): the login is for whoever runs the registry, not for whom it names.
    """
    own, other = (name_of(host).lower().rstrip(".") for host in (registry, realm))
    if own == other or (own, other) == (HUB_HOST, "auth.docker.io"):
        return True
    if not re.search(r"[a-z]", own) or ":" in own:
        return False  # an address has no domain
    parent = own.partition(".")[2]
    labels = parent.split(".")
    # `co.uk` and its like belong to nobody.
    owned = len(labels) > 2 or (len(labels) == 2 and len(labels[0]) > 3)
    return other.endswith(f".{own}") or (
        owned and (other == parent or other.endswith(f".{parent}"))
    )


def _basic(login: Login) -> str:
    import base64

    pair = f"{login.user}:{login.password}".encode("utf-8", "surrogateescape")
    return f"Basic {base64.b64encode(pair).decode()}"


def _bearer(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise UnansweredError("its token is not a valid one")
    return f"Bearer {token}"


def words_of(answer: Answer, limit: int = 200) -> str:
    """Return the registry's own words about an error, as ``CODE: message``, or ''."""
    try:
        first: Mapping[str, object] | object = parsed(answer.body)
    except UnansweredError:
        return ""
    code, message = (text(first, "errors", 0, key) for key in ("code", "message"))  # type: ignore[arg-type]  # JSON
    return ": ".join(word for word in (code, message) if word)[:limit]
