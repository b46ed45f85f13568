"""The docker client asks a credential helper that is not installed: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.lookup import place_in
from bootready.model.project import Service
from bootready.plain_json import loads


@check(
    summary="the docker client asks a credential helper that is not installed",
    severity=Severity.ERROR,
    needs=Needs.FILES,
    uses=Needs.ENGINE,
    looks_at=("service.image", "service.build"),
    since="0.2.0",
    reference="https://docs.docker.com/reference/cli/docker/login/#credential-stores",
    proof="it depends on the configuration of the user who runs it",
)
def credential_helper_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `credsStore` and `credHelpers` in the docker client's `config.json`, if an image has to be
    pulled or built, and looks for the programs `docker-credential-NAME`.

    ## Why it stops boot
    The client asks the helper before each pull, also for public images, and ends if the helper does
    not exist. Docker Desktop writes `"credsStore": "desktop"` (`desktop.exe` in WSL) and leaves it
    behind when it is removed.

    ## What you see
    ```
    error getting credentials - err: exec: "docker-credential-desktop.exe": executable file not
    found in $PATH, out: ``
    ```

    ## Remedy
    Remove `credsStore` from the file (`~/.docker/config.json`, or `$DOCKER_CONFIG/config.json`),
    and `docker login` again for private registries. Or install the helper.

    ## When to silence it
    If another user starts the project.
    """
    stores = _stores(context.host.docker_configuration() or "")
    missing: dict[str, list[Service]] = {}
    for service in _fetched(context) if stores else ():
        helper = stores.get(_registry(service), stores.get("", ""))
        program = f"docker-credential-{helper}"
        if helper and not context.host.has_program(program):
            missing.setdefault(program, []).append(service)
    for program, services in missing.items():
        first = services[0]
        yield report(
            place_in(first, "build" if first.build else "image"),
            f"service '{first.name}': its image cannot be pulled, '{program}' is not installed",
            related=[place_in(one, "build" if one.build else "image") for one in services[1:]],
            consequence="config.json of the docker client names it as credential helper",
            hint="remove `credsStore` (or the entry of `credHelpers`) from ~/.docker/config.json,"
            " or install it",
        )._replace(places=len(services))


def _stores(text: str) -> dict[str, str]:
    """Return the helper of each registry; that of all others under ''."""
    if not text:
        return {}
    try:
        found = loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    helpers = found.get("credHelpers")
    stores = {"": str(found.get("credsStore") or "")}
    if isinstance(helpers, dict):
        stores |= {str(name): str(helper) for name, helper in helpers.items()}
    return {name: helper for name, helper in stores.items() if helper}


def _fetched(context: Context) -> Iterator[Service]:
    """Yield the services whose image has to come from a registry, or is built from one that may."""
    from bootready.knowledge.images.built import built_images, is_never_pulled, with_tag

    built = built_images(context.project)
    here = frozenset(context.engine.images()) if context.engine.reachable else frozenset()
    for service in context.project.services:
        name = with_tag(service.image or f"{context.project.name}-{service.name}")
        if name in here or is_never_pulled(service):
            continue
        if service.build or (service.image and name not in built):
            yield service


def _registry(service: Service) -> str:
    if service.build or not service.image:
        return ""
    from bootready.knowledge.images.names import parts_of

    host = parts_of(service.image).host
    return host or "https://index.docker.io/v1/"
