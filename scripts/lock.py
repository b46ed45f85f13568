#!/usr/bin/env python3
"""The dependency groups of pyproject.toml -> `requirements/*.txt`: versions with their hashes.

usage: lock.py [--upgrade]
  --upgrade   the newest versions; without it, only what pyproject.toml asks for anew changes

One file serves every supported Python and system: `uv` writes markers where they differ. No address
of an index is written, so that a mirror with the same files will do. Needs `make tools`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".cache" / "tools" / "bin" / "uv"
FILES = {
    "dev": ["pyproject.toml", "--group", "dev", "--group", "build"],
    "runtime": ["pyproject.toml"],
    "release": ["--group", "release"],
    "site": ["--group", "site"],
    "compose-v2": ["--group", "compose-v2"],
    "compose-v5": ["--group", "compose-v5"],
    "tools": ["--group", "tools"],
    "pip": ["--group", "pip"],
}
"""What each file holds; `pyproject.toml` itself stands for what bootready needs to run.

`runtime` has the versions of `dev`, which comes first: what is tested is what is released.
"""
OLDEST = "3.11"
LEFT_OUT = {"dev": ("jinja2", "matplotlib", "python-docx")}
"""What a file is made without: of `sarif-tools` only the reader is used."""


def main(arguments: list[str]) -> int:
    """Write the files and return the exit code."""
    if arguments not in ([], ["--upgrade"]):
        print(__doc__)
        return 2
    for name, wanted in FILES.items():
        output = ["-q", "-o", f"requirements/{name}.txt", *arguments]
        style = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        more = ["-c", "requirements/dev.txt"] if name == "runtime" else []
        command = [str(UV), "pip", "compile", *wanted, *more, "--python-version", OLDEST]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as overrides:
            # A package that no Python has any more stands for what is left out.
            lines = [f"{one}; python_version < '3'\n" for one in LEFT_OUT.get(name, ())]
            overrides.writelines(lines)
            overrides.flush()
            command += [*style, "--overrides", overrides.name, *output]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
