"""Revisions of the calendar: complete, contiguous, sealed; what is known is passed over, contradictions are refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest

from egov_core.domain.calendar.layering import Layer
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.revisions import WHOLE_AREA, Addition, CalendarRevision
from egov_core.domain.legal import CHINA
from egov_core.errors import CalendarDataError, IntegrityError
from egov_core.runtime.shipped import national_calendar, national_notices, regulation
from egov_core.wire.codec import decode, encode

NOW = datetime(2026, 5, 1, 9, tzinfo=CHINA)
DAY = date(2026, 6, 8)  # a Monday


def order(*rest: date, **changes: Any) -> Notice:
    made: dict[str, Any] = {
        "title": "local order",
        "number": "县〔2026〕1号",
        "year": 2026,
        "published": date(2026, 4, 1),
        "rest": rest or (DAY,),
    }
    return Notice(**(made | changes))


def first(**changes: Any) -> CalendarRevision:
    given: dict[str, Any] = {"regulation": regulation(), "notices": national_notices(), **changes}
    return CalendarRevision.first(NOW, **given)


def after(revision: CalendarRevision, notice: Notice, **where: str) -> CalendarRevision:
    found = revision.with_notice(notice, NOW, **where)
    assert found is not None
    return found


def test_the_first_revision_is_the_calendar_of_the_library() -> None:
    one = first()
    assert (one.number, one.added, one.scopes) == (1, None, (WHOLE_AREA,))
    assert one.calendar(WHOLE_AREA).version == national_calendar().version


def test_a_notice_named_twice_is_the_same_notice() -> None:
    assert first(notices=[*national_notices(), *national_notices()]) == first()


def test_each_revision_adds_one_thing_and_says_which() -> None:
    one = first()
    two = after(one, order())
    assert (two.number, two.adopted_at) == (2, NOW)
    assert two.added == Addition(name="县〔2026〕1号", published=date(2026, 4, 1))
    assert one.calendar(WHOLE_AREA).changed_days(two.calendar(WHOLE_AREA)) == (DAY,)
    assert one.calendar(WHOLE_AREA).span_to(two.calendar(WHOLE_AREA)) == (DAY, DAY)


def test_a_notice_entered_ahead_of_its_date_is_known_from_its_entry_on() -> None:
    ahead = after(first(), order(published=date(2026, 5, 20)))
    assert ahead.added is not None
    assert ahead.added.published == NOW.date()


def test_a_known_notice_changes_nothing_whatever_its_wording() -> None:
    two = after(first(), order())
    assert two.with_notice(order(title="worded otherwise", source="elsewhere"), NOW) is None
    assert two.with_notice(order(number="", title="县〔2026〕1号"), NOW) is None


def test_the_name_of_a_known_notice_with_other_days_is_refused() -> None:
    two = after(first(), order())
    with pytest.raises(CalendarDataError) as refused:
        two.with_notice(order(DAY, DAY + timedelta(days=1)), NOW)
    assert "amends" in refused.value.remedy


def test_an_amendment_of_what_nobody_knows_is_refused() -> None:
    two = after(first(), order())
    slip = order(number="县〔2026〕2号", rest=(), work=(DAY,), amends="县〔2025〕1号", published=date(2026, 4, 2))
    with pytest.raises(CalendarDataError, match="县〔2025〕1号") as refused:
        two.with_notice(slip, NOW)
    assert [fault.code for fault in refused.value.faults] == ["amends-unknown"]
    for right in (slip, attrs.evolve(slip, number="")):
        for name in ("县〔2026〕1号", "local order", "国办发明电〔2025〕7号"):
            assert two.with_notice(attrs.evolve(right, title="another", amends=name), NOW) is not None


def test_an_organs_order_may_amend_what_is_known_below_it() -> None:
    region = after(first(), order(), layer="自治区")
    own = order(number="县〔2026〕2号", title="own", rest=(), work=(DAY,), amends="县〔2026〕1号")
    assert region.with_notice(own, NOW, organ="bureau") is not None
    for where in ({}, {"layer": "别的地区"}):
        with pytest.raises(CalendarDataError, match="县〔2026〕1号"):
            region.with_notice(own, NOW, **where)


def test_a_later_notice_that_takes_back_days_of_the_schedule_without_amending_it_is_known() -> None:
    worked = national_notices()[-1]
    assert (worked.year, worked.number) == (2026, "国办发明电〔2025〕7号")
    contrary = order(worked.work[0], rest=(*worked.work[:2], DAY))
    assert first().overruled(contrary) == worked.work[:2]
    assert first().overruled(attrs.evolve(contrary, amends=worked.number)) == ()
    assert first().overruled(attrs.evolve(contrary, published=date(2025, 1, 1))) == ()
    assert first().overruled(order()) == ()
    assert first(notices=national_notices()[:-1]).overruled(contrary) == ()


def test_a_second_schedule_of_a_year_takes_back_what_it_leaves_out() -> None:
    worked = national_notices()[-1]
    day = next(day for day in worked.rest if day.weekday() >= 5)
    second = attrs.evolve(worked, number="县〔2026〕9号", rest=tuple(one for one in worked.rest if one != day))
    for published in (date(2025, 1, 1), date(2026, 1, 5)):
        assert first().overruled(attrs.evolve(second, published=published)) == (day,)
    assert first().overruled(attrs.evolve(second, amends=worked.number)) == ()
    assert first().overruled(worked) == ()


def test_a_notice_that_contradicts_another_of_its_day_is_refused() -> None:
    two = after(first(), order())
    with pytest.raises(CalendarDataError) as refused:
        two.with_notice(order(number="县〔2026〕2号", rest=(), work=(DAY,)), NOW)
    assert [fault.code for fault in refused.value.faults] == ["notices-disagree"]
    amending = order(number="县〔2026〕2号", rest=(), ordinary=(DAY,), amends="县〔2026〕1号")
    assert after(two, amending).calendar(WHOLE_AREA).is_workday(DAY)


def test_an_organs_layer_measures_its_cases_alone_on_top_of_its_regions() -> None:
    region, organ = order(), order(DAY + timedelta(days=1))
    revision = after(after(first(), organ, organ="bureau"), region, layer="自治区")
    assert revision.scopes == (WHOLE_AREA, "bureau")
    assert [layer.name for layer in revision.layers] == ["自治区", "bureau"]
    area, bureau = revision.calendar(WHOLE_AREA), revision.calendar(revision.scope_of("bureau"))
    assert [area.is_workday(DAY + timedelta(days=n)) for n in (0, 1)] == [False, True]
    assert [bureau.is_workday(DAY + timedelta(days=n)) for n in (0, 1)] == [False, False]
    assert bureau.reason(DAY + timedelta(days=1)).layer == "bureau"
    assert revision.scope_of("other") == WHOLE_AREA
    again = after(revision, order(number="县〔2026〕9号", published=date(2026, 4, 9)), organ="bureau")
    assert [len(layer.notices) for layer in again.layers] == [1, 2]


def test_a_notice_may_be_known_in_one_layer_and_new_in_another() -> None:
    revision = after(first(), order(), layer="自治区")
    assert revision.holds(order(), layer="自治区")
    assert not revision.holds(order())
    assert after(revision, order(), organ="bureau").number == 3


def test_a_text_of_the_regulation_is_adopted_like_a_notice() -> None:
    shorter = attrs.evolve(regulation(), texts=regulation().texts[:-1])
    one = first(regulation=shorter)
    two = one.with_regulation(regulation(), NOW)
    assert two is not None
    assert two.added == Addition(name=regulation().texts[-1].number, published=regulation().texts[-1].published)
    assert one.calendar(WHOLE_AREA).version != two.calendar(WHOLE_AREA).version
    assert two.with_regulation(regulation(), NOW) is None


def test_a_revision_that_is_built_differently_than_it_was_adopted_is_refused() -> None:
    altered = attrs.evolve(after(first(), order()), notices=national_notices())
    with pytest.raises(IntegrityError, match="revision 2"):
        altered.calendar(WHOLE_AREA)


def test_a_revision_comes_back_from_its_bytes() -> None:
    layers = [Layer(name="自治区", notices=[order()]), Layer(name="bureau", organ="bureau", notices=[order(DAY)])]
    revision = after(first(layers=layers), order(number="县〔2026〕3号"))
    again = decode(encode(revision), CalendarRevision)
    assert again == revision
    assert encode(again) == encode(revision)
    assert again.calendar("bureau").version == revision.versions["bureau"]


def test_the_span_to_another_calendar_holds_days_that_are_published_as_computed() -> None:
    before = national_calendar()
    assert before.span_to(national_calendar()) is None
    assert before.horizon is not None
    year = before.horizon.year + 1
    holidays = regulation().days(year)
    schedule = Notice(
        title="as computed",
        year=year,
        published=date(year - 1, 11, 4),
        rest=(*holidays.holidays, *holidays.substitutes),
    )
    after_it = national_calendar(extra=[schedule])
    assert before.changed_days(after_it) == ()
    assert before.span_to(after_it) == (date(year, 1, 1), date(year, 12, 31))
