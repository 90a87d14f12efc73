"""Items in which nothing is to be found, and two clerks of the catalogue for the small county.

Rules of this room: builders of valid values; nothing is asserted here.
"""

from __future__ import annotations

from typing import Any

import attrs

from egov_core.domain.authority import Grant, Role
from egov_core.domain.catalogue import Fees, Guide, ItemVersion
from egov_core.domain.people import Person
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county

ONE, TWO = county.staff("clerk-one"), county.staff("clerk-two")
TODAY = county.MONDAY.date()

GUIDE = Guide(
    level="县级",
    audiences=("企业法人",),
    channels=("窗口",),
    online_depth="受理",
    quantity="无数量限制",
    conditions=("经营场所与主营项目相适应",),
    flow="窗口当场受理；审核人员两日内核对材料；办结后通知申请人领取。",
    result="许可证",
    place="演示中心一楼",
    hours="工作日9时至17时",
    inquiry_phone="0199-5550101",
    complaint_phone="12345",
)


def whole(code: str, version: int = 1, **changes: Any) -> ItemVersion:
    """An item with nothing to be found in it."""
    base = county.item(code, version=version, promised=county.working_days(10), valid_from=TODAY)
    told = attrs.evolve(
        base,
        guide=GUIDE,
        fees=Fees(charged=False),
        basis=(county.BASIS,),
        materials=tuple(attrs.evolve(one, basis=county.BASIS) for one in base.materials),
    )
    return attrs.evolve(told, **changes)


def with_clerks(office: Office) -> Office:
    """The office with two clerks of the catalogue, so that one can decide what the other has prepared."""
    clerks = [ONE.code, TWO.code]
    office.establish(
        people=[Person(code=one, name=f"姓{one}", organ=county.BUREAU, valid_from=county.SINCE) for one in clerks],
        grants=[
            Grant(person=one, role=Role.CLERK_OF_CATALOGUE, organ=county.BUREAU, valid_from=county.SINCE)
            for one in clerks
        ],
    )
    return office
