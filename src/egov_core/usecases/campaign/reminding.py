"""Reminding: what a unit of a campaign is told, as rows of the outbox that are written with its record.

Rules of this room: pure; a row is a function of its record, its campaign and its channel alone, so that `verify` makes
it again. It names units and forms, and no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from egov_core.domain.campaign.campaign import Campaign, fold
from egov_core.domain.campaign.facts import CampaignRecord, UnitReminded
from egov_core.errors import EgovError
from egov_core.ports.notification import UNIT_REMINDED
from egov_core.ports.storage import OutboxRow, StoredEvent
from egov_core.usecases.foundation.notifying import NOTIFICATION, NotificationChoice
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import canonical, decode, loads

CAMPAIGNS = "campaign:"
"""What the names of the streams of campaigns begin with; the code stands behind it."""


def stream_of(campaign: str) -> str:
    """The stream of a campaign."""
    return f"{CAMPAIGNS}{campaign}"


def reminders(
    choice: NotificationChoice, area: str, campaign: Campaign, records: Iterable[CampaignRecord]
) -> Iterator[OutboxRow]:
    """The rows that a commit adds: one for each unit that is reminded and each channel that tells of it."""
    if UNIT_REMINDED not in choice.types:
        return
    for record in records:
        if isinstance(record.fact, UnitReminded):
            for channel in choice.channels:
                yield reminder_row(area, campaign, record, record.fact, channel)


def reminder_row(area: str, campaign: Campaign, record: CampaignRecord, fact: UnitReminded, channel: str) -> OutboxRow:
    """What a channel tells of a reminder; the body is frozen here."""
    stream = stream_of(record.campaign)
    body = {
        "type": UNIT_REMINDED,
        "timestamp": record.at.isoformat(),
        "area": area,
        "data": {
            "campaign": record.campaign,
            "title": campaign.opened.title,
            "unit": fact.unit,
            "kind": fact.kind.value,
            "missing": list(fact.missing),
            "last_day": fact.last_day.isoformat(),
            "days": fact.days,
        },
    }
    return OutboxRow(
        area=area,
        key=f"{area}:{stream}:{NOTIFICATION}:{record.number}:{channel}",
        kind=NOTIFICATION,
        target=channel,
        case_id=stream,
        body=canonical(body),
        created_at=record.at,
        next_attempt_at=record.at,
    )


def check_reminders(services: Services, stream: str, stored: Sequence[StoredEvent]) -> tuple[int, list[str]]:
    """How many rows of the outbox a campaign has, and what is wrong with its records and with those rows.

    Whether all of the rows are there cannot be asked: what is told depends on the settings of that day.
    """
    kept = services.storage.outbox_of(services.area, stream)
    try:
        records = [decode(canonical(loads(one.payload)["data"]), CampaignRecord) for one in stored]
        campaign = fold(records)
    except EgovError as error:
        return len(kept), [error.message]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return len(kept), [f"its records cannot be read: {error}"]
    broken = [
        f"record {record.number} says {record.at.isoformat()} and {record.by}, its event says otherwise"
        for record, one in zip(records, stored, strict=True)
        if (record.at, record.by, record.fact.what, stream_of(record.campaign)) != (one.at, one.actor, one.type, stream)
    ]
    for row in kept:
        told = (
            reminder_row(services.area, campaign, record, record.fact, row.target)
            for record in records
            if isinstance(record.fact, UnitReminded)
        )
        same = next((one for one in told if one.key == row.key), None)
        if same is None:
            broken.append(f"no record explains what lies in the outbox under {row.key}")
        elif (same.kind, same.body, same.created_at) != (row.kind, row.body, row.created_at):
            broken.append(f"what waits under {row.key} is not what its record tells")
    return len(kept), broken
