"""The section of a network's page on the maps that people take from it: stages, source maps, outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from rfdocs.catalogue import Entry
from rfdocs.formats.columns import LayerColumn
from rfdocs.formats.comparisons import rows_by_jump, spatial_values
from rfdocs.formats.numbers import by_axis
from rfdocs.graph import LayerReport, Network, Report
from rfdocs.graph.network import scopes_around
from rfdocs.pages.content import Grid, Group, Heading, Link, Row, Section, To
from rfdocs.pages.facts import Facts
from rfdocs.pages.layers import columns_for, heading_of

_COLUMNS = ("size", "jump", "rf", "start", "spatial_visible", "spatial_visible_share", "context", "channels")
#: What maps are called elsewhere, by the keys of a tap.
_NAMES = {
    "paper": Heading("paper", "paper", "What the paper calls it."),
    "torchvision": Heading("torchvision", "torchvision", "Its node in torchvision's model."),
    "timm": Heading("timm", "timm", "Its index among the features of timm's model.", numeric=True),
}
_LEGEND = (
    "The maps that people take from the network. Visible length is how much of the image the central unit sees on an "
    "axis, and seen the share; context is what a part of the map reads of the image beyond itself, where it is cut on "
    "the tiles' grid."
)
_GATES = " All of these follow the spatial path; gate marks the maps to whose units gates show more."


def stages_section(entry: Entry, facts: Facts, report: Report) -> Section:
    """One row for each map that people take, by its names, in groups where there are several outputs."""
    named = _named(entry, report.network)
    groups = _groups(report, set(named))
    keys = [key for key in _NAMES if any(key in names for names in named.values())]
    columns = columns_for(report, (*_COLUMNS, "global_context") if facts.gate else _COLUMNS)
    headings = (*map(heading_of, columns), *[_NAMES[key] for key in keys])
    names = _shown_names(report.network, [layer.name for layers in groups.values() for layer in layers])
    rows = {
        layer.name: _row(
            report, layer, names[layer.name], [named.get(layer.name, {}).get(key, "") for key in keys], columns
        )
        for layers in groups.values()
        for layer in layers
    }
    caption = f"The stages and outputs of {facts.title}, on {by_axis(facts.input_size)} pixels"
    parts = [
        Group(title if len(groups) > 1 else "", tuple([rows[layer.name] for layer in layers]))
        for title, layers in groups.items()
    ]
    legend = (f"{_LEGEND}{_GATES if facts.gate else ''}",)
    return Section("Stages and outputs", "stages", (legend, Grid(caption, headings, tuple(parts), "stages")))


def _named(entry: Entry, network: Network) -> dict[str, dict[str, str]]:
    """What the layers that people take are called elsewhere, by their names."""
    nodes = {scope for name in network.names for scope in (name, *scopes_around(name))}
    aliases = {layer.alias for layer in network.layers}
    return {
        network.names[network.node(tap.layer)]: {key: str(name) for key, name in tap.names.items()}
        for tap in entry.description.taps
        if tap.layer in nodes | aliases
    }


def _groups(report: Report, taken: set[str]) -> dict[str, list[LayerReport]]:
    """The maps that people take, by what they are: those that are named, or the last ones of each jump; where there
    are several outputs, the maps that these are made from, and the outputs; or the one output that is a map.
    """
    stages = taken or {
        layer.name for maps in (None, _contracting(report)) for layer in rows_by_jump(report, maps).values()
    }
    outputs = [layer.name for layer in report.outputs]
    if len(outputs) < 2:
        last = {report.last.name} if report.last in report.maps else set()
        sources, outputs = set(), []
        stages |= last or ({report.features.name} if report.layers else set())
    else:
        sources = {source for name in outputs if (source := source_map(report.network, name))} - set(outputs)
    if not taken:
        shown = {spatial_values(report[name]) for name in sources}
        stages = {name for name in stages if spatial_values(report[name]) not in shown}
    kinds = {"Stages": stages - sources - set(outputs), "Source maps": sources, "Outputs": set(outputs)}
    chosen = {title: [layer for layer in report.layers if layer.name in names] for title, names in kinds.items()}
    chosen["Source maps"].sort(key=lambda layer: layer.jump[0] or 0)
    return {title: layers for title, layers in chosen.items() if layers}


def _contracting(report: Report) -> list[LayerReport]:
    """The maps from the image on, up to the first with a smaller jump than one before it."""
    farthest = Fraction(0)
    maps = []
    for layer in report.maps:
        jump = layer.jump[0] or farthest
        if jump < farthest:
            break
        farthest = jump
        maps.append(layer)
    return maps


def source_map(network: Network, output: str) -> str:
    """The map from which the branch that ends with an output departs: nothing where that is the image, or a merge.

    >>> import rfdocs
    >>> source_map(rfdocs.load("ssd300").network, "conv7_loc")
    'conv7'
    """
    readers = Counter([node for layer in network.layers for node in layer.inputs])
    node = network.node(output)
    while node and len(inputs := network.layers[node - 1].inputs) == 1:
        node = inputs[0]
        if readers[node] > 1:
            break
    else:
        return ""
    return network.names[node] if node else ""


def _shown_names(network: Network, names: Sequence[str]) -> dict[str, str]:
    """The layers' names as people know them: the outermost scope that ends with a layer and holds no other of them."""
    inside = Counter([scope for name in names for scope in scopes_around(name)])
    return {
        name: next((scope for scope in scopes_around(name) if inside[scope] == 1 and _ends(network, scope, name)), name)
        for name in names
    }


def _ends(network: Network, scope: str, name: str) -> bool:
    return network.node(scope) == network.node(name)


def _row(
    report: Report, layer: LayerReport, name: str, elsewhere: Sequence[str], columns: Sequence[LayerColumn]
) -> Row:
    link = Link(name, To.ROW, f"layer-{layer.name}")
    return Row((link, *[column.cell(report, layer) for column in columns[1:]], *elsewhere))
