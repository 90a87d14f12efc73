"""What may happen in a collection campaign.

Rules of this room: pure; time and calendar are arguments. A command leads to the facts that it makes, or to an error
that tells everything that is wrong with it, and then nothing has happened. No facts at all mean that what is asked for
has happened before: handing in the same set twice, asking for reminders twice a day. After a return the same set is
handed in anew: whether it was right after all is for its reviewer to say, not for a comparison of files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from egov_core.domain.campaign.campaign import Campaign, UnitDuty
from egov_core.domain.campaign.commands import (
    AcceptForms,
    CampaignCommand,
    CloseCampaign,
    HandIn,
    OpenCampaign,
    PassOn,
    ReceivePaper,
    RemindUnits,
    ReopenCampaign,
    ReopenUnit,
    ReturnForms,
    TakeBackReturn,
)
from egov_core.domain.campaign.facts import (
    CampaignClosed,
    CampaignFact,
    CampaignOpened,
    CampaignReopened,
    DutyPassedOn,
    FormsAccepted,
    FormsHandedIn,
    FormsReturned,
    PaperReceived,
    ReturnTakenBack,
    UnitReminded,
    UnitReopened,
)
from egov_core.domain.campaign.forms import CollectedForm, FormFile
from egov_core.domain.campaign.standing import reminders_due
from egov_core.domain.campaign.states import (
    ACCEPTED,
    PASSED_ON,
    REOPENED,
    RETURN_TAKEN_BACK,
    RETURNED,
    TO_REVIEW,
    UnitState,
    after,
)
from egov_core.domain.legal import instant
from egov_core.domain.periods import Period
from egov_core.domain.timers.reckoning import Due, Ruler
from egov_core.errors import ClaimError, Fault, LawError

LONGEST_CODE = 64
_CODE = re.compile(rf"[^\W_][\w.-]{{0,{LONGEST_CODE - 1}}}")
"""A code stands in addresses, names of streams and file names, so it has nothing that these would read otherwise."""


def decide(
    campaign: Campaign | None, command: CampaignCommand, *, by: str, at: datetime, ruler: Ruler, revision: int
) -> tuple[CampaignFact, ...]:
    """The facts that a command of `by` makes at `at`. `revision` is the calendar's, by which `ruler` measures.

    Raises ClaimError for what is asked wrongly, LawError for what is not allowed where the unit stands.
    """
    at = instant(at)
    if isinstance(command, OpenCampaign):
        return (_open(campaign, command, at, ruler, revision),)
    if campaign is None:
        raise ClaimError(
            "there is no such campaign",
            remedy="open it first: egov campaign open CODE --title TITLE --organ ORGAN --reviewer ORGAN --as PERSON "
            "--config FILE",
        )
    if at < campaign.last_at:
        raise LawError(
            f"campaign {campaign.code} was last changed at {campaign.last_at.isoformat()}, after {at.isoformat()}",
            remedy="nothing is dated back here; look at the clock",
        )
    if isinstance(command, ReopenCampaign):
        return _reopen(campaign, command)
    if campaign.closed_at is not None:
        # whoever runs campaigns may reopen one; a unit and its reviewer may not, so for them it is somebody else
        who = "PERSON" if isinstance(command, HandIn | ReturnForms | TakeBackReturn | AcceptForms) else by
        raise LawError(
            f"campaign {campaign.code} was closed at {campaign.closed_at.isoformat()}",
            remedy="nothing more is to be done"
            if isinstance(command, CloseCampaign)
            else f"reopen it: egov campaign reopen {campaign.code} --reason REASON --as {who} --config FILE",
            campaign=campaign.code,
        )
    if isinstance(command, CloseCampaign):
        return (CampaignClosed(reason=command.reason),)
    if isinstance(command, RemindUnits):
        return tuple(
            UnitReminded(unit=one.unit, kind=kind, missing=one.missing, last_day=one.last_day, days=one.days)
            for one, kind in reminders_due(campaign, at, ruler.calendar)
        )
    duty = campaign.duty(command.unit)
    if isinstance(command, HandIn):
        return _hand_in(campaign, duty, command)
    if isinstance(command, ReceivePaper):
        return _receive_paper(campaign, duty, command, at)
    if isinstance(command, ReturnForms):
        return (_returned(duty, command, by, at, ruler),)
    if isinstance(command, TakeBackReturn):
        return _taken_back(duty, command, by)
    if isinstance(command, AcceptForms):
        return (_accepted(campaign, duty, by),)
    if isinstance(command, ReopenUnit):
        after(duty.state, REOPENED, duty.unit)
        _refuse("the unit is not reopened", _blank("reason", command.reason, "a reason"))
        due = _until(command.within, at, ruler)
        last = None if due is None else due.last_day
        return (
            UnitReopened(
                unit=duty.unit, reason=command.reason.strip(), due_at=None if due is None else due.due, last_day=last
            ),
        )
    return (_passed_on(campaign, duty, command),)


def digest_of(files: Sequence[FormFile]) -> str:
    """The digest of a set: the same for the same forms with the same bytes, however the files are called."""
    said = sorted(f"{one.form.name}:{'none' if one.declared_none else one.digest}" for one in files)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def opening_faults(campaign: Campaign | None, asked: OpenCampaign, at: datetime, ruler: Ruler) -> list[Fault]:
    """Everything that is wrong with how a campaign is to be opened, as far as one need not know who is there."""
    faults = [*_blank("code", asked.code, "a code"), *_blank("title", asked.title, "a title")]
    if campaign is not None:
        faults.append(Fault("code", "campaign-twice", f"campaign {asked.code} is there already"))
    if asked.code.strip() and not _CODE.fullmatch(asked.code):
        said = f"{asked.code!r} may have letters, digits, '-', '_' and '.', begins with a letter or digit, and has"
        faults.append(Fault("code", "code-form", f"{said} at most {LONGEST_CODE} characters, such as 2026-items"))
    forms = tuple(form.value for form in asked.forms)
    for name, values in (("units", asked.units), ("forms", forms), ("reviewers", asked.reviewers)):
        if not values:
            faults.append(Fault(name, "empty", f"a campaign needs {name}"))
        twice = [value for number, value in enumerate(values) if value in values[:number]]
        faults += [Fault(name, "twice", f"{value} is named twice") for value in dict.fromkeys(twice)]
    if asked.ahead < 1:
        faults.append(Fault("ahead", "positive", "units are reminded at least one working day before the last day"))
    due = ruler.due(instant(at), asked.limit)
    if due.due is not None and due.due < at:
        faults.append(Fault("limit", "past", f"the last day, {due.last_day}, has passed already"))
    return faults


def _open(campaign: Campaign | None, asked: OpenCampaign, at: datetime, ruler: Ruler, revision: int) -> CampaignOpened:
    _refuse("the campaign is not opened", opening_faults(campaign, asked, at, ruler))
    due = ruler.due(at, asked.limit)
    assert due.due is not None, "a period or a day has an end"
    assert due.last_day is not None, "as above"
    return CampaignOpened(
        asked=asked, due_at=due.due, last_day=due.last_day, provisional=due.provisional, calendar=revision
    )


def _reopen(campaign: Campaign, command: ReopenCampaign) -> tuple[CampaignFact, ...]:
    if campaign.closed_at is None:
        raise LawError(f"campaign {campaign.code} is open", remedy="to reopen one unit, name it")
    _refuse("the campaign is not reopened", _blank("reason", command.reason, "a reason"))
    return (CampaignReopened(reason=command.reason.strip()),)


def _hand_in(campaign: Campaign, duty: UnitDuty, command: HandIn) -> tuple[CampaignFact, ...]:
    digest = digest_of(command.files)
    waits = duty.state in TO_REVIEW or duty.state is UnitState.ACCEPTED
    if waits and duty.latest is not None and duty.latest.digest == digest:
        return ()
    given = [one.form for one in command.files]
    faults = [
        Fault(form.code, "form-missing", f"{form.value} is not among what is handed in")
        for form in campaign.opened.forms
        if form not in given
    ]
    for number, one in enumerate(command.files):
        if one.form in given[:number]:
            faults.append(Fault(one.form.code, "form-twice", f"{one.form.value} is handed in twice"))
        if one.form not in campaign.opened.forms:
            faults.append(Fault(one.form.code, "form-unasked", f"the campaign does not ask for {one.form.value}"))
        if one.declared_none and one.form is not CollectedForm.FORWARDING:
            message = f"only {CollectedForm.FORWARDING.value} may be declared to have nothing in it"
            faults.append(Fault(one.form.code, "none-declared", message))
    _refuse(
        f"what {duty.unit} hands in is not complete",
        faults,
        remedy="hand in all the forms together; a unit that forwards no item declares so (--no-forwarding)",
    )
    fact = FormsHandedIn(unit=duty.unit, files=tuple(command.files), digest=digest)
    after(duty.state, fact.what, duty.unit)
    return (fact,)


def _receive_paper(campaign: Campaign, duty: UnitDuty, command: ReceivePaper, at: datetime) -> tuple[CampaignFact, ...]:
    if duty.paper_on == command.day and duty.state is not UnitState.PASSED_ON:
        return ()
    faults = []
    if not campaign.opened.paper:
        faults.append(Fault("paper", "paper-unasked", f"campaign {campaign.code} asks for no paper copy"))
    if not campaign.opened_at.date() <= command.day <= at.date():
        message = f"{command.day} does not lie between the opening ({campaign.opened_at.date()}) and today"
        faults.append(Fault("day", "day-outside", message))
    _refuse("the paper copy is not recorded", faults)
    fact = PaperReceived(unit=duty.unit, day=command.day)
    after(duty.state, fact.what, duty.unit)
    return (fact,)


def _returned(duty: UnitDuty, command: ReturnForms, by: str, at: datetime, ruler: Ruler) -> FormsReturned:
    after(duty.state, RETURNED, duty.unit)
    _two_persons(duty, by)
    faults = _blank("reason", command.reason, "a written reason")
    if not command.faults:
        faults.append(Fault("faults", "empty", "name the faults: the unit corrects what it is told of, once"))
    for number, one in enumerate(command.faults, 1):
        faults += _blank(f"faults {number}", one.place, "the place of the fault")
        faults += _blank(f"faults {number}", one.message, "what is wrong there")
    _refuse(f"what {duty.unit} handed in is not returned", faults)
    due = _until(command.within, at, ruler)
    return FormsReturned(
        unit=duty.unit,
        reason=command.reason.strip(),
        faults=tuple(command.faults),
        due_at=None if due is None else due.due,
        last_day=None if due is None else due.last_day,
    )


def _taken_back(duty: UnitDuty, command: TakeBackReturn, by: str) -> tuple[CampaignFact, ...]:
    """Back to its reviewer, where the last thing that happened to the set is a reviewer's return."""
    if duty.state in TO_REVIEW and duty.returns and duty.returned is None:
        return ()
    after(duty.state, RETURN_TAKEN_BACK, duty.unit)
    if duty.returned is None or not duty.returned.faults:
        raise LawError(
            f"{duty.unit} was not returned by a reviewer: it has to hand in again what was accepted",
            remedy="the unit hands in its forms again, the same ones where nothing in them has changed",
            unit=duty.unit,
        )
    _two_persons(duty, by)
    _refuse("the return is not taken back", _blank("reason", command.reason, "a written reason"))
    return (ReturnTakenBack(unit=duty.unit, reason=command.reason.strip()),)


