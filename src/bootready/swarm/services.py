"""A service -> its entry in a stack file, with everything that is said otherwise or not at all."""

from __future__ import annotations

from bootready.model.lookup import at
from bootready.model.node import Mapping, Plain, plain
from bootready.model.project import Project, Service
from bootready.swarm.attributes import EMPTY, KEPT, LOST, WITHOUT_EFFECT
from bootready.swarm.deploy import deploy_of
from bootready.swarm.grants import grants_of
from bootready.swarm.hints import Wishes, wishes_of
from bootready.swarm.losses import Teller
from bootready.swarm.mounts import held_by
from bootready.swarm.networks import attachments_of, predefined_of
from bootready.swarm.objects import Objects
from bootready.swarm.ports import ports_of

_DURATIONS = ("test", "interval", "timeout", "retries", "start_period", "disable")
"""What the loader knows of a healthcheck (schema 3.9)."""


def service_entry(
    service: Service, project: Project, objects: Objects, teller: Teller
) -> dict[str, Plain] | None:
    """Return the entry of `service`, None if no container of it can be said."""
    node = service.node
    if at(node, "provider") is not None:
        teller.refused(
            ("provider",),
            "is provided by a program of Compose's, not by a container",
            "the stack does not have it",
            "run what it provides as a service, or outside the stack",
        )
        return None
    wishes = wishes_of(service)
    made: dict[str, Plain] = {"image": _image(service, project, teller)}
    for name in sorted(KEPT & set(node.entries)):
        value = plain(node.entries[name])
        if value not in EMPTY and name != "image":
            made[name] = value
    if wishes.command:
        made["command"] = [*wishes.command]
    if service.entrypoint == ():
        words = "the image's own entrypoint is used"
        teller.lost(("entrypoint",), "a stack file cannot empty the entrypoint", words)
    environment = {one.name: one.value for one in service.environment if one.value is not None}
    if environment:
        made["environment"] = {**environment}
    hosts = plain(node.entries["extra_hosts"]) if "extra_hosts" in node.entries else None
    if isinstance(hosts, list) and hosts:
        made["extra_hosts"] = [str(one).replace("=", ":", 1) for one in hosts]
    check = _healthcheck(service, wishes, teller)
    if check:
        made["healthcheck"] = check
    held = held_by(service, project, objects, teller)
    if held.mounts:
        made["volumes"] = held.mounts
    grants = grants_of(service, held, objects, teller)
    made |= {kind: granted for kind, granted in grants.items() if granted}
    _network(service, project, made, wishes, teller)
    deploy = deploy_of(service, wishes, teller)
    made["deploy"] = deploy
    _unsaid(node, teller)
    _order(service, deploy, teller)
    return made


def _image(service: Service, project: Project, teller: Teller) -> str:
    name = service.image or f"{project.name}-{service.name}"
    if service.build is None:
        return name
    host = name.partition("/")[0]
    if "/" in name and ("." in host or ":" in host or host == "localhost"):
        teller.converted(
            ("build",), "{} is left out: `docker compose build --push` brings it there"
        )
        return name
    teller.needed(
        ("build",),
        f"its image '{name}' is built on this machine and belongs to no registry",
        "nodes that do not have the image reject the task",
        "stack-image-unreachable",
        "set `image` to a name in a registry of yours, and run docker compose build --push",
    )
    return name


def _healthcheck(service: Service, wishes: Wishes, teller: Teller) -> dict[str, Plain]:
    if wishes.healthcheck:
        return wishes.healthcheck
    node = at(service.node, "healthcheck")
    if not isinstance(node, Mapping):
        return {}
    if "start_interval" in node.entries:
        teller.lost(
            ("healthcheck", "start_interval"),
            "a stack file of version 3.9 cannot say {}",
            "the service is probed at its `interval` while it starts, so it is ready later",
        )
    found = {name: plain(node.entries[name]) for name in _DURATIONS if name in node.entries}
    return {name: value for name, value in found.items() if value not in EMPTY}


def _network(
    service: Service,
    project: Project,
    made: dict[str, Plain],
    wishes: Wishes,
    teller: Teller,
) -> None:
    made["networks"] = attachments_of(service, _aliases(service, project, teller), teller)
    if not made["networks"]:
        del made["networks"]
    if predefined_of(service):
        if service.ports:
            what = "{} are left out: it listens on the addresses of the node itself"
            teller.converted(("ports",), what)
        return
    ports = ports_of(service, wishes, teller)
    if ports:
        made["ports"] = ports


def _aliases(service: Service, project: Project, teller: Teller) -> tuple[str, ...]:
    """Return names that others know the service by beside its own."""
    names: dict[str, None] = {}
    if service.container_name and service.container_name != service.name:
        names[service.container_name] = None
    if service.container_name:
        what = "{} becomes an alias on its networks: a task has a name of the swarm's own"
        teller.converted(("container_name",), what, check="stack-attribute-lost")
    for other in project.services:
        links = plain(other.node.entries["links"]) if "links" in other.node.entries else []
        for link in links if isinstance(links, list) else ():
            target, _, alias = str(link).partition(":")
            if target == service.name and alias and alias != service.name:
                names[alias] = None
    if at(service.node, "links") is not None:
        what = "{} becomes aliases of the services that it names"
        teller.converted(("links",), what, check="stack-attribute-lost")
    return tuple(names)


def _unsaid(node: Mapping, teller: Teller) -> None:
    for name, below in node.entries.items():
        value = plain(below)
        if name in WITHOUT_EFFECT and value not in EMPTY:
            teller.converted((name,), f"{{}} is left out: {WITHOUT_EFFECT[name]}")
        elif name in LOST and value not in EMPTY and (name, value) != ("ipc", "private"):
            teller.lost((name,), "a stack file cannot say {}", LOST[name])


def _order(service: Service, deploy: dict[str, Plain], teller: Teller) -> None:
    if not service.depends_on:
        return
    names = ", ".join(f"'{one.service}'" for one in service.depends_on)
    waits = any(one.condition != "service_started" for one in service.depends_on)
    retries = deploy.get("restart_policy") != {"condition": "none"}
    if not retries:
        teller.lost(
            ("depends_on",),
            f"is not started again if it fails, and a stack does not wait for {names}",
            "it stays down if it comes too early",
            "set `restart: on-failure`",
            check="stack-one-shot",
        )
        return
    wait = "it has to wait by itself, or to exit and be started again"
    teller.lost(
        ("depends_on",),
        f"a stack starts everything at once: it does not wait for {names}",
        wait if waits else "it may start first",
        check="stack-order-lost",
    )
