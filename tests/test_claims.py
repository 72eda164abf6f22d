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
from inspect import unwrap
from itertools import pairwise, product
from math import ceil, floor, gcd, log, prod, sqrt
from pathlib import Path

import every
import numpy as np
import pytest
from hypothesis import settings

import rfdocs
from rfdocs import LayerReport, Report
from rfdocs.algebra import PeriodicField
from rfdocs.algebra.reads import TransposedWindow, Window
from rfdocs.algebra.sizes import Rounding, extent, same_padding, window_length
from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.published import slim_rows
from rfdocs.catalogue.verification import further_sizes
from rfdocs.cli.compare import LEAST, MOST
from rfdocs.figures import KINDS, guide_influence
from rfdocs.figures.guide_alike import NEAR, alike
from rfdocs.figures.guide_checkerboard import TWICE, WAYS, taps
from rfdocs.figures.guide_influence import deviation
from rfdocs.figures.guide_trees import SMOOTHED, Tree
from rfdocs.figures.joined_paths import paths_to
from rfdocs.figures.unit_stills import LAYERS, SIDE
from rfdocs.figures.ways_up import ways_up
from rfdocs.formats.columns import COLUMNS, field_text
from rfdocs.formats.numbers import per_axis, short, text_number
from rfdocs.formats.sound import durations
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.schema import schema
from rfdocs.making.scripts import FOLDER
from rfdocs.pages.content import plain
from rfdocs.pages.effective_section import GAUSSIAN
from rfdocs.pages.frameworks import SlidLayer, half_padding, pytorch
from rfdocs.pages.heads import held_size
from rfdocs.pages.layers import known_columns, used_starts
from rfdocs.pages.mistaken import mistaken
from rfdocs.pages.productive import field_is_beyond, smallest_path_is_beyond, wide_layers

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
READ = [*sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.md")), "README.md", "CONTRIBUTING.md"]

NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|thousands|billions|half|twice)\b", re.IGNORECASE
)

Claim = Callable[[], None]
CLAIMS: dict[tuple[str, str], Claim] = {}


def claim(page: str, *sentences: str) -> Callable[[Claim], Claim]:
    """Marks a function that asserts what these words of a page say; it runs once, however many it is of."""

    def marked(check: Claim) -> Claim:
        once = cache(check)
        CLAIMS.update({(page, words): once for words in sentences})
        return once

    return marked


@cache
def source(page: str) -> str:
    """A page of the site or of the repository as it is written, but for its links to the glossary and to networks."""
    path = SITE / page
    written = (path if path.exists() else ROOT / page).read_text("utf-8")
    written = re.sub(r"\[([^\]]+)\]\(\.\./networks/(?!index\.)[^)]+\)", r"\1", written)
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


@claim("extension.md", "with its field and what it sees; at most six layers, and 40 cells a side")
def the_most_that_is_stepped_through() -> None:
    assert (LAYERS, SIDE) == (6, 40)


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
    "Where both sides are padded alike and the windows fit exactly, the two agree, as in "
    "[the guide's table](arithmetic.md).",
)
def the_two_paddings_agree_wherever_windows_fit() -> None:
    fitting = 0
    for name, report in every.reports().items():
        if all(len(one.inputs) == 1 for one in report) and fits(report, report.last):
            fitting += 1
            assert agrees(report, report.last), name
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


