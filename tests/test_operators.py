"""Resampling and cropping, each beside its definition: every unit's place on the map before, as an exact fraction."""

from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

import pytest

from rfdocs.algebra.reads import IDENTITY, Edge, Window
from rfdocs.algebra.sizes import Rounding
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators import (
    Add,
    Concat,
    Correlation,
    CropTo,
    CrossCorrelation,
    Filters,
    Multiply,
    PadTo,
    PutTokens,
    TakeToken,
    TransposedConvolution,
    Unpooling,
    Upsample,
    WholeMap,
)
from rfdocs.operators.channels import Channels
from rfdocs.operators.operator import AxisStep, ChannelSlice, Tokens
from rfdocs.operators.resampling import AdaptivePooling, Coordinates, NearestRule, PixelShuffle
from rfdocs.operators.windows import Margins, Pooling, SlidingWindow

HALF = Fraction(1, 2)
ROUNDED = {
    NearestRule.FLOOR: floor,
    NearestRule.CEIL: ceil,
    NearestRule.PREFER_FLOOR: lambda place: ceil(place - HALF),
    NearestRule.PREFER_CEIL: lambda place: floor(place + HALF),
}


def places(upsample: Upsample, length: int, count: int) -> list[Fraction]:
    """Where the units lie among those before. Source: PyTorch ``interpolate``; ONNX ``Resize``."""
    ratio = Fraction(length, count)
    if upsample.scale is not None and not upsample.recomputed:
        ratio = 1 / Fraction(upsample.scale[0])
    linear = upsample.bilinear or upsample.bicubic
    if upsample.corners:
        return [Fraction(unit * (length - 1), max(count - 1, 1)) for unit in range(count)]
    if upsample.bilinear and upsample.coordinates is None and length == count:
        return [Fraction(unit) for unit in range(count)]
    if upsample.coordinates is Coordinates.PYTORCH_HALF_PIXEL and count == 1:
        return [Fraction(0)]
    whole = upsample.coordinates is None and not linear and upsample.rounded is NearestRule.FLOOR
    if whole or upsample.coordinates is Coordinates.ASYMMETRIC:
        return [unit * ratio for unit in range(count)]
    moved = (length - count * ratio) / 2 if upsample.coordinates is Coordinates.HALF_PIXEL_SYMMETRIC else Fraction(0)
    return [(unit + HALF) * ratio - HALF + moved for unit in range(count)]


def read_around(upsample: Upsample, place: Fraction, length: int) -> set[int]:
    """What a unit reads that lies there, the edge replicated."""
    side = 2 if upsample.bicubic else 1
    if not (upsample.bilinear or upsample.bicubic):
        around = [ROUNDED[upsample.rounded](place)]
    elif place == floor(place):
        around = [floor(place)]
    else:
        around = list(range(floor(place) - side + 1, floor(place) + side + 1))
    return {min(max(unit, 0), length - 1) for unit in around}


KINDS: list[dict[str, Any]] = [{}, {"bilinear": True}, {"bicubic": True}, {"bilinear": True, "corners": True}]
RESIZED: list[dict[str, Any]] = [
    {"scale": (factor,)} for factor in (1, 2, Fraction(2, 5), Fraction(3, 2), Fraction(11, 10))
]
RESIZED += [{"size": (size,)} for size in (1, 2, 5, 7)]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("coordinates", [None, *Coordinates])
def test_a_resampling_reads_what_lies_around_its_units_places(
    kind: dict[str, Any], coordinates: Coordinates | None
) -> None:
    for size, rounded, recomputed, length in product(RESIZED, NearestRule, (False, True), (3, 5)):
        upsample = Upsample(**kind, **size, coordinates=coordinates, rounded=rounded, recomputed=recomputed)
        step = upsample.axis(0, (length,), None)
        read = [set(step.reads[0].real_taps(unit, length)) for unit in range(step.length)]
        around = [read_around(upsample, place, length) for place in places(upsample, length, step.length)]
        assert read == around, (upsample, length)


