"""bootready makes a Docker Compose project boot on a fresh machine, and proves it."""

from __future__ import annotations

__all__: list[str] = []
