"""The records of `make verify`: of nearly every network, of that very network, and without a disagreement."""

import fnmatch
import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import every
import pytest

import rfdocs
from rfdocs.catalogue import catalogue_folder
from rfdocs.catalogue.verification import FOLDER, further_sizes, read_record, records_in
from rfdocs.graph import InputError
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.pages.verified import verified_blocks

RECORDS = {
    identifier: record
    for path in sorted((catalogue_folder() / FOLDER).glob("*.json"))
    for identifier, record in records_in(path).items()
}
AGAIN = "run `make verify ARGS=--stale` and commit architectures/verified"

Entries = tuple[rfdocs.Entry, ...]


def test_few_networks_wait_for_their_record(entries: Entries) -> None:
    """A contribution is one YAML file, and its page says that it was not verified yet; so most of them must be."""
    missing = [entry.identifier for entry in entries if RECORDS.get(entry.identifier) is None]
    assert len(missing) * 20 < len(entries), f"networks without a record: {missing}; {AGAIN}"


def test_every_record_is_of_the_network_as_it_is_now(entries: Entries) -> None:
    known = RECORDS
    changed = [
        entry.identifier
        for entry in entries
        if entry.identifier in known and known[entry.identifier].network != network_fingerprint(entry.network)
    ]
    assert changed == [], f"networks that changed since they were verified: {AGAIN}"


def test_every_record_is_of_a_network_that_is_there(entries: Entries) -> None:
    assert set(RECORDS) - {entry.identifier for entry in entries} == set(), AGAIN


def test_nothing_that_was_verified_disagrees() -> None:
    assert [name for name, record in RECORDS.items() if not record.agrees] == [], AGAIN


def test_every_network_was_measured() -> None:
    assert [name for name, record in RECORDS.items() if record.measured is None] == [], AGAIN


def test_what_was_not_compared_has_a_reason() -> None:
    silent = [name for name, record in RECORDS.items() if record.compared is None and not record.unverified]
    assert silent == []


def test_every_reference_ran() -> None:
    reasons = {name: " ".join(record.unverified) for name, record in RECORDS.items()}
    assert [name for name, reason in reasons.items() if "did not run" in reason] == [], AGAIN


def test_the_registry_names_networks_and_layers_of_the_catalogue(entries: Entries, repository: Path) -> None:
    registry = tomllib.loads((repository / "rfdocs" / "verify" / "references.toml").read_text("utf-8"))
    known = {entry.identifier: entry.network for entry in entries}
    patterns = [
        *registry["maps"],
        *registry["tiles"]["networks"],
        *(name for reference in registry["reference"] for name in reference["networks"]),
    ]
    assert [pattern for pattern in patterns if not fnmatch.filter(known, pattern)] == []
    for pattern, maps in registry["maps"].items():
        for name in fnmatch.filter(known, pattern):
            assert all(known[name].node(layer) for layer in maps), name


def test_reasons_are_filled_in_and_name_what_was_not_run() -> None:
    reasons = [text for record in RECORDS.values() for text in record.unverified]
    assert [text for text in reasons if "$" in text or text.endswith((".", "itself"))] == []
    assert any("SaoYan/DnCNN-PyTorch is a repository without a Python package" in text for text in reasons)


@pytest.mark.slow
def test_measured_fields_are_those_of_the_analysis(entries: Entries) -> None:
    """Records hold figures as text: these are today's arithmetic's, too, at the nominal size."""
    for entry in entries:
        record = RECORDS.get(entry.identifier)
        if record is None or record.measured is None or record.measured.features is None:
            continue
        features = record.measured.features
        layer = every.reports()[entry.identifier][features.layer]
        assert tuple(map(str, layer.receptive_field)) == features.field, entry.identifier
        assert tuple(map(str, layer.jump)) == features.jump, entry.identifier


def test_nearly_every_network_with_a_reference_was_compared_at_further_sizes(entries: Entries) -> None:
    """By the rule: odd, longer on one axis, smaller; and one more where those are refused."""
    compared = [entry for entry in entries if (found := RECORDS.get(entry.identifier)) and found.compared]
    missing = [
        entry.identifier for entry in compared if tried(entry)[:3] != further_sizes(entry.network.input_size)[:3]
    ]
    assert len(missing) * 20 < len(compared), f"networks without further sizes: {missing}; {AGAIN}"


def tried(entry: rfdocs.Entry) -> list[tuple[int, ...]]:
    """The sizes of a network's record."""
    found = RECORDS.get(entry.identifier)
    return [] if found is None or found.sizes is None else [one.input for one in found.sizes.compared]


