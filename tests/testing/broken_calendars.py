"""A calendar of a region that keeps every promise, and ones that are broken in one way each. Not a test."""

# ruff: noqa: ARG002 - what is broken does not use what it is given

from __future__ import annotations

import random
import time as clocks
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import attrs

from egov_core import hookimpl
from egov_core.domain.calendar.hours import OfficeHours, Season
from egov_core.domain.calendar.layering import NATIONAL
from egov_core.domain.calendar.notices import Notice

FAIR = Notice(
    title="云岫州关于民族节日放假的通知（演示）",
    number="云岫府发〔2024〕1号",
    year=2024,
    published=date(2024, 4, 1),
    source="演示数据",
    rest=[date(2024, 6, 20), date(2024, 6, 21)],
    work=[date(2024, 6, 16)],
)
LATER = Notice(
    title="云岫州关于调整民族节日放假的通知（演示）",
    number="云岫府发〔2024〕2号",
    year=2024,
    published=date(2024, 6, 3),
    amends=FAIR.number,
    ordinary=[date(2024, 6, 20)],
    rest=[date(2024, 6, 24)],
)
MORNING, AFTERNOON, SUMMER = (time(8, 30), time(12)), (time(14), time(17, 30)), (time(15), time(18, 30))


class WholeCalendar:
    """A festival, moved once; hours that are later in summer afternoons."""

    @hookimpl
    def egov_calendar_notices(self) -> Mapping[str, Sequence[Notice]]:
        found: Mapping[str, Sequence[Notice]] = self.answer(self.notices())
        return found

    @hookimpl
    def egov_office_hours(self, name: str) -> OfficeHours | None:
        return self.hours() if self.is_mine(name) else None

    # --- one seam for each promise ------------------------------------------------------------------------------------

    def answer(self, notices: list[Notice]) -> Any:
        return {"yunxiu": notices}

    def notices(self) -> list[Notice]:
        return [FAIR, LATER]

    def is_mine(self, name: str) -> bool:
        return name == "ours"

    def hours(self) -> OfficeHours:
        return OfficeHours(name="ours", basis="云岫府发〔2024〕3号（演示）", seasons=self.seasons())

    def seasons(self) -> list[Season]:
        winter = Season(first=(10, 1), last=(5, 31), windows=(MORNING, AFTERNOON))
        return [winter, Season(first=(6, 1), last=(9, 30), windows=(MORNING, SUMMER))]


# --- C1 ---------------------------------------------------------------------------------------------------------------


class AnswersWithAList(WholeCalendar):
    def answer(self, notices: list[Notice]) -> Any:
        return notices


class AnswersWithAGenerator(WholeCalendar):
    def answer(self, notices: list[Notice]) -> Any:
        return {"yunxiu": (one for one in notices)}


class AnswersWithTables(WholeCalendar):
    def answer(self, notices: list[Notice]) -> Any:
        return {"yunxiu": [attrs.asdict(one) for one in notices]}


class LayerWithoutName(WholeCalendar):
    def answer(self, notices: list[Notice]) -> Any:
        return {"": notices}


class LayerWithoutNotices(WholeCalendar):
    def answer(self, notices: list[Notice]) -> Any:
        return {"yunxiu": notices, "other": []}


class OnlyTheFirstTime(WholeCalendar):
    asked = False

    def answer(self, notices: list[Notice]) -> Any:
        first, self.asked = not self.asked, True
        return {"yunxiu": notices if first else notices[:1]}


class HandsOutItsOwnList(WholeCalendar):
    def __init__(self) -> None:
        self.kept = super().notices()

    def notices(self) -> list[Notice]:
        return self.kept


class DependsOnTheYear(WholeCalendar):
    def notices(self) -> list[Notice]:
        return super().notices() if clocks.localtime().tm_year > 2000 else []


# --- C2 ---------------------------------------------------------------------------------------------------------------


class NothingToLookUp(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, number="", source="")]


class EnglishTitle(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, title="Festival days")]


class PublishedAfterwards(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, published=date(2024, 6, 25))]


class PublishedLongBefore(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, published=date(2019, 6, 25))]


class StatesNothing(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, rest=(), work=())]


# --- C3 ---------------------------------------------------------------------------------------------------------------


class ContradictsItself(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [FAIR, attrs.evolve(LATER, amends="", published=FAIR.published)]


class ContradictsTheNation(WholeCalendar):
    """A notice of the nation's own, published with the one that says otherwise."""

    def answer(self, notices: list[Notice]) -> Any:
        same_day = date(2023, 10, 25)
        work = attrs.evolve(FAIR, published=same_day, rest=[date(2024, 2, 4)], work=[date(2024, 2, 12)])
        return {NATIONAL: [work]}


class AmendsWhatIsNotThere(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [FAIR, attrs.evolve(LATER, amends="云岫府发〔2023〕9号")]


class AmendsALaterOne(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, published=date(2024, 6, 10)), LATER]


class OneNameTwoNotices(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [FAIR, attrs.evolve(LATER, number=FAIR.number, amends="")]


# --- C4, C5 -----------------------------------------------------------------------------------------------------------


class MakeUpOnAWorkingDay(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, work=[date(2024, 6, 17)])]


class RestAtTheWeekend(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, rest=[date(2024, 6, 22), date(2024, 6, 23)], work=())]


