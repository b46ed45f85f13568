"""A plan that copies examples of configuration -> the same, with secrets in place of placeholders.

Only a secret that the program signs or encrypts with by itself: of a password, and of whatever
another file or variable names too, there is another side, which nobody here tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bootready.check.configuration import SIZE, configuration_files, placeholders_in
from bootready.knowledge.secrets.names import names_a_secret
from bootready.knowledge.values.comments import comment_of
from bootready.knowledge.values.kinship import names_its_use
from bootready.knowledge.values.meaning import recipe_for, spelled, stands_alone
from bootready.knowledge.values.settings import Written, settings_of
from bootready.model.action import Action, Plan, Planted, SecretKind, WriteFile
from bootready.model.evidence import Host
from bootready.model.lookup import shown
from bootready.model.near import named
from bootready.model.project import Project

_PLAIN = {
    SecretKind.PASSWORD,
    SecretKind.HEX,
    SecretKind.BASE64,
    SecretKind.URL_SAFE,
    SecretKind.CHARACTERS,
    SecretKind.FERNET,
    SecretKind.UUID,
}
"""Kinds that are made of nothing else, and stand on one line of any format."""


def with_copied_secrets(plan: Plan, project: Project, host: Host) -> Plan:
    """Return `plan` with the secrets that its copies get in place of placeholders."""
    copies = _copies(plan, project, host)
    if not copies:
        return plan
    others = [host.read_text(one.path, SIZE) or "" for one in configuration_files(project, host)]
    known = _Known(project, [*others, *(one.text for one in copies.values())])
    made = {
        number: action._replace(planted=tuple(_planted(action.text, known)))
        for number, action in copies.items()
    }
    return Plan(tuple(step._replace(action=made.get(step.id, step.action)) for step in plan.steps))


def placeholders_left(actions: Iterable[Action], directory: str) -> Iterator[str]:
    """Yield in words which placeholders the copies of `actions` keep."""
    for one in actions:
        if not isinstance(one, WriteFile) or one.planted is None:
            continue
        given = {place.start for place in one.planted}
        left = [found.name for found in placeholders_in(one.text) if found.start not in given]
        names = list(dict.fromkeys(left))
        if names:
            words = "is a placeholder" if len(names) == 1 else "are placeholders"
            yield f"file '{shown(one.path, directory)}': {named(names)} {words}"


def _copies(plan: Plan, project: Project, host: Host) -> dict[int, WriteFile]:
    """Return the copies of configuration files, by the ids of their steps: not those of env files,
    whose variables are set one by one.
    """
    env_files = {one.subject for one in project.problems if one.kind == "env-file-missing"}
    env_files.add(f"{project.directory}/.env")
    return {
        step.id: step.action
        for step in plan.steps
        if isinstance(step.action, WriteFile)
        and step.action.text
        and step.action.path not in env_files
        and host.file(step.action.path) is None
    }


class _Known:
    """What else the project says: the names of its values, and its texts."""

    def __init__(self, project: Project, texts: Sequence[str]) -> None:
        self._texts = [*project.sources.values(), *texts]
        self._counts: dict[str, int] = {}
        names = [one.name for text in texts for one in settings_of(text)]
        names += [entry.name for one in project.services for entry in one.environment]
        names += [one.name for one in (*project.secrets, *project.configs)]
        self._names: dict[str, int] = {}
        for name in map(spelled, names):
            self._names[name] = self._names.get(name, 0) + 1

    def has_another(self, one: Written) -> bool:
        """Tell whether anything else goes by the name, or repeats what the placeholder says."""
        if self._names.get(spelled(one.name), 0) > 1:
            return True
        return names_its_use(one.value) and self._said(one.value) > 1

    def _said(self, value: str) -> int:
        """Return how often the texts repeat a value; counted once, as they may be many."""
        if value not in self._counts:
            self._counts[value] = sum(text.count(value) for text in self._texts)
        return self._counts[value]


def _planted(text: str, known: _Known) -> Iterator[Planted]:
    lines = text.splitlines()
    for one in placeholders_in(text):
        if not names_a_secret(one.name) or known.has_another(one):
            continue
        if not stands_alone(one.name):
            continue
        recipe = recipe_for(one.name, f"{comment_of(lines, one.line)}\n{one.value}")
        if recipe.kind in _PLAIN:
            yield Planted(
                one.start, one.end, one.name, recipe.kind, recipe.length, before=recipe.before
            )
