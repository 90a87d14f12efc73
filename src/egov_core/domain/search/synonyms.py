"""What citizens say for what the catalogue says: 开饭店 for 食品经营许可. The words are data, in files.

Rules of this room: reading a table of words with every fault of it, and looking words up in a text; which words there
are is nobody's business here. Words are compared normalised (`terms`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from egov_core.domain.search.near import SHORTEST, near
from egov_core.domain.search.terms import normalised, runs
from egov_core.errors import ClaimError, Fault

LONGEST_WORD = 40
_KEYS = {"synonym", "noise"}
_WORD_KEYS = {"typed", "official"}


@attrs.frozen
class Spoken:
    """A word of a question that has official words; `corrected` where one character of it is another."""

    start: int
    end: int
    word: str
    official: tuple[str, ...]
    corrected: bool = False

    @property
    def weight(self) -> int:
        """Which of two words that lie over each other is taken: the longer one, a wrong character counting against."""
        return 2 * (self.end - self.start) - 3 * self.corrected


@attrs.frozen(eq=False)
class Synonyms:
    """The words of citizens with the official ones, best first, and the words of a question that say nothing."""

    official: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    noise: frozenset[str] = frozenset()
    _begin: dict[str, list[str]] = attrs.field(factory=dict, init=False, repr=False)
    _hold: dict[str, list[str]] = attrs.field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Keep the words by their first character and by each: thousands are not to be tried for every question."""
        for word in self.official:
            self._begin.setdefault(word[0], []).append(word)
            for char in set(word) if len(word) >= SHORTEST else ():
                self._hold.setdefault(char, []).append(word)

    def __len__(self) -> int:
        return len(self.official)

    def and_those(self, other: Synonyms) -> Synonyms:
        """Both; for a word that both have, the other's are the official words: who adds knows the place."""
        return Synonyms({**self.official, **other.official}, self.noise | other.noise)

    def spoken(self, text: str) -> list[Spoken]:
        """The words of a normalised text that have official ones: the longest first taken, none over another.

        A word that differs in one character is taken where none as long as its characters that are right stands there.
        """
        found = [
            Spoken(start, start + len(word), word, self.official[word])
            for start, char in enumerate(text)
            for word in self._begin.get(char, ())
            if len(word) > 1 and text.startswith(word, start)
        ]
        taken = list(_apart([*found, *self._nearly(text)]))
        single = [one for start, end in _between(taken, text) for one in self._single(text[start:end], start)]
        return list(_apart([*taken, *single]))

    def _single(self, text: str, offset: int) -> Iterator[Spoken]:
        """Words of one character: where what is left begins or ends with them, else 收养 would hold 养."""
        start, end = 0, len(text)
        while start < end and (text[start] in self.noise or text[start] == " "):
            start += 1
        while start < end and (text[end - 1] in self.noise or text[end - 1] == " "):
            end -= 1
        for at in dict.fromkeys((start, end - 1)) if start < end else ():
            official = self.official.get(text[at])
            if official:
                yield Spoken(offset + at, offset + at + 1, text[at], official)

    def _nearly(self, text: str) -> list[Spoken]:
        shared = Counter(word for char in set(text) for word in self._hold.get(char, ()))
        found = []
        for word, chars in shared.items():
            part = near(word, text) if chars >= len(set(word)) - 1 else ""
            # three characters with a wrong one are two: too few to be sure of among others
            if part and (len(word) > SHORTEST or part == text):
                start = text.index(part)
                found.append(Spoken(start, start + len(part), word, self.official[word], corrected=True))
        return found


NO_SYNONYMS = Synonyms()


def parse_synonyms(data: Mapping[str, Any], where: str) -> Synonyms:
    """The synonyms of a file's tables. Raises ClaimError naming every place that is wrong."""
    faults = [Fault(key, "unknown-field", "is not a key; known are synonym, noise") for key in data if key not in _KEYS]
    noise = [normalised(word) for word in _words(data.get("noise", []), "noise", faults)]
    given: dict[str, tuple[str, ...]] = {}
    tables = data.get("synonym", [])
    if not isinstance(tables, list):
        faults.append(Fault("synonym", "type", "must be tables: [[synonym]]"))
        tables = []
    for number, table in enumerate(tables, start=1):
        path = f"synonym {number}"
        if not isinstance(table, Mapping):
            faults.append(Fault(path, "type", "must be a table with typed and official"))
            continue
        for key in table:
            if key not in _WORD_KEYS:
                faults.append(Fault(f"{path}.{key}", "unknown-field", "is not a key; known are typed, official"))
        official = tuple(_words(table.get("official"), f"{path}.official", faults))
        for word in _words(table.get("typed"), f"{path}.typed", faults):
            plain = " ".join(normalised(word).split())
            if plain in given:
                faults.append(Fault(f"{path}.typed", "twice", f"{word!r} is there already; write it once"))
            given[plain] = official
    if faults:
        raise ClaimError(
            f"{where}: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            faults=faults,
            remedy="correct every place named; docs/how-to/own-synonyms.md shows a file",
        )
    return Synonyms(given, frozenset(noise))


def _words(value: Any, path: str, faults: list[Fault]) -> Iterator[str]:
    if not isinstance(value, list) or (not value and path != "noise"):
        faults.append(Fault(path, "missing", 'must be a list of words, for example ["开饭店"]'))
        return
    for word in value:
        if not isinstance(word, str) or not runs(word):
            faults.append(Fault(path, "type", f"{word!r} is no word"))
        elif len(word) > LONGEST_WORD:
            faults.append(Fault(path, "length", f"{word[:8]!r}… is longer than {LONGEST_WORD} characters"))
        else:
            yield word


def _between(taken: list[Spoken], text: str) -> Iterator[tuple[int, int]]:
    """What of a text lies between words, from and to."""
    at = 0
    for one in taken:
        if one.start > at:
            yield at, one.start
        at = one.end
    if at < len(text):
        yield at, len(text)


def _apart(found: list[Spoken]) -> Iterator[Spoken]:
    """The longest words first, and none that lies over one taken; in the order of the text."""
    taken: list[Spoken] = []
    for one in sorted(found, key=lambda one: (-one.weight, one.start, one.word)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    yield from sorted(taken, key=lambda one: one.start)
