"""The entry point: ``bootready`` and ``python -m bootready``."""

from __future__ import annotations

import sys

from bootready.cli import run


def main() -> int:
    """Run the command line and return the exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
