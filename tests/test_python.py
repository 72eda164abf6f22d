"""The Python interface: networks that are built by hand, and what their objects show of themselves."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rfdocs
from rfdocs import Layer, Network, NetworkError, Report, UnknownLayer
from rfdocs.algebra import Interval
from rfdocs.algebra.field import TabulatedField
from rfdocs.algebra.footprint import Footprint
from rfdocs.algebra.reads import Edge
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph import reach
from rfdocs.graph.unit_field import UnitField
from rfdocs.operators import (
    AdaptivePooling,
    Add,
    AppliedWindow,
    Convolution,
    CropTo,
    Filters,
    GlobalPooling,
    Linear,
    Margins,
    Multiply,
    Operator,
    Pooling,
    SlidingWindow,
    SqueezeExcite,
    TransposedConvolution,
    Unpooling,
    Upsample,
)

FILE = """
input: {channels: 3, size: [32, 32]}
layers:
  - {conv: stem, kernel: 3, stride: 2, padding: 1, channels: 16}
  - {conv: branch, kernel: [3, 5], padding: [1, 2], channels: 16, bias: false}
  - {add: sum, from: [stem, branch]}
  - {maxpool: pool, kernel: 2}
  - {upsample: up, size: sum}
  - {global_avgpool: mean}
  - {linear: fc, channels: 10}
