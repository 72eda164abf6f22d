"""The search that knows names: what comes first for what people type, by pointer, by keyboard, and without scripts."""

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import rfdocs
from rfdocs.language.problems import START
from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.making.name_index import NAME_INDEX, NamedPage, anchor_of, name_index
from rfdocs.making.results import NetworkResult
from rfdocs.making.scripts import FOLDER
from rfdocs.pages.facts import facts_of
from rfdocs.pages.sources import documents
from rfdocs.sphinx.names import other_names

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIRST = {
    # networks, however they are written
    "resnet 50": "ResNet-50", "resnet50": "ResNet-50", "ResNet-50": "ResNet-50", "50 resnet": "ResNet-50",
    "convnext tiny": "ConvNeXt-T", "tiny convnext": "ConvNeXt-T", "unet 3d": "3D U-Net (the paper's)",
    "vgg 16": "VGG-16", "densenet 121": "DenseNet-121", "efficientnet b0": "EfficientNet-B0",
    "mobilenetv3 small": "MobileNet v3 small", "yolo v5 s": "YOLOv5s", "70x70 patchgan": "PatchGAN 70x70",
    "inception v3": "Inception v3", "hrnet w48": "HRNet-W48", "resnet 1": "ResNet-18",
    "resnet152": "ResNet-152", "mobilenet_v2": "MobileNet v2", "dense net 201": "DenseNet-201", "wavenet": "WaveNet",
    "lenet5": "LeNet-5 (the paper's)",
    "maxvit": "MaxViT-T", "vit b16": "ViT-B/16",
    # families
    "resnet": "ResNet", "dense net": "DenseNet", "deeplab v3 plus": "DeepLab v3+",
    "network in network": "Network in Network",
    # as implementations call them
    "torchvision.models.resnet50": "ResNet-50", "timm.create_model('convnext_tiny')": "ConvNeXt-T",
    "timm.create_model('resnet50')": "ResNet-50", "keras.applications.ResNet50V2": "ResNet-50 v2 (Keras)",
    # what is asked besides
    "resnet50 receptive field": "ResNet-50", "receptive field of vgg16": "VGG-16",
    # slips
    "reset50": "ResNet-50", "waevnet": "WaveNet", "goglenet": "GoogLeNet", "alxnet": "AlexNet",
    "resent50": "ResNet-50", "resnte 50": "ResNet-50", "convnxt tiny": "ConvNeXt-T", "vg16": "VGG-16",
    "vgg61": "VGG-16",
    "densnet121": "DenseNet-121", "effcientnet b3": "EfficientNet-B3", "mobilnet v2": "MobileNet v2",
    "alxenet": "AlexNet", "googlnet": "GoogLeNet", "inceptoin v3": "Inception v3", "sqeezenet": "SqueezeNet",
    # as people abbreviate them
    "res50": "ResNet-50", "r50": "ResNet-50", "rn50": "ResNet-50", "r18": "ResNet-18", "res152": "ResNet-152",
    "resn101": "ResNet-101", "effnet b0": "EfficientNet-B0", "effnetb0": "EfficientNet-B0", "enet": "ENet",
    "eff b3": "EfficientNet-B3", "effnetv2 s": "EfficientNetV2-S", "effnetv2": "EfficientNetV2",
    "mbv2": "MobileNet v2", "mnv2": "MobileNet v2", "mobilenetv2": "MobileNet v2", "mobilenet v2": "MobileNet v2",
    "mnv3": "MobileNet v3", "mbv3 small": "MobileNet v3 small", "dense121": "DenseNet-121", "dn121": "DenseNet-121",
    "d201": "DenseNet-201", "incv3": "Inception v3", "inc v4": "Inception v4", "incresv2": "Inception-ResNet-v2",
    "x101": "ResNeXt-101 32x4d", "resnext50": "ResNeXt-50 32x4d",
    "yolo v3": "YOLO v3", "yolo3": "YOLO v3", "yolov3 tiny": "Tiny YOLO v3", "yolo5s": "YOLOv5s",
    "yolov8": "YOLOv8", "yolo 11 n": "YOLO11n", "s3fd": "S3FD",
    "yolo v5 small": "YOLOv5s", "yolov8 medium": "YOLOv8m", "yolo 11 nano": "YOLO11n", "swin base": "Swin-B",
    "unet3d": "3D U-Net (the paper's)", "3dunet": "3D U-Net", "dl3": "DeepLab v3",
    "dlv3": "DeepLab v3", "deeplab": "DeepLab-LargeFOV", "deeplab3": "DeepLab v3", "v16": "VGG-16",
    "vgg16bn": "VGG-16 with batch norm", "vgg 19 bn": "VGG-19 with batch norm", "cnxt": "ConvNeXt",
    "cnxt t": "ConvNeXt-T", "convnext b": "ConvNeXt-B", "hrw48": "HRNet-W48", "sqznet": "SqueezeNet",
    "shuffv2": "ShuffleNet v2", "gnet": "GhostNet", "wrn28": "WRN-28-10 (CIFAR)",
    "rvgg a0": "RepVGG-A0", "res2net50": "Res2Net-50 26w-4s", "seres50": "SE-ResNet-50",
    "frcnn r50": "Faster R-CNN's RPN, ResNet-50 C4",
    "darknet53": "Darknet-53", "csp53": "CSPDarknet53", "retinanet": "RetinaNet",
    "psp": "PSPNet, ResNet-50", "pix2pix": "pix2pix U-Net for 128 pixels", "nin": "NIN (CIFAR-10)",
    # pages and terms
    "receptive field": "Receptive field, r", "receptive feild": "Receptive field, r", "jump": "Jump, j",
    "visible field": "Visible field", "conventions": "Conventions", "networks": "Networks",
    "command line": "The command line", "arithmetic": "The arithmetic",
    "how to cite": "How to cite", "compare": "Compare networks", "workbench": "Workbench",
    "maxpool": "maxpool", "rfdocs.load": "load()", "tiling large": "Tiling large images",
    "tiling": "Tiling large images",
    # what the glossary also calls so
    "atrous": "dilation", "atrous rate": "dilation", "deconvolution": "transposed convolution",
    "fractionally strided": "transposed convolution", "erf": "effective receptive field", "halo": "context",
    "overlap": "context", "effective stride": "Jump, j", "activation map": "feature map",
    "periodic padding": "circular padding",
}  # fmt: skip
"""What comes first for a query, by its title."""

