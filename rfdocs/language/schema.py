"""The JSON Schema (draft 2020-12) of the format, made from the declarations that validate a file.

An editor that reads it completes keys and marks wrong ones. It knows what a single file can show: whether a name is
an earlier layer's, or whether channels fit, only ``rfdocs check`` can say. Which blocks a file has no schema can know,
so that what stands for layers is defined twice: in a file without blocks every item has an operation, in one with
blocks an item may have another key in its place.
"""

from __future__ import annotations

from keyword import kwlist
from typing import Any

from rfdocs.language.blocks import STRUCTURE
from rfdocs.language.document import DISPUTE, DOCUMENT, EXPECT, IMPLEMENTATION, INPUT, PAPER, VARIANT, VARIANTS
from rfdocs.language.evaluation import REPEATS
from rfdocs.language.operations import OPERATIONS, Operation
from rfdocs.language.values import IDENTIFIER, LAYER_NAME, LAYER_NAMES, LAYER_PATH, TEXT_RULE, Record, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: The schema's name, and that of its file on the site.
IDENTIFIED = "urn:rfdocs:format"
SCHEMA_FILE = "format.schema.json"

#: A name that expressions can use.
_WORD: Schema = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": {"enum": [*kwlist, "channels_in"]}}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SUBSTITUTION: Schema = {"type": "string", "pattern": r"\$", "description": "a value with `$name` or `$(expression)`"}


def schema() -> Schema:
    """The whole schema: the document at the top, items and operations under ``$defs``."""
    with_blocks = {"properties": {"layers": _layers(WITH_BLOCKS), "variants": _variants(WITH_BLOCKS)}}
    without = {"properties": {"layers": _layers(""), "variants": _variants("")}}
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIED,
        "title": "A family of networks in rfdocs' catalogue",
        **_document(DOCUMENT),
        "allOf": [
            {"if": {"not": {"required": ["variants"]}}, "then": {"required": ["input", "layers"]}},
            {"if": {"required": ["blocks"]}, "then": with_blocks, "else": without},
        ],
        "$defs": {
            "substitution": _SUBSTITUTION,
            "value": _value(),
            "block": _block(),
            **_operations(),
            **_definitions(""),
            **_definitions(WITH_BLOCKS),
        },
    }


#: What is appended to the names of definitions for files with blocks.
WITH_BLOCKS = "-or-block"


def _operations() -> dict[str, Schema]:
    """The operations in which no other layers stand."""
    single = {name: operation for name, operation in OPERATIONS.items() if not operation.several}
    return {_definition(name, ""): _operation(name, operation, "") for name, operation in single.items()}


def _definitions(kind: str) -> dict[str, Schema]:
    """All in which layers stand, for files with blocks or for those without."""
    several = {name: operation for name, operation in OPERATIONS.items() if operation.several}
    branch = [_layers(kind), _branches(kind), _substitutable(LAYER_PATH.schema)]
    return {
        f"layers{kind}": {"type": "array", "items": {"$ref": f"#/$defs/item{kind}"}},
        f"item{kind}": _item(kind),
        f"branch{kind}": {"anyOf": branch},
        f"group{kind}": _group(kind),
        f"for{kind}": _for(kind),
        f"variant{kind}": _variant(kind),
        **{_definition(name, kind): _operation(name, operation, kind) for name, operation in several.items()},
    }


def _layers(kind: str) -> Schema:
    return {"$ref": f"#/$defs/layers{kind}"}


def _document(record: Record) -> Schema:
    """A mapping of a document's keys: those that hold mappings and lists of their own are filled in."""
    made = record.schema()
    parts: dict[str, Schema] = {
        "paper": PAPER.schema(),
        "implementation": IMPLEMENTATION.schema(),
        "input": INPUT.schema(),
        "parameters": _parameters(),
        "expect": {"type": "array", "items": _expectation()},
        "disputes": {"type": "array", "items": DISPUTE.schema()},
        "layers": {"type": "array", "minItems": 1},
        "blocks": {"type": "object", "additionalProperties": {"$ref": "#/$defs/block"}},
        "variants": {"type": "object"},
    }
    made["properties"] = {key: {**parts.get(key, {}), **value} for key, value in made["properties"].items()}
    return made


def _variant(kind: str) -> Schema:
    """What is different in a variant; an empty value takes away what the file says."""
    made = _document(VARIANT)
    made["properties"]["layers"] |= _layers(kind)
    properties = {
        key: {"anyOf": [value, {"type": "null"}], "description": value["description"]}
        for key, value in made["properties"].items()
    }
    return {**made, "type": ["object", "null"], "properties": properties}


def _expectation() -> Schema:
    facts = [{"required": [key]} for key in EXPECT.attributes if key not in {"layer", "input", "source"}]
    return {**EXPECT.schema(), "anyOf": facts}


