"""The laws of the algebra, each as a property: what makes one pass over a graph equal to the union over all paths."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rfdocs.algebra.field import IMAGE, PeriodicField, canonical, field_through, merged, overall_field, tabulated
from rfdocs.algebra.footprint import Footprint, paths_below, union
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.one_sided import end_of, in_order, one_sided
from rfdocs.algebra.paths import Paths, added, width_for
from rfdocs.algebra.ranges import joined_ranges, ranges_read, reads_consecutively
from rfdocs.algebra.reads import (
    IDENTITY,
    Adaptive,
    Around,
    Blocks,
    Broadcast,
    Edge,
    Interpolated,
    Lattice,
    Nearest,
    Nothing,
    Piece,
    Reads,
    TransposedWindow,
    Window,
)
from rfdocs.algebra.sizes import Rounding, padding_behind, same_padding, transposed_length, window_length
from rfdocs.errors import ArithmeticRefusal

small = st.integers(1, 5)
windows = st.builds(Window, small, small, small, st.integers(-3, 6))
transposed = st.builds(TransposedWindow, small, small, small, st.integers(0, 4))
nearest = st.builds(Nearest, small, st.just(1))
steps, offsets = st.integers(1, 7), st.integers(-9, 9)
resampled = st.one_of(
    st.builds(Nearest, steps, steps, offset=offsets, up=st.booleans()),
    st.builds(Interpolated, steps, steps, offsets, st.integers(1, 2)),
)
linear = st.builds(lambda factor: Interpolated(factor, 1, 1 - factor), small)
blocks = st.builds(Blocks, steps, offsets)
lattices = st.builds(Lattice, small, small)
reads = st.one_of(windows, transposed, nearest, linear, blocks)
plain_reads = st.one_of(
    reads, st.builds(Adaptive, st.integers(1, 7), st.integers(1, 9)), st.just(Broadcast()), lattices
)
all_reads = st.one_of(plain_reads, resampled)
intervals = st.builds(lambda first, size: Interval(first, first + size), st.integers(-50, 50), st.integers(0, 40))
counts = st.integers(0, 9) | st.integers(0, 2**140)
moves = st.integers(-9, 9)
intervals_of_units = st.builds(lambda first, more: Interval(first, first + more), st.integers(0, 20), st.integers(0, 5))
UNITS = range(-9, 10)


def _composed(chain: Sequence[Reads]) -> PeriodicField[Interval]:
    field = IMAGE
    for layer in chain:
        field = field_through(layer, field)
    return field


fields = st.lists(reads, max_size=3).map(_composed)


@given(all_reads, st.integers(-40, 40))
def test_every_pattern_repeats_as_it_says(layer: Reads, unit: int) -> None:
    moved = [tap + layer.shift for tap in layer.taps(unit)]
    assert list(layer.taps(unit + layer.period)) == moved


def test_a_pattern_of_one_size_is_none_of_the_layer_s() -> None:
    """Adaptive pooling divides the map that it is given; a window stays what it is."""
    assert (Window(3, 2).pattern, Adaptive(7, 10).pattern, Adaptive(7, 10, steady=True).pattern) == (
        (1, 2),
        None,
        (7, 10),
    )


@given(all_reads, st.integers(-40, 40), st.integers(0, 20))
def test_reach_holds_all_taps(layer: Reads, first: int, more: int) -> None:
    reach = layer.reach(Interval(first, first + more))
    assert all(reach.first <= tap <= reach.last for unit in range(first, first + more + 1) for tap in layer.taps(unit))


@given(st.one_of(windows, transposed, resampled, blocks), st.integers(-40, 40), st.integers(0, 20))
def test_reach_is_at_most_one_unit_wider_than_all_taps(layer: Reads, first: int, more: int) -> None:
    """Of a whole period; a kernel smaller than the stride leaves gaps at its ends, too."""
    units = Interval(first, first + layer.period * (more + 9))
    taps = [tap for unit in range(units.first, units.last + 1) for tap in layer.taps(unit)]
    reach = layer.reach(units)
    gap = layer.dilation if isinstance(layer, TransposedWindow) and layer.kernel < layer.stride else 1
    assert min(taps) - gap <= reach.first <= min(taps)
    assert max(taps) <= reach.last <= max(taps) + gap


@pytest.mark.parametrize("stride", range(1, 7))
@pytest.mark.parametrize("dilation", range(1, 7))
def test_a_transposed_window_reads_what_reaches_the_unit(stride: int, dilation: int) -> None:
    """Rule: ``u = i * stride - before + dilation * t``, every ``i`` and ``t`` tried."""
    for kernel, before, unit in product((1, 2, 4, 7), (0, 3), range(2 * stride)):
        layer = TransposedWindow(kernel, stride, dilation, before)
        reaching = [i for i in range(-50, 50) for t in range(kernel) if unit == i * stride - before + dilation * t]
        assert list(layer.taps(unit)) == reaching
        assert len(reaching) <= layer.width
        reach = layer.reach(Interval(0, stride * dilation - 1))
        everything = [i for u in range(stride * dilation) for i in layer.taps(u)]
        assert min(everything) - 1 <= reach.first <= min(everything)
        assert max(everything) == reach.last or kernel * dilation < stride


@pytest.mark.parametrize(
    ("layer", "width"),
    [
        (Window(kernel=5, dilation=2), 5),
        (TransposedWindow(kernel=5, stride=2), 3),
        (TransposedWindow(kernel=3, stride=4, dilation=2), 2),
        (Nearest(2, 1), 1),
        (Interpolated(2, 1, -1), 2),
        (Interpolated(3, 1, side=2), 4),
        (Adaptive(7, 24), 5),
        (Around(2, 1), 3),
        (Around(2, 3, side=2), 5),
        (Broadcast(), 1),
        (Blocks(7, 3), 7),
        (Lattice(3, 4), 3),
        (Piece(0, 2), 1),
        (Nothing(), 0),
    ],
)
def test_the_width_is_the_most_taps_of_any_unit(layer: Reads, width: int) -> None:
    """Adaptive pooling's is a bound: ``ceil`` and ``floor`` may both give one more."""
    assert layer.width == width
    assert max(len(layer.taps(unit)) for unit in range(layer.period)) == width


