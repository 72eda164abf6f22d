"""Fields of a model through which light falls: a unit is lit exactly where a pixel that it reads is.

A unit's field on an axis is the stretch from ``first`` to ``last`` exactly if light on all pixels before ``first`` does
not reach it and light up to ``first`` does, and likewise from behind: four images for each unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rfdocs.algebra.interval import Interval
from rfdocs.errors import RfdocsError
from rfdocs.graph import InputError, LayerReport, Network, NetworkError, Report, size_text
from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.measured_maps import is_filled_up, other_sizes
from rfdocs.importing.verdicts import Told, Verdict, refused_at, together
from rfdocs.verify.strips import Strip, find_strip, inner_units, middle_unit

#: From images to the lit maps of each, channels first.
Run = Callable[[Sequence[Any]], Iterable[Sequence[Any]]]
#: What runs a lit model on images of a size.
Lamp = Callable[[Sequence[int]], Run]
#: Lit pixels of the long axis: from the first of these to before the second.
Stretch = tuple[int, int]


class NoLight(RfdocsError, ValueError):
    """A model through which no light can be sent."""


def lit_verdict(network: Network, nodes: Sequence[int], lamp: Lamp, told: Told) -> Verdict:
    """The verdict on the fields of some nodes, whose maps the lamp gives in their order."""
    if not nodes:
        return Verdict(unverified=("fields: none of its maps is one of the model's",))
    ends = replace(network, layers=network.layers[: max(nodes)])
    agreeing: list[str] = []
    disagreements: list[str] = []
    for axes in network.uniform_axes:
        try:
            strip, lit = _lit_strip(network, ends, axes, nodes, lamp, told)
        except NoLight as refusal:
            return Verdict((), (), (f"fields: {refusal.message}",))
        for place, node in enumerate(nodes):
            wrong = list(_differences(lit, strip, place, node))
            disagreements += wrong
            agreeing += [] if wrong else [_agreement(strip, node)]
    fields = Verdict(tuple(agreeing), tuple(disagreements))
    return together([fields, *(_sizes_at(size, ends, nodes, lamp) for size in other_sizes(network))])


def _sizes_at(size: Sequence[int], ends: Network, nodes: Sequence[int], lamp: Lamp) -> Verdict:
    """The verdict on the sizes of some nodes' maps of another, dark image."""
    text = size_text(size)
    report = _report_or_refusal(ends, size)
    try:
        [maps] = lamp(size)([np.zeros((1, ends.input_channels, *size), np.float32)])
    except Exception as error:  # noqa: BLE001 - runtimes raise what they like
        return refused_at(text, _said(error), report if isinstance(report, str) else "")
    if isinstance(report, str):
        return refused_at(text, "", report)
    pairs = [(report.layers[node - 1], tuple(one.shape[2:])) for node, one in zip(nodes, maps, strict=True)]
    wrong = [_other_size(layer, own) for layer, own in pairs if own != layer.size]
    differences = tuple([f"at {text}: {difference}" for difference in wrong])
    return Verdict(() if wrong else (f"the sizes of {len(nodes)} maps at {text}",), elsewhere=differences)


def _said(error: Exception) -> str:
    return error.message if isinstance(error, RfdocsError) else first_line(error)


def _report_or_refusal(network: Network, size: Sequence[int]) -> Report | str:
    try:
        return Report(network, size)
    except (NetworkError, InputError) as error:
        return error.message


def _other_size(layer: LayerReport, own: Sequence[int]) -> str:
    return f"{layer.name}: the model's map is {size_text(own)}, the import's {size_text(layer.size)}"


def _lit_strip(
    network: Network, ends: Network, axes: tuple[int, ...], nodes: Sequence[int], lamp: Lamp, told: Told
) -> tuple[Strip, _Lit]:
    """A strip, and what is lit of it; of a model that takes images of one size only, an image of that size.

    Raises: NoLight.
    """
    strip = _strip(network, ends, axes, nodes)
    told(f"verifying {len(nodes)} maps on an image of {size_text(strip.size)}, lit from both sides")
    own = Strip(axes, tuple(network.input_size), Report(network))
    try:
        lit = _Lit(lamp(strip.size), strip, nodes)
        sizes = [(_size(strip, node), lit.size(place), _size(own, node)) for place, node in enumerate(nodes)]
        if not any(is_filled_up(*three) for three in sizes):
            return strip, lit
    except NoLight:
        if own.size == strip.size:
            raise
    told(f"the model does not take that: on one of {size_text(own.size)}")
    return own, _Lit(lamp(own.size), own, nodes)


