"""CI's own engine is started anew, and said to have been, when it answers no question any more."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / ".ci" / "engine"

DOCKERD = """\
#!/bin/sh
while [ "$1" != --pidfile ]; do shift; done
echo $$ >"$2"; echo started >>"${2%/pid}/starts"
exec sleep 300
"""
"""An engine: a process whose id is in its file."""
DOCKER = """\
#!/bin/sh
[ "$1" != network ] || [ ! -e "$STATE/locked-up" ] || { rm "$STATE/locked-up"; exec sleep 300; }
"""
"""A client of it, which waits for ever once where the engine is locked up."""

LINKS = """\
#!/bin/sh
[ "$1" = -o ] || { echo "$@" >>"$STATE/done"; exit; }
echo '4: br-ba9876543210: <UP>'; echo '7: br0: <UP>'
"""
RULES = """\
#!/bin/sh
[ "$3" = -S ] || { echo "$@" >>"$STATE/done"; exit; }
echo '-P POSTROUTING ACCEPT'
echo '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'
echo '-A POSTROUTING -s 172.18.9.0/24 ! -o br-0123456789ab -j MASQUERADE'
echo '-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j MASQUERADE'
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("timeout") is None, reason="needs timeout of coreutils")
def test_an_engine_that_locked_itself_up_is_started_anew(tmp_path):
    """The first is killed, a second answers, and the file says that there was one."""
    again = 'until [ "$(wc -l <"$STATE/starts")" -ge 2 ]; do sleep 0.1; done'
    done = _run(tmp_path, 'touch "$STATE/locked-up"', again, patience=1)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "locked").read_text()


@pytest.mark.skipif(shutil.which("timeout") is None, reason="needs timeout of coreutils")
def test_an_engine_that_answers_is_left_alone(tmp_path):
    """Looks that get their answer leave the engine as it is."""
    done = _run(tmp_path, "sleep 0.5", patience=50)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "starts").read_text().split() == ["started"]
    assert not (tmp_path / "locked").exists()


def test_what_killed_engines_left_is_removed_and_nothing_else(tmp_path):
    """Rules for bridges that are gone rewrite the addresses of the next engine's containers."""
    for name, text in (("ip", LINKS), ("iptables", RULES)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    script = f". {shlex.quote(str(ENGINE))}; forget_killed_engines"
    found = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "STATE": str(tmp_path)}
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=found, check=True, timeout=60)
    assert (tmp_path / "done").read_text().splitlines() == [
        "link delete br-ba9876543210",
        "-t nat -D POSTROUTING -s 172.18.9.0/24 ! -o br-0123456789ab -j MASQUERADE",
    ]


def _run(directory, *steps, patience):
    """Start an engine and its watch, do the steps, then stop both as CI does."""
    programs = directory / "bin"
    programs.mkdir()
    for name, text in (("dockerd", DOCKERD), ("docker", DOCKER)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    script = (
        "set -euo pipefail",
        f". {shlex.quote(str(ENGINE))}",
        'start_engine "$STATE"',
        f'watch_engine "$STATE" 0.1 {patience} >>"$STATE/log" 2>&1 & watch=$!',
        *steps,
        "kill $watch",
        'kill_engine "$STATE" TERM 10',
        '! kill -0 "$(cat "$STATE/pid")" 2>/dev/null',
    )
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "STATE": str(directory)}
    try:
        return subprocess.run(
            ("bash", "-c", "\n".join(script)),
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
        )
    finally:
        if (directory / "pid").exists():
            _stop(int((directory / "pid").read_text()))


def _stop(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
