"""`bootready report`: the state of the whole project, for people who look rather than read."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.apply.output import write_output
from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.model.printable import printable
from bootready.pipeline.report import Reported, report
from bootready.report.formats.text import is_ready

FORMATS = ("html", "svg", "png", "mermaid", "json", "sarif", "junit")
DRAWN = ("html", "svg", "png")
GROUPS = ("auto", "network", "prefix", "tier", "none")

EXAMPLES = """examples:
  bootready report -o report.html            one page: verdict, graph, findings by service
  bootready report --format svg -o graph.svg the graph as a picture; png needs resvg-py
  bootready report --format mermaid          the graph, for a README or a pull request
  bootready report --format json | jq '.services[].name'
  bootready report --engine none -o r.html   without the engine: the same bytes on every run
  bootready report -o r.html --fail          exit 1 if the project is not ready
"""


def run(arguments: list[str]) -> int:
    """Write the report; 0 written, 1 not ready with --fail, 2 the project cannot be read."""
    options = _parser().parse_args(arguments)
    request = request_from(options, tuple(options.services))
    reported = report(request, os.environ, engine=options.engine != "none")
    content = _rendered(options, reported)
    if options.output:
        _write(options.output, content)
    elif isinstance(content, bytes):
        _refuse_terminal()
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content)
    ready = is_ready(reported.stack.verdict, reported.source.failing)
    return 1 if options.fail and not ready else 0


def _rendered(options: Namespace, reported: Reported) -> str | bytes:
    stack, source = reported
    name, by = options.format, options.group_by
    if name not in DRAWN and by != "auto":
        raise UsageError(f"--group-by is for what is drawn: --format {', '.join(DRAWN)}")
    if name == "html":
        from bootready.report.project.html import render_html

        return render_html(stack, source, by=by)
    if name in {"svg", "png"}:
        from bootready.report.project.svg import render_png, render_svg

        return (render_svg if name == "svg" else render_png)(stack, source, by=by)
    if name == "mermaid":
        from bootready.report.project.mermaid import render_mermaid

        return render_mermaid(stack)
    if name == "json":
        from bootready.report.project.json import render_json

        return render_json(stack, source)
    from bootready.report.formats.render import render

    return render(name, stack.verdict, source, stack.project)


def _refuse_terminal() -> None:
    if sys.stdout.isatty():
        raise UsageError("a PNG is not for a terminal", "use -o FILE, or redirect the output")


def _write(path: str, content: str | bytes) -> None:
    try:
        write_output(path, content)
    except OSError as error:
        raise UsageError(f"'{path}': {error.strerror}") from None
    print(f"'{printable(path)}' was written", file=sys.stderr)


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready report",
        description="Show the whole project: its dependencies and everything that would stop its"
        " boot.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE, not standard output")
    parser.add_argument(
        "--format", choices=FORMATS, default="html", metavar="NAME", help=", ".join(FORMATS)
    )
    parser.add_argument(
        "--group-by",
        choices=GROUPS,
        default="auto",
        metavar="WAY",
        help="group the services of the graph by network, prefix (of their names), tier or none;"
        " auto: if there are many",
    )
    parser.add_argument("--fail", action="store_true", help="exit 1 if it is not ready")
    parser.add_argument(
        "--engine", choices=("auto", "none"), default="auto", help="none: do not query the engine"
    )
    add_project_options(parser)
    return parser
