"""A registry gives no answer that has any sense: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import Told, told


@check(
    summary="a registry does not answer",
    severity=Severity.WARNING,
    needs=Needs.REGISTRY,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/cli/docker/image/pull/",
)
def registry_unreachable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, asks the registry of every image that is not on this machine, through the
    mirrors and proxies of the engine and with the certificates in `/etc/docker/certs.d`.

    ## Why it matters
    The engine will get the same answer, unless its network differs from that of this machine; then
    the pull fails, and no service of the project starts.

    ## What you see
    ```
    Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com: no such host
    ```

    ## Remedy
    Connect to the network that has the registry, correct its name, or load the image from an
    archive with `docker load`.

    ## When to silence it
    If the engine reaches the registry in another way than this machine.
    """
    same: dict[tuple[str, str], list[Told]] = {}
    for one in told(context, "silent"):
        same.setdefault((one.fact.host, one.fact.said), []).append(one)
    for (host, said), images in same.items():
        places = [place for one in images for place in one.pull.places]
        more = f" and {len(images) - 1} more" if len(images) > 1 else ""
        yield report(
            places[0],
            f"service '{images[0].service}': registry '{host}' does not answer for image"
            f" '{images[0].pull.image}'{more}",
            related=places[1:],
            consequence=said,
        )
