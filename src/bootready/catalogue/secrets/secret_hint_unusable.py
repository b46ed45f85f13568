"""A hint for a secret cannot be followed: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.knowledge.secrets.kind_in_project import HINTS, hint_faults, in_a_circle
from bootready.knowledge.secrets.kinds import HINTED_KINDS
from bootready.model.node import Mapping
from bootready.model.position import Location
from bootready.model.project import FileObject


@check(
    summary="a hint for a secret cannot be followed",
    severity=Severity.WARNING,
    looks_at=("secrets",),
    mentions=("x-bootready",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/extension/",
)
def secret_hint_unusable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `x-bootready` of every secret: its keys, the `kind`, the number of `bytes`, and the
    secrets that `from` and `same_as` name, which must not form a cycle.

    ## Why it matters
    `bootready prepare` generates nothing if the kind or the source of a value is in doubt, because
    it never overwrites a value later. The secret then has no file, and the project does not boot.

    ## Remedy
    Use one of the keys and kinds in `docs/reference/configuration.md`. If the secret has already
    been generated, delete its file and run `bootready prepare` again.

    ## When to silence it
    If the hint is meant for a newer version of bootready.
    """
    secrets = {item.name: item for item in context.project.secrets}
    circle = in_a_circle(secrets)
    for item in secrets.values():
        for key, words in hint_faults(item, secrets, circle):
            from bootready.model.near import nearest

            written, known = (item.hints[key], HINTED_KINDS) if key == "kind" else (key, HINTS)
            near = nearest(str(written), set(known) - {written})
            hint = f"write '{near[0]}'" if near else f"one of: {', '.join(known)}"
            hint = hint if key == "kind" or key not in HINTS else ""
            yield report(_place(item, key), f"secret '{item.name}': {words}", hint=hint)


def _place(item: FileObject, key: str) -> Location:
    hints = item.node.entries["x-bootready"]
    if not isinstance(hints, Mapping):
        return item.location
    return Location(hints.entries[key].span, (*item.location.path, "x-bootready", key))
