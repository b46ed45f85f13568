"""Stack -> its picture as a file: SVG, and PNG if a library that draws it is installed.

The colours are written out, as programs that draw SVG know no variables of a style sheet; a browser
takes the darker ones where its reader prefers them.
"""

from __future__ import annotations

from bootready.errors import UsageError
from bootready.report.formats.text import Source, state_of
from bootready.report.project.clusters import clusters_of
from bootready.report.project.drawing import MARGIN, TIP, number
from bootready.report.project.letters import PLAIN, width_of
from bootready.report.project.pictures import KINDS, Picture, first_picture, kind_of
from bootready.report.project.style import DARK, LIGHT, picture_style
from bootready.report.project.view import Stack
from bootready.report.shown import escaped

HEAD, FOOT, LINE = 46, 38, 34
"""Pixels for the title, for what the lines mean, and of a line that shows it."""
FONTS = (
    'system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans","Liberation Sans",Ubuntu,"Open Sans",'
    '"Helvetica Neue",Helvetica,Arial,Verdana,sans-serif'
)
"""By name, as what draws a PNG knows of no font that stands for the others."""
ZOOM = 2.0
"""Pixels of a PNG for one of the picture."""
INSTALL = "pip install 'bootready[png]'"


def render_svg(stack: Stack, source: Source, *, by: str = "auto") -> str:
    """Return the first picture of `stack` as an SVG document that loads nothing.

    `by` is what it is grouped by, as `clusters_of` takes it.
    """
    return _document(stack, source, by, dark=True)


def render_png(stack: Stack, source: Source, *, by: str = "auto") -> bytes:
    """Return the same as PNG, twice as large; raises UsageError where nothing can draw it."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError(
            "PNG needs the library resvg-py, which is not installed", INSTALL
        ) from None
    blank, dot = (bytes(svg_to_bytes(svg_string=_letters(words))) for words in (" ", "M"))
    if blank == dot:
        raise UsageError(
            "PNG needs a font, and this machine has none of the usual ones",
            "install one, such as the package fonts-dejavu-core, or use --format svg",
        )
    return bytes(svg_to_bytes(svg_string=_document(stack, source, by, dark=False), zoom=ZOOM))


def _letters(words: str) -> str:
    text = f'<style>text{{font-family:{FONTS}}}</style><text x="2" y="16">{words}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>'


def _document(stack: Stack, source: Source, by: str, *, dark: bool) -> str:
    picture = first_picture(stack, clusters_of(stack, by), linked=False)
    kinds = [kind for kind in KINDS if kind in {kind_of(edge) for edge in stack.edges}]
    state = state_of(stack.verdict, source.failing)
    title = f"{stack.project} · {state}"
    needed = 2 * MARGIN + max(width_of(title, PLAIN) * 1.4, _legend_width(kinds))
    width, height = max(picture.width, needed), picture.height + HEAD + (FOOT if kinds else 0)
    size = f'width="{number(width)}" height="{number(height)}"'
    known = f'role="img" aria-label="{escaped(title)}"'
    box = f'viewBox="0 0 {number(width)} {number(height)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} {known}>',
        f"<style>{_style(dark=dark)}</style>",
        f'<rect class="ground" {size}/>',
        f'<text class="title" x="{MARGIN}" y="30">{escaped(title)}</text>',
        TIP,
        f'<g transform="translate(0 {HEAD})">{_inner(picture)}</g>',
        *_legend(kinds, picture.height + HEAD + FOOT / 2),
        "</svg>",
    ]
    return "\n".join([*parts, ""])


def _inner(picture: Picture) -> str:
    """Return what is inside the ``<svg>`` of a page."""
    return picture.svg.partition(">")[2].rpartition("</svg>")[0]


def _style(*, dark: bool) -> str:
    own = f"text{{font-family:{FONTS}}}.ground{{fill:var(--card)}}"
    rules = f"{own}{picture_style()}text.title{{font-size:17px;font-weight:600}}"
    light, other = rules, rules
    for name, colour in LIGHT.items():
        light = light.replace(f"var(--{name})", colour)
        other = other.replace(f"var(--{name})", DARK[name])
    return f"{light}@media(prefers-color-scheme:dark){{{other}}}" if dark else light


def _legend_width(kinds: list[str]) -> float:
    return sum(LINE + 30 + width_of(KINDS[kind], PLAIN) for kind in kinds)


def _legend(kinds: list[str], y: float) -> list[str]:
    found = []
    x = float(MARGIN)
    for kind in kinds:
        found.append(f'<path class="edge {kind}" d="M{number(x)} {number(y)}h{LINE}"/>')
        found.append(f'<text x="{number(x + LINE + 8)}" y="{number(y + 4)}">{KINDS[kind]}</text>')
        x += LINE + 30 + width_of(KINDS[kind], PLAIN)
    return found
