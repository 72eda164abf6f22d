"""An imported network held against the running model of PyTorch: its layers one by one, its fields by gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import prod
from typing import Any

import torch

from rfdocs.graph import Layer, LayerReport, Network, Report, size_text
from rfdocs.graph.network import scopes_around
from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.imported import Imported
from rfdocs.importing.measured_maps import MOST, is_filled_up, measured_nodes_of, other_sizes
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.torch_sizes import HeldSizes
from rfdocs.importing.verdicts import Told, Verdict, together
from rfdocs.operators import GlobalContext
from rfdocs.verify.function_calls import tensors_in
from rfdocs.verify.models import Reference, runner
from rfdocs.verify.running import OUTPUT, ReferenceMeasurement, Stage, StageField, measure_model, sizes_measured_at
from rfdocs.verify.shapes_only import ShapesOnly, without_numbers

_FIXED = "a file of torch.export holds a program for images of one size"


def torch_verdict(model: ForeignModel, imported: Imported, told: Told, sizes: Verdict | None = None) -> Verdict:
    """The verdict on a network that was imported from a module, that on its ``sizes`` where it is known already."""
    if model.fixed:
        return _verdict_of_program(model, imported, told)
    return together([sizes or sizes_verdict(model, imported, told), _fields(model, imported, told)])


def sizes_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """That on the layers, the sizes of their maps at several sizes of the image, and what they learn and multiply."""
    held = _held(model, imported, told)
    verdicts = [held.nominal(), _parameters(model, imported)]
    for size in other_sizes(imported.entry.network):
        told(f"verifying the sizes of all maps of an image of {size_text(size)}")
        verdicts.append(held.further(size))
    return together(verdicts)


def _verdict_of_program(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """That on a network of a program: its fields are asked for where it makes of larger images what its network does,
    and other sizes not at all.
    """
    held, network = _held(model, imported, told), imported.entry.network
    stages = _stages(model, network)
    larger = [held.further(size) for size in (sizes_measured_at(network, stages) if stages else ())]
    takes_them = all(verdict.agrees and verdict.agreeing for verdict in larger)
    fields = _fields(model, imported, told) if takes_them else Verdict(unverified=(f"fields: {_FIXED}",))
    sizes = Verdict(unverified=(f"other sizes: {_FIXED}",))
    return together([held.nominal(), _parameters(model, imported), sizes, fields])


def _held(model: ForeignModel, imported: Imported, told: Told) -> HeldSizes:
    told("verifying the layers' sizes and weights, and what they multiply, on the model")
    return HeldSizes(model, imported)


def _parameters(model: ForeignModel, imported: Imported) -> Verdict:
    own, ours = _own_parameters(model), imported.entry.analyze().parameters
    if own != ours:
        return Verdict(disagreements=(f"parameters: {own:,} in the model, {ours:,} imported",))
    return Verdict((f"{own:,} parameters",))


def _fields(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    told(f"verifying the fields of {len(measured_nodes_of(imported.entry.network))} maps by gradient")
    measured = _measured(model, imported)
    agreeing = [f"field of {stage.layer}: {_field_text(stage)}" for stage in measured.fields]
    unverified = [f"fields: {measured.why_not}"] if measured.why_not else []
    return Verdict(tuple(agreeing), tuple(measured.disagreements), tuple(unverified))


def _field_text(stage: StageField) -> str:
    return size_text([largest for largest, _, _ in stage.axes.values()])


def _measured(model: ForeignModel, imported: Imported) -> ReferenceMeasurement:
    """The fields of the stages; none of a model that takes no image so large."""
    network = imported.entry.network
    stages = _stages(model, network)
    try:
        measured = measure_model(Reference(model.source), model.model, network, stages)
    except Exception as error:  # noqa: BLE001 - the model was run before, and may raise what it likes on another image
        return ReferenceMeasurement(why_not=f"the model does not run on a larger image: {first_line(error)}")
    if measured.disagreements and (size := _filled_up(model, network, stages)):
        return ReferenceMeasurement(why_not=f"on an image of {size} the model repeats maps of one unit")
    return measured


def _filled_up(model: ForeignModel, network: Network, stages: Sequence[Stage]) -> str:
    """The size of an image that is measured on which a map is filled up to its nominal size. Nothing where there is
    none.
    """
    nominal = _returned(model, network.input_size)
    for size in sizes_measured_at(network, stages):
        returned, report = _returned(model, size), Report(network, size)
        for stage in stages:
            ours, own = report.layers[stage.node - 1].size, returned.get(stage.source, ())[1:]
            fixed = nominal.get(stage.source, ())[1:]
            if is_filled_up(ours, own, fixed):
                return size_text(size)
    return ""


def _own_parameters(model: ForeignModel) -> int:
    """The numbers that the module learns, less those that its output does not depend on."""
    unused = {name for name, _ in model.model.named_parameters()} - set(model.graph.learned)
    return sum(tensor.numel() for name, tensor in model.model.named_parameters() if name not in unused)


def _stages(model: ForeignModel, network: Network) -> list[Stage]:
    """The measured maps that a module of the model returns."""
    return list(_measured_stages(network, _returned(model, network.input_size)))


def _returned(model: ForeignModel, size: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """By the modules that return one tensor while the model runs on an image of this size, its shape without batch; and
    that of what the model returns first.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    run, shape = runner(Reference(model.source)), (1, model.image[0], *size)
    for device, module in (("meta", without_numbers(model.model)), ("cpu", model.model)):
        shapes.clear()
        with torch.no_grad(), ShapesOnly(), _noting(module, shapes), suppress(RuntimeError, ValueError, TypeError):
            _note(shapes, OUTPUT, next(tensors_in(run(module, torch.zeros(shape, device=device))), None))
            break
    return shapes


