"""What layers answer to an image, against brute force; the patches, against the fields; files of weights, hostile ones
too; the filters that are computed; and what comes back of an answer.
"""

from __future__ import annotations

import itertools
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.catalogue import Entry, Family
from rfdocs.figures.demonstration import SHAPES, demonstration
from rfdocs.figures.guide_alike import alike
from rfdocs.figures.guide_patches import CHOSEN
from rfdocs.figures.guide_projection import projected, projection
from rfdocs.pixels.backward import sent_back, unpooled
from rfdocs.pixels.encoded import address, png
from rfdocs.pixels.excitation import Sightings, patch
from rfdocs.pixels.filter_bank import SIDE, filter_bank
from rfdocs.pixels.forward import Forward, NotComputed
from rfdocs.pixels.image_file import PIXELS, ImageError, fitted, normalised, photograph_pixels, read_image
from rfdocs.pixels.layer_weights import LayerWeights, open_weights
from rfdocs.pixels.safetensors_file import HEADER
from rfdocs.pixels.shades import answer_shades, filter_shades
from rfdocs.pixels.tensors import NUMBERS, UnknownTensor, WeightsError, WeightsFile

RANDOM = np.random.default_rng(5)


def entry(layers: str, channels: int = 3, size: int = 13) -> Entry:
    text = f"input: {{channels: {channels}, size: [{size}, {size}]}}\nlayers:\n{layers}"
    return Family("net", "net", text.encode()).entry("net")


def numbers(*shape: int) -> Any:
    return RANDOM.normal(size=shape).astype(np.float32)


def saved(folder: Path, **tensors: Any) -> Path:
    path = folder / "weights.npz"
    np.savez(path, **{name.replace("__", "."): values for name, values in tensors.items()})
    return path


def forward(net: Entry, image: Any, path: Path, keys: Mapping[str, str] | None = None) -> Forward:
    report = net.analyze(image.shape[1:])
    return Forward(net, report, image, LayerWeights(open_weights(path), keys or {}))


# --- the answers -----------------------------------------------------------------------------------------------------


def tap(values: Any, channel: int, row: int, column: int) -> float:
    inside = 0 <= row < values.shape[1] and 0 <= column < values.shape[2]
    return float(values[channel, row, column]) if inside else 0.0


