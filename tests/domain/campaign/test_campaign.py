"""Collection campaigns: the table of states, what may be asked, and every history told by a machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign import facts as f
from egov_core.domain.campaign.campaign import Campaign, evolve, fold
from egov_core.domain.campaign.deciding import decide, digest_of
from egov_core.domain.campaign.forms import CollectedForm, FormFault, FormFile
from egov_core.domain.campaign.standing import laggards, standing, standings
from egov_core.domain.campaign.states import TRANSITIONS, UnitState, after
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import FixedDay, Period, Unit
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import ClaimError, EgovError, IntegrityError, LawError
from egov_core.runtime.shipped import national_calendar, office_hours
from egov_core.wire.codec import decode, encode

MONDAY = datetime(2016, 4, 25, 9, tzinfo=CHINA)
CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("hengyang")))
TEN_DAYS = Period(amount=Decimal(10), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
ALL_FORMS = tuple(CollectedForm)
OPEN = c.OpenCampaign(
    code="2016-items",
    title="填报事项",
    organ="county",
    units=("water", "health", "culture"),
    forms=ALL_FORMS,
    limit=TEN_DAYS,
    reviewers=("reviewer", "clerk"),
)


def file_set(mark: str) -> tuple[FormFile, ...]:
    return tuple(
        FormFile(form=form, name=f"{form.code}.csv", digest=f"{form.code}-{mark}", items=3) for form in ALL_FORMS
    )


class Told:
    """A campaign with its records, as they are told one after the other."""

    def __init__(self, asked: c.OpenCampaign = OPEN, at: datetime = MONDAY) -> None:
        self.records: list[f.CampaignRecord] = []
        self.campaign: Campaign | None = None
        self.do(asked, at=at, by="clerk")

    def do(self, command: c.CampaignCommand, *, at: datetime, by: str = "clerk") -> int:
        made = decide(self.campaign, command, by=by, at=at, ruler=RULER, revision=1)
        for fact in made:
            record = f.CampaignRecord(campaign=OPEN.code, number=len(self.records) + 1, at=at, by=by, fact=fact)
            self.campaign = evolve(self.campaign, record)
            self.records.append(record)
        return len(made)

    @property
    def now(self) -> Campaign:
        assert self.campaign is not None
        return self.campaign

    def state(self, unit: str) -> UnitState:
        return self.now.duty(unit).state


def handed_in(unit: str, mark: str = "a") -> c.HandIn:
    return c.HandIn(unit=unit, files=file_set(mark))


def returned(unit: str) -> c.ReturnForms:
    return c.ReturnForms(
        unit=unit, reason="期限有误", faults=(FormFault(place="汇总表 B7", message="承诺期限长于法定期限"),)
    )


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", UnitState)
@pytest.mark.parametrize("happened", [one for one in f.FACTS if not one.startswith("campaign-")])
def test_what_the_table_does_not_have_is_refused_with_the_way_on(state: UnitState, happened: str) -> None:
    if happened in TRANSITIONS[state]:
        assert after(state, happened, "water") is TRANSITIONS[state][happened]
        return
    with pytest.raises(LawError) as refused:
        after(state, happened, "water")
    assert refused.value.remedy
    assert refused.value.data["state"] == state.value


def test_every_state_but_the_last_leads_on_and_every_state_is_reached() -> None:
    reached = {after for row in TRANSITIONS.values() for after in row.values()} | {UnitState.NOT_STARTED}
    assert reached == set(UnitState) == set(TRANSITIONS)
    assert [state for state, row in TRANSITIONS.items() if not row] == [UnitState.PASSED_ON]


def test_every_fact_is_stored_and_read_back_as_itself() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    told.do(c.ReceivePaper(unit="water", day=MONDAY.date()), at=MONDAY)
    told.do(returned("water"), at=MONDAY, by="reviewer")
    told.do(c.TakeBackReturn(unit="water", reason="误退"), at=MONDAY, by="reviewer")
    told.do(handed_in("water", "b"), at=MONDAY, by="water-staff")
    told.do(c.ReceivePaper(unit="water", day=MONDAY.date()), at=MONDAY)
    told.do(c.AcceptForms(unit="water"), at=MONDAY, by="reviewer")
    told.do(c.ReopenUnit(unit="water", reason="法律修改", within=TEN_DAYS), at=MONDAY)
    told.do(c.PassOn(unit="water", to=("merged",), day=MONDAY.date(), document="改革方案"), at=MONDAY)
    told.do(c.RemindUnits(), at=MONDAY + timedelta(days=30))
    told.do(c.CloseCampaign(), at=MONDAY + timedelta(days=30))
    told.do(c.ReopenCampaign(reason="补报"), at=MONDAY + timedelta(days=30))
    assert {type(one.fact) for one in told.records} == set(get_args(f.CampaignFact))
    again = [decode(encode(one), f.CampaignRecord) for one in told.records]
    assert again == told.records
    assert fold(again) == told.now
    day = attrs.evolve(OPEN, limit=FixedDay(day=date(2016, 5, 31), basis=AS_GIVEN))
    assert decode(encode(Told(day).records[0]), f.CampaignRecord) == Told(day).records[0]


# --- what may be asked ------------------------------------------------------------------------------------------------


def test_the_last_day_is_counted_by_the_calendar_of_the_office() -> None:
    told = Told()
    # 25 April 2016 is a Monday; 30 April to 2 May were days off for Labour Day
    assert told.now.last_day == date(2016, 5, 10)
    assert told.now.due_at == datetime(2016, 5, 10, 23, 59, 59, tzinfo=CHINA)


def test_everything_wrong_with_an_opening_is_told_at_once() -> None:
    asked = attrs.evolve(
        OPEN,
        code="a:b",
        title=" ",
        units=("water", "water"),
        forms=(),
        reviewers=(),
        ahead=0,
        limit=FixedDay(day=date(2016, 4, 1), basis=AS_GIVEN),
    )
    with pytest.raises(ClaimError) as refused:
        Told(asked)
    assert [fault.path for fault in refused.value.faults] == [
        "title",
        "code",
        "units",
        "forms",
        "reviewers",
        "ahead",
        "limit",
    ]


@pytest.mark.parametrize(
    "code", ["2026/items", "items?", "a b", "a:b", "-a", ".", "..", "a\n", "x" * 65, "a#1", "a%2f"]
)
def test_a_code_that_an_address_would_read_otherwise_is_refused(code: str) -> None:
    with pytest.raises(ClaimError) as refused:
        Told(attrs.evolve(OPEN, code=code))
    ((path, found, said),) = [(one.path, one.code, one.message) for one in refused.value.faults]
    assert (path, found) == ("code", "code-form") and "letters, digits, '-', '_' and '.'" in said


@pytest.mark.parametrize("code", ["2026-items", "2026年填报", "a", "Q3_2026.1", "x" * 64])
def test_a_code_of_letters_and_digits_of_any_script_is_taken(code: str) -> None:
    assert Told(attrs.evolve(OPEN, code=code)).now.opened.code == code


def test_a_set_that_lacks_forms_is_refused_with_all_that_is_missing() -> None:
    told = Told()
    only = (FormFile(form=CollectedForm.SUMMARY, declared_none=True),)
    with pytest.raises(ClaimError) as refused:
        told.do(c.HandIn(unit="water", files=only), at=MONDAY)
    assert [(one.path, one.code) for one in refused.value.faults] == [
        ("information", "form-missing"),
        ("forwarding", "form-missing"),
        ("summary", "none-declared"),
    ]
    assert told.state("water") is UnitState.NOT_STARTED


def test_the_same_set_counts_once_whatever_its_files_are_called_and_whenever_it_comes() -> None:
    told = Told()
    assert told.do(handed_in("water"), at=MONDAY, by="water-staff") == 1
    renamed = tuple(attrs.evolve(one, name=f"新建 {one.name}") for one in reversed(file_set("a")))
    assert digest_of(renamed) == digest_of(file_set("a")) != digest_of(file_set("b"))
    assert told.do(c.HandIn(unit="water", files=renamed), at=MONDAY) == 0
    told.do(returned("water"), at=MONDAY, by="reviewer")
    told.do(handed_in("water", "b"), at=MONDAY)
    assert told.do(handed_in("water", "b"), at=MONDAY) == 0
    assert told.state("water") is UnitState.RESUBMITTED


def test_after_a_return_the_same_set_is_handed_in_anew() -> None:
    told = Told(attrs.evolve(OPEN, paper=False))
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    told.do(returned("water"), at=MONDAY, by="reviewer")
    assert told.do(handed_in("water"), at=MONDAY, by="water-staff") == 1
    assert told.state("water") is UnitState.RESUBMITTED
    assert told.do(handed_in("water"), at=MONDAY, by="water-staff") == 0, "once more by mistake does no harm"
    told.do(c.AcceptForms(unit="water"), at=MONDAY, by="reviewer")
    assert told.do(handed_in("water"), at=MONDAY, by="water-staff") == 0


def test_a_set_that_was_replaced_can_be_handed_in_once_more() -> None:
    told = Told()
    for mark, made in (("a", 1), ("b", 1), ("a", 1), ("a", 0)):
        assert told.do(handed_in("water", mark), at=MONDAY, by="water-staff") == made
    latest = told.now.duty("water").latest
    assert latest is not None and latest.digest == digest_of(file_set("a"))


def test_a_return_by_mistake_is_taken_back_with_its_paper_copy() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    told.do(c.ReceivePaper(unit="water", day=MONDAY.date()), at=MONDAY)
    told.do(attrs.evolve(returned("water"), within=TEN_DAYS), at=MONDAY, by="reviewer")
    longer = told.now.duty("water").due_at
    back = c.TakeBackReturn(unit="water", reason="看错了单位")
    with pytest.raises(LawError):
        told.do(back, at=MONDAY, by="water-staff")
    with pytest.raises(ClaimError):
        told.do(attrs.evolve(back, reason=" "), at=MONDAY, by="reviewer")
    assert told.do(back, at=MONDAY, by="reviewer") == 1
    duty = told.now.duty("water")
    assert (duty.state, duty.paper_on, duty.returned) == (UnitState.SUBMITTED, MONDAY.date(), None)
    assert duty.due_at == longer, "a later day that the unit was told is not taken from it"
    assert duty.returns[0].taken_back_at == MONDAY, "that it happened is kept"
    assert told.do(back, at=MONDAY, by="reviewer") == 0
    told.do(c.AcceptForms(unit="water"), at=MONDAY, by="reviewer")
    with pytest.raises(LawError):
        told.do(back, at=MONDAY, by="reviewer")


def test_what_was_reopened_or_has_come_again_is_no_return_to_take_back() -> None:
    told = Told(attrs.evolve(OPEN, paper=False))
    back = c.TakeBackReturn(unit="water", reason="误退")
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    with pytest.raises(LawError):
        told.do(back, at=MONDAY, by="reviewer")
    told.do(c.AcceptForms(unit="water"), at=MONDAY, by="reviewer")
    told.do(c.ReopenUnit(unit="water", reason="法律修改"), at=MONDAY)
    with pytest.raises(LawError) as refused:
        told.do(back, at=MONDAY, by="reviewer")
    assert "the same ones" in refused.value.remedy
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    told.do(returned("water"), at=MONDAY, by="reviewer")
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    with pytest.raises(LawError):
        told.do(back, at=MONDAY, by="reviewer")


def test_returning_needs_a_reason_and_faults_and_another_person() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="reviewer")
    with pytest.raises(LawError):
        told.do(returned("water"), at=MONDAY, by="reviewer")
    with pytest.raises(ClaimError) as refused:
        told.do(c.ReturnForms(unit="water", reason="  ", faults=()), at=MONDAY, by="clerk")
    assert [one.path for one in refused.value.faults] == ["reason", "faults"]
    assert told.state("water") is UnitState.SUBMITTED


def test_nothing_is_accepted_without_its_paper_copy_and_a_returned_set_needs_a_new_one() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="water-staff")
    with pytest.raises(LawError):
        told.do(c.AcceptForms(unit="water"), at=MONDAY, by="reviewer")
    told.do(c.ReceivePaper(unit="water", day=MONDAY.date()), at=MONDAY)
    assert standing(told.now, "water", MONDAY, CALENDAR).missing == ()
    told.do(returned("water"), at=MONDAY, by="reviewer")
    assert standing(told.now, "water", MONDAY, CALENDAR).missing == ("summary", "information", "forwarding", "paper")


def test_late_is_counted_in_working_days_from_the_last_second_in_time() -> None:
    told = Told()
    due = told.now.due_at
    assert not standing(told.now, "water", due, CALENDAR).overdue
    first = standing(told.now, "water", due + timedelta(seconds=1), CALENDAR)
    assert (first.overdue, first.days) == (True, 1)
    monday = standing(told.now, "water", datetime(2016, 5, 16, 9, tzinfo=CHINA), CALENDAR)
    assert monday.days == 4  # Wednesday to Friday, and Monday
    told.do(handed_in("water"), at=due, by="w")
    told.do(handed_in("health"), at=datetime(2016, 5, 13, 9, tzinfo=CHINA), by="h")
    at = datetime(2016, 5, 16, 9, tzinfo=CHINA)
    assert [standing(told.now, one, at, CALENDAR).handed_in_late for one in ("water", "health")] == [0, 3]


def test_time_given_to_correct_moves_the_last_day_of_that_unit_alone() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="w")
    at = datetime(2016, 5, 10, 9, tzinfo=CHINA)
    within = Period(amount=Decimal(3), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
    told.do(attrs.evolve(returned("water"), within=within), at=at, by="reviewer")
    assert told.now.duty("water").last_day == date(2016, 5, 13)
    assert told.now.duty("health").last_day == date(2016, 5, 10)
    later = datetime(2016, 5, 12, 9, tzinfo=CHINA)
    assert [one.unit for one in laggards(told.now, later, CALENDAR)] == ["health", "culture"]
    sooner = attrs.evolve(within, amount=Decimal(1))
    told.do(handed_in("water", "b"), at=later, by="w")
    told.do(attrs.evolve(returned("water"), within=sooner), at=later - timedelta(0), by="reviewer")
    assert told.now.duty("water").last_day == date(2016, 5, 13), "what was told is not taken back"


def test_units_are_reminded_once_before_and_once_a_day_after_the_last_day() -> None:
    told = Told()
    told.do(handed_in("health"), at=MONDAY, by="h")
    told.do(c.ReceivePaper(unit="health", day=MONDAY.date()), at=MONDAY)
    assert told.do(c.RemindUnits(), at=datetime(2016, 5, 4, 9, tzinfo=CHINA)) == 0
    near = datetime(2016, 5, 5, 9, tzinfo=CHINA)
    assert [told.do(c.RemindUnits(), at=near + timedelta(days=day)) for day in (0, 0, 1, 5)] == [2, 0, 0, 0]
    over = datetime(2016, 5, 11, 9, tzinfo=CHINA)
    assert [told.do(c.RemindUnits(), at=over + timedelta(hours=hour)) for hour in (0, 1, 24)] == [2, 0, 2]


def test_one_successor_goes_on_where_the_unit_stood_and_several_begin_anew() -> None:
    told = Told()
    told.do(handed_in("water"), at=MONDAY, by="w")
    told.do(c.PassOn(unit="water", to=("merged",), day=MONDAY.date(), document="改革方案"), at=MONDAY)
    assert (told.state("water"), told.state("merged")) == (UnitState.PASSED_ON, UnitState.SUBMITTED)
    assert told.now.duty("merged").took_over == ("water",)
    assert told.do(attrs.evolve(handed_in("merged")), at=MONDAY) == 0
    told.do(c.PassOn(unit="merged", to=("one", "two"), day=MONDAY.date(), document="改革方案"), at=MONDAY)
    assert [told.state(one) for one in ("one", "two")] == [UnitState.NOT_STARTED] * 2
    assert told.now.duty("two").took_over == ("water", "merged")


def test_a_successor_that_had_been_accepted_hands_in_again_for_what_it_took_over() -> None:
    told = Told(attrs.evolve(OPEN, paper=False))
    told.do(handed_in("health"), at=MONDAY, by="h")
    told.do(c.AcceptForms(unit="health"), at=MONDAY, by="reviewer")
    told.do(c.PassOn(unit="water", to=("health",), day=MONDAY.date(), document="改革方案"), at=MONDAY)
    assert told.state("health") is UnitState.RETURNED
    assert told.now.duty("health").returns[-1].reason == "改革方案"
    told.do(handed_in("health", "b"), at=MONDAY, by="h")
    told.do(c.AcceptForms(unit="health"), at=MONDAY, by="reviewer")
    told.do(c.PassOn(unit="health", to=("culture",), day=MONDAY.date(), document="改革方案"), at=MONDAY)
    assert told.state("culture") is UnitState.NOT_STARTED, "what was accepted stays accepted; its own part is missing"
    with pytest.raises(ClaimError):
        told.do(c.PassOn(unit="culture", to=("health", "culture"), day=MONDAY.date(), document=""), at=MONDAY)


def test_in_a_closed_campaign_nothing_happens_and_its_laggards_stay_those_of_that_day() -> None:
    told = Told()
    over = datetime(2016, 5, 12, 9, tzinfo=CHINA)
    told.do(c.CloseCampaign(), at=over)
    late = laggards(told.now, over, CALENDAR)
    assert laggards(told.now, over + timedelta(days=90), CALENDAR) == late
    for command, remedy in (
        (handed_in("water"), "reopen"),
        (c.RemindUnits(), "reopen"),
        (c.CloseCampaign(), "nothing more is to be done"),
    ):
        with pytest.raises(LawError) as refused:
            told.do(command, at=over)
        assert remedy in refused.value.remedy
    told.do(c.ReopenCampaign(reason="补报"), at=over)
    told.do(handed_in("water"), at=over, by="w")
    assert told.state("water") is UnitState.SUBMITTED


def test_a_record_out_of_place_is_damage() -> None:
    told = Told()
    with pytest.raises(IntegrityError):
        evolve(told.now, told.records[0])
    with pytest.raises(IntegrityError):
        evolve(None, attrs.evolve(told.records[0], number=2))
    with pytest.raises(IntegrityError):
        fold([])


# --- every history ----------------------------------------------------------------------------------------------------

UNITS = ("water", "health", "culture", "merged", "split")
MAKERS: tuple[Callable[[str, str, str], c.CampaignCommand], ...] = (
    lambda unit, mark, _other: handed_in(unit, mark),
    lambda unit, _mark, _other: c.ReceivePaper(unit=unit, day=MONDAY.date()),
    lambda unit, _mark, _other: returned(unit),
    lambda unit, _mark, _other: c.TakeBackReturn(unit=unit, reason="误退"),
    lambda unit, _mark, _other: c.AcceptForms(unit=unit),
    lambda unit, _mark, _other: c.ReopenUnit(unit=unit, reason="再核", within=TEN_DAYS),
    lambda unit, _mark, other: c.PassOn(unit=unit, to=(other,), day=MONDAY.date(), document="改革方案"),
    lambda unit, _mark, other: c.PassOn(unit=unit, to=(other, "split"), day=MONDAY.date(), document="改革方案"),
    lambda _unit, _mark, _other: c.RemindUnits(),
    lambda _unit, _mark, _other: c.CloseCampaign(),
    lambda _unit, _mark, _other: c.ReopenCampaign(reason="补报"),
)
STEPS = st.tuples(
    st.sampled_from(MAKERS),
    st.sampled_from(UNITS),
    st.sampled_from("ab"),
    st.sampled_from(UNITS),
    st.sampled_from(("reviewer", "clerk", "staff")),
    st.integers(0, 72),
)


@given(st.lists(STEPS, max_size=40))
def test_every_history_leaves_each_unit_in_one_state_and_loses_nothing(steps: list[tuple]) -> None:  # type: ignore[type-arg]  # steps of several shapes
    told, at = Told(), MONDAY
    for make, unit, mark, other, by, hours in steps:
        at += timedelta(hours=hours)
        before = (told.now, len(told.records))
        try:
            made = told.do(make(unit, mark, other), at=at, by=by)
        except EgovError:
            assert (told.now, len(told.records)) == before, "what is refused has not happened"
            continue
        command = make(unit, mark, other)
        if isinstance(command, c.HandIn | c.RemindUnits | c.ReceivePaper | c.TakeBackReturn):
            assert told.do(command, at=at, by=by) == 0, "asked once more, nothing more happens"
        if not made:
            assert told.now == before[0]
    campaign = told.now
    assert fold(told.records) == campaign, "the records alone make the campaign"
    assert sum(campaign.counts().values()) == len(campaign.units)
    for state in UnitState:
        assert campaign.counts()[state.value] == sum(1 for duty in campaign.units.values() if duty.state is state)
    assert set(OPEN.units) <= set(campaign.units)
    kept = {(one.digest, one.at) for duty in campaign.units.values() for one in duty.submissions}
    for record in told.records:
        if isinstance(record.fact, f.FormsHandedIn):
            assert (record.fact.digest, record.at) in kept
        if isinstance(record.fact, f.FormsReturned):
            given_back = {(back.at, back.reason) for duty in campaign.units.values() for back in duty.returns}
            assert (record.at, record.fact.reason) in given_back
    for one in standings(campaign, at, CALENDAR):
        duty = campaign.units[one.unit]
        assert one.overdue is (bool(one.missing) and at > duty.due_at)
        assert one.days >= 0
        assert duty.due_at >= campaign.due_at
        assert bool(duty.passed_to) is (duty.state is UnitState.PASSED_ON)
        assert (duty.accepted_at is not None) is (duty.state is UnitState.ACCEPTED) or duty.passed_to
        given_back_at = [each.at for each in duty.returns]
        for earlier, later in pairwise(duty.submissions):
            same = earlier.digest == later.digest
            assert not same or duty.took_over or any(earlier.at <= day <= later.at for day in given_back_at)
