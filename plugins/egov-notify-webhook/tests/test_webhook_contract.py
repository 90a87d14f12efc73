"""The channel keeps the notification contract."""

from __future__ import annotations

from egov_core.ports.notification import NotificationChannel
from egov_core.testing.notification_contract import NotificationContract
from egov_notify_webhook import Webhook, WebhookSettings

SECRET = "whsec_bm90IGEgc2VjcmV0IG9mIGFueWJvZHkgYXQgYWxs"


class TestWebhook(NotificationContract):
    secrets = (SECRET, SECRET.removeprefix("whsec_"), "not a secret of anybody")

    def make_channel(self, url: str, timeout: float) -> NotificationChannel:
        plugin = Webhook(WebhookSettings(url=url, secret=SECRET, timeout=timeout))
        channel = plugin.egov_notification_channel("webhook")
        assert channel is not None
        return channel
