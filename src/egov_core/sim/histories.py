"""Believable histories of cases, from a seed.

Rules of this room: a plan is made before anything is replayed and depends on the seed, the items, the calendar and the
rules of the place alone; what comes out is what people would have asked for, and when. Whether the law allows it is the
office's to say; but nobody asks for what the law has already done: who comes after the five days of 行政许可法 32 finds
a licence's application accepted, who lets a licence expire finds it renewed. Shares of behaviour are parameters with
their defaults here, invented, and say nothing about any real county.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Place
from egov_core.domain.catalogue import ItemVersion, PauseKind, Procedure
from egov_core.domain.legal import start_of
from egov_core.domain.people import Applicant
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.kinds import CORRECTION_NOTICE, Expiry
from egov_core.domain.timers.reckoning import Ruler
from egov_core.runtime.script import Plan, PlannedStep
from egov_core.sim.diary import ONE_DAY, Diary, working_days
from egov_core.sim.handling import Handling, is_immediate, pause_kinds, step

SHARES: tuple[tuple[str, float], ...] = (
    ("early", 0.52),
    ("on-time", 0.12),
    ("late", 0.06),
    ("paused", 0.08),
    ("extended", 0.04),
    ("corrected", 0.08),
    ("unanswered", 0.006),
    ("refused", 0.03),
    ("withdrawn", 0.02),
    ("rejected", 0.03),
    ("forgotten", 0.02),
)
"""How cases go, as shares of all; items decided by an upper organ are always referred."""

RENEWALS, HEARINGS, LONGER = 0.3, 0.12, 0.25
"""Of an item that is renewed, how many applications renew; of one with hearings, how many have one; of a joint one,
how many are extended."""

LOOKED_AFTER: tuple[tuple[int, ...], tuple[int, ...]] = ((0, 1, 2, 4, 6), (58, 30, 8, 3, 1))
"""After how many working days somebody looks at an application, by weight."""


@attrs.frozen(kw_only=True)
class Simulator:
    """Makes plans for cases submitted between two days.

    `applicant` invents a person. `place` are the rules of the place; `renewable` the items whose licences expire,
    `commitments` those granted on a commitment, `units` the internal units of an organ.
    """

    seed: int
    items: Sequence[ItemVersion]
    ruler: Ruler
    applicant: Callable[[Random], Applicant]
    place: Place = attrs.field(factory=Place)
    renewable: frozenset[str] = frozenset()
    commitments: frozenset[str] = frozenset()
    units: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    random: Random = attrs.field(init=False)
    diary: Diary = attrs.field(init=False)
    handling: Handling = attrs.field(init=False)

    @random.default
    def _seeded(self) -> Random:
        return Random(self.seed)

    @diary.default
    def _diary(self) -> Diary:
        return Diary(self.ruler, self.random)

    @handling.default
    def _handling(self) -> Handling:
        return Handling(diary=self.diary, place=self.place, commitments=self.commitments, units=self.units)

    def plans(self, count: int, first: date, last: date) -> Iterator[Plan]:
        """`count` plans submitted on working days in [`first`, `last`]."""
        days = self.ruler.calendar.elapsed(first - ONE_DAY, last)
        for number in range(1, count + 1):
            item = self.random.choice(self.items)
            submitted = self.diary.open_time(self.ruler.calendar.add(first - ONE_DAY, self.random.randint(1, days)))
            looked_at = self.diary.soon(submitted, *LOOKED_AFTER)
            behaviour = "deemed" if self._accepted_by_law(item, submitted, looked_at) else self._behaviour(item)
            steps = tuple(self._steps(item, behaviour, submitted, looked_at))
            yield Plan(number=number, item=item, behaviour=behaviour, steps=steps)

    def _accepted_by_law(self, item: ItemVersion, submitted: datetime, looked_at: datetime) -> bool:
        """Whether silence has accepted the application before anybody looks at it."""
        lapses = self.place.silence.lapses_of(item.power_class)
        if all(lapse.effect is not Expiry.DEEMED_ACCEPTANCE for lapse in lapses):
            return False
        assert CORRECTION_NOTICE.limit is not None, "the law gives five days"
        due = self.ruler.due(submitted, CORRECTION_NOTICE.limit).due
        return due is not None and looked_at > due

    def _behaviour(self, item: ItemVersion) -> str:
        names, weights = zip(*SHARES, strict=True)
        chosen: str = self.random.choices(names, weights)[0]
        if item.code in self.renewable and self.random.random() < RENEWALS:
            return self.random.choices(("renewed", "renewed-by-law", "renewed-late"), (80, 10, 10))[0]
        if item.code not in self.commitments and PauseKind.HEARING in item.pause_kinds:
            chosen = "heard" if self.random.random() < HEARINGS else chosen
        if item.procedure is Procedure.JOINT:
            chosen = "extended" if self.random.random() < LONGER else chosen
        limit, longest = item.statutory, item.extension_terms.longest
        in_days = isinstance(limit, Period) and limit.unit is Unit.WORKING_DAY and limit.amount >= 5
        if chosen == "paused" and not pause_kinds(item, self.place):
            return "on-time"
        if chosen == "extended" and longest is None:
            chosen = "on-time"
        if chosen in ("paused", "extended", "heard") and (not in_days or is_immediate(item)):
            return "on-time"
        if item.forward_to is not None and chosen in ("early", "on-time", "rejected"):
            return "referred"
        return chosen

    def _steps(
        self, item: ItemVersion, behaviour: str, submitted: datetime, looked_at: datetime
    ) -> Iterator[PlannedStep]:
        handed_in = [material.code for material in item.materials]
        missing: tuple[str, ...] = ()
        if behaviour in ("corrected", "unanswered") and handed_in:
            missing = (handed_in[-1],)
            handed_in = handed_in[:-1]
        expires = self._expires(behaviour, submitted)
        yield self._submission(item, submitted, tuple(handed_in), expires)
        if behaviour == "deemed":
            course = self.random.choices(("early", "on-time", "late", "forgotten"), (55, 20, 20, 5))[0]
            yield from self.handling.course(item, course, submitted, looked_at)
            return
        if behaviour == "refused":
            notice = self.diary.document("不受", looked_at)
            yield step(looked_at, Role.INTAKE, lambda i: c.Refuse(case_id=i, reason="不属于本机关职权", notice=notice))
            return
        if missing:
            yield self._correction(item, looked_at, missing)
            if behaviour == "unanswered":
                return
            brought = self.diary.later(looked_at, self.random.randint(1, 8))
            yield step(brought, None, lambda i: c.Supplement(case_id=i, materials=missing))
            looked_at = self.diary.later(brought, self.random.choice((0, 1, 1, 2)))
        yield step(looked_at, Role.INTAKE, lambda i: c.Accept(case_id=i))
        if behaviour == "renewed-by-law":
            assert expires is not None, "it renews a licence"
            yield from self.handling.renewed_by_law(start_of(expires))
            return
        course = "on-time" if behaviour in ("renewed", "renewed-late") else behaviour
        yield from self.handling.course(item, course, looked_at, looked_at)

    def _submission(
        self, item: ItemVersion, at: datetime, materials: tuple[str, ...], renews: date | None
    ) -> PlannedStep:
        applicant, channel = self.applicant(self.random), self.random.choice(("window", "web", "web", "mobile"))
        return step(
            at,
            None,
            lambda _: c.Submit(
                item=item.code, applicant=applicant, materials=materials, channel=channel, renews=renews
            ),
        )

    def _correction(self, item: ItemVersion, at: datetime, missing: tuple[str, ...]) -> PlannedStep:
        """What is missing is told, and by when it is asked for."""
        notice = self.diary.document("补", at)
        names = tuple(material.name for material in item.materials if material.code in missing)
        within = working_days(self.random.choice((10, 15, 15, 20)))
        return step(
            at,
            Role.INTAKE,
            lambda i: c.RequestCorrection(case_id=i, notice=notice, missing=names, within=within),
        )

    def _expires(self, behaviour: str, submitted: datetime) -> date | None:
        """On which day the licence expires that is to be renewed: thirty days ahead and more, or too soon."""
        ahead = {"renewed": (50, 80), "renewed-by-law": (31, 40), "renewed-late": (8, 25)}.get(behaviour)
        return None if ahead is None else submitted.date() + timedelta(days=self.random.randint(*ahead))
