"""Readings 读法: what else the last day could be where the law is silent.

Rules of this room: pure. A `Question` holds what a deadline is reckoned from; its answer under another reading is
reckoned anew from the start, extensions included, and never derived from the answer under the chosen one. One reading
is varied at a time, the others stay as chosen. A point on which all admissible readings agree is not listed.

The settings, in the order of the list, and when they are asked about:

    pause-rule      a pause is given by dates                              `half-open`, `closed`
    start-rule      only where the place counts the first day              `next-day`, `same-day`
    receipt         the start, or what was received, is outside hours      `as-is`, `next-working-day`
    roll            natural days, months, years that end on a rest day     `none`, `after-rest`
    month-end       months, years without the corresponding day            `last-day`, `next-month`
    pause-kind      a pause is a 公示, which 行政许可法 45 does not name      `counted`, `not-counted`
    applicant-unit  a period of days is the applicant's own                `workday`, `day`

A period counted back has no pauses and does not roll; only `month-end` and `applicant-unit` are asked about.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.legal import end_of, instant
from egov_core.domain.periods import EndRoll, Limit, Period, StartRule, member
from egov_core.domain.timers.acceptance import Acceptance, ReceiptRule, acceptance, received_at
from egov_core.domain.timers.applicant import ApplicantUnit, is_read, read_in
from egov_core.domain.timers.months import MonthEnd
from egov_core.domain.timers.reckoning import Due, Extension, Pause, PauseRule, Ruler, extension_refusal
from egov_core.errors import CalendarRangeError, PeriodError

PUBLICITY = "公示"
"""The pause kind that some places exclude and the national list does not name."""


SETTINGS = ("pause-rule", "start-rule", "receipt", "roll", "month-end", "pause-kind", "applicant-unit")
"""The names of the settings, in the order of every list."""


class PublicityRule(enum.Enum):
    """Whether the time of a public notice 公示 that was given as a pause counts; 行政许可法 45 does not name it.

    NOT_COUNTED: a pause that was given is a pause, as in places whose own list names it. COUNTED: the national list.
    """

    COUNTED = "counted"
    NOT_COUNTED = "not-counted"


class Chooser(enum.Enum):
    """Who chose a reading: an option, the card policy, the item, the record of the case, the place, or nobody."""

    OPTION = "option"
    POLICY = "policy"
    ITEM = "item"
    RECORD = "record"
    PLACE = "place"
    DEFAULT = "default"


@attrs.frozen
class ChosenBy:
    """Whose choice a reading was, by name: `--pause-rule`, `notice@1`."""

    chooser: Chooser
    name: str = ""


NOBODY = ChosenBy(Chooser.DEFAULT)
"""The library's own default holds, because nobody has chosen."""


