"""The effective receptive field's profile: how many paths lead from each pixel of an axis to the central unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt, tau
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, polyline, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.legend import Key, draw_legend, legend_height, unit_range_keys
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.stages import axes_name
from rfdocs.figures.text_widths import width
from rfdocs.formats.numbers import by_axis, rounded, text_number
from rfdocs.graph import InputError
from rfdocs.graph.effective import Spread, path_share, shares

if TYPE_CHECKING:
    from rfdocs.graph import Report

#: Steps of the profile at most; wider fields are drawn in stretches of several pixels.
_STEPS = 320
_PLOT, _FRAME = 190, 284
_BELL, _BELL_PLACES = Stroke(INK, 1.6, 0.8, (4, 3)), 96


@dataclass(frozen=True, slots=True)
class Profile:
    """The paths from each pixel of some axes, which agree, to the central unit of the last map."""

    name: str
    length: int
    counts: Mapping[int, int]
    spread: Spread

    @property
    def field(self) -> tuple[int, int]:
        """The first and the last pixel that any path reaches."""
        return min(self.counts), max(self.counts)


def draw(title: str, report: Report) -> Drawing:
    """The profile at the last map, one plot for each set of axes that agree."""
    profiles = shown_profiles(report)
    heading = f"{title}: the effective field's profile"
    return compose(report, profiles).drawing(heading, alternative(title, report, profiles))


def shown_profiles(report: Report) -> list[Profile]:
    """The profiles of the central unit of the last map; none where it reads nothing."""
    groups: dict[object, list[int]] = {}
    same = {axis: group for group in report.network.uniform_axes for axis in group}
    for axis, length in enumerate(report.input_size):
        groups.setdefault((same[axis], length), []).append(axis)
    alike: dict[object, tuple[list[int], dict[int, int]]] = {}
    for axes in groups.values():
        counts = _counts(report, axes[0])
        key = (report.input_size[axes[0]], tuple(counts.items()))
        alike.setdefault(key, ([], counts))[0].extend(axes)
    return list(_profiles(report, alike.values()))


def _profiles(report: Report, alike: Iterable[tuple[Sequence[int], Mapping[int, int]]]) -> Iterator[Profile]:
    """The profiles of axes that agree, each with its counts, where any path is counted."""
    for axes, counts in alike:
        spread = report.central_spread(report.features.name, axes[0])
        if spread is not None:
            yield Profile(axes_name(report.network, axes), report.input_size[axes[0]], counts, spread)


def _counts(report: Report, axis: int) -> dict[int, int]:
    """The paths to the central unit of the last map; none where there are more than can be counted."""
    layer = report.features
    try:
        return report.central_path_counts(layer.name, axis)
    except InputError:
        return {}


def alternative(title: str, report: Report, profiles: Sequence[Profile]) -> str:
    """What the plot shows, in words."""
    layer = report.network.shown_name(report.features.name)
    head = (
        f"Area chart of the effective receptive field of {title} at {layer} under uniform weights: the share of"
        f" the paths that start at each pixel, from 0 to 1 of the largest, image {by_axis(report.input_size)} pixels."
    )
    sentences = []
    for profile in profiles:
        first, last = profile.field
        axis = f"On {profile.name}: the" if profile.name else "The"
        sentences.append(
            f"{axis} field of the central unit reaches from pixel {text_number(first)} to {text_number(last)},"
            f" {text_number(last - first + 1)} pixels; 95 % of the paths start"
            f" within {text_number(profile.spread.width)} pixels; in the end the standard deviation is"
            f" {rounded(profile.spread.deviation)} pixels, that of the Gaussian beside it."
        )
    sentences = sentences or ["Nothing is drawn: the central unit reads nothing, or along too many paths."]
    differ = [f"Units differ in {text}." for text, _ in unit_range_keys(report.features, layer)]
    return " ".join([head, *sentences, *differ])


def compose(report: Report, profiles: Sequence[Profile]) -> Canvas:
    """The plot's artists."""
    keys: list[Key] = [("the Gaussian of this σ", _BELL)] if any(map(_has_bell, profiles)) else []
    keys += unit_range_keys(report.features, report.network.shown_name(report.features.name))
    canvas = Canvas(_FRAME * max(1, len(profiles)) + legend_height(keys))
    if not profiles:
        canvas.words(0, 20, "no path to draw, or too many", strong=True)
    for place, profile in enumerate(profiles):
        _draw_plot(canvas, _FRAME * place, profile)
    draw_legend(canvas, _FRAME * max(1, len(profiles)), keys)
    return canvas


