"""What writes a figure's elements: small SVG, of presentation attributes instead of styles, two decimals, no ids.

Matplotlib's own writer measures every text in its fonts (0.4 ms each), gives every group an id, and fixes colours and
families. This one leaves text to the reader's font, and writes the same bytes in every process: nothing in them depends
on a hash, a salt, a date or matplotlib's version.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from matplotlib.path import Path

from rfdocs.figures.palette import Color
from rfdocs.formats.tables import escaped

_MOVE, _LINE, _CURVE, _CLOSE = map(int, (Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CLOSEPOLY))


class SvgRenderer:
    """Collects the elements of a figure in ``body``. Unit: pixels from the top left."""

    def __init__(self) -> None:
        self._elements: list[str] = []
        self._clips: dict[tuple[float, ...], str] = {}

    @property
    def body(self) -> str:
        """All elements in the order of drawing, the clips that they use first."""
        clips = "".join([_clip(name, box) for box, name in self._clips.items()])
        return (f"<defs>{clips}</defs>" if clips else "") + "".join(self._elements)

    def draw_path(self, places: Any, codes: Any, attributes: str, clip: tuple[float, ...] | None) -> None:
        """Adds one path, of a row of x and one of y, with its fill and stroke.

        It is cut at the left, top, right and bottom of ``clip``.
        """
        name = "" if clip is None else self._clips.setdefault(clip, f"clip-{len(self._clips)}")
        clipped = f' clip-path="url(#{name})"' if name else ""
        self._elements.append(f'<path d="{_outline(places, codes)}"{attributes}{clipped}/>')

    def draw_words(self, x: float, y: float, text: str, attributes: str) -> None:
        """Adds one line of text whose baseline stands at a place on the page."""
        self._elements.append(f'<text x="{number(x)}" y="{number(y)}"{attributes}>{escaped(text)}</text>')

    def draw_image(self, box: tuple[float, ...], address: str, smooth: bool) -> None:
        """Adds an image of pixels, stretched into a box of the page."""
        left, top, right, bottom = box
        place = f'x="{number(left)}" y="{number(top)}" width="{number(right - left)}" height="{number(bottom - top)}"'
        squares = "" if smooth else ' style="image-rendering:pixelated"'
        self._elements.append(f'<image {place} preserveAspectRatio="none"{squares} href="{escaped(address)}"/>')


def _clip(name: str, box: tuple[float, ...]) -> str:
    left, top, right, bottom = box
    size = f'width="{number(right - left)}" height="{number(bottom - top)}"'
    return f'<clipPath id="{name}"><rect x="{number(left)}" y="{number(top)}" {size}/></clipPath>'


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """At most two decimals, and no sign before zero.

    >>> number(1.5), number(-0.001), number(2 / 3)
    ('1.5', '0', '0.67')
    """
    return f"{round(100 * value) / 100:g}"


def colored(name: str, color: Color, alpha: float) -> str:
    """The attributes of a fill or a stroke in a colour."""
    opacity = "" if alpha == 1 else f' {name}-opacity="{number(alpha)}"'
    return f' {name}="{color.light}"{opacity}'


def _outline(places: Any, codes: Any) -> str:
    """The path's data, with ``H`` and ``V`` where a line runs along an axis."""
    across, down = (places.round(2) + 0.0).tolist()
    kinds: list[int] = [_MOVE] + [_LINE] * (len(across) - 1) if codes is None else codes.tolist()
    parts, before = [], (_MOVE, None, None)
    for place in zip(kinds, across, down, strict=True):
        parts.append(_command(before, place))
        before = place
    return "".join(parts)


def _command(before: tuple[int, Any, Any], place: tuple[int, float, float]) -> str:
    """The command to a place; a curve takes three, which follow its letter."""
    kind, x, y = place
    if kind == _CLOSE:
        return "Z"
    if kind == _LINE and y == before[2]:
        return f"H{x:.6g}"
    if kind == _LINE and x == before[1]:
        return f"V{y:.6g}"
    letter = "M" if kind == _MOVE else "L" if kind == _LINE else " " if before[0] == _CURVE else "C"
    return f"{letter}{x:.6g} {y:.6g}"
