"""What is said of a registry before the pull, and what the engine makes of the same registry."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from debian_registry import debian_registry
from engine_support import require_busybox
from strange_registry import image, index

pytestmark = pytest.mark.engine

LOGIN = ("clerk", "planted-s3cret")


class Person:
    """Who runs docker and bootready with a configuration of their own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._environ = {**os.environ, "HOME": str(home), "DOCKER_CONFIG": str(home / "docker")}
        self._environ.pop("XDG_CACHE_HOME", None)

    def docker(self, *arguments: str, stdin: str = "", fails: bool = False) -> str:
        done = self._run("docker", *arguments, stdin=stdin)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def checked(self, *images: str) -> dict[str, str]:
        """Return what `check --registry` says of services with these images, by check."""
        services = {f"s{number}": {"image": one} for number, one in enumerate(images)}
        project = self._home / "project"
        project.mkdir(exist_ok=True)
        (project / "compose.yaml").write_text(json.dumps({"services": services}))
        command = [sys.executable, "-m", "bootready", "check", "--registry", "--json"]
        done = self._run(*command, "-C", str(project))
        assert LOGIN[1] not in done.stdout + done.stderr
        return {one["check"]: one["message"] for one in json.loads(done.stdout)["findings"]}

    def _run(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self._environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def test_the_engine_agrees(tmp_path):
    """Docker's own login; a layer that is here; no tag, no platform, no login."""
    base = require_busybox()
    person = Person(tmp_path)
    with debian_registry(tmp_path / "registry", login=LOGIN) as registry:
        host = registry.host
        shop = f"{host}/acme/shop"
        person.docker("login", "-u", LOGIN[0], "--password-stdin", host, stdin=LOGIN[1])
        container = person.docker("create", base, "true").strip()
        try:
            (tmp_path / "file").write_bytes(os.urandom(5000))
            person.docker("cp", str(tmp_path / "file"), f"{container}:/file")
            person.docker("commit", container, f"{shop}:1")
        finally:
            person.docker("rm", container)
        person.docker("push", "-q", f"{shop}:1")
        person.docker("rmi", f"{shop}:1")
        registry.push("acme/far:1", index(linux_s390x=image(layers=(("a", 1),))), (b"a",))

        found = person.checked(f"{shop}:1")
        assert set(found) <= {"image-absent", "disk-space-low"}
        size = re.search(r"; (5\.\d) kB will be pulled", found["image-absent"])
        assert size, found  # the layer of the base is here, and has megabytes

        said = person.docker("pull", f"{shop}:1")
        assert said.count("Already exists") == 1
        try:
            assert "image-absent" not in person.checked(f"{shop}:1")
        finally:
            person.docker("rmi", f"{shop}:1")

        found = person.checked(f"{shop}:2", f"{host}/acme/far:1")
        assert "does not have image" in found["image-not-in-registry"]
        assert "is there for linux/s390x, not for" in found["image-platform-not-offered"]
        assert "manifest unknown" in person.docker("pull", f"{shop}:2", fails=True)
        assert "no matching manifest" in person.docker("pull", f"{host}/acme/far:1", fails=True)

        person.docker("logout", host)
        assert "refuses image" in person.checked(f"{shop}:1")["registry-login-missing"]
        assert "no basic auth credentials" in person.docker("pull", f"{shop}:1", fails=True)
