"""`bootready report`: the state of whole projects, for people who look rather than read."""

from __future__ import annotations

import os
import sys

from bootready.apply.output import make_output_directory, write_output
from bootready.cli.check import see
from bootready.cli.words.check_options import CheckWishes
from bootready.cli.words.conclude import clone_first
from bootready.cli.words.telling import Look, Looked
from bootready.errors import UsageError
from bootready.model.printable import printable
from bootready.model.request import Request
from bootready.report.formats.text import is_ready

FORMATS = ("html", "svg", "png", "mermaid", "json", "sarif", "junit")
DRAWN = ("html", "svg", "png")
PICTURES = ("svg", "png")
GROUPS = ("auto", "network", "prefix", "tier", "none")

EXAMPLES = """examples:
  bootready report -o report.html            one page: verdict, graph, findings by service
  bootready report --format svg -o graph.svg the graph as a picture; png needs resvg-py
  bootready report --format mermaid          the graph, for a README or a pull request
  bootready report --format json | jq '.services[].name'
  bootready report --engine none -o r.html   without the engine: the same bytes on every run
  bootready report -o r.html --fail          exit 1 if the project is not ready
  bootready report -r -o report.html         every project of this repository: an index of pages
  bootready report -C api -C web --only secrets -o r.html    these two, these checks
"""


class ReportWishes(CheckWishes):
    """What was asked of `report`: which projects and checks, as of `check`, and where it goes."""

    def __init__(self) -> None:
        super().__init__("report")
        self.format = "html"
        self.group_by = "auto"
        self.destination = ""
        self.fail = False


def run(arguments: list[str]) -> int:
    """Write the report; 0 written, 1 not ready with --fail, 2 a project cannot be read."""
    options = _wishes(arguments)
    if options.format not in DRAWN and options.group_by != "auto":
        raise UsageError(f"--group-by is for what is drawn: --format {', '.join(DRAWN)}")
    if options.format in DRAWN and not options.destination and sys.stdout.isatty():
        words = f"--format {options.format} is not for a terminal"
        raise UsageError(words, f"use -o report.{options.format}, or redirect the output")
    clone_first(options)
    if options.several:
        return _several(options)
    looked = _looker(options)(options.request())
    _put(options.destination, _rendered(options, looked))
    ready = is_ready(looked.verdict, looked.source.failing)
    return 1 if options.fail and not ready else 0


def _several(options: ReportWishes) -> int:
    from bootready.cli.words.several import surveyed

    if options.format in PICTURES:
        raise UsageError(f"--format {options.format} draws one project, and these are several")
    repository, stacks = surveyed(options, lambda: _looker(options))
    if options.format == "html":
        from bootready.report.project.several import render_index, render_pages

        directory = f"{os.path.splitext(options.destination)[0]}-projects"
        if options.destination:
            _put_pages(directory, render_pages(repository, stacks, by=options.group_by))
        name = os.path.basename(directory) if options.destination else ""
        text = render_index(repository, stacks, name)
    else:
        from bootready.report.project.several import render_report

        text = render_report(options.format, repository, stacks)
    _put(options.destination, text)
    if any(told.unread for told in repository.told):
        return 2
    return 1 if options.fail and not repository.ready else 0


def _looker(options: ReportWishes) -> Look:
    def look(request: Request) -> Looked:
        from bootready.pipeline.report import picture

        seen = see(options, request)
        stack = picture(seen.project, seen.evidence, seen.looked.verdict)
        return seen.looked._replace(stack=stack)

    return look


def _rendered(options: ReportWishes, looked: Looked) -> str | bytes:
    stack, source = looked.stack, looked.source
    name, by = options.format, options.group_by
    if stack is not None and name == "html":
        from bootready.report.project.html import render_html

        return render_html(stack, source, by=by)
    if stack is not None and name in PICTURES:
        from bootready.report.project.svg import render_png, render_svg

        return (render_svg if name == "svg" else render_png)(stack, source, by=by)
    if stack is not None and name == "mermaid":
        from bootready.report.project.mermaid import render_mermaid

        return render_mermaid(stack)
    if stack is not None and name == "json":
        from bootready.report.project.json import render_json

        return render_json(stack, source)
    from bootready.report.formats.render import render

    return render(name, looked.verdict, source, looked.project)


def _put(path: str, content: str | bytes) -> None:
    """Write the report to the file at `path`, or to standard output."""
    if path:
        _write(path, content)
        print(f"'{printable(path)}' was written", file=sys.stderr)
    elif isinstance(content, bytes):
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content)


def _put_pages(directory: str, pages: dict[str, str]) -> None:
    try:
        make_output_directory(directory)
    except OSError as error:
        raise UsageError(f"'{directory}' cannot be written: {error.strerror}") from None
    for name, text in pages.items():
        _write(os.path.join(directory, name), text)
    words = "1 page was" if len(pages) == 1 else f"{len(pages):,} pages were"
    print(f"'{printable(directory)}': {words} written", file=sys.stderr)


def _write(path: str, content: str | bytes) -> None:
    try:
        write_output(path, content)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None


def _wishes(arguments: list[str]) -> ReportWishes:
    from argparse import RawDescriptionHelpFormatter

    from bootready.cli.words.check_parser import add_choices, add_places, add_services
    from bootready.cli.words.options import Parser

    parser = Parser(
        prog="bootready report",
        description="Show whole projects: their dependencies and everything that would stop their"
        " boot.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_services(parser)
    parser.add_argument(
        "-o",
        "--output",
        dest="destination",
        metavar="FILE",
        default="",
        help="write to FILE, not standard output; of several projects, their pages beside it",
    )
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
    add_choices(parser, "auto")
    add_places(parser)
    wishes = ReportWishes()
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, value)
    return wishes
