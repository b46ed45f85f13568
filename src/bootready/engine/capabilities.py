"""The engine's socket -> the capabilities and limits that its process is held to, by the kernel.

The process behind a socket is told by SO_PEERCRED (unix(7)), its bounding set by
``/proc/PID/status`` and its limits by ``/proc/PID/limits`` (proc(5)). What is not in the set, no
container of the engine can be given; without SYS_RESOURCE, no higher limit either:
https://man7.org/linux/man-pages/man7/capabilities.7.html
"""

from __future__ import annotations

import sys

from bootready.engine.local_socket import LocalSocket

NAMES = (
    *("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"),
    *("SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW"),
    *("IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT"),
    *("SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD"),
    *("LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG"),
    *("WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"),
)
"""By their numbers (linux/capability.h)."""
_UNKNOWN = (OSError, AttributeError, ValueError, StopIteration)
"""What ends asking the kernel, or one that is not Linux."""
_NUMBER = 4
"""Bytes of each number that it tells of a process: its own, its user's and its group's."""


def capabilities_out_of_reach(path: str) -> tuple[str, ...]:
    """Return the capabilities that the process behind the socket `path` lacks, () if unknown.

    Only those that this kernel has at all.
    """
    try:
        pid = _behind(path)
        if pid <= 0:
            return ()  # in a name space that we do not see
        with open("/proc/sys/kernel/cap_last_cap", encoding="utf-8") as file:
            last = int(file.read())
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            held = next(int(line.split()[1], 16) for line in file if line.startswith("CapBnd:"))
    except _UNKNOWN:
        return ()
    return tuple(name for bit, name in enumerate(NAMES[: last + 1]) if not held >> bit & 1)


LIMITS = {
    "Max address space": "as",
    "Max core file size": "core",
    "Max cpu time": "cpu",
    "Max data size": "data",
    "Max file locks": "locks",
    "Max file size": "fsize",
    "Max locked memory": "memlock",
    "Max msgqueue size": "msgqueue",
    "Max nice priority": "nice",
    "Max open files": "nofile",
    "Max pending signals": "sigpending",
    "Max processes": "nproc",
    "Max realtime priority": "rtprio",
    "Max realtime timeout": "rttime",
    "Max resident set": "rss",
    "Max stack size": "stack",
}
"""What the kernel calls them, and what `ulimits` does."""


def hard_limits(path: str) -> dict[str, int]:
    """Return the hard limits of the process behind the socket `path`, by the names of `ulimits`.

    Those that are unlimited are left out, and all of them where nothing is known.
    """
    try:
        pid = _behind(path)
        if pid <= 0:
            return {}
        with open(f"/proc/{pid}/limits", encoding="utf-8", errors="replace") as file:
            return parse_limits(file.read())
    except _UNKNOWN:
        return {}


def parse_limits(text: str) -> dict[str, int]:
    """Return the hard limits in the text of ``/proc/PID/limits`` that are numbers."""
    found = {}
    for line in text.splitlines():
        name, words = line[:26].strip(), line[26:].split()
        if name in LIMITS and len(words) > 1 and words[1].isdigit():
            found[LIMITS[name]] = int(words[1])
    return found


def _behind(path: str) -> int:
    """Return the number of the process that listens on a socket, 0 if we may not know it."""
    import _socket

    door = LocalSocket(path, 2.0)
    try:
        told = door.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 3 * _NUMBER)
    finally:
        door.close()
    return int.from_bytes(told[:_NUMBER], sys.byteorder, signed=True)
