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

    `alike`: the other one is written for it often; `rest`: where the second half of a divided word stands.
    """

    start: int
    end: int
    word: str
    official: tuple[str, ...]
    corrected: bool = False
    tells: Tells = Tells.THING
    alike: bool = False
    rest: tuple[int, int] | None = None

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where it stands, from and to."""
        here = (self.start, self.end)
        return (here,) if self.rest is None else (here, self.rest)

    @property
    def weight(self) -> int:
        """Which of two words that lie over each other is taken: the longer one; what makes it less sure counts against.

        That is a wrong character, and that others stand between its halves.
        """
        length = sum(end - start for start, end in self.places)
        return 2 * length - 3 * self.corrected + self.alike - (self.rest is not None)


@lru_cache(maxsize=8)  # a place has one, for all its questions
def silence(noise: frozenset[str]) -> re.Pattern[str] | None:
    """What says nothing, longest first; single characters only where they stand alone, for whoever asks to see to."""
    words = sorted((word for word in noise if len(word) > 1), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words))) if words else None


def placed(taken: list[Spoken]) -> list[tuple[int, int, Spoken | None]]:
    """Where the words stand, in the order of the text, each once: with None where the rest of a divided one stands."""
    halves: list[tuple[int, int, Spoken | None]] = [(one.start, one.end, one) for one in taken]
    halves += [(*one.rest, None) for one in taken if one.rest is not None]
    return sorted(halves, key=lambda half: half[0])


def between(taken: list[Spoken], text: str) -> Iterator[tuple[int, int]]:
    """What of a text lies between words, from and to."""
    at = 0
    for start, end, _ in placed(taken):
        if start > at:
            yield at, start
        at = end
    if at < len(text):
        yield at, len(text)


def apart(found: list[Spoken]) -> Iterator[Spoken]:
    """The longest words first, and none that lies over one taken; in the order of the text."""
    taken: list[Spoken] = []
    covered: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda one: (-one.weight, one.start, one.word)):
        if all(end <= first or last <= start for start, end in one.places for first, last in covered):
            taken.append(one)
            covered += one.places
    yield from sorted(taken, key=lambda one: one.start)
