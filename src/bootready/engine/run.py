"""An argument list -> what the program said; the only door through which we start programs.

Secrets never travel in an argument list: whoever needs one in a child mounts a file or names it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress

from bootready.engine.programs import find_program, safe_path
from bootready.errors import EngineError
from bootready.system import IS_WINDOWS
from bootready.typed import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import subprocess
    from threading import Thread

    Process = subprocess.Popen[bytes]

KILL_AFTER = 5.0
"""Seconds between asking a child to stop and killing its process group."""

_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE")


class Outcome(NamedTuple):
    """How a program ended; `seconds` is its wall time."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str
    seconds: float


class Line(NamedTuple):
    """One line that a streamed program wrote; `stream` is ``stdout`` or ``stderr``."""

    stream: str
    text: str


def run(
    argv: Sequence[str],
    *,
    cwd: str | None = None,
    env: Mapping[str, str | None] | None = None,
    timeout: float = 60.0,
    stdin: str = "",
    guarded: bool = False,
) -> Outcome:
    """Run a program to its end and return what it said; a non-zero exit code is not an error.

    `env` is added to the clean environment (None removes a variable), `timeout` is in seconds.
    Raises EngineError where the program cannot be started or does not end in time; its process
    group is then killed. `guarded` as of `child`.
    """
    with running(argv, cwd=cwd, env=env, timeout=timeout, stdin=stdin, guarded=guarded) as end:
        return end()


@contextmanager
def running(
    argv: Sequence[str],
    *,
    cwd: str | None = None,
    env: Mapping[str, str | None] | None = None,
    timeout: float = 60.0,
    stdin: str = "",
    guarded: bool = False,
) -> Iterator[Callable[[], Outcome]]:
    """Run a program beside what the caller does, and yield what waits for its end, as `run` does.

    `timeout` is in seconds of that waiting. On leaving, the program is ended.
    """
    import subprocess
    import time

    started = time.monotonic()
    with child(argv, cwd=cwd, env=env, guarded=guarded) as process:

        def end() -> Outcome:
            try:
                stdout, stderr = process.communicate(stdin.encode(), timeout=timeout)
            except subprocess.TimeoutExpired:
                raise EngineError(
                    f"'{argv[0]}' did not finish within {timeout:g} s", argv, exit_code=124
                ) from None
            return Outcome(
                tuple(argv),
                process.returncode,
                stdout.decode(errors="replace"),
                stderr.decode(errors="replace"),
                time.monotonic() - started,
            )

        yield end


