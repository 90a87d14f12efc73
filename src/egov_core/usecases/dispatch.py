"""Dispatch: sending what waits in the outbox, and recording the receipts.

Rules of this room: adapters run outside every write; what was sent is decided by the key, so sending twice is
harmless; a row is settled by compare-and-set on its attempts. "Not now" climbs the ladder of Standard Webhooks; at
its end the row is dead and waits for a person, never silently dropped.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import DeliveryError, EgovError, PluginError
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import OutboxRow, Unit
from egov_core.usecases.recording import Change, prepare
from egov_core.usecases.services import Services
from egov_core.wire.codec import canonical, decode_case

LADDER = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait after each failed attempt: the ladder of Standard Webhooks 1.0.0, 5 s to 24 h."""
BATCH = 100
_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class DispatchReport:
    """What a dispatch did: rows delivered, refused by the receiver, put off, and given up."""

    delivered: int = 0
    refused: int = 0
    put_off: int = 0
    dead: int = 0


def dispatch(services: Services) -> DispatchReport:
    """Try everything that is due in the outbox once."""
    report = DispatchReport()
    now = services.clock.now()
    seen: set[str] = set()
    while due := [row for row in services.storage.due_outbox(services.area, now, BATCH) if row.key not in seen]:
        for row in due:
            seen.add(row.key)
            outcome = _try(services, row, now)
            report = attrs.evolve(report, **{outcome: getattr(report, outcome) + 1})
    return report


def _try(services: Services, row: OutboxRow, now: datetime) -> str:
    try:
        receipt = _send(services, row)
    except EgovError as error:
        _log.warning("outbox %s: attempt %d failed: %s", row.key, row.attempts + 1, error)
        return _put_off(services, row, now, error)
    state = "delivered" if receipt.accepted else "refused"
    settled = attrs.evolve(
        row,
        attempts=row.attempts + 1,
        state=state,
        next_attempt_at=None,
        answer=canonical(attrs.asdict(receipt)),
    )
    _settle(services, row, settled, receipt, now)
    return state


def _send(services: Services, row: OutboxRow) -> Receipt:
    target = services.registry().organisation.get(row.target)
    adapter = services.hooks.forwarding_adapter(target)
    if adapter is None:
        raise DeliveryError(
            f"no adapter is installed for {target.name} ({target.code})",
            remedy="install a forwarding plugin for it; the case waits in the outbox",
        )
    envelope = Envelope(area=row.area, key=row.key, target=row.target, body=row.body)
    try:
        receipt = adapter.send(envelope)
    except EgovError:
        raise
    except Exception as error:
        raise PluginError(f"adapter {adapter.name} failed: {type(error).__name__}: {error}") from error
    if not isinstance(receipt, Receipt) or receipt.key != row.key:
        raise PluginError(f"adapter {adapter.name} answered for something else than {row.key}")
    return receipt


def _put_off(services: Services, row: OutboxRow, now: datetime, error: EgovError) -> str:
    given_up = row.attempts >= len(LADDER)
    settled = attrs.evolve(
        row,
        attempts=row.attempts + 1,
        state="dead" if given_up else "pending",
        next_attempt_at=None if given_up else now + timedelta(seconds=LADDER[row.attempts]),
        answer=canonical(error.as_dict()),
    )
    services.storage.write(lambda unit: unit.settle(settled, attempts=row.attempts))
    return "dead" if given_up else "put_off"


def _settle(services: Services, row: OutboxRow, settled: OutboxRow, receipt: Receipt, now: datetime) -> None:
    """Record the receipt with the row, in one commit; a worker that was slower than another writes nothing."""
    for _ in range(3):
        stored = services.storage.case(row.area, row.case_id)
        assert stored is not None, "the outbox row was committed with its case"
        case: Case = decode_case(stored.data)
        event = e.ReceiptRecorded(
            key=receipt.key, receipt=receipt.receipt, accepted=receipt.accepted, detail=receipt.detail
        )
        upper = Actor(kind=ActorKind.UPPER, code=row.target, organ=row.target)
        change = prepare(
            services,
            stream=case.case_id,
            before=case,
            head=stored.head,
            decided=[(event, max(now, case.last_at), upper)],
            now=now,
        )

        def commit(unit: Unit, change: Change = change) -> None:
            if unit.settle(settled, attempts=row.attempts) and not change.write(unit):
                raise _LostRaceError

        try:
            services.storage.write(commit)
        except _LostRaceError:
            continue
        return


class _LostRaceError(Exception):
    """The case moved between reading and writing: undo the unit and read again."""
