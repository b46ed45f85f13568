"""`fix` repairs what is known of images: mounts, renamed programs of probes, known healthchecks."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.model.request import Request
from bootready.pipeline.fix import apply_fix, fix

MOVED = """\
services:
  db:
    image: postgres:18
    environment:
      POSTGRES_PASSWORD: Ue7Kx9qLm2Rt4Wy8
    volumes:
      - data:/var/lib/postgresql/data  # since 2019
volumes:
  data:
"""
RENAMED = """\
services:
  db:
    image: mariadb:lts
    environment: {MARIADB_ROOT_PASSWORD: Ue7Kx9qLm2Rt4Wy8}
    healthcheck:
      test: ["CMD", "mysqladmin", "ping", "-h", "localhost"]
"""
CURL = """\
services:
  metrics:
    image: prom/prometheus:v3.1.0
    healthcheck:
      test: curl -f http://localhost:9090/-/healthy || exit 1
"""
CURL_WORDS = """\
services:
  metrics:
    image: prom/prometheus:v3.1.0
    healthcheck:
      test: [CMD, curl, -f, "http://localhost:9090/-/healthy"]
"""
WAITED = """\
services:
  app:
    image: acme/shop:1.2.3
    depends_on:
      cache:
        condition: service_healthy
  cache:
    image: redis:7.4.1  # pinned
    restart: unless-stopped
"""


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        pytest.param(
            MOVED,
            "data:/var/lib/postgresql/data  # since 2019",
            "data:/var/lib/postgresql  # since 2019",
            id="the mount of PostgreSQL 18",
        ),
        pytest.param(RENAMED, '"mysqladmin"', '"mariadb-admin"', id="a renamed program"),
        pytest.param(
            CURL,
            "test: curl -f http://localhost:9090/-/healthy || exit 1",
            'test: ["CMD-SHELL", "wget -q --spider http://localhost:9090/-/healthy || exit 1"]',
            id="a line with curl",
        ),
        pytest.param(
            CURL_WORDS,
            'test: [CMD, curl, -f, "http://localhost:9090/-/healthy"]',
            'test: ["CMD", "wget", "-q", "--spider", "http://localhost:9090/-/healthy"]',
            id="curl without a shell",
        ),
        pytest.param(
            WAITED,
            "    image: redis:7.4.1  # pinned\n",
            "    image: redis:7.4.1  # pinned\n"
            "    healthcheck:\n"
            '      test: ["CMD", "redis-cli", "ping"]\n'
            "      interval: 10s\n"
            "      timeout: 5s\n"
            "      retries: 5\n"
            "      start_period: 30s\n",
            id="the healthcheck that another waits for",
        ),
    ],
)
def test_a_repair_changes_only_what_it_is_about(tmp_path, before, old, new):
    (tmp_path / "compose.yaml").write_text(before)
    request, environ = Request(directory=str(tmp_path)), {"PWD": str(tmp_path)}
    apply_fix(fix(request, environ))

    assert (tmp_path / "compose.yaml").read_text() == before.replace(old, new)
    assert fix(request, environ).changes == ()
    said = pipeline.check(pipeline.observe(pipeline.load(request, environ), environ, engine=False))
    ids = {finding.check_id for finding in said.findings}
    repaired = ("image-data-directory-moved", "healthcheck-program-absent")
    assert ids.isdisjoint((*repaired, "dependency-without-healthcheck"))


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(CURL.replace("-f http", "-f -u a:b -X POST http"), id="curl that does more"),
        pytest.param(WAITED.replace("redis:7.4.1", "acme/redis:7"), id="an image of somebody else"),
        pytest.param(
            WAITED.replace("# pinned", "\n    command: [sleep, '9']"), id="another program"
        ),
    ],
)
def test_what_takes_judgement_is_left_alone(tmp_path, before):
    (tmp_path / "compose.yaml").write_text(before)
    assert fix(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)}).changes == ()
