"""The verifier itself: it agrees where the catalogue is right, on every operation, and says so where it is not.

`make verify` runs these; without PyTorch they are skipped.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module, metadata
from importlib.util import find_spec
from math import prod
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import rfdocs
from rfdocs.catalogue import Entry, catalogue_folder
from rfdocs.catalogue.verification import FOLDER
from rfdocs.errors import RfdocsError
from rfdocs.graph import NetworkError, Report

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch", reason="only `make verify` installs PyTorch")
pytestmark = pytest.mark.verify

OPERATIONS = {
    "windows": """
input: {channels: 3, size: [64, 48]}
layers:
  - {conv: a, kernel: [5, 3], stride: [2, 1], padding: [[2, 1], [0, 2]], channels: 4}
  - {maxpool: b, kernel: 3, stride: 2, ceil_mode: true}
  - {conv: c, kernel: 3, dilation: 2, padding: same, channels: 4}
  - {avgpool: d, kernel: 2, stride: 2, padding: 1, ceil_mode: caffe}
  - {conv: e, kernel: 3, padding: 1, padding_mode: replicate, channels: 4}
""",
    "same": """
input: {channels: 3, size: [65, 64]}
layers:
  - {conv: a, kernel: 7, stride: 2, padding: same, channels: 4}
  - {maxpool: b, kernel: 3, stride: 2, padding: same}
  - {conv: c, kernel: 4, stride: 2, padding: same_lower, channels: 4}
  - {transposed_conv: d, kernel: 5, stride: 2, padding: same, channels: 4}
""",
    "upsampling": """
