"""A bind mount has no SELinux label: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, text_at, value_at
from bootready.model.node import Node
from bootready.model.project import Service

OPEN = (
    "/dev",
    "/proc",
    "/sys",
    "/run",
    "/var/run",
    "/etc",
    "/usr",
    "/lib",
    "/home",
    "/root",
    "/tmp",  # noqa: S108 - a name to know, nothing is written there
)
"""Directories that many programs use: a new label would lock them out."""


@check(
    summary="a bind mount has no SELinux label",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.2.0",
    reference="https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label",
)
def mount_unlabelled(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for bind mounts of the project without `z` or `Z`, if the engine labels its containers by
    SELinux: Podman on Fedora and RHEL does, and Docker with `selinux-enabled`.

    ## Why it matters
    The container may not read the file, whatever its mode says.

    ## What you see
    ```
    Permission denied
    avc: denied { read } ... scontext=system_u:system_r:container_t
    ```

    ## Remedy
    Write `./conf:/etc/conf:ro,z` (`z`: several services may use it, `Z`: this one alone), or for a
    long form `bind: {selinux: z}`. Both relabel the files on the host.

    ## When to silence it
    If the files have the label `container_file_t` already.

    ## Known limits
    Whether SELinux enforces and which label a file has is not read, so this is a warning. Mounts of
    the system's own directories are left out, as these must not be relabelled.
    """
    if not context.engine.info().kind.selinux:
        return
    for service in context.project.services:
        if _is_unconfined(service):
            continue
        labels = tuple(text_at(node, "bind", "selinux") for node in _nodes(service))
        for mount, label in zip(service.mounts, labels, strict=False):
            below = any(mount.source == one or mount.source.startswith(f"{one}/") for one in OPEN)
            inside = mount.source.startswith(f"{context.project.directory}/")
            if mount.kind == "bind" and not label and (inside or not below):
                yield report(
                    mount.location,
                    f"service '{service.name}': mount of '{mount.target}' has no SELinux label",
                    consequence="the engine labels its containers, which may not read it then",
                    hint="add `z` to its options: the files are relabelled for all containers",
                )


def _nodes(service: Service) -> Iterator[Node]:
    for _, node in items_at(service.node, "volumes"):
        yield node


def _is_unconfined(service: Service) -> bool:
    options = (text_at(node) for _, node in items_at(service.node, "security_opt"))
    disabled = any(one.replace("=", ":") == "label:disable" for one in options)
    return disabled or value_at(service.node, "privileged") is True
