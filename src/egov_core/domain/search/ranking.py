"""How well an item answers a question, and why.

Rules of this room: an item, a wording and the rarity of terms go in, a whole number and its reasons come out. Each run
of the wording is worth what its terms are worth (`weighing`), in the field where it counts most: name before organ
before materials before basis. A whole run counts more than its parts, a part that is nearly there less; an official
word is there wholly, or from its beginning on, and never nearly. A word with several readings counts by the one that
the item answers best. The sum counts by the square of the share of the question that it answers, so that half an answer
is a quarter of one. What is left of the name counts against it as length does in BM25. Equal scores are ordered by the
code of the item. An item that answers too little, no thing that was asked for, or the contrary (`aims`) is only near.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Self

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.search.aims import NO_AIMS
from egov_core.domain.search.near import near
from egov_core.domain.search.question import WHOLE, Widening, Wording
from egov_core.domain.search.rarity import Rarity
from egov_core.domain.search.terms import is_han, normalised, runs
from egov_core.domain.search.weighing import Asked, Run, weighed


class Field(enum.Enum):
    """Where in an item a word was found.

    `weight` is what it counts there, per cent; `tells`, how much of the question is answered by it there where it is
    asked whether the item is found: one that wants 营业执照 as a material is not therefore where one goes for it.
    """

    CODE = ("code", 120, 100)
    NAME = ("name", 100, 100)
    ORGAN = ("organ", 40, 100)
    MATERIAL = ("material", 30, 50)
    BASIS = ("basis", 15, 40)

    weight: int
    tells: int

    def __new__(cls, name: str, weight: int, tells: int) -> Self:
        """A field by its name."""
        made = object.__new__(cls)
        made._value_, made.weight, made.tells = name, weight, tells
        return made


IN_ONE, IN_PARTS, NEARLY, WITHOUT_BEGINNING = 130, 100, 90, 60
"""Per cent for a run that stands there as it is, for its parts, for one that differs in a character; and of parts, for
those of an official word without its beginning: 食品经营许可 is told by 食品, and 经营许可 is in every third name."""
THE_NAME = 3
"""By how much more an item counts of which exactly the name was typed."""
USUAL, FLAT, STEEP = 14, 7, 3
"""Characters of a usual name, and how strongly one that is longer or shorter counts: length ÷ (FLAT + STEEP)."""
ENOUGH, ENOUGH_AS_TYPED = 330, 650
"""Of a wording, in thousandths: an item that answers less of it is near, and not found. The second is for the text as
it was typed where words of it are known: 开发 is half of 开发票, and is about something else."""
WORTH_A_LOOK, CONTRARY_WORTH_A_LOOK = 150, 50
"""An item that answers less than this is not even near, unless it is the contrary: that is told to be one."""
UNASKED = 85
"""Per cent for an item of which the name has an aim that nobody asked for: 注销, 补办."""


@attrs.frozen
class Found:
    """That words of the question stand in a text of the item: the words as they stand there, normalised."""

    field: Field
    text: str
    words: tuple[str, ...]


@attrs.frozen
class Ranked:
    """An item with its score, the share of the question that it answers (thousandths), and the reasons for both."""

    item: ItemVersion
    score: int
    share: int
    found: tuple[Found, ...]
    by: tuple[Widening, ...] = ()
    corrected: bool = False
    is_hit: bool = True
    """Whether it answers enough of the question, and is not the contrary of what was asked: else it is only near."""


@attrs.frozen
class Text:
    """One text of an item to look in."""

    field: Field
    text: str
    plain: str


@attrs.frozen
class _Match:
    text: Text
    words: tuple[str, ...]
    credit: int
    share: int
    corrected: bool = False


def texts_of(item: ItemVersion, organ: str) -> tuple[Text, ...]:
    """The texts of an item in which words are looked for; `organ` is the name of its organ."""
    given = [(Field.CODE, item.code), (Field.NAME, item.full_name), (Field.ORGAN, organ)]
    given += [(Field.MATERIAL, material.name) for material in item.materials]
    given += [(Field.BASIS, basis.instrument) for basis in item.basis]
    return tuple(Text(field, text, normalised(text)) for field, text in given)


@attrs.frozen
class _Answer:
    """How a part of a question is answered: the reading, by which matches, and what it comes to."""

    asked: Asked
    matches: tuple[_Match, ...]
    credit: int
    share: int

    @property
    def told(self) -> int:
        """The share, each match by how much it tells where it was found."""
        whole = sum(match.share for match in self.matches)
        return self.share * sum(match.share * match.text.field.tells for match in self.matches) // max(1, 100 * whole)


class Ranking:
    """Ranks items by the wordings of one question."""

    def __init__(self, wordings: Iterable[Wording], rarity: Rarity, text: str = "") -> None:
        self._text = _flat(text)
        given = list(wordings)
        self._aims = given[0].aims if given else NO_AIMS
        self._wordings: list[tuple[list[tuple[Asked, ...]], int, int]] = []
        for wording in given:
            parts = weighed(wording, rarity)
            enough = ENOUGH_AS_TYPED if wording.known and not wording.is_widened else ENOUGH
            self._wordings.append((parts, max(1, sum(part[0].counts for part in parts)), enough))
        self._most = max((worth for _, worth, _ in self._wordings), default=1)

    def rank(self, item: ItemVersion, organ: str) -> Ranked | None:
        """The item by the wording that it answers best; None where it answers none of them at all."""
        texts, name = texts_of(item, organ), normalised(item.full_name)
        is_contrary = self._aims.is_contrary(name)
        least = CONTRARY_WORTH_A_LOOK if is_contrary else WORTH_A_LOOK
        best: tuple[bool, int] | None = None
        answered: list[_Answer] = []
        of_question = 0
        for parts, worth, enough in self._wordings:
            answers = [answer for part in parts if (answer := _answer(part, texts)) is not None]
            score, share, told = _score(parts, answers)
            merit = told >= enough and _has_thing(parts, answers), score * self._most // worth
            if share < least or (best is not None and merit <= best):
                continue
            best = merit
            if of_question < WHOLE:  # what is answered wholly as it was typed is told as typed
                answered, of_question = answers, share
        if best is None:
            return None
        matches = [match for answer in answered for match in answer.matches]
        is_name = self._text in (_flat(item.full_name), _flat(item.name))
        score = _by_length(best[1], item.full_name) * (THE_NAME if is_name else 1)
        return Ranked(
            item=item,
            score=score * UNASKED // 100 if self._aims.is_unasked(name) else score,
            share=of_question,
            found=tuple(_together(matches)),
            by=tuple(by for answer in answered if (by := answer.asked.reading.by) is not None),
            corrected=any(match.corrected for match in matches),
            is_hit=best[0] and (is_name or not is_contrary),
        )


@lru_cache(maxsize=4096)
def _flat(text: str) -> str:
    """A text without what divides its runs, in which names are compared."""
    return "".join(runs(text))


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Hits before what is only near, the best first."""
    return sorted(ranked, key=lambda one: (not one.is_hit, -one.score, one.item.code, one.item.version))


