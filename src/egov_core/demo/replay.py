"""Replaying planned cases of the demo county, and its diary, through an open office, under a manual clock.

Rules of this room: everything goes through the office like any user's act; the counts are read back from the store, not
added up on the way. Refusals that a plan runs into (a step that came too late, a form that a plugin sends back) are
counted and shown, not hidden; a case that was not filed, or that broke off, counts as that and not as its plan.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

import attrs

from egov_core.demo.applying import Paperwork
from egov_core.demo.founding import Population
from egov_core.demo.identities import resident_number
from egov_core.domain.authority import Role
from egov_core.domain.cases.commands import Command, Submit
from egov_core.domain.legal import start_of
from egov_core.domain.people import Actor, ActorKind, Applicant, Personal
from egov_core.errors import EgovError, HookRefusedError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.runtime.script import Plan, PlannedStep
from egov_core.usecases.cases.handling import Outcome

BROKEN_OFF = "broken-off"
"""The behaviour of a case whose course ended with a refusal that its plan did not foresee."""
_DIARY, _CASES = 0, 1
"""Whose turn comes first at one instant."""


@attrs.frozen(kw_only=True)
class Replayed:
    """What a replay did: cases by behaviour, refusals by code, one case to try the public query with.

    `behaviours` counts the cases that were filed; one whose course a refusal ended is `broken-off`. `not_filed` has
    the applications that were planned and could not be filed, by why, the first reason first.
    """

    behaviours: Mapping[str, int]
    refusals: Mapping[str, int]
    not_filed: Mapping[str, int]
    sample_number: str
    sample_code: str


@attrs.frozen(kw_only=True)
class DiaryEntry:
    """Something that somebody of the county did in the office at an instant, besides the cases."""

    at: datetime
    act: Callable[[Office], object]


def replay(
    office: Office,
    clock: ManualClock,
    population: Population,
    plans: Sequence[Plan],
    *,
    today: date,
    diary: Sequence[DiaryEntry] = (),
    progress: Callable[[int], None] = lambda _done: None,
) -> Replayed:
    """Replay plans and diary up to the end of the day before `today`; `progress` is told each time a case is filed.

    Of one instant the diary comes first. What is refused to the diary is an error: unlike applicants it makes no slips.
    """
    players = _Players(population)
    until = start_of(today)
    queue = [(entry.at, _DIARY, number, 0) for number, entry in enumerate(diary)]
    queue += [(plan.steps[0].at, _CASES, plan.number, 0) for plan in plans]
    heapq.heapify(queue)
    by_number = {plan.number: plan for plan in plans}
    course = _Course(office, players)
    next_sweep = clock.now()
    while queue and queue[0][0] < until:
        at, kind, number, index = heapq.heappop(queue)
        while next_sweep <= at:
            clock.move_to(max(next_sweep, clock.now()))
            office.dispatch()
            office.sweep()
            next_sweep += timedelta(days=1)
        clock.move_to(max(at, clock.now()))
        if kind == _DIARY:
            diary[number].act(office)
            continue
        plan = by_number[number]
        if course.take(plan, plan.steps[index]) and index + 1 < len(plan.steps):
            following = plan.steps[index + 1].at
            heapq.heappush(queue, (max(following, at), _CASES, number, index + 1))
        if index == 0:
            progress(1)
    clock.move_to(max(until, clock.now()))
    office.dispatch()
    office.sweep()
    office.dispatch()  # what the last cards have to tell
    return Replayed(
        behaviours=course.behaviours(plans),
        refusals=dict(course.refusals),
        not_filed=dict(course.not_filed),
        sample_number=course.sample[0],
        sample_code=course.sample[1],
    )


class _Course:
    """The cases on their way."""

    def __init__(self, office: Office, players: _Players) -> None:
        self._office = office
        self._players = players
        self._paperwork = Paperwork(office.hooks.form_fields)
        self._case_ids: dict[int, str] = {}
        self._subjects: dict[int, str] = {}
        self._broken_off: set[int] = set()
        self.refusals: Counter[str] = Counter()
        self.not_filed: Counter[str] = Counter()
        self.sample = ("", "")

    def take(self, plan: Plan, step: PlannedStep) -> bool:
        """Take one step; False ends the course of this case."""
        case_id = self._case_ids.get(plan.number, "")
        if step.role is None:
            actor = Actor(kind=ActorKind.APPLICANT, code=self._subjects.get(plan.number, ""))
        else:
            actor = self._players.who(plan.item.organ, step.role)
        try:
            outcome = self._done(plan, step, step.command(case_id), actor)
        except EgovError as error:
            self.refusals[error.code] += 1
            if plan.number in self._case_ids:
                self._broken_off.add(plan.number)
            else:
                self.not_filed[error.message] += 1
            return False
        if outcome.query_code:
            self._case_ids[plan.number] = outcome.case_id
            self._subjects[plan.number] = outcome.subject
            self.sample = (outcome.number, outcome.query_code)
        return True

    def behaviours(self, plans: Sequence[Plan]) -> dict[str, int]:
        """How the cases went that were filed."""
        filed = [plan for plan in plans if plan.number in self._case_ids]
        return dict(Counter(BROKEN_OFF if plan.number in self._broken_off else plan.behaviour for plan in filed))

    def _done(self, plan: Plan, step: PlannedStep, command: Command, actor: Actor) -> Outcome:
        """Do what is asked; an application whose form is sent back is filed again, corrected."""
        if not isinstance(command, Submit):
            return self._office.do(command, actor=actor)
        *wrong, right = self._paperwork.attempts(plan.item, command, plan.number, step.at.date())
        for attempt in wrong:
            try:
                return self._office.do(attempt, actor=actor)
            except HookRefusedError as error:
                self.refusals[error.code] += 1
        return self._office.do(right, actor=actor)


class _Players:
    """Who holds which role where."""

    def __init__(self, population: Population) -> None:
        names = {person.code: person for person in population.people}
        self._above = {organ.code: organ.parent for organ in population.organs}
        self._actors = {
            (grant.organ, grant.role): Actor(
                kind=ActorKind.STAFF, code=grant.person, name=names[grant.person].name, organ=names[grant.person].organ
            )
            for grant in reversed(population.grants)
        }

    def who(self, organ: str, role: Role) -> Actor:
        """The first person who holds `role` in `organ` or, for want of one, above it."""
        here: str | None = organ
        while here is not None and (here, role) not in self._actors:
            here = self._above[here]
        assert here is not None, f"nobody holds {role.name} for {organ}"
        return self._actors[here, role]


SURNAMES = "周吴郑冯陈卫蒋沈韩杨朱秦许何吕施孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭"
GIVEN_NAMES = ("小满", "立夏", "清明", "白露", "秋分", "霜降", "谷雨", "芒种", "寒露", "立冬", "惊蛰", "雨水")


def invented_applicant(random: Random) -> Applicant:
    """An invented person: a name made of a surname and a solar term, a number in an area never issued."""
    name = random.choice(SURNAMES) + random.choice(GIVEN_NAMES)
    number = f"990121{random.randint(1955, 2004)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    return Applicant(
        name=Personal(name),
        id_number=Personal(resident_number(f"{number}{random.randint(0, 999):03d}")),
        phone=Personal(f"199{random.randint(0, 99_999_999):08d}"),
    )
