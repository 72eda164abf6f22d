"""What the maps that people take are called in torchvision and timm, held against what their models return by it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch

from rfdocs.catalogue import Entry
from rfdocs.graph import Report
from rfdocs.verify.expected import expected_depths
from rfdocs.verify.models import Reference, build_shapes, tapped_model
from rfdocs.verify.steps import Numbers
from rfdocs.verify.walked import WalkedMap, walked_maps


def tap_differences(entry: Entry) -> Iterator[str]:
    """Every name of the network's taps whose map is not, in shape and depth at the nominal size, the layer's.

    Raises: ValueError or AssertionError, by torchvision or timm, where there is no such name.
    """
    report = Report(entry.network)
    shape, depths = (report.network.input_channels, *report.input_size), expected_depths(report)
    for package, maps_of in (("torchvision", _nodes), ("timm", _features)):
        taps = {tap.names[package]: tap.layer for tap in entry.description.taps if package in tap.names}
        names = sorted(taps)
        maps = maps_of(tapped_model(entry, package), names, shape) if taps else []
        for name, theirs in zip(names, maps, strict=True):
            if (ours := _map_of(report, depths, taps[name])) not in (theirs, theirs.channels_first):
                yield f"{package}'s {name} is {theirs}, and {taps[name]} here is {ours}"


def _map_of(report: Report, depths: Sequence[int], layer: str) -> WalkedMap:
    node = report.network.node(layer)
    traced = report.layers[node - 1]
    return WalkedMap((traced.channels, *traced.size), depths[node])


def _nodes(reference: Reference, names: Sequence[Any], shape: Numbers) -> list[WalkedMap]:
    """The maps of nodes of torchvision's model; of its first part if it has several, for detectors cannot be traced."""
    part = next(iter(reference.run), "")
    prefix = f"{part}." if part else ""
    nodes = [name.removeprefix(prefix) for name in names]
    module = importlib.import_module("torchvision.models.feature_extraction")
    extractor = module.create_feature_extractor(build_shapes(reference).get_submodule(part), nodes)
    return walked_maps(lambda image: list(map(extractor(image).get, nodes)), torch.zeros((1, *shape), device="meta"))


def _features(reference: Reference, names: Sequence[Any], shape: Numbers) -> list[WalkedMap]:
    """The features of timm's model, by their indices."""
    call = re.sub(r"(?<=create_model\()'\w+'", rf"\g<0>, features_only=True, out_indices={names}", reference.call)
    return walked_maps(build_shapes(replace(reference, call=call)), torch.zeros((1, *shape), device="meta"))