NONE = (
    "deit", "beit transformer", "detr", "bert", "segformer", "yolov7", "yolo v9", "mobilenet v5", "vgg 17",
    "resnet 51", "yolo v12", "mask rcnn", "qwxz",
)  # fmt: skip
"""What nothing of the site is called."""


BESIDE = {"resnet50 layer3": "ResNet-50", "layer4 of resnet18": "ResNet-18"}
"""What comes first where not every word is found."""

PROSE = ("gaussian", "sigma", "audio", "object detection", "padding same", "backpropagation", "same padding")
"""What nothing is called, and what no network would be."""


def index_of(*names: str) -> str:
    """The script for some networks of the catalogue, and a page."""
    results: dict[str, NetworkResult] = {}
    families: dict[str, list[str]] = {}
    for name in names:
        entry = rfdocs.load(name)
        facts = facts_of(entry, entry.analyze())
        results[name] = NetworkResult(facts, f"{facts.family}.yaml", "", START, "")
        families.setdefault(facts.family, []).append(name)
    catalogue = GeneratedCatalogue(results=results, documents=documents("nets", list(families.items())))
    page = NamedPage("Words", "words", (("Size, n", "size-n"), ("load()", "rfdocs.load"), ("hull", "hull", "span")))
    return name_index(catalogue, "nets", [page], lambda document: f"{document}.html")


def test_the_index_says_nothing_twice() -> None:
    text = index_of("resnet18", "resnet50", "lenet5", "mobilenet_v2")
    assert text == index_of("resnet18", "resnet50", "lenet5", "mobilenet_v2")
    assert json.loads(text.removeprefix("const rfNames = ").removesuffix(";\n")) == {
        "address": "nets/~.html",
        "implementations": ["torchvision.models.~", "the paper"],
        "families": [
            ["ResNet", "resnet", [["resnet18", "~-18", 0], ["resnet50", "~-50"]]],
            ["LeNet", "", [["lenet5", "~-5 (the paper's)", 1]]],
            ["MobileNet v2", "", [["mobilenet_v2", "~", 0]]],
        ],
        "pages": [["Words", "words.html", ["Size, n", ["load()", "rfdocs.load"], ["hull", "hull", "span"]]]],
    }


@pytest.mark.parametrize(
    ("text", "anchor"), [("The word “start”", "the-word-start"), ("Pixels seen", "pixels-seen"), ("…", "")]
)
def test_an_anchor_follows_from_a_text(text: str, anchor: str) -> None:
    assert anchor_of(text) == anchor


