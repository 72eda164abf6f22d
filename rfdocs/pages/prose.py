"""Sentences about a network, part by part, from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from rfdocs.catalogue import Entry
from rfdocs.formats.numbers import NONE, by_axis, per_axis, percent, ranges, short, text_number
from rfdocs.graph import Network
from rfdocs.operators import Bound, Given
from rfdocs.pages.content import InlineCode, KeyNumber, KeyNumbers, Link, To, Words
from rfdocs.pages.facts import Facts

#: What stands between a number and its unit in a sentence: no line is broken there.
FIXED = "\N{NO-BREAK SPACE}"


def field_range(facts: Facts) -> str:
    """The field of the last spatial layer per axis: one number where axes agree, a range where units differ; and how
    it is to be taken, where it is a bound.
    """
    bound = "" if facts.bound is Bound.EXACT else f"{_BOUNDS[facts.bound]} "
    return bound + ranges(facts.receptive_field_min, facts.receptive_field, to=" to ", between=" × ")


#: A field that is a bound, in words before the number.
_BOUNDS = {Bound.LEAST: "at least", Bound.MOST: "at most", Bound.UNKNOWN: "more or less than"}


def jump_text(facts: Facts) -> str:
    """The jump of the last spatial layer per axis: one number where axes agree."""
    return per_axis(facts.jump, between=" × ")


def row(layer: str) -> Link:
    """A link to a layer's row in the table of its page."""
    return Link(layer, To.ROW, f"layer-{layer}", code=True)


def names_text(names: Sequence[str]) -> str:
    """Names as a sentence has them; of more than three, the first and 'and others'.

    >>> names_text(["A", "B"]), names_text(["A", "B", "C", "D"])
    ('A and B', 'A and others')
    """
    if len(names) > 3:
        return f"{names[0]} and others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def introduction(entry: Entry, facts: Facts) -> Words:
    """What the network is, in a few words."""
    description = entry.description
    words = [facts.title]
    if description.authors:
        words.append(f" by {names_text(description.authors)}")
    if description.year:
        words.append(f" ({description.year})")
    if description.implementation is not None:
        words.append(f", as {description.implementation.name} has it")
    words.append(f", on an input of {_unbroken(by_axis((facts.channels, *facts.input_size)))}")
    words.extend(_others(entry.network))
    return (*words, ".")


def _others(network: Network) -> Iterator[str]:
    """What else it is given, each with its channels and size."""
    given = [(layer.name, layer.operator) for layer in network.layers if isinstance(layer.operator, Given)]
    for place, (name, operator) in enumerate(given):
        shape = by_axis((operator.channels_out, *operator.size))
        yield f"{' and' if place else ', beside'} {name} of {_unbroken(shape)}"


def _unbroken(number: str) -> str:
    """The number with its unit, or with all of its axes, on one line."""
    return number.replace(" ", FIXED)


def summary(facts: Facts) -> Words:
    """The numbers that people come for, as sentences."""
    return (
        *_field_text(facts),
        f"{field_range(facts)} pixels{_axes_text(facts)}{_distance(facts)}. The layer has ",
        f"{_units(facts)}, and the central one sees {_unbroken(percent(facts.share))} of the image. ",
        *_whole_image(facts),
        *_gates_text(facts),
        f" The network has {text_number(facts.depth)} {_plural(facts.depth, 'layer')} with weights on its longest path",
        " and ",
        f"{_unbroken(short(facts.parameters))} parameters, and needs {_unbroken(short(facts.macs))} ",
        "multiply-accumulates for one input.",
    )


def _field_text(facts: Facts) -> Words:
    """Whose field it is; where attention shows it the whole image, that comes first, and the field is that without."""
    if facts.attention is None:
        return ("A unit of its last spatial layer, ", row(facts.layer), ", has a receptive field of ")
    return (
        "Through attention, first in ",
        row(facts.attention),
        ", every unit of its last spatial layer, ",
        row(facts.layer),
        ", sees the whole image. What follows is along the spatial path, to which attention adds nothing: there such ",
        "a unit has a receptive field of ",
    )


