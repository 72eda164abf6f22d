"""What many tests share: a browser, the built site and the whole catalogue."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import every
import pytest
from browsers import NONE, executable
from hypothesis import settings

from rfdocs.making.memory import collect_rarely
from rfdocs.publish import Workspace, locked, source_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from rfdocs import Entry

ROOT = Path(__file__).resolve().parent.parent
# One run draws the same examples as the next; RFDOCS_EXAMPLES asks for more of them.
settings.register_profile(
    "rfdocs", max_examples=int(os.environ.get("RFDOCS_EXAMPLES", "100")), deadline=None, derandomize=True
)
settings.load_profile("rfdocs")

# Where the tests run changes nothing of what a command under test says: neither a CI nor a terminal asks for
# colours (Sphinx gives them wherever CI is set) or for a width.
for name in "CI BUILD_NUMBER FORCE_COLOR FORCE_COLOUR PYTHON_COLORS CLICOLOR_FORCE COLUMNS LINES".split():
    os.environ.pop(name, None)
os.environ["NO_COLOR"] = "1"

collect_rarely()  # as the command line does: most of what is analysed stays, or is gone without a search

NU = "vnu-jar@26.9.27"
"""The Nu checker of HTML, as npm has it."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No process besides this one where some tests are chosen by name or place: to start it would take longer."""
    chosen = config.option.keyword or config.args != config.getini("testpaths")
    return 0 if chosen else None


NEEDING = {"site": ["site"], "browser": ["browser"], "html_checker": ["site"], "entries": []}
"""The marks of a test that asks for one of these; it is slow, whichever that is."""


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs the built site, a browser or all networks is slow, and marked so.

    Files with slow tests come first, each whole, and those last of them that need a browser: by then the site is built.

    Then whoever is done early finds enough small tests to go on with.
    """
    for item in items:
        for needed in NEEDING.keys() & set(getattr(item, "fixturenames", ())):
            for mark in ("slow", *NEEDING[needed]):
                item.add_marker(mark)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    opening = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path not in slow, item.path in opening))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def entries() -> "tuple[Entry, ...]":
    """All networks of the catalogue."""
    return every.entries()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built strictly once per run: from a copy of its hand-written sources, or on from `make html`.

    A copy, so that a `make html` at the same time does not write the same generated pages. Of the processes that run
    tests, the first to ask for it builds it; the others wait.
    """
    here = tmp_path_factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "whole"
    folder.mkdir(exist_ok=True)
    outcome, output = folder / "outcome", folder / "build" / "html"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            outcome.write_text(failed_build(folder / "source", output), "utf-8")
    assert (outcome.read_text("utf-8"), output.exists()) == ("", True)
    return output


def failed_build(source: Path, output: Path) -> str:
    """Empty once the site is built, else what is said of it.

    Where `make html` has built it with this very code, it is brought up to date there, and copied.
    """
    finished = Workspace(ROOT / "build" / "html")
    if finished.made_by.exists() and finished.made_by.read_text("utf-8") == source_digest(ROOT / "site"):
        said = failed_command(ROOT / "site", finished.output)
        with locked(finished, lambda: None):
            shutil.copytree(finished.output, output)
        return said
    shutil.copytree(ROOT / "site", source, ignore=shutil.ignore_patterns("networks"))
    return failed_command(source, output)


def failed_command(source: Path, output: Path) -> str:
    command = [sys.executable, "-m", "rfdocs", "build", "--source", str(source), "--output", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{done.returncode}: {done.stderr}" if done.returncode else ""


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The system's Chromium; nothing is downloaded.

    Without one the test is skipped, or fails where RFDOCS_BROWSER=required asks for it.
    """
    found = executable()
    if found is None:
        if os.environ.get("RFDOCS_BROWSER") == "required":
            pytest.fail(NONE)
        pytest.skip(NONE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def html_checker() -> list[str]:
    """The command that starts the Nu checker, which npm brings.

    Without Java and npx the test is skipped, or fails where RFDOCS_HTML_CHECKER=required asks for it.
    """
    lacking = [name for name in ("java", "npx") if not shutil.which(name)]
    if lacking:
        message = f"no {' and no '.join(lacking)} here to check HTML with"
        if os.environ.get("RFDOCS_HTML_CHECKER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return ["npx", "--yes", f"--package={NU}", "vnu"]


@pytest.fixture(scope="module")
def opened(browser: "Browser") -> "Iterator[Page]":
    """One page for all tests of a module, each of which goes where it wants; no script may fail on it."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.close()
    assert not troubles