def test_a_map_of_which_nothing_is_read_has_no_taps() -> None:
    assert [list(Nothing().taps(unit)) for unit in (-1, 0, 3)] == [[], [], []]
    assert ranges_read(Nothing(), [Interval(0, 5)], 6) == []


def test_reach_of_a_spread_map_is_its_unit() -> None:
    assert Broadcast().reach(Interval(-3, 9)) == Interval(0, 0)


def test_a_map_of_one_unit_is_mirrored_in_itself() -> None:
    assert list(Window(kernel=3, before=1, edge=Edge.REFLECT).real_taps(0, 1)) == [0, 0, 0]


@pytest.mark.parametrize("length", range(2, 6))
def test_a_map_is_mirrored_without_its_ends_again_and_again(length: int) -> None:
    turn = [*range(length), *range(length - 2, 0, -1)]
    for tap in range(-13, 14):
        assert list(Window(before=-tap, edge=Edge.REFLECT).real_taps(0, length)) == [turn[tap % len(turn)]]


def test_a_jump_is_told_where_units_move_and_read_anything() -> None:
    assert (IMAGE.constant, IMAGE.jump) == (False, Fraction(1))
    still: PeriodicField[Interval] = PeriodicField(1, 0, (Interval(0, 3),))
    assert (still.constant, still.jump, still.start) == (True, None, Fraction(2))
    empty: PeriodicField[Interval] = PeriodicField(1, 2, (None,))
    assert (empty.constant, empty.jump, empty.slope) == (False, None, Fraction(2))


def test_the_smallest_field_of_a_table_is_that_of_the_map_s_own_units() -> None:
    table = tabulated([(Adaptive(2, 5), IMAGE), (Adaptive(3, 7), IMAGE)], Interval(-1, 3), 3, hull)
    sizes = [found.size for unit in range(3) if (found := table.at(unit))]
    assert (table.smallest, table.largest) == (min(sizes), max(sizes))
    assert table.smallest < table.largest


def test_a_period_is_the_whole_s_unless_all_phases_repeat() -> None:
    phases = (Interval(0, 0), Interval(1, 1), Interval(2, 2), Interval(3, 4))
    assert canonical(4, 4, phases).period == 4
    paths = [IMAGE, IMAGE, PeriodicField(2, 2, (Interval(0, 0), Interval(1, 2)))]
    assert [merged(paths, hull).at(unit) for unit in range(3)] == [Interval(0, 0), Interval(1, 2), Interval(2, 2)]
    with pytest.raises(ArithmeticRefusal, match="different jumps"):
        merged([IMAGE, PeriodicField(2, 2, (Interval(0, 0), Interval(1, 2))), PeriodicField(2, 3, (None, None))], hull)


