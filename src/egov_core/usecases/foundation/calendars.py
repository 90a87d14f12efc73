"""The calendars of an office: its revisions, and the rulers they make.

Rules of this room: what is in force is the newest revision stored; a ruler is built when it is first asked for and kept
(a calendar is about 1.5 MB). A `Calendars` never changes: after an adoption another one is loaded, and exchanged whole.
Nothing here writes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date, datetime

import attrs

from egov_core.domain.calendar.hours import OfficeClock, OfficeHours
from egov_core.domain.calendar.revisions import WHOLE_AREA, CalendarRevision
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import start_of
from egov_core.domain.timers.reckoning import Ruler, Settings
from egov_core.errors import IntegrityError
from egov_core.ports.storage import Storage
from egov_core.wire.codec import decode

CALENDAR = "calendar"
"""The kind of reference data that revisions are."""
REVISION = "revision"
"""The code of every revision; its number is the version."""
REVISIONS_STREAM, RECOUNTS_STREAM = "calendar:revisions", "calendar:recounts"
"""The streams of adopted revisions (position = number) and of recounts that were finished."""


@attrs.frozen(eq=False)
class Calendars:
    """Every revision of the calendar of an office, oldest first, and what is measured with each.

    `version` is how often the area's reference data had been written when they were read.
    """

    revisions: tuple[CalendarRevision, ...]
    hours: OfficeHours
    settings: Settings
    version: int = 0
    _rulers: dict[tuple[int, str], Ruler] = attrs.field(factory=dict, repr=False)
    _spans: dict[tuple[int, str], tuple[datetime, tuple[date, date] | None]] = attrs.field(factory=dict, repr=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    @property
    def newest(self) -> CalendarRevision:
        """The revision in force."""
        return self.revisions[-1]

    def revision(self, number: int) -> CalendarRevision:
        """A revision by its number. Raises IntegrityError where it is not stored."""
        if not 1 <= number <= len(self.revisions):
            raise IntegrityError(
                f"the calendar has no revision {number}, only 1 to {len(self.revisions)}",
                remedy="run egov verify --config FILE, and restore a backup",
                revision=number,
            )
        return self.revisions[number - 1]

    def ruler(self, number: int | None = None, organ: str = WHOLE_AREA) -> Ruler:
        """What a revision (None: the one in force) measures the cases of an organ with."""
        revision = self.newest if number is None else self.revision(number)
        key = (revision.number, revision.scope_of(organ))
        found = self._rulers.get(key)
        if found is None:
            with self._lock:
                found = self._rulers.get(key) or self._rulers.setdefault(key, self._made(revision, key[1]))
        return found

    def calendar(self, number: int | None = None, organ: str = WHOLE_AREA) -> WorkCalendar:
        """The working days of a revision, as they count for an organ."""
        return self.ruler(number, organ).calendar

    def with_next(self, revisions: Iterable[CalendarRevision]) -> Calendars:
        """These and further revisions, whether or not they are stored: for a preview."""
        return Calendars(
            (*self.revisions, *revisions), self.hours, self.settings, self.version, {**self._rulers}, {**self._spans}
        )

    # -- what a revision changed -----------------------------------------------------------------------------------

    def decides_from(self, number: int, organ: str = WHOLE_AREA) -> datetime:
        """From when on a revision decides: its publication, or the first day it changes, where that is earlier.

        Never before the revision it follows: of notices entered out of order the later cannot be taken away again.
        """
        return self._change(number, organ)[0]

    def span(self, number: int, organ: str = WHOLE_AREA) -> tuple[date, date] | None:
        """From the first to the last day that a revision changed for an organ; None where it changed none."""
        return self._change(number, organ)[1]

    def span_since(self, number: int) -> tuple[date, date] | None:
        """From the first to the last day that any revision after this one changed for anybody."""
        spans = [
            span
            for later in range(number + 1, self.newest.number + 1)
            for scope in {*self.revision(later - 1).scopes, *self.revision(later).scopes}
            if (span := self.span(later, scope)) is not None
        ]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

    def _change(self, number: int, organ: str) -> tuple[datetime, tuple[date, date] | None]:
        revision, before = self.revision(number), self.revision(number - 1)
        assert revision.added is not None, "every revision after the first adds something"
        key = (number, organ if organ in (*revision.scopes, *before.scopes) else WHOLE_AREA)
        found = self._spans.get(key)
        if found is None:
            old, new = self.calendar(number - 1, organ), self.calendar(number, organ)
            at = start_of(min([revision.added.published, *old.changed_days(new)[:1]]))
            earliest = at if number == 2 else max(at, self.decides_from(number - 1, organ))
            found = self._spans[key] = (earliest, old.span_to(new))
        return found

    def _made(self, revision: CalendarRevision, scope: str) -> Ruler:
        calendar = revision.calendar(scope)
        return Ruler(calendar=calendar, clock=OfficeClock.of(calendar, self.hours), settings=self.settings)


def load_calendars(
    storage: Storage, area: str, *, hours: OfficeHours, settings: Settings, unwritten: CalendarRevision
) -> Calendars:
    """The calendars of an area as stored; where nothing is stored yet, those of the `unwritten` first revision."""
    version = storage.reference_version(area)
    revisions: list[CalendarRevision] = []
    for row in storage.references(area, CALENDAR):
        try:
            revision = decode(row.data, CalendarRevision)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IntegrityError(
                f"revision {row.version} of the calendar is damaged: {error}",
                remedy="run egov verify --config FILE, and restore a backup",
            ) from error
        if not revision.number == row.version == len(revisions) + 1:
            raise IntegrityError(f"revision {len(revisions) + 1} of the calendar is missing", remedy="restore a backup")
        revisions.append(revision)
    return Calendars(tuple(revisions) or (unwritten,), hours, settings, version)
