"""Tilings against networks that are run tap by tap, whole and in tiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from oracle.brute import InvalidNetworkError, Oracle
from oracle.networks import Description, networks
from oracle.tiles import OVER_SPACE, Values, image, run
from test_against_oracle import EXAMPLES, ORACLE_SETTINGS, at_size, written

from rfdocs import InputError
from rfdocs.graph.tiling import AxisTiling, Tiling

pytestmark = pytest.mark.slow
#: The longest image that is run. Unit: pixels.
LONGEST = 700


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tiles") / "network.yaml"


class Run:
    """One axis of a network, run on pieces of one image."""

    def __init__(self, description: Description, axis: int, name: str) -> None:
        self.description, self.axis, self.name = description, axis, name
        self.pixels = image(LONGEST, description["input"]["channels"])

    def units(self, first: int, end: int) -> Values:
        """The units of the map, of the pixels from the first to before the end."""
        size = list(self.description["input"]["size"])
        size[self.axis] = end - first
        oracle = Oracle.of(at_size(self.description, size))
        over_space = frozenset(name for name in oracle.names if oracle.operation[name] in OVER_SPACE)
        return run(oracle.axes[self.axis], self.pixels[first:end], over_space)[self.name]


def tiled(run: Run, tiling: AxisTiling) -> Values:
    """What the tiles keep, put together."""
    values: Values = []
    for stretch in tiling.stretches():
        assert stretch.place[0] == len(values)
        assert stretch.crop[0] % tiling.grid == 0
        values += run.units(*stretch.crop)[slice(*stretch.keep)]
        assert stretch.place[1] == len(values)
    return values


def inner_tile_is_tight(run: Run, tiling: AxisTiling, margin: int) -> None:
    """A tile far from both borders is right between what is thrown away, and wrong beside it on both sides."""
    whole = run.units(0, 2 * margin + tiling.tile)
    place = margin // tiling.grid * tiling.period
    tile = run.units(margin, margin + tiling.tile)
    right = [one == other for one, other in zip(tile, whole[place:], strict=False)]
    before, behind = tiling.discard
    assert all(right[before : len(tile) - behind])
    assert not before or not right[before - 1]
    assert not behind or not right[len(tile) - behind]


def off_the_grid_is_wrong(run: Run, tiling: AxisTiling, margin: int, field: Any) -> None:
    """Of a tile that begins elsewhere every stretch of one period has a wrong unit."""
    whole = run.units(0, 2 * margin + tiling.tile)
    for more in range(1, tiling.grid):
        moved = more / tiling.jump
        if moved.denominator > 1:
            continue
        place = margin // tiling.grid * tiling.period + int(moved)
        tile = run.units(margin + more, margin + more + tiling.tile)
        right = [one == other for one, other in zip(tile, whole[place:], strict=False)]
        inner = right[int(field) : -int(field)]
        assert not all(inner) or not inner, more


def tiling_of(description: Description, file: Path, name: str, tile: Sequence[int] | None = None) -> Tiling | None:
    try:
        return written(file, description).analyze().tiling(name, tile)  # type: ignore[no-any-return]
    except InputError:
        return None


def takes(description: Description) -> bool:
    """Whether a network can be laid out for its image."""
    try:
        Oracle.of(description)
    except InvalidNetworkError:
        return False
    return True


def long_enough(run: Run, tiling: AxisTiling) -> int | None:
    """A length of three tiles or more that the network takes, of the residue of the one that was analysed."""
    step = tiling.grid * (tiling.sizes.step if tiling.sizes else 1)
    if not step:
        return None
    length = tiling.length + -(-(tiling.tile + 2 * tiling.step + tiling.grid - tiling.length) // step) * step
    return length if tiling.tile < length <= LONGEST else None


def judged(description: Description, file: Path, name: str) -> list[str]:
    """Which parts of the tiling of a map were held against its run."""
    tiling = tiling_of(description, file, name)
    done: list[str] = []
    if tiling is None:
        return ["refused"]
    if not tiling.exact:
        return ["inexact"]
    for axis, own in enumerate(tiling.axes):
        runner = Run(description, axis, name)
        length = long_enough(runner, own)
        if length is None:
            continue
        size = list(description["input"]["size"])
        size[axis] = length
        if not takes(at_size(description, size)):
            continue
        longer = tiling_of(at_size(description, size), file, name, [known.tile for known in tiling.axes])
        if longer is None or not longer.exact:  # a resize may read otherwise there
            continue
        assert tiled(runner, longer.axes[axis]) == runner.units(0, length)
        done.append("tiled")
        margin = (max(own.context_any_cut) // own.grid + 2) * own.grid
        size[axis] = 2 * margin + own.tile
        if size[axis] > LONGEST or not takes(at_size(description, size)):
            continue
        wide = tiling_of(at_size(description, size), file, name, [known.tile for known in tiling.axes])
        if wide is not None and wide.exact:
            inner_tile_is_tight(runner, own, margin)
            done.append("tight")
            off_the_grid_is_wrong(runner, own, margin, -(-margin // own.jump))
            done.append("off grid" if own.grid > 1 else "any grid")
    return done


@pytest.fixture(scope="module")
def counts() -> Iterator[Counter[str]]:
    """How often each part was judged; in the end, that it was often enough."""
    counted: Counter[str] = Counter()
    yield counted
    if not EXAMPLES:
        assert counted["tiled"] > 250
        assert counted["tight"] > 250
        assert counted["off grid"] > 100
        assert counted["inexact"] > 30


@settings(ORACLE_SETTINGS, max_examples=ORACLE_SETTINGS.max_examples * 3 // 2)
@given(networks())
def test_tiles_give_what_the_whole_gives(file: Path, counts: Counter[str], description: Description) -> None:
    counts.update(judged(description, file, Oracle.of(description).names[-1]))


HIDDEN: Description = {
    "input": {"channels": 1, "size": [120]},
    "layers": [
        {"transposed_conv": "up", "kernel": 3, "stride": 3, "padding": 1, "output_padding": 2, "channels": 1},
        {"avgpool": "pool", "kernel": 3, "stride": 1, "ceil_mode": True},
        {"conv": "conv", "kernel": 3, "padding": 1, "channels": 1},
        {"add": "sum", "from": ["conv", "pool"]},
        {"maxpool": "maxpool", "kernel": 3, "stride": 2},
        {"conv": "wide", "kernel": 4, "padding": 3, "channels": 1},
        {"transposed_conv": "last", "kernel": 2, "stride": 2, "channels": 1},
    ],
}
"""Behind a transposed convolution that cuts its map, a unit that a tile lacks has its whole field inside the tile."""


def test_what_a_tile_lacks_may_have_its_field_inside_it(file: Path) -> None:
    tiling = tiling_of(HIDDEN, file, "last")
    assert tiling is not None
    assert tiling.axes[0].discard[0] == 8
    report = written(file, HIDDEN).analyze()
    inside = [unit for unit in range(12) if (field := report.unit("last", (unit,))[0].field) and field.first >= 0]
    assert inside[0] == 6
    assert judged(HIDDEN, file, "last") == ["tiled", "tight", "off grid"]


def test_a_border_mirrors_what_the_other_edge_left_right(file: Path) -> None:
    """The last tile has more than a pixel, for its end mirrors the unit before the last."""
    layers = [{"pad": "a", "padding": [[1, 0]]}, {"pad": "b", "padding": [[0, 1]], "mode": "reflect"}]
    assert judged({"input": {"channels": 1, "size": [2]}, "layers": layers}, file, "b") == [
        "tiled",
        "tight",
        "any grid",
    ]


def test_a_normalisation_over_the_whole_map_is_seen_by_every_tile(file: Path) -> None:
    """The judge is able to: what the algebra calls inexact differs in it, too."""
    description: Description = {
        "input": {"channels": 2, "size": [32]},
        "layers": [{"conv": "a", "kernel": 3, "padding": 1, "channels": 2}, {"groupnorm": "b"}],
    }
    tiling = tiling_of(description, file, "b")
    assert tiling is not None
    assert [obstacle.layer for obstacle in tiling.because] == ["b"]
    run_of_b = Run(description, 0, "b")
    assert not any(one == other for one, other in zip(run_of_b.units(0, 16), run_of_b.units(0, 32), strict=False))
