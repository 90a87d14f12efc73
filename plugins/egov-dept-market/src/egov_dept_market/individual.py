"""个体工商户设立登记, the registration of an individual business: the form and the rules.

Rules of this module: the law has the registrar examine the form of an application and register on the spot (Art. 19 of
the regulation), so only what shows in the form is checked. Whether a name is taken is the registrar's system's to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FieldKind, FormField
from egov_core.ports.item_rules import articles

CONTENTS, PREMISES, SCOPE = articles(
    "《中华人民共和国市场主体登记管理条例》", date(2022, 3, 1), "第八条", "第十一条", "第十四条"
)
NATURAL_PERSON = LegalBasis(instrument="《中华人民共和国民法典》", article="第五十四条", in_force=date(2021, 1, 1))
CHARACTERS = LegalBasis(instrument="《企业名称登记管理规定》", article="第五条", in_force=date(2021, 3, 1))
FORM_OF_BUSINESS = LegalBasis(instrument="《企业名称登记管理规定》", article="第十条", in_force=date(2021, 3, 1))
"""Names of individual businesses follow these rules as well (第二十五条)."""

OTHER_FORMS = ("公司", "农民专业合作社", "合伙企业", "个人独资企业")
_STRANGE = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff（）·〇]")

ONLINE = "online"
PLACES: Mapping[str, str] = {"fixed": "固定经营场所", ONLINE: "电子商务平台提供的网络经营场所"}
YES_NO: Mapping[str, str] = {"yes": "有", "no": "无"}

FIELDS = (
    FormField(
        name="trade_name",
        label="个体工商户名称",
        label_en="Name of the business",
        required=False,
        longest=60,
        basis=CONTENTS,
    ),
    FormField(name="scope", label="经营范围", label_en="Scope of business", basis=CONTENTS),
    FormField(
        name="place_kind",
        label="经营场所类型",
        label_en="Kind of premises",
        kind=FieldKind.CHOICE,
        choices=PLACES,
        basis=PREMISES,
    ),
    FormField(name="premises", label="经营场所", label_en="Premises", longest=200, basis=CONTENTS),
    FormField(
        name="platform", label="电子商务平台名称", label_en="Name of the platform", required=False, basis=PREMISES
    ),
    FormField(
        name="needs_approval",
        label="有无登记前须经批准的许可经营项目",
        label_en="Whether some business needs an approval before registration",
        kind=FieldKind.CHOICE,
        choices=YES_NO,
        basis=SCOPE,
    ),
    FormField(
        name="approval_number",
        label="批准文件编号",
        label_en="Number of the approval",
        required=False,
        longest=60,
        basis=SCOPE,
    ),
)


def findings(application: ApplicationView) -> Iterator[Finding]:
    """What is wrong with an application."""
    form = {name: text.strip() for name, text in application.form.items()}
    if application.applicant is not None and application.applicant.is_organisation:
        told = "个体工商户的“申请人”应为自然人，单位请申请其他市场主体的登记。"
        yield Finding(field="applicant.name", message=told, basis=NATURAL_PERSON)
    yield from _name(form.get("trade_name", ""))
    if form.get("place_kind") == ONLINE and not form.get("platform"):
        told = "以网络经营场所登记的，请填写“电子商务平台名称”。"
        yield Finding(field="form.platform", message=told, basis=PREMISES)
    if form.get("needs_approval") == "yes" and not form.get("approval_number"):
        told = "有登记前须经批准的许可经营项目的，应当提交批准文件，请填写“批准文件编号”。"
        yield Finding(field="form.approval_number", message=told, basis=SCOPE)


def _name(name: str) -> Iterator[Finding]:
    """A name may be left out; one that is given is written in characters and claims no other form."""
    if _STRANGE.search(name):
        told = "“个体工商户名称”应使用规范汉字，不得使用字母、数字等。"
        yield Finding(field="form.trade_name", message=told, basis=CHARACTERS)
    claimed = [form for form in OTHER_FORMS if form in name]
    if claimed:
        told = f"“个体工商户名称”应标明与自身相符的组织形式，不得含“{'”“'.join(claimed)}”字样。"
        yield Finding(field="form.trade_name", message=told, basis=FORM_OF_BUSINESS)
