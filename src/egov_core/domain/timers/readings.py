"""Readings 读法: what else the last day could be where the law is silent.

Rules of this room: pure. A `Question` holds what a deadline is reckoned from; its answer under another reading is
reckoned anew from the start, extensions included, and never derived from the answer under the chosen one. One reading
is varied at a time, the others stay as chosen. A point on which all admissible readings agree is not listed.

The settings, in the order of the list, and when they are asked about:

    pause-rule   a pause is given by dates                              `half-open`, `closed`
    start-rule   only where the place counts the first day              `next-day`, `same-day`
    receipt      the start, or what was received, is outside hours      `as-is`, `next-working-day`
    roll         natural days, months, years that end on a rest day     `none`, `after-rest`
    month-end    months, years without the corresponding day            `last-day`, `next-month`
    pause-kind   a pause is a 公示, which 行政许可法 45 does not name      `counted`, `not-counted`
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.legal import instant
from egov_core.domain.periods import EndRoll, Limit, Period, StartRule
from egov_core.domain.timers.acceptance import Acceptance, ReceiptRule, acceptance, received_at
from egov_core.domain.timers.months import MonthEnd
from egov_core.domain.timers.reckoning import Due, Extension, Pause, PauseRule, Ruler, extension_refusal

PUBLICITY = "公示"
"""The pause kind that some places exclude and the national list does not name."""


@attrs.frozen(kw_only=True)
class Question:
    """What a deadline is reckoned from.

    `start` is when the limit begins, or, with `on_receipt`, when the application came in: then the limit begins with
    its acceptance by `notified` and `supplemented`. `by_the_clock`: `start` is a time of day, and the office's hours
    are known, so that it may lie after closing. `extensions` are those asked for; the void ones are left out.
    """

    ruler: Ruler
    start: datetime = attrs.field(converter=instant)
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    receipt: ReceiptRule = ReceiptRule.AS_IS
    by_the_clock: bool = False
    on_receipt: bool = False
    notified: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    supplemented: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))

    def received(self) -> datetime:
        """When what came in at `start` counts as received."""
        return received_at(self.start, self.receipt, self.ruler.clock, by_the_clock=self.by_the_clock)

    def acceptance(self) -> Acceptance | None:
        """The acceptance, None where the limit begins with `start` itself. Raises AcceptanceError."""
        if not self.on_receipt:
            return None
        acceptance(self.ruler, self.start, self.notified, self.supplemented)  # refuses a wrong order as it was given
        received = self.received()
        return acceptance(
            self.ruler,
            received,
            None if self.notified is None else max(self.notified, received),
            None if self.supplemented is None else max(self.supplemented, received),
        )

    def begins(self) -> datetime | None:
        """When the limit begins; None while the application is not accepted."""
        accepted = self.acceptance()
        return self.received() if accepted is None else accepted.at

    def lawful(self) -> tuple[tuple[Extension, ...], tuple[tuple[Extension, str], ...]]:
        """The extension that holds, and the void ones with the reason: one, in the limit's unit, while it runs."""
        begin = self.begins()
        approved: list[Extension] = []
        void: list[tuple[Extension, str]] = []
        for asked in sorted(self.extensions, key=lambda one: one.approved_at):
            if begin is None:
                why = "the application is not accepted, so no limit runs"
            elif approved:
                why = "the limit was already extended once"
            else:
                why = extension_refusal(self.ruler, begin, self.limit, self.pauses, asked)
            if why:
                void.append((asked, why))
            else:
                approved.append(asked)
        return tuple(approved), tuple(void)

    def due(self) -> Due:
        """The answer. `why_open` is `not-accepted` where the limit has not begun."""
        begin = self.begins()
        if begin is None:
            return Due(due=None, last_day=None, first_day=None, provisional=False, why_open="not-accepted")
        due = self.ruler.due(begin, self.limit, self.pauses, self.lawful()[0])
        accepted = self.acceptance()
        hangs = accepted is not None and self.notified is not None and accepted.notice_due.provisional
        return attrs.evolve(due, provisional=due.provisional or hangs)


@attrs.frozen
class Reading:
    """One admissible reading: the setting, its value, the last day it gives, and whether it is the chosen one."""

    setting: str
    value: str
    last_day: date | None
    chosen: bool = False

    def as_dict(self) -> dict[str, Any]:
        """`{"setting", "value", "last_day"}`: as command line and API show it."""
        day = None if self.last_day is None else self.last_day.isoformat()
        return {"setting": self.setting, "value": self.value, "last_day": day}


def readings(question: Question) -> tuple[Reading, ...]:
    """Every admissible reading of each setting on which the last day depends; none where all agree.

    Raises what the question itself raises. A reading that leads out of the calendar raises CalendarRangeError too.
    """
    found: list[Reading] = []
    for setting, alternatives in _settings(question):
        days = [asked.due().last_day for _, asked in alternatives]
        if len(set(days)) > 1:
            found += [
                Reading(setting, value, day, chosen=asked == question)
                for (value, asked), day in zip(alternatives, days, strict=True)
            ]
    return tuple(found)


def _settings(question: Question) -> Iterator[tuple[str, list[tuple[str, Question]]]]:
    """The settings that may matter, each with the question under every value of it."""
    limit, ruler = question.limit, question.ruler

    def under(**changes: Any) -> Question:
        return attrs.evolve(question, ruler=attrs.evolve(ruler, settings=attrs.evolve(ruler.settings, **changes)))

    def limited(**changes: Any) -> Question:
        assert isinstance(limit, Period)
        return attrs.evolve(question, limit=attrs.evolve(limit, **changes))

    if any(pause.by_dates for pause in question.pauses):
        yield "pause-rule", [(rule.value, under(pause_rule=rule)) for rule in PauseRule]
    if isinstance(limit, Period) and limit.start_rule is StartRule.SAME_DAY:
        rules = (StartRule.NEXT_DAY, StartRule.SAME_DAY)
        yield "start-rule", [(rule.value, limited(start_rule=rule)) for rule in rules]
    yield "receipt", [(rule.value, attrs.evolve(question, receipt=rule)) for rule in ReceiptRule]
    if isinstance(limit, Period) and limit.unit.is_natural:
        yield "roll", [(roll.value, limited(end_roll=roll)) for roll in EndRoll]
        yield "month-end", [(end.value, under(month_end=end)) for end in MonthEnd]
    if any(pause.kind == PUBLICITY for pause in question.pauses):
        others = tuple(pause for pause in question.pauses if pause.kind != PUBLICITY)
        yield "pause-kind", [("counted", attrs.evolve(question, pauses=others)), ("not-counted", question)]
