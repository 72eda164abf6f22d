"""The kinds of value that a file may hold: for each, one check and its JSON Schema.

A declaration of attributes made of these rules is the single source of the validation, of the schema and of the
format's reference page. (pydantic would serve too; importing it takes longer than a whole ``rfdocs table``.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from rfdocs.errors import Hint, RfdocsError
from rfdocs.language.letters import HIDDEN, hidden_letter
from rfdocs.language.source import kind
from rfdocs.language.synonyms import attribute_synonym, is_attribute, value_synonym
from rfdocs.spelling import LISTED, all_of, did_you_mean, near_miss, nearest

#: The limits of attributes.
WINDOW = 1 << 16
CHANNELS = 1 << 20
SIZE = 1 << 20
TEXT = 2000
#: The largest whole number that is taken as a name.
NAME_NUMBER = 10**9
#: The most unknown keys of one mapping for which a near miss is looked for.
NEAR_MISSES = 20
#: The most letters of a text that a hint repeats.
LETTERS_REPEATED = 200

#: Keys of an item that shape the file rather than the network.
CONTROL = ("when", "repeat", "first")

#: A number, or one per axis. Pairs are ``[before, after]``.
SpatialValue = int | tuple[int, ...]
PaddingValue = int | str | tuple[int | tuple[int, int], ...]
Number = int | Fraction

PADDING_RULES = ("same", "same_upper", "same_lower", "valid")

Schema = dict[str, Any]


class Refused(RfdocsError, ValueError):
    """A value that is not what its rule allows."""

    def __init__(self, value: object, allowed: str, hint: str = "", inside: bool = False) -> None:
        super().__init__(f"{kind(value)} found{' in a list' if inside else ''}; allowed: {allowed}", hint)


class Rule(NamedTuple):
    """What a value must be: a check that returns it in canonical form or raises :class:`Refused`, and its schema."""

    check: Callable[[Any], Any]
    schema: Schema
    allowed: str


def is_whole(value: object, least: int, most: int) -> bool:
    """Whether a value is a whole number (not a boolean) within bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def whole(least: int, most: int) -> Rule:
    """A whole number from ``least`` to ``most``.

    >>> whole(1, 9).check(3)
    3
    """
    allowed = f"a whole number from {least} to {most}"

    def check(value: Any) -> int:
        if not is_whole(value, least, most):
            raise Refused(value, allowed)
        return int(value)

    return Rule(check, {"type": "integer", "minimum": least, "maximum": most}, allowed)


def _list_schema(items: Schema, most: int = 3) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


def _refusal(value: Any, is_right: Callable[[Any], bool], allowed: str) -> Refused:
    """The refusal of a value or, where it is a list that is not too long, of the first part in it that is not right."""
    wrong = value
    while isinstance(wrong, (list, tuple)) and len(wrong) <= 3 and not all(map(is_right, wrong)):
        wrong = next(part for part in wrong if not is_right(part))
    return Refused(wrong, allowed, _axes_hint(wrong), inside=wrong is not value)


def _axes_hint(value: Any) -> str:
    """How a size or a window that stands as a text, such as 3x3, is written."""
    sides = re.split("[x×*, ]+", value) if isinstance(value, str) else []
    return f"write `[{', '.join(sides)}]`" if 2 <= len(sides) <= 3 and all(map(_SIDE.fullmatch, sides)) else ""


_SIDE = re.compile("[1-9][0-9]{0,6}")


def _per_axis(is_right: Callable[[Any], bool], canonical: Callable[[Any], Any], schema: Schema, allowed: str) -> Rule:
    """A value for all axes, or a list with one per axis."""

    def check(value: Any) -> Any:
        if is_right(value):
            return canonical(value)
        if isinstance(value, (list, tuple)) and 1 <= len(value) <= 3 and all(map(is_right, value)):
            return tuple(map(canonical, value))
        raise _refusal(value, is_right, allowed)

    return Rule(check, {"anyOf": [schema, _list_schema(schema)]}, allowed)


def spatial(least: int, most: int = WINDOW) -> Rule:
    """A whole number for all axes, or a list with one per axis."""
    one = whole(least, most)
    allowed = f"{one.allowed}, or a list with one per axis"
    return _per_axis(partial(is_whole, least=least, most=most), int, one.schema, allowed)


