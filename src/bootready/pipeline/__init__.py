"""Joins the stages. Here: read, resolve and check; beside it one module per verb that does more."""

from __future__ import annotations

from bootready.check.api import Context, Entry, Trait
from bootready.check.discover import choose, index, with_trait
from bootready.check.run import Evidence, run_entries
from bootready.check.settings import Settings
from bootready.check.silence import silences_in
from bootready.model.finding import Needs, Skipped, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.typed import TYPE_CHECKING, Mapping, Sequence

if TYPE_CHECKING:
    from bootready.engine.observe import LocalEngine
    from bootready.registry.ask import Registries


def load(request: Request, environ: Mapping[str, str]) -> Project:
    """Return the project that `request` means. Raises ProjectError where there is no model."""
    from bootready.resolve.build import load_project

    return load_project(request, environ)


def asked_ahead(environ: Mapping[str, str]) -> LocalEngine:
    """Return the engine, which has been asked what a check asks for; for `observe`.

    It answers while the project is read. Whoever calls this calls its `let_go` in the end.
    """
    from bootready.engine.observe import LocalEngine

    engine = LocalEngine(environ)
    engine.ask_ahead()
    return engine


def observe(
    project: Project,
    environ: Mapping[str, str],
    *,
    engine: bool = True,
    ahead: LocalEngine | None = None,
    registry: bool = False,
    swarm: bool = False,
    probe: bool = False,
) -> Evidence:
    """Return the evidence that there is; `engine` False leaves the engine unasked.

    `ahead` is the engine of this environment that has been asked already. With `registry` the
    registries of images that are not here are asked, over the network. With `swarm` the project is
    to run on a Docker Swarm: this machine's engine tells nothing of that, but is asked what it
    knows as a manager; with `probe` the nodes are asked as well, by a job.
    """
    found = _observed(project, environ, ahead, engine=engine and not swarm)
    if swarm:
        from bootready.pipeline.cluster import with_cluster  # a matter of swarms alone

        found.missing[Needs.ENGINE] = "this machine's engine is not the target"
        del found.missing[Needs.SWARM]
        found = with_cluster(found, environ, engine=engine, probe=probe)
    if not registry:
        return found
    from bootready.check.pulls import pulls

    context = found.context
    keys = [(pull.image, pull.platform) for pull in pulls(project, context.engine)]
    del found.missing[Needs.REGISTRY]
    return found._replace(context=context._replace(registry=registries(keys, context, environ)))


def registries(
    images: Sequence[tuple[str, str]], context: Context, environ: Mapping[str, str]
) -> Registries:
    """Return the registries of `images` (with platforms), to be asked as the engine asks them."""
    from bootready.registry.ask import Registries, settings_of

    engine = context.engine.info() if context.engine.reachable else None
    return Registries(images, environ, settings_of(engine, environ))


def _observed(
    project: Project, environ: Mapping[str, str], ahead: LocalEngine | None, *, engine: bool
) -> Evidence:
    from bootready.host.local import LocalHost

    missing = {
        Needs.REGISTRY: "--registry was not given",
        Needs.SWARM: "--target swarm was not given",
        Needs.MANAGER: "--target swarm was not given",
        Needs.PROBE: "--probe was not given",
    }
    if not engine:
        from bootready.engine.recorded import RecordedEngine

        missing[Needs.ENGINE] = "it was not queried (--engine none)"
        unasked = RecordedEngine(None, missing[Needs.ENGINE])
        return Evidence(Context(project, LocalHost(environ), unasked), missing)
    from bootready.engine.observe import LocalEngine

    asked = ahead or LocalEngine(environ)
    if not asked.reachable:
        missing[Needs.ENGINE] = asked.unreachable_reason
    if not asked.local:
        missing[Needs.HOST] = "the engine runs on another machine"
    return Evidence(Context(project, LocalHost(environ), asked), missing)


def check(
    evidence: Evidence,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    settings: Settings | None = None,
) -> Verdict:
    """Return the verdict of the catalogue on the project in `evidence`.

    `only` and `skip` name checks or topics; UsageError for one that is unknown.
    """
    settings = settings or Settings()
    wanted = only or settings.only
    entries = choose(index(), wanted, (*skip, *settings.skip))
    for need in (Needs.REGISTRY, Needs.SWARM):
        if need in evidence.missing:
            # Nobody misses what nobody asked for; who names such a check is told.
            entries = tuple(e for e in entries if need.name not in e.needs or e.id in wanted)
    if Needs.SWARM not in evidence.missing:
        unfit = with_trait(Trait.NOT_FOR_SWARM)
        entries = tuple(e for e in entries if e.id not in unfit or e.id in wanted)
    away = _of_other_machines(entries, evidence)
    entries = tuple(entry for entry in entries if entry not in away)
    project = evidence.context.project
    silences = (*silences_in(project.sources), *settings.silences)
    verdict = run_entries(entries, evidence, silences)
    left = (Skipped(entry.id, "looks at one machine, and the swarm has others") for entry in away)
    verdict = verdict._replace(skipped=tuple(sorted((*verdict.skipped, *left))))
    if not settings.baseline:
        return verdict
    return less_known(verdict, settings, project.directory, entries)


def _of_other_machines(entries: Sequence[Entry], evidence: Evidence) -> tuple[Entry, ...]:
    """Return the checks that ask this machine what only the nodes of a swarm can tell.

    A swarm of one node that answers here is this machine.
    """
    is_swarm = Needs.SWARM not in evidence.missing and Needs.ENGINE in evidence.missing
    cluster = evidence.context.cluster
    if not is_swarm or (cluster is not None and len(cluster.nodes) == 1):
        return ()
    asks_one_machine = with_trait(Trait.ASKS_ONE_MACHINE)
    return tuple(entry for entry in entries if entry.id in asks_one_machine)


def less_known(
    verdict: Verdict, settings: Settings, directory: str, entries: Sequence[Entry]
) -> Verdict:
    """Return the verdict of the checks `entries` without what the baseline of `settings` knows."""
    from bootready.check.baseline import without_known

    ran = {entry.id for entry in entries} - {one.check_id for one in verdict.skipped}
    topics = {entry.id: entry.topic for entry in index()}
    return without_known(verdict, settings.baseline, directory, ran, topics)


def root_of(directory: str) -> str:
    """Return where `prepare` writes without being told: the repository, or the directory itself."""
    from bootready.host.repository import repository_below_home

    return repository_below_home(directory) or directory


def read_text_file(path: str) -> str | None:
    """Return the text of a small file, None where there is none that can be read, or where a link
    leads from it out of its repository.
    """
    from bootready.host.local import LocalHost

    host = LocalHost()
    text = host.read_text(path)
    return None if text is not None and host.leaves_repository(path) else text
