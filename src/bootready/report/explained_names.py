"""A project and a word that a person types -> what has that name: a variable, or an image.

A variable is what Compose replaces in its files and what a container or a build is given: people
type its name and mean either.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.knowledge.secrets.forms import MASK, masked, masked_lines
from bootready.model.lookup import at
from bootready.model.node import Mapping, Node, Plain, Scalar, Sequence
from bootready.model.position import Location, Span, YamlPath, render_path
from bootready.model.problem import Use, Variable
from bootready.model.project import Project
from bootready.report.explanation import (
    BY_ENV_FILE,
    Explanation,
    Step,
    explain_path,
    explain_value,
    source_step,
)
from bootready.report.masking import is_sensitive
from bootready.typed import NamedTuple

GIVEN = (("environment",), ("build", "args"))
"""Where a service is given variables: its container, and the build of its image."""


_PATHS = 4
"""So many places of the model that one place of a file gives a variable to are named."""


class _Gift(NamedTuple):
    """A variable that a container or a build is given."""

    service: str
    path: YamlPath
    found: Explanation
    """The explanation of the value at `path`."""


def explain_variable(project: Project, name: str) -> Explanation | None:
    """Explain a variable: where its value comes from, what uses it, and who is given it.

    None if nothing has that name.
    """
    uses = [use for use in project.uses if use.reference.name == name]
    seen = _variables_called(project, name, uses)
    gifts = list(_gifts(project, name))
    wished = list(_wished(project, name))
    if not (uses or seen or gifts or wished):
        return None
    steps = [source_step(name, one) for one in seen.values()]
    if (uses or wished) and not seen:
        steps.append(source_step(name, None))
    steps += [*_used(uses), *wished]
    told = {use.path for use in uses}
    for gift in gifts:
        steps += _given(gift, is_told=gift.path in told)
    if not (uses or gifts or wished):
        words = "nowhere: no Compose file refers to it, and no service is given it"
        steps.append(Step("used", words))
    value, hidden = _value(project, name, next(iter(seen.values()), None), gifts)
    return Explanation(f"variable '{name}'", value, hidden, tuple(dict.fromkeys(steps)))


def _value(
    project: Project, name: str, variable: Variable | None, gifts: list[_Gift]
) -> tuple[Plain, bool]:
    """Return the value to show and whether it is hidden; None where services get different ones."""
    if variable is not None:
        hidden = is_sensitive(name, project)
        return MASK if hidden else masked_lines(variable.value), hidden
    values = {str(gift.found.value): gift.found.value for gift in gifts}
    hidden = is_sensitive(name, project) or any(gift.found.hidden for gift in gifts)
    return (next(iter(values.values())), hidden) if len(values) == 1 else (None, hidden)


def _variables_called(project: Project, name: str, uses: list[Use]) -> dict[object, Variable]:
    """Return the variables of that name: the project's, and those that included files see."""
    files = dict.fromkeys(use.reference.span.file for use in uses)
    everywhere = (project.variables, *(project.variables_in(file) for file in files))
    known = (variables.get(name) for variables in everywhere)
    return {(one.source, one.line): one for one in known if one is not None}


def _used(uses: list[Use]) -> Iterator[Step]:
    """Yield what uses a variable: a place once, which anchors may give to several."""
    for reference in dict.fromkeys(use.reference for use in uses):
        same = [use for use in uses if use.reference == reference]
        paths = list(dict.fromkeys(render_path(use.path) or "an env file" for use in same))
        more = f" and {len(paths) - _PATHS} more" if len(paths) > _PATHS else ""
        operator = f" with `{reference.operator}`" if reference.operator else ""
        words = f"in {', '.join(paths[:_PATHS])}{more}{operator}"
        yield Step("used", words, Location(reference.span, same[0].path))


