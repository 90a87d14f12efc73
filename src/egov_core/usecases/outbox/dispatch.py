"""Dispatch: taking what waits in the outbox to the lanes of the plugins that carry it, and recording what came of it.

Rules of this room: a row is taken by a lease (`leasing`) before anybody is asked to send it, so that no two workers
send it at once; what was sent is decided by the key, so that sending twice is harmless all the same. "Not now" climbs
the ladder of Standard Webhooks; at its end the row is dead and waits for a person, never silently dropped. A plugin in
quarantine costs no attempts.
"""

from __future__ import annotations

import logging
import threading

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.errors import ConflictError, EgovError, IntegrityError, QuarantineError, StorageError
from egov_core.hooks.effects import clean
from egov_core.ports.effects import Lane, Parcel
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import OutboxRow, Unit
from egov_core.usecases.cases.lapsing import lapses
from egov_core.usecases.cases.recording import Change, prepare
from egov_core.usecases.foundation.notifying import NOTIFICATION, notification_of
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.outbox.leasing import given_back, is_held, leased, put_off, put_off_untried
from egov_core.wire.codec import canonical, decode_case

BATCH = 100
_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class DispatchReport:
    """What a dispatch did: rows delivered, refused by the receiver, put off, and given up.

    `waiting` are rows that were not tried: their plugin is in quarantine, or has too much before it.
    """

    delivered: int = 0
    refused: int = 0
    put_off: int = 0
    dead: int = 0
    waiting: int = 0


