"""A request -> what the Compose program of this machine says of it, asked beside other work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from bootready.engine.compose import Compose, find_compose
from bootready.engine.run import Outcome, running
from bootready.errors import EngineError
from bootready.model.request import Request
from bootready.typed import NamedTuple

LONGEST = 120.0
"""Seconds that Compose may take to load a project."""
_GO = {"GOGC": "off", "GOMEMLIMIT": "512MiB"}
"""Compose ends before it is worth collecting its garbage, which is a third of what it does; of a
project that is too large for that, Go collects again. https://pkg.go.dev/runtime
"""


class Answer(NamedTuple):
    """Whether Compose accepts the project; `words` is the last line of why it does not."""

    version: str
    accepts: bool
    words: str = ""


class Oracle:
    """The Compose program of this machine; it is looked for in a thread of its own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        import threading

        self._found: Compose | None = None
        self._thread = threading.Thread(target=self._look, args=(environ,), daemon=True)
        self._thread.start()

    def _look(self, environ: Mapping[str, str]) -> None:
        with suppress(EngineError):
            self._found = _directly(find_compose(environ), environ)

    def compose(self) -> Compose | None:
        """Return the program, None if there is none; waits until that is known."""
        self._thread.join()
        return self._found


def _directly(compose: Compose, environ: Mapping[str, str]) -> Compose:
    """Return the plugin itself for ``docker compose``, which starts it twice: first for metadata.

    https://github.com/docker/cli/blob/v28.2.2/cli-plugins/manager/manager.go
    """
    if compose.command[1:] != ("compose",):
        return compose
    from bootready.host.programs import plugin_path

    path = plugin_path("compose", environ)
    is_one = path is not None and os.path.isabs(path) and os.access(path, os.X_OK)
    return compose._replace(command=(path,)) if path and is_one else compose


@contextmanager
def asked(oracle: Oracle, request: Request) -> Iterator[Callable[[], Answer | None]]:
    """Let Compose load the project meanwhile; yields what waits for its answer, None for none.

    On leaving, Compose has ended.
    """
    compose = oracle.compose()
    if compose is None:
        yield lambda: None
        return
    argv = compose.argv(request, "config", "--quiet")
    with ExitStack() as stack:
        end: Callable[[], Outcome] | None = None
        with suppress(EngineError):
            end = stack.enter_context(
                running(argv, cwd=request.directory, env=_GO, timeout=LONGEST)
            )
        yield lambda: _answer(compose.version, end) if end else None


def _answer(version: str, end: Callable[[], Outcome]) -> Answer | None:
    try:
        outcome = end()
    except EngineError:
        return None
    last = outcome.stderr.strip().splitlines()[-1:]
    return Answer(version, outcome.exit_code == 0, "".join(last))
