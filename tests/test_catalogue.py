"""The catalogue as a whole: what the format promises, and what every network owes its readers."""

import re
from pathlib import Path

import pytest

import rfdocs
from rfdocs.catalogue import Catalogue, Entry
from rfdocs.graph.fingerprint import network_fingerprint

CATALOGUE = Catalogue()


@pytest.fixture
def entry(request: pytest.FixtureRequest, entries: tuple[Entry, ...]) -> Entry:
    """The network of an id."""
    return next(one for one in entries if one.identifier == request.param)


def _lines(stem: str) -> int:
    return len((CATALOGUE.folder / f"{stem}.yaml").read_text("utf-8").splitlines())


@pytest.mark.parametrize(
    ("family", "most", "networks"),
    [
        ("resnet", 70, ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]),
        ("densenet", 60, ["densenet121", "densenet161", "densenet169", "densenet201"]),
        ("vgg", 40, ["vgg11", "vgg13", "vgg16", "vgg19"]),
        ("efficientnet", 80, [f"efficientnet_b{step}" for step in range(8)]),
        ("unet", 50, ["unet", "unet-padded", "unet-bilinear"]),
    ],
)
def test_a_family_is_one_short_file(family: str, most: int, networks: list[str]) -> None:
    assert _lines(family) <= most
    assert set(networks) <= set(CATALOGUE.family(CATALOGUE.folder / f"{family}.yaml").identifiers)


def test_no_family_needs_two_hundred_lines() -> None:
    assert {path.stem: lines for path in CATALOGUE.files if (lines := _lines(path.stem)) > 150} == {}


def test_the_catalogue_covers_the_field(entries: tuple[Entry, ...]) -> None:
    assert len(entries) >= 120
    assert len({entry.family for entry in entries}) >= 45
    axes = {entry.network.axes for entry in entries}
    tasks = {task for entry in entries for task in entry.description.tasks}
    assert axes == {1, 2, 3}
    assert {"classification", "segmentation", "detection", "generation", "restoration", "audio", "video"} <= tasks


@pytest.mark.parametrize("entry", CATALOGUE.identifiers(), indirect=True)
def test_every_network_has_facts_with_sources(entry: Entry) -> None:
    """Facts are recomputed by `rfdocs check`; here only that there are some that could contradict the arithmetic."""
    facts = {key for expectation in entry.description.expectations for key in expectation.facts}
    assert facts & {"parameters", "macs", "size", "receptive_field", "depth", "jump"}


@pytest.mark.parametrize("entry", CATALOGUE.identifiers(), indirect=True)
def test_every_network_says_what_it_follows_or_that_nothing_could_be_followed(entry: Entry) -> None:
    assert entry.description.implementation or entry.description.unverified
    assert entry.description.paper


@pytest.mark.parametrize(
    ("network", "layers"),
    [
        ("resnet50", ["conv1", "maxpool", "layer1.0.conv1", "layer4.2.conv3", "layer2.0.downsample.0", "layer4", "fc"]),
        ("densenet121", ["denseblock1.denselayer1.conv1", "transition1.conv", "classifier"]),
        ("vgg16", ["conv1_1", "conv5_3", "pool5", "fc6"]),
        ("alexnet", ["conv1", "pool5", "features.0", "classifier.6"]),
    ],
)
def test_layers_have_the_names_that_people_use(network: str, layers: list[str]) -> None:
    """Each is found; none of these networks has more than one layer of a name."""
    found = rfdocs.load(network).network
    assert all(found.node(name) for name in layers)


def test_titles_and_ids_are_unique(entries: tuple[Entry, ...]) -> None:
    titles = [entry.title for entry in entries]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []
    ids = [entry.identifier.lower() for entry in entries]
    assert len(set(ids)) == len(ids)


def test_the_files_hold_no_path_of_a_machine() -> None:
    suspect = re.compile(r"/(home|Users|root)/|C:\\")
    assert [path.name for path in CATALOGUE.files if suspect.search(path.read_text("utf-8"))] == []


