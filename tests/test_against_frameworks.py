"""Resampling, transposed convolutions, circular padding, recurrence: tap by tap against the frameworks that have them.

`make verify` runs these; without PyTorch they are skipped. A unit reads what has a weight in PyTorch's own result for
maps that are one at a single unit.
"""

from __future__ import annotations

import itertools
import math
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.errors import ArithmeticRefusal
from rfdocs.language.operations import OPERATIONS

torch = pytest.importorskip("torch", reason="only `make verify` installs PyTorch")
pytestmark = pytest.mark.verify

Taps = list[list[int]]
FACTORS = ["1.5", "0.5", "2", "3", "0.75", "1.25", "0.1", "0.3", "0.7", "2.5", "1.75", "0.4", "0.6", "1.1", "1.37"]
#: A weight below this is rounding, not a tap.
ROUNDING = 1e-9


def ours(operation: str, length: int, **given: Any) -> Taps | None:
    """What every unit reads of a real map; ``None`` where the operation is refused."""
    declared = OPERATIONS[operation]
    try:
        values = {**declared.mapping.defaults, "channels": 1, **given}
        step = declared.make(values, 1, 1).axis(0, (length,), None)
    except ArithmeticRefusal:
        return None
    return [sorted(set(step.reads[0].real_taps(unit, length))) for unit in range(step.length)]


def taps_of(weights: Any) -> Taps:
    """The same from weights, ``(units read, units)``."""
    return [[index for index, read in enumerate(column) if read] for column in (weights.abs() > ROUNDING).T.tolist()]


def interpolated(length: int, mode: str, **given: Any) -> Taps:
    """What PyTorch's `interpolate` reads; cubic interpolation wants a second axis, which stays as it is."""
    units = torch.eye(length, dtype=torch.float64)[None]
    if mode != "bicubic":
        named = {"bilinear": "linear"}.get(mode, mode)
        return taps_of(torch.nn.functional.interpolate(units, mode=named, **given)[0])
    still = {"size": 1, "scale_factor": 1.0}
    pairs = {key: (value, still[key]) if key in still else value for key, value in given.items()}
    return taps_of(torch.nn.functional.interpolate(units[..., None], mode=mode, **pairs)[0, :, :, 0])


MODES = [
    ("nearest", None), ("nearest-exact", None), ("area", None),
    *itertools.product(("bilinear", "bicubic"), (False, True)),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "corners"), MODES)
def test_a_resampling_to_a_size_is_pytorchs(mode: str, corners: bool | None) -> None:
    words = {} if corners is None else {"align_corners": corners}
    for length, count in itertools.product(range(1, 33), range(1, 49)):
        found = ours("upsample", length, size=count, mode=mode, **words)
        assert found == interpolated(length, mode, size=count, **words), (length, count)


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize(("mode", "corners"), MODES)
def test_a_resampling_by_a_factor_is_pytorchs(mode: str, corners: bool | None, recompute: bool) -> None:
    words = {} if corners is None else {"align_corners": corners}
    for length, factor in itertools.product(range(1, 41), FACTORS):
        if math.floor(length * Fraction(factor)) < 1:
            continue
        given = {"recompute_scale_factor": recompute, **words}
        found = ours("upsample", length, scale=Fraction(factor), mode=mode, **given)
        assert found == interpolated(length, mode, scale_factor=float(factor), **given), (length, factor)


