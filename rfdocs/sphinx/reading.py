"""The directives of the chapters on influence and on reading a network: all take one network or layer a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.family import Entry
from rfdocs.figures import draw
from rfdocs.formats.program import program
from rfdocs.graph import Report
from rfdocs.pages.content import HeadChooser, Influence, InfluenceLayers, Link, Part
from rfdocs.pages.effective_section import spread_sentence
from rfdocs.pages.heads import Head, heads_table
from rfdocs.pages.productive import productive_table
from rfdocs.sphinx.base import LinesDirective, NotShown, title_of
from rfdocs.sphinx.nodes import content_node, paragraph

_CAPTION: OptionSpec = {"caption": directives.unchanged_required}


class InfluenceDirective(LinesDirective):
    """``rf-influence``: how the paths to a unit are spread, for networks and layers to choose from.

    Every line is a network, perhaps with the layer that is shown first.
    """

    option_spec: ClassVar[OptionSpec] = {**_CAPTION, "further": directives.unchanged_required}

    def show(self) -> list[nodes.Node]:
        """The profile of the first network; scripts let a reader choose another, and any of its layers.

        Without scripts, and in print, those of the networks that are named as further ones stand there, too.
        """
        chosen = [(*self.network(line[0]), "".join(line[1:2])) for line in self.lines()]
        networks = tuple([influence_layers(*one) for one in chosen])
        titles = [title_of(self.env, line[0], one) for line, (one, *_) in zip(self.lines(), chosen, strict=True)]
        drawn = [chosen[0][:2], *map(self.network, self.options.get("further", "").split())]
        (drawing, words), *further = [
            (draw("profile", entry.title, report), spread_sentence(entry.title, report)) for entry, report in drawn
        ]
        caption = self.options.get("caption", "")
        return [content_node(Influence(networks, drawing, words, caption, tuple(further))), *_pages(titles)]


def _pages(titles: Sequence[Part]) -> Iterator[nodes.paragraph]:
    """The way to the pages of networks, where any has one."""
    links = [title for title in titles if isinstance(title, Link)]
    if links:
        parts = [part for link in links for part in ("; ", link)][1:]  # titles have commas
        yield paragraph(("The networks' pages: ", *parts, "."))


def influence_layers(entry: Entry, report: Report, first: str) -> InfluenceLayers:
    """A network for a reader to choose from: its layers behind which paths are spread otherwise than before.

    Raises: UnknownLayer.
    """
    chosen = report[first].name if first else report.features.name
    names: dict[object, str] = {}
    for layer in report.maps:
        spread = report.effective(layer.name)[0]
        if spread is not None and layer.inputs:
            key = (spread.deviation, spread.width)
            names[key] = layer.name if layer.name == chosen else names.get(key, layer.name)
    return InfluenceLayers(entry.title, program(entry.network), tuple(names.values()), chosen)


class HeadsDirective(LinesDirective):
    """``rf-heads``: the heads of detectors, and which of them hold an object of a size.

    Every line is a network, a layer, perhaps an input size, and the sizes of its boxes.
    """

    option_spec: ClassVar[OptionSpec] = {**_CAPTION, "object": directives.positive_int}

    def show(self) -> list[nodes.Node]:
        """The controls, which scripts fill, where an object is asked for; and the table."""
        table = heads_table([self._head(line) for line in self.lines()], self.options.get("caption", "Heads"))
        if "object" not in self.options:
            return [content_node(table)]
        chooser = HeadChooser(self.options["object"], "Which head sees an object")
        return [content_node(chooser), content_node(table)]

    def _head(self, line: list[str]) -> Head:
        if len(line) < 2:
            raise NotShown(f"'{' '.join(line)}' should name a network and a layer")
        sizes = [word for word in line[2:] if word.startswith("@")]
        entry, report = self.network(line[0], "".join(sizes[:1]))
        anchors = tuple([word for word in line[2:] if word not in sizes])
        return Head(title_of(self.env, line[0], entry), report, line[1], anchors)


class ProductiveDirective(LinesDirective):
    """``rf-productive``: which layers gain no context; every line is a network, perhaps with an input size."""

    option_spec: ClassVar[OptionSpec] = _CAPTION

    def show(self) -> list[nodes.Node]:
        chosen = [(line[0], *self.network(line[0], "".join(line[1:2]))) for line in self.lines()]
        pairs = [(title_of(self.env, name, entry), report) for name, entry, report in chosen]
        caption = self.options.get("caption", "Layers that gain no context")
        return [content_node(productive_table(pairs, caption))]


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-influence", InfluenceDirective)
    app.add_directive("rf-heads", HeadsDirective)
    app.add_directive("rf-productive", ProductiveDirective)
