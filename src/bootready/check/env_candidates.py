"""A project without a `.env` -> files that may be its example, by what they set.

`variables.env`, `.env.docker`, `docker/.env.example`, a script of plain ``export NAME="value"``: a
file of assignments alone, read and never run, that sets what the Compose files leave unset.
"""

from __future__ import annotations

import re

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
_EXAMPLE = regex(r"example|sample|template|tmpl|dist|default", re.IGNORECASE)
_FOLDERS = (
    "docker", ".docker", "config", "conf", "env", "envs", "deploy", "deployment", "deployments",
    "compose", "examples", "example", "samples", "templates", "helper", "scripts", "docker-compose",
)  # fmt: skip
_LINE = regex(r"(?:export\s+)?[A-Za-z_]\w*=(?!.*(?:\$\(|`)).*|set\s+[-+][a-z]+|#.*|\s*")
_MOST_FILES, _LIMIT = 60, 100_000
_ENOUGH = 0.6
"""Of what is unset, the part that a file without a telling name must set to be taken."""


class Candidate(NamedTuple):
    """A file that may be the example of the `.env`; `text` is what an env file of it would hold."""

    path: str
    text: str
    sets: frozenset[str]
    sure: bool = False


def unset_names(project: Project) -> frozenset[str]:
    """Return the variables that the Compose files leave without a value and without a default."""
    return frozenset(
        use.reference.name
        for use in project.uses
        if use.path and not use.reference.is_set and use.reference.operator in {"", "?", ":?"}
    )


def env_candidates(project: Project, host: Host) -> tuple[Candidate, ...]:
    """Return the files that may be the example of the `.env`, the likeliest first.

    At most one of them is sure: it sets most of what is unset and no other does as much. None is
    returned where there is a `.env` or an example under a name that is known.
    """
    path = f"{project.directory}/.env"
    if host.file(path) or project.env_files or any(map(host.file, templates_for(path))):
        return ()
    unset = unset_names(project)
    if not unset:
        return ()
    found = []
    for one in _files(project, host):
        text = plain_assignments(host.read_text(one, _LIMIT) or "")
        sets = frozenset(settings_in(text)) & unset
        if sets:
            found.append(Candidate(one, text, sets))
    found.sort(key=lambda one: (-len(one.sets), one.path.count("/"), one.path))
    if found and _is_sure(found, len(unset)):
        found[0] = found[0]._replace(sure=True)
    return tuple(found)


def hints_for(project: Project, host: Host) -> dict[str, str]:
    """Return what to do about the names that a file under an unusual name sets, by name."""
    found: dict[str, str] = {}
    for one in env_candidates(project, host):
        path = shown(one.path, project.directory)
        use = "" if one.sure else f" --use {path}"
        for name in one.sets:
            found.setdefault(name, f"bootready prepare{use} (makes .env from '{path}')")
    return found


def _is_sure(found: list[Candidate], unset: int) -> bool:
    best = found[0]
    if len(found) > 1 and len(found[1].sets) == len(best.sets):
        return False
    named = _EXAMPLE.search(best.path.rpartition("/")[2]) is not None
    return len(best.sets) >= (1 if named else max(2, _ENOUGH * unset))


def plain_assignments(text: str) -> str:
    """Return the assignments of `text` and their comments, '' where it does anything else."""
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    if not all(_LINE.fullmatch(line.strip()) for line in lines):
        return ""
    kept = [line for line in lines if not re.match(r"\s*set\s", line)]
    return "".join(f"{line}\n" for line in kept)


def _files(project: Project, host: Host) -> list[str]:
    root = project.directory
    folders = [root, *(f"{root}/{name}" for name in _FOLDERS)]
    taken = {*project.files, *project.sources}
    found = [
        f"{folder}/{name}"
        for folder in folders
        for name in host.entries(folder)
        if _NAMES.fullmatch(name) or name == f"{project.name}.env"
    ]
    return [
        path
        for path in found[:_MOST_FILES]
        if path not in taken and (fact := host.file(path)) is not None and fact.kind == "file"
    ]
