"""The built site, walked: links, anchors, alternatives, ids, markup, data, and nothing from elsewhere."""

import json
import re
import subprocess
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft202012Validator

import rfdocs
from rfdocs import LayerReport, Network, Report, UnitField, operators
from rfdocs.catalogue import catalogue_folder
from rfdocs.formats.data import table_csv, table_json
from rfdocs.formats.tilings import Asked, tiling_data

LOADING = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href"}
"""What makes a browser ask for something as soon as it opens a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the tests ask of a page; its elements, which take much room, are not kept."""

    language: str | None
    title: str | None
    headings: int
    links: tuple[str, ...]
    ids: Counter[str]
    loaded: tuple[str, ...]
    images: tuple[str | None, ...]
    drawings: tuple[str, ...]


class Reading(HTMLParser):
    """What the tests ask of a page, gathered from its tags one after the other: a tree would take much longer."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.headings = 0
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.loaded: list[str] = []
        self.images: list[str | None] = []
        self.describing: list[str] = []
        self.texts: dict[str, str] = {}
        self.title: str | None = None
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("id") or ""
        self.open = "head" if tag == "title" and self.title is None else name
        if name:
            self.ids[name] += 1
        if tag == "html":
            self.language = given.get("lang")
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "img":
            self.images.append(given.get("alt"))
        if tag == "svg" and given.get("role") == "img":
            self.describing.append(given.get("aria-describedby") or "")
        if tag in LOADING and given.get("rel") != "canonical":
            self.loaded.append(given.get(LOADING[tag]) or "")
        self.headings += tag == "h1"

    def handle_data(self, data: str) -> None:
        if self.open == "head":
            self.title = (self.title or "") + data
        elif self.open:
            self.texts[self.open] = self.texts.get(self.open, "") + data

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.open = ""


TELLING_NOTHING = re.compile(
    r"</?(?:b|circle|code|d[dlt]|div|em|g|h[2-6]|li|line|m\w+|ol|p|path|polyline|rect|section|span|strong|t[dhr]"
    r"|table|tbody|text|thead|tspan|u|ul)(?:\s(?![^>]*\b(?:id|href|src)=)[^>]*)?>"
)
"""Tags without a name or an address, of elements of which the tests ask nothing else: most of a page."""


@cache
def read(path: Path) -> Page:
    """A page, read once for all tests."""
    reading = Reading()
    reading.feed(TELLING_NOTHING.sub("", path.read_text("utf-8")))
    reading.close()
    return Page(
        language=reading.language,
        title=reading.title,
        headings=reading.headings,
        links=tuple(reading.links),
        ids=reading.ids,
        loaded=tuple(reading.loaded),
        images=tuple(reading.images),
        drawings=tuple(reading.texts.get(name, "") for name in reading.describing),
    )


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Path]:
    """Every page."""
    return sorted(site.rglob("*.html"))


def test_there_is_a_page_for_every_network(site: Path) -> None:
    identifiers = rfdocs.Catalogue().identifiers()
    built = {path.stem for path in (site / "networks").glob("*.html")}
    assert built == {*identifiers, "index"}


def test_every_link_leads_somewhere(site: Path, pages: list[Path]) -> None:
    lost = [(page.relative_to(site), link) for page in pages for link in read(page).links if not leads(page, link)]
    assert not lost


def test_a_network_s_page_is_light(site: Path) -> None:
    """At most 60 kB as it travels without its figures, and 200 kB with them."""
    heaviest = sorted((site / "networks").glob("*.html"), key=lambda page: page.stat().st_size)[-8:]
    for page in heaviest:
        if page.stem != "index":
            text = page.read_text("utf-8")
            without = re.sub(r"<svg\b.*?</svg>", "", text, flags=re.DOTALL)
            assert len(zlib.compress(without.encode())) < 60_000, page.name
            assert len(zlib.compress(text.encode())) < 200_000, page.name


def leads(page: Path, link: str) -> bool:
    """Whether an address exists; one elsewhere must be https, and is not asked for."""
    if link.startswith("#"):
        return link == "#" or unquote(link[1:]) in read(page).ids
    if page.name == "404.html" and re.match("/(?!/)", link):
        return True
    return leads_from(page.parent, link)


@cache
def leads_from(folder: Path, link: str) -> bool:
    """Whether an address exists, seen from any page of a folder: all have the same sidebar."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in {"https", "mailto"}
    target = (folder / unquote(parts.path)).resolve()
    if not target.is_file():
        return False
    return not parts.fragment or target.suffix != ".html" or unquote(parts.fragment) in read(target).ids


