"""What citizens say for what the catalogue says: 开饭店 for 食品经营许可. The words are data, in files.

Rules of this room: reading a table of words with every fault of it, and looking words up in a text; which words there
are is nobody's business here. Words are compared normalised (`terms`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from egov_core.domain.search.aims import Aim, only_aims
from egov_core.domain.search.alike import LONGEST, exchanged, is_alike, others, parse_alike
from egov_core.domain.search.alike import SHORTEST as SHORTEST_ALIKE
from egov_core.domain.search.near import SHORTEST, near
from egov_core.domain.search.spoken import Spoken, Tells, apart, between, silence
from egov_core.domain.search.terms import normalised, runs
from egov_core.errors import ClaimError, Fault

LONGEST_WORD = 40
GAP, FARTHEST = normalised("…"), 8
"""What stands for the characters between the halves of a divided word, and how many these may be."""
_KEYS = ("synonym", "noise", "aim", "alike")
_WORD_KEYS = ("typed", "official", "circumstance")
_AIM_KEYS = ("named", "typed", "contrary", "usual", "thing")


@attrs.frozen(eq=False)
class _Index:
    """The words by their first character, and by each: thousands are not to be tried for every question."""

    begin: Mapping[str, list[str]]
    divided: Mapping[str, list[tuple[str, str, str]]]
    hold: Mapping[str, list[str]]
    least: Mapping[str, int]
    """How many of its characters a text has to have, so that the word may nearly stand there."""
    alike: Mapping[str, str]

    @classmethod
    def of(cls, words: Iterable[str], alike: Iterable[str]) -> _Index:
        begin: dict[str, list[str]] = {}
        divided: dict[str, list[tuple[str, str, str]]] = {}
        hold: dict[str, list[str]] = {}
        least: dict[str, int] = {}
        for word in words:
            first, gap, second = word.partition(GAP)
            if gap:
                divided.setdefault(word[0], []).append((first, second, word))
                continue
            begin.setdefault(word[0], []).append(word)
            if len(word) >= SHORTEST:
                chars = set(word)
                least[word] = len(chars) - 1
                for char in chars:
                    hold.setdefault(char, []).append(word)
        return cls(begin, divided, hold, least, others(alike))


@attrs.frozen(eq=False)
class Synonyms:
    """The words of citizens with the official ones, best first, and which of them are circumstances.

    `noise`: the words of a question that say nothing; `aims`: what may be asked to be done; `alike`: groups of
    characters that are written for one another.
    """

    official: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    noise: frozenset[str] = frozenset()
    circumstances: frozenset[str] = frozenset()
    aims: tuple[Aim, ...] = ()
    alike: tuple[str, ...] = ()
    _tells: dict[str, Tells] = attrs.field(factory=dict, init=False, repr=False)

    @cached_property
    def _index(self) -> _Index:
        """Made when it is first asked for: files are put together one by one, and only the whole is asked."""
        return _Index.of(self.official, self.alike)

    def __len__(self) -> int:
        return len(self.official)

    def and_those(self, other: Synonyms) -> Synonyms:
        """Both; for a word that both have, the other's are the official words: who adds knows the place."""
        return Synonyms(
            {**self.official, **other.official},
            self.noise | other.noise,
            (self.circumstances - other.official.keys()) | other.circumstances,
            self.aims + other.aims,
            self.alike + other.alike,
        )

    def spoken(self, text: str) -> list[Spoken]:
        """The words of a normalised text that have official ones: the longest first taken, none over another.

        A word that differs in one character is taken where none as long as its characters that are right stands there;
        one of two or three characters where it is all that is left between known words, and the other one is alike.
        """
        found = [
            self._known(start, len(word), word)
            for start, char in enumerate(text)
            for word in self._index.begin.get(char, ())
            if len(word) > 1 and text.startswith(word, start)
        ]
        taken = list(apart([*found, *self._halves(text, found), *self._nearly(text, found)]))
        for more in (self._alike_words, self._single, self._alike_words):
            left = between(taken, text)
            taken = list(apart([*taken, *(one for start, end in left for one in more(text[start:end], start))]))
        return taken

    def _halves(self, text: str, right: list[Spoken]) -> Iterator[Spoken]:
        """The divided words: 成立…公司 for whatever company somebody wants to found.

        A half of one character is none where it stands in a word that is known: 开锁的门面 is no 开…门面.
        """
        words = {at for one in right for at in range(one.start, one.end)}
        for start, char in enumerate(text):
            for first, second, word in self._index.divided.get(char, ()):
                if not text.startswith(first, start):
                    continue
                end = start + len(first)
                at = text.find(second, end, end + FARTHEST + len(second))
                halves = ((first, start), (second, at))
                if at >= 0 and not any(len(half) == 1 and here in words for half, here in halves):
                    yield attrs.evolve(self._known(start, len(first), word), rest=(at, at + len(second)))

    def _alike_words(self, text: str, offset: int) -> Iterator[Spoken]:
        """Known words for which others are written, each alone between what says nothing: 简易房 is no 检疫."""
        silent = silence(self.noise)
        told = silent.sub(lambda found: " " * len(found.group()), text) if silent else text
        for run in re.finditer(r"\S+", told):
            start, end = run.span()
            while start < end and told[start] in self.noise:
                start += 1
            while start < end and told[end - 1] in self.noise:
                end -= 1
            if SHORTEST_ALIKE <= end - start <= LONGEST:
                for word in exchanged(told[start:end], self._index.alike):
                    if word in self.official and self.tells(word) is not Tells.CIRCUMSTANCE:
                        yield self._known(offset + start, end - start, word, told[start:end])
                        break

    def _single(self, text: str, offset: int) -> Iterator[Spoken]:
        """Words of one character: where what is left begins or ends with them, else 收养 would hold 养."""
        start, end = 0, len(text)
        while start < end and (text[start] in self.noise or text[start] == " "):
            start += 1
        while start < end and (text[end - 1] in self.noise or text[end - 1] == " "):
            end -= 1
        for at in dict.fromkeys((start, end - 1)) if start < end else ():
            if text[at] in self.official:
                yield self._known(offset + at, 1, text[at])

    def _known(self, start: int, length: int, word: str, typed: str = "") -> Spoken:
        """A word; `typed` where that is another one."""
        alike = bool(typed) and is_alike(word, typed, self._index.alike)
        return Spoken(start, start + length, word, self.official[word], bool(typed), self.tells(word), alike)

    def tells(self, word: str) -> Tells:
        """What a known word tells."""
        told = self._tells.get(word)
        if told is None:
            is_aim = word not in self.circumstances and only_aims(map(normalised, self.official[word]), self.aims)
            told = Tells.AIM if is_aim else Tells.CIRCUMSTANCE if word in self.circumstances else Tells.THING
            self._tells[word] = told
        return told

    def _nearly(self, text: str, right: list[Spoken]) -> list[Spoken]:
        index, shared = self._index, Counter[str]()
        for char in set(text):
            shared.update(index.hold.get(char, ()))
        found = []
        for word in [word for word, chars in shared.items() if chars >= index.least[word]]:
            part = near(word, text)
            # three characters with a wrong one are two: too few to be sure of among others
            if part and (len(word) > SHORTEST or part == text):
                start = text.index(part)
                if self._is_slip(word, part, start, right):
                    found.append(self._known(start, len(part), word, part))
        return found

    def _is_slip(self, word: str, part: str, start: int, right: list[Spoken]) -> bool:
        """Whether a character was got wrong, and it is not another word that was written rightly.

        养蜂 is right, and so no slip for 养鱼; and where 户口 is right, what is left of 娃的户口 would be a guess.
        """
        same = 0
        while same < min(len(word), len(part)) and word[same] == part[same]:
            same += 1
        end = 0
        while end < min(len(word), len(part)) - same and word[-1 - end] == part[-1 - end]:
            end += 1
        words = {at for one in right for at in range(one.start, one.end)}
        if words & set(range(start + same, start + len(part) - end)):
            return False
        kept = [*range(same), *range(len(part) - end, len(part))]
        return any(
            start + at not in words and part[at] not in self.noise and part[at] not in self.official for at in kept
        )


