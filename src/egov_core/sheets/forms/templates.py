"""Blank forms: a workbook to fill in, with lists to choose from, and the same form for paper with a seal line.

Rules of this room: what may be chosen, the notes and the example come from the description of the form; nothing about a
form stands here. The name in the example row begins with 示例, and the row is passed over when the form
is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.list_layout import EXAMPLE
from egov_core.sheets.forms.writing import ORDINAL, columns_of
from egov_core.sheets.workbook import Column, SheetToWrite, write_workbook

SEAL = ("单位盖章：", "负责人：", "填表人：", "日期：    年  月  日")
"""The line under a form on paper."""
HOW = (
    "黄色列必填；带下拉箭头的列请从列表中选择；示例行不导入。Yellow columns are required; the example row is not taken."
)
_BLANK, _ON_PAPER = 200, 15
_ABREAST = 20
"""How many columns a sheet of paper takes; a form with more has a page for each item."""


def template(forms: Sequence[Form]) -> bytes:
    """A workbook with a sheet to fill in and a sheet for paper for each form."""
    sheets: list[SheetToWrite] = []
    for form in forms:
        sheets += [_to_fill_in(form), _for_paper(form)]
    return write_workbook(sheets)


def _to_fill_in(form: Form) -> SheetToWrite:
    example = [EXAMPLE if field.heading == ORDINAL else field.example for field in form.fields]
    return SheetToWrite(
        name=form.title[:31],
        columns=columns_of(form),
        rows=[example],
        example_rows=1,
        above=(form.title, HOW),
        blank=_BLANK,
    )


def _for_paper(form: Form) -> SheetToWrite:
    """The form for paper, with the line for seal and signatures."""
    name = f"{form.title[:27]}（打印）"
    if len(form.fields) > _ABREAST:
        return SheetToWrite(
            name=name,
            columns=(Column(heading="栏目", width=26), Column(heading="填写内容", width=70)),
            rows=[(field.heading, _boxes(field.choices)) for field in form.fields],
            above=(form.title,),
            below=(SEAL[:2], SEAL[2:]),
            printable=True,
        )
    return SheetToWrite(
        name=name,
        columns=columns_of(form),
        above=(form.title,),
        below=(SEAL,),
        blank=_ON_PAPER,
        printable=True,
    )


def _boxes(choices: Sequence[str]) -> str:
    return "  ".join(f"□{choice}" for choice in choices)
