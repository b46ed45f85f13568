"""The look of the HTML report: one style sheet, dark or light as the reader's system is."""

from __future__ import annotations

from bootready.report.project.parts import part

LIGHT = {
    "page": "#f6f7f9",
    "card": "#fff",
    "ink": "#1b2130",
    "soft": "#5c6579",
    "line": "#dfe3ea",
    "code": "#f0f2f6",
    "error": "#c5221f",
    "error-soft": "#fdecea",
    "warning": "#a35f00",
    "warning-soft": "#fff4e0",
    "note": "#1f5fbf",
    "note-soft": "#e9f1fd",
    "fine": "#1c7c3f",
    "fine-soft": "#e7f5ec",
    "edge": "#8d97aa",
}
DARK = {
    "page": "#12151c",
    "card": "#1b1f29",
    "ink": "#e6e9f0",
    "soft": "#9aa4b8",
    "line": "#2d3443",
    "code": "#232936",
    "error": "#ff8a80",
    "error-soft": "#3a1f21",
    "warning": "#ffc266",
    "warning-soft": "#382b16",
    "note": "#8ab8ff",
    "note-soft": "#1b2a42",
    "fine": "#7fd69b",
    "fine-soft": "#18301f",
    "edge": "#76819b",
}
"""Colours carry no meaning alone: every state has a sign and a word as well."""


_SHEETS = ("page.css", "graph.css", "cards.css", "narrow.css")
"""The last one is for narrow screens and paper, and changes what the others say."""


def picture_style() -> str:
    """Return the look of boxes and lines, on the page and in a file of their own."""
    return part(__package__, "picture.css")


def page_style() -> str:
    """Return the style sheet of the page."""
    dark = f"@media(prefers-color-scheme:dark){{{_root(DARK)}}}"
    sheets = "".join(part(__package__, name) for name in _SHEETS)
    return f"{_root(LIGHT)}{dark}{picture_style()}{sheets}"


def _root(colours: dict[str, str]) -> str:
    return ":root{" + "".join(f"--{name}:{value};" for name, value in colours.items()) + "}"
