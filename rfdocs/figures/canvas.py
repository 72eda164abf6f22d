"""A matplotlib figure laid out in pixels from the top left, and the few artists that all kinds are made of.

One :class:`Shape` holds a whole compound path, so that a grid or a map of ten thousand dots is one element, and
``Axes`` with its locators and formatters (10 ms and more each) is not needed: a :class:`Panel` is a transform.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform

from rfdocs.figures.drawing import TEXT, WIDTH, Drawing, Spot, drawn
from rfdocs.figures.palette import INK, Color
from rfdocs.figures.renderer import SvgRenderer
from rfdocs.figures.text_widths import shortened

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase

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


class Fill(NamedTuple):
    """How an area is filled."""

    color: Color = INK
    alpha: float = 1.0


class Shape(Artist):
    """A path in data coordinates; its label says what it is."""

    def __init__(self, path: Path, transform: Transform, fill: Fill | None, stroke: Stroke | None) -> None:
        super().__init__()
        self.path, self.fill, self.stroke = path, fill, stroke
        self.set_transform(transform)

    def draw(self, renderer: RendererBase) -> None:
        """Hands the path to the renderer."""
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.get_clip_box())
        gc.set_linewidth(0)
        if self.stroke is not None:
            _set_stroke(gc, self.stroke)
        face = None if self.fill is None else to_rgba(self.fill.color.light, self.fill.alpha)
        renderer.draw_path(gc, self.path, self.get_transform(), face)


def _set_stroke(gc: GraphicsContextBase, stroke: Stroke) -> None:
    gc.set_linewidth(stroke.width)
    gc.set_foreground(to_rgba(stroke.color.light, stroke.alpha), isRGBA=True)
    gc.set_capstyle("round" if stroke.round else "butt")
    if stroke.dashes:
        gc.set_dashes(0, stroke.dashes)


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


class Words(Artist):
    """One line of text at its baseline."""

    def __init__(self, place: Place, text: str, transform: Transform, style: Style) -> None:
        super().__init__()
        self.place, self.text, self.style = place, text, style
        self.set_transform(transform)

    def draw(self, renderer: RendererBase) -> None:
        """Hands the text to the renderer."""
        assert isinstance(renderer, SvgRenderer)
        x, y = self.get_transform().transform(self.place)
        renderer.draw_words(x, y, self.text, self.style.attributes)


class Panel:
    """A part of the page with its own coordinates; ``data`` fills ``frame``."""

    def __init__(self, canvas: Canvas, frame: Box, data: Box, scale: Transform | None = None) -> None:
        self.canvas, self.frame, self.data = canvas, frame, data
        corners = [(data.left, data.top), (data.right, data.bottom)]
        (left, top), (right, bottom) = corners if scale is None else scale.transform(corners)
        across = (frame.right - frame.left) / (right - left)
        down = (frame.bottom - frame.top) / (bottom - top)
        placed = Affine2D().translate(-left, -top).scale(across, down).translate(frame.left, frame.top)
        self.transform = (placed if scale is None else scale + placed) + canvas.page

    def shape(
        self, label: str, path: Path, fill: Fill | None = None, stroke: Stroke | None = None, clipped: bool = False
    ) -> Shape:
        """The shape, drawn on the panel; ``clipped`` to its frame if wanted."""
        shape = Shape(path, self.transform, fill, stroke)
        shape.set_label(label)
        if clipped:
            frame = self.frame
            corners = self.canvas.page.transform([(frame.left, frame.bottom), (frame.right, frame.top)])
            shape.set_clip_box(Bbox(corners))
        self.canvas.figure.add_artist(shape)
        return shape

    @property
    def scale(self) -> float:
        """Pixels of the page per unit of the data, along x."""
        return abs((self.frame.right - self.frame.left) / (self.data.right - self.data.left))

    def at(self, x: float, y: float) -> Place:
        """Where a place of the data stands on the page."""
        a, b = (self.transform - self.canvas.page).transform((x, y))
        return float(a), float(b)


class Canvas(Panel):
    """A page of ``WIDTH`` times ``height`` pixels, (0, 0) at its top left."""

    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self.height = height
        self.spots: list[Spot] = []
        self.page = Affine2D().scale(1, -1).translate(0, height)
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
        self.figure.add_artist(Words((x, y), text, self.page, style))

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
        renderer = SvgRenderer(WIDTH, self.height)
        self.figure.draw(renderer)
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
    return Path(np.reshape(vertices, (-1, 2)), repeated)
