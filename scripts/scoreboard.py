"""The cases of measured boot faults -> how many `bootready check` sees before boot: N of M.

The cases lie in `$BOOTREADY_SHARED/faults` (else `../shared/faults`) with what two Compose versions
did to each. A case counts when the verdict is as grave as what the engine did: what `up` refuses is
an error, what comes up wrong a warning, an error only where a container then dies or cannot read
what it was given, and a control has neither.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from checkers import installed

from bootready import pipeline
from bootready.errors import ProjectError
from bootready.model.request import Request

ROOT = Path(__file__).resolve().parent.parent

CONTROLS = frozenset(
    {
        "secret-0640-groupadd",
        "secret-tmpfs-over-run",
        "volume-bind-device-relative",
        "subnet-host-bits",
        "healthcheck-unescaped-subshell",
        "label-nonstring",
        "env-bool",
    }
)
"""Cases in which nothing goes wrong."""

DIES = frozenset(
    {
        "secret-is-directory",
        "secret-0600-nonroot",
        "secret-0600-longform-uid-mode",
        "entrypoint-crlf",
        "entrypoint-no-exec",
        "entrypoint-noshebang",
        "entrypoint-missing-bin",
        "entrypoint-crlf-noinit",
    }
)
"""Cases of which `up -d` says nothing, and whose container ends or cannot read its secret."""

WORTH_A_NOTE = {
    "version-key": "Compose ignores the attribute: nothing is lost, exposed or wrong",
}
"""Cases that come up as they should but for a word in the file, with the reason."""

WAIT_ALONE = {
    "wait-oneshot-exit0": "the service does its work, and `up` without `--wait` is content",
}
"""Cases that only `docker compose up --wait` calls a failure, with the reason: a warning."""

NEEDS_A_STRANGER = frozenset(
    {
        "port-taken-container",
        "port-taken-process",
        "container_name-conflict",
        "subnet-overlap-existing",
        "network-foreign-samename",
        "network-changed-subnet",
        "volume-optschanged",
        "volume-foreign-samename",
    }
)
"""Cases that another process, container or network makes; they are left out where none does."""


LOCAL_IMAGE = "bootready.local/busybox:1"


class Row(NamedTuple):
    """One case: what the engine did, what we said, and whether that is enough."""

    case: str
    wanted: str
    said: str
    enough: bool
    compose_config: bool
    others: Mapping[str, frozenset[str]]
    """The rules that other checkers name, by checker."""


def cases_directory() -> Path | None:
    """Return the directory of the cases, or None where it is not."""
    shared = Path(os.environ.get("BOOTREADY_SHARED", ROOT.parent / "shared"))
    return shared / "faults" if (shared / "faults" / "faults.json").exists() else None


def rows(directory: Path) -> list[Row]:
    """Return a row for every case that this machine can show."""
    records = json.loads((directory / "faults.json").read_text(encoding="utf-8"))
    return [_row(directory, record) for record in records if record["case"] not in NEEDS_A_STRANGER]


def main() -> int:
    """Print the cases that are missed and the figure; 0 unless the cases are not there."""
    directory = cases_directory()
    if directory is None:
        print("no cases: set BOOTREADY_SHARED to the directory that holds 'faults'")
        return 1
    table = rows(directory)
    for row in table:
        if not row.enough or "-v" in sys.argv:
            print(
                f"{'seen  ' if row.enough else 'MISSED'} {row.case:<32} {row.wanted:<8} {row.said}"
            )
    seen = sum(row.enough for row in table)
    compose = sum(row.compose_config or row.wanted == "control" for row in table)
    print(f"bootready check: {seen} of {len(table)} seen before boot")
    print(f"docker compose config -q: {compose} of {len(table)}")
    for name in table[0].others:
        print(f"{name}: {_seen_by(name, table)} of {len(table)}")
    return 0


def _seen_by(name: str, table: list[Row]) -> int:
    """Return how many cases a checker tells from a control: what it says of these is no sight."""
    noise = frozenset(rule for row in table if row.wanted == "control" for rule in row.others[name])
    return sum(row.wanted == "control" or bool(row.others[name] - noise) for row in table)


def _row(directory: Path, record: dict[str, Any]) -> Row:
    case, engine = record["case"], record["compose_v5.6.1"]
    said, others = _said(directory / "cases" / case, record)
    if case in CONTROLS:
        wanted, enough = "control", not said.startswith(("error", "warning"))
    elif case in WAIT_ALONE:
        wanted, enough = "warning", said.startswith("warning")
    elif engine["config_rc"] or engine["up_rc"]:
        wanted, enough = "error", said.startswith("error")
    elif case in WORTH_A_NOTE:
        wanted, enough = "note", said.startswith("note")
    else:
        wanted = "error" if case in DIES else "warning"
        enough = said.startswith(wanted)
    return Row(case, wanted, said, enough, bool(engine["config_rc"]), others)


def _said(case: Path, record: dict[str, Any]) -> tuple[str, dict[str, frozenset[str]]]:
    with tempfile.TemporaryDirectory(prefix="bootready-fault-") as scratch:
        project = Path(scratch) / case.name
        shutil.copytree(case, project)
        compose = project / "docker-compose.yml"
        compose.chmod(0o644)
        text = compose.read_text(encoding="utf-8")
        # The image of the cases cannot be had offline; one with the same programs can.
        compose.write_text(text.replace("debian:trixie-slim", LOCAL_IMAGE), encoding="utf-8")
        for path, (content, mode) in record["files"].items():
            (project / path).write_text(content, encoding="utf-8")
            (project / path).chmod(mode)
        _scripts(project)
        if record["setup"]:
            subprocess.run(["sh", "-c", record["setup"]], cwd=project, check=False)
        environ = {"HOME": scratch, "PWD": str(project), **record["env"]}
        others = {name: ask(compose) for name, ask in installed().items()}
        return _verdict(project, environ), others


def _scripts(project: Path) -> None:
    """Write the script of an entrypoint case, which its runner made from the case's name."""
    script = project / "ep.sh"
    if "entrypoint" not in project.name or script.exists() or "missing" in project.name:
        return
    ending = "\r\n" if "crlf" in project.name else "\n"
    script.write_bytes(f"#!/bin/sh{ending}exec sleep 300{ending}".encode())
    script.chmod(0o644 if "no-exec" in project.name else 0o755)


def _verdict(project: Path, environ: dict[str, str]) -> str:
    try:
        loaded = pipeline.load(Request(directory=str(project)), environ)
    except ProjectError as error:
        return f"error {error.problems[0].kind}"
    verdict = pipeline.check(pipeline.observe(loaded, environ))
    # That the image of the cases is not here says nothing of the fault that a case is about.
    found = [f for f in verdict.findings if f.check_id != "image-absent" or "image" in project.name]
    if not found:
        return "nothing"
    gravest = min(found, key=lambda finding: finding.severity.rank)
    known = [f.check_id for f in found if f.severity is gravest.severity]
    return f"{gravest.severity.value} {', '.join(dict.fromkeys(known))}"


if __name__ == "__main__":
    sys.exit(main())
