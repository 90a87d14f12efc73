"""The contract of timer kinds as tests: subclass `TimerKindContract`, give a plugin and its codes, run pytest.

Rules of this room: what is asked of plugins that answer `egov_timer_kinds`. The kinds are acted out in the timed
county, in cases that leave every mark between them (`timer_courses`). A test is named after the promise it holds.

K1  It answers with a list of `TimerKind`, or None: the same at every call and from a new instance, without clock, dice,
    file or line; whoever alters the list has altered nothing.
K2  A kind has a code of its own, a name in Chinese and in English, and nothing that a place may not settle; a limit of
    its own names its legal basis.
K3  Every kind is started by some case and stopped by it; its marks are real, and none of them is idle by mistake.
K4  A timer runs from the event that starts it to the one that stops it, is due when its limit has been counted, and is
    lengthened by pauses of the case if and only if it is pausable. Without a standard there is none of a kind whose
    limit is one.
K5  Its ledger explains it: the days counted add up to the limit on the last day, and not before.
K6  In time there is no red card; too late there is one, in the first second after the due date, whoever looks and
    however often; the applicant's own time earns none.
K7  The end of a timer brings nothing but cards, and the plugin changes nothing else: every event of every case is as
    without it.
K8  No timer outlives what it measures: once a case is settled, none runs that was started before.
K9  What was stored is found again by an office that is opened with the same plugin, and verified.
K10 It can be registered.

    class TestMine(TimerKindContract):
        codes = ("site-visit",)

        def make_plugin(self):
            return Visits()
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.cases.marks import MARKS
from egov_core.domain.cases.states import SETTLED, State
from egov_core.domain.legal import ONE_SECOND, end_of
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.kind_table import kind_faults
from egov_core.domain.timers.kinds import LimitSource, Party, TimerKind
from egov_core.domain.timers.ledger import ledger
from egov_core.hooks.manager import Hooks
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing import timer_courses as courses
from egov_core.testing.check_cases import answers_of, given_what_it_names
from egov_core.testing.kit import Kit
from egov_core.testing.timer_courses import Course, reds, rows, runs
from egov_core.testing.watching import watched

HOOK = "egov_timer_kinds"
_CHINESE, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")
_LATE = timedelta(days=60)
_WRITTEN = 4  # courses that are written to a file
_UNACTED = frozenset(
    {"calendar-applied", "card-issued", "card-revoked", "closed-unanswered", "lapse-set-aside", "taken-over"}
)
"""Marks that no course leaves, since they are nobody's act in an orderly case."""
_CLOSING = frozenset({"not-accepted", "approved", "rejected", "withdrawn", "closed-unanswered", "licence-issued"})
"""After these marks a timer may begin that has nothing to do with deciding the case."""


