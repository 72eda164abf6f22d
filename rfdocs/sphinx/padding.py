"""The directive that shows what every framework makes of one sliding layer."""

from __future__ import annotations

import re
from typing import ClassVar, Literal, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.pages.frameworks import Sliding, SlidLayer, half_padding
from rfdocs.pages.padding_table import padding_calculator
from rfdocs.sphinx.base import Directive, NotShown
from rfdocs.sphinx.course import operation
from rfdocs.sphinx.nodes import content_node

#: The longest map and the largest window that are shown, as in the form.
MOST = 10_000
_RULES = ("same", "valid", "half")


def units(words: str) -> int:
    """A length: 1 to :data:`MOST` units.

    >>> units("224")
    224
    """
    number = directives.nonnegative_int(words)
    if not 1 <= number <= MOST:
        raise ValueError(f"{number} should be 1 to {MOST}")
    return number


def padding_words(words: str) -> str:
    """Padding: a number, two (``1, 2``), or a rule.

    >>> padding_words("1, 2"), padding_words("SAME")
    ('1, 2', 'same')
    """
    text = directives.unchanged_required(words).strip().lower()
    if text not in _RULES and not re.fullmatch(r"\d{1,4}([\s,]+\d{1,4})?", text):
        raise ValueError(f"'{words}' is no padding; write a number, two numbers, {', '.join(_RULES[:-1])} or half")
    return text


def padding_of(words: str, kernel: int, dilation: int) -> tuple[int, int] | Literal["same", "valid"]:
    """The padding that the words say.

    >>> padding_of("1, 2", 3, 1), padding_of("half", 3, 2), padding_of("same", 3, 1)
    ((1, 2), (2, 2), 'same')
    """
    if words == "half":
        return half_padding(kernel, dilation)
    if words in _RULES:
        return cast("Literal['same', 'valid']", words)
    sides = [int(side) for side in re.findall(r"\d+", words)]
    return (sides[0], sides[-1])


class PaddingDirective(Directive):
    """``rf-padding``: what every framework makes of one layer, and a form for any other."""

    option_spec: ClassVar[OptionSpec] = {
        "operation": operation,
        "input": units,
        "kernel": units,
        "stride": units,
        "dilation": units,
        "padding": padding_words,
        "rounded-up": directives.flag,
        "output-padding": directives.nonnegative_int,
        "still": directives.flag,
    }

    def show(self) -> list[nodes.Node]:
        return [content_node(padding_calculator(self._layer(), "still" not in self.options))]

    def _layer(self) -> SlidLayer:
        """The layer. Raises: NotShown."""
        given = self.options
        if "input" not in given or "kernel" not in given:
            raise NotShown("an input and a kernel are needed")
        kernel, dilation = given["kernel"], given.get("dilation", 1)
        padding = padding_of(given.get("padding", "0"), kernel, dilation)
        kind = cast("Sliding", given.get("operation", "conv"))
        if "rounded-up" in given and not kind.endswith("pool"):
            raise NotShown("pooling alone is rounded up")
        if "output-padding" in given and kind != "transposed_conv":
            raise NotShown("a transposed convolution alone has output padding")
        sizes = (given["input"], kernel, given.get("stride", 1), dilation)
        return SlidLayer(kind, *sizes, padding, "rounded-up" in given, given.get("output-padding"))


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("rf-padding", PaddingDirective)
