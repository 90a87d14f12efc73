"""One command of one actor: who may, when, under which key, and that a refusal changes nothing."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.legal import CHINA, ONE_SECOND
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.errors import (
    ClaimError,
    ConflictError,
    EgovError,
    HookRefusedError,
    IdempotencyError,
    IllegalTransitionError,
    LawError,
    NaiveTimeError,
    NoAuthorityError,
    UnknownError,
)
from egov_core.ports.storage import SubjectRow
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, LICENCE, MONDAY, staff


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as opened:
        yield opened


def clock_of(office: Office) -> ManualClock:
    assert isinstance(office.clock, ManualClock)
    return office.clock


def stored(office: Office) -> object:
    """Everything that a refused command must leave as it was."""
    store = office.storage
    streams = list(store.streams(AREA))
    return (
        store.counts(AREA),
        store.last_instant(AREA),
        store.reference_version(AREA),
        [store.events(AREA, one) for one in streams],
        [store.case(AREA, one) for one in streams],
        [store.timers(AREA, one) for one in streams],
    )


def refused(
    office: Office,
    kind: type[EgovError],
    command: c.Command,
    actor: Actor,
    *,
    key: str = "",
    at: datetime | None = None,
) -> EgovError:
    before = stored(office)
    with pytest.raises(kind) as caught:
        office.do(command, actor=actor, key=key, at=at)
    assert stored(office) == before
    assert caught.value.remedy
    return caught.value


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_repeated_key_gives_the_same_outcome_and_does_nothing(office: Office) -> None:
    first = county.submit(office, key="k1")
    taken = county.accept(office, first.case_id, key="k2")
    clock_of(office).advance(timedelta(days=2))
    before = stored(office)
    assert county.submit(office, key="k1") == first
    assert county.accept(office, first.case_id, key="k2") == taken
    assert stored(office) == before
    assert first.query_code


def test_a_key_used_for_another_command_is_refused(office: Office) -> None:
    outcome = county.submit(office, key="k1")
    other = c.Submit(item=LICENCE, applicant=county.APPLICANT, materials=("form",))
    assert isinstance(refused(office, IdempotencyError, other, county.CITIZEN, key="k1"), ConflictError)
    accept = c.Accept(case_id=outcome.case_id)
    county.accept(office, outcome.case_id, key="k2")
    refused(office, IdempotencyError, accept, staff("intake"), key="k2", at=MONDAY)  # said to be at a set time: another


def test_a_key_belongs_to_its_actor(office: Office) -> None:
    office.establish(
        people=[Person(code="second", name="姓二", organ=county.BUREAU, valid_from=county.SINCE)],
        grants=[Grant(person="second", role=Role.INTAKE, organ=county.BUREAU, valid_from=county.SINCE)],
    )
    one, other = county.submit(office), county.submit(office)
    county.accept(office, one.case_id, key="same")
    outcome = office.do(c.Accept(case_id=other.case_id), actor=staff("second"), key="same")
    assert outcome.case_id == other.case_id


def test_a_refused_command_does_not_use_up_its_key(office: Office) -> None:
    submitted = county.submit(office, materials=())
    refused(office, HookRefusedError, c.Accept(case_id=submitted.case_id), staff("intake"), key="k")
    asked = c.RequestCorrection(case_id=submitted.case_id, notice="补1", missing=("form",))
    assert office.do(asked, actor=staff("intake"), key="k").state == "correction-requested"


def test_without_a_key_the_same_submission_is_filed_twice(office: Office) -> None:
    one, other = county.submit(office), county.submit(office)
    assert one.case_id != other.case_id
    assert [one.number, other.number] == [f"{AREA}-bureau-2024-00001", f"{AREA}-bureau-2024-00002"]


def test_the_query_code_is_forgotten_with_the_person(office: Office) -> None:
    outcome = county.submit(office, key="k1")
    row = office.storage.recall(AREA, "", "k1")
    assert row is not None
    assert outcome.query_code.encode() not in row.answer
    stored_subject = office.storage.subject(AREA, outcome.subject)
    assert stored_subject is not None
    emptied = json.loads(stored_subject.data) | {"query_code": ""}
    forgotten = SubjectRow(
        area=AREA, subject=outcome.subject, secret=b"", data=json.dumps(emptied, ensure_ascii=False).encode()
    )
    office.storage.write(lambda unit: unit.put_subject(forgotten))
    assert county.submit(office, key="k1") == attrs.evolve(outcome, query_code="")


# --- unknown, malformed, at the wrong time ----------------------------------------------------------------------------


def test_an_unknown_item_and_an_unknown_case_are_named(office: Office) -> None:
    nothing = c.Submit(item="no-such", applicant=county.APPLICANT)
    assert "no-such" in refused(office, UnknownError, nothing, county.CITIZEN).message
    assert "nobody" in refused(office, UnknownError, c.Accept(case_id="nobody"), staff("intake")).message


def test_an_item_that_is_not_in_force_cannot_be_applied_for(office: Office) -> None:
    office.establish(items=[county.item("young", valid_from=date(2025, 1, 1))])
    refused(office, LawError, c.Submit(item="young", applicant=county.APPLICANT), county.CITIZEN)


def test_half_a_character_is_a_claim_and_not_a_crash(office: Office) -> None:
    outcome = county.accepted(office)
    half = "\ud83d"
    refused(office, ClaimError, c.Review(case_id=outcome.case_id, opinion=half), staff("reviewer"))
    refused(office, ClaimError, c.Review(case_id=half, opinion="同意"), staff("reviewer"))
    refused(office, ClaimError, c.Review(case_id=outcome.case_id, opinion="同意"), staff("reviewer"), key=half)
    refused(office, ClaimError, c.Submit(item=half, applicant=county.APPLICANT), county.CITIZEN)


def test_a_naive_time_is_refused(office: Office) -> None:
    outcome = county.submit(office)
    refused(office, NaiveTimeError, c.Accept(case_id=outcome.case_id), staff("intake"), at=datetime(2024, 6, 17, 9))


def test_a_time_in_the_future_or_before_the_last_event_is_refused(office: Office) -> None:
    outcome = county.submit(office)
    command = c.Accept(case_id=outcome.case_id)
    refused(office, ClaimError, command, staff("intake"), at=MONDAY + ONE_SECOND)
    refused(office, ClaimError, command, staff("intake"), at=MONDAY - ONE_SECOND)
    assert county.accept(office, outcome.case_id, at=MONDAY).state == "accepted"


def test_fractions_of_a_second_are_dropped_on_entry(office: Office) -> None:
    outcome = county.submit(office)
    clock_of(office).advance(timedelta(hours=1))
    county.accept(office, outcome.case_id, at=MONDAY.replace(microsecond=999_999))
    row = office.storage.case(AREA, outcome.case_id)
    assert row is not None
    assert row.accepted_at == MONDAY


def test_event_time_and_entry_time_are_both_kept(office: Office) -> None:
    outcome = county.submit(office)
    clock_of(office).advance(timedelta(days=1))
    county.accept(office, outcome.case_id, at=MONDAY + timedelta(hours=2))
    event = office.storage.events(AREA, outcome.case_id)[-1]
    assert (event.at, event.entered_at) == (MONDAY + timedelta(hours=2), MONDAY + timedelta(days=1))


def test_a_step_that_does_not_exist_from_here_names_those_that_do(office: Office) -> None:
    outcome = county.accepted(office)
    error = refused(
        office, IllegalTransitionError, c.Approve(case_id=outcome.case_id, document="许1"), staff("approver")
    )
    assert "review" in error.message
    error = refused(office, IllegalTransitionError, c.Resume(case_id=outcome.case_id, result="x"), staff("reviewer"))
    steps = {"Review", "Pause", "Extend", "Approve", "Reject", "Withdraw", "HandOver"}
    hearing = {"OfferHearing", "RequestHearing", "ScheduleHearing", "HoldHearing"}
    assert set(error.data["allowed"]) == steps | hearing


# --- a race -----------------------------------------------------------------------------------------------------------


def test_the_loser_of_a_race_over_the_turn_of_a_second_is_told_who_won() -> None:
    """The loser read its clock before the winner's second: that must not read as a claim about the past."""

    class Turning(ManualClock):
        """Each reading but the first is a second later, as if somebody else had acted in between."""

    clock = Turning(MONDAY)
    office = county.open_small_county(clock=clock)
    outcome = county.submit(office)
    real = office.storage.case
    calls = itertools.count()

    def case(area: str, case_id: str) -> object:
        if next(calls) == 0:  # as the loser comes to read the case, the winner has committed a second later
            clock.advance(ONE_SECOND)
            county.accept(office, case_id)
        return real(area, case_id)

    office.storage.case = case  # type: ignore[method-assign,assignment]  # stands in for the method
    with pytest.raises(ConflictError) as told:
        county.accept(office, outcome.case_id)
    assert told.value.data["winner"] == "intake"
    assert told.value.data["winner_name"] == "姓intake"


