"""Handing over: the open work of one person, and passing it to another.

Rules of this room: open work is what somebody acted on last and nobody has taken up since, and what was handed to him
and not acted on. A hand-over changes no case and no date: it is a record from person to person, refused as long as
whoever takes it could, in one of the cases, neither do what comes next nor what was done last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache

import attrs

from egov_core.domain.authority import Act, Role, WorkHandover
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.in_hand import unit_in_hand
from egov_core.domain.cases.outline import CaseOutline
from egov_core.domain.cases.states import TRANSITIONS, State
from egov_core.domain.cases.steps import guard_refusal
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.errors import ClaimError, Fault, UnknownError
from egov_core.ports.storage import CaseRow, Unit
from egov_core.usecases.authority.commands import JUDGED_AS
from egov_core.usecases.authority.staff import require_over_work
from egov_core.usecases.foundation.establishing import Entry, record
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.registry import WORK_HANDOVER
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_outline

_FORWARD = frozenset(
    {c.Accept, c.Review, c.Approve, c.ReferUpward, c.Resume, c.Supplement, c.Deliver, c.RecordUpperDecision}
)
"""The commands that carry a case on; stopping, extending and noting are no next step."""
_STEP_OF_ROLE = {
    Role.INTAKE: "acceptance",
    Role.REVIEWER: "review",
    Role.HEAD: "review",
    Role.GOVERNMENT_HEAD: "review",
    Role.APPROVER: "conclusion",
}
"""The step in which each role judges."""


@attrs.frozen(kw_only=True)
class OpenWork:
    """An open case that waits for somebody's next step 在办工作.

    `organ` is the one that answers for it today, after every reorganisation. `by` is whose hands it is in, nobody's
    where it is empty; `since` from when. `unit` holds the step; `next_acts` are step and role of what carries it on,
    `last_acts` of the judgement that was its last act.
    """

    case_id: str
    number: str
    item: str
    item_name: str
    organ: str
    state: str
    unit: str
    by: str
    since: datetime
    handed: bool
    next_acts: tuple[tuple[str, Role], ...]
    last_acts: tuple[tuple[str, Role], ...] = ()


def open_work(
    services: Services, person: str | None = None, *, progress: Callable[[int], None] = lambda _done: None
) -> Iterator[OpenWork]:
    """The open cases in the hands of a person, or of everybody; cases that only the applicant moved are in nobody's."""
    for work in every_work(services, progress=progress):
        if work.by and (person is None or work.by == person):
            yield work


def every_work(services: Services, *, progress: Callable[[int], None] = lambda _done: None) -> Iterator[OpenWork]:
    """The open cases in anybody's hands and those in nobody's.

    Nobody's are those that only the applicant moved, and those that were taken over and not acted on here since.
    """
    look = work_reader(services, untaken=True)
    for row in every_case(services):
        progress(1)
        work = look(row)
        if work is not None:
            yield work


def could_take(services: Services, person: str) -> Callable[[OpenWork], bool]:
    """What tells of an open case whether a person may do what carries it on."""
    day = services.clock.now().date()

    @cache
    def refused(role: Role, item: str, organ: str, step: str, unit: str) -> bool:
        registry = services.registry()
        act = Act(role=role, item=item, organ=organ, day=day, step=step, unit=unit)
        return not registry.authority.permits(person, act, registry.organisation)

    def could(work: OpenWork) -> bool:
        return not all(refused(role, work.item, work.organ, step, work.unit) for step, role in work.next_acts)

    return could


def work_reader(services: Services, *, untaken: bool = False) -> Callable[[CaseRow], OpenWork | None]:
    """What tells of a stored case in whose hands it is; None: it is closed, or, unless `untaken`, in nobody's.

    It is asked of every case of the county, so that the case itself is not unpacked where its row or its outline says
    enough.
    """
    registry, today = services.registry(), services.clock.now().date()
    handed = {case_id: one for one in registry.handovers for case_id in one.cases}  # the last one counts

    def look(row: CaseRow) -> OpenWork | None:
        state = State(row.state)
        if not TRANSITIONS.get(state):
            return None
        case = decode_outline(row.data)
        item = registry.catalogue.version(row.item, case.item_version)
        steps = _next_acts(state, item)
        if not steps:
            return None
        by = case.last_actor.code if case.last_actor.kind is ActorKind.STAFF else ""
        since, given = case.last_at, handed.get(row.case_id)
        if given is not None and given.cases[row.case_id] == _last_act(case):
            by, since = given.taker, given.at
        else:
            given = None
        if not (by or untaken):
            return None
        organ, _ = registry.organisation.responsible(row.organ, row.item, today, since=row.received_at.date())
        return OpenWork(
            case_id=row.case_id,
            number=row.number,
            item=row.item,
            item_name=row.item_name,
            organ=organ,
            state=row.state,
            unit=unit_in_hand(case, item),
            by=by,
            since=since,
            handed=given is not None,
            next_acts=steps,
            last_acts=tuple((_STEP_OF_ROLE[role], role) for role in JUDGED_AS.get(case.last_act, ())),
        )

    return look


