"""What we ask of whoever carries effects 效应: that a plugin which hangs or ends its process delays nobody else.

Rules of this room: promises, no implementation. An effect is what leaves the office through a plugin: a case that is
referred, a notification. Each plugin has a lane 车道 of its own; a delivery waits in the lane of the plugin that offers
to carry it.

E1  What a plugin does, it does in its lane: it raises, answers rubbish, hangs or ends its process, and the lane tells
    the delivery by `failed`; no other lane waits for it, and neither does the office.
E2  A delivery that was given to a lane is told exactly one of `done`, `failed` or `postpone`, or nothing at all where
    the process ends: its lease runs out, and it is taken again.
E3  `begin` is asked right before the plugin is: False means that another worker has it by now, and nothing is sent.
E4  While a plugin works, `beat` is called now and then, so that the lease can be prolonged.
"""

from __future__ import annotations

from typing import Protocol

import attrs

from egov_core.domain.organisation import Organ
from egov_core.errors import EgovError
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.notification import Notification

FORWARDING, NOTIFICATION = "egov_forwarding_adapter", "egov_notification_channel"
"""The hooks whose answers carry something out of the office."""


@attrs.frozen(kw_only=True)
class Parcel:
    """One thing to carry: what it is, and to whom: an upper organ, or the name of a channel."""

    to: Organ | str
    sent: Envelope | Notification

    @property
    def hook(self) -> str:
        """Which hook offers a way."""
        return FORWARDING if isinstance(self.sent, Envelope) else NOTIFICATION

    @property
    def address(self) -> str:
        """The code of the organ, or the channel's name."""
        return self.to if isinstance(self.to, str) else self.to.code


class Delivery(Protocol):
    """A parcel with what is to be done about it, given to a lane."""

    parcel: Parcel

    def begin(self) -> bool:
        """Whether it is still ours to send (E3)."""

    def beat(self) -> None:
        """It is being sent at this moment (E4)."""

    def done(self, receipt: Receipt) -> None:
        """It was answered."""

    def failed(self, error: EgovError) -> None:
        """The attempt failed."""

    def postpone(self, error: EgovError) -> None:
        """It was not tried; the attempt does not count."""


class Lane(Protocol):
    """Where the deliveries of one plugin wait for their turn."""

    name: str

    def has_room(self) -> bool:
        """Whether it takes one more."""

    def submit(self, delivery: Delivery) -> None:
        """Take it; what becomes of it is told to the delivery (E2)."""


class Effects(Protocol):
    """The lanes of an office."""

    def lane(self, parcel: Parcel) -> Lane:
        """The lane of the plugin that carries it.

        Raises DeliveryError where no plugin offers a way, QuarantineError where the only one that may is in quarantine,
        PluginError where a plugin fails at the question.
        """

    def wait(self) -> None:
        """Until every lane has nothing left to do."""

    def close(self) -> None:
        """End it all; what waits is given back, what is being sent is cut off after a moment."""