def _variants(kind: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": VARIANTS,
        "propertyNames": IDENTIFIER.schema,
        "additionalProperties": {"$ref": f"#/$defs/variant{kind}"},
    }


def _parameters() -> Schema:
    return {"type": "object", "propertyNames": _WORD, "additionalProperties": {"$ref": "#/$defs/value"}}


def _value() -> Schema:
    """A parameter's value: a number, a text, or a list of such values."""
    return {"anyOf": [_SCALAR, {"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/value"}}]}


def _block() -> Schema:
    parts = {"layers": _layers(WITH_BLOCKS), "parameters": {**_parameters(), "type": ["object", "null"]}}
    whole = {"type": "object", "properties": parts, "required": ["layers"], "additionalProperties": False}
    return {"anyOf": [_layers(WITH_BLOCKS), whole]}


# -- items ---------------------------------------------------------------------------------------------------------


def _item(kind: str) -> Schema:
    """An item is what its operation's key makes it; without one it uses a block of its file, or is written with a name
    that a substitution makes.
    """
    words = [*OPERATIONS, *STRUCTURE]
    cases: list[Schema] = [
        {"if": {"required": [word]}, "then": {"$ref": f"#/$defs/{_definition(word, kind)}"}} for word in words
    ]
    named = [{"required": [word]} for word in words]
    if kind:
        return {"type": "object", "allOf": [*cases, {"if": {"not": {"anyOf": named}}, "then": _block_use()}]}
    made: Schema = {"not": {"propertyNames": {"not": {"pattern": r"\$"}}}}
    return {"type": "object", "allOf": [*cases, {"anyOf": [*named, made]}]}


def _definition(word: str, kind: str) -> str:
    if word in STRUCTURE:
        return f"{word}{kind}"
    return f"operation-{word}{kind if OPERATIONS[word].several else ''}"


def _operation(name: str, operation: Operation, kind: str) -> Schema:
    made = operation.record.schema()
    properties = {key: _substitutable(value) for key, value in made["properties"].items()}
    title: Schema = _substitutable({**LAYER_NAME.schema, "description": operation.description})
    if operation.several:
        properties["name"] = _substitutable({**LAYER_NAME.schema, "description": "the name, where branches stand here"})
        title["anyOf"].append({"type": "array", "items": {"$ref": f"#/$defs/branch{kind}"}})
    made["properties"] = {name: title, **properties, **_control()}
    made["required"] = [name, *made["required"]]
    return made


def _control() -> dict[str, Schema]:
    return {
        "when": _substitutable(
            {"type": ["boolean", "number", "null"], "description": "whether the item stands at all"}
        ),
        "repeat": _substitutable(
            {
                "type": "integer",
                "minimum": 0,
                "maximum": REPEATS,
                "description": "how often it stands, one after the other",
            }
        ),
        "first": {"type": "object", "description": "attributes that the first repetition has in place of its own"},
    }


def _group(kind: str) -> Schema:
    return _mapping(
        {
            "group": {
                "anyOf": [LAYER_NAME.schema, {"enum": ["", None]}, {"$ref": "#/$defs/substitution"}],
                "description": "the scope of the layers in it; without a name they stay in the scope around it",
            },
            "layers": _layers(kind),
            "from": _substitutable(LAYER_NAMES.schema),
            "note": TEXT_RULE.schema,
            **_control(),
        },
        ["group", "layers"],
    )


def _for(kind: str) -> Schema:
    return _mapping({**_loop(), "layers": _layers(kind)}, ["for", "in", "layers"])


def _branches(kind: str) -> Schema:
    """Branches with a condition or in a loop."""
    return _mapping({**_loop(), "from": _substitutable(LAYER_NAMES.schema), "layers": _layers(kind)}, [])


def _loop() -> dict[str, Schema]:
    return {
        "for": {"anyOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}], "description": "names of a row"},
        "in": {
            "anyOf": [
                {"type": "array", "items": {"$ref": "#/$defs/value"}, "maxItems": REPEATS},
                {"type": "integer", "minimum": 0, "maximum": REPEATS},
                {"$ref": "#/$defs/substitution"},
            ],
            "description": "the rows: a list, or how many",
        },
        "number": {**_WORD, "description": "a name for the row's number, from 1"},
        "when": _control()["when"],
    }


def _block_use() -> Schema:
    """The use of a block of the file: its name as a key, with its arguments."""
    return {"type": "object", "minProperties": 1, "properties": _control()}


def _mapping(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _substitutable(made: Schema) -> Schema:
    """The schema of a value that may also be, or hold, a substitution."""
    given = {key: value for key, value in made.items() if key != "description"}
    choices = [_inside(choice) for choice in given.get("anyOf", [given])]
    described: dict[str, Any] = {"description": made["description"]} if "description" in made else {}
    return {"anyOf": [*choices, {"$ref": "#/$defs/substitution"}], **described}


def _inside(made: Schema) -> Schema:
    return {**made, "items": _substitutable(made["items"])} if "items" in made else made
