"""Incidents: said beside an answer, never in its place, and never left unsaid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Limit, NoLimit, Period, Unit, parse_limit
from egov_core.domain.timers.incidents import Incident, incidents
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.reckoning import Pause, PauseRule, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import PeriodError
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
CAPPED = attrs.evolve(RULER, settings=Settings(cap_pauses=True))
START = datetime(2018, 11, 5, 10, tzinfo=CHINA)
TEN = Period(amount=Decimal(10), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def run(limit: Limit | str, *pauses: Pause) -> TimerRun:
    found = parse_limit(limit) if isinstance(limit, str) else limit
    return TimerRun(timer_id="t", kind="case", start=START, limits={"statutory": found}, pauses=pauses)


def pause(end: datetime | None, *, by_dates: bool = True, declared: Period | None = TEN) -> Pause:
    return Pause(start=datetime(2018, 11, 12, 9, tzinfo=CHINA), end=end, by_dates=by_dates, declared=declared)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def codes(found: tuple[Incident, ...]) -> list[str]:
    return [one.code for one in found]


def test_a_limit_that_is_none_is_said_and_an_ordinary_one_has_nothing() -> None:
    assert codes(incidents(run(NoLimit(basis=AS_GIVEN)), RULER)) == ["no-limit"]
    assert incidents(run("20wd"), RULER) == ()
    promised = TimerRun(
        timer_id="t", kind="case", start=START, limits={"promised": NoLimit(basis=AS_GIVEN), "statutory": TEN}
    )
    assert incidents(promised, RULER) == (), "no promise, but the law's limit"
    assert codes(incidents(TimerRun(timer_id="t", kind="case", start=START, limits={}), RULER)) == ["no-limit"]


def test_an_open_pause_is_said_while_it_leaves_the_end_unknown() -> None:
    assert codes(incidents(run("20wd", pause(None)), RULER)) == ["paused"]
    assert incidents(run("20wd", pause(None)), CAPPED) == ()
    assert incidents(run("3wd", pause(None)), RULER) == (), "the limit was used up before"


@pytest.mark.parametrize("limit", ["20wd", "30d", "70wh", "400h", "1m"])
@pytest.mark.parametrize("by_dates", [True, False])
def test_a_pause_past_its_declared_days_is_said_in_every_unit(limit: str, by_dates: bool) -> None:
    long, short = pause(at("2018-11-30T09:00"), by_dates=by_dates), pause(at("2018-11-26T09:00"), by_dates=by_dates)
    for ruler, code in ((RULER, "pause-past-declared"), (CAPPED, "pause-past-cap")):
        [told] = incidents(run(limit, long), ruler)
        assert (told.code, told.data["declared"], told.data["to"][:10]) == (code, "10wd", "2018-11-30")
        assert told.data["declared_until"] == ("2018-11-27T00:00:00+08:00" if by_dates else "2018-11-26T09:00:00+08:00")
        assert told.message and told.remedy
        assert incidents(run(limit, short), ruler) == ()
    assert incidents(run(limit, attrs.evolve(long, declared=None)), RULER) == ()


def test_the_closed_rule_has_used_up_the_declared_days_one_day_earlier() -> None:
    closed = attrs.evolve(CAPPED, settings=Settings(cap_pauses=True, pause_rule=PauseRule.CLOSED))
    until_the_23rd, until_the_26th = pause(at("2018-11-23T09:00")), pause(at("2018-11-26T09:00"))
    assert incidents(run("20wd", until_the_23rd), closed) == ()
    assert codes(incidents(run("20wd", until_the_26th), closed)) == ["pause-past-cap"]
    assert incidents(run("20wd", until_the_26th), CAPPED) == ()


@given(st.integers(0, 40), st.integers(1, 15), st.sampled_from(PauseRule))
def test_a_pause_is_past_its_cap_exactly_where_the_cap_moves_the_end(days: int, declared: int, rule: PauseRule) -> None:
    """The cap takes something away, and says so; or it takes nothing away, and says nothing."""
    ruler = attrs.evolve(RULER, settings=Settings(pause_rule=rule))
    capped = attrs.evolve(RULER, settings=Settings(pause_rule=rule, cap_pauses=True))
    begin = date(2018, 11, 12)
    end = date.fromordinal(begin.toordinal() + days)
    told = Period(amount=Decimal(declared), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
    paused = run("20wd", Pause(start=start_of(begin), end=start_of(end), declared=told))
    moved = paused.due(ruler).last_day != paused.due(capped).last_day
    assert codes(incidents(paused, capped)) == (["pause-past-cap"] if moved else [])
    assert codes(incidents(paused, ruler)) == (["pause-past-declared"] if moved else [])
    over = [line for line in ledger(paused, capped) if line.reason == "pause-over"]
    assert bool(over) is moved and all(line.counts for line in over)
    assert not [line for line in ledger(paused, ruler) if line.reason == "pause-over"]


def test_the_total_of_a_ledger_is_the_limit_to_the_part_of_a_day() -> None:
    for amount in ("0.5wd", "1.5wd", "20wd"):
        found = ledger(run(amount), RULER)
        assert f"{found[-1].total:f}wd" == amount
    half = Pause(start=at("2018-11-06T13:00"), end=at("2018-11-06T17:00"), by_dates=False)  # four of seven hours
    lines = ledger(run("2wd", half), RULER)
    assert [f"{line.total:f}" for line in lines] == ["0", "0.4285", "1.4285", "2"]


@pytest.mark.parametrize("amount", [5, 0.5, "5", None])
def test_an_amount_that_is_no_decimal_is_refused_with_a_remedy(amount: object) -> None:
    with pytest.raises(PeriodError, match="an amount is a Decimal") as refused:
        Period(amount=amount, unit=Unit.WORKING_DAY, basis=AS_GIVEN)  # type: ignore[arg-type]  # the wrong amount is meant
    assert refused.value.remedy and refused.value.data["amount"] == repr(amount)
