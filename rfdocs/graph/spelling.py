"""Words that are spelt alike, for messages about a name that nothing has."""

from __future__ import annotations

from collections.abc import Sequence

#: The most words that are looked at, the most letters of each, and how many words, those that share the most letters
#: with the one that was found, are compared with it in full: that takes long for long words that are much alike.
WORDS = 1000
LETTERS = 60
COMPARED = 20


def alike(word: str, known: Sequence[str], count: int = 1) -> list[str]:
    """The known words that have the most in common with this one, best first; none where that is too little.

    >>> alike("kernl", ["stride", "kernel", "padding"])
    ['kernel']
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - only who mistypes pays for it

    likely = [other for other in known[-WORDS:] if len(other) <= 2 * LETTERS]
    if len(likely) > COMPARED:
        matcher = SequenceMatcher(b=word[:LETTERS])

        def shared(other: str) -> float:
            matcher.set_seq1(other[:LETTERS])
            return matcher.quick_ratio()

        likely = sorted(likely, key=shared, reverse=True)[:COMPARED]
    return get_close_matches(word[:LETTERS], likely, n=count, cutoff=0.6)
