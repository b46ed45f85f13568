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
import sys
import tempfile
from pathlib import Path

from real_projects import Case, cases, find_corpus, request_of

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.errors import ProjectError
from bootready.host.local import LocalHost
from bootready.model.finding import Finding, Needs, Severity

ENGINE = {"version": "28.5.1", "cpus": 64, "memory": 256 * 1024**3, "compose": "5.6.1"}


def main() -> int:
    """Print the counts, or the findings of the check that is named; 0."""
    corpus = find_corpus()
    if corpus is None:
        return 1
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    projects: collections.Counter[tuple[str, str]] = collections.Counter()
    loaded: collections.Counter[tuple[str, str]] = collections.Counter()
    loud: list[int] = []
    right: list[int] = []
    with tempfile.TemporaryDirectory(prefix="bootready-precision-") as scratch:
        for case in cases(corpus, Path(scratch)):
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


def _findings(case: Case, facts: Path) -> list[Finding]:
    # A shell has PATH; some projects refer to it.
    environ = {"PATH": os.defpath, "HOME": str(case.home), "PWD": str(case.directory)}
    try:
        project = pipeline.load(request_of(case, facts), environ)
    except ProjectError as error:
        if not case.exit_code:
            print(f"{case.name}: does not load, but does in Compose: {error}")
        return []
    if case.exit_code and not project.problems:
        print(f"{case.name}: Compose refuses this, the resolver does not")
    engine = RecordedEngine({**ENGINE, "images": {}})
    unasked = (Needs.REGISTRY, Needs.SWARM, Needs.MANAGER, Needs.PROBE)
    missing = dict.fromkeys(unasked, "as `bootready check` without options")
    verdict = pipeline.check(Evidence(Context(project, LocalHost(), engine), missing))
    return list(verdict.findings)


def _line(finding: Finding, case: Case) -> str:
    span = finding.primary.span if finding.primary else None
    place = f"{os.path.relpath(span.file, case.directory)}:{span.line}" if span else "-"
    text = f"{finding.severity.value} {place} {finding.message} (x{finding.places})"
    return text.replace(str(case.directory), "@DIR@")


if __name__ == "__main__":
    sys.exit(main())
