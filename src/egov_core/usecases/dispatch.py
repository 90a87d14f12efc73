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
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.errors import DeliveryError, EgovError, IntegrityError, PluginError, StorageError
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import OutboxRow, Unit
from egov_core.usecases.lapsing import lapses
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
            try:
                outcome = _try(services, row, now)
            except EgovError as error:
                if isinstance(error, StorageError) and not isinstance(error, IntegrityError):
                    raise
                # a receipt that cannot be recorded must not hold back what waits behind it
                _log.error("outbox %s: its receipt cannot be recorded: %s", row.key, error)
                outcome = _put_off(services, row, now, error)
            report = attrs.evolve(report, **{outcome: getattr(report, outcome) + 1})
    return report


def _try(services: Services, row: OutboxRow, now: datetime) -> str:
    try:
        receipt = _send(services, row)
    except EgovError as error:
        _log.warning("outbox %s: attempt %d failed: %s", row.key, row.attempts + 1, _clean(str(error)))
        return _put_off(services, row, now, error)
    state = "delivered" if receipt.accepted else "refused"
    settled = attrs.evolve(
        row,
        attempts=row.attempts + 1,
        state=state,
        next_attempt_at=None,
        answer=canonical(attrs.asdict(receipt)),
    )
    return state if _settle(services, row, settled, receipt) else "put_off"


def _send(services: Services, row: OutboxRow) -> Receipt:
    target = services.registry().organisation.get(row.target)
    adapter = services.hooks.forwarding_adapter(target)
    if adapter is None:
        raise DeliveryError(
            f"no adapter is installed for {target.name} ({target.code})",
            remedy="install a forwarding plugin for it; the case waits in the outbox",
        )
    envelope = Envelope(area=row.area, key=row.key, target=row.target, body=row.body)
    name = str(getattr(adapter, "name", type(adapter).__name__))
    remedy = "mend or remove the forwarding plugin; the case waits in the outbox"
    try:
        receipt = adapter.send(envelope)
    except EgovError:
        raise
    except (Exception, SystemExit) as error:  # a plugin that calls sys.exit() ends its attempt, not the worker
        raise PluginError(
            f"adapter {name} failed: {type(error).__name__}: {error}", remedy=remedy, plugin=name
        ) from error
    if not isinstance(receipt, Receipt) or receipt.key != row.key:
        raise PluginError(f"adapter {name} answered for something else than {row.key}", remedy=remedy, plugin=name)
    if not _is_sound(receipt):
        raise PluginError(f"adapter {name} answered with a receipt that is none", remedy=remedy, plugin=name)
    return receipt


def _is_sound(receipt: Receipt) -> bool:
    """Whether every field is what it says: a receipt goes into the chain, and no field of it is repaired."""
    texts = (receipt.receipt, receipt.detail)
    return type(receipt.accepted) is bool and all(isinstance(text, str) and text == _clean(text) for text in texts)


def _clean(text: str) -> str:
    """The text without half characters, which have no encoding."""
    return text.encode("utf-8", "replace").decode()


def _put_off(services: Services, row: OutboxRow, now: datetime, error: EgovError) -> str:
    given_up = row.attempts >= len(LADDER)
    settled = attrs.evolve(
        row,
        attempts=row.attempts + 1,
        state="dead" if given_up else "pending",
        next_attempt_at=None if given_up else now + timedelta(seconds=LADDER[row.attempts]),
        answer=canonical({"code": error.code, "message": _clean(error.message), "remedy": _clean(error.remedy)}),
    )
    services.storage.write(lambda unit: unit.settle(settled, attempts=row.attempts))
    return "dead" if given_up else "put_off"


def _settle(services: Services, row: OutboxRow, settled: OutboxRow, receipt: Receipt) -> bool:
    """Record the receipt with the row, in one commit; a worker that was slower than another writes nothing.

    False when the case kept moving: the row stays pending, and the same receipt is asked for again.
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

        def commit(unit: Unit, change: Change = change) -> None:
            if unit.settle(settled, attempts=row.attempts) and not change.write(unit):
                raise _LostRaceError

        try:
            services.storage.write(commit)
        except _LostRaceError:
            continue
        return True
    return False


class _LostRaceError(Exception):
    """The case moved between reading and writing: undo the unit and read again."""
