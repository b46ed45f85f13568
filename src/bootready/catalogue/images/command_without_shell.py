"""A command uses shell operators without a shell: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.command_text import dropped_part
from bootready.model.lookup import place_in

OPERATORS = frozenset({"&&", "||", "|", ">", ">>", "2>&1", "<", ";"})
EXPRESSIONS = frozenset({"[", "test", "find", "expr", "jq"})
"""Programs that take such words as arguments."""


@check(
    summary="a command uses shell operators without a shell",
    severity=Severity.WARNING,
    looks_at=("service.command", "service.entrypoint"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#command",
)
def command_without_shell(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `&&`, `|`, `;`, `>` and similar operators in `command` and `entrypoint`, outside
    quotes.

    ## Why it matters
    Compose does not start a shell. It splits a string into words and silently drops everything from
    the first operator on, so `npm install && npm start` runs only `npm install`. In a list, the
    operator becomes an argument of the program.

    ## Remedy
    Write `["sh", "-c", "npm install && npm start"]`.

    ## When to silence it
    If the program itself interprets the operator, as `find ... ;` does.
    """
    for service in context.project.services:
        for key, words in (("entrypoint", service.entrypoint), ("command", service.command)):
            if not words:
                continue
            place = place_in(service, key)
            lost = dropped_part(service.node.entries[key], context.project.sources)
            if lost:
                yield report(
                    place,
                    f"service '{service.name}': `{key}`: Compose drops '{lost}'",
                    hint='use ["sh", "-c", "..."]',
                    consequence=f"only the {len(words)} words before it are run",
                )
            found = next((word for word in words if word in OPERATORS), "")
            if found and words[0] not in EXPRESSIONS:
                yield report(
                    place,
                    f"service '{service.name}': `{key}`: '{found}' is an argument, not an operator",
                    hint='use ["sh", "-c", "..."]',
                )
