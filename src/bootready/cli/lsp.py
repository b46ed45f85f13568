"""`bootready lsp`: findings, repairs and explanations in an editor, while its file is typed."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser
from bootready.errors import UsageError
from bootready.version import VERSION

EXAMPLES = """examples:
  bootready lsp       started by an editor, which speaks on standard input and output
"""


def run(arguments: list[str]) -> int:
    """Serve until the editor ends it; 0, 2 if the extra `lsp` is not installed."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready lsp",
        description="Serve an editor by the Language Server Protocol: findings while you type,\n"
        "where a value comes from, its definition, and the repairs of `bootready fix`.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stdio", action="store_true", help="the default, which editors may pass")
    parser.parse_args(arguments)
    try:
        from bootready.lsp.features import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise UsageError(
            "the language server needs the package 'pygls', which is not installed",
            "pip install 'bootready[lsp]'",
        ) from None
    serve(VERSION, os.environ)
    return 0
