"""Adapters that are broken in one way each, with the promise that each breaks. Not a test.

A mutant is the whole adapter with one promise taken away, as somebody might honestly write it.
"""

# ruff: noqa: ARG002 - what is broken does not use what it is given

from __future__ import annotations

import http.client
import json
import logging
import socket
import time
import uuid
from typing import Any

import attrs

from egov_core.errors import DeliveryError, OfficeError
from egov_core.ports.forwarding import Envelope, Receipt
from tests.testing.whole_adapter import LARGEST, REMEDY, WholeAdapter

# --- F1 ---------------------------------------------------------------------------------------------------------------


class ReadsAndWritesAgain(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return json.dumps(json.loads(envelope.body)).encode()


class ReadsAndWritesChinese(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return json.dumps(json.loads(envelope.body), ensure_ascii=False, separators=(",", ":")).encode()


class Strips(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return envelope.body.strip()


class OtherLineEnds(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return envelope.body.replace(b"\r\n", b"\n")


class CutOff(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return envelope.body[:65_536]


class LeavesForeignLettersOut(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return envelope.body.decode().encode("ascii", "replace")


class SendsTheBodyOfTheFirst(WholeAdapter):
    first: bytes | None = None

    def body(self, envelope: Envelope) -> bytes:
        self.first = self.first or envelope.body
        return self.first


class WrapsTheBody(WholeAdapter):
    def body(self, envelope: Envelope) -> bytes:
        return b'{"payload":' + envelope.body + b"}"


# --- F2 ---------------------------------------------------------------------------------------------------------------


class NewKeyEachTime(WholeAdapter):
    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {**super().headers(envelope), "Idempotency-Key": uuid.uuid4().hex}

    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return super().believed(envelope, {**answer, "key": envelope.key} if isinstance(answer, dict) else answer)


class NewKeyForEachAdapter(NewKeyEachTime):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout)
        self.mine = uuid.uuid4().hex

    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {**super().headers(envelope), "Idempotency-Key": f"{envelope.key}/{self.mine}"}


class NewKeyAfterAFailure(NewKeyEachTime):
    failed = 0

    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {**super().headers(envelope), "Idempotency-Key": f"{envelope.key}/{self.failed}"}

    def not_now(self, sentence: str) -> DeliveryError:
        self.failed += 1
        return super().not_now(sentence)


class KeyOfTheCaseOnly(NewKeyEachTime):
    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {**super().headers(envelope), "Idempotency-Key": envelope.area}


class NoKey(WholeAdapter):
    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {"Content-Type": "application/json"}


class ReceiptOfItsOwnMaking(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return attrs.evolve(super().believed(envelope, answer), receipt=uuid.uuid4().hex)


class CountsItsReceipts(WholeAdapter):
    count = 0

    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        self.count += 1
        return attrs.evolve(super().believed(envelope, answer), receipt=f"{answer['receipt']}/{self.count}")


class TellsTheTimeOfArrival(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return attrs.evolve(super().believed(envelope, answer), detail=f"arrived at {time.time_ns()}")


class CacheAcrossKeys(WholeAdapter):
    kept: Receipt | None = None

    def send(self, envelope: Envelope) -> Receipt:
        self.kept = self.kept or super().send(envelope)
        return attrs.evolve(self.kept, key=envelope.key)


class SwallowsTheSecondTime(WholeAdapter):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout)
        self.seen: set[str] = set()

    def send(self, envelope: Envelope) -> Receipt:
        if envelope.key in self.seen:
            return Receipt(key=envelope.key, receipt="already sent", accepted=True)
        self.seen.add(envelope.key)
        return super().send(envelope)


# --- F3 ---------------------------------------------------------------------------------------------------------------


class BelievesAnyKey(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return super().believed(envelope, {**answer, "key": envelope.key} if isinstance(answer, dict) else answer)


class HandsOnTheOtherKey(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if not isinstance(answer, dict):
            return super().believed(envelope, answer)
        return super().believed(attrs.evolve(envelope, key=str(answer.get("key"))), answer)


class ComparesTheStartOfTheKey(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if isinstance(answer, dict) and str(answer.get("key")).startswith(envelope.key):
            answer = {**answer, "key": envelope.key}
        return super().believed(envelope, answer)


class AnythingTrueIsAccepted(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if isinstance(answer, dict) and "accepted" in answer:
            answer = {**answer, "accepted": bool(answer["accepted"])}
        return super().believed(envelope, answer)


class AcceptedUnlessSaidOtherwise(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return super().believed(envelope, {"accepted": True, **answer} if isinstance(answer, dict) else answer)


class NumbersAreReceipts(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if isinstance(answer, dict) and isinstance(answer.get("receipt"), int):
            answer = {**answer, "receipt": str(answer["receipt"])}
        return super().believed(envelope, answer)


class EmptyReceipt(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        receipt = super().believed(envelope, answer)
        return attrs.evolve(receipt, receipt="")


class AnswersWithADictionary(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        return attrs.asdict(super().send(envelope))  # type: ignore[return-value]  # the fault that is planted


class HalfCharacters(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if isinstance(answer, dict) and answer.get("receipt") == "\ud800":
            return Receipt(key=envelope.key, receipt="\ud800", accepted=True)
        return super().believed(envelope, answer)


class TakesTheFirstOfAList(WholeAdapter):
    def parsed(self, body: bytes) -> Any:
        answer = super().parsed(body)
        return answer[0] if isinstance(answer, list) and answer else answer


class DeepAnswersBreakIt(WholeAdapter):
    def parsed(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError:
            raise self.not_now("the city answered with something that is no receipt") from None


# --- F4 ---------------------------------------------------------------------------------------------------------------


class LetsTheLineBreak(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        status, body = self.exchange(envelope)
        return self.read(envelope, status, body)


class KnowsOnlyRefusedConnections(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            status, body = self.exchange(envelope)
        except ConnectionRefusedError as error:
            raise self.not_now("nobody listens") from error
        return self.read(envelope, status, body)


class KnowsOnlyOsErrors(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            status, body = self.exchange(envelope)
        except OSError as error:
            raise self.not_now("the line broke") from error
        return self.read(envelope, status, body)

    def whole(self, response: http.client.HTTPResponse, socket: Any, end: float) -> bytes:
        return response.read()


class SwallowsEverything(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            return super().send(envelope)
        except DeliveryError:
            return Receipt(key=envelope.key, receipt="", accepted=True)


class NotNowIsARefusal(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            return super().send(envelope)
        except DeliveryError as error:
            return Receipt(key=envelope.key, receipt="", accepted=False, detail=error.message)


class AnotherErrorOfOurs(WholeAdapter):
    def not_now(self, sentence: str) -> DeliveryError:
        return OfficeError(sentence, remedy=REMEDY)  # type: ignore[return-value]  # the fault that is planted


class NoRemedy(WholeAdapter):
    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError(sentence)


class NoSentence(WholeAdapter):
    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError("", remedy=REMEDY)


class BusyIsARefusal(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        if status in (429, 503):
            return Receipt(key=envelope.key, receipt="busy", accepted=False)
        return super().read(envelope, status, body)


class AnyStatusIsGood(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        return super().read(envelope, 200, body)


class ReadsHalfAnAnswer(WholeAdapter):
    def whole(self, response: http.client.HTTPResponse, socket: Any, end: float) -> bytes:
        return response.read1(LARGEST)

    def parsed(self, body: bytes) -> Any:
        text = body.decode(errors="replace")
        for end in ("", '"}', '","accepted":true}', ',"accepted":true}', '"","accepted":true}'):
            try:
                return {"receipt": "P-half", "accepted": True, **json.loads(text + end)}
            except (ValueError, TypeError, RecursionError):
                continue
        return super().parsed(body)


class ReadsWithoutEnd(WholeAdapter):
    def whole(self, response: http.client.HTTPResponse, socket: Any, end: float) -> bytes:
        return response.read()


class RefusalIsAnError(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        receipt = super().believed(envelope, answer)
        if not receipt.accepted:
            raise self.not_now("the city refuses it")
        return receipt


class RefusalIsAccepted(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return attrs.evolve(super().believed(envelope, answer), accepted=True)


class OnceBrokenAlwaysBroken(WholeAdapter):
    broken = False

    def send(self, envelope: Envelope) -> Receipt:
        if self.broken:
            raise self.not_now("the line to the city was broken")
        return super().send(envelope)

    def not_now(self, sentence: str) -> DeliveryError:
        self.broken = True
        return super().not_now(sentence)


class OnceRefusedAlwaysRefused(WholeAdapter):
    refused = False

    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        receipt = super().believed(envelope, answer)
        self.refused = self.refused or not receipt.accepted
        return attrs.evolve(receipt, accepted=not self.refused)


class TurnedAwayIsRefused(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        if 400 <= status < 500 and status != 429:
            return Receipt(key=envelope.key, receipt=f"status {status}", accepted=False)
        return super().read(envelope, status, body)


class ExitsTheProcess(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        if status >= 500:
            raise SystemExit(1)
        return super().read(envelope, status, body)


# --- F5 ---------------------------------------------------------------------------------------------------------------


class WaitsForEver(WholeAdapter):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, 3_600)


class WaitsForEachByte(WholeAdapter):
    """The usual mistake: the timeout of a socket is for each piece, not for the whole."""

    def whole(self, response: http.client.HTTPResponse, socket: Any, end: float) -> bytes:
        read = response.read(LARGEST)
        if response.length:
            raise OSError("the answer is not whole")
        return read


class GivesUpAtOnce(WholeAdapter):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, 0.05)


class TriesThreeTimes(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        for _ in range(2):
            try:
                return super().send(envelope)
            except DeliveryError:
                continue
        return super().send(envelope)


class SleepsAndTriesAgain(WholeAdapter):
    def exchange(self, envelope: Envelope) -> tuple[int, bytes]:
        try:
            return super().exchange(envelope)
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
            return super().exchange(envelope)


# --- F6 ---------------------------------------------------------------------------------------------------------------


class KeepsTheEnvelopeInItself(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        self.envelope = envelope
        time.sleep(0.002)
        return super().send(self.envelope)


class KeepsTheAnswerInItself(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        self.answered = body
        time.sleep(0.05)
        return super().read(envelope, status, self.answered)


class OneAtATimeOrNothing(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        if self.__dict__.get("sending"):
            raise self.not_now("another delivery is under way")
        self.__dict__["sending"] = True
        try:
            return super().send(envelope)
        finally:
            self.__dict__["sending"] = False


class TimeoutOfTheWholeProcess(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        socket.setdefaulttimeout(self.timeout)
        return super().send(envelope)


# --- F7 ---------------------------------------------------------------------------------------------------------------


class NamedAfterItsPlaceInMemory(WholeAdapter):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout)
        self.name = f"city-{id(self):x}"


class NamedAfterItsCount(WholeAdapter):
    sent = 0

    @property
    def name(self) -> str:  # type: ignore[override]  # the fault that is planted
        return f"city, {self.sent} sent"

    def send(self, envelope: Envelope) -> Receipt:
        self.sent += 1
        return super().send(envelope)


class NameIsNone(WholeAdapter):
    name = None  # type: ignore[assignment]  # the fault that is planted


class NameIsAFunction(WholeAdapter):
    def name(self) -> str:  # type: ignore[override]  # the fault that is planted
        return "city"


class NameIsEmpty(WholeAdapter):
    name = " "


# --- F8 ---------------------------------------------------------------------------------------------------------------


class RepeatsTheAnswer(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        if status != 200:
            raise self.not_now(f"the city answered {status}: {body.decode(errors='replace')}")
        return super().read(envelope, status, body)


class RepeatsTheBody(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            return super().send(envelope)
        except DeliveryError as error:
            raise DeliveryError(error.message, remedy=error.remedy, body=envelope.body.decode()) from error


class BodyInTheCause(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        try:
            return super().send(envelope)
        except DeliveryError as error:
            raise DeliveryError(error.message, remedy=error.remedy) from ValueError(envelope.body)


class LogsTheBody(WholeAdapter):
    def send(self, envelope: Envelope) -> Receipt:
        logging.getLogger("city").debug("sending %s", envelope.body.decode())
        return super().send(envelope)


class LogsTheAnswer(WholeAdapter):
    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        logging.getLogger("city").info("answer %d: %r", status, body)
        return super().read(envelope, status, body)


class BodyInTheDetail(WholeAdapter):
    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        return attrs.evolve(super().believed(envelope, answer), detail=envelope.body.decode()[:500])


BROKEN: list[tuple[type[WholeAdapter], str]] = [
    (ReadsAndWritesAgain, "F1"),
    (ReadsAndWritesChinese, "F1"),
    (Strips, "F1"),
    (OtherLineEnds, "F1"),
    (CutOff, "F1"),
    (LeavesForeignLettersOut, "F1"),
    (SendsTheBodyOfTheFirst, "F6"),
    (WrapsTheBody, "F1"),
    (NewKeyEachTime, "F2"),
    (NewKeyForEachAdapter, "F2"),
    (NewKeyAfterAFailure, "F2"),
    (KeyOfTheCaseOnly, "F2"),
    (NoKey, "F2"),
    (ReceiptOfItsOwnMaking, "F2"),
    (CountsItsReceipts, "F2"),
    (TellsTheTimeOfArrival, "F2"),
    (CacheAcrossKeys, "F2"),
    (SwallowsTheSecondTime, "F2"),
    (BelievesAnyKey, "F3"),
    (HandsOnTheOtherKey, "F3"),
    (ComparesTheStartOfTheKey, "F3"),
    (AnythingTrueIsAccepted, "F3"),
    (AcceptedUnlessSaidOtherwise, "F3"),
    (NumbersAreReceipts, "F3"),
    (EmptyReceipt, "F3"),
    (AnswersWithADictionary, "F3"),
    (HalfCharacters, "F3"),
    (TakesTheFirstOfAList, "F3"),
    (DeepAnswersBreakIt, "F3"),
    (LetsTheLineBreak, "F4"),
    (KnowsOnlyRefusedConnections, "F4"),
    (KnowsOnlyOsErrors, "F4"),
    (SwallowsEverything, "F4"),
    (NotNowIsARefusal, "F4"),
    (AnotherErrorOfOurs, "F4"),
    (NoRemedy, "F4"),
    (NoSentence, "F4"),
    (BusyIsARefusal, "F4"),
    (AnyStatusIsGood, "F4"),
    (ReadsHalfAnAnswer, "F4"),
    (ReadsWithoutEnd, "F4"),
    (RefusalIsAnError, "F4"),
    (RefusalIsAccepted, "F4"),
    (OnceBrokenAlwaysBroken, "F4"),
    (OnceRefusedAlwaysRefused, "F4"),
    (TurnedAwayIsRefused, "F4"),
    (ExitsTheProcess, "F4"),
    (WaitsForEver, "F5"),
    (WaitsForEachByte, "F5"),
    (GivesUpAtOnce, "F5"),
    (TriesThreeTimes, "F5"),
    (SleepsAndTriesAgain, "F5"),
    (KeepsTheEnvelopeInItself, "F6"),
    (KeepsTheAnswerInItself, "F6"),
    (OneAtATimeOrNothing, "F6"),
    (TimeoutOfTheWholeProcess, "F6"),
    (NamedAfterItsPlaceInMemory, "F7"),
    (NamedAfterItsCount, "F7"),
    (NameIsNone, "F7"),
    (NameIsAFunction, "F7"),
    (NameIsEmpty, "F7"),
    (RepeatsTheAnswer, "F8"),
    (RepeatsTheBody, "F8"),
    (BodyInTheCause, "F8"),
    (LogsTheBody, "F8"),
    (LogsTheAnswer, "F8"),
    (BodyInTheDetail, "F8"),
]
"""Each with the promise whose tests have to catch it."""
