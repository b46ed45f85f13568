"""A Request and the shell's environment -> the project as Compose would resolve it.

Nothing is printed, and nothing raised for what is wrong inside the Compose files: that is in
`Resolved.problems`. The order of things is in `resolve.phases`.
"""

from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Scalar
from bootready.model.position import Location, Span
from bootready.model.problem import Use, Variable
from bootready.model.request import Request
from bootready.read.discover import Sources, locate, normalized_name
from bootready.read.template import fill
from bootready.read.yaml import DOCUMENT_LIMIT
from bootready.resolve.combine.document import Document
from bootready.resolve.expand.env_files import Origins, with_env_files, with_label_files
from bootready.resolve.expand.normalise import normalised, with_name
from bootready.resolve.phases import DOCUMENT_PHASES, MODEL_PHASES
from bootready.resolve.profiles import (
    is_enabled,
    profiles_for,
    pruned,
    selection,
    services_of,
    with_services,
)
from bootready.resolve.refuse.compose_v2 import unknown_to_v2
from bootready.resolve.refuse.consistency import check_consistency, container_names
from bootready.resolve.reset import Resets
from bootready.resolve.session import Options, Resolved, Scope, Session
from bootready.resolve.told import told
from bootready.resolve.typed.bind import bind
from bootready.typed import Collection, NamedTuple
from bootready.typed import Mapping as ReadMapping


class Untyped(NamedTuple):
    """A project before its values are bound to types: what ``config --no-interpolate`` prints."""

    name: str
    model: Mapping
    scope: Scope
    session: Session
    sources: Sources


def resolve(
    request: Request, environ: ReadMapping[str, str], options: Options | None = None
) -> Resolved:
    """Return the project that `request` asks for.

    Raises ProjectError only where there is nothing to resolve: no Compose file, an env file that is
    missing, a project name that is none.
    """
    untyped = _model(request, environ, options or Options(), forgets=False)
    return _finish(untyped, request)


def resolve_untyped(
    request: Request, environ: ReadMapping[str, str], options: Options | None = None
) -> Untyped:
    """Return the project with its values as they are written. Raises ProjectError as `resolve`."""
    options = options or Options()
    # Compose forgets the environment where it does not interpolate (cli/options.go, LoadModel).
    return _model(request, environ, options, forgets=not options.interpolate)


def _model(
    request: Request, environ: ReadMapping[str, str], options: Options, *, forgets: bool
) -> Untyped:
    sources = locate(request, environ)
    session = Session(options, sources.working_directory)
    session.warnings += sources.warnings
    session.texts.update(sources.env_texts)
    session.references += sources.references
    session.env_files.update(dict.fromkeys(sources.env_files))
    variables = {} if forgets else dict(sources.variables)
    home = environ.get("HOME", "")
    scope = Scope(variables, sources.directory, sources.directory, home, root=True)
    loader = ProjectLoader(session)
    name = _project_name(sources, session, scope)
    variables["COMPOSE_PROJECT_NAME"] = Variable("COMPOSE_PROJECT_NAME", name, "default")
    model = loader.load_model(sources.files, scope, ())
    if model is None or not model.entries:
        if not session.problems:
            message = f"file '{sources.files[0]}': the Compose file is empty"
            session.refuse("compose-file-empty", message, None, fatal=True)
        model = model or _nothing(sources.files[0])
    if not name and session.options.validate:
        session.refuse("project-name", "the project has no name, set `name`", None, fatal=True)
    if session.options.normalise:
        _refuse_empty_namespaces(model, session)
        model = normalised(model, name, scope.lookup)
    session.refused_by_v2 += unknown_to_v2(model)
    return Untyped(name, model, scope, session, sources)


def _refuse_empty_namespaces(model: Mapping, session: Session) -> None:
    """Refuse ``pid:`` without a value: the schema allows it, but Compose crashes (normalize.go)."""
    for kind, word in (("services", "service"), ("jobs", "job")):
        workloads = model.entries.get(kind)
        entries = workloads.entries if isinstance(workloads, Mapping) else {}
        for name, node in entries.items():
            pid = node.entries.get("pid") if isinstance(node, Mapping) else None
            if isinstance(pid, Scalar) and pid.value is None:
                message = f"{word} '{name}': `pid` is empty, which makes Compose crash"
                place = Location(pid.span, (kind, name, "pid"))
                session.refuse("type-invalid", message, place, subject=name)


