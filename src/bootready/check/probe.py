"""A service of a known image -> the program that its healthcheck lacks, and what it has instead."""

from __future__ import annotations

import re
from posixpath import normpath

from bootready.knowledge.images.known import KnownService
from bootready.knowledge.process.inside import DEFAULT_PATH
from bootready.knowledge.process.scripts import mounted_at
from bootready.model.lookup import items_at, text_at
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host

SHELL = "/bin/sh"
_INSTALLS = r"\binstall\b|apk (-\S+ )*add|\bnpm i\b"
_LONGEST = 100_000
"""Characters of a script that is looked at."""


def absent_program(known: KnownService, host: Host) -> str:
    """Return the program of a probe that a known image certainly lacks, or ''.

    What the service mounts, or installs before it starts, is in no image.
    """
    test = known.service.healthcheck.test if known.service.healthcheck else ()
    for program in _programs(known, test):
        if known.image.has(program) is False and not _is_mounted(program, known):
            return "" if _installs(known, host) else program
    return ""


def _is_mounted(program: str, known: KnownService) -> bool:
    """Tell whether a mount may bring a program: by its name, or over a directory of `PATH`."""
    folders = (known.seen.variables.get("PATH") or DEFAULT_PATH).split(":")
    places = [program] if "/" in program else [f"{folder}/{program}" for folder in folders]
    return any(
        target.endswith(f"/{program}") or any(place.startswith(f"{target}/") for place in places)
        for target in known.seen.targets
    )


def _installs(known: KnownService, host: Host) -> bool:
    """Tell whether a service installs programs: in its command, its hooks, or a script of those."""
    service = known.service
    words = " ".join((*(service.entrypoint or ()), *(service.command or ())))
    for _, hook in items_at(service.node, "post_start"):
        words += f" {text_at(hook, 'command')} "
        words += " ".join(text_at(word) for _, word in items_at(hook, "command"))
    if re.search(_INSTALLS, words):
        return True
    folder = text_at(service.node, "working_dir") or "/"
    for word in words.split():
        path = normpath(word if word[0] == "/" else f"{folder}/{word}")
        found = mounted_at(service, path, known.seen.project.configs)
        text = host.read_text(found.path, _LONGEST) if found else None
        if text and re.search(_INSTALLS, text):
            return True
    return False


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
