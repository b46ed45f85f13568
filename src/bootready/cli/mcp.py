"""`bootready mcp`: check, explain, diagnose and plan for an agent, which may look and not touch."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser
from bootready.errors import UsageError
from bootready.version import VERSION

EXAMPLES = """examples:
  bootready mcp                      projects at and below this directory
  bootready mcp --root ~/src/shop    those of another, also given several times
  bootready mcp --engine none        without the Docker Engine
"""


def run(arguments: list[str]) -> int:
    """Serve until the agent ends it; 0, 2 if the extra `mcp` is not installed."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready mcp",
        description="Serve an agent by the Model Context Protocol on standard input and output:\n"
        "check, explain, diagnose, plan, and the catalogue, as tools. It changes nothing, and looks"
        "\nonly at projects below the directories that are named here.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        action="append",
        default=[],
        help="a directory whose projects may be looked at (default: this one)",
    )
    parser.add_argument(
        "--engine", choices=("auto", "none"), default="auto", help="none: do not query the engine"
    )
    options = parser.parse_args(arguments)
    roots = tuple(map(os.path.realpath, options.root or ["."]))
    for named, root in zip(options.root, roots, strict=False):
        if not os.path.isdir(root):
            raise UsageError(f"'{named}' is not a directory")
    try:
        from bootready.mcp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "anyio"}:
            raise
        raise UsageError(
            "the server for agents needs the package 'mcp', which is not installed",
            "pip install 'bootready[mcp]'",
        ) from None
    from bootready.mcp.confined import Confined

    serve(VERSION, Confined(roots, os.environ, options.engine == "auto"))
    return 0
