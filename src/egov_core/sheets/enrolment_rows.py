"""The file by which units join: one row for each person of a unit, or for a unit alone.

Rules of this room: texts become values or faults, each with its cell; whether organs and people are there is asked
elsewhere, of the rows with faults too, so that everything is told at once. Headings are Chinese or English, in any
order, with others between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.cells import CellFault
from egov_core.domain.codes.written import code_fault
from egov_core.domain.enrolment import EnrolmentRow
from egov_core.domain.organisation import OrganKind
from egov_core.errors import CatalogueError, Fault
from egov_core.sheets.cell_text import unseen
from egov_core.sheets.grid_watch import address
from egov_core.sheets.signs import half_width
from egov_core.sheets.tables import read_tables, sound
from egov_core.sheets.workbook import Column, SheetToWrite

HEADINGS: Mapping[str, str] = {
    "organ": "单位编码",
    "name": "单位名称",
    "kind": "单位类型",
    "parent": "上级单位编码",
    "person": "人员编码",
    "person_name": "姓名",
    "role": "职责",
}
"""The columns and their Chinese headings; only the first has to be there."""

KINDS: Mapping[str, OrganKind] = {
    "部门": OrganKind.DEPARTMENT,
    "内设机构": OrganKind.UNIT,
    "乡镇": OrganKind.TOWN,
    "街道": OrganKind.TOWN,
    "社区": OrganKind.COMMUNITY,
    "村": OrganKind.COMMUNITY,
    **{kind.value: kind for kind in (OrganKind.DEPARTMENT, OrganKind.UNIT, OrganKind.TOWN, OrganKind.COMMUNITY)},
}
"""What a unit may be called."""

ROLES: Mapping[str, Role] = {
    "责任领导": Role.HEAD,
    "专人负责": Role.CLERK_OF_CATALOGUE,
    "受理": Role.INTAKE,
    "审核": Role.REVIEWER,
    "批准": Role.APPROVER,
    "head": Role.HEAD,
    "in-charge": Role.CLERK_OF_CATALOGUE,
    "intake": Role.INTAKE,
    "reviewer": Role.REVIEWER,
    "approver": Role.APPROVER,
}
"""What a person may be named for (N19), and the role that it is granted as."""


@attrs.frozen(kw_only=True)
class EnrolmentSheet:
    """The rows of a file that name an organ, what is wrong with the cells of all of them, and what is doubtful."""

    rows: tuple[EnrolmentRow, ...]
    faults: tuple[Fault, ...]
    doubtful: tuple[CellFault, ...] = ()


_NOTES: Mapping[str, str] = {
    "organ": "必填；新单位自定，不含冒号",
    "name": "新单位必填；已有的可空",
    "kind": "新单位必填",
    "parent": "新单位必填；县本级的编码是建立时的区划代码",
    "person": "单位已确定的人员；没有的留空",
    "person_name": "新人员必填",
    "role": "与人员编码一起填；一人几项职责的，分行填写",
}


def blank_enrolment(*, blank: int = 200) -> SheetToWrite:
    """The sheet to fill in, with what may be chosen in it."""
    choices = {
        "kind": tuple(one for one in KINDS if not one.isascii()),
        "role": tuple(one for one in ROLES if not one.isascii()),
    }
    columns = tuple(
        Column(heading=heading, choices=choices.get(key, ()), note=_NOTES[key], required=key == "organ")
        for key, heading in HEADINGS.items()
    )
    return SheetToWrite(name="单位", columns=columns, rows=[], blank=blank)


def read_enrolment(data: bytes, *, name: str) -> EnrolmentSheet:
    """Read a file by which units join. Raises CatalogueError when the file cannot be used as a whole."""
    header, lines, doubtful = cells_of(data, name=name)
    columns = _columns(header, name)
    rows, faults = [], []
    for number, texts in lines:
        row, wrong = _row(number, {key: (at, texts[at]) for key, at in columns.items() if at < len(texts)}, name)
        faults += wrong
        if row is not None:
            rows.append(row)
    return EnrolmentSheet(rows=tuple(rows), faults=tuple(faults), doubtful=doubtful)


def cells_of(data: bytes, *, name: str) -> tuple[Sequence[str], list[tuple[int, Sequence[str]]], tuple[CellFault, ...]]:
    """The headings of a file, its rows by number, and its warnings: of a workbook, its first sheet with rows."""
    tables = sound(read_tables(data, name=name))
    table = next((one for one in tables if one.rows and not one.hidden), None)
    if table is None or len(table.rows) < 2:
        raise CatalogueError(
            f"{name} has no rows",
            faults=[Fault(name, "no-rows", "there is no row below the headings")],
            remedy="name the columns in the first line, and add one row for each person or unit",
        )
    header, *rows = table.rows
    return header.texts, [(row.number, row.texts) for row in rows], table.faults


def _columns(header: Sequence[str], name: str) -> dict[str, int]:
    given = [text.strip() for text in header]
    found = {}
    for key, chinese in HEADINGS.items():
        places = [number for number, text in enumerate(given) if text in (key, chinese)]
        if places:
            found[key] = places[0]
    if "organ" not in found:
        raise CatalogueError(
            f"{name} has no column {HEADINGS['organ']}",
            faults=[Fault(f"{name} header", "column-missing", f"there is no column {HEADINGS['organ']} (organ)")],
            remedy=f"name the columns in the first line: {', '.join(HEADINGS.values())}",
        )
    return found


def _row(number: int, given: Mapping[str, tuple[int, str]], name: str) -> tuple[EnrolmentRow | None, list[Fault]]:
    texts = {key: half_width(text).strip() for key, (_, text) in given.items()}
    cells = {key: f"{name} {address(number, at)}" for key, (at, _) in given.items()}
    faults, unread = [], set()

    def fault(column: str, code: str, message: str) -> None:
        unread.add(column)
        faults.append(Fault(cells.get(column) or cells["organ"], code, message))

    if not texts.get("organ"):
        fault("organ", "empty", f"the row has no {HEADINGS['organ']}")
    for column in ("organ", "person"):
        if ":" in texts.get(column, ""):
            fault(column, "code-form", "a code has no colon")
        elif texts.get(column, "").isprintable() and (wrong := code_fault(texts.get(column, ""))):
            fault(column, "code-form", wrong)
    for column, text in texts.items():
        if (why := unseen(text)) is not None:
            fault(column, why.code, f"{why.message}; {why.remedy}")
    kind = KINDS.get(texts.get("kind", "").lower())
    if kind is None and texts.get("kind"):
        fault("kind", "unknown-kind", f"{texts['kind']!r} is none of {', '.join(KINDS)}")
    role = ROLES.get(texts.get("role", "").lower())
    if role is None and texts.get("role"):
        fault("role", "unknown-role", f"{texts['role']!r} is none of {', '.join(ROLES)}")
    if texts.get("role") and not texts.get("person"):
        fault("role", "nobody", f"{texts['role']} is named, and nobody with a {HEADINGS['person']} for it")
    if "organ" in unread:
        return None, faults
    values = {key: texts.get(key, "") for key in ("organ", "name", "parent", "person", "person_name")}
    return EnrolmentRow(**values, kind=kind, role=role, unread=frozenset(unread), cells=cells), faults
