"""The order in which a Compose file becomes a model: each phase takes a model and gives a new one.

`DOCUMENT_PHASES` run for each document of each file, `MODEL_PHASES` once for each set of files (the
project's own, and each include's), as in compose-go's loader.go.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.resolve.combine.document import Document
from bootready.resolve.combine.unicity import unique_network, unique_service
from bootready.resolve.expand.canonical import Canon, canonical_resource, canonical_service
from bootready.resolve.expand.defaults import with_service_defaults
from bootready.resolve.expand.develop import with_present_names
from bootready.resolve.expand.exclusions import exclusions
from bootready.resolve.expand.interpolate import interpolate
from bootready.resolve.expand.normalise import taken
from bootready.resolve.expand.paths import (
    Base,
    path_problems,
    resolve_file_object_paths,
    resolve_service_paths,
    resolve_volume_paths,
)
from bootready.resolve.merge import Merger
from bootready.resolve.refuse.compose_v2 import repeated
from bootready.resolve.refuse.schema import validate
from bootready.resolve.reset import take_resets
from bootready.resolve.session import Scope, Session
from bootready.typed import Callable, Iterable

DocumentPhase = Callable[[Mapping, Document], Mapping]
WORKLOADS = ("services", "jobs")
"""The top-level elements whose entries are containers."""
ModelPhase = Callable[[Mapping, Scope, Session], Mapping]


def take_tags(model: Mapping, document: Document) -> Mapping:
    """Take ``!reset`` and ``!override`` off and remember where they stood."""
    made, document.resets = take_resets(model, document.session.text(document.file))
    return made if isinstance(made, Mapping) else model


def interpolate_values(model: Mapping, document: Document) -> Mapping:
    """Replace variables by their values and give the values at known paths their type."""
    session = document.session
    if not session.options.interpolate:
        return model
    if not document.scope.root:
        session.included[document.file] = document.scope.variables
    result = interpolate(model, document.scope.lookup, session.texts)
    session.problems += result.problems
    session.warnings += result.warnings
    session.uses.update(dict.fromkeys(result.uses))
    return result.node if isinstance(result.node, Mapping) else model


def adopt_develop(model: Mapping, document: Document) -> Mapping:
    """Take ``x-develop`` and ``x-initialSync``, names of old, as what they are called now."""
    merger = Merger()
    made = _each(model, "services", lambda node: with_present_names(node, merger))
    document.session.problems += merger.problems
    return made


def include_files(model: Mapping, document: Document) -> Mapping:
    """Take in what other files define."""
    if document.bare or "include" not in model.entries:
        return model
    from bootready.resolve.combine.include import included

    return included(model, document)


def apply_resets(model: Mapping, document: Document) -> Mapping:
    """Remove from the lower-priority model what this document resets."""
    if document.resets:
        model = document.resets.over(document.lower, model)
        document.lower = document.resets.apply(document.lower)
    return model


def extend_services(model: Mapping, document: Document) -> Mapping:
    """Complete services by those that they extend."""
    services = model.entries.get("services")
    if document.bare or not isinstance(services, Mapping):
        return model
    if not any(
        isinstance(service, Mapping) and "extends" in service.entries
        for service in services.entries.values()
    ):
        return model
    from bootready.resolve.combine.extends import extended

    return extended(model, document)


def merge_over_lower(model: Mapping, document: Document) -> Mapping:
    """Merge this document over those before it."""
    document.brought = model
    merger = Merger()
    merged = merger.mappings(document.lower, model, ())
    document.session.problems += merger.problems
    document.session.refused_by_v2 += repeated(merger.repeated)
    return merged


def drop_duplicates(model: Mapping, document: Document) -> Mapping:
    """Keep the last definition of each entry of a list that must be unique; not in jobs."""
    problems = document.session.problems
    model = _each_new(
        model, "services", document, lambda node, path: unique_service(node, path, problems)
    )
    return _each_new(
        model, "networks", document, lambda node, path: unique_network(node, path, problems)
    )


def check_schema(model: Mapping, document: Document) -> Mapping:
    """Compare with the schema of the specification, and drop the obsolete `version`."""
    session = document.session
    if document.bare or not session.options.validate:
        return model
    found = validate(_unvalidated(model, document))
    if found:
        known = set(session.problems)
        session.problems += [problem for problem in found if problem not in known]
    version = model.entries.get("version")
    if version is None:
        return model
    place = Location(model.keys["version"], ("version",))
    message = "`version` is obsolete and ignored, remove it"
    session.warnings.append(Problem("version-obsolete", message, place))
    entries = {name: node for name, node in model.entries.items() if name != "version"}
    return model.with_entries(entries)


def expand_syntax(model: Mapping, document: Document) -> Mapping:
    """Expand every short syntax."""
    session = document.session
    canon = Canon(session.problems, not session.options.interpolate, session.port_room)
    for kind in WORKLOADS:
        model = _each_new(
            model, kind, document, lambda node, path: canonical_service(node, path, canon)
        )
    for kind in ("volumes", "networks", "secrets", "configs"):
        model = _each_new(
            model, kind, document, lambda node, path: canonical_resource(node, path, canon)
        )
    session.port_room = canon.room
    return model


DOCUMENT_PHASES: tuple[DocumentPhase, ...] = (
    take_tags,
    interpolate_values,
    adopt_develop,
    include_files,
    apply_resets,
    extend_services,
    merge_over_lower,
    drop_duplicates,
    check_schema,
    expand_syntax,
    drop_duplicates,  # a range of ports shows its duplicates only now
)


def set_defaults(model: Mapping, _scope: Scope, _session: Session) -> Mapping:
    """Set what Compose sets where nothing was written."""
    for kind in WORKLOADS:
        model = _each(model, kind, with_service_defaults)
    return model


def check_exclusions(model: Mapping, _scope: Scope, session: Session) -> Mapping:
    """Note what does not go together."""
    if session.options.validate:
        session.problems += exclusions(model)
    return model


def join_paths(model: Mapping, scope: Scope, session: Session) -> Mapping:
    """Make paths relative to the files' directory; an included file's always."""
    if scope.root and not session.options.resolve_paths:
        return model
    base = Base(scope.directory, scope.home)
    for kind in WORKLOADS:
        model = _each(model, kind, lambda node: resolve_service_paths(node, base))
    session.problems += path_problems(model, base)
    for kind in ("secrets", "configs"):
        model = _each(model, kind, lambda node: resolve_file_object_paths(node, base))
    return _each(model, "volumes", lambda node: resolve_volume_paths(node, base))


def take_environment(model: Mapping, scope: Scope, session: Session) -> Mapping:
    """Give variables named without a value, and configs taken from one, the value of theirs.

    Compose does so for secrets too; we do only where somebody asks to see them.
    """
    for kind in WORKLOADS:
        model = _each(model, kind, lambda node: _with_environment(node, scope))
    if session.options.reveal:
        model = _each(model, "secrets", lambda node: _with_value(node, scope, "x-#value"))
    return _each(model, "configs", lambda node: _with_value(node, scope, "content"))


MODEL_PHASES: tuple[ModelPhase, ...] = (
    set_defaults,
    check_exclusions,
    join_paths,
    take_environment,
)


def _with_environment(service: Mapping, scope: Scope) -> Mapping:
    environment = service.entries.get("environment")
    if not isinstance(environment, Sequence):
        return service
    changed = False
    items: list[Node] = []
    for item in environment.items:
        name = item.value if isinstance(item, Scalar) else None
        value = scope.lookup(name) if isinstance(name, str) and "=" not in name else None
        changed = changed or value is not None
        items.append(item if value is None else taken(f"{name}={value}", str(name), item.span))
    if not changed:
        return service
    made = Sequence(items, environment.span, environment.overrides)
    return service.with_entries({**service.entries, "environment": made})


def _with_value(resource: Mapping, scope: Scope, key: str) -> Mapping:
    variable = resource.entries.get("environment")
    if not isinstance(variable, Scalar) or not isinstance(variable.value, str):
        return resource
    value = scope.lookup(variable.value)
    if value is None:
        return resource
    return resource.with_entries(
        {**resource.entries, key: taken(value, variable.value, variable.span)},
        {**resource.keys, key: variable.span},
    )


def _each(model: Mapping, kind: str, phase: Callable[[Mapping], Mapping]) -> Mapping:
    """Apply `phase` to every resource of one kind."""
    resources = model.entries.get(kind)
    if not isinstance(resources, Mapping):
        return model
    changed: dict[str, Node] = {}
    for name, node in resources.entries.items():
        if isinstance(node, Mapping):
            made = phase(node)
            if made is not node:
                changed[name] = made
    return _with_changed(model, kind, resources, changed)


def _each_new(
    model: Mapping,
    kind: str,
    document: Document,
    phase: Callable[[Mapping, YamlPath], Mapping],
) -> Mapping:
    """Apply `phase` to every resource of one kind that this document brought or changed."""
    resources = model.entries.get(kind)
    if not isinstance(resources, Mapping):
        return model
    lower = document.lower.entries.get(kind)
    known = lower.entries if isinstance(lower, Mapping) else {}
    changed: dict[str, Node] = {}
    for name in _brought(resources, kind, document.brought):
        node = resources.entries[name]
        if isinstance(node, Mapping) and known.get(name) is not node:
            made = phase(node, (kind, name))
            if made is not node:
                changed[name] = made
    return _with_changed(model, kind, resources, changed)


def _brought(resources: Mapping, kind: str, *documents: Mapping | None) -> Iterable[str]:
    """Return the names of the resources that these documents brought, others too if that is as
    quick: with hundreds of documents the whole would be gone through for each.
    """
    names: dict[str, Node] = {}
    for document in documents:
        own = document.entries.get(kind) if document is not None else None
        if isinstance(own, Mapping):
            names.update(own.entries)
    if len(resources.entries) <= _FEW + 2 * len(names):
        return resources.entries
    return [name for name in names if name in resources.entries]


_FEW = 64


def _unvalidated(model: Mapping, document: Document) -> Mapping:
    """Return `model` without the resources that were validated when they were as they are now.

    What a document brings is validated twice, as Compose does: as it is written, and in its
    canonical form with the document after it.
    """
    made: dict[str, Node] = {}
    for kind, node in model.entries.items():
        if isinstance(node, Mapping):
            names = _brought(node, kind, document.before, document.brought)
            if names is not node.entries:
                made[kind] = node.with_entries({name: node.entries[name] for name in names})
    return model.with_entries({**model.entries, **made}) if made else model


def _with_changed(
    model: Mapping, kind: str, resources: Mapping, changed: dict[str, Node]
) -> Mapping:
    if not changed:
        return model
    made = resources.with_entries({**resources.entries, **changed})
    return model.with_entries({**model.entries, kind: made})
