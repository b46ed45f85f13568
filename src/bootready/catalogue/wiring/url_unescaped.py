"""A value with signs of its own is put into a URL as it is."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.model.lookup import at
from bootready.model.node import Scalar
from bootready.model.position import Location, Span
from bootready.model.problem import Variable
from bootready.model.project import EnvironmentEntry, Project, Service
from bootready.regex import regex

_LOGIN = regex(r"\w://(?P<login>(?:\$\{[^}]*+\}|[^\s/@?#])*+)@")
_REFERENCE = regex(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
_SIGNS = regex(r"[@/?#\[\]\s]|%(?![0-9A-Fa-f]{2})")


@check(
    summary="a value with `@`, `/`, `#` or `%` is put into a URL unescaped",
    severity=Severity.WARNING,
    looks_at=("service.environment",),
    mentions=("://",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def url_unescaped(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at variables that Compose puts into the user and password of a URL, for signs that end
    these parts of a URL: `@`, `/`, `?`, `#`, brackets, white space, and `%` without two digits.

    ## Why it matters
    The URL is cut in the wrong place: the client looks for a host that is part of the password, or
    says that the URL is invalid.

    ## What you see
    ```
    invalid port number in database URL
    ```

    ## Remedy
    Choose a value without these signs, or write the value of the URL percent-encoded in a variable
    of its own.

    ## When to silence it
    If the client is known to take the URL as it is.
    """
    for service in context.project.services:
        for entry in service.environment:
            if entry.value and "://" in entry.value:
                for name, place in _unescaped(entry, service, context.project):
                    yield report(
                        entry.location,
                        f"service '{service.name}': `{entry.name}` has the value of `{name}` in "
                        "the login of its URL, with signs that end it there",
                        related=[place] if place else [],
                        hint="percent-encode it, or choose a value of letters and digits",
                    )


def _unescaped(
    entry: EnvironmentEntry, service: Service, project: Project
) -> Iterator[tuple[str, Location | None]]:
    node = at(service.node, "environment", entry.name)
    if not isinstance(node, Scalar) or not node.template:
        return
    found = _LOGIN.search(node.template)
    variables = project.variables_in(node.span.file)
    for one in _REFERENCE.finditer(found["login"]) if found else ():
        name = one["braced"] or one["bare"]
        variable = variables.get(name)
        value = variable.value if variable is not None else one["default"] or ""
        if _SIGNS.search(value):
            yield name, _place(variable)


def _place(variable: Variable | None) -> Location | None:
    if variable is None or not variable.line or not variable.source.startswith("/"):
        return None
    span = Span(variable.source, variable.line, 1, variable.line, len(variable.name) + 1)
    return Location(span, (), "its value")