def stream(
    argv: Sequence[str],
    on_line: Callable[[Line], None],
    *,
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> int:
    """Run a program, hand on its lines as they come, and return its exit code.

    `on_line` is called from two reader threads. Raises EngineError as `run` does.
    """
    import subprocess

    with child(argv, cwd=cwd, env=env) as process:
        readers = read_lines(process, on_line)
        if process.stdin:
            process.stdin.close()
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise EngineError(
                f"'{argv[0]}' did not finish within {timeout:g} s", argv, exit_code=124
            ) from None
        for reader in readers:
            reader.join(KILL_AFTER)
    return code


@contextmanager
def child(
    argv: Sequence[str],
    *,
    cwd: str | None = None,
    env: Mapping[str, str | None] | None = None,
    guarded: bool = False,
) -> Iterator[Process]:
    """Start a program in a session of its own; on leaving, nothing of its group is left running.

    Ctrl-C therefore reaches only bootready, which ends the child in its own time. A child that is
    `guarded` is ended even if we are killed and can do nothing any more.
    """
    import subprocess

    environment = clean_environment(env)
    program = find_program(argv[0], environment)
    if program is None:
        reason = "cannot be started" if os.path.isfile(argv[0]) else "was not found"
        code = 126 if os.path.isfile(argv[0]) else 127
        raise EngineError(f"'{argv[0]}' {reason}", argv, exit_code=code)
    release = _held_signals()
    try:
        process = subprocess.Popen(  # noqa: S603 - argv lists only, never a shell
            [program, *argv[1:]],
            cwd=cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        release()
        missing = cwd if cwd and not os.path.isdir(cwd) else argv[0]
        raise EngineError(f"'{missing}' was not found", argv, exit_code=127) from None
    except OSError as error:
        release()
        raise EngineError(
            f"'{argv[0]}' cannot be started: {error.strerror}", argv, exit_code=126
        ) from None
    try:
        release()
        with guard(process.pid) if guarded else nullcontext():
            yield process
    finally:
        stop(process)


def _held_signals() -> Callable[[], None]:
    """Hold back Ctrl-C and its kin; the function that is returned lets them through again.

    An exception out of a handler while a program is being started would leave it running, and
    nobody would know of it.
    """
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        return lambda: None  # handlers run in the main thread alone
    caught: list[int] = []
    names = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {
        number: signal.getsignal(number)
        for number in numbers
        if callable(signal.getsignal(number))  # what is ignored stays so, in the child too
    }
    for number in before:
        signal.signal(number, lambda one, _: caught.append(one))

    def release() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        for one in dict.fromkeys(caught):
            signal.raise_signal(one)

    return release


_GUARD = """
import os, signal, sys, time
if os.read(0, 1):
    sys.exit()
group = int(sys.argv[1])
for number in (signal.SIGTERM, signal.SIGKILL):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        break
    time.sleep(float(sys.argv[2]))
"""
"""Ends a process group when standard input ends without a word: whoever held it is gone."""


@contextmanager
def guard(group: int) -> Iterator[None]:
    """End the process group `group` should we be killed within; on leaving it is let be.

    By a process of its own that waits on a pipe: PR_SET_PDEATHSIG knows Linux only, and would have
    to be set between fork and exec, where Python's threads forbid it.
    """
    import subprocess
    import sys

    argv = [sys.executable, "-I", "-S", "-c", _GUARD, str(group), str(KILL_AFTER)]
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - argv lists only, never a shell
        argv, bufsize=0, stdin=pipe, stdout=null, stderr=null, start_new_session=True, cwd="/"
    ) as watcher:
        try:
            yield
        finally:
            if watcher.stdin:
                with suppress(OSError):  # it was killed by somebody; nothing is left to guard
                    watcher.stdin.write(b".")
                    watcher.stdin.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a child and its process group: first by request, after KILL_AFTER seconds by force."""
    import signal
    import subprocess

    for name in ("SIGTERM", "SIGKILL"):
        if process.poll() is not None:
            break
        try:
            if IS_WINDOWS:
                process.terminate()
            else:
                os.killpg(process.pid, getattr(signal, name))
            process.wait(KILL_AFTER)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    for pipe in (process.stdin, process.stdout, process.stderr):
        _close(pipe)


def read_lines(
    process: subprocess.Popen[bytes], on_line: Callable[[Line], None]
) -> tuple[Thread, ...]:
    """Start a reader thread per output pipe of `process`; return them to be joined."""
    import threading

    def read(name: str, pipe: IO[bytes] | None) -> None:
        try:
            for line in pipe or ():
                on_line(Line(name, line.decode(errors="replace").rstrip("\r\n")))
        except ValueError:
            return  # the pipe was closed while we read: the child is being stopped

    threads = tuple(
        threading.Thread(target=read, args=(name, pipe), daemon=True)
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr))
    )
    for thread in threads:
        thread.start()
    return threads


def clean_environment(extra: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return the shell's environment without what only concerns our own interpreter, plus `extra`,
    in which None removes a variable.

    Compose interpolates from the shell's environment, so the rest has to reach it. The children's
    own children are not to be found in the current directory either.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    for name, value in (extra or {}).items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    if not environment.get("DOCKER_HOST"):
        from bootready.engine.address import host_for_clients

        if host := host_for_clients(environment):
            environment["DOCKER_HOST"] = host
    if "PATH" in environment:
        # A shell takes an empty PATH for the current directory.
        environment["PATH"] = safe_path(environment["PATH"]) or os.defpath
    return environment


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is None:
        return
    try:
        pipe.close()
    except OSError:
        return  # a broken pipe: the child did not read all that it was given
