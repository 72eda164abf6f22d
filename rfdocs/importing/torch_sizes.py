"""Sizes and multiply-accumulates of an imported network held against the running model of PyTorch, at several sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import torch

from rfdocs.graph import InputError, NetworkError, Report, size_text
from rfdocs.graph.network import scopes_around
from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.imported import Imported
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.verdicts import Verdict, refused_at
from rfdocs.operators import Recurrence
from rfdocs.operators.attention import PlacedAttention
from rfdocs.verify.compared import compare_steps
from rfdocs.verify.expected import expected_steps
from rfdocs.verify.further_sizes import output_differences
from rfdocs.verify.models import Reference, runner
from rfdocs.verify.multiplied import multiplied
from rfdocs.verify.shapes_only import without_numbers
from rfdocs.verify.steps import Step, in_one_row, linear_step
from rfdocs.verify.unused import unused_modules
from rfdocs.verify.walked import Walk, walk_or_refusal, whole_walk

#: What goes over parts of a map, or over rows, which a model may apply matrices to as if each were an image.
_IN_PARTS = PlacedAttention | Recurrence


class HeldSizes:
    """A model that runs without arithmetic, on the meta device, or, where that is impossible, as it is."""

    def __init__(self, model: ForeignModel, imported: Imported) -> None:
        self._imported, self._run = imported, runner(Reference(model.source))
        self._channels = model.image[0]
        self._report = imported.entry.analyze()
        self._device, self._module = "cpu", model.model.float()  # for images of half the bits run on few machines
        self._module.eval()  # which a model may have made return nothing
        self._unused: frozenset[str] = frozenset()
        self._walk = self._walked_nominal()
        if any(name not in model.graph.learned for name, _ in model.model.named_parameters()):
            image = self._image(imported.entry.network.input_size)
            self._unused = unused_modules(self._module, self._run, image)

    def nominal(self) -> Verdict:
        """At the size that it was imported on."""
        expected, walked = self._steps(self._report, self._walk)
        order, differences = compare_steps(expected, walked)
        steps = f"{len(walked)} layers with windows or weights ({order} order)"
        return self._with_work(self._report, Verdict((steps,), tuple(differences)))

    def further(self, size: Sequence[int]) -> Verdict:
        """At another size, unless both refuse that."""
        text = size_text(size)
        walk = self._walked(size)
        theirs, *_ = walk.refusal.splitlines() or [""]
        try:
            report = self._imported.entry.analyze(size)
        except (NetworkError, InputError) as error:
            return refused_at(text, theirs, error.message)
        if theirs:
            return refused_at(text, theirs, "")
        differences = [*compare_steps(*self._steps(report, walk))[1], *self._other_outputs(report, walk)]
        verdict = Verdict(() if differences else (f"the sizes of all maps at {text}",), tuple(differences))
        verdict = self._with_work(report, verdict)
        elsewhere = tuple([f"at {text}: {one}" for one in verdict.disagreements])
        return replace(verdict, disagreements=(), elsewhere=elsewhere)

    def _steps(self, report: Report, walk: Walk) -> tuple[list[Step], list[Step]]:
        """Those that are expected, and the model's, as they are compared."""
        each, all_rows = self._met(report, walk, rows=False), self._met(report, walk, rows=True)
        return all_rows if compare_steps(*each)[1] and not compare_steps(*all_rows)[1] else each

    def _met(self, report: Report, walk: Walk, *, rows: bool) -> tuple[list[Step], list[Step]]:
        """The same, with the matrices of attention to windows at the units of one, or of all."""
        used = [self._comparable(step) for step in walk.steps if step.name not in self._unused]
        steps = [step for step in used if not _is_over_channels(step, report.network.axes)]
        walked = [in_one_row(step) for step in steps]
        own = expected_steps(report, rows=rows)
        expected = [in_one_row(self._comparable(step)) for step in own if step.name not in self._imported.inferred]
        if any(isinstance(layer.operator, _IN_PARTS) for layer in report.network.layers):
            walked = [_of_all_windows(step, expected) for step in walked]
        if self._imported.opaque:
            flat = {step.name for step in steps if len(step.size) < report.network.axes}
            walked = _beside_opaque(walked, expected, {puzzle.node.scope for puzzle in self._imported.opaque}, flat)
        return _with_pools_once(expected), _with_pools_once(walked)

    def _comparable(self, step: Step) -> Step:
        """The step, without its bias where the model learns that in part, so that the file has none."""
        names = self._imported.half_biased
        return replace(step, bias=None) if step.name in {*names, *(name.rpartition(".")[0] for name in names)} else step

    def _other_outputs(self, report: Report, walk: Walk) -> Iterator[str]:
        """What is returned of other sizes; nothing of a model that returns more than its network's maps anyway."""
        if not any(output_differences(self._report, self._walk.outputs)):
            yield from output_differences(report, walk.outputs)

    def _with_work(self, report: Report, verdict: Verdict) -> Verdict:
        """The verdict, and that on the multiply-accumulates."""
        if self._imported.opaque:
            why = "multiply-accumulates: what is opaque multiplies is not known"
            return replace(verdict, unverified=(*verdict.unverified, why))
        own = multiplied(self._module, self._run, self._image(report.input_size), self._unused)
        if own.unknown:
            why = f"multiply-accumulates: how many {', '.join(own.unknown)} takes is not known"
            return replace(verdict, unverified=(*verdict.unverified, why))
        theirs = own.macs + _of_first_states(report)
        if theirs == report.macs:
            return replace(verdict, agreeing=(*verdict.agreeing, f"{report.macs:,} multiply-accumulates"))
        difference = f"multiply-accumulates: {theirs:,} in the model, {report.macs:,} imported"
        return replace(verdict, disagreements=(*verdict.disagreements, difference))

    def _image(self, size: Sequence[int]) -> Any:
        return torch.zeros((1, self._channels, *size), device=self._device)

    def _walked_nominal(self) -> Walk:
        """The walk at the nominal size, which decides where the model runs."""
        module, size = self._module, self._imported.entry.network.input_size
        try:
            self._device, self._module = "meta", without_numbers(module)
            return whole_walk(self._module, self._run, self._image(size))
        except (NotImplementedError, RuntimeError):
            self._device, self._module = "cpu", module
            return whole_walk(self._module, self._run, self._image(size))

    def _walked(self, size: Sequence[int]) -> Walk:
        """The walk, or the refusal, whatever it says: the model was run before, and only the size is another."""
        try:
            return walk_or_refusal(self._module, self._run, self._image(size))
        except Exception as error:  # noqa: BLE001 - the model may raise what it likes
            return Walk((), refusal=first_line(error))


