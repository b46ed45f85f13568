"""A project -> its own generators of secrets: named as an alternative, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from bootready.knowledge.values.generators import generator_in, is_script_of_secrets
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_COMPOSE = regex(
    r"(?:gen|generate|create|make|init|setup)[-_.](?:[\w-]{0,40}[-_.])?"
    r"(?:certs?|certificates?|secrets?|keys?|passwords?|credentials?|tokens?)\.ya?ml",
    re.IGNORECASE,
    needs=("gen", "create.", "create-", "create_", "make", "init", "setup"),
)
"""Compose files beside the project's own, whose containers make what it mounts."""
_CERTIFICATES = regex(r"cert|tls|ssl|pki", re.IGNORECASE)
_TARGET = regex(r"^((?:gen|generate|create|init)?[-_]?(?:secrets?|keys|env|passwords))\s*:(?!=)")
_PROFILE = regex(r"(?:init|setup|generate|keys|secrets|bootstrap)", re.IGNORECASE)
_FOLDERS = ("", "/scripts", "/bin", "/utils", "/tools")
_MOST = 3


def generators_of(project: Project, host: Host) -> tuple[str, ...]:
    """Return how a person runs the generators that the project brings, at most three."""
    found: dict[str, None] = {}
    comments = (
        line for text in project.sources.values() for line in text.splitlines() if "#" in line
    )
    for line in comments:
        named = generator_in(line)
        if named.startswith("make ") or (named and host.file(f"{project.directory}/{named[2:]}")):
            found[named] = None
    for path in scripts_in(project.directory, host):
        found[f".{path.removeprefix(project.directory)}"] = None
    for name in host.entries(project.directory):
        if _COMPOSE.fullmatch(name) and f"{project.directory}/{name}" not in project.sources:
            found[f"docker compose -f {name} up"] = None
    for line in (host.read_text(f"{project.directory}/Makefile", 100_000) or "").splitlines():
        target = _TARGET.match(line)
        if target is not None:
            found[f"make {target[1]}"] = None
    for profile in _profiles(project):
        found[f"docker compose --profile {profile} up"] = None
    return tuple(found)[:_MOST]


def certificate_generator(project: Project, host: Host) -> str:
    """Return how a person runs the project's own generator of certificates, '' if it has none."""
    found = generators_of(project, host)
    return next((one for one in found if _CERTIFICATES.search(one)), "")


def scripts_in(directory: str, host: Host) -> Iterator[str]:
    """Yield the scripts of `directory`, and of its usual folders of scripts, that make secrets."""
    for folder in _FOLDERS:
        for name in host.entries(f"{directory}{folder}"):
            path = f"{directory}{folder}/{name}"
            if is_script_of_secrets(name, partial(host.read_text, path, 100_000)):
                yield path


def _profiles(project: Project) -> list[str]:
    """Return the profiles of services that are not started by themselves and sound like it."""
    names = re.findall(r"profiles:\s*\[([^\]]*)\]", "\n".join(project.sources.values()))
    words = [word.strip(" \"'") for one in names for word in one.split(",")]
    return [one for one in dict.fromkeys(words) if project.disabled and _PROFILE.fullmatch(one)]
