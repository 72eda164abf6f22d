"""The network that a command is asked about: of the catalogue, of a file, or a model of another framework."""

from __future__ import annotations

from rfdocs.catalogue import Entry, load
from rfdocs.cli.console import note

#: How the names of models begin to differ from all others.
_SIGNS = ("(", ".onnx", ".pt2")


def network_named(name: str) -> Entry:
    """The network. Raises: RfdocsError of whoever looks for it."""
    if any(sign in name for sign in _SIGNS) or (":" in name and ".y" not in name):
        from rfdocs.importing.imported import imported  # noqa: PLC0415 - a network of the catalogue has no use for it
        from rfdocs.importing.model_sources import identifier_of, is_source, read_source  # noqa: PLC0415

        if is_source(name):
            note(f"{name} is read, and not held against the model: `rfdocs import` does that")
            identifier = identifier_of(name)
            return imported(read_source(name).graph, identifier, identifier).entry
    return load(name)
