"""`bootready config` with an option that asks for a list instead of the model.

Each prints what docker/compose's cmd/compose/config.go prints, from as much of the project as that
one loads: services named on the command line narrow three of the lists, and only some read env
files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from bootready.cli.config_project import options_of, typed_project, untyped_project
from bootready.cli.words.config_options import ConfigWishes
from bootready.errors import UsageError
from bootready.model.node import Node, Plain, plain
from bootready.model.printable import printable
from bootready.resolve.load import Options, Resolved

_NARROWED = {"--profiles", "--images", "--environment"}
"""What services named on the command line narrow; these read env files, too."""


def list_text(listing: str, wishes: ConfigWishes) -> str:
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


def _project(listing: str, wishes: ConfigWishes) -> Resolved:
    request = wishes.request()
    options = options_of(wishes)._replace(check_container_names=False)
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


def _variables(wishes: ConfigWishes) -> str:
    from bootready.resolve.show.variables import (
        declared_variables,
        variables_text,
    )

    options = options_of(wishes)._replace(interpolate=False, validate=False)
    if wishes.format == "yaml" and wishes.has("--quiet"):
        return ""
    return variables_text(declared_variables(untyped_project(wishes, options).model), wishes.format)


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{printable(name)}\n" for name in sorted(names))


def _names(node: object) -> list[str]:
    entries = getattr(node, "entries", {})
    return list(entries) if isinstance(entries, Mapping) else []


def _listed(listing: str, resolved: Resolved) -> list[str]:
    entries = resolved.model.entries
    if listing == "--images":
        return list(_images(resolved))
    if listing == "--profiles":
        declared = resolved.declared.entries.get("services")
        every = _plain_entries(declared).values()
        return list({str(name) for one in every for name in _plain_items(one.get("profiles"))})
    if listing == "--models":
        models = _plain_entries(entries.get("models")).values()
        return [str(one["model"]) for one in models if one.get("model")]
    return _names(entries.get(listing.removeprefix("--")))


def _images(resolved: Resolved) -> Iterator[str]:
    """Yield the images of each service and job, as often as they are used; a hook's with its
    service's image is not counted again.
    """
    for kind in ("jobs", "services"):
        for name, one in _plain_entries(resolved.model.entries.get(kind)).items():
            image = str(one.get("image") or f"{resolved.name}-{name}")
            yield image
            for hook in _plain_items(one.get("pre_start")):
                own = hook.get("image") if isinstance(hook, dict) else None
                if own and own != image:
                    yield str(own)


def _plain_entries(node: Node | None) -> dict[str, dict[str, Plain]]:
    value = {} if node is None else plain(node)
    entries = value.items() if isinstance(value, dict) else ()
    return {name: one for name, one in entries if isinstance(one, dict)}


def _plain_items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _hashes(wanted: str, resolved: Resolved) -> str:
    from bootready.resolve.profiles import services_of
    from bootready.resolve.show.output import service_hash

    services = services_of(resolved.model)
    names = list(services) if wanted == "*" else wanted.split(",")
    missing = [name for name in names if name not in services]
    if missing:
        raise UsageError(f"no such service: '{missing[0]}'", f"one of: {', '.join(services)}")
    return "".join(f"{name} {service_hash(services[name])}\n" for name in sorted(names))


def _environment(wishes: ConfigWishes, resolved: Resolved) -> str:
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
