"""The project's figures against the brute force over the taps: every layer, axis and unit.

Set RFDOCS_ORACLE_EXAMPLES to draw that many networks, others every time; without it the examples are always the same.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.brute import Axis, InvalidNetworkError, Oracle
from oracle.drawn import DRAWN, REFUSED, Drawn, Refused
from oracle.networks import Description, networks, to_yaml

import rfdocs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLES = os.environ.get("RFDOCS_ORACLE_EXAMPLES")
ORACLE_SETTINGS = settings(
    max_examples=int(EXAMPLES or 3 * settings().max_examples),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
#: Behind these a unit's field depends on its place.
PHASED = {
    "transposed_conv", "upsample", "pixel_shuffle", "adaptive_avgpool", "adaptive_maxpool", "unpool",
    "window_attention", "grid_attention", "fourier", "token_mixing", "opaque", "cross_correlation",
}  # fmt: skip
#: What the project calls a unit's fields, and how the oracle follows the taps to them.
FIELDS = {
    "field": {"visible": False, "gated": True},
    "visible": {"visible": True, "gated": True},
    "spatial_field": {"visible": False, "gated": False},
    "spatial_visible": {"visible": True, "gated": False},
}

Figure = tuple[str, Any, Any]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle") / "network.yaml"


def written(file: Path, description: Description) -> Any:
    """The project's network, read from a file as a person would have written it."""
    file.write_text(to_yaml(description), encoding="utf-8")
    return rfdocs.load(str(file))


def at_size(description: Description, size: list[int]) -> Description:
    return {**description, "input": {**description["input"], "size": size}}


# Figures in pairs: what the project says, what the oracle says


def differences(report: Any, oracle: Oracle) -> list[str]:
    """Every figure on which the project and the oracle differ."""
    return [
        f"{name}: {figure}: {found}, but the oracle says {expected}"
        for name in oracle.names
        for figure, found, expected in figures(report, oracle, name)
        if found != expected
    ]


def figures(report: Any, oracle: Oracle, name: str) -> Iterator[Figure]:
    yield from layer_figures(report, oracle, name)
    for a, axis in enumerate(oracle.axes):
        for figure, found, expected in axis_figures(report, oracle, axis, a, name):
            yield f"{figure} on axis {a}", found, expected


def layer_figures(report: Any, oracle: Oracle, name: str) -> Iterator[Figure]:
    """Figures of a layer as a whole."""
    layer = report[name]
    yield "operation", layer.operation, oracle.operation[name]
    yield "inputs", layer.inputs, oracle.inputs[name]
    yield "channels", layer.channels, oracle.channels[name]
    yield "tokens", layer.tokens, oracle.tokens[name]
    yield "global_context", layer.global_context, bool(oracle.gated[name])
    if "slice" not in oracle.operation.values():  # which leaves some paths aside
        yield "bound", layer.bound.value, oracle.bounds[name]
    yield "parameters", layer.parameters, oracle.parameters[name]
    yield "macs", layer.macs, oracle.macs[name]
    yield "activations", layer.activations, oracle.channels[name] * (math.prod(oracle.size(name)) + oracle.tokens[name])
    yield "visible_share", report.visible_share(name), visible_share(oracle, name)
    yield "touched_by_padding", report.touched_by_padding(name), touched_by_padding(oracle, name)
    yield "depth", layer.depth, depth(oracle, name)


