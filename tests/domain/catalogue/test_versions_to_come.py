"""A change holds from its day on and goes into every version to come that says nothing else there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.catalogue import ItemLife, ItemVersion, PrepareDraft, PublishDraft, SubmitDraft
from egov_core.domain.catalogue.items import Catalogue
from egov_core.domain.catalogue.publication import decide, evolve
from egov_core.domain.catalogue.versions_to_come import (
    is_as_published,
    publish_over,
    stretches,
    version_from,
)
from egov_core.errors import ClaimError
from egov_core.testing import small_county as county

TODAY, REFORM = date(2026, 11, 27), date(2027, 3, 1)
FIRST = county.item("a", promised=county.working_days(10))


def with_reform(**says: Any) -> tuple[ItemVersion, ...]:
    """The item, and the version that a reform has published for its day."""
    changes: dict[str, Any] = {"organ": "other-bureau", **says}
    return FIRST, attrs.evolve(FIRST, version=2, valid_from=REFORM, **changes)


def phone(item: ItemVersion, number: str) -> ItemVersion:
    return attrs.evolve(item, guide=attrs.evolve(item.guide, inquiry_phone=number))


def test_a_correction_before_a_reform_holds_at_once_and_stays_after_it() -> None:
    held = with_reform()
    made = publish_over(held, phone(FIRST, "0999-1"), begins=TODAY)
    assert made.clashes == ()
    now, then = made.versions
    assert (now.version, now.valid_from, now.valid_to, now.organ) == (3, TODAY, REFORM, FIRST.organ)
    assert (then.version, then.valid_from, then.valid_to, then.organ) == (4, REFORM, None, "other-bureau")
    assert now.guide.inquiry_phone == then.guide.inquiry_phone == "0999-1"
    assert is_as_published((*held, *made.versions), phone(FIRST, "0999-1"), TODAY)


def test_where_the_reform_changes_the_same_field_both_versions_are_named() -> None:
    held = with_reform(promised=county.working_days(8))
    item = attrs.evolve(phone(FIRST, "0999-1"), promised=county.working_days(5))
    (clash,) = publish_over(held, item, begins=TODAY).clashes
    assert (clash.over.version, clash.later.version, clash.fields) == (1, 2, ("promised",))
    assert all(word in clash.message for word in ("version 1", "version 2", "2027-03-01", "promised"))
    same = attrs.evolve(FIRST, promised=county.working_days(8))
    assert [one.version for one in publish_over(held, same, begins=TODAY).versions] == [3], "both mean the same"


def test_a_promise_that_a_law_to_come_does_not_allow_is_a_clash() -> None:
    held = with_reform(statutory=county.working_days(10))
    item = attrs.evolve(FIRST, promised=county.working_days(15))
    (clash,) = publish_over(held, item, begins=TODAY).clashes
    assert clash.fields == ("promised", "statutory")


def test_an_item_that_is_yet_to_begin_is_corrected_from_its_first_day_on() -> None:
    held = (attrs.evolve(FIRST, valid_from=REFORM),)
    (made,) = publish_over(held, phone(FIRST, "0999-1"), begins=TODAY).versions
    assert (made.version, made.valid_from) == (2, REFORM)


def drafted(held: tuple[ItemVersion, ...], item: ItemVersion, *, written: date, published: date) -> ItemLife:
    life = ItemLife(code="a", versions=held)
    acts = (
        (PrepareDraft(item=item), "one", written),
        (SubmitDraft(), "one", written),
        (PublishDraft(), "two", published),
    )
    for command, by, today in acts:
        for happened in decide(life, command, by=by, today=today):
            life = evolve(life, happened)
    return life


def test_a_draft_is_written_over_what_holds_and_published_into_what_is_to_come() -> None:
    held = with_reform()
    base = ItemLife(code="a", versions=held).to_write_over(TODAY)
    assert base is not None and (base.organ, base.valid_from) == (FIRST.organ, TODAY)
    life = drafted(held, attrs.evolve(phone(base, "0999-1"), version=3), written=TODAY, published=TODAY)
    assert [(one.version, one.valid_from, one.valid_to) for one in life.versions[2:]] == [
        (3, TODAY, REFORM),
        (4, REFORM, None),
    ]
    assert life.draft is None and life.next_version == 5


def test_a_draft_from_before_a_reform_that_is_published_after_it_does_not_take_the_reform_back() -> None:
    held = with_reform()
    item = attrs.evolve(phone(FIRST, "0999-1"), version=3, valid_from=TODAY)
    life = drafted(held, item, written=TODAY, published=REFORM + timedelta(days=9))
    (now,) = life.versions[2:]
    assert (now.organ, now.guide.inquiry_phone, now.valid_from) == (
        "other-bureau",
        "0999-1",
        REFORM + timedelta(days=9),
    )


def test_a_draft_against_a_version_to_come_is_refused_before_anybody_reviews_it() -> None:
    held = with_reform(promised=county.working_days(8))
    item = attrs.evolve(FIRST, version=3, promised=county.working_days(5))
    with pytest.raises(ClaimError) as refused:
        decide(ItemLife(code="a", versions=held), PrepareDraft(item=item), by="one", today=TODAY)
    assert [fault.code for fault in refused.value.faults] == ["version-to-come"]


VALUES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲", "乙"]),
        "organ": st.sampled_from(["bureau", "other-bureau"]),
        "fee": st.sampled_from(["", "不收费"]),
        "forward_item": st.sampled_from(["", "S1", "S2"]),
    }
)
DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def published(draw: st.DrawFn) -> tuple[ItemVersion, ...]:
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        begins = draw(DAYS)
        length = draw(st.one_of(st.none(), st.integers(1, 40)))
        ends = None if length is None else begins + timedelta(days=length)
        says: dict[str, Any] = draw(VALUES)
        made.append(attrs.evolve(FIRST, version=number, valid_from=begins, valid_to=ends, **says))
    return tuple(made)


@given(published(), VALUES, DAYS)
def test_every_day_has_the_change_and_otherwise_what_it_had(
    held: tuple[ItemVersion, ...], says: dict[str, Any], begins: date
) -> None:
    ahead = list(stretches(held, begins))
    base = version_from(held, begins)
    assert base is not None
    item = attrs.evolve(base, **says)
    made = publish_over(held, item, begins=begins)
    changed = {name for name, value in says.items() if getattr(base, name) != value}
    clashing = [
        one
        for one, _, _ in ahead
        if any(getattr(one, name) not in (getattr(base, name), says[name]) for name in changed)
    ]
    assert [one.later for one in made.clashes] == clashing
    if made.clashes or not ahead:
        return
    before, after = Catalogue.of(held), Catalogue.of([*held, *made.versions])
    for days in range(-45, 90):
        day = TODAY + timedelta(days=days)
        was, now = before.in_force("a", day), after.in_force("a", day)
        if day < begins or was is None:
            assert now == was
        else:
            assert now is not None
            for name, value in says.items():
                assert getattr(now, name) == (value if name in changed else getattr(was, name))
