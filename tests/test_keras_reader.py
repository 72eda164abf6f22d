"""Models of Keras read, and held against themselves: each small network is verified by light, and told as it is."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import numpy as np
import pytest

from rfdocs.errors import RfdocsError
from rfdocs.importing import keras_light
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import file_text, from_keras, verdict_on
from rfdocs.importing.model_sources import ForeignModel, of_keras, read_source
from rfdocs.importing.understanding import ModelNotUnderstood
from rfdocs.importing.verdicts import ImportDisagrees, untold

if TYPE_CHECKING:
    import keras
    from keras import layers, ops
else:
    pytest.importorskip("torch", reason="only `make verify` installs PyTorch")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="only `make verify` installs Keras")
    layers, ops = keras.layers, keras.ops
pytestmark = [pytest.mark.verify, pytest.mark.importing, pytest.mark.filterwarnings("ignore")]


def sequential(size: Sequence[int | None], *parts: Any) -> Any:
    return keras.Sequential([keras.Input(tuple(size)), *parts])


def functional(size: Sequence[int | None], does: Any) -> Any:
    image = keras.Input(tuple(size))
    return keras.Model(image, does(image))


def lines(model: Any, image: Sequence[int] | None = None) -> list[str]:
    """The items of the file of a model, which agrees with the model and was measured on it."""
    read = of_keras(model, image)
    network = imported(read.graph, "net", "net")
    verdict = verdict_on(read, network, untold)
    assert all(text.startswith("sizes at ") for text in verdict.unverified)
    assert any(text.startswith("field of") for text in verdict.agreeing)
    text = file_text(network.entry, flat=True)
    return [line.strip().removeprefix("- ") for line in text.partition("layers:\n")[2].splitlines()]


def stem() -> Any:
    return layers.Conv2D(4, 3, name="stem")


#: A layer named ``a``, and the item of it in the file.
WINDOWS: dict[str, tuple[Any, str]] = {
    "same": (
        layers.Conv2D(4, 3, strides=2, padding="same", name="a"),
        "{conv: a, kernel: 3, stride: 2, padding: same, channels: 4}",
    ),
    "even": (
        layers.Conv2D(4, 4, padding="same", name="a"),
        "{conv: a, kernel: 4, padding: same, channels: 4}",
    ),
    "dilated": (
        layers.Conv2D(4, (3, 1), dilation_rate=2, use_bias=False, name="a"),
        "{conv: a, kernel: [3, 1], dilation: 2, bias: false, channels: 4}",
    ),
    "groups": (
        layers.Conv2D(6, 3, groups=2, activation="relu", name="a"),
        "{conv: a, kernel: 3, channels: 6, groups: 2, act: relu}",
    ),
    "depthwise": (
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="a"),
        "{depthwise_conv: a, kernel: 3, padding: same, multiplier: 2}",
    ),
    "pool": (
        layers.MaxPooling2D(3, 2, padding="same", name="a"),
        "{maxpool: a, kernel: 3, stride: 2, padding: same}",
    ),
    "mean": (layers.AveragePooling2D((2, 3), name="a"), "{avgpool: a, kernel: [2, 3]}"),
    "up": (layers.UpSampling2D(2, name="a"), "{upsample: a, scale: 2}"),
    "bilinear": (
        layers.UpSampling2D((2, 3), interpolation="bilinear", name="a"),
        "{upsample: a, scale: [2, 3], mode: bilinear}",
    ),
    "resized": (layers.Resizing(44, 44, name="a"), "{upsample: a, size: 44, mode: bilinear}"),
    "padded": (layers.ZeroPadding2D(((1, 2), (0, 3)), name="a"), "{pad: a, padding: [[1, 2], [0, 3]]}"),
    "cropped": (layers.Cropping2D(((1, 2), (0, 3)), name="a"), "{crop: a, padding: [[1, 2], [0, 3]]}"),
    "transposed": (
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", name="a"),
        "{transposed_conv: a, kernel: 3, stride: 2, padding: same, channels: 4}",
    ),
    "transposed valid": (
        layers.Conv2DTranspose(4, 2, strides=3, name="a"),
        "{transposed_conv: a, kernel: 2, stride: 3, padding: valid, channels: 4}",
    ),
    "transposed 0": (
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=0, name="a"),
        "{transposed_conv: a, kernel: 3, stride: 2, padding: same, channels: 4, output_padding: 0}",
    ),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_a_window_is_what_keras_slides(case: str) -> None:
    window, item = WINDOWS[case]
    assert lines(sequential((24, 24, 2), stem(), window))[1] == item


@pytest.mark.parametrize("case", ["same", "groups", "pool", "up", "padded", "transposed"])
def test_channels_first_is_the_same(case: str) -> None:
    window, item = WINDOWS[case]
    first = type(window).from_config(window.get_config() | {"data_format": "channels_first"})
    model = sequential((2, 24, 24), layers.Conv2D(4, 3, name="stem", data_format="channels_first"), first)
    assert lines(model)[1] == item


def test_a_separable_convolution_is_two() -> None:
    part = layers.SeparableConv2D(8, 3, strides=2, padding="same", depth_multiplier=2, activation="relu", name="a")
    assert lines(sequential((24, 24, 3), part)) == [
        "{depthwise_conv: a.depthwise, kernel: 3, stride: 2, padding: same, bias: false, multiplier: 2}",
        "{conv: a.pointwise, kernel: 1, channels: 8, act: relu}",
    ]


def test_causal_layers_are_padded_before() -> None:
    model = sequential((64, 1), layers.Conv1D(4, 3, dilation_rate=4, padding="causal", name="a"))
    assert lines(model) == ["{conv: a, kernel: 3, padding: [[8, 0]], dilation: 4, channels: 4}"]


def test_one_and_three_axes() -> None:
    line = sequential((64, 2), layers.SeparableConv1D(4, 5, name="a"), layers.MaxPooling1D(2, name="b"))
    assert lines(line)[1:] == ["{conv: a.pointwise, kernel: 1, channels: 4}", "{maxpool: b, kernel: 2}"]
    cube = sequential((8, 9, 10, 1), layers.Conv3D(4, 3, name="a"), layers.UpSampling3D((1, 2, 2), name="b"))
    assert lines(cube) == ["{conv: a, kernel: 3, channels: 4}", "{upsample: b, scale: [1, 2, 2]}"]


def residual(image: Any) -> Any:
    inner = layers.Conv2D(8, 3, padding="same", use_bias=False, name="block_1_conv")(image)
    inner = layers.ReLU(6.0, name="block_1_act")(layers.BatchNormalization(name="block_1_bn")(inner))
    short = layers.Conv2D(8, 1, name="block_1_short")(image)
    total = layers.Add(name="block_1_add")([short, inner])
    gate = layers.GlobalAveragePooling2D(keepdims=True, name="gate_1_pool")(total)
    gate = layers.Conv2D(2, 1, activation="relu", name="gate_1_fc")(gate)
    gate = layers.Conv2D(8, 1, activation="sigmoid", name="gate_1_back")(gate)
    total = layers.Multiply(name="gate_1_out")([total, gate])
    pooled = layers.GlobalAveragePooling2D(name="pool")(total)
    return layers.Dense(10, name="fc")(layers.Flatten(name="flat")(layers.Dropout(0.5)(pooled)))


def test_merges_gates_and_the_head_are_told_as_a_person_would() -> None:
    text = file_text(from_keras(functional((32, 32, 3), residual)))
    assert "{conv: block_1.conv, kernel: 3, padding: same, channels: 8, norm: batch, act: relu6}" in text
    assert "squeeze_excite" in text
    assert text.endswith("  - {global_avgpool: pool}\n  - {linear: fc, channels: 10}\n")


def test_learned_numbers_are_counted_without_statistics_frozen_or_not() -> None:
    model = functional((32, 32, 3), residual)
    own = sum(variable.value.numel() for variable in model.trainable_variables)
    assert from_keras(model).analyze().parameters == own
    model.trainable = False
    assert model.trainable_variables == []
    assert from_keras(model).analyze().parameters == own


def test_a_layer_that_is_called_twice_is_counted_once() -> None:
    shared = layers.Conv2D(3, 3, padding="same", name="twice")
    model = functional((16, 16, 3), lambda image: shared(shared(image)))
    assert from_keras(model).analyze().parameters == 3 * 3 * 3 * 3 + 3
    assert lines(model)[1].endswith("shared: true}")


def test_models_in_models_are_entered_and_named_by_their_paths() -> None:
    inner = sequential((None, None, 4), layers.Conv2D(4, 3, name="conv"), layers.ReLU(name="act"))
    inner.name = "part"
    model = functional((24, 24, 3), lambda image: inner(inner(stem()(image))))
    names = [line.partition(",")[0] for line in lines(model)]
    assert names == ["{conv: stem", "{conv: part.conv.conv", "{conv: part.conv.conv_2"]


class Scaled(layers.Layer):
    """A layer that only calls others and operations."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.conv = layers.Conv2D(4, 3, padding="same", name="conv")

    def build(self, shape: Any) -> None:
        self.gamma = self.add_weight(shape=(4,), name="gamma")
        self.conv.build(shape)

    def call(self, image: Any) -> Any:
        return ops.relu(self.conv(image)) * self.gamma + image


