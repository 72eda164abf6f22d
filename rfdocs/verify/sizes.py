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
from rfdocs.verify.compared import compare_steps, steps_of, tells_biases, without_skipped
from rfdocs.verify.measured import strides_of
from rfdocs.verify.models import Reference, build, build_keras, build_shapes, reference_of, runner
from rfdocs.verify.steps import Numbers, Step
from rfdocs.verify.walked import Walk, walk_or_refusal


@dataclass(slots=True)
class Sizes:
    """What was compared, and every difference."""

    reference: Reference | None = None
    version: str = ""
    found: list[FurtherSize] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)


def compare_sizes(entry: Entry) -> Sizes:
    """The comparison with the network's reference at further sizes; nothing without a reference.

    The nominal size is compared, too, but not told. Where both refuse all others, one more is tried, the nominal with
    its last axis longer by three times the network's stride.
    """
    reference = reference_of(entry)
    if isinstance(reference, str):
        return Sizes()
    made = Sizes(reference, reference.version)
    model = _Model(reference, entry)
    nominal = entry.network.input_size
    _compare_at(nominal, entry, model, made)
    made.found.clear()
    sizes = further_sizes(nominal)
    for size in sizes:
        _compare_at(size, entry, model, made)
    if len(sizes) < 3 or all(found.output is None for found in made.found):
        _compare_at((*nominal[:-1], nominal[-1] + 3 * strides_of(entry.network)[-1]), entry, model, made)
    return made


class _Model:
    """The reference's model, walked at any size."""

    def __init__(self, reference: Reference, entry: Entry) -> None:
        self.reference = reference
        self.channels = entry.network.input_channels
        self.shapes = None if reference.package == "keras" else build_shapes(reference)

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
        made = walk_or_refusal(model, runner(self.reference), image, biases=tells_biases(self.reference))
        return replace(made, steps=without_skipped(made.steps, self.reference))


def _compare_at(size: Numbers, entry: Entry, model: _Model, made: Sizes) -> None:
    """Adds what both make of an image of this size, and every difference."""
    walk = model.walk(size)
    try:
        report = Report(entry.network, size)
    except (NetworkError, InputError) as error:
        made.found.append(FurtherSize(size, None, 0, False))
        problems = [] if walk.refusal else [f"taken there, refused here: {error}"]
    else:
        found, problems = _compared(report, walk, model.reference)
        made.found.append(found)
    made.disagreements.extend(f"at {size_text(size)}: {problem}" for problem in problems)


def _compared(report: Report, walk: Walk, reference: Reference) -> tuple[FurtherSize, list[str]]:
    """What is the same of what the catalogue takes: all, or, where the reference refuses in its head only, the maps."""
    steps, met = steps_of(report, reference), walk.steps
    if walk.refusal:
        steps = _steps_of_maps(report, steps)
        met = met[: len(steps)]
    network = report.network
    output = tuple(dict.fromkeys(report.layers[node - 1].size for node in network.output_nodes))
    found = FurtherSize(report.input_size, output, len(steps), bool(walk.refusal))
    _, problems = compare_steps(steps, met)
    if not walk.refusal:
        return found, [*problems, *(_other_outputs(report, walk.outputs) if reference.outputs else ())]
    in_head = not problems and network.feature_node < len(network.layers)
    return found, [] if in_head else [f"taken here, refused there: {walk.refusal}"]


def _steps_of_maps(report: Report, steps: Sequence[Step]) -> list[Step]:
    """The steps up to the network's last map."""
    network = report.network
    head = set(network.names[network.feature_node + 1 :])
    return [step for step in steps if step.name not in head]


def _other_outputs(report: Report, outputs: Sequence[Numbers]) -> Iterator[str]:
    """What the reference returns that is none of the catalogue's outputs. A list that is no map is counted only."""
    ours = Counter(_shape(report, node) for node in report.network.output_nodes)
    if any(len(shape) != report.network.axes + 1 for shape in outputs):
        ours_in_all, theirs = sum(prod(shape) for shape in ours.elements()), sum(map(prod, outputs))
        if theirs != ours_in_all:
            yield f"{theirs:,} numbers are returned there, {ours_in_all:,} here"
        return
    for shape in Counter(outputs) - ours:
        yield f"a map of {shape} (channels, then size) is returned there; here {', '.join(map(str, ours))}"
    if not outputs:
        yield "no map is returned there"


def _shape(report: Report, node: int) -> Numbers:
    layer = report.layers[node - 1]
    return (layer.channels, *layer.size)
