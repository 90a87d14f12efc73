"""What can be asked in a collection campaign.

Rules of this room: values only; whether what is asked is lawful is decided in `deciding`, and what comes of it is a
fact.
"""

from __future__ import annotations

from datetime import date

import attrs

from egov_core.domain.campaign.forms import CollectedForm, FormFault, FormFile
from egov_core.domain.periods import FixedDay, Period


@attrs.frozen(kw_only=True)
class OpenCampaign:
    """Open a campaign: `organ` runs it, `units` hand in `forms` within `limit`, `reviewers` look at what comes.

    `paper`: a paper copy under seal is handed in as well (N19). `ahead`: from how many working days before the last day
    on a unit is reminded; the notice is silent on it, three are ours. `basis` is the document that orders it.
    """

    code: str
    title: str
    organ: str
    units: tuple[str, ...]
    forms: tuple[CollectedForm, ...]
    paper: bool = True
    limit: Period | FixedDay
    reviewers: tuple[str, ...]
    ahead: int = 3
    basis: str = ""


@attrs.frozen(kw_only=True)
class HandIn:
    """A unit hands in its forms, all of them at once."""

    unit: str
    files: tuple[FormFile, ...]


@attrs.frozen(kw_only=True)
class ReceivePaper:
    """The paper copy of a unit was received on `day`."""

    unit: str
    day: date


@attrs.frozen(kw_only=True)
class ReturnForms:
    """A reviewer returns what a unit has handed in, with a written reason and the faults; `within` is to correct it."""

    unit: str
    reason: str
    faults: tuple[FormFault, ...]
    within: Period | None = None


@attrs.frozen(kw_only=True)
class TakeBackReturn:
    """A reviewer takes back a return that was a mistake, and says why."""

    unit: str
    reason: str


@attrs.frozen(kw_only=True)
class AcceptForms:
    """A reviewer accepts what a unit has handed in."""

    unit: str


@attrs.frozen(kw_only=True)
class RemindUnits:
    """Remind every unit that is to be reminded now."""


@attrs.frozen(kw_only=True)
class ReopenUnit:
    """Have a unit correct what was accepted already, and say why."""

    unit: str
    reason: str
    within: Period | None = None


@attrs.frozen(kw_only=True)
class PassOn:
    """The duty of a unit passes to its successors from `day` on; `document` is what says so.

    Where a reorganisation has ended the unit, both can be left out: they are those of the plan.
    """

    unit: str
    to: tuple[str, ...] = ()
    day: date
    document: str = ""


@attrs.frozen(kw_only=True)
class CloseCampaign:
    """Nothing more is handed in."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class ReopenCampaign:
    """Let things be handed in again, and say why."""

    reason: str


UnitCommand = HandIn | ReceivePaper | ReturnForms | TakeBackReturn | AcceptForms | ReopenUnit | PassOn
CampaignCommand = OpenCampaign | UnitCommand | RemindUnits | CloseCampaign | ReopenCampaign
