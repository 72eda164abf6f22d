"""The table of what came of importing a model of every family."""

from importlib.util import find_spec

import pytest

from rfdocs.catalogue.survey import FamilyImport, read_survey
from rfdocs.importing import registries
from rfdocs.pages.content import Grid, plain
from rfdocs.pages.imports_table import imports_blocks

OUTCOMES = (
    FamilyImport("plain", "one 1.0", False, "right", "", 4),
    FamilyImport("global", "one 1.0", True, "refused", "it reads what is no map", 0),
    FamilyImport("other", "two 2.0", False, "wrong", "sizes differ", 0),
)

OF_PLAIN = "Of 2 families whose units do not attend to each other, 1 are imported right, 0 refused, 1 wrong."
OF_ATTENDING = "Of 1 families whose units do, 0 are imported right, 1 refused, 0 wrong."


def test_families_are_counted_by_whether_their_units_attend() -> None:
    words, _ = imports_blocks(OUTCOMES)
    assert words == (f"{OF_PLAIN} {OF_ATTENDING}",)


def test_each_family_has_a_row_below_its_package_and_what_is_wrong_is_marked() -> None:
    _, table = imports_blocks(OUTCOMES)
    assert isinstance(table, Grid)
    assert [(plain(group.heading), len(group.rows)) for group in table.groups] == [("one 1.0", 2), ("two 2.0", 1)]
    assert [tuple(map(plain, row.cells)) for row in table.rows] == [
        ("plain", "right", "4", ""),
        ("global", "refused", "–", "it reads what is no map"),
        ("other", "wrong", "–", "sizes differ"),
    ]
    assert [row.marked for row in table.rows] == [False, False, True]


def test_without_a_record_nothing_is_claimed() -> None:
    assert imports_blocks(()) == (("No record of imports is at hand.",),)


def test_every_family_of_the_record_has_a_row() -> None:
    outcomes = read_survey()
    _, table = imports_blocks(outcomes)
    assert isinstance(table, Grid)
    assert len(table.rows) == len(outcomes)


def test_a_family_that_no_model_stands_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {"resnet18": "resnet", "vgg11": "vgg", "newnet": "novelty"}
    monkeypatch.setattr(registries, "REGISTRIES", {name: lambda: listed for name in registries.REGISTRIES})
    assert set(registries.forgotten_families()) >= {("timm", "novelty"), ("keras", "vgg")}
    assert ("timm", "resnet") not in set(registries.forgotten_families())


@pytest.mark.skipif(
    any(find_spec(name) is None for name in registries.REGISTRIES), reason="only `make verify` installs the packages"
)
def test_every_family_of_the_packages_has_a_model_or_is_left_out_by_name() -> None:
    assert list(registries.forgotten_families()) == []
