"""Imports from the file to the YAML: what is written, what is refused, and that the model itself is asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from answers import Ask, asking
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx_models import Small

import rfdocs
from rfdocs.algebra.interval import Interval
from rfdocs.catalogue.survey import read_survey
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.importing import onnx_light
from rfdocs.importing.foreign_graph import ForeignGraph
from rfdocs.importing.imported import Imported, imported
from rfdocs.importing.importing import file_text, verdict_on
from rfdocs.importing.measured_maps import other_sizes
from rfdocs.importing.model_sources import ForeignModel, identifier_of, read_source
from rfdocs.importing.onnx_file import read_file
from rfdocs.importing.understanding import ModelNotUnderstood
from rfdocs.importing.verdicts import ImportDisagrees, untold


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    return asking(capsys)


def conv(name: str, source: str, target: str, **given: object) -> object:
    return helper.make_node("Conv", [source, f"{name}.weight", f"{name}.bias"], [target], f"/{name}/Conv", **given)


def residual() -> Small:
    """A stem, a block around which its input leads, and a head."""
    nodes = [
        conv("stem", "x", "a", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["a"], ["b"], "/relu/Relu"),
        conv("block.conv1", "b", "c", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["d"], "/block/relu/Relu"),
        conv("block.conv2", "d", "e", kernel_shape=[3, 3], pads=[2, 2, 2, 2], dilations=[2, 2]),
        helper.make_node("Add", ["e", "b"], ["f"], "/block/Add"),
        helper.make_node("MaxPool", ["f"], ["g"], "/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["g"], ["h"], "/avgpool/GlobalAveragePool"),
        helper.make_node("Flatten", ["h"], ["i"], "/Flatten"),
        helper.make_node("Gemm", ["i", "fc.weight", "fc.bias"], ["y"], "/fc/Gemm", transB=1),
    ]
    tensors = {
        "stem.weight": (8, 3, 3, 3), "stem.bias": (8,), "block.conv1.weight": (8, 8, 3, 3), "block.conv1.bias": (8,),
        "block.conv2.weight": (8, 8, 3, 3), "block.conv2.bias": (8,), "fc.weight": (10, 8), "fc.bias": (10,),
    }  # fmt: skip
    return Small(nodes, tensors, (1, 3, 32, 32))


def decoder() -> Small:
    """Down by a pooling, up by a transposed convolution and by interpolation, on one axis."""
    nodes = [
        conv("a", "x", "p", kernel_shape=[5], pads=[2, 2]),
        helper.make_node("AveragePool", ["p"], ["q"], "/pool/AveragePool", kernel_shape=[4], strides=[4]),
        helper.make_node(
            "ConvTranspose", ["q", "up.weight"], ["r"], "/up/ConvTranspose", kernel_shape=[2], strides=[2]
        ),
        helper.make_node(
            "Resize", ["r", "", "scales"], ["s"], "/Resize", mode="linear", coordinate_transformation_mode="half_pixel"
        ),
        helper.make_node("Concat", ["s", "p"], ["y"], "/Concat", axis=1),
    ]
    tensors = {"a.weight": (4, 2, 5), "a.bias": (4,), "up.weight": (4, 4, 2), "scales": [1.0, 1.0, 2.0]}
    return Small(nodes, tensors, (1, 2, 64))


def gated() -> Small:
    """A squeeze-and-excite gate between two convolutions."""
    nodes = [
        conv("a", "x", "p", kernel_shape=[3, 3], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["p"], ["q"], "/se/pool/GlobalAveragePool"),
        conv("se.fc1", "q", "r"),
        helper.make_node("Relu", ["r"], ["s"], "/se/relu/Relu"),
        conv("se.fc2", "s", "t"),
        helper.make_node("Sigmoid", ["t"], ["u"], "/se/sigmoid/Sigmoid"),
        helper.make_node("Mul", ["p", "u"], ["v"], "/se/Mul"),
        conv("b", "v", "y", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    ]
    tensors = {
        "a.weight": (8, 3, 3, 3), "a.bias": (8,), "se.fc1.weight": (2, 8, 1, 1), "se.fc1.bias": (2,),
        "se.fc2.weight": (8, 2, 1, 1), "se.fc2.bias": (8,), "b.weight": (8, 8, 3, 3), "b.bias": (8,),
    }  # fmt: skip
    return Small(nodes, tensors, (1, 3, 33, 33))


def grouped() -> Small:
    """Channels that are lit alike, one by one, in two groups, and side by side; then groups of those that are not."""
    nodes = [
        conv("a", "x", "p", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        conv("b", "p", "q", kernel_shape=[3, 3], strides=[2, 2], group=4),
        conv("c", "q", "r", kernel_shape=[1, 3], pads=[0, 1, 0, 1], group=2),
        helper.make_node("MaxPool", ["p"], ["s"], "/pool/MaxPool", kernel_shape=[5, 5], strides=[2, 2]),
        helper.make_node("Pad", ["s", "pads"], ["t"], "/Pad"),
        helper.make_node("Concat", ["r", "t"], ["u"], "/Concat", axis=1),
        conv("d", "u", "v", kernel_shape=[3, 3], group=2),
        helper.make_node("ConvTranspose", ["r", "e.weight"], ["y"], "/e/ConvTranspose", strides=[2, 2]),
    ]
    tensors = {
        "a.weight": (4, 3, 3, 3), "a.bias": (4,), "b.weight": (8, 1, 3, 3), "b.bias": (8,), "c.weight": (6, 4, 1, 3),
        "c.bias": (6,), "d.weight": (4, 5, 3, 3), "d.bias": (4,), "e.weight": (6, 2, 2, 2),
        "pads": np.array([0, 0, 0, 0, 0, 0, 1, 1]),
    }  # fmt: skip
    return Small(nodes, tensors, (1, 3, 20, 20), ("v", "y"))


NETWORKS = pytest.mark.parametrize("network", [residual(), decoder(), gated()], ids=["residual", "decoder", "gated"])


def model_of(network: Small, folder: Path) -> ForeignModel:
    return read_source(str(network.write(folder)))


def test_a_file_is_written_as_a_person_would(ask: Ask, tmp_path: Path) -> None:
    path = residual().write(tmp_path)
    answer = ask("import", str(path), "--title", "Small")
    assert answer.status == 0
    assert answer.out == (
        "title: Small\n"
        "input: {channels: 3, size: [32, 32]}\n"
        "layers:\n"
        "  - {conv: stem, kernel: 3, stride: 2, padding: 1, channels: 8, act: relu}\n"
        "  - name: block.add\n"
        "    add:\n"
        "      - - {conv: block.conv1, kernel: 3, padding: 1, channels: 8, act: relu}\n"
        "        - {conv: block.conv2, kernel: 3, padding: 2, dilation: 2, channels: 8}\n"
        "      - []\n"
        "  - {maxpool: pool, kernel: 2}\n"
        "  - {global_avgpool: avgpool}\n"
        "  - {linear: fc, channels: 10}\n"
    )
    assert "agrees: field of block.add: 15 on axis 0" in answer.err


@NETWORKS
def test_the_model_agrees_with_what_it_is_understood_as(network: Small, tmp_path: Path) -> None:
    model = model_of(network, tmp_path)
    verdict = verdict_on(model, imported(model.graph, "net", "Net"), untold)
    assert verdict.agreeing
    assert not verdict.unverified


@NETWORKS
def test_the_written_file_is_the_network(network: Small, tmp_path: Path) -> None:
    entry = rfdocs.from_onnx(network.write(tmp_path))
    written = tmp_path / "net.yaml"
    for flat in (False, True):
        written.write_text(file_text(entry, flat=flat), "utf-8")
        assert network_fingerprint(rfdocs.load(str(written)).network) == network_fingerprint(entry.network)


def changed(graph: ForeignGraph, kind: str, **attributes: object) -> ForeignGraph:
    """The graph with the first node of a kind misread."""
    place = next(number for number, node in enumerate(graph.nodes) if node.kind == kind)
    node = graph.nodes[place]
    nodes = list(graph.nodes)
    nodes[place] = replace(node, attributes={**node.attributes, **attributes})
    return replace(graph, nodes=tuple(nodes))


@pytest.mark.parametrize(
    ("network", "kind", "attributes"),
    [
        (residual(), "conv", {"padding": ((0, 2), (0, 2))}),
        (residual(), "pool", {"kernel": (1, 1), "stride": (2, 2)}),
        (decoder(), "conv", {"padding": ((3, 1),)}),
        (decoder(), "upsample", {"mode": "nearest"}),
        (gated(), "conv", {"padding": ((1, 0), (0, 1))}),
    ],
)
def test_what_is_misread_is_found_on_the_model(
    network: Small, kind: str, attributes: dict[str, object], tmp_path: Path
) -> None:
    model = model_of(network, tmp_path)
    wrong: Imported = imported(changed(model.graph, kind, **attributes), "net", "Net")
    with pytest.raises(ImportDisagrees, match="the model itself says otherwise"):
        verdict_on(model, wrong, untold)


@pytest.mark.parametrize(
    ("network", "several"), [(residual(), set()), (decoder(), set()), (gated(), set()), (grouped(), {"v"})]
)
def test_one_channel_is_lit_as_all_of_them(
    network: Small, several: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = read_file(network.write(tmp_path))
    outputs = [name for node in network.nodes if node.op_type in ("Conv", "ConvTranspose") for name in node.output]
    shape = [length for length in network.shape if isinstance(length, int)]
    image = (np.random.default_rng(1).random(shape) < 0.02).astype(np.float32)

    def lit() -> list[Any]:
        model = onnx_light.lit_model(file, outputs, shape)
        return list(ReferenceEvaluator(model).run(None, {"x": image}))

    short = lit()
    monkeypatch.setattr(onnx_light._Lantern, "_channels_behind", lambda *given: ())
    for name, one, every in zip(outputs, short, lit(), strict=True):
        assert (one.shape[1] == 1) == (name not in several)
        np.testing.assert_array_equal(np.broadcast_to(one, every.shape), every)


def test_no_weight_of_a_convolution_goes_to_the_runtime(tmp_path: Path) -> None:
    lit = onnx_light.lit_model(read_file(residual().write(tmp_path)), ["f"], (1, 3, 32, 32))
    assert not lit.graph.initializer


def test_a_size_that_follows_from_the_image_is_no_number(tmp_path: Path) -> None:
    model = model_of(decoder(), tmp_path)
    [size] = {node.shape[2:] for node in model.graph.nodes if node.kind == "upsample"}
    misread = changed(model.graph, "upsample", size=size, scale=None, fixed=True)
    verdict = verdict_on(model, imported(misread, "net", "Net"), untold)
    [unverified] = verdict.unverified
    assert unverified.startswith("sizes at 76: the model takes it, and here it is refused: ")


def test_nothing_is_written_where_something_is_not_understood(ask: Ask, tmp_path: Path) -> None:
    odd = [
        helper.make_node("Det", ["x"], ["p"], "/odd/Det"),
        helper.make_node("NonZero", ["x"], ["y"], "/more/NonZero"),
    ]
    path = Small(odd, {}, (1, 1, 4, 4), ("p", "y")).write(tmp_path)
    target = tmp_path / "net.yaml"
    answer = ask("import", str(path), "-o", str(target))
    assert (answer.status, target.exists()) == (1, False)
    assert "2 operators of the model are not understood" in answer.err
    assert "odd: Det" in answer.err
    assert "more: NonZero" in answer.err
    assert "hint: nothing is guessed, and nothing was written" in answer.err


def plugged(shape: tuple[int, ...] = (1, 8, 8, 8)) -> Small:
    """A convolution, an operator of somebody's own that gives a tensor of this shape and learns, and a head."""
    nodes = [
        conv("stem", "x", "a", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Warp", ["a", "warp.weight"], ["b"], "/warp/Warp", None, "plugins"),
        conv("head", "b", "y", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    ]
    tensors = {
        "stem.weight": (8, 3, 3, 3), "stem.bias": (8,), "warp.weight": (8, 3), "head.weight": (4, 8, 3, 3),
        "head.bias": (4,),
    }  # fmt: skip
    return Small(nodes, tensors, (1, 3, 32, 32), domains={"plugins": 1}, told={"b": shape})


def test_what_is_not_understood_is_written_as_opaque_if_asked_for(ask: Ask, tmp_path: Path) -> None:
    path = plugged().write(tmp_path)
    assert ask("import", str(path)).status == 1
    answer = ask("import", str(path), "--allow-opaque")
    assert answer.status == 0
    assert answer.out == (
        "title: small\n"
        "input: {channels: 3, size: [32, 32]}\n"
        "layers:\n"
        "  - {conv: stem, kernel: 3, stride: 2, padding: 1, channels: 8}\n"
        "  - {opaque: warp, size: 8,\n"
        '     note: "not understood: Warp: the operator plugins::Warp is not known: what it reads would have to be", '
        "learned: 24}\n"
        "  - {conv: head, kernel: 3, padding: 1, channels: 4}\n"
    )
    assert "opaque: warp: Warp: the operator plugins::Warp is not known" in answer.err
    assert "agrees: field of stem: 3 on axis 0" in answer.err
    assert "field of head" not in answer.err
    assert "not verified: fields behind opaque layers: they are bounds" in answer.err
    assert "not verified: multiply-accumulates of opaque layers: they are not known" in answer.err


def test_an_opaque_layer_is_a_bound_from_python_too(tmp_path: Path) -> None:
    path = plugged().write(tmp_path)
    with pytest.raises(ModelNotUnderstood, match="one operator of the model is not understood"):
        rfdocs.from_onnx(path)
    report = rfdocs.from_onnx(path, allow_opaque=True).analyze()
    assert [layer.bound.value for layer in report] == ["exact", "at most", "at most"]
    assert report.parameters == 8 * 3 * 9 + 8 + 24 + 4 * 8 * 9 + 4


def test_what_is_no_map_cannot_be_opaque(ask: Ask, tmp_path: Path) -> None:
    answer = ask("import", str(plugged((1, 64)).write(tmp_path)), "--allow-opaque")
    assert (answer.status, answer.out) == (1, "")
    assert "nor can it be opaque: what it gives, 1 x 64, is no map of 2 axes" in answer.err


def test_what_a_graph_in_a_node_learns_is_counted(tmp_path: Path) -> None:
    held = [numpy_helper.from_array(np.ones((3, 3, 1, 1), np.float32), "own.weight")]
    literal = helper.make_node("Constant", [], ["own.gain"], value=numpy_helper.from_array(np.ones(3, np.float32)))
    then = [
        literal,
        helper.make_node("Conv", ["x", "own.weight"], ["c"], "/Conv"),
        helper.make_node("Mul", ["c", "own.gain"], ["t"], "/Mul"),
    ]
    branches = {
        "then_branch": helper.make_graph(then, "then", [], [helper.make_empty_tensor_value_info("t")], held),
        "else_branch": helper.make_graph(
            [helper.make_node("Relu", ["x"], ["e"])], "else", [], [helper.make_empty_tensor_value_info("e")]
        ),
    }
    nodes = [
        helper.make_node("ReduceMax", ["x"], ["m"], "/Max", keepdims=1),
        helper.make_node("Cast", ["m"], ["bright"], "/Cast", to=9),
        helper.make_node("If", ["bright"], ["w"], "/way/If", **branches),
        conv("head", "w", "y", kernel_shape=[3, 3]),
    ]
    tensors = {"head.weight": (4, 3, 3, 3), "head.bias": (4,)}
    model = Small(nodes, tensors, (1, 3, 16, 16), producer="", told={"w": (1, 3, 16, 16)})
    report = rfdocs.from_onnx(model.write(tmp_path), allow_opaque=True).analyze()
    assert report.parameters == 9 + 3 + 4 * 3 * 9 + 4
    assert [layer.operation for layer in report] == ["opaque", "opaque", "concat", "opaque", "conv"]
    central = report.unit("head", (7, 7))
    assert [axis.spatial_visible for axis in central] == [Interval(0, 15)] * 2


def test_before_what_is_opaque_the_model_still_says_otherwise(tmp_path: Path) -> None:
    model = model_of(plugged(), tmp_path)
    wrong = changed(model.graph, "conv", padding=((0, 2), (0, 2)))
    with pytest.raises(ImportDisagrees, match="the model itself says otherwise"):
        verdict_on(model, imported(wrong, "net", "Net", allow_opaque=True), untold)


@pytest.mark.parametrize(
    "command", [("table",), ("query", "block.add", "3", "3"), ("tile",), ("seen-by", "stem", "5", "5")]
)
def test_every_command_takes_a_model(ask: Ask, tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *rest = command
    answer = ask(name, str(residual().write(tmp_path)), *rest)
    assert (answer.status, answer.out.partition(",")[0]) == (0, "small")
    assert "not held against the model" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("resnet50",), "'resnet50' is no model that can be imported"),
        (("missing.onnx",), "missing.onnx: No such file or directory"),
        (("net.onnx", "--input", "224"), "'224' is no image such as 3x224x224: channels come first"),
        (("os.getcwd()", "--id", "Bad Id"), "'Bad Id'"),
        (("no_such_package.build()",), "no_such_package"),
        (("weights.pth",), "files of weights and of TorchScript are no source"),
        (("net.h5",), "save the model to a file that ends in .keras"),
        (("net.onnx", "-o", "no/such/net.yaml"), "there is no folder no/such"),
    ],
)
def test_what_cannot_be_imported_is_said_in_one_line(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    answer = ask("import", *arguments)
    assert answer.status in (1, 2)
    assert not answer.out
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_an_id_comes_from_the_source() -> None:
    assert identifier_of("timm.create_model('tf_efficientnet_b0.in1k')") == "tf_efficientnet_b0-in1k"


def test_no_family_is_imported_wrong_and_few_are_refused_whose_units_do_not_attend_to_each_other() -> None:
    outcomes = read_survey()
    plain = [outcome.verdict for outcome in outcomes if not outcome.attends]
    assert len(plain) > 70
    assert "wrong" not in {outcome.verdict for outcome in outcomes}
    assert plain.count("right") >= 0.9 * len(plain)


def test_light_comes_from_both_maps_of_a_quantised_sum(tmp_path: Path) -> None:
    def quantised(source: str, target: str, **given: object) -> object:
        inputs = [source, "s", "z", target + ".weight", "s", "z", "s", "z"]
        return helper.make_node("QLinearConv", inputs, [target], f"/{target}/Conv", **given)

    nodes = [
        quantised("x", "small", kernel_shape=[1, 1]),
        quantised("x", "large", kernel_shape=[5, 5], pads=[2, 2, 2, 2]),
        helper.make_node(
            "QLinearAdd", ["small", "s", "z", "large", "s", "z", "s", "z"], ["y"], "/Add", None, "com.microsoft"
        ),
    ]
    weights = {"small.weight": np.ones((4, 3, 1, 1), np.int8), "large.weight": np.ones((4, 3, 5, 5), np.int8)}
    tensors = {**weights, "s": np.float32(0.5), "z": np.int8(0)}
    network = Small(nodes, tensors, opset=13, domains={"com.microsoft": 1})
    model = model_of(network, tmp_path)
    field, *_ = verdict_on(model, imported(model.graph, "net", "Net"), untold).agreeing
    assert field == "field of add: 5 on axis 0"


def test_a_number_of_the_whole_image_times_a_learned_one(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["a"], "/ReduceMean", keepdims=0),
        helper.make_node("Mul", ["a", "scale.weight"], ["b"], "/scale/Mul"),
        helper.make_node("Mul", ["x", "b"], ["y"], "/Mul"),
    ]
    model = model_of(Small(nodes, {"scale.weight": (1,)}, (1, 1, 8, 8)), tmp_path)
    network = imported(model.graph, "net", "Net")
    assert [layer.operation for layer in network.entry.network.layers] == ["global_avgpool", "layer_scale", "multiply"]
    assert verdict_on(model, network, untold).disagreements == ()