#: The largest factor of a resampling, and one over the smallest.
FACTOR = 1024


def _is_factor(value: Any) -> bool:
    if isinstance(value, str):
        return _RATIO.fullmatch(value) is not None
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool) and 1 <= value * FACTOR <= FACTOR**2


def _plain_number(value: Number | str) -> Number:
    """The number, a whole one as an integer."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


_RATIO = re.compile("[1-9][0-9]{0,2}/[1-9][0-9]{0,2}")
_FACTOR_SCHEMA: Schema = {
    "type": ["number", "string"], "minimum": 1 / FACTOR, "maximum": FACTOR, "pattern": f"^(?:{_RATIO.pattern})$",
}  # fmt: skip
FACTORS = _per_axis(
    _is_factor,
    _plain_number,
    _FACTOR_SCHEMA,
    f"a number from 1/{FACTOR} to {FACTOR} such as 2 or 1.5, a fraction of numbers below 1000 such as 1/3, or a list"
    " with one per axis",
)


def padding(rules: tuple[str, ...] = PADDING_RULES, least: int = -WINDOW) -> Rule:
    """A padding: a number, one per axis, a ``[before, after]`` pair per axis, or a rule's name."""
    allowed = f"a whole number from {least} to {WINDOW}, a list with one per axis, a list of [before, after] pairs"
    allowed += " per axis" + (f", {', '.join(rules)}" if rules else "")

    def check(value: Any) -> PaddingValue:
        if is_whole(value, least, WINDOW) or (isinstance(value, str) and value in rules):
            return value  # type: ignore[no-any-return]
        if isinstance(value, (list, tuple)) and 1 <= len(value) <= 3:
            sides = tuple(_sides(item, least) for item in value)
            if None not in sides:
                return sides  # type: ignore[return-value]
        if isinstance(value, str) and rules:
            raise Refused(value, allowed, _word_hint(value, rules) or _axes_hint(value))
        raise _refusal(value, lambda part: _sides(part, least) is not None, allowed)

    one = whole(least, WINDOW).schema
    pair = {"type": "array", "items": one, "minItems": 2, "maxItems": 2}
    words: list[Schema] = [{"enum": list(rules)}] if rules else []
    return Rule(check, {"anyOf": [one, _list_schema({"anyOf": [one, pair]}), *words]}, allowed)


def _sides(value: Any, least: int) -> int | tuple[int, int] | None:
    if is_whole(value, least, WINDOW):
        return int(value)
    if isinstance(value, (list, tuple)) and len(value) == 2 and all(is_whole(v, least, WINDOW) for v in value):
        return (value[0], value[1])
    return None


def _word_hint(value: str, allowed: Sequence[str]) -> str:
    """How a word is written that means one of those that are allowed, or is spelt like it."""
    return value_synonym(value, allowed).hint or did_you_mean(nearest(value, allowed))


def choice(*words: str | bool) -> Rule:
    """One of some words."""
    texts = [str(word).lower() if isinstance(word, bool) else word for word in words]
    allowed = ", ".join(texts)

    def check(value: Any) -> str | bool:
        if isinstance(value, (str, bool)) and any(value is word or value == word for word in words):
            return value
        flag = _FLAG_HINTS.get(value) if isinstance(value, str) and True in words else None
        raise Refused(value, allowed, flag or (_word_hint(value, texts) if isinstance(value, str) else ""))

    return Rule(check, {"enum": list(words)}, allowed)


def _axis(value: Any) -> str | bool:
    if is_whole(value, -SIZE, SIZE):
        hint = "write its name, `axis: width`, or leave it out: `concat` joins channels then"
        raise Refused(value, _AXIS_NAME.allowed, hint)
    return _AXIS_NAME.check(value)  # type: ignore[no-any-return]


_AXIS_NAME = choice("length", "depth", "height", "width")
#: An axis by its name.
AXIS = _AXIS_NAME._replace(check=_axis)


#: What switches off by value what is otherwise left out.
OFF = ("none", False)


def optional(*words: str) -> Rule:
    """One of some words, or that there is none: `none` and `false` are as if it were left out.

    >>> rule = optional("relu")
    >>> rule.check("relu"), rule.check("none"), rule.check(False)
    ('relu', None, None)
    """
    rule = choice(*words, *OFF)
    return rule._replace(check=lambda value: None if (word := rule.check(value)) in OFF else word)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(value, "true or false", _FLAG_HINTS.get(value, "") if isinstance(value, str) else "")
    return value


