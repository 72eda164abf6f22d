"""A page laid out in pixels from the top left, and the few artists that all kinds are made of.

One :class:`Shape` holds a whole compound path, so that a grid or a map of ten thousand dots is one element. A
:class:`Panel` is two factors and two offsets: neither ``Figure`` nor ``Axes`` (10 ms and more each) is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.path import Path

from rfdocs.figures.drawing import TEXT, WIDTH, Drawing, Spot, drawn
from rfdocs.figures.palette import INK, Color
from rfdocs.figures.renderer import SvgRenderer, colored, number
from rfdocs.figures.text_widths import shortened

Place = tuple[float, float]


class Box(NamedTuple):
    """A rectangle, on the page or in data."""

    left: float
    top: float
    right: float
    bottom: float


class Stroke(NamedTuple):
    """How a line is drawn; dashes are lengths on and off. Unit: pixels."""

    color: Color = INK
    width: float = 1.0
    alpha: float = 1.0
    dashes: tuple[float, ...] = ()
    round: bool = False

    @property
    def attributes(self) -> str:
        """The stroke as attributes of an SVG element."""
        dashes = f' stroke-dasharray="{" ".join([f"{part:.6g}" for part in self.dashes])}"' if self.dashes else ""
        cap = ' stroke-linecap="round"' if self.round else ""
        return f'{colored("stroke", self.color, self.alpha)} stroke-width="{number(self.width)}"{dashes}{cap}'


class Fill(NamedTuple):
    """How an area is filled."""

    color: Color = INK
    alpha: float = 1.0

    @property
    def attributes(self) -> str:
        """The fill as attributes of an SVG element."""
        return colored("fill", self.color, self.alpha)


class Shape(NamedTuple):
    """A path in the coordinates of a panel; its label says what it is."""

    label: str
    path: Path
    panel: Panel
    fill: Fill | None
    stroke: Stroke | None
    clipped: bool

    def draw(self, renderer: SvgRenderer) -> None:
        """Hands the path to the renderer."""
        fill = ' fill="none"' if self.fill is None else self.fill.attributes
        stroke = "" if self.stroke is None else self.stroke.attributes
        clip = self.panel.frame if self.clipped else None
        renderer.draw_path(self.panel.placed(self.path.vertices), self.path.codes, fill + stroke, clip)


class Style(NamedTuple):
    """How a text is written; ``line`` moves it down by lines of 1.25 em, which a phone makes larger.

    ``where`` says that it is for ``narrow`` screens alone, or for ``wide`` ones.
    """

    anchor: str = "start"
    strong: bool = False
    alpha: float = 1.0
    line: float = 0.0
    color: Color = INK
    where: str = ""

    @property
    @lru_cache(maxsize=1 << 8)  # noqa: B019 - a style is a plain value, and figures share a few dozen
    def attributes(self) -> str:
        """The style as attributes of an SVG element."""
        parts = {
            f' dy="{1.25 * self.line:g}em"': self.line != 0,
            f' text-anchor="{self.anchor}"': self.anchor != "start",
            f' class="{self._classes}"': self._classes != "",
            f' fill="{self.color.light}"': True,
            f' fill-opacity="{self.alpha:g}"': self.alpha != 1,
        }
        return "".join([part for part, wanted in parts.items() if wanted])

    @property
    def _classes(self) -> str:
        return " ".join(["rf-strong"] * self.strong + [f"rf-{self.where}"] * bool(self.where))


class Words(NamedTuple):
    """One line of text at its baseline."""

    place: Place
    text: str
    style: Style

    def draw(self, renderer: SvgRenderer) -> None:
        """Hands the text to the renderer."""
        renderer.draw_words(*self.place, self.text, self.style.attributes)


class Raster(NamedTuple):
    """An image of pixels in a box of the page: rows of three colours, perhaps with a fourth number for what is opaque;
    its pixels stay squares unless it is ``smooth``.
    """

    label: str
    pixels: Any
    box: Box
    smooth: bool

    def draw(self, renderer: SvgRenderer) -> None:
        """Hands the image to the renderer."""
        from rfdocs.pixels.encoded import address  # noqa: PLC0415 - few figures hold one

        renderer.draw_image(self.box, address(self.pixels), self.smooth)


class AxisScale(NamedTuple):
    """Where the values of an axis, or their logarithms, stand on the page: ``factor`` pixels apart."""

    factor: float
    offset: float
    logarithmic: bool

    @classmethod
    def between(cls, values: Place, ends: Place, logarithmic: bool) -> AxisScale:
        """The scale that sets two values at two ends of the page."""
        first, last = [float(logarithm(value)) if logarithmic else value for value in values]
        factor = (ends[1] - ends[0]) / (last - first)
        return cls(factor, -first * factor + ends[0], logarithmic)

    def at(self, value: Any) -> Any:
        """Where a value stands, or each of several."""
        return self.factor * (logarithm(value) if self.logarithmic else value) + self.offset


def logarithm(value: Any) -> Any:
    """The decimal logarithm, or those of several values; of zero one far below all others."""
    return np.log10(np.maximum(value, 1e-300))


class Panel:
    """A part of the page with its own coordinates; ``data`` fills ``frame``; x and y may be ``logarithmic``."""

    def __init__(self, canvas: Canvas, frame: Box, data: Box, logarithmic: tuple[bool, bool] = (False, False)) -> None:
        self.canvas, self.frame, self.data = canvas, frame, data
        self.across = AxisScale.between((data.left, data.right), (frame.left, frame.right), logarithmic[0])
        self.down = AxisScale.between((data.top, data.bottom), (frame.top, frame.bottom), logarithmic[1])
        self._up = AxisScale(-self.down.factor, canvas.height - self.down.offset, logarithmic[1])

    def shape(
        self, label: str, path: Path, fill: Fill | None = None, stroke: Stroke | None = None, clipped: bool = False
    ) -> None:
        """Draws a shape on the panel; ``clipped`` to its frame if wanted."""
        self.canvas.artists.append(Shape(label, path, self, fill, stroke, clipped))

    @property
    def scale(self) -> float:
        """Pixels of the page per unit of the data, along x."""
        return abs((self.frame.right - self.frame.left) / (self.data.right - self.data.left))

    def at(self, x: float, y: float) -> Place:
        """Where a place of the data stands on the page."""
        return float(self.across.at(x)), float(self.down.at(y))

    def placed(self, vertices: Any) -> Any:
        """Where places stand, a row of x and one of y; heights are from the page's foot, as halves round there."""
        x, y = vertices.T
        return np.array((self.across.at(x), self.canvas.height - self._up.at(y)))


