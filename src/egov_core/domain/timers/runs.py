"""One run of a timer: everything its due instant and its cards depend on.

Rules of this room: a `TimerRun` is a value made from events; it is never stored or edited, only rebuilt. `as_known_at`
is the run as it stood at an earlier instant, which is what makes cards independent of when somebody looks.

How a recount works. A later calendar decides from its own instant on; before it, and for a run that had stopped by
then, the earlier one does. A firm date that a run had when the recount was entered has been told to the applicant: the
run is never due before it. What was told as provisional was told with that reservation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from egov_core.domain.legal import instant
from egov_core.domain.periods import Limit, NoLimit, Period
from egov_core.domain.timers.kinds import Party
from egov_core.domain.timers.reckoning import Due, Extension, Pause, Ruler

ALL_BASES = ("promised", "statutory", "declared", "due")
"""What a run can be measured by, the promise first."""


@attrs.frozen(kw_only=True)
class Recount:
    """A later revision of the calendar that measures a run from `at` on 重算; until then `before` does.

    `published_at` is when it became knowable, later than `at` for a notice about days that had passed. `known` is the
    run as it was known when the recount was entered, None where it had not begun; `source` names the notice.
    """

    at: datetime = attrs.field(converter=instant)
    published_at: datetime = attrs.field(converter=instant)
    before: Ruler
    known: TimerRun | None = None
    source: str = ""


@attrs.frozen(kw_only=True)
class TimerRun:
    """A timer of kind `kind` running since `start`, with its limits by base (`promised`, `statutory`, `declared` ...).

    `knowable_from` is the event that made the run knowable (later than `start` for a retroactive acceptance); no card
    is dated before it. `stopped_at` is the finish. `party` is whose time it is; `holders` are the internal units that
    held it in turn, each from an instant on (none: the organ of the case did throughout). `recounts` are in order;
    `as_of` says which of them count: those up to then (None: up to the finish). `cards_from`: no card is dated before
    this instant, since the run began in an earlier system.
    """

    timer_id: str
    kind: str
    start: datetime = attrs.field(converter=instant)
    limits: Mapping[str, Limit]
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    knowable_from: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    party: Party = Party.ORGAN
    holders: tuple[tuple[datetime, str], ...] = ()
    recounts: tuple[Recount, ...] = ()
    as_of: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))
    cards_from: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(instant))

    def limit(self, bases: tuple[str, ...]) -> Limit | None:
        """The first limit that is set among `bases`; *none* is no promise, so it yields to a later base."""
        none: Limit | None = None
        for base in bases:
            limit = self.limits.get(base)
            if limit is not None and not isinstance(limit, NoLimit):
                return limit
            none = none or limit
        return none

    def due(self, ruler: Ruler, bases: tuple[str, ...] = ALL_BASES) -> Due:
        """When the run is due by the first of `bases` that is set: by law, but not before what the applicant was told.

        `ruler` is the latest one; where a recount does not count for this run, the ruler before it is taken.
        """
        lawful = self.lawful(ruler, bases)
        told = self.told(bases)
        if lawful.due is None or told is None or told[0].due is None or told[0].due <= lawful.due:
            return lawful
        return attrs.evolve(lawful, due=told[0].due, last_day=told[0].last_day, told=True)

    def lawful(self, ruler: Ruler, bases: tuple[str, ...] = ALL_BASES) -> Due:
        """The same by the law alone, whatever was told earlier."""
        limit = self.limit(bases)
        if limit is None or isinstance(limit, NoLimit):
            return Due(due=None, last_day=None, first_day=None, provisional=False, why_open="no-limit")
        return self.ruler(ruler).due(self.start, limit, self.pauses, self.extensions_of(limit))

    def told(self, bases: tuple[str, ...] = ALL_BASES) -> tuple[Due, Recount] | None:
        """The latest firm date that a recount came too late to move, with that recount.

        Asked of an earlier instant, it is what had been told by then: without what was known only later.
        """
        found = []
        for one in self.recounts:
            if one.known is not None and self._counts(one):
                known = one.known if self.as_of is None else one.known.as_known_at(self.as_of)
                due = known.lawful(one.before, bases)
                if due.due is not None and not due.provisional:
                    found.append((due.due, due, attrs.evolve(one, known=known)))
        return max(found, key=lambda each: each[0])[1:] if found else None

    def ruler(self, latest: Ruler) -> Ruler:
        """What measures the run: `latest`, or the ruler before the first recount that does not count for it."""
        return next((one.before for one in self.recounts if not self._counts(one)), latest)

    def _counts(self, recount: Recount) -> bool:
        last = self.stopped_at if self.as_of is None else self.as_of
        return last is None or recount.at <= last

    def extensions_of(self, limit: Limit) -> tuple[Extension, ...]:
        """The extensions in the unit of `limit`: ten working days do not lengthen a promise in hours."""
        if not self.extensions or not isinstance(limit, Period):
            return ()
        return tuple(extension for extension in self.extensions if extension.amount.unit is limit.unit)

    def extended(self, limit: Period) -> Decimal:
        """The amount of `limit` with its extensions."""
        return sum((extension.amount.amount for extension in self.extensions_of(limit)), limit.amount)

    def held_by(self, at: datetime) -> str:
        """The unit that held the run at `at`, or at its finish where that was earlier; empty: the case's organ."""
        if self.stopped_at is not None:
            at = min(at, self.stopped_at)
        return next((unit for since, unit in reversed(self.holders) if since <= at), "")

    def as_known_at(self, at: datetime) -> TimerRun:
        """The run as it stood at `at`: what came later unknown, pauses then running still open."""
        at = instant(at)
        return attrs.evolve(
            self,
            pauses=tuple(
                pause if pause.end is None or pause.end <= at else attrs.evolve(pause, end=None)
                for pause in self.pauses
                if pause.start <= at
            ),
            extensions=tuple(extension for extension in self.extensions if extension.approved_at <= at),
            stopped_at=None,
            as_of=at,
        )

    def turning_points(self) -> list[datetime]:
        """The instants at which what is known about the run changes, the first being its start."""
        first = self.start if self.knowable_from is None else max(self.start, self.knowable_from)
        points = {first}
        for pause in self.pauses:
            points.add(pause.start)
            if pause.end is not None:
                points.add(pause.end)
        points.update(extension.approved_at for extension in self.extensions)
        for recount in self.recounts:
            points |= {recount.at, recount.published_at}
        return sorted(point for point in points if point >= first)
