"""Recurrence and attention to one side: what a causal network says of the past, and that it never claims the future."""

from fractions import Fraction
from pathlib import Path

import pytest

import rfdocs
from rfdocs.algebra import Interval, PeriodicField, TabulatedField
from rfdocs.formats.program import program

CODEC = """
input: {channels: 1, size: 24000, rate: 24000}
blocks:
  unit:
    - name: sum
      add:
        - - {elu: act1}
          - {conv: conv1, kernel: 3, padding: [[2, 0]], padding_mode: reflect, channels: $(channels_in // 2)}
          - {elu: act2}
          - {conv: conv2, kernel: 1, channels: $(2 * channels_in)}
        - [{conv: shortcut, kernel: 1, channels: $channels_in}]
  recurrence:
    - name: sum
      add:
        - [{lstm: first, channels: $channels_in}, {lstm: second, channels: $channels_in}]
        - []
layers:
  - {conv: encoder.0, kernel: 7, padding: [[6, 0]], padding_mode: reflect, channels: 4}
  - for: ratio
    in: [2, 4, 5, 8]
    number: stage
    layers:
      - {unit: encoder.$(3 * stage - 2)}
      - {elu: encoder.$(3 * stage - 1)}
      - {conv: encoder.$(3 * stage), kernel: $(2 * ratio), stride: $ratio, padding: [["$ratio", 0]],
         padding_mode: reflect, channels: $(2 * channels_in)}
  - {recurrence: encoder.13}
  - {elu: encoder.14}
  - {conv: encoder.15, kernel: 7, padding: [[6, 0]], padding_mode: reflect, channels: 16}
  - {conv: decoder.0, kernel: 7, padding: [[6, 0]], padding_mode: reflect, channels: 64}
  - {recurrence: decoder.1}
  - for: ratio
    in: [8, 5, 4, 2]
    number: stage
    layers:
      - {elu: decoder.$(3 * stage - 1)}
      - {transposed_conv: decoder.$(3 * stage), kernel: $(2 * ratio), stride: $ratio, padding: [[0, "$ratio"]],
         channels: $(channels_in // 2)}
      - {unit: decoder.$(3 * stage + 1)}
  - {elu: decoder.14}
  - {conv: decoder.15, kernel: 7, padding: [[6, 0]], padding_mode: reflect, channels: 1}
"""


def loaded(tmp_path: Path, text: str) -> rfdocs.Entry:
    file = tmp_path / "network.yaml"
    file.write_text(text, "utf-8")
    return rfdocs.load(str(file))


@pytest.mark.slow
def test_a_causal_codec_does_not_claim_the_future(tmp_path: Path) -> None:
    """EnCodec's form, as Meta's implementation has it: hop 320, so that sample 12000 is made of the code of samples
    up to 12159, and by two recurrences of everything before.
    """
    report = loaded(tmp_path, CODEC).analyze()
    assert report["encoder.15"].size == (75,)
    assert report["encoder.15"].jump == (Fraction(320),)
    (unit,) = report.unit("decoder.15", (12000,))
    assert unit.visible == Interval(0, 12159)
    assert unit.spatial_visible is not None
    assert unit.spatial_visible.last == 12159
    assert report.unit("decoder.15", (0,))[0].visible == Interval(0, 2239), "its padding mirrors what comes first"
    assert report.unit("decoder.15", (23999,))[0].visible == Interval(0, 23999)
    assert report.visible_ranges("decoder.15", (12000,)) == ([Interval(0, 12159)],)
    context = report["decoder.15"].axes[0].context
    assert isinstance(context, PeriodicField), "it is not followed unit by unit"


def test_the_obstacles_to_tiles_say_which_side_is_missing(tmp_path: Path) -> None:
    text = "input: {channels: 1, size: 64}\nlayers: [{conv: a, kernel: 3, padding: 1, channels: 2}, %s]\n"
    for item, side in (
        ("{lstm: b, channels: 2}", "all that lies before it"),
        ("{lstm: b, channels: 2, direction: backward}", "all that lies behind it"),
        ("{lstm: b, channels: 2, direction: both}", "the whole map"),
        ("{attention: b, causal: true}", "all that lies before it"),
    ):
        (obstacle,) = loaded(tmp_path, text % item).analyze().tiling("b").because
        assert obstacle.why == f"every unit sees {side} through it"


def test_a_recurrence_is_an_obstacle_on_its_own_axis_alone(tmp_path: Path) -> None:
    layers = "[{conv: a, kernel: 3, channels: 2}, {gru: b, channels: 2, axis: width}]"
    text = f"input: {{channels: 1, size: [64, 64]}}\nlayers: {layers}\n"
    entry = loaded(tmp_path, text)
    report = entry.analyze()
    assert [axis.context is None for axis in report["b"].axes] == [True, False]
    assert program(entry.network)["alike"] == [0, 1]
    height, width = report.unit("b", (10, 10))
    assert (height.visible, width.visible) == (Interval(10, 12), Interval(0, 12))


def test_fields_that_are_not_in_order_are_followed_unit_by_unit(tmp_path: Path) -> None:
    text = (
        "input: {channels: 1, size: 6}\nlayers: [{transposed_conv: a, kernel: 2, stride: 3, dilation: 4, channels: 1},"
        " {lstm: b, channels: 1}]\n"
    )
    assert isinstance(loaded(tmp_path, text).analyze()["b"].axes[0].context, TabulatedField)


@pytest.mark.parametrize(
    ("operation", "weights", "biases"), [("lstm", 4 * 8 * (3 + 8), 64), ("gru", 3 * 8 * (3 + 8), 48), ("rnn", 88, 16)]
)
def test_costs_are_those_of_pytorch(tmp_path: Path, operation: str, weights: int, biases: int) -> None:
    text = "input: {channels: 3, size: 10}\nlayers: [{%s: a, channels: 8%s}]\n"
    for more, parameters, ways in (
        ("", weights + biases, 1),
        (", bias: false", weights, 1),
        (", direction: both", 2 * (weights + biases), 2),
    ):
        layer = loaded(tmp_path, text % (operation, more)).analyze()["a"]
        assert (layer.parameters, layer.macs, layer.channels, layer.depth) == (
            parameters,
            10 * ways * weights,
            8 * ways,
            1,
        )


@pytest.mark.parametrize(
    ("size", "item", "said"),
    [
        ("[8, 8]", "{lstm: a, channels: 2}", "the axis that it goes along is one of height, width"),
        ("[8, 8]", "{lstm: a, channels: 2, axis: depth}", "the axis that it goes along is one of height, width"),
        ("8", "{lstm: a, channels: 2, axis: width}", "the axis that it goes along is one of length"),
        ("[8, 8]", "{attention: a, causal: true}", "on 2 axes it is not told which units come first"),
    ],
)
def test_an_axis_that_is_not_told_is_asked_for(tmp_path: Path, size: str, item: str, said: str) -> None:
    with pytest.raises(rfdocs.CatalogueError, match=said):
        loaded(tmp_path, f"input: {{channels: 1, size: {size}}}\nlayers: [{item}]\n")
