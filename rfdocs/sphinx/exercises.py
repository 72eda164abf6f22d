"""The directives of exercises, whose answers are computed, and of a course as one page that is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from posixpath import dirname, join, normpath
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import OptionSpec

from rfdocs.errors import UnknownName
from rfdocs.formats.numbers import text_number
from rfdocs.graph import once
from rfdocs.graph.tiling import AxisTiling
from rfdocs.pages.content import Exercise, Printed
from rfdocs.pages.phrases import unit_value
from rfdocs.pages.unit_tables import single_value
from rfdocs.sphinx.base import Directive, NotShown, last_size, named_network, words
from rfdocs.sphinx.nodes import content_node, rf_solution
from rfdocs.sphinx.printed import PRINTED

#: What an answer may ask of a tiling.
_TILED: dict[str, Callable[[AxisTiling], int]] = {
    "context": lambda axis: max(axis.context),
    "context_any_cut": lambda axis: max(axis.context_any_cut),
    "discard_on_grid": lambda axis: max(axis.discard_on_grid),
    "grid": lambda axis: axis.grid,
}
_COMPARED = re.compile(r"\s+([<=>])\s+")
_NUMBER = re.compile(r"[-−]?[\d,]+(?:\.\d+|/[\d,]+)?")


def answer_to(env: BuildEnvironment, text: str) -> str:
    """What an expression comes to: a value, or yes or no where it compares two. Raises: RfdocsError."""
    one, *more = _COMPARED.split(text.strip())
    if not more:
        return value_of(env, one)
    if len(more) > 2:
        raise NotShown(f"'{text}' compares more than two values")
    return "yes" if _holds(_exact(value_of(env, one)), more[0], _exact(value_of(env, more[1]))) else "no"


def value_of(env: BuildEnvironment, text: str) -> str:
    """A number as it stands, or the value of a layer, of a network, of a unit, or of a tiling. Raises: RfdocsError."""
    if _NUMBER.fullmatch(text):
        return text
    parts = words(text)
    size = last_size(parts)
    if not parts:
        raise NotShown("an answer is needed", "write a network, a layer and a figure, as in the role rf")
    if parts[0] == "tiling":
        return _tiled_value(env, parts[1:], size)
    report = named_network(env, parts[0], size)[1]
    if len(parts) < 4:
        return single_value(report, parts[1:])
    _, layer, *index, key = parts
    if not all(place.isdigit() for place in index):
        raise NotShown(f"'{text}' should name a network, a layer, a unit's index and a figure")
    return unit_value(report, layer, [int(place) for place in index], key)


def _tiled_value(env: BuildEnvironment, parts: list[str], size: tuple[int, ...] | None) -> str:
    if len(parts) != 3:
        raise NotShown("the answer on a tiling should name a network, a layer and a figure")
    name, layer, key = parts
    if key not in _TILED:
        raise UnknownName("figure of a tiling", key, _TILED)
    axes = named_network(env, name, size)[1].tiling(layer).axes
    return once([text_number(_TILED[key](axis)) for axis in axes], " × ")


def _holds(one: Fraction, sign: str, other: Fraction) -> bool:
    if sign == "=":
        return one == other
    return one < other if sign == "<" else one > other


def _exact(text: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        raise NotShown(f"'{text}' is not one number, and cannot be compared")
    return Fraction(text.replace(",", "").replace("−", "-"))


def alternatives(text: str) -> tuple[str, ...]:
    """The choices between bars.

    >>> alternatives("16 | 212 | 404")
    ('16', '212', '404')
    """
    return tuple(filter(None, (choice.strip() for choice in directives.unchanged_required(text).split("|"))))


def ordered(choices: Iterable[str]) -> tuple[str, ...]:
    """The choices, each once, in an order that does not tell which is right: numbers by size, words by their letters.

    >>> ordered(["404", "16", "212", "16"]), ordered(["no", "yes"])
    (('16', '212', '404'), ('no', 'yes'))
    """
    each = tuple(dict.fromkeys(choices))
    return tuple(sorted(each, key=_exact) if all(map(_NUMBER.fullmatch, each)) else sorted(each))


class ExerciseDirective(Directive):
    """``rf-exercise``: a question, the first paragraph of the content, with an answer that is computed and checked.

    What stands behind the question is shown with the answer.
    """

    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "answer": directives.unchanged_required,
        "choices": alternatives,
        "recipe": directives.unchanged_required,
        "hint": directives.unchanged_required,
        "unit": directives.unchanged_required,
    }

    def show(self) -> list[nodes.Node]:
        right = answer_to(self.env, self.options.get("answer", ""))
        if not self.content:
            raise NotShown("an exercise needs a question", "write it as the first paragraph of its content")
        number = self.env.new_serialno("rf-exercise") + 1
        question, *explained = self.parse_content_to_nodes()
        name = f"Exercise {number}"
        if isinstance(question, nodes.paragraph):
            question[:0] = [nodes.strong("", f"{name}."), nodes.Text(" ")]
        asked = content_node(self._asked(right, name))
        shown = [question, asked, rf_solution("", self._told(right), *explained)]
        exercise = nodes.container("", *shown, classes=["rf-exercise"], ids=[nodes.make_id(name)])
        self.set_source_info(exercise)
        return [exercise]

    def _asked(self, right: str, name: str) -> Exercise:
        choices: tuple[str, ...] = self.options.get("choices", ("yes", "no") if right in ("yes", "no") else ())
        if choices and right not in choices:
            choices = (*choices, right)
        recipe, hint, unit = (self.options.get(key, "") for key in ("recipe", "hint", "unit"))
        return Exercise(ordered(choices), recipe, hint, unit, name)

    def _told(self, right: str) -> nodes.paragraph:
        """The answer, and what the wrong recipe gives."""
        unit = f" {self.options['unit']}" if "unit" in self.options else ""
        recipe = f" The recipe gives {self.options['recipe']}." if "recipe" in self.options else ""
        value = nodes.strong("", right, classes=["rf-value"])
        return nodes.paragraph("", "", value, nodes.Text(f"{unit}.{recipe}"), classes=["rf-answer"])


class PrintDirective(Directive):
    """``rf-print``: a document and all below it in its table of contents, as one page that can be printed.

    That page says nothing that others don't, so that searches need not find it.
    """

    required_arguments = 1

    def show(self) -> list[nodes.Node]:
        root = normpath(join("/", dirname(self.env.docname), self.arguments[0]))[1:]
        if root not in self.env.found_docs or root == self.env.docname:
            raise NotShown(f"there is no other document '{self.arguments[0]}'")
        self.env.metadata[self.env.docname].update({PRINTED: root, "orphan": "", "nosearch": ""})
        return [content_node(Printed(root))]


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-exercise", ExerciseDirective)
    app.add_directive("rf-print", PrintDirective)