def test_an_image_of_which_every_rest_is_asked_for_is_no_other_size() -> None:
    network = rfdocs.load("resnet18").network
    rests = {tuple(length % 32 for length in size) for size in other_sizes(replace(network, input_size=(225, 255)))}
    assert (2, 1) in rests
    assert other_sizes(network) == [(225, 223), (224, 320)]


def test_a_model_that_the_runtime_does_not_run_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_model: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr("rfdocs.importing.onnx_verdict._session", refuse)
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"])]
    model = read_source(str(Small(nodes, {"w": (4, 3, 3, 3)}, (1, 3, 8, 8)).write(tmp_path)))
    verdict = verdict_on(model, imported(model.graph, "net", "Net"), untold)
    assert "fields: the runtime does not run it: RuntimeError: no such operator" in verdict.unverified


@pytest.mark.parametrize("fixed", [(1, 4, 8, 8), (8,)])
def test_a_model_of_one_size_repeats_shorter_maps(fixed: tuple[int, ...], tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Add", ["c", "p"], ["s"]),
        helper.make_node("Conv", ["s", "v"], ["y"], pads=[1, 1, 1, 1]),
    ]
    tensors = {"w": (4, 3, 3, 3), "p": fixed, "v": (2, 4, 3, 3)}
    model = read_source(str(Small(nodes, tensors, (1, 3, 8, 8)).write(tmp_path)))
    verdict = verdict_on(model, imported(model.graph, "net", "Net"), untold)
    assert [text for text in verdict.agreeing if text.startswith("field of")]


