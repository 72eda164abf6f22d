"""The directives of the course: windows that slide, and the relations between sizes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.errors import RfdocsError
from rfdocs.figures.animation import PACE, Motion, motion, moving_drawing, still_drawing
from rfdocs.figures.cell_values import Matrix, cell_values
from rfdocs.figures.guide_networks import small_report
from rfdocs.formats.numbers import per_axis
from rfdocs.graph import Report, once
from rfdocs.pages.content import Animation
from rfdocs.pages.relations import RELATIONS, Relation, Setting, relation, setting_text
from rfdocs.sphinx.base import Directive, NotShown, input_size
from rfdocs.sphinx.nodes import content_node

#: What slides: the operations of the format that have a window, and whether they have weights.
OPERATIONS = {"conv": True, "transposed_conv": True, "maxpool": False, "avgpool": False}
#: What is said of a window, by the directive's options; the format has underscores.
_WINDOW = ("kernel", "stride", "padding", "dilation", "output-padding")
_LENGTHS = re.compile(r"\d+(?:\s*[x, ]\s*\d+)*")


def operation(words: str) -> str:
    """One of the operations that slide."""
    return directives.choice(words, tuple(OPERATIONS))


def value(words: str) -> object:
    """A number, a number for each axis (``3 x 2``), a list as the format has it (``[[1, 0]]``), or a word."""
    text = directives.unchanged_required(words).strip()
    if _LENGTHS.fullmatch(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        return numbers[0] if len(numbers) == 1 else numbers
    if not text.startswith("["):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(f"'{text}' is no list") from None


def matrix(words: str) -> Matrix:
    """Whole numbers in rows, with ``/`` between rows: ``1 2 / 3 4``."""
    rows = [row.split() for row in directives.unchanged_required(words).split("/")]
    if not all(re.fullmatch(r"-?\d{1,6}", number) for row in rows for number in row):
        raise ValueError(f"'{words}' should be rows of whole numbers with / between them")
    return tuple([tuple(map(int, row)) for row in rows])


def with_values(shown: Motion, report: Report, options: Mapping[str, Any]) -> Motion:
    """The window with values in its cells, if there are any. Raises: WrongValues, NotShown."""
    if "values" not in options:
        return shown
    kind = options.get("operation", "conv")
    pool = kind if kind.endswith("pool") else ""
    windows = [node.window for node in report.layers[0].axes]
    padded = any(window is None or any(window.padding) for window in windows)
    if kind == "transposed_conv" or (pool and padded):
        raise NotShown("values are shown of convolutions, and of pooling without padding")
    kernel = [len(axis.offsets) for axis in shown.axes]
    values = cell_values(options["values"], options.get("weights", ()), pool, report.input_size, kernel)
    return replace(shown, values=values)


class AnimationDirective(Directive):
    """``rf-animation``: a window that slides over its input, step by step."""

    option_spec: ClassVar[OptionSpec] = {
        "operation": operation,
        "input": input_size,
        **dict.fromkeys(_WINDOW, value),
        "relation": directives.nonnegative_int,
        "values": matrix,
        "weights": matrix,
        "caption": directives.unchanged_required,
    }

    def show(self) -> list[nodes.Node]:
        report = slid(self.options.get("operation", "conv"), self.options)
        shown = with_values(motion(report, report.layers[0]), report, self.options)
        caption = f"{self._caption(report)}: o = {per_axis(report.layers[0].size)}."
        if "caption" in self.options:
            caption = f"{self.options['caption']} {caption}"
        return [content_node(animation(shown, caption))]

    def _caption(self, report: Report) -> str:
        """The numbers, held to the relation that is named. Raises: NotShown, UnknownName."""
        windows = windows_of(report, self.options)
        told = once([window_text(*window) for window in windows], "; ")
        if "relation" not in self.options:
            return told
        named = relation(self.options["relation"])
        for (setting, behind), size in zip(windows, report.layers[0].size, strict=True):
            if behind != setting.p or not named.holds(setting) or named.size(setting) != size:
                raise NotShown(f"relation {named.number} does not give {size} for {window_text(setting, behind)}")
        return f"{told}, relation {named.number}"


def animation(shown: Motion, caption: str) -> Animation:
    """What a page holds of a window that slides."""
    return Animation(moving_drawing(shown), still_drawing(shown), len(shown.steps), PACE, caption)


def slid(kind: str, options: Mapping[str, object]) -> Report:
    """A network of one such layer. Raises: NotShown."""
    if "input" not in options or "kernel" not in options:
        raise NotShown("an input and a kernel are needed")
    words = [f"{name.replace('-', '_')}: {json.dumps(options[name])}" for name in _WINDOW if name in options]
    channels = ["channels: 1"] if OPERATIONS[kind] else []
    size = options["input"]
    assert isinstance(size, (list, tuple))
    try:
        return small_report(tuple(size), ", ".join([f"{kind}: window", *words, *channels]))
    except RfdocsError as error:
        raise NotShown(error.message, error.hint) from None


def windows_of(report: Report, options: Mapping[str, object]) -> list[tuple[Setting, int]]:
    """The window along each axis, as the relations call it, with its padding before the input; and that behind."""
    added = options.get("output-padding", 0)
    each = added if isinstance(added, list) else [added] * len(report.input_size)
    told = []
    for node, length, more in zip(report.layers[0].axes, report.input_size, each, strict=True):
        window = node.window
        assert window is not None
        before, behind = window.padding
        told.append((Setting(length, window.kernel, window.stride, before, window.dilation, more), behind))
    return told


def window_text(setting: Setting, behind: int) -> str:
    """The setting in words, with both paddings where they differ.

    >>> window_text(Setting(i=9, k=2, p=1), 1), window_text(Setting(i=9, k=2, p=1), 0)
    ('i = 9, k = 2, p = 1', 'i = 9, k = 2, p = 1 before and 0 behind')
    """
    both = f"p = {setting.p} before and {behind} behind"
    if behind == setting.p:
        return setting_text(setting)
    return ", ".join([*filter(None, [setting_text(setting._replace(p=0)), both])])


class RelationsDirective(Directive):
    """``rf-relations``: the relations between the sizes of windows, their inputs and what they make."""

    def show(self) -> list[nodes.Node]:
        head = nodes.thead("", _row(*[nodes.Text(text) for text in ("relation", "of", "where", "size")]))
        body = nodes.tbody("", *map(_relation_row, RELATIONS.values()))
        columns = [nodes.colspec(colwidth=width) for width in (9, 34, 26, 46)]
        return [nodes.table("", nodes.tgroup("", *columns, head, body, cols=4))]


def _relation_row(named: Relation) -> nodes.row:
    where = nodes.math("", named.where) if named.where else nodes.Text("always")
    return _row(nodes.Text(str(named.number)), nodes.Text(named.about), where, nodes.math("", named.formula))


def _row(*cells: nodes.Node) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-animation", AnimationDirective)
    app.add_directive("rf-relations", RelationsDirective)
