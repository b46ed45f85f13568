"""A project with unsaved texts -> the repairs of `bootready fix` as edits, each proved harmless.

They are made in a shadow of the tree that holds the unsaved texts, as nothing may be written before
a person chooses one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bootready.apply.files.shadow import Shadow, shadow
from bootready.errors import BootreadyError
from bootready.model.action import AppendLines, Edit, EditFile
from bootready.model.finding import Finding
from bootready.model.position import Span
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.pipeline.fix import with_edits
from bootready.pipeline.proof import environ_in, moved, proof_of
from bootready.typed import NamedTuple


class Repair(NamedTuple):
    """A repair of one finding: what it does, where the finding is, and its edits by file."""

    title: str
    check_id: str
    span: Span
    edits: tuple[Edit, ...]


def repairs_of(
    request: Request, texts: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[Repair, ...]:
    """Return the repairs of tracked files that `fix` would make; none if it cannot be read."""
    with shadow() as tree:
        tree.put(texts)
        inside, variables = moved(request, tree), environ_in(environ, tree)
        try:
            project = load(inside, variables)
            verdict = check(observe(project, variables, engine=False))
            verdict = verdict._replace(findings=verdict.apart)
            with proof_of(inside, variables, project) as proof:
                found = with_edits(inside, variables, project, verdict, proof).findings
        except BootreadyError:
            return ()
        made = (_repair(finding, tree) for finding in found)
        return tuple(dict.fromkeys(one for one in made if one is not None))


def _repair(finding: Finding, tree: Shadow) -> Repair | None:
    if finding.remedy is None or finding.primary is None:
        return None
    edits: list[Edit] = []
    for action in finding.remedy.actions:
        if isinstance(action, EditFile):
            edits += [one._replace(span=_back(one.span, tree)) for one in action.edits]
        elif isinstance(action, AppendLines):
            place = Span(tree.back(action.path), 0, 0, 0, 0)
            edits.append(Edit(place, "".join(f"{line}\n" for line in action.lines)))
        else:
            return None
    title = tree.back(finding.remedy.title)
    return Repair(title, finding.check_id, _back(finding.primary.span, tree), tuple(edits))


def _back(span: Span, tree: Shadow) -> Span:
    return span._replace(file=tree.back(span.file))