#: Words that older YAML takes for truth values.
_FLAG_HINTS = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "y", "Y"), "write `true`"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "n", "N"), "write `false`"),
}
FLAG = Rule(_flag, {"type": "boolean"}, "true or false")


def matching(pattern: str, allowed: str, most: int) -> Rule:
    """A text of a given form and at most ``most`` letters; a whole number is taken as text."""
    form = re.compile(pattern)
    schema = {"type": ["string", "integer"], "pattern": f"^(?:{pattern})$", "maxLength": most}

    def check(value: Any) -> str:
        text = str(value) if is_whole(value, 0, NAME_NUMBER) else value
        if not isinstance(text, str) or len(text) > most or not form.fullmatch(text):
            raise Refused(value, allowed)
        return text

    return Rule(check, schema | {"minimum": 0, "maximum": NAME_NUMBER}, allowed)


#: The most letters of the name of a layer or scope, with the scopes around it.
PATH = 200
#: A layer's own name may be a whole path: what is imported flat has no scopes around it.
LAYER_NAME = matching(
    "[A-Za-z0-9_][A-Za-z0-9_.-]*", f"letters, digits, '_' and, not first, '-' and '.', {PATH} characters at most", PATH
)
LAYER_PATH = matching("[A-Za-z0-9_.-]+", "the name of an earlier layer", PATH)
IDENTIFIER = matching(
    "[a-z0-9]+([-_][a-z0-9]+)*", "lower-case letters and digits, joined by '-' or '_', 80 characters at most", 80
)


def bare_identifier(identifier: str) -> str:
    """An id without what people write or leave out: two ids that are the same without it are one to a reader.

    >>> bare_identifier("resnet-50"), bare_identifier("regnet_x_1_6gf")
    ('resnet50', 'regnetx1_6gf')
    """
    return re.sub("(?<![0-9])[-_]|[-_](?![0-9])", "", identifier.lower())


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        quotable = isinstance(value, (int, Fraction))
        raise Refused(value, "a text", "put quotes around it" if quotable else "")
    if len(value) > TEXT:
        raise Refused(value, f"a text of at most {TEXT} characters")
    if letter := hidden_letter(value):
        raise Refused(value, "a text without control characters and invisible letters", f"take out {letter}")
    return " ".join(value.split())


TEXT_RULE = Rule(_text, {"type": "string", "maxLength": TEXT, "pattern": r"\S", "not": {"pattern": HIDDEN}}, "a text")