def test_the_index_is_small_and_leads_to_places_that_are_there(site: Path) -> None:
    text = (site / "_static" / NAME_INDEX).read_bytes()
    assert len(text) <= 40_000
    names = json.loads(text.removeprefix(b"const rfNames = ").removesuffix(b";\n"))
    identifiers = [network[0] for family in names["families"] for network in family[2]]
    assert sorted(identifiers) == sorted(rfdocs.Catalogue().identifiers())
    pages = [*identifiers, *(f"families/{family[1]}" for family in names["families"] if family[1])]
    assert not [own for own in pages if not (site / names["address"].replace("~", own)).is_file()]
    for _, address, terms in names["pages"]:
        texts = [term if isinstance(term, str) else term[0] for term in terms]
        assert address != "python.html" or len(set(texts)) == len(texts)
        anchors = set(re.findall(r' id="([^"]*)"', (site / address).read_text("utf-8")))
        assert {term[1] if isinstance(term, list) else anchor_of(term) for term in terms} <= anchors, address


@pytest.fixture(scope="module")
def tab(site: Path, browser: "Browser") -> "Iterator[Page]":
    """A network's page, for all tests."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.close()
    assert not troubles


def go(tab: "Page", address: str) -> list[str]:
    """Opens a page; what it asks for from then on."""
    tab.goto("about:blank")
    tab.goto(address)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    return asked


def rows(tab: "Page") -> list[str]:
    return tab.locator(".rf-palette [role=option] span").all_text_contents()


def selected(tab: "Page") -> str:
    """The title of the row that the input names as the active one, which is also the selected one."""
    active = tab.locator(".rf-palette input").get_attribute("aria-activedescendant")
    assert tab.locator(".rf-palette [aria-selected=true]").evaluate_all("(all) => all.map((own) => own.id)") == [active]
    return tab.locator(f"#{active} span").text_content() or ""


def test_what_people_type_brings_what_they_mean(site: Path, tab: "Page") -> None:
    tab.goto("about:blank")
    for script in (FOLDER / "palette" / "ranking.js", site / "_static" / NAME_INDEX):
        tab.add_script_tag(path=script)
    rank = "(own) => rfRanking.rank(rfRanking.all(rfNames, ''), own)[0]?.title"
    assert dict(zip(FIRST, tab.evaluate(f"(all) => all.map({rank})", list(FIRST)), strict=True)) == FIRST
    assert dict(zip(BESIDE, tab.evaluate(f"(all) => all.map({rank})", list(BESIDE)), strict=True)) == BESIDE
    near = "(own) => rfRanking.meant(rfRanking.all(rfNames, ''), own).near"
    assert "far" not in tab.evaluate(f"(all) => all.map({near})", list(FIRST))
    assert set(tab.evaluate(f"(all) => all.map({near})", [*NONE, *PROSE])) == {"far"}
    like = "(all) => all.map(rfRanking.isNameLike)"
    assert not [own for own, one in zip(NONE, tab.evaluate(like, list(NONE)), strict=True) if not one and own != "qwxz"]
    assert not any(tab.evaluate(like, list(PROSE)))
    apart = "(all) => all.map(([a, b, most, open]) => rfRanking.distance(a, b, most, open))"
    cases: list[tuple[Any, ...]] = [
        ("kitten", "sitting", 3, False, 3), ("kitten", "sitting", 2, False, 3), ("ab", "ba", 1, False, 0.9),
        ("resent", "resnet50", 1, True, 0.9), ("abc", "abc", 0, False, 0), ("", "ab", 2, False, 2),
        ("ca", "abc", 3, False, 3),
    ]  # fmt: skip
    assert tab.evaluate(apart, [case[:4] for case in cases]) == [case[4] for case in cases]


def test_it_is_opened_and_used_by_the_keyboard_alone(site: Path, tab: "Page") -> None:
    asked = go(tab, (site / "networks" / "vgg16.html").as_uri())
    dialog = tab.locator(".rf-palette")
    tab.keyboard.press("/")
    assert dialog.is_visible()
    tab.keyboard.type("resent50")
    tab.wait_for_function("() => document.querySelector('.rf-palette [role=option] span')?.textContent === 'ResNet-50'")
    assert (rows(tab)[-1], selected(tab)) == ("Search the text for “resent50”", "ResNet-50")
    tab.keyboard.press("ArrowUp")
    assert selected(tab) == rows(tab)[-1]
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    assert selected(tab) == rows(tab)[1]
    tab.keyboard.press("Escape")
    assert not dialog.is_visible()
    tab.locator(".sidebar-search").press("r")
    assert dialog.locator("input").input_value() == "r"
    tab.keyboard.press("Escape")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("conv2")
    assert {Path(url).name for url in asked} - {"favicon.svg"} == {NAME_INDEX}  # the icon is the browser's own wish
    assert len(asked) < 3
    tab.keyboard.press("Control+a")
    tab.keyboard.type("fc6")
    assert selected(tab) == "fc6"
    tab.keyboard.press("Enter")
    assert not dialog.is_visible()
    tab.wait_for_function("() => location.hash.includes('fc6')")
    tab.keyboard.press("/")
    tab.keyboard.type("resnet 50")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/networks/resnet50.html*")


def search_from(tab: "Page", site: Path, name: str) -> None:
    """Opens the palette on a network's page, and waits for its index."""
    go(tab, (site / "networks" / f"{name}.html").as_uri())
    tab.keyboard.press("/")
    tab.locator(".rf-palette [role=option]").first.wait_for()


