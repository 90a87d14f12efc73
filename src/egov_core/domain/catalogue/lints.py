"""Looking at one item: is its guide complete, and does it contradict itself.

Rules of this room: pure; every rule is asked and everything is found at once, in the order of the elements. What cannot
be compared for certain (working days with a number of hours) is not found. What the rules say stands in `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from egov_core.domain.catalogue.comparison import is_surely_beyond
from egov_core.domain.catalogue.findings import ItemFinding
from egov_core.domain.catalogue.items import CaseType, ItemVersion, PowerClass
from egov_core.domain.catalogue.rules import MANDATORY, NOT_OF_LICENCES, RULES
from egov_core.domain.codes.check_digits import ItemCodeRule, is_credit_code, item_code_faults
from egov_core.domain.periods import NoLimit, Period, Unit

VAGUE = re.compile(
    r"(?:其[他它](?:有关|相关|必要|所需)?(?:的)?(?:材料|资料|证明|文件|手续)|等(?:有关|相关)?(?:材料|资料|证明|文件)"
    r"|(?:相关|有关)(?:的)?(?:证明|材料|资料)|(?:需要|要求)(?:提供|提交)的其[他它]"
    r"|法律、?(?:行政)?法规(?:、规章)?规定的其[他它])"
)
"""The catch-alls of guides that the inspection of 2017 counted, with what is as vague."""
_AREA_CODE = re.compile(r"0\d{2,3}[-－—\s]?\d{7,8}(?:[-－转]\d{1,6})?")
_MOBILE_OR_HOTLINE = re.compile(r"1[3-9]\d{9}|1\d{2,4}|9\d{4,5}|[48]00[-\s]?\d{3}[-\s]?\d{4}")
_BETWEEN_PHONES = re.compile(r"[、，,;；/]+")
_BETWEEN_STEPS = re.compile(r"[\s\d、，,;；.。:：()（）→—\-–>＞+]+")
_FREE = frozenset({"", "不收费", "免费", "免收", "不收", "不收取", "无", "否", "零", "0", "0元", "/", "-", "—", "——"})
"""What stands in the fields of standard and basis where there is no fee: it says so a second time."""

CODED: Mapping[str, str] = {
    "guide.level": "use-level",
    "guide.organ_nature": "organ-nature",
    "guide.audiences": "audience",
    "guide.channels": "channel",
    "guide.scope": "scope",
    "guide.online_depth": "online-depth",
    "guide.power_source": "power-source",
    "guide.result_kind": "result-kind",
}
"""The coded elements, each with its code list."""


def lint_item(
    item: ItemVersion,
    names: Mapping[str, Collection[str]] = MappingProxyType({}),
    codes: ItemCodeRule | None = None,
) -> Iterator[ItemFinding]:
    """Everything found in an item; `names` are those of the code lists by list, `codes` by which rule it is coded.

    Raises nothing: an item is looked at as it is.
    """
    yield from _missing(item)
    yield from _limits(item)
    yield from _materials(item)
    yield from _flow(item)
    yield from _forwarding(item)
    yield from _fees(item)
    yield from _phones(item)
    if item.guide.online and not item.guide.online_address.strip():
        yield RULES["online-without-address"].found("guide.online_address")
    if codes is not None:
        said_of = (item.guide.base_code, item.guide.implementation_code)
        for field, why in item_code_faults(codes, base=said_of[0], implementation=said_of[1]):
            yield RULES["item-code"].found(f"guide.{field}", why=why)
    if item.guide.organ_code and not is_credit_code(item.guide.organ_code):
        yield RULES["organ-code"].found("guide.organ_code", value=item.guide.organ_code)
    for element, code in CODED.items():
        known = names.get(code, ())
        said = value_of(item, element)
        for value in (said,) if isinstance(said, str) else said:
            if value.strip() and known and value not in known:
                yield RULES["not-in-code-list"].found(element, value=value, list=code, known="、".join(known))


def value_of(item: ItemVersion, element: str) -> Any:
    """What an item says for an element, `guide.place` or `basis`."""
    value: Any = item
    for name in element.split("."):
        value = getattr(value, name)
    return value


def _missing(item: ItemVersion) -> Iterator[ItemFinding]:
    for one in _absent(item):
        other = NOT_OF_LICENCES.get(one.element)
        yield one if other is None or item.power_class is PowerClass.LICENCE else attrs.evolve(one, basis=other)


def _absent(item: ItemVersion) -> Iterator[ItemFinding]:
    for element, rule in MANDATORY.items():
        if element == "fees":
            if item.fees is None and not item.fee.strip():
                yield rule.found(element)
        elif element == "materials":
            # what is decided on the spot may need nothing but the person who asks
            if not item.materials and item.case_type is not CaseType.IMMEDIATE:
                yield rule.found(element)
        elif _is_empty(value_of(item, element)):
            yield rule.found(element)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, tuple):
        return not any(str(one).strip() for one in value)
    return value is None


def _limits(item: ItemVersion) -> Iterator[ItemFinding]:
    promised, statutory = item.promised, item.statutory
    if item.statutory_is_default:
        is_set = not isinstance(statutory, NoLimit)
        yield RULES["limit-by-default" if is_set else "limit-not-set"].found("statutory")
    if promised is not None and is_surely_beyond(promised, statutory):
        yield RULES["promise-above-statutory"].found("promised", promised=promised, statutory=statutory)
    if isinstance(promised, Period):
        if item.case_type is CaseType.IMMEDIATE:
            yield RULES["immediate-with-limit"].found("promised", promised=promised)
        elif _is_below_a_day(promised):
            yield RULES["promise-below-a-day"].found("promised", promised=promised)
    if item.case_type is CaseType.IMMEDIATE and (item.guide.visits or 0) > 1:
        yield RULES["immediate-with-visits"].found("guide.visits", visits=item.guide.visits)
    limits = [step.limit for step in item.steps if isinstance(step.limit, Period) and step.code != "acceptance"]
    whole = promised or statutory
    if len({limit.unit for limit in limits}) == 1:
        total = Period(amount=sum((one.amount for one in limits), Decimal(0)), unit=limits[0].unit, basis=whole.basis)
        if is_surely_beyond(total, whole):
            yield RULES["steps-above-promise"].found("steps", steps=total, promised=whole)
    for terms in item.pause_terms:
        if terms.kind not in item.pause_kinds:
            yield RULES["special-terms-without-kind"].found("pause_terms", name=terms.kind.value)


def _is_below_a_day(period: Period) -> bool:
    if period.unit is Unit.HOUR:
        return period.amount < 24
    return period.amount < (8 if period.unit is Unit.WORKING_HOUR else 1)


def _materials(item: ItemVersion) -> Iterator[ItemFinding]:
    for material in item.materials:
        element = f"materials.{material.code}"
        if not material.name.strip():
            yield RULES["material-unnamed"].found(element)
            continue
        vague = VAGUE.search(material.name)
        if vague is not None:
            yield RULES["vague-material"].found(element, name=material.name, word=vague[0])
        if material.basis is None:
            yield RULES["material-without-basis"].found(element, name=material.name)
    for condition in item.guide.conditions:
        vague = VAGUE.search(condition) or re.search(r"其[他它]条件", condition)
        if vague is not None:
            yield RULES["vague-condition"].found("guide.conditions", word=vague[0])


def _flow(item: ItemVersion) -> Iterator[ItemFinding]:
    names = {step.name.strip() for step in item.steps}
    if "" in names:
        yield RULES["step-unnamed"].found("steps")
    words = [word for word in _BETWEEN_STEPS.split(item.guide.flow) if word]
    usual = names | {"申请", "受理", "审核", "审查", "审批", "决定", "办结", "送达", "领取", "发证"}
    if words and all(word in usual for word in words):
        yield RULES["flow-names-only"].found("guide.flow")


def _forwarding(item: ItemVersion) -> Iterator[ItemFinding]:
    if item.case_type is CaseType.FORWARD and not item.forward_to:
        yield RULES["forward-without-target"].found("forward_to")
    if item.forward_to and item.case_type is not CaseType.FORWARD:
        yield RULES["target-without-forward"].found("case_type")


def _fees(item: ItemVersion) -> Iterator[ItemFinding]:
    fees = item.fees
    if fees is None:
        return
    if fees.charged and not fees.standard.strip():
        yield RULES["fee-without-standard"].found("fees.standard")
    if fees.charged and fees.basis is None:
        yield RULES["fee-without-basis"].found("fees.basis")
    is_given = fees.standard.strip() not in _FREE or (fees.basis is not None and str(fees.basis) not in _FREE)
    if not fees.charged and is_given:
        yield RULES["standard-without-fee"].found("fees")


def _phones(item: ItemVersion) -> Iterator[ItemFinding]:
    guide = item.guide
    said = {
        "guide.inquiry_phone": _numbers(guide.inquiry_phone),
        "guide.complaint_phone": _numbers(guide.complaint_phone),
    }
    for element, phones in said.items():
        for phone in phones:
            if not (_AREA_CODE.fullmatch(phone) or _MOBILE_OR_HOTLINE.fullmatch(phone)):
                yield RULES["phone-without-area-code"].found(element, phone=phone)
    inquiry, complaint = (frozenset(re.sub(r"\D", "", one) for one in phones) for phones in said.values())
    if complaint and complaint <= inquiry:
        yield RULES["same-phones"].found("guide.complaint_phone")


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _BETWEEN_PHONES.split(text) if one.strip())
