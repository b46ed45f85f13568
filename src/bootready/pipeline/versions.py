"""The machine -> the versions that a bug report needs, each asked of what it is the version of."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from bootready.errors import BootreadyError
from bootready.typed import NamedTuple
from bootready.version import VERSION


class Part(NamedTuple):
    """One program; `version` is '' if it did not say, and `why` then says the reason."""

    name: str
    version: str
    why: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """More that is known of it, such as the operating system of an engine."""

    @property
    def text(self) -> str:
        """Return what is known, as one line."""
        if not self.version:
            return f"{self.name} unknown: {self.why}"
        details = ", ".join(f"{name} {value}" for name, value in self.details)
        return f"{self.name} {self.version}" + (f" ({details})" if details else "")


def versions(environ: Mapping[str, str]) -> tuple[Part, ...]:
    """Return bootready, Python, the system, Docker Compose and the engine; writes nothing."""
    return (
        Part("bootready", VERSION),
        Part("Python", platform.python_version()),
        Part(platform.system(), platform.release(), details=(("machine", platform.machine()),)),
        _compose(environ),
        _engine(environ),
    )


def _compose(environ: Mapping[str, str]) -> Part:
    from bootready.engine.compose import find_compose

    try:
        return Part("Docker Compose", find_compose(environ).version)
    except BootreadyError as error:
        return Part("Docker Compose", "", error.message)


def _engine(environ: Mapping[str, str]) -> Part:
    from bootready.engine.api import connect, items, text

    try:
        said = connect(environ).get("/version")
    except BootreadyError as error:
        return Part("Docker Engine", "", error.message)
    names = {"api": "ApiVersion", "system": "Os", "machine": "Arch", "kernel": "KernelVersion"}
    details = tuple((name, text(said, key)) for name, key in names.items() if text(said, key))
    parts = [text(part, "Name") for part in items(said, "Components")]
    name = "Podman" if "Podman Engine" in parts else "Docker Engine"
    return Part(name, text(said, "Version"), details=details)
