"""What the pages say of the catalogue, or with a number, holds: every such sentence is read from its page and computed.

A figure in a role or a directive is computed when the page is built. Any other sentence with a number stands here,
word by word, with what makes it true, or among those that define something. So whoever changes a sentence changes its
test, and a change of the catalogue that makes a sentence false fails it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from math import ceil, floor, prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

import rfdocs
from rfdocs import LayerReport, Report
from rfdocs.algebra import PeriodicField
from rfdocs.algebra.reads import Window
from rfdocs.algebra.sizes import extent
from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.published import slim_rows
from rfdocs.catalogue.verification import further_sizes
from rfdocs.cli.compare import LEAST, MOST
from rfdocs.figures import KINDS
from rfdocs.formats.columns import COLUMNS, field_text
from rfdocs.formats.numbers import per_axis, short, text_number
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.schema import schema
from rfdocs.pages.content import plain
from rfdocs.pages.layers import known_columns, used_starts
from rfdocs.pages.mistaken import mistaken
from rfdocs.sphinx.assets import FOLDER

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
READ = [*sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.md")), "README.md", "CONTRIBUTING.md"]

NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|thousands|billions|half|twice)\b", re.IGNORECASE
)

Claim = Callable[[], None]
CLAIMS: dict[tuple[str, str], Claim] = {}


def claim(page: str, *sentences: str) -> Callable[[Claim], Claim]:
    """Marks a function that asserts what these words of a page say."""

    def marked(check: Claim) -> Claim:
        CLAIMS.update({(page, words): check for words in sentences})
        return check

    return marked


@cache
def source(page: str) -> str:
    """A page of the site or of the repository as it is written, but for its links to the glossary."""
    path = SITE / page
    written = (path if path.exists() else ROOT / page).read_text("utf-8")
    return re.sub(r"\{term\}`([^`<]*?)(?:\s*<[^`>]*>)?`", r"\1", written)


@cache
def text(page: str) -> str:
    """A page on one line."""
    return " ".join(source(page).split())


@cache
def analysed(name: str, size: int | None = None) -> Report:
    found = f"{SITE}/guide/{name}" if name.startswith("examples/") else name
    return rfdocs.load(found).analyze(size)


def layer(name: str, of: str, size: int | None = None) -> LayerReport:
    return analysed(name, size)[of]


def trap(name: str, size: int | None = None) -> Report:
    return analysed(f"examples/traps.yaml:{name}", size)


def block(page: str, directive: str, caption: str) -> list[list[str]]:
    """The lines of a directive on a page, as words, found by its caption."""
    for body in re.findall(rf"^```\{{{directive}\}}(.*?)^```", source(page), re.MULTILINE | re.DOTALL):
        if caption in body:
            return [line.split() for line in body.splitlines()[1:] if line and not line.startswith(":")]
    raise AssertionError(f"{page} has no {directive} called {caption!r}")


# --- padding applied, padding used -----------------------------------------------------------------------------------


def agrees(report: Report, found: LayerReport) -> bool:
    return used_starts(report, found) == found.start


def back_to_image(report: Report, found: LayerReport) -> Iterator[LayerReport]:
    while found.inputs:
        yield found
        found = report[found.inputs[0]]


def fits(report: Report, found: LayerReport) -> bool:
    """Whether every layer down to the image pads both sides alike and leaves no unit over."""
    return all(_fits(below, report, axis) for below in back_to_image(report, found) for axis in range(len(found.axes)))


def _fits(found: LayerReport, report: Report, axis: int) -> bool:
    reads, length = found.axes[axis].reads[0], report[found.inputs[0]].size[axis]
    if not isinstance(reads, Window):
        return False
    used = (found.size[axis] - 1) * reads.stride + extent(reads.kernel, reads.dilation) - length
    return used == 2 * reads.before


@claim("guide/mistakes.md", "for TensorFlow's `SAME`, and for layers whose windows fit exactly.")
@claim(
    "guide/padding.md",
    "Where both sides are padded alike and the windows fit exactly, the two agree, as in the table above.",
)
def the_two_paddings_agree_wherever_windows_fit() -> None:
    fitting = 0
    for family in Catalogue().families():
        for entry in family.entries():
            report = entry.analyze()
            if all(len(one.inputs) == 1 for one in report) and fits(report, report.last):
                fitting += 1
                assert agrees(report, report.last), entry.identifier
    assert fitting > 10
    assert agrees(analysed("alexnet-guide"), analysed("alexnet-guide").last)


@claim(
    "guide/padding.md",
    "A 7 × 7 convolution with stride 2 and padding 3 on 224 pixels has 230 places, of which its 112 windows use "
    "229: the "
    "last is never read.",
)
def the_stem_of_resnet_leaves_one_place_over() -> None:
    report = analysed("resnet18")
    window = report["conv1"].axes[0].reads[0]
    assert isinstance(window, Window)
    assert (window.kernel, window.stride, window.before, report.input_size[0]) == (7, 2, 3, 224)
    assert (224 + 2 * 3, report["conv1"].size[0], (112 - 1) * 2 + 7) == (230, 112, 229)


# --- the arithmetic --------------------------------------------------------------------------------------------------


@claim(
    "guide/arithmetic.md",
    "The guide's example is an image of 5 × 5 pixels and a 3 × 3 convolution with stride 2 and padding 1, applied "
    "twice.",
)
@claim("guide/arithmetic.md", "Unit 0 of the last map is centred on pixel 0")
@claim("index.md", "which is more than the image has.")
def a_field_of_resnet18_is_larger_than_its_image() -> None:
    report = analysed("resnet18")
    assert report["layer4"] is report.features
    assert report["layer4"].receptive_field > report.input_size


@claim("index.md", "an example of five pixels")
def the_guides_example() -> None:
    report = analysed("examples/guide.yaml")
    windows = [one.axes[0].reads[0] for one in report]
    assert report.input_size == (5, 5)
    assert [(w.kernel, w.stride, w.before) for w in windows if isinstance(w, Window)] == [(3, 2, 1)] * 2
    assert report["second"].start == (Fraction(1, 2),) * 2


@claim(
    "guide/arithmetic.md",
    "The guide's program takes AlexNet as one tower on 227 × 227 pixels, with the first two fully connected layers "
    "written "
    "as convolutions.",
)
@claim("verification.md", "The guide's ten layers of AlexNet")
def the_guides_alexnet() -> None:
    report = analysed("alexnet-guide")
    assert (report.input_size, len(report.layers)) == ((227, 227), 10)
    assert [one.operation for one in report if one.name.startswith("fc")] == ["conv", "conv"]


@claim("guide/border.md", "pixels, nearly twice the image of 224.", "of the 224: half of its field lies outside.")
def half_of_a_border_units_field_lies_outside() -> None:
    report = analysed("resnet18")
    field = report.unit("layer4", (0, 0))[0].field
    assert field is not None
    assert report.input_size == (224, 224)
    assert 1.9 < field.size / 224 < 2
    assert -field.first * 2 == field.size - 1


@claim("guide/border.md", "Put 4 units before a map and slide a 3-wide window over it.")
def a_window_behind_four_units() -> None:
    for name in ("zeros", "mirrored"):
        report = analysed(f"examples/arithmetic.yaml:{name}")
        pad, conv = (one.axes[0].reads[0] for one in report)
        assert isinstance(pad, Window)
        assert isinstance(conv, Window)
        assert (pad.before, conv.kernel, report["pad"].size[0] - report.input_size[0]) == (4, 3, 4)


@claim("guide/paths.md", "listing all paths, of which there may be billions.")
@claim("verification.md", "one pass through a network with billions of paths.")
def there_are_billions_of_paths() -> None:
    paths = [1]
    for one in rfdocs.load("resnet152").network.layers:
        paths.append(sum(paths[node] for node in one.inputs))
    assert paths[-1] > 10**9


@claim("guide/upsampling.md", "With kernel 3, stride 2 and padding 1 a unit reads one input or two, in turn.")
@claim(
    "guide/upsampling.md",
    "Nearest upsampling reads one input, linear upsampling two, cubic upsampling four; of these the border units read "
    "one more than once.",
)
def what_upsampling_reads() -> None:
    assert read_by("transposed-3-2", 64) == [1, 2] * 32
    assert set(read_by("nearest", 128)) == {1}
    assert read_by("bilinear", 128) == [1, *[2] * 126, 1]
    assert read_by("bicubic", 128) == [2, 3, 3, *[4] * 122, 3, 3, 2]


def read_by(name: str, count: int) -> list[int]:
    """How many real units of the image each of the first units reads."""
    report = trap(name)
    reads = report["up"].axes[0].reads[0]
    return [len(set(reads.real_taps(unit, report.input_size[0]))) for unit in range(count)]


@claim("guide/border.md", "What unit 0 of a 5-wide window on 12 pixels really sees is 0, 1, 2 and 10, 11:")
def what_a_circular_window_sees() -> None:
    report = analysed("examples/arithmetic.yaml:circular")
    reads = report["conv"].axes[0].reads[0]
    assert (report.input_size, kernel(report["conv"])) == ((12,), 5)
    assert {place % 12 for place in range(-2, 3)} == set(reads.real_taps(0, 12)) == {0, 1, 2, 10, 11}


@claim("guide/upsampling.md", "A factor need not be whole: by 1.5 the jump is")
@claim("guide/mistakes.md", "Resampling 21 units by 1.5 makes")
@claim("guide/mistakes.md", "PyTorch then places the units 1/1.5 apart; only with")
@claim("guide/mistakes.md", "Linearly, unit 15 of the first reads")
def a_factor_and_two_sizes() -> None:
    given, recomputed = trap("factor")["up"].axes[0], trap("factor-recomputed")["up"].axes[0]
    assert isinstance(given.field, PeriodicField)
    assert (given.length, recomputed.length, given.field.period) == (31, 31, 3)
    for axis, apart in ((given, 1 / Fraction(3, 2)), (recomputed, Fraction(21, 31))):
        for unit in range(axis.length):  # the two units around the place, of which one exactly there has all the weight
            place = min(max((unit + Fraction(1, 2)) * apart - Fraction(1, 2), Fraction(0)), Fraction(20))
            around = {floor(place), ceil(place)}
            assert set(axis.reads[0].real_taps(unit, 21)) == around, unit
    assert [len(axis.reads[0].real_taps(15, 21)) for axis in (given, recomputed)] == [2, 1]


@claim("guide/mistakes.md", "PyTorch's `nearest` rounds down: unit 16 has its centre at")
def two_nearest_units() -> None:
    place = (16 + Fraction(1, 2)) / Fraction(3, 2)
    down, near = (trap(name)["up"].axes[0].reads[0].real_taps(16, 21) for name in ("factor-nearest", "factor-exact"))
    assert list(down) == [floor(16 / Fraction(3, 2))]
    assert list(near) == [floor(place)] != list(down)


@claim("guide/mistakes.md", "ONNX has four ways of rounding and five of placing the whole map.")
def the_rules_of_onnx() -> None:
    listed = schema_words()
    assert {"half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "asymmetric", "align_corners"} <= listed
    assert {"floor", "ceil", "round_prefer_floor", "round_prefer_ceil"} <= listed


def schema_words() -> set[str]:
    """All words that the format's schema allows as values."""
    return set(re.findall(r'"(\w+)"', json.dumps(schema())))


