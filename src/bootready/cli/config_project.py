"""The wishes of `bootready config` -> the project as far as they ask for it, its warnings told."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.config_options import ConfigWishes
from bootready.errors import ProjectError
from bootready.model.printable import printable
from bootready.model.problem import Problem, Use
from bootready.model.request import Request
from bootready.read.yaml import NODE_LIMIT, V2_NODE_LIMIT
from bootready.resolve.load import Options, Resolved, Untyped, resolve, resolve_untyped
from bootready.resolve.told import told
from bootready.typed import Iterable


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
    refuse(told(refused, untyped.sources))
    return untyped


def typed_project(wishes: ConfigWishes, request: Request, options: Options) -> Resolved:
    """Return the project, and say what is not set. Raises ProjectError where it is refused."""
    resolved = resolve(request, os.environ, options)
    _tell_unset(resolved)
    _tell_warnings(resolved.warnings)
    refuse((*resolved.problems, *(resolved.refused_by_v2 if wishes.compose == "v2" else ())))
    return resolved


def refuse(problems: Iterable[Problem]) -> None:
    """Raise ProjectError with each problem once, if there is one."""
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
    here = os.getcwd() + "/"
    return path.removeprefix(here)


def _tell_warnings(warnings: Iterable[Problem]) -> None:
    for warning in dict.fromkeys(warnings):
        place = ""
        if warning.location is not None:
            span = warning.location.span
            place = f"{_relative(span.file)}:{span.line}:{span.column}: "
        print(f"bootready: {printable(place + warning.message)}", file=sys.stderr)
