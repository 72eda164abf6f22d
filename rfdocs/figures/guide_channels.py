"""Which channels of a map a layer takes: what each channel of two images' maps sees, joined, cut, dealt out, mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rfdocs.algebra.interval import Interval
from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_bars, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends
from rfdocs.graph import Report

#: The pixels of each image, the channels of each, and the unit of which all is told.
_LENGTH, _OF_EACH, UNIT = 12, 3, 5
_IMAGES = ("first", "second")
#: How each image's channels are taken out of the input, in which both are.
SLICES = ("slice: first, channels: 3", "slice: second, channels: 3, offset: 3, from: input")
BRANCHES = (
    "conv: a, kernel: 3, padding: 1, channels: 3, from: first",
    "conv: b, kernel: 7, padding: 3, channels: 3, from: second",
    "concat: joined, from: [a, b]",
)
#: What stands over each part, and the layer behind what is joined.
PARTS: Mapping[str, Sequence[str]] = {
    "joined": [],
    "a slice": ["slice: last, channels: 3, offset: 2"],
    "shuffled": ["channel_shuffle: last, groups: 2"],
    "mixed": ["conv: last, kernel: 1, channels: 6"],
}
_STROKES = {"first": Stroke(RED, 6), "second": Stroke(BLUE, 14, 0.45)}


def draw_channels() -> Drawing:
    """What one unit sees of each image by each of its channels: joined, some of them, dealt out in turn, mixed."""
    parts = tuple(PARTS.items())

    def draw(panel: Panel, place: int) -> str:
        name, behind = parts[place]
        return f"{name.capitalize()}: {_draw_channels(panel, name, behind)}."

    keys = [(f"what it sees of the {image} image", stroke) for image, stroke in _STROKES.items()]
    rows = UnitRows(len(_IMAGES) * _OF_EACH, _LENGTH, 26, 18, word="channel")
    canvas, told = draw_parts(rows, [*PARTS], keys, draw)
    alternative = (
        f"The channels of a map, one below the other, over {_LENGTH} pixels of two images: what unit {UNIT}"
        f" sees of each image by each channel. {told}"
    )
    return canvas.drawing("What the channels of a map see", alternative)


def channels_see(image: str, behind: Sequence[str]) -> list[Interval | None]:
    """What the unit sees of one image by each channel of the last layer, the other image being given."""
    given = [f"given: {other}, channels: {_OF_EACH}, size: {_LENGTH}" for other in _IMAGES if other != image]
    return of_channels([*given, f"relu: {image}, from: input", *BRANCHES, *behind], _OF_EACH)


def of_channels(layers: Sequence[str], channels: int) -> list[Interval | None]:
    """What the unit sees by each channel of the last of some layers, taken by itself."""
    last = _report(layers, channels).last
    count = last.channels
    alone = [f"slice: alone{channel}, channels: 1, offset: {channel}, from: {last.name}" for channel in range(count)]
    report = _report([*layers, *alone], channels)
    return [report.unit(f"alone{channel}", (UNIT,))[0].visible for channel in range(count)]


def _report(layers: Sequence[str], channels: int) -> Report:
    return small_report(_LENGTH, *layers, channels=channels)


def _draw_channels(panel: Panel, name: str, behind: Sequence[str]) -> str:
    """The strip of every channel with its bars; returns what they show, in words."""
    fields = {image: channels_see(image, behind) for image in _IMAGES}
    told: dict[str, list[str]] = {}
    for channel, both in enumerate(zip(*fields.values(), strict=True)):
        told.setdefault(_words(both), []).append(str(channel))
    strips = [Box(0, channel + 0.05, _LENGTH, channel + 0.95) for channel in range(len(fields["first"]))]
    panel.shape(f"map {name}", boxes(strips), Fill(INK, 0.07))
    for image, seen in reversed(fields.items()):
        bars = [(channel + 0.5, field) for channel, field in enumerate(seen) if field is not None]
        draw_bars(panel, f"{image} {name}", bars, _STROKES[image])
    return "; ".join([f"by {', '.join(channels)} it sees {words}" for words, channels in told.items()])


def _words(seen: Sequence[Interval | None]) -> str:
    """What is seen of the images, in their order."""
    parts = zip(_IMAGES, seen, strict=True)
    return " and ".join([f"{ends(field, ' to ')} of the {image}" for image, field in parts if field is not None])
