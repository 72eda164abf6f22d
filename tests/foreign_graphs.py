"""Foreign graphs put together by hand, a node a call."""

from typing import Any

from rfdocs.importing.foreign_graph import ForeignGraph, Node

WINDOW = {"stride": 1, "padding": 0, "dilation": 1}


class Builder:
    """Nodes by number; the shapes are those that a framework would tell."""

    def __init__(self, *shape: int) -> None:
        self.nodes = [Node("image", (), shape)]
        self.learned: dict[str, int] = {}

    def add(
        self, kind: str, *inputs: int, shape: tuple[int, ...], scope: str = "", operator: str = "", **attributes: Any
    ) -> int:
        sizes = attributes.pop("learned", {})
        self.learned |= sizes
        word = operator or f"test.{kind}"
        self.nodes.append(Node(kind, inputs, shape, attributes, tuple(sizes), scope, word, "net.py:1"))
        return len(self.nodes) - 1

    def conv(
        self,
        source: int,
        channels: int,
        kernel: int = 1,
        stride: int = 1,
        padding: int = 0,
        groups: int = 1,
        scope: str = "",
        bias: bool = True,
    ) -> int:
        _, before, *size = self.nodes[source].shape
        axes = len(size)
        after = tuple([(length + 2 * padding - kernel) // stride + 1 for length in size])
        weights = channels * before // groups * kernel**axes
        learned = {f"{scope}.weight": weights} | ({f"{scope}.bias": channels} if bias else {})
        return self.add(
            "conv", source, shape=(1, channels, *after), scope=scope, kernel=(kernel,) * axes, stride=(stride,) * axes,
            padding=((padding, padding),) * axes, dilation=(1,) * axes, groups=groups, channels=channels, bias=bias,
            weights=weights, edge="zero", learned=learned,
        )  # fmt: skip

    def norm(self, source: int, mode: str = "batch", scope: str = "", **attributes: Any) -> int:
        shape = self.nodes[source].shape
        channels = shape[-1] if mode == "layer" else shape[1]
        return self.add(
            "norm", source, shape=shape, scope=scope, mode=mode, affine=2,
            learned={f"{scope}.weight": channels, f"{scope}.bias": channels}, **attributes,
        )  # fmt: skip

    def same(self, kind: str, *inputs: int, scope: str = "", **attributes: Any) -> int:
        return self.add(kind, *inputs, shape=self.nodes[inputs[0]].shape, scope=scope, **attributes)

    def act(self, source: int, word: str, scope: str = "") -> int:
        return self.same("pointwise", source, scope=scope, word=word)

    def permute(self, source: int, *order: int) -> int:
        shape = self.nodes[source].shape
        return self.add("permute", source, shape=tuple(shape[place] for place in order), order=order)

    def reshape(self, source: int, *shape: int) -> int:
        return self.add("reshape", source, shape=shape)

    def linear(self, source: int, channels: int, scope: str = "") -> int:
        *rest, before = self.nodes[source].shape
        learned = {f"{scope}.weight": before * channels, f"{scope}.bias": channels}
        return self.add(
            "linear", source, shape=(*rest, channels), scope=scope, channels=channels, bias=True,
            weights=before * channels, learned=learned,
        )  # fmt: skip

    def cut(self, source: int, axis: int, start: int, stop: int, step: int = 1) -> int:
        shape = list(self.nodes[source].shape)
        shape[axis] = len(range(start, stop, step))
        return self.add("slice", source, shape=tuple(shape), axis=axis, start=start, stop=stop, step=step)

    def concat(self, *sources: int, axis: int = 1) -> int:
        shape = list(self.nodes[sources[0]].shape)
        shape[axis] = sum(self.nodes[source].shape[axis] for source in sources)
        return self.add("concat", *sources, shape=tuple(shape), axis=axis)

    def mean(self, source: int, *axes: int, keep: bool = False, scope: str = "") -> int:
        shape = self.nodes[source].shape
        kept = tuple(1 if axis in axes else length for axis, length in enumerate(shape) if keep or axis not in axes)
        return self.add(
            "reduce", source, shape=kept, scope=scope, operator="test.mean", mode="mean", axes=axes, keep=keep
        )

    def graph(self, *outputs: int) -> ForeignGraph:
        return ForeignGraph(tuple(self.nodes), outputs or (len(self.nodes) - 1,), self.learned)
