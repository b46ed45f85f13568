"""The name of a report format -> the function that writes it; imports only the one asked for."""

from __future__ import annotations

from importlib import import_module

from bootready.errors import UsageError
from bootready.model.finding import Verdict
from bootready.report.formats.text import Source

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown")


def render(
    name: str, verdict: Verdict, source: Source, project: str = "", *, verbose: bool = False
) -> str:
    """Return the verdict in that format. Raises UsageError for a name that is none."""
    if name not in FORMATS:
        raise UsageError(f"unknown format '{name}'", f"one of: {', '.join(FORMATS)}")
    if name == "text":
        from bootready.report.formats.text import render_verdict

        return render_verdict(verdict, source, verbose=verbose)
    module = import_module(f"bootready.report.formats.{name}")
    return str(getattr(module, f"render_{name}")(verdict, source, project))
