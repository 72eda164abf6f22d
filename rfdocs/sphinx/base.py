"""What all directives and roles share: finding a network, and saying what is wrong where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from rfdocs.catalogue.catalogue import Catalogue
from rfdocs.catalogue.family import Entry, named_file
from rfdocs.errors import RfdocsError, UnknownName
from rfdocs.graph import Report, read_size
from rfdocs.language.problems import CatalogueError
from rfdocs.making.library import Library
from rfdocs.pages.content import Content, Link, Part, To
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.generate import warn
from rfdocs.sphinx.nodes import content_node

logger = logging.getLogger(__name__)

#: One library for each catalogue, in each process.
_LIBRARIES: dict[Path | None, Library] = {}


class NotShown(RfdocsError):
    """What a directive or a role says of its own arguments where it cannot show anything."""


class Directive(SphinxDirective):
    """A directive; where it fails, a note stands in its place, and warnings say why."""

    def run(self) -> list[nodes.Node]:
        """What it shows, or the note."""
        try:
            return self.show()
        except RfdocsError as error:
            note = nodes.paragraph("", f"{self.name} shows nothing here: {_warned_text(error, self.get_location())}.")
            return [nodes.warning("", note)]

    def show(self) -> list[nodes.Node]:
        """What it shows. Raises: RfdocsError."""
        raise NotImplementedError


class NetworkDirective(Directive):
    """A directive on the network that its first argument names."""

    required_arguments = 1
    final_argument_whitespace = True

    def show(self) -> list[nodes.Node]:
        return self.show_network(*named_network(self.env, self.arguments[0].split()[0], self.options.get("input")))

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """What it shows of the analysed network. Raises: RfdocsError."""
        raise NotImplementedError

    def placed(self, content: Content) -> list[nodes.Node]:
        """The content as a node with this directive's name and place."""
        node = content_node(content)
        self.set_source_info(node)
        self.add_name(node)
        return [node]


class LinesDirective(Directive):
    """A directive whose lines each begin with a network."""

    has_content = True

    def lines(self) -> Iterator[list[str]]:
        """The words of every line. Raises: NotShown where there is none."""
        lines = [line.split() for line in self.content if line.strip()]
        if not lines:
            raise NotShown("its lines should name networks")
        yield from lines

    def network(self, name: str, size: str = "") -> tuple[Entry, Report]:
        """A network of a line, with a size such as ``@320``. Raises: RfdocsError."""
        return named_network(self.env, name, size_of(size))


class Role(SphinxRole):
    """A role: words, the last perhaps an input size such as ``@320``, that ask for a value in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The value as text; where there is none, the words and why, and warnings say so."""
        try:
            parts = words(self.text)
            size = last_size(parts)
            return [nodes.Text(self.value(parts, size))], []
        except RfdocsError as error:
            return [nodes.literal("", f"{self.text}: {_warned_text(error, self.get_location())}")], []

    def value(self, parts: Sequence[str], size: Sequence[int] | None) -> str:
        """The value that the words ask for. Raises: RfdocsError."""
        raise NotImplementedError


def _warned_text(error: RfdocsError, location: str | None) -> str:
    """What is wrong, in short, after it was said as warnings at a place of the document."""
    if isinstance(error, CatalogueError):
        warn(error.problems, location)
        return f"{len(error.problems)} problems in {error.problems[0].path}"
    apart = isinstance(error, (UnknownName, NotShown)) and error.hint
    text = f"{error.message} ({error.hint})" if apart else str(error)
    logger.warning("%s", text, location=location, type="rfdocs", subtype="directive")
    return text


def named_network(env: BuildEnvironment, name: str, size: Sequence[int] | None) -> tuple[Entry, Report]:
    """The network of that name for the document that is being read, and its report at an input size.

    The document depends on its file, and on there being none of that id.
    """
    domain, page_folder = domain_of(env), Path(env.doc2path(env.docname)).parent
    folder = domain.catalogue.folder
    library = _LIBRARIES.setdefault(folder, Library(Catalogue(folder)))
    domain.note(env.docname, name)
    if written := named_file(name):
        env.note_dependency(page_folder / written[0])
    entry, path = library.find(name, page_folder)
    env.note_dependency(path)
    return entry, library.report(entry, size)


def title_of(env: BuildEnvironment, name: str, entry: Entry) -> Part:
    """The title of the network of that name, a link to its page where it is one of the generated catalogue."""
    documents = domain_of(env).catalogue.documents
    return Link(entry.title, To.PAGE, documents[name]) if name in documents else entry.title


# -- words ----------------------------------------------------------------------------------------------------


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
    size = None if re.search("[0-9]{8}", text) else read_size(text, int)  # no map is nearly that long
    if size is None:
        raise ValueError(f"'{text}' is no input size; write 320, or 320x480")
    return size


def size_of(word: str) -> tuple[int, ...] | None:
    """The input size of a word such as ``@320``; without one, none. Raises: NotShown."""
    try:
        return input_size(word.removeprefix("@")) if word else None
    except ValueError as error:
        raise NotShown(str(error)) from None


def last_size(parts: list[str]) -> tuple[int, ...] | None:
    """The input size that the last of some words gives, which is taken away; without one, none. Raises: NotShown.

    >>> last_size(parts := ["resnet18", "@320"]), parts
    ((320,), ['resnet18'])
    """
    return size_of(parts.pop()) if parts and parts[-1].startswith("@") else None


def unit_index(argument: str) -> tuple[int, ...]:
    """A unit's index, one number per axis.

    >>> unit_index("3, 3")
    (3, 3)
    """
    parts = words((argument or "").strip("()"))
    if not parts or not all(part.isdigit() for part in parts):
        raise ValueError(f"'{argument}' is no index; write one whole number per axis")
    return tuple(map(int, parts))
