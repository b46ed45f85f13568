"""The engine rejects the propagation of a mount: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    MountFact,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.check.elsewhere import is_elsewhere
from bootready.model.lookup import at, items_at, place_in, shown, text_at
from bootready.model.node import Node

MODES = ("private", "rprivate", "rshared", "rslave", "shared", "slave")
AROUND_ROOT = ("rshared", "rslave")
"""What the engine takes around its own data, lest a container keeps its mounts busy."""
SNAP = "/var/snap/"
"""A snap sees mounts of its own, and `/` of the machine in another place."""


@check(
    summary="the engine rejects the propagation of a mount",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    mentions=("shared", "slave", "private", "propagation"),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation",
)
def mount_propagation_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at every mount with a propagation, such as `/:/host:ro,rslave` for node-exporter. The
    mount of this machine that contains its source must be shared (`rshared`, `shared`) or at least
    a slave (`rslave`, `slave`). A source that contains the data of the engine supports only
    `rshared` and `rslave`, and a named volume supports none.

    ## Why it stops boot
    The engine rejects the container. systemd makes every mount shared; Alpine, WSL without systemd
    and containers do not.

    ## What you see
    ```
    path / is mounted on / but it is not a shared or slave mount
    must use either propagation mode "rslave" or "rshared" when mount source is within the
    daemon root
    field BindOptions must not be specified
    ```

    ## Remedy
    Run `sudo mount --make-rshared /`, and add it to a script that runs at boot before the engine,
    because it does not survive a reboot. Or remove the propagation: the container then does not see
    later mounts.

    ## When to silence it
    If the machine that boots the project uses systemd and this one does not.

    ## Known limits
    An engine with its own mounts (a snap, a virtual machine) is not checked against those of this
    machine. If the engine does not answer or is rootless, a mount that is not shared is a warning.
    """
    for service in context.project.services:
        for index, node in items_at(service.node, "volumes"):
            mode = text_at(node, "bind", "propagation")
            place = place_in(service, "volumes", index, "bind", "propagation")
            if not mode or text_at(node, "type") not in {"bind", "volume"}:
                continue
            if refusal := _refusal(context, node, mode):
                hint = f"leave '{mode}' out" if mode in MODES else f"one of: {', '.join(MODES)}"
                yield report(place, f"service '{service.name}': {refusal}", hint=hint)
            elif mount := _unshared(context, node, mode):
                path = shown(text_at(node, "source"), context.project.directory)
                certain = _shares_our_mounts(context, report)
                wanted = "shared" if mode.endswith("shared") else "shared or slave"
                found = f"bind source '{path}' is on '{mount.point}', not a {wanted} mount"
                again = f"sudo mount --make-rshared {mount.point} (again after a reboot)"
                if certain is not None:
                    yield report(
                        place,
                        f"service '{service.name}': {found}",
                        severity=None if certain else Severity.WARNING,
                        hint=f"{again}, or leave '{mode}' out",
                    )


def _refusal(context: Context, node: Node, mode: str) -> str:
    """Say why this engine does not create a mount with `mode`; '' where it does."""
    source = text_at(node, "source")
    if text_at(node, "type") == "volume":
        # With these, Compose drops `bind` and warns (create.go, volumeRequiresMountAPI).
        dropped = any(at(node, "volume", key) for key in ("labels", "nocopy", "subpath"))
        if not source or dropped:
            return ""
        return f"volume '{source}' has propagation '{mode}', which is for bind mounts"
    if mode not in MODES:
        return f"unknown propagation '{mode}'"
    root = context.engine.info().root if context.engine.reachable else ""
    # Compared as texts, as the engine does it (moby, validateBindDaemonRoot).
    if root and mode not in AROUND_ROOT and (source.startswith(root) or root.startswith(source)):
        path = shown(source, context.project.directory)
        return (
            f"bind source '{path}' and the engine's data in '{root}' cannot be mounted with"
            f" '{mode}'"
        )
    return ""


def _unshared(context: Context, node: Node, mode: str) -> MountFact | None:
    """Return the mount that holds the source, where it does not pass mounts on as asked."""
    source = text_at(node, "source")
    private = text_at(node, "type") != "bind" or mode.endswith("private")
    if private or context.host.file(source) is None:
        return None
    mount = context.host.mount(source)
    slave = mount is not None and mount.slave and mode.endswith("slave")
    return None if mount is None or mount.shared or slave else mount


def _shares_our_mounts(context: Context, report: Report) -> bool | None:
    """Tell whether the engine sees the mounts that we see: None where it sees others."""
    if not context.engine.reachable:
        return False
    engine = context.engine.info()
    if engine.root.startswith(SNAP) or is_elsewhere(context):
        report.unseen("the engine does not use the mounts of this machine")
        return None
    return not engine.rootless
