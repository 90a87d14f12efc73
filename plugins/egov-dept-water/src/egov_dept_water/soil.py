"""生产建设项目水土保持方案审批, the plan for soil and water conservation of a construction project.

Rules of this module: which plan a project needs follows from two figures, by 水利部令第53号 (since 2023-03-01): five
hectares or 50,000 m³ of earthwork ask for a report 报告书, half a hectare or 1,000 m³ for a table 报告表, below both
nothing is needed. Its article is not cited: no promulgated text was at hand to check the number. That building does not
begin before the approval, and that a site keeps out of zones of prevention and control, is the statute's (Arts. 24,
26); the first is a fault of the builder and no reason to turn the plan away, so it is advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.ports.item_rules import articles
from egov_dept_water.figures import day_in, number_in

SCALE = LegalBasis(instrument="《生产建设项目水土保持方案管理办法》（水利部令第53号）", in_force=date(2023, 3, 1))
SITE, PLAN, BEGINNING = articles(
    "《中华人民共和国水土保持法》", date(2011, 3, 1), "第二十四条", "第二十五条", "第二十六条"
)

REPORT_HECTARES, REPORT_EARTHWORK = Decimal(5), Decimal(50_000)
TABLE_HECTARES, TABLE_EARTHWORK = Decimal("0.5"), Decimal(1_000)

REPORT, TABLE = "report", "table"
KINDS: Mapping[str, str] = {REPORT: "水土保持方案报告书", TABLE: "水土保持方案报告表"}
YES_NO: Mapping[str, str] = {"yes": "是", "no": "否"}

FIELDS = (
    FormField(name="project_name", label="项目名称", label_en="Name of the project", longest=100, basis=PLAN),
    FormField(
        name="plan_kind",
        label="方案类型",
        label_en="Kind of plan",
        kind=FieldKind.CHOICE,
        choices=KINDS,
        basis=SCALE,
    ),
    FormField(
        name="land_area",
        label="征占地面积",
        label_en="Land taken",
        kind=FieldKind.NUMBER,
        at_least=Decimal(0),
        unit="公顷",
        basis=SCALE,
    ),
    FormField(
        name="earthwork",
        label="挖填土石方总量",
        label_en="Earthwork, cut and fill",
        kind=FieldKind.NUMBER,
        at_least=Decimal(0),
        unit="立方米",
        basis=SCALE,
    ),
    FormField(
        name="begins_on", label="计划开工日期", label_en="Building begins on", kind=FieldKind.DATE, basis=BEGINNING
    ),
    FormField(
        name="in_key_zone",
        label="是否涉及水土流失重点预防区和重点治理区",
        label_en="In a key zone of prevention or control",
        kind=FieldKind.CHOICE,
        choices=YES_NO,
        basis=SITE,
    ),
    FormField(
        name="why_unavoidable",
        label="无法避让的理由和提高防治标准的措施",
        label_en="Why the zone cannot be avoided, and what is done",
        required=False,
        basis=SITE,
    ),
)


def findings(application: ApplicationView) -> Iterator[Finding]:
    """What is wrong with an application for the approval of a plan."""
    form = {name: text.strip() for name, text in application.form.items()}
    yield from _kind_of_plan(form)
    if form.get("in_key_zone") == "yes" and not form.get("why_unavoidable"):
        told = (
            "选址涉及水土流失重点预防区和重点治理区的，应当避让；"
            "无法避让的，请填写“无法避让的理由和提高防治标准的措施”。"
        )
        yield Finding(field="form.why_unavoidable", message=told, basis=SITE)
    begins = day_in(form, "begins_on")
    if begins is not None and begins <= application.at.date():
        told = "“计划开工日期”不晚于申请之日：水土保持方案未经批准，项目不得开工建设。"
        yield Finding(field="form.begins_on", message=told, basis=BEGINNING, severity="advice")


def _kind_of_plan(form: Mapping[str, str]) -> Iterator[Finding]:
    area, earth = number_in(form, "land_area"), number_in(form, "earthwork")
    if area is None or earth is None:
        return
    if area >= REPORT_HECTARES or earth >= REPORT_EARTHWORK:
        if form.get("plan_kind") == TABLE:
            told = "征占地面积5公顷以上或者挖填土石方总量5万立方米以上的，“方案类型”应为水土保持方案报告书。"
            yield Finding(field="form.plan_kind", message=told, basis=SCALE)
    elif area < TABLE_HECTARES and earth < TABLE_EARTHWORK:
        told = (
            "“征占地面积”不足0.5公顷且“挖填土石方总量”不足1000立方米的，"
            "不需要编制水土保持方案，但应当做好水土流失防治工作。"
        )
        yield Finding(field="form.plan_kind", message=told, basis=SCALE, severity="advice")