def test_every_page_has_a_policy_and_no_script_of_its_own(pages: list[Path]) -> None:
    """Scripts lie in files beside the page; what stands in it is data."""
    for page in pages:
        text = page.read_text("utf-8")
        policy = text.index('http-equiv="Content-Security-Policy"')
        scripts = [match.start() for match in re.finditer(r"<script(?![^>]*(?:src=|application/json))", text)]
        assert scripts == [], page.name
        assert policy < min(text.index("<script"), text.index('rel="stylesheet"')), page.name


def test_every_row_of_a_networks_table_has_its_address(site: Path) -> None:
    data = json.loads((site / "api" / "resnet50.json").read_text("utf-8"))
    found = read(site / "networks" / "resnet50.html").ids
    assert not [layer["name"] for layer in data["layers"] if found[f"layer-{layer['name']}"] != 1]


def public(one: type) -> set[str]:
    """The attributes of a class that people use, by their full names."""
    own = set(vars(one)) | set(getattr(one, "__annotations__", ()))
    return {f"rfdocs.{one.__name__}.{name}" for name in own if not name.startswith("_")}


INSIDE = {
    "rfdocs.LayerReport.axes", "rfdocs.Network.feature_node", "rfdocs.Network.first_axis_apart",
    "rfdocs.Network.output_nodes", "rfdocs.Network.uniform_axes",
    "rfdocs.Report.check_sight_limits", "rfdocs.Report.unfollowed", "rfdocs.Report.visible_fields",
}  # fmt: skip
"""Attributes that are the package's own affair, and may change."""


def test_other_projects_can_link_to_every_name_of_the_python_interface(site: Path) -> None:
    packed = (site / "objects.inv").read_bytes().split(b"using zlib.\n", 1)[1]
    entries = [line.split() for line in zlib.decompress(packed).decode("utf-8").splitlines()]
    known = {name for name, kind, *_ in entries if kind.startswith("py:")}
    names = {f"rfdocs.{name}" for name in rfdocs.__all__} | {f"rfdocs.operators.{name}" for name in operators.__all__}
    figures = {f"rfdocs.figures.{name}" for name in ("draw", "inline", "standalone", "Drawing", "KINDS")}
    members = public(Report) | public(LayerReport) | public(UnitField) | public(Network)
    assert (names | figures | members) - INSIDE - known == set()
    assert INSIDE & known == set()


def test_no_page_loads_anything_from_elsewhere(site: Path, pages: list[Path]) -> None:
    elsewhere = {page.relative_to(site): [one for one in read(page).loaded if urlsplit(one).netloc] for page in pages}
    assert not {page: found for page, found in elsewhere.items() if found}
    for path in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", path.read_text("utf-8")), path.name


def test_every_figure_has_an_alternative_that_says_something(site: Path, pages: list[Path]) -> None:
    for page in pages:
        assert None not in read(page).images, page.relative_to(site)
        assert all(len(said) > 40 for said in read(page).drawings), page.name
    assert len(read(site / "networks" / "resnet50.html").drawings) > 3


def test_no_id_stands_twice(site: Path, pages: list[Path]) -> None:
    twice = {page.relative_to(site): [one for one, count in read(page).ids.items() if count > 1] for page in pages}
    assert not {page: found for page, found in twice.items() if found}


def test_the_markup_is_valid(site: Path, html_checker: list[str]) -> None:
    """By the Nu checker, which also knows which element may stand in which."""
    options = "--skip-non-html --no-langdetect --errors-only --exit-zero-always --format json".split()
    command = [*html_checker, *options, str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr or done.stdout)["messages"]
    assert [f"{urlsplit(one['url']).path}:{one['lastLine']}: {one['message']}" for one in messages][:20] == []


def test_every_page_has_a_language_a_title_and_one_first_heading(site: Path, pages: list[Path]) -> None:
    for page in pages:
        found = read(page)
        assert found.language == "en", page.relative_to(site)
        assert (found.title or "").strip(), page.relative_to(site)
        assert found.headings == 1, page.relative_to(site)


