"""The code that the table of paddings shows, run in the frameworks that it is for, unit by unit.

`make verify` runs these; a framework that is not installed is skipped. A unit reads what is not zero in the framework's
own result for maps that are one at a single unit.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import pytest
from padded_layers import Taps, computed, layers

from rfdocs.pages.frameworks import FRAMEWORKS, SlidLayer, Told

np = pytest.importorskip("numpy")
pytestmark = [pytest.mark.verify, pytest.mark.filterwarnings("ignore")]

Run = Callable[[SlidLayer, str], Any]


def read(run: Run, layer: SlidLayer, code: str) -> Taps:
    """What every unit reads in the framework; ``None`` where it refuses, or nothing is left."""
    try:
        made = np.nan_to_num(np.asarray(run(layer, code)), nan=0, neginf=-1)
    except Exception:  # noqa: BLE001 - every framework refuses in its own way
        return None
    return [np.nonzero(made[:, unit] > 1e-9)[0].tolist() for unit in range(made.shape[1])] or None


def hold(name: str, run: Run, part: int) -> None:
    """Holds every ``part``-th layer of the grid against a framework."""
    held = 0
    for number, layer in enumerate(layers()):
        told = FRAMEWORKS[name](layer)
        if isinstance(told, Told) and number % part == 0:
            held += 1
            assert computed(layer, told) == read(run, layer, told.code), (layer, told.code)
    assert held > 50


def test_pytorch_reads_so() -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn

    def with_ones(made: Any) -> Any:
        def applied(*given: Any, **named: Any) -> Any:
            layer = made(1, 1, *given, bias=False, **named)
            nn.init.ones_(layer.weight)
            return layer

        return applied

    def run(layer: SlidLayer, code: str) -> Any:
        x = torch.eye(layer.length)[:, None]
        names = {name: with_ones(getattr(nn, name)) for name in ("Conv1d", "ConvTranspose1d")}
        names |= {"MaxPool1d": nn.MaxPool1d, "AvgPool1d": nn.AvgPool1d, "F": nn.functional, "inf": math.inf, "x": x}
        found = eval(code.replace("…, ", ""), names)
        with torch.no_grad():
            made = found(x) if isinstance(found, nn.Module) else found
            return made[:, 0].detach().numpy()

    hold("PyTorch", run, 2)


def test_keras_reads_so() -> None:
    """On PyTorch, unless the environment names another."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    keras.config.set_image_data_format("channels_last")  # as it is unless somebody, such as the verifier, has chosen

    def with_ones(made: Any) -> Any:
        return lambda *given, **named: made(1, *given, use_bias=False, kernel_initializer="ones", **named)

    def run(layer: SlidLayer, code: str) -> Any:
        x = np.eye(layer.length, dtype="float32")[:, :, None]
        names = {name: with_ones(getattr(keras.layers, name)) for name in ("Conv1D", "Conv1DTranspose")}
        plain = ("MaxPooling1D", "AveragePooling1D", "ZeroPadding1D", "Cropping1D")
        names |= {name: getattr(keras.layers, name) for name in plain}
        names |= {"ops": keras.ops, "inf": math.inf, "x": x, "pads": ((0, 0), layer.numbers, (0, 0))}
        found = eval(code.replace("(x, …,", "(x, pads,").replace("…, ", ""), names)
        found = found(x) if isinstance(found, keras.layers.Layer) else found
        return keras.ops.convert_to_numpy(found)[:, :, 0]

    hold("TensorFlow, Keras", run, 7)


@pytest.mark.parametrize("name", ["ONNX", "ONNX, lower"])
def test_onnx_runtime_reads_so(name: str) -> None:
    """But for maps that are shorter than a pooling's window, of which it may make a unit."""
    runtime = pytest.importorskip("onnxruntime")
    helper = pytest.importorskip("onnx").helper
    runtime.set_default_logger_severity(4)

    def run(layer: SlidLayer, code: str) -> Any:
        operation, _, words = code.partition("(")
        inputs = ["x"] if layer.pools else ["x", "w"]
        weights = [] if layer.pools else [helper.make_tensor("w", 1, [1, 1, layer.kernel], [1.0] * layer.kernel)]
        short = layer.length + sum(layer.numbers) < layer.extent
        if layer.pools and short and "pads" in words and "ceil_mode" not in words:
            raise ValueError("no window fits")
        node = helper.make_node(operation, inputs, ["y"], **eval(f"dict({words}"))
        x = helper.make_tensor_value_info("x", 1, [layer.length, 1, layer.length])
        y = helper.make_tensor_value_info("y", 1, None)
        graph = helper.make_graph([node], "one", [x], [y], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
        session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(None, {"x": np.eye(layer.length, dtype="float32")[:, None]})[0][:, 0]

    hold(name, run, 5)


def test_flax_reads_so() -> None:
    jax = pytest.importorskip("jax")
    linen = pytest.importorskip("flax.linen")

    def with_ones(made: Any) -> Any:
        ones = linen.initializers.ones
        return lambda *given, **named: made(1, *given, use_bias=False, kernel_init=ones, **named)

    class Names:
        Conv = staticmethod(with_ones(linen.Conv))
        ConvTranspose = staticmethod(with_ones(linen.ConvTranspose))
        max_pool = staticmethod(linen.max_pool)
        avg_pool = staticmethod(linen.avg_pool)

    def run(layer: SlidLayer, code: str) -> Any:
        x = jax.numpy.eye(layer.length)[:, :, None]
        found = eval(code.replace("…, ", ""), {"nn": Names, "x": x})
        if isinstance(found, linen.Module):
            found, _ = found.init_with_output(jax.random.PRNGKey(0), x)
        return found[:, :, 0]

    hold("JAX, Flax", run, 7)
