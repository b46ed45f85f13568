"""`bootready lsp` as an editor sees it: a real client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Union

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

GUARD = 100
"""Seconds after which a server that does not answer has failed."""
COMPOSE = """\
x-common: &common
  restart: always
services:
  web:
    <<: *common
    image: nginx:${TAG:-1}
    environment:
      GREETING: héllo ${NAME} $UNSET
      DB_PASSWORD: hunter2
    env_file: [app.env]
    depends_on: [db]
    secrets: [pw]
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/pw, POSTGRES_USER: shop}
    secrets: [pw]
    healthcheck:
      test: pg_isready -U $POSTGRES_USER
secrets:
  pw: {file: ./pw.txt}
"""


def converter() -> Any:
    """Return the library's own, which takes every action that has a command for a bare command."""
    made = default_converter()

    def structured(value: dict[str, Any], _: object) -> types.Command | types.CodeAction:
        is_bare = isinstance(value.get("command"), str)
        return made.structure(value, types.Command if is_bare else types.CodeAction)

    made.register_structure_hook(Union[types.Command, types.CodeAction], structured)  # noqa: UP007 - the library's key
    return made


class Editor:
    """A client with one workspace, and the last diagnostics of each file by its name."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.client = LanguageClient("tests", "1", converter_factory=converter)
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self._news = asyncio.Event()
        self._versions: dict[str, int] = {}

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: types.PublishDiagnosticsParams) -> None:
            self.shown[params.uri.rpartition("/")[2]] = params.diagnostics
            self._news.set()

    async def start(self) -> types.InitializeResult:
        await self.client.start_io(sys.executable, "-P", "-m", "bootready", "lsp", "--stdio")
        result = await self.client.initialize_async(
            types.InitializeParams(types.ClientCapabilities(), root_uri=self.place.as_uri())
        )
        self.client.initialized(types.InitializedParams())
        return result

    async def stop(self) -> int | None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        process = self.client._server
        await asyncio.wait_for(process.wait(), GUARD)
        return process.returncode

    def uri(self, name: str) -> str:
        return (self.place / name).as_uri()

    def open(self, name: str, text: str = "") -> None:
        text = text or (self.place / name).read_text()
        item = types.TextDocumentItem(self.uri(name), "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> None:
        """Put `text` into the editor, unsaved."""
        self._versions[name] = self._versions.get(name, 1) + 1
        document = types.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until the diagnostics are such that `true`."""

        async def waiting() -> None:
            while not true():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(waiting(), GUARD)

    def codes(self, name: str) -> list[str]:
        return sorted(str(one.code) for one in self.shown.get(name, []))

    def at(self, name: str, text: str, words: str, inside: int = 0) -> dict[str, object]:
        """Return the question about the place where `words` are in `text`."""
        before = text[: text.index(words) + inside]
        line = before.count("\n")
        column = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(name)),
            "position": types.Position(line, column),
        }

    async def hover(self, name: str, text: str, words: str, inside: int = 0) -> str:
        params = types.HoverParams(**self.at(name, text, words, inside))
        found = await self.client.text_document_hover_async(params)
        return found.contents.value if found else ""

    async def definition(self, name: str, text: str, words: str, inside: int = 0) -> list[str]:
        params = types.DefinitionParams(**self.at(name, text, words, inside))
        found = await self.client.text_document_definition_async(params)
        return [f"{one.uri.rpartition('/')[2]}:{one.range.start.line + 1}" for one in found]


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    project = tmp_path / "shop front"
    project.mkdir()
    (project / "compose.yaml").write_text(COMPOSE)
    (project / ".env").write_text("NAME=world\n")
    (project / "app.env").write_text("SECRET_KEY=hunter2\n")
    (project / "pw.txt").write_text("hunter2\n")
    return project


def in_editor(place: Path, session: Callable[[Editor], Awaitable[None]]) -> None:
    """Run a session of an editor, and end its server as an editor does."""

    async def whole() -> None:
        editor = Editor(place)
        await editor.start()
        await session(editor)
        assert await editor.stop() == 0

    asyncio.run(asyncio.wait_for(whole(), 4 * GUARD))


