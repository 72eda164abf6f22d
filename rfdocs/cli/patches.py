"""The command that shows what a layer answers to an image, with weights of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rfdocs.catalogue import Entry
from rfdocs.cli.console import Misuse, Refusal, say
from rfdocs.cli.networks import network_named
from rfdocs.errors import RfdocsError
from rfdocs.extras import needed
from rfdocs.formats.numbers import by_axis, per_axis
from rfdocs.formats.tables import Table, aligned, printable
from rfdocs.graph import InputError, LayerReport, Report

if TYPE_CHECKING:
    from rfdocs.figures.patch_sheet import Answered
    from rfdocs.pixels.excitation import Excitation
    from rfdocs.pixels.forward import Forward
    from rfdocs.pixels.image_file import Pixels
    from rfdocs.pixels.layer_weights import LayerWeights
    from rfdocs.pixels.tensors import Array

#: The most filters, and patches of each, that are shown.
FILTERS, BEST = 64, 64
ENDINGS = (".svg", ".png")


def patches(arguments: argparse.Namespace) -> int:
    """0, when the patches were said, and drawn if asked for."""
    target = _target(arguments.output)
    keys = _keys(arguments.key)
    with needed("what filters answer", "figures"):
        import_module("rfdocs.figures.patch_sheet")
    from rfdocs.pixels.image_file import read_image  # noqa: PLC0415 - only now it is known to be there
    from rfdocs.pixels.layer_weights import LayerWeights, open_weights  # noqa: PLC0415

    entry = network_named(arguments.network)
    _check_network(entry)
    _check_layer(entry, arguments.layer)
    weights = LayerWeights(open_weights(Path(arguments.weights)), _by_layer(entry, keys))
    pixels, report = _seen(entry, read_image(Path(arguments.image)), arguments.input)
    shown = _Shown(entry, report, pixels, weights, arguments)
    if target is not None:
        shown.write(target)
    say(shown.text())
    return 0


def _target(output: str | None) -> Path | None:
    """The picture's file. Raises: Misuse."""
    if output is None:
        return None
    target = Path(output)
    if target.suffix.lower() not in ENDINGS:
        raise Misuse(f"pictures are {' or '.join(ENDINGS)}, but {output!r} is neither", "for example -o patches.svg")
    return target


def _keys(given: Sequence[str]) -> dict[str, str]:
    """The keys of layers, each written as ``conv1=features.0``. Raises: Misuse."""
    pairs = [key.partition("=") for key in given]
    for layer, sign, name in pairs:
        if not (layer and sign and name):
            raise Misuse(f"{layer[:40]!r} is no key", "write LAYER=NAME: --key conv1=features.0")
    return {layer: name for layer, _, name in pairs}


def _by_layer(entry: Entry, keys: Mapping[str, str]) -> dict[str, str]:
    """The keys by the layers' own names. Raises: UnknownLayer."""
    network, ending = entry.network, ".norm"
    return {
        network.names[network.node(layer.removesuffix(ending))] + ending * layer.endswith(ending): name
        for layer, name in keys.items()
    }


def _check_layer(entry: Entry, name: str) -> None:
    """Raises: UnknownLayer, and Refusal for the image."""
    if not entry.network.node(name):
        raise Refusal(f"{name} is the image, which answers nothing", "name a layer that reads it")


def _check_network(entry: Entry) -> None:
    if entry.network.axes != 2 or entry.network.input_channels not in (1, 3):
        raise Refusal(
            f"{entry.identifier} reads {entry.network.input_channels} channels on {entry.network.axes} axes, which no"
            " photograph has",
            "patches are cut out of images of one or three colours",
        )


def _seen(entry: Entry, pixels: Pixels, wanted: Sequence[int] | None) -> tuple[Pixels, Report]:
    """The image as the network takes it, by default as it is; and the report on it. Raises: InputError."""
    from rfdocs.pixels.image_file import fitted  # noqa: PLC0415

    if wanted is None:
        try:
            return pixels, entry.analyze(pixels.shape[:2])
        except RfdocsError as refusal:
            nominal = by_axis(entry.network.input_size).replace(" × ", "x")
            message = f"the image has {pixels.shape[0]} × {pixels.shape[1]} pixels: {refusal.message}"
            raise InputError(message, f"--input {nominal} scales and cuts it") from None
    report = entry.analyze(wanted)
    tall, wide = report.input_size
    _check_area(tall, wide)
    return fitted(pixels, tall, wide), report


def _check_area(tall: int, wide: int) -> None:
    from rfdocs.pixels.image_file import PIXELS  # noqa: PLC0415

    if tall * wide > PIXELS:
        raise Refusal(f"an image of {tall} × {wide} has too many pixels; at most {PIXELS} are taken")


