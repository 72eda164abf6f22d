"""Tilings: what they say of known networks, what is in the way, what is refused, and how it is told."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import rfdocs
from rfdocs import InputError
from rfdocs.algebra.reads import IDENTITY, Around, Edge, Interpolated, Nearest, Reads, TransposedWindow, Window
from rfdocs.algebra.tile_edges import TileEdges, edges_through, image_edges
from rfdocs.cli import main
from rfdocs.errors import ArithmeticRefusal
from rfdocs.formats.places import place_lines, places_text
from rfdocs.formats.sound import sound_table, sound_values
from rfdocs.formats.tables import Table
from rfdocs.formats.tilings import (
    Asked,
    bioimageio_text,
    network_json,
    sentence,
    tiling_data,
    tiling_markdown,
    tiling_table,
    tiling_text,
)
from rfdocs.graph import Network, Report, feasible, tile_search
from rfdocs.graph.feasible import SizeRule
from rfdocs.graph.tile_paths import AxisPaths, Obstacle, TilePaths
from rfdocs.graph.tile_search import mirrored_beyond
from rfdocs.graph.tiling import AxisTiling, Tiling, least_tile
from rfdocs.graph.trace import trace_axis
from rfdocs.operators import Add, Convolution, Filters, Pointwise, Pooling, SlidingWindow


def tiling(layers: str, size: str = "[64]", layer: str | None = None, tile: int | None = None, *, path: Path) -> Tiling:
    file = path / "net.yaml"
    file.write_text(f"input: {{channels: 4, size: {size}}}\nlayers:\n{layers}", "utf-8")
    return rfdocs.load(file).analyze().tiling(layer, tile)


# -- known networks -------------------------------------------------------------------------------------------


def test_a_padded_unet_needs_what_was_measured_of_it() -> None:
    """Source: tiles compared with whole runs in PyTorch, four levels, 2x2 transposed convolutions."""
    axis = rfdocs.load("unet-padded").analyze().tiling("output", tile=256).axes[0]
    assert (axis.grid, axis.period, axis.context, axis.context_any_cut) == (16, 16, (94, 94), (107, 107))
    assert (axis.discard, axis.discard_on_grid) == ((94, 94), (96, 96))
    assert (axis.units, axis.kept, axis.step) == (256, 64, 64)


def test_bilinear_upsampling_needs_more() -> None:
    axis = rfdocs.load("unet-bilinear").analyze().tiling().axes[0]
    assert (axis.context, axis.context_any_cut) == ((110, 110), (122, 122))


def test_a_network_without_padding_throws_nothing_away() -> None:
    own = rfdocs.load("unet3d").analyze().tiling()
    assert [axis.discard for axis in own.axes] == [(0, 0)] * 3
    assert [str(axis.sizes) for axis in own.axes] == ["8 k + 4"] * 3
    assert own.exact


def test_the_default_tile_is_the_shortest_that_keeps_half_of_its_area() -> None:
    report = rfdocs.load("unet-padded").analyze()
    axis = report.tiling().axes[0]
    assert 2 * axis.kept**2 >= axis.tile**2
    shorter = report.tiling(tile=axis.tile - axis.grid).axes[0]
    assert 2 * shorter.kept**2 < shorter.tile**2


def test_axes_have_their_own_answers(tmp_path: Path) -> None:
    own = tiling(
        "  - {conv: a, kernel: [3, 5], stride: [1, 2], padding: [1, 2], channels: 4}", "[32, 64]", path=tmp_path
    )
    assert [(axis.grid, axis.discard) for axis in own.axes] == [(1, (1, 1)), (2, (1, 1))]


def test_tiles_lie_side_by_side_and_cover_the_output() -> None:
    for axis in rfdocs.load("fcn32s").analyze((700, 500)).tiling("score", tile=672).axes:
        placed = 0
        for stretch in axis.stretches():
            assert stretch.crop[0] % axis.grid == 0
            assert stretch.crop[1] - stretch.crop[0] <= axis.tile
            assert stretch.place[0] == placed
            assert stretch.place[1] - stretch.place[0] == stretch.keep[1] - stretch.keep[0]
            placed = stretch.place[1]
        assert placed == axis.output
        assert axis.count == len(list(axis.stretches()))


def test_a_part_of_a_map_reads_beyond_itself_whatever_tiles_there_are() -> None:
    """As tiles of it do; and the first map of a 3D U-Net, of which the least tile that the network takes keeps too
    little.
    """
    padded, volumes = rfdocs.load("unet-padded").analyze(), rfdocs.load("unet3d").analyze()
    for layer in ("down1", "down4.conv2", "output"):
        assert padded.context(layer) == tuple([axis.context for axis in padded.tiling(layer).axes]), layer
    with pytest.raises(InputError):
        volumes.tiling("down1.conv1")
    assert volumes.context("down1.conv1") == ((0, 2),) * 3
    with pytest.raises(InputError, match="it is made of the whole map"):
        rfdocs.load("vgg16").analyze().context("fc7")


def test_units_that_read_nothing_keep_their_places(tmp_path: Path) -> None:
    """Unit 2 of every three reads the pixel behind its own; the two before it read nothing."""
    layers = "  - {transposed_conv: t, kernel: 1, stride: 3, padding: [[1, 1]], channels: 4}"
    axis = tiling(layers, path=tmp_path).axes[0]
    assert (axis.context, axis.context_any_cut) == ((0, 1), (0, 1))


NOTHING = (
    "  - {transposed_conv: t, kernel: 1, stride: 3, channels: 4}\n  - {crop: c, padding: [[1, 0]]}\n"
    "  - {subsample: s, stride: 3}"
)


def test_a_map_that_reads_nothing_has_no_context(tmp_path: Path) -> None:
    axis = tiling(NOTHING, path=tmp_path).axes[0]
    assert (axis.context, axis.context_any_cut, axis.discard) == ((0, 0), (0, 0), (0, 0))


EDGES = [(0, 0, 1), (1, 1, 1), (5, 3, 1), (0, 9, 4), (7, 8, 2)]


@pytest.mark.parametrize(("before", "behind", "step"), EDGES)
@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("length", [64, 65, 70])
def test_the_least_tile_is_found_by_trying_all(before: int, behind: int, step: int, axes: int, length: int) -> None:
    grid = 4
    units = length * step // grid
    last = tuple([before - 1 if phase == (before - 1) % step and before else phase - step for phase in range(step)])
    first = tuple(
        [units - behind if phase == (units - behind) % step and behind else units + phase for phase in range(step)]
    )
    edges = TileEdges(units, last, first)
    assert (edges.before, edges.behind) == (before, behind)

    def kept(tile: int) -> int:
        own = units + (tile - length) // grid * step
        return (own - -(-before // step) * step - -(-behind // step) * step) * grid // step

    tiles = range(length % grid, 2000, grid)
    least = next(tile for tile in tiles if kept(tile) >= grid and 2 * kept(tile) ** axes >= tile**axes)
    assert least_tile(edges, grid, Fraction(grid, step), length, axes) == least


@pytest.mark.parametrize(
    "reads", [IDENTITY, Window(5, 1, 1, 2), Window(3, 2, 2, 1), TransposedWindow(4, 2, 1, 1), Around(3, 2, 2)]
)
@pytest.mark.parametrize(("length", "above"), [(12, 12), (12, 10), (13, 9)])
def test_wrong_units_are_the_same_by_whatever_grid_they_are_told(reads: Reads, length: int, above: int) -> None:
    """By the least grid of a map, by one of more steps, and with its source told by one of more steps."""
    pixels, step = image_edges(length, 1), reads.period
    source = edges_through([(Window(3, reads.shift), pixels)], length, 1)
    least = edges_through([(reads, source)], above, step)
    assert least.by(6 * step) == edges_through([(reads, source.by(6 * reads.shift))], above, 6 * step)
    assert least.by(6 * step) == edges_through([(reads, source)], above, 6 * step)
    assert (least.before, least.behind) == (least.by(6 * step).before, least.by(6 * step).behind)


@pytest.mark.parametrize("length", range(20, 60, 3))
@pytest.mark.parametrize(("discard", "period"), [((0, 0), 1), ((1, 2), 1), ((2, 4), 2), ((0, 3), 3)])
def test_every_unit_that_is_kept_is_at_its_place(length: int, discard: tuple[int, int], period: int) -> None:
    """Tiles begin on the grid, so that a unit of one lies as far behind its first as its place does behind the crop's.

    The last one is no longer than the others, and not longer than it has to be.
    """
    grid, tile = 6, 24
    axis = AxisTiling(
        length=length, jump=Fraction(grid, period), grid=grid, period=period, context=(0, 0), context_any_cut=(0, 0),
        discard=discard, discard_on_grid=discard, tile=tile, units=tile * period // grid,
        output=-(-length * period // grid), sizes=None,
    )  # fmt: skip
    placed, crops, stretches = 0, 0, list(axis.stretches())
    for number, stretch in enumerate(stretches):
        assert stretch.crop[0] % grid == 0
        assert stretch.place[0] == placed
        assert [place - keep for place, keep in zip(stretch.place, stretch.keep, strict=True)] == [
            stretch.crop[0] // grid * period
        ] * 2
        assert stretch.keep[0] >= (discard[0] if number else 0)
        inner = number + 1 < len(stretches)
        assert stretch.crop[1] - stretch.crop[0] == tile if inner else 0 < stretch.crop[1] - stretch.crop[0] <= tile
        assert stretch.keep[1] == axis.units - discard[1] if inner else stretch.crop[1] == length
        placed, crops = stretch.place[1], crops + stretch.crop[1] - stretch.crop[0]
    assert (placed, len(stretches), crops) == (axis.output, axis.count, axis.work)
    both = Tiling("n", "l", (), (axis, axis))
    assert (both.count, len(list(both.tiles())), both.overhead) == (
        axis.count**2, axis.count**2, Fraction(axis.work, length) ** 2
    )  # fmt: skip


# -- what is in the way ---------------------------------------------------------------------------------------

OBSTACLES = {
    "gate": ("  - {squeeze_excite: a, squeeze: 2}", "every unit sees the whole map"),
    "attention": ("  - {attention: a}", "every unit sees the whole map"),
    "instance": ("  - {conv: a, kernel: 3, channels: 4, norm: instance}", "normalisation"),
    "group": ("  - {groupnorm: a}", "normalisation"),
    "pooled back": (
        "  - {relu: r}\n  - {global_avgpool: a}\n  - {upsample: u, size: r}\n  - {add: s, from: [u, r]}",
        "reads the whole map",
    ),
    "adaptive": (
        "  - {relu: r}\n  - {adaptive_avgpool: a, size: 4}\n  - {upsample: u, size: r}\n  - {add: s, from: [u, r]}",
        "cut to the size",
    ),
    "corners": ("  - {upsample: a, scale: 2, mode: bilinear, align_corners: true}", "between the ends"),
    "circular": ("  - {conv: a, kernel: 3, padding: 1, channels: 4, padding_mode: circular}", "other end"),
    "rolled": ("  - {roll: a, shift: 3}", "round the ends"),
    "rolled by whole turns in the whole": ("  - {roll: a, shift: 128}", "round the ends"),
    "fixed size": ("  - {upsample: a, size: 128}", "does not follow"),
    "crop to a size": ("  - {crop: a, size: 32, offset: 4}", "does not follow"),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_each_layer_that_is_in_the_way_is_named(name: str, tmp_path: Path) -> None:
    layers, why = OBSTACLES[name]
    own = tiling(layers, path=tmp_path)
    assert not own.exact
    assert [obstacle.layer for obstacle in own.because][:1] == ["a"]
    assert why in own.because[0].why


def test_a_network_may_be_deeper_than_functions_may_call_each_other(tmp_path: Path) -> None:
    depth = sys.getrecursionlimit() + 200
    layers = "".join([f"  - {{conv: c{turn}, kernel: 3, padding: 1, channels: 4}}\n" for turn in range(depth)])
    (tmp_path / "deep.yaml").write_text(f"input: {{channels: 4, size: [64]}}\nlayers:\n{layers}", "utf-8")
    assert rfdocs.load(tmp_path / "deep.yaml").analyze().context(f"c{depth - 1}") == ((depth, depth),)


@pytest.mark.parametrize("stride", [1, 3])
def test_what_is_pooled_back_does_not_make_the_grid_coarser(stride: int, tmp_path: Path) -> None:
    """The pooled map is the same wherever a tile begins: only the strides on the way count."""
    layers = (
        f"  - {{conv: r, kernel: 3, stride: {stride}, channels: 4}}\n  - {{global_avgpool: a}}\n"
        "  - {upsample: u, size: r}\n  - {add: s, from: [u, r]}"
    )
    assert tiling(layers, "[66]", layer="s", path=tmp_path).axes[0].grid == stride


@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_a_normalisation_of_every_unit_by_itself_is_not_in_the_way(norm: str, tmp_path: Path) -> None:
    assert tiling(f"  - {{conv: a, kernel: 3, padding: 1, channels: 4, norm: {norm}}}", path=tmp_path).exact


def test_same_padding_is_in_the_way_of_a_tile_of_another_rest(tmp_path: Path) -> None:
    layers = "  - {conv: a, kernel: 3, stride: 2, padding: same, channels: 4}"
    assert tiling(layers, "[64]", tile=32, path=tmp_path).exact
    other = tiling(layers, "[64]", tile=33, path=tmp_path)
    assert [obstacle.layer for obstacle in other.because] == ["a"]
    assert "padding depends on the size" in other.because[0].why
    assert tiling(layers, "[65]", path=tmp_path).exact  # its own rest is chosen


def test_a_coarse_grid_is_followed_to_the_next_longer_tile(tmp_path: Path) -> None:
    assert tiling("  - {conv: a, kernel: 4096, stride: 4096, channels: 4}", "[16384]", path=tmp_path).exact


def test_what_is_not_on_the_way_is_not_in_the_way(tmp_path: Path) -> None:
    layers = (
        "  - {conv: a, kernel: 3, padding: 1, channels: 4}\n  - {squeeze_excite: g, squeeze: 2}\n  - {relu: r, from: a}"
    )
    assert tiling(layers, layer="r", path=tmp_path).exact
    assert not tiling(layers, layer="g", path=tmp_path).exact


@pytest.mark.parametrize("length", range(2, 9))
@pytest.mark.parametrize("factor", [2, 3])
def test_a_bound_for_aligned_corners_holds_every_tap(length: int, factor: int) -> None:
    count = length * factor
    corners = Interpolated(count - 1, length - 1)
    bound = Around(factor, 1)
    for unit in range(count):
        assert set(corners.taps(unit)) <= set(bound.taps(unit))


@pytest.mark.parametrize(
    ("attributes", "context"),
    [
        ("scale: 2, mode: bilinear, align_corners: true", (1, 1)),  # 1 on either side of its place
        ("scale: 2, mode: bicubic, align_corners: true", (2, 2)),
        ("size: 48", (2, 1)),  # less than a unit of its own, 4/3 px, away from u * 4/3
        ("size: 20, mode: bilinear", (4, 1)),
        ("size: 48, mode: area", (0, 0)),  # its windows lie where they lie at every size
    ],
)
def test_a_resampling_to_a_size_reads_no_more_than_its_bound(
    attributes: str, context: tuple[int, int], tmp_path: Path
) -> None:
    assert tiling(f"  - {{upsample: a, {attributes}}}", path=tmp_path).axes[0].context == context


def test_a_map_of_one_unit_that_is_spread_does_not_move(tmp_path: Path) -> None:
    layers = "  - {relu: r}\n  - {conv: a, kernel: 64, channels: 4}\n  - {add: s, from: [a, r]}"
    axis = tiling(layers, path=tmp_path).axes[0]
    assert (axis.context, axis.sizes) == ((0, 0), SizeRule(0, (64,)))


# -- what is refused ------------------------------------------------------------------------------------------


def test_what_is_made_of_the_whole_map_has_no_tiles() -> None:
    with pytest.raises(InputError, match="fc: it is made of the whole map"):
        rfdocs.load("resnet50").analyze().tiling("fc")


def test_paths_that_move_at_different_speeds_have_no_tiles(tmp_path: Path) -> None:
    layers = (
        "  - {relu: r}\n  - {crop: c, padding: 16}\n  - {upsample: u, size: 64, mode: bilinear, align_corners: true}\n"
        "  - {add: s, from: [u, r]}"
    )
    with pytest.raises(InputError, match="s: its paths have different jumps"):
        tiling(layers, path=tmp_path)


def test_a_tile_that_keeps_nothing_is_told_which_does() -> None:
    report = rfdocs.load("unet-padded").analyze()
    with pytest.raises(InputError, match="a tile of 200 keeps nothing") as caught:
        report.tiling(tile=200)
    least = int(caught.value.hint.split()[1])
    assert report.tiling(tile=least).axes[0].kept >= 16


def test_a_tile_that_the_network_does_not_take_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match="does not take a tile of 301") as caught:
        rfdocs.load("unet3d").analyze().tiling(tile=301)
    assert "300" in caught.value.hint


def test_a_tile_is_a_length_that_the_network_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 0 pixels the convolution would make 2 units of its padding."""
    monkeypatch.setattr(tile_search, "MAP_LENGTH", 32)
    monkeypatch.setattr(feasible, "MAP_LENGTH", 32)
    padded = Convolution(SlidingWindow.of(1, padding=1, axes=1), Filters(1))
    for multiple, taken, refused in ((1, (1, 2, 32), {0: "1", -1: "1", 33: "32"}), (8, (8, 32), {20: "16 or 24"})):
        report = Report(Network("small", 1, (64,), multiple=multiple).with_layer("a", Pointwise()))
        assert [report.tiling(tile=tile).axes[0].tile for tile in taken] == list(taken)
        report = Report(Network("small", 1, (64,), multiple=multiple).with_layer("a", padded))
        for tile, nearest in refused.items():
            with pytest.raises(InputError, match=f"a: the network does not take a tile of {tile}") as caught:
                report.tiling(tile=tile)
            assert caught.value.hint == f"it takes {nearest} in place of {tile}"