@attrs.frozen(kw_only=True)
class Question:
    """What a deadline is reckoned from.

    `start` is when the limit begins, or, with `on_receipt`, when the application came in: then the limit begins with
    its acceptance by `notified` and `supplemented`. `by_the_clock`: `start` is a time of day, and the office's hours
    are known, so that it may lie after closing. `is_receipt`: something came in at `start`; an act of the organ is
    never moved. `extensions` are those asked for; the void ones are left out, unless all are `on_record`.

    `backward`: the period is counted back from `start`. `applicant`: the period is the applicant's own, and so read.
    `chosen_by`: who chose each setting, by its name; who is not named has not chosen. Raises PeriodError for a reading
    that is written as a text.
    """

    ruler: Ruler
    start: datetime = attrs.field(converter=instant)
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    receipt: ReceiptRule = ReceiptRule.AS_IS
    is_receipt: bool = True
    by_the_clock: bool = False
    on_receipt: bool = False
    on_record: bool = False
    notified: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    supplemented: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    publicity: PublicityRule = PublicityRule.NOT_COUNTED
    applicant: ApplicantUnit | None = None
    backward: bool = False
    chosen_by: Mapping[str, ChosenBy] = attrs.field(factory=dict, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        member("receipt", self.receipt, ReceiptRule)
        member("publicity", self.publicity, PublicityRule)
        if self.applicant is not None:
            member("applicant", self.applicant, ApplicantUnit)

    @property
    def read_limit(self) -> Limit:
        """The limit as it is counted: an applicant's own period in the unit that its reading gives it."""
        return self.limit if self.applicant is None else read_in(self.limit, self.applicant, backward=self.backward)

    @property
    def held_pauses(self) -> tuple[Pause, ...]:
        """The pauses whose time is not counted: without a 公示 where its time counts."""
        if self.publicity is PublicityRule.NOT_COUNTED:
            return self.pauses
        return tuple(pause for pause in self.pauses if pause.kind != PUBLICITY)

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
        if self.on_record:
            return self.extensions, ()
        begin = self.begins()
        approved: list[Extension] = []
        void: list[tuple[Extension, str]] = []
        for asked in sorted(self.extensions, key=lambda one: one.approved_at):
            if begin is None:
                why = "the application is not accepted, so no limit runs"
            elif approved:
                why = "the limit was already extended once"
            else:
                why = extension_refusal(self.ruler, begin, self.read_limit, self.held_pauses, asked)
            if why:
                void.append((asked, why))
            else:
                approved.append(asked)
        return tuple(approved), tuple(void)

    def due(self) -> Due:
        """The answer. `why_open` is `not-accepted` where the limit has not begun. Raises PeriodError."""
        if self.backward:
            return self._due_before()
        begin = self.begins()
        accepted = self.acceptance()
        # whether a notice was in time hangs on the days it could be given in, whatever follows from it
        hangs = accepted is not None and self.notified is not None and accepted.notice_due.provisional
        if begin is None:
            return Due(due=None, last_day=None, first_day=None, provisional=hangs, why_open="not-accepted")
        due = self.ruler.due(begin, self.read_limit, self.held_pauses, self.lawful()[0])
        if due.why_open == "paused":
            hangs = hangs or self._pause_hangs(begin)
        return attrs.evolve(due, provisional=due.provisional or hangs)

    def _pause_hangs(self, begin: datetime) -> bool:
        """Whether days that no notice has settled decide if the open pause came before the limit was used up."""
        opened = min(pause.start for pause in self.held_pauses if pause.end is None)
        return opened > begin and self.ruler.calendar.span_provisional(begin.date(), opened.date())

    def _due_before(self) -> Due:
        """The last day that lies a whole period before `start`."""
        limit, end = self.read_limit, self.start.date()
        if not isinstance(limit, Period):
            raise PeriodError(f"{limit} cannot be counted back", remedy="give a number of wd, d, m or y")
        last = self.ruler.before(end, limit)
        provisional = self.ruler.calendar.span_provisional(last, end)
        return Due(due=end_of(last), last_day=last, first_day=last, provisional=provisional)


@attrs.frozen
class Reading:
    """One admissible reading: the setting, its value, the last day it gives, and by whom it was chosen, if it was.

    `last_day` is None where a reading leaves the end open, or leads out of the calendar.
    """

    setting: str
    value: str
    last_day: date | None
    chosen: bool = False
    by: ChosenBy = attrs.field(default=NOBODY, eq=False)

    def as_dict(self) -> dict[str, Any]:
        """`{"setting", "value", "last_day"}`: as command line and API show it."""
        day = None if self.last_day is None else self.last_day.isoformat()
        return {"setting": self.setting, "value": self.value, "last_day": day}


@attrs.frozen
class _Setting:
    """A setting that may matter: its name, the value that was chosen, and the question under every value."""

    name: str
    chosen: str
    alternatives: tuple[tuple[str, Question], ...]


def readings(question: Question) -> tuple[Reading, ...]:
    """Every admissible reading of each setting on which the last day depends; none where all agree.

    Raises what the question itself raises.
    """
    question.due()
    found: list[Reading] = []
    for setting in _settings(question):
        days = [_last_day(asked) for _, asked in setting.alternatives]
        if len(set(days)) > 1:
            by = question.chosen_by.get(setting.name, NOBODY)
            found += [
                Reading(setting.name, value, day, chosen=value == setting.chosen, by=by)
                for (value, _), day in zip(setting.alternatives, days, strict=True)
            ]
    return tuple(found)


def _last_day(question: Question) -> date | None:
    try:
        return question.due().last_day
    except CalendarRangeError:  # the chosen reading was inside: this one is admissible, and nobody can say its day
        return None


def _settings(question: Question) -> Iterator[_Setting]:
    """The settings that may matter."""
    limit, ruler = question.read_limit, question.ruler

    def under(**changes: Any) -> Question:
        return attrs.evolve(question, ruler=attrs.evolve(ruler, settings=attrs.evolve(ruler.settings, **changes)))

    def limited(**changes: Any) -> Question:
        assert isinstance(question.limit, Period)
        return attrs.evolve(question, limit=attrs.evolve(question.limit, **changes))

    def setting(name: str, chosen: enum.Enum, *others: tuple[enum.Enum, Question]) -> _Setting:
        return _Setting(name, chosen.value, tuple((value.value, asked) for value, asked in others))

    natural = isinstance(limit, Period) and limit.unit.is_natural
    if not question.backward:
        if any(pause.by_dates for pause in question.held_pauses):
            rules = ((rule, under(pause_rule=rule)) for rule in PauseRule)
            yield setting("pause-rule", ruler.settings.pause_rule, *rules)
        if isinstance(limit, Period) and limit.start_rule is StartRule.SAME_DAY:
            starts = ((rule, limited(start_rule=rule)) for rule in (StartRule.NEXT_DAY, StartRule.SAME_DAY))
            yield setting("start-rule", limit.start_rule, *starts)
        if question.is_receipt:
            receipts = ((rule, attrs.evolve(question, receipt=rule)) for rule in ReceiptRule)
            yield setting("receipt", question.receipt, *receipts)
        if natural and isinstance(limit, Period):
            yield setting("roll", limit.end_roll, *((roll, limited(end_roll=roll)) for roll in EndRoll))
    if natural:
        yield setting("month-end", ruler.settings.month_end, *((end, under(month_end=end)) for end in MonthEnd))
    if not question.backward and any(pause.kind == PUBLICITY for pause in question.pauses):
        kinds = ((rule, attrs.evolve(question, publicity=rule)) for rule in PublicityRule)
        yield setting("pause-kind", question.publicity, *kinds)
    if question.applicant is not None and is_read(limit):
        units = (ApplicantUnit.WORKING_DAY, ApplicantUnit.DAY)
        chosen = question.applicant.counts_in(backward=question.backward)
        yield setting("applicant-unit", chosen, *((unit, attrs.evolve(question, applicant=unit)) for unit in units))