@pytest.mark.parametrize("before", [-2, 0, 1, 3])
@pytest.mark.parametrize("kernel", [1, 2, 4])
@pytest.mark.parametrize("length", [None, 1, 3, 9])
def test_paths_through_the_commonest_window_are_counted_as_through_others(
    before: int, kernel: int, length: int | None
) -> None:
    window = Window(kernel=kernel, before=before)
    for paths in ({}, {0: 1}, {1: 2, 4: 3}, {2: 1, 3: 1, 7: 5}):
        taps = [(tap, count) for unit, count in paths.items() for tap in window.taps(unit)]
        real = [(tap, count) for tap, count in taps if length is None or 0 <= tap < length]
        expected = {tap: sum(count for other, count in real if other == tap) for tap, _ in sorted(real)}
        assert paths_below(window, paths, length) == expected


@given(
    windows | transposed | resampled | blocks | lattices,
    st.lists(intervals_of_units, min_size=1, max_size=3),
    st.integers(1, 30),
)
def test_ranges_that_are_read_hold_the_real_taps_and_nothing_else(
    layer: Reads, units: list[Interval], length: int
) -> None:
    found = ranges_read(layer, units, length)
    taps = {tap for run in units for unit in range(run.first, run.last + 1) for tap in layer.real_taps(unit, length)}
    assert {index for part in found for index in range(part.first, part.last + 1)} == taps
    assert all(part.first <= part.last for part in found)


@pytest.mark.parametrize("window", [Window(), Window(kernel=3, before=1), Window(kernel=2, stride=2)])
def test_ranges_end_where_the_map_does(window: Window) -> None:
    for units in (Interval(-4, -3), Interval(-2, 0), Interval(0, 0), Interval(1, 2), Interval(2, 9), Interval(8, 9)):
        taps = {tap for unit in range(units.first, units.last + 1) for tap in window.real_taps(unit, 5)}
        found = ranges_read(window, [units], 5)
        assert {index for part in found for index in range(part.first, part.last + 1)} == taps
        assert all(part.first <= part.last for part in found)


def test_ranges_are_joined_only_where_nothing_lies_between_them() -> None:
    assert joined_ranges([Interval(0, 1), Interval(2, 3)]) == [Interval(0, 3)]
    assert joined_ranges([Interval(0, 1), Interval(3, 4)]) == [Interval(0, 1), Interval(3, 4)]


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 5))
def test_consecutive_units_that_read_consecutive_ones_are_told(kernel: int, stride: int, unit: int) -> None:
    window = Window(kernel, stride)
    read = {*window.taps(unit), *window.taps(unit + 1)}
    assert reads_consecutively(window) == (len(read) == max(read) - min(read) + 1)
    assert not reads_consecutively(Window(kernel, stride, dilation=2))
    assert not reads_consecutively(Window(kernel, stride, edge=Edge.CIRCULAR))


@given(st.one_of(windows, transposed, blocks, lattices), st.integers(0, 40), st.integers(1, 40))
def test_real_taps_are_the_taps_on_the_map(layer: Reads, unit: int, length: int) -> None:
    assert list(layer.real_taps(unit, length)) == [tap for tap in layer.taps(unit) if 0 <= tap < length]


@given(resampled, st.integers(0, 40), st.integers(1, 40))
def test_a_resampling_holds_the_edge(layer: Reads, unit: int, length: int) -> None:
    held = {min(max(tap, 0), length - 1) for tap in layer.taps(unit)}
    assert list(layer.real_taps(unit, length)) == sorted(held)


@given(blocks, st.integers(-40, 40), st.integers(-40, 40))
def test_units_of_one_block_read_each_other(layer: Blocks, unit: int, other: int) -> None:
    """And all that they read; units of two blocks read nothing in common. A block begins at the offset."""
    taps = list(layer.taps(unit))
    assert unit in taps
    assert (other in taps) == (list(layer.taps(other)) == taps) == (not set(taps).isdisjoint(layer.taps(other)))
    assert layer.taps(layer.offset)[0] == layer.offset


