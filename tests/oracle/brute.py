"""A brute force over the taps, slow and obvious: the judge of the project's arithmetic.

Nothing here is clever. Per axis, every layer is a function from a unit to the taps that it reads;
the field of a unit is the set of input indices that the taps reach when each is followed back.

* *Theoretically* every map is unbounded: taps below 0 and beyond the end are followed too.
* *Visibly* a tap outside its source's real map reads padding and stops there.

A map has channels, and every layer says of each of its own which channels of its sources it is made of; what some
channels reach is followed through these alone.

All other figures (hull, size over the phases, jump, start, density) are read off these sets. The
module knows only the standard library and never imports what it judges.

A network is the base grammar after YAML parsing, without macros. In-place branches
(`{"add": [[...], []], "name": "sum"}`) are understood; a branch's items share the network's scope.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

#: Beyond how many units no window reaches: more than any kernel with its dilation and padding.
FAR = 40
Item = Mapping[str, Any]
Tap = tuple[str, int]
Taps = Callable[[int], list[Tap]]
Pixels = frozenset[int]
Chosen = frozenset[int]
#: For every channel of a layer, the channels that it is made of: which of the layer's inputs, and which channel there.
MadeOf = tuple[frozenset[tuple[int, int]], ...]

WEIGHTED = ("conv", "depthwise_conv", "deformable_conv", "transposed_conv", "linear")
GATES = ("squeeze_excite", "global_context", "attention")
#: What mixes all units.
WHOLE = ("fourier", "token_mixing", "opaque")
#: Attention by places, and the attribute that says how many units of an axis each unit attends to.
PLACED = {"window_attention": "window", "grid_attention": "grid", "neighbourhood_attention": "kernel"}
#: How many matrices each has of the hidden channels' size.
RECURRENT = {"lstm": 4, "gru": 3, "rnn": 1}
AXES = {1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"]}
MERGES = ("add", "concat", "multiply", "correlation", "cross_correlation", "put_tokens")
ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "swish", "hard_swish", "hard_sigmoid",
    "mish", "sigmoid", "tanh", "softmax",
)  # fmt: skip
POINTWISE = (
    *ACTIVATIONS, "batchnorm", "layernorm", "groupnorm", "instancenorm", "local_response_norm", "layer_scale",
    "dropout", "identity", "flatten", "slice", "channel_shuffle", "pad_channels", "mix_channels",
)  # fmt: skip
#: Every channel of these is made of all channels of the source.
MIXING = (
    "linear", "pixel_shuffle", "space_to_depth", "softmax", "layernorm", "groupnorm", "local_response_norm", "flatten",
    "pad_channels", "mix_channels", "correlation", *RECURRENT, *PLACED, "opaque",
    "deformable_conv",
)  # fmt: skip
#: What each of these learns for a channel.
LEARNED = {"batchnorm": 2, "layernorm": 2, "groupnorm": 2, "layer_scale": 1}


class InvalidNetworkError(ValueError):
    """A description that no framework would run: a map without units, or branches that differ."""


class DifferentForms(AssertionError):
    """Two units a period apart reach sets of different forms."""


# Taps: which source indices does unit `u` read, were every map unbounded?


def no_taps(_unit: int) -> list[Tap]:
    return []


def one_to_one(source: str) -> Taps:
    return lambda u: [(source, u)]


def shifted(source: str, offset: int) -> Taps:
    return lambda u: [(source, u + offset)]


def window(source: str, kernel: int, stride: int, dilation: int, before: int) -> Taps:
    return lambda u: [(source, u * stride - before + dilation * t) for t in range(kernel)]


def scattered(source: str, kernel: int, stride: int, dilation: int, before: int) -> Taps:
    """Taps of a transposed convolution: `i` writes to `u = i*stride - before + dilation*t`."""

    def taps(u: int) -> list[Tap]:
        written = [u + before - dilation * t for t in range(kernel)]
        return [(source, at // stride) for at in written if at % stride == 0]

    return taps


def put_back(source: str, pooled: Taps) -> Taps:
    """Taps of an unpooling: those units of the pooled map whose window holds `u`, wherever its maximum was."""

    def taps(u: int) -> list[Tap]:
        near = range(-abs(u) - FAR, abs(u) + FAR)
        return [(source, i) for i in near if any(at == u for _, at in pooled(i))]

    return taps


def nearest(source: str, n_in: int, n_out: int) -> Taps:
    return lambda u: [(source, u * n_in // n_out)]


def triangle(distance: Fraction) -> Fraction:
    """The weight of linear interpolation."""
    return max(1 - abs(distance), Fraction(0))


def keys(distance: Fraction) -> Fraction:
    """The weight of cubic convolution (Keys 1981) with PyTorch's constant."""
    a, d = Fraction(-3, 4), abs(distance)
    if d <= 1:
        return (a + 2) * d**3 - (a + 3) * d**2 + 1
    return a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a if d < 2 else Fraction(0)


WEIGHTS = {"bilinear": triangle, "bicubic": keys}

#: How the nearest of all indices is chosen: the smallest of these.
CHOICES: Mapping[str, Callable[[Fraction, int], Any]] = {
    "floor": lambda at, i: (i > at, -i),
    "ceil": lambda at, i: (i < at, i),
    "round_prefer_floor": lambda at, i: (abs(at - i), i),
    "round_prefer_ceil": lambda at, i: (abs(at - i), -i),
}


def around(at: Fraction) -> range:
    """More indices than anything at this place could read."""
    return range(math.floor(at) - 3, math.floor(at) + 5)


def weighted(source: str, weight: Callable[[Fraction], Fraction], position: Callable[[int], Fraction]) -> Taps:
    """Taps of an interpolation: all that have a weight."""
    return lambda u: [(source, i) for i in around(position(u)) if weight(position(u) - i)]


def chosen(source: str, choice: str, position: Callable[[int], Fraction]) -> Taps:
    return lambda u: [(source, min(around(position(u)), key=lambda i: CHOICES[choice](position(u), i)))]


def adaptive(source: str, n_in: int, n_out: int) -> Taps:
    def taps(u: int) -> list[Tap]:
        first, beyond = u * n_in // n_out, -(-(u + 1) * n_in // n_out)
        return [(source, i) for i in range(first, beyond)]

    return taps


def together(readers: Iterable[Taps]) -> Taps:
    listed = list(readers)
    return lambda u: [tap for taps in listed for tap in taps(u)]


# Edges: what does a tap at `i`, outside a map of `n` units, read in truth?


def zero_edge(i: int, n: int) -> int | None:
    """Padding of zeros is no unit: the tap stops."""
    del i, n
    return None


def reflect_edge(i: int, n: int) -> int | None:
    return -i if i < 0 else 2 * (n - 1) - i


def replicate_edge(i: int, n: int) -> int | None:
    return 0 if i < 0 else n - 1


def circular_edge(i: int, n: int) -> int | None:
    return i % n


EDGES: Mapping[str, Callable[[int, int], int | None]] = {
    "circular": circular_edge,
    "zero": zero_edge,
    "reflect": reflect_edge,
    "replicate": replicate_edge,
}


# Sizes and paddings


