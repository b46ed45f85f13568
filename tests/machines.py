"""Three "machines" made of namespaces, with a Docker Engine each -> a swarm of three managers.

A machine has its own network, mounts, processes and host name; its `/srv` is a disk of its own and
`/run` is empty. One process is its first: whatever ends it, the kernel ends all others of the
machine, and it ends when the test's process is gone. Nothing has a name or an address outside.

What is not a machine's own: the kernel with its clock, and the rest of the file system.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import pytest

WITHIN = 180.0
"""Seconds; a guard against waiting for ever, not an expectation."""
NETWORK = ipaddress.ip_network("10.214.0.0/24")
"""Of the switch between the machines, which ends there."""
CLIENT = NETWORK[254]
_NAMESPACES = ("--net", "--mount", "--uts", "--ipc", "--pid", "--mount-proc")
_SWITCH = """
ip link set lo up
ip link add hub type bridge
ip link set hub up
ip address add "$1" dev hub
echo there
read -r end
"""
_FIRST = """
hostname "$1"
mount --bind "$2/disk" /srv
mount -t tmpfs tmpfs /run
ip link set lo up
echo there
read -r cable
exec 3<&0
dockerd --data-root "$2/data" --exec-root /run/docker --pidfile /run/docker.pid \
  --host "unix://$2/sock" --cgroup-parent "/$3" >>"$2/log" 2>&1 </dev/null 3<&- &
read -r -u 3 end
"""
"""Without a way out: an engine that has a route waits for a registry that does not answer."""


class Machine:
    """One machine: `docker` asks its engine, `run` runs a program as somebody who sits at it."""

    def __init__(self, number: int, directory: Path, switch: Switch, group: str) -> None:
        self.number = number
        self.name = f"node{number}"
        self.address = str(NETWORK[number])
        self.directory = directory
        self.host = f"unix://{directory}/sock"
        self._switch = switch
        self._group = group
        self._first: First | None = None

    @property
    def is_on(self) -> bool:
        return self._first is not None

    def turn_on(self) -> None:
        """Start the machine, with what its disk and its engine hold, and put its cable in."""
        (self.directory / "disk").mkdir(parents=True, exist_ok=True)
        (self.directory / "sock").unlink(missing_ok=True)
        self._first = First(_FIRST, self.name, str(self.directory), self._group)
        self._switch.connect(self._first, self.number, f"{self.address}/{NETWORK.prefixlen}")
        self._first.say("cable")

    def until_it_answers(self) -> None:
        """Wait for the engine; fail with the end of its log if it does not come."""
        until(
            lambda: self.docker("version", check=False).returncode == 0,
            lambda: (self.directory / "log").read_text()[-2000:],
        )

    def kill(self) -> None:
        """Cut its power: the cable first, so that nobody hears of the end of its connections."""
        self.unplug()
        self.turn_off()

    def turn_off(self) -> None:
        """End its first process, and by that all of them."""
        if self._first is not None:
            self._first.end()
            self._first = None

    def unplug(self) -> None:
        self._switch.set_link(self.number, "down")

    def plug(self) -> None:
        self._switch.set_link(self.number, "up")

    def docker(
        self, *arguments: str, check: bool = True, given: bytes | str = "", seconds: float = WITHIN
    ) -> subprocess.CompletedProcess[str]:
        """Ask the engine of this machine."""
        text = given.decode() if isinstance(given, bytes) else given
        command = ["docker", "-H", self.host, *arguments]
        return run(command, check=check, given=text, seconds=seconds)

    def run(
        self, *command: str, check: bool = True, seconds: float = WITHIN, **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in this machine, with its engine as the one that `docker` asks."""
        assert self._first is not None, f"{self.name} is off"
        inside = ["nsenter", f"--target={self._first.pid}", "--net", "--mount", "--uts"]
        named = {**os.environ, "DOCKER_HOST": self.host}
        return run([*inside, *command], check=check, seconds=seconds, env=named, **options)


