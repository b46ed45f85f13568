"""A path of this machine -> whether it belongs to the project, so that a remedy may change it.

What a container mounts from elsewhere (the engine's socket, /etc, a device) is not the project's:
a `chown` there takes it from those who need it, and may hand the machine to a container.
"""

from posixpath import normpath

ENGINE_SOCKETS = ("docker.sock", "podman.sock", "containerd.sock")


def belongs_to(directory: str, path: str) -> bool:
    """Tell whether the absolute `path` is below `directory`, the project's."""
    return normpath(path).startswith(f"{normpath(directory).rstrip('/')}/")


def is_engine_socket(path: str) -> bool:
    """Tell whether whoever may write to `path` commands the container engine."""
    return path.rpartition("/")[2] in ENGINE_SOCKETS
