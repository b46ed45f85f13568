"""A healthcheck that needs other members passes never in a swarm: they have no names before."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.lookup import place_in
from bootready.swarm.members import asks_for_consent, clusters_of, waiting_for_ever


@check(
    summary="a healthcheck needs names that exist once it has passed",
    severity=Severity.ERROR,
    needs=Needs.SWARM,
    looks_at=("service.healthcheck",),
    since="0.2.0",
    reference="https://github.com/moby/moby/issues/35451",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_health_needs_peers(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at the names that healthchecks resolve: a service that asks for its own name, and services
    that ask for each other's. And at members of a cluster (three or more services of one image with
    numbered names, each told the name of another) whose probe passes only once a majority is there,
    such as `etcdctl endpoint health`; that is a warning.

    ## Why it stops boot
    In a swarm a task is in the DNS only after its healthcheck has passed. Compose gives every
    container its name at once, so the same probe passes there. In the swarm the tasks are
    `Starting` until they are killed as unhealthy, and start again, forever.

    ## What you see
    `task: non-zero exit (137): dockerexec: unhealthy container`

    ## Remedy
    Ask the program itself, at `localhost`, and ask it only whether it runs. For the swarm alone:
    `x-bootready: {swarm: {healthcheck: {test: ...}}}`.

    ## When to silence it
    If the probe gives up and reports success.
    """
    found = set()
    for service, way in waiting_for_ever(context.project):
        found.add(service.name)
        names = ", which asks for ".join(f"'{name}'" for name in way)
        itself = way == (service.name,)
        yield report(
            place_in(service, "healthcheck", "test"),
            f"service '{service.name}': its healthcheck asks for "
            + ("its own name" if itself else names),
            consequence="a swarm knows a name only after its healthcheck has passed: never",
            hint="ask `localhost`" if itself else "ask the program itself, at `localhost`",
        )
    for members in clusters_of(context.project):
        for service in members.services:
            if service.name not in found and asks_for_consent(service):
                yield report(
                    place_in(service, "healthcheck", "test"),
                    f"service '{service.name}': its healthcheck waits for the majority of its"
                    " cluster",
                    severity=Severity.WARNING,
                    consequence="no member has a name before its healthcheck has passed",
                    hint="ask only whether the program itself runs, at `localhost`",
                )