def brute(values: Any, filters: Any, bias: Any, stride: int, padding: int, dilation: int, groups: int) -> Any:
    """A convolution as it is defined: unit by unit, tap by tap."""
    out, of, tall, wide = filters.shape
    rows, columns = [
        (length + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        for length, kernel in zip(values.shape[1:], (tall, wide), strict=True)
    ]
    answers = np.zeros((out, rows, columns))
    for unit in itertools.product(range(out), range(rows), range(columns)):
        first = of * (unit[0] // (out // groups))
        answers[unit] = bias[unit[0]] + sum(
            filters[unit[0], channel, down, across]
            * tap(
                values,
                first + channel,
                unit[1] * stride - padding + down * dilation,
                unit[2] * stride - padding + across * dilation,
            )
            for channel, down, across in itertools.product(range(of), range(tall), range(wide))
        )
    return answers


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "groups"),
    [(1, 0, 1, 1), (2, 1, 1, 1), (4, 2, 1, 1), (1, 2, 2, 1), (3, 0, 2, 2), (2, 3, 1, 4)],
)
def test_a_convolution_is_what_brute_force_says(
    stride: int, padding: int, dilation: int, groups: int, tmp_path: Path
) -> None:
    attributes = f"stride: {stride}, padding: {padding}, dilation: {dilation}, groups: {groups}"
    net = entry(f"  - {{conv: a, kernel: [3, 2], channels: 8, act: relu, {attributes}}}\n", channels=4, size=11)
    image, filters, bias = numbers(4, 11, 10), numbers(8, 4 // groups, 3, 2), numbers(8)
    answers = forward(net, image, saved(tmp_path, a__weight=filters, a__bias=bias)).answers("a")
    expected = brute(image, filters, bias, stride, padding, dilation, groups)
    assert answers.shape == expected.shape
    assert answers == pytest.approx(expected, abs=1e-4)
    assert answers.min() < 0, "what is folded in is not applied"


def test_rows_are_multiplied_in_parts_with_the_same_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = entry("  - {conv: a, kernel: 3, channels: 2}\n")
    path, image = saved(tmp_path, a=numbers(2, 3, 3, 3)), numbers(3, 13, 13)
    whole = forward(net, image, path).answers("a")
    monkeypatch.setattr("rfdocs.pixels.forward.AT_ONCE", 700)
    assert forward(net, image, path).answers("a") == pytest.approx(whole, abs=1e-5)


DEEP = """\
  - {conv: conv1, kernel: 3, stride: 2, padding: 1, channels: 4, norm: batch, act: relu}
  - {maxpool: pool, kernel: 3, stride: 2, padding: 1}
  - {conv: skip, kernel: 1, channels: 4, from: pool}
  - {add: total, from: [skip, pool]}
  - {relu6: sum}
  - {avgpool: mean, kernel: 2, stride: 1}
  - {concat: both, from: [mean, mean]}
  - {sigmoid: curved}
  - {batchnorm: last}
"""


def test_deeper_layers_are_what_brute_force_says(tmp_path: Path) -> None:
    net, image = entry(DEEP, size=14), numbers(3, 14, 14)
    first, second, zeros = numbers(4, 3, 3, 3), numbers(4, 4, 1, 1), np.zeros(8)
    norms = {name: [numbers(n), numbers(n), numbers(n), numbers(n) ** 2] for name, n in (("bn1", 4), ("last", 8))}
    parts = ("weight", "bias", "running_mean", "running_var")
    tensors = {f"{name}__{part}": own for name in norms for part, own in zip(parts, norms[name], strict=True)}
    path = saved(tmp_path, conv1__weight=first, skip__weight=second, **tensors)

    def scaled(values: Any, name: str) -> Any:
        weight, bias, mean, variance = [own[:, None, None] for own in norms[name]]
        return (values - mean) / np.sqrt(variance + 1e-5) * weight + bias

    relu = np.maximum(scaled(brute(image, first, zeros, 2, 1, 1, 1), "bn1"), 0)
    padded = np.pad(relu, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    pooled = np.array(
        [[[m[2 * r : 2 * r + 3, 2 * c : 2 * c + 3].max() for c in range(4)] for r in range(4)] for m in padded]
    )
    added = np.clip(brute(pooled, second, zeros, 1, 0, 1, 1) + pooled, 0, 6)
    mean = np.array([[[m[r : r + 2, c : c + 2].mean() for c in range(3)] for r in range(3)] for m in added])
    curved = 1 / (1 + np.exp(-np.concatenate([mean, mean])))
    run = forward(net, image, path)
    assert run.answers("pool") == pytest.approx(pooled, abs=1e-4)
    assert run.answers("sum") == pytest.approx(added, abs=1e-4)
    assert run.answers("last") == pytest.approx(scaled(curved, "last"), abs=1e-4)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("  - {conv: a, kernel: 3, channels: 4, act: gelu}\n  - {maxpool: b, kernel: 2}\n", "a \\(conv\\) .* gelu"),
        (
            "  - {conv: a, kernel: 3, channels: 4, norm: layer}\n  - {maxpool: b, kernel: 2}\n",
            "a .* normalisation layer",
        ),
        ("  - {avgpool: b, kernel: 3, padding: 1}\n", "b \\(avgpool\\) cannot be computed: whether its padding counts"),
        ("  - {global_avgpool: b}\n", "b \\(global_avgpool\\) cannot be computed: only convolutions, pooling"),
    ],
)
def test_what_cannot_be_computed_is_told(layers: str, message: str, tmp_path: Path) -> None:
    path = saved(tmp_path, a__weight=numbers(4, 3, 3, 3))
    with pytest.raises(NotComputed, match=message):
        forward(entry(layers), numbers(3, 13, 13), path).answers("b")


