"""What a file says about its networks, besides their layers."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from typing import Any

from rfdocs.language.expression import is_variable
from rfdocs.language.problems import Place, Places, Problems
from rfdocs.language.source import Items, Mapping, YamlNode, kind, plain_value
from rfdocs.language.values import (
    ANY,
    CHANNELS,
    IDENTIFIER,
    LAYER_PATH,
    NUMBERS,
    SIZE,
    TEXT_RULE,
    URL,
    Attribute,
    Attributes,
    Number,
    choice,
    listed,
    required,
    whole,
)

#: The most variants of one file.
VARIANTS = 64

#: The most inputs of one network.
INPUTS = 16

#: The most samples per second.
RATE = 1 << 30

TASKS = (
    "classification", "segmentation", "detection", "keypoints", "generation", "discrimination", "restoration",
    "super-resolution", "translation", "audio", "sequence", "video", "volume",
)  # fmt: skip

INPUT = Attributes(
    required("channels", whole(1, CHANNELS), "the image's channels"),
    required(
        "size", listed(whole(1, SIZE), 3, single=True), "the nominal size, one number per axis: 1, 2 or 3 of them"
    ),
    Attribute("multiple", whole(1, SIZE), "what every length must be a multiple of, where others are refused", 1),
    Attribute(
        "rate", whole(1, RATE), "samples per second, of one axis of time: lengths are then told in milliseconds, too"
    ),
)
PAPER = Attributes(
    required("title", TEXT_RULE, "the paper's title"),
    required("url", URL, "where it can be read"),
)
IMPLEMENTATION = Attributes(
    required("name", TEXT_RULE, "the implementation whose padding is followed, with its version if that matters"),
    Attribute("symbol", TEXT_RULE, "what to call or import there; `$id` stands for the network's id"),
    Attribute("url", URL, "where its code can be read"),
)
EXPECT = Attributes(
    Attribute("layer", LAYER_PATH, "the layer (or scope) that the facts are about; without it, the whole network"),
    Attribute("input", listed(whole(1, SIZE), 3, single=True), "the input size, if not the nominal one"),
    Attribute("parameters", whole(0, 1 << 50), "learned numbers"),
    Attribute("macs", whole(0, 1 << 60), "multiply-accumulates of convolutions and linear layers, without bias"),
    Attribute("depth", whole(0, 10_000), "layers with weights on the longest path"),
    Attribute("channels", whole(1, CHANNELS), "the layer's channels"),
    Attribute("size", NUMBERS, "the layer's size"),
    Attribute("receptive_field", NUMBERS, "its theoretical field, the largest over the phases"),
    Attribute("receptive_field_min", NUMBERS, "its theoretical field, the smallest over the phases"),
    Attribute("smallest_path", NUMBERS, "its field along the path on which it is smallest"),
    Attribute("jump", NUMBERS, "the distance between its units"),
    Attribute("start", NUMBERS, "the centre of its unit 0; pixel 0 is centred at 0.5"),
    Attribute("effective_padding", NUMBERS, "how far the field of its unit 0 leaves the image"),
    required("source", TEXT_RULE, "where the facts come from: a paper and its table, an implementation, a measurement"),
)
DISPUTE = Attributes(
    required("network", IDENTIFIER, "the network whose figures differ"),
    required("why", TEXT_RULE, "the convention that makes each true"),
)
TAP = Attributes(
    required("layer", LAYER_PATH, "the layer (or scope) whose map people take"),
    Attribute("paper", TEXT_RULE, "what the paper calls it"),
    Attribute("torchvision", TEXT_RULE, "its node in torchvision's model, as its feature extraction asks for it"),
    Attribute("timm", whole(0, 99), "its index among the features of timm's model, as `features_only` counts them"),
)
TASK = choice(*TASKS)

#: The most expectations, disputes, or taps, of one network.
ENTRIES = 100

#: What a network needs beyond ``input`` and ``layers`` to stand in the catalogue.
CATALOGUE_KEYS = ("title", "year", "authors", "paper", "implementation", "tasks")

_DESCRIPTIVE = (
    Attribute("title", TEXT_RULE, "the network's name as people write it"),
    Attribute("year", whole(1960, 2100), "the year in which it was published"),
    Attribute("authors", listed(TEXT_RULE, 40), "the authors, in the paper's order"),
    Attribute("paper", ANY, "the paper: `title` and `url`"),
    Attribute("implementation", ANY, "the implementation whose padding is followed: `name`, `symbol`, `url`"),
    Attribute("tasks", listed(TASK, 8), "what it is for"),
    Attribute("description", TEXT_RULE, "one sentence on what is new in it"),
    Attribute("notes", listed(TEXT_RULE, 20, single=True), "what a reader should know about these figures"),
    Attribute("disputes", ANY, "networks whose figures differ under the same name: `network`, `why`"),
    Attribute("taps", ANY, "maps that people take, and their names elsewhere: `layer`, `paper`, `torchvision`, `timm`"),
    Attribute("unverified", TEXT_RULE, "what could not be verified, and why"),
    Attribute("input", ANY, "the image: `channels` and nominal `size`"),
    Attribute("inputs", ANY, "several images by their names, in place of `input`; layers read them by `from`"),
    Attribute("follow", IDENTIFIER, "which of the `inputs` is followed back to its pixels; the others are given"),
    Attribute("parameters", ANY, "values that the layers use as `$name`"),
    Attribute("expect", ANY, "published or measured facts, each with its source, which `rfdocs check` recomputes"),
    Attribute("layers", ANY, "the layers, first to last"),
)
DOCUMENT = Attributes(
    *_DESCRIPTIVE,
    Attribute("family", TEXT_RULE, "the family's name, if `title` is one variant's"),
    Attribute("blocks", ANY, "blocks of layers that this file uses like operations"),
    Attribute("variants", ANY, "networks of this family by their ids; each says what is different"),
)
VARIANT = Attributes(*_DESCRIPTIVE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Implementation:
    """The implementation that is followed."""

    name: str
    symbol: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """Facts about a layer or the whole network, with their source and where they stand in the file.

    ``places`` holds where each fact stands, and ``layer`` and ``input``.
    """

    facts: abc.Mapping[str, int | tuple[Number, ...]]
    source: str
    layer: str | None
    input_size: tuple[int, ...] | None
    place: Place
    places: Places


@dataclass(frozen=True, slots=True)
class Dispute:
    """Another network of the same name whose figures differ."""

    network: str
    why: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A map that people take: its layer, what it is called elsewhere, and where it stands in the file."""

    layer: str
    names: abc.Mapping[str, str | int]
    place: Place


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of one network besides its layers."""

    title: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()
    paper: Paper | None = None
    implementation: Implementation | None = None
    tasks: tuple[str, ...] = ()
    description: str | None = None
    notes: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    taps: tuple[Tap, ...] = ()
    unverified: str | None = None
    expectations: tuple[Expectation, ...] = ()


def read_mapping(node: YamlNode | None, allowed: str, problems: Problems) -> Mapping | None:
    """The node, if it is a mapping; ``None`` where nothing stands, or where another kind does, which is noted."""
    if node is not None and not isinstance(node, Mapping):
        problems.add(node.place, f"{kind(node)} found; allowed: {allowed}", code="type")
    return node if isinstance(node, Mapping) else None


def read_values(declared: Attributes, node: YamlNode | None, problems: Problems) -> dict[str, Any] | None:
    """The mapping's values as declared; ``None``, with the reasons noted, where they are not what is allowed."""
    mapping = read_mapping(node, f"a mapping of {', '.join(declared.attributes)}", problems)
    if mapping is None:
        return None
    read_later = {name for name, attribute in declared.attributes.items() if attribute.rule is ANY}
    raw = {key: None if key in read_later else plain_value(value) for key, value in mapping.entries.items()}
    values, complaints = declared.check(raw)
    for complaint in complaints:
        place = mapping.place_of(complaint.key, value=complaint.code == "value")
        problems.add(place, complaint.message, complaint.hint, complaint.code)
    return None if complaints else values


