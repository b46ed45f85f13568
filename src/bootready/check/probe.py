"""A service of a known image -> the program that its healthcheck lacks, and what it has instead."""

from __future__ import annotations

import re

from bootready.knowledge.images.known import KnownService

SHELL = "/bin/sh"


def absent_program(known: KnownService) -> str:
    """Return the program of a probe that a known image certainly lacks, or ''."""
    service = known.service
    test = service.healthcheck.test if service.healthcheck else ()
    # What the service mounts or installs before it starts is in no image.
    words = " ".join((*(service.entrypoint or ()), *(service.command or ())))
    if re.search(r"\binstall\b|apk (-\S+ )*add", words):
        return ""
    for program in _programs(known, test):
        brought = any(target.endswith(f"/{program}") for target in known.seen.targets)
        if known.image.has(program) is False and not brought:
            return program
    return ""


def _programs(known: KnownService, test: tuple[str, ...]) -> list[str]:
    """Return the programs without any of which a probe fails."""
    from bootready.knowledge.process.shell import line_of

    line = line_of(test)
    if line is None:
        return [test[1]]
    shell = SHELL if test[0] == "CMD-SHELL" else test[1]
    return [shell] if known.image.has(shell) is False else _of_line(line)


def _of_line(line: str) -> list[str]:
    """Return the programs without any of which a line of a shell fails.

    Of a pipe that is its last one, and each of them where a `grep` waits for what they say.
    """
    from bootready.knowledge.process.shell import decisive_program

    head = re.sub(r"\|\|\s*(exit\s+[1-9]\d*|false)\s*$", "", line.strip())
    if re.search(r"\|\||;|\n|`|\$\(|[^&]&[^&>]|[()]", head):
        return [decisive_program(line)]
    found: list[str] = []
    for part in head.split("&&"):
        pipe = [piece.strip() for piece in re.split(r"(?<!\|)\|(?!\|)", part)]
        waits = re.match(r"e?grep\b(?!.*\s-\w*v)", pipe[-1])
        found += map(decisive_program, pipe if waits else pipe[-1:])
    return [program for program in found if program]


def probe_instead(known: KnownService, programs: tuple[str, ...]) -> str:
    """Return what a probe can be written with: a known one, or programs that the image has."""
    for probe, care in known.facts(known.image.family.probes):
        if not care:
            return f"probe with {list(probe.test[1:]) if probe.test[0] == 'CMD' else probe.test[1]}"
    here = [name for name in programs if known.image.has(name)]
    return f"it has {', '.join(here)}" if here else ""


def replacement(known: KnownService, program: str) -> str:
    """Return the program that stands for one that a known image lacks, '' where none does."""
    for renamed in known.image.contents().renamed:
        old, _, new = renamed.partition("=")
        if old == program.rpartition("/")[2] and known.image.has(new):
            return new
    return "wget" if program == "curl" and known.image.has("wget") else ""
