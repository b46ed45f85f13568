"""Prometheus of a swarm scrapes what the one of a single machine does, of every node."""

from __future__ import annotations

import yaml

from documents_support import ROOT

DIRECTORY = ROOT / "infra/06-observability/prometheus"


def jobs(name: str) -> dict[str, dict]:
    configuration = yaml.safe_load((DIRECTORY / name).read_text())
    return {one.pop("job_name"): one for one in configuration.pop("scrape_configs")}


def target(job: dict) -> str:
    """Return the one target of a job: a name and port, however it is found."""
    found = job["static_configs"][0]["targets"] if "static_configs" in job else []
    found += [
        f"{name}:{one['port']}" for one in job.get("dns_sd_configs", []) for name in one["names"]
    ]
    (one,) = found
    return one


def test_only_what_runs_on_every_node_is_found_otherwise():
    alone, many = jobs("prometheus.yml"), jobs("swarm.yml")
    assert alone.keys() == many.keys()
    different = {name for name in alone if alone[name] != many[name]}
    services = yaml.safe_load((ROOT / "infra/06-observability/docker-compose.yml").read_text())
    assert services["services"]["node-exporter"]["x-bootready"]["swarm"] == {"mode": "global"}
    assert different == {"node", "haproxy", "traefik"}
    assert {name: target(alone[name]) for name in different} == {
        name: target(many[name]) for name in different
    }


def test_everything_else_is_the_same():
    both = [
        yaml.safe_load((DIRECTORY / name).read_text()) for name in ("prometheus.yml", "swarm.yml")
    ]
    for one in both:
        del one["scrape_configs"]
    assert both[0] == both[1]
