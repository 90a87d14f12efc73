"""食品经营许可, the licence to sell food or serve it: the form and the rules.

Rules of this module: the form follows 市场监管总局令第78号 (since 2023-12-01): the kind of business 主体业态, the
businesses 经营项目, devices that sell by themselves. Articles are cited where the text was at hand, else the instrument
alone. What the law lets anyone do without a licence is turned away with the way to go (行政许可法 32: an application
for what needs no licence is not taken in).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField

RULES = LegalBasis(instrument="《食品经营许可和备案管理办法》（市场监管总局令第78号）", in_force=date(2023, 12, 1))
NO_LICENCE = LegalBasis(
    instrument="《食品经营许可和备案管理办法》（市场监管总局令第78号）", article="第四条", in_force=date(2023, 12, 1)
)
FILING = LegalBasis(
    instrument="《食品经营许可和备案管理办法》（市场监管总局令第78号）", article="第五条", in_force=date(2023, 12, 1)
)
SCHOOLS = LegalBasis(instrument="《学校食品安全与营养健康管理规定》", article="第三十六条", in_force=date(2019, 4, 1))

CANTEEN, KITCHEN = "school-canteen", "central-kitchen"
BUSINESSES: Mapping[str, str] = {
    "sales": "食品销售经营者",
    "catering": "餐饮服务经营者",
    KITCHEN: "餐饮服务经营者（中央厨房）",
    "delivery": "餐饮服务经营者（集体用餐配送）",
    "canteen": "集中用餐单位食堂",
    CANTEEN: "集中用餐单位食堂（中小学、幼儿园）",
}
PREPACKAGED, PRODUCE, SEMI, RAW, COLD_MEAT, CAKES = (
    "预包装食品销售",
    "食用农产品销售",
    "半成品制售",
    "生食类食品制售",
    "冷荤类食品制售",
    "裱花蛋糕制售",
)
KNOWN = frozenset(
    {
        "散装食品销售",
        "散装食品和预包装食品销售",
        "热食类食品制售",
        "冷食类食品制售",
        "自制饮品制售",
        "食品销售连锁管理",
        "餐饮服务连锁管理",
        "餐饮服务管理",
        *(PREPACKAGED, PRODUCE, SEMI, RAW, COLD_MEAT, CAKES),
    }
)
"""What an application can name: the licence's businesses, what needs none, and what is told apart for schools."""
NOT_IN_SCHOOLS = (RAW, COLD_MEAT, CAKES)
YES_NO: Mapping[str, str] = {"yes": "是", "no": "否"}

FIELDS = (
    FormField(
        name="credit_code",
        label="统一社会信用代码",
        label_en="Unified social credit code",
        longest=18,
        basis=RULES,
    ),
    FormField(name="premises", label="经营场所", label_en="Premises", longest=200, basis=RULES),
    FormField(
        name="business_kind",
        label="主体业态",
        label_en="Kind of business",
        kind=FieldKind.CHOICE,
        choices=BUSINESSES,
        basis=RULES,
    ),
    FormField(
        name="businesses",
        label="经营项目",
        label_en="Businesses, with 、 between them",
        longest=200,
        basis=RULES,
    ),
    FormField(
        name="uses_devices",
        label="是否利用自动设备经营",
        label_en="Whether devices sell by themselves",
        kind=FieldKind.CHOICE,
        choices=YES_NO,
        basis=RULES,
    ),
    FormField(
        name="device_places",
        label="每台自动设备的放置地点",
        label_en="Where each device stands",
        required=False,
        basis=RULES,
    ),
)


def findings(application: ApplicationView) -> Iterator[Finding]:
    """What is wrong with an application."""
    form = {name: text.strip() for name, text in application.form.items()}
    named = [one.strip() for one in form.get("businesses", "").split("、") if one.strip()]
    yield from _needs_no_licence(set(named))
    if any(one not in KNOWN for one in named):
        told = "“经营项目”中有规章未列举的项目，请按许可规章的名称填写，用顿号分开。"
        yield _found("businesses", told, RULES, "advice")
    kind = form.get("business_kind", "")
    if SEMI in named and kind in BUSINESSES and kind != KITCHEN:
        yield _found("businesses", "“经营项目”中的半成品制售仅限中央厨房申请，请核对“主体业态”。", RULES)
    if kind == CANTEEN:
        barred = [one for one in NOT_IN_SCHOOLS if one in named]
        if barred:
            told = f"中小学、幼儿园食堂不得从事{'、'.join(barred)}，请从“经营项目”中删去。"
            yield _found("businesses", told, SCHOOLS)
    if form.get("uses_devices") == "yes" and not form.get("device_places"):
        yield _found("device_places", "利用自动设备从事食品经营的，请填写“每台自动设备的放置地点”。", RULES)


def _needs_no_licence(named: set[str]) -> Iterator[Finding]:
    if named and named <= {PREPACKAGED, PRODUCE}:
        if PREPACKAGED in named:
            told = "“经营项目”仅为预包装食品销售的，不需要取得食品经营许可，请向市场监管部门备案。"
            yield _found("businesses", told, FILING)
        else:
            yield _found("businesses", "“经营项目”仅为食用农产品销售的，不需要取得食品经营许可。", NO_LICENCE)


def _found(name: str, message: str, basis: LegalBasis, severity: str = "error") -> Finding:
    return Finding(field=f"form.{name}", message=message, basis=basis, severity=severity)
