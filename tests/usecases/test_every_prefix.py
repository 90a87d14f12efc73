"""What is stored of a case is a function of its events: folding any prefix gives the rows stored at that time, byte for
byte.

Histories are drawn from the table of transitions: at each step any command that the table has, now or entered late with
its true time, or a sweep. What the law refuses leaves everything as it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.folding import fold
from egov_core.domain.cases.states import TRANSITIONS, State
from egov_core.domain.catalogue import CaseType, PauseKind
from egov_core.domain.legal import CHINA
from egov_core.domain.periods import parse_limit
from egov_core.errors import ExtensionRefusedError, HearingRefusedError, IllegalTransitionError, PauseRefusedError
from egov_core.ports.storage import CaseRow, StoredEvent, TimerRow
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.storage.memory import MemoryStorage
from egov_core.testing import small_county as county
from egov_core.usecases.audit.auditing import verify
from egov_core.usecases.cases.handling import Request, perform
from egov_core.usecases.cases.supervision import sweep
from egov_core.usecases.foundation.case_rows import case_row, timer_rows
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_event
from tests.depth import law

Rows = tuple[CaseRow, tuple[TimerRow, ...]]

LIMITS = {"hours": "20wh", "natural": "30d", "months": "2m", "night": "48h"}
QUICK = "quick"  # decided on the spot, within a day
ITEMS = (county.LICENCE, county.STAMP, county.UPWARD, QUICK, *LIMITS)


def founded(policy: str) -> Services:
    """The small county with a few limits of other units; its store is exchanged for an empty one for every history."""
    office: Office = county.open_small_county(clock=ManualClock(county.MONDAY), policy=policy)
    office.establish(items=[county.item(code, promised=parse_limit(text)) for code, text in LIMITS.items()])
    office.establish(items=[county.item(QUICK, case_type=CaseType.IMMEDIATE, promised=county.working_days(1))])
    return office.services


SERVICES = {policy: founded(policy) for policy in ("notice", "hunan-2018")}


def remade(services: Services, stored: tuple[StoredEvent, ...]) -> Rows:
    """The rows of a case made anew from these events, by the functions that `verify` uses."""
    recorded = [decode_event(one.stream, one.position, one.payload) for one in stored]
    case = fold(recorded)
    assert case is not None
    timers = timer_rows(services.area, case, services.yardstick(case), recorded[-1].entered_at)
    return case_row(services.area, case, stored[-1].head), timers


# -- acting ------------------------------------------------------------------------------------------------------------

COMMANDS: dict[type, Callable[[str, int], c.Command]] = {
    c.Accept: lambda i, _: c.Accept(case_id=i),
    c.RequestCorrection: lambda i, n: c.RequestCorrection(case_id=i, notice=f"补{n}", missing=("材料 plan",)),
    c.Supplement: lambda i, _: c.Supplement(case_id=i, materials=("plan",)),
    c.Refuse: lambda i, n: c.Refuse(case_id=i, reason="不属于本机关职权", notice=f"不受{n}"),
    c.Review: lambda i, _: c.Review(case_id=i, opinion="同意"),
    c.Pause: lambda i, n: c.Pause(
        case_id=i, kind=PauseKind.HEARING, notice=f"特{n}", declared=county.working_days(n % 9 + 1)
    ),
    c.Resume: lambda i, _: c.Resume(case_id=i, result="结束"),
    c.Extend: lambda i, n: c.Extend(
        case_id=i, amount=county.working_days(n % 10 + 1), reason="案情复杂", notice=f"延{n}"
    ),
    c.Approve: lambda i, n: c.Approve(case_id=i, document=f"许{n}", on_commitment=n % 2 > 0),
    c.Reject: lambda i, n: c.Reject(case_id=i, document=f"不许{n}", reason="不符合条件"),
    c.Deliver: lambda i, _: c.Deliver(case_id=i, method="窗口"),
    c.Withdraw: lambda i, _: c.Withdraw(case_id=i, reason="不再办理"),
    c.ReferUpward: lambda i, _: c.ReferUpward(case_id=i, opinion="初审同意"),
    c.RecordUpperProgress: lambda i, _: c.RecordUpperProgress(case_id=i, progress="上级已受理"),
    c.RecordUpperDecision: lambda i, n: c.RecordUpperDecision(case_id=i, granted=n % 4 > 0, document=f"上批{n}"),
    c.HandOver: lambda i, _: c.HandOver(case_id=i, unit=county.BUREAU, reason="分工调整"),
    c.OfferHearing: lambda i, n: c.OfferHearing(case_id=i, notice=f"听告{n}"),
    c.RequestHearing: lambda i, _: c.RequestHearing(case_id=i, reason="关系重大利益"),
    c.ScheduleHearing: lambda i, n: c.ScheduleHearing(
        case_id=i, day=date(2015, 1, 1) + timedelta(days=60 * n), place="三楼", notice=f"听通{n}"
    ),
    c.HoldHearing: lambda i, n: c.HoldHearing(case_id=i, record=f"听录{n}"),
    c.IssueLicence: lambda i, n: c.IssueLicence(case_id=i, document=f"证{n}"),
    c.CheckCommitment: lambda i, n: c.CheckCommitment(case_id=i, kept=n % 3 > 0, finding="已核查"),
}
SWEEP = type(None)
CLOSING = (c.Withdraw, c.Refuse, c.Approve, c.Reject)


@functools.cache
def choices_from(state: State, *, materials: bool) -> list[type]:
    """A sweep, or what the table has; what ends a case comes less often, or there would be short histories only."""
    commands = sorted(TRANSITIONS[state].keys() - c.BY_LAW, key=lambda one: one.__name__)
    if not materials:
        commands = [one for one in commands if one is not c.RequestCorrection]
    return [SWEEP, *commands, *(one for one in commands if one not in CLOSING for _ in range(3))]


POST_OF = {role: post for post, role in county.POSTS.items()}
REFUSALS = (IllegalTransitionError, ExtensionRefusedError, HearingRefusedError, PauseRefusedError)


class History:
    """One case in an empty store, and the rows as they were stored after each commit."""

    def __init__(self, policy: str, item: str, start: datetime) -> None:
        self.clock = ManualClock(start)
        self.services = attrs.evolve(SERVICES[policy], storage=MemoryStorage(), clock=self.clock, ids=SeededIds(1))
        self.materials = () if item in (county.STAMP, QUICK) else county.MATERIALS
        filed = c.Submit(item=item, applicant=county.APPLICANT, materials=self.materials)
        self.case_id = perform(self.services, Request(command=filed, actor=county.CITIZEN, key="")).case_id
        self.kept: dict[int, Rows] = {}
        self.keep()

    @property
    def events(self) -> tuple[StoredEvent, ...]:
        return self.services.storage.events(self.services.area, self.case_id)

    def rows(self) -> Rows:
        row = self.services.storage.case(self.services.area, self.case_id)
        assert row is not None
        return row, self.services.storage.timers(self.services.area, self.case_id)

    def keep(self) -> None:
        self.kept[len(self.events)] = self.rows()

    def step(self, which: int, minutes: int, number: int, late: int) -> None:
        """One more thing that happens, `minutes` later; entered `late` hundredths of the way back to the last one."""
        self.clock.advance(timedelta(minutes=minutes))
        before, happened = self.rows(), len(self.events)
        choices = choices_from(State(before[0].state), materials=bool(self.materials))
        chosen = choices[which % len(choices)]
        if chosen is SWEEP:
            sweep(self.services)
        else:
            now, last = self.clock.now(), max(one.at for one in self.events if not one.type.startswith("card"))
            actor = county.staff(POST_OF[c.NEEDED_ROLE[chosen]])
            command = COMMANDS[chosen](self.case_id, number)
            try:
                perform(
                    self.services, Request(command=command, actor=actor, key="", at=now - (now - last) * late / 100)
                )
            except REFUSALS:
                assert self.rows() == before and len(self.events) == happened
        self.keep()

    def check(self) -> None:
        """Every prefix that was ever committed gives the rows that were stored then."""
        events = self.events
        for count, rows in self.kept.items():
            again = remade(self.services, events[:count])
            assert again == rows and repr(again) == repr(rows), f"after {count} of {len(events)} events"
        assert verify(self.services).violations == ()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.integers(0, 12 * 24 * 60),
        st.integers(0, 99),
        st.sampled_from((0, 0, 0, 30, 100)),
    ),
    min_size=1,
    max_size=14,
)
STARTS = st.datetimes(datetime(2015, 1, 1), datetime(2028, 12, 31)).map(
    lambda t: t.replace(microsecond=0, fold=0, tzinfo=CHINA)
)


@law
@given(st.sampled_from(sorted(SERVICES)), st.sampled_from(ITEMS), STARTS, STEPS)
def test_folding_any_prefix_of_the_events_gives_the_rows_stored_then(
    policy: str, item: str, start: datetime, steps: list[tuple[int, int, int, int]]
) -> None:
    history = History(policy, item, start)
    for step in steps:
        history.step(*step)
    history.check()


def test_a_row_that_its_events_do_not_make_is_noticed() -> None:
    history = History("notice", county.LICENCE, county.MONDAY)
    history.check()
    row, (timer,) = history.kept[1]
    assert timer.due_at is not None
    for wrong in (
        (attrs.evolve(row, whole="closed"), (timer,)),
        (row, (attrs.evolve(timer, due_at=timer.due_at + timedelta(seconds=1)),)),
        (row, ()),
    ):
        history.kept[1] = wrong
        with pytest.raises(AssertionError, match="after 1 of 1 events"):
            history.check()
