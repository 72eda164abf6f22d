"""Measures the speed against its bounds; both sides of every ratio in the same run.

- analysis: ResNet-152, every node, both axes, from the parsed network
- table: `rfdocs table resnet50` as a process, to one that only imports yaml, argparse and json
- tile: `rfdocs tile unet-padded` as a process, to `rfdocs table unet-padded`
- check: `rfdocs check`, the whole catalogue
- build: `rfdocs build`, cold and then with nothing changed, to plain Sphinx over the same pages
  with tables and figures already made; then with one file of the catalogue edited
- reader: another input size on the pages of ResNet-152 and DenseNet-201 until it is painted, and the slow steps of
  the slider along the network and of the pointer over the picture, by the clock of the browser; says so where there
  is none
- scale: cold builds of 30, 60, 120 and 480 networks (drawn from the catalogue, one file each, copies from there on)
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
from browsers import NONE, executable  # noqa: E402 - the tests' own list

HEAVY = ("matplotlib", "numpy", "sphinx", "docutils")
"""What `rfdocs table` has no use for."""

#: How often a whole site is built from nothing: ours and the plain one in turn, since a machine is not always as quick.
COLD = 3

PLAIN_CONFIGURATION = """
project = "plain"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "plain"
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One measured value and its bound."""

    name: str
    measured: float
    unit: str
    bound: float
    remark: str

    @property
    def holds(self) -> bool:
        """Whether the value keeps its bound."""
        return self.measured <= self.bound

    def __str__(self) -> str:
        verdict = "ok  " if self.holds else "MISS"
        values = f"{self.measured:8.2f} {self.unit:5} at most {self.bound:g}"
        return f"{verdict} {self.name:12}{values:32}{self.remark}"


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """The shortest time that the work takes."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(once() for _ in range(repeats))


