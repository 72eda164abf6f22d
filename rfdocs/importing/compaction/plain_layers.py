"""The layers of a network without what goes without saying: attributes at their defaults, numbers that stand twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.graph import IMAGE_NAME, Layer
from rfdocs.language.assembly import ExplicitItem
from rfdocs.language.blocks import Block
from rfdocs.language.expand import Expander, typed
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.problems import START, CatalogueError, Problems
from rfdocs.language.source import Items, Scalar, YamlNode
from rfdocs.language.source import Mapping as MappingNode
from rfdocs.language.values import LAYER_NAME, Refused
from rfdocs.language.work import Work

#: The attributes that people write first; the others follow as their operation declares them.
FIRST = ("kernel", "stride", "padding", "dilation", "output_padding", "channels", "groups")
#: The attributes that may name another layer.
REFERENCES = ("size", "pool")
#: The most letters of a name.
NAME = 80
#: More than any file may ask for: a list as long as a network may be is not refused for its length.
_STEPS = 100_000_000


class NotWritten(RfdocsError, ValueError):
    """A network that no file can hold."""


@dataclass(frozen=True, slots=True)
class PlainLayer:
    """A layer: what differs from the usual, the nodes that it reads, and the channels before and after it.

    ``references`` are the nodes that attributes name.
    """

    operation: str
    name: str
    attributes: Mapping[str, Any]
    inputs: tuple[int, ...]
    references: Mapping[str, int]
    channels: int
    out: int


@dataclass(frozen=True, slots=True)
class PlainNetwork:
    """All layers as a file must give them back, and as they are to be written."""

    expected: tuple[Layer, ...]
    layers: tuple[PlainLayer, ...]


def plain_network(items: Sequence[ExplicitItem], axes: int, channels: int) -> PlainNetwork:
    """The network that the items are. Raises: CatalogueError where they are none."""
    nodes = Items(tuple([_item_node(item) for item in items]), START)
    problems = Problems("the network")
    expander = Expander(problems, axes, channels, {}, Work(_STEPS))
    expected = expander.expand(nodes, {}).layers
    if problems:
        raise CatalogueError(problems)
    numbers = {layer.name: number for number, layer in enumerate(expected, start=1)} | {IMAGE_NAME: 0}
    widths = expander.assembly.channels
    layers = [
        _plain_layer(item, layer, numbers, (widths[layer.inputs[0]], widths[number]), axes)
        for number, (item, layer) in enumerate(zip(items, expected, strict=True), start=1)
    ]
    return PlainNetwork(expected, tuple(layers))


def expanded(layers: YamlNode, blocks: dict[str, Block], axes: int, channels: int) -> tuple[Layer, ...]:
    """The layers that a file's items stand for. Raises: CatalogueError."""
    problems = Problems("the file")
    expansion = Expander(problems, axes, channels, blocks).expand(layers, {})
    if problems:
        raise CatalogueError(problems)
    return expansion.layers


def _item_node(item: ExplicitItem) -> MappingNode:
    """An item as a file's reader would have it; one with a name too long for a layer stands in groups."""
    operation, name = next(iter(item.items()))
    scope, inner = short_name(name)
    node = _mapping({**item, operation: inner})
    if not scope:
        return node
    return MappingNode({"group": Scalar(scope, START), "layers": Items((node,), START)}, _PLACES, START)


def short_name(name: str) -> tuple[str, str]:
    """A name as a scope and a name in it, the scope empty where the name is one by itself. Raises: NotWritten."""
    if is_name(name):
        return "", name
    end = name.rfind(".", 0, len(name))
    while end > 0:
        if is_name(name[:end]) and is_name(name[end + 1 :]):
            return name[:end], name[end + 1 :]
        end = name.rfind(".", 0, end)
    raise NotWritten(f"no file can hold a layer called '{name[:200]}'", "its scopes or itself need shorter names")


def is_name(name: str) -> bool:
    """Whether a layer or scope can be called so."""
    try:
        LAYER_NAME.check(name)
    except Refused:
        return False
    return True


_PLACES = dict.fromkeys(("group", "layers"), START)


def _mapping(item: Mapping[str, Any]) -> MappingNode:
    return MappingNode({key: _node(value) for key, value in item.items()}, dict.fromkeys(item, START), START)


def _node(value: Any) -> YamlNode:
    if isinstance(value, (tuple, list)):
        return Items(tuple([_node(part) for part in value]), START)
    return Scalar(value.replace("$", "$$") if isinstance(value, str) else value, START)


def _plain_layer(
    item: ExplicitItem, layer: Layer, numbers: Mapping[str, int], channels: tuple[int, int], axes: int
) -> PlainLayer:
    named = {key: item[key] for key in REFERENCES if isinstance(item.get(key), str)}
    given = {key: value for key, value in item.items() if key not in (layer.operation, "from", *named)}
    return PlainLayer(
        layer.operation,
        layer.name,
        _plain_attributes(layer.operation, given, axes),
        layer.inputs,
        {key: numbers[name] for key, name in named.items()},
        *channels,
    )


def _plain_attributes(operation: str, given: Mapping[str, Any], axes: int) -> dict[str, Any]:
    """What is not at its default, in the order in which people write it."""
    kept = {key: shortest(given[key], axes) for key in telling(operation, given, axes)}
    return dict(sorted(kept.items(), key=lambda pair: place_of_key(operation, pair[0])))


def telling(operation: str, given: Mapping[str, Any], axes: int) -> list[str]:
    """The attributes that say what is not so without them.

    >>> telling("conv", {"kernel": (3, 3), "stride": (1, 1), "padding": ((0, 0), (0, 1)), "bias": True}, 2)
    ['kernel', 'padding']
    """
    defaults = OPERATIONS[operation].mapping.defaults
    values = {key: shortest(value, axes) for key, value in given.items() if value is not None}
    return [key for key in values if not _is_usual(operation, key, values, defaults)]


def place_of_key(operation: str, key: str) -> int:
    """Where an item's key stands among the others."""
    attributes = OPERATIONS[operation].mapping.attributes if operation in OPERATIONS else ()
    order = ("when", "from", "repeat", "counter", "first", *FIRST, *attributes)
    return order.index(key) if key in order else len(order)


def _is_usual(operation: str, key: str, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Whether an attribute says what is so without it."""
    value = values[key]
    if key == "bias" and defaults["bias"] is None:
        return bool(value is ("norm" not in values))
    if key == "stride" and operation in ("maxpool", "avgpool", "unpool"):
        return typed(value) == typed(values["kernel"])
    if key == "output_padding":
        return typed(value) == typed(0) and values.get("padding") not in ("same", "valid")
    return typed(value) == typed(defaults[key])


def shortest(value: Any, axes: int) -> Any:
    """A value with one number for all axes, and for both sides, where these are the same.

    >>> shortest((3, 3), 2), shortest(((0, 1), (2, 2)), 2), shortest(((0, 1), (0, 1)), 2)
    (3, ((0, 1), 2), ((0, 1), (0, 1)))
    """
    if not isinstance(value, (tuple, list)):
        return value
    sides = tuple([shortest(part, 2) for part in value])
    alike = len(sides) == axes and len({typed(side) for side in sides}) == 1
    return sides[0] if alike and not isinstance(sides[0], tuple) else sides
