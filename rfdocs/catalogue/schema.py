"""The JSON Schema (draft 2020-12) of the format, made from the declarations that validate a file.

An editor that reads it completes keys and marks wrong ones. It knows what a single file can show: whether a name is
an earlier layer's, or whether channels fit, only ``rfdocs check`` can say.
"""

from __future__ import annotations

from typing import Any

from rfdocs.catalogue.blocks import STRUCTURE
from rfdocs.catalogue.document import DISPUTE, DOCUMENT, EXPECT, IMPLEMENTATION, INPUT, PAPER, VARIANT
from rfdocs.catalogue.evaluation import REPEATS
from rfdocs.catalogue.family import VARIANTS
from rfdocs.catalogue.operations import OPERATIONS, Operation
from rfdocs.catalogue.values import IDENTIFIER, LAYER_NAME, LAYER_NAMES, LAYER_PATH, TEXT_RULE, Record, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORD = "^[^\\W\\d]\\w*$"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SUBSTITUTION: Schema = {"type": "string", "pattern": r"\$", "description": "a value with `$name` or `$(expression)`"}


def schema() -> Schema:
    """The whole schema: the document at the top, items and operations under ``$defs``."""
    return {
        "$schema": DIALECT,
        "title": "A family of networks in rfdocs' catalogue",
        **_document(DOCUMENT),
        "if": {"not": {"required": ["variants"]}},
        "then": {"required": ["input", "layers"]},
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Schema]:
    operations = {_definition(name): _operation(name, operation) for name, operation in OPERATIONS.items()}
    return {
        "substitution": _SUBSTITUTION,
        "layers": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        "item": _item(),
        "branch": {"anyOf": [{"$ref": "#/$defs/layers"}, _branches(), _substitutable(LAYER_PATH.schema)]},
        "group": _group(),
        "for": _for(),
        "block-use": _block_use(),
        "value": _value(),
        "block": _block(),
        "variant": _variant(),
        **operations,
    }


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
        "layers": {"$ref": "#/$defs/layers", "minItems": 1},
        "blocks": {"type": "object", "additionalProperties": {"$ref": "#/$defs/block"}},
        "variants": _variants(),
    }
    made["properties"] = {key: {**parts.get(key, {}), **value} for key, value in made["properties"].items()}
    return made


def _variant() -> Schema:
    """What is different in a variant; an empty value takes away what the file says."""
    made = _document(VARIANT)
    properties = {
        key: {"anyOf": [value, {"type": "null"}], "description": value["description"]}
        for key, value in made["properties"].items()
    }
    return {**made, "type": ["object", "null"], "properties": properties}


def _expectation() -> Schema:
    facts = [{"required": [key]} for key in EXPECT.attributes if key not in {"layer", "input", "source"}]
    return {**EXPECT.schema(), "anyOf": facts}


def _variants() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": VARIANTS,
        "propertyNames": IDENTIFIER.schema,
        "additionalProperties": {"$ref": "#/$defs/variant"},
    }


def _parameters() -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": _WORD},
        "additionalProperties": {"$ref": "#/$defs/value"},
    }


def _value() -> Schema:
    """A parameter's value: a number, a text, or a list of such values."""
    return {"anyOf": [_SCALAR, {"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/value"}}]}


def _block() -> Schema:
    parts = {"layers": {"$ref": "#/$defs/layers"}, "parameters": {**_parameters(), "type": ["object", "null"]}}
    whole = {"type": "object", "properties": parts, "required": ["layers"], "additionalProperties": False}
    return {"anyOf": [{"$ref": "#/$defs/layers"}, whole]}


# -- items ---------------------------------------------------------------------------------------------------------


def _item() -> Schema:
    """An item is what its operation's key makes it; without one it uses a block of its file."""
    words = [*OPERATIONS, *STRUCTURE]
    cases: list[Schema] = [
        {"if": {"required": [word]}, "then": {"$ref": f"#/$defs/{_definition(word)}"}} for word in words
    ]
    named = {"anyOf": [{"required": [word]} for word in words]}
    return {"type": "object", "allOf": [*cases, {"if": {"not": named}, "then": {"$ref": "#/$defs/block-use"}}]}


def _definition(word: str) -> str:
    return word if word in STRUCTURE else f"operation-{word}"


def _operation(name: str, operation: Operation) -> Schema:
    made = operation.record.schema()
    properties = {key: _substitutable(value) for key, value in made["properties"].items()}
    title: Schema = _substitutable({**LAYER_NAME.schema, "description": operation.description})
    if operation.several:
        properties["name"] = _substitutable({**LAYER_NAME.schema, "description": "the name, where branches stand here"})
        title["anyOf"].append({"type": "array", "items": {"$ref": "#/$defs/branch"}})
    made["properties"] = {name: title, **properties, **_control()}
    made["required"] = [name, *made["required"]]
    return made


def _control() -> dict[str, Schema]:
    return {
        "when": _substitutable(
            {
                "type": ["boolean", "number", "null"],
                "description": "whether the item stands at all",
            }
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


def _group() -> Schema:
    return _mapping(
        {
            "group": {
                "anyOf": [LAYER_NAME.schema, {"enum": ["", None]}, {"$ref": "#/$defs/substitution"}],
                "description": "the scope of the layers in it; without a name they stay in the scope around it",
            },
            "layers": {"$ref": "#/$defs/layers"},
            "from": _substitutable(LAYER_NAMES.schema),
            "note": TEXT_RULE.schema,
            **_control(),
        },
        ["group", "layers"],
    )


def _for() -> Schema:
    return _mapping({**_loop(), "layers": {"$ref": "#/$defs/layers"}}, ["for", "in", "layers"])


def _branches() -> Schema:
    """Branches with a condition or in a loop."""
    return _mapping({**_loop(), "from": _substitutable(LAYER_NAMES.schema), "layers": {"$ref": "#/$defs/layers"}}, [])


def _loop() -> dict[str, Schema]:
    word = {"type": "string", "pattern": _WORD}
    return {
        "for": {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}], "description": "names of a row"},
        "in": {
            "anyOf": [
                {"type": "array", "items": {"$ref": "#/$defs/value"}, "maxItems": REPEATS},
                {"type": "integer", "minimum": 0, "maximum": REPEATS},
                {"$ref": "#/$defs/substitution"},
            ],
            "description": "the rows: a list, or how many",
        },
        "number": {**word, "description": "a name for the row's number, from 1"},
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