def hand_over_work(
    services: Services, giver: str, taker: str, *, reason: str, actor: Actor, only: frozenset[str] | None = None
) -> WorkHandover:
    """Record that `taker` has the open work of `giver` from now on, or of it the case numbers in `only`.

    Raises UnknownError for people there are none of, NoAuthorityError where the actor does not give out the work of
    both, ClaimError naming every case that the taker could not go on with.
    """
    work = _takeable(services, giver, taker, reason, only, actor)
    now = services.clock.now()
    cases = {}
    for one in work:
        row = services.storage.case(services.area, one.case_id)
        assert row is not None, "it was read a moment ago, and cases are never deleted"
        cases[one.case_id] = _last_act(decode_outline(row.data))
    made = WorkHandover(giver=giver, taker=taker, reason=reason, cases=cases, at=now)

    def commit(unit: Unit) -> None:
        stream = f"person:{giver}"
        entry = Entry(stream=stream, kind=WORK_HANDOVER, code=made.code, happened="work-handed-over", value=made)
        record(unit, services.area, [entry], actor=actor, now=now)

    services.storage.write(commit)
    return made


def handover_faults(
    services: Services, giver: str, taker: str, only: frozenset[str] | None = None, *, actor: Actor = SYSTEM
) -> tuple[tuple[OpenWork, ...], list[Fault]]:
    """The work that would be handed over, and for each case why the taker could not go on with it.

    Raises UnknownError, and NoAuthorityError where the actor does not give out the work of both.
    """
    registry = services.registry()
    people, now = registry.people, services.clock.now()
    day = now.date()
    for who in (giver, taker):
        if who not in people:
            raise UnknownError(f"there is no person {who!r}", remedy="give the code of a member of staff", person=who)
    require_over_work(registry, actor, (people[giver], people[taker]), now)
    faults = []
    if giver == taker:
        faults.append(Fault("taker", "same-person", "work is handed to somebody else"))
    if not people[taker].serves_on(day):
        faults.append(Fault("taker", "not-in-office", f"{taker} is not in office on {day}"))
    work = tuple(one for one in open_work(services, giver) if only is None or one.number in only)
    for number in sorted((only or frozenset()) - {one.number for one in work}):
        faults.append(Fault(number, "not-in-hand", f"is no open case in the hands of {giver}"))
    for one in work:
        acts = dict.fromkeys((*one.next_acts, *one.last_acts))
        failed = [refusal for refusal in (_refusal(services, taker, one, *act, day) for act in acts) if refusal]
        if len(failed) == len(acts):
            faults.append(Fault(one.number, "no-authority", f"{taker} could not go on with it: {'; '.join(failed)}"))
    return work, faults


def _takeable(
    services: Services, giver: str, taker: str, reason: str, only: frozenset[str] | None, actor: Actor
) -> tuple[OpenWork, ...]:
    work, faults = handover_faults(services, giver, taker, only, actor=actor)
    if not reason.strip():
        faults.append(Fault("reason", "missing", "says why the work is handed over"))
    if not work and not faults:
        faults.append(Fault("giver", "no-work", f"{giver} has no open work"))
    if faults:
        raise ClaimError(
            f"the work of {giver} cannot be handed to {taker}: {len(faults)} fault(s)",
            faults=faults,
            remedy="name somebody who may act on every case, grant what is missing, or hand over fewer cases",
        )
    return work


def _refusal(services: Services, taker: str, work: OpenWork, step: str, role: Role, day: date) -> str:
    registry = services.registry()
    act = Act(role=role, item=work.item, organ=work.organ, day=day, step=step, unit=work.unit)
    verdict = registry.authority.why(taker, act, registry.organisation)
    return "" if verdict.permitted else f"{role.value}: {verdict.needed}"


def _next_acts(state: State, item: ItemVersion) -> tuple[tuple[str, Role], ...]:
    """The step and the role of everything that would carry the case on."""
    rows = TRANSITIONS.get(state, {})
    return tuple(
        dict.fromkeys(
            (c.STEP_OF[command], c.needed_role(command, item))
            for command, row in rows.items()
            if command in _FORWARD and not guard_refusal(row.guard, item)
        )
    )


def _last_act(case: CaseOutline) -> str:
    """What moved the case last: cards and lapses are nobody's act, so they take no work away."""
    return f"{case.last_act} {case.last_at.isoformat()}"