def read_description(identifier: str, node: Mapping, values: dict[str, Any], problems: Problems) -> Description:
    """The description that a merged mapping of a network holds."""
    entries = node.entries
    paper = read_values(PAPER, entries.get("paper"), problems)
    implementation = read_values(IMPLEMENTATION, entries.get("implementation"), problems)
    return Description(
        title=values["title"],
        year=values["year"],
        authors=values["authors"] or (),
        paper=None if paper is None else Paper(paper["title"], paper["url"]),
        implementation=None if implementation is None else _read_implementation(identifier, implementation),
        tasks=values["tasks"] or (),
        description=values["description"],
        notes=values["notes"] or (),
        disputes=tuple(Dispute(**dispute) for _, dispute in _read_list(DISPUTE, entries.get("disputes"), problems)),
        taps=_read_taps(entries.get("taps"), problems),
        unverified=values["unverified"],
        expectations=_read_expectations(entries.get("expect"), problems),
    )


def _read_implementation(identifier: str, values: dict[str, Any]) -> Implementation:
    symbol = values["symbol"]
    return Implementation(values["name"], symbol and symbol.replace("$id", identifier), values["url"])


def _read_list(declared: Attributes, node: YamlNode | None, problems: Problems) -> list[tuple[Mapping, dict[str, Any]]]:
    """The mappings of a list with their values, less those that are not what is allowed."""
    if node is None:
        return []
    if not isinstance(node, Items):
        problems.add(node.place, f"{kind(node)} found; allowed: a list of mappings", "begin each with `- `", "type")
        return []
    if len(node.items) > ENTRIES:
        problems.add(node.place, f"{kind(node)} found; at most {ENTRIES} entries are allowed", code="limit")
    pairs = [(item, read_values(declared, item, problems)) for item in node.items[:ENTRIES]]
    return [(item, values) for item, values in pairs if values is not None and isinstance(item, Mapping)]


