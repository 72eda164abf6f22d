"""A tiling in time, with the words of sound: in samples, and in milliseconds at a rate."""

from __future__ import annotations

from fractions import Fraction

from rfdocs.formats.data import JsonObject
from rfdocs.formats.numbers import json_number, text_number
from rfdocs.formats.tables import Table
from rfdocs.graph import LayerReport
from rfdocs.graph.tiling import AxisTiling


def durations(layer: LayerReport, axis: AxisTiling) -> dict[str, int | Fraction]:
    """Lengths in time, by their names in data. Unit: samples.

    Rule: a frame of the output is due when the last sample of its hop has come, and is there ``look_ahead`` samples
    later, so that ``latency = hop + look_ahead``; whole frames come in chunks of the grid.
    """
    left, ahead = axis.context_any_cut
    return {
        "field": layer.receptive_field[0],
        "hop": axis.jump,
        "left_context": left,
        "look_ahead": ahead,
        "latency": axis.jump + ahead,
        "smallest_chunk": axis.grid,
    }


_WORDS = {
    "field": "receptive field",
    "hop": "hop",
    "left_context": "left context",
    "look_ahead": "look-ahead (future context)",
    "latency": "latency (hop and look-ahead)",
    "smallest_chunk": "smallest chunk",
}


def sound_table(layer: LayerReport, axis: AxisTiling, rate: int) -> Table:
    """The durations in samples and in milliseconds, and where frames are."""
    rows = [
        [_WORDS[name], text_number(value), f"{milliseconds(value, rate):.3f}"]
        for name, value in durations(layer, axis).items()
    ]
    frames = [f"output frames of {text_number(axis.length)} samples", text_number(axis.output), ""]
    return Table([f"at {text_number(rate)} Hz", "samples", "ms"], [*rows, *_centre_rows(layer, rate), frames])


def _centre_rows(layer: LayerReport, rate: int) -> list[list[str]]:
    start = layer.start[0]
    return [] if start is None else [["centre of frame 0", text_number(start), f"{milliseconds(start, rate):.3f}"]]


def sound_values(layer: LayerReport, axis: AxisTiling, rate: int) -> JsonObject:
    """The same for programs."""
    values = durations(layer, axis)
    start = layer.start[0]
    return {
        "rate": rate,
        "samples": {name: json_number(value) for name, value in values.items()},
        "milliseconds": {name: round(milliseconds(value, rate), 6) for name, value in values.items()},
        "frames": axis.output,
        "first_centre": json_number(start),
        "first_centre_milliseconds": None if start is None else round(milliseconds(start, rate), 6),
    }


def milliseconds(samples: int | Fraction, rate: int) -> float:
    """How long so many samples last. Unit: milliseconds."""
    return float(1000 * Fraction(samples) / rate)
