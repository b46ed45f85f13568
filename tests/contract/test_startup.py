"""What a command loads before it answers: imports are most of what a small project costs."""

import os
import py_compile
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from py_compile import PycInvalidationMode
from socketserver import StreamRequestHandler, UnixStreamServer
from threading import Thread
from types import CodeType

import pytest

from bootready import imports

_LOADED = """
import sys
before = set(sys.modules)
from bootready.cli import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
finally:
    print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""
_READ = {"errno", "gc"}
"""Not even `re`: the usual lines of a Compose file are read without it, and so are variables."""
_ENUMS = {"enum", "functools", "collections", "types", "operator", "keyword", "reprlib"}
_ENUMS |= {"itertools"}
"""What severities are made with."""
_WORDS = _ENUMS | {"re", "copyreg"}
"""What JSON is read with, and what is known of images."""
_CHECKS = _WORDS | {"pwd", "shlex"}
_PYTHON = {"annotationlib", "ast", "opcode", "dis", "inspect", "heapq"}
"""What later versions of Python load for the ones above."""
_READERS = {
    "cli",
    "collecting",
    "errors",
    "fence",
    "host",
    "imports",
    "knowledge",
    "model",
    "pipeline",
    "read",
    "regex",
    "remembered",
    "resolve",
    "system",
    "typed",
    "version",
}


@pytest.mark.parametrize(
    ("arguments", "modules", "packages"),
    [
        (["config", "-q"], _READ, _READERS),
        (
            ["check", "--engine", "none"],
            _READ | _CHECKS | _PYTHON,
            _READERS | {"catalogue", "check", "engine", "plain_json", "report"},
        ),
        (["--version"], {"errno"}, {"cli", "system", "typed", "version"}),
        (
            ["compose", "metadata"],
            {"errno", "json"} | _WORDS | _PYTHON,
            {"cli", "errors", "model", "regex", "system", "typed", "version"},
        ),
        (
            ["docker", "docker-cli-plugin-metadata"],
            {"errno"},
            {"apply", "cli", "errors", "model", "system", "typed", "version"},
        ),
    ],
    ids=["config", "check", "version", "metadata of the provider", "metadata of the plugin"],
)
def test_a_command_loads_what_it_needs(
    arguments: list[str], modules: set[str], packages: set[str], tmp_path: Path
) -> None:
    loaded = loaded_by(arguments, tmp_path)
    outside = {one.partition(".")[0] for one in loaded if not one.startswith(("_", "bootready"))}
    ours = {one.split(".")[1] for one in loaded if one.startswith("bootready.")}
    assert outside - modules == set()
    assert ours - packages == set()


def test_a_check_of_unknown_images_needs_no_expression(tmp_path: Path) -> None:
    loaded = loaded_by(["check", "--engine", "none"], tmp_path, image="registry.local/app/web:1.2")
    outside = {one for one in loaded if not one.startswith(("_", "bootready"))}
    assert {"re", "json", "math", "contextlib", "socket"} & outside == set()


def test_a_check_that_looks_for_repairs_loads_nothing_that_writes(tmp_path: Path) -> None:
    """No image is on the engine, which nothing mends: all the same it has to be looked for."""
    with engine_at(tmp_path / "e.sock"):
        arguments = ["check", "--fail-on", "note"]
        loaded = loaded_by(arguments, tmp_path, f"unix://{tmp_path}/e.sock", image="app:1.2")
    assert "bootready.pipeline.remedied" in loaded
    writing = {f"bootready.apply.{one}" for one in ("execute", "preview", "secrets", "undo")}
    assert {"string", "platform", "secrets", "hmac", "uuid", *writing} & {*loaded} == set()


def test_prepare_with_nothing_to_do_loads_nothing_that_writes(tmp_path: Path) -> None:
    loaded = loaded_by(["prepare", "--engine", "none"], tmp_path)
    ours = {one.split(".")[1] for one in loaded if one.startswith("bootready.")}
    assert ours & {"apply", "boot", "lsp", "registry"} == set()
    heavy = {"argparse", "contextlib", "hashlib", "ipaddress", "json", "shutil", "socket"}
    assert {"datetime", "tempfile", "tomllib", "typing", "yaml", *heavy} & {*loaded} == set()


def test_an_engine_is_asked_without_the_modules_for_sockets_and_calendars(tmp_path: Path) -> None:
    """Each of them costs as much as all questions together."""
    with engine_at(tmp_path / "e.sock") as asked:
        loaded = loaded_by(["check"], tmp_path, f"unix://{tmp_path}/e.sock")
    assert {"/_ping", "/networks", "/volumes"} <= asked
    heavy = {"calendar", "contextlib", "datetime", "http", "ipaddress", "socket", "struct"}
    assert heavy & {*loaded} == set()


@contextmanager
def engine_at(path: Path) -> Iterator[set[str]]:
    """Let an engine that has nothing answer at `path`; what it is asked for is added to the set."""
    asked: set[str] = set()

    class Answers(StreamRequestHandler):
        def handle(self) -> None:
            words = self.rfile.readline().decode().split()
            if not words:
                return  # who listens is told without a word
            target = words[1].partition("?")[0]
            asked.add(target)
            lists = {"/networks", "/images/json", "/containers/json"}
            volume = b'{"Volumes": [{"Name": "v", "CreatedAt": "2026-11-24T00:00:00Z"}]}'
            body = b"[]" if target in lists else volume if target == "/volumes" else b"{}"
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + body)

    with UnixStreamServer(str(path), Answers) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()


def loaded_by(
    arguments: list[str], directory: Path, engine: str = "", image: str = "nginx:1.27"
) -> list[str]:
    """Return the modules that a command loads for a project with one service, in `directory`."""
    compose = f"services:\n  web:\n    image: {image}\n"
    compose += "    environment: {A: '1'}\n"
    compose += "    volumes: ['data:/data']\nvolumes: {data: {}}\n"
    (directory / "compose.yaml").write_text(compose)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        cwd=directory,
        env={**os.environ, "DOCKER_HOST": engine},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()[-1].split()


def test_the_finder_of_our_own_modules_describes_them_as_python_does() -> None:
    """The same names from the same files, packages and modules, and nothing that is not ours."""
    like = imports.__spec__
    finder = imports.OwnModules(str(Path(imports.__file__).parent), like)
    for name in ("bootready.cli", "bootready.cli.check", "bootready.catalogue.index"):
        found, theirs = finder.find_spec(name), find_spec(name)
        for part in ("name", "origin", "cached", "has_location", "parent"):
            assert getattr(found, part) == getattr(theirs, part)
        places = [spec and spec.submodule_search_locations for spec in (found, theirs)]
        assert places[0] == (None if places[1] is None else list(places[1]))
    assert finder.find_spec("bootready.absent") is None
    assert finder.find_spec("json") is None


@pytest.mark.parametrize("damage", ["none", "stale", "of another Python", "moved"])
def test_compiled_code_is_taken_only_where_it_is_that_of_the_source(
    tmp_path: Path, damage: str
) -> None:
    """All else is left to Python, which compiles the source anew. Where it was is no matter."""
    package = tmp_path / "bootready"
    package.mkdir()
    source = package / "one.py"
    source.write_text("SAID = 'old'\n")
    made = py_compile.compile(str(source), invalidation_mode=PycInvalidationMode.TIMESTAMP)
    kept = Path(str(made))
    compiled = kept.read_bytes()
    finder = imports.OwnModules(str(package), imports.__spec__)
    assert _said(finder) == "old"
    if damage == "none":
        # What is compiled says something else than the source: it is read, not the source.
        kept.write_bytes(compiled.replace(b"old", b"own"))
    elif damage == "stale":
        source.write_text("SAID = 'newer'\n")
    elif damage == "of another Python":
        kept.write_bytes(b"\0\0\r\n" + compiled[4:])
    else:
        moved = compiled.replace(b"/bootready/one.py", b"/bootreadx/one.py")
        kept.write_bytes(moved.replace(b"old", b"own"))
    said = {"none": "own", "moved": "own", "stale": "newer"}.get(damage, "old")
    assert _said(finder) == said
    assert _code(finder).co_filename == str(source), "what a traceback names"


def _said(finder: imports.OwnModules) -> object:
    spec = finder.find_spec("bootready.one")
    assert spec is not None
    module = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module.SAID


def _code(finder: imports.OwnModules) -> CodeType:
    spec = finder.find_spec("bootready.one")
    assert spec is not None
    assert isinstance(spec.loader, SourceFileLoader)
    code = spec.loader.get_code("bootready.one")
    assert code is not None
    return code


def test_only_the_program_puts_its_finder_first(tmp_path: Path) -> None:
    code = "import sys, bootready; bootready.load; print([type(f).__name__ for f in sys.meta_path])"
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "OwnModules" not in done.stdout


def test_the_program_file_loads_no_expressions() -> None:
    """That of pip 25 and earlier does, for each start; `scripts/setup.py` installs a later one."""
    program = Path(sys.executable).with_name("bootready")
    assert "import re" not in program.read_text(encoding="utf-8")
    assert not [*Path(sys.prefix).glob("lib/python*/site-packages/distutils-precedence.pth")]


def test_up_starts_compose_before_it_loads_what_looks_at_the_result() -> None:
    """Endpoints are asked and diagnoses made much later, while Compose works or after it."""
    code = "import sys, bootready.cli.up; print(*sys.modules)"
    argv = [sys.executable, "-c", code]
    loaded = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    late = {"bootready.boot.diagnose.run", "bootready.boot.verify.probes", "bootready.boot.look"}
    heavy = {"concurrent", "email", "http", "logging", "ssl", "tarfile", "tomllib", "typing"}
    assert {*late, *heavy} & {*loaded} == set()