def test_a_case_that_moves_at_every_try_is_given_up_with_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    office = county.open_small_county()
    outcome = county.submit(office)
    monkeypatch.setattr("egov_core.usecases.cases.recording.Change.write", lambda *_: False)
    with pytest.raises(ConflictError, match="changed by others each time"):
        county.accept(office, outcome.case_id)


# --- authority --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reviewer", "approver", "head", "stranger", "nobody"])
def test_only_the_role_for_the_step_in_the_organ_of_the_case_may_act(office: Office, who: str) -> None:
    outcome = county.submit(office)
    error = refused(office, NoAuthorityError, c.Accept(case_id=outcome.case_id), staff(who))
    assert error.data["person"] == who


def test_a_grant_for_another_item_or_another_time_is_none(office: Office) -> None:
    since = county.SINCE
    office.establish(
        people=[
            Person(code=one, name=one, organ=county.BUREAU, valid_from=since) for one in ("narrow", "early", "soon")
        ],
        grants=[
            Grant(
                person="narrow",
                role=Role.INTAKE,
                organ=county.BUREAU,
                items=frozenset({county.STAMP}),
                valid_from=since,
            ),
            Grant(person="early", role=Role.INTAKE, organ=county.BUREAU, valid_from=since, valid_to=date(2024, 6, 17)),
            Grant(person="soon", role=Role.INTAKE, organ=county.BUREAU, valid_from=date(2024, 6, 18)),
        ],
    )
    licence, stamp = county.submit(office), county.submit(office, county.STAMP, materials=())
    for who in ("narrow", "early", "soon"):
        refused(office, NoAuthorityError, c.Accept(case_id=licence.case_id), staff(who))
    assert office.do(c.Accept(case_id=stamp.case_id), actor=staff("narrow")).state == "accepted"
    clock_of(office).advance(timedelta(days=1))
    assert office.do(c.Accept(case_id=licence.case_id), actor=staff("soon")).state == "accepted"


