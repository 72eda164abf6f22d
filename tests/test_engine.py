"""The engine in a real browser says of every network, at any size, what the algebra says, number by number."""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import every
import pytest
from hypothesis import given
from oracle.networks import Description, networks
from test_against_oracle import ORACLE_SETTINGS, written

import rfdocs
from rfdocs import InputError, LayerReport, Network, NetworkError, Report, UnitField
from rfdocs.algebra import Interval
from rfdocs.formats.program import program
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.feasible import nearest_lengths
from rfdocs.graph.tiling import AxisTiling
from rfdocs.making.scripts import ENGINE, FOLDER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

T = TypeVar("T")


@pytest.fixture(scope="module")
def engine(browser: "Browser") -> "Iterator[Page]":
    """A page without anything but the engine, and what tells all that it knows."""
    page = browser.new_page()
    for script in [*(FOLDER / name for name in ENGINE), Path(__file__).with_name("engine_told.js")]:
        page.add_script_tag(path=script)
    yield page
    page.close()


def told_by_engine(
    engine: "Page", network: Network, sizes: Sequence[Sequence[int]], *, every: bool, own: object = None
) -> Any:
    """What the engine says; ``own`` is the network's program, where it is known."""
    asked = json.dumps([own or program(network), sizes, every])  # as one text, which a browser takes much sooner
    return engine.evaluate("(asked) => engineTold.atSizes(...JSON.parse(asked))", asked)


def told_by_algebra(network: Network, size: Sequence[int], *, every: bool) -> str:
    """All that the algebra says of a network at a size; of every unit, or of the central and the last one."""
    try:
        return told_by_report(Report(network, size), every=every)
    except (InputError, NetworkError) as error:
        return f"refused: {error.message}"


def told_by_report(report: Report, *, every: bool) -> str:
    return "\n".join(line for layer in report.layers for line in layer_lines(report, layer, every=every))


def layer_lines(report: Report, layer: LayerReport, *, every: bool) -> Iterator[str]:
    told = (layer.channels, layer.parameters, layer.macs, int(layer.global_context), layer.depth, layer.bound.value)
    yield line(layer.name, *told)
    yield from texts(axis_text, layer.axes)
    last = tuple([length - 1 for length in layer.size])
    units = [layer.central_index, last]
    if every:
        units = [tuple([min(unit, end) for end in last]) for unit in range(max(layer.size))]
    for unit in units:
        yield " | ".join(texts(unit_text, report.unit(layer.name, unit)))
    for unit in (layer.central_index, last) if every else ():
        seen = [*report.visible_ranges(layer.name, unit), *report.visible_ranges(layer.name, unit, gates=False)]
        yield " | ".join(
            ["" if ranges is None else ",".join([ends(field) or "" for field in ranges]) for ranges in seen]
        )


def texts(text: Callable[[T], str], values: Sequence[T]) -> list[str]:
    """The text of every value; it is made once for axes that share theirs."""
    said: dict[int, str] = {}
    for value in values:
        if id(value) not in said:
            said[id(value)] = text(value)
    return [said[id(value)] for value in values]


def axis_text(node: AxisNode) -> str:
    skew = None if node.skew is None else node.skew[0] + node.skew[1]
    window = node.window
    applied = window and ",".join(map(str, (window.kernel, window.stride, window.dilation, *window.padding)))
    field = node.field
    values = (field.smallest, field.largest, fraction(skew), node.smallest_path, applied)
    return line(node.length, fraction(field.jump), fraction(field.start), *values)


def unit_text(unit: UnitField) -> str:
    fields = (unit.field, unit.visible, unit.spatial_field, unit.spatial_visible)
    return line(*map(ends, fields), unit.visible_size, unit.spatial_visible_size)


def line(*values: object) -> str:
    return " ".join(["-" if value is None else str(value) for value in values])