def test_a_map_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfdocs.pixels.forward.MAP", 100)
    path = saved(tmp_path, a__weight=numbers(4, 3, 3, 3))
    with pytest.raises(NotComputed, match="its map has 484 numbers; at most 100; take a smaller --input"):
        forward(entry("  - {conv: a, kernel: 3, channels: 4}\n"), numbers(3, 13, 13), path).answers("a")


@pytest.mark.parametrize(("mode", "numpy_s"), [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")])
def test_other_edges_are_as_numpy_pads(mode: str, numpy_s: Any, tmp_path: Path) -> None:
    net = entry(f"  - {{conv: a, kernel: 3, padding: 2, channels: 2, padding_mode: {mode}}}\n")
    image, filters = numbers(3, 13, 13), numbers(2, 3, 3, 3)
    padded = np.pad(image, ((0, 0), (2, 2), (2, 2)), numpy_s)
    answers = forward(net, image, saved(tmp_path, a__weight=filters)).answers("a")
    assert answers == pytest.approx(brute(padded, filters, np.zeros(2), 1, 0, 1, 1), abs=1e-4)


# --- the patches -----------------------------------------------------------------------------------------------------


def test_a_patch_is_the_very_pixels_that_the_report_says() -> None:
    report = rfdocs.load("alexnet").analyze((63, 71))
    pixels = RANDOM.integers(0, 256, (63, 71, 3), dtype=np.uint8)
    tall, wide = report["conv2"].size
    for row, column in itertools.product(range(tall), range(wide)):
        fields = [one.field for one in report.unit("conv2", (row, column))]
        assert fields[0] is not None
        assert fields[1] is not None
        cut = patch(pixels, fields[0], fields[1])
        assert cut.shape == (51, 51, 4)
        for down, across in [(0, 0), (7, 40), (50, 50), (25, 25), (50, 0)]:
            y, x = fields[0].first + down, fields[1].first + across
            inside = 0 <= y < 63 and 0 <= x < 71
            assert cut[down, across].tolist() == ([*pixels[y, x].tolist(), 255] if inside else [0, 0, 0, 0])


def test_a_patch_beside_the_image_is_empty() -> None:
    pixels = np.full((4, 4, 3), 9, np.uint8)
    assert not patch(pixels, Interval(-5, -2), Interval(0, 3)).any()
    assert not patch(pixels, Interval(4, 6), Interval(0, 3)).any()


def test_the_strongest_are_in_order_and_apart() -> None:
    report = rfdocs.load("alexnet").analyze()
    answers = numbers(55, 55)
    best = list(Sightings(report, "conv1").strongest(answers, 40))
    assert best[0].value == answers.max()
    assert [one.value for one in best] == sorted([one.value for one in best], reverse=True)
    for one in best:
        seen = report.unit("conv1", one.unit)
        assert (one.rows, one.columns) == (seen[0].field, seen[1].field)
        assert one.value == answers[one.unit]
    for one, other in itertools.combinations(best, 2):
        apart = [2 * 4 * abs(a - b) for a, b in zip(one.unit, other.unit, strict=True)]
        assert max(apart) >= 11


def test_what_answers_nothing_has_no_patch() -> None:
    report = rfdocs.load("alexnet").analyze()
    answers = np.full((55, 55), -1.0, np.float32)
    answers[3, 4] = answers[50, 50] = 2
    units = [one.unit for one in Sightings(report, "conv1").strongest(answers, 9)]
    assert units == [(3, 4), (50, 50)], "of equal ones the first"


# --- the files of weights --------------------------------------------------------------------------------------------


def safetensors(path: Path, tensors: Mapping[str, tuple[str, list[int], bytes]], **more: Any) -> Path:
    """A file of that format, written here by its description."""
    header, data = dict(more), b""
    for name, (kind, shape, own) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(own)]}
        data += own
    return raw(path, json.dumps(header).encode(), data)


