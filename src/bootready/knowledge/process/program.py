"""A service -> what can be said of its program without running it."""

from __future__ import annotations

from bootready.knowledge.process.argv import is_a_shell
from bootready.model.project import Service

_AT_ONCE = frozenset({"true", "/bin/true", "false", "/bin/false", "exit"})
_FOR_EVER = frozenset({"always", "unless-stopped"})


def ends_at_once(service: Service) -> bool:
    """Tell whether the whole program of a service is one that ends at once and stays ended."""
    words = _program(service)
    return bool(words) and words[0] in _AT_ONCE and service.restart not in _FOR_EVER


def always_fails(service: Service) -> bool:
    """Tell whether the program of a service is one that always exits with a failure."""
    match _program(service):
        case ["false" | "/bin/false", *_]:
            return True
        case ["exit", code]:
            return code.isdigit() and int(code) % 256 != 0
    return False


def _program(service: Service) -> list[str]:
    """Return the words that run, those of a shell's `-c` where there is one; [] if several run."""
    words = [*(service.entrypoint or ()), *(service.command or ())]
    if len(words) == 3 and is_a_shell(words[0]) and words[1] in {"-c", "-ec", "-lc"}:
        words = words[2].split()
    return words if len(words) <= 2 or words[0] in {"true", "false"} else []
