"""The directives of the pages on the arithmetic, the check and the data, and the page for lost addresses."""

import re
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from markupsafe import escape
from processes import sphinx

from rfdocs.catalogue.codes import CODES
from rfdocs.catalogue.verification import Compared, MeasuredFields, Verification
from rfdocs.figures import GUIDE_KINDS
from rfdocs.pages.code_reference import code_sections, message_text
from rfdocs.pages.content import Bullets, Grid, plain
from rfdocs.pages.declared import LIMITS
from rfdocs.pages.facts import Facts, facts_of
from rfdocs.pages.phrases import unit_value
from rfdocs.pages.verified import verified_blocks
from rfdocs.sphinx import DIRECTIVES
from rfdocs.sphinx.base import Directive, Role

CONF = """
extensions = ["rfdocs.sphinx"]
rfdocs_catalogue = "nets"
html_theme = "basic"
html_baseurl = "https://example.org/deep/site/"
"""
NET = """
title: A network
input: {channels: 1, size: [9, 5]}
layers: [{conv: conv1, kernel: 3, stride: 2, padding: 1, channels: 1}]
"""
GUIDES = "".join(f".. rf-guide:: {kind}\n\n" for kind in GUIDE_KINDS)
INDEX = f"""
Title
=====

.. toctree::

   networks/index

Unit 0 looks at :rf-unit:`net conv1 0 field`, sees :rf-unit:`net conv1 0 0 visible`; on 3 pixels
:rf-unit:`net conv1 1 seen @3`.

{GUIDES}

.. rf-limits::

.. rf-columns::

.. rf-codes::

.. rf-verified::

.. rf-imports::

.. rf-influence::

   net

.. rf-heads::
   :object: 3

   net conv1 3

.. rf-productive::

   net
   net @9x7

.. rf-relations::

.. rf-animation::
   :input: 5 x 7
   :kernel: 3
   :stride: 1 x 2
   :caption: A window.

.. rf-animation::
   :operation: transposed_conv
   :input: 3
   :kernel: 3
   :stride: 2
   :padding: 1
   :output-padding: 1
   :relation: 14

.. rf-animation::
   :input: 9
   :kernel: 2
   :padding: [[1, 0]]

.. rf-padding::
   :operation: maxpool
   :input: 112
   :kernel: 3
   :stride: 2
   :padding: half
   :rounded-up:

.. rf-padding::
   :input: 8
   :kernel: 3
   :padding: 1, 2
   :still:

.. rf-animation::
   :input: 5
   :kernel: 3
   :channels: 2
   :filters: 4
   :groups: 2

.. rf-animation::
   :operation: avgpool
   :input: 6
   :kernel: 2
   :channels: 2

.. rf-animation::
   :input: 5 x 5
   :kernel: 3
   :form:
"""
INDEX += """
.. rf-stepper:: net

.. rf-scrubber:: net
"""
LOST = """
:orphan:

Lost
====

:doc:`index`
"""
MISTAKES = """
Title
=====

.. toctree::

   networks/index

:rf-unit:`net conv1 9 0 field` and :rf-unit:`net conv1 0 wide` and :rf-unit:`net conv1 field`

.. rf-guide:: guide-exampel

.. rf-animation::
   :input: 5 x 5
   :kernel: 3
   :stride: 2
   :relation: 1

.. rf-animation::
   :input: 5
   :kernel: 9

.. rf-animation::
   :input: 9
   :kernel: 2
   :padding: [[1, 0]]
   :relation: 2

.. rf-animation::
   :kernel: 2

.. rf-animation::
   :input: 9
   :kernel: wide

.. rf-animation::
   :input: 60
   :kernel: 2

.. rf-heads::

   net

.. rf-heads::

   net input

.. rf-influence::

   net conv2

.. rf-productive::

.. rf-padding::
   :kernel: 2

.. rf-padding::
   :input: 60
   :kernel: 2
   :rounded-up:

.. rf-padding::
   :input: 60
   :kernel: 2
   :output-padding: 1

.. rf-padding::
   :input: 60
   :kernel: 0

.. rf-padding::
   :input: 60
   :kernel: 3
   :padding: wide

.. rf-animation::
   :input: 5 x 7
   :kernel: 2
   :form:

.. rf-animation::
   :input: 9
   :kernel: 9
   :form:

.. rf-animation::
   :input: 5
   :kernel: 2
   :output-padding: 1

.. rf-animation::
   :input: 5
   :kernel: 2
   :groups: 2
"""