def test_a_tile_has_one_length_or_one_per_axis() -> None:
    with pytest.raises(InputError, match="the network has 2 axes; 3 lengths are given"):
        rfdocs.load("vgg16").analyze().tiling(tile=(640, 640, 640))


def border(edge: Edge, before: int = 2) -> Window:
    """A window of five units over a map of ten, as long as that, padded before and behind by 4 together."""
    return Window(kernel=5, before=before, edge=edge)


@pytest.mark.parametrize(
    ("reads", "first", "last", "beyond"),
    [
        (border(Edge.ZERO), 0, 9, False),  # padding of zeros reads nothing
        (border(Edge.CIRCULAR), 0, 9, False),
        # two units are mirrored on either side: up to unit 2, and from unit 7 on
        (border(Edge.REFLECT), 3, 6, False),
        (border(Edge.REFLECT), 2, 6, True),
        (border(Edge.REFLECT), 3, 7, True),
        (border(Edge.REFLECT, before=4), 5, 8, False),
        (border(Edge.REFLECT, before=4), 4, 8, True),
        (border(Edge.REFLECT, before=4), 5, 9, True),
        (border(Edge.REFLECT, before=0), 1, 4, False),
        (border(Edge.REFLECT, before=0), 0, 4, True),
        (border(Edge.REFLECT, before=0), 1, 5, True),
        (border(Edge.REFLECT, before=-1), 1, 3, False),
        (border(Edge.REFLECT, before=-1), 0, 3, True),
        (border(Edge.REFLECT, before=5), 6, 8, False),
        (border(Edge.REFLECT, before=5), 6, 9, True),
        # the unit at the border is repeated, whatever the padding
        (border(Edge.REPLICATE), 1, 8, False),
        (border(Edge.REPLICATE), 0, 8, True),
        (border(Edge.REPLICATE), 1, 9, True),
        (Nearest(10, 10), 1, 8, False),
        (Nearest(10, 10), 0, 8, True),
        (Nearest(10, 10), 1, 9, True),
    ],
)
def test_a_border_mirrors_or_repeats_units_that_the_other_edge_made_wrong(
    reads: Reads, first: int, last: int, beyond: bool
) -> None:
    """Of two phases the one that is farther in decides."""
    assert mirrored_beyond(reads, TileEdges(10, (last, -2), (first, 11)), 10) is beyond
    assert mirrored_beyond(reads, TileEdges(10, (-1, last), (10, first)), 10) is beyond


