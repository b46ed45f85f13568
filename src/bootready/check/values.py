"""The words that the engine knows for some attributes whose values Compose hands on unread."""

_SIGNALS = (
    "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT"
    " STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX"
)
SIGNALS = frozenset(_SIGNALS.split()) | {
    *(f"RTMIN+{number}" for number in range(1, 16)),
    *(f"RTMAX-{number}" for number in range(1, 15)),
}
"""Without `SIG` (moby/sys/signal, signal_linux.go)."""

IPC_MODES = frozenset({"host", "none", "private", "shareable"})

_OPTIONS = (
    "async atime bind defaults dev diratime dirsync exec gid mand mode mpol noatime nodev"
    " nodiratime noexec nomand norelatime nosuid nostrictatime nr_blocks nr_inodes private rbind"
    " relatime remount ro rprivate rshared rslave runbindable rw shared size slave strictatime suid"
    " sync uid unbindable"
)
TMPFS_OPTIONS = frozenset({"", *_OPTIONS.split()})
"""moby/sys/mount, flags_linux.go, with tmpfs(5)."""
