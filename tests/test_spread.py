"""How the paths to a unit are spread over its field, beside the definitions: statistics, and every stretch tried."""

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfdocs.graph.effective import shares, spread

paths = st.dictionaries(st.integers(-20, 20), st.integers(1, 50), min_size=1)


def share(counts: dict[int, int], first: int, end: int) -> float:
    return sum(count for pixel, count in counts.items() if first <= pixel < end) / sum(counts.values())


@given(paths)
def test_the_mean_and_the_deviation_are_those_of_the_paths(counts: dict[int, int]) -> None:
    pixels = [pixel for pixel, count in counts.items() for _ in range(count)]
    assert spread(counts).mean == pytest.approx(fmean(pixels) + 0.5)
    assert spread(counts).deviation == pytest.approx(pstdev(pixels), abs=1e-9)


@given(paths)
def test_the_stretch_is_the_first_of_the_shortest_that_hold_95_percent(counts: dict[int, int]) -> None:
    found = spread(counts)
    assert share(counts, found.first, found.end) >= 0.95
    for first in range(min(counts), max(counts) + 1):
        assert share(counts, first, first + found.width - 1) < 0.95
        assert first >= found.first or share(counts, first, first + found.width) < 0.95


def test_of_equally_short_stretches_the_first_is_told() -> None:
    found = spread(dict.fromkeys(range(40), 1))
    assert (found.first, found.end, found.width) == (0, 38, 38)
    moved = spread(dict.fromkeys(range(7, 47), 1))
    assert (moved.first, moved.end, moved.width) == (7, 45, 38)


@given(paths, st.integers(-9, 9))
def test_a_spread_moves_with_its_paths(counts: dict[int, int], distance: int) -> None:
    assert spread(counts).shifted(distance) == spread({pixel + distance: count for pixel, count in counts.items()})


@given(paths, st.integers(1, 9))
def test_every_stretch_has_its_share_of_the_fullest_one(counts: dict[int, int], step: int) -> None:
    first, last = min(counts), max(counts)
    sums = [share(counts, start, start + step) for start in range(first, last + 1, step)]
    assert shares(counts, first, last, step) == pytest.approx([part / max(sums) for part in sums])
