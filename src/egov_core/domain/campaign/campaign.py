"""A collection campaign as the fold of its records.

Rules of this room: `evolve` decides nothing and refuses only what the table of states refuses; nothing that was handed
in is ever dropped, only followed by something later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from egov_core.domain.campaign.commands import OpenCampaign
from egov_core.domain.campaign.facts import (
    CampaignClosed,
    CampaignOpened,
    CampaignRecord,
    CampaignReopened,
    DutyPassedOn,
    FormsAccepted,
    FormsHandedIn,
    FormsReturned,
    PaperReceived,
    ReminderKind,
    ReturnTakenBack,
    UnitReminded,
    UnitReopened,
)
from egov_core.domain.campaign.forms import FormFault, FormFile
from egov_core.domain.campaign.states import TO_REVIEW, UnitState, after
from egov_core.errors import ClaimError, IntegrityError, UnknownError


@attrs.frozen(kw_only=True)
class Submission:
    """A set of forms that a unit handed in 报送: when, by whom, and until when it was in time."""

    at: datetime
    by: str
    digest: str
    files: tuple[FormFile, ...]
    due_at: datetime
    last_day: date

    @property
    def items(self) -> int:
        """How many items the summary has, or the fullest of its forms."""
        return max((one.items for one in self.files), default=0)

    @property
    def is_late(self) -> bool:
        """Whether it came after the last second in time."""
        return self.at > self.due_at


@attrs.frozen(kw_only=True)
class FormsReturn:
    """That a set was returned 退回: why, and with which faults; none where what was accepted was reopened.

    `paper_on` is the day on which the paper copy of that set had come, and `taken_back_at` is when the return turned
    out to be a mistake.
    """

    at: datetime
    by: str
    reason: str
    faults: tuple[FormFault, ...]
    paper_on: date | None = None
    taken_back_at: datetime | None = None


@attrs.frozen(kw_only=True)
class UnitDuty:
    """What one unit has to hand in, and what has become of it.

    `submissions` are in the order they came, those of a predecessor first. `paper_on` is the day the paper copy of the
    present set came. `took_over` names predecessors, `passed_to` successors.
    """

    unit: str
    state: UnitState
    due_at: datetime
    last_day: date
    submissions: tuple[Submission, ...] = ()
    returns: tuple[FormsReturn, ...] = ()
    paper_on: date | None = None
    accepted_at: datetime | None = None
    reminders: tuple[tuple[date, ReminderKind], ...] = ()
    took_over: tuple[str, ...] = ()
    passed_to: tuple[str, ...] = ()

    @property
    def latest(self) -> Submission | None:
        """What was handed in last."""
        return self.submissions[-1] if self.submissions else None

    @property
    def returned(self) -> FormsReturn | None:
        """The return that stands: the last one, unless it was taken back."""
        last = self.returns[-1] if self.returns else None
        return None if last is None or last.taken_back_at is not None else last


@attrs.frozen(kw_only=True)
class Campaign:
    """A campaign 填报活动 after `version` records; `units` are in the order in which they were named, or joined."""

    opened: OpenCampaign
    opened_at: datetime
    due_at: datetime
    last_day: date
    provisional: bool
    calendar: int
    units: Mapping[str, UnitDuty]
    version: int
    last_at: datetime
    closed_at: datetime | None = None

    @property
    def code(self) -> str:
        """The campaign's code."""
        return self.opened.code

    def duty(self, unit: str) -> UnitDuty:
        """What a unit has to hand in. Raises UnknownError for one that takes no part."""
        found = self.units.get(unit)
        if found is None:
            raise UnknownError(
                f"{unit!r} takes no part in campaign {self.code}",
                remedy=f"name one of its units: egov campaign status {self.code} --config FILE lists them",
                unit=unit,
                campaign=self.code,
            )
        return found

    def counts(self) -> dict[str, int]:
        """How many units are in each state: every state is there, and together they are all the units."""
        found = Counter(duty.state for duty in self.units.values())
        return {state.value: found[state] for state in UnitState}


def fold(records: Iterable[CampaignRecord], onto: Campaign | None = None) -> Campaign:
    """The campaign of these records, in their order; `onto` is what the records before them came to.

    Raises IntegrityError where they are not those of one campaign.
    """
    campaign = onto
    for record in records:
        campaign = evolve(campaign, record)
    if campaign is None:
        raise IntegrityError("a campaign without records", remedy="run egov verify --config FILE, and restore a backup")
    return campaign


def evolve(campaign: Campaign | None, record: CampaignRecord) -> Campaign:
    """The campaign after one more record. Raises IntegrityError for a record out of place, LawError as the table."""
    fact = record.fact
    number = 0 if campaign is None else campaign.version
    if record.number != number + 1 or (campaign is None) is not isinstance(fact, CampaignOpened):
        raise IntegrityError(
            f"record {record.number} ({fact.what}) of campaign {record.campaign} does not follow record {number}",
            remedy="run egov verify --config FILE, and restore a backup",
        )
    if isinstance(fact, CampaignOpened):
        return _opened(fact, record)
    assert campaign is not None, "said above"
    return attrs.evolve(_changed(campaign, record), version=record.number, last_at=record.at)


