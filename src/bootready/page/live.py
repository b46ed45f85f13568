"""The still page of a project -> the one that follows its boot: the same, with what happens now."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from bootready.page.channel import Page
from bootready.report.formats.text import Source
from bootready.report.project.html import Live, page_script, render_html
from bootready.report.project.parts import part
from bootready.report.project.style import page_style
from bootready.report.project.view import Stack

_STYLES = ("live.css",)
_SCRIPTS = ("live.js",)
"""Each begins with a block: names of one script are not those of another."""


def live_page(stack: Stack, source: Source) -> Page:
    """Return the page and its policy: what it runs is named by its digest, nothing else runs."""
    live = Live(
        part(__package__, "live.html").rstrip("\n"),
        tuple(part(__package__, name) for name in _STYLES),
        tuple(part(__package__, name) for name in _SCRIPTS),
    )
    text = render_html(stack, source, live=live)
    styles = _digests((page_style(), *live.styles))
    scripts = _digests((page_script(), *live.scripts))
    policy = (
        f"default-src 'none'; style-src {styles}; style-src-attr 'unsafe-inline';"
        f" script-src {scripts}; connect-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )
    return Page(text, policy)


def _digests(parts: Iterable[str]) -> str:
    return " ".join(
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in parts
    )