class Tally:
    """Counts what becomes of deliveries, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.report = DispatchReport()

    def count(self, outcome: str) -> None:
        """One more."""
        with self._lock:
            self.report = attrs.evolve(self.report, **{outcome: getattr(self.report, outcome) + 1})


def dispatch(services: Services, *, wait: bool = True) -> DispatchReport:
    """Take everything that is due in the outbox to the lanes, once.

    With `wait` until all of it was tried; without, what lanes are still at is not in the report. Raises StorageError.
    """
    tally = Tally()
    now = services.clock.now()
    while due := services.storage.due_outbox(services.area, now, BATCH):
        lanes: dict[str, tuple[OutboxRow, Lane, Parcel]] = {}
        aside: list[OutboxRow] = []
        for row in due:
            try:
                parcel = _parcel(services, row)
                lane = services.effects.lane(parcel)
            except EgovError as error:
                aside.append(_aside(row, error, services, tally))
                continue
            if lane.has_room():
                lanes[row.key] = (row, lane, parcel)
            else:
                tally.count("waiting")
                aside.append(put_off_untried(row, now))
        taken = [leased(row, now) for row, _, _ in lanes.values()]

        def take(unit: Unit, taken: list[OutboxRow] = taken, aside: list[OutboxRow] = aside) -> list[OutboxRow]:
            for row in aside:
                unit.settle(row, fence=row.fence - 1)
            return [row for row in taken if unit.settle(row, fence=row.fence - 1)]

        for row in services.storage.write(take):
            _, lane, parcel = lanes[row.key]
            lane.submit(Sending(services, row, parcel, tally))
    if wait:
        services.effects.wait()
    return tally.report


def _aside(row: OutboxRow, error: EgovError, services: Services, tally: Tally) -> OutboxRow:
    now = services.clock.now()
    if isinstance(error, QuarantineError):
        tally.count("waiting")
        return put_off_untried(row, now, error)
    _log.warning("outbox %s: attempt %d failed: %s", row.key, row.attempts + 1, clean(str(error)))
    put = put_off(row, now, error)
    tally.count("dead" if put.state == "dead" else "put_off")
    return put


def _parcel(services: Services, row: OutboxRow) -> Parcel:
    if row.kind == NOTIFICATION:
        return Parcel(to=row.target, sent=notification_of(row))
    envelope = Envelope(area=row.area, key=row.key, target=row.target, body=row.body)
    return Parcel(to=services.registry().organisation.get(row.target), sent=envelope)


class Sending:
    """A leased row on its way through a lane; see `ports.effects.Delivery`. A lane uses it from its own thread."""

    def __init__(self, services: Services, row: OutboxRow, parcel: Parcel, tally: Tally) -> None:
        self.parcel = parcel
        self._services, self._row, self._tally = services, row, tally

    def begin(self) -> bool:
        """Whether the lease still holds; it is prolonged where it has become short."""
        return self._hold()

    def beat(self) -> None:
        """Prolong the lease. Where it was lost, whatever is answered will be recorded by nobody here."""
        self._hold()

    def done(self, receipt: Receipt) -> None:
        """Record the receipt with the row; that of a notification is no part of its case."""
        settled = attrs.evolve(
            self._row,
            attempts=self._row.attempts + 1,
            state="delivered" if receipt.accepted else "refused",
            next_attempt_at=None,
            answer=canonical(attrs.asdict(receipt)),
            fence=self._row.fence + 1,
        )
        try:
            told = self._row.kind == NOTIFICATION
            outcome = self._settle(settled) if told else _record(self._services, self._row, settled, receipt)
        except EgovError as error:
            if isinstance(error, StorageError) and not isinstance(error, IntegrityError):
                raise
            # a receipt that cannot be recorded must not hold back what waits behind it
            _log.error("outbox %s: its receipt cannot be recorded: %s", self._row.key, error)
            self.failed(error)
            return
        if outcome is None:
            self.failed(
                ConflictError(
                    "the case was changed by others each time the receipt was to be recorded",
                    remedy="it is sent again by itself, and the same receipt recorded",
                )
            )
        elif outcome:
            self._tally.count(settled.state)
        else:
            _log.warning("outbox %s: another worker had taken it meanwhile", self._row.key)

    def failed(self, error: EgovError) -> None:
        """One attempt more was in vain."""
        row = self._row
        _log.warning("outbox %s: attempt %d failed: %s", row.key, row.attempts + 1, clean(str(error)))
        put = put_off(row, self._services.clock.now(), error)
        if self._settle(put):
            self._tally.count("dead" if put.state == "dead" else "put_off")

    def postpone(self, error: EgovError) -> None:
        """It was not tried: in quarantine it waits, else it is due again at once."""
        now = self._services.clock.now()
        is_quarantined = isinstance(error, QuarantineError)
        if self._settle(put_off_untried(self._row, now, error) if is_quarantined else given_back(self._row, now)):
            self._tally.count("waiting")

    def _hold(self) -> bool:
        now = self._services.clock.now()
        if is_held(self._row, now):
            return True
        longer = leased(self._row, now)
        if not self._settle(longer):
            return False
        self._row = longer
        return True

    def _settle(self, row: OutboxRow) -> bool:
        fence = self._row.fence
        return self._services.storage.write(lambda unit: unit.settle(row, fence=fence))


def _record(services: Services, row: OutboxRow, settled: OutboxRow, receipt: Receipt) -> bool | None:
    """Record the receipt with the row, in one commit.

    False where another worker has the row by now, which writes nothing; None when the case kept moving: the row is
    tried again, and the same receipt is asked for.
    """
    for _ in range(3):
        stored = services.storage.case(row.area, row.case_id)
        if stored is None:
            raise IntegrityError(f"outbox row {row.key} points at case {row.case_id}, which does not exist")
        case: Case = decode_case(stored.data)
        entered = max(services.clock.now(), case.last_at)
        event = e.ReceiptRecorded(
            key=receipt.key, receipt=receipt.receipt, accepted=receipt.accepted, detail=receipt.detail
        )
        upper = Actor(kind=ActorKind.UPPER, code=row.target, organ=row.target)
        lapsed, _ = lapses(services, case, entered)  # whatever silence had brought by then came before the receipt
        change = prepare(
            services,
            stream=case.case_id,
            before=case,
            head=stored.head,
            decided=[*((one, at, SYSTEM) for one, at in lapsed), (event, entered, upper)],
            now=entered,
        )

        def commit(unit: Unit, change: Change = change) -> bool:
            if not unit.settle(settled, fence=row.fence):
                return False
            if not change.write(unit):
                raise _LostRaceError
            return True

        try:
            return services.storage.write(commit)
        except _LostRaceError:
            continue
    return None


class _LostRaceError(Exception):
    """The case moved between reading and writing: undo the unit and read again."""
