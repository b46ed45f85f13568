#!/usr/bin/env python3
"""infra/images.toml and the images of this machine -> whether a tag names what it was seen to name.

usage: public_images.py

One line an image: what its tag names here, and what the file says. Exit 1 if they differ: the tag
was moved, or the file is wrong; 2 for a wrong command line. An image that is not on this machine,
or has no digest in the file, is said and not judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import setup

IMAGES = setup.ROOT / "infra" / "images.toml"


def compare(recorded: dict[str, dict[str, object]], here: dict[str, str]) -> tuple[list[str], bool]:
    """Return a line per image, and whether no digest of the file is another one `here`."""
    lines, agree = [], True
    for entry in recorded.values():
        image, expected = str(entry["image"]), str(entry.get("digest", ""))
        found = here.get(image, "")
        if not found:
            word = "not on this machine"
        elif not expected:
            word = f"{found}, none in the file"
        elif found == expected:
            word = f"{found}, as in the file"
        else:
            word, agree = f"{found}, but the file has {expected}", False
        lines.append(f"{image}: {word}")
    return lines, agree


def _digest_here(image: str) -> str:
    """Return the digest under which the engine has pulled an image, '' if it has not."""
    command = ["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", image]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    digests = json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else []
    return str(digests[0]).rpartition("@")[2] if digests else ""


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    recorded = tomllib.loads(Path(IMAGES).read_text(encoding="utf-8"))
    here = {str(entry["image"]): _digest_here(str(entry["image"])) for entry in recorded.values()}
    lines, agree = compare(recorded, here)
    print("\n".join(lines))
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
