"""How often Python looks for garbage while a command works."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Lets a short process that makes millions of small objects, most of which stay, look through them less often.

    To look through all of them again and again takes a tenth of a check of the catalogue, and half of the time in
    which Sphinx reads what it remembers of the last build.
    """
    gc.set_threshold(100_000, 50, 100)
