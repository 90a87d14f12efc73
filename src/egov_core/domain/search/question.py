"""A question: what somebody typed, and the ways in which it can be read once synonyms are taken into account.

Rules of this room: a question is a value, made of a text and synonyms by rules alone. The text as typed is always the
first wording; words that say nothing (怎么办, 哪里) are left out of every wording, unless nothing else is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import attrs

from egov_core.domain.search.synonyms import Spoken, Synonyms
from egov_core.domain.search.terms import LONGEST_TEXT, normalised, run_terms, runs

MOST_WORDINGS = 8
WHOLE = 1000
AS_TYPED, BY_RANK, WHEN_CORRECTED = WHOLE, 20, 150
"""In thousandths: a wording by synonyms counts whole, less for each place down the list of official words, and less
where the word typed was recognised by all but one character."""


@attrs.frozen
class Widening:
    """That a word was read as an official one; `corrected` where the word typed differs from `typed` in a character."""

    typed: str
    official: str
    corrected: bool = False


@attrs.frozen
class Wording:
    """One way to read a question: its runs, by which synonyms it came about, and what it counts in thousandths."""

    runs: tuple[str, ...]
    by: tuple[Widening, ...] = ()
    worth: int = AS_TYPED

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of its runs, each once, in order."""
        return tuple(dict.fromkeys(term for run in self.runs for term in run_terms(run)))


@attrs.frozen
class SearchQuestion:
    """What was typed, and its wordings, as typed first; none where the text has no word."""

    text: str
    wordings: tuple[Wording, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of all wordings, each once, in order."""
        return tuple(dict.fromkeys(term for wording in self.wordings for term in wording.terms))


def question(text: str, synonyms: Synonyms) -> SearchQuestion:
    """Read a text."""
    plain = " ".join(normalised(text[:LONGEST_TEXT]).split())
    silence = _noise(synonyms)
    as_typed = _spoken_runs(plain, silence, synonyms)
    if not as_typed:
        return SearchQuestion(text, ())
    wordings = [Wording(as_typed)]
    for wording in _widened(plain, synonyms.spoken(plain), silence, synonyms):
        if len(wordings) == MOST_WORDINGS:
            break
        if wording.runs and all(wording.runs != known.runs for known in wordings):
            wordings.append(wording)
    return SearchQuestion(text, tuple(wordings))


def _widened(
    plain: str, spoken: list[Spoken], silence: re.Pattern[str] | None, synonyms: Synonyms
) -> Iterator[Wording]:
    """The wordings in which words have become official ones, those of the best words first.

    A word beside another may also stay as it was typed, since the catalogue may have that very word.
    """
    if not spoken:
        return
    choices = [[*enumerate(one.official), (len(one.official), "")] for one in spoken]
    for chosen in sorted(product(*choices), key=lambda chosen: (sum(rank for rank, _ in chosen), chosen)):
        text, at, by = "", 0, []
        for one, (_, official) in zip(spoken, chosen, strict=True):
            text += plain[at : one.start] + f" {normalised(official) or plain[one.start : one.end]} "
            at = one.end
            if official:
                by.append(Widening(one.word, official, one.corrected))
        if not by:
            continue
        worth = WHOLE - BY_RANK * sum(rank for rank, _ in chosen)
        worth -= WHEN_CORRECTED if any(one.corrected for one in by) else 0
        yield Wording(_spoken_runs(text + plain[at:], silence, synonyms), tuple(by), worth)


def _noise(synonyms: Synonyms) -> re.Pattern[str] | None:
    """What says nothing, longest first; single characters only where they stand alone (`_spoken_runs`)."""
    words = sorted((word for word in synonyms.noise if len(word) > 1), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words))) if words else None


def _spoken_runs(text: str, silence: re.Pattern[str] | None, synonyms: Synonyms) -> tuple[str, ...]:
    """The runs that say something; all, where none does."""
    everything = tuple(dict.fromkeys(runs(text)))
    kept = runs(silence.sub(" ", text)) if silence else list(everything)
    kept = [run for run in dict.fromkeys(kept) if run not in synonyms.noise]
    return tuple(kept) or everything