@claim(
    "guide/padding.md",
    r"\max(\, (\lceil n_{\text{in}} / s \rceil - 1)\, s + k' - n_{\text{in}},\ 0 \,)",
    "half of it before the map and half after; of an odd number the unit left over goes after.",
)
def same_adds_so_much() -> None:
    for length, covered, stride in product(range(1, 40), range(1, 10), range(1, 5)):
        total = max((-(-length // stride) - 1) * stride + covered - length, 0)
        before, after = same_padding(length, covered, stride)
        assert (before + after, after - before) == (total, total % 2)


@claim(
    "guide/padding.md",
    'PyTorch\'s `padding="same"` is the same rule for convolutions of stride 1 alone: for any other stride it is an '
    "error, because the padding would depend on the input.",
)
def pytorch_has_same_where_it_does_not_depend_on_the_input() -> None:
    for kernel, dilation, stride in product(range(1, 9), range(1, 4), range(1, 4)):
        layer = SlidLayer("conv", 64, kernel, stride, dilation, "same")
        assert isinstance(pytorch(layer), str) == (stride > 1)
        paddings = {same_padding(length, extent(kernel, dilation), stride) for length in range(32, 64)}
        assert len(paddings) == 1 or stride > 1
    assert len({same_padding(length, 7, 2) for length in range(32, 64)}) > 1


@claim(
    "guide/padding.md",
    "At stride 1 it gets an odd number of units, so that every unit reads one unit more on one side:",
)
def an_even_kernel_is_padded_unevenly() -> None:
    for kernel in range(2, 12, 2):
        before, behind = same_padding(64, kernel, 1)
        assert behind == before + 1 == kernel // 2


@claim(
    "guide/padding.md",
    "**Half** padding is half of what the window covers on both sides, rounded down; with an odd kernel and stride 1 "
    "it keeps the size, and there it is `SAME`.",
    "With a larger stride the two need not be alike, though their sizes agree: half padding begins at the same place "
    "for every input, `SAME` does not.",
)
def half_padding_and_same() -> None:
    for kernel, dilation, stride, length in product(range(1, 12, 2), range(1, 4), range(1, 5), range(32, 40)):
        covered, half = extent(kernel, dilation), half_padding(kernel, dilation)
        same = same_padding(length, covered, stride)
        assert half == same or stride > 1
        sizes = {window_length(length, covered, stride, *sides, Rounding.FLOOR) for sides in (half, same)}
        assert sizes == {-(-length // stride)}
    assert half_padding(7, 1) == same_padding(225, 7, 2) != same_padding(224, 7, 2)


# --- the arithmetic --------------------------------------------------------------------------------------------------


@claim("index.md", "which is more than the image has.")
def a_field_of_resnet18_is_larger_than_its_image() -> None:
    report = analysed("resnet18")
    assert report["layer4"] is report.features
    assert report["layer4"].receptive_field > report.input_size


@claim(
    "guide/arithmetic.md",
    r"n_{\text{out}} = \lfloor (n_{\text{in}} + p_l + p_r - k') / s \rfloor + 1",
    r"j_{\text{out}} = j_{\text{in}} \cdot s",
    r"r_{\text{out}} = r_{\text{in}} + (k' - 1) \cdot j_{\text{in}}",
    r"\text{start}_{\text{out}} = \text{start}_{\text{in}} + ((k' - 1) / 2 - p_l) \cdot j_{\text{in}}",
    r"\text{first pixel} &= \text{start} + u \cdot j - r / 2 \\ \text{last pixel} &= \text{first pixel} + r - 1",
    "Dilated, its window covers $k' = d\\,(k - 1) + 1$ units, its dilated extent; without dilation $k' = k$.",
    "So windows of 3 with steps of 2 fit three times into 7 places: the first, and one for each whole step in the 4 "
    "that are left.",
)
def the_four_equations() -> None:
    """Against windows that are placed one by one, and units that are followed down to their pixels."""
    settings = list(product((1, 2, 3), (1, 2), (1, 2), (0, 1), (0, 2)))
    for two in product(settings, repeat=2):
        n, j, r, start = 17, 1, 1, Fraction(1, 2)
        for k, s, d, before, after in two:
            covered = d * (k - 1) + 1
            placed = range(-before, n + after - covered + 1, s)
            n = (n + before + after - covered) // s + 1
            assert n == len(placed)
            start += (Fraction(covered - 1, 2) - before) * j
            r += (covered - 1) * j
            j *= s
        for unit in (0, 1, n - 1):
            looked = {unit}
            for k, s, d, before, _ in reversed(two):
                looked = {one * s - before + d * tap for one in looked for tap in range(k)}
            first = start + unit * j - Fraction(r, 2)
            assert [Fraction(min(looked)), Fraction(max(looked))] == [first, first + r - 1]
    assert len(range(0, 7 - 3 + 1, 2)) == 1 + 4 // 2 == 3


@claim(
    "guide/sees.md",
    "Take an image of 5 × 5 pixels and a 3 × 3 convolution with stride 2 and padding 1, applied twice:",
    "a window of three pixels a side moves on by two, and around the image lies one row of cells with nothing in them.",
    "pixels a side, more than the image has.",
)
@claim(
    "guide/arithmetic.md",
    "as if its unit 0 stood on pixel 0, which in this example it does.",
    "There the start never moves, because both layers pad by $(k - 1)/2$.",
    "Without padding it does: window 0 begins with unit 0, and its middle lies further in.",
)
def the_guides_example() -> None:
    shrinking = analysed("examples/steps.yaml")
    assert [one.windows[0].padding for one in shrinking] == [(0, 0)] * 2
    assert [one.start[0] for one in shrinking] == [Fraction(3, 2), Fraction(5, 2)]
    report = analysed("examples/guide.yaml")
    windows = [one.axes[0].reads[0] for one in report]
    assert report.input_size == (5, 5)
    assert report["second"].receptive_field > report.input_size
    assert [one.start for one in report] == [(Fraction(1, 2),) * 2] * 2
    assert [(w.kernel, w.stride, w.before) for w in windows if isinstance(w, Window)] == [(3, 2, 1)] * 2
    assert report["second"].start == (Fraction(1, 2),) * 2


@claim(
    "guide/arithmetic.md",
    "Three networks are called AlexNet here,",
    "as the guide's program has it: a single chain of layers on 227 × 227 pixels, with the first two fully connected "
    "layers written as convolutions",
    "has the same windows in two strands of layers, one for each of two graphics cards.",
    "takes 224 pixels and pads its first convolution by 2, so that its units stand elsewhere;",
)
@claim(
    "guide/padding.md",
    "(Of the AlexNets below, `alexnet` is torchvision's, which pads its first convolution by 2, and `alexnet-2012` the "
    "paper's; with 227 pixels the paper's has the guide's windows and the guide's starts, with 224 they do not fit.)",
)
def the_three_alexnets() -> None:
    assert {"alexnet", "alexnet-2012", "alexnet-guide"} == {
        name for name in Catalogue().identifiers() if name.startswith("alexnet")
    }
    guide, papers, ours = (analysed(name) for name in ("alexnet-guide", "alexnet-2012", "alexnet"))
    assert (guide.input_size, papers.input_size, ours.input_size) == ((227, 227), (227, 227), (224, 224))
    assert all(len(one.inputs) == 1 for one in guide)
    named = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
    assert [guide[name].windows for name in named] == [papers[name].windows for name in named]
    assert [guide[name].start for name in named] == [papers[name].start for name in named]
    assert (ours["conv1"].windows[0].padding, papers["conv1"].windows[0].padding) == ((2, 2), (0, 0))
    assert ours["conv1"].start != guide["conv1"].start
    assert fits(papers, papers["pool5"])
    small = analysed("alexnet-2012", 224)
    assert not fits(small, small["pool5"])
    assert "two graphics cards" in (rfdocs.load("alexnet-2012").description.description or "")


@claim("guide/arithmetic.md", "The guide's table, computed here:")
@claim("verification.md", "The guide's ten layers of AlexNet")
@claim(
    "guide/arithmetic.md",
    "a 3-wide window adds {rf}`alexnet-guide pool1 jump` pixels as `pool1`, and",
    "The start stays where a layer pads by $(k - 1)/2$, and moves where it does not.",
)
def the_guides_alexnet() -> None:
    report = analysed("alexnet-guide")
    pools = [report[name] for name in ("pool1", "pool5")]
    for pool in pools:
        below = report[pool.inputs[0]]
        added = pool.receptive_field[0] - below.receptive_field[0]
        assert (pool.windows[0].kernel, pool.jump[0]) == (3, Fraction(added))
    maps = [report.image, *report.layers]
    for below, one in pairwise(maps):
        (window,) = one.windows[:1]
        assert (one.start == below.start) == (window.padding[0] * 2 == window.kernel - 1)
        assert (one.jump > below.jump) == (window.stride > 1)
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


@claim("guide/border.md", "In the corner it is so on both axes, and two thirds of the field's area are padding.")
@claim("guide/border.md", "VGG-16's last map has fields of {rf}`vgg16 pool5 rf` pixels, less than the image has;")
def what_the_corner_unit_of_vgg16_sees() -> None:
    report = analysed("vgg16")
    corner = report.unit("pool5", (0, 0))
    field, seen = prod(axis.size for axis in corner), prod(axis.visible_size for axis in corner)
    assert round(3 * (1 - seen / field)) == 2
    assert abs(seen / field - 1 / 3) < 0.01
    assert report["pool5"].receptive_field[0] < report.input_size[0]


# --- the effective field ---------------------------------------------------------------------------------------------


def stack(depth: int) -> Report:
    return analysed(f"examples/influence.yaml:plain-{depth}")


def counts_behind(depth: int) -> list[int]:
    report = stack(4)
    return list(report.path_counts(f"conv{depth}", 30, 0).values())


def effective_width(name: str, of: str) -> int:
    spread = analysed(name).effective(of)[0]
    assert spread is not None
    return spread.width


@claim("guide/effective.md", "Through one 3-wide convolution each of its pixels has one path.")
@claim(
    "guide/effective.md",
    "Through two of them the five pixels have 1, 2, 3, 2 and 1 paths, through three the seven have 1, 3, 6, 7, 6, 3 "
    "and 1: every layer replaces each number by the sum of three neighbours.",
)
def the_paths_behind_three_convolutions() -> None:
    assert [counts_behind(depth) for depth in (1, 2, 3)] == [[1, 1, 1], [1, 2, 3, 2, 1], [1, 3, 6, 7, 6, 3, 1]]


@claim(
    "guide/effective.md",
    "Walk along VGG-16: the field's bar stays as wide as the picture while the bell inside it narrows.",
)
def the_bell_of_vgg16_narrows() -> None:
    names = ["conv1_1", "conv2_2", "conv3_3", "conv4_3", "conv5_3", "pool5"]
    shares = [effective_width("vgg16", name) / layer("vgg16", name).receptive_field[0] for name in names]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1
    assert shares[-1] < 0.55


@claim(
    "guide/effective.md",
    "ResNets have a comb on top, for a 3-wide window with stride 2 reads every other unit twice, and those "
    "between once.",
)
def a_comb() -> None:
    read = [tap for unit in range(20) for tap in Window(kernel=3, stride=2).taps(unit)]
    assert [read.count(place) for place in range(4, 12)] == [2, 1] * 4
    counts = list(analysed("resnet18").central_path_counts("layer4", 0).values())
    middle = counts[len(counts) // 2 - 20 : len(counts) // 2 + 20]
    peaks = [b > a and b > c for a, b, c in zip(middle, middle[1:], middle[2:], strict=False)]
    assert sum(peaks) > 8


@claim("guide/effective.md", "because its last layers look through dilations of 12, 24 and 36 side by side")
def the_dilations_of_deeplab() -> None:
    last = [one for one in analysed("deeplabv3_resnet50") if "classifier" in one.name and one.windows]
    assert sorted({one.windows[0].dilation for one in last} - {1}) == [12, 24, 36]


def added_variances(report: Report, last: LayerReport) -> dict[str, Fraction]:
    """For every window down to the image ``(k * k - 1) * (d * j) ** 2 / 12``; the layers follow each other."""
    parts = {}
    for one in back_to_image(report, last):
        window, jump = one.axes[0].window, report[one.inputs[0]].jump[0]
        assert window is not None
        assert jump is not None
        if not one.axes[0].reads_pointwise:
            parts[one.name] = (window.kernel**2 - 1) * (window.dilation * jump) ** 2 / 12
    return parts


@claim("guide/effective.md", r"\sigma^2 &= \sum_l \frac{k_l^2 - 1}{12}\, d_l^2\, j_l^2")
@claim("guide/effective.md", "a uniform choice among $k$ taps has the variance $(k^2 - 1)/12$")
@claim(
    "guide/effective.md",
    r"And the last stage decides: of VGG-16's $\sigma^2$ three quarters come from the four windows that read at a "
    "jump of 16.",
)
def variances_add_up() -> None:
    assert all(np.var(range(k)) == pytest.approx((k * k - 1) / 12) for k in range(1, 12))
    straight = 0
    for report in every.reports().values():
        windows = [axis.window for one in report for axis in one.axes]
        if all(len(one.inputs) == 1 for one in report) and all(w is not None and not w.transposed for w in windows):
            spread = report.effective(report.features.name)[0]
            assert spread is not None
            assert spread.deviation**2 == pytest.approx(sum(added_variances(report, report.features).values()))
            straight += 1
    assert straight > 40
    report = analysed("vgg16")
    parts = added_variances(report, report["pool5"])
    last = [name for name in parts if report[report[name].inputs[0]].jump[0] == 16]
    assert sorted(last) == ["conv5_1", "conv5_2", "conv5_3", "pool5"]
    assert float(sum(parts[name] for name in last) / sum(parts.values())) == pytest.approx(0.75, abs=0.01)


@claim("guide/effective.md", "Four times the layers: four times the field, and twice the width.")
@claim(
    "guide/effective.md",
    r"with $n$ equal layers at one jump, $r$ grows like $n$ and $\sigma$ like $\sqrt n$: the share of the field that "
    r"counts falls like $1/\sqrt n$,",
)
def the_square_root_of_the_depth() -> None:
    reports = [stack(depth) for depth in (4, 16, 64)]
    deviations = [spread.deviation for one in reports if (spread := one.effective(one.last.name)[0]) is not None]
    assert [one.last.receptive_field[0] - 1 for one in reports] == [8, 32, 128]
    assert deviations == pytest.approx([(depth * 2 / 3) ** 0.5 for depth in (4, 16, 64)])
    shares = [own / (one.last.receptive_field[0] - 1) for own, one in zip(deviations, reports, strict=True)]
    assert shares == pytest.approx([shares[0] / 2**turn for turn in range(3)])
    widths = [effective_width(f"examples/influence.yaml:plain-{depth}", f"conv{depth}") for depth in (4, 16, 64)]
    assert all(1.8 < wide / narrow < 2.2 for narrow, wide in pairwise(widths))


@claim(
    "guide/effective.md",
    "From ResNet-50 to ResNet-152 the field grows more than threefold, and the width that holds 95 % of the paths less "
    "than twofold.",
)
def depth_and_width_of_resnets() -> None:
    assert layer("resnet152", "layer4").receptive_field[0] > 3 * layer("resnet50", "layer4").receptive_field[0]
    assert effective_width("resnet152", "layer4") < 2 * effective_width("resnet50", "layer4")


@claim("guide/effective.md", r"Of a bell that stretch is 5.0 $\sigma$ long, and ours 3.9 $\sigma$.")
def two_widths_of_a_bell() -> None:
    above = 2 * sqrt(2 * log(1 / (1 - 0.9545)))
    assert (round(above, 1), round(GAUSSIAN, 1)) == (5.0, 3.9)


@claim("guide/effective.md", "Each is ten 3-wide convolutions of 16 channels, one behind the other, on one axis.")
def the_random_networks() -> None:
    assert (guide_influence.DRAWS, guide_influence.LAYERS, guide_influence.CHANNELS) == (100, 10, 16)


@claim("guide/effective.md", r"the square root of a bell is a bell again, and nearly $\sqrt2$ times as wide.")
def the_square_root_of_a_bell() -> None:
    places = np.arange(-60, 61)
    for counts in (np.array(counts_of(64), float), np.exp(-(places**2) / 50)):
        wide, narrow = (deviation(values) for values in (np.sqrt(counts), counts))
        assert wide / narrow == pytest.approx(2**0.5, rel=0.02)


def counts_of(depth: int) -> list[int]:
    return list(stack(depth).path_counts(f"conv{depth}", 30, 0).values())


@claim(
    "guide/effective.md",
    "Wherever two different paths $P$ and $Q$ part they take two different weights, whose product has mean 0;",
    "Give each of the nine weights of three 3-wide convolutions the value 1 or −1.",
    "There are 512 such networks.",
    "Take the derivative by each of the seven pixels in all of them, and square it: the means are 1, 3, 6, 7, 6, 3 and "
    "1, the numbers of paths from above.",
    "On average $a^2$ is $v$, and so are the other squares, while $abcd$ is 0 as each of its factors is.",
    "That makes $v^2 + 0 + v^2$: twice $v^2$, for two paths.",
)
def the_mean_square_over_all_signs() -> None:
    """Weights of 1 or -1 have mean 0 and variance 1; over all of them the mean square is the number of paths."""
    every = [np.array(signs) for signs in product((-1, 1), repeat=9)]
    squares = [np.convolve(np.convolve(one[:3], one[3:6]), one[6:]) ** 2 for one in every]
    assert len(squares) == 512
    for size, variance in ((1, 1), (3, 9)):
        two = [(a * c + b * d) ** 2 for a, b, c, d in product((-size, size), repeat=4)]
        assert np.mean(two) == 2 * variance**2
    assert np.mean(squares, axis=0).tolist() == counts_behind(3)


# --- reading a network -----------------------------------------------------------------------------------------------


@claim(
    "guide/reading.md",
    "On CIFAR's 32 pixels, six of VGG-16's thirteen convolutions read units whose field is larger than the image; on "
    "224 none does.",
    "along a [shortcut](paths.md) a layer of ResNet-18 still gets to read something small.",
    "On 32 pixels thirteen of seventeen layers are idle by the first measure, in ResNet-18 and ResNet-50 alike, and by "
    "this one three and none; on 224 pixels three and four are by the first, and none by this one.",
)
def layers_that_gain_no_context() -> None:
    for size, beyond in ((32, 6), (224, 0)):
        report = analysed("vgg16", size)
        wide = wide_layers(report)
        assert (len(wide), sum(field_is_beyond(report, one) for one in wide)) == (13, beyond)
    idle = {("resnet18", 32): (13, 3), ("resnet50", 32): (13, 0), ("resnet18", 224): (3, 0), ("resnet50", 224): (4, 0)}
    for (name, size), counts in idle.items():
        report = analysed(name, size)
        wide = wide_layers(report)
        judges = (field_is_beyond, smallest_path_is_beyond)
        assert len(wide) == 17
        assert tuple(sum(judge(report, one) for one in wide) for judge in judges) == counts


def heads_on_the_page() -> list[tuple[str, str, list[int]]]:
    """The heads of the chapter, each with the larger sides of its anchors."""
    rows = block("guide/reading.md", "rf-heads", "Heads that predict boxes")
    return [(name, of, [max(map(int, re.split("×", anchor))) for anchor in anchors]) for name, of, *anchors in rows]


@claim(
    "guide/reading.md",
    "The anchors, or anchor boxes, are those of SSD's published code for VOC, of Lin et al.'s feature pyramid "
    "(2017), of RetinaNet,",
)
def the_anchors_follow_their_rules() -> None:
    anchors = {(name, of): sizes for name, of, sizes in heads_on_the_page()}
    ssd = [sizes for (name, _), sizes in anchors.items() if name == "ssd300"]
    percents = [10, *range(20, 91, (90 - 20) // (6 - 2))]
    assert ssd == [[300 * percent // 100] for percent in percents]
    for name in ("rpn_r50_fpn", "retinanet_resnet50_fpn"):
        assert [sizes for (own, _), sizes in anchors.items() if own == name] == [[2**power] for power in range(5, 10)]


@claim(
    "guide/reading.md",
    "**Every anchor lies within its head's field**, as a square, and not every one within the "
    "[95 % width](effective.md).",
)
@claim("guide/reading.md", "The region proposals' coarsest level starts boxes of 512 pixels and has a field of")
@claim("guide/reading.md", "The level before it and YOLOv5s' coarsest head have an anchor of that kind, too.")
def anchors_and_fields() -> None:
    beyond = []
    for name, of, sizes in heads_on_the_page():
        assert max(sizes) <= layer(name, of).receptive_field_min[0]
        if max(sizes) > effective_width(name, of):
            beyond.append((name, of))
    assert beyond == [("rpn_r50_fpn", "p5.rpn_reg"), ("rpn_r50_fpn", "p6.rpn_reg"), ("yolov5s", "model.24.m.2")]


@claim("guide/reading.md", "From Conv4_3 to Conv7 the field grows fourfold, for conv6 has a dilation of 6.")
@claim(
    "guide/reading.md",
    "What is larger than Conv4_3 holds and small for Conv7 falls to a head that looks at nearly the whole image.",
)
def the_heads_of_ssd() -> None:
    narrow, wide = (layer("ssd300", f"{name}_loc").receptive_field[0] for name in ("conv4_3_norm", "conv7"))
    assert round(wide / narrow) == 4
    assert layer("ssd300", "conv6").windows[0].dilation == 6
    assert effective_width("ssd300", "conv7_loc") > 0.9 * 300


@claim("guide/reading.md", "up to $s = r - j + 1$ pixels.")
@claim("guide/reading.md", "RetinaNet's P3 has units 8 pixels apart with fields of")
@claim("guide/reading.md", "It holds 492.")
@claim("guide/reading.md", "32 pixels apart, and four neighbours share it: their fields are the same.")
def neighbours_in_a_pyramid_share_their_fields() -> None:
    report = analysed("retinanet_resnet50_fpn")
    head = report["regression_head.p3.bbox_reg"]
    field = head.axes[0].field
    assert isinstance(field, PeriodicField)
    assert head.receptive_field == head.receptive_field_min == (523, 523)
    assert head.jump == (Fraction(8),) * 2
    assert (523 - 8 + 1, held_size(report, head), 523 - 32 + 1) == (516, 492, 492)
    assert len({field.at(unit) for unit in range(2, 34)}) == 32 // 4
    small = analysed("ssd300")["conv4_3_norm_loc"]
    assert held_size(analysed("ssd300"), small) == small.receptive_field[0] - (small.jump[0] or 0) + 1


@claim(
    "guide/reading.md",
    "## Why 70 × 70?",
    "The five convolutions are 4 wide, and the first three of them have stride 2.",
)
@claim("guide/reading.md", "So, from the end: 1, 4, 7, 16, 34, 70.")
@claim("guide/reading.md", "That gives the whole family: 16, 34, 70, 142, 286.")
def patchgan_backwards() -> None:
    windows = [one.windows[0] for one in analysed("patchgan-70") if one.windows]
    assert [(window.kernel, window.stride) for window in windows] == [(4, 2)] * 3 + [(4, 1)] * 2
    needed = [1]
    for window in windows[::-1]:
        needed.append((needed[-1] - 1) * window.stride + window.kernel)
    assert needed == [1, 4, 7, 16, 34, 70]
    family = [16, 34, 70, 142, 286]
    assert [2 * m + 2 for m in family[:-1]] == family[1:]
    assert [analysed(f"patchgan-{size}").last.receptive_field[0] for size in family] == family


@claim(
    "guide/reading.md",
    "## ResNet-50: 427 or 483?",
    "In three stages the first block halves the map.",
    "Its 3 × 3 window adds two taps, each as long as the jump of the map that it reads.",
    "it still reads the fine one, and adds half as much.",
    r"The fine jumps are 4, 8 and 16 pixels: the difference is $2 \cdot (4 + 8 + 16) = 56$.",
)
def the_two_fields_of_resnet_50() -> None:
    ours, papers = analysed("resnet50"), analysed("resnet50-paper")
    assert (ours["layer4"].receptive_field[0], papers["layer4"].receptive_field[0]) == (427, 483)
    jumps = []
    for stage in (2, 3, 4):
        name = f"layer{stage}.0.conv2"
        read = [report[report[name].inputs[0]].jump[0] or 0 for report in (ours, papers)]
        assert [report[name].windows[0].stride for report in (ours, papers)] == [2, 1]
        assert read[1] == 2 * read[0]
        jumps.append(read[0])
    assert jumps == [4, 8, 16]
    assert 2 * sum(jumps) == 483 - 427


@claim(
    "guide/reading.md",
    "but a 1 × 1 window with stride 2 never reads three of four units of its map; a 3 × 3 window reads them all.",
)
def what_a_stride_leaves_unread() -> None:
    for kernel, share in ((1, Fraction(1, 4)), (3, Fraction(1))):
        window = Window(kernel=kernel, stride=2, before=kernel // 2)
        read = {tap for unit in range(50) for tap in window.taps(unit)} & set(range(100))
        assert Fraction(len(read), 100) ** 2 == share


@claim("guide/border.md", "Put 4 units before a map and slide a 3-wide window over it.")
def a_window_behind_four_units() -> None:
    for name in ("zeros", "mirrored"):
        report = analysed(f"examples/arithmetic.yaml:{name}")
        pad, conv = (one.axes[0].reads[0] for one in report)
        assert isinstance(pad, Window)
        assert isinstance(conv, Window)
        assert (pad.before, conv.kernel, report["pad"].size[0] - report.input_size[0]) == (4, 3, 4)


@claim("guide/paths.md", "So there is a way around it, and two blocks in a row have four paths:")
@claim("guide/paths.md", "Here four branches of different reach read the same map,")
@claim("guide/paths.md", "In GoogLeNet the windows of all four branches are added up:")
def the_blocks_drawn() -> None:
    residual, inception = (analysed(f"examples/paths.yaml:{name}") for name in ("residual", "inception"))
    assert len(paths_to(residual, "second.add")) == len(paths_to(inception, "block.concat")) == 4
    assert len(layer("googlenet", "inception3a").inputs) == 4


@claim("guide/paths.md", "it pools with a 2 × 2 window beside a convolution of 3 × 3.")
def the_first_block_of_enet() -> None:
    report = analysed("enet")
    windows = {report[name].operation: kernel(report[name]) for name in report["stem.concat"].inputs}
    assert windows == {"maxpool": 2, "conv": 3}


@claim(
    "guide/paths.md",
    "In a ResNet the convolution on a shortcut has the stride of its block once more, so that the jump doubles twice, "
    "and all windows after it count double.",
)
def shortcuts_have_strides() -> None:
    report = analysed("resnet18")
    shortcuts = [one.windows[0].stride for one in report if "downsample" in one.name]
    assert shortcuts == [2, 2, 2]
    jump = prod(one.windows[0].stride for one in report.maps if one.windows)
    assert jump == 2 ** len(shortcuts) * (report.features.jump[0] or 0)


@claim("guide/paths.md", "Listing all paths would be right, but there may be billions of them.")
@claim("verification.md", "one pass through a network with billions of paths.")
def there_are_billions_of_paths() -> None:
    paths = [1]
    for one in rfdocs.load("resnet152").network.layers:
        paths.append(sum(paths[node] for node in one.inputs))
    assert paths[-1] > 10**9


@claim("guide/upsampling.md", "unit 2 reads input 1 by its middle tap,", "unit 3 reads input 1 by its last one,")
@claim("guide/upsampling.md", "and input 2 by its first,")
def units_of_a_transposed_convolution() -> None:
    window = TransposedWindow(3, stride=2, before=1)
    assert [list(window.taps(unit)) for unit in (2, 3)] == [[1], [1, 2]]
    assert [unit - source * 2 + 1 for unit, source in ((2, 1), (3, 1), (3, 2))] == [1, 2, 0]


@claim("guide/upsampling.md", "With kernel 3, stride 2 and padding 1 a unit reads one input or two, in turn:")
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


@claim(
    "guide/upsampling.md",
    r"n_{\text{out}} &= (n_{\text{in}} - 1) \cdot s + k' - p_l - p_r + a \\ j_{\text{out}} &= j_{\text{in}} / s \\ "
    r"r_{\text{out}} &= r_{\text{in}} + (\lceil k / s \rceil - 1) \cdot j_{\text{in}} \\ "
    r"\text{start}_{\text{out}} &= \text{start}_{\text{in}} - ((k' - 1) / 2 - p_l) \cdot j_{\text{out}}",
    "rounded down instead of up it is the smallest one, where every unit reads something.",
)
def the_equations_of_a_transposed_convolution() -> None:
    """Against the inputs that a period of units reads, whatever the map that is read."""
    jump, field, start = Fraction(4), 7, Fraction(5, 2)
    for k, s, p, d in product(range(1, 6), range(1, 5), range(3), range(1, 4)):
        window, units = TransposedWindow(k, s, d, p), range(12 * s, 13 * s)
        read = [list(window.taps(unit)) for unit in units]
        if not all(read):
            continue
        centres = [start + Fraction(one[0] + one[-1], 2) * jump for one in read]
        mean = sum(centres, Fraction()) / s - jump / s * Fraction(units[0] + units[-1], 2)
        assert mean == start - (Fraction(extent(k, d) - 1, 2) - p) * jump / s
        if d == 1:
            lengths = {field + (one[-1] - one[0]) * int(jump) for one in read}
            assert (min(lengths), max(lengths)) == tuple(field + (parts - 1) * 4 for parts in (k // s, ceil(k / s)))
    for n, k, s, d, p in product(range(1, 6), range(1, 5), range(1, 4), range(1, 3), range(3)):
        reached = {i * s - p + d * t for i in range(n) for t in range(k)}
        assert max(reached) - p + 1 == (n - 1) * s + extent(k, d) - 2 * p, "without a, p cut off both ends"


@claim(
    "guide/upsampling.md",
    "is that of the $t$ with $u + p - d\\,t$ divisible by $s$.",
    "Without dilation it is the same for all where $s$ divides $k$.",
)
def how_many_taps_make_an_output() -> None:
    for k, s, p in product(range(1, 9), range(1, 5), range(3)):
        counts = {sum((unit + p - tap) % s == 0 for tap in range(k)) for unit in range(40, 40 + s)}
        assert counts == {len(TransposedWindow(k, s, 1, p).taps(unit)) for unit in range(40, 40 + s)}
        assert (len(counts) == 1) == (k % s == 0)


@claim("guide/upsampling.md", "Where units read one input and two in turn, those that read two are sums of more")
@claim(
    "guide/upsampling.md",
    "Two uneven layers in a row do not even each other out; they make a pattern with the product of their periods.",
)
def overlap_is_uneven() -> None:
    once, twice = taps(WAYS[0].report(), 6, 6), taps(TWICE.report(), 16, 12)
    assert once == [1, 2] * 3
    assert min(p for p in range(1, 8) if twice[p:] == twice[:-p]) == 2 * 2


@claim("guide/upsampling.md", "has kernels of 4 with stride 2 wherever it doubles the map.")
@claim("guide/upsampling.md", "The kernels of 3 with stride 2 in CycleGAN are uneven.")
def transposed_kernels_of_generators() -> None:
    for name, own in (("dcgan-generator", 4), ("cyclegan-resnet9", 3)):
        windows = [one.windows[0] for one in analysed(name) if one.operation == "transposed_conv"]
        found = {(window.kernel, window.stride) for window in windows if window.stride > 1}
        assert found == {(own, 2)}


@claim("guide/upsampling.md", "# Why a U-Net's unit sees 188 pixels, or 204")
@claim(
    "guide/upsampling.md",
    "a transposed 2 × 2 convolution with stride 2 begins each level, and reads one unit.",
    "But the two 3 × 3 convolutions after it read five neighbours;",
    "An odd number of units is always made of the same number: of five neighbours come three, wherever they begin, and "
    "of seven four.",
    "Eight units are made of four where they begin with an even index, and else of five.",
    "So the output reads four units of the lowest map or five.",
    "With bilinear upsampling, which reads two units, it is",
)
def what_a_unit_of_a_u_net_reads_of_each_level() -> None:
    report = analysed("unet")
    assert set(fields("unet", "output")) == {188, 204}
    for level in range(1, 5):
        up = report[f"upconv{level}"].windows[0]
        assert (up.kernel, up.stride) == (2, 2)
        assert [kernel(report[f"up{level}.conv{number}"]) for number in (1, 2)] == [3, 3]
    made = {}
    for unit in range(160, 192):
        ways = ways_up(report, "output", unit)
        made.update({(way.fine.units.size, way.fine.units.first % 2): way.coarse.units.size for way in ways})
        assert ways[0].fine.units.size == 5
    assert {count: made[count, 0] for count in (5, 7, 8)} == {5: 3, 7: 4, 8: 4}
    assert {count: made[count, 1] for count in (5, 7, 8)} == {5: 3, 7: 4, 8: 5}
    assert {ways_up(report, "output", unit)[-1].coarse.units.size for unit in range(160, 192)} == {4, 5}
    assert set(read_by("bilinear", 128)[1:-1]) == {2}


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


@claim(
    "guide/upsampling.md",
    "In the U-Net units 0 to 15 are a period.",
    "Four of them have their centre at 94 pixels and twelve at 102, which makes a mean of 100; the mean index is 7.5 "
    "and the jump 1:",
)
def the_start_of_a_u_net() -> None:
    output = layer("unet", "output")
    field = output.axes[0].field
    assert isinstance(field, PeriodicField)
    found = centres(output)[: field.period]
    assert (field.period, found.count(Fraction(94)), found.count(Fraction(102))) == (16, 4, 12)
    assert output.jump[0] == 1
    assert sum(found) / 16 == 100
    assert output.start[0] == 100 - Fraction(15, 2)


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


def dilated(*dilations: int) -> list[int]:
    """The pixels that a unit reads through convolutions of kernel 3 with these dilations, counted from the first."""
    if not dilations:
        return [0]
    tree = Tree(3, dilations)
    report = tree.report()
    return sorted(report.path_counts(report.last.name, tree.unit, 0))


@claim("guide/dilation.md", "Dilations that are all even, as 2, 4 and 8 are, keep to every second pixel,")
@claim(
    "guide/dilation.md",
    "by 1, then by up to 3, then, after a dilation of 2, by up to 7.",
    "So 1, 2 and 5 are within bounds.",
)
@claim("guide/dilation.md", "of the square that dilations of 2 span, a little more than a quarter is read.")
def holes_of_dilations() -> None:
    assert {pixel % 2 for pixel in dilated(2, 4, 8)} == {0}
    for below, most in (((), 1), ((1,), 3), ((1, 2), 7)):
        assert dilated(*below, most) == list(range(len(dilated(*below)) + 2 * most))
        assert len(dilated(*below, most + 1)) < dilated(*below, most + 1)[-1] + 1
    density = trap("dilated-222").density("conv3")
    assert 0.25 < float(prod(share or 0 for share in density)) < 0.3


@claim("guide/dilation.md", "In the middle of a ResNet each unit sees dozens of pixels,")
@claim("guide/dilation.md", "added layers with less and less dilation at the end, without shortcuts, to remove it.")
def what_ends_a_dilated_residual_network() -> None:
    report = analysed("drn-c-26")
    assert largest(report, "layer4") > 36
    rows = [one for one in report if one.name.startswith(("layer5", "layer6", "layer7", "layer8")) and one.windows]
    dilations = [one.windows[0].dilation for one in rows if kernel(one) == 3]
    assert tuple(dilations) == SMOOTHED.dilations
    assert not any(len(one.inputs) > 1 for one in report if one.name.startswith(("layer7", "layer8")))


@claim(
    "guide/dilation.md",
    "one branch of the pyramid reads units 36 apart, each of which sees fewer pixels than lie between them.",
)
def a_pyramid_with_holes() -> None:
    report = analysed("deeplabv3plus_resnet50")
    branch = report["decoder.aspp.0.convs.3.0.0"]
    below = report[branch.inputs[0]]
    assert branch.windows[0].dilation == 36
    assert below.receptive_field[0] < 36 * (below.jump[0] or 0)


@claim("guide/dilation.md", "Dilations 1, 2, 4, 8 and so on double the field with each layer, and leave no hole.")
@claim("guide/dilation.md", "r = 1 + (k - 1)(2^L - 1)")
@claim("guide/dilation.md", "WaveNet does so with a kernel of 2, and looks into the past only:")
@claim("guide/dilation.md", "Ten such layers make one stack, which sees")
@claim("guide/dilation.md", "has two convolutions in each level, and so sees nearly twice that:")
def stacks_with_doubled_dilations() -> None:
    report = analysed("wavenet")
    convolutions = [one.windows[0] for one in report if re.search(r"^conv_layers\.\d+\.conv$", one.name)]
    assert [window.dilation for window in convolutions] == [2**level for level in range(10)] * 3
    assert {window.kernel for window in convolutions} == {2}
    for k, depth in product(range(2, 6), range(1, 8)):
        assert 1 + sum((k - 1) * 2**level for level in range(depth)) == 1 + (k - 1) * (2**depth - 1)
    assert report.density("conv_layers.9") == (Fraction(1),)
    assert [largest(report, f"conv_layers.{level}") for level in range(10)] == [2 ** (level + 1) for level in range(10)]
    unit = report.last.axes[0].field.at(5000)
    assert unit is not None
    assert unit.last == 5000
    tcn = analysed("tcn-mnist")
    levels, window = 8, tcn["network.7.conv2"].windows[0]
    assert [one.windows[0].dilation for one in tcn if re.search(r"conv\d$", one.name)] == [
        2**level for level in range(levels) for _ in range(2)
    ]
    once = 1 + (window.kernel - 1) * (2**levels - 1)
    assert tcn.last.receptive_field == (2 * once - 1,)


@claim(
    "guide/dilation.md",
    "an encoder of 16 samples with stride 8, then three times eight convolutions of kernel 3 with doubled dilations.",
    "and half of them lie ahead: it answers three quarters of a second late.",
    "waits for no more than the rest of its first window.",
)
def windows_of_conv_tasnet() -> None:
    both, causal = (analysed(f"examples/dilation.yaml:{name}") for name in ("both-ways", "causal"))
    encoder, *windows = [one.windows[0] for one in both if one.windows and kernel(one) > 1]
    assert (encoder.kernel, encoder.stride) == (16, 8)
    assert [(window.kernel, window.dilation) for window in windows] == [(3, 2**level) for level in range(8)] * 3
    last = both.last
    ahead = durations(last, both.tiling(last.name).axes[0])["look_ahead"]
    assert 2 * ahead == last.receptive_field[0]
    assert 0.74 < ahead / Fraction(both.network.rate or 1) < 0.78
    waits = durations(causal.last, causal.tiling(causal.last.name).axes[0])["look_ahead"]
    assert waits == encoder.kernel - encoder.stride
    assert causal.last.receptive_field == last.receptive_field
    assert causal.macs == both.macs


@claim("guide/dilation.md", "a 3-wide convolution with dilation 2 and padding 2 starts at")
def the_start_of_a_dilated_window() -> None:
    window = analysed("examples/arithmetic.yaml:dilated")["conv"].axes[0].reads[0]
    assert isinstance(window, Window)
    assert (window.kernel, window.dilation, window.before) == (3, 2, 2)
    assert Fraction(1, 2) + Fraction(3 - 1, 2) - 2 == Fraction(-1, 2)


@claim(
    "guide/padding.md",
    "A mirror may stand on the last unit, which is then there once, or behind it: `SYMMETRIC` has it twice, and "
    "before 0, 1, 2 puts 1, 0.",
)
def a_mirror_on_a_unit_or_behind_it() -> None:
    assert np.pad(range(3), (2, 0), mode="symmetric").tolist() == [1, 0, 0, 1, 2]
    assert np.pad(range(3), (2, 0), mode="reflect").tolist() == [2, 1, 0, 1, 2]


@claim("guide/padding.md", "From 10 units to 7 the windows are")
def adaptive_pooling() -> None:
    report = trap("adaptive")
    assert (report.input_size, report["pool"].size, report["pool"].jump) == ((10, 10), (7, 7), (None, None))


# --- the traps -------------------------------------------------------------------------------------------------------


@claim(
    "guide/mistakes.md",
    "So two tables of one network differ where one was made at 224 pixels and the other at 321, and both are right:",
)
def tables_at_224_and_321() -> None:
    assert {row.input for row in slim_rows()} == {224, 321}
    rows = block("guide/mistakes.md", "rf-compare", "TF-slim's ResNet-50, with TensorFlow's padding")
    assert rows == [["resnet_v1_50", "block4", f"@{size}"] for size in (224, 321)]
    assert layer("resnet_v1_50", "block4", 224).start != layer("resnet_v1_50", "block4", 321).start


@claim("guide/padding.md", "With explicit padding the start is the same on every size.")
def explicit_padding_starts_alike_on_every_size() -> None:
    rows = block("guide/padding.md", "rf-compare", "A 7x7 convolution with stride 2 and SAME;")
    for name in ("examples/traps.yaml:same", "mobilenet_v1-tf"):
        assert len({layer(name, row[1], int(row[2][1:])).start for row in rows if row[0] == name}) == 2
    name, of, _ = rows[-1]
    assert (name, of) == ("mobilenet_v1", "conv_pw_13")
    padding = {
        (w.kernel, w.before)
        for one in analysed(name)
        if isinstance(w := one.axes[0].reads[0], Window) and w.stride == 2
    }
    assert padding == {(3, 1)}
    assert len({layer(name, of, size).start for size in (224, 225, 226, 230, 255, 256, 321, 513)}) == 1


@claim("guide/mistakes.md", "ResNet-50 is [two networks](reading.md#resnet-50-427-or-483) by where its strides sit;")
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


@claim("guide/mistakes.md", "PatchGAN and BagNet are named by their fields, and the names are right.")
def names_that_are_fields() -> None:
    named = [name for name in Catalogue().identifiers() if re.fullmatch(r"patchgan-\d+|bagnet\d+", name)]
    rows = block("guide/mistakes.md", "rf-compare", "Two families whose names are receptive fields")
    assert sorted(named) == sorted(row[0] for row in rows)
    for name, of in rows:
        assert layer(name, of).receptive_field == (int(re.sub(r"\D", "", name)),) * 2
        assert layer(name, of).receptive_field == analysed(name).features.receptive_field


@claim("guide/reading.md", "is named by its field, and that number stands nowhere in its definition.")
def the_70_x_70_patchgan() -> None:
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
    "From P3 to P5 the list is 8, 24 and 56 pixels too large; and it ends before the three poolings of 5 × 5 that "
    "follow P5, which add 384.",
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
    "From that head back to the image the rule has five strides and all convolutions between them to go through.",
    "Whoever doubles on that way, too, adds 2 for every 3 × 3 convolution and doubles plus one at the five strides, "
    "and gets 301: the last convolutions, whose taps lie 32 pixels apart, then add 2 pixels in place of 64.",
)
def doubling_plus_one() -> None:
    report = analysed("yolov3")
    strides = strides_back(report, "convs_pred.0")
    assert strides.count(2) == 5
    assert followed(strides) == report["convs_pred.0"].receptive_field[0]
    assert followed([1]) == 1 + 2
    assert all(2 * (one - 1) + 3 == 2 * one + 1 for one in range(1, 400)), "twice, plus one"
    assert followed(list(reversed(strides))) == 301
    assert (strides[0], 2 * 32) == (1, 64)
    assert report["convs_pred.0"].jump[0] == 32
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


# --- what hidden layers look like ------------------------------------------------------------------------------------


def partners() -> list[tuple[LayerReport, LayerReport]]:
    """The layers of AlexNet and of VGG-16 whose fields are nearly as long."""
    return list(alike(analysed("alexnet"), analysed("vgg16")))


def centres(found: LayerReport) -> list[Fraction]:
    fields = [found.axes[0].field.at(unit) for unit in range(found.size[0])]
    return [field.center for field in fields if field is not None]


def convolutions_to(name: str, report: Report) -> list[LayerReport]:
    return [found for found in back_to_image(report, report[name]) if found.operation == "conv"]


@claim(
    "guide/patches.md",
    "The table has every layer of AlexNet with the layer of VGG-16 whose field is nearest, as long as they differ by "
    "no more than a tenth.",
)
def the_table_has_every_pair() -> None:
    lines = block("guide/patches.md", "rf-compare", "the layers that see as much")
    assert lines == [line for a, b in partners() for line in (["alexnet", a.name], ["vgg16", b.name])]
    assert Fraction(1, 10) == NEAR


@claim(
    "guide/patches.md",
    "From AlexNet's third convolution on, every layer has a partner in VGG-16 whose field is exactly one pixel longer.",
)
def partners_are_one_pixel_longer() -> None:
    longer = {a.name: b.receptive_field[0] - a.receptive_field[0] for a, b in partners()}
    assert longer == {"conv1": -1, "conv3": 1, "conv4": 1, "conv5": 1, "pool5": 1}
    names = [found.name for found in analysed("alexnet").maps]
    assert names[names.index("conv3") : names.index("pool5") + 1] == ["conv3", "conv4", "conv5", "pool5"]


@claim(
    "guide/patches.md",
    "They reach it on quite different ways: AlexNet gets to {rf}`alexnet conv3 rf` pixels with three convolutions, the "
    "first with a stride of 4; VGG-16 to {rf}`vgg16 pool4 rf` with ten, none wider than 3.",
    "The patches are the same; what can be said about them is not, for seven more layers can say it.",
)
def vgg_takes_more_layers_to_the_same_patch() -> None:
    few, many = convolutions_to("conv3", analysed("alexnet")), convolutions_to("pool4", analysed("vgg16"))
    assert (len(few), len(many)) == (3, 10)
    assert few[-1].windows[0].stride == 4
    assert {found.windows[0].kernel for found in many} == {3}
    assert len(many) - len(few) == 7


@claim(
    "guide/patches.md",
    "their starts differ, so that no unit of AlexNet has its centre where one of its partner has.",
)
def partners_have_no_centre_in_common() -> None:
    for one, other in partners():
        assert set(centres(one)).isdisjoint(centres(other))


@claim("guide/patches.md", "In a patch of {rf}`alexnet conv2 rf` pixels there is a collar, a chin and a tie;")
def a_patch_of_the_second_layer_is_so_large() -> None:
    assert analysed("alexnet")["conv2"].receptive_field == (51, 51)


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


@claim("guide/border.md", "after an upsampling to full resolution the jump is 1, and the grid still what the strides")
def the_grid_behind_upsampling() -> None:
    axis = analysed("unet-padded").tiling("output").axes[0]
    assert (axis.jump, axis.grid) == (Fraction(1), 16)


def wrong_units(report: Report, name: str, units: int) -> set[int]:
    """Which of a map's first units a tile has wrong that begins at unit 0 of every map, by what the word means."""
    found = report[name]
    if not found.inputs:
        return set()
    below = wrong_units(report, found.inputs[0], 4 * units)
    reads = found.axes[0].reads[0]
    return {unit for unit in range(units) if any(tap < 0 or tap in below for tap in reads.taps(unit))}


def last_wrong(edges: list[int], reads: Window | TransposedWindow, step: int) -> list[int]:
    """The formula of the page, word by word."""
    s_in = len(edges)
    steps = [[Fraction(edges[t % s_in] - t, s_in) for t in reads.taps(f)] for f in range(step)]
    assert all(one.denominator == 1 for each in steps for one in each), "steps are whole"
    return [f + step * max(-1, *map(int, steps[f])) for f in range(step)]


@claim(
    "guide/border.md",
    "| map | one unit $u$ reads | wrong | why |",
    "| `middle`, 3 wide | $u - 1$, $u$ and $u + 1$ | 0 | unit 0 reads −1, which is lacking |",
    "| 0 and 1 | both are made of unit 0 of `middle` |",
    "| 0, 1 and 2 | unit 2 still reads unit 1 of `up` |",
    "So the first 3 units of the output are thrown away, or 4 where tiles are to keep whole steps of the grid, which "
    "is 2 pixels here.",
    "Four small layers make a map shorter and longer again.",
    "Count the pixels and the units that it has from 0 on; those with the numbers −1, −2 and so on",
    "unit 2 of `conv` is wrong because it reads unit 1 of `up`; unit 0, a step of 2 before it, reads unit −1 of `up`,",
    "In the example a step is 2 units of `conv` and of `up`, and both have two phases, the even and the odd units.",
    "In `up` the last wrong units are 0 and 1; in `conv` they are 2 and 1.",
    "Take unit 0 of `conv`.",
    "It reads −1, 0 and 1.",
    "The unit −1 is odd, and the last wrong odd unit of `up` is 1: *one step* on from −1.",
    "So the unit one step on from unit 0 reads it, and is wrong: unit 2.",
    "Its other taps, 0 and 1, are the last wrong ones of their phases themselves, *no step* on, and say only that unit "
    "0 is wrong.",
    r"The furthest counts: $\operatorname{last}(0) = 2$.",
    "The −1 stands for the unit one step *before* $f$, the nearest of its phase that the tile lacks.",
)
def the_units_that_a_small_tile_has_wrong() -> None:
    report = analysed("examples/border.yaml")
    assert len(report.maps) == 4
    wrong = {name: wrong_units(report, name, 8) for name in ("pool", "middle", "up", "conv")}
    assert wrong == {"pool": set(), "middle": {0}, "up": {0, 1}, "conv": {0, 1, 2}}
    reads = {one.name: one.axes[0].reads[0] for one in report if one.inputs}
    assert [list(reads[name].taps(3)) for name in reads] == [[6, 7], [2, 3, 4], [1], [2, 3, 4]]
    axis = report.tiling("conv").axes[0]
    assert (axis.grid, axis.period, axis.discard, axis.discard_on_grid) == (2, 2, (3, 3), (4, 4))
    edges = [-2, -1]  # of the image
    for name, step in (("pool", 1), ("middle", 1), ("up", 2), ("conv", 2)):
        edges = last_wrong(edges, reads[name], step)  # type: ignore[arg-type]
        assert edges == [max([unit for unit in wrong[name] if unit % step == f] or [f - step]) for f in range(step)]
    assert edges == [2, 1]
    assert list(reads["conv"].taps(0)) == [-1, 0, 1]


@claim(
    "guide/border.md",
    "and how many tiles lie along each axis; on two axes the numbers multiply, which `tiling.count` of the script "
    "[below](#sizes-tiles-and-a-script) has done:",
)
def tiles_of_both_axes() -> None:
    tiling = analysed("examples/border.yaml", 64).tiling("conv")
    assert tiling.count == prod(axis.count for axis in tiling.axes) > 1


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


@pytest.mark.slow
def test_the_period_that_a_file_names_is_the_networks() -> None:
    named = 0
    for entry in every.entries():
        for note in entry.description.notes:
            if told := re.search(r"the field depends on the unit, by its index modulo (\d+)", note):
                named += 1
                field = every.reports()[entry.identifier].features.axes[-1].field
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


def test_anchors_lie_beside_the_fields_that_too_much_padding_moved() -> None:
    told = "fields at strides 32, 64 and 128 lie 64, 80 and 112 pixels to the left of and above their anchors."
    report = noted("s3fd", f"1 would do, and the {told}")
    starts = {layer.jump[0]: layer.start[0] for layer in report if layer.name.endswith("_mbox_loc")}
    beside = {4: 0, 8: 0, 16: 0, 32: 64, 64: 80, 128: 112}
    assert starts == {stride: stride // 2 - pixels for stride, pixels in beside.items()}


def test_scores_see_as_much_as_the_example_holds() -> None:
    search = noted("siamfc", "the 17 x 17 scores see 127 x 127 pixels each, the size of the example.")
    features, (window,) = search.last, set(rfdocs.load("siamfc").analyze((127, 127)).last.size)
    assert {length - window + 1 for length in features.size} == {17}
    assert {largest(search, "conv5") + (window - 1) * jump for jump in features.jump if jump} == {127}
    for followed in ("search", "template"):
        scores = analysed(f"siamfc-{followed}")["scores"]
        assert (scores.size, scores.receptive_field) == ((17, 17), (127, 127))


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


@claim(
    "guide/convolution.md",
    "Where its stride and its dilation have a factor in common, its holes and the zeros of its",
    "below, every second unit along an axis reads zeros alone.",
    "Where they have none, a kernel at least as long as the stride reaches",
)
def transposed_convolutions_that_leave_units_out() -> None:
    shown = TransposedWindow(3, stride=2, dilation=2, before=2)
    assert [bool(len(shown.real_taps(unit, 3))) for unit in range(5)] == [True, False, True, False, True]
    for kernel, stride, dilation in product(range(1, 6), repeat=3):
        reached = all(len(TransposedWindow(kernel, stride, dilation).taps(unit)) for unit in range(stride))
        assert reached == (gcd(stride, dilation) == 1 and kernel >= stride)


@claim(
    "guide/convolution.md",
    "with rows and columns exchanged, which is called transposed, the table leads from as many units as the "
    "convolution makes to as many as it reads.",
    "with $s - 1$ zeros between two units, and $k - 1 - p$ around them, or $d\\,(k - 1) - p$ where the window is "
    "dilated.",
)
def a_transposed_window_slides_over_a_stretched_input() -> None:
    for k, s, d, p in product(range(1, 5), range(1, 4), range(1, 3), range(3)):
        convolution, transposed = Window(k, s, d, p), TransposedWindow(k, s, d, p)
        around = d * (k - 1) - p
        for unit in range(5, 20):
            cells = [unit - around + d * tap for tap in range(k)]
            read = {cell // s for cell in cells if cell % s == 0}
            assert read == set(transposed.taps(unit))
            assert read == {made for made in range(-9, 40) if unit in convolution.taps(made)}


DEFINITIONS = {
    "guide/arithmetic.md": [
        "Four numbers for each map, and four equations",
        "two separate problems of one axis each",
        "Four numbers",
        "so four numbers describe it:",
        "of two neighbouring units, in pixels",
        "unit 0, in pixels",
        "Four equations",
        "of which the four numbers",
        "Half a field juts out",
        "Window 0 begins at unit",
        "and unit 0 of what is read",
        "with two differences:",
        "its field lies around it, half of",
        "has its own four numbers",
    ],
    "guide/padding.md": [
        "There are two rules",
        "Whoever needs two in PyTorch",
        "counted from 0",
        "unit by unit over thousands of small layers",
        "The effective padding is how far the field of unit 0 reaches",
    ],
    "guide/paths.md": [
        "So there are two figures",
        "In ResNet-18 it is",
        "found by the [four equations]",
        "Between the two lie all others",
        "puts one after the other into the four equations",
        "VGG-16 comes out right.",
        "for VGG-16's first fully connected layer",
    ],
    "guide/upsampling.md": [
        "has four equations of its own",
        "On two axes the counts multiply.",
        "cannot be that of unit 0 alone",
        "Odena, Dumoulin and Olah (2016",
        "a convolution of stride 1 follow",
    ],
    "guide/dilation.md": [
        "Who forgets the second has",
        "every field splits in two",
        "Its length",
    ],
    "guide/border.md": [
        "Two questions are easily confused",
        "The theoretical field of unit 0 is",
        "and the two together are a box",
        "ResNet-18's last map is the other case",
        "type unit 0 on both axes",
    ],
    "guide/effective.md": [
        "Luo et al. (2016)",
        "Theirs is another width",
        "Let all weights be 1",
        "Two numbers tell it",
        "with mean 0 and variance",
        "so on average the sum over all paths is 0",
        "each path times itself is never below 0",
        "With two paths",
        "what two *different* paths give",
        "which of the two was plotted",
    ],
    "guide/reading.md": [
        "Richter et al. (2021)",
        "by a window longer than 1",
        "Under *wide* the table counts the layers",
        "Between the two lie the resolutions",
        "Two numbers limit it.",
        "may lie between two of them",
        "One unit of the output needs 1 unit.",
        "One more layer of stride 2 in front makes",
        "Both, for [two networks of one name]",
        "If the 1 × 1 convolution before it has the stride",
        "the field tells which of the two was meant",
    ],
    "guide/sees.md": [
        "Two ways to draw a map",
        "Over each map stand four letters",
        "what the two convolutions make in both",
        "Four things are worth finding:",
        "Unit 0 of the second map looks at",
        "This is VGG-16",
        "takes [four equations]",
    ],
    "guide/patches.md": [
        "An even grey is the weight 0",
        "What lies below 0 is thrown away",
        "of units nearer to each other than half a field",  # held by tests/test_pixels.py
        "Three things go wrong here",
        "Zeiler and Fergus ([2014]",
        "by dropping what is below 0",
        "Simonyan, Vedaldi and Zisserman ([2014]",
        "where the unit was above 0",
        "Two networks, one size of patch",
        "an argument of VGG-16's authors",
    ],
    "guide/words.md": [
        "| symbol |", "| on these pages |", "stands before four things in the table",
        "The four equations, the 5 × 5 example", "Dang Ha The Hien (2017)", "Francesco Visin (2016)",
        "Jack Sim (2019)", "Richard Zemel (2016)", "Ulf Krumnack (2021)", "Yuille (2018)",
        "Chris Olah (2016)", "Rob Fergus (2014)", "Kishore Jaganathan and others (2019)",
    ],
    "guide/convolution.md": [
        "follows from four numbers of the window",
        "is two windows over one",
        "Half padding",
        "1 where it has no holes",
        "Three axes",
        "The last two are what the others come to",
    ],
    "guide/index.md": ["with four equations"],
    "guide/print.md": [],
    "guide/mistakes.md": [
        "Half the field is taken",
        "A factor is not two sizes",
        "such as 12 to 16; a part of a pixel may be written 0.5 or 1/2",
        "A field of even length is centred between two pixels.",
        "but that need not be pixel 0:",
        "that is twice as many",
        "pixels start at",
        "Words with two meanings",
        'and "effective" stands before four things',
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
    "extension.md": [
        "which asks for Sphinx 7.4 or newer",  # held by tests/test_release.py
        "on one axis or up to three",
        "Answers may be fractions",
    ],
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


def is_of_all_networks(check: Claim) -> bool:
    return "every" in unwrap(check).__code__.co_names


@pytest.mark.parametrize(
    ("page", "words"),
    [
        pytest.param(
            *said, id="-".join(part[:40] for part in said), marks=[pytest.mark.slow] * is_of_all_networks(check)
        )
        for said, check in CLAIMS.items()
    ],
)
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
