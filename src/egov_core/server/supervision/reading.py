"""Reading a case file: its timers with their ledgers, its cards with their reasons, its events with their details.

Rules of this room: everything is derived again from the events under the policy frozen into the case, by the same
functions that issued the cards; stored caches are not asked. Values only; words are the templates'.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import attrs

from egov_core.domain.cards.policy import CardPolicy, CardRule
from egov_core.domain.cases.accompanying import CardSuccession
from egov_core.domain.cases.ambiguity import readings_of
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import CardIssued, RecordedEvent
from egov_core.domain.cases.holders import Holder, holders_of, responsible_organ
from egov_core.domain.cases.lapses import pending_lapse
from egov_core.domain.cases.states import Stage, State, stage
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import ONE_SECOND, LegalBasis
from egov_core.domain.periods import Limit
from egov_core.domain.timers.incidents import Incident, incidents
from egov_core.domain.timers.kinds import LimitSource, Per, TimerKind
from egov_core.domain.timers.ledger import LedgerLine, ledger
from egov_core.domain.timers.readings import Reading
from egov_core.domain.timers.reckoning import Due, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import UnknownError
from egov_core.ports.queries import CaseFile
from egov_core.ports.storage import CardRow, OutboxRow
from egov_core.server.desk import Desk
from egov_core.usecases.foundation.notifying import NOTIFICATION

BASES = ("promised", "statutory", "declared", "due")
CARD_EVENTS = frozenset({"card-issued", "card-revoked"})


@attrs.frozen(kw_only=True)
class TimerReading:
    """A run of a timer: its limit, when it is due, how it stands, its ledger, other readings, what has to be said.

    `step` is the step it is about, empty for any other; `holders` are the organ or the units that held it in turn.
    """

    run: TimerRun
    step: str
    holders: tuple[tuple[datetime, str], ...]
    limit: Limit | None
    base: str
    due: Due
    state: str
    lines: tuple[LedgerLine, ...]
    readings: tuple[Reading, ...]
    incidents: tuple[Incident, ...]

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return anchor_of(self.run.timer_id)

    @property
    def counted(self) -> LedgerLine | None:
        """The last line, with the total."""
        return self.lines[-1] if self.lines else None


@attrs.frozen(kw_only=True)
class CardReading:
    """A card, the rule that issued it (None where its policy is not known here), and the step it is about, if any.

    `succession` is why it stands against another organ than that of the case's time.
    """

    card: CardRow
    rule: CardRule | None
    limit: Limit | None
    step: str
    succession: tuple[CardSuccession, ...] = ()

    @property
    def anchor(self) -> str:
        """The name of its timer's place on the page."""
        return anchor_of(self.card.timer_id)


@attrs.frozen(kw_only=True)
class Coming:
    """What silence is about to bring: the last second to act, what comes after it, and on which basis.

    `passed`: that second lies behind, and the next sweep or the next act records what it has brought.
    """

    until: datetime
    effect: str
    basis: LegalBasis
    provisional: bool
    passed: bool


@attrs.frozen(kw_only=True)
class CaseReading:
    """A case as its file tells it at `now`; `answering` is the organ that has to act on it now, and why that one."""

    file: CaseFile
    case: Case
    item: ItemVersion | None
    policy: CardPolicy
    ruler: Ruler
    events: tuple[RecordedEvent, ...]
    timers: tuple[TimerReading, ...]
    cards: tuple[CardReading, ...]
    coming: Coming | None
    answering: Holder
    now: datetime

    def basis_of(self, timer: str) -> LegalBasis | None:
        """The basis on which the end of a timer of this case brings more than cards."""
        return next((lapse.basis for lapse in self.case.lapses if lapse.timer == timer), None)

    @property
    def happened(self) -> tuple[RecordedEvent, ...]:
        """The events without the cards, which have a place of their own."""
        return tuple(one for one in self.events if one.event.type not in CARD_EVENTS)

    @property
    def sent_up(self) -> tuple[OutboxRow, ...]:
        """What was sent to the upper organ."""
        return tuple(row for row in self.file.outbox if row.kind != NOTIFICATION)

    @property
    def told(self) -> tuple[OutboxRow, ...]:
        """What was told to somebody outside."""
        return tuple(row for row in self.file.outbox if row.kind == NOTIFICATION)

    def running(self, *kinds: str) -> TimerReading | None:
        """The timer of one of these kinds that runs now."""
        return next((t for t in self.timers if t.run.kind in kinds and t.run.stopped_at is None), None)

    def of_timers(self, timer_ids: Collection[str]) -> CaseReading:
        """The same with these timers only."""
        return attrs.evolve(self, timers=tuple(one for one in self.timers if one.run.timer_id in timer_ids))

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The three steps 受理—审核—办结, each `done`, `now`, `later` or `ended` (stopped before its end)."""
        state = self.case.state
        here = list(Stage).index(stage(state))
        found = []
        for place, step in enumerate(Stage):
            if state in (State.APPROVED, State.DELIVERED, State.REJECTED):
                how = "done"
            elif state in (State.NOT_ACCEPTED, State.WITHDRAWN, State.LAPSED):
                how = "ended" if place == self._ended_at() else "done" if place < self._ended_at() else "skipped"
            else:
                how = "done" if place < here else "now" if place == here else "later"
            found.append((step.name.lower(), how))
        return tuple(found)

    def _ended_at(self) -> int:
        """In which step a case that was refused, withdrawn or never answered came to its end."""
        return 1 if self.file.row.accepted_at is not None else 0


def anchor_of(timer_id: str) -> str:
    """A timer's place on the page of its case."""
    return "timer-" + "-".join(timer_id.split("/")[-2:])


