"""Courses that cases take, so that between them every mark is left that a kind of timer may ask for.

Rules of this room: what is done, day by day, through an open office; nothing is asserted. One act a working day, at ten
in the morning; the items are those of the timed county with the service standards that a plugin's kinds want.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.cases.marks import tags_of
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import CaseType, ItemVersion, PauseKind
from egov_core.domain.legal import start_of
from egov_core.domain.periods import Immediate, Limit, Period, StartRule, Unit
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.runs import TimerRun
from egov_core.ports.storage import TimerRow
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed

PLAIN, UPWARD, STAMP, STEPPED = "kit-plain", "kit-upward", "kit-stamp", "kit-stepped"
TEN = timedelta(hours=10)

Act = Callable[[Office, str], Any]
"""What is done to a case."""


def _asks(make: Callable[[str], Any], by: str = "") -> Act:
    def act(office: Office, case_id: str) -> None:
        timed.do(office, make(case_id), by=by)

    return act


def _days(amount: int) -> Any:
    return county.working_days(amount)


ACCEPT = _asks(lambda case: c.Accept(case_id=case))
REVIEW = _asks(lambda case: c.Review(case_id=case, opinion="符合法定条件"))
APPROVE = _asks(lambda case: c.Approve(case_id=case, document="演许〔2024〕1号"))
COMMIT = _asks(lambda case: c.Approve(case_id=case, document="演许〔2024〕2号", on_commitment=True))
REJECT = _asks(lambda case: c.Reject(case_id=case, document="演不许〔2024〕1号", reason="不符合法定条件"))
REFUSE = _asks(lambda case: c.Refuse(case_id=case, reason="不属于本机关职权", notice="不受〔2024〕1号"))
WITHDRAW = _asks(lambda case: c.Withdraw(case_id=case, reason="不再办理"))
CORRECT = _asks(lambda case: c.RequestCorrection(case_id=case, notice="补〔2024〕1号", missing=("plan",)))
SUPPLEMENT = _asks(lambda case: c.Supplement(case_id=case, materials=("plan",)))
PAUSE = _asks(
    lambda case: c.Pause(case_id=case, kind=PauseKind.HEARING, notice="特〔2024〕1号", declared=_days(5)),
)
RESUME = _asks(lambda case: c.Resume(case_id=case, result="听证已经举行"))
EXTEND = _asks(lambda case: c.Extend(case_id=case, amount=_days(5), reason="案情复杂", notice="延〔2024〕1号"))
LICENCE = _asks(lambda case: c.IssueLicence(case_id=case, document="演证1号"))
DELIVER = _asks(lambda case: c.Deliver(case_id=case, method="window"))
CHECK = _asks(lambda case: c.CheckCommitment(case_id=case, kept=True, finding="相符"))
OFFER = _asks(lambda case: c.OfferHearing(case_id=case, notice="听告〔2024〕1号"))
REQUEST = _asks(lambda case: c.RequestHearing(case_id=case, reason="对许可有异议"))
HOLD = _asks(lambda case: c.HoldHearing(case_id=case, record="听证笔录1号"))
HAND_OVER = _asks(lambda case: c.HandOver(case_id=case, unit=timed.FRONT, reason="需现场核验"))
REFER = _asks(lambda case: c.ReferUpward(case_id=case, opinion="初审同意"))
UPPER_PROGRESS = _asks(lambda case: c.RecordUpperProgress(case_id=case, progress="市局已收件"))
UPPER_DECISION = _asks(lambda case: c.RecordUpperDecision(case_id=case, granted=True, document="市许1号"))


def schedule(office: Office, case_id: str) -> None:
    """Fix the hearing for the tenth working day from now."""
    day = office.ruler.calendar.add(office.now().date(), 10)
    timed.do(office, c.ScheduleHearing(case_id=case_id, day=day, place="三楼会议室", notice="听通〔2024〕1号"))


def wait(office: Office, case_id: str) -> None:  # noqa: ARG001 - an act like any other
    """Let the hearing come, ten working days more."""
    to_working_day(office, 10)


def dispatch(office: Office, case_id: str) -> None:  # noqa: ARG001 - an act like any other
    """Let the worker send what waits."""
    office.dispatch()


def silence(office: Office, case_id: str) -> None:  # noqa: ARG001 - an act like any other
    """Let seventy days pass, with a sweep at their end."""
    timed.move(office, office.now() + timedelta(days=70))
    office.sweep()


@attrs.frozen(kw_only=True)
class Course:
    """A way that a case takes: the item, how it is filed, and the acts after that."""

    name: str
    item: str = PLAIN
    channel: str = "window"
    renews_in: int = 0
    acts: tuple[Act, ...]


COURSES: tuple[Course, ...] = (
    Course(name="decided", acts=(ACCEPT, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="corrected", channel="web", acts=(CORRECT, SUPPLEMENT, ACCEPT, REVIEW, REJECT)),
    Course(name="refused", acts=(REFUSE,)),
    Course(name="withdrawn-early", channel="web", acts=(WITHDRAW,)),
    Course(name="withdrawn", acts=(ACCEPT, WITHDRAW)),
    Course(name="withdrawn-late", acts=(ACCEPT, REVIEW, WITHDRAW)),
    Course(name="rejected", acts=(ACCEPT, REVIEW, REJECT)),
    Course(name="paused", acts=(ACCEPT, PAUSE, RESUME, EXTEND, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="heard", acts=(ACCEPT, OFFER, REQUEST, schedule, wait, HOLD, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="not-heard", acts=(ACCEPT, OFFER, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="committed", acts=(ACCEPT, REVIEW, COMMIT, LICENCE, CHECK, DELIVER)),
    Course(
        name="referred",
        item=UPWARD,
        acts=(ACCEPT, REVIEW, REFER, dispatch, UPPER_PROGRESS, UPPER_DECISION, LICENCE, DELIVER),
    ),
    Course(name="on-the-spot", item=STAMP, acts=(ACCEPT, APPROVE, LICENCE, DELIVER)),
    Course(name="handed-over", item=STEPPED, acts=(ACCEPT, HAND_OVER, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="renewed", renews_in=60, acts=(ACCEPT, REVIEW, APPROVE, LICENCE, DELIVER)),
    Course(name="renewed-by-law", renews_in=60, acts=(ACCEPT, silence, LICENCE, DELIVER)),
)


def items(standards: Mapping[str, Limit]) -> tuple[ItemVersion, ...]:
    """The items of the courses, with these service standards."""
    stepped = attrs.evolve(county.item(STEPPED, promised=_days(15)), steps=timed.steps())
    made = (
        county.item(PLAIN, promised=_days(10)),
        county.item(UPWARD, promised=_days(10), case_type=CaseType.FORWARD, forward_to=county.CITY),
        county.item(STAMP, statutory=Immediate(basis=county.BASIS), case_type=CaseType.IMMEDIATE),
        stepped,
    )
    return tuple(attrs.evolve(item, limits=dict(standards)) for item in made)


def to_working_day(office: Office, days: int) -> datetime:
    """Put the clock to ten in the morning of a later working day."""
    at = start_of(office.ruler.calendar.add(office.now().date(), days)) + TEN
    timed.move(office, at)
    return at


def walk(office: Office, course: Course, *, sweeps: bool = True) -> Iterator[str]:
    """File a case and let it take its course; the case's id, after filing and after every act."""
    day = to_working_day(office, 1).date()
    renews = day + timedelta(days=course.renews_in) if course.renews_in else None
    materials = ("form",) if CORRECT in course.acts else county.MATERIALS if course.item != STAMP else ()
    command = c.Submit(
        item=course.item, applicant=county.APPLICANT, materials=materials, channel=course.channel, renews=renews
    )
    case_id = office.do(command, actor=county.CITIZEN).case_id
    yield case_id
    for act in course.acts:
        to_working_day(office, 1)
        if sweeps:
            office.sweep()
        act(office, case_id)
        yield case_id


