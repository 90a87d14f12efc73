"""What the demo county has lived through besides its cases: units are invited and join, and hand in their forms.

Rules of this room: every entry of the diary is an act of somebody who may do it, by the use cases behind `egov enrol`
and `egov campaign`. There are no dice: who does what on which day follows from the place in the register, whatever
cases, plugins and seed there are.

Days are working days from the opening on, which lies 30 of them before the day of the demonstration. The last day to
hand in is day 20, so that a visitor sees a campaign shortly after its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import attrs

from egov_core.demo.form_sets import PHONE_MISSING, Writer, items_of, missing_phone
from egov_core.demo.founding import Population
from egov_core.demo.joining import joinings, units_of
from egov_core.demo.replay import DiaryEntry
from egov_core.domain.authority import Role
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign.forms import CollectedForm
from egov_core.domain.enrolment import EnrolmentRow
from egov_core.domain.legal import AS_GIVEN, start_of
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.periods import Period, Unit
from egov_core.runtime.office import Office
from egov_core.usecases.campaign.campaigning import conduct
from egov_core.usecases.campaign.enrolling import carry_out, invite
from egov_core.usecases.campaign.enrolment_plan import planned
from egov_core.usecases.foundation.services import Services

OPENED_BEFORE = 30
INVITED, LAST_DAY, TO_CORRECT_WITHIN = -15, 20, 5
REMINDED = (17, 21, 25, 28)
"""On which days the units that lag behind are reminded."""


@attrs.frozen(kw_only=True)
class Course:
    """How it goes with the forms of a unit: on which days they are handed in, returned and so on, if at all.

    The paper copy comes on the day after a set. Units begin on `spread` different days, and go on as much later.
    """

    handed_in: int
    returned: int | None = None
    corrected: int | None = None
    accepted: int | None = None
    spread: int = 1


ACCEPTED = Course(handed_in=2, accepted=5, spread=17)
CORRECTED = Course(handed_in=4, returned=7, corrected=9, accepted=12, spread=5)
CORRECTED_LAST = Course(handed_in=18, returned=23, corrected=27)
LATE = Course(handed_in=26, spread=2)
TO_CORRECT = Course(handed_in=16, returned=19)

_OTHERWISE: dict[OrganKind, dict[int, Course | None]] = {
    OrganKind.DEPARTMENT: {
        **dict.fromkeys((4, 13, 22, 31), CORRECTED),
        **dict.fromkeys((7, 23), CORRECTED_LAST),
        **dict.fromkeys((11, 30), LATE),
    },
    OrganKind.TOWN: {3: CORRECTED, 10: LATE, 11: None},
}
"""The units with which it goes otherwise than with most, by their places; the last town hands nothing in."""
TO_CORRECT_PLACE = 19
"""The department that has still to correct its forms, among those with items; where there are fewer, the last one."""


def diary_of(office: Office, population: Population, today: date) -> tuple[DiaryEntry, ...]:
    """The diary of invitation, enrolment and campaign before `today`."""
    story = _Story(office, population, today)
    return (*story.enrolment(), *story.campaign())


class _Story:
    """The story as it is told of one county for one day."""

    def __init__(self, office: Office, population: Population, today: date) -> None:
        self._office = office
        self._calendar = office.ruler.calendar
        self._opening = self._calendar.add(today, -OPENED_BEFORE)
        self._code = f"{self._opening.year}-items"
        self._units = {kind: units_of(population, kind) for kind in (OrganKind.DEPARTMENT, OrganKind.TOWN)}
        self._joined = {one.unit: one for one in joinings(population)}
        self._grants = population.grants
        self._supervisor = next(grant.person for grant in self._grants if grant.role is Role.SUPERVISOR)
        self._supervision = next(one.organ for one in population.people if one.code == self._supervisor)
        self._reviewers = tuple(grant.person for grant in self._grants if grant.role is Role.CLERK_OF_CATALOGUE)

    def enrolment(self) -> Iterator[DiaryEntry]:
        """All are invited by one document; day by day come those who name their staff."""
        document, by = f"演政办〔{self._opening.year}〕29号", self._supervisor
        decided_by = next(grant.person for grant in self._grants if grant.role is Role.GOVERNMENT_HEAD)
        everybody = [organ.code for units in self._units.values() for organ in units]
        yield _entry(self._at(INVITED, 10), lambda services: invite(services, everybody, document=document, by=by))
        days: dict[int, list[EnrolmentRow]] = {}
        for one in self._joined.values():
            days.setdefault(one.day, []).extend(one.rows)
        for day, rows in days.items():
            yield _entry(self._at(day, 11), _taking_in(rows, document, by, decided_by))

    def campaign(self) -> Iterator[DiaryEntry]:
        """The campaign from its opening on: unit by unit, and the reminders."""
        asked = c.OpenCampaign(
            code=self._code,
            title=f"{self._opening.year}年政务服务事项填报",
            organ=self._supervision,
            units=tuple(organ.code for units in self._units.values() for organ in units),
            forms=tuple(CollectedForm),
            limit=_working_days(LAST_DAY),
            reviewers=self._reviewers,
            basis=f"演政办〔{self._opening.year}〕31号",
        )
        yield self._act(self._at(0, 9), asked, self._supervisor)
        places = count()
        for kind, units in self._units.items():
            courses = dict(_OTHERWISE[kind])
            if kind is OrganKind.DEPARTMENT:
                able = [number for number, unit in enumerate(units) if items_of(self._office, unit, 0, self._opening)]
                courses[able[: TO_CORRECT_PLACE + 1][-1]] = TO_CORRECT
            for number, unit in enumerate(units):
                course, place = courses.get(number, ACCEPTED), next(places)
                if course is not None:
                    yield from self._handing_in(unit, place, course)
        for day in REMINDED:
            yield self._act(self._at(day, 17), c.RemindUnits(), self._supervisor)

    def _handing_in(self, unit: Organ, place: int, course: Course) -> Iterator[DiaryEntry]:
        """What a unit hands in, and what is said of it; nothing where it has no item that the check lets pass."""
        items = items_of(self._office, unit, place, self._opening)
        writer = Writer.of(self._office, unit, self._opening)
        whole = writer.whole(items)
        if not whole:
            return
        slip = None if course.returned is None else writer.slip(items, place)
        if slip is None and course.corrected is not None:
            course, slip = ACCEPTED, None  # it could make no mistake that is told by its forms
        joined = self._joined.get(unit.code)
        by = self._holder(Role.REVIEWER, unit.code) if joined is None else joined.rows[0].person
        shift = place * 7 % course.spread
        if joined is not None:
            shift = max(shift, joined.day + 2 - course.handed_in)
        reviewer = self._reviewers[place % len(self._reviewers)]

        def at(day: int, hour: int) -> datetime:
            return self._at(day + shift, hour, place)

        def received(day: int) -> DiaryEntry:
            came = at(day, 15)
            return self._act(came, c.ReceivePaper(unit=unit.code, day=came.date()), self._supervisor)

        yield self._act(at(course.handed_in, 9), c.HandIn(unit=unit.code, files=slip.files if slip else whole), by)
        yield received(course.handed_in + 1)
        if course.returned is not None:
            fault = slip.fault if slip else missing_phone(items[0])
            returned = c.ReturnForms(
                unit=unit.code,
                reason=slip.reason if slip else PHONE_MISSING,
                faults=(fault,),
                within=_working_days(TO_CORRECT_WITHIN),
            )
            yield self._act(at(course.returned, 16), returned, reviewer)
        if course.corrected is not None:
            yield self._act(at(course.corrected, 10), c.HandIn(unit=unit.code, files=whole), by)
            yield received(course.corrected + 1)
        if course.accepted is not None:
            yield self._act(at(course.accepted, 16), c.AcceptForms(unit=unit.code), reviewer)

    def _holder(self, role: Role, organ: str) -> str:
        return next(grant.person for grant in self._grants if grant.role is role and grant.organ == organ)

    def _at(self, day: int, hour: int, place: int = 0) -> datetime:
        """An instant in an hour of a day; each unit has its own minutes."""
        opens = start_of(self._calendar.add(self._opening, day))
        return opens + timedelta(hours=hour, minutes=place % 12 * 5)

    def _act(self, at: datetime, command: c.CampaignCommand, by: str) -> DiaryEntry:
        return _entry(at, lambda services: conduct(services, self._code, command, by=by))


def _entry(at: datetime, use_case: Callable[[Services], object]) -> DiaryEntry:
    return DiaryEntry(at=at, act=lambda office: office.change(use_case))


def _taking_in(rows: Sequence[EnrolmentRow], document: str, by: str, decided_by: str) -> Callable[[Services], None]:
    """Units join as the inspection office brings them; whom they name is decided by the head of the government."""

    def take_in(services: Services) -> None:
        plan = planned(services, rows, document=document, by=by, decided_by=decided_by)
        carry_out(services, plan, by=by, decided_by=decided_by)

    return take_in


def _working_days(amount: int) -> Period:
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
