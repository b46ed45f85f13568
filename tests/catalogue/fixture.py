"""A fixture directory -> the verdict of one check on its bad or good project, on a recorded host.

Imported by the tests of the catalogue; `tests/catalogue/<id>/` is described in
docs/reference/writing-a-check.md.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bootready import pipeline
from bootready.check.api import Check, Context, Trait, Unasked
from bootready.check.discover import index
from bootready.check.run import Evidence, run_checks
from bootready.check.settings import read_settings
from bootready.check.silence import silences_in
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.cluster import ClusterFact, NodeFact, Probed, PublishedPort
from bootready.model.finding import Needs, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.registry.recorded import RecordedRegistry
from bootready.report.formats.text import Source, finding_text

HERE = Path(__file__).parent


def fixture_ids() -> list[str]:
    """Return the names of the fixture directories."""
    return sorted(
        path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] not in "_."
    )


def facts_of(check_id: str, name: str) -> dict[str, Any]:
    """Return the recorded facts: `host.toml`, the table ``[bad]`` or ``[good]`` over the rest."""
    path = HERE / check_id / "host.toml"
    if not path.exists():
        return {}
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    own = table.get(name, {})
    shared = {key: value for key, value in table.items() if key not in {"bad", "good"}}
    return {**shared, **own}


def load_fixture(check_id: str, name: str) -> tuple[Project, dict[str, Any]]:
    """Return the project `name` ('bad' or 'good') and the facts recorded for it."""
    directory = HERE / check_id / name
    facts = facts_of(check_id, name)
    environ = {"PWD": str(directory), "HOME": "/nonexistent", **facts.get("environ", {})}
    profiles = tuple(facts.get("profiles", ()))
    return pipeline.load(Request(directory=str(directory), profiles=profiles), environ), facts


def verdict_of(checks: tuple[Check, ...], check_id: str, name: str) -> tuple[Verdict, Source]:
    """Return the verdict of `checks` on a fixture project, and what to print it from."""
    evidence = evidence_of(check_id, name)
    project, missing = evidence.context.project, evidence.missing
    if Needs.SWARM not in missing:
        checks = tuple(one for one in checks if Trait.NOT_FOR_SWARM not in one.traits)
    silences = (*silences_in(project.sources), *read_settings(project.directory).silences)
    return run_checks(checks, evidence, silences), Source(project.directory, project.sources)


def evidence_of(check_id: str, name: str) -> Evidence:
    """Return the fixture project with what is recorded of its machine, engine and registries."""
    project, facts = load_fixture(check_id, name)
    engine_facts = facts.get("engine", {})
    engine = RecordedEngine(engine_facts)
    missing = {} if "registry" in facts else {Needs.REGISTRY: "--registry was not given"}
    if facts.get("swarm"):
        missing[Needs.ENGINE] = "this machine's engine is not the target"
    else:
        missing[Needs.SWARM] = "--target swarm was not given"
    if not engine.reachable:
        missing[Needs.ENGINE] = engine.unreachable_reason
    host = RecordedHost(str(project.directory), facts)
    registry = RecordedRegistry(facts["registry"]) if "registry" in facts else Unasked()
    cluster = cluster_from(facts["cluster"]) if "cluster" in facts else None
    for need in (Needs.MANAGER, Needs.PROBE):
        if cluster is None or (need is Needs.PROBE and not cluster.probed):
            missing[need] = "not recorded"
    return Evidence(Context(project, host, engine, registry, cluster), missing)


def cluster_from(table: dict[str, Any]) -> ClusterFact:
    """Return the cluster of the table ``[cluster]``, its nodes in ``[[cluster.nodes]]``."""
    nodes = []
    for number, row in enumerate(table.get("nodes", ()), 1):
        probed = Probed(**row["probed"]) if "probed" in row else None
        name = row.get("name", f"node{number}")
        nodes.append(NodeFact(**{"id": name, "name": name, **row, "probed": probed}))
    return ClusterFact(
        nodes=tuple(nodes),
        networks=table.get("networks", {}),
        secrets=frozenset(table.get("secrets", ())),
        configs=frozenset(table.get("configs", ())),
        ports=tuple(PublishedPort(**row) for row in table.get("ports", ())),
        probed=any(node.probed is not None for node in nodes),
    )


def report_of(checks: tuple[Check, ...], check_id: str, name: str) -> str:
    """Return the findings on a fixture project as `bootready check` prints them."""
    verdict, source = verdict_of(checks, check_id, name)
    texts = [
        finding_text(finding, source)
        for finding in verdict.findings
        if finding.check_id == check_id
    ]
    return "\n\n".join(texts) + "\n" if texts else ""


def known_ids() -> list[str]:
    """Return the ids in the catalogue's index."""
    return [entry.id for entry in index()]
