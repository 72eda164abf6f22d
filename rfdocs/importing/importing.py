"""From a model to a network, held against the model, and to a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import replace
from importlib import import_module
from numbers import Integral
from pathlib import Path
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.errors import RfdocsError
from rfdocs.importing.compaction import compact_yaml
from rfdocs.importing.imported import Choices, Imported
from rfdocs.importing.larger_images import network_of
from rfdocs.importing.model_sources import ForeignModel, identifier_of, of_keras, of_module, of_onnx
from rfdocs.importing.understanding import ModelNotUnderstood
from rfdocs.importing.verdicts import ImportDisagrees, Told, Verdict, untold


def from_torch(
    module: Any, image: Sequence[int] | None = None, *, verify: bool = True, allow_opaque: bool = False
) -> Entry:
    """The network that a model of PyTorch is, as :func:`rfdocs.load` gives those of the catalogue.

    ``image`` is the channels and the size of the image that it is read on; by default what the model itself says, as
    those of timm do, or ``(3, 224, 224)``, of other channels where its first convolution takes others and the model
    not these. The network is held against the running model, unless it is not to ``verify`` it: its layers one by one,
    and the fields of its stages by gradient, on a copy. With ``allow_opaque`` what is not understood becomes a layer
    ``opaque``, behind which fields are upper bounds, wherever it is known what map it gives.

    Raises: MissingExtra without PyTorch; ModelNotUnderstood with all that is not understood, for nothing is guessed;
    ImportDisagrees where the model says otherwise; RfdocsError for one to verify that cannot be copied.
    """
    own = _copied(module) if verify else module
    return _network(of_module(own, _checked(image), type(module).__name__), verify=verify, allow_opaque=allow_opaque)


def _checked(image: Any) -> Sequence[int] | None:
    """The image. Raises: RfdocsError where it is not channels and one length for each axis."""
    if image is None:
        return None
    lengths = tuple(image) if isinstance(image, Sequence) else ()
    if len(lengths) < 2 or not all(isinstance(length, Integral) for length in lengths) or min(lengths) < 1:
        raise RfdocsError(f"{image!r} is no image", "give its channels and its size, such as (3, 224, 224)")
    return lengths


def _copied(module: Any) -> Any:
    """A copy, for its numbers get another type and no gradients where fields are measured. What modules compute of what
    they learn, and compute again when they run, as a normalised weight, PyTorch copies as numbers only.
    """
    parts = module.modules() if hasattr(module, "modules") and not isinstance(module, type) else ()
    tensors = [value for part in parts for value in vars(part).values() if not getattr(value, "is_leaf", True)]
    try:
        return deepcopy(module, {id(tensor): tensor.detach().clone() for tensor in tensors})
    except Exception as error:  # noqa: BLE001 - every part of a model may refuse in its own way
        hint = "give `verify=False`, or one that can"
        raise RfdocsError(f"the model cannot be copied to be verified: {type(error).__name__}: {error}", hint) from None


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
    return _network(of_onnx(str(path), _checked(image)), verify=verify, allow_opaque=allow_opaque)


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
    return _network(of_keras(model, _checked(image), type(model).__name__), verify=verify, allow_opaque=allow_opaque)


def _network(model: ForeignModel, *, verify: bool, allow_opaque: bool) -> Entry:
    identifier = identifier_of(model.source)
    network = network_of(model, identifier, identifier, allow_opaque=allow_opaque)
    if verify:
        network, _ = held(model, network, untold)
    return network.entry


def held(model: ForeignModel, network: Imported, told: Told) -> tuple[Imported, Verdict]:
    """The network as its model reads it at several sizes, and the verdict on it. Raises: ImportDisagrees."""
    with _uncompiled(model):
        fitting, sizes = fitting_sizes(model, network, told)
        return fitting, verdict_on(model, fitting, told, sizes)


def _uncompiled(model: ForeignModel) -> AbstractContextManager[Any]:
    """Lets what PyTorch would compile run as it is written, for what runs is looked at."""
    if model.framework != "torch":
        return nullcontext()
    stance: AbstractContextManager[Any] = import_module("torch.compiler").set_stance("force_eager")
    return stance


def fitting_sizes(model: ForeignModel, network: Imported, told: Told) -> tuple[Imported, Verdict | None]:
    """The network; or one of its other readings, where at other sizes it is not the model's, and that one is. With it
    the verdict on its sizes, if that was asked for.

    Nothing is left open then: a size that one of both refuses says nothing for another reading.
    """
    if model.framework != "torch" or model.model is None or model.fixed:
        return network, None
    sizes_verdict = import_module("rfdocs.importing.torch_verdict").sizes_verdict
    first: Verdict = sizes_verdict(model, network, told)
    if first.agrees or first.disagreements:
        return network, first
    for what, other in _other_readings(model, network, differs=bool(first.elsewhere)):
        told(f"verifying whether {what}")
        second: Verdict = sizes_verdict(model, other, told)
        if second.agrees:
            return other, second
    return network, first


def _other_readings(model: ForeignModel, network: Imported, *, differs: bool) -> Iterator[tuple[str, Imported]]:
    """What may be otherwise, and the network where it is: of a model that pads maps its padding, and that of any model,
    and its sizes, where it ``differs`` at other sizes.
    """
    if differs or any(node.kind == "pad" for node in model.graph.nodes):
        other = _read_otherwise(model, network, Choices(same=True))
        if other is not None:
            yield "its padding follows from the size of the image, as TensorFlow's does", other
    ways = {"parts of its maps": Choices(scaled=True), "those of every image": Choices(fixed=True)} if differs else {}
    for what, choices in ways.items():
        other = _read_otherwise(model, network, choices)
        if other is not None:
            yield f"the sizes that it asks for are {what}", other


def _read_otherwise(model: ForeignModel, network: Imported, choices: Choices) -> Imported | None:
    """The network in another reading; nothing where that is no other, or its image alone does not explain it."""
    entry = network.entry
    try:
        other = network_of(model, entry.identifier, entry.title, allow_opaque=bool(network.opaque), choices=choices)
    except ModelNotUnderstood:
        return None
    return None if other.entry.items == entry.items else other


def verdict_on(model: ForeignModel, network: Imported, told: Told, sizes: Verdict | None = None) -> Verdict:
    """What came of holding the network against the model, that on its ``sizes`` where it is known already.

    Raises: ImportDisagrees where they differ.
    """
    verdict: Verdict
    if model.framework == "onnx":
        verdict = import_module("rfdocs.importing.onnx_verdict").onnx_verdict(model, network, told)
    elif model.framework == "keras":
        verdict = import_module("rfdocs.importing.keras_verdict").keras_verdict(model, network, told)
    elif model.model is None:
        verdict = Verdict(unverified=("PyTorch cannot give the program of the file the modules of its model back",))
    else:
        verdict = import_module("rfdocs.importing.torch_verdict").torch_verdict(model, network, told, sizes)
    if verdict.disagreements or verdict.elsewhere:
        raise ImportDisagrees(verdict)
    return replace(verdict, unverified=(*verdict.unverified, *network.unknown))


def file_text(entry: Entry, *, flat: bool = False) -> str:
    """The network's file, as a person would have written it; ``flat`` has one item for each layer."""
    network = entry.network
    image: Mapping[str, Any] = {"channels": network.input_channels, "size": network.input_size}
    return compact_yaml(entry.title, image, entry.items, flat)