def axis_figures(report: Any, oracle: Oracle, axis: Axis, a: int, name: str) -> Iterator[Figure]:
    """Figures of a layer on one axis."""
    layer, jump = report[name], axis.jump(name)
    yield "size", layer.size[a], axis.layers[name].size
    yield "receptive_field", layer.receptive_field[a], axis.rf(name)
    yield "receptive_field_min", layer.receptive_field_min[a], axis.rf_min(name)
    yield "jump", layer.jump[a], jump
    if jump is not None:  # without one there is no line through the centres either
        yield "start", layer.start[a], axis.start(name)
        yield "density", report.density(name)[a], axis.least_density(name)
    behind = ancestors(oracle, name)
    seams = any(axis.layers[other].lies_on is not None for other in behind)
    phased = seams or PHASED & {oracle.operation[other] for other in behind}
    if jump is not None and axis.regular(name) and not phased:
        yield "smallest_path", layer.smallest_path[a], axis.smallest_path(name)
        yield "misalignment", layer.misalignment[a], axis.misalignment(name)
        yield "effective_padding", layer.effective_padding[a], -min(axis.reached(name, 0, gated=False))
    for field, how in FIELDS.items():
        yield field, fields_reported(report, name, a, field), fields_on(axis, name, **how)
    yield "seen by", seen_by_reported(report, oracle, name, a), [axis.seen_by(name, i) for i in axis.units("input")]
    for unit in {0, axis.layers[name].size // 2}:
        seen = report.visible_ranges(name, [min(unit, n - 1) for n in layer.size])[a]
        pixels = [pixel for part in seen for pixel in range(part.first, part.last + 1)]
        yield f"pixels seen by {unit}", pixels, sorted(axis.reached(name, unit, visible=True))
        for real in (False, True):
            counts = report.path_counts(name, unit, a, real=real)
            yield f"paths to {unit}", dict(counts), dict(axis.paths_from(name, unit, visible=real))


def fields_on(axis: Axis, name: str, *, visible: bool = False, gated: bool = True) -> list[tuple[int, int] | None]:
    """The hulls of all real units' fields."""
    fields = [axis.reached(name, u, visible=visible, gated=gated) for u in axis.units(name)]
    return [(min(pixels), max(pixels)) if pixels else None for pixels in fields]


def fields_reported(report: Any, name: str, axis: int, field: str) -> list[tuple[int, int] | None]:
    size = report[name].size
    indices = [[min(u, n - 1) for n in size] for u in range(size[axis])]
    intervals = [getattr(report.unit(name, index)[axis], field) for index in indices]
    return [None if interval is None else (interval.first, interval.last) for interval in intervals]


def seen_by_reported(report: Any, oracle: Oracle, name: str, axis: int) -> list[list[int]]:
    size = oracle.size("input")
    pixels = [[min(i, n - 1) for n in size] for i in range(size[axis])]
    return [list(report.seen_by(name, pixel)[axis]) for pixel in pixels]


def ancestors(oracle: Oracle, name: str) -> set[str]:
    """A layer and all that it is computed from."""
    if name == "input":
        return set()
    return {name}.union(*(ancestors(oracle, source) for source in oracle.inputs[name]))


def depth(oracle: Oracle, name: str, chosen: frozenset[int] | None = None) -> int:
    """The most layers with weights on any path to some of a layer's channels (to all, if none are named)."""
    if name == "input":
        return 0
    layer = oracle.axes[0].layers[name]
    origins = layer.origins(layer.channels if chosen is None else chosen)
    below = [depth(oracle, layer.inputs[slot], channels) for slot, channels in origins.items()]
    return max(below, default=0) + oracle.weighted[name]


def touched_by_padding(oracle: Oracle, name: str) -> int:
    """Units whose theoretical field leaves the image on any axis."""
    inside = [sum(not axis.leaves_image(name, u) for u in axis.units(name)) for axis in oracle.axes]
    return math.prod(oracle.size(name)) - math.prod(inside)


def visible_share(oracle: Oracle, name: str) -> Fraction:
    """The share of the image in the visible field of the unit in the middle."""
    seen = [len(axis.view(name, (axis.layers[name].size - 1) // 2)) for axis in oracle.axes]
    return Fraction(math.prod(seen), math.prod(oracle.size("input")))


# In the process, on many networks


@pytest.mark.slow
@given(description=networks())
@ORACLE_SETTINGS
def test_any_network(file: Path, description: Description) -> None:
    assert differences(written(file, description).analyze(), Oracle.of(description)) == []


@pytest.mark.slow
@given(description=networks(), data=st.data())
@ORACLE_SETTINGS
def test_any_network_at_another_size(file: Path, description: Description, data: st.DataObject) -> None:
    """It is read once; at a size at which a layer has no units, or branches differ, it says so.

    An image of one pixel beside another input is spread over that as far as it reaches, a context of what reads it: the
    oracle takes it for a path as soon as it is cropped or filtered. So it has two pixels at least.
    """
    network = written(file, description)
    least = 2 if "given" in Oracle.of(description).operation.values() else 1
    size = [data.draw(st.integers(least, 2 * n + 3), label="size") for n in description["input"]["size"]]
    try:
        oracle = Oracle.of(at_size(description, size))
    except InvalidNetworkError:
        with pytest.raises(ValueError, match=r"\w"):
            network.analyze(input_size=tuple(size))
    else:
        assert differences(network.analyze(input_size=tuple(size)), oracle) == []


def alone(report: Any, oracle: Oracle, name: str) -> Iterator[Figure]:
    """What is said of units of which not all can be followed one by one; where a seam or padding leads elsewhere in the
    image, not who sees a pixel.
    """
    elsewhere = any(axis.leads_elsewhere for axis in oracle.axes)
    for a, axis in enumerate(oracle.axes):
        for field, how in FIELDS.items():
            yield f"{field} on axis {a}", fields_reported(report, name, a, field), fields_on(axis, name, **how)
        hulls = fields_on(axis, name, visible=True, gated=False)
        if elsewhere:
            continue
        for pixel in axis.units("input"):
            place = [min(pixel, n - 1) for n in oracle.size("input")]
            expected = [unit for unit, hull in enumerate(hulls) if hull and hull[0] <= pixel <= hull[1]]
            yield f"seen by on axis {a}", report.seen_by(name, place, gates=False)[a], expected
    spatial = [fields_on(axis, name, visible=True, gated=False) for axis in oracle.axes]
    central = [hulls[(len(hulls) - 1) // 2] for hulls in spatial]
    whole = all(hull == (0, n - 1) for hull, n in zip(central, oracle.size("input"), strict=True))
    if not elsewhere:
        yield "the whole image", report.central_unit_sees_all(name), whole


@pytest.mark.slow
@given(description=networks())
@settings(ORACLE_SETTINGS, max_examples=ORACLE_SETTINGS.max_examples // 3)
def test_units_that_are_followed_by_themselves(file: Path, description: Description) -> None:
    """Where those of all maps are too many."""
    oracle = Oracle.of(description)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rfdocs.graph.sight.VISIBLE_UNITS", 0)
        report = written(file, description).analyze()
        assert report.unfollowed
        told = [(name, *figure) for name in oracle.names for figure in alone(report, oracle, name)]
    assert [one for one in told if one[2] != one[3]] == []


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.title)
def test_a_network_drawn_by_hand(file: Path, drawn: Drawn) -> None:
    report = written(file, drawn.description).analyze()
    assert differences(report, Oracle.of(drawn.description)) == []


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.title)
def test_what_no_framework_runs_is_refused(file: Path, refused: Refused) -> None:
    """And the layer at fault is named."""
    with pytest.raises(ValueError, match=rf"[ ']{refused.layer}[:']"):
        written(file, refused.description).analyze()


# As a process, on a few


def answer(*arguments: object) -> Any:
    """What a command prints, as JSON."""
    command = [sys.executable, "-m", "rfdocs", *map(str, arguments), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def table_row(oracle: Oracle, name: str) -> dict[str, Any]:
    """A layer as the interface's description has it."""
    axes = oracle.axes
    return {
        "name": name,
        "op": oracle.operation[name],
        "inputs": list(oracle.inputs[name]),
        "channels": oracle.channels[name],
        "size": oracle.size(name),
        "jump": [number(axis.jump(name)) for axis in axes],
        "rf": [axis.rf(name) for axis in axes],
        "rf_min": [axis.rf_min(name) for axis in axes],
        "start": [number(axis.start(name)) for axis in axes],
        "global_context": bool(oracle.gated[name]),
        "parameters": oracle.parameters[name],
        "macs": oracle.macs[name],
    }


SHOWN = [drawn for drawn in DRAWN if drawn.title in {"height unlike width", "transposed with k < s", "three axes"}]


@pytest.mark.parametrize("drawn", SHOWN, ids=lambda drawn: drawn.title)
def test_the_table_that_is_printed(file: Path, drawn: Drawn) -> None:
    written(file, drawn.description)
    oracle, table = Oracle.of(drawn.description), answer("table", file)
    assert table["input"] == drawn.description["input"]
    rows = [table_row(oracle, name) for name in oracle.names]
    assert [{key: row[key] for key in rows[0]} for row in table["layers"]] == rows


@pytest.mark.parametrize("drawn", SHOWN, ids=lambda drawn: drawn.title)
def test_the_unit_that_is_printed(file: Path, drawn: Drawn) -> None:
    written(file, drawn.description)
    oracle, name = Oracle.of(drawn.description), drawn.layer
    index = [n - 1 for n in oracle.size(name)]
    unit, field = answer("query", file, name, *index), oracle.field(name, index)
    assert (unit["layer"], unit["index"]) == (name, index)
    assert unit["field"] == [pair and list(pair) for pair in field]
    assert unit["visible"] == [pair and list(pair) for pair in oracle.visible(name, index)]
    assert unit["center"] == [pair and (pair[0] + pair[1] + 1) / 2 for pair in field]
    assert unit["size"] == [pair and pair[1] - pair[0] + 1 for pair in field]


@pytest.mark.parametrize("drawn", SHOWN, ids=lambda drawn: drawn.title)
def test_the_units_that_are_printed(file: Path, drawn: Drawn) -> None:
    written(file, drawn.description)
    oracle, pixel = Oracle.of(drawn.description), [n // 2 for n in drawn.size]
    seen = answer("seen-by", file, drawn.layer, *pixel)
    pairs = zip(oracle.axes, pixel, strict=True)
    assert seen["units"] == [axis.seen_by(drawn.layer, i) for axis, i in pairs]
