"""The water bureau: both items keep the contract of checks; what the sentences say, what the settings change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
import pytest

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import CHINA
from egov_core.errors import ClaimError
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import form_faults
from egov_core.testing import builders
from egov_core.testing.check_cases import CHECK_APPLICATION, FORM_FIELDS, Bad
from egov_core.testing.check_contract import CheckContract
from egov_core.wire.plugin_settings import plugin_settings
from egov_dept_water import Water, WaterSettings

SURFACE = {
    "water_source": "surface",
    "intake_place": "清溪镇上游村河段右岸",
    "water_purpose": "irrigation",
    "annual_volume": "120000",
    "design_volume": "150000",
    "term_years": "5",
    "metering": "管道式电磁流量计；渠道衬砌",
    "return_place": "不退水",
    "project_kind": "none",
}
GROUND = {
    **SURFACE,
    "water_source": "ground",
    "water_purpose": "industry",
    "project_kind": "approved-project",
    "in_ban_zone": "no",
    "network_suffices": "no",
}
PLAN = {
    "project_name": "东山光伏电站",
    "plan_kind": "report",
    "land_area": "12.5",
    "earthwork": "83000",
    "begins_on": "2024-09-01",
    "in_key_zone": "no",
}


class TestWaterPermit(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)

    def make_plugin(self) -> object:
        return Water(WaterSettings(abstraction_items=("water-permit",), household_limit=500.0, grounds_refuse=True))

    def item(self) -> ItemVersion:
        report = builders.material("report", name="建设项目水资源论证报告书", required=False)
        return builders.item_version("water-permit", materials=(builders.material("form"), report))

    def good_applications(self) -> Sequence[ApplicationView]:
        return [
            self.application(form=SURFACE),
            self.application(form={**SURFACE, "annual_volume": "150000"}),
            self.application(form=GROUND),
            self.application(form={**SURFACE, "project_kind": "filed-project", "filing_number": "演示备001"}),
            self.application(form={**SURFACE, "water_purpose": "household", "annual_volume": "501"}),
            self.application(form=SURFACE, stage="accept", materials=["form"]),
            self.application(form=GROUND, stage="accept"),
        ]

    def bad(self, form: dict[str, str], field: str, severity: str = "error", **changes: Any) -> Bad:
        return Bad(application=self.application(form=form, **changes), field=field, severity=severity)

    def bad_applications(self) -> Sequence[Bad]:
        household = {**SURFACE, "water_purpose": "household", "annual_volume": "500"}
        return [
            self.bad({**SURFACE, "annual_volume": "150001"}, "form.annual_volume"),
            self.bad({**SURFACE, "term_years": "11"}, "form.term_years"),
            self.bad({**SURFACE, "project_kind": "filed-project"}, "form.filing_number"),
            self.bad({**GROUND, "in_ban_zone": "yes"}, "form.in_ban_zone"),
            self.bad({**GROUND, "in_ban_zone": ""}, "form.in_ban_zone"),
            self.bad({**GROUND, "network_suffices": "yes"}, "form.network_suffices"),
            self.bad({**GROUND, "network_suffices": ""}, "form.network_suffices"),
            self.bad(household, "form.water_purpose", "advice"),
            self.bad({**SURFACE, "water_purpose": "collective-pond"}, "form.water_purpose", "advice"),
            self.bad({**GROUND, "in_ban_zone": "yes"}, "form.in_ban_zone", stage="accept"),
            self.bad(GROUND, "materials.report", stage="accept", materials=["form"]),
        ]


class TestSoilPlan(CheckContract):
    hooks = (CHECK_APPLICATION, FORM_FIELDS)

    def make_plugin(self) -> object:
        return Water(WaterSettings(soil_items=("水土保持方案审批",)))

    def item(self) -> ItemVersion:
        return builders.item_version("soil-plan", name="水土保持方案审批")

    def good_applications(self) -> Sequence[ApplicationView]:
        small = {**PLAN, "plan_kind": "table", "land_area": "4.9999", "earthwork": "49999"}
        return [
            self.application(form=PLAN),
            self.application(form=small),
            self.application(form={**small, "plan_kind": "report"}),
            self.application(form={**small, "land_area": "0.5", "earthwork": "0"}),
            self.application(form={**small, "land_area": "0", "earthwork": "1000"}),
            self.application(form={**PLAN, "in_key_zone": "yes", "why_unavoidable": "线路唯一；防治标准提高一级"}),
            self.application(form=PLAN, stage="accept"),
            self.application(form={**PLAN, "plan_kind": "table"}, at=datetime(2022, 6, 17, 9, tzinfo=CHINA)),
        ]

    def bad_applications(self) -> Sequence[Bad]:
        table = {**PLAN, "plan_kind": "table", "land_area": "1", "earthwork": "2000"}

        def bad(field: str, severity: str = "error", stage: str = "submit", **form: str) -> Bad:
            view = self.application(form={**table, **form}, stage=stage)
            return Bad(application=view, field=f"form.{field}", severity=severity)

        return [
            bad("plan_kind", land_area="5"),
            bad("plan_kind", earthwork="50000"),
            bad("plan_kind", stage="accept", earthwork="50000"),
            bad("plan_kind", "advice", land_area="0.49", earthwork="999"),
            bad("why_unavoidable", in_key_zone="yes"),
            bad("begins_on", "advice", begins_on="2024-06-17"),
        ]


# --- the rules -------------------------------------------------------------------------------------------------------


PERMIT, SOIL = builders.item_version("sx2602"), builders.item_version("sx2609")


def found(plugin: Water, view: ApplicationView) -> list[Finding]:
    return plugin.egov_check_application(view) or []


def test_the_items_of_the_demonstration_are_the_default() -> None:
    assert Water().egov_items == ("sx2602", "sx2609")


@pytest.mark.parametrize(("item", "form"), [(PERMIT, SURFACE), (PERMIT, GROUND), (SOIL, PLAN)])
def test_a_form_that_is_filled_in_has_no_fault(item: ItemVersion, form: dict[str, str]) -> None:
    fields = Water().egov_form_fields(item)
    assert fields
    assert form_faults(fields, form) == []
    assert {field.name for field in fields if field.required} <= set(form)


def test_a_refusal_names_field_and_article() -> None:
    [only] = found(Water(), builders.application_view(PERMIT, form={**GROUND, "in_ban_zone": "yes"}))
    assert only.message == "“是否在地下水禁采区”为是：在地下水禁采区取用地下水，依法不予批准。"
    assert str(only.basis) == "《取水许可和水资源费征收管理条例》第二十条"


def test_everything_wrong_is_said_at_once() -> None:
    form = {**GROUND, "in_ban_zone": "yes", "network_suffices": "yes", "annual_volume": "200000"}
    names = [one.field for one in found(Water(), builders.application_view(PERMIT, form=form))]
    assert names == ["form.annual_volume", "form.in_ban_zone", "form.network_suffices"]


def test_a_place_may_leave_the_grounds_of_denial_to_whoever_decides() -> None:
    form = {**GROUND, "in_ban_zone": "yes", "network_suffices": ""}
    view = builders.application_view(PERMIT, form=form)
    told = found(Water(WaterSettings(grounds_refuse=False)), view)
    assert [(one.field, one.severity) for one in told] == [
        ("form.in_ban_zone", "advice"),
        ("form.network_suffices", "error"),  # not filled in: no ground, but a fault of the form
    ]


def test_a_source_that_is_used_up_is_a_ground() -> None:
    plugin = Water(WaterSettings(exhausted_sources=("ground",)))
    assert found(plugin, builders.application_view(PERMIT, form=SURFACE)) == []
    [only] = found(plugin, builders.application_view(PERMIT, form=GROUND))
    assert only.field == "form.water_source"
    assert "已达到控制总量" in only.message


def test_every_household_is_told_where_the_province_s_limit_is_not_set() -> None:
    view = builders.application_view(PERMIT, form={**SURFACE, "water_purpose": "household"})
    [only] = found(Water(), view)
    assert (only.severity, str(only.basis)[-3:]) == ("advice", "第四条")
    assert found(Water(WaterSettings(household_limit=1000.0)), view) == []


def test_a_report_that_everybody_needs_is_not_asked_for_twice() -> None:
    report = builders.material("report", name="建设项目水资源论证报告书")
    view = builders.application_view(
        attrs.evolve(PERMIT, materials=(report,)), form=GROUND, stage="accept", materials=[]
    )
    assert found(Water(), view) == []


def test_a_rule_is_silent_before_it_is_in_force() -> None:
    form = {**PLAN, "plan_kind": "table"}
    before, after = (datetime(2023, *day, 9, tzinfo=CHINA) for day in ((2, 28), (3, 1)))
    assert found(Water(), builders.application_view(SOIL, form=form, at=before)) == []
    assert [one.field for one in found(Water(), builders.application_view(SOIL, form=form, at=after))] == [
        "form.plan_kind"
    ]


def test_a_supplement_is_nothing_to_it() -> None:
    view = builders.application_view(PERMIT, form={**GROUND, "in_ban_zone": "yes"}, stage="supplement")
    assert Water().egov_check_application(view) is None


def test_settings_are_read_and_a_wrong_source_is_named() -> None:
    table = {"abstraction_items": ["取水许可"], "household_limit": 800, "grounds_refuse": False}
    assert plugin_settings(table, WaterSettings, "x").household_limit == 800.0
    with pytest.raises(ValueError, match="rain is no source of water"):
        WaterSettings(exhausted_sources=("rain",))
    with pytest.raises(
        ClaimError, match=r"\[x\] exhausted_sources rain is no source of water: there are surface, ground"
    ):
        plugin_settings({"exhausted_sources": ["rain"]}, WaterSettings, "[x]")


@pytest.mark.parametrize("limit", [-5.0, -0.5, math.inf, -math.inf, math.nan])
def test_a_limit_that_is_no_volume_is_refused_in_words(limit: float) -> None:
    with pytest.raises(ValueError, match="is no volume of water: cubic metres a year"):
        WaterSettings(household_limit=limit)
    with pytest.raises(ClaimError, match=r"\[x\] household_limit "):
        plugin_settings({"household_limit": limit}, WaterSettings, "[x]")
    assert WaterSettings(household_limit=0.0).household_limit == 0
