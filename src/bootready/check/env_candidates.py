"""A project without a `.env` -> files that may be its example, by what they set.

`variables.env`, `.env.docker`, `docker/.env.example`, a script of plain ``export NAME="value"``: a
file of assignments alone, read and never run, that sets what the Compose files leave unset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.assignments import plain_assignments
from bootready.knowledge.examples import settings_in, templates_for
from bootready.model.lookup import shown
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_NAMES = regex(
    r".*(?:^|[._-])(?:env|dotenv|envs)(?:[._-].*)?|.*\.env(?:[._-].*)?"
    r"|(?:set_?env|env|environment|variables?|vars|settings|defaults?|config|versions?)[\w.-]*"
    r"\.(?:env|sh|bash|example|sample|template|tmpl|dist|txt)",
    re.IGNORECASE,
)
_EXAMPLE = regex(r"example|sample|template|tmpl|dist|default|^versions?\.", re.IGNORECASE)
_FOLDERS = (
    "docker", ".docker", "config", "conf", "env", "envs", "deploy", "deployment", "deployments",
    "compose", "examples", "example", "samples", "templates", "helper", "scripts", "docker-compose",
)  # fmt: skip
_MOST_FILES, _LIMIT, _LEVELS = 60, 100_000, 3
_ENOUGH = 0.6
"""Of what is unset, the part that a file without a telling name must set to be taken."""


class Candidate(NamedTuple):
    """A file that may be the example of the `.env`; `text` is what an env file of it would hold."""

    path: str
    text: str
    sets: frozenset[str]
    sure: bool = False
    adds: bool = False
    """Whether there is a `.env`, or an example of it, that lacks what this one sets."""


def unset_names(project: Project) -> frozenset[str]:
    """Return the variables that the Compose files leave without a value and without a default."""
    return frozenset(
        use.reference.name
        for use in project.uses
        if use.path and not use.reference.is_set and use.reference.operator in {"", "?", ":?"}
    )


def env_candidates(project: Project, host: Host) -> tuple[Candidate, ...]:
    """Return the files that may be the example of the `.env`, the likeliest first.

    At most one of them is sure: it sets most of what is unset and no other does as much. Where
    there is a `.env`, or an example under a name that is known, they are asked only for what that
    one lacks. None is returned where the person named other env files.
    """
    path = f"{project.directory}/.env"
    unset = unset_names(project)
    if not unset or any(file != path for file in project.env_files):
        return ()
    example = next((one for one in (path, *templates_for(path)) if host.file(one)), "")
    if example:
        unset -= frozenset(settings_in(host.read_text(example, _LIMIT) or ""))
    address = next((one for one in host.addresses() if "." in one and one[:4] != "127."), "")
    found = []
    for one in _files(project, host):
        text = plain_assignments(host.read_text(one, _LIMIT) or "", address)
        sets = frozenset(settings_in(text)) & unset
        if sets:
            found.append(Candidate(one, text, sets, adds=bool(example)))
    found.sort(key=lambda one: (-len(one.sets), one.path.count("/"), one.path))
    if found and _is_sure(found, len(unset)):
        found[0] = found[0]._replace(sure=True)
    return tuple(found)


def examples_of(project: Project, host: Host) -> dict[str, frozenset[str]]:
    """Return the names that examples of a `.env` set, by their paths, where there is none yet."""
    path = f"{project.directory}/.env"
    if project.env_files or host.file(path):
        return {}
    texts = {one: host.read_text(one) for one in templates_for(path)}
    return {one: frozenset(settings_in(text)) for one, text in texts.items() if text}


def hint_for(name: str, project: Project, host: Host) -> str:
    """Return what to do about the unset variable `name` if a file of the project sets it, or ''."""
    if any(name in names for names in examples_of(project, host).values()):
        return "bootready prepare (makes .env from its example)"
    return hints_for(project, host).get(name, "")


def hints_for(project: Project, host: Host) -> dict[str, str]:
    """Return what to do about the names that a file under an unusual name sets, by name."""
    found: dict[str, str] = {}
    tracked = host.tracked_by_git(f"{project.directory}/.env")
    for one in env_candidates(project, host):
        path = shown(one.path, project.directory)
        use = "" if one.sure else f" --use {path}"
        words = f"bootready prepare{use} (makes .env from '{path}')"
        if one.adds:
            words = f"take it from '{path}'"
            if one.sure and not tracked:
                words = f"bootready prepare (takes it from '{path}')"
        for name in one.sets:
            found.setdefault(name, words)
    return found


def beside_tracked(project: Project, host: Host, name: str) -> str:
    """Return what to do about the secret `name` where git tracks the `.env`, '' for any other."""
    from bootready.knowledge.secrets.names import names_a_secret

    path = f"{project.directory}/.env"
    alone = project.env_files == (path,)
    if not alone or not names_a_secret(name) or not host.tracked_by_git(path):
        return ""
    files = "--env-file .env --env-file .env.local"
    return f"git tracks ./.env: touch .env.local && bootready prepare {files}"


def _is_sure(found: list[Candidate], unset: int) -> bool:
    best = found[0]
    if len(found) > 1 and len(found[1].sets) == len(best.sets):
        return False
    named = _EXAMPLE.search(best.path.rpartition("/")[2]) is not None
    return len(best.sets) >= (1 if named else max(2, _ENOUGH * unset))


def _files(project: Project, host: Host) -> list[str]:
    root = project.directory
    below = [root, *(f"{root}/{name}" for name in _FOLDERS)]
    above = list(_above(root, host))
    taken = {*project.files, *project.sources, f"{root}/.env"}
    taken |= set(templates_for(f"{root}/.env"))
    found = [
        f"{folder}/{name}"
        for folder in (*below, *above)
        for name in host.entries(folder)
        if _NAMES.fullmatch(name) or name == f"{project.name}.env"
    ]
    return [
        path
        for path in found[:_MOST_FILES]
        if path not in taken
        and (fact := host.file(path)) is not None
        and fact.kind == "file"
        and (path.startswith(f"{root}/") or host.tracked_by_git(path))
    ]


def _above(directory: str, host: Host) -> Iterator[str]:
    """Yield the directories above the project that belong to its repository, the nearest first."""
    for _ in range(_LEVELS):
        directory = directory.rpartition("/")[0]
        if not directory or host.tracked_by_git(f"{directory}/.git") is None:
            return
        yield directory
