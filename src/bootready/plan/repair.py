"""A project, its findings and its problems -> repairs of files, each with what it may change.

A repair is safe where the intent is clear from the project alone; the others are made on request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bootready.knowledge.process.argv import reaches_shell
from bootready.knowledge.process.scripts import CRLF, NO_EXEC_BIT
from bootready.model.action import Action, AppendLines, Edit, EditFile, SetPermissions
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lines import lines_of
from bootready.model.lookup import at, shown
from bootready.model.near import MOST, SURELY, nearest
from bootready.model.node import Scalar
from bootready.model.position import Location, Span, YamlPath, render_path
from bootready.model.problem import Problem, Use
from bootready.model.project import Mount, Project
from bootready.plan.definition import definition_of
from bootready.plan.dollar import doubled, is_own
from bootready.plan.image_repair import ImageEdit, image_edit
from bootready.plan.include_conflict import without_repetitions
from bootready.plan.misspelling import respelt
from bootready.plan.select import fixes
from bootready.plan.swarm_repair import SwarmEdit, external_as_file, overlay_as_bridge
from bootready.plan.wiring_repair import address_edit, dependency_edit
from bootready.typed import NamedTuple


class Repair(NamedTuple):
    """A finding with the remedy that edits files, and the paths of the model that it changes."""

    finding: Finding
    intended: tuple[YamlPath, ...] = ()
    reworded: tuple[YamlPath, ...] = ()
    """Where nothing changes but how findings put it."""


class Look(NamedTuple):
    """What a repair may read of the machine: a file's text and mode, and the repository's root."""

    text: Callable[[str], str | None]
    mode: Callable[[str], int | None]
    root: str


def repairs(
    project: Project, findings: Iterable[Finding], look: Look, *, unsafe: bool = False
) -> Iterator[Repair]:
    """Yield what can be repaired in the files of `project`; with `unsafe` also what is a guess."""
    known = tuple(findings)
    yield from _of_problems(project, known, unsafe=unsafe)
    dollars: list[Finding] = []
    for finding in known:
        if finding.check_id == "dollar-unescaped":
            dollars.append(finding)
        elif finding.check_id == "entrypoint-script-broken":
            yield from _script(project, finding, look)
        elif (found := image_edit(project, finding)) is not None:
            action = EditFile(found.edit.span.file, (found.edit,))
            remedy = Remedy(found.title, Safety.SAFE, (action,))
            yield Repair(finding._replace(remedy=remedy), (found.path,))
        elif (changed := address_edit(project, finding)) is not None:
            yield _of_edit(finding, changed, Safety.SAFE)
        elif unsafe and (changed := dependency_edit(project, finding)) is not None:
            yield _of_edit(finding, changed, Safety.ASK)
        elif unsafe and (swarm := external_as_file(project, finding)) is not None:
            yield Repair(*_intended(swarm))
        elif finding.check_id == "dependency-without-healthcheck" and unsafe:
            yield from _condition(project, finding)
        elif finding.check_id == "env-example-incomplete":
            yield Repair(_commented(project, finding))
        elif finding.remedy and any(map(fixes, finding.remedy.actions)):
            yield Repair(finding)
    yield from _dollars(project, dollars, unsafe=unsafe)
    for network in overlay_as_bridge(project) if unsafe else ():
        yield Repair(*_intended(network))


def _intended(found: SwarmEdit) -> tuple[Finding, tuple[YamlPath, ...]]:
    return found.finding, (found.path,)


def _of_problems(
    project: Project, findings: Sequence[Finding], *, unsafe: bool
) -> Iterator[Repair]:
    for problem in (*project.problems, *project.warnings):
        yield from _of_problem(project, problem, unsafe=unsafe)
    for word in respelt(project, project.problems):
        yield Repair(word.finding, word.paths)
    for edit, solved in without_repetitions(project.refused_by_v2, project.sources):
        places = [problem.location.path for problem in solved if problem.location]
        yield _at_findings(findings, _edited("external-over-definition", solved[0], edit, *places))


def _at_findings(findings: Sequence[Finding], repair: Repair) -> Repair:
    """Return the repair with the places of all findings that are about what it changes."""
    check_id = repair.finding.check_id
    told = [
        one.primary
        for one in findings
        if one.check_id == check_id and one.primary and one.primary.path in repair.intended
    ]
    located = repair._replace(finding=repair.finding._replace(related=tuple(told)))
    return _titled(located, "removes the declaration with `external: true`")


def _titled(repair: Repair, title: str) -> Repair:
    remedy = repair.finding.remedy
    if remedy is None:
        return repair
    return repair._replace(finding=repair.finding._replace(remedy=remedy._replace(title=title)))


def _of_edit(finding: Finding, found: ImageEdit, safety: Safety) -> Repair:
    remedy = Remedy(found.title, safety, (EditFile(found.edit.span.file, (found.edit,)),))
    return Repair(finding._replace(remedy=remedy), (found.path,))


def _dollars(project: Project, findings: Iterable[Finding], *, unsafe: bool) -> Iterator[Repair]:
    """Yield one repair for each place in the text: that of an anchor belongs to many services."""
    places: dict[Span, list[tuple[Finding, Location]]] = {}
    for finding in findings:
        for place in (finding.primary, *finding.related):
            if place is not None:
                places.setdefault(place.span, []).append((finding, place))
    uses: dict[Span, list[Use]] = {}
    for use in project.uses if places and not unsafe else ():
        uses.setdefault(use.reference.span, []).append(use)
    for span, pairs in places.items():
        written = None if unsafe else uses.get(span, [])
        if all(_is_the_shells(project, place, written) for _, place in pairs):
            finding, place = pairs[0]
            made = doubled(finding, place, project.sources)
            yield Repair(made, tuple(place.path for _, place in pairs))


def _is_the_shells(project: Project, place: Location, uses: list[Use] | None) -> bool:
    """Tell whether the container's shell reads the `$`, of a variable that the service sets.

    Without a shell a doubled `$` reaches the program as it is: nothing would be won.
    """
    service = project.service(str(place.path[1])) if place.path[1:] else None
    if service is None or not reaches_shell(service, place.path):
        return False
    return uses is None or is_own(uses, service)


def _of_problem(project: Project, problem: Problem, *, unsafe: bool) -> Iterator[Repair]:
    if problem.location is None:
        return
    if problem.kind == "version-obsolete":
        for file in project.files:  # only one of them is told of
            edit = _without_version(file, project.sources.get(file, ""))
            if edit:
                yield _edited("version-obsolete", problem, edit, ("version",))
    elif problem.kind == "healthcheck-test-malformed":
        edit = _with_form(project.sources, problem.location.span)
        if edit:
            yield _edited("compose-refuses", problem, edit, problem.location.path[:4])
    elif problem.kind.startswith("undefined-"):
        edit = _renamed(project, problem, unsafe=unsafe)
        section = problem.kind.removeprefix("undefined-") + "s"
        if edit is None and unsafe and section in {"secrets", "configs"}:
            found = definition_of(project, problem)
            if found is not None:
                yield _titled(
                    _edited("compose-refuses", problem, found[0], *found[1], (section,)),
                    f"defines it in `{section}`, by a file",
                )
        elif edit:
            # What nothing used before was not in the model.
            yield _edited("compose-refuses", problem, edit, problem.location.path[:3], (section,))


def _edited(cause: str, problem: Problem, edit: Edit, *intended: YamlPath) -> Repair:
    remedy = Remedy(problem.message, Safety.SAFE, (EditFile(edit.span.file, (edit,)),))
    finding = Finding(cause, Severity.ERROR, problem.message, problem.location, remedy=remedy)
    return Repair(finding, intended)


def _without_version(file: str, text: str) -> Edit | None:
    """Return the edit that takes a line ``version: "3"`` away, and a blank one that follows it."""
    lines = text.splitlines()
    pattern = re.compile(r"version[ \t]*:[ \t]*[\"']?[\w.]+[\"']?[ \t]*(#.*)?")
    for number, line in enumerate(lines, 1):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        if found[1]:
            return Edit(Span(file, number, 1, number, found.start(1) + 1), "")
        blank = number < len(lines) and not lines[number].strip()
        alone = number == 1 or not lines[number - 2].strip()
        end = number + (2 if blank and alone else 1)
        if end > len(lines) and not text.endswith("\n"):
            return Edit(Span(file, number, 1, number, len(line) + 1), "")
        return Edit(Span(file, number, 1, end, 1), "")
    return None


def _with_form(sources: Mapping[str, str], span: Span) -> Edit | None:
    """Return the edit that puts CMD before the first word of a healthcheck's test."""
    line = _line(sources, span)
    before, word = line[: span.column - 1], line[span.column - 1 :]
    quote = word[0] if word[:1] in {'"', "'"} else ""
    text = word[1:].partition(quote)[0] if quote else re.split(r"[,\]]", word)[0]
    form = f"{quote}{'CMD-SHELL' if ' ' in text.strip() else 'CMD'}{quote}"
    place = Span(span.file, span.line, span.column, span.line, span.column)
    if before.rstrip().endswith(("[", ",")):
        return Edit(place, f"{form}, ")
    if re.fullmatch(r"\s*-\s+", before):
        return Edit(place, f"{form}\n{before}")
    return None