def test_maps_with_channels_last_inside_are_not_taken_for_others(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]),
        helper.make_node("LayerNormalization", ["t", "g", "b"], ["n"], axis=-1),
        helper.make_node("Transpose", ["n"], ["y"], perm=[0, 3, 1, 2]),
    ]
    model = read_source(str(Small(nodes, {"w": (8, 3, 3, 3), "g": (8,), "b": (8,)}, (1, 3, 9, 9)).write(tmp_path)))
    assert not verdict_on(model, imported(model.graph, "net", "Net"), untold).disagreements


def test_a_path_given_from_python_is_a_path_whatever_it_looks_like(tmp_path: Path) -> None:
    path = Small([helper.make_node("Conv", ["x", "w"], ["y"])], {"w": (4, 3, 3, 3)}).write(tmp_path)
    assert rfdocs.from_onnx(path.rename(tmp_path / "model.bin")).analyze().last.receptive_field == (3, 3)
    with pytest.raises(rfdocs.RfdocsError, match=r"os\.getcwd\(\): No such file"):
        rfdocs.from_onnx("os.getcwd()")


@pytest.mark.parametrize("image", [224, (3,), (), (3, 0, 8), (3, 8.0, 8), "3x8x8"])
def test_what_is_no_image_is_told(image: object, tmp_path: Path) -> None:
    path = Small([helper.make_node("Conv", ["x", "w"], ["y"])], {"w": (4, 3, 3, 3)}).write(tmp_path)
    with pytest.raises(rfdocs.RfdocsError, match="is no image"):
        rfdocs.from_onnx(path, image)  # type: ignore[arg-type]
