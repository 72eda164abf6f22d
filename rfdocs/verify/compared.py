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
from rfdocs.graph import Report
from rfdocs.verify.expected import expected_steps
from rfdocs.verify.models import Reference, build, parts_of, reference_of, runner
from rfdocs.verify.running import StageField, measure_reference
from rfdocs.verify.steps import Step, in_one_row
from rfdocs.verify.tapped import tap_differences
from rfdocs.verify.walked import walk, walk_shapes

#: The most differences that are shown.
MOST_DIFFERENCES = 8
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
    """The comparison of a network with its reference, and of its taps' names; without one, of these, and why there is
    none.

    Raises: ModuleNotFoundError where the reference is not installed.
    """
    reference = reference_of(entry)
    if isinstance(reference, str):
        return Comparison(unverified=[f"{LAYERS}: {reference}"], disagreements=list(tap_differences(entry)))
    size = reference.size or entry.network.input_size
    comparison = Comparison(reference, reference.version, size, notes=list(reference.notes))
    model = build(reference)
    report = entry.analyze(size)
    walked = without_skipped(_reference_steps(reference, model, entry, size), reference)
    expected = comparable_steps(report, reference)
    comparison.layers = len(expected)
    comparison.order, differences = compare_steps(expected, walked)
    comparison.disagreements.extend(differences)
    comparison.disagreements.extend(tap_differences(entry))
    comparison.parameters = report.parameters
    theirs = sum(map(count_parameters, parts_of(reference, model))) - reference.extra
    if theirs != report.parameters:
        comparison.disagreements.append(f"parameters: {theirs:,} there, {report.parameters:,} here")
    measured = measure_reference(reference, build(reference), entry)
    comparison.fields = measured.fields
    comparison.disagreements.extend(measured.disagreements)
    if measured.why_not:
        comparison.unverified.append(f"{FIELD} {reference.package} model itself: {measured.why_not}")
    gc.collect()
    return comparison


def comparable_steps(report: Report, reference: Reference) -> Sequence[Step]:
    """The catalogue's steps at the report's size, as far as they are compared with those of the reference."""
    steps = without_skipped(expected_steps(report, rows=reference.rows), reference)
    return steps if compares_biases(reference) else [replace(step, bias=None) for step in steps]


def compares_biases(reference: Reference) -> bool:
    """Whether biases are compared layer by layer; Keras adds them apart, where the total of parameters tells them."""
    return reference.biases and not reference.on_keras


def without_skipped(steps: Sequence[Step], reference: Reference) -> Sequence[Step]:
    """The steps that are compared, in the form in which they are."""
    kept = [step for step in steps if not (reference.skip and step.name.startswith(reference.skip))]
    return list(map(in_one_row, kept)) if reference.rows else kept


def _reference_steps(reference: Reference, model: Any, entry: Entry, size: Sequence[int]) -> Sequence[Step]:
    """The model's steps, those of Keras on a real image."""
    shape = (1, entry.network.input_channels, *size)
    run, biases = runner(reference), compares_biases(reference)
    if not isinstance(model, torch.nn.Module) or reference.on_keras:
        return walk(model, run, torch.zeros(shape), biases=biases)
    return walk_shapes(model, run, shape, lambda: build(reference), biases=biases)


def count_parameters(model: Any) -> int:
    """The learned numbers of a model; those of Keras that are not trained are statistics."""
    if hasattr(model, "trainable_weights"):
        return sum(prod(weight.shape) for weight in model.trainable_weights)
    return sum(parameter.numel() for parameter in model.parameters())


def compare_steps(expected: Sequence[Step], walked: Sequence[Step]) -> tuple[str, list[str]]:
    """How the steps were compared, and every difference: in order (``same``); or, where branches are written in another
    order, depth by depth (``depth``).
    """
    if [step.key for step in expected] == [step.key for step in walked]:
        return "same", []
    return "depth", list(_differences(expected, walked))


def _differences(expected: Sequence[Step], walked: Sequence[Step]) -> Iterator[str]:
    here = Counter((step.depth, step.key) for step in expected)
    there = Counter((step.depth, step.key) for step in walked)
    if here == there:
        return
    if Counter(step.key for step in expected) == Counter(step.key for step in walked):
        yield "the same layers, but at other depths"
    only_here, only_there = here - there, there - here
    yield f"{only_here.total()} of {len(expected)} steps here and {only_there.total()} of {len(walked)} there differ"
    for side, only, steps in (("here", only_here, expected), ("there", only_there, walked)):
        texts = [f"only {side}: depth {step.depth} {step}" for step in steps if (step.depth, step.key) in only]
        yield from texts[: MOST_DIFFERENCES // 2]
