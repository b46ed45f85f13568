"""Services of a picture with many of them are grouped by what a person would call them."""

from __future__ import annotations

import pytest

from bootready.model.finding import Verdict
from bootready.report.project.clusters import MANY, clusters_of
from bootready.report.project.view import Edge, ServiceCard, Stack


def card(name: str, image: str = "", networks: tuple[str, ...] = ()) -> ServiceCard:
    return ServiceCard(
        name, image, not image, "compose.yaml:1", (), networks, (), (), "", "", "", "", None, 0
    )


def stack(*cards: ServiceCard, edges: tuple[Edge, ...] = ()) -> Stack:
    return Stack("shop", cards, edges, (), Verdict((), (), (), 1, 1, 1, 1), (), ())


def named(found) -> dict[str, tuple[str, ...]]:
    return {one.name: one.members for one in found}


def test_names_that_begin_alike_are_a_group_that_has_all_their_common_words():
    cards = [card(f"customer-accounts-{word}") for word in ("api", "worker", "jobs")]
    cards += [card("customs"), card("web")]
    assert named(clusters_of(stack(*cards), "prefix")) == {
        "customer-accounts": (
            "customer-accounts-api",
            "customer-accounts-worker",
            "customer-accounts-jobs",
        )
    }


def test_a_service_of_several_networks_belongs_to_the_one_that_fewest_share():
    cards = [card(f"s{n}", networks=("back", "front" if n < 3 else "jobs")) for n in range(7)]
    found = named(clusters_of(stack(*cards), "network"))
    assert found == {"front": ("s0", "s1", "s2"), "jobs": ("s3", "s4", "s5", "s6")}


def test_tiers_are_told_by_images_and_by_who_waits_for_an_end():
    images = {
        "databases": ("postgres:17", "mysql:9", "docker.elastic.co/elasticsearch/elasticsearch:9"),
        "caches, queues": ("redis:8", "rabbitmq:4", "memcached:1"),
        "monitoring": ("grafana/grafana:12", "prom/prometheus:v3", "prom/node-exporter:v1"),
        "proxies": ("nginx:1", "traefik:v3", "caddy:2"),
    }
    cards = [
        card(f"{t}{n}", image) for t, all_of in images.items() for n, image in enumerate(all_of)
    ]
    jobs = [card(f"seed{n}") for n in range(3)]
    edges = tuple(Edge("databases0", job.name, "service_completed_successfully") for job in jobs)
    found = named(clusters_of(stack(*cards, *jobs, edges=edges), "tier"))
    assert set(found) == {*images, "jobs"}
    assert found["jobs"] == ("seed0", "seed1", "seed2")


@pytest.mark.parametrize("by", ["auto", "network", "prefix", "tier", "none"])
def test_no_service_is_in_two_groups(by):
    cards = [
        card(f"{part}-{n}", "postgres:17" if n == 1 else "", (part, "all"))
        for part in ("catalogue", "orders", "users", "search")
        for n in range(9)
    ]
    found = clusters_of(stack(*cards), by)
    members = [name for one in found for name in one.members]
    assert len(members) == len(set(members))
    assert bool(found) is (by != "none")
    assert all(len(one.members) >= 3 for one in found)


def test_few_services_need_no_groups_unless_they_are_asked_for():
    cards = [card(f"shop-{n}") for n in range(MANY)]
    assert clusters_of(stack(*cards)) == ()
    assert named(clusters_of(stack(*cards), "prefix")) == {"shop": tuple(c.name for c in cards)}


def test_a_group_of_nearly_everything_says_nothing():
    cards = [card(f"shop-{n}") for n in range(40)]
    assert "shop" not in named(clusters_of(stack(*cards, card("db", "postgres:17"))))