"""


PAIR = SlidingWindow.of(2, 2)


def convolution(channels: int = 4, axes: int = 2) -> Convolution:
    return Convolution(SlidingWindow.of(3, padding=1, axes=axes), Filters(channels))


@pytest.fixture
def image() -> Network:
    return Network("small", 3, (32, 32))


# Building


def test_a_network_built_by_hand_is_the_one_that_a_file_describes(image: Network, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(FILE, "utf-8")
    built = (
        image.with_layer("stem", Convolution(SlidingWindow.of(3, 2, 1), Filters(16)), operation="conv")
        .with_layer(
            "branch",
            Convolution(SlidingWindow.of((3, 5), padding=(1, 2)), Filters(16, bias=False)),
            operation="conv",
        )
        .with_layer("sum", Add(), "stem", "branch")
        .with_layer("pool", Pooling(SlidingWindow.of(2, stride=2)), operation="maxpool")
        .with_layer("up", Upsample(), like="sum", operation="upsample")
        .with_layer("mean", GlobalPooling(), operation="global_avgpool")
        .with_layer("fc", Linear(Filters(10)))
    )
    assert built == rfdocs.load(file).network


def test_a_layer_reads_the_one_before_it_unless_told_otherwise(image: Network) -> None:
    network = image.with_layer("a", convolution()).with_layer("b", convolution()).with_layer("sum", Add(), "a", "b")
    assert [layer.inputs for layer in network.layers] == [(0,), (1,), (1, 2)]
    assert network.layers[0] == Layer("a", "convolution", convolution(), (0,))
    assert Report(network)["sum"].receptive_field == (5, 5)


def test_a_network_stays_what_it_is_when_a_layer_is_added(image: Network) -> None:
    stem = image.with_layer("stem", convolution())
    assert stem.with_layer("a", convolution()) != stem.with_layer("b", convolution())
    assert (image.layers, len(stem.layers)) == ((), 1)


def test_a_layer_that_does_not_fit_is_refused_where_it_is_added(image: Network) -> None:
    stem = image.with_layer("stem", convolution())
    with pytest.raises(NetworkError, match="stem: there is a layer of that name already"):
        stem.with_layer("stem", convolution())
    with pytest.raises(NetworkError, match="input: there is a layer of that name already"):
        stem.with_layer("input", convolution())
    with pytest.raises(UnknownLayer, match=r"there is no layer 'stm'; did you mean stem\?"):
        stem.with_layer("sum", Add(), "stm", "input")
    with pytest.raises(UnknownLayer, match="there is no layer 'up'"):
        stem.with_layer("crop", CropTo(None), like="up")
    with pytest.raises(NetworkError, match="sum: its inputs have different channels: 4 and 3"):
        stem.with_layer("sum", Add(), "stem", "input")


@pytest.mark.parametrize(
    "operator",
    [convolution(axes=1), Pooling(SlidingWindow.of(2, axes=1)), Margins(((1, 1),)), Upsample(scale=(2,)), CropTo((8,))],
)
def test_an_operator_for_another_number_of_axes_is_refused(image: Network, operator: Operator) -> None:
    with pytest.raises(NetworkError, match="a: it is made for another number of axes: 1, not 2"):
        image.with_layer("a", operator)


@given(
    kernel=st.integers(1, 5) | st.tuples(*[st.integers(1, 5)] * 2),
    stride=st.integers(1, 3) | st.tuples(*[st.integers(1, 3)] * 2),
    padding=st.integers(0, 2) | st.tuples(*[st.integers(0, 2) | st.tuples(*[st.integers(0, 2)] * 2)] * 2),
)
def test_a_window_of_one_number_is_that_of_one_for_each_axis(kernel: Any, stride: Any, padding: Any) -> None:
    def each(value: Any) -> Any:
        return (value, value) if isinstance(value, int) else value

    sides = tuple(each(side) for side in each(padding))
    whole = SlidingWindow(each(kernel), each(stride), (1, 1), sides)
    assert SlidingWindow.of(kernel, stride, padding) == whole


@pytest.mark.parametrize("given", [{"kernel": 0}, {"kernel": 3, "stride": (1, 0)}, {"kernel": 3, "dilation": 0}])
def test_a_window_without_a_length_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ArithmeticRefusal, match="kernel, stride and dilation are 1 or more"):
        SlidingWindow.of(**given)


# What objects show of themselves


def test_objects_show_themselves_in_one_line(image: Network) -> None:
    entry = rfdocs.load("unet3d-padded")
    made = entry.analyze()
    network = image.with_layer("stem", convolution())
    assert repr(entry) == f"<Entry unet3d-padded: {entry.title}>"
    assert repr(network) == "<Network small: image 3 x 32 x 32, layers 1>"
    assert repr(Report(network, (32, 48))) == "<Report of small on 32 x 48: layers 1, field 3>"
    assert repr(Report(network)["stem"]) == "<LayerReport of stem: channels 4, size 32, jump 1, field 3>"
    assert all(len(repr(shown)) < 120 and "\n" not in repr(shown) for shown in (entry, entry.network, made, *made))


def test_a_notebook_shows_a_report_as_its_table() -> None:
    made = rfdocs.load("alexnet").analyze()
    root = ET.fromstring(f"<div>{made._repr_html_()}</div>")
    table = root.find("table")
    assert table is not None
    rows = [["".join(cell.itertext()) for cell in row] for row in table]
    assert rows[0][:3] == ["layer", "operation", "channels"]
    assert [row[0] for row in rows[1:]] == [layer.name for layer in made]
    assert root.findtext("p", "").startswith("alexnet, image 3 × 224 × 224: 61,100,840 parameters")


def test_what_a_notebook_shows_is_escaped() -> None:
    network = Network("<script>", 1, (8,)).with_layer("<b title='x'>\x1b", convolution(axes=1))
    text = Report(network)._repr_html_()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b title=&#x27;x&#x27;&gt;?" in text


def test_the_package_itself_sees_to_it_that_reports_have_a_table() -> None:
    code = "import rfdocs; print(rfdocs.load('alexnet').analyze()._repr_html_()[:10])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    assert done.stdout == "<p>alexnet\n"


def test_without_the_layer_that_makes_text_there_is_no_table() -> None:
    code = (
        "from rfdocs.graph import Network, Report; import sys;"
        "print(hasattr(Report(Network('image', 1, (8,))), '_repr_html_'), 'rfdocs.formats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    assert done.stdout == "False False\n"


# What a report tells of a network as a whole


def test_a_network_s_ends_are_the_layers_that_no_other_reads(image: Network) -> None:
    network = (
        image.with_layer("a", convolution()).with_layer("b", convolution(), "a").with_layer("c", Pooling(PAIR), "a")
    )
    assert network.output_nodes == (2, 3)
    assert [layer.name for layer in Report(network).outputs] == ["b", "c"]
    assert (image.output_nodes, Report(image).outputs) == ((0,), ())


def test_the_image_is_a_layer_that_learns_nothing(image: Network) -> None:
    layer = Report(image.with_layer("a", Pooling(PAIR))).image
    assert (layer.size, layer.channels, layer.receptive_field) == ((32, 32), 3, (1, 1))
    assert (layer.parameters, layer.macs, layer.depth, layer.weighted, layer.slides) == (0, 0, 0, False, False)
    assert Report(image).depth == 0


def test_features_are_the_last_map_of_several_units(image: Network) -> None:
    whole = Convolution(SlidingWindow.of(32), Filters(4))
    mapped = image.with_layer("map", convolution())
    pooled = mapped.with_layer("mean", GlobalPooling()).with_layer("fc", Linear(Filters(4)))
    assert Report(pooled).features.name == "map"
    assert Report(pooled).last.name == "fc"
    assert pooled.feature_node == 1
    assert Report(mapped.with_layer("unit", whole)).features.name == "map"
    assert Report(image.with_layer("unit", whole)).features.name == "unit"
    assert Report(image.with_layer("mean", GlobalPooling())).features.name == "input"
    assert (
        Report(
            Network("pair", 3, (1, 2)).with_layer("map", convolution()).with_layer("mean", GlobalPooling())
        ).features.name
        == "map"
    )


@pytest.mark.parametrize(("index", "refused"), [((0, 31), False), ((0, 32), True), ((-1, 0), True)])
def test_what_is_not_on_the_map_is_refused(image: Network, index: tuple[int, int], refused: bool) -> None:
    report = Report(image.with_layer("a", convolution()))
    asked = (report.unit, report.seen_by, report.visible_ranges)
    if not refused:
        assert all(ask("a", index) for ask in asked)
        return
    for ask in asked:
        with pytest.raises(rfdocs.InputError, match=re.escape(f"there is no {index}; the last is (31, 31)")):
            ask("a", index)


def test_every_unit_sees_all_only_where_each_does_on_every_axis() -> None:
    whole = Convolution(SlidingWindow.of((3, 5), padding=(1, 2)), Filters(4))
    for size, sees in (((2, 3), True), ((2, 4), False), ((3, 3), False)):
        assert Report(Network("small", 3, size).with_layer("a", whole)).every_unit_sees_all("a") == sees
    wide = Report(Network("wide", 3, (3, 9)).with_layer("a", whole))
    assert not wide.central_unit_sees_all("a")
    assert wide.first_to_see_all is None


@pytest.mark.parametrize(("padding", "sees"), [((-1, 0), False), ((0, -1), False), ((0, 0), True)])
def test_a_unit_that_misses_one_pixel_at_an_end_does_not_see_all(padding: tuple[int, int], sees: bool) -> None:
    kernel = 3 + sum(padding)
    only = Convolution(SlidingWindow.of(kernel, padding=[padding], axes=1), Filters(1))
    assert Report(Network("line", 1, (3,)).with_layer("a", only)).every_unit_sees_all("a") == sees


def test_the_first_layer_through_gates_is_behind_one_and_sees_all() -> None:
    """A gate shows a map without the last pixel: whole where the map's last unit sees that pixel, in part elsewhere."""
    cut, gate = Margins(((0, -1),)), SqueezeExcite(1)
    line = Network("line", 1, (8,))
    mapped = line.with_layer("map", convolution(1, 1))
    assert Report(mapped.with_layer("mean", GlobalPooling())).first_through_gates is None
    whole = Report(mapped.with_layer("cut", cut).with_layer("gate", gate))
    assert whole.first_through_gates == whole["gate"]
    assert Report(line.with_layer("cut", cut).with_layer("gate", gate)).first_through_gates is None


