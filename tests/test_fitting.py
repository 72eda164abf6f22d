"""Maps fitted to another layer's size: padding, cropping, resizing and unpooling, and the sizes that are refused."""

from pathlib import Path

import pytest

import rfdocs
from rfdocs.graph import InputError
from rfdocs.graph.fingerprint import network_fingerprint


def analysed(tmp_path: Path, layers: str, size: int | list[int]) -> rfdocs.Report:
    path = tmp_path / "fitting.yaml"
    path.write_text(f"input: {{channels: 1, size: {size}}}\nlayers:\n{layers}", "utf-8")
    return rfdocs.load(path).analyze()


@pytest.mark.parametrize(
    ("name", "size", "output"),
    [
        ("unet-padded", (350, 525), (350, 525)),
        ("unet-padded", (17, 16), (17, 16)),
        ("unet-bilinear-corners", (601, 799), (601, 799)),
        ("unet-bilinear", (1646, 1646), (1632, 1632)),
        ("unet-bilinear", (350, 525), (336, 512)),
        ("unet", (571, 571), (372, 372)),
        ("unet", (188, 572), (4, 388)),
    ],
)
def test_u_nets_give_the_sizes_that_their_implementations_gave(
    name: str, size: tuple[int, int], output: tuple[int, int]
) -> None:
    """Run once: milesial/Pytorch-UNet 21d7850 and jvanvugt/pytorch-unet 7e57722, which are no packages."""
    assert rfdocs.load(name).analyze(size).last.size == output


@pytest.mark.slow
def test_segmentation_resizes_to_the_first_branch() -> None:
    assert rfdocs.load("hrnet_w18-segmentation").analyze((500, 1000)).last.size == (125, 250)


@pytest.mark.parametrize(
    ("name", "size"),
    [("segnet", (540, 960)), ("segnet", (1024, 2049)), ("enet", (1023, 2047)), ("unet3d", (131, 131, 115))],
)
def test_sizes_that_do_not_come_back_are_refused(name: str, size: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="does not take"):
        rfdocs.load(name).analyze(size)


def test_only_multiples_are_taken_where_the_implementation_wants_them() -> None:
    entry = rfdocs.load("deeplabv3plus_resnet50")
    assert entry.analyze((496, 528)).last.size == (496, 528)
    with pytest.raises(InputError, match="511 x 512: it takes multiples of 16 only"):
        entry.analyze((511, 512))


@pytest.mark.parametrize(("size", "before"), [(10, 0), (11, 0), (12, 1), (13, 1), (14, 2)])
def test_padding_to_a_size_puts_half_before_and_the_rest_behind(tmp_path: Path, size: int, before: int) -> None:
    report = analysed(tmp_path, f"  - {{pad: wide, size: {size}}}\n", 10)
    assert report["wide"].size == (size,)
    assert report["wide"].effective_padding == (before,)


def test_padding_may_hold_the_map_itself(tmp_path: Path) -> None:
    report = analysed(tmp_path, "  - {pad: wide, size: 14, mode: reflect}\n", 10)
    assert [unit[0].visible for unit in (report.unit("wide", [0]), report.unit("wide", [13]))] == [(2, 2), (7, 7)]


@pytest.mark.parametrize(
    ("size", "restore", "made"),
    [
        ([12, 14], "false", (12, 14)),
        ([13, 14], "false", (12, 14)),
        ([14, 13], "false", None),
        ([13, 13], "true", (13, 13)),
    ],
)
def test_an_unpooling_brings_the_rows_back_or_is_refused(
    tmp_path: Path, size: list[int], restore: str, made: tuple[int, int] | None
) -> None:
    layers = f"  - {{maxpool: pool, kernel: 2}}\n  - {{unpool: back, pool: pool, kernel: 2, restore: {restore}}}\n"
    if made is None:
        with pytest.raises(rfdocs.CatalogueError, match="it would make 12 units where its pooling read 13"):
            analysed(tmp_path, layers, size)
        return
    assert analysed(tmp_path, layers, size)["back"].size == made


def test_what_nothing_was_pooled_into_sees_nothing(tmp_path: Path) -> None:
    """The thirteenth unit lies in no window of two."""
    layers = "  - {maxpool: pool, kernel: 2}\n  - {unpool: back, pool: pool, kernel: 2, restore: true}\n"
    report = analysed(tmp_path, layers, 13)
    assert [report.unit("back", [unit])[0].visible for unit in (0, 11, 12)] == [(0, 1), (10, 11), None]


def test_each_of_these_attributes_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    head = "input: {channels: 1, size: [32, 32]%s}\nlayers:\n  - {maxpool: pool, kernel: 2}\n"
    texts = [
        head % "" + "  - {unpool: back, pool: pool, kernel: 2}\n",
        head % "" + "  - {unpool: back, pool: pool, kernel: 2, restore: true}\n",
        head % ", multiple: 2" + "  - {unpool: back, pool: pool, kernel: 2}\n",
        head % "" + "  - {crop: back, size: 8}\n",
        head % "" + "  - {crop: back, size: 8, evenly: true}\n",
        head % "" + "  - {pad: back, size: 18}\n",
        head % "" + "  - {pad: back, size: 18, mode: reflect}\n",
    ]
    marks = []
    for number, text in enumerate(texts):
        path = tmp_path / f"network{number}.yaml"
        path.write_text(text, "utf-8")
        marks.append(network_fingerprint(rfdocs.load(path).network))
    assert len(set(marks)) == len(texts)


def test_places_between_dilated_taps_are_none_of_a_maximum(tmp_path: Path) -> None:
    """Windows at -1, 1 and at 1, 3: of three units only the middle one is read, so that two units hold all places."""
    layers = (
        "  - {maxpool: pool, kernel: 2, dilation: 2, padding: 1}\n"
        "  - {unpool: back, pool: pool, kernel: 2, padding: 1}\n"
    )
    report = analysed(tmp_path, layers, 3)
    assert report["back"].size == (2,)
    assert [report.unit("back", [unit])[0].visible for unit in (0, 1)] == [None, (1, 1)]