input: {channels: 4, size: [32, 32]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {transposed_conv: b, kernel: 3, stride: 2, padding: 1, output_padding: 1, channels: 4}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
  - {upsample: d, scale: 2, mode: bilinear}
  - {conv: e, kernel: 3, stride: 3, channels: 4}
  - {upsample: f, scale: 3}
  - {pixel_shuffle: g, scale: 2}
""",
    "corners": """
input: {channels: 4, size: [24, 24]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {upsample: b, scale: 2, mode: bilinear, align_corners: true}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
""",
    "resampling": """
input: {channels: 4, size: [36, 30]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {upsample: b, scale: [1.5, 0.6], mode: bilinear}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
  - {upsample: d, scale: [0.5, 4/3], mode: bicubic}
  - {upsample: e, scale: 1.25, recompute_scale_factor: true, mode: nearest-exact}
  - {upsample: f, scale: 2.5, mode: nearest}
  - {upsample: g, size: [13, 25], mode: area}
  - {upsample: h, scale: 1.5, mode: bicubic, align_corners: true}
""",
    "resampling as ONNX has it": """
input: {channels: 4, size: [24, 30]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {upsample: b, scale: 1.5, coordinates: half_pixel, nearest_mode: round_prefer_floor}
  - {upsample: c, scale: [0.5, 0.75], coordinates: asymmetric, nearest_mode: ceil}
  - {upsample: d, scale: 2.5, mode: bilinear, coordinates: half_pixel_symmetric}
  - {conv: e, kernel: 3, padding: 1, channels: 4}
  - {upsample: f, scale: 0.8, mode: bicubic, coordinates: asymmetric}
  - {upsample: g, size: [17, 31], coordinates: align_corners, nearest_mode: round_prefer_ceil}
  - {upsample: h, scale: 2, mode: bilinear, coordinates: pytorch_half_pixel}
""",
    "transposed by a rule": """
input: {channels: 4, size: [32, 28]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {transposed_conv: b, kernel: 5, stride: 2, padding: same, output_padding: 0, channels: 4}
  - {conv: c, kernel: 3, stride: 2, padding: same, channels: 4}
  - {transposed_conv: d, kernel: 4, stride: 3, padding: same_upper, output_padding: 2, channels: 4}
  - {conv: e, kernel: 3, stride: 3, padding: same_lower, channels: 4}
  - {transposed_conv: f, kernel: [3, 2], stride: 2, padding: same_lower, output_padding: 1, channels: 4}
  - {transposed_conv: g, kernel: 3, dilation: 2, padding: 2, output_padding: 1, channels: 4}
  - {transposed_conv: h, kernel: 2, stride: 3, padding: valid, output_padding: 0, channels: 4}
""",
    "around": """
input: {channels: 4, size: [40, 24]}
layers:
  - {conv: a, kernel: [5, 3], padding: [2, 1], padding_mode: circular, channels: 4}
  - {maxpool: b, kernel: 1, stride: 2, padding: [0, 1], ceil_mode: caffe}
  - {pad: c, padding: [[3, 0], [1, 2]], mode: circular}
  - {conv: d, kernel: 3, stride: 2, padding: same, padding_mode: circular, channels: 4}
""",
    "rolled": """
input: {channels: 4, size: [40, 24]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {roll: b, shift: [3, -30]}
  - {conv: c, kernel: [3, 2], stride: 2, channels: 4}
  - {roll: d, shift: [-19, 4]}
""",
    "side by side": """
input: {channels: 4, size: [40, 24]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {crop: l, padding: [[0, 0], [0, 14]]}
  - {conv: b, kernel: [3, 5], padding: [1, 2], channels: 4}
  - {crop: r, padding: [[0, 0], [10, 0]], from: a}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
  - {concat: d, from: [c, b], axis: width}
  - {conv: e, kernel: 5, stride: 2, padding: 2, channels: 4}
  - {concat: f, from: [e, e], axis: height}
  - {conv: g, kernel: 3, padding: 1, channels: 4}
""",
    "shapes": """
input: {channels: 3, size: [40, 40]}
layers:
  - {pad: a, padding: 3, mode: reflect}
  - {conv: b, kernel: 3, channels: 4}
  - {crop: c, padding: [[1, 2], [0, 1]]}
  - {pad: d, padding: [[1, 0], [1, 0]]}
  - {crop: e, size: 30, offset: 4}
  - {space_to_depth: f, scale: 2}
  - {adaptive_avgpool: g, size: 5}
  - {linear: h, channels: 2}
""",
    "compared": """
input: {channels: 4, size: [40, 24]}
layers:
  - {conv: a, kernel: 5, stride: 2, padding: 2, channels: 6}
  - {conv: b, kernel: 3, padding: 1, channels: 6}
  - {correlation: c, from: [a, b], displacement: [4, 1]}
  - {conv: d, kernel: 3, padding: 1, channels: 9}
  - {slice: e, channels: 4, offset: 3}
  - {conv: f, kernel: 1, channels: 4, from: d}
  - {correlation: g, from: [f, e], displacement: 5, spacing: 2}
""",
    "a template": """
input: {channels: 4, size: [56, 48]}
layers:
  - {given: t, channels: 4, size: [24, 20]}
  - {conv: a, kernel: 3, stride: 2, channels: 8}
  - {squeeze_excite: b, squeeze: 2}
  - {conv: c, kernel: 3, stride: 2, channels: 8, from: input}
  - {cross_correlation: d, from: [c, b], groups: 4}
  - {global_avgpool: e, from: a}
  - {multiply: f, from: [c, e]}
  - {cross_correlation: g, from: [f, b]}
""",
    "slid over what is given": """
input: {channels: 4, size: [24, 20]}
layers:
  - {conv: a, kernel: 3, stride: 2, channels: 8}
  - {given: s, channels: 4, size: [156, 148]}
  - {conv: c, kernel: 3, stride: 2, channels: 8}
  - {cross_correlation: d, from: [c, a], groups: 8}
  - {conv: e, kernel: 3, channels: 8}
""",
    "slid over itself": """
input: {channels: 4, size: [28, 24]}
layers:
  - {conv: a, kernel: 3, channels: 8}
  - {avgpool: b, kernel: 4}
  - {cross_correlation: c, from: [a, b], groups: 2}
""",
    "a template's channels apart": """
input: {channels: 4, size: [28, 24]}
layers:
  - {given: t, channels: 8, size: [5, 7]}
  - name: both
    concat:
      - [{conv: a, kernel: 3, padding: 1, channels: 4, from: input}]
      - [{conv: b, kernel: 7, padding: 3, channels: 4, from: input}]
  - {cross_correlation: c, from: [both, t], groups: 8}
  - {slice: d, channels: 3, offset: 1}
  - {slice: e, channels: 3, offset: 4, from: c}
  - {slice: f, channels: 3, offset: 2, from: t}
  - {conv: g, kernel: 3, padding: 1, channels: 3}
""",
    "attention by places": """
input: {channels: 4, size: [48, 44]}
layers:
  - {window_attention: a, window: [5, 7], shift: [2, 0]}
  - {conv: b, kernel: 3, padding: 1, channels: 24}
  - {window_attention: c, window: 4, shift: 3, channels: 8}
  - {neighbourhood_attention: d, kernel: [3, 4], dilation: [1, 2]}
  - {space_to_depth: e, scale: [3, 4], ceil_mode: true}
  - {window_attention: f, window: 20, shift: 5}
""",
    "a grid": """
input: {channels: 4, size: [24, 20]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {grid_attention: b, grid: [6, 4], heads: 2}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
""",
    "fitting": """
input: {channels: 3, size: [46, 47]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {maxpool: b, kernel: 3, stride: 2, padding: 1}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
  - {unpool: d, pool: b, kernel: 2, restore: true}
  - {maxpool: e, kernel: 2, stride: 2}
  - {upsample: f, scale: 2}
  - {pad: g, size: d, mode: replicate}
  - {crop: h, from: d, size: f}
  - {pad: i, from: h, size: a}
  - {concat: j, from: [g, i, a]}
  - {conv: k, kernel: 3, padding: 1, channels: 2}
""",
    "branches": """
input: {channels: 4, size: [48, 48]}
layers:
  - {conv: stem, kernel: 3, stride: 2, padding: 1, channels: 4}
  - name: sum
    add:
      - []
      - - {conv: left, kernel: 4, padding: same, channels: 4}
        - {squeeze_excite: gate, squeeze: 2}
  - name: join
    concat:
      - [{conv: right, kernel: 3, padding: 2, dilation: 2, channels: 4}]
      - [{global_avgpool: pool}, {conv: one, kernel: 1, channels: 4}, {upsample: spread, size: sum}]
  - {conv: last, kernel: 3, padding: 1, channels: 4}
""",
    "channels": """
input: {channels: 4, size: [40, 40]}
layers:
  - name: join
    concat:
      - [{conv: narrow, kernel: 1, channels: 4}]
      - [{conv: wide, kernel: 7, padding: 3, channels: 4}]
  - {depthwise_conv: each, kernel: 3, padding: 1}
  - {slice: first, channels: 4}
  - {conv: grouped, from: each, kernel: 3, stride: 2, padding: 1, groups: 2, channels: 8}
  - {channel_shuffle: shuffle, groups: 2}
  - {squeeze_excite: gate, squeeze: 2}
  - {slice: one, channels: 1}
  - {slice: two, from: shuffle, channels: 3, offset: 1}
  - {layernorm: norm, from: shuffle}
  - {slice: three, channels: 1}
""",
    "one axis": """
input: {channels: 1, size: 400}
layers:
  - {conv: a, kernel: 2, dilation: 4, padding: [[4, 0]], channels: 4}
  - {conv: b, kernel: 80, stride: 4, channels: 4}
  - {maxpool: c, kernel: 4}
  - {transposed_conv: d, kernel: 2, stride: 3, channels: 4}
""",
    "recurrence": """
input: {channels: 2, size: 64}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: [[2, 0]], channels: 4}
  - {lstm: b, channels: 4}
  - {attention: c, causal: true}
  - {conv: d, kernel: 3, padding: [[2, 0]], channels: 4}
  - {gru: e, channels: 2, direction: backward, from: a}
  - {conv: f, kernel: 3, padding: 1, channels: 4}
  - {rnn: g, channels: 2, direction: both, from: a}
""",
    "recurrence along the width": """
input: {channels: 2, size: [24, 32]}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 4}
  - {lstm: b, channels: 4, axis: width}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
""",
    "recurrence of channels apart": """
input: {channels: 2, size: 40}
layers:
  - name: join
    concat:
      - [{conv: narrow, kernel: 1, channels: 4}]
      - [{conv: wide, kernel: 7, padding: 3, channels: 4}]
  - {slice: first, channels: 4}
  - {gru: b, channels: 2}
  - {slice: one, channels: 1}
  - {attention: c, causal: true, from: join}
  - {slice: two, channels: 2}
""",
    "three axes": """
input: {channels: 1, size: [8, 24, 24]}
layers:
  - {conv: a, kernel: [3, 5, 5], stride: [1, 2, 2], padding: [1, 2, 2], channels: 4}
  - {maxpool: b, kernel: [1, 3, 3], stride: [1, 2, 2], padding: [0, 1, 1]}
  - {upsample: c, scale: [1, 2, 2], mode: bilinear}
  - {conv: d, kernel: 3, padding: 1, channels: 4}
""",
}


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def read(tmp_path: Path, text: str) -> rfdocs.Entry:
    path = tmp_path / "network.yaml"
    path.write_text(text, "utf-8")
    return rfdocs.load(path)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_measured_and_agrees(tmp_path: Path, name: str) -> None:
    from rfdocs.verify.measured import measure

    found = measure(read(tmp_path, OPERATIONS[name]).network)
    assert found.disagreements == []
    assert found.units > 8
    assert found.layers == found.of_layers


def test_a_gate_is_measured_both_ways(tmp_path: Path) -> None:
    from rfdocs.verify.measured import measure

    assert measure(read(tmp_path, OPERATIONS["branches"]).network).gates == 1


def test_a_field_that_is_not_the_analysis_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from rfdocs.verify import measured

    other = rfdocs.load("resnet50-paper").network
    monkeypatch.setattr(measured, "Linearised", lambda _: linearised(other))
    found = measured.measure(rfdocs.load("resnet50").network)
    assert any("layer4" in text for text in found.disagreements)


def linearised(network: rfdocs.Network) -> Any:
    from rfdocs.verify.linearised import Linearised

    return Linearised(network)


def test_measured_figures_are_the_published_ones() -> None:
    from rfdocs.verify.measured import measure

    assert measure(rfdocs.load("resnet18").network).features[0] == (435, Fraction(32), Fraction(1, 2))


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
def test_a_reference_is_compared_and_measured() -> None:
    from rfdocs.verify.compared import compare

    found = compare(rfdocs.load("resnet18"))
    assert (found.disagreements, found.order, found.layers) == ([], "same", 23)
    assert found.fields[-1].layer == "layer4"
    assert found.fields[-1].axes[0][0] == 435


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
def test_a_layer_that_the_reference_does_not_have_is_noticed() -> None:
    from rfdocs.verify.compared import compare

    right = rfdocs.load("resnet18")
    layers = list(right.network.layers)
    operator: Any = layers[0].operator
    layers[0] = replace(layers[0], operator=replace(operator, filters=replace(operator.filters, bias=True)))
    wrong = replace(right, network=replace(right.network, layers=tuple(layers)))
    found = compare(wrong).disagreements
    assert found[0] == "1 of 23 steps here and 1 of 23 there differ"
    assert found[-1] == "parameters: 11,689,512 there, 11,689,576 here"


class Unpooling(torch.nn.Module):
    """A model that sets every maximum back where it was found."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Conv2d(3, 4, 3, padding=1)
        self.last = torch.nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, image: Any) -> Any:
        from torch.nn import functional

        made, places = functional.max_pool2d(self.first(image), 2, return_indices=True)
        return self.last(functional.max_unpool2d(made, places, 2))


UNPOOLING = """
input: {channels: 3, size: [32, 32]}
layers:
  - {conv: first, kernel: 3, padding: 1, channels: 4, bias: true}
  - {maxpool: pool, kernel: 2}
  - {upsample: unpool, scale: 2}
  - {conv: last, kernel: 3, padding: 1, channels: 4, bias: true}
"""


@pytest.mark.skipif(find_spec("timm") is None, reason="only `make verify` installs the references")
def test_a_name_of_another_map_is_noticed() -> None:
    from rfdocs.verify.compared import compare

    (found,) = compare(with_tap("darknet53", "stages.1", timm=1)).disagreements
    assert found == (
        "timm's 1 is a map of (64, 128, 128) (channels, then size) after 4 layers with weights, "
        "and stages.1 here is a map of (128, 64, 64) (channels, then size) after 9 layers with weights"
    )


@pytest.mark.skipif(find_spec("timm") is None, reason="only `make verify` installs the references")
def test_a_name_at_another_place_of_the_same_shape_is_noticed() -> None:
    from rfdocs.verify.tapped import tap_differences

    (found,) = tap_differences(with_tap("resnet18", "layer1", torchvision="layer1.0"))
    assert found.startswith("torchvision's layer1.0 is a map of (64, 56, 56) (channels, then size) after 3 layers")


@pytest.mark.skipif(find_spec("timm") is None, reason="only `make verify` installs the references")
def test_a_name_that_the_model_does_not_have_is_an_error() -> None:
    from rfdocs.verify.tapped import tap_differences

    with pytest.raises(ValueError, match=r"node: 'layer5' is not present in model"):
        list(tap_differences(with_tap("resnet18", "layer4", torchvision="layer5")))
    with pytest.raises(LookupError, match="no model of torchvision is registered for the taps of darknet53"):
        list(tap_differences(with_tap("darknet53", "stem", torchvision="stem")))


def with_tap(identifier: str, layer: str, **names: str | int) -> Entry:
    """The network with this tap alone."""
    entry = rfdocs.load(identifier)
    tap = replace(entry.description.taps[0], layer=layer, names=names)
    return replace(entry, description=replace(entry.description, taps=(tap,)))


def test_the_field_of_a_running_model_reaches_through_an_unpooling(tmp_path: Path) -> None:
    from rfdocs.verify.models import Reference
    from rfdocs.verify.running import measure_reference

    found = measure_reference(Reference("torch.nn.Module"), Unpooling(), read(tmp_path, UNPOOLING))
    assert (found.disagreements, found.why_not) == ([], "")
    assert [(stage.layer, stage.axes[0][0]) for stage in found.fields][-1] == ("last", 6)


class Siamese(torch.nn.Module):
    """SiamFC as its paper has it: one network for both images, and the features of one slid over the other's."""

    def __init__(self) -> None:
        super().__init__()
        nn = torch.nn
        self.features = nn.Sequential(
            *[nn.Conv2d(3, 96, 11, 2), nn.BatchNorm2d(96), nn.ReLU(), nn.MaxPool2d(3, 2)],
            *[nn.Conv2d(96, 256, 5, groups=2), nn.BatchNorm2d(256), nn.ReLU(), nn.MaxPool2d(3, 2)],
            *[nn.Conv2d(256, 384, 3), nn.BatchNorm2d(384), nn.ReLU()],
            *[nn.Conv2d(384, 384, 3, groups=2), nn.BatchNorm2d(384), nn.ReLU()],
            nn.Conv2d(384, 256, 3, groups=2),
        )

    def forward(self, search: Any, template: Any) -> Any:
        from torch.nn import functional

        return functional.conv2d(self.features(search), self.features(template))


@pytest.mark.parametrize("followed", ["search", "template"])
def test_a_network_of_two_images_is_the_model_that_reads_both(followed: str) -> None:
    """Its parameters, its multiply-accumulates, its scores, and what each of these depends on in either image."""
    from torch.utils.flop_counter import FlopCounterMode

    model, entry = Siamese().double().eval(), rfdocs.load(f"siamfc-{followed}")
    report = entry.analyze()
    assert report.parameters == sum(parameter.numel() for parameter in model.parameters())
    for parameter in model.parameters():
        torch.nn.init.uniform_(parameter, 0.01, 0.02)  # nothing cancels out, and no unit is switched off
    images = {"search": torch.rand(1, 3, 255, 255).double(), "template": torch.rand(1, 3, 127, 127).double()}
    images[followed].requires_grad_()
    with FlopCounterMode(display=False) as counted:
        scores = model(images["search"], images["template"])
    assert counted.get_total_flops() == 2 * report.macs
    assert tuple(scores.shape) == (1, 1, *report["scores"].size)
    for unit in ((0, 0), (8, 3), (16, 16)):
        (gradient,) = torch.autograd.grad(scores[(0, 0, *unit)], images[followed], retain_graph=True)
        fields = [axis.visible for axis in report.unit("scores", unit)]
        # a maximum is taken from one place: what is left out is no more than it looks at
        rows, columns = torch.nonzero(gradient.abs().sum((0, 1)), as_tuple=True)
        for field, places in zip(fields, (rows, columns), strict=True):
            assert field is not None
            assert field.first <= int(places.min()) <= field.first + 12
            assert field.last - 12 <= int(places.max()) <= field.last


def test_a_module_of_several_inputs_reads_them_in_their_order(tmp_path: Path) -> None:
    """The features of each image of a batch are the filters for its own."""
    from torch.nn import functional

    from rfdocs.verify.built import BuiltNetwork

    text = """inputs:
  search: {channels: 4, size: [12, 10]}
  template: {channels: 4, size: [3, 5]}
follow: search
layers:
  - {relu: a, from: search}
  - {cross_correlation: c, from: [a, template], groups: 4}
"""
    module = BuiltNetwork(read(tmp_path, text).network)
    search, template = torch.rand(2, 4, 12, 10), torch.rand(2, 4, 3, 5)
    (scores,) = module(search, template)
    for place in range(2):
        alone = functional.conv2d(search[place : place + 1], template[place].unsqueeze(1), groups=4)
        assert torch.allclose(scores[place : place + 1], alone)
    with pytest.raises(TypeError, match="besides the image it reads template"):
        module(search)


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
@pytest.mark.parametrize(("size", "shift"), [((14, 21), 3), ((16, 9), 2), ((5, 20), 3), ((7, 8), 6), ((15, 15), 0)])
def test_windows_are_those_of_torchvision(tmp_path: Path, size: tuple[int, int], shift: int) -> None:
    """Every unit of a layer that is padded, rolled and masked, on maps that hold one window or several on each axis."""
    from rfdocs.verify.gradients import Probe
    from rfdocs.verify.models import _prepare_imports
    from rfdocs.verify.running import Stage, _Linearising, stage_maps

    _prepare_imports("torchvision")
    swin = import_module("torchvision.models.swin_transformer")
    attention = swin.ShiftedWindowAttention(6, [7, 7], [shift, shift], 3).double()
    output = [Stage(1, "a", "@output")]
    maps = stage_maps(attention, lambda model, image: model(image.movedim(1, -1)), output, _Linearising)
    item = f"{{window_attention: a, window: 7, shift: {shift}, heads: 3}}"
    text = f"input: {{channels: 6, size: {list(size)}}}\nlayers: [{item}]"
    report = read(tmp_path, text).analyze()
    units = [(row, column) for row in range(size[0]) for column in range(size[1])]
    boxes = Probe(lambda image: [maps(image)[0].movedim(-1, 1)], 6, size).fields(0, units)
    assert boxes == [tuple(axis.visible for axis in report.unit("a", unit)) for unit in units]
    assert report["a"].parameters == sum(parameter.numel() for parameter in attention.parameters())


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
@pytest.mark.parametrize(("kind", "size"), [("window", 21), ("grid", 21), ("window", 7), ("grid", 7)])
def test_windows_and_grids_are_those_of_maxvit_in_torchvision(tmp_path: Path, kind: str, size: int) -> None:
    """Every unit; the windows are an axis of their own, be there one or several."""
    from rfdocs.verify.gradients import Probe
    from rfdocs.verify.models import _prepare_imports
    from rfdocs.verify.running import Stage, _Linearising, stage_maps

    _prepare_imports("torchvision")
    layer = import_module("torchvision.models.maxvit").PartitionAttentionLayer
    chances, classes = dict.fromkeys(("attention_dropout", "mlp_dropout", "p_stochastic_dropout"), 0.0), torch.nn
    attention = layer(8, 4, 7, kind, (size, size), 4, classes.GELU, classes.LayerNorm, **chances).double().eval()
    maps = stage_maps(attention, lambda model, image: model(image), [Stage(1, "a", "@output")], _Linearising)
    item = f"{{{kind}_attention: a, {kind}: 7, heads: 2}}"
    report = read(tmp_path, f"input: {{channels: 8, size: [{size}, {size}]}}\nlayers: [{item}]").analyze()
    units = [(row, column) for row in range(size) for column in range(0, size, 5)]
    boxes = Probe(maps, 8, (size, size)).fields(0, units)
    assert boxes == [tuple(axis.visible for axis in report.unit("a", unit)) for unit in units]
    assert report["a"].parameters == sum(own.numel() for own in attention.attn_layer[1].parameters())


def test_rows_of_units_are_compared_by_their_number() -> None:
    from rfdocs.verify.steps import Step, in_one_row

    ones, zeros = (1, 1), ((0, 0), (0, 0))
    matrix = Step("conv", ones, ones, zeros, ones, 1, 64, 256, True, (56, 56))
    assert in_one_row(matrix).key == in_one_row(replace(matrix, size=(64, 49))).key
    assert in_one_row(matrix).key != in_one_row(replace(matrix, size=(64, 48))).key
    for other in ({"kernel": (1, 3)}, {"stride": (2, 2)}, {"groups": 64}, {"padding": ((1, 1), (0, 0))}):
        kept = replace(matrix, **other)
        assert in_one_row(kept) == kept


@pytest.mark.parametrize(
    ("function", "image", "weights", "given"),
    [
        ("conv1d", (2, 6, 11), (4, 6, 3), {"stride": 2}),
        ("conv2d", (2, 6, 7, 5), (4, 3, 3, 2), {"groups": 2, "padding": (1, 0)}),
        ("conv2d", (6, 7, 5), (12, 1, 3, 3), {"groups": 6, "padding": "same"}),
        ("conv3d", (1, 2, 4, 5, 4), (3, 2, 2, 3, 1), {"dilation": 2, "padding": 2}),
        ("conv_transpose1d", (2, 6, 5), (6, 4, 3), {"stride": 2, "output_padding": 1}),
        ("conv_transpose2d", (1, 6, 3, 4), (6, 2, 3, 2), {"stride": 2, "groups": 3, "padding": 1}),
        ("linear", (2, 5, 6), (4, 6), {}),
    ],
)
def test_equal_weights_are_applied_once_for_each_group(
    function: str, image: Sequence[int], weights: Sequence[int], given: dict[str, Any]
) -> None:
    from rfdocs.verify.running import _Linearising

    apply = getattr(torch.nn.functional, function)
    data = torch.rand(*image, dtype=torch.float64, requires_grad=True)
    expected = apply(data, torch.full(weights, prod(weights[1:]) ** -0.5, dtype=torch.float64), **given)
    with _Linearising({}):
        ours = apply(data, torch.rand(*weights), torch.rand(3), **given)
    upstream = torch.rand_like(expected)
    gradients = [torch.autograd.grad(one, data, upstream)[0] for one in (expected, ours)]
    torch.testing.assert_close(ours, expected)
    torch.testing.assert_close(*gradients)
    ours.add_(1)  # a model may write into it


def test_batch_normalisation_without_numbers_has_the_map_of_that_with_numbers() -> None:
    from rfdocs.verify.multiplied import multiplied
    from rfdocs.verify.shapes_only import ShapesOnly, without_numbers

    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Conv2d(4, 2, 3)).eval()
    copy, image = without_numbers(model), torch.zeros(1, 3, 9, 8, device="meta")
    assert {one.device.type for one in (*copy.parameters(), *copy.buffers())} == {"meta"}
    assert {one.device.type for one in (*model.parameters(), *model.buffers())} == {"cpu"}
    with ShapesOnly():
        assert copy(image).shape == model(torch.zeros(1, 3, 9, 8)).shape
        with pytest.raises(RuntimeError, match="4"):
            copy[1](torch.zeros(1, 5, 9, 8, device="meta"))
        copy.train()
        with pytest.raises(ValueError, match="more than 1 value per channel"):
            copy[1](torch.zeros(1, 4, 1, 1, device="meta"))
    assert multiplied(copy.eval(), lambda one, given: one(given), image).macs == 7 * 6 * 9 * 3 * 4 + 5 * 4 * 9 * 4 * 2


@pytest.mark.parametrize("rule", ["LSTM", "GRU", "RNN"])
def test_the_spatial_path_of_a_running_model_passes_recurrence_by(rule: str) -> None:
    from rfdocs.verify.running import OUTPUT, Stage, _Linearising, stage_maps

    class Recurrent(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv1d(2, 4, 3, padding=1, dtype=torch.float64)
            made = getattr(torch.nn, rule)
            self.recurrent = made(4, 3, num_layers=2, bidirectional=True, batch_first=True, dtype=torch.float64)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.recurrent(self.conv(image).transpose(1, 2))[0].transpose(1, 2)

    image = torch.rand(1, 2, 9, dtype=torch.float64, requires_grad=True)
    maps = stage_maps(Recurrent(), lambda model, data: model(data), [Stage(1, "last", OUTPUT)], _Linearising)
    (last,) = maps(image)
    assert last.shape == (1, 6, 9)
    (gradient,) = torch.autograd.grad(last[0, :, 4].sum(), image)
    assert gradient.abs().sum((0, 1)).nonzero().flatten().tolist() == [3, 4, 5]


def test_a_model_that_is_too_large_to_measure_is_told_with_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rfdocs.verify import running
    from rfdocs.verify.models import Reference

    monkeypatch.setattr(running, "MACS", 1)
    found = running.measure_reference(Reference("torch.nn.Module"), Unpooling(), read(tmp_path, UNPOOLING))
    assert found.fields == []
    assert "billion multiply-accumulates a pass, more than the verifier spends" in found.why_not


def test_a_recorded_field_has_the_figures_of_each_axis() -> None:
    from rfdocs.verify.compared import Comparison
    from rfdocs.verify.models import Reference
    from rfdocs.verify.record_files import new_record
    from rfdocs.verify.running import StageField

    stage = StageField("stem", {0: (5, Fraction(1), Fraction(1, 2)), 1: (7, Fraction(2), Fraction(1, 2))})
    made = Comparison(Reference("torch.nn.Module"), fields=[stage])
    record = new_record(rfdocs.load("resnet18"), None, made, None, "2026-11-22")
    assert record["compared"]["fields"][0]["field"] == ["5", "7"]
    assert record["compared"]["fields"][0]["jump"] == ["1", "2"]


def test_the_kept_part_of_a_record_keeps_its_own_reasons_only() -> None:
    from rfdocs.verify.__main__ import _part_of

    about = ["the layers against a reference implementation: none", "the field of the running timm model itself: no"]
    assert set(map(_part_of, about)) == {"compared"}
    assert _part_of("the field from fc6 on: it fits the nominal size only") == "measured"


def test_a_part_alone_leaves_the_others_as_they_are() -> None:
    from rfdocs.verify.__main__ import PARTS, _with_other_parts

    old = {"network": "a", **{part: {"agrees": True, "of": "old"} for part in PARTS}, "unverified": []}
    new: dict[str, Any] = {
        "network": "a",
        "measured": None,
        "compared": None,
        "sizes": None,
        "tiles": {"of": "new"},
        "unverified": [],
    }
    assert _with_other_parts(new, old, ("tiles",)) == old | {"tiles": {"of": "new"}}
    del new["tiles"]
    assert _with_other_parts(new, old, ("sizes",)) == old | {"sizes": None}


class Functional(torch.nn.Module):
    """A model that calls functions only, pads apart, works on channels last, and has a gate."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Parameter(torch.ones(4, 3, 3, 3))
        self.mixing = torch.nn.Linear(4, 8)
        self.gate = torch.nn.Linear(8, 8, bias=False)

    def forward(self, image: Any) -> Any:
        from torch.nn import functional

        made = functional.conv2d(functional.pad(image, (0, 1, 0, 1)), self.first, stride=2)
        made = self.mixing(functional.relu(made).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        gate = self.gate(made.mean((2, 3)))
        return functional.max_pool2d(made * gate[:, :, None, None].sigmoid(), 2)


def test_a_walk_sees_functions_pads_and_channels_last() -> None:
    from rfdocs.verify.walked import walk

    steps = walk(Functional(), lambda model, image: model(image), torch.zeros(1, 3, 16, 16))
    assert [step.kind for step in steps] == ["conv", "conv", "global_avgpool", "linear", "maxpool"]
    assert steps[0].padding == ((0, 1), (0, 1))
    assert (steps[1].kernel, steps[1].channels_in, steps[1].channels, steps[1].size) == ((1, 1), 4, 8, (8, 8))
    assert [step.depth for step in steps] == [1, 2, 2, 3, 2]


def test_a_walk_sees_the_matrices_of_an_attention_that_is_one_function() -> None:
    from rfdocs.verify.walked import walk

    attention = torch.nn.MultiheadAttention(8, 2, kdim=4, vdim=4).eval()
    own = torch.nn.MultiheadAttention(8, 2).eval()

    def run(_model: Any, image: Any) -> Any:
        row = image.movedim(1, -1).movedim(0, 1)
        same, _ = own(row, row, row, need_weights=False)
        other, _ = attention(same, row[..., :4], row[..., 4:], need_weights=False)
        return other

    told = [(step.channels_in, step.channels, step.size, step.depth) for step in walk(None, run, torch.zeros(1, 8, 5))]
    assert told == [
        (8, 24, (5,), 1),
        (8, 8, (5,), 2),
        (8, 8, (5,), 3),
        (4, 8, (5,), 3),
        (4, 8, (5,), 3),
        (8, 8, (5,), 4),
    ]


@pytest.mark.parametrize(("kept", "padding"), [(slice(None, 12), (2, 0)), (slice(1, 11), (1, -1))])
def test_a_walk_sees_a_slice_of_units_as_a_crop(kept: slice, padding: tuple[int, int]) -> None:
    from torch.nn import functional

    from rfdocs.verify.walked import walk

    def run(_model: Any, image: Any) -> Any:
        return functional.conv1d(functional.elu(functional.pad(image, (2, 0))[..., kept]), torch.zeros(4, 3, 3))

    (step,) = walk(None, run, torch.zeros(1, 3, 10))
    assert step.padding == (padding,)


def test_a_walk_takes_an_assertion_without_words_and_a_map_of_no_unit_for_refusals() -> None:
    from rfdocs.verify.walked import walk_or_refusal

    def asserts(_model: Any, image: Any) -> Any:
        if image.shape[-1] % 2:
            raise AssertionError
        return image

    def cuts(_model: Any, image: Any) -> Any:
        return image[:, :, 6:]

    assert walk_or_refusal(None, asserts, torch.zeros(1, 3, 8)).refusal == ""
    assert walk_or_refusal(None, asserts, torch.zeros(1, 3, 7)).refusal
    assert walk_or_refusal(None, cuts, torch.zeros(1, 3, 8)).refusal == ""
    assert walk_or_refusal(None, cuts, torch.zeros(1, 3, 5)).refusal == "a map without units"


def test_a_reference_that_pads_is_compared_at_multiples_only() -> None:
    from rfdocs.verify.further_sizes import comparable_sizes
    from rfdocs.verify.models import Reference

    entry = rfdocs.load("encodec-24khz")
    assert comparable_sizes(entry, Reference("torch.nn.Identity()")) == [(23999,), (30005,), (8000,)]
    assert comparable_sizes(entry, Reference("torch.nn.Identity()", pads=True)) == [(8000,)]


class Attending(torch.nn.Module):
    """A convolution, attention, and an LSTM over its units."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv1d(1, 4, 3, padding=1)
        self.memory = torch.nn.LSTM(4, 4, batch_first=True)

    def forward(self, image: Any) -> Any:
        from torch.nn import functional

        rows = self.conv(image).transpose(1, 2)
        rows = functional.scaled_dot_product_attention(rows, rows, rows)
        return self.memory(rows)[0].transpose(1, 2)


def test_attention_and_recurrence_of_a_running_model_show_each_unit_itself(tmp_path: Path) -> None:
    from rfdocs.verify.models import Reference
    from rfdocs.verify.running import OUTPUT, Stage, measure_model

    path = tmp_path / "attending.yaml"
    path.write_text(
        "input: {channels: 1, size: 24}\nlayers:\n  - {conv: conv, kernel: 3, padding: 1, channels: 4}\n"
        "  - {attention: attend, channels: 4}\n  - {lstm: memory, channels: 4}\n"
    )
    network = rfdocs.load(path).network
    measured = measure_model(Reference("torch.nn.Identity()"), Attending(), network, [Stage(3, "memory", OUTPUT)])
    assert (measured.why_not, measured.disagreements) == ("", [])
    assert [stage.axes[0][0] for stage in measured.fields] == [3]


class Deep(torch.nn.Module):
    """So many shortcuts, one after the other, that sums of all paths are larger than numbers can be."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.windows = torch.nn.ModuleList([torch.nn.Conv1d(64, 64, 3, padding=1) for _ in range(depth)])

    def forward(self, image: Any) -> Any:
        for window in self.windows:
            image = image + window(image)
        return image


def test_the_fields_of_a_running_model_are_measured_however_deep_it_is(tmp_path: Path) -> None:
    from rfdocs.verify.models import Reference
    from rfdocs.verify.running import OUTPUT, Stage, measure_model

    block = "{add: [[{conv: windows.$index, kernel: 3, padding: 1, channels: 64}], []], repeat: 280, name: add.$index}"
    network = read(tmp_path, f"input: {{channels: 64, size: 16}}\nlayers: [{block}]").network
    stage = Stage(len(network.layers), "last", OUTPUT)
    measured = measure_model(Reference("torch.nn.Identity()"), Deep(280), network, [stage])
    assert (measured.why_not, measured.disagreements) == ("", [])
    assert [stage.axes[0][0] for stage in measured.fields] == [561]


@pytest.mark.parametrize(
    ("shape", "order"), [((6, 6, 6), (0, 1, 2)), ((6, 6, 4), (0, 1, 2)), ((6, 4, 6), (2, 0, 1)), ((24, 6), (1, 0))]
)
def test_a_map_may_have_its_channels_last_where_it_cannot_have_them_first(
    tmp_path: Path, shape: tuple[int, ...], order: tuple[int, ...]
) -> None:
    from rfdocs.verify.running import _as_map

    size = (6, 6) if shape == (6, 6, 6) else (6, 4)
    report = read(tmp_path, f"input: {{channels: 6, size: {list(size)}}}\nlayers: [{{relu: a}}]").analyze()
    own = torch.rand(1, *shape)
    assert torch.equal(_as_map(own, report["a"]), own[0].permute(order).reshape(1, 6, *size))


def test_a_call_of_the_registry_is_no_program() -> None:
    from rfdocs.verify.models import Reference, build

    with pytest.raises(RfdocsError, match="is no dotted name, no call and no literal"):
        build(Reference("[name for name in (1, 2)]", of="torch"))


def failing(error: Exception) -> Any:
    """A comparison with a reference that fails."""

    def compare(_entry: rfdocs.Entry) -> Any:
        raise error

    return compare


@pytest.mark.parametrize("part", ["compare", "compare_sizes"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ModuleNotFoundError("No module named 'lazy_importer'"), "cannot be imported: No module named 'lazy_importer'"),
        (RuntimeError("no such size"), "did not run: RuntimeError: no such size"),
    ],
)
def test_a_reference_that_fails_is_an_error_and_leaves_the_record(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    told: str,
    part: str,
) -> None:
    from rfdocs.verify import __main__ as command

    records = tmp_path / FOLDER / "c3d.json"
    records.parent.mkdir()
    shutil.copy(catalogue_folder() / FOLDER / "c3d.json", records)
    before = records.read_text("utf-8")
    monkeypatch.setattr(command, "catalogue_folder", lambda: tmp_path)
    monkeypatch.setattr(command, part, failing(error))
    assert command.main(["c3d"]) == 1
    assert told in capsys.readouterr().out
    assert records.read_text("utf-8") == before


def test_a_network_that_follows_only_its_paper_has_no_reference() -> None:
    from rfdocs.verify.models import reference_of

    about = rfdocs.load("alexnet").description
    assert about.implementation is not None
    for told in (replace(about.implementation, name="the paper", symbol=None), None):
        entry: Any = SimpleNamespace(identifier="crnn", description=replace(about, implementation=told))
        assert reference_of(entry) == "the file names none"


def bare(name: str) -> str:
    """A package's name without what distributions and modules write differently."""
    return re.sub("[-_.]", "", name.lower())


def test_the_lock_holds_every_reference_and_all_that_it_imports(repository: Path) -> None:
    """What is installed beside PyTorch may be more than the lock; without that, references could not be imported."""
    from rfdocs.verify.models import reference_of

    lock = (repository / "requirements-verify.lock").read_text("utf-8")
    locked = {bare(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    references = [reference_of(entry) for entry in rfdocs.Catalogue().entries()]
    packages = {reference.package for reference in references if not isinstance(reference, str)}
    providers = metadata.packages_distributions()
    missing = [package for package in packages if not set(map(bare, providers.get(package, [package]))) & locked]
    assert missing == []


def altered(name: str, layer: str, **values: Any) -> rfdocs.Entry:
    """The network with another value of a layer's window."""
    right = rfdocs.load(name)
    layers = list(right.network.layers)
    place = right.network.node(layer) - 1
    operator: Any = layers[place].operator
    window = replace(operator.window, **values)
    layers[place] = replace(layers[place], operator=replace(operator, window=window))
    return replace(right, network=replace(right.network, layers=tuple(layers)))


def sizes_of(entry: rfdocs.Entry) -> Any:
    from rfdocs.verify.further_sizes import compare_sizes

    return compare_sizes(entry)


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
def test_further_sizes_are_compared_with_the_reference() -> None:
    found = sizes_of(rfdocs.load("alexnet"))
    assert found.disagreements == []
    assert [one.input for one in found.sizes] == [(223, 223), (254, 285), (75, 75)]
    assert all(one.layers > 10 for one in found.sizes)


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
def test_another_rounding_is_noticed_where_only_other_sizes_tell() -> None:
    """At 224 pixels the first pooling leaves the same with either rounding."""
    from rfdocs.algebra import Rounding

    wrong = altered("alexnet", "pool1", rounding=Rounding.CEIL)
    found = sizes_of(wrong).disagreements
    assert found
    assert not any(text.startswith("at 224 x 224") for text in found)


@pytest.mark.skipif(find_spec("mmagic") is None, reason="only `make verify` installs the references")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_only_one_side_refuses_is_noticed() -> None:
    smaller = altered("dcgan-discriminator", "output", kernel=(3, 3))
    assert any("at 63 x 63: taken here, refused there: Calc" in text for text in sizes_of(smaller).disagreements)
    larger = altered("patchgan-70", "model", kernel=(32, 32))
    assert any("at 86 x 86: taken there, refused here: " in text for text in sizes_of(larger).disagreements)


@pytest.mark.skipif(find_spec("pytorchcv") is None, reason="only `make verify` installs the references")
def test_a_head_for_one_size_is_told_and_the_maps_before_it_are_compared() -> None:
    found = sizes_of(rfdocs.load("resnet50-paper"))
    assert found.disagreements == []
    assert [(one.layers, one.headless) for one in found.sizes] == [(56, False), (54, True), (54, True)]
    wrong = altered("resnet50-paper", "conv1", padding=((2, 2), (3, 3)))
    assert any("taken here, refused there" in text for text in sizes_of(wrong).disagreements)


class Refusing(torch.nn.Module):
    """A model that fails with a message."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.first = torch.nn.Conv2d(3, 4, 3)

    def forward(self, image: Any) -> Any:
        self.first(image)
        raise self.error


def test_only_what_is_said_of_sizes_is_a_refusal() -> None:
    from rfdocs.verify.walked import walk_or_refusal

    def walked(error: Exception) -> Any:
        return walk_or_refusal(Refusing(error), lambda model, image: model(image), torch.zeros(1, 3, 8, 8))

    refused = walked(RuntimeError("Sizes of tensors must match except in dimension 1."))
    assert (len(refused.steps), refused.outputs) == (1, ())
    assert refused.refusal.startswith("Sizes of tensors")
    for error in (RuntimeError("expected scalar type Float"), NotImplementedError("no such size"), KeyError("size")):
        with pytest.raises(type(error)):
            walked(error)


@pytest.mark.parametrize("kernel", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("own", [1, 2, 3])
@pytest.mark.parametrize("restore", [False, True])
def test_an_unpooling_takes_and_refuses_the_sizes_that_pytorch_does(
    tmp_path: Path, kernel: int, stride: int, padding: int, own: int, restore: bool
) -> None:
    """On one axis; what PyTorch refuses for some images only is refused."""
    if 2 * padding > kernel:
        return
    text = f"""
input: {{channels: 1, size: 12}}
layers:
  - {{maxpool: pool, kernel: {kernel}, stride: {stride}, padding: {padding}}}
  - {{unpool: back, pool: pool, kernel: {own}, stride: {stride}, restore: {str(restore).lower()}}}
"""
    network = read(tmp_path, text).network
    for length in range(4, 20):
        window = (kernel, stride, padding)
        try:
            size = Report(network, length)["back"].size
        except NetworkError:
            size = None
        assert size == put_back(length, window, (own, stride), restore), length


def put_back(length: int, window: tuple[int, int, int], own: tuple[int, int], restore: bool) -> tuple[int, ...] | None:
    """The size that PyTorch puts back."""
    from torch.nn import functional

    images = torch.rand(40, 1, length, generator=torch.Generator().manual_seed(0))
    made, places = functional.max_pool1d(images, *window, return_indices=True)
    try:
        back = functional.max_unpool1d(made, places, *own, output_size=(length,) if restore else None)
    except (RuntimeError, ValueError):
        return None
    return tuple(back.shape[2:])


@pytest.mark.parametrize(("size", "right"), [((8, 8), True), ((9, 8), True), ((8, 9), False), ((9, 9), False)])
def test_an_unpooling_without_its_rows_puts_values_elsewhere_or_fails(
    tmp_path: Path, size: tuple[int, int], right: bool
) -> None:
    from torch.nn import functional

    image = torch.rand(1, 1, *size, generator=torch.Generator().manual_seed(2))
    made, places = functional.max_pool2d(image, 2, return_indices=True)
    back = functional.max_unpool2d(made, places, 2)
    kept = back != 0
    assert bool((back == image[:, :, : back.shape[2], : back.shape[3]])[kept].all()) is right
    path = tmp_path / "rows.yaml"
    path.write_text(
        "input: {channels: 1, size: [8, 8]}\nlayers:\n"
        "  - {maxpool: pool, kernel: 2}\n  - {unpool: back, pool: pool, kernel: 2}\n",
        "utf-8",
    )
    if right:
        assert rfdocs.load(path).analyze(size)["back"].size == tuple(back.shape[2:])
        return
    with pytest.raises(rfdocs.CatalogueError, match="where its pooling read 9"):
        rfdocs.load(path).analyze(size)


def test_an_unpooling_reads_every_place_where_pytorch_may_put_a_value(tmp_path: Path) -> None:
    from torch.nn import functional

    text = "input: {channels: 1, size: 11}\nlayers:\n  - {maxpool: pool, kernel: 3, stride: 2, padding: 1}\n"
    entry = read(tmp_path, text + "  - {unpool: back, pool: pool, kernel: 2, restore: true}\n")
    seen: dict[int, set[int]] = {unit: set() for unit in range(11)}
    for seed in range(400):
        image = torch.rand(1, 1, 11, generator=torch.Generator().manual_seed(seed))
        made, places = functional.max_pool1d(image, 3, 2, 1, return_indices=True)
        marks = torch.arange(1.0, made.shape[-1] + 1).reshape(1, 1, -1)
        for unit, mark in enumerate(functional.max_unpool1d(marks, places, 2, output_size=(11,))[0, 0].tolist()):
            seen[unit] |= {int(mark) - 1} - {-1}
    report = entry.analyze()
    for unit, pools in seen.items():
        taps = report["back"].axes[0].reads[0].real_taps(unit, 6)
        assert pools <= set(taps)
        assert len(pools) >= min(len(taps), 1)


#: Where each package keeps the names of its models.
MODEL_NAMES: dict[str, Callable[[], Iterable[str]]] = {
    "timm": lambda: import_module("timm").list_models(),
    "torchvision": lambda: import_module("torchvision.models").list_models(),
    "pytorchcv": lambda: import_module("pytorchcv.model_provider")._models,
    "keras": lambda: dir(import_module("keras").applications),
}


@pytest.mark.parametrize("package", MODEL_NAMES)
@pytest.mark.skipif(find_spec("timm") is None, reason="only `make verify` installs the references")
def test_an_id_that_is_a_models_name_in_its_implementation_is_that_model(package: str) -> None:
    from rfdocs.verify import models

    models._prepare_imports(package)
    names = {plain(name) for name in MODEL_NAMES[package]()}
    references = {entry.identifier: models.reference_of(entry) for entry in rfdocs.Catalogue().entries()}
    others = [
        identifier
        for identifier, reference in references.items()
        if not isinstance(reference, str) and reference.package == package and plain(identifier) in names
        if plain(identifier) not in map(plain, re.findall(r"\w+", reference.call))
    ]
    assert len(names) > 30
    assert others == []


def plain(name: str) -> str:
    """A name as ids are written: small letters, and one kind of hyphen."""
    return name.lower().replace("-", "_")


TILED = """
input: {channels: 3, size: [64, 64]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4, norm: batch}
  - {maxpool: b, kernel: 2, stride: 2}
  - {conv: c, kernel: 3, padding: 1, channels: 4, norm: batch}
  - {transposed_conv: d, kernel: 2, stride: 2, channels: 4}
  - {conv: e, kernel: 3, padding: 1, channels: 2}
"""


class Tiled(torch.nn.Module):
    """The network of ``TILED``."""

    def __init__(self) -> None:
        super().__init__()
        self.down = torch.nn.Conv2d(3, 4, 3, padding=1)
        self.first = torch.nn.BatchNorm2d(4)
        self.inner = torch.nn.Conv2d(4, 4, 3, padding=1)
        self.second = torch.nn.BatchNorm2d(4)
        self.up = torch.nn.ConvTranspose2d(4, 4, 2, stride=2)
        self.last = torch.nn.Conv2d(4, 2, 3, padding=1)

    def forward(self, image: Any) -> Any:
        from torch.nn import functional

        pooled = functional.max_pool2d(self.first(self.down(image)), 2)
        return self.last(self.up(self.second(self.inner(pooled))))


def tiles_differ(tiling: Any) -> list[str]:
    from rfdocs.verify.tiled import differences, with_random_weights

    model = with_random_weights(Tiled())
    with torch.no_grad():
        return list(differences(tiling, model, (3, 2)))


@pytest.fixture
def tiling(tmp_path: Path) -> Any:
    from rfdocs.verify.tiled_image import tiling_to_run

    return tiling_to_run(read(tmp_path, TILED).network, "e")


def test_tiles_give_what_the_whole_gives(tiling: Any) -> None:
    rows = tiling.axes[0]
    assert (rows.grid, rows.discard, rows.kept, tiling.count) == (2, (5, 5), 16, 9)
    assert tiles_differ(tiling) == []


def changed(tiling: Any, **values: Any) -> Any:
    return replace(tiling, axes=tuple(replace(axis, **values) for axis in tiling.axes))


def test_a_discard_that_is_too_small_is_noticed(tiling: Any) -> None:
    told = tiles_differ(changed(tiling, discard=(4, 4), discard_on_grid=(4, 4)))
    assert any("what the tiles keep differs from the whole by" in text for text in told)
    assert any("units between those that are to be discarded differ" in text for text in told)


@pytest.mark.parametrize(("discard", "unit"), [((6, 5), 5), ((5, 6), 22)])
def test_a_discard_that_is_too_large_is_noticed(tiling: Any, discard: tuple[int, int], unit: int) -> None:
    told = tiles_differ(changed(tiling, discard=discard))
    assert [text for text in told if not text.startswith(f"unit {unit} of a tile on axis ")] == []
    assert len(told) == 2


def test_a_grid_that_is_too_large_is_noticed(tmp_path: Path) -> None:
    """A convolution alone gives the same wherever a tile begins."""
    from rfdocs.verify.tiled import differences

    tiling = Report(read(tmp_path, TILED).network, (60, 60)).tiling("e", 28)
    with torch.no_grad():
        told = list(differences(tiling, torch.nn.Conv2d(3, 2, 3, padding=1).double(), (3, 2)))
    assert "off the grid of axis 0, 18 of 18 units are those of the whole" in told


@pytest.mark.skipif(find_spec("torchvision") is None, reason="only `make verify` installs the references")
def test_tiles_of_a_reference_are_compared() -> None:
    from rfdocs.verify.tiled import compare_tiles

    compared = compare_tiles(rfdocs.load("squeezenet1_1"))
    assert compared is not None
    assert compared.disagreements == ()
    assert (compared.record.layer, compared.record.tiles) == ("conv10", 9)


def test_a_network_that_is_not_listed_has_no_tiles() -> None:
    from rfdocs.verify.record_files import new_record
    from rfdocs.verify.tiled import compare_tiles

    entry = rfdocs.load("lenet5")
    assert compare_tiles(entry) is None
    assert "tiles" not in new_record(entry, None, None, None, "2026-11-26", compare_tiles(entry))


def test_further_sizes_are_read_as_they_are_recorded() -> None:
    from rfdocs.catalogue.verification import FurtherSize, read_record
    from rfdocs.verify.further_sizes import SizesComparison
    from rfdocs.verify.models import Reference
    from rfdocs.verify.record_files import new_record

    size = FurtherSize((9, 9), None, 0, headless=False)
    comparison = SizesComparison(Reference("torch.nn.Module"), "2.13.0", [size])
    sizes = read_record(new_record(rfdocs.load("lenet5"), None, None, comparison, "2026-11-26")).sizes
    assert sizes is not None
    assert sizes.compared == (size,)


@pytest.mark.skipif(find_spec("stardist") is None, reason="only `make verify` installs the references")
def test_stardist_is_put_together_without_tensorflow() -> None:
    from rfdocs.verify import models

    reference = models.reference_of(rfdocs.load("stardist-2d-grid2"))
    assert isinstance(reference, models.Reference)
    assert reference.on_keras
    maps = models.build(reference)(torch.zeros(1, 1, 32, 48))
    assert [tuple(one.shape) for one in maps] == [(1, 1, 16, 24), (1, 32, 16, 24)]


@pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")  # that effdet calls it
@pytest.mark.skipif(find_spec("effdet") is None, reason="only `make verify` installs the references")
def test_efficientdet_takes_images_of_another_size_than_its_own() -> None:
    from rfdocs.verify import models

    reference = models.reference_of(rfdocs.load("tf_efficientdet_d0"))
    assert isinstance(reference, models.Reference)
    classes, boxes = models.build_shapes(reference)(torch.zeros((1, 3, 256, 384), device="meta"))
    assert [tuple(one.shape[1:]) for one in (classes[0], boxes[4])] == [(810, 32, 48), (36, 2, 3)]
