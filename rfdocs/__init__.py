"""Receptive fields of convolutional networks, exact, from one YAML file per family.

>>> import rfdocs
>>> report = rfdocs.load("vgg16").analyze()
>>> report["pool5"].receptive_field, report["pool5"].start
((212, 212), (Fraction(16, 1), Fraction(16, 1)))
"""

from rfdocs.catalogue import Catalogue, CatalogueError, Entry, UnknownNetwork, load
from rfdocs.graph import InputError, LayerReport, Network, NetworkError, Report, UnitField, UnknownLayer

__version__ = "0.1.0"

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Entry",
    "InputError",
    "LayerReport",
    "Network",
    "NetworkError",
    "Report",
    "UnitField",
    "UnknownLayer",
    "UnknownNetwork",
    "load",
]