def raw(path: Path, header: bytes, data: bytes, length: int | None = None) -> Path:
    path.write_bytes(struct.pack("<Q", len(header) if length is None else length) + header + data)
    return path


def test_safetensors_of_every_type_are_read(tmp_path: Path) -> None:
    values = np.array([[1.5, -2.25, 0.125], [0, 3, -1]], np.float32)
    kinds = {"F64": values.astype("<f8"), "F32": values.astype("<f4"), "F16": values.astype("<f2")}
    kinds["BF16"] = (values.view("<u4") >> 16).astype("<u2")
    tensors = {kind: (kind, [2, 3], own.tobytes()) for kind, own in kinds.items()}
    file = open_weights(safetensors(tmp_path / "w.safetensors", tensors, __metadata__={"format": "pt"}))
    assert set(file.tensors) == set(kinds)
    for kind in kinds:
        assert np.array_equal(file.read(kind), values), kind
        assert file.read(kind).dtype == np.float32


def test_npz_is_read_packed_or_not_and_by_columns(tmp_path: Path) -> None:
    values = numbers(2, 3, 4)
    arrays = {"a": values, "b": np.asfortranarray(values), "c": values.astype(">f8"), "d.weight": values.astype("f2")}
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "w.npz", **arrays)
        file = open_weights(tmp_path / "w.npz")
        assert set(file.tensors) == set(arrays)
        for name, own in arrays.items():
            assert np.array_equal(file.read(name), own.astype(np.float32)), name
            assert file.tensors[name].shape == (2, 3, 4)


NESTED = b"[" * 100_000
LONG = b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}'


def told(shape: object, offsets: object, kind: object = "F32") -> bytes:
    return json.dumps({"a": {"dtype": kind, "shape": shape, "data_offsets": offsets}}).encode()


