"""Random valid networks of the whole grammar, and their YAML text.

A network is drawn layer by layer, with the oracle at hand: a step whose sizes, channels or jumps
don't fit is left out, so nearly every example is valid and shrinks well. Names are never reused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import strategies as st

from oracle.brute import AXES, PLACED, RECURRENT, SINGLE, TRIED, InvalidNetworkError, Oracle, on_axis

Items = list[dict[str, Any]]
Description = dict[str, Any]

LARGEST_INPUT = {1: 24, 2: 14, 3: 7}
LARGEST_MAP = {1: 40, 2: 20, 3: 10}
LARGEST_PERIOD = 24
MOST_CHANNELS = 48
CEIL_MODES = (True, "caffe", False)


@dataclass
class Draft:
    """A network while it is drawn: the items so far, and the oracle that knows their figures."""

    draw: st.DrawFn
    image: dict[str, Any]
    oracle: Oracle
    items: Items = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def axes(self) -> range:
        return range(len(self.oracle.axes))

    @property
    def size(self) -> list[int]:
        return self.oracle.size(self.oracle.last)

    @property
    def channels(self) -> int:
        return self.oracle.channels[self.oracle.last]

    def name(self, stem: str) -> str:
        """A name that no other draft of this network has, a branch that is given up least of all: what the oracle knows
        of a name stays known.
        """
        return f"{stem}{next(self.numbers)}"

    def chance(self, one_in: int) -> bool:
        """True in about one of so many draws; shrinks to False."""
        return self.draw(st.integers(1, one_in)) == one_in

    def one_of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def upto(self, most: int, least: int = 1) -> int:
        return self.draw(st.integers(least, max(least, most)))

    def per_axis(self, draw_one: Callable[[int], Any]) -> Any:
        """One value for all axes or a list of one per axis, as a contributor may write either."""
        if self.chance(3):
            return [draw_one(axis) for axis in self.axes]
        return draw_one(min(self.axes, key=lambda axis: self.size[axis]))

    def fits(self, items: Iterable[Mapping[str, Any]], start: str | None = None) -> Oracle | None:
        """The network with these items after it, or None if they don't make a valid one."""
        trial = self.oracle.copy()
        trial.last = start or trial.last
        before = len(trial.names)
        try:
            trial.extend(items)
        except InvalidNetworkError:
            return None
        return trial if all(self.modest(trial, name) for name in trial.names[before:]) else None

    def modest(self, trial: Oracle, name: str) -> bool:
        """Small enough for a brute force, and read by at least one unit on every axis."""
        small = max(trial.size(name)) <= LARGEST_MAP[len(self.axes)]
        periods = max(axis.period(name) for axis in trial.axes)
        thin = trial.channels[name] <= MOST_CHANNELS
        apart = len(trial.apart[name]) == trial.channels[name]
        return small and thin and periods <= LARGEST_PERIOD and (apart or all(axis.rf(name) > 0 for axis in trial.axes))

    def accept(self, items: Items) -> bool:
        trial = self.fits(items)
        if trial is not None:
            self.oracle, self.items = trial, [*self.items, *items]
        return trial is not None

    def branch(self) -> Draft:
        """A draft that goes on from here apart, to draw a branch."""
        return Draft(self.draw, self.image, self.oracle.copy(), [], self.numbers)


# Single layers


def extent_of(kernel: Any, dilation: Any, axis: int) -> int:
    k = kernel[axis] if isinstance(kernel, list) else kernel
    d = dilation[axis] if isinstance(dilation, list) else dilation
    return int(d * (k - 1) + 1)


