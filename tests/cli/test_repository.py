"""`bootready check URL`: a stranger's repository is cloned on a person's word, and runs nothing."""

from __future__ import annotations

import base64
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.errors import UsageError
from bootready.knowledge.repositories import repository_at
from signals import answering_ctrl_c

COMPOSE = "services: {web: {image: 'nginx:1.27'}}\n"
PASSWORD = "s3cr3t-t0ken"
AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.ext.allow=always")


def git(directory, *arguments):
    argv = ["git", "-C", str(directory), *AUTHOR, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def published(directory: Path, files: dict[str, str]) -> Path:
    """Make a repository with one commit, as a server has it."""
    work = directory / "work"
    work.mkdir(parents=True)
    git(work, "init", "-q", "-b", "main")
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    git(work, "add", "-A")
    git(work, "commit", "-qm", "one")
    git(directory, "clone", "-q", "--bare", "work", "shop.git")
    git(directory / "shop.git", "config", "http.receivepack", "false")
    return directory / "shop.git"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Let each test run in an empty directory, as a person without settings of git."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.chdir(here)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    yield here
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_yes_clones_and_goes_on_as_always(tmp_path, place, capsys):
    repository = published(tmp_path / "server", {"compose.yaml": COMPOSE})
    code = run(["check", f"file://{repository}", "web", "--yes", "--engine", "none"])
    told = capsys.readouterr()
    assert code == 0, told
    assert (place / "shop" / "compose.yaml").read_text() == COMPOSE
    assert re.match(r"cloned 'file://.*/shop\.git' at [0-9a-f]{12} into 'shop'\n", told.err)
    assert told.out.startswith("ready: ")


def test_prepare_and_up_take_it_as_well(tmp_path, place, capsys, monkeypatch):
    """And `up` shows the whole plan before it begins."""
    compose = "services: {web: {image: 'nginx:1.27', env_file: .env}}\n"
    files = {"compose.yaml": compose, ".env.example": "PORT=1\n"}
    repository = published(tmp_path / "server", files)
    assert run(["prepare", f"file://{repository}", "--yes", "--into", "a", "--engine", "none"]) == 0
    assert (place / "a" / ".env").exists()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    capsys.readouterr()
    assert run(["up", f"file://{repository}", "--yes", "--into", "b"]) == 1
    told = capsys.readouterr().err
    assert told.index("#1  file  ./.env") < told.index("prepared: 1 step")


def test_nothing_is_cloned_without_a_word(tmp_path, place, capsys):
    repository = published(tmp_path / "server", {"compose.yaml": COMPOSE})
    assert run(["check", f"file://{repository}"]) == 2
    assert "no terminal to ask on" in capsys.readouterr().err
    assert not list(place.iterdir())


class Terminal(io.StringIO):
    """A person who answers."""

    def isatty(self):
        return True


def test_a_person_is_asked_once(tmp_path, place, capsys, monkeypatch):
    repository = published(tmp_path / "server", {"compose.yaml": COMPOSE})
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert run(["check", f"http://bob:{PASSWORD}@host/shop"]) == 1
    told = capsys.readouterr().err
    asked = "clone 'http://****@host/shop' into 'shop' and check it? [y/N]"
    assert told.startswith("what comes from there may be changed on its way; " + asked)
    assert told.endswith("bootready: nothing was cloned\n")
    assert not list(place.iterdir())
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert run(["check", f"file://{repository}", "--engine", "none"]) == 0


def test_what_exists_is_left_alone(tmp_path, place, capsys):
    repository = published(tmp_path / "server", {"compose.yaml": COMPOSE})
    (place / "shop").mkdir()
    assert run(["check", f"file://{repository}", "--yes"]) == 2
    assert "bootready check -C shop" in capsys.readouterr().err
    assert run(["check", f"file://{repository}", "--yes", "--into", "x/y"]) == 2
    assert not list((place / "shop").iterdir())


def test_the_project_is_found_below(tmp_path, capsys):
    one = {"deploy/compose.yaml": COMPOSE, "deploy/examples/a/compose.yaml": COMPOSE, "a": "b"}
    repository = published(tmp_path / "one", one)
    assert run(["check", f"file://{repository}", "--yes", "--engine", "none"]) == 0
    assert "project: 'shop/deploy'\n" in capsys.readouterr().err
    two = {"a/compose.yaml": COMPOSE, "b c/compose.yaml": COMPOSE}
    repository = published(tmp_path / "two", two)
    address = f"file://{repository}"
    assert run(["check", address, "--yes", "--into", "two"]) == 2
    told = capsys.readouterr().err
    assert "has several projects: 'a', 'b c'" in told
    assert "bootready check -C two/a" in told
    assert run(["check", f"{address}#main:b c", "--yes", "--into", "x"]) == 2  # no spaces
    assert run(["check", f"{address}#main:a", "--yes", "--into", "x", "--engine", "none"]) == 0
    assert run(["check", f"{address}#absent", "--yes", "--into", "y"]) == 1
    assert run(["check", f"{address}#main:c", "--yes", "--into", "z"]) == 2


def test_a_hostile_repository_runs_nothing(tmp_path, place, capsys):
    """Hooks of a template, filters of the person's settings, submodules by any protocol."""
    trap = tmp_path / "sprung"
    module = f'[submodule "m"]\n\tpath = m\n\turl = ext::sh -c "touch% {trap}"\n'
    repository = published(
        tmp_path / "server",
        {"compose.yaml": COMPOSE, ".gitattributes": "* filter=trap\n", ".gitmodules": module},
    )
    work = tmp_path / "server" / "work"
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},m")
    (work / "out").symlink_to("/")
    git(work, "add", "out")
    git(work, "commit", "-qm", "two")
    git(work, "push", "-q", str(repository), "main")
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (hooks / name).chmod(0o755)
        (repository / "hooks" / name).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (repository / "hooks" / name).chmod(0o755)
    (tmp_path / "home" / ".gitconfig").write_text(
        f"[init]\n\ttemplateDir = {tmp_path}/template\n[core]\n\thooksPath = {hooks}\n"
        f"\tfsmonitor = touch {trap}\n[submodule]\n\trecurse = true\n"
        f'[filter "trap"]\n\tsmudge = touch {trap}\n\tprocess = touch {trap}\n\trequired = true\n'
        "[protocol]\n\tallow = always\n"
    )
    assert run(["check", f"file://{repository}", "--yes", "--engine", "none"]) == 0
    assert not trap.exists()
    assert (place / "shop" / "compose.yaml").read_text() == COMPOSE
    told = capsys.readouterr().err
    assert "left: its submodules" in told
    assert "without the filters 'trap'" in told
    inside = f"file://{repository}#main:out"
    assert run(["check", inside, "--yes", "--into", "b"]) == 2
    assert "'out' is not a directory of the repository" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% x",
        "ext::touch",
        "ext://touch",
        "fd::17",
        "-oProxyCommand=touch@host:path",
        "ssh://-oProxyCommand=touch/path",
        "ssh://git@-oProxyCommand=touch/path",
        "git@host:-path",
        "https:///owner/repo",
        "https://host",
        "https://host/a?token=b",
        "https://host/a\n/b",
        "https://host/a#--upload-pack=touch",
        "https://host/a#main:../..",
        "https://host/a#a..b",
        "https://us%0Aer:a@host/b",
        "ssh://git:hunter2@host/path",
        "file://host/path",
        "HTTPS://host/path",
        f"https://host/{'a' * 2000}",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UsageError) as refused:
        repository_at(address)
    assert not re.search(r"hunter2|token=b", refused.value.message)


