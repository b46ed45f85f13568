"""A path of this machine -> a connection to who listens there, without importing `socket`.

That module makes enumerations of every name that the kernel has for sockets, a twelfth of what a
check of a small project costs, and connects nothing itself: `_socket`, which it stands on, does.
https://github.com/python/cpython/blob/3.11/Lib/socket.py (class socket)
"""

from __future__ import annotations

import _socket
from io import BufferedReader, RawIOBase

from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HAS_PATHS = hasattr(_socket, "AF_UNIX")
"""Whether Python knows sockets that are paths on this system."""
BOTH_WAYS: int = getattr(_socket, "SHUT_RDWR", 2)


class LocalSocket(_socket.socket):
    """A connection to a socket that is a path."""

    def __init__(self, path: str, timeout: float | None) -> None:
        """Connect; each step may take `timeout` seconds. Raises OSError, UnicodeError."""
        super().__init__(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            self.settimeout(timeout)
            self.connect(path)
        except BaseException:
            self.close()
            raise

    def makefile(self, _mode: str, /) -> BufferedReader:
        """Return what comes as a file of bytes; unlike that of `socket`, it ends with us."""
        return BufferedReader(_Received(self))


class _Received(RawIOBase):
    """What a connection receives."""

    def __init__(self, connection: _socket.socket) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, room: WriteableBuffer) -> int:
        return self._connection.recv_into(room)
