"""Secrets, configs and mounted files -> the secrets and configs of a stack, named by content.

The cluster keeps a secret or config for good: another content under the same name is refused
("only updates to Labels are allowed"). So the name has a hash of the content in it, and a change
makes a new one, which renews the tasks that use it.
"""

from __future__ import annotations

from collections.abc import Callable

from bootready.knowledge.secrets.names import names_a_secret
from bootready.model.lookup import at, text_at
from bootready.model.node import Plain, plain
from bootready.model.project import FileObject, Project
from bootready.regex import regex
from bootready.swarm.losses import Loss, Teller
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

LIMITS = {"secrets": 500 * 1024, "configs": 1000 * 1024}
"""Bytes that the content must be smaller than (moby/swarmkit, api/validation/secrets.go)."""
_LONGEST_NAME = 64
_UNFIT = regex(r"[^A-Za-z0-9_.-]+")

Digest = Callable[[str, bytes], str]
"""``secrets`` or ``configs`` and a content -> what stands for the content in a name."""


class Created(NamedTuple):
    """A secret or config that has to be created before the deployment, by standard input.

    `kind` is ``secrets`` or ``configs``, `key` is its name in the Compose file, `name` the one in
    the cluster. Never print `content`.
    """

    kind: str
    key: str
    name: str
    content: bytes


class Objects:
    """Gathers the secrets and configs of a stack by their keys in its file."""

    def __init__(
        self, project: Project, host: Host, digest: Digest, place: Callable[[str], str]
    ) -> None:
        self.project = project
        self.host = host
        self.digest = digest
        self.place = place
        """Returns a path as the stack file has it."""
        self.made: dict[str, dict[str, Plain]] = {"secrets": {}, "configs": {}}
        self.created: list[Created] = []
        self.losses: list[Loss] = []
        self._files: dict[str, tuple[str, str]] = {}

    def declare(self, kind: str, key: str) -> None:
        """Add a secret or config that the project declares, if it is not there yet."""
        listed = self.project.secrets if kind == "secrets" else self.project.configs
        one = next((found for found in listed if found.name == key), None)
        if one is None or key in self.made[kind]:
            return
        teller = Teller(one.location, one.node)
        self.made[kind][key] = self._declared(kind, one, teller)
        self.losses += teller.found

    def _declared(self, kind: str, one: FileObject, teller: Teller) -> dict[str, Plain]:
        made: dict[str, Plain] = {}
        for name in ("labels", "driver", "driver_opts", "template_driver"):
            node = at(one.node, name)
            if node is not None:
                made[name] = plain(node)
        name = text_at(one.node, "name") or one.name
        if one.external:
            what = f"has to exist in the swarm as '{name}'"
            teller.needed((), what, "the deployment is refused without it", "stack-object-needed")
            return {"external": True, "name": name}
        if one.file is None:
            return self._given(kind, one, made, teller)
        made = {"file": self.place(one.file), **made}
        content = self.host.read_bytes(one.file, LIMITS[kind] + 1)
        if content is None:
            fact = self.host.file(one.file)
            if fact is not None and fact.kind == "file" and fact.size > LIMITS[kind]:
                _too_large(kind, ("file",), fact.size, teller)
            return made  # a file that does not exist is the matter of another check
        if self._fits(kind, ("file",), content, teller):
            made["name"] = self._name(kind, one.name, content)
        return made

    def _given(
        self, kind: str, one: FileObject, made: dict[str, Plain], teller: Teller
    ) -> dict[str, Plain]:
        """Return one whose content is in the Compose file or in a variable."""
        way = "environment" if one.environment else "content"
        if one.environment:
            variable = self.project.variables.get(one.environment)
            content = variable.value.encode() if variable else b""
        else:
            content = text_at(one.node, "content").encode()
        if made.get("driver"):
            return made
        if not self._fits(kind, (way,), content, teller):
            return {"external": True, "name": f"{self.project.name}_{one.name}"}
        name = self._name(kind, one.name, content)
        teller.needed(
            (way,),
            "its content is not in a file, so it has to be created before the deployment",
            "the deployment is refused without it",
            "stack-object-needed",
            f"docker {kind.removesuffix('s')} create NAME -, with the content on standard input"
            " and the name that the stack file has",
        )
        self.created.append(Created(kind, one.name, name, content))
        return {"external": True, "name": name}

    def carry(self, path: str, content: bytes, *, secret: bool) -> tuple[str, str]:
        """Return the kind and the key of a mounted file that becomes a secret or a config."""
        kind = "secrets" if secret else "configs"
        found = self._files.get(path)
        if found:
            return found
        below = path.removeprefix(f"{self.project.directory}/")
        base = _UNFIT.sub("-", below).strip("-._") or "file"
        key, number = base, 2
        while key in self.made[kind] or any(one.name == key for one in self._listed(kind)):
            key, number = f"{base}-{number}", number + 1
        self.made[kind][key] = {"file": self.place(path), "name": self._name(kind, key, content)}
        self._files[path] = (kind, key)
        return kind, key

    def _listed(self, kind: str) -> tuple[FileObject, ...]:
        return self.project.secrets if kind == "secrets" else self.project.configs

    def _name(self, kind: str, key: str, content: bytes) -> str:
        digest = self.digest(kind, content)
        head = f"{self.project.name}_{key}"[: _LONGEST_NAME - len(digest) - 1]
        return f"{head}-{digest}"

    def _fits(self, kind: str, keys: tuple[str, ...], content: bytes, teller: Teller) -> bool:
        if not content:
            teller.refused(
                keys,
                "is empty, which the swarm does not take",
                "the deployment fails",
                "give it a content, or leave it out",
                check="stack-secret-too-large",
            )
        elif len(content) >= LIMITS[kind]:
            _too_large(kind, keys, len(content), teller)
        return bool(content) and len(content) < LIMITS[kind]


def _too_large(kind: str, keys: tuple[str, ...], size: int, teller: Teller) -> None:
    limit = LIMITS[kind]
    teller.refused(
        keys,
        f"has {size:,} bytes, must be smaller than {limit:,}",
        "the deployment fails",
        "put it into the image or into a volume",
        check="stack-secret-too-large",
    )


def is_secret_file(path: str, content: bytes) -> bool:
    """Tell whether a mounted file is to be kept as a secret: by what it holds, or is called."""
    if b"PRIVATE KEY-----" in content:
        return True
    folders, _, name = path.rpartition("/")
    return "secrets" in folders.split("/") or names_a_secret(name.partition(".")[0])
