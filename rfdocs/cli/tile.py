"""The command that says how to tile a large image."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction

from rfdocs.cli.console import Misuse, Refusal, note, say
from rfdocs.cli.networks import network_named
from rfdocs.formats.numbers import per_axis, text_number
from rfdocs.graph import Report, on_all_axes
from rfdocs.graph.tiling import Tiling

#: The most tiles that are listed.
LISTED = 1 << 16


def tile(arguments: argparse.Namespace) -> int:
    """0, when the tiling was said and a declared halo, if any, is large enough. Raises: Refusal."""
    entry = network_named(arguments.network)
    report = entry.analyze(arguments.input)
    tiling = report.tiling(arguments.layer, arguments.tile)
    if arguments.list and tiling.count > LISTED:
        raise Refusal(f"the image takes {tiling.count} tiles; at most {LISTED} are listed", "take larger tiles")
    rate = arguments.rate or report.network.rate
    if arguments.rate is not None and (report.network.axes != 1 or arguments.rate < 1):
        raise Misuse("a rate is a positive number of samples per second, of a network of one axis")
    say(_text(entry.identifier, report, tiling, arguments, rate))
    if arguments.check is not None:
        check_halo(tiling, arguments.check)
    return 0


def _text(identifier: str, report: Report, tiling: Tiling, arguments: argparse.Namespace, rate: int | None) -> str:
    from rfdocs.formats import tilings  # noqa: PLC0415 - a refused tiling has no use for it

    if arguments.format == "bioimageio":
        return tilings.bioimageio_text(tiling)
    asked = tilings.Asked(arguments.list, rate, arguments.layer is None)
    if arguments.format == "json":
        from rfdocs.formats.data import json_text  # noqa: PLC0415 - a text has no use for it

        return json_text(tilings.tiling_data(identifier, report, tiling, asked))
    written = tilings.tiling_text if arguments.format == "text" else tilings.tiling_markdown
    return written(identifier, report, tiling, asked)


def check_halo(tiling: Tiling, halo: Sequence[int]) -> None:
    """Nothing, or a note where a declared halo is larger than it need be. Raises: Refusal where it is too small.

    ``halo`` are the pixels that are cut off on every side, one for all axes or one per axis.
    """
    declared = on_all_axes(halo, len(tiling.axes))
    if len(declared) != len(tiling.axes):
        raise Misuse(f"the network has {len(tiling.axes)} axes; the halo gives {len(declared)} numbers")
    if not tiling.exact:
        names = ", ".join([obstacle.layer for obstacle in tiling.because[:3]])
        raise Refusal(f"no halo is enough: units depend on what no tile holds, through {names}")
    needed = [max(axis.discard) * axis.jump for axis in tiling.axes]
    on_grid = [max(axis.discard_on_grid) * axis.jump for axis in tiling.axes]
    if any(own < least for own, least in zip(declared, needed, strict=True)):
        message = f"a halo of {per_axis(declared)} px is too small: {per_axis(needed)} px are not those of the whole"
        raise Refusal(message, f"declare {per_axis(on_grid)}, in whole steps of the grid")
    if any(own > most for own, most in zip(declared, on_grid, strict=True)):
        note(_cost(tiling, declared, on_grid))


def _cost(tiling: Tiling, declared: Sequence[int], enough: Sequence[Fraction]) -> str:
    """What a halo that is larger than it need be costs: what tiles keep with it, and without."""
    kept = [_kept(tiling, halo) for halo in (declared, enough)]
    tiles = per_axis([axis.tile for axis in tiling.axes])
    return (
        f"rfdocs: a halo of {per_axis(declared)} px is larger than needed: {per_axis(enough)} px are enough\n"
        f"  a tile of {tiles} px keeps {text_number(kept[0])} px with it, and could keep {text_number(kept[1])}"
    )


def _kept(tiling: Tiling, halo: Sequence[int | Fraction]) -> Fraction:
    """The pixels that a tile keeps when so much is cut off on every side."""
    area = Fraction(1)
    for axis, own in zip(tiling.axes, halo, strict=True):
        area *= max(axis.units * axis.jump - 2 * own, Fraction(0))
    return area