def _wished(project: Project, name: str) -> Iterator[Step]:
    """Yield the arguments of builds that are named without a value, and that nothing sets.

    Compose leaves them out of the model, so they are looked for in the files.
    """
    from bootready.read.yaml import YamlError, read_yaml

    if name in project.variables:
        return
    for file, text in project.sources.items():
        if name not in text or "args" not in text or not file.endswith((".yaml", ".yml")):
            continue
        try:
            documents = read_yaml(text, file)
        except YamlError:  # no Compose file
            continue
        for service, node in (pair for one in documents for pair in _services_in(one)):
            span = _without_value(at(node, "build", "args"), name)
            if span is not None:
                path = ("services", service, "build", "args", name)
                words = f"in {render_path(path)}: nothing sets it, so the build is not given it"
                yield Step("used", words, Location(span, path))


def _services_in(document: Node) -> Iterator[tuple[str, Node]]:
    services = at(document, "services")
    if isinstance(services, Mapping):
        yield from services.entries.items()


def _without_value(arguments: Node | None, name: str) -> Span | None:
    """Return the place at which a list or mapping of arguments names one and says no value."""
    if isinstance(arguments, Mapping):
        node = arguments.entries.get(name)
        is_bare = isinstance(node, Scalar) and node.value is None
        return arguments.keys.get(name) if is_bare else None
    items = arguments.items if isinstance(arguments, Sequence) else ()
    return next((one.span for one in items if isinstance(one, Scalar) and one.value == name), None)


def _gifts(project: Project, name: str) -> Iterator[_Gift]:
    for service in project.services:
        for below in GIVEN:
            path = ("services", service.name, *below, name)
            node = at(project.model, *path)
            if isinstance(node, Scalar):
                yield _Gift(service.name, path, explain_value(project, path, node, node.span))


def _given(gift: _Gift, *, is_told: bool) -> Iterator[Step]:
    """Yield who is given a variable, and what made the value, unless its use was told already."""
    shown = "" if gift.found.value in {None, MASK} else f": '{masked(str(gift.found.value))}'"
    [first, *rest] = gift.found.steps
    by = ", by an env_file" if first.text == BY_ENV_FILE else ""
    words = f"to service '{gift.service}'{by}, in `{render_path(gift.path)}`{shown}"
    yield Step("given", words, None if is_told else first.location)
    yield from (step for step in rest if step.role != "variable")


def names_of_gifts(project: Project) -> set[str]:
    """Return the names of all variables that a container or a build is given."""
    return {
        name
        for service in project.services
        for below in GIVEN
        for name in getattr(at(service.node, *below), "entries", ())
    }


def explain_image(project: Project, name: str) -> Explanation | None:
    """Explain an image, by its reference or its repository: which services run or build it."""
    users = [service for service in project.services if _is_called(service.image, name)]
    if not users:
        return None
    steps = []
    for service in users:
        words = "built and named by" if service.build else "run by"
        span = getattr(at(service.node, "image"), "span", service.location.span)
        path = ("services", service.name, "image")
        steps.append(Step("used", f"{words} service '{service.name}'", Location(span, path)))
    images = sorted({masked(service.image or "") for service in users})
    steps.append(Step("known", f"`bootready explain image {images[0]}` prints what is known of it"))
    return Explanation(f"image {', '.join(repr(one) for one in images)}", None, False, tuple(steps))


def _is_called(image: str | None, name: str) -> bool:
    """Tell whether `name` is an image's reference, with or without tag and registry."""
    whole = image or ""
    bare = whole.partition("@")[0]
    head, colon, _ = bare.rpartition(":")
    repository = head if colon and "/" not in bare[len(head) :] else bare
    known = {whole, bare, repository}
    return name in known | {one.rpartition("/")[2] for one in (bare, repository)} - {""}


def explain_resource(project: Project, name: str) -> Explanation | None:
    """Explain a network or volume by its key, also one that nothing uses; None for no such."""
    for kind, found in (("network", project.networks), ("volume", project.volumes)):
        for one in found:
            if one.key != name:
                continue
            if at(project.model, f"{kind}s", name) is not None:
                answer = explain_path(project, f"{kind}s.{name}")
                return answer if isinstance(answer, Explanation) else None
            unused = Step("used", "nowhere: Compose does not create it")
            steps = (Step("written", "defined here", one.location), unused)
            return Explanation(f"{kind} '{name}'", None, hidden=False, steps=steps)
    return None
