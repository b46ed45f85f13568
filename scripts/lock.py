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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".cache" / "tools" / "bin" / "uv"
FILES = {
    "dev": ["pyproject.toml", "--group", "dev", "--group", "build"],
    "release": ["--group", "release"],
    "site": ["--group", "site"],
    "compose-v2": ["--group", "compose-v2"],
    "compose-v5": ["--group", "compose-v5"],
    "tools": ["--group", "tools"],
}
"""What each file holds; `pyproject.toml` itself stands for what bootready needs to run."""
OLDEST = "3.11"


def main(arguments: list[str]) -> int:
    """Write the files and return the exit code."""
    if arguments not in ([], ["--upgrade"]):
        print(__doc__)
        return 2
    for name, wanted in FILES.items():
        output = ["-q", "-o", f"requirements/{name}.txt", *arguments]
        style = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        command = [str(UV), "pip", "compile", *wanted, "--python-version", OLDEST, *style, *output]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
