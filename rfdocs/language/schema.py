"""The JSON Schema (draft 2020-12) of the format, made from the declarations that validate a file.

An editor that reads it completes keys and marks wrong ones. It knows what a single file can show: whether a name is
an earlier layer's, or whether channels fit, only ``rfdocs check`` can say. Which blocks a file has no schema can know,
so that what stands for layers is defined twice: in a file without blocks every item has an operation, in one with
blocks an item may have another key in its place.
"""

from __future__ import annotations

from keyword import kwlist

from rfdocs.language.blocks import STRUCTURE
from rfdocs.language.document import (
    ABOUT,
    DISPUTE,
    DOCUMENT,
    EXPECT,
    IMPLEMENTATION,
    INPUT,
    INPUTS,
    PAPER,
    TAP,
    VARIANT,
    VARIANTS,
)
from rfdocs.language.evaluation import REPEATS
from rfdocs.language.operations import OPERATIONS, Operation
from rfdocs.language.values import IDENTIFIER, LAYER_NAME, LAYER_NAMES, LAYER_PATH, TEXT_RULE, Attributes, Schema, whole

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: The schema's name, and that of its file on the site.
SCHEMA_ID = "urn:rfdocs:format"
SCHEMA_FILE = "format.schema.json"

#: A name that expressions can use.
_WORD: Schema = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": {"enum": [*kwlist, "channels_in"]}}
_REPETITIONS = whole(0, REPEATS).schema
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SUBSTITUTION: Schema = {"type": "string", "pattern": r"\$", "description": "a value with `$name` or `$(expression)`"}


_INPUT_OR_INPUTS: list[Schema] = [{"required": ["input"]}, {"required": ["inputs"]}]


def schema() -> Schema:
    """The whole schema: the document at the top, items and operations under ``$defs``."""
    with_blocks = {"properties": {"layers": _layers(WITH_BLOCKS), "variants": _variants(WITH_BLOCKS)}}
    without = {"properties": {"layers": _layers(""), "variants": _variants("")}}
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "A family of networks in rfdocs' catalogue",
        **_document(DOCUMENT),
        "allOf": [
            {"if": {"not": {"required": ["variants"]}}, "then": {"required": ["layers"], "oneOf": _INPUT_OR_INPUTS}},
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


def _definitions(suffix: str) -> dict[str, Schema]:
    """All in which layers stand, for files with blocks or for those without."""
    several = {name: operation for name, operation in OPERATIONS.items() if operation.several}
    branch = [_layers(suffix), _branches(suffix), _substitutable(LAYER_PATH.schema)]
    return {
        f"layers{suffix}": {"type": "array", "items": {"$ref": f"#/$defs/item{suffix}"}},
        f"item{suffix}": _item(suffix),
        f"branch{suffix}": {"anyOf": branch},
        f"group{suffix}": _group(suffix),
        f"for{suffix}": _for(suffix),
        f"variant{suffix}": _variant(suffix),
        **{_definition(name, suffix): _operation(name, operation, suffix) for name, operation in several.items()},
    }


def _layers(suffix: str) -> Schema:
    return {"$ref": f"#/$defs/layers{suffix}"}


def _document(declared: Attributes) -> Schema:
    """A mapping of a document's keys: those that hold mappings and lists of their own are filled in."""
    mapping = declared.schema()
    parts: dict[str, Schema] = {
        "paper": PAPER.schema(),
        "implementation": IMPLEMENTATION.schema(),
        "input": INPUT.schema(),
        "inputs": _inputs(),
        "parameters": _parameters(),
        "expect": {"type": "array", "items": _expectation()},
        "disputes": {"type": "array", "items": DISPUTE.schema()},
        "taps": {"type": "array", "items": TAP.schema()},
        "layers": {"type": "array", "minItems": 1},
        "blocks": {"type": "object", "additionalProperties": {"$ref": "#/$defs/block"}},
        "variants": {"type": "object"},
    }
    mapping["properties"] = {key: {**parts.get(key, {}), **value} for key, value in mapping["properties"].items()}
    return mapping


def _variant(suffix: str) -> Schema:
    """What is different in a variant; an empty value takes away what the file says."""
    variant = _document(VARIANT)
    variant["properties"]["layers"] |= _layers(suffix)
    properties = {
        key: {"anyOf": [value, {"type": "null"}], "description": value["description"]}
        for key, value in variant["properties"].items()
    }
    return {**variant, "type": ["object", "null"], "properties": properties}


def _expectation() -> Schema:
    facts = [{"required": [key]} for key in EXPECT.attributes if key not in ABOUT]
    return {**EXPECT.schema(), "anyOf": facts}


def _variants(suffix: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": VARIANTS,
        "propertyNames": IDENTIFIER.schema,
        "additionalProperties": {"$ref": f"#/$defs/variant{suffix}"},
    }


def _inputs() -> Schema:
    names = {"propertyNames": IDENTIFIER.schema, "additionalProperties": INPUT.schema()}
    return {"type": "object", "minProperties": 1, "maxProperties": INPUTS, **names}


def _parameters() -> Schema:
    return {"type": "object", "propertyNames": _WORD, "additionalProperties": {"$ref": "#/$defs/value"}}


def _value() -> Schema:
    """A parameter's value: a number, a text, or a list of such values."""
    return {"anyOf": [_SCALAR, {"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/value"}}]}