def cold(work: Callable[[], object], *folders: Path) -> float:
    """What the work takes without the folders that it fills."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return seconds(work)


def python(*arguments: str | Path) -> None:
    """One process of this Python, quiet; ends the bench if it fails."""
    command = [sys.executable, *map(str, arguments)]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if finished.returncode:
        sys.exit(f"bench: {' '.join(command)}\n{finished.stderr.decode()}")


def ratio(name: str, ours: float, other: float, bound: float) -> Result:
    """The result of two times."""
    return Result(name, ours / other, "times", bound, f"{ours:.3f} s to {other:.3f} s")


def analysis() -> Iterator[Result]:
    """The arithmetic alone."""
    import rfdocs  # noqa: PLC0415 - the other benches measure processes that import it

    network = rfdocs.load("resnet152")
    time_taken = seconds(network.analyze, repeats=9)
    yield Result("analysis", time_taken * 1000, "ms", 10, "ResNet-152")


def table() -> Iterator[Result]:
    """The command line, and what it imports."""
    ours = seconds(lambda: python("-m", "rfdocs", "table", "resnet50"), repeats=7)
    other = seconds(lambda: python("-c", "import yaml, argparse, json"), repeats=7)
    yield ratio("table", ours, other, 5)
    code = f"import sys; from rfdocs.cli import main; main(['table', 'resnet50']); \
sys.exit(sum(name in sys.modules for name in {HEAVY!r}))"
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    yield Result("table", finished.returncode, "heavy", 0, f"imports, of {', '.join(HEAVY)}")


def tile() -> Iterator[Result]:
    """What a tiling adds to a table."""
    ours = seconds(lambda: python("-m", "rfdocs", "tile", "unet-padded"), repeats=7)
    other = seconds(lambda: python("-m", "rfdocs", "table", "unet-padded"), repeats=7)
    yield ratio("tile", ours, other, 1.3)


def check() -> Iterator[Result]:
    """The catalogue, read and recomputed."""
    yield Result("check", seconds(lambda: python("-m", "rfdocs", "check"), repeats=3), "s", 4, "whole catalogue")


def plain_project(site: Path, folder: Path) -> None:
    """Writes a project whose pages hold what the built pages show, ready made."""
    folder.mkdir()
    (folder / "conf.py").write_text(PLAIN_CONFIGURATION, "utf-8")
    pages = sorted((site / "_sources").rglob("*.txt"))
    names = [path.relative_to(site / "_sources").as_posix().split(".")[0] for path in pages]
    for name in names:
        html = (site / f"{name}.html").read_text("utf-8")
        article = re.search(r"<article[^>]*>(.*?)</article>", html, re.DOTALL)
        tree = fenced("toctree", "", "\n".join(other for other in names if other != "index"))
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = fenced("raw", "html", article[1] if article else "")
        path.write_text(f"# {name}\n\n{content}\n{tree if name == 'index' else ''}", "utf-8")


def fenced(directive: str, argument: str, body: str) -> str:
    """A MyST directive."""
    return f"~~~~{{{directive}}} {argument}\n{body}\n~~~~\n"


class Project:
    """A copy of the site with a catalogue of its own, to build and to edit."""

    def __init__(self, place: Path, catalogue: Path) -> None:
        self.source = place / "site"
        self.output = place / "build" / "html"
        self.catalogue = place / "catalogue"
        shutil.copytree(ROOT / "site", self.source, ignore=shutil.ignore_patterns("networks"))
        shutil.copytree(catalogue, self.catalogue)
        with (self.source / "conf.py").open("a", encoding="utf-8") as configuration:
            configuration.write(f"\nrfdocs_catalogue = {str(self.catalogue)!r}\n")

    def build(self) -> None:
        """The site, by the command that `make html` runs."""
        python("-m", "rfdocs", "build", f"--source={self.source}", f"--output={self.output}")

    def write_only(self, index: str) -> None:
        """Leaves one page of the hand-written ones, with this text: the others name networks of the real catalogue."""
        for path in self.source.rglob("*.md"):
            path.unlink()
        (self.source / "index.md").write_text(index, "utf-8")

    def pages(self) -> dict[Path, int]:
        """The pages with the times at which they were last written."""
        return {path: path.stat().st_mtime_ns for path in self.output.rglob("*.html")}


def builds() -> Iterator[Result]:
    """Whole sites: ours and the plain one, cold and again; then ours with one file edited."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        project = Project(place, ROOT / "architectures")
        plain = ["-m", "sphinx", "-j", "auto", "-d", str(place / "trees"), str(place / "plain"), str(place / "out")]
        project.build()
        plain_project(project.output, place / "plain")
        turns = [
            (cold(project.build, project.output.parent), cold(lambda: python(*plain), place / "trees", place / "out"))
            for _ in range(COLD)
        ]
        ours, plain_cold = map(min, zip(*turns, strict=True))
        before = project.pages()
        yield ratio(f"cold, {len(before)}", ours, plain_cold, 0.5)
        again, plain_again = seconds(project.build, 3), seconds(lambda: python(*plain), 3)
        yield ratio("same again", again, plain_again, 1.3)
        edited = project.catalogue / "alexnet.yaml"
        text = re.sub(r"(?m)^description: .*", "description: Edited.", edited.read_text("utf-8"))
        edited.write_text(text, "utf-8")
        edit = seconds(project.build)
        written = sum(before.get(path) != time for path, time in project.pages().items())
        yield Result("one edited", written, "pages", 6, f"written again of {len(before)}, in {edit:.2f} s")


#: Another size every time, until the browser has painted it. Unit: milliseconds, the median.
RESIZING = """async () => {
  const inputs = [...document.querySelectorAll(".rf-ask input")], times = [];
  for (let turn = 1; turn < 10; turn++) {
    inputs.forEach((input) => (input.value = String(224 + 32 * turn)));
    const began = performance.now();
    inputs[0].onchange();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other)[4];
}"""
#: Along the whole network three times. Unit: milliseconds of script, the 99th percentile of the last.
SLIDING = """() => {
  const slider = document.querySelector(".rf-explorer input[type=range]"), times = [];
  for (let turn = 0; turn < 3; turn++)
    for (let layer = 1; layer <= Number(slider.max); layer++) {
      slider.value = String(layer);
      const began = performance.now();
      slider.oninput();
      if (turn === 2) times.push(performance.now() - began);
    }
  return times.sort((one, other) => one - other)[Math.floor(0.99 * times.length)];
}"""


