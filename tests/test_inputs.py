"""Several inputs by name: each is followed in a network of its own, and nothing leads to the others."""

from pathlib import Path

import pytest

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.catalogue import CatalogueError
from rfdocs.catalogue.explicit import explicit_yaml
from rfdocs.cli import main
from rfdocs.figures import draw
from rfdocs.figures.condense import LayerGraph
from rfdocs.figures.stages import main_path
from rfdocs.graph import InputError
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.operators import Convolution, CrossCorrelation, Filters, Given, SlidingWindow
from rfdocs.pages.facts import facts_of
from rfdocs.pages.prose import introduction

INPUTS = "inputs:\n  search: {channels: 3, size: [40, 44]}\n  template: {channels: 3, size: [17, 13]}\n"
LAYERS = """layers:
  - {conv: a, kernel: 3, stride: 2, channels: 8, from: search}
  - {conv: b, kernel: 3, stride: 2, channels: 8, from: template, shared: true}
  - {cross_correlation: c, from: [a, b]}
"""
FOLLOWED = f"{INPUTS}follow: search\n{LAYERS}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "net.yaml"


def loaded(file: Path, text: str, variant: str = "") -> rfdocs.Entry:
    file.write_text(text, "utf-8")
    return rfdocs.load(f"{file}{variant and f':{variant}'}")


def test_each_input_is_followed_in_a_network_of_its_own(file: Path) -> None:
    search = loaded(file, INPUTS + LAYERS, "net-search").analyze()
    template = loaded(file, INPUTS + LAYERS, "net-template").analyze()
    assert (search.input_size, template.input_size) == ((40, 44), (17, 13))
    assert [layer.name for layer in search] == ["template", "a", "b", "c"]
    assert [layer.name for layer in template] == ["search", "a", "b", "c"]
    assert [layer.size for layer in search] == [(17, 13), (19, 21), (8, 6), (12, 16)]
    assert search["c"].receptive_field == template["c"].receptive_field == (17, 13)
    assert [report["c"].jump[0] for report in (search, template)] == [2, None]
    assert (search["b"].receptive_field, template["a"].receptive_field) == ((0, 0), (0, 0))
    assert search.unit("b", (0, 0))[0].field is None
    assert {unit.visible for unit in template.unit("c", (3, 15))} == {Interval(0, 16), Interval(0, 12)}
    assert not any(layer.global_context for layer in [*search, *template])


def test_both_have_the_same_costs_and_what_is_shared_counts_once(file: Path) -> None:
    reports = [loaded(file, INPUTS + LAYERS, f"net-{name}").analyze() for name in ("search", "template")]
    assert {report.parameters for report in reports} == {3 * 9 * 8 + 8}
    taps = 3 * 9 * 8 * (19 * 21 + 8 * 6) + 8 * (8 * 6) * (12 * 16)
    assert {report.macs for report in reports} == {taps}


def test_one_is_followed_where_the_file_says_which(file: Path) -> None:
    assert loaded(file, FOLLOWED).identifier == "net"
    with pytest.raises(CatalogueError, match="2 networks, one for each input: net-search, net-template") as refused:
        loaded(file, INPUTS + LAYERS)
    assert "net.yaml:net-search'" in str(refused.value)


def test_the_image_is_found_by_its_own_name(file: Path) -> None:
    network = loaded(file, FOLLOWED).network
    assert (network.node("search"), network.node("input"), network.node("template")) == (0, 0, 1)


def test_a_single_input_may_have_a_name(file: Path) -> None:
    text = "inputs: {frame: {channels: 3, size: 9}}\nlayers:\n  - {conv: a, kernel: 3, channels: 1}\n"
    entry = loaded(file, f"{text}  - {{conv: b, kernel: 3, channels: 1, from: frame}}\n")
    assert (entry.identifier, entry.network.output_nodes) == ("net", (1, 2))


def test_a_given_map_is_an_item_of_its_own_and_written_out_as_such(file: Path) -> None:
    entry = loaded(file, FOLLOWED)
    text = explicit_yaml(entry)
    assert text.splitlines()[1:] == [
        "input: {channels: 3, size: [40, 44]}",
        "layers:",
        "  - {given: template, channels: 3, size: [17, 13]}",
        "  - {conv: a, kernel: 3, stride: 2, channels: 8, from: [input]}",
        "  - {conv: b, kernel: 3, stride: 2, channels: 8, shared: true, from: [template]}",
        "  - {cross_correlation: c, from: [a, b]}",
    ]
    assert network_fingerprint(loaded(file, text).network) == network_fingerprint(entry.network)


def test_a_network_is_put_together_in_python() -> None:
    filters = Convolution(SlidingWindow.of(3), Filters(8))
    network = rfdocs.Network("net", 3, (40, 44)).with_layer("a", filters).with_layer("t", Given((9, 9), 3))
    network = network.with_layer("b", filters).with_layer("c", CrossCorrelation(), "a", "b")
    report = rfdocs.Report(network)
    assert (report["t"].inputs, report["b"].inputs) == ((), ("t",))
    assert (report["c"].size, report["c"].receptive_field) == ((32, 36), (9, 9))


