"""Believable histories of cases, from a seed.

Rules of this room: a plan is made before anything is replayed and depends on the seed, the items and the calendar
alone; what comes out is what people would have asked for, and when. Whether the law allows it is the office's to say.
Shares of behaviour are parameters with their defaults here, invented, and say nothing about any real county.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import ItemVersion, PauseKind
from egov_core.domain.legal import AS_GIVEN, start_of
from egov_core.domain.people import Applicant
from egov_core.domain.periods import Immediate, Limit, Period, Unit
from egov_core.domain.timers.reckoning import Ruler
from egov_core.runtime.script import Plan, PlannedStep

ONE_DAY = timedelta(days=1)

SHARES: tuple[tuple[str, float], ...] = (
    ("early", 0.52),
    ("on-time", 0.12),
    ("late", 0.06),
    ("paused", 0.08),
    ("extended", 0.04),
    ("corrected", 0.08),
    ("refused", 0.03),
    ("withdrawn", 0.02),
    ("rejected", 0.03),
    ("forgotten", 0.02),
)
"""How cases go, as shares of all; items decided by an upper organ are always referred."""


@attrs.frozen(kw_only=True)
class Simulator:
    """Makes plans for cases submitted between two days. `applicant` invents a person."""

    seed: int
    items: Sequence[ItemVersion]
    ruler: Ruler
    applicant: Callable[[Random], Applicant]
    random: Random = attrs.field(init=False)

    @random.default
    def _seeded(self) -> Random:
        return Random(self.seed)

    def plans(self, count: int, first: date, last: date) -> Iterator[Plan]:
        """`count` plans submitted on working days in [`first`, `last`]."""
        days = self.ruler.calendar.elapsed(first - ONE_DAY, last)
        for number in range(1, count + 1):
            item = self.random.choice(self.items)
            day = self.ruler.calendar.add(first - ONE_DAY, self.random.randint(1, days))
            behaviour = self._behaviour(item)
            steps = tuple(self._steps(item, behaviour, self._open_time(day)))
            yield Plan(number=number, item=item, behaviour=behaviour, steps=steps)

    def _behaviour(self, item: ItemVersion) -> str:
        names, weights = zip(*SHARES, strict=True)
        chosen: str = self.random.choices(names, weights)[0]
        limit = item.statutory
        in_days = isinstance(limit, Period) and limit.unit is Unit.WORKING_DAY and limit.amount >= 5
        if chosen in ("paused", "extended") and (not in_days or _is_immediate(item)):
            return "on-time"
        if item.forward_to is not None and chosen in ("early", "on-time", "rejected"):
            return "referred"
        return chosen

    # -- the course of a case ------------------------------------------------------------------------------------

    def _steps(self, item: ItemVersion, behaviour: str, submitted: datetime) -> Iterator[PlannedStep]:
        random = self.random
        handed_in = [material.code for material in item.materials]
        missing: tuple[str, ...] = ()
        if behaviour == "corrected" and handed_in:
            missing = (handed_in[-1],)
            handed_in = handed_in[:-1]
        applicant = self.applicant(random)
        channel = random.choice(("window", "web", "web", "mobile"))
        yield _step(
            submitted,
            None,
            lambda _: c.Submit(item=item.code, applicant=applicant, materials=tuple(handed_in), channel=channel),
        )
        looked_at = self._later(submitted, random.choices((0, 1, 2, 4, 6), (50, 28, 14, 7, 1))[0])
        if behaviour == "refused":
            notice = self._document("不受", looked_at)
            yield _step(looked_at, Role.INTAKE, lambda i: c.Refuse(case_id=i, reason="不属于本机关职权", notice=notice))
            return
        if missing:
            notice = self._document("补", looked_at)
            names = tuple(material.name for material in item.materials if material.code in missing)
            yield _step(looked_at, Role.INTAKE, lambda i: c.RequestCorrection(case_id=i, notice=notice, missing=names))
            brought = self._later(looked_at, random.randint(1, 8))
            yield _step(brought, None, lambda i: c.Supplement(case_id=i, materials=missing))
            looked_at = self._later(brought, random.choice((0, 1, 1, 2)))
        yield _step(looked_at, Role.INTAKE, lambda i: c.Accept(case_id=i))
        yield from self._handled(item, behaviour, looked_at)

    def _handled(self, item: ItemVersion, behaviour: str, accepted: datetime) -> Iterator[PlannedStep]:
        if behaviour == "withdrawn":
            at = self._later(accepted, 1)
            yield _step(at, None, lambda i: c.Withdraw(case_id=i, reason="申请人不再办理"))
            return
        if behaviour == "forgotten":
            return
        share = {"early": (0.15, 0.75), "on-time": (0.75, 1.0), "late": (1.1, 1.9)}
        low, high = share.get(behaviour, (0.4, 0.95))
        extra = 0
        reviewed = self._at_share(item, accepted, low * 0.5)
        begun = max(reviewed, self._later(accepted, 1))
        if behaviour == "paused":
            kind = self.random.choice(sorted(item.pause_kinds, key=lambda one: one.value) or list(PauseKind))
            declared = self.random.choice((3, 5, 10))
            took = declared if self.random.random() < 0.8 else declared + self.random.randint(1, 3)
            ended = self._later(begun, took)
            yield from self._pause(kind, declared, begun, ended)
            reviewed, extra = self._later(ended, 1), took
        if not _is_immediate(item):
            yield _step(reviewed, Role.REVIEWER, lambda i: c.Review(case_id=i, opinion="符合法定条件"))
        if behaviour == "extended":
            approved = max(self._at_share(item, accepted, 0.7), reviewed)
            yield from self._extension(approved)
            low, high, extra = 1.0, 1.2, 3
        decided = max(self._at_share(item, accepted, self.random.uniform(low, high), extra), reviewed)
        if item.forward_to is not None:
            yield from self._referral(decided)
            return
        if behaviour == "rejected":
            document = self._document("不许", decided)
            yield _step(
                decided, Role.APPROVER, lambda i: c.Reject(case_id=i, document=document, reason="不符合法定条件")
            )
            return
        document = self._document("许", decided)
        yield _step(decided, Role.APPROVER, lambda i: c.Approve(case_id=i, document=document))
        yield from self._delivery(decided)

    def _pause(self, kind: PauseKind, declared: int, begun: datetime, ended: datetime) -> Iterator[PlannedStep]:
        notice = self._document("特", begun)
        days = Period(amount=Decimal(declared), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
        yield _step(begun, Role.REVIEWER, lambda i: c.Pause(case_id=i, kind=kind, notice=notice, declared=days))
        yield _step(ended, Role.REVIEWER, lambda i: c.Resume(case_id=i, result="程序已完成"))

    def _extension(self, at: datetime) -> Iterator[PlannedStep]:
        notice = self._document("延", at)
        days = Period(amount=Decimal(self.random.choice((5, 10))), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
        yield _step(at, Role.HEAD, lambda i: c.Extend(case_id=i, amount=days, reason="案情复杂", notice=notice))

    def _referral(self, at: datetime) -> Iterator[PlannedStep]:
        yield _step(at, Role.REVIEWER, lambda i: c.ReferUpward(case_id=i, opinion="初审同意，报上级审批"))
        if self.random.random() < 0.25:
            return
        seen = self._later(at, self.random.randint(1, 4))
        yield _step(seen, Role.REVIEWER, lambda i: c.RecordUpperProgress(case_id=i, progress="上级已受理"))
        answered = self._later(seen, self.random.randint(3, 15))
        granted = self.random.random() < 0.92
        document = self._document("上批", answered)
        yield _step(
            answered, Role.REVIEWER, lambda i: c.RecordUpperDecision(case_id=i, granted=granted, document=document)
        )
        if granted:
            yield from self._delivery(answered)

    def _delivery(self, decided: datetime) -> Iterator[PlannedStep]:
        at = self._later(decided, self.random.choices((0, 1, 3, 7, 12), (45, 30, 16, 7, 2))[0])
        method = self.random.choice(("窗口领取", "邮寄", "电子送达"))
        yield _step(at, Role.INTAKE, lambda i: c.Deliver(case_id=i, method=method))

    # -- when ----------------------------------------------------------------------------------------------------

    def _open_time(self, day: date) -> datetime:
        """A second of office time on a working day."""
        clock = self.ruler.clock
        seconds = clock.elapsed_seconds(start_of(day), start_of(day + ONE_DAY))
        return clock.add_seconds(start_of(day), self.random.randint(1, seconds - 1))

    def _later(self, at: datetime, days: int) -> datetime:
        """Office time `days` working days later; on the same day, later that day."""
        day = self.ruler.calendar.add(at.date(), days)
        if day == at.date():
            closing = self.ruler.clock.closing(day)
            left = 0 if closing is None else self.ruler.clock.elapsed_seconds(at, closing)
            return self.ruler.clock.add_seconds(at, self.random.randint(0, max(left - 1, 0)))
        return self._open_time(day)

    def _at_share(self, item: ItemVersion, accepted: datetime, share: float, extra: int = 0) -> datetime:
        """The time at which a share of the item's promise is used up, `extra` working days added."""
        limit: Limit = item.promised if item.promised is not None else item.statutory
        if isinstance(limit, Immediate):
            days = 0 if share <= 1 else 1
        elif isinstance(limit, Period):
            days = math.floor(_working_days(limit) * share)
        else:
            days = math.floor(10 * share)
        return self._later(accepted, days + extra)

    def _document(self, kind: str, at: datetime) -> str:
        return f"演{kind}〔{at.year}〕{self.random.randint(1, 9999)}号"


def _working_days(limit: Period) -> float:
    per_unit = {
        Unit.WORKING_DAY: 1.0,
        Unit.DAY: 5 / 7,
        Unit.MONTH: 21.0,
        Unit.YEAR: 250.0,
        Unit.WORKING_HOUR: 1 / 7,
        Unit.HOUR: 1 / 24,
    }
    return float(limit.amount) * per_unit[limit.unit]


def _is_immediate(item: ItemVersion) -> bool:
    return item.case_type.name == "IMMEDIATE"


def _step(at: datetime, role: Role | None, command: Callable[[str], c.Command]) -> PlannedStep:
    return PlannedStep(at=at, role=role, command=command)