def explicit_padding(draft: Draft, extents: list[int]) -> Any:
    """Padding that leaves at least one window, often more than the kernel, sometimes negative."""
    need = [max(0, e - n) for e, n in zip(extents, draft.size, strict=True)]
    style = draft.one_of("number", "per axis", "pairs")
    if style == "number":
        return draft.upto(max(extents) + 1, least=max(-(-n // 2) for n in need))
    if style == "per axis":
        return [draft.upto(e + 1, least=-(-n // 2)) for e, n in zip(extents, need, strict=True)]
    pairs = []
    for axis in draft.axes:
        before = draft.upto(extents[axis] + 1, least=-min(2, draft.size[axis] - 1))
        least = max(extents[axis] - draft.size[axis] - before, -2)
        pairs.append([before, draft.upto(extents[axis] + 1, least=least)])
    return pairs


def padding_for(draft: Draft, extents: list[int]) -> dict[str, Any]:
    fits = all(e <= n for e, n in zip(extents, draft.size, strict=True))
    styles = ["same", "explicit", "same_lower", *(["none", "none", "valid"] if fits else [])]
    style = draft.one_of(*styles)
    if style == "none":
        return {}
    return {"padding": explicit_padding(draft, extents) if style == "explicit" else style}


def conv(draft: Draft, *, stride: Any = None, channels: int | None = None) -> Items:
    kernel = draft.per_axis(lambda _: draft.upto(5))
    dilation = draft.per_axis(lambda _: draft.one_of(1, 1, 1, 2, 3))
    if stride is None:
        stride = draft.per_axis(lambda _: draft.one_of(1, 1, 2, 3))
    extents = [extent_of(kernel, dilation, axis) for axis in draft.axes]
    item: dict[str, Any] = {"conv": draft.name("conv"), "kernel": kernel}
    if stride != 1 or draft.chance(4):
        item["stride"] = stride
    if dilation != 1:
        item["dilation"] = dilation
    item |= padding_for(draft, extents)
    if isinstance(item.get("padding"), (int, list)) and draft.chance(4):
        item["padding_mode"] = draft.one_of("reflect", "replicate", "circular", "zero")
    return [item | weights(draft, channels)]


def depthwise_conv(draft: Draft) -> Items:
    """As many groups as channels."""
    (item,) = conv(draft)
    rest = {k: v for k, v in item.items() if k not in {"conv", "channels", "groups", "padding_mode"}}
    multiplier = {"multiplier": 2} if draft.chance(3) else {}
    return [{"depthwise_conv": item["conv"]} | rest | multiplier]


def deformable_conv(draft: Draft) -> Items:
    """Its offsets found by itself, in one group or two, or elsewhere."""
    (item,) = conv(draft)
    rest = {k: v for k, v in item.items() if k not in {"conv", "padding_mode"}}
    groups = {} if draft.channels % 2 else {"offset_groups": 2}
    more = draft.one_of({}, {"modulated": True}, groups, {"offsets": False})
    return [{"deformable_conv": item["conv"]} | rest | more]


def weights(draft: Draft, channels: int | None) -> dict[str, Any]:
    """The attributes of a convolution that touch no field."""
    groups = draft.one_of(*[g for g in range(1, draft.channels + 1) if draft.channels % g == 0])
    if channels is not None:
        groups = math.gcd(groups, channels)
    chosen: dict[str, Any] = {"channels": channels or groups * draft.upto(3)}
    if groups > 1:
        chosen["groups"] = groups
    if draft.chance(3):
        chosen["bias"] = draft.chance(2)
    return chosen


def transposed_conv(draft: Draft, *, stride: Any = None) -> Items:
    """With gaps between the taps (a kernel shorter than the stride) now and then."""
    if stride is None:
        stride = draft.per_axis(lambda _: draft.upto(3))
    kernel = draft.per_axis(lambda _: draft.upto(5))
    dilation = draft.per_axis(lambda _: draft.one_of(1, 1, 1, 2))
    item = {"transposed_conv": draft.name("up"), "kernel": kernel, "stride": stride}
    if dilation != 1:
        item["dilation"] = dilation
    style = draft.one_of("none", "number", "pairs", "same", "valid", "same_upper", "same_lower")
    if style == "number":
        item["padding"] = draft.per_axis(lambda _: draft.upto(3, least=0))
    elif style == "pairs":
        item["padding"] = [[draft.upto(3, least=0) for _ in "lr"] for _ in draft.axes]
    elif style != "none":
        item["padding"] = style
    if draft.chance(2):
        item["output_padding"] = draft.per_axis(lambda axis: draft.upto(extra_units(item, axis), least=0))
    return [item | weights(draft, None)]


def extra_units(item: Mapping[str, Any], axis: int) -> int:
    """The largest output padding that some framework runs."""
    stride, dilation = on_axis(item["stride"], axis), on_axis(item.get("dilation", 1), axis)
    return int(stride if item.get("padding") in ("same", "valid") else max(stride, dilation)) - 1


def pool(draft: Draft, *, stride: Any = None) -> Items:
    operation = draft.one_of("maxpool", "avgpool")
    kernel = draft.per_axis(lambda axis: draft.upto(min(4, draft.size[axis] + 1)))
    item: dict[str, Any] = {operation: draft.name("pool"), "kernel": kernel}
    if stride is not None:
        item["stride"] = stride
    elif draft.chance(2):
        item["stride"] = draft.per_axis(lambda _: draft.upto(4))
    if operation == "maxpool" and draft.chance(4):
        item["dilation"] = 2
    style = draft.one_of("none", "number", "pairs", "same", "same_lower", "valid")
    smallest = min(kernel) if isinstance(kernel, list) else kernel
    if style in {"number", "pairs"}:
        item["padding"] = draft.upto(smallest // 2, least=0)
        if style == "pairs":
            item["padding"] = [[draft.upto(smallest // 2, least=0) for _ in "lr"] for _ in draft.axes]
    elif style != "none":
        item["padding"] = style
    if style in {"none", "number", "pairs"} and draft.chance(2):
        item["ceil_mode"] = draft.one_of(*CEIL_MODES)
    return [item]


def upsample(draft: Draft, *, scale: Any = None) -> Items:
    item: dict[str, Any] = {"upsample": draft.name("upsample")}
    if scale is None and draft.chance(8):
        sizes = [n * draft.upto(2) + draft.one_of(0, 1, -1) if n > 1 else 1 for n in draft.size]
        return [item | {"size": sizes, "mode": "bilinear", "align_corners": True}]
    larger = [name for name in draft.oracle.names if divides(draft.size, draft.oracle.size(name))]
    if scale is None and larger and draft.chance(3):
        return [item | {"size": draft.one_of(*larger)}]
    if scale is None:
        scale = draft.per_axis(lambda _: draft.upto(3))
    if min(draft.size) > 1 and draft.chance(4):
        item["size"] = [n * extent_of(scale, 1, axis) for axis, n in enumerate(draft.size)]
    else:
        item["scale"] = scale
    mode = draft.one_of(None, "nearest", "bilinear", "bilinear")
    return [item | ({"mode": mode} if mode else {})]


#: Factors as YAML gives them: a binary fraction is a number, any other is written out.
FACTORS = (1.5, 0.5, 2, 2.5, 0.75, 1.25, "2/3", "4/3", "5/3", "1/3", "6/5", 3)
COORDINATES = ("half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "asymmetric", "align_corners")


def resample(draft: Draft) -> Items:
    """By any factor or to any size, by every rule of PyTorch's and ONNX's."""
    item: dict[str, Any] = {"upsample": draft.name("resample")}
    if draft.chance(3):
        item["size"] = [draft.upto(2 * n, least=2) for n in draft.size]
    else:
        item["scale"] = draft.per_axis(lambda _: draft.one_of(*FACTORS))
        if draft.chance(4):
            item["recompute_scale_factor"] = True
    item["mode"] = draft.one_of("nearest", "nearest-exact", "bilinear", "bicubic", "area")
    if item["mode"] in {"bilinear", "bicubic"} and draft.chance(4):
        item["align_corners"] = True
    elif item["mode"] in {"nearest", "bilinear", "bicubic"} and draft.chance(2):
        item["coordinates"] = draft.one_of(*COORDINATES)
        if item["mode"] == "nearest":
            item["nearest_mode"] = draft.one_of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")
    return [item]


def divides(size: list[int], other: list[int]) -> bool:
    """Whether a map of more than one unit can be repeated to another size."""
    return min(size) > 1 and all(m % n == 0 for n, m in zip(size, other, strict=True))


def edge(draft: Draft, operation: str, most: int) -> Items:
    amount: Any = [[draft.upto(most, least=0) for _ in "lr"] for _ in draft.axes]
    if draft.chance(2):
        amount = draft.upto(most)
    return [{operation: draft.name(operation), "padding": amount}]


def pad(draft: Draft) -> Items:
    (item,) = edge(draft, "pad", 3)
    mode = draft.one_of(None, "zero", "reflect", "replicate", "circular")
    return [item | ({"mode": mode} if mode else {})]


def crop(draft: Draft) -> Items:
    return edge(draft, "crop", 2)


def roll(draft: Draft) -> Items:
    """Either way, and now and then by more than the map has units."""
    return [{"roll": draft.name("rolled"), "shift": draft.per_axis(lambda axis: draft.upto(9, least=-9))}]


def pixel_shuffle(draft: Draft) -> Items:
    scale = draft.per_axis(lambda _: draft.upto(3))
    product = math.prod(scale) if isinstance(scale, list) else scale ** len(draft.axes)
    channels = product * draft.upto(2)
    before = {"conv": draft.name("conv"), "kernel": 1, "channels": channels}
    return [before, {"pixel_shuffle": draft.name("shuffle"), "scale": scale}]


def space_to_depth(draft: Draft, *, scale: Any = None) -> Items:
    if scale is None:
        scale = draft.per_axis(lambda _: draft.one_of(2, 3))
    excess = [n % extent_of(scale, 1, axis) for axis, n in enumerate(draft.size)]
    items: Items = [{"space_to_depth": draft.name("unshuffle"), "scale": scale}]
    if draft.chance(3):
        return [items[0] | {"ceil_mode": True}]
    if any(excess):
        cut = [[0, more] for more in excess]
        items.insert(0, {"crop": draft.name("crop"), "padding": cut})
    return items


def adaptive_avgpool(draft: Draft) -> Items:
    """To a size that divides the map's on every axis, or to any smaller size."""
    divides = draft.chance(2)
    sizes = [draft.one_of(*[m for m in range(2, n + 1) if not divides or n % m == 0] or [n]) for n in draft.size]
    return [{"adaptive_avgpool": draft.name("adaptive"), "size": sizes}]


def global_pool(draft: Draft) -> Items:
    return [{draft.one_of("global_avgpool", "global_maxpool"): draft.name("global")}]


def linear(draft: Draft) -> Items:
    item: dict[str, Any] = {"linear": draft.name("linear"), "channels": draft.upto(4)}
    return [item | ({"bias": False} if draft.chance(2) else {})]


def squeeze_excite(draft: Draft) -> Items:
    return [{"squeeze_excite": draft.name("gate"), "squeeze": draft.upto(3)}]


def recurrent(draft: Draft) -> Items:
    """Along one of the axes, one way or both."""
    operation = draft.one_of(*RECURRENT)
    item: dict[str, Any] = {operation: draft.name(operation), "channels": draft.upto(3)}
    names = AXES[len(draft.axes)]
    if len(names) > 1:
        item["axis"] = draft.one_of(*names)
    direction = draft.one_of(None, "forward", "backward", "both")
    bias = {"bias": False} if draft.chance(3) else {}
    return [item | ({"direction": direction} if direction else {}) | bias]


def causal(draft: Draft) -> Items:
    """Attention to what lies before."""
    return [{"attention": draft.name("causal"), "causal": True, "macs_per_pair": draft.upto(3)}]


def class_token(draft: Draft) -> Items:
    """Units that lie nowhere, what is done to them, and the end of them, if any."""
    count = draft.upto(2)
    items: Items = [{"class_token": draft.name("token")} | ({"count": count} if count > 1 else {})]
    for _ in range(draft.upto(4)):
        step: Callable[[Draft], Items] = draft.one_of(pointwise, one_by_one, attention, residual)
        items += step(draft)
    last, dropped, pooled = items[-1], draft.name("map"), draft.name("pool")
    named = last.get("name") or last[next(iter(last))]
    back: Items = [
        {"drop_tokens": dropped},
        {"maxpool": pooled, "kernel": 3, "stride": 1, "padding": 1},
        {"put_tokens": draft.name("whole"), "from": [pooled, named]},
    ]
    end: Items = draft.one_of(back[:1], back, [])
    return items + end


def taken(draft: Draft) -> Items:
    """One of the units that lie nowhere."""
    count = draft.oracle.tokens[draft.oracle.last]
    return [*attention(draft), {"take_token": draft.name("taken"), "index": draft.upto(count - 1, least=0)}]


def one_by_one(draft: Draft) -> Items:
    return [{"conv": draft.name("matrix"), "kernel": 1, "channels": draft.upto(4)}]


def attention(draft: Draft) -> Items:
    return [{"attention": draft.name("attention"), "macs_per_unit": draft.upto(3), "macs_per_pair": draft.upto(3)}]


def residual(draft: Draft) -> Items:
    return [{"add": [attention(draft) + pointwise(draft), []], "name": draft.name("sum")}]


def placed(draft: Draft) -> Items:
    """Attention by places: in windows, moved or not, over a grid, or to neighbours; with its matrices or without."""
    operation = draft.one_of("window_attention", "window_attention", "grid_attention", "neighbourhood_attention")
    item: dict[str, Any] = {operation: draft.name("attention")}
    if operation == "window_attention":
        item["window"] = draft.per_axis(lambda _: draft.upto(5))
        most = min(item["window"]) if isinstance(item["window"], list) else item["window"]
        item |= {"shift": draft.upto(most - 1, least=0)} if draft.chance(2) else {}
    elif operation == "grid_attention":
        item["grid"] = [draft.one_of(*[g for g in range(1, n + 1) if n % g == 0]) for n in draft.size]
    else:
        item["kernel"] = draft.per_axis(lambda axis: draft.upto(min(5, draft.size[axis])))
        item |= {"dilation": 2} if draft.chance(3) else {}
    item |= {"channels": draft.upto(min(4, draft.channels))} if draft.chance(3) else {}
    item |= {"heads": 2} if item.get("channels", draft.channels) % 2 == 0 and draft.chance(2) else {}
    return [item | ({draft.one_of("bias", "positions"): False} if draft.chance(3) else {})]


def pointwise(draft: Draft) -> Items:
    operation = draft.one_of("relu", "batchnorm", "dropout", "sigmoid", "layernorm")
    return [{operation: draft.name(operation)}]


def plain(draft: Draft) -> Items:
    """Any operation that has no step of its own."""
    operation = draft.one_of(*PLAIN)
    return [{operation: draft.name(operation), **TRIED.get(operation, {})}]


def channel_slice(draft: Draft) -> Items:
    """Some channels of a map, often those of one branch."""
    count = draft.upto(draft.channels)
    item: dict[str, Any] = {"slice": draft.name("slice"), "channels": count}
    offset = draft.upto(draft.channels - count, least=0)
    return [item | ({"offset": offset} if offset else {})]


def channel_shuffle(draft: Draft) -> Items:
    groups = draft.one_of(None, *[g for g in range(1, draft.channels + 1) if draft.channels % g == 0])
    item: dict[str, Any] = {"channel_shuffle": draft.name("shuffled")}
    return [item | ({"groups": groups} if groups else {})]


# Branches


def to_size(draft: Draft, target: Sequence[int]) -> Items:
    """Crops and pads that bring a branch to a size; what is odd falls on a side that is drawn."""
    excess = [n - m for n, m in zip(draft.size, target, strict=True)]
    items: Items = []
    for operation, sign in (("crop", 1), ("pad", -1)):
        amounts = [max(0, sign * more) for more in excess]
        if any(amounts):
            pairs = [[before := draft.upto(a, least=0), a - before] for a in amounts]
            items.append({operation: draft.name(operation), "padding": pairs})
    return items


def strided(draft: Draft, stride: Any) -> Items:
    step = draft.one_of(conv, pool, conv)
    return list(step(draft, stride=stride))


def unpool(draft: Draft) -> Items:
    """A pooling, perhaps a layer between that keeps its size, and what puts its values back."""
    (down,) = pool(draft)
    operation = next(iter(down))
    name = draft.name("pool")
    down = {"maxpool": name} | {key: value for key, value in down.items() if key != operation}
    between = [{"conv": draft.name("conv"), "kernel": 3, "padding": 1, "channels": draft.channels}]
    up: dict[str, Any] = {"unpool": draft.name("unpool"), "pool": name, "kernel": down["kernel"]}
    up |= {key: down[key] for key in ("stride",) if key in down}
    if isinstance(down.get("padding"), int):
        up["padding"] = down["padding"]
    if draft.chance(2):
        up["restore"] = True
    return [down, *draft.one_of([], between), up]


def down_and_up(draft: Draft, scale: int) -> Items:
    """As an encoder and decoder: the jump is the same afterwards."""
    down = draft.one_of(conv, pool)
    up = draft.one_of(upsample, transposed_conv)
    rest: Items = up(draft, scale=scale) if up is upsample else up(draft, stride=scale)
    return [*down(draft, stride=scale), *rest]


def branch_of(draft: Draft, stride: Any) -> Draft:
    """A branch with a given stride in all, of one to three steps."""
    draft = draft.branch()
    if stride != 1:
        draft.accept(strided(draft, stride))
    for _ in range(draft.upto(2, least=0)):
        kind = draft.one_of("conv", "conv", "pool", "down_and_up", "squeeze_excite", "pointwise", "recurrent", "placed")
        if kind in {"conv", "pool"}:
            draft.accept(strided(draft, 1))
        elif kind == "down_and_up":
            draft.accept(down_and_up(draft, 2))
        else:
            step = {"squeeze_excite": squeeze_excite, "recurrent": recurrent, "pointwise": pointwise, "placed": placed}[
                kind
            ]
            draft.accept(step(draft))
    return draft


def fork(draft: Draft) -> Items:
    """Two or three branches merged, or two compared, in place or by `from`, with equal strides and sizes."""
    operation = draft.one_of("add", "concat", "multiply", "correlation")
    stride = draft.one_of(1, 1, 1, 2, draft.per_axis(lambda _: draft.upto(3)))
    at, several = draft.oracle.last, 2 if operation == "correlation" else draft.upto(3, least=2)
    branches = [branch_of(draft, stride) for _ in range(several)]
    if stride == 1 and draft.chance(2):
        branches[0] = draft.branch()
    target = draft.one_of(*[branch.size for branch in branches])
    channels = draft.one_of(*[branch.channels for branch in branches])
    for branch in branches:
        branch.accept(to_size(branch, target))
        if operation != "concat" and branch.channels != channels:
            name = branch.name("conv")
            branch.accept([{"conv": name, "kernel": 1, "channels": channels}])
    if operation == "correlation" and not any(branch.items for branch in branches):
        return []  # a map compared with itself: two paths by the same layers
    items = joined(draft, operation, at, [branch.items for branch in branches])
    return [*items[:-1], items[-1] | displaced(draft)] if operation == "correlation" else items


def displaced(draft: Draft) -> dict[str, Any]:
    """How far away what is compared may lie; few enough that the channels are not too many."""
    most = {1: 5, 2: 2, 3: 1}[len(draft.axes)]
    spacing = {"spacing": draft.upto(2)} if draft.chance(3) else {}
    return {"displacement": draft.per_axis(lambda _: draft.upto(most, least=0))} | spacing


def joined(draft: Draft, operation: str, at: str, branches: list[Items]) -> Items:
    """The branches in place, or one after the other and then the merge."""
    name = draft.name(operation)
    if draft.chance(2):
        return [{operation: branches, "name": name}]
    ends = [branch[-1][next(iter(branch[-1]))] if branch else at for branch in branches]
    flat = [from_first(branch, at) for branch in branches]
    return [item for branch in flat for item in branch] + [{operation: name, "from": ends}]


def from_first(items: Items, source: str) -> Items:
    return [items[0] | {"from": source}, *items[1:]] if items else []


def gate(draft: Draft) -> Items:
    """A branch of one unit, multiplied with the map that it was made from: a global context."""
    if min(draft.size) < 2:
        return []
    at, channels = draft.oracle.last, draft.channels
    branch: Items = [
        {"global_avgpool": draft.name("squeeze")},
        {"conv": draft.name("excite"), "kernel": 1, "channels": channels},
        {"sigmoid": draft.name("sigmoid")},
    ]
    return joined(draft, "multiply", at, draft.one_of([branch, []], [[], branch]))


def chosen(draft: Draft) -> Items:
    """Branches one after the other, a few layers that may keep their channels apart, and a choice among them."""
    trial = draft.branch()
    at = trial.oracle.last
    branches = [branch_of(trial, 1) for _ in range(trial.upto(3, least=2))]
    target = trial.size
    for branch in branches:
        branch.accept(to_size(branch, target))
    if not trial.accept(joined(trial, "concat", at, [branch.items for branch in branches])):
        return []
    steps = (pointwise, depthwise_conv, channel_shuffle, squeeze_excite, causal, pool, upsample, conv, channel_slice)
    for _ in range(trial.upto(3, least=0)):
        trial.accept(trial.one_of(*steps)(trial))
    trial.accept(channel_slice(trial))
    return trial.items


def cut_to(draft: Draft, other: Draft, source: str) -> Items:
    """An earlier map cut or padded to this one's size, in one of the ways a file may say it."""
    excess = [n - m for n, m in zip(other.size, draft.size, strict=True)]
    if max(excess) <= 0 and draft.chance(2):
        return [{"pad": other.name("pad"), "size": draft.oracle.last, "from": source}]
    if min(excess) < 0 or draft.chance(2):
        return from_first(to_size(other, draft.size), source)
    offset = [other.upto(more, least=0) for more in excess]
    item = {"crop": other.name("crop"), "size": draft.oracle.last}
    rest = (
        [{"offset": offset}, {}, {"evenly": True}] if not any(more % 2 for more in excess) else [{"offset": offset}, {}]
    )
    return [item | draft.one_of(*rest) | {"from": source}]


def skip(draft: Draft) -> Items:
    """An earlier map of the same jump, cut to size, concatenated with this one (as in U-Net)."""
    last = draft.oracle.last
    jump = draft.oracle.jump(last)
    earlier = [n for n in ["input", *draft.oracle.names] if draft.oracle.jump(n) == jump]
    source = draft.one_of(*earlier)
    other = draft.branch()
    other.oracle.last = source
    cut = cut_to(draft, other, source)
    ends = [last, cut[-1][next(iter(cut[-1]))] if cut else source]
    if ends[0] == ends[1]:
        return []
    return [*cut, {"concat": draft.name("concat"), "from": draft.one_of(ends, ends[::-1])}]


def side_by_side(draft: Draft) -> Items:
    """Parts of a map, or all of it, side by side behind layers of their own, which are alike on the other axes; in
    order or not.
    """
    at, axis = draft.oracle.last, draft.upto(len(draft.axes)) - 1
    channels = draft.upto(3)
    shared = [strided_alike(draft, axis) for _ in range(draft.upto(2, least=0))]
    items: Items = []
    ends = []
    for part in draft.one_of(*parts_of(draft, axis)):
        other = draft.branch()
        other.accept([{"crop": other.name("part"), "padding": part}])
        for step in shared:
            other.accept([step(other, channels)])
        if not other.items:
            return []
        items += from_first(other.items, at)
        ends.append(other.oracle.last)
    ends = draft.one_of(ends, ends[::-1])
    return [*items, {"concat": draft.name("joined"), "from": ends, "axis": AXES[len(draft.axes)][axis]}]


def parts_of(draft: Draft, axis: int) -> list[list[list[list[int]]]]:
    """What is cut off before and after for the parts of a map: two or three strips, or all of it between its ends."""
    n, axes = draft.size[axis], len(draft.axes)
    cut = draft.upto(n - 1) if n > 1 else 0
    ways = [[[0, n - cut], [cut, 0]], [[0, 0], [0, 0]], [[n - cut, 0], [0, 0], [0, n - cut]]]
    return [[[side if a == axis else [0, 0] for a in range(axes)] for side in way] for way in ways]


def strided_alike(draft: Draft, axis: int) -> Callable[[Draft, int], dict[str, Any]]:
    """A convolution, or a gate, for all parts; along the axis now and then of another kernel in each of them."""
    kernel, stride = draft.one_of(1, 2, 3), draft.one_of(1, 1, 2)
    if draft.chance(5):
        return lambda other, channels: {"squeeze_excite": other.name("gate"), "squeeze": 2}
    unequal = draft.chance(3)

    def step(other: Draft, channels: int) -> dict[str, Any]:
        own = [other.upto(3) if a == axis and unequal else kernel for a in other.axes]
        padding = [[k // 2, k // 2] for k in own]
        return {"conv": other.name("conv"), "kernel": own, "stride": stride, "padding": padding, "channels": channels}

    return step


def other_input(draft: Draft) -> Items:
    """Another input, a few layers of it alone, and both brought together: merged, or the one slid over the other."""
    last, target, channels = draft.oracle.last, draft.size, draft.channels
    other = draft.branch()
    size = [draft.upto(LARGEST_INPUT[len(draft.axes)]) for _ in draft.axes]
    if not other.accept([{"given": other.name("given"), "channels": other.upto(3), "size": size}]):
        return []
    for _ in range(other.upto(2, least=0)):
        other.accept(other.one_of(conv, pool, upsample, squeeze_excite, recurrent, placed, global_pool, plain)(other))
    operation = other.one_of("add", "concat", "multiply", "cross_correlation", "cross_correlation")
    if operation == "cross_correlation":
        groups = other.one_of(1, 1, channels)
        matched = [{"conv": other.name("conv"), "kernel": 1, "channels": channels * other.upto(2)}]
        more = {"groups": groups} if groups > 1 else {}
    else:
        if other.size != [1] * len(target):
            other.accept(to_size(other, target))
        matched, more = [{"conv": other.name("conv"), "kernel": 1, "channels": channels}], {}
    other.accept(matched)
    ends = draft.one_of([last, other.oracle.last], [other.oracle.last, last])
    merge = {operation: draft.name(operation), "from": ends}
    rest = list(other.items)
    return [*rest, merge | more]


def aside(draft: Draft) -> Items:
    """A head that starts at an earlier layer; what comes next goes on from it."""
    source = draft.one_of("input", *draft.oracle.names)
    other = draft.branch()
    other.oracle.last = source
    return from_first(conv(other), source)


# Whole networks


def with_learned(draft: Draft, items: Items) -> Items:
    """The items, of which the last may learn something besides."""
    return [*items[:-1], items[-1] | {"learned": draft.upto(9)}] if items and draft.chance(6) else items


STEPS: Mapping[str, tuple[Callable[[Draft], Items], int]] = {
    "conv": (conv, 6),
    "depthwise_conv": (depthwise_conv, 1),
    "deformable_conv": (deformable_conv, 1),
    "pool": (pool, 4),
    "transposed_conv": (transposed_conv, 4),
    "upsample": (upsample, 3),
    "resample": (resample, 3),
    "fork": (fork, 5),
    "skip": (skip, 3),
    "side_by_side": (side_by_side, 3),
    "pad": (pad, 1),
    "unpool": (unpool, 2),
    "crop": (crop, 2),
    "roll": (roll, 1),
    "pixel_shuffle": (pixel_shuffle, 1),
    "space_to_depth": (space_to_depth, 1),
    "adaptive_avgpool": (adaptive_avgpool, 1),
    "squeeze_excite": (squeeze_excite, 1),
    "recurrent": (recurrent, 3),
    "causal": (causal, 2),
    "placed": (placed, 4),
    "class_token": (class_token, 2),
    "gate": (gate, 1),
    "chosen": (chosen, 3),
    "channel_shuffle": (channel_shuffle, 1),
    "channel_slice": (channel_slice, 1),
    "aside": (aside, 1),
    "given": (other_input, 3),
    "plain": (plain, 3),
}
ENDS = (global_pool, linear, taken)
#: The operations that no other step draws: a new one is among them without further ado.
PLAIN = [
    operation
    for operation in SINGLE
    if operation
    not in {
        *STEPS,
        *RECURRENT,
        *PLACED,
        "take_token",
        "drop_tokens",
        "maxpool",
        "avgpool",
        "slice",
        "global_avgpool",
        "global_maxpool",
        "linear",
    }
]


@st.composite
def networks(draw: st.DrawFn, most_steps: int = 6) -> Description:
    """A valid network of one to three axes, as YAML would give it."""
    axes = draw(st.sampled_from([1, 1, 2, 2, 2, 3]))
    size = [draw(st.integers(2, LARGEST_INPUT[axes])) for _ in range(axes)]
    image = {"channels": draw(st.integers(1, 4)), "size": size}
    draft = Draft(draw, image, Oracle.of({"input": image, "layers": []}))
    weighted = [step for step, weight in STEPS.values() for _ in range(weight)]
    for _ in range(draw(st.integers(1, most_steps))):
        draft.accept(with_learned(draft, draw(st.sampled_from(weighted))(draft)))
    if draft.chance(4):
        draft.accept(draw(st.sampled_from(ENDS))(draft))
        draft.accept(draw(st.sampled_from([linear, squeeze_excite, plain]))(draft))
    if not draft.items:
        draft.accept([{"relu": "relu"}])
    return {"input": image, "layers": draft.items}


# YAML text


def scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def flow(value: Any) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return scalar(value)


def item_lines(item: Mapping[str, Any], indent: str) -> list[str]:
    """One item: on a line of its own, or spread out with its branches below it."""
    operation = next(iter(item))
    if isinstance(item[operation], str):
        return [f"{indent}- {flow(item)}"]
    lines = [f"{indent}- {operation}:"]
    for branch in item[operation]:
        lines.append(f"{indent}    -" + ("" if branch else " []"))
        lines += [line for inner in branch for line in item_lines(inner, indent + "      ")]
    return [*lines, *[f"{indent}  {k}: {flow(v)}" for k, v in item.items() if k != operation]]


def to_yaml(description: Mapping[str, Any]) -> str:
    """The text of a file that describes the network."""
    lines = [f"input: {flow(description['input'])}", "layers:"]
    lines += [line for item in description["layers"] for line in item_lines(item, "  ")]
    return "\n".join(lines) + "\n"