@given(st.lists(small, min_size=1, max_size=4), st.integers(-9, 30), st.integers(0, 9))
def test_a_unit_lies_on_one_of_the_maps_side_by_side(lengths: list[int], unit: int, more: int) -> None:
    """On the next unit of it, or of the map behind it; on maps without ends on the outermost ones beyond both ends."""
    ends = list(accumulate(lengths))
    pieces = [Piece(end - length, None if end == ends[-1] else end) for length, end in zip(lengths, ends, strict=True)]
    ((place, tap),) = [(place, tap) for place, piece in enumerate(pieces) for tap in piece.taps(unit)]
    assert tap == unit - sum(lengths[:place])
    assert (0 <= unit < ends[-1]) == (list(pieces[place].real_taps(unit, lengths[place])) == [tap])
    reach = pieces[place].reach(Interval(unit, unit + more))
    taps = [tap for other in range(unit, unit + more + 1) for tap in pieces[place].taps(other)]
    assert (reach.first, reach.last) == (min(taps), max(taps))


@given(lattices, st.integers(0, 24), st.integers(0, 24))
def test_units_of_one_grid_read_each_other(layer: Lattice, unit: int, other: int) -> None:
    """Every unit of the map reads itself; those at whole distances, and no others, are read."""
    length = layer.count * layer.distance
    unit, other = unit % length, other % length
    assert (other in layer.taps(unit)) == ((other - unit) % layer.distance == 0)
    assert layer.reach(Interval(unit, unit)) == Interval(0, length - 1)


