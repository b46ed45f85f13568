"""The configuration files of a project: those that services mount, up to a sensible size of all."""

from __future__ import annotations

from bootready.check import configuration
from bootready.check.configuration import configuration_files
from bootready.host.local import LocalHost
from bootready.model.request import Request
from bootready.pipeline import load


def test_what_is_looked_at_has_an_end(tmp_path, monkeypatch):
    """However many files a clone mounts, each of the largest size that is read."""
    monkeypatch.setattr(configuration, "BUDGET", 25)
    names = [f"{number}.conf" for number in range(5)]
    for name in names:
        (tmp_path / name).write_text("0123456789")
    mounts = ", ".join(f"'./{name}:/etc/{name}'" for name in names)
    (tmp_path / "compose.yaml").write_text(f"services: {{a: {{image: x, volumes: [{mounts}]}}}}\n")
    project = load(Request(directory=str(tmp_path)), {})
    found = [one.path for one in configuration_files(project, LocalHost())]
    assert found == [str(tmp_path / name) for name in names[:2]]
