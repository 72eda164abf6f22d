"""What may have been meant by a word that nothing is called: the words that are spelt like it, and the hint."""

from __future__ import annotations

from collections.abc import Sequence

#: The most words that are looked at, the most letters of each, and how many words, those that share the most letters
#: with the one that was found, are compared with it in full: that takes long for long words that are much alike.
WORDS = 1000
LETTERS = 60
COMPARED = 20
#: How many of the words that are allowed a hint names.
LISTED = 30


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


def nearest(word: str, allowed: Sequence[str]) -> str:
    """The allowed word that is most like this one, capitals and small letters alike; nothing where none is."""
    small = word[:LETTERS].lower()
    same = [other for other in allowed if other.lower() == small]
    near = same or alike(word, allowed) or _shorter(word, allowed)
    return near[0] if near else ""


def _shorter(word: str, allowed: Sequence[str]) -> list[str]:
    """The longest allowed word that is this one cut short, or the shortest that this one is cut short from."""
    begun = [known for known in allowed if len(known) >= 3 and word.startswith(known)]
    meant = [known for known in allowed if len(word) >= 3 and known.startswith(word)]
    return sorted(begun, key=len, reverse=True)[:1] or sorted(meant, key=len)[:1]


def did_you_mean(*words: str, quote: str = "'") -> str:
    """The question whether one of these words was meant; nothing where there is none.

    >>> did_you_mean("same"), did_you_mean(""), did_you_mean("conv1", "conv2", quote="")
    ("did you mean 'same'?", '', 'did you mean conv1 or conv2?')
    """
    named = [f"{quote}{word}{quote}" for word in words if word]
    return f"did you mean {' or '.join(named)}?" if named else ""


def near_miss(word: str, allowed: Sequence[str]) -> str:
    """A hint naming the nearest allowed word, or all of them.

    >>> near_miss("kernl", ["kernel", "stride"]), near_miss("xyz", ["kernel", "stride"])
    ("did you mean 'kernel'?", 'allowed: kernel, stride')
    """
    return did_you_mean(nearest(word, allowed)) or all_of(sorted(allowed), LISTED)


def all_of(words: Sequence[str], most: int | None = None) -> str:
    """A hint naming all words that are allowed, or the first of them; nothing where there are none."""
    rest = f", ... ({len(words)} in all)" if len(words[:most]) < len(words) else ""
    return f"allowed: {', '.join(words[:most])}{rest}" if words else ""
