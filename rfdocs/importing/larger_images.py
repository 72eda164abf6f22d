"""Models whose attention does not tell, on one image, how far it reaches: they are read on larger ones as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.imported import AS_THEY_ARE, Choices, Imported, imported
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.placed_nodes import PLACED
from rfdocs.importing.understanding import ModelNotUnderstood, Puzzle

#: What must not depend on the image: these operations, and these attributes.
_FITTING = frozenset({"pad", "crop"})
_OWN = (*PLACED, *PLACED.values(), "heads", "shift")


def network_of(
    model: ForeignModel,
    identifier: str,
    title: str,
    *,
    allow_opaque: bool = False,
    choices: Choices = AS_THEY_ARE,
) -> Imported:
    """The model's network; what is not understood is ``opaque`` where that is allowed, and what one image does not
    explain is read by these ``choices``.

    A window as long as an axis may be one, or follow that axis. A network that has both windows and attention to all
    is read again on an image about twice as large, where the model takes one, which shows what is the one or the other.

    Raises: as :func:`rfdocs.importing.imported.imported`.
    """
    try:
        first = imported(model.graph, identifier, title, allow_opaque=allow_opaque, choices=choices)
    except ModelNotUnderstood as refusal:
        second = _read_larger(model, None, identifier, title, choices) if _is_undecided(refusal.puzzles) else None
        if second is None:
            raise
        return second
    return (_read_larger(model, first, identifier, title, choices) if _is_doubtful(first) else None) or first


def _is_undecided(puzzles: Sequence[Puzzle]) -> bool:
    return any(puzzle.undecided for puzzle in puzzles)


def _read_larger(
    model: ForeignModel, first: Imported | None, identifier: str, title: str, choices: Choices
) -> Imported | None:
    """The network as a larger image shows it, where that agrees with what there was; nothing, where none does."""
    for size in _larger(model, first):
        second = _read_again(model, size, identifier, title, choices)
        if second is not None and (first is None or _agree(first, second)):
            return second
    return None


def _is_doubtful(network: Imported) -> bool:
    operations = {layer.operation for layer in network.entry.network.layers}
    is_both = "attention" in operations and not operations.isdisjoint(PLACED)
    return is_both or _is_undecided(network.opaque)


def _larger(model: ForeignModel, network: Imported | None) -> Iterator[tuple[int, ...]]:
    """Sizes about twice the image's: with a unit of the first smaller map more, so that windows do not fill maps, and
    without.
    """
    _, *size = model.image
    if network is not None:
        yield tuple([2 * length + step for length, step in zip(size, _first_jumps(network), strict=True)])
    yield tuple([2 * length for length in size])


def _first_jumps(network: Imported) -> Sequence[int]:
    """How many pixels a unit of the first smaller map is long, on each axis."""
    report = network.entry.analyze()
    lengths = [layer.size for layer in report if layer.size != report.input_size][:1] or [report.input_size]
    return [max(1, whole // own) for whole, own in zip(report.input_size, lengths[0], strict=True)]


def _read_again(
    model: ForeignModel, size: Sequence[int], identifier: str, title: str, choices: Choices
) -> Imported | None:
    """The network as an image of another size shows it, for images of the model's own; nothing, where that fails."""
    channels, *own = model.image
    if model.again is None:
        return None
    try:
        return imported(model.again((channels, *size)), identifier, title, choices=choices, size=own)
    except RfdocsError:
        return None


def _agree(one: Imported, other: Imported) -> bool:
    """Whether windows and grids are the same on both images, wherever both have one in a place, and nothing is filled
    up or cut off on the larger one that is not on the other.
    """
    first, second = _placed(one), _placed(other)
    same = first.keys() <= second.keys() and all(second[name] == placing for name, placing in first.items())
    fitted, fitted_larger = (
        [layer.operation in _FITTING for layer in read.entry.network.layers] for read in (one, other)
    )
    return same and sum(fitted_larger) <= sum(fitted)


def _placed(network: Imported) -> Mapping[str, Mapping[str, Any]]:
    items = {next(iter(item.values())): item for item in network.entry.items if next(iter(item)) in PLACED}
    return {name: {key: item.get(key) for key in _OWN} for name, item in items.items()}