@given(small, st.integers(1, 3), st.integers(0, 30), st.integers(0, 20))
def test_a_window_that_is_kept_inside_reads_as_many_units(kernel: int, dilation: int, unit: int, more: int) -> None:
    """As far apart, in the same places among those, itself among them; where it lies inside, where it would lie."""
    length = kernel * dilation + more
    window = Window(kernel, 1, dilation, dilation * (kernel // 2), Edge.INSIDE)
    unit %= length
    taps = list(window.real_taps(unit, length))
    assert unit in taps
    assert taps == list(range(taps[0], taps[0] + kernel * dilation, dilation))
    assert min(taps) >= 0
    assert max(taps) < length
    wanted = window.taps(unit)
    if wanted[0] >= 0 and wanted[-1] < length:
        assert taps == list(wanted)
    else:
        assert taps[0] < dilation or taps[-1] >= length - dilation


@given(
    windows, st.sampled_from([edge for edge in Edge if edge is not Edge.INSIDE]), st.integers(0, 9), st.integers(2, 12)
)
def test_what_padding_holds_is_a_map_without_ends(window: Window, edge: Edge, unit: int, length: int) -> None:
    """Each kind of padding is one endless sequence of the map's units, written out here."""
    around = {
        Edge.ZERO: [None] * 60 + [*range(length)] + [None] * 90,
        Edge.REPLICATE: [0] * 60 + [*range(length)] + [length - 1] * 90,
        Edge.REFLECT: ([*range(length), *range(length - 2, 0, -1)] * 90)[60 * (2 * length - 2) - 60 :],
        Edge.CIRCULAR: ([*range(length)] * 90)[60 * length - 60 :],
    }[edge]
    padded = Window(window.kernel, window.stride, window.dilation, window.before, edge)
    expected = sorted(place for tap in padded.taps(unit) if (place := around[60 + tap]) is not None)
    assert list(padded.real_taps(unit, length)) == expected


@given(resampled, st.integers(-20, 20))
def test_a_resampling_reads_around_one_place(layer: Reads, unit: int) -> None:
    """Rule: ``x = (2 * u * shift + offset) / (2 * period)``; all that lies nearer than the number of its sides."""
    place = Fraction(2 * unit * layer.shift + layer.offset, 2 * layer.period)  # type: ignore[attr-defined]
    if isinstance(layer, Interpolated):
        near = [index for index in range(-200, 200) if abs(index - place) < layer.side]
        assert list(layer.taps(unit)) == ([int(place)] if place.denominator == 1 else near)
    else:
        (tap,) = layer.taps(unit)
        assert 0 <= (tap - place if layer.up else place - tap) < 1  # type: ignore[attr-defined]


@given(fields)
def test_the_identity_changes_nothing(field: PeriodicField[Interval]) -> None:
    assert field_through(IDENTITY, field) == field
    assert field_through(Nearest(1, 1), field) == field
    assert field_through(Interpolated(1, 1, side=2), field) == field


@given(windows, windows, st.integers(-20, 20))
def test_composition_is_associative(inner: Window, outer: Window, unit: int) -> None:
    """Two layers at once, as a set of taps of taps, reach what the two after each other reach."""
    at_once = hull(Interval(tap, tap) for middle in outer.taps(unit) for tap in inner.taps(middle))
    assert field_through(outer, field_through(inner, IMAGE)).at(unit) == at_once


@given(reads, fields, st.integers(-20, 20))
def test_a_layer_reaches_the_hull_over_its_taps(layer: Reads, field: PeriodicField[Interval], unit: int) -> None:
    assert field_through(layer, field).at(unit) == hull(field.at(tap) for tap in layer.taps(unit))


@given(reads, reads, reads)
def test_composition_distributes_over_merging(first: Reads, second: Reads, layer: Reads) -> None:
    """Hence one topological pass gives the union over all paths."""
    paths = [field_through(first, IMAGE), field_through(second, IMAGE)]
    if paths[0].jump != paths[1].jump:
        with pytest.raises(ArithmeticRefusal, match="different jumps"):
            merged(paths, hull)
        return
    together = field_through(layer, merged(paths, hull))
    apart = merged([field_through(layer, path) for path in paths], hull)
    assert [together.at(unit) for unit in UNITS] == [apart.at(unit) for unit in UNITS]


def test_paths_of_one_jump_are_told_by_shift_and_period() -> None:
    halved = PeriodicField(2, 1, (Interval(0, 0), Interval(0, 1)))
    for paths in ([IMAGE, halved], [halved, IMAGE], [IMAGE, PeriodicField(1, 2, (Interval(0, 0),))]):
        with pytest.raises(ArithmeticRefusal, match="different jumps"):
            merged(paths, hull)
    unfolded = PeriodicField(2, 2, (Interval(0, 0), Interval(1, 2)))
    assert merged([IMAGE, unfolded], hull) == unfolded


@given(st.lists(st.none() | intervals, max_size=5), st.randoms())
def test_the_hull_knows_no_order_and_no_repetition(parts: list[Interval | None], shuffler: object) -> None:
    shuffled = list(parts)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert hull(shuffled) == hull(parts) == hull([*parts, *parts]) == hull([hull(parts), None])


@given(fields, fields)
def test_merging_commutes_and_is_idempotent(first: PeriodicField[Interval], second: PeriodicField[Interval]) -> None:
    assert merged([first, first], hull) == first
    if first.jump == second.jump:
        assert merged([first, second], hull) == merged([second, first], hull)


@given(fields, st.integers(1, 4))
def test_a_field_has_one_canonical_form(field: PeriodicField[Interval], times: int) -> None:
    unfolded = tuple(field.at(unit) for unit in range(field.period * times))
    assert canonical(field.period * times, field.shift * times, unfolded) == field


@given(windows, windows, windows)
def test_the_four_equations(first: Window, second: Window, third: Window) -> None:
    """Size, jump and start of a chain of windows, as the guide computes them step by step."""
    size, jump, start = 1, Fraction(1), Fraction(1, 2)
    for window in (first, second, third):
        covered = window.dilation * (window.kernel - 1) + 1
        size += (covered - 1) * int(jump)
        start += (Fraction(covered - 1, 2) - window.before) * jump
        jump *= window.stride
    field = _composed([first, second, third])
    assert (field.largest, field.smallest, field.jump, field.start) == (size, size, jump, start)


def test_strides_multiply_the_jump_of_units_that_read_nothing() -> None:
    """Rule: ``jump' = jump * s``, which other paths are compared with, also where all taps meet gaps."""
    gaps = field_through(Window(stride=2, before=1), field_through(TransposedWindow(kernel=1, stride=2), IMAGE))
    strided = field_through(Window(kernel=3, stride=4), gaps)
    assert gaps.largest == strided.largest == 0
    assert (gaps.shift, gaps.period) == (1, 1)
    assert (strided.shift, strided.period, strided.start) == (4, 1, None)


@given(fields)
def test_the_start_lies_on_the_line_through_the_centres(field: PeriodicField[Interval]) -> None:
    seen = [(unit, found) for unit in range(field.period) if (found := field.at(unit)) is not None]
    if not seen:
        assert field.start is None
        return
    jump = field.jump or 0
    centres = sum(found.center for _, found in seen)
    assert field.start == (centres - jump * sum(unit for unit, _ in seen)) / len(seen)


@given(fields, st.integers(-20, 20), st.integers(0, 60))
def test_overall_is_the_hull_over_all_units(field: PeriodicField[Interval], first: int, more: int) -> None:
    units = Interval(first, first + more)
    assert overall_field(field, units) == hull(field.at(unit) for unit in range(units.first, units.last + 1))


@given(reads, fields)
def test_a_table_holds_what_the_period_says(layer: Reads, field: PeriodicField[Interval]) -> None:
    table = tabulated([(layer, field)], Interval(-4, 12), 9, hull)
    periodic = field_through(layer, field)
    assert [table.at(unit) for unit in range(-4, 13)] == [periodic.at(unit) for unit in range(-4, 13)]
    assert overall_field(table, Interval(-4, 12)) == hull(periodic.at(unit) for unit in range(-4, 13))
    assert table.largest == max((found.size if (found := periodic.at(unit)) else 0) for unit in range(9))
    with pytest.raises(IndexError, match="unit 13 was not tabulated"):
        table.at(13)


def indices(pixels: Footprint) -> set[int]:
    return {pixels.first + place for place in range(pixels.size) if pixels.bits >> place & 1}


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 2**20)), min_size=1, max_size=4))
def test_footprints_are_sets(parts: list[tuple[int, int]]) -> None:
    prints = [Footprint(first, 2 * bits + 1) for first, bits in parts]
    joined = union(prints)
    assert joined is not None
    assert indices(joined) == {index for part in prints for index in indices(part)}
    assert joined.members == len(indices(joined))
    assert joined.last == max(indices(joined))


