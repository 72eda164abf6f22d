"""What a network reads: one image, or several by name, of which one is followed and the others are given."""

from __future__ import annotations

from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rfdocs.graph import AXES, IMAGE_NAME, size_text
from rfdocs.language.assembly import Expansion
from rfdocs.language.document import INPUT, INPUTS, read_mapping, read_values
from rfdocs.language.problems import Place, Problems
from rfdocs.language.source import Items, Mapping, Scalar, YamlNode
from rfdocs.language.values import IDENTIFIER, Refused
from rfdocs.spelling import near_miss


class NamedInput(NamedTuple):
    """One input: its name, what is said of it, and where."""

    name: str
    values: abc.Mapping[str, Any]
    place: Place

    @property
    def channels(self) -> int:
        """Its channels."""
        return int(self.values["channels"])

    @property
    def size(self) -> tuple[int, ...]:
        """Its nominal size. Unit: pixels."""
        return tuple(self.values["size"])


@dataclass(frozen=True, slots=True)
class Inputs:
    """The input that is followed, and the others."""

    followed: NamedInput
    given: tuple[NamedInput, ...] = ()


def variants_by_input(stem: str, document: Mapping) -> Mapping | None:
    """For each of several inputs a variant that follows it; ``None`` where the file has variants, or says itself which
    input is followed.
    """
    inputs = document.entries.get("inputs")
    if (
        not isinstance(inputs, Mapping)
        or len(inputs.entries) < 2
        or not {"follow", "variants"}.isdisjoint(document.entries)
    ):
        return None
    entries: dict[str, YamlNode] = {
        f"{stem}-{name}": Mapping({"follow": Scalar(name, place)}, {"follow": place}, place)
        for name, place in inputs.keys.items()
    }
    return Mapping(entries, {f"{stem}-{name}": place for name, place in inputs.keys.items()}, inputs.place)


def read_inputs(merged: Mapping, problems: Problems) -> Inputs | None:
    """The inputs of a network; ``None`` where not even their names can be told. In place of one that is not valid,
    which is noted, stands another, so that the layers' problems are found in the same run.
    """
    entries = merged.entries
    if "inputs" in entries:
        if "input" in entries:
            hint = "leave one out; in a variant write it without a value"
            problems.add(merged.keys["input"], "both 'input' and 'inputs' found", hint, "inputs")
        return _read_several(merged, problems)
    if "follow" in entries:
        hint = "name the images: `inputs: {search: {...}, template: {...}}`"
        problems.add(merged.keys["follow"], "'follow' stands without 'inputs'", hint, "missing")
    if "input" not in entries:
        hint = "add `input: {channels: 3, size: [224, 224]}`"
        problems.add(merged.place, "'input' is missing", hint, "missing")
    return Inputs(_read_input(IMAGE_NAME, entries.get("input"), merged.place_of("input", value=False), problems))


def _read_several(merged: Mapping, problems: Problems) -> Inputs | None:
    node = read_mapping(merged.entries["inputs"], "a mapping of names to images", problems)
    if node is None:
        return None
    if not 1 <= len(node.entries) <= INPUTS:
        message = f"{len(node.entries)} inputs found; allowed: 1 to {INPUTS}"
        problems.add(merged.keys["inputs"], message, code="limit")
        return None
    for name in node.entries:
        try:
            IDENTIFIER.check(name)
        except Refused as refused:
            problems.add(node.keys[name], refused.message, "this name becomes part of an id", "identifier")
    named = [_read_input(name, own, node.keys[name], problems) for name, own in node.entries.items()]
    _check_axes(named, problems)
    followed = _followed(merged, named, problems)
    return Inputs(followed, tuple([one for one in named if one is not followed]))


def _followed(merged: Mapping, named: Sequence[NamedInput], problems: Problems) -> NamedInput:
    """The input that is followed; the first where nothing valid says which, which is noted."""
    names = [one.name for one in named]
    node = merged.entries.get("follow")
    if node is None:
        if len(named) > 1:
            message = f"'follow' is missing; allowed: {', '.join(names)}"
            hint = f"add `follow: {names[0]}`: the input whose pixels the fields are told in"
            problems.add(merged.place, message, hint, "missing")
        return named[0]
    value = str(node.value) if isinstance(node, Scalar) else ""
    if value in names:
        return named[names.index(value)]
    if isinstance(node, Scalar):
        problems.add(node.place, f"there is no input '{value}'", near_miss(value, names), "value")
    return named[0]


def _check_axes(named: Sequence[NamedInput], problems: Problems) -> None:
    first = named[0]
    for other in named[1:]:
        if len(other.size) != len(first.size):
            message = f"'{other.name}' has {len(other.size)} axes, and '{first.name}' {len(first.size)}"
            problems.add(other.place, message, "all inputs of a network have as many", "value")


def _read_input(name: str, node: YamlNode | None, place: Place, problems: Problems) -> NamedInput:
    """An input, or where it is not valid another of as many axes in its place."""
    values = read_values(INPUT, node, problems)
    if values is None or not isinstance(node, Mapping) or not _is_whole(values, node, problems):
        values = {**INPUT.defaults, "channels": 3, "size": (224,) * _axes_meant(node)}
    return NamedInput(name, values, place)


def _is_whole(values: dict[str, Any], node: Mapping, problems: Problems) -> bool:
    """Whether what is said of an input fits together; notes what does not."""
    size, multiple = values["size"], values["multiple"]
    if values["rate"] is not None and len(size) > 1:
        hint = "a rate belongs to one axis of time, as in `size: [16000]`"
        problems.add(node.entries["rate"].place, f"a rate, and {len(size)} axes found", hint, "value")
        return False
    if any(length % multiple for length in size):
        hint = f"the nominal size is one that the network takes: choose multiples of {multiple}"
        message = f"{size_text(size)} is no multiple of {multiple}"
        problems.add(node.entries["multiple"].place, message, hint, "value")
        return False
    return True


def _axes_meant(node: YamlNode | None) -> int:
    """How many axes an input has, as far as that can be seen."""
    size = node.entries.get("size") if isinstance(node, Mapping) else None
    return len(size.items) if isinstance(size, Items) and len(size.items) in AXES else 2


def note_unread(inputs: Inputs, expansion: Expansion, problems: Problems) -> None:
    """Notes every input that no layer reads, where there are several: it has no part in the network."""
    read = {node for layer in expansion.layers if not layer.operator.given for node in (*layer.inputs, layer.like)}
    for node, own in enumerate((inputs.followed, *inputs.given) if inputs.given else ()):
        if node not in read:
            hint = f"leave it out, or name it: `from: {own.name}`"
            problems.add(own.place, f"no layer reads the input '{own.name}'", hint, "inputs")