@pytest.mark.parametrize(
    ("upsample", "length"),
    [
        (Upsample(scale=(1,)), 5),
        (Upsample(size=(5,), corners=True, bicubic=True), 5),
        (Upsample(size=(1,), corners=True, bicubic=True), 1),
        (Upsample(size=(5,), bilinear=True), 5),
        (Upsample(scale=(Fraction(11, 10),), bilinear=True), 5),  # as PyTorch, whatever the factor
    ],
)
def test_a_resampling_that_moves_nothing_is_the_identity(upsample: Upsample, length: int) -> None:
    assert upsample.axis(0, (length,), None).reads == (IDENTITY,)
    assert PixelShuffle((1,)).axis(0, (length,), None).reads == (IDENTITY,)


@pytest.mark.parametrize(
    ("length", "given_upsample", "steady"),
    [
        (10, Upsample(scale=(Fraction(3, 2),)), True),
        (5, Upsample(scale=(Fraction(3, 2),), recomputed=True), False),
        (10, Upsample(scale=(Fraction(3, 2),), recomputed=True), True),
        (5, Upsample(size=(10,)), True),
        (10, Upsample(size=(5,)), True),
        (5, Upsample(size=(7,)), False),
        (5, Upsample(size=(9,), bilinear=True, corners=True), False),
    ],
)
def test_a_resampling_holds_for_other_sizes_only_with_a_factor(
    length: int, given_upsample: Upsample, steady: bool
) -> None:
    assert given_upsample.axis(0, (length,), None).reads[0].steady == steady


def test_the_map_is_one_unit_behind_a_pooling_to_one() -> None:
    sizes = [(1, 1), (1, 2), (2, 2)]
    assert [AdaptivePooling(size).collapses for size in sizes] == [True, False, False]
    assert [Upsample(size=size, area=True).collapses for size in sizes] == [True, False, False]
    assert not Upsample(size=(1, 1)).collapses
    assert not Upsample(scale=(1, 1), area=True).collapses


@pytest.mark.parametrize("padding", ["same_upper", "same_lower"])
@pytest.mark.parametrize("asked", [True, False])
def test_a_transposed_convolution_of_onnx_makes_every_unit_into_its_stride(padding: Any, asked: bool) -> None:
    """Whatever its output padding is, and whether it was written down."""
    for kernel, stride, added in product((1, 2, 3, 5), (1, 2, 3), (0, 1)):
        window = SlidingWindow.of(kernel, stride, padding=padding, axes=1)
        step = TransposedConvolution(window, Filters(1), (added,), asked).axis(0, (4,), None)
        assert step.length == 4 * stride
        assert step.window is not None
        assert step.window.transposed


@pytest.mark.parametrize(("length", "wanted"), [(9, 4), (9, 5), (9, 9), (10, 1)])
def test_a_crop_is_centred_unless_it_begins_elsewhere(length: int, wanted: int) -> None:
    for offset in (None, *range(length - wanted + 1)):
        crop = CropTo((wanted,), None if offset is None else (offset,))
        step = crop.axis(0, (length,), None)
        first = (length - wanted) // 2 if offset is None else offset
        assert [list(step.reads[0].taps(unit)) for unit in range(wanted)] == [[first + unit] for unit in range(wanted)]
        assert step.window is not None
        assert step.window.padding == (-first, -(length - wanted - first))


@pytest.mark.parametrize(
    ("crop", "said"),
    [
        (CropTo((6,)), "it takes 6 units from -1 on, of a map that has 5"),
        (CropTo((3,), (3,)), "it takes 3 units from 3 on, of a map that has 5"),
        (CropTo((2,), evenly=True), "it cuts 5 units to 2, which is not as much before as after"),
    ],
)
def test_a_crop_stays_on_the_map(crop: CropTo, said: str) -> None:
    with pytest.raises(ArithmeticRefusal, match=f"^{said}$"):
        crop.axis(0, (5,), None)
    assert CropTo((3,), evenly=True).axis(0, (5,), None).length == CropTo((3,), (2,)).axis(0, (5,), None).length == 3


def test_padding_to_a_size_mirrors_no_more_than_there_is() -> None:
    step = PadTo((5,), Edge.REFLECT).axis(0, (3,), None)
    assert step.window is not None
    assert step.window.padding == (1, 1)
    odd = PadTo((6,)).axis(0, (3,), None).window
    assert odd is not None
    assert odd.padding == (1, 2)
    for edge, size in ((Edge.REFLECT, 8), (Edge.CIRCULAR, 10)):
        with pytest.raises(ArithmeticRefusal, match="units of a map that has 3"):
            PadTo((size,), edge).axis(0, (3,), None)


