"""A `$` in a value of an env file is interpolated: found before boot, at its place."""

from __future__ import annotations

from bisect import bisect

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import shown
from bootready.model.position import Location


@check(
    summary="a `$` in a value of an env file is interpolated",
    severity=Severity.WARNING,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
)
def dollar_in_env_file(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for `$NAME` in the values of env files if `NAME` is not set anywhere.

    ## Why it matters
    Compose replaces it with an empty string: `PASSWORD=pa$word` becomes `pa`, a wrong password that
    is not shown anywhere. The message does not print the name after the `$`, because it may be part
    of a secret.

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
        yield report(
            Location(span, (), "this becomes an empty string"),
            f"variable '{name}': a `$` in its value in '{file}' is replaced by an empty string",
            variable=name,
            hint="put the value in single quotes, or write $$ for $",
        )
