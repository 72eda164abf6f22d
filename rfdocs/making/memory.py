"""How often Python looks for garbage while it makes much that stays."""

from __future__ import annotations

import gc

#: After so many new objects Python looks through these; so many times, then older ones, too; so many times, then all.
NEW, OLDER, ALL = 200_000, 50, 100


def collect_rarely() -> None:
    """Spares a process that ends soon most searches for garbage, and any among what it began with.

    To look through all objects again and again takes a tenth of a check of the catalogue, and half of the time in
    which Sphinx reads what it remembers of the last build.
    """
    gc.freeze()
    gc.set_threshold(NEW, OLDER, ALL)
