"""One file: a network, or a family of variants that share it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rfdocs.errors import reason
from rfdocs.graph import (
    IMAGE_NAME,
    InputError,
    Network,
    NetworkError,
    Report,
    Spend,
    checked_size,
    nearest_sizes_text,
    size_text,
    uncounted,
)
from rfdocs.language.assembly import Expansion, ExplicitItem
from rfdocs.language.blocks import Block, read_blocks
from rfdocs.language.document import (
    CATALOGUE_KEYS,
    DOCUMENT,
    VARIANT,
    VARIANTS,
    Description,
    read_description,
    read_mapping,
    read_parameters,
    read_values,
)
from rfdocs.language.expand import Expander
from rfdocs.language.inputs import Inputs, note_unread, read_inputs, variants_by_input
from rfdocs.language.problems import START, CatalogueError, Place, Places, Problem, Problems, TooManyProblems
from rfdocs.language.source import BYTES, Mapping, Scalar, is_null, read_document, value_count
from rfdocs.language.values import IDENTIFIER, Refused
from rfdocs.language.work import Exhausted, Work
from rfdocs.spelling import near_miss

#: How the files of networks are called.
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, repr=False)
class Entry:
    """One network of the catalogue: its description and its layers.

    ``path`` is its file, ``family`` the id of the file; ``places`` says where each layer stands there, and the input;
    ``items`` are its layers, each as an item of a file without loops and blocks.
    ``by_file`` says that it was asked for as a file, so that its lines mean something to whoever asks.
    """

    identifier: str
    family: str
    family_title: str
    path: str
    description: Description
    network: Network
    places: Places
    items: tuple[ExplicitItem, ...] = ()
    by_file: bool = False

    def __repr__(self) -> str:
        return f"<Entry {self.identifier}: {self.title}>"

    @property
    def title(self) -> str:
        """The network's name as people write it, or its id."""
        return self.description.title or self.identifier

    def analyze(self, input_size: Sequence[int] | int | None = None, spend: Spend = uncounted) -> Report:
        """The figures of all layers at an input size (one number stands for all axes), by default the nominal one.

        ``spend`` is told of the steps that it takes, and may stop it.
        Raises: InputError where the size is impossible, or refused by a layer; its hint names the nearest sizes that it
        takes. CatalogueError, with the layer's line, where that is the nominal size, or where a file was asked for.
        """
        try:
            return Report(self.network, input_size, spend)
        except NetworkError as error:
            size = None if input_size is None else checked_size(self.network, input_size)
            hint = error.hint or ("" if size is None else nearest_sizes_text(self.network, size, spend))
            if self.by_file or input_size is None:
                place = self.places.get(error.layer, START)
                raise CatalogueError([place.problem(self.path, error.message, hint, "analysis")]) from None
            message = f"{self.identifier} does not take {size_text(input_size)}: {error.message}"
            raise InputError(message, hint) from None


