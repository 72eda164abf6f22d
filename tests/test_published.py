"""The published table of TF-slim's networks, row by row, against the catalogue's networks of the same layers."""

import pytest

import rfdocs
from rfdocs.catalogue.published import PublishedRow, slim_rows

#: Networks of the table whose layers the catalogue does not have: Inception v2, the SAME form of Inception-ResNet-v2,
#: and ResNets with the stride in a stage's last unit as TF-slim's first version has them.
NETWORKS = {
    "alexnet_v2", "vgg_a", "vgg_16", "inception_v3", "inception_v4", "inception_resnet_v2", "mobilenet_v1",
    "resnet_v2_50", "resnet_v2_101", "resnet_v2_152",
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
        published = (row.receptive_field, row.jump, padding)
        for axis in (0, 1):
            computed = (layer.receptive_field[axis], layer.jump[axis], layer.effective_padding[axis])
            assert computed == published, f"{row.endpoint} at {size}, here {row.layer}"


def test_every_network_of_the_table_whose_layers_we_have_is_compared() -> None:
    assert {row.network for row in slim_rows()} == NETWORKS
    assert len(slim_rows()) == 222


def test_only_a_pooling_with_same_padding_makes_a_difference() -> None:
    def differs(row: PublishedRow) -> bool:
        return row.network.startswith("resnet_v2") and row.input % 2 == 0

    assert all(row.ours_differs_by == (2 if differs(row) else 0) for row in slim_rows())
