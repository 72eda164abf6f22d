"""A network of one's own in the browser: what it says is what the file that one takes home says."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import rfdocs
from rfdocs.catalogue.explicit import explicit_yaml, json_items
from rfdocs.formats.program import program
from rfdocs.sphinx.assets import ENGINE, FOLDER, WORKBENCH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compiler(browser: "Browser") -> "Iterator[Page]":
    """A page with what compiles networks, and nothing to show it."""
    page = browser.new_page()
    for script in dict.fromkeys([*ENGINE, *WORKBENCH]):
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


COMPILED = """(asked) => JSON.parse(asked).map(([program, items]) => {
  // whatever can be compiled is: nothing of it is kept as it was brought
  const layers = rfCompile.layersOf(program, items).map((layer) => rfCompile.isKnown(layer.item) ? { item: layer.item } : layer);
  return [rfCompile.program(program, layers), rfCompile.yaml({ ...program, title: program.name }, items)];
})"""


def test_what_is_compiled_is_the_program_that_the_package_makes(compiler: "Page") -> None:
    entries = [entry for entry in rfdocs.Catalogue().entries()[::3] if "nodes" not in program(entry.network)]
    asked = json.dumps([[program(entry.network), json_items(entry.items)] for entry in entries])
    for entry, (compiled, text) in zip(entries, compiler.evaluate(COMPILED, asked), strict=True):
        own = json.loads(json.dumps(program(entry.network)))
        for sharing in ("alike", "apart"):  # which axes have one arithmetic in common
            own.pop(sharing, None)
            compiled.pop(sharing, None)
        assert compiled == own, entry.identifier
        assert text.partition("layers:")[2] == explicit_yaml(entry).partition("layers:")[2], entry.identifier