def _answer(part: tuple[Asked, ...], texts: tuple[Text, ...]) -> _Answer | None:
    """The reading of a part that the item answers best, of equal ones the first; None where it answers none."""
    best: _Answer | None = None
    value = 0
    for asked in part:
        matches = tuple(match for run in asked.runs if (match := _best(run, texts)) is not None)
        credit = sum(match.credit for match in matches) * asked.counts // asked.worth * asked.reading.worth // WHOLE
        share = sum(match.share for match in matches) * asked.counts // asked.worth
        if asked.known:  # half of a word is another thing: 劳动争议 is no 劳动能力
            share = share * share // asked.counts
        if credit * share // asked.counts > value:
            best, value = _Answer(asked, matches, credit, share), credit * share // asked.counts
    return best


def _has_thing(parts: list[tuple[Asked, ...]], answers: list[_Answer]) -> bool:
    """Whether an item answers a thing that was asked for, or none was: 遗失补办 alone is no answer to 手机丢了."""
    return any(answer.asked.thing for answer in answers) or not any(part[0].thing for part in parts)


def _score(parts: list[tuple[Asked, ...]], answers: list[_Answer]) -> tuple[int, int, int]:
    """How well a wording is answered, whatever the name's length; which share of it is, and is told (thousandths)."""
    chosen = {id(answer.asked) for answer in answers}
    asked = sum(answer.asked.counts for answer in answers)
    # a part that is not answered was asked for in its first reading
    asked += sum(part[0].counts for part in parts if not any(id(one) in chosen for one in part))
    share = WHOLE * sum(answer.share for answer in answers) // max(1, asked)
    told = WHOLE * sum(answer.told for answer in answers) // max(1, asked)
    return sum(answer.credit for answer in answers) * share // WHOLE * share // WHOLE, share, told


