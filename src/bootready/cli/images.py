"""`bootready images`: the images of a project and what is known of each; reads only."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.printable import safe_json

EXAMPLES = """examples:
  bootready images                     every image: here or not, pinned, user, ports, health
  bootready images --engine none       without asking the Docker Engine
  bootready images --json              the same for programs
  bootready explain image postgres:18  everything known of one image, with its sources
"""


def run(arguments: list[str]) -> int:
    """Print the images and return 0."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.pipeline import load, observe
    from bootready.report.images import image_rows, images_object, images_text

    parser = Parser(
        prog="bootready images",
        description="Show the images of a project, and what is known of each from where.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    parser.add_argument(
        "--engine", choices=("auto", "none"), default="auto", help="none: do not query it"
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    project = load(request_from(options), os.environ)
    engine = observe(project, os.environ, engine=options.engine != "none").context.engine
    asked = options.engine != "none" and engine.reachable
    names = {service.image or f"{project.name}-{service.name}" for service in project.services}
    facts = {name: engine.image(name) if asked else None for name in names}
    rows = image_rows(project, facts, asked=asked)
    if options.json:
        print(safe_json(images_object(rows), readable=True))
    else:
        sys.stdout.write(images_text(rows))
    return 0