@claim(
    "conventions.md",
    "where 2 units become 82, unit 41 lies exactly on unit 1, and PyTorch 2.13 reads unit 0.",
    "Of all pairs of two different sizes up to 128 such a unit exists in 193 of 16,256.",
)
def nearest_units_in_single_precision() -> None:
    pairs = [(n, to) for n in range(1, 129) for to in range(1, 129) if n != to]
    assert len(pairs) == 16_256
    assert sum(any(a != b for a, b in zip(*nearest(n, to), strict=True)) for n, to in pairs) == 193
    exact, single = nearest(2, 82)
    assert (exact[41], single[41]) == (1, 0)


def nearest(n: int, to: int) -> tuple[list[int], list[int]]:
    """What each of ``to`` units reads of ``n``: exactly, and as PyTorch reckons it."""
    units = np.arange(to)
    places = units.astype(np.float32) * (np.float32(n) / np.float32(to))
    return (units * n // to).tolist(), np.minimum(np.floor(places).astype(int), n - 1).tolist()


@claim("conventions.md", "can be one less: 100 units times 0.29 are 28 there and 29 here.")
def a_factor_that_is_no_binary_number() -> None:
    assert (int(100 * 0.29), trap("factor-hundredths")["up"].size) == (28, (29,))


@claim(
    "verification.md",
    "Only shapes matter there, so each of these models also runs without arithmetic at three further sizes. For a "
    "nominal length n they are: the next smaller odd number; n + n/4 + 5 on the last axis and n + n/8 + 2 on the one "
    "before, in whole numbers, so that the image is no square; and a third of n, rounded up.",
)
@claim("CONTRIBUTING.md", "at three further sizes, too")
def three_further_sizes() -> None:
    for n in (224, 299, 33):
        odd, longer, smaller = further_sizes((n, n))
        assert odd == (n - 1 if n % 2 == 0 else n - 2,) * 2
        assert longer == (n + n // 8 + 2, n + n // 4 + 5)
        assert smaller == (ceil(n / 3),) * 2


@claim("guide/upsampling.md", "Four levels of a U-Net make a period of 16.")
@claim("guide/mistakes.md", "a whole period of them, here 16, tells all.")
def fields_of_u_nets() -> None:
    sizes = fields("unet", "output")
    assert len(set(sizes)) == 2
    assert min(p for p in range(1, 64) if all(a == b for a, b in zip(sizes, sizes[p:], strict=False))) == 16
    assert len(set(fields("unet-bilinear-corners", "output"))) == 3
    assert layer("unet-bilinear-corners", "output").jump == (None, None)


def fields(name: str, of: str) -> list[int]:
    axis = layer(name, of).axes[-1]
    return [0 if (found := axis.field.at(unit)) is None else found.size for unit in range(axis.length)]


@claim("guide/dilation.md", "a 3-wide convolution with dilation 2 and padding 2 starts at")
def the_start_of_a_dilated_window() -> None:
    window = analysed("examples/arithmetic.yaml:dilated")["conv"].axes[0].reads[0]
    assert isinstance(window, Window)
    assert (window.kernel, window.dilation, window.before) == (3, 2, 2)
    assert Fraction(1, 2) + Fraction(3 - 1, 2) - 2 == Fraction(-1, 2)


@claim("guide/padding.md", "on 224 pixels and {rf}`mobilenet_v1-tf conv_pw_13 effective_padding @225` on 225.")
def mobilenet_is_on_224_pixels() -> None:
    assert analysed("mobilenet_v1-tf").input_size == (224, 224)


@claim("guide/padding.md", "From 10 units to 7 the windows are")
def adaptive_pooling() -> None:
    report = trap("adaptive")
    assert (report.input_size, report["pool"].size, report["pool"].jump) == ((10, 10), (7, 7), (None, None))


# --- the traps -------------------------------------------------------------------------------------------------------


@claim(
    "guide/mistakes.md",
    "The same layer pads differently on 224 and on 225 pixels, so its start is not a property of the network alone.",
)
def same_pads_by_the_size() -> None:
    report = [trap("same", size) for size in (224, 225)]
    assert report[0]["conv"].start != report[1]["conv"].start


@claim("guide/mistakes.md", "Two tables of one network may differ because one was made at 224 and the other at 321.")
def tables_at_224_and_321() -> None:
    assert {row.input for row in slim_rows()} == {224, 321}
    rows = block("guide/mistakes.md", "rf-compare", "TensorFlow's padding in a single 7x7 convolution")
    for name in ("resnet_v1_50", "mobilenet_v1-tf"):
        of, sizes = next(row[1] for row in rows if row[0] == name), [int(row[2][1:]) for row in rows if row[0] == name]
        assert sizes == [224, 321]
        assert layer(name, of, 224).start != layer(name, of, 321).start


@claim(
    "guide/mistakes.md",
    "The last row is the same network with explicit padding of 1. Its start is the same on every size.",
)
def explicit_padding_starts_alike_on_every_size() -> None:
    name, of, _ = block("guide/mistakes.md", "rf-compare", "TensorFlow's padding in a single 7x7 convolution")[-1]
    assert (name, of) == ("mobilenet_v1", "conv_pw_13")
    padding = {
        (w.kernel, w.before)
        for one in analysed(name)
        if isinstance(w := one.axes[0].reads[0], Window) and w.stride == 2
    }
    assert padding == {(3, 1)}
    assert len({layer(name, of, size).start for size in (224, 225, 226, 230, 255, 256, 321, 513)}) == 1


@claim(
    "guide/mistakes.md",
    "ResNet-50 has a receptive field of {rf}`resnet50 layer4 rf` pixels, or of {rf}`resnet50-paper layer4 rf`, by",
)
@claim("guide/mistakes.md", "TF-slim has a third place for them, a stage's last block.")
def where_resnets_put_their_strides() -> None:
    assert strided("resnet50-paper", "layer2.") == [("layer2.0.conv1", 1), ("layer2.0.downsample.0", 1)]
    assert strided("resnet50", "layer2.") == [("layer2.0.conv2", 3), ("layer2.0.downsample.0", 1)]
    assert all("unit_4" in name for name, _ in strided("resnet_v1_50", "block2"))


def strided(name: str, scope: str) -> list[tuple[str, int]]:
    found = [(one.name, one.axes[0].reads[0]) for one in analysed(name) if one.name.startswith(scope)]
    return [(of, reads.kernel) for of, reads in found if isinstance(reads, Window) and reads.stride > 1]


@claim(
    "guide/mistakes.md",
    "GoogLeNet's \"5 × 5\" branch is a 3 × 3 in torchvision, and its field is little more than half of the paper's.",
)
def googlenets_wide_branch() -> None:
    kernels = [
        {kernel(one) for one in analysed(name) if one.operation == "conv"} for name in ("googlenet", "googlenet-paper")
    ]
    assert kernels == [{1, 3, 7}, {1, 3, 5, 7}]
    ours, papers = (layer(name, "inception5b").receptive_field[0] for name in ("googlenet", "googlenet-paper"))
    assert 0.5 < ours / papers < 0.55


def kernel(found: LayerReport) -> int:
    reads = found.axes[0].reads[0]
    return reads.kernel if isinstance(reads, Window) else 0


@claim("guide/mistakes.md", "PatchGAN and BagNet are named by their fields. The names are right.")
def names_that_are_fields() -> None:
    named = [name for name in Catalogue().identifiers() if re.fullmatch(r"patchgan-\d+|bagnet\d+", name)]
    rows = block("guide/mistakes.md", "rf-compare", "Two families whose names are receptive fields")
    assert sorted(named) == sorted(row[0] for row in rows)
    for name, of in rows:
        assert layer(name, of).receptive_field == (int(re.sub(r"\D", "", name)),) * 2
        assert layer(name, of).receptive_field == analysed(name).features.receptive_field


@claim(
    "guide/mistakes.md",
    'A "70 × 70 PatchGAN" has no 70 in its definition: it is five 4 × 4 convolutions, three of them with stride 2.',
)
def the_70_x_70_patchgan() -> None:
    windows = [w for one in analysed("patchgan-70") if isinstance(w := one.axes[0].reads[0], Window) and w.kernel > 1]
    assert [w.kernel for w in windows] == [4] * 5
    assert sum(w.stride == 2 for w in windows) == 3
    assert "70" not in "".join(f"{one.channels} {one.size} {kernel(one)}" for one in analysed("patchgan-70"))


@claim(
    "guide/mistakes.md",
    "Its 2 × 2 average pools have no padding, and each moves the centre by half the jump of the map that it reads: "
    "2, 4 and 8 pixels.",
)
def densenets_pools_move_the_centre() -> None:
    report = analysed("densenet121")
    pools = [one for one in report if one.operation == "avgpool"]
    moved = [pool.start[0] - report[pool.inputs[0]].start[0] for pool in pools]  # type: ignore[operator]
    assert moved == [2, 4, 8]
    assert moved == [report[pool.inputs[0]].jump[0] / 2 for pool in pools]  # type: ignore[operator]
    assert all((w.kernel, w.before) == (2, 0) for pool in pools if isinstance(w := pool.axes[0].reads[0], Window))


@claim(
    "guide/mistakes.md",
    "A list in circulation gives the backbone of YOLOv5s fields of 18, 66, 194 and 322 pixels, from P2 to P5. From "
    "P3 on it takes the jump that a convolution of stride 2 makes for the one that it reads.",
    "From P3 to P5 the list is 8, 24 and 56 pixels too large; and it ends before the three poolings of 5 × 5 behind "
    "P5, which add 384.",
)
def what_a_list_for_yolov5_forgets() -> None:
    report = analysed("yolov5s")
    right = [report[f"model.{place}"].receptive_field[0] for place in (2, 4, 6, 8)]
    assert taking_the_jump_made() == [18, 66, 194, 322]
    assert [told - field for told, field in zip([18, 66, 194, 322], right, strict=True)] == [0, 8, 24, 56]
    assert report["model.9"].receptive_field[0] - right[-1] == 384
    assert [kernel(one) for one in report if one.operation == "maxpool"] == [5] * 3
    note = next(note for note in rfdocs.load("yolov5s").description.notes if "18, 66, 194 and 322" in note)
    assert f"The fields are {', '.join(map(str, right[:3]))} and {right[3]} (model.2, .4, .6 and .8), and 650" in note


@claim(
    "guide/mistakes.md",
    "arrives at 103 pixels, and is told that a 3 × 3 convolution of stride 2 makes twice the field, plus one.",
    "Behind that head the rule has five strides and all convolutions between them to go through.",
    "there each layer adds its taps but one, times the jump, and whoever doubles gets 301.",
)
def doubling_plus_one() -> None:
    report = analysed("yolov3")
    strides = strides_back(report, "convs_pred.0")
    assert strides.count(2) == 5
    assert followed(strides) == report["convs_pred.0"].receptive_field[0]
    assert followed(list(reversed(strides))) == 301
    shortcut = [1] * 3 + strides_back(report, "conv_res_block3")  # the finest head's three windows, and on
    second = [place for place, stride in enumerate(shortcut) if stride == 2][1]
    assert (shortcut[: second + 1], followed(shortcut[: second + 1])) == ([1] * 11 + [2, 1, 1, 2], 103)


def strides_back(report: Report, of: str) -> list[int]:
    """The strides of the 3 x 3 windows between a layer and the image, that before the layer first."""
    windows = [one.windows[0] for one in back_to_image(report, report[of]) if one.windows]
    assert {window.kernel for window in windows} <= {1, 3}
    return [window.stride for window in windows if window.kernel == 3]


def followed(strides: list[int]) -> int:
    """What the rule makes of one unit, stride by stride."""
    field = 1
    for stride in strides:
        field = stride * (field - 1) + 3
    return field


@claim(
    "guide/mistakes.md",
    "If tiles begin on the network's grid of 16 pixels, 94 are enough, or 96 where whole steps of the grid are thrown "
    "away.",
)
def what_tiles_on_the_grid_need() -> None:
    axis = analysed("unet-padded").tiling("output").axes[0]
    assert (axis.grid, max(axis.context), max(axis.discard_on_grid)) == (16, 94, 96)


@claim("guide/mistakes.md", "What a unit reads is settled by the layers, and is here more than any crop had")
def a_field_larger_than_the_crop() -> None:
    assert analysed("srresnet").input_size == (96 // 4, 96 // 4)
    assert layer("srresnet", "conv_output").receptive_field[0] > 96 // 4


def taking_the_jump_made() -> list[int]:
    """The fields of YOLOv5s' backbone if from P3 on a stride counted in its own layer."""
    report, field, told = analysed("yolov5s"), 1, []
    for one in report.layers[: report.network.node("model.8")]:
        jump, late = one.jump[0], int(one.name.split(".")[1]) > 1
        assert jump is not None
        if kernel(one) > 1:
            below = report[one.inputs[0]].jump[0]
            assert below is not None
            field += (kernel(one) - 1) * int(jump if late else below)
        if one.name in {f"model.{place}.cv3.conv" for place in (2, 4, 6, 8)}:
            told.append(field)
    return told


@claim(
    "guide/mistakes.md",
    "A convolution without padding cuts off as much as it adds to the field, 88 pixels in all; the three poolings cut "
    "nothing off, and add to the field too.",
)
def what_a_3d_u_net_loses() -> None:
    report = analysed("unet3d")
    assert (report.input_size[0], report["output"].size[0], 132 - 44) == (132, 44, 88)
    deep = [one for one in report if one.operation == "conv"]
    assert sum((kernel(one) - 1) * (one.jump[0] or 0) for one in deep) == 88
    pools = [one for one in report if one.operation == "maxpool"]
    assert [report[pool.inputs[0]].size[0] - 2 * pool.size[0] for pool in pools] == [0, 0, 0]
    assert field_text(report["output"]) == "92–100"
    assert "The 88 that are lost are not the receptive field, which is 92 to 100." in plain(next(mistaken(report))[0])


@claim(
    "guide/mistakes.md",
    "PyTorch drops a window that would start in the right padding.",
)
def a_dropped_window() -> None:
    report = trap("ceil-dropped")
    window, length = report["pool"].axes[0].reads[0], report.input_size[0]
    assert isinstance(window, Window)
    assert report["pool"].size == (2, 2)
    assert -((2 * window.before + length - window.kernel) // -window.stride) + 1 == 3


@claim("guide/mistakes.md", "Here six more units add six jumps of {rf}`vgg16 pool5 jump`.")
def the_first_fully_connected_layer_of_vgg16() -> None:
    pool = layer("vgg16", "pool5")
    jump = pool.jump[0]
    assert jump is not None
    assert layer("vgg16", "fc7").receptive_field[0] == pool.receptive_field[0] + 6 * jump


@claim(
    "guide/mistakes.md",
    "multiply-accumulates for one image of 224 × 224 pixels, in convolutions and the fully connected layer, "
    "without bias.",
)
def resnet50_is_counted_at_224() -> None:
    report = analysed("resnet50")
    assert report.input_size == (224, 224)
    assert {one.operation for one in report if one.macs} == {"conv", "linear"}


@claim(
    "guide/mistakes.md",
    "A 2 × 2 one with stride 2 that makes 128 × 128 units of 64 × 64 needs",
    "Programs that take the rule of convolutions, weights times units made, say 65,536, four times as many.",
    "For U-Nets and generators that is a large part of the whole; their pages give both numbers.",
)
def transposed_convolutions_are_counted_over_what_they_read() -> None:
    report = trap("transposed-2-2")
    assert (report.input_size, report["up"].size, report.macs) == ((64, 64), (128, 128), 4 * 64 * 64)
    assert text_number(4 * 128 * 128) == "65,536"
    assert 4 * report.macs == 4 * 128 * 128
    for name in ("unet", "dcgan-generator"):
        told = " ".join(str(part) for words in mistaken(analysed(name)) for part in words)
        read = sum(one.macs for one in analysed(name) if one.operation == "transposed_conv")
        assert f"once: {text_number(read)} multiply-accumulates" in told
        made = made_by_transposed(analysed(name))
        assert f"gives {text_number(made)}." in told
        assert made - read > 0.09 * (analysed(name).macs - read + made)


def made_by_transposed(report: Report) -> int:
    """Weights, without bias, times the units made."""
    return sum(
        report[one.inputs[0]].channels * one.channels * prod(whole_kernel(report, one)) * prod(one.size)
        for one in report
        if one.operation == "transposed_conv"
    )


def whole_kernel(report: Report, found: LayerReport) -> tuple[int, ...]:
    node = report.network.node(found.name)
    window: tuple[int, ...] = report.network.layers[node - 1].operator.window.kernel  # type: ignore[attr-defined]
    return window


# --- verification, conventions, the repository -----------------------------------------------------------------------


@claim(
    "verification.md",
    "Here is every network of it whose layers are in this catalogue; three figures stand for field, jump and "
    "effective padding.",
)
@claim("verification.md", "at 224 and at 321 pixels, and published them with")
def the_published_table() -> None:
    assert {row.input for row in slim_rows()} == {224, 321}
    assert {row.ours for row in slim_rows()} <= set(Catalogue().identifiers())


@claim("verification.md", "Every run of the tests holds 600 random networks of the whole grammar against it")
def so_many_random_networks() -> None:
    tests = (ROOT / "tests" / "test_against_oracle.py").read_text("utf-8")
    times = re.search(r"max_examples=int\(EXAMPLES or (\d+) \* settings\(\).max_examples\)", tests)
    assert times is not None
    assert int(times[1]) * settings().max_examples * tests.count("\n@ORACLE_SETTINGS\n") == 600


@claim("conventions.md", '"0 to 217" is 218 pixels.')
@claim("conventions.md", "`layer4` is `layer4.1.add` in ResNet-18.")
def examples_of_the_conventions() -> None:
    report = analysed("resnet18")
    seen = report.unit("layer4", (0, 0))[0].visible
    assert seen is not None
    assert (seen.first, seen.last, seen.size) == (0, 217, 218)
    assert report["layer4"].name == "layer4.1.add"


@claim("conventions.md", "Thousands are set apart by commas wherever people read a number: 1,451.")
@claim("conventions.md", "a range stands for them, 188–204 or 188 to 204, or it is said whose number it is.")
@claim("conventions.md", "a fraction without a short decimal is printed as one, such as 1/3.")
@claim("conventions.md", "(25.56 M)")
def examples_of_numbers() -> None:
    assert per_axis(layer("resnet152", "layer4").receptive_field) == "1,451"
    assert field_text(layer("unet", "output")) == "188–204"
    assert field_text(layer("unet", "output"), to=" to ") == "188 to 204"
    assert text_number(Fraction(1, 3)) == "1/3"
    assert short(analysed("resnet50").parameters) == "25.56 M"


@claim(
    "conventions.md",
    "Where units are alike it is $r / 2 - \\text{start}$.",
    "the left edge of the field: ours minus $r / 2$ where units are alike, which is minus the effective padding.",
)
def the_effective_padding_where_units_are_alike() -> None:
    for name in ("resnet50", "vgg16", "densenet121", "mobilenet_v1-tf", "resnet_v1_50"):
        for one in analysed(name):
            for axis, start in enumerate(one.start):
                if start is not None and one.receptive_field == one.receptive_field_min:
                    assert one.effective_padding[axis] == Fraction(one.receptive_field[axis], 2) - start, one.name


@claim("README.md", "AlexNet, as one tower on an image of 227 x 227 pixels, per axis:")
def the_table_of_the_readme() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in source("README.md").splitlines()
        if line.startswith("|")
    ]
    report = analysed("alexnet-guide")
    assert report.input_size == (227, 227)
    assert rows[2:] == [
        [one.name, *[per_axis(values) for values in (one.size, one.receptive_field, one.jump, one.start)]]
        for one in report
    ]


@claim("README.md", "Nine input pixels under two convolutions; one unit of the second sees seven of them")
def the_picture_of_the_readme() -> None:
    told = " ".join((SITE / "_static" / "receptive-field.svg").read_text("utf-8").split())
    said = re.search(
        r"Nine input pixels and two convolutions of kernel (\d), stride (\d), padding (\d).*? Unit 1 of layer 2 "
        r"reads three "
        r"units of layer 1 and, through them, the seven pixels (\d) to (\d)\.", told
    )  # fmt: skip
    assert said is not None
    k, s, p, first, last = map(int, said.groups())
    below = range(s - p, s - p + k)
    pixels = {tap for unit in below for tap in range(unit * s - p, unit * s - p + k)}
    assert (len(below), len(pixels), min(pixels), max(pixels)) == (3, 7, first, last)
    assert f"r {len(pixels)}, jump {s * s}" in told


@claim("README.md", "Python 3.11 or newer, git and make are all that it takes.")
def the_python_that_it_takes() -> None:
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")


@claim("format.md", "with kernel 3 and stride 2, 8 units become 16, with 0 they become 15, with 1 again 16.")
def the_output_padding_of_keras() -> None:
    lengths = []
    for more in ({}, {"output_padding": 0}, {"output_padding": 1}):
        given = {"kernel": 3, "stride": 2, "padding": "same", "channels": 1, **more}
        checked, _ = OPERATIONS["transposed_conv"].mapping.check(given)
        lengths.append(OPERATIONS["transposed_conv"].make(checked, 1, 1).axis(0, (8,), None).length)
    assert lengths == [16, 15, 16]


@claim("guide/border.md", "behind an upsampling to full resolution the jump is 1, and the grid still what the strides")
def the_grid_behind_upsampling() -> None:
    axis = analysed("unet-padded").tiling("output").axes[0]
    assert (axis.jump, axis.grid) == (Fraction(1), 16)


@claim("guide/border.md", "| what people take | pixels | |---|---:| | half of the largest field | 102 |")
@claim("guide/border.md", "Half of the field is too little for a cut anywhere")
def what_people_take_for_the_context() -> None:
    report = analysed("unet-padded")
    axis, field = report.tiling("output").axes[0], report["output"].receptive_field[0]
    convolutions = [(layer.windows[0].kernel, layer.jump[0] or 0) for layer in report if layer.operation == "conv"]
    halves = sum((kernel - 1) // 2 * jump for kernel, jump in convolutions)
    numbers = re.findall(r"^\|[^|]*\| (\d+) \|$", (SITE / "guide/border.md").read_text("utf-8"), re.MULTILINE)
    assert list(map(int, numbers)) == [field // 2, halves, max(axis.context), max(axis.context_any_cut)]
    assert axis.context[0] < field // 2 < axis.context_any_cut[0]


@claim("guide/border.md", "By default a tile is the shortest that keeps at least half of its area.")
@claim("compare.md", "Two to four networks side by side: their values as wholes")
@claim("cli.md", "Two to four networks side by side: first their values as wholes")
def as_many_networks_are_compared() -> None:
    assert (LEAST, MOST) == (2, 4)
    assert f"const MOST = {MOST};" in (FOLDER / "compare" / "comparer.js").read_text("utf-8")


@claim("cli.md", "about the shortest tile that keeps half of its area.")
def the_default_tile() -> None:
    report = analysed("unet-padded")
    axis = report.tiling("output").axes[0]
    shorter = report.tiling("output", axis.tile - axis.grid).axes[0]
    assert 2 * axis.kept**2 >= axis.tile**2
    assert 2 * shorter.kept**2 < shorter.tile**2


@claim("CONTRIBUTING.md", "install PyTorch 2.13.0 into it")
def the_pytorch_that_verifies() -> None:
    assert "torch==2.13.0" in (ROOT / "Makefile").read_text("utf-8")


@claim("CONTRIBUTING.md", "Fill it in, layer by layer, in the order of the network, such as LeNet-5's:")
def the_beginning_of_lenet() -> None:
    shown = re.search(r"layers:\n(.*?)```", source("CONTRIBUTING.md"), re.DOTALL)
    assert shown is not None
    told = re.findall(r"\{(conv|avgpool): \w+, kernel: (\d)(?:, channels: (\d+))?\}", shown[1])
    assert len(told) == 3
    report = analysed("lenet5")
    assert told[0] == ("conv", str(kernel(report["C1"])), str(report["C1"].channels))
    assert told[1] == (report["S2"].operation, str(kernel(report["S2"])), "")
    assert told[2] == ("conv", str(kernel(report["C3.a"])), str(report["C3"].channels))


# --- what files of the catalogue say on their networks' pages --------------------------------------------------------


def noted(name: str, words: str) -> Report:
    """The network, one of whose texts says these words."""
    said = rfdocs.load(name).description
    told = [said.description or "", *said.notes, *(dispute.why for dispute in said.disputes)]
    assert any(words in one for one in told), f"{name} no longer says: {words}"
    return analysed(name)


def largest(report: Report, of: str) -> int:
    return report[of].receptive_field[0]


def test_the_period_that_a_file_names_is_the_networks() -> None:
    named = 0
    for family in Catalogue().families():
        for entry in family.entries():
            for note in entry.description.notes:
                if told := re.search(r"the field depends on the unit, by its index modulo (\d+)", note):
                    named += 1
                    field = entry.analyze().features.axes[-1].field
                    assert not isinstance(field, PeriodicField) or field.period == int(told[1])
    assert named > 3


@pytest.mark.parametrize(("name", "depth"), [("dncnn-s", 17), ("vdsr", 20)])
def test_d_layers_see_2_d_and_1(name: str, depth: int) -> None:
    report = noted(name, "D layers see (2 D + 1) x (2 D + 1)")
    assert (report.depth, report.features.receptive_field) == (depth, (2 * depth + 1,) * 2)


def test_seconds_of_sound() -> None:
    m5 = noted("m5-tutorial", "8,000 a second. The first convolution sees 10 ms, the one unit of pool4 0.86 s.")
    assert largest(m5, m5.layers[0].name) / 8000 == 0.01
    assert round(largest(m5, "pool4") / 8000, 2) == 0.86
    assert m5["pool4"].size == (1,)
    wavenet = noted("wavenet", "At 16 kHz one stack of ten layers sees 64 ms, three see 192 ms")
    assert (round(largest(wavenet, "conv_layers.9") / 16), round(wavenet.last.receptive_field[0] / 16)) == (64, 192)
    vggish = noted("vggish", "A unit of pool4 sees 70 frames, 0.7 s, and 70 bands, more than there are.")
    assert vggish["pool4"].receptive_field == (70, 70)
    assert vggish.input_size[1] < 70


def test_patches_double_and_grow() -> None:
    told = "Each 4x4 convolution of stride 2 doubles the patch and adds two pixels, the two of stride 1 at the end add"
    noted("patchgan-70", f"{told} three units each. Hence 16, 34, 70, 142, 286.")
    fields = [7]
    while len(fields) < 6:
        fields.append(2 * fields[-1] + 2)
    assert fields[1:] == [16, 34, 70, 142, 286]
    assert [analysed(f"patchgan-{field}").features.receptive_field[0] for field in fields[1:]] == fields[1:]
    report = noted("patchgan-70", "the patch of 70 pixels in the corner begins 23 pixels outside the image.")
    assert report.features.effective_padding == (23, 23)


def test_the_stages_of_v_net() -> None:
    words = "the exact fields are 468, 516, 532 and, by the unit, 532 or 548."
    report = noted("vnet", words)
    sizes = {one.receptive_field[0] for one in report} | {one.receptive_field_min[0] for one in report}
    assert {468, 516, 532, 548} <= sizes
    assert (report.features.receptive_field_min[0], report.features.receptive_field[0]) == (532, 548)


def test_a_tcn_has_the_field_of_its_formula() -> None:
    report = noted("tcn-mnist", "With kernel k and L levels the field is 1 + 2 (k - 1) (2^L - 1) steps")
    windows = [w for one in report if isinstance(w := one.axes[0].reads[0], Window) and w.kernel > 1]
    k, levels = windows[0].kernel, max(w.dilation for w in windows).bit_length()
    assert report.features.receptive_field[0] == 1 + 2 * (k - 1) * (2**levels - 1)


@pytest.mark.parametrize("name", ["wide_resnet50_2", "wide_resnet101_2"])
def test_wide_resnets_have_the_fields_of_resnets(name: str) -> None:
    plain, wide = analysed(name.removeprefix("wide_").removesuffix("_2")), noted(name, "the fields are the same.")
    assert [one.receptive_field for one in wide] == [one.receptive_field for one in plain]


def test_sizes_and_starts_of_alexnet_and_u_net() -> None:
    words = (
        "Padding 2 in conv1 makes a map of 55 from 224 pixels, where the paper's network needs 227; the first unit is"
    )
    report = noted("alexnet", f"{words} centred at 3.5 rather than 5.5.")
    assert (report.input_size[0], report["conv1"].size[0], report["conv1"].start[0]) == (224, 55, Fraction(7, 2))
    papers = analysed("alexnet-2012")
    assert (papers.input_size[0], papers["conv1"].size[0], papers["conv1"].start[0]) == (227, 55, Fraction(11, 2))
    unet = analysed("unet")
    noted("unet-padded", "572 pixels give 388")
    assert (unet.input_size[0], unet["output"].size[0]) == (572, 388)


@pytest.mark.parametrize("name", ["yolov5n", "yolov5s", "yolov5m", "yolov5l", "yolov5x"])
def test_heads_see_more_than_the_backbone_at_their_stride(name: str) -> None:
    report = noted(name, "so that their fields are larger than those of the backbone at their stride")
    for head, backbone, stride in ((0, 4, 8), (1, 6, 16), (2, 8, 32)):
        prediction, features = report[f"model.24.m.{head}"], report[f"model.{backbone}"]
        assert prediction.jump == features.jump == (Fraction(stride), Fraction(stride))
        assert prediction.receptive_field_min > features.receptive_field


# --- all of them -----------------------------------------------------------------------------------------------------

DEFINITIONS = {
    "guide/arithmetic.md": [
        "two separate problems of one axis each",
        "Four numbers",
        "four numbers:",
        "Four equations",
        "with two differences:",
        "The two columns show the same maps",
        "one of the four equations",
        "unit 0, in pixels",
        "of two neighbouring units, in pixels",
    ],
    "guide/padding.md": [
        "There are two rules",
        "For MobileNet v1 as TensorFlow has it",
    ],
    "guide/paths.md": [
        "So there are two figures",
        "In ResNet-18 it is",
        "for VGG-16's first fully connected layer",
    ],
    "guide/upsampling.md": [
        "has four equations of its own",
    ],
    "guide/dilation.md": [
        "Its length",
    ],
    "guide/border.md": [
        "Two questions are easily confused",
        "The theoretical field of unit 0 is",
        "and the two together are a box",
        "ResNet-18's last map is an example",
    ],
    "guide/effective.md": [
        "Luo et al. (2016)",
        "95 % of it",
    ],
    "guide/reading.md": [
        "Richter et al. (2021)",
    ],
    "guide/sees.md": [],
    "guide/patches.md": [],
    "guide/words.md": [
        "| symbol |", "| on these pages |", "stands before three things here",
        "The four equations, the 5 × 5 example", "Dang Ha The Hien (2017)", "Francesco Visin (2016)",
        "Jack Sim (2019)", "Richard Zemel (2016)", "Ulf Krumnack (2021)", "Yuille (2018)",
        "Chris Olah (2016)", "Rob Fergus (2014)", "Kishore Jaganathan and others (2019)",
    ],
    "guide/convolution.md": ["follows from four numbers of the window", "is two windows over one", "Half padding"],
    "guide/index.md": ["with four equations"],
    "guide/print.md": [],
    "guide/mistakes.md": [
        "Half the field is taken",
        "A factor is not two sizes",
        "A field of even length is centred between two pixels.",
        "but that need not be pixel 0:",
        "that is twice as many",
        "pixels start at",
        "Words with two meanings",
        'and "effective" stands before three things',
    ],
    "verification.md": [
        "Where it refuses all three, one more size is tried",
        "Two things can therefore be wrong", "The two programs share no code", "three laws",
        "Two sources that", "In tiles", "times as large as those in it",
    ],
    "conventions.md": [
        "A map whose size a factor above 1 does not change",
        "Indices count from 0", "is centred at 0.5", "for three axes", "or of two middle ones the first",
        "two neighbouring units",
        "unit 0's theoretical field", "the value at 0 of", "counted from 0: ours minus 0.5",
        "theoretical field of unit 0",
        "Below 1 there are holes", "0 is aligned", "two per channel of", "two numbers where the sides differ",
        "where the two differ", "(0, 1024)", "Two things are rounded",
    ],
    "index.md": ["the windows of two neighbours", "four equations"],
    "404.md": [],
    "cite.md": [
        "Creative Commons Attribution 4.0",
    ],
    "cli.md": [
        "|", "version 0.5: halo, sizes and steps", "The exit status is 0", "with one value per axis",
        "one index per axis, from 0",
    ],
    "compare.md": [],
    "data.md": ["CC BY 4.0"],
    "developing.md": ["Three walks", "a page says 3"],
    "extension.md": ["which asks for Sphinx 7.4 or newer", "Answers may be fractions"],  # held by tests/test_release.py
    "format.md": [
        "Two keys are enough", "a stride of 1", "one for sound, two for images", "a square image is", "not 0.3333333",
        "|", "On three axes", "half of the difference before", "in two sizes:", "and … from 1 inside it",
        "counts from 0 to 3", "YAML 1.2", "A key that stands twice",
    ],
    "messages.md": ["|"],
    "README.md": ["the windows of two neighbours", "CC BY 4.0", "|"],
    "CONTRIBUTING.md": [
        "in ten minutes", "stride 1, no padding", "a stride on the 1x1 or on the 3x3", "make two variants",
        "Two sources that",
        "CC BY 4.0",
    ],
}  # fmt: skip
"""Words of sentences whose numbers define, count what stands beside them, or are about what others do."""


def prose(page: str) -> str:
    """A page's text without blocks, formulas, code, and what is computed."""
    blocks = re.compile(r"^(```+)\S.*?^\1\s*$|^\$\$.*?^\$\$$|^```\n.*?^```$", re.MULTILINE | re.DOTALL)
    found = blocks.sub("\n\n", source(page))
    found = re.sub(r"\]\([^)]*\)", "]", found)
    return re.sub(r"\{[a-z-]+\}`[^`]*`|`[^`]*`|\$[^$\n]+\$", "…", found)


def sentences(page: str) -> Iterator[str]:
    """The sentences of a page."""
    for paragraph in re.split(r"\n\s*\n|^[-:#] ?|^\d+\. ", prose(page), flags=re.MULTILINE):
        yield from filter(None, re.split(r"(?<=[.;!?])\s+(?=[A-Z\"'*\[])", " ".join(paragraph.split())))


def bare(words: str) -> str:
    return " ".join(re.sub(r"\]\([^)]*\)", "]", re.sub(r"\{[a-z-]+\}`[^`]*`|`[^`]*`|\$[^$\n]+\$", "…", words)).split())


@pytest.mark.parametrize(("page", "words"), CLAIMS, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_what_a_page_says_is_so(page: str, words: str) -> None:
    assert " ".join(words.split()) in text(page), f"{page} no longer says: {words}"
    CLAIMS[page, words]()


@pytest.mark.parametrize("page", READ)
def test_every_sentence_with_a_number_is_computed_or_tested(page: str) -> None:
    claimed = [bare(words) for of, words in CLAIMS if of == page]
    for sentence in sentences(page):
        if NUMBER.search(sentence):
            assert any(words in sentence or sentence in words for words in claimed) or any(
                words in sentence for words in DEFINITIONS[page]
            ), f"{page}: add a claim that tests this sentence, or compute its figures by a role: {sentence}"


@pytest.mark.parametrize("page", DEFINITIONS)
def test_no_definition_is_listed_in_vain(page: str) -> None:
    found = [sentence for sentence in sentences(page) if NUMBER.search(sentence)]
    for words in DEFINITIONS[page]:
        assert any(words in sentence for sentence in found), f"{page} has no sentence with a number that says {words!r}"


def test_the_extension_names_all_that_there_is() -> None:
    page = source("extension.md")
    assert "Columns are named by their keys, which [Data](data.md#a-network) lists" in page
    assert "```{rf-columns}" in source("data.md")
    listed = re.search(r"what only pages\s+have: (.*?)\n\n", page, re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"`(\w+)`", listed[1])) == known_columns().keys() - COLUMNS.keys()
    kinds = re.search(r"`rf-figure NETWORK KIND` \| a figure: (.*?) and others", page)
    assert kinds is not None
    assert set(re.findall(r"`([\w-]+)`", kinds[1])) < set(KINDS)