def test_mirrored_units_have_to_be_right(tmp_path: Path) -> None:
    """A border that mirrors 12 units needs a tile in which these are not spoilt from the other side."""
    layers = "  - {pad: p, padding: 12, mode: reflect}\n  - {conv: c, kernel: 25, channels: 4}"
    axis = tiling(layers, "[200]", path=tmp_path).axes[0]
    assert axis.tile > 25


@pytest.mark.parametrize(("tile", "kept"), [(25, 0), (26, 0), (32, 0), (33, 9), (40, 16)])
def test_a_border_may_mirror_more_than_is_wrong_of_a_tile(tile: int, kept: int, tmp_path: Path) -> None:
    """Of a tile the first convolution makes 12 units wrong at either end, where it is cut; at the image's border 20 are
    mirrored, and none of them may be one of the 12 at the other end. What is mirrored is cut off in the end.
    """
    layers = (
        "  - {conv: a, kernel: 25, padding: 12, channels: 4}\n  - {pad: p, padding: 20, mode: reflect}\n"
        "  - {crop: c, padding: 20}\n  - {conv: d, kernel: 1, channels: 4}"
    )
    if kept:
        assert tiling(layers, tile=tile, path=tmp_path).axes[0].kept == kept
    else:
        with pytest.raises(InputError, match=f"a tile of {tile} keeps nothing"):
            tiling(layers, tile=tile, path=tmp_path)