@pytest.mark.parametrize(
    ("groups", "weights", "channels"), [(1, 8, 1), (8, 8, 8), (2, 24, 6), (4, 8, 4)], ids="one each two four".split()
)
def test_filters_make_as_many_channels_as_there_are_of_them(groups: int, weights: int, channels: int) -> None:
    assert CrossCorrelation(groups).channels((8, weights)) == channels


# Tiles


def test_tiles_of_the_followed_image_are_exact_beside_what_is_given(file: Path) -> None:
    report = loaded(file, FOLLOWED).analyze(400)
    assert report.tiling("c").exact
    with pytest.raises(InputError, match="b: nothing of the image leads to it"):
        report.tiling("b")
    template = loaded(file, INPUTS + LAYERS, "net-template").analyze()
    with pytest.raises(InputError, match="c: it is made of the whole map"):
        template.tiling("c")


GROWN = """input: {channels: 4, size: 64}
layers:
  - {given: mask, channels: 4, size: 16}
  - {upsample: large, size: input}
  - {add: sum, from: [input, large]}
"""


def test_a_given_map_that_grows_with_the_image_is_another_in_a_tile(file: Path) -> None:
    because = loaded(file, GROWN).analyze().tiling("sum", 32).because
    assert [(one.layer, one.why) for one in because] == [
        ("large", "it takes its size from the image, and what it reads is given")
    ]


POOLED = """input: {channels: 4, size: 64}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {given: mask, channels: 4, size: 96}
  - {crop: cut, size: a, offset: 0}
  - {global_avgpool: pool}
  - {add: sum, from: [a, pool]}
"""


def test_a_given_map_of_another_length_or_read_otherwise_is_another_in_a_tile(file: Path) -> None:
    because = loaded(file, POOLED).analyze().tiling("sum", 32).because
    assert [one.layer for one in because] == ["cut", "pool"]


# Gates


def test_a_gate_on_what_is_given_shows_nothing_of_the_image(file: Path) -> None:
    gate = "  - {squeeze_excite: g, squeeze: 2}\n  - {opaque: o}\n  - {add: s, from: [a, o]}\n"
    text = "input: {channels: 4, size: 9}\nlayers:\n  - {conv: a, kernel: 1, channels: 4}\n"
    report = loaded(file, f"{text}  - {{given: t, channels: 4, size: 9}}\n{gate}").analyze()
    assert [layer.global_context for layer in report] == [False] * 5
    assert {layer.bound.value for layer in report} == {"exact"}
    assert (report["s"].receptive_field, report["s"].start) == ((1,), report["a"].start)


def test_the_image_shown_by_a_gate_to_channels_that_are_given(file: Path) -> None:
    """A slice of what is given, behind a gate that shows the image beside it."""
    text = """input: {channels: 4, size: 9}
layers:
  - {given: t, channels: 4, size: 9}
  - {concat: both, from: [input, t]}
  - {squeeze_excite: g, squeeze: 2}
  - {slice: own, channels: 4, offset: 4}
  - {add: sum, from: [own, input]}
"""
    report = loaded(file, text).analyze()
    assert report["own"].receptive_field == (0,)
    assert (report["own"].global_context, report["sum"].global_context) == (True, True)
    assert report.unit("own", (4,))[0].field == Interval(0, 8)
    assert report.unit("sum", (4,))[0].spatial_field == Interval(4, 4)


# What is refused

