"""The limits of the arithmetic: what is exactly at a limit is computed, and what is one beyond it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfdocs.algebra import field, footprint, sizes
from rfdocs.algebra.field import IMAGE, PeriodicField, field_through, followed_reads, merged, overall_field, tabulated
from rfdocs.algebra.footprint import paths_below, steps_below
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.reads import IDENTITY, Adaptive, Broadcast, Edge, Reads, TransposedWindow, Window
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.sight import _steps_per_unit
from rfdocs.operators import channels
from rfdocs.operators.channels import Channels

TWICE = TransposedWindow(kernel=2, stride=2)
DOUBLED = field_through(TransposedWindow(kernel=3, stride=2), IMAGE)
NOTHING: PeriodicField[Interval] = PeriodicField(1, 1, (None,))


def holds_at(monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, exact: int, work: Callable[[], object]) -> None:
    """Work that needs just so much is done with that as the limit, and refused with one less."""
    monkeypatch.setattr(module, limit, exact)
    work()
    monkeypatch.setattr(module, limit, exact - 1)
    with pytest.raises(ArithmeticRefusal, match=r"\d"):
        work()


@pytest.mark.parametrize(
    ("reads", "below", "period"),
    [
        (TWICE, IMAGE, 2),
        (TransposedWindow(kernel=3, stride=3), DOUBLED, 6),
        (Window(kernel=3, stride=2), DOUBLED, 1),  # two units below are a period
        (Window(kernel=3, stride=3), DOUBLED, 2),
        (Broadcast(), DOUBLED, 1),
        (Adaptive(3, 4), IMAGE, 3),
    ],
)
def test_the_period_that_is_bounded_is_the_least_at_which_taps_repeat(
    monkeypatch: pytest.MonkeyPatch, reads: Reads, below: PeriodicField[Interval], period: int
) -> None:
    if period > 1:
        holds_at(monkeypatch, field, "PERIOD", period, lambda: field_through(reads, below))
    monkeypatch.setattr(field, "PERIOD", period)
    assert field_through(reads, below).period <= period


def test_the_period_of_several_paths_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [field_through(Window(stride=2), DOUBLED), field_through(Adaptive(3, 3), IMAGE), IMAGE]
    mixed = [PeriodicField(2, 2, (Interval(0, 0), Interval(0, 1))), PeriodicField(3, 3, (None, None, Interval(0, 1)))]
    holds_at(monkeypatch, field, "PERIOD", 6, lambda: merged(mixed, hull))
    monkeypatch.setattr(field, "PERIOD", 1)
    assert merged(both, hull).period == 1


@pytest.mark.parametrize(
    ("reads", "below", "width"),
    [
        (Window(kernel=16), IMAGE, 4),  # fields of 0 to 15 units' distance
        (Window(kernel=16, before=8), IMAGE, 4),
        (Window(kernel=4, dilation=5), IMAGE, 4),
        (Window(stride=15), IMAGE, 4),
        (Window(stride=5), PeriodicField(1, 3, (Interval(0, 0),)), 4),
        (Window(kernel=2), PeriodicField(1, 1, (Interval(7, 21),)), 4),
    ],
)
def test_the_size_and_the_jump_are_bounded_in_bits(
    monkeypatch: pytest.MonkeyPatch, reads: Window, below: PeriodicField[Interval], width: int
) -> None:
    holds_at(monkeypatch, field, "FIELD_BITS", width, lambda: field_through(reads, below))


def test_every_single_read_that_is_followed_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    holds_at(monkeypatch, field, "READS", 6, lambda: field_through(Window(kernel=3, stride=3), DOUBLED))
    holds_at(monkeypatch, field, "READS", 12, lambda: tabulated([(Window(kernel=3), IMAGE)], Interval(-1, 2), 4, hull))
    holds_at(monkeypatch, footprint, "READS", 6, lambda: paths_below(Window(kernel=3), {0: 1, 5: 1}, None))
    monkeypatch.setattr(footprint, "READS", 0)
    assert paths_below(IDENTITY, {0: 1, 5: 1}, None) == {0: 1, 5: 1}


@pytest.mark.parametrize(
    ("reads", "below", "count"),
    [
        (Window(kernel=9), IMAGE, 0),
        (TWICE, IMAGE, 2),
        (Window(kernel=9), DOUBLED, 8),  # the first and the last period of its taps decide
        (Window(kernel=3, stride=2), DOUBLED, 3),
        (Window(kernel=3, stride=3), DOUBLED, 6),
        (TransposedWindow(kernel=9, stride=3), DOUBLED, 18),
        (Broadcast(), DOUBLED, 1),
    ],
)
def test_reads_that_are_followed_are_counted_before_they_are(
    reads: Reads, below: PeriodicField[Interval], count: int
) -> None:
    assert followed_reads(reads, below) == count


@pytest.mark.parametrize(
    ("reads", "paths", "steps"),
    [
        (Window(kernel=3), {4: 1, 9: 1}, 8),
        (Window(kernel=3), {}, 0),
        (Window(kernel=3, stride=2), {4: 1, 9: 1}, 6),
        (Window(kernel=3, dilation=2), {4: 1, 9: 1}, 6),
        (Window(kernel=3, edge=Edge.REFLECT), {4: 1, 9: 1}, 6),
        (TWICE, {4: 1, 9: 1}, 2),
    ],
)
def test_steps_that_paths_take_are_counted_before_they_are(reads: Reads, paths: dict[int, int], steps: int) -> None:
    assert steps_below(reads, paths) == steps


def test_the_places_that_channels_come_from_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    holds_at(monkeypatch, channels, "STRETCHES", 2, lambda: Channels.of([(0, 1), (3, 4), (4, 6)]))
    holds_at(monkeypatch, channels, "STRETCHES", 4, lambda: Channels(((0, 3), (3, 6))).unshuffled(groups=2, count=6))


@given(st.integers(1, 40), st.integers(-9, 9), st.integers(1, 12))
def test_the_field_of_many_units_is_that_of_the_first_and_the_last_period(period: int, first: int, size: int) -> None:
    phases = tuple(Interval(-unit, (7 * unit) % 11) for unit in range(period))
    periodic = PeriodicField(period, 1, phases)
    units = Interval(first, first + size * period)
    assert overall_field(periodic, units) == hull(periodic.at(unit) for unit in range(units.first, units.last + 1))


def test_the_longest_map_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    holds_at(monkeypatch, sizes, "MAP_LENGTH", 7, lambda: sizes.bounded(7))
    assert sizes.bounded(1) == 1
    with pytest.raises(ArithmeticRefusal, match="would have 0 units"):
        sizes.bounded(0)


@pytest.mark.parametrize(
    ("reads", "steps"),
    [
        (Window(kernel=16), 16),
        (Window(kernel=17), 58),
        (Window(kernel=20), 60),
        (Window(kernel=3, edge=Edge.REFLECT), 96),
        (TransposedWindow(kernel=4, stride=2), 52),
        (Broadcast(), 46),
    ],
)
def test_steps_to_see_a_unit_are_counted_by_how_its_taps_are_found(reads: Reads, steps: int) -> None:
    assert _steps_per_unit(reads) == steps