def _read_taps(node: YamlNode | None, problems: Problems) -> tuple[Tap, ...]:
    taps = []
    for item, values in _read_list(TAP, node, problems):
        names = {key: value for key, value in values.items() if key != "layer" and value is not None}
        taps.append(Tap(values["layer"], names, item.entries["layer"].place))
    return tuple(taps)


#: The keys of an expectation that say what its facts are about and where they are from.
ABOUT = ("layer", "input", "source")


def _read_expectations(node: YamlNode | None, problems: Problems) -> tuple[Expectation, ...]:
    expectations = []
    for item, values in _read_list(EXPECT, node, problems):
        facts = {key: value for key, value in values.items() if value is not None and key not in ABOUT}
        if not facts:
            hint = "add `parameters: ...`, or `layer: ...` with `receptive_field: ...`"
            problems.add(item.place, "an expectation without a fact", hint, "expect")
        places = {key: item.entries[key].place for key in item.entries}
        expectations.append(Expectation(facts, values["source"], values["layer"], values["input"], item.place, places))
    return tuple(expectations)


def read_parameters(node: YamlNode | None, problems: Problems) -> dict[str, Any] | None:
    """The values that the layers may use: numbers, texts and lists of them; ``None`` where it is no mapping."""
    if node is None:
        return {}
    parameters = read_mapping(node, "a mapping of names to values", problems)
    if parameters is None:
        return None
    for name, value in parameters.entries.items():
        if not is_variable(name) or name in ("index", "number", "channels_in"):
            problems.add(
                parameters.keys[name],
                f"'{name}' cannot be a parameter's name",
                "letters, digits and '_'; `index`, `number` and `channels_in` are taken, and words such as `if`",
                "value",
            )
        for mapping in _mappings_in(value):
            problems.add(mapping.place, "a mapping found; allowed: a value or a list of values", code="type")
    return {name: _as_tuples(plain_value(value)) for name, value in parameters.entries.items()}


def _mappings_in(node: YamlNode) -> list[Mapping]:
    """The node itself, or what a list holds, where that is a mapping."""
    if isinstance(node, Items):
        return [mapping for item in node.items for mapping in _mappings_in(item)]
    return [node] if isinstance(node, Mapping) else []


def _as_tuples(value: object) -> object:
    """Lists as tuples; nothing in place of a mapping, which is noted already."""
    if isinstance(value, dict):
        return None
    return tuple([_as_tuples(item) for item in value]) if isinstance(value, list) else value