def test_who_has_left_office_may_not_act_not_even_by_back_dating() -> None:
    clock = ManualClock(datetime(2023, 12, 29, 9, tzinfo=CHINA))
    office = county.open_small_county(clock=clock)
    outcome = county.submit(office)
    clock.move_to(MONDAY)
    accept = c.Accept(case_id=outcome.case_id)
    refused(office, NoAuthorityError, accept, staff("retired"))
    refused(office, NoAuthorityError, accept, staff("retired"), at=datetime(2023, 12, 29, 10, tzinfo=CHINA))
    refused(office, NoAuthorityError, accept, Actor(kind=ActorKind.UPPER, code=county.CITY))
    refused(office, NoAuthorityError, accept, Actor(kind=ActorKind.SYSTEM, code="system"))


def test_an_applicant_may_only_submit_supplement_and_withdraw_and_only_its_own_case(office: Office) -> None:
    mine, other = county.submit(office, materials=("form",)), county.submit(office, materials=("form",))
    me = Actor(kind=ActorKind.APPLICANT, code=mine.subject)
    case_id = mine.case_id
    for command in (
        c.Accept(case_id=case_id),
        c.Refuse(case_id=case_id, reason="x", notice="y"),
        c.Review(case_id=case_id, opinion="x"),
        c.Approve(case_id=case_id, document="x"),
        c.Deliver(case_id=case_id, method="x"),
        c.Withdraw(case_id=other.case_id, reason="x"),
        c.Supplement(case_id=other.case_id, materials=("plan",)),
    ):
        refused(office, NoAuthorityError, command, me)
    refused(office, NoAuthorityError, c.Withdraw(case_id=case_id, reason="x"), county.CITIZEN)
    asked = c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",))
    office.do(asked, actor=staff("intake"))
    assert office.do(c.Supplement(case_id=case_id, materials=("plan",)), actor=me).state == "submitted"
    assert office.do(c.Withdraw(case_id=case_id, reason="不办了"), actor=me).state == "withdrawn"


