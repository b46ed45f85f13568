"""An image rejects the mode of a mounted file: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_programs, says
from bootready.knowledge.images.globs import matches_any
from bootready.knowledge.places import belongs_to
from bootready.model.lookup import shown


@check(
    summary="an image rejects the mode of a mounted file",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.file_modes",),
    since="0.1.0",
    reference="https://doc.traefik.io/traefik/https/acme/#storage",
)
def image_file_mode_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the modes of mounted files with the requirements of known images: Traefik needs an
    `acme.json` that only its owner can read.

    ## Why it matters
    The program continues without the file: no certificate is issued.

    ## Remedy
    Run the `chmod` in the hint. Git does not store such a mode, so it must be repeated after each
    clone.

    ## When to silence it
    If a deployment tool sets the mode before the start.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.file_modes):
            for mount in known.service.mounts:
                name = mount.target.rpartition("/")[2]
                if mount.kind != "bind" or not matches_any(name, fact.files):
                    continue
                found = context.host.file(mount.source)
                if found is None or found.kind != "file" or found.mode == fact.mode:
                    continue
                path = shown(mount.source, context.project.directory)
                yield report(
                    mount.location,
                    f"service '{known.service.name}': '{path}' has mode {found.mode:04o}, but its"
                    f" image needs {fact.mode:04o}",
                    consequence=says(fact.log, care, "wrong"),
                    hint=f"{fact.instead} {path}"
                    if belongs_to(context.project.directory, mount.source)
                    else "mount a file of the project with that mode instead",
                )
