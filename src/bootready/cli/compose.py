"""`bootready compose`: what Docker Compose calls for ``provider: {type: bootready}``.

Compose runs ``bootready compose --project-name=NAME up [--OPTION=VALUE]... SERVICE`` where it was
started itself, with the variables of the project, and reads JSON messages, one a line:
https://github.com/docker/compose/blob/main/docs/extension.md
"""

from __future__ import annotations

import json
import os
import sys

from bootready.errors import BootreadyError, ProjectError
from bootready.model.printable import safe_json
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

METADATA = {
    "description": "Prepares this project before its services start, and checks it.",
    "up": {
        "parameters": [
            {
                "name": "file",
                "description": "a Compose file, if it was named with -f",
                "required": False,
                "type": "string",
            },
            {
                "name": "check",
                "description": "false: prepare only",
                "required": False,
                "type": "boolean",
                "default": "true",
            },
        ]
    },
    "down": {"parameters": []},
}


def run(arguments: list[str]) -> int:
    """Do what Compose asks for; 0 where the services may start, 1 where they could not."""
    if arguments == ["metadata"]:
        print(json.dumps(METADATA))
        return 0
    from bootready.cli.words.options import Parser

    parser = Parser(
        prog="bootready compose",
        description="Called by Docker Compose for 'provider: {type: bootready}'.",
    )
    parser.add_argument("--project-name", default="")
    parser.add_argument("action", choices=("up", "down", "metadata"))
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--check", default="true")
    parser.add_argument("service", nargs="?", default="")
    options, unknown = parser.parse_known_args(arguments)
    if options.action == "metadata":
        print(json.dumps(METADATA))
        return 0
    if options.action == "down":
        return 0  # what was prepared stays, as after `bootready prepare`
    # After an option, argparse takes the name of the service for an unknown argument.
    for name in (word for word in unknown if word.startswith("-")):
        _tell("info", f"option '{name}' is unknown to bootready and was ignored")
    try:
        return _up(options)
    except ProjectError as error:
        return _refuse("; ".join(problem.message for problem in error.problems))
    except BootreadyError as error:
        return _refuse(error.message)


def _up(options: Namespace) -> int:
    project = ["-p", options.project_name] if options.project_name else []
    files = [word for name in options.file for word in ("-f", name)]
    _tell("info", "preparing")
    code, said = _prepared([*project, *files])
    for line in said:
        _tell("debug", line)
    if code > 1:
        return _refuse(said[-1] if said else "the project could not be prepared")
    if options.check.lower() == "false":
        _tell("info", "prepared")
        return 0
    _tell("info", "checking")
    return _checked(options)


def _prepared(arguments: list[str]) -> tuple[int, list[str]]:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from bootready.cli import run as run_command

    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = run_command(["prepare", *arguments])
    return code, [line for line in said.getvalue().splitlines() if line.strip()]


def _checked(options: Namespace) -> int:
    from bootready.check.settings import read_settings
    from bootready.model.finding import Severity
    from bootready.model.request import Request
    from bootready.pipeline import check, load, observe, root_of
    from bootready.report.formats.text import is_ready

    name = options.project_name or None
    project = load(Request(files=tuple(options.file), project_name=name), os.environ)
    settings = read_settings(project.directory, root_of(project.directory))
    verdict = check(observe(project, os.environ), settings=settings)
    if is_ready(verdict, Severity.ERROR):
        _tell("info", "ready to boot")
        return 0
    errors = [one for one in verdict.findings if one.severity is Severity.ERROR]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    first = errors[0].message if errors else "nothing could be checked"
    return _refuse(f"not ready: {first}{more}; `bootready check` shows where, and how to fix it")


def _refuse(message: str) -> int:
    _tell("error", message)
    return 1


def _tell(kind: str, message: str) -> None:
    print(safe_json({"type": kind, "message": message}, indent=None), file=sys.stdout, flush=True)