def test_few_networks_were_compared_at_no_further_size_as_a_whole(entries: Entries) -> None:
    """A comparison of refusals, or of maps alone, says less."""
    records = [found.sizes for entry in entries if (found := RECORDS.get(entry.identifier)) and found.sizes]
    whole = [sizes for sizes in records if any(one.output and not one.headless for one in sizes.compared)]
    assert len(records) - len(whole) < len(records) // 20


@pytest.mark.slow
def test_sizes_are_those_that_were_compared(entries: Entries) -> None:
    """What the references made of further sizes, or that they refuse them, is what today's arithmetic makes of them."""
    for entry in entries:
        found = RECORDS.get(entry.identifier)
        for size in found.sizes.compared if found and found.sizes else ():
            try:
                outputs = {layer.size for layer in rfdocs.Report(entry.network, size.input).outputs}
            except (InputError, rfdocs.NetworkError):
                outputs = None
            assert outputs == (None if size.output is None else set(size.output)), f"{entry.identifier} at {size.input}"


def test_a_page_says_which_further_sizes_were_compared_and_how_far() -> None:
    said = {name: " ".join(found.sentences(9)) for name, found in RECORDS.items()}
    name = "torchvision 0.28.0"
    assert (
        f"Sizes of all layers and outputs, compared with {name} at 3 further sizes, 223 x 223, 254 x 285 and 75 x 75: "
        "all agree."
    ) in said["resnet50"]
    maps = "Sizes of all maps, compared with pytorchcv 0.0.74 at 2 further sizes, 254 x 285 and 75 x 75 (there the ref"
    assert maps in said["resnet50-paper"]
    refused = "Sizes compared with pytorchcv 0.0.74 at 3 further sizes, 1023 x 2047, 1154 x 2565 and 342 x 683: refused"
    assert refused in said["segnet"]


def test_a_page_says_what_was_verified_and_against_which_version() -> None:
    record = RECORDS.get("resnet50")
    assert record is not None
    said = " ".join(record.sentences(len(rfdocs.load("resnet50").network.layers)))
    assert "56 convolutions, poolings and fully connected layers, in order, and 25,557,032 parameters" in said
    assert "were compared with torchvision 0.28.0" in said
    assert "layer4 427 px: all agree" in said


TILES = {"agrees": True, "torch": "2.13.0", "layer": "layer4", "size": [511, 32], "tile": [448, 32], "tiles": 3}


def test_a_page_says_which_tiles_were_compared_with_the_whole(repository: Path) -> None:
    record = json.loads((repository / "architectures" / FOLDER / "vgg.json").read_text("utf-8"))["vgg16"]
    tiles = read_record(record | {"tiles": TILES}).sentences(9)[-1]
    where = "compared with the whole of 511 x 32 px on PyTorch 2.13.0, at layer4"
    assert tiles == f"Tiles of 448 x 32 px, 3 of them, {where}: identical."
    square = TILES | {"size": [511, 511], "tile": [448, 448], "tiles": 9, "agrees": False}
    tiles = read_record(record | {"tiles": square}).sentences(9)[-1]
    assert tiles.startswith("Tiles of 448 px, 9 of them, compared with the whole of 511 px on")
    assert tiles.endswith(": not identical.")


def test_a_record_without_tiles_is_read(repository: Path) -> None:
    record = json.loads((repository / "architectures" / FOLDER / "vgg.json").read_text("utf-8"))["vgg16"]
    without = {key: value for key, value in record.items() if key != "tiles"}
    assert read_record(without).tiles is None


@pytest.mark.slow
def test_tiles_of_twenty_networks_of_ten_families_were_compared(entries: Entries, repository: Path) -> None:
    """Those that the registry lists, no others, and each is a tiling that today's arithmetic gives, too."""
    registry = tomllib.loads((repository / "rfdocs" / "verify" / "references.toml").read_text("utf-8"))
    listed = {name for pattern in registry["tiles"]["networks"] for name in fnmatch.filter(RECORDS, pattern)}
    tiled = {name: record.tiles for name, record in RECORDS.items() if record.tiles is not None}
    assert set(tiled) == listed, AGAIN
    assert len(tiled) >= 20
    assert len({entry.family for entry in entries if entry.identifier in tiled}) >= 10
    for name, tiles in tiled.items():
        # On an axis that was not cut the tile is the image: a longer one says the same.
        pairs = zip(tiles.tile, tiles.size, strict=True)
        lengths = [tile + 8192 if tile == whole else tile for tile, whole in pairs]
        tiling = rfdocs.load(name).analyze(tiles.size).tiling(tiles.layer, lengths)
        assert (tiling.exact, tiling.count) == (True, tiles.tiles), name


