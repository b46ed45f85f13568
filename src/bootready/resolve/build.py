"""A Request and the shell's environment -> the `Project` that checks, plans and reports read."""

from __future__ import annotations

from bootready.collecting import uncollected
from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Scalar, plain
from bootready.model.position import Location, Span
from bootready.model.project import FileObject, Network, Project, Volume
from bootready.model.request import Request
from bootready.resolve.load import resolve
from bootready.resolve.profiles import services_of, used_resources
from bootready.resolve.session import Resolved
from bootready.resolve.typed.views import entries_of, is_true, key_span, service_view, text_of
from bootready.typed import Mapping as ReadMapping


@uncollected
def load_project(request: Request, environ: ReadMapping[str, str]) -> Project:
    """Return the project that `request` asks for, in the environment `environ`.

    What Compose refuses but leaves a model is in `Project.problems`. Raises ProjectError, with
    every problem known, where no model can be had: a file is missing or cannot be parsed.
    """
    resolved = resolve(request, environ)
    if any(problem.fatal for problem in resolved.problems):
        raise ProjectError(resolved.problems)
    return project_of(resolved)


def project_of(resolved: Resolved) -> Project:
    """Return the typed views of a resolved project."""
    services = services_of(resolved.model)
    place = _Places(resolved.declared)
    used = used_resources(services)
    return Project(
        name=resolved.name,
        directory=resolved.directory,
        files=resolved.files,
        env_files=resolved.env_files,
        model=resolved.model,
        services=tuple(
            service_view(name, node, place.of("services", name), resolved.env_file_entries)
            for name, node in services.items()
        ),
        disabled=resolved.disabled,
        networks=tuple(
            _network(key, node, place, used["networks"])
            for key, node in place.all_of("networks").items()
        ),
        volumes=tuple(_volume(key, node, place) for key, node in place.all_of("volumes").items()),
        secrets=tuple(_file_objects("secrets", place)),
        configs=tuple(_file_objects("configs", place)),
        variables=resolved.variables,
        included_variables=resolved.included_variables,
        uses=resolved.uses,
        problems=resolved.problems,
        sources=resolved.sources,
        warnings=resolved.warnings,
        profiles=resolved.profiles,
        refused_by_v2=resolved.refused_by_v2,
        extensions=resolved.extensions,
        absent_files=resolved.absent_files,
    )


class _Places:
    """Finds resources of a model and where their keys are written."""

    def __init__(self, model: Mapping) -> None:
        self.model = model

    def all_of(self, kind: str) -> dict[str, Mapping]:
        """Return the resources of one kind, declared ones all, used or not."""
        nodes = entries_of(self.model, kind)
        return {key: node for key, node in nodes.items() if isinstance(node, Mapping)}

    def of(self, kind: str, key: str) -> Span:
        """Return where the key of one resource is written."""
        return key_span(self.model.entries.get(kind), key) or self.model.span


def _network(key: str, node: Mapping, place: _Places, used: set[str]) -> Network:
    ipam = node.entries.get("ipam")
    pools = entries_of(ipam).get("config")
    items = pools.items if pools is not None and not isinstance(pools, Scalar | Mapping) else []
    return Network(
        key=key,
        name=text_of(node, "name") or key,
        location=Location(place.of("networks", key), ("networks", key)),
        node=node,
        external=is_true(node, "external"),
        driver=text_of(node, "driver"),
        subnets=tuple(filter(None, (text_of(pool, "subnet") for pool in items))),
        used=key in used,
    )


def _volume(key: str, node: Mapping, place: _Places) -> Volume:
    options = node.entries.get("driver_opts")
    device: Node | None = None
    binds = text_of(options, "o") or ""
    if {"bind", "rbind"} & {*binds.split(",")} and text_of(node, "driver") in {None, "local"}:
        device = entries_of(options).get("device")
    path = ("volumes", key, "driver_opts", "device")
    return Volume(
        key=key,
        name=text_of(node, "name") or key,
        location=Location(place.of("volumes", key), ("volumes", key)),
        node=node,
        external=is_true(node, "external"),
        driver=text_of(node, "driver"),
        device=str(device.value) if isinstance(device, Scalar) else None,
        device_location=None if device is None else Location(device.span, path),
    )


def _file_objects(kind: str, place: _Places) -> list[FileObject]:
    made: list[FileObject] = []
    for name, node in place.all_of(kind).items():
        file = node.entries.get("file")
        hints = plain(node.entries["x-bootready"]) if "x-bootready" in node.entries else {}
        made.append(
            FileObject(
                name=name,
                location=Location(place.of(kind, name), (kind, name)),
                node=node,
                file=str(file.value) if isinstance(file, Scalar) else None,
                file_location=None if file is None else Location(file.span, (kind, name, "file")),
                environment=text_of(node, "environment"),
                external=is_true(node, "external"),
                hints=hints if isinstance(hints, dict) else {},
            )
        )
    return made
