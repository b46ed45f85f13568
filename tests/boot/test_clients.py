"""Clients of the engine in containers that are up, and that it rejects."""

from __future__ import annotations

import pytest

from bootready.boot.verify import clients
from bootready.engine.container import parse_container
from bootready.model.request import Request
from bootready.pipeline import load

LINE = (
    'ERR error="Error response from daemon: client version 1.24 is too old. Minimum supported API'
    ' version is 1.44, please upgrade your client to a newer version"'
)


class Logs:
    """An engine of which only the log of one container is asked."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def logs(self, identity: str, tail: int) -> list[str]:
        del identity, tail
        return self.lines


@pytest.mark.parametrize(
    ("source", "lines", "found"),
    [
        ("/var/run/docker.sock", (LINE, "configuration loaded"), True),
        ("/var/run/docker.sock", ("client version 1.44 negotiated",), False),
        ("/srv/other", (LINE,), False),
    ],
)
def test_a_client_that_is_too_old_is_told_of(tmp_path, monkeypatch, source, lines, found):
    text = f"services: {{proxy: {{image: x, volumes: ['{source}:{source}']}}}}\n"
    (tmp_path / "compose.yaml").write_text(text)
    project = load(Request(directory=str(tmp_path)), {})
    labels = {"com.docker.compose.service": "proxy"}
    state = {"Status": "running"}
    one = parse_container({"Id": "1", "State": state, "Config": {"Labels": labels}})
    monkeypatch.setattr(clients, "project_containers", lambda _api, _name: (one,))
    told = clients.rejected_clients(project, project.services, Logs(*lines))
    assert [each.service for each in told] == (["proxy"] if found else [])
    for each in told:
        assert "API 1.24" in each.cause
        assert "1.44" in each.cause
