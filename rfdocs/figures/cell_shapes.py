"""How cells of a map look: units, zeros between them and padding are told apart by their frames and by what is in them,
so that they stay apart under whatever is laid over them, in any colours, and in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import ceil, floor

from rfdocs.figures.drawing import element
from rfdocs.figures.palette import BLUE, INK, RED, Color
from rfdocs.figures.text_widths import width

#: The room for the key, below a drawing; the side of a cell in it. Unit: pixels.
KEY_ROOM, _KEY_SIDE = 36, 18
#: Between a key's cell and its words, and behind them. Unit: pixels.
_KEY_WORDS, _KEY_GAP = 26, 18

#: How far the colour of what is read, and of what is made, covers its cell: not so far that a sign on it is lost.
READ, MADE = 0.55, 0.65

Point = tuple[float, float]


class CellKind(Enum):
    """What a cell holds, in the words of the key."""

    UNIT = "unit"
    ZERO = "zero between"
    PADDING = "padding"


@dataclass(frozen=True, slots=True)
class CellShape:
    """A cell, which leans to the left by ``slant`` where it lies in a slice. Unit: pixels."""

    side: float
    slant: float
    fall: float

    def outlined(self, places: Sequence[Point], kind: CellKind, color: Color = INK) -> str:
        """The frames of cells: those of units are whole and filled, all others dashed."""
        if not places:
            return ""
        squares = self.squares(places)
        if kind is not CellKind.UNIT:
            end = length(_hundredths(self.side / 20))  # so that those of neighbours lie on each other
            look: dict[str, float | str] = {
                "stroke_dasharray": f"{end} {length(0.1 * self.side)} {end} 0",
                "stroke_opacity": 0.6,
            }
            return element("path", d=squares, stroke=INK.light, fill="none", **look)
        alpha = 0.1 if color is INK else 0.2
        return element("path", d=squares, stroke=INK.light, fill=color.light, fill_opacity=alpha, stroke_opacity=0.7)

    def marked(self, places: Iterable[Point], color: Color, alpha: float) -> str:
        """Cells that are read or made."""
        style: dict[str, float | str] = {"fill": color.light, "fill_opacity": alpha, "stroke": color.light}
        return element("path", d=self.squares(places), **style, stroke_width=2)

    def signs(self, places: Sequence[Point], kind: CellKind) -> str:
        """What is in cells: a dot in each unit, a nought in each zero, nothing in padding."""
        if not places or kind is CellKind.PADDING:
            return ""
        across, down = (self.side - self.slant) / 2, _hundredths(self.fall / 2)
        if kind is CellKind.UNIT:
            dots = "".join([f"M{pair((x + across, y + down))}h0" for x, y in places])
            wide = length(0.2 * self.side)
            return element("path", d=dots, stroke=INK.light, stroke_width=wide, stroke_linecap="round")
        half = f"a{length(0.1 * self.side)} {length(0.2 * self.fall)} 0 1 0 "
        round_ = f"{half}{length(0.2 * self.side)} 0{half}-{length(0.2 * self.side)} 0z"
        noughts = [f"M{pair((x + across - 0.1 * self.side, y + down))}{round_}" for x, y in places]
        return element("path", d="".join(noughts), stroke=INK.light, fill="none", stroke_width=1.5)

    def squares(self, places: Iterable[Point]) -> str:
        """Cells, as one path."""
        side, slant, fall = map(length, (self.side, self.slant, self.fall))
        back = f"l-{slant} {fall}" if self.slant else f"v{fall}"
        return "".join([f"M{pair(place)}h{side}{back}h-{side}z" for place in places])


def key(kinds: Iterable[CellKind], top: float, *, signs: bool, groups: int = 0) -> str:
    """What the cells of a drawing are, one example of each beside its word.

    Where every group has a colour, what is read and what is made share one example, of no colour, and what the numbers
    beside the channels are is told.
    """
    shape = CellShape(_KEY_SIDE, 0, _KEY_SIDE)
    marks = {"read, made": (INK, 0.45)} if groups > 1 else {"read": (BLUE, READ), "made": (RED, MADE)}
    x, body = 1.0, []
    for kind in kinds:
        sign = shape.signs([(x, top + 11)], kind) if signs else ""
        body.append(shape.outlined([(x, top + 11)], kind) + sign + _key_words(x, top, kind.value))
        x += key_room(kind.value)
    for words, (color, alpha) in marks.items():
        body.append(shape.marked([(x, top + 11)], color, alpha) + _key_words(x, top, words))
        x += key_room(words)
    if groups > 1:
        body.append(_key_words(x - _KEY_WORDS, top, f"1\N{EN DASH}{groups}: groups"))
    return element("g", "".join(body))


def key_room(words: str) -> int:
    """From one example to the next, as wide as a phone's letters need. Unit: pixels."""
    return ceil(width(words)) + _KEY_WORDS + _KEY_GAP


def _key_words(x: float, top: float, words: str) -> str:
    return element("text", words, x=length(x + _KEY_WORDS), y=length(top + 26), fill=INK.light)


def _hundredths(pixels: float) -> float:
    """The nearest whole number of hundredths, found as a browser finds it."""
    return floor(100 * pixels + 0.5) / 100


def length(pixels: float) -> str:
    """A length in hundredths of a pixel."""
    return f"{round(pixels, 2):g}"


def pair(place: Point) -> str:
    """Both lengths of a place."""
    return f"{length(place[0])} {length(place[1])}"