def build(folder: Path, index: str) -> CompletedProcess[str]:
    sources = {"conf.py": CONF, "index.rst": index, "404.rst": LOST, "nets/net.yaml": NET}
    for name, text in sources.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return sphinx(folder, "-W", "--keep-going", "-q", "-b", "html", ".", "out")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    done = build(folder, INDEX)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_single_units_stand_in_sentences(site: Path) -> None:
    text = " ".join((site / "index.html").read_text("utf-8").split())
    assert "Unit 0 looks at −1 to 1, sees 0 to 1; on 3 pixels 2." in text


def test_the_page_has_every_figure_code_limit_and_column(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert page.count("<figure ") == len(GUIDE_KINDS) + 9
    assert all(f'id="code-{name}"' in page for name in CODES)
    assert all(escape(what) in page for what in LIMITS)
    assert "touched_by_padding" in page
    assert "No record of a verification is at hand" in page


def test_windows_that_slide_say_what_they_are(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)[-8:]
    assert captions[6:] == [
        "A network on 9 × 5 pixels, unit by unit",
        "A network on 9 × 5 pixels, equation by equation",
    ]
    assert captions[:6] == [
        f"{numbers}. {relation}"
        for numbers, relation in [
            (
                "A window. i = 5, k = 3; i = 7, k = 3, s = 2",
                "Relation 5: o = ⌊(i − k) / s⌋ + 1 = ⌊(5 − 3) / 1⌋ + 1 = 3; ⌊(7 − 3) / 2⌋ + 1 = 3.",
            ),
            (
                "i = 3, k = 3, s = 2, p = 1, a = 1",
                (
                    "Relation 14: o = s(i − 1) + a + k − 2p = 2·(3 − 1) + 1 + 3 − 2·1 = 6. Zeros in the drawing: "
                    "s − 1 = 1 between two units, k − 1 − p = 1 before them and k − 1 − p + a = 2 after."
                ),
            ),
            (
                "i = 9, k = 2, p = 1 before and p′ = 0 after",
                "o = ⌊(i + p + p′ − d(k − 1) − 1) / s⌋ + 1 = ⌊(9 + 1 + 0 − 1·(2 − 1) − 1) / 1⌋ + 1 = 9.",
            ),
            (
                "i = 5, k = 3. Relation 1: o = (i − k) + 1 = (5 − 3) + 1 = 3",
                "Each of 4 filters reads 1 of 2 channels: 1·3 = 3 weights, 12 in all.",
            ),
            (
                "i = 6, k = 2, s = 2. Relation 7: o = ⌊(i − k) / s⌋ + 1 = ⌊(6 − 2) / 2⌋ + 1 = 3",
                "Each of 2 channels is taken for itself.",
            ),
            ("i = 5, k = 3", "Relation 1: o = (i − k) + 1 = (5 − 3) + 1 = 3."),
        ]
    ]
    assert re.findall(r'data-steps="(\d+)"', page) == ["9", "6", "9", "12", "6", "9"]
    assert page.count('class="rf-plate rf-animation rf-form"') == 1
    assert "rfdocs/form.js" in page
    assert "15" in page[page.index("<table") :]


def test_a_layer_is_set_side_by_side_and_only_a_calculator_brings_scripts(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert page.count('class="rf-padding"') == 1
    assert re.findall(r"<span>(Maximum pooling.*?|Convolution.*?)</span>", page) == [
        "Maximum pooling of 112 units, kernel 3, stride 2, padding 1, rounded up.",
        "Convolution of 8 units, kernel 3, stride 1, padding 1, 2.",
    ]
    assert "MaxPool1d(3, stride=2, padding=1, ceil_mode=True)" in page
    assert "rfdocs/padding.js" in page


def test_the_page_of_lost_addresses_leads_somewhere_from_any_depth(site: Path) -> None:
    page = (site / "404.html").read_text("utf-8")
    assert 'href="/deep/site/index.html"' in page
    assert 'href="/deep/site/_static/basic.css' in page
    assert 'href="index.html"' in (site / "genindex.html").read_text("utf-8")


@pytest.mark.slow
def test_mistakes_are_warnings_at_their_place(tmp_path: Path) -> None:
    done = build(tmp_path, MISTAKES)
    assert done.returncode == 1
    for warning in (
        "there is no (9, 0); the last is (4, 2)",
        "there is no figure of a unit 'wide' (allowed: field, size, center, visible, spatial_field, spatial_visible, ",
        "'net conv1 field' should name a network, a layer, a unit's index and a figure",
        "relation 1 does not give 2 for i = 5, k = 3, s = 2",
        "relation 2 does not give 9 for i = 9, k = 2, p = 1 before and p′ = 0 after",
        "an input and a kernel are needed",
        "pooling alone is rounded up",
        "a transposed convolution alone has output padding",
        "0 should be 1 to 10000",
        "'wide' is no padding; write a number, two numbers, same, valid or half",
        "its input has 60 cells with its padding; at most 40 are shown",
        "'net' should name a network and a layer",
        "there is no layer that predicts 'input' (allowed: conv1)",
        "there is no layer 'conv2'; did you mean conv1?",
        "its lines should name networks",
        "kernel: the text 'wide' found; allowed: a whole number",
        "a form changes a window that is the same on all axes, without channels and values",
        "a form has no kernel of 9 (from 1 to 7)",
        "output padding is of transposed convolutions alone; conv has a padding",
        "filters and groups are of channels, and none are given; say how many channels there are",
        "index.rst:11: WARNING: there is no figure 'guide-exampel' (did you mean 'guide-example'?)",
    ):
        assert warning in done.stderr


def test_every_code_is_shown_with_its_file_and_its_message() -> None:
    shown = {entry.identifier.removeprefix("code-"): entry for entry in code_sections()}
    assert shown.keys() == CODES.keys()
    by_itself = {name for name in CODES if message_text(name)}
    assert CODES.keys() - by_itself == {"dispute", "file", "variant"}
    assert all(f"[{name}]" in message_text(name) for name in by_itself)


def facts(name: str) -> Facts:
    import rfdocs

    entry = rfdocs.load(name)
    return facts_of(entry, entry.analyze())


def record(*unverified: str, agrees: bool = True) -> Verification:
    measured = MeasuredFields(agrees, "2.13", 9, 10, 40, 0, ((64, 64),), None)
    compared = Compared(True, "torchvision", "0.28", "x", (64, 64), 8, "same", 1000, (), ())
    return Verification("0", "2026-01-01", measured, compared, unverified)


def test_the_verification_is_summed_up_by_implementation_and_by_reason() -> None:
    pairs = [(facts("vgg11"), record()), (facts("vgg13"), record("its head", agrees=False)), (facts("alexnet"), None)]
    sentence, table, _, reasons = verified_blocks(pairs, {"vgg13": "networks/vgg13"})
    assert isinstance(sentence, tuple)
    assert plain(sentence) == (
        "Of 3 networks, 2 were built from their layers and measured by gradient. Of their 36 layers 18 were measured, "
        "in 80 units; 16 are pointwise; 2, of 2 networks, were left out, as their pages say. "
        "All that was measured agrees in 1 of 2 networks."
    )
    assert isinstance(table, Grid)
    assert table.rows[0].cells == ("torchvision", "0.28", "2", "16", "2,000", "2")
    assert isinstance(reasons, Bullets)
    assert [plain(item) for item in reasons.items] == [
        "A difference was found. For VGG-13.",
        "Its head. For VGG-13.",
        "No record holds for the layers as they are now. For AlexNet.",
    ]


def test_one_index_stands_for_all_axes_and_axes_may_differ() -> None:
    import rfdocs

    report = rfdocs.load("vgg16").analyze((224, 320))
    assert unit_value(report, "pool5", [0], "seen") == "122"
    assert unit_value(report, "pool5", [3], "center") == "112"
    assert unit_value(report, "pool5", [3, 4], "field") == "6 to 217 × 38 to 249"


class Registered:
    """What the extension gives Sphinx, by name."""

    def __init__(self) -> None:
        self.directives: dict[str, type[Directive]] = {}
        self.roles: dict[str, Role] = {}
        for name in DIRECTIVES:
            import_module(f"rfdocs.sphinx.{name}").setup(self)

    def add_directive(self, name: str, directive: type[Directive]) -> None:
        self.directives[name] = directive

    def add_role(self, name: str, role: Role) -> None:
        self.roles[name] = role


def test_whatever_fails_in_a_directive_or_a_role_is_handled_in_one_place() -> None:
    registered = Registered()
    assert (len(registered.directives), len(registered.roles)) == (36, 2)
    assert {directive.run for directive in registered.directives.values()} == {Directive.run}
    assert {type(role).run for role in registered.roles.values()} == {Role.run}
