"""The layers of a network while a foreign model is understood, and what its tensors are in terms of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.views import CHANNELS, ROW, Dimension, Dimensions, in_row, standard, whole
from rfdocs.language.operations import ACTIVATIONS

#: The attribute of a map that is brought to a size, as long as it is not known what this size follows from.
ASKED = "asked"

#: What computes every number of a map by itself.
_OF_NUMBERS = frozenset({*ACTIVATIONS, "identity", "layer_scale"})
#: What makes class tokens, or does away with them.
_OF_TOKENS = frozenset({"class_token", "take_token", "drop_tokens", "put_tokens"})


@dataclass(frozen=True, slots=True)
class LayerDraft:
    """A layer to be: an operation of the format with its attributes, and the layers that it reads by their numbers
    (0 is the image). ``channels`` and ``size`` are its map's; ``learned`` the foreign tensors that it uses, and
    ``tensor`` the one that is its map, where that is one. What is ``inferred`` stands for something else in the model;
    what ``shares`` learns nothing but what an earlier layer does. ``tokens`` are units besides those of its ``size``.
    """

    operation: str
    inputs: tuple[int, ...]
    channels: int
    size: tuple[int, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    learned: tuple[str, ...] = ()
    scope: str = ""
    tensor: str = ""
    inferred: bool = False
    shares: bool = False
    tokens: int = 0

    @property
    def units(self) -> int:
        """All units of its map, tokens among them."""
        return self.tokens + prod(self.size)

    @property
    def lengths(self) -> Mapping[int, int]:
        """How many places its map has on every axis that its digits count."""
        if self.tokens:
            return {CHANNELS: self.channels, ROW: self.units}
        return dict(enumerate((self.channels, *self.size)))

    @property
    def row(self) -> Dimension:
        """All its units in one dimension."""
        if self.tokens:
            return whole(ROW, self.units)
        return tuple([digit for axis, count in enumerate(self.size, start=1) for digit in whole(axis, count)])


@dataclass(frozen=True, slots=True)
class Word:
    """A function of every number by itself that is still to become a layer, or to be left out."""

    word: str
    scope: str = ""
    learned: tuple[str, ...] = ()
    tensor: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A tensor that shows the map of a layer, every number through these functions, in some order of its places.

    ``scope`` is the module that ordered them.
    """

    node: int
    dimensions: Dimensions
    words: tuple[Word, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class FixedTensor:
    """A tensor that no image changes; its ``numbers``, where somebody knows them, as an array of numpy."""

    shape: tuple[int, ...]
    learned: tuple[str, ...] = ()
    numbers: Callable[[], Any] = lambda: None


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """One product of matrices: its multiply-accumulates, and how many of the factors of their number are units.

    Each is another one, equal to none but itself.
    """

    macs: int
    units: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How much each query makes of each key: a tensor that only attention knows what to do with.

    Its ``dimensions`` have the digits of the queries, and those of the keys as keys; there are none where these cannot
    be told apart. ``hidden`` says which keys a query does not see: none, those ``after`` it, or those ``wrapped`` round
    the map.
    """

    query: View
    key: View
    product: Product
    learned: tuple[str, ...] = ()
    dimensions: Dimensions = ()
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class HalfMixed:
    """What a matrix over all units made of each channel of a map, which another one is to read: so many ``hidden``
    numbers. ``scope`` is the module of the matrix.
    """

    view: View
    hidden: int
    bias: bool
    learned: tuple[str, ...]
    scope: str


@dataclass(frozen=True, slots=True)
class TokensOf:
    """The class tokens of a map alone, several of them, as the view of the map has them."""

    view: View


@dataclass(frozen=True, slots=True)
class Lost:
    """A tensor that follows from one that was not understood; that one is told of, and no other."""


Value = View | FixedTensor | Scores | HalfMixed | TokensOf | Lost


class Puzzling(Exception):
    """Why a foreign node is not understood."""


class Undecided(Puzzling):
    """Why a foreign node is not understood on one image; what it does on a larger one may tell."""


class Drafts:
    """The layers so far, the image before them; and which take some channels of a recurrent layer of two directions,
    each with the foreign node that it was.
    """

    def __init__(self, channels: int, size: tuple[int, ...]) -> None:
        self.layers = [LayerDraft("input", (), channels, size)]
        self.halves: dict[int, Node] = {}
        self._same: dict[str, int] = {}
        self._settled: dict[tuple[int, tuple[Word, ...]], int] = {}
        self._counted: set[Product] = set()

    def add(self, draft: LayerDraft) -> int:
        """The number of a layer put behind the others; of one that is there already and learns nothing, that of the
        first. Nobody knows whether two that are opaque do the same.
        """
        if draft.inputs and draft.operation not in _OF_TOKENS:
            draft = replace(draft, tokens=self[draft.inputs[0]].tokens)
        key = repr((draft.operation, draft.inputs, sorted(draft.attributes.items())))
        if not draft.learned and draft.operation != "opaque" and key in self._same:
            return self._same[key]
        self.layers.append(draft)
        self._same[key] = len(self.layers) - 1
        return len(self.layers) - 1

    def __getitem__(self, node: int) -> LayerDraft:
        return self.layers[node]

    def source_of(self, node: int) -> LayerDraft:
        """The layer that a map is of, before functions of every number by itself."""
        while self[node].operation in _OF_NUMBERS:
            [node] = self[node].inputs
        return self[node]

    @property
    def axes(self) -> int:
        """The number of spatial axes."""
        return len(self.layers[0].size)

    def layer(
        self,
        operation: str,
        inputs: tuple[int, ...],
        channels: int,
        size: tuple[int, ...],
        attributes: Mapping[str, Any] | None = None,
        learned: tuple[str, ...] = (),
        scope: str = "",
    ) -> int:
        """The number of a new layer."""
        return self.add(LayerDraft(operation, inputs, channels, size, attributes or {}, learned, scope))

    def alike(
        self,
        operation: str,
        inputs: tuple[int, ...],
        attributes: Mapping[str, Any] | None = None,
        learned: tuple[str, ...] = (),
        scope: str = "",
    ) -> int:
        """The number of a new layer whose map has the channels and the size of its first input."""
        first = self[inputs[0]]
        return self.layer(operation, inputs, first.channels, first.size, attributes, learned, scope)

    def mixed(self, node: int, channels: int, scope: str = "") -> int:
        """The number of ``mix_channels``: so many channels, each made of all that a map has, unit by unit."""
        return self.layer("mix_channels", (node,), channels, self[node].size, {"channels": channels}, (), scope)

    def of_channels(self, node: int, channels: int, scope: str = "") -> int:
        """The number of the map with so many channels, each unit by itself: of itself, where it has as many."""
        return node if self[node].channels == channels else self.mixed(node, channels, scope)

    def standard(self, node: int) -> Dimensions:
        """The map of a layer as convolutions have it; with class tokens its units in a row."""
        layer = self[node]
        return in_row(layer.channels, layer.units) if layer.tokens else standard(layer.channels, layer.size)

    def view(self, node: int) -> View:
        """A tensor that shows the map as it is."""
        return View(node, self.standard(node))

    def settled(self, view: View) -> View:
        """The view with its functions as layers of their own; those that the format has no word for leave no trace."""
        for place in range(len(view.words)):
            self._settle(view.node, view.words[: place + 1])
        return View(self._settle(view.node, view.words), view.dimensions, (), view.scope)

    def _settle(self, node: int, words: tuple[Word, ...]) -> int:
        if not words:
            return node
        key = (node, words)
        if key not in self._settled:
            before, last = self._settle(node, words[:-1]), words[-1]
            named = last.word in ACTIVATIONS or last.learned
            self._settled[key] = self._layer_of(before, last) if named else before
        return self._settled[key]

    def _layer_of(self, node: int, word: Word) -> int:
        operation = word.word if word.word in ACTIVATIONS else "identity"
        layer_number = self.alike(operation, (node,), {}, word.learned, word.scope)
        self.name_tensor(layer_number, word.tensor)
        return layer_number

    def first_time(self, product: Product) -> bool:
        """Whether a product was not asked for before: what several layers share is counted once."""
        new = product not in self._counted
        self._counted.add(product)
        return new

    def name_tensor(self, node: int, tensor: str) -> None:
        """Notes which foreign tensor a layer's map is."""
        self.layers[node] = replace(self.layers[node], tensor=tensor)


def common_scope(first: str, second: str) -> str:
    """The scope that both stand in.

    >>> common_scope("block.se.fc1", "block.se.fc2")
    'block.se'
    """
    parts: list[str] = []
    for one, other in zip(first.split("."), second.split("."), strict=False):
        if one != other:
            break
        parts.append(one)
    return ".".join(parts)
