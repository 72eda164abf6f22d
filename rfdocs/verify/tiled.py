"""The reference implementation on an image and on its tiles: what these keep, put together, is the whole's map.

The model runs as it is, in double precision and evaluation mode, with random weights and random statistics of its
normalisations. Nor will less do: one unit more at an inner edge of a tile is another than the whole's, and so is every
unit of a tile that does not begin on the grid.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import ceil, floor, prod
from typing import Any

import torch
from torch import Tensor, nn

from rfdocs.catalogue import Entry
from rfdocs.catalogue.verification import ComparedTiles
from rfdocs.graph import Report, size_text
from rfdocs.graph.tiling import AxisTiling, Pair, Stretch, Tiling
from rfdocs.verify.models import build, is_tiled, maps_of, reference_of, runner
from rfdocs.verify.running import KeepingPooled, Stage, stage_maps, stages_of
from rfdocs.verify.tiled_image import NotTiledError, crops, tiling_to_run

#: The largest difference that is one of rounding. Unit: the map's largest value.
ROUNDING = 1e-9
#: A unit is another where it differs by so many times the largest difference of those that are the same, or, where
#: these don't differ at all, by so much of the map's largest value.
ANOTHER, LEAST = 4, 1e-15
#: What pixels beyond a tile are multiplied with, lest what comes from there be lost in rounding behind many layers.
LOUD = 1e100


@dataclass(frozen=True, slots=True)
class TilesComparison:
    """The tiles that were compared, and every difference."""

    tiling: Tiling
    disagreements: tuple[str, ...] = ()

    @property
    def record(self) -> ComparedTiles:
        """What is recorded of it."""
        return ComparedTiles(
            agrees=not self.disagreements,
            torch=torch.__version__.split("+")[0],
            layer=self.tiling.layer,
            size=tuple([axis.length for axis in self.tiling.axes]),
            tile=tuple([min(axis.tile, axis.length) for axis in self.tiling.axes]),
            tiles=self.tiling.count,
        )


def compare_tiles(entry: Entry) -> TilesComparison | None:
    """The comparison of the tiles of a network's last map that its reference gives, as far as one has an exact tiling;
    ``None`` where the registry does not list the network.

    Raises: NotTiledError; ModuleNotFoundError where the reference is not installed.
    """
    reference = reference_of(entry)
    if not is_tiled(entry.identifier) or isinstance(reference, str):
        return None
    model = with_random_weights(build(reference))
    for stage in reversed(stages_of(entry.network, model, maps_of(entry.identifier))):
        if (tiling := tiling_to_run(entry.network, stage.layer)) is not None:
            run = _single_map(model, runner(reference), stage)
            channels = (entry.network.input_channels, Report(entry.network)[stage.layer].channels)
            comparison = TilesComparison(tiling, tuple(differences(tiling, run, channels)))
            gc.collect()
            return comparison
    raise NotTiledError(f"none of the maps that {reference.package} gives has an exact tiling")


@torch.no_grad()
def with_random_weights(model: nn.Module) -> nn.Module:
    """The model in double precision and evaluation mode, with weights that keep values about as large as they are, and
    with biases, factors and statistics that are none of those that a new model has.
    """
    generator = torch.Generator().manual_seed(0)
    for name, weight in model.double().named_parameters():
        if weight.dim() > 1:
            weight.normal_(0, (2 / max(2, prod(weight.shape[1:]))) ** 0.5, generator=generator)
        elif name.endswith("bias"):
            weight.normal_(0, 0.2, generator=generator)
        else:
            weight.uniform_(0.5, 1.5, generator=generator)
    for name, statistic in model.named_buffers():
        if name.endswith("running_mean"):
            statistic.normal_(0, 0.2, generator=generator)
        elif name.endswith("running_var"):
            statistic.uniform_(0.5, 1.5, generator=generator)
    model.eval()
    return model


def _single_map(model: Any, run: Callable[[Any, Tensor], Any], stage: Stage) -> Callable[[Tensor], Tensor]:
    """The model as a function from an image to the map of one stage."""
    maps = stage_maps(model, run, [stage], KeepingPooled)

    def single_map(image: Tensor) -> Tensor:
        with torch.no_grad():
            return maps(image)[0]

    return single_map


def differences(tiling: Tiling, run: Callable[[Tensor], Tensor], channels: Pair) -> Iterator[str]:
    """All that disagrees: where what the tiles keep is not the whole's, or where less than the tiling asks would do.
    ``channels`` are the image's and the map's.

    Raises: NotTiledError where the model does not come so far.
    """
    size = [axis.length for axis in tiling.axes]
    image = torch.randn((1, channels[0], *size), generator=torch.Generator().manual_seed(1)).double()
    whole = run(image)
    if not whole.numel():
        raise NotTiledError(f"it gives no map of {tiling.layer} for an image of {size_text(size)} pixels")
    here, there = (channels[1], *[axis.output for axis in tiling.axes]), tuple(whole.shape[1:])
    if here != there:
        yield f"the whole's map is of {there} there and of {here} here (channels, then size)"
        return
    everywhere = [(0, length) for length in here[1:]]
    held = _Held(_joined(tiling, run, image, whole), whole, [0] * len(everywhere))
    rounding = float(held.difference(everywhere).max())
    if not rounding <= ROUNDING:
        yield f"what the tiles keep differs from the whole by {rounding:.1g} of its largest value"
    another = max(ANOTHER * rounding, LEAST)
    middle = _middle(tiling)
    loud = run(_loud_outside(image, middle))
    yield from _at_edges(tiling, _Held(run(_part(image, crops(middle))), loud, _firsts(middle)), another)
    for number, axis in enumerate(tiling.axes):
        if axis.grid > 1 and _is_cut(axis):
            moved = [_moved(stretch, int(number == other)) for other, stretch in enumerate(middle)]
            held = _Held(run(_part(image, crops(moved))), whole, _firsts(middle))
            yield from _off_grid(tiling, number, held, another)


@dataclass(frozen=True, slots=True)
class _Held:
    """A tile's map held against the whole's, in which the tile's first unit is ``firsts``, axis by axis."""

    output: Tensor
    whole: Tensor
    firsts: Sequence[int]

    def difference(self, units: Sequence[Pair], moved: Sequence[int] = ()) -> Tensor:
        """How much units of the tile differ from the whole's, or from those ``moved`` by so many. Unit: its largest."""
        firsts = [first + by for first, by in zip_longest(self.firsts, moved, fillvalue=0)]
        there = [(first + begin, first + end) for first, (begin, end) in zip(firsts, units, strict=True)]
        return (_part(self.output, units) - _part(self.whole, there)).abs() / self.output.abs().max()


