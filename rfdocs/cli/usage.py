"""The command line's grammar."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from rfdocs import __version__
from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.cli.console import Misuse, say
from rfdocs.formats import COMPARISON_FORMATS, TABLE_FORMATS, TILING_FORMATS
from rfdocs.spelling import near_miss

_DIGITS = 12
#: The most processes that a build may be given.
_JOBS = 1024
_WHOLE = re.compile(r"-?[0-9]+")

FORMATS = ("text", "json")
#: What an animation may show; `rfdocs.figures.asked_window.OPERATIONS`, which is not imported for a grammar.
SLIDING = ("conv", "transposed_conv", "maxpool", "avgpool")

_NETWORK = "an id of the catalogue, or a file: my.yaml, my.yaml:variant"


class Formatter(argparse.HelpFormatter):
    """argparse's own, as wide as the terminal; it would import shutil to ask for that."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_width() - 2)


def _terminal_width() -> int:
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size().columns
    except OSError:
        return 80


class Parser(argparse.ArgumentParser):
    """argparse with near misses; its errors are raised, not printed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=Formatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raises: Misuse."""
        raise Misuse(_shortened(message), f"see `{self.prog} --help`")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Raises: Unwritable."""
        if message:
            say(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            noun = action.metavar or (action.option_strings or [action.dest])[-1]
            raise Misuse(f"there is no {noun} {_shortened(repr(value))}", near_miss(str(value), list(action.choices)))


def _shortened(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def size(text: str) -> tuple[int, ...]:
    """An input size: ``320`` for all axes, ``320x480``, ``8x112x112``.

    >>> size("320x480")
    (320, 480)
    """
    from rfdocs.graph import read_size  # noqa: PLC0415 - only who gives a size needs it

    lengths = read_size(text, _number)
    if lengths is None:
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is not a size such as 320 or 320x480")
    return lengths


def image(text: str) -> tuple[int, ...]:
    """An image's channels and size: ``3x224x224``.

    >>> image("1x16000")
    (1, 16000)
    """
    if not re.fullmatch("[1-9][0-9]*(x[1-9][0-9]*){1,3}", text):
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is no image such as 3x224x224: channels come first")
    return tuple(map(_number, text.split("x")))


def halo(text: str) -> tuple[int, ...]:
    """What is cut off on every side: ``32`` for all axes, or ``32,16``.

    >>> halo("32,16")
    (32, 16)
    """
    if not re.fullmatch("[0-9]+(,[0-9]+){0,2}", text):
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is not a halo such as 32 or 32,16")
    return tuple(map(_number, text.split(",")))


def _number(text: str) -> int:
    if len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is too large: a map has at most {MAP_LENGTH} units")
    return int(text)


def integer(text: str) -> int:
    """A whole number."""
    if not _WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is not a whole number")
    return _number(text)


def chosen(text: str) -> int | tuple[int, ...]:
    """A number of filters or, where there is a comma, the filters themselves.

    >>> chosen("8"), chosen("0,17"), chosen("8,")
    (8, (0, 17), (8,))
    """
    if not re.fullmatch("[0-9]+(,[0-9]+)*,?", text):
        raise argparse.ArgumentTypeError(
            f"{_shortened(text, 40)!r} is no number of filters such as 8, and no list: 0,17"
        )
    listed = tuple([_number(part) for part in text.split(",") if part])
    return listed if "," in text else listed[0]


def numbers(text: str) -> tuple[float, ...]:
    """Numbers with commas between them.

    >>> numbers("0.5,0.25")
    (0.5, 0.25)
    """
    if not re.fullmatch(r"[0-9]{0,6}(\.[0-9]{1,12})?(,[0-9]{0,6}(\.[0-9]{1,12})?)*", text) or ",," in f",{text},":
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is no list of numbers such as 0.485,0.456,0.406")
    return tuple(map(float, text.split(",")))


def count(text: str) -> int:
    """A whole number from 1 on."""
    if integer(text) < 1:
        raise argparse.ArgumentTypeError(f"{_shortened(text, 40)!r} is not 1 or more")
    return integer(text)


def window_value(text: str) -> object:
    """One number of a window, one for each axis, or a list as the format has it.

    >>> window_value("3"), window_value("3x5"), window_value("[[1,0]]")
    (3, [3, 5], [[1, 0]])
    """
    from rfdocs.figures import asked_window  # noqa: PLC0415 - only who draws a window needs it

    return _as_argument(asked_window.window_value, text)


def matrix(text: str) -> object:
    """Rows of whole numbers, with ``/`` between them."""
    from rfdocs.figures import asked_window  # noqa: PLC0415 - only who draws a window needs it

    return _as_argument(asked_window.matrix, text)


def _as_argument(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def job_count(text: str) -> str:
    """A number of processes, or ``auto``: as many as there are processors."""
    if text != "auto" and (not _WHOLE.fullmatch(text) or not 1 <= _number(text) <= _JOBS):
        message = f"{_shortened(text, 40)!r} is not a number of processes from 1 to {_JOBS}, or 'auto'"
        raise argparse.ArgumentTypeError(message)
    return text


def parsed_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, understood. Raises: Misuse; SystemExit after ``--help`` and ``--version``."""
    namespace, rest = grammar().parse_known_args(_meant(sys.argv[1:] if arguments is None else arguments))
    if rest:
        options = [option for option in namespace.parser._option_string_actions if option.startswith("--")]  # noqa: SLF001
        words = [word for word in rest if word.startswith("-")]
        hint = near_miss(words[0].partition("=")[0], options) if words else f"see `{namespace.parser.prog} --help`"
        raise Misuse(f"not understood: {_shortened(' '.join(rest))}", hint)
    return namespace