@pytest.mark.parametrize(
    ("address", "for_git", "shown", "name"),
    [
        ("https://host/o/shop.git", "https://host/o/shop.git", "https://host/o/shop.git", "shop"),
        ("https://host:8443/o/shop/", "https://host:8443/o/shop/", None, "shop"),
        ("https://u:p@host/o/shop", "https://host/o/shop", "https://****@host/o/shop", "shop"),
        ("https://u:p@x@host/shop", "https://host/shop", "https://****@host/shop", "shop"),
        ("http://t@[::1]:80/shop", "http://[::1]:80/shop", "http://****@[::1]:80/shop", "shop"),
        ("git@host:o/shop.git", "git@host:o/shop.git", None, "shop"),
        ("ssh://git@host:2222/o/shop", "ssh://git@host:2222/o/shop", None, "shop"),
        ("file:///srv/shop/.git", "file:///srv/shop/.git", None, "shop"),
        ("https://host/o/-x", "https://host/o/-x", None, ""),
        ("https://host/o/..", "https://host/o/..", None, ""),
        ("https://host/o/shop#v1.2:a//b", "https://host/o/shop", None, "shop"),
    ],
)
def test_an_address_is_read(address, for_git, shown, name):
    found = repository_at(address)
    assert (found.address, found.shown, found.name) == (for_git, shown or address, name)
    assert "ext" not in found.allowed


class Server(BaseHTTPRequestHandler):
    """`git http-backend`, behind a password."""

    root = ""
    seen: list[str]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        wanted = base64.b64encode(f"bob:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": self.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        made = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=True
        ).stdout
        head, _, rest = made.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().splitlines():
            name, _, value = line.partition(": ")
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest)

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what bootready says."""


def test_a_login_is_handed_over_in_silence(tmp_path, place, capfd, monkeypatch):
    """Neither an output, nor an argument list, nor the clone has it."""
    published(tmp_path / "server", {"compose.yaml": COMPOSE})
    (tmp_path / "bin").mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout
    spy = tmp_path / "bin" / "git"
    spy.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/spied\nexec {real.strip()} "$@"\n')
    spy.chmod(0o755)
    Server.root = str(tmp_path / "server")
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"127.0.0.1:{server.server_port}/shop.git"
        monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
        good = run(["check", f"http://bob:{PASSWORD}@{where}", "--yes", "--engine", "none"])
        bad = run(["check", f"http://bob:wr0ng-{PASSWORD}@{where}", "--yes", "--into", "other"])
        server.shutdown()
    told = "".join(capfd.readouterr())
    assert (good, bad) == (0, 1), told
    assert f"cloned 'http://****@{where}'" in told
    assert "Authentication failed" in told
    assert [path.name for path in place.iterdir()] == ["shop"]
    files = [path for path in (place / "shop").rglob("*") if path.is_file()]
    kept = "".join(path.read_text(errors="replace") for path in files)
    assert PASSWORD not in told + kept + (tmp_path / "spied").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_clone_leaves_nothing(place, number):
    """A server that says nothing, and a person who gives up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/shop"
        argv = [sys.executable, "-m", "bootready", "check", address, "--yes"]
        with answering_ctrl_c():
            process = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)
        with process:
            connection, _ = server.accept()
            assert [path.name[:6] for path in place.iterdir()] == [".shop."]
            process.send_signal(number)
            _, told = process.communicate(timeout=60)
            connection.close()
    assert process.returncode == 130, told
    assert not list(place.iterdir())
