"""`bootready stack`: the project as a file for `docker stack deploy`, and what is lost in it."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.model.printable import printable, safe_json
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.pipeline.stack import Rendered

EXAMPLES = """examples:
  bootready stack                        the stack file, secrets hidden; the differences beside it
  bootready stack -o stack.yaml          write it whole, with the secrets of .env, mode 0600
  docker stack deploy -c stack.yaml shop       deploy what was written
  bootready stack --reveal | docker stack deploy -c - shop
  bootready stack --json                 the differences alone, for programs
  bootready stack web worker             only these services and what they depend on

a service says what it wishes for several machines in its Compose file:
  x-bootready: {swarm: {pin: disk=ssd, ports: ingress}}
"""


def run(arguments: list[str]) -> int:
    """Print the stack file; 0 if every service can be deployed, 1 if one cannot."""
    from bootready.pipeline.stack import rendered
    from bootready.report.stack import losses_object, losses_text

    options = _parser().parse_args(arguments)
    request = request_from(options, tuple(options.services))
    base = os.path.dirname(os.path.abspath(options.output)) if options.output else os.getcwd()
    made = rendered(request, os.environ, os.path.realpath(base))
    stack, directory = made.stack, made.project.directory
    if options.json:
        print(safe_json(losses_object(stack.losses, directory, made.redact), readable=True))
        return 0 if stack.is_whole else 1
    if not options.quiet:
        sys.stderr.write(losses_text(stack.losses, directory, made.redact))
    if not stack.content["services"]:
        print("bootready: no service of this project can be deployed", file=sys.stderr)
        return 1
    if options.output:
        _write(options.output, made)
    else:
        sys.stdout.write(made.text(reveal=options.reveal))
        if not options.reveal and made.hides:
            words = "secrets are hidden; -o FILE writes them, --reveal prints them"
            print(f"bootready: {words}", file=sys.stderr)
    return 0 if stack.is_whole else 1


def _write(path: str, made: Rendered) -> None:
    from bootready.apply.output import write_output

    if made.hides and _is_open(path):
        raise UsageError(
            f"'{path}' can be read by other users, and the stack file has secrets in it",
            f"chmod 600 {path}",
        )
    try:
        write_output(path, made.text(reveal=True), 0o600)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None
    told = ", with secrets in it: keep it out of git" if made.hides else ""
    print(f"'{printable(path)}' was written{told}", file=sys.stderr)


def _is_open(path: str) -> bool:
    """Tell whether `path` is a file that exists and that others may read."""
    return os.path.isfile(path) and bool(os.stat(path).st_mode & 0o077)


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready stack",
        description="Print the project as a stack file for Docker Swarm, resolved, with each\n"
        "attribute that is said otherwise or not at all. Nothing is deployed.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write it to FILE, mode 0600, secrets included"
    )
    parser.add_argument("--reveal", action="store_true", help="print the values of secrets, too")
    parser.add_argument(
        "--json", action="store_true", help="print the differences as JSON, not the stack file"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="do not tell the differences")
    add_project_options(parser)
    return parser