def fraction(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def ends(field: Interval | None) -> str | None:
    return None if field is None else f"{field.first}..{field.last}"


def arithmetic(own: dict[str, Any]) -> str:
    """What a program's fields and sizes follow from: all but its name, its numbers of channels, and their groups."""
    layers = [
        {key: value for key, value in layer.items() if key not in ("channels", "groups", "costs")}
        for layer in own["layers"]
    ]
    return json.dumps([own | {"name": "", "channels": 0, "layers": layers}])


def test_every_network_at_its_own_size_an_odd_a_rectangular_and_a_tiny_one(engine: "Page") -> None:
    """Of networks that differ in their channels alone, the other sizes are asked once."""
    refused, known = 0, set()
    for entry in every.entries():
        network, own = entry.network, program(entry.network)
        nominal, step = network.input_size, 32 * network.multiple
        rectangular = [length + place * step for place, length in enumerate(nominal, start=1)]
        others = [[length - 1 + length % 2 for length in nominal], rectangular, [33] * network.axes]
        sizes = [nominal, *([] if arithmetic(own) in known else others)]
        known.add(arithmetic(own))
        assert len(zlib.compress(json.dumps(own).encode())) < 12_000, entry.identifier
        first, *told = told_by_engine(engine, network, sizes, every=False, own=own)
        assert first == told_by_report(every.reports()[entry.identifier], every=False), entry.identifier
        for size, text in zip(sizes[1:], told, strict=True):
            assert text == told_by_algebra(network, size, every=False), f"{entry.identifier} at {size}"
            refused += text.startswith("refused")
    assert 0 < refused < len(known), "sizes that most networks take, and some refuse"
    assert len(known) > 100


TRAPS = "site/guide/examples/traps.yaml"


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        *((name, [(64, 96), (96, 96)]) for name in "alexnet unet segnet yolov3 dpn68 mobilenet_v3_small".split()),
        ("wavenet-24x4", [(300,)]),
        ("resnet18", [(224, 160)]),
        ("unet-bilinear-corners", [(64, 64)]),
        ("googlenet", [(224, 224)]),
        (f"{TRAPS}:adaptive", [(10, 10)]),
        (f"{TRAPS}:transposed-3-2", [(64, 64)]),
        (f"{TRAPS}:misaligned", [(20, 31)]),
    ],
)
def test_every_unit(engine: "Page", name: str, sizes: Sequence[Sequence[int]]) -> None:
    network = rfdocs.load(name).network
    assert told_by_engine(engine, network, sizes, every=True) == [
        told_by_algebra(network, size, every=True) for size in sizes
    ]


CIRCULAR = """
input: {channels: 1, size: 64}
layers: [{conv: ring, kernel: 3, padding: 1, padding_mode: circular, channels: 1}]
"""


SIDES = """
input: {channels: 2, size: 60}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: [[2, 0]], channels: 4}
  - {lstm: b, channels: 4}
  - {attention: c, causal: true, macs_per_pair: 8}
  - {conv: d, kernel: 3, padding: [[2, 0]], padding_mode: reflect, channels: 4}
  - {transposed_conv: up, kernel: 2, stride: 3, dilation: 4, channels: 4}
  - {gru: e, channels: 2, direction: backward, learned: 7}
  - {rnn: f, channels: 2, direction: both, from: a}
  - {lstm: again, channels: 2, from: up}
"""


def test_what_lies_on_one_side_of_every_unit(engine: "Page", tmp_path: Path) -> None:
    file = tmp_path / "sides.yaml"
    file.write_text(SIDES, "utf-8")
    network = rfdocs.load(str(file)).network
    sizes = [(60,), (33,), (4,), (300,)]
    assert told_by_engine(engine, network, sizes, every=True) == [
        told_by_algebra(network, size, every=True) for size in sizes
    ]
    report = Report(network)
    asked = json.dumps([program(network), report.input_size, ["d", "e", "again"], None])
    told = engine.evaluate("(asked) => engineTold.tilings(...JSON.parse(asked))", asked)
    assert told == list(tilings_of_algebra(report, ["d", "e", "again"], None))


TOKENS = """
input: {channels: 3, size: [32, 48], multiple: 16}
layers:
  - {conv: patches, kernel: 16, stride: 16, channels: 6}
  - {class_token: token, count: 2, learned: 9}
  - name: sum
    add:
      - - {layernorm: norm}
        - {conv: qkv, kernel: 1, channels: 18}
        - {attention: attend, channels: 6, macs_per_pair: 12, macs_per_unit: 5}
      - []
  - {drop_tokens: map}
  - {conv: wide, kernel: 3, padding: 1, channels: 6}
  - {put_tokens: back, from: [wide, sum]}
  - {attention: again, macs_per_pair: 3}
  - {take_token: taken, index: 1, from: sum}
  - {linear: head, channels: 10}
"""


