"""The page for developers is true, and whoever adds something and leaves a file out is told which.

What says so takes the sources apart, or looks into the registers; each is proved able to by one who forgets.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib import import_module
from inspect import unwrap
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import syntax
from oracle.brute import OPERATIONS as JUDGED
from test_layering import HOMES, LAYERS, STANDARD_ONLY

import rfdocs
from rfdocs.figures import CATALOGUE_KIND, GUIDE_KINDS, KINDS, Drawing, FigureKind, draw, inline, standalone
from rfdocs.formats.units import query_text
from rfdocs.language.operations import OPERATIONS
from rfdocs.making.files import UnplacedSurroundings
from rfdocs.operators import Operator
from rfdocs.pages.content import Page, Picture
from rfdocs.pages.facts import facts_of
from rfdocs.pages.html import content_html
from rfdocs.pages.layers import columns_for, layer_table
from rfdocs.pages.network_page import Origin, network_page
from rfdocs.pages.sources import documents, sources
from rfdocs.sphinx import whole

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "site" / "developing.md").read_text("utf-8")
Modules = Mapping[str, ast.Module]


def section(title: str) -> str:
    """The text below a heading, up to the next one that is as high."""
    level, rest = re.findall(rf"^(#+) {re.escape(title)}\n(.*)", TEXT, re.MULTILINE | re.DOTALL)[0]
    return str(re.split(rf"^#{{1,{len(level)}}} ", rest, flags=re.MULTILINE)[0])


def rows(title: str) -> list[list[str]]:
    """The cells of the table in a section."""
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def modules(folder: str) -> dict[str, ast.Module]:
    """The modules of a folder by their paths."""
    return {path.relative_to(ROOT).as_posix(): parsed(path) for path in sorted((ROOT / folder).glob("*.py"))}


def parsed(path: Path | str) -> ast.Module:
    return syntax.tree(ROOT / path)


def classes(module: ast.Module) -> list[ast.ClassDef]:
    return [node for node in module.body if isinstance(node, ast.ClassDef)]


def functions(module: ast.Module, returned: str) -> list[str]:
    """The public functions that return something of a name."""
    found = [node for node in module.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [node.name for node in found if node.returns is not None and ast.unparse(node.returns) == returned]


def mentioned(module: ast.Module) -> set[str]:
    """All names that a module uses, those of attributes too."""
    names = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}


# --- what the page says ----------------------------------------------------------------------------------------------


def test_the_rooms_are_those_that_imports_are_held_to() -> None:
    assert [room.strip("`") for room, _, _ in rows("The rooms")] == LAYERS


def test_the_rooms_know_of_the_world_what_they_may() -> None:
    for name, _, known in rows("The rooms"):
        room = name.strip("`")
        worlds = sorted(world for world, homes in HOMES.items() if room in homes)
        assert re.findall(r"`(\w+)`", known) == worlds, room
        assert (known == "the standard library") == (room in STANDARD_ONLY), room


def resolved(name: str) -> Any:
    """What a dotted name stands for."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(rfdocs\.[\w.]+)`", TEXT))))
