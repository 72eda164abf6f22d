"""Numbers that others published or measured, each row with its source, against the catalogue and small networks."""

from fractions import Fraction
from pathlib import Path

import pytest

import rfdocs
from rfdocs.catalogue import read_family
from rfdocs.graph import Report

GRADIENT = "measured by gradient on the running model"
DISTILL = "Araujo et al. 2019, google-research/receptive_field"

#: network, input, layer, receptive field, jump, start, source
FIELDS = [
    *[
        ("alexnet-2012", 227, layer, field, jump, start, "the guide's program")
        for layer, field, jump, start in [
            ("conv1", 11, 4, 5.5),
            ("pool1", 19, 8, 9.5),
            ("conv2", 51, 8, 9.5),
            ("pool2", 67, 16, 17.5),
            ("conv3", 99, 16, 17.5),
            ("conv4", 131, 16, 17.5),
            ("conv5", 163, 16, 17.5),
            ("pool5", 195, 32, 33.5),
            ("fc6", 355, 32, 113.5),
            ("fc7", 355, 32, 113.5),
        ]
    ],
    ("alexnet-2012", 224, "pool5", 195, 32, 33.5, GRADIENT),
    ("alexnet", 224, "pool5", 195, 32, 31.5, GRADIENT),
    ("vgg16", 224, "pool5", 212, 32, 16, "published tables; " + GRADIENT),
    ("vgg16", 225, "pool5", 212, 32, 16, GRADIENT),
    ("vgg16", 224, "fc7", 212 + 6 * 32, 32, 112, "six more jumps of 32"),
    ("resnet18", 224, "layer4", 435, 32, 0.5, GRADIENT),
    ("resnet50", 224, "layer4", 427, 32, 0.5, GRADIENT),
    ("resnet101", 224, "layer4", 971, 32, 0.5, GRADIENT),
    ("resnet152", 224, "layer4", 1451, 32, 0.5, GRADIENT),
    ("resnet50-paper", 224, "layer4", 483, 32, 0.5, DISTILL),
    ("resnet101-paper", 224, "layer4", 1027, 32, 0.5, DISTILL),
    ("resnet152-paper", 224, "layer4", 1507, 32, 0.5, DISTILL),
    ("densenet121", 224, "norm5", 2071, 32, 14.5, GRADIENT),
]


@pytest.mark.parametrize(("network", "size", "layer", "field", "jump", "start", "source"), FIELDS)
def test_published_field(network: str, size: int, layer: str, field: int, jump: int, start: float, source: str) -> None:
    found = rfdocs.load(network).analyze(size)[layer]
    assert (found.receptive_field, found.jump, found.start) == ((field,) * 2, (jump,) * 2, (Fraction(start),) * 2), (
        source
    )


def test_the_guides_table_as_printed() -> None:
    """n, j, r and start of all ten layers: Dang Ha The Hien 2017, the program's output for AlexNet."""
    printed = [
        ("conv1", 55, 4, 11, 5.5),
        ("pool1", 27, 8, 19, 9.5),
        ("conv2", 27, 8, 51, 9.5),
        ("pool2", 13, 16, 67, 17.5),
        ("conv3", 13, 16, 99, 17.5),
        ("conv4", 13, 16, 131, 17.5),
        ("conv5", 13, 16, 163, 17.5),
        ("pool5", 6, 32, 195, 33.5),
        ("fc6-conv", 1, 32, 355, 113.5),
        ("fc7-conv", 1, 32, 355, 113.5),
    ]
    report = rfdocs.load("alexnet-guide").analyze()
    assert [
        (layer.name, layer.size[0], layer.jump[0], layer.receptive_field[0], layer.start[0]) for layer in report
    ] == printed


def test_the_seven_units_of_vgg16() -> None:
    """What each really sees at 224: measured by gradient (traps, 5)."""
    report = rfdocs.load("vgg16").analyze()
    seen = [report.unit("pool5", (unit, unit)).visible[0] for unit in range(7)]
    assert [field and field.size for field in seen] == [122, 154, 186, 212, 186, 154, 122]


def test_a_field_larger_than_the_image_does_not_see_all_of_it() -> None:
    """ResNet-18's unit 0 sees 218 of 224 pixels (traps, 5)."""
    field = rfdocs.load("resnet18").analyze().unit("layer4", (0, 0)).visible[0]
    assert (field and field.size) == 218


def test_the_smallest_path_of_resnet18_and_googlenet() -> None:
    """11 beside 435, and 59 beside 379 (traps, 10)."""
    assert rfdocs.load("resnet18").analyze()["layer4"].smallest_path == (11, 11)
    googlenet = rfdocs.load("googlenet").analyze()
    assert googlenet.features.receptive_field == (379, 379)
    assert googlenet.features.smallest_path == (59, 59)
    assert rfdocs.load("googlenet-paper").analyze().features.receptive_field == (715, 715)


def test_multiply_accumulates_of_resnet50() -> None:
    """4.089 G in convolutions and linear layers, without bias (traps, 12)."""
    assert rfdocs.load("resnet50").analyze().macs == 4_089_184_256


def _analyzed(tmp_path: Path, text: str, size: int | None = None) -> Report:
    path = tmp_path / "network.yaml"
    path.write_text(text)
    return read_family(path).entry("network").analyze(size)


def _layers(tmp_path: Path, *layers: str, size: int = 32) -> Report:
    items = "".join(f"  - {layer}\n" for layer in layers)
    return _analyzed(tmp_path, f"input: {{channels: 1, size: [{size}]}}\nlayers:\n{items}")