class First:
    """The first process of its namespaces, which ends when its standard input does."""

    def __init__(self, script: str, *arguments: str, namespaces: Sequence[str] = _NAMESPACES):
        command = ["unshare", *namespaces, "--fork", "--kill-child=KILL", "bash", "-euc", script]
        self._outer = subprocess.Popen(
            [*command, "first", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = _pipe(self._outer.stdout).readline()
        assert said == "there\n", said + _pipe(self._outer.stdout).read()
        path = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children")
        self.pid = int(path.read_text().split()[0])

    def say(self, word: str) -> None:
        _pipe(self._outer.stdin).write(f"{word}\n")
        _pipe(self._outer.stdin).flush()

    def end(self) -> None:
        """Kill it; returns when the kernel has ended all processes of its namespaces."""
        self._outer.kill()
        _pipe(self._outer.stdin).close()
        _pipe(self._outer.stdout).read()  # its end is that of the last process
        _pipe(self._outer.stdout).close()
        self._outer.wait(WITHIN)


class Switch:
    """Connects the machines; `run` runs a program on a client beside them."""

    def __init__(self) -> None:
        self._first = First(_SWITCH, f"{CLIENT}/{NETWORK.prefixlen}", namespaces=("--net", "--pid"))

    def connect(self, first: First, number: int, address: str) -> None:
        """Lay the cable of a machine that has been turned on."""
        # The kernel takes its time to clear away the network of a machine that was turned off.
        self.run("ip", "link", "delete", f"port{number}", check=False)
        ours = ["ip", "link", "add", f"port{number}", "netns", str(self._first.pid)]
        run([*ours, "type", "veth", "peer", "name", "eth0", "netns", str(first.pid)])
        self.run("ip", "link", "set", f"port{number}", "master", "hub", "up")
        there = ["nsenter", f"--target={first.pid}", "--net", "ip"]
        run([*there, "address", "add", address, "dev", "eth0"])
        run([*there, "link", "set", "eth0", "up"])

    def set_link(self, number: int, state: str) -> None:
        self.run("ip", "link", "set", f"port{number}", state)

    def run(
        self, *command: str, check: bool = True, seconds: float = WITHIN, **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run a program on the client."""
        inside = ["nsenter", f"--target={self._first.pid}", "--net"]
        return run([*inside, *command], check=check, seconds=seconds, **options)

    def started(self, *command: str, **options: object) -> subprocess.Popen[str]:
        """Start a program on the client."""
        inside = ["nsenter", f"--target={self._first.pid}", "--net"]
        return subprocess.Popen([*inside, *command], text=True, **options)  # type: ignore[call-overload]

    def end(self) -> None:
        self._first.end()


class Cluster:
    """The machines, by their numbers from 1 on, and the switch between them."""

    def __init__(self, machines: Sequence[Machine], switch: Switch) -> None:
        self.machines = machines
        self.switch = switch

    def __getitem__(self, number: int) -> Machine:
        return self.machines[number - 1]

    def load(self, *images: str) -> None:
        """Bring images of the engine that `docker` asks outside to every machine.

        The first one loads them; the others get its layers as links to the same files, which no
        engine ever writes to again. So it has to come before there is a swarm.
        """
        first, *others = self.machines
        load = ["docker", "-H", first.host, "load", "-q"]
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as save:
            subprocess.run(load, stdin=save.stdout, capture_output=True, check=True)
        assert save.returncode == 0
        for one in others:
            one.turn_off()
            for name, way in (("image", "-a"), ("overlay2", "-al"), ("vfs", "-al")):
                source, target = first.directory / "data" / name, one.directory / "data" / name
                shutil.rmtree(target, ignore_errors=True)
                if source.exists():
                    run(["cp", way, str(source), str(target)], seconds=600)
            one.turn_on()
        for one in others:
            one.until_it_answers()

    def join(self) -> None:
        """Make a swarm of the machines, with each of them as a manager."""
        first = self.machines[0]
        first.docker("swarm", "init", "--advertise-addr", first.address)
        token = first.docker("swarm", "join-token", "-q", "manager").stdout.strip()
        for one in self.machines[1:]:
            one.docker("swarm", "join", "--token", token, f"{first.address}:2377")
        until(lambda: len(self.ready(first)) == len(self.machines))

    def ready(self, manager: Machine) -> set[str]:
        """Return the names of the nodes that a manager calls ready; none without a leader."""
        shown = ["--format", "{{.Hostname}} {{.Status}}"]
        said = manager.docker("node", "ls", *shown, check=False, seconds=WITHIN).stdout
        return {line.split()[0] for line in said.splitlines() if line.endswith(" Ready")}

    def leader(self) -> Machine:
        """Return the machine that leads the managers, waiting for one if there is none."""
        found: list[Machine] = []

        def is_there() -> bool:
            for one in self.machines:
                shown = ["--format", "{{.Hostname}} {{.ManagerStatus}}"]
                said = one.docker("node", "ls", *shown, check=False).stdout if one.is_on else ""
                names = [line.split()[0] for line in said.splitlines() if line.endswith(" Leader")]
                found.extend(other for other in self.machines if other.name in names)
            return bool(found)

        until(is_there)
        return found[0]


@contextlib.contextmanager
def machines(count: int = 3) -> Iterator[Cluster]:
    """Turn on `count` machines that answer; skips where that is not possible, fails on CI."""
    reason = absence()
    if reason and os.environ.get("CI"):
        pytest.fail(f"on CI nothing is skipped: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)
    directory = Path(tempfile.mkdtemp(prefix="machines-"))
    switch = Switch()
    made = [Machine(n, directory / f"n{n}", switch, directory.name) for n in range(1, count + 1)]
    try:
        for one in made:
            one.turn_on()
        for one in made:
            one.until_it_answers()
        yield Cluster(made, switch)
    finally:
        for one in made:
            one.turn_off()
        switch.end()
        remove_groups(directory.name)
        shutil.rmtree(directory, ignore_errors=True)


def absence() -> str:
    """Return why there can be no machines here, or the empty string."""
    if os.geteuid() != 0:
        return "needs root, for machines made of namespaces"
    for program in ("docker", "dockerd", "unshare", "nsenter", "ip", "bash"):
        if shutil.which(program) is None:
            return f"needs '{program}'"
    made = ["unshare", *_NAMESPACES, "--fork"]
    vxlan = ["ip", "link", "add", "v", "type", "vxlan", "id", "9", "dstport", "4789"]
    for command, reason in (
        ([*made, "true"], "needs namespaces of network, mounts, processes and host name"),
        ([*made, *vxlan], "needs vxlan, for networks between machines"),
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return reason
    return ""


def remove_groups(name: str) -> None:
    """Remove the control groups that engines left whose power was cut; all are empty."""
    roots = [*Path("/sys/fs/cgroup").glob(name), *Path("/sys/fs/cgroup").glob(f"*/{name}")]
    for root in roots:
        for path, _, _ in os.walk(root, topdown=False):
            with contextlib.suppress(OSError):  # an empty group costs nothing
                os.rmdir(path)


def until(
    condition: Callable[[], bool], words: Callable[[], str] = str, seconds: float = WITHIN
) -> None:
    """Wait until `condition` holds; fail with `words` when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, words()
        time.sleep(0.1)


def run(
    command: Sequence[str],
    *,
    check: bool = True,
    given: str = "",
    seconds: float = WITHIN,
    **options: object,
) -> subprocess.CompletedProcess[str]:
    """Run a program; if it fails, what it said is in the failure of the test."""
    done: subprocess.CompletedProcess[str] = subprocess.run(  # type: ignore[call-overload]
        command,
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        **options,
    )
    assert not check or done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
