"""The plan workbook 机构改革方案表: its sheets, what each column means, and writing it.

Rules of this room: the one place that names sheets and columns; reading follows it. The fields are the keys of a plan
in TOML, so that both say the same. A split has a row for each of its shares, since a sheet has no tables in tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from egov_core.domain.reorganisation.plan import Delegate, Plan
from egov_core.sheets.cell_kinds import CODE, CODES, DAY, ORGAN_KIND, ROLE, YES, CellKind
from egov_core.sheets.record_sheets import Part, SheetForm
from egov_core.sheets.workbook import SheetToWrite

_LIST = "多个的用顿号分隔"


def _codes(heading: str, field: str, *, required: bool = False) -> Part:
    return Part(heading, field, CODES, required, f"编码，{_LIST}")


_MOVED = (_codes("事项", "items"), _codes("内设机构", "units"), _codes("人员", "people"))
_BASIS = Part("依据", "basis", note="与方案的依据不同时填写")

HEAD = SheetForm(
    name="方案",
    english="plan",
    parts=(
        Part("方案代码", "code", CODE, required=True, note="小写字母、数字和连字符，例：reform-2019"),
        Part("标题", "title", required=True),
        Part("依据", "basis", required=True, note="文件名称和文号"),
        Part("生效日期", "effective", DAY, required=True, note="今天以后的日期，例：2027-03-01"),
    ),
)
SPLIT = SheetForm(
    name="分立",
    english="split",
    parts=(
        Part("原机关", "organ", required=True, note="分立后撤销；每个承接机关一行"),
        Part("承接机关", "to", required=True),
        *_MOVED,
        Part("承接其余", "rest", YES, note="其余事项、人员归这个机关的填“是”，只能有一个"),
        _BASIS,
    ),
)
ACTS = (
    SheetForm(
        name="新设",
        english="found",
        parts=(
            Part("机关编码", "organ", CODE, required=True, note="从未用过的编码"),
            Part("名称", "name", required=True),
            Part("英文名称", "name-en"),
            Part("类别", "kind", ORGAN_KIND, note="空为部门"),
            Part("上级机关", "parent", required=True, note="编码"),
        ),
    ),
    SheetForm(
        name="更名",
        english="rename",
        parts=(
            Part("机关编码", "organ", CODE, required=True, note="编码不变；新名称、新上级至少填一个"),
            Part("新名称", "name"),
            Part("英文名称", "name-en"),
            Part("新上级机关", "parent", note="改隶时填写编码"),
        ),
    ),
    SheetForm(
        name="合并",
        english="merge",
        parts=(
            _codes("被合并机关", "from", required=True),
            Part("并入机关", "into", required=True, note="可以是其中之一，也可以是新设机关"),
            _BASIS,
            Part(
                "保留角色", "keep", CODES, note=f"被合并机关人员和岗位在并入机关继续持有的角色，例：受理、审核；{_LIST}"
            ),
        ),
    ),
    SPLIT,
    SheetForm(
        name="划转",
        english="transfer",
        parts=(
            Part("划出机关", "from", required=True, note="划转后保留"),
            Part("划入机关", "to", required=True),
            *_MOVED,
            Part("职责", "duty", note="目录中没有对应事项的，写职责名称"),
            _BASIS,
        ),
    ),
    SheetForm(
        name="撤销",
        english="abolish",
        parts=(
            Part("机关编码", "organ", CODE, required=True),
            Part("承接机关", "to", note="没有剩余事项、人员的留空"),
            _BASIS,
        ),
    ),
    SheetForm(
        name="授权",
        english="authorise",
        parts=(
            Part("人员编号", "person", CODE, required=True),
            Part("角色", "role", ROLE, required=True),
            Part("机关", "organ", required=True),
            Part("事项", "items", CODES, note=f"编码，{_LIST}；空为全部"),
        ),
    ),
    SheetForm(
        name="委托",
        english="delegate",
        parts=(
            Part("委托编号", "code", CODE, required=True, note="新编号，未用过的"),
            Part("委托机关", "organ", required=True, note="改革后的实施机关"),
            Part("受委托机关", "delegate", required=True, note="行政机关，例如乡镇人民政府"),
            Part("承办机构", "unit", note="受委托机关的内设机构"),
            _codes("事项", "items", required=True),
            Part("角色", "roles", CODES, note=f"只限受理、审核、批准，{_LIST}；空为受理"),
            Part("环节", "steps", CODES, note=f"环节代码，{_LIST}；空为全部"),
            Part("依据", "basis", required=True, note="允许委托的法律、法规或规章"),
            Part("条款", "article", required=True),
            Part("公告", "announcement", required=True),
            Part("公告日期", "published", DAY, required=True),
        ),
    ),
)
"""The sheets of acts; the English name of each is its key in TOML."""
FORMS = (HEAD, *ACTS)
_ATTRIBUTES = {"from": "source", "name-en": "name_en"}


def plan_workbook(plan: Plan | None = None, *, blank: int = 50) -> tuple[SheetToWrite, ...]:
    """The sheets with this plan in them, or none, and room for more."""
    head = 1 if plan is None else 0
    return tuple(
        form.sheet(() if plan is None else _rows(form, plan), blank=head if form is HEAD else blank) for form in FORMS
    )


def _rows(form: SheetForm, plan: Plan) -> Iterator[list[str]]:
    if form is HEAD:
        yield [_text(part.kind, getattr(plan, part.field)) for part in form.parts]
    elif form is SPLIT:
        for split in plan.split:
            for share in split.shares:
                said = {"organ": split.organ, "basis": split.basis}
                yield [_text(part.kind, said.get(part.field) or getattr(share, part.field, "")) for part in form.parts]
    else:
        for act in getattr(plan, form.english):
            yield [_text(part.kind, _value(act, part.field)) for part in form.parts]


def _value(act: Any, field: str) -> Any:
    """What an act says under a key of TOML; a merger has several sources under the key of one."""
    if isinstance(act, Delegate):
        basis = {"basis": act.basis.instrument, "article": act.basis.article, "published": act.published_on}
        said = {**basis, "roles": tuple(role.value for role in act.roles)}
        return said.get(field) or getattr(act, field)
    if field == "keep":
        return tuple(role.value for role in act.keep)
    return act.sources if field == "from" and hasattr(act, "sources") else getattr(act, _ATTRIBUTES.get(field, field))


def _text(kind: CellKind, value: Any) -> str:
    return kind.write(value) if value else ""
