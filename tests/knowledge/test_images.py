"""Which family an image reference names, which version its tag means, and how sure that is."""

from __future__ import annotations

import json

import pytest

from bootready import pipeline
from bootready.knowledge.images.facts import Scope
from bootready.knowledge.images.known import known_image, known_service
from bootready.knowledge.images.versions import holds
from bootready.model.request import Request


@pytest.mark.parametrize(
    "image",
    [
        "postgres",
        "postgres:18-alpine",
        "library/postgres:17",
        "docker.io/library/postgres:17.2-bookworm",
        "index.docker.io/postgres:16",
        "public.ecr.aws/docker/library/postgres:16",
        "mirror.gcr.io/library/postgres:16",
        "registry.example.com/hub/library/postgres:16",
        "localhost:5000/library/postgres:16",
        "postgres:16@sha256:00",
    ],
)
def test_a_name_of_the_family(image):
    known = known_image(image)
    assert known.family.name == "postgres"
    assert known.care == ""


@pytest.mark.parametrize(
    "image",
    [
        "acme/postgres:16",
        "ghcr.io/acme/postgres:16",
        "postgresql:16",
        "registry.example.com/a/postgres",
    ],
)
def test_an_image_of_somebody_else_is_unknown(image):
    assert known_image(image) is None


def test_a_full_path_on_another_host_is_a_mirror_and_a_single_word_may_be():
    assert known_image("harbor.example.com/proxy/prom/prometheus:v3.1.0").care == ""
    assert "may be another image" in known_image("registry.example.com/mirror/postgres:16").care
    assert "may be another image" in known_image("registry.example.com/postgres:16").care


@pytest.mark.parametrize(
    ("tag", "holding", "careful"),
    [
        (":18", True, False),
        (":18.3-alpine3.22", True, False),
        ("", True, False),
        (":latest", True, False),
        (":alpine", True, False),
        (":17", False, False),
        (":17.9", False, False),
        (":9.6", False, False),
        (":30", True, True),
        ("@sha256:00", True, True),
        (":nightly", True, True),
        (":18-mine", True, True),
    ],
)
def test_a_fact_from_a_version_on(tag, holding, careful):
    held = holds(Scope(since="18"), known_image(f"postgres{tag}").version)
    assert (held.holds, bool(held.care)) == (holding, careful)


def test_what_does_not_depend_on_the_version_holds_of_every_tag():
    for tag in (":30", "@sha256:00", ":nightly"):
        assert holds(Scope(), known_image(f"postgres{tag}").version) == (True, "")


def test_a_short_tag_is_the_newest_of_its_line():
    since = Scope(since="8.4")
    assert holds(since, known_image("mysql:8").version).holds
    assert not holds(since, known_image("mysql:8.0").version).holds
    assert holds(Scope(since="11.0"), known_image("mariadb:lts").version) == (True, "")


def test_a_date_is_a_version_where_the_family_says_so():
    image = known_image("minio/minio:RELEASE.2025-04-22T22-12-26Z-cpuv1")
    assert image.version.numbers[:3] == (2025, 4, 22)
    assert image.version.care == ""


def test_variants_of_a_tag():
    plain, alpine = known_image("haproxy:3.0"), known_image("haproxy:lts-alpine")
    assert plain.has("bash") is True
    assert alpine.has("bash") is False
    assert alpine.has("wget") is True
    assert plain.has("unheard-of") is None
    assert known_image("node:alpine").has("curl") is False


def test_what_is_absent_by_name_may_lie_in_a_directory_of_its_own():
    image = known_image("apache/kafka:3.9.0")
    assert image.has("kafka-topics.sh") is False
    assert image.has("/usr/bin/kafka-topics.sh") is False
    assert image.has("/opt/kafka/bin/kafka-topics.sh") is None


def test_an_image_with_nothing_in_it_has_what_is_named_only():
    image = known_image("quay.io/coreos/etcd:v3.6.0")
    assert image.has("/usr/local/bin/etcdctl") is True
    assert image.has("/bin/sh") is False
    assert image.has("unheard-of") is False


@pytest.mark.parametrize(
    ("image", "environment", "variable"),
    [
        ("postgres:16", {}, "POSTGRES_PASSWORD"),
        ("registry.test:5000/library/postgres", {"POSTGRES_PASSWORD": ""}, "POSTGRES_PASSWORD"),
        ("mariadb:11", {"MARIADB_ROOT_PASSWORD": ""}, "MARIADB_ROOT_PASSWORD"),
        ("mysql@sha256:0", {}, "MYSQL_ROOT_PASSWORD"),
        ("mongo", {"MONGO_INITDB_ROOT_USERNAME": "root"}, "MONGO_INITDB_ROOT_PASSWORD"),
    ],
)
def test_an_image_demands_a_password(tmp_path, image, environment, variable):
    assert service_of(tmp_path, image, environment).demands(variable)


@pytest.mark.parametrize(
    ("image", "environment", "variable"),
    [
        ("postgres", {"POSTGRES_HOST_AUTH_METHOD": "trust"}, "POSTGRES_PASSWORD"),
        ("postgres", {"POSTGRES_PASSWORD_FILE": "/run/secrets/pw"}, "POSTGRES_PASSWORD"),
        ("postgres", {}, "POSTGRES_USER"),
        ("mariadb:11", {"MYSQL_RANDOM_ROOT_PASSWORD": "1"}, "MARIADB_ROOT_PASSWORD"),
        ("mongo", {}, "MONGO_INITDB_ROOT_PASSWORD"),
    ],
)
def test_an_image_demands_nothing_that_is_given_another_way(tmp_path, image, environment, variable):
    assert not service_of(tmp_path, image, environment).demands(variable)


def test_nothing_is_known_of_an_image_that_only_sounds_alike(tmp_path):
    assert service_of(tmp_path, "someone/postgres-backup", {}) is None


def service_of(directory, image, environment):
    """The one service of a project, as far as its image is known."""
    project = {"services": {"one": {"image": image, "environment": environment}}}
    (directory / "compose.yaml").write_text(json.dumps(project), encoding="utf-8")
    loaded = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    return known_service(loaded, "one")
