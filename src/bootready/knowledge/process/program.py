"""A service -> what can be said of its program without running it."""

from __future__ import annotations

from bootready.knowledge.process.argv import is_a_shell
from bootready.model.project import Service

_AT_ONCE = frozenset({"true", "/bin/true", "false", "/bin/false", "exit"})
_FOR_EVER = frozenset({"always", "unless-stopped"})
_PASSING = frozenset({"echo", "printf", "set", ":", "true"})
"""Commands that a script goes on after at once, whatever their arguments."""

_SHORT_SECONDS = 60
"""A script that sleeps longer is a service that ends one day, on purpose."""

_NOT_PLAIN = frozenset("$`|<>()*?&{}\n\"'\\#")
"""A script with one of these is not read as a list of commands."""


def ends_at_once(service: Service) -> bool:
    """Tell whether the whole program of a service is one that ends at once and stays ended."""
    words = _program(service)
    return bool(words) and words[0] in _AT_ONCE and service.restart not in _FOR_EVER


def restarts_forever(service: Service) -> bool:
    """Tell whether the whole program of a service ends at once and is started again every time."""
    words = _program(service)
    return bool(words) and words[0] in _AT_ONCE and service.restart in _FOR_EVER


def always_fails(service: Service) -> bool:
    """Tell whether the program of a service is one that always exits with a failure."""
    *before, last = _script(service) or [[]]
    return all(map(_goes_on, before)) and _fails(last)


def _goes_on(words: list[str]) -> bool:
    match words:
        case ["sleep", seconds]:
            return seconds.isdigit() and int(seconds) <= _SHORT_SECONDS
        case [first, *_]:
            return first in _PASSING
    return False


def _fails(words: list[str]) -> bool:
    match words:
        case ["false" | "/bin/false", *_]:
            return True
        case ["exit", code]:
            return code.isdigit() and int(code) % 256 != 0
    return False


def _script(service: Service) -> list[list[str]]:
    """Return the commands of a shell's plain script, or the one command without a shell."""
    words = [*(service.entrypoint or ()), *(service.command or ())]
    if len(words) == 3 and is_a_shell(words[0]) and words[1] in {"-c", "-ec", "-lc"}:
        text = words[2]
        if _NOT_PLAIN & set(text):
            return []
        return [command.split() for command in text.rstrip("; ").split(";")]
    return [_program(service)]


def _program(service: Service) -> list[str]:
    """Return the words that run, those of a shell's `-c` where there is one; [] if several run."""
    words = [*(service.entrypoint or ()), *(service.command or ())]
    if len(words) == 3 and is_a_shell(words[0]) and words[1] in {"-c", "-ec", "-lc"}:
        words = words[2].split()
    return words if len(words) <= 2 or words[0] in {"true", "false"} else []