def _plural(count: object, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _units(facts: Facts) -> str:
    """How many units the layer has: a number on one axis, the map on several."""
    return f"{_unbroken(by_axis(facts.size))} {_plural(prod(facts.size), 'unit')}"


def _distance(facts: Facts) -> str:
    if None in facts.jump:
        return ""
    distance = facts.jump[0] if len(set(facts.jump)) == 1 else None
    return f"; neighbouring units are {_unbroken(jump_text(facts))} {_plural(distance, 'pixel')} apart"


def _axes_text(facts: Facts) -> str:
    same = len(set(facts.receptive_field)) == 1 and len(set(facts.receptive_field_min)) == 1
    return " on every axis" if same and len(facts.size) > 1 else ""


def _whole_image(facts: Facts) -> Words:
    if facts.whole_image is None:
        return ("No layer has a central unit that sees the whole image.",)
    return ("The first layer whose central unit sees the whole image is ", row(facts.whole_image), ".")


def _gates_text(facts: Facts) -> Words:
    """What gates add to all that was said, unless it was said already."""
    if facts.gate is None or facts.attention is not None:
        return ()
    if facts.through_gates is None:
        return (" All this is along the spatial path; gates show units more, first in ", row(facts.gate), ".")
    return (
        " All this is along the spatial path; through gates every unit sees the whole image, in ",
        row(facts.through_gates),
        " and in every layer after it.",
    )


def key_numbers(facts: Facts) -> KeyNumbers:
    """The numbers at the top of the page: along the spatial path, and what gates add as a number of its own."""
    along = "" if facts.gate is None else ", along the spatial path"  # where a gate could be meant
    whole: Words = ("none",) if facts.whole_image is None else (row(facts.whole_image),)
    return KeyNumbers(
        (
            KeyNumber("field", "receptive field", (f"{field_range(facts)} px",), f"of {facts.layer}{along}"),
            KeyNumber("jump", "jump", (_jump_in_pixels(facts),), "between neighbouring units"),
            KeyNumber("map", "map", (by_axis(facts.size),), f"units, for {by_axis(facts.input_size)} pixels"),
            KeyNumber("seen", "image seen", (percent(facts.share),), f"by the central unit{along}"),
            KeyNumber("whole", "whole image", whole, f"first layer whose central unit sees it{along}"),
            KeyNumber("depth", "depth", (text_number(facts.depth),), "layers with weights"),
            KeyNumber("parameters", "parameters", (short(facts.parameters),), text_number(facts.parameters)),
            KeyNumber("macs", "multiply-accumulates", (short(facts.macs),), text_number(facts.macs)),
            *_gate_number(facts),
        )
    )


def _jump_in_pixels(facts: Facts) -> str:
    """The jump with its unit, where there is one."""
    text = jump_text(facts)
    return text if text == NONE else f"{text} px"


def _gate_number(facts: Facts) -> tuple[KeyNumber, ...]:
    if facts.gate is None:
        return ()
    if facts.through_gates is None:
        return (KeyNumber("gates", "through gates", (row(facts.gate),), "first layer whose units see more"),)
    first = "first layer of which every unit sees the whole image"
    return (KeyNumber("gates", "through gates", (row(facts.through_gates),), first),)


def citation(entry: Entry) -> Words:
    """The paper as one cites it."""
    description = entry.description
    if description.paper is None:
        return ()
    year = f" ({description.year})" if description.year else ""
    return (
        f"{', '.join(description.authors)}{year}. " if description.authors else "",
        Link(description.paper.title, To.WEB, description.paper.url),
        ".",
    )


def implementation(entry: Entry) -> Words:
    """The implementation whose padding is followed."""
    followed = entry.description.implementation
    if followed is None:
        return ()
    name = followed.name if followed.url is None else Link(followed.name, To.WEB, followed.url)
    symbol: Words = () if followed.symbol is None else (", ", InlineCode(followed.symbol))
    return ("The padding is that of ", name, *symbol, ".")
