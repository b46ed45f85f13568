"""A service -> what can be said of its program without running it."""

from __future__ import annotations

from bootready.model.project import Service

_AT_ONCE = frozenset({"true", "/bin/true", "false", "/bin/false", "exit 0", "exit 1"})


def ends_at_once(service: Service) -> bool:
    """Tell whether the whole program of a service is one that ends at once and stays ended."""
    if service.restart in {"always", "unless-stopped"}:
        return False
    words = service.entrypoint or service.command or ()
    return words[:1] != () and (words[0] in _AT_ONCE or words[-1:] == ("exit 0",))


def always_fails(service: Service) -> bool:
    """Tell whether the program of a service is one that always exits with a failure."""
    words = service.entrypoint or service.command or ()
    return words[:1] != () and words[0] in {"false", "/bin/false", "exit 1"}
