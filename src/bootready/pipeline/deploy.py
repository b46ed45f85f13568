"""Takes a project; deploys its stack to the swarm that the docker client asks, and watches it."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping

from bootready.boot.stack.judge import LABEL, judge
from bootready.boot.stack.watch import seen_of, wait_for_removal, watch
from bootready.boot.up import Options, View
from bootready.engine.api import Api, at, connect, items, text
from bootready.engine.run import run
from bootready.errors import EngineError
from bootready.model.boot import BootOutcome
from bootready.model.node import Plain
from bootready.model.request import Request
from bootready.pipeline.stack import Rendered, rendered
from bootready.report.stack import losses_text
from bootready.swarm.losses import Kind

_DEPLOYED_WITHIN = 300.0
"""Seconds that the client may take to hand over a stack; it does not wait for the tasks."""


def deploy(
    request: Request, environ: Mapping[str, str], options: Options, view: View
) -> BootOutcome:
    """Deploy the stack of the project and return its outcome.

    Raises EngineError if a service cannot be said, no manager answers or the client refuses.
    """
    made = rendered(request, environ, os.getcwd())
    if not made.stack.is_whole:
        refused = [one for one in made.stack.losses if one.kind is Kind.REFUSED]
        words = losses_text(refused, made.project.directory, made.redact)
        raise EngineError(f"this project cannot be deployed as a stack: {words.splitlines()[0]}")
    api = manager(environ)
    stack = made.stack.project
    try:
        wait_for_removal(api, stack)
        _create(api, made)
        _hand_over(made, environ)
        return watch(api, stack, options, view)
    finally:
        view.close()


def manager(environ: Mapping[str, str]) -> Api:
    """Return the API of the engine, which must be a manager of a swarm. Raises EngineError."""
    api = connect(environ)
    api.ping()
    if at(api.get("/info"), "Swarm", "ControlAvailable") is not True:
        raise EngineError(
            "this engine is not a manager of a swarm",
            hint="docker swarm init, or DOCKER_HOST or a context of a manager",
        )
    return api


def stack_states(stack: str, environ: Mapping[str, str]) -> BootOutcome:
    """Return the state of a stack as the manager sees it now. Raises EngineError."""
    verdicts = tuple(judge(seen_of(manager(environ), stack), stack))
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


def _create(api: Api, made: Rendered) -> None:
    """Create the secrets and configs that no file holds; those that exist have the same content."""
    for one in made.stack.created:
        names = {text(known, "Spec", "Name") for known in items(api.get(f"/{one.kind}"))}
        if one.name not in names:
            data: Plain = base64.b64encode(one.content).decode()
            labels: Plain = {LABEL: made.stack.project}
            api.post(f"/{one.kind}/create", {"Name": one.name, "Data": data, "Labels": labels})


def _hand_over(made: Rendered, environ: Mapping[str, str]) -> None:
    """Give the stack file to the client, on its standard input: there are secrets in it."""
    # Nobody asked for a registry to be queried; a node that pulls resolves the tag itself.
    argv = ("docker", "stack", "deploy", "--resolve-image", "never", "-c", "-", made.stack.project)
    known = {name: environ[name] for name in environ if name.startswith("DOCKER_")}
    text_of_it = made.text(reveal=True)
    done = run(argv, env=known, stdin=text_of_it, timeout=_DEPLOYED_WITHIN, guarded=True)
    if done.exit_code:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise EngineError(
            f"`docker stack deploy` failed: {made.redact(lines[-1]) if lines else ''}",
            argv,
            done.exit_code,
            made.redact(done.stderr),
        )
