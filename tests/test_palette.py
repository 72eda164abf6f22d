"""The palette: the first that it finds for what people type, by keyboard and by pointer, on any page."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FIRST = {
    "resnet50": "ResNet-50", "ResNet-50": "ResNet-50", "resnet 50": "ResNet-50", "resent50": "ResNet-50",
    "50 resnet": "ResNet-50", "reset50": "ResNet-50", "resnet152": "ResNet-152", "resnet-18": "ResNet-18",
    "alexnet": "AlexNet", "alxnet": "AlexNet", "vgg16": "VGG-16", "vgg 16": "VGG-16", "vg16": "VGG-16",
    "convnext tiny": "ConvNeXt-T", "convnext_tiny": "ConvNeXt-T", "convnxt tiny": "ConvNeXt-T",
    "mobilenet_v2": "MobileNet v2", "mobilenetv2": "MobileNet v2", "mobilnet v2": "MobileNet v2",
    "unet 3d": "3D U-Net (the paper’s)", "wavenet": "WaveNet", "waevnet": "WaveNet", "densenet201": "DenseNet-201",
    "dense net 201": "DenseNet-201", "googlenet": "GoogLeNet", "goglenet": "GoogLeNet", "segnet": "SegNet",
    "tiling large": "Tiling large images", "command line": "The command line", "arithmetic": "The arithmetic",
}  # fmt: skip
"""What is typed, and what must come first: exact names, other spellings, words in any order, typos, pages."""


@pytest.fixture(scope="module")
def page(site: Path, browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto((site / "networks" / "resnet50.html").as_uri())
    yield page
    page.close()


def test_the_index_is_small(site: Path) -> None:
    assert (site / "_static" / "rfdocs-names.js").stat().st_size < 40_000


def test_what_is_typed_finds_what_is_meant_first(page: "Page") -> None:
    page.keyboard.press("/")
    page.wait_for_function("() => typeof rfNames === 'object'")
    ranked = "(texts) => texts.map((text) => rfPalette.ranked(rfPalette.entriesOf(rfNames), text)[0]?.title)"
    told = dict(zip(FIRST, page.evaluate(ranked, list(FIRST)), strict=True))
    assert {text: str(first).replace("'", "’") for text, first in told.items()} == FIRST
    page.keyboard.press("Escape")


def test_a_network_and_a_layer_are_opened_by_keyboard_alone(page: "Page", site: Path) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("resent 50")
    page.wait_for_selector(".rf-palette li[aria-selected=true]:has-text('ResNet-50')")
    assert [url.endswith("rfdocs-names.js") for url in requests].count(True) == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/networks/resnet50.html")
    page.keyboard.press("/")
    page.keyboard.type("layer3.5.conv2")
    page.wait_for_selector(".rf-palette li[aria-selected=true]:has-text('layer3.5.conv2')")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.rf-read strong').textContent === 'layer3.5.conv2'")


def test_a_page_is_opened_by_pointer_and_the_text_is_searched_for(page: "Page", site: Path) -> None:
    page.goto((site / "networks" / "resnet50.html").as_uri())
    page.locator("input.sidebar-search").click()
    page.keyboard.type("tiling large images")
    page.locator(".rf-palette li").first.click()
    page.wait_for_url("**/tiling.html")
    page.locator("input.sidebar-search").focus()
    page.keyboard.type("receptive field")
    page.wait_for_selector(".rf-palette li")
    titles = page.locator(".rf-palette li").all_text_contents()
    assert "receptive field" in titles[0].lower()
    page.locator(".rf-palette li").last.click()
    page.wait_for_url("**/search.html?q=receptive+field")