def test_the_last_tile_ends_with_the_image(tmp_path: Path) -> None:
    """The paths have one length where the rest by 3 is 0 or 1: of 31 pixels the last tile has the rest 1, not 2."""
    layers = (
        "  - {conv: a, kernel: 3, stride: 3, channels: 1}\n"
        "  - {conv: b, from: input, kernel: 2, stride: 3, channels: 1}\n"
        "  - {add: s, from: [a, b]}"
    )
    axis = tiling(layers, "[31]", path=tmp_path).axes[0]
    assert (axis.tile, axis.sizes) == (6, SizeRule(3, (0, 1)))


@pytest.mark.parametrize(("upsampled", "kept"), [("", 1), ("\n  - {upsample: u, scale: 2}", 2)])
def test_a_last_tile_that_is_too_short_is_told_the_next(upsampled: str, kept: int, tmp_path: Path) -> None:
    """Of 13 pixels the last tile of 8 has 5, of which a kernel of 6 makes nothing."""
    layers = f"  - {{conv: a, kernel: 6, stride: 4, channels: 1}}{upsampled}"
    with pytest.raises(InputError, match="a tile of 8 keeps nothing") as caught:
        tiling(layers, "[13]", tile=8, path=tmp_path)
    assert caught.value.hint == "take 12 or more"
    assert tiling(layers, "[16]", tile=8, path=tmp_path).axes[0].kept == kept


