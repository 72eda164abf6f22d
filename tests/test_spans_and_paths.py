"""What two figures draw, from its definition alone: where a tile's kept units lie, and a network's smallest paths."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from random import Random
from typing import NamedTuple

import pytest

import rfdocs
from rfdocs.figures.growth import _path_fields
from rfdocs.figures.stages import changing_layers, main_path
from rfdocs.figures.tile_picture import _span
from rfdocs.graph import Network, Report
from rfdocs.operators import Add, Convolution, Filters, Pooling, SlidingWindow, TransposedConvolution

TILED = {"unet": None, "unet-padded": 512, "vgg16": None, "resnet50": None, "wavenet": None, "fcn32s": None}
"""Networks with outputs that are as long as the tile, shorter, and longer in units, each with a tile, or the least."""


def conv(kernel: int, stride: int = 1, padding: int = 0) -> Convolution:
    return Convolution(SlidingWindow.of(kernel, stride, padding, axes=1), Filters(1))


def spans(
    report: Report, tile: int | None = None
) -> Iterator[tuple[tuple[Fraction, Fraction], int, int, int, Fraction]]:
    """Of each axis what the figure draws, with the tile, what it keeps, its first kept unit, and the jump."""
    tiling = report.tiling(tile=tile)
    for axis, start in zip(tiling.axes, report[tiling.layer].start, strict=True):
        assert start is not None
        span = _span(axis, start)
        assert span.length == axis.tile
        assert span.step == axis.step
        first, last = (Fraction(end).limit_denominator(1 << 20) for end in span.kept)
        yield (first, last), axis.tile, axis.kept, axis.discard_on_grid[0], axis.jump


@pytest.mark.parametrize("name", TILED)
def test_what_is_kept_is_so_long_as_its_units_and_lies_in_the_tile(name: str) -> None:
    for (first, last), tile, kept, _, jump in spans(rfdocs.load(name).analyze(), TILED[name]):
        assert last - first == kept * jump
        assert 0 <= first < last <= tile


@pytest.mark.parametrize("name", TILED)
def test_what_neighbouring_tiles_keep_leaves_no_gap_and_overlaps_by_less_than_the_grid(name: str) -> None:
    report = rfdocs.load(name).analyze()
    for ((first, last), *_), axis in zip(spans(report, TILED[name]), report.tiling(tile=TILED[name]).axes, strict=True):
        assert 0 <= last - (first + axis.step) < axis.grid


@pytest.mark.parametrize("name", ["unet-padded", "vgg16", "resnet50"])
def test_units_that_fill_the_tile_lie_one_behind_the_other_from_its_first_pixel(name: str) -> None:
    for (first, _), _, _, thrown_away, jump in spans(rfdocs.load(name).analyze(), TILED[name]):
        assert first == thrown_away * jump


VALID = {
    "two small windows": [(3, 1), (3, 1)],
    "strides": [(5, 2), (3, 1), (2, 2), (3, 1)],
    "even windows": [(4, 1), (2, 1), (4, 2)],
    "one wide window": [(41, 3)],
}
"""Windows and strides of networks without padding."""


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("tile", [120, 121, 126])
def test_a_kept_unit_of_a_network_without_padding_is_drawn_around_the_centre_of_its_field(name: str, tile: int) -> None:
    network = Network("valid", 1, (600,))
    for turn, (kernel, stride) in enumerate(VALID[name]):
        network = network.with_layer(f"conv{turn}", conv(kernel, stride))
    report = rfdocs.Report(network, (600,))
    tile -= tile % report.tiling().axes[0].grid
    inner = rfdocs.Report(network, (tile,))
    for (first, last), _, kept, thrown_away, jump in spans(report, tile):
        assert thrown_away == 0
        for end, unit, side in ((first, 0, -1), (last, kept - 1, 1)):
            field = inner.unit(network.names[-1], (unit,))[0].field
            assert field is not None
            assert end == Fraction(field.first + field.last + 1, 2) + side * jump / 2


class Part(NamedTuple):
    """A layer of a network that is made up: what it reads, and its window, or nothing for a sum."""

    name: str
    reads: Sequence[str]
    window: tuple[int, int] | None


def residual(random: Random) -> list[Part]:
    """A stem, then blocks of one to three windows with a way around each, and windows between them."""
    parts, number = [Part("stem", ("input",), (random.choice((1, 3, 7)), random.choice((1, 2))))], count()
    for _ in range(random.randint(1, 4)):
        around = parts[-1].name
        for _ in range(random.randint(1, 3)):
            parts.append(Part(f"conv{next(number)}", (parts[-1].name,), (random.choice((1, 3, 5)), 1)))
        if random.random() < 0.75:
            parts.append(Part(f"sum{next(number)}", (parts[-1].name, around), None))
        if random.random() < 0.5:
            parts.append(Part(f"pool{next(number)}", (parts[-1].name,), (3, 2)))
    return parts


def made(parts: Sequence[Part]) -> Network:
    network = Network("made", 1, (96,))
    for part in parts:
        kernel, stride = part.window or (1, 1)
        sliding = SlidingWindow.of(kernel, stride, kernel // 2, axes=1)
        operator = Pooling(sliding) if part.name.startswith("pool") else Convolution(sliding, Filters(1))
        network = network.with_layer(part.name, operator if part.window else Add(), *part.reads)
    return network


def every_path(parts: Sequence[Part], name: str) -> Iterator[list[tuple[int, int]]]:
    """The windows along each way from the image to a layer."""
    if name == "input":
        yield []
        return
    part = next(part for part in parts if part.name == name)
    for read in part.reads:
        for path in every_path(parts, read):
            yield [*path, part.window or (1, 1)]


def field_of(windows: Sequence[tuple[int, int]]) -> int:
    """One pixel, and for each window what it adds: one step of the map it reads for each tap behind its first."""
    size, step = 1, 1
    for kernel, stride in windows:
        size, step = size + (kernel - 1) * step, step * stride
    return size


@pytest.mark.parametrize("seed", range(40))
def test_the_smallest_path_is_the_least_field_of_any_way_to_a_layer_or_to_one_behind_it(seed: int) -> None:
    parts = residual(Random(seed))
    report = rfdocs.Report(made(parts), (96,))
    longest = [report.network.names[node] for node in main_path(report.network)]
    least = {name: min(map(field_of, every_path(parts, name))) for name in longest}
    shown = [layer.name for layer in changing_layers(report)]
    wanted = [min(least[other] for other in longest[longest.index(name) :]) for name in shown]
    assert _path_fields(report, changing_layers(report), 0) == wanted
    assert wanted == sorted(wanted)


def test_a_way_around_counts_though_no_layer_of_the_curve_is_its_sum() -> None:
    stem = Part("stem", ("input",), (3, 1))
    block = [Part("a", ("stem",), (5, 1)), Part("b", ("a",), (5, 1)), Part("sum", ("b", "stem"), None)]
    report = rfdocs.Report(made([stem, *block]), (96,))
    assert [layer.name for layer in changing_layers(report)] == ["input", "stem", "a", "b"]
    assert _path_fields(report, changing_layers(report), 0) == [1, 3, 3, 3]


def test_the_smallest_path_ends_where_none_is_known() -> None:
    up = TransposedConvolution(SlidingWindow.of(2, 2, axes=1), Filters(1), (0,))
    network = Network("up", 1, (32,)).with_layer("conv", conv(3, 2, 1)).with_layer("up", up)
    network = network.with_layer("last", conv(3, 1, 1))
    report = rfdocs.Report(network, (32,))
    known = [layer.smallest_path[0] for layer in (report.image, *report.layers)]
    assert _path_fields(report, [report.image, *report.layers], 0) == [own for own in known if own is not None]
    assert len(_path_fields(report, [report.image, *report.layers], 0)) == 2