class Family:
    """A file that was read: its ids are known, its networks are expanded when asked for; ``most`` is how many bytes it
    may have.
    """

    def __init__(self, path: str, stem: str, text: bytes, most: int = BYTES) -> None:
        self.path = path
        self.stem = stem
        self.problems = Problems(path)
        self.blocks: dict[str, Block] = {}
        self.value_count = 0
        self.document = self._read(text, most)

    def _read(self, text: bytes, most: int) -> Mapping | None:
        try:
            document = read_document(text, self.problems, most)
            if document is not None:
                self.value_count = value_count(document)
                self._check_document(document)
        except TooManyProblems:
            return None
        return document

    @cached_property
    def identifiers(self) -> tuple[str, ...]:
        """The ids of the file's networks: its variants, or the file's own name."""
        variants = self._variants
        return (self.stem,) if variants is None else tuple(variants.entries)

    @property
    def title(self) -> str:
        """The family's title."""
        for key in ("family", "title"):
            node = self.document.entries.get(key) if self.document else None
            if isinstance(node, Scalar) and isinstance(node.value, str):
                return " ".join(node.value.split())
        return self.stem

    def identifier_of(self, variant: str) -> str:
        """The id of a variant, or, where none is named, of the file's only network. Raises: CatalogueError."""
        if not self.identifiers:
            self.problems.raise_if_any()
        if variant and variant not in self.identifiers:
            raise self._variant_error(f"there is no variant '{variant}'", near_miss(variant, self.identifiers))
        if not variant and len(self.identifiers) > 1:
            listed = self.document is not None and "variants" in self.document.entries
            what = "variants" if listed else "networks, one for each input"
            message = f"the file has {len(self.identifiers)} {what}: {', '.join(self.identifiers)}"
            raise self._variant_error(message, f"name one: '{self.path}:{self.identifiers[0]}'")
        return variant or self.identifiers[0]

    def _variant_error(self, message: str, hint: str) -> CatalogueError:
        return CatalogueError([Problem(self.path, 1, 1, "variants", message, hint, "variant")])

    def entry(self, identifier: str) -> Entry:
        """One network of the file. Raises: CatalogueError with all problems of the file's frame and this network."""
        problems = Problems(self.path)
        entry = self._read_entry(identifier, problems, Work())
        if entry is None or self.problems:
            raise CatalogueError((problems.noted | self.problems.noted).values())
        return entry

    def entries(self) -> list[Entry]:
        """All networks of the file. Raises: CatalogueError with all problems of all of them."""
        entries, problems = self.entries_and_problems()
        if problems:
            raise CatalogueError(problems)
        return entries

    def entries_and_problems(self) -> tuple[list[Entry], list[Problem]]:
        """The networks of the file that are whole, and the problems of all of them."""
        entries: list[Entry] = []
        noted, hints, work = dict(self.problems.noted), self.problems.hints, Work()
        for identifier in self.identifiers:
            problems = Problems(self.path, hints)
            entry = self._read_entry(identifier, problems, work)
            noted, hints = problems.noted | noted, problems.hints
            if entry is not None:
                entries.append(entry)
            if work.exhausted:
                break
        return entries, sorted(noted.values())

    def place(self, identifier: str) -> Place:
        """Where a network begins: at its variant's id, or at the file's first line."""
        variants = self._variants
        return START if variants is None else variants.keys[identifier]

    def place_of(self, identifier: str, key: str) -> Place:
        """Where a key of a network stands: in its variant, in the file, or, if in neither, where the network begins."""
        variants = self._variants
        own = variants.entries[identifier] if variants else None
        for node in (own, self.document):
            if isinstance(node, Mapping) and key in node.entries:
                return node.entries[key].place
        return self.place(identifier)

    @property
    def _variants(self) -> Mapping | None:
        if self.document is None:
            return None
        node = self.document.entries.get("variants")
        return node if isinstance(node, Mapping) else variants_by_input(self.stem, self.document)

    def _check_document(self, document: Mapping) -> None:
        read_values(DOCUMENT, document, self.problems)
        variants = read_mapping(document.entries.get("variants"), "a mapping of ids to variants", self.problems)
        blocks = read_mapping(document.entries.get("blocks"), "a mapping of names to blocks", self.problems)
        self.blocks = read_blocks(blocks, self.problems)
        if variants is not None:
            self._check_variants(variants)

    def _check_variants(self, variants: Mapping) -> None:
        if not 1 <= len(variants.entries) <= VARIANTS:
            message = f"{len(variants.entries)} variants found; allowed: 1 to {VARIANTS}"
            self.problems.add(variants.place, message, code="limit")
        for identifier in variants.entries:
            try:
                IDENTIFIER.check(identifier)
            except Refused as refused:
                self.problems.add(
                    variants.keys[identifier], refused.message, "this id becomes a file's name", "identifier"
                )

    def _read_entry(self, identifier: str, problems: Problems, work: Work) -> Entry | None:
        """One network, if nothing is wrong with it."""
        try:
            work.spend(self.value_count)
            return None if self.document is None else self._expanded_entry(identifier, problems, work)
        except TooManyProblems:
            return None
        except Exhausted:
            message = f"more than {work.most} steps to unfold the file's networks up to this one"
            with suppress(TooManyProblems):
                problems.add(self.place(identifier), message, "use several files", "limit")
            return None

    def _expanded_entry(self, identifier: str, problems: Problems, work: Work) -> Entry | None:
        merged = self._merged(identifier, problems)
        if merged is None:
            return None
        values = read_values(VARIANT, merged.without("blocks", "family", "variants"), problems)
        description = read_description(identifier, merged, values or VARIANT.defaults, problems)
        inputs = read_inputs(merged, problems)
        expansion = None if inputs is None else self._expansion(merged, inputs, problems, work)
        if problems or inputs is None or expansion is None:
            return None
        image = inputs.followed
        taken = [(str(name), tap.layer) for tap in description.taps for name in tap.names.values()]
        names = taken if image.name == IMAGE_NAME else [*taken, (image.name, IMAGE_NAME)]
        multiple, rate = image.values["multiple"], image.values["rate"]
        network = Network(identifier, image.channels, image.size, expansion.layers, multiple, rate, tuple(names))
        places, items = expansion.places, expansion.items
        return Entry(identifier, self.stem, self.title, self.path, description, network, places, items)

    def _expansion(self, merged: Mapping, inputs: Inputs, problems: Problems, work: Work) -> Expansion | None:
        """The layers of a merged mapping; ``None`` where it has none, or no parameters to expand them with."""
        layers = merged.entries.get("layers")
        parameters = read_parameters(merged.entries.get("parameters"), problems)
        if layers is None:
            problems.add(merged.place, "'layers' is missing", "add `layers: [...]`", "missing")
        if layers is None or parameters is None:
            return None
        image = inputs.followed
        expander = Expander(problems, len(image.size), image.channels, self.blocks, work, inputs)
        expansion = expander.expand(layers, parameters)
        if not expansion.layers and not problems:
            hint = "add `- {conv: conv1, kernel: 3, ...}`"
            problems.add(layers.place, "the network has no layers", hint, "missing")
        if not problems:
            note_unread(inputs, expansion, problems)
        places = {IMAGE_NAME: inputs.followed.place, **expansion.places}
        return replace(expansion, places=places)

    def _merged(self, identifier: str, problems: Problems) -> Mapping | None:
        """The file's keys with the variant's in their place, less those that it leaves empty.

        Parameters are merged one by one.
        """
        assert self.document is not None
        if self._variants is None:
            return self.document
        node = self._variants.entries[identifier]
        common = self.document.without("variants")
        if is_null(node):
            return common
        variant = read_mapping(node, "a mapping", problems)
        if variant is None:
            return None
        emptied = [key for key, node in variant.entries.items() if key in VARIANT.attributes and is_null(node)]
        common, variant = common.without(*emptied), variant.without(*emptied)
        read_values(VARIANT, variant, problems)
        merged = variant.over(common)
        return replace(merged, entries={**merged.entries, **_merged_parameters(common, variant)})