def test_a_page_says_what_was_not_verified() -> None:
    record = RECORDS.get("alexnet-guide")
    assert record is not None
    assert any(sentence.startswith("Not verified: ") for sentence in record.sentences(10))


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"(?<![\w.])\d[\d,]*(?![\w.])", text)]


def test_the_layers_of_every_network_are_counted_once(entries: Entries) -> None:
    """Those that were measured, those that are pointwise and those that were left out are the layers of the data."""
    for entry in entries:
        record, layers = RECORDS.get(entry.identifier), len(entry.network.layers)
        if record is None or record.measured is None:
            continue
        first, *rest = record.sentences(layers)
        told = re.search(r"of (?:all (\d+)|(\d+) of the (\d+)) layers", first)
        assert told is not None, first
        every, some, of_all = told.groups()
        others = numbers(rest[0]) if rest and rest[0].startswith("Of the others") else []
        assert int(every or of_all) == layers == int(every or some) + sum(others), entry.identifier


def test_the_page_adds_up_to_the_layers_of_the_data(entries: Entries) -> None:
    pairs: Any = [
        (SimpleNamespace(identifier=entry.identifier, title=entry.title, layers=len(entry.network.layers)),
         RECORDS.get(entry.identifier))
        for entry in entries
    ]  # fmt: skip
    sentences, *_ = verified_blocks(pairs, {})
    assert isinstance(sentences, tuple)
    (sentence,) = sentences
    measured = [(facts, record) for facts, record in pairs if record is not None]
    found = numbers(str(sentence))
    every = sum(facts.layers for facts, _ in measured)
    done, pointwise, left = found[-5], found[-3], found[-2]
    assert found[0] == len(entries)
    assert found[-6] == every == done + pointwise + left
    assert done == sum(record.measured.layers for _, record in measured)
    assert found[-1] == sum(record.measured.layers < record.measured.of_layers for _, record in measured)


def test_the_page_tells_of_how_many_networks_tiles_were_compared(entries: Entries) -> None:
    pairs: Any = [
        (SimpleNamespace(identifier="", title="", layers=0), RECORDS.get(entry.identifier)) for entry in entries
    ]
    tiled = [record.tiles for record in RECORDS.values() if record.tiles is not None]
    told = [block[0] for block in verified_blocks(pairs, {})[:4] if isinstance(block, tuple)]
    tiles = sum(one.tiles for one in tiled)
    (sentence,) = [text for text in told if "large images" in str(text)]
    assert str(sentence).startswith(
        f"Of {len(tiled)} networks that are used on large images, an image and its tiles, {tiles} in"
    )


def test_a_failed_record_disagrees(repository: Path) -> None:
    record = json.loads((repository / "architectures" / FOLDER / "vgg.json").read_text("utf-8"))["vgg16"]
    record |= {"tiles": TILES}
    whole = read_record(record)
    assert whole.agrees
    assert whole.agreeing == ("measured", "compared", "sizes", "tiles")
    for part in ("measured", "compared", "sizes", "tiles"):
        one = read_record(record | {part: record[part] | {"agrees": False}})
        assert not one.agrees
        assert one.agreeing == tuple(name for name in whole.agreeing if name != part)


def test_the_fingerprint_changes_with_the_layers_and_not_with_the_name() -> None:
    marks = {
        name: network_fingerprint(rfdocs.load(name).network)
        for name in ("vgg16", "vgg19", "resnet50", "resnet50-paper")
    }
    assert len(set(marks.values())) == 4


def test_the_verifiers_lock_holds_hashes_and_no_address(repository: Path) -> None:
    lock = (repository / "requirements-verify.lock").read_text("utf-8")
    assert not re.search(r"://|--index|--find-links|--trusted|@ file|^/", lock, re.MULTILINE)
    pins = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert [pin.split(" ")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_the_verifiers_lock_holds_what_the_extra_names(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    lock = (repository / "requirements-verify.lock").read_text("utf-8")
    # PyTorch itself is installed first, in the build that suits the machine.
    asked = set(project["optional-dependencies"]["verify"]) - {"torch==2.13.0"}
    assert asked - set(re.findall(r"^(\S+==\S+)", lock, re.MULTILINE)) == set()
