"""For tests: a receiver as the standard wants it, a channel to it, and a look at how a channel fails."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from egov_core.errors import DeliveryError
from egov_core.testing import builders
from egov_core.testing.delivery import listening, said_by
from egov_core.testing.partners import Answer, Asked, StatusDialect
from egov_notify_webhook import Webhook, WebhookSettings
from egov_notify_webhook.channel import WebhookChannel

OLD = "whsec_" + base64.b64encode(b"the old secret of the receiver..").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret of the receiver..").decode()
NOW = 1_718_586_000.9


class Receiver(StatusDialect):
    """Takes only what is signed with its secret, less than five minutes old by its clock, as the standard asks."""

    def __init__(self, secret: str = OLD, now: float = NOW) -> None:
        self.secret, self.now = secret, now
        self.asked: list[Asked] = []

    def read(self, asked: Asked) -> tuple[str, bytes] | None:
        """What was sent, where its signature holds and it is fresh; None otherwise."""
        self.asked.append(asked)
        headers = asked.headers
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
        secret = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        is_ours = any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))
        is_fresh = abs(self.now - int(headers["webhook-timestamp"])) < 300
        return super().read(asked) if is_ours and is_fresh else None

    def aside(self, asked: Asked) -> Answer:  # noqa: ARG002 - whatever it was, it was not signed
        """Turned away."""
        return Answer(status=401)


def channel_to(url: str, *, secret: str = OLD, timeout: float = 5.0, clock: float = NOW) -> WebhookChannel:
    """A channel of the plugin to this address."""
    plugin = Webhook(WebhookSettings(url=url, secret=secret, timeout=timeout), clock=lambda: clock)
    channel = plugin.egov_notification_channel("webhook")
    assert channel is not None
    return channel


def refused(channel: WebhookChannel) -> DeliveryError:
    """How the channel fails; that it tells no secret is checked."""
    with listening() as heard, pytest.raises(DeliveryError) as caught:
        channel.notify(builders.notification())
    told = said_by(caught.value) + heard.getvalue()
    assert [one for one in (OLD, NEW, OLD[6:], "/inbox") if one in told] == [], "it told too much"
    assert caught.value.remedy
    return caught.value
