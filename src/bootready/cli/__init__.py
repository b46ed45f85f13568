"""The command line: the name of a command picks its module; arguments in, exit code out.

Only the module of the command that runs is imported, so that start-up stays cheap.
"""

from __future__ import annotations

import os
import sys
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from io import TextIOWrapper

from bootready.system import IS_WINDOWS
from bootready.version import VERSION

COMMANDS = {
    "check": "check every prerequisite of the first boot, in one run; writes nothing",
    "prepare": "create what is missing: .env, secrets, certificates, directories",
    "apply": "carry out exactly the plan that prepare or fix saved",
    "undo": "remove the files that prepare created and that have not changed since",
    "certs": "show the certificates; trust their authority on request",
    "secrets": "show the secrets, never their values; rotate one",
    "fix": "repair mechanical faults in tracked files, as a diff",
    "validate": "check a fresh clone of the project, as CI does",
    "baseline": "write down what is found today, so that only new findings fail",
    "up": "prepare, check, boot, watch and verify",
    "down": "take the project down, and say when it is gone; data stays",
    "status": "show the current state of every service",
    "serve": "follow the stack on a page in the browser",
    "diagnose": "explain why a running stack is not up",
    "bundle": "gather the evidence for a bug report, secrets masked",
    "config": "print the resolved model, as `docker compose config` does",
    "explain": "explain a check, a variable, a secret or a value of the model",
    "stack": "print the project as a stack file for Docker Swarm, and what is lost in it",
    "images": "show the images, and what is known of each",
    "report": "show the whole project: an HTML page with its graph, SVG, PNG, Mermaid, JSON, SARIF",
    "runbook": "write the runbook of the first boot, from the model",
    "checks": "list the catalogue of checks",
    "completion": "print a completion script for bash, zsh or fish",
    "lsp": "serve an editor: findings and repairs while you type",
    "mcp": "serve an agent: check, explain, diagnose and plan, which change nothing",
    "plugin": "run bootready as `docker bootready`",
    "version": "show the versions that a bug report needs",
}
HIDDEN = {
    "compose": "called by Docker Compose for `provider: {type: bootready}`",
    "docker": "called by the docker client for `docker bootready`",
    "names": "called by the scripts of `bootready completion`",
}
"""Commands that programs call, not people."""

_FULL = frozenset({ENOSPC, EDQUOT, EFBIG, EIO, EBADF})
"""What the writing of an output ends with; an error about a file names it."""


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    0 ready; 1 findings or a failed boot; 2 project or command line cannot be read; 3 our own
    fault; 130 interrupted.
    """
    if arguments[:1] == ["help"] and arguments[1:2] and not arguments[1].startswith("-"):
        arguments = [arguments[1], "--help"]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0 if arguments else 2
    if arguments[0] in {"-V", "--version"}:
        if arguments[1:] not in (["-v"], ["--verbose"]):
            print(f"bootready {VERSION}")
            return 0
        arguments = ["version"]
    if arguments[0].startswith("-"):
        from bootready.cli.words.options import command_first

        arguments = command_first(arguments)
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS and name not in HIDDEN:
        _complain(f"unknown command '{name}'", _meant(name))
        return 2
    if IS_WINDOWS:
        from bootready.cli.words.windows import begin

        if refusal := begin(name, rest):
            _complain(*refusal)
            return 2
    return _guarded(name, rest)


_ELSEWHERE = {
    "doctor": "check",
    "init": "prepare",
    "lint": "validate",
    "logs": "diagnose",
    "preflight": "check",
    "ps": "status",
    "setup": "prepare",
    "start": "up",
}
"""What other programs call our commands."""


def _meant(name: str) -> str:
    """Return what was perhaps meant by a command that does not exist."""
    if name.endswith((".yaml", ".yml")):
        return f"name what to do with it: bootready check -f {name}"
    from bootready.model.near import nearest

    near = [_ELSEWHERE[name]] if name in _ELSEWHERE else nearest(name, COMMANDS)
    if near:
        return f"did you mean '{near[0]}'? bootready --help lists all commands"
    return f"one of: {', '.join(COMMANDS)}"


def overview() -> str:
    """Return the text of ``bootready --help``."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        [
            "usage: bootready COMMAND [-C DIR] [-f FILE]... [options]",
            "",
            "Makes a Docker Compose project boot on a fresh machine, and proves it.",
            "",
            *lines,
            "",
            "`bootready COMMAND --help` shows the options of one command, with examples.",
        ]
    )


def _guarded(name: str, arguments: list[str]) -> int:
    from bootready.errors import BootreadyError, ProjectError

    _make_writable()
    try:
        code = int(__import__(f"bootready.cli.{name}", fromlist=["run"]).run(arguments))
        sys.stdout.flush()  # here, where it can still be said that it did not work
        return code
    except ProjectError as error:
        from bootready.report.formats.text import problem_text

        for problem in error.problems:
            print(f"bootready: {problem_text(problem)}", file=sys.stderr)
        return error.exit_code
    except BootreadyError as error:
        _complain(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted", "")
        return 130
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None and _is_nowhere():
            _complain("the current directory no longer exists", "change to another directory")
            return 2
        if error.filename is not None or error.errno not in _FULL:
            return _internal(error)
        _complain(f"the output cannot be written: {error.strerror}", "")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (MemoryError, RecursionError) as error:
        what = "memory" if isinstance(error, MemoryError) else "levels of nesting"
        _complain(f"the project is too large: it needs more {what} than available", "")
        return 2
    except Exception as error:  # noqa: BLE001 - whatever else it is, the fault is ours
        return _internal(error)


def _is_nowhere() -> bool:
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def _internal(error: Exception) -> int:
    from traceback import format_exception

    from bootready.knowledge.secrets.forms import masked_lines
    from bootready.model.printable import printable_lines

    sys.stderr.write(printable_lines(masked_lines("".join(format_exception(error)))))
    _complain(f"internal error: {type(error).__name__}", "report this with the output above")
    return 3


def _make_writable() -> None:
    """Let every text be written: escaped where the encoding has no place, lost where it is closed.

    A closed stream is None, and its number would be given to the next file that is opened.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until we end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until we end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _complain(message: str, hint: str) -> None:
    from bootready.knowledge.secrets.forms import masked
    from bootready.model.printable import printable

    print(f"bootready: {printable(masked(message))}", file=sys.stderr)
    if hint:
        print(f"   = hint: {printable(masked(hint))}", file=sys.stderr)
