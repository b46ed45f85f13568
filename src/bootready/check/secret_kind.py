"""A project and a secret of it -> the kind of value that the programs that read it take."""

from collections.abc import Mapping

from bootready.model.action import SecretKind
from bootready.model.project import Project
from bootready.model.secret import kind_of


def kind_for(project: Project, secret: str, hints: Mapping[str, object]) -> SecretKind:
    """Return the kind: that of its hints, else what its name, its use or the images tell."""
    images = tuple(
        service.image
        for service in project.services
        if service.image and any(grant.source == secret for grant in service.secrets)
    )
    uses = _variables_of(project, secret)
    return kind_of(secret, str(hints.get("kind", "")), uses, images)


def _variables_of(project: Project, secret: str) -> tuple[str, ...]:
    """Return the names of variables, options and labels that take the file of `secret`."""
    # Labels configure another service, the gateway, which is granted what they name.
    labels = [pair for service in project.services for pair in service.labels.items()]
    found = []
    for service in project.services:
        for grant in service.secrets:
            if grant.source != secret:
                continue
            path = grant.target if grant.target.startswith("/") else f"/run/secrets/{grant.target}"
            named = [(entry.name, entry.value or "") for entry in service.environment]
            named += labels
            named += [(word.partition("=")[0], word) for word in service.command or ()]
            found += [name.lower() for name, value in named if value.endswith(path)]
    return tuple(dict.fromkeys(name.removesuffix("_file") for name in found))