def _renamed(project: Project, problem: Problem, *, unsafe: bool) -> Edit | None:
    """Return the edit that turns a misspelt name into the only one that is near it."""
    kind = problem.kind.removeprefix("undefined-")
    known = {
        "secret": [one.name for one in project.secrets],
        "config": [one.name for one in project.configs],
        "network": [one.key for one in project.networks],
        "volume": [one.key for one in project.volumes],
        "service": [one.name for one in project.services],
    }.get(kind, [])
    place = problem.location
    if place is None:
        return None
    line = _line(project.sources, place.span)
    found = re.compile(r"[\w.-]+").search(line, place.span.column - 1)
    if found is None or found[0] in known or found[0] != problem.subject:
        return None
    near = nearest(found[0], known, 2, SURELY)
    same = [name for name in known[:MOST] if _plain(name) == _plain(found[0])]
    close = nearest(found[0], known, 2, 0.88)
    choice = same or close or (near if unsafe else [])
    if len(choice) != 1 or (len(near) > 1 and not same):
        return None
    start, end = found.start() + 1, found.end() + 1
    return Edit(Span(place.span.file, place.span.line, start, place.span.line, end), choice[0])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]", "", name.lower())


def _script(project: Project, finding: Finding, look: Look) -> Iterator[Repair]:
    mount = _mount_at(project, finding)
    if mount is None:
        return
    text, mode = look.text(mount.source), look.mode(mount.source)
    actions: list[Action] = []
    if text is not None and finding.kind == CRLF:
        edits = tuple(_returns(mount.source, text))
        name = mount.source.removeprefix(look.root.rstrip("/") + "/")
        pattern = f"*{name[name.rindex('.') :]}" if "." in name.rpartition("/")[2] else name
        actions.append(EditFile(mount.source, edits))
        actions.append(AppendLines(f"{look.root}/.gitattributes", (f"{pattern} text eol=lf",)))
    if mode is not None and finding.kind == NO_EXEC_BIT:
        actions.append(SetPermissions(mount.source, mode | (mode & 0o444) >> 2))
    if actions:
        remedy = Remedy("make the script start", Safety.SAFE, tuple(actions))
        yield Repair(finding._replace(remedy=remedy))


