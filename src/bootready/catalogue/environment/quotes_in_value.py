"""Quotes are part of a value in the list form: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location
from bootready.regex import regex

_ITEM = regex(r"""-\s+([\w.\-/]+)=(["'])(.*)\2\s*(?:\s#.*)?""")
"""A plain item of a list whose value is in quotes: YAML takes them for a part of it."""
_PARTS = {"environment": ("environment",), "labels": ("labels",), "build.args": ("build", "args")}


@check(
    summary="quotes are part of a value in the list form",
    severity=Severity.WARNING,
    looks_at=("service.environment", "service.labels", "service.build"),
    mentions=('="', "='"),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
)
def quotes_in_value(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for items such as `- PASSWORD="secret"` in the list form of `environment`, `labels` and
    `build.args`.

    ## Why it matters
    The item as a whole is a YAML string without quotes, so the quotes are part of the value. The
    password is `"secret"`, eight characters and two quotes, and who is given `secret` is refused.
    In an env file, or in the mapping form, the same quotes are taken off.

    ## What you see
    ```
    FATAL:  password authentication failed for user "shop"
    ```

    ## Remedy
    Write `- PASSWORD=secret`, or quote the whole item: `- "PASSWORD=secret"`.

    ## When to silence it
    If the program takes the quotes off itself.
    """
    for service in context.project.services:
        for kind, name, node in _entries(service.node):
            if isinstance(node, Scalar) and _has_quotes(context, node, name):
                path = (*service.location.path, *kind.split("."), name)
                yield report(
                    Location(node.span, path, "the quotes belong to the value"),
                    f"service '{service.name}': the quotes around {name} in `{kind}` are part of"
                    " its value",
                    hint=f'write `- {name}=...` without quotes, or quote the whole item: `- "{name}'
                    '=..."`',
                )


def _entries(node: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield environment, labels and build arguments, whichever form they are in by now."""
    for kind, keys in _PARTS.items():
        found = at(node, *keys)
        if isinstance(found, Mapping):
            for name, entry in found.entries.items():
                yield kind, name, entry
        for item in found.items if isinstance(found, Sequence) else ():
            if isinstance(item, Scalar):
                yield kind, str(item.value).partition("=")[0], item


def _has_quotes(context: Context, node: Scalar, name: str) -> bool:
    text = str(node.value)
    if text[-1:] not in {'"', "'"}:
        return False
    value = text.removeprefix(f"{name}=")
    if value[:1] not in {'"', "'"} or value[-1:] != value[:1] or len(value) < 2:
        return False
    lines = lines_of(context.project.sources.get(node.span.file, ""))
    line = lines[node.span.line - 1] if node.span.line <= len(lines) else ""
    found = _ITEM.fullmatch(line.strip())
    return found is not None and found[1] == name and found[2] not in found[3]
