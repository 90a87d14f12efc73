"""The staff workbook 人员权限表: its six sheets, what each column means, and writing it.

Rules of this room: the one place that names sheets and columns; reading and writing both follow it, so that what is
written is read back as it was. Ends are the first day without, as everywhere: 终止日 itself counts no more.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.authority import (
    ALL_ITEMS,
    Appointment,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StaffRecord,
    StandIn,
)
from egov_core.domain.catalogue import DEFAULT_STEPS
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Person
from egov_core.sheets.workbook import Column, SheetToWrite

EVERYTHING = "全部"
"""What a cell of items or steps says for all of them."""
STEP_NAMES: Mapping[str, str] = {step.code: step.name for step in DEFAULT_STEPS}


class Kind(enum.Enum):
    """What a cell of a column holds."""

    TEXT = "text"
    DATE = "date"
    ROLE = "role"
    ROLES = "roles"
    ITEMS = "items"
    STEPS = "steps"
    INSTRUMENT = "instrument"
    ARTICLE = "article"


@attrs.frozen
class Part:
    """A column of a sheet: heading, the field of the record, what it holds, whether it must be filled in."""

    heading: str
    field: str
    kind: Kind = Kind.TEXT
    required: bool = False
    note: str = ""


@attrs.frozen(kw_only=True)
class SheetForm:
    """A sheet: its name, the names it may also have, the records it holds, its columns."""

    name: str
    english: str
    record: type
    parts: tuple[Part, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The headings of the columns that must be filled in."""
        return tuple(part.heading for part in self.parts if part.required)

    def completed(self, record: StaffRecord, held: StaffRecord | None) -> StaffRecord:
        """The record with what the sheet has no column for, as it is held: the sheet says nothing about it."""
        if held is None:
            return record
        said = {part.field for part in self.parts}
        kept = {field.name: getattr(held, field.name) for field in attrs.fields(self.record) if field.name not in said}
        mine, other = getattr(record, "basis", None), getattr(held, "basis", None)
        if mine and other and (mine.instrument, mine.article) == (other.instrument, other.article):
            kept["basis"] = other
        return attrs.evolve(record, **kept)


_END = "终止日当日起无效；长期有效的留空。要终止已有记录，把原来的一行填上终止日再导入。"
_LIST = "多个的用顿号分隔"


def _span(start: str, end: str, *, bounded: bool = False) -> tuple[Part, Part]:
    return (
        Part(start, "valid_from", Kind.DATE, required=True, note="例：2024-01-01"),
        Part(end, "valid_to", Kind.DATE, required=bounded, note=_END),
    )


def _items(note: str, *, required: bool = False) -> Part:
    return Part("事项", "items", Kind.ITEMS, required=required, note=f"事项编码，{_LIST}；{note}")


_STEPS = Part("环节", "steps", Kind.STEPS, note=f"受理、审核、办结，{_LIST}；空为全部")

FORMS = (
    SheetForm(
        name="人员",
        english="people",
        record=Person,
        parts=(
            Part("人员编号", "code", required=True),
            Part("姓名", "name", required=True),
            Part("所在机关", "organ", required=True, note="机关或内设机构的编码"),
            *_span("任职起", "任职止"),
        ),
    ),
    SheetForm(
        name="岗位",
        english="posts",
        record=Post,
        parts=(
            Part("岗位编号", "code", required=True),
            Part("岗位名称", "name", required=True),
            Part("所在机关", "organ", required=True, note="机关或内设机构的编码"),
            *_span("设立日", "撤销日"),
        ),
    ),
    SheetForm(
        name="任岗",
        english="appointments",
        record=Appointment,
        parts=(
            Part("人员编号", "person", required=True),
            Part("岗位编号", "post", required=True),
            *_span("任岗起", "任岗止"),
            Part("文号", "document"),
        ),
    ),
    SheetForm(
        name="授权",
        english="grants",
        record=Grant,
        parts=(
            Part("人员编号", "person", note="人员、岗位二者填一"),
            Part("岗位编号", "post", note="人员、岗位二者填一"),
            Part("角色", "role", Kind.ROLE, required=True),
            Part("机关", "organ", required=True, note="在哪个机关（或内设机构）行使，含其下级"),
            _items("空为全部"),
            _STEPS,
            *_span("起始日", "终止日"),
            Part("依据", "basis", Kind.INSTRUMENT),
            Part("条款", "basis", Kind.ARTICLE),
            Part("授权编号", "number", note="同一人、同一角色、同一机关、同一起始日有几行时才需要"),
        ),
    ),
    SheetForm(
        name="委托",
        english="delegations",
        record=Delegation,
        parts=(
            Part("委托编号", "code", required=True),
            Part("委托机关", "organ", required=True, note="事项的实施机关"),
            Part("受委托机关", "delegate", required=True, note="行政机关，例如乡镇人民政府；便民服务中心填在承办机构"),
            Part("承办机构", "unit", note="受委托机关的内设机构"),
            _items("逐项列明，不得写全部", required=True),
            Part("角色", "roles", Kind.ROLES, note="只限受理、审核、批准；空为受理"),
            _STEPS,
            Part("依据", "basis", Kind.INSTRUMENT, required=True, note="允许委托的法律、法规或规章"),
            Part("条款", "basis", Kind.ARTICLE),
            Part("公告", "announcement", required=True),
            Part("公告日期", "published_on", Kind.DATE, required=True),
            *_span("起始日", "终止日"),
        ),
    ),
    SheetForm(
        name="代岗",
        english="stand-ins",
        record=StandIn,
        parts=(
            Part("缺岗人员", "absent", required=True, note="人员编号；不写缺岗原因"),
            Part("代岗人员", "deputy", required=True, note="人员编号，同一机关"),
            *_span("起始日", "终止日", bounded=True),
            Part("角色", "roles", Kind.ROLES, note="空为全部"),
            _items("空为全部"),
            Part("文号", "document"),
        ),
    ),
)
"""The six sheets, in the order in which records point at each other."""


def form_of(name: str) -> SheetForm | None:
    """The form of a sheet by its name."""
    return next((form for form in FORMS if name.strip().lower() in (form.name, form.english)), None)


def staff_workbook(staffing: Staffing = Staffing(), *, blank: int = 200) -> tuple[SheetToWrite, ...]:  # noqa: B008  (frozen)
    """The sheets with these records in them, and room for more."""
    return tuple(
        SheetToWrite(
            name=form.name,
            columns=tuple(_column(part) for part in form.parts),
            rows=[_cells(form, one) for one in staffing if isinstance(one, form.record)],
            blank=blank,
        )
        for form in FORMS
    )


def _column(part: Part) -> Column:
    choices = tuple(role.value for role in Role) if part.kind is Kind.ROLE else ()
    return Column(heading=part.heading, choices=choices, note=part.note, required=part.required)


def _cells(form: SheetForm, record: StaffRecord) -> list[str]:
    return [_text(part, getattr(record, part.field)) for part in form.parts]


def _text(part: Part, value: Any) -> str:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case Role():
            return value.value
        case LegalBasis():
            return value.instrument if part.kind is Kind.INSTRUMENT else value.article
        case frozenset() if part.kind is Kind.ROLES:
            return "、".join(role.value for role in Role if role in value)
        case frozenset() if ALL_ITEMS in value:
            return EVERYTHING
        case frozenset() if part.kind is Kind.STEPS:
            return "、".join(STEP_NAMES.get(step, step) for step in sorted(value))
        case frozenset():
            return "、".join(sorted(value))
        case _:
            return str(value)
