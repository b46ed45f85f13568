"""Real projects, `fix --apply` and `prepare` in either order -> what became worse.

What loads has to load, in both versions of Compose; `fix` changes only what its findings are about,
`prepare` only what is empty, unset or a placeholder, or what an example that it copies sets; no new
error may be found, unless the example asks for other services. A verb that runs again at once
changes nothing, and both together change nothing the third time (what `prepare` makes may be new to
`fix`, once).

    scripts/harmless.py              every project of the corpus (see real_projects.py)
    scripts/harmless.py WORD         those with WORD in their names
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from real_projects import find_corpus, laid_out, request_of

from bootready import pipeline
from bootready.check.placeholders import LOGIN, faulty_among
from bootready.check.value_uses import value_uses
from bootready.cli import run
from bootready.errors import ProjectError
from bootready.host.local import LocalHost
from bootready.model.finding import Severity
from bootready.model.node import plain
from bootready.model.position import YamlPath, render_path
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.plan.difference import differences

ORDERS = (("fix", "prepare"), ("prepare", "fix"))


class State(NamedTuple):
    """What can be known of a project at one moment."""

    error: str
    refused: frozenset[tuple[str, YamlPath]] = frozenset()
    """Kinds and places: the words name paths, which a variable may be part of."""
    refused_by_v2: frozenset[tuple[str, YamlPath]] = frozenset()
    model: object = None
    errors: frozenset[tuple[str, str]] = frozenset()
    meant: frozenset[YamlPath] = frozenset()
    """The places that findings are about."""
    uses: frozenset[tuple[str, YamlPath]] = frozenset()
    """The variables that values get, each with its place."""
    faulty: frozenset[str] = frozenset()
    """Values that say of themselves that they are none; others may repeat them."""


def main() -> int:
    """Print what became worse; 0 for nothing, 1 otherwise, and without projects."""
    corpus = find_corpus()
    if corpus is None:
        return 1
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    sources = [one for one in sorted(corpus.iterdir()) if word in one.name]
    worse = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for source, found in zip(sources, pool.map(judged, sources), strict=True):
            worse += bool(found)
            for line in found:
                print(f"{source.name}: {line}", flush=True)
    print(f"{len(sources)} projects, {worse} made worse")
    return 1 if worse else 0


def judged(source: Path) -> list[str]:
    """Return what either order makes worse in one project."""
    found: list[str] = []
    for order in ORDERS:
        with tempfile.TemporaryDirectory(prefix="bootready-harmless-") as scratch:
            case = laid_out(source, Path(scratch))
            for words in (("init", "-q"), ("add", "-A", "-f", "--", ":!.env", ":!**/.env")):
                subprocess.run(["git", *words], cwd=case.directory, check=True)
            environ = {"PATH": os.environ["PATH"], "HOME": f"{scratch}/state"}
            os.makedirs(environ["HOME"])
            request = request_of(case, source / ".expected")
            lines = _walked(request, environ, order, case.directory)
            found += [f"{' '.join(order)}: {line}".replace(scratch, "@DIR@") for line in lines]
    return list(dict.fromkeys(found))


def _walked(
    request: Request, environ: dict[str, str], order: tuple[str, ...], directory: Path
) -> Iterator[str]:
    before = state(request, environ)
    for verb in order:
        code, said = bootready(verb, request, environ)
        if code not in {0, 1, 2}:
            yield f"{verb} ends with {code}: {said[-300:]}"
        files = set(_tree(directory))
        after = state(request, environ)
        yield from (f"{verb}: {one}" for one in worse(verb, before, after, files, directory))
        yield from _changed(f"{verb} again", (verb,), request, environ, directory)
        before = after
    for verb in order:
        bootready(verb, request, environ)
    yield from _changed("a third run", order, request, environ, directory)


def _changed(
    what: str,
    verbs: tuple[str, ...],
    request: Request,
    environ: Mapping[str, str],
    directory: Path,
) -> Iterator[str]:
    """Run `verbs`, and yield what they change."""
    once = _tree(directory)
    for verb in verbs:
        bootready(verb, request, environ)
    twice = _tree(directory)
    for name in sorted(set(once) | set(twice)):
        if once.get(name) != twice.get(name):
            yield f"{what} changes {name}"


def state(request: Request, environ: Mapping[str, str]) -> State:
    """Return what the project is like now."""
    try:
        project = pipeline.load(request, environ)
    except ProjectError as error:
        return State(str(error))
    found = pipeline.check(pipeline.observe(project, environ, engine=False)).apart
    places = [place for one in found for place in (one.primary, *one.related) if place]
    return State(
        "",
        frozenset(map(_key, project.problems)),
        frozenset(map(_key, project.refused_by_v2)),
        plain(project.model),
        frozenset((one.check_id, one.message) for one in found if one.severity is Severity.ERROR),
        frozenset(place.path for place in places if place.path),
        frozenset((use.reference.name, use.path) for use in project.uses),
        frozenset(_texts(project)),
    )


def _key(problem: Problem) -> tuple[str, YamlPath]:
    return problem.kind, problem.location.path if problem.location else ()


def _texts(project: Project) -> Iterator[str]:
    for one in faulty_among(value_uses(project), LocalHost()):
        login = LOGIN.search(one.use.value)
        text = login["password"] if login else one.use.value.strip()
        if text:
            yield text


def worse(
    verb: str, before: State, after: State, files: set[str], directory: Path
) -> Iterator[str]:
    """Yield what a verb made worse; `files` are those that the project has afterwards."""
    if before.error:
        return
    if after.error:
        yield f"it does not load: {after.error}"
        return
    yield from (f"refused: {one}" for one in sorted(after.refused - before.refused, key=str))
    if not before.refused:
        new = after.refused_by_v2 - before.refused_by_v2
        yield from (f"v2: {one}" for one in sorted(new, key=str))
    if before.refused:
        return
    names = _names_in_env_files(files, directory) if verb == "prepare" else set()
    if not names & {"COMPOSE_PROFILES", "COMPOSE_FILE"}:
        yield from (f"new error: {one}" for one in sorted(after.errors - before.errors))
    meant = {*before.meant, ("version",)}
    # A list of `environment` is a mapping in the model: its items have no path there.
    meant |= {path[: _until_number(path)] for name, path in before.uses if name in names}
    if "COMPOSE_PROJECT_NAME" in names:
        meant |= {("name",), ("networks",), ("volumes",)}
    for path in differences(before.model, after.model, str):
        old = _at(before.model, path)
        unread = any(str(step).startswith("x-") for step in path)
        about = any(path[: len(one)] == one or one[: len(path)] == path for one in meant)
        emptied = old not in {"", "None"} and _at(after.model, path) in {"", "None"}
        if verb == "prepare":
            about = about or old in {"", "None"} or any(text in old for text in before.faulty)
        if not unread and (emptied or not about):
            yield f"{'empties' if emptied else 'changes'} '{render_path(path)}'"


def _until_number(path: YamlPath) -> int:
    return next((place for place, step in enumerate(path) if isinstance(step, int)), len(path))


def _names_in_env_files(files: set[str], directory: Path) -> set[str]:
    """Return the variables that the project's `.env` files set: those of a copied example."""
    found: set[str] = set()
    for name in files:
        if name.rpartition("/")[2] == ".env":
            for line in (directory / name).read_text(errors="replace").splitlines():
                found.add(line.partition("=")[0].removeprefix("export ").strip())
    return found


def _at(model: object, path: YamlPath) -> str:
    for step in path:
        if isinstance(model, dict):
            model = model.get(step)
        elif isinstance(model, list) and isinstance(step, int) and step < len(model):
            model = model[step]
        else:
            return "None"
    return str(model)


def bootready(verb: str, request: Request, environ: Mapping[str, str]) -> tuple[int, str]:
    """Run a verb in this process, and return its exit code and what it said."""
    words = ["-C", request.directory]
    words += [word for one in request.files for word in ("-f", one)]
    words += [word for one in request.env_files for word in ("--env-file", one)]
    words += [word for one in request.profiles for word in ("--profile", one)]
    if request.project_directory:
        words += ["--project-directory", request.project_directory]
    words += ["--apply"] if verb == "fix" else ["--engine", "none"]
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        with tempfile.TemporaryFile("w+") as said:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = run([verb, *words])
            said.seek(0)
            return code, said.read()
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _tree(directory: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(directory)): (path.stat().st_mode, path.read_bytes())
        for path in directory.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(directory).parts
    }


if __name__ == "__main__":
    sys.exit(main())