@pytest.mark.parametrize(
    ("header", "length", "message"),
    [
        (b"", None, "its header is no JSON"),
        (b"{}", 1 << 62, "it ends before its header does"),
        (b"{}", 3, "it ends before its header does"),
        (NESTED, None, "its header is no JSON"),
        (b'{"a": \xff}', None, "its header is no JSON"),
        (b"[1]", None, "its header is no mapping"),
        (b'{"a": 3}', None, "its header tells no shape and no offsets of 'a'"),
        (told([2, -1], [0, 0]), None, "tells no shape"),
        (told([True], [0, 4]), None, "tells no shape"),
        (told([1.0], [0, 4]), None, "tells no shape"),
        (told([1] * 40, [0, 4]), None, "tells no shape"),
        (told([1], [0, 4, 8]), None, "tells no shape"),
        (told([2], [0, 8]), None, "it ends before 'a' does"),
        (told([1], [4, 0]), None, "it ends before 'a' does"),
        (told([10**30], [0, 4]), None, "'a' has 4 bytes, which are not 1000000000000000000000000000000 of F32"),
        (told([2], [0, 4]), None, "'a' has 4 bytes, which are not 2 of F32"),
    ],
)
def test_a_broken_safetensors_file_is_answered_in_one_line(
    header: bytes, length: int | None, message: str, tmp_path: Path
) -> None:
    path = raw(tmp_path / "w.safetensors", header, b"" if length else b"1234", length)
    with pytest.raises(WeightsError) as error:
        open_weights(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_a_header_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", HEADER + 1))
        file.truncate(HEADER + 100)
    with pytest.raises(WeightsError, match="its header has 8388609 bytes; at most 8388608 are read"):
        open_weights(path)


@pytest.mark.parametrize(
    ("kind", "shape", "data", "message"),
    [
        ("F32", [1], np.array([np.nan], "<f4").tobytes(), "a holds numbers that are not finite"),
        ("F64", [1], np.array([1e300], "<f8").tobytes(), "a holds numbers that are not finite"),
        ("I64", [1], bytes(8), "a is of I64; weights are F64, F32, F16, BF16"),
        ("F8_E4M3", [1], bytes(1), "a is of F8_E4M3; weights are"),
        ("F32", [0, 3], b"", "a has 0 numbers; 1 to"),
    ],
)
def test_numbers_that_are_no_weights_are_told(
    kind: str, shape: list[int], data: bytes, message: str, tmp_path: Path
) -> None:
    file = open_weights(safetensors(tmp_path / "w.safetensors", {"a": (kind, shape, data)}))
    with pytest.raises(WeightsError, match=message):
        file.read("a")


class Loud:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        raise AssertionError("a pickle was made or read")


def test_an_array_of_objects_is_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(path, a=np.array([{"x": 1}], object), b=np.array(["text"]), c=np.arange(3))
    file = open_weights(path)
    for name, message in (("a", "Python objects"), ("b", "<U4"), ("c", "int64")):
        with pytest.raises(WeightsError, match=f"{name} is of {message}; weights are float16"):
            file.read(name)


def archive(path: Path, head: bytes, data: bytes = b"", packed: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packed) as file:
        file.writestr("a.npy", head + data)
    return path


def head(shape: str, kind: str = "<f4", length: int | None = None, version: bytes = b"\x01\x00") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    count = len(text) if length is None else length
    return b"\x93NUMPY" + version + struct.pack("<H" if version == b"\x01\x00" else "<I", count) + text


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x", b"\x93NUMPY", head("(-1,)"), head("(1,"), head("1"), head("('a',)"), head("(1,)", length=60_000),
        head("(1,)", kind="no"), head("(1,)", version=b"\x02\x00", length=1 << 31), head("(1,)", version=b"\x03\x00"),
        head("(" * 5000 + ")" * 5000),
    ],
)  # fmt: skip
def test_a_broken_npz_file_is_answered_in_one_line(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"w.npz: it is no whole .npz file"):
        open_weights(archive(tmp_path / "w.npz", content))


def test_an_array_that_ends_too_soon_is_told(tmp_path: Path) -> None:
    file = open_weights(archive(tmp_path / "w.npz", head("(9,)"), bytes(12)))
    with pytest.raises(WeightsError, match=r"it is no whole .npz file"):
        file.read("a")


def test_what_no_memory_holds_is_not_read(tmp_path: Path) -> None:
    file = open_weights(archive(tmp_path / "w.npz", head(f"({NUMBERS + 1},)")))
    with pytest.raises(WeightsError, match="a has 67108865 numbers; 1 to 67108864 are read"):
        file.read("a")


@pytest.mark.slow
def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    import tracemalloc

    path = archive(tmp_path / "w.npz", head("(4,)"), bytes(1 << 27))
    tracemalloc.start()
    file = open_weights(path)
    assert file.read("a").tolist() == [0, 0, 0, 0]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 22
    assert path.stat().st_size < 1 << 18
    with pytest.raises(WeightsError, match=r"it is no whole .npz file"):
        open_weights(archive(tmp_path / "w.npz", head("(4,)"), bytes(1 << 20), zipfile.ZIP_LZMA))


