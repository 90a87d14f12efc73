"""Campaigning: what is asked in a collection campaign, checked against organs, people and roles, and written.

Rules of this room: one command, one commit: the records of the campaign's stream, their rows, and what is told outside.
Nothing is written where there are no facts. Who may do what: a campaign is run by whoever keeps the catalogue or
supervises over the organ that runs it; a unit's forms are handed in by its own staff; they are reviewed by the
reviewers that were named, and never by the one that handed them in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from egov_core.domain.campaign.campaign import Campaign, evolve
from egov_core.domain.campaign.commands import (
    AcceptForms,
    CampaignCommand,
    HandIn,
    OpenCampaign,
    PassOn,
    ReturnForms,
    TakeBackReturn,
)
from egov_core.domain.campaign.deciding import decide, opening_faults
from egov_core.domain.campaign.facts import CampaignFact, CampaignRecord
from egov_core.domain.people import Actor, Person
from egov_core.errors import ClaimError, ConflictError, Fault, NoAuthorityError, UnknownError
from egov_core.ports.storage import Unit
from egov_core.usecases.authority.campaigns import actor_of, person_in_office, require_runner
from egov_core.usecases.campaign.reminding import reminders, stream_of
from egov_core.usecases.foundation.establishing import Entry, record
from egov_core.usecases.foundation.registry import CAMPAIGN, Registry
from egov_core.usecases.foundation.services import Services, check_clock


@attrs.frozen(kw_only=True)
class CampaignOutcome:
    """What a command made of a campaign; no facts where what was asked for had happened before."""

    campaign: Campaign
    facts: tuple[CampaignFact, ...]


def campaign_of(registry: Registry, code: str) -> Campaign:
    """A campaign by its code. Raises UnknownError."""
    found = registry.campaigns.get(code)
    if found is None:
        known = ", ".join(sorted(registry.campaigns)) or "none yet"
        raise UnknownError(
            f"there is no campaign {code!r}", remedy=f"name one that was opened ({known})", campaign=code
        )
    return found


def conduct(services: Services, code: str, command: CampaignCommand, *, by: str) -> CampaignOutcome:
    """Do what `by`, a member of staff, asks in campaign `code`, durably.

    Raises NoAuthorityError, ClaimError, LawError and ConflictError; nothing has happened then.
    """
    now = check_clock(services)
    registry = services.registry()
    calendars = services.calendars()
    person = person_in_office(registry, by, now.date())
    if isinstance(command, OpenCampaign):
        campaign = registry.campaigns.get(code)
        if not _missing_organs(registry, [("organ", command.organ)], now.date()):
            _authorise(registry, campaign, command, person, now.date())
        faults = _opening_faults(registry, command, now.date())
        _refuse("the campaign is not opened", [*faults, *opening_faults(campaign, command, now, calendars.ruler())])
    else:
        campaign = campaign_of(registry, code)
        _authorise(registry, campaign, command, person, now.date())
    if isinstance(command, PassOn):
        command = _from_the_plan(registry, command)
        _check_successors(registry, command, now.date())
    facts = decide(campaign, command, by=by, at=now, ruler=calendars.ruler(), revision=calendars.newest.number)
    if not facts:
        assert campaign is not None, "opening makes a fact"
        return CampaignOutcome(campaign=campaign, facts=())
    return _written(services, code, campaign, facts, actor_of(person, now.date()), now)


def _written(
    services: Services,
    code: str,
    before: Campaign | None,
    facts: Iterable[CampaignFact],
    actor: Actor,
    now: datetime,
) -> CampaignOutcome:
    stood = 0 if before is None else before.version
    campaign = before
    records = []
    for number, fact in enumerate(facts, stood + 1):
        records.append(CampaignRecord(campaign=code, number=number, at=now, by=actor.code, fact=fact))
        campaign = evolve(campaign, records[-1])
    assert campaign is not None, "there was a fact"
    rows = list(reminders(services.notifications, services.area, campaign, records))
    entries = [
        Entry(stream=stream_of(code), kind=CAMPAIGN, code=code, version=one.number, happened=one.fact.what, value=one)
        for one in records
    ]

    def commit(unit: Unit) -> None:
        stands, _ = unit.head(services.area, stream_of(code))
        if stands != stood:
            raise ConflictError(
                f"campaign {code} was changed by somebody else meanwhile", remedy="look at it, and ask again"
            )
        record(unit, services.area, entries, actor=actor, now=now)
        unit.enqueue(rows)

    services.storage.write(commit)
    return CampaignOutcome(campaign=campaign, facts=tuple(one.fact for one in records))


# --- who may ----------------------------------------------------------------------------------------------------------


def _authorise(
    registry: Registry, campaign: Campaign | None, command: CampaignCommand, person: Person, day: date
) -> None:
    if isinstance(command, HandIn):
        if not registry.organisation.is_within(person.organ_on(day), command.unit, day):
            raise NoAuthorityError(
                f"{person.code} belongs to {person.organ_on(day)}, not to {command.unit}, whose forms are handed in",
                remedy="a unit hands in its own forms: have one of its staff do it",
                person=person.code,
                organ=command.unit,
            )
    elif isinstance(command, AcceptForms | ReturnForms | TakeBackReturn):
        assert campaign is not None, "only opening has none"
        if person.code not in campaign.opened.reviewers:
            raise NoAuthorityError(
                f"{person.code} is no reviewer of campaign {campaign.code}",
                remedy=f"its reviewers are {', '.join(campaign.opened.reviewers)}",
                person=person.code,
                campaign=campaign.code,
            )
    else:
        organ = command.organ if isinstance(command, OpenCampaign) else campaign.opened.organ if campaign else ""
        require_runner(registry, person.code, organ, day)


# --- what must be there -----------------------------------------------------------------------------------------------


def _opening_faults(registry: Registry, asked: OpenCampaign, day: date) -> list[Fault]:
    """Every organ and person that is named must be there; all that are not are told at once."""
    faults = _missing_organs(registry, [("organ", asked.organ), *(("units", one) for one in asked.units)], day)
    for code in asked.reviewers:
        person = registry.people.get(code)
        if person is None:
            faults.append(Fault("reviewers", "unknown-person", f"there is no person {code!r}"))
        elif not person.serves_on(day):
            faults.append(Fault("reviewers", "not-in-office", f"{code} is not in office on {day}"))
    return faults


def _from_the_plan(registry: Registry, asked: PassOn) -> PassOn:
    """The successors and the document, where they are left out: those of the reorganisation that ended the unit."""
    tree = registry.organisation
    passed = [one for one in tree.successions if one.source == asked.unit and one.effective <= asked.day]
    heirs = dict.fromkeys(tree.responsible(one.target, "", asked.day, since=one.effective)[0] for one in passed)
    document = asked.document or next((one.basis for one in passed), "")
    return attrs.evolve(asked, to=asked.to or tuple(heirs), document=document)


def _check_successors(registry: Registry, asked: PassOn, day: date) -> None:
    """The successors exist, and the unit itself no longer does: as long as it is there, the duty is its own."""
    faults = _missing_organs(registry, [("to", one) for one in asked.to], day)
    if asked.day > day:
        faults.append(Fault("day", "future", f"{asked.day} has not come; the duty passes on the day of the reform"))
    organ = registry.organisation.organs.get(asked.unit)
    if organ is not None and organ.exists_on(asked.day) and organ.exists_on(day):
        message = f"{asked.unit} exists on {asked.day}; the duty of a unit passes when the unit ends"
        faults.append(Fault("unit", "exists", message))
    _refuse(f"the duty of {asked.unit} is not passed on", faults)


def _missing_organs(registry: Registry, named: Iterable[tuple[str, str]], day: date) -> list[Fault]:
    faults = []
    for path, code in named:
        organ = registry.organisation.organs.get(code)
        if organ is None:
            faults.append(Fault(path, "unknown-organ", f"there is no organ {code!r}"))
        elif not organ.exists_on(day):
            faults.append(Fault(path, "no-organ-any-more", f"{organ.name} ({code}) does not exist on {day}"))
    return faults


def _refuse(what: str, faults: list[Fault]) -> None:
    if faults:
        more = "" if len(faults) == 1 else f", and {len(faults) - 1} more"
        told = f"{faults[0].path}: {faults[0].message}{more}"
        raise ClaimError(f"{what}: {told}", faults=faults, remedy="correct every place named")
