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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
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

WEIGHTED = ("conv", "depthwise_conv", "transposed_conv", "linear")
POOLS = ("maxpool", "avgpool")
MERGES = ("add", "concat", "multiply")
POINTWISE = (
    "batchnorm", "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "gelu", "silu", "softmax",
    "dropout", "identity", "layernorm", "slice", "channel_shuffle",
)  # fmt: skip
OPERATIONS = (
    *WEIGHTED, *POOLS, "global_avgpool", "adaptive_avgpool", "upsample", "pad", "crop",
    "pixel_shuffle", "space_to_depth", "squeeze_excite", "unpool", *MERGES, *POINTWISE,
)  # fmt: skip
#: Every channel of these is made of all channels of the source.
MIXING = ("linear", "pixel_shuffle", "space_to_depth", "softmax", "layernorm")


class InvalidNetworkError(ValueError):
    """A description that no framework would run: a map without units, or branches that differ."""


# Taps: which source indices does unit `u` read, were every map unbounded?


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


def between(source: str, position: Callable[[int], Fraction]) -> Taps:
    """Taps of linear interpolation at an exact position: one if it falls on a pixel, else two."""

    def taps(u: int) -> list[Tap]:
        at = position(u)
        return [(source, i) for i in sorted({math.floor(at), math.ceil(at)})]

    return taps


def bilinear(source: str, n_in: int, n_out: int) -> Taps:
    half = Fraction(1, 2)
    return between(source, lambda u: (u + half) * Fraction(n_in, n_out) - half)


def corners(source: str, n_in: int, n_out: int) -> Taps:
    if n_in == n_out:
        return one_to_one(source)
    ratio = Fraction(n_in - 1, n_out - 1) if n_out > 1 else Fraction(0)
    return between(source, lambda u: u * ratio)


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


