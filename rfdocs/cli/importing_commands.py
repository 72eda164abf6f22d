"""`rfdocs import`: a model of another framework as a file, held against the model before it is written."""

from __future__ import annotations

import argparse
from pathlib import Path

from rfdocs.cli.console import Misuse, note, say
from rfdocs.cli.figure import write
from rfdocs.errors import RfdocsError
from rfdocs.importing.importing import file_text, held
from rfdocs.importing.larger_images import network_of
from rfdocs.importing.model_sources import identifier_of, is_source, read_source
from rfdocs.importing.verdicts import Verdict
from rfdocs.language.values import IDENTIFIER, Refused


def import_model(arguments: argparse.Namespace) -> int:
    """0, when the file was written or said."""
    if not is_source(arguments.source):
        raise Misuse(f"'{arguments.source}' is no model that can be imported", _hint_for(arguments.source))
    identifier = arguments.id or identifier_of(arguments.source)
    _check_identifier(identifier)
    _check_output(arguments.output)
    note(f"reading {arguments.source}")
    model = read_source(arguments.source, arguments.input)
    title = arguments.title or identifier
    network = network_of(model, identifier, title, allow_opaque=arguments.allow_opaque)
    for puzzle in network.opaque:
        note(f"opaque: {puzzle}")
    if arguments.no_verify:
        note("not verified, as asked")
        _tell(Verdict(unverified=network.unknown))
    else:
        network, verdict = held(model, network, note)
        _tell(verdict)
    _deliver(file_text(network.entry, flat=arguments.flat), arguments.output)
    return 0


def _hint_for(source: str) -> str:
    """What would be a source, in place of a file that is none."""
    if source.endswith((".pt", ".pth", ".ckpt", ".safetensors", ".bin")):
        return "files of weights and of TorchScript are no source: give the call that makes the model, or a .pt2 file"
    if source.endswith((".h5", ".hdf5")):
        return "load it with Keras, and save the model to a file that ends in .keras"
    return "a Python call such as timm.create_model('resnet50d'), or a file that ends in .onnx, .pt2 or .keras"


def _check_output(output: str | None) -> None:
    """Nothing. Raises: RfdocsError where nothing could be written, before it is known what."""
    if output not in {None, "-"} and not Path(str(output)).parent.is_dir():
        raise RfdocsError(f"{output} cannot be written: there is no folder {Path(str(output)).parent}", "make it first")


def _check_identifier(identifier: str) -> None:
    try:
        IDENTIFIER.check(identifier)
    except Refused as refused:
        raise Misuse(refused.message, "give one with --id, such as resnet50d") from None


def _tell(verdict: Verdict) -> None:
    for text in verdict.agreeing:
        note(f"agrees: {text}")
    for text in verdict.unverified:
        note(f"not verified: {text}")


def _deliver(text: str, output: str | None) -> None:
    if output is None or output == "-":
        say(text)
        return
    write(Path(output), text)
    note(f"{output}: written")
