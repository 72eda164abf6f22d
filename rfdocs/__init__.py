"""Receptive fields of convolutional networks, exact, from one YAML file per family.

>>> import rfdocs
>>> report = rfdocs.load("vgg16").analyze()
>>> report["pool5"].receptive_field, report["pool5"].start
((212, 212), (Fraction(16, 1), Fraction(16, 1)))

What is named here is loaded when it is first used, so that a build with nothing to do does not pay for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rfdocs.catalogue import Catalogue, CatalogueError, Entry, UnknownNetwork, load
    from rfdocs.errors import ArithmeticRefusal, RfdocsError, UnknownName
    from rfdocs.graph import InputError, Layer, LayerReport, Network, NetworkError, Report, UnitField, UnknownLayer
    from rfdocs.importing.importing import from_keras, from_onnx, from_torch

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(("Catalogue", "CatalogueError", "Entry", "UnknownNetwork", "load"), "rfdocs.catalogue"),
    **dict.fromkeys(("ArithmeticRefusal", "RfdocsError", "UnknownName"), "rfdocs.errors"),
    **dict.fromkeys(
        ("InputError", "Layer", "LayerReport", "Network", "NetworkError", "Report", "UnitField", "UnknownLayer"),
        "rfdocs.graph",
    ),
    **dict.fromkeys(("from_keras", "from_onnx", "from_torch"), "rfdocs.importing.importing"),
}

__all__ = [
    "ArithmeticRefusal",
    "Catalogue",
    "CatalogueError",
    "Entry",
    "InputError",
    "Layer",
    "LayerReport",
    "Network",
    "NetworkError",
    "Report",
    "RfdocsError",
    "UnitField",
    "UnknownLayer",
    "UnknownName",
    "UnknownNetwork",
    "from_keras",
    "from_onnx",
    "from_torch",
    "load",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module 'rfdocs' has no attribute {name!r}"
        raise AttributeError(message)
    import_module("rfdocs.formats")  # which gives reports their table in a notebook
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
