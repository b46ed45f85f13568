"""The environment -> a socket of an engine where the docker client does not look by itself.

Rootless Docker: https://docs.docker.com/engine/security/rootless/ ; Docker Desktop:
https://docs.docker.com/desktop/setup/install/mac-permission-requirements/ ; Podman:
podman-system-service(1).
"""

from __future__ import annotations

import os
import stat

from bootready.system import IS_WINDOWS, user_id
from bootready.typed import Iterator, Mapping


def socket_besides(usual: str, environ: Mapping[str, str]) -> str:
    """Return the address of a socket that is there while the `usual` one is not; '' for none.

    Only one that root or we ourselves have made: whoever answers there gets our secrets.
    """
    if IS_WINDOWS or os.path.lexists(usual.removeprefix("unix://")):
        return ""
    return next((f"unix://{path}" for path in places(environ) if _is_believed(path)), "")


def places(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield where else an engine may listen, best first: Docker, then Podman."""
    given = environ.get("XDG_RUNTIME_DIR", "")
    runtime = given if os.path.isabs(given) else f"/run/user/{user_id()}"
    yield f"{runtime}/docker.sock"
    home = environ.get("HOME", "")
    if os.path.isabs(home):
        yield f"{home}/.docker/run/docker.sock"
    yield f"{runtime}/podman/podman.sock"
    yield "/run/podman/podman.sock"


def _is_believed(path: str) -> bool:
    try:
        fact = os.stat(path)
    except OSError:
        return False
    return stat.S_ISSOCK(fact.st_mode) and fact.st_uid in {0, user_id()}