def test_units_that_lie_nowhere(engine: "Page", tmp_path: Path) -> None:
    file = tmp_path / "tokens.yaml"
    file.write_text(TOKENS, "utf-8")
    network = rfdocs.load(str(file)).network
    sizes = [(32, 48), (16, 16), (80, 32)]
    told = told_by_engine(engine, network, sizes, every=True)
    assert told == [told_by_algebra(network, size, every=True) for size in sizes]


JOINED = """
input: {channels: 2, size: [24, 20]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: same, channels: 4}
  - {crop: l, padding: [[0, 0], [0, 4]]}
  - {conv: la, kernel: [3, 5], padding: [1, 2], channels: 4}
  - {crop: r, padding: [[0, 0], [4, 0]], from: a}
  - {conv: ra, kernel: [3, 5], padding: [1, 2], channels: 4}
  - {concat: order, from: [la, ra], axis: width}
  - {conv: b, kernel: 3, padding: 1, channels: 4}
  - {concat: swapped, from: [ra, la], axis: width}
  - {squeeze_excite: g, squeeze: 2}
  - {add: both, from: [b, g]}
  - {concat: twice, from: [both, both], axis: height}
  - {transposed_conv: up, kernel: 3, stride: 2, channels: 4}
  - {conv: other, kernel: 3, stride: 2, padding: [[1, 1], [0, 1]], channels: 4, from: input}
  - {concat: at_some_sizes, from: [a, other], axis: width}
"""


def test_maps_side_by_side(engine: "Page", tmp_path: Path) -> None:
    """Taken at odd heights, where SAME padding begins where the other layer's does, and refused at even ones."""
    file = tmp_path / "joined.yaml"
    file.write_text(JOINED, "utf-8")
    network = rfdocs.load(str(file)).network
    sizes = [(25, 20), (24, 20), (13, 17), (25, 3)]
    told = told_by_engine(engine, network, sizes, every=True)
    assert told == [told_by_algebra(network, size, every=True) for size in sizes]
    assert [one.startswith("refused") for one in told] == [False, True, False, True]
    report, names = Report(network, (25, 20)), ["b", "both", "twice"]
    asked = json.dumps([program(network), report.input_size, names, None])
    tilings = engine.evaluate("(asked) => engineTold.tilings(...JSON.parse(asked))", asked)
    assert tilings == list(tilings_of_algebra(report, names, None))


@pytest.mark.parametrize(("name", "length"), [("resnet18", 2**20), ("wavenet-24x4", 10**6), ("ring", 30_000)])
def test_more_units_than_can_be_followed_are_refused_alike(
    engine: "Page", tmp_path: Path, name: str, length: int
) -> None:
    file = tmp_path / "ring.yaml"
    file.write_text(CIRCULAR, "utf-8")
    network = rfdocs.load(str(file) if name == "ring" else name).network
    size = [length] * network.axes
    report = Report(network, size)
    with pytest.raises(InputError) as refusal:
        report.check_sight_limits()
    asked = [program(network), size]
    sights = "([program, size]) => rfWhole.answered(() => new RfNetwork(program).analyse(size).sights.length, String)"
    assert engine.evaluate(sights, asked) == refusal.value.message


