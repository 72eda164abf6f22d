"""The limits of the arithmetic: what is exactly at a limit is computed, and what is one beyond it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfdocs.algebra import field, footprint, sizes
from rfdocs.algebra.field import IMAGE, PeriodicField, field_through, followed_reads, merged, overall_field, tabulated
from rfdocs.algebra.footprint import Footprint, paths_below, steps_below
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.paths import Paths
from rfdocs.algebra.reads import IDENTITY, Adaptive, Broadcast, Edge, Reads, TransposedWindow, Window
from rfdocs.errors import RfdocsError
from rfdocs.graph import (
    Network,
    NetworkError,
    Report,
    effort,
    feasible,
    nearest_lengths,
    reach,
    report,
    sight,
    strands,
    tile_paths,
    trace,
)
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.sight import _steps_per_unit
from rfdocs.operators import (
    AdaptivePooling,
    ChannelSlice,
    Convolution,
    Filters,
    Pointwise,
    ShownSides,
    SlidingWindow,
    TransposedConvolution,
    channels,
)
from rfdocs.operators.channels import Channels

TWICE = TransposedWindow(kernel=2, stride=2)
DOUBLED = field_through(TransposedWindow(kernel=3, stride=2), IMAGE)
NOTHING: PeriodicField[Interval] = PeriodicField(1, 1, (None,))


def holds_at(monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, exact: int, work: Callable[[], object]) -> None:
    """Work that needs just so much is done with that as the limit, and refused with one less."""
    monkeypatch.setattr(module, limit, exact)
    work()
    monkeypatch.setattr(module, limit, exact - 1)
    with pytest.raises(RfdocsError, match=r"\d"):
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
    with pytest.raises(RfdocsError, match="would have 0 units"):
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


# Of networks

IMAGE_8 = Network("small", 1, (8,))
CONTEXT = PeriodicField(1, 0, (Interval(0, 7),))
TABLE = tabulated([(Window(kernel=3), IMAGE)], Interval(0, 4), 5, hull)
THREES: PeriodicField[Interval] = PeriodicField(3, 3, (None, None, Interval(0, 1)))


def convolution(kernel: int = 3, stride: int = 1, dilation: int = 1, axes: int = 1) -> Convolution:
    padding = dilation * (kernel - 1) // 2
    return Convolution(SlidingWindow.of(kernel, stride, padding, dilation, axes=axes), Filters(1))


def doubling(kernel: int = 2, axes: int = 1) -> TransposedConvolution:
    return TransposedConvolution(SlidingWindow.of(kernel, 2, axes=axes), Filters(1), (0,) * axes)


def node(length: int, *reads: Reads, seen: Any = IMAGE, context: Any = None) -> AxisNode:
    return AxisNode(length, reads, seen, context, None, None)


@pytest.mark.parametrize(
    ("reads", "sources", "steps"),
    [
        ([Window(kernel=3)], [node(8)], 0),
        ([IDENTITY, Window(kernel=3)], [node(8), node(8)], 0),
        ([TWICE], [node(8)], 2),
        ([IDENTITY], [node(8, seen=DOUBLED)], 2),  # its two phases
        ([IDENTITY, IDENTITY], [node(8), node(8, seen=DOUBLED)], 2 + 2 * 2),
        ([IDENTITY, IDENTITY], [node(8, seen=DOUBLED), node(8, seen=THREES)], 2 + 3 + 2 * 6),
        ([IDENTITY] * 3, [node(8, seen=DOUBLED), node(8, seen=THREES), node(8)], 2 + 3 + 3 * 6),
        ([Adaptive(3, 4)], [node(8)], 5 * (1 + 3)),  # unit by unit
        ([Adaptive(3, 4), IDENTITY], [node(8), node(8)], 5 * (1 + 3 + 1)),
        ([Window(kernel=3)], [node(8, seen=TABLE)], 5 * (1 + 3)),
        ([TWICE], [node(8, context=CONTEXT)], 2 + 2),
        ([IDENTITY, TWICE], [node(8), node(8, context=CONTEXT)], 2),
    ],
)
def test_reads_of_a_layer_are_counted_before_they_are_followed(
    reads: list[Reads], sources: list[AxisNode], steps: int
) -> None:
    assert effort.effort(reads, sources, lambda: Interval(-1, 3)) == steps


@pytest.mark.parametrize(
    ("shows", "shown", "steps"),
    [
        (ShownSides(), node(8, seen=DOUBLED), 0),
        (ShownSides(True, True), node(8, seen=DOUBLED), 2),
        (ShownSides(before=True), node(8, seen=DOUBLED), 2),
        (ShownSides(behind=True), node(8, seen=DOUBLED, context=CONTEXT), 2),
        (ShownSides(before=True), node(8, seen=THREES), 8 + 5),  # unit by unit, where some read nothing
        (ShownSides(before=True), node(8, seen=DOUBLED, context=TABLE), 8 + 5),
        (ShownSides(before=True), node(8, seen=TABLE), 8 + 5),
    ],
)
def test_what_a_gate_shows_is_counted_before_it_is_looked_at(shows: ShownSides, shown: AxisNode, steps: int) -> None:
    assert effort.shown_fields(shows, shown, shown, lambda: Interval(-1, 3)) == steps
    assert not any(shows) or effort.shown_fields(shows, node(8), shown, lambda: Interval(-1, 3)) == (
        1 if all(shows) else 8 + 5
    ), "of a map that is not the one that is read"


def test_a_common_period_beyond_the_limit_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "PERIOD", 4)
    sources = [node(8, seen=DOUBLED), node(8, seen=THREES)]
    assert effort.effort([IDENTITY, IDENTITY], sources, lambda: Interval(0, 0)) == 2 + 3 + 2 * 4


def test_work_on_an_axis_is_told_before_it_is_done_and_bounded() -> None:
    network = IMAGE_8.with_layer("up", doubling()).with_layer("c", convolution(9))
    told: list[int] = []
    trace.trace_axis(network, 0, 8, told.append, most=2 + 8)
    assert told == [2 * trace.LAYER_STEPS, 2, 8]
    with pytest.raises(NetworkError, match="c: more than 9 single reads of layers up to here would be followed"):
        trace.trace_axis(network, 0, 8, most=9)


def test_reads_and_paths_are_bounded_on_all_axes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network("small", 1, (8, 8)).with_layer("up", doubling(axes=2))
    holds_at(monkeypatch, report, "FOLLOWED", 4, lambda: Report(network))
    plain = Report(Network("small", 1, (8, 8)).with_layer("a", convolution(axes=2)))
    holds_at(monkeypatch, report, "PATHS", 6, lambda: plain.path_counts("a", 4, 0))


def test_units_that_are_asked_for_behind_a_pooling_to_a_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 units ask for 10 of those before them, these for 23, and these for 28 pixels: 4 times the longest map."""
    network = IMAGE_8.with_layer("a", Convolution(SlidingWindow.of(6, 1, [(3, 2)], axes=1), Filters(1)))
    network = network.with_layer("p", AdaptivePooling((4,))).with_layer("c", convolution(7))
    holds_at(monkeypatch, trace, "MAP_LENGTH", 7, lambda: trace.trace_axis(network, 0, 9))
    with pytest.raises(NetworkError, match="a: more than 24 units would have to be followed"):
        trace.trace_axis(network, 0, 9)


