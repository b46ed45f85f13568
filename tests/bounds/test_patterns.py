"""No pattern of the package takes more than the square of a line's length, whatever the line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT = 1.5
"""Processor seconds for a line of the greatest length. The slowest needs a tenth of it; what takes
the third power of the length, or more, needs a hundred times as much.
"""
BUILT = {
    "engine/values.py: wanted": "rows of a table of the module",
    "healthchecks/healthcheck_unfit.py: fact.matches": "of the compiled image families",
    "images/conditions.py": "of the compiled image families",
    "images/gone.py: fact.tags": "of the compiled image families",
    "images/image_config_unread.py": "one path, escaped",
    "images/image_variable_refused.py: fact.matches": "of the compiled image families",
    "images/versions.py: family.version": "of the compiled image families",
    "pipeline/harmless.py": "the name of one variable",
    "plan/image_repair.py": "one path, escaped",
    "ports/published_port_unserved.py": "of the compiled image families",
    "values/placeholder.py": "constants of the module; compiled there, and so looked at",
    "values/plain.py: tail": "rows of a table of the module",
    "values/recipe.py: pattern": "rows of a table of the module",
    "diagnose/blame.py": "names of services, escaped, asked of lines that were cut",
    "diagnose/run.py": "the name of the project, escaped",
    "images/image_reference_invalid.py": "constants of the module; the whole is one as well",
    "knowledge/examples.py": "one quote; a constant of the module",
    "plan/include_conflict.py": "two escaped words and white space, on one line",
    "read/standins.py": "the name of one anchor, escaped",
    "refuse/schema.py": "patterns of Compose's own schema",
    "secrets/commands.py": "rows of a table of the module, which `patterns` hands out",
    "words/template.py: part": "of templates; test_words.py looks at every one",
    "symptoms/option_refused.py: row.said": "rows of a table of the module",
    "symptoms/name_unknown.py: word": "one host name, escaped, between two words",
    "symptoms/probe_refused.py": "constants of the module; compiled there, and so looked at",
    "bootready/regex.py: *self._of": "what `regex` was given, looked at where it stands",
    "check/hosts.py: pattern": "names of services, escaped, between two words",
    "check/placeholders.py": "the name of one variable, escaped",
    "connections/likely.py": "the name of the project, escaped, asked of a host name",
    "environment/value_cut.py: pattern": "the name of one variable, escaped, asked of its own line",
    "images/listening.py": "of the compiled image families",
    "plan/placed_values.py": "the name of one variable, asked of one line",
    "lsp/renamed.py": "one name, escaped, between two words",
    "lsp/renamed_variable.py": "the name of one variable, escaped, asked of one line",
    "lsp/pointed.py": "the name of one anchor, escaped",
    "pipeline/stack.py: re.escape(MASK)": "a constant, escaped",
    "plan/values.py": "one value, escaped, asked of the words of commands",
    "plan/wiring_repair.py": "one host name, escaped",
    "registry/reference.py": "constants of the module",
    "secrets/certificate_names.py: inside": "one path, escaped, and constants of the module",
    "swarm/members.py": "the name of one service, escaped",
    "symptoms/address_wrong.py": "the number of one port",
    "symptoms/first_start.py": "one name, escaped",
    "values/neighbours.py: known": "rows of a table of the module",
    "volumes/mounted_example_uncopied.py": "one path, escaped, and names between slashes",
    "words/template.py: _TAKEN": "rows of a table of the module, asked of what a template says",
}
"""Patterns that are put together when they are used: where, and why they are looked at or safe."""


@pytest.mark.slow
def test_every_pattern_ends() -> None:
    child = Path(__file__).with_name("pattern_child.py")
    done = subprocess.run(
        [sys.executable, child, str(LIMIT)],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["patterns"] > 250
    assert told["slow"] == []
    unknown = [one for one in told["built"] if not any(one.startswith(key) for key in BUILT)]
    assert unknown == []


def test_a_pattern_that_does_not_end_would_be_told() -> None:
    """The measure itself: the ways to read a run of letters double with each."""
    code = (
        "import re, signal, pattern_child as c\n"
        "c.GUARD = 1.0\n"
        "signal.signal(signal.SIGPROF, c._given_up)\n"
        "assert c.spent(re.compile('(a+)+b'), 'a' * 2000) > 0.5\n"
        "assert c.spent(re.compile('a+b'), 'a' * 2000) < 0.5\n"
    )
    where = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", code], cwd=where, timeout=120, check=True)