@given(st.binary(max_size=200), st.sampled_from(["w.npz", "w.safetensors"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str, begins: bool
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    start = archive(path, head("(1,)"), bytes(4)).read_bytes() if name == "w.npz" else struct.pack("<Q", 61) + LONG
    path.write_bytes(start[: len(start) - 30] + content if begins else content)
    try:
        file = open_weights(path)
        for tensor in file.tensors:
            file.read(tensor)
    except (WeightsError, UnknownTensor) as error:
        assert str(path) in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("w.pth", "a pickle runs whatever it holds, so that none is read; in PyTorch: safetensors.torch.save_file"),
        ("w.h5", "weights are read from .npz and .safetensors"),
        ("w", "weights are read from .npz and .safetensors"),
        ("none.npz", "there is no such file"),
    ],
)
def test_other_files_are_told(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(b"")
    with pytest.raises(WeightsError, match=message):
        open_weights(tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "w.npz").mkdir()
    with pytest.raises(WeightsError, match="there is no such file"):
        open_weights(tmp_path / "w.npz")


# --- whose tensor ----------------------------------------------------------------------------------------------------

TWO = "  - {conv: a, kernel: 3, channels: 4, act: relu, alias: features.0}\n  - {conv: b, kernel: 3, channels: 4}\n"


@pytest.mark.parametrize("name", ["a.weight", "a", "features.0.weight", "whatever"])
def test_a_layer_s_tensor_is_found_by_name_or_by_its_shape(name: str, tmp_path: Path) -> None:
    net, filters = entry(TWO), numbers(4, 3, 3, 3)
    path = saved(tmp_path, **{name: filters, "other": numbers(4, 4, 3, 3)})
    run = forward(net, numbers(3, 13, 13), path)
    assert np.array_equal(run.filters("a")[0], filters)


def test_a_key_says_which(tmp_path: Path) -> None:
    net, filters = entry(TWO), numbers(4, 4, 3, 3)
    path = saved(tmp_path, x__weight=filters, x__bias=np.ones(4), y=numbers(4, 4, 3, 3), first=numbers(4, 3, 3, 3))
    run = forward(net, numbers(3, 13, 13), path, {"b": "x"})
    assert np.array_equal(run.filters("b")[0], filters)
    assert run.filters("b")[1].tolist() == [1, 1, 1, 1]
    with pytest.raises(
        WeightsError, match=r"has no b.weight, and 2 tensors have its shape, 4 x 4 x 3 x 3; name one: --key b"
    ):
        forward(net, numbers(3, 13, 13), path).filters("b")
    with pytest.raises(UnknownTensor, match=r"there is no tensor in .* called 'z'; allowed: x.weight"):
        forward(net, numbers(3, 13, 13), path, {"b": "z"}).filters("b")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((4, 3, 5, 5), "a.weight is 4 x 3 x 5 x 5, and a has 4 x 3 x 3 x 3"),
        ((3, 3, 3, 4), "a has 4 x 3 x 3 x 3; Keras keeps them so: numpy.transpose"),
        ((108,), "a.weight is 108, and a has"),
    ],
)
def test_a_shape_that_does_not_fit_is_told(shape: tuple[int, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=message):
        forward(entry(TWO), numbers(3, 13, 13), saved(tmp_path, a__weight=numbers(*shape))).filters("a")


def test_a_normalisation_that_is_not_there_is_told(tmp_path: Path) -> None:
    net = entry("  - {conv: conv1, kernel: 3, channels: 4, norm: batch}\n  - {maxpool: pool, kernel: 2}\n")
    four = {f"x__{part}": np.ones(4) for part in ("weight", "bias", "running_mean", "running_var")}
    path = saved(tmp_path, conv1__weight=numbers(4, 3, 3, 3), **four)
    with pytest.raises(WeightsError, match=r"no normalisation of conv1 called bn1; name it: --key 'conv1.norm=NAME'"):
        forward(net, numbers(3, 13, 13), path).answers("pool")
    assert forward(net, numbers(3, 13, 13), path, {"conv1.norm": "x"}).answers("pool").shape == (4, 5, 5)
    path = saved(tmp_path, conv1__weight=numbers(4, 3, 3, 3), **{**four, "x__running_var": -np.ones(4)})
    with pytest.raises(WeightsError, match=r"x.running_var holds numbers below 0"):
        forward(net, numbers(3, 13, 13), path, {"conv1.norm": "x"}).answers("pool")


# --- images ----------------------------------------------------------------------------------------------------------


def picture(path: Path, mode: str = "RGB", size: tuple[int, int] = (5, 4), **settings: Any) -> Path:
    Image.new(mode, size, None if mode == "1" else 90).save(path, **settings)
    return path


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_images_of_eight_bits_are_read(mode: str, tmp_path: Path) -> None:
    assert read_image(picture(tmp_path / "a.png", mode)).shape == (4, 5, 3)


def test_what_is_transparent_is_seen_on_white_and_what_lies_on_its_side_stands(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 3), (10, 20, 30, 0)).save(tmp_path / "a.png")
    assert (read_image(tmp_path / "a.png") == 255).all()
    turned = Image.Exif()
    turned[0x0112] = 6
    assert read_image(picture(tmp_path / "a.jpg", exif=turned)).shape == (5, 4, 3)


