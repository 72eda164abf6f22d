"""The directives of the course: windows that slide, and the relations between sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.figures.animation import PACE, moving_drawing, still_drawing
from rfdocs.figures.asked_window import OPERATIONS, WINDOW, AskedWindow, asked_window, matrix, window_value
from rfdocs.figures.sliding import Motion
from rfdocs.pages.content import Animation, AnimationForm
from rfdocs.pages.relations import RELATIONS, SLIDING_FORM, TRANSPOSED_FORM, GeneralForm, Relation
from rfdocs.pages.window_caption import (
    SizedWindow,
    channels_caption,
    relation_templates,
    sized_windows,
    window_caption,
)
from rfdocs.sphinx.base import Directive, NotShown, input_size
from rfdocs.sphinx.nodes import content_node

#: What a reader may set in a form, with the least and the most of each.
BOUNDS = {
    "input": (1, 12),
    "kernel": (1, 7),
    "stride": (1, 5),
    "before": (0, 6),
    "behind": (0, 6),
    "dilation": (1, 4),
    "added": (0, 4),
}
#: The operations that a form offers; the poolings slide alike.
OFFERED = ("conv", "transposed_conv", "maxpool")

_ALIKE = "a form changes a window that is the same on all axes, without channels and values"


def operation(words: str) -> str:
    """One of the operations that slide."""
    return directives.choice(words, tuple(OPERATIONS))


def _read(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """What reads an option that must have words."""
    return lambda words: read(directives.unchanged_required(words))


class AnimationDirective(Directive):
    """``rf-animation``: a window that slides over its input, step by step."""

    option_spec: ClassVar[OptionSpec] = {
        "operation": operation,
        "input": input_size,
        **dict.fromkeys(WINDOW, _read(window_value)),
        **dict.fromkeys(("channels", "filters", "groups"), directives.positive_int),
        "relation": directives.nonnegative_int,
        "values": _read(matrix),
        "weights": _read(matrix),
        "form": directives.flag,
        "caption": directives.unchanged_required,
    }

    def show(self) -> list[nodes.Node]:
        asked = asked_window(self.options)
        report = asked.report()
        windows = sized_windows(report)
        told = [window_caption(asked.operation, windows, self.options.get("relation"))]
        told += [channels_caption(report)] if asked.channels else []
        told = [self.options["caption"], *told] if "caption" in self.options else told
        form = form_data(asked, windows) if "form" in self.options else None
        setting = urlencode({} if why_no_form(asked, windows) else form_setting(asked, windows))
        return [content_node(animation(asked.motion(report), " ".join(told), setting, form))]


def animation(shown: Motion, caption: str, setting: str, form: Mapping[str, Any] | None) -> Animation:
    """What a page holds of a window that slides, and of the form by which it is changed, if there is one."""
    drawings = (moving_drawing(shown), still_drawing(shown), len(shown.steps), PACE, caption, setting)
    return Animation(*drawings) if form is None else AnimationForm(*drawings, form)


def form_data(asked: AskedWindow, windows: Sequence[SizedWindow]) -> dict[str, Any]:
    """What the form of a window begins with, its bounds, and the relations. Raises: NotShown."""
    if asked.values or asked.weights:
        raise NotShown(_ALIKE)
    if asked.operation not in OFFERED:
        raise NotShown(f"a form has no {asked.operation}", f"one of {', '.join(OFFERED)}")
    if why := why_no_form(asked, windows):
        raise NotShown(*why)
    return {"first": form_setting(asked, windows), "bounds": BOUNDS, "relations": relation_templates()}


def form_setting(asked: AskedWindow, windows: Sequence[SizedWindow]) -> dict[str, Any]:
    """What stands in the fields of a form that shows a window; one number stands for all axes there."""
    setting, behind, _ = windows[0]
    numbers = (setting.i, setting.k, setting.s, setting.p, behind, setting.d, setting.a)
    return {"operation": _offered(asked.operation), "axes": len(windows), **dict(zip(BOUNDS, numbers, strict=True))}


def _offered(operation: str) -> str:
    """The operation of a form that slides alike."""
    return "maxpool" if operation == "avgpool" else operation


def why_no_form(asked: AskedWindow, windows: Sequence[SizedWindow]) -> tuple[str, str] | None:
    """What is wrong where no form shows such a window, and a hint."""
    if len({window[:2] for window in windows}) > 1 or asked.channels:
        return _ALIKE, ""
    for name, (least, most) in BOUNDS.items():
        if not least <= (value := form_setting(asked, windows)[name]) <= most:
            return f"a form has no {name} of {value}", f"from {least} to {most}"
    return None


class RelationsDirective(Directive):
    """``rf-relations``: the relations between the sizes of windows, their inputs and what they make."""

    def show(self) -> list[nodes.Node]:
        head = nodes.thead("", _row(*[nodes.Text(text) for text in ("relation", "of", "size", "holds where")]))
        rows = [_relation_row(str(one.number), one) for one in RELATIONS.values()]
        rows += [_relation_row("", one) for one in (SLIDING_FORM, TRANSPOSED_FORM)]
        columns = [nodes.colspec(colwidth=width) for width in (9, 34, 46, 26)]
        return [nodes.table("", nodes.tgroup("", *columns, head, nodes.tbody("", *rows), cols=4))]


def _relation_row(number: str, one: Relation | GeneralForm) -> nodes.row:
    where = [nodes.math("", condition) for condition in one.where.split(r",\;")]
    holds = [part for condition in where for part in (nodes.Text(", "), condition)][1:]
    return _row(nodes.Text(number), nodes.Text(one.about), nodes.math("", one.formula), nodes.inline("", "", *holds))


def _row(*cells: nodes.Node) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-animation", AnimationDirective)
    app.add_directive("rf-relations", RelationsDirective)
