"""`bootready config`: print the resolved model, as `docker compose config` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from bootready.cli.config_options import ConfigWishes, wishes_from
from bootready.errors import ProjectError, UsageError
from bootready.model.collecting import uncollected
from bootready.model.printable import printable
from bootready.model.problem import Problem, Use
from bootready.model.request import Request
from bootready.read.yaml import NODE_LIMIT, V2_NODE_LIMIT
from bootready.resolve.load import Options, Resolved, Untyped, resolve, resolve_untyped
from bootready.resolve.told import told


@uncollected()
def run(arguments: list[str]) -> int:
    """Print what was asked for and return 0. Raises ProjectError where Compose would refuse."""
    options = wishes_from(arguments)
    if options.has("--resolve-image-digests") or options.has("--lock-image-digests"):
        raise UsageError("digests are looked up in a registry, which bootready does not query")
    listing = options.listing()
    if listing:
        from bootready.cli.config_lists import list_text  # noqa: PLC0415 - not needed with -q

        # Neither -q nor -o holds for what is not the model.
        sys.stdout.write(list_text(listing, options))
        return 0
    text = _untyped_text(options) if options.has("--no-interpolate") else _typed_text(options)
    if options.has("--quiet"):
        return 0
    if options.output:
        from bootready.apply.output import write_output  # noqa: PLC0415 - only for a file

        try:
            write_output(options.output, text)
        except OSError as error:
            raise UsageError(f"'{options.output}': {error.strerror}") from None
    else:
        sys.stdout.write(text)
    return 0


def options_of(wishes: ConfigWishes) -> Options:
    """Return how far to resolve."""
    return Options(
        interpolate=not wishes.has("--no-interpolate"),
        resolve_paths=not wishes.has("--no-path-resolution"),
        normalise=not wishes.has("--no-normalize"),
        check_consistency=not wishes.has("--no-consistency"),
        resolve_environment=not wishes.has("--no-env-resolution"),
        prune=not wishes.has("--all-resources"),
        reveal=wishes.has("--reveal"),
        node_limit=V2_NODE_LIMIT if wishes.compose == "v2" else NODE_LIMIT,
    )


def untyped_project(wishes: ConfigWishes, options: Options) -> Untyped:
    """Return the model with its variables in place. Raises ProjectError where it is refused."""
    untyped = resolve_untyped(wishes.request(), os.environ, options)
    session = untyped.session
    _tell_warnings(told(session.warnings, untyped.sources))
    refused = (*session.problems, *(session.refused_by_v2 if wishes.compose == "v2" else ()))
    _refuse(told(refused, untyped.sources))
    return untyped


def typed_project(wishes: ConfigWishes, request: Request, options: Options) -> Resolved:
    """Return the project, and say what is not set. Raises ProjectError where it is refused."""
    resolved = resolve(request, os.environ, options)
    _tell_unset(resolved)
    _tell_warnings(resolved.warnings)
    _refuse((*resolved.problems, *(resolved.refused_by_v2 if wishes.compose == "v2" else ())))
    return resolved


def _untyped_text(wishes: ConfigWishes) -> str:
    """Return the model with its variables in place."""
    from bootready.resolve import output  # noqa: PLC0415 - not needed with -q

    model = untyped_project(wishes, options_of(wishes)).model
    return output.untyped_json(model) if wishes.format == "json" else output.untyped_yaml(model)


def _typed_text(wishes: ConfigWishes) -> str:
    resolved = typed_project(wishes, wishes.request(), options_of(wishes))
    if wishes.has("--quiet"):
        return ""
    from bootready.resolve import output  # noqa: PLC0415 - not needed with -q

    if wishes.format == "json":
        _refuse(output.unprintable_in_json(resolved.model))
        return output.typed_json(resolved.model)
    return output.typed_yaml(resolved.model)


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(dict.fromkeys(problems))
    if found:
        raise ProjectError(found)


def _tell_unset(resolved: Resolved) -> None:
    """Print one line for each variable that is not set and has no default, sorted."""
    places: dict[str, dict[str, None]] = {}
    for use in resolved.uses:
        if is_blank(use):
            span = use.reference.span
            place = f"{_relative(span.file)}:{span.line}"
            places.setdefault(use.reference.name, {})[place] = None
    for name in sorted(places):
        listed = ", ".join(places[name])
        print(
            f"bootready: '{printable(name)}' is not set, so it is empty: {printable(listed)}",
            file=sys.stderr,
        )


def is_blank(use: Use) -> bool:
    """Tell whether Compose warns of this use: the variable is unset, and nothing stands in."""
    reference = use.reference
    return not reference.is_set and reference.is_used and not reference.operator


def _relative(path: str) -> str:
    """Return a path as seen from here, where it is below."""
    here = os.getcwd() + os.sep
    return path.removeprefix(here)


def _tell_warnings(warnings: Iterable[Problem]) -> None:
    for warning in dict.fromkeys(warnings):
        place = ""
        if warning.location is not None:
            span = warning.location.span
            place = f"{_relative(span.file)}:{span.line}:{span.column}: "
        print(f"bootready: {printable(place + warning.message)}", file=sys.stderr)
