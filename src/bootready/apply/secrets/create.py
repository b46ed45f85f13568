"""Secret files: a GenerateSecret action -> a file with a value that only its readers can read."""

from __future__ import annotations

import os
import stat

from bootready.apply.files.create import create_file, make_directory, read_file, set_permissions
from bootready.apply.files.ground import ANYBODY, Owner, RefusedError, is_there, within
from bootready.apply.files.journal import Journal
from bootready.apply.secrets.values import Value, random_value, signed_token
from bootready.model.action import GenerateSecret, Reader, SecretKind
from bootready.system import IS_WINDOWS, group_id, is_superuser, user_id
from bootready.typed import NamedTuple

_CLOSED = 0o700


class Access(NamedTuple):
    """Owner and mode of a secret file; `close` is the directory that has to be closed to others."""

    mode: int
    owner: Owner
    close: str = ""


def generate_secret(journal: Journal, action: GenerateSecret) -> bool:
    """Create the secret file of `action`; return False, and change nothing, where one is."""
    if is_there(action.path):
        return False
    value = _value(journal, action)
    if action.clear and value.clear and not action.source:
        # First, because a hash without its clear text is of no use. Nobody but its owner reads it.
        create_file(journal, action.clear, value.clear, 0o600)
    return create_secret(journal, action, value.content + b"\n" * action.newline)


def create_secret(journal: Journal, action: GenerateSecret, content: bytes) -> bool:
    """Create the file of `action` with `content`, readable by its readers and nobody else."""
    access = access_for(action, journal)
    if access.close:
        _close(journal, access.close)
    return create_file(journal, action.path, content, access.mode, access.owner)


def _value(journal: Journal, action: GenerateSecret) -> Value:
    if not action.source:
        clear = b""
        if action.clear and os.path.lexists(action.clear):  # a person's, or a killed run's
            clear = read_file(journal.ground, action.clear).rstrip(b"\r\n")
        return random_value(action.kind, action.length, action.name, action.user, clear)
    try:
        source = read_file(journal.ground, action.source).rstrip(b"\r\n")
    except FileNotFoundError:
        raise RefusedError(
            f"secret '{action.name}': it depends on '{action.source}', which does not exist"
        ) from None
    if not source:
        raise RefusedError(
            f"secret '{action.name}': it depends on '{action.source}', which is empty"
        )
    if not action.derived:
        return Value(source)
    if action.kind is SecretKind.JWT:
        return Value(signed_token(source, dict(action.claims)))
    return random_value(action.kind, action.length, action.name, action.user, source)


def access_for(action: GenerateSecret, journal: Journal) -> Access:
    """Return the least access with which every reader of the secret can read its file.

    A file secret is a bind mount, so that the host's owner and mode hold in the container. Where
    the readers have no right of their own, the file is open to all and its directory closed: the
    engine mounts the file itself, and nobody else of the host gets through the directory. One
    that a person made keeps its mode.
    """
    ground = journal.ground
    if action.mode is not None:
        return Access(action.mode, Owner(action.uid, action.gid))
    if IS_WINDOWS:
        return Access(0o600, ANYBODY)  # modes do not hold there
    superuser = is_superuser()
    owner = user_id() if ground.owner.uid is None else ground.owner.uid
    others = [one for one in action.readers if not (one.privileged or one.uid == owner)]
    if not others:
        return Access(0o600, ANYBODY)
    closable = _closable(action.path, ground.root, action.mounted, journal)
    mine = None if superuser else {group_id(), *os.getgroups()}
    group = _common_group(others, owner, mine)
    if group is not None:
        # Accounts of the host that are in the group too do not get through a closed directory.
        close = "" if _nobody_else_in(group, owner) else closable
        return Access(0o640, Owner(None, group), close)
    uids = {reader.uid for reader in others}
    alone = action.exclusive or not closable
    if superuser and alone and len(uids) == 1 and None not in uids:
        return Access(0o400, Owner(uids.pop(), None))
    return Access(0o644, ANYBODY, closable)


def _common_group(readers: list[Reader], owner: int, mine: set[int] | None) -> int | None:
    """Return a group that all `readers` are in and that we may give a file to: any, or `mine`."""
    common = set(readers[0].gids).intersection(*(reader.gids for reader in readers)) - {0}
    given = common if mine is None else common & mine
    return min(given, key=lambda gid: (not _nobody_else_in(gid, owner), gid), default=None)


def _nobody_else_in(gid: int, owner: int) -> bool:
    """Tell whether no account of this host but the owner's is in the group `gid`."""
    import grp
    import pwd

    try:
        members = set(grp.getgrgid(gid).gr_mem)
    except KeyError:
        members = set()
    for account in pwd.getpwall():
        if account.pw_gid == gid or account.pw_name in members:
            members.discard(account.pw_name)
            if account.pw_uid != owner:
                return False
    return not members


def _closable(path: str, root: str, mounted: tuple[str, ...], journal: Journal) -> str:
    """Return the directory on the way to `path` that is for secrets, so that closing it harms
    nobody, or ''. The outermost one that is closed, or not a person's, unless services go through
    it: those that mount it or a directory above it.
    """
    parent = os.path.dirname(path)
    if within(path, root):
        way = os.path.relpath(parent, root).split("/")
        for count, part in enumerate(way, 1):
            directory = os.path.join(root, *way[:count])
            meant = "secret" in part.lower() and not _is_way(directory, mounted)
            if meant and _may_close(directory, journal):
                return directory
        if way == ["."]:
            return ""
    return "" if os.path.isdir(parent) or _is_way(parent, mounted) else parent


def _may_close(directory: str, journal: Journal) -> bool:
    """Tell whether `directory` is closed already, is still to be made, or was made by bootready."""
    try:
        mode = os.stat(directory, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return True
    return not mode & 0o077 or journal.made_directory(directory)


def _is_way(directory: str, mounted: tuple[str, ...]) -> bool:
    return any(within(directory, source) for source in mounted)


def _close(journal: Journal, directory: str) -> None:
    if make_directory(journal, directory, _CLOSED):
        return
    mode = stat.S_IMODE(os.stat(directory, follow_symlinks=False).st_mode)
    if mode & 0o077:
        set_permissions(journal, directory, mode & _CLOSED, ANYBODY)
