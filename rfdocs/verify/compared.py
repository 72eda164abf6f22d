"""The reference implementation itself, walked at its input and compared with the catalogue step by step."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import torch

from rfdocs.catalogue import Entry
from rfdocs.verify.expected import expected_steps
from rfdocs.verify.models import Reference, build, parts_of, reference_of, runner
from rfdocs.verify.running import StageField, measure_reference
from rfdocs.verify.steps import Step
from rfdocs.verify.walked import walk

#: The most differences that are shown.
SHOWN = 8
#: How the sentences about what could not be compared begin.
LAYERS, FIELD = "the layers against a reference implementation", "the field of the running"


@dataclass(slots=True)
class Comparison:
    """What was compared, and every difference."""

    reference: Reference | None = None
    version: str = ""
    size: tuple[int, ...] = ()
    layers: int = 0
    order: str = "same"
    parameters: int = 0
    fields: list[StageField] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def compare(entry: Entry) -> Comparison:
    """The comparison of a network with its reference; without one, only why there is none.

    Raises: ModuleNotFoundError where the reference is not installed.
    """
    reference = reference_of(entry)
    if isinstance(reference, str):
        return Comparison(unverified=[f"{LAYERS}: {reference}"])
    size = reference.size or entry.network.input_size
    made = Comparison(reference, reference.version, size, notes=list(reference.notes))
    model = build(reference)
    report = entry.analyze(size)
    walked = [step for step in _walked(reference, model, entry, size) if not _skipped(step, reference)]
    expected = [step for step in expected_steps(report) if not _skipped(step, reference)]
    if not _tells_biases(reference):
        expected = [replace(step, bias=None) for step in expected]
    made.layers = len(expected)
    _compare_steps(expected, walked, made)
    made.parameters = report.parameters
    theirs = sum(map(count_parameters, parts_of(reference, model))) - reference.extra
    if theirs != report.parameters:
        made.disagreements.append(f"parameters: {theirs:,} there, {report.parameters:,} here")
    measured = measure_reference(reference, build(reference), entry)
    made.fields = measured.fields
    made.disagreements.extend(measured.disagreements)
    if measured.why_not:
        made.unverified.append(f"{FIELD} {reference.package} model itself: {measured.why_not}")
    gc.collect()
    return made


def _tells_biases(reference: Reference) -> bool:
    """Whether biases are compared layer by layer; Keras adds them apart, where the total of parameters tells them."""
    return reference.biases and reference.package != "keras"


def _skipped(step: Step, reference: Reference) -> bool:
    return any(step.name.startswith(prefix) for prefix in reference.skip)


def _walked(reference: Reference, model: Any, entry: Entry, size: Sequence[int]) -> list[Step]:
    """The model's steps: on the meta device, without arithmetic, or where that is impossible on a real image."""
    shape = (1, entry.network.input_channels, *size)
    run, biases = runner(reference), _tells_biases(reference)
    if not isinstance(model, torch.nn.Module) or reference.package == "keras":
        return walk(model, run, torch.zeros(shape), biases=biases)
    try:
        return walk(model.to("meta"), run, torch.zeros(shape, device="meta"), biases=biases)
    except (NotImplementedError, RuntimeError):
        return walk(build(reference), run, torch.zeros(shape), biases=biases)


def count_parameters(model: Any) -> int:
    """The learned numbers of a model; those of Keras that are not trained are statistics."""
    if hasattr(model, "trainable_weights"):
        return sum(prod(weight.shape) for weight in model.trainable_weights)
    return sum(parameter.numel() for parameter in model.parameters())


def _compare_steps(expected: Sequence[Step], walked: Sequence[Step], made: Comparison) -> None:
    """In order; or, where branches are written in another order, depth by depth."""
    ours, theirs = [step.key for step in expected], [step.key for step in walked]
    if ours == theirs:
        return
    made.order = "depth"
    if Counter((step.depth, step.key) for step in expected) == Counter((step.depth, step.key) for step in walked):
        return
    made.disagreements.extend(_differences(expected, walked))


def _differences(expected: Sequence[Step], walked: Sequence[Step]) -> Iterator[str]:
    here = Counter((step.depth, step.key) for step in expected)
    there = Counter((step.depth, step.key) for step in walked)
    if Counter(step.key for step in expected) == Counter(step.key for step in walked):
        yield "the same layers, but at other depths"
    only_here, only_there = here - there, there - here
    yield f"{only_here.total()} of {len(expected)} steps here and {only_there.total()} of {len(walked)} there differ"
    for what, only, steps in (("here", only_here, expected), ("there", only_there, walked)):
        shown = [f"only {what}: depth {step.depth} {step}" for step in steps if (step.depth, step.key) in only]
        yield from shown[: SHOWN // 2]
