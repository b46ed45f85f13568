"""The name of a command -> the parser that reads its command line, as its own help shows it.

There is no list of parsers beside the commands that could forget one: each is asked for its help.
"""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO

from bootready.cli.words.options import HelpShown, Parser


def parser_of(command: str) -> Parser:
    """Return the parser of `command`, made anew: the caller may change it."""
    module = __import__(f"bootready.cli.{command}", fromlist=["run"])
    try:
        with redirect_stdout(StringIO()):
            module.run(["--help"])
    except HelpShown as shown:
        return shown.parser
    raise AssertionError(f"'{command} --help' prints no help")
