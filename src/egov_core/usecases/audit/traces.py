"""Traces: what stands beside the chain, compared with what the chain says. Part of `verify`.

Rules of this room: read-only; each check gives what is broken as (invariant, message) and goes on. Columns, reference
data, the outbox and digests are conveniences; the chained bytes are what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from egov_core.domain.authority import Appointment, Grant, StandIn, WorkHandover, code_of
from egov_core.domain.campaign.facts import FACTS
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.errors import IntegrityError
from egov_core.ports.storage import OutboxRow, StoredEvent
from egov_core.usecases.cases.applications import SubjectFile, personal_digests
from egov_core.usecases.cases.handling import Outcome
from egov_core.usecases.foundation.calendars import CALENDAR, REVISION, REVISIONS_STREAM
from egov_core.usecases.foundation.case_rows import outbox_row
from egov_core.usecases.foundation.notifying import notification_row, type_of
from egov_core.usecases.foundation.registry import (
    APPOINTMENT,
    CAMPAIGN,
    DELEGATION,
    DRAFT,
    GRANT,
    INVITATION,
    ITEM,
    ORGAN,
    PERSON,
    POST,
    REORGANISATION,
    REVIEW,
    STAND_IN,
    STANDING,
    WORK_HANDOVER,
)
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import canonical, decode, loads

KIND_OF = {
    "organ-recorded": ORGAN,
    "person-appointed": PERSON,
    "authority-granted": GRANT,
    "post-recorded": POST,
    "post-filled": APPOINTMENT,
    "delegation-recorded": DELEGATION,
    "stand-in-recorded": STAND_IN,
    "work-handed-over": WORK_HANDOVER,
    "item-published": ITEM,
    "item-drafted": DRAFT,
    "item-submitted": DRAFT,
    "item-returned": DRAFT,
    "draft-published": DRAFT,
    "item-suspended": STANDING,
    "item-resumed": STANDING,
    "item-withdrawn": STANDING,
    "item-reviewed": REVIEW,
    "calendar-adopted": CALENDAR,
    "reorganisation-applied": REORGANISATION,
    "unit-invited": INVITATION,
    **dict.fromkeys(FACTS, CAMPAIGN),
}
"""Which reference data each event of an organ's, an item's, the calendar's, a plan's or a campaign's stream makes."""

WITHDRAWN, UNDONE = "reference-withdrawn", "reorganisation-undone"
"""The events by which reference data are taken away: a row that a plan had brought, and the plan itself."""

VERSION = {
    ITEM: "version",
    DRAFT: "version",
    STANDING: "number",
    REVIEW: "number",
    CALENDAR: "number",
    CAMPAIGN: "number",
}
"""The field that tells the versions of reference data apart (of a draft, that of its item); what has none is 1."""

Broken = Iterator[tuple[str, str]]


def check_columns(stored: Sequence[StoredEvent]) -> Broken:
    """The columns of events say what their chained bytes say."""
    for one in stored:
        try:
            said = loads(one.payload)
            told = (said["type"], said["at"], said["entered_at"], said["actor"]["code"])
        except (ValueError, KeyError, TypeError) as error:
            yield "I5", f"position {one.position} cannot be read: {error}"
            continue
        if told != (one.type, one.at.isoformat(), one.entered_at.isoformat(), one.actor):
            yield "I5", f"position {one.position}: its columns are not those of its bytes"


def check_answers(services: Services) -> Iterator[tuple[str, str, str]]:
    """What was answered under a key is still so: its case is there and got at least as far, filed under one key."""
    submitted: dict[str, str] = {}
    for one in services.storage.remembered(services.area):
        try:
            answer = decode(one.answer, Outcome)
            row = services.storage.case(services.area, answer.case_id)
        except (IntegrityError, ValueError, KeyError, TypeError) as error:
            yield "I2", one.key, f"the answer under this key is damaged: {error}"
            continue
        if row is None or row.version < answer.version or row.number != answer.number:
            yield "I1", answer.case_id, f"what key {one.key!r} was told is not there"
        if answer.happened[:1] == (e.Submitted.type,):
            other = submitted.setdefault(answer.case_id, one.key)
            if other != one.key:
                yield "I2", answer.case_id, f"filed under two keys, {other!r} and {one.key!r}"