ALONE = """([program, size]) => {
  const network = new RfNetwork(program), report = network.analyse(size), alone = network.analyse(size), rows = [];
  Object.defineProperty(alone, "unfollowed", { get: () => "as if they were too many" });
  for (let layer = 1; layer < report.count; layer++) {
    const lengths = report.lengths(layer), central = report.central(layer), pixel = size.map((own) => own >> 1);
    const ask = (own) => [
      ...[lengths.map(() => 0), central, lengths.map((own) => own - 1)].map((unit) => own.unit(layer, unit)),
      ...[size.map(() => 0), pixel, size.map((own) => own - 1)].map((place) => own.seenBy(layer, place)),
    ];
    const whole = report.unit(layer, central).every((one, axis) => one.spatialVisibleSize === size[axis]);
    if (JSON.stringify(ask(alone)) !== JSON.stringify(ask(report)) || alone.seesAllAlone(layer) !== whole)
      rows.push(report.name(layer));
  }
  return rows;
}"""


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("unet-padded", (64, 96)),
        ("mobilenet_v3_small", (96, 64)),
        ("wavenet-24x4", (3000,)),
        ("hourglass-2", (64, 64)),
        ("deeplabv3_resnet50", (65, 97)),
    ],
)
def test_units_are_followed_by_themselves_as_they_are_with_all_others(
    engine: "Page", name: str, size: tuple[int, ...]
) -> None:
    assert engine.evaluate(ALONE, [program(rfdocs.load(name).network), size]) == []


def test_any_network(engine: "Page", tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("engine") / "network.yaml"

    @ORACLE_SETTINGS
    @given(networks())
    def agrees(description: Description) -> None:
        try:
            network = written(file, description).network
        except rfdocs.CatalogueError:
            return
        size = network.input_size
        told = told_by_engine(engine, network, [size], every=True)
        assert told == [told_by_algebra(network, size, every=True)]

    agrees()


def tilings_of_algebra(report: Report, names: Sequence[str], tile: int | None) -> Iterator[str]:
    """The tilings of some layers on every axis, with tiles of a length or the default ones."""
    for name in names:
        try:
            tiling = report.tiling(name, tile)
        except InputError as refusal:
            yield f"refused: {refusal.message.removeprefix(f'{name}: ')} ({refusal.hint})"
            continue
        because = {f"{obstacle.layer}: {obstacle.why}" for obstacle in tiling.because}
        yield "\n".join([*map(tiling_text, tiling.axes), *sorted(because)])


def tiling_text(axis: AxisTiling) -> str:
    sizes = axis.sizes and f"{axis.sizes.step}:{','.join(map(str, axis.sizes.offsets))}"
    pairs = (axis.context, axis.context_any_cut, axis.discard, axis.discard_on_grid)
    numbers = (axis.tile, axis.units, axis.output, sizes, axis.kept, axis.step, axis.count)
    sides = [",".join(map(str, pair)) for pair in pairs]
    return line(fraction(axis.jump), axis.grid, axis.period, *sides, *numbers)


@pytest.mark.parametrize("tile", [None, 128])
def test_tilings_of_every_eighth_network(engine: "Page", tile: int | None) -> None:
    """Their outputs, and a layer in the middle; of a large input some take long to try the sizes that they take."""
    for entry in every.entries()[::8]:
        report = every.reports()[entry.identifier]
        names = [report.outputs[0].name, report.layers[len(report.layers) // 2].name, report.features.name]
        asked = json.dumps([program(entry.network), report.input_size, names, tile])
        told = engine.evaluate("(asked) => engineTold.tilings(...JSON.parse(asked))", asked)
        assert told == list(tilings_of_algebra(report, names, tile)), entry.identifier


def context_text(report: Report, name: str) -> str:
    try:
        return " ".join(str(side) for pair in report.context(name) for side in pair)
    except InputError:
        return "refused"


def test_what_parts_of_maps_read_beyond_themselves(engine: "Page") -> None:
    for entry in every.entries()[::8]:
        report = every.reports()[entry.identifier]
        asked = [program(entry.network), report.input_size]
        told = engine.evaluate("(asked) => engineTold.contexts(...asked)", asked)
        assert told == [context_text(report, layer.name) for layer in report], entry.identifier


@pytest.mark.parametrize(
    ("name", "length"), [("segnet", 350), ("unet", 300), ("unet-padded", 100), ("vgg16", 31), ("hourglass-8", 250)]
)
def test_the_nearest_lengths_in_place_of_a_refused_one(engine: "Page", name: str, length: int) -> None:
    network = rfdocs.load(name).network
    asked = [program(network), length]
    told = engine.evaluate("([program, length]) => new RfNetwork(program).nearestLengths(1, length)", asked)
    assert tuple(told) == nearest_lengths(network, 1, length)
