"""A service and its image -> who its process is: uid and groups, as far as they can be known."""

from __future__ import annotations

from bootready.knowledge.images.users import known_user
from bootready.model.action import Reader
from bootready.model.fact import ImageFact
from bootready.model.lookup import items_at, text_at
from bootready.model.project import Service
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Engine


def reader_of(
    service: Service, engine: Engine, *, assume: bool = False, image: ImageFact | None = None
) -> Reader:
    """Return who the process of `service` is; uid None where nobody can know it.

    `user:` wins over ``x-bootready: {user: ...}``, that over the image's USER; names are looked up
    in the image's own files. `image` is what a registry says of one that is not here. With `assume`
    an image that is not here counts as what its name says (`knowledge.images`): good enough to
    prepare for, not to find fault. `privileged` is root that kept the capability to read any file.
    """
    user = service.user or text_at(service.node, "x-bootready", "user") or None
    if user is None and service.image and engine.reachable:
        user = engine.image_user(service.image)
    if user is None and image is not None:
        user = image.user
    if assume:
        user = _assumed(user, service)
    if user is None:
        return Reader(service.name, None)
    name, _, group = user.partition(":")
    uid = _number(name, service, engine, "/etc/passwd", 2) if name else 0
    if uid is None:
        return Reader(service.name, None)
    gids = [_number(group, service, engine, "/etc/group", 2)] if group else []
    if not group:
        gids.append(_primary_group(name or "root", uid, service, engine))
    gids += [_number(text, service, engine, "/etc/group", 2) for text in service.group_add]
    return Reader(
        service.name,
        uid,
        tuple(gid for gid in gids if gid is not None),
        privileged=uid == 0 and not _dropped(service),
    )


def _assumed(user: str | None, service: Service) -> str | None:
    known = known_user(service.image) if service.image else None
    if known is None:
        return user
    drops = known.drops and service.entrypoint is None
    if user is None or (drops and user.partition(":")[0] in {"", "0", "root"}):
        return "0" if known.drops and not drops else f"{known.uid}:{known.gid}"
    return user


def takes_over(service: Service, engine: Engine) -> bool:
    """Tell whether the entrypoint of a known image starts as root and gives its data to the user
    that it becomes: it needs no help with a directory.
    """
    known = known_user(service.image) if service.image else None
    user = service.user
    if user is None and service.image and engine.reachable:
        user = engine.image_user(service.image)
    user = user or "0"
    root = user.partition(":")[0] in {"", "0", "root"}
    return known is not None and known.drops and root and not _dropped(service, "CHOWN")


def _dropped(service: Service, capability: str = "DAC_OVERRIDE") -> bool:
    drops = {str(text_at(node)).upper() for _, node in items_at(service.node, "cap_drop")}
    adds = {str(text_at(node)).upper() for _, node in items_at(service.node, "cap_add")}
    same = {"ALL", capability, f"CAP_{capability}"}
    instead = {"DAC_READ_SEARCH"} if capability == "DAC_OVERRIDE" else set()
    return bool(drops & same) and not adds & (same | instead)


def _number(name: str, service: Service, engine: Engine, path: str, column: int) -> int | None:
    if name.isdigit():
        return int(name)
    if name == "root":
        return 0
    for row in _rows(service, engine, path):
        if row[0] == name and len(row) > column and row[column].isdigit():
            return int(row[column])
    return None


def _primary_group(name: str, uid: int, service: Service, engine: Engine) -> int | None:
    for row in _rows(service, engine, "/etc/passwd"):
        if len(row) > 3 and (row[0] == name or row[2] == str(uid)) and row[3].isdigit():
            return int(row[3])
    return 0  # the engine takes group 0 for a uid that the image does not know


def _rows(service: Service, engine: Engine, path: str) -> list[list[str]]:
    if not service.image or not engine.reachable:
        return []
    return [line.split(":") for line in (engine.image_file(service.image, path) or "").splitlines()]
