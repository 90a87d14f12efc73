"""Adopting: taking a notice into the calendar of an office, as the next revision.

Rules of this room: one revision for each notice, in the order of publication; everything is checked before anything is
written, and all revisions of one adoption stand in one commit. What is in force already is passed over. Cases are not
touched here: that is `recounting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import attrs

from egov_core.domain.calendar.layering import NATIONAL
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.regulation import Regulation
from egov_core.domain.calendar.revisions import CalendarRevision
from egov_core.domain.people import Actor
from egov_core.errors import CalendarDataError, ClaimError, ConflictError, Fault, UnknownError
from egov_core.ports.storage import Unit
from egov_core.usecases.foundation.calendars import REVISIONS_STREAM, Calendars
from egov_core.usecases.foundation.establishing import adoption, record
from egov_core.usecases.foundation.services import Services, check_clock


@attrs.frozen(kw_only=True)
class Proposal:
    """What is to be adopted, and for whom: the nation (nothing said), a region by its name, or an organ by its code."""

    what: Notice | Regulation
    layer: str = NATIONAL
    organ: str = ""


def proposed(services: Services, proposals: Iterable[Proposal]) -> Calendars:
    """The calendars as they would be; those in force themselves, where everything is in force already.

    Raises CalendarDataError where a notice contradicts what is known or is not published yet, UnknownError for an organ
    that does not exist, ClaimError where region and organ are both named.
    """
    calendars, now = services.calendars(), services.clock.now()
    fresh: list[CalendarRevision] = []
    for one in sorted(proposals, key=_published):
        _check_scope(services, one)
        _check_published(one.what, now)
        newest = fresh[-1] if fresh else calendars.newest
        if isinstance(one.what, Regulation):
            following = newest.with_regulation(one.what, now)
        else:
            following = newest.with_notice(one.what, now, layer=one.layer, organ=one.organ)
        if following is not None:
            fresh.append(following)
    return calendars.with_next(fresh) if fresh else calendars


def adopt(services: Services, revisions: Sequence[CalendarRevision], *, actor: Actor) -> None:
    """Write further revisions in one commit. Raises ConflictError where the calendar has moved on meanwhile."""
    now = check_clock(services)

    def commit(unit: Unit) -> None:
        stands, _ = unit.head(services.area, REVISIONS_STREAM)
        if stands == 0:
            raise ClaimError(
                "the office holds no calendar yet", remedy="establish its organs first; name the notice in the settings"
            )
        if stands != revisions[0].number - 1:
            raise ConflictError(
                f"the calendar stands at revision {stands} by now", remedy="look at what would change, and adopt again"
            )
        fresh = [attrs.evolve(one, adopted_at=now) for one in revisions]
        record(unit, services.area, [adoption(one) for one in fresh], actor=actor, now=now)

    services.storage.write(commit)


def overruled(before: Calendars, after: Calendars, notice: Notice) -> tuple[date, ...]:
    """The days of a schedule that a notice, fresh in `after`, takes back without saying that it amends it."""
    for revision in after.revisions[before.newest.number :]:
        added = revision.added
        if added is not None and (added.name, added.layer, added.organ) == (notice.name, NATIONAL, ""):
            return after.revision(revision.number - 1).overruled(notice)
    return ()


def _check_published(what: Notice | Regulation, now: datetime) -> None:
    """What is adopted cannot be taken back, so a day to come is taken for what it mostly is: a slip."""
    if isinstance(what, Notice) and what.published > now.date():
        raise CalendarDataError(
            f"{what.name} is not published yet: it says {what.published}, and today is {now.date()}",
            faults=[Fault(path=what.name, code="not-published", message="its day of publication is still to come")],
            remedy="correct `published`, or adopt it on that day; egov calendar diff NOTICE --config FILE looks at it "
            "meanwhile",
        )


def _check_scope(services: Services, proposal: Proposal) -> None:
    if proposal.organ and proposal.layer != NATIONAL:
        raise ClaimError("a notice is a region's or an organ's, not both", remedy="name the region or the organ")
    if isinstance(proposal.what, Regulation) and (proposal.organ or proposal.layer != NATIONAL):
        raise ClaimError("the regulation is the nation's", remedy="adopt it without naming a region or an organ")
    if not proposal.organ and not proposal.layer.strip():
        raise ClaimError("a region needs a name", remedy="name it as its notices do")
    organs = services.registry().organisation.organs
    if proposal.organ and proposal.organ not in organs:
        raise UnknownError(
            f"there is no organ {proposal.organ!r}",
            remedy="give the code of an organ of the area",
            organ=proposal.organ,
        )


def _published(proposal: Proposal) -> tuple[object, ...]:
    """By publication; the regulation, and what is amended, before what amends on the same day."""
    if isinstance(proposal.what, Regulation):
        return (max(text.published for text in proposal.what.texts), False, "")
    return (proposal.what.published, bool(proposal.what.amends), proposal.what.name)