def bomb(side: int) -> bytes:
    """The head of a PNG that says it is so large."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    chunks = [struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is no whole image; PNG and JPEG are read"),
        (b"GIF89a" + bytes(40), "it is no whole image"),
        (bomb(4000), "it is no whole image"),
        (bomb(5000), f"it has too many pixels; at most {PIXELS} are read"),
        (bomb(100_000), f"it has too many pixels; at most {PIXELS} are read"),
    ],
)
def test_a_hostile_image_is_answered_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=message) as error:
        read_image(path)
    assert str(error.value).startswith(f"{path}: ")


def test_an_image_that_is_cut_off_or_of_other_numbers_is_told(tmp_path: Path) -> None:
    whole = picture(tmp_path / "a.png", size=(200, 200)).read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImageError, match="it is no whole image"):
        read_image(tmp_path / "a.png")
    with pytest.raises(ImageError, match="its pixels are of mode I;16; 8 bits a colour are read"):
        read_image(picture(tmp_path / "b.png", "I;16"))
    with pytest.raises(ImageError, match="there is no such file"):
        read_image(tmp_path)
    with pytest.raises(ImageError, match="matplotlib came without its sample data"):
        photograph_pixels(None)


def test_an_image_is_scaled_until_it_covers_and_cut_in_the_middle() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, 20:60] = 255
    assert fitted(pixels, 20, 20).shape == (20, 20, 3)
    assert (fitted(pixels, 20, 20)[:, 2:18] == 255).all()


def test_an_image_is_taken_less_its_mean_in_its_deviations() -> None:
    pixels = np.array([[[255, 0, 51]]], np.uint8)
    assert normalised(pixels, 3, (0.5, 0.5, 0.1), (0.5, 0.25, 0.1)).ravel() == pytest.approx([1, -2, 1])
    assert normalised(pixels, 1, (0.0,), (1.0,)).ravel() == pytest.approx([0.299 + 0.114 * 0.2])


def test_a_png_is_what_it_was_made_of() -> None:
    for depth in (3, 4):
        pixels = RANDOM.integers(0, 256, (7, 9, depth), dtype=np.uint8)
        assert np.array_equal(np.array(Image.open(BytesIO(png(pixels)))), pixels)
        assert address(pixels).startswith("data:image/png;base64,")
    assert address(np.zeros((70, 70, 3), np.uint8)).startswith("data:image/jpeg;base64,")


def test_shades_are_grey_for_nothing() -> None:
    assert filter_shades(np.array([[[-2.0, 0.0, 1.0]]], np.float32))[0, :, 0].tolist() == [0, 128, 191]
    assert filter_shades(np.zeros((1, 2, 2), np.float32)).tolist() == [[[128] * 3] * 2] * 2
    assert answer_shades(np.array([[-1.0, 1.0, 2.0, 9.0]]), 4)[0, :, 3].tolist() == [0, 64, 128, 255]


# --- the chapter -----------------------------------------------------------------------------------------------------


def test_the_computed_filters_have_length_one_and_answer_no_grey() -> None:
    bank = filter_bank()
    assert len({one.words for one in bank}) == len(bank)
    for one in bank:
        assert one.weights.shape == (3, SIDE, SIDE)
        assert float((one.weights**2).sum()) == pytest.approx(1, abs=1e-5)
        assert float(one.weights.sum()) == pytest.approx(0, abs=1e-5)


def test_a_unit_of_the_first_layer_sends_back_its_own_filter() -> None:
    shown = demonstration()
    layer = shown.report["conv1"]
    for number, unit in itertools.product(CHOSEN, [(0, 0), (20, 31), (54, 54)]):
        answers = np.zeros_like(shown.first)
        answers[number, *unit] = 3
        image = sent_back(answers, shown.first_filters, layer.windows, shown.report.input_size)
        fields = [one.field for one in shown.report.unit("conv1", unit)]
        expected = np.zeros((3, 240, 240), np.float32)
        assert fields[0] is not None
        assert fields[1] is not None
        top, left = fields[0].first + 8, fields[1].first + 8
        expected[:, top : top + SIDE, left : left + SIDE] = 3 * shown.first_filters[number]
        assert np.allclose(image, expected[:, 8:232, 8:232])


def test_what_comes_back_lies_in_the_field_and_is_less_than_it() -> None:
    shown = demonstration()
    sightings = Sightings(shown.report, "conv2")
    for unit in range(len(SHAPES)):
        for one in sightings.strongest(shown.second[unit], 3):
            image = projection(shown, unit, one)
            rows, columns = [np.flatnonzero(np.abs(image).sum(axis=axes)) for axes in ((0, 2), (0, 1))]
            assert one.rows.first <= rows[0] <= rows[-1] <= one.rows.last
            assert one.columns.first <= columns[0] <= columns[-1] <= one.columns.last
            assert projected(shown, unit, one).shape == (51, 51, 3)
            assert 0 < np.count_nonzero(image) < 3 * 51 * 51


def test_sending_back_is_the_transpose_of_a_convolution(tmp_path: Path) -> None:
    net = entry("  - {conv: a, kernel: 3, stride: 2, padding: 1, dilation: 2, channels: 4}\n")
    image, filters = numbers(3, 13, 13), numbers(4, 3, 3, 3)
    answers = forward(net, image, saved(tmp_path, a__weight=filters)).answers("a")
    other = numbers(*answers.shape)
    back = sent_back(other, filters, net.analyze()["a"].windows, (13, 13))
    assert float((answers * other).sum()) == pytest.approx(float((image * back).sum()), rel=1e-3)


def test_a_maximum_comes_back_to_where_it_was() -> None:
    windows = entry("  - {maxpool: a, kernel: 3, stride: 2, padding: 1}\n").analyze()["a"].windows
    values = numbers(2, 13, 13)
    answers = numbers(2, 7, 7)
    back = unpooled(answers, values, windows)
    assert back.shape == values.shape
    assert float(back.sum()) == pytest.approx(float(answers.sum()), abs=1e-4)
    for channel, row, column in itertools.product(range(2), range(7), range(7)):
        near = (slice(max(2 * row - 1, 0), 2 * row + 2), slice(max(2 * column - 1, 0), 2 * column + 2))
        place = np.unravel_index(values[channel][near].argmax(), values[channel][near].shape)
        assert back[channel][near][place] != 0


def test_layers_that_see_as_much_are_those_whose_field_is_nearest() -> None:
    one, other = rfdocs.load("alexnet").analyze(), rfdocs.load("vgg16").analyze()
    pairs = {(a.name, b.name) for a, b in alike(one, other)}
    for layer in one.layers[:8]:
        own = layer.receptive_field[0]
        nearest = min([found.receptive_field[0] for found in other.layers[:18]], key=lambda r: abs(r - own))
        near = 10 * abs(nearest - own) <= max(nearest, own)
        assert near == any(name == layer.name for name, _ in pairs), layer.name
        assert all(other[b].receptive_field[0] == nearest for a, b in pairs if a == layer.name)


def test_files_know_nothing_else(tmp_path: Path) -> None:
    assert isinstance(open_weights(saved(tmp_path, a=numbers(1))), WeightsFile)