def test_context_counts_on_one_axis_and_where_nothing_else_is_left() -> None:
    """A row that is spread over a map; a map of which every unit is the mean of the whole."""
    network = Network("flat", 1, (8, 8))
    row = network.with_layer("row", Convolution(SlidingWindow.of((8, 1)), Filters(1)))
    assert Report(row.with_layer("sum", Add(), "input", "row"))["sum"].global_context
    mean = Report(network.with_layer("mean", GlobalPooling()).with_layer("up", Upsample((8, 8))))
    assert [layer.global_context for layer in mean] == [False, False]
    spread = Report(network.with_layer("mean", GlobalPooling()).with_layer("up", Upsample(size=(8, 8))))
    assert [layer.global_context for layer in spread] == [False, True]


def test_what_a_layer_pads_and_holds() -> None:
    """A convolution of 4 on 8 x 6 pixels: its padding reaches the outermost of the 8 x 6 units."""
    image = Network("small", 3, (8, 6))
    padded = Convolution(SlidingWindow.of((3, 5), padding=[(1, 1), (3, 1)]), Filters(4))
    report = Report(image.with_layer("a", padded).with_layer("r", Margins(((1, 0), (-2, 0)))))
    layer, moved = report.layers
    assert layer.padding == ((1, 1), (3, 1))
    assert layer.windows == (AppliedWindow(3, padding=(1, 1)), AppliedWindow(5, padding=(3, 1)))
    assert (layer.effective_padding, layer.activations) == ((1, 3), 4 * 8 * 6)
    assert report.touched_by_padding("a") == 8 * 6 - 6 * 2
    assert (moved.padding, moved.windows) == (((1, 0), (-2, 0)), ())
    uneven = Report(image.with_layer("p", AdaptivePooling((5, 3))))["p"]
    assert (uneven.padding, uneven.windows) == (((0, 0), (0, 0)), ())
    assert Report(image.with_layer("s", Add(), "input", "input"))["s"].padding == (None, None)
    starved = TransposedConvolution(SlidingWindow.of(1, 2, padding=[(-1, 0)], axes=1), Filters(1), (0,))
    assert Report(Network("line", 1, (8,)).with_layer("a", starved))["a"].effective_padding == (None,)


