"""A network resolved as far as it can be without an input size: layers, their inputs and their channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from rfdocs.errors import ArithmeticRefusal, RfdocsError
from rfdocs.graph.written import size_text
from rfdocs.operators import Maps, Operator, SideBySide
from rfdocs.operators.operator import NO_TOKENS, spatial
from rfdocs.spelling import alike, did_you_mean

#: The name of the image, node 0 of every network.
IMAGE_NAME = "input"


#: The names of the axes, by their number.
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


Value = TypeVar("Value")


class NetworkError(RfdocsError, ValueError):
    """A layer that cannot be what it is said to be, or not at this input size; ``layer`` is its name."""

    def __init__(self, layer: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{layer}: {reason}", hint)
        self.layer = layer


class UnknownLayer(RfdocsError, KeyError):
    """A name that no layer has; says which names are near."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        near = did_you_mean(*alike(name, names, 3), quote="")
        super().__init__(f"there is no layer {name[:100]!r}", near or f"layers are {', '.join(names[:6])}, ...")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, its operation's name and rule, and the nodes that it reads (0 is the image).

    ``like`` is the node whose size it takes, if any; ``alias`` another name that people know it by. ``shown`` is the
    node that a gate shows whole to every unit, where that is not its input. ``learned`` are numbers that it learns
    besides those of its operator, such as a table of positions.
    """

    name: str
    operation: str
    operator: Operator
    inputs: tuple[int, ...]
    like: int | None = None
    alias: str | None = None
    shown: int | None = None
    learned: int = 0

    @property
    def sources(self) -> tuple[int, ...]:
        """The nodes that it reads in truth: another input than the image stands behind that, and reads nothing."""
        return () if self.operator.given else self.inputs

    @property
    def shown_whole(self) -> int:
        """The node that it shows whole to every unit, if it is a gate."""
        return self.inputs[0] if self.shown is None else self.shown

    def parameters(self, maps: Maps) -> int:
        """All that it learns: its operator's numbers, and those besides."""
        return self.operator.parameters(maps) + self.learned


class AxisRule:
    """What an operator does on the axes, found once for equal lengths: blocks repeat, and so do deep maps."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self.step = lru_cache(maxsize=1 << 7)(operator.axis)

    def __reduce__(self) -> tuple[type[AxisRule], tuple[Operator]]:
        return AxisRule, (self._operator,)


#: One rule for all equal operators; the members of a family have many in common.
_rule = lru_cache(maxsize=1 << 10)(AxisRule)


class Topology:
    """Layers in an order in which each reads earlier ones.

    Node 0 is the image; layer ``i`` of ``layers`` is node ``i + 1``.
    """

    layers: tuple[Layer, ...]

    @property
    def axes(self) -> int:
        """The number of spatial axes: 1, 2 or 3."""
        raise NotImplementedError

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all nodes, the image first."""
        return (IMAGE_NAME, *(layer.name for layer in self.layers))

    @cached_property
    def rules(self) -> tuple[AxisRule, ...]:
        """What every layer does on the axes."""
        return tuple([_rule(layer.operator) for layer in self.layers])

    @cached_property
    def side_by_side(self) -> bool:
        """Whether maps stand side by side somewhere."""
        return any(isinstance(layer.operator, SideBySide) for layer in self.layers)

    @cached_property
    def collapsed(self) -> tuple[bool, ...]:
        """For every node, whether all that reaches it went through global pooling or a fully connected layer."""
        return self._from_such_alone([layer.operator.collapses for layer in self.layers])

    @cached_property
    def given(self) -> tuple[bool, ...]:
        """For every node, whether it is another input than the image, or made of such inputs alone."""
        return self._from_such_alone([layer.operator.given for layer in self.layers])

    def _from_such_alone(self, own: Sequence[bool]) -> tuple[bool, ...]:
        """For every node whether its layer is such a one by its own, or reads such nodes alone; the image is not."""
        such = [False]
        for layer, is_such in zip(self.layers, own, strict=True):
            such.append(is_such or all(such[node] for node in layer.inputs))
        return tuple(such)


