"""The rules by which items are looked at: what each says, how grave it is, and where it comes from.

Rules of this room: data only; when a rule is broken is decided in `lints`. Each rule has its sentence and its remedy in
both languages and its source. Severities follow two thoughts: what the law wants published and what contradicts itself
is an error; what real catalogues break with a reason is a warning.

Sources: 行政许可法 30 (what has to be posted), 42, 45, 58; 国办函〔2017〕115号 (the inspection of 2017: vague
materials, flows that are lists of names, guides without limit, fee or telephone); the notice, N10, N11; rules by which
other counties look at items (a promise of one working day at least, telephones with their area code).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.catalogue.findings import ItemFinding, Severity
from egov_core.domain.legal import LICENSING_ACT, LegalBasis

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@attrs.frozen
class ItemRule:
    """A rule about items 事项规则. Sentences may have places for values: `{name}`."""

    code: str
    severity: Severity
    basis: LegalBasis
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def found(self, element: str, **values: Any) -> ItemFinding:
        """The finding that the rule is broken by an element."""
        return ItemFinding(
            code=self.code,
            severity=self.severity,
            element=element,
            basis=self.basis,
            message=self.message.format(**values),
            message_en=self.message_en.format(**values),
            remedy=self.remedy.format(**values),
            remedy_en=self.remedy_en.format(**values),
        )


_ACT_30 = LegalBasis(instrument=LICENSING_ACT, article="第三十条", in_force=date(2004, 7, 1))
_ACT_42 = LegalBasis(instrument=LICENSING_ACT, article="第四十二条", in_force=date(2004, 7, 1))
_ACT_58 = LegalBasis(instrument=LICENSING_ACT, article="第五十八条", in_force=date(2004, 7, 1))
_ACT_45 = LegalBasis(instrument=LICENSING_ACT, article="第四十五条", in_force=date(2004, 7, 1))
_INSPECTION = LegalBasis(instrument="国办函〔2017〕115号", in_force=date(2017, 10, 1))
_GUIDES = LegalBasis(instrument="国办函〔2016〕108号", in_force=date(2016, 12, 20))
_STANDARD = LegalBasis(instrument="GB/T 39046-2020", article="表4", in_force=date(2020, 9, 29))
_CREDIT_CODE = LegalBasis(instrument="GB 32100-2015", in_force=date(2015, 10, 1))
_USAGE = LegalBasis(instrument="各地事项审核规则", assumed=True)

_MISSING: tuple[tuple[str, Severity, LegalBasis, str, str], ...] = (
    ("basis", ERROR, _ACT_30, "设定依据", "the legal basis"),
    ("guide.conditions", ERROR, _ACT_30, "受理条件", "the conditions of acceptance"),
    ("guide.quantity", ERROR, _ACT_30, "数量限制", "the limit of quantity"),
    ("guide.flow", ERROR, _ACT_30, "办理流程", "the flow"),
    ("fees", ERROR, _INSPECTION, "是否收费", "whether a fee is charged"),
    ("guide.place", ERROR, _INSPECTION, "办理地点", "the place"),
    ("guide.hours", ERROR, _INSPECTION, "办理时间", "the hours"),
    ("guide.inquiry_phone", ERROR, _INSPECTION, "咨询电话", "the telephone for inquiries"),
    ("guide.complaint_phone", ERROR, _INSPECTION, "监督投诉电话", "the telephone for complaints"),
    ("guide.audiences", WARNING, _STANDARD, "服务对象", "whom it serves"),
    ("guide.channels", WARNING, _STANDARD, "办理形式", "how it is applied for"),
    ("guide.level", WARNING, _STANDARD, "行使层级", "the level of the power"),
    ("guide.result", WARNING, _STANDARD, "结果名称", "the result"),
    ("guide.online_depth", WARNING, _GUIDES, "网办深度", "how far it goes online"),
    ("materials", WARNING, _ACT_30, "申报材料", "the materials"),
    ("promised", WARNING, _INSPECTION, "承诺期限", "the promised limit"),
)


def missing_code(element: str) -> str:
    """The code of the rule that an element is there."""
    return "missing-" + element.removeprefix("guide.").replace("_", "-")


def _missing(element: str, severity: Severity, basis: LegalBasis, name: str, english: str) -> ItemRule:
    return ItemRule(
        missing_code(element),
        severity,
        basis,
        f"没有写明{name}。",
        f"it does not {'state' if english.startswith('the ') else 'say'} {english}",
        f"填写{name}；没有的，写明“无”。" if element in ("guide.quantity", "materials") else f"填写{name}。",
        "write it down",
    )


MANDATORY: Mapping[str, ItemRule] = {row[0]: _missing(*row) for row in _MISSING}
"""The rule that an element is there, by the element."""

NOT_OF_LICENCES: Mapping[str, LegalBasis] = {
    **dict.fromkeys(("basis", "guide.conditions", "guide.quantity", "guide.flow"), _STANDARD),
    "materials": _INSPECTION,
}
"""Where the same element is asked for of other items: the licensing act speaks of licences only (2)."""

_OTHERS = (
    ItemRule(
        "limit-by-default", INFO, _ACT_42,
        "法定期限按行政许可法第四十二条默认，没有查到该事项自己的期限。",
        "the statutory limit is the default of 行政许可法 42; no limit of its own is known",
        "核对设定依据，有期限规定的填写。", "look it up in its legal basis",
    ),
    ItemRule(
        "limit-not-set", WARNING, _ACT_42,
        "没有法定期限；行政许可法第四十二条只适用于行政许可，本事项不能按它默认。",
        "no statutory limit is known; 行政许可法 42 is for licences and sets none for this item",
        "核对设定依据，有期限规定的填写；没有的，至少作出承诺。",
        "look it up in its legal basis; where there is none, promise one",
    ),
    ItemRule(
        "vague-material", ERROR, _INSPECTION,
        "材料“{name}”用了兜底的说法“{word}”，申请人不知道要交什么。",
        "the material {name} is a catch-all ({word}): nobody knows what to bring",
        "写明每一份材料的名称；没有依据的删去。", "name each document, or strike it",
    ),
    ItemRule(
        "vague-condition", WARNING, _INSPECTION,
        "受理条件用了兜底的说法“{word}”。", "a condition is a catch-all ({word})",
        "写明条件，或者写明哪部法律规定。", "state the condition, or the law that sets it",
    ),
    ItemRule(
        "material-without-basis", WARNING, LegalBasis(instrument="清理证明事项的要求（通知四（四））"),
        "材料“{name}”没有依据。", "the material {name} has no legal basis",
        "补写依据；没有依据的证明一律取消。", "give its basis; a proof without one has to go",
    ),
    ItemRule(
        "material-unnamed", ERROR, _ACT_30,
        "有一份材料没有名称。", "a material has no name", "写明名称。", "name it",
    ),
    ItemRule(
        "promise-above-statutory", ERROR, _ACT_42,
        "承诺期限{promised}长于法定期限{statutory}。",
        "the promise {promised} is longer than the statutory limit {statutory}",
        "缩短承诺期限，不得长于法定期限。", "shorten the promise",
    ),
    ItemRule(
        "promise-below-a-day", WARNING, _USAGE,
        "承诺件的承诺期限{promised}不足一个工作日。", "the promise {promised} is shorter than a working day",
        "当场能办的，改为即办件；否则至少一个工作日。", "make it an item decided on the spot, or promise a day",
    ),
    ItemRule(
        "steps-above-promise", ERROR, LegalBasis(instrument="环节时限管理办法", article="第十八条", assumed=True),
        "各环节时限之和{steps}长于承诺期限{promised}。",
        "the limits of its steps add up to {steps}, longer than the promise {promised}",
        "调整环节时限，总和不得长于承诺期限。", "shorten the steps",
    ),
    ItemRule(
        "immediate-with-limit", WARNING, _STANDARD,
        "即办件却承诺{promised}，不是当场办结。", "it is decided on the spot, and promises {promised}",
        "承诺期限写“即办”，或者改为承诺件。", "promise it on the spot, or make it a promised item",
    ),
    ItemRule(
        "immediate-with-visits", WARNING, _USAGE,
        "即办件却要到现场{visits}次。", "it is decided on the spot, and needs {visits} visits",
        "当场办结的，到现场次数写1次或者0次。", "say that one visit, or none, is enough",
    ),
    ItemRule(
        "forward-without-target", ERROR, LegalBasis(instrument="事项信息表", article="是否转报上级机关"),
        "转报件没有写明转报单位。", "it is forwarded, and names no upper organ",
        "填写转报单位，或者改办件类型。", "name the upper organ, or change the case type",
    ),
    ItemRule(
        "target-without-forward", ERROR, LegalBasis(instrument="事项信息表", article="是否转报上级机关"),
        "写了转报单位，办件类型却不是转报件。", "it names an upper organ, and is not forwarded",
        "办件类型改为转报件，或者删去转报单位。", "make it a forwarded item, or strike the organ",
    ),
    ItemRule(
        "fee-without-standard", ERROR, _ACT_58,
        "收费却没有写明收费标准。", "a fee is charged, and no standard is given", "填写收费标准。", "give the standard",
    ),
    ItemRule(
        "fee-without-basis", ERROR, _ACT_58,
        "收费却没有写明收费依据。", "a fee is charged, and no basis is given", "填写收费依据，没有依据的不得收费。",
        "give the basis; without one no fee may be charged",
    ),
    ItemRule(
        "standard-without-fee", ERROR, LegalBasis(instrument="事项信息表", article="是否收费"),
        "不收费却写了收费标准或者依据。", "no fee is charged, and a standard or basis is given",
        "改为收费，或者删去标准和依据。", "say that a fee is charged, or strike both",
    ),
    ItemRule(
        "special-terms-without-kind", ERROR, _ACT_45,
        "写了特别程序“{name}”的期限，却没有选这一种特别程序。",
        "terms are given for the special procedure {name}, which the item does not have",
        "选上这一种特别程序，或者删去期限。", "choose the kind, or strike its terms",
    ),
    ItemRule(
        "same-phones", ERROR, _USAGE,
        "监督投诉电话与咨询电话相同。", "complaints go to the telephone for inquiries",
        "填写另一部门或者12345的电话。", "give the telephone of somebody else, or 12345",
    ),
    ItemRule(
        "phone-without-area-code", WARNING, _USAGE,
        "电话{phone}没有区号。", "the telephone {phone} has no area code",
        "写成“区号-号码”。", "write area code and number",
    ),
    ItemRule(
        "step-unnamed", ERROR, _INSPECTION,
        "有一个环节没有名称。", "a step has no name", "写明环节名称。", "name the step",
    ),
    ItemRule(
        "flow-names-only", WARNING, _INSPECTION,
        "办理流程只有环节名称，没有写明谁做什么。", "its flow is a list of names of steps",
        "写明每个环节由谁做什么、多长时间。", "say who does what in each step, and how long it takes",
    ),
    ItemRule(
        "online-without-address", WARNING, _INSPECTION,
        "写明可以网上办理，却没有网办地址。", "it can be done online, and no address is given",
        "填写网办地址，或者改为不能网上办理。", "give the address, or say that it is not online",
    ),
    ItemRule(
        "organ-code", WARNING, _CREDIT_CODE,
        "实施主体代码{value}不是正确的统一社会信用代码。", "{value} is no 统一社会信用代码",
        "按登记证书核对，不要自行改动校验位。", "compare it with the certificate; never mend a check digit",
    ),
    ItemRule(
        "item-code", WARNING, _STANDARD,
        "事项编码不合本地编码规则：{why}。", "its code is not made by the rule of the place: {why}",
        "按编码规则核对。", "compare it with the rule",
    ),
    ItemRule(
        "not-in-code-list", WARNING, _STANDARD,
        "“{value}”不在代码表“{list}”中。", "{value} is not in the code list {list}",
        "改为代码表中的名称：{known}。", "use a name of the list: {known}",
    ),
)  # fmt: skip

RULES: Mapping[str, ItemRule] = {rule.code: rule for rule in (*MANDATORY.values(), *_OTHERS)}
"""Every rule of the library by its code."""
