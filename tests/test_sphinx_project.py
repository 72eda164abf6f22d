"""A small project of somebody else's, with the extension on its own files: what a build makes, keeps and says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from html5lib import parse
from processes import sphinx

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.check import check

pytestmark = pytest.mark.slow

CONF = """
extensions = ["rfdocs.sphinx"]
project = "Somebody's networks"
rfdocs_catalogue = "nets"
exclude_patterns = ["_build"]
html_theme = "basic"
nitpicky = True
epub_copyright = "nobody's"
version = "1"
show_warning_types = True  # as newer Sphinxes do anyway
"""

INDEX = """
Somebody's networks
===================

.. toctree::

   networks/index

The field is :rf:`own/mine.yaml conv2 rf` pixels.

Compare :any:`pair-small`.

.. rf-table:: own/mine.yaml
   :columns: size jump rf start
   :caption: Our own network

.. rf-figure:: own/mine.yaml growth
   :caption: How it grows

.. rf-query:: own/mine.yaml conv2
   :unit: 0 0

.. rf-compare::
   :columns: rf start

   own/mine.yaml conv1
   own/mine.yaml conv2 @64
   pair-small conv1

.. rf-steps:: own/mine.yaml

.. rf-steps:: own/joined.yaml
   :layers: both after
"""

JOINED = """
input: {channels: 3, size: [32, 32]}
layers:
  - {transposed_conv: up, kernel: 3, stride: 2, channels: 3}
  - {add: both, from: [up, up]}
  - {conv: after, kernel: 3, channels: 8}
"""

MINE = """
input: {channels: 3, size: [32, 32]}
layers:
  - {conv: conv1, kernel: 3, stride: 2, padding: 1, channels: 8}
  - {conv: conv2, kernel: 5, padding: 2, channels: 8}
"""

PAIR = """
family: Pairs
input: {channels: 3, size: [32, 32]}
notes: A note.
layers:
  - {conv: conv1, kernel: $kernel, channels: 8}
  - {maxpool: pool1, kernel: 2}
variants:
  pair-small: {title: A small one, parameters: {kernel: 3}}
  pair-large: {title: A large one, parameters: {kernel: 5}, disputes: [{network: pair-small, why: another kernel}]}
"""

ALONE = """
title: UnplacedSurroundings
input: {channels: 1, size: [100]}
layers:
  - {conv: conv1, kernel: 9, channels: 4}