def _meant(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments, with an animation that is asked for as a figure under its own command.

    >>> _meant(["figure", "animation", "--kernel", "3"]), _meant(["figure", "animation", "growth"])
    (['animation', '--kernel', '3'], ['figure', 'animation', 'growth'])
    """
    asked = list(arguments[:2]) == ["figure", "animation"] and all(word.startswith("-") for word in arguments[2:3])
    return arguments[1:] if asked else arguments


def grammar() -> Parser:
    """The whole grammar: all commands with their arguments and options."""
    top = Parser(prog="rfdocs", description="Receptive fields of convolutional networks, exact.")
    top.add_argument("--version", action="version", version=f"rfdocs {__version__}")
    commands = top.add_subparsers(
        dest="command",
        metavar="command",
        required=True,
        parser_class=Parser,
        prog="rfdocs",  # argparse would import shutil to find it out
    )
    _add_reading_commands(commands)
    _add_catalogue_commands(commands)
    build = _add_command(commands, "build", "build the site")
    build.add_argument("--source", default="site", metavar="FOLDER", help="the site's sources (default: site)")
    build.add_argument("--output", default="build/html", metavar="FOLDER", help="where it is made (build/html)")
    build.add_argument("--jobs", default="auto", metavar="N", type=job_count, help="processes at once (default: auto)")
    return top


def _add_reading_commands(commands: Any) -> None:
    _add_format(_add_command(commands, "list", "all networks of the catalogue"), FORMATS)
    table = _add_network_command(commands, "table", "every layer's size, jump, field, start, parameters, cost")
    _add_format(table, TABLE_FORMATS)
    query = _add_network_command(commands, "query", "the field of one unit, theoretical and visible")
    query.add_argument("layer", metavar="LAYER", help="a layer's name")
    query.add_argument("index", metavar="INDEX", nargs="+", type=integer, help="the unit, one number per axis from 0")
    _add_format(query, FORMATS)
    seen = _add_network_command(commands, "seen-by", "the inverse: which units see one pixel")
    seen.add_argument("layer", metavar="LAYER", help="a layer's name")
    seen.add_argument("pixel", metavar="PIXEL", nargs="+", type=integer, help="the pixel, one number per axis from 0")
    _add_format(seen, FORMATS)
    _add_tile(commands)
    compare = _add_command(commands, "compare", "two to four networks side by side, aligned by jump")
    compare.add_argument("networks", metavar="NETWORK", nargs="+", help=_NETWORK)
    _add_input(compare, "the input size of all, by default its own nominal one of each: 320, 320x480")
    _add_format(compare, COMPARISON_FORMATS)
    figure = _add_network_command(commands, "figure", "one figure as SVG")
    figure.add_argument("kind", metavar="KIND", help="which figure; a wrong one is answered with the list")
    _add_output(figure)
    _add_animation(commands)
    _add_patches(commands)


def _add_animation(commands: Any) -> None:
    animation = _add_command(commands, "animation", "a window that slides over its input, as SVG that moves")
    animation.add_argument("--operation", choices=SLIDING, default="conv", help="what slides (default: conv)")
    animation.add_argument("--input", type=size, metavar="SIZE", required=True, help="the input's size: 5, 5x5, 4x4x4")
    for name, meaning in (
        ("kernel", "its units: 3, or 3x5 with one number per axis"),
        ("stride", "how far it moves"),
        ("padding", "cells at either end: 1, or [[1,0]] with a pair per axis"),
        ("dilation", "how far apart its taps are"),
        ("output-padding", "units added at the end of a transposed convolution"),
    ):
        animation.add_argument(f"--{name}", type=window_value, metavar="N", required=name == "kernel", help=meaning)
    for name, meaning in (
        ("channels", "channels of the input, which are drawn then"),
        ("filters", "channels of the output (default: as many)"),
        ("groups", "groups that the channels are dealt into"),
    ):
        animation.add_argument(f"--{name}", type=count, metavar="N", help=meaning)
    animation.add_argument("--values", type=matrix, metavar="ROWS", help="numbers in the input's cells: '1 2 / 3 4'")
    animation.add_argument("--weights", type=matrix, metavar="ROWS", help="numbers of the window, likewise")
    animation.add_argument("--still", action="store_true", help="a strip of stills in place of what moves")
    _add_output(animation)


def _add_output(command: Parser) -> None:
    command.add_argument(
        "-o", "--output", metavar="FILE.svg", required=True, help="where it is written; - is standard output"
    )


def _add_patches(commands: Any) -> None:
    patches = _add_network_command(commands, "patches", "what a layer answers to an image, with your own weights")
    patches.add_argument("layer", metavar="LAYER", help="a layer's name")
    patches.add_argument("--weights", metavar="FILE", required=True, help="the weights: .npz or .safetensors")
    patches.add_argument("--image", metavar="FILE", required=True, help="the image: PNG or JPEG")
    patches.add_argument(
        "--key", metavar="LAYER=NAME", action="append", default=[], help="what the file calls a layer: conv1=features.0"
    )
    patches.add_argument(
        "--filters", metavar="N", type=chosen, default=8, help="how many filters, or which: 0,17 (default: 8)"
    )
    patches.add_argument("--best", metavar="K", type=integer, default=8, help="how many patches of each (default: 8)")
    for name, what in (("mean", "what is taken from"), ("std", "what then divides")):
        patches.add_argument(f"--{name}", metavar="NUMBERS", type=numbers, help=f"{what} the colours, from 0 to 1")
    patches.add_argument("-o", "--output", metavar="FILE", help="a picture of it all: .svg or .png")


def _add_tile(commands: Any) -> None:
    tile = _add_network_command(commands, "tile", "how to cut a large image into tiles, exactly")
    tile.add_argument("layer", metavar="LAYER", nargs="?", help="a layer's name (default: the last map)")
    tile.add_argument(
        "--tile", type=size, metavar="SIZE", help="a tile's size (default: one that keeps half of itself)"
    )
    tile.add_argument("--rate", type=integer, metavar="HZ", help="samples per second: lengths in milliseconds, too")
    tile.add_argument("--check", type=halo, metavar="HALO", help="whether a halo is enough, in pixels: 32, or 32,16")
    tile.add_argument("--list", action="store_true", help="every tile of the input: what to crop, what to keep, where")
    _add_format(tile, TILING_FORMATS)


def _add_catalogue_commands(commands: Any) -> None:
    check = _add_command(commands, "check", "validate files; without FILE the whole catalogue")
    check.add_argument("files", metavar="FILE", nargs="*", help="a file, or a folder of files")
    _add_import(commands)
    new = _add_command(commands, "new", "a commented skeleton for a contribution")
    new.add_argument("identifier", metavar="ID", help="the network's id, such as lenet-5")
    _add_command(commands, "schema", "the JSON Schema of the format")


def _add_import(commands: Any) -> None:
    read = _add_command(commands, "import", "a model of PyTorch, ONNX or Keras as a file, held against the model")
    read.add_argument(
        "source", metavar="SOURCE", help="timm.create_model('resnet50d'), my_package.nets:build, net.onnx, net.keras"
    )
    read.add_argument("--input", type=image, metavar="IMAGE", help="channels and size, by default its own: 3x224x224")
    read.add_argument("--id", metavar="ID", help="the network's id, by default from SOURCE")
    read.add_argument("--title", metavar="TITLE", help="what it is called, by default its id")
    read.add_argument("--flat", action="store_true", help="one item a layer, without blocks and repetitions")
    read.add_argument("--no-verify", action="store_true", help="do not hold it against the model")
    read.add_argument(
        "--allow-opaque", action="store_true", help="what is not understood as layers that may read the whole map"
    )
    read.add_argument("-o", "--output", metavar="FILE.yaml", help="where it is written; by default standard output")


def _add_command(commands: Any, name: str, description: str) -> Parser:
    parser: Parser = commands.add_parser(
        name, help=description, description=f"{description[0].upper()}{description[1:]}."
    )
    parser.set_defaults(parser=parser)
    return parser


def _add_network_command(commands: Any, name: str, description: str) -> Parser:
    parser = _add_command(commands, name, description)
    parser.add_argument("network", metavar="NETWORK", help=_NETWORK)
    _add_input(parser, "the input size: 320, 320x480, 8x112x112")
    return parser


def _add_input(command: Parser, meaning: str) -> None:
    command.add_argument("--input", type=size, metavar="SIZE", help=meaning)


def _add_format(command: Parser, formats: Sequence[str]) -> None:
    command.add_argument("--format", choices=formats, default="text", help="(default: text)")