def test_units_and_steps_to_see_them_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = [node(8), node(8, Window(kernel=3)), node(4, Window(kernel=3, stride=2))]
    monkeypatch.setattr(sight, "FOOTPRINT_BITS", 0)  # hulls alone are kept
    holds_at(monkeypatch, sight, "VISIBLE_UNITS", 2 * 20, lambda: sight.check_sight_limits([trace, trace]))
    monkeypatch.undo()
    holds_at(monkeypatch, sight, "VISIBLE_STEPS", 2 * 36, lambda: sight.check_sight_limits([trace, trace]))
    with pytest.raises(RfdocsError, match="its maps have 40 units on their axes, which take 72 steps: more than can"):
        sight.check_sight_limits([trace, trace])


@pytest.mark.parametrize(("lengths", "bits"), [([8], 1024), ([8, 2000], 2000)])
def test_sets_of_seen_pixels_are_bounded(monkeypatch: pytest.MonkeyPatch, lengths: list[int], bits: int) -> None:
    around = Window(kernel=3, edge=Edge.CIRCULAR)
    traces = [[node(length), node(8, around)] for length in lengths]
    traces.append([node(4000), node(4000, IDENTITY)])  # where nothing leads around the ends no sets are kept
    units, steps = sum(lengths) + 8 * len(lengths) + 8000, 8 * 96 * len(lengths) + 4000
    holds_at(monkeypatch, sight, "FOOTPRINT_BITS", units * bits, lambda: sight.check_sight_limits(traces))
    monkeypatch.undo()
    holds_at(monkeypatch, sight, "FOOTPRINT_READS", steps * bits, lambda: sight.check_sight_limits(traces))


