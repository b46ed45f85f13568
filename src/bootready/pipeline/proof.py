"""Edits of a project's files -> whether they make anything worse, seen in a shadow of its tree.

A proof resolves the project before and after, in every environment that is known of it: as it is,
without a `.env`, and with the examples copied. What Compose loaded must load, by the rules of both
versions; no value of the model may change but those that are meant to; nothing new may be found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from bootready.apply.files.shadow import Shadow, climbs, shadow
from bootready.check.api import Trait
from bootready.check.discover import with_trait
from bootready.errors import ProjectError
from bootready.host.repository import repository_below_home
from bootready.model.action import WriteFile
from bootready.model.finding import Finding
from bootready.model.node import Plain, plain
from bootready.model.position import YamlPath, render_path
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, read_text_file
from bootready.plan.difference import differences
from bootready.plan.environment import missing_env, missing_files
from bootready.typed import NamedTuple


class State(NamedTuple):
    """What a project is in one environment. `error` says why there is no model at all."""

    error: str
    model: Plain
    refusals: frozenset[tuple[str, str]] = frozenset()
    """What Compose 5 refuses: kind and message."""
    refused_by_v2: frozenset[tuple[str, str]] = frozenset()
    """What only Compose 2 refuses."""
    found: frozenset[tuple[str, str, YamlPath]] = frozenset()
    """What the checks find: id, message and path in the model."""


class _Seen(NamedTuple):
    """What was seen of a project, with what is changed in its tree."""

    state: State
    problems: tuple[Problem, ...]


class Proof:
    """Compares a project with what edits would make of it; made once for many comparisons.

    Each state of the tree is looked at once: without a `.env`, say, taking it away changes nothing.
    """

    def __init__(
        self,
        tree: Shadow,
        request: Request,
        environ: Mapping[str, str],
        project: Project,
        environments: Sequence[Environment],
        *,
        checked: bool,
    ) -> None:
        self.tree = tree
        self.project = project
        self.checked = checked
        self.request = moved(request, tree)
        self.environ = environ_in(environ, tree)
        self._is_planted = False
        self._seen: dict[frozenset[tuple[str, str | None, int]], _Seen] = {}
        self._beyond: set[str] = set()
        """Files that were read in the original, as the project names them by absolute paths."""
        named = request.env_files or environ.get("COMPOSE_ENV_FILES")
        self.environments = (as_it_is,) if named else tuple(environments)

    @property
    def before(self) -> tuple[State, ...]:
        """The state in each environment, with nothing changed."""
        return self.states({})

    def harm(
        self,
        texts: Mapping[str, str | None],
        intended: Iterable[YamlPath],
        modes: Mapping[str, int] | None = None,
        reworded: Iterable[YamlPath] = (),
    ) -> str:
        """Return in words what files with these `texts` (by path) would make worse, '' for nothing.

        `intended` are the paths of the model that may change; `modes` octal bits of files; at
        `reworded` ones a finding may say otherwise what another said there before.
        """
        paths, told = tuple(intended), tuple(reworded)
        states = self.before
        for path in texts:
            if os.path.realpath(path) in self._beyond:
                return f"'{path}' is read by its absolute path, where an edit cannot be tried"
        for before, after in zip(states, self.states(texts, modes or {}), strict=True):
            reason = worse(before, after, paths, told)
            if reason:
                return self.tree.back(reason)
        return ""

    def states(
        self, texts: Mapping[str, str | None], modes: Mapping[str, int] | None = None
    ) -> tuple[State, ...]:
        """Return the state in each environment, with these files changed."""
        return self._states(self.environments, texts, modes or {})

    def state_in(self, arranged: Environment, texts: Mapping[str, str | None]) -> State:
        """Return the state in one environment, with these files changed."""
        return self._states((arranged,), texts, {})[0]

    def _states(
        self,
        environments: Sequence[Environment],
        texts: Mapping[str, str | None],
        modes: Mapping[str, int],
    ) -> tuple[State, ...]:
        unchanged = self._seen
        if texts or modes:
            self._seen = dict(unchanged)  # models are large: only those before are kept
        try:
            return tuple(self._arranged(one, texts, modes) for one in environments)
        finally:
            self._seen = unchanged

    def _arranged(
        self, arranged: Environment, texts: Mapping[str, str | None], modes: Mapping[str, int]
    ) -> State:
        if not self._is_planted:
            self._plant()
        self.tree.restore()
        try:
            self.tree.put(texts)
            for path, mode in modes.items():
                self.tree.set_mode(path, mode)
            arranged(self)
            return self._look().state
        finally:
            self.tree.restore()

    def _plant(self) -> None:
        """Make the directories real in which files may be changed."""
        self._is_planted = True
        files = (*self.project.files, *self.project.env_files)
        own = (self.project.directory, self.tree.back(self.request.directory))
        for directory in (*own, *map(os.path.dirname, files)):
            self.tree.make_real(directory)

    def problems(self) -> tuple[Problem, ...]:
        """Return what Compose refuses in the shadow as it is now."""
        return self._look().problems

    def _look(self) -> _Seen:
        """Return what the shadow has now."""
        key = self.tree.changes()
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._looked()
        return found

    def _looked(self) -> _Seen:
        try:
            project = load(self.request, self.environ)
        except ProjectError as error:
            return _Seen(State(str(error), None), tuple(error.problems))
        read = (*project.files, *project.env_files)
        self._beyond.update(
            os.path.realpath(path) for path in read if not path.startswith(f"{self.tree.base}/")
        )
        found: tuple[Finding, ...] = ()
        if self.checked:
            evidence = observe(project, self.environ, engine=False)
            found = check(evidence, skip=tuple(with_trait(Trait.TRANSIENT))).apart
        state = State(
            "",
            plain(project.model),
            frozenset((one.kind, one.message) for one in project.problems),
            frozenset((one.kind, one.message) for one in project.refused_by_v2),
            frozenset(map(_key, found)),
        )
        return _Seen(state, tuple(project.problems))


Environment = Callable[[Proof], None]


def as_it_is(_proof: Proof) -> None:
    """Leave the environment as the person has it."""


def without_env(proof: Proof) -> None:
    """Take the `.env` of the project away: a fresh clone has none."""
    proof.tree.put({os.path.join(proof.project.directory, ".env"): None})


def with_examples(proof: Proof) -> None:
    """Put the examples of env files where the env files belong, as `prepare` does in a clone."""
    without_env(proof)
    directory = proof.tree.there(proof.project.directory)

    def read(path: str) -> str | None:
        # What is unchanged is a link out of the shadow, which no repository may have.
        is_here = os.path.realpath(path).startswith(f"{proof.tree.base}/")
        return read_text_file(path if is_here else proof.tree.back(path))

    _copy_examples(proof, missing_env(directory, read))
    _copy_examples(proof, missing_files(proof.problems(), directory, read))


def _copy_examples(proof: Proof, wishes: Iterable[Finding]) -> None:
    for wish in tuple(wishes):
        for action in wish.remedy.actions if wish.remedy else ():
            if isinstance(action, WriteFile):
                proof.tree.put({proof.tree.back(action.path): action.text})


ENVIRONMENTS = (as_it_is, without_env, with_examples)


@contextmanager
def proof_of(
    request: Request,
    environ: Mapping[str, str],
    project: Project,
    environments: Sequence[Environment] = ENVIRONMENTS,
    *,
    checked: bool = True,
) -> Iterator[Proof]:
    """Yield the proof of a project that was loaded by `request` in `environ`.

    It looks in these `environments`, and what the checks find only where it is to be `checked`.
    """
    own = repository_below_home(project.directory) or project.directory
    texts = (*project.sources.values(), *environ.values(), *request.files, *request.env_files)
    with shadow("" if any(map(climbs, texts)) else own) as tree:
        yield Proof(tree, request, environ, project, environments, checked=checked)


def worse(
    before: State, after: State, intended: Sequence[YamlPath], reworded: Sequence[YamlPath] = ()
) -> str:
    """Return in words what is worse `after`, '' for nothing.

    At the place that is repaired may show what the fault hid, which is gone from there now.
    """
    if before.error:
        return ""
    if after.error:
        return f"Compose would refuse the project: {after.error}"
    for name, old, new in (
        ("Compose", before.refusals, after.refusals),
        ("Compose 2", before.refused_by_v2, after.refused_by_v2),
    ):
        if new - old:
            return f"{name} would refuse the project: {min(new - old)[1]}"
    wanted = frozenset(intended)
    for place in differences(before.model, after.model, str):
        if not _is_unread(place) and not _within(place, wanted):
            return f"it would also change '{render_path(place)}'"
    lost = before.found - after.found
    gone = {above for _, _, path in lost for above in _above(path)}
    told = {(check_id, path) for check_id, _, path in lost if path in set(reworded)}
    uncovered = wanted if before.refusals else wanted & gone
    for check_id, message, path in sorted(after.found - before.found, key=str):
        if not _within(path, uncovered) and (check_id, path) not in told:
            return f"it would cause {check_id}: {message}"
    return ""


def _within(place: YamlPath, paths: frozenset[YamlPath]) -> bool:
    return any(above in paths for above in _above(place))


def _above(place: YamlPath) -> Iterator[YamlPath]:
    """Yield the path itself and those that it lies below."""
    return (place[:length] for length in range(len(place) + 1))


def _is_unread(place: YamlPath) -> bool:
    """Tell whether nobody reads what is there: an extension, often the home of an anchor."""
    return any(str(key).startswith("x-") and key != "x-bootready" for key in place)


def _key(finding: Finding) -> tuple[str, str, YamlPath]:
    return finding.check_id, finding.message, finding.primary.path if finding.primary else ()


def moved(request: Request, tree: Shadow) -> Request:
    """Return the request with every path in the shadow."""
    here = os.path.join(os.getcwd(), request.directory)
    return request._replace(
        directory=tree.there(here),
        files=tuple(map(tree.there, request.files)),
        env_files=tuple(map(tree.there, request.env_files)),
        project_directory=tree.there(request.project_directory)
        if request.project_directory
        else None,
    )


def environ_in(environ: Mapping[str, str], tree: Shadow) -> dict[str, str]:
    """Return the environment with the paths of its Compose and env files in the shadow."""
    made = {name: value for name, value in environ.items() if name != "PWD"}
    separators = {"COMPOSE_FILE": environ.get("COMPOSE_PATH_SEPARATOR") or os.pathsep}
    separators["COMPOSE_ENV_FILES"] = ","
    for name, mark in separators.items():
        if name in made:
            made[name] = mark.join(map(tree.there, made[name].split(mark)))
    return made
