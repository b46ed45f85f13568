"""Where the modules of this package are, told without searching for them.

Python asks every finder that it has for each module, and then looks for six kinds of file. A short
command imports a hundred modules of ours: that was a sixteenth of it (ADR 70).
"""

from __future__ import annotations

import os
import sys

from bootready.typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import ModuleType

_PACKAGE = "bootready."


class OwnModules:
    """A finder of the modules below the directory `root`, where the package was found.

    `like` is the spec of one of them: how they are described and loaded stays Python's own.
    """

    def __init__(self, root: str, like: ModuleSpec) -> None:
        self._root = root
        self._spec = type(like)
        self._loader = cast("type[SourceFileLoader]", type(like.loader))

    def find_spec(
        self,
        name: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return what `name` is loaded from; None where it is not ours, or no file of source."""
        if not name.startswith(_PACKAGE):
            return None
        place = os.path.join(self._root, *name.split(".")[1:])
        file, is_package = f"{place}.py", False
        if not _is_there(file):
            file, is_package = os.path.join(place, "__init__.py"), True
            if not _is_there(file):
                return None
        spec = self._spec(name, self._loader(name, file), origin=file, is_package=is_package)
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(place)
        return spec


def find_own_modules(like: ModuleSpec | None) -> None:
    """Find our modules first, if the one that `like` describes is a file of source."""
    if like is None or type(like.loader).__name__ != "SourceFileLoader" or not like.origin:
        return
    if not any(isinstance(finder, OwnModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, OwnModules(os.path.dirname(like.origin), like))


def _is_there(file: str) -> bool:
    try:
        os.stat(file)
    except OSError:
        return False
    return True
