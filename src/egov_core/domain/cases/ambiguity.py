"""Ambiguity 歧义: on which readings the dates of a stored case depend, and who chose them.

Rules of this room: pure. A run of a timer is asked the same question as a deadline on the command line, so that the two
can never answer differently; what was recorded (the pauses, the extension) stands under every reading. Who chose is
told from what is frozen into the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.periods import EndRoll, Limit, NoLimit, Period, StartRule
from egov_core.domain.timers.applicant import ApplicantUnit, is_read
from egov_core.domain.timers.kinds import Party, TimerKind
from egov_core.domain.timers.pauses import Settings
from egov_core.domain.timers.readings import Chooser, ChosenBy, Question, Reading, readings
from egov_core.domain.timers.runs import ALL_BASES, TimerRun

RECEIPTS = frozenset({"submitted", "supplemented"})
"""The events by which something comes in; the others are acts of an organ, and their time is their time."""


@attrs.frozen(kw_only=True)
class AmbiguousRun:
    """A run of a timer whose last day depends on a reading, with the readings."""

    run: TimerRun
    readings: tuple[Reading, ...]


def question_of(run: TimerRun, yardstick: Yardstick, bases: tuple[str, ...] = ALL_BASES) -> Question | None:
    """What the deadline of a run is reckoned from; None where it has no limit."""
    limit = run.limit(bases)
    if limit is None or isinstance(limit, NoLimit):
        return None
    kind = yardstick.kinds.get(run.kind)
    deemed = run.knowable_from is not None and run.knowable_from > run.start  # then it began with the receipt
    return Question(
        ruler=run.ruler(yardstick.ruler),
        start=run.start,
        limit=limit,
        pauses=run.pauses,
        extensions=run.extensions_of(limit),
        is_receipt=deemed or (kind is not None and _begins_with_a_receipt(kind)),
        by_the_clock=True,
        on_record=True,
        applicant=_applicant_unit(kind, limit),
        chosen_by=_chosen_by(yardstick, limit, kind),
    )


def readings_of(run: TimerRun, yardstick: Yardstick, bases: tuple[str, ...] = ALL_BASES) -> tuple[Reading, ...]:
    """Every admissible reading on which the last day of the run depends, the chosen one marked."""
    question = question_of(run, yardstick, bases)
    if question is None:
        return ()
    found = readings(question)
    told = run.told(bases) if found and run.recounts else None
    return found if told is None or told[0].last_day is None else _not_before(found, told[0].last_day)


def _not_before(found: tuple[Reading, ...], told: date) -> tuple[Reading, ...]:
    """The readings with the date that was told standing under each; those it makes agree are none any more."""
    stand = [one if one.last_day is None else attrs.evolve(one, last_day=max(one.last_day, told)) for one in found]
    days: dict[str, set[date | None]] = {}
    for one in stand:
        days.setdefault(one.setting, set()).add(one.last_day)
    return tuple(one for one in stand if len(days[one.setting]) > 1)


def _begins_with_a_receipt(kind: TimerKind) -> bool:
    return any(mark.partition(":")[0] in RECEIPTS for mark in kind.starts_on)


def _applicant_unit(kind: TimerKind | None, limit: Limit) -> ApplicantUnit | None:
    """The unit in which an applicant's own period is counted; None where it is the organ's, or no number of days."""
    of_applicant = kind is not None and kind.party is Party.APPLICANT
    if not of_applicant or not isinstance(limit, Period) or not is_read(limit):
        return None
    return ApplicantUnit(limit.unit.value)


def _chosen_by(yardstick: Yardstick, limit: Limit, kind: TimerKind | None) -> Mapping[str, ChosenBy]:
    """Who chose each setting; what nobody chose is left out."""
    policy = yardstick.policy
    by_policy, by_item = ChosenBy(Chooser.POLICY, policy.ref), ChosenBy(Chooser.ITEM, str(limit.basis))
    found = {"pause-kind": ChosenBy(Chooser.RECORD)}
    if "pause-rule" in policy.stated:
        found["pause-rule"] = by_policy
    if policy.start_rule is StartRule.SAME_DAY:
        found["start-rule"] = by_policy
    elif isinstance(limit, Period) and limit.start_rule is StartRule.SAME_DAY:
        found["start-rule"] = by_item
    of_applicant = kind is not None and kind.party is Party.APPLICANT
    if isinstance(limit, Period) and limit.end_roll is EndRoll.AFTER_REST and not of_applicant:
        found["roll"] = by_item
    if yardstick.ruler.settings.month_end is not Settings().month_end:
        found["month-end"] = ChosenBy(Chooser.PLACE)
    if kind is not None and kind.limit is None:
        found["applicant-unit"] = ChosenBy(Chooser.RECORD)
    return found
