"""A finished figure as SVG text, and the two forms in which it leaves: a file of its own, or a part of a page.

A drawing knows nothing of where it will stand: its colours are those of a light page, its ids are plain.
:func:`inline` and :func:`standalone` replace only attributes that the renderer wrote. Nothing that comes from a YAML
file can look like one, for all quotes in texts are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rfdocs.figures.palette import ACCENTS, COLORS, DARK_GROUND, INK, LIGHT_GROUND
from rfdocs.formats.tables import escaped, printable

#: The width of every figure, and of a page's column. Unit: pixels.
WIDTH = 640
#: The size of text on a wide screen, and that which stays readable where a phone shrinks the figure. Unit: pixels.
TEXT, PHONE_TEXT = 14, 21
#: The room for a heading above a file of its own. Unit: pixels.
_ABOVE = 46

_FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_STYLE = (
    f".rf-figure{{font-size:{TEXT}px}}.rf-figure .rf-strong{{font-weight:600}}"
    f".rf-figure .rf-narrow{{display:none}}@media(max-width:34em){{.rf-figure{{font-size:{PHONE_TEXT}px}}"
    ".rf-figure .rf-narrow{display:inline}.rf-figure .rf-wide{display:none}}"
)
_COLORS = {color.light: color for color in COLORS}
_COLOR = re.compile(r'"(#[0-9a-f]{6})"')
_ID = re.compile(r'( (?:id|aria-labelledby|aria-describedby)=")')
_PREFIX = re.compile(r"[^A-Za-z0-9_-]+")


class Spot(NamedTuple):
    """The part of a drawing that shows a layer, or all from ``first`` to ``last``, by their numbers in the network.

    Unit: pixels from the drawing's top left.
    """

    first: int
    last: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: its SVG in the colours of a light page, what it shows in words, its title, and where layers are."""

    svg: str
    alternative: str
    title: str
    spots: tuple[Spot, ...] = ()


def element(name: str, inside: str = "", /, **attributes: float | str) -> str:
    """An SVG element around others, with its attributes: numbers, and texts that are escaped.

    Underscores in names stand for hyphens.

    >>> element("rect", x=1.50, stroke_dasharray="2 3")
    '<rect x="1.5" stroke-dasharray="2 3"></rect>'
    """
    values = [
        (key, f"{value:g}" if isinstance(value, (int, float)) else escaped(value)) for key, value in attributes.items()
    ]
    told = "".join([f' {key.replace("_", "-")}="{value}"' for key, value in values])
    return f"<{name}{told}>{inside}</{name}>"


def drawn(body: str, height: float, title: str, alternative: str, spots: Sequence[Spot] = ()) -> Drawing:
    """The drawing of a body of SVG elements, ``WIDTH`` wide."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rf-figure" viewBox="0 0 {WIDTH} {height:g}" role="img"'
        ' aria-labelledby="title" aria-describedby="description">'
        f'<title id="title">{escaped(title)}</title><desc id="description">{escaped(alternative)}</desc>'
    )
    return Drawing(f"{head}{body}</svg>", printable(alternative), printable(title), tuple(spots))


def inline(drawing: Drawing, prefix: str) -> str:
    """The drawing as an element of an HTML page.

    Its ids begin with ``prefix``, so that figures of one page never collide; its colours are ``currentColor`` and
    ``var(--rf-accent-1, ...)``, so that they follow the page's theme.
    """
    name = _PREFIX.sub("-", prefix)
    svg = _ID.sub(rf"\g<1>{name}-", drawing.svg).replace(' clip-path="url(#', f' clip-path="url(#{name}-')
    svg = _COLOR.sub(lambda match: f'"{_COLORS[match[1]].themed}"', svg)
    frame = f' style="display:block;width:100%;max-width:{WIDTH}px;height:auto">'
    head, rest = svg.split(">", 1)
    return f"{head}{frame}<style>{_STYLE}</style>{rest}"


def standalone(drawing: Drawing) -> str:
    """The drawing as a file: it has its own ground and heading, and follows the reader's system to dark."""
    dark = "".join(
        f'[{part}="{color.light}"]{{{part}:{color.dark}}}' for color in COLORS for part in ("fill", "stroke")
    )
    style = (
        f"{_STYLE}.rf-figure{{font-family:{_FONTS}}}.rf-ground{{fill:{LIGHT_GROUND}}}"
        f"@media(prefers-color-scheme:dark){{.rf-ground{{fill:{DARK_GROUND}}}{dark}}}"
    )
    head, rest = drawing.svg.split(">", 1)
    ground = f'<rect class="rf-ground" x="-12" y="{-_ABOVE}" width="100%" height="100%" rx="8"/>'
    return f"{_widened(head)}><style>{style}</style>{ground}{_heading(drawing.title)}{rest}\n"


def _heading(title: str) -> str:
    """The title as a line above the figure, in letters so small that it fits."""
    size = min(float(TEXT + 2), WIDTH / (0.64 * max(1, len(title))))
    style = f'class="rf-strong" style="font-size:{size:.3g}px" fill="{INK.light}"'
    return f'<text x="0" y="-18" {style}>{escaped(title)}</text>'


def _widened(head: str) -> str:
    """The root with a margin around the figure."""
    width, height = re.findall(r'viewBox="0 0 (\S+) (\S+)"', head)[0]
    box = f"{float(width) + 24:g} {float(height) + 12 + _ABOVE:g}"
    return head.replace(f'"0 0 {width} {height}"', f'"-12 {-_ABOVE} {box}"')


def theme() -> str:
    """A style sheet that gives the accents their dark colours where furo's page is dark; paper never is."""
    dark = "".join(f"--rf-accent-{number}:{color.dark};" for number, color in enumerate(ACCENTS, start=1))
    return (
        f'@media screen{{body[data-theme="dark"]{{{dark}}}}}\n'
        f'@media screen and (prefers-color-scheme:dark){{body:not([data-theme="light"]){{{dark}}}}}\n'
    )
