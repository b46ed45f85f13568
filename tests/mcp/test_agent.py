"""`bootready mcp` as an agent sees it: the SDK's own client over standard input and output.

The client holds every structured result against the schema that the server gives for it.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile_names
import planted_secrets
from bootready.mcp.confined import Confined
from bootready.mcp.server import answer
from bootready.mcp.tools import TOOLS

if TYPE_CHECKING:  # the SDK takes a second to import: not every worker that collects needs it
    from mcp.client import Client
    from mcp_types import CallToolResult

GUARD = 200
"""Seconds after which a server that does not answer has failed."""
COMPOSE = """\
services:
  web:
    image: nginx:1.27
    restart: allways
    ports: ["8080:80"]
    secrets: [pw]
    environment: {GREETING: "hello ${NAME}", DB_PASSWORD: hunter2, POSTGRES_USER: shop}
    healthcheck: {test: pg_isready -U $POSTGRES_USER}
secrets:
  pw: {file: ./pw.txt}
"""


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    project = tmp_path / "shop front"
    project.mkdir()
    (project / "compose.yaml").write_text(COMPOSE)
    (project / ".env").write_text("NAME=world\n")
    return project


def in_session(
    place: Path, session: Callable[[Client], Awaitable[None]], mode: str = "auto", *more: str
) -> None:
    """Run a session of an agent with a server that was started in `place`."""
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters

    server = StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "bootready", "mcp", *more],
        cwd=place,
        env=dict(os.environ),
    )

    async def whole() -> None:
        async with Client(server, mode=mode) as client:
            await session(client)

    asyncio.run(asyncio.wait_for(whole(), GUARD))


def said(result: CallToolResult) -> str:
    """Return the words of an answer."""
    return "\n".join(block.text for block in result.content if block.type == "text")


def tree(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_agent_looks_at_a_project_and_changes_nothing(place, mode):
    """By the protocol of 2026, and by the handshake of those before it."""
    before = tree(place)

    async def session(client: Client) -> None:
        listed = await client.list_tools()
        assert [tool.name for tool in listed.tools] == [tool.name for tool in TOOLS]
        for tool in listed.tools:
            assert tool.output_schema is not None
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint

        found = await client.call_tool("check", {"directory": "."})
        values = found.structured_content
        assert json.loads(said(found)) == values
        assert not values["ready"]
        [restart] = [one for one in values["findings"] if one["check"] == "restart-unknown"]
        assert (restart["location"]["file"], restart["location"]["line"]) == ("compose.yaml", 4)
        [secret] = [one for one in values["findings"] if one["check"] == "secret-file-missing"]
        assert secret["remedy"]["command"] == "prepare"

        found = await client.call_tool("check", {"only": ["ports"], "fail_on": "note"})
        assert {one["check"] for one in found.structured_content["findings"]} <= {"port-unserved"}

        found = await client.call_tool("explain", {"what": "services.web.environment.GREETING"})
        assert found.structured_content["value"] == "hello world"
        found = await client.call_tool("explain", {"what": "services.web.environment.DB_PASSWORD"})
        assert "hunter2" not in said(found)
        found = await client.call_tool("explain", {"what": "secret-file-missing"})
        assert "## Remedy" in found.structured_content["page"]

        found = await client.call_tool("plan", {"verb": "prepare"})
        assert ("secret", "./pw.txt") in {
            (step["kind"], step["name"]) for step in found.structured_content["steps"]
        }
        assert found.structured_content["command"] == f"bootready prepare -C '{place}'"
        found = await client.call_tool("plan", {"verb": "fix"})
        assert "+    healthcheck: {test: pg_isready -U $$POSTGRES_USER}" in said(found).replace(
            "\\n", "\n"
        )

        found = await client.call_tool("checks", {"topics": ["secrets"]})
        assert {one["topic"] for one in found.structured_content["checks"]} == {"secrets"}

        found = await client.call_tool("diagnose", {})
        assert found.is_error
        assert "none.sock" in said(found)

    in_session(place, session, mode)
    assert tree(place) == before


def test_only_the_directories_that_were_named_are_looked_at(place):
    outside = place.parent / "other"
    outside.mkdir()
    (outside / "compose.yaml").write_text("services: {secret-name: {image: x}}\n")
    (outside / "app.env").write_text("TOKEN_WORD=secret-name\n")
    (place / "sub").mkdir()
    (place / "sub" / "compose.yaml").symlink_to(outside / "compose.yaml")
    (place / "including").mkdir()
    (place / "including" / "compose.yaml").write_text("include: [../../other/compose.yaml]\n")
    (place / "envs").mkdir()
    text = f"services: {{a: {{image: x, env_file: ['{outside}/app.env']}}}}\n"
    (place / "envs" / "compose.yaml").write_text(text)
    refused = [
        {"directory": ".."},
        {"directory": str(outside)},
        {"directory": "/"},
        {"files": ["../other/compose.yaml"]},
        {"files": ["-"]},
        {"env_files": [str(outside / "app.env")]},
        {"directory": "sub"},
        {"directory": "including"},
        {"directory": "envs"},
    ]

    async def session(client: Client) -> None:
        for arguments in refused:
            for tool, more in (
                ("check", {}),
                ("explain", {"what": "services"}),
                ("plan", {"verb": "prepare"}),
                ("plan", {"verb": "fix"}),
            ):
                found = await client.call_tool(tool, arguments | more)
                assert found.is_error, (tool, arguments)
                assert "secret-name" not in said(found)
        found = await client.call_tool("check", {"directory": str(place)})
        assert not found.is_error

    in_session(place, session, "auto", "--engine", "none")


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("chekc", {}, "there is no tool 'chekc'"),
        ("check", {"directry": "."}, "did you mean 'directory'?"),
        ("check", {"directory": 1}, "'directory' must be a string"),
        ("check", {"files": "compose.yaml"}, "'files' must be a list of strings"),
        ("check", {"fail_on": "all"}, "'fail_on' must be one of: error, warning, note"),
        ("check", {"only": ["nothing-like-it"]}, "nothing-like-it"),
        ("plan", {}, "needs the argument 'verb'"),
        ("plan", {"verb": "apply"}, "'verb' must be one of: prepare, fix"),
        ("plan", {"verb": "fix", "unsafe": "yes"}, "'unsafe' must be true or false"),
        ("plan", {"verb": "prepare", "unsafe": True}, "`unsafe` is of the verb 'fix'"),
        ("explain", {"what": "gretting"}, "'gretting' was not found"),
        ("diagnose", {}, "--engine none"),
        ("check", {"files": ["absent.yaml"]}, "absent.yaml"),
        ("check", {"directory": "a\0b"}, "is not a path"),
    ],
)
def test_a_call_that_is_wrong_is_told_why(place, tool, arguments, words):
    found = answer(Confined((str(place),), {}, engine=False), tool, arguments)
    assert found.is_error
    assert words in said(found)


CALLS = [
    ("check", {}),
    ("plan", {"verb": "prepare"}),
    ("plan", {"verb": "fix", "unsafe": True}),
    ("checks", {}),
    *(("explain", {"what": what}) for what in ("services.a", "PW", "t", "services.a.command")),
]


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
def test_no_secret_is_in_an_answer(tmp_path, tool, arguments):
    project = tmp_path / "project"
    planted_secrets.plant(project)
    found = answer(Confined((str(project),), dict(os.environ), engine=False), tool, arguments)
    shown = said(found) + json.dumps(found.structured_content)
    assert planted_secrets.shown_in(shown) == []
    assert found.is_error or tool in {"check", "plan", "checks", "explain"}


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
def test_hostile_names_are_text(tmp_path, tool, arguments):
    project = tmp_path / "project"
    hostile_names.plant(project)
    found = answer(Confined((str(project),), {}, engine=False), tool, arguments)
    texts = [said(found), *strings(found.structured_content)]
    for text in texts:
        assert hostile_names.UNSAFE.search(text) is None
        assert hostile_names.COMMAND.search(text) is None


def strings(value: object) -> list[str]:
    """Return every string in a value, keys too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *strings(one))]
    return []


def test_without_the_package_it_says_what_to_install(tmp_path):
    """And every other command works."""
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('No module', name='mcp')\n")
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    script = "import sys; sys.path.insert(0, '.'); from bootready.cli import run; sys.exit(run({}))"

    def done(*words: str) -> subprocess.CompletedProcess[str]:
        code = script.format(list(words))
        argv = [sys.executable, "-P", "-c", code]
        return subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)

    told = done("mcp")
    assert (told.returncode, "pip install 'bootready[mcp]'" in told.stderr) == (2, True)
    assert done("config", "-q").returncode == 0