_URL = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(:[0-9]{1,5})?(/[^\s<>\"'`\\{}|^]*)?")


def _url(value: Any) -> str:
    if not isinstance(value, str) or not _URL.fullmatch(value) or len(value) > 500:
        raise Refused(value, "an https:// address")
    return value


URL = Rule(
    _url,
    {"type": "string", "format": "uri", "pattern": f"^(?:{_URL.pattern})$", "maxLength": 500},
    "an https:// address",
)


def listed(rule: Rule, most: int, single: bool = False) -> Rule:
    """A list of values of a rule; with ``single``, also a single value."""
    allowed = f"{rule.allowed}, or a list of such" if single else f"a list, each {rule.allowed}"

    def check(value: Any) -> tuple[Any, ...]:
        if single and not isinstance(value, (list, tuple)):
            try:
                return (rule.check(value),)
            except Refused as refused:
                raise Refused(value, allowed, refused.hint or _axes_hint(value)) from None
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= most:
            short = isinstance(value, str) and 0 < len(value.strip()) <= LETTERS_REPEATED
            hint = f"write `[{value}]`" if short else ""
            raise Refused(value, f"a list of 1 to {most}, each {rule.allowed}", hint)
        return tuple(rule.check(item) for item in value)

    many = _list_schema(rule.schema, most)
    return Rule(check, {"anyOf": [rule.schema, many]} if single else many, allowed)


LAYER_NAMES = listed(LAYER_PATH, 64, single=True)


def _size_or_layer(value: Any) -> SpatialValue | str:
    if isinstance(value, str):
        return str(LAYER_NAME.check(value))
    return spatial(1, SIZE).check(value)  # type: ignore[no-any-return]


SIZE_OR_LAYER = Rule(
    _size_or_layer,
    {"anyOf": [*spatial(1, SIZE).schema["anyOf"], {**LAYER_NAME.schema, "type": "string"}]},
    "a whole number, a list with one per axis, or the name of an earlier layer",
)


def _number(value: Any) -> Number:
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return Fraction(value)
    raise Refused(value, "a number or a fraction such as 1/3")


_FRACTION = re.compile("-?[0-9]{1,15}/[1-9][0-9]{0,9}")
NUMBERS = listed(
    Rule(
        _number,
        {"type": ["number", "string"], "pattern": f"^(?:{_FRACTION.pattern})$"},
        "a number or a fraction such as 1/3",
    ),
    3,
    single=True,
)

#: Anything: checked later, where it is used.
ANY = Rule(lambda value: value, {}, "anything")


class Attribute(NamedTuple):
    """One key of a mapping: its rule, what it means, and its value where it is left out."""

    name: str
    rule: Rule
    description: str
    default: Any = None
    required: bool = False


class Complaint(NamedTuple):
    """What is wrong with one key of a mapping."""

    key: str
    message: str
    hint: Hint
    code: str


class Attributes:
    """The keys that a mapping may have."""

    def __init__(self, *attributes: Attribute) -> None:
        self.attributes = {attribute.name: attribute for attribute in attributes}
        self.defaults = {attribute.name: attribute.default for attribute in attributes}

    def check(self, given: Mapping[str, Any], keywords: tuple[str, ...] = ()) -> tuple[dict[str, Any], list[Complaint]]:
        """The values with defaults filled in, and what is wrong with them; ``keywords`` begin items of their own."""
        values = dict(self.defaults)
        unknown = [key for key in given if key not in self.attributes]
        complaints = [self._unknown_key(key, keywords) for key in unknown]
        for key, value in given.items():
            if key not in self.attributes:
                continue
            try:
                values[key] = self.attributes[key].rule.check(value)
            except Refused as refused:
                complaints.append(Complaint(key, refused.message, refused.hint, "value"))
        missing = [attribute for name, attribute in self.attributes.items() if attribute.required and name not in given]
        meant = {self.meant(key) for key in unknown[:NEAR_MISSES]} if missing else set()
        complaints.extend([_missing_key(attribute) for attribute in missing if attribute.name not in meant])
        return values, complaints

    def _unknown_key(self, key: str, keywords: tuple[str, ...]) -> Complaint:
        return Complaint(key, f"'{key}' is not known here", partial(self._hint, key, keywords), "unknown-key")

    def meant(self, key: str) -> str:
        """The attribute that another word for it, or a word spelt like it, means; nothing where there is none."""
        return attribute_synonym(key, self.attributes).target or nearest(key, [*self.attributes])

    def _hint(self, key: str, keywords: tuple[str, ...]) -> str:
        """How an unknown key is mended: the attribute that it means, why there is none, or all that there are."""
        if key in keywords:
            return f"'{key}' begins an item of its own"
        allowed = [*self.attributes, *(CONTROL if keywords else ())]
        if hint := attribute_synonym(key, allowed).hint:
            return hint
        near = "" if is_attribute(key) else nearest(key, [*allowed, *keywords])
        if near in keywords and near not in allowed:
            return f"{did_you_mean(near)} It begins an item of its own"
        return near_miss(key, allowed) if near else all_of(sorted(self.attributes), LISTED)

    def schema(self) -> Schema:
        """The JSON Schema of such a mapping."""
        return {
            "type": "object",
            "properties": {
                name: {**attribute.rule.schema, "description": attribute.description}
                for name, attribute in self.attributes.items()
            },
            "required": [name for name, attribute in self.attributes.items() if attribute.required],
            "additionalProperties": False,
        }


def _missing_key(attribute: Attribute) -> Complaint:
    message = f"'{attribute.name}' is missing; allowed: {attribute.rule.allowed}"
    return Complaint("", message, f"add `{attribute.name}: ...`: {attribute.description}", "missing")


def required(name: str, rule: Rule, description: str) -> Attribute:
    """An attribute that must be given."""
    return Attribute(name, rule, description, None, True)
