"""The channel: a notification becomes a signed request, and the status of its answer becomes a receipt.

Rules of this room: 2xx is taken, 410 is never, everything else is "not now" and is tried again by the outbox. A receipt
is a function of the key alone. Errors name the target as it may be shown; nothing that the receiver says is repeated,
and no error is chained to one that does.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
from collections.abc import Callable
from functools import cached_property

from egov_core.errors import DeliveryError
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification
from egov_notify_webhook.line import post
from egov_notify_webhook.signing import Secrets, signature
from egov_notify_webhook.target import Target

GONE = 410
_ADVICE = {
    400: "look into the receiver's log: it could not read what it was told",
    401: "look into the receiver's log: does it know the secret, and is its clock right?",
    403: "look into the receiver's log: does it know the secret, and is its clock right?",
    404: "look at the path of the url, and whether the receiver is deployed",
    405: "look at the path of the url: the receiver has to take POST there",
    413: "let the receiver take requests of 20 KB",
}


class WebhookChannel:
    """Tells one receiver. Serves several threads at once: nothing of it changes."""

    def __init__(
        self, target: Target, secrets: Secrets, *, timeout: float, name: str, clock: Callable[[], float]
    ) -> None:
        """`clock` gives the seconds since 1970, which the receiver compares with its own."""
        self.name, self.target = name, target
        self._secrets, self._timeout, self._clock = secrets, timeout, clock

    def notify(self, notification: Notification) -> Receipt:
        """Tell once: a receipt, or DeliveryError where it has to be tried again (N1-N5)."""
        headers = self._headers(notification)
        try:
            status = post(self.target, self._tls, headers, notification.body, self._timeout)
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = _why(error, self._timeout)
            raise DeliveryError(
                f"{self.target.shown} cannot be told: {why}",
                remedy="look whether the receiver is up and can be reached from here; it is tried again by itself",
                channel=self.name,
            ) from None
        if 200 <= status < 300:
            return Receipt(key=notification.key, receipt=_receipt(notification.key), accepted=True)
        if status == GONE:
            return Receipt(
                key=notification.key,
                receipt=_receipt(notification.key),
                accepted=False,
                detail="410 Gone：对方不再接收",
            )
        raise DeliveryError(
            f"{self.target.shown} answered with status {status}"
            + (", which leads elsewhere and is not followed" if 300 <= status < 400 else ""),
            remedy=_remedy(status),
            channel=self.name,
            status=status,
        )

    def _headers(self, notification: Notification) -> dict[str, str]:
        try:
            keys = self._secrets.keys()
        except (OSError, ValueError):
            raise DeliveryError(
                f"the secret of channel {self.name} cannot be read",
                remedy="egov doctor --config FILE says what is wrong with it; what is to be told waits",
                channel=self.name,
            ) from None
        if not notification.key.isascii() or not notification.key.isprintable():
            raise DeliveryError(
                "a key with characters beyond ASCII cannot stand in a header",
                remedy="give codes of visible ASCII characters; what is to be told waits",
                channel=self.name,
            )
        timestamp = int(self._clock())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "egov-notify-webhook",
            "Connection": "close",
            "webhook-id": notification.key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(keys, notification.key, timestamp, notification.body),
        }

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        """What checks the receiver's certificate and its name, by the authorities that this machine trusts."""
        return ssl.create_default_context() if self.target.scheme == "https" else None


def _receipt(key: str) -> str:
    """The same for the same key, from whichever process, and whatever status said yes."""
    return "WH" + hashlib.sha256(key.encode()).hexdigest()[:16].upper()


def _why(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"there was no answer within {seconds:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"there is no secure connection: {error.reason or 'it broke off'}"
    if isinstance(error, http.client.RemoteDisconnected):
        return "it closed the connection without an answer"
    if isinstance(error, http.client.HTTPException):
        return f"what it answered is no HTTP ({type(error).__name__})"
    return getattr(error, "strerror", None) or type(error).__name__


def _remedy(status: int) -> str:
    if 300 <= status < 400:
        return "set the url to where the receiver is now"
    return _ADVICE.get(status, "it is tried again by itself; look into the receiver's log if it goes on")
