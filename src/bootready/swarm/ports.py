"""The published ports of a service -> those of a stack file, as integers."""

from __future__ import annotations

from bootready.model.lookup import items_at, text_at
from bootready.model.node import Plain
from bootready.model.project import Service
from bootready.swarm.hints import Wishes
from bootready.swarm.losses import Teller

_LOOPBACK = ("127.", "::1", "localhost")
_ANY = {"0.0.0.0", "::", ""}  # noqa: S104 - what a port is published on, not bound to here


def ports_of(service: Service, wishes: Wishes, teller: Teller) -> list[Plain]:
    """Return the ports of `service`; what is different is told to `teller`.

    They are published by the node that runs the task (``mode: host``), as Compose does; the
    routing mesh, which needs IPVS on every node, is a wish (``swarm.ports: ingress``).
    """
    made: list[Plain] = []
    for index, node in items_at(service.node, "ports"):
        place = ("ports", index)
        target, published = text_at(node, "target"), text_at(node, "published")
        port: dict[str, Plain] = {"target": int(target or 0)}
        first, dash, _ = published.partition("-")
        if first.isdigit():
            port["published"] = int(first)
        if dash:
            teller.lost(
                place,
                f"publishes a range, '{published}', of which a stack file can say one port",
                f"port {first} is the only one that it gets",
            )
        if not first.isdigit():
            what = f"port {target} is published on a port of the node's choice"
            teller.converted(place, what, check="")
        port["protocol"] = text_at(node, "protocol") or "tcp"
        port["mode"] = wishes.ports or "host"
        if port not in made:
            made.append(port)
        _exposed(text_at(node, "host_ip"), published or target, place, teller)
    if made:
        where = "every node" if wishes.ports == "ingress" else "the node that runs the task"
        teller.converted(("ports",), f"{{}} are published on {where}, as integers")
    return made


def _exposed(address: str, published: str, place: tuple[str | int, ...], teller: Teller) -> None:
    if address in _ANY:
        return
    kept = address.startswith(_LOOPBACK)
    teller.lost(
        place,
        f"port {published} was published on {address} only, which a stack file cannot say",
        f"port {published} is open on every address of the node"
        + (", to everybody who can reach it" if kept else ""),
        "leave the port out if only other services use it, or close it in the nodes' firewall",
        check="stack-port-exposed",
    )
