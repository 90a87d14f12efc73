"""An adapter that keeps every promise, made so that each can be taken away by a few lines.

Not a test: `test_forwarding_contract_bites.py` breaks it, one way at a time.
"""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Envelope, Receipt

LARGEST = 256 * 1024
REMEDY = "it is tried again by itself; ask the city's office if it goes on"


class WholeAdapter:
    """JSON over HTTP, with the standard library."""

    name = "whole"

    def __init__(self, url: str, timeout: float) -> None:
        self.url = urlsplit(url)
        self.timeout = timeout

    def send(self, envelope: Envelope) -> Receipt:
        try:
            status, body = self.exchange(envelope)
        except (OSError, http.client.HTTPException) as error:
            raise self.not_now(f"the line to the city broke: {type(error).__name__}") from error
        return self.read(envelope, status, body)

    # --- one seam for each promise ------------------------------------------------------------------------------------

    def headers(self, envelope: Envelope) -> dict[str, str]:
        return {"Idempotency-Key": envelope.key, "Content-Type": "application/json"}

    def body(self, envelope: Envelope) -> bytes:
        return envelope.body

    def exchange(self, envelope: Envelope) -> tuple[int, bytes]:
        """Status and body of the answer, within the time given and no larger than `LARGEST`."""
        end = time.monotonic() + self.timeout
        line = http.client.HTTPConnection(self.url.hostname or "", self.url.port, timeout=self.timeout)
        try:
            line.request("POST", self.url.path, self.body(envelope), self.headers(envelope))
            socket = line.sock
            with line.getresponse() as response:
                return response.status, self.whole(response, socket, end)
        finally:
            line.close()

    def whole(self, response: http.client.HTTPResponse, socket: Any, end: float) -> bytes:
        read = b""
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            socket.settimeout(left)
            piece = response.read1(65_536)
            if not piece:
                break
            read += piece
            if len(read) > LARGEST:
                raise OSError("the answer is too large")
        if response.length:
            raise OSError("the answer is not whole")
        return read

    def read(self, envelope: Envelope, status: int, body: bytes) -> Receipt:
        if status != 200:
            raise self.not_now(f"the city answered with status {status}")
        return self.believed(envelope, self.parsed(body))

    def parsed(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise self.not_now("the city answered with something that is no receipt") from None

    def believed(self, envelope: Envelope, answer: Any) -> Receipt:
        if not isinstance(answer, dict) or answer.get("key") != envelope.key:
            raise self.not_now("the city answered for another key")
        receipt, accepted, detail = answer.get("receipt"), answer.get("accepted"), answer.get("detail", "")
        sound = isinstance(receipt, str) and receipt != "" and isinstance(detail, str) and type(accepted) is bool
        if not sound or not is_text(receipt) or not is_text(detail):
            raise self.not_now("the city answered with something that is no receipt")
        return Receipt(key=envelope.key, receipt=str(receipt), accepted=accepted is True, detail=detail)

    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError(sentence, remedy=REMEDY)


def is_text(value: Any) -> bool:
    """Whether a text has an encoding."""
    try:
        return bool(value.encode() or True)
    except UnicodeEncodeError:
        return False
