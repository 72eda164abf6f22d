"""Random small foreign graphs of every kind of node, whose shapes are what a framework would tell."""

from collections.abc import Callable, Sequence
from math import prod
from random import Random
from typing import Any

from foreign_graphs import Builder

from rfdocs.importing.foreign_graph import ForeignGraph

Shape = tuple[int, ...]


def random_graph(random: Random) -> ForeignGraph:
    """A graph of some nodes, each of a kind that fits what it reads."""
    axes = random.choice((1, 2, 2, 2, 3))
    size = tuple(random.choice((1, 2, 4, 6)) for _ in range(axes))
    net = Builder(1, random.choice((1, 2, 4, 6)), *size)
    draft = RandomNodes(net, random, axes)
    for _ in range(random.randint(1, 9)):
        draft.step()
    outputs = [len(net.nodes) - 1, *random.sample(range(len(net.nodes)), random.choice((0, 0, 1)))]
    return net.graph(*dict.fromkeys(outputs))


class RandomNodes:
    """Nodes that are put behind what is there."""

    def __init__(self, net: Builder, random: Random, axes: int) -> None:
        self.net, self.random, self.axes = net, random, axes

    def step(self) -> None:
        """One node more, of a kind that takes what it would read."""
        makers = list(MAKERS)
        self.random.shuffle(makers)
        count = len(self.net.nodes)
        for make in makers:
            source = count - 1 if self.random.random() < 0.7 else self.random.randrange(count)
            make(self, source)
            if len(self.net.nodes) > count:
                return

    def shape(self, node: int) -> Shape:
        return self.net.nodes[node].shape

    def some(self, *values: Any) -> Any:
        return self.random.choice(values)

    def axes_of(self, node: int) -> Shape:
        rank = len(self.shape(node))
        return tuple(sorted(self.random.sample(range(rank), self.random.randint(1, rank)))) if rank else ()

    def add(self, kind: str, *inputs: int, shape: Sequence[int], **attributes: Any) -> int:
        """A node, which may learn something."""
        learned = {f"w{len(self.net.nodes)}": self.random.choice((1, 2, 600))} if self.random.random() < 0.3 else {}
        scope = self.some("", "a", "a.b", f"c.{kind}")
        return self.net.add(kind, *inputs, shape=tuple(shape), scope=scope, learned=learned, **attributes)


def _constant(draft: RandomNodes, source: int) -> None:
    """A sum or product with a tensor that no image changes, of fewer dimensions, as many or more."""
    shape = draft.shape(source)
    kept = shape[draft.random.randint(0, len(shape)) :]
    own = tuple(draft.some(1, count) for count in kept)
    own = draft.some((), (), (2,), (1,)) + own if len(own) == len(shape) else own
    constant = draft.add("constant", shape=own)
    pair = draft.some((source, constant), (constant, source))
    draft.add(draft.some("add", "multiply"), *pair, shape=broadcast(shape, own) or shape)


def broadcast(first: Shape, second: Shape) -> Shape | None:
    """The shape of both together, if they fit."""
    rank = max(len(first), len(second))
    pairs = list(zip((1,) * (rank - len(first)) + first, (1,) * (rank - len(second)) + second, strict=True))
    return tuple(map(max, pairs)) if all(1 in pair or pair[0] == pair[1] for pair in pairs) else None


def _merge(draft: RandomNodes, source: int) -> None:
    other = draft.random.randrange(len(draft.net.nodes))
    shape = broadcast(draft.shape(source), draft.shape(other))
    if shape is not None:
        draft.add(draft.some("add", "multiply"), source, other, shape=shape)


def _same(draft: RandomNodes, source: int) -> None:
    shape = draft.shape(source)
    axis = draft.random.randrange(len(shape)) if shape else 0
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("pointwise", {"word": draft.some("relu", "sigmoid", "tanh", "square", "erf")}),
        ("prelu", {}),
        ("identity", {}),
    ]
    if shape:
        kinds += [
            ("softmax", {"axis": axis}),
            ("norm", {"mode": "layer", "groups": None, "axes": draft.axes_of(source), "affine": draft.some(0, 1, 2)}),
        ]
    if len(shape) > 1:
        modes = draft.some("batch", "instance", "group", "local")
        kinds.append(("norm", {"mode": modes, "groups": 1, "axes": None, "affine": draft.some(0, 1, 2)}))
    odd: list[tuple[str, dict[str, Any]]] = [
        ("unknown", {"why": ""}),
        ("flip", {"axes": (axis,)}),
        ("roll", {"axes": (axis,), "shifts": (1,)}),
    ]
    kind, attributes = draft.random.choice(kinds if draft.random.random() < 0.95 else odd)
    draft.add(kind, source, shape=shape, **attributes)


