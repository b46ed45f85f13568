"""The still page of a project -> the one that follows its boot: the same, with what happens now."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from bootready.page.channel import Page
from bootready.report.formats.text import Source
from bootready.report.project.html import Live, page, page_script, render_html
from bootready.report.project.parts import part
from bootready.report.project.style import page_style
from bootready.report.project.view import Stack
from bootready.report.shown import escaped

_STYLES = ("live.css", "below.css", "stacks.css")
_SCRIPTS = ("events.js", "live.js", "below.js", "stacks.js")
"""Each begins with a block: names of one script are not those of another."""


def live_page(stack: Stack, source: Source) -> Page:
    """Return the page and its policy: what it runs is named by its digest, nothing else runs."""
    live = _parts("live.html", _SCRIPTS)
    return Page(render_html(stack, source, live=live), _policy(live))


def list_page() -> Page:
    """Return the page that lists several projects, each with its state."""
    live = _parts("list.html", ("events.js", "stacks.js"))
    return Page(page("projects", [live.section], live=live), _policy(live))


def message_page(name: str, words: str) -> Page:
    """Return the page of a project that cannot be read, until it can be."""
    live = _parts("live.html", _SCRIPTS)
    body = [live.section, f"<h1>{escaped(name)}</h1><pre>{escaped(words)}</pre>"]
    return Page(page(name, body, live=live), _policy(live))


def _parts(section: str, scripts: Iterable[str]) -> Live:
    return Live(
        part(__package__, section).rstrip("\n"),
        tuple(part(__package__, name) for name in _STYLES),
        tuple(part(__package__, name) for name in scripts),
        part(__package__, "below.html").rstrip("\n"),
    )


def _policy(live: Live) -> str:
    """Return the policy of a page: what it runs is named by its digest."""
    styles = _digests((page_style(), *live.styles))
    scripts = _digests((page_script(), *live.scripts))
    return (
        f"default-src 'none'; style-src {styles}; style-src-attr 'unsafe-inline';"
        f" script-src {scripts}; connect-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


def _digests(parts: Iterable[str]) -> str:
    return " ".join(
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in parts
    )