class _Shown:
    """What a layer answers to an image. Raises: NotComputed, WeightsError, UnknownTensor."""

    def __init__(
        self, entry: Entry, report: Report, pixels: Pixels, weights: LayerWeights, arguments: argparse.Namespace
    ) -> None:
        from rfdocs.pixels.forward import Forward  # noqa: PLC0415
        from rfdocs.pixels.image_file import DEVIATION, MEAN, normalised  # noqa: PLC0415

        channels = entry.network.input_channels
        mean = _of_channels("--mean", arguments.mean, channels, MEAN if channels == 3 else (0.0,))
        deviation = _of_channels("--std", arguments.std, channels, DEVIATION if channels == 3 else (1.0,))
        if min(deviation) <= 0:
            raise Misuse("deviations are above 0", "for example --std 0.229,0.224,0.225")
        self._entry, self._report, self._pixels, self._arguments = entry, report, pixels, arguments
        self._weights, self._layer = weights, report[arguments.layer]
        forward = Forward(entry, report, normalised(pixels, channels, mean, deviation), weights)
        answers = forward.answers(arguments.layer)
        self._bank = self._image_filters(forward)
        chosen = _chosen(arguments.filters, answers)
        self._rows = self._answered(answers, chosen)

    def _image_filters(self, forward: Forward) -> Array | None:
        """The filters, if they are of the image's own colours."""
        filters = self._layer.operation == "conv" and self._layer.inputs == (self._report.image.name,)
        return forward.filters(self._layer.name)[0] if filters and self._layer.groups == 1 else None

    def _answered(self, answers: Array, chosen: Sequence[int]) -> list[Answered]:
        from rfdocs.figures.patch_sheet import Answered  # noqa: PLC0415
        from rfdocs.pixels.excitation import Sightings  # noqa: PLC0415

        sightings = Sightings(self._report, self._layer.name)
        noun = "filter" if self._layer.weighted else "map"
        count = _within("--best", self._arguments.best, BEST)
        return [
            Answered(
                f"{noun} {number}",
                answers[number],
                list(sightings.strongest(answers[number], count)),
                None if self._bank is None else self._bank[number],
            )
            for number in chosen
        ]

    def text(self) -> str:
        """What was found, for people."""
        layer, files = self._layer, self._arguments
        used = ", ".join([f"{name} for {key}" for key, name in self._weights.used.items()])
        head = (
            f"{printable(self._entry.identifier)}, {layer.name}: {layer.channels} maps of {by_axis(layer.size)}, field"
            f" {per_axis(layer.receptive_field)}, jump {per_axis(layer.jump)}\n"
            f"image {printable(files.image)}, {by_axis(self._report.input_size)};"
            f" weights {printable(files.weights)}: {used}\n"
        )
        return f"{head}\n{aligned(self._table())}\n{_LEGEND}\n"

    def _table(self) -> Table:
        rows = [
            [row.name.split()[1], str(place), f"{one.value:.4g}", ", ".join(map(str, one.unit)), *_spans(one)]
            for row in self._rows
            for place, one in enumerate(row.best, start=1)
        ]
        return Table([self._rows[0].name.split()[0], "place", "answer", "unit", "rows", "columns"], rows, ())

    def write(self, target: Path) -> None:
        """Writes the picture. Raises: Refusal."""
        from rfdocs.cli.figure import write  # noqa: PLC0415 - a text has no use for it
        from rfdocs.figures import standalone  # noqa: PLC0415
        from rfdocs.figures.patch_sheet import canvas_png, sheet  # noqa: PLC0415

        canvas = sheet(self._pixels, self._bank, self._rows)
        title = f"{self._entry.title}: what {self._layer.name} answers to {Path(self._arguments.image).name}"
        if target.suffix.lower() == ".png":
            write(target, canvas_png(canvas, printable(title)))
        else:
            write(target, standalone(canvas.drawing(title, _alternative(self._layer, self._rows))))


_LEGEND = (
    "answers before what is folded into the layer; rows and columns in pixels of the image, both ends included, those\n"
    "outside it being padding; units nearer to a stronger one than half a field are left out"
)


def _alternative(layer: LayerReport, rows: Sequence[Answered]) -> str:
    told = [f"{row.name} at most {float(row.answers.max()):.4g}, {len(row.best)} patches" for row in rows]
    return f"What {layer.name} answers to an image, and the patches that it answers most: {'; '.join(told)}."


def _spans(one: Excitation) -> list[str]:
    return [f"{span.first}..{span.last}" for span in (one.rows, one.columns)]


def _of_channels(
    option: str, given: Sequence[float] | None, channels: int, usual: tuple[float, ...]
) -> tuple[float, ...]:
    """A number for each channel, of those given or the usual ones. Raises: Misuse."""
    if given is None:
        return usual
    if len(given) not in (1, channels):
        raise Misuse(f"{option} gives {len(given)} numbers; the image has {channels} channels")
    return tuple(given) * (channels if len(given) == 1 else 1)


def _within(option: str, count: int, most: int) -> int:
    if not 1 <= count <= most:
        raise Misuse(f"{option} {count} is not from 1 to {most}")
    return count


def _chosen(asked: Sequence[int] | int, answers: Array) -> list[int]:
    """The filters that are shown: those that are named, or so many, those with the largest answers first."""
    if isinstance(asked, int):
        count = _within("--filters", asked, FILTERS)
        return [int(number) for number in (-answers.max(axis=(1, 2))).argsort(kind="stable")[:count]]
    wrong = [number for number in asked if not 0 <= number < len(answers)]
    if wrong:
        raise Refusal(f"there is no filter {wrong[0]}: the layer has {len(answers)}, from 0 to {len(answers) - 1}")
    if len(asked) > FILTERS:
        raise Misuse(f"--filters names {len(asked)} filters; at most {FILTERS} are shown")
    return list(asked)
