"""One axis of a network, followed from the image on: what is told where paths meet."""

import re
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rfdocs import Network, NetworkError, Report, UnitField
from rfdocs.algebra.field import IMAGE, PeriodicField
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.reads import IDENTITY, Broadcast, Reads, Window
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.trace import constant_paths
from rfdocs.operators import (
    Add,
    AppliedWindow,
    Convolution,
    Filters,
    GlobalPooling,
    SlidingWindow,
    TransposedConvolution,
)

CONSTANT = PeriodicField(1, 0, (Interval(0, 7),))


def convolution(kernel: int = 1, stride: int = 1, moved: int = 0) -> Convolution:
    """A convolution whose unit ``u`` is centred on unit ``u * stride + moved`` below."""
    half = kernel // 2
    return Convolution(SlidingWindow.of(kernel, stride, [(half - moved, half + moved)], axes=1), Filters(1))


@pytest.mark.parametrize(
    ("window", "reads", "pointwise"),
    [
        (None, (IDENTITY,), True),
        (None, (IDENTITY, IDENTITY), True),
        (None, (IDENTITY, Broadcast()), True),
        (None, (Broadcast(), IDENTITY), False),
        (None, (Window(stride=2),), False),
        (AppliedWindow(), (IDENTITY,), False),
        (None, (), False),
    ],
)
def test_what_is_made_of_one_unit_in_its_place(
    window: AppliedWindow | None, reads: tuple[Reads, ...], pointwise: bool
) -> None:
    assert AxisNode(8, reads, IMAGE, None, None, None, window).reads_pointwise is pointwise


@pytest.mark.parametrize(
    ("reads", "constant", "context"),
    [
        ([IDENTITY, IDENTITY], [False, False], [False, False]),
        ([IDENTITY, Broadcast()], [False, False], [False, True]),
        ([IDENTITY, IDENTITY], [False, True], [False, True]),
        ([Broadcast(), IDENTITY], [False, True], [True, False]),  # the map's own path, though it is the same for all
        ([IDENTITY, IDENTITY], [True, True], [False, False]),
        ([Broadcast(), Broadcast()], [False, False], [False, False]),
    ],
)
def test_some_path_is_always_spatial(reads: Sequence[Reads], constant: list[bool], context: list[bool]) -> None:
    sources = [AxisNode(8, (), CONSTANT if same else IMAGE, None, None, None) for same in constant]
    assert constant_paths(reads, sources) == context


PATHS = st.lists(st.tuples(st.integers(-3, 3), st.sampled_from([1, 3, 5])), min_size=2, max_size=5)


@given(PATHS)
@example([(-2, 1), (2, 1), (0, 1)])  # the third has the centre of the hull of the others
@example([(0, 1), (3, 1), (-3, 1)])
@example([(0, 1), (-3, 1), (3, 1)])
@example([(0, 3), (0, 1), (0, 5)])
def test_the_misalignment_is_the_distance_between_the_outermost_centres(paths: list[tuple[int, int]]) -> None:
    network = Network("paths", 1, (32,))
    for number, (moved, kernel) in enumerate(paths):
        network = network.with_layer(f"path{number}", convolution(kernel, moved=moved), "input")
        if number:
            network = network.with_layer(
                f"sum{number}", Add(), "path0" if number == 1 else f"sum{number - 1}", f"path{number}"
            )
    moves = [moved for moved, _ in paths]
    found = Report(network).last
    assert found.misalignment == (Fraction(max(moves) - min(moves)),)
    halves = [(moved - kernel // 2, moved + kernel // 2) for moved, kernel in paths]
    assert found.receptive_field == (max(last for _, last in halves) - min(first for first, _ in halves) + 1,)


def test_paths_of_different_jumps_meet_on_a_map_of_one_unit() -> None:
    network = Network("one", 1, (1,)).with_layer("a", convolution(3, 2)).with_layer("s", Add(), "a", "input")
    *_, merged, last = Report(network.with_layer("c", convolution()))
    assert (merged.receptive_field, merged.jump, merged.smallest_path) == ((3,), (None,), (1,))
    assert (last.receptive_field, last.jump, last.smallest_path, last.misalignment) == ((3,), (None,), (None,), (None,))


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (("same", "a", "b", "half"), "1 at a and 2 at half"),
        (("same", "half", "a", "b"), "2 at half and 1 at a"),
        (("a", "same", "half"), "1 at a and 2 at half"),
    ],
)
def test_a_refused_merge_names_the_first_path_and_the_first_of_another_jump(paths: Sequence[str], told: str) -> None:
    """One that is the same for every unit is context, and has no part in it."""
    network = Network("n", 1, (8,)).with_layer("one", GlobalPooling()).with_layer("same", convolution(), "one")
    network = network.with_layer("a", convolution(), "input").with_layer("b", convolution(3), "input")
    padded = Convolution(SlidingWindow.of(1, 2, [(4, 4)], axes=1), Filters(1))
    network = network.with_layer("half", padded, "input").with_layer("sum", Add(), *paths)
    with pytest.raises(NetworkError, match=re.escape(f"its paths cannot be merged: the jump is {told}")):
        Report(network)


