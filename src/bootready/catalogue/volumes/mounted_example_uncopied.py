"""A mounted directory has the example of a file, and not the file: found before boot."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.remedies import file_created
from bootready.knowledge.examples import example_of, original_of
from bootready.model.lookup import shown
from bootready.model.project import Mount, Service
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_MOST = 2000
"""Entries of a directory that are looked at; one with more holds data."""


class _Missing(NamedTuple):
    """A file that is not there; `why` says in words who would read it."""

    path: str
    why: str
    severity: Severity


@check(
    summary="a mounted directory has only the example of a file that is read",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def mounted_example_uncopied(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks into directories of the project that services mount, for files that are missing and have
    an example beside them: `conf.example.yml`, but no `conf.yml`. A file counts if a command or a
    variable of the service names it, or if git ignores it. The latter is a note.

    ## Why it matters
    The service starts without its configuration: it exits, or runs with other values.

    ## What you see
    ```
    open /etc/app/conf.yml: no such file or directory
    ```

    ## Remedy
    `bootready prepare` copies the example. Look into the copy: values that only you can know are
    still those of the example.

    ## When to silence it
    If the service works without the file.
    """
    root = context.project.directory
    told: set[str] = set()
    for service in context.project.services:
        for mount in service.mounts:
            if mount.kind != "bind" or not f"{mount.source}/".startswith(f"{root}/"):
                continue
            for missing in _missing(context.host, service, mount, root):
                if missing.path in told:
                    continue
                told.add(missing.path)
                name = shown(missing.path, root)
                yield report(
                    mount.location.labelled(missing.why),
                    f"service '{service.name}': file '{name}' does not exist, but its example does",
                    severity=missing.severity,
                    remedy=file_created(context.host, missing.path, name),
                )


def _missing(host: Host, service: Service, mount: Mount, root: str) -> Iterator[_Missing]:
    fact = host.file(mount.source)
    if fact is None or fact.kind != "directory":
        return
    for path, word in _named(service, mount):
        if host.file(path) is None and example_of(host, path):
            yield _Missing(path, f"the service is told to read '{word}'", Severity.WARNING)
    names = host.entries(mount.source)
    for entry in names if len(names) <= _MOST else ():
        original = original_of(entry)
        path = f"{mount.source}/{original}"
        if not original or original in names or (original == ".env" and mount.source == root):
            continue
        if host.ignored_by_git(path):
            yield _Missing(path, "git ignores the file: everybody has their own", Severity.NOTE)


def _named(service: Service, mount: Mount) -> Iterator[tuple[str, str]]:
    """Yield the files below the mount that the service is told of, here and in the container."""
    if len(mount.target) < 2:
        return
    target = f"{mount.target.rstrip('/')}/"
    words = [*(service.command or ()), *(service.entrypoint or ())]
    words += [entry.value or "" for entry in service.environment]
    words = [word for word in words if target in word]
    if not words:
        return
    pattern = re.compile(rf"(?<![\w./-]){re.escape(target)}(?P<rest>[\w.-]+(?:/[\w.-]+)*)")
    for word in words:
        for found in pattern.finditer(word):
            if not {".", ".."} & set(found["rest"].split("/")):
                yield f"{mount.source}/{found['rest']}", found[0]