TWO = IMAGE_8.with_layer("a", convolution()).with_layer("b", convolution())


def test_what_a_unit_reaches_is_the_set_of_its_pixels_and_the_paths_to_each() -> None:
    nodes = trace.trace_axis(TWO, 0, 8)
    sets, paths = reach.footprints(TWO, nodes), reach.responses(TWO, nodes)
    assert [own and own.at(3) for own in sets] == [Footprint(3, 1), Footprint(2, 0b111), Footprint(1, 0b11111)]
    assert [own and own.at(3) for own in paths] == [
        Paths(3, 1, 1, 8), Paths(2, 3, 0x010101, 8), Paths(1, 5, 0x0102030201, 8)
    ]  # fmt: skip
    assert reach._most_paths(TWO, nodes) == [1, 3, 9]


@pytest.mark.parametrize(
    ("limit", "exact"), [("FOOTPRINT", 5), ("FOOTPRINT_BITS", 3 + 5), ("FOOTPRINT_READS", 3 * (3 + 10) + 3 * (5 + 10))]
)
def test_sets_that_units_reach_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch, limit: str, exact: int) -> None:
    nodes = trace.trace_axis(TWO, 0, 8)
    monkeypatch.setattr(reach, "FOOTPRINT_READ", 10)
    for most, kept in ((exact, [True, True, True]), (exact - 1, [True, True, False])):
        monkeypatch.setattr(reach, limit, most)
        assert [own is not None for own in reach.footprints(TWO, nodes)] == kept


def test_counts_of_paths_are_kept_up_to_a_limit_of_their_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = trace.trace_axis(TWO, 0, 8)
    for most, kept in ((8 * (3 + 5), True), (8 * (3 + 5) - 1, False)):
        monkeypatch.setattr(reach, "FOOTPRINT_BITS", most)
        assert (reach.responses(TWO, nodes)[2] is not None) is kept


def test_what_is_made_of_a_set_beyond_the_limit_is_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second unit of the transposed convolution reads one pixel, the others two."""
    network = IMAGE_8.with_layer("up", doubling(3)).with_layer("every second", convolution(1, 2))
    shifted = Convolution(SlidingWindow.of(1, 2, [(-1, 0)], axes=1), Filters(1))
    network = network.with_layer("the others", shifted, "up")
    nodes = trace.trace_axis(network, 0, 8)
    assert [own.field.largest for own in nodes[1:]] == [2, 2, 1]
    monkeypatch.setattr(reach, "FOOTPRINT", 1)
    assert reach.footprints(network, nodes)[1:] == (None, None, None)


def test_steps_to_count_the_paths_of_a_unit_are_bounded() -> None:
    nodes = trace.trace_axis(TWO, 0, 8)
    expected = {1: 1, 2: 2, 3: 3, 4: 2, 5: 1}
    assert reach.path_counts(TWO, nodes, 2, 3, most=(1 + 2) + (3 + 2)) == expected
    with pytest.raises(RfdocsError, match="its paths take more than 7 steps"):
        reach.path_counts(TWO, nodes, 2, 3, most=7)


def test_single_reads_to_find_the_pixels_of_a_unit_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window without holes reads a range of ranges; one with holes is followed tap by tap."""
    network = IMAGE_8.with_layer("a", convolution(dilation=2)).with_layer("b", convolution(dilation=2))
    network = network.with_layer("c", convolution())
    nodes = trace.trace_axis(network, 0, 8)
    holds_at(
        monkeypatch, reach, "PATHS", 3 * 3 + 3 * 7, lambda: reach.visible_ranges(network, nodes, 3, 4)
    )  # 3..5 are read; of these 1..7


