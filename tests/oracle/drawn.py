"""Small networks drawn by hand, each with why it is interesting and with figures worked on paper.

They are the traps of the brief, one at a time: the oracle has to know them, and so has the project.
A figure holds for axis 0 (most have only that one). `units` are visible fields (theoretical ones in
`fields`), by unit; None is a unit that sees nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = tuple[int, int] | None
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Drawn:
    """A network, why it was drawn, and what is known of one of its layers."""

    title: str
    why: str
    size: list[int]
    layers: list[dict[str, Any]]
    layer: str
    figures: Mapping[str, Any]
    fields: Mapping[int, Pair] = field(default_factory=dict)
    units: Mapping[int, Pair] = field(default_factory=dict)
    channels: int = 4

    @property
    def description(self) -> dict[str, Any]:
        return {"input": {"channels": self.channels, "size": self.size}, "layers": self.layers}


def conv(name: str, kernel: Any, **rest: Any) -> dict[str, Any]:
    return {"conv": name, "kernel": kernel, "channels": 4, **rest}


def pool(name: str, kernel: Any, **rest: Any) -> dict[str, Any]:
    return {"maxpool": name, "kernel": kernel, **rest}


def up(name: str, kernel: Any, stride: Any, **rest: Any) -> dict[str, Any]:
    return {"transposed_conv": name, "kernel": kernel, "stride": stride, "channels": 4, **rest}


PADDING = [
    Drawn(
        "the guide's example",
        "3x3, stride 2, padding 1, twice on 5x5: the figures that everybody learns from.",
        [5, 5],
        [conv("a", 3, stride=2, padding=1), conv("b", 3, stride=2, padding=1)],
        "b",
        {"size": 2, "rf": 7, "rf_min": 7, "jump": 4, "start": HALF},
        {0: (-3, 3), 1: (1, 7)},
        {0: (0, 3), 1: (1, 4)},
    ),
    Drawn(
        "padding that is applied, not used",
        "7/2 with padding 3 on 224: windows don't fit exactly. Splitting the used padding gives a "
        "start of 1.5; frameworks put the first window at -3, so the first centre is 0.5.",
        [224],
        [conv("a", 7, stride=2, padding=3)],
        "a",
        {"size": 112, "rf": 7, "jump": 2, "start": HALF},
        {0: (-3, 3), 111: (219, 225)},
        {0: (0, 3), 111: (219, 223)},
    ),
    Drawn(
        "SAME at an even size",
        "TensorFlow pads a 7/2 by (2, 3) on 224: the odd pixel goes after, the start is 1.5.",
        [224],
        [conv("a", 7, stride=2, padding="same")],
        "a",
        {"size": 112, "rf": 7, "jump": 2, "start": Fraction(3, 2)},
        {0: (-2, 4), 111: (220, 226)},
    ),
    Drawn(
        "SAME at an odd size",
        "The same layer on 225 pads (3, 3): the start is no property of the network alone.",
        [225],
        [conv("a", 7, stride=2, padding="same")],
        "a",
        {"size": 113, "rf": 7, "jump": 2, "start": HALF},
        {0: (-3, 3)},
    ),
    Drawn(
        "SAME_LOWER at an even size",
        "ONNX's other SAME puts the odd pixel before: (3, 2).",
        [224],
        [conv("a", 7, stride=2, padding="same_lower")],
        "a",
        {"size": 112, "rf": 7, "jump": 2, "start": HALF},
        {0: (-3, 3), 111: (219, 225)},
    ),
    Drawn(
        "SAME with an even kernel",
        "k = 4 reads u-1 ... u+2: the centre shifts by half a pixel.",
        [10],
        [conv("a", 4, padding="same")],
        "a",
        {"size": 10, "rf": 4, "jump": 1, "start": 1},
        {0: (-1, 2), 5: (4, 7)},
        {0: (0, 2), 9: (8, 9)},
    ),
    Drawn(
        "SAME where the stride exceeds the kernel",
        "1/3 on 7: the total padding would be negative and is none; pixels are never read.",
        [7],
        [conv("a", 1, stride=3, padding="same")],
        "a",
        {"size": 3, "rf": 1, "jump": 3, "start": HALF},
        {2: (6, 6)},
    ),
    Drawn(
        "VALID",
        "No padding at all, and the pixels that fit no window are dropped.",
        [10],
        [conv("a", 3, stride=4, padding="valid")],
        "a",
        {"size": 2, "rf": 3, "jump": 4, "start": Fraction(3, 2)},
        {1: (4, 6)},
    ),
    Drawn(
        "asymmetric padding",
        "A causal convolution: everything before, nothing after; its centre lies behind the unit.",
        [8],
        [conv("a", 3, dilation=2, padding=[[4, 0]])],
        "a",
        {"size": 8, "rf": 5, "jump": 1, "start": Fraction(-3, 2)},
        {0: (-4, 0), 7: (3, 7)},
        {0: (0, 0), 1: (1, 1), 2: (0, 2)},
    ),
    Drawn(
        "negative padding",
        "A convolution that crops: the first window starts at pixel 2, the last ends at 8.",
        [10],
        [conv("a", 3, padding=[[-2, -1]])],
        "a",
        {"size": 5, "rf": 3, "jump": 1, "start": Fraction(7, 2)},
        {0: (2, 4), 4: (6, 8)},
    ),
    Drawn(
        "padding larger than the kernel",
        "Units in the padding see nothing: a visible field may be empty.",
        [3],
        [conv("a", 2, padding=4)],
        "a",
        {"size": 10, "rf": 2, "jump": 1, "start": -3},
        {0: (-4, -3), 9: (5, 6)},
        {0: None, 2: None, 3: (0, 0), 6: (2, 2), 7: None},
    ),
    Drawn(
        "padding is no pixel",
        "Two padded 3x3: a tap at -1 reads padding and stops there, although from there pixel 0 "
        "would be in reach. Here that changes nothing; in the next network it does.",
        [6],
        [conv("a", 3, padding=1), conv("b", 3, padding=1)],
        "b",
        {"size": 6, "rf": 5, "jump": 1, "start": HALF},
        {0: (-2, 2)},
        {0: (0, 2)},
    ),
    Drawn(
        "visible is less than the field cut to the image",
        "Unit 0 of the second layer has taps at -3, 0 and 3, and -3 is padding. The first "
        "layer's unit -3 would have read pixels 0 to 4; cutting the field would count them.",
        [5],
        [conv("a", 5, padding=[[-3, 6]]), conv("b", 3, dilation=3, padding=3)],
        "b",
        {"size": 4, "rf": 11, "jump": 1, "start": Fraction(11, 2)},
        {0: (0, 10)},
        {0: (3, 4), 1: (4, 4), 2: None, 3: (3, 4)},
    ),
    Drawn(
        "a field larger than the image doesn't see everything",
        "Two 5x5 with stride 2 on 8 pixels: a field of 13, and unit 0 misses pixel 7 all the same.",
        [8],
        [conv("a", 5, stride=2, padding=2), conv("b", 5, stride=2, padding=2)],
        "b",
        {"size": 2, "rf": 13, "jump": 4, "start": HALF},
        {0: (-6, 6), 1: (-2, 10)},
        {0: (0, 6), 1: (0, 7)},
    ),
    Drawn(
        "pad and crop as layers",
        "FCN's pad 100 in small: what is padded first and cropped later shifts the start twice.",
        [6],
        [
            {"pad": "a", "padding": [[3, 1]]},
            conv("b", 3),
            {"crop": "c", "padding": [[1, 2]]},
        ],
        "c",
        {"size": 5, "rf": 3, "jump": 1, "start": -HALF},
        {0: (-2, 0), 4: (2, 4)},
        {0: (0, 0), 4: (2, 4)},
    ),
]

MIRRORS = [
    Drawn(
        "reflection reads real pixels",
        "Padding by reflection: unit 0 reads pixels 1, 0 and 1; its theoretical field is as ever.",
        [4],
        [conv("a", 3, padding=1, padding_mode="reflect")],
        "a",
        {"size": 4, "rf": 3, "jump": 1, "start": HALF, "paths": {0: 1, 1: 2}},
        {0: (-1, 1), 3: (2, 4)},
        {0: (0, 1), 3: (2, 3)},
    ),
    Drawn(
        "replication reads the edge",
        "Padding by the edge, wider than the kernel: no unit is blind, unit 0 reads pixel 0 twice.",
        [3],
        [conv("a", 2, padding=2, padding_mode="replicate")],
        "a",
        {"size": 6, "rf": 2, "jump": 1, "start": -1, "paths": {0: 2}},
        {0: (-2, -1), 5: (3, 4)},
        {0: (0, 0), 5: (2, 2)},
    ),
    Drawn(
        "circular padding leads around the ends",
        "Unit 0 of a 5-tap window on 16 pixels sees 0, 1, 2 and 14, 15: the hull is the axis, the set has five.",
        [16],
        [conv("a", 5, padding=2, padding_mode="circular")],
        "a",
        {"size": 16, "rf": 5, "jump": 1, "start": HALF, "paths": dict.fromkeys((0, 1, 2, 14, 15), 1)},
        {0: (-2, 2), 15: (13, 17)},
        {0: (0, 15), 2: (0, 4), 13: (11, 15), 15: (0, 15)},
    ),
    Drawn(
        "circular padding as long as the map",
        "The most that PyTorch takes. Unit 0 reads pixels 0, 1, 2 and 0 again.",
        [3],
        [{"pad": "a", "padding": 3, "mode": "circular"}, conv("b", 4)],
        "b",
        {"size": 6, "rf": 4, "jump": 1, "start": -1, "paths": {0: 2, 1: 1, 2: 1}},
        {0: (-3, 0)},
        {0: (0, 2)},
    ),
    Drawn(
        "a circle below zeros",
        "The zeros of the second layer end the way; the wrap of the first does not come back.",
        [6],
        [conv("a", 3, padding=1, padding_mode="circular"), conv("b", 3, padding=1)],
        "b",
        {"size": 6, "rf": 5, "paths": {0: 2, 1: 2, 2: 1, 5: 1}},
        {0: (-2, 2)},
        {0: (0, 5), 1: (0, 5), 2: (0, 4)},
    ),
    Drawn(
        "a reflection beyond the field",
        "A wide reflecting pad brings pixels into sight that the theoretical field doesn't hold.",
        [5],
        [{"pad": "a", "padding": 3, "mode": "reflect"}, {"crop": "b", "padding": [[0, 9]]}],
        "b",
        {"size": 2, "rf": 1, "jump": 1, "start": Fraction(-5, 2)},
        {0: (-3, -3), 1: (-2, -2)},
        {0: (3, 3), 1: (2, 2)},
    ),
]

SIZES = [
    Drawn(
        "ceil mode adds a window",
        "3/2 without padding on 112: 55 (floor) or 56 (ceil). The last window sees two pixels.",
        [112],
        [pool("a", 3, stride=2, ceil_mode=True)],
        "a",
        {"size": 56, "rf": 3, "jump": 2, "start": Fraction(3, 2)},
        {55: (110, 112)},
        {55: (110, 111)},
    ),
    Drawn(
        "PyTorch drops a window in the right padding",
        "n5 k2 s3 p1 gives 2, not 3: the third window would start at pixel 5, in the padding.",
        [5],
        [pool("a", 2, stride=3, padding=1, ceil_mode=True)],
        "a",
        {"size": 2, "rf": 2, "jump": 3, "start": 0},
        {1: (2, 3)},
    ),
    Drawn(
        "Caffe drops it on both axes",
        "Only the width is padded; the last window of the height starts behind the map all the same, and goes.",
        [12, 12],
        [pool("a", 1, stride=2, padding=[0, 1], ceil_mode="caffe")],
        "a",
        {"size": 6, "rf": 1, "jump": 2, "start": HALF},
        {5: (10, 10)},
    ),
    Drawn(
        "Caffe drops it as well",
        "With padding Caffe has the same rule.",
        [5],
        [pool("a", 2, stride=3, padding=1, ceil_mode="caffe")],
        "a",
        {"size": 2, "rf": 2, "jump": 3, "start": 0},
    ),
    Drawn(
        "Caffe keeps it without padding",
        "k1 s3 on 5: Caffe's third window starts at 6, beyond the map, and sees nothing.",
        [5],
        [pool("a", 1, stride=3, ceil_mode="caffe")],
        "a",
        {"size": 3, "rf": 1, "jump": 3, "start": HALF},
        {2: (6, 6)},
        {1: (3, 3), 2: None},
    ),
    Drawn(
        "PyTorch drops it without padding too",
        "The same pooling in PyTorch has two units.",
        [5],
        [pool("a", 1, stride=3, ceil_mode=True)],
        "a",
        {"size": 2, "rf": 1, "jump": 3, "start": HALF},
    ),
    Drawn(
        "a window larger than the map in ceil mode",
        "3/2 on 2 pixels: floor has no unit, ceil one, which sees both pixels.",
        [2],
        [pool("a", 3, stride=2, ceil_mode=True)],
        "a",
        {"size": 1, "rf": 3, "jump": 2, "start": Fraction(3, 2)},
        {0: (0, 2)},
        {0: (0, 1)},
    ),
    Drawn(
        "a pool's stride is its kernel",
        "Unless it is given; a convolution's is 1.",
        [7],
        [pool("a", 2), conv("b", 2)],
        "b",
        {"size": 2, "rf": 4, "jump": 2, "start": 2},
    ),
    Drawn(
        "a stride larger than the kernel",
        "Pixels between the windows are read by no unit.",
        [11],
        [conv("a", 2, stride=5)],
        "a",
        {"size": 2, "rf": 2, "jump": 5, "start": 1},
        {1: (5, 6)},
    ),
    Drawn(
        "fully connected layers",
        "A convolution whose kernel is the whole map; the next one changes nothing.",
        [13],
        [
            conv("a", 3, stride=2),
            {"linear": "b", "channels": 4},
            {"linear": "c", "channels": 2},
        ],
        "c",
        {"size": 1, "rf": 13, "jump": 2, "start": Fraction(13, 2)},
        {0: (0, 12)},
    ),
    Drawn(
        "global pooling keeps the jump",
        "Its kernel is the whole map and its stride 1.",
        [16],
        [conv("a", 3, stride=2, padding=1), {"global_avgpool": "b"}],
        "b",
        {"size": 1, "rf": 17, "jump": 2, "start": Fraction(15, 2)},
        {0: (-1, 15)},
        {0: (0, 15)},
    ),
]

HOLES = [
    Drawn(
        "dilation 2, 2, 2",
        "A hull of 13 of which 7 pixels are read.",
        [30],
        [conv(f"c{i}", 3, dilation=2, padding=2) for i in range(3)],
        "c2",
        {"size": 30, "rf": 13, "jump": 1, "start": HALF, "read": 7},
    ),
    Drawn(
        "dilation 2, 4, 8",
        "A hull of 29 of which 15 are read.",
        [30],
        [conv(f"c{d}", 3, dilation=d, padding=d) for d in (2, 4, 8)],
        "c8",
        {"size": 30, "rf": 29, "jump": 1, "start": HALF, "read": 15},
    ),
    Drawn(
        "dilation 1, 2, 5",
        "A hull of 17, all read.",
        [30],
        [conv(f"c{d}", 3, dilation=d, padding=d) for d in (1, 2, 5)],
        "c5",
        {"size": 30, "rf": 17, "jump": 1, "start": HALF, "read": 17},
    ),
    Drawn(
        "a hole over the whole image",
        "k2 with dilation 5 on 3 pixels: units 1 and 2 have one tap on each side of the image, so "
        "their fields cover all of it and they see nothing.",
        [3],
        [conv("a", 2, dilation=5, padding=3)],
        "a",
        {"size": 4, "rf": 6, "jump": 1, "start": 0, "read": 2},
        {2: (-1, 4)},
        {0: (2, 2), 1: None, 2: None, 3: (0, 0)},
    ),
]

UPSAMPLING = [
    Drawn(
        "transposed 3/2 pad 1",
        "Reads one input or two in turn.",
        [4],
        [up("a", 3, 2, padding=1)],
        "a",
        {"size": 7, "rf": 2, "rf_min": 1, "jump": HALF, "start": HALF},
        {0: (0, 0), 1: (0, 1), 2: (1, 1)},
    ),
    Drawn(
        "transposed 5/2",
        "Reads three inputs or two in turn.",
        [4],
        [up("a", 5, 2, padding=2)],
        "a",
        {"size": 7, "rf": 3, "rf_min": 2, "jump": HALF, "start": HALF},
        {0: (-1, 1), 1: (0, 1)},
        {0: (0, 1)},
    ),
    Drawn(
        "transposed 2/2",
        "Reads one: the field doesn't change, but two neighbours have the same.",
        [4],
        [conv("a", 3, padding=1), up("b", 2, 2)],
        "b",
        {"size": 8, "rf": 3, "rf_min": 3, "jump": HALF, "start": Fraction(1, 4)},
        {0: (-1, 1), 1: (-1, 1), 2: (0, 2)},
    ),
    Drawn(
        "transposed with k < s",
        "Every third output reads nothing: its field is empty.",
        [4],
        [up("a", 2, 3)],
        "a",
        {"size": 11, "rf": 1, "rf_min": 0, "jump": Fraction(1, 3), "start": Fraction(1, 3)},
        {0: (0, 0), 1: (0, 0), 2: None, 3: (1, 1)},
    ),
    Drawn(
        "a convolution that reads between what was written",
        "Every unit reads nothing, so that there is no distance between centres either.",
        [1],
        [up("a", 1, 2), conv("b", 1, stride=2, padding=1)],
        "b",
        {"size": 2, "rf": 0, "rf_min": 0, "jump": None, "start": None},
        {0: None, 1: None},
    ),
    Drawn(
        "transposed VALID with k < s",
        "TensorFlow makes n * s + max(k - s, 0) units, so that the last ones read nothing; PyTorch, "
        "without padding, ends with the last unit that is written: 10.",
        [4],
        [up("a", 1, 3, padding="valid")],
        "a",
        {"size": 12, "rf": 1, "rf_min": 0, "jump": Fraction(1, 3), "start": HALF},
        {0: (0, 0), 9: (3, 3), 10: None, 11: None},
    ),
    Drawn(
        "transposed VALID with k > s",
        "Nothing is added where windows overlap: (n - 1) * s + k.",
        [4],
        [up("a", 3, 2, padding="valid")],
        "a",
        {"size": 9, "rf": 2, "rf_min": 1, "jump": HALF},
        {0: (-1, 0), 8: (3, 4)},
        {0: (0, 0), 8: (3, 3)},
    ),
    Drawn(
        "output padding",
        "One more unit at the end; it reads what the formula says, were the map unbounded.",
        [4],
        [up("a", 3, 2, padding=1, output_padding=1)],
        "a",
        {"size": 8, "rf": 2, "rf_min": 1, "jump": HALF, "start": HALF},
        {7: (3, 4)},
        {7: (3, 3)},
    ),
    Drawn(
        "SAME on 8 without output padding",
        "Keras: n * s.",
        [8],
        [up("a", 3, 2, padding="same")],
        "a",
        {"size": 16, "rf": 2, "rf_min": 1, "jump": HALF},
        {0: (-1, 0), 1: (0, 0), 15: (7, 7)},
        {0: (0, 0), 15: (7, 7)},
    ),
    Drawn(
        "SAME on 8 with an output padding of 0",
        "Keras: (n - 1) * s + k % 2 + p, so 15; a tap more is cut off before.",
        [8],
        [up("a", 3, 2, padding="same", output_padding=0)],
        "a",
        {"size": 15, "rf": 2, "rf_min": 1, "jump": HALF, "start": HALF},
        {0: (0, 0), 1: (0, 1), 14: (7, 7)},
    ),
    Drawn(
        "SAME on 8 with an output padding of 1",
        "Keras: 16, as without any, and cut alike.",
        [8],
        [up("a", 3, 2, padding="same", output_padding=1)],
        "a",
        {"size": 16, "rf": 2, "rf_min": 1, "jump": HALF},
        {0: (-1, 0), 1: (0, 0), 15: (7, 7)},
    ),
    Drawn(
        "SAME_UPPER on 8 with an output padding of 1",
        "ONNX: n * s, whatever the output padding, which is cut off more: 2 in all, one of them before.",
        [8],
        [up("a", 3, 2, padding="same_upper", output_padding=1)],
        "a",
        {"size": 16, "rf": 2, "rf_min": 1, "jump": HALF, "start": HALF},
        {0: (0, 0), 1: (0, 1), 15: (7, 8)},
        {15: (7, 7)},
    ),
    Drawn(
        "VALID with an output padding of 0",
        "TensorFlow would add s - k units where the kernel is the shorter one; asked for 0, it does not.",
        [4],
        [up("a", 2, 3, padding="valid", output_padding=0)],
        "a",
        {"size": 11, "rf": 1, "rf_min": 0, "jump": Fraction(1, 3)},
    ),
    Drawn(
        "transposed with dilation",
        "k3 d2 s3: u = 3i + 2t. Every output reads one input.",
        [4],
        [up("a", 3, 3, dilation=2)],
        "a",
        {"size": 14, "rf": 1, "rf_min": 1, "jump": Fraction(1, 3), "start": Fraction(-1, 6)},
        {0: (0, 0), 1: (-1, -1), 2: (0, 0), 4: (0, 0)},
        {1: None, 13: (3, 3), 12: None},
    ),
    Drawn(
        "nearest reads one",
        "The field is as before.",
        [4],
        [conv("a", 3, padding=1), {"upsample": "b", "scale": 2, "mode": "nearest"}],
        "b",
        {"size": 8, "rf": 3, "rf_min": 3, "jump": HALF, "start": Fraction(1, 4)},
    ),
    Drawn(
        "nearest by one and a half",
        "u / 1.5 rounded down: 0, 0, 1 and then two on.",
        [4],
        [{"upsample": "a", "scale": 1.5}],
        "a",
        {"size": 6, "rf": 1, "jump": Fraction(2, 3), "start": Fraction(1, 6)},
        {0: (0, 0), 1: (0, 0), 2: (1, 1), 3: (2, 2), 4: (2, 2), 5: (3, 3)},
    ),
    Drawn(
        "a factor that does not fit",
        "21 units times 1.5 are 31. Places lie 1 / 1.5 apart, and not 21 / 31: unit 15 is at 9 5/6.",
        [21],
        [{"upsample": "a", "scale": 1.5, "mode": "bilinear"}],
        "a",
        {"size": 31, "rf": 2, "rf_min": 2, "jump": Fraction(2, 3), "start": Fraction(1, 3)},
        {15: (9, 10), 1: (0, 1)},
    ),
    Drawn(
        "the same factor, recomputed",
        "Unit 15 of 31 is the middle one: it lies on pixel 10. No jump holds at another size.",
        [21],
        [{"upsample": "a", "scale": 1.5, "mode": "bilinear", "recompute_scale_factor": True}],
        "a",
        {"size": 31, "rf": 2, "rf_min": 1, "jump": None},
        {15: (10, 10)},
    ),
    Drawn(
        "bilinear by a half",
        "Between the two middle ones of every pair; the odd pixel at the end is not read.",
        [7],
        [{"upsample": "a", "scale": 0.5, "mode": "bilinear"}],
        "a",
        {"size": 3, "rf": 2, "rf_min": 2, "jump": 2, "start": 1},
        {0: (0, 1), 2: (4, 5)},
    ),
    Drawn(
        "bicubic x2 reads four",
        "Two on either side; the edge is held, and what is read of it twice is one tap.",
        [8],
        [{"upsample": "a", "scale": 2, "mode": "bicubic"}],
        "a",
        {"size": 16, "rf": 4, "rf_min": 4, "jump": HALF, "start": Fraction(1, 4), "paths": {0: 1, 1: 1}},
        {0: (-2, 1), 1: (-1, 2), 15: (6, 9)},
        {0: (0, 1), 1: (0, 2), 15: (6, 7)},
    ),
    Drawn(
        "bicubic x3 reads one in the middle",
        "There the weights of all others are zero.",
        [4],
        [{"upsample": "a", "scale": 3, "mode": "bicubic"}],
        "a",
        {"size": 12, "rf": 4, "rf_min": 1, "jump": Fraction(1, 3), "start": Fraction(1, 6)},
        {0: (-2, 1), 1: (0, 0), 2: (-1, 2)},
    ),
    Drawn(
        "area from 5 to 3",
        "Adaptive average pooling: 0 to 1, 1 to 3, 3 to 4.",
        [5],
        [{"upsample": "a", "size": [3], "mode": "area"}],
        "a",
        {"size": 3, "rf": 3, "rf_min": 2, "jump": None},
        {0: (0, 1), 1: (1, 3), 2: (3, 4)},
    ),
    Drawn(
        "nearest-exact from 5 to 3",
        "(u + 1/2) * 5/3 rounded down, where nearest reads 0, 1 and 3.",
        [5],
        [{"upsample": "a", "size": [3], "mode": "nearest-exact"}],
        "a",
        {"size": 3, "rf": 1, "jump": None},
        {0: (0, 0), 1: (2, 2), 2: (4, 4)},
    ),
    Drawn(
        "ONNX's half_pixel and round_prefer_floor",
        "Its default. Places -1/6, 1/2, 7/6: halfway it takes the one before.",
        [4],
        [{"upsample": "a", "scale": 1.5, "coordinates": "half_pixel", "nearest_mode": "round_prefer_floor"}],
        "a",
        {"size": 6, "rf": 1, "jump": Fraction(2, 3)},
        {0: (0, 0), 1: (0, 0), 2: (1, 1), 3: (2, 2), 4: (2, 2), 5: (3, 3)},
    ),
    Drawn(
        "ONNX's asymmetric and ceil",
        "u / 2 rounded up: the last unit would read pixel 4, and reads the edge.",
        [4],
        [{"upsample": "a", "scale": 2, "coordinates": "asymmetric", "nearest_mode": "ceil"}],
        "a",
        {"size": 8, "rf": 1, "jump": HALF},
        {0: (0, 0), 1: (1, 1), 7: (4, 4)},
        {7: (3, 3)},
    ),
    Drawn(
        "ONNX's half_pixel_symmetric",
        "7 units halved are 3, around the middle of the 7: places 1, 3 and 5.",
        [7],
        [{"upsample": "a", "scale": 0.5, "mode": "bilinear", "coordinates": "half_pixel_symmetric"}],
        "a",
        {"size": 3, "rf": 1, "jump": 2, "start": Fraction(3, 2)},
        {0: (1, 1), 1: (3, 3), 2: (5, 5)},
    ),
    Drawn(
        "a map made one unit by its area, and spread again",
        "As behind global pooling: a context, without a jump.",
        [6],
        [{"upsample": "a", "size": [1], "mode": "area"}, {"upsample": "b", "size": [6]}],
        "b",
        {"size": 6, "rf": 6, "jump": None, "global_context": True},
    ),
    Drawn(
        "bilinear x2 reads two",
        "And replicates the edge: unit 0's other tap is outside.",
        [4],
        [{"upsample": "a", "scale": 2, "mode": "bilinear"}],
        "a",
        {"size": 8, "rf": 2, "rf_min": 2, "jump": HALF, "start": Fraction(1, 4)},
        {0: (-1, 0), 1: (0, 1), 7: (3, 4)},
        {0: (0, 0), 7: (3, 3)},
    ),
    Drawn(
        "bilinear x3 reads one in the middle",
        "Every third unit falls on a pixel's centre.",
        [4],
        [{"upsample": "a", "scale": 3, "mode": "bilinear"}],
        "a",
        {"size": 12, "rf": 2, "rf_min": 1, "jump": Fraction(1, 3), "start": Fraction(1, 6)},
        {0: (-1, 0), 1: (0, 0), 2: (0, 1)},
    ),
    Drawn(
        "aligned corners",
        "Unit u lies at u*(n-1)/(m-1): no period, no jump.",
        [4],
        [{"upsample": "a", "size": 7, "mode": "bilinear", "align_corners": True}],
        "a",
        {"size": 7, "rf": 2, "rf_min": 1, "jump": None, "start": None},
        {0: (0, 0), 1: (0, 1), 2: (1, 1), 6: (3, 3)},
    ),
    Drawn(
        "aligned corners to one unit",
        "It reads the first unit only: it is no mean over the map and no gate.",
        [4],
        [
            conv("a", 3),
            {"upsample": "b", "size": 1, "mode": "bilinear", "align_corners": True},
        ],
        "b",
        {"size": 1, "rf": 3, "rf_min": 3, "jump": None, "global_context": False},
        {0: (0, 2)},
        {0: (0, 2)},
    ),
    Drawn(
        "down and up again",
        "A pooling, a convolution, a transposed convolution: the field depends on the phase.",
        [8],
        [pool("a", 2), conv("b", 3, padding=1), up("c", 2, 2), conv("d", 3, padding=1)],
        "d",
        {"size": 8, "rf": 8, "rf_min": 8, "jump": 1, "start": HALF},
        {0: (-4, 3), 1: (-2, 5)},
        {0: (0, 3), 1: (0, 5)},
    ),
    Drawn(
        "pixel shuffle and back",
        "Space to depth reads a block, pixel shuffle gives each of its units the whole block.",
        [6, 6],
        [{"space_to_depth": "a", "scale": 2}, {"pixel_shuffle": "b", "scale": 2}],
        "b",
        {"size": 6, "rf": 2, "rf_min": 2, "jump": 1, "start": HALF},
        {0: (0, 1), 1: (0, 1), 2: (2, 3)},
    ),
]

MERGES = [
    Drawn(
        "aligned branches",
        "A 3x3 with padding 1 beside a 5x5 with padding 2: the hull is the larger one.",
        [9],
        [{"concat": [[conv("a", 3, padding=1)], [conv("b", 5, padding=2)]], "name": "c"}],
        "c",
        {"size": 9, "rf": 5, "jump": 1, "start": HALF},
    ),
    Drawn(
        "misaligned branches",
        "Two even kernels, one shifted to the left, one to the right: the hull of three pixels is "
        "larger than both fields of two.",
        [9],
        [
            {
                "add": [
                    [conv("a", 2, padding=[[1, 0]])],
                    [conv("b", 2, padding=[[0, 1]])],
                ],
                "name": "c",
            }
        ],
        "c",
        {"size": 9, "rf": 3, "jump": 1, "start": HALF},
        {0: (-1, 1)},
    ),
    Drawn(
        "misaligned by SAME with a stride",
        "3/2 SAME on 8 pads (0, 1), the 1/2 shortcut none: centres at 1.5 and 0.5.",
        [8],
        [
            {
                "add": [
                    [conv("a", 3, stride=2, padding="same")],
                    [conv("b", 1, stride=2, padding="same")],
                ],
                "name": "c",
            }
        ],
        "c",
        {"size": 4, "rf": 3, "jump": 2, "start": Fraction(3, 2)},
    ),
    Drawn(
        "branches that don't touch",
        "Shifted far apart by crops: the hull has a hole.",
        [12],
        [
            {
                "concat": [
                    [{"crop": "a", "padding": [[0, 8]]}],
                    [{"crop": "b", "padding": [[8, 0]]}],
                ],
                "name": "c",
            }
        ],
        "c",
        {"size": 4, "rf": 9, "jump": 1, "start": Fraction(9, 2), "read": 2},
        {0: (0, 8)},
    ),
    Drawn(
        "a skip into a decoder",
        "U-Net in small: the phases differ between the skip and the way through the bottom.",
        [8],
        [
            conv("a", 3, padding=1),
            pool("b", 2),
            conv("c", 3, padding=1),
            up("d", 2, 2),
            {"concat": "e", "from": ["a", "d"]},
            conv("f", 3, padding=1),
        ],
        "f",
        {"size": 8, "rf": 10, "rf_min": 10, "jump": 1, "start": HALF},
        {0: (-5, 4), 1: (-3, 6)},
    ),
    Drawn(
        "the identity is a branch",
        "An empty list; the smallest path of a residual block is 1.",
        [6],
        [{"add": [[conv("a", 3, padding=1)], []], "name": "b"}],
        "b",
        {"size": 6, "rf": 3, "jump": 1, "start": HALF},
    ),
]

GATES = [
    Drawn(
        "squeeze and excite",
        "A 3x3 and a gate on 64 pixels: all 64 are seen, the spatial path reads 3.",
        [64],
        [conv("a", 3, padding=1), {"squeeze_excite": "b", "squeeze": 1}],
        "b",
        {"size": 64, "rf": 3, "jump": 1, "start": HALF, "global_context": True},
        {0: (-1, 64), 40: (-1, 64)},
        {0: (0, 63), 40: (0, 63)},
    ),
    Drawn(
        "a gate written out",
        "The same as a branch of one unit that is multiplied with the map.",
        [9],
        [
            conv("a", 3, padding=1),
            {
                "multiply": [[{"global_avgpool": "s"}, conv("e", 1), {"sigmoid": "g"}], []],
                "name": "m",
            },
        ],
        "m",
        {"size": 9, "rf": 3, "jump": 1, "start": HALF, "global_context": True},
        {4: (-1, 9)},
        {4: (0, 8)},
    ),
    Drawn(
        "behind a gate, in the padding",
        "Units that read only padding see nothing, gate or not.",
        [4],
        [{"squeeze_excite": "a", "squeeze": 1}, conv("b", 1, padding=1)],
        "b",
        {"size": 6, "rf": 1, "jump": 1, "start": -HALF, "global_context": True},
        {1: (0, 3)},
        {0: None, 1: (0, 3), 5: None},
    ),
    Drawn(
        "a gate that doesn't see the whole image",
        "The map behind a crop: the context is the cropped part only.",
        [10],
        [{"crop": "a", "padding": [[2, 3]]}, {"squeeze_excite": "b", "squeeze": 1}],
        "b",
        {"size": 5, "rf": 1, "jump": 1, "start": Fraction(5, 2), "global_context": True},
        {0: (2, 6)},
        {0: (2, 6)},
    ),
    Drawn(
        "adaptive pooling that divides",
        "12 to 4: windows of 3, as an average pooling.",
        [12],
        [{"adaptive_avgpool": "a", "size": 4}],
        "a",
        {"size": 4, "rf": 3, "rf_min": 3, "jump": 3, "start": Fraction(3, 2)},
    ),
    Drawn(
        "adaptive pooling that doesn't divide",
        "10 to 7: windows of 2 and 3, so there is no jump.",
        [10],
        [{"adaptive_avgpool": "a", "size": 7}],
        "a",
        {"size": 7, "rf": 3, "rf_min": 2, "jump": None, "start": None},
        {0: (0, 1), 1: (1, 2), 2: (2, 4), 6: (8, 9)},
    ),
]

CONTEXTS = [
    Drawn(
        "image pooling resized to the map",
        "As in ASPP: the mean over a map is spread over it again, a context and no spatial path.",
        [6],
        [
            {
                "concat": [
                    [{"global_avgpool": "p"}, conv("q", 1), {"upsample": "s", "size": 6}],
                    [conv("a", 3, padding=1)],
                ],
                "name": "c",
            },
            conv("d", 3, padding=1),
        ],
        "d",
        {"size": 6, "rf": 5, "jump": 1, "start": HALF, "global_context": True},
        {0: (-2, 5), 3: (0, 5)},
        {0: (0, 5)},
    ),
    Drawn(
        "a bottleneck of one unit resized",
        "No context but upsampling: at this size of the image the decoder's bottleneck happens to be "
        "one unit. Its figures are those of `scale: 2`, and of every other size of the image.",
        [2],
        [
            conv("a", 3, padding=1),
            pool("b", 2),
            conv("c", 3, padding=1),
            {"upsample": "d", "size": "a"},
            {"concat": "e", "from": ["a", "d"]},
            conv("f", 3, padding=1),
        ],
        "f",
        {"size": 2, "rf": 10, "jump": 1, "start": HALF, "global_context": False},
        {0: (-5, 4), 1: (-3, 6)},
        {0: (0, 1), 1: (0, 1)},
    ),
    Drawn(
        "a pooled map that is a map again, and resized",
        "A decoder behind a bottleneck: the transposed convolution makes three units of one, and "
        "resizing them is upsampling; nothing of one unit is spread.",
        [4],
        [{"global_avgpool": "p"}, up("t", 3, 2), {"upsample": "s", "size": 6}],
        "s",
        {"size": 6, "rf": 5, "rf_min": 4, "jump": Fraction(1, 4), "global_context": False},
        {0: (-1, 3), 1: (-1, 3), 2: (0, 3), 3: (0, 3), 4: (0, 4), 5: (0, 4)},
        {0: (0, 3), 5: (0, 3)},
    ),
    Drawn(
        "a gate beside the image",
        "Units of a padded map that see nothing themselves still see the gate's context.",
        [3],
        [conv("a", 1, padding=1), {"squeeze_excite": "b", "squeeze": 1}],
        "b",
        {"size": 5, "rf": 1, "jump": 1, "start": -HALF, "global_context": True},
        {0: (-1, 3), 4: (-1, 3)},
        {0: (0, 2), 1: (0, 2), 4: (0, 2)},
    ),
    Drawn(
        "adaptive pooling to one unit",
        "It is global pooling: the jump is kept.",
        [6],
        [{"adaptive_avgpool": "a", "size": 1}, conv("b", 3, padding=1)],
        "b",
        {"size": 1, "rf": 8, "jump": 1, "start": 3},
        {0: (-1, 6)},
        {0: (0, 5)},
    ),
    Drawn(
        "adaptive pooling to more units",
        "3 to 6 repeats each unit: a nearest upsampling.",
        [3],
        [{"adaptive_avgpool": "a", "size": 6}],
        "a",
        {"size": 6, "rf": 1, "jump": HALF, "start": Fraction(1, 4)},
        {4: (2, 2)},
    ),
    Drawn(
        "merging where no jump exists",
        "Both branches come from the same adaptive pooling: the hull holds, unit by unit.",
        [10],
        [
            {"adaptive_avgpool": "a", "size": 7},
            {"add": [[conv("b", 3, padding=1)], []], "name": "c"},
        ],
        "c",
        {"size": 7, "rf": 6, "jump": None, "start": None},
        {0: (-2, 2), 1: (0, 4), 2: (1, 5)},
    ),
]

CHANNELS = [
    Drawn(
        "concatenated, then sliced",
        "A path of 1 and one of 31 pixels side by side: the first four channels are those of the first.",
        [64],
        [
            {"concat": [[conv("a", 1)], [conv("b", 31, padding=15)]], "name": "c"},
            {"relu": "d"},
            {"slice": "e", "channels": 4},
        ],
        "e",
        {"size": 64, "rf": 1, "jump": 1, "start": HALF},
        {0: (0, 0), 40: (40, 40)},
    ),
    Drawn(
        "a slice across both",
        "Two channels of each path: what both see together.",
        [64],
        [
            {"concat": [[conv("a", 1)], [conv("b", 31, padding=15)]], "name": "c"},
            {"slice": "e", "channels": 4, "offset": 2},
        ],
        "e",
        {"size": 64, "rf": 31, "jump": 1, "start": HALF, "smallest_path": 1},
        {40: (25, 55)},
    ),
    Drawn(
        "grouped convolutions keep their groups apart",
        "Two groups of which the second begins with a wider path; the last channels see it, widened by 2.",
        [20],
        [
            {"concat": [[conv("a", 1)], [conv("b", 5, padding=2)]], "name": "c"},
            conv("d", 3, padding=1, groups=2),
            {"slice": "e", "channels": 2, "offset": 2},
            {"slice": "f", "channels": 2, "from": "d"},
        ],
        "f",
        {"size": 20, "rf": 3, "jump": 1, "start": HALF},
        {8: (7, 9)},
    ),
    Drawn(
        "dealt out in turn",
        "A shuffle of two groups puts the first channel of the wide path second: the first alone is narrow.",
        [20],
        [
            {"concat": [[conv("a", 1)], [conv("b", 5, padding=2)]], "name": "c"},
            {"channel_shuffle": "d", "groups": 2},
            {"slice": "e", "channels": 2, "offset": 1},
            {"slice": "f", "channels": 1, "from": "d"},
        ],
        "f",
        {"size": 20, "rf": 1, "jump": 1, "start": HALF},
        {8: (8, 8)},
    ),
    Drawn(
        "a shuffle in no known order",
        "Without its groups nobody knows which channels come first, so all of them are taken.",
        [20],
        [
            {"concat": [[conv("a", 1)], [conv("b", 5, padding=2)]], "name": "c"},
            {"channel_shuffle": "d"},
            {"slice": "f", "channels": 1},
        ],
        "f",
        {"size": 20, "rf": 5, "jump": 1, "start": HALF},
    ),
    Drawn(
        "normalised across the channels",
        "A layer normalisation takes its mean over all channels of a unit: each depends on all.",
        [20],
        [
            {"concat": [[conv("a", 1)], [conv("b", 5, padding=2)]], "name": "c"},
            {"layernorm": "d"},
            {"slice": "f", "channels": 1},
        ],
        "f",
        {"size": 20, "rf": 5, "jump": 1, "start": HALF},
    ),
    Drawn(
        "a gate of all channels on a narrow one",
        "Squeeze-and-excite looks at all channels and multiplies each by itself: its spatial path stays narrow.",
        [20],
        [
            {"concat": [[conv("a", 1)], [conv("b", 5, padding=2)]], "name": "c"},
            {"squeeze_excite": "d", "squeeze": 1},
            {"slice": "f", "channels": 4},
        ],
        "f",
        {"size": 20, "rf": 1, "jump": 1, "start": HALF, "global_context": True},
        {8: (-2, 21)},
        {8: (0, 19)},
    ),
    Drawn(
        "half of the channels pass by",
        "As in ShuffleNet v2: the half that is not sliced off never meets the convolution.",
        [20],
        [
            conv("a", 1),
            {
                "concat": [
                    [{"slice": "by", "channels": 2}],
                    [{"slice": "through", "channels": 2, "offset": 2}, conv("b", 3, padding=1)],
                ],
                "name": "c",
            },
            {"slice": "d", "channels": 2},
            {"slice": "e", "channels": 4, "offset": 2, "from": "c"},
        ],
        "d",
        {"size": 20, "rf": 1, "jump": 1, "start": HALF},
    ),
]

SIDES = [
    Drawn(
        "a recurrence forward",
        "A unit sees what its predecessors see, and nothing that comes later than its own window.",
        [20],
        [conv("a", 3, stride=2, padding=1), {"lstm": "b", "channels": 2}],
        "b",
        {"size": 10, "rf": 3, "jump": 2, "start": HALF, "global_context": True},
        {0: (-1, 1), 5: (-1, 11), 9: (-1, 19)},
        {0: (0, 1), 5: (0, 11), 9: (0, 19)},
    ),
    Drawn(
        "a recurrence backward, behind a pooling that looks ahead",
        "The other way round; the last window ends with the map.",
        [20],
        [pool("a", 3, stride=2), {"gru": "b", "channels": 2, "direction": "backward"}],
        "b",
        {"size": 9, "rf": 3, "jump": 2, "start": Fraction(3, 2)},
        {0: (0, 18), 4: (8, 18), 8: (16, 18)},
        {0: (0, 18), 8: (16, 18)},
    ),
    Drawn(
        "a recurrence both ways is a gate",
        "Every unit sees all.",
        [20],
        [conv("a", 3, padding=1), {"lstm": "b", "channels": 2, "direction": "both"}],
        "b",
        {"size": 20, "rf": 3, "jump": 1, "start": HALF},
        {0: (-1, 20), 19: (-1, 20)},
        {0: (0, 19), 19: (0, 19)},
    ),
    Drawn(
        "causal attention, then a causal convolution of all that is later",
        "Unit 3 looks two units back, and these see the first pixel; padding shows nothing.",
        [8],
        [{"attention": "a", "causal": True}, conv("b", 3, padding=[[2, 0]])],
        "b",
        {"size": 8, "rf": 3, "jump": 1, "start": -HALF},
        {0: (-2, 0), 3: (0, 3), 7: (0, 7)},
        {0: (0, 0), 3: (0, 3), 7: (0, 7)},
    ),
    Drawn(
        "what stands outside the map",
        "Unit 0 reads padding alone, four units before the map, where a recurrence shows the first pixel.",
        [8],
        [{"rnn": "a", "channels": 4}, conv("b", 1, padding=[[4, 0]])],
        "b",
        {"size": 12, "rf": 1, "jump": 1, "start": Fraction(-7, 2)},
        {0: (-4, 0), 4: (0, 0), 11: (0, 7)},
        {0: None, 4: (0, 0), 11: (0, 7)},
    ),
    Drawn(
        "fields that do not begin in order",
        "A transposed convolution with gaps: unit 2 reads the pixel before that of unit 1, units 0 and 3 read none.",
        [6],
        [up("a", 2, 3, dilation=4, padding=[[-1, 0]]), {"lstm": "b", "channels": 4}],
        "b",
        {"size": 21, "rf_min": 0, "jump": Fraction(1, 3)},
        {0: None, 1: (0, 0), 2: (-1, 0), 3: (-1, 0), 5: (-1, 1)},
        {0: None, 2: (0, 0), 3: (0, 0), 5: (0, 1)},
    ),
    Drawn(
        "two recurrences, the second the other way",
        "The second sees, by what comes later, all that the first one saw of it: the whole image.",
        [8],
        [{"lstm": "a", "channels": 4}, {"lstm": "b", "channels": 4, "direction": "backward"}],
        "b",
        {"size": 8, "rf": 1, "jump": 1, "start": HALF},
        {0: (0, 7), 7: (0, 7)},
        {0: (0, 7), 7: (0, 7)},
    ),
]

PLACES = [
    Drawn(
        "windows side by side",
        "Attention in windows: what a unit reads depends on its place alone, and repeats after a window.",
        [14],
        [{"window_attention": "a", "window": 7, "heads": 2}],
        "a",
        {"size": 14, "rf": 7, "rf_min": 7, "jump": 1, "start": HALF},
        {0: (0, 6), 6: (0, 6), 7: (7, 13)},
        {0: (0, 6), 13: (7, 13)},
    ),
    Drawn(
        "windows that are moved",
        "Rolled by three and masked: the first three units and the last four are in windows that the border cuts.",
        [14],
        [{"window_attention": "a", "window": 7, "shift": 3}],
        "a",
        {"size": 14, "rf": 7, "jump": 1, "start": HALF},
        {0: (-4, 2), 2: (-4, 2), 3: (3, 9), 10: (10, 16)},
        {0: (0, 2), 9: (3, 9), 13: (10, 13)},
    ),
    Drawn(
        "one window is not moved",
        "A map of five units is filled up with zeros to a window of seven, which holds all of it.",
        [5],
        [{"window_attention": "a", "window": 7, "shift": 3}],
        "a",
        {"size": 5, "rf": 7},
        {0: (0, 6), 4: (0, 6)},
        {0: (0, 4), 4: (0, 4)},
    ),
    Drawn(
        "two blocks of Swin-T",
        "Patches of four pixels, windows of seven, then moved ones: 28 pixels, then two windows together.",
        [448],
        [
            conv("a", 4, stride=4),
            {"add": [[{"window_attention": "b", "window": 7}], []], "name": "c"},
            {"add": [[{"window_attention": "d", "window": 7, "shift": 3}], []], "name": "e"},
        ],
        "e",
        {"size": 112, "rf": 56, "rf_min": 56, "jump": 4, "start": 4},
        {0: (-28, 27), 28: (84, 139)},
        {0: (0, 27), 28: (84, 139), 111: (420, 447)},
    ),
    Drawn(
        "a grid over the map",
        "Three units of twelve, four apart: the field does not move along, so that there is no jump.",
        [12],
        [{"grid_attention": "a", "grid": 3}],
        "a",
        {"size": 12, "rf": 9, "rf_min": 9, "jump": None},
        {0: (0, 8), 5: (1, 9), 11: (3, 11)},
        {0: (0, 8), 5: (1, 9), 11: (3, 11)},
    ),
    Drawn(
        "neighbours at the end of the map",
        "As many as in the middle: the window stays on the map, and its unit leaves the middle.",
        [10],
        [{"neighbourhood_attention": "a", "kernel": 5}],
        "a",
        {"size": 10, "rf": 5, "jump": 1, "start": HALF},
        {0: (-2, 2), 5: (3, 7), 9: (7, 11)},
        {0: (0, 4), 1: (0, 4), 5: (3, 7), 9: (5, 9)},
    ),
    Drawn(
        "every other neighbour at the end of the map",
        "Units at odd places see those at odd places.",
        [10],
        [{"neighbourhood_attention": "a", "kernel": 3, "dilation": 2}],
        "a",
        {"size": 10, "rf": 5, "jump": 1, "start": HALF, "least_density": Fraction(3, 5)},
        {0: (-2, 2), 9: (7, 11)},
        {0: (0, 4), 1: (1, 5), 8: (4, 8), 9: (5, 9)},
    ),
]

AXES = [
    Drawn(
        "a recurrence along the width",
        "On the height, rows are sequences of their own.",
        [6, 9],
        [conv("a", 3, padding=1), {"lstm": "b", "channels": 2, "axis": "width"}],
        "b",
        {"size": 6, "rf": 3, "jump": 1, "start": HALF},
        {0: (-1, 1), 3: (2, 4)},
        {0: (0, 1), 3: (2, 4)},
    ),
    Drawn(
        "height unlike width",
        "A rectangular kernel on a rectangular image is two problems of one axis.",
        [9, 20],
        [
            conv("a", [3, 7], stride=[1, 2], padding=[1, 3]),
            pool("b", [2, 1], stride=[2, 3]),
        ],
        "b",
        {"size": 4, "rf": 4, "jump": 2, "start": 1},
    ),
    Drawn(
        "three axes",
        "C3D's first pooling leaves the depth alone.",
        [4, 8, 8],
        [conv("a", 3, padding=1), pool("b", [1, 2, 2])],
        "b",
        {"size": 4, "rf": 3, "jump": 1, "start": HALF},
    ),
]

DRAWN = [*PADDING, *MIRRORS, *SIZES, *HOLES, *UPSAMPLING, *MERGES, *GATES, *CONTEXTS, *CHANNELS, *SIDES, *PLACES, *AXES]


@dataclass(frozen=True)
class Refused:
    """A network that no framework runs, the oracle's words for it, and the layer at fault."""

    title: str
    layers: list[dict[str, Any]]
    message: str
    layer: str

    @property
    def description(self) -> dict[str, Any]:
        return {"input": {"channels": 4, "size": [8]}, "layers": self.layers}


