"""A notification channel of egov_core: signed webhooks by Standard Webhooks 1.0.0.

Rules of this distribution: the standard library is all it needs besides egov_core. Here are the plugin and its
settings; `target.py` says what may be told and over which connection, `signing.py` signs, `line.py` makes one exchange
in the time given, `channel.py` makes a receipt of it. A secret is never shown, nor is the path of the URL, which may
hold one. Without a URL the plugin is there and offers nothing, so that installing it changes no office.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from egov_core import hookimpl
from egov_core.errors import ClaimError, Fault
from egov_core.ports.health import HealthFinding, PlaceView
from egov_core.ports.notification import CHANNEL_NAME
from egov_notify_webhook.channel import WebhookChannel
from egov_notify_webhook.signing import Secrets
from egov_notify_webhook.target import Target, target_faults

LONGEST_TIMEOUT = 30.0
"""Seconds; the standard asks for 15 to 30."""


@attrs.frozen(kw_only=True)
class WebhookSettings:
    """The table `[plugins.settings.webhook]`.

    `url`: where to tell, https, or http to this machine. `secret`: `whsec_…`, several with blanks between them while
    they are exchanged; `secret_file`: an absolute path of a file that holds them instead. `timeout`: seconds for one
    attempt. `name`: the channel as `[notifications] channels` calls it.
    """

    url: str = attrs.field(default="", repr=False)
    secret: str = attrs.field(default="", repr=False)
    secret_file: Path | None = None
    timeout: float = 15.0
    name: str = "webhook"


class Webhook:
    """The plugin: offers one channel where its settings name a URL."""

    egov_api = "1.0"
    egov_settings = WebhookSettings

    def __init__(self, settings: WebhookSettings, *, clock: Callable[[], float] = time.time) -> None:
        """Check the settings. Raises ClaimError naming every one that is wrong."""
        self._secrets = Secrets(settings.secret, settings.secret_file)
        faults = list(_faults(settings, self._secrets))
        if faults:
            raise ClaimError(
                "; ".join(f"{fault.path} {fault.message}" for fault in faults),
                faults=faults,
                remedy="correct every key named; the README of egov-notify-webhook lists them",
            )
        self._channel: WebhookChannel | None = None
        if settings.url:
            self._channel = WebhookChannel(
                Target.of(settings.url), self._secrets, timeout=settings.timeout, name=settings.name, clock=clock
            )

    @hookimpl
    def egov_notification_channel(self, name: str) -> WebhookChannel | None:
        """The channel, under the name of the settings."""
        return self._channel if self._channel is not None and name == self._channel.name else None

    @hookimpl
    def egov_health(self, place: PlaceView) -> list[HealthFinding]:  # noqa: ARG002 - the same in every place
        """Where it tells, whether its secrets can be read, and whether others can read them, too."""
        if self._channel is None:
            return [HealthFinding(code="unset", severity="ok", message="no url is set; nobody is told anything")]
        faults = list(self._secrets.faults())
        if faults:
            told = "; ".join(fault.message for fault in faults)
            return [HealthFinding(code="secret", severity="error", message=f"the secret {told}", remedy=_MEND)]
        count = len(self._secrets.keys())
        told = f"channel {self._channel.name} tells {self._channel.target.shown}; it signs with {count} secret(s)"
        found = [HealthFinding(code="target", severity="ok", message=told)]
        if self._secrets.is_open_to_others:
            message = "everybody on this machine can read the file of its secret"
            found.append(HealthFinding(code="secret-open", severity="warning", message=message, remedy="chmod o= FILE"))
        return found


_MEND = "look at the file that secret_file names; what is to be told waits meanwhile"


def _faults(settings: WebhookSettings, secrets: Secrets) -> Iterator[Fault]:
    if settings.url:
        yield from target_faults(settings.url)
        yield from secrets.faults()
    elif settings.secret or settings.secret_file:
        yield Fault("url", "required", "is missing, and there is a secret to sign with")
    if not 0 < settings.timeout <= LONGEST_TIMEOUT:
        yield Fault("timeout", "range", f"has to be more than 0 and at most {LONGEST_TIMEOUT:g} seconds")
    if not CHANNEL_NAME.fullmatch(settings.name):
        yield Fault("name", "name", "has to be of small letters, digits and hyphens, at most 64")