def read_case(desk: Desk, file: CaseFile, now: datetime) -> CaseReading:
    """The case that a file tells."""
    case = desk.case_of(file.row)
    yardstick = _yardstick(desk, case)
    timers = tuple(_timer(case, yardstick, run, now) for run in runs_of(case, yardstick))
    by_id = {reading.run.timer_id: reading for reading in timers}
    try:
        item = desk.catalogue.version(case.item, case.item_version)
    except UnknownError:
        item = None
    events = tuple(desk.event_of(stored) for stored in file.events)
    reasons = {
        (one.event.timer_id, one.event.rule, one.event.level, one.event.epoch): one.event.succession
        for one in events
        if isinstance(one.event, CardIssued)
    }
    return CaseReading(
        file=file,
        case=case,
        item=item,
        policy=yardstick.policy,
        ruler=yardstick.ruler,
        events=events,
        timers=timers,
        cards=tuple(
            attrs.evolve(
                _card(desk, card, by_id.get(card.timer_id)),
                succession=reasons.get((card.timer_id, card.rule, card.level, card.epoch), ()),
            )
            for card in file.cards
        ),
        coming=_coming(case, yardstick, now),
        answering=responsible_organ(case, desk.organisation, now.date()),
        now=now,
    )


def _yardstick(desk: Desk, case: Case) -> Yardstick:
    """The case's yardstick; where its policy is not known here, that of the office."""
    try:
        return desk.yardstick(case)
    except UnknownError:
        return desk.yardstick(attrs.evolve(case, policy=desk.policy("").ref))


def _coming(case: Case, yardstick: Yardstick, now: datetime) -> Coming | None:
    pending = pending_lapse(case, yardstick)
    if pending is None:
        return None
    return Coming(
        until=pending.at - ONE_SECOND,
        effect=pending.lapse.effect.value,
        basis=pending.lapse.basis,
        provisional=pending.run.due(yardstick.ruler).provisional,
        passed=now >= pending.at,
    )


def _timer(case: Case, yardstick: Yardstick, run: TimerRun, now: datetime) -> TimerReading:
    ruler, kind = yardstick.ruler, yardstick.kinds[run.kind]
    due = run.due(ruler, BASES)
    until = run.stopped_at.date() if run.stopped_at is not None else now.date() if due.due is None else None
    step = next(
        (terms for terms in case.steps if run.timer_id.startswith(f"{case.case_id}/{kind.code}/{terms.code}-")), None
    )
    return TimerReading(
        run=run,
        step="" if step is None else step.code,
        holders=holders_of(case, run, yardstick.organisation, now),
        limit=run.limit(BASES),
        base=_base(run, kind),
        due=due,
        state=_state(run, due, now),
        lines=ledger(run, ruler, until, bases=BASES) if run.limits else (),
        readings=readings_of(run, yardstick, BASES),
        incidents=incidents(run, ruler, now=now, bases=BASES) if run.limits else (),
    )


def _base(run: TimerRun, kind: TimerKind) -> str:
    """Where the limit that is shown comes from."""
    base = next((base for base in BASES if base in run.limits), "")
    if base == "promised" and kind.per is Per.STEP:
        return "step"
    standard = base == "promised" and kind.limit_source in (LimitSource.SERVICE, LimitSource.EVENT)
    return "service" if standard else base


def _state(run: TimerRun, due: Due, now: datetime) -> str:
    if run.stopped_at is not None and not run.limits:
        return "void"
    if run.stopped_at is not None:
        return "late" if due.due is not None and run.stopped_at > due.due else "in-time"
    if any(pause.end is None for pause in run.pauses):
        return "paused"
    return "overdue" if due.due is not None and now > due.due else "running"


def _card(desk: Desk, card: CardRow, timer: TimerReading | None) -> CardReading:
    try:
        rule = next((rule for rule in desk.policy(card.policy).rules if rule.code == card.rule), None)
    except UnknownError:
        rule = None
    return CardReading(
        card=card,
        rule=rule,
        limit=timer.run.limit(rule.base) if timer is not None and rule is not None else None,
        step="" if timer is None else timer.step,
    )
