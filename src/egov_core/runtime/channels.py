"""The doctor's look at notification channels: whether each that something waits for is offered by a plugin.

Rules of this room: read-only; part of `doctor`, and nobody else's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from egov_core.errors import DeliveryError, EgovError
from egov_core.ports.effects import Parcel
from egov_core.ports.health import HealthFinding as Finding
from egov_core.ports.notification import TYPES, Notification
from egov_core.runtime.office import Office
from egov_core.usecases.foundation.notifying import NOTIFICATION

LOOKED_AT = 10_000
"""Rows of the outbox that are counted at most: a doctor answers soon, also where very much waits."""
AHEAD = timedelta(days=7)
"""Every pending row is due before that: the last pause of the ladder is one day."""


def channel_findings(office: Office) -> Iterator[Finding]:
    """One finding for each channel of the settings, and each that rows wait for, which is not to be had."""
    due = office.storage.due_outbox(office.area, office.now() + AHEAD, LOOKED_AT)
    waiting = Counter(row.target for row in due if row.kind == NOTIFICATION)
    for name in dict.fromkeys((*office.settings.notification_channels, *sorted(waiting))):
        asked = Notification(area=office.area, key="", type=TYPES[0], body=b"")
        try:
            office.services.effects.lane(Parcel(to=name, sent=asked))
        except DeliveryError:
            yield Finding(
                code="channel-missing",
                severity="warning",
                message=f"no plugin offers the notification channel {name}; "
                f"{waiting[name]} notification(s) wait for it",
                remedy="install a plugin that does and give it its settings, or take the name out of "
                "[notifications] channels",
            )
        except EgovError as error:
            yield Finding(code="channel-broken", severity="error", message=error.message, remedy=error.remedy)
