"""The browsers that tests and the bench run in, which one machine or another has."""

import shutil

#: The first is the browser without its windows, which takes a fifth less of a machine.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
#: What is said where there is none.
NONE = f"none of {', '.join(BROWSERS)} is installed"


def executable() -> str | None:
    """The first that there is; none of them is downloaded."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
