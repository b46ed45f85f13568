"""The Project that checks read: typed, resolved, and every part with the place that wrote it."""

from __future__ import annotations

import pytest

from bootready.errors import ProjectError
from bootready.model.request import Request
from bootready.resolve.build import load_project

COMPOSE = """\
services:
  web:
    image: "web:${TAG}"
    env_file: web.env
    environment:
      URL: http://web
    volumes: ["./data:/data:ro"]
    secrets: [token]
    ports: ["127.0.0.1:8080:80"]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: "true", interval: 1m30s}
  db:
    image: db
    profiles: [data]
networks:
  outside: {external: true}
secrets:
  token:
    file: ./token.txt
    x-bootready: {kind: hex}
volumes:
  store: {driver_opts: {type: none, o: bind, device: ./store}}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "web.env").write_text("# comment\nFROM_FILE=1\n")
    request = Request(directory=str(tmp_path), profiles=("data",))
    return load_project(request, {"HOME": "/home/someone"})


def test_a_service_is_typed_and_located(project, tmp_path):
    web = project.service("web")
    assert (web.location.span.line, web.location.span.column) == (2, 3)
    assert web.image == "web:"
    [mount] = web.mounts
    assert (mount.kind, mount.source, mount.read_only) == ("bind", f"{tmp_path}/data", True)
    assert mount.create_host_path
    [port] = web.ports
    assert (port.host_ip, port.published, port.target) == ("127.0.0.1", "8080", 80)
    assert port.location.span.line == 9
    assert web.healthcheck.test == ("CMD-SHELL", "true")
    assert web.healthcheck.interval == 90
    [dependency] = web.depends_on
    assert (dependency.service, dependency.condition) == ("db", "service_healthy")


def test_variables_say_which_file_set_them(project, tmp_path):
    entries = {entry.name: entry for entry in project.service("web").environment}
    assert entries["URL"].env_file is None
    assert entries["FROM_FILE"].env_file == f"{tmp_path}/web.env"
    assert entries["FROM_FILE"].location.span.line == 2


def test_resources_are_there_whether_used_or_not(project, tmp_path):
    networks = {network.key: network for network in project.networks}
    assert networks["outside"].external
    assert not networks["outside"].used
    assert networks["default"].used
    [secret] = project.secrets
    assert secret.file == f"{tmp_path}/token.txt"
    assert secret.file_location.span.line == 19
    assert secret.hints == {"kind": "hex"}
    [volume] = project.volumes
    assert volume.device.endswith("store")


def test_an_unset_variable_is_a_use_and_no_problem(project):
    assert project.problems == ()
    [use] = [use for use in project.uses if not use.reference.is_set]
    assert use.reference.name == "TAG"
    assert use.path == ("services", "web", "image")


def test_a_profile_that_is_not_active_disables_its_services(tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE.replace("env_file: web.env", "tty: true"))
    project = load_project(Request(directory=str(tmp_path)), {})
    assert project.disabled == ("db",)
    assert [problem.kind for problem in project.problems] == ["dependency-inactive"]


def test_every_missing_include_is_named_at_once(tmp_path):
    (tmp_path / "compose.yaml").write_text("include: [a.yaml, b.yaml]\nservices: {}\n")
    with pytest.raises(ProjectError) as caught:
        load_project(Request(directory=str(tmp_path)), {})
    assert [problem.subject for problem in caught.value.problems] == ["a.yaml", "b.yaml"]
