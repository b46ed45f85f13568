"""The entry point: ``bootready`` and ``python -m bootready``."""

from __future__ import annotations

import gc
import os
import sys

READERS = frozenset({"check", "config", "explain", "--version", "-V"})
"""Commands that write nothing and start nothing: all they leave behind is what they printed."""
_INTERRUPTED = 130


def main() -> int:
    """Run the command line and return the exit code; leave the process where that is quicker.

    Taking the model of a large project apart costs as much as building it, and nobody looks at it
    any more: after a command that only reads, the process ends as soon as its output is out.
    Nor is anything it makes garbage: the collector, which would look through all that is imported
    again and again, stays off.

    Ctrl-C before the command line is there to answer it ends as it does afterwards: with 130. If it
    came while Python evaluated a string, as namedtuple does, Python would end by the signal however
    we answered it.
    """
    reads = not READERS.isdisjoint(sys.argv[1:2])
    if reads:
        gc.disable()
    try:
        from bootready import imports

        imports.find_own_modules(imports.__spec__)
        from bootready.cli import run

        as_plugin = ["docker"] if os.path.basename(sys.argv[0]) == "docker-bootready" else []
        code = run([*as_plugin, *sys.argv[1:]])
    except KeyboardInterrupt:
        print("bootready: interrupted", file=sys.stderr)  # noqa: T201 - the command line is not there
        code = _INTERRUPTED
    if code != _INTERRUPTED and not reads:
        return code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        # The reader of our output is gone; the ordinary way out reports that.
        return code
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
