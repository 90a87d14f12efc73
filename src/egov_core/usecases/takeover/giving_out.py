"""Giving out: the open cases of an office as old cases, for another office or a test installation to take over.

Rules of this room: the inverse of taking over, act for act, and nothing is decided. What a file of open cases has no
place for (hearings, the unit that holds a step, a decision against the applicant) is told with its number, never
left out in silence. What silence has brought last is not said, since silence brings it there too. Every personal value
leaves in the clear here, so it takes somebody who may decide over the organ, and the chain says that it was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import attrs

from egov_core.domain.authority import ALL_ITEMS, Act
from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.old_cases import OldAct, OldCase
from egov_core.domain.cases.states import State
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.cells import Cell
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Actor, ActorKind
from egov_core.domain.periods import FixedDay, Limit, NoLimit
from egov_core.errors import NoAuthorityError
from egov_core.ports.storage import CaseRow, Unit
from egov_core.usecases.authority.campaigns import person_in_office
from egov_core.usecases.authority.staff import OF_AN_ORGAN, OF_THE_GOVERNMENT, deciders, roots
from egov_core.usecases.cases.applications import SubjectFile
from egov_core.usecases.foundation.chaining import following
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode, decode_event

GIVEN_OUT, GIVEN_OUT_STREAM = "cases-given-out", "cases:given-out"
OPEN = frozenset(
    {
        State.SUBMITTED,
        State.CORRECTION_REQUESTED,
        State.ACCEPTED,
        State.REVIEWED,
        State.PAUSED,
        State.REFERRED,
        State.APPROVED,
    }
)
"""Where a case may stand in a file of open cases; one that is granted is open until it is delivered."""
_NOWHERE = Cell("", "")
_NO_PROMISE = NoLimit(basis=LegalBasis(instrument="没有承诺", assumed=True))
_NO_COLUMN: Mapping[type, tuple[str, str]] = {
    a.HearingOffered: ("hearing", "the hearing is not said in the file; enter it there again"),
    a.StepHandedOver: ("unit", "the internal unit that holds the step is not said; hand the step over there again"),
    a.LicenceIssued: ("licence", "that the licence was made out is not said; enter it there again"),
}


@attrs.frozen(kw_only=True)
class Unsaid:
    """What the file does not say of a case, by its number; `left_out`: the case is not in it."""

    number: str
    code: str
    message: str
    left_out: bool = False


@attrs.frozen(kw_only=True)
class GivenOut:
    """Open cases in the order of their receipt, and what the file cannot say of them."""

    cases: tuple[OldCase, ...]
    unsaid: tuple[Unsaid, ...]


def open_cases(
    services: Services,
    *,
    organ: str = "",
    prefix: str = "",
    progress: Callable[[int], object] = lambda _done: None,
) -> GivenOut:
    """The open cases, or those that `organ` answers for today; `prefix` is put before each number.

    Raises UnknownError for an organ that is not there.
    """
    registry, today = services.registry(), services.clock.now().date()
    if organ:
        registry.organisation.get(organ)
    cases: list[OldCase] = []
    unsaid: list[Unsaid] = []
    for row in every_case(services):
        progress(1)
        state = State(row.state)
        if state not in OPEN and state is not State.REJECTED:
            continue
        answers, _ = registry.organisation.responsible(row.organ, row.item, today, since=row.received_at.date())
        if organ and organ not in (answers, row.organ):
            continue
        reader = _Reader(services, row, prefix + row.number)
        case = reader.case()
        unsaid += reader.unsaid
        if case is not None:
            cases.append(case)
    cases.sort(key=lambda one: (one.received, one.number))
    return GivenOut(cases=tuple(cases), unsaid=tuple(sorted(unsaid, key=lambda one: (one.number, one.code))))


def require_giver(registry: Registry, actor: Actor, organ: str, now: datetime) -> None:
    """Raises NoAuthorityError unless the actor is head of `organ`, or of the government over the whole place.

    Only while nobody is head of the government yet, an office that is being set up gives out by itself.
    """
    day, tree = now.date(), registry.organisation
    who = deciders(registry, day)
    if actor.kind is ActorKind.SYSTEM and not who:
        return
    if actor.kind is ActorKind.STAFF:
        person_in_office(registry, actor.code, day)
        places, roles = ([organ], OF_AN_ORGAN) if organ else (roots(tree, day), OF_THE_GOVERNMENT)
        acts = [[Act(role=role, item=ALL_ITEMS, organ=place, day=day) for role in roles] for place in places]
        if all(any(registry.authority.permits(actor.code, act, tree) for act in one) for one in acts):
            return
    said = "nobody is named" if actor.kind is ActorKind.SYSTEM else f"{actor.code} may not decide it"
    raise NoAuthorityError(
        f"the open cases of {organ or 'the whole place'} leave with the names of the applicants, and {said}",
        remedy=f"say --by PERSON: the head of the government ({', '.join(who) or 'nobody yet'})"
        + (f", or of {organ}" if organ else ", or, with --organ, the head of that organ"),
    )


def record_given_out(services: Services, *, actor: Actor, organ: str, cases: int, digest: str) -> None:
    """Say in the chain that the cases were given out, with how many they are and the digest of the file."""
    now = services.clock.now()
    said = {"cases": cases, "organ": organ, "digest": digest, "purpose": "moving"}

    def commit(unit: Unit) -> None:
        stands = unit.head(services.area, GIVEN_OUT_STREAM)
        unit.append([following(services.area, GIVEN_OUT_STREAM, stands, GIVEN_OUT, said, actor=actor, now=now)])

    services.storage.write(commit)


@attrs.define
class _Reader:
    """One case as far as its events have been read."""

    services: Services
    row: CaseRow
    number: str
    unsaid: list[Unsaid] = attrs.field(factory=list)
    acts: list[OldAct] = attrs.field(factory=list)
    statutory: Limit | None = None
    promised: Limit | None = None
    upper: str = ""
    deemed: tuple[int, e.Accepted, datetime] | None = None
    renewed: bool = False

    def case(self) -> OldCase | None:
        """The case; None where a file cannot say it."""
        if self.row.state == State.REJECTED.value:
            self._unsaid("rejected", "decided against and not delivered: no column says so; deliver it here", out=True)
            return None
        submitted, received = self._read()
        kept = self.services.storage.subject(self.services.area, submitted.subject)
        if kept is None:
            self._unsaid("forgotten", "its applicant was forgotten, and nobody can be named", out=True)
            return None
        filed = decode(kept.data, SubjectFile)
        silent = self.renewed or self._deemed_last()
        if filed.form:
            self._unsaid("form", "what the applicant wrote into the form is not said; the materials are")
        return OldCase(
            number=self.number,
            item=submitted.item,
            received=received,
            applicant=filed.applicant,
            materials=submitted.materials,
            channel=submitted.channel,
            renews=None if submitted.renewal is None else submitted.renewal.expires.day,
            query_code=filed.query_code,
            statutory=self._sayable(self.statutory),
            promised=self._sayable(self.promised),
            upper=self.upper,
            state="" if silent else self.row.state,
            acts=tuple(self.acts),
            cells={"number": _NOWHERE},
        )

    def _read(self) -> tuple[e.Submitted, datetime]:
        stored = self.services.storage.events(self.services.area, self.row.case_id)
        recorded = [decode_event(one.stream, one.position, one.payload) for one in stored]
        first = recorded[0]
        assert isinstance(first.event, e.Submitted), "a case begins with its submission"
        for one in recorded[1:]:
            self._take(one.event, one.at)
        return first.event, first.at

    def _take(self, event: e.CaseEvent, at: datetime) -> None:
        if isinstance(event, e.Accepted):
            self._accepted(event, at)
        elif isinstance(event, a.LapseSetAside):
            self.deemed, self.renewed = None, False
        elif isinstance(event, e.Approved) and event.by_law:
            self.renewed = True
        else:
            for command in self._commands(event):
                self._act(command, at)

    def _commands(self, event: e.CaseEvent) -> Iterator[c.Command]:
        """The command that an event was, as a file of open cases says it; nothing where it says none."""
        match event:
            case e.CorrectionRequested():
                yield c.RequestCorrection(case_id="", notice=event.notice, missing=event.missing, within=event.within)
            case e.Supplemented():
                yield c.Supplement(case_id="", materials=event.materials)
            case e.Paused():
                kind = PauseKind(event.kind)
                yield c.Pause(case_id="", kind=kind, notice=event.notice, declared=event.declared)
            case e.Resumed():
                yield c.Resume(case_id="", result=event.result)
            case e.Extended():
                yield c.Extend(case_id="", amount=event.amount, reason=event.reason, notice=event.notice)
            case e.Reviewed():
                yield c.Review(case_id="", opinion=event.opinion)
            case e.Referred():
                self.upper = event.to
                yield c.ReferUpward(case_id="", opinion=event.opinion)
            case e.ReceiptRecorded():
                said = f"回执号{event.receipt}" if event.accepted else f"回执：{event.detail or '未接收'}"
                yield c.RecordUpperProgress(case_id="", progress=said)
            case e.UpperProgressRecorded():
                yield c.RecordUpperProgress(case_id="", progress=event.progress, source=event.source)
            case e.Approved():
                if event.on_commitment:
                    self._unsaid("commitment", "that it was granted on a commitment is not said; check it here")
                if event.by_upper:
                    yield c.RecordUpperDecision(case_id="", granted=True, document=event.document)
                else:
                    yield c.Approve(case_id="", document=event.document)
            case _:
                if (told := _NO_COLUMN.get(type(event))) is not None:
                    self._unsaid(*told)

    def _act(self, command: c.Command, at: datetime) -> None:
        if isinstance(command, c.RecordUpperProgress):
            # the file has room for what the upper organ did last
            self.acts = [one for one in self.acts if not isinstance(one.command, c.RecordUpperProgress)]
        self.acts.append(OldAct(command=command, at=at, cell=_NOWHERE))

    def _accepted(self, event: e.Accepted, at: datetime) -> None:
        if event.deemed:
            self.deemed = len(self.acts), event, event.since or at
            return
        self.deemed = None
        self._act(c.Accept(case_id=""), at)
        self._frozen(event)

    def _frozen(self, event: e.Accepted) -> None:
        self.statutory, self.promised = event.statutory, event.promised or _NO_PROMISE

    def _deemed_last(self) -> bool:
        """Whether an acceptance by silence is the last thing that happened; one that work was built on is written."""
        if self.deemed is None:
            return False
        place, event, since = self.deemed
        if place == len(self.acts):
            return True
        self.acts.insert(place, OldAct(command=c.Accept(case_id=""), at=since, cell=_NOWHERE))
        self._frozen(event)
        self._unsaid("deemed", "accepted by silence, and stands as accepted then: its limits run from there")
        return False

    def _sayable(self, limit: Limit | None) -> Limit | None:
        if not isinstance(limit, FixedDay):
            return limit
        self._unsaid("fixed-day", f"its limit is the day {limit}, which no column says; the catalogue's is taken there")
        return None

    def _unsaid(self, code: str, message: str, *, out: bool = False) -> None:
        found = Unsaid(number=self.number, code=code, message=message, left_out=out)
        if found not in self.unsaid:
            self.unsaid.append(found)