def _joined(tiling: Tiling, run: Callable[[Tensor], Tensor], image: Tensor, whole: Tensor) -> Tensor:
    """What all tiles keep, put together."""
    joined = torch.full_like(whole, torch.nan)
    for tile in tiling.tiles():
        kept = _part(run(_part(image, crops(tile))), [stretch.keep for stretch in tile])
        _part(joined, [stretch.place for stretch in tile]).copy_(kept)
    return joined


def _loud_outside(image: Tensor, tile: Sequence[Stretch]) -> Tensor:
    """The image with the same pixels in a tile, and very large ones around it."""
    loud = image * LOUD
    _part(loud, crops(tile)).copy_(_part(image, crops(tile)))
    return loud


def _part(tensor: Tensor, places: Sequence[Pair]) -> Tensor:
    """The part of an image or a map from each axis's first place to before its second."""
    return tensor[(..., *[slice(*place) for place in places])]


def _is_cut(axis: AxisTiling) -> bool:
    return axis.count > 1


def _middle(tiling: Tiling) -> list[Stretch]:
    """The tile with two inner edges on every axis that is cut."""
    return [list(axis.stretches())[_is_cut(axis)] for axis in tiling.axes]


def _moved(stretch: Stretch, pixels: int) -> Stretch:
    """A tile with another crop, so many pixels behind its own."""
    return replace(stretch, crop=(stretch.crop[0] + pixels, stretch.crop[1] + pixels))


def _firsts(tile: Sequence[Stretch]) -> list[int]:
    """Where a tile's first unit stands in the whole's map."""
    return [stretch.place[0] - stretch.keep[0] for stretch in tile]


def _true_units(tiling: Tiling) -> list[Pair]:
    """The units of the tile in the middle that need not be discarded."""
    return [
        (axis.discard[0], axis.units - axis.discard[1]) if _is_cut(axis) else (0, axis.output) for axis in tiling.axes
    ]


def _at_edges(tiling: Tiling, held: _Held, another: float) -> Iterator[str]:
    """What disagrees of the tile in the middle: units that are not the whole's, and at its edges some that are."""
    true = _true_units(tiling)
    if not (most := float(held.difference(true).max())) <= ROUNDING:
        yield f"units between those that are to be discarded differ by {most:.1g} of the largest value"
    for number, axis in enumerate(tiling.axes):
        begin, end = true[number]
        for unit, discarded in ((begin - 1, axis.discard[0]), (end, axis.discard[1])):
            if not _is_cut(axis) or not discarded:
                continue
            edge = [*true[:number], (unit, unit + 1), *true[number + 1 :]]
            if not (most := float(held.difference(edge).max())) > another:
                yield f"unit {unit} of a tile on axis {number}, to be discarded, differs by {most:.1g} only"


def _off_grid(tiling: Tiling, number: int, held: _Held, another: float) -> Iterator[str]:
    """What disagrees of the tile that begins a pixel behind the grid on an axis: units that are the whole's."""
    jump = tiling.axes[number].jump
    for units in dict.fromkeys((floor(1 / jump), ceil(1 / jump))):
        moved = [units * (number == axis) for axis in range(len(tiling.axes))]
        difference = held.difference(_true_units(tiling), moved).movedim(2 + number, 0).flatten(1).amax(1)
        same = int((difference <= another).sum())
        if same:
            yield f"off the grid of axis {number}, {same} of {len(difference)} units are those of the whole"
