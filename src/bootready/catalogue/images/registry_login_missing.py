"""A registry refuses an image without a login, or with ours: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import told

_HUB = "registry-1.docker.io"


@check(
    summary="a registry refuses an image without a login",
    severity=Severity.ERROR,
    needs=Needs.REGISTRY,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/cli/docker/login/",
    proof="tests/engine/test_registries.py asks an engine: the proofs here have no registry",
)
def registry_login_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, asks for every image that is not on this machine with the login that Docker
    has: from `config.json`, or from the credential helper that it names.

    ## Why it stops boot
    The pull is refused, so no service of the project starts.

    ## What you see
    ```
    pull access denied for acme/shop, repository does not exist or may require 'docker login'
    ```

    ## Remedy
    Run `docker login HOST` as the user who runs Compose. If the login is right, correct the name:
    most registries answer the same for a repository that does not exist.

    ## When to silence it
    If another step logs in before the start.
    """
    for pull, fact in told(context, "refused"):
        host = "" if fact.host == _HUB else f" {fact.host}"
        places = pull.places
        how = f"with the login from '{fact.login}'" if fact.login else "without a login"
        yield report(
            places[0],
            f"service '{pull.services[0].name}': registry '{fact.host}' refuses image"
            f" '{pull.image}' {how}",
            related=places[1:],
            consequence=f"it says: {fact.said}" if fact.said else "",
            hint=f"docker login{host}; or correct the name, if the image does not exist",
        )
