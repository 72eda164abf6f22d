"""The directives and roles that any Sphinx project can use, on ids of a catalogue and on its own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.family import Entry
from rfdocs.extras import MissingExtra
from rfdocs.figures import draw
from rfdocs.formats.numbers import by_axis
from rfdocs.formats.tilings import sentence
from rfdocs.graph import LayerReport, Report
from rfdocs.pages.content import Grid, InlineCode, Picture, SearchField
from rfdocs.pages.equations import LayerEquations, layer_equations
from rfdocs.pages.layers import columns_for, layer_table
from rfdocs.pages.network_page import explorer_of
from rfdocs.pages.tiling_section import tiling_grid
from rfdocs.pages.unit_tables import ChosenLayer, comparison, every_unit_table, single_value, unit_table
from rfdocs.sphinx.base import (
    Directive,
    LinesDirective,
    NetworkDirective,
    Role,
    input_size,
    named_network,
    title_of,
    unit_index,
    words,
)
from rfdocs.sphinx.nodes import content_node, paragraph

CAPTIONED: OptionSpec = {
    "input": input_size,
    "caption": directives.unchanged_required,
    "name": directives.unchanged,
}
"""The options of whatever shows a network and can have a caption and a name."""


class TableDirective(NetworkDirective):
    """``rf-table``: the per-layer table of a network."""

    option_spec: ClassVar[OptionSpec] = {
        **CAPTIONED,
        "layers": words,
        "columns": words,
        "anchors": directives.unchanged_required,
    }

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        caption = self.options.get("caption") or f"{entry.title} on {by_axis(report.input_size)} pixels"
        columns = columns_for(report, self.options.get("columns", ()))
        only: Sequence[str] = self.options.get("layers", ())
        anchor = nodes.make_id(self.options.get("anchors", ""))
        grouped = not only and "columns" not in self.options
        return self.placed(layer_table(report, caption, columns, only=only, anchor=anchor, grouped=grouped))


class FigureDirective(NetworkDirective):
    """``rf-figure``: a drawing of a network; the second argument is its kind."""

    required_arguments = 2
    final_argument_whitespace = False
    option_spec: ClassVar[OptionSpec] = CAPTIONED

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        drawing = draw(self.arguments[1], entry.title, report)
        return self.placed(Picture(self.arguments[1], drawing, self.options.get("caption", "")))


class QueryDirective(NetworkDirective):
    """``rf-query``: what one unit of a layer sees; the second argument is the layer."""

    required_arguments = 2
    final_argument_whitespace = False
    option_spec: ClassVar[OptionSpec] = {**CAPTIONED, "unit": unit_index, "every": directives.flag}

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """A table of the unit's fields, one row per axis, by default of the central unit; or of every unit."""
        layer, caption = report[self.arguments[1]], self.options.get("caption", "")
        title = title_of(self.env, self.arguments[0], entry)
        if "every" in self.options:
            return self.placed(every_unit_table(title, report, self.arguments[1], len(layer.size) - 1, caption))
        index = self.options.get("unit") or layer.central_index
        return self.placed(unit_table(title, report, self.arguments[1], index, caption))


class TilingDirective(NetworkDirective):
    """``rf-tiling``: how to cut a large image into tiles, for the last map or the layer that is the second argument."""

    optional_arguments = 1
    final_argument_whitespace = False
    option_spec: ClassVar[OptionSpec] = {**CAPTIONED, "tile": input_size}

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """A sentence and the table of the tiling."""
        tiling = report.tiling(self.arguments[1] if len(self.arguments) > 1 else None, self.options.get("tile"))
        grid = tiling_grid(tiling, entry.title, self.options.get("caption", ""))
        return [paragraph((sentence(tiling),)), *self.placed(grid)]


class StepsDirective(NetworkDirective):
    """``rf-steps``: the equations of layers, with their numbers put in."""

    option_spec: ClassVar[OptionSpec] = {"layers": words, "input": input_size}

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """A line with the layer's name, its equations, and what they leave out, for each layer."""
        return [node for step in layer_equations(report, self.options.get("layers", ())) for node in self._nodes(step)]

    def _nodes(self, step: LayerEquations) -> list[nodes.Node]:
        if not step.equations:
            return [paragraph((InlineCode(step.layer), f": {step.remark}"))]
        equations = nodes.math_block(step.equations, step.equations, nowrap=True, number=None)
        self.set_source_info(equations)
        remark = [paragraph((step.remark,))] if step.remark else []
        return [paragraph((InlineCode(step.layer), ":")), equations, *remark]


class CompareDirective(LinesDirective):
    """``rf-compare``: one layer each of several networks; every line names network, layer and perhaps ``@size``."""

    option_spec: ClassVar[OptionSpec] = {"columns": words, "caption": directives.unchanged_required}

    def show(self) -> list[nodes.Node]:
        chosen = [self._chosen_layer(line) for line in self.lines()]
        columns, caption = self.options.get("columns", ()), self.options.get("caption", "Side by side")
        return [content_node(comparison(chosen, columns, caption))]

    def _chosen_layer(self, line: Sequence[str]) -> ChosenLayer:
        name, layer, size = (*line, "", "")[:3]
        entry, report = self.network(name, size)
        return title_of(self.env, name, entry), report, layer


class ExplorerDirective(NetworkDirective):
    """``rf-explorer``: the fields of a network, layer by layer and unit by unit, at any input size, in a browser."""

    option_spec: ClassVar[OptionSpec] = {"name": directives.unchanged, "plays": directives.flag}

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        explorer = explorer_of(entry.title, report, entry.description.tasks)
        stills = self._stills(entry, report, report.layers[explorer.first - 1])
        return self.placed(replace(explorer, plays="plays" in self.options, stills=stills))

    def _stills(self, entry: Entry, report: Report, layer: LayerReport) -> tuple[Picture | Grid, ...]:
        """The fields of the central unit, drawn where figures can be, and what it sees of the layer shown first."""
        title = title_of(self.env, self.arguments[0], entry)
        numbers = unit_table(title, report, layer.name, layer.central_index)
        try:
            return Picture("nested", draw("nested", entry.title, report)), numbers
        except MissingExtra:
            return (numbers,)


class SearchDirective(Directive):
    """``rf-search``: a large field that searches the site; its argument stands in it until something is typed."""

    optional_arguments = 1
    final_argument_whitespace = True

    def show(self) -> list[nodes.Node]:
        return [content_node(SearchField(self.arguments[0] if self.arguments else ""))]


class ValueRole(Role):
    """``rf``: one value of a network in a sentence: ``resnet18 layer4 rf``, or ``resnet18 parameters``."""

    def value(self, parts: Sequence[str], size: Sequence[int] | None) -> str:
        name, *rest = parts or [""]
        return single_value(named_network(self.env, name, size)[1], rest)


def setup(app: Sphinx) -> None:
    """Registers directives and roles."""
    app.add_directive("rf-table", TableDirective)
    app.add_directive("rf-figure", FigureDirective)
    app.add_directive("rf-query", QueryDirective)
    app.add_directive("rf-tiling", TilingDirective)
    app.add_directive("rf-steps", StepsDirective)
    app.add_directive("rf-compare", CompareDirective)
    app.add_directive("rf-explorer", ExplorerDirective)
    app.add_directive("rf-search", SearchDirective)
    app.add_role("rf", ValueRole())
