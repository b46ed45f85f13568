"""The first screen of the README: what it shows is printed today."""

from __future__ import annotations

import re

import pytest

from documents_support import ROOT, blocks, put_programs, run_block

READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
JUDGED = re.compile(
    r"^(?:not ready|ready|skipped): .*\n?|^(?:error|warning|note)(?=\[)", re.MULTILINE
)
"""What a check more or a severity less changes: the counts, and how grave a finding is. What is
found, where, why and how it is repaired has to be so to the letter."""


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_shown_output_is_what_is_printed(readme, tmp_path, request):
    """Commands and their output, in order, in a directory with the project of the page.

    A new check may have more to say than the page shows: nothing that it shows may be untrue.
    """
    found = blocks(readme)
    [project] = [block.text for block in found if block.language == "yaml"]
    put_programs(tmp_path)
    (tmp_path / "compose.yaml").write_text(project + "\n")
    text = readme.read_text()
    shown = [block for block in found if block.how == "output of"]
    assert shown
    for block in shown:
        printed = run_block(f"({block.words}) 2>&1", tmp_path, check=False).stdout.rstrip()
        start = f"<!-- output of: {block.words} -->\n```text\n"
        head, _, rest = text.partition(start)
        text = head + start + printed + rest[rest.index("\n```") :]
        said = set(JUDGED.sub("", printed).splitlines())
        untrue = [line for line in JUDGED.sub("", block.text).splitlines() if line not in said]
        assert untrue == [] or request.config.getoption("--update-golden")
    if request.config.getoption("--update-golden"):
        readme.write_text(text)
