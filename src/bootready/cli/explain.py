"""`bootready explain`: a check, a variable, a secret or a value of the model: what made it.

Also what is known of an image, and what the lines of a log mean.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.model.printable import safe_json
from bootready.model.project import Project
from bootready.report.explained_names import (
    explain_image,
    explain_resource,
    explain_variable,
    names_of_gifts,
)
from bootready.report.explanation import (
    Explanation,
    Unknown,
    explain_file_object,
    explain_path,
    explanation_object,
    render_explanation,
)

_ROOTS = ("services", "networks", "volumes", "secrets", "configs", "models", "jobs", "name")
_EXAMPLES = """examples:
  bootready explain services.web.environment.DB_URL
  bootready explain web.ports[0]
  bootready explain POSTGRES_PASSWORD             of the Compose files, a container or a build
  bootready explain postgres:18                   which services run this image
  bootready explain secret-file-missing
  bootready explain image postgres:18-alpine
  bootready explain log failed.log
  docker compose logs | bootready explain log -
"""


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
    if _printed_page(options):
        return 0
    from bootready.pipeline import load

    project = load(request_from(options), os.environ)
    explanation = _explanation(project, options.what)
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
        "what", metavar="WHAT", help="a path, variable, service, secret, image or check id"
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
    from bootready.model.printable import printable
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


def _explanation(project: Project, what: str) -> Explanation:
    is_root = what.partition(".")[0].partition("[")[0] in _ROOTS or what.startswith("x-")
    is_known = is_root and isinstance(explain_path(project, what), Explanation)
    if is_known or (is_root and not _names_a_service(project, what)):
        return _of_path(project, what)
    found = explain_variable(project, what)
    for kind in ("secrets", "configs"):
        found = found or explain_file_object(project, kind, what)
    if found is not None:
        return found
    if _names_a_service(project, what):
        return _of_path(project, f"services.{what}")
    found = explain_image(project, what) or explain_resource(project, what)
    if found is not None:
        return found
    raise UsageError(f"'{what}' was not found", _nearest(what, _names(project)))


def _names_a_service(project: Project, what: str) -> bool:
    """Tell whether `what` is a service, or a place in one such as ``web.ports[0]``."""
    names = (*(service.name for service in project.services), *project.disabled)
    return any(what == name or what.startswith((f"{name}.", f"{name}[")) for name in names)


def _of_path(project: Project, what: str) -> Explanation:
    parts = what.split(".")
    if len(parts) == 2 and parts[0] in {"secrets", "configs"}:
        found = explain_file_object(project, parts[0], parts[1])
        if found is not None:
            return found
    answer = explain_path(project, what)
    if isinstance(answer, Explanation):
        service = answer.subject.removeprefix("services.")
        is_service = what.startswith("services.") and project.service(service) is not None
        return _with_talks(project, answer, service) if is_service else answer
    raise UsageError(_missing(project, answer), _nearest(answer.word, answer.known))


def _with_talks(project: Project, answer: Explanation, service: str) -> Explanation:
    from bootready.pipeline.report import talks
    from bootready.report.explanation import with_talks

    return with_talks(answer, service, talks(project))


def _missing(project: Project, unknown: Unknown) -> str:
    if unknown.where == "services" and unknown.word in project.disabled:
        return f"service '{unknown.word}' is in an inactive profile, use --profile"
    inside = f"`{unknown.where}`" if unknown.where else "the project"
    return f"{inside} has no '{unknown.word}'"


def _names(project: Project) -> tuple[str, ...]:
    from bootready.check.discover import index

    names = {use.reference.name for use in project.uses} | set(project.variables)
    names |= {one.name for one in (*project.secrets, *project.configs)}
    names |= {service.name for service in project.services} | names_of_gifts(project)
    names |= {service.image for service in project.services if service.image}
    names |= {one.key for one in project.networks} | {one.key for one in project.volumes}
    return (*sorted(names), *(entry.id for entry in index()))


def _nearest(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{name}'" for name in near)
    return f"one of: {', '.join(known)}" if known and len(known) <= 12 else ""
