"""The published table of TF-slim's networks, row by row, against the catalogue's networks of the same layers."""

from fractions import Fraction

import pytest

import rfdocs
from rfdocs.catalogue.published import PublishedRow, slim_rows
from rfdocs.pages.content import plain
from rfdocs.pages.published_table import published_table

#: Those of the table's networks whose layers the catalogue has; it lacks Inception v2, the SAME form of
#: Inception-ResNet-v2, MobileNet 0.75 with SAME padding, and the 200 layers of ResNet v2.
NETWORKS = {
    "alexnet_v2", "vgg_a", "vgg_16", "inception_v3", "inception_v4", "inception_resnet_v2", "mobilenet_v1",
    "resnet_v1_50", "resnet_v1_101", "resnet_v1_152", "resnet_v1_200", "resnet_v2_50", "resnet_v2_101", "resnet_v2_152",
}  # fmt: skip


def cases() -> list[tuple[str, int]]:
    return sorted({(row.network, row.input) for row in slim_rows()})


@pytest.mark.parametrize(("network", "size"), cases())
def test_the_published_figures_are_ours(network: str, size: int) -> None:
    rows = [row for row in slim_rows() if (row.network, row.input) == (network, size)]
    (ours,) = {row.ours for row in rows}
    report = rfdocs.load(ours).analyze(size)
    for row in rows:
        layer = report[row.layer]
        padding = row.effective_padding + row.ours_differs_by
        published = (row.receptive_field, Fraction(row.jump), padding)
        for axis in (0, 1):
            computed = (layer.receptive_field[axis], layer.jump[axis], layer.effective_padding[axis])
            assert computed == published, f"{row.endpoint} at {size}, here {row.layer}"


def test_every_network_of_the_table_whose_layers_we_have_is_compared() -> None:
    assert {row.network for row in slim_rows()} == NETWORKS
    assert len(slim_rows()) == 254


def test_only_a_pooling_with_same_padding_makes_a_difference() -> None:
    def differs(row: PublishedRow) -> bool:
        return row.network.startswith("resnet_v2") and row.input % 2 == 0

    assert all(row.ours_differs_by == (2 if differs(row) else 0) for row in slim_rows())


@pytest.mark.slow
def test_the_page_shows_where_the_table_agrees() -> None:
    def report(network: str, size: int) -> rfdocs.Report:
        return rfdocs.load(network).analyze(size)

    table = published_table(slim_rows(), report, {"vgg16": "networks/vgg16"})
    assert len(table.rows) == 2 * len(NETWORKS)
    marked = {plain(row.cells[0]) for row in table.rows if row.marked}
    assert marked == {"resnet_v2_50", "resnet_v2_101", "resnet_v2_152"}
    row = next(row for row in table.rows if plain(row.cells[0]) == "vgg_16")
    assert [plain(cell) for cell in row.cells[3:]] == ["212 / 32 / 90", "212 / 32 / 90", "vgg16", "13 of 13"]
