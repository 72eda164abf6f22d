"""A foreign model as items of a file, each with what it learns, and as an entry of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rfdocs.catalogue import Entry, Family
from rfdocs.catalogue.explicit import flow
from rfdocs.errors import RfdocsError
from rfdocs.graph import LayerReport, size_text
from rfdocs.importing.chains import with_chains
from rfdocs.importing.compaction.plain_layers import shortest
from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.folding import REFERENCES, WEIGHTED, cut_at_once, folded, with_slopes
from rfdocs.importing.foreign_graph import ForeignGraph
from rfdocs.importing.gates import with_gates
from rfdocs.importing.likenesses import with_fixed_sizes, with_likenesses
from rfdocs.importing.naming import names_of
from rfdocs.importing.own_matrices import with_matrices
from rfdocs.importing.sequence_biases import with_biases
from rfdocs.importing.sums import with_sums
from rfdocs.importing.understanding import Puzzle, Understood, understood
from rfdocs.importing.window_padding import with_same_padding
from rfdocs.language.assembly import ExplicitItem

#: What the format calls an attribute that is a layer, where it has another name here.
_KEYS: Mapping[str, str] = {"size_of": "size"}

_NOT_UNDERSTOOD = "the model is not understood, and nothing was written"


class ParametersDiffer(RfdocsError, ValueError):
    """A layer that would learn more than the model's own: it is not what it was taken for."""


class MapsDiffer(RfdocsError, ValueError):
    """A layer whose map would not be the model's: it is not what it was taken for."""


class Choices(NamedTuple):
    """How numbers are read that one image does not explain. With ``same`` the padding of maps before windows is
    TensorFlow's rule wherever that gives the same amounts, and not these amounts; with ``fixed`` sizes that were asked
    for stay numbers, and do not follow from another map; with ``scaled`` they are parts of the map that is brought to
    them, such as half of it.
    """

    same: bool = False
    fixed: bool = False
    scaled: bool = False


#: The most bytes of a network whose layers are all items by themselves: the file that is written is shorter.
BYTES = 1 << 20
#: Padding as numbers, sizes as those of other maps.
AS_THEY_ARE = Choices()


class Imported(NamedTuple):
    """A model as :func:`rfdocs.load` gives networks, every layer an item by itself; for each layer the foreign tensor
    that is its map, if one is; the names of those that stand for something else in the model; what is opaque; and the
    names of those whose biases the model learns in part only.
    """

    entry: Entry
    tensors: tuple[str, ...]
    inferred: frozenset[str]
    opaque: tuple[Puzzle, ...] = ()
    half_biased: frozenset[str] = frozenset()

    @property
    def unknown(self) -> tuple[str, ...]:
        """What nobody can know of the network, because of what is opaque."""
        if not self.opaque:
            return ()
        return (
            "fields behind opaque layers: they are bounds, at most the whole map of what these read",
            "multiply-accumulates of opaque layers: they are not known, and counted as none",
        )


def imported(
    graph: ForeignGraph,
    identifier: str,
    title: str,
    *,
    allow_opaque: bool = False,
    choices: Choices = AS_THEY_ARE,
    size: Sequence[int] | None = None,
) -> Imported:
    """The model of a graph, for images of ``size``, by default that of the graph's; what is not understood is
    ``opaque`` where that is allowed, and what one image does not explain is read by these ``choices``.

    Raises: ModelNotUnderstood, MapsDiffer, ParametersDiffer; CatalogueError where its layers do not fit each other.
    """
    understanding = understood(graph, allow_opaque=allow_opaque)
    read = with_same_padding(understanding) if choices.same else understanding
    sized = with_fixed_sizes(read) if choices.fixed else with_likenesses(read, scaled=choices.scaled)
    plain = with_slopes(cut_at_once(sized), graph.learned)
    whole = with_biases(with_matrices(plain, graph.learned), graph.learned)
    network = with_chains(with_gates(with_sums(folded(whole))))
    items = [_with_fixed(*pair) for pair in zip(_items(network), network.layers[1:], strict=True)]
    image = {"channels": network.layers[0].channels, "size": tuple(size or network.layers[0].size)}
    entry = _entry(identifier, title, image, items)
    report = entry.analyze()
    if size is None:
        _check_maps(network.layers[1:], report)
    counted = [layer.parameters for layer in report]
    learned = _learned(network, graph.learned)
    complete = [_with_learned(*pair) for pair in zip(items, counted, learned, strict=True)]
    if complete != items:
        entry = _entry(identifier, title, image, complete)
    tensors = tuple([layer.tensor for layer in network.layers[1:]])
    pairs = zip(network.layers[1:], entry.network.layers, strict=True)
    inferred = frozenset([layer.name for draft, layer in pairs if draft.inferred])
    told = zip(items, complete, entry.network.layers, strict=True)
    half_biased = frozenset([layer.name for one, other, layer in told if one.get("bias") != other.get("bias")])
    return Imported(entry, tensors, inferred, understanding.opaque, half_biased)


