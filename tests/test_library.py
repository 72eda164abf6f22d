"""The networks that directives name are kept apart, however many a document shows."""

from gc import collect
from pathlib import Path
from weakref import ref

import pytest

from rfdocs.catalogue.catalogue import Catalogue
from rfdocs.making.library import Library

NET = "title: {name}\ninput: {{channels: 1, size: 64}}\nlayers: [{{conv: conv, kernel: {kernel}, channels: 1}}]\n"


def written(folder: Path, kernels: range) -> Library:
    for kernel in kernels:
        (folder / f"net{kernel}.yaml").write_text(NET.format(name=f"Net {kernel}", kernel=kernel), "utf-8")
    return Library(Catalogue(folder))


def field(library: Library, name: str) -> int:
    entry, _ = library.find(name, Path())
    return library.report(entry, None)["conv"].receptive_field[0]


def test_a_report_is_never_taken_for_another_networks(tmp_path: Path) -> None:
    library = written(tmp_path, range(1, 41))
    fields = [field(library, f"net{kernel}") for kernel in range(1, 41)]
    assert fields == list(range(1, 41))


@pytest.mark.slow
def test_whatever_has_a_report_stays_alive_for_reports_go_by_identity(tmp_path: Path) -> None:
    library = written(tmp_path, range(3, 4))
    entry = ref(library.find("net3", Path())[0])
    collect()
    assert entry() is not None


def test_a_network_is_expanded_once_and_again_when_its_file_changes(tmp_path: Path) -> None:
    library = written(tmp_path, range(3, 4))
    entry, path = library.find("net3", Path())
    assert library.find("net3", Path())[0] is entry
    path.write_text(NET.format(name="Net 3", kernel=21), "utf-8")
    assert field(library, "net3") == 21
