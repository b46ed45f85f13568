"""A `$` in a value of an env file is interpolated: found before boot, at its place."""

from __future__ import annotations

import re
from bisect import bisect

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lines import lines_of
from bootready.model.lookup import shown
from bootready.model.node import Reference
from bootready.model.position import Location
from bootready.regex import regex


@check(
    summary="a `$` in a value of an env file is interpolated",
    severity=Severity.WARNING,
    where=("reference.unset",),
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
)
def dollar_in_env_file(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for `$NAME` in the values of env files if `NAME` is not set anywhere.

    ## Why it matters
    Compose replaces it with an empty string: `PASSWORD=pa$word` becomes `pa`, a wrong password that
    is not shown anywhere. The message prints the name after the `$` only if it clearly is one, such
    as `${APP_NAME}`; anything else may be part of a secret.

    ## What you see
    ```
    level=warning msg="The \"word\" variable is not set. Defaulting to a blank string."
    ```

    ## Remedy
    Put the value in single quotes, `PASSWORD='pa$word'`, or write `$$`.

    ## When to silence it
    If the empty value is intended.
    """
    lines: dict[str, list[tuple[int, str]]] = {}
    for name, variable in context.project.variables.items():
        lines.setdefault(variable.source, []).append((variable.line, name))
    for known in lines.values():
        known.sort()
    seen = set()
    for reference, path in context.project.uses:
        span = reference.span
        if path or reference.is_set or reference.operator:
            continue
        known = lines.get(span.file, [])
        before = bisect(known, (span.line + 1,))
        name = known[before - 1][1] if before else ""
        if not name or (span.file, name) in seen:
            continue
        seen.add((span.file, name))
        file = shown(span.file, context.project.directory)
        what = f"'${{{reference.name}}}'" if _is_meant(context, reference) else "a `$`"
        yield report(
            Location(span, (), "this becomes an empty string"),
            f"variable '{name}': {what} in its value in '{file}' is replaced by an empty string",
            variable=name,
            hint="put the value in single quotes, or write $$ for $",
        )


def _is_meant(context: Context, reference: Reference) -> bool:
    """Tell whether a variable is meant: ``${APP_NAME}``, which no secret has in it by chance."""
    span = reference.span
    lines = lines_of(context.project.sources.get(span.file, ""))
    line = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    return f"${{{reference.name}}}" in line and _NAME.fullmatch(reference.name) is not None


_NAME = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", re.ASCII)