class TimerKindContract(Kit):
    """K1-K10. What a subject claims is said by two attributes.

    codes: the kinds it adds, by code.
    standards: for kinds whose limit is a service standard, the one that the items of the test have: `{"print": "3wd"}`.
    """

    contract = "timer-kind"
    promises = "egov_core.testing.timer_kind_contract"
    codes: ClassVar[tuple[str, ...]] = ()
    standards: ClassVar[Mapping[str, str]] = {}
    capabilities = ("codes", "standards")

    # --- what an author gives -----------------------------------------------------------------------------------------

    def make_plugin(self) -> object:
        """A new instance of the plugin. Override this."""
        raise NotImplementedError

    def courses(self) -> Sequence[Course]:
        """The courses that are acted out. Add one where a kind asks for what none of them leaves."""
        return courses.COURSES

    # --- asking and acting --------------------------------------------------------------------------------------------

    def raw(self, plugin: object) -> Any:
        """What is answered."""
        return given_what_it_names(answers_of(plugin)[HOOK], marks=MARKS)

    def kinds(self) -> list[TimerKind]:
        """The kinds by which the tests go."""
        return list(self.raw(self.make_plugin()) or [])

    @contextmanager
    def office(self, *, plugin: bool = True, standards: bool = True, storage: str = "memory:") -> Iterator[Office]:
        """The timed county on a Monday morning, with the items of the courses."""
        given = self.standards if plugin and standards else {}
        more = courses.items({code: timed.limit(text) for code, text in given.items()})
        plugins = ((self.make_plugin(), "subject"),) if plugin else ()
        with timed.open_timed_county(storage, start=county.MONDAY, more=more, plugins=plugins) as office:
            yield office

    def acted(self, office: Office) -> dict[str, str]:
        """Every course walked to its end: name to case."""
        return {course.name: list(courses.walk(office, course))[-1] for course in self.courses()}

    def late(self, office: Office, kind: TimerKind, *, sweeps: bool = True) -> str | None:
        """A case in which such a timer was started and nothing more is done; None where none is started."""
        for course in self.courses():
            for case_id in courses.walk(office, course, sweeps=sweeps):
                if any(row.stopped_at is None for row in rows(office, case_id, kind)):
                    return case_id
        return None

    # --- K1 the answer ------------------------------------------------------------------------------------------------

    def test_k1_it_answers_with_a_list_of_kinds(self) -> None:
        answer = self.raw(self.make_plugin())
        assert answer is None or type(answer) in (list, tuple), f"{type(answer).__name__} instead of a list"
        assert all(isinstance(one, TimerKind) for one in answer or ()), "not all are kinds"
        assert [kind.code for kind in answer or ()] == list(self.codes), "the kinds are those claimed"

    def test_k1_the_answer_is_always_the_same_and_nobody_alters_it(self) -> None:
        plugin = self.make_plugin()
        first = self.kinds()
        answer = self.raw(plugin)
        if isinstance(answer, list):
            answer.clear()
        again, reached = watched(lambda: self.raw(plugin))
        assert list(again or []) == first == self.kinds()
        assert reached == [], "kinds rest on nothing"

    # --- K2 a kind ----------------------------------------------------------------------------------------------------

    def test_k2_a_kind_is_sound(self) -> None:
        faults = kind_faults(self.kinds(), MARKS, "subject")
        assert faults == [], "; ".join(f"{fault.path} {fault.message}" for fault in faults)
        for kind in self.kinds():
            assert _CHINESE.search(kind.name), f"{kind.code}: its name is not Chinese"
            assert _LATIN.search(kind.name_en), f"{kind.code}: it has no English name"
            assert kind.limit is None or kind.limit.basis.instrument.strip(), f"{kind.code}: a limit without basis"

    def test_k2_a_standard_is_given_to_the_kinds_that_take_one(self) -> None:
        wanting = {kind.code for kind in self.kinds() if kind.limit_source is LimitSource.SERVICE}
        assert wanting == set(self.standards), "give `standards` for the kinds whose limit is one"

    # --- K3 marks -----------------------------------------------------------------------------------------------------

    def test_k3_every_kind_is_started_and_stopped_by_some_case(self) -> None:
        with self.office() as office:
            cases = self.acted(office).values()
            left = frozenset().union(
                *(courses.marks_of(one) for id_ in cases for one in courses.events_of(office, id_))
            )
            for kind in self.kinds():
                found = [row for case_id in cases for row in rows(office, case_id, kind)]
                assert found, f"{kind.code}: no case starts it"
                assert any(row.stopped_at for row in found), f"{kind.code}: no case stops it"
                idle = (kind.starts_on | kind.stops_on) - left - _UNACTED
                assert not idle, f"{kind.code}: no course leaves {sorted(idle)}; add one to `courses`"

    # --- K4 from start to stop ----------------------------------------------------------------------------------------

    def test_k4_a_timer_runs_from_the_event_that_starts_it_to_the_one_that_stops_it(self) -> None:
        with self.office() as office:
            for name, case_id in self.acted(office).items():
                events = courses.events_of(office, case_id)
                for kind in self.kinds():
                    kept = [(row.started_at, row.stopped_at) for row in rows(office, case_id, kind)]
                    assert kept == courses.spans(kind, events), f"{kind.code} in {name}"

    def test_k4_it_is_due_when_its_limit_is_counted_and_pauses_count_as_claimed(self) -> None:
        with self.office() as office:
            for name, case_id in self.acted(office).items():
                for kind in self.kinds():
                    for row, run in zip(rows(office, case_id, kind), runs(office, case_id, kind), strict=True):
                        limit = next(iter(run.limits.values()))
                        assert row.last_day is not None, f"{kind.code} in {name} is never due"
                        counted = courses.counted_by_hand(office.ruler.calendar, run.start, limit)
                        paused = bool(run.pauses or run.extensions)
                        assert kind.pausable or not paused
                        if counted is not None:
                            lawful = row.last_day >= counted if paused else row.last_day == counted
                            assert lawful, f"{kind.code} in {name}: {row.last_day}, counted by hand {counted}"
                            assert row.due_at == end_of(row.last_day)

    def test_k4_without_a_standard_there_is_none(self) -> None:
        with self.office(standards=False) as office:
            for case_id in self.acted(office).values():
                for kind in self.kinds():
                    if kind.limit_source is LimitSource.SERVICE:
                        assert rows(office, case_id, kind) == [], f"{kind.code} runs without a limit"

    # --- K5 the ledger ------------------------------------------------------------------------------------------------

    def test_k5_the_ledger_adds_up_to_the_limit_on_the_last_day(self) -> None:
        with self.office() as office:
            for name, case_id in self.acted(office).items():
                for kind in self.kinds():
                    for run in runs(office, case_id, kind):
                        due = run.due(office.ruler)
                        lines = [line for line in ledger(run, office.ruler) if line.counts]
                        assert lines, f"{kind.code} in {name}: nothing was counted"
                        assert all(line.source for line in lines), f"{kind.code} in {name}: no source"
                        limit = next(iter(run.limits.values()))
                        if isinstance(limit, Period) and limit.unit in (Unit.WORKING_DAY, Unit.DAY):
                            reached: list[Decimal] = [line.total for line in lines]
                            assert reached[-1] == run.extended(limit), f"{kind.code} in {name}"
                            assert all(total < reached[-1] for total in reached[:-1]), f"{kind.code} in {name}"
                            assert lines[-1].day <= (due.last_day or lines[-1].day)

    # --- K6 cards -----------------------------------------------------------------------------------------------------

    def test_k6_too_late_there_is_a_red_card_in_the_first_second(self) -> None:
        for kind in self.kinds():
            with self.office() as office:
                case_id = self.late(office, kind)
                assert case_id is not None, f"{kind.code}: no case starts it"
                [timer] = [row for row in rows(office, case_id, kind) if row.stopped_at is None]
                assert timer.due_at is not None
                timed.move(office, timer.due_at)
                office.sweep()
                assert reds(office, case_id, kind) == [], f"{kind.code}: red in time"
                timed.move(office, timer.due_at + _LATE)
                office.sweep()
                wanted = [timer.due_at + ONE_SECOND] if kind.party is Party.ORGAN else []
                assert reds(office, case_id, kind) == wanted, f"{kind.code}: too late"

    def test_k6_whoever_looks_and_however_often_the_cards_are_the_same(self) -> None:
        found = []
        for often in (True, False):
            with self.office() as office:
                left = [case for kind in self.kinds() if (case := self.late(office, kind, sweeps=often))]
                end = office.now() + 2 * _LATE
                for _ in range(_LATE.days if often else 0):
                    courses.to_working_day(office, 1)
                    office.sweep()
                timed.move(office, end)
                office.sweep()
                found.append([timed.cards(office, case, kind.code) for case in left for kind in self.kinds()])
        assert found[0] == found[1]

    # --- K7 nothing else ----------------------------------------------------------------------------------------------

    def test_k7_everything_else_is_as_without_it(self) -> None:
        told = []
        for plugin in (True, False):
            with self.office(plugin=plugin) as office:
                cases = self.acted(office).values()
                timed.move(office, office.now() + _LATE)
                office.sweep()
                everything = [courses.events_of(office, case) for case in cases]
                told.append([[self.other(one) for one in events if self.other(one)] for events in everything])
        assert told[0] == told[1]

    def other(self, event: RecordedEvent) -> tuple[Any, ...] | None:
        """An event, unless it is a card of the plugin's own timers."""
        own = getattr(event.event, "timer_kind", "") in self.codes
        return None if own else (event.event.type, event.at, event.actor.code)

    # --- K8 the end ---------------------------------------------------------------------------------------------------

    def test_k8_no_timer_outlives_what_it_measures(self) -> None:
        with self.office() as office:
            for name, case_id in self.acted(office).items():
                state = timed.case(office, case_id).state
                for kind in self.kinds():
                    before = not {mark.partition(":")[0] for mark in kind.starts_on} & _CLOSING
                    if state in SETTLED and (before or state is State.DELIVERED):
                        running = [row.timer_id for row in rows(office, case_id, kind) if row.stopped_at is None]
                        assert running == [], f"{kind.code} still runs in {name}, which is {state.value}"

    # --- K9, K10 ------------------------------------------------------------------------------------------------------

    def test_k9_what_was_stored_is_found_again(self, tmp_path: Path) -> None:
        storage = f"sqlite:///{tmp_path / 'county.db'}"
        with self.office(storage=storage) as office:
            cases = [list(courses.walk(office, course, sweeps=False))[-1] for course in self.courses()[:_WRITTEN]]
            before = [rows(office, case_id, kind) for case_id in cases for kind in self.kinds()]
            assert office.verify().ok
            now = office.now()
        plugin = (self.make_plugin(), "subject")
        with timed.open_timed_county(storage, start=now, plugins=(plugin,), fresh=False, seed=2) as again:
            assert [rows(again, case_id, kind) for case_id in cases for kind in self.kinds()] == before
            assert again.verify().ok

    def test_k10_it_can_be_registered(self) -> None:
        Hooks().register(self.make_plugin(), "subject")
