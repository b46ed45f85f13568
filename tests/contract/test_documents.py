"""The documents are true as far as a machine can know; each way to be false is found."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from documents_support import ROOT, blocks, make_clone
from traceability import SPEC, faults

RUNBOOK = "runbooks/core/infra-bootstrap-runbook.md"


def test_the_documents_are_true():
    assert faults(ROOT) == []


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone with its tests."""
    made = make_clone(tmp_path_factory.mktemp("documents") / "core")
    shutil.copytree(
        ROOT / "tests",
        made / "tests",
        ignore=shutil.ignore_patterns("__pycache__", "catalogue", "resolve", "cases"),
    )
    (made / "tests/catalogue").symlink_to(ROOT / "tests/catalogue")
    (made / "tests/resolve").symlink_to(ROOT / "tests/resolve")
    return made


class Change(NamedTuple):
    """What puts `new` in the place of `old` in a document, or takes the document away."""

    name: str
    old: str = ""
    new: str = ""

    def apply(self, root: Path) -> None:
        path = root / self.name
        if not self.old:
            path.unlink()
            return
        text = path.read_text()
        assert self.old in text
        path.write_text(text.replace(self.old, self.new, 1))


edit = remove = Change


FALSE = {
    "a link is dead": (edit("README.md", "(OPERATIONS.md)", "(OPERATING.md)"), "dead link"),
    "an anchor is dead": (
        edit("OPERATIONS.md", "infra-bootstrap-runbook.md)", "infra-bootstrap-runbook.md#nowhere)"),
        "dead anchor",
    ),
    "a named file is gone": (remove("scripts/preflight-compose.sh"), "no file 'scripts/preflight"),
    "a target is gone": (edit("Makefile", "\nup:", "\nboot-it:"), "no target 'make up'"),
    "a command does not exist": (
        edit(RUNBOOK, "`bootready undo --dry-run`", "`bootready unmake --dry-run`"),
        "no command 'bootready unmake'",
    ),
    "an option does not exist": (
        edit(RUNBOOK, "`bootready undo --dry-run`", "`bootready undo --try`"),
        "no option '--try'",
    ),
    "a variable does not exist": (
        edit(RUNBOOK, "through `POSTGRES_WRITER_PORT`", "through `POSTGRES_WRITING_PORT`"),
        "no variable 'POSTGRES_WRITING_PORT'",
    ),
    "a secret does not exist": (
        edit(RUNBOOK, "`secrets/slack_webhook.txt`", "`secrets/slack_hook.txt`"),
        "no secret of file 'secrets/slack_hook.txt'",
    ),
    "a service does not exist": (
        edit(RUNBOOK, "docker compose ps haproxy", "docker compose ps hoproxy"),
        "no service 'hoproxy'",
    ),
    "a check does not exist": (
        edit(RUNBOOK, "error[secret-is-directory]", "error[secret-is-a-directory]"),
        "no check 'secret-is-a-directory'",
    ),
    "a requirement has no proof": (
        edit(SPEC, "`tests/contract/test_core_stack.py::test_no_external_network_is_needed`", ""),
        "REQ-BOOT-007 has no test",
    ),
    "a proof is gone": (
        edit(
            "tests/contract/test_core_stack.py", "def test_certificates_are", "def certificates_are"
        ),
        "no test 'test_certificates_are_issued_once'",
    ),
    "a requirement is gone": (edit(SPEC, "| REQ-BOOT-005 |", "| REQ-BOOT-050 |"), "requirements"),
    "a task is gone": (
        edit("specs/infra-compose-readiness/plan.md", "| TASK-004 |", "| TASK-040 |"),
        "TASK-001 to TASK-007",
    ),
    "a task has another meaning": (
        edit(
            "specs/infra-compose-readiness/plan.ko.md",
            "| REQ-BOOT-003 | `docker",
            "| REQ | `docker",
        ),
        "TASK-002 is not REQ-BOOT-003",
    ),
    "a command is not the plan's": (
        edit("specs/infra-compose-readiness/plan.md", "docker-compose*.yaml`", "*.yaml`"),
        "VAL-PLN-001 is not",
    ),
    "a section is in one language alone": (
        edit(RUNBOOK, "## Boot\n", "## Boot\n\n## Boot again\n"),
        "translate what was added",
    ),
    "a row is in one language alone": (
        edit(SPEC, "| `alertmanager_*` |", "| `alert` | `smtp_password` |\n| `alertmanager_*` |"),
        "spec.ko.md: ",
    ),
    "a registry table differs": (
        edit("docker-compose.yml", "./secrets/valkey_password.txt", "./secrets/valkey.txt"),
        "table 'secrets' differs",
    ),
    "a port changed": (
        edit("infra/04-data/postgresql-cluster/docker-compose.yml", ":5000", ":5009"),
        "table 'endpoints' differs",
    ),
    "a default changed": (
        edit(".env.example", "SLACK_CHANNEL=operations", "SLACK_CHANNEL=other"),
        "table 'variables' differs",
    ),
    "an alert does not exist": (
        edit("OPERATIONS.md", "`PostgresReplicaLost`", "`PostgresReplicaGone`"),
        "no alert 'PostgresReplicaGone'",
    ),
    "a route does not exist": (
        edit("OPERATIONS.md", "https://haproxy.<", "https://traefik.<"),
        "no route 'traefik'",
    ),
    "a word of a script does not exist": (
        edit("OPERATIONS.md", "`cluster.py roll`", "`cluster.py rolling`"),
        "no 'rolling' of cluster.py",
    ),
    "a choice of make does not exist": (
        edit("README.md", "`ENGINE=none make up`", "`ENGINES=none make up`"),
        "nothing of make reads 'ENGINES'",
    ),
    "a service that is told something does not exist": (
        edit(RUNBOOK, "kill -s HUP traefik", "kill -s HUP trafik"),
        "no service 'trafik'",
    ),
    "a document lost a task of the plan": (
        edit("docs/prd/infra-compose-readiness-prd.md", "TASK-003", "TASK-033"),
        "TASK-003 of the user's plan is missing",
    ),
    "an index lost a document": (
        edit("docs/context/core/infra-lifecycle-ops.md", "secrets/README.md", "OPERATIONS.md"),
        "no link to secrets/README.md",
    ),
}
"""How a sentence becomes false: the change, and what is said of it."""


