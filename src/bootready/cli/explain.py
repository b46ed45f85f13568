"""`bootready explain`: a check, a variable, a secret or a value of the model: what made it.

Also what is known of an image, and what the lines of a log mean.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.knowledge.secrets.forms import masked
from bootready.model.printable import printable, safe_json
from bootready.model.project import Project
from bootready.report.explanation import explanation_object, render_explanation

_EXAMPLES = """examples:
  bootready explain                               what there is in this project
  bootready explain services.web.environment.DB_URL
  bootready explain web.ports[0]
  bootready explain POSTGRES_PASSWORD             of the Compose files, a container or a build
  bootready explain postgres:18                   which services run this image
  bootready explain secret-file-missing
  bootready explain image postgres:18-alpine
  bootready explain log failed.log
  docker compose logs | bootready explain log -
"""


_SECOND_WORD = {"image": "a reference or service", "log": "a file, or - for standard input"}


def run(arguments: list[str]) -> int:
    """Explain one thing and return 0. Raises UsageError where nothing has that name."""
    options = _parser().parse_args(arguments)
    if options.what == "image" and options.name:
        return _printed_image(options)
    if options.what == "log" and options.name:
        return _printed_log(options)
    if options.name:
        raise UsageError(
            f"'{options.name}' is one word too many",
            "explain image NAME and explain log FILE take two",
        )
    if options.what and _printed_page(options):
        return 0
    from bootready.pipeline import load
    from bootready.pipeline.explain import explained

    project = load(request_from(options), os.environ)
    if not options.what:
        _print_overview(project, as_json=options.json)
        return 0
    try:
        explanation = explained(project, options.what)
    except UsageError as error:
        if wanted := _SECOND_WORD.get(options.what):
            words = f"'explain {options.what}' needs {wanted}"
            raise UsageError(words, f"{error.hint} bootready explain --help".lstrip()) from None
        raise
    if options.json:
        print(safe_json(explanation_object(explanation), readable=True))
    else:
        sys.stdout.write(render_explanation(explanation, project))
    return 0


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready explain",
        description="Show where something comes from: its value, files, lines and variables.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what",
        metavar="WHAT",
        nargs="?",
        default="",
        help="a path, variable, service, secret, image or check id; without it, which there are",
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="after `image`: a reference or service; after `log`: a file, or - for standard input",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    add_project_options(parser)
    return parser


def _printed_image(options: Namespace) -> int:
    """Print what is known of an image, given by its reference or by a service that uses it."""
    from bootready.knowledge.images.known import known_image
    from bootready.report.image import image_object, image_text

    known = known_image(options.name)
    if known is None:
        image = _image_of(options)
        known = known_image(image) if image else None
        if known is None:
            raise UsageError(
                f"nothing is known of image '{image or options.name}'",
                "bootready images lists those of the project",
            )
    if options.json:
        print(safe_json(image_object(known), readable=True))
    else:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in image_text(known).splitlines()))
    return 0


def _printed_log(options: Namespace) -> int:
    """Print what the lines of a log mean that somebody kept, or pipes in."""
    from bootready.pipeline.log import explain_log
    from bootready.report.log import log_object, log_text

    told = explain_log(request_from(options), options.name, os.environ)
    if options.json:
        print(safe_json(log_object(told), readable=True))
    else:
        sys.stdout.write(log_text(told))
    return 0


def _image_of(options: Namespace) -> str:
    """Return the image of the service of that name, '' where there is no such project."""
    from bootready.errors import ProjectError
    from bootready.pipeline import load

    try:
        service = load(request_from(options), os.environ).service(options.name)
    except (ProjectError, UsageError):
        return ""
    return (service.image or "") if service and service.build is None else ""


def _printed_page(options: Namespace) -> bool:
    """Print the page of the check of that name, if there is one."""
    if "-" not in options.what or "." in options.what:
        return False
    from bootready.check.discover import find
    from bootready.report.page import check_page

    check = find(options.what)
    if check is None:
        return False
    page = check_page(check)
    if options.json:
        page = safe_json({"subject": f"check '{check.id}'", "page": page})
    print(page.rstrip("\n"))
    return True


def _print_overview(project: Project, *, as_json: bool) -> None:
    """Print the names of the project that can be explained, by kind."""
    used = {use.reference.name for use in project.uses if use.path}
    found = {
        "services": [service.name for service in project.services],
        "images": sorted({masked(one.image) for one in project.services if one.image}),
        "variables": sorted(used | {name for name, one in project.variables.items() if one.line}),
        "secrets": sorted(one.name for one in project.secrets),
        "configs": sorted(one.name for one in project.configs),
        "networks": sorted(one.key for one in project.networks),
        "volumes": sorted(one.key for one in project.volumes),
    }
    if as_json:
        print(safe_json(found, readable=True))
        return
    for kind, names in found.items():
        if names:
            print(f"{kind}: {printable(', '.join(names))}")
    print("also: a path such as services.NAME.image, and the id of any check")
