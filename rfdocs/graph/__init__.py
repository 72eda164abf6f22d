"""Networks as graphs of layers, and their analysis at an input size."""

from rfdocs.graph.feasible import nearest_lengths, nearest_sizes
from rfdocs.graph.network import AXES, IMAGE_NAME, Layer, Network, NetworkError, UnknownLayer
from rfdocs.graph.report import AppliedWindow, InputError, LayerReport, Report, UnitField, applied_window, checked_size
from rfdocs.graph.trace import Spend, uncounted
from rfdocs.graph.written import place_text, read_size, size_text

__all__ = [
    "AXES",
    "IMAGE_NAME",
    "AppliedWindow",
    "InputError",
    "Layer",
    "LayerReport",
    "Network",
    "NetworkError",
    "Report",
    "Spend",
    "UnitField",
    "UnknownLayer",
    "applied_window",
    "checked_size",
    "nearest_lengths",
    "nearest_sizes",
    "place_text",
    "read_size",
    "size_text",
    "uncounted",
]
