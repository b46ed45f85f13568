"""The program that provides a service is not installed: found before boot, at its place."""

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
from bootready.model.lookup import place_in, value_at

HINTS = {
    "bootready": "sudo ln -s VENV/bin/bootready /usr/local/bin/ (VENV: where it was installed)",
    "model": "install Docker Model Runner (package docker-model-plugin)",
}
"""How to get the programs that are known, by the type of the provider."""


@check(
    summary="the program that provides a service is not installed",
    severity=Severity.ERROR,
    needs=Needs.FILES,
    looks_at=("service.provider",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#provider",
)
def provider_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the program of every `provider.type` where Compose does: `docker-TYPE` in the plugin
    directories of the `docker` client, then TYPE on the `PATH`. It is checked even if `scale` is 0,
    because Compose calls it anyway.

    ## Why it stops boot
    Compose stops. It may already have created networks and started services that do not depend on
    this one, and `docker compose -f FILE down` fails in the same way.

    ## What you see
    ```
    exec: "NAME": executable file not found in $PATH
    ```

    ## Remedy
    Install the program. If `bootready` itself is not found because it was started by its path, link
    it into a directory of the `PATH`, activate its virtual environment, or install it with `pipx`.

    ## When to silence it
    If the program is installed only where the project is deployed.

    ## Known limits
    The `PATH` is that of this shell. A TYPE that is a relative path is not checked.
    """
    for service in context.project.services:
        kind = value_at(service.node, "provider", "type")
        if not isinstance(kind, str) or ("/" in kind and not kind.startswith("/")):
            continue
        place = place_in(service, "provider", "type")
        if kind == "compose":
            # Compose refuses its own name before it looks for a program (plugins.go).
            yield report(place, f"service '{service.name}': 'compose' is not a valid provider type")
        elif not (context.host.has_docker_plugin(kind) or context.host.has_program(kind)):
            yield report(
                place,
                f"service '{service.name}': provider '{kind}' is neither on the PATH nor a"
                " Docker plugin",
                hint=HINTS.get(kind, f"install it, until `command -v {kind}` finds it"),
            )
