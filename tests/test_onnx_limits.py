"""Files of ONNX that are damaged, hostile, or of a kind that is not read: one error with a hint, and never another."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx_models import Small, kinds, one, saved

from rfdocs.errors import RfdocsError
from rfdocs.extras import MissingExtra
from rfdocs.importing import onnx_file, onnx_limits, onnx_reader
from rfdocs.importing.onnx_limits import OnnxError
from rfdocs.importing.onnx_reader import read_onnx

CONV = one("Conv", (4, 3, 3, 3))


def refused(path: Path, match: str, **given: Any) -> str:
    """The hint of the error that a file ends in."""
    with pytest.raises(OnnxError, match=match) as caught:
        read_onnx(path, **given)
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value.hint


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x00" * 100, b"\x08\x07", bytes(range(256))])
def test_what_is_no_model(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    refused(path, "it is no model of ONNX")


def test_what_is_no_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.onnx", "No such file")
    refused(tmp_path, "directory")


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_limits, "MAX_BYTES", 100)
    refused(CONV.write(tmp_path), "bytes are more than the 100")


def test_too_many_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "MAX_NODES", 3)
    nodes = [helper.make_node("Relu", [f"n{at}" if at else "x"], [f"n{at + 1}"]) for at in range(4)]
    refused(Small(nodes, outputs=("n4",)).write(tmp_path), "more than 3 nodes")


def nested(depth: int) -> Any:
    """A node with graphs in graphs."""
    node = helper.make_node("Relu", ["x"], ["y"])
    for _ in range(depth):
        graph = helper.make_graph([node], "g", [], [helper.make_tensor_value_info("y", 1, None)])
        node = helper.make_node("If", ["c"], ["y"], then_branch=graph, else_branch=graph)
    return node


def test_graphs_in_graphs(tmp_path: Path) -> None:
    shallow = Small([nested(3)], {"c": np.array(True)})
    assert kinds(shallow.read(tmp_path)) == ["image", "pointwise"]


def chain_of_graphs(depth: int) -> Any:
    node = helper.make_node("Relu", ["x"], ["y"])
    for _ in range(depth):
        graph = helper.make_graph([node], "g", [], [helper.make_tensor_value_info("y", 1, None)])
        node = helper.make_node("If", ["c"], ["y"], then_branch=graph)
    return node


def test_graphs_too_deep_in_graphs(tmp_path: Path) -> None:
    model = Small([chain_of_graphs(20)], {"c": np.array(True)})
    refused(model.write(tmp_path), "graphs in nodes more than 16 deep")


def function(name: str, *called: str) -> Any:
    """A function that calls others one after the other."""
    names = ["a", *(f"n{at}" for at in range(len(called) - 1)), "b"]
    nodes = [
        helper.make_node(one, [names[at]], [names[at + 1]], domain="own" if one.startswith("F") else "")
        for at, one in enumerate(called)
    ]
    return helper.make_function("own", name, ["a"], ["b"], nodes, [helper.make_opsetid("", 18)] * 1, [])


def with_functions(*functions: Any) -> Small:
    return Small([helper.make_node("F0", ["x"], ["y"], domain="own")], functions=functions, domains={"own": 1})


def test_a_function_that_calls_itself(tmp_path: Path) -> None:
    refused(with_functions(function("F0", "F0")).write(tmp_path), "'F0' calls itself")
    refused(with_functions(function("F0", "F1"), function("F1", "F0")).write(tmp_path), "calls itself")


def test_functions_that_would_be_very_many_nodes(tmp_path: Path) -> None:
    functions = [function(f"F{at}", *[f"F{at + 1}"] * 10) for at in range(12)]
    refused(with_functions(*functions, function("F12", "Relu")).write(tmp_path), "more than 100000 nodes")


def test_functions_that_call_each_other_very_deep(tmp_path: Path) -> None:
    functions = [function(f"F{at}", f"F{at + 1}") for at in range(30)]
    refused(with_functions(*functions, function("F30", "Relu")).write(tmp_path), "too deep")


@pytest.mark.parametrize("dims", [(-1, 3, 3, 3), (1 << 40, 1 << 40, 3, 3), (1,) * 40, (1 << 62, 1 << 62, 1 << 62)])
def test_a_tensor_of_a_shape_that_none_has(dims: tuple[int, ...], tmp_path: Path) -> None:
    model = CONV.proto()
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend(dims)
    refused(saved(model, tmp_path / "net.onnx"), "the tensor 't0' would be")


def test_a_tensor_that_holds_less_than_it_says(tmp_path: Path) -> None:
    model = CONV.proto()
    model.graph.initializer[0].raw_data = b"1234"
    refused(saved(model, tmp_path / "net.onnx"), "does not hold what it says")


LARGE = [
    (one("Expand", [1, 3, 1 << 30, 1 << 30], shape=(1, 3, 1, 1)), "the tensor 'y' would be"),
    (one("Tile", [1, 1, 1 << 40, 1 << 40], shape=(1, 3, 2, 2)), "the tensor 'y' would be"),
    (one("Pad", [0, 0, 1 << 50, 1 << 50, 0, 0, 0, 0]), "the tensor 'y' would be"),
    (one("Resize", None, [1.0, 1.0, 1e12, 1e12]), "the tensor 'y' would be|scales"),
    (one("MaxPool", kernel_shape=[2, 2], pads=[1 << 40] * 4), "the tensor 'y' would be"),
]


@pytest.mark.parametrize(("model", "match"), LARGE)
def test_tensors_that_would_be_huge(model: Small, match: str, tmp_path: Path) -> None:
    refused(model.write(tmp_path), match)


def test_constants_that_would_be_huge_are_not_computed(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ConstantOfShape", ["s"], ["big"]),
        helper.make_node("Range", ["zero", "far", "step"], ["steps"]),
        helper.make_node("Add", ["big", "steps"], ["sum"]),
        helper.make_node("Tile", ["sum", "times"], ["more"]),
        helper.make_node("ReduceMax", ["more"], ["number"], keepdims=0),
        helper.make_node("Add", ["x", "number"], ["y"]),
    ]
    tensors = {
        "s": np.array([1 << 20]), "zero": np.float32(0), "far": np.float32(1 << 20), "step": np.float32(1),
        "times": np.array([1 << 10]),
    }  # fmt: skip
    assert kinds(Small(nodes, tensors).read(tmp_path)) == ["image", "pointwise"]


def stored_outside(location: str, count: int = 108, **more: str) -> Any:
    """A model whose kernel stands in another file."""
    model = one("Conv", (4, count // 36, 3, 3), shape=(1, count // 36, 16, 16)).proto()
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **more}.items():
        weights.external_data.add(key=key, value=value)
    return model


def test_weights_beside_the_model(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(np.ones(108, np.float32).tobytes())
    graph = read_onnx(saved(stored_outside("w.bin", offset="0", length="432"), tmp_path / "net.onnx"))
    assert graph.learned == {"t0": 108}
    refused(saved(stored_outside("none.bin"), tmp_path / "net.onnx"), "its external data cannot be read")
    refused(saved(stored_outside("w.bin", length="400"), tmp_path / "net.onnx"), "does not hold what it says")
    refused(saved(stored_outside("w.bin", offset="x"), tmp_path / "net.onnx"), "is no number")
    refused(saved(stored_outside("w.bin", offset="-9"), tmp_path / "net.onnx"), "cannot be read")
    refused(saved(stored_outside("w.bin", offset="9" * 40), tmp_path / "net.onnx"), "cannot be read")


def test_large_weights_are_not_read(tmp_path: Path) -> None:
    assert read_onnx(saved(stored_outside("later.bin", 36 * 5000), tmp_path / "net.onnx")).learned == {"t0": 180000}


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "sub/w.bin", "", ".", "..", "a\\b", "C:w", "a\0b"])
def test_weights_elsewhere(location: str, tmp_path: Path) -> None:
    refused(saved(stored_outside(location), tmp_path / "net.onnx"), "its weights are said to stand in")


def test_weights_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"0" * 432)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "w.bin").symlink_to(tmp_path / "secret")
    refused(saved(stored_outside("w.bin"), folder / "net.onnx"), "its weights are said to stand in 'w.bin'")


def test_a_literal_that_stands_elsewhere(tmp_path: Path) -> None:
    weights = stored_outside("../w.bin").graph.initializer[0]
    nodes = [helper.make_node("Constant", [], ["w"], value=weights), helper.make_node("Conv", ["x", "w"], ["y"])]
    refused(Small(nodes).write(tmp_path), "its weights are said to stand in")


def test_nodes_that_read_what_is_not_there(tmp_path: Path) -> None:
    refused(Small([helper.make_node("Relu", ["nothing"], ["y"])]).write(tmp_path), "has 0: x|reads 'nothing'")
    nodes = [helper.make_node("Add", ["x", "b"], ["y"]), helper.make_node("Relu", ["y"], ["b"])]
    refused(Small(nodes).write(tmp_path), "reads 'b', which nothing before it gives")
    refused(Small([helper.make_node("Relu", ["x"], ["z"])]).write(tmp_path), "the graph reads 'y'")


def test_two_nodes_that_give_the_same(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["x"], ["y"]), helper.make_node("Tanh", ["x"], ["y"])]
    refused(Small(nodes).write(tmp_path), "two nodes give 'y'")
    refused(Small([helper.make_node("Relu", ["x"], ["x"])], outputs=("x",)).write(tmp_path), "two nodes give 'x'")


CONTRADICTING = [
    (one("Conv", (4, 3, 3, 3), strides=[0, 1]), "is no Conv of these inputs"),
    (one("Conv", (4, 3, 3, 3), strides=1.5), "is no Conv of these inputs"),
    (one("Conv", (4, 5, 3, 3)), "its input has 3 channels"),
    (one("ConvTranspose", (4, 5, 3, 3)), "its input has 3 channels"),
    (one("Conv", (4, 3, 30, 30)), "the tensor 'y' would be"),
    (one("Conv"), "is no Conv of these inputs"),
    (one("Add", (5, 5)), "is no Add of these inputs"),
    (one("Reshape", [1, 5]), "it makes"),
    (one("Concat", (1, 3, 5, 5), axis=1), "is no Concat of these inputs"),
]


@pytest.mark.parametrize(("model", "match"), CONTRADICTING)
def test_a_node_that_contradicts_itself(model: Small, match: str, tmp_path: Path) -> None:
    refused(model.write(tmp_path), match)


STRANGE = [
    one("Conv", (4, 3, 3, 3), kernel_shape=[5, 5]),
    one("Conv", (4, 3, 3, 3), auto_pad="ODD"),
    one("Pad", [0, 0, 1, 1, 0, 0, 1, 1], mode="odd"),
    one("Resize", None, [1.0, 1.0, -2.0, 0.0]),
    one("Resize", None, None, [1, 3, 0, 0]),
    one("Slice", [0], [5], [1], [0]),
    one("Slice", [0, 1], [5], [1]),
    one("Gather", 99, axis=1),
    one("Gather", 1, axis=1 << 40),
    one("Transpose", perm=[0, 0, 0, 0]),
    one("Transpose", perm=[9, 1]),
    one("Squeeze", [9]),
    one("DepthToSpace", blocksize=0),
    one("SpaceToDepth", blocksize=7),
    one("MaxPool", kernel_shape=[0, 0]),
    one("ReduceMean", [7]),
    one("GroupNormalization", (2,), (2,), num_groups=0),
    one("Softmax", axis=77),
    one("Tile", [1 << 62] * 4),
    one("Split", [1 << 40, 5], axis=1, outputs=("a", "b")),
    one("LSTM", (1, 20, 4), (1, 20, 5), hidden_size=5, direction="odd", shape=(1, 6, 4)),
    one("LSTM", (1, 20, 4), (9,), hidden_size=5, shape=(1, 6, 4)),
    one("MatMul", (5, 5)),
    one("Einsum", equation="((("),
]


@pytest.mark.parametrize("model", STRANGE)
def test_a_strange_node_is_an_error_or_unknown(model: Small, tmp_path: Path) -> None:
    try:
        graph = model.read(tmp_path)
    except OnnxError:
        return
    assert "unknown" in kinds(graph)


def test_inputs_of_another_number(tmp_path: Path) -> None:
    two = Small([helper.make_node("Add", ["x", "state"], ["y"])], inputs=("x", "state"))
    refused(two.write(tmp_path), "one input is read, and this has 2: x, state")
    none = Small([helper.make_node("Relu", ["c"], ["y"])], {"c": (3,)}, inputs=())
    refused(none.write(tmp_path), "has 0: none")
    unused = Small([helper.make_node("Relu", ["x"], ["y"])], inputs=("x", "training"))
    assert kinds(unused.read(tmp_path)) == ["image", "pointwise"]


def test_an_initialiser_that_is_an_input_as_well_is_none(tmp_path: Path) -> None:
    model = CONV.proto()
    model.graph.input.append(helper.make_tensor_value_info("t0", 1, (4, 3, 3, 3)))
    assert kinds(read_onnx(saved(model, tmp_path / "net.onnx"))) == ["image", "conv"]


def test_outputs_that_no_image_changes(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["x"], ["a"]), helper.make_node("Relu", ["c"], ["y"])]
    refused(Small(nodes, {"c": (3,)}).write(tmp_path), "none of its outputs depends on its input")


def test_an_input_without_a_shape(tmp_path: Path) -> None:
    model = CONV.proto()
    model.graph.input[0].type.tensor_type.ClearField("shape")
    refused(saved(model, tmp_path / "net.onnx"), "is no tensor of")
    model.graph.input[0].ClearField("type")
    refused(saved(model, tmp_path / "net.onnx"), "is no tensor of")


def test_sizes(tmp_path: Path) -> None:
    path = one("Relu", shape=("n", 3, "h", "w")).write(tmp_path)
    assert refused(path, r"its input 'x' is \(\?, 3, \?, \?\), of any size") == "say which: --input 3x224x224"
    refused(path, "its input has 2 axes, and the size is 5", size=(5,))
    refused(path, "the size is 0x5", size=(0, 5))
    refused(path, "would be 1 x 3 x", size=(1 << 40, 1 << 40))


def test_a_size_that_the_file_is_not_for(tmp_path: Path) -> None:
    path = one("Add", (1, 3, 16, 16)).write(tmp_path)
    assert "leave the size out" in refused(path, "is no Add of these inputs", size=(8, 8))


def test_versions_that_are_not_read(tmp_path: Path) -> None:
    newest = onnx.defs.onnx_opset_version()
    assert "upgrade" in refused(one("Relu", opset=newest + 1).write(tmp_path), f"version {newest + 1} of ONNX's")
    assert "convert_version" in refused(one("Relu", opset=6).write(tmp_path), "of version 6")
    model = CONV.proto()
    del model.opset_import[:]
    refused(saved(model, tmp_path / "net.onnx"), "of version 1")


def test_names_are_told_on_one_line(tmp_path: Path) -> None:
    name = "a\nb\x1b[31m" + "c" * 500
    refused(Small([helper.make_node("Add", ["x", name], ["y"])]).write(tmp_path), r"reads 'a\?b\?\[31mc+…'")


def test_without_the_package_it_is_said_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ModuleNotFoundError(name="onnx")

    monkeypatch.setattr(onnx_reader, "import_module", absent)
    with pytest.raises(MissingExtra, match=r"onnx is not installed.*pip install 'rfdocs\[onnx\]'"):
        read_onnx(tmp_path / "net.onnx")


def mutants(content: bytes, seed: int) -> Iterator[bytes]:
    """A file cut off, with bytes changed, doubled or left out."""
    chance = random.Random(seed)
    for _ in range(60):
        at, length = chance.randrange(len(content)), chance.randrange(1, 9)
        yield content[:at]
        yield content[:at] + bytes(chance.randrange(256) for _ in range(length)) + content[at + length :]
        yield content[:at] + content[at + length :]
        yield content[: at + length] + content[at:]


def wholes() -> Iterator[Callable[[], Any]]:
    yield CONV.proto
    yield one("Resize", None, [1.0, 1.0, 2.0, 2.0], mode="linear").proto
    yield one("Slice", [1], [5], [2]).proto
    yield one("LSTM", (1, 20, 4), (1, 20, 5), (1, 40), hidden_size=5, shape=(1, 6, 4)).proto
    yield Small([nested(2)], {"c": np.array(True)}).proto
    yield with_functions(function("F0", "F1", "Relu"), function("F1", "Tanh")).proto


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_end_in_an_error_of_ours_or_in_a_graph(seed: int, tmp_path: Path) -> None:
    content = list(wholes())[seed]().SerializeToString()
    path = tmp_path / "net.onnx"
    for mutant in mutants(content, seed):
        path.write_bytes(mutant)
        try:
            read_onnx(path)
        except RfdocsError as error:
            assert "\n" not in error.message  # noqa: PT017 - a graph is as good an answer
