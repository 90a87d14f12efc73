"""The forwarding contract as tests: subclass `ForwardingContract`, override `make_adapter`, run pytest.

Rules of this room: what `ports/forwarding.py` promises, and what follows from it for whoever keeps the promises on a
real line. A test is named after the promise it holds. The partner is real too: `http_partner.HttpPartner` on localhost.

F1  The body arrives as it was frozen, byte for byte.
F2  The key goes along, the same at every attempt, so that the receiver has one effect per key. Sending again, from
    another process or after an answer that was lost, returns the receipt of the first time.
F3  A receipt names the key it answers and says what the receiver said. One for another key, and what only looks like a
    receipt, is not believed.
F4  "Not now" is `DeliveryError`, with a sentence and a remedy, and the next attempt is free to succeed: nobody listens,
    the line breaks, the receiver is busy, its answer is garbage, half, empty or without end. A refusal by the receiver
    is a receipt with `accepted=False`, never an exception.
F5  `send` ends: in the time it was given and not before a receiver that is in time, however slowly an answer drips. It
    makes one attempt; trying again is the business of the outbox.
F6  One adapter serves several threads at once, and changes nothing that the process shares.
F7  `name` is a stable text, the same of every instance.
F8  Personal values of the body stand in no error, no log line and no receipt.

    class TestMine(ForwardingContract):
        def make_adapter(self, url, timeout):
            return MyAdapter(url, timeout=timeout)
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import socket
from typing import Any

import pytest

from egov_core.ports.forwarding import ForwardingAdapter, Receipt
from egov_core.testing import builders
from egov_core.testing.delivery import BODIES, PERSONAL, DeliveryKit, listening, planted_in, said_by, together
from egov_core.testing.partners import NOT_NOW, Behaviour, Effect, receipt_of

THREADS, EACH = 8, 4


class ForwardingContract(DeliveryKit):
    """F1-F8. What a subject may claim is said at `DeliveryKit`; a receiver that does not speak JSON has a `dialect`."""

    contract = "forwarding"
    promises = "egov_core.testing.forwarding_contract"

    def make_adapter(self, url: str, timeout: float) -> ForwardingAdapter:
        """A new adapter that sends to `url` and gives up after `timeout` seconds. Override this."""
        raise NotImplementedError

    def make_subject(self, url: str, timeout: float) -> ForwardingAdapter:
        return self.make_adapter(url, timeout)

    def deliver(self, subject: Any, key: str, body: bytes) -> Receipt:
        receipt: Receipt = subject.send(builders.envelope(key, body=body))
        return receipt

    # --- F1 the body --------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
    def test_f1_the_body_arrives_byte_for_byte(self, body: bytes) -> None:
        with self.line(timeout=10) as line:
            key = self.key()
            envelope = builders.envelope(key, body=body)
            self.is_sound(line.subject.send(envelope), key)
            assert envelope == builders.envelope(key, body=body)
            if self.leaves:
                assert line.partner.book.effects[key].body == body

    # --- F2 the key ---------------------------------------------------------------------------------------------------

    def test_f2_every_key_has_an_effect_and_a_receipt_of_its_own(self) -> None:
        with self.line() as line:
            keys = [self.key() for _ in range(5)]
            receipts = [line.send(key) for key in keys]
            assert len({receipt.receipt for receipt in receipts}) == 5
            assert [receipt.key for receipt in receipts] == keys
            assert line.keys() == (keys if self.leaves else [])

    def test_f2_the_same_key_again_is_the_same_receipt_and_one_effect(self) -> None:
        with self.line() as line:
            key, other = self.key(), self.key()
            first = line.send(key)
            line.send(other)
            assert [line.send(key) for _ in range(3)] == [first] * 3
            assert line.keys() == ([key, other] if self.leaves else [])
            assert not line.partner.book.contradicted

    def test_f2_a_new_adapter_sends_the_same_key_and_gets_the_same_receipt(self) -> None:
        with self.line() as line:
            key = self.key()
            first = line.send(key)
            another = self.make_adapter(line.partner.url, self.timeout)
            assert self.deliver(another, key, builders.BODY) == first
            assert line.keys() == ([key] if self.leaves else [])

    @pytest.mark.parametrize("lost", [Behaviour.LOSING, Behaviour.HALF, Behaviour.SLOW, Behaviour.GARBAGE])
    def test_f2_after_a_lost_answer_the_same_receipt_is_asked_for_again(self, lost: Behaviour) -> None:
        with self.bad_line(lost) as line:
            if line is None:
                return
            key = self.key()
            line.not_now(key)
            line.partner.behave(Behaviour.LOOPBACK)
            self.is_sound(line.send(key), key)
            assert line.keys() == [key]
            assert {knock[0] for knock in line.partner.book.knocks} == {key}

    def test_f2_what_the_line_doubles_has_one_effect(self) -> None:
        with self.bad_line(Behaviour.DUPLICATING) as line:
            if line is not None:
                key = self.key()
                assert line.send(key) == line.send(key)
                assert line.keys() == [key]

    # --- F3 the receipt -----------------------------------------------------------------------------------------------

    def test_f3_a_receipt_says_what_the_receiver_said(self) -> None:
        with self.line() as line:
            key = self.key()
            receipt = line.send(key)
            self.is_sound(receipt, key)
            assert receipt.accepted is True
            if self.leaves:
                assert receipt_of(key) in receipt.receipt

    def test_f3_a_receipt_for_another_key_is_not_believed(self) -> None:
        with self.bad_line(Behaviour.OTHER_KEY) as line:
            if line is not None:
                line.not_now()

    def test_f3_what_only_looks_like_a_receipt_is_not_believed(self) -> None:
        with self.bad_line(Behaviour.SAYING) as line:
            if line is None:
                return
            key = self.key()
            effect = Effect(key=key, body=builders.BODY, receipt=receipt_of(key))
            for answer in self.dialect().misshapen(effect):
                line.partner.behave(Behaviour.SAYING, answer=answer)
                line.not_now(key)

    # --- F4 not now, and no -------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("behaviour", NOT_NOW)
    def test_f4_what_cannot_be_delivered_now_is_said_so(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                line.not_now()

    @pytest.mark.parametrize("behaviour", [Behaviour.GARBAGE, Behaviour.EMPTY, Behaviour.HUGE])
    def test_f4_an_answer_that_is_none_is_not_now(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour, timeout=10) as line:
            if line is not None:
                line.not_now()
                line.was_not_flooded()

    @pytest.mark.parametrize("behaviour", [Behaviour.BUSY, Behaviour.CLOSING, Behaviour.ABSENT, Behaviour.GARBAGE])
    def test_f4_the_next_attempt_is_free_to_succeed(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is None:
                return
            key = self.key()
            for _ in range(2):
                line.not_now(key)
            line.partner.behave(Behaviour.LOOPBACK)
            self.is_sound(line.send(key), key)

    def test_f4_a_refusal_is_a_receipt(self) -> None:
        with self.bad_line(Behaviour.REFUSING) as line:
            if line is None:
                return
            key = self.key()
            if not self.refuses:
                line.not_now(key)
                return
            receipt = line.send(key)
            self.is_sound(receipt, key)
            assert receipt.accepted is False
            assert line.send(key) == receipt, "what was refused is refused again"
            line.partner.behave(Behaviour.LOOPBACK)
            assert line.send().accepted is True, "a refusal is about one key"

    def test_f4_who_is_turned_away_at_the_door_has_delivered_nothing(self) -> None:
        with self.bad_line(Behaviour.DENYING) as line:
            if line is not None:
                line.not_now()

    # --- F5 time ------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("behaviour", [Behaviour.SLOW, Behaviour.TRICKLING])
    def test_f5_a_slow_receiver_is_given_up_in_the_time_given(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                line.not_now()

    def test_f5_a_receiver_that_is_in_time_is_waited_for(self) -> None:
        with self.bad_line(Behaviour.LATE, timeout=10) as line:
            if line is not None:
                key = self.key()
                self.is_sound(line.send(key), key)

    @pytest.mark.parametrize("behaviour", [Behaviour.BUSY, Behaviour.CLOSING, Behaviour.LOSING, Behaviour.GARBAGE])
    def test_f5_one_send_is_one_attempt(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                line.not_now()
                assert len(line.partner.book.knocks) <= self.attempts

    # --- F6 threads ---------------------------------------------------------------------------------------------------

    def test_f6_threads_get_the_receipts_of_what_they_sent(self) -> None:
        with self.line(timeout=30) as line:

            def work(index: int) -> list[tuple[str, bytes, Receipt]]:
                bodies = [f'{{"thread":{index},"turn":{turn}}}'.encode() for turn in range(EACH)]
                return [
                    (key, body, self.deliver(line.subject, key, body))
                    for turn, body in enumerate(bodies)
                    for key in [f"{builders.AREA}:thread-{index}:{turn}"]
                ]

            sent = [one for answers in together(work, THREADS) for one in answers]
            for key, body, receipt in sent:
                self.is_sound(receipt, key)
                if self.leaves:
                    assert receipt_of(key) in receipt.receipt
                    assert line.partner.book.effects[key].body == body

    def test_f6_answers_that_come_in_another_order_are_told_apart(self) -> None:
        with self.bad_line(Behaviour.REORDERING, timeout=30) as line:
            if line is None:
                return
            keys = [self.key(), self.key()]
            for key, receipt in zip(keys, together(lambda index: line.send(keys[index]), 2), strict=True):
                self.is_sound(receipt, key)
                assert receipt_of(key) in receipt.receipt

    def test_f6_what_the_process_shares_is_left_alone(self) -> None:
        before = socket.getdefaulttimeout()
        try:
            with self.line() as line:
                line.send()
            assert socket.getdefaulttimeout() == before, "the timeout of every socket of the process was changed"
        finally:
            socket.setdefaulttimeout(before)

    # --- F7 the name --------------------------------------------------------------------------------------------------

    def test_f7_the_name_is_a_stable_text(self) -> None:
        with self.line() as line:
            self.is_a_name(line.subject.name)
            before = line.subject.name
            line.send()
            another = self.make_adapter(line.partner.url, self.timeout)
            assert line.subject.name == before == another.name, "a name does not change"

    # --- F8 personal values -------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("behaviour", [Behaviour.LOOPBACK, Behaviour.REFUSING])
    def test_f8_no_receipt_and_no_log_line_holds_a_personal_value(self, behaviour: Behaviour) -> None:
        if behaviour is Behaviour.REFUSING and not self.refuses:
            behaviour = Behaviour.LOOPBACK
        with self.bad_line(behaviour) as line, listening() as heard:
            if line is not None:
                told = repr(line.send(body=PERSONAL))
                assert planted_in(told + heard.getvalue()) == []

    @pytest.mark.parametrize(
        "behaviour", [Behaviour.ECHOING, Behaviour.BUSY, Behaviour.ABSENT, Behaviour.CLOSING, Behaviour.GARBAGE]
    )
    def test_f8_no_error_and_no_log_line_holds_a_personal_value(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line, listening() as heard:
            if line is not None:
                error = line.not_now(body=PERSONAL)
                assert planted_in(said_by(error) + heard.getvalue()) == []