def check_references(services: Services, streams: Iterable[Sequence[StoredEvent]]) -> Iterator[tuple[str, str, str]]:
    """The reference data are those of the chains of organs, items and calendar: every row, and no row besides."""
    explained: dict[tuple[str, str, int], bytes] = {}
    for stored in streams:
        for one in stored:
            kind = KIND_OF.get(one.type)
            if kind is None:
                gone = loads(one.payload)["data"] if one.type in (WITHDRAWN, UNDONE) else {}
                if gone:
                    explained.pop((gone.get("kind", REORGANISATION), gone["code"], gone.get("version", 1)), None)
                continue
            value = loads(one.payload)["data"]
            told = value["item"] if kind == DRAFT else value
            version = told[VERSION[kind]] if kind in VERSION else 1
            explained[kind, _code(kind, told), version] = canonical(value)
            if kind in (CALENDAR, CAMPAIGN) and version != one.position:
                yield "I5", one.stream, f"{kind} {version} stands at position {one.position}"
    kept = {
        (kind, row.code, row.version): row.data
        for kind in KIND_OF.values()
        for row in services.storage.references(services.area, kind)
    }
    for key in sorted(explained.keys() | kept.keys()):
        if explained.get(key) != kept.get(key):
            kind, code, version = key
            yield "I5", "reference data", f"{kind} {code} (version {version}) are not those of its chain"


def check_outbox(area: str, case: Case, recorded: Sequence[e.RecordedEvent], kept: Sequence[OutboxRow]) -> Broken:
    """What was referred lies in the outbox as it was written, and is settled where a receipt was recorded.

    What is told to somebody outside is what its event makes of it. Whether all of it is there cannot be asked: what is
    told depends on the settings of that day, and on when a card was noticed. What an earlier system had referred was in
    its outbox, not in ours.
    """
    rows = {row.key: row for row in kept}
    answered = {one.event.key for one in recorded if isinstance(one.event, e.ReceiptRecorded)}
    for one in recorded:
        if not isinstance(one.event, e.Referred) or case.is_taken_over(one.position):
            continue
        made = outbox_row(area, one, one.event)
        found = rows.pop(made.key, None)
        if found is None:
            yield "I7", f"what was referred under {made.key} is not in the outbox"
        elif _frozen(found) != _frozen(made):
            yield "I7", f"what waits under {made.key} is not what was referred"
        elif (made.key in answered) != (found.state in ("delivered", "refused")):
            yield "I7", f"the outbox says {found.state} of {made.key}, its events say otherwise"
    tellable = [one for one in recorded if type_of(one.event)]
    for row in rows.values():
        told = (notification_row(area, case, one, row.target) for one in tellable)
        same = next((one for one in told if one.key == row.key), None)
        if same is None:
            yield "I7", f"no event explains what lies in the outbox under {row.key}"
        elif _frozen(row) != _frozen(same):
            yield "I7", f"what waits under {row.key} is not what its event tells"


def _frozen(row: OutboxRow) -> tuple[Any, ...]:
    """What of an outbox row never changes."""
    return row.kind, row.target, row.case_id, row.body, row.created_at


def check_subject(services: Services, recorded: Sequence[e.RecordedEvent]) -> Broken:
    """Personal values, where they have not been destroyed, are those whose digests were chained."""
    filed = recorded[0].event
    if not isinstance(filed, e.Submitted):
        return
    kept = services.storage.subject(services.area, filed.subject)
    if kept is None:
        return
    try:
        file = decode(kept.data, SubjectFile)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield "I5", "the personal values cannot be read"
        return
    asked = c.Submit(item=filed.item, applicant=file.applicant, materials=filed.materials, form=dict(file.form))
    if personal_digests(kept.secret, asked) != dict(filed.digests):
        yield "I5", "the personal values are not those whose digests were chained"


def check_calendars(services: Services) -> Iterator[tuple[str, str, str]]:
    """Every revision of the calendar can be read, follows the one before it, and makes the days it was adopted with."""
    try:
        for revision in services.calendars().revisions:
            for scope in revision.scopes:
                revision.calendar(scope)
    except IntegrityError as error:
        yield "I5", REVISIONS_STREAM, error.message


def _code(kind: str, value: Any) -> str:
    if kind == CALENDAR:
        return REVISION
    if kind == WORK_HANDOVER:
        return decode(canonical(value), WorkHandover).code
    made: dict[str, type[Grant | Appointment | StandIn]] = {GRANT: Grant, APPOINTMENT: Appointment, STAND_IN: StandIn}
    if kind in made:
        return code_of(decode(canonical(value), made[kind]))
    if kind == CAMPAIGN:
        return str(value["campaign"])
    if kind == INVITATION:
        return str(value["organ"])
    return str(value["code"])