def test_staff_are_recorded_under_the_name_and_organ_of_the_registry(office: Office) -> None:
    outcome = county.submit(office)
    boaster = Actor(kind=ActorKind.STAFF, code="intake", name="县长", organ=county.COUNTY)
    office.do(c.Accept(case_id=outcome.case_id), actor=boaster)
    recorded = office.event_of(office.storage.events(AREA, outcome.case_id)[-1])
    assert recorded.actor == Actor(kind=ActorKind.STAFF, code="intake", name="姓intake", organ=county.BUREAU)


# --- materials --------------------------------------------------------------------------------------------------------


def test_acceptance_without_materials_names_every_one_that_is_missing(office: Office) -> None:
    outcome = county.submit(office, materials=())
    error = refused(office, HookRefusedError, c.Accept(case_id=outcome.case_id), staff("intake"))
    assert [one["field"] for one in error.data["findings"]] == ["materials.form", "materials.plan"]
    assert all("第三十二条" in one["basis"] for one in error.data["findings"])
    assert "材料 form" in error.message
    assert "材料 plan" in error.message


# --- personal values --------------------------------------------------------------------------------------------------


def test_no_personal_value_reaches_the_chain_the_rows_the_answers_the_log_or_an_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = (county.NAME, county.ID_NUMBER, county.PHONE, "门牌十八号")
    told: list[str] = []
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db") as office:
        by_number = Actor(kind=ActorKind.APPLICANT, code=county.ID_NUMBER, name=county.NAME)
        submit = c.Submit(
            item=county.UPWARD, applicant=county.APPLICANT, materials=county.MATERIALS, form={"address": "门牌十八号"}
        )
        outcome = office.do(submit, actor=by_number)
        for act in (county.accept, county.review):
            act(office, outcome.case_id)
        office.do(c.ReferUpward(case_id=outcome.case_id, opinion="同意"), actor=staff("reviewer"))
        office.dispatch()
        for command in (
            c.Accept(case_id=outcome.case_id),
            attrs.evolve(submit, item="none"),
            attrs.evolve(submit, channel="\ud83d"),
        ):
            with pytest.raises(EgovError) as caught:
                office.do(command, actor=by_number)
            told.append(f"{caught.value} {caught.value.as_dict()}")
        told.append(repr(outcome) + repr(submit))
        row = office.storage.case(AREA, outcome.case_id)
        events = office.storage.events(AREA, outcome.case_id)
        told += [repr(row), repr(events), repr([office.event_of(one) for one in events])]
        key = next(office.case_of(row).referral_key for row in [row] if row is not None)
        told.append(repr(office.storage.outbox(AREA, key)))
        assert office.storage.subject(AREA, outcome.subject) is not None
    told.append(caplog.text)
    assert len(told) == 9
    for text in told:
        for secret in secrets:
            assert secret not in text
            assert repr(secret.encode())[2:-1] not in text  # bytes show themselves escaped
