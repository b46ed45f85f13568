"""The Language Server Protocol -> questions to `lsp`, and their answers in the protocol's terms.

One thread, one event loop: a keystroke is answered when typing has paused for a moment, and a newer
one takes the place of an older that still waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from bootready.errors import BootreadyError
from bootready.knowledge.secrets.forms import masked
from bootready.lsp.mended import Repair, repairs_of
from bootready.lsp.opened import Opened, look_at, request_for
from bootready.lsp.pointed import Point
from bootready.lsp.prepared import Offered, carry_out, offered_steps, unsaved_files
from bootready.lsp.renamed import Question
from bootready.model.action import Edit
from bootready.model.finding import Finding, Severity
from bootready.model.position import Span
from bootready.model.printable import printable
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.report.shown import shown_finding

PAUSE = 0.02
"""Seconds without a keystroke before the project is looked at again."""
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


class Server(LanguageServer):
    """What the editor has open, and what was last found in the projects of it."""

    def __init__(self, version: str, environ: Mapping[str, str]) -> None:
        super().__init__("bootready", version)
        self.environ = environ
        self.requests: dict[str, Request | None] = {}
        """The project of each open file, by path."""
        self.seen: dict[Request, Opened] = {}
        self.known: dict[Request, Project] = {}
        """Each project as it was when it could last be read: half-typed text has names to offer."""
        self.repairs: dict[Request, tuple[Repair, ...]] = {}
        """Those of the texts as they are; forgotten with every keystroke."""
        self.preparations: dict[Request, Offered] = {}
        """What `prepare` would do; forgotten with every keystroke."""
        self.published: dict[Request, set[str]] = {}
        """The files that diagnostics were published for."""
        self.waiting: asyncio.TimerHandle | None = None

    def texts(self) -> dict[str, str]:
        """Return the texts of the open files, by path."""
        documents = self.workspace.text_documents.values()
        return {one.path: one.source for one in documents if one.uri.startswith("file:")}

    def request_of(self, path: str) -> Request | None:
        """Return the project that an open file is a part of."""
        if path not in self.requests:
            root = to_fs_path(self.workspace.root_uri or "") or ""
            self.requests[path] = request_for(path, root.rstrip("/"), self.texts(), self.environ)
        return self.requests[path]

    def opened(self, path: str) -> Opened | None:
        """Return what was last found in the project of an open file."""
        request = self.request_of(path)
        if request is None:
            return None
        if request not in self.seen:
            self._look_at(request)
        return self.seen[request]

    def _look_at(self, request: Request) -> None:
        self.seen[request] = opened = look_at(request, self.texts(), self.environ)
        if opened.project is not None:
            self.known[request] = opened.project

    def project_of(self, path: str) -> Project | None:
        """Return the project of an open file, as it was when it could last be read."""
        opened = self.opened(path)
        return opened and (opened.project or self.known.get(opened.request))

    def repairs_in(self, path: str) -> tuple[Repair, ...]:
        """Return the repairs of the project of an open file, with the texts as they are."""
        request = self.request_of(path)
        if request is None:
            return ()
        if request not in self.repairs:
            self.repairs[request] = repairs_of(request, self.texts(), self.environ)
        return self.repairs[request]

    def preparation_of(self, request: Request) -> Offered:
        """Return what `prepare` would do in a project, as it is on disk."""
        if request not in self.preparations:
            self.preparations[request] = offered_steps(request, self.environ)
        return self.preparations[request]

    def prepare(self, path: str) -> None:
        """Prepare the project of an open file, and say what was done."""
        request = self.request_of(path)
        files = unsaved_files(self.texts())
        kind = types.MessageType.Warning
        if request is None:
            words = "this file is of no project"
        elif files:
            words = f"save it first: {', '.join(files)}"
        else:
            try:
                words, kind = carry_out(request, self.environ), types.MessageType.Info
            except BootreadyError as error:
                words = str(error)
        told = types.ShowMessageParams(kind, f"bootready: {printable(masked(words))}")
        self.window_show_message(told)
        self.changed(anywhere=True)

    def question(self, params: types.PrepareRenameParams | types.RenameParams) -> Question:
        """Return what somebody who renames something asks about. Raises JsonRpcException."""
        point, _ = self.point(params)
        opened = self.opened(point.file)
        if opened is None:
            raise failed("this file is of no project")
        return Question(opened, point, self.texts(), self.environ)

    def changed(self, *, anywhere: bool = False) -> None:
        """Look at every open project again, soon; `anywhere` also at which project is whose."""
        if anywhere:
            self.requests.clear()
        self.seen.clear()
        self.repairs.clear()
        self.preparations.clear()
        if self.waiting is not None:
            self.waiting.cancel()
        self.waiting = asyncio.get_running_loop().call_later(PAUSE, self.look)

    def look(self) -> None:
        """Look at every open project, and publish what is found."""
        self.waiting = None
        texts = self.texts()
        now = {one for path in texts if (one := self.request_of(path)) is not None}
        for request in now:
            self._look_at(request)
            self._publish(request, self.seen[request])
        for request in set(self.published) - now:
            for path in self.published.pop(request):
                self._tell(path, [])

    def _publish(self, request: Request, opened: Opened) -> None:
        found: dict[str, list[types.Diagnostic]] = {}
        for finding in opened.findings:
            span = finding.primary.span if finding.primary else _start(opened)
            if span is not None:
                diagnostic = self.diagnostic(finding, span)
                found.setdefault(span.file, []).append(diagnostic)
        for path in self.published.get(request, set()) - set(found):
            self._tell(path, [])
        for path, diagnostics in found.items():
            self._tell(path, diagnostics)
        self.published[request] = set(found)

    def _tell(self, path: str, diagnostics: list[types.Diagnostic]) -> None:
        uri = from_fs_path(path)
        if uri is not None:
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics)
            )

    def diagnostic(self, finding: Finding, span: Span) -> types.Diagnostic:
        """Return a finding in the protocol's terms."""
        finding = shown_finding(finding)
        words = [finding.message, finding.consequence, finding.hint and f"hint: {finding.hint}"]
        related = [
            types.DiagnosticRelatedInformation(self.location(one.span), one.label or "also here")
            for one in finding.related
        ]
        return types.Diagnostic(
            range=self.range(span),
            message="\n".join(word for word in words if word),
            severity=_SEVERITIES[finding.severity],
            code=finding.check_id,
            source="bootready",
            related_information=related or None,
        )

    def lines_of(self, path: str) -> list[str]:
        """Return the lines of a file, unsaved ones if it is open."""
        uri = from_fs_path(path) or ""
        try:
            source: str = self.workspace.get_text_document(uri).source
        except (OSError, ValueError):
            return []
        return source.split("\n")

    def range(self, span: Span) -> types.Range:
        """Return a span in the protocol's terms: from 0, columns in the units agreed on."""
        lines = self.lines_of(span.file)
        codec = self.workspace.position_codec
        return codec.range_to_client_units(
            lines,
            types.Range(
                types.Position(max(span.line - 1, 0), max(span.column - 1, 0)),
                types.Position(max(span.end_line - 1, 0), max(span.end_column - 1, 0)),
            ),
        )

    def location(self, span: Span) -> types.Location:
        """Return a place in the protocol's terms."""
        return types.Location(from_fs_path(span.file) or "", self.range(span))

    def point(
        self,
        params: types.HoverParams
        | types.DefinitionParams
        | types.CompletionParams
        | types.PrepareRenameParams
        | types.RenameParams,
    ) -> tuple[Point, str]:
        """Return the place that a question is about, and the text of its file."""
        document = self.workspace.get_text_document(params.text_document.uri)
        position = self.workspace.position_codec.position_from_client_units(
            document.lines, params.position
        )
        return Point(document.path, position.line + 1, position.character + 1), document.source

    def edit(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        """Return edits of files in the protocol's terms, each once."""
        changes: dict[str, list[types.TextEdit]] = {}
        for one in dict.fromkeys(edits):
            span = one.span
            if span.line == 0:  # to be appended
                lines = self.lines_of(span.file)
                end = Span(
                    span.file, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 1
                )
                span = end
            edits_of_file = changes.setdefault(from_fs_path(span.file) or "", [])
            edits_of_file.append(types.TextEdit(self.range(span), one.text))
        return types.WorkspaceEdit(changes=changes)


def _start(opened: Opened) -> Span | None:
    """Return the start of the project's first file: where findings without a place are shown."""
    files = opened.project.files if opened.project else opened.request.files
    return Span(files[0], 1, 1, 1, 1) if files else None


REQUEST_FAILED = -32803
"""The protocol's code for what is understood and not done."""


def failed(words: str) -> JsonRpcException:
    """Return the error whose words an editor shows."""
    return JsonRpcException(printable(masked(words)), REQUEST_FAILED)
