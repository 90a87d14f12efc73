"""The known words of a question: where each stands, what it tells, and which of two that lie over each other is taken.

Rules of this room: places and words only; which words are known is for others to say (`synonyms`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache

import attrs


class Tells(enum.Enum):
    """What a known word tells: the thing that is wanted, what is to be done with it, or who asks, and where."""

    THING = "thing"
    AIM = "aim"
    CIRCUMSTANCE = "circumstance"


@attrs.frozen
class Spoken:
    """A word of a question that has official words; `corrected` where one character of it is another.

    `alike`: the other one is written for it often.
    """

    start: int
    end: int
    word: str
    official: tuple[str, ...]
    corrected: bool = False
    tells: Tells = Tells.THING
    alike: bool = False

    @property
    def weight(self) -> int:
        """Which of two words that lie over each other is taken: the longer one, a wrong character counting against."""
        return 2 * (self.end - self.start) - 3 * self.corrected + self.alike


@lru_cache(maxsize=8)  # a place has one, for all its questions
def silence(noise: frozenset[str]) -> re.Pattern[str] | None:
    """What says nothing, longest first; single characters only where they stand alone, for whoever asks to see to."""
    words = sorted((word for word in noise if len(word) > 1), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words))) if words else None


def between(taken: list[Spoken], text: str) -> Iterator[tuple[int, int]]:
    """What of a text lies between words, from and to."""
    at = 0
    for one in taken:
        if one.start > at:
            yield at, one.start
        at = one.end
    if at < len(text):
        yield at, len(text)


def apart(found: list[Spoken]) -> Iterator[Spoken]:
    """The longest words first, and none that lies over one taken; in the order of the text."""
    taken: list[Spoken] = []
    for one in sorted(found, key=lambda one: (-one.weight, one.start, one.word)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    yield from sorted(taken, key=lambda one: one.start)
