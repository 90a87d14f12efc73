"""Items and organs to be searched: a handful, each with what it is to be found by. Invented place.

Rules of this room: reference rows and what somebody types, with the item that has to come first; nothing of a backend.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from egov_core.domain.catalogue import (
    ART_42_DEFAULT,
    CaseType,
    Guide,
    ItemState,
    ItemVersion,
    Material,
    PowerClass,
    StandingChange,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.search.synonyms import Synonyms
from egov_core.ports.storage import ReferenceRow
from egov_core.testing.storage_rows import AREA, ELSEWHERE
from egov_core.wire.codec import encode

DAY = date(2020, 7, 1)
SINCE = date(2020, 1, 1)
SYNONYMS = Synonyms(
    {"开饭店": ("食品经营许可",), "准生证": ("生育登记",), "办执照": ("公司设立登记", "食品经营许可")},
    frozenset({"怎么", "办理", "哪里", "开", "办"}),
)
ORGANS = {"market": "市场监督管理局", "water": "水务局", "health": "卫生健康局", "school": "教育局", "town": "云上镇"}
FOOD = ("i-food", 1, "食品经营许可", "market", "市场监督管理局")

FINDS = (
    ("食品经营许可", "i-food", "the whole name"),
    ("食品", "i-food", "a word of two characters"),
    ("水", "i-water", "one character"),
    ("可证", "i-tobacco", "the end of a name"),
    ("食品 许可", "i-food", "two words"),
    ("ＫＴＶ", "i-ktv", "letters of full width"),
    ("ktv娱乐", "i-ktv", "letters beside characters"),
    ("怎么办理生育登记", "i-birth", "a question"),
    ("准生证", "i-birth", "a synonym"),
    ("哪里办准生证", "i-birth", "a synonym in a question"),
    ("食品竞营许可", "i-food", "a wrong character"),
    ("食品经许可", "i-food", "a missing character"),
    ("食品经经营许可", "i-food", "a character too many"),
    ("食品营经许可", "i-food", "two characters exchanged"),
    ("生肓登记", "i-birth", "a wrong character in a short word"),
    ("i-water", "i-water", "a code"),
    ("511Z07001006", "511Z07001006-511602000000", "the beginning of a code"),
    ("511z07001", "511Z07001006-511602000000", "a part of a code"),
    ("水务局", "i-water", "an organ"),
    ("市场监督管理局 许可证", "i-tobacco", "an organ and a word"),
    ("结婚", "i-wed", "a sub-item"),
    ("离婚", "i-part", "another sub-item of the same name"),
    ("婚姻登记结婚", "i-wed", "the name and its sub-item"),
    ("防疫培训记录", "i-school", "a material"),
)
"""What somebody types, the code of the item that has to come first, and in what way it is typed."""

VERSIONS = (
    (date(2019, 12, 31), None),
    (date(2020, 1, 1), 1),
    (date(2020, 12, 31), 1),
    (date(2021, 1, 1), 2),
    (date(2021, 6, 30), 2),
    (date(2021, 7, 1), None),
)
"""The days on which an item has a version in force, or none."""
SUSPENDED, RESUMED, WITHDRAWN = date(2020, 3, 1), date(2020, 9, 1), date(2020, 11, 1)
STANDINGS = (
    (date(2020, 2, 29), (False,)),
    (date(2020, 3, 1), (True,)),
    (date(2020, 8, 31), (True,)),
    (date(2020, 9, 1), (False,)),
    (date(2020, 10, 31), (False,)),
    (date(2020, 11, 1), ()),
)
"""Whether each hit of `i-ferry` is suspended on a day; once it is withdrawn, there is none."""
DAYS_OF_VERSIONS = [day for day, _ in VERSIONS]


def item(code: str, name: str, organ: str = "market", **changes: Any) -> ItemVersion:
    """An item, in force from 2020 on."""
    values: dict[str, Any] = {
        "code": code,
        "version": 1,
        "name": name,
        "organ": organ,
        "power_class": PowerClass.LICENCE,
        "case_type": CaseType.PROMISE,
        "statutory": ART_42_DEFAULT,
        "promised": None,
        "valid_from": SINCE,
    }
    return ItemVersion(**{**values, **changes})


def item_row(code: str, name: str, organ: str = "market", *, area: str = AREA, **changes: Any) -> ReferenceRow:
    """An item as it is stored."""
    value = item(code, name, organ, **changes)
    return ReferenceRow(area=area, kind="item", code=code, version=value.version, data=encode(value))


def standing_row(code: str, number: int, state: ItemState, on: date, *, area: str = AREA) -> ReferenceRow:
    """A change of how an item stands, as it is stored."""
    change = StandingChange(code=code, number=number, state=state, on=on, reason="", prepared_by="", decided_by="")
    return ReferenceRow(area=area, kind="item-standing", code=code, version=number, data=encode(change))


def organ_row(code: str, name: str, *, area: str = AREA) -> ReferenceRow:
    """An organ as it is stored."""
    organ = Organ(code=code, name=name, kind=OrganKind.DEPARTMENT, parent=None, valid_from=date(2010, 1, 1))
    return ReferenceRow(area=area, kind="organ", code=code, version=1, data=encode(organ))


def rows() -> list[ReferenceRow]:
    """Everything there is to find."""
    health = LegalBasis(instrument="《健康证明管理办法》（虚构）")
    materials = (Material(code="m1", name="从业人员健康证明"), Material(code="m2", name="营业场所平面图"))
    return [
        *(organ_row(code, name) for code, name in ORGANS.items()),
        organ_row("market", "市场监督管理局", area=ELSEWHERE),
        item_row("i-food", "食品经营许可", materials=materials),
        item_row("i-health", "健康证明办理", "health"),
        item_row("i-birth", "生育登记", "health"),
        item_row("i-school", "民办幼儿园办园许可", "school", basis=(health,), materials=(_material("防疫培训记录"),)),
        item_row("i-water", "取水许可", "water"),
        item_row("i-sand", "河道采砂许可", "town"),
        item_row("i-tobacco", "烟草零售许可证"),
        item_row("i-company", "公司设立登记"),
        item_row("i-ktv", "KTV娱乐场所经营许可"),
        item_row("i-fire", "烟花爆竹零售许可"),
        item_row("i-part", "婚姻登记", "health", guide=Guide(subitem="离婚")),
        item_row("i-wed", "婚姻登记", "health", guide=Guide(subitem="结婚")),
        item_row("511Z07001006-511602000000", "企业投资项目备案"),
        item_row("i-waste", "生活垃圾清运旧名称收运审批", "town", valid_to=date(2021, 1, 1)),
        item_row(
            "i-waste", "生活垃圾清运审批", "town", version=2, valid_from=date(2021, 1, 1), valid_to=date(2021, 7, 1)
        ),
        item_row("i-gone", "停用事项许可", valid_to=date(2020, 6, 30)),
        item_row("i-ferry", "渡船签证核发", "town"),
        standing_row("i-ferry", 1, ItemState.SUSPENDED, SUSPENDED),
        standing_row("i-ferry", 2, ItemState.IN_USE, RESUMED),
        standing_row("i-ferry", 3, ItemState.WITHDRAWN, WITHDRAWN),
        item_row("i-elsewhere", "食品经营许可", area=ELSEWHERE),
    ]


def _material(name: str) -> Material:
    return Material(code="m1", name=name)