def test_choices_of_channels_that_are_followed_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    network = IMAGE_8.with_layer("w", Convolution(SlidingWindow.of(1, axes=1), Filters(8)))
    network = network.with_layer("s", ChannelSlice(1), "w").with_layer("t", ChannelSlice(1, 1), "w")
    holds_at(monkeypatch, strands, "STRANDS", 2, lambda: strands.with_strands(network))


def test_only_what_reads_less_than_the_whole_is_a_strand() -> None:
    """Chosen channels of the image, and those of a convolution that reads all channels, are no nodes of their own."""
    image = Network("small", 4, (8,)).with_layer("r", Pointwise())
    mixed = IMAGE_8.with_layer("w", Convolution(SlidingWindow.of(1, axes=1), Filters(4)))
    mixed = mixed.with_layer("x", Convolution(SlidingWindow.of(1, axes=1), Filters(4)))
    for network in (image, mixed):
        assert len(strands.with_strands(network.with_layer("s", ChannelSlice(1))).layers) == len(network.layers) + 1


MULTIPLES = Network("small", 1, (8,), multiple=8).with_layer("a", convolution())


def test_the_search_for_lengths_is_told_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step for each of four lengths; for the last also one for its layer, and its tracing."""
    steps = 4 + 1 + trace.LAYER_STEPS
    told: list[int] = []
    monkeypatch.setattr(feasible, "STEPS", steps)
    assert nearest_lengths(MULTIPLES, 0, 20, told.append) == (16, 24)
    assert sum(told) == 2 * steps
    monkeypatch.setattr(feasible, "STEPS", steps - 1)
    assert nearest_lengths(MULTIPLES, 0, 20) == ()


def test_equal_layers_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lengths are taken: what each layer does is what it does at the length that is known, and is not traced."""
    network = IMAGE_8.with_layer("a", convolution())
    for steps, rule in ((3 * 2, "any"), (3 * 2 - 1, "None")):
        monkeypatch.setattr(feasible, "STEPS", steps)
        assert str(feasible.size_rule(network, 0, 8, 3)) == rule


def test_lengths_are_looked_for_from_1_to_the_longest_map(monkeypatch: pytest.MonkeyPatch) -> None:
    padded = Convolution(SlidingWindow.of(3, 1, 4, axes=1), Filters(1))  # takes 0 units as well
    network = IMAGE_8.with_layer("a", padded)
    monkeypatch.setattr(feasible, "MAP_LENGTH", 8)
    nearest = {-4: (1,), 0: (1,), 2: (1, 3), 7: (6, 8), 8: (7,), 9: (8,), 12: (8,)}
    assert {length: nearest_lengths(network, 0, length) for length in nearest} == nearest


def test_the_grid_of_tiles_and_the_reads_to_follow_it_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network("small", 1, (64,)).with_layer("a", convolution(5, 4)).with_layer("b", convolution(3))
    holds_at(monkeypatch, tile_paths, "GRID", 4, lambda: Report(network).tiling())
    monkeypatch.undo()
    holds_at(monkeypatch, tile_paths, "READS", 5 + 3, lambda: Report(network).tiling())
