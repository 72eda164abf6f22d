"""Exercises: wrong recipes print what the page says, answers are computed, and a reader is told what is right."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from processes import sphinx

import rfdocs
from rfdocs.sphinx.exercises import alternatives, ordered

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GUIDE = Path(__file__).resolve().parent.parent / "site" / "guide"
MISTAKES = (GUIDE / "mistakes.md").read_text("utf-8")
SECTION = re.compile(r"^### (?P<title>[^\n]+)\n(?P<text>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
LINES = re.compile(r"^```python\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = {
    section["title"]: (lines["text"], section["text"])
    for section in SECTION.finditer(MISTAKES)
    if (lines := LINES.search(section["text"]))
}


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_prints_what_the_page_says(title: str) -> None:
    lines, text = RECIPES[title]
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(lines, title, "exec"), {})
    printed = said.getvalue().split()
    told = re.search(r"print\(.*\)  # (.*)\n\Z", lines)
    assert told is not None
    assert printed == told[1].split(", ")
    recipe = re.search(r"^:recipe: (.*)$", text, re.MULTILINE)
    assert recipe is not None
    assert float(recipe[1].replace(",", "")) in map(float, printed)


@pytest.mark.parametrize("title", RECIPES)
def test_a_question_on_a_network_leads_to_its_page(title: str) -> None:
    """Nobody can work out what a network sees of which nothing is there."""
    told = re.search(r"^:answer: (?:tiling )?(\S+).*?\n\n(.*?)\n\n", RECIPES[title][1], re.MULTILINE | re.DOTALL)
    assert told is not None
    network, question = told.groups()
    assert ".yaml" in network or f"](../networks/{network}.rst)" in question


def has(title: str, *words: str) -> bool:
    """Whether the lines of a recipe have these words."""
    return all(one in RECIPES[title][0] for one in words)


def test_recipes_start_from_the_networks_own_numbers() -> None:
    vgg, resnet, yolo = (rfdocs.load(name).analyze() for name in ("vgg16", "resnet18", "yolov5s"))
    kernels = [one.windows[0].kernel for one in vgg if one.operation == "conv"]
    assert has("The kernel is taken for the field", f"[{kernels[0]}] * {len(kernels)}")
    assert set(kernels) == {3}
    unet = rfdocs.load("unet-padded").analyze()["output"]
    assert has("Half the field is taken for the overlap of tiles", f"field = {unet.receptive_field[0]} ")
    deep = rfdocs.load("unet3d").analyze()
    told = f"image, units = {deep.input_size[0]}, {deep['output'].size[0]} "
    assert has("What a map loses is taken for the field", told)
    told = f"field, image = {resnet['layer4'].receptive_field[0]}, {resnet.input_size[0]} "
    assert has("A larger field is taken for a view of the whole image", told)
    second, jump = yolo["model.2"].receptive_field[0], yolo["model.2"].jump[0]
    assert has("A stride counts in its own layer", f"field, jump = {second}, {jump} ")
    pool = vgg["pool5"]
    assert has(
        "Every layer adds its kernel less one", f"field = {pool.receptive_field[0]} ", f"its {pool.size[0]} units"
    )
    used = rfdocs.load("vgg16").analyze(225)
    first, size = used["pool1"], used["conv1_2"].size[0]
    told = f"= {size}, {first.windows[0].kernel}, {first.windows[0].stride}, {first.size[0]}\n"
    assert has("The used padding is split evenly", told)
    blocks = rfdocs.load(str(GUIDE / "examples" / "mistakes.yaml:genome")).analyze()
    convolutions = [one.windows[0] for one in blocks if one.name.endswith("conv1")]
    stages = [(one.kernel, one.dilation) for one in convolutions[::4]]
    assert has("A block's second convolution is forgotten", f"stages = {stages}\n", "range(4)")
    assert len(convolutions) == 4 * len(stages) == 16


def test_every_recipe_has_an_exercise() -> None:
    assert len(RECIPES) == MISTAKES.count("```{rf-exercise}") >= 11


# -- in any project -----------------------------------------------------------------------------------------------

NET = """
input: {channels: 1, size: [9]}
layers: [{conv: conv1, kernel: 4, stride: 3, channels: 1}, {upsample: up, scale: 2}]
"""
INDEX = """
Title
=====

.. rf-exercise::
   :answer: net.yaml conv1 start
   :recipe: 1
   :hint: Think.
   :unit: pixels

   Where is the **first** unit?

   There it is.

.. rf-exercise::
   :answer: net.yaml conv1 rf < net.yaml up 0 center

   Is it?

