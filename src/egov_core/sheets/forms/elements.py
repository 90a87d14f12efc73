"""What a field of a form may mean: the elements of an item, by name.

Rules of this room: an element says how a cell is read, how a value is shown, and where the value lies in an item.
Organs are names here: which organ that is, and whether it exists, is asked when an item is drawn up. `has-…` elements
are questions whose answer another element gives; they are checked against it and never stored.

The elements of the guide follow GB/T 39046-2020 table 4; `docs/reference/forms.md` lists all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from egov_core.domain.catalogue import ItemVersion, Material
from egov_core.sheets.forms import words as w
from egov_core.sheets.forms.fee_columns import fees_after
from egov_core.sheets.forms.not_given import DEFAULT_LIMIT, NO_LIMIT_SET
from egov_core.sheets.limits.stated import LimitKind

FORM_ONLY = "form"
"""The element of a field that nothing in the model means."""
ROW_MATERIAL = "material."
"""Elements of the one material that a row of a form with repeated rows describes."""
HAS = "has-"
LIMIT_AND_FEE = "promised+fee"
"""The element of a column that says both; its cells are parted before they are read (`parting`)."""


@attrs.frozen(kw_only=True)
class Element:
    """One element: how it is read, how it is shown, what it is."""

    name: str
    about: str
    read: Callable[[str], Any] = w.text_in
    show: Callable[[Any], str] = str
    empty: Any = ""
    answers: str = ""

    def text(self, value: Any) -> str:
        """The value as we write it, empty for nothing."""
        return "" if value is None or value == self.empty else self.show(value)


def _text(name: str, about: str) -> Element:
    return Element(name=name, about=about)


def _yes(name: str, about: str) -> Element:
    return Element(name=name, about=about, read=w.yes_in, show=w.yes_out, empty=None)


def _count(name: str, about: str) -> Element:
    return Element(name=name, about=about, read=w.count_in, show=w.count_out, empty=None)


def _list(name: str, about: str) -> Element:
    return Element(name=name, about=about, read=w.list_in, show=w.list_out, empty=())


def _lines(name: str, about: str) -> Element:
    return Element(name=name, about=about, read=w.lines_in, show=w.lines_out, empty=())


def _limit(name: str, about: str, kind: LimitKind) -> Element:
    read = functools.partial(w.limit_in, kind=kind)
    return Element(name=name, about=about, read=read, show=w.limit_out, empty=None)


def _has(answers: str, about: str) -> Element:
    return Element(name=HAS + answers, about=about, read=w.yes_in, show=w.yes_out, empty=None, answers=answers)


_ALL = (
    _text(FORM_ONLY, "kept by its heading, word for word; nothing in the model means it"),
    Element(name="name", about="事项名称: the item's name", read=w.name_in),
    Element(name="guide.subitem", about="子项名称: the sub-item, an item of its own", read=w.name_in),
    _text("number", "事项编号: the number of the main item; it may be empty, a code is then given"),
    _text("subnumber", "子项编号: the number of the sub-item"),
    _text("own_number", "实施编码: the number of the item itself, sub-item or not, where a form has but one"),
    Element(name="organ", about="办理主体: the organ that decides, by its name", read=w.organ_in),
    Element(
        name="power_class",
        about="事项类型: one of the classes, or a word that means one",
        read=w.power_class_in,
        show=w.enum_out,
        empty=None,
    ),
    Element(name="case_type", about="办件类型", read=w.case_type_in, show=w.enum_out, empty=None),
    Element(
        name="statutory",
        about="法定期限; where empty, the 20 working days of 行政许可法 42 for a licence "
        f"(“{DEFAULT_LIMIT}”), and none for any other (“{NO_LIMIT_SET}”); a cell of 承诺期限 that names both "
        "limits counts here too",
        read=w.statutory_in,
        show=w.limit_out,
        empty=None,
    ),
    _limit("promised", "承诺期限; it may not be longer than the statutory limit", LimitKind.PROMISED),
    _limit("limits.forward", "本级时限: how long a case may stay here before it is forwarded", LimitKind.UNSAID),
    Element(name="basis", about="办理依据: one a line", read=w.bases_in, show=w.bases_out, empty=()),
    Element(name="materials", about="申报材料: names, one a line", read=w.materials_in, show=w.materials_out, empty=()),
    Element(name="fee", about="收费: the whole text of a list that does not say it by fields", read=w.fee_in),
    Element(
        name=LIMIT_AND_FEE,
        about="办理时限及收费: the promise and the fee in one cell, as in 5个工作日；不收费",
        read=w.limit_and_fee_in,
    ),
    _yes("fees.charged", "是否收费"),
    _text("fees.standard", "收费标准"),
    Element(name="fees.basis", about="收费依据", read=w.basis_in, show=w.basis_out, empty=None),
    Element(name="pause_kinds", about="特别程序", read=w.pauses_in, show=w.pauses_out, empty=frozenset()),
    Element(name="forward_to", about="转报单位: the upper organ, by its name", read=w.organ_in),
    _text("forward_item", "上级事项编号: the item's code at the upper organ"),
    _list("windows", "the organs at whose windows it is accepted too, by their names"),
    _has("forward_to", "是否转报上级机关: whether there is a 转报单位"),
    _has("guide.prior_approval_by", "是否需要前置审批: whether there is a 前置审批单位"),
    _has("guide.joint_organs", "是否联合审批: whether there is a 联合单位"),
    _has("pause_kinds", "是否包含特别程序: whether there is a 特别程序"),
    _text("guide.base_code", "基本编码"),
    _text("guide.level", "行使层级"),
    _text("guide.power_source", "权力来源"),
    _text("guide.division", "权限划分"),
    _text("guide.exercised", "行使内容"),
    _text("guide.organ_code", "实施主体代码"),
    _text("guide.organ_nature", "实施主体性质"),
    _text("guide.prior_approval_by", "前置审批单位"),
    _list("guide.joint_organs", "联合单位, 共同实施部门"),
    _text("guide.handled_by", "承办机构"),
    _list("guide.audiences", "办理对象, 服务对象"),
    _list("guide.channels", "办理形式"),
    _text("guide.scope", "通办范围"),
    _text("guide.online_depth", "网办深度"),
    _text("guide.quantity", "办理数量, 数量限制"),
    _lines("guide.conditions", "办理条件, 受理条件: one a line"),
    _text("guide.flow", "办理流程"),
    _text("guide.limit_note", "法定办结时限说明"),
    _text("guide.promise_note", "承诺办结时限说明"),
    _text("guide.intermediary", "中介服务"),
    _text("guide.result", "结果名称"),
    _text("guide.result_kind", "结果类型"),
    _list("guide.personal_themes", "自然人服务主题"),
    _list("guide.corporate_themes", "法人服务主题"),
    _text("guide.jurisdiction", "行政管辖"),
    _yes("guide.appointment", "是否支持预约办理"),
    _yes("guide.online_payment", "网上支付"),
    _yes("guide.express", "物流快递"),
    _yes("guide.online", "是否网办"),
    _text("guide.online_address", "网办地址"),
    _text("guide.system_level", "运行系统层级"),
    _text("guide.place", "办理地点"),
    _text("guide.hours", "办理时间"),
    _text("guide.inquiry", "咨询方式"),
    _text("guide.inquiry_phone", "咨询电话"),
    _text("guide.complaint_phone", "监督电话"),
    _count("guide.visits", "到现场次数"),
    _text("material.name", "材料名称: the material of this row"),
    _text("material.issuer", "出具机构"),
    _text("material.issue_terms", "出具时间要求"),
    _text("material.note", "材料办理说明"),
    _text("material.place", "材料办理地点"),
    _text("material.use", "材料使用说明"),
    _count("material.originals", "原件份数"),
    _count("material.copies", "复印件份数"),
    Element(name="material.required", about="是否必备材料", read=w.yes_in, show=w.yes_out, empty=None),
    Element(name="material.basis", about="材料依据", read=w.basis_in, show=w.basis_out, empty=None),
)
ELEMENTS: Mapping[str, Element] = {element.name: element for element in _ALL}
"""Every element by its name."""

NUMBERS = ("own_number", "subnumber", "number")
NOT_STORED = frozenset({FORM_ONLY, LIMIT_AND_FEE, *NUMBERS, *(one.name for one in _ALL if one.answers)})
"""Elements that are no field of an item: what is told by others, and what tells which item it is."""


@attrs.frozen(kw_only=True)
class Names:
    """The organs of a place by their codes, and what to do with a code nobody knows: show it."""

    by_code: Mapping[str, str] = attrs.field(factory=dict)

    def name(self, code: str | None) -> str:
        """The name of an organ."""
        return "" if code is None else self.by_code.get(code, code)


def value_of(item: ItemVersion, element: str, names: Names, material: Material | None = None) -> Any:
    """What an item says for an element; organs as names."""
    if element.startswith(ROW_MATERIAL):
        return getattr(material, element.removeprefix(ROW_MATERIAL)) if material is not None else None
    if element.startswith(HAS):
        return _answer(item, element.removeprefix(HAS), names)
    if element == "own_number":
        return item.code if item.guide.subitem else item.guide.implementation_code or item.code
    if element == "number":
        # A sub-item is known by its own number; what stands above it belongs to the main item.
        return item.guide.implementation_code or ("" if item.guide.subitem else item.code)
    if element == "subnumber":
        return item.code if item.guide.subitem else ""
    if element == LIMIT_AND_FEE:
        return "；".join(one for one in (w.limit_out(item.promised), item.fee) if one)
    if element == "statutory":
        return None if item.statutory_is_default else item.statutory
    if element in ("organ", "forward_to"):
        return names.name(getattr(item, element))
    if element == "windows":
        return tuple(sorted(names.name(code) for code in item.windows))
    head, _, tail = element.partition(".")
    if head == "guide":
        return getattr(item.guide, tail)
    if head == "limits":
        return item.limits.get(tail)
    if head == "fees":
        return getattr(item.fees, tail) if item.fees is not None else ELEMENTS[element].empty
    return getattr(item, element)


def _answer(item: ItemVersion, element: str, names: Names) -> bool:
    value = value_of(item, element, names)
    return value is not None and value != ELEMENTS[element].empty


def changed(item: ItemVersion, values: Mapping[str, Any]) -> ItemVersion:
    """The item with these elements set; organs are codes by now."""
    plain, guide, limits, fees = {}, {}, dict(item.limits), {}
    for element, value in values.items():
        head, _, tail = element.partition(".")
        if element in NOT_STORED or element.startswith(ROW_MATERIAL):
            continue
        if head == "guide":
            guide[tail] = value
        elif head == "fees":
            fees[tail] = value
        elif head == "limits":
            limits.pop(tail, None)
            if value is not None:
                limits[tail] = value
        else:
            plain[element] = value
    if guide:
        plain["guide"] = attrs.evolve(item.guide, **guide)
    if fees or (item.fees is not None and "fee" in plain):
        plain["fees"], plain["fee"] = fees_after(item, fees, plain.get("fee"))
    return attrs.evolve(item, **plain, limits=limits)
