"""Open work of a person: who has it, who could go on with it, and passing it on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.people import SYSTEM, Actor, ActorKind, Person
from egov_core.errors import ClaimError, NoAuthorityError, UnknownError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import BUREAU, OTHER, SINCE
from egov_core.usecases.staff.handing_over import hand_over_work, handover_faults, open_work


@pytest.fixture
def office() -> Iterator[Office]:
    with county.open_small_county() as found:
        found.establish(
            people=[Person(code="second", name="乙", organ=BUREAU, valid_from=SINCE)],
            grants=[Grant(person="second", role=Role.REVIEWER, organ=BUREAU, valid_from=SINCE)],
        )
        yield found
        assert found.verify().violations == ()


def work(office: Office, person: str | None = None) -> set[tuple[str, str]]:
    return {(one.by, one.number) for one in open_work(office.services, person)}


def test_work_is_in_the_hands_of_whoever_acted_last(office: Office) -> None:
    county.submit(office)
    accepted, reviewed, done = county.accepted(office), county.reviewed(office), county.reviewed(office)
    county.approve(office, done.case_id)
    assert work(office) == {
        ("intake", accepted.number),
        ("reviewer", reviewed.number),
        ("approver", done.number),
    }
    assert work(office, "intake") == {("intake", accepted.number)}
    [one] = open_work(office.services, "intake")
    assert one.next_acts == (("review", Role.REVIEWER),) and not one.handed


def test_handed_over_work_is_in_the_hands_of_the_taker_until_somebody_acts(office: Office) -> None:
    case = county.accepted(office)
    made = office.change(lambda services: hand_over_work(services, "intake", "second", reason="调离", actor=SYSTEM))
    assert set(made.cases) == {case.case_id}
    assert work(office) == {("second", case.number)}
    assert isinstance(office.clock, ManualClock)
    office.clock.advance(timedelta(hours=1))
    county.review(office, case.case_id)
    assert work(office) == {("reviewer", case.number)}


@pytest.mark.parametrize("by", ["intake", "approver", "second"])
def test_who_gives_out_no_work_of_the_organ_hands_none_over(office: Office, by: str) -> None:
    county.accepted(office)
    actor = Actor(kind=ActorKind.STAFF, code=by, name=by, organ=BUREAU)
    with pytest.raises(NoAuthorityError, match=f"{by} may not decide on the staff of {BUREAU}"):
        handover_faults(office.services, "intake", "second", actor=actor)
    with pytest.raises(NoAuthorityError):
        office.change(lambda services: hand_over_work(services, "intake", "second", reason="调离", actor=actor))
    assert work(office, "second") == set()


def test_work_goes_to_another_organ_by_who_heads_both(office: Office) -> None:
    county.accepted(office)
    office.establish(grants=[Grant(person="second", role=Role.HEAD, organ=BUREAU, valid_from=SINCE)])
    head = Actor(kind=ActorKind.STAFF, code="second", name="乙", organ=BUREAU)
    _, faults = handover_faults(office.services, "intake", "second", actor=head)
    assert faults == []
    with pytest.raises(NoAuthorityError, match=OTHER):
        handover_faults(office.services, "intake", "stranger", actor=head)
    office.establish(grants=[Grant(person="second", role=Role.HEAD, organ=OTHER, valid_from=SINCE)])
    assert handover_faults(office.services, "intake", "stranger", actor=head)[1], "the power is there, the role is not"


def test_who_could_not_go_on_takes_nothing_over(office: Office) -> None:
    case, other = county.accepted(office), county.reviewed(office)
    with pytest.raises(ClaimError) as refused:
        office.change(lambda services: hand_over_work(services, "intake", "stranger", reason=" ", actor=SYSTEM))
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [
        (case.number, "no-authority"),
        ("reason", "missing"),
    ]
    assert "grant stranger" in refused.value.faults[0].message
    assert next(fault.code for fault in handover_faults(office.services, "intake", "retired")[1]) == "not-in-office"
    only = frozenset({other.number})
    assert [fault.code for fault in handover_faults(office.services, "intake", "second", only)[1]] == ["not-in-hand"]
    assert next(fault.code for fault in handover_faults(office.services, "intake", "intake")[1]) == "same-person"
    with pytest.raises(UnknownError):
        handover_faults(office.services, "intake", "nobody")
    with pytest.raises(ClaimError, match="cannot be handed"):
        office.change(lambda services: hand_over_work(services, "head", "second", reason="调离", actor=SYSTEM))


def test_whoever_could_have_done_the_last_act_may_take_the_case_over(office: Office) -> None:
    """A reviewer's case that waits for the approver goes to another reviewer, who answers questions about it."""
    case = county.reviewed(office)
    assert handover_faults(office.services, "reviewer", "second")[1] == []
    assert [fault.path for fault in handover_faults(office.services, "reviewer", "head")[1]] == [case.number]
