"""An unset variable leaves an option without a value: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.check.vanished import vanished
from bootready.knowledge.secrets.names import names_a_secret
from bootready.model.position import Location


@check(
    summary="an unset variable leaves an option without a value",
    severity=Severity.ERROR,
    looks_at=("service.command", "service.entrypoint", "service.healthcheck"),
    where=("reference.unset",),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def option_without_value(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `--option ${NAME}` in commands, entrypoints and healthchecks if `NAME` is not set
    anywhere. It is an error if the option has the name of the variable (`--requirepass
    ${REDIS_PASSWORD}`, `-p ${PORT}`), otherwise a warning, because some options need no value.

    ## Why it stops boot
    Compose fills the variable in before it splits the command into words, so the empty value is no
    word at all, and the option takes the next word for its value.

    ## What you see
    ```
    *** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***
    >>> 'requirepass "--appendonly" "yes"'
    wrong number of arguments
    ```

    ## Remedy
    Set the variable in `.env`. With quotes, `"${NAME}"`, the empty value remains a word.

    ## When to silence it
    If the option takes no value and the variable holds further options. `${NAME:-}` says the same,
    and needs no silence.
    """
    for one in vanished(context.project):
        name, path = one.use.reference.name, one.use.path
        place = Location(one.use.reference.span, path, "this leaves no word")
        takes = f"takes '{one.taken}' for its value" if one.taken else "has no value"
        yield report(
            place,
            f"service '{path[1]}': {name} is not set, so `{one.option}` {takes}",
            severity=None if one.belongs else Severity.WARNING,
            hint=f"set {name} in .env"
            + (", or let bootready prepare generate it" if names_a_secret(name) else ""),
        )