def _merged_parameters(common: Mapping, variant: Mapping) -> dict[str, Mapping]:
    first, second = common.entries.get("parameters"), variant.entries.get("parameters")
    if not isinstance(first, Mapping) or not isinstance(second, Mapping):
        return {}
    return {"parameters": second.over(first)}


def named_file(name: str) -> tuple[Path, str] | None:
    """The file and the variant, perhaps none, that a name of a network means; ``None`` where it is an id.

    >>> path, variant = named_file("nets/my.yaml:small")
    >>> path.as_posix(), variant, named_file("resnet50")
    ('nets/my.yaml', 'small', None)
    """
    path, _, variant = name.rpartition(":")
    if path.endswith(ENDINGS):
        return Path(path), variant
    return (Path(name), "") if name.endswith(ENDINGS) else None


def read_family(path: Path, shown: str | None = None) -> Family:
    """The family in a file; ``shown`` is the path for messages. Raises: CatalogueError if it cannot be opened."""
    name = shown or str(path)
    try:
        with path.open("rb") as file:
            text = file.read(BYTES + 1)
    except (OSError, ValueError) as error:
        raise CatalogueError([START.problem(name, f"it cannot be read: {reason(error)}", code="file")]) from None
    return Family(name, path.stem, text)


def missing_keys(description: Description) -> list[str]:
    """The keys that a network of the catalogue needs and that this one lacks."""
    return [key for key in CATALOGUE_KEYS if not getattr(description, key)]