def same_padding(n: int, stride: int, extent: int, *, lower: bool) -> tuple[int, int]:
    """TensorFlow's SAME for windows of `extent` pixels; the odd pixel goes after (before)."""
    n_out = -(-n // stride)
    total = max((n_out - 1) * stride + extent - n, 0)
    small, large = total // 2, total - total // 2
    return (large, small) if lower else (small, large)


def floor_size(n: int, extent: int, stride: int, pads: tuple[int, int]) -> int:
    return (n + sum(pads) - extent) // stride + 1


def ceil_size(n: int, extent: int, stride: int, pads: tuple[int, int]) -> int:
    return -(-(n + sum(pads) - extent) // stride) + 1


def pytorch_ceil_size(n: int, extent: int, stride: int, pads: tuple[int, int]) -> int:
    """The last window must start inside the map or its left padding."""
    n_out = ceil_size(n, extent, stride, pads)
    return n_out - 1 if (n_out - 1) * stride >= n + pads[0] else n_out


def size_rule(item: Item) -> Callable[[int, int, int, tuple[int, int]], int]:
    """Caffe's is PyTorch's with `pad_h or pad_w`; without either no window is dropped."""
    mode, padding = item.get("ceil_mode", False), item.get("padding", 0)
    if mode == "caffe":
        padded = padding != "valid" if isinstance(padding, str) else max(numbers(padding)) > 0
        return pytorch_ceil_size if padded else ceil_size
    return pytorch_ceil_size if mode else floor_size


def numbers(padding: Any) -> list[int]:
    """All numbers of a padding, of whatever axis and side."""
    return [n for part in padding for n in numbers(part)] if isinstance(padding, Sequence) else [padding]


def on_axis(value: Any, axis: int) -> Any:
    """What an attribute says for one axis: one value for all, or a list with one per axis."""
    return value[axis] if isinstance(value, Sequence) and not isinstance(value, str) else value


def pads_on_axis(value: Any, axis: int) -> tuple[int, int]:
    """Explicit padding of one axis, from an integer, a list per axis or a list of pairs."""
    here = on_axis(value, axis)
    if isinstance(here, Sequence):
        return int(here[0]), int(here[1])
    return int(here), int(here)


@dataclass(frozen=True)
class Window:
    """A sliding window on one axis with its padding resolved for a map of `n`."""

    kernel: int
    stride: int
    dilation: int
    pads: tuple[int, int]

    @property
    def extent(self) -> int:
        return self.dilation * (self.kernel - 1) + 1


def window_of(item: Item, axis: int, n: int, default_stride: Any = 1) -> Window:
    kernel = on_axis(item["kernel"], axis)
    stride = on_axis(item.get("stride", default_stride), axis)
    dilation = on_axis(item.get("dilation", 1), axis)
    padding = item.get("padding", 0)
    extent = dilation * (kernel - 1) + 1
    if padding == "valid":
        pads = (0, 0)
    elif isinstance(padding, str):
        pads = same_padding(n, stride, extent, lower=padding == "same_lower")
    else:
        pads = pads_on_axis(padding, axis)
    return Window(kernel, stride, dilation, pads)


# Channels: which channels of its sources is each channel of a layer made of?


def mixed(*counts: int) -> frozenset[tuple[int, int]]:
    return frozenset((slot, channel) for slot, count in enumerate(counts) for channel in range(count))


def in_groups(n_in: int, n_out: int, groups: int) -> MadeOf:
    """Channels dealt into groups, in order; those of a group are made of all that the group reads."""
    made = []
    for channel in range(n_out):
        group = channel * groups // n_out
        read = range(group * n_in // groups, (group + 1) * n_in // groups)
        made.append(frozenset((0, other) for other in read))
    return tuple(made)


def shuffled(n: int, groups: int | None) -> MadeOf:
    """The first of every group, then the second of every group, and so on."""
    if groups is None:
        return (mixed(n),) * n
    if n % groups:
        raise InvalidNetworkError(f"{n} channels in {groups} groups")
    size = n // groups
    order = [group * size + place for place in range(size) for group in range(groups)]
    return tuple(frozenset({(0, other)}) for other in order)


def channel_by_channel(given: Sequence[int]) -> MadeOf:
    """Sums, products, and whatever leaves channels apart; one channel goes with all."""
    return tuple(
        frozenset((slot, channel if count > 1 else 0) for slot, count in enumerate(given))
        for channel in range(max(given))
    )


def filtered(item: Item, given: Sequence[int], n_out: int) -> MadeOf:
    """A convolution whose weights are the second input's channels, those of the first filter first."""
    groups = int(item.get("groups", 1))
    depth = given[0] // groups
    weights = [frozenset((1, channel * depth + place) for place in range(depth)) for channel in range(n_out)]
    return tuple(a | b for a, b in zip(in_groups(given[0], n_out, groups), weights, strict=True))


def of_first(_item: Item, given: Sequence[int], n_out: int) -> MadeOf:
    if len(given) != 2:
        raise InvalidNetworkError(f"tokens put beside a map: {len(given)} maps")
    return tuple(frozenset({(0, channel)}) for channel in range(n_out))


def made_of_nothing(_item: Item, _given: Sequence[int], n_out: int) -> MadeOf:
    return (frozenset(),) * n_out


def side_by_side(_item: Item, given: Sequence[int], _n_out: int) -> MadeOf:
    return tuple(frozenset({(slot, c)}) for slot, count in enumerate(given) for c in range(count))


MADE: Mapping[str, Callable[[Item, Sequence[int], int], MadeOf]] = {
    "given": made_of_nothing,
    "put_tokens": of_first,
    "cross_correlation": filtered,
    "concat": side_by_side,
}


def made_of(operation: str, item: Item, given: Sequence[int], n_out: int) -> MadeOf:
    """`given` are the channels of the layer's inputs."""
    n_in = given[0]
    if operation in MADE and not ("axis" in item and operation == "concat"):
        return MADE[operation](item, given, n_out)
    if operation == "slice":
        first = int(item.get("offset", 0))
        return tuple(frozenset({(0, first + channel)}) for channel in range(n_out))
    if operation == "channel_shuffle":
        return shuffled(n_in, item.get("groups"))
    plain = operation == "deformable_conv" and not item.get("offsets", True)
    if plain or operation in {"conv", "transposed_conv", "depthwise_conv"}:
        return in_groups(n_in, n_out, n_in if operation == "depthwise_conv" else int(item.get("groups", 1)))
    if operation in MIXING or (operation in {"attention", "fourier"} and "channels" in item):
        return (mixed(*given),) * n_out
    return channel_by_channel(given)


# One layer on one axis


@dataclass(frozen=True)
class AxisLayer:
    """What one layer is on one axis.

    `refinement` multiplies the period of the phases; `regular` is False where no period is
    promised (adaptive pooling that doesn't divide, aligned corners, a resize by no integer); every
    real unit of the `gates` is seen as well, whichever unit is asked, in all channels if `squeezed`, or those on one
    `side`, up to the unit that is asked or from it on;
    `edge` says what its padding holds. `made_of` is the same on all axes, and so are `inputs`: all that
    it reads, in the order in which `made_of` counts them, a merge's `slots` being those of its paths.
    A whole map made one unit is `collapsed`; where that is resized to a map again it is `spread`: all
    units are the same, a context and no path. What `blends` adds up the weights of the taps that fall
    on one unit: they are one tap. Where a unit reads others of a real map than the real ones of its taps, it reads
    those that are `moved`, of a map of so many units. The units of a merge whose paths all read the `whole` of a map
    have no period. `beside` are the taps on maps to which nothing of the image leads.
    """

    size: int
    taps: Taps
    sources: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    refinement: int = 1
    regular: bool = True
    edge: str = "zero"
    collapsed: bool = False
    spread: bool = False
    blends: bool = False
    moved: Callable[[int, int], list[int]] | None = None
    squeezed: bool = False
    whole: bool = False
    beside: Taps = no_taps
    side: str = "both"
    made_of: MadeOf = ()
    inputs: tuple[str, ...] = ()
    slots: tuple[int, ...] = ()
    #: Of maps side by side: which of the inputs a unit lies on.
    lies_on: Callable[[int], int] | None = None
    #: The origins that were asked for: they are the same for every unit.
    known: dict[Chosen, dict[int, Chosen]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def channels(self) -> Chosen:
        return frozenset(range(len(self.made_of)))

    def origins(self, chosen: Chosen) -> dict[int, Chosen]:
        """The channels of each input that some channels are made of."""
        if chosen not in self.known:
            self.known[chosen] = self.origins_of(chosen)
        return self.known[chosen]

    def origins_of(self, chosen: Chosen) -> dict[int, Chosen]:
        found: dict[int, set[int]] = {}
        for channel in chosen:
            for slot, other in self.made_of[channel]:
                found.setdefault(slot, set()).add(other)
        return {slot: frozenset(others) for slot, others in found.items()}

    def read(self, unit: int, chosen: Chosen) -> list[tuple[str, int, Chosen]]:
        """What a unit reads for some of its channels: source, index, and channels there."""
        origins, taps = self.origins(chosen), self.taps(unit)
        slots = self.slots or ((0 if self.lies_on is None else self.lies_on(unit)),) * len(taps)
        return [(*tap, origins[slot]) for slot, tap in zip(slots, taps, strict=True) if slot in origins]

    def on_side(self, unit: int, units: range) -> list[int]:
        """The real units of a gate that a unit sees through it."""
        sides = {"before": lambda other: other <= unit, "behind": lambda other: other >= unit, "both": lambda _: True}
        return list(filter(sides[self.side], units))

    def shown(self, chosen: Chosen) -> list[tuple[str, Chosen]]:
        """The gates of some channels, and the channels there, where not all of them are."""
        origins = self.origins(chosen)
        return [(self.inputs[slot], origins[slot]) for slot in origins if self.inputs[slot] in self.gates]


def mirrored(item: Item, key: str, n: int, pads: tuple[int, int]) -> str:
    """What the padding holds; a reflection needs as many units as it shows, and so does a repetition."""
    edge: str = item.get(key, "zero")
    if edge == "reflect" and max(pads) >= n:
        raise InvalidNetworkError(f"reflection of {pads} in a map of {n}")
    if edge == "circular" and (max(pads) > n or min(pads) < 0 < max(pads)):
        raise InvalidNetworkError(f"repetition of {pads} of a map of {n}")
    return edge


def conv_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    w = window_of(item, axis, n)
    size = floor_size(n, w.extent, w.stride, w.pads)
    taps = window(source, w.kernel, w.stride, w.dilation, w.pads[0])
    return AxisLayer(size, taps, edge=mirrored(item, "padding_mode", n, w.pads))


def pool_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    w = window_of(item, axis, n, default_stride=item["kernel"])
    size = size_rule(item)(n, w.extent, w.stride, w.pads)
    return AxisLayer(size, window(source, w.kernel, w.stride, w.dilation, w.pads[0]))


def transposed_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    rule = item.get("padding", 0)
    w = window_of({**item, "padding": 0} if isinstance(rule, str) else item, axis, n)
    extra = on_axis(item.get("output_padding"), axis)
    if extra is not None and extra >= (w.stride if rule in ("same", "valid") else max(w.stride, w.dilation)):
        raise InvalidNetworkError(f"output_padding of {extra} with stride {w.stride} and dilation {w.dilation}")
    if rule in ("same", "valid"):
        size, before = keras_transposed(rule, n, w, extra)
    elif isinstance(rule, str):
        size, before = onnx_transposed(n, w, extra or 0, lower=rule == "same_lower")
    else:
        size, before = (n - 1) * w.stride - sum(w.pads) + w.extent + (extra or 0), w.pads[0]
    return AxisLayer(size, scattered(source, w.kernel, w.stride, w.dilation, before), refinement=w.stride)


def keras_transposed(rule: str, n: int, w: Window, extra: int | None) -> tuple[int, int]:
    """The size, and what is cut off before: Keras pads the spread-out map by `left` for an ordinary convolution."""
    k = w.extent
    if rule == "valid":
        extra = max(k, w.stride) - k if extra is None else extra
        return (n - 1) * w.stride + k + extra, 0
    padded = w.stride + k - 2 if extra is None else k + k % 2 - 2 + extra
    left = min(padded // 2 + padded % 2, k - 1)
    return (n * w.stride if extra is None else (n - 1) * w.stride + k % 2 + extra), k - 1 - left


def onnx_transposed(n: int, w: Window, extra: int, *, lower: bool) -> tuple[int, int]:
    """The size, and what is cut off before: `total_padding` of the operator's document, never negative."""
    size = n * w.stride
    total = max(w.stride * (n - 1) + extra + w.extent - size, 0)
    return size, total - total // 2 if lower else total // 2


def whole_map_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del item, axis
    return AxisLayer(1, window(source, n, 1, 1, 0), collapsed=True)


def adaptive_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    size = on_axis(item["size"], axis)
    if size == 1:
        return whole_map_axis(item, axis, source, n)
    return resized(n, size, adaptive(source, n, size))


def upsample_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """A resampling: a place for every unit, and what is read around it, the edge held."""
    mode = item.get("mode", "nearest")
    factor = Fraction(on_axis(item["scale"], axis)) if "scale" in item else None
    size = on_axis(item["size"], axis) if factor is None else math.floor(n * factor)
    if size < 1:
        raise InvalidNetworkError(f"{n} units times {factor} are none")
    if mode == "area":
        whole = replace(whole_map_axis(item, axis, source, n), collapsed="size" in item and n > 1)
        return whole if size == 1 else resized(n, size, adaptive(source, n, size))
    aligned = item.get("align_corners", False) or item.get("coordinates") == "align_corners"
    if size == n and (aligned or (mode == "bilinear" and "coordinates" not in item)):
        return AxisLayer(n, one_to_one(source))  # PyTorch copies
    position, regular = places(item, n, size, factor)
    if mode in WEIGHTS:
        taps = weighted(source, WEIGHTS[mode], position)
    else:
        usual = "round_prefer_ceil" if mode == "nearest-exact" else "floor"
        taps = chosen(source, item.get("nearest_mode", usual), position)
    # After so many units every place has moved by a whole number.
    period = next(u for u in range(1, 100_000) if (position(u) - position(0)).denominator == 1) if regular else 1
    return AxisLayer(size, taps, refinement=period, regular=regular, edge="replicate", blends=True)


def places(item: Item, n: int, size: int, factor: Fraction | None) -> tuple[Callable[[int], Fraction], bool]:
    """Where every unit lies among the `n` units, and whether a period is promised."""
    half, sizes = Fraction(1, 2), Fraction(size, n)
    scale = sizes if factor is None or item.get("recompute_scale_factor", False) else factor
    regular = scale == factor or n % size == 0 or size % n == 0
    usual = "asymmetric" if item.get("mode", "nearest") == "nearest" else "half_pixel"
    rule = "align_corners" if item.get("align_corners", False) else item.get("coordinates", usual)
    if rule == "align_corners":
        apart = Fraction(n - 1, size - 1) if size > 1 else Fraction(0)
        return lambda u: u * apart, False
    if rule == "pytorch_half_pixel" and size == 1:
        return lambda _: Fraction(0), False
    if rule == "asymmetric":
        return lambda u: u / scale, regular
    moved = Fraction(n, 2) * (1 - size / (scale * n)) if rule == "half_pixel_symmetric" else Fraction(0)
    return lambda u: moved + (u + half) / scale - half, regular


def spread_axis(source: str, size: int) -> AxisLayer:
    return AxisLayer(size, lambda _: [(source, 0)], (source,), regular=False, spread=True)


def resized(n: int, size: int, taps: Taps) -> AxisLayer:
    """A resize, regular if one of the sizes divides the other."""
    regular = size % n == 0 or n % size == 0
    return AxisLayer(size, taps, refinement=max(size // n, 1), regular=regular)


def pad_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    before, after = pads_on_axis(item["padding"], axis) if "padding" in item else halves(item, axis, n)
    edge = mirrored(item, "mode", n, (before, after))
    return AxisLayer(n + before + after, shifted(source, -before), edge=edge)


def roll_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Each unit of the source is written `shift` further on, its last ones come first; whole turns are none."""
    shift = left = on_axis(item["shift"], axis)
    while abs(left) >= n:
        left += n if left < 0 else -n
    return AxisLayer(n, shifted(source, -left), edge="circular" if shift else "zero")


def halves(item: Item, axis: int, n: int) -> tuple[int, int]:
    """What lacks to the size: half of it before, the rest after."""
    lacking = on_axis(item["size"], axis) - n
    if lacking < 0:
        raise InvalidNetworkError(f"{n} units padded to fewer")
    return lacking // 2, lacking - lacking // 2


def crop_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    if "padding" in item:
        before, after = pads_on_axis(item["padding"], axis)
        return AxisLayer(n - before - after, shifted(source, before))
    size = on_axis(item["size"], axis)
    before = on_axis(item["offset"], axis) if "offset" in item else (n - size) // 2
    if before < 0 or before + size > n:
        raise InvalidNetworkError(f"a crop of {size} from {before} on exceeds {n}")
    if item.get("evenly") and before != n - size - before:
        raise InvalidNetworkError(f"a crop of {n} to {size} is not even")
    return AxisLayer(size, shifted(source, before))


def unpool_axis(item: Item, axis: int, source: str, n: int, pool: AxisLayer, whole: int) -> AxisLayer:
    """The reverse of `pool`, which read `whole` units."""
    kernel, padding = on_axis(item["kernel"], axis), on_axis(item.get("padding", 0), axis)
    stride = on_axis(item.get("stride", item["kernel"]), axis)
    size = stride * (n - 1) + kernel - 2 * padding
    places = {at for i in range(n) for _, at in pool.taps(i) if 0 <= at < whole}
    fits = size == whole or (axis == 0 and max(places, default=0) < size)
    restored = item.get("restore", False)
    if n != pool.size or not (size - stride < whole < size + stride if restored else fits):
        raise InvalidNetworkError(f"{n} units put back to {size}, of {pool.size} pooled from {whole}")
    return AxisLayer(
        whole if restored else size, put_back(source, pool.taps), refinement=pool.taps(1)[0][1] - pool.taps(0)[0][1]
    )


def shuffle_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    scale = on_axis(item["scale"], axis)
    return AxisLayer(n * scale, nearest(source, 1, scale), refinement=scale)


def space_to_depth_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    scale = on_axis(item["scale"], axis)
    if n % scale and not item.get("ceil_mode", False):
        raise InvalidNetworkError(f"space_to_depth by {scale} doesn't divide {n}")
    return AxisLayer(math.ceil(n / scale), window(source, scale, scale, 1, 0))


def pointwise_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del item, axis
    return AxisLayer(n, one_to_one(source))


def gate_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del axis
    side = "before" if item.get("causal", False) else "both"
    return AxisLayer(n, one_to_one(source), gates=(source,), squeezed=True, side=side)


def recurrent_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """What came before, where it goes forward; on other axes than its own each row is a sequence of its own."""
    if item["goes along"] != axis:
        return AxisLayer(n, one_to_one(source))
    side = {"forward": "before", "backward": "behind", "both": "both"}[item.get("direction", "forward")]
    return AxisLayer(n, one_to_one(source), gates=(source,), squeezed=True, side=side)


def in_window(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Those of the unit's window: the map is filled up with zeros, rolled if there are several, dealt into windows."""
    window, shift = on_axis(item["window"], axis), on_axis(item.get("shift", 0), axis)
    shift = 0 if window >= math.ceil(n / window) * window else shift

    def number(u: int) -> int:
        return int((u - shift) // window)

    def taps(u: int) -> list[Tap]:
        return [(source, i) for i in range(u - window, u + window + 1) if number(i) == number(u)]

    return AxisLayer(n, taps, refinement=window)


def in_grid(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Those of the map that are whole steps away, the map being as many steps long as the grid has units."""
    grid = on_axis(item["grid"], axis)
    if n % grid:
        raise InvalidNetworkError(f"a grid of {grid} doesn't divide {n}")
    step = n // grid
    return AxisLayer(n, lambda u: [(source, i) for i in range(n) if (i - u) % step == 0], regular=False)


def in_neighbourhood(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Those around the unit; of a real map, of all that lie inside the stretch whose begin is nearest to theirs."""
    kernel, dilation = on_axis(item["kernel"], axis), on_axis(item.get("dilation", 1), axis)
    if n < kernel * dilation:
        raise InvalidNetworkError(f"{kernel} neighbours {dilation} apart in a map of {n}")

    def around(u: int) -> range:
        first = u - kernel // 2 * dilation
        return range(first, first + kernel * dilation, dilation)

    def inside(u: int, n: int) -> list[int]:
        begins = [b for b in range(n) if (b - u) % dilation == 0 and b + dilation * (kernel - 1) < n]
        begin = min(begins, key=lambda b: abs(b - around(u)[0]))
        return list(range(begin, begin + kernel * dilation, dilation))

    return AxisLayer(n, lambda u: [(source, i) for i in around(u)], moved=inside)


def whole_map_to_units(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Every unit reads all units of the map, of whatever size its own map is."""
    size = on_axis(item.get("size", n), axis)
    if size == 1:
        return AxisLayer(1, window(source, n, 1, 1, 0), collapsed="size" in item and n > 1)
    return AxisLayer(size, lambda _: [(source, i) for i in range(n)], regular=False)


def given_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    """Another input: it reads nothing."""
    del source, n
    return AxisLayer(on_axis(item["size"], axis), no_taps)


def subsample_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    stride = on_axis(item["stride"], axis)
    return AxisLayer(-(-n // stride), window(source, 1, stride, 1, 0))


SINGLE: Mapping[str, Callable[[Item, int, str, int], AxisLayer]] = {
    "conv": conv_axis,
    "depthwise_conv": conv_axis,
    "deformable_conv": conv_axis,
    "transposed_conv": transposed_axis,
    "maxpool": pool_axis,
    "avgpool": pool_axis,
    "subsample": subsample_axis,
    "class_token": pointwise_axis,
    "take_token": whole_map_axis,
    "drop_tokens": pointwise_axis,
    "given": given_axis,
    "global_avgpool": whole_map_axis,
    "global_maxpool": whole_map_axis,
    "linear": whole_map_axis,
    "adaptive_avgpool": adaptive_axis,
    "adaptive_maxpool": adaptive_axis,
    "upsample": upsample_axis,
    "pad": pad_axis,
    "crop": crop_axis,
    "roll": roll_axis,
    "pixel_shuffle": shuffle_axis,
    "space_to_depth": space_to_depth_axis,
    **dict.fromkeys(WHOLE, whole_map_to_units),
    "window_attention": in_window,
    "grid_attention": in_grid,
    "neighbourhood_attention": in_neighbourhood,
    **dict.fromkeys(GATES, gate_axis),
    **dict.fromkeys(RECURRENT, recurrent_axis),
    **dict.fromkeys(POINTWISE, pointwise_axis),
}
#: All operations that are judged here: a test asks for every one of the language.
OPERATIONS = (*SINGLE, "unpool", *MERGES)
#: The attributes that random networks try an operation with, unless it needs none or has a step of its own there.
TRIED: Mapping[str, Mapping[str, Any]] = {
    "subsample": {"stride": 2},
    "given": {"channels": 2, "size": 3},
    "adaptive_maxpool": {"size": 2},
    "global_context": {"parameters": 5, "macs": 7},
    "attention": {"parameters": 3, "macs_per_unit": 2, "macs_per_pair": 6, "channels": 3},
    "fourier": {"parameters": 4, "macs_per_unit": 3},
    "token_mixing": {"hidden": 2},
    "opaque": {"parameters": 2, "macs": 5, "size": 3},
    "prelu": {"one_slope": False},
    "pad_channels": {"channels": 6},
    "mix_channels": {"channels": 2},
}


# One axis of a network


@dataclass
class Axis:
    """All layers on one axis, and the sets of input indices that their units reach."""

    layers: dict[str, AxisLayer]
    periods: dict[str, tuple[int | None, ...]]
    #: The layers in which, or before which, paths of several jumps were merged in one unit.
    behind_several_jumps: set[str] = field(default_factory=set)
    known: dict[tuple[str, int, Chosen, bool, bool], Pixels] = field(default_factory=dict)
    counted: dict[tuple[str, int, Chosen, bool], Counter[int]] = field(default_factory=dict)
    stepped: dict[str, frozenset[int | None]] = field(default_factory=dict)

    @classmethod
    def of_length(cls, n: int, channels: int) -> Axis:
        image = AxisLayer(n, one_to_one("input"), made_of=(frozenset(),) * channels)
        return cls({"input": image}, {"input": (1,) * channels})

    def copy(self) -> Axis:
        return Axis(dict(self.layers), dict(self.periods), set(self.behind_several_jumps), self.known)

    def append(self, name: str, layer: AxisLayer) -> None:
        """One more layer. The period of a channel is a number of units after which its fields repeat,
        moved along (not always the smallest); None where there is no such number.
        """
        self.layers[name] = layer
        self.periods[name] = tuple(self.period_through(layer, origins) for origins in layer.made_of)
        merged = bool(layer.slots) and not layer.regular
        if merged or any(source in self.behind_several_jumps for source in layer.sources):
            self.behind_several_jumps.add(name)

    def period_through(self, layer: AxisLayer, origins: Iterable[tuple[int, int]]) -> int | None:
        """The period of a channel that is made of these; those beside the paths are no matter."""
        paths = layer.slots or (0,)
        periods = [self.periods[layer.inputs[slot]][channel] for slot, channel in origins if slot in paths]
        known = [period for period in periods if period is not None]
        alike = layer.whole or layer.spread  # which is told of one map only
        steady = (layer.regular or bool(layer.slots)) and len(known) == len(periods) and not alike
        return layer.refinement * math.lcm(*known) if steady else None

    def regular(self, name: str) -> bool:
        """Whether all channels have a period, and all of them one jump."""
        if None in self.periods[name]:
            return False
        return name not in self.behind_several_jumps or len(self.steps(name)) < 2

    def period(self, name: str) -> int:
        """A period of all channels that have one."""
        return math.lcm(*[period for period in self.periods[name] if period is not None])

    def reached(
        self, name: str, unit: int, chosen: Chosen | None = None, *, visible: bool = False, gated: bool = True
    ) -> Pixels:
        """Input indices that `unit` reads in the chosen channels (all, if none are named); along the
        spatial path alone if not `gated`.
        """
        if name == "input":
            return frozenset({unit})
        chosen = self.layers[name].channels if chosen is None else chosen
        key = (name, unit, chosen, visible, gated)
        if key not in self.known:
            self.known[key] = self.follow(name, unit, chosen, visible, gated)
        return self.known[key]

    def paths_from(self, name: str, unit: int, chosen: Chosen | None = None, *, visible: bool = False) -> Counter[int]:
        """How many spatial paths of taps lead from each input index to a unit."""
        if name == "input":
            return Counter([unit])
        chosen = self.layers[name].channels if chosen is None else chosen
        key = (name, unit, chosen, visible)
        if key not in self.counted:
            layer, counts = self.layers[name], Counter[int]()
            for source, i, channels in self.taps(layer, unit, chosen, visible):
                counts.update(self.paths_from(source, i, channels, visible=visible))
            self.counted[key] = counts
        return self.counted[key]

    def follow(self, name: str, unit: int, chosen: Chosen, visible: bool, gated: bool) -> Pixels:
        layer = self.layers[name]
        taps = self.taps(layer, unit, chosen, visible)
        beyond: list[Pixels] = []
        if gated:
            for gate, channels in layer.shown(chosen):
                whole = self.layers[gate].channels if layer.squeezed else channels
                seen = layer.on_side(unit, self.units(gate))
                taps += [(gate, u, whole) for u in seen]
                if not seen:
                    beyond.append(self.end(gate, whole, layer.side))
        fields = [self.reached(source, i, channels, visible=visible, gated=gated) for source, i, channels in taps]
        return frozenset().union(*fields, *beyond)

    def end(self, gate: str, channels: Chosen, side: str) -> Pixels:
        """What a unit sees that stands outside the map, where all that the gate could show lies on its other side: the
        outermost pixel of the map's unit at that end.
        """
        outermost, unit = (min, self.units(gate)[0]) if side == "before" else (max, self.units(gate)[-1])
        pixels = self.reached(gate, unit, channels)
        return frozenset({outermost(pixels)}) if pixels else frozenset()

    def taps(self, layer: AxisLayer, unit: int, chosen: Chosen, visible: bool) -> list[tuple[str, int, Chosen]]:
        """What a unit reads for some of its channels; if `visible`, the real units alone."""
        taps = layer.read(unit, chosen)
        if not visible:
            return taps
        if layer.moved is not None:
            here = {(source, channels) for source, _, channels in taps}
            return [(s, i, channels) for s, channels in here for i in layer.moved(unit, self.layers[s].size)]
        real = [(*tap, channels) for source, i, channels in taps for tap in self.real(layer, source, i)]
        return list(dict.fromkeys(real)) if layer.blends else real

    def real(self, layer: AxisLayer, source: str, i: int) -> list[Tap]:
        """The real unit that a tap reads, if any."""
        n = self.layers[source].size
        inside = i if 0 <= i < n else EDGES[layer.edge](i, n)
        return [] if inside is None else [(source, inside)]

    def units(self, name: str) -> range:
        return range(self.layers[name].size)

    def phases(self, name: str) -> range:
        """The units that stand for all: one period, or all real ones where there is no period."""
        return range(self.period(name)) if self.regular(name) else self.units(name)

    def sizes(self, name: str) -> list[int]:
        return [extent(self.reached(name, u, gated=False)) for u in self.phases(name)]

    def rf(self, name: str) -> int:
        return max(self.sizes(name))

    def rf_min(self, name: str) -> int:
        return min(self.sizes(name))

    def jump(self, name: str) -> Fraction | None:
        """How far the centre moves per unit, from the distance over one period."""
        if not self.regular(name):
            return None
        steps = self.steps(name)
        if len(steps) > 1:
            raise AssertionError(f"{name} has no period of {self.period(name)}: {steps}")
        return next((Fraction(step or 0, self.period(name)) for step in steps), None)

    def steps(self, name: str) -> frozenset[int | None]:
        """By how much the field moves in one period, from whichever unit: one number, if jumps agree."""
        if name not in self.stepped:
            self.stepped[name] = self.steps_of(name)
        return self.stepped[name]

    def steps_of(self, name: str) -> frozenset[int | None]:
        period = self.period(name)
        try:
            return frozenset(self.step(name, u, period) for u in range(-period, 2 * period)) - {None}
        except DifferentForms:
            return frozenset({0, 1})

    def step(self, name: str, unit: int, period: int) -> int | None:
        """By how much the whole field moves from `unit` to one period on; None if it is empty."""
        here = self.reached(name, unit, gated=False)
        there = self.reached(name, unit + period, gated=False)
        if not here and not there:
            return None
        by = min(there) - min(here)
        if there != {i + by for i in here}:
            raise DifferentForms(f"{name}: units {unit} and {unit + period} differ in form")
        return by

    def start(self, name: str) -> Fraction | None:
        """The mean centre over one period less the jump times the mean index (phases that read)."""
        if self.layers[name].spread:
            return centre(self.reached(name, 0, gated=False))
        jump = self.jump(name)
        if jump is None:
            return None
        fields = [(u, self.reached(name, u, gated=False)) for u in self.phases(name)]
        offsets = [centre(pixels) - jump * u for u, pixels in fields if pixels]
        return sum(offsets, Fraction(0)) / len(offsets)

    def readers(self, name: str, pixel: int) -> list[int]:
        """The real units that read the real pixel `pixel`."""
        return [u for u in self.units(name) if pixel in self.reached(name, u, visible=True)]

    def seen_by(self, name: str, pixel: int) -> list[int]:
        """The real units whose visible field holds `pixel` (where that is a hull, it may be in a hole)."""
        return [u for u in self.units(name) if pixel in self.view(name, u)]

    @property
    def leads_elsewhere(self) -> bool:
        """Whether padding leads around the ends of a map, or a seam to a map that the one before does not go on in."""
        side_by_side = {name for name, layer in self.layers.items() if layer.lies_on is not None}
        circular = any(layer.edge == "circular" for layer in self.layers.values())
        return circular or not all(map(self.regular, side_by_side))

    def view(self, name: str, unit: int) -> Collection[int]:
        """The hull of what a unit sees; where something leads elsewhere, the set itself."""
        pixels = self.reached(name, unit, visible=True)
        if self.leads_elsewhere:
            return pixels
        return range(min(pixels), max(pixels) + 1) if pixels else range(0)

    def least_density(self, name: str) -> Fraction | None:
        """The smallest share of its hull that a phase reads."""
        fields = [self.reached(name, u, gated=False) for u in self.phases(name)]
        return min((density(pixels) for pixels in fields if pixels), default=None)

    def leaves_image(self, name: str, unit: int) -> bool:
        """Whether the theoretical field along the spatial paths goes beyond the image."""
        image = self.units("input")
        return any(i not in image for i in self.reached(name, unit, gated=False))

    # Maps side by side

    def differ(self, one: str, other: str, size: int) -> bool:
        """Whether some unit, real or near one, reaches other pixels in two maps, or by other ways, in any channel."""
        return any(
            self.told(one, u, frozenset({channel})) != self.told(other, u, frozenset({channel}))
            for channel in self.layers[one].channels
            for u in range(-3, size + 3)
        )

    def told(self, name: str, unit: int, chosen: Chosen) -> list[Any]:
        """All that can be asked of a unit; of one outside the map, what it reaches on maps without ends."""
        real = [False, True] if unit in self.units(name) else [False]
        reached = [self.reached(name, unit, chosen, visible=v, gated=g) for v in real for g in (False, True)]
        return [*reached, *[self.paths_from(name, unit, chosen, visible=visible) for visible in real]]

    def goes_on(self, first: str, other: str, begin: int) -> bool:
        """Whether a map that begins there is what the first one would be, had it no end, by the same ways."""
        period = self.period(first) * self.period(other)
        return all(
            self.paths_from(first, begin + u, frozenset({channel})) == self.paths_from(other, u, frozenset({channel}))
            for channel in self.layers[first].channels
            for u in range(-period, 2 * period)
        )

    # Single paths, one at a time

    def paths(self, name: str, chosen: Chosen | None = None) -> list[tuple[str, ...]]:
        """All spatial paths from the image to a layer's channels, each as the names of its layers."""
        if name == "input":
            return [()]
        layer = self.layers[name]
        origins = layer.origins(layer.channels if chosen is None else chosen)
        slots = layer.slots or (0,)
        taken = dict.fromkeys((layer.inputs[slot], origins[slot]) for slot in slots if slot in origins)
        return [(*path, name) for source, channels in taken for path in self.paths(source, channels)]

    def reached_along(self, path: tuple[str, ...], unit: int) -> Pixels:
        """Input indices that a unit of the path's last layer reaches along this path alone."""
        units = {unit}
        for name, source in zip(reversed(path), [*reversed(path[:-1]), "input"], strict=True):
            units = {i for u in units for read, i in self.layers[name].taps(u) if read == source}
        return frozenset(units)

    def smallest_path(self, name: str) -> int:
        """The field along the path on which it is smallest (its largest phase)."""
        phases = self.phases(name)
        return min(max(extent(self.reached_along(path, u)) for u in phases) for path in self.paths(name))

    def misalignment(self, name: str) -> Fraction:
        """The largest distance between the centres of a unit's fields along its single paths."""
        return max(self.spread(name, u) for u in self.phases(name))

    def spread(self, name: str, unit: int) -> Fraction:
        fields = [self.reached_along(path, unit) for path in self.paths(name)]
        centres = [centre(pixels) for pixels in fields if pixels]
        return max(centres) - min(centres) if centres else Fraction(0)


def displacements(item: Item, axis: int) -> list[int]:
    """How far away those units lie that a unit is compared with: all multiples of the distance between them."""
    most, apart = on_axis(item["displacement"], axis), on_axis(item.get("spacing", 1), axis)
    return [away for away in range(-most, most + 1) if away % apart == 0]


def ways(item: Item) -> int:
    """How many times a recurrent layer goes along its axis."""
    return 2 if item.get("direction") == "both" else 1


def hull(pixels: Pixels) -> tuple[int, int] | None:
    return (min(pixels), max(pixels)) if pixels else None


def extent(pixels: Pixels) -> int:
    return max(pixels) - min(pixels) + 1 if pixels else 0


def centre(pixels: Pixels) -> Fraction:
    return Fraction(min(pixels) + max(pixels) + 1, 2)


def density(pixels: Pixels) -> Fraction:
    """The share of the hull that is read."""
    return Fraction(len(pixels), extent(pixels))


# A whole network


def operation_of(item: Item) -> str:
    (operation,) = [key for key in item if key in OPERATIONS]
    return operation


@dataclass
class Oracle:
    """A network, layer by layer in the order of the file, with one `Axis` per spatial axis."""

    axes: list[Axis]
    channels: dict[str, int]
    operation: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: dict[str, int] = field(default_factory=dict)
    macs: dict[str, int] = field(default_factory=dict)
    #: How many units of each map lie nowhere in the image, and the maps whose such units attended to all.
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0})
    attended_to: frozenset[str] = frozenset()
    #: How each field stands to what is read in truth.
    bounds: dict[str, str] = field(default_factory=lambda: {"input": "exact"})
    #: How many layers with weights each is, one after the other.
    weighted: dict[str, int] = field(default_factory=dict)
    gated: dict[str, frozenset[int]] = field(default_factory=lambda: {"input": frozenset()})
    #: The channels to which no spatial path leads from the image, and those that see nothing through gates either.
    apart: dict[str, frozenset[int]] = field(default_factory=lambda: {"input": frozenset()})
    blind: dict[str, frozenset[int]] = field(default_factory=lambda: {"input": frozenset()})
    last: str = "input"

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> Oracle:
        image = description["input"]
        axes = [Axis.of_length(n, image["channels"]) for n in image["size"]]
        oracle = cls(axes, {"input": image["channels"]})
        oracle.extend(description["layers"])
        return oracle

    def copy(self) -> Oracle:
        """The same network, to which layers may be appended apart (what is known stays shared)."""
        return Oracle(
            [axis.copy() for axis in self.axes],
            dict(self.channels),
            dict(self.operation),
            dict(self.inputs),
            dict(self.parameters),
            dict(self.macs),
            dict(self.tokens),
            self.attended_to,
            dict(self.bounds),
            dict(self.weighted),
            dict(self.gated),
            dict(self.apart),
            dict(self.blind),
            self.last,
        )

    @property
    def names(self) -> list[str]:
        return list(self.operation)

    def size(self, name: str) -> list[int]:
        return [axis.layers[name].size for axis in self.axes]

    def jump(self, name: str) -> list[Fraction | None]:
        return [axis.jump(name) for axis in self.axes]

    def extend(self, items: Iterable[Item]) -> None:
        for item in items:
            self.append(item)

    def append(self, item: Item) -> None:
        operation = operation_of(item)
        if isinstance(item[operation], str):
            self.layer(item[operation], operation, item, self.sources(item))
        else:
            name = item.get("name", f"{operation}{len(self.operation)}")
            self.layer(name, operation, item, self.branches(item[operation], item))

    def sources(self, item: Item) -> tuple[str, ...]:
        given = item.get("from", self.last)
        return (given,) if isinstance(given, str) else tuple(given)

    def branches(self, listed: Sequence[Sequence[Item]], item: Item) -> tuple[str, ...]:
        """The last layers of branches written in place; each forks where the merge stands."""
        (fork,) = self.sources(item)
        ends = []
        for branch in listed:
            self.last = fork
            self.extend(branch)
            ends.append(self.last)
        return tuple(ends)

    def layer(self, name: str, operation: str, item: Item, sources: tuple[str, ...]) -> None:
        if name in self.channels:
            raise InvalidNetworkError(f"two layers are called {name}")
        layers = [self.on_axis(a, operation, item, sources) for a in range(len(self.axes))]
        sizes = [layer.size for layer in layers]
        if min(sizes) < 1:
            raise InvalidNetworkError(f"{name} has no units: {sizes}")
        channels = self.channels_of(operation, item, sources)
        self.tokens[name] = self.tokens_of(operation, item, sources)
        self.attended_to |= {name} if self.has_attended(name, operation, sources) else set()
        self.parameters[name] = self.parameters_of(operation, item, sources[0]) + int(item.get("learned", 0))
        self.macs[name] = self.macs_of(operation, item, sources[0], math.prod(sizes) + self.tokens[name], sizes)
        if operation == "cross_correlation":
            taps = math.prod(self.size(sources[1]))
            self.macs[name] = (
                taps * self.channels[sources[0]] // int(item.get("groups", 1)) * channels * math.prod(sizes)
            )
        self.channels[name], self.operation[name] = channels, operation
        self.inputs[name] = () if operation == "given" else sources
        matrices = 2 if operation == "token_mixing" or (operation in PLACED and "channels" not in item) else 0
        matrices += operation == "deformable_conv" and item.get("offsets", True)
        bounds = {self.bounds[source] for source in self.inputs[name]} | (
            {"at most"} if operation == "opaque" else set()
        )
        bounds |= {"at least"} if operation == "deformable_conv" else set()
        self.weighted[name] = matrices + (operation in (*WEIGHTED, *RECURRENT))
        made = made_of(operation, item, [self.channels[source] for source in sources], channels)
        gates = {gate for layer in layers for gate in layer.gates}
        seen = any(len(self.blind[gate]) < self.channels[gate] for gate in gates)
        through_gate = seen or any(layer.spread for layer in layers)
        known = [operation == "given" or bool(origins) for origins in made]
        self.apart[name], self.blind[name] = [
            frozenset(
                channel
                for channel, origins in enumerate(made)
                if known[channel] and all(other in left[sources[slot]] for slot, other in origins)
            )
            for left in (self.apart, self.blind)
        ]
        if operation not in MERGES and seen:
            self.blind[name] = frozenset()
        told = bounds - {"exact"} if len(self.blind[name]) < channels else set()
        self.bounds[name] = "unknown" if len(told) > 1 else min(told, default="exact")
        self.gated[name] = frozenset(
            channel
            for channel, origins in enumerate(made)
            if through_gate or any(other in self.gated[sources[slot]] for slot, other in origins)
        )
        for axis, layer in zip(self.axes, layers, strict=True):
            axis.append(name, replace(layer, made_of=made, inputs=sources))
        self.last = name

    def on_axis(self, axis: int, operation: str, item: Item, sources: tuple[str, ...]) -> AxisLayer:
        if operation == "concat" and "axis" in item:
            return self.side_by_side(axis, item, sources)
        if operation == "cross_correlation":
            return self.slid(axis, sources)
        if operation == "put_tokens":
            first = sources[0]
            return AxisLayer(self.axes[axis].layers[first].size, one_to_one(first), (first,), slots=(0,))
        if operation in MERGES:
            return self.merged(axis, operation, item, sources)
        return self.single(axis, operation, item, sources[0])

    def single(self, axis: int, operation: str, item: Item, source: str) -> AxisLayer:
        n = self.axes[axis].layers[source].size
        if isinstance(item.get("size"), str):
            item = {**item, "size": self.size(item["size"])}
        if operation in RECURRENT:
            item = {**item, "goes along": self.along(item)}
        if item.get("causal", False) and len(self.axes) > 1:
            raise InvalidNetworkError("which units come first on several axes?")
        read, layer = self.axes[axis].layers[source], self.plain(axis, operation, item, source, n)
        if operation == "given":
            return layer
        if operation == "upsample" and "size" in item and read.collapsed and layer.size > 1:
            return spread_axis(source, layer.size)
        return replace(
            layer,
            sources=(source,),
            spread=read.spread and operation in POINTWISE,
            collapsed=layer.collapsed or (read.collapsed and layer.size == 1),
        )

    def along(self, item: Item) -> int:
        """The number of the axis that a recurrent layer goes along."""
        names = AXES[len(self.axes)]
        if len(names) > 1 and item.get("axis") is None:
            raise InvalidNetworkError("no axis to go along")
        if item.get("axis", names[0]) not in names:
            raise InvalidNetworkError(f"no axis {item['axis']} to go along")
        return names.index(item.get("axis", names[0]))

    def plain(self, axis: int, operation: str, item: Item, source: str, n: int) -> AxisLayer:
        if operation != "unpool":
            return SINGLE[operation](item, axis, source, n)
        layers, pool = self.axes[axis].layers, item["pool"]
        return unpool_axis(item, axis, source, n, layers[pool], layers[self.inputs[pool][0]].size)

    def merged(self, number: int, operation: str, item: Item, sources: tuple[str, ...]) -> AxisLayer:
        """The union of the branches; those that are broadcast over the others are a context."""
        axis = self.axes[number]
        layers = {source: axis.layers[source] for source in sources}
        sizes = {layer.size for layer in layers.values()}
        size = max(sizes)
        if sizes - {size} - (set() if operation in ("concat", "correlation") else {1}):
            raise InvalidNetworkError(f"branches of different sizes: {sources}")
        seen = [s for s in sources if len(self.apart[s]) < self.channels[s]] or list(sources)
        whole = [s for s in seen if layers[s].size == size]
        paths = [s for s in whole if not layers[s].spread] or whole or seen
        if not whole:  # what all see alike is spread over what nothing of the image leads to
            return self.spread_over(size, sources, paths)
        jumps = {axis.jump(source) for source in paths} - {None}
        if len(jumps) > 1 and size > 1:  # one unit alone is at no distance from another
            raise InvalidNetworkError(f"branches of different jumps: {sources}")
        gates = tuple(source for source in seen if source not in paths)
        beside = [shifted(source, 0) for source in sources if source not in seen]
        read = [
            (slot, source, away)
            for slot, source in enumerate(sources)
            if source in paths
            for away in (displacements(item, number) if operation == "correlation" and slot == 1 else [0])
        ]
        slots = tuple(slot for slot, _, _ in read)
        return AxisLayer(
            size,
            together(shifted(source, away) for _, source, away in read),
            tuple(paths),
            gates,
            regular=len(jumps) <= 1,
            slots=slots,
            beside=together(beside),
        )

    def spread_over(self, size: int, sources: tuple[str, ...], paths: list[str]) -> AxisLayer:
        """Maps of one unit, the same for every unit of maps to which nothing of the image leads."""
        slots = tuple(slot for slot, source in enumerate(sources) if source in paths)
        beside = together(shifted(source, 0) for source in sources if source not in paths)

        def taps(_unit: int) -> list[Tap]:
            return [(sources[slot], 0) for slot in slots]

        return AxisLayer(size, taps, tuple(paths), regular=False, slots=slots, spread=True, beside=beside)

    def slid(self, number: int, sources: tuple[str, ...]) -> AxisLayer:
        """A map under each part of which as large as another one this is held: all of it, for every unit."""
        axis = self.axes[number]
        n, k = [axis.layers[source].size for source in sources]
        if k > n:
            raise InvalidNetworkError(f"{k} units slid over {n}")
        read = [window(sources[0], k, 1, 1, 0), lambda _: [(sources[1], i) for i in range(k)]]
        moving = [0] if n > k else [0, 1]
        if n == k:
            read[1] = window(sources[1], k, 1, 1, 0)
        seen = [slot for slot in (0, 1) if len(self.apart[sources[slot]]) < self.channels[sources[slot]]] or [0, 1]
        own = [slot for slot in moving if slot in seen and not axis.layers[sources[slot]].spread]
        paths = own or [slot for slot in moving if slot in seen] or seen
        jumps = {axis.jump(sources[slot]) for slot in paths if slot in moving} - {None}
        return AxisLayer(
            n - k + 1,
            together(read[slot] for slot in paths),
            tuple(sources[slot] for slot in paths),
            tuple(sources[slot] for slot in seen if slot not in paths),
            regular=len(jumps) <= 1,
            slots=tuple(slot for slot in paths for _ in range(k)),
            whole=not set(paths) & set(moving),
            beside=together(read[slot] for slot in (0, 1) if slot not in seen),
        )

    def side_by_side(self, number: int, item: Item, sources: tuple[str, ...]) -> AxisLayer:
        """Each unit is that of the map that it lies on; on other axes it has to be the same on all of them."""
        axis, names = self.axes[number], AXES[len(self.axes)]
        sizes = [axis.layers[source].size for source in sources]
        if item["axis"] not in names or any(axis.layers[source].spread for source in sources):
            raise InvalidNetworkError(f"side by side along {item['axis']}: {sources}")
        if names.index(item["axis"]) != number:
            if len(set(sizes)) > 1 or any(axis.differ(sources[0], other, sizes[0]) for other in sources[1:]):
                raise InvalidNetworkError(f"side by side, and not alike on axis {number}: {sources}")
            return AxisLayer(sizes[0], one_to_one(sources[0]), (sources[0],))
        begins = [sum(sizes[:place]) for place in range(len(sizes))]

        def lies_on(u: int) -> int:
            return max((place for place, begin in enumerate(begins) if u >= begin), default=0)

        def taps(u: int) -> list[Tap]:
            return [(sources[lies_on(u)], u - begins[lies_on(u)])]

        pairs = list(zip(sources[1:], begins[1:], strict=True))
        regular = axis.regular(sources[0]) and all(axis.goes_on(sources[0], *pair) for pair in pairs)
        return AxisLayer(sum(sizes), taps, sources, regular=regular, lies_on=lies_on)

    def channels_of(self, operation: str, item: Item, sources: tuple[str, ...]) -> int:
        given = [self.channels[source] for source in sources]
        if operation in {"concat", "cross_correlation"} and "axis" not in item:
            return sum(given) if operation == "concat" else self.channels_slid(item, given)
        if len(set(given)) > 1:
            raise InvalidNetworkError(f"branches of different channels: {given}")
        if operation == "correlation":
            if len(given) != 2:
                raise InvalidNetworkError(f"a comparison of {len(given)} maps")
            return math.prod(len(displacements(item, a)) for a in range(len(self.axes)))
        if operation in {"pixel_shuffle", "space_to_depth"}:
            return self.channels_dealt(operation, item, given[0])
        if operation == "depthwise_conv":
            return given[0] * int(item.get("multiplier", 1))
        channels: int = item.get("channels", given[0])
        if operation in RECURRENT:
            return channels * ways(item)
        return self.checked_channels(operation, item, given[0], channels)

    def channels_slid(self, item: Item, given: list[int]) -> int:
        """As many as there are filters in the second map, each of as many channels as a group of the first has."""
        groups = int(item.get("groups", 1))
        if len(given) != 2 or given[0] % groups or given[1] % given[0]:
            raise InvalidNetworkError(f"{given} channels slid in {groups} groups")
        return given[1] // (given[0] // groups)

    def channels_dealt(self, operation: str, item: Item, given: int) -> int:
        """The channels where these are laid out as units, or units as channels."""
        block = math.prod(int(on_axis(item["scale"], a)) for a in range(len(self.axes)))
        if operation == "space_to_depth":
            return given * block
        if given % block:
            raise InvalidNetworkError(f"{given} channels can't be shuffled by {block}")
        return given // block

    def checked_channels(self, operation: str, item: Item, given: int, channels: int) -> int:
        """The channels, where they fit those that are read."""
        if operation in {*PLACED, "attention"} and channels > given:
            raise InvalidNetworkError(f"{channels} channels left of {given}")
        if operation == "deformable_conv" and given % int(item.get("offset_groups", 1)):
            raise InvalidNetworkError(f"{item['offset_groups']} groups of offsets of {given} channels")
        if operation in PLACED and channels % int(item.get("heads", 1)):
            raise InvalidNetworkError(f"{item['heads']} heads of {channels} channels")
        if operation == "pad_channels" and channels < given:
            raise InvalidNetworkError(f"{given} channels padded to {channels}")
        if operation == "slice" and int(item.get("offset", 0)) + channels > given:
            raise InvalidNetworkError(f"{channels} channels of {given}")
        return channels

    def weights(self, operation: str, item: Item, source: str) -> int:
        """Weights of a convolution or linear layer, without its biases."""
        c_in, c_out = self.channels[source], self.channels_of(operation, item, (source,))
        groups = c_in if operation == "depthwise_conv" else int(item.get("groups", 1))
        if c_in % groups or c_out % groups:
            raise InvalidNetworkError(f"{c_in} and {c_out} channels in {groups} groups")
        if operation == "linear":
            return math.prod(self.size(source)) * c_in * c_out
        kernel = [int(on_axis(item["kernel"], axis)) for axis in range(len(self.axes))]
        return math.prod(kernel) * c_in * c_out // groups

    def parameters_of(self, operation: str, item: Item, source: str) -> int:
        if operation in WEIGHTED:
            c_out = self.channels_of(operation, item, (source,))
            own = self.weights(operation, item, source) + c_out * bool(item.get("bias", True))
            finder = self.offsets(operation, item)
            return own + (0 if finder is None else self.parameters_of("conv", finder, source))
        if operation in RECURRENT:
            hidden, gates = int(item["channels"]), RECURRENT[operation]
            from_input, from_before = gates * hidden * self.channels[source], gates * hidden * hidden
            biases = 2 * gates * hidden if item.get("bias", True) else 0
            return ways(item) * (from_input + from_before + biases)
        if operation in {*PLACED, "token_mixing"}:
            return self.parameters_of_mixing(operation, item, source)
        if operation == "squeeze_excite":
            c, squeezed = self.channels[source], int(item["squeeze"])
            return (c * squeezed + squeezed) + (squeezed * c + c)
        if operation == "prelu":
            return 1 if item.get("one_slope", True) else self.channels[source]
        for_a_channel = int(item.get("count", 1)) if operation == "class_token" else LEARNED.get(operation, 0)
        return for_a_channel * self.channels[source] + int(item.get("parameters", 0))

    def offsets(self, operation: str, item: Item) -> Item | None:
        """The convolution that finds a deformable one's offsets: for each of its taps a distance on every axis."""
        if operation != "deformable_conv" or not item.get("offsets", True):
            return None
        taps = math.prod(int(on_axis(item["kernel"], axis)) for axis in range(len(self.axes)))
        maps = (len(self.axes) + item.get("modulated", False)) * item.get("offset_groups", 1)
        return {"kernel": item["kernel"], "channels": taps * maps}

    def parameters_of_mixing(self, operation: str, item: Item, source: str) -> int:
        """Those of attention by places, and of matrices over all units."""
        if operation == "token_mixing":
            n, between = math.prod(self.size(source)), int(item["hidden"])
            return (n * between + between * n) + bool(item.get("bias", True)) * (between + n)
        c, bias = self.channels[source], bool(item.get("bias", True))
        matrices = (c * 3 * c + bias * 3 * c) + (c * c + bias * c)
        distances = math.prod(len(range(-(k - 1), k)) for k in self.attended(operation, item))
        table = int(item.get("heads", 1)) * distances
        return (0 if "channels" in item else matrices) + (table if item.get("positions", True) else 0)

    def attended(self, operation: str, item: Item) -> list[int]:
        """How many units each unit of attention by places attends to, per axis."""
        return [int(on_axis(item[PLACED[operation]], axis)) for axis in range(len(self.axes))]

    def tokens_of(self, operation: str, item: Item, sources: tuple[str, ...]) -> int:
        """The units that lie nowhere: they go through whatever takes each unit by itself, and attend to all others."""
        given = [self.tokens[source] for source in sources]
        if operation == "class_token":
            return given[0] + int(item.get("count", 1))
        if operation == "take_token" and (item.get("index", 0) >= given[0] or sources[0] not in self.attended_to):
            raise InvalidNetworkError(f"token {item.get('index', 0)} of {given[0]}, attended: {self.attended_to}")
        if operation == "put_tokens":
            if given[0] or not given[1]:
                raise InvalidNetworkError(f"tokens put beside others: {given}")
            return given[1]
        if operation == "drop_tokens" and not given[0]:
            raise InvalidNetworkError("no tokens to drop")
        if operation in {"take_token", "drop_tokens"} or not any(given):
            return 0
        window = [item.get(key, 1) for key in ("kernel", "stride")], item.get("padding", 0)
        alone = operation in {"conv", "depthwise_conv"} and all(
            on_axis(value, a) == 1 for a in range(len(self.axes)) for value in window[0]
        )
        if alone and not isinstance(window[1], str):
            alone = not any(any(pads_on_axis(window[1], a)) for a in range(len(self.axes)))
        merges = operation in {"add", "multiply", "concat"} and "axis" not in item
        attends = operation in {"attention", "global_context"} and not item.get("causal", False)
        unit_by_unit = operation in POINTWISE and operation not in {"groupnorm", "instancenorm"}
        if len(set(given)) > 1 or not (alone or merges or attends or unit_by_unit):
            raise InvalidNetworkError(f"{operation} of maps with {given} tokens")
        return given[0]

    def has_attended(self, name: str, operation: str, sources: tuple[str, ...]) -> bool:
        """Whether the units of a layer that lie nowhere were shown those of the map."""
        shown = operation in GATES and self.tokens[name] > 0
        if operation in {"drop_tokens", "put_tokens"}:
            return operation == "put_tokens" and sources[1] in self.attended_to
        return shown or (operation != "class_token" and not self.attended_to.isdisjoint(sources))

    def macs_of(self, operation: str, item: Item, source: str, units: int, size: list[int]) -> int:
        if operation in {"conv", "depthwise_conv", "deformable_conv"}:
            finder = self.offsets(operation, item)
            found = 0 if finder is None else self.weights("conv", finder, source)
            return (self.weights(operation, item, source) + found) * units
        if operation in {"transposed_conv", "linear"}:
            read = 1 if operation == "linear" else math.prod(self.size(source))
            return self.weights(operation, item, source) * read
        if operation in {*RECURRENT, "token_mixing"}:
            times = math.prod(size) if operation in RECURRENT else self.channels[source]
            return self.parameters_of(operation, {**item, "bias": False}, source) * times
        if operation in PLACED:
            return self.macs_of_placed(operation, item, source, size)
        if operation == "correlation":
            return units * self.channels_of(operation, item, (source, source)) * self.channels[source]
        if operation == "squeeze_excite":
            item = {"macs": 2 * self.channels[source] * int(item["squeeze"])}
        changing = int(item.get("macs_per_unit", 0)) * units + int(item.get("macs_per_pair", 0)) * units * units
        return int(item.get("macs", 0)) + changing

    def macs_of_placed(self, operation: str, item: Item, source: str, size: list[int]) -> int:
        """Those of attention by places: the matrices, queries times keys, and these times values, in whole windows."""
        attended = self.attended(operation, item)
        if operation == "window_attention":
            size = [math.ceil(n / window) * window for n, window in zip(size, attended, strict=True)]
        c_in, c_out = self.channels[source], self.channels_of(operation, item, (source,))
        matrices = 0 if "channels" in item else c_in * 3 * c_in + c_in * c_in
        alike, summed = c_out * math.prod(attended), math.prod(attended) * c_out
        return math.prod(size) * (matrices + alike + summed)

    # Figures of a unit, one per axis

    def field(self, name: str, unit: Sequence[int], *, gated: bool = True) -> list[Any]:
        """The hull of the theoretical field, one pair per axis; None where nothing is read."""
        pairs = zip(self.axes, unit, strict=True)
        return [hull(axis.reached(name, u, gated=gated)) for axis, u in pairs]

    def visible(self, name: str, unit: Sequence[int], *, gated: bool = True) -> list[Any]:
        """The hull of the real pixels seen, one pair per axis; None where nothing is seen."""
        pairs = zip(self.axes, unit, strict=True)
        return [hull(axis.reached(name, u, visible=True, gated=gated)) for axis, u in pairs]
