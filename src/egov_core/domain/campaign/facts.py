"""What happens in a collection campaign.

Rules of this room: values only. Each fact says its `what`, by which it is told apart where it is stored. A record is a
fact with its number in the campaign, its time and who did it: the campaign is nothing but the fold of its records.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Literal, get_args

import attrs

from egov_core.domain.campaign.commands import OpenCampaign
from egov_core.domain.campaign.forms import FormFault, FormFile
from egov_core.domain.legal import instant


@attrs.frozen(kw_only=True)
class CampaignOpened:
    """A campaign was opened: as asked, with the last second in time and the revision of the calendar it rests on."""

    what: Literal["campaign-opened"] = "campaign-opened"
    asked: OpenCampaign
    due_at: datetime
    last_day: date
    provisional: bool
    calendar: int


@attrs.frozen(kw_only=True)
class FormsHandedIn:
    """A unit handed in its forms; `digest` is that of the whole set."""

    what: Literal["forms-handed-in"] = "forms-handed-in"
    unit: str
    files: tuple[FormFile, ...]
    digest: str


@attrs.frozen(kw_only=True)
class PaperReceived:
    """The paper copy was received."""

    what: Literal["paper-received"] = "paper-received"
    unit: str
    day: date


@attrs.frozen(kw_only=True)
class FormsReturned:
    """The forms were returned; `due_at` and `last_day` are those for the corrected set, where time was given."""

    what: Literal["forms-returned"] = "forms-returned"
    unit: str
    reason: str
    faults: tuple[FormFault, ...]
    due_at: datetime | None = None
    last_day: date | None = None


@attrs.frozen(kw_only=True)
class ReturnTakenBack:
    """The last return was a mistake: what was handed in waits for its reviewer again."""

    what: Literal["return-taken-back"] = "return-taken-back"
    unit: str
    reason: str


@attrs.frozen(kw_only=True)
class FormsAccepted:
    """The forms were accepted: the set with this digest."""

    what: Literal["forms-accepted"] = "forms-accepted"
    unit: str
    digest: str


class ReminderKind(enum.Enum):
    """Why a unit is reminded."""

    DUE_SOON = "due-soon"
    OVERDUE = "overdue"


@attrs.frozen(kw_only=True)
class UnitReminded:
    """A unit was reminded of what is missing, by its last day; `days` working or natural days are left, or gone."""

    what: Literal["unit-reminded"] = "unit-reminded"
    unit: str
    kind: ReminderKind
    missing: tuple[str, ...]
    last_day: date
    days: int


@attrs.frozen(kw_only=True)
class UnitReopened:
    """What was accepted is to be corrected."""

    what: Literal["unit-reopened"] = "unit-reopened"
    unit: str
    reason: str
    due_at: datetime | None = None
    last_day: date | None = None


@attrs.frozen(kw_only=True)
class DutyPassedOn:
    """The duty of a unit passed to its successors."""

    what: Literal["duty-passed-on"] = "duty-passed-on"
    unit: str
    to: tuple[str, ...]
    day: date
    document: str


@attrs.frozen(kw_only=True)
class CampaignClosed:
    """The campaign was closed."""

    what: Literal["campaign-closed"] = "campaign-closed"
    reason: str


@attrs.frozen(kw_only=True)
class CampaignReopened:
    """The campaign was opened again."""

    what: Literal["campaign-reopened"] = "campaign-reopened"
    reason: str


UnitFact = (
    FormsHandedIn
    | PaperReceived
    | FormsReturned
    | ReturnTakenBack
    | FormsAccepted
    | UnitReminded
    | UnitReopened
    | DutyPassedOn
)
CampaignFact = (
    CampaignOpened
    | FormsHandedIn
    | PaperReceived
    | FormsReturned
    | ReturnTakenBack
    | FormsAccepted
    | UnitReminded
    | UnitReopened
    | DutyPassedOn
    | CampaignClosed
    | CampaignReopened
)

FACTS: tuple[str, ...] = tuple(str(attrs.fields_dict(kind)["what"].default) for kind in get_args(CampaignFact))
"""What each fact says of itself: the types of the events that a campaign's stream has."""


@attrs.frozen(kw_only=True)
class CampaignRecord:
    """A fact of a campaign: its number (1 is the opening), when, and by whom."""

    campaign: str
    number: int
    at: datetime = attrs.field(converter=instant)
    by: str
    fact: CampaignFact
