"""The reference implementation at other sizes than the nominal one: its layers, what it returns, or that it refuses.

Only shapes matter, so the model runs on PyTorch's meta device, without weights and without arithmetic, where it can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import torch

from rfdocs.catalogue import Entry
from rfdocs.catalogue.verification import FurtherSize, further_sizes
from rfdocs.graph import InputError, NetworkError, Report, size_text
from rfdocs.verify.compared import comparable_steps, compare_steps, compares_biases, without_skipped
from rfdocs.verify.models import Reference, build, build_keras, build_shapes, reference_of, runner
from rfdocs.verify.steps import Numbers
from rfdocs.verify.strips import network_strides
from rfdocs.verify.walked import Walk, walk_or_refusal


@dataclass(slots=True)
class SizesComparison:
    """What was compared, and every difference."""

    reference: Reference | None = None
    version: str = ""
    sizes: list[FurtherSize] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)


def compare_sizes(entry: Entry) -> SizesComparison:
    """The comparison with the network's reference at further sizes; nothing without a reference.

    The nominal size is compared, too, but not told. Where both refuse all others, one more is tried, the nominal with
    its last axis longer by three times the network's stride.
    """
    reference = reference_of(entry)
    if isinstance(reference, str):
        return SizesComparison()
    comparison = SizesComparison(reference, reference.version)
    model = _ReferenceModel(reference, entry)
    nominal = entry.network.input_size
    _compare_at(nominal, entry, model, comparison)
    comparison.sizes.clear()
    sizes = comparable_sizes(entry, reference)
    for size in sizes:
        _compare_at(size, entry, model, comparison)
    if len(sizes) < 3 or all(further.output is None for further in comparison.sizes):
        _compare_at((*nominal[:-1], nominal[-1] + 3 * network_strides(entry.network)[-1]), entry, model, comparison)
    return comparison


def comparable_sizes(entry: Entry, reference: Reference) -> list[Numbers]:
    """The further sizes of a network; without those that the catalogue refuses where the reference pads them."""
    multiple = entry.network.multiple if reference.pads else 1
    return [size for size in further_sizes(entry.network.input_size) if not any(length % multiple for length in size)]


class _ReferenceModel:
    """The reference's model, walked at any size."""

    def __init__(self, reference: Reference, entry: Entry) -> None:
        self.reference = reference
        self.channels = entry.network.input_channels
        self.shapes = None if reference.on_keras else build_shapes(reference)

    def walk(self, size: Numbers) -> Walk:
        """The walk without arithmetic, or where that is impossible on a real image."""
        if self.shapes is None:
            return self._walk(build_keras(self.reference, self.channels, size), size, "cpu")
        try:
            return self._walk(self.shapes, size, "meta")
        except (NotImplementedError, RuntimeError):
            return self._walk(build(self.reference), size, "cpu")

    def _walk(self, model: Any, size: Numbers, device: str) -> Walk:
        image = torch.zeros((1, self.channels, *size), device=device)
        walk = walk_or_refusal(model, runner(self.reference), image, biases=compares_biases(self.reference))
        return replace(walk, steps=without_skipped(walk.steps, self.reference))


def _compare_at(size: Numbers, entry: Entry, model: _ReferenceModel, comparison: SizesComparison) -> None:
    """Adds what both make of an image of this size, and every difference."""
    walk = model.walk(size)
    try:
        report = Report(entry.network, size)
    except (NetworkError, InputError) as error:
        comparison.sizes.append(FurtherSize(size, None, 0, False))
        differences = [] if walk.refusal else [f"taken there, refused here: {error}"]
    else:
        further, differences = _compared_walk(report, walk, model.reference)
        comparison.sizes.append(further)
    comparison.disagreements.extend(f"at {size_text(size)}: {difference}" for difference in differences)


def _compared_walk(report: Report, walk: Walk, reference: Reference) -> tuple[FurtherSize, list[str]]:
    """What is the same of what the catalogue takes: all, or, where the reference refuses in its head only, the maps."""
    network, steps, walked = report.network, comparable_steps(report, reference), walk.steps
    if walk.refusal:
        head = set(network.names[network.feature_node + 1 :])
        steps = [step for step in steps if step.name not in head]
        walked = walked[: len(steps)]
    output = tuple(dict.fromkeys(report.layers[node - 1].size for node in network.output_nodes))
    further = FurtherSize(report.input_size, output, len(steps), bool(walk.refusal))
    _, differences = compare_steps(steps, walked)
    if not walk.refusal:
        return further, [*differences, *(output_differences(report, walk.outputs) if reference.outputs else ())]
    in_head = not differences and network.feature_node < len(network.layers)
    return further, [] if in_head else [f"taken here, refused there: {walk.refusal}"]


def output_differences(report: Report, outputs: Sequence[Numbers]) -> Iterator[str]:
    """What the reference returns that is none of the catalogue's outputs. A list that is no map is counted only."""
    ours = Counter(_map_shape(report, node) for node in report.network.output_nodes)
    if any(len(shape) != report.network.axes + 1 for shape in outputs):
        ours_in_all, theirs = sum(prod(shape) for shape in ours.elements()), sum(map(prod, outputs))
        if theirs != ours_in_all:
            yield f"{theirs:,} numbers are returned there, {ours_in_all:,} here"
        return
    for shape in Counter(outputs) - ours:
        yield f"a map of {shape} (channels, then size) is returned there; here {', '.join(map(str, ours))}"
    if not outputs:
        yield "no map is returned there"


def _map_shape(report: Report, node: int) -> Numbers:
    layer = report.layers[node - 1]
    return (layer.channels, *layer.size)