def test_the_guides_example(tmp_path: Path) -> None:
    """5x5, 3x3 with stride 2 and padding 1, twice: fields 3 and 7, jumps 2 and 4, starts 0.5, sizes 3 and 2."""
    layer = "kernel: 3, stride: 2, padding: 1, channels: 1"
    report = _layers(tmp_path, f"{{conv: a, {layer}}}", f"{{conv: b, {layer}}}", size=5)
    rows = [(found.size, found.receptive_field, found.jump, found.start) for found in report]
    half = (Fraction(1, 2),)
    assert rows == [((3,), (3,), (2,), half), ((2,), (7,), (4,), half)]


@pytest.mark.parametrize(
    ("dilations", "hull", "members"),
    [((2, 2, 2), 13, 7), ((2, 4, 8), 29, 15), ((1, 2, 5), 17, 17)],
)
def test_dilation_leaves_holes(tmp_path: Path, dilations: tuple[int, ...], hull: int, members: int) -> None:
    """Hull and pixels read (traps, 7)."""
    items = [f"{{conv: c{i}, kernel: 3, dilation: {d}, channels: 1}}" for i, d in enumerate(dilations)]
    report = _layers(tmp_path, *items, size=64)
    assert report.final.receptive_field == (hull,)
    assert report.density(report.final.name) == (Fraction(members, hull),)
    assert len(report.path_counts(report.final.name, 3, 0)) == members


@pytest.mark.parametrize(("size", "padding"), [(224, 2), (225, 3)])
def test_same_depends_on_the_input(tmp_path: Path, size: int, padding: int) -> None:
    """A 7/2 pads (2, 3) at 224 and (3, 3) at 225 (traps, 2)."""
    report = _layers(tmp_path, "{conv: c, kernel: 7, stride: 2, padding: same, channels: 1}", size=size)
    assert report.final.effective_padding == (padding,)


def test_same_with_an_even_kernel_shifts(tmp_path: Path) -> None:
    """A kernel of 4 reads u - 1 to u + 2 (traps, 10)."""
    report = _layers(tmp_path, "{conv: c, kernel: 4, padding: same, channels: 1}")
    assert report.unit("c", (8,)).field == ((7, 10),)


@pytest.mark.parametrize(
    ("layer", "size", "units"),
    [
        ("{maxpool: p, kernel: 3, stride: 2}", 112, 55),
        ("{maxpool: p, kernel: 3, stride: 2, ceil_mode: true}", 112, 56),
        ("{maxpool: p, kernel: 2, stride: 3, padding: 1, ceil_mode: true}", 5, 2),
    ],
)
def test_ceil_mode(tmp_path: Path, layer: str, size: int, units: int) -> None:
    """Floor and ceiling, and the window that PyTorch drops (traps, 8)."""
    assert _layers(tmp_path, layer, size=size).final.size == (units,)


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        ("{transposed_conv: t, kernel: 3, stride: 2, padding: 1, channels: 1}", {1, 2}),
        ("{transposed_conv: t, kernel: 5, stride: 2, padding: 2, channels: 1}", {2, 3}),
        ("{transposed_conv: t, kernel: 2, stride: 2, channels: 1}", {1}),
        ("{transposed_conv: t, kernel: 1, stride: 2, channels: 1}", {0, 1}),
        ("{upsample: t, scale: 2, mode: bilinear}", {2}),
        ("{upsample: t, scale: 2}", {1}),
    ],
)
def test_upsampling_reads(tmp_path: Path, layer: str, sizes: set[int]) -> None:
    """How many inputs the units read in turn (traps, 6)."""
    report = _layers(tmp_path, layer)
    found = {0 if (field := report.unit("t", (u,)).field[0]) is None else field.size for u in range(4, 12)}
    assert found == sizes
    assert (report.final.receptive_field_min[0], report.final.receptive_field[0]) == (min(sizes), max(sizes))


def test_a_gate_sees_everything_and_its_spatial_path_does_not(tmp_path: Path) -> None:
    """A 3x3 and squeeze-and-excite: 64 of 64 pixels, and 3 (traps, 9)."""
    conv = "{conv: c, kernel: 3, padding: 1, channels: 4}"
    report = _layers(tmp_path, conv, "{squeeze_excite: s, squeeze: 1}", size=64)
    unit = report.unit("s", (20,))
    assert report.final.global_context
    assert (unit.visible, unit.spatial_visible) == (((0, 63),), ((19, 21),))
    assert report.final.receptive_field == (3,)


def test_adaptive_pooling_that_does_not_divide_has_no_jump(tmp_path: Path) -> None:
    """10 to 7 has windows of 2 and 3 (traps, 9)."""
    report = _layers(tmp_path, "{adaptive_avgpool: a, size: 7}", size=10)
    final = report.final
    assert (final.jump, final.start, final.receptive_field, final.receptive_field_min) == ((None,), (None,), (3,), (2,))


@pytest.mark.parametrize(("network", "phases"), [("unet-padded", (188, 204)), ("unet-bilinear", (220, 236))])
def test_a_unets_field_depends_on_the_phase(network: str, phases: tuple[int, int]) -> None:
    """Depth 4, by u mod 16 (traps, 6)."""
    final = rfdocs.load(network).analyze().final
    assert (final.receptive_field_min, final.receptive_field) == ((phases[0],) * 2, (phases[1],) * 2)


def test_effective_padding_of_mobilenet_v1_as_tensorflow_pads_it() -> None:
    """126 at 224 and 157 at 321: google-research/receptive_field's table gives 126 for its own input."""
    network = rfdocs.load("mobilenet_v1-tf")
    assert network.analyze(224).features.effective_padding == (126, 126)
    assert network.analyze(321).features.effective_padding == (157, 157)