def _reduce(draft: RandomNodes, source: int) -> None:
    axes, keep = draft.axes_of(source), draft.some(True, False)
    if draft.random.random() < 0.2:
        axes = tuple(range(len(draft.shape(source))))
    shape = [1 if at in axes else count for at, count in enumerate(draft.shape(source)) if keep or at not in axes]
    draft.add("reduce", source, shape=shape, mode=draft.some("mean", "max", "sum"), axes=axes, keep=keep)


def _reshape(draft: RandomNodes, source: int) -> None:
    count = prod(draft.shape(source))
    shape: list[int] = []
    while count > 1 and len(shape) < 5:
        shape.append(draft.random.choice([part for part in range(1, count + 1) if count % part == 0]))
        count //= shape[-1]
    shape += [count] if count > 1 else []
    draft.add("reshape", source, shape=draft.some((1, *shape), shape, (*shape, 1)))


def _permute(draft: RandomNodes, source: int) -> None:
    shape = draft.shape(source)
    order = tuple(draft.random.sample(range(len(shape)), len(shape)))
    draft.add("permute", source, shape=[shape[at] for at in order], order=order)


def _expand(draft: RandomNodes, source: int) -> None:
    shape = tuple(draft.some(count, 3) if count == 1 else count for count in draft.shape(source))
    draft.add("expand", source, shape=draft.some((), (1,), (2,)) + shape)


def _slice(draft: RandomNodes, source: int) -> None:
    shape = list(draft.shape(source))
    if shape:
        axis = draft.random.randrange(len(shape))
        start = draft.random.randrange(shape[axis])
        stop, step = draft.random.randint(start + 1, shape[axis]), draft.some(1, 2)
        shape[axis] = len(range(start, stop, step))
        draft.add("slice", source, shape=shape, axis=axis, start=start, stop=stop, step=step)


def _concat(draft: RandomNodes, source: int) -> None:
    shape = draft.shape(source)
    if shape:
        axis = draft.random.randrange(len(shape))
        fitting = [node for node in range(len(draft.net.nodes)) if _fits(draft.shape(node), shape, axis)]
        read = [source, *draft.random.choices(fitting, k=draft.some(1, 1, 2))]
        whole = sum(draft.shape(node)[axis] for node in read)
        draft.add("concat", *read, shape=(*shape[:axis], whole, *shape[axis + 1 :]), axis=axis)


def _fits(one: Shape, other: Shape, axis: int) -> bool:
    return len(one) == len(other) and all(
        a == b for at, (a, b) in enumerate(zip(one, other, strict=True)) if at != axis
    )


def _pad(draft: RandomNodes, source: int) -> None:
    padding = tuple(draft.some((0, 0), (0, 0), (1, 0), (1, 1)) for _ in draft.shape(source))
    shape = [count + sum(sides) for count, sides in zip(draft.shape(source), padding, strict=True)]
    draft.add("pad", source, shape=shape, padding=padding, edge=draft.some("zero", "replicate"))


def _linear(draft: RandomNodes, source: int) -> None:
    if draft.shape(source):
        *others, before = draft.shape(source)
        channels = draft.some(1, 3, 4)
        draft.add("linear", source, shape=(*others, channels), channels=channels, bias=True, weights=before * channels)


def _matmul(draft: RandomNodes, source: int) -> None:
    shape = draft.shape(source)
    if len(shape) > 1:
        fitting = [
            node for node in range(len(draft.net.nodes))
            if len(draft.shape(node)) == len(shape)
            and draft.shape(node)[:-2] == shape[:-2] and draft.shape(node)[-2] == shape[-1]
        ]  # fmt: skip
        if fitting:
            other = draft.random.choice(fitting)
            draft.add("matmul", source, other, shape=(*shape[:-1], draft.shape(other)[-1]))


def _attention(draft: RandomNodes, source: int) -> None:
    shape = draft.shape(source)
    if len(shape) > 1:
        same = [node for node in range(len(draft.net.nodes)) if draft.shape(node) == shape]
        others = draft.random.choices(same, k=2)
        draft.add("attention", source, *others, shape=shape, causal=draft.random.random() < 0.1)


