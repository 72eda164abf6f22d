"""What a layer learns and multiplies: parameters and multiply-accumulates, each counted by hand from its definition."""

from pathlib import Path

import pytest

import rfdocs


@pytest.mark.parametrize(
    ("layer", "parameters", "macs"),
    [
        ("{conv: a, kernel: 3, channels: 8}", 8 * 4 * 9 + 8, 8 * 4 * 9 * 4 * 6),  # of 6 x 8 units, 4 x 6 are left
        ("{conv: a, kernel: 3, channels: 8, bias: false}", 8 * 4 * 9, 8 * 4 * 9 * 4 * 6),
        ("{conv: a, kernel: [1, 3], channels: 8, groups: 4, bias: false}", 8 * 1 * 3, 8 * 1 * 3 * 6 * 6),
        ("{conv: a, kernel: 3, channels: 8, bias: false, norm: batch}", 8 * 4 * 9 + 2 * 8, 8 * 4 * 9 * 4 * 6),
        ("{conv: a, kernel: 3, channels: 8, norm: batch, bias: true}", 8 * 4 * 9 + 8 + 2 * 8, 8 * 4 * 9 * 4 * 6),
        ("{conv: a, kernel: 3, channels: 8, act: prelu}", 8 * 4 * 9 + 8 + 1, 8 * 4 * 9 * 4 * 6),
        ("{conv: a, kernel: 3, channels: 8, act: prelu, shared: true}", 0, 8 * 4 * 9 * 4 * 6),
        ("{prelu: a}", 1, 0),
        ("{transposed_conv: a, kernel: 2, stride: 2, channels: 8}", 8 * 4 * 4 + 8, 8 * 4 * 4 * 6 * 8),
        ("{linear: a, channels: 10}", 10 * 4 * 6 * 8 + 10, 10 * 4 * 6 * 8),
        ("{linear: a, channels: 10, bias: false}", 10 * 4 * 6 * 8, 10 * 4 * 6 * 8),
        ("{squeeze_excite: a, squeeze: 2}", 2 * 4 * 2 + 2 + 4, 2 * 4 * 2),
        ("{squeeze_excite: a, squeeze: 2, bias: false}", 2 * 4 * 2, 2 * 4 * 2),
        ("{batchnorm: a}", 2 * 4, 0),
        ("{relu: a}", 0, 0),
        ("{maxpool: a, kernel: 2}", 0, 0),
    ],
)
def test_parameters_and_multiplications_are_those_of_the_definition(
    tmp_path: Path, layer: str, parameters: int, macs: int
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(f"input: {{channels: 4, size: [6, 8]}}\nlayers: [{layer}]\n", "utf-8")
    made = rfdocs.load(file).analyze()["a"]
    assert (made.parameters, made.macs) == (parameters, macs)