def test_what_there_is_not_is_said_and_enter_leads_to_how_it_is_added(site: Path, tab: "Page") -> None:
    search_from(tab, site, "vgg16")
    for query in ("deit", "yolov7", "mobilenet v5"):
        tab.keyboard.press("Control+a")
        tab.keyboard.type(query)
        told = tab.locator(".rf-palette [role=status]")
        tab.wait_for_function("() => document.querySelector('.rf-palette [role=status]').textContent.startsWith('No ')")
        assert f"No network, layer, page or term is called “{query}”." in (told.text_content() or "")
        assert told.is_visible()
        assert selected(tab) == "How to add a network"
    assert "MobileNet v3" in rows(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/format.html")


def test_enter_on_words_that_no_network_is_called_by_searches_the_text(site: Path, tab: "Page") -> None:
    search_from(tab, site, "vgg16")
    for query in PROSE:
        tab.locator(".rf-palette input").fill(query)
        assert selected(tab) == f"Search the text for “{query}”"
        assert rows(tab)[-1] == "How to add a network"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=*")


def test_what_a_word_is_also_called_is_read_from_its_definition() -> None:
    assert other_names("A layer; also called a, b, or c d. The chapter; also called e.") == ["a", "b", "c d"]
    assert other_names("A layer, called so.") == []


def test_layers_of_the_page_are_found_by_every_name_that_people_have_for_them(site: Path, tab: "Page") -> None:
    cases = {
        "resnet50": {"stage 3": "layer3", "conv4_x": "layer3", "timm 3": "layer3", "layer 3": "layer3"},
        "convnext_tiny": {"stage 3": "stages.2", "res4": "stages.2", "features.1": "How to add a network"},
        "efficientnet_b0": {"stage 3": "stage3", "stage 4": "stage3", "features.5": "stage5"},
        "shufflenet_v2_x1_0": {"stage 3": "stage3"},
        "vgg16": {"features.22": "conv4_3", "stage 4": "conv4_3", "fc6": "fc6"},
    }
    for name, wanted in cases.items():
        search_from(tab, site, name)
        for query, title in wanted.items():
            tab.locator(".rf-palette input").fill(query)
            assert (query, rows(tab)[0]) == (query, title)
        tab.locator(".rf-palette input").fill("stage 3")
        tab.keyboard.press("Enter")
        tab.wait_for_function("() => location.hash.length > 1")


def test_it_is_opened_and_used_by_the_pointer(site: Path, tab: "Page") -> None:
    go(tab, (site / "conventions.html").as_uri())
    tab.locator(".sidebar-search").click()
    dialog = tab.locator(".rf-palette")
    dialog.locator("[role=option]").first.wait_for()
    tab.mouse.click(5, 5)
    assert not dialog.is_visible()
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.get_by_role("button", name="Search").click()
    dialog.get_by_role("button", name="Close").click()
    assert not dialog.is_visible()
    tab.get_by_role("button", name="Search").click()
    tab.keyboard.type("receptive field")
    violations = Axe().run(tab).response["violations"]
    tab.emulate_media(color_scheme="dark")
    violations += Axe().run(tab).response["violations"]
    assert not [(violation["id"], violation["nodes"][0]["html"]) for violation in violations]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 1440, "height": 900})
    dialog.get_by_text("Receptive field, r").click()
    tab.wait_for_url("**/conventions.html#receptive-field-r")
    assert not dialog.is_visible()


def test_the_text_is_searched_without_a_flood_below_a_sub_path(site: Path, tab: "Page") -> None:
    handler = type("Silent", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=site.parent)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        asked = go(tab, f"http://127.0.0.1:{server.server_port}/{site.name}/networks/lenet5.html")
        tab.keyboard.press("/")
        tab.keyboard.type("receptive field")
        tab.locator(".rf-palette small", has_text="in Conventions").wait_for()
        tab.keyboard.press("ArrowUp")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#search-results li")
        assert len(asked) < 40
        assert not [url for url in asked if f"/{site.name}/" not in url or "/networks/" in url]
        server.shutdown()


def test_without_scripts_the_box_searches_the_text(site: Path, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "conventions.html").as_uri())
    page.locator(".sidebar-search").fill("jump")
    page.locator(".sidebar-search").press("Enter")
    page.wait_for_url("**/search.html?q=jump*")
    context.close()