def _draw_plot(canvas: Canvas, top: float, profile: Profile) -> None:
    first, last = profile.field
    margin = 0.03 * (last - first + 1)
    step = -(-(last - first + 1) // _STEPS)
    peak = _peak(profile, step) if _has_bell(profile) else 0
    high = 1.05 * max(1, peak)
    panel = Panel(canvas, Box(0, top + 36, WIDTH, top + _PLOT), Box(first - margin, high, last + 1 + margin, 0))
    image = Box(max(0, panel.data.left), high, min(profile.length, panel.data.right), 0)
    panel.shape("image", boxes([image]), Fill(INK, 0.08))
    _draw_area(panel, profile, step)
    if peak:
        _draw_bell(panel, profile, peak)
    if image.right > image.left:
        _name_image(panel, profile, image)
    left, right = panel.data.left, panel.data.right
    panel.shape("base", segments([((left, 0), (right, 0))]), None, Stroke(INK, 1, 0.6))
    axis = "paths from each pixel" if profile.name else "paths from each pixel to the central unit"
    canvas.words(0, top + 20, f"{axis}, along {profile.name}" if profile.name else axis, strong=True)
    text = f"theoretical field of this unit: {text_number(last - first + 1)} px"
    _draw_stretch(panel, top + _PLOT + 14, (first, last + 1), "field", text)
    inner = (profile.spread.first, profile.spread.end)
    text = f"95 % of the paths: {text_number(profile.spread.width)} px, σ = {rounded(profile.spread.deviation)} px"
    _draw_stretch(panel, top + _PLOT + 54, inner, "effective", text)


def _has_bell(profile: Profile) -> bool:
    """Whether there is a Gaussian to hold the profile against: none is so narrow."""
    return profile.spread.deviation >= 1


def _draw_bell(panel: Panel, profile: Profile, peak: float) -> None:
    """The Gaussian of the paths' mean place and standard deviation over as many paths."""
    first, last = profile.field
    mean, deviation = float(profile.spread.mean), profile.spread.deviation
    places = [first + (last + 1 - first) * turn / _BELL_PLACES for turn in range(_BELL_PLACES + 1)]
    bell = [(place, peak * exp(-(((place - mean) / deviation) ** 2) / 2)) for place in places]
    panel.shape("Gaussian", polyline(bell), None, _BELL, clipped=True)


def _peak(profile: Profile, step: int) -> float:
    """The height of that Gaussian, of the fullest stretch of ``step`` pixels."""
    first, last = profile.field
    return step * path_share(profile.counts, first, last, step) / (profile.spread.deviation * sqrt(tau))


def _name_image(panel: Panel, profile: Profile, image: Box) -> None:
    """The image's name in its upper left corner, or left of it where it is narrow."""
    left, bell = [
        panel.at(place, 0)[0] for place in (image.left, float(profile.spread.mean) - profile.spread.deviation)
    ]
    text = f"image: {text_number(profile.length)} px"
    inside = left + 8 + width(text) < bell or left < width(text) + 8
    x, anchor = (left + 8, "start") if inside else (left - 8, "end")
    panel.canvas.words(x, panel.frame.top + 20, text, anchor=anchor, alpha=0.75)


def _draw_area(panel: Panel, profile: Profile, step: int) -> None:
    """The profile as steps, each one pixel wide or more."""
    first, last = profile.field
    values = shares(profile.counts, first, last, step)
    points = [(first, 0.0)]
    for place, value in enumerate(values):
        start = first + step * place
        points += [(start, value), (min(start + step, last + 1), value)]
    panel.shape("profile", polyline([*points, (last + 1, 0.0)]), Fill(BLUE, 0.45))


def _draw_stretch(panel: Panel, y: float, ends: tuple[int, int], label: str, text: str) -> None:
    """A bar under the plot from one pixel to another, and its length."""
    start, end = (panel.at(place, 0)[0] for place in ends)
    bar = segments([((start, y), (end, y))])
    panel.canvas.shape(label, bar, None, Stroke(BLUE if label == "field" else RED, 4))
    half = width(text) / 2
    middle = max(half, min(WIDTH - half, (start + end) / 2))
    panel.canvas.words(middle, y + 24, text, anchor="middle", strong=True)