def _mount_at(project: Project, finding: Finding) -> Mount | None:
    mounts = (mount for service in project.services for mount in service.mounts)
    return next((one for one in mounts if one.location == finding.primary), None)


def _returns(path: str, text: str) -> Iterator[Edit]:
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if line.endswith("\r\n"):
            column = len(line) - 1
            yield Edit(Span(path, number, column, number, column + 1), "")


def _condition(project: Project, finding: Finding) -> Iterator[Repair]:
    path = finding.primary.path if finding.primary else ()
    node = at(project.model, *path, "condition")
    if (
        isinstance(node, Scalar)
        and node.value == "service_healthy"
        and path[2:3] == ("depends_on",)
    ):
        line = _line(project.sources, node.span)
        column = line.find("service_healthy", node.span.column - 1) + 1
        if column:
            end = column + len("service_healthy")
            span = Span(node.span.file, node.span.line, column, node.span.line, end)
            edit = Edit(span, "service_started")
            remedy = Remedy("wait for it to start", Safety.ASK, (EditFile(span.file, (edit,)),))
            yield Repair(finding._replace(remedy=remedy), ((*path, "condition"),))


def _commented(project: Project, finding: Finding) -> Finding:
    """Return the finding with a comment above each line that its remedy appends."""
    if finding.remedy is None or finding.primary is None:
        return finding
    path, span = finding.primary.path, finding.primary.span
    where = render_path(path) or f"{shown(span.file, project.directory)}:{span.line}"
    actions = tuple(
        action._replace(
            lines=tuple(
                text
                for line in action.lines
                for text in (f"{line.partition('=')[0]}, for {where}", line)
            )
        )
        if isinstance(action, AppendLines)
        else action
        for action in finding.remedy.actions
    )
    return finding._replace(remedy=finding.remedy._replace(actions=actions))


def _line(sources: Mapping[str, str], span: Span) -> str:
    lines = lines_of(sources.get(span.file, ""))
    return lines[span.line - 1] if 0 < span.line <= len(lines) else ""
