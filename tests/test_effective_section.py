"""What a page says of the effective field, against windows folded by numpy."""

from itertools import pairwise

import numpy as np
import pytest

import rfdocs
from rfdocs.pages.content import Bullets
from rfdocs.pages.effective_section import effective_section


def folded(report: rfdocs.Report) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The paths to a unit of the last map of a chain from each pixel of an axis: its windows, folded."""
    counts = np.ones(1)
    layers = report.layers[: report.network.node(report.features.name)]
    for below, layer in pairwise([report.image, *layers]):
        window, jump = layer.axes[0].window, int(below.jump[0] or 0)
        if window is not None:
            taps = np.zeros((window.kernel - 1) * jump + 1)
            taps[::jump] = 1
            counts = np.convolve(counts, taps)
    return counts


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "patchgan-70"])
def test_the_words_have_the_numbers_of_the_windows_folded(name: str) -> None:
    report = rfdocs.load(name).analyze()
    counts = folded(report)
    share = counts / counts.sum()
    places = np.arange(len(counts))
    deviation = float(np.sqrt(share @ places**2 - (share @ places) ** 2))
    sums = np.concatenate([[0], np.cumsum(share)])
    within = min(
        end - start for start in range(len(sums)) for end in range(start, len(sums)) if sums[end] - sums[start] >= 0.95
    )
    (bullets,) = [block for block in effective_section(report, None).blocks if isinstance(block, Bullets)]
    told = (
        f"σ = {deviation:.1f} px; 95 % of the paths begin within {within} px, "
        f"{100 * within / len(counts):.0f} % of its field of {len(counts)} px. "
        f"A Gaussian of this σ has them within {3.919928 * deviation:.0f} px."
    )
    assert bullets.items == ((told,),)


def test_axes_that_differ_are_told_apart() -> None:
    section = effective_section(rfdocs.load("c3d").analyze(), None)
    (bullets,) = [block for block in section.blocks if isinstance(block, Bullets)]
    assert [str(item[0]).partition(", ")[0] for item in bullets.items] == ["on its depth", "on its height and width"]


def test_the_paths_of_one_unit_are_told_where_those_of_all_layers_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    told = effective_section(rfdocs.load("alexnet").analyze(), None)
    monkeypatch.setattr(rfdocs.Report, "effective", lambda *_: (None, None))
    assert effective_section(rfdocs.load("alexnet").analyze(), None) == told
    assert effective_section(rfdocs.load("hourglass-8").analyze(), None).blocks


def test_what_cannot_be_counted_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise rfdocs.InputError("too many")

    monkeypatch.setattr(rfdocs.Report, "effective", lambda *_: (None, None))
    monkeypatch.setattr(rfdocs.Report, "central_path_counts", refused)
    assert effective_section(rfdocs.load("alexnet").analyze(), None).blocks == ()