@given(st.integers(-30, 30), st.integers(0, 2**20), st.integers(-9, 9))
def test_a_footprint_moves_with_its_indices(first: int, bits: int, distance: int) -> None:
    footprint = Footprint(first, 2 * bits + 1)
    assert indices(footprint.shifted(distance)) == {index + distance for index in indices(footprint)}


@given(st.integers(0, 2**200))
@example(2**64)
@example(2**128)
def test_counts_stand_in_the_fewest_machine_words_that_hold_them(count: int) -> None:
    width = width_for(count)
    assert count < 2**width
    assert width in {8, 16, 32, 64} or width % 64 == 0
    assert width == 8 or count >= 2 ** (width // 2 if width <= 64 else width - 64)


@given(st.lists(st.tuples(st.integers(-9, 9), st.lists(counts, min_size=1, max_size=5)), min_size=1, max_size=3), moves)
@example([(0, [2**128 + 2**64 + 1, 2**64, 0])], 0)
def test_responses_are_added_count_by_count(parts: list[tuple[int, list[int]]], distance: int) -> None:
    width = width_for(sum(count for _, numbers in parts for count in numbers))
    packed = [
        Paths(first, len(numbers), sum(count << place * width for place, count in enumerate(numbers)), width)
        for first, numbers in parts
    ]
    assert [part.counts() for part in packed] == [numbers for _, numbers in parts]
    summed = Counter[int]()
    for first, numbers in parts:
        summed.update(dict(enumerate(numbers, start=first)))
    found = added([*packed, None])
    assert found is not None
    assert found.counts() == [summed[index] for index in range(min(summed), max(summed) + 1)]
    assert (found.first, found.last) == (min(summed), max(summed))
    assert found.shifted(distance) == found._replace(first=found.first + distance)


@given(all_reads, st.dictionaries(st.integers(-9, 20), st.integers(1, 9)), st.none() | st.integers(1, 12))
def test_paths_are_counted_tap_by_tap(layer: Reads, paths: dict[int, int], length: int | None) -> None:
    taps = {unit: layer.taps(unit) if length is None else layer.real_taps(unit, length) for unit in paths}
    reached = sorted({tap for found in taps.values() for tap in found})
    counted = {tap: sum(count * list(taps[unit]).count(tap) for unit, count in paths.items()) for tap in reached}
    assert paths_below(layer, paths, length) == counted


@given(st.integers(1, 300), st.integers(1, 9), st.integers(1, 9))
def test_same_padding_divides_the_length_by_the_stride(length: int, covered: int, stride: int) -> None:
    """TensorFlow's rule: ``ceil(n / s)`` units, with as little padding as that takes, split evenly."""
    before, after = same_padding(length, covered, stride)
    assert window_length(length, covered, stride, before, after, Rounding.FLOOR) == -(-length // stride)
    assert before <= after <= before + 1
    assert same_padding(length, covered, stride, lower=True) == (after, before)


@given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 9), st.integers(0, 3))
def test_the_last_window_of_every_rounding(length: int, covered: int, stride: int, pad: int) -> None:
    """Windows counted one by one, with PyTorch's padding of at most half a window: whole ones; with ceil also the
    next one, if it starts on the map or its left padding.
    """
    pad = min(pad, covered // 2)
    room = length + 2 * pad
    whole = sum(u * stride + covered <= room for u in range(length + 9))
    cut = next(u for u in range(length + 9) if u * stride + covered >= room or u * stride >= length + pad)
    kept = cut + (cut * stride < length + pad)
    for rounding, expected in ((Rounding.FLOOR, whole), (Rounding.CEIL, kept)):
        if expected and (rounding is Rounding.FLOOR or room - covered > -stride):
            assert window_length(length, covered, stride, pad, pad, rounding) == expected
        else:
            with pytest.raises(ArithmeticRefusal, match="does not fit"):
                window_length(length, covered, stride, pad, pad, rounding)


@given(
    st.integers(1, 40), st.integers(1, 7), st.integers(1, 5), st.integers(0, 4), st.integers(0, 4), st.integers(1, 9)
)
def test_the_padding_behind_is_the_nearest_that_gives_so_many_windows(
    length: int, covered: int, stride: int, before: int, after: int, count: int
) -> None:
    nearest = sorted(range(-99, 99), key=lambda behind: abs(behind - after))
    fitting = (behind for behind in nearest if (length + before + behind - covered) // stride + 1 == count)
    assert padding_behind(count, length, covered, stride, before, after) == next(fitting)


@pytest.mark.parametrize(
    ("before", "after", "padded"),
    [(0, 0, ""), (1, 0, ", 3 with its padding"), (0, 2, ", 4 with its padding"), (1, 1, ", 4 with its padding")],
)
def test_a_window_that_does_not_fit_tells_the_padding_of_either_side(before: int, after: int, padded: str) -> None:
    with pytest.raises(ArithmeticRefusal, match=f"^its window of 5 does not fit: the map has 2{padded}$"):
        window_length(2, 5, 1, before, after, Rounding.FLOOR)


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2))
def test_a_transposed_convolution_undoes_the_size_of_a_convolution(n: int, covered: int, stride: int, pad: int) -> None:
    """Some output padding below the stride gives back the size that the convolution was applied to."""
    if n + 2 * pad < covered:
        return
    rest = (n + 2 * pad - covered) % stride
    count = window_length(n, covered, stride, pad, pad, Rounding.FLOOR)
    assert transposed_length(count, covered, stride, pad, pad, rest) == n


