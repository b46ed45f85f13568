"""The door to programs: output, exit codes, time limits, and nothing left running."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bootready.engine.run import Line, child, run, stream
from bootready.errors import EngineError

SOURCE = Path(__file__).parents[2] / "src" / "bootready"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_output_and_exit_code_are_returned():
    outcome = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"))
    assert (outcome.stdout, outcome.stderr, outcome.exit_code) == ("out\n", "err\n", 3)


def test_input_reaches_the_program():
    assert run(python("print(input())"), stdin="hello").stdout == "hello\n"


def test_a_missing_program_is_named():
    with pytest.raises(EngineError, match="'no-such-program' was not found"):
        run(["no-such-program"])


def test_a_missing_directory_is_named():
    with pytest.raises(EngineError, match="'/no/such/directory' was not found"):
        run(python(""), cwd="/no/such/directory")


def test_a_timeout_ends_the_whole_process_group(tmp_path):
    code = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(EngineError, match="did not finish within 1 s"):
        run(python(code), timeout=1)
    grandchild = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(grandchild)


def test_lines_are_handed_on_while_the_program_runs():
    lines: list[Line] = []
    seen = threading.Event()

    def take(line: Line) -> None:
        lines.append(line)
        seen.set()

    code = (
        "import sys, time\nprint('first', flush=True)\ntime.sleep(0.5)\nprint('x', file=sys.stderr)"
    )
    runner = threading.Thread(target=lambda: stream(python(code), take))
    runner.start()
    assert seen.wait(10)
    assert lines == [Line("stdout", "first")]
    runner.join()
    assert Line("stderr", "x") in lines


def test_no_other_module_starts_programs():
    starters = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "import subprocess" in path.read_text() or "os.system" in path.read_text()
    }
    assert starters == {"engine/run.py"}


HOLDER = """
import time
from bootready.engine.run import child
with child(["sleep", "600"], guarded=True) as process:
    print(process.pid, flush=True)
    time.sleep(600)
"""


def test_a_guarded_child_ends_when_we_are_killed():
    """SIGKILL leaves us no moment; closing a terminal or the out-of-memory killer does the same."""
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        number = int(holder.stdout.readline())
        assert alive(number)
        holder.send_signal(signal.SIGKILL)
    until = time.monotonic() + 120  # a guard: the child ends when its watcher has started
    while alive(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(number)


def test_a_guarded_child_that_ends_is_let_be():
    with child(python("print('done')"), guarded=True) as process:
        assert process.communicate()[0] == b"done\n"
    assert process.returncode == 0
