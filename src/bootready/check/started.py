"""A service -> the words that its container may start with: its own, its image's, its Dockerfile's.

The image is asked also if the project builds it: what is mounted over it hides what was built.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath

from bootready.model.lookup import text_at
from bootready.model.project import Service
from bootready.plain_json import loads
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.check.api import Context


class _Built(NamedTuple):
    """What a Dockerfile says of the program; `directory` is '' where that is not known."""

    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    directory: str


def starts_of(service: Service, context: Context) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the words of each program that the container starts, and whether its image says so.

    An entrypoint usually starts the command in the end: both are yielded. A first word with a slash
    in it is made absolute.
    """
    built = None
    if service.entrypoint is None:
        built = _image(service, context) or _dockerfile(service, context)
    directory = text_at(service.node, "working_dir") or (built.directory if built else "")
    if service.entrypoint:
        yield _absolute(service.entrypoint, directory), False
    elif built and built.entrypoint:
        yield _absolute(built.entrypoint, directory), True
    if service.entrypoint:
        return
    if service.command:
        yield _absolute(service.command, directory), False
    elif built and built.command:
        yield _absolute(built.command, directory), True


def _absolute(words: tuple[str, ...], directory: str) -> tuple[str, ...]:
    if not words or "/" not in words[0] or words[0][0] == "/" or not directory:
        return words
    return (normpath(join(directory, words[0])), *words[1:])


def _image(service: Service, context: Context) -> _Built | None:
    name = service.image or f"{context.project.name}-{service.name}"
    fact = context.engine.image(name) if context.engine.reachable else None
    if fact is None:
        return None
    return _Built(fact.entrypoint, fact.command, fact.working_directory or "/")


def _dockerfile(service: Service, context: Context) -> _Built | None:
    build = service.build
    if build is None or build.inline or "://" in build.context:
        return None
    name = build.dockerfile or "Dockerfile"
    text = context.host.read_text(name if name[:1] == "/" else f"{build.context}/{name}")
    return _read(text) if text else None


def _read(text: str) -> _Built:
    """Return what the last stage of a Dockerfile says; a program in shell form is no script."""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    directory = ""
    for line in text.replace("\\\n", " ").splitlines():
        key, _, rest = line.strip().partition(" ")
        match key.upper():
            case "FROM":
                entrypoint, command, directory = (), (), ""
            case "ENTRYPOINT":
                entrypoint = _words(rest)
            case "CMD":
                command = _words(rest)
            case "WORKDIR" if "$" not in rest:
                directory = normpath(join(directory, rest.strip())) if directory else rest.strip()
    return _Built(entrypoint, command, directory)


def _words(text: str) -> tuple[str, ...]:
    if not text.lstrip().startswith("["):
        return ()  # a line of a shell
    try:
        found = loads(text)
    except ValueError:
        return ()
    return tuple(str(word) for word in found) if isinstance(found, list) else ()
