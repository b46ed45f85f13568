"""A service and its local image -> whether a program exists in its container, before there is one.

What a mount covers cannot be known, and a name that depends on it is neither there nor absent.
"""

from __future__ import annotations

from posixpath import normpath

from bootready.model.fact import FileFact, ImageFact
from bootready.model.lookup import entries_at, items_at, text_at
from bootready.model.node import Scalar
from bootready.model.project import Service
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Engine

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The engine's own, where neither image nor service set it (moby, DefaultPathEnv)."""


class Inside:
    """The root file system that a service's container would start with."""

    def __init__(self, service: Service, image: ImageFact, engine: Engine) -> None:
        self.service = service
        self.image = image
        self._engine = engine
        own = {entry.name: entry.value for entry in service.environment}
        self._path = own.get("PATH") or image.environment.get("PATH") or DEFAULT_PATH
        self.directory = text_at(service.node, "working_dir") or image.working_directory or "/"
        self._mounted = tuple(_mounted(service))

    def argv(self) -> tuple[str, ...]:
        """Return what the container runs: the service's words over those of the image."""
        entrypoint, command = self.service.entrypoint, self.service.command
        if entrypoint is None:
            return (*self.image.entrypoint, *(command or self.image.command))
        return (*entrypoint, *(command or (() if entrypoint else self.image.command)))

    def lacks(self, program: str) -> bool:
        """Tell whether `program` is certainly not there: a path, or a name looked up in PATH."""
        if "/" in program:
            path = program if program[0] == "/" else f"{self.directory.rstrip('/')}/{program}"
            path = normpath(path)
            return not self.covers(path) and self.at(path) is None
        return all(
            not self.covers(f"{folder}/{program}") and self.at(f"{folder}/{program}") is None
            for folder in self._path.split(":")
            if folder
        )

    def at(self, path: str) -> FileFact | None:
        """Return what lies at `path` in the image, or None."""
        return self._engine.image_path(self.service.image or "", path)

    def covers(self, path: str) -> bool:
        """Tell whether something is mounted at or above `path`."""
        return any(path == at or path.startswith(f"{at}/") for at in self._mounted)


def look_inside(service: Service, engine: Engine) -> Inside | str:
    """Return the inside of a service's local image, or why nobody can look; '' where it is absent.

    An image that the project builds may change with the next build: it counts as absent.
    """
    if not service.image or service.build is not None:
        return ""
    fact = engine.image(service.image)
    if fact is None or fact.system != "linux":
        return ""
    if not engine.sees_into(service.image):
        return f"cannot look into image '{service.image}' without making a container"
    return Inside(service, fact, engine)


def _mounted(service: Service) -> list[str]:
    found = [mount.target.rstrip("/") for mount in service.mounts]
    for grants, folder in ((service.secrets, "/run/secrets/"), (service.configs, "/")):
        for grant in grants:
            target = grant.target or grant.source
            found.append(target if target.startswith("/") else folder + target)
    for key in ("tmpfs", "devices"):
        for _, node in items_at(service.node, key):
            if isinstance(node, Scalar):
                found.append(str(node.value).partition(":")[0].rstrip("/"))
            else:
                found += [text_at(node, name) for name, _ in entries_at(node) if name == "target"]
    if text_at(service.node, "volumes_from") or next(items_at(service.node, "volumes_from"), None):
        found.append("")
    return found
