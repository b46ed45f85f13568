"""`bootready config`: print the resolved model, as `docker compose config` does."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Mapping

from bootready.cli.config_options import Wishes, wishes_from
from bootready.errors import ProjectError, UsageError
from bootready.model.node import Plain, plain
from bootready.model.problem import Problem, Use
from bootready.model.request import Request
from bootready.read.yaml import NODE_LIMIT, V2_NODE_LIMIT
from bootready.resolve.load import Options, Resolved, resolve, resolve_untyped

_LISTS = ("services", "volumes", "networks", "models", "profiles", "images")


def run(arguments: list[str]) -> int:
    """Print what was asked for and return 0. Raises ProjectError where Compose would refuse."""
    # Next to nothing of what a resolved model is made of is ever garbage; looking for it anyway
    # doubles the time for large projects.
    gc.disable()
    try:
        return _run(arguments)
    finally:
        gc.enable()


def _run(arguments: list[str]) -> int:
    options = wishes_from(arguments)
    if options.has("--resolve-image-digests") or options.has("--lock-image-digests"):
        raise UsageError("digests are looked up in a registry, and bootready asks none")
    request = options.request()
    if options.has("--variables") or options.has("--no-interpolate"):
        text = _untyped_text(options, request)
    else:
        text = _typed_text(options, request)
    if options.has("--quiet"):
        return 0
    if options.output:
        with open(options.output, "w", encoding="utf-8") as stream:
            stream.write(text)
    else:
        sys.stdout.write(text)
    return 0


def _options(options: Wishes, *, validate: bool = True) -> Options:
    return Options(
        interpolate=not options.has("--no-interpolate") and not options.has("--variables"),
        resolve_paths=not options.has("--no-path-resolution"),
        normalise=not options.has("--no-normalize"),
        check_consistency=not options.has("--no-consistency"),
        resolve_environment=not options.has("--no-env-resolution"),
        validate=validate,
        prune=not options.has("--all-resources"),
        reveal=options.has("--reveal"),
        node_limit=V2_NODE_LIMIT if options.compose == "v2" else NODE_LIMIT,
    )


def _untyped_text(options: Wishes, request: Request) -> str:
    """Return the model with its variables in place, or the list of them."""
    from bootready.resolve import output  # noqa: PLC0415 - not needed with -q

    untyped = resolve_untyped(
        request, os.environ, _options(options, validate=not options.has("--variables"))
    )
    _tell_warnings(untyped.session.warnings)
    only_v2 = untyped.session.refused_by_v2 if options.compose == "v2" else ()
    _refuse((*untyped.session.problems, *only_v2))
    if options.has("--variables"):
        from bootready.resolve.variables import (  # noqa: PLC0415 - only --variables pays for it
            declared_variables,
            variables_text,
        )

        return variables_text(declared_variables(untyped.model), options.format)
    if options.has("--services"):
        return _lines(name for name in _names(untyped.model.entries.get("services")))
    if options.format == "json":
        return output.untyped_json(untyped.model)
    return output.untyped_yaml(untyped.model)


def _typed_text(options: Wishes, request: Request) -> str:
    resolved = resolve(request, os.environ, _options(options))
    _tell_unset(resolved)
    _tell_warnings(resolved.warnings)
    _refuse((*resolved.problems, *(resolved.refused_by_v2 if options.compose == "v2" else ())))
    if options.has("--quiet"):
        return ""
    for kind in _LISTS:
        if options.has(f"--{kind}"):
            return _lines(_listed(kind, resolved))
    if options.hash:
        return _hashes(options.hash, resolved)
    if options.has("--environment"):
        return _environment(resolved, reveal=options.has("--reveal"))
    from bootready.resolve import output  # noqa: PLC0415 - not needed with -q

    if options.format == "json":
        _refuse(output.unprintable_in_json(resolved.model))
        return output.typed_json(resolved.model)
    return output.typed_yaml(resolved.model)


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(dict.fromkeys(problems))
    if found:
        raise ProjectError(found)


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def _names(node: object) -> list[str]:
    entries = getattr(node, "entries", {})
    return list(entries) if isinstance(entries, Mapping) else []


def _listed(kind: str, resolved: Resolved) -> set[str]:
    entries = resolved.model.entries
    if kind == "images":
        return _images(resolved)
    if kind == "profiles":
        services = resolved.declared.entries.get("services")
        listed = plain(services) if services is not None else {}
        every = listed.values() if isinstance(listed, dict) else ()
        found: set[str] = set()
        for service in every:
            profiles = service.get("profiles") if isinstance(service, dict) else None
            found.update(map(str, profiles if isinstance(profiles, list) else ()))
        return found
    if kind == "models":
        models = plain(entries["models"]) if "models" in entries else {}
        values = models.values() if isinstance(models, dict) else ()
        return {str(one["model"]) for one in values if isinstance(one, dict) and "model" in one}
    return set(_names(entries.get(kind)))


def _images(resolved: Resolved) -> set[str]:

    found: set[str] = set()
    workloads: dict[str, Plain] = {}
    for kind in ("jobs", "services"):
        listed = plain(resolved.model.entries[kind]) if kind in resolved.model.entries else {}
        workloads |= listed if isinstance(listed, dict) else {}
    for name, service in workloads.items():
        if not isinstance(service, dict):
            continue
        found.add(str(service.get("image") or f"{resolved.name}-{name}"))
        hooks = service.get("pre_start")
        for hook in hooks if isinstance(hooks, list) else ():
            if isinstance(hook, dict) and hook.get("image"):
                found.add(str(hook["image"]))
    return found


def _hashes(wanted: str, resolved: Resolved) -> str:
    from bootready.resolve.output import service_hash  # noqa: PLC0415 - beside its one use
    from bootready.resolve.profiles import services_of  # noqa: PLC0415 - beside its one use

    services = services_of(resolved.model)
    names = list(services) if wanted == "*" else wanted.split(",")
    missing = [name for name in names if name not in services]
    if missing:
        raise UsageError(f"no such service: '{missing[0]}'", f"one of: {', '.join(services)}")
    return "".join(f"{name} {service_hash(services[name])}\n" for name in sorted(names))


def _environment(resolved: Resolved, *, reveal: bool) -> str:
    """Return the variables that interpolation sees; their values may be secrets."""
    if not reveal:
        print("values are hidden, --reveal shows them", file=sys.stderr)
    return _lines(
        f"{name}={variable.value}" if reveal else f"{name} ({variable.source})"
        for name, variable in resolved.variables.items()
    )


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
        print(f"bootready: '{name}' is not set, so it is blank: {listed}", file=sys.stderr)


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
        print(f"bootready: {place}{warning.message}", file=sys.stderr)
