"""A proxy ends at its start, because a name in its configuration does not exist."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.servers import servers_of
from bootready.connections.whom import Names, nameless, names_of, sees_others
from bootready.model.connection import Connection, Means
from bootready.model.near import nearest
from bootready.model.project import Project, Service

_PROXIES = {
    "nginx": "host not found in upstream",
    "nginx-unprivileged": "host not found in upstream",
    "haproxy": "could not resolve address",
}
"""What each says when it exits."""


@check(
    summary="a proxy exits because a name in its configuration does not exist",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.volumes", "service.configs"),
    mentions=("/etc/nginx", "haproxy", "openresty"),
    proof="tests/engine shows it with the HAProxy and nginx of Debian",
    since="0.1.0",
    reference="https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server",
)
def upstream_unresolved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads the mounted configuration of nginx and HAProxy for servers that are named, and looks for
    services, aliases, links and `extra_hosts` of these names on the proxy's networks.

    ## Why it stops boot
    nginx and HAProxy look up all names once, when they start, and exit if one does not exist.

    ## What you see
    ```
    nginx: [emerg] host not found in upstream "app" in /etc/nginx/conf.d/default.conf:3
    ```

    ## Remedy
    Write the name of the service, and put both on one network.

    ## When to silence it
    If the name belongs to a container outside of the project, on a network that both are on.

    ## Known limits
    Names in variables of nginx, and servers of HAProxy with `init-addr` or `resolvers`, are looked
    up later. Names with a dot belong to the world outside.
    """
    servers = servers_of(context.project, context.engine)
    names = names_of(context.project)
    for one in connections_of(context.project, context.host).found:
        client = names.services.get(one.service)
        if not one.eager or client is None or sees_others(client, context.project, names):
            continue
        reason = _why(one, client, names, context.project)
        if not reason:
            continue
        words = _PROXIES.get(servers[client.name].family, "")
        near = nearest(one.host, tuple(names.services)) if one.means is Means.UNKNOWN else []
        yield report(
            one.location,
            f"service '{client.name}': {one.words} passes requests to '{one.host}', {reason}",
            severity=None if words else Severity.WARNING,
            consequence=f"it exits at its start: {words or 'host not found'}",
            hint=f"did you mean `{near[0]}`?" if near else "",
        )


def _why(one: Connection, client: Service, names: Names, project: Project) -> str:
    if one.means is Means.UNKNOWN:
        if one.host in project.disabled:
            return "a service whose profile is not active"
        return "which nothing in the project has as its name"
    if one.means is not Means.SERVICE:
        return ""
    targets = [names.services[name] for name in one.targets if name in names.services]
    return nameless(one.host, client, targets, names)
