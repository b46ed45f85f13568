"""Images that are not on this machine -> which of their registries answer the engine.

The engine is asked and not the network, as it may have a mirror or a proxy of its own: one
`docker pull` per registry, all at once, ended at the first line that shows an answer.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

ANSWERS_WITHIN = 30.0
"""Seconds; the engine itself gives up after 15 to 20."""

# dockerd prints the first once it has the manifest (distribution/pull_v2.go), podman the last.
_ANSWERED = re.compile(r": Pulling from |^Status: |^Digest: |^Getting image source")
# The error codes of the distribution specification, as docker and containerd put them.
_REFUSED = re.compile(
    r"toomanyrequests|too many requests|manifest (?:unknown|for \S+ not found)|no matching manifest"
    r"|name (?:unknown|invalid)|repository \S+ not found|: not found$|unauthorized|denied"
    r"|authentication required|no basic auth credentials",
    re.IGNORECASE,
)


class Answer(NamedTuple):
    """What a registry answered when it was asked for `image`."""

    registry: str
    image: str
    reachable: bool
    refusal: str = ""
    """Why the registry refuses the image, in the engine's words; '' if it gives it."""
    silence: str = ""
    """Why it counts as unreachable, in the engine's words."""


def registry_of(image: str) -> str:
    """Return the registry of an image reference, such as `quay.io`."""
    first, slash, _ = image.partition("/")
    named = slash and (":" in first or "." in first or first == "localhost")
    return first if named else "docker.io"


def ask_registries(images: list[str], within: float = ANSWERS_WITHIN) -> Mapping[str, Answer]:
    """Ask the registry of each image, once, for the first of its images; by registry.

    Args:
        images: References that are not on this machine.
        within: Seconds after which a registry counts as unreachable.

    """
    first: dict[str, str] = {}
    for image in images:
        first.setdefault(registry_of(image), image)
    if not first:
        return {}
    with ThreadPoolExecutor(max_workers=len(first)) as pool:
        answers = pool.map(lambda pair: _ask(*pair, within), first.items())
        return {answer.registry: answer for answer in answers}


def _ask(registry: str, image: str, within: float) -> Answer:
    with subprocess.Popen(
        ["docker", "pull", image],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        ended = threading.Timer(within, process.kill)
        ended.start()
        last = ""
        try:
            for line in process.stdout or ():
                if _ANSWERED.search(line):
                    return Answer(registry, image, reachable=True)
                last = line.strip() or last
        finally:
            ended.cancel()
            process.kill()  # the rest is pulled by `up`, which shows how far it is
    words = last.removeprefix("Error response from daemon: ")
    if _REFUSED.search(words):
        return Answer(registry, image, reachable=True, refusal=words)
    return Answer(registry, image, reachable=False, silence=words or f"nothing for {within:g} s")
