"""Channels that are broken in one way each, with the promise that each breaks. Not a test."""

# ruff: noqa: ARG002 - what is broken does not use what it is given

from __future__ import annotations

import http.client
import json
import logging
import socket as sockets
import time
import uuid
from typing import Any

import attrs

from egov_core.errors import DeliveryError, OfficeError
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification
from tests.testing.whole_channel import WholeChannel


class AddsTheType(WholeChannel):
    def body(self, notification: Notification) -> bytes:
        return json.dumps({"type": notification.type, "data": json.loads(notification.body)}).encode()


class Tidies(WholeChannel):
    def body(self, notification: Notification) -> bytes:
        return notification.body.replace(b"\r\n", b"\n").strip()


class NewIdEachTime(WholeChannel):
    def headers(self, notification: Notification) -> dict[str, str]:
        return {**super().headers(notification), "webhook-id": f"msg_{uuid.uuid4().hex}"}


class IdOfTheType(WholeChannel):
    def headers(self, notification: Notification) -> dict[str, str]:
        return {**super().headers(notification), "webhook-id": notification.type}


class NoId(WholeChannel):
    def headers(self, notification: Notification) -> dict[str, str]:
        return {"webhook-signature": "v1,none"}


class NewReceiptEachTime(WholeChannel):
    def receipt(self, notification: Notification) -> str:
        return uuid.uuid4().hex


class StatusInTheReceipt(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return attrs.evolve(super().read(notification, status), receipt=f"status {status}")


class ReceiptForTheTarget(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return attrs.evolve(super().read(notification, status), key=notification.area)


class ReceiptIsANumber(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return attrs.evolve(super().read(notification, status), receipt=status)  # type: ignore[arg-type]  # the fault that is planted


class AnswersWithTrue(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        return super().notify(notification).accepted  # type: ignore[return-value]  # the fault that is planted


class LetsTheLineBreak(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        return self.read(notification, self.exchange(notification))


class AnyStatusIsGood(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return super().read(notification, 200)


class SwallowsEverything(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        try:
            return super().notify(notification)
        except DeliveryError:
            return Receipt(key=notification.key, receipt="lost", accepted=True)


class BusyIsNever(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return super().read(notification, 410 if status in (429, 503) else status)


class NeverIsNotNow(WholeChannel):
    def read(self, notification: Notification, status: int) -> Receipt:
        return super().read(notification, 500 if status == 410 else status)


class OnceGoneAlwaysGone(WholeChannel):
    gone = False

    def read(self, notification: Notification, status: int) -> Receipt:
        self.gone = self.gone or status == 410
        return super().read(notification, 410 if self.gone else status)


class AnotherErrorOfOurs(WholeChannel):
    def not_now(self, sentence: str) -> DeliveryError:
        return OfficeError(sentence, remedy="try again")  # type: ignore[return-value]  # the fault that is planted


class NoRemedy(WholeChannel):
    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError(sentence)


class StopsAfterAFailure(WholeChannel):
    failed = False

    def notify(self, notification: Notification) -> Receipt:
        if self.failed:
            raise self.not_now("the receiver was down")
        return super().notify(notification)

    def not_now(self, sentence: str) -> DeliveryError:
        self.failed = True
        return super().not_now(sentence)


class ReadsWithoutEnd(WholeChannel):
    def drain(self, response: http.client.HTTPResponse, socket: Any) -> None:
        response.read()


class BreaksOnGarbage(WholeChannel):
    def drain(self, response: http.client.HTTPResponse, socket: Any) -> None:
        body = response.read(64)
        if body:
            json.loads(body)


class WaitsForEver(WholeChannel):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, 3_600)


class WaitsForEachByte(WholeChannel):
    def drain(self, response: http.client.HTTPResponse, socket: Any) -> None:
        response.read(16_384)


class GivesUpAtOnce(WholeChannel):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, 0.05)


class TriesTwice(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        try:
            return super().notify(notification)
        except DeliveryError:
            return super().notify(notification)


class KeepsTheNotificationInItself(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        self.told = notification
        time.sleep(0.002)
        return super().notify(self.told)


class TimeoutOfTheWholeProcess(WholeChannel):
    def notify(self, notification: Notification) -> Receipt:
        sockets.setdefaulttimeout(self.timeout)
        return super().notify(notification)


class NamedAfterItsPlaceInMemory(WholeChannel):
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout)
        self.name = f"hook-{id(self):x}"


class NameIsNone(WholeChannel):
    name = None  # type: ignore[assignment]  # the fault that is planted


class TellsItsSecret(WholeChannel):
    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError(sentence, remedy="try again", channel=vars(self))


class LogsItsHeaders(WholeChannel):
    def headers(self, notification: Notification) -> dict[str, str]:
        headers = {**super().headers(notification), "authorization": f"Bearer {self.secret}"}
        logging.getLogger("hooks").debug("headers %s", headers)
        return headers


class LogsTheBody(WholeChannel):
    def body(self, notification: Notification) -> bytes:
        logging.getLogger("hooks").debug("body %s", notification.body.decode())
        return notification.body


BROKEN: list[tuple[type[WholeChannel], str]] = [
    (AddsTheType, "N1"),
    (Tidies, "N1"),
    (NewIdEachTime, "N2"),
    (IdOfTheType, "N2"),
    (NoId, "N2"),
    (NewReceiptEachTime, "N2"),
    (StatusInTheReceipt, "N5"),
    (ReceiptForTheTarget, "N3"),
    (ReceiptIsANumber, "N3"),
    (AnswersWithTrue, "N3"),
    (LetsTheLineBreak, "N4"),
    (AnyStatusIsGood, "N4"),
    (SwallowsEverything, "N4"),
    (BusyIsNever, "N4"),
    (NeverIsNotNow, "N4"),
    (OnceGoneAlwaysGone, "N4"),
    (AnotherErrorOfOurs, "N4"),
    (NoRemedy, "N4"),
    (StopsAfterAFailure, "N4"),
    (ReadsWithoutEnd, "N5"),
    (BreaksOnGarbage, "N5"),
    (WaitsForEver, "N5"),
    (WaitsForEachByte, "N5"),
    (GivesUpAtOnce, "N5"),
    (TriesTwice, "N5"),
    (KeepsTheNotificationInItself, "N6"),
    (TimeoutOfTheWholeProcess, "N6"),
    (NamedAfterItsPlaceInMemory, "N7"),
    (NameIsNone, "N7"),
    (TellsItsSecret, "N8"),
    (LogsItsHeaders, "N8"),
    (LogsTheBody, "N8"),
]
"""Each with the promise whose tests have to catch it."""
