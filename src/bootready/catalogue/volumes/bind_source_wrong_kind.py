"""A bind source is a directory where a file is needed, or the reverse."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_in
from bootready.check.remedies import file_created
from bootready.knowledge.paths import is_directory_target
from bootready.knowledge.secrets.certificate_sets import files_of_sets
from bootready.knowledge.secrets.certificates import ENDINGS as CERTIFICATE_ENDINGS
from bootready.model.lookup import shown
from bootready.model.project import Mount, Service

FILES = frozenset({"/etc/passwd", "/etc/group", "/etc/hosts", "/etc/resolv.conf"})
DIRECTORIES = frozenset({"/etc", "/usr", "/bin", "/root"})
"""Targets that are what they are in nearly every image; one made from scratch may lack some."""
BY_ENGINE = frozenset({"/etc", "/etc/hosts", "/etc/resolv.conf"})
"""Those that the engine puts into every container, whatever its image has (moby, initlayer)."""
TIME_ZONE = frozenset({"/etc/timezone", "/etc/localtime"})
ENDINGS = (
    *(".conf", ".cfg", ".ini", ".yml", ".yaml", ".toml", ".json", ".sh", ".sql"),
    *CERTIFICATE_ENDINGS,
)


@check(
    summary="a bind source is a directory where a file is needed, or the reverse",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def bind_source_wrong_kind(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the kind of the source with the kind that the target must have: what a local image has
    there, paths that nearly every image has (`/etc`, `/etc/passwd`), files of known images
    (`/etc/nginx/nginx.conf`), and, as a warning, names with the usual extensions of configuration
    files and certificates. It is a warning, too, if the local image has nothing at the target.

    ## Why it stops boot
    The engine cannot mount a directory onto a file, or a file onto a directory. The message has
    about 400 characters of runtime detail.

    ## What you see
    ```
    error mounting ".../d" to rootfs at "/etc/passwd": ... not a directory: unknown: Are you
    trying to mount a directory onto a file (or vice-versa)?
    ```

    ## Remedy
    Remove the directory (an earlier start may have created it) and restore the file. If nothing is
    there and the file has an example beside it, `bootready prepare` creates it from that. For a
    certificate the hint names the project's own generator, if it has one.

    ## When to silence it
    If the image has a directory at a path that looks like a file, such as `conf.d.conf`.
    """
    made = files_of_sets(context.project, context.host)
    for service in context.project.services:
        for mount in service.mounts:
            if mount.source in made:
                continue  # certificate-missing tells of it
            fact = context.host.file(mount.source) if mount.kind == "bind" else None
            in_image = _kind_in_image(service, mount, context) if mount.kind == "bind" else None
            wanted = in_image or _wanted(mount.target)
            actual = fact.kind if fact else ("directory" if mount.kind == "bind" else "")
            if not wanted or actual not in {"file", "directory"} or actual == wanted:
                continue
            path = shown(mount.source, context.project.directory)
            found = actual if fact else "missing, so the engine creates a directory"
            yield report(
                mount.location.labelled(f"the target is a {wanted}"),
                f"service '{service.name}': bind source '{path}' is {'a ' if fact else ''}{found}",
                severity=None
                if in_image or _is_sure(context, service, mount.target, lacks=in_image is not None)
                else Severity.WARNING,
                hint=_hint(context, mount.target, wanted, path if fact is None else ""),
                remedy=None if fact else file_created(context.host, mount.source, path),
            )


def _hint(context: Context, target: str, wanted: str, missing: str) -> str:
    if missing and target in TIME_ZONE:
        return "set `TZ` in `environment` and remove the mount: not every system has that file"
    kind = f"create the {wanted} {missing}" if missing else f"'{target}' is a {wanted}"
    if not missing or not target.endswith(CERTIFICATE_ENDINGS):
        return kind
    from bootready.check.generators import certificate_generator

    own = certificate_generator(context.project, context.host)
    return f"{kind}; the project has its own generator: {own}" if own else kind


def _kind_in_image(service: Service, mount: Mount, context: Context) -> str | None:
    """Return what the local image has at the target, '' for nothing; None if that is not known, is
    hidden by another mount, or is neither a file nor a directory.
    """
    image, target, engine = service.image or "", mount.target.rstrip("/"), context.engine
    if service.build or not image or not engine.reachable or engine.image(image) is None:
        return None
    above = any(
        other is not mount and target.startswith(f"{other.target.rstrip('/')}/")
        for other in service.mounts
    )
    if above or not engine.sees_into(image):
        return None
    found = engine.image_path(image, target)
    if found is None:
        return ""
    return found.kind if found.kind in {"file", "directory"} else None


def _is_sure(context: Context, service: Service, target: str, *, lacks: bool) -> bool:
    """Tell whether the container is sure to have the target; `lacks` if its image does not."""
    path = target.rstrip("/")
    if path in BY_ENGINE or lacks:
        return path in BY_ENGINE
    return path in FILES | DIRECTORIES or _is_shipped(context, service, target)


def _is_shipped(context: Context, service: Service, target: str) -> bool:
    """Tell whether a known image is sure to have a configuration file of the program there."""
    return any(
        target in fact.shipped
        for known in known_in(context)
        if known.service.name == service.name
        for fact, care in known.facts(known.image.family.configs)
        if not care
    )


def _wanted(target: str) -> str:
    if target.rstrip("/") in DIRECTORIES:
        return "directory"
    by_ending = target.endswith(ENDINGS) and not is_directory_target(target)
    return "file" if target in FILES or by_ending else ""
