"""An empty variable replaces the value of an env file: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.check.blanked import blanked_over_env_file
from bootready.model.lookup import shown
from bootready.model.position import Location


@check(
    summary="an empty variable replaces the value of an env file",
    severity=Severity.WARNING,
    looks_at=("service.environment",),
    mentions=("env_file",),
    since="0.2.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/",
)
def env_file_blanked(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for `KEY: ${KEY}` in the `environment` of a service whose `env_file` sets `KEY`, if the
    shell and the `.env` file do not.

    ## Why it matters
    Compose fills `${KEY}` in from the shell and the `.env` file only, never from `env_file`. The
    result is empty, `environment` wins over `env_file`, and the container gets an empty value
    although the file has one.

    ## What you see
    ```
    level=warning msg="The \"KEY\" variable is not set. Defaulting to a blank string."
    ```

    ## Remedy
    Remove the entry from `environment`: the container gets the value of the env file. Or move the
    value to `.env`.

    ## When to silence it
    If the service is meant to run without the value of the env file. `KEY: ""` says the same, and
    needs no silence.
    """
    for service, name, node, below in blanked_over_env_file(context.project):
        path = (*service.location.path, "environment", name)
        file = shown(below.span.file, context.project.directory)
        yield report(
            Location(node.span, path, "this is empty, and wins"),
            f"service '{service.name}': {name} is emptied by `environment`, although '{file}' sets"
            " it",
            related=[Location(below.span, path, "the value that is lost")],
            hint=f"remove the entry, so that '{file}' counts; or set {name} in .env",
        )
