"""`bootready completion`: every command and option -> a completion script for bash, zsh or fish.

The script is shtab's, made from the parsers of the commands. Names of the project are asked of
`bootready names` at each Tab, as they change.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser

from bootready.cli.words.completing import KINDS_OF_NAMES, completing
from bootready.cli.words.options import Parser, add_project_options
from bootready.errors import UsageError

EXAMPLES = """examples:
  bootready completion bash   in ~/.local/share/bash-completion/completions/bootready
  bootready completion zsh    in a file _bootready in a directory of $fpath
  bootready completion fish   in ~/.config/fish/completions/bootready.fish
"""

_PREAMBLES = {
    "bash": """\
_bootready_names() {
  local name
  while IFS= read -r name; do
    [[ $name == "$2"* ]] && printf '%s\\n' "$name"
  done < <(command bootready names "$1" "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}""",
    "zsh": """\
_bootready_names() {
  local -a names
  names=(${(f)"$(command bootready names "$1" "${(@)words[1,CURRENT-1]}" 2>/dev/null)"})
  compadd -a names
}""",
    "fish": """\
function _bootready_names
  set -l words (commandline -opc)
  command bootready names $argv[1] $words[2..] 2>/dev/null
end""",
}
_ONE = {
    "bash": '_bootready_{kind}() {{ _bootready_names {kind} "$1"; }}',
    "zsh": "_bootready_{kind}() {{ _bootready_names {kind} }}",
}
"""A function for each kind, as bash and zsh call one without arguments of its own."""


def run(arguments: list[str]) -> int:
    """Print the script; 0, 2 if it cannot be made."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready completion",
        description="Print a script that completes commands, options, checks and what the project"
        " has:\nservices, profiles, variables, secrets.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=tuple(_PREAMBLES), help="the shell that reads it")
    print(script(parser.parse_args(arguments).shell))
    return 0


def script(shell: str) -> str:
    """Return the completion script for `shell`. Raises UsageError if shtab is not installed."""
    try:
        import shtab
    except ImportError:
        raise UsageError(
            "completion scripts are made by the package 'shtab', which is not installed",
            "pip install shtab",
        ) from None
    lines = [_PREAMBLES[shell]]
    if shell in _ONE:
        lines += [_ONE[shell].format(kind=kind) for kind in KINDS_OF_NAMES]
    made: str = shtab.complete(_whole(), shell, preamble="\n".join(lines))
    return made


def _whole() -> ArgumentParser:
    """Return one parser of all commands, each argument with what completes it."""
    from bootready.cli import COMMANDS
    from bootready.cli.words.parsers import parser_of

    root = Parser(prog="bootready")
    root.add_argument("-V", "--version", action="version", version="", help="print the version")
    add_project_options(root)
    commands = root.add_subparsers()
    for name, words in COMMANDS.items():
        command = parser_of(name)
        commands.add_parser(name, help=words, description=words, parents=[command], add_help=False)
    for parser in (root, *commands.choices.values()):
        for action in parser._actions:  # noqa: SLF001 - argparse has no other list of them
            _completed(action, parser.prog)
    return root


def _completed(action: Action, program: str) -> None:
    """Say at an argument what completes it."""
    import shtab

    found = completing(action, program)
    if found.names:
        functions = {"fish": f"(_bootready_names {found.names})"}
        functions |= dict.fromkeys(_ONE, f"_bootready_{found.names}")
        action.complete = functions  # type: ignore[attr-defined]  # shtab looks for it
    elif found.files:
        action.complete = shtab.FILE  # type: ignore[attr-defined]  # as above
    elif found.directories:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # as above
    elif found.words and action.choices is None:
        action.choices = found.words
