"""A probe that cannot run -> the tool it needs, the variable it lost, or its time limit."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.signatures import recognise

_TOOL = re.compile(
    r'exec: "(?P<a>[^"]+)": (?:executable file not found|stat \S+: no such file)'
    r"|(?:sh|bash|ash): (?:line )?(?:\d+: )?(?P<b>[\w./-]+): (?:command )?not found"
)
_DASH = re.compile(
    r"/dev/(tcp|udp)/\S*: (Directory nonexistent|No such file)|can't create /dev/tcp"
)
_USAGE = re.compile(
    r"^(?P<program>[\w./-]+): (?:(?:invalid|unrecognized|unknown|illegal) option[^\n]*"
    r"|option \S+: is unknown)",
    re.MULTILINE,
)
_TIMEOUT = re.compile(r"[Hh]ealth check exceeded timeout \((?P<time>[^)]+)\)")


@symptom(summary="the healthcheck itself cannot work", rank=38)
def probe_cannot_run(evidence: Evidence) -> Explanation | None:
    """The service may be fine: its probe names a program that the image lacks, uses a shell
    feature that its shell lacks, or has lost a variable to Compose (`$VAR` instead of `$$VAR`).
    """
    probe = evidence.probe
    if probe is None or evidence.died:
        return None
    place = attribute(evidence.service, "healthcheck")
    said = (f"probe: exit {probe.exit_code}: {probe.output or '(no output)'}",)
    tool = _TOOL.search(probe.output)
    if tool is not None:
        name = tool["a"] or tool["b"]
        return Explanation(
            headline=f"is unhealthy: its probe needs '{name}', which the image does not have",
            cause=f"the image has no program '{name}', so the healthcheck can never pass",
            remedy="write the healthcheck with a program of the image, or install it there",
            location=place,
            evidence=said,
        )
    usage = _USAGE.search(probe.output)
    if usage is not None:
        return Explanation(
            headline=f"is unhealthy: its probe calls '{usage['program']}' wrongly",
            cause=f"the '{usage['program']}' of the image does not have the option: "
            f"{usage[0].strip()}",
            remedy="write the healthcheck with options that the program of this image has "
            "(busybox knows fewer)",
            location=place,
            evidence=(f"probe: exit {probe.exit_code}: {usage[0].strip()}",),
        )
    if _DASH.search(probe.output):
        return Explanation(
            headline="is unhealthy: its probe uses /dev/tcp, which sh does not have",
            cause="`CMD-SHELL` runs /bin/sh, and only bash supports /dev/tcp",
            remedy='write the healthcheck as ["CMD", "bash", "-c", "..."]',
            location=place,
            evidence=said,
        )
    empty = _lost_variable(evidence)
    if empty:
        return Explanation(
            headline="is unhealthy: a variable of its probe was replaced before it ran",
            cause="Compose itself replaced a variable of the healthcheck; the command that runs"
            f" is {empty}",
            remedy="write `$$NAME` for a variable of the container, with CMD-SHELL",
            location=place,
            evidence=said,
        )
    late = _TIMEOUT.search(probe.output)
    if late is None or recognise(evidence.log, dead=False, words=evidence.words) is not None:
        # A server that says what it lacks answers no probe, however long that waits.
        return None
    return Explanation(
        headline=f"is unhealthy: its probe takes longer than {late['time']}",
        cause=f"every run of the probe was stopped after its `timeout` of {late['time']}",
        remedy="raise `healthcheck.timeout`, or probe something that answers faster",
        location=place,
        evidence=said,
    )


def _lost_variable(evidence: Evidence) -> str:
    """Return the test if it shows that Compose has replaced a variable, else ''."""
    service = evidence.service
    check = service.healthcheck if service else None
    if check is None or service is None:
        return ""
    words = check.test
    inside = ("services", service.name, "healthcheck", "test")
    used = [use for use in evidence.project.uses if use.path[: len(inside)] == inside]
    if used and any(not use.reference.is_set for use in used):
        return f"'{' '.join(words[1:])}'"
    if words[:1] == ("CMD",) and any(word.startswith("$") for word in words[1:]):
        return f"'{' '.join(words[1:])}' without a shell, which would replace it"
    if words[:1] == ("CMD-SHELL",) and re.search(r"(^|\s)\"\"(\s|$)|\btest\s+=", words[-1]):
        return f"'{words[-1]}'"
    return ""
