"""How a text becomes the terms it is found by: normalising, runs, bigrams and words.

Rules of this room: characters only; it knows no item and no word of any language. What stands here is part of the
stored index: whoever changes which terms a text has raises the version of the schema (`storage/sql/schema.py`), or old
rows are found by terms that nobody asks for any more.

Reason. Chinese has no spaces and its words have mostly two characters, so every two neighbours are a term: that finds
a word of two characters, which an index of three cannot, needs no dictionary, and is the same on every database.
Letters and digits are written with borders, so that a word, a number or a part of a code is one term.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

LONGEST_TEXT = 200
"""Characters of a question that are read; nobody types more, and every further one is work."""
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFF))
_ALSO_HAN = "〇々"


@lru_cache(maxsize=16_384)  # the same names of materials stand in many items
def normalised(text: str) -> str:
    """The text as it is compared: half width, small letters, compatibility characters as their plain ones (NFKC)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one."""
    code = ord(char)
    return any(first <= code <= last for first, last in _HAN) or char in _ALSO_HAN


def runs(text: str) -> list[str]:
    """The runs of Chinese characters, and those of letters and digits, of a text, in order; all else divides."""
    found: list[str] = []
    kind = ""
    for char in normalised(text):
        now = "han" if is_han(char) else "word" if char.isalnum() else ""
        if now and now == kind:
            found[-1] += char
        elif now:
            found.append(char)
        kind = now
    return found


def run_terms(run: str) -> list[str]:
    """The terms of one run: a word is one, Chinese is every two neighbours, a character that stands alone is itself."""
    if len(run) < 2 or not is_han(run[0]):
        return [run]
    return [first + second for first, second in pairwise(run)]


def terms(text: str) -> list[str]:
    """The terms of a text, each once, in order."""
    return list(dict.fromkeys(term for run in runs(text) for term in run_terms(run)))


def indexed_terms(text: str) -> set[str]:
    """The terms under which a text is stored: its terms, and the last character of each Chinese run.

    With that, all terms beginning with a character are all texts that have it anywhere, so that one character can be
    asked for, too.
    """
    return {*terms(text), *(run[-1] for run in runs(text) if is_han(run[-1]))}


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where any of the words (normalised) stand in a text as it is printed: from, to; overlaps are one span."""
    plain: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for one in normalised(char):
            plain.append(one)
            origin.append(index)
    flat = "".join(plain)
    marked: list[tuple[int, int]] = []
    for start, end in sorted(_places(flat, words)):
        first, last = origin[start], origin[end - 1] + 1
        if marked and first <= marked[-1][1]:
            marked[-1] = (marked[-1][0], max(marked[-1][1], last))
        else:
            marked.append((first, last))
    return marked


def _places(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = text.find(word) if word else -1
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + 1)
