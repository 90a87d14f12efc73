"""Every state and every command: what the table allows happens as it says, everything else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import attrs
import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, Filing, decide
from egov_core.domain.cases.folding import STATE_AFTER, evolve, fold
from egov_core.domain.cases.states import CLOSED, SETTLED, TRANSITIONS, Stage, State, Whole, allowed, stage, whole
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import (
    ART_42_DEFAULT,
    DEFAULT_STEPS,
    CaseType,
    ItemVersion,
    Material,
    PauseKind,
    PowerClass,
)
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.people import Actor, ActorKind, Applicant, Personal
from egov_core.domain.periods import Period, Unit, parse_limit
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import (
    ClaimError,
    ConflictError,
    EgovError,
    ExtensionRefusedError,
    IllegalTransitionError,
    NaiveTimeError,
    PauseRefusedError,
)
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
NOTICE, HUNAN = load_policy("notice"), load_policy("hunan-2018")
CLERK = Actor(kind=ActorKind.STAFF, code="p1", name="张三", organ="dept")
START = datetime(2017, 9, 18, 9, tzinfo=CHINA)

OWN = ItemVersion(
    code="I1",
    version=1,
    name="许可",
    organ="dept",
    power_class=PowerClass.LICENCE,
    case_type=CaseType.PROMISE,
    statutory=ART_42_DEFAULT,
    promised=parse_limit("7wd"),
    valid_from=date(2016, 1, 1),
    materials=tuple(Material(code=code, name=code) for code in ("m1", "m2", "m3")),
    pause_kinds=frozenset({PauseKind.HEARING, PauseKind.APPRAISAL}),
)
FORWARD = attrs.evolve(OWN, case_type=CaseType.FORWARD, forward_to="city")
SHORT = attrs.evolve(OWN, case_type=CaseType.IMMEDIATE)
NO_REVIEW = attrs.evolve(OWN, steps=tuple(step for step in DEFAULT_STEPS if step.code != "review"))
NOBODY = Applicant(name=Personal("某甲"), id_number=Personal("0"))


def days(amount: int, unit: Unit = Unit.WORKING_DAY) -> Period:
    return Period(amount=Decimal(amount), unit=unit, basis=AS_GIVEN)


COMMANDS: dict[type, Any] = {
    c.Submit: c.Submit(item="I1", applicant=NOBODY),
    c.Accept: c.Accept(case_id="k"),
    c.RequestCorrection: c.RequestCorrection(case_id="k", notice="补1", missing=("m1",)),
    c.Supplement: c.Supplement(case_id="k", materials=("m1",)),
    c.Refuse: c.Refuse(case_id="k", reason="不属于", notice="不1"),
    c.Review: c.Review(case_id="k", opinion="同意"),
    c.Pause: c.Pause(case_id="k", kind=PauseKind.HEARING, notice="特1", declared=days(5)),
    c.Resume: c.Resume(case_id="k", result="听证结束"),
    c.Extend: c.Extend(case_id="k", amount=days(10), reason="复杂", notice="延1"),
    c.Approve: c.Approve(case_id="k", document="准1"),
    c.Reject: c.Reject(case_id="k", document="驳1", reason="不符"),
    c.Deliver: c.Deliver(case_id="k", method="window"),
    c.Withdraw: c.Withdraw(case_id="k", reason="不办了"),
    c.ReferUpward: c.ReferUpward(case_id="k", opinion="同意上报"),
    c.RecordUpperProgress: c.RecordUpperProgress(case_id="k", progress="已受理"),
    c.RecordUpperDecision: c.RecordUpperDecision(case_id="k", granted=True, document="上1"),
    c.HandOver: c.HandOver(case_id="k", unit="dept-a", reason="分工调整"),
    c.OfferHearing: c.OfferHearing(case_id="k", notice="听告1"),
    c.RequestHearing: c.RequestHearing(case_id="k", reason="利害关系重大"),
    c.ScheduleHearing: c.ScheduleHearing(case_id="k", day=date(2017, 10, 20), place="三楼", notice="听通1"),
    c.HoldHearing: c.HoldHearing(case_id="k", record="听录1"),
    c.IssueLicence: c.IssueLicence(case_id="k", document="证1"),
    c.CheckCommitment: c.CheckCommitment(case_id="k", kept=True, finding="属实"),
}
ON_COMMITMENT = attrs.evolve(COMMANDS[c.Approve], on_commitment=True)

PATHS: dict[State | None, tuple[type, ...]] = {
    None: (),
    State.SUBMITTED: (c.Submit,),
    State.CORRECTION_REQUESTED: (c.Submit, c.RequestCorrection),
    State.NOT_ACCEPTED: (c.Submit, c.Refuse),
    State.ACCEPTED: (c.Submit, c.Accept),
    State.REVIEWED: (c.Submit, c.Accept, c.Review),
    State.PAUSED: (c.Submit, c.Accept, c.Pause),
    State.REFERRED: (c.Submit, c.Accept, c.Review, c.ReferUpward),
    State.APPROVED: (c.Submit, c.Accept, c.Review, c.Approve),
    State.REJECTED: (c.Submit, c.Accept, c.Review, c.Reject),
    State.DELIVERED: (c.Submit, c.Accept, c.Review, c.Approve, c.Deliver),
    State.WITHDRAWN: (c.Submit, c.Withdraw),
    State.LAPSED: (c.Submit, c.RequestCorrection),
}

BEFORE: dict[type, tuple[Any, ...]] = {
    c.RequestHearing: (a.HearingOffered(notice="听告1"),),
    c.ScheduleHearing: (a.HearingOffered(notice="听告1"), a.HearingRequested(reason="x")),
    c.HoldHearing: (
        a.HearingOffered(notice="听告1"),
        a.HearingRequested(reason="x"),
        a.HearingScheduled(day=date(2017, 9, 18), place="三楼", notice="听通1"),
    ),
}
"""What must have happened besides before a command is possible, in the states in which the table has it."""


def context(at: datetime, item: ItemVersion = OWN, **other: Any) -> Context:
    filing = Filing(number="N-1", subject="s", digests={}, query_digest="q")
    return Context(
        at=at, now=other.pop("now", at), item=item, yardstick=Yardstick.of(NOTICE, RULER), filing=filing, **other
    )


def record(case: Case | None, event: Any, at: datetime) -> Case:
    position = 1 if case is None else case.version + 1
    return evolve(case, e.RecordedEvent(stream="k", position=position, event=event, at=at, entered_at=at, actor=CLERK))


def do(case: Case | None, command: Any, at: datetime, item: ItemVersion = OWN) -> Case:
    for event in decide(case, command, context(at, item)):
        case = record(case, event, at)
    assert case is not None
    return case


def brought_to(state: State | None, item: ItemVersion | None = None) -> Case | None:
    item = item or (FORWARD if state is State.REFERRED else OWN)
    case = None
    for hour, command in enumerate(PATHS[state]):
        asked = ON_COMMITMENT if command is c.Approve else COMMANDS[command]
        case = do(case, asked, START + timedelta(hours=hour), item)
    if state is State.LAPSED:
        case = record(case, a.ClosedUnanswered(basis="x"), START + timedelta(hours=7))
    assert (None if case is None else case.state) is state
    return case


def pairs() -> Iterator[tuple[State | None, type]]:
    for state in TRANSITIONS:
        for command in get_args(c.Command):
            yield state, command


NOON = START + timedelta(hours=8)


def test_the_tables_speak_about_every_state_and_every_command() -> None:
    assert set(TRANSITIONS) == {None, *State} == set(PATHS)
    assert set(COMMANDS) == set(get_args(c.Command)) == set(c.NEEDED_ROLE)
    assert {command for row in TRANSITIONS.values() for command in row} == set(COMMANDS) | c.BY_LAW
    assert not set(COMMANDS) & c.BY_LAW
    assert set(COMMANDS) >= c.BY_APPLICANT
    assert set(e.EVENT_TYPES.values()) == set(get_args(e.CaseEvent))


@pytest.mark.parametrize(("state", "command"), list(pairs()))
def test_each_command_in_each_state_does_what_the_table_says_or_nothing(state: State | None, command: type) -> None:
    row = TRANSITIONS[state].get(command)
    forward = row is not None and row.guard == "forward-item"
    item = SHORT if row is not None and row.guard == "short-flow" else FORWARD if forward else None
    case = brought_to(state, item)
    item = item or (FORWARD if state is State.REFERRED else OWN)
    if row is None:
        before = case
        with pytest.raises((IllegalTransitionError, ConflictError)) as refused:
            decide(case, COMMANDS[command], context(NOON, item))
        assert case is before
        assert refused.value.remedy
        if isinstance(refused.value, IllegalTransitionError):
            assert refused.value.data["allowed"] == list(allowed(state))
        return
    for event in BEFORE.get(command, ()):
        case = record(case, event, NOON - timedelta(minutes=1))
    after = do(case, COMMANDS[command], NOON, item)
    assert after.state is (State.ACCEPTED if command is c.Resume else row.to)
    assert after.version == (0 if case is None else case.version) + 1
    assert (after.last_at, after.last_actor) == (NOON, CLERK)


@pytest.mark.parametrize(("state", "command"), list(pairs()))
def test_the_state_after_an_event_is_the_one_of_the_table(state: State | None, command: type) -> None:
    row = TRANSITIONS[state].get(command)
    if row is None or row.to is None:
        return
    named = {
        c.Submit: "submitted", c.Accept: "accepted", c.RequestCorrection: "correction-requested",
        c.Supplement: "supplemented", c.Refuse: "not-accepted", c.Review: "reviewed", c.Pause: "paused",
        c.Approve: "approved", c.Reject: "rejected", c.Deliver: "delivered", c.Withdraw: "withdrawn",
        c.ReferUpward: "referred", c.RecordUpperDecision: "approved",
    }  # fmt: skip
    if command in named:
        assert STATE_AFTER[named[command]] is row.to
    else:
        assert row.to is state, "an event that is not named leaves the state as it is"


@pytest.mark.parametrize(
    ("item", "state", "command"),
    [
        (OWN, State.ACCEPTED, c.Approve),
        (OWN, State.ACCEPTED, c.Reject),
        (FORWARD, State.ACCEPTED, c.Approve),
        (FORWARD, State.REVIEWED, c.Approve),
        (FORWARD, State.REVIEWED, c.Reject),
        (OWN, State.REVIEWED, c.ReferUpward),
    ],
)
def test_a_guard_refuses_what_the_item_has_no_step_for(item: ItemVersion, state: State, command: type) -> None:
    case = brought_to(state, item)
    with pytest.raises(IllegalTransitionError) as refused:
        decide(case, COMMANDS[command], context(NOON, item))
    assert refused.value.data["state"] == state.value


@pytest.mark.parametrize("item", [SHORT, NO_REVIEW])
@pytest.mark.parametrize("command", [c.Approve, c.Reject])
def test_an_item_without_review_is_decided_from_acceptance(item: ItemVersion, command: type) -> None:
    case = brought_to(State.ACCEPTED, item)
    assert do(case, COMMANDS[command], NOON, item).state in CLOSED


@pytest.mark.parametrize(("granted", "state"), [(True, State.APPROVED), (False, State.REJECTED)])
def test_the_upper_organs_decision_concludes_the_whole_either_way(granted: bool, state: State) -> None:
    case = brought_to(State.REFERRED)
    assert case is not None and whole(case.state) is Whole.WITH_UPPER
    command = c.RecordUpperDecision(case_id="k", granted=granted, document="上1")
    [event] = decide(case, command, context(NOON, FORWARD))
    assert isinstance(event, e.Approved | e.Rejected) and event.by_upper
    assert do(case, command, NOON, FORWARD).state is state
    assert whole(state) is Whole.CLOSED


def test_a_case_resumes_where_it_was_paused() -> None:
    for state in (State.ACCEPTED, State.REVIEWED):
        paused = do(brought_to(state), COMMANDS[c.Pause], NOON)
        assert (paused.state, paused.resume_to) == (State.PAUSED, state)
        resumed = do(paused, COMMANDS[c.Resume], NOON + timedelta(days=1))
        assert (resumed.state, resumed.resume_to) == (state, None)
        assert resumed.pauses[0].end == NOON + timedelta(days=1)


def test_withdrawing_while_paused_ends_the_pause() -> None:
    case = do(brought_to(State.PAUSED), COMMANDS[c.Withdraw], NOON)
    assert case.pauses[0].end == NOON and case.state is State.WITHDRAWN


RACES = [
    (State.ACCEPTED, c.Accept, OWN),
    (State.CORRECTION_REQUESTED, c.RequestCorrection, OWN),
    (State.NOT_ACCEPTED, c.Refuse, OWN),
    (State.REVIEWED, c.Review, OWN),
    (State.PAUSED, c.Pause, OWN),
    (State.APPROVED, c.Approve, OWN),
    (State.APPROVED, c.Reject, OWN),
    (State.REJECTED, c.Approve, OWN),
    (State.DELIVERED, c.Deliver, OWN),
    (State.WITHDRAWN, c.Withdraw, OWN),
    (State.REFERRED, c.ReferUpward, FORWARD),
]


@pytest.mark.parametrize(("state", "command", "item"), RACES)
def test_who_loses_a_race_is_told_the_winner(state: State, command: type, item: ItemVersion) -> None:
    case = brought_to(state, item)
    assert case is not None
    with pytest.raises(ConflictError) as lost:
        decide(case, COMMANDS[command], context(NOON, item))
    assert lost.value.data["winner"] == "p1" and lost.value.data["winner_name"] == "张三"
    assert lost.value.data["act"] == case.last_act and lost.value.data["at"] == case.last_at.isoformat()
    assert "张三" in lost.value.message


def test_the_supplement_and_the_resumption_that_come_second_are_told_too() -> None:
    supplemented = do(brought_to(State.CORRECTION_REQUESTED), COMMANDS[c.Supplement], NOON)
    resumed = do(brought_to(State.PAUSED), COMMANDS[c.Resume], NOON)
    for case, command in ((supplemented, c.Supplement), (resumed, c.Resume)):
        with pytest.raises(ConflictError):
            decide(case, COMMANDS[command], context(NOON))


def test_a_pause_needs_a_written_notice_one_of_the_items_kinds_and_working_days() -> None:
    case = brought_to(State.ACCEPTED)
    plain = COMMANDS[c.Pause]
    wrong = [
        attrs.evolve(plain, notice=""),
        attrs.evolve(plain, notice="  "),
        attrs.evolve(plain, kind=PauseKind.TENDER),
        attrs.evolve(plain, declared=days(5, Unit.DAY)),
        attrs.evolve(plain, declared=days(24, Unit.HOUR)),
    ]
    for command in wrong:
        with pytest.raises(PauseRefusedError) as refused:
            decide(case, command, context(NOON))
        assert refused.value.remedy
    anything = attrs.evolve(OWN, pause_kinds=frozenset())
    assert decide(case, attrs.evolve(plain, kind=PauseKind.TENDER), context(NOON, anything))


def test_an_extension_is_given_once_in_working_days_and_at_most_ten_of_them() -> None:
    case = brought_to(State.ACCEPTED)
    plain = COMMANDS[c.Extend]
    for amount in (days(11), days(10, Unit.DAY), days(24, Unit.HOUR)):
        with pytest.raises(ExtensionRefusedError):
            decide(case, attrs.evolve(plain, amount=amount), context(NOON))
    extended = do(case, plain, NOON)
    assert extended.state is State.ACCEPTED and extended.extensions[0].amount == days(10)
    with pytest.raises(ExtensionRefusedError, match="already extended"):
        decide(extended, plain, context(NOON))


def test_an_extension_after_expiry_is_void_and_one_at_the_last_second_is_not() -> None:
    case = brought_to(State.ACCEPTED)
    due = datetime(2017, 10, 20, 23, 59, 59, tzinfo=CHINA)
    assert decide(case, COMMANDS[c.Extend], context(due))
    with pytest.raises(ExtensionRefusedError, match="passed"):
        decide(case, COMMANDS[c.Extend], context(due + timedelta(seconds=1)))


def test_a_pause_leaves_room_for_an_extension_that_would_else_be_late() -> None:
    paused = do(brought_to(State.ACCEPTED), COMMANDS[c.Pause], datetime(2017, 9, 28, 9, tzinfo=CHINA))
    resumed = do(paused, COMMANDS[c.Resume], datetime(2017, 10, 10, 9, tzinfo=CHINA))
    assert decide(resumed, COMMANDS[c.Extend], context(datetime(2017, 10, 26, 23, 59, 59, tzinfo=CHINA)))
    with pytest.raises(ExtensionRefusedError):
        decide(resumed, COMMANDS[c.Extend], context(datetime(2017, 10, 27, tzinfo=CHINA)))


@pytest.mark.parametrize("text", ["immediate", "none", "15d"])
def test_only_limits_in_working_days_are_extended(text: str) -> None:
    item = attrs.evolve(OWN, statutory=parse_limit(text), promised=None)
    with pytest.raises(ExtensionRefusedError):
        decide(brought_to(State.ACCEPTED, item), COMMANDS[c.Extend], context(NOON, item))


BLANKS = [
    (State.SUBMITTED, c.RequestCorrection(case_id="k", notice=" ", missing=()), ["$.notice", "$.missing"]),
    (State.SUBMITTED, c.RequestCorrection(case_id="k", notice="补1", missing=("m1", " ")), ["$.missing"]),
    (State.CORRECTION_REQUESTED, c.Supplement(case_id="k", materials=("",)), ["$.materials"]),
    (State.SUBMITTED, c.Refuse(case_id="k", reason="", notice=""), ["$.reason", "$.notice"]),
    (State.ACCEPTED, c.Review(case_id="k", opinion=""), ["$.opinion"]),
    (State.PAUSED, c.Resume(case_id="k", result=""), ["$.result"]),
    (State.ACCEPTED, c.Extend(case_id="k", amount=days(99), reason="", notice=" "), ["$.reason", "$.notice"]),
    (State.REVIEWED, c.Approve(case_id="k", document=""), ["$.document"]),
    (State.REVIEWED, c.Reject(case_id="k", document="", reason=""), ["$.document", "$.reason"]),
    (State.APPROVED, c.Deliver(case_id="k", method=""), ["$.method"]),
    (State.ACCEPTED, c.Withdraw(case_id="k", reason=""), ["$.reason"]),
    (State.REFERRED, c.RecordUpperProgress(case_id="k", progress=""), ["$.progress"]),
    (State.REFERRED, c.RecordUpperDecision(case_id="k", granted=False, document=""), ["$.document"]),
]


@pytest.mark.parametrize(("state", "command", "missing"), BLANKS)
def test_every_missing_text_is_named_at_once(state: State, command: Any, missing: list[str]) -> None:
    case = brought_to(state)
    with pytest.raises(ClaimError) as refused:
        decide(case, command, context(NOON, FORWARD if state is State.REFERRED else OWN))
    assert [fault.path for fault in refused.value.faults] == missing


@pytest.mark.parametrize("state", [None, State.CORRECTION_REQUESTED])
def test_materials_the_item_does_not_know_are_refused(state: State | None) -> None:
    command = c.Submit if state is None else c.Supplement
    with pytest.raises(ClaimError, match="m9"):
        decide(brought_to(state), attrs.evolve(COMMANDS[command], materials=("m1", "m9")), context(NOON))


def test_a_referral_needs_an_opinion() -> None:
    case = brought_to(State.REVIEWED, FORWARD)
    with pytest.raises(ClaimError):
        decide(case, c.ReferUpward(case_id="k", opinion=" "), context(NOON, FORWARD))


def test_an_event_lies_neither_in_the_future_nor_before_the_last() -> None:
    case = brought_to(State.ACCEPTED)
    assert case is not None
    review = COMMANDS[c.Review]
    for at, now in ((NOON, NOON - timedelta(seconds=1)), (case.last_at - timedelta(seconds=1), NOON)):
        with pytest.raises(ClaimError) as refused:
            decide(case, review, context(at, now=now))
        assert refused.value.remedy and not isinstance(refused.value, NaiveTimeError)
    assert decide(case, review, context(case.last_at, now=NOON))
    with pytest.raises(ClaimError):
        decide(None, COMMANDS[c.Submit], context(NOON, now=START))


def test_a_naive_time_is_refused_and_fractions_are_dropped() -> None:
    naive = datetime(2017, 9, 18, 9)
    with pytest.raises(NaiveTimeError):
        context(naive, now=NOON)
    with pytest.raises(NaiveTimeError):
        context(NOON, now=naive)
    with pytest.raises(NaiveTimeError):
        record(None, decide(None, COMMANDS[c.Submit], context(START))[0], naive)
    assert context(START.replace(microsecond=7), now=NOON).at == START


def test_limits_are_frozen_at_acceptance_under_the_policys_start_rule() -> None:
    submitted = brought_to(State.SUBMITTED)
    for policy, rule in ((NOTICE, "next-day"), (HUNAN, "instant")):
        [event] = decide(
            submitted, COMMANDS[c.Accept], attrs.evolve(context(NOON), yardstick=Yardstick.of(policy, RULER))
        )
        assert isinstance(event, e.Accepted)
        assert isinstance(event.statutory, Period) and event.statutory.start_rule.value == rule
        assert isinstance(event.promised, Period) and event.promised.start_rule.value == rule


def test_a_material_the_item_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(ClaimError) as refused:
        do(brought_to(State.CORRECTION_REQUESTED), c.Supplement(case_id="k", materials=("m1", "m9")), NOON)
    assert [fault.path for fault in refused.value.faults] == ["$.materials"]
    assert "'m9'" in refused.value.faults[0].message


def test_what_a_case_holds_follows_from_its_events() -> None:
    case = brought_to(State.SUBMITTED)
    case = do(case, COMMANDS[c.RequestCorrection], NOON)
    case = do(case, c.Supplement(case_id="k", materials=("m1", "m2")), NOON)
    case = do(case, COMMANDS[c.RequestCorrection], NOON)
    case = do(case, c.Supplement(case_id="k", materials=("m2", "m3")), NOON)
    assert (case.materials, case.corrections) == (("m1", "m2", "m3"), 2)
    assert case.when("submitted") == START and case.when("approved") is None
    referred = brought_to(State.REFERRED)
    assert referred is not None
    assert referred.referred_to == "city" and referred.referral_key.startswith("k:referral:")


def test_folding_in_any_two_parts_gives_the_case() -> None:
    steps: list[tuple[Any, ItemVersion]] = [
        (COMMANDS[c.Submit], FORWARD),
        (COMMANDS[c.RequestCorrection], FORWARD),
        (COMMANDS[c.Supplement], FORWARD),
        (COMMANDS[c.Accept], FORWARD),
        (COMMANDS[c.Pause], FORWARD),
        (COMMANDS[c.Resume], FORWARD),
        (COMMANDS[c.Extend], FORWARD),
        (COMMANDS[c.Review], FORWARD),
        (COMMANDS[c.ReferUpward], FORWARD),
        (COMMANDS[c.RecordUpperProgress], FORWARD),
        (COMMANDS[c.RecordUpperDecision], FORWARD),
        (COMMANDS[c.Deliver], FORWARD),
    ]
    case: Case | None = None
    recorded: list[e.RecordedEvent] = []
    for number, (command, item) in enumerate(steps):
        at = START + timedelta(hours=number)
        for event in decide(case, command, context(at, item)):
            one = e.RecordedEvent(
                stream="k", position=len(recorded) + 1, event=event, at=at, entered_at=at, actor=CLERK
            )
            recorded.append(one)
            case = evolve(case, one)
    assert case is not None and case.state is State.DELIVERED
    assert fold([]) is None
    for cut in range(len(recorded) + 1):
        assert fold(recorded[cut:], fold(recorded[:cut])) == case
        prefix = fold(recorded[:cut])
        assert prefix is None or prefix.version == cut


def test_stage_and_whole_are_told_for_every_state() -> None:
    assert {state: stage(state) for state in State} | {
        State.SUBMITTED: Stage.ACCEPTANCE,
        State.PAUSED: Stage.REVIEW,
        State.APPROVED: Stage.CONCLUSION,
        State.NOT_ACCEPTED: Stage.ACCEPTANCE,
    } == {state: stage(state) for state in State}
    assert {state for state in State if whole(state) is Whole.CLOSED} == CLOSED
    for state in SETTLED:
        assert set(allowed(state)) <= {"IssueLicence", "CheckCommitment"}


def test_every_refusal_of_the_domain_has_a_code_and_can_be_shown() -> None:
    with pytest.raises(EgovError) as refused:
        decide(None, COMMANDS[c.Accept], context(START))
    assert refused.value.as_dict()["code"] == "illegal-transition"
