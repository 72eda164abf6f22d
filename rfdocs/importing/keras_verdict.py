"""An imported network held against the model of Keras itself: its weights, its layers' work, by light its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from rfdocs.graph import Report
from rfdocs.importing.imported import Imported
from rfdocs.importing.keras_calls import (
    KerasCall,
    KerasWalk,
    is_channels_last,
    learned_variables,
    model_graph,
    specs_of,
)
from rfdocs.importing.keras_itself import keras_itself
from rfdocs.importing.keras_light import LayersOfOnes, lit_run
from rfdocs.importing.keras_reader import enters
from rfdocs.importing.lit_fields import lit_verdict
from rfdocs.importing.measured_maps import measured_nodes_of
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.verdicts import Told, Verdict, together

#: Operations whose multiply-accumulates are a kernel's at every unit.
_COMPARED = {"conv", "depthwise_conv", "transposed_conv", "linear"}
_KERNELS = ("kernel", "depthwise_kernel", "pointwise_kernel")
#: The parts of an attention that have kernels: of the same map three, which are one, and the one behind.
_PARTS = ("query_dense", "key_dense", "value_dense", "output_dense")


def keras_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """The verdict on a network that was imported from a model of Keras."""
    told("verifying the layers' weights and work on the model")
    network, tensors = imported.entry.network, imported.tensors
    weighing = _Weighing(model)
    report = imported.entry.analyze()
    differences = [*weighing.differences(report, has_opaque=any(one.node.learned for one in imported.opaque))]
    agreeing = (f"{weighing.work.total()} kernels at work, {weighing.parameters:,} parameters",)
    nodes = [node for node in measured_nodes_of(network) if tensors[node - 1]]
    names = [tensors[node - 1] for node in nodes]
    ones: LayersOfOnes = {}
    fields = lit_verdict(network, nodes, lambda size: lit_run(model.model, names, model.shape(size), ones), told)
    return together([Verdict(agreeing, tuple(differences)), fields])


class _Weighing:
    """What a model's calls weigh: the numbers that they learn, and what each kernel multiplies.

    Shapes are those that Keras computes, weights those that its layers have; nothing of the reader's is asked.
    """

    def __init__(self, model: ForeignModel) -> None:
        keras = keras_itself()
        shape = model.graph.nodes[0].shape
        self.work: Counter[int] = Counter()
        self._learned = learned_variables(model.model)
        self._seen: dict[int, int] = {}
        graph = model_graph(model.model, shape)
        image = keras.KerasTensor(shape, dtype=graph.inputs[0].dtype)
        KerasWalk(self._weighed, enters, _itself).through(graph, [image])

    @property
    def parameters(self) -> int:
        """The numbers that the model learns."""
        return sum(self._seen.values())

    def differences(self, report: Report, *, has_opaque: bool) -> Iterator[str]:
        """In what an import differs; where it ``has_opaque`` layers that learn, kernels of the model may be theirs."""
        if self.parameters != report.parameters:
            yield f"parameters: {self.parameters:,} in the model, {report.parameters:,} imported"
        own = Counter(_work(report))
        only_there = Counter[int]() if has_opaque else self.work - own
        for side, more in (("in the model", only_there), ("imported", own - self.work)):
            yield from (f"only {side}: a kernel of {macs:,} multiply-accumulates" for macs in sorted(more))

    def _weighed(self, call: KerasCall) -> Sequence[Any]:
        outputs = specs_of(call, _itself)
        given = keras_itself().tree.flatten((call.args, dict(call.kwargs)))
        own = [*getattr(call.operation, "variables", ()), *given]
        self._seen |= {id(one): prod(one.shape) for one in own if id(one) in self._learned}
        read = next(value for value in given if isinstance(value, keras_itself().KerasTensor))
        self.work.update(_kernels(call.operation, read.shape, outputs[0].shape))
        return outputs


def _itself(value: Any) -> Any:
    return value if isinstance(value, keras_itself().KerasTensor) else None


def _kernels(operation: Any, read: Sequence[int], given: Sequence[int]) -> Iterator[int]:
    """What each kernel of a layer multiplies: its numbers, at every unit of what it gives, or, transposed, reads."""
    word = type(operation).__name__
    if word == "MultiHeadAttention":
        *inner, last = [prod(getattr(operation, name).kernel.shape) * prod(read[1:-1]) for name in _PARTS]
        yield from (sum(inner), last)
        return
    if not word.startswith(("Conv", "DepthwiseConv", "SeparableConv", "Dense")):
        return
    shape = read if word.endswith("Transpose") else given
    units = prod(shape[1:-1]) if word == "Dense" or is_channels_last(operation) else prod(shape[2:])
    for name in _KERNELS:
        kernel = getattr(operation, name, None)
        if kernel is not None:
            yield prod(kernel.shape) * units


def _work(report: Report) -> Iterator[int]:
    for layer in report:
        if layer.operation == "squeeze_excite":
            yield from [layer.macs // 2] * 2
        elif layer.operation in _COMPARED:
            yield layer.macs
