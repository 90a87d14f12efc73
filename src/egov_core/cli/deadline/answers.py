"""The answer about one deadline, as JSON shows it; the text shows the same values.

Rules of this room: it asks the domain and puts the answers under their keys; keys are only added. What is asked for
nowhere (incidents, refusals) is said all the same, beside the result and never in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from egov_core.cli.times import TypedExtension, TypedPause
from egov_core.domain.catalogue import LONGEST_EXTENSION
from egov_core.domain.periods import Limit, Period, Unit
from egov_core.domain.timers.incidents import Incident, incidents
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.readings import Question, Reading
from egov_core.domain.timers.reckoning import Due, Extension, Pause, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import EgovError, ExtensionRefusedError, LawError, PauseRefusedError
from egov_core.server.words import Words, words_of


@attrs.frozen(kw_only=True)
class Answer:
    """An answer: what JSON shows, and the incidents, which the text says in the reader's language."""

    shown: dict[str, Any]
    incidents: tuple[Incident, ...] = ()
    refused: tuple[EgovError, ...] = ()
    late: bool = False
    """Whether the time asked about lies after the last second in time, be it by less than a day."""
    by_work: bool = False
    """Whether the days by which it is late are working days."""


def taken(
    pauses: Iterable[TypedPause], extensions: Iterable[TypedExtension]
) -> tuple[tuple[Pause, ...], tuple[Extension, ...], tuple[EgovError, ...]]:
    """The pauses and the extensions that can be, and why the others cannot."""
    held: list[Pause] = []
    asked: list[Extension] = []
    refused: list[EgovError] = []
    for pause in pauses:
        try:
            held.append(pause.pause())
        except LawError as error:
            refused.append(error)
    for extension in extensions:
        try:
            asked.append(_possible(extension.extension()))
        except LawError as error:
            refused.append(error)
    return tuple(held), tuple(asked), tuple(refused)


def _possible(extension: Extension) -> Extension:
    """An extension that some procedure could give. Raises ExtensionRefusedError for a longer one."""
    amount, longest = extension.amount, LONGEST_EXTENSION
    if amount.unit is longest.unit and amount.amount > longest.amount:
        raise ExtensionRefusedError(
            f"an extension of {amount} is longer than any procedure allows ({longest}, {longest.basis})",
            remedy="by 行政许可法 42 it is at most 10 working days, 15 for joint handling; correct the amount",
        )
    return extension


def answer(question: Question, refused: Sequence[EgovError], as_of: datetime | None) -> Answer:
    """The answer for a limit that runs forward."""
    approved, void = question.lawful()
    refused = (*refused, *_unpaused(question), *(_void(asked, why) for asked, why in void))
    due, begin, accepted = question.due(), question.begins(), question.acceptance()
    lines: list[dict[str, Any]] = []
    found: tuple[Incident, ...] = ()
    if begin is not None:
        run = TimerRun(
            timer_id="deadline",
            kind="case",
            start=begin,
            limits={"statutory": question.read_limit},
            pauses=question.held_pauses,
            extensions=approved,
        )
        lines = [line.as_dict() for line in ledger(run, question.ruler)]
        found = incidents(run, question.ruler, now=as_of)
    shown = _shown(due, lines)
    if accepted is not None:
        shown["accepted"] = None if accepted.at is None else accepted.at.date().isoformat()
        shown["deemed"] = accepted.deemed
    if as_of is not None and due.due is not None:
        shown["overdue_days"] = _overdue(question.ruler, due, question.read_limit, as_of)
    if found:
        shown["incidents"] = [one.as_dict() for one in found]
    if refused:
        shown["error"] = refused[0].as_dict()
    if len(refused) > 1:
        shown["errors"] = [one.as_dict() for one in refused]
    return Answer(
        shown=shown,
        incidents=found,
        refused=tuple(refused),
        late=_late(due, as_of),
        by_work=_by_work(question.read_limit),
    )


def answer_before(question: Question, as_of: datetime | None) -> Answer:
    """The answer for a period counted back."""
    due, limit = question.due(), question.read_limit
    assert isinstance(limit, Period)
    shown = _shown(due, list(_counted_back(question, due, limit)))
    if as_of is not None:
        shown["overdue_days"] = _overdue(question.ruler, due, limit, as_of)
    return Answer(shown=shown, late=_late(due, as_of), by_work=_by_work(limit))


def choice(reading: Reading, words: Words | None = None) -> dict[str, Any]:
    """Who chose a reading, and why it is read so where nobody says otherwise."""
    words = words or words_of("en")
    return {
        "setting": reading.setting,
        "value": reading.value,
        "by": reading.by.chooser.value,
        "name": reading.by.name,
        "why": words(f"why.{reading.setting}.{reading.value}"),
    }


def _void(asked: Extension, why: str) -> ExtensionRefusedError:
    return ExtensionRefusedError(
        f"the extension of {asked.amount} approved at {asked.approved_at.isoformat()} is void: {why}",
        remedy="an extension is approved once, in the unit of the limit and while it still runs (行政许可法第四十二条)",
        amount=str(asked.amount),
        approved_at=asked.approved_at.isoformat(),
    )


def _unpaused(question: Question) -> Iterator[PauseRefusedError]:
    """Each pause of what nothing can pause: it would move nothing, and nobody would be told."""
    if isinstance(question.read_limit, Period):
        return
    for pause in question.pauses:
        yield PauseRefusedError(
            f"the pause of {pause.start.isoformat()} is void: a limit that is {question.read_limit} has no days to "
            "leave out",
            remedy="give the limit that the special procedure interrupts, such as 20wd (行政许可法第四十五条)",
            limit=str(question.read_limit),
            start=pause.start.isoformat(),
        )


def _counted_back(question: Question, due: Due, limit: Period) -> Iterator[dict[str, Any]]:
    """The days from the end back to the answer, each counted or not, with the running total."""
    total, day, working = 0, question.start.date(), limit.unit is Unit.WORKING_DAY
    yield {"day": day.isoformat(), "counts": False, "reason": "end-day", "source": "", "total": "0"}
    assert due.last_day is not None
    while day > due.last_day:
        day -= timedelta(days=1)
        why = question.ruler.calendar.reason(day)
        counts = why.counts or not working
        total += counts
        reason, source = (why.code, why.source) if working else ("natural-day", "")
        yield {"day": day.isoformat(), "counts": counts, "reason": reason, "source": source, "total": str(total)}


def _late(due: Due, at: datetime | None) -> bool:
    return due.due is not None and at is not None and at > due.due


def _by_work(limit: Limit) -> bool:
    return isinstance(limit, Period) and limit.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)


def _overdue(ruler: Ruler, due: Due, limit: Limit, at: datetime) -> int:
    """Days after the last day, in the unit of the limit; 0 while in time."""
    if due.due is None or due.last_day is None or at <= due.due:
        return 0
    if _by_work(limit):
        return ruler.calendar.elapsed(due.last_day, at.date())
    return (at.date() - due.last_day).days


def _shown(due: Due, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "due": None if due.due is None else due.due.isoformat(),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "provisional": due.provisional,
        "overdue_days": None,
        "ledger": lines,
        "readings": [],
    }
