"""What the engine says of containers is shown at their service, if the project is theirs."""

from __future__ import annotations

import bootready
from bootready.model.fact import ContainerFact
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.position import Location, Span
from bootready.report.project.collect import collect, services_of

PLACE = Location(Span("/p/compose.yaml", 1, 1, 1, 2), ("secrets", "key"))


def test_states_of_containers_are_those_of_their_service(tmp_path):
    (tmp_path / "compose.yaml").write_text("name: shop\nservices: {a: {image: x}, b: {image: y}}\n")
    project = bootready.load(tmp_path, environ={})
    containers = [
        ContainerFact("shop-a-1", "shop", "a", "running"),
        ContainerFact("shop-a-2", "shop", "a", "exited"),
        ContainerFact("other-b-1", "other", "b", "running"),
    ]
    stack = collect(project, Verdict((), (), (), 1, 2, 0, 1), containers)
    assert {card.name: card.state for card in stack.cards} == {"a": "exited, running", "b": ""}


def test_a_finding_about_a_secret_touches_those_that_read_it():
    reader = PLACE._replace(path=("services", "web", "secrets", 0))
    users = {("services", "web"): ["web"], ("services", "db"): ["db"]}
    finding = Finding("secret-file-missing", Severity.ERROR, "secret 'key': x", PLACE, (reader,))
    assert services_of(finding, users) == ("web",)
    many = finding._replace(related=(), subjects=(("services", "db"), ("secrets", "key")))
    assert services_of(many, users) == ("db",)
    own = finding._replace(related=())
    assert services_of(own, users | {("secrets", "key"): ["db"]}) == ("db",)
