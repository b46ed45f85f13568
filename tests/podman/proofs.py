"""A real Podman says what the checks for Podman say: `make podman`, as root or an ordinary user.

With storage and socket of its own, below the temporary directory. Projects have no network
but where a port is published, so that the firewall of the machine is left alone as root.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine_support import find_busybox, find_compose

IMAGE = "bootready.local/busybox:1"
ROOT = Path(__file__).parent.parent / "catalogue"
CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
{runtime}
"""
STORAGE = """\
[storage]
driver = "vfs"
graphroot = "{place}/images"
runroot = "{place}/run"
"""


@pytest.fixture(scope="module")
def podman() -> Iterator[dict[str, str]]:
    """Start `podman system service`; yield the environment that reaches it."""
    assert shutil.which("podman"), "install podman, or do not call this"
    place = Path(tempfile.mkdtemp(prefix="bootready-podman-"))
    runc = 'runtime = "runc"' if shutil.which("runc") else ""  # crun refuses a hybrid of cgroups
    (place / "containers.conf").write_text(CONF.format(runtime=runc))
    (place / "storage.conf").write_text(STORAGE.format(place=place))
    environ = {
        **os.environ,
        "CONTAINERS_CONF": str(place / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(place / "storage.conf"),
        "XDG_RUNTIME_DIR": str(place),
        "DOCKER_HOST": f"unix://{place}/podman.sock",
    }
    argv = ["podman", "system", "service", "-t", "0", environ["DOCKER_HOST"]]
    with subprocess.Popen(argv, env=environ, start_new_session=True) as service:
        try:
            for _ in range(300):
                if (place / "podman.sock").exists():
                    break
                time.sleep(0.1)
            _import_image(environ)
            yield environ
        finally:
            service.terminate()
    unshare = ["podman", "unshare"] if os.geteuid() else []
    subprocess.run([*unshare, "rm", "-rf", str(place)], env=environ, check=False)


def _import_image(environ: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "root"
        (root / "bin").mkdir(parents=True)
        shutil.copy(find_busybox(Path(directory)), root / "bin" / "busybox")
        for applet in ("sh", "sleep", "true"):
            (root / "bin" / applet).symlink_to("busybox")
        archive = shutil.make_archive(f"{directory}/image", "tar", root)
        subprocess.run(["podman", "import", archive, IMAGE], env=environ, check=True)


def run(argv: list[str], project: Path, environ: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        argv, cwd=project, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def up(project: Path, environ: dict[str, str], *words: str) -> tuple[int, str]:
    compose = find_compose(5)
    assert compose, "make compose-programs"
    try:
        return run([*compose.command, "up", "-d", *words], project, environ)
    finally:
        run([*compose.command, "down", "-t", "0", "-v"], project, environ)


def found(project: Path, environ: dict[str, str]) -> set[str]:
    _, out = run([sys.executable, "-m", "bootready", "check", "--json"], project, environ)
    return {one["check"] for one in json.loads(out)["findings"]}


@pytest.fixture
def case(tmp_path, podman):
    def laid(name: str, which: str) -> Path:
        made = tmp_path / which
        shutil.copytree(ROOT / name / which, made)
        file = made / "compose.yaml"
        without = "    stop_grace_period: 0s\n"
        file.write_text(file.read_text().replace(without, f"{without}    network_mode: none\n"))
        return made

    return laid


def test_a_service_is_never_healthy_without_systemd(case, podman):
    if os.path.isdir("/run/systemd/system"):
        pytest.skip("systemd runs here, and with it the healthchecks")
    bad = case("healthcheck-not-run", "bad")
    assert "healthcheck-not-run" in found(bad, podman)
    compose = find_compose(5)
    assert compose
    argv = [*compose.command, "up", "-d"]
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(argv, cwd=bad, env=podman, timeout=15, check=False)
    up(bad, podman, "--no-start")
    good = case("healthcheck-not-run", "good")
    assert "healthcheck-not-run" not in found(good, podman)
    assert up(good, podman)[0] == 0


def test_init_needs_catatonit(case, podman):
    bad, good = case("init-program-absent", "bad"), case("init-program-absent", "good")
    code, said = up(bad, podman)
    is_absent = "container-init binary not found" in said
    assert (code != 0) == is_absent == ("init-program-absent" in found(bad, podman))
    assert up(good, podman)[0] == 0


@pytest.mark.parametrize(
    ("line", "check", "starts"),
    [
        ("logging: {driver: json-file}", "logging-driver-unknown", True),
        ("logging: {driver: local}", "logging-driver-unknown", False),
        ("runtime: nvidia", "runtime-unknown", True),
    ],
)
def test_what_podman_takes_and_what_not(tmp_path, podman, line, check, starts):
    keys = [f"image: {IMAGE}", "command: [sleep, '9']", "network_mode: none", line]
    text = "".join(f"    {key}\n" for key in keys)
    (tmp_path / "compose.yaml").write_text(f"services:\n  web:\n{text}")
    code, said = up(tmp_path, podman)
    assert (code == 0) is starts, said
    _, out = run([sys.executable, "-m", "bootready", "check", "--json"], tmp_path, podman)
    errors = [one["check"] for one in json.loads(out)["findings"] if one["severity"] == "error"]
    assert (check in errors) is not starts


def test_an_ordinary_user_binds_no_privileged_port(tmp_path, podman):
    if os.geteuid() == 0:
        pytest.skip("as root every port is bound: run `make podman` as an ordinary user too")
    shutil.copytree(ROOT / "port-privileged" / "bad", tmp_path / "bad")
    assert "port-privileged" in found(tmp_path / "bad", podman)
    code, said = up(tmp_path / "bad", podman)
    assert code != 0
    assert "cannot expose privileged port 80" in said
