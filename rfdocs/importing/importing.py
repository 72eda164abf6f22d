"""From a source to a file: read, understood, held against the model, and written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.importing.compaction import compact_yaml
from rfdocs.importing.imported import Imported, imported
from rfdocs.importing.sources import ForeignModel
from rfdocs.importing.verdicts import ImportDisagrees, Told, Verdict


def verdict_on(model: ForeignModel, network: Imported, told: Told) -> Verdict:
    """What came of holding the network against the model. Raises: ImportDisagrees where they differ."""
    if model.framework == "onnx":
        verdict = import_module("rfdocs.importing.onnx_verdict").onnx_verdict(model, *network, told)
    elif model.model is None:
        verdict = Verdict(unverified=("a file of torch.export has no modules whose maps could be met",))
    else:
        verdict = import_module("rfdocs.importing.torch_verdict").torch_verdict(model, network.entry, told)
    if verdict.disagreements:
        raise ImportDisagrees(verdict.disagreements)
    return verdict


def network_of(model: ForeignModel, identifier: str, title: str) -> Imported:
    """The network that a model is. Raises: ModelNotUnderstood, ParametersDiffer."""
    return imported(model.graph, identifier, title)


def file_text(entry: Entry, *, flat: bool = False) -> str:
    """The network's file, as a person would have written it; ``flat`` has one item for each layer."""
    network = entry.network
    image: Mapping[str, Any] = {"channels": network.input_channels, "size": network.input_size}
    return compact_yaml(entry.title, image, entry.items, flat)
