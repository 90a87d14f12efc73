"""Authorising: whether a member of staff may give a command, asked on every one of them.

Rules of this room: reading only. The role and the step that a command needs are the law's table, who holds them is the
register's; what is added here is the day, the unit that holds the step, and what somebody has done in this very case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from egov_core.domain.authority import Act, Role, Scope
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.in_hand import unit_in_hand
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import NoAuthorityError
from egov_core.usecases.foundation.services import Services

JUDGED_AS: Mapping[str, frozenset[Role]] = {
    e.Accepted.type: frozenset({Role.INTAKE}),
    e.CorrectionRequested.type: frozenset({Role.INTAKE}),
    e.NotAccepted.type: frozenset({Role.INTAKE}),
    e.Reviewed.type: frozenset({Role.REVIEWER}),
    e.Referred.type: frozenset({Role.REVIEWER}),
    e.Extended.type: frozenset({Role.HEAD, Role.GOVERNMENT_HEAD}),
    e.Approved.type: frozenset({Role.APPROVER}),
    e.Rejected.type: frozenset({Role.APPROVER}),
}
"""In which role an event was a judgement on the case; handing out, noting and telling are none."""
JUDGEMENTS = frozenset(
    {c.Accept, c.RequestCorrection, c.Refuse, c.Review, c.ReferUpward, c.Extend, c.Approve, c.Reject}
)
"""The commands that judge, so that whoever has judged in a role kept apart from theirs may not give them."""


def staff_actor(
    services: Services,
    person: str,
    command: type,
    item: ItemVersion,
    organ_on: Callable[[date], str],
    days: Sequence[date],
    case: Case | None = None,
) -> Actor:
    """The member of staff as it is recorded, once it may give the command on each of `days`.

    `organ_on` gives the organ whose case it is on a day. Raises NoAuthorityError, which says everything that failed and
    what would be needed.
    """
    registry = services.registry()
    known = registry.people.get(person)
    role = c.needed_role(command, item)
    under: tuple[str, ...] = ()
    for day in days:
        if known is None or not known.serves_on(day):
            raise NoAuthorityError(
                f"{person} is not in office on {day}",
                remedy="have the head of the organ or of the government appoint this person: "
                "egov staff import FILE --by PERSON --apply --config FILE",
                person=person,
            )
        act = Act(
            role=role,
            item=item.code,
            organ=organ_on(day),
            day=day,
            step=c.STEP_OF[command],
            unit="" if case is None else unit_in_hand(case, item),
        )
        under = registry.authority.require(person, act, registry.organisation).under
    if case is not None and command in JUDGEMENTS:
        _check_kept_apart(services, person, role, case)
    assert known is not None, "the loop has looked at one day at least"
    return Actor(kind=ActorKind.STAFF, code=known.code, name=known.name, organ=known.organ_on(min(days)), under=under)


def _check_kept_apart(services: Services, person: str, role: Role, case: Case) -> None:
    """Whoever has judged a case in one role does not judge it in one that is kept apart from it."""
    apart = {
        pair.other(role): pair for pair in services.place.separations if pair.scope is Scope.CASE and role in pair.roles
    }
    if not apart:
        return
    for one in services.storage.events(services.area, case.case_id):
        for done in JUDGED_AS.get(one.type, frozenset()) if one.actor == person else ():
            pair = apart.get(done)
            if pair is not None:
                raise NoAuthorityError(
                    f"{person} has acted as {done.value} in case {case.number} and may not also act as {role.value}: "
                    f"{pair.reason}",
                    remedy="have somebody else do it who holds the role; "
                    f"egov staff who {case.item} --config FILE names them",
                    person=person,
                    role=role.name.lower(),
                    case=case.case_id,
                    acted_as=done.name.lower(),
                    basis=str(pair.basis),
                )
