"""From a model to a network, held against the model, and to a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.importing.compaction import compact_yaml
from rfdocs.importing.imported import Imported, imported
from rfdocs.importing.model_sources import ForeignModel, identifier_of, of_keras, of_module, read_source
from rfdocs.importing.verdicts import ImportDisagrees, Told, Verdict, untold


def from_torch(
    module: Any, image: Sequence[int] | None = None, *, verify: bool = True, allow_opaque: bool = False
) -> Entry:
    """The network that a model of PyTorch is, as :func:`rfdocs.load` gives those of the catalogue.

    ``image`` is the channels and the size of the image that it is read on; by default what the model itself says, as
    those of timm do, or ``(3, 224, 224)``. The network is held against the running model, unless it is not to
    ``verify`` it: its layers one by one, and the fields of its stages by gradient. With
    ``allow_opaque`` what is not understood becomes a layer ``opaque``, behind which fields are upper bounds, wherever
    it is known what map it gives.

    Raises: MissingExtra without PyTorch; ModelNotUnderstood with all that is not understood, for nothing is guessed;
    ImportDisagrees where the model says otherwise.
    """
    return _network(of_module(module, image, type(module).__name__), verify=verify, allow_opaque=allow_opaque)


def from_onnx(
    path: str | Path, image: Sequence[int] | None = None, *, verify: bool = True, allow_opaque: bool = False
) -> Entry:
    """The network of an ONNX file, as :func:`rfdocs.load` gives those of the catalogue.

    ``image`` is the channels and the size of the image, by default what the file says. The network is held against the
    model, unless it is not to ``verify`` it: its sizes, and the fields of its stages by light (every weight 1, every
    number 0 or 1), which onnxruntime runs where it is installed, and else the package `onnx`.
    ``allow_opaque`` is as for :func:`from_torch`.

    Raises: MissingExtra without `onnx`; OnnxError for a file that is malformed; ModelNotUnderstood; ImportDisagrees.
    """
    return _network(read_source(str(path), image), verify=verify, allow_opaque=allow_opaque)


def from_keras(
    model: Any, image: Sequence[int] | None = None, *, verify: bool = True, allow_opaque: bool = False
) -> Entry:
    """The network that a model of Keras is, as :func:`rfdocs.load` gives those of the catalogue.

    ``image`` is the channels and the size of the image, in this order wherever the model has its channels; by default
    what the model says, and 224 x 224 where it leaves that open. The network is held against the model, unless it is
    not to ``verify`` it: its weights and its layers' work, and the fields of its stages by light. ``allow_opaque`` is
    as for :func:`from_torch`.

    Raises: MissingExtra without Keras, or what it computes with; ModelNotUnderstood; ImportDisagrees.
    """
    return _network(of_keras(model, image, type(model).__name__), verify=verify, allow_opaque=allow_opaque)


def _network(model: ForeignModel, *, verify: bool, allow_opaque: bool) -> Entry:
    identifier = identifier_of(model.source)
    network = imported(model.graph, identifier, identifier, allow_opaque=allow_opaque)
    if verify:
        network, _ = held(model, network, untold)
    return network.entry


def held(model: ForeignModel, network: Imported, told: Told) -> tuple[Imported, Verdict]:
    """The network that agrees with the model, and the verdict on it: where only the sizes at other images differ, that
    with TensorFlow's padding, if nothing of it does. Raises: ImportDisagrees.
    """
    try:
        return network, verdict_on(model, network, told)
    except ImportDisagrees as error:
        other = same_padded(model, network, told) if error.elsewhere else None
        if other is None:
            raise
        return other, verdict_on(model, other, told)


def same_padded(model: ForeignModel, network: Imported, told: Told) -> Imported | None:
    """The network with TensorFlow's padding, if the model of PyTorch has its maps at all sizes that are tried."""
    entry = network.entry
    other = imported(model.graph, entry.identifier, entry.title, allow_opaque=bool(network.opaque), same=True)
    if model.framework != "torch" or other.entry.items == entry.items:
        return None
    told("trying TensorFlow's padding, which follows from the size of the image")
    sizes: Verdict = import_module("rfdocs.importing.torch_verdict").sizes_verdict(model, other, told)
    return None if sizes.disagreements or sizes.elsewhere or sizes.unverified else other


def verdict_on(model: ForeignModel, network: Imported, told: Told) -> Verdict:
    """What came of holding the network against the model. Raises: ImportDisagrees where they differ."""
    verdict: Verdict
    if model.framework == "onnx":
        verdict = import_module("rfdocs.importing.onnx_verdict").onnx_verdict(model, network, told)
    elif model.framework == "keras":
        verdict = import_module("rfdocs.importing.keras_verdict").keras_verdict(model, network, told)
    elif model.model is None:
        verdict = Verdict(unverified=("a file of torch.export has no modules whose maps could be met",))
    else:
        verdict = import_module("rfdocs.importing.torch_verdict").torch_verdict(model, network, told)
    if verdict.disagreements or verdict.elsewhere:
        raise ImportDisagrees(verdict)
    return replace(verdict, unverified=(*verdict.unverified, *network.unknown))


def file_text(entry: Entry, *, flat: bool = False) -> str:
    """The network's file, as a person would have written it; ``flat`` has one item for each layer."""
    network = entry.network
    image: Mapping[str, Any] = {"channels": network.input_channels, "size": network.input_size}
    return compact_yaml(entry.title, image, entry.items, flat)