class Hidden(layers.Layer):
    """A layer that asks for numbers."""

    def call(self, image: Any) -> Any:
        return image * float(ops.convert_to_numpy(image).mean())

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


def test_a_layer_of_others_is_entered() -> None:
    model = sequential((24, 24, 3), stem(), Scaled(name="own"))
    items = lines(model)
    assert items[1] == "{conv: own.conv, kernel: 3, padding: same, channels: 4, act: relu}"
    assert "layer_scale" in items[2]
    assert from_keras(model).analyze().parameters == sum(v.value.numel() for v in model.trainable_variables)


class Subclassed(keras.Model):
    """A model that is a class of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = stem(), layers.Conv2D(8, 3, strides=2, name="second")

    def call(self, image: Any) -> Any:
        return self.second(ops.relu(self.first(image)))


class Loops(keras.Model):
    """A model that asks for numbers."""

    def call(self, image: Any) -> Any:
        return image if float(ops.sum(image)) > 0 else -image


def test_a_subclassed_model_is_followed_where_that_is_possible() -> None:
    assert lines(Subclassed(), (3, 32, 32)) == [
        "{conv: stem, kernel: 3, channels: 4, act: relu}", "{conv: second, kernel: 3, stride: 2, channels: 8}",
    ]  # fmt: skip
    with pytest.raises(RfdocsError, match=r"the calls of Loops cannot be followed") as caught:
        from_keras(Loops(), (3, 32, 32))
    assert caught.value.hint == "a functional model is read, and one whose `call` only calls layers and `keras.ops`"


def test_all_that_is_not_understood_is_named_at_once_and_lambdas_by_name() -> None:
    def does(image: Any) -> Any:
        cut = layers.Lambda(lambda x: x[:, ::2], name="cut")(image)
        return [cut, Hidden(name="peek")(image), layers.UnitNormalization(name="unit")(image)]

    with pytest.raises(ModelNotUnderstood, match="3 operators of the model are not understood") as caught:
        from_keras(functional((8, 8, 3), does))
    assert caught.value.details[0].startswith("cut: Lambda: it runs a Python function of its own")
    assert caught.value.details[1].startswith("peek: Hidden: what it does is not known")
    assert caught.value.details[2].startswith("unit: Normalize (normalize")


def test_what_is_not_understood_is_opaque_where_that_is_asked_for() -> None:
    def does(image: Any) -> Any:
        attended = layers.MultiHeadAttention(2, 4, attention_axes=(1, 2), name="mha")(*[stem()(image)] * 2)
        return layers.Conv2D(5, 3, strides=2, name="head")(attended)

    model = of_keras(functional((32, 32, 3), does))
    network = imported(model.graph, "net", "Net", allow_opaque=True)
    verdict = verdict_on(model, network, untold)
    assert verdict.agreeing[1:] == ("field of stem: 3 on axis 0",)
    assert len(verdict.unverified) == 2
    report = network.entry.analyze()
    assert [(layer.operation, layer.size, layer.bound.value) for layer in report] == [
        ("conv", (30, 30), "exact"), ("opaque", (30, 30), "at most"), ("conv", (14, 14), "at most"),
    ]  # fmt: skip
    own = from_keras(functional((32, 32, 3), does), allow_opaque=True).analyze().parameters
    assert own == sum(variable.value.numel() for variable in model.model.trainable_variables)


def test_each_tensor_of_what_is_opaque_has_its_own_shape() -> None:
    def does(row: Any) -> Any:
        steps, last, _ = layers.LSTM(6, return_sequences=True, return_state=True, name="lstm")(row)
        return [layers.Conv1D(4, 3, name="head")(steps), layers.Dense(2)(last)]

    with pytest.raises(ModelNotUnderstood, match="one operator of the model is not understood") as caught:
        from_keras(functional((64, 3), does), allow_opaque=True)
    assert caught.value.details[0].endswith("nor can it be opaque: what it gives, 1 x 6, is no map of one axis")


OPERATIONS: dict[str, tuple[Any, str]] = {
    "cut": (lambda x: x[:, 1:-1, ::2], "{subsample"),
    "channels": (lambda x: x[..., 2:], "{slice: slice, channels: 2, offset: 2}"),
    "padded": (lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 0), (0, 0)), constant_values=5), "{pad: pad"),
    "turned": (lambda x: ops.transpose(ops.transpose(x, (0, 3, 1, 2)), (0, 2, 3, 1)), "{conv: stem"),
    "split": (lambda x: ops.split(x, 2, axis=-1)[1], "{slice: slice, channels: 2, offset: 2}"),
    "stacked": (lambda x: ops.reshape(ops.stack([x, x], axis=-1), (-1, 22, 22, 8)), "{channel_shuffle"),
    "pooled": (lambda x: ops.max_pool(x, 3, 2, "same"), "{maxpool"),
    "joined": (lambda x: ops.concatenate([x, ops.tanh(x)], axis=-1), "{concat"),
    "scaled": (lambda x: ops.relu(x / 2 + 1) - x, "{conv: stem"),
}


@pytest.mark.parametrize("case", OPERATIONS)
def test_an_operation_is_what_it_computes(case: str) -> None:
    does, item = OPERATIONS[case]
    model = functional((24, 24, 3), lambda image: layers.Conv2D(4, 3, name="last")(does(stem()(image))))
    *_, before, last = lines(model)
    assert before.startswith(item)
    assert last.startswith("{conv: last")


def test_sequences_become_recurrences() -> None:
    model = functional(
        (32, 4),
        lambda x: layers.Bidirectional(layers.LSTM(8, return_sequences=True))(layers.GRU(4, return_sequences=True)(x)),
    )
    kinds = [(node.kind, dict(node.attributes)) for node in of_keras(model).graph.nodes[1:]]
    assert kinds == [
        ("recurrence", {"mode": "gru", "axis": 1, "channels": 4, "directions": 1, "weights": 3 * 4 * (4 + 4)}),
        ("recurrence", {"mode": "lstm", "axis": 1, "channels": 8, "directions": 2, "weights": 2 * 4 * 8 * (4 + 8)}),
    ]


def test_attention_is_four_matrices_and_a_gate() -> None:
    def does(x: Any) -> Any:
        return layers.MultiHeadAttention(2, 8, name="mha")(x, x)

    read = of_keras(functional((16, 12), does))
    network = imported(read.graph, "net", "net")
    verdict = verdict_on(read, network, untold)
    assert [layer.operation for layer in network.entry.network.layers].count("attention") == 1
    assert "mha: MultiHeadAttention lets no light through" in verdict.unverified[0]


def test_the_size_is_the_models_or_what_is_asked_for() -> None:
    open_sizes = sequential((None, None, 3), stem())
    assert of_keras(open_sizes).image == (3, 224, 224)
    assert of_keras(open_sizes, (3, 64, 96)).image == (3, 64, 96)
    assert of_keras(sequential((32, 40, 1), stem())).image == (1, 32, 40)
    with pytest.raises(RfdocsError, match=r"takes images of 32 x 40 x 1, not of 64 x 64 x 1"):
        of_keras(sequential((32, 40, 1), stem()), (1, 64, 64))
    with pytest.raises(RfdocsError, match=r"takes images of \? x 2"):
        of_keras(sequential((None, 2), layers.Conv1D(4, 3)))


class Overridden(keras.Model):
    """A model that has a graph, and does something else."""

    def call(self, image: Any) -> Any:
        return super().call(image[:, ::2])


def test_a_graph_is_not_believed_where_a_call_is_its_own() -> None:
    image = keras.Input((None, None, 3))
    model = Overridden(image, stem()(image))
    assert [line.partition(":")[0] for line in lines(model, (3, 32, 32))] == ["{subsample", "{conv"]


def test_a_norm_that_trains_at_inference_is_not_understood() -> None:
    model = functional((8, 8, 3), lambda image: layers.BatchNormalization(name="bn")(image, training=True))
    with pytest.raises(ModelNotUnderstood, match="bn: BatchNormalization: it normalises by the statistics"):
        from_keras(model)


def test_an_image_that_is_too_large_is_refused() -> None:
    with pytest.raises(RfdocsError, match="takes images of 65536 x 65536 x 3"):
        of_keras(sequential((65536, 65536, 3), stem()))


def test_several_inputs_and_what_is_no_model_are_refused() -> None:
    one, two = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    with pytest.raises(RfdocsError, match="takes 2 inputs, and one image is read"):
        from_keras(keras.Model([one, two], layers.Add()([one, two])))
    with pytest.raises(RfdocsError, match="gives an object of the class int"):
        from_keras(3)


def test_a_file_gives_what_the_model_does_and_holds_no_weights(tmp_path: Path) -> None:
    model = functional((32, 32, 3), residual)
    model.save(tmp_path / "net.keras")
    read = read_source(str(tmp_path / "net.keras"))
    assert all(variable.value.is_meta for variable in read.model.variables)
    own, other = (imported(one.graph, "net", "net") for one in (read, of_keras(model)))
    assert file_text(own.entry) == file_text(other.entry)
    assert verdict_on(read, own, untold).disagreements == ()


def test_a_file_with_a_lambda_is_refused_and_its_code_does_not_run(tmp_path: Path) -> None:
    model = sequential((8, 8, 3), layers.Lambda(lambda x: x, name="mine"))
    model.save(tmp_path / "net.keras")
    with pytest.raises(RfdocsError, match="may not be opened") as caught:
        read_source(str(tmp_path / "net.keras"))
    assert "mine: a Lambda holds a Python function" in caught.value.details


def test_a_file_that_keras_cannot_build_is_told(tmp_path: Path) -> None:
    model = sequential((8, 8, 3), layers.Conv2D(4, 3))
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    config["config"]["layers"][1]["config"]["filters"] = -4
    with ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    with pytest.raises(RfdocsError, match="cannot be built by Keras"):
        read_source(str(tmp_path / "net.keras"))
    config["config"]["layers"][1]["config"] |= {
        "filters": 1 << 30,
        "kernel_size": [1 << 10, 1 << 10],
        "padding": "same",
    }
    with ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    with pytest.raises(RfdocsError, match="the model would have more than 1099511627776 weights"):
        read_source(str(tmp_path / "net.keras"))


def tampered(model: Any, kind: str, **changes: Any) -> ForeignModel:
    """A model whose reader would have got something wrong."""
    read = of_keras(model)
    nodes = [
        replace(node, attributes={**node.attributes, **changes}) if node.kind == kind else node
        for node in read.graph.nodes
    ]
    return replace(read, graph=replace(read.graph, nodes=tuple(nodes)))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("conv", {"padding": ((2, 0), (2, 0))}),
        ("conv", {"dilation": (2, 2), "padding": ((2, 2), (2, 2))}),
        ("pool", {"kernel": (3, 3), "padding": ((0, 1), (0, 1))}),
    ],
)
def test_what_is_read_wrong_disagrees(kind: str, changes: dict[str, Any]) -> None:
    parts = [layers.Conv2D(4, 3, padding="same"), layers.MaxPooling2D(2), layers.Conv2D(4, 3, padding="same")]
    read = tampered(sequential((32, 32, 2), *parts), kind, **changes)
    with pytest.raises(ImportDisagrees, match="the model's unit does not see exactly"):
        verdict_on(read, imported(read.graph, "net", "net"), untold)


def test_work_and_weights_that_are_read_wrong_disagree() -> None:
    read = of_keras(sequential((32, 32, 2), layers.Conv2D(4, 3, padding="same", name="a")))
    wrong = of_keras(sequential((32, 32, 2), layers.Conv2D(4, (3, 1), padding="same", name="a")))
    with pytest.raises(ImportDisagrees, match=r"parameters: 76 in the model, 28 imported") as caught:
        verdict_on(read, imported(wrong.graph, "net", "net"), untold)
    assert "only in the model: a kernel of 73,728 multiply-accumulates" in caught.value.details


def test_the_models_of_the_package_agree() -> None:
    read = read_source("keras.applications.MobileNetV2(weights=None, input_shape=(64, 64, 3), alpha=0.35)")
    network = imported(read.graph, "net", "net")
    verdict = verdict_on(read, network, untold)
    assert verdict.unverified == ()
    assert verdict.agreeing[0].startswith("53 kernels at work")
    assert len(verdict.agreeing) > 5


def rows_of(counts: Sequence[int], lit: Sequence[int]) -> Any:
    """A unit whose channels are lit row by row."""
    numbers = ops.reshape(ops.convert_to_tensor(lit, dtype="float32"), (1, 1, 1, len(lit)))
    return keras_light._Light(numbers, tuple(counts), 3)


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        (((2, 3), (1, 0)), ((5,), (0,)), (2, 3)),
        (((2, 3), (1, 0)), ((3, 2), (0, 1)), (2, 1, 2)),
        (((4, 1), (0, 1)), ((1, 4), (1, 0)), (1, 3, 1)),
    ],
)
def test_a_sum_has_a_channel_for_each_row_that_is_alike_in_both(one: Any, other: Any, counts: tuple[int, ...]) -> None:
    lights = rows_of(*one), rows_of(*other)
    for first, second in (lights, lights[::-1]):
        total = keras_light._sum([first, second])
        assert total.counts == counts
        assert total.numbers.shape[3] == len(counts)
        assert ops.convert_to_numpy(total.full).tolist() == ops.convert_to_numpy(first.full + second.full).tolist()


def test_a_sum_of_one_channel_and_several_has_all() -> None:
    total = keras_light._sum([rows_of((2, 3), (1, 0)), rows_of((1,), (0,))])
    assert ops.convert_to_numpy(total.full).ravel().tolist() == [1, 1, 0, 0, 0]


def test_a_mask_that_nobody_learned_is_not_passed_over() -> None:
    mask = np.arange(6).reshape(1, 1, 6, 1) > 3
    with pytest.raises(ModelNotUnderstood, match="a mask of noughts and ones"):
        from_keras(functional((8, 8, 3), lambda image: stem()(image) * mask.astype("float32")), verify=False)
