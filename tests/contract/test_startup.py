"""What a command loads before it answers: imports are most of what a small project costs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_LOADED = """
import json, sys
before = set(sys.modules)
from bootready.cli import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
finally:
    print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""
_RECORDS = {"collections", "errno", "gc", "math"}
_CHECKS = {"bisect", "fnmatch", "importlib", "ipaddress", "pwd", "struct", "warnings"}
_ARGUMENTS = {
    "argparse",
    "bz2",
    "fnmatch",
    "gettext",
    "locale",
    "lzma",
    "shutil",
    "warnings",
    "zlib",
}
_PYTHON = {"annotationlib", "ast", "opcode", "dis", "inspect", "enum", "re", "copyreg", "heapq"}
"""What later versions of Python load for the ones above."""
_READERS = {
    "cli",
    "collecting",
    "errors",
    "host",
    "knowledge",
    "model",
    "pipeline",
    "read",
    "regex",
    "resolve",
    "typed",
}


@pytest.mark.parametrize(
    ("arguments", "modules", "packages"),
    [
        (["config", "-q"], _RECORDS, _READERS),
        (
            ["check", "--engine", "none"],
            _RECORDS | _CHECKS,
            _READERS | {"catalogue", "check", "engine", "report"},
        ),
        (["compose", "metadata"], _RECORDS | _ARGUMENTS, {"cli", "errors", "model", "typed"}),
    ],
    ids=["config", "check", "metadata of the provider"],
)
def test_a_command_loads_what_it_needs(
    arguments: list[str], modules: set[str], packages: set[str], tmp_path: Path
) -> None:
    compose = "services:\n  web:\n    image: nginx:1.27\n    environment: {A: '1'}\n"
    (tmp_path / "compose.yaml").write_text(compose)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stderr.splitlines()[-1])
    outside = {one.partition(".")[0] for one in loaded if not one.startswith(("_", "bootready"))}
    ours = {one.split(".")[1] for one in loaded if one.startswith("bootready.")}
    assert outside - modules - _PYTHON == set()
    assert ours - packages == set()
