"""Chaining: events of streams that are not a case's, those of organs, items and the calendar.

Rules of this room: one shape for all of them, the same as that of a case's events.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from egov_core.domain.audit import link
from egov_core.domain.people import Actor
from egov_core.ports.storage import StoredEvent
from egov_core.wire.codec import canonical, store_converter


def following(
    area: str, stream: str, stands: tuple[int, str], happened: str, value: Any, *, actor: Actor, now: datetime
) -> StoredEvent:
    """The next event of a stream that stands at `stands`, its position and head."""
    position, head = stands[0] + 1, stands[1]
    payload = canonical(
        {
            "v": 1,
            "type": happened,
            "at": now.isoformat(),
            "entered_at": now.isoformat(),
            "actor": store_converter().unstructure(actor),
            "data": store_converter().unstructure(value),
        }
    )
    return StoredEvent(
        area=area,
        stream=stream,
        position=position,
        type=happened,
        at=now,
        entered_at=now,
        actor=actor.code,
        payload=payload,
        head=link(head, stream, position, payload),
    )
