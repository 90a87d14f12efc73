"""The contract of calendars as tests: subclass `CalendarContract`, give a plugin and what it offers, run pytest.

Rules of this room: what is asked of plugins that answer `egov_calendar_notices` or `egov_office_hours`, beside the
notices that the library ships. A test is named after the promise it holds.

C1  It answers with the notices of each layer by the layer's name, or None: the same at every call and from a new
    instance, without clock, dice or line; and whoever alters the answer has altered nothing.
C2  A notice has a title in Chinese, a number or a source by which it can be looked up, and at least one day; it was
    public before the first of its days, and a file of it would be read again as the same notice.
C3  Notices do not contradict each other, nor the nation's, as known on any day; what one amends is there.
C4  A day is as before until its notice was published, and from then on as the notice says, which is its source.
C5  A make-up day is a day that would be off; a day put back to ordinary was stated before, or is in an amendment; no
    notice says only what holds without it.
C6  On the calendar that results counting forward and back are inverse, and sums agree with looking day by day.
C7  Hours are offered under the names claimed and no other (None), the same at every call; they cover every day of the
    year with open time, and rest on somebody's word.
C8  On the office clock that results adding and measuring open seconds are inverse.
C9  It can be registered, and answers the hooks that it claims and no other of them.

    class TestMine(CalendarContract):
        hours = ("ours",)

        def make_plugin(self):
            return MyCalendar()
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

import attrs

from egov_core.domain.calendar.hours import OfficeClock, OfficeHours
from egov_core.domain.calendar.layering import NATIONAL, Layer
from egov_core.domain.calendar.notices import Notice, parse_notice
from egov_core.domain.calendar.regulation import Regulation
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import CHINA
from egov_core.hooks.manager import Hooks
from egov_core.runtime.shipped import national_notices, regulation
from egov_core.testing.check_cases import answers_of, given_what_it_names
from egov_core.testing.kit import Kit
from egov_core.testing.watching import watched

NOTICES, HOURS = "egov_calendar_notices", "egov_office_hours"
NOBODYS = ("", "nobody-has-these", "standard ")  # names of timetables that no plugin offers
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_AROUND, ONE_DAY = 40, timedelta(days=1)


class CalendarContract(Kit):
    """C1-C9. What a subject claims is said by two attributes.

    notices: it offers notices.
    hours: the names under which it offers timetables.
    """

    contract = "calendar"
    promises = "egov_core.testing.calendar_contract"
    notices: ClassVar[bool] = True
    hours: ClassVar[tuple[str, ...]] = ()
    capabilities = ("notices", "hours")

    # --- what an author gives -----------------------------------------------------------------------------------------

    def make_plugin(self) -> object:
        """A new instance of the plugin. Override this."""
        raise NotImplementedError

    def base_notices(self) -> Sequence[Notice]:
        """The nation's notices beside which those of the plugin stand."""
        return national_notices()

    def base_regulation(self) -> Regulation:
        """The regulation under which they stand."""
        return regulation()

    # --- asking -------------------------------------------------------------------------------------------------------

    def raw(self, plugin: object) -> Any:
        """What is answered about notices; None where the plugin does not claim to."""
        return given_what_it_names(answers_of(plugin)[NOTICES]) if self.notices else None

    def layers(self, plugin: object) -> dict[str, list[Notice]]:
        """The notices by layer."""
        return {name: list(found) for name, found in (self.raw(plugin) or {}).items()}

    def stated(self, plugin: object) -> list[tuple[str, Notice]]:
        """Every notice with its layer, oldest publication first."""
        rows = [(name, notice) for name, found in self.layers(plugin).items() for notice in found]
        return sorted(rows, key=lambda row: row[1].published)

    def hours_of(self, plugin: object, name: str) -> Any:
        """The timetable of a name."""
        return given_what_it_names(answers_of(plugin)[HOURS], name=name)

    def calendar(
        self, rows: Iterable[tuple[str, Notice]], known_as_of: date | None = None, *, only: str | None = None
    ) -> WorkCalendar:
        """The working calendar of the nation with these notices; `only` leaves out other regions' layers."""
        given = list(rows)
        regions = dict.fromkeys(name for name, _ in given if name != NATIONAL and only in (None, name))
        return WorkCalendar.build(
            [*self.base_notices(), *(notice for name, notice in given if name == NATIONAL)],
            regulation=self.base_regulation(),
            known_as_of=known_as_of,
            layers=[Layer(name=one, notices=[n for name, n in given if name == one]) for one in regions],
        )

    # --- C1 the answer ------------------------------------------------------------------------------------------------

    def test_c1_it_answers_with_notices_by_layer(self) -> None:
        answer = self.raw(self.make_plugin())
        assert (answer is not None) is self.notices, "it offers notices if it claims to"
        if answer is None:
            return
        assert isinstance(answer, Mapping), f"{type(answer).__name__} instead of layers by name"
        for name, found in answer.items():
            assert type(name) is str
            assert name.strip() == name != "", f"{name!r} is no name of a layer"
            assert type(found) in (list, tuple), f"{name}: {type(found).__name__} instead of a list"
            assert found, f"{name}: a layer without notices"
            assert all(isinstance(one, Notice) for one in found), f"{name}: not all are notices"

    def test_c1_the_answer_is_always_the_same_and_nobody_alters_it(self) -> None:
        plugin = self.make_plugin()
        first = self.layers(plugin)
        answer = self.raw(plugin)
        for found in (answer or {}).values():
            if isinstance(found, list):
                found.clear()
        if isinstance(answer, dict):
            answer.clear()
        assert self.layers(plugin) == first == self.layers(self.make_plugin())

    def test_c1_no_clock_no_dice_no_line(self) -> None:
        plugin = self.make_plugin()
        self.layers(plugin)  # its own files may be read, once
        assert watched(lambda: self.layers(plugin))[1] == []

    # --- C2 a notice --------------------------------------------------------------------------------------------------

    def test_c2_a_notice_can_be_looked_up(self) -> None:
        for _, notice in self.stated(self.make_plugin()):
            assert _CHINESE.search(notice.title), f"{notice.name}: its title is not Chinese"
            assert notice.number.strip() or notice.source.strip(), f"{notice.name}: neither number nor source"

    def test_c2_a_notice_was_public_before_its_days(self) -> None:
        for _, notice in self.stated(self.make_plugin()):
            days = days_of(notice)
            assert days, f"{notice.name} states nothing"
            assert notice.published <= days[0], f"{notice.name} was published after {days[0]}"

    def test_c2_a_file_of_it_is_read_as_the_same_notice(self) -> None:
        for _, notice in self.stated(self.make_plugin()):
            written = {
                name: value for name, value in attrs.asdict(notice, recurse=False).items() if value not in ((), "")
            }
            assert parse_notice(written, notice.name) == notice

    # --- C3 contradictions --------------------------------------------------------------------------------------------

    def test_c3_notices_agree_as_known_on_any_day(self) -> None:
        rows = self.stated(self.make_plugin())
        for day in sorted({notice.published for _, notice in rows}):
            self.calendar(rows, day)
        self.calendar(rows)

    def test_c3_one_name_one_notice_and_what_is_amended_is_there(self) -> None:
        plugin = self.make_plugin()
        for name, found in self.layers(plugin).items():
            known = [*(self.base_notices() if name == NATIONAL else ()), *found]
            for notice in found:
                same = [one for one in known if one.name == notice.name]
                assert all(one.says_the_same(notice) for one in same), f"{notice.name} is there with other days"
                amended = [one for one in known if notice.amends and notice.amends in (one.number, one.title)]
                assert amended or not notice.amends, f"{notice.name} amends {notice.amends!r}, which is not there"
                assert all(one.published <= notice.published for one in amended), f"{notice.name} amends a later one"

    # --- C4 from publication on ---------------------------------------------------------------------------------------

    def test_c4_a_day_follows_its_notice_from_publication_on(self) -> None:
        rows = self.stated(self.make_plugin())
        for layer, notice in rows:
            others = [row for row in rows if row[1] is not notice]
            for known, there in ((notice.published - ONE_DAY, False), (notice.published, True)):
                whole, without = self.calendar(rows, known, only=layer), self.calendar(others, known, only=layer)
                for day in days_of(notice):
                    if not there:
                        assert whole.reason(day) == without.reason(day), f"{notice.name} holds before it was public"
                    elif whole.reason(day).source == notice.name:
                        wanted = day in notice.work or (day in notice.ordinary and day.weekday() < 5)
                        assert whole.is_workday(day) is wanted, f"{day} is not as {notice.name} says"
            sources = [self.calendar(rows, notice.published, only=layer).reason(day).source for day in days_of(notice)]
            assert notice.name in sources, f"{notice.name} decides no day when it is published"

    # --- C5 what a notice changes -------------------------------------------------------------------------------------

    def test_c5_a_make_up_day_would_be_off_and_a_day_put_back_was_stated(self) -> None:
        rows = self.stated(self.make_plugin())
        for layer, notice in rows:
            before = self.calendar([row for row in rows if row[1] is not notice], notice.published, only=layer)
            for day in notice.work:
                assert not before.is_workday(day), f"{notice.name}: {day} is worked anyway"
            for day in () if notice.amends else notice.ordinary:
                code = before.reason(day).code
                assert code not in ("weekday", "weekend"), f"{notice.name}: {day} was ordinary before"

    def test_c5_no_notice_says_only_what_holds_without_it(self) -> None:
        rows = self.stated(self.make_plugin())
        for layer, notice in rows:
            others = [row for row in rows if row[1] is not notice]
            with_it = self.calendar(rows, notice.published, only=layer)
            without = self.calendar(others, notice.published, only=layer)
            changed = with_it.changed_days(without)
            opened = [day for day in days_of(notice) if with_it.is_provisional(day) != without.is_provisional(day)]
            assert changed or opened, f"{notice.name} changes nothing"

    # --- C6 the calendar ----------------------------------------------------------------------------------------------

    def test_c6_counting_forward_and_back_is_inverse(self) -> None:
        rows = self.stated(self.make_plugin())
        calendar = self.calendar(rows)
        for days in self.around(rows):
            looked = list(itertools.accumulate((calendar.is_workday(day) for day in days[1:]), initial=0))
            start = days[0]
            for day, count in zip(days, looked, strict=True):
                assert calendar.elapsed(start, day) == count, f"the sum from {start} to {day}"
                if calendar.is_workday(day) and day != start:
                    assert calendar.add(start, count) == day
                    assert calendar.add(day, 1) > day > calendar.add(day, -1)
                    assert calendar.add(calendar.add(day, 1), -1) == day

    # --- C7 hours -----------------------------------------------------------------------------------------------------

    def test_c7_hours_are_offered_under_the_names_claimed(self) -> None:
        plugin = self.make_plugin()
        for name in self.hours:
            found = self.hours_of(plugin, name)
            assert isinstance(found, OfficeHours), f"{name}: {type(found).__name__} instead of office hours"
            assert found.name == name
            assert found.basis.strip(), f"{name}: nobody's word"
            again, reached = watched(partial(self.hours_of, plugin, name))
            assert found == again == self.hours_of(self.make_plugin(), name)
            assert reached == [], f"{name}: hours rest on nothing but their name"
        for name in NOBODYS if self.hours else ():
            assert self.hours_of(plugin, name) is None, f"{name!r} is not its own"

    def test_c7_hours_cover_every_day_with_open_time(self) -> None:
        plugin = self.make_plugin()
        for name in self.hours:
            found = self.hours_of(plugin, name)
            for step in range(366):
                day = date(2024, 1, 1) + timedelta(days=step)  # a leap year
                open_at = [[datetime.combine(day, one) for one in window] for window in found.windows(day)]
                seconds = sum((closing - opening).total_seconds() for opening, closing in open_at)
                assert 3_600 <= seconds <= 16 * 3_600, f"{name}: open for {seconds} s on {day}"

    # --- C8 the office clock ------------------------------------------------------------------------------------------

    def test_c8_adding_and_measuring_open_seconds_is_inverse(self) -> None:
        plugin = self.make_plugin()
        rows = self.stated(plugin)
        calendar = self.calendar(rows)
        for name in self.hours:
            clock = OfficeClock(calendar, self.hours_of(plugin, name))
            for days in self.around(rows):
                start = datetime.combine(days[0], time(10, 30), CHINA)
                for seconds in (1, 3_599, 28_800, 100_000, 500_000):
                    end = clock.add_seconds(start, seconds)
                    assert clock.elapsed_seconds(start, end) == seconds
                    assert calendar.is_workday(end.date()), f"time is used up on {end.date()}, a day off"

    # --- C9 the hooks -------------------------------------------------------------------------------------------------

    def test_c9_it_can_be_registered_and_answers_what_it_claims(self) -> None:
        plugin = self.make_plugin()
        Hooks().register(plugin, "subject")
        claimed = {NOTICES: self.notices, HOURS: bool(self.hours)}
        answered = answers_of(plugin)
        assert {hook: hook in answered for hook in claimed} == claimed

    def around(self, rows: Sequence[tuple[str, Notice]]) -> list[list[date]]:
        """Runs of days around the stated ones; around one day of 2024 where there are none."""
        first = sorted({days_of(notice)[0] for _, notice in rows} or {date(2024, 6, 1)})
        return [[day + step * ONE_DAY for step in range(-_AROUND, _AROUND)] for day in first]


def days_of(notice: Notice) -> list[date]:
    """All days that a notice states, in order."""
    return sorted((*notice.rest, *notice.work, *notice.ordinary))
