"""A service of a known image -> the program that its healthcheck lacks, and what it has instead."""

from __future__ import annotations

import re

from bootready.knowledge.images.known import KnownService

SHELL = "/bin/sh"


def absent_program(known: KnownService) -> str:
    """Return the program of a probe that a known image certainly lacks, or ''."""
    service = known.service
    test = service.healthcheck.test if service.healthcheck else ()
    if test[0] == "CMD":
        program = test[1]
    elif known.image.has(SHELL) is False:
        program = SHELL
    else:
        from bootready.knowledge.process.shell import decisive_program  # noqa: PLC0415 - imports a lexer

        program = decisive_program(test[1])
    if not program or known.image.has(program) is not False:
        return ""
    # What the service mounts or installs before it starts is in no image.
    words = " ".join((*(service.entrypoint or ()), *(service.command or ())))
    brought = any(target.endswith(f"/{program}") for target in known.seen.targets)
    return "" if brought or re.search(r"\binstall\b|apk (-\S+ )*add", words) else program


def probe_instead(known: KnownService, programs: tuple[str, ...]) -> str:
    """Return what a probe can be written with: a known one, or programs that the image has."""
    for probe, care in known.facts(known.image.family.probes):
        if not care:
            return f"probe with {list(probe.test[1:]) if probe.test[0] == 'CMD' else probe.test[1]}"
    here = [name for name in programs if known.image.has(name)]
    return f"it has {', '.join(here)}" if here else ""
