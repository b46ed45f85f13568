"""Two services talk to each other and have no network in common."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.whom import Names, nameless, names_of, namespace_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection, Means, Origin
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Service


@check(
    summary="a service talks to another one with which it has no network in common",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    looks_at=("service.networks", "service.network_mode"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def networks_unshared(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the networks of each service with those of the services that it is told to talk to.

    ## Why it matters
    The name of a service resolves on its own networks only, and there is no way from one network to
    another. A service on the host's network (`network_mode: host`) has no name at all, and finds
    none; one in the network of another service (`network_mode: service:vpn`) is reached by the name
    of that one. An alias holds on the network that it is written for.

    ## What you see
    ```
    could not translate host name "db" to address: Name or service not known
    ```

    ## Remedy
    Put both services on one network.

    ## When to silence it
    If another program connects the containers later.
    """
    names = names_of(context.project)
    told: set[tuple[str, str, str]] = set()
    for one in connections_of(context.project, context.host).found:
        client = names.services.get(one.service)
        if one.means is not Means.SERVICE or client is None or one.eager:
            continue
        if _is_excepted(one, client, names):
            continue
        targets = [names.services[name] for name in one.targets if name in names.services]
        reason = nameless(one.host, client, targets, names)
        if not reason:
            continue
        other = targets[0]
        if (one.service, one.name, other.name) in told:
            continue
        told.add((one.service, one.name, other.name))
        owner = namespace_of(other, names)
        is_joined = owner != other.name and "no name there" in reason
        yield report(
            one.location,
            f"service '{client.name}': {one.words} names service '{other.name}', {reason}",
            related=[_networks_of(client), _networks_of(other)],
            hint=f"write `{owner}`" if is_joined else "put both services on one network",
            kind=f"{one.host}>{owner}" if is_joined else "",
        )


def _is_excepted(one: Connection, client: Service, names: Names) -> bool:
    """Tell whether a container needs no name: on the host's network it reaches every address."""
    on_host = namespace_of(client, names) == "host"
    return on_host and (one.origin is Origin.LABEL or one.host[:1].isdigit())


def _networks_of(service: Service) -> Location:
    key = "network_mode" if service.network_mode else "networks"
    return place_in(service, key).labelled(f"networks of '{service.name}'")
