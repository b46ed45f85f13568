"""A secret ends at a `#`: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.check.value_uses import Origin, ValueUse, value_uses
from bootready.model.lines import lines_of
from bootready.model.lookup import shown

_WRITTEN = frozenset({Origin.VARIABLE, Origin.ENV_FILE, Origin.ENVIRONMENT})


@check(
    summary="a secret ends at a `#`",
    severity=Severity.WARNING,
    looks_at=("service.environment", "service.command"),
    mentions=(" #",),
    since="0.2.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
)
def value_cut(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for passwords and other secrets without quotes that contain a space and a `#` right before
    another character: `PASSWORD=abc #def`. A `#` with a space after it is taken for a comment.

    ## Why it matters
    In env files and in YAML, ` #` begins a comment. The password is `abc`, without any warning.

    ## What you see
    ```
    FATAL:  password authentication failed for user "app"
    ```

    ## Remedy
    Quote the value: `PASSWORD='abc #def'`.

    ## When to silence it
    If it is a comment. A space after the `#` says the same, and needs no silence.
    """
    for use in value_uses(context.project, lambda one: one.origin in _WRITTEN and one.is_secret):
        if use.value and _is_cut(context, use):
            file = shown(use.file, context.project.directory)
            yield report(
                use.place.labelled("the value ends before the `#`"),
                f"variable '{use.name}': its value in '{file}' ends at the ` #`, where a comment"
                " begins",
                variable=use.name,
                hint=f"quote it: {use.name}='...'; or write a space after the `#`",
            )


def _is_cut(context: Context, use: ValueUse) -> bool:
    lines = lines_of(context.project.sources.get(use.file, ""))
    number = use.place.span.line
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    if "#" not in text:
        return False
    pattern = rf"(?<![\w.-]){re.escape(use.name)}\s*[:=]\s*(?!['\"|>&*\s])\S[^#]*\s#[^\s#!]"
    return re.search(pattern, text) is not None
