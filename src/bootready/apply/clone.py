"""A repository and a directory that does not exist -> a clone there, whole or not at all.

Nothing that a repository brings along is run or followed: no hook, no filter, no submodule, no
other protocol than its address has. See docs/adr/0054-a-clone-runs-nothing.md.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bootready.engine.run import Outcome, run
from bootready.errors import BootreadyError, EngineError, UsageError
from bootready.host.regular import read_regular
from bootready.knowledge.repositories import Repository
from bootready.knowledge.secrets.forms import masked
from bootready.model.printable import printable
from bootready.typed import NamedTuple

LONGEST = 3600.0
"""Seconds that a clone may take; one that stands still for STILL ends before."""
STILL = 60
_ATTRIBUTES_LIMIT = 1_000_000

_SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "submodule.recurse=false",
    "transfer.bundleURI=false",  # a server may name addresses of other servers there
    "http.lowSpeedLimit=1",
    f"http.lowSpeedTime={STILL}",
)
_ANOTHER_PLACE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_TEMPLATE_DIR",
    "GIT_TRACE",
    "GIT_TRACE_CURL",
    "GIT_TRACE_PACKET",
    "GIT_CURL_VERBOSE",
)
"""Variables of the person's shell that would lead git elsewhere, or show what is masked."""
_HELPER = (
    "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n'"
    ' "$BOOTREADY_GIT_USER" "$BOOTREADY_GIT_PASSWORD"; }; f'
)
"""Hands the login of the address to git, which asks for that site only: no argument list has it."""


class Cloned(NamedTuple):
    """What came: the commit, whether submodules were left out, and filters that were not run."""

    commit: str
    has_submodules: bool
    filters: tuple[str, ...]


def clone(repository: Repository, target: str) -> Cloned:
    """Clone `repository` into `target`, an absolute path, and return what came.

    Raises UsageError where `target` exists or its directory does not, BootreadyError where git
    cannot clone. What is interrupted leaves nothing.
    """
    parent, name = os.path.split(target)
    if os.path.lexists(target):
        raise UsageError(f"'{name}' exists, so nothing was cloned", "--into names another")
    if not os.path.isdir(parent):
        raise UsageError(f"directory '{parent}' does not exist, so nothing was cloned")
    try:
        with _scratch(parent, name) as scratch:
            made = os.path.join(scratch, "clone")
            _fetch(repository, made)
            cloned = _checked_out(repository, made, scratch)
            os.rename(made, target)
            return cloned
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise BootreadyError(f"nothing was cloned into '{target}': {reason}") from None


@contextmanager
def _scratch(parent: str, name: str) -> Iterator[str]:
    """Give a directory beside the target, which goes whatever happens; a second Ctrl-C waits."""
    path = tempfile.mkdtemp(prefix=f".{name}.", suffix=".clone", dir=parent)
    try:
        yield path
    finally:
        with _uninterrupted():
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers run in the main thread alone
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _fetch(repository: Repository, made: str) -> None:
    """Bring the last commit; no file of it is written yet."""
    settings = [*_SAFE]
    environment: dict[str, str | None] = {
        **dict.fromkeys(_ANOTHER_PLACE),
        "GIT_ALLOW_PROTOCOL": repository.allowed,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",
    }
    if repository.user or repository.password:
        settings += ["credential.helper=", f"credential.{repository.site}.helper={_HELPER}"]
        environment["BOOTREADY_GIT_USER"] = repository.user
        environment["BOOTREADY_GIT_PASSWORD"] = repository.password
    options = ["--quiet", "--depth=1", "--no-checkout", "--no-recurse-submodules", "--template="]
    if repository.revision:
        options.append(f"--branch={repository.revision}")
    argv = [*_git(settings), "clone", *options, "--", repository.address, made]
    # From the root directory: in a repository, git would read its settings.
    _refuse(_run(argv, environment, "/"), repository)


def _checked_out(repository: Repository, made: str, scratch: str) -> Cloned:
    """Write the files without the person's settings: a filter that they define would run."""
    unset: dict[str, str | None] = {
        **dict.fromkeys(_ANOTHER_PLACE),
        "HOME": scratch,
        "XDG_CONFIG_HOME": scratch,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_PARAMETERS": None,
        "GIT_CONFIG_COUNT": None,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
    commit = _run([*_git(_SAFE), "rev-parse", "--short=12", "HEAD"], unset, made)
    if commit.exit_code:
        raise BootreadyError(f"'{repository.shown}' has no commit, so nothing was cloned")
    _refuse(_run([*_git(_SAFE), "reset", "--quiet", "--hard", "HEAD"], unset, made), repository)
    submodules = os.path.lexists(os.path.join(made, ".gitmodules"))
    return Cloned(commit.stdout.strip(), submodules, _filters(made))


def _git(settings: list[str] | tuple[str, ...]) -> list[str]:
    return ["git", *(word for one in settings for word in ("-c", one))]


def _run(argv: list[str], environment: dict[str, str | None], directory: str) -> Outcome:
    try:
        return run(argv, cwd=directory, env=environment, timeout=LONGEST, guarded=True)
    except EngineError as error:
        hint = "install git" if error.process_exit_code == 127 else ""
        raise BootreadyError(f"nothing was cloned: {error.message}", hint) from None


def _refuse(outcome: Outcome, repository: Repository) -> None:
    """Raise BootreadyError with what git said last, where it failed."""
    if outcome.exit_code == 0:
        return
    lines = [line.strip() for line in outcome.stderr.splitlines() if line.strip()]
    said = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    words = printable(masked(said[-1].partition(": ")[2] or said[-1])) if said else "git failed"
    private = "could not read Username" in words or "Authentication failed" in words
    hint = "a private repository: use ssh://, or clone it yourself" if private else ""
    raise BootreadyError(f"'{repository.shown}' was not cloned: {words}", hint)


def _filters(made: str) -> tuple[str, ...]:
    """Return the filters that the attributes at the top of the clone name, such as ``lfs``."""
    text = ""
    with suppress(OSError):
        path = os.path.join(made, ".gitattributes")
        text = read_regular(path, _ATTRIBUTES_LIMIT, follow=False).decode(errors="replace")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    found = {word.partition("=")[2] for line in lines for word in line[1:] if word[:7] == "filter="}
    return tuple(sorted(found))