def test_features_may_be_a_map_of_two_units() -> None:
    pair = Network("pair", 3, (1, 2)).with_layer("map", convolution())
    unit = Convolution(SlidingWindow.of((1, 2)), Filters(4))
    assert Report(pair.with_layer("unit", unit)).features.name == "map"


def test_density_is_that_of_the_sparsest_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second unit is made of one of ``{0, 2}``, the others of two neighbours of these; some read nothing."""
    sparse = Convolution(SlidingWindow.of(2, dilation=2, axes=1), Filters(1))
    line = Network("line", 1, (8,)).with_layer("sparse", sparse)
    up = TransposedConvolution(SlidingWindow.of(3, 2, axes=1), Filters(1), (0,))
    starved = TransposedConvolution(SlidingWindow.of(1, 2, axes=1), Filters(1), (0,))
    report = Report(line.with_layer("up", up).with_layer("starved", starved, "sparse"))
    assert report.density("sparse") == report.density("up") == report.density("starved") == (Fraction(2, 3),)
    monkeypatch.setattr(reach, "FOOTPRINT", 2)
    assert Report(line).density("sparse") == (None,)


def test_a_sum_of_a_set_that_is_not_known_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A map that is cut to the image's own size, and of which every second unit reads one pixel."""
    up = TransposedConvolution(SlidingWindow.of(3, 2, axes=1), Filters(1), (0,))
    every_second = Convolution(SlidingWindow.of(1, 2, [(-1, 0)], axes=1), Filters(1))
    line = Network("line", 1, (8,)).with_layer("up", up).with_layer("one", every_second)
    report = Report(line.with_layer("sum", Add(), "one", "input"))
    assert (report["up"].receptive_field, report["sum"].receptive_field) == ((2,), (1,))
    monkeypatch.setattr(reach, "FOOTPRINT", 1)
    assert report.density("sum") == (None,)


def test_axes_of_one_arithmetic_and_one_length_are_followed_once() -> None:
    cube = Network("cube", 1, (8, 8, 8)).with_layer("a", convolution(1, 3))
    first, *others = Report(cube)["a"].axes
    assert all(other is first for other in others)
    assert cube.uniform_axes == ((0, 1, 2),)
    flat = Convolution(SlidingWindow.of((3, 1, 3), padding=(1, 0, 1), axes=3), Filters(1))
    assert cube.with_layer("b", flat).uniform_axes == ((0, 2), (1,))


@pytest.mark.parametrize(
    ("size", "taken"), [((9,), True), ((9, 8), True), ((8, 9), False), ((9, 9), False), ((9, 8, 9), False)]
)
def test_a_length_that_the_first_axis_takes_may_be_refused_on_the_others(size: tuple[int, ...], taken: bool) -> None:
    """Unpooling to 8 rows what was pooled of 9 moves no maximum; to 8 columns it moves all."""
    axes = len(size)
    window = SlidingWindow.of(2, 2, axes=axes)
    unpooling = Unpooling((2,) * axes, (2,) * axes, (0,) * axes, window)
    network = Network("small", 1, size).with_layer("pool", Pooling(window)).with_layer("up", unpooling, like="input")
    if taken:
        assert Report(network).last.size[0] == 8
    else:
        with pytest.raises(NetworkError, match="it would make 8 units where its pooling read 9"):
            Report(network)


