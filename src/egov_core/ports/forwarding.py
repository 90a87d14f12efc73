"""What we ask of a forwarding adapter: to carry an envelope to an upper organ's system and bring back its receipt.

Rules of this room: promises, no implementation. The adapter runs outside every write.

F1  `send` is called with a body frozen when it was written; the same key always bears the same body.
F2  The receiver has one effect per key, however often it is sent: sending again returns the receipt of the first time.
F3  A receipt names the key it answers; a receipt for another key is a fault of the adapter, never applied.
F4  "Not now" is `DeliveryError`: it will be tried again. A refusal by the receiver is a receipt with `accepted=False`.
"""

from __future__ import annotations

from typing import Protocol

import attrs


@attrs.frozen(kw_only=True)
class Envelope:
    """What is sent: the key (area, case, stage, sequence, version), the upper organ, and the body as JSON bytes."""

    area: str
    key: str
    target: str
    body: bytes


@attrs.frozen(kw_only=True)
class Receipt:
    """What the receiver answered for `key`."""

    key: str
    receipt: str
    accepted: bool
    detail: str = ""


class ForwardingAdapter(Protocol):
    """A way to one or more upper organs."""

    name: str

    def send(self, envelope: Envelope) -> Receipt:
        """Deliver, or raise DeliveryError to be tried again (F1-F4)."""
