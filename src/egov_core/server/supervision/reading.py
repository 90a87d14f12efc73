"""Reading a case file: its timers with their ledgers, its cards with their reasons, its events with their details.

Rules of this room: everything is derived again from the events under the policy frozen into the case, by the same
functions that issued the cards; stored caches are not asked. Values only; words are the templates'.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import attrs

from egov_core.domain.cards.policy import CardPolicy, CardRule
from egov_core.domain.cases.ambiguity import readings_of
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.cases.states import Stage, State, stage
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.periods import Limit
from egov_core.domain.timers.incidents import Incident, incidents
from egov_core.domain.timers.ledger import LedgerLine, ledger
from egov_core.domain.timers.readings import Reading
from egov_core.domain.timers.reckoning import Due, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import UnknownError
from egov_core.ports.queries import CaseFile
from egov_core.ports.storage import CardRow
from egov_core.server.desk import Desk

BASES = ("promised", "statutory", "declared", "due")
CARD_EVENTS = frozenset({"card-issued", "card-revoked"})


@attrs.frozen(kw_only=True)
class TimerReading:
    """A run of a timer: its limit, when it is due, how it stands, its ledger, other readings, what has to be said."""

    run: TimerRun
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
    """A card and the rule that issued it; `rule` is None where its policy is not known here."""

    card: CardRow
    rule: CardRule | None
    limit: Limit | None

    @property
    def anchor(self) -> str:
        """The name of its timer's place on the page."""
        return anchor_of(self.card.timer_id)


@attrs.frozen(kw_only=True)
class CaseReading:
    """A case as its file tells it at `now`."""

    file: CaseFile
    case: Case
    item: ItemVersion | None
    policy: CardPolicy
    ruler: Ruler
    events: tuple[RecordedEvent, ...]
    timers: tuple[TimerReading, ...]
    cards: tuple[CardReading, ...]
    now: datetime

    @property
    def happened(self) -> tuple[RecordedEvent, ...]:
        """The events without the cards, which have a place of their own."""
        return tuple(one for one in self.events if one.event.type not in CARD_EVENTS)

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
            elif state in (State.NOT_ACCEPTED, State.WITHDRAWN):
                how = "ended" if place == self._ended_at() else "done" if place < self._ended_at() else "skipped"
            else:
                how = "done" if place < here else "now" if place == here else "later"
            found.append((step.name.lower(), how))
        return tuple(found)

    def _ended_at(self) -> int:
        """In which step a case that was refused or withdrawn came to its end."""
        return 1 if self.file.row.accepted_at is not None else 0


def anchor_of(timer_id: str) -> str:
    """A timer's place on the page of its case."""
    return "timer-" + "-".join(timer_id.split("/")[-2:])


def read_case(desk: Desk, file: CaseFile, now: datetime) -> CaseReading:
    """The case that a file tells."""
    case = desk.case_of(file.row)
    yardstick = _yardstick(desk, case)
    timers = tuple(_timer(yardstick, run, now) for run in runs_of(case, yardstick))
    limits = {reading.run.timer_id: reading.run for reading in timers}
    try:
        item = desk.catalogue.version(case.item, case.item_version)
    except UnknownError:
        item = None
    return CaseReading(
        file=file,
        case=case,
        item=item,
        policy=yardstick.policy,
        ruler=yardstick.ruler,
        events=tuple(desk.event_of(stored) for stored in file.events),
        timers=timers,
        cards=tuple(_card(desk, card, limits.get(card.timer_id)) for card in file.cards),
        now=now,
    )


def _yardstick(desk: Desk, case: Case) -> Yardstick:
    """The case's yardstick; where its policy is not known here, that of the office."""
    try:
        return desk.yardstick(case)
    except UnknownError:
        return desk.yardstick(attrs.evolve(case, policy=desk.policy("").ref))


def _timer(yardstick: Yardstick, run: TimerRun, now: datetime) -> TimerReading:
    ruler = yardstick.ruler
    due = run.due(ruler, BASES)
    until = run.stopped_at.date() if run.stopped_at is not None else now.date() if due.due is None else None
    return TimerReading(
        run=run,
        limit=run.limit(BASES),
        base=next((base for base in BASES if base in run.limits), ""),
        due=due,
        state=_state(run, due, now),
        lines=ledger(run, ruler, until, bases=BASES),
        readings=readings_of(run, yardstick, BASES),
        incidents=incidents(run, ruler, now=now, bases=BASES),
    )


def _state(run: TimerRun, due: Due, now: datetime) -> str:
    if run.stopped_at is not None:
        return "late" if due.due is not None and run.stopped_at > due.due else "in-time"
    if any(pause.end is None for pause in run.pauses):
        return "paused"
    return "overdue" if due.due is not None and now > due.due else "running"


def _card(desk: Desk, card: CardRow, run: TimerRun | None) -> CardReading:
    try:
        rule = next((rule for rule in desk.policy(card.policy).rules if rule.code == card.rule), None)
    except UnknownError:
        rule = None
    return CardReading(card=card, rule=rule, limit=run.limit(rule.base) if run is not None and rule else None)
