"""The market regulation bureau: both items keep the contract of checks; what the sentences say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import CHINA
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import form_faults
from egov_core.testing import builders
from egov_core.testing.check_cases import CHECK_APPLICATION, FORM_FIELDS, Bad
from egov_core.testing.check_contract import CheckContract
from egov_dept_market import Market, MarketSettings

EATERY = {
    "credit_code": "92990121MA00000104",
    "premises": "云岫县城关镇东街18号",
    "business_kind": "catering",
    "businesses": "热食类食品制售、自制饮品制售",
    "uses_devices": "no",
}
SHOP = {
    "trade_name": "云岫县白露小吃店",
    "scope": "餐饮服务",
    "place_kind": "fixed",
    "premises": "云岫县城关镇东街18号",
    "needs_approval": "no",
}
NOW = datetime(2024, 6, 17, 9, tzinfo=CHINA)


class TestFoodLicence(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)

    def make_plugin(self) -> object:
        return Market(MarketSettings(food_items=("food",)))

    def item(self) -> ItemVersion:
        return builders.item_version("food")

    def good_applications(self) -> Sequence[ApplicationView]:
        return [
            self.application(form=EATERY),
            self.application(form={**EATERY, "business_kind": "sales", "businesses": "散装食品和预包装食品销售"}),
            self.application(form={**EATERY, "business_kind": "central-kitchen", "businesses": "半成品制售"}),
            self.application(form={**EATERY, "business_kind": "school-canteen"}),
            self.application(form={**EATERY, "businesses": "预包装食品销售、热食类食品制售"}),
            self.application(form={**EATERY, "uses_devices": "yes", "device_places": "汽车站候车厅"}),
            self.application(form=EATERY, stage="accept"),
            self.application(form={**EATERY, "businesses": "预包装食品销售"}, at=NOW.replace(year=2023)),
        ]

    def bad_applications(self) -> Sequence[Bad]:
        def bad(field: str, severity: str = "error", stage: str = "submit", **form: str) -> Bad:
            view = self.application(form={**EATERY, **form}, stage=stage)
            return Bad(application=view, field=f"form.{field}", severity=severity)

        return [
            bad("businesses", businesses="预包装食品销售"),
            bad("businesses", businesses="食用农产品销售"),
            bad("businesses", businesses="食用农产品销售、预包装食品销售"),
            bad("businesses", businesses="半成品制售"),
            bad("businesses", business_kind="school-canteen", businesses="热食类食品制售、生食类食品制售"),
            bad("businesses", "advice", businesses="热食类食品制售、小面"),
            bad("device_places", uses_devices="yes"),
            bad("credit_code", credit_code=""),
            bad("businesses", stage="accept", businesses="预包装食品销售"),
        ]


class TestIndividualBusiness(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)

    def make_plugin(self) -> object:
        return Market(MarketSettings(individual_items=("个体工商户设立登记",)))

    def item(self) -> ItemVersion:
        return builders.item_version("registration", name="个体工商户设立登记")

    def good_applications(self) -> Sequence[ApplicationView]:
        return [
            self.application(form=SHOP),
            self.application(form={**SHOP, "trade_name": ""}),
            self.application(form={**SHOP, "trade_name": "云岫县𠮷祥（老街）面馆"}),
            self.application(form={**SHOP, "place_kind": "online", "platform": "演示商城"}),
            self.application(form={**SHOP, "needs_approval": "yes", "approval_number": "演示许字〔2024〕1号"}),
            self.application(form=SHOP, stage="accept"),
        ]

    def bad_applications(self) -> Sequence[Bad]:
        def bad(field: str, stage: str = "submit", **form: str) -> Bad:
            return Bad(application=self.application(form={**SHOP, **form}, stage=stage), field=f"form.{field}")

        company = builders.applicant(is_organisation=True)
        return [
            bad("trade_name", trade_name="云岫县白露餐饮有限公司"),
            bad("trade_name", trade_name="云岫县DEW小吃店"),
            bad("platform", place_kind="online"),
            bad("approval_number", needs_approval="yes"),
            bad("trade_name", stage="accept", trade_name="云岫县白露餐饮有限公司"),
            Bad(application=self.application(form=SHOP, applicant=company), field="applicant.name"),
        ]


# --- the rules --------------------------------------------------------------------------------------------------------

FOOD, REGISTRATION = builders.item_version("sx2966"), builders.item_version("sx2938")


def found(item: ItemVersion, form: dict[str, str]) -> list[Finding]:
    return Market().egov_check_application(builders.application_view(item, form=form)) or []


def test_the_items_of_the_demonstration_are_the_default() -> None:
    assert Market().egov_items == ("sx2966", "sx2938")


@pytest.mark.parametrize(("item", "form"), [(FOOD, EATERY), (REGISTRATION, SHOP)])
def test_a_form_that_is_filled_in_has_no_fault(item: ItemVersion, form: dict[str, str]) -> None:
    fields = Market().egov_form_fields(item)
    assert fields
    assert form_faults(fields, form) == []
    assert {field.name for field in fields if field.required} <= set(form)


@pytest.mark.parametrize(
    ("item", "form", "message", "basis"),
    [
        (
            FOOD,
            {**EATERY, "businesses": "预包装食品销售"},
            "“经营项目”仅为预包装食品销售的，不需要取得食品经营许可，请向市场监管部门备案。",
            "《食品经营许可和备案管理办法》（市场监管总局令第78号）第五条",
        ),
        (
            FOOD,
            {**EATERY, "business_kind": "school-canteen", "businesses": "裱花蛋糕制售、热食类食品制售、生食类食品制售"},
            "中小学、幼儿园食堂不得从事生食类食品制售、裱花蛋糕制售，请从“经营项目”中删去。",
            "《学校食品安全与营养健康管理规定》第三十六条",
        ),
        (
            REGISTRATION,
            {**SHOP, "trade_name": "云岫县白露餐饮有限公司"},
            "“个体工商户名称”应标明与自身相符的组织形式，不得含“公司”字样。",
            "《企业名称登记管理规定》第十条",
        ),
        (
            REGISTRATION,
            {**SHOP, "needs_approval": "yes"},
            "有登记前须经批准的许可经营项目的，应当提交批准文件，请填写“批准文件编号”。",
            "《中华人民共和国市场主体登记管理条例》第十四条",
        ),
    ],
)
def test_a_refusal_names_field_and_article(item: ItemVersion, form: dict[str, str], message: str, basis: str) -> None:
    [only] = found(item, form)
    assert (only.message, str(only.basis), only.severity) == (message, basis, "error")


def test_everything_wrong_is_said_at_once() -> None:
    form = {**SHOP, "trade_name": "DEW有限公司", "place_kind": "online", "needs_approval": "yes"}
    assert [one.field for one in found(REGISTRATION, form)] == [
        "form.trade_name",
        "form.trade_name",
        "form.platform",
        "form.approval_number",
    ]


def test_an_item_of_another_code_is_nothing_to_it() -> None:
    other = builders.item_version("sx9999")
    assert found(other, {**EATERY, "businesses": "预包装食品销售"}) == []
    assert Market().egov_form_fields(other) is None


def test_a_supplement_is_nothing_to_it() -> None:
    view = builders.application_view(FOOD, form={**EATERY, "businesses": "半成品制售"}, stage="supplement")
    assert Market().egov_check_application(view) is None