@pytest.mark.parametrize("length", [250, 256])
def test_the_default_tile_is_of_whole_grid_steps_where_the_image_is_not(length: int, tmp_path: Path) -> None:
    layers = "\n".join(f"  - {{conv: c{n}, kernel: 3, stride: 2, padding: 1, channels: 1}}" for n in range(7))
    axis = tiling(layers, f"[{length}]", path=tmp_path).axes[0]
    assert (axis.tile, axis.grid) == (256, 128)


def test_what_is_made_of_one_unit_hides_no_obstacle_behind_it(tmp_path: Path) -> None:
    layers = (
        "  - {conv: a, kernel: 3, padding: 1, channels: 4}\n  - {global_avgpool: pool}\n"
        "  - {conv: one, kernel: 1, channels: 4}\n  - {multiply: gated, from: [a, one]}\n"
        "  - {squeeze_excite: gate, squeeze: 2}\n"
    )
    because = tiling(layers, layer="gate", path=tmp_path).because
    assert [obstacle.layer for obstacle in because] == ["pool", "gate"]


def test_a_map_that_is_held_all_over_another_is_named_as_such(tmp_path: Path) -> None:
    layers = (
        "  - {crop: left, padding: [[0, 40]]}\n  - {crop: right, padding: [[8, 0]], from: input}\n"
        "  - {conv: filters, kernel: 1, channels: 16, from: left}\n"
        "  - {cross_correlation: slid, from: [right, filters]}\n"
    )
    because = {obstacle.layer: obstacle.why for obstacle in tiling(layers, path=tmp_path).because}
    assert because["slid"] == "what it reads lies all over the map"


# -- sizes ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["segnet", "unet3d", "hrnet_w18", "hourglass-8", "resnet50", "deeplabv3plus_resnet50"])
def test_the_rule_of_sizes_is_what_is_taken(name: str) -> None:
    entry = rfdocs.load(name)
    rule = entry.analyze().tiling().axes[-1].sizes
    assert rule is not None
    size = list(entry.network.input_size)
    for length in range(size[-1] + 1, size[-1] + 35):
        try:
            rfdocs.Report(entry.network, [*size[:-1], length])  # an entry would say the nearest sizes, too
        except (InputError, rfdocs.NetworkError):
            taken = False
        else:
            taken = True
        assert taken == (length % rule.step in rule.offsets), length


def test_several_rests_are_told(tmp_path: Path) -> None:
    layers = (
        "  - {maxpool: pool1, kernel: 2}\n  - {conv: conv2, kernel: 1, channels: 4}\n"
        "  - {avgpool: pool5, kernel: 1, stride: 2}\n  - {upsample: up, scale: 2}\n"
        "  - {crop: crop, padding: [[0, 1]]}\n  - {concat: both, from: [crop, conv2]}\n"
    )
    rule = tiling(layers, "[6]", path=tmp_path).axes[0].sizes
    assert rule == SizeRule(4, (2, 3))
    assert str(rule) == "4 k + 2 to 4 k + 3"


def test_a_network_of_one_size_takes_that_alone(tmp_path: Path) -> None:
    layers = (
        "  - {conv: a, kernel: 3, padding: 1, channels: 4}\n  - {upsample: b, size: 64}\n  - {add: s, from: [a, b]}"
    )
    own = tiling(layers, path=tmp_path)
    assert own.axes[0].sizes == SizeRule(0, (64,))
    assert str(own.axes[0].sizes) == "64 alone"
    assert own.axes[0].tile == 64


def test_sizes_that_are_too_many_to_try_are_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible, "STEPS", 1000)
    report = rfdocs.load("resnet50").analyze()
    own = report.tiling()
    assert own.axes[0].sizes is None
    assert tiling_data("resnet50", report, own, Asked())["axes"][0]["sizes"] is None
    assert re.search("sizes that the network takes +–\n", tiling_text("resnet50", report, own, Asked()))


def test_the_last_map_is_that_before_pooling_to_a_size() -> None:
    assert rfdocs.load("vgg16").analyze(512).tiling().layer == "pool5"


# -- how it is told -------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_contract() -> None:
    report = rfdocs.load("unet-padded").analyze()
    data = tiling_data("unet-padded", report, report.tiling("output", tile=256), Asked(tiles=True))
    assert data["exact"] is True
    assert data["input"] == {"channels": 3, "size": [512, 512]}
    keys = {
        "grid",
        "period",
        "context",
        "context_any_cut",
        "discard",
        "discard_on_grid",
        "tile",
        "units",
        "kept",
        "step",
    }
    assert keys <= data["axes"][0].keys()
    assert data["axes"][0]["sizes"] == {"step": 1, "offset": 0}
    assert len(data["tiles"]) == data["count"] == 25
    json.dumps(data)


def test_the_sentence_names_what_differs_before_and_behind() -> None:
    text = sentence(rfdocs.load("resnet50").analyze().tiling())
    assert "multiples of 32 px and keep 224 px of context before and 192 px after" in text
    assert sentence(rfdocs.load("vdsr").analyze().tiling()).startswith("Tiles that begin anywhere and keep 20 px")
    gated = sentence(rfdocs.load("seresnet50").analyze().tiling())
    assert gated.startswith("No tile gives exactly")
    assert "and 13 more" in gated


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("kernel: 1", " give exactly what the whole image would give."),
        ("kernel: 3, padding: [[1, 1], [1, 1]]", " and keep 1 px of context on every side"),
        ("kernel: [2, 1], padding: [[1, 0], [0, 0]]", " and keep 1×0 px of context before and 0 px after"),
        ("kernel: [2, 1], padding: [[0, 1], [0, 0]]", " and keep 0 px of context before and 1×0 px after"),
    ],
)
def test_the_sentence_names_what_is_kept_on_each_side(layer: str, said: str, tmp_path: Path) -> None:
    made = tiling(f"  - {{conv: a, {layer}, channels: 4}}", "[64, 64]", path=tmp_path)
    assert sentence(made).startswith(f"Tiles that begin anywhere{said}")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("a", ": a makes units"),
        ("ab", ": a and b make units"),
        ("abcd", ": a, b, c and d make units"),
        ("abcde", ": a, b, c and 2 more make units"),
        ("abcdef", ": a, b, c and 3 more make units"),
    ],
)
def test_the_sentence_names_up_to_four_layers_in_the_way(names: str, said: str, tmp_path: Path) -> None:
    made = tiling("  - {relu: a}", path=tmp_path)
    assert said in sentence(replace(made, because=tuple([Obstacle(name, "why") for name in names])))