def test_a_layer_that_is_not_there_is_told_with_those_that_are(image: Network) -> None:
    network = Network("small", 3, (32, 32), (Layer("a", "relu", Pooling(PAIR), (0,), alias="first"),))
    assert network.node("first") == 1
    for name in ("stem1", "stem2", "stem3", "stem4", "x", "y"):
        image = image.with_layer(name, convolution())
    with pytest.raises(UnknownLayer) as caught:
        image.node("stem")
    assert str(caught.value.hint).count("stem") == 3
    with pytest.raises(UnknownLayer) as caught:
        image.node("q" * 101)
    assert caught.value.message == f"there is no layer {'q' * 100!r}"
    assert caught.value.hint == "layers are input, stem1, stem2, stem3, stem4, x, ..."


ONE, TWO = Interval(0, 1), Interval(0, 2)


@pytest.mark.parametrize(("field", "visible"), [(ONE, TWO), (TWO, ONE)])
def test_a_unit_names_the_spatial_path_where_either_field_differs(field: Interval, visible: Interval) -> None:
    assert "spatial" in repr(UnitField(field, visible, ONE, ONE, 2, 2))
    assert "spatial" not in repr(UnitField(field, visible, field, visible, 2, 2))


GATES = Network("line", 1, (16,)).with_layer(
    "a", Convolution(SlidingWindow.of(3, padding=2, dilation=2, axes=1), Filters(1))
)


def test_the_very_pixels_are_told_with_gates_and_without() -> None:
    """A gate, and a sum with a mean, show all that they pool; a gate beside a unit's way shows it nothing."""
    own, every = ([Interval(at, at) for at in (6, 8, 10)],), ([Interval(0, 15)],)
    gated = Report(GATES.with_layer("gate", SqueezeExcite(1)))
    mean = Report(GATES.with_layer("mean", GlobalPooling()).with_layer("gate", Add(), "a", "mean"))
    first = Report(Network("line", 1, (16,)).with_layer("gate", SqueezeExcite(1)))
    for report in (gated, mean):
        assert report.visible_ranges("gate", (8,)) == every
        assert report.visible_ranges("gate", (8,), gates=False) == own
        assert report.unit("gate", (8,))[0].spatial_visible == Interval(6, 10)
    assert first.visible_ranges("gate", (8,)) == every
    assert first.visible_ranges("gate", (8,), gates=False) == ([Interval(8, 8)],)
    beside = Report(GATES.with_layer("gate", SqueezeExcite(1), "input").with_layer("b", convolution(1, 1), "a"))
    assert beside.visible_ranges("b", (0,)) == ([Interval(0, 3)],)


@pytest.mark.parametrize("last", [GlobalPooling(), AdaptivePooling((3,))])
def test_what_is_pooled_at_once_is_cut_as_the_image_is(last: Operator) -> None:
    tiling = Report(Network("line", 1, (8,)).with_layer("pooled", last)).tiling()
    assert (tiling.layer, tiling.axes[0].context) == ("input", (0, 0))


def test_units_of_windows_that_differ_have_a_set_each() -> None:
    """Of 8 pixels, three windows hold the first three, the middle four, of which they share two, and the last three."""
    network = Network("line", 1, (8,)).with_layer("pooled", AdaptivePooling((3,)))
    sets = reach.footprints(network, [Report(network).image.axes[0], *Report(network)["pooled"].axes])[1]
    assert isinstance(sets, TabulatedField)
    assert sets.fields == (Footprint(0, 0b111), Footprint(2, 0b1111), Footprint(5, 0b111))


def test_what_lies_behind_a_whole_map_is_in_no_tile_s_way_again(image: Network) -> None:
    """Pooling what is one unit already reads no more of the image; what comes behind the gate is asked all the same."""
    gated = image.with_layer("mean", GlobalPooling()).with_layer("again", GlobalPooling())
    around = Convolution(SlidingWindow.of(3, padding=1, edge=Edge.CIRCULAR), Filters(3))
    network = gated.with_layer("product", Multiply(), "input", "again").with_layer("around", around)
    assert [obstacle.layer for obstacle in Report(network).tiling().because] == ["mean", "around"]


@pytest.mark.parametrize("behind", [convolution(), Pooling(PAIR)])
def test_what_is_made_of_a_map_of_one_size_is_not_told_as_well(image: Network, behind: Operator) -> None:
    network = image.with_layer("fixed", Upsample(size=(64, 64))).with_layer("behind", behind)
    network = network.with_layer("last", convolution())
    assert [obstacle.layer for obstacle in Report(network).tiling().because] == ["fixed"]
