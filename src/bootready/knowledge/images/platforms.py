"""The kernel's name of a processor -> the one in image references (containerd, platforms)."""

from __future__ import annotations

ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "arm",
    "armhf": "arm",
    "i386": "386",
    "i686": "386",
}
RUNS = {("amd64", "386"), ("arm64", "arm")}
"""What a processor runs without help."""


def architecture_of(machine: str) -> str:
    """Return the name in image references; one that is not known is its own."""
    return ARCHITECTURES.get(machine, machine)
