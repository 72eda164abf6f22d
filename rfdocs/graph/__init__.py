"""Networks as graphs of layers, and their analysis at an input size."""

from rfdocs.graph.network import IMAGE_NAME, Layer, Network, NetworkError, UnknownLayer
from rfdocs.graph.report import InputError, LayerReport, Report, UnitField
from rfdocs.graph.trace import Spend, uncounted

__all__ = [
    "IMAGE_NAME",
    "InputError",
    "Layer",
    "LayerReport",
    "Network",
    "NetworkError",
    "Report",
    "Spend",
    "UnitField",
    "UnknownLayer",
    "uncounted",
]