def events_of(office: Office, case_id: str) -> list[RecordedEvent]:
    """What has happened to a case, in order."""
    return [office.event_of(one) for one in office.storage.events(office.area, case_id)]


def marks_of(event: RecordedEvent) -> frozenset[str]:
    """The marks an event leaves: its type, and narrower ones."""
    kind = event.event.type
    return frozenset({kind, *(f"{kind}:{tag}" for tag in tags_of(event.event))})


def spans(kind: TimerKind, events: list[RecordedEvent]) -> list[tuple[datetime, datetime | None]]:
    """From which event to which a timer of a kind has to run in a case, read off the events by themselves."""
    found: list[tuple[datetime, datetime | None]] = []
    started: datetime | None = None
    for event in events:
        marks = marks_of(event)
        if started is None and marks & kind.starts_on:
            started = event.at
        elif started is not None and marks & kind.stops_on:
            found.append((started, event.at))
            started = None
    return found if started is None else [*found, (started, None)]


def rows(office: Office, case_id: str, kind: TimerKind) -> list[TimerRow]:
    """The stored timers of a kind, in the order in which they began."""
    found = [row for row in office.storage.timers(office.area, case_id) if row.kind == kind.code]
    return sorted(found, key=lambda row: row.started_at)


def runs(office: Office, case_id: str, kind: TimerKind) -> list[TimerRun]:
    """The runs of a kind, folded from the case anew."""
    case = timed.case(office, case_id)
    return sorted((run for run in runs_of(case, office.yardstick(case)) if run.kind == kind.code), key=_start)


def _start(run: TimerRun) -> datetime:
    return run.start


def reds(office: Office, case_id: str, kind: TimerKind) -> list[datetime]:
    """The instants of the red cards of a kind's timers."""
    found = office.storage.cards(office.area, case_id)
    return [card.at for card in found if card.timer_kind == kind.code and card.level == "red"]


def counted_by_hand(calendar: WorkCalendar, start: datetime, limit: Limit) -> date | None:
    """The last day of a limit in whole working days from the next day on, day by day; None for any other limit."""
    if (
        not isinstance(limit, Period)
        or limit.unit is not Unit.WORKING_DAY
        or limit.start_rule is not StartRule.NEXT_DAY
    ):
        return None
    day, left = start.date(), limit.amount
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day
