"""Revisions: the working calendar of one office as versioned data, each revision the whole of what was known.

Rules of this room:

- A revision is complete: the notices, the regulation and the layers from which its calendars are built. Nothing else is
  asked, so that a later release of the library cannot change what an office reckoned with.
- Revisions are numbered from 1 without a gap. Each after the first adds one thing and says which: what a notice changes
  can then be told apart from what the next one does.
- A revision bears the digests of its calendars. One that is built differently later is refused, not used.
- A notice that is known already changes nothing; the name of a known one with other days is refused, as is an amendment
  of a notice that nobody knows.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.calendar.layering import NATIONAL, Layer, known_notices, scheduled_years
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.regulation import Regulation
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import instant
from egov_core.errors import CalendarDataError, Fault, IntegrityError

WHOLE_AREA = ""
"""The scope of the calendar that measures every case whose organ has no layer of its own."""


@attrs.frozen(kw_only=True)
class Addition:
    """What a revision added: its name, the day it was public, and to which layer (`national` for the nation's)."""

    name: str
    published: date
    layer: str = NATIONAL
    organ: str = ""


@attrs.frozen(kw_only=True)
class CalendarRevision:
    """One revision 日历版本. `versions` are the digests of its calendars by scope (an organ, or the whole area)."""

    number: int
    adopted_at: datetime = attrs.field(converter=instant)
    regulation: Regulation
    notices: tuple[Notice, ...]
    layers: tuple[Layer, ...] = ()
    added: Addition | None = None
    versions: Mapping[str, str]

    @classmethod
    def first(
        cls, at: datetime, *, regulation: Regulation, notices: Iterable[Notice], layers: Iterable[Layer] = ()
    ) -> CalendarRevision:
        """Revision 1: what an office begins with. Raises CalendarDataError where notices contradict each other."""
        held: list[Notice] = []
        for notice in notices:
            if not holds(held, notice):
                held.append(notice)
        revision = cls(
            number=1,
            adopted_at=at,
            regulation=regulation,
            notices=tuple(held),
            layers=tuple(sorted(layers, key=lambda one: bool(one.organ))),
            versions={},
        )
        return revision.sealed()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The whole area, and every organ with a layer of its own."""
        return (WHOLE_AREA, *(layer.organ for layer in self.layers if layer.organ))

    def scope_of(self, organ: str) -> str:
        """The scope that measures the cases of this organ."""
        return organ if organ in self.scopes else WHOLE_AREA

    def calendar(self, scope: str) -> WorkCalendar:
        """The calendar of a scope. Raises IntegrityError where it is no longer the one that was adopted."""
        built = self._built(scope)
        if built.version != self.versions[scope]:
            raise IntegrityError(
                f"revision {self.number} of the calendar was adopted as {self.versions[scope]} and is built as "
                f"{built.version}: its data were altered, or this program reckons them differently",
                remedy="run egov verify --config FILE; use the program that adopted it, or restore a backup",
                revision=self.number,
            )
        return built

    def layer(self, name: str, organ: str = "") -> Layer | None:
        """The layer of this name, or of this organ."""
        return next((one for one in self.layers if (one.organ, one.name) == (organ, organ or name)), None)

    def holds(self, notice: Notice, *, layer: str = NATIONAL, organ: str = "") -> bool:
        """Whether the notice is known there. Raises CalendarDataError where it is known with other days."""
        return holds(self._notices_of(layer, organ), notice)

    def with_notice(
        self, notice: Notice, at: datetime, *, layer: str = NATIONAL, organ: str = ""
    ) -> CalendarRevision | None:
        """The next revision, which adds a notice to a layer; None where it is known there already.

        Raises CalendarDataError where it contradicts what is known, or amends what is not known.
        """
        if self.holds(notice, layer=layer, organ=organ):
            return None
        if not self.knows_amended(notice, layer=layer, organ=organ):
            raise CalendarDataError(
                f"{notice.name} amends {notice.amends}, and no notice of that number or title is known here",
                faults=[Fault(path=notice.name, code="amends-unknown", message=f"there is no {notice.amends}")],
                remedy="correct `amends`, or adopt first the notice that it names; "
                "egov calendar list --config FILE shows all",
            )
        # a notice entered ahead of its own date is known from now on
        published = min(notice.published, instant(at).date())
        added = Addition(name=notice.name, published=published, layer=organ or layer, organ=organ)
        grown = (*self._notices_of(layer, organ), notice)
        if not organ and layer == NATIONAL:
            return self._next(at, added, notices=grown)
        own = Layer(name=organ or layer, notices=grown, organ=organ)
        before = self.layer(layer, organ)
        layers = [own if one is before else one for one in self.layers] + ([own] if before is None else [])
        return self._next(at, added, layers=tuple(sorted(layers, key=lambda one: bool(one.organ))))

    def knows_amended(self, notice: Notice, *, layer: str = NATIONAL, organ: str = "") -> bool:
        """Whether the notice that this one amends is known in its layer or in one below it; True if it amends none."""
        below = [one for one in self.layers if not one.organ] if organ else []
        known = (*self.notices, *(held for one in below for held in one.notices), *self._notices_of(layer, organ))
        return not notice.amends or any(one.is_called(notice.amends) for one in known)

    def overruled(self, notice: Notice) -> tuple[date, ...]:
        """The days of a year's schedule that another national notice takes back without saying that it amends it.

        A second schedule of the year takes back what it leaves out as well, whichever of them was published first: the
        days of both would be off.
        """
        schedule = scheduled_years(known_notices(self.notices, None), self.regulation, None).get(notice.year)
        if schedule is None or notice.amends or schedule.name == notice.name:
            return ()
        if notice.year in scheduled_years([notice], self.regulation, None):
            return schedule.differing(notice)
        return () if notice.published <= schedule.published else schedule.contradicted(notice)

    def with_regulation(self, regulation: Regulation, at: datetime) -> CalendarRevision | None:
        """The next revision, which reckons with this text of the regulation; None where it is the one in force."""
        if regulation == self.regulation:
            return None
        latest = max(regulation.texts, key=lambda text: text.published)
        published = min(latest.published, instant(at).date())
        return self._next(at, Addition(name=latest.number, published=published), regulation=regulation)

    def _notices_of(self, layer: str, organ: str) -> tuple[Notice, ...]:
        if not organ and layer == NATIONAL:
            return self.notices
        found = self.layer(layer, organ)
        return () if found is None else found.notices

    def _next(self, at: datetime, added: Addition, **changes: Any) -> CalendarRevision:
        following = attrs.evolve(self, number=self.number + 1, adopted_at=at, added=added, **changes)
        return following.sealed()

    def sealed(self) -> CalendarRevision:
        """With the digests of its calendars. Raises CalendarDataError where they cannot be built."""
        return attrs.evolve(self, versions={scope: self._built(scope).version for scope in self.scopes})

    def _built(self, scope: str) -> WorkCalendar:
        layers = [layer for layer in self.layers if layer.organ in ("", scope)]
        return _calendar_of(self.notices, self.regulation, tuple(layers))


@functools.lru_cache(maxsize=16)
def _calendar_of(notices: tuple[Notice, ...], regulation: Regulation, layers: tuple[Layer, ...]) -> WorkCalendar:
    """The calendar of these notices; the same one for whoever asks again: an office is opened for every command."""
    return WorkCalendar.build(notices, regulation=regulation, layers=layers)


def holds(known: Iterable[Notice], notice: Notice) -> bool:
    """Whether a notice is among those known. One name, one text: its name with other days is a slip, not an amendment.

    Raises CalendarDataError for the slip.
    """
    same = [one for one in known if one.name == notice.name]
    if any(not one.says_the_same(notice) for one in same):
        raise CalendarDataError(
            f"{notice.name} is in force already, with other days",
            faults=[Fault(path=notice.name, code="known-otherwise", message="its number or title is that of another")],
            remedy="a change of a notice is a notice of its own: give it its number, and say by amends what it changes",
        )
    return bool(same)
