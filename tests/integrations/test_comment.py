"""The comment of the action at a pull request, on a small server that plays the API of GitHub."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

import hostile_names
from bootready import cli

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "integrations/github/comment.py"
STEP = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][-1]


class GitHub(ThreadingHTTPServer):
    """Keeps the comments of pull request 7, as many on a page as are asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments: list[dict[str, object]] = []
        self.asked: list[str] = []
        self.tokens: set[str | None] = set()
        self.refuses = 0

    def add(self, body: str, kind: str = "Bot") -> None:
        number = len(self.comments) + 1000
        self.comments.append({"id": number, "body": body, "user": {"type": kind}})


class Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        found = re.fullmatch(
            r"/repos/me/shop/issues/7/comments\?per_page=(\d+)&page=(\d+)", self.path
        )
        assert found is not None
        size, page = int(found[1]), int(found[2])
        self._answer(self.server.comments[size * (page - 1) : size * page])

    def do_POST(self) -> None:
        assert self.path == "/repos/me/shop/issues/7/comments"
        self.server.add(self._body())
        self._answer(self.server.comments[-1], 201)

    def do_PATCH(self) -> None:
        number = int(self.path.removeprefix("/repos/me/shop/issues/comments/"))
        [one] = [one for one in self.server.comments if one["id"] == number]
        one["body"] = self._body()
        self._answer(one)

    def _body(self) -> str:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        return str(json.loads(raw)["body"])

    def _answer(self, value: object, code: int = 200) -> None:
        self.server.asked.append(self.command)
        self.server.tokens.add(self.headers["Authorization"])
        self.send_response(self.server.refuses or code)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def comment(github: GitHub, place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the action does, on the files that its step before has left."""
    event = place / "event.json"
    if not event.exists():
        event.write_text(json.dumps({"pull_request": {"number": 7}}))
    assert set(STEP["env"]) == {"BOOTREADY_DIRECTORY", "BOOTREADY_TOKEN"}
    environment = {
        "BOOTREADY_DIRECTORY": ".",
        "BOOTREADY_TOKEN": "of-the-job",
        "GITHUB_API_URL": f"http://127.0.0.1:{github.server_address[1]}",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "me/shop",
        "RUNNER_TEMP": str(place),
        **more,
    }
    return subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_there_is_one_comment_and_it_is_kept_new(github, tmp_path):
    for number in range(150):
        github.add(f"something else {number}")
    (tmp_path / "bootready.md").write_text("## bootready shop\n\nnot ready\n")
    (tmp_path / "bootready.mmd").write_text("flowchart LR\n")
    done = comment(github, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [*_, made] = github.comments
    assert "\n## bootready shop\n\nnot ready\n" in str(made["body"])
    assert "\n```mermaid\nflowchart LR\n```\n" in str(made["body"])
    (tmp_path / "bootready.md").write_text("ready\n")
    github.add("a later one")
    assert comment(github, tmp_path).returncode == 0
    assert len(github.comments) == 152
    assert "\nready\n" in str(made["body"])
    assert github.asked == ["GET", "GET", "POST", "GET", "GET", "PATCH"]
    assert github.tokens == {"Bearer of-the-job"}
    assert comment(github, tmp_path, BOOTREADY_DIRECTORY="api").returncode == 0
    assert len(github.comments) == 153, "another project has another comment"


def test_a_comment_of_a_person_is_never_taken_for_ours(github, tmp_path):
    (tmp_path / "bootready.md").write_text("ready\n")
    comment(github, tmp_path)
    [ours] = github.comments
    github.comments.clear()
    github.add(str(ours["body"]), "User")
    github.add(f"quoted: {ours['body']}")
    comment(github, tmp_path)
    assert github.asked[-1] == "POST"
    assert len(github.comments) == 3


@pytest.mark.parametrize(
    ("code", "words"), [(403, "`pull-requests: write`"), (500, "GitHub answers 500")]
)
def test_what_github_refuses_does_not_fail_the_job(github, tmp_path, code, words):
    (tmp_path / "bootready.md").write_text("ready\n")
    github.refuses = code
    done = comment(github, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("::notice::no comment of bootready: ")
    assert words in done.stdout
    assert "of-the-job" not in done.stdout


def test_another_event_has_no_comment(github, tmp_path):
    (tmp_path / "bootready.md").write_text("ready\n")
    (tmp_path / "event.json").write_text(json.dumps({"ref": "refs/heads/main"}))
    done = comment(github, tmp_path)
    assert (done.returncode, github.asked) == (0, [])
    assert "this is no pull request" in done.stdout


def test_names_of_a_stranger_call_nobody_and_forge_nothing(github, tmp_path):
    """As the action has them: the Markdown and the graph of a project whose names are hostile."""
    project = tmp_path / "project"
    hostile_names.plant(project)
    out = f"--output=markdown={tmp_path / 'bootready.md'}"
    cli.run(["check", "-C", str(project), "--engine", "none", out])
    graph = tmp_path / "bootready.mmd"
    cli.run(
        ["report", "-C", str(project), "--engine", "none", "--format", "mermaid", "-o", str(graph)]
    )
    with (tmp_path / "bootready.md").open("a") as file:
        file.write("\nservice '@me/team' of @someone, see #1 and gh-2\n")
    with graph.open("a") as file:
        file.write('  a["````"]\n')
    assert comment(github, tmp_path).returncode == 0
    body = str(github.comments[0]["body"])
    verdict, fence, drawn = body.partition("`````mermaid\n")
    assert fence, "longer than any in the graph"
    assert drawn.count("`````") == 1
    assert re.search(r"@\w|#\d|gh-\d", verdict) is None
    tags = hostile_names.MARKDOWN_CODE.sub("", verdict)
    assert hostile_names.TAG.search(tags) is None
    assert hostile_names.FORGED.search(body) is None


def test_what_is_too_long_is_cut(github, tmp_path):
    (tmp_path / "bootready.md").write_text("| a row |\n" * 10_000)
    (tmp_path / "bootready.mmd").write_text("flowchart LR\n")
    assert comment(github, tmp_path).returncode == 0
    body = str(github.comments[0]["body"])
    assert len(body) <= 65_536
    assert body.endswith("\nThe rest is in the log of the job.\n")
    assert "mermaid" not in body
