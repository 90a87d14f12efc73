"""What the parts of a question are worth: each run by the rarity of its terms, reckoned once for all items.

Rules of this room: wordings and the rarity of terms go in, whole numbers come out; no item is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from egov_core.domain.search.alike import LONGEST
from egov_core.domain.search.question import Part, Reading, Wording
from egov_core.domain.search.rarity import Rarity
from egov_core.domain.search.spoken import Tells
from egov_core.domain.search.terms import is_han, run_terms

STRANGE, STRANGE_BESIDE_KNOWN = 300, 100
"""What the terms that nothing has weigh together at most, in hundredths of the rarest term: in a text as typed, and in
one of which words are known."""

MOST_OF_A_WORD = 320
"""What a known word counts at most, in hundredths of the rarest term: 房屋所有权转移登记 is long, and not therefore
more of a question than 供水."""
COUNTS = {Tells.THING: 100, Tells.AIM: 80, Tells.CIRCUMSTANCE: 20}
"""Per cent that a known word counts, by what it tells."""


@attrs.frozen
class Run:
    """A run of a reading with its terms and their weights, reckoned once for all items.

    `typed`: as somebody wrote it and no word that is known, so that a character may be wrong.
    """

    text: str
    terms: tuple[str, ...]
    weights: tuple[int, ...]
    worth: int
    is_han: bool
    typed: bool = True

    @classmethod
    def of(cls, text: str, weigh: Callable[[str], int], *, typed: bool = True) -> Run:
        """A run, its terms weighed."""
        terms = tuple(run_terms(text))
        weights = tuple(weigh(term) for term in terms)
        return cls(text, terms, weights, sum(weights), is_han(text[0]), typed)


@attrs.frozen
class Asked:
    """A reading with its runs reckoned, what their terms are worth, and what they count in the question.

    `thing`: it tells the thing that is wanted; `known`: it is a reading of a known word.
    """

    reading: Reading
    runs: tuple[Run, ...]
    worth: int
    counts: int
    thing: bool = True
    known: bool = False


def weighed(wording: Wording, rarity: Rarity) -> list[tuple[Asked, ...]]:
    """The parts of a wording with what their readings are worth.

    What was typed and nothing has weighs together at most as much as some rare terms: a sentence is not to fail by the
    words around those that tell something.
    """
    typed = {term for part in wording.parts if len(part.readings) == 1 for term in part.readings[0].terms}
    strange = sum(rarity.of(term) for term in typed if not rarity.has(term))
    most = rarity.rarest * (STRANGE_BESIDE_KNOWN if wording.is_widened else STRANGE) // 100

    def weigh(term: str) -> int:
        weight = rarity.of(term)
        return weight * most // strange if strange > most and term in typed and not rarity.has(term) else weight

    longest = rarity.rarest * MOST_OF_A_WORD // 100

    def asked(part: Part) -> Iterator[Asked]:
        readings = (part.readings[-1],) if _is_right(part, rarity) else part.readings
        first, known = 0, any(reading.by for reading in readings)
        for reading in readings:
            by = reading.by is not None
            weigh_one = rarity.of_known if known else weigh
            found = tuple(Run.of(run, weigh_one, typed=not (by or reading.known)) for run in reading.runs)
            worth = max(1, sum(run.worth for run in found))
            counts = min(worth, longest) if known else worth
            first = first or counts
            # the very word that was typed counts no less than the longer one that it may stand for
            counts = counts if by else max(counts, first)
            counts = max(1, counts * COUNTS[part.tells] // 100)
            yield Asked(reading, found, worth, counts, part.tells is Tells.THING, known)

    return [tuple(asked(part)) for part in wording.parts]


def _is_right(part: Part, rarity: Rarity) -> bool:
    """Whether a short word that was taken for another stands in the catalogue as it was typed: 水务 is no 税务."""
    itself = part.readings[-1]
    corrected = any(reading.by is not None and reading.by.corrected for reading in part.readings)
    return corrected and sum(map(len, itself.runs)) <= LONGEST and all(map(rarity.has, itself.terms))
