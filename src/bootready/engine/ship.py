"""An image of this machine -> in the engine of another node, by `docker save` and `docker load`.

For machines without a registry. Another engine is reached as the docker client reaches it: by a
context, or by an address such as ``ssh://host``; keys and passwords are the client's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Thread

from bootready.engine.run import child, run
from bootready.errors import EngineError, UsageError

PIECE = 1 << 20
"""Bytes that are handed on at once."""
WITHIN = 60.0
"""Seconds that an engine has to say which images it has."""

Progress = Callable[[int, int], None]
"""Hears how many bytes have gone, and of about how many."""


def way_arguments(way: str) -> tuple[str, ...]:
    """Return the options by which the docker client reaches an engine. Raises UsageError."""
    if not way or way.startswith("-") or any(character.isspace() for character in way):
        raise UsageError(f"'{way}' is not a docker context, nor an address such as ssh://host")
    return ("-H", way) if "://" in way else ("--context", way)


def image_id(image: str, environ: Mapping[str, str], way: str = "") -> str:
    """Return the id of an image of this engine or of another one, '' where it does not exist.

    Raises EngineError if that engine does not answer.
    """
    arguments = way_arguments(way) if way else ()
    argv = ("docker", *arguments, "image", "inspect", "--format", "{{.Id}}", "--", image)
    done = run(argv, env=_known(environ, way), timeout=WITHIN)
    if done.exit_code == 0:
        return done.stdout.strip()
    if "no such image" in done.stderr.lower():
        return ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    raise EngineError(f"the engine at '{way}' did not answer: {lines[-1] if lines else ''}")


def ship(image: str, way: str, environ: Mapping[str, str], progress: Progress) -> None:
    """Load an image of this engine into another one. Raises EngineError if either end fails."""
    total = _size(image, environ)
    save = ("docker", "save", "--", image)
    load = ("docker", *way_arguments(way), "load", "-q")
    with (
        child(save, env=_known(environ, ""), guarded=True) as source,
        child(load, env=_known(environ, way), guarded=True) as target,
    ):
        said: dict[str, bytes] = {}
        readers = [
            Thread(target=lambda: said.update(save=source.stderr.read() if source.stderr else b"")),
            Thread(target=lambda: said.update(load=target.stderr.read() if target.stderr else b"")),
            Thread(target=lambda: target.stdout.read() if target.stdout else b""),
        ]
        for reader in readers:
            reader.daemon = True
            reader.start()
        sent = 0
        try:
            while piece := source.stdout.read(PIECE) if source.stdout else b"":
                if target.stdin:
                    target.stdin.write(piece)
                sent += len(piece)
                progress(sent, max(sent, total))
            if target.stdin:
                target.stdin.close()
        except BrokenPipeError:
            pass  # the other end says why
        codes = source.wait(WITHIN), target.wait(10 * WITHIN)
        for reader in readers:
            reader.join(WITHIN)
    for name, code in zip(("save", "load"), codes, strict=True):
        if code:
            words = said.get(name, b"").decode(errors="replace").strip().splitlines()
            last = words[-1] if words else f"exit code {code}"
            raise EngineError(f"`docker {name}` of '{image}' failed: {last}", exit_code=code)


def _size(image: str, environ: Mapping[str, str]) -> int:
    argv = ("docker", "image", "inspect", "--format", "{{.Size}}", "--", image)
    done = run(argv, env=_known(environ, ""), timeout=WITHIN)
    return int(done.stdout) if done.exit_code == 0 and done.stdout.strip().isdigit() else 0


def _known(environ: Mapping[str, str], way: str) -> dict[str, str | None]:
    """Return docker's own variables; those that name an engine only if no other one is meant."""
    known: dict[str, str | None] = {
        name: environ[name] for name in environ if name.startswith("DOCKER_")
    }
    if way:
        known |= {"DOCKER_HOST": None, "DOCKER_CONTEXT": None}
    return known