class ProjectLoader:
    """Loads sets of Compose files; includes come back to it (see `document.Loader`)."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def load_model(
        self, paths: tuple[str, ...], scope: Scope, including: tuple[str, ...]
    ) -> Mapping | None:
        """Return the model of a set of files, resolved with `scope`; None if none is readable."""
        model: Mapping | None = None
        before: Document | None = None
        count = 0
        for path in paths:
            for node in self.session.documents(path):
                count += 1
                if count > DOCUMENT_LIMIT:
                    message = f"more than {DOCUMENT_LIMIT:,} documents are merged into one model"
                    self.session.refuse("yaml-limit", message, Location(node.span), fatal=True)
                    return model
                made = self.mapping(node)
                if made is None:
                    continue
                below = model or Mapping({}, {}, node.span)
                document = Document(
                    path, self.session, scope, self, below, (*including, path), before=before
                )
                for phase in DOCUMENT_PHASES:
                    made = phase(made, document)
                model, before = made, document
        if model is not None:
            for step in MODEL_PHASES:
                model = step(model, scope, self.session)
        return model

    def load_bare(self, path: str, scope: Scope, place: Location) -> tuple[Mapping | None, Resets]:
        """Return the canonical model of one file that another one extends."""
        model: Mapping | None = None
        resets = Resets({})
        for node in self.session.documents(path, place):
            current = self.mapping(node)
            if current is None:
                continue
            below = model or Mapping({}, {}, node.span)
            document = Document(path, self.session, scope, self, below, bare=True)
            for phase in DOCUMENT_PHASES:
                current = phase(current, document)
            model, resets = current, document.resets
        return model, resets

    def mapping(self, node: Node) -> Mapping | None:
        """Return the document if it is a mapping; note the problem if not."""
        if isinstance(node, Mapping):
            return node
        message = "the top level of a Compose file must be a mapping"
        self.session.refuse("top-level-type", message, Location(node.span), fatal=True)
        return None


def _nothing(file: str) -> Mapping:
    return Mapping({}, {}, Span(file, 1, 1, 1, 1))


def _project_name(sources: Sources, session: Session, scope: Scope) -> str:
    """Return the project's name: asked for, written in the last file with one, or the directory's.

    compose-go, loader.projectName. The `name` of a file has its variables replaced early, so it
    cannot use COMPOSE_PROJECT_NAME.
    """
    written: str | None = None
    for path in sources.files:
        for node in session.documents(path):
            name = node.entries.get("name") if isinstance(node, Mapping) else None
            if isinstance(name, Scalar) and isinstance(name.value, str) and name.value:
                written = name.value
    if sources.project_name:
        return sources.project_name
    if written is None:
        return sources.directory_name
    if session.options.interpolate:
        written = fill(written, scope.lookup).text
    return normalized_name(written) if session.options.normalise else written


def _finish(untyped: Untyped, request: Request) -> Resolved:
    """Bind values to types, select services, and give them their env files."""
    session, scope, sources = untyped.session, untyped.scope, untyped.sources
    model, problems = bind(with_name(untyped.model, untyped.name))
    session.problems += problems
    everything = services_of(model)
    active = sources.profiles
    enabled = {name: s for name, s in everything.items() if is_enabled(s, active)}
    if session.options.check_consistency:
        session.problems += check_consistency(model, frozenset(enabled))
        enabled = {name: _with_scale(service) for name, service in enabled.items()}
    origins: Origins = {}
    resolved: dict[str, Mapping] = {}
    for name, service in enabled.items():
        resolved[name] = _with_files(name, service, untyped, origins, labels=True)
    if request.services:
        active = profiles_for(request.services, everything, active)
        for name, service in everything.items():
            if name not in resolved and is_enabled(service, active):
                resolved[name] = _with_files(name, service, untyped, origins, labels=False)
        resolved = {name: resolved[name] for name in everything if name in resolved}
        resolved, missing = selection(request.services, resolved)
        for name in missing:
            words = f"no such service: '{name}'"
            hint = _meant(name, everything)
            session.refuse("service-missing", words, None, subject=name, hint=hint)
    if session.options.check_consistency and session.options.check_container_names:
        session.problems += container_names(resolved)
    chosen = _with_jobs(with_services(model, resolved), active, untyped, origins)
    return Resolved(
        name=untyped.name,
        directory=sources.directory,
        files=tuple(session.files),
        env_files=tuple(session.env_files),
        model=pruned(chosen) if session.options.prune else chosen,
        declared=with_services(model, {**everything, **resolved}),
        disabled=tuple(name for name in everything if name not in resolved),
        variables=scope.variables,
        uses=(*session.uses, *(Use(one, ()) for one in dict.fromkeys(session.references))),
        problems=told(session.problems, sources),
        warnings=told(session.warnings, sources),
        sources=session.texts,
        profiles=active,
        env_file_entries=origins,
        included_variables=session.included,
        refused_by_v2=told(session.refused_by_v2, sources),
        extensions=tuple(session.extensions),
        absent_files=tuple(session.absent_files),
    )


def _with_jobs(
    model: Mapping, active: tuple[str, ...], untyped: Untyped, origins: Origins
) -> Mapping:
    """Return `model` with the jobs of active profiles, with their env files."""
    jobs = model.entries.get("jobs")
    if not isinstance(jobs, Mapping):
        return model
    made: dict[str, Node] = {
        name: _with_files(name, job, untyped, origins, labels=True)
        for name, job in jobs.entries.items()
        if isinstance(job, Mapping) and is_enabled(job, active)
    }
    entries = {name: node for name, node in model.entries.items() if name != "jobs"}
    if made:
        entries["jobs"] = jobs.with_entries(made)
    return model.with_entries(entries)


def _with_files(
    name: str, service: Mapping, untyped: Untyped, origins: Origins, *, labels: bool
) -> Mapping:
    session = untyped.session
    if session.options.reads_environment_of(name):
        service = with_env_files(name, service, untyped.scope.lookup, session, origins)
    return with_label_files(name, service, session) if labels else service


def _with_scale(service: Mapping) -> Mapping:
    """Give `deploy.replicas` the value of `scale`, as compose-go's consistency check does."""
    scale, deploy = service.entries.get("scale"), service.entries.get("deploy")
    if not isinstance(scale, Scalar) or not isinstance(deploy, Mapping):
        return service
    made = deploy.with_entries(
        {**deploy.entries, "replicas": scale}, {"replicas": scale.span, **deploy.keys}
    )
    return service.with_entries({**service.entries, "deploy": made})


__all__ = ["Options", "ProjectError", "Resolved", "Untyped", "resolve", "resolve_untyped"]


def _meant(name: str, services: Collection[str]) -> str:
    """Return what was perhaps meant by a service that does not exist, '' for nothing near."""
    if name.endswith((".yaml", ".yml")):
        return f"a Compose file is named by -f: -f {name}"
    from bootready.model.near import did_you_mean

    return did_you_mean(name, services)
