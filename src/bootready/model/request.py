"""What the person asked for: the options that every command shares, with Compose's own meaning."""

from bootready.typed import NamedTuple


class Request(NamedTuple):
    """Which project to load.

    `directory` is `-C` (``--project-directory`` is `project_directory`); `files`, `env_files` and
    `profiles` are as given on the command line, before ``COMPOSE_FILE`` and ``COMPOSE_PROFILES``
    are looked at.
    """

    directory: str = "."
    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    project_name: str | None = None
    project_directory: str | None = None
    services: tuple[str, ...] = ()
