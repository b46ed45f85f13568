"""A directory -> what was created for its project, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bootready.apply.undo import Undone
from bootready.apply.undo import undo as take_back
from bootready.engine.api import Api, connect
from bootready.engine.http import quoted
from bootready.engine.labels import unlabelled
from bootready.errors import EngineError
from bootready.pipeline.certs import remove_from_store


def _is_empty(engine: Api, volume: str) -> bool:
    """Tell whether the engine knows that there is no byte in `volume`, or no such volume."""
    found = engine.get("/system/df", type="volume")
    volumes = found.get("Volumes") if isinstance(found, dict) else None
    for one in volumes if isinstance(volumes, list) else ():
        if isinstance(one, dict) and one.get("Name") == volume:
            usage = one.get("UsageData")
            return isinstance(usage, dict) and usage.get("Size") == 0
    return isinstance(volumes, list)


def undo(directory: str, environ: Mapping[str, str], *, dry_run: bool = False) -> Undone:
    """Take back what was created for the project in `directory` and is unchanged since.

    Networks and volumes go where the engine answers and nothing uses them; a volume with data in
    it stays.
    """

    def remover(kind: str) -> Callable[[str], bool]:
        def remove(name: str) -> bool:
            try:
                if kind == "volumes" and not _is_empty(connect(environ), name):
                    return False
                connect(environ).delete(f"/{kind}/{quoted(name)}")
            except EngineError as error:
                return error.process_exit_code == 404  # it is gone already
            return True

        return remove

    return take_back(
        directory,
        remove_network=remover("networks"),
        remove_volume=remover("volumes"),
        remove_trust=remove_from_store,
        remove_of_swarm={
            "secret": remover("secrets"),
            "config": remover("configs"),
            "label": lambda words: unlabelled(words, environ),
        },
        dry_run=dry_run,
    )