def test_findings_follow_what_is_typed_and_not_what_is_saved(place):
    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        await editor.until(lambda: "dollar-unescaped" in editor.codes("compose.yaml"))
        [found] = [one for one in editor.shown["compose.yaml"] if one.code == "dollar-unescaped"]
        assert (found.range.start.line, found.source) == (17, "bootready")
        assert COMPOSE.split("\n")[17][found.range.start.character :].startswith("$POSTGRES_USER")
        editor.type("compose.yaml", COMPOSE.replace("$POSTGRES", "$$POSTGRES"))
        await editor.until(lambda: "dollar-unescaped" not in editor.codes("compose.yaml"))
        editor.type("compose.yaml", COMPOSE + "  broken: [\n")
        await editor.until(lambda: "compose-refuses" in editor.codes("compose.yaml"))
        editor.type("compose.yaml", COMPOSE)
        await editor.until(lambda: "dollar-unescaped" in editor.codes("compose.yaml"))
        assert (place / "compose.yaml").read_text() == COMPOSE

    in_editor(place, session)


def test_an_unsaved_env_file_counts_for_the_compose_file(place):
    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        editor.open(".env")
        await editor.until(
            lambda: any("UNSET" in d.message for d in editor.shown.get("compose.yaml", []))
        )
        editor.type(".env", "NAME=world\nUNSET=now set\n")
        await editor.until(
            lambda: not any("'UNSET'" in d.message for d in editor.shown["compose.yaml"])
        )

    in_editor(place, session)


def test_hover_shows_the_value_and_where_it_comes_from(place):
    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        told = await editor.hover("compose.yaml", COMPOSE, "nginx")
        assert "value: nginx:1" in told
        assert "the default '1' is used" in told
        told = await editor.hover("compose.yaml", COMPOSE, "${NAME}", 3)
        assert told.startswith("variable 'NAME'\nvalue: world\n")
        assert "(.env:1:1)" in told
        told = await editor.hover("compose.yaml", COMPOSE, "GREETING", 1)
        assert "value: héllo world" in told
        told = await editor.hover("compose.yaml", COMPOSE, "hunter2", 1)
        assert "value: ****" in told
        assert "hunter2" not in told
        assert (await editor.hover("compose.yaml", COMPOSE, "web:", 1)).startswith("services.web\n")

    in_editor(place, session)


def test_definition_leads_through_files(place):
    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")

        async def where(words: str, inside: int) -> list[str]:
            return await editor.definition("compose.yaml", COMPOSE, words, inside)

        assert await where("[db]", 1) == ["compose.yaml:13"]
        assert await where("[pw]", 2) == ["compose.yaml:20"]
        assert await where("${NAME}", 3) == [".env:1"]
        assert await where("*common", 3) == ["compose.yaml:1"]
        assert await where("app.env", 2) == ["app.env:1"]
        assert await where("./pw.txt", 4) == ["pw.txt:1"]
        assert await where("restart: always", 2) == []

    in_editor(place, session)


def test_definition_of_what_a_service_extends(place):
    (place / "base.yaml").write_text("services:\n  base: {image: busybox}\n")
    text = "services:\n  web:\n    extends: {file: base.yaml, service: base}\n"
    (place / "compose.yaml").write_text(text)

    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        assert await editor.definition("compose.yaml", text, "service: base", 10) == ["base.yaml:2"]

    in_editor(place, session)


def test_the_repairs_of_fix_are_offered_where_the_finding_is(place):
    """On the unsaved text: the line with the fault is not in the file on disk."""
    text = "# not saved\n" + COMPOSE

    async def session(editor: Editor) -> None:
        editor.open("compose.yaml", text)
        await editor.until(lambda: "dollar-unescaped" in editor.codes("compose.yaml"))
        [found] = [one for one in editor.shown["compose.yaml"] if one.code == "dollar-unescaped"]
        document = types.TextDocumentIdentifier(editor.uri("compose.yaml"))

        async def offered(where: types.Range, *only: str) -> list[types.CodeAction]:
            context = types.CodeActionContext([found], list(only) or None)
            params = types.CodeActionParams(document, where, context)
            return await editor.client.text_document_code_action_async(params)

        [action] = await offered(found.range)
        assert action.title.endswith("(dollar-unescaped)")
        [edit] = action.edit.changes[editor.uri("compose.yaml")]
        assert edit.range.start.line == 18
        line = text.split("\n")[18]
        mended = line[: edit.range.start.character] + edit.new_text
        mended += line[edit.range.end.character :]
        assert mended == "      test: pg_isready -U $$POSTGRES_USER"
        assert not await offered(types.Range(types.Position(0, 0), types.Position(0, 0)))
        [whole] = await offered(found.range, "source.fixAll")
        assert whole.kind == "source.fixAll.bootready"

    in_editor(place, session)
    assert (place / "compose.yaml").read_text() == COMPOSE


