"""`bootready config`: print the resolved model, as `docker compose config` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bootready.cli.options import Parser, add_project_options, request_from
from bootready.model.project import Problem, Use
from bootready.resolve.load import resolve, resolve_untyped
from bootready.resolve.output import typed_json, typed_yaml, untyped_json, untyped_yaml
from bootready.resolve.session import Options


def run(arguments: list[str]) -> int:
    """Print what was asked for; 0, or 2 where Compose would refuse the project."""
    options = _parser().parse_args(arguments)
    request = request_from(options, tuple(options.services_named))
    wishes = Options(
        interpolate=not options.no_interpolate,
        resolve_paths=not options.no_path_resolution,
        normalise=not options.no_normalize,
        check_consistency=not options.no_consistency,
        resolve_environment=not options.no_env_resolution,
        reveal=options.reveal,
    )
    if options.no_interpolate:
        untyped = resolve_untyped(request, os.environ, wishes)
        if untyped.session.problems:
            return _refused(untyped.session.problems)
        sys.stdout.write(
            (untyped_json if options.format == "json" else untyped_yaml)(untyped.model)
        )
        return 0
    resolved = resolve(request, os.environ, wishes)
    _tell_unset(resolved.uses)
    if resolved.problems:
        return _refused(resolved.problems)
    sys.stdout.write((typed_json if options.format == "json" else typed_yaml)(resolved.model))
    return 0


def _refused(problems: Sequence[Problem]) -> int:
    for p in problems:
        print(p.message, p.location, file=sys.stderr)
    return 2


def _tell_unset(uses: tuple[Use, ...]) -> None:
    """Print one line for each variable that is not set and has no default, sorted."""
    places: dict[str, dict[str, None]] = {}
    for use in uses:
        reference = use.reference
        if reference.is_set or not reference.is_used or reference.operator:
            continue
        span = reference.span
        place = f"{os.path.relpath(span.file)}:{span.line}"
        places.setdefault(reference.name, {})[place] = None
    for name in sorted(places):
        listed = ", ".join(places[name])
        print(f"warning: '{name}' is not set, '' is used ({listed})", file=sys.stderr)


def _parser() -> Parser:
    parser = Parser(prog="bootready config", description="Print the resolved model.")
    parser.add_argument("services_named", nargs="*", metavar="SERVICE")
    parser.add_argument("--format", default="yaml", choices=("yaml", "json"))
    parser.add_argument("-q", "--quiet", action="store_true")
    for flag in (
        "--no-interpolate",
        "--no-path-resolution",
        "--no-normalize",
        "--no-consistency",
        "--no-env-resolution",
        "--reveal",
    ):
        parser.add_argument(flag, action="store_true")
    add_project_options(parser)
    return parser
