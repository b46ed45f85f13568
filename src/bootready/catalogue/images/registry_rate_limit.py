"""A registry's rate limit is used up, or nearly: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import Told, told


@check(
    summary="the rate limit of a registry does not suffice",
    severity=Severity.ERROR,
    needs=Needs.REGISTRY,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/docker-hub/usage/pulls/",
    proof="no registry in a test limits the pulls of an engine for hours",
)
def registry_rate_limit(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, compares the pulls that a registry says are left (`ratelimit-remaining`, as
    Docker Hub does) with the images that the first start pulls from it. Asking is not counted as a
    pull; where few are left, nothing that counts is fetched.

    ## Why it stops boot
    A pull above the limit is refused until the time is over, six hours on Docker Hub. If some pulls
    are left, but fewer than the images, it is a warning.

    ## What you see
    ```
    toomanyrequests: You have reached your unauthenticated pull rate limit
    ```

    ## Remedy
    Run `docker login`: the limit of an account is higher, and it does not share that of its address
    with others. Or use a mirror.

    ## When to silence it
    If the engine pulls by another address or login than this machine.
    """
    hosts: dict[str, list[Told]] = {}
    for one in told(context):
        if one.fact.remaining is not None:
            hosts.setdefault(one.fact.host, []).append(one)
    for host, images in hosts.items():
        left = min(one.fact.remaining or 0 for one in images)
        refused = any(one.fact.state == "limited" for one in images)
        if not refused and left >= len(images):
            continue
        places = [place for one in images for place in one.pull.places]
        count = f"{len(images)} image{'s' if len(images) > 1 else ''}"
        words = next((one.fact.said for one in images if one.fact.state == "limited"), "")
        yield report(
            places[0],
            f"project: {count} will be pulled from registry '{host}', whose rate limit leaves"
            f" {left}",
            related=places[1:],
            severity=None if refused else Severity.WARNING,
            consequence=f"it says: {words}" if words else "",
            hint="docker login, or wait",
        )