def _of_first_states(report: Report) -> int:
    """What recurrent layers multiply first states by: these follow from no image, and it is not met on the model."""
    sizes = [report.input_size, *(layer.size for layer in report)]
    work = 0
    for node, layer in enumerate(report.network.layers, start=1):
        if isinstance(layer.operator, Recurrence):
            pairs = zip(sizes[node], layer.operator.along, strict=True)
            work += layer.operator.state_weights * prod([length for length, along in pairs if not along])
    return work


def _with_pools_once(steps: Sequence[Step]) -> list[Step]:
    """The steps, of equal poolings at one depth only the first: a model may run one twice, which is the same layer."""
    pools = {(step.depth, step.key): step for step in reversed(steps) if "pool" in step.kind}
    return [step for step in steps if "pool" not in step.kind or pools[step.depth, step.key] is step]


def _beside_opaque(walked: Sequence[Step], expected: Sequence[Step], scopes: set[str], rows: set[str]) -> list[Step]:
    """The steps as they are expected beside what is opaque in some modules: without those that are opaque themselves,
    and matrices, in these modules or over ``rows`` of units, at the units of all windows.
    """
    keys = {step.key for step in expected}
    inside = {step.name: not scopes.isdisjoint(("", *scopes_around(step.name), step.name)) for step in walked}
    whole = [_of_all_windows(step, expected) if inside[step.name] or step.name in rows else step for step in walked]
    return [step for step in whole if step.name not in scopes or step.key in keys]


def _of_all_windows(step: Step, expected: Sequence[Step]) -> Step:
    """The step; of a matrix that a model applies to windows, or to units, as if each were an image, at the units of all
    of them.
    """
    own = [one for one in expected if step.name in (one.name, one.name.rpartition(".")[0])]
    if step.kind == "linear":
        matrices = [one for one in own if one.kind == "conv" and one.kernel == (1,)]
        return next((one for one in matrices if linear_step(one, one.channels_in).key == step.key), step)
    if step.kind != "conv" or step.kernel != (1,):
        return step
    sizes = [one.size for one in own if replace(step, size=one.size).key == one.key]
    return replace(step, size=sizes[0]) if sizes and prod(sizes[0]) % prod(step.size) == 0 else step


def _is_over_channels(step: Step, axes: int) -> bool:
    """Whether a window slides over the channels of one unit, and so over one axis of a tensor."""
    return axes > 1 and len(step.kernel) == 1 and step.kernel != (1,)
