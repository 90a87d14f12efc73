"""A template, filled in by a script, taken in, given out, and taken in again: the second time nothing changes."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.authority import Grant, Role
from egov_core.domain.people import Person
from egov_core.runtime.office import Office
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import SET, shipped_form, shipped_forms
from egov_core.sheets.forms.templates import template
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.grid_watch import address
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import write_csv, write_workbook
from egov_core.testing import small_county as county
from egov_core.usecases.catalogue.cataloguing import TakenIn, take_in

FORMS = tuple(shipped_form(name) for name in SET)


def office_with_clerks() -> Office:
    office = county.open_small_county()
    clerks = ("preparer", "publisher")
    office.establish(
        people=[Person(code=one, name=f"姓{one}", organ=county.COUNTY, valid_from=county.SINCE) for one in clerks],
        grants=[
            Grant(person=one, role=Role.CLERK_OF_CATALOGUE, organ=county.COUNTY, valid_from=county.SINCE)
            for one in clerks
        ],
    )
    return office


def ground(office: Office) -> Ground:
    registry = office.services.registry()
    return Ground(
        area=office.area,
        valid_from=office.now().date(),
        organisation=registry.organisation,
        catalogue=registry.catalogue,
        founding=True,
        parent=county.COUNTY,
    )


def apply(office: Office, found: Intake) -> TakenIn:
    assert found.errors == 0, [fault for fault in found.faults if fault.is_error]
    return office.change(
        lambda services: take_in(
            services, found.items, prepared_by="preparer", published_by="publisher", organs=found.organs
        )
    )


@functools.cache
def blank_form(name: str) -> bytes:
    return template([shipped_form(name)])


def filled(form: Form, rows: Sequence[Sequence[str]]) -> bytes:
    """The template with texts written into its blank cells, as a script would."""
    blank = blank_form(form.name)
    table = read_tables(blank, name="a.xlsx")[0]
    header = table.find_header(form.recognise)
    assert header is not None
    wanted = {
        address(header.number + 2 + at, column): text
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(r'<c r="([A-Z]+\d+)" s="(\d+)"/>', lambda at: _cell(at, wanted), part.decode()).encode()
                assert not wanted, "the template has too few blank rows"
            made.writestr(name, part)
    return out.getvalue()


def _cell(found: re.Match[str], wanted: dict[str, str]) -> str:
    text = wanted.pop(found[1], None)
    if text is None:
        return found[0]
    return f'<c r="{found[1]}" s="{found[2]}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


# A quote in front is the armour of what would be a formula, and is taken off where a line break follows.
PLAIN = st.text(
    st.sampled_from("取水许可审批备案建设经营登记变更延续换发=+-@'1aA（）《》·%"), min_size=1, max_size=10
).map(str.strip)
WORDS = PLAIN.filter(bool).filter(lambda text: text not in ("-", "--", "—") and not text.startswith(("示例", "'")))
LIMITS = st.one_of(
    st.integers(1, 9).map(lambda days: f"{days}个工作日"),
    st.sampled_from(["即办", "当场办结", "五个工作日", "自受理之日起 3 个工作日内办结", "３工作日", "1.5个工作日"]),
)
BASES = st.lists(
    st.sampled_from(
        [
            "《水法》第四十八条",
            "《取水许可和水资源费征收管理条例》",
            "国务院令460号第二十五条",
            "《甲法》《乙法》第二条",
        ]
    ),
    max_size=2,
    unique=True,
).map("\n".join)
YES = st.sampled_from(["是", "否", ""])


@st.composite
def item(draw: st.DrawFn) -> dict[str, str]:
    forward = draw(st.booleans())
    charged = draw(st.sampled_from(["是", "否", "有", ""]))
    said: dict[str, str] = {
        "name": draw(WORDS),
        "guide.subitem": draw(st.sampled_from(["", "", "变更", "延续"])),
        "number": draw(st.sampled_from(["", "", "11430499MB0L07447140001220110{:02}", "0{:02}"])),
        "organ": draw(st.sampled_from([county.BUREAU, county.OTHER, "新设局"])),
        "case_type": "转报件" if forward else draw(st.sampled_from(["承诺件", "即办件", "急办件"])),
        "forward_to": draw(st.sampled_from([county.CITY, "省某厅"])) if forward else draw(st.sampled_from(["", "无"])),
        "statutory": draw(st.sampled_from(["20个工作日", "二十个工作日", "15工作日", ""])),
        "promised": draw(st.one_of(LIMITS, st.just(""))),
        "basis": draw(BASES),
        "power_class": draw(st.sampled_from(["行政许可", "行政许可", ""])),
        "fees.charged": charged,
        "fees.standard": draw(WORDS) if charged in ("是", "有") else draw(st.sampled_from(["", "/", "不收费"])),
        "fees.basis": draw(st.sampled_from(["/", "湘价费〔2010〕1号", ""])) if charged in ("是", "有") else "",
        "guide.audiences": draw(st.sampled_from(["", "自然人", "自然人，企业法人", "法人和公民"])),
        "guide.quantity": draw(st.sampled_from(["", "无限制", "有限制，100"])),
        "guide.conditions": "\n".join(draw(st.lists(WORDS, max_size=2))),
        "materials": "\n".join(draw(st.lists(WORDS, max_size=3))),
        "guide.flow": draw(st.one_of(st.just(""), WORDS)),
        "guide.place": draw(st.one_of(st.just(""), WORDS)),
        "pause_kinds": draw(st.sampled_from(["", "听证", "专家评审，听证", "其他"])),
        "limits.forward": draw(st.sampled_from(["", "3个工作日"])) if forward else "",
        "forward_item": draw(st.sampled_from(["", "SW-1", "=1+1"])) if forward else "",
    }
    said["has-forward_to"] = draw(st.sampled_from(["是" if forward else "否", ""]))
    said["has-pause_kinds"] = draw(st.sampled_from(["☑是 □否" if said["pause_kinds"] else "□是 ☑否", ""]))
    said["kept"] = draw(st.one_of(st.just(""), WORDS))
    return said


@st.composite
def catalogues(draw: st.DrawFn) -> list[dict[str, str]]:
    items = draw(st.lists(item(), min_size=1, max_size=6, unique_by=lambda one: (one["name"], one["organ"])))
    for at, one in enumerate(items):
        one["number"] = one["number"].format(at)
    return items


def row(form: Form, said: Mapping[str, str], number: int) -> list[str]:
    return [
        str(number)
        if field.heading == "序号"
        else said["kept"]
        if field.element == "form"
        else said.get(field.element, "")
        for field in form.fields
    ]


def forms_filled(items: Sequence[Mapping[str, str]]) -> list[tuple[str, bytes]]:
    files = []
    for form in FORMS:
        chosen = [one for one in items if not form.only or one["case_type"] == form.only]
        rows = [row(form, one, at) for at, one in enumerate(chosen, 1)]
        files.append((f"{form.title}.xlsx", filled(form, rows)))
    return files


def exported(office: Office, forms: Sequence[Form], *, as_csv: bool) -> list[tuple[str, bytes]]:
    registry = office.services.registry()
    items = [versions[-1] for versions in registry.catalogue.items.values()]
    names = ground(office).names
    if as_csv:
        return [(f"{form.name}.csv", write_csv(sheet_of(form, items, names))) for form in forms]
    return [("all.xlsx", write_workbook([sheet_of(form, items, names) for form in forms]))]


@settings(max_examples=15)
@given(catalogues(), st.booleans())
def test_what_is_given_out_and_taken_in_again_changes_nothing(items: list[dict[str, str]], as_csv: bool) -> None:
    with office_with_clerks() as office:
        first = take_up(forms_filled(items), FORMS, ground(office))
        assert len(first.items) == len(items), first.faults
        taken = apply(office, first)
        assert len(taken.new) == len(items)
        again = take_up(forms_filled(items), FORMS, ground(office))
        assert [one for one in again.differences if one.kind not in ("unchanged", "missing")] == []
        for forms in (FORMS, (shipped_form("national"),)):
            second = take_up(exported(office, forms, as_csv=as_csv), shipped_forms(), ground(office))
            assert [one for one in second.differences if one.kind != "unchanged"] == []
            done = apply(office, second)
            assert (done.new, done.changed) == ((), ())
        assert office.verify().ok


@settings(max_examples=10)
@given(catalogues())
def test_an_export_returns_every_cell_as_it_was_written(items: list[dict[str, str]]) -> None:
    """Word for word; an empty cell may be filled in by the office (a type, a number), and nothing else."""
    with office_with_clerks() as office:
        apply(office, take_up(forms_filled(items), FORMS, ground(office)))
        form = shipped_form("information")
        headings = [field.heading for field in form.fields]
        versions = [held[-1] for held in office.services.registry().catalogue.items.values()]
        lines = [dict(zip(headings, line, strict=True)) for line in sheet_of(form, versions, ground(office).names).rows]
        for one in items:
            (line,) = [
                line for line in lines if (line["事项名称"], line["填表单位（公章）"]) == (one["name"], one["organ"])
            ]
            for field, text in zip(form.fields, row(form, one, 0), strict=True):
                if text and not (field.element == "number" and one["guide.subitem"]):
                    assert line[field.heading] == text, field.heading
