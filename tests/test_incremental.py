"""After any edits the site is, byte by byte, the one that a cold build makes; and fails where that one fails."""

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from processes import import_for_builds

from rfdocs.cli import main

pytest.importorskip("myst_parser")
pytest.importorskip("furo")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    import_for_builds()
    for name in ("myst_parser.sphinx_ext.main", "furo", "sphinx_basic_ng"):
        import_module(name)


ROOT = Path(__file__).resolve().parent.parent

CONFIGURATION = """
project = "Small"
extensions = ["myst_parser", "rfdocs.sphinx"]
rfdocs_catalogue = "nets"
rfdocs_toctree = {toctree}
nitpicky = True
html_theme = "{theme}"
html_static_path = ["_static"]
html_css_files = ["own.css"]
templates_path = ["_templates"]
myst_heading_anchors = 2
if html_theme == "furo":
    html_sidebars = {{"**": ["sidebar/brand.html", "sidebar/navigation.html", "sidebar/families.html"]}}
"""

NETWORK = """title: {title}
notes: {note}
input: {{channels: 1, size: [32]}}
layers:
  - {{conv: conv1, kernel: {kernel}, channels: 2}}
  - {{maxpool: pool1, kernel: 2}}
"""

WORDS = ("Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Gable", "Heath")


class Site:
    """The sources of a small site, the ways in which people edit them, and their builds."""

    def __init__(self, folder: Path, chance: Random, theme: str) -> None:
        self.folder, self.chance = folder, chance
        self.source, self.output = folder / "source", folder / "build" / "html"
        self.write("conf.py", CONFIGURATION.format(theme=theme, toctree=theme != "furo"))
        self.write("_static/own.css", "p { color: red }\n")
        shutil.copytree(ROOT / "site" / "_templates", self.source / "_templates")
        self.write("index.md", self.index())
        for name in ("one", "two"):
            self.write(f"{name}.md", f"# {self.word()}\n\n({name})=\n## {self.word()}\n\nWords.\n")
        self.write("more/three.md", f"# {self.word()}\n\nSee {{ref}}`one`.\n\nSee {{any}}`oak-small`.\n")
        self.write("all/print.md", f"# {self.word()}\n\n```{{rf-print}} /index\n```\n")
        for name in ("ash", "elm"):
            self.write(f"nets/{name}.yaml", self.network())
        self.write("nets/oak.yaml", self.family("oak"))

    # What there is

    def word(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(100)}"

    def index(self) -> str:
        tree = "```{toctree}\n:glob:\n\n*\nmore/*\nnetworks/index\n```\n"
        return f"# {self.word()}\n\n{tree}\n```{{rf-verified}}\n```\n"

    def network(self) -> str:
        return NETWORK.format(title=self.word(), note=self.word(), kernel=self.chance.randrange(1, 9))

    def family(self, name: str) -> str:
        variants = [f"  {name}-{size}: {{title: {self.word()}}}\n" for size in ("small", "large")]
        return f"family: {self.word()}\n{self.network()}variants:\n{''.join(variants)}"

    def path(self, kind: str) -> Path:
        """Any file of a kind but the first page; a new one where there is none."""
        found = sorted(path for path in self.source.glob(kind) if path.name != "index.md")
        return self.chance.choice(found) if found else self.new(kind)

    def new(self, kind: str) -> Path:
        return self.source / kind.replace("**/", "").replace("*", f"new{self.chance.randrange(10**6)}")

    def write(self, name: str | Path, text: str) -> None:
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def replace(self, kind: str, start: str, text: str) -> None:
        """One line of a file, that with this start, said anew; at the end where there is none."""
        path = self.path(kind)
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        places = [place for place, line in enumerate(lines) if line.startswith(start)] or [len(lines)]
        place = self.chance.choice(places)
        self.write(path, "\n".join([*lines[:place], start + text, *lines[place + 1 :], ""]))

    # What people do

    def add_a_network(self) -> None:
        self.write(self.new("nets/*.yaml"), self.network())

    def add_a_family(self) -> None:
        path = self.new("nets/*.yaml")
        self.write(path, self.family(path.stem))

    def remove_a_network(self) -> None:
        self.path("nets/*.yaml").unlink(missing_ok=True)

    def rename_a_network(self) -> None:
        old = self.path("nets/*.yaml")
        if old.exists():
            old.rename(self.new("nets/*.yaml"))

    def change_a_title(self) -> None:
        self.replace("nets/*.yaml", "title: ", self.word())

    def change_the_title_of_a_variant(self) -> None:
        self.replace("nets/oak.yaml", "  oak-small: ", f"{{title: {self.word()}}}")

    def change_a_figure(self) -> None:
        self.replace("nets/*.yaml", "  - {conv: conv1, kernel: ", f"{self.chance.randrange(1, 9)}, channels: 2}}")

    def change_a_note(self) -> None:
        self.replace("nets/*.yaml", "notes: ", self.word())

    def dispute(self) -> None:
        self.replace("nets/elm.yaml", "disputes: ", f"[{{network: ash, why: {self.word()}}}]")

    def swap_networks(self) -> None:
        self.swap("nets/*.yaml")

    def swap_pages(self) -> None:
        self.swap("*.md")

    def swap(self, kind: str) -> None:
        """Two files change places, with their dates."""
        one, other = self.path(kind), self.path(kind)
        if one.exists() and other.exists() and one != other:
            aside = self.folder / "aside"
            one.rename(aside)
            other.rename(one)
            aside.rename(other)

    def add_a_page(self) -> None:
        self.write(self.new("*.md"), f"# {self.word()}\n\n## {self.word()}\n\n{self.word()}.\n")

    def remove_a_page(self) -> None:
        self.path("*.md").unlink(missing_ok=True)

    def rename_a_page(self) -> None:
        old = self.path("**/*.md")
        if old.exists():
            old.rename(old.with_name(self.new("*.md").name))

    def change_a_page(self) -> None:
        self.replace("**/*.md", "Words", f" {self.word()}.")

    def change_the_title_of_a_page(self) -> None:
        self.replace("**/*.md", "# ", self.word())

    def change_a_heading(self) -> None:
        self.replace(self.chance.choice(("one.md", "two.md")), "## ", self.word())

    def change_the_first_page(self) -> None:
        self.write("index.md", self.index())

    def refer(self) -> None:
        ways = [
            "{ref}`one`", "{ref}`two`", "[](/one.md)", "{any}`ash`", "{any}`oak-small`", "{doc}`/networks/elm`",
            "{rf}`oak-large conv1 rf`", "{rf}`../nets/ash.yaml conv1 rf`", "{doc}`/networks/families/oak`",
        ]  # fmt: skip
        self.replace("more/three.md", "See ", f"{self.chance.choice(ways)}.")

    def change_a_style(self) -> None:
        self.write("_static/own.css", f"p {{ width: {self.chance.randrange(100)}px }}\n")

    def add_a_file(self) -> None:
        self.write(self.new("_static/*.txt"), self.word())

    def remove_a_file(self) -> None:
        self.path("_static/*.txt").unlink(missing_ok=True)

    def change_the_sidebar(self) -> None:
        self.replace("_templates/sidebar/families.html", "<!-- ", f"{self.word()} -->")

    def show_a_picture(self) -> None:
        name = f"{self.chance.randrange(3)}.svg"
        self.write(f"pictures/{name}", f"<svg xmlns='http://www.w3.org/2000/svg'><title>{self.word()}</title></svg>")
        self.replace("**/*.md", "![", f"{self.word()}](/pictures/{name})")

    def break_a_network(self) -> None:
        wrong = ("[{layer: conv7, parameters: 1, source: x}]", "[{input: [3, 3], parameters: 1, source: x}]", "7")
        self.replace("nets/*.yaml", "expect: ", self.chance.choice(wrong))

    def do_nothing(self) -> None:
        pass

    def edits(self) -> list[Callable[[], None]]:
        return [
            self.add_a_network, self.add_a_family, self.remove_a_network, self.rename_a_network, self.change_a_title,
            self.change_the_title_of_a_variant, self.change_a_figure, self.change_a_note, self.dispute,
            self.swap_networks, self.swap_pages, self.add_a_page, self.remove_a_page, self.rename_a_page,
            self.change_a_page, self.change_the_title_of_a_page, self.change_a_heading, self.change_the_first_page,
            self.refer, self.refer, self.refer, self.change_a_style, self.add_a_file, self.remove_a_file,
            self.change_the_sidebar, self.show_a_picture, self.break_a_network, self.do_nothing,
        ]  # fmt: skip

    def do(self, edit: Callable[[], None]) -> list[str]:
        """Does an edit, now and then after another one; their names."""
        self.keep_safe()
        chosen = [*self.chance.choices(self.edits(), k=self.chance.choice((0, 0, 1))), edit]
        for one in chosen:
            one()
        return [one.__name__ for one in chosen]

    def keep_safe(self) -> None:
        shutil.rmtree(self.folder / "safe", ignore_errors=True)
        shutil.copytree(self.source, self.folder / "safe")

    def take_back(self) -> None:
        """Undoes the last edits, dates included."""
        shutil.rmtree(self.source)
        (self.folder / "safe").rename(self.source)

    # What is built

    def build(self) -> int:
        return main(["build", f"--source={self.source}", f"--output={self.output}", "--jobs=2"])

    def cold(self) -> tuple[int, dict[str, bytes]]:
        """The status and the site of a first build by one process, of a copy of what people wrote."""
        place = self.folder / "cold"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.source, place / "source", ignore=shutil.ignore_patterns("networks"))
        status = main(["build", f"--source={place / 'source'}", f"--output={place / 'html'}", "--jobs=1"])
        return status, contents(place / "html")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def difference(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


SEQUENCES = int(os.environ.get("RFDOCS_SEQUENCES", "4"))
"""How many sequences of edits are tried; four have every kind of edit, more try them in other states of the site."""


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_edits_the_site_is_that_of_a_cold_build(tmp_path: Path, seed: int) -> None:
    site = Site(tmp_path, Random(seed), "basic" if seed % 4 == 3 else "furo")
    assert site.build() == 0
    good = contents(site.output)
    for edit in turns(site, seed):
        done = site.do(edit)
        status, wanted = site.cold()
        assert (site.build(), done) == (status, done)
        assert difference(contents(site.output), good if status else wanted) == [], done
        if status:
            site.take_back()
        else:
            good = wanted


def turns(site: Site, seed: int) -> list[Callable[[], None]]:
    """A fourth of the edits, in an order of chance: those of four seeds in a row are all of them."""
    edits = site.edits()
    Random(seed // 4).shuffle(edits)
    return edits[seed % 4 :: 4]
