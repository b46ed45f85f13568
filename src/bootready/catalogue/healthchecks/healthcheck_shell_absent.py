"""A healthcheck uses shell syntax without a shell that supports it."""

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
from bootready.knowledge.process.argv import SHELLS
from bootready.knowledge.process.shell import line_of
from bootready.model.lookup import place_in
from bootready.model.project import Service
from bootready.regex import regex

_STARTERS = SHELLS | {"env", "busybox"}
WHOLE = regex(r"\$(\w+|\{\w+\})", needs=("$",))
_HARMLESS = regex(r"\|\|\s*(exit\s+[1-9]\d*|false)\s*$")


@check(
    summary="a healthcheck uses shell syntax without a shell that supports it",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("service.healthcheck",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def healthcheck_shell_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `$NAME`, pipes and `&&` in a healthcheck that starts with `CMD`, and for `/dev/tcp` in
    one that `/bin/sh` runs. Only bash supports `/dev/tcp`. If the `/bin/sh` of the image cannot be
    examined, that is a note: in some images it is bash.

    ## Why it stops boot
    `CMD` runs the program directly, so no shell expands the variable, and the service never becomes
    healthy.

    ## What you see
    Compose prints `container ft-a-1 is unhealthy`; `docker inspect` shows, for `/dev/tcp` in dash:

    ```
    cannot create /dev/tcp/...: Directory nonexistent
    ```

    ## Remedy
    Use `CMD-SHELL` with one string; for `/dev/tcp` use `[CMD, bash, -c, ...]`.

    ## When to silence it
    If the program itself interprets the words, as a template of `psql` does.
    """
    for service in context.project.services:
        check = service.healthcheck
        if check is None or check.disabled:
            continue
        if _needs_bash(check.test):
            shell = _shell(service, context)
            if shell != "bash":
                yield report(
                    place_in(service, "healthcheck", "test"),
                    f"service '{service.name}': healthcheck uses /dev/tcp, which only bash"
                    " supports",
                    severity=_gravity(shell, check.test),
                    hint="use [CMD, bash, -c, ...]",
                    consequence=f"/bin/sh of its image is {shell}" if shell else "",
                )
            continue
        if check.test[:1] != ("CMD",) or (
            check.test[1:2] and check.test[1].rsplit("/", 1)[-1] in _STARTERS
        ):
            continue
        for word in check.test[1:]:
            if word in {"|", "||", "&&", ";"} or WHOLE.fullmatch(word):
                yield report(
                    place_in(service, "healthcheck", "test"),
                    f"service '{service.name}': no shell expands '{word}' in its healthcheck",
                    hint="use [CMD-SHELL, ...] with the whole line as one string",
                )
                break


def _needs_bash(test: tuple[str, ...]) -> bool:
    line = line_of(test) or ""
    return "/dev/tcp/" in line and "bash" not in line and "bash" not in " ".join(test[1:2])


def _gravity(shell: str, test: tuple[str, ...]) -> Severity:
    if not shell:
        return Severity.NOTE
    return Severity.ERROR if _is_decisive(test) else Severity.WARNING


def _is_decisive(test: tuple[str, ...]) -> bool:
    """Tell whether nothing else in the line can make it pass."""
    return "||" not in _HARMLESS.sub("", line_of(test) or "")


def _shell(service: Service, context: Context) -> str:
    """Return what runs `CMD-SHELL` in the service's image, '' where nobody can look."""
    if not context.engine.reachable:
        return ""
    from bootready.knowledge.process.inside import look_inside

    inside = look_inside(service, context.engine)
    if isinstance(inside, str) or inside.image.shell or inside.covers("/bin/sh"):
        return ""
    shell = inside.at("/bin/sh")
    for name in ("bash", "dash", "busybox"):
        other = inside.at(f"/bin/{name}")
        if shell and other and (other.size, other.modified) == (shell.size, shell.modified):
            return name
    return ""
