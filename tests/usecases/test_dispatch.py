"""Forwarding: receipts, the ladder, adapters that break their promises."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.organisation import Organ
from egov_core.domain.people import ActorKind
from egov_core.errors import DeliveryError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.storage import OutboxRow
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY
from egov_core.usecases.outbox.dispatch import DispatchReport
from egov_core.usecases.outbox.leasing import LADDER, LEASE, leased

Answer = Callable[[Envelope], Any]


class Adapter:
    """Answers as a test wants it, and remembers what it was sent."""

    name = "city-hall"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.sent: list[Envelope] = []

    def send(self, envelope: Envelope) -> Any:
        self.sent.append(envelope)
        return self.answer(envelope)

    @hookimpl
    def egov_forwarding_adapter(self, target: Organ) -> Any:
        return self if target.code == county.CITY else None


def taken(envelope: Envelope) -> Receipt:
    return Receipt(key=envelope.key, receipt=f"R-{envelope.key[-3:]}", accepted=True)


def referred(answer: Answer) -> tuple[Office, ManualClock, Adapter, str]:
    clock, adapter = ManualClock(MONDAY), Adapter(answer)
    office = county.open_small_county(clock=clock, loopback=False, plugins=((adapter, "city-hall"),))
    return office, clock, adapter, county.referred(office).case_id


def outbox(office: Office, case_id: str) -> OutboxRow:
    row = office.storage.case(AREA, case_id)
    assert row is not None
    found = office.storage.outbox(AREA, office.case_of(row).referral_key)
    assert found is not None
    return found


def receipts(office: Office, case_id: str) -> list[e.ReceiptRecorded]:
    events = (office.event_of(one).event for one in office.storage.events(AREA, case_id))
    return [event for event in events if isinstance(event, e.ReceiptRecorded)]


def test_a_receipt_is_recorded_in_the_chain_with_the_row_that_it_answers() -> None:
    office, _, adapter, case_id = referred(taken)
    assert office.dispatch() == DispatchReport(delivered=1)
    (receipt,) = receipts(office, case_id)
    row = outbox(office, case_id)
    assert (receipt.key, receipt.accepted) == (row.key, True)
    assert (row.state, row.attempts, row.next_attempt_at) == ("delivered", 1, None)
    assert json.loads(row.answer)["receipt"] == receipt.receipt
    (envelope,) = adapter.sent
    assert json.loads(envelope.body) | {"by": ""} == {
        "area": AREA,
        "key": row.key,
        "case": case_id,
        "stage": "referral",
        "target": county.CITY,
        "opinion": "初审同意",
        "at": MONDAY.isoformat(),
        "by": "",
    }
    last = office.event_of(office.storage.events(AREA, case_id)[-1])
    assert (last.actor.kind, last.actor.code) == (ActorKind.UPPER, county.CITY)
    assert office.dispatch() == DispatchReport()
    assert office.verify().ok


def test_a_refusal_by_the_receiver_is_recorded_and_not_tried_again() -> None:
    office, clock, adapter, case_id = referred(
        lambda envelope: Receipt(key=envelope.key, receipt="R-1", accepted=False, detail="材料不清")
    )
    assert office.dispatch() == DispatchReport(refused=1)
    assert outbox(office, case_id).state == "refused"
    assert [one.detail for one in receipts(office, case_id)] == ["材料不清"]
    clock.advance(timedelta(days=30))
    assert office.dispatch() == DispatchReport()
    assert len(adapter.sent) == 1


def test_not_now_climbs_the_ladder_and_at_its_end_the_row_is_dead_and_not_dropped() -> None:
    def not_now(_: Envelope) -> Receipt:
        raise DeliveryError("the city is closed", remedy="wait")

    office, clock, adapter, case_id = referred(not_now)
    body = outbox(office, case_id).body
    for number, seconds in enumerate(LADDER, start=1):
        assert office.dispatch() == DispatchReport(put_off=1)
        row = outbox(office, case_id)
        assert (row.state, row.attempts) == ("pending", number)
        assert row.next_attempt_at == clock.now() + timedelta(seconds=seconds)
        clock.advance(timedelta(seconds=seconds - 1))
        assert office.dispatch() == DispatchReport()  # not a second too early
        clock.advance(timedelta(seconds=1))
    assert office.dispatch() == DispatchReport(dead=1)
    row = outbox(office, case_id)
    assert (row.state, row.next_attempt_at, row.body) == ("dead", None, body)
    assert json.loads(row.answer) == {"code": "delivery", "message": "the city is closed", "remedy": "wait"}
    assert {envelope.body for envelope in adapter.sent} == {body}
    assert len(adapter.sent) == len(LADDER) + 1
    clock.advance(timedelta(days=365))
    assert office.dispatch() == DispatchReport()
    assert receipts(office, case_id) == []
    assert office.verify().ok


def raises(error: BaseException) -> Answer:
    def answer(_: Envelope) -> Any:
        raise error

    return answer


BROKEN: dict[str, Answer] = {
    "raises": raises(RuntimeError("boom")),
    "times out": raises(TimeoutError("no answer")),
    "ends the process": raises(SystemExit(3)),
    "half a character in its error": raises(ValueError("\ud83d")),
    "answers nothing": lambda _: None,
    "answers with a text": lambda _: "ok",
    "answers for another key": lambda _: Receipt(key="another", receipt="R", accepted=True),
    "has no receipt number": lambda one: Receipt(key=one.key, receipt=None, accepted=True),  # type: ignore[arg-type]  # the wrong receipt is meant
    "does not say yes or no": lambda one: Receipt(key=one.key, receipt="R", accepted="no"),  # type: ignore[arg-type]  # the wrong receipt is meant
    "half a character in its receipt": lambda one: Receipt(key=one.key, receipt="\ud83d", accepted=True),
    "bytes for detail": lambda one: Receipt(key=one.key, receipt="R", accepted=True, detail=b"x"),  # type: ignore[arg-type]  # the wrong receipt is meant
}


@pytest.mark.parametrize("how", BROKEN)
def test_an_adapter_that_breaks_its_promise_is_named_put_off_and_applied_to_nothing(how: str) -> None:
    office, _, _, case_id = referred(BROKEN[how])
    before = office.storage.events(AREA, case_id)
    assert office.dispatch() == DispatchReport(put_off=1)
    row = outbox(office, case_id)
    assert (row.state, row.attempts) == ("pending", 1)
    answer = json.loads(row.answer)
    assert answer["code"] == "plugin"
    assert "city-hall" in answer["message"]
    assert answer["remedy"]
    assert office.storage.events(AREA, case_id) == before
    assert office.verify().ok


def test_an_adapter_without_a_name_is_put_off_like_any_other() -> None:
    class Nameless:
        def send(self, _envelope: Envelope) -> Receipt:
            raise RuntimeError("boom")

        @hookimpl
        def egov_forwarding_adapter(self, target: Organ) -> Any:
            del target
            return self

    office = county.open_small_county(loopback=False, plugins=((Nameless(), "nameless"),))
    case_id = county.referred(office).case_id
    assert office.dispatch() == DispatchReport(put_off=1)
    assert "Nameless" in json.loads(outbox(office, case_id).answer)["message"]


def test_where_no_adapter_is_installed_the_case_waits() -> None:
    office = county.open_small_county(loopback=False)
    case_id = county.referred(office).case_id
    assert office.dispatch() == DispatchReport(put_off=1)
    assert "no plugin is installed that has a way to city" in json.loads(outbox(office, case_id).answer)["message"]


def test_one_bad_letter_does_not_hold_the_others() -> None:
    first: list[str] = []

    def answer(envelope: Envelope) -> Receipt:
        first.append(envelope.key)
        if envelope.key == first[0]:
            raise ValueError("poison")
        return taken(envelope)

    office, _, _, _ = referred(answer)
    county.referred(office)
    county.referred(office)
    assert office.dispatch() == DispatchReport(delivered=2, put_off=1)


def another_worker(office: Office, clock: ManualClock, adapter: Adapter) -> Office:
    """A second office on the same store, as a second process would have it."""
    other = county.open_small_county(clock=clock, loopback=False, plugins=((adapter, "city-hall"),))
    other.services = attrs.evolve(other.services, storage=office.storage)
    return other


def test_a_row_that_one_worker_has_taken_is_not_taken_by_another() -> None:
    inner: list[DispatchReport] = []

    def answer(envelope: Envelope) -> Receipt:
        inner.append(other.dispatch())  # while this one waits for its answer
        return taken(envelope)

    office, clock, adapter, _ = referred(answer)
    other = another_worker(office, clock, adapter)
    assert office.dispatch() == DispatchReport(delivered=1)
    assert inner == [DispatchReport()]
    assert len(adapter.sent) == 1


def test_a_worker_whose_lease_ran_out_is_overtaken_and_writes_nothing() -> None:
    inner: list[DispatchReport] = []

    def answer(envelope: Envelope) -> Receipt:
        if not inner:
            clock.advance(LEASE)  # the first worker stood still for so long
            inner.append(DispatchReport())
            inner[0] = other.dispatch()
        return taken(envelope)

    office, clock, adapter, case_id = referred(answer)
    other = another_worker(office, clock, adapter)
    assert office.dispatch() == DispatchReport()
    assert inner == [DispatchReport(delivered=1)]
    assert len(adapter.sent) == 2
    assert len(receipts(office, case_id)) == 1
    assert outbox(office, case_id).attempts == 1
    assert office.verify().ok


def test_a_row_of_a_worker_that_died_is_taken_again_when_its_lease_has_run_out() -> None:
    office, clock, adapter, case_id = referred(taken)
    row = outbox(office, case_id)
    dead = leased(row, clock.now())
    assert office.storage.write(lambda unit: unit.settle(dead, fence=row.fence))
    clock.advance(LEASE - timedelta(seconds=1))
    assert office.dispatch() == DispatchReport()
    clock.advance(timedelta(seconds=1))
    assert office.dispatch() == DispatchReport(delivered=1)
    assert len(adapter.sent) == 1
    assert outbox(office, case_id).attempts == 1


def test_a_case_that_moves_while_the_letter_is_away_keeps_both_histories() -> None:
    def answer(envelope: Envelope) -> Receipt:
        office.do(c.RecordUpperProgress(case_id=case_id, progress="上级已受理"), actor=county.staff("reviewer"))
        return taken(envelope)

    office, _, _, case_id = referred(answer)
    assert office.dispatch() == DispatchReport(delivered=1)
    types = [one.type for one in office.storage.events(AREA, case_id)][-2:]
    assert types == ["upper-progress-recorded", "receipt-recorded"]
    assert office.verify().ok


def test_a_failed_attempt_is_logged_with_key_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    office, _, _, case_id = referred(raises(RuntimeError("boom")))
    office.dispatch()
    assert outbox(office, case_id).key in caplog.text
    assert "boom" in caplog.text