def test_a_map_of_one_unit_or_one_channel_goes_with_any_other() -> None:
    assert Add().axis(0, (1, 4), None).length == 4
    assert Multiply().channels((1, 8)) == Multiply().channels((8, 1)) == 8
    assert Multiply().channels((1, 1)) == 1
    third = Channels(((2, 3),))
    assert Multiply().origins(third, (1, 8)) == (Channels.all(1), third)
    for operator in (Add(), Multiply(), Concat()):
        with pytest.raises(ArithmeticRefusal, match="its inputs have different sizes: 2 and 4"):
            operator.axis(0, (2, 4), None)
    for merge, channels in ((Add(), (1, 8)), (Multiply(), (2, 8))):
        with pytest.raises(ArithmeticRefusal, match="its inputs have different channels"):
            merge.channels(channels)


@pytest.mark.parametrize("restores", [False, True])
@pytest.mark.parametrize("dilation", [1, 2])
def test_an_unpooling_makes_every_unit_that_its_pooling_may_name(dilation: int, restores: bool) -> None:
    """Of the first axis, where places may lie in fewer units than were pooled. Every unit of every window tried."""
    for kernel, stride, padding, length in product((1, 2, 3), (1, 2, 3), (0, 1), range(3, 9)):
        window = SlidingWindow.of(kernel, stride, padding, dilation, axes=1)
        extent = dilation * (kernel - 1) + 1
        if padding > kernel // 2 or extent > length + 2 * padding:
            continue
        count = (length + 2 * padding - extent) // stride + 1
        taps = [unit * stride - padding + dilation * tap for unit in range(count) for tap in range(kernel)]
        last = max((tap for tap in taps if 0 <= tap < length), default=-1)
        unpooling = Unpooling((kernel,), (stride,), (padding,), window, restores)
        made = (count - 1) * stride + kernel - 2 * padding
        expected = length if restores else made
        if made < 1 or (abs(made - length) >= stride if restores else made not in {length, *range(last + 1, 99)}):
            with pytest.raises(ArithmeticRefusal):
                unpooling.axis(0, (count,), length)
            continue
        step = unpooling.axis(0, (count,), length)
        assert step.length == expected
        assert step.window is not None
        assert step.window.transposed
        assert step.window.padding == (padding, (count - 1) * stride + extent - padding - expected)


@pytest.mark.parametrize(
    ("edge", "taken", "refused"),
    [
        (Edge.ZERO, [(9, 9), (1, -1), (-1, -1)], []),
        (Edge.REFLECT, [(2, 2), (1, -1)], [(3, 0), (0, 3)]),
        (Edge.CIRCULAR, [(3, 3), (1, 0), (-1, 0), (-1, -1)], [(4, 0), (0, 4), (1, -1), (-1, 1)]),
    ],
)
def test_a_map_gives_an_edge_what_it_has(
    edge: Edge, taken: list[tuple[int, int]], refused: list[tuple[int, int]]
) -> None:
    """Of three units: PyTorch mirrors two at most, goes round once at most, and does not do so and cut at once."""
    for margins in taken:
        assert Margins((margins,), edge).axis(0, (3,), None).length == 3 + sum(margins)
    for margins in refused:
        for padded in (Margins((margins,), edge), Pooling(SlidingWindow.of(1, padding=(margins,), axes=1, edge=edge))):
            with pytest.raises(ArithmeticRefusal, match=r"of a map that has 3$|crop in a layer before it$"):
                padded.axis(0, (3,), None)


@pytest.mark.parametrize(
    ("padding", "length"),
    [(0, 2), (((0, 0), (0, 0)), 2), ("valid", 2), (((0, 0), (0, 1)), 1), (((0, 0), (1, 0)), 1), ("same", 1)],
)
def test_caffe_leaves_out_a_window_behind_the_map_where_any_axis_is_padded(padding: Any, length: int) -> None:
    """Every other unit of two: rounded up, the second window begins behind the map."""
    window = SlidingWindow.of(1, 2, padding, rounding=Rounding.CAFFE)
    assert window.axis(0, 2).length == length


