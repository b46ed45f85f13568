"""The manifest of the extension for VS Code; `make vscode` builds and tests it where Node.js is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "integrations/vscode"


def test_it_has_the_version_of_bootready():
    manifest = json.loads((EXTENSION / "package.json").read_text())
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert manifest["version"] == settings["project"]["version"]


def test_the_lock_file_has_hashes_and_names_no_registry():
    packages = json.loads((EXTENSION / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["name"] == "bootready"
    assert packages
    assert all("resolved" not in one and one["integrity"] for one in packages.values())
    assert "omit-lockfile-registry-resolved=true" in (EXTENSION / ".npmrc").read_text()
