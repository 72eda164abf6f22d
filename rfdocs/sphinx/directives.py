"""The directives and roles that any Sphinx project can use, on ids of a catalogue and on its own files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from rfdocs.catalogue.catalogue import Catalogue, UnknownNetwork
from rfdocs.catalogue.family import Entry
from rfdocs.figures import KINDS
from rfdocs.graph import InputError, Report, UnknownLayer
from rfdocs.language.problems import CatalogueError
from rfdocs.pages.content import Code, Content
from rfdocs.pages.layers import UnknownName, columns_for, layer_table
from rfdocs.pages.steps import Step, steps
from rfdocs.pages.units import comparison, every_unit_table, single_figure, unit_table
from rfdocs.report.numbers import by_axis
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.generate import warn
from rfdocs.sphinx.library import Library, file_of
from rfdocs.sphinx.make import picture
from rfdocs.sphinx.nodes import content_node, paragraph

logger = logging.getLogger(__name__)

_SIZE = re.compile(r"[0-9]{1,7}(?:\s*[x×]\s*[0-9]{1,7}){0,2}")


def words(argument: str | None) -> list[str]:
    """An option's words, separated by spaces or commas.

    >>> words("conv1, pool1 conv2")
    ['conv1', 'pool1', 'conv2']
    """
    return re.split(r"[\s,]+", argument.strip(" \n,")) if argument and argument.strip(" \n,") else []


def input_size(argument: str) -> tuple[int, ...]:
    """An input size: one number for all axes, or one per axis.

    >>> input_size("320"), input_size("320x480")
    ((320,), (320, 480))
    """
    text = (argument or "").strip()
    if not _SIZE.fullmatch(text):
        raise ValueError(f"'{text}' is no input size; write 320, or 320x480")
    return tuple(int(part) for part in re.split("[x×]", text))


def places(argument: str) -> tuple[int, ...]:
    """A unit's index, one number per axis.

    >>> places("3, 3")
    (3, 3)
    """
    parts = words((argument or "").strip("()"))
    if not parts or not all(part.isdigit() for part in parts):
        raise ValueError(f"'{argument}' is no index; write one whole number per axis")
    return tuple(map(int, parts))


#: One library for each catalogue, in each process.
_LIBRARIES: dict[Path | None, Library] = {}


class Refusal(Exception):
    """A directive that cannot be shown; what is wrong has been said."""


class NetworkDirective(SphinxDirective):
    """What all directives on one network share: finding it, and saying what is wrong where it stands."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        """The directive's nodes; where it fails, a note in its place and a warning."""
        try:
            with said_here(self.get_location()):
                entry, report = self.network()
                return self.show(entry, report)
        except Refusal as refusal:
            return [unshown(self.name, str(refusal))]

    def show(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """The nodes for an analysed network."""
        raise NotImplementedError

    def network(self) -> tuple[Entry, Report]:
        """The network of the first argument, analysed; the document depends on its file from now on."""
        found = find(self.env, self.arguments[0].split()[0])
        return found[0], found[1].report(found[0], self.options.get("input"))

    def placed(self, content: Content) -> list[nodes.Node]:
        """The content as a node with this directive's name and place."""
        node = content_node(content)
        self.set_source_info(node)
        self.add_name(node)
        return [node]


def find(env: Any, name: str) -> tuple[Entry, Library]:
    """The network of that name for the document that is being read, and the library that holds it.

    The document depends on its file, and on there being none of that id.
    """
    domain, around = domain_of(env), Path(env.doc2path(env.docname)).parent
    folder = domain.known.folder
    library = _LIBRARIES.setdefault(folder, Library(Catalogue(folder)))
    domain.note(env.docname, name)
    if file := file_of(name, around):
        env.note_dependency(file)
    entry, path = library.find(name, around)
    env.note_dependency(path)
    return entry, library


@contextmanager
def said_here(location: str | None) -> Iterator[None]:
    """Turns whatever can be wrong with a name or a file into warnings at a place of the document."""
    try:
        yield
    except CatalogueError as error:
        warn(error.problems, location)
        raise Refusal(f"{len(error.problems)} problems in {error.problems[0].path}") from None
    except (UnknownNetwork, UnknownName) as error:
        hint = f" ({error.hint})" if error.hint else ""
        raise refused(f"{error}{hint}", location) from None
    except (InputError, UnknownLayer) as error:
        raise refused(str(error), location) from None


def refused(text: str, location: str | None) -> Refusal:
    """The refusal of a directive, after it was said as a warning at a place."""
    logger.warning("%s", text, location=location, type="rfdocs", subtype="directive")
    return Refusal(text)


def unshown(name: str, text: str) -> nodes.Node:
    """What stands where something could not be shown."""
    note = nodes.paragraph("", f"{name} shows nothing here: {text}.")
    return nodes.warning("", note)


class TableDirective(NetworkDirective):
    """``rf-table``: the per-layer table of a network."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "layers": words,
        "columns": words,
        "input": input_size,
        "caption": directives.unchanged_required,
        "anchors": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def show(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """The table."""
        caption = self.options.get("caption") or f"{entry.title} on {by_axis(report.input_size)} pixels"
        columns = columns_for(report, self.options.get("columns", ()))
        only: Sequence[str] = self.options.get("layers", ())
        anchor = nodes.make_id(self.options.get("anchors", ""))
        grouped = not only and "columns" not in self.options
        return self.placed(layer_table(report, caption, columns, only=only, anchor=anchor, grouped=grouped))


class FigureDirective(NetworkDirective):
    """``rf-figure``: a drawing of a network; the second argument is its kind."""

    required_arguments = 2
    final_argument_whitespace = False
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "input": input_size,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def show(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """The drawing."""
        kind = self.arguments[1]
        if kind not in KINDS:
            raise UnknownName("figure", kind, KINDS)
        return self.placed(picture(kind, entry.title, report, self.options.get("caption", "")))


class QueryDirective(NetworkDirective):
    """``rf-query``: what one unit of a layer sees; the second argument is the layer."""

    required_arguments = 2
    final_argument_whitespace = False
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "input": input_size,
        "unit": places,
        "every": directives.flag,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def show(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """A table of the unit's fields, one row per axis, by default of the central unit; or of every unit."""
        layer, caption = report[self.arguments[1]], self.options.get("caption", "")
        if "every" in self.options:
            return self.placed(every_unit_table(entry.title, report, self.arguments[1], len(layer.size) - 1, caption))
        index = self.options.get("unit") or tuple((length - 1) // 2 for length in layer.size)
        return self.placed(unit_table(entry.title, report, self.arguments[1], index, caption))


class StepsDirective(NetworkDirective):
    """``rf-steps``: the equations of layers, with their numbers put in."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"layers": words, "input": input_size}

    def show(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """A line with the layer's name, its equations, and what they leave out, for each layer."""
        return [node for step in steps(report, self.options.get("layers", ())) for node in self._step(step)]

    def _step(self, step: Step) -> list[nodes.Node]:
        if not step.equations:
            return [paragraph((Code(step.layer), f": {step.remark}"))]
        equations = nodes.math_block(step.equations, step.equations, nowrap=True, number=None)
        self.set_source_info(equations)
        remark = [paragraph((step.remark,))] if step.remark else []
        return [paragraph((Code(step.layer), ":")), equations, *remark]


class CompareDirective(SphinxDirective):
    """``rf-compare``: one layer each of several networks; every line names network, layer and perhaps ``@size``."""

    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "columns": words,
        "caption": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The table, or a note in its place."""
        try:
            with said_here(self.get_location()):
                chosen = [self._chosen(line) for line in self.content if line.strip()]
                grid = comparison(chosen, self.options.get("columns", ()), self.options.get("caption", "Side by side"))
                return [content_node(grid)]
        except Refusal as refusal:
            return [unshown(self.name, str(refusal))]

    def _chosen(self, line: str) -> tuple[str, Report, str]:
        name, layer, size = (*line.split(), "", "")[:3]
        entry, library = find(self.env, name)
        return entry.title, library.report(entry, size_of(size)), layer


def size_of(word: str) -> tuple[int, ...] | None:
    """The input size of a word such as ``@320``; without one, none. Raises: InputError."""
    if not word:
        return None
    try:
        return input_size(word.removeprefix("@"))
    except ValueError as error:
        raise InputError(str(error)) from None


class FigureRole(SphinxRole):
    """``rf``: one figure of a network in a sentence: ``resnet18 layer4 rf``, or ``resnet18 parameters``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The figure as text."""
        try:
            with said_here(self.get_location()):
                name, *rest = words(self.text) or [""]
                entry, library = find(self.env, name)
                size = size_of(rest.pop() if rest and rest[-1].startswith("@") else "")
                return [nodes.Text(single_figure(library.report(entry, size), rest))], []
        except Refusal as refusal:
            return [nodes.literal("", f"{self.text}: {refusal}")], []


def setup(app: Sphinx) -> None:
    """Registers directives and roles."""
    app.add_directive("rf-table", TableDirective)
    app.add_directive("rf-figure", FigureDirective)
    app.add_directive("rf-query", QueryDirective)
    app.add_directive("rf-steps", StepsDirective)
    app.add_directive("rf-compare", CompareDirective)
    app.add_role("rf", FigureRole())
