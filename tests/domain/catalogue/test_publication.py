"""The life of an item: only what the tables allow, by two persons, and nothing published is ever edited."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.catalogue import (
    Catalogue,
    ConfirmItem,
    Draft,
    DraftState,
    ItemCommand,
    ItemLife,
    ItemState,
    ItemVersion,
    PrepareDraft,
    PublishDraft,
    ResumeItem,
    ReturnDraft,
    StandingChange,
    SubmitDraft,
    Succession,
    SuccessionKind,
    SuspendItem,
    WithdrawItem,
)
from egov_core.domain.catalogue.publication import DRAFTING, STANDING, TYPES, decide, evolve
from egov_core.errors import ClaimError, EgovError, ItemStateError, LawError
from egov_core.testing import small_county as county

TODAY = date(2026, 3, 2)
ONE, TWO = "one", "two"


def version(number: int = 1, *, since: date = TODAY, code: str = "a") -> ItemVersion:
    return county.item(code, version=number, valid_from=since)


def after(life: ItemLife, *acts: tuple[ItemCommand, str], today: date = TODAY) -> ItemLife:
    for command, by in acts:
        for happened in decide(life, command, by=by, today=today):
            life = evolve(life, happened)
    return life


def published(number: int = 1) -> ItemLife:
    life = ItemLife(code="a")
    for one in range(1, number + 1):
        life = after(life, (PrepareDraft(item=version(one)), ONE), (SubmitDraft(), ONE), (PublishDraft(), TWO))
    return life


def suspend(on: date = TODAY, by: str = ONE) -> SuspendItem:
    return SuspendItem(reason="系统改造", on=on, prepared_by=by)


def withdraw(on: date = TODAY, succession: Succession | None = None) -> WithdrawItem:
    return WithdrawItem(reason="国务院取消", on=on, prepared_by=ONE, succession=succession)


def test_a_draft_becomes_a_version_by_two_persons() -> None:
    life = published()

    assert [one.version for one in life.versions] == [1]
    assert life.draft is None
    assert life.drafts[0].hands == (ONE,)
    assert life.drafts[0].published_by == TWO
    assert life.state_on(TODAY) is ItemState.IN_USE


@pytest.mark.parametrize("act", [PublishDraft(), ReturnDraft(reason="材料没有依据")])
def test_whoever_has_worked_on_a_draft_does_not_decide_it(act: ItemCommand) -> None:
    life = after(ItemLife(code="a"), (PrepareDraft(item=version()), ONE), (SubmitDraft(), TWO))

    for by in (ONE, TWO):
        with pytest.raises(LawError, match="prepared this change"):
            decide(life, act, by=by, today=TODAY)
    assert decide(life, act, by="three", today=TODAY)


def test_a_returned_draft_keeps_its_reason_and_its_hands_until_it_is_written_anew() -> None:
    life = after(
        ItemLife(code="a"),
        (PrepareDraft(item=version()), ONE),
        (SubmitDraft(), ONE),
        (ReturnDraft(reason=" 材料没有依据 "), TWO),
    )
    assert life.draft is not None
    assert (life.draft.state, life.draft.reason) == (DraftState.RETURNED, "材料没有依据")

    again = after(life, (PrepareDraft(item=version()), "three")).draft
    assert again is not None
    assert (again.state, again.reason, again.hands) == (DraftState.DRAFT, "", (ONE, "three"))


@pytest.mark.parametrize("state", [None, *DraftState])
def test_a_draft_takes_exactly_the_steps_of_its_table(state: DraftState | None) -> None:
    drafts = () if state is None else (Draft(item=version(), state=state, hands=(ONE,)),)
    row = DRAFTING[None if state is DraftState.PUBLISHED else state]
    for command in (PrepareDraft(item=version()), SubmitDraft(), ReturnDraft(reason="缺"), PublishDraft()):
        life = ItemLife(code="a", drafts=drafts)
        if type(command) in row:
            (happened, *_) = decide(life, command, by=TWO, today=TODAY)
            assert happened.type == TYPES[type(command)]
            assert isinstance(happened.value, Draft)
            assert happened.value.state is row[type(command)]
        else:
            with pytest.raises(ItemStateError):
                decide(life, command, by=TWO, today=TODAY)


@pytest.mark.parametrize(
    ("state", "command"),
    list(product(ItemState, (suspend(), ResumeItem(reason="改造完成", on=TODAY, prepared_by=ONE), withdraw()))),
)
def test_an_item_takes_exactly_the_steps_of_its_table(state: ItemState, command: ItemCommand) -> None:
    change = StandingChange(code="a", number=1, state=state, on=TODAY, reason="", prepared_by="", decided_by="")
    life = attrs.evolve(published(), standings=(change,))
    if type(command) in STANDING[state]:
        assert after(life, (command, TWO)).state_on(TODAY) is STANDING[state][type(command)]
    else:
        with pytest.raises(ItemStateError):
            decide(life, command, by=TWO, today=TODAY)


def test_a_version_holds_from_the_day_of_publication_at_the_earliest() -> None:
    early = after(ItemLife(code="a"), (PrepareDraft(item=version(since=date(2020, 1, 1))), ONE), (SubmitDraft(), ONE))
    assert after(early, (PublishDraft(), TWO)).versions[0].valid_from == TODAY

    late = after(ItemLife(code="a"), (PrepareDraft(item=version(since=date(2027, 1, 1))), ONE), (SubmitDraft(), ONE))
    assert after(late, (PublishDraft(), TWO)).versions[0].valid_from == date(2027, 1, 1)


def test_a_draft_is_of_the_next_version_also_when_another_was_published_meanwhile() -> None:
    with pytest.raises(ClaimError, match="must be 2"):
        decide(published(), PrepareDraft(item=version(1)), by=ONE, today=TODAY)
    waiting = after(published(), (PrepareDraft(item=version(2)), ONE), (SubmitDraft(), ONE))
    overtaken = attrs.evolve(waiting, versions=(*waiting.versions, version(2)))
    with pytest.raises(ClaimError, match="must be 3"):
        decide(overtaken, PublishDraft(), by=TWO, today=TODAY)


def test_everything_wrong_with_a_change_is_said_at_once() -> None:
    with pytest.raises(ClaimError) as refused:
        decide(
            published(),
            SuspendItem(reason=" ", on=TODAY - timedelta(days=1), prepared_by=""),
            by=TWO,
            today=TODAY,
        )
    assert [fault.code for fault in refused.value.faults] == ["missing", "past", "missing"]


def test_how_an_item_stood_on_a_day_can_always_be_told() -> None:
    later = TODAY + timedelta(days=10)
    life = after(published(), (suspend(later), TWO))
    life = after(life, (ResumeItem(reason="改造完成", on=later + timedelta(days=5), prepared_by=ONE), TWO), today=later)

    seen = [life.state_on(TODAY + timedelta(days=days)) for days in (0, 9, 10, 14, 15)]
    assert seen == [
        ItemState.IN_USE,
        ItemState.IN_USE,
        ItemState.SUSPENDED,
        ItemState.SUSPENDED,
        ItemState.IN_USE,
    ]
    with pytest.raises(ClaimError, match="no earlier day"):
        decide(life, withdraw(later), by=TWO, today=later)


def test_the_yearly_look_is_kept_with_the_version_that_was_looked_at() -> None:
    life = after(published(2), (ConfirmItem(note="逐项核对"), ONE))
    assert [(one.number, one.version, one.on, one.by) for one in life.reviews] == [(1, 2, TODAY, ONE)]
    with pytest.raises(ItemStateError):
        decide(after(published(), (withdraw(), TWO)), ConfirmItem(), by=ONE, today=TODAY)


# --- what took its place ----------------------------------------------------------------------------------------------


def succession(kind: SuccessionKind, *new: str) -> Succession:
    return Succession(kind=kind, new=new, basis=county.BASIS)


def withdrawn(code: str, into: Succession | None = None, on: date = TODAY) -> StandingChange:
    return StandingChange(
        code=code,
        number=1,
        state=ItemState.WITHDRAWN,
        on=on,
        reason="机构改革",
        prepared_by=ONE,
        decided_by=TWO,
        succession=into,
    )


@pytest.mark.parametrize(
    ("kind", "new"),
    [
        (SuccessionKind.SPLIT, ("b",)),
        (SuccessionKind.MERGE, ("b", "c")),
        (SuccessionKind.RENAME, ()),
        (SuccessionKind.SPLIT, ("b", "b")),
        (SuccessionKind.TRANSFER, (" ",)),
    ],
)
def test_a_succession_that_cannot_be_is_refused(kind: SuccessionKind, new: tuple[str, ...]) -> None:
    with pytest.raises(ClaimError):
        succession(kind, *new)


def test_whoever_asks_for_an_old_code_is_told_what_took_its_place() -> None:
    day = TODAY + timedelta(days=1)
    catalogue = Catalogue.of(
        [version(code=code, since=date(2020, 1, 1)) for code in "abcde"],
        [
            withdrawn("a", succession(SuccessionKind.SPLIT, "b", "c")),
            withdrawn("b", succession(SuccessionKind.MERGE, "d"), on=day),
            withdrawn("e"),
        ],
    )
    assert catalogue.on("a", TODAY - timedelta(days=1)).code == "a"
    assert catalogue.successors("a", TODAY) == ("b", "c")
    assert catalogue.successors("a", day) == ("c", "d")
    with pytest.raises(ItemStateError) as refused:
        catalogue.on("a", day)
    told = refused.value
    assert told.data["successors"] == ["c", "d"]
    assert "机构改革" in told.message
    assert str(TODAY) in told.message
    assert "(d)" in told.remedy
    with pytest.raises(ItemStateError, match="withdrawn") as refused:
        catalogue.on("e", TODAY)
    assert "no other item" in refused.value.remedy
    assert [one.code for one in catalogue.in_use(day)] == ["c", "d"]


def test_a_ring_of_successions_ends() -> None:
    catalogue = Catalogue.of(
        [version(code=code) for code in "ab"],
        [
            withdrawn("a", succession(SuccessionKind.RENAME, "b")),
            withdrawn("b", succession(SuccessionKind.RENAME, "a")),
        ],
    )
    assert catalogue.successors("a", TODAY) == ()


# --- whatever is asked ------------------------------------------------------------------------------------------------

ACTS = st.sampled_from(
    [
        lambda life, on: PrepareDraft(item=version(life.next_version, since=on)),
        lambda _life, _on: SubmitDraft(),
        lambda _life, _on: ReturnDraft(reason="缺依据"),
        lambda _life, _on: PublishDraft(),
        lambda _life, on: suspend(on),
        lambda _life, on: ResumeItem(reason="完成", on=on, prepared_by=ONE),
        lambda _life, on: withdraw(on),
        lambda _life, _on: ConfirmItem(),
    ]
)


@settings(max_examples=75, deadline=None)
@given(st.lists(st.tuples(ACTS, st.sampled_from([ONE, TWO, "three"]), st.integers(0, 40)), max_size=30))
def test_whatever_is_asked_nothing_published_changes_and_no_hand_decides_its_own(
    asked: list[tuple[object, str, int]],
) -> None:
    life, today = ItemLife(code="a"), TODAY
    for make, by, days in asked:
        today += timedelta(days=days % 4)
        before = life
        try:
            happened = decide(life, make(life, today + timedelta(days=days)), by=by, today=today)  # type: ignore[operator]  # a row of the table
        except EgovError:
            continue
        for one in happened:
            life = evolve(life, one)
        assert life.versions[: len(before.versions)] == before.versions
        assert life.standings[: len(before.standings)] == before.standings
        assert [one.version for one in life.versions] == list(range(1, len(life.versions) + 1))
    for draft in life.drafts:
        assert draft.published_by not in draft.hands
    for change in life.standings:
        assert change.prepared_by != change.decided_by
    days_of = [one.on for one in life.standings]
    assert days_of == sorted(days_of)
