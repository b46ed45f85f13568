"""The core stack's files keep the requirements of specs/infra-compose-readiness; no engine."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path

import pytest

import bootready
from bootready.model.project import Project
from documents_support import ROOT, make_clone, run_block

REGISTRY = {
    "patroni_superuser_password",
    "patroni_replication_password",
    "patroni_api_password",
    "postgres_exporter_password",
    "gateway_users",
    "valkey_password",
    "smtp_password",
    "slack_webhook",
}


@pytest.fixture(scope="module")
def stack() -> Project:
    """The core stack as its example configures it."""
    return bootready.load(ROOT, env_files=[ROOT / ".env.example"], environ={})


def test_database_credentials_are_two_secrets(stack):
    """REQ-BOOT-001: from files, required, and in no environment."""
    for number in (1, 2, 3):
        service = stack.service(f"patroni{number}")
        assert {grant.source for grant in service.secrets} == {
            "patroni_superuser_password",
            "patroni_replication_password",
            "patroni_api_password",
        }
        assert not [entry for entry in service.environment if "PASSWORD" in entry.name]
    assert {secret.name for secret in stack.secrets} == REGISTRY
    assert all(secret.file for secret in stack.secrets)
    assert not list(ROOT.glob("**/.env.postgres*"))


def test_certificates_are_issued_once(tmp_path):
    """REQ-BOOT-002: the second run leaves every byte, mode and time as it was."""
    clone = make_clone(tmp_path / "core")
    command = "bash scripts/generate-local-certs.sh --engine none"
    certificates = clone / "secrets/certs"

    def state() -> dict[str, tuple[str, int, int]]:
        return {
            path.name: (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mode,
                path.stat().st_mtime_ns,
            )
            for path in certificates.iterdir()
        }

    run_block(command, clone)
    first = state()
    assert {"rootCA.pem", "cert.pem", "key.pem"} <= set(first)
    run_block(command, clone)
    assert state() == first


def test_alertmanager_reads_the_secrets_of_the_registry(stack):
    """REQ-BOOT-003: by the registry's own names, from files."""
    granted = {grant.source for grant in stack.service("alertmanager").secrets}
    assert granted == {"smtp_password", "slack_webhook"}
    text = (ROOT / "infra/06-observability/alertmanager/alertmanager.yml").read_text()
    for name in granted:
        assert f"_file: /run/secrets/{name}" in text


def test_no_shell_variable_is_left_to_compose(stack):
    """REQ-BOOT-003: every `$` in a command or healthcheck is Compose's, or doubled."""
    verdict = bootready.examine(stack, only=["dollar-unescaped"], engine=False, environ={})
    assert verdict.findings == ()


def test_every_variable_is_in_the_example_with_a_comment(stack):
    """REQ-BOOT-004: complete, commented, and without a sensitive value."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = {use.reference.name for use in stack.uses}
    given = {line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)}
    assert names <= given
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert lines[number - 1].startswith("#"), f"{line} has no comment"
        assert not re.match(r"\w*(PASSWORD|TOKEN|WEBHOOK)\w*=.", line)


def test_the_default_of_every_variable_is_what_the_example_says(stack):
    """Without its `.env` the stack is the same one, certificate included."""
    example = (ROOT / ".env.example").read_text()
    said = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    differing = {
        use.reference.name
        for use in stack.uses
        if use.reference.operator == ":-" and use.reference.argument != said[use.reference.name]
    }
    assert differing == set()


def test_no_external_network_is_needed(stack):
    """REQ-BOOT-007: it is declared, and no service of the core stack waits for it."""
    external = [network for network in stack.networks if network.external]
    assert [network.used for network in external] in ([], [False])


def test_every_service_is_healthy_or_ends(stack):
    """Every long-running service has a healthcheck; the one-shot has a dependent."""
    for service in stack.services:
        if service.healthcheck is None:
            waited = [
                dependency.condition
                for other in stack.services
                for dependency in other.depends_on
                if dependency.service == service.name
            ]
            assert waited == ["service_completed_successfully"], service.name


def test_yamllint_finds_compose_files_in_a_shell_as_it_comes(tmp_path):
    """VAL-PLN-001: without globstar `**` is one level, and a pattern without a file is an error."""
    plan = (ROOT / "specs/infra-compose-readiness/spec.md").read_text()
    found = re.search(r"`(yamllint [^`]+)`", plan)
    assert found
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run_block(found[1], make_clone(tmp_path / "core"), {"PATH": path})