REFUSED = [
    Refused("a window larger than the map", [conv("a", 9)], "a has no units", "a"),
    Refused("two layers of one name", [conv("a", 1), conv("a", 1)], "two layers are called a", "a"),
    Refused(
        "an addition of different sizes",
        [{"add": [[conv("a", 3)], []], "name": "b"}],
        "different sizes",
        "b",
    ),
    Refused(
        "a concatenation with one unit",
        [{"concat": [[{"global_avgpool": "a"}], []], "name": "b"}],
        "different sizes",
        "b",
    ),
    Refused(
        "an addition of different channels",
        [{"add": [[{"conv": "a", "kernel": 1, "channels": 2}], []], "name": "b"}],
        "different channels",
        "b",
    ),
    Refused(
        "an addition of different jumps",
        [{"add": [[conv("a", 1, stride=2)], [{"crop": "c", "padding": 2}]], "name": "b"}],
        "different jumps",
        "b",
    ),
    Refused("blocks that don't fit", [{"space_to_depth": "a", "scale": 3}], "doesn't divide 8", "a"),
    Refused("a shuffle of 4 by 3", [{"pixel_shuffle": "a", "scale": 3}], "can't be shuffled", "a"),
    Refused("more channels than there are", [{"slice": "a", "channels": 3, "offset": 2}], "3 channels of 4", "a"),
    Refused("a shuffle of 4 in 3 groups", [{"channel_shuffle": "a", "groups": 3}], "in 3 groups", "a"),
    Refused("4 channels in 3 groups", [conv("a", 1, groups=3)], "in 3 groups", "a"),
    Refused(
        "a reflection of more than there is",
        [conv("a", 3, padding=8, padding_mode="reflect")],
        "reflection of",
        "a",
    ),
    Refused(
        "a repetition of more than there is",
        [conv("a", 3, padding=9, padding_mode="circular")],
        "repetition of",
        "a",
    ),
    Refused(
        "a repetition at one end and a cut at the other",
        [{"pad": "a", "padding": [[2, -1]], "mode": "circular"}],
        "repetition of",
        "a",
    ),
    Refused("an output padding of a stride", [up("a", 3, 2, output_padding=2)], "output_padding of 2", "a"),
    Refused(
        "an output padding of a dilation",
        [up("a", 3, 1, dilation=2, output_padding=2)],
        "output_padding of 2",
        "a",
    ),
    Refused(
        "an output padding of a stride by a rule",
        [up("a", 3, 1, dilation=2, padding="same", output_padding=1)],
        "output_padding of 1",
        "a",
    ),
    Refused("an axis that is not there", [{"lstm": "a", "channels": 2, "axis": "width"}], "no axis width", "a"),
    Refused("3 heads of 4 channels", [{"window_attention": "a", "window": 2, "heads": 3}], "3 heads of 4", "a"),
    Refused("a grid that does not fit", [{"grid_attention": "a", "grid": 3}], "a grid of 3 doesn't divide 8", "a"),
    Refused(
        "neighbours of more than there are",
        [{"neighbourhood_attention": "a", "kernel": 3, "dilation": 3}],
        "3 neighbours 3 apart",
        "a",
    ),
    Refused("a factor that leaves nothing", [{"upsample": "a", "scale": "1/9"}], "8 units times 1/9 are none", "a"),
    Refused("a crop of all units", [{"crop": "a", "padding": 4}], "a has no units", "a"),
    Refused(
        "a transposed convolution padded away",
        [{"transposed_conv": "a", "kernel": 1, "channels": 4, "padding": 4}],
        "a has no units",
        "a",
    ),
]
