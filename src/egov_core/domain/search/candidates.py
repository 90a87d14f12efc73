"""Which items are looked at closely: those that have the rarest terms of a wording.

Rules of this room: postings (a term stands in a field of an item) and their numbers in, codes of items out; whole
numbers, ties by code. A store reads what `worth_reading` names, then asks for what `to_probe` names among the few it
has found, and ranks what `nominated` gives (`ranking`).

Reason. 许可 stands in two of five names of a catalogue: to read all of them for 食品许可 would cost more than all the
rest. So the rare terms are read, and the common ones are only asked for where a rare one was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest

import attrs

from egov_core.domain.search.question import Reading, SearchQuestion
from egov_core.domain.search.ranking import Field
from egov_core.domain.search.rarity import Rarity
from egov_core.domain.search.terms import is_han, run_terms

BUDGET = 1_000
"""Postings that are read for a question, beside the rarest of each wording."""
FIRST_LOOK, CLOSE_LOOK, ALONE = 150, 20, 4
"""Items a wording brings to be probed, and to be ranked; and those that each reading of a word brings by itself."""
MOST_NEAR = 12
"""Terms in whose place a term that nothing has may stand."""
MOST_BEGINNINGS = 24
"""Terms of a question for which others are looked up."""
SHORTEST_BEGINNING = 3
"""Letters and digits that may be the beginning of a word or a code."""

Group = tuple[str, str]
"""A term, and the name of the field it stands in."""


Posting = tuple[str, str, str]
"""That a term stands in a field of an item, by its code; in the field `organ`, of an organ. Thousands are handled for
one question, hence a bare tuple."""

WEIGHTS = {field.value: field.weight for field in Field}
_NAME, _CODE, _ORGAN = Field.NAME.value, Field.CODE.value, Field.ORGAN.value


def beginnings(question: SearchQuestion, counts: Mapping[Group, int]) -> dict[str, str]:
    """For terms that nothing has: with what terms begin that may be meant, if one character is wrong or more follow."""
    having = {term for term, _ in counts}
    found: dict[str, str] = {}
    for term in question.terms:
        if len(found) == MOST_BEGINNINGS:
            break
        if len(term) == 1 or term not in having:
            if is_han(term[0]):
                found[term] = term[0]
            elif len(term) >= SHORTEST_BEGINNING:
                found[term] = term
    return found


@attrs.frozen
class Plan:
    """What is known of a question's terms in an area: rarity, numbers of postings, and what may stand for a term."""

    question: SearchQuestion
    rarity: Rarity
    counts: Mapping[Group, int]
    instead: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        question: SearchQuestion,
        items: int,
        counts: Mapping[Group, int],
        begun: Mapping[str, str],
        vocabulary: Mapping[Group, int],
    ) -> Plan:
        """Put together what was counted: terms as asked, and those that begin as `begun` says."""
        instead = {
            term: tuple(
                other
                for _, other in sorted(
                    (count, other)
                    for (other, field), count in vocabulary.items()
                    if field in (_NAME, _CODE) and other != term and other.startswith(beginning)
                )[:MOST_NEAR]
            )
            for term, beginning in begun.items()
        }
        every = {**vocabulary, **counts}
        names = {term: count for (term, field), count in every.items() if field == _NAME}
        having: dict[str, int] = {}
        for (term, _), count in every.items():
            having[term] = names.get(term) or max(count, having.get(term, 0))
        for term in begun:
            if len(term) == 1:  # it stands in all that begins with it
                having[term] = min(items, sum(names.get(other, 0) for other in (term, *instead[term])))
        return cls(question, Rarity(items, having), every, instead)

    def terms_of(self, reading: Reading) -> Iterator[tuple[str, int]]:
        """The terms that are looked up for a reading, with their weights; half for one that stands for another."""
        for term in reading.terms:
            yield term, self.rarity.of(term)
            for other in self.instead.get(term, ()):
                yield other, self.rarity.of(other) // 2

    def worth_reading(self) -> set[Group]:
        """The groups of postings to read: of each wording the rarest ones, of a name at least one."""
        chosen: set[Group] = set()
        share = BUDGET // max(1, len(self.question.wordings))
        for wording in self.question.wordings:
            wanted = {term for reading in wording.readings for term, _ in self.terms_of(reading)}
            groups = sorted(
                (count, term, field)
                for term in wanted
                for field in WEIGHTS
                if (count := self.counts.get((term, field), 0))
            )
            spent, named = 0, False
            for place, (count, term, field) in enumerate(groups):
                first_name = not named and field in (_NAME, _CODE)
                if place == 0 or first_name or spent + count <= share:
                    chosen.add((term, field))
                    spent += count
                    named = named or first_name
        return chosen

    def to_probe(self, read: Iterable[Posting]) -> tuple[list[str], list[str]]:
        """The terms of names that were too common to read, and the items among which they are asked for."""
        known = self.worth_reading()
        common = {
            term
            for wording in self.question.wordings
            for reading in wording.readings
            for term, _ in self.terms_of(reading)
            if (term, _NAME) in self.counts and (term, _NAME) not in known
        }
        return sorted(common), self._chosen(read, FIRST_LOOK, 0) if common else []

    def nominated(self, postings: Iterable[Posting]) -> list[str]:
        """The codes of the items to rank."""
        return self._chosen(postings, CLOSE_LOOK, ALONE)

    def _chosen(self, postings: Iterable[Posting], most: int, alone: int) -> list[str]:
        """The items that answer a wording best, and some of those that answer a single reading of it."""
        where: dict[str, dict[str, int]] = {}
        for term, field, code in postings:
            if field != _ORGAN:
                held, weight = where.setdefault(term, {}), WEIGHTS[field]
                if held.get(code, 0) < weight:
                    held[code] = weight
        chosen: set[str] = set()
        for wording in self.question.wordings:
            total: dict[str, int] = {}
            for part in wording.parts:
                of_part: dict[str, int] = {}
                for reading in part.readings:
                    scores = self._scores(reading, where)
                    if alone and len(part.readings) > 1:
                        chosen.update(_best(scores, alone))
                    for code, score in scores.items():
                        if score > of_part.get(code, 0):
                            of_part[code] = score
                for code, score in of_part.items():
                    total[code] = total.get(code, 0) + score
            chosen.update(_best(total, most))
        return sorted(chosen)

    def _scores(self, reading: Reading, where: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
        """How well items answer a reading, by its terms alone: what they are worth, times the share of it."""
        scores: dict[str, int] = {}
        whole = 1
        for term, weight in self.terms_of(reading):
            whole += weight if term in reading.terms else 0
            for code, of_field in where.get(term, {}).items():
                scores[code] = scores.get(code, 0) + weight * of_field
        return {code: score * score // whole for code, score in scores.items()}

    def organs(self, postings: Iterable[Posting]) -> list[str]:
        """The organs that the question names: those that have all terms of one of its runs."""
        having: dict[str, set[str]] = {}
        for term, field, code in postings:
            if field == _ORGAN:
                having.setdefault(code, set()).add(term)
        if not having:
            return []
        asked = [
            set(run_terms(run)) for wording in self.question.wordings for one in wording.readings for run in one.runs
        ]
        return sorted(code for code, terms in having.items() if any(one <= terms for one in asked))


def _best(scores: Mapping[str, int], most: int) -> Iterator[str]:
    """The codes with the highest scores, equal ones by code."""
    return (code for _, code in nsmallest(most, ((-score, code) for code, score in scores.items())))
