"""A registry does not offer an image for a platform: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import told
from bootready.knowledge.images.platforms import architecture_of
from bootready.model.lookup import place_in

_FEW = 4


@check(
    summary="a registry does not offer an image for this platform",
    severity=Severity.ERROR,
    needs=Needs.REGISTRY,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/build/building/multi-platform/",
    proof="tests/engine/test_registries.py asks an engine: the proofs here have no registry",
)
def image_platform_not_offered(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, compares `platform`, or the architecture of the engine if it is not set, with
    the platforms that the registry offers for the image.

    ## Why it stops boot
    The engine refuses to pull. An image that is there for one platform only is pulled all the same
    unless the service has `platform`; without emulation its program cannot run, and this is a
    warning.

    ## What you see
    ```
    no matching manifest for linux/arm64/v8 in the manifest list entries
    ```

    ## Remedy
    Use a tag that is there for this platform, or set `platform` to one that is offered and install
    emulation (binfmt, QEMU).

    ## When to silence it
    If emulation is installed and the speed is acceptable.
    """
    engine = context.engine
    own = f"linux/{architecture_of(engine.info().architecture)}" if engine.reachable else ""
    for pull, fact in told(context, "no platform", "foreign"):
        attribute = "platform" if pull.platform else "image"
        places = [place_in(service, attribute) for service in pull.services]
        offered = [*fact.platforms[:_FEW], *(["..."] if len(fact.platforms) > _FEW else [])]
        wanted = pull.platform or own or "this machine"
        alone = fact.state == "foreign" and not pull.platform
        yield report(
            places[0],
            f"service '{pull.services[0].name}': image '{pull.image}' is there for"
            f" {', '.join(offered) or 'no platform'}, not for {wanted}",
            related=places[1:],
            consequence=f"asked: registry '{fact.host}'",
            severity=Severity.WARNING if alone else None,
            hint=f"set `platform: {fact.platforms[0]}` if emulation is installed"
            if fact.platforms and not pull.platform
            else "",
        )
