"""What many tests share: a browser and the built site."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

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

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built strictly once per session from a copy of its hand-written sources.

    A copy, so that a `make html` at the same time does not write the same generated pages.
    """
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "site", folder / "source", ignore=shutil.ignore_patterns("networks"))
    output = folder / "build" / "html"
    command = [sys.executable, "-m", "rfdocs", "build", "--source", str(folder / "source"), "--output", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The system's Chromium; nothing is downloaded.

    Without one the test is skipped, or fails where RFDOCS_BROWSER=required asks for it.
    """
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        message = f"none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("RFDOCS_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable)
        yield chromium
        chromium.close()