NO_SYNONYMS = Synonyms()


def parse_synonyms(data: Mapping[str, Any], where: str) -> Synonyms:
    """The synonyms of a file's tables. Raises ClaimError naming every place that is wrong."""
    faults = [
        Fault(key, "unknown-field", "is not a key; known are synonym, noise, aim, alike")
        for key in data
        if key not in _KEYS
    ]
    noise = [normalised(word) for word in _words(data.get("noise", []), "noise", faults)]
    given: dict[str, tuple[str, ...]] = {}
    circumstances: set[str] = set()
    for path, table in _tables(data, "synonym", _WORD_KEYS, faults):
        official = tuple(_words(table.get("official"), f"{path}.official", faults))
        circumstance = _flag(table, "circumstance", path, faults)
        for word in _words(table.get("typed"), f"{path}.typed", faults):
            halves = [" ".join(half.split()) for half in normalised(word).split(GAP)]
            plain = GAP.join(halves)
            if len(halves) > 1 and (len(halves) > 2 or not all(map(runs, halves))):
                faults.append(Fault(f"{path}.typed", "divided", f"{word!r} must have a word on each side of one …"))
            if plain in given:
                faults.append(Fault(f"{path}.typed", "twice", f"{word!r} is there already; write it once"))
            given[plain] = official
            if circumstance:
                circumstances.add(plain)
    aims = tuple(_aim(path, table, faults) for path, table in _tables(data, "aim", _AIM_KEYS, faults))
    alike = parse_alike(data.get("alike", []), faults)
    if faults:
        raise ClaimError(
            f"{where}: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            faults=faults,
            remedy="correct every place named; docs/how-to/own-synonyms.md shows a file",
        )
    return Synonyms(given, frozenset(noise), frozenset(circumstances), aims, alike)


def _tables(
    data: Mapping[str, Any], kind: str, keys: tuple[str, ...], faults: list[Fault]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of a kind, each with its name in a fault."""
    tables = data.get(kind, [])
    if not isinstance(tables, list):
        faults.append(Fault(kind, "type", f"must be tables: [[{kind}]]"))
        return
    known = ", ".join(keys)
    for number, table in enumerate(tables, start=1):
        path = f"{kind} {number}"
        if not isinstance(table, Mapping):
            faults.append(Fault(path, "type", f"must be a table; its keys are {known}"))
            continue
        for key in table:
            if key not in keys:
                faults.append(Fault(f"{path}.{key}", "unknown-field", f"is not a key; known are {known}"))
        yield path, table


def _aim(path: str, table: Mapping[str, Any], faults: list[Fault]) -> Aim:
    def words(key: str, value: Any) -> tuple[str, ...]:
        return tuple(normalised(word) for word in _words(value, f"{path}.{key}", faults))

    return Aim(
        named=words("named", table.get("named")),
        typed=words("typed", table["typed"]) if "typed" in table else (),
        contrary=words("contrary", table["contrary"]) if "contrary" in table else (),
        usual=_flag(table, "usual", path, faults),
        thing=_flag(table, "thing", path, faults),
    )


def _flag(table: Mapping[str, Any], key: str, path: str, faults: list[Fault]) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        faults.append(Fault(f"{path}.{key}", "type", "must be true or false"))
    return value is True


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
