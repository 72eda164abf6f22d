"""The layers of a network while a file is expanded: their names, channels, and where in the file each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rfdocs.graph import IMAGE_NAME, Layer
from rfdocs.language.problems import Place, Places
from rfdocs.language.values import PATH
from rfdocs.operators.operator import NO_TOKENS, Tokens

#: A layer as an item that stands by itself: its operation with its whole name, its evaluated attributes, and what it
#: reads where that is not the layer before it.
ExplicitItem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The layers, each as an item of its own, and where in the file each comes from."""

    layers: tuple[Layer, ...]
    items: tuple[ExplicitItem, ...]
    places: Places


class Assembly:
    """Nodes by name; node 0 is the image, and the name of a scope stands for its last layer."""

    def __init__(self, channels: int, image: str = IMAGE_NAME) -> None:
        self.layers: list[Layer] = []
        self.items: list[ExplicitItem] = []
        self.channels = [channels]
        self._tokens = [NO_TOKENS]
        self._has_tokens = False
        self._places: dict[str, Place] = {}
        self._image = image
        self._nodes = {image: 0}
        self._scopes: dict[str, int] = {}
        self._found: dict[tuple[str, str], int | None] = {}

    def expansion(self) -> Expansion:
        """What was put together."""
        return Expansion(tuple(self.layers), tuple(self.items), self._places)

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def add(self, layer: Layer, attributes: Mapping[str, Any], place: Place) -> int:
        """The node of a layer put behind the others. Raises: ArithmeticRefusal where its inputs' channels don't fit, or
        their class tokens.
        """
        channels = layer.operator.channels(tuple([self.channels[node] for node in layer.inputs]))
        self._tokens.append(self._tokens_of(layer))
        self.items.append(self._item(layer, attributes))
        self.layers.append(layer)
        self.channels.append(channels)
        self._places[layer.name] = place
        self.bind(layer.name, len(self.layers))
        return len(self.layers)

    def _tokens_of(self, layer: Layer) -> Tokens:
        """Its map's class tokens; nothing is asked where there are none yet."""
        self._has_tokens = self._has_tokens or layer.operator.about_tokens
        if not self._has_tokens:
            return NO_TOKENS
        return layer.operator.tokens(tuple([self._tokens[node] for node in layer.inputs]))

    def _item(self, layer: Layer, attributes: Mapping[str, Any]) -> ExplicitItem:
        item = {layer.operation: layer.name, **attributes}
        if layer.inputs != (len(self.layers),) and not layer.operator.given:
            item["from"] = tuple([self._name(node) for node in layer.inputs])
        if layer.like is not None and "size" in attributes:
            item["size"] = self._name(layer.like)
        return item

    def _name(self, node: int) -> str:
        return self.layers[node - 1].name if node else IMAGE_NAME

    def bind(self, name: str, node: int) -> None:
        """Gives a node a name, if it is free; a defective layer's, so that later ones can read it."""
        if len(name) > PATH:
            return
        self._found.clear()
        self._nodes.setdefault(name, node)
        end = name.find(".")
        while end >= 0:
            self._scopes[name[:end]] = node
            end = name.find(".", end + 1)

    def find(self, name: str, prefix: str) -> int | None:
        """The node of that name in the innermost scope that has it, looking outwards from ``prefix``.

        A list may name one layer thousands of times: until the next name is given it is looked for once.
        """
        asked = name, prefix
        if asked not in self._found:
            self._found[asked] = self._find(name, prefix)
        return self._found[asked]

    def _find(self, name: str, prefix: str) -> int | None:
        while True:
            for nodes in (self._nodes, self._scopes):
                if prefix + name in nodes:
                    return nodes[prefix + name]
            if not prefix:
                return None
            prefix = prefix[: prefix[:-1].rfind(".") + 1]

    def names(self, prefix: str) -> list[str]:
        """All names that can be read, those of the scope ``prefix`` as they are written inside it."""
        return [name.removeprefix(prefix) for name in (*self._nodes, *self._scopes)]

    def with_channels(self, nodes: Sequence[int]) -> str:
        """The nodes with their channels, for a message."""
        names = [self._image if node == 0 else self.layers[node - 1].name for node in nodes]
        return ", ".join(f"{name} ({self.channels[node]} channels)" for name, node in zip(names, nodes, strict=True))
