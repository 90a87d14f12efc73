"""What is stored and chained: one value, one encoding, and back without loss."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.audit import GENESIS, link
from egov_core.domain.cases import events as e
from egov_core.domain.cases.accompanying import CardSuccession
from egov_core.domain.cases.calendar_events import TimerShift
from egov_core.domain.cases.case import Case, CaseCard, CaseExtension, CasePause, CaseRecount, Holding, Mark
from egov_core.domain.cases.outline import CaseOutline
from egov_core.domain.cases.states import State
from egov_core.domain.catalogue import ItemVersion, PauseKind
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.people import Actor, ActorKind
from egov_core.domain.periods import EndRoll, FixedDay, Immediate, Limit, NoLimit, Period, StartRule, Unit
from egov_core.domain.timers.kinds import Expiry, LimitSource, Party, TimerKind
from egov_core.domain.timers.silence import Lapse
from egov_core.errors import IntegrityError
from egov_core.testing import small_county as county
from egov_core.wire.codec import (
    canonical,
    decode,
    decode_case,
    decode_event,
    decode_outline,
    encode,
    encode_case,
    encode_event,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(
    lambda value: value.replace(microsecond=0, tzinfo=CHINA)
)
bases = st.builds(LegalBasis, instrument=texts, article=texts, in_force=st.none() | days, assumed=st.booleans())
periods = st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR]).flatmap(
    lambda unit: st.builds(
        Period,
        amount=st.integers(1, 10).map(Decimal) | st.decimals("0.5", "9.5", places=1).filter(lambda one: one > 0),
        unit=st.just(unit),
        basis=bases,
        # hours cannot count from the beginning of a day already under way
        start_rule=st.sampled_from([rule for rule in StartRule if not (unit.is_hours and rule is StartRule.SAME_DAY)]),
        end_roll=st.sampled_from(EndRoll),
    )
)
limits: st.SearchStrategy[Limit] = (
    periods
    | st.builds(Immediate, basis=bases)
    | st.builds(NoLimit, basis=bases)
    | st.builds(FixedDay, day=days, basis=bases)
)
actors = st.builds(Actor, kind=st.sampled_from(ActorKind), code=texts, name=texts, organ=texts)
tuples = st.lists(texts, max_size=3).map(tuple)
shifts = st.builds(
    TimerShift,
    timer_id=texts,
    kind=texts,
    old=st.none() | instants,
    new=st.none() | instants,
    told=st.booleans(),
    was_provisional=st.booleans(),
    provisional=st.booleans(),
)

KNOWN = {
    "digests": st.dictionaries(texts, texts, max_size=3),
    "materials": tuples,
    "missing": tuples,
    "promised": st.none() | limits,
    "statutory": limits,
    "declared": periods,
    "amount": periods,
    "due": st.none() | instants,
    "item_version": st.integers(1, 99),
    "epoch": st.integers(0, 300),
    "accepted": st.booleans(),
    "by_upper": st.booleans(),
    "provisional": st.booleans(),
    "limits": st.dictionaries(texts, limits, max_size=2),
    "lapses": st.lists(st.builds(Lapse, timer=texts, effect=st.sampled_from(Expiry), basis=bases), max_size=2).map(
        tuple
    ),
    "steps": st.lists(st.builds(e.StepTerms, code=texts, limit=limits, unit=texts), max_size=2).map(tuple),
    "renewal": st.none()
    | st.builds(e.Renewal, expires=st.builds(FixedDay, day=days, basis=bases), latest=days, in_time=st.booleans()),
    "kinds": st.lists(
        st.builds(
            TimerKind,
            code=texts,
            name=texts,
            starts_on=st.frozensets(texts, max_size=2),
            stops_on=st.frozensets(texts, max_size=2),
            limit_source=st.sampled_from(LimitSource),
            limit=st.none() | limits,
            pausable=st.booleans(),
            party=st.sampled_from(Party),
        ),
        max_size=2,
    ).map(tuple),
    "within": st.none() | periods,
    "succession": st.lists(
        st.builds(CardSuccession, source=texts, target=texts, effective=days, basis=texts, plan=texts), max_size=2
    ).map(tuple),
    "since": st.none() | instants,
    "day": days,
    **dict.fromkeys(("forward", "short", "deemed", "by_law", "on_commitment", "kept"), st.booleans()),
    "calendar": st.integers(1, 99),
    "revision": st.integers(2, 99),
    "published": days,
    "changes": st.lists(shifts, max_size=3).map(tuple),
    "cut_over": instants,
    "acts": st.integers(1, 40),
    "cards_confirmed": st.booleans(),
    "cells": st.dictionaries(texts, texts, max_size=3),
}


@st.composite
def recorded(draw: st.DrawFn, kind: type[e.CaseEvent]) -> e.RecordedEvent:
    fields: dict[str, Any] = {field.name: draw(KNOWN.get(field.name, texts)) for field in attrs.fields(kind)}
    return e.RecordedEvent(
        stream=draw(texts),
        position=draw(st.integers(1, 500)),
        event=kind(**fields),
        at=draw(instants),
        entered_at=draw(instants),
        actor=draw(actors),
    )


@pytest.mark.parametrize("name", e.EVENT_TYPES)
def test_every_event_comes_back_as_it_was(name: str) -> None:
    @given(recorded(e.EVENT_TYPES[name]))
    def check(one: e.RecordedEvent) -> None:
        payload = encode_event(one)
        assert decode_event(one.stream, one.position, payload) == one
        assert encode_event(decode_event(one.stream, one.position, payload)) == payload

    check()


cards = st.builds(
    CaseCard, timer_id=texts, timer_kind=texts, rule=texts, level=texts, epoch=st.integers(0, 300), at=instants
)
pauses = st.lists(
    st.builds(CasePause, kind=texts, notice=texts, declared=periods, start=instants, end=st.none() | instants),
    max_size=2,
).map(tuple)
extensions = st.lists(st.builds(CaseExtension, amount=periods, approved_at=instants), max_size=1).map(tuple)
recounts = st.builds(
    CaseRecount,
    revision=st.integers(2, 99),
    at=instants,
    published=days,
    entered_at=instants,
    notice=texts,
    marks=st.integers(1, 9),
    pauses=pauses,
    extensions=extensions,
)
cases = st.builds(
    Case,
    case_id=texts,
    version=st.integers(1, 99),
    state=st.sampled_from(State),
    number=texts,
    item=texts,
    item_version=st.integers(1, 9),
    item_name=texts,
    organ=texts,
    subject=texts,
    materials=tuples,
    query_digest=texts,
    history=st.lists(st.builds(Mark, texts, instants), min_size=1, max_size=4).map(tuple),
    last_actor=actors,
    last_act=texts,
    last_at=instants,
    resume_to=st.none() | st.sampled_from(State),
    promised=st.none() | limits,
    statutory=st.none() | limits,
    policy=texts,
    pauses=pauses,
    extensions=extensions,
    corrections=st.integers(0, 3),
    cards=st.lists(cards, max_size=3).map(tuple),
    calendar=st.integers(1, 99),
    recounts=st.lists(recounts, max_size=2).map(tuple),
    holdings=st.lists(st.builds(Holding, instants, texts), max_size=2).map(tuple),
)


@given(cases)
def test_a_case_comes_back_as_it_was(case: Case) -> None:
    assert decode_case(encode_case(case)) == case
    assert encode_case(decode_case(encode_case(case))) == encode_case(case)


@given(cases)
def test_the_outline_of_a_case_says_what_the_case_says(case: Case) -> None:
    outline = decode_outline(encode_case(case))
    for field in attrs.fields(CaseOutline):
        assert getattr(outline, field.name) == getattr(case, field.name), field.name


@pytest.mark.parametrize("damaged", [b"", b"{}", b"[1]", b'{"item_version": 1, "history": [{}]}'])
def test_a_damaged_outline_is_damage_of_the_store(damaged: bytes) -> None:
    with pytest.raises(IntegrityError, match="a stored case cannot be read"):
        decode_outline(damaged)


@given(
    statutory=limits, promised=st.none() | limits, kinds=st.frozensets(st.sampled_from(PauseKind)), to=st.none() | texts
)
def test_an_item_version_comes_back_as_it_was(
    statutory: Limit, promised: Limit | None, kinds: frozenset[PauseKind], to: str | None
) -> None:
    item = attrs.evolve(county.item("one"), statutory=statutory, promised=promised, pause_kinds=kinds, forward_to=to)
    assert decode(encode(item), ItemVersion) == item


@given(kinds=st.permutations(sorted(PauseKind, key=lambda one: one.value)))
def test_a_set_has_one_encoding_in_whatever_order_it_was_made(kinds: list[PauseKind]) -> None:
    item = county.item("one")
    assert encode(attrs.evolve(item, pause_kinds=frozenset(kinds))) == encode(
        attrs.evolve(item, pause_kinds=frozenset(PauseKind))
    )


def test_the_golden_bytes_of_an_event_and_its_link_never_change() -> None:
    """Every chain ever written depends on these bytes: when this fails, old chains no longer verify."""
    at = datetime(2024, 6, 17, 9, tzinfo=CHINA)
    event = e.Accepted(item_version=1, promised=county.working_days(10), statutory=county.working_days(20))
    actor = Actor(kind=ActorKind.STAFF, code="ry1", name="周", organ="d1")
    one = e.RecordedEvent(stream="s", position=2, event=event, at=at, entered_at=at + timedelta(seconds=1), actor=actor)
    basis = '"basis":{"article":"第一条","assumed":false,"in_force":null,"instrument":"《演示条例》"},"end_roll":"none"'
    golden = (
        '{"actor":{"code":"ry1","kind":"staff","name":"周","organ":"d1"},"at":"2024-06-17T09:00:00+08:00","data":'
        '{"item_version":1,"promised":{"amount":"10",' + basis + ',"kind":"period","start_rule":"next-day",'
        '"unit":"workday"},"statutory":{"amount":"20",' + basis + ',"kind":"period","start_rule":"next-day",'
        '"unit":"workday"}},"entered_at":"2024-06-17T09:00:01+08:00","type":"accepted","v":1}'
    ).encode()
    assert encode_event(one) == golden
    assert link(GENESIS, "s", 2, golden) == "e9443c9787ce7f4882e9242cffd066a253a39fb598aca9600516cb55ed078c70"


def test_canonical_sorts_keys_and_leaves_no_spaces() -> None:
    assert canonical({"b": 1, "a": ["二", None, True]}) == '{"a":["二",null,true],"b":1}'.encode()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"null", b'{"case_id": 1}', b"\xff"])
def test_damaged_bytes_of_a_case_are_an_integrity_error(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        decode_case(data)
    with pytest.raises(IntegrityError, match="stream/7"):
        decode_event("stream", 7, data)


def test_an_event_of_a_newer_program_is_refused() -> None:
    with pytest.raises(IntegrityError, match="newer than this program"):
        decode_event("s", 1, b'{"type":"reviewed","v":2}')
    with pytest.raises(IntegrityError, match="newer than this program"):
        decode_event("s", 1, b'{"type":"of-tomorrow","v":1}')
