"""What we ask of a notification channel: to tell somebody outside that something has happened.

Rules of this room: promises, no implementation. A notification is written to the outbox in the commit of what it tells
about, and delivered by a worker, outside every write. It holds no personal value.

N1  `notify` is called with a body frozen when it was written; the same key always bears the same body.
N2  The key goes along, so that the receiver can see a repetition; the same key gives the same receipt.
N3  A receipt names the key it answers.
N4  "Not now" is `DeliveryError`: it will be tried again. "Never" is a receipt with `accepted=False`.
N5  What the receiver answers is not believed to be well-formed, small, or quick.
"""

from __future__ import annotations

import re
from typing import Protocol

import attrs

from egov_core.ports.forwarding import Receipt

CARD_ISSUED, CASE_DECIDED, UNIT_REMINDED = "card-issued", "case-decided", "unit-reminded"
TYPES = (CARD_ISSUED, CASE_DECIDED, UNIT_REMINDED)
"""What is told."""
CHANNEL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
"""The name of a channel: it stands in settings, in keys and in headers."""


@attrs.frozen(kw_only=True)
class Notification:
    """What is told: its key, its type (one of `TYPES`), and the body as JSON bytes."""

    area: str
    key: str
    type: str
    body: bytes


class NotificationChannel(Protocol):
    """A way to tell somebody outside."""

    name: str

    def notify(self, notification: Notification) -> Receipt:
        """Deliver, or raise DeliveryError to be tried again (N1-N5)."""
