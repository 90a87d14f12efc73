"""What a use case works with: parts handed in by whoever assembled the office.

Rules of this room: values and promises only; nothing here opens anything or decides. What is written in the area's
reference data is asked of the `registry`, as it stands when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import attrs

from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Place
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import Grades
from egov_core.domain.catalogue.instruments import CountedInstrument, EndedInstrument
from egov_core.domain.codes.areas import AreaCodes
from egov_core.domain.codes.check_digits import ItemCodeRule
from egov_core.domain.codes.lists import CodeLists
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import ClockError, UnknownError
from egov_core.hooks.manager import Hooks
from egov_core.ports.ambient import Clock, IdSource
from egov_core.ports.effects import Effects
from egov_core.ports.storage import Storage
from egov_core.usecases.foundation.calendars import Calendars
from egov_core.usecases.foundation.notifying import NotificationChoice
from egov_core.usecases.foundation.registry import Registry


@attrs.frozen(kw_only=True)
class PlaceCatalogue:
    """How a place keeps its catalogue: code lists, area codes, the rule of item codes, instruments, grades."""

    lists: CodeLists = attrs.field(factory=lambda: CodeLists({}))
    areas: AreaCodes = attrs.field(factory=lambda: AreaCodes({}))
    item_codes: ItemCodeRule | None = None
    ended: Mapping[str, EndedInstrument] = attrs.field(factory=dict)
    counted: Mapping[str, CountedInstrument] = attrs.field(factory=dict)
    grades: Grades = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Services:
    """The parts of an open office that use cases need. `registry` and `calendars` give the current snapshots."""

    area: str
    storage: Storage
    hooks: Hooks
    clock: Clock
    ids: IdSource
    policy: CardPolicy
    policies: Mapping[str, CardPolicy]
    registry: Callable[[], Registry]
    calendars: Callable[[], Calendars]
    effects: Effects
    place: Place = attrs.field(factory=Place)
    kinds: Mapping[str, TimerKind] = attrs.field(factory=lambda: KINDS)
    notifications: NotificationChoice = attrs.field(factory=NotificationChoice)
    cataloguing: PlaceCatalogue = attrs.field(factory=PlaceCatalogue)

    @property
    def ruler(self) -> Ruler:
        """What the area measures with now."""
        return self.calendars().ruler()

    def policy_of(self, ref: str) -> CardPolicy:
        """The policy frozen into a case. Raises UnknownError."""
        found = self.policies.get(ref)
        if found is None:
            raise UnknownError(
                f"the card policy {ref} is not known here",
                remedy="name its file in [time] earlier-policies: every policy that cases were submitted under is kept",
                policy=ref,
            )
        return found

    def yardstick(self, case: Case | None = None) -> Yardstick:
        """What a case is measured with, by what is frozen into it; for None, what a case submitted now would be.

        The one place that chooses policy and calendar of a case. Raises UnknownError where its policy is unknown here.
        """
        calendars = self.calendars()
        if case is None:
            return Yardstick.of(
                self.policy,
                calendars.ruler(),
                self.kinds,
                revision=calendars.newest.number,
                organisation=self.registry().organisation,
            )
        added = {kind.code: kind for kind in case.kinds}
        return Yardstick.of(
            self.policy_of(case.policy),
            calendars.ruler(case.calendar, case.organ),
            {**KINDS, **added} if added else KINDS,
            revision=case.calendar,
            earlier={one.revision - 1: calendars.ruler(one.revision - 1, case.organ) for one in case.recounts},
            organisation=self.registry().organisation,
        )


TOLERANCE = timedelta(minutes=5)
"""How far the clock may stand behind the last persisted instant before commands are refused and cards are held."""


def check_clock(services: Services) -> datetime:
    """The present instant. Raises ClockError where the clock stands behind what was already recorded."""
    now = services.clock.now()
    last = services.storage.last_instant(services.area)
    if last is not None and now < last - TOLERANCE:
        raise ClockError(
            f"the clock says {now.isoformat()}, but {last.isoformat()} was already recorded: nothing is dated back",
            remedy="set the clock right; nothing was done, no card was issued, and nothing is lost",
            now=now.isoformat(),
            last=last.isoformat(),
        )
    return now
