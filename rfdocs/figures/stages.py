"""Which layers a figure shows: the longest path, the ends of its stages, and the names that people know them by."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rfdocs.graph import AXES, LayerReport, Network, Report


def main_path(network: Network, last: int | None = None) -> list[int]:
    """The nodes of the longest path from the image to ``last`` (by default the last layer), the image first.

    Where several are longest, the one through the inputs that are named first; of other inputs than the image none.
    """
    ranks = [0]
    for layer, given in zip(network.layers, network.given[1:], strict=True):
        ranks.append(-1 if given else 1 + max([ranks[node] for node in layer.inputs]))
    path = [len(network.layers) if last is None else last]
    while path[-1]:
        inputs = network.layers[path[-1] - 1].inputs
        path.append(max(inputs, key=lambda node: (ranks[node], -inputs.index(node))))
    return path[::-1]


def path_layers(report: Report, path: Sequence[int]) -> list[LayerReport]:
    """The layers at the nodes of a path."""
    return [report.layers[node - 1] if node else report.image for node in path]


def changing_layers(report: Report) -> list[LayerReport]:
    """The layers of the longest path that learn something or change size, jump or field; the image first."""
    image, *rest = path_layers(report, main_path(report.network))
    chosen = [image]
    for layer in rest:
        if layer.weighted or _spatial_values(layer) != _spatial_values(chosen[-1]):
            chosen.append(layer)
    return chosen


def _spatial_values(layer: LayerReport) -> tuple[object, ...]:
    return (layer.size, layer.jump, layer.receptive_field, layer.receptive_field_min)


def stage_ends(report: Report, most: int) -> list[LayerReport]:
    """At most ``most`` layers up to the last map: the last of each resolution on the longest path, or of each field.

    The last map is always among them.
    """
    groups = [list(group) for _, group in groupby(_feature_path(report), key=lambda layer: (layer.size, layer.jump))]
    if len(groups) == 1:
        return field_ends(report, most)
    ends = [_stage_end(report.network, group) for group in groups[:-1]]
    return evenly_chosen([*ends, groups[-1][-1]], most)


def field_ends(report: Report, most: int) -> list[LayerReport]:
    """At most ``most`` layers up to the last map: the last of each field on the longest path, evenly chosen."""
    groups = groupby(_feature_path(report), key=lambda layer: layer.receptive_field)
    return evenly_chosen([list(group)[-1] for _, group in groups], most)


def _feature_path(report: Report) -> list[LayerReport]:
    last = report.network.node(report.features.name) if report.layers else 0
    return path_layers(report, main_path(report.network, last))[1:] or [report.image]


def _stage_end(network: Network, group: Sequence[LayerReport]) -> LayerReport:
    """The last layer that ends a scope as far out as any: ``layer1`` rather than ``layer2.0.conv1`` behind it."""
    return min(reversed(group), key=lambda layer: network.shown_name(layer.name).count("."))


def evenly_chosen(items: Sequence[LayerReport], most: int) -> list[LayerReport]:
    """At most ``most`` items, evenly spread, the first and the last among them (the last alone for ``most = 1``)."""
    if len(items) <= most:
        return list(items)
    if most == 1:
        return [items[-1]]
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]


def axes_name(network: Network, axes: Sequence[int]) -> str:
    """The names of some axes; nothing where these are all.

    >>> import rfdocs
    >>> axes_name(rfdocs.load("resnet18").network, [1]), axes_name(rfdocs.load("resnet18").network, [0, 1])
    ('width', '')
    """
    names = AXES[network.axes]
    return "" if len(axes) == len(names) else " and ".join([names[axis] for axis in axes])
