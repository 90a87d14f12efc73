"""A channel that keeps every promise, made so that each can be taken away by a few lines. Not a test."""

from __future__ import annotations

import hashlib
import hmac
import http.client
from typing import Any
from urllib.parse import urlsplit

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification

SECRET = "whsec_of_nobody"  # noqa: S105 - invented


class WholeChannel:
    """A signed webhook, with the standard library: 2xx is taken, 410 is never, everything else is not now."""

    name = "whole"

    def __init__(self, url: str, timeout: float) -> None:
        self.url = urlsplit(url)
        self.timeout = timeout
        self.secret = SECRET

    def notify(self, notification: Notification) -> Receipt:
        try:
            status = self.exchange(notification)
        except (OSError, http.client.HTTPException) as error:
            raise self.not_now(f"the receiver cannot be reached: {type(error).__name__}") from error
        return self.read(notification, status)

    # --- one seam for each promise ------------------------------------------------------------------------------------

    def headers(self, notification: Notification) -> dict[str, str]:
        signed = hmac.new(self.secret.encode(), self.body(notification), hashlib.sha256).hexdigest()
        return {"webhook-id": notification.key, "webhook-signature": f"v1,{signed}"}

    def body(self, notification: Notification) -> bytes:
        return notification.body

    def exchange(self, notification: Notification) -> int:
        line = http.client.HTTPConnection(self.url.hostname or "", self.url.port, timeout=self.timeout)
        try:
            line.request("POST", self.url.path, self.body(notification), self.headers(notification))
            socket = line.sock
            with line.getresponse() as response:
                self.drain(response, socket)
                return response.status
        finally:
            line.close()

    def drain(self, response: http.client.HTTPResponse, socket: Any) -> None:
        """The status says all; the body is left where it is."""

    def read(self, notification: Notification, status: int) -> Receipt:
        if status == 410:
            return Receipt(key=notification.key, receipt=self.receipt(notification), accepted=False, detail="gone")
        if not 200 <= status < 300:
            raise self.not_now(f"the receiver answered with status {status}")
        return Receipt(key=notification.key, receipt=self.receipt(notification), accepted=True)

    def receipt(self, notification: Notification) -> str:
        return f"told-{hashlib.sha256(notification.key.encode()).hexdigest()[:12]}"

    def not_now(self, sentence: str) -> DeliveryError:
        return DeliveryError(sentence, remedy="it is tried again by itself; look whether the receiver is up")
