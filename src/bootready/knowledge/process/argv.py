"""A service and the path of a value in it -> whether a shell of the container reads that value."""

from __future__ import annotations

from bootready.model.position import YamlPath
from bootready.model.project import Service

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})


def is_a_shell(word: str) -> bool:
    """Tell whether the first word of a command starts a shell, by its name on any path."""
    return word.rpartition("/")[2] in SHELLS


def reaches_shell(service: Service, path: YamlPath) -> bool:
    """Tell whether a shell reads what stands at `path` (in command, entrypoint or healthcheck).

    Neither `command: echo $A` nor ``[CMD, echo, $A]`` starts one: there `$$A` stays as it is.
    """
    if path[2:3] == ("healthcheck",):
        test = service.healthcheck.test if service.healthcheck else ()
        return test[:1] == ("CMD-SHELL",) or is_shell(test[1:])
    entrypoint, command = service.entrypoint or (), service.command or ()
    return is_shell((*entrypoint, *command))


def is_shell(argv: tuple[str, ...]) -> bool:
    """Tell whether `argv` is a shell with a script in an argument, as in ``sh -ec SCRIPT``."""
    for position, word in enumerate(argv):
        if is_a_shell(word):
            flags = argv[position + 1 : position + 4]
            return any(flag.startswith("-") and flag.endswith("c") for flag in flags)
    return False
