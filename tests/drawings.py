"""Drawings as trees of elements, of Python and of a page, and what is not the same in two of them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from rfdocs.figures import inline
from rfdocs.figures.drawing import Drawing

#: What makes such a tree of an element in a browser.
TREE = """const tree = (one) => one.nodeType === Node.TEXT_NODE ? one.textContent : [
    one.nodeName, Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value])),
    [...one.childNodes].map(tree)];"""
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
CAPTIONS = ("style", "title", "desc")


def elements(drawing: Drawing, prefix: str) -> list[Any]:
    """Its elements as they stand on a page, without what is said of them."""
    root = ET.fromstring(inline(drawing, prefix))
    return [branch(one) for one in root if not one.tag.endswith(CAPTIONS)]


def branch(one: ET.Element) -> list[Any]:
    text = [one.text] if one.text else []
    return [one.tag.rpartition("}")[2], dict(one.attrib), [*text, *map(branch, one)]]


def differences(told: Any, wanted: Any) -> Iterator[tuple[Any, Any]]:
    """What is not the same: words letter by letter, numbers within a hundredth of a pixel."""
    if isinstance(told, list) and isinstance(wanted, list) and len(told) == len(wanted):
        for one, other in zip(told, wanted, strict=True):
            yield from differences(one, other)
    elif isinstance(told, dict) and isinstance(wanted, dict) and told.keys() == wanted.keys():
        yield from differences([told[key] for key in wanted], list(wanted.values()))
    elif not same(told, wanted):
        yield told, wanted


def same(told: Any, wanted: Any) -> bool:
    if not (isinstance(told, str) and isinstance(wanted, str)):
        return bool(told == (pytest.approx(wanted, abs=0.011) if isinstance(wanted, float) else wanted))
    numbers = [[float(number) for number in NUMBERS.findall(text)] for text in (told, wanted)]
    return NUMBERS.sub("", told) == NUMBERS.sub("", wanted) and numbers[0] == pytest.approx(numbers[1], abs=0.011)