EDGES: Mapping[str, Callable[[int, int], int | None]] = {
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


def caffe_ceil_size(n: int, extent: int, stride: int, pads: tuple[int, int]) -> int:
    """As PyTorch's, but without padding no window is dropped."""
    if pads == (0, 0):
        return ceil_size(n, extent, stride, pads)
    return pytorch_ceil_size(n, extent, stride, pads)


SIZES = {False: floor_size, True: pytorch_ceil_size, "caffe": caffe_ceil_size}


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


def mixed(count: int) -> frozenset[tuple[int, int]]:
    return frozenset((0, channel) for channel in range(count))


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


def made_of(operation: str, item: Item, given: Sequence[int], n_out: int) -> MadeOf:
    """`given` are the channels of the layer's inputs."""
    n_in = given[0]
    if operation == "concat":
        return tuple(frozenset({(slot, c)}) for slot, count in enumerate(given) for c in range(count))
    if operation == "slice":
        first = int(item.get("offset", 0))
        return tuple(frozenset({(0, first + channel)}) for channel in range(n_out))
    if operation == "channel_shuffle":
        return shuffled(n_in, item.get("groups"))
    if operation in {"conv", "transposed_conv", "depthwise_conv"}:
        return in_groups(n_in, n_out, n_in if operation == "depthwise_conv" else int(item.get("groups", 1)))
    if operation in MIXING:
        return (mixed(n_in),) * n_out
    return channel_by_channel(given)


# One layer on one axis


@dataclass(frozen=True)
class AxisLayer:
    """What one layer is on one axis.

    `refinement` multiplies the period of the phases; `regular` is False where no period is
    promised (adaptive pooling that doesn't divide, aligned corners, a resize by no integer); every
    real unit of the `gates` is seen as well, whichever unit is asked, in all channels if `squeezed`;
    `edge` says what its padding holds. `made_of` is the same on all axes, and so are `inputs`: all that
    it reads, in the order in which `made_of` counts them, a merge's `slots` being those of its paths.
    A whole map made one unit is `collapsed`; where that is resized to a map again it is `spread`: all
    units are the same, a context and no path.
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
    squeezed: bool = False
    made_of: MadeOf = ()
    inputs: tuple[str, ...] = ()
    slots: tuple[int, ...] = ()

    @property
    def channels(self) -> Chosen:
        return frozenset(range(len(self.made_of)))

    def origins(self, chosen: Chosen) -> dict[int, Chosen]:
        """The channels of each input that some channels are made of."""
        found: dict[int, set[int]] = {}
        for channel in chosen:
            for slot, other in self.made_of[channel]:
                found.setdefault(slot, set()).add(other)
        return {slot: frozenset(others) for slot, others in found.items()}

    def read(self, unit: int, chosen: Chosen) -> list[tuple[str, int, Chosen]]:
        """What a unit reads for some of its channels: source, index, and channels there."""
        origins, taps = self.origins(chosen), self.taps(unit)
        slots = self.slots or (0,) * len(taps)
        return [(*tap, origins[slot]) for slot, tap in zip(slots, taps, strict=True) if slot in origins]

    def shown(self, chosen: Chosen) -> list[tuple[str, Chosen]]:
        """The gates of some channels, and the channels there, where not all of them are."""
        origins = self.origins(chosen)
        return [(self.inputs[slot], origins[slot]) for slot in origins if self.inputs[slot] in self.gates]


def mirrored(item: Item, key: str, n: int, pads: tuple[int, int]) -> str:
    """What the padding holds; a reflection needs as many units as it shows."""
    edge: str = item.get(key, "zero")
    if edge == "reflect" and max(pads) >= n:
        raise InvalidNetworkError(f"reflection of {pads} in a map of {n}")
    return edge


def conv_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    w = window_of(item, axis, n)
    size = floor_size(n, w.extent, w.stride, w.pads)
    taps = window(source, w.kernel, w.stride, w.dilation, w.pads[0])
    return AxisLayer(size, taps, edge=mirrored(item, "padding_mode", n, w.pads))


def pool_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    w = window_of(item, axis, n, default_stride=item["kernel"])
    size = SIZES[item.get("ceil_mode", False)](n, w.extent, w.stride, w.pads)
    return AxisLayer(size, window(source, w.kernel, w.stride, w.dilation, w.pads[0]))


def transposed_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    w = window_of(item, axis, n)
    extra = on_axis(item.get("output_padding", 0), axis)
    if item.get("padding") == "valid" and not extra:
        extra = max(w.stride - w.extent, 0)  # TensorFlow: n * s + max(k' - s, 0)
    size = (n - 1) * w.stride - sum(w.pads) + w.extent + extra
    taps = scattered(source, w.kernel, w.stride, w.dilation, w.pads[0])
    return AxisLayer(size, taps, refinement=w.stride)


def whole_map_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del item, axis
    return AxisLayer(1, window(source, n, 1, 1, 0), collapsed=n > 1)


def adaptive_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    size = on_axis(item["size"], axis)
    if size == 1:
        return whole_map_axis(item, axis, source, n)
    return resized(n, size, adaptive(source, n, size))


def upsample_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    size = on_axis(item["size"], axis) if "size" in item else n * on_axis(item["scale"], axis)
    if item.get("align_corners", False):
        return AxisLayer(size, corners(source, n, size), regular=size == n)
    reader = bilinear if item.get("mode") == "bilinear" else nearest
    return resized(n, size, reader(source, n, size))


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
    if n % scale:
        raise InvalidNetworkError(f"space_to_depth by {scale} doesn't divide {n}")
    return AxisLayer(n // scale, window(source, scale, scale, 1, 0))


def pointwise_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del item, axis
    return AxisLayer(n, one_to_one(source))


def squeeze_excite_axis(item: Item, axis: int, source: str, n: int) -> AxisLayer:
    del item, axis
    return AxisLayer(n, one_to_one(source), gates=(source,), squeezed=True)


SINGLE: Mapping[str, Callable[[Item, int, str, int], AxisLayer]] = {
    "conv": conv_axis,
    "depthwise_conv": conv_axis,
    "transposed_conv": transposed_axis,
    "maxpool": pool_axis,
    "avgpool": pool_axis,
    "global_avgpool": whole_map_axis,
    "linear": whole_map_axis,
    "adaptive_avgpool": adaptive_axis,
    "upsample": upsample_axis,
    "pad": pad_axis,
    "crop": crop_axis,
    "pixel_shuffle": shuffle_axis,
    "space_to_depth": space_to_depth_axis,
    "squeeze_excite": squeeze_excite_axis,
    **dict.fromkeys(POINTWISE, pointwise_axis),
}


# One axis of a network


@dataclass
class Axis:
    """All layers on one axis, and the sets of input indices that their units reach."""

    layers: dict[str, AxisLayer]
    periods: dict[str, tuple[int | None, ...]]
    known: dict[tuple[str, int, Chosen, bool, bool], Pixels] = field(default_factory=dict)
    counted: dict[tuple[str, int, Chosen, bool], Counter[int]] = field(default_factory=dict)

    @classmethod
    def of_length(cls, n: int, channels: int) -> Axis:
        image = AxisLayer(n, one_to_one("input"), made_of=(frozenset(),) * channels)
        return cls({"input": image}, {"input": (1,) * channels})

    def copy(self) -> Axis:
        return Axis(dict(self.layers), dict(self.periods), self.known)

    def append(self, name: str, layer: AxisLayer) -> None:
        """One more layer. The period of a channel is a number of units after which its fields repeat,
        moved along (not always the smallest); None where there is no such number.
        """
        self.layers[name] = layer
        self.periods[name] = tuple(self.period_through(layer, origins) for origins in layer.made_of)

    def period_through(self, layer: AxisLayer, origins: Iterable[tuple[int, int]]) -> int | None:
        """The period of a channel that is made of these; those beside the paths are no matter."""
        paths = layer.slots or (0,)
        periods = [self.periods[layer.inputs[slot]][channel] for slot, channel in origins if slot in paths]
        known = [period for period in periods if period is not None]
        return layer.refinement * math.lcm(*known) if layer.regular and len(known) == len(periods) else None

    def regular(self, name: str) -> bool:
        """Whether all channels have a period."""
        return None not in self.periods[name]

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
            for source, i, channels in layer.read(unit, chosen):
                for read, at in self.real(layer, source, i) if visible else [(source, i)]:
                    counts.update(self.paths_from(read, at, channels, visible=visible))
            self.counted[key] = counts
        return self.counted[key]

    def follow(self, name: str, unit: int, chosen: Chosen, visible: bool, gated: bool) -> Pixels:
        layer = self.layers[name]
        taps = layer.read(unit, chosen)
        if visible:
            taps = [(*tap, channels) for source, i, channels in taps for tap in self.real(layer, source, i)]
        if gated:
            for gate, channels in layer.shown(chosen):
                whole = self.layers[gate].channels if layer.squeezed else channels
                taps += [(gate, u, whole) for u in self.units(gate)]
        fields = [self.reached(source, i, channels, visible=visible, gated=gated) for source, i, channels in taps]
        return frozenset().union(*fields)

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
        period = self.period(name)
        steps = {self.step(name, u, period) for u in range(-period, 2 * period)} - {None}
        if len(steps) > 1:
            raise AssertionError(f"{name} has no period of {period}: {steps}")
        return None if not steps else Fraction(steps.pop() or 0, period)

    def step(self, name: str, unit: int, period: int) -> int | None:
        """By how much the whole field moves from `unit` to one period on; None if it is empty."""
        here = self.reached(name, unit, gated=False)
        there = self.reached(name, unit + period, gated=False)
        if not here and not there:
            return None
        by = min(there) - min(here)
        if there != {i + by for i in here}:
            raise AssertionError(f"{name}: units {unit} and {unit + period} differ in form")
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
        """The real units whose visible field, a hull, holds `pixel` (it may be in a hole)."""
        return [u for u in self.units(name) if pixel in self.view(name, u)]

    def view(self, name: str, unit: int) -> range:
        """The hull of what a unit sees."""
        pixels = self.reached(name, unit, visible=True)
        return range(min(pixels), max(pixels) + 1) if pixels else range(0)

    def least_density(self, name: str) -> Fraction | None:
        """The smallest share of its hull that a phase reads."""
        fields = [self.reached(name, u, gated=False) for u in self.phases(name)]
        return min((density(pixels) for pixels in fields if pixels), default=None)

    def leaves_image(self, name: str, unit: int) -> bool:
        """Whether the theoretical field along the spatial paths goes beyond the image."""
        image = self.units("input")
        return any(i not in image for i in self.reached(name, unit, gated=False))

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
    gated: dict[str, frozenset[int]] = field(default_factory=lambda: {"input": frozenset()})
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
            dict(self.gated),
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
        if operation in MERGES:
            layers = [self.merged(axis, operation, sources) for axis in self.axes]
        else:
            layers = [self.single(a, operation, item, sources[0]) for a in range(len(self.axes))]
        sizes = [layer.size for layer in layers]
        if min(sizes) < 1:
            raise InvalidNetworkError(f"{name} has no units: {sizes}")
        channels = self.channels_of(operation, item, sources)
        self.parameters[name] = self.parameters_of(operation, item, sources[0])
        self.macs[name] = self.macs_of(operation, item, sources[0], sizes)
        self.channels[name], self.operation[name], self.inputs[name] = channels, operation, sources
        made = made_of(operation, item, [self.channels[source] for source in sources], channels)
        through_gate = any(layer.gates or layer.spread for layer in layers)
        self.gated[name] = frozenset(
            channel
            for channel, origins in enumerate(made)
            if through_gate or any(other in self.gated[sources[slot]] for slot, other in origins)
        )
        for axis, layer in zip(self.axes, layers, strict=True):
            axis.append(name, replace(layer, made_of=made, inputs=sources))
        self.last = name

    def single(self, axis: int, operation: str, item: Item, source: str) -> AxisLayer:
        n = self.axes[axis].layers[source].size
        if isinstance(item.get("size"), str):
            item = {**item, "size": self.size(item["size"])}
        read, layer = self.axes[axis].layers[source], self.plain(axis, operation, item, source, n)
        if operation == "upsample" and "size" in item and read.collapsed and layer.size > 1:
            return spread_axis(source, layer.size)
        return replace(
            layer,
            sources=(source,),
            spread=read.spread and operation in POINTWISE,
            collapsed=layer.collapsed or (read.collapsed and layer.size == 1),
        )

    def plain(self, axis: int, operation: str, item: Item, source: str, n: int) -> AxisLayer:
        if operation != "unpool":
            return SINGLE[operation](item, axis, source, n)
        layers, pool = self.axes[axis].layers, item["pool"]
        return unpool_axis(item, axis, source, n, layers[pool], layers[self.inputs[pool][0]].size)

    def merged(self, axis: Axis, operation: str, sources: tuple[str, ...]) -> AxisLayer:
        """The union of the branches; those that are broadcast over the others are a context."""
        layers = {source: axis.layers[source] for source in sources}
        sizes = {layer.size for layer in layers.values()}
        size = max(sizes)
        if sizes - {size} - (set() if operation == "concat" else {1}):
            raise InvalidNetworkError(f"branches of different sizes: {sources}")
        paths = [s for s in sources if layers[s].size == size and not layers[s].spread]
        if not paths:  # all of them are spread
            paths = [s for s in sources if layers[s].size == size]
        if len({axis.jump(source) for source in paths} - {None}) > 1:
            raise InvalidNetworkError(f"branches of different jumps: {sources}")
        gates = tuple(source for source in sources if source not in paths)
        taps = together(one_to_one(source) for source in paths)
        slots = tuple(slot for slot, source in enumerate(sources) if source in paths)
        return AxisLayer(size, taps, tuple(paths), gates, slots=slots)

    def channels_of(self, operation: str, item: Item, sources: tuple[str, ...]) -> int:
        given = [self.channels[source] for source in sources]
        if operation == "concat":
            return sum(given)
        if len(set(given)) > 1:
            raise InvalidNetworkError(f"branches of different channels: {given}")
        scale = math.prod(int(on_axis(item.get("scale", 1), a)) for a in range(len(self.axes)))
        if operation == "pixel_shuffle":
            if given[0] % scale:
                raise InvalidNetworkError(f"{given[0]} channels can't be shuffled by {scale}")
            return given[0] // scale
        if operation == "space_to_depth":
            return given[0] * scale
        if operation == "depthwise_conv":
            return given[0] * int(item.get("multiplier", 1))
        channels: int = item.get("channels", given[0])
        if operation == "slice" and int(item.get("offset", 0)) + channels > given[0]:
            raise InvalidNetworkError(f"{channels} channels of {given[0]}")
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
            return self.weights(operation, item, source) + c_out * bool(item.get("bias", True))
        if operation == "squeeze_excite":
            c, squeezed = self.channels[source], int(item["squeeze"])
            return (c * squeezed + squeezed) + (squeezed * c + c)
        return 2 * self.channels[source] if operation in {"batchnorm", "layernorm"} else 0

    def macs_of(self, operation: str, item: Item, source: str, size: list[int]) -> int:
        if operation in {"conv", "depthwise_conv"}:
            return self.weights(operation, item, source) * math.prod(size)
        if operation == "transposed_conv":
            return self.weights(operation, item, source) * math.prod(self.size(source))
        if operation == "linear":
            return self.weights(operation, item, source)
        if operation == "squeeze_excite":
            return 2 * self.channels[source] * int(item["squeeze"])
        return 0

    # Figures of a unit, one per axis

    def field(self, name: str, unit: Sequence[int], *, gated: bool = True) -> list[Any]:
        """The hull of the theoretical field, one pair per axis; None where nothing is read."""
        pairs = zip(self.axes, unit, strict=True)
        return [hull(axis.reached(name, u, gated=gated)) for axis, u in pairs]

    def visible(self, name: str, unit: Sequence[int], *, gated: bool = True) -> list[Any]:
        """The hull of the real pixels seen, one pair per axis; None where nothing is seen."""
        pairs = zip(self.axes, unit, strict=True)
        return [hull(axis.reached(name, u, visible=True, gated=gated)) for axis, u in pairs]
