"""Real projects as a fresh clone has them -> every `error` that `bootready check` says of them.

The projects lie in `$BOOTREADY_SHARED/corpus` (else `../shared/corpus`): compose files only, and
beside each `.expected/refs.tsv` with what else its clone has. Those sources are laid out empty in a
scratch directory, the engine is a recent one without images, and what is said is counted by check.
Of a project that Compose refuses nobody wrote down what its clone has, nor of what lies outside of
it: there a source that is said to be missing says nothing.

    scripts/precision.py                 the counts of errors, warnings and notes
    scripts/precision.py CHECK           every finding of one check, to be looked at by hand
"""

from __future__ import annotations

import collections
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.errors import ProjectError
from bootready.host.local import LocalHost
from bootready.model.finding import Finding, Needs, Severity
from bootready.model.request import Request

ROOT = Path(__file__).resolve().parent.parent

ENGINE = {"version": "28.5.1", "cpus": 64, "memory": 256 * 1024**3, "compose": "5.6.1"}


class Case(NamedTuple):
    """One project, laid out at `directory`, and what Compose's `config` exited with."""

    name: str
    directory: Path
    home: Path
    exit_code: int


def main() -> int:
    """Print the counts, or the findings of the check that is named; 0."""
    corpus = Path(os.environ.get("BOOTREADY_SHARED", ROOT.parent / "shared")) / "corpus"
    if not corpus.is_dir():
        print("no projects: set BOOTREADY_SHARED to the directory that holds 'corpus'")
        return 1
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    projects: collections.Counter[tuple[str, str]] = collections.Counter()
    loaded: collections.Counter[tuple[str, str]] = collections.Counter()
    loud: list[int] = []
    right: list[int] = []
    with tempfile.TemporaryDirectory(prefix="bootready-precision-") as scratch:
        for case in _cases(corpus, Path(scratch)):
            found = _findings(case, corpus / case.name / ".expected")
            for finding in found:
                counts[finding.severity.value, finding.check_id] += 1
                loaded[finding.severity.value, finding.check_id] += not case.exit_code
                if finding.check_id == wanted:
                    print(f"{case.name}: {_line(finding, case)}")
            for key in {(finding.severity.value, finding.check_id) for finding in found}:
                projects[key] += 1
            loud.append(sum(finding.severity is Severity.WARNING for finding in found))
            if not case.exit_code and not any(f.severity is Severity.ERROR for f in found):
                right.append(loud[-1])
    if not wanted:
        for severity, check_id in sorted(counts):
            key = (severity, check_id)
            where = f"in {projects[key]:>3} projects, {loaded[key]:>3} where Compose loads it"
            print(f"{severity:<8} {check_id:<32} {counts[key]:>4} {where}")
        loud.sort()
        each = sum(right) / max(len(right), 1)
        print(f"warnings in each of {len(right)} projects without an error: {each:.2f}")
        print(f"warnings in a project: median {loud[len(loud) // 2]}, most {loud[-1]}")
    return 0


def _cases(corpus: Path, scratch: Path) -> Iterator[Case]:
    for source in sorted(corpus.iterdir()):
        facts = source / ".expected"
        directory = scratch / source.name
        shutil.copytree(source, directory, ignore=shutil.ignore_patterns(".expected"))
        for path in (directory, *directory.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        home = scratch / "home"
        _lay_out((facts / "refs.tsv").read_text(encoding="utf-8"), directory, home)
        yield Case(source.name, directory, home, int((facts / "rc").read_text()))
        shutil.rmtree(directory)


def _lay_out(references: str, directory: Path, home: Path) -> None:
    for line in references.splitlines():
        _, _, source, kind, *_ = (*line.split("\t"), "", "", "")
        path = Path(source.replace("@DIR@", str(directory)).replace("@HOME@", str(home)))
        if kind not in ("dir", "file") or not path.is_relative_to(directory) or path.exists():
            continue
        if kind == "dir":
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\nexec true\n", encoding="utf-8")
            path.chmod(0o755)


def _findings(case: Case, facts: Path) -> list[Finding]:
    # A shell has PATH; some projects refer to it.
    environ = {"PATH": os.defpath, "HOME": str(case.home), "PWD": str(case.directory)}
    try:
        project = pipeline.load(_request(case, facts), environ)
    except ProjectError as error:
        if not case.exit_code:
            print(f"{case.name}: does not load, but does in Compose: {error}")
        return []
    if case.exit_code and not project.problems:
        print(f"{case.name}: Compose refuses this, the resolver does not")
    engine = RecordedEngine({**ENGINE, "images": {}})
    missing = {Needs.REGISTRY: "registries are not queried"}
    verdict = pipeline.check(Evidence(Context(project, LocalHost(), engine), missing))
    return list(verdict.findings)


def _request(case: Case, facts: Path) -> Request:
    values: dict[str, list[str]] = collections.defaultdict(list)
    words = (facts / "args").read_text(encoding="utf-8").split()
    for flag, value in zip(words[::2], words[1::2], strict=True):
        values[flag].append(value)
    cwd = (facts / "cwd").read_text(encoding="utf-8").strip()
    return Request(
        directory=str(case.directory / cwd),
        files=tuple(values["-f"]),
        env_files=tuple(values["--env-file"]),
        profiles=tuple(values["--profile"]),
        project_directory=values["--project-directory"][0]
        if values["--project-directory"]
        else None,
    )


def _line(finding: Finding, case: Case) -> str:
    span = finding.primary.span if finding.primary else None
    place = f"{os.path.relpath(span.file, case.directory)}:{span.line}" if span else "-"
    text = f"{finding.severity.value} {place} {finding.message} (x{finding.places})"
    return text.replace(str(case.directory), "@DIR@")


if __name__ == "__main__":
    sys.exit(main())
