"""视为准予延续: a renewal asked for in time and not decided when the licence expires is granted by law (行政许可法 50).

The licence is valid to Tuesday 1 October 2024 (W49). Thirty natural days before is Sunday 1 September: the last day
to ask for its renewal. Silence renews at the first second of 2 October; the holiday ends with 7 October, Saturday
12 October is a make-up day, so ten working days from there are 8-12 October 5, 14-18 October 10.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.states import State
from egov_core.domain.catalogue import PauseKind, PowerClass
from egov_core.domain.people import SYSTEM
from egov_core.errors import ClaimError, IllegalTransitionError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, chain, do, dues, file, move, outlook, refused, time

EXPIRES = date(2024, 10, 1)
RENEWED = "2024-10-02 00:00:00"
AFTERWARDS = "2024-10-09 09:00:00"


def acts(office: Office, case_id: str) -> list[tuple[str, str]]:
    """What happened, without cards: type and event time."""
    return [(kind, at) for kind, at, _ in chain(office, case_id) if not kind.startswith("card-")]


def reviewed(office: Office, item: str = county.LICENCE) -> str:
    """A renewal of 20 August, accepted on the next day and reviewed on the 26th."""
    case_id = file(office, item, renews=EXPIRES)
    move(office, "2024-08-21 10:00")
    do(office, c.Accept(case_id=case_id))
    move(office, "2024-08-26 10:00")
    county.review(office, case_id)
    return case_id


def pause(case_id: str) -> c.Pause:
    return c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(10))


APPROVAL = c.Approve(case_id="k", document="准延〔2024〕1号")
REJECTION = c.Reject(case_id="k", document="不准延〔2024〕1号", reason="不符合条件")


@pytest.mark.parametrize(("filed", "in_time"), [("2024-09-01 23:59:59", True), ("2024-09-02 00:00:00", False)])
@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_who_asks_thirty_days_before_is_renewed_by_silence_and_who_asks_a_second_later_is_not(
    opened: timed.Opener, filed: str, in_time: bool, policy: str
) -> None:
    office = opened(filed, policy=policy)
    case_id = file(office, renews=EXPIRES)
    renewal = case(office, case_id).renewal
    assert renewal is not None
    assert (renewal.latest, renewal.in_time) == (date(2024, 9, 1), in_time)
    do(office, c.Accept(case_id=case_id))
    move(office, "2024-10-01 23:59:59")
    office.sweep()
    assert case(office, case_id).state is State.ACCEPTED
    move(office, RENEWED)
    office.sweep()
    assert case(office, case_id).state is (State.APPROVED if in_time else State.ACCEPTED)
    assert dues(office, case_id, "renewal") == (["2024-10-01 23:59:59"] if in_time else [])


def test_the_renewal_is_an_act_of_the_system_with_its_basis_and_its_delivery_begins(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00")
    case_id = reviewed(office)
    move(office, AFTERWARDS)
    office.sweep()
    assert ("approved", RENEWED, SYSTEM.code) in chain(office, case_id)
    [approved] = [one for one in office.storage.events(office.area, case_id) if one.type == "approved"]
    event = office.event_of(approved).event
    assert getattr(event, "by_law", False) and "第五十条第二款" in getattr(event, "document", "")
    row = office.storage.case(office.area, case_id)
    assert row is not None and row.concluded_at == time(RENEWED)
    assert dues(office, case_id, "delivery") == ["2024-10-18 23:59:59"]
    assert cards(office, case_id, "renewal") == [
        ("yellow", "2024-09-30 00:00:00", "bureau"),
        ("red", RENEWED, "bureau"),
    ]
    do(office, c.Deliver(case_id=case_id, method="窗口领取"))
    assert case(office, case_id).state is State.DELIVERED


def test_an_ordinary_application_expires_nothing(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00")
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    assert case(office, case_id).renewal is None and dues(office, case_id, "renewal") == []
    move(office, AFTERWARDS)
    office.sweep()
    assert case(office, case_id).state is State.ACCEPTED


def test_silence_renews_licences_only(opened: timed.Opener) -> None:
    award = attrs.evolve(county.item("award"), power_class=PowerClass.AWARD)
    office = opened("2024-08-20 09:00", more=[award])
    case_id = reviewed(office, "award")
    move(office, AFTERWARDS)
    office.sweep()
    assert case(office, case_id).state is State.REVIEWED
    assert [level for level, _, _ in cards(office, case_id, "renewal")] == ["yellow", "red"]


def test_an_expired_licence_is_not_renewed_and_no_number_is_lost_over_it(opened: timed.Opener) -> None:
    office = opened("2024-10-02 00:00")
    with refused(office, ClaimError, "the licence expired on 2024-10-01", "without `renews`") as told:
        file(office, renews=EXPIRES)
    assert told.paths == ["$.renews"]
    assert case(office, file(office)).number.endswith("-00001")


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(("command", "state"), [(APPROVAL, State.APPROVED), (REJECTION, State.REJECTED)])
def test_a_decision_in_time_and_entered_late_sets_the_renewal_aside(
    opened: timed.Opener, swept: bool, command: Any, state: State
) -> None:
    offices = [opened("2024-08-20 09:00") for _ in range(2)]
    ids = [reviewed(office) for office in offices]
    for office, case_id in zip(offices, ids, strict=True):
        move(office, AFTERWARDS)
        if swept and office is offices[0]:
            office.sweep()
        told = do(office, attrs.evolve(command, case_id=case_id), at="2024-10-01 23:59:59")
        assert told.state == state.value
    office, case_id = offices[0], ids[0]
    assert outlook(office, case_id) == outlook(offices[1], ids[1])
    assert cards(office, case_id, "renewal") == [("yellow", "2024-09-30 00:00:00", "bureau")]
    assert len(cards(office, case_id, "renewal", revoked=True)) == (1 if swept else 0)
    expected = ["2024-10-18 23:59:59"] if state is State.APPROVED else []
    assert [due for due in dues(office, case_id, "delivery") if due != "-"] == expected


@pytest.mark.parametrize("command", [APPROVAL, REJECTION])
@pytest.mark.parametrize("swept", [True, False])
def test_a_decision_after_the_expiry_is_refused_and_told_what_happened(
    opened: timed.Opener, command: Any, swept: bool
) -> None:
    office = opened("2024-08-20 09:00")
    case_id = reviewed(office)
    move(office, AFTERWARDS)
    if swept:
        office.sweep()
    words = "was renewed by the law on 2024-10-02, because nobody had decided before the licence expired"
    with refused(office, IllegalTransitionError, words, "2024-10-02T00:00:00+08:00", "Deliver") as told:
        do(office, attrs.evolve(command, case_id=case_id), at=RENEWED)
    assert (told.data["lapse"], told.data["state"]) == ("approved", "approved")


def test_a_paused_case_is_renewed_and_its_pause_ends_with_it(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00")
    case_id = reviewed(office)
    move(office, "2024-09-25 09:00")
    do(office, pause(case_id))
    move(office, AFTERWARDS)
    office.sweep()
    found = case(office, case_id)
    assert (found.state, found.pauses[0].end, found.resume_to) == (State.APPROVED, time(RENEWED), None)
    [procedure] = [row for row in office.storage.timers(office.area, case_id) if row.kind == "special-procedure"]
    assert procedure.stopped_at == time(RENEWED)


@pytest.mark.parametrize("swept", [True, False])
def test_a_pause_ended_in_time_is_as_it_was_entered_and_the_case_is_renewed_again(
    opened: timed.Opener, swept: bool
) -> None:
    office = opened("2024-08-20 09:00")
    case_id = reviewed(office)
    move(office, "2024-09-25 09:00")
    do(office, pause(case_id))
    move(office, AFTERWARDS)
    if swept:
        office.sweep()
    told = do(office, c.Resume(case_id=case_id, result="听证结束"), at="2024-09-27 09:00")
    assert told.state == "approved"
    found = case(office, case_id)
    assert [pause.end for pause in found.pauses] == [time("2024-09-27 09:00")]
    assert acts(office, case_id)[-1] == ("approved", RENEWED)
    with refused(office, IllegalTransitionError, "was renewed by the law"):
        do(office, pause(case_id))
    do(office, attrs.evolve(REJECTION, case_id=case_id), at="2024-09-28 09:00")
    assert case(office, case_id).state is State.REJECTED, "after the pause it stood where it was before"


@pytest.mark.parametrize("swept", [True, False])
def test_a_case_that_lies_above_is_renewed_here_all_the_same(opened: timed.Opener, swept: bool) -> None:
    office = opened("2024-08-20 09:00")
    case_id = reviewed(office, county.UPWARD)
    do(office, c.ReferUpward(case_id=case_id, opinion="同意转报"))
    office.dispatch()
    move(office, AFTERWARDS)
    if swept:
        office.sweep()
    decision = c.RecordUpperDecision(case_id=case_id, granted=False, document="市不许1")
    with refused(office, IllegalTransitionError, "was renewed by the law on 2024-10-02"):
        do(office, decision)
    assert do(office, decision, at="2024-09-30 10:00").state == "rejected"


def test_a_receipt_that_comes_after_the_expiry_finds_the_case_renewed(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00", policy="hunan-2018")
    case_id = reviewed(office, county.UPWARD)
    do(office, c.ReferUpward(case_id=case_id, opinion="同意转报"))
    move(office, AFTERWARDS)
    office.dispatch()
    assert acts(office, case_id)[-2:] == [("approved", RENEWED), ("receipt-recorded", AFTERWARDS)]
    assert case(office, case_id).state is State.APPROVED


def test_what_was_decided_before_the_expiry_is_not_renewed(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00")
    rejected, granted, withdrawn = reviewed(office), "", ""
    granted, withdrawn = (file(office, renews=EXPIRES) for _ in range(2))
    do(office, attrs.evolve(REJECTION, case_id=rejected))
    for case_id in (granted, withdrawn):
        do(office, c.Accept(case_id=case_id))
    county.review(office, granted)
    do(office, attrs.evolve(APPROVAL, case_id=granted))
    do(office, c.Withdraw(case_id=withdrawn, reason="不办了"))
    move(office, AFTERWARDS)
    office.sweep()
    states = [case(office, case_id).state for case_id in (rejected, granted, withdrawn)]
    assert states == [State.REJECTED, State.APPROVED, State.WITHDRAWN]
    for case_id in (rejected, granted, withdrawn):
        assert RENEWED not in [at for _, at in acts(office, case_id)]


# --- silence twice ----------------------------------------------------------------------------------------------------


def untouched(opened: timed.Opener, *, swept: bool) -> tuple[Office, str]:
    """A renewal of 20 August that nobody looked at: the five days end with 27 August."""
    office = opened("2024-08-20 09:00")
    case_id = file(office, renews=EXPIRES)
    for look in ("2024-08-30 09:00", AFTERWARDS) if swept else (AFTERWARDS,):
        move(office, look)
        if swept:
            office.sweep()
    return office, case_id


@pytest.mark.parametrize("swept", [True, False])
def test_an_application_nobody_looks_at_is_accepted_and_then_renewed(opened: timed.Opener, swept: bool) -> None:
    office, case_id = untouched(opened, swept=swept)
    office.sweep()
    assert acts(office, case_id)[1:] == [("accepted", "2024-08-28 00:00:00"), ("approved", RENEWED)]


@pytest.mark.parametrize("swept", [True, False])
def test_an_act_between_the_two_undoes_the_later_only_and_one_before_both_undoes_both(
    opened: timed.Opener, swept: bool
) -> None:
    office, case_id = untouched(opened, swept=swept)
    told = do(office, c.Review(case_id=case_id, opinion="同意"), at="2024-09-20 09:00")
    assert told.state == "approved", "it was reviewed, and still not decided"
    assert case(office, case_id).when("accepted") == time("2024-08-20 09:00")
    assert do(office, attrs.evolve(APPROVAL, case_id=case_id), at="2024-09-30 09:00").state == "approved"
    assert case(office, case_id).when("approved") == time("2024-09-30 09:00")
    office, case_id = untouched(opened, swept=swept)
    notice = c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",))
    told = do(office, notice, at="2024-08-22 09:00")
    assert told.happened.count("lapse-set-aside") == (2 if swept else 0)
    assert case(office, case_id).state is State.CORRECTION_REQUESTED


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_a_case_whose_applicant_is_waited_for_is_not_renewed_at_the_time_and_not_afterwards(
    opened: timed.Opener, policy: str
) -> None:
    """The law is silent; the table has no renewal while the applicant owes a supplement."""
    office = opened("2024-08-20 09:00", policy=policy)
    case_id = file(office, renews=EXPIRES)
    do(office, c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",)))
    move(office, AFTERWARDS)
    office.sweep()
    assert office.verify().violations == ()
    assert case(office, case_id).state is State.CORRECTION_REQUESTED
    move(office, "2024-10-10 09:00")
    assert do(office, c.Supplement(case_id=case_id, materials=("plan",))).state == "submitted"
    do(office, c.Accept(case_id=case_id))
    assert acts(office, case_id)[-2:] == [("supplemented", "2024-10-10 09:00:00"), ("accepted", "2024-10-10 09:00:00")]


def test_a_case_supplemented_just_before_is_renewed_and_its_first_timers_end(opened: timed.Opener) -> None:
    """Nobody owes a notice of what is missing for a licence that has been renewed."""
    office = opened("2024-08-20 09:00", service_limits={"pre-acceptance": "60d"})
    case_id = file(office, timed.STEPPED, renews=EXPIRES, channel="web")
    do(office, c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",)))
    move(office, "2024-09-30 09:00")
    do(office, c.Supplement(case_id=case_id, materials=("plan",)))
    move(office, "2024-12-09 09:00")
    office.sweep()
    assert acts(office, case_id)[-1] == ("approved", RENEWED)
    running = {row.kind for row in office.storage.timers(office.area, case_id) if row.stopped_at is None}
    assert running == {"delivery"}
    assert [at for _, at, _ in cards(office, case_id, "correction-notice")] == []
    assert [at for _, at, _ in cards(office, case_id, "step")] == []
