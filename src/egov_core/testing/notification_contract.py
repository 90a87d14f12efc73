"""The notification contract as tests: subclass `NotificationContract`, override `make_channel`, run pytest.

Rules of this room: what `ports/notification.py` promises, and what follows from it for whoever keeps the promises on a
real line. A test is named after the promise it holds. The partner is a server on localhost that says all by its status,
as the receiver of a webhook does, unless the channel claims to read what is answered.

N1  The body arrives as it was frozen, byte for byte.
N2  The key goes along, the same at every attempt; the same key gives the same receipt, from another process too.
N3  A receipt names the key it answers, and can be stored; a channel that reads answers believes none for another key.
N4  "Not now" is `DeliveryError`, with a sentence and a remedy, and the next attempt is free to succeed; "never" is a
    receipt with `accepted=False`.
N5  What the receiver answers is not believed to be well-formed, small, or quick: `notify` ends in the time given, not
    before a receiver that is in time, after one attempt, and reads no answer without end.
N6  One channel serves several threads at once, and changes nothing that the process shares.
N7  `name` is a stable text, the same of every instance.
N8  No secret of the channel, and nothing that the receiver repeats, stands in an error, a log line or a receipt.

    class TestMine(NotificationContract):
        secrets = ("whsec_of_the_test",)

        def make_channel(self, url, timeout):
            return MyChannel(url, secret="whsec_of_the_test", timeout=timeout)
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import socket
from typing import Any, ClassVar

import pytest

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import TYPES, NotificationChannel
from egov_core.testing import builders
from egov_core.testing.delivery import (
    BODIES,
    PERSONAL,
    DeliveryKit,
    Line,
    listening,
    planted_in,
    said_by,
    together,
)
from egov_core.testing.partners import Behaviour, Dialect, Effect, StatusDialect, receipt_of

THREADS, EACH = 8, 4
_NOT_NOW = (
    Behaviour.ABSENT,
    Behaviour.CLOSING,
    Behaviour.LOSING,
    Behaviour.BUSY,
    Behaviour.OVERLOADED,
    Behaviour.FAILING,
)
_UNREADABLE = (Behaviour.GARBAGE, Behaviour.HALF, Behaviour.HUGE, Behaviour.TRICKLING)


class NotificationContract(DeliveryKit):
    """N1-N8. Besides what is said at `DeliveryKit`, a subject claims two things.

    reads_answers: the receiver's own words make the receipt. Without it, its status alone counts.
    secrets: texts that the channel knows and nobody else has to see.
    """

    contract = "notification"
    promises = "egov_core.testing.notification_contract"
    reads_answers: ClassVar[bool] = False
    secrets: ClassVar[tuple[str, ...]] = ()
    capabilities = (*DeliveryKit.capabilities, "reads_answers")

    def make_channel(self, url: str, timeout: float) -> NotificationChannel:
        """A new channel that tells `url` and gives up after `timeout` seconds. Override this."""
        raise NotImplementedError

    def make_subject(self, url: str, timeout: float) -> NotificationChannel:
        return self.make_channel(url, timeout)

    def dialect(self) -> Dialect:
        return Dialect() if self.reads_answers else StatusDialect()

    def deliver(self, subject: Any, key: str, body: bytes) -> Receipt:
        receipt: Receipt = subject.notify(builders.notification(key, body=body))
        return receipt

    def attempt(self, line: Line, key: str) -> Receipt | DeliveryError:
        """What comes of telling once, in bounded time: a sound receipt or an error that says "not now"."""
        try:
            receipt = line.in_time(lambda: line.send(key))
        except DeliveryError as error:
            return error
        self.is_sound(receipt, key)
        return receipt

    # --- N1 the body --------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
    def test_n1_the_body_arrives_byte_for_byte(self, body: bytes) -> None:
        with self.line(timeout=10) as line:
            for kind in TYPES:
                key = self.key()
                told = builders.notification(key, body=body, type=kind)
                self.is_sound(line.subject.notify(told), key)
                assert told == builders.notification(key, body=body, type=kind)
                if self.leaves:
                    assert line.partner.book.effects[key].body == body

    # --- N2 the key ---------------------------------------------------------------------------------------------------

    def test_n2_every_key_is_told_with_itself(self) -> None:
        with self.line() as line:
            keys = [self.key() for _ in range(4)]
            assert [line.send(key).key for key in keys] == keys
            assert line.keys() == (keys if self.leaves else [])

    def test_n2_the_same_key_again_is_the_same_receipt_and_one_effect(self) -> None:
        with self.line() as line:
            key = self.key()
            first = line.send(key)
            line.send()
            assert line.send(key) == first
            another = self.make_channel(line.partner.url, self.timeout)
            assert self.deliver(another, key, builders.BODY) == first
            assert len(line.keys()) == (2 if self.leaves else 0)
            assert not line.partner.book.contradicted

    @pytest.mark.parametrize("lost", [Behaviour.LOSING, Behaviour.SLOW, Behaviour.FAILING])
    def test_n2_after_a_lost_answer_the_same_key_is_told_again(self, lost: Behaviour) -> None:
        with self.bad_line(lost) as line:
            if line is not None:
                key = self.key()
                line.not_now(key)
                line.partner.behave(Behaviour.LOOPBACK)
                self.is_sound(line.send(key), key)
                assert line.keys() == [key]

    # --- N3 the receipt -----------------------------------------------------------------------------------------------

    def test_n3_a_receipt_names_its_key_and_can_be_stored(self) -> None:
        with self.line() as line:
            key = self.key()
            receipt = line.send(key)
            self.is_sound(receipt, key)
            assert receipt.accepted is True
            if self.leaves and self.reads_answers:
                assert receipt_of(key) in receipt.receipt

    def test_n3_what_is_answered_for_another_key_is_not_believed(self) -> None:
        with self.bad_line(Behaviour.OTHER_KEY) as line:
            if line is None:
                return
            key = self.key()
            if self.reads_answers:
                line.not_now(key)
            else:
                self.attempt(line, key)

    # --- N4 not now, and never ----------------------------------------------------------------------------------------

    @pytest.mark.parametrize("behaviour", _NOT_NOW)
    def test_n4_what_cannot_be_delivered_now_is_said_so(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                line.not_now()

    @pytest.mark.parametrize("behaviour", [Behaviour.BUSY, Behaviour.CLOSING, Behaviour.ABSENT])
    def test_n4_the_next_attempt_is_free_to_succeed(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                key = self.key()
                for _ in range(2):
                    line.not_now(key)
                line.partner.behave(Behaviour.LOOPBACK)
                assert line.send(key).accepted is True

    def test_n4_never_is_a_receipt(self) -> None:
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
            line.partner.behave(Behaviour.LOOPBACK)
            assert line.send().accepted is True, "a refusal is about one key"

    def test_n4_who_is_turned_away_at_the_door_has_told_nobody(self) -> None:
        with self.bad_line(Behaviour.DENYING) as line:
            if line is not None:
                answer = self.attempt(line, self.key())
                assert isinstance(answer, DeliveryError) or answer.accepted is False

    # --- N5 answers ---------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("behaviour", [*_UNREADABLE, Behaviour.EMPTY])
    def test_n5_an_answer_that_is_none_is_survived(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is None:
                return
            key = self.key()
            first = self.attempt(line, key)
            assert not self.reads_answers or isinstance(first, DeliveryError), "there was nothing to read"
            line.was_not_flooded()
            line.partner.behave(Behaviour.LOOPBACK)
            again = line.send(key)
            assert isinstance(first, DeliveryError) or again == first
            assert line.keys() == [key]

    def test_n5_what_only_looks_like_an_answer_is_survived(self) -> None:
        with self.bad_line(Behaviour.SAYING) as line:
            if line is None:
                return
            key = self.key()
            for answer in self.dialect().misshapen(Effect(key=key, body=builders.BODY, receipt=receipt_of(key))):
                line.partner.behave(Behaviour.SAYING, answer=answer)
                assert isinstance(self.attempt(line, key), DeliveryError)

    def test_n5_a_slow_receiver_is_given_up_in_the_time_given(self) -> None:
        with self.bad_line(Behaviour.SLOW) as line:
            if line is not None:
                line.not_now()

    def test_n5_a_receiver_that_is_in_time_is_waited_for(self) -> None:
        with self.bad_line(Behaviour.LATE, timeout=10) as line:
            if line is not None:
                key = self.key()
                self.is_sound(line.send(key), key)

    @pytest.mark.parametrize("behaviour", [Behaviour.BUSY, Behaviour.CLOSING, Behaviour.LOSING])
    def test_n5_telling_once_is_one_attempt(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line:
            if line is not None:
                line.not_now()
                assert len(line.partner.book.knocks) <= self.attempts

    # --- N6 threads ---------------------------------------------------------------------------------------------------

    def test_n6_threads_get_the_receipts_of_what_they_told(self) -> None:
        with self.line(timeout=30) as line:

            def work(index: int) -> list[tuple[str, bytes, Receipt]]:
                keys = [f"{builders.AREA}:thread-{index}:{turn}" for turn in range(EACH)]
                bodies = [f'{{"key":"{key}"}}'.encode() for key in keys]
                receipts = map(self.deliver, [line.subject] * EACH, keys, bodies)
                return list(zip(keys, bodies, receipts, strict=True))

            for key, body, receipt in [one for answers in together(work, THREADS) for one in answers]:
                self.is_sound(receipt, key)
                if self.leaves:
                    assert line.partner.book.effects[key].body == body

    def test_n6_what_the_process_shares_is_left_alone(self) -> None:
        before = socket.getdefaulttimeout()
        try:
            with self.line() as line:
                line.send()
            assert socket.getdefaulttimeout() == before, "the timeout of every socket of the process was changed"
        finally:
            socket.setdefaulttimeout(before)

    # --- N7 the name --------------------------------------------------------------------------------------------------

    def test_n7_the_name_is_a_stable_text(self) -> None:
        with self.line() as line:
            self.is_a_name(line.subject.name)
            before = line.subject.name
            line.send()
            another = self.make_channel(line.partner.url, self.timeout)
            assert line.subject.name == before == another.name, "a name does not change"

    # --- N8 what nobody has to see ------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "behaviour",
        [Behaviour.LOOPBACK, Behaviour.ECHOING, Behaviour.BUSY, Behaviour.ABSENT, Behaviour.CLOSING, Behaviour.GARBAGE],
    )
    def test_n8_no_secret_is_told(self, behaviour: Behaviour) -> None:
        with self.bad_line(behaviour) as line, listening() as heard:
            if line is None:
                return
            try:
                told = repr(line.send(body=PERSONAL))
            except DeliveryError as error:
                told = said_by(error)
            told += heard.getvalue()
            assert planted_in(told) == []
            assert [secret for secret in self.secrets if secret in told] == []
