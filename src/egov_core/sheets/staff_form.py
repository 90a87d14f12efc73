"""The staff workbook 人员权限表: its six sheets, what each column means, and writing it.

Rules of this room: the one place that names sheets and columns; reading and writing both follow it, so that what is
written is read back as it was. Ends are the first day without, as everywhere: 终止日 itself counts no more.
"""

from __future__ import annotations

from collections.abc import Container

import attrs

from egov_core.domain.authority import (
    Appointment,
    Delegation,
    Grant,
    Post,
    Staffing,
    StaffRecord,
    StandIn,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.record import EndedRecord
from egov_core.sheets.cell_kinds import CODE, DAY, ITEMS, MOVES, ROLE, ROLES, STEPS, CellKind
from egov_core.sheets.record_sheets import Part, SheetForm
from egov_core.sheets.workbook import SheetToWrite

INSTRUMENT, ARTICLE = CellKind("instrument"), CellKind("article")
"""The two columns of a legal basis, which is one field."""


@attrs.frozen(kw_only=True)
class StaffForm(SheetForm):
    """A sheet of the staff workbook, with the kind of record that it holds."""

    record: type

    def completed(
        self,
        record: StaffRecord,
        held: StaffRecord | None,
        *,
        given: Container[str],
        ended: EndedRecord | None = None,
    ) -> StaffRecord:
        """The record with what the sheet has no column for, as it is held: the sheet says nothing about it.

        `given` are the fields whose cells are filled: of moves, an empty cell says nothing either. Nor does an end that
        is what it was before a plan set it (`ended`): the sheet is older than the plan, or knows nothing of it.
        """
        if held is None:
            return record
        said = {part.field for part in self.parts if part.kind is not MOVES or part.field in given}
        kept = {field.name: getattr(held, field.name) for field in attrs.fields(self.record) if field.name not in said}
        mine, other = getattr(record, "basis", None), getattr(held, "basis", None)
        if mine and other and (mine.instrument, mine.article) == (other.instrument, other.article):
            kept["basis"] = other
        if ended is not None and record.valid_to == ended.before:
            kept["valid_to"] = held.valid_to
        return attrs.evolve(record, **kept)


_END = "终止日当日起无效；长期有效的留空。要终止已有记录，把原来的一行填上终止日再导入。"
_MOVED = (
    "日期和调入的机关，例：2024-03-01 jg101；几次的按先后用顿号分隔，要写全；空为不变，填“无”为撤销全部调动。"
    "授权不随人走，须另行授予。"
)
_LIST = "多个的用顿号分隔"


def _span(start: str, end: str, *, bounded: bool = False) -> tuple[Part, Part]:
    return (
        Part(start, "valid_from", DAY, required=True, note="例：2024-01-01"),
        Part(end, "valid_to", DAY, required=bounded, note=_END),
    )


def _items(note: str, *, required: bool = False) -> Part:
    return Part("事项", "items", ITEMS, required=required, note=f"事项编码，{_LIST}；{note}")


_STEPS = Part("环节", "steps", STEPS, note=f"受理、审核、办结，{_LIST}；空为全部")

FORMS = (
    StaffForm(
        name="人员",
        english="people",
        record=Person,
        parts=(
            Part("人员编号", "code", CODE, required=True),
            Part("姓名", "name", required=True),
            Part(
                "所在机关",
                "organ",
                required=True,
                note="任职起时所在机关或内设机构的编码；以后调动的不改这里，填在调动栏",
            ),
            *_span("任职起", "任职止"),
            Part("调动", "moves", MOVES, note=_MOVED),
        ),
    ),
    StaffForm(
        name="岗位",
        english="posts",
        record=Post,
        parts=(
            Part("岗位编号", "code", CODE, required=True),
            Part("岗位名称", "name", required=True),
            Part("所在机关", "organ", required=True, note="机关或内设机构的编码"),
            *_span("设立日", "撤销日"),
        ),
    ),
    StaffForm(
        name="任岗",
        english="appointments",
        record=Appointment,
        parts=(
            Part("人员编号", "person", CODE, required=True),
            Part("岗位编号", "post", CODE, required=True),
            *_span("任岗起", "任岗止"),
            Part("文号", "document"),
        ),
    ),
    StaffForm(
        name="授权",
        english="grants",
        record=Grant,
        parts=(
            Part("人员编号", "person", CODE, note="人员、岗位二者填一"),
            Part("岗位编号", "post", CODE, note="人员、岗位二者填一"),
            Part("角色", "role", ROLE, required=True),
            Part("机关", "organ", required=True, note="在哪个机关（或内设机构）行使，含其下级"),
            _items("空为全部"),
            _STEPS,
            *_span("起始日", "终止日"),
            Part("依据", "basis", INSTRUMENT),
            Part("条款", "basis", ARTICLE),
            Part("授权编号", "number", CODE, note="同一人、同一角色、同一机关、同一起始日有几行时才需要"),
        ),
    ),
    StaffForm(
        name="委托",
        english="delegations",
        record=Delegation,
        parts=(
            Part("委托编号", "code", CODE, required=True),
            Part("委托机关", "organ", required=True, note="事项的实施机关"),
            Part("受委托机关", "delegate", required=True, note="行政机关，例如乡镇人民政府；便民服务中心填在承办机构"),
            Part("承办机构", "unit", note="受委托机关的内设机构"),
            _items("逐项列明，不得写全部", required=True),
            Part("角色", "roles", ROLES, note="只限受理、审核、批准；空为受理"),
            _STEPS,
            Part("依据", "basis", INSTRUMENT, required=True, note="允许委托的法律、法规或规章"),
            Part("条款", "basis", ARTICLE),
            Part("公告", "announcement", required=True),
            Part("公告日期", "published_on", DAY, required=True),
            *_span("起始日", "终止日"),
        ),
    ),
    StaffForm(
        name="代岗",
        english="stand-ins",
        record=StandIn,
        parts=(
            Part("缺岗人员", "absent", CODE, required=True, note="人员编号；不写缺岗原因"),
            Part("代岗人员", "deputy", CODE, required=True, note="人员编号，同一机关"),
            *_span("起始日", "终止日", bounded=True),
            Part("角色", "roles", ROLES, note="空为全部"),
            _items("空为全部"),
            Part("文号", "document"),
        ),
    ),
)
"""The six sheets, in the order in which records point at each other."""


def staff_workbook(staffing: Staffing = Staffing(), *, blank: int = 200) -> tuple[SheetToWrite, ...]:  # noqa: B008  (frozen)
    """The sheets with these records in them, and room for more."""
    return tuple(
        form.sheet(
            ([_text(part, one) for part in form.parts] for one in staffing if isinstance(one, form.record)), blank=blank
        )
        for form in FORMS
    )


def _text(part: Part, record: StaffRecord) -> str:
    value = getattr(record, part.field)
    if isinstance(value, LegalBasis):
        return value.instrument if part.kind is INSTRUMENT else value.article
    return "" if value is None else part.kind.write(value)
