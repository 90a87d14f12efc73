"""取水许可, the permit to take water: the form and the rules of 《取水许可和水资源费征收管理条例》 (国务院令第460号).

Rules of this module: the application form asks what Art. 12 has it say, and no more. Grounds on which Art. 20 has the
permit denied are told under the field that shows them; whether the total of a source is used up, and how little a
household's water is, the county and its province have to say. What Art. 20 leaves to judgement (a reasonable layout,
harm to others) is for people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal

from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.ports.item_rules import articles
from egov_dept_water.figures import number_in

IN_FORCE = date(2006, 4, 15)
LONGEST_TERM = 10
"""Years (Art. 25)."""


NO_PERMIT, MATERIALS, CONTENTS, DENIED, TERM = articles(
    "《取水许可和水资源费征收管理条例》", IN_FORCE, "第四条", "第十一条", "第十二条", "第二十条", "第二十五条"
)

GROUND = "ground"
SOURCES: Mapping[str, str] = {"surface": "地表水", GROUND: "地下水"}
YES_NO: Mapping[str, str] = {"yes": "是", "no": "否"}
HOUSEHOLD, COLLECTIVE = "household", "collective-pond"
PURPOSES: Mapping[str, str] = {
    "public-supply": "公共供水",
    "industry": "工业用水",
    "irrigation": "农业灌溉",
    "breeding": "规模养殖",
    "hydropower": "水力发电",
    HOUSEHOLD: "家庭生活和零星散养、圈养畜禽饮用",
    COLLECTIVE: "农村集体经济组织及其成员使用本集体水塘、水库中的水",
    "other": "其他",
}
PROJECT, FILED = "approved-project", "filed-project"
PROJECTS: Mapping[str, str] = {"none": "不是建设项目", PROJECT: "审批、核准项目", FILED: "备案项目"}

FIELDS = (
    FormField(
        name="water_source",
        label="取水水源",
        label_en="Source of the water",
        kind=FieldKind.CHOICE,
        choices=SOURCES,
        basis=CONTENTS,
    ),
    FormField(name="intake_place", label="取水地点", label_en="Place of abstraction", longest=200, basis=CONTENTS),
    FormField(
        name="water_purpose",
        label="取水目的",
        label_en="Purpose",
        kind=FieldKind.CHOICE,
        choices=PURPOSES,
        basis=CONTENTS,
    ),
    FormField(
        name="annual_volume",
        label="年取水量",
        label_en="Volume in a year",
        kind=FieldKind.NUMBER,
        at_least=Decimal(0),
        unit="立方米",
        basis=CONTENTS,
    ),
    FormField(
        name="design_volume",
        label="取水工程设施设计年取水量",
        label_en="Volume the works are designed for",
        kind=FieldKind.NUMBER,
        at_least=Decimal(0),
        unit="立方米",
        basis=DENIED,
    ),
    FormField(
        name="term_years",
        label="取水期限",
        label_en="Term",
        kind=FieldKind.NUMBER,
        at_least=Decimal(1),
        at_most=Decimal(LONGEST_TERM),
        unit="年",
        basis=TERM,
    ),
    FormField(name="metering", label="计量方式和节水措施", label_en="Metering and saving", longest=200, basis=CONTENTS),
    FormField(name="return_place", label="退水地点", label_en="Place of return", longest=200, basis=CONTENTS),
    FormField(
        name="project_kind",
        label="建设项目类别",
        label_en="Kind of project",
        kind=FieldKind.CHOICE,
        choices=PROJECTS,
        basis=MATERIALS,
    ),
    FormField(name="filing_number", label="项目备案编号", label_en="Number of filing", required=False, basis=MATERIALS),
    FormField(
        name="in_ban_zone",
        label="是否在地下水禁采区",
        label_en="In a zone without abstraction of groundwater",
        kind=FieldKind.CHOICE,
        required=False,
        choices=YES_NO,
        basis=DENIED,
    ),
    FormField(
        name="network_suffices",
        label="城市公共供水管网能否满足用水需要",
        label_en="Whether the public network suffices",
        kind=FieldKind.CHOICE,
        required=False,
        choices=YES_NO,
        basis=DENIED,
    ),
)


def findings(
    application: ApplicationView, *, exhausted: Collection[str], household: Decimal | None, ground: str
) -> Iterator[Finding]:
    """What is wrong with an application; `ground` is how grave a ground of denial is."""
    form = {name: text.strip() for name, text in application.form.items()}
    source, project = form.get("water_source", ""), form.get("project_kind", "")
    volume, design = number_in(form, "annual_volume"), number_in(form, "design_volume")
    yield from _needs_none(form, volume, household)
    if volume is not None and design is not None and volume > design:
        yield _found("annual_volume", "“年取水量”不得超过取水工程设施设计的取水量。", DENIED, ground)
    if source in exhausted and source in SOURCES:
        told = f"本县{SOURCES[source]}取水许可总量已达到控制总量，“取水水源”为{SOURCES[source]}的新增取水依法不予批准。"
        yield _found("water_source", told, DENIED, ground)
    if project == FILED and not form.get("filing_number"):
        yield _found("filing_number", "属于备案项目的，应当提供备案材料，请填写“项目备案编号”。", MATERIALS)
    yield from _missing_report(application, project)
    if source == GROUND:
        yield from _groundwater(form, project, ground)


def _groundwater(form: Mapping[str, str], project: str, ground: str) -> Iterator[Finding]:
    zone, network = form.get("in_ban_zone", ""), form.get("network_suffices", "")
    if not zone:
        yield _found("in_ban_zone", "取用地下水的，请填写“是否在地下水禁采区”。", DENIED)
    elif zone == "yes":
        yield _found(
            "in_ban_zone", "“是否在地下水禁采区”为是：在地下水禁采区取用地下水，依法不予批准。", DENIED, ground
        )
    if project in (PROJECT, FILED):
        if not network:
            told = "建设项目自备设施取用地下水的，请填写“城市公共供水管网能否满足用水需要”。"
            yield _found("network_suffices", told, DENIED)
        elif network == "yes":
            told = "“城市公共供水管网能否满足用水需要”为是：建设项目自备设施取用地下水，依法不予批准。"
            yield _found("network_suffices", told, DENIED, ground)


def _needs_none(form: Mapping[str, str], volume: Decimal | None, household: Decimal | None) -> Iterator[Finding]:
    """Art. 4: whoever needs no permit is told, and may ask for one all the same: the limits are the province's."""
    purpose = form.get("water_purpose", "")
    little = volume is None or household is None or volume <= household
    if purpose == HOUSEHOLD and little:
        told = "“取水目的”为家庭生活和零星畜禽饮用：在省定限额内少量取水，不需要申请领取取水许可证。"
        yield _found("water_purpose", told, NO_PERMIT, "advice")
    elif purpose == COLLECTIVE:
        told = "“取水目的”为使用本集体水塘、水库中的水：农村集体经济组织及其成员不需要申请领取取水许可证。"
        yield _found("water_purpose", told, NO_PERMIT, "advice")


def _missing_report(application: ApplicationView, project: str) -> Iterator[Finding]:
    """Art. 11: the report on water resources is asked of projects alone, so it may be optional in the catalogue.

    Where it is required of everybody its absence is told already. At submission it is still to come: what is missing
    is told once, with everything else (Art. 13).
    """
    if project not in (PROJECT, FILED) or application.stage != "accept":
        return
    for material in application.item.materials:
        if "水资源论证" in material.name and not material.required and material.code not in application.materials:
            told = f"建设项目取水的，应当提交“{material.name}”。"
            yield Finding(field=f"materials.{material.code}", message=told, basis=MATERIALS)


def _found(name: str, message: str, basis: LegalBasis, severity: str = "error") -> Finding:
    return Finding(field=f"form.{name}", message=message, basis=basis, severity=severity)
