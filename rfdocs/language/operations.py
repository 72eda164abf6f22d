"""The operations that a file may name: their attributes, defaults and meaning, and the operator each becomes.

Validation, JSON Schema and the format's reference page are all made from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from rfdocs import operators as ops
from rfdocs.algebra import Edge, Rounding
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph import AXES
from rfdocs.language.axes import AttributeRefusal, output_padding_of
from rfdocs.language.values import (
    AXIS,
    CHANNELS,
    FACTORS,
    FLAG,
    LAYER_NAME,
    LAYER_NAMES,
    LAYER_PATH,
    SIZE,
    SIZE_OR_LAYER,
    TEXT_RULE,
    WINDOW,
    Attribute,
    Attributes,
    choice,
    optional,
    padding,
    required,
    spatial,
    whole,
)
from rfdocs.operators.windows import per_axis, per_side

#: Learned numbers per channel of each normalisation that can be folded into a layer.
NORMALISATIONS = {"batch": 2, "layer": 2, "group": 2, "instance": 0, "instance_affine": 2}
#: Those whose mean and deviation are taken over the whole map.
OVER_SPACE = frozenset({"group", "instance", "instance_affine"})
#: Activations that can be folded into a layer; only PReLU learns something.
ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "swish", "hard_swish", "hard_sigmoid",
    "mish", "sigmoid", "tanh", "softmax",
)  # fmt: skip

#: Those of both that look at all channels of a unit together.
MIXING = frozenset({"layer", "group", "softmax"})

Given = Mapping[str, Any]
Maker = Callable[[Given, int, int], ops.Operator]


class Operation(NamedTuple):
    """One operation: what it is, the attributes of its mapping, and how it becomes an operator.

    ``make(given, axes, channels)`` takes the checked attributes, the number of axes and the input's channels.
    ``several`` says that it reads several layers.
    """

    description: str
    mapping: Attributes
    make: Maker
    several: bool = False


COMMON = (
    Attribute("from", LAYER_NAMES, "the earlier layer (or layers) that it reads, by name; `input` is the image"),
    Attribute("alias", LAYER_NAME, "another name for it, such as the reference implementation's"),
    Attribute("note", TEXT_RULE, "a remark for readers of the file"),
    Attribute(
        "learned",
        whole(0, 1 << 40),
        "how many numbers it learns besides its own: a table of positions, a class token, factors of a fusion",
        0,
    ),
)


def _window(given: Given, axes: int, rounding: Rounding = Rounding.FLOOR) -> ops.SlidingWindow:
    stride = given["kernel"] if given["stride"] is None else given["stride"]
    kernel, padding, dilation = given["kernel"], given["padding"], given["dilation"]
    edge = Edge(given.get("padding_mode", "zero"))
    return ops.SlidingWindow.of(kernel, stride, padding, dilation, axes=axes, rounding=rounding, edge=edge)


def _filters(given: Given, channels_out: int, groups: int = 1) -> ops.Filters:
    """The filters with their biases and with the folded normalisation and activation."""
    return ops.Filters(
        channels_out,
        groups,
        bias=given["norm"] is None if given["bias"] is None else given["bias"],
        parameters_per_channel=NORMALISATIONS.get(given["norm"], 0),
        extra_parameters=int(given["act"] == "prelu"),
        shared=given["shared"] or given["fixed"],
        mixed=groups > 1 and not MIXING.isdisjoint((given["norm"], given["act"])),
        over_space=given["norm"] in OVER_SPACE,
    )


def _conv(given: Given, axes: int, channels: int) -> ops.Operator:
    return ops.Convolution(_window(given, axes), _filters(given, given["channels"], given["groups"]))


def _depthwise(given: Given, axes: int, channels: int) -> ops.Operator:
    return ops.Convolution(_window(given, axes), _filters(given, channels * given["multiplier"], channels))


def _deformable(given: Given, axes: int, channels: int) -> ops.Operator:
    if channels % given["offset_groups"]:
        message = f"{given['offset_groups']} groups with offsets of their own do not divide {channels} channels"
        raise AttributeRefusal("offset_groups", message, "as in torchvision, each group has as many of the channels")
    maps = given["offset_groups"] * (axes + given["modulated"]) if given["offsets"] else 0
    return ops.DeformableConvolution(_window(given, axes), _filters(given, given["channels"], given["groups"]), maps)


def _transposed(given: Given, axes: int, channels: int) -> ops.Operator:
    window, extra = _window(given, axes), output_padding_of(given, axes)
    explicit = given["output_padding"] is not None and given["padding"] in ("same", "valid")
    return ops.TransposedConvolution(window, _filters(given, given["channels"], given["groups"]), extra, explicit)


def _pool(given: Given, axes: int, channels: int) -> ops.Operator:
    rounding = {False: Rounding.FLOOR, True: Rounding.CEIL, "caffe": Rounding.CAFFE}[given["ceil_mode"]]
    return ops.Pooling(_window(given, axes, rounding))


def _unpool(given: Given, axes: int, channels: int) -> ops.Operator:
    """The unpooling as if of a pooling of its own window; the expander, which knows its partner, puts that in place."""
    window = _window({**given, "dilation": 1}, axes)
    assert not isinstance(window.padding, str)
    padding = tuple(before for before, _ in window.padding)
    return ops.Unpooling(window.kernel, window.stride, padding, window, given["restore"])


def _check_one_of(given: Given, first: str, second: str) -> None:
    if (given[first] is None) == (given[second] is None):
        raise ArithmeticRefusal(f"exactly one of `{first}` and `{second}` is needed")


def _numeric_size(given: Given, axes: int) -> tuple[int, ...] | None:
    return None if given["size"] is None or isinstance(given["size"], str) else per_axis(given["size"], axes)


def _upsample(given: Given, axes: int, channels: int) -> ops.Operator:
    _check_one_of(given, "scale", "size")
    _check_sampling(given)
    mode, coordinates, rounded = given["mode"], given["coordinates"], given["nearest_mode"]
    corners = given["align_corners"] or coordinates == "align_corners"
    exact = ops.NearestRule.PREFER_CEIL if mode == "nearest-exact" else ops.NearestRule.FLOOR
    return ops.Upsample(
        None if given["scale"] is None else per_axis(given["scale"], axes),
        _numeric_size(given, axes),
        mode == "bilinear",
        corners,
        bicubic=mode == "bicubic",
        area=mode == "area",
        coordinates=None if corners or coordinates is None else ops.Coordinates(coordinates),
        rounded=exact if rounded is None else ops.NearestRule(rounded),
        recomputed=given["recompute_scale_factor"],
    )


def _check_sampling(given: Given) -> None:
    """Nothing. Raises: AttributeRefusal where the attributes of a resampling say nothing together."""
    for clashes, key, message, hint in _clashes(given):
        if clashes:
            raise AttributeRefusal(key, message, hint)


def _clashes(given: Given) -> Iterator[tuple[bool, str, str, str]]:
    """For each pair of attributes that may clash: whether they do, the key at fault, why, and what to do."""
    mode, corners = given["mode"], given["align_corners"]
    placed, rounds = given["coordinates"] is not None, given["nearest_mode"] is not None
    interpolates, nearest = mode in ("bilinear", "bicubic"), mode == "nearest"
    unscaled = given["recompute_scale_factor"] and given["scale"] is None
    yield unscaled, "recompute_scale_factor", "it says how `scale` is used, and there is none", "leave it out"
    only = "`align_corners` is a property of `mode: bilinear` and `bicubic`"
    yield corners and not interpolates, "align_corners", only, "ONNX's nearest has `coordinates: align_corners`"
    yield placed and corners, "coordinates", "`align_corners` says already where the units lie", "leave one out"
    own = f"`mode: {mode}` has a rule of its own"
    yield placed and not (interpolates or nearest), "coordinates", own, "leave it out"
    yield rounds and not nearest, "nearest_mode", own, "leave it out"
    both = "`mode: nearest` is PyTorch's without `coordinates` and `nearest_mode`, and ONNX's with both"
    yield nearest and placed and not rounds, "coordinates", both, "ONNX's default is `nearest_mode: round_prefer_floor`"
    yield nearest and rounds and not placed, "nearest_mode", both, "ONNX's default is `coordinates: half_pixel`"


def _crop(given: Given, axes: int, channels: int) -> ops.Operator:
    _check_one_of(given, "padding", "size")
    if given["evenly"] and (given["size"] is None or given["offset"] is not None):
        raise ArithmeticRefusal("`evenly` is a property of a crop to a `size` without `offset`")
    if given["padding"] is not None:
        return ops.Margins(tuple((-before, -after) for before, after in per_side(given["padding"], axes)))
    offset = None if given["offset"] is None else per_axis(given["offset"], axes)
    return ops.CropTo(_numeric_size(given, axes), offset, given["evenly"])


def _pad(given: Given, axes: int, channels: int) -> ops.Operator:
    _check_one_of(given, "padding", "size")
    edge = Edge(given["mode"])
    if given["padding"] is None:
        return ops.PadTo(_numeric_size(given, axes), edge)
    return ops.Margins(per_side(given["padding"], axes), edge)


def _pad_channels(given: Given, axes: int, channels: int) -> ops.Operator:
    if given["channels"] < channels:
        raise ArithmeticRefusal(f"it pads to {given['channels']} channels a map that has {channels}")
    return ops.ChannelMixing(channels_out=given["channels"])


_ONE_AXIS = "attention that looks back goes along one axis; without `causal` it looks at the whole map"


def _context(given: Given, axes: int, channels: int) -> ops.Operator:
    rule = ops.CausalContext if given.get("causal") else ops.GlobalContext
    if rule is ops.CausalContext and axes > 1:
        raise AttributeRefusal("causal", f"on {axes} axes it is not told which units come first", _ONE_AXIS)
    _check_left(given.get("channels"), channels)
    return rule(
        given["parameters"], given["macs"], given["macs_per_unit"], given["macs_per_pair"], given.get("channels")
    )


def _whole_map(unknown: bool) -> Maker:
    """What mixes all units of a map, or may do so."""

    def make(given: Given, axes: int, channels: int) -> ops.Operator:
        size = None if given.get("size") is None else per_axis(given["size"], axes)
        per_unit, per_pair = given["macs_per_unit"], given["macs_per_pair"]
        return ops.WholeMap(
            given["parameters"], given["macs"], per_unit, per_pair, given["channels"], size, unknown=unknown
        )

    return make


def _check_left(left: int | None, channels: int) -> None:
    """Nothing. Raises: AttributeRefusal where attention leaves more than there are of queries, keys and values."""
    if left is not None and left > channels:
        message = f"it leaves {left} channels of {channels}, which are queries, keys and values"
        raise AttributeRefusal("channels", message, "make these by a `conv` before it, and say how many values have")


def _attention_weights(given: Given, channels: int) -> ops.AttentionWeights:
    _check_left(given["channels"], channels)
    return ops.AttentionWeights(given["heads"], given["bias"], given["positions"], given["channels"])


def _window_attention(given: Given, axes: int, channels: int) -> ops.Operator:
    window, shift = per_axis(given["window"], axes), per_axis(given["shift"], axes)
    if any(moved >= length for moved, length in zip(shift, window, strict=True)):
        raise AttributeRefusal("shift", "its windows are moved by less than their length", "by half of it, as a rule")
    return ops.WindowAttention(window, _attention_weights(given, channels), shift)


def _grid_attention(given: Given, axes: int, channels: int) -> ops.Operator:
    return ops.GridAttention(per_axis(given["grid"], axes), _attention_weights(given, channels))


def _neighbourhood_attention(given: Given, axes: int, channels: int) -> ops.Operator:
    kernel, dilation = per_axis(given["kernel"], axes), per_axis(given["dilation"], axes)
    return ops.NeighbourhoodAttention(kernel, _attention_weights(given, channels), dilation)


def _along(given: Given, axes: int) -> tuple[bool, ...]:
    """Which axis is named; on one axis none has to be. Raises: AttributeRefusal where there is no such axis."""
    names = AXES[axes]
    if given["axis"] not in (names if axes > 1 else (*names, None)):
        message = f"the axis that it goes along is one of {', '.join(names)}"
        raise AttributeRefusal("axis", message, f"write `axis: {names[-1]}`")
    return tuple([name == given["axis"] or axes == 1 for name in names])


def _concat(given: Given, axes: int, channels: int) -> ops.Operator:
    return ops.Concat() if given["axis"] is None else ops.SideBySide(_along(given, axes))


def _recurrence(matrices: int) -> Maker:
    """A recurrent layer of so many matrices."""

    def make(given: Given, axes: int, channels: int) -> ops.Operator:
        along = _along(given, axes)
        return ops.Recurrence(given["channels"], matrices, along, ops.Direction(given["direction"]), given["bias"])

    return make


def _always(operator: ops.Operator) -> Maker:
    return lambda given, axes, channels: operator


def _operation(description: str, make: Maker, *attributes: Attribute, several: bool = False) -> Operation:
    return Operation(description, Attributes(*attributes, *COMMON), make, several)


_CHANNELS_OUT = required("channels", whole(1, CHANNELS), "the output's channels")
_GROUPS = Attribute("groups", whole(1, CHANNELS), "groups of channels", 1)
_EDGE = choice("zero", "reflect", "replicate", "circular")
_PADDING_MODE = Attribute("padding_mode", _EDGE, "what the padding holds", "zero")

_WINDOW = (
    required("kernel", spatial(1), "the window's length"),
    Attribute("stride", spatial(1), "how far it moves from unit to unit", 1),
    Attribute("dilation", spatial(1), "the distance between its taps", 1),
    Attribute(
        "padding",
        padding(),
        "what is added before and after (negative: cut off), or a rule: TensorFlow's `same` and `valid`, ONNX's"
        " `same_upper` and `same_lower`",
        0,
    ),
)
_FOLDED = (
    Attribute("bias", FLAG, "whether it has biases; by default it has, unless `norm` is given"),
    Attribute("norm", optional(*NORMALISATIONS), "the normalisation folded into it: two parameters per channel"),
    Attribute("act", optional(*ACTIVATIONS), "the activation folded into it (`prelu` learns one parameter)"),
    Attribute("shared", FLAG, "whether its weights are another layer's, and not counted again", False),
    Attribute("fixed", FLAG, "whether its weights are fixed, as those of a blur, so that it learns nothing", False),
)
_POOL = (
    _WINDOW[0],
    Attribute("stride", spatial(1), "how far it moves from unit to unit; by default its kernel"),
    *_WINDOW[2:],
    Attribute(
        "ceil_mode",
        choice(False, True, "caffe"),
        "whether a last window that does not fit is kept: PyTorch's rule (`true`: if it starts before the padding at"
        " the end) or Caffe's (`caffe`: so with padding on any axis, always without)",
        False,
    ),
)
_CONTEXT = (
    Attribute("parameters", whole(0, 1 << 40), "what it learns", 0),
    Attribute("macs", whole(0, 1 << 50), "its multiply-accumulates, whatever the map's size", 0),
    Attribute("macs_per_unit", whole(0, 1 << 40), "its multiply-accumulates for each unit, besides", 0),
    Attribute(
        "macs_per_pair",
        whole(0, 1 << 40),
        "and for each pair of units: of queries, keys and values, all heads together, the channels of the keys and"
        " those of the values",
        0,
    ),
)
_ATTENTION_WEIGHTS = (
    Attribute("heads", whole(1, CHANNELS), "its heads, which divide the channels", 1),
    Attribute(
        "bias", FLAG, "whether its matrices, which make queries, keys and values and what is behind, have biases", True
    ),
    Attribute(
        "positions",
        FLAG,
        "whether it learns a table of relative positions, a number for each head and each distance on all axes",
        True,
    ),
    Attribute(
        "channels",
        whole(1, CHANNELS),
        "the output's channels, where it reads queries, keys and values; by default it makes these itself",
    ),
)
_RECURRENCE = (
    required("channels", whole(1, CHANNELS), "its hidden channels; of both directions its output has twice as many"),
    Attribute("direction", choice("forward", "backward", "both"), "which way it goes along the axis", "forward"),
    Attribute(
        "axis",
        AXIS,
        "the axis that it goes along, where there are several: rows on the others are sequences of their own",
    ),
    Attribute("bias", FLAG, "whether it has biases: PyTorch's two for each row of a matrix", True),
)
_POINT: Given = {"kernel": 1, "dilation": 1, "padding": 0}
_SIZE = Attribute("size", SIZE_OR_LAYER, "the output's size, or the name of the layer whose size it takes")
_FIXED_SIZE = required("size", spatial(1), "the output's size")
_ADAPTIVE: Maker = lambda given, axes, channels: ops.AdaptivePooling(per_axis(given["size"], axes))  # noqa: E731

_POINTWISE = {
    **dict.fromkeys(ACTIVATIONS, "An activation, unit by unit."),
    "dropout": "Dropout: nothing at inference.",
    "identity": "Its input, under another name.",
}

#: Every operation by its key.
OPERATIONS: dict[str, Operation] = {
    "conv": _operation("A convolution.", _conv, *_WINDOW, _CHANNELS_OUT, _GROUPS, _PADDING_MODE, *_FOLDED),
    "depthwise_conv": _operation(
        "A convolution of every channel by itself.",
        _depthwise,
        *_WINDOW,
        Attribute("multiplier", whole(1, 4096), "output channels per input channel", 1),
        _PADDING_MODE,
        *_FOLDED,
    ),
    "deformable_conv": _operation(
        "A convolution whose taps the image's values move: its field, where nothing is moved, is a lower bound.",
        _deformable,
        *_WINDOW,
        _CHANNELS_OUT,
        _GROUPS,
        Attribute(
            "modulated", FLAG, "whether each tap has a weight besides, found like its offsets (version 2)", False
        ),
        Attribute("offset_groups", whole(1, CHANNELS), "groups of channels with offsets of their own", 1),
        Attribute(
            "offsets",
            FLAG,
            "whether the convolution that finds its offsets, with its window and with biases, is a part of it",
            True,
        ),
        *_FOLDED,
    ),
    "transposed_conv": _operation(
        "A transposed convolution (deconvolution).",
        _transposed,
        *_WINDOW,
        _CHANNELS_OUT,
        _GROUPS,
        Attribute(
            "output_padding",
            spatial(0),
            "units added at the end, fewer than the stride or the dilation; by default none, or with `same` and `valid`"
            " as many as make TensorFlow's size",
        ),
        *_FOLDED,
    ),
    "maxpool": _operation("Maximum pooling.", _pool, *_POOL),
    "avgpool": _operation("Average pooling.", _pool, *_POOL),
    "subsample": _operation(
        "Every `stride`-th unit, without a window: what a 1x1 pooling with a stride reads.",
        lambda given, axes, channels: ops.Pooling(_window({**_POINT, "stride": given["stride"]}, axes)),
        required("stride", spatial(1), "the distance between the units that are kept"),
    ),
    "global_avgpool": _operation("The mean of the whole map: one unit.", _always(ops.GlobalPooling())),
    "global_maxpool": _operation("The maximum of the whole map: one unit.", _always(ops.GlobalPooling())),
    "adaptive_avgpool": _operation("Average pooling to a fixed number of units.", _ADAPTIVE, _FIXED_SIZE),
    "adaptive_maxpool": _operation("Maximum pooling to a fixed number of units.", _ADAPTIVE, _FIXED_SIZE),
    "upsample": _operation(
        "Resampling without weights, up or down: by `scale`, or to a `size`.",
        _upsample,
        Attribute("scale", FACTORS, "the factor, whole or not: of n units it makes floor(n × scale)"),
        _SIZE,
        Attribute(
            "mode",
            choice("nearest", "nearest-exact", "bilinear", "bicubic", "area"),
            "the interpolation, along every axis: PyTorch's `interpolate` has the same words",
            "nearest",
        ),
        Attribute("align_corners", FLAG, "bilinear, bicubic: whether the outermost centres coincide", False),
        Attribute(
            "recompute_scale_factor",
            FLAG,
            "whether units lie n / N apart, by the two sizes, and not 1 / `scale`",
            False,
        ),
        Attribute(
            "coordinates",
            choice("half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "asymmetric", "align_corners"),
            "nearest, bilinear, bicubic: ONNX's `coordinate_transformation_mode`, where it is not PyTorch's rule",
        ),
        Attribute(
            "nearest_mode",
            choice("floor", "ceil", "round_prefer_floor", "round_prefer_ceil"),
            "nearest with `coordinates`: ONNX's rule of rounding",
        ),
    ),
    "pad": _operation(
        "Padding as a layer of its own: `padding`, or up to a `size`, half of it before and the rest after.",
        _pad,
        Attribute("padding", padding(()), "what is added before and after"),
        _SIZE,
        Attribute("mode", _EDGE, "what the padding holds", "zero"),
    ),
    "crop": _operation(
        "Cropping: `padding` cut off before and after, or to a `size` from `offset` on.",
        _crop,
        Attribute("padding", padding((), 0), "what is cut off before and after"),
        _SIZE,
        Attribute("offset", spatial(0), "the first unit kept; by default the crop is centred"),
        Attribute("evenly", FLAG, "whether a centred crop is refused that cuts off more after than before", False),
    ),
    "roll": _operation(
        "The map moved round its ends: what goes out at one end comes in at the other.",
        lambda given, axes, channels: ops.Roll(per_axis(given["shift"], axes)),
        required("shift", spatial(-WINDOW), "how far: to the end where positive, to the start where negative"),
    ),
    "unpool": _operation(
        "Each value back where a maximum pooling found it; every unit of its window may be the one.",
        _unpool,
        required("pool", LAYER_PATH, "the `maxpool` that it undoes; the size of the map that this read must come back"),
        _WINDOW[0],
        _POOL[1],
        Attribute("padding", spatial(0), "what its windows leave out at both ends", 0),
        Attribute("restore", FLAG, "whether it is given that size (PyTorch's `output_size`)", False),
    ),
    "pixel_shuffle": _operation(
        "Channels laid out as units (depth to space).",
        lambda given, axes, channels: ops.PixelShuffle(per_axis(given["scale"], axes)),
        required("scale", spatial(1, 64), "the factor per axis"),
    ),
    "space_to_depth": _operation(
        "Blocks of units laid out as channels.",
        lambda given, axes, channels: ops.SpaceToDepth(per_axis(given["scale"], axes), given["ceil_mode"]),
        required("scale", spatial(1, 64), "the block's length per axis"),
        Attribute("ceil_mode", FLAG, "whether a last block that does not fit is kept, filled up with zeros", False),
    ),
    "linear": _operation(
        "A fully connected layer after a flatten: a convolution whose kernel is the whole map.",
        lambda given, axes, channels: ops.Linear(_filters(given, given["channels"])),
        _CHANNELS_OUT,
        *_FOLDED,
    ),
    "add": _operation("The sum of its inputs.", _always(ops.Add()), several=True),
    "concat": _operation(
        "Its inputs' channels, one after the other; or, with `axis`, their maps side by side.",
        _concat,
        Attribute("axis", AXIS, "the axis along which its inputs' maps stand side by side, of equal channels"),
        several=True,
    ),
    "multiply": _operation(
        "The product of its inputs; one of one unit is a gate.", _always(ops.Multiply()), several=True
    ),
    "correlation": _operation(
        "Each unit of a map compared with those around its place on another: one channel for each of these.",
        lambda given, axes, channels: ops.Correlation(
            per_axis(given["displacement"], axes), per_axis(given["spacing"], axes)
        ),
        required("displacement", spatial(0), "how far away the farthest of them may lie"),
        Attribute("spacing", spatial(1), "the distance between them", 1),
        several=True,
    ),
    "cross_correlation": _operation(
        "A map slid over another as the weights of a convolution: the second that it reads over the first.",
        lambda given, axes, channels: ops.CrossCorrelation(given["groups"]),
        Attribute(
            "groups", whole(1, CHANNELS), "groups of channels; as many as there are channels keep these apart", 1
        ),
        several=True,
    ),
    "given": Operation(
        "Another input than the image that is followed: it reads nothing, and nothing of it is followed.",
        Attributes(
            required("channels", whole(1, CHANNELS), "its channels"),
            required("size", spatial(1, SIZE), "its size, one number for all axes or a list with one per axis"),
            *COMMON[1:3],
        ),
        lambda given, axes, channels: ops.Given(per_axis(given["size"], axes), given["channels"]),
    ),
    "squeeze_excite": _operation(
        "A squeeze-and-excite gate: every unit sees the whole map.",
        lambda given, axes, channels: ops.SqueezeExcite(given["squeeze"], given["bias"]),
        required("squeeze", whole(1, CHANNELS), "the channels between its two 1x1 convolutions"),
        Attribute("bias", FLAG, "whether they have biases", True),
    ),
    "global_context": _operation(
        "A gate (global context, non-local block): every unit sees the whole map.", _context, *_CONTEXT
    ),
    "attention": _operation(
        "Attention of every unit to all: a gate through which every unit sees the whole map.",
        _context,
        *_CONTEXT,
        Attribute("causal", FLAG, "one axis: whether a unit sees only itself and what lies before it", False),
        Attribute(
            "channels",
            whole(1, CHANNELS),
            "the output's channels, where it reads queries, keys and values; by default those of its input",
        ),
    ),
    "class_token": _operation(
        "Learned units more, which lie nowhere in the image: class tokens, registers. What is done unit by unit is done"
        " to them as well, and attention is from and to them, too.",
        lambda given, axes, channels: ops.ClassToken(given["count"]),
        Attribute("count", whole(1, CHANNELS), "how many", 1),
    ),
    "take_token": _operation(
        "One of these units, as a map of one unit: through attention it is made of the whole map.",
        lambda given, axes, channels: ops.TakeToken(given["index"]),
        Attribute("index", whole(0, CHANNELS), "which one, counted from 0", 0),
    ),
    "drop_tokens": _operation("The map without these units.", _always(ops.DropTokens())),
    "put_tokens": _operation(
        "These units of the second map that it reads, beside the first one, which has none.",
        _always(ops.PutTokens()),
        several=True,
    ),
    "fourier": _operation(
        "A transform of the whole map, and what is done there: every unit reads all units.",
        _whole_map(unknown=False),
        *_CONTEXT,
        Attribute("channels", whole(1, CHANNELS), "the output's channels, where it mixes them"),
    ),
    "token_mixing": _operation(
        "Two matrices over all units, the same for every channel: every unit reads all units.",
        lambda given, axes, channels: ops.TokenMixing(given["hidden"], given["bias"]),
        required("hidden", whole(1, CHANNELS), "the units between its two matrices"),
        Attribute("bias", FLAG, "whether they have biases", True),
    ),
    "opaque": _operation(
        "A layer of which is not known what it reads: at most the whole map, and all behind it is told as a bound.",
        _whole_map(unknown=True),
        *_CONTEXT,
        Attribute("channels", whole(1, CHANNELS), "the output's channels; by default those of its input"),
        Attribute("size", spatial(1, SIZE), "the output's size; by default that of its input"),
    ),
    "window_attention": _operation(
        "Attention in windows side by side: every unit reads all units of its window.",
        _window_attention,
        required("window", spatial(1), "the windows' length"),
        Attribute(
            "shift", spatial(0), "how far behind the map's start the first of them begins that is no part of one", 0
        ),
        *_ATTENTION_WEIGHTS,
    ),
    "grid_attention": _operation(
        "Attention over the whole map: every unit reads a grid of units of equal distance.",
        _grid_attention,
        required("grid", spatial(1), "how many units of an axis each unit reads"),
        *_ATTENTION_WEIGHTS,
    ),
    "neighbourhood_attention": _operation(
        "Attention to the units around each; at the map's ends to as many, which lie on one side.",
        _neighbourhood_attention,
        required("kernel", spatial(1), "how many units of an axis each unit reads"),
        _WINDOW[2],
        *_ATTENTION_WEIGHTS,
    ),
    **{
        key: _operation(text, _recurrence(matrices), *_RECURRENCE)
        for key, matrices, text in (
            ("lstm", 4, "Long short-term memory: every unit sees all before it, all behind it, or both."),
            ("gru", 3, "Gated recurrent units, otherwise like `lstm`."),
            ("rnn", 1, "A plain recurrent layer, otherwise like `lstm`."),
        )
    },
    "slice": _operation(
        "Some of the input's channels, one after the other.",
        lambda given, axes, channels: ops.ChannelSlice(given["channels"], given["offset"]),
        required("channels", whole(1, CHANNELS), "how many are taken"),
        Attribute("offset", whole(0, CHANNELS), "the first that is taken, counted from 0", 0),
    ),
    "channel_shuffle": _operation(
        "The channels in another order: those of its groups dealt out in turn.",
        lambda given, axes, channels: ops.ChannelShuffle(groups=given["groups"]),
        Attribute("groups", whole(1, CHANNELS), "how many groups; without it the order is not known"),
    ),
    "pad_channels": _operation("Channels of zeros added.", _pad_channels, _CHANNELS_OUT),
    "mix_channels": _operation(
        "Channels combined, unit by unit, without learned parameters (maxout, a mean).",
        lambda given, axes, channels: ops.ChannelMixing(channels_out=given["channels"]),
        _CHANNELS_OUT,
    ),
    "layer_scale": _operation("One learned factor per channel.", _always(ops.Pointwise(1))),
    "batchnorm": _operation("Batch normalisation: two parameters per channel.", _always(ops.Pointwise(2))),
    "instancenorm": _operation(
        "Normalisation per image and channel, without parameters.", _always(ops.Pointwise(over_space=True))
    ),
    "layernorm": _operation(
        "Layer normalisation across the channels: two parameters per channel.", _always(ops.ChannelMixing(2))
    ),
    "groupnorm": _operation(
        "Group normalisation: two parameters per channel.", _always(ops.ChannelMixing(2, over_space=True))
    ),
    "flatten": _operation(
        "The map read as one list; a linear layer after it sees all of it.", _always(ops.ChannelMixing())
    ),
    "local_response_norm": _operation("Normalisation across neighbouring channels.", _always(ops.ChannelMixing())),
    **{
        key: _operation(text, _always(ops.ChannelMixing() if key in MIXING else ops.Pointwise()))
        for key, text in _POINTWISE.items()
    },
    "prelu": _operation(
        "A rectifier that learns its slope.",
        lambda given, axes, channels: ops.Pointwise(0, 1) if given["one_slope"] else ops.Pointwise(1),
        Attribute("one_slope", FLAG, "one slope for all channels; otherwise one per channel", True),
    ),
}
