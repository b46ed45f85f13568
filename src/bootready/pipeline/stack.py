"""Takes a request; returns the stack file of the project as text, and what it cannot say."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping

from bootready.boot.secret_files import project_redactor
from bootready.errors import ProjectError
from bootready.host.local import LocalHost
from bootready.knowledge.secrets.forms import MASK
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.node import Plain
from bootready.model.printable import printable, printable_lines
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.resolve.show.yaml_text import yaml_text
from bootready.swarm.losses import Loss
from bootready.swarm.objects import Digest
from bootready.swarm.stack import VERSION, Stack, stack_of
from bootready.typed import NamedTuple

HIDDEN = "${BOOTREADY_HIDDEN:?bootready stack hides a secret here}"
"""Stands for a secret that is not shown: `docker stack deploy` refuses it, with these words.

Without a hyphen: the loader looks for one first, and would take what follows it as the value.
"""
_HEAD = """\
Made by `bootready stack`: change the Compose
# files instead. As with Compose, a name resolves to the addresses of its containers (dnsrr), and a
# port is published by the machine that runs the container (mode: host)."""
_KEY = "swarm-key"
"""The file of the state directory with the key of the names of secrets."""
_DIGITS = 10
_NAMES = ("name", "file", "secrets", "configs")
"""What of an entry names secrets and files: a project called as its password would lose them."""


class Rendered(NamedTuple):
    """A project, its stack, and what masks its secrets."""

    project: Project
    stack: Stack
    redact: Redactor

    @property
    def hides(self) -> bool:
        """Whether the whole text has secrets in it, which the text for a screen has not."""
        return self.text(reveal=True) != self.text(reveal=False)

    def text(self, *, reveal: bool) -> str:
        """Return the stack file; with `reveal` the values of secrets are in it."""
        head = f"# The stack of the project '{printable(self.project.name)}'. {_HEAD}"
        lines = [
            *head.splitlines(),
            f'version: "{VERSION}"',
        ]
        for kind, entries in self.stack.content.items():
            if entries:
                lines += ["", f"{kind}:"]
            for name, entry in entries.items():
                lines += [f"  # {self.comment(loss)}" for loss in self.about(kind, name)]
                lines += self.entry(name, entry, reveal=reveal)
        return "\n".join(lines) + "\n"

    def about(self, kind: str, name: str) -> list[Loss]:
        """Return the losses of one service, network and so on."""
        return [loss for loss in self.stack.losses if loss.location.path[:2] == (kind, name)]

    def comment(self, loss: Loss) -> str:
        """Return the words of a loss for one line, without a secret in them."""
        return printable(self.redact(loss.remark))

    def entry(self, name: str, entry: Plain, *, reveal: bool) -> list[str]:
        """Return the lines of one entry, its dollars doubled for the loader."""
        shown = entry if reveal else self.hidden(entry)
        filled = _each(shown, lambda text: _fill(text, reveal=reveal))
        return [f"  {line}" if line else line for line in _safe_yaml({name: filled}).split("\n")]

    def hidden(self, entry: Plain) -> Plain:
        """Return an entry without the values of secrets; the names and places of files stay."""
        shown = self.redact.value(entry)
        if not isinstance(shown, dict) or not isinstance(entry, dict):
            return shown
        return shown | {key: entry[key] for key in _NAMES if key in entry}


def rendered(
    request: Request, environ: Mapping[str, str], base: str, digest: Digest | None = None
) -> Rendered:
    """Return the stack of the project; paths of files in it are relative to the directory `base`.

    `digest` gives what stands for a content in a name, instead of a hash with this machine's key.
    Raises ProjectError where Compose would refuse the project.
    """
    project = load(request, environ)
    if project.problems:
        raise ProjectError(project.problems)
    digest = digest or _Names(project.directory, environ).digest
    stack = stack_of(project, LocalHost(environ), digest, lambda path: _below(path, base))
    return Rendered(project, stack, project_redactor(project))


class _Names:
    """What stands for a content in the name of a secret or config.

    A secret's is made with a key of this machine's state: from a plain hash a short one could be
    guessed, and names are shown by `docker secret ls`. What a config holds is shown to the same
    people anyway.
    """

    def __init__(self, directory: str, environ: Mapping[str, str]) -> None:
        self.directory = directory
        self.environ = environ
        self.key = b""

    def digest(self, kind: str, content: bytes) -> str:
        if kind == "configs":
            return hashlib.sha256(content).hexdigest()[:_DIGITS]
        self.key = self.key or self.stored()
        return hmac.new(self.key, content, hashlib.sha256).hexdigest()[:_DIGITS]

    def stored(self) -> bytes:
        """Return the project's key, made if there is none yet."""
        from secrets import token_bytes

        from bootready.apply.files.ground import ground_of
        from bootready.apply.files.journal import opened

        with opened(ground_of(self.directory), self.directory, self.environ) as journal:
            key = journal.read(_KEY)
            if not key:
                key = token_bytes(32)
                journal.write(_KEY, key)
        return key


def _below(path: str, base: str) -> str:
    """Return `path` as the loader reads it in a file that lies in `base`."""
    relative = os.path.relpath(path, base)
    return relative if relative.startswith("../") else f"./{relative}"


def _each(value: Plain, change: Callable[[str], str], *, keys: bool = False) -> Plain:
    """Return a value with every string in it changed, those that are keys only if asked to."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(item, change, keys=keys) for item in value]
    if isinstance(value, dict):
        return {
            change(key) if keys else key: _each(item, change, keys=keys)
            for key, item in value.items()
        }
    return value


def _safe_yaml(value: Plain) -> str:
    """Return a value as YAML with nothing in it that a screen or a log obeys.

    A string that does is written in double quotes, on one line, with escapes.
    """
    strange: dict[str, str] = {}

    def stand_in(text: str) -> str:
        if printable_lines(text) == text:
            return text
        return strange.setdefault(text, f"{mark}{len(strange)}.")

    mark = "escaped."
    while mark in repr(value):
        mark = f"x{mark}"
    made = yaml_text(_each(value, stand_in, keys=True)).removesuffix("\n")
    for text, name in strange.items():
        made = made.replace(name, f'"{"".join(map(_escaped, text))}"')
    return made


def _escaped(character: str) -> str:
    """Return a character for YAML's double quotes; only plain ones are written as they are."""
    if character.isascii() and (character.isalnum() or character in " ./-_="):
        return character
    code = ord(character)
    width = (2, "x") if code < 0x100 else (4, "u") if code < 0x10000 else (8, "U")
    return f"\\{width[1]}{code:0{width[0]}x}"


def _fill(text: str, *, reveal: bool) -> str:
    doubled = text.replace("$", "$$")
    # A function: a text with groups would be read as a template.
    return doubled if reveal else re.sub(re.escape(MASK), lambda _: HIDDEN, doubled)