def _until(within: Period | None, at: datetime, ruler: Ruler) -> Due | None:
    return None if within is None else ruler.due(at, within)


def _accepted(campaign: Campaign, duty: UnitDuty, by: str) -> FormsAccepted:
    after(duty.state, ACCEPTED, duty.unit)
    _two_persons(duty, by)
    if campaign.opened.paper and duty.paper_on is None:
        raise LawError(
            f"the paper copy of {duty.unit} has not come",
            remedy=f"record it when it has: egov campaign paper {campaign.code} --unit {duty.unit} --as PERSON "
            "--config FILE; the sealed copy is what the unit answers for",
            unit=duty.unit,
        )
    assert duty.latest is not None, "only what was handed in is reviewed"
    return FormsAccepted(unit=duty.unit, digest=duty.latest.digest)


def _two_persons(duty: UnitDuty, by: str) -> None:
    """Who hands in does not review it."""
    if duty.latest is not None and duty.latest.by == by:
        raise LawError(
            f"{by} handed in what is to be reviewed",
            remedy="have another reviewer look at it",
            person=by,
            unit=duty.unit,
        )


def _passed_on(campaign: Campaign, duty: UnitDuty, command: PassOn) -> DutyPassedOn:
    after(duty.state, PASSED_ON, duty.unit)
    faults = _blank("document", command.document, "the document of the reform")
    if not command.to:
        faults.append(Fault("to", "empty", "name who takes over"))
    for number, code in enumerate(command.to):
        if code == duty.unit:
            faults.append(Fault("to", "itself", f"{code} cannot take over from itself"))
        if code in command.to[:number]:
            faults.append(Fault("to", "twice", f"{code} is named twice"))
        held = campaign.units.get(code)
        if held is not None and held.state is UnitState.PASSED_ON:
            faults.append(Fault("to", "passed-on", f"the duty of {code} has passed to {', '.join(held.passed_to)}"))
    _refuse(f"the duty of {duty.unit} is not passed on", faults)
    return DutyPassedOn(unit=duty.unit, to=tuple(command.to), day=command.day, document=command.document.strip())


def _refuse(what: str, faults: Sequence[Fault], remedy: str = "correct every place named") -> None:
    if faults:
        more = "" if len(faults) == 1 else f", and {len(faults) - 1} more"
        told = f"{faults[0].path}: {faults[0].message}{more}"
        raise ClaimError(f"{what}: {told}", faults=faults, remedy=remedy)


def _blank(path: str, value: str, what: str) -> list[Fault]:
    """A fault where a text that has to say something says nothing."""
    return [] if value.strip() else [Fault(path, "empty", f"{what} is needed, and it is empty")]
