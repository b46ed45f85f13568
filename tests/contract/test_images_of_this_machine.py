"""`make up` on the way to the images: who is asked, what is built, and what `.env` says after it.

The docker program is a script here, so that registries answer, refuse and are silent as told.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from documents_support import ROOT, make_clone

sys.path.insert(0, str(ROOT / "scripts"))
import offline_images
from chosen_images import images_in_block, with_block, without_block
from registries import ask_registries, registry_of

DOCKER = """#!/bin/sh
# docker pull IMAGE: as the file of its registry says; docker image inspect: stand-ins are built.
for last; do :; done
case $1 in
pull)
  echo "$last" >>"$SAID/pulls"
  case $last in */*.*/*|*.*/*|localhost*) host=${last%%/*} ;; *) host=docker.io ;; esac
  . "$SAID/$host" ;;
image) cat "$SAID/images/$(echo "$last" | tr '/:' '__')" 2>/dev/null || exit 1 ;;
esac
"""
ANSWERS = 'echo "1: Pulling from $last"; echo "abc: Pulling fs layer"; exec sleep 1000'
UNREACHABLE = 'echo "Error response from daemon: Get: dial tcp: i/o timeout" >&2; exit 1'
LIMITED = 'echo "Error response from daemon: toomanyrequests: slow down" >&2; exit 1'
REGISTRIES = ("docker.io", "ghcr.io", "quay.io")
STANDINS = {image.variable: image.name for image in offline_images.images()}
CHOOSE = """
import os, sys
sys.path.insert(0, "scripts")
import chosen_images, setup
try:
    chosen_images.choose_images(dict(os.environ))
except setup.SetupError as error:
    sys.exit(str(error))
"""

Machine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """A docker program on the PATH; this directory says what its registries answer."""
    directory = tmp_path / "said"
    (directory / "images").mkdir(parents=True)
    (directory / "docker").write_text(DOCKER)
    (directory / "docker").chmod(0o755)
    for name in REGISTRIES:
        (directory / name).write_text(UNREACHABLE)
    for image in offline_images.images():
        label = directory / "images" / image.name.replace("/", "_").replace(":", "_")
        label.write_text(offline_images._content(image))
    return directory


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clone(tmp_path_factory.mktemp("images") / "core")


@pytest.fixture
def clone(fresh: Path) -> Path:
    """A clone without `.env`: nothing else is written here."""
    (fresh / ".env").unlink(missing_ok=True)
    return fresh


@pytest.fixture
def choose(said: Path, clone: Path) -> Machine:
    """Choose the images in a fresh clone, as `make up` does before it boots."""

    def run(**more: str) -> subprocess.CompletedProcess[str]:
        environment = {**_environment(said, clone), **more}
        command = [sys.executable, "-c", CHOOSE]
        return subprocess.run(
            command,
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def _environment(said: Path, clone: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_IMAGE")}
    kept.pop("IMAGES", None)
    path = f"{said}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "SAID": str(said), "HOME": str(clone.parent)}


def pulls(said: Path) -> list[str]:
    path = said / "pulls"
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("traefik:v3.7.13", "docker.io"),
        ("prom/prometheus:v2.53.3", "docker.io"),
        ("quay.io/coreos/etcd:v3.5.16", "quay.io"),
        ("localhost/a:1", "localhost"),
        ("mirror:5000/a:1", "mirror:5000"),
        ("a.b@sha256:0", "docker.io"),
    ],
)
def test_the_registry_of_a_reference(image, registry):
    assert registry_of(image) == registry


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("toomanyrequests: You have reached your pull rate limit", "refused"),
        ("manifest for prom/x:v9 not found: manifest unknown: manifest unknown", "refused"),
        (
            'failed to resolve reference "docker.io/prom/x:v9": docker.io/prom/x:v9: not found',
            "refused",
        ),
        ("unauthorized: authentication required", "refused"),
        ("pull access denied for x, repository does not exist or may require login", "refused"),
        ("no matching manifest for linux/arm64/v8 in the manifest list entries", "refused"),
        ('Get "https://r/v2/": dial tcp: lookup r on 1.1.1.1:53: no such host', "silent"),
        ('Get "https://r/v2/": net/http: request canceled while waiting', "silent"),
        ("received unexpected HTTP status: 503 Service Unavailable", "silent"),
        ('Get "https://r/v2/": x509: certificate signed by unknown authority', "silent"),
    ],
)
def test_a_refusal_is_not_silence(said, monkeypatch, words, kind):
    (said / "docker.io").write_text(f"echo 'Error response from daemon: {words}' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{said}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SAID", str(said))
    answer = ask_registries(["prom/x:v9"])["docker.io"]
    assert answer.refusal == (words if kind == "refused" else "")
    assert answer.silence == (words if kind == "silent" else "")
    assert answer.reachable is (kind == "refused")


def test_each_registry_is_asked_once_and_who_answers_is_not_waited_for(said, monkeypatch):
    (said / "docker.io").write_text(ANSWERS)
    (said / "quay.io").write_text("exec sleep 1000")
    monkeypatch.setenv("PATH", f"{said}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SAID", str(said))
    asked = ["a:1", "b/c:1", "quay.io/d/e:1", "ghcr.io/f/g:1", "quay.io/h/i:1"]
    answers = ask_registries(asked, within=1)
    assert sorted(pulls(said)) == ["a:1", "ghcr.io/f/g:1", "quay.io/d/e:1"]
    assert answers["docker.io"].reachable
    assert answers["quay.io"].silence == "nothing for 1 s"
    assert "i/o timeout" in answers["ghcr.io"].silence


@pytest.mark.parametrize(
    "text", ["", "A=1\n", "A=1", "# a comment\r\nA=1\r\n", "A=1\n\n\n", "X_IMAGE=other:1\n"]
)
def test_the_block_comes_and_goes_and_leaves_the_rest(text):
    once = with_block(text, {"X_IMAGE": "bootready.local/x:1", "A_IMAGE": "bootready.local/a:1"})
    assert once.startswith(text)
    assert without_block(once) == (f"{text}\n" if text and not text.endswith("\n") else text)
    assert images_in_block(once)["X_IMAGE"] == "bootready.local/x:1"
    twice = with_block(once + "LATER=1\n", {"X_IMAGE": "bootready.local/x:2"})
    assert images_in_block(twice) == {"X_IMAGE": "bootready.local/x:2"}
    assert "LATER=1\n" in without_block(twice)
    assert twice.count("# >>>") == 1


def test_without_any_registry_every_command_uses_the_stand_ins(said, clone, choose):
    done = choose()
    assert done.returncode == 0, done.stderr
    assert len(pulls(said)) == 3
    assert "dial tcp: i/o timeout" in done.stderr
    text = (clone / ".env").read_text()
    assert images_in_block(text) == STANDINS
    assert text.startswith((clone / ".env.example").read_text()[:200])
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600
    used = subprocess.run(
        [clone / ".venv/bin/bootready", "config", "--images"],
        cwd=clone,
        env=_environment(said, clone),
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(used.stdout.split()) == set(STANDINS.values())
    again = choose()
    assert again.returncode == 0
    assert len(pulls(said)) == 3, "what .env names is here: nobody is asked"
    assert (clone / ".env").read_text() == text


def test_only_the_registry_that_is_silent_is_stood_in_for(said, clone, choose):
    (said / "docker.io").write_text(ANSWERS)
    (said / "ghcr.io").write_text(ANSWERS)
    done = choose()
    assert done.returncode == 0, done.stderr
    assert images_in_block((clone / ".env").read_text()) == {"ETCD_IMAGE": STANDINS["ETCD_IMAGE"]}
    assert "quay.io does not answer, 1 stand-in:" in done.stderr


def test_a_registry_that_refuses_is_quoted_and_nothing_is_built(said, clone, choose):
    (said / "docker.io").write_text(LIMITED)
    done = choose()
    assert done.returncode == 1
    assert "docker.io refuses" in done.stderr
    assert "toomanyrequests: slow down" in done.stderr
    assert "IMAGES=offline" in done.stderr
    assert not (clone / ".env").exists()


def test_a_person_s_env_gets_the_block_and_is_given_back_as_it_was(said, clone, choose):
    own = "# mine\nHTTPS_PORT=8443\nTRAEFIK_IMAGE='mirror.example/traefik:v3'\nDATA_DIR=./d"
    env = clone / ".env"
    env.write_text(own)
    env.chmod(0o640)
    (clone / "d/patroni1/data").mkdir(parents=True)
    (said / "mirror.example").write_text(ANSWERS)
    done = choose()
    assert done.returncode == 0, done.stderr
    assert "make down ARGS=--public-images" in done.stderr
    assert f"other images made the databases in {clone}/d" in done.stderr
    assert env.read_text().startswith(own)
    assert env.stat().st_mode & 0o777 == 0o640
    assert set(images_in_block(env.read_text())) == set(STANDINS) - {"TRAEFIK_IMAGE"}
    down = ["make", "down", "ARGS=--public-images", f"PYTHON={sys.executable}"]
    gone = {**_environment(said, clone), "DOCKER_HOST": "unix:///nonexistent.sock"}
    (said / "docker").write_text("#!/bin/sh\nexit 1\n")
    subprocess.run(down, cwd=clone, env=gone, check=True, capture_output=True)
    assert env.read_text() == f"{own}\n"


@pytest.mark.parametrize(("answer", "written"), [("n", False), ("", True), ("y", True)])
def test_a_person_at_a_terminal_is_asked_before_env_is_changed(
    said, clone, choose, answer, written
):
    del choose
    (clone / ".env").write_text("A=1\n")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [sys.executable, "-c", CHOOSE],
            cwd=clone,
            env=_environment(said, clone),
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "at the end of .env? [Y/n]" in done.stderr
    assert bool(images_in_block((clone / ".env").read_text())) is written
    assert ("for this run alone" in done.stderr) is not written


def test_images_says_which_without_asking(said, clone, choose):
    assert choose(IMAGES="offline").returncode == 0
    assert images_in_block((clone / ".env").read_text()) == STANDINS
    done = choose(IMAGES="public")
    assert done.returncode == 0, done.stderr
    assert "the public ones are used again" in done.stderr
    assert (clone / ".env").read_text() == (clone / ".env.example").read_text()
    assert pulls(said) == []
    assert "must be 'public' or 'offline'" in choose(IMAGES="pubic").stderr


def test_a_mistake_in_env_is_left_to_the_boot_to_tell(said, clone, choose):
    (clone / ".env").write_text("HTTPS_PORT=https\n")
    done = choose()
    assert (done.returncode, done.stderr) == (0, "")
    assert pulls(said) == []
    assert (clone / ".env").read_text() == "HTTPS_PORT=https\n"


def test_a_stand_in_of_an_older_version_is_replaced(clone, choose):
    old = {**STANDINS, "TRAEFIK_IMAGE": "bootready.local/traefik:0.1"}
    (clone / ".env").write_text(with_block("A=1\n", old))
    assert choose().returncode == 0
    assert images_in_block((clone / ".env").read_text()) == STANDINS
