"""The Language Server Protocol: which request is answered by what; standard input and output.

Here are the requests; `lsp.server` has what the editor has open.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout

from lsprotocol import types

from bootready.lsp.offered import Offer, offered
from bootready.lsp.pointed import definition, hover
from bootready.lsp.refusal import RefusedError
from bootready.lsp.renamed import named_at, renamed
from bootready.lsp.server import Server, failed
from bootready.model.printable import printable_lines
from bootready.typed import IO, Any, cast

PREPARE = "bootready.prepare"
"""The command that an editor sends when a person chooses to prepare; its argument is a file."""
FIX_ALL = "source.fixAll.bootready"
"""The kind of the action that makes every repair, as `bootready fix --apply` does."""
PREPARE_ALL = "source.prepare.bootready"
"""The kind of the action that does what `bootready prepare` does."""


def serve(version: str, environ: Mapping[str, str]) -> None:
    """Answer an editor on standard input and output, until it says that it is done."""
    output = cast("Any", _Output(sys.stdout.buffer))
    with redirect_stdout(sys.stderr):  # nothing else may be said in the conversation
        make(version, environ).start_io(stdout=output)


class _Output:
    """A stream that stays open when the server closes it, for those who flush it afterwards."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write
        self.flush = stream.flush

    def close(self) -> None:
        """Write what waits."""
        self.flush()


def make(version: str, environ: Mapping[str, str]) -> Server:
    """Return a server that knows what it can be asked."""
    server = Server(version, environ)
    _hear(server)
    _answer(server)
    _change(server)
    return server


def _hear(server: Server) -> None:
    """Let it hear what happens to files."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _opened(ls: Server, _params: types.DidOpenTextDocumentParams) -> None:
        ls.changed(anywhere=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _typed(ls: Server, _params: types.DidChangeTextDocumentParams) -> None:
        ls.changed()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def _saved(ls: Server, _params: types.DidSaveTextDocumentParams) -> None:
        ls.changed(anywhere=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _closed(ls: Server, _params: types.DidCloseTextDocumentParams) -> None:
        ls.changed(anywhere=True)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def _elsewhere(ls: Server, _params: types.DidChangeWatchedFilesParams) -> None:
        ls.changed(anywhere=True)


def _answer(server: Server) -> None:
    """Let it answer what is asked about a place."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
        point, text = ls.point(params)
        opened = ls.opened(point.file)
        told = hover(opened, point, text) if opened else ""
        # As plain text: a value is never read as Markdown.
        content = types.MarkupContent(types.MarkupKind.PlainText, printable_lines(told))
        return types.Hover(content) if told else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def _asked_where(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
        point, text = ls.point(params)
        opened = ls.opened(point.file)
        return [ls.location(span) for span in definition(opened, point, text)] if opened else []

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["{", "["])
    )
    def _typing(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
        point, text = ls.point(params)
        project = ls.project_of(point.file)
        found = offered(project, text, point.line, point.column) if project else ()
        return [_item(one) for one in found]


def _change(server: Server) -> None:
    """Let it offer what changes files."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL, PREPARE_ALL]),
    )
    def _asked_for_repairs(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        found = _actions(ls, document.path, params)
        return found + _preparation(ls, document.path, document.uri, params)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def _asked_to_rename(
        ls: Server, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder:
        try:
            found = named_at(ls.question(params))
        except RefusedError as error:
            raise failed(error.message) from error
        return types.PrepareRenamePlaceholder(ls.range(found.span), found.name)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def _renamed(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit:
        try:
            return ls.edit(renamed(ls.question(params), params.new_name))
        except RefusedError as error:
            raise failed(f"not renamed: {error.message}") from error

    @server.command(PREPARE)
    def _chosen(ls: Server, uri: str) -> None:
        ls.prepare(ls.workspace.get_text_document(uri).path)


def _preparation(
    ls: Server, path: str, uri: str, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """Return the action that prepares the project: at a finding that it is for, or if asked for."""
    request = ls.request_of(path)
    wanted = params.context.only or [types.CodeActionKind.QuickFix]
    here = [one for one in params.context.diagnostics if one.source == "bootready"]
    is_source = any(PREPARE_ALL.startswith(str(kind)) for kind in wanted)
    is_quick = bool(here) and any(kind == types.CodeActionKind.QuickFix for kind in wanted)
    if request is None or not (is_source or is_quick):
        return []
    offer = ls.preparation_of(request)
    for_these = [one for one in here if one.code in offer.causes]
    if not offer.steps or not (is_source or for_these):
        return []
    count = f"{offer.steps} step{'' if offer.steps == 1 else 's'}"
    title = f"bootready prepare ({count}; `bootready undo` undoes them)"
    return [
        types.CodeAction(
            title=title,
            kind=PREPARE_ALL if is_source else types.CodeActionKind.QuickFix,
            diagnostics=for_these or None,
            command=types.Command("bootready prepare", PREPARE, arguments=[uri]),
        )
    ]


def _actions(ls: Server, path: str, params: types.CodeActionParams) -> list[types.CodeAction]:
    wanted = params.context.only or [types.CodeActionKind.QuickFix]
    repairs = ls.repairs_in(path)
    actions = []
    if any(kind == types.CodeActionKind.QuickFix for kind in wanted):
        actions = [
            types.CodeAction(
                title=f"{one.title} ({one.check_id})",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[d for d in params.context.diagnostics if d.code == one.check_id],
                edit=ls.edit(one.edits),
            )
            for one in repairs
            if one.span.file == path and _touch(ls.range(one.span), params.range)
        ]
    if repairs and any(FIX_ALL.startswith(str(kind)) for kind in wanted):
        edit = ls.edit(edit for one in repairs for edit in one.edits)
        actions.append(types.CodeAction(title="bootready fix", kind=FIX_ALL, edit=edit))
    return actions


def _item(offer: Offer) -> types.CompletionItem:
    kinds = {"variable": types.CompletionItemKind.Variable, "check": types.CompletionItemKind.Value}
    return types.CompletionItem(
        label=offer.name,
        kind=kinds.get(offer.kind, types.CompletionItemKind.Reference),
        detail=f"{offer.kind} {offer.detail}".strip(),
    )


def _touch(one: types.Range, other: types.Range) -> bool:
    return one.start.line <= other.end.line and other.start.line <= one.end.line
