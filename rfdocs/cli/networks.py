"""The network that a command is asked about: of the catalogue, of a file, or a model of another framework."""

from __future__ import annotations

import re

from rfdocs.catalogue import Entry, load
from rfdocs.catalogue.family import named_file
from rfdocs.cli.console import note

_WORD = re.compile(r"[\w-]+")


def network_named(name: str) -> Entry:
    """The network. Raises: RfdocsError of whoever looks for it."""
    if not _is_ours(name):
        from rfdocs.importing.model_sources import identifier_of, is_source, read_source  # noqa: PLC0415 - only models need it

        if is_source(name):
            from rfdocs.importing.larger_images import network_of  # noqa: PLC0415 - it is slow to import

            identifier = identifier_of(name)
            network = network_of(read_source(name), identifier, identifier)
            note(f"{name} is read, and not held against the model: `rfdocs import` does that")
            return network.entry
    return load(name)


def _is_ours(name: str) -> bool:
    """Whether a name is an id, or a file of layers: these are found without what reads models, which takes longer.

    >>> [_is_ours(name) for name in ("resnet50", "nets/my.yaml:small", "net.onnx", "nets:build", "build('my.yaml')")]
    [True, True, False, False, False]
    """
    return bool(_WORD.fullmatch(name)) or ("(" not in name and named_file(name) is not None)
