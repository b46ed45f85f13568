"""A plan of `prepare` -> the same without what would break a project that loads, and why.

An example that is copied to `.env` may set a variable to nothing that the env file of an `include`
or of a service sets: the empty value wins. It may name hosts that are none here, where the default
names a service. Such a line is copied as a comment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from bootready.connections.lost import lost_hosts
from bootready.errors import ProjectError
from bootready.knowledge.examples import settings_in
from bootready.model.action import (
    Action,
    GenerateVariable,
    Plan,
    SetVariable,
    Step,
    WriteFile,
    WriteOverride,
)
from bootready.model.node import Plain
from bootready.model.position import YamlPath, render_path
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import load, read_text_file
from bootready.pipeline.proof import Proof, State, as_it_is, proof_of
from bootready.plan.difference import differences
from bootready.plan.order import renumbered
from bootready.plan.select import shapes_the_model
from bootready.typed import NamedTuple


class Harmless(NamedTuple):
    """A plan that breaks nothing, and what was withdrawn from it, with the reason."""

    plan: Plan
    withdrawn: tuple[tuple[Step, str], ...] = ()


def harmless(request: Request, environ: Mapping[str, str], plan: Plan) -> Harmless:
    """Return `plan` without the steps that would make the project worse.

    Worse is: Compose refuses what it loaded before, or a value of the model becomes empty.
    """
    shaping = [step for step in plan.steps if shapes_the_model(step.action)]
    if not shaping:
        return Harmless(plan)
    try:
        project = load(request, environ)
    except ProjectError:
        return Harmless(plan)  # nothing loads that could be broken
    kept: dict[int, Step] = {step.id: step for step in plan.steps}
    shaping = [_without_set_elsewhere(step, project, shaping) for step in shaping]
    kept |= {step.id: step for step in shaping}
    withdrawn: list[tuple[Step, str]] = []
    with proof_of(request, environ, project, (as_it_is,), checked=False) as proof:
        if _harm(proof, shaping):
            taken: list[Step] = []
            for step in shaping:
                reason = _harm(proof, [*taken, step])
                if reason:
                    withdrawn.append((step, f"{step.reason}: {reason}"))
                    del kept[step.id]
                else:
                    taken.append(step)
    return Harmless(renumbered(kept.values()), tuple(withdrawn))


def _harm(proof: Proof, steps: Iterable[Step]) -> str:
    """Return in words what these steps would make worse, '' for nothing."""
    after = proof.states(texts_of(step.action for step in steps))[0]
    return proof.tree.back(_worse(proof.before[0], after))


def _worse(before: State, after: State) -> str:
    if after.error:
        return f"Compose would refuse the project: {after.error}"
    if after.refusals and not before.refusals:
        return f"Compose would refuse the project: {min(after.refusals)[1]}"
    for place in differences(before.model, after.model, str):
        old, new = _value(before.model, place), _value(after.model, place)
        if isinstance(old, str) and old and new in {"", None}:
            return f"it would empty '{render_path(place)}'"
    return ""


def _value(model: Plain, path: YamlPath) -> str | None:
    """Return the text at `path`, None where there is no value, or an empty list or mapping: the
    `volume: {}` of a mount that becomes a bind mount was no value.
    """
    value: Plain = model
    for key in path:
        if isinstance(value, dict) and key in value:
            value = value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return None if value is None or value in ({}, []) else str(value)


def texts_of(actions: Iterable[Action]) -> dict[str, str | None]:
    """Return the files that `actions` write, by path, with stand-ins for what is generated."""
    texts: dict[str, str | None] = {}
    for one in actions:
        match one:
            case WriteFile(path=path, text=text):
                texts[path] = text
            case WriteOverride(path=path) as action:
                from bootready.apply.secrets.override import override_text

                texts[path] = override_text(action)
            case SetVariable(path=path, name=name, value=value, line=line):
                _append(texts, path, line or f"{name}='{value}'")
            case GenerateVariable(path=path, name=name, before=before, after=after):
                _append(texts, path, f"{name}='{before}generated{after}'")
            case _:
                pass
    return texts


def _append(texts: dict[str, str | None], path: str, line: str) -> None:
    """Add a line: wherever in the file the variable is set, the last line counts."""
    text = texts.get(path) or read_text_file(path) or ""
    texts[path] = f"{text}\n{line}\n"


def _without_set_elsewhere(step: Step, project: Project, steps: Sequence[Step]) -> Step:
    """Return the copy of an env file without assignments that would win over a better value: of
    nothing, and of a host that no container reaches.
    """
    action = step.action
    if not isinstance(action, WriteFile):
        return step
    empty = {name for name, one in settings_in(action.text).items() if one.is_empty}
    others = (other.action for other in steps if other is not step)
    copies = [other.text for other in others if isinstance(other, WriteFile)]
    names = empty & (_set_by_files(project) | _set_by_copies(copies))
    if os.path.realpath(action.path) == os.path.realpath(os.path.join(project.directory, ".env")):
        names |= lost_hosts(project, action.text)
    if not names:
        return step
    return step._replace(action=action._replace(text=_without(action.text, names)))


def _set_by_files(project: Project) -> set[str]:
    """Return the names to which a file that uses them gives a value, or the include of it does."""
    found: set[str] = set()
    for use in project.uses:
        name, file = use.reference.name, use.reference.span.file
        known = project.variables_in(file).get(name)
        own = settings_in(project.sources.get(file, "")) if not use.path else {}
        is_set = known is not None and known.value and os.path.isabs(known.source)
        if is_set or (name in own and not own[name].is_empty):
            found.add(name)
    return found


def _set_by_copies(texts: Iterable[str]) -> set[str]:
    """Return the names that env files which are copied with it set and use."""
    return {
        name
        for text in texts
        for name, one in settings_in(text).items()
        if not one.is_empty and re.search(rf"\$(?:{name}\b|\{{{name}\W)", text)
    }


def _without(text: str, names: Iterable[str]) -> str:
    """Return the text of an env file with the assignments of `names` as comments."""
    pattern = r"^([ \t]*)((?:export[ \t]+)?(?:{})[ \t]*=)".format("|".join(map(re.escape, names)))
    return re.sub(pattern, r"\1# \2", text, flags=re.MULTILINE)
