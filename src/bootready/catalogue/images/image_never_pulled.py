"""An image is not on this machine and must not be pulled: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.knowledge.images.built import built_images, is_never_pulled, with_tag
from bootready.model.lookup import place_in, text_at


@check(
    summary="an image is not on this machine and must not be pulled",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.pull_policy",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#pull_policy",
)
def image_never_pulled(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services with `pull_policy: never`, or `build` without a build section, whose image
    the engine does not have and no other service of the project builds.

    ## Why it stops boot
    Compose does not pull the image, so the engine cannot create the container.

    ## What you see
    ```
    No such image: NAME
    ```

    ## Remedy
    Load the image (`docker load`), pull it manually, or remove the policy.

    ## When to silence it
    If another step builds or loads the image before the start.
    """
    built = built_images(context.project)
    for service in context.project.services:
        if not is_never_pulled(service) or not service.image or with_tag(service.image) in built:
            continue
        policy = text_at(service.node, "pull_policy")
        if context.engine.image(service.image) is None:
            yield report(
                place_in(service, "pull_policy"),
                f"service '{service.name}': image '{service.image}' is not on this"
                f" machine, and its pull policy is '{policy}'",
                hint=f"docker pull {service.image}",
                varies=service.image,
            )
