"""A project and a name -> where the thing of that name comes from: values, files, lines, variables.

What may be a secret is never part of an explanation, only where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bootready.knowledge.secrets.forms import MASK, masked
from bootready.model.lines import lines_of
from bootready.model.node import Mapping, Node, Plain, Reference, Scalar, Sequence, plain
from bootready.model.position import Location, Span, YamlPath, render_path
from bootready.model.printable import printable, printable_lines, safe_json
from bootready.model.problem import Extension, Variable
from bootready.model.project import FileObject, Project
from bootready.model.subject import SINGULAR
from bootready.report.excerpt import excerpt, place, quotable
from bootready.report.masking import is_secret, is_sensitive, masked_at, template_shown
from bootready.report.talks import Talk, spoken
from bootready.typed import NamedTuple

BY_ENV_FILE = "set by an env_file"


class Step(NamedTuple):
    """One thing that made a value: words, and the place if there is one."""

    role: str
    """written, inherited, overridden, merged, variable, default, unset, used, given, granted,
    known or file; of a service also ``talks to`` and ``asked by``.
    """
    text: str
    location: Location | None = None


class Explanation(NamedTuple):
    """What something is and what made it; `value` is None where there is none to show."""

    subject: str
    value: Plain
    hidden: bool
    steps: tuple[Step, ...]


class Unknown(NamedTuple):
    """Nothing has that name; `known` are the names that could have stood there."""

    where: str
    word: str
    known: tuple[str, ...]


def explain_path(project: Project, text: str) -> Explanation | Unknown:
    """Explain a value of the model, such as ``services.web.ports[0]``."""
    path: list[str | int] = []
    node: Node = project.model
    keys: Span = node.span
    rest = text
    while rest:
        step, left = _step(node, rest)
        if step is None:
            word = re.split(r"[.\[]", rest, maxsplit=1)[0] or rest
            return Unknown(render_path(tuple(path)), word, _known(node))
        if isinstance(node, Mapping) and isinstance(step, str):
            keys, node = node.keys.get(step, node.span), node.entries[step]
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
            keys = node.span
        path.append(step)
        rest = left
    return explain_value(project, tuple(path), node, keys)


def with_talks(found: Explanation, name: str, talks: Iterable[Talk]) -> Explanation:
    """Return the explanation of service `name` with whom it talks to, and who talks to it."""
    steps: list[Step] = []
    for talk in talks:
        if name not in {talk.service, talk.target}:
            continue
        mine = talk.service == name
        other = talk.target if mine else talk.service
        words = f"service '{other}'" + (f" ({spoken(talk)})" if spoken(talk) else "")
        for why, location in talk.places:
            role = "talks to" if mine else "asked by"
            steps.append(Step(role, f"{words}, by {why}", location))
    return found._replace(steps=(*found.steps, *steps))


def explain_file_object(project: Project, kind: str, name: str) -> Explanation | None:
    """Explain a secret or config: where its content comes from and who is given it."""
    objects = project.secrets if kind == "secrets" else project.configs
    found = next((one for one in objects if one.name == name), None)
    if found is None:
        return None
    steps = [Step("written", "defined here", found.location), _content(project, found)]
    for service in project.services:
        grants = service.secrets if kind == "secrets" else service.configs
        for grant in grants:
            if grant.source == name:
                words = f"given to service '{service.name}' as {grant.target or '/' + name}"
                steps.append(Step("granted", words, grant.location))
    return Explanation(f"{SINGULAR[kind]} '{name}'", None, True, tuple(steps))


def render_explanation(explanation: Explanation, project: Project) -> str:
    """Return the explanation as text, every place with its line."""
    lines = [printable(explanation.subject)]
    value = explanation.value
    if explanation.value is not None:
        lines.append(f"   = value: {_shown(explanation.value)}")
    elif explanation.hidden:
        lines.append("   = value: hidden, it is a secret")
    for step in explanation.steps:
        lines.append(f"   = {step.role}: {printable(step.text)}")
        if step.location is not None:
            lines.append(f"  --> {place(step.location.span, project.directory)}")
            text = project.sources.get(step.location.span.file)
            quoted = quotable(step.location.span.file, project.directory)
            if text is not None and quoted:
                lines += excerpt(step.location, text, value if isinstance(value, str) else "")
    return "\n".join(lines) + "\n"


def explanation_object(explanation: Explanation) -> dict[str, object]:
    """Return the explanation for JSON."""
    steps = [
        {
            "role": step.role,
            "text": step.text,
            "file": step.location.span.file if step.location else None,
            "line": step.location.span.line if step.location else None,
            "column": step.location.span.column if step.location else None,
        }
        for step in explanation.steps
    ]
    return {
        "subject": explanation.subject,
        "value": explanation.value,
        "hidden": explanation.hidden,
        "steps": steps,
    }


def _step(node: Node, text: str) -> tuple[str | int | None, str]:
    """Take the next key or index off `text`; keys may hold dots, so the longest one counts."""
    if isinstance(node, Sequence):
        found = re.match(r"\[(\d+)\]\.?|(\d+)(?:\.|(?=\[)|\Z)", text)
        index = int(found[1] or found[2]) if found else -1
        inside = found is not None and index < len(node.items)
        return (index, text[found.end() :]) if inside and found else (None, text)
    if isinstance(node, Mapping):
        for key in sorted(node.entries, key=len, reverse=True):
            left = text.removeprefix(key)
            if text.startswith(key) and (not left or left[0] in ".["):
                return key, left.removeprefix(".")
    return None, text


def _known(node: Node) -> tuple[str, ...]:
    if isinstance(node, Mapping):
        return tuple(node.entries)
    count = len(node.items) if isinstance(node, Sequence) else 0
    return tuple(f"[{index}]" for index in range(count))


def explain_value(project: Project, path: YamlPath, node: Node, key: Span) -> Explanation:
    """Explain the value at `path`, which is `node`; `key` is the place of its name."""
    steps: list[Step] = []
    hidden = False
    shown = masked_at(project, path, node)
    if isinstance(node, Scalar):
        hidden = is_secret(project, path, node)
        in_list = bool(path) and isinstance(path[-1], int)
        told = hidden or (in_list and shown != plain(node))
        steps.append(_written(project, node, path, hidden=told))
        steps += _inherited(project, node, path)
        for reference in dict.fromkeys(node.references):
            steps += _variable_steps(project, reference)
        steps += _overridden(node)
    else:
        steps.append(Step("written", "starts here", Location(key, path)))
        files = dict.fromkeys(scalar.span.file for scalar in _scalars(node))
        made = ", ".join(file.removeprefix(f"{project.directory}/") for file in files)
        steps.append(Step("files", f"its values come from {made or 'nowhere, it is empty'}"))
        for reference in dict.fromkeys(use for one in _scalars(node) for use in one.references):
            steps += _variable_steps(project, reference)
        steps += _merged(node)
    value = MASK if hidden else shown
    return Explanation(render_path(path), value, hidden, tuple(steps))


def _written(project: Project, node: Scalar, path: YamlPath, *, hidden: bool) -> Step:
    words = BY_ENV_FILE if _is_env_file(node.span.file) else "written here"
    if node.template is not None and node.references:
        words = f"made from '{template_shown(node.template, hidden=hidden)}'"
    elif _is_implied(project, node):
        words = "not written in any file; Compose adds it"
    return Step("written", words, Location(node.span, path))


def _inherited(project: Project, node: Scalar, path: YamlPath) -> Iterator[Step]:
    """Yield the chain of `extends` through which a service got what another one says."""
    name = str(path[1]) if path[:1] == ("services",) and len(path) > 1 else ""
    chain = _chain(project, name, node.span, ())
    for link in chain or ():
        words = f"service '{link.service}' extends '{link.base}'"
        yield Step("inherited", words, link.place)


def _chain(
    project: Project, name: str, span: Span, above: tuple[Extension, ...]
) -> tuple[Extension, ...] | None:
    """Return the links from service `name` to the base that `span` is written in, None if none."""
    for link in project.extensions:
        if link.service != name or link in above:
            continue
        links = (*above, link)
        found = links if link.covers(span) else _chain(project, link.base, span, links)
        if found is not None:
            return found
    return None


def _is_implied(project: Project, node: Scalar) -> bool:
    """Tell whether a value only has the place of the list or mapping that it was added to."""
    span, value = node.span, str(node.value)
    lines = lines_of(project.sources.get(span.file, ""))[span.line - 1 : span.end_line]
    if not lines or "\n" in value:
        return False
    end = span.end_column - 1 if len(lines) == 1 else len(lines[0])
    text = lines[0][span.column - 1 : end]
    is_mapping = ": " in text or len(lines) > 1
    return is_mapping and text[:1] not in {"|", ">", '"', "'"} and value not in text


def _is_env_file(path: str) -> bool:
    return not path.endswith((".yaml", ".yml", ".json")) and path != "-"


def _overridden(node: Node) -> Iterator[Step]:
    below = node.overrides
    while below is not None:
        yield Step("overridden", "replaces the value written here", Location(below.span))
        below = below.overrides


def _merged(node: Mapping | Sequence) -> Iterator[Step]:
    """Yield what a list or mapping was merged with; of it, values may still be there."""
    kept = {scalar.span for scalar in _scalars(node)}
    layer: Node | None = node if node.overrides is not None else None
    while layer is not None:
        place = Location(layer.span)
        if layer is node or any(scalar.span in kept for scalar in _scalars(layer)):
            yield Step("merged", "includes the value written here", place)
        else:
            yield Step("overridden", "replaces the value written here", place)
        layer = layer.overrides


def _variable_steps(project: Project, reference: Reference) -> Iterator[Step]:
    name = reference.name
    variable = project.variables_in(reference.span.file).get(name)
    empty = variable is not None and not variable.value and reference.operator.startswith(":")
    if variable is not None and not empty:
        yield source_step(name, variable)
    elif reference.operator in {":-", "-"}:
        argument = MASK if is_sensitive(name, project) else masked(reference.argument)
        why = "is empty" if empty else "is not set"
        yield Step("default", f"'{name}' {why}, so the default '{argument}' is used")
    else:
        yield Step("unset", f"'{name}' {'is empty' if empty else 'is not set, so it is empty'}")


def source_step(name: str, variable: Variable | None) -> Step:
    """Return where a variable comes from."""
    if variable is None:
        return Step("unset", f"'{name}' is not set, neither in the shell nor in an env file")
    if variable.source == "shell":
        return Step("variable", f"'{name}' comes from the shell")
    if variable.source == "default":
        return Step("variable", f"'{name}' is set by Compose itself")
    line = max(variable.line, 1)
    span = Span(variable.source, line, 1, line, len(name) + 1)
    return Step("variable", f"'{name}' comes from an env file", Location(span))


def _content(project: Project, found: FileObject) -> Step:
    if found.file is not None:
        file = found.file.removeprefix(f"{project.directory}/")
        return Step("file", f"its content is the file '{file}'", found.file_location)
    if found.environment is not None:
        known = project.variables_in(found.location.span.file)
        return source_step(found.environment, known.get(found.environment))
    if found.external:
        return Step("file", "it is external: it must be created outside the project")
    return Step("file", "its content is written in the Compose file")


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    below = node.entries.values() if isinstance(node, Mapping) else node.items
    for child in below:
        yield from _scalars(child)


def _shown(value: Plain) -> str:
    if isinstance(value, str):
        return printable_lines(value).replace("\n", "\n   |  ")
    text = safe_json(value, readable=True)
    return text.replace("\n", "\n     ")
