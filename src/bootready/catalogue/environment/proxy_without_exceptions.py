"""A proxy is used for the project's own services: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.position import Location
from bootready.model.project import Service
from bootready.plain_json import loads
from bootready.regex import regex

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_URL = regex(r"\bhttps?://(?:[^@/\s]*@)?([A-Za-z][\w.-]*)")


@check(
    summary="a proxy is used for the project's own services",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    looks_at=("service.environment",),
    mentions=("http://", "https://"),
    since="0.2.0",
    reference="https://docs.docker.com/engine/cli/proxy/",
)
def proxy_without_exceptions(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services that have a proxy, by `HTTP_PROXY` in their environment or by `proxies` in
    the docker client's `config.json`, and whose environment has the URL of another service of the
    project that `NO_PROXY` does not name.

    ## Why it matters
    The program asks the proxy for `http://api:8080`. The proxy does not know the name `api`, which
    exists on the project's network only.

    ## What you see
    ```
    HTTP/1.1 503 Service Unavailable
    ```

    ## Remedy
    Add the names of the services to `NO_PROXY` and `no_proxy`: `NO_PROXY=localhost,127.0.0.1,api`.

    ## When to silence it
    If the program does not use these variables.
    """
    own = _of_client(context.host.docker_configuration() or "")
    names = {service.name for service in context.project.services}
    for service in context.project.services:
        found = own | {
            entry.name.upper(): entry.value or ""
            for entry in service.environment
            if entry.name.upper() in {*_PROXIES, "NO_PROXY"}
        }
        proxy = next((name for name in _PROXIES if found.get(name)), "")
        if not proxy:
            continue
        exceptions = [one.strip() for one in found.get("NO_PROXY", "").split(",")]
        asked = {
            name: place
            for name, place in _asked(service)
            if name in names - {service.name} and not _excepted(name, exceptions)
        }
        if asked:
            listed = ",".join(asked)
            yield report(
                next(iter(asked.values())),
                f"service '{service.name}': {proxy} applies to '{next(iter(asked))}' as well, which"
                " NO_PROXY does not name",
                hint=f"add {listed} to NO_PROXY and no_proxy",
            )


def _asked(service: Service) -> Iterator[tuple[str, Location]]:
    for entry in service.environment:
        if entry.value and "PROXY" not in entry.name.upper():
            for host in _URL.findall(entry.value):
                yield host, entry.location


def _excepted(name: str, exceptions: list[str]) -> bool:
    return any(
        one == "*"
        or name == one.lstrip(".").lower()
        or (one and name.endswith(f".{one.lstrip('.')}"))
        for one in exceptions
    )


def _of_client(text: str) -> dict[str, str]:
    """Return the proxies that the docker client gives to every container."""
    if '"proxies"' not in text:
        return {}
    try:
        found = loads(text)
    except ValueError:
        return {}
    proxies = found.get("proxies") if isinstance(found, dict) else None
    default = proxies.get("default") if isinstance(proxies, dict) else None
    if not isinstance(default, dict):
        return {}
    known = {"httpProxy": "HTTP_PROXY", "httpsProxy": "HTTPS_PROXY", "noProxy": "NO_PROXY"}
    return {name: str(default.get(key) or "") for key, name in known.items()}