def test_what_floating_point_makes_of_nearest() -> None:
    """How often PyTorch, in single precision, reads another unit than the exact rule, is on the page of conventions."""
    differs, pairs = [], 0
    for length in range(1, 129):
        units = torch.arange(float(length))[None, None]
        for count in range(1, 129):
            pairs += length != count
            found = torch.nn.functional.interpolate(units, size=count, mode="nearest")[0, 0].int().tolist()
            if found != [unit * length // count for unit in range(count)]:
                differs.append((length, count))
    page = (Path(__file__).resolve().parent.parent / "site" / "conventions.md").read_text("utf-8")
    assert f"up to 128 such a unit exists in {len(differs)} of {pairs:,}." in " ".join(page.split())
    assert (2, 82) in differs
    shape = torch.nn.functional.interpolate(torch.zeros(1, 1, 100), scale_factor=0.29).shape
    assert shape[-1] == 28


def test_a_transposed_convolution_is_pytorchs_and_refused_with_it() -> None:
    transpose = torch.nn.functional.conv_transpose1d
    names = ("kernel", "stride", "dilation", "padding", "output_padding")
    ranges = (range(1, 5), range(1, 4), range(1, 4), range(3), range(4), range(1, 5))
    for *values, length in itertools.product(*ranges):
        given = dict(zip(names, values, strict=True))
        kernel, stride, dilation, padding, extra = values
        weight, units = torch.ones(1, 1, kernel, dtype=torch.float64), torch.eye(length, dtype=torch.float64)[:, None]
        try:
            made = transpose(units, weight, None, stride, padding, extra, 1, dilation)[:, 0]
            expected = taps_of(made) or None
        except RuntimeError:
            expected = None
        assert ours("transposed_conv", length, **given) == expected, (given, length)


def test_a_circle_is_pytorchs_and_refused_with_it() -> None:
    for kernel, stride, dilation, length, before, after in itertools.product(
        range(1, 6), range(1, 3), range(1, 3), range(1, 7), range(5), range(5)
    ):
        weight, units = torch.ones(1, 1, kernel, dtype=torch.float64), torch.eye(length, dtype=torch.float64)[:, None]
        try:
            padded = torch.nn.functional.pad(units, (before, after), mode="circular")
            made = torch.nn.functional.conv1d(padded, weight, None, stride, 0, dilation)[:, 0]
            expected = taps_of(made) or None
        except (RuntimeError, AssertionError):
            expected = None
        given = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": ((before, after),)}
        found = ours("conv", length, padding_mode="circular", **given)
        assert found == expected, (given, length)


def test_a_map_is_rolled_as_by_pytorch() -> None:
    for shift, length in itertools.product(range(-9, 10), range(1, 7)):
        units = torch.eye(length, dtype=torch.float64)[:, None]
        assert ours("roll", length, shift=shift) == taps_of(units.roll(shift, -1)[:, 0]), (shift, length)


def test_rules_with_output_padding_are_kerass() -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    for kernel, stride, rule, extra in itertools.product(
        range(1, 6), range(1, 4), ("same", "valid"), (None, 0, 1, 2, 3)
    ):
        given = {"kernel": kernel, "stride": stride, "padding": rule, "output_padding": extra}
        words = {"strides": stride, "padding": rule, "output_padding": extra, "data_format": "channels_last"}
        try:
            layer = keras.layers.Conv1DTranspose(1, kernel, use_bias=False, kernel_initializer="ones", **words)
        except ValueError:
            assert ours("transposed_conv", 4, **given) is None, given
            continue
        for length in range(1, 7):
            made = layer(torch.eye(length)[:, :, None])[:, :, 0].detach()
            assert ours("transposed_conv", length, **given) == (taps_of(made) or None), (given, length)


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("operation", ["lstm", "gru", "rnn"])
def test_recurrent_layers_see_and_learn_what_pytorch_s_do(operation: str, direction: str, tmp_path: Path) -> None:
    """What each unit depends on, by gradient; a model that goes backward alone is fed the sequence reversed."""
    rule = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[operation]
    layer = rule(3, 4, bidirectional=direction == "both", batch_first=True, dtype=torch.float64)
    units = torch.rand(1, 7, 3, dtype=torch.float64, requires_grad=True)
    way = [1] if direction == "backward" else []
    answers = layer(units.flip(way))[0].flip(way)
    file = tmp_path / "network.yaml"
    text = f"input: {{channels: 3, size: 7}}\nlayers: [{{{operation}: a, channels: 4, direction: {direction}}}]\n"
    file.write_text(text, "utf-8")
    report = rfdocs.load(str(file)).analyze()
    assert report.parameters == sum(parameter.numel() for parameter in layer.parameters())
    assert report["a"].channels == answers.shape[2]
    for unit in range(7):
        (gradient,) = torch.autograd.grad(answers[0, unit].sum(), units, retain_graph=True)
        seen = gradient.abs().sum((0, 2)).nonzero().flatten().tolist()
        assert report.visible_ranges("a", (unit,)) == ([Interval(seen[0], seen[-1])],)
        assert seen == list(range(seen[0], seen[-1] + 1))
