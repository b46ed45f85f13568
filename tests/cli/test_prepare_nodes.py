"""`prepare --target swarm --node NODE=WAY`: which ways are taken, and which are refused aloud."""

from __future__ import annotations

import pytest

from bootready import cli


@pytest.mark.parametrize(
    "way", ["ssh://shop:hunter2@node2", "tcp://shop:hunter2@node2:2375", "shop:hunter2@node2"]
)
def test_a_password_on_a_command_line_is_refused_and_not_repeated(capsys, tmp_path, way):
    """Everybody on the machine reads it in the list of processes."""
    argv = ["prepare", "--target", "swarm", "-C", str(tmp_path), "--node", f"node2={way}"]
    assert cli.run(argv) == 2
    said = capsys.readouterr()
    assert "has a password in it" in said.err
    assert "hunter2" not in said.err + said.out


@pytest.mark.parametrize("way", ["ssh://shop@node2:22", "ssh://node2", "node2-context"])
def test_a_way_without_one_is_taken(capsys, tmp_path, way):
    argv = ["prepare", "--target", "swarm", "-C", str(tmp_path), "--node", f"node2={way}"]
    assert cli.run(argv) != 0  # there is no project
    assert "password" not in capsys.readouterr().err
