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
    Looks for `&&`, `|`, `;`, `>` and the like in `command` and `entrypoint`, outside of quotes.

    ## Why it matters
    Compose starts no shell. It splits a text into words and silently drops everything from the
    first operator on: `npm install && npm start` runs `npm install`, and no more. In a list the
    operator becomes an argument.

    ## Remedy
    `["sh", "-c", "npm install && npm start"]`.
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
