"""A project -> the rules that other checkers of Compose files name for it, if installed.

Their programs are `$BOOTREADY_DCLINT` (npm) and `$BOOTREADY_COMPOSE_LINT` (PyPI), or in PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

UNREADABLE = "cannot read it"
"""Stands for the rule of a checker that gave no findings but a complaint."""


def installed() -> dict[str, Callable[[Path], frozenset[str]]]:
    """Return the checkers that are here, by name: each takes a Compose file and gives rules."""
    found: dict[str, Callable[[Path], frozenset[str]]] = {}
    dclint = os.environ.get("BOOTREADY_DCLINT") or shutil.which("dclint")
    if dclint:
        found["dclint"] = lambda file: _asked(
            [dclint, "-f", "json", str(file)],
            lambda said: [message for entry in said for message in entry["messages"]],
            "rule",
        )
    lint = os.environ.get("BOOTREADY_COMPOSE_LINT") or shutil.which("compose-lint")
    if lint:
        found["compose-lint"] = lambda file: _asked(
            [lint, "--format", "json", str(file)], lambda said: said["findings"], "rule_id"
        )
    return found


def _asked(
    command: list[str], findings: Callable[[Any], list[dict[str, Any]]], key: str
) -> frozenset[str]:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    try:
        return frozenset(str(finding[key]) for finding in findings(json.loads(done.stdout)))
    except (ValueError, KeyError, TypeError):
        return frozenset({UNREADABLE} if done.returncode else ())
