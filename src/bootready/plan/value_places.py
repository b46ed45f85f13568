"""A value -> the untracked places that set it: an env file, or an override of the Compose file."""

from __future__ import annotations

from bootready.check.value_uses import Origin, ValueUse
from bootready.host.repository import written_at
from bootready.knowledge.values.plain import Machine
from bootready.model.action import Action
from bootready.model.evidence import Host
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lookup import shown
from bootready.model.problem import Use
from bootready.model.project import Project
from bootready.typed import NamedTuple


class Override(NamedTuple):
    """An override of our own, which Compose reads by itself, or once COMPOSE_FILE names it."""

    path: str = ""
    """'' where the project can have none."""
    named: tuple[str, ...] = ()
    """The Compose files that the project has without it, absolute: it is for their services."""
    listed: str = ""
    """What COMPOSE_FILE has to be in the `.env`, '' where nothing has to be said."""
    line: int = 0
    """The line of the `.env` that sets COMPOSE_FILE today, 0 for none."""


class Ground(NamedTuple):
    """Where values may be put."""

    host: Host
    machine: Machine
    root: str
    """The repository, or the project directory: nothing is written outside of it."""
    env_file: str = ""
    """The `.env` of the project, '' where the person named others."""
    override: Override = Override()
    edits_tracked: bool = False
    """Whether also files that git tracks may be edited: with consent, and never with a secret."""


class Target(NamedTuple):
    """A place for a value: a variable of an env file, or of a service in the override."""

    path: str
    name: str
    service: str = ""
    line: int = 0


class Places:
    """Which untracked places set a value."""

    def __init__(self, project: Project, ground: Ground) -> None:
        self.project = project
        self.ground = ground

    def of(self, use: ValueUse) -> list[Target]:
        """Return the places that set `use`, all of which are needed; [] where there is none."""
        file = written_at(use.file, self.ground.root)
        if use.origin in {Origin.VARIABLE, Origin.ENV_FILE} and self.writable(file):
            return [Target(file, use.name, line=use.place.span.line)]
        from_env = use.origin in {Origin.DEFAULT, Origin.UNSET} or use.passed
        if from_env and self.ground.env_file and self.writable(self.ground.env_file):
            return [Target(self.ground.env_file, use.name)]
        if use.origin is Origin.BUILD_ARGUMENT or use.origin is Origin.UNSET:
            return []
        return self.in_override(use)

    def in_override(self, use: ValueUse) -> list[Target]:
        """Return the variables of services that an override has to set, [] where it cannot."""
        override = self.ground.override.path
        if not override or not all(key and self._is_own(name) for name, key in use.pairs):
            return []
        return [Target(override, key, name) for name, key in use.pairs]

    def writable(self, path: str) -> bool:
        """Tell whether the env file `path` is ours to write: in the project, and not git's."""
        inside = path.startswith(self.ground.root.rstrip("/") + "/")
        free = self.ground.edits_tracked or not self.ground.host.tracked_by_git(path)
        return inside and free

    def _is_own(self, name: str) -> bool:
        """Tell whether a service is defined in a Compose file of its own: Compose refuses an
        override of what comes from an include.
        """
        service = self.project.service(name)
        return service is not None and service.location.span.file in self.ground.override.named


def escaped(text: str) -> str:
    """Return `text` as a Compose file writes it."""
    return text.replace("$", "$$")


def wish(use: ValueUse, action: Action, project: Project) -> Finding:
    """Return the wish for `action`, which gives `use` its value."""
    path = shown(use.file, project.directory)
    cause = "value-blank" if not use.value else "value-placeholder"
    cause = "variable-unset" if use.origin is Origin.UNSET else cause
    words = f"file '{path}': '{use.name}' has no value of its own"
    return finding(cause, words, action)._replace(primary=use.place)


def unset_uses(project: Project) -> dict[str, list[Use]]:
    """Return the uses of the variables that nothing sets, by the names of these."""
    found: dict[str, list[Use]] = {}
    for use in project.uses:
        reference = use.reference
        known = project.variables_in(reference.span.file).get(reference.name)
        if reference.is_used and known is None:
            found.setdefault(reference.name, []).append(use)
    return found


def finding(cause: str, message: str, action: Action) -> Finding:
    """Return a note whose remedy is `action`."""
    remedy = Remedy(message, Safety.SAFE, (action,))
    return Finding(cause, Severity.NOTE, message, None, remedy=remedy)
