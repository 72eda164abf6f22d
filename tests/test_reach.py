"""What a unit reaches, and along how many paths, against following every tap of every layer by itself."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from oracle.networks import Description, networks
from test_against_oracle import written

import rfdocs
from rfdocs import Report
from rfdocs.algebra.interval import Interval
from rfdocs.graph.effective import spread
from rfdocs.graph.trace import constant_paths, trace_axis

NETWORKS = """
input: {channels: 2, size: [11, 14]}
layers:
  - {conv: conv1, kernel: 3, dilation: 2, padding: 2, channels: 4}
  - {squeeze_excite: gate, squeeze: 1}
  - {maxpool: pool, kernel: 2, stride: 2}
  - {conv: same, kernel: 3, padding: same, channels: 4, padding_mode: circular}
  - {transposed_conv: up, kernel: 3, stride: 2, channels: 4}
  - {adaptive_avgpool: adaptive, size: 5}
  - {add: [[{conv: a, kernel: 1, channels: 4}], [{conv: b, kernel: 3, padding: 1, channels: 4}], []], name: sum}
  - {global_avgpool: head}
"""


def followed(report: Report, axis: int, name: str, unit: int, *, gates: bool) -> set[int]:
    """The pixels that a unit sees, each tap by itself."""
    network = report.network
    trace = trace_axis(network, axis, report.input_size[axis])

    @cache
    def pixels(node: int, index: int) -> frozenset[int]:
        if node == 0:
            return frozenset({index})
        layer, reads = network.layers[node - 1], trace[node].reads
        left = constant_paths(reads, [trace[source] for source in layer.inputs]) if not gates else [False] * len(reads)
        seen = set[int]()
        for source, own, constant in zip(layer.inputs, reads, left, strict=True):
            if not constant:
                seen.update(*[pixels(source, tap) for tap in own.real_taps(index, trace[source].length)])
        before, behind = trace[node].shows
        every = range(trace[layer.inputs[0]].length) if gates else range(0)
        shown = [other for other in every if (before and other <= index) or (behind and other >= index)]
        seen.update(*[pixels(layer.inputs[0], other) for other in shown])
        return frozenset(seen)

    return set(pixels(network.node(name), unit))


def counted(report: Report, axis: int, name: str, unit: int, *, real: bool) -> Counter[int]:
    """How many paths lead from each pixel to a unit, each tap by itself."""
    network = report.network
    trace = trace_axis(network, axis, report.input_size[axis])

    @cache
    def paths(node: int, index: int) -> Counter[int]:
        if node == 0:
            return Counter([index])
        layer, reads = network.layers[node - 1], trace[node].reads
        constant = constant_paths(reads, [trace[source] for source in layer.inputs])
        counts = Counter[int]()
        for source, own, fixed in zip(layer.inputs, reads, constant, strict=True):
            if not fixed:
                for tap in own.real_taps(index, trace[source].length) if real else own.taps(index):
                    counts.update(paths(source, tap))
        return counts

    return paths(network.node(name), unit)


def pixels_of(ranges: Sequence[Interval] | None) -> set[int]:
    assert ranges is not None
    assert all(later.first > earlier.last + 1 for earlier, later in pairwise(ranges))
    return {pixel for part in ranges for pixel in range(part.first, part.last + 1)}


def check(report: Report) -> None:
    for layer in report:
        for unit in {layer.central_index, tuple([length - 1 for length in layer.size])}:
            for gates in (True, False):
                seen = report.visible_ranges(layer.name, unit, gates=gates)
                for axis, index in enumerate(unit):
                    assert pixels_of(seen[axis]) == followed(report, axis, layer.name, index, gates=gates), layer.name
        for axis, index in enumerate(layer.central_index):
            for real in (True, False):
                counts = report.path_counts(layer.name, index, axis, real=real)
                assert counts == dict(sorted(counted(report, axis, layer.name, index, real=real).items())), layer.name
            without_ends = report.path_counts(layer.name, index, axis)
            assert report.central_path_counts(layer.name, axis) == without_ends, layer.name
            assert report.effective(layer.name)[axis] == (spread(without_ends) if without_ends else None), layer.name


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reach") / "network.yaml"


def test_a_network_with_gates_holes_phases_and_padding_that_leads_around(file: Path) -> None:
    file.write_text(NETWORKS, "utf-8")
    check(rfdocs.load(str(file)).analyze())


@pytest.mark.slow
@given(networks())
@settings(max_examples=40, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_network(file: Path, description: Description) -> None:
    try:
        report = written(file, description).analyze()
    except rfdocs.RfdocsError:
        return
    strands, own = report._strands, report.network
    if [layer.inputs for layer in strands.layers] == [layer.inputs for layer in own.layers]:
        check(report)