def _opened(fact: CampaignOpened, record: CampaignRecord) -> Campaign:
    first = {
        unit: UnitDuty(unit=unit, state=UnitState.NOT_STARTED, due_at=fact.due_at, last_day=fact.last_day)
        for unit in fact.asked.units
    }
    return Campaign(
        opened=fact.asked,
        opened_at=record.at,
        due_at=fact.due_at,
        last_day=fact.last_day,
        provisional=fact.provisional,
        calendar=fact.calendar,
        units=first,
        version=record.number,
        last_at=record.at,
    )


def _changed(campaign: Campaign, record: CampaignRecord) -> Campaign:
    fact = record.fact
    if isinstance(fact, CampaignClosed):
        return attrs.evolve(campaign, closed_at=record.at)
    if isinstance(fact, CampaignReopened):
        return attrs.evolve(campaign, closed_at=None)
    if isinstance(fact, CampaignOpened):
        raise ClaimError(f"campaign {campaign.code} is there already", remedy="give the next one another code")
    duty = campaign.duty(fact.unit)
    duty = attrs.evolve(duty, state=after(duty.state, fact.what, duty.unit))
    if isinstance(fact, DutyPassedOn):
        return _passed_on(campaign, duty, fact, record)
    return attrs.evolve(campaign, units={**campaign.units, duty.unit: _done(duty, fact, record)})


def _done(
    duty: UnitDuty,
    fact: FormsHandedIn | PaperReceived | FormsReturned | ReturnTakenBack | FormsAccepted | UnitReminded | UnitReopened,
    record: CampaignRecord,
) -> UnitDuty:
    if isinstance(fact, FormsHandedIn):
        came = Submission(
            at=record.at,
            by=record.by,
            digest=fact.digest,
            files=fact.files,
            due_at=duty.due_at,
            last_day=duty.last_day,
        )
        return attrs.evolve(duty, submissions=(*duty.submissions, came))
    if isinstance(fact, PaperReceived):
        return attrs.evolve(duty, paper_on=fact.day)
    if isinstance(fact, FormsAccepted):
        return attrs.evolve(duty, accepted_at=record.at)
    if isinstance(fact, UnitReminded):
        return attrs.evolve(duty, reminders=(*duty.reminders, (record.at.date(), fact.kind)))
    if isinstance(fact, ReturnTakenBack):
        # the paper copy counts again; a later day that the unit was told is not taken from it
        *before, last = duty.returns
        undone = attrs.evolve(last, taken_back_at=record.at)
        return attrs.evolve(duty, returns=(*before, undone), paper_on=duty.paper_on or last.paper_on)
    faults = fact.faults if isinstance(fact, FormsReturned) else ()
    back = FormsReturn(at=record.at, by=record.by, reason=fact.reason, faults=faults, paper_on=duty.paper_on)
    due_at, last_day = duty.due_at, duty.last_day
    if fact.due_at is not None and fact.last_day is not None and fact.due_at > due_at:
        due_at, last_day = fact.due_at, fact.last_day
    return attrs.evolve(
        duty, returns=(*duty.returns, back), due_at=due_at, last_day=last_day, paper_on=None, accepted_at=None
    )


def _passed_on(campaign: Campaign, left: UnitDuty, fact: DutyPassedOn, record: CampaignRecord) -> Campaign:
    """The successors take over where the unit stood.

    One successor that had no part yet continues what was handed in. Of several nobody can say whose part a set was, so
    each begins anew, unless all of it was accepted. A successor that had a part keeps it, and has to hand in again what
    it had accepted already: the items of the predecessor are not in it.
    """
    stood = campaign.units[fact.unit]
    units = {**campaign.units, fact.unit: attrs.evolve(left, passed_to=fact.to)}
    for code in fact.to:
        held = units.get(code)
        if held is None and (len(fact.to) == 1 or stood.state is UnitState.ACCEPTED):
            held = attrs.evolve(stood, unit=code, took_over=(), reminders=())
        elif held is None:
            held = UnitDuty(unit=code, state=UnitState.NOT_STARTED, due_at=stood.due_at, last_day=stood.last_day)
        elif stood.state is not UnitState.ACCEPTED and held.state is not UnitState.PASSED_ON:
            held = _with_more_to_do(held, stood, fact, record)
        units[code] = attrs.evolve(held, took_over=(*held.took_over, *stood.took_over, fact.unit))
    return attrs.evolve(campaign, units=units)


def _with_more_to_do(held: UnitDuty, stood: UnitDuty, fact: DutyPassedOn, record: CampaignRecord) -> UnitDuty:
    due_at, last_day = max((held.due_at, held.last_day), (stood.due_at, stood.last_day))
    longer = attrs.evolve(held, due_at=due_at, last_day=last_day)
    if held.state is not UnitState.ACCEPTED and held.state not in TO_REVIEW:
        return longer
    back = FormsReturn(at=record.at, by=record.by, reason=fact.document, faults=())
    return attrs.evolve(
        longer, state=UnitState.RETURNED, returns=(*held.returns, back), paper_on=None, accepted_at=None
    )