UNEVEN = "  - {conv: a, kernel: [4, 3], stride: [1, 2], padding: [[2, 1], [1, 1]], channels: 4}"


def row(table: Table, heading: str) -> list[str]:
    """The cells of a table's row behind its heading."""
    return next(list(cells) for head, *cells in table.rows if head == heading)


@pytest.mark.parametrize(
    ("size", "names"), [("[64]", ["length"]), ("[64, 64]", ["height and width"]), ("[64, 32]", ["height", "width"])]
)
def test_axes_that_agree_stand_once_in_the_table(size: str, names: list[str], tmp_path: Path) -> None:
    table = tiling_table(tiling("  - {relu: a}", size, path=tmp_path))
    assert table.headings == ["in pixels, before and after", *names]
    assert row(table, "image") == re.findall(r"\d+", size)[: len(names)]


def test_sides_that_agree_stand_once_in_the_table(tmp_path: Path) -> None:
    made = tiling(UNEVEN, "[64, 64]", path=tmp_path)
    table = tiling_table(made)
    assert row(table, "context, cut on the grid") == ["2 | 1", "1 | 0"]
    assert row(table, "discarded, units") == ["2 | 1", "1 | 0"]
    assert row(table, "sizes that the network takes") == [str(axis.sizes) for axis in made.axes]
    assert row(tiling_table(tiling("  - {relu: a}", path=tmp_path)), "discarded, units") == ["0"]


BRANCHED = (
    f"{UNEVEN}\n  - {{relu: b, from: a}}\n"
    "  - {conv: c, kernel: 3, padding: 1, channels: 4, from: a}\n  - {squeeze_excite: d, squeeze: 1}"
)


def told(layers: str, layer: str, asked: Asked, path: Path) -> tuple[str, dict[str, Any]]:
    """The tiling for a layer, as markdown and as data."""
    made = tiling(layers, "[64, 64]", layer, path=path)
    report = rfdocs.load(path / "net.yaml").analyze()
    return tiling_markdown("net", report, made, asked), tiling_data("net", report, made, asked)


def test_tables_below_a_tiling_have_words_to_the_left_and_figures_to_the_right(tmp_path: Path) -> None:
    text, _ = told(BRANCHED, "d", Asked(tiles=True, outputs=True), tmp_path)
    assert "| layer | why |\n| --- | --- |\n| d | " in text
    assert "| crop, pixels | keep, units | place, units |\n| --- | --- | --- |\n" in text
    heads = "| output | jump | field | grid | context | discarded, units | exact |\n"
    assert f"{heads}| --- | ---: | ---: | ---: | ---: | ---: | --- |\n" in text
    assert "| b | 1×2 | 4×3 | 1×2 | 2×1 | 2×1 | yes |\n" in text
    assert "| d | 1×2 | 6×7 | 1×2 | 3 | 3×2 | no |\n" in text


@pytest.mark.parametrize(
    ("layers", "outputs"), [(UNEVEN, False), (BRANCHED, True), (f"{BRANCHED}\n  - {{relu: e, from: a}}", True)]
)
def test_outputs_are_told_where_there_are_several_and_they_are_asked_for(
    layers: str, outputs: bool, tmp_path: Path
) -> None:
    for asked in (False, True):
        text, data = told(layers, "a", Asked(outputs=asked), tmp_path)
        assert ("outputs" in data, "| output |" in text) == (asked and outputs, asked and outputs)


@pytest.mark.parametrize(
    ("tile", "said"), [(64, "1 tile takes 1.00 times the work of the whole\n"), (40, "4 tiles take ")]
)
def test_tiles_and_their_work_are_counted(tile: int, said: str, tmp_path: Path) -> None:
    made = tiling("  - {conv: a, kernel: 3, padding: 1, channels: 4}", "[64, 64]", tile=tile, path=tmp_path)
    report = rfdocs.load(tmp_path / "net.yaml").analyze()
    assert f"\n{said}" in tiling_text("net", report, made, Asked())


def test_what_tiles_cost_is_rounded_to_four_digits(tmp_path: Path) -> None:
    made = tiling("  - {conv: a, kernel: 3, padding: 1, channels: 4}", "[63]", tile=33, path=tmp_path)
    report = rfdocs.load(tmp_path / "net.yaml").analyze()
    found = tiling_data("net", report, made, Asked())["overhead"]
    assert made.overhead == Fraction(sum(end - begin for begin, end in crops(made)), 63)
    assert found == float(f"{float(made.overhead):.4f}") != float(made.overhead)


def crops(made: Tiling) -> Iterator[tuple[int, int]]:
    """The pixels of every tile of one axis."""
    return (stretch.crop for (stretch,) in made.tiles())


def test_a_network_s_data_have_its_layers_and_its_tiling() -> None:
    entry = rfdocs.load("lenet5")
    data = json.loads(network_json("lenet5", entry.analyze()))
    assert (len(data["layers"]), data["tiling"]["layer"]) == (len(entry.network.layers), entry.analyze().features.name)