class Canvas(Panel):
    """A page of ``WIDTH`` times ``height`` pixels, (0, 0) at its top left; ``artists`` are drawn in their order."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.artists: list[Shape | Words | Raster] = []
        self.spots: list[Spot] = []
        whole = Box(0, 0, WIDTH, height)
        super().__init__(self, whole, whole)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        strong: bool = False,
        alpha: float = 1.0,
        line: float = 0.0,
        color: Color = INK,
        where: str = "",
    ) -> None:
        """Writes one line of text at its baseline, ``line`` lines of 1.25 em below ``y``."""
        style = Style(anchor, strong, alpha, line, color, where)
        self.artists.append(Words((x, y), text, style))

    def raster(self, label: str, pixels: Any, box: Box, smooth: bool = False) -> None:
        """Draws an image of pixels into a box of the page."""
        self.artists.append(Raster(label, pixels, box, smooth))

    def name(self, x: float, y: float, text: str, room: float, anchor: str = "start", line: float = 0.0) -> None:
        """Writes a name, cut on a phone where it is wider than the room there, but not where letters are smaller."""
        narrow, wide = shortened(text, room), shortened(text, room, TEXT)
        if narrow == wide:
            self.words(x, y, text, anchor=anchor, line=line)
        else:
            self.words(x, y, narrow, anchor=anchor, line=line, where="narrow")
            self.words(x, y, wide, anchor=anchor, line=line, where="wide")

    def spot(self, first: int, last: int, box: Box) -> None:
        """Notes where some layers are shown, from the first to the last by their numbers; the image, 0, is none."""
        if last:
            self.spots.append(Spot(first, last, *box))

    def drawing(self, title: str, alternative: str) -> Drawing:
        """The figure as it was drawn so far."""
        renderer = SvgRenderer()
        for artist in self.artists:
            artist.draw(renderer)
        return drawn(renderer.body, self.height, title, alternative, self.spots)


def polyline(points: Sequence[Place]) -> Path:
    """The line through the points."""
    return Path(points)


def segments(pairs: Iterable[tuple[Place, Place]]) -> Path:
    """Separate lines; one of no length, with round caps, is a dot."""
    return _path([place for pair in pairs for place in pair], (Path.MOVETO, Path.LINETO))


def dots(places: Iterable[Place]) -> Path:
    """Lines of no length, which round caps make dots."""
    return segments([(place, place) for place in places])


def grid(across: int, down: int, step: int = 1) -> Path:
    """Lines ``step`` apart over a rectangle, its edges left out."""
    upright = [((x, 0), (x, down)) for x in range(step, across, step)]
    return segments([*upright, *[((0, y), (across, y)) for y in range(step, down, step)]])


def boxes(rectangles: Iterable[Box]) -> Path:
    """Closed rectangles."""
    corners = [
        place
        for left, top, right, bottom in rectangles
        for place in ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    ]
    return _path(corners, (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY))


def _path(vertices: Sequence[Place], codes: tuple[np.uint8, ...]) -> Path:
    """A path of equal parts, each drawn by the same codes; it may be empty."""
    repeated = np.array(codes * (len(vertices) // len(codes)), dtype=np.uint8)
    return Path(np.array(vertices, float).reshape(-1, 2), repeated)
