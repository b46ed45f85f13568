"""What Compose can say, each as a small project of its own -> its stack file.

`swarm/cases/*.txt` hold them: after a line ``## name`` what follows a service `web` of busybox in
YAML; attributes of `web` are indented by four, other services by two, and the top level by none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bootready.model.request import Request
from bootready.pipeline.stack import Rendered, rendered

CASES = Path(__file__).parent / "swarm/cases"
TOPICS = sorted(path.stem for path in CASES.iterdir())
FILES = {
    "included.yaml": b"services: {helper: {image: 'busybox:1'}}\n",
    ".env": b"REGION=north\n",
    "web.env": b"COLOUR=blue\n",
    "dollar.env": b"PRICE=5$$ and $REGION\n",
    "spec.json": b"{}\n",
    "token.txt": b"sesame\n",
    "empty.txt": b"",
    "Dockerfile": b"FROM busybox:1\n",
    "data/.keep": b"",
    "site/web.conf": b"listen 80\n",
    "site/run.sh": b"#!/bin/sh\n",
    "site/.keep": b"",
    "tls/ca.pem": b"-----BEGIN CERTIFICATE-----\n",
    "tls/server.key": b"-----BEGIN PRIVATE KEY-----\n",
}
LARGE, HUGE = 600 * 1024, 1100 * 1024
"""Bytes: too many for a secret, and for a config."""


class Case(NamedTuple):
    """One project: its name and its Compose file."""

    name: str
    text: str


def cases(topic: str) -> Iterator[Case]:
    """Yield the projects of one file, in its order."""
    for part in (CASES / f"{topic}.txt").read_text().split("## ")[1:]:
        name, _, rest = part.partition("\n")
        yield Case(name, f"services:\n  web:\n    image: busybox:1\n{rest}")


def plant(directory: Path) -> None:
    """Write the files that the projects mount, read and include."""
    large = {"large.bin": b"x" * LARGE, "huge.bin": b"x" * HUGE}
    for name, content in (FILES | large).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (directory / "site/run.sh").chmod(0o755)


def stack(directory: Path, case: Case) -> Rendered:
    """Return the stack of a case; the names of its secrets and configs are always the same.

    Raises ProjectError where Compose refuses the project.
    """
    (directory / "compose.yaml").write_text(case.text)
    request = Request(directory=str(directory), project_name="shop")
    return rendered(request, {"HOME": os.environ["HOME"]}, str(directory), _digest)


def _digest(_kind: str, content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:4]


def apart(made: Rendered, mark: str) -> Rendered:
    """Return a stack with every name marked but the network `default`, so that many of them fit
    into one file.
    """

    def marked_name(name: str) -> str:
        return name if name == "default" else mark + name

    content = made.stack.content
    inner = {"networks": content["networks"], "volumes": content["volumes"]}
    services = {}
    for name, entry in content["services"].items():
        changed = dict(entry)
        if "networks" in changed:
            changed["networks"] = {
                marked_name(key): one for key, one in changed["networks"].items()
            }
        changed["volumes"] = [
            {**one, "source": mark + one["source"]}
            if one.get("source") in inner["volumes"]
            else one
            for one in changed.get("volumes", [])
        ]
        for kind in ("secrets", "configs"):
            grants = changed.get(kind, [])
            changed[kind] = [{**one, "source": mark + one["source"]} for one in grants]
        services[mark + name] = changed
    marked = {
        kind: {marked_name(name): entry for name, entry in content[kind].items()}
        for kind in ("networks", "volumes", "secrets", "configs")
    }
    return made._replace(stack=made.stack._replace(content={"services": services, **marked}))


def joined(stacks: list[Rendered]) -> str:
    """Return the text of one stack with everything that these have."""
    kinds = ("services", "networks", "volumes", "secrets", "configs")
    content = {
        kind: {name: one for made in stacks for name, one in made.stack.content[kind].items()}
        for kind in kinds
    }
    return (
        stacks[0]
        ._replace(stack=stacks[0].stack._replace(content=content, losses=()))
        .text(reveal=True)
    )