#: Over the whole picture, at the slider's last layer and halfway. Unit: milliseconds of script, the 99th percentile.
POINTING = """() => {
  const slider = document.querySelector(".rf-explorer input[type=range]"), times = [];
  for (const layer of [Math.ceil(Number(slider.max) / 2), Number(slider.max)]) {
    slider.value = String(layer);
    slider.oninput();
    const canvas = document.querySelector(".rf-canvas"), box = canvas.getBoundingClientRect();
    for (let turn = 0; turn < 200; turn++) {
      const across = turn / 200, down = ((7 * turn) % 200) / 200;
      const place = { clientX: box.left + box.width * across, clientY: box.top + box.height * down };
      const began = performance.now();
      canvas.dispatchEvent(new PointerEvent("pointermove", { ...place, pointerType: "mouse" }));
      times.push(performance.now() - began);
    }
  }
  return times.sort((one, other) => one - other)[Math.floor(0.99 * times.length)];
}"""


def reader() -> Iterator[Result]:
    """What a reader waits for on a page."""
    browser = executable()
    if browser is None:
        print(f"none reader: {NONE}", flush=True)
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other values need no browser

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = two_families(Path(folder))
        page = playwright.chromium.launch(executable_path=browser).new_page()
        for name in ("resnet152", "densenet201"):
            page.goto((pages / f"{name}.html").as_uri())
            yield Result("resize", page.evaluate(RESIZING), "ms", 100, f"{name}, until it is painted")
            yield Result("slide", page.evaluate(SLIDING), "ms", 16, f"{name}, of script, the 99th percentile")
            yield Result("point", page.evaluate(POINTING), "ms", 16, f"{name}, of script, the 99th percentile")


def two_families(place: Path) -> Path:
    """The pages of their networks."""
    (place / "nets").mkdir()
    for family in ("resnet", "densenet"):
        shutil.copy(ROOT / "architectures" / f"{family}.yaml", place / "nets")
    lines = ['extensions = ["rfdocs.sphinx"]', 'rfdocs_catalogue = "nets"', 'html_theme = "furo"']
    (place / "conf.py").write_text("\n".join(lines), "utf-8")
    (place / "index.rst").write_text("Two\n===\n\n.. toctree::\n\n   networks/index\n", "utf-8")
    python("-m", "sphinx", "-q", place, place / "html")
    return place / "html" / "networks"


def copies(folder: Path, count: int) -> None:
    """Writes a catalogue of so many networks, one file each: a sample of the whole one, or copies where it has fewer.

    The sample is drawn once from all, in an order of chance that is always the same, so that a smaller catalogue
    has networks as large as a larger one.
    """
    folder.mkdir()
    networks = list(single_networks())
    random.Random(0).shuffle(networks)  # noqa: S311 - nothing is kept secret with it
    for number, (stem, document) in enumerate(islice(cycle(networks), count)):
        (folder / f"{stem}-n{number}.yaml").write_text(yaml.safe_dump(document), "utf-8")


def single_networks() -> Iterator[tuple[str, dict[str, object]]]:
    """Every network of the catalogue as a file of its own: the file's name and what it says."""
    for path in sorted((ROOT / "architectures").glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        variants = document.pop("variants", {path.stem: {}})
        for variant in variants.values():
            own = dict(variant or {})
            own["parameters"] = document.get("parameters", {}) | own.get("parameters", {})
            yield path.stem, document | own | {"disputes": []}


def scale() -> Iterator[Result]:
    """Cold builds of more and more networks: the time for one must not grow with their number."""
    former = 0.0
    for count, bound in ((30, 99.0), (60, 99.0), (120, 99.0), (480, 1.2)):
        with tempfile.TemporaryDirectory() as name:
            copies(Path(name) / "copies", count)
            project = Project(Path(name) / "project", Path(name) / "copies")
            project.write_only(f"# Networks\n\n{fenced('toctree', '', 'networks/index')}")
            each = seconds(project.build) / count
        growth = each / former if former else 1.0
        yield Result(f"{count} networks", growth, "times", bound, f"{each * 1000:.0f} ms a network")
        former = each


BENCHES = {
    "analysis": analysis, "table": table, "tile": tile, "check": check, "build": builds,
    "reader": reader, "scale": scale,
}  # fmt: skip


def main() -> int:
    """Prints a row per value as it is measured; 1 if one misses its bound."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("only", nargs="*", default=[], help=f"some of {', '.join(BENCHES)}")
    names = parser.parse_args().only or list(BENCHES)
    missed = 0
    for name in names:
        for result in BENCHES[name]():
            print(result, flush=True)
            missed += not result.holds
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
