"""Who holds a port -> what is hinted: nobody is sent to stop the stack that they started."""

import pytest

from bootready import load
from bootready.catalogue.ports.host_port_in_use import host_port_in_use
from bootready.check.api import Context
from bootready.check.run import Evidence, run_checks
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Needs

TEXT = 'services: {web: {image: x, ports: ["127.0.0.1:8080:80"]}}\n'
PERHAPS_OURS = (
    "stop it (a container, perhaps this project's own: docker ps),"
    " or publish another port than 8080"
)


@pytest.mark.parametrize(
    ("process", "hint"),
    [
        pytest.param("nginx", "stop it, or publish another port than 8080", id="a server"),
        pytest.param("docker-proxy", PERHAPS_OURS, id="an engine's proxy"),
        pytest.param("", PERHAPS_OURS, id="a process that only root may see"),
    ],
)
def test_without_the_engine_a_container_may_have_the_port(tmp_path, process, hint):
    (tmp_path / "compose.yaml").write_text(TEXT)
    project = load(tmp_path, environ={})
    listener = {"address": "127.0.0.1", "port": 8080, "process": process, "pid": 812}
    host = RecordedHost(project.directory, {"listeners": [listener]})
    engine = RecordedEngine({"reachable": False})
    evidence = Evidence(Context(project, host, engine), {Needs.ENGINE: "it was not queried"})
    [finding] = run_checks((host_port_in_use,), evidence).findings
    assert finding.hint == hint