def test_a_rename_edits_every_file_or_says_why_not(place):
    (place / "compose.override.yaml").write_text("services: {db: {restart: always}}\n")

    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        asked = editor.at("compose.yaml", COMPOSE, "[db]", 2)
        params = types.PrepareRenameParams(**asked)
        found = await editor.client.text_document_prepare_rename_async(params)
        assert isinstance(found, types.PrepareRenamePlaceholder)
        assert (found.placeholder, found.range.start.character) == ("db", 17)
        edit = await editor.client.text_document_rename_async(
            types.RenameParams(**asked, new_name="store")
        )
        assert {uri.rpartition("/")[2]: len(edits) for uri, edits in edit.changes.items()} == {
            "compose.yaml": 2,
            "compose.override.yaml": 1,
        }
        with pytest.raises(JsonRpcException, match="not renamed: there is a service 'web' already"):
            await editor.client.text_document_rename_async(
                types.RenameParams(**asked, new_name="web")
            )
        nowhere = editor.at("compose.yaml", COMPOSE, "always", 2)
        with pytest.raises(JsonRpcException, match="what is here does not name a service"):
            await editor.client.text_document_prepare_rename_async(
                types.PrepareRenameParams(**nowhere)
            )

    in_editor(place, session)
    assert (place / "compose.yaml").read_text() == COMPOSE


def test_prepare_is_offered_at_what_it_is_for_and_done_by_the_server(place):
    (place / "pw.txt").unlink()

    async def session(editor: Editor) -> None:
        told: list[str] = []

        @editor.client.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params: types.ShowMessageParams) -> None:
            told.append(params.message)

        editor.open("compose.yaml")
        await editor.until(lambda: "secret-file-missing" in editor.codes("compose.yaml"))
        shown = editor.shown["compose.yaml"]
        [found] = [one for one in shown if one.code == "secret-file-missing"]
        document = types.TextDocumentIdentifier(editor.uri("compose.yaml"))

        async def offered(context: types.CodeActionContext) -> list[types.CodeAction]:
            params = types.CodeActionParams(document, found.range, context)
            actions = await editor.client.text_document_code_action_async(params)
            return [one for one in actions if "prepare" in one.title]

        [action] = await offered(types.CodeActionContext([found]))
        assert action.edit is None
        assert action.title.startswith("bootready prepare (1 step")
        [other] = [one for one in shown if one.code == "dollar-unescaped"]
        assert not await offered(types.CodeActionContext([other]))
        only = [types.CodeActionKind.Source]
        [source] = await offered(types.CodeActionContext([], only=only))
        assert source.kind == "source.prepare.bootready"
        command = types.ExecuteCommandParams(action.command.command, action.command.arguments)

        editor.type("compose.yaml", COMPOSE + "# not saved\n")
        await editor.client.workspace_execute_command_async(command)
        assert told == [f"bootready: save it first: {place / 'compose.yaml'}"]
        assert not (place / "pw.txt").exists()

        editor.type("compose.yaml", COMPOSE)
        await editor.client.workspace_execute_command_async(command)
        await editor.until(lambda: "secret-file-missing" not in editor.codes("compose.yaml"))
        assert told[1:] == ["bootready: prepared: 1 step; `bootready undo` undoes them"]

    in_editor(place, session)
    secret = (place / "pw.txt").read_text()
    assert len(secret) > 20


def test_names_are_offered_in_text_that_cannot_be_read(place):
    """The project is the one that could last be read."""

    async def session(editor: Editor) -> None:
        editor.open("compose.yaml")
        await editor.until(lambda: "dollar-unescaped" in editor.codes("compose.yaml"))
        text = COMPOSE + "  other: [\n" + "x: ${"
        editor.type("compose.yaml", text)
        await editor.until(lambda: "compose-refuses" in editor.codes("compose.yaml"))
        params = types.CompletionParams(**editor.at("compose.yaml", text, "x: ${", 5))
        found = await editor.client.text_document_completion_async(params)
        assert {"NAME", "TAG", "UNSET"} <= {one.label for one in found}

    in_editor(place, session)


def test_a_file_of_no_project_has_no_findings(place):
    (place.parent / "notes.yaml").write_text("a: [1\n")

    async def session(editor: Editor) -> None:
        editor.open("../notes.yaml")
        editor.open("compose.yaml")
        await editor.until(lambda: bool(editor.codes("compose.yaml")))
        assert editor.shown.get("notes.yaml") is None

    in_editor(place, session)
