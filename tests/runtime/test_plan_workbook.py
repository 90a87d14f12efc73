"""A plan in a workbook is the plan in TOML; whatever is wrong with it is told by its cell, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.authority import Role
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import OrganKind
from egov_core.domain.reorganisation.plan import (
    Abolish,
    Authorise,
    Delegate,
    Found,
    Merge,
    Plan,
    Rename,
    Share,
    Split,
    Transfer,
)
from egov_core.errors import CatalogueError, Fault, ReorganisationError
from egov_core.runtime.plans import PlanFile, read_plan
from egov_core.sheets.plan_form import FORMS, plan_workbook
from egov_core.sheets.workbook import with_notes, write_workbook

ROOT = Path(__file__).parents[2]
HEAD = ["reform", "改革", "方案", "2019-03-20"]


def book(folder: Path, **rows: list[list[str]]) -> Path:
    """A workbook with these rows by the English names of its sheets."""
    sheets = [form.sheet(rows.get(form.english, [HEAD] if form.english == "plan" else [])) for form in FORMS]
    file = folder / "plan.xlsx"
    file.write_bytes(write_workbook(with_notes(sheets)))
    return file


def told(file: Path) -> list[tuple[str, str]]:
    with pytest.raises(ReorganisationError) as caught:
        read_plan(file)
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "plan",
    [
        ROOT / "examples" / "reform-2019.toml",
        ROOT / "tests" / "scenarios" / "plans" / "reform-2015.toml",
        ROOT / "tests" / "scenarios" / "plans" / "towns.toml",
    ],
    ids=lambda file: file.stem,
)
def test_a_plan_in_toml_is_the_same_plan_in_a_workbook(plan: Path, tmp_path: Path) -> None:
    found = read_plan(plan).plan
    (tmp_path / "plan.xlsx").write_bytes(write_workbook(with_notes(plan_workbook(found))))
    assert read_plan(tmp_path / "plan.xlsx").plan == found


CODES = st.from_regex(r"[a-z]{2}[0-9]{1,3}", fullmatch=True)
LISTS = st.lists(CODES, unique=True, max_size=3).map(tuple)
SOME = st.lists(CODES, unique=True, min_size=1, max_size=3).map(tuple)
WORDS = st.text("改革方案局A(1)", min_size=1, max_size=6)
MAYBE = st.just("") | WORDS
SHARES = st.lists(
    st.builds(Share, to=CODES, items=LISTS, units=LISTS, people=LISTS, rest=st.booleans()),
    min_size=2,
    max_size=3,
    unique_by=lambda share: share.to,
).map(tuple)
PLANS = st.builds(
    Plan,
    code=CODES,
    title=WORDS,
    basis=WORDS,
    effective=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    found=st.lists(
        st.builds(Found, organ=CODES, name=WORDS, kind=st.sampled_from(OrganKind), parent=CODES, name_en=MAYBE),
        min_size=1,
        max_size=2,
    ).map(tuple),
    rename=st.lists(st.builds(Rename, organ=CODES, name=WORDS, parent=st.just("") | CODES), max_size=2).map(tuple),
    merge=st.lists(
        st.builds(
            Merge,
            sources=SOME,
            into=st.just("zz9999"),
            basis=MAYBE,
            keep=st.lists(st.sampled_from(Role), unique=True, max_size=3).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    split=st.lists(
        st.builds(Split, organ=CODES, shares=SHARES, basis=MAYBE), max_size=2, unique_by=lambda split: split.organ
    ).map(tuple),
    transfer=st.lists(
        st.builds(Transfer, source=CODES, to=CODES, items=SOME, units=LISTS, people=LISTS, duty=MAYBE, basis=MAYBE),
        max_size=2,
    ).map(tuple),
    abolish=st.lists(st.builds(Abolish, organ=CODES, to=st.just("") | CODES, basis=MAYBE), max_size=2).map(tuple),
    authorise=st.lists(
        st.builds(Authorise, person=CODES, role=st.sampled_from(Role), organ=CODES, items=LISTS), max_size=2
    ).map(tuple),
    delegate=st.lists(
        st.builds(
            Delegate,
            code=CODES,
            organ=CODES,
            delegate=CODES,
            items=SOME,
            roles=st.lists(st.sampled_from(Role), unique=True, min_size=1, max_size=2).map(tuple),
            unit=st.just("") | CODES,
            steps=LISTS,
            basis=st.builds(LegalBasis, instrument=WORDS, article=WORDS),
            announcement=WORDS,
            published_on=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
        ),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(PLANS)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    file = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    file.write_bytes(write_workbook(plan_workbook(plan, blank=2)))
    assert read_plan(file).plan == plan


def test_everything_wrong_is_told_by_its_cell(tmp_path: Path) -> None:
    file = book(
        tmp_path,
        plan=[["Reform", "", "方案", "三月"]],
        found=[["n", "新局", "", "司", "c"]],
        rename=[["r", "", "", ""]],
        merge=[["a、a", "n", ""]],
        split=[["s", "x", "1、2", "", "", "也许", "甲文"], ["s", "y", "", "", "", "是", "乙文"], ["t", "x"]],
        transfer=[["a", "b", "", "", "", "", ""]],
        authorise=[["p", "科长", "n", ""]],
    )
    assert sorted(told(file)) == sorted(
        [
            ("plan.xlsx / 方案!A2", "code"),
            ("plan.xlsx / 方案!B2", "required"),
            ("plan.xlsx / 方案!D2", "not-date"),
            ("plan.xlsx / 新设!D2", "not-organ-kind"),
            ("plan.xlsx / 更名!A2", "empty"),
            ("plan.xlsx / 合并!A2", "twice"),
            ("plan.xlsx / 分立!F2", "not-yes"),
            ("plan.xlsx / 分立!G3", "basis-twice"),
            ("plan.xlsx / 分立!A4", "empty"),
            ("plan.xlsx / 划转!A2", "empty"),
            ("plan.xlsx / 授权!B2", "not-role"),
        ]
    )


def test_a_workbook_is_one_plan(tmp_path: Path) -> None:
    other = ["other", "另一", "方案", "2019-03-20"]
    merge: Mapping[str, list[list[str]]] = {"merge": [["a", "b", ""]]}
    assert told(book(tmp_path, plan=[], **merge)) == [("plan.xlsx / 方案", "no-plan")]
    assert told(book(tmp_path, plan=[HEAD, other], **merge)) == [("plan.xlsx / 方案!A3", "plan-twice")]
    assert told(book(tmp_path)) == [("plan.xlsx", "empty")]


def test_what_is_found_later_has_its_cell_too(tmp_path: Path) -> None:
    file = read_plan(
        book(
            tmp_path,
            merge=[["a、b", "n", ""]],
            split=[["s", "x", "1", "", "", "", ""], ["t", "x"], ["t", "y"], ["s", "y", "", "", "", "是", ""]],
        )
    )
    paths = {
        "effective": "方案!D2",
        "merge[1].to": "合并!B2",
        "merge[1]: a": "合并!A2",
        "split[1].share[2].items": "分立!C5",
        "split[1]": "分立!A2",
        "split[2].share[1].to": "分立!B3",
    }
    placed = file.placed(Fault(path, "code", "message") for path in paths)
    assert [fault.path for fault in placed] == [f"plan.xlsx / {cell}" for cell in paths.values()]
    shown = file.fault_as_json(Fault("merge[1].to", "ends", "message"))
    assert (shown["sheet"], shown["cell"], shown["severity"]) == ("合并", "B2", "error")
    plain = attrs.evolve(file, cells={})
    assert plain == PlanFile(file.plan, name=file.name)
    assert plain.placed([Fault("merge[1].to", "ends", "message")])[0].path == "merge[1].to"


def test_a_workbook_that_is_none_is_refused_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"no workbook")
    with pytest.raises(CatalogueError, match=r"plan\.xlsx"):
        read_plan(tmp_path / "plan.xlsx")
    with pytest.raises(ReorganisationError, match="cannot be read"):
        read_plan(tmp_path / "missing.ods")