@given(fields, st.integers(1, 20), st.booleans())
def test_of_fields_in_order_the_outermost_pixel_tells_all_on_one_side(
    field: PeriodicField[Interval], length: int, before: bool
) -> None:
    """What lies between it and a unit's own field is the hull's, for units outside the map as well."""
    own = [field.at(unit) for unit in range(length)]
    aside = one_sided(own, Interval(-5, length + 5), before=before)
    pixel = end_of(own[0 if before else -1], before=before)
    units = range(-5, length + 6)
    told = [hull((field.at(unit), pixel)) == hull((field.at(unit), aside.at(unit))) for unit in units]
    assert all(told) or not in_order(field)


@given(st.lists(st.one_of(st.none(), intervals), min_size=1, max_size=9), st.booleans())
def test_one_side_of_a_unit_and_the_other_are_the_whole_map(own: list[Interval | None], before: bool) -> None:
    units = Interval(0, len(own) - 1)
    sides = [one_sided(own, units, before=side) for side in (before, not before)]
    for unit, field in enumerate(own):
        assert hull([side.at(unit) for side in sides]) == hull(own)
        assert sides[0].at(unit) == hull([field, sides[0].at(unit)])
    assert sides[0].at(units.last if before else 0) == hull(own)


@given(fields)
def test_fields_in_order_never_go_back(field: PeriodicField[Interval]) -> None:
    places = [field.at(unit) for unit in range(3 * field.period)]
    steps = [
        one is not None and other is not None and one.first <= other.first and one.last <= other.last
        for one, other in pairwise(places)
    ]
    assert in_order(field) == all(steps)
    assert not in_order(tabulated([(IDENTITY, field)], Interval(0, 2), 3, hull))
