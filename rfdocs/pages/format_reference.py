"""The reference of the format, made from the declarations that validate files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rfdocs.language.document import DISPUTE, DOCUMENT, EXPECT, IMPLEMENTATION, INPUT, PAPER, TAP
from rfdocs.language.operations import COMMON, OPERATIONS, Operation
from rfdocs.language.values import ANY, Attribute, Attributes
from rfdocs.pages.content import Bullets, Grid, Group, Heading, InlineCode, Row, Section, Words

_HEADINGS = (
    Heading("key", "key"),
    Heading("meaning", "what it says"),
    Heading("allowed", "allowed"),
    Heading("default", "if left out"),
)
#: The mappings of a file, by what they are called there.
MAPPINGS: Mapping[str, tuple[str, Attributes]] = {
    "file": ("The file itself", DOCUMENT),
    "input": ("`input`", INPUT),
    "paper": ("`paper`", PAPER),
    "implementation": ("`implementation`", IMPLEMENTATION),
    "expect": ("Each item of `expect`", EXPECT),
    "disputes": ("Each item of `disputes`", DISPUTE),
    "taps": ("Each item of `taps`", TAP),
}
#: What stands below the keys whose values have rules of their own.
_SHAPES = {
    **dict.fromkeys(("paper", "implementation", "input"), "a mapping: see below"),
    **dict.fromkeys(("expect", "disputes", "taps"), "a list of mappings: see below"),
    "inputs": "names with mappings like that of `input`",
    "parameters": "names with values",
    "layers": "a list of items",
    "blocks": "names with lists of items",
    "variants": "ids with mappings of what is different",
}


def mapping_table(name: str) -> Grid:
    """The keys of one of the mappings of :data:`MAPPINGS`."""
    title, mapping = MAPPINGS[name]
    return _table(title.replace("`", ""), mapping.attributes.values())


def _table(caption: str, attributes: Iterable[Attribute]) -> Grid:
    return Grid(caption, _HEADINGS, (Group("", tuple(map(_row, attributes))),), "reference")


def _row(attribute: Attribute) -> Row:
    allowed = _SHAPES.get(attribute.name, attribute.rule.allowed) if attribute.rule is ANY else attribute.rule.allowed
    return Row((InlineCode(attribute.name), words_with_code(attribute.description), allowed, _default(attribute)))


def _default(attribute: Attribute) -> str:
    if attribute.required:
        return "required"
    if attribute.default is None:
        return ""
    return str(attribute.default).lower() if isinstance(attribute.default, bool) else str(attribute.default)


def words_with_code(text: str) -> Words:
    """A description with what stands between backticks as names.

    >>> words_with_code("or `same`")
    ('or ', InlineCode(text='same'))
    """
    parts = text.split("`")
    words = [InlineCode(part) if place % 2 else part for place, part in enumerate(parts)]
    return tuple(word for word in words if word)


def operation_sections() -> tuple[Section, ...]:
    """One section for every operation with attributes of its own, and one for all those without."""
    common = {attribute.name for attribute in COMMON}
    own = {name: _own_attributes(operation, common) for name, operation in OPERATIONS.items()}
    plain = [name for name, attributes in own.items() if not attributes]
    detailed = [_operation_section(name, OPERATIONS[name], own[name]) for name in own if own[name]]
    return (*detailed, _plain_section(plain), _common_section())


def _own_attributes(operation: Operation, common: set[str]) -> list[Attribute]:
    return [attribute for attribute in operation.mapping.attributes.values() if attribute.name not in common]


def _operation_section(name: str, operation: Operation, attributes: list[Attribute]) -> Section:
    table = _table(f"Attributes of {name}", attributes)
    return Section(name, f"operation-{name}", (words_with_code(operation.description), table))


def _plain_section(names: Iterable[str]) -> Section:
    items: tuple[Words, ...] = tuple(
        (InlineCode(name), ": ", *words_with_code(OPERATIONS[name].description)) for name in names
    )
    return Section("Without attributes", "operations-without-attributes", (Bullets(items),))


def _common_section() -> Section:
    table = _table("Attributes of every operation", COMMON)
    return Section("What every operation takes", "operations-common", (table,))
