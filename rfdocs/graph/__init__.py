"""Networks as graphs of layers, and their analysis at an input size."""

from rfdocs.graph.feasible import nearest_lengths, nearest_sizes_text
from rfdocs.graph.network import AXES, IMAGE_NAME, Layer, Network, NetworkError, UnknownLayer
from rfdocs.graph.report import InputError, LayerReport, Report, checked_size
from rfdocs.graph.trace import Spend, uncounted
from rfdocs.graph.unit_field import UnitField
from rfdocs.graph.written import on_all_axes, once, place_text, read_size, size_text

__all__ = [
    "AXES",
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
    "checked_size",
    "nearest_lengths",
    "nearest_sizes_text",
    "on_all_axes",
    "once",
    "place_text",
    "read_size",
    "size_text",
    "uncounted",
]