.. rf-exercise::
   :answer: tiling net.yaml conv1 grid
   :choices: 4 | 1

   Where may a tile begin?

.. rf-exercise::
   :answer: net.yaml conv1 rf = 4

   Are there four?
"""
WRONG = {
    "": "an answer is needed",
    "net.yaml": "there is no figure of a layer ''",
    "net.yaml nosuch rf": "nosuch",
    "net.yaml conv1 here seen": "there is no figure of a layer",
    "net.yaml conv1 a b seen": "a unit's index",
    "tiling net.yaml conv1": "should name a network, a layer and a figure",
    "tiling net.yaml conv1 gird": "did you mean 'grid'",
    "net.yaml conv1 rf < 3 < 4": "compares more than two values",
    "net.yaml conv1 size < net.yaml conv1 op": "is not one number",
}


def project(folder: Path, text: str) -> None:
    folder.joinpath("conf.py").write_text('extensions = ["rfdocs.sphinx"]\nhtml_theme = "basic"\n')
    folder.joinpath("net.yaml").write_text(NET)
    folder.joinpath("index.rst").write_text(text)


@pytest.mark.slow
def test_answers_are_computed_and_folded_away(tmp_path: Path) -> None:
    project(tmp_path, INDEX)
    done = sphinx(tmp_path, "-W", "-b", "html", ".", "_build")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "_build" / "index.html").read_text("utf-8")
    assert re.findall(r'<strong class="rf-value">(.*?)</strong>', page) == ["2", "no", "3", "yes"]
    assert page.count('<details class="rf-solution">') == 4
    assert "<strong>Exercise 1.</strong> Where is the <strong>first</strong> unit?" in page
    data = re.findall(r'<script type="application/json" class="rf-data">(.*?)</script>', page)
    assert data[0] == '{"recipe":"1","hint":"Think.","unit":"pixels"}'
    assert data[1:3] == ['{"choices":["no","yes"]}', '{"choices":["1","3","4"]}']
    assert "2" not in data[0]
    text = sphinx(tmp_path, "-W", "-b", "text", ".", "_text")
    assert text.returncode == 0, text.stderr
    assert "**2** pixels. The recipe gives 1." in (tmp_path / "_text" / "index.txt").read_text("utf-8")


@pytest.mark.slow
def test_mistakes_in_an_exercise_are_warnings(tmp_path: Path) -> None:
    asked = "".join(f".. rf-exercise::\n   :answer: {answer}\n\n   What?\n\n" for answer in WRONG if answer)
    project(tmp_path, f"Title\n=====\n\n{asked}.. rf-exercise::\n\n   What?\n\n.. rf-exercise::\n   :answer: 3\n")
    done = sphinx(tmp_path, "-b", "html", ".", "_build")
    for words in [*WRONG.values(), "an exercise needs a question"]:
        assert words in done.stderr, done.stderr
    assert done.stderr.count("WARNING") == len(WRONG) + 1


def test_choices_tell_nothing_by_their_order() -> None:
    assert ordered(alternatives("404 | 16| 1/2 |212")) == ("1/2", "16", "212", "404")
    assert ordered(["yes", "no"]) == ("no", "yes")


# -- in a browser ---------------------------------------------------------------------------------------------------

ALIKE = [
    ("10,001", ["10001", "10,001", "10 001", "10.001", "10'001", " 10001 positions", "10,001 × 10,001"]),
    ("0.5", ["0.5", ".5", "1/2", "½", "0,5", "2/4", "0.50"]),
    ("−1.5", ["-1.5", "−1.5", "-3/2", "-1 1/2", "–1½"]),
    ("1/3", ["1/3", "2/6", "⅓"]),
    ("92–100", ["92-100", "92 – 100", "92 to 100", "from 92 to 100", "92, 100", "92 and 100 px"]),
    ("16", ["16", "16.0", "32/2", "+16"]),
    ("yes", ["yes"]),
]
APART = [
    ("10,001", ["10000", "1001", "10", "5,001", "10,001 × 9"]),
    ("0.5", ["5", "-0.5", "1", "0.6"]),
    ("92–100", ["92", "100", "100-92", "88", "9200"]),
    ("yes", ["no", ""]),
]


def judged(page: "Page", given: str, right: str) -> str:
    return str(page.evaluate("([given, right]) => rfExercises.judged(given, right)", [given, right]))


@pytest.fixture
def exercised(opened: "Page", site: Path) -> "Page":
    opened.goto((site / "guide" / "mistakes.html").as_uri())
    opened.wait_for_selector(".rf-asked form")
    return opened


@pytest.mark.parametrize(("right", "given"), ALIKE)
def test_answers_may_be_written_in_many_ways(exercised: "Page", right: str, given: list[str]) -> None:
    assert {one: judged(exercised, one, right) for one in given} == dict.fromkeys(given, "right")


@pytest.mark.parametrize(("right", "given"), APART)
def test_other_answers_are_wrong(exercised: "Page", right: str, given: list[str]) -> None:
    verdicts = {one: judged(exercised, one, right) for one in given}
    assert set(verdicts.values()) <= {"wrong", "nothing"}, verdicts


def test_what_is_no_number_or_nearly_right_is_said_to_be_so(exercised: "Page") -> None:
    assert judged(exercised, "many", "16") == "nothing"
    assert judged(exercised, "0.33", "1/3") == "near"
    assert judged(exercised, "15.9", "16") == "wrong"


def test_a_reader_answers_by_keyboard_and_is_told_in_words(exercised: "Page") -> None:
    exercise = exercised.locator(".rf-exercise").nth(2)
    field, said = exercise.get_by_role("textbox", name="answer to Exercise 3"), exercise.get_by_role("status")
    details = exercise.locator("details")
    assert not details.evaluate("(one) => one.open")
    field.focus()
    for typed, words in [
        ("many", "Write a number, such as 12, 0.5 or 1/2."),
        ("5,001", "Not right: 5,001 is what the recipe gives. Each of these blocks is two such convolutions in a row."),
        ("7", "Not right. Each of these blocks is two such convolutions in a row."),
        ("10 001", "Right: 10,001 positions."),
    ]:
        field.fill(typed)
        exercised.keyboard.press("Enter")
        assert said.text_content() == words
        assert details.evaluate("(one) => one.open") == words.startswith("Right")
    assert exercise.get_by_text("Count convolutions, not blocks.").is_visible()
    field.fill("10 00")
    assert said.text_content() == "", "the verdict was on another answer"


def test_only_answers_of_several_numbers_ask_for_their_order(exercised: "Page") -> None:
    told = exercised.locator(".rf-exercise").evaluate_all(
        """(all) => all.map((one) => {
            const [right, field] = ['.rf-value', 'input'].map((name) => one.querySelector(name));
            return [right.textContent, field.placeholder];
        })"""
    )
    assert "10,001" in dict(told)
    ordered_ones = {right for right, words in told if words == "least to most"}
    assert ordered_ones == {right for right, _ in told if "–" in right}
    assert ordered_ones


def test_a_reader_chooses_by_keyboard(exercised: "Page") -> None:
    exercise = exercised.locator(".rf-exercise").filter(has=exercised.locator("input[type=radio]")).first
    exercise.get_by_role("button", name="Check").press("Enter")
    assert exercise.get_by_role("status").text_content() == "Choose an answer first."
    choices = [one.get_attribute("value") for one in exercise.get_by_role("radio").all()]
    assert choices == ["0.5", "1", "2"]
    exercise.get_by_role("radio").first.focus()
    for _ in choices[1:]:
        exercised.keyboard.press("ArrowDown")
    exercised.keyboard.press("Enter")
    assert str(exercise.get_by_role("status").text_content()).startswith("Not right: 2 is what the recipe gives.")
    exercised.keyboard.press("ArrowUp")
    exercised.keyboard.press("Enter")
    assert exercise.get_by_role("status").text_content() == "Right: 1."


def test_every_answer_of_the_page_is_right_by_its_own_words(exercised: "Page") -> None:
    exercises = exercised.locator(".rf-exercise").all()
    assert len(exercises) == len(RECIPES)
    for exercise in exercises:
        right = str(exercise.locator(".rf-value").text_content())
        if exercise.get_by_role("textbox").count():
            exercise.get_by_role("textbox").fill(right)
        else:
            exercise.get_by_role("radio", name=right, exact=True).check()
        exercise.get_by_role("button", name="Check").click()
        assert str(exercise.get_by_role("status").text_content()).startswith(f"Right: {right}")


def test_fields_are_large_enough_to_touch(exercised: "Page") -> None:
    for one in exercised.locator(".rf-asked :is(input[type=text], button, label)").all():
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 43.9


def test_without_scripts_there_is_the_question_and_a_folded_answer(browser: "Browser", site: Path) -> None:
    plain = browser.new_page(java_script_enabled=False)
    plain.goto((site / "guide" / "mistakes.html").as_uri())
    exercise = plain.locator(".rf-exercise").first
    assert exercise.locator("form").count() == 0
    assert not exercise.locator(".rf-asked").is_visible()
    assert not exercise.locator(".rf-value").is_visible()
    exercise.locator("summary").press("Enter")
    assert exercise.locator(".rf-value").is_visible()
    plain.close()