def test_every_name_exists(name: str) -> None:
    resolved(name)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w/]+/[\w./]+)`", TEXT))))
def test_every_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


ADDITIONS = {
    "An operation": 4,
    "A column": 1,
    "A figure": 2,
    "A page that is generated": 3,
    "A page that is written": 3,
}
"""How many files each may take."""


def test_an_addition_takes_so_many_files_and_no_more() -> None:
    titles = re.findall(r"^### (.*)", section("To add something"), re.MULTILINE)
    assert {title: len(re.findall(r"^\d+\. ", section(title), re.MULTILINE)) for title in titles} == ADDITIONS


# --- the walks -------------------------------------------------------------------------------------------------------

FILE = "title: A\ninput: {channels: 3, size: [32, 32]}\nlayers:\n  - {conv: a, kernel: 3, channels: 1009}\n"
"""One that no other test asks for: what an operator once answered it need not compute again."""


def code(name: str) -> CodeType | None:
    """What runs when a function is called; nothing of what is no function."""
    found = unwrap(resolved(name))
    return getattr(getattr(found, "fget", found), "__code__", None)


def called(names: Collection[str], action: Callable[[], object]) -> list[str]:
    """Those of the functions that an action calls, in the order in which it does."""
    codes = {code(name): name for name in names}
    calls: list[str] = []

    def note(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code in codes:
            calls.append(codes[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


def cell(file: Path) -> None:
    report = rfdocs.load(file).analyze()
    assert ">3</td>" in content_html(layer_table(report, "A", columns_for(report)), UnplacedSurroundings())


def figure(file: Path) -> None:
    entry = rfdocs.load(file)
    drawing = draw("growth", entry.title, entry.analyze((48, 48)))
    assert "<svg" in standalone(drawing)
    assert "<svg" in inline(drawing, "a")


def answer(file: Path) -> None:
    assert "5" in query_text("a", rfdocs.load(file).analyze(), "a", (3, 3))


WALKS = {"From a key to a cell": cell, "From an input size to a figure": figure, "From a unit to an answer": answer}


def lost(steps: Iterable[str], calls: Iterable[str]) -> list[str]:
    """The steps that a walk does not come by, in their order."""
    left = iter(calls)
    return [step for step in steps if step not in left]


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_goes_that_way(title: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(FILE, "utf-8")
    steps = [name for name in re.findall(r"`(rfdocs\.[\w.]+)`", section(title)) if code(name) is not None]
    assert len(steps) > 4
    assert lost(steps, called(steps, lambda: WALKS[title](file))) == []


def test_all_walks_are_taken() -> None:
    assert re.findall(r"^### (.*)", section("Three walks"), re.MULTILINE) == list(WALKS)


def test_a_step_that_a_walk_does_not_take_is_found() -> None:
    assert lost(["a", "b", "c"], ["b", "a", "b", "b", "c"]) == []
    assert lost(["a", "c", "b"], ["a", "b", "c"]) == ["b"]


# --- an operation ----------------------------------------------------------------------------------------------------

DECLARATIONS, EXPORTS = "rfdocs/language/operations.py", "rfdocs/operators/__init__.py"
BROWSER = "rfdocs/sphinx/static/engine/operators.js"
FORMS, ORACLE = "rfdocs/verify/linearised.py", "tests/oracle/brute.py"


def operators(sources: Modules) -> dict[str, str]:
    """The classes of operators that no other is derived from, with the modules that they are in."""
    found, bases = {}, {"Operator"}
    nodes = [(path, node) for path, module in sources.items() for node in classes(module)]
    while new := [(path, node) for path, node in nodes if node.name not in found and derived(node) & bases]:
        found.update({node.name: path for path, node in new})
        bases.update(found)
    parents = set().union(*(derived(node) for _, node in nodes))
    return {name: path for name, path in found.items() if name not in parents}


def derived(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base) for base in node.bases}


def offered(module: ast.Module) -> set[str]:
    """What a module says that it offers."""
    named = [node for node in module.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    return {ast.literal_eval(part) for node in named for part in ast.walk(node) if isinstance(part, ast.Constant)}


def forgotten_of_operators(sources: Modules, declarations: ast.Module) -> Iterator[str]:
    """What is missing that a file can name an operator."""
    for name, path in operators(sources).items():
        module = Path(path).stem
        if name not in offered(sources[path]):
            yield f"{path}: `__all__` lacks {name}"
        if {module, f"{module}.*"} - starred(sources[EXPORTS]):
            yield f"{EXPORTS}: it has nothing of {module}"
        if name not in mentioned(declarations):
            yield f"{DECLARATIONS}: no operation makes {name}"


def starred(module: ast.Module) -> set[str]:
    """The modules whose offers are taken over: by name where these are listed, with a star where they are imported."""
    stars = {f"{str(node.module).rpartition('.')[2]}.*" for node in module.body if isinstance(node, ast.ImportFrom)}
    return stars | mentioned(module)


def forgotten_of_operations(operations: Iterable[str], judged: Collection[str]) -> Iterator[str]:
    """The operations that the brute force has no taps of."""
    return (f"{ORACLE}: it does not judge {name}" for name in operations if name not in judged)


def forgotten_of_the_browser(operators: Iterable[type[Operator]], script: str) -> Iterator[str]:
    """The operators with a rule of their own that the browser's engine does not know."""
    rules = set(re.findall(r"^    (\w+):", script.partition("const OPERATORS = {")[2], re.MULTILINE))
    named = {kind.__name__ for kind in operators if kind.axis is not Operator.axis and not kind.__subclasses__()}
    return (f"{BROWSER}: it has no rule of {name}" for name in sorted(named - rules))


def forgotten_of_forms(used: Iterable[type[Operator]], forms: ast.Module) -> Iterator[str]:
    """The operators of networks that the verifier cannot run."""
    known = mentioned(forms)
    for operator in used:
        if not operator.gate and known.isdisjoint(base.__name__ for base in operator.mro()[:-2]):
            yield f"{FORMS}: it has no form of {operator.__name__} in PyTorch"


def test_an_operator_is_offered_and_declared() -> None:
    assert list(forgotten_of_operators(modules("rfdocs/operators"), parsed(DECLARATIONS))) == []


def test_an_operation_is_judged() -> None:
    assert list(forgotten_of_operations(OPERATIONS, JUDGED)) == []
    assert set(JUDGED) <= OPERATIONS.keys()


def test_what_the_catalogue_uses_can_be_verified(entries: tuple[rfdocs.Entry, ...]) -> None:
    used = {type(layer.operator) for entry in entries for layer in entry.network.layers}
    assert len(used) > 15
    assert list(forgotten_of_forms(used, parsed(FORMS))) == []


MIRROR = "class Mirror(ChannelWise):\n    pass\n"


def with_mirror(more: str = "", module: str = "resampling") -> dict[str, ast.Module]:
    """The operators with one more, in a module that says so or not."""
    sources, path = modules("rfdocs/operators"), f"rfdocs/operators/{module}.py"
    text = (ROOT / path).read_text("utf-8") if path in sources else ""
    return sources | {path: ast.parse(f"{text}\n{MIRROR}{more}")}


def test_who_forgets_to_offer_an_operator_is_told() -> None:
    declared = ast.parse((ROOT / DECLARATIONS).read_text("utf-8") + "\nops.Mirror()")
    assert list(forgotten_of_operators(with_mirror(), declared)) == [
        "rfdocs/operators/resampling.py: `__all__` lacks Mirror"
    ]
    assert list(forgotten_of_operators(with_mirror("__all__ = ['Mirror']", "mirrors"), declared)) == [
        "rfdocs/operators/__init__.py: it has nothing of mirrors"
    ]


def test_the_browser_knows_every_operator_with_a_rule_of_its_own() -> None:
    offered_operators = [getattr(rfdocs.operators, name) for name in rfdocs.operators.__all__]
    rules = [kind for kind in offered_operators if isinstance(kind, type) and issubclass(kind, Operator)]
    script = (ROOT / BROWSER).read_text("utf-8")
    assert list(forgotten_of_the_browser(rules, script)) == []
    assert len(list(forgotten_of_the_browser(rules, ""))) > 10


def test_who_forgets_to_declare_an_operation_is_told() -> None:
    found = forgotten_of_operators(with_mirror("__all__ = ['Mirror']"), parsed(DECLARATIONS))
    assert list(found) == ["rfdocs/language/operations.py: no operation makes Mirror"]


def test_who_forgets_to_judge_an_operation_is_told() -> None:
    assert list(forgotten_of_operations([*OPERATIONS, "mirror"], JUDGED)) == [
        "tests/oracle/brute.py: it does not judge mirror"
    ]


def test_who_forgets_the_form_of_an_operator_is_told() -> None:
    class Mirror(Operator):
        pass

    assert list(forgotten_of_forms([Mirror], parsed(FORMS))) == [
        "rfdocs/verify/linearised.py: it has no form of Mirror in PyTorch"
    ]


# --- a figure --------------------------------------------------------------------------------------------------------

REGISTER, NETWORK_PAGE = "rfdocs/figures/__init__.py", "rfdocs/pages/network_page.py"


def drawn_by(kind: Any) -> tuple[str, str]:
    """The module and the function that draw a kind of figure."""
    module, _, function = kind.function.partition(".")
    return f"rfdocs/figures/{module}.py", function


def forgotten_of_figures(sources: Modules, kinds: Mapping[str, Any]) -> Iterator[str]:
    """Kinds that nothing draws, and what draws no kind."""
    drawing = {(path, name) for path, module in sources.items() for name in functions(module, Drawing.__name__)}
    for kind in kinds.values():
        path, function = drawn_by(kind)
        if (path, function) not in drawing:
            yield f"{path}: it has no function {function} that returns a Drawing"
    known = set(map(drawn_by, kinds.values()))
    for path, name in sorted(drawing - known):
        if name.startswith("draw") and path not in {REGISTER, "rfdocs/figures/drawing.py"}:
            yield f"{REGISTER}: no kind is drawn by {name} of {path}"


def forgotten_of_places(kinds: Iterable[str]) -> Iterator[str]:
    """Kinds that no section of a network's page has."""
    entry = rfdocs.load("lenet5")
    report = entry.analyze()
    pictures = {kind: Picture(kind, Drawing("", "", "")) for kind in kinds}
    page = network_page(entry, report, facts_of(entry, report), pictures, Origin(""))
    shown = [block for section in page.sections for block in section.blocks]
    return (f"{NETWORK_PAGE}: no section has {kind}" for kind, picture in pictures.items() if picture not in shown)


def test_a_figure_is_registered_and_drawn() -> None:
    assert (
        list(forgotten_of_figures(modules("rfdocs/figures"), {**KINDS, **GUIDE_KINDS, "scatter": CATALOGUE_KIND})) == []
    )


def test_a_figure_stands_on_the_page() -> None:
    assert list(forgotten_of_places(KINDS)) == []


def test_who_forgets_a_part_of_a_figure_is_told() -> None:
    kinds, sources = {**KINDS, **GUIDE_KINDS, "scatter": CATALOGUE_KIND}, modules("rfdocs/figures")
    one_more = kinds | {"tree": FigureKind("tree.draw", "the network as a tree", "graph")}
    drawn = sources | {"rfdocs/figures/tree.py": ast.parse("def draw(title: str, report: Report) -> Drawing: ...")}
    assert list(forgotten_of_figures(drawn, one_more)) == []
    assert list(forgotten_of_figures(sources, one_more)) == [
        "rfdocs/figures/tree.py: it has no function draw that returns a Drawing"
    ]
    assert list(forgotten_of_figures(drawn, kinds)) == [
        "rfdocs/figures/__init__.py: no kind is drawn by draw of rfdocs/figures/tree.py"
    ]


def test_who_puts_a_figure_into_no_section_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "tree", FigureKind("tree.draw", "the network as a tree", "trees"))
    assert list(forgotten_of_places(KINDS)) == ["rfdocs/pages/network_page.py: no section has tree"]


# --- a page ----------------------------------------------------------------------------------------------------------

SOURCES, WHOLE, INDEX = "rfdocs/pages/sources.py", "rfdocs/sphinx/whole.py", "site/index.md"


def asked_for() -> set[str]:
    """The directives of the generated sources, of networks alone and in families."""
    files = [("a", ["a"]), ("b", ["c", "d"])]
    named = [(f"{stem}.yaml", stem, identifier) for stem, identifiers in files for identifier in identifiers]
    texts = sources("networks", documents("networks", files), named, listed=True)
    return set(re.findall(r"^\.\. (rf-[a-z-]+)::", "\n".join(texts.values()), re.MULTILINE))


class Registry:
    """An application of Sphinx, as far as it is told of directives."""

    def __init__(self) -> None:
        self.directives: dict[str, str] = {}

    def add_directive(self, name: str, directive: type) -> None:
        self.directives[name] = directive.__name__


def registered() -> dict[str, str]:
    """The directives of whole pages, by name."""
    registry: Any = Registry()
    whole.setup(registry)
    found: dict[str, str] = registry.directives
    return found


def forgotten_of_pages(
    pages: Modules, asked: Collection[str], directives: Mapping[str, str], shown: ast.Module
) -> Iterator[str]:
    """Pages that no directive shows, and directives that no page has, or that nothing registers."""
    for path, module in pages.items():
        for name in functions(module, Page.__name__):
            if name not in mentioned(shown):
                yield f"{WHOLE}: no directive shows {name} of {path}"
    makes_page = {node.name for node in classes(shown) if "page_node" in mentioned(ast.Module([node], []))}
    for name, directive in directives.items():
        if directive in makes_page and name not in asked:
            yield f"{SOURCES}: no page has {name}"
    yield from (f"{WHOLE}: it registers no {name}" for name in asked if name not in directives)


def forgotten_of_contents(files: Iterable[str], index: str) -> Iterator[str]:
    """Written pages that stand in no table of contents."""
    trees = re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.MULTILINE | re.DOTALL)
    listed = {line for tree in trees for line in tree.splitlines()}
    return (f"{INDEX}: no table of contents has {name}" for name in files if name not in {*listed, "index", "404"})


def test_a_generated_page_has_its_source_and_its_directive() -> None:
    found = forgotten_of_pages(modules("rfdocs/pages"), asked_for(), registered(), parsed(WHOLE))
    assert list(found) == []
    assert len(asked_for()) > 2


def test_a_written_page_has_its_place() -> None:
    names = [path.stem for path in (ROOT / "site").glob("*.md")]
    assert list(forgotten_of_contents(names, (ROOT / INDEX).read_text("utf-8"))) == []


def test_who_forgets_a_part_of_a_generated_page_is_told() -> None:
    pages = modules("rfdocs/pages") | {"rfdocs/pages/nowhere.py": ast.parse("def nowhere_page() -> Page: ...")}
    text = (ROOT / WHOLE).read_text("utf-8")
    show = ast.parse(
        f"{text}\nclass Nowhere(Directive):\n    def show(self):\n        return page_node(nowhere_page())"
    )
    asked, directives = {*asked_for(), "rf-nowhere"}, registered() | {"rf-nowhere": "Nowhere"}
    assert list(forgotten_of_pages(pages, asked, directives, show)) == []
    assert list(forgotten_of_pages(pages, asked, directives, parsed(WHOLE))) == [
        "rfdocs/sphinx/whole.py: no directive shows nowhere_page of rfdocs/pages/nowhere.py"
    ]
    assert list(forgotten_of_pages(pages, asked, registered(), show)) == [
        "rfdocs/sphinx/whole.py: it registers no rf-nowhere"
    ]
    assert list(forgotten_of_pages(pages, asked_for(), directives, show)) == [
        "rfdocs/pages/sources.py: no page has rf-nowhere"
    ]


def test_who_forgets_the_place_of_a_written_page_is_told() -> None:
    assert list(forgotten_of_contents(["guide"], "```{toctree}\nformat\n```\n")) == [
        "site/index.md: no table of contents has guide"
    ]


# --- what is told, and where -----------------------------------------------------------------------------------------

TOLD = {
    "An operation": (DECLARATIONS, ORACLE, BROWSER),
    "A column": ("rfdocs/formats/columns.py",),  # tests/test_columns.py adds one, and finds it everywhere
    "A figure": (REGISTER,),
    "A page that is generated": (SOURCES, WHOLE),
    "A page that is written": (INDEX, "tests/test_claims.py"),
}
"""The files that whoever forgets them is told to touch; what is new besides is a module or a page of one's own."""


@pytest.mark.parametrize("title", ADDITIONS)
def test_the_page_names_the_files_that_one_is_told_to_touch(title: str) -> None:
    steps = "".join(re.findall(r"^\d+\. .*\n(?:   .*\n)*", section(title), re.MULTILINE))
    assert [path for path in TOLD[title] if f"`{path}`" not in steps] == []
