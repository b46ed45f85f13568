"""`bootready config` with an option that asks for a list instead of the model.

Each prints what docker/compose's cmd/compose/config.go prints, from as much of the project as that
one loads: services named on the command line narrow three of the lists, and only some read env
files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from bootready.cli.config import options_of, typed_project, untyped_project
from bootready.cli.config_options import Wishes
from bootready.errors import UsageError
from bootready.model.node import Plain, plain
from bootready.resolve.load import Options, Resolved

_NARROWED = {"--profiles", "--images", "--environment"}
"""What services named on the command line narrow; these read env files, too."""


def list_text(listing: str, wishes: Wishes) -> str:
    """Return the text of the list that option `listing` asks for."""
    if listing == "--variables":
        return _variables(wishes)
    if listing == "--services" and wishes.has("--no-interpolate"):
        options = options_of(wishes)._replace(resolve_environment=False)
        return _lines(_names(untyped_project(wishes, options).model.entries.get("services")))
    resolved = _project(listing, wishes)
    if listing == "--hash":
        return _hashes(wishes.hash, resolved)
    if listing == "--environment":
        return _environment(wishes, resolved)
    return _lines(_listed(listing, resolved))


def _project(listing: str, wishes: Wishes) -> Resolved:
    request, options = wishes.request(), options_of(wishes)
    if listing in _NARROWED:
        return typed_project(wishes, request, options)
    request = request._replace(services=())
    if listing == "--hash":
        return typed_project(wishes, request, _for_hashes(wishes.hash, options))
    return typed_project(wishes, request, options._replace(resolve_environment=False))


def _for_hashes(wanted: str, options: Options) -> Options:
    """Let only those services read their env files whose hashes are wanted."""
    only = None if wanted == "*" else frozenset(wanted.split(","))
    return options._replace(environment_of=only)


def _variables(wishes: Wishes) -> str:
    from bootready.resolve.variables import (  # noqa: PLC0415 - only --variables pays for it
        declared_variables,
        variables_text,
    )

    options = options_of(wishes)._replace(interpolate=False, validate=False)
    if wishes.format == "yaml" and wishes.has("--quiet"):
        return ""
    return variables_text(declared_variables(untyped_project(wishes, options).model), wishes.format)


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def _names(node: object) -> list[str]:
    entries = getattr(node, "entries", {})
    return list(entries) if isinstance(entries, Mapping) else []


def _listed(listing: str, resolved: Resolved) -> set[str]:
    entries = resolved.model.entries
    if listing == "--images":
        return _images(resolved)
    if listing == "--profiles":
        services = resolved.declared.entries.get("services")
        listed = plain(services) if services is not None else {}
        every = listed.values() if isinstance(listed, dict) else ()
        found: set[str] = set()
        for service in every:
            profiles = service.get("profiles") if isinstance(service, dict) else None
            found.update(map(str, profiles if isinstance(profiles, list) else ()))
        return found
    if listing == "--models":
        models = plain(entries["models"]) if "models" in entries else {}
        values = models.values() if isinstance(models, dict) else ()
        return {str(one["model"]) for one in values if isinstance(one, dict) and "model" in one}
    return set(_names(entries.get(listing.removeprefix("--"))))


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


def _environment(wishes: Wishes, resolved: Resolved) -> str:
    """Return the variables that interpolation sees; their values may be secrets."""
    if wishes.has("--quiet"):
        return ""
    reveal = wishes.has("--reveal")
    if not reveal:
        print("values are hidden, --reveal shows them", file=sys.stderr)
    return _lines(
        f"{name}={variable.value}" if reveal else f"{name} ({variable.source})"
        for name, variable in resolved.variables.items()
    )
