"""A password in a URL has characters that end it: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.model.lookup import entries_at, items_at
from bootready.model.node import Node, Scalar
from bootready.model.position import Location, YamlPath
from bootready.model.project import Service
from bootready.regex import regex

_IN_URL = regex(r"[a-zA-Z][\w+.-]*://[^\s/?#@]*\$\{?(\w+)[^\s/?#@]*@", needs=("@",))
"""A URL whose user or password is a variable."""
_ENDS = "/?#"
"""Each of them ends the part of a URL with the password (RFC 3986, 3.2)."""
_MEANS = ":@[]% "
"""These mean something there, and clients differ in what they make of them."""


@check(
    summary="a password in a URL has characters that end it",
    severity=Severity.ERROR,
    looks_at=("service.environment", "service.command", "service.entrypoint"),
    mentions=("://",),
    since="0.2.0",
    reference="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS",
    proof="the clients that read the URL are in images that no test may pull",
)
def url_password_reserved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables in the user or password of a URL, as in `postgres://app:${DB_PASSWORD}@db`,
    whose value has characters with a meaning there. The value is not shown.

    ## Why it stops boot
    `/`, `?` and `#` end the password, so the client takes a part of it for the host or the port.
    `:`, `@`, `%`, brackets and spaces are a warning: some clients accept them.

    ## What you see
    ```
    invalid integer value "..." for connection option "port"
    could not translate host name "..." to address
    ```

    ## Remedy
    Use a password of letters and digits, or write it percent-encoded in the URL.

    ## When to silence it
    If the value is percent-encoded already, and used nowhere else.
    """
    seen: set[tuple[str, int, str]] = set()
    for service in context.project.services:
        for path, node in _values(service):
            for name in _IN_URL.findall(node.template or ""):
                variable = context.project.variables_in(node.span.file).get(name)
                signs = [sign for sign in _ENDS + _MEANS if variable and sign in variable.value]
                key = (node.span.file, node.span.line, name)
                if not signs or key in seen or "://" in (variable.value if variable else ""):
                    continue
                seen.add(key)
                yield report(
                    Location(node.span, path, "the URL"),
                    f"variable '{name}': its value is put into a URL, where"
                    f" {_spoken(signs)} {'has' if len(signs) == 1 else 'have'} a meaning",
                    variable=name,
                    severity=None if set(signs) & set(_ENDS) else Severity.WARNING,
                    hint=f"use letters and digits for {name}, or percent-encode it in the URL",
                )


def _values(service: Service) -> Iterator[tuple[YamlPath, Scalar]]:
    here = service.location.path
    found: list[tuple[YamlPath, Node]] = [
        ((*here, "environment", name), node)
        for name, node in entries_at(service.node, "environment")
    ]
    for key in ("command", "entrypoint"):
        found += [((*here, key, index), node) for index, node in items_at(service.node, key)]
    yield from ((path, node) for path, node in found if isinstance(node, Scalar))


def _spoken(signs: list[str]) -> str:
    quoted = [f"`{sign}`" if sign != " " else "a space" for sign in signs]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