class PutsBackWhatWasOrdinary(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, ordinary=[date(2024, 6, 26)])]


class SaysItTwice(WholeCalendar):
    """Under another name, so that it is no longer known what the day rests on."""

    def notices(self) -> list[Notice]:
        return [FAIR, attrs.evolve(FAIR, number="云岫府发〔2024〕1号之二", published=date(2024, 4, 2))]


class NeverDecidesADay(WholeCalendar):
    """The notice says for its region what a later one of the same day had already put back."""

    def notices(self) -> list[Notice]:
        held = attrs.evolve(FAIR, work=(), rest=[date(2024, 6, 20)])
        return [attrs.evolve(LATER, published=held.published, amends=held.number, ordinary=held.rest), held]


class BeyondTheCalendar(WholeCalendar):
    def notices(self) -> list[Notice]:
        return [attrs.evolve(FAIR, year=2041, published=date(2040, 6, 1), rest=[date(2041, 6, 20)], work=())]


# --- C7 ---------------------------------------------------------------------------------------------------------------


class HoursUnderAnotherName(WholeCalendar):
    def hours(self) -> OfficeHours:
        return attrs.evolve(super().hours(), name="云岫州")


class HoursUnderAnyName(WholeCalendar):
    def is_mine(self, name: str) -> bool:
        return True


class HoursForTheEmptyName(WholeCalendar):
    def is_mine(self, name: str) -> bool:
        return "ours".endswith(name)


class RaisesForAForeignName(WholeCalendar):
    def is_mine(self, name: str) -> bool:
        return {"ours": True}[name]


class NobodysWord(WholeCalendar):
    def hours(self) -> OfficeHours:
        return attrs.evolve(super().hours(), basis="")


class OpenForAMinute(WholeCalendar):
    def seasons(self) -> list[Season]:
        return [Season(first=(1, 1), last=(12, 31), windows=((time(9), time(9, 1)),))]


class OpenDayAndNight(WholeCalendar):
    def seasons(self) -> list[Season]:
        return [Season(first=(1, 1), last=(12, 31), windows=((time(0), time(23, 59)),))]


class WinterIsMissing(WholeCalendar):
    def seasons(self) -> list[Season]:
        return super().seasons()[1:]


class OtherHoursEachTime(WholeCalendar):
    def hours(self) -> OfficeHours:
        return attrs.evolve(super().hours(), basis=f"云岫府发{random.random()}")


class HoursAreATable(WholeCalendar):
    def hours(self) -> OfficeHours:
        return {"name": "ours"}  # type: ignore[return-value]  # the fault that is planted


# --- C9 ---------------------------------------------------------------------------------------------------------------


class Misspelt(WholeCalendar):
    @hookimpl
    def egov_calendar_notice(self) -> dict[str, list[Notice]]:
        return {}


BROKEN: list[tuple[type[WholeCalendar], str]] = [
    (AnswersWithAList, "C1"),
    (AnswersWithAGenerator, "C1"),
    (AnswersWithTables, "C1"),
    (LayerWithoutName, "C1"),
    (LayerWithoutNotices, "C1"),
    (OnlyTheFirstTime, "C1"),
    (HandsOutItsOwnList, "C1"),
    (DependsOnTheYear, "C1"),
    (NothingToLookUp, "C2"),
    (EnglishTitle, "C2"),
    (PublishedAfterwards, "C2"),
    (PublishedLongBefore, "C2"),
    (StatesNothing, "C2"),
    (ContradictsItself, "C3"),
    (ContradictsTheNation, "C3"),
    (AmendsWhatIsNotThere, "C3"),
    (AmendsALaterOne, "C3"),
    (OneNameTwoNotices, "C3"),
    (NeverDecidesADay, "C4"),
    (MakeUpOnAWorkingDay, "C5"),
    (RestAtTheWeekend, "C5"),
    (PutsBackWhatWasOrdinary, "C5"),
    (SaysItTwice, "C5"),
    (BeyondTheCalendar, "C2"),
    (HoursUnderAnotherName, "C7"),
    (HoursUnderAnyName, "C7"),
    (HoursForTheEmptyName, "C7"),
    (RaisesForAForeignName, "C7"),
    (NobodysWord, "C7"),
    (OpenForAMinute, "C7"),
    (OpenDayAndNight, "C7"),
    (WinterIsMissing, "C7"),
    (OtherHoursEachTime, "C7"),
    (HoursAreATable, "C7"),
    (Misspelt, "C9"),
]
"""Each with the promise whose tests have to catch it."""