def _best(run: Run, texts: tuple[Text, ...]) -> _Match | None:
    """Where a run counts most; of equal ones the first. What counts less than was found already is not looked at."""
    best: _Match | None = None
    for text in texts:
        if best is not None and best.credit >= run.worth * IN_ONE * text.field.weight:
            break
        match = _match(run, text)
        if match is not None and (best is None or match.credit > best.credit):
            best = match
    return best


def _match(run: Run, text: Text) -> _Match | None:
    if run.text in text.plain and (run.is_han or _stands_alone(run.text, text)):
        return _Match(text, (run.text,), run.worth * IN_ONE * text.field.weight, run.worth)
    if not run.is_han:
        return None
    plain = text.plain
    there = [term in plain for term in run.terms]
    best: _Match | None = None
    if True in there:
        parts, share = _parts(run, there, plain)
        if not (there[0] or run.typed):
            share = share * WITHOUT_BEGINNING // 100
        best = _Match(text, parts, share * IN_PARTS * text.field.weight, share)
    if run.typed and False in there and text.field in (Field.NAME, Field.ORGAN):
        part = near(run.text, text.plain)
        credit = run.worth * NEARLY * text.field.weight
        if part and (best is None or credit > best.credit):
            best = _Match(text, (part,), credit, run.worth * NEARLY // 100, corrected=True)
    return best


def _stands_alone(run: str, text: Text) -> bool:
    """Whether a word of letters and digits begins where a word begins; of a code it may be the beginning only."""
    at = text.plain.find(run)
    while at >= 0:
        before, after = text.plain[at - 1 : at], text.plain[at + len(run) : at + len(run) + 1]
        begins = not before.isalnum() or is_han(before)
        if begins and (text.field is Field.CODE or not after.isalnum() or is_han(after)):
            return True
        at = text.plain.find(run, at + 1)
    return False


def _parts(run: Run, there: list[bool], text: str) -> tuple[tuple[str, ...], int]:
    """The longest parts of a run that stand in a text, from the left, and what their terms are worth together."""
    found: list[str] = []
    worth, start = 0, 0
    while start < len(there):
        if not there[start]:
            start += 1
            continue
        end = start + 2
        while end < len(run.text) and run.text[start : end + 1] in text:
            end += 1
        found.append(run.text[start:end])
        worth += sum(run.weights[start : end - 1])
        start = end - 1
    return tuple(found), worth


def _by_length(score: int, name: str) -> int:
    """The score of a name of this length: whole for a usual one."""
    return score * (FLAT + STEEP) * USUAL // (FLAT * USUAL + STEEP * len(name))


def _together(matches: list[_Match]) -> Iterator[Found]:
    """One reason for each text, the name first."""
    for field in (Field.NAME, Field.CODE, Field.ORGAN, Field.MATERIAL, Field.BASIS):
        of_field: dict[str, list[str]] = {}
        for match in matches:
            if match.text.field is field:
                of_field.setdefault(match.text.text, []).extend(match.words)
        for text, words in of_field.items():
            yield Found(field, text, tuple(dict.fromkeys(words)))
