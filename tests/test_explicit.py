"""A network written out layer by layer is the network."""

from pathlib import Path

import every
import pytest

import rfdocs
from rfdocs.catalogue.explicit import explicit_yaml
from rfdocs.formats.program import program
from rfdocs.graph.fingerprint import canonical_lines, network_fingerprint


@pytest.mark.slow
def test_a_network_written_out_is_the_same_network(tmp_path: Path) -> None:
    file = tmp_path / "explicit.yaml"
    for entry in every.entries()[::4]:
        file.write_text(explicit_yaml(entry), "utf-8")
        again = rfdocs.load(str(file))
        assert network_fingerprint(again.network) == network_fingerprint(entry.network), entry.identifier
        assert [layer.name for layer in again.network.layers] == [layer.name for layer in entry.network.layers]
        assert [layer.alias for layer in again.network.layers] == [layer.alias for layer in entry.network.layers]


def test_names_inside_a_block_are_written_out_whole(tmp_path: Path) -> None:
    file = tmp_path / "blocks.yaml"
    file.write_text(
        """
title: "No"
input: {channels: 2, size: [16, 16], multiple: 4}
blocks:
  down:
    layers:
      - {conv: conv, kernel: 3, padding: 1, channels: $(channels_in * 2)}
      - {maxpool: pool, kernel: 2}
      - {unpool: up, pool: pool, kernel: 2}
      - {upsample: back, size: conv, mode: bilinear}
      - {add: sum, from: [back, conv]}
layers:
  - {down: a}
  - {upsample: last, scale: $(1/2)}
""",
        "utf-8",
    )
    assert explicit_yaml(rfdocs.load(str(file))).splitlines() == [
        'title: "No"',
        "input: {channels: 2, size: [16, 16], multiple: 4}",
        "layers:",
        "  - {conv: a.conv, kernel: 3, padding: 1, channels: 4}",
        "  - {maxpool: a.pool, kernel: 2}",
        "  - {unpool: a.up, pool: a.pool, kernel: 2}",
        "  - {upsample: a.back, size: a.conv, mode: bilinear}",
        "  - {add: a.sum, from: [a.back, a.conv]}",
        "  - {upsample: last, scale: $(1/2)}",
    ]


LEARNED = """
input: {channels: 4, size: 8}
layers:
  - {conv: a, kernel: 1, channels: 4}
  - {add: b, from: [a, input], learned: 2}
  - {relu: c}
"""


def test_what_a_layer_learns_besides_is_counted_written_out_and_bound_to_its_record(tmp_path: Path) -> None:
    file = tmp_path / "learned.yaml"
    file.write_text(LEARNED, "utf-8")
    entry = rfdocs.load(str(file))
    assert [layer.parameters for layer in entry.analyze()] == [20, 2, 0]
    assert [costs for layer in program(entry.network)["layers"] if (costs := layer.get("costs"))][1] == {
        "parameters": 2
    }
    assert "{add: b, learned: 2, from: [a, input]}" in explicit_yaml(entry)
    lines = list(canonical_lines(entry.network))
    assert lines[2:] == ["b add 1,0 learned=2", "c relu 2"]