def test_a_slice_takes_the_channels_that_are_there() -> None:
    assert ChannelSlice(3, 1).channels((4,)) == 3
    for start, said in ((0, "it takes 5 channels"), (1, "it takes 5 channels from channel 1 on")):
        with pytest.raises(ArithmeticRefusal, match=f"^{said} of a map that has 4$"):
            ChannelSlice(5, start).channels((4,))
    with pytest.raises(ArithmeticRefusal, match=r"of a map that has 4$"):
        ChannelSlice(3, 2).channels((4,))


@pytest.mark.parametrize(
    ("kernel", "axes", "same"),
    [((3, 5), (0, 1), False), ((3, 3), (0, 1), True), ((5, 3, 3), (0, 1, 2), False), ((5, 3, 3), (1, 2), True)],
)
def test_an_operator_is_uniform_where_its_attributes_agree_on_the_axes(
    kernel: tuple[int, ...], axes: tuple[int, ...], same: bool
) -> None:
    assert Pooling(SlidingWindow.of(kernel, axes=len(kernel))).uniform(axes) is same


@pytest.mark.parametrize(
    ("size", "collapses"), [(None, False), ((3, 4), False), ((1, 2), False), ((2, 2), False), ((1, 1), True)]
)
def test_what_reads_the_whole_map_collapses_it_to_one_unit_only(size: tuple[int, int] | None, collapses: bool) -> None:
    assert WholeMap(size=size).collapses == collapses


@pytest.mark.parametrize(
    ("operator", "kept"),
    [(WholeMap(), True), (WholeMap(channels_out=4), False), (WholeMap(unknown=True), False)],
)
def test_a_transform_of_each_channel_keeps_them_apart(operator: WholeMap, kept: bool) -> None:
    chosen = Channels.all(4).within(1, 2)
    assert operator.origins(chosen, (4,)) == ((chosen if kept else Channels.all(4)),)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_reads_the_whole_map_has_as_many_units_as_are_asked(count: int) -> None:
    step = WholeMap(size=(count,)).axis(0, (5,), None)
    assert (step.length, sorted(set(step.reads[0].taps(count - 1)))) == (count, [0, 1, 2, 3, 4])
    assert (step.window is None) == (count > 1)


def test_only_maps_of_as_many_channels_are_compared() -> None:
    with pytest.raises(ArithmeticRefusal, match="different channels: 3 and 4"):
        Correlation((1,), (1,)).channels((3, 4))


def test_a_map_as_large_as_the_other_is_read_whole_by_the_one_unit() -> None:
    slid = CrossCorrelation()
    assert slid.axis(0, (6, 6), None) == AxisStep(1, (Window(6), Window(6)))
    assert [*slid.axis(0, (7, 6), None).reads[1].taps(1)] == [0, 1, 2, 3, 4, 5]


def test_a_channel_of_a_map_that_slides_is_made_of_its_group() -> None:
    """Of 4 channels in 2 groups, and 8 of the map that slides: 4 filters of 2 channels each."""
    slid = CrossCorrelation(2)
    assert slid.channels((4, 8)) == 4
    assert slid.origins(Channels(((3, 4),)), (4, 8)) == (Channels(((2, 4),)), Channels(((6, 8),)))
    assert slid.origins(Channels(((1, 2),)), (4, 8)) == (Channels(((0, 2),)), Channels(((2, 4),)))


def test_only_tokens_that_are_there_and_attended_are_taken() -> None:
    assert TakeToken(1).tokens((Tokens(2, informed=True),)) == Tokens()
    with pytest.raises(ArithmeticRefusal, match="it takes token 1, counted from 0, of a map that has 1"):
        TakeToken(1).tokens((Tokens(1, informed=True),))
    with pytest.raises(ArithmeticRefusal, match="its token attended to no unit"):
        TakeToken().tokens((Tokens(1),))


def test_tokens_are_put_beside_a_map_of_any_size_that_has_none() -> None:
    assert PutTokens().axis(0, (5, 3), None).length == 5
    assert PutTokens().tokens((Tokens(), Tokens(2, informed=True))) == Tokens(2, informed=True)
    for own, other in ((1, 1), (0, 0), (1, 0)):
        with pytest.raises(ArithmeticRefusal, match=f"its maps have {own} and {other} class tokens"):
            PutTokens().tokens((Tokens(own), Tokens(other)))