def test_a_fragment_for_bioimageio_tells_the_output_of_every_tile(tmp_path: Path) -> None:
    """Their rule: ``size of the output = size of the input / scale + offset``; the halo is cut off on both sides."""
    layers = (
        "  - {conv: a, kernel: 7, stride: 2, padding: [[0, 2]], channels: 4}\n"
        "  - {conv: b, kernel: 3, padding: [[2, 0]], channels: 4}"
    )
    made = tiling(layers, "[64]", path=tmp_path)
    fragment = yaml.safe_load(bioimageio_text(made))
    (size,), (out,) = ([axis["size"] for axis in fragment[side][0]["axes"]] for side in ("inputs", "outputs"))
    halo = fragment["outputs"][0]["axes"][0]["halo"]
    assert halo == max(made.axes[0].discard) > min(made.axes[0].discard)
    kept = []
    for length in range(size["min"] - size["step"], 64, size["step"]):
        (units,) = rfdocs.load(tmp_path / "net.yaml").analyze(length)["b"].size
        assert units == length / fragment["outputs"][0]["axes"][0]["scale"] + out["offset"]
        kept.append(units - 2 * halo)
    assert kept[0] <= 0 < kept[1]


def test_a_fragment_for_bioimageio_is_yaml() -> None:
    fragment = yaml.safe_load(bioimageio_text(rfdocs.load("unet-padded").analyze().tiling(tile=256)))
    axis = fragment["inputs"][0]["axes"][0]
    assert axis == {"type": "space", "id": "y", "size": {"min": 208, "step": 16}}
    assert fragment["outputs"][0]["axes"][0]["halo"] == 96
    least = axis["size"]["min"]
    assert least - 2 * 96 >= 16


def cli(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("halo", "status", "words"),
    [
        ("32", 1, "a halo of 32 px is too small: 94 px are not those of the whole"),
        ("93", 1, "declare 96"),
        ("94", 0, ""),
        ("96", 0, ""),
        ("128,96", 0, "larger than needed: 96 px are enough"),
        ("1,2,3", 2, "the halo gives 3 numbers"),
        ("-1", 2, "not a halo"),
    ],
)
def test_a_declared_halo_is_judged(capsys: pytest.CaptureFixture[str], halo: str, status: int, words: str) -> None:
    found, _, err = cli(capsys, "tile", "unet-padded", "--tile", "256", f"--check={halo}")
    assert found == status
    assert words in err
    assert bool(err) == bool(words)


def test_no_halo_is_enough_where_units_see_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = cli(capsys, "tile", "seresnet50", "--check", "512")
    assert status == 1
    assert "no halo is enough" in err


def test_a_list_of_tiles_says_what_to_crop_keep_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = cli(capsys, "tile", "unet-padded", "--tile", "400", "--list")
    assert "0:400 × 0:400" in out
    assert out.count(":400") >= 4


def test_a_list_that_is_too_long_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = cli(capsys, "tile", "vgg16", "--input", "1000000", "--tile", "256", "--list")
    assert status == 1
    assert "tiles; at most 65536 are listed" in err


def test_sound_is_told_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(
        "input: {channels: 1, size: [16000], rate: 16000}\nlayers:\n"
        "  - {conv: a, kernel: 400, stride: 160, padding: [[240, 0]], channels: 4}\n"
        "  - {conv: b, kernel: 3, padding: [[1, 1]], channels: 4}\n",
        "utf-8",
    )
    status, out, _ = cli(capsys, "tile", str(file), "--format", "json")
    time = json.loads(out)["time"]
    assert status == 0
    assert time["samples"] == {
        "field": 720, "hop": 160, "left_context": 400, "look_ahead": 160, "latency": 320, "smallest_chunk": 160,
    }  # fmt: skip
    assert time["milliseconds"]["latency"] == 20
    assert (time["first_centre"], time["first_centre_milliseconds"]) == (-40, -2.5)
    assert time["frames"] == 100
    assert "20.000" in cli(capsys, "tile", str(file))[1]
    assert cli(capsys, "tile", "vgg16", "--rate", "8000")[0] == 2


@pytest.mark.parametrize(
    ("layers", "centre", "milliseconds", "hop", "said"),
    [
        # 2500 / 44100 and 3000 / 44100
        ("  - {conv: a, kernel: 5, stride: 3, channels: 4}", 2.5, 0.056689, 0.068027, [["2.5", "0.057"]]),
        (NOTHING, None, None, 0.022676, []),
    ],
)
def test_frames_have_their_first_centre_in_six_digits_unless_they_read_nothing(
    layers: str,
    centre: float | None,
    milliseconds: float | None,
    hop: float,
    said: list[list[str]],
    tmp_path: Path,
) -> None:
    made = tiling(layers, path=tmp_path)
    layer = rfdocs.load(tmp_path / "net.yaml").analyze()[made.layer]
    values = sound_values(layer, made.axes[0], 44100)
    assert (values["first_centre"], values["first_centre_milliseconds"]) == (centre, milliseconds)
    assert values["milliseconds"]["hop"] == hop
    rows = sound_table(layer, made.axes[0], 44100).rows
    assert [[*cells] for head, *cells in rows if head == "centre of frame 0"] == said


def test_a_rate_belongs_to_one_axis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("input: {channels: 1, size: [64, 64], rate: 8000}\nlayers: [{relu: a}]\n", "utf-8")
    status, _, err = cli(capsys, "check", str(file))
    assert status == 1
    assert "a rate, and 2 axes found" in err


# -- where a unit is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vgg16", "unet", "m5", "resnet50", "fcn8s"])
def test_lines_lead_from_units_to_places_and_back(name: str) -> None:
    report = rfdocs.load(name).analyze()
    layer = report.features
    for axis, length in enumerate(report.input_size):
        start, jump = layer.start[axis], layer.jump[axis]
        assert start is not None
        assert jump is not None
        for unit in (0, 3):
            center = float(start + jump * unit)
            places = [evaluated(line.forward, u=unit) for line in place_lines(layer, axis, length)]
            expected = [center, center - 0.5, 2 * center / length - 1, 2 * (center - 0.5) / (length - 1) - 1]
            assert places == pytest.approx(expected)
            back = [
                evaluated(line.back, x=place)
                for line, place in zip(place_lines(layer, axis, length), places, strict=True)
            ]
            assert back == pytest.approx([unit] * 4, abs=1e-9)


