"""A project and its examples of env files -> wishes for the env files and variables it lacks.

Only what can be known: a file that has an example beside it, a variable that the example sets, and
a random value for a required variable whose name says that it is a secret.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from bootready.check.env_candidates import Candidate
from bootready.connections.lost import lost_hosts
from bootready.host.repository import repository_below_home, written_at
from bootready.knowledge.examples import settings_in, templates_for
from bootready.knowledge.values.first_values import is_first_password
from bootready.knowledge.values.halves import made_of
from bootready.knowledge.values.meaning import Meaning, meaning_of, recipe_for
from bootready.model.action import (
    HASHES,
    Action,
    GenerateVariable,
    SecretKind,
    SetVariable,
    WriteFile,
)
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lookup import shown
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.plan.person import as_person
from bootready.regex import regex
from bootready.system import group_id, user_id

_MADE_OF_ANOTHER = HASHES | {SecretKind.JWT}
"""Kinds that are of no use alone: nobody would know the clear text."""

Read = Callable[[str], str | None]
"""Returns the text of a small file, None where there is none."""


def missing_files(problems: Iterable[Problem], directory: str, read: Read) -> Iterator[Finding]:
    """Yield a wish for every env file that `problems` miss and that has an example."""
    for problem in problems:
        if problem.kind == "env-file-missing" and os.path.isabs(problem.subject):
            yield from _copied(problem.subject, directory, read, problem.location)


def missing_env(directory: str, read: Read, project: Project | None = None) -> Iterator[Finding]:
    """Yield a wish for the `.env` of `directory`, where it has only the example of one.

    None for one that nothing of `project` would read; without a project it may be needed.
    """
    path = os.path.join(directory, ".env")
    if os.path.lexists(_written_at(path, directory)):
        return
    template = _template_of(path, directory, read)
    if template and (project is None or _is_read(project, template[1])):
        yield from _copied(path, directory, read, None)


def _written_at(path: str, directory: str) -> str:
    return written_at(path, repository_below_home(directory) or directory)


def _is_read(project: Project, text: str) -> bool:
    """Tell whether Compose, a container or a build of the project would read a `.env` of `text`."""
    names, path = settings_in(text).keys(), f"{project.directory}/.env"
    if any(name.startswith("COMPOSE_") for name in names):
        return True
    if any(use.reference.name in names for use in project.uses):
        return True
    if any(one.environment in names for one in (*project.secrets, *project.configs)):
        return True
    for service in project.services:
        mounts = (mount for mount in service.mounts if mount.kind == "bind")
        mounted = any(f"{path}/".startswith(f"{mount.source.rstrip('/')}/") for mount in mounts)
        passed = any(one.value is None and one.name in names for one in service.environment)
        if service.build is not None or mounted or passed:
            return True
    return any(_NAMED.search(text) for text in project.sources.values())


_NAMED = regex(r"(?<![\w.*-])\.env(?![\w.-])")
"""A Compose file that names the `.env`: as an `env_file`, a config or a secret."""


def env_from(directory: str, example: str, text: str) -> Finding:
    """Return the wish for the `.env` of `directory` with `text`, that of the file `example`."""
    path = _written_at(os.path.join(directory, ".env"), directory)
    message = (
        f"file './.env' does not exist, '{shown(example, directory)}' sets the missing variables"
    )
    text = as_person(text, user_id(), group_id())
    return _wish("variable-unset", message, WriteFile(path, text, 0o600))


def lines_from(directory: str, found: Candidate) -> Iterator[Finding]:
    """Yield wishes for the variables that the `.env` of `directory` lacks and `found` sets."""
    path = _written_at(os.path.join(directory, ".env"), directory)
    example = shown(found.path, directory)
    for name, setting in settings_in(found.text).items():
        if name in found.sets:
            words = f"variable '{name}': './.env' does not set it, but '{example}' does"
            action = SetVariable(path, name, "", f"from {example}", line=setting.text, fills=True)
            yield _wish("variable-unset", words, action)


def missing_variables(project: Project, read: Read, path: str) -> Iterator[Finding]:
    """Yield wishes for what the project's env file `path` does not set although its example does,
    and for secrets that Compose requires by name; none without a path.
    """
    if not path:
        return
    text = read(path)
    if text is None:
        if not os.path.lexists(path):
            yield from _required_secrets(project, path, "")
            yield from _required_places(project, path, "")
        return
    links = [one for one in project.env_files if _written_at(one, project.directory) == path]
    if not links:
        return
    present = settings_in(text)
    used = {use.reference.name for use in project.uses if not use.reference.is_set}
    used |= {one.environment for one in (*project.secrets, *project.configs) if one.environment}
    template = _template_of(links[0], project.directory, read)
    lost = lost_hosts(project, template[1]) if template else set()
    for name, setting in settings_in(template[1] if template else "").items():
        if name in present or name not in used or setting.is_empty or name in lost:
            continue
        if project.variables.get(name) is not None:
            continue  # from the shell, or from another env file
        comment = setting.comment.removeprefix("#").strip() if "\n" not in setting.comment else ""
        action = SetVariable(path, name, "", comment, line=setting.text)
        where = shown(template[0], project.directory) if template else ""
        own = shown(path, project.directory)
        words = f"variable '{name}': '{own}' does not set it, but '{where}' does"
        yield _wish("env-file-incomplete", words, action)
    yield from _required_secrets(project, path, text)
    yield from _required_places(project, path, text)


def _required_secrets(project: Project, path: str, text: str) -> Iterator[Finding]:
    present = settings_in(text)
    for problem in project.problems:
        if problem.kind != "required-variable-unset":
            continue
        name = problem.subject
        known = present.get(name)
        if not _is_ours(name, problem) or (known is not None and not known.is_empty):
            continue
        variable = project.variables.get(name)
        if variable is not None and variable.source == "shell":
            continue  # a person set it to nothing
        recipe = recipe_for(name, problem.message)
        if recipe.kind not in _MADE_OF_ANOTHER and not _has_base(project, name):
            action = GenerateVariable(path, name, recipe.kind, recipe.length, before=recipe.before)
            yield _wish("required-variable-unset", problem.message, action, problem.location)


def _is_ours(name: str, problem: Problem) -> bool:
    """Tell whether a required variable is a secret of our choice: by its name, or by that of the
    variable of a container whose whole value it is, such as the first password of a server.
    """
    if meaning_of(name) is Meaning.SECRET:
        return True
    place = problem.location.path if problem.location else ()
    return place[2:3] == ("environment",) and is_first_password(str(place[-1]))


def _has_base(project: Project, name: str) -> bool:
    """Tell whether the project has what the value is made of: then it is not drawn at random."""
    names = {use.reference.name for use in project.uses}
    names |= {entry.name for service in project.services for entry in service.environment}
    return any(made_of(name, other) for other in names)


def _required_places(project: Project, path: str, text: str) -> Iterator[Finding]:
    """Yield wishes for variables that only say where the file of a secret is: any place will do."""
    present = settings_in(text)
    for secret in project.secrets:
        place = (*secret.location.path, "file")
        for problem in project.problems:
            if problem.kind != "required-variable-unset" or problem.location is None:
                continue
            name = problem.subject
            whole = secret.file == os.path.join(project.directory, _reference(project, name, place))
            known, variable = present.get(name), project.variables.get(name)
            shell = variable is not None and variable.source == "shell"
            if (
                problem.location.path != place
                or not whole
                or shell
                or (known and not known.is_empty)
            ):
                continue
            value, comment = f"./secrets/{secret.name}", f"the file of the secret '{secret.name}'"
            action = SetVariable(path, name, value, comment, fills=True)
            yield _wish("required-variable-unset", problem.message, action, problem.location)


def _reference(project: Project, name: str, path: YamlPath) -> str:
    """Return the text ``${NAME...}`` as it stands at `path`, '' where there is more than one."""
    spans = [use.reference.span for use in project.uses if use.path == path]
    if len(spans) != 1 or spans[0].line != spans[0].end_line:
        return ""
    line = project.sources.get(spans[0].file, "").splitlines()[spans[0].line - 1]
    text = line[spans[0].column - 1 : spans[0].end_column - 1]
    return text if text.startswith("${" + name) else ""


def _copied(path: str, directory: str, read: Read, place: Location | None) -> Iterator[Finding]:
    target = _written_at(path, directory)
    template = _template_of(path, directory, read)
    if template is None or os.path.lexists(target):
        return
    name, example = shown(target, directory), shown(template[0], directory)
    message = f"file '{name}' does not exist, but '{example}' does"
    cause = "env-file-missing" if place else "variable-unset"
    text = as_person(template[1], user_id(), group_id())
    yield _wish(cause, message, WriteFile(target, text, 0o600), place)


def _template_of(path: str, directory: str, read: Read) -> tuple[str, str] | None:
    """Return the example of an env file and its text: beside it, or beside what it is a link to."""
    beside = (*templates_for(path), *templates_for(_written_at(path, directory)))
    for template in dict.fromkeys(beside):
        text = read(template)
        if text is not None:
            return template, text
    return None


def _wish(cause: str, message: str, action: Action, place: Location | None = None) -> Finding:
    remedy = Remedy(message, Safety.SAFE, (action,))
    return Finding(cause, Severity.NOTE, message, place, remedy=remedy)