@contextmanager
def _noting(module: Any, shapes: dict[str, tuple[int, ...]]) -> Iterator[None]:
    """Notes what its parts return."""
    parts = [(name, part) for name, part in module.named_modules() if name]
    hooks = [
        part.register_forward_hook(lambda *given, name=name: _note(shapes, name, given[-1])) for name, part in parts
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _note(shapes: dict[str, tuple[int, ...]], name: str, output: Any) -> None:
    if isinstance(output, torch.Tensor):
        shapes[name] = tuple(output.shape[1:])


def _is_map(shape: Sequence[int] | None, layer: LayerReport) -> bool:
    """Whether a tensor may be a layer's map, with its channels first or last, or its units in one row."""
    units = prod(layer.size)
    return shape in [(layer.channels, *layer.size), (*layer.size, layer.channels), (units, layer.channels)]


def _attends(layer: Layer) -> bool:
    """Whether it is attention to all units, or says what such a one takes."""
    counts_pairs = isinstance(layer.operator, GlobalContext) and layer.operator.macs_per_pair > 0
    return layer.operation == "attention" or counts_pairs


def _behind_attention(network: Network) -> set[int]:
    """The nodes that read attention, themselves or by others."""
    behind: set[int] = set()
    for node, layer in enumerate(network.layers, start=1):
        if _attends(layer) or not behind.isdisjoint(layer.inputs):
            behind.add(node)
    return behind


def _measured_stages(network: Network, returned: Mapping[str, tuple[int, ...]]) -> Iterator[Stage]:
    behind, report = _behind_attention(network), Report(network)
    for node in measured_nodes_of(network)[-MOST:]:
        if node in behind:
            continue  # what attention shows of the whole map, a gradient shows too
        name = network.names[node]
        scopes = [scope for scope in scopes_around(name) if network.node(scope) == node]
        layer, last = report.layers[node - 1], [OUTPUT] if network.output_nodes == (node,) else []
        source = next((one for one in (*scopes, name, *last) if _is_map(returned.get(one), layer)), None)
        if source is not None:
            yield Stage(node, name, source)