def _window(draft: RandomNodes, source: int) -> None:
    """Whatever slides a window or resamples, of tensors with a batch of one and as many axes as the image."""
    shape, last = draft.shape(source), draft.some(False, False, True)
    if len(shape) != draft.axes + 2 or shape[0] != 1:
        return
    channels, size = (shape[-1], shape[1:-1]) if last else (shape[1], shape[2:])
    kind, attributes, after, lengths = draft.random.choice(WINDOWS)(draft, source, channels, size)
    if min(lengths) > 0:
        new = (1, *lengths, after) if last else (1, after, *lengths)
        draft.add(kind, *attributes.pop("inputs", (source,)), shape=new, last=last, **attributes)


Window = tuple[str, dict[str, Any], int, Shape]


def _slid(draft: RandomNodes, size: Shape) -> tuple[dict[str, Any], Shape]:
    axes = len(size)
    kernel, stride = (draft.some(1, 2, 3),) * axes, (draft.some(1, 2),) * axes
    before = draft.some(0, 1) if kernel[0] > 1 else 0
    lengths = tuple((count + 2 * before - kernel[0]) // stride[0] + 1 for count in size)
    window = {"kernel": kernel, "stride": stride, "padding": ((before, before),) * axes, "dilation": (1,) * axes}
    return window, lengths


def _conv(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    window, lengths = _slid(draft, size)
    groups = draft.some(1, channels)
    after = groups * draft.some(1, 2)
    filters = {"groups": groups, "channels": after, "bias": draft.some(True, False), "weights": 1, "edge": "zero"}
    return "conv", window | filters, after, lengths


def _transposed(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    window, _ = _slid(draft, size)
    kernel, stride, before = window["kernel"][0], window["stride"][0], window["padding"][0][0]
    lengths = tuple((count - 1) * stride + kernel - 2 * before for count in size)
    filters = {"groups": 1, "channels": 2, "bias": True, "weights": 1, "output_padding": (0,) * len(size)}
    return "transposed_conv", window | filters, 2, lengths


def _pool(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    window, lengths = _slid(draft, size)
    return "pool", window | {"mode": draft.some("max", "avg"), "ceil_mode": False}, channels, lengths


def _unpool(draft: RandomNodes, source: int, channels: int, size: Shape) -> Window:
    axes = len(size)
    window = {"kernel": (2,) * axes, "stride": (2,) * axes, "padding": ((0, 0),) * axes}
    inputs = (source, draft.random.randrange(len(draft.net.nodes)))
    return "unpool", window | {"inputs": inputs}, channels, tuple(2 * count for count in size)


def _adaptive(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    after = tuple(draft.some(1, count) for count in size)
    return "adaptive_pool", {"mode": draft.some("max", "avg"), "size": after}, channels, after


def _upsample(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    after = tuple(2 * count for count in size)
    words = {"mode": draft.some("nearest", "bilinear"), "align_corners": False, "recompute": None}
    return "upsample", words | draft.some({"size": after}, {"scale": (2,) * len(size)}), channels, after


def _shuffle(draft: RandomNodes, _source: int, channels: int, size: Shape) -> Window:
    block = 2 ** len(size)
    if channels % block == 0:
        after = tuple(2 * count for count in size)
        return "pixel_shuffle", {"scale": (2,) * len(size)}, channels // block, after
    if all(count % 2 == 0 for count in size):
        return "space_to_depth", {"scale": (2,) * len(size)}, channels * block, tuple(count // 2 for count in size)
    return "channel_shuffle", {"groups": 1}, channels, size


def _recurrence(draft: RandomNodes, source: int) -> None:
    if draft.shape(source) and draft.random.random() < 0.1:
        shape, axis = draft.shape(source), draft.random.randrange(len(draft.shape(source)))
        words = {"mode": "lstm", "axis": axis, "channels": 3, "directions": 1, "weights": 4}
        draft.add("recurrence", source, shape=(*shape[:-1], 3), **words)


WINDOWS: list[Callable[[RandomNodes, int, int, Shape], Window]] = [
    _conv, _conv, _transposed, _pool, _unpool, _adaptive, _upsample, _shuffle,
]  # fmt: skip
MAKERS: list[Callable[[RandomNodes, int], None]] = [
    _constant, _merge, _merge, _same, _same, _reduce, _reshape, _permute, _expand, _slice, _concat, _pad, _linear,
    _matmul, _attention, _window, _window, _window, _recurrence,
]  # fmt: skip
