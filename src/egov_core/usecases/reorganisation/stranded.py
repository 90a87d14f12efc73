"""What a reorganisation means for the cases: which open ones pass to another organ, and whose work is left behind.

Rules of this room: reading only. Every case is looked at once, whoever asks; its row and its outline say enough, so
that none is unpacked. What else is asked of all of them, their timers and what waits to be sent, is read in bulk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import Act, Authority, Role
from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organisation
from egov_core.domain.reorganisation.changes import Changes
from egov_core.ports.storage import CaseRow
from egov_core.usecases.foundation.case_rows import REFERRAL
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.staff.handing_over import OpenWork, work_reader

CLOSED = "closed"
TIMERS_AT_ONCE = 1000
LAST_DAY = date(9998, 12, 31)
"""After every day that a timer rests on, and every instant at which something is sent."""


@attrs.frozen(kw_only=True)
class PassingCase:
    """An open case whose organ that has to act changes: from whom to whom, with how many timers running.

    `forwards` are the keys of what waits in the outbox for the level above.
    """

    case_id: str
    number: str
    item: str
    item_name: str
    source: str
    target: str
    timers: int
    forwards: tuple[str, ...]


@attrs.frozen(kw_only=True)
class StrandedWork:
    """Open cases, by number, in the hands of somebody who can go on with them until the day, and not from then on.

    They lie with whoever acted last, or took them over: the plan moves no work, `egov staff hand-over` does.
    """

    person: str
    cases: tuple[str, ...]


class Passing:
    """The open cases that another organ has to act on, and how all cases are read by the new structure.

    All of it is said by the row of a case: the organ of its time, its item, and when it was filed.
    """

    def __init__(self, services: Services, changes: Changes) -> None:
        self.moved: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._services, self._day = services, changes.plan.effective
        self._before, self._after = services.registry().organisation, changes.organisation
        self._touched = {one.source for one in changes.successions}
        self._found: list[tuple[CaseRow, str, str]] = []

    def look(self, row: CaseRow) -> None:
        """Take a case in."""
        filed = row.received_at.date()
        old, _ = self._before.responsible(row.organ, row.item, self._day, since=filed)
        if old not in self._touched:
            return
        new, _ = self._after.responsible(row.organ, row.item, self._day, since=filed)
        if new == old:
            return
        self.moved[old, new][row.whole] += 1
        if row.whole != CLOSED:
            self._found.append((attrs.evolve(row, data=b""), old, new))

    def cases(self) -> tuple[PassingCase, ...]:
        """The open cases that pass, with what runs and what waits in each."""
        running, waiting = self._running(), self._waiting()
        passing = [
            PassingCase(
                case_id=row.case_id,
                number=row.number,
                item=row.item,
                item_name=row.item_name,
                source=old,
                target=new,
                timers=running[row.case_id],
                forwards=tuple(sorted(waiting[row.case_id])),
            )
            for row, old, new in self._found
        ]
        return tuple(sorted(passing, key=lambda one: (one.source, one.target, one.number)))

    def _running(self) -> Counter[str]:
        """How many timers run, by case."""
        counted: Counter[str] = Counter()
        storage, area, after = self._services.storage, self._services.area, ""
        while self._found and (page := storage.running_timers(area, date.min, LAST_DAY, after, TIMERS_AT_ONCE)):
            counted.update(timer.case_id for timer in page)
            after = page[-1].timer_id
        return counted

    def _waiting(self) -> defaultdict[str, list[str]]:
        """The keys of what waits to be sent to the level above, by case."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        storage, area = self._services.storage, self._services.area
        most = storage.counts(area)["outbox"]
        for one in storage.due_outbox(area, start_of(LAST_DAY), most) if self._found and most else ():
            if one.kind == REFERRAL:
                found[one.case_id].append(one.key)
        return found


class Stranded:
    """Whose open work lies with them no more in law: asked once for each kind of act, not for each case."""

    def __init__(self, services: Services, changes: Changes) -> None:
        self._registry, self._changes, self._day = services.registry(), changes, changes.plan.effective
        self._eve = self._day - timedelta(days=1)
        self._after = Authority.of_staffing(changes.staffing, services.place.separations)
        self._read = work_reader(services)
        self._known: dict[tuple[object, ...], bool] = {}
        self._found: defaultdict[str, list[str]] = defaultdict(list)

    def look(self, row: CaseRow) -> None:
        """Take a case in."""
        work = self._read(row)
        if work is None:
            return
        organ, _ = self._changes.organisation.responsible(work.organ, work.item, self._day, since=self._eve)
        acts = tuple(dict.fromkeys((*work.next_acts, *work.last_acts)))
        key = (work.by, work.item, work.organ, organ, work.unit, *acts)
        if key not in self._known:
            self._known[key] = self._loses(work, organ, acts)
        if self._known[key]:
            self._found[work.by].append(work.number)

    def work(self) -> tuple[StrandedWork, ...]:
        """The work of everybody who loses some."""
        return tuple(
            StrandedWork(person=person, cases=tuple(sorted(numbers))) for person, numbers in sorted(self._found.items())
        )

    def _loses(self, work: OpenWork, organ: str, acts: tuple[tuple[str, Role], ...]) -> bool:
        before, now = self._registry, self._changes.organisation
        return any(
            _may(before.authority, before.organisation, work, work.organ, act, self._eve) for act in acts
        ) and not any(_may(self._after, now, work, organ, act, self._day) for act in acts)


def _may(
    register: Authority, organisation: Organisation, work: OpenWork, organ: str, act: tuple[str, Role], day: date
) -> bool:
    step, role = act
    asked = Act(role=role, item=work.item, organ=organ, day=day, step=step, unit=work.unit)
    return register.permits(work.by, asked, organisation) is not None
