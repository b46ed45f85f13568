"""The text of a proxy's configuration (nginx, HAProxy, Caddy) -> the servers that it passes to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from bootready.connections.addresses import hosts_in
from bootready.connections.files.written import Written, span_at
from bootready.regex import regex
from bootready.typed import NamedTuple

_TOKEN = regex(
    r"#[^\n]*+|\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\$\{\w+\}|[{};]"
    r"|[^\s{};#\"'\\$]++|\\.|[^\s]"
)
_SIGNS = frozenset("{};")
_PASSES = {
    "proxy_pass": "http",
    "grpc_pass": "grpc",
    "fastcgi_pass": "fastcgi",
    "uwsgi_pass": "uwsgi",
    "scgi_pass": "scgi",
    "memcached_pass": "memcached",
}
_VARIABLE = regex(r"\$\{?(\w+)\}?")


class _Statement(NamedTuple):
    words: tuple[str, ...]
    within: tuple[str, ...]
    """The first words of the blocks around it."""
    line: int
    column: int


def of_nginx(text: str, file: str, variables: dict[str, str]) -> Iterator[Written]:
    """Yield the servers of nginx; `variables` replace ``${NAME}`` in a template.

    A name in a variable of nginx is looked up with each request, any other one when it starts.
    """
    statements = list(_statements(text))
    groups = {one.words[1] for one in statements if one.words[0] == "upstream" and one.words[1:]}
    for words, within, line, column in statements:
        name = words[0]
        if len(words) < 2:
            continue
        if name == "server" and "upstream" in within:
            eager = "resolve" not in words
            yield from _passed(words[1], "", file, line, column, groups, variables, eager=eager)
        elif name in _PASSES:
            protocol = _PASSES[name] if "stream" not in within else ""
            yield from _passed(
                words[1], protocol, file, line, column, groups, variables, eager=True
            )
        elif name == "set" and len(words) > 2 and "://" in words[2]:
            yield from _passed(words[2], "http", file, line, column, groups, variables, eager=False)


def _passed(  # noqa: PLR0917 - one call for each statement
    written: str,
    protocol: str,
    file: str,
    line: int,
    column: int,
    groups: set[str],
    variables: dict[str, str],
    *,
    eager: bool,
) -> Iterator[Written]:
    value = _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), written.strip("\"'"))
    authority = re.sub(r"^\w+://", "", value).partition("/")[0]
    if "$" in authority or authority.startswith("unix:") or value.startswith("unix:"):
        return
    head = f"{value.partition('://')[0]}://" if "://" in value else ""
    for address in hosts_in(head + authority):
        if address.host in groups and not address.port:
            continue
        port = address.port or (80 if not head and protocol in {"", "http"} else 0)
        made = address if head or address.port else address._replace(port=port)
        span = span_at(file, line, column, 1)
        yield Written(made, span, address.protocol or protocol, eager)


def _statements(text: str) -> Iterator[_Statement]:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    words: list[str] = []
    blocks: list[str] = []
    begin = end = 0
    for found in _TOKEN.finditer(text):
        part, joined = found[0], found.start() == end
        end = found.end()
        if part.startswith("#"):
            continue
        if part not in _SIGNS:
            if words and joined:
                words[-1] += part
            else:
                begin = begin if words else found.start()
                words.append(part)
            continue
        if words and part != "}":
            line = bisect_right(starts, begin)
            yield _Statement(tuple(words), tuple(blocks), line, begin - starts[line - 1] + 1)
        if part == "{":
            blocks.append(words[0] if words else "")
        elif part == "}" and blocks:
            blocks.pop()
        words = []
        end = -1


def of_haproxy(text: str, file: str) -> Iterator[Written]:
    """Yield the servers of HAProxy; a name that is not there ends it unless `init-addr` says so."""
    late = re.search(r"(?m)^\s*default-server\b.*\b(init-addr|resolvers)\b", text) is not None
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if len(words) < 3 or words[0] != "server":
            continue
        for address in hosts_in(words[2]):
            lazy = late or "init-addr" in words or "resolvers" in words
            column = line.index(words[2]) + 1
            yield Written(address, span_at(file, number, column, len(words[2])), "", not lazy)


def of_caddy(text: str, file: str, variables: dict[str, str]) -> Iterator[Written]:
    """Yield the upstreams of a Caddyfile."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition(" #")[0].split()
        if not words or words[0] not in {"reverse_proxy", "php_fastcgi", "to", "forward_auth"}:
            continue
        protocol = "fastcgi" if words[0] == "php_fastcgi" else "http"
        for word in words[1:]:
            value = re.sub(r"\{\$(\w+)(?::([^}]*))?\}", lambda one: _set(one, variables), word)
            if value[:1] in {"{", "/", "@", "*", ":"}:
                continue
            found = hosts_in(value)
            if not found or ("." not in value and ":" not in value and len(words) > 2):
                continue
            for address in found:
                made = address if address.reaches else address._replace(port=80)
                place = span_at(file, number, line.index(word) + 1, len(word))
                yield Written(made, place, protocol)


def _set(found: re.Match[str], variables: dict[str, str]) -> str:
    return variables.get(found[1]) or found[2] or found[0]