def _block() -> Schema:
    parts = {"layers": _layers(WITH_BLOCKS), "parameters": {**_parameters(), "type": ["object", "null"]}}
    return {"anyOf": [_layers(WITH_BLOCKS), _mapping(parts, ["layers"])]}


# -- items ---------------------------------------------------------------------------------------------------------


def _item(suffix: str) -> Schema:
    """An item is what its operation's key makes it; without one it uses a block of its file, or is written with a name
    that a substitution makes.
    """
    words = [*OPERATIONS, *STRUCTURE]
    cases: list[Schema] = [
        {"if": {"required": [word]}, "then": {"$ref": f"#/$defs/{_definition(word, suffix)}"}} for word in words
    ]
    named = [{"required": [word]} for word in words]
    if suffix:
        return {"type": "object", "allOf": [*cases, {"if": {"not": {"anyOf": named}}, "then": _block_use()}]}
    substituted: Schema = {"not": {"propertyNames": {"not": {"pattern": r"\$"}}}}
    return {"type": "object", "allOf": [*cases, {"anyOf": [*named, substituted]}]}


def _definition(word: str, suffix: str) -> str:
    if word in STRUCTURE:
        return f"{word}{suffix}"
    return f"operation-{word}{suffix if OPERATIONS[word].several else ''}"


def _operation(name: str, operation: Operation, suffix: str) -> Schema:
    item = operation.mapping.schema()
    properties = {key: _substitutable(value) for key, value in item["properties"].items()}
    title: Schema = _substitutable({**LAYER_NAME.schema, "description": operation.description})
    if operation.several:
        properties["name"] = _substitutable({**LAYER_NAME.schema, "description": "the name, where branches stand here"})
        title["anyOf"].append({"type": "array", "items": {"$ref": f"#/$defs/branch{suffix}"}})
    item["properties"] = {name: title, **properties, **_control()}
    item["required"] = [name, *item["required"]]
    return item


def _control() -> dict[str, Schema]:
    return {
        "when": _substitutable(
            {"type": ["boolean", "number", "null"], "description": "whether the item stands at all"}
        ),
        "repeat": _substitutable({**_REPETITIONS, "description": "how often it stands, one after the other"}),
        "first": {"type": "object", "description": "attributes that the first repetition has in place of its own"},
    }


def _group(suffix: str) -> Schema:
    return _mapping(
        {
            "group": {
                "anyOf": [LAYER_NAME.schema, {"enum": ["", None]}, {"$ref": "#/$defs/substitution"}],
                "description": "the scope of the layers in it; without a name they stay in the scope around it",
            },
            "layers": _layers(suffix),
            "from": _substitutable(LAYER_NAMES.schema),
            "note": TEXT_RULE.schema,
            **_control(),
        },
        ["group", "layers"],
    )


def _for(suffix: str) -> Schema:
    return _mapping({**_loop(), "layers": _layers(suffix)}, ["for", "in", "layers"])


def _branches(suffix: str) -> Schema:
    """Branches with a condition or in a loop."""
    return _mapping({**_loop(), "from": _substitutable(LAYER_NAMES.schema), "layers": _layers(suffix)}, [])


def _loop() -> dict[str, Schema]:
    return {
        "for": {"anyOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}], "description": "names of a row"},
        "in": {
            "anyOf": [
                {"type": "array", "items": {"$ref": "#/$defs/value"}, "maxItems": REPEATS},
                _REPETITIONS,
                {"$ref": "#/$defs/substitution"},
            ],
            "description": "the rows: a list, or how many",
        },
        "index": {**_WORD, "description": "a name for the row's number, from 0"},
        "number": {**_WORD, "description": "a name for the row's number, from 1"},
        "when": _control()["when"],
    }


def _block_use() -> Schema:
    """The use of a block of the file: its name as a key, with its arguments."""
    return {"type": "object", "minProperties": 1, "properties": _control()}


def _mapping(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _substitutable(value: Schema) -> Schema:
    """The schema of a value that may also be, or hold, a substitution."""
    bare = {key: part for key, part in value.items() if key != "description"}
    choices = [_with_substitutable_items(choice) for choice in bare.get("anyOf", [bare])]
    description: Schema = {"description": value["description"]} if "description" in value else {}
    return {"anyOf": [*choices, {"$ref": "#/$defs/substitution"}], **description}


def _with_substitutable_items(value: Schema) -> Schema:
    return {**value, "items": _substitutable(value["items"])} if "items" in value else value
