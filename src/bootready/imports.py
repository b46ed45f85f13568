"""Where the modules of this package are and their compiled code, told without searching for them.

Python asks every finder that it has for each module, looks for six kinds of file, and works out for
each, twice, where its compiled code is kept. A short command imports a hundred modules of ours:
that was a tenth of it (ADR 70, ADR 84).
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys

from bootready.typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import CodeType, ModuleType

_PACKAGE = "bootready."
_READING = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)  # for Windows
_WORD = 0xFFFFFFFF
_HEAD = 16
"""Bytes in front of compiled code: the mark of a Python, the kind of check, time and size of the
source (PEP 552).
"""


if TYPE_CHECKING:

    class _Quick(SourceFileLoader):
        kept: tuple[str, int, int]


class OwnModules:
    """A finder of the modules below the directory `root`, where the package was found.

    `like` is the spec of one of them: how they are described and loaded stays Python's own.
    """

    def __init__(self, root: str, like: ModuleSpec) -> None:
        self._root = root
        self._spec = type(like)
        loader = cast("type[SourceFileLoader]", type(like.loader))
        mark = getattr(sys.modules[loader.__module__], "MAGIC_NUMBER", b"")
        self._loader = _quick(loader, mark)
        self._ending = f".{sys.implementation.cache_tag}.pyc" if not sys.pycache_prefix else ""

    def find_spec(
        self,
        name: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return what `name` is loaded from; None where it is not ours, or no file of source."""
        if not name.startswith(_PACKAGE):
            return None
        place = f"{self._root}{os.sep}{name[len(_PACKAGE) :].replace('.', os.sep)}"
        directory, _, last = place.rpartition(os.sep)
        file, is_package = f"{place}.py", False
        found = _state(file)
        if found is None:
            directory, last, file, is_package = (
                place,
                "__init__",
                f"{place}{os.sep}__init__.py",
                True,
            )
            found = _state(file)
            if found is None:
                return None
        loader = self._loader(name, file)
        spec = self._spec(name, loader, origin=file, is_package=is_package)
        spec.has_location = True
        if self._ending:
            spec.cached = os.sep.join((directory, "__pycache__", f"{last}{self._ending}"))
            loader.kept = spec.cached, int(found.st_mtime), found.st_size
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(place)
        return spec


def find_own_modules(like: ModuleSpec | None) -> None:
    """Find our modules first, if the one that `like` describes is a file of source."""
    if like is None or type(like.loader).__name__ != "SourceFileLoader" or not like.origin:
        return
    if not any(isinstance(finder, OwnModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, OwnModules(os.path.dirname(like.origin), like))


def _state(file: str) -> os.stat_result | None:
    try:
        return os.stat(file)
    except OSError:
        return None


def _quick(loader: type[SourceFileLoader], mark: bytes) -> type[_Quick]:
    """Return a kind of Python's `loader` that takes compiled code from where it is told it is kept.

    It takes what this Python (`mark`) compiled from the source as it is now, and leaves all else to
    `loader`.
    """

    class Quick(loader):  # type: ignore[misc, valid-type]
        kept = "", 0, 0

        def get_code(self, fullname: str) -> CodeType | None:
            """Return the code of the module."""
            return _code_in(*self.kept, mark, self.path) or super().get_code(fullname)

    return cast("type[_Quick]", Quick)


def _code_in(file: str, modified: int, size: int, mark: bytes, source: str) -> CodeType | None:
    """Return the code that `file` holds, None where it is not that of `source` as it is now."""
    try:
        opened = os.open(file, _READING)
    except OSError:
        return None
    try:
        held = os.read(opened, os.fstat(opened).st_size + 1)
    except OSError:
        return None
    finally:
        os.close(opened)
    numbers = (0, modified & _WORD, size & _WORD)
    if held[:_HEAD] != mark + b"".join(number.to_bytes(4, "little") for number in numbers):
        return None
    code = marshal.loads(memoryview(held)[_HEAD:])  # noqa: S302 - as Python itself loads it
    # It may have been compiled under another name of the source.
    _imp._fix_co_filename(code, source)  # type: ignore[attr-defined] # noqa: SLF001 - as importlib
    return cast("CodeType", code)
