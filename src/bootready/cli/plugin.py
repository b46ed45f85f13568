"""`bootready plugin`: makes `docker bootready` work, in the user's own directory; and undoes it."""

from __future__ import annotations

import os
import sys

from bootready.apply.plugin import Plugin, find_plugin, install, uninstall
from bootready.cli.words.consent import agreed
from bootready.cli.words.options import Parser
from bootready.errors import BootreadyError
from bootready.model.printable import printable

EXAMPLES = """examples:
  bootready plugin                whether `docker bootready` is installed, and where
  bootready plugin install        show the file that it writes, and ask
  bootready plugin uninstall      remove that file
  docker bootready check          what it is for
"""


def run(arguments: list[str]) -> int:
    """Show, install or remove the plugin; 0 done, 1 refused."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready plugin",
        description="Run bootready as `docker bootready`, by a plugin of the docker client.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "action", nargs="?", choices=("status", "install", "uninstall"), default="status"
    )
    parser.add_argument("--yes", action="store_true", help="install it without asking")
    options = parser.parse_args(arguments)
    plugin = find_plugin(os.environ, _program())
    shown = printable(plugin.path)
    if options.action == "install":
        _install(plugin, assume_yes=options.yes)
        print(f"installed: {shown}; `bootready plugin uninstall` removes it")
    elif options.action == "uninstall":
        print(f"removed: {shown}" if uninstall(plugin) else "nothing to remove")
    else:
        print(_status(plugin, shown))
    return 0


def _install(plugin: Plugin, *, assume_yes: bool) -> None:
    if plugin.present == plugin.wanted:
        return
    print(f"{printable(plugin.path)}:", file=sys.stderr)
    for line in plugin.wanted.splitlines():
        print(f"  {printable(line)}", file=sys.stderr)
    if not (assume_yes or agreed("write this file?")):
        raise BootreadyError("nothing was installed", "answer `y`, or use --yes")
    install(plugin)


def _status(plugin: Plugin, shown: str) -> str:
    if plugin.present is None:
        return "not installed; `bootready plugin install` installs it"
    if not plugin.is_ours:
        return f"not installed: {shown} was not made by bootready"
    if plugin.present != plugin.wanted:
        return f"installed by another version: {shown}; `bootready plugin install` renews it"
    return f"installed: {shown}"


def _program() -> tuple[str, ...]:
    """Return how this bootready is started: its own script, or the interpreter that runs it."""
    script = os.path.abspath(sys.argv[0])
    if os.path.basename(script).startswith("bootready") and os.access(script, os.X_OK):
        return (script,)
    return (sys.executable, "-P", "-m", "bootready")