@pytest.mark.parametrize(
    ("layer", "forward", "back"),
    [
        ("{relu: a}", ["0.5 + u", "u"], ["(x - 0.5)", "x"]),
        ("{conv: a, kernel: 2, channels: 1}", ["1 + u", "0.5 + u"], ["(x - 1)", "(x - 0.5)"]),
        ("{pad: a, padding: [[2, 0]]}", ["-1.5 + u", "-2 + u"], ["(x + 1.5)", "(x + 2)"]),
        ("{conv: a, kernel: 2, stride: 2, padding: [[1, 0]], channels: 1}", ["2 * u", "-0.5 + 2 * u"],
         ["x / 2", "(x + 0.5) / 2"]),
        ("{upsample: a, scale: 3}", ["1/6 + (1/3) * u", "-1/3 + (1/3) * u"],
         ["(x - 1/6) / (1/3)", "(x + 1/3) / (1/3)"]),
    ],
)  # fmt: skip
def test_lines_of_places_say_no_more_than_they_need(
    layer: str, forward: list[str], back: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(f"input: {{channels: 1, size: [8]}}\nlayers: [{layer}]\n", "utf-8")
    lines = place_lines(rfdocs.load(file).analyze()["a"], 0, 8)
    assert [line.forward for line in lines[:2]] == [f"x = {text}" for text in forward]
    assert [line.back for line in lines[:2]] == [f"u = {text}" for text in back]


@pytest.mark.parametrize(("length", "lines"), [(1, 3), (2, 4)])
def test_between_centres_lies_something_from_two_pixels_on(length: int, lines: int, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(f"input: {{channels: 1, size: [{length}]}}\nlayers: [{{relu: a}}]\n", "utf-8")
    assert len(place_lines(rfdocs.load(file).analyze()["a"], 0, length)) == lines


@pytest.mark.parametrize(
    ("layers", "size", "heads"),
    [
        ("{relu: a}", "[8, 8]", ["height and width"]),
        ("{relu: a}", "[8, 16]", ["height", "width"]),  # normalised by their own lengths
        ("{adaptive_avgpool: a, size: [3, 4]}", "[8, 8]", ["width"]),
        ("{global_avgpool: a}, {upsample: b, size: 8}", "[8, 8]", []),  # every unit at one place
        # centres 0.5, 0.5, 1.5, 1.5: all units' fields are as long, but not half a pixel apart
        ("{upsample: a, scale: [1, 2]}", "[8, 8]", ["height", "width, in the mean over its phases"]),
        # every other unit reads nothing, and the others lie a pixel apart
        ("{transposed_conv: a, kernel: 1, stride: 2, channels: 1}", "[8, 8]", ["height and width"]),
        # fields of two pixels and of one, by turns, with their centres half a pixel apart
        ("{transposed_conv: a, kernel: 3, stride: 2, channels: 1}", "[8, 8]", ["height and width"]),
    ],
)
def test_lines_of_places_stand_once_for_axes_that_agree(
    layers: str, size: str, heads: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(f"input: {{channels: 1, size: {size}}}\nlayers: [{layers}]\n", "utf-8")
    report = rfdocs.load(file).analyze()
    found = places_text(report, report.layers[-1])
    assert re.findall("the centre of unit u, (.*)", found) == heads
    for block in found.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("  ")]
        assert len({line.index("u = ") for line in rows}) <= 1, "one column for the way back"


def evaluated(line: str, **names: Any) -> float:
    """What a line computes."""
    return float(eval(line.partition("= ")[2], {}, names))


def test_the_text_of_a_tiling_says_why_it_is_not_exact() -> None:
    report = rfdocs.load("seresnet50").analyze()
    text = tiling_text("seresnet50", report, report.tiling(), Asked())
    assert "layer1.0.se" in text
    assert "every unit sees the whole map through it" in text


def test_an_axis_without_tiles_is_one_tile() -> None:
    axis: AxisTiling = rfdocs.load("vgg16").analyze().tiling().axes[0]
    assert axis.count == 1
    assert [stretch.crop for stretch in axis.stretches()] == [(0, 224)]


def test_every_output_has_its_own_answer(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = cli(capsys, "tile", "yolov3", "--format", "json")
    data = json.loads(out)
    outputs = [layer.name for layer in rfdocs.load("yolov3").analyze().outputs]
    assert [own["layer"] for own in data["outputs"]] == outputs
    assert len({own["axes"][0]["jump"] for own in data["outputs"]}) == 3
    text = cli(capsys, "tile", "yolov3")[1]
    assert all(name in text for name in outputs)
    assert "outputs" not in json.loads(cli(capsys, "tile", "yolov3", outputs[0], "--format", "json")[1])


def test_a_default_tile_is_a_multiple_of_the_grid_though_the_image_is_not() -> None:
    axis = rfdocs.load("unet-padded").analyze((500, 500)).tiling().axes[0]
    assert (axis.length % axis.grid, axis.tile % axis.grid) == (4, 0)


def test_paths_of_different_jumps_have_no_tiles_where_they_meet_in_one_unit() -> None:
    windows = {"near": SlidingWindow.of(2, 1, axes=1), "far": SlidingWindow.of(2, 2, axes=1)}
    network = Network("n", 1, (2,))
    for name, window in windows.items():
        network = network.with_layer(name, Pooling(window), "input")
    network = network.with_layer("sum", Add(), "near", "far")
    with pytest.raises(ArithmeticRefusal, match="different jumps"):
        TilePaths(AxisPaths(network, trace_axis(network, 0, 2)), 3)
