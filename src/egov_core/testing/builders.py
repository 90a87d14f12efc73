"""Builders of valid values for tests of plugins: everything has a default, every argument is one's own to change.

Rules of this room: values only, valid as they are, the same at every call; invented place, invented people. The items,
organs and people of a whole office are in `small_county`, rows of a store in `storage_rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from egov_core.domain.catalogue import CaseType, ItemVersion, Material, PauseKind, PowerClass
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Applicant, Personal
from egov_core.domain.periods import Period, Unit
from egov_core.ports.checks import ApplicationView, MaterialsView
from egov_core.ports.forwarding import Envelope
from egov_core.ports.notification import CARD_ISSUED, Notification

AREA = "990121"
"""An area code that was never issued."""
SINCE = date(2010, 1, 1)
AT = datetime(2024, 6, 17, 9, tzinfo=CHINA)
"""A Monday morning without a holiday in the weeks around it."""
BASIS = LegalBasis(instrument="《演示条例》", article="第一条", in_force=SINCE)
NAME, ID_NUMBER, PHONE = "欧阳演示", "990121199502280012", "19900002222"
"""Somebody who does not exist, with a number as numbers are: its area was never issued."""


def material(code: str = "form", **changes: Any) -> Material:
    """A required material with a basis."""
    values: dict[str, Any] = {"code": code, "name": f"材料 {code}", "required": True, "basis": BASIS}
    return Material(**{**values, **changes})


def item_version(code: str = "permit-1", **changes: Any) -> ItemVersion:
    """An item of the water bureau with two required materials: promise 10, law 20 working days."""
    values: dict[str, Any] = {
        "code": code,
        "version": 1,
        "name": f"事项 {code}",
        "organ": "bureau",
        "power_class": PowerClass.LICENCE,
        "case_type": CaseType.PROMISE,
        "statutory": Period(amount=Decimal(20), unit=Unit.WORKING_DAY, basis=BASIS),
        "promised": Period(amount=Decimal(10), unit=Unit.WORKING_DAY, basis=BASIS),
        "valid_from": SINCE,
        "basis": (BASIS,),
        "materials": (material("form"), material("plan")),
        "pause_kinds": frozenset({PauseKind.HEARING}),
    }
    return ItemVersion(**{**values, **changes})


def applicant(
    name: str = NAME, id_number: str = ID_NUMBER, phone: str | None = PHONE, *, is_organisation: bool = False
) -> Applicant:
    """Somebody invented."""
    return Applicant(
        name=Personal(name),
        id_number=Personal(id_number),
        phone=None if phone is None else Personal(phone),
        is_organisation=is_organisation,
    )


_THE_SAME: Any = object()


def application_view(
    item: ItemVersion | None = None,
    *,
    stage: str = "submit",
    form: Mapping[str, str] | None = None,
    materials: Iterable[str] | None = None,
    applicant: Applicant | None = _THE_SAME,
    area: str = AREA,
    at: datetime = AT,
    channel: str = "window",
) -> ApplicationView:
    """An application with every material of its item; at `accept` nobody and no channel is known, as in an office."""
    of = item_version() if item is None else item
    known = _applicant() if stage == "submit" else None
    return ApplicationView(
        area=area,
        stage=stage,
        item=of,
        materials=tuple(one.code for one in of.materials) if materials is None else tuple(materials),
        form=dict(form or {}),
        applicant=known if applicant is _THE_SAME else applicant,
        at=at,
        channel=channel if stage == "submit" else "",
    )


_applicant = applicant


def materials_view(
    item: ItemVersion | None = None,
    *,
    stage: str = "accept",
    materials: Iterable[str] | None = None,
    area: str = AREA,
    at: datetime = AT,
) -> MaterialsView:
    """The materials of an application, complete."""
    of = item_version() if item is None else item
    handed = tuple(one.code for one in of.materials) if materials is None else tuple(materials)
    return MaterialsView(area=area, stage=stage, item=of, materials=handed, at=at)


BODY = '{"case":"case-1","item":"permit-1","opinion":"初审同意"}'.encode()


def envelope(key: str = "990121:case-1:review:1:3", *, body: bytes = BODY, **changes: Any) -> Envelope:
    """An envelope for the city."""
    values: dict[str, Any] = {"area": AREA, "key": key, "target": "city", "body": body}
    return Envelope(**{**values, **changes})


def notification(key: str = "990121:case-1:card:1", *, body: bytes = BODY, **changes: Any) -> Notification:
    """A notification that a card was issued."""
    values: dict[str, Any] = {"area": AREA, "key": key, "type": CARD_ISSUED, "body": body}
    return Notification(**{**values, **changes})


def organ(code: str = "city", kind: OrganKind = OrganKind.CITY, **changes: Any) -> Organ:
    """An organ, a city by default."""
    values: dict[str, Any] = {"code": code, "name": f"机关 {code}", "kind": kind, "parent": None, "valid_from": SINCE}
    return Organ(**{**values, **changes})