def _check_maps(layers: Sequence[LayerDraft], report: Iterable[LayerReport]) -> None:
    """Raises: MapsDiffer where a layer would not have the channels, or the size, that its map has in the model."""
    for draft, layer in zip(layers, report, strict=True):
        have, wanted = (layer.channels, *layer.size), (draft.channels, *draft.size)
        if have != wanted:
            message = f"{layer.name}: its map would be {size_text(have)}, and in the model it is {size_text(wanted)}"
            raise MapsDiffer(message, _NOT_UNDERSTOOD)


def _entry(identifier: str, title: str, image: Mapping[str, Any], items: Sequence[ExplicitItem]) -> Entry:
    layers = "".join([f"  - {flow(item)}\n" for item in items])
    text = f"title: {flow(title)}\ninput: {flow(dict(image))}\nlayers:\n{layers}"
    return Family(f"{identifier}.yaml", identifier, text.encode(), BYTES).entry(identifier)


def _items(network: Understood) -> list[ExplicitItem]:
    names = names_of(network.layers)
    return [_item(network, names, number) for number in range(1, len(network.layers))]


def _item(network: Understood, names: Sequence[str], number: int) -> ExplicitItem:
    layer = network.layers[number]
    item: dict[str, Any] = {layer.operation: names[number], **_attributes(layer, names)}
    if layer.inputs != (number - 1,):
        item["from"] = tuple([names[node] for node in layer.inputs])
    return item


def _attributes(layer: LayerDraft, names: Sequence[str]) -> Mapping[str, Any]:
    axes = len(layer.size)
    attributes = {key: _as_one(value, axes) for key, value in layer.attributes.items() if key not in REFERENCES}
    named = {_KEYS.get(key, key): names[layer.attributes[key]] for key in REFERENCES if key in layer.attributes}
    return {**named, **attributes}


def _as_one(value: Any, axes: int) -> Any:
    """One number for all axes, and all sides, where they have the same."""
    short = shortest(value, axes)
    return value if isinstance(short, tuple) else short


def _learned(network: Understood, counts: Mapping[str, int]) -> list[int | None]:
    """What each layer learns of the model's own numbers, each counted where it is first used; ``None`` where all that
    it uses was counted before.
    """
    counted: set[str] = set()
    learned: list[int | None] = []
    for layer in network.layers[1:]:
        own = dict.fromkeys(name for name in layer.learned if name not in counted)
        learned.append(sum([counts[name] for name in own]) if own or not layer.learned else None)
        counted |= own.keys()
    return learned


def _with_fixed(item: ExplicitItem, layer: LayerDraft) -> ExplicitItem:
    """The item, said to be fixed where it has weights and learns none."""
    return {**item, "fixed": True} if layer.operation in WEIGHTED and not layer.learned else item


def _with_learned(item: ExplicitItem, counted: int, learned: int | None) -> ExplicitItem:
    """The item, with what it learns besides its own; of biases that it learns in part only, with these as such.

    Raises: ParametersDiffer.
    """
    if learned is None:
        return {**item, "shared": True} if counted else item
    biases = item["channels"] if item.get("bias", "norm" not in item) and {"conv", "linear"} & item.keys() else 0
    if counted > learned >= counted - biases:
        besides = learned - counted + biases
        return {**item, "bias": False} | ({"learned": besides} if besides else {})
    if counted > learned:
        name = next(iter(item.values()))
        message = f"{name}: it would learn {counted:,} numbers, and the model has {learned:,} there"
        raise ParametersDiffer(message, _NOT_UNDERSTOOD)
    return {**item, "learned": learned - counted} if counted < learned else item
