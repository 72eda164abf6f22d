"""A tiling as people and programs read it: text, markdown, JSON, and a fragment of a bioimage.io model description."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rfdocs.formats.columns import field_text
from rfdocs.formats.data import JsonObject, input_data, json_text, table_data
from rfdocs.formats.numbers import NONE, by_axis, json_number, per_axis, text_number
from rfdocs.formats.sound import sound_table, sound_values
from rfdocs.formats.tables import Table, aligned, markdown, markdown_escaped, printable
from rfdocs.graph import AXES, InputError, Report
from rfdocs.graph.feasible import SizeRule
from rfdocs.graph.tiling import AxisTiling, Stretch, Tiling

#: What bioimage.io calls the axes.
_SPACE = {1: ("x",), 2: ("y", "x"), 3: ("z", "y", "x")}
_EXACTLY = "give exactly what the whole image would give"


def sentence(tiling: Tiling) -> str:
    """What a person has to know, in one sentence; where it is not exact, in two.

    >>> import rfdocs
    >>> tiling = rfdocs.load("unet-padded").analyze().tiling()
    >>> sentence(tiling).partition(" give ")[0]
    'Tiles that begin on multiples of 16 px and keep 96 px of context on every side'
    """
    kept = _kept_context(tiling)
    grids = [axis.grid for axis in tiling.axes]
    begin = "anywhere" if set(grids) == {1} else f"on multiples of {per_axis(grids)} px"
    tiles = f"Tiles that begin {begin}{kept}"
    if tiling.exact:
        return f"{tiles} {_EXACTLY}."
    return (
        f"No tile gives exactly what the whole image would give: {_names(tiling)} {_makes(tiling)} units depend on what"
        f" no tile holds. {tiles} have all that units read along the spatial paths."
    )


def _kept_context(tiling: Tiling) -> str:
    before, after = ([axis.discard_on_grid[side] * axis.jump for axis in tiling.axes] for side in (0, 1))
    if not any(before) and not any(after):
        return ""
    if before == after:
        return f" and keep {per_axis(before)} px of context on every side"
    return f" and keep {per_axis(before)} px of context before and {per_axis(after)} px after"


def _names(tiling: Tiling) -> str:
    names = [obstacle.layer for obstacle in tiling.because]
    more = f" and {len(names) - 3} more" if len(names) > 4 else ""
    shown = names[:3] if more else names
    return (", ".join(shown) + more) if more or len(shown) < 2 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _makes(tiling: Tiling) -> str:
    return "makes" if len(tiling.because) == 1 else "make"


#: The rows of the table: what stands there, and its value on one axis.
_ROWS: tuple[tuple[str, Callable[[AxisTiling], Any]], ...] = (
    ("image", lambda axis: axis.length),
    ("sizes that the network takes", lambda axis: str(axis.sizes or NONE)),
    ("grid", lambda axis: axis.grid),
    ("period, units", lambda axis: axis.period),
    ("context, cut on the grid", lambda axis: axis.context),
    ("context, cut anywhere", lambda axis: axis.context_any_cut),
    ("discarded, units", lambda axis: axis.discard),
    ("discarded on the grid, units", lambda axis: axis.discard_on_grid),
    ("tile", lambda axis: axis.tile),
    ("its output, units", lambda axis: axis.units),
    ("kept of it, units", lambda axis: axis.kept),
    ("step to the next tile", lambda axis: axis.step),
    ("tiles along each axis", lambda axis: axis.count),
)


def tiling_table(tiling: Tiling) -> Table:
    """The values, one column for each axis, or one for all that agree."""
    axes = tiling.axes if len(set(tiling.axes)) > 1 else tiling.axes[:1]
    names = AXES[len(tiling.axes)] if len(axes) > 1 else (" and ".join(AXES[len(tiling.axes)]),)
    rows = [[heading, *[_cell(value(axis)) for axis in axes]] for heading, value in _ROWS]
    return Table(["in pixels, before and after", *names], rows)


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return " | ".join(map(text_number, dict.fromkeys(value)))
    return value if isinstance(value, str) else text_number(value)


def tiles_table(tiling: Tiling) -> Table:
    """Every tile: its crop, what is kept of its output, and where that goes."""
    rows = [
        [
            " × ".join(f"{first}:{end}" for first, end in part)
            for part in zip(*[(stretch.crop, stretch.keep, stretch.place) for stretch in tile], strict=True)
        ]
        for tile in tiling.tiles()
    ]
    return Table(["crop, pixels", "keep, units", "place, units"], rows, (0, 1, 2))


@dataclass(frozen=True, slots=True)
class Asked:
    """What else of a tiling is told: every tile, lengths in time at a rate in samples per second, all outputs."""

    tiles: bool = False
    rate: int | None = None
    outputs: bool = False


def _tables(report: Report, tiling: Tiling, asked: Asked) -> Iterator[Table]:
    """All that stands below the tiling's own table."""
    if asked.rate is not None:
        yield sound_table(report[tiling.layer], tiling.axes[0], asked.rate)
    if tiling.because:
        yield Table(["layer", "why"], [[obstacle.layer, obstacle.why] for obstacle in tiling.because], (0, 1))
    if asked.outputs and len(report.outputs) > 1:
        yield outputs_table(report)
    if asked.tiles:
        yield tiles_table(tiling)


def output_tilings(report: Report) -> Iterator[Tiling]:
    """The tilings of all outputs that have one."""
    for layer in report.outputs:
        with suppress(InputError):
            yield report.tiling(layer.name)