def test_no_distance_is_told_from_a_path_that_reads_nothing() -> None:
    """Neither where it meets others nor at any merge behind; the hull is that of the others."""
    spread = TransposedConvolution(SlidingWindow.of(1, 2, axes=1), Filters(1), (1,))
    network = Network("holes", 1, (8,)).with_layer("spread", spread)
    network = network.with_layer("between", convolution(1, 2, moved=1))
    network = network.with_layer("far", convolution(3, moved=3), "input")
    network = network.with_layer("sum", Add(), "between", "far").with_layer("again", Add(), "sum", "input")
    report = Report(network)
    assert (report["between"].receptive_field, report["between"].start) == ((0,), (None,))
    assert (report["sum"].receptive_field, report["sum"].start) == ((3,), report["far"].start)
    assert report["again"].receptive_field == (5,)
    assert (report["sum"].misalignment, report["again"].misalignment) == ((None,), (None,))


def test_the_smallest_path_is_none_where_fields_have_phases() -> None:
    doubling = TransposedConvolution(SlidingWindow.of(3, 2, axes=1), Filters(1), (0,))
    network = Network("up", 1, (8,)).with_layer("a", convolution(3)).with_layer("up", doubling)
    assert [layer.smallest_path for layer in Report(network.with_layer("c", convolution(3)))] == [
        (3,),
        (None,),
        (None,),
    ]


@pytest.mark.parametrize(("length", "central"), [(1, 0), (2, 0), (7, 3), (8, 3)])
def test_the_central_unit_is_the_first_of_two_in_the_middle(length: int, central: int) -> None:
    assert AxisNode(length, (), IMAGE, None, None, None).central == central


def test_all_units_together_see_from_the_first_to_the_last() -> None:
    strided = PeriodicField(1, 2, (Interval(-1, 1),))
    assert AxisNode(4, (), strided, None, None, None).overall_field() == Interval(-1, 7)
    assert AxisNode(4, (), strided, PeriodicField(1, 0, (Interval(-5, 0),)), None, None).overall_field() == Interval(
        -5, 7
    )


def test_a_unit_says_what_it_sees_along_the_spatial_paths_only_where_that_is_less() -> None:
    near, far = Interval(0, 2), Interval(0, 9)
    same = UnitField(near, near, near, near, 3, 3)
    assert repr(same) == "UnitField(field=0..2, visible=0..2)"
    for field, visible in ((far, near), (near, far), (far, far)):
        shown = f"field={field.first}..{field.last}, visible={visible.first}..{visible.last}"
        gated = UnitField(field, visible, near, near, 10, 3)
        assert repr(gated) == f"UnitField({shown}, spatial_field=0..2, spatial_visible=0..2)"
        assert (gated.spatial_size, gated.spatial_center) == (3, Fraction(3, 2))
    nothing = UnitField(None, None, None, None, 0, 0)
    assert (nothing.size, nothing.center, nothing.spatial_size, nothing.spatial_center) == (0, None, 0, None)
    assert repr(nothing) == "UnitField(field=nothing, visible=nothing)"


def test_a_refusal_names_the_inputs_only_where_there_are_several() -> None:
    network = Network("n", 1, (9,)).with_layer("half", convolution(stride=2)).with_layer("sum", Add(), "half", "input")
    with pytest.raises(NetworkError, match=re.escape("5 and 9 (those of half and input, at an input length of 9)")):
        Report(network)
    small = Network("n", 1, (2,)).with_layer("wide", Convolution(SlidingWindow.of(3, axes=1), Filters(1)))
    with pytest.raises(NetworkError, match=re.escape("the map has 2 (at an input length of 2)")):
        Report(small)
