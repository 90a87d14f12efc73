"""A question: what somebody typed, and the ways in which it can be read once synonyms are taken into account.

Rules of this room: a question is a value, made of a text and synonyms by rules alone. The text as typed is always the
first wording. In the second, each word that synonyms know is a part with several readings, and what stands between
such words is a part as it was typed. Words that say nothing (怎么办, 哪里) are left out of both, unless nothing else is
there. Both know which aims are asked for (`aims`).

Reason for parts with readings, and no list of whole texts: a sentence has four or five words that are known, each with
a handful of official ones, and an item may answer the first of one and the third of another. Whole texts would be
hundreds, of which only some could be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import attrs

from egov_core.domain.search.aims import NO_AIMS, AskedAims, asked_aims
from egov_core.domain.search.spoken import Spoken, Tells, placed, silence
from egov_core.domain.search.synonyms import Synonyms
from egov_core.domain.search.terms import LONGEST_TEXT, is_han, normalised, run_terms, runs

MOST_PARTS = 12
"""Known words of a text that are read as official ones; the first ones, of a text that has more."""
WHOLE = 1000
BY_RANK, WHEN_CORRECTED = 20, 150
"""In thousandths: an official word counts whole, less for each place down the list, and less where the word typed was
recognised by all but one character."""


@attrs.frozen
class Widening:
    """That a word was read as an official one; `corrected` where the word typed differs from `typed` in a character."""

    typed: str
    official: str
    corrected: bool = False


@attrs.frozen
class Reading:
    """One way to read a part of a question: its runs, by which synonym, and what it counts in thousandths.

    `known`: it is a word that synonyms have, typed as they have it, and so no slip of the pen.
    """

    runs: tuple[str, ...]
    by: Widening | None = None
    worth: int = WHOLE
    known: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of its runs, each once, in order."""
        return tuple(dict.fromkeys(term for run in self.runs for term in run_terms(run)))


@attrs.frozen
class Part:
    """A word of a question with the ways to read it: the official words, the best first, then as it was typed.

    What tells no thing finds none where there is a part that does: 老板不给工资 is no question about 老板.
    """

    readings: tuple[Reading, ...]
    tells: Tells = Tells.THING


@attrs.frozen
class Wording:
    """A question as one list of parts, all of which an item should answer, each in one of its readings.

    `known`: words of the question are known, so that what it says as it was typed says less than the known words do.
    """

    parts: tuple[Part, ...]
    aims: AskedAims = NO_AIMS
    known: bool = False

    @classmethod
    def typed(cls, found: tuple[str, ...], aims: AskedAims = NO_AIMS, known: Collection[str] = ()) -> Wording:
        """Runs as they were typed, each a part; `known` are the words of the question that synonyms have."""
        return cls(tuple(Part((Reading((run,), known=run in known),)) for run in found), aims, bool(known))

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of all its parts, in order."""
        return tuple(reading for part in self.parts for reading in part.readings)

    @property
    def is_widened(self) -> bool:
        """Whether a word of it may be read as an official one."""
        return any(reading.by for reading in self.readings)


@attrs.frozen
class SearchQuestion:
    """What was typed, and its wordings, as typed first; none where the text has no word."""

    text: str
    wordings: tuple[Wording, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of all wordings, each once, in order."""
        return tuple(
            dict.fromkeys(term for wording in self.wordings for reading in wording.readings for term in reading.terms)
        )


def question(text: str, synonyms: Synonyms) -> SearchQuestion:
    """Read a text."""
    plain = " ".join(normalised(text[:LONGEST_TEXT]).split())
    silent = silence(synonyms.noise)
    as_typed = _telling(plain, silent, synonyms) or tuple(dict.fromkeys(runs(plain)))
    if not as_typed:
        return SearchQuestion(text, ())
    spoken = synonyms.spoken(plain)[:MOST_PARTS]
    aims = asked_aims(plain, (official for one in spoken for official in one.official), synonyms.aims)
    wordings = [Wording.typed(as_typed, aims, [one.word for one in spoken])]
    if spoken:
        wordings.append(Wording(tuple(_parts(plain, spoken, silent, synonyms)), aims, known=True))
    return SearchQuestion(text, tuple(wordings))


def _parts(plain: str, spoken: list[Spoken], silent: re.Pattern[str] | None, synonyms: Synonyms) -> Iterator[Part]:
    """The known words with their readings, and what stands between them; each once.

    One character between known words is what is left of a word that nobody knows: 安 of 安宽带 would find 安全.
    """
    known: set[tuple[str, ...]] = set()
    at = 0
    for start, end, one in [*placed(spoken), (len(plain), len(plain), None)]:
        for run in _telling(plain[at:start], silent, synonyms):
            if (run,) not in known and not (spoken and len(run) == 1 and is_han(run)):
                known.add((run,))
                yield Part((Reading((run,)),))
        at = end
        if one is not None:
            part = _known(" ".join(plain[first:last] for first, last in one.places), one)
            if part.readings[0].runs not in known:
                known.add(part.readings[0].runs)
                yield part


def _known(typed: str, one: Spoken) -> Part:
    """A known word: the official ones, and itself, since the catalogue may have that very word."""
    readings: dict[tuple[str, ...], Reading] = {}
    for rank, official in enumerate(one.official):
        worth = WHOLE - BY_RANK * rank - (WHEN_CORRECTED if one.corrected else 0)
        reading = Reading(tuple(runs(official)), Widening(one.word, official, one.corrected), worth)
        readings.setdefault(reading.runs, reading)
    itself = tuple(runs(typed))
    readings.setdefault(itself, Reading(itself, known=not one.corrected))
    return Part(tuple(readings.values()), one.tells)


def _telling(text: str, silent: re.Pattern[str] | None, synonyms: Synonyms) -> tuple[str, ...]:
    """The runs that say something: not those of nothing but characters that say nothing."""
    kept = runs(silent.sub(" ", text)) if silent else runs(text)
    return tuple(run for run in dict.fromkeys(kept) if not all(char in synonyms.noise for char in run))