def outputs_table(report: Report) -> Table:
    """Every output's own answer; several axes that agree stand once."""
    rows = [
        [
            tiling.layer,
            per_axis([axis.jump for axis in tiling.axes]),
            field_text(report[tiling.layer]),
            per_axis([axis.grid for axis in tiling.axes]),
            per_axis([max(axis.context) for axis in tiling.axes]),
            per_axis([max(axis.discard) for axis in tiling.axes]),
            "yes" if tiling.exact else "no",
        ]
        for tiling in output_tilings(report)
    ]
    return Table(["output", "jump", "field", "grid", "context", "discarded, units", "exact"], rows, (0, 6))


def tiling_text(identifier: str, report: Report, tiling: Tiling, asked: Asked) -> str:
    """The tiling for a terminal."""
    head = f"{_headline(identifier, report, tiling)}\n{sentence(tiling)}\n"
    tables = [aligned(table) for table in _tables(report, tiling, asked)]
    return "\n".join([head, aligned(tiling_table(tiling)), _total(tiling), *tables])


def tiling_markdown(identifier: str, report: Report, tiling: Tiling, asked: Asked) -> str:
    """The tiling as markdown."""
    texts = [_headline(identifier, report, tiling), sentence(tiling)]
    head = "\n\n".join(map(markdown_escaped, texts)) + "\n"
    tables = [markdown(table) for table in _tables(report, tiling, asked)]
    return "\n".join([head, markdown(tiling_table(tiling)), _total(tiling), *tables])


def _headline(identifier: str, report: Report, tiling: Tiling) -> str:
    return f"{printable(identifier)}, {tiling.layer}, image {by_axis(report.input_size)}"


def _total(tiling: Tiling) -> str:
    tiles = "1 tile takes" if tiling.count == 1 else f"{text_number(tiling.count)} tiles take"
    return f"{tiles} {float(tiling.overhead):.2f} times the work of the whole\n"


def tiling_data(identifier: str, report: Report, tiling: Tiling, asked: Asked) -> JsonObject:
    """The tiling as JSON has it."""
    values = tiling_values(report, tiling, asked)
    return {"network": identifier, "layer": values.pop("layer"), "input": input_data(report), **values}


def network_json(identifier: str, report: Report) -> str:
    """All values of all layers, and the tiling of the last map, as the site serves them."""
    try:
        tiling: JsonObject | None = tiling_values(report, report.tiling(), Asked(rate=report.network.rate))
    except InputError:
        tiling = None
    return json_text(table_data(identifier, report) | {"tiling": tiling})


def tiling_values(report: Report, tiling: Tiling, asked: Asked) -> JsonObject:
    """The tiling's own values."""
    values: JsonObject = {
        "layer": tiling.layer,
        "exact": tiling.exact,
        "because": [{"layer": obstacle.layer, "why": obstacle.why} for obstacle in tiling.because],
        "axes": list(map(_axis_data, tiling.axes)),
        "count": tiling.count,
        "overhead": round(float(tiling.overhead), 4),
    }
    if asked.rate is not None:
        values["time"] = sound_values(report[tiling.layer], tiling.axes[0], asked.rate)
    if asked.outputs and len(report.outputs) > 1:
        values["outputs"] = [tiling_values(report, output, Asked()) for output in output_tilings(report)]
    return values | ({"tiles": list(map(_tile_data, tiling.tiles()))} if asked.tiles else {})


def _axis_data(axis: AxisTiling) -> JsonObject:
    return {
        "grid": axis.grid,
        "period": axis.period,
        "jump": json_number(axis.jump),
        "context": list(axis.context),
        "context_any_cut": list(axis.context_any_cut),
        "discard": list(axis.discard),
        "discard_on_grid": list(axis.discard_on_grid),
        "tile": axis.tile,
        "units": axis.units,
        "kept": axis.kept,
        "step": axis.step,
        "tiles": axis.count,
        "sizes": None if axis.sizes is None else _sizes_data(axis.sizes, axis.length),
    }


def _sizes_data(sizes: SizeRule, length: int) -> JsonObject:
    offsets = {} if len(sizes.offsets) == 1 else {"offsets": list(sizes.offsets)}
    return {"step": sizes.step, "offset": sizes.offset(length), **offsets}


def _tile_data(tile: Sequence[Stretch]) -> JsonObject:
    return {
        "crop": [list(stretch.crop) for stretch in tile],
        "keep": [list(stretch.keep) for stretch in tile],
        "place": [list(stretch.place) for stretch in tile],
    }


def bioimageio_text(tiling: Tiling) -> str:
    """The spatial axes of the input and of the output of a bioimage.io 0.5 model description.

    The halo is that of the larger side, in units of the output: the format has one for both.
    """
    names = _SPACE[len(tiling.axes)]
    lines = ["inputs:", "  - id: input", "    axes:"]
    for name, axis in zip(names, tiling.axes, strict=True):
        lines += [f"      - {{type: space, id: {name}, size: {{min: {_least(axis)}, step: {axis.grid}}}}}"]
    lines += ["outputs:", "  - id: output", "    axes:"]
    lines += [line for name, axis in zip(names, tiling.axes, strict=True) for line in _output_axis(name, axis)]
    return "\n".join(lines) + "\n"


def _output_axis(name: str, axis: AxisTiling) -> Iterator[str]:
    offset = axis.units - axis.tile / axis.jump
    yield "      - type: space"
    yield f"        id: {name}"
    yield f"        halo: {max(axis.discard_on_grid)}"
    yield f"        scale: {json_number(axis.jump)}"
    yield f"        size: {{tensor_id: input, axis_id: {name}, offset: {json_number(Fraction(offset))}}}"


def _least(axis: AxisTiling) -> int:
    """The shortest tile that keeps something when the larger halo is cut off on both sides."""
    spare = axis.units - 2 * max(axis.discard_on_grid) - axis.period
    return axis.tile - spare // axis.period * axis.grid
