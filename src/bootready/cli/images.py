"""`bootready images`: the images of a project and what is known of each; reads only."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.fact import RegistryFact
from bootready.model.printable import safe_json

EXAMPLES = """examples:
  bootready images                     every image: here or not, pinned, user, ports, health
  bootready images --engine none       without asking the Docker Engine
  bootready images --registry          also ask the registries: digest, size, platform
  bootready images --json              the same for programs
  bootready explain image postgres:18  everything known of one image, with its sources
"""


def run(arguments: list[str]) -> int:
    """Print the images and return 0."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.knowledge.images.built import pulled_services
    from bootready.model.lookup import text_at
    from bootready.pipeline import load, observe, registries
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
    parser.add_argument(
        "--registry", action="store_true", help="ask the registries, over the network"
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    project = load(request_from(options), os.environ)
    context = observe(project, os.environ, engine=options.engine != "none").context
    engine = context.engine
    asked = options.engine != "none" and engine.reachable
    names = {service.image or f"{project.name}-{service.name}" for service in project.services}
    facts = {name: engine.image(name) if asked else None for name in names}
    found: dict[str, RegistryFact | None] = {}
    if options.registry:
        keys = {
            service.image or "": text_at(service.node, "platform")
            for service in pulled_services(project)
        }
        there = registries(list(keys.items()), context, os.environ)
        found = {image: there.image(image, platform) for image, platform in keys.items()}
    rows = image_rows(project, facts, found, asked=asked)
    if options.json:
        print(safe_json(images_object(rows), readable=True))
    else:
        sys.stdout.write(images_text(rows))
    return 0
