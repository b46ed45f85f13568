"""Takes a project; deploys its stack to the swarm that the docker client asks, and watches it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from bootready.boot.secret_files import project_redactor
from bootready.boot.stack.endpoints import ask_published
from bootready.boot.stack.explain import (
    Told,
    deadlocked,
    never_passing,
    sharing,
    virtual,
    with_logs,
)
from bootready.boot.stack.judge import Seen, judge
from bootready.boot.stack.nodes import NodeTasks, tasks_by_node
from bootready.boot.stack.removal import REMOVED_WITHIN, Left, remove, wait_for_removal
from bootready.boot.stack.watch import PAUSE, ended_in, seen_of, watch
from bootready.boot.up import Options, View
from bootready.engine.api import Api, items, text
from bootready.engine.cluster import LABEL, manager_of
from bootready.engine.http import quoted
from bootready.engine.run import run
from bootready.errors import EngineError
from bootready.host.local import LocalHost
from bootready.model.boot import BootOutcome, Diagnosis
from bootready.model.node import Plain
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline.prepare_swarm import create_objects
from bootready.pipeline.stack import Rendered, rendered
from bootready.regex import regex
from bootready.report.stack import losses_text
from bootready.swarm.losses import Kind

_DEPLOYED_WITHIN = 300.0
"""Seconds that the client may take to hand over a stack; it does not wait for the tasks."""
_ANSWER_WITHIN = 3.0
"""Seconds that endpoints have to answer if nothing was started just now."""

Say = Callable[[str], None]


def deploy(
    request: Request, environ: Mapping[str, str], options: Options, view: View, say: Say
) -> BootOutcome:
    """Deploy the stack of the project and return its outcome; `say` hears what happens beside it.

    Secrets and configs of the stack that nothing uses any more are removed once all is up. Raises
    EngineError if a service cannot be said, no manager answers or the client refuses.
    """
    made = rendered(request, environ, os.getcwd())
    if not made.stack.is_whole:
        refused = [one for one in made.stack.losses if one.kind is Kind.REFUSED]
        words = losses_text(refused, made.project.directory, made.redact)
        raise EngineError(f"this project cannot be deployed as a stack: {words.splitlines()[0]}")
    api = manager_of(environ)
    stack = made.stack.project
    began = time.monotonic()
    try:
        try:
            wait_for_removal(api, stack, say)
            create_objects(api, made)
            before = ended_in(seen_of(api, stack))
            _hand_over(made, environ, say)
        except KeyboardInterrupt:
            seconds = time.monotonic() - began
            return stack_states(stack, environ)._replace(interrupted=True, seconds=seconds)
        outcome = watch(Told(made.project, api, made.redact), options, view, before)
    finally:
        view.close()
    if outcome.ready:
        for words in _virtual(api, seen_of(api, stack), stack):
            say(f"warning: {words}")
        for name in collect(api, stack):
            say(f"removed, as nothing uses it any more: {name}")
    return outcome._replace(seconds=time.monotonic() - began)


def stack_states(stack: str, environ: Mapping[str, str]) -> BootOutcome:
    """Return the state of a stack as the manager sees it now. Raises EngineError."""
    return stack_seen(stack, environ)[0]


def stack_seen(stack: str, environ: Mapping[str, str]) -> tuple[BootOutcome, tuple[NodeTasks, ...]]:
    """Return the state of a stack as the manager sees it now, and the nodes with its tasks.

    Raises EngineError.
    """
    seen = seen_of(manager_of(environ), stack)
    return _outcome(stack, seen), tasks_by_node(seen, stack)


def _outcome(stack: str, seen: Seen) -> BootOutcome:
    verdicts = tuple(judge(seen, stack))
    return BootOutcome(
        project=stack,
        states=tuple(one.state for one in verdicts),
        diagnoses=tuple(one.diagnosis for one in verdicts if one.diagnosis),
        endpoints=(),
        warnings=(),
        seconds=0.0,
        compose_seconds=0.0,
        changed=False,
    )


def stack_explained(project: Project, environ: Mapping[str, str]) -> BootOutcome:
    """Return the state of a stack, why it is not up, and whether its ports answer.

    Raises EngineError, with the managers to start if the swarm has no leader.
    """
    api = manager_of(environ)
    stack = project.name
    seen = seen_of(api, stack)
    began = time.monotonic()
    told = Told(project, api, project_redactor(project))
    verdicts = tuple(judge(seen, stack))
    found = [one.diagnosis for one in verdicts if one.diagnosis]
    named = {one.service for one in found}
    stuck = deadlocked(verdicts, seen, told, never_passing(project))
    found += [one for one in stuck if one.service not in named]
    found += sharing(seen, stack)
    named = {one.service for one in found}
    for verdict in verdicts:
        state = verdict.state
        if not state.phase.good and state.service not in named:
            full = f"{stack}_{state.service}"
            headline = f"it is not up: '{state.word}'"
            cause = state.detail or "its tasks give no reason"
            remedy = f"docker service ps --no-trunc {full}"
            found.append(Diagnosis("stack-task-unfinished", state.service, headline, cause, remedy))
    warnings = tuple(_virtual(api, seen, stack))
    endpoints = ask_published(seen, stack, _ANSWER_WITHIN)
    if warnings:
        endpoints = tuple(
            one if one.answered else one._replace(hint="set `x-bootready: {swarm: {ports: host}}`")
            for one in endpoints
        )
    return _outcome(stack, seen)._replace(
        diagnoses=with_logs(found, verdicts, told),
        endpoints=endpoints,
        warnings=warnings,
        seconds=time.monotonic() - began,
    )


def _virtual(api: Api, seen: Seen, stack: str) -> list[str]:
    """Return what to say of virtual IPs if this machine's kernel cannot carry them."""
    names = virtual(seen, stack)
    if not names or not api.address.path or LocalHost().file("/proc/net/ip_vs") is not None:
        return []
    shown = ", ".join(f"'{name}'" for name in names)
    words = (
        f"the kernel of this node shows no IPVS: without it nothing connects to the virtual IP of"
        f" {shown}, nor to ports of the routing mesh; modprobe ip_vs, or set `endpoint_mode: dnsrr`"
        " and ports of the mode host"
    )
    return [words]


