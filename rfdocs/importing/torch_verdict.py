"""An imported network held against the running model of PyTorch: its layers one by one, and its fields by gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from math import prod
from typing import Any

from rfdocs.graph import Network, size_text
from rfdocs.graph.network import scopes_around
from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.imported import Imported
from rfdocs.importing.measured_maps import MOST, measured_nodes_of
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.verdicts import Told, Verdict
from rfdocs.verify.compared import compare_steps
from rfdocs.verify.expected import expected_steps
from rfdocs.verify.models import Reference, runner
from rfdocs.verify.running import OUTPUT, ReferenceMeasurement, Stage, StageField, measure_model
from rfdocs.verify.steps import Step
from rfdocs.verify.walked import walk_shapes


def torch_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """The verdict on a network that was imported from a module."""
    told("verifying the layers' sizes and weights on the model")
    entry = imported.entry
    report = entry.analyze()
    walked = [_flat(step) for step in _steps(model) if not _is_over_channels(step, entry.network.axes)]
    expected = [_flat(step) for step in expected_steps(report) if step.name not in imported.inferred]
    if imported.opaque:
        walked = _beside_opaque(walked, expected, {puzzle.node.scope for puzzle in imported.opaque})
    order, differences = compare_steps(_with_pools_once(expected), _with_pools_once(walked))
    own = _own_parameters(model)
    if own != report.parameters:
        differences.append(f"parameters: {own:,} in the model, {report.parameters:,} imported")
    told(f"verifying the fields of {len(measured_nodes_of(entry.network))} maps by gradient")
    measured = _measured(model, entry.network)
    agreeing = [f"{len(walked)} layers with windows or weights ({order} order), {own:,} parameters"]
    agreeing += [f"field of {stage.layer}: {_field_text(stage)}" for stage in measured.fields]
    unverified = [f"fields: {measured.why_not}"] if measured.why_not else []
    return Verdict(tuple(agreeing), (*differences, *measured.disagreements), tuple(unverified))


def _with_pools_once(steps: Sequence[Step]) -> list[Step]:
    """The steps, of equal poolings at one depth only the first: a model may run one twice, which is the same layer."""
    pools = {(step.depth, step.key): step for step in reversed(steps) if "pool" in step.kind}
    return [step for step in steps if "pool" not in step.kind or pools[step.depth, step.key] is step]


def _beside_opaque(walked: Sequence[Step], expected: Sequence[Step], scopes: set[str]) -> list[Step]:
    """The steps as they are expected, where something in a module is opaque: matrices at the units of all windows, and
    without those steps that are opaque themselves.
    """
    keys = {step.key for step in expected}
    around = {step.name: not scopes.isdisjoint(("", *scopes_around(step.name), step.name)) for step in walked}
    whole = [_of_all_windows(step, expected) if around[step.name] else step for step in walked]
    return [step for step in whole if step.name not in scopes or step.key in keys]


def _of_all_windows(step: Step, expected: Sequence[Step]) -> Step:
    """The step; of a matrix that a model applies to windows as if each were an image, at the units of all of them."""
    if step.kind != "conv" or step.kernel != (1,):
        return step
    own = [one for one in expected if step.name in (one.name, one.name.rpartition(".")[0])]
    sizes = [one.size for one in own if replace(step, size=one.size).key == one.key]
    return replace(step, size=sizes[0]) if sizes and prod(sizes[0]) % prod(step.size) == 0 else step


def _is_over_channels(step: Step, axes: int) -> bool:
    """Whether a window slides over the channels of one unit, and so over one axis of a tensor."""
    return axes > 1 and len(step.kernel) == 1 and step.kernel != (1,)


def _flat(step: Step) -> Step:
    """A matrix over the channels of every unit, whose units a model may have in one row."""
    padded = any(side for pair in step.padding for side in pair)
    if step.kind != "conv" or set(step.kernel) | set(step.stride) != {1} or step.groups > 1 or padded:
        return step
    return replace(step, kernel=(1,), stride=(1,), padding=((0, 0),), dilation=(1,), size=(prod(step.size),))


def _field_text(stage: StageField) -> str:
    return size_text([largest for largest, _, _ in stage.axes.values()])


def _measured(model: ForeignModel, network: Network) -> ReferenceMeasurement:
    """The fields of the stages; none of a model that takes images of one size only."""
    try:
        return measure_model(Reference(model.source), model.model, network, _stages(network, model.model))
    except (AssertionError, RuntimeError, ValueError) as error:
        return ReferenceMeasurement(why_not=f"the model does not run on a larger image: {first_line(error)}")


def _steps(model: ForeignModel) -> Sequence[Step]:
    """The steps that the module takes."""
    module = model.model.eval()
    return walk_shapes(deepcopy(module), runner(Reference(model.source)), (1, *model.image), lambda: module)


def _own_parameters(model: ForeignModel) -> int:
    """The numbers that the module learns, less those that its output does not depend on."""
    unused = {name for name, _ in model.model.named_parameters()} - set(model.graph.learned)
    return sum(tensor.numel() for name, tensor in model.model.named_parameters() if name not in unused)


def _stages(network: Network, module: Any) -> list[Stage]:
    """The measured maps that a module of the model returns."""
    return list(_measured_stages(network, {name for name, _ in module.named_modules() if name}))


def _behind_attention(network: Network) -> set[int]:
    """The nodes that read attention, themselves or by others."""
    behind: set[int] = set()
    for node, layer in enumerate(network.layers, start=1):
        if layer.operation == "attention" or not behind.isdisjoint(layer.inputs):
            behind.add(node)
    return behind


def _measured_stages(network: Network, modules: set[str]) -> Iterator[Stage]:
    behind = _behind_attention(network)
    for node in measured_nodes_of(network)[-MOST:]:
        if node in behind:
            continue  # what attention shows of the whole map, a gradient shows too
        name = network.names[node]
        scopes = [scope for scope in scopes_around(name) if network.node(scope) == node]
        source = next((scope for scope in (*scopes, name) if scope in modules), None)
        if source is None and network.output_nodes == (node,):
            source = OUTPUT
        if source is not None:
            yield Stage(node, name, source)
