"""The first screen of the README: the output that it shows is the output of today."""

from __future__ import annotations

import re
import subprocess

import pytest

from documents_support import ROOT, blocks, put_programs, run_block

READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
COUNT = re.compile(r"\b\d+ checks?\b")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_shown_output_is_what_is_printed(readme, tmp_path, request):
    """Commands and their output, in order, in a directory with the project of the page."""
    found = blocks(readme)
    [project] = [block.text for block in found if block.language == "yaml"]
    put_programs(tmp_path)
    (tmp_path / "compose.yaml").write_text(project + "\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    text = readme.read_text()
    produced = text
    shown = [block for block in found if block.how == "output of"]
    assert shown
    for block in shown:
        printed = run_block(f"({block.words}) 2>&1", tmp_path, check=False).stdout.rstrip()
        start = f"<!-- output of: {block.words} -->\n```text\n"
        head, _, rest = produced.partition(start)
        produced = head + start + printed + rest[rest.index("\n```") :]
    if request.config.getoption("--update-golden"):
        readme.write_text(produced)
        return
    # How many checks there are changes with every new one; that they ran is what matters.
    assert COUNT.sub("N checks", text) == COUNT.sub("N checks", produced)