REFUSED = {
    "an input that is not there": (
        FOLLOWED.replace("follow: search", "follow: serach"),
        "4:9: follow: there is no input 'serach'",
        "did you mean 'search'?",
    ),
    "a layer of an input that is not there": (
        FOLLOWED.replace("from: template", "from: templte"),
        "7:56: layers[1].from: there is no layer 'templte' before this one",
        "did you mean 'template'?",
    ),
    "the image, of several": (
        FOLLOWED.replace("from: search", "from: input"),
        "6:56: layers[0].from: there is no layer 'input' before this one",
        "allowed: search, template",
    ),
    "no layer before": (
        FOLLOWED.replace(", from: search", ""),
        "6:5: layers[0]: 'from' is missing: there are several inputs, and no layer before",
        "name an input: `from: ...`",
    ),
    "nor in a group": (
        FOLLOWED.replace(
            "{conv: a, kernel: 3, stride: 2, channels: 8, from: search}", "{group: a, layers: [{relu: r}]}"
        ),
        "6:5: layers[0]: 'from' is missing: there are several inputs, and no layer before",
        "name an input",
    ),
    "an input that nothing reads": (
        FOLLOWED.replace("from: template", "from: search"),
        "3:3: inputs.template: no layer reads the input 'template'",
        "leave it out, or name it: `from: template`",
    ),
    "other axes": (
        FOLLOWED.replace("[17, 13]", "17"),
        "3:3: inputs.template: 'template' has 1 axes, and 'search' 2",
        "all inputs of a network have as many",
    ),
    "both keys": (
        f"input: {{channels: 3, size: 9}}\n{FOLLOWED}",
        "1:1: input: both 'input' and 'inputs' found",
        "leave one out",
    ),
    "one followed of one": (
        "input: {channels: 3, size: 9}\nfollow: search\nlayers:\n  - {relu: a}\n",
        "2:1: follow: 'follow' stands without 'inputs'",
        "name the images",
    ),
    "none followed": (
        f"{INPUTS}variants: {{net: }}\n{LAYERS}",
        "'follow' is missing; allowed: search, template",
        "add `follow: search`",
    ),
    "a scope of that name": (
        FOLLOWED.replace("conv: a", "conv: search.a").replace("[a, b]", "[search.a, b]"),
        "6:12: layers[0].conv: 'search' is the name of an input",
        "choose another name for the scope",
    ),
    "a layer of that name": (
        FOLLOWED.replace("conv: a", "conv: template").replace("[a, b]", "[template, b]"),
        "6:5: layers[0]: the name 'template' stands twice",
        "unique in their scope",
    ),
    "a kernel that does not fit": (
        FOLLOWED.replace("[17, 13]", "[43, 13]"),
        "8:5: layers[2]: c: a map of 21 units cannot slide over one of 19 (those of a and b, at an input height of 40)",
        "",
    ),
    "filters of other channels": (
        FOLLOWED.replace("channels: 8, from: template", "channels: 7, from: template"),
        "8:5: layers[2]: c: 7 channels are no filters of 8 channels each",
        "its inputs: a (8 channels), b (7 channels)",
    ),
    "groups that do not divide": (
        FOLLOWED.replace("[a, b]", "[a, b], groups: 3"),
        "8:5: layers[2]: c: its 3 groups do not divide the 8 input channels",
        "its inputs",
    ),
    "three maps": (
        FOLLOWED.replace("[a, b]", "[a, b, a]"),
        "8:5: layers[2]: c: it slides one map over another, and reads 3",
        "its inputs",
    ),
    "no mapping": (
        FOLLOWED.replace(INPUTS, "inputs: [3]\n"),
        "1:9: inputs: a list of 1 found; allowed: a mapping of names to images",
        "",
    ),
    "too many": (
        f"inputs:\n{''.join(f'  i{n}: {{channels: 1, size: 3}}{chr(10)}' for n in range(17))}follow: i0\n{LAYERS}",
        "1:1: inputs: 17 inputs found; allowed: 1 to 16",
        "",
    ),
    "a name that is no id": (
        FOLLOWED.replace("  template:", "  Template:").replace("from: template", "from: Template"),
        "3:3: inputs.Template: the text 'Template' found; allowed: lower-case letters and digits",
        "this name becomes part of an id",
    ),
    "a given map that reads": (
        "input: {channels: 3, size: 9}\nlayers:\n  - {given: t, channels: 3, size: 3, from: input}\n",
        "3:38: layers[0].from: 'from' is not known here",
        "a given map reads nothing",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_where_it_stands(file: Path, case: str) -> None:
    text, message, hint = REFUSED[case]
    with pytest.raises(CatalogueError) as refused:
        loaded(file, text, "net" if "variants" in text else "").analyze()
    (problem,) = refused.value.problems
    assert message in str(problem)
    assert hint in str(problem)


# The commands


def test_the_commands_name_both_networks_of_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(INPUTS + LAYERS, "utf-8")
    for command in (["table"], ["query", "c", "0", "0"], ["seen-by", "c", "3", "3"], ["tile", "c"]):
        name, *rest = command
        assert main([name, str(file), *rest]) == 1
        assert "net-search, net-template" in capsys.readouterr().err
        assert main([name, f"{file}:net-search", *rest]) == 0
    assert main(["compare", f"{file}:net-search", f"{file}:net-template"]) == 0
    assert main(["table", f"{file}:net-search", "--input", "search=60"]) == 2
    assert "is not a size such as 320 or 320x480" in capsys.readouterr().err


# Figures and pages


def test_other_inputs_are_no_path_of_the_image(file: Path) -> None:
    report = loaded(file, FOLLOWED).analyze()
    graph = LayerGraph(report.network)
    assert [graph.inputs[report.network.node(name)] for name in ("template", "a", "b", "c")] == [[], [0], [1], [2, 3]]
    assert main_path(report.network) == [0, 2, 4]
    assert main_path(report.network, report.network.node("b")) == [0, 1, 3]
    drawing = draw("growth", "net", report)
    assert "from 1 to 13 input pixels" in drawing.alternative


def test_a_page_says_what_is_given_besides(file: Path) -> None:
    entry = rfdocs.load("siamfc-search")
    told = "".join(map(str, introduction(entry, facts_of(entry, entry.analyze())))).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith("on an input of 3 × 255 × 255, beside template of 3 × 127 × 127.")
