"""The directives of the chapters on several paths and on going up: a block's paths, phases, the maps on the way; and
look-ahead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.family import Entry
from rfdocs.figures import FigureKind
from rfdocs.graph import Report
from rfdocs.pages.content import Picture
from rfdocs.pages.latency_table import Heard, latency_table
from rfdocs.pages.phase_table import phase_table
from rfdocs.sphinx.base import LinesDirective, NetworkDirective, NotShown, title_of, unit_index
from rfdocs.sphinx.directives import CAPTIONED
from rfdocs.sphinx.nodes import content_node

JOINED_PATHS: FigureKind[[str, Report, str]] = FigureKind("joined_paths.paths_drawing", "the paths to a layer")
WAYS_UP: FigureKind[[str, Report, str, Sequence[int]]] = FigureKind(
    "ways_up.levels_drawing", "what is read of each level"
)


class _LayerDirective(NetworkDirective):
    """A directive on one layer of a network, its second argument."""

    required_arguments = 2
    final_argument_whitespace = False
    option_spec: ClassVar[OptionSpec] = CAPTIONED


class PathsDirective(_LayerDirective):
    """``rf-paths``: the graph up to a layer, and beside it the field of each path and their hull."""

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        drawing = JOINED_PATHS.draw(entry.title, report, self.arguments[1])
        return self.placed(Picture("paths", drawing, self.options.get("caption", "")))


class PhasesDirective(_LayerDirective):
    """``rf-phases``: what the units of one period of a layer see."""

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        return self.placed(phase_table(entry.title, report, self.arguments[1], self.options.get("caption", "")))


class LevelsDirective(_LayerDirective):
    """``rf-levels``: how much units of a layer read of the maps before and behind each upsampling."""

    option_spec: ClassVar[OptionSpec] = {**CAPTIONED, "units": unit_index}

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """One set of rows for each unit, by default the central one."""
        name, units = self.arguments[1], self.options.get("units")
        drawing = WAYS_UP.draw(entry.title, report, name, _few(units) or [report[name].central_index[-1]])
        return self.placed(Picture("levels", drawing, self.options.get("caption", "")))


class LatencyDirective(LinesDirective):
    """``rf-latency``: how far layers look back and ahead in time; a line names network, layer, perhaps ``16000Hz``."""

    option_spec: ClassVar[OptionSpec] = {"caption": directives.unchanged_required}

    def show(self) -> list[nodes.Node]:
        heard = [self._heard(line) for line in self.lines()]
        caption = self.options.get("caption", "How far units look back and ahead")
        return [content_node(latency_table(heard, caption))]

    def _heard(self, parts: Sequence[str]) -> Heard:
        name, layer, *more = parts if len(parts) > 1 else (*parts, "")
        sizes = [part for part in more if part.startswith("@")]
        rates = [part.removesuffix("Hz") for part in more if re.fullmatch(r"[1-9]\d{0,6}Hz", part)]
        if len(sizes) + len(rates) != len(more) or max(len(sizes), len(rates)) > 1:
            raise NotShown(f"'{' '.join(parts)}' should name a network, a layer, and perhaps @8192 and 16000Hz")
        entry, report = self.network(name, "".join(sizes))
        return Heard(title_of(self.env, name, entry), report, layer, int(rates[0]) if rates else None)


#: The most units that one figure shows.
_MOST = 4


def _few(units: Sequence[int] | None) -> Sequence[int]:
    if units and len(units) > _MOST:
        raise NotShown(f"{len(units)} units are named; at most {_MOST} are drawn")
    return units or ()


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-paths", PathsDirective)
    app.add_directive("rf-phases", PhasesDirective)
    app.add_directive("rf-levels", LevelsDirective)
    app.add_directive("rf-latency", LatencyDirective)
