"""bootready makes a Docker Compose project boot on a fresh machine, and proves it.

The library is what stands here: `load` a project, `examine` it. Both import what they need when
they are called, so that importing bootready costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from bootready.model.finding import Verdict
    from bootready.model.project import Project

__all__ = ["examine", "load"]


def load(
    directory: str | PathLike[str] = ".",
    *,
    files: Iterable[str | PathLike[str]] = (),
    env_files: Iterable[str | PathLike[str]] = (),
    profiles: Iterable[str] = (),
    services: Iterable[str] = (),
    project_name: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Project:
    """Return the project in `directory`, resolved as `docker compose config` would.

    `files`, `env_files`, `profiles` and `project_name` are Compose's ``-f``, ``--env-file``,
    ``--profile`` and ``-p``; relative ones are seen from `directory`. `services` picks services and
    what they depend on. `environ` is the shell's environment, that of this process if None.

    What Compose would refuse is in `Project.problems`, each with its place. Raises
    `bootready.errors.ProjectError` where there is nothing to look at: no Compose file, or one that
    cannot be read or parsed.
    """
    import os

    from bootready.model.request import Request
    from bootready.resolve.build import load_project

    request = Request(
        directory=os.fspath(directory),
        files=tuple(os.fspath(file) for file in files),
        env_files=tuple(os.fspath(file) for file in env_files),
        profiles=tuple(profiles),
        project_name=project_name,
        services=tuple(services),
    )
    return load_project(request, os.environ if environ is None else environ)


def examine(
    project: Project,
    *,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    engine: bool = True,
    registry: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Verdict:
    """Return what the catalogue of checks says of `project`; nothing is written.

    `only` and `skip` name checks or topics (`bootready.errors.UsageError` for an unknown one).
    With `engine` False the Docker Engine is not asked, and the verdict lists what that left out.
    With `registry` the registries of images that are not here are asked, over the network.
    """
    import os

    from bootready import pipeline

    known = os.environ if environ is None else environ
    evidence = pipeline.observe(project, known, engine=engine, registry=registry)
    return pipeline.check(evidence, tuple(only), tuple(skip))
