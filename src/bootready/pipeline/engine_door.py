"""The environment -> what a plan may ask of the engine: to create networks and volumes."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.engine.api import connect
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.apply.execute import EngineDoor


def engine_door(environ: Mapping[str, str]) -> EngineDoor:
    """Return what may be asked of the engine: to create networks and volumes."""

    def create(path: str, body: dict[str, Plain]) -> bool:
        try:
            connect(environ).post(path, body)
        except EngineError as error:
            if error.process_exit_code == 409:  # it exists
                return False
            raise
        return True

    from bootready.apply.execute import EngineDoor

    return EngineDoor(
        network=lambda name, driver: create(
            "/networks/create",
            {
                "Name": name,
                "Driver": driver,
                "CheckDuplicate": True,
                "Attachable": driver == "overlay",
            },
        ),
        volume=lambda name: create("/volumes/create", {"Name": name}),
        pull=lambda _image: False,
    )
