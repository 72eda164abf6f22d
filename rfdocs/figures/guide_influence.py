"""How the influence of pixels is spread: its width against depth, and random weights beside the count of paths.

Source: Luo et al. 2016, "Understanding the effective receptive field in deep convolutional neural networks".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, dots, polyline, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.palette import BLUE, GREEN, INK, RED, Color
from rfdocs.figures.scales import ticks
from rfdocs.formats.numbers import rounded

if TYPE_CHECKING:
    from rfdocs.graph import Report

#: The layers of the deepest network in the figure of growth.
DEPTH = 64
_CONV = "kernel: 3, padding: 1, channels: 1"


class Line(NamedTuple):
    """One number of every network from no layer on, and how it is called and drawn."""

    name: str
    values: Sequence[int]
    color: Color
    dashes: tuple[float, ...] = ()


def plain_report(depth: int) -> Report:
    """So many 3-wide convolutions, one behind the other.

    >>> plain_report(2).last.receptive_field
    (5,)
    """
    return small_report(1, *[f"conv: conv{turn}, {_CONV}" for turn in range(depth)])


def residual_report(depth: int) -> Report:
    """The same with a shortcut around every convolution.

    >>> residual_report(2).path_counts("add1", 0, 0)
    {-2: 1, -1: 4, 0: 6, 1: 4, 2: 1}
    """
    return small_report(1, *_residual_layers(depth))


def _residual_layers(depth: int) -> Iterator[str]:
    source = "input"
    for turn in range(depth):
        yield f"conv: conv{turn}, from: {source}, {_CONV}"
        yield f"add: add{turn}, from: [conv{turn}, {source}]"
        source = f"add{turn}"


def widths(report: Report, stem: str) -> list[int]:
    """The effective width at the image and behind each layer of that name."""
    spreads = [report.effective(layer.name)[0] for layer in report if layer.name.startswith(stem)]
    return [1, *[spread.width for spread in spreads if spread is not None]]


_PLOT = Box(56, 52, WIDTH - 76, 300)


def draw_depth() -> Drawing:
    """The field, and the width that holds 95 % of the paths, against the number of layers."""
    report = plain_report(DEPTH)
    lines = [
        Line("the theoretical field", [1, *[layer.receptive_field[0] for layer in report]], BLUE),
        Line("95 % of the paths", widths(report, "conv"), RED),
        Line("95 % of them, with a shortcut around each", widths(residual_report(DEPTH), "add"), GREEN, (6, 4)),
    ]
    keys = [(line.name, Stroke(line.color, 2.5, 1, line.dashes)) for line in lines]
    canvas = Canvas(_PLOT.bottom + 62 + legend_height(keys))
    panel = Panel(canvas, _PLOT, Box(0, 1.06 * max(lines[0].values), DEPTH, 0))
    _draw_scales(panel, "pixels", "convolutions, 3 wide")
    for line in lines:
        path = polyline(list(enumerate(line.values)))
        panel.shape(line.name, path, None, Stroke(line.color, 2.5, 1, line.dashes, True))
    top, bottom = lines[0].values[-1], " and ".join([str(line.values[-1]) for line in lines[1:]])
    canvas.words(_PLOT.right + 8, panel.at(0, top)[1] + 6, str(top), strong=True, color=BLUE)
    for line, lower in zip(lines[1:], (-6, 18), strict=True):
        y = panel.at(0, line.values[-1])[1] + lower
        canvas.words(_PLOT.right + 8, y, str(line.values[-1]), strong=True, color=line.color)
    draw_legend(canvas, _PLOT.bottom + 62, keys)
    alternative = (
        f"Line chart over 0 to {DEPTH} convolutions of kernel 3: the theoretical field rises straight to {top} pixels;"
        f" the widths that hold 95 % of the paths, without and with shortcuts, bend and reach {bottom} pixels."
    )
    return canvas.drawing("The field grows with the depth, the influence with its square root", alternative)


def _draw_scales(panel: Panel, up: str, across: str) -> None:
    """Both axes with round numbers, and what they count."""
    canvas, frame, data = panel.canvas, panel.frame, panel.data
    rows, columns = ticks(data.top), ticks(data.right)
    panel.shape("grid", segments([((0, row), (data.right, row)) for row in rows]), None, Stroke(INK, 1, 0.16))
    for row in rows:
        canvas.words(frame.left - 8, panel.at(0, row)[1] + 5, str(row), anchor="end", alpha=0.75)
    for column in columns:
        canvas.words(panel.at(column, 0)[0], frame.bottom + 22, str(column), anchor="middle", alpha=0.75)
    canvas.words(0, 22, up, strong=True)
    canvas.words(frame.right, frame.bottom + 46, across, anchor="end", strong=True)


#: The networks with random weights: their number, layers and channels, and what their weights are drawn with.
DRAWS, LAYERS, CHANNELS, SEED = 100, 10, 16, 2016


class Drawn(NamedTuple):
    """Gradients of a unit with respect to pixels, over draws and channels: their mean squares and mean magnitudes."""

    squares: Any
    magnitudes: Any


def random_gradients(*, rectified: bool) -> Drawn:
    """What random networks say, each a stack of 3-wide convolutions with Gaussian weights, or the same with ReLU.

    The image is noise. The weights of all draws are the same with ReLU as without, but for a factor; and the same in
    every version of numpy, as those of the newer generators need not be.
    """
    draws = np.random.RandomState(SEED)
    weights = draws.standard_normal((LAYERS, DRAWS, CHANNELS, CHANNELS, 3))
    image = draws.standard_normal((DRAWS, CHANNELS, 2 * LAYERS + 1))
    scale = np.sqrt((2 if rectified else 1) / (3 * CHANNELS))
    all_of_them = gradients(scale * weights, image, rectified=rectified)
    return Drawn((all_of_them**2).mean(axis=(0, 1, 2)), np.abs(all_of_them).mean(axis=(0, 1, 2)))


def gradients(weights: Any, image: Any, *, rectified: bool) -> Any:
    """The derivatives of the one unit that is left, by network, channel of the unit, channel and pixel of the image.

    ``weights`` are by layer, network, channel behind and before it, and tap; ``image`` by network, channel and pixel.
    """
    values, open_units = image, []
    for layer in weights[:-1]:
        values = np.einsum("nodt,ndut->nou", layer, _windows(values), optimize=True)
        open_units.append(values > 0 if rectified else np.ones_like(values))
        values = values * open_units[-1]
    channels = weights.shape[2]
    gradient = np.broadcast_to(np.eye(channels)[None, :, :, None], (len(image), channels, channels, 1))
    for layer, passed in zip(weights[::-1], [*open_units[::-1], None], strict=True):
        padded = np.pad(gradient, ((0, 0), (0, 0), (0, 0), (2, 2)))
        gradient = np.einsum("nodt,nqout->nqdu", layer[..., ::-1], _windows(padded), optimize=True)
        if passed is not None:
            gradient = gradient * passed[:, None]
    return gradient


def _windows(values: Any) -> Any:
    return np.lib.stride_tricks.sliding_window_view(values, 3, axis=-1)


def deviation(profile: Any) -> float:
    """The standard deviation of places by their share of a profile.

    >>> round(deviation(np.array([1.0, 2.0, 1.0])), 3)
    0.707
    """
    places, weights = np.arange(len(profile)), profile / profile.sum()
    mean = (places * weights).sum()
    return float(np.sqrt((weights * (places - mean) ** 2).sum()))


_HIGH, _APART = 150, 226
_DOTS = ((RED, 9.0, "100 random networks without ReLU"), (GREEN, 6.0, "the same with ReLU"))


def draw_random() -> Drawing:
    """The gradients of a hundred random networks beside the number of paths, and beside its square root."""
    report = plain_report(LAYERS)
    paths = np.array(list(report.path_counts(report.last.name, 0, 0).values()), float)
    both = [random_gradients(rectified=rectified) for rectified in (False, True)]
    keys = [("uniform weights, exactly", Stroke(BLUE, 11, 0.45))]
    keys += [(name, Stroke(color, size, 1, (), True)) for color, size, name in _DOTS]
    canvas = Canvas(2 * _APART + legend_height(keys))
    heads = (
        ("mean of the squares: the number of paths", paths, [drawn.squares for drawn in both]),
        ("mean of the magnitudes: its square root", np.sqrt(paths), [drawn.magnitudes for drawn in both]),
    )
    sentences = [_draw_profiles(canvas, _APART * place, *head) for place, head in enumerate(heads)]
    draw_legend(canvas, 2 * _APART, keys)
    alternative = (
        f"Two bell-shaped profiles over the {len(paths)} pixels of the field of {LAYERS} convolutions of kernel 3, each"
        f" divided by its sum, with dots for {DRAWS} networks of {CHANNELS} channels with random weights on them."
        f" {' '.join(sentences)}"
    )
    return canvas.drawing("Random weights beside the number of paths", alternative)


def _draw_profiles(canvas: Canvas, top: float, head: str, exact: Any, drawn: Sequence[Any]) -> str:
    """One profile with the dots of both kinds of networks; returns their standard deviations in words."""
    profile = exact / exact.sum()
    count, reach = len(profile), len(profile) // 2
    frame = Box(0, top + 36, WIDTH, top + 36 + _HIGH)
    panel = Panel(canvas, frame, Box(-reach - 0.5, 1.12 * profile.max(), reach + 0.5, 0))
    canvas.words(0, top + 22, head, strong=True)
    steps = [(place - reach + side, value) for place, value in enumerate(profile) for side in (-0.5, 0.5)]
    panel.shape("exact", polyline([(-reach - 0.5, 0), *steps, (reach + 0.5, 0)]), Fill(BLUE, 0.45))
    for (color, size, name), values in zip(_DOTS, drawn, strict=True):
        places = [(place - reach, value) for place, value in enumerate(values / values.sum())]
        panel.shape(name, dots(places), None, Stroke(color, size, 1, (), True))
    ends = segments([((-reach - 0.5, 0), (reach + 0.5, 0))])
    panel.shape("base", ends, None, Stroke(INK, 1, 0.6))
    told = [rounded(deviation(values)) for values in (exact, *drawn)]
    y = frame.bottom + 24
    canvas.words(WIDTH / 2, y, f"{count} pixels; σ = {told[0]} px, drawn {told[1]} and {told[2]}", anchor="middle")
    return f"{head.capitalize()}: σ is {told[0]} pixels, {told[1]} as drawn, {told[2]} with ReLU."