def test_an_empty_key_of_a_variant_takes_away_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "family.yaml"
    path.write_text(
        "input: {channels: 3, size: [8, 8]}\nlayers: [{relu: a}]\nunverified: nothing of it\nnotes: of all\n"
        "expect: [{parameters: 1, source: wrong}]\nvariants:\n  one: {unverified: , expect: ~}\n  two:\n",
        "utf-8",
    )
    one, two = (rfdocs.load(f"{path}:{name}").description for name in ("one", "two"))
    assert (one.unverified, one.notes, one.expectations) == (None, ("of all",), ())
    assert (two.unverified, two.notes, len(two.expectations)) == ("nothing of it", ("of all",), 1)


def test_a_file_with_no_variants_at_all_is_refused_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text("input: {channels: 3, size: [8, 8]}\nlayers: [{relu: a}]\nvariants: {}\n")
    with pytest.raises(rfdocs.CatalogueError, match=r"none.yaml:3:11: variants: 0 variants found; allowed: 1 to 64"):
        rfdocs.load(path)


def test_aligned_corners_belong_to_bilinear_upsampling(tmp_path: Path) -> None:
    path = tmp_path / "corners.yaml"
    path.write_text("input: {channels: 3, size: [8]}\nlayers: [{upsample: u, scale: 2, align_corners: true}]\n")
    with pytest.raises(rfdocs.CatalogueError, match="`align_corners` is a property of `mode: bilinear`"):
        rfdocs.load(path)


@pytest.mark.parametrize(
    ("scale", "length", "expected"),
    [("1.5", 21, 31), ("0.1", 10, 1), ("0.29", 100, 29), ("1/3", 9, 3), ("2.0", 4, 8), ("$(7/2)", 3, 10)],
)
def test_a_factor_is_the_number_that_was_written(tmp_path: Path, scale: str, length: int, expected: int) -> None:
    """Not the nearest binary one: 100 times the float 0.29 is less than 29."""
    path = tmp_path / "factor.yaml"
    path.write_text(f"input: {{channels: 3, size: {length}}}\nlayers: [{{upsample: u, scale: {scale}}}]\n")
    assert rfdocs.load(path).analyze()["u"].size == (expected,)


def test_what_is_said_that_holds_anyway_changes_no_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "same.yaml"
    prints = set()
    for more in ("", ", mode: nearest", ", recompute_scale_factor: false", ", align_corners: false"):
        for scale in ("2", "2.0", "[2, 2]"):
            path.write_text(
                "input: {channels: 3, size: [8, 8]}\n"
                f"layers: [{{upsample: u, scale: {scale}{more}}}, {{pad: p, padding: 1, mode: zero}}]\n"
            )
            prints.add(network_fingerprint(rfdocs.load(path).network))
    assert len(prints) == 1


def test_channels_in_are_those_of_the_layer_that_is_read_wherever_an_item_stands(tmp_path: Path) -> None:
    path = tmp_path / "reads.yaml"
    path.write_text(
        """
input: {channels: 3, size: [8, 8]}
blocks:
  own: [{conv: a, kernel: 1, channels: $(channels_in + 1)}]
  declared:
    parameters: {width: $(2 * channels_in), wider: $(width + 1)}
    layers:
      - {conv: a, kernel: 1, channels: $width}
      - {conv: b, kernel: 1, channels: $wider}
      - {conv: c, kernel: 1, channels: $(channels_in + 1)}
layers:
  - {own: given, channels_in: 50}
  - {declared: block}
  - {own: back, from: given}
  - {conv: twice$number, kernel: 1, channels: $(channels_in + 10), repeat: 2}
  - {for: width, in: [1, 2], layers: [{conv: turn$width, kernel: 1, channels: $(channels_in + width)}]}
  - concat:
      - [{conv: left, kernel: 1, channels: $(channels_in + 1)}, {conv: more, kernel: 1, channels: $(channels_in + 1)}]
      - []
    name: both
  - {conv: last, kernel: 1, channels: $(channels_in + 1)}
"""
    )
    report = rfdocs.load(path).analyze()
    assert {layer.name: layer.channels for layer in report} == {
        "given.a": 4, "block.a": 8, "block.b": 9, "block.c": 10, "back.a": 5, "twice1": 15, "twice2": 25,
        "turn1": 26, "turn2": 28, "left": 29, "more": 30, "both": 58, "last": 59,
    }  # fmt: skip
