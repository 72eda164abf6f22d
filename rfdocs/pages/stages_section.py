"""The section of a network's page with the places where people tap it: the ends of its stages, and its outputs."""

from __future__ import annotations

from rfdocs.figures.stages import jump_ends
from rfdocs.formats.numbers import by_axis
from rfdocs.graph import LayerReport, Report
from rfdocs.pages.content import Grid, Group, Heading, Link, Row, Section, To
from rfdocs.pages.facts import Facts
from rfdocs.pages.layers import columns_for, layer_table

#: The most ends of stages.
STAGES = 16

_COLUMNS = ("size", "jump", "rf", "start", "spatial_visible", "context", "channels")
_WORDS = (
    "Where a network is tapped: the last map of each jump on its longest path, and what it gives out. r is the "
    "receptive field, visible what the central unit sees of the image, and context what a part of the map reads beyond "
    "itself where a large image is cut into tiles; all in pixels."
)


def tapped_layers(report: Report) -> list[LayerReport]:
    """The ends of the stages on the longest path, and the outputs, in the order of the network."""
    names = {layer.name for layer in (*jump_ends(report, STAGES), *report.outputs)}
    return [layer for layer in report.layers if layer.name in names]


def stages_section(facts: Facts, report: Report) -> Section:
    """The places where people tap the network, one row each, by the outermost name that ends there."""
    layers = tapped_layers(report)
    table = layer_table(
        report, "", columns_for(report, _keys(facts, report, layers)), only=[one.name for one in layers]
    )
    headings = (
        Heading("stage", "stage"),
        Heading("layer", "layer"),
        *table.headings[1:],
        Heading("output", "output", "Whether no other layer reads it."),
    )
    given = {layer.name for layer in report.outputs}
    rows = [
        Row(
            (
                report.network.shown_name(layer.name),
                _link(layer),
                *row.cells[1:],
                "yes" if layer.name in given else "",
            )
        )
        for layer, row in zip(layers, table.rows, strict=True)
    ]
    caption = f"Stages and outputs of {facts.title}, on {by_axis(facts.input_size)} pixels"
    return Section(
        "Stages and outputs", "stages", ((_WORDS,), Grid(caption, headings, (Group("", tuple(rows)),), "layers"))
    )


def _link(layer: LayerReport) -> Link:
    return Link(layer.name, To.ROW, f"layer-{layer.name}", code=True)


def _keys(facts: Facts, report: Report, layers: list[LayerReport]) -> list[str]:
    """The columns, less those that say nothing here."""
    aliased = any(report.network.layers[report.network.node(layer.name) - 1].alias for layer in layers)
    return [*_COLUMNS, *(["global_context"] if facts.gate else []), *(["alias"] if aliased else [])]
