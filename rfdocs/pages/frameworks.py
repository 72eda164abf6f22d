"""How frameworks are told one sliding layer on one axis, and what each then does.

Source: the documentation and the code of PyTorch, Keras, ONNX, Caffe, JAX and Flax. What a framework has no word for is
said in words. ``rfdocs/sphinx/static/padding/frameworks.js`` is the same for the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from rfdocs.algebra import Rounding
from rfdocs.algebra.reads import Window
from rfdocs.algebra.sizes import extent
from rfdocs.operators import Filters, SlidingWindow, TransposedConvolution
from rfdocs.operators.operator import AxisStep, window_step

#: What slides; the names are those of the format.
Sliding = Literal["conv", "transposed_conv", "maxpool", "avgpool"]


class SlidLayer(NamedTuple):
    """One layer on one axis, as a reader describes it; ``padding`` is a pair of numbers, ``same`` or ``valid``.

    ``rounds_up`` is pooling's alone, ``added`` (output padding) a transposed convolution's: ``None`` where nothing is
    said of it. Unit: units.
    """

    operation: Sliding
    length: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: tuple[int, int] | Literal["same", "valid"] = (0, 0)
    rounds_up: bool = False
    added: int | None = None

    @property
    def pools(self) -> bool:
        """Whether it has no weights."""
        return self.operation.endswith("pool")

    @property
    def extent(self) -> int:
        """The length that the dilated kernel covers. Unit: units."""
        return extent(self.kernel, self.dilation)

    @property
    def numbers(self) -> tuple[int, int]:
        """The padding as numbers; none where a rule says it."""
        return (0, 0) if isinstance(self.padding, str) else self.padding


def half_padding(kernel: int, dilation: int) -> tuple[int, int]:
    """Half of the dilated kernel on both sides, rounded down: ``floor(k' / 2)``.

    >>> half_padding(3, 1), half_padding(3, 2), half_padding(4, 1)
    ((1, 1), (2, 2), (2, 2))
    """
    side = extent(kernel, dilation) // 2
    return (side, side)


class Told(NamedTuple):
    """How a framework is told: its code, and the padding, rounding and output padding that it then follows.

    ``apart`` says that the map is padded by a layer of its own, before; ``asked`` that output padding was given.
    """

    code: str
    padding: tuple[int, int] | Literal["same", "valid", "same_upper", "same_lower"]
    rounding: Rounding = Rounding.FLOOR
    apart: bool = False
    added: int = 0
    asked: bool = False


def call(name: str, *arguments: object, **words: object) -> str:
    """The code of a call, without the words that are ``None``.

    >>> call("Conv1d", "…", 3, stride=2, dilation=None)
    'Conv1d(…, 3, stride=2)'
    """
    return f"{name}({_listed(*arguments, **words)})"


def _listed(*arguments: object, **words: object) -> str:
    told = [f"{word}={value}" for word, value in words.items() if value is not None]
    return ", ".join([*map(str, arguments), *told])


def _unless(usual: object, value: object) -> object:
    return None if value == usual else value


# -- PyTorch ----------------------------------------------------------------------------------------------------------

_TORCH = {
    "conv": "Conv1d", "transposed_conv": "ConvTranspose1d", "maxpool": "MaxPool1d", "avgpool": "AvgPool1d",
}  # fmt: skip


def pytorch(layer: SlidLayer) -> Told | str:
    """PyTorch: one number for both sides; ``same`` for convolutions of stride 1."""
    if layer.padding == "same":
        return _torch_same(layer)
    if layer.operation == "avgpool" and layer.dilation > 1:
        return "Its average pooling has no dilation."
    before, after = layer.numbers
    if layer.operation == "transposed_conv":
        return _torch_transposed(layer, before, after)
    rounding = Rounding.CEIL if layer.rounds_up else Rounding.FLOOR
    if before != after:
        value = ", value=-inf" if layer.operation == "maxpool" else ""
        code = f"{_torch_call(layer, 0)}(F.pad(x, ({before}, {after}){value}))"
        return Told(code, (before, after), rounding, apart=True)
    if layer.pools and before > layer.kernel // 2:
        return "Its pooling takes padding up to half of the kernel."
    return Told(_torch_call(layer, before), (before, after), rounding)


def _torch_same(layer: SlidLayer) -> Told | str:
    if layer.operation != "conv":
        return "It has SAME for convolutions alone."
    if layer.stride > 1:
        return "It has SAME for stride 1 alone."
    return Told(_torch_call(layer, '"same"'), "same")


def _torch_call(layer: SlidLayer, padding: object) -> str:
    filters = [] if layer.pools else ["…"]
    words = {"dilation": _unless(1, layer.dilation), "ceil_mode": True if layer.rounds_up else None}
    return call(_TORCH[layer.operation], *filters, layer.kernel, stride=layer.stride, padding=padding, **words)


def _torch_transposed(layer: SlidLayer, before: int, after: int) -> Told | str:
    added = layer.added or 0
    if added >= max(layer.stride, layer.dilation):
        return "Its output padding is smaller than stride or dilation."
    words = {"output_padding": _unless(0, added), "dilation": _unless(1, layer.dilation)}
    even = before == after
    padding = before if even else 0
    code = call("ConvTranspose1d", "…", layer.kernel, stride=layer.stride, padding=padding, **words)
    if not even:
        code = f"F.pad({code}(x), ({-before}, {-after}))"
    return Told(code, (before, after), added=added)


# -- TensorFlow, Keras ------------------------------------------------------------------------------------------------

_KERAS = {
    "conv": "Conv1D", "transposed_conv": "Conv1DTranspose", "maxpool": "MaxPooling1D", "avgpool": "AveragePooling1D",
}  # fmt: skip


def keras(layer: SlidLayer) -> Told | str:
    """Keras, on TensorFlow: ``same`` and ``valid``; numbers by a layer of their own."""
    refused = _keras_refusal(layer)
    if refused:
        return refused
    if layer.operation == "transposed_conv":
        return _keras_transposed(layer)
    if layer.padding == "same":
        return Told(_keras_call(layer, "same"), "same")
    code = _keras_call(layer, "valid")
    if not any(layer.numbers):
        return Told(code, "valid")
    pools = layer.operation == "maxpool"
    padded = "ops.pad(x, …, constant_values=-inf)" if pools else f"ZeroPadding1D({layer.numbers})(x)"
    return Told(f"{code}({padded})", layer.numbers, apart=True)


def _keras_refusal(layer: SlidLayer) -> str:
    """Why it cannot be; empty where it can."""
    dilated = layer.dilation > 1
    if dilated and layer.pools:
        return "Its pooling has no dilation."
    if dilated and layer.stride > 1:
        return "It takes a stride or a dilation, not both."
    if dilated and layer.operation == "transposed_conv":
        return "TensorFlow has no transposed one with dilation on a CPU."
    return "It has no rounding up but that of SAME." if layer.rounds_up and layer.padding != "same" else ""


def _keras_call(layer: SlidLayer, padding: str, added: int | None = None) -> str:
    filters = [] if layer.pools else ["…"]
    words = {"output_padding": added, "dilation_rate": _unless(1, layer.dilation)}
    name = _KERAS[layer.operation]
    return call(name, *filters, layer.kernel, strides=layer.stride, padding=f'"{padding}"', **words)


def _keras_transposed(layer: SlidLayer) -> Told | str:
    given = not isinstance(layer.padding, str)
    added = layer.added or 0 if given else layer.added
    if added is not None and added >= layer.stride:
        return "Its output padding is smaller than the stride."
    asked = added is not None
    if not isinstance(layer.padding, str):
        code = _keras_call(layer, "valid", added)
        code = f"Cropping1D({layer.padding})({code}(x))" if any(layer.padding) else code
        return Told(code, layer.padding, added=added or 0)
    return Told(_keras_call(layer, layer.padding, added), layer.padding, added=added or 0, asked=asked)


# -- ONNX -------------------------------------------------------------------------------------------------------------

_ONNX = {
    "conv": "Conv", "transposed_conv": "ConvTranspose", "maxpool": "MaxPool", "avgpool": "AveragePool",
}  # fmt: skip


def onnx(layer: SlidLayer) -> Told | str:
    """ONNX: two numbers, or ``SAME_UPPER``; where the standard and ONNX Runtime differ, that is said."""
    return _onnx_told(layer, "same_upper")


def onnx_lower(layer: SlidLayer) -> Told | str | None:
    """ONNX with ``SAME_LOWER``, which has its place where SAME is asked for."""
    return _onnx_told(layer, "same_lower") if layer.padding == "same" else None


def _onnx_told(layer: SlidLayer, rule: Literal["same_upper", "same_lower"]) -> Told | str:
    added = (layer.added or 0) if layer.operation == "transposed_conv" else 0
    if added >= layer.stride:
        return "ONNX Runtime takes output padding that is smaller than the stride."
    same = layer.padding == "same"
    if same and added:
        return "ONNX and ONNX Runtime differ on SAME with output padding."
    if same and layer.extent < layer.stride:
        return "Its SAME is not settled where the stride is larger than the kernel."
    if same and layer.dilation > 1 and layer.operation != "transposed_conv":
        return "ONNX Runtime takes SAME without dilation."
    before, after = layer.numbers
    if layer.pools and max(before, after) >= layer.kernel:
        return "ONNX Runtime pools with padding that is smaller than the kernel."
    rounds = layer.rounds_up and not same
    code = call(
        _ONNX[layer.operation], _listed(kernel_shape=[layer.kernel], strides=[layer.stride]),
        auto_pad=f'"{rule.upper()}"' if same else None, pads=None if same else [before, after],
        output_padding=[added] if added else None, dilations=[layer.dilation] if layer.dilation > 1 else None,
        ceil_mode=1 if rounds else None,
    )  # fmt: skip
    rounding = Rounding.CEIL if rounds else Rounding.FLOOR
    return Told(code, rule if same else (before, after), rounding, added=added)


# -- Caffe ------------------------------------------------------------------------------------------------------------


def caffe(layer: SlidLayer) -> Told | str:
    """Caffe: one number for both sides; pooling rounds up."""
    before, after = layer.numbers
    if layer.padding == "same":
        return "It has no SAME."
    if before != after:
        return "It pads both sides alike."
    if layer.pools:
        return _caffe_pool(layer, before)
    if layer.added:
        return "It has no output padding."
    name = "Deconvolution" if layer.operation == "transposed_conv" else "Convolution"
    dilation = f" dilation: {layer.dilation}" if layer.dilation > 1 else ""
    code = f"{name}: kernel_size: {layer.kernel} stride: {layer.stride} pad: {before}{dilation}"
    return Told(code, (before, after))


def _caffe_pool(layer: SlidLayer, padding: int) -> Told | str:
    if layer.dilation > 1:
        return "Its pooling has no dilation."
    if padding >= layer.kernel:
        return "Its pooling takes padding smaller than the kernel."
    kind = "MAX" if layer.operation == "maxpool" else "AVE"
    mode = "" if layer.rounds_up else " round_mode: FLOOR"
    code = f"Pooling: pool: {kind} kernel_size: {layer.kernel} stride: {layer.stride} pad: {padding}{mode}"
    return Told(code, (padding, padding), Rounding.CAFFE if layer.rounds_up else Rounding.FLOOR)


# -- JAX --------------------------------------------------------------------------------------------------------------

_FLAX = {
    "conv": "nn.Conv", "transposed_conv": "nn.ConvTranspose", "maxpool": "nn.max_pool", "avgpool": "nn.avg_pool",
}  # fmt: skip


def flax(layer: SlidLayer) -> Told | str:
    """Flax, on JAX: two numbers, ``SAME`` or ``VALID``. Transposed, its numbers are what is missing to full padding."""
    if layer.pools and layer.dilation > 1:
        return "Its pooling has no dilation; lax.reduce_window has."
    if layer.rounds_up and layer.padding != "same":
        return "It has no rounding up but that of SAME."
    if layer.operation == "transposed_conv":
        return _flax_transposed(layer)
    if isinstance(layer.padding, str):
        return Told(_flax_call(layer, f'"{layer.padding.upper()}"'), layer.padding)
    return Told(_flax_call(layer, [layer.padding]), layer.padding)


def _flax_call(layer: SlidLayer, padding: object) -> str:
    first = "x" if layer.pools else "…"
    words = {"strides": f"({layer.stride},)", "padding": padding}
    dilation = f"({layer.dilation},)" if layer.dilation > 1 else None
    return call(_FLAX[layer.operation], first, f"({layer.kernel},)", **words, kernel_dilation=dilation)


def _flax_transposed(layer: SlidLayer) -> Told | str:
    if isinstance(layer.padding, str):
        if layer.added is not None:
            return "Its SAME and VALID take no output padding."
        return Told(_flax_call(layer, f'"{layer.padding.upper()}"'), layer.padding)
    (before, after), full, added = layer.padding, layer.extent - 1, layer.added or 0
    return Told(_flax_call(layer, [(full - before, full - after + added)]), layer.padding, added=added)


# -- all of them ------------------------------------------------------------------------------------------------------

FRAMEWORKS: dict[str, Callable[[SlidLayer], Told | str | None]] = {
    "PyTorch": pytorch,
    "TensorFlow, Keras": keras,
    "ONNX": onnx,
    "ONNX, lower": onnx_lower,
    "Caffe": caffe,
    "JAX, Flax": flax,
}
"""How each is told, or why it cannot be; ``None`` where a row of it would say the same as another."""


def ways(layer: SlidLayer) -> Iterator[tuple[str, Told | str]]:
    """The frameworks, each with how it is told or why it cannot be."""
    for name, way in FRAMEWORKS.items():
        told = way(layer)
        if told is not None:
            yield name, told


def step_of(layer: SlidLayer, told: Told) -> AxisStep:
    """What the layer does that was told so. Raises: ArithmeticRefusal where it cannot be applied.

    >>> pool = SlidLayer("maxpool", 112, 3, 2, rounds_up=True)
    >>> [step_of(pool, way).length for _, way in ways(pool) if not isinstance(way, str)]
    [56, 56, 56]
    """
    padding = (0, 0) if told.apart else told.padding
    sides = padding if isinstance(padding, str) else [padding]
    window = SlidingWindow.of(layer.kernel, layer.stride, sides, layer.dilation, axes=1, rounding=told.rounding)
    if layer.operation == "transposed_conv":
        return TransposedConvolution(window, Filters(1), (told.added,), told.asked).axis(0, (layer.length,), None)
    return _padded_before(layer, told, window) if told.apart else window.axis(0, layer.length)


def _padded_before(layer: SlidLayer, told: Told, window: SlidingWindow) -> AxisStep:
    """The step of a window that slides over a map which was padded before."""
    assert not isinstance(told.padding, str)
    before, after = told.padding
    padded = window.axis(0, layer.length + before + after)
    assert padded.window is not None
    reads = Window(layer.kernel, layer.stride, layer.dilation, before)
    return window_step(padded.length, reads, after + padded.window.padding[1])
