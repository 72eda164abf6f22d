"""A window that somebody asks for in words, on a page or at the command line: of words the layer, and how it slides."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.figures.cell_values import CellValues, Matrix, cell_values
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.sliding import Motion, motion
from rfdocs.graph import Report
from rfdocs.language.problems import CatalogueError, Problem

#: What slides: the operations of the format that have a window, and whether they have weights.
OPERATIONS = {"conv": True, "transposed_conv": True, "maxpool": False, "avgpool": False}
#: What is said of a window, as options have it; the format has underscores.
WINDOW = ("kernel", "stride", "padding", "dilation", "output-padding")
_LENGTHS = re.compile(r"\d{1,9}(?:\s*[x, ]\s*\d{1,9})*")


class WrongWindow(RfdocsError):
    """A window that there cannot be."""


@dataclass(frozen=True, slots=True)
class AskedWindow:
    """An operation, its input's size, and its window as the format has it; with ``channels`` these are shown, too.

    ``filters`` is the number of channels that it makes, by default as many; ``groups`` those of a convolution.
    """

    operation: str
    size: tuple[int, ...]
    window: Mapping[str, object]
    channels: int = 0
    filters: int = 0
    groups: int = 1
    values: Matrix = ()
    weights: Matrix = ()

    def report(self) -> Report:
        """A network of one such layer. Raises: WrongWindow."""
        words = [f"{name}: {json.dumps(value)}" for name, value in self.window.items()]
        if OPERATIONS[self.operation]:
            words += [f"channels: {self.filters or self.channels or 1}", f"groups: {self.groups}"]
        elif self.filters not in (0, self.channels) or self.groups != 1:
            raise WrongWindow("a pooling takes every channel for itself", "give channels alone")
        try:
            layer = ", ".join([f"{self.operation}: window", *words])
            return small_report(self.size, layer, channels=self.channels or 1)
        except CatalogueError as error:
            problem = error.problems[0]
            raise WrongWindow(_where_and_what(problem), problem.hint) from None

    def motion(self, report: Report) -> Motion:
        """How it slides. Raises: NothingSlides, WrongWindow, WrongValues."""
        shown = motion(report, report.layers[0], channels=bool(self.channels))
        return replace(shown, values=self._cell_values(report, shown)) if self.values or self.weights else shown

    def _cell_values(self, report: Report, shown: Motion) -> CellValues:
        pool = self.operation if self.operation.endswith("pool") else ""
        windows = [node.window for node in report.layers[0].axes]
        padded = any(window is None or any(window.padding) for window in windows)
        if self.operation == "transposed_conv" or self.channels or (pool and padded):
            raise WrongWindow("values are shown of convolutions of one channel, and of pooling without padding")
        kernel = [len(axis.offsets) for axis in shown.axes]
        return cell_values(self.values, self.weights, pool, report.input_size, kernel)


def _where_and_what(problem: Problem) -> str:
    """What is wrong with a layer that nobody wrote into a file, with the option that it is about."""
    message = problem.message.removeprefix("window: ")
    option = problem.where.rpartition(".")[2].replace("_", "-") if "." in problem.where else ""
    return f"{option}: {message}" if option else message


def asked_window(options: Mapping[str, Any]) -> AskedWindow:
    """What options ask for, by their names. Raises: WrongWindow where what is needed is not there.

    >>> asked_window({"input": (5,), "kernel": 3, "output-padding": None}).window
    {'kernel': 3}
    """
    given = {name: value for name, value in options.items() if value is not None}
    if "input" not in given or "kernel" not in given:
        raise WrongWindow("an input and a kernel are needed")
    window = {name.replace("-", "_"): given[name] for name in WINDOW if name in given}
    others = {name: given[name] for name in ("channels", "filters", "groups", "values", "weights") if name in given}
    if "channels" not in given and ("filters" in given or "groups" in given):
        raise WrongWindow("filters and groups are of channels, and none are given", "say how many channels there are")
    operation = given.get("operation", "conv")
    if "output_padding" in window and operation != "transposed_conv":
        raise WrongWindow("output padding is of transposed convolutions alone", f"{operation} has a padding")
    return AskedWindow(operation, given["input"], window, **others)


def window_value(words: str) -> object:
    """A number, a number for each axis (``3 x 2``), a list as the format has it (``[[1, 0]]``), or a word.

    >>> window_value("3"), window_value("3 x 2"), window_value("[[1, 0]]"), window_value("same")
    (3, [3, 2], [[1, 0]], 'same')
    """
    text = words.strip()
    if _LENGTHS.fullmatch(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        return numbers[0] if len(numbers) == 1 else numbers
    if not text.startswith("["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"'{text}' is no list") from None


def matrix(words: str) -> Matrix:
    """Whole numbers in rows, with ``/`` between rows.

    >>> matrix("1 2 / 3 4")
    ((1, 2), (3, 4))
    """
    rows = [row.split() for row in words.split("/")]
    if not all(re.fullmatch(r"-?\d{1,6}", number) for row in rows for number in row):
        raise ValueError(f"'{words}' should be rows of whole numbers with / between them")
    return tuple([tuple(map(int, row)) for row in rows])