"""

GENERATED = {
    "networks/index.rst", "networks/pair-small.rst", "networks/pair-large.rst", "networks/alone.rst",
    "networks/families/pair.rst",
}  # fmt: skip


class Project:
    """A folder with a Sphinx project, and the ways to build it; ``seed``, if any, is that of Python's hashes."""

    seed = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = {"conf.py": CONF, "index.rst": INDEX, "own/mine.yaml": MINE, "nets/pair.yaml": PAIR}
        files["own/joined.yaml"] = JOINED
        for name, text in {**files, "nets/alone.yaml": ALONE}.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def build(self, *options: str, builder: str = "html", output: str = "") -> subprocess.CompletedProcess[str]:
        """One build; its doctrees stand beside its output."""
        target = f"_build/{output or builder}"
        arguments = ["-b", builder, "-d", f"{target}-doctrees", *options, ".", target]
        if not self.seed:
            return sphinx(self.folder, *arguments)
        command = [sys.executable, "-m", "sphinx", *arguments]
        environment = os.environ | {"PYTHONWARNINGS": "error::UserWarning", "PYTHONHASHSEED": self.seed}
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, env=environment)

    def strict(self, *options: str, builder: str = "html", output: str = "") -> None:
        """A build that must pass without a warning."""
        done = self.build("-W", "--keep-going", *options, builder=builder, output=output)
        assert done.returncode == 0, done.stderr + done.stdout

    def output(self, name: str = "html") -> Path:
        return self.folder / "_build" / name

    def page(self, name: str) -> str:
        return (self.output() / name).read_text("utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}


def dates(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, built strictly once; nobody changes it."""
    project = Project(tmp_path_factory.mktemp("once"))
    project.strict("-j", "2")
    return project


@pytest.fixture(scope="module")
def rest(once: Project) -> Project:
    """A built copy of the project at rest: nothing in it is outdated."""
    folder = once.folder.parent / "rest" / "project"
    shutil.copytree(once.folder, folder, ignore=shutil.ignore_patterns("_build"))
    made = Project.__new__(Project)
    made.folder = folder
    made.strict()
    shutil.copytree(folder, folder.with_name("kept"))
    return made


@pytest.fixture
def project(rest: Project) -> Project:
    """The project at rest for a test of its own: put back as it was, dates and all, in the place it was built in."""
    shutil.rmtree(rest.folder)
    shutil.copytree(rest.folder.with_name("kept"), rest.folder)
    return rest


def test_pages_are_generated_for_networks_families_and_all(once: Project) -> None:
    generated = {path.relative_to(once.folder).as_posix() for path in (once.folder / "networks").rglob("*.rst")}
    assert generated == GENERATED
    assert "conv1" in once.page("networks/pair-small.html")
    assert "A large one" in once.page("networks/index.html")
    assert "Pairs" in once.page("networks/families/pair.html")


def test_directives_show_tables_figures_and_single_figures(once: Project) -> None:
    page = once.page("index.html")
    assert "The field is 11 pixels." in page
    assert '<caption id="rf-layers"><span>Our own network</span></caption>' in page
    assert 'role="region" tabindex="0" aria-labelledby="rf-layers"' in page
    assert '<th scope="row">conv2</th>' in page
    assert "<figcaption>How it grows</figcaption>" in page
    assert "<svg" in page


def test_steps_say_in_words_what_no_equation_says(once: Project) -> None:
    page = once.page("index.html")
    assert "2 paths meet here: no equation of one input gives the field." in page
    assert page.index("The units of both differ by phase") > page.rindex("</math>")


def test_rows_have_addresses_on_a_networks_page(once: Project) -> None:
    assert '<tr id="layer-conv1">' in once.page("networks/alone.html")
    assert '<a href="#layer-conv1">conv1</a>' in once.page("networks/alone.html")


def test_an_id_is_a_target_of_any_reference(once: Project) -> None:
    assert 'href="networks/pair-small.html"' in once.page("index.html").partition("Compare")[2].partition("</p>")[0]


def test_contested_figures_stand_on_both_pages(once: Project) -> None:
    for name in ("pair-small", "pair-large"):
        page = once.page(f"networks/{name}.html")
        assert "Contested values" in page
        assert "another kernel" in page


SCHEMAS = ("schema.json", "format.schema.json")


def test_data_files_stand_beside_the_pages(once: Project) -> None:
    names = {path.name for path in (once.output() / "api").iterdir()}
    networks = ("pair-small", "pair-large", "alone")
    tables = {f"{name}.{kind}" for name in networks for kind in ("json", "csv", "js")}
    assert names == tables | {"pair.yaml", "alone.yaml"} | {"index.json", "index.csv", "catalogue.json", *SCHEMAS}
    assert 'href="../api/alone.json"' in once.page("networks/alone.html")
    assert (once.output() / "api" / "alone.yaml").read_text("utf-8") == ALONE


def test_the_search_does_not_take_cells_for_words(once: Project) -> None:
    index = once.page("searchindex.js")
    terms = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert "larg" in terms
    assert not [term for term in terms if "3232" in term or "conv1conv" in term]


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_same_bytes_whatever_the_number_of_jobs_and_the_seed(once: Project, tmp_path: Path, seed: str) -> None:
    other = Project(tmp_path / "other")
    other.seed = seed
    other.strict("-j", "1")
    assert contents(other.output()) == contents(once.output())


def test_nothing_is_rewritten_when_nothing_changed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a process of another seed, too."""
    before = dates(project.folder)
    same = contents(project.output())
    monkeypatch.setattr(project, "seed", "random")
    project.strict("-j", "2")
    assert contents(project.output()) == same
    after = dates(project.folder)
    again = {name.removeprefix("_build/html/") for name in changed(before, after)}
    assert {name for name in again if not name.startswith("_static/")} <= SPHINX_OWN


SPHINX_OWN = {"genindex.html", "search.html", "searchindex.js", "objects.inv"}
"""What Sphinx writes at the end of every build, with the same bytes."""


def test_an_edit_makes_only_its_own_pages_again(project: Project) -> None:
    before = dates(project.output())
    project.write("nets/pair.yaml", PAIR.replace("A note.", "Another note."))
    project.strict()
    pages = {name for name in changed(before, dates(project.output())) if name.endswith((".html", ".json", ".csv"))}
    pages -= SPHINX_OWN
    own = {"networks/pair-small.html", "networks/pair-large.html"}
    assert pages == own | {"index.html"}, "index.html shows pair-small"


def test_an_edit_of_a_figure_reaches_the_pages_that_show_it(project: Project) -> None:
    project.write("nets/pair.yaml", PAIR.replace("kernel: 5", "kernel: 7"))
    project.write("own/mine.yaml", MINE.replace("kernel: 5", "kernel: 7"))
    project.strict()
    assert "The field is 15 pixels." in project.page("index.html")
    for page in ("networks/index.html", "networks/families/pair.html", "networks/pair-small.html"):
        assert ">8</td>" in project.page(page), page


def test_a_page_without_its_file_goes_with_all_that_was_made_of_it(project: Project) -> None:
    (project.folder / "nets" / "alone.yaml").unlink()
    project.strict()
    left = {name for folder in (project.output(), project.folder / "networks") for name in dates(folder)}
    assert not [name for name in left if "alone" in name]
    assert "UnplacedSurroundings" not in project.page("networks/index.html")


def test_a_page_that_somebody_wrote_stays(project: Project) -> None:
    project.write("networks/by-hand.rst", ":orphan:\n\nBy hand\n=======\n")
    project.strict()
    assert (project.folder / "networks" / "by-hand.rst").exists()


def test_a_broken_file_is_a_warning_at_its_line_and_the_last_pages_stay(project: Project) -> None:
    before = contents(project.output())
    project.write("nets/pair.yaml", PAIR.replace("channels: 8}", "channls: 8}"))
    done = project.build()
    assert done.returncode == 0
    assert "nets/pair.yaml:6:" in done.stderr
    assert "did you mean 'channels'?" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    after = contents(project.output())
    assert {name: after[name] for name in before if "pair" in name} == {
        name: before[name] for name in before if "pair" in name
    }


def test_a_broken_file_fails_a_strict_build_without_a_traceback(project: Project) -> None:
    project.write("nets/pair.yaml", PAIR.replace("kernel: $kernel", "kernel: -3"))
    done = project.build("-W", "--keep-going")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout


def test_a_mended_file_is_fine_again(project: Project) -> None:
    project.write("nets/pair.yaml", "layers: [")
    assert project.build("-W", "--keep-going").returncode == 1
    project.write("nets/pair.yaml", PAIR)
    project.strict()


# Problems of a file that are found while its page is made

EXPECTING = ALONE + "expect:\n  - {layer: conv7, parameters: 1, source: x}\n  - {input: [3, 3], depth: 1, source: y}\n"
LARGE = """
title: Large
input: {channels: 1, size: [1000000]}
layers: [{conv: conv$number, repeat: 100, kernel: 3, padding: 1, channels: 8}]
"""
TOO_SMALL = PAIR.replace("pair-", "small-").replace("kernel: 3}", "kernel: 33}").replace("kernel: 5}", "kernel: 55}")
FAULTY = {"expecting.yaml": EXPECTING, "large.yaml": LARGE, "small.yaml": TOO_SMALL, "index.yaml": ALONE}
BETWEEN = {
    "other.yaml": PAIR.replace("pair-small:", "pair-smaller:").replace("a note", "another"),
    "third.yaml": ALONE + "disputes: [{network: nobody, why: x}]\n",
}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_all_problems_are_said_at_once_each_at_its_line(project: Project, jobs: str) -> None:
    for name, text in FAULTY.items():
        project.write(f"nets/{name}", text)
    project.write("nets/bytes.yaml", "")
    (project.folder / "nets" / "bytes.yaml").write_bytes(b"\xff\xfe")
    for _ in range(2):
        done = project.build("-W", "--keep-going", "-j", jobs)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr + done.stdout
        said = [line.removeprefix(f"{project.folder}/") for line in done.stderr.splitlines() if "nets/" in line]
        assert [re.sub(r"( \(hint: .*\))? \[rfdocs.catalogue\]$", "", line) for line in said] == SAID


SAID = [
    "nets/bytes.yaml:1:1: WARNING: byte 0 is not UTF-8 [yaml]",
    "nets/expecting.yaml:7:13: WARNING: expect[0].layer: expecting: there is no layer 'conv7' [unknown-layer]",
    "nets/expecting.yaml:8:13: WARNING: expect[1].input: expecting: the network has 1 axes; 3 x 3 gives 2 [expect]",
    "nets/index.yaml:1:1: WARNING: 'index' is the name of a page of the site [identifier]",
    (
        "nets/large.yaml:3:1: WARNING: input: large on 1000000: its maps have 101,000,000 units on their axes, "
        "which take 300,000,000 steps: more than can be followed one by one [limit]"
    ),
    *(
        f"nets/small.yaml:6:5: WARNING: layers[0]: conv1: its window of {size} does not fit: the map has 32 "
        "(at an input height of 32) [analysis]"
        for size in (33, 55)
    ),
]


@pytest.mark.parametrize(("files", "problems"), [(FAULTY, 6), (BETWEEN, 2)])
def test_the_build_says_what_the_check_says(
    project: Project, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], problems: int
) -> None:
    for name, text in files.items():
        project.write(f"nets/{name}", text)
    monkeypatch.chdir(project.folder)
    found = check(Catalogue(Path("nets")))
    expected = [problem for problem in found.problems if problem.code != "incomplete"]
    assert len(expected) == problems
    done = project.build()
    said = [line.partition(" WARNING: ") for line in done.stderr.splitlines() if "nets/" in line]
    assert sorted(place for place, _, _ in said) == sorted(f"{one.path}:{one.line}:{one.column}:" for one in expected)
    for problem in expected:
        assert f"{problem.message} [{problem.code}]" in done.stderr


def test_an_expectation_that_cannot_be_tried_leaves_the_rest_of_the_page(project: Project) -> None:
    project.write("nets/alone.yaml", EXPECTING + "  - {layer: conv1, parameters: 40, source: here}\n")
    project.build()
    page = project.page("networks/alone.html")
    assert "conv7" not in page
    assert "✓ yes" in page


def test_a_page_whose_file_was_found_broken_says_nothing_again(project: Project) -> None:
    project.write("nets/pair.yaml", PAIR.replace("kernel: $kernel", "kernel: -3"))
    done = project.build("-d", "_build/fresh")
    assert [line for line in done.stderr.splitlines() if "networks/" in line] == []
    assert "the file has problems" in project.page("networks/pair-small.html")
    project.write("nets/pair.yaml", PAIR)
    project.strict("-d", "_build/fresh")
    assert "the file has problems" not in project.page("networks/pair-small.html")


def test_a_record_of_a_verification_that_cannot_be_read_is_a_warning(project: Project) -> None:
    project.write("nets/verified/alone.json", '{"alone": {}}')
    done = project.build()
    assert "nets/verified/alone.json:1:1: WARNING: it cannot be read" in done.stderr


DEFECT = """
import os
from rfdocs.making import files

def defect(*_):
    {what}

files.facts_of = defect
"""


def test_a_defect_of_the_program_is_a_warning_at_the_network(project: Project) -> None:
    project.write("conf.py", CONF + DEFECT.format(what="raise LookupError('nothing here')"))
    project.write("nets/alone.yaml", ALONE.replace("UnplacedSurroundings", "All alone"))
    done = project.build("-j", "2")
    assert "alone: its page cannot be made: LookupError: nothing here [defect]" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_process_that_the_system_ends_is_a_warning_at_its_file(project: Project) -> None:
    ends = "[os._exit(9) for entry in _[:1] if entry.identifier == 'alone']; return files.before(*_)"
    before = "from rfdocs.making import files\nfiles.before = files.facts_of\n"
    project.write("conf.py", CONF + before + DEFECT.format(what=ends))
    project.write("nets/alone.yaml", ALONE.replace("UnplacedSurroundings", "All alone"))
    project.write("nets/pair.yaml", PAIR.replace("A note.", "Another."))
    done = project.build("-j", "2")
    assert "nets/alone.yaml:1:1: WARNING: the system ended the process that made its pages" in done.stderr
    assert "Another." in project.page("networks/pair-small.html")
    assert "Traceback" not in done.stderr + done.stdout


BY_LINES = ["rf-compare", "rf-latency", "rf-influence", "rf-heads", "rf-productive"]
WRONG = [
    (".. rf-table:: pair-smal", "there is no network 'pair-smal' (did you mean 'pair-small'?)"),
    (".. rf-table:: own/none.yaml", "own/none.yaml:1:1: it cannot be read"),
    (".. rf-table:: own/mine.yaml\n   :columns: sise", "there is no column 'sise' (did you mean 'size'?)"),
    (".. rf-table:: own/mine.yaml\n   :layers: conv7", "there is no layer 'conv7'"),
    (".. rf-table:: own/mine.yaml\n   :input: 3x3x3", "3 x 3 x 3 gives 3"),
    (".. rf-table:: own/mine.yaml\n   :input: big", "'big' is no input size"),
    (".. rf-table:: own/mine.yaml\n   :input: 12345678", "'12345678' is no input size"),
    (".. rf-table:: nets/pair.yaml:pair-smal", "there is no variant 'pair-smal'"),
    (".. rf-figure:: own/mine.yaml grow", "there is no figure 'grow' (did you mean 'growth'?)"),
    (".. rf-query:: own/mine.yaml conv1\n   :unit: 99 0", "there is no (99, 0)"),
    (".. rf-table:: nets/pair.yaml", "the file has 2 variants: pair-small, pair-large"),
    (".. rf-network:: nobody", "there is no network 'nobody'"),
    (".. rf-family:: nobody", "the generated catalogue has no family 'nobody'"),
    (".. rf-networks:: alone nobody", "the generated catalogue has no network 'nobody'"),
    (".. rf-networks:: alone\n   :columns: rff", "there is no column 'rff'"),
    (".. rf-format:: layers", "the format has no 'layers'"),
    *((f".. {name}::", "its lines should name networks") for name in BY_LINES),
    (":rf:`own/mine.yaml conv1 rff`", "there is no figure of a layer 'rff'"),
    (":rf:`own/mine.yaml conv1 rf @x`", "'x' is no input size"),
]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of documents each of which has something wrong at its line 3."""
    project = Project(tmp_path_factory.mktemp("wrong"))
    for number, (source, _) in enumerate(WRONG):
        project.write(f"wrong{number}.rst", f":orphan:\n\n{source}\n")
    done = project.build()
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_wrong_in_a_document_is_said_at_its_line(complaints: str, number: int) -> None:
    said = [part for part in re.split(r"(?m)^(?=/)", complaints) if f"wrong{number}.rst:3: " in part]
    assert any(WRONG[number][1] in part for part in said), complaints


MARKDOWN = """
# Ours

The field is {rf}`own/mine.yaml conv2 rf` pixels.

```{rf-table} own/mine.yaml
:caption: In Markdown
```

```{rf-steps} own/mine.yaml
```
"""


def test_a_document_may_be_markdown(tmp_path: Path) -> None:
    pytest.importorskip("myst_parser")
    project = Project(tmp_path)
    project.write("conf.py", CONF.replace("[", '["myst_parser", ', 1))
    project.write("ours.md", f"---\norphan: true\n---\n{MARKDOWN}")
    project.strict()
    page = project.page("ours.html")
    assert "The field is 11 pixels." in re.sub("<[^>]*>", "", page)
    assert "In Markdown" in page
    assert "<math " in page


@pytest.mark.parametrize("builder", ["text", "man", "latex", "epub", "singlehtml", "dirhtml"])
def test_every_builder_writes_its_tables(once: Project, builder: str) -> None:
    once.strict("-d", "_build/shared", builder=builder)
    if builder == "text":
        page = (once.output("text") / "networks" / "alone.txt").read_text("utf-8")
        assert "receptive field: 9 px" in page
        assert "| conv1 " in page


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{raw} html",
    "`` ` ``{raw}`x` | a | b |",
    "[x](javascript:alert(1)) ]( javascript:",
    "`x <javascript:alert(1)>`_ |y| .. raw:: html",
    "</style></title></svg>--><b>",
)


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a catalogue whose files hold markup in every text."""
    project = Project(tmp_path_factory.mktemp("hostile"))
    for number, text in enumerate(HOSTILE):
        quoted = "'" + text.replace("'", "''") + "'"
        project.write(f"nets/hostile{number}.yaml", hostile(quoted))
    project.strict()
    return project.output()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_texts_of_a_file_are_never_markup(hostile_site: Path, number: int) -> None:
    page = (hostile_site / "networks" / f"hostile{number}.html").read_text("utf-8")
    harmless(page)
    assert HOSTILE[number] in "".join(texts(page))
    assert not [address for address in hrefs(page) if "javascript" in address]


def test_pages_that_list_hostile_networks_are_harmless(hostile_site: Path) -> None:
    for path in files(hostile_site):
        if path.suffix == ".html":
            harmless(path.read_text("utf-8"))


def hostile(text: str) -> str:
    return f"""
title: {text}
family: {text}
authors: [{text}, {text}]
description: {text}
notes: [{text}]
unverified: {text}
paper: {{title: {text}, url: "https://example.org/"}}
implementation: {{name: {text}, symbol: {text}}}
disputes: [{{network: alone, why: {text}}}]
input: {{channels: 3, size: [32, 32]}}
layers: [{{conv: conv1, kernel: 3, channels: 8, note: {text}}}]
expect: [{{parameters: 224, source: {text}}}]
"""


def harmless(page: str) -> None:
    tree = parse(page, namespaceHTMLElements=False)
    scripts = [element.text or "" for element in tree.iter("script") if element.get("type") != "application/json"]
    assert not [script for script in scripts if "alert" in script]
    assert not [element for element in tree.iter() if "onerror" in element.attrib]
    assert not [element for element in tree.iter("img") if element.get("src") == "x"]


def hrefs(page: str) -> list[str]:
    return [element.get("href") or "" for element in parse(page, namespaceHTMLElements=False).iter("a")]


def texts(page: str) -> Iterator[str]:
    """The words of the page's content, as a reader sees them."""
    body = parse(page, namespaceHTMLElements=False).find("body")
    assert body is not None
    return body.itertext()
