"""The secrets and configs of a service -> those of a stack file, which its user can read."""

from __future__ import annotations

from bootready.model.lookup import at, text_at
from bootready.model.node import Plain
from bootready.model.project import Grant, Service
from bootready.swarm.losses import Teller
from bootready.swarm.mounts import Held
from bootready.swarm.objects import Objects

_SECRETS = "/run/secrets/"


def grants_of(
    service: Service, held: Held, objects: Objects, teller: Teller
) -> dict[str, list[Plain]]:
    """Return the `secrets` and `configs` of a service, those of carried files among them.

    Compose mounts the file as it lies on the host, and ignores `uid`, `gid` and `mode`; the swarm
    keeps to them.
    """
    made: dict[str, list[Plain]] = {"secrets": [], "configs": []}
    owner = _owner_of(service)
    for kind, grants in (("secrets", service.secrets), ("configs", service.configs)):
        for index, grant in enumerate(grants):
            objects.declare(kind, grant.source)
            if grant.source in objects.made[kind]:
                made[kind].append(_grant(kind, grant, owner))
            if at(service.node, kind, index, "mode") is not None:
                what = "{} counts in a swarm: Compose ignores it for files"
                teller.converted((kind, index, "mode"), what)
    for carried in held.secrets:
        if isinstance(carried, dict) and owner:
            carried |= {"uid": owner, "mode": 0o400}
        made["secrets"].append(carried)
    made["configs"] += held.configs
    _groups(service, owner, made["secrets"], teller)
    return made


def _grant(kind: str, grant: Grant, owner: str) -> dict[str, Plain]:
    target = grant.target.removeprefix(_SECRETS) if kind == "secrets" else grant.target
    made: dict[str, Plain] = {"source": grant.source, "target": target}
    uid = grant.uid or (owner if kind == "secrets" and not grant.gid else "")
    if uid:
        made["uid"] = uid
    if grant.gid:
        made["gid"] = grant.gid
    if grant.mode is not None:
        made["mode"] = grant.mode
    elif uid and uid == owner:
        # Programs refuse a private key that others can read; nobody else runs in the container.
        made["mode"] = 0o400
    return made


def _owner_of(service: Service) -> str:
    """Return the number of the user that all processes of the service run as, '' if unknown."""
    user = (service.user or text_at(service.node, "x-bootready", "user")).partition(":")[0]
    return user if user.isdigit() and int(user) else ""


def _groups(service: Service, owner: str, secrets: list[Plain], teller: Teller) -> None:
    if not service.group_add:
        return
    if secrets:
        who = f"belong to the user {owner}" if owner else "can be read by every user"
        teller.converted(("group_add",), f"{{}} is left out: its secrets {who} in the container")
        return
    groups = ", ".join(service.group_add)
    teller.lost(
        ("group_add",),
        f"a stack file cannot add the group {groups}",
        "files that only this group may use are closed to it",
    )