@dataclass(frozen=True, repr=False)
class Network(Topology):
    """A topology with the image's channels and nominal size. It takes images whose lengths are multiples of
    ``multiple``. Raises: NetworkError where channels don't fit.
    """

    name: str  #: What it is called.
    input_channels: int  #: The image's channels.
    input_size: tuple[int, ...]  #: The image's nominal length per axis. Unit: pixels.
    layers: tuple[Layer, ...] = ()  #: In order.
    multiple: int = 1  #: What the lengths of all images are multiples of. Unit: pixels.
    rate: int | None = None  #: Of sound: its samples per second.
    elsewhere: tuple[tuple[str, str], ...] = field(default=(), compare=False)  #: Other names, and the layers' own.

    def __post_init__(self) -> None:
        self.channels, self.tokens  # noqa: B018 - refused now, and kept

    @cached_property
    def channels(self) -> tuple[int, ...]:
        """The channels of all nodes, the image's first."""
        channels = [self.input_channels]
        for layer in self.layers:
            channels.append(_of_inputs(layer, layer.operator.channels, channels))
        return tuple(channels)

    @cached_property
    def tokens(self) -> tuple[int, ...]:
        """The units of all nodes' maps that lie nowhere in the image: class tokens, which the image has none of."""
        if not any(layer.operator.about_tokens for layer in self.layers):
            return (0,) * (len(self.layers) + 1)
        tokens = [NO_TOKENS]
        for layer in self.layers:
            tokens.append(_of_inputs(layer, layer.operator.tokens, tokens))
        return tuple([one.units for one in tokens])

    def __repr__(self) -> str:
        image = size_text((self.input_channels, *self.input_size))
        return f"<Network {self.name}: image {image}, layers {len(self.layers)}>"

    def with_layer(
        self, name: str, operator: Operator, *inputs: str, operation: str = "", like: str | None = None
    ) -> Network:
        """The network with one layer more, which reads the layers that are named, or else the last one.

        ``operation`` is what tables call it, by default its operator's class in lower case; ``like`` names the layer
        whose size it takes. Raises: UnknownLayer; NetworkError where the layer does not fit.

        >>> from rfdocs.operators import Add, Convolution, Filters, SlidingWindow
        >>> convolution = Convolution(SlidingWindow.of(3, padding=1), Filters(3))
        >>> Network("block", 3, (32, 32)).with_layer("conv", convolution).with_layer("sum", Add(), "conv", "input")
        <Network block: image 3 x 32 x 32, layers 2>
        """
        if name in self.names:
            raise NetworkError(name, "there is a layer of that name already")
        if wrong := [len(values) for values in spatial(operator) if len(values) != self.axes]:
            raise NetworkError(name, f"it is made for another number of axes: {wrong[0]}, not {self.axes}")
        nodes = tuple([self.node(read) for read in inputs]) or (0 if operator.given else len(self.layers),)
        called = operation or type(operator).__name__.lower()
        layer = Layer(name, called, operator, nodes, None if like is None else self.node(like))
        return replace(self, layers=(*self.layers, layer))

    @property
    def axes(self) -> int:
        return len(self.input_size)

    def node(self, name: str) -> int:
        """The node of a layer, by its name, its alias, the name of a scope (its last layer), or what it is called
        elsewhere.

        Raises: UnknownLayer.
        """
        try:
            return self._nodes[name]
        except KeyError:
            raise UnknownLayer(name, list(self._nodes)) from None

    def shown_name(self, name: str) -> str:
        """The outermost scope that ends with this layer, or its own name: ``layer4`` for ``layer4.2.add``.

        >>> import rfdocs
        >>> rfdocs.load("resnet18").network.shown_name("layer4.1.add")
        'layer4'
        """
        node = self.node(name)
        return next((scope for scope in scopes_around(name) if self.node(scope) == node), name)

    @cached_property
    def _nodes(self) -> dict[str, int]:
        scopes: dict[str, int] = {}
        exact = {name: node for node, name in enumerate(self.names)}
        for node, layer in enumerate(self.layers, start=1):
            scopes.update(dict.fromkeys(scopes_around(layer.name), node))
        aliases = {layer.alias: node for node, layer in enumerate(self.layers, start=1) if layer.alias}
        own = scopes | aliases | exact
        others = {name: own[layer] for name, layer in self.elsewhere[::-1] if layer in own and name not in own}
        return own | others

    @cached_property
    def feature_node(self) -> int:
        """The last node that is still a map: no global pooling and no fully connected layer lies before it."""
        return max(node for node, collapsed in enumerate(self.collapsed) if not collapsed)

    @cached_property
    def output_nodes(self) -> tuple[int, ...]:
        """The nodes that no layer reads."""
        read = {node for layer in self.layers for node in layer.inputs}
        return tuple([node for node in range(len(self.layers) + 1) if node not in read])

    @cached_property
    def first_axis_apart(self) -> bool:
        """Whether lengths are taken on the first axis that are refused on the others."""
        return any(layer.operator.first_axis_apart for layer in self.layers)

    @cached_property
    def uniform_axes(self) -> tuple[tuple[int, ...], ...]:
        """The axes in groups whose arithmetic is the same at equal lengths."""
        groups: list[list[int]] = []
        for axis in range(self.axes):
            for group in groups:
                if all(layer.operator.uniform((group[0], axis)) for layer in self.layers):
                    group.append(axis)
                    break
            else:
                groups.append([axis])
        return tuple(map(tuple, groups))


def _of_inputs(layer: Layer, rule: Callable[[tuple[Value, ...]], Value], values: Sequence[Value]) -> Value:
    """A value of a layer's map, by a rule from those of its inputs. Raises: NetworkError where it has none."""
    try:
        return rule(tuple([values[node] for node in layer.inputs]))
    except ArithmeticRefusal as refusal:
        raise NetworkError(layer.name, refusal.message, refusal.hint) from None


def scopes_around(name: str) -> Iterator[str]:
    """The scopes around a name, outermost first: ``a``, ``a.b`` of ``a.b.c``."""
    parts = name.split(".")
    for count in range(1, len(parts)):
        yield ".".join(parts[:count])