def _size(strip: Strip, node: int) -> tuple[int, ...]:
    return strip.report.layers[node - 1].size


def _agreement(strip: Strip, node: int) -> str:
    layer = strip.report.layers[node - 1]
    return f"field of {layer.name}: {layer.receptive_field[strip.axis]} on axis {strip.axis}"


def _strip(network: Network, ends: Network, axes: tuple[int, ...], nodes: Sequence[int]) -> Strip:
    try:
        return find_strip(network, axes, nodes)
    except NetworkError:
        return find_strip(ends, axes, nodes)


class _Lit:
    """Which units of some nodes' maps are lit, by the stretch of the image that is."""

    def __init__(self, run: Run, strip: Strip, nodes: Sequence[int]) -> None:
        self._nothing = (0, 0)
        wanted = {self._nothing, *(one for node in nodes for one in _stretches(strip, node))}
        stretches = sorted(wanted)
        maps = run([_image(strip, *stretch) for stretch in stretches])
        self._maps = {
            stretch: [np.any(one[0], axis=0) for one in lit] for stretch, lit in zip(stretches, maps, strict=True)
        }

    def size(self, place: int) -> tuple[int, ...]:
        """The size of a map."""
        return tuple(self._maps[self._nothing][place].shape)

    def reaches(self, place: int, unit: Sequence[int], stretch: Stretch) -> bool:
        """Whether a unit of a map is lit by a stretch."""
        return bool(self._maps[stretch][place][tuple(unit)])


def _units(strip: Strip, node: int) -> Iterator[tuple[int, ...]]:
    """A period of units in the middle of a map, and its ends."""
    layer, axis = strip.report.layers[node - 1], strip.axis
    middle = [middle_unit(strip.report, layer, other) for other in range(len(layer.size))]
    for number in sorted({*inner_units(layer, axis), 0, layer.size[axis] - 1}):
        yield (*middle[:axis], number, *middle[axis + 1 :])


def _expected(strip: Strip, node: int, unit: Sequence[int]) -> Interval | None:
    return strip.report.unit(strip.report.layers[node - 1].name, unit)[strip.axis].spatial_visible


def _stretches(strip: Strip, node: int) -> Iterator[Stretch]:
    for unit in _units(strip, node):
        expected, length = _expected(strip, node, unit), strip.size[strip.axis]
        yield from _beyond(expected, length)
        yield from _up_to(expected, length)


def _beyond(expected: Interval | None, length: int) -> tuple[Stretch, ...]:
    """All before a field, and all behind it: these do not reach the unit."""
    return ((0, length),) if expected is None else ((0, expected.first), (expected.last + 1, length))


def _up_to(expected: Interval | None, length: int) -> tuple[Stretch, ...]:
    """The same with the field's own ends: these reach it."""
    return () if expected is None else ((0, expected.first + 1), (expected.last, length))


def _differences(lit: _Lit, strip: Strip, place: int, node: int) -> Iterator[str]:
    """In what a map differs: its size, or the fields of a period of its units."""
    layer, size, length = strip.report.layers[node - 1], lit.size(place), strip.size[strip.axis]
    if size != layer.size:
        yield _other_size(layer, size)
        return
    for unit in _units(strip, node):
        expected = _expected(strip, node, unit)
        reached = [lit.reaches(place, unit, stretch) for stretch in _up_to(expected, length)]
        if not all(reached) or any(lit.reaches(place, unit, stretch) for stretch in _beyond(expected, length)):
            stretch = "nothing" if expected is None else f"{expected.first}..{expected.last}"
            yield f"{layer.name} {unit} at {size_text(strip.size)}: the model's unit does not see exactly {stretch}"


def _image(strip: Strip, first: int, end: int) -> Any:
    """An image with light on the pixels from ``first`` to before ``end`` of the strip's axis."""
    image = np.zeros((1, strip.report.network.input_channels, *strip.size), np.float32)
    image[(slice(None), slice(None), *(slice(None),) * strip.axis, slice(first, end))] = 1
    return image
