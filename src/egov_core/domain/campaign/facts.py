"""What can be asked in a collection campaign, and what happens in it.

Rules of this room: values only. A command is asked, a fact has happened; each fact says its `what`, by which it is told
apart where it is stored. A record is a fact with its number in the campaign, its time and who did it: the campaign is
nothing but the fold of its records.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Literal, get_args

import attrs

from egov_core.domain.legal import instant
from egov_core.domain.periods import FixedDay, Period
from egov_core.errors import Fault


class CollectedForm(enum.Enum):
    """A form that units hand in (N9)."""

    SUMMARY = "事项汇总表"
    INFORMATION = "事项信息表"
    FORWARDING = "转报件目录表"

    @property
    def code(self) -> str:
        """Its name in files and on the command line."""
        return self.name.lower()


FORMS = {form.code: form for form in CollectedForm}
"""The forms by their names in files and on the command line."""


@attrs.frozen(kw_only=True)
class FormFile:
    """A form as it was handed in: the file's name and digest, and how many items it has.

    `declared_none`: the unit has declared that it has nothing to enter, and there is no file. `checked`: the file was
    read and found without an error; where nothing here can read it, that is for the reviewer.
    """

    form: CollectedForm
    name: str = ""
    digest: str = ""
    items: int = 0
    checked: bool = True
    declared_none: bool = False


@attrs.frozen(kw_only=True)
class FormFault:
    """A fault by which a form is returned: the place in the form, and what is wrong there."""

    place: str
    message: str


# --- asked ------------------------------------------------------------------------------------------------------------


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


UnitCommand = HandIn | ReceivePaper | ReturnForms | AcceptForms | ReopenUnit | PassOn
CampaignCommand = OpenCampaign | UnitCommand | RemindUnits | CloseCampaign | ReopenCampaign


# --- happened ---------------------------------------------------------------------------------------------------------


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


UnitFact = FormsHandedIn | PaperReceived | FormsReturned | FormsAccepted | UnitReminded | UnitReopened | DutyPassedOn
CampaignFact = (
    CampaignOpened
    | FormsHandedIn
    | PaperReceived
    | FormsReturned
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


def blank(path: str, value: str, what: str) -> list[Fault]:
    """A fault where a text that has to say something says nothing."""
    return [] if value.strip() else [Fault(path, "empty", f"{what} is needed, and it is empty")]