def test_every_page_is_light(site: Path, pages: list[Path]) -> None:
    """That of the whole course, to print, has the drawings of all its chapters, but nothing of what moves."""
    heavy = {page.relative_to(site): page.stat().st_size for page in pages if page.stat().st_size > 1_000_000}
    assert heavy.keys() <= {Path("guide/print.html")}
    assert (site / "guide" / "print.html").stat().st_size < 4_000_000


def test_no_two_entries_of_the_sidebar_read_the_same(site: Path) -> None:
    text = (site / "networks" / "index.html").read_text("utf-8")
    families = text[text.index("rf-families") : text.index("</nav>", text.index("rf-families"))]
    names = re.findall(r">([^<>]+)</a>", families)
    assert len(names) > 20
    assert len(set(names)) == len(names)


# -- data -----------------------------------------------------------------------------------------------------------


def test_the_index_lists_every_network_with_its_files(site: Path) -> None:
    index = json.loads((site / "api" / "index.json").read_text("utf-8"))
    assert index["schema_version"] == 1
    assert {one["id"] for one in index["networks"]} == set(rfdocs.Catalogue().identifiers())
    for one in index["networks"]:
        assert (site / f"{one['page']}.html").is_file(), one["id"]
        for name in one["files"].values():
            assert (site / "api" / name).is_file(), name


def test_the_index_tells_what_the_page_tells(site: Path) -> None:
    index = json.loads((site / "api" / "index.json").read_text("utf-8"))
    resnet = next(one for one in index["networks"] if one["id"] == "resnet50")
    assert (resnet["final"]["rf"], resnet["final"]["jump"], resnet["depth"]) == ([427, 427], [32, 32], 50)
    assert resnet["whole_image_from"] == "layer3.5.conv2"
    page = (site / "networks" / "resnet50.html").read_text("utf-8")
    assert "<dd>427 px" in page


def test_every_networks_data_is_what_the_command_line_says(site: Path) -> None:
    report = rfdocs.load("vgg16").analyze()
    data = json.loads((site / "api" / "vgg16.json").read_text("utf-8"))
    tiling = tiling_data("vgg16", report, report.tiling(), Asked())
    assert data == json.loads(table_json("vgg16", report)) | {"tiling": data["tiling"]}
    assert data["tiling"] == {key: tiling[key] for key in data["tiling"]}
    assert (site / "api" / "vgg16.csv").read_text("utf-8") == table_csv("vgg16", report)


def test_every_networks_data_is_what_the_schema_says(site: Path) -> None:
    schema = json.loads((site / "api" / "schema.json").read_text("utf-8"))
    valid = Draft202012Validator({**schema, "anyOf": [{"$ref": "#/$defs/network"}]})
    for name in rfdocs.Catalogue().identifiers():
        record = json.loads((site / "api" / f"{name}.json").read_text("utf-8"))
        record["layers"] = record["layers"][::9] + record["layers"][-1:]  # validating takes its time
        assert [error.message for error in valid.iter_errors(record)] == [], name


def test_the_sources_are_the_catalogues(site: Path) -> None:
    for path in catalogue_folder().glob("*.yaml"):
        assert (site / "api" / path.name).read_bytes() == path.read_bytes()


def test_every_network_page_links_its_data(site: Path) -> None:
    for page in (site / "networks").glob("*.html"):
        if page.stem != "index":
            linked = set(read(page).links)
            assert {f"../api/{page.stem}.json", f"../api/{page.stem}.csv"} <= linked, page.name
            assert [link for link in linked if link.endswith(".yaml")], page.name


def test_the_search_knows_words_and_no_junk(site: Path) -> None:
    index = (site / "searchindex.js").read_text("utf-8")
    terms = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert not [term for term in terms if len(term) > 60]
    assert not [term for term in terms if re.fullmatch(r"[0-9]{6,}", term)]
    for word in ("resnet", "recept", "dilat"):
        assert word in terms


def test_the_search_knows_networks_by_their_ids(site: Path) -> None:
    index = (site / "searchindex.js").read_text("utf-8")
    entries = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["indexentries"]
    assert set(rfdocs.Catalogue().identifiers()) <= set(entries)
