"""A file of bootready in the project, such as `bootready.toml` -> its table."""

import os

from bootready.errors import UsageError
from bootready.system import O_NOCTTY, O_NONBLOCK


def read_table(path: str, limit: int) -> dict[str, object]:
    """Return the TOML table at `path`, which has at most `limit` bytes. Raises UsageError.

    A clone may have linked it to a file of the kernel: what has nothing to read yet is empty.
    """
    import tomllib

    name = os.path.basename(path)
    try:
        with open(path, "rb", opener=_at_once) as file:
            data = file.read(limit + 1) or b""
        if len(data) > limit:
            raise UsageError(f"{name}: larger than {limit // 1000} kB")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | O_NONBLOCK | O_NOCTTY)