def stack_down(
    request: Request, environ: Mapping[str, str], timeout: float, say: Say
) -> tuple[str, Left]:
    """Remove the stack of a project; return its name and what is left after `timeout` seconds.

    Volumes stay on their nodes. Raises EngineError.
    """
    from bootready.pipeline import load

    stack = load(request, environ).name
    return stack, remove(manager_of(environ), stack, timeout, say)


_OURS = regex(r".*-[0-9a-f]{10}")
"""Names that end in a digest of the content: `bootready` made them, or a stack file of its own."""


def collect(api: Api, stack: str) -> list[str]:
    """Remove secrets and configs of a stack that no service uses, nor could be rolled back to.

    Returns their names. One that is still in use stays.
    """
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    used: set[str] = set()
    for service in items(api.get("/services")):
        for spec in ("Spec", "PreviousSpec"):
            for kind, key in (("Secrets", "SecretID"), ("Configs", "ConfigID")):
                listed = items(service, spec, "TaskTemplate", "ContainerSpec", kind)
                used |= {text(one, key) for one in listed}
    removed = []
    for kind in ("secrets", "configs"):
        for one in items(api.get(f"/{kind}", filters=filters)):
            name, number = text(one, "Spec", "Name"), text(one, "ID")
            if number in used or not _OURS.fullmatch(name):
                continue
            try:
                api.delete(f"/{kind}/{quoted(number)}")
            except EngineError:
                continue  # somebody has begun to use it
            removed.append(f"{kind.removesuffix('s')} '{name}'")
    return removed


def _hand_over(made: Rendered, environ: Mapping[str, str], say: Say) -> None:
    """Give the stack file to the client, on its standard input: there are secrets in it.

    Networks of an earlier stack may go between two questions of the client: it is asked again.
    """
    # Nobody asked for a registry to be queried; a node that pulls resolves the tag itself.
    argv = ("docker", "stack", "deploy", "--resolve-image", "never", "-c", "-", made.stack.project)
    known = {name: environ[name] for name in environ if name.startswith("DOCKER_")}
    text_of_it = made.text(reveal=True)
    until = time.monotonic() + REMOVED_WITHIN
    while True:
        done = run(argv, env=known, stdin=text_of_it, timeout=_DEPLOYED_WITHIN, guarded=True)
        if not done.exit_code:
            return
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        last = made.redact(lines[-1]) if lines else ""
        if not _GOING.search(last) or time.monotonic() > until:
            break
        say("waiting for the end of an earlier removal: a network of it is about to go")
        time.sleep(4 * PAUSE)
    raise EngineError(
        f"`docker stack deploy` failed: {last}", argv, done.exit_code, made.redact(done.stderr)
    )


_GOING = regex(r"network \S+ not found|network \S+ is in use|already exists")
"""What the client says of networks that an earlier removal is about to take away."""
