"""Auditing: `verify`, the check of everything stored against the invariants we publish.

Rules of this room: read-only; every violation names the invariant, the stream and what is wrong, and checking goes on.
The rows are made again from the events by the same functions that made them first, and compared byte for byte.

I1 acknowledged cases exist · I2 one case per key · I3 one acceptance per case · I4 numbers unique and without gap ·
I5 one chained event per change · I6 only transitions of the table · I7 the outbox is what was referred and told · I9 no
card is missing or double · I10 no card without its rule · I11 pauses do not overlap and have an end or an owner · I12
closed cases are as their events made them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from egov_core.domain.audit import StoredLink, verify_chain
from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve, is_lapse
from egov_core.domain.cases.lapses import pending_lapse, rests_on
from egov_core.domain.cases.states import SETTLED, TRANSITIONS, State
from egov_core.domain.cases.steps import guard_refusal
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cases.timing import card_changes, is_settled
from egov_core.errors import EgovError, IntegrityError
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, StoredEvent, TimerRow
from egov_core.usecases.catching_up import applied
from egov_core.usecases.lapsing import lapses
from egov_core.usecases.recording import REFERRAL, case_row, issued_card, timer_rows
from egov_core.usecases.reminding import CAMPAIGNS, check_reminders
from egov_core.usecases.services import Services
from egov_core.usecases.state_digest import RowsDigest, references_digest
from egov_core.usecases.traces import (
    KIND_OF,
    check_answers,
    check_calendars,
    check_columns,
    check_outbox,
    check_references,
    check_subject,
)
from egov_core.wire.codec import decode_event

EVENT_OF: dict[str, frozenset[type]] = {
    e.Submitted.type: frozenset({c.Submit}),
    e.CorrectionRequested.type: frozenset({c.RequestCorrection}),
    e.Supplemented.type: frozenset({c.Supplement}),
    e.Accepted.type: frozenset({c.Accept, c.DeemAccepted}),
    e.NotAccepted.type: frozenset({c.Refuse}),
    e.Reviewed.type: frozenset({c.Review}),
    e.Paused.type: frozenset({c.Pause}),
    e.Resumed.type: frozenset({c.Resume}),
    e.Extended.type: frozenset({c.Extend}),
    e.Approved.type: frozenset({c.Approve, c.RecordUpperDecision, c.DeemRenewed}),
    e.Rejected.type: frozenset({c.Reject, c.RecordUpperDecision}),
    e.Delivered.type: frozenset({c.Deliver}),
    e.Withdrawn.type: frozenset({c.Withdraw}),
    e.Referred.type: frozenset({c.ReferUpward}),
    e.UpperProgressRecorded.type: frozenset({c.RecordUpperProgress}),
    a.ClosedUnanswered.type: frozenset({c.CloseUnanswered}),
    a.StepHandedOver.type: frozenset({c.HandOver}),
    a.HearingOffered.type: frozenset({c.OfferHearing}),
    a.HearingRequested.type: frozenset({c.RequestHearing}),
    a.HearingScheduled.type: frozenset({c.ScheduleHearing}),
    a.HearingHeld.type: frozenset({c.HoldHearing}),
    a.LicenceIssued.type: frozenset({c.IssueLicence}),
    a.CommitmentChecked.type: frozenset({c.CheckCommitment}),
}
"""Which rows of the table lead to which events; cards, receipts and what is set aside follow from none."""


@attrs.frozen(kw_only=True)
class Violation:
    """One broken invariant."""

    invariant: str
    stream: str
    message: str


@attrs.frozen(kw_only=True)
class Verification:
    """What `verify` found: how much was checked, what is broken, and how many timers the sweep has yet to look at.

    `referrals` counts what was referred upward by the state of its row in the outbox.
    `digests` are those of all reference data and of all rows of cases: where they are the same again, so is the state.
    """

    checked: dict[str, int]
    referrals: dict[str, int]
    violations: tuple[Violation, ...]
    pending_timers: int
    digests: dict[str, str] = attrs.field(factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations


def verify(services: Services, *, progress: Callable[[int], None] = lambda _done: None) -> Verification:
    """Check the whole area, read-only; `progress` is told of each case."""
    checked: Counter[str] = Counter()
    referrals: Counter[str] = Counter()
    violations: list[Violation] = []
    numbers: dict[str, list[int]] = defaultdict(list)
    before = services.storage.counts(services.area)
    seen_numbers: Counter[str] = Counter()
    now = services.storage.last_instant(services.area) or services.clock.now()
    pending = 0
    plain: list[Sequence[StoredEvent]] = []
    rows = RowsDigest()
    for stream in services.storage.streams(services.area):
        checked["streams"] += 1
        checked["cases"] += ":" not in stream
        try:
            if ":" in stream:
                plain.append(services.storage.events(services.area, stream))
                violations += _check_plain_chain(stream, plain[-1], checked)
                violations += _check_campaign(services, stream, plain[-1], checked)
                continue
            inspection, found = _inspect(services, stream)
        except IntegrityError as error:
            violations.append(Violation(invariant="I5", stream=stream, message=error.message))
            continue
        violations += found
        rows.take(inspection.row, inspection.timers, inspection.cards, inspection.outbox)
        checked["events"] += len(inspection.stored)
        checked["cards"] += len(inspection.cards)
        checked["timers"] += len(inspection.timers)
        checked["outbox"] += len(inspection.outbox)
        referrals.update(row.state for row in inspection.outbox if row.kind == REFERRAL)
        pending += sum(1 for timer in inspection.timers if timer.next_fire_at is not None and timer.next_fire_at <= now)
        if inspection.row is not None:
            seen_numbers[inspection.row.number] += 1
        if inspection.row is not None and not inspection.is_taken_over:
            series, _, count = inspection.row.number.rpartition("-")
            if count.isdigit():
                numbers[series].append(int(count))
        progress(1)
    violations += _check_numbers(services, seen_numbers, numbers)
    violations += [
        Violation(invariant=invariant, stream=stream, message=message)
        for invariant, stream, message in (
            *check_answers(services),
            *check_references(services, plain),
            *check_calendars(services),
        )
    ]
    counted = services.storage.counts(services.area)
    violations += [
        Violation(invariant="I5", stream=name, message=f"{counted[name]} rows stored, {checked[name]} explained")
        for name in ("cases", "timers", "cards", "outbox")
        if not before[name] <= checked[name] <= counted[name]  # the office may be at work meanwhile
    ]
    checked["referrals"] = referrals.total()
    kept = (row for kind in set(KIND_OF.values()) for row in services.storage.references(services.area, kind))
    return Verification(
        checked=dict(checked),
        referrals=dict(referrals),
        violations=tuple(violations),
        pending_timers=pending,
        digests={"reference_data": references_digest(kept), "rows": rows.hexdigest()},
    )


def _check_plain_chain(stream: str, stored: Sequence[StoredEvent], checked: Counter[str]) -> list[Violation]:
    checked["events"] += len(stored)
    try:
        verify_chain(stream, (StoredLink(one.position, one.payload, one.head) for one in stored))
    except IntegrityError as error:
        return [Violation(invariant="I5", stream=stream, message=error.message)]
    return [Violation(invariant=one, stream=stream, message=message) for one, message in check_columns(stored)]


def _check_campaign(
    services: Services, stream: str, stored: Sequence[StoredEvent], checked: Counter[str]
) -> list[Violation]:
    if not stream.startswith(CAMPAIGNS):
        return []
    rows, broken = check_reminders(services, stream, stored)
    checked["outbox"] += rows
    return [Violation(invariant="I7", stream=stream, message=message) for message in broken]


def _inspect(services: Services, stream: str) -> tuple[_Inspection, list[Violation]]:
    """One case with what is broken in it. A case that somebody moves meanwhile is looked at again."""
    inspection = _Inspection.of(services, stream)
    for _ in range(3):
        found: list[Violation] = []
        try:
            found.extend(inspection.run())
        except EgovError as error:
            found.append(Violation(invariant="I5", stream=stream, message=error.message))
        if not found:
            break
        again = _Inspection.of(services, stream)
        if again == inspection:
            break
        inspection = again
    return inspection, found


def _check_numbers(services: Services, seen: Counter[str], numbers: dict[str, list[int]]) -> Iterator[Violation]:
    for number, times in seen.items():
        if times > 1:
            yield Violation(invariant="I4", stream=number, message=f"the number was given {times} times")
    for series, given in numbers.items():
        missing = [
            number
            for number in sorted(set(range(1, max(given) + 1)) - set(given))
            if not _is_there(services, f"{series}-{number:05d}")
        ]
        if missing:
            yield Violation(invariant="I4", stream=series, message=f"numbers are missing: {missing[:10]}")


def _is_there(services: Services, number: str) -> bool:
    try:
        return services.storage.case_by_number(services.area, number) is not None
    except IntegrityError:
        return True  # damaged, and said so where its stream is looked at


@attrs.frozen
class _Inspection:
    """One case as it was read, to be made again from its events."""

    services: Services = attrs.field(eq=False)
    stream: str
    stored: tuple[StoredEvent, ...]
    row: CaseRow | None
    timers: tuple[TimerRow, ...]
    cards: tuple[CardRow, ...]
    outbox: tuple[OutboxRow, ...]

    @classmethod
    def of(cls, services: Services, stream: str) -> _Inspection:
        """Read what is stored about a case."""
        store, area = services.storage, services.area
        return cls(
            services,
            stream,
            store.events(area, stream),
            store.case(area, stream),
            store.timers(area, stream),
            store.cards(area, stream),
            store.outbox_of(area, stream),
        )

    @property
    def is_taken_over(self) -> bool:
        """Whether the case has its number from an earlier system, of whose series we know nothing."""
        return any(one.type == TakenOver.type for one in self.stored[:2])

    def run(self) -> Iterator[Violation]:
        try:
            head = verify_chain(self.stream, (StoredLink(one.position, one.payload, one.head) for one in self.stored))
            recorded = [decode_event(self.stream, one.position, one.payload) for one in self.stored]
        except IntegrityError as error:
            yield self._broken("I5", error.message)
            return
        case: Case | None = None
        for one in recorded:
            refusal = self._transition_fault(case, one.event) or self._takeover_fault(case, one)
            refusal = refusal or self._silence_fault(case, one)
            if refusal:
                yield self._broken("I6", f"position {one.position}: {refusal}")
                return
            yield from self._check_calendar(case, one)
            case = evolve(case, one)
        if case is None or self.row is None:
            yield self._broken("I1", "there are events but no case" if self.row is None else "there is no event")
            return
        accepted = sum(1 for mark in case.history if mark.type == e.Accepted.type and mark.void_at is None)
        if accepted > 1:
            yield self._broken("I3", f"the case was accepted {accepted} times")
        if self.row != case_row(self.services.area, case, head):
            yield self._broken(self._state_invariant(case), "the stored state is not that of its events")
        for broken in (
            check_columns(self.stored),
            check_outbox(self.services.area, case, recorded, self.outbox),
            check_subject(self.services, recorded),
        ):
            for invariant, message in broken:
                yield self._broken(invariant, message)
        yield from self._check_time(case, recorded)

    def _check_time(self, case: Case, recorded: Sequence[e.RecordedEvent]) -> Iterator[Violation]:
        services, entered_at = self.services, recorded[-1].entered_at
        yardstick = services.yardstick(case)
        if self.timers != timer_rows(services.area, case, yardstick, entered_at):
            yield self._broken(self._state_invariant(case), "the timers are not those of its events")
        for change in card_changes(case, yardstick, entered_at):
            invariant = "I9" if isinstance(change.event, e.CardIssued) else "I10"
            what = "is missing" if invariant == "I9" else "has no rule that holds"
            yield self._broken(invariant, f"card {change.event.rule} of {change.event.timer_id} {what}")
        for event, at in lapses(services, case, entered_at)[0]:
            yield self._broken("I9", f"{event.type} at {at.isoformat()}, which silence brought, is missing")
        if sorted(self.cards, key=_key) != sorted(_ledger(services.area, recorded), key=_key):
            yield self._broken("I9", "the ledger of cards is not that of its events")
        spans = sorted((pause.start, pause.end) for pause in case.pauses if pause.end is not None)
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            yield self._broken("I11", "pauses overlap")
        if any(pause.end is None for pause in case.pauses) and case.state is not State.PAUSED:
            yield self._broken("I11", "a pause has neither an end nor an owner")

    def _check_calendar(self, case: Case | None, one: e.RecordedEvent) -> Iterator[Violation]:
        """A case passes to the next revision, while something can happen to it, with the dates that this moves."""
        if not isinstance(one.event, CalendarApplied) or case is None:
            return
        if one.event.revision != case.calendar + 1 or is_settled(case, self.services.yardstick(case)):
            yield self._broken(self._state_invariant(case), f"position {one.position}: not the next calendar revision")
        elif one != applied(self.services, case, one.entered_at):
            yield self._broken("I5", f"position {one.position}: not what revision {one.event.revision} changes")

    def _state_invariant(self, case: Case) -> str:
        return "I12" if case.state in SETTLED else "I5"

    def _transition_fault(self, case: Case | None, event: e.CaseEvent) -> str:
        """Why this event may not follow, or an empty string."""
        if isinstance(event, e.CardIssued | e.CardRevoked | CalendarApplied | e.ReceiptRecorded):
            return "" if case is not None else f"{event.type} cannot begin a case"
        if isinstance(event, TakenOver):
            return "" if case is not None and case.version == 1 else f"{event.type} does not follow the submission"
        if isinstance(event, a.LapseSetAside):
            held = case is not None and case.lapsed and case.lapsed[-1].effect == event.effect
            return "" if held else f"{event.type} finds no {event.effect} to set aside"
        state = None if case is None else case.state
        row = TRANSITIONS[state]
        asked = {command for command in EVENT_OF[event.type] if (command in c.BY_LAW) is is_lapse(event)}
        refusals = [self._guard(case, row[command].guard) for command in asked & row.keys()]
        if "" in refusals:
            return ""
        return f"{event.type} does not follow {'nothing' if state is None else state.value}" + "".join(
            f": {refusal}" for refusal in refusals
        )

    def _takeover_fault(self, case: Case | None, one: e.RecordedEvent) -> str:
        """Why this event cannot be one of an earlier system though it is said to be, or an empty string."""
        if case is None:
            return ""
        if isinstance(one.event, TakenOver):
            same = (one.at, one.event.number) == (one.event.cut_over, case.number)
            return "" if same else f"{one.event.type} is not of this number, or not dated by its cut-over"
        if case.takeover is None or not case.is_taken_over(one.position):
            return ""
        entered_at = self.stored[0].entered_at
        if one.at < case.takeover.cut_over and one.entered_at == entered_at:
            return ""
        return f"{one.event.type} is counted to an earlier system, and was not done there before the cut-over"

    def _silence_fault(self, case: Case | None, one: e.RecordedEvent) -> str:
        """Why this event may not follow what silence had brought by then, or had not, or an empty string."""
        if case is None or isinstance(one.event, e.CardIssued | e.CardRevoked | TakenOver):
            return ""
        if case.is_taken_over(one.position):
            return ""  # an earlier system has recorded it as it was done, whatever silence would have brought here
        if isinstance(one.event, a.LapseSetAside):
            lapsed = case.lapsed[-1]
            return "" if one.at < lapsed.at else f"{lapsed.effect} of {lapsed.at} is set aside by what came after it"
        pending = pending_lapse(case, self.services.yardstick(case))
        if not is_lapse(one.event):
            late = pending is not None and pending.at <= one.at
            return f"{one.event.type} comes after silence had its effect, which is missing" if late else ""
        due = pending is not None and pending.at == one.at and rests_on(one.event, pending)
        return "" if due else f"{one.event.type} by silence at {one.at.isoformat()} rests on no limit that passed then"

    def _guard(self, case: Case | None, name: str) -> str:
        if case is None or not name:
            return ""
        return guard_refusal(name, self.services.registry().catalogue.version(case.item, case.item_version))

    def _broken(self, invariant: str, message: str) -> Violation:
        return Violation(invariant=invariant, stream=self.stream, message=message)


def _ledger(area: str, recorded: Iterable[e.RecordedEvent]) -> Iterable[CardRow]:
    """The ledger rows that these events make."""
    rows: dict[tuple[str, str, str, int], CardRow] = {}
    for one in recorded:
        if isinstance(one.event, e.CardIssued):
            row = issued_card(area, one, one.event)
            rows[_key(row)] = row
        elif isinstance(one.event, e.CardRevoked):
            key = (one.event.timer_id, one.event.rule, one.event.level, one.event.epoch)
            if key in rows:
                rows[key] = attrs.evolve(rows[key], revoked_at=one.entered_at, revoke_reason=one.event.reason)
    return rows.values()


def _key(card: CardRow) -> tuple[str, str, str, int]:
    return card.timer_id, card.rule, card.level, card.epoch
