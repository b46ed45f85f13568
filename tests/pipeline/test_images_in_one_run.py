"""A project most of whose images never come up: told in one run, and repaired but for decisions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootready.cli import run

PROJECT = """\
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    depends_on: [app]
  app:
    image: node:22-alpine
    working_dir: /app
    command: node server.js
    environment:
      DATABASE_URL: postgres://shop:${POSTGRES_PASSWORD}@db:5432/shop
      LEGACY_URL: mysql://root:${MYSQL_ROOT_PASSWORD}@legacy:3306/shop
      MONGO_URL: mongodb://admin:${MONGO_PASSWORD}@documents:27017/admin
    volumes: ["./app:/app:ro"]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:3000/health"]
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:18
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
    volumes:
      - db:/var/lib/postgresql/data
  legacy:
    image: mysql:8
    environment:
      MYSQL_DATABASE: shop
      MYSQL_ROOT_PASSWORD: ${MYSQL_ROOT_PASSWORD}
    volumes:
      - legacy:/var/lib/mysql
  documents:
    image: mongo:7
    command: ["--replSet", "rs0"]
    environment:
      MONGO_INITDB_ROOT_USERNAME: admin
      MONGO_INITDB_ROOT_PASSWORD: ${MONGO_PASSWORD}
  login:
    image: quay.io/keycloak/keycloak:26.4
  broker:
    image: bitnami/kafka:3.4
  cache:
    image: redis:8
    volumes:
      - cache:/data
  mail:
    image: axllent/mailpit:v1.27
volumes:
  db:
  legacy:
  cache:
"""
DECISIONS = {
    ("image-setup-incomplete", "services.documents.command"),  # a key file, or no root user
    ("image-command-missing", "services.login.image"),  # for development or for production
    ("image-gone", "services.broker.image"),  # which broker
}
REPAIRED = {
    ("healthcheck-program-absent", "services.app.healthcheck.test"),
    ("dependency-without-healthcheck", "services.app.depends_on.db"),
    ("image-data-directory-moved", "services.db.volumes[0]"),
    ("image-variable-missing", "services.db.environment.POSTGRES_PASSWORD"),
    ("image-variable-missing", "services.legacy.environment.MYSQL_ROOT_PASSWORD"),
    ("image-variable-missing", "services.documents.environment.MONGO_INITDB_ROOT_PASSWORD"),
}
CHECKS = {check for check, _ in DECISIONS | REPAIRED}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    (directory / "app").mkdir(parents=True)
    (directory / "app/server.js").write_text("// serves\n", encoding="utf-8")
    (directory / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    return directory


def test_every_fault_is_told_in_one_run_and_decisions_alone_are_left(project, capsys):
    assert said_of(project, capsys) == DECISIONS | REPAIRED

    assert run(["fix", "-C", str(project), "--apply"]) in {0, 1}
    assert run(["prepare", "-C", str(project), "--engine", "none"]) in {0, 1}

    assert said_of(project, capsys) == DECISIONS


def said_of(project: Path, capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str]]:
    """The errors and warnings about images, by check and attribute."""
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none", "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {
        (one["check"], one["location"]["path"])
        for one in findings
        if one["severity"] != "note" and one["check"] in CHECKS
    }