@pytest.mark.slow
@pytest.mark.parametrize("way", FALSE)
def test_a_false_sentence_is_found(way, clone):
    """In the one clone, which is then as it was: the others would find what is left of it."""
    change, said = FALSE[way]
    before = (clone / change.name).read_bytes()
    change.apply(clone)
    try:
        found = faults(clone)
    finally:
        (clone / change.name).write_bytes(before)
    assert [fault for fault in found if said in fault], found


def test_numbers_in_the_requirements_are_those_of_the_tests():
    """What is said to have been tried is what this page and its neighbour try."""
    text = (ROOT / "docs/prd/infra-compose-readiness-prd.md").read_text()
    assert f"| {len(FALSE)} tried, {len(FALSE)} found |" in text
    failures = {block.words for block in blocks(ROOT / RUNBOOK) if block.how == "break"}
    assert f"| {len(failures)} of {len(failures)} |" in text
    assert len(failures) == 13, "the runbooks say thirteen, and 열세, in words"
    for name, words in ((RUNBOOK, "the first thirteen"), (RUNBOOK[:-3] + ".ko.md", "열세 가지")):
        assert words in (ROOT / name).read_text()


def test_every_document_is_short():
    """A document that nobody reads to its end is not true for anybody."""
    for name in ("README.md", "OPERATIONS.md", "secrets/README.md", SPEC):
        text = (ROOT / name).read_text()
        prose = re.sub(r"^(?:\|.*|```.*?```)$", "", text, flags=re.MULTILINE | re.DOTALL)
        assert len(prose.splitlines()) < 250, name
