"""`egov staff import` and `template`: what is written is read back, and everything wrong is told by its cell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.authority import Appointment, Delegation, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Move, Person
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.sheets.staff_form import FORMS, staff_workbook
from egov_core.sheets.staff_reading import read_staff
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import SheetToWrite, write_workbook
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, LICENCE, MONDAY, OTHER, SINCE
from egov_core.usecases.foundation.establishing import entry_of
from egov_core.usecases.reorganisation.carrying_through import apply
from tests.reforms import merger_of, plan_of

LAW = LegalBasis(instrument="《演示条例》", article="第九条", in_force=date(2020, 1, 1))
JUNE = date(2024, 6, 1)
STAFFING = Staffing(
    people=(
        Person(
            code="r1",
            name="甲",
            organ=OTHER,
            valid_from=SINCE,
            moves=(Move(organ=BUREAU, valid_from=date(2022, 3, 1)), Move(organ="town", valid_from=date(2023, 9, 1))),
        ),
        Person(code="r2", name="乙", organ=BUREAU, valid_from=SINCE, valid_to=date(2030, 1, 1)),
    ),
    posts=(Post(code="p1", name="窗口岗", organ="town", valid_from=SINCE),),
    appointments=(Appointment(person="r1", post="p1", valid_from=JUNE, document="演人〔2024〕1号"),),
    grants=(
        Grant(post="p1", role=Role.INTAKE, organ="town", valid_from=SINCE, basis=LAW),
        Grant(
            person="r2",
            role=Role.REVIEWER,
            organ=BUREAU,
            items=frozenset({LICENCE, county.STAMP}),
            steps=frozenset({"review"}),
            valid_from=JUNE,
            number="2",
        ),
    ),
    delegations=(
        Delegation(
            code="w1",
            organ=BUREAU,
            delegate="town",
            items=frozenset({LICENCE}),
            basis=LAW,
            announcement="演示公告",
            published_on=JUNE,
            valid_from=JUNE,
        ),
    ),
    stand_ins=(StandIn(absent="r2", deputy="reviewer", valid_from=JUNE, valid_to=date(2024, 7, 1)),),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["staff", *arguments], env={"LC_ALL": "C.UTF-8"})


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A small county with a town, on a file."""
    write_settings(attrs.evolve(demo_settings(""), area=AREA), tmp_path / "egov.toml", "county.db")
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)) as office:
        town = Organ(code="town", name="演示镇", kind=OrganKind.TOWN, parent=COUNTY, valid_from=SINCE)
        office.establish(organs=[town])
    return str(tmp_path / "egov.toml")


def book(path: Path, staffing: Staffing = STAFFING, **changed: list[list[str]]) -> str:
    """A workbook with these records; `changed` are other rows of a sheet by its English name."""
    sheets = []
    for form, sheet in zip(FORMS, staff_workbook(staffing, blank=0), strict=True):
        rows = changed.get(form.english.replace("-", "_"))
        sheets.append(sheet if rows is None else attrs.evolve(sheet, rows=rows))
    path.write_bytes(write_workbook(sheets))
    return str(path)


def carried_through(config: str) -> None:
    """A plan merges the two bureaus, so that grants of both end."""
    with open_office(read_settings(config), clock=ManualClock(MONDAY)) as office:
        office.change(lambda services: apply(services, plan_of(merger_of(BUREAU, OTHER)), actor=SYSTEM))


def test_a_workbook_from_before_a_reform_takes_nothing_back(config: str, tmp_path: Path) -> None:
    with open_office(read_settings(config), clock=ManualClock(MONDAY)) as office:
        mayor = Person(code="mayor", name="姓mayor", organ=COUNTY, valid_from=SINCE)
        office.establish(
            people=[mayor],
            grants=[Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)],
        )
        old = book(tmp_path / "old.xlsx", office.staffing)
    carried_through(config)
    with open_office(read_settings(config)) as office:
        before = office.staffing
    result = run("import", old, "--by", "mayor", "--apply", "--config", config)
    assert result.exit_code == 0, result.output
    with open_office(read_settings(config)) as office:
        assert office.staffing == before, "the same file changes nothing"
        ended = [one for one in before.grants if one.valid_to is not None]
    found = json_of(run("import", old, "--config", config, "--json"))
    told = [one for one in found["faults"] if one["code"] == "ended-by-plan"]
    assert ended and len(told) == len(ended)
    assert {one["severity"] for one in told} == {"warning"}
    assert "by plan merger" in told[0]["message"] and "egov reorganise undo merger" in told[0]["remedy"]
    assert (found["new"], found["changed"]) == ([], [])
    undone = CliRunner().invoke(main, ["reorganise", "undo", "merger", "--by", "mayor", "--config", config])
    assert undone.exit_code == 0, undone.output


def test_an_end_beyond_that_of_a_plan_is_refused_at_its_cell(config: str, tmp_path: Path) -> None:
    carried_through(config)
    with open_office(read_settings(config)) as office:
        grant = next(one for one in office.staffing.grants if one.valid_to is not None)
    later = Staffing(grants=(attrs.evolve(grant, valid_to=date(2030, 1, 1)),))
    result = run("import", book(tmp_path / "later.xlsx", later), "--apply", "--config", config, "--json")
    assert result.exit_code == 1
    (told,) = [one for one in json_of(result)["faults"] if one["severity"] == "error"]
    assert told["code"] == "ended-by-plan" and told["cell"] == "H2"
    earlier = Staffing(grants=(attrs.evolve(grant, valid_to=date(2024, 6, 20)),))
    assert run("import", book(tmp_path / "earlier.xlsx", earlier), "--apply", "--config", config).exit_code == 0


def person(cell: str) -> list[list[str]]:
    """The sheet of people with one of them, and this in the column of moves."""
    return [["r1", "甲", OTHER, "2020-01-01", "", cell]]


def test_a_move_by_file_is_dated_and_an_empty_cell_leaves_it(config: str, tmp_path: Path) -> None:
    empty = Staffing()
    first = book(tmp_path / "first.xlsx", empty, people=person(""))
    assert json_of(run("import", first, "--apply", "--config", config, "--json"))["applied"]
    moved = book(tmp_path / "moved.xlsx", empty, people=person("2024年6月1日起 town"))
    assert len(json_of(run("import", moved, "--apply", "--config", config, "--json"))["changed"]) == 1
    with open_office(read_settings(config)) as office:
        held = office.authority.people["r1"]
        assert (held.organ_on(date(2024, 5, 31)), held.organ_on(JUNE)) == (OTHER, "town")
    left = json_of(run("import", first, "--apply", "--config", config, "--json"))
    assert (left["changed"], left["known"]) == ([], 1), "an empty cell says nothing of moves"
    out = str(tmp_path / "out.xlsx")
    assert run("template", out, "--config", config).exit_code == 0
    assert json_of(run("import", out, "--config", config, "--json"))["changed"] == []
    taken_back = book(tmp_path / "back.xlsx", empty, people=person("无"))
    assert len(json_of(run("import", taken_back, "--apply", "--config", config, "--json"))["changed"]) == 1
    with open_office(read_settings(config)) as office:
        assert (office.authority.people["r1"].moves, office.authority.people["r1"].organ_on(JUNE)) == ((), OTHER)
    assert json_of(run("import", taken_back, "--apply", "--config", config, "--json"))["known"] == 1


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("town", "not-moves"),
        ("2024-06-01", "not-moves"),
        ("2024-06-31 town", "not-moves"),
        ("2024-06-01 town BUREAU", "not-moves"),
        ("2024-06-01 nowhere", "unknown-organ"),
        ("2024-06-01 gone", "organ-not-there"),
        ("2019-06-01 town", "move-order"),
        (f"2024-06-01 town、2024-06-01 {BUREAU}", "move-order"),
    ],
)
def test_a_move_that_cannot_be_is_named_at_its_cell(config: str, tmp_path: Path, cell: str, code: str) -> None:
    with open_office(read_settings(config)) as office:
        ended = Organ(
            code="gone",
            name="旧局",
            kind=OrganKind.DEPARTMENT,
            parent=COUNTY,
            valid_from=SINCE,
            valid_to=date(2022, 1, 1),
        )
        office.establish(organs=[ended])
    file = book(tmp_path / "staff.xlsx", Staffing(), people=person(cell))
    refused = json_of(run("import", file, "--apply", "--config", config, "--json"))
    assert [(one["cell"], one["code"]) for one in refused["faults"]] == [("F2", code)]
    assert not refused["applied"]


def with_mayor(config: str) -> None:
    """The head of the county's government, over all of it."""
    with open_office(read_settings(config)) as office:
        office.establish(
            people=[Person(code="mayor", name="县长", organ=COUNTY, valid_from=SINCE)],
            grants=[Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)],
        )


def test_the_chain_names_who_decided_the_import(config: str, tmp_path: Path) -> None:
    with_mayor(config)
    file = book(tmp_path / "staff.xlsx")
    for arguments in (("--apply",), ()):
        refused = run("import", file, *arguments, "--by", "retired", "--config", config, "--json")
        assert (refused.exit_code, json_of(refused)["error"]["code"]) == (1, "no-authority")
    assert json_of(run("import", file, "--apply", "--by", "mayor", "--config", config, "--json"))["applied"]
    with open_office(read_settings(config)) as office:
        assert office.storage.events(office.area, entry_of(STAFFING.people[0]).stream)[-1].actor == "mayor"


CLERK = Person(code="n1", name="新人", organ=BUREAU, valid_from=SINCE)
DESK = Post(code="desk", name="局长岗", organ=BUREAU, valid_from=SINCE)
LEADS = Grant(post="desk", role=Role.HEAD, organ=BUREAU, valid_from=SINCE)
STRANGER = Person(code="stranger", name="姓stranger", organ=OTHER, valid_from=SINCE)
MOVED = attrs.evolve(STRANGER, moves=(Move(organ=BUREAU, valid_from=JUNE),))


def grant(role: Role, organ: str = BUREAU, person: str = "n1") -> Grant:
    return Grant(person=person, role=role, organ=organ, valid_from=SINCE)


@pytest.mark.parametrize(
    ("given", "by_head"),
    [
        (Staffing(people=(CLERK,), grants=(grant(Role.INTAKE), grant(Role.APPROVER))), True),
        (Staffing(stand_ins=STAFFING.stand_ins, people=STAFFING.people[1:]), True),
        (Staffing(people=(CLERK,), grants=(grant(Role.SUPERVISOR),)), False),
        (Staffing(people=(CLERK,), grants=(grant(Role.HEAD),)), False),
        (Staffing(people=(CLERK,), grants=(grant(Role.CLERK_OF_CATALOGUE),)), False),
        (Staffing(people=(CLERK,), grants=(grant(Role.INTAKE, organ=OTHER),)), False),
        (Staffing(people=(attrs.evolve(CLERK, organ=OTHER),)), False),
        (Staffing(people=(MOVED,)), False),
        (Staffing(grants=(grant(Role.GOVERNMENT_HEAD, COUNTY, "head"),)), False),
        (Staffing(posts=(DESK,), grants=(LEADS,)), False),
    ],
)
def test_the_head_of_an_organ_decides_on_its_work_and_the_government_on_the_rest(
    config: str, tmp_path: Path, given: Staffing, by_head: bool
) -> None:
    with_mayor(config)
    file = book(tmp_path / "staff.xlsx", given)
    for by, may in (("reviewer", False), ("head", by_head)):
        for arguments in ((), ("--apply",)) if not may else ((),):
            told = json_of(run("import", file, *arguments, "--by", by, "--config", config, "--json"))
            assert ("error" not in told) == may, (by, told)
            assert may or (told["error"]["code"] == "no-authority" and "mayor" in told["error"]["remedy"])
    assert json_of(run("import", file, "--apply", "--by", "mayor", "--config", config, "--json"))["applied"]


def test_who_fills_a_post_that_leads_is_decided_by_the_government(config: str, tmp_path: Path) -> None:
    with_mayor(config)
    first = book(tmp_path / "a.xlsx", Staffing(posts=(DESK,), grants=(LEADS,)))
    assert json_of(run("import", first, "--apply", "--by", "mayor", "--config", config, "--json"))["applied"]
    filled = Staffing(appointments=(Appointment(person="intake", post="desk", valid_from=SINCE),))
    file = book(tmp_path / "b.xlsx", filled)
    refused = json_of(run("import", file, "--by", "head", "--config", config, "--json"))["error"]
    assert f"{BUREAU} (本级政府负责人)" in refused["message"]


def test_once_somebody_can_decide_the_import_takes_a_name(config: str, tmp_path: Path) -> None:
    file = book(tmp_path / "staff.xlsx")
    with_mayor(config)
    assert run("import", file, "--config", config).exit_code == 0, "to look takes no name"
    refused = json_of(run("import", file, "--apply", "--config", config, "--json"))["error"]
    assert refused["code"] == "no-authority" and "--by PERSON" in refused["remedy"] and "mayor" in refused["remedy"]
    assert "needed as soon as somebody is in office" in " ".join(run("import", "--help").output.split())
    looked = run("import", file, "--config", config)
    assert looked.stdout.endswith("--apply writes it\n") and "\nwritten\n" not in looked.stdout
    done = run("import", file, "--apply", "--by", "mayor", "--config", config)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "written")
    assert "\nwritten\n" not in run("import", file, "--apply", "--by", "mayor", "--config", config).stdout


def test_a_workbook_is_looked_at_first_and_written_once(config: str, tmp_path: Path) -> None:
    file = book(tmp_path / "staff.xlsx")
    shown = json_of(run("import", file, "--config", config, "--json"))
    assert (shown["applied"], shown["faults"], shown["known"]) == (False, [], 0)
    assert shown["records"] == {
        "people": 2,
        "posts": 1,
        "appointments": 1,
        "grants": 2,
        "delegations": 1,
        "stand-ins": 1,
    }
    assert len(shown["new"]) == 8
    assert "nothing is written" in run("import", file, "--config", config).output
    applied = json_of(run("import", file, "--apply", "--config", config, "--json"))
    assert (applied["applied"], len(applied["new"])) == (True, 8)
    again = json_of(run("import", file, "--apply", "--config", config, "--json"))
    assert (again["new"], again["changed"], again["known"]) == ([], [], 8)
    assert not again["applied"] and not again["refused"]
    for said in (run("import", file, *more, "--config", config).output for more in ((), ("--apply",))):
        assert "nothing changes" in said and "--apply writes" not in said
    told = json_of(run("why", "r1", "intake", LICENCE, "--day", "2024-06-17", "--config", config, "--json"))
    assert [link["kind"] for link in told["power"]["chain"][:4]] == ["person", "appointment", "post", "grant"]
    verified = CliRunner().invoke(main, ["verify", "--config", config, "--json"])
    assert json.loads(verified.stdout)["verify"] == "ok"


def test_what_an_office_has_comes_out_and_goes_in_unchanged(config: str, tmp_path: Path) -> None:
    run("import", book(tmp_path / "staff.xlsx"), "--apply", "--config", config)
    out = str(tmp_path / "out.xlsx")
    assert run("template", out, "--config", config).exit_code == 0
    again = json_of(run("import", out, "--config", config, "--json"))
    assert (again["new"], again["changed"], again["faults"]) == ([], [], [])
    assert again["known"] > 8, "those of the founding are in it"
    assert run("template", out).exit_code == 1
    assert run("template", str(tmp_path / "out.csv")).exit_code == 1


def test_ending_is_the_same_row_with_an_end(config: str, tmp_path: Path) -> None:
    run("import", book(tmp_path / "staff.xlsx"), "--apply", "--config", config)
    ended = attrs.evolve(STAFFING, delegations=(attrs.evolve(STAFFING.delegations[0], valid_to=date(2024, 12, 31)),))
    said = run("import", book(tmp_path / "ended.xlsx", ended), "--apply", "--config", config)
    assert "~ delegations w1  valid_to: — → 2024-12-31" in said.output
    assert "changed: 1, known already: 7" in said.output


def test_everything_wrong_is_told_by_its_cell_and_nothing_is_written(config: str, tmp_path: Path) -> None:
    file = book(
        tmp_path / "staff.xlsx",
        people=[["r1", "甲", "nowhere", "2024-13-01", ""], ["", "乙", BUREAU, "2024/1/2", ""]],
        appointments=[["r1", "p1", "2024年6月1日", "", ""], ["ghost", "p9", "2024.6.1", "", ""]],
        grants=[["r1", "", "科长", BUREAU, "", "", "2024-01-01", "", "", "", ""]],
        delegations=[
            ["w1", BUREAU, "town", "", "全部", "", "", "《演示条例》", "", "公告", "2024-02-01", "2024-01-01", ""],
            ["w2", BUREAU, "town", "", "x", "", "", "", "", "", "2024-02-01", "2024-01-01", "2023-12-31"],
        ],
        stand_ins=[["intake", "stranger", "2024-06-01", "", "", "", ""]],
    )
    refused = run("import", file, "--apply", "--config", config, "--json")
    assert refused.exit_code == 1
    told = json_of(refused)
    assert not told["applied"]
    assert {(one["sheet"], one["cell"], one["code"]) for one in told["faults"]} == {
        ("人员", "D2", "not-date"),
        ("人员", "A3", "required"),
        ("任岗", "A3", "unknown-person"),
        ("任岗", "B3", "unknown-post"),
        ("授权", "C2", "not-role"),
        ("委托", "E2", "items-not-named"),
        ("委托", "K2", "published-late"),
        *(("委托", f"{column}3", "required") for column in "HJ"),
        ("委托", "K3", "published-late"),
        ("委托", "M3", "ends-first"),
        ("代岗", "D2", "required"),
    }, told["faults"]
    assert all(one["severity"] == "error" and one["message"] for one in told["faults"])
    said = run("import", file, "--config", config)
    assert "staff.xlsx / 委托!M3" in said.output and said.exit_code == 1
    with open_office(read_settings(config), read_only=True) as office:
        assert office.staffing.delegations == () and "r1" not in office.authority.people


def test_sheets_and_columns_that_are_not_known_are_refused(config: str, tmp_path: Path) -> None:
    [people, *_] = staff_workbook(STAFFING, blank=0)
    wrong = attrs.evolve(
        people, columns=tuple(attrs.evolve(one, heading=one.heading.replace("止", "至")) for one in people.columns)
    )
    other = SheetToWrite(name="委派", columns=people.columns, rows=people.rows)
    notes = SheetToWrite(name="说明", columns=people.columns, rows=people.rows)
    (tmp_path / "staff.xlsx").write_bytes(write_workbook([wrong, other, notes]))
    told = json_of(run("import", str(tmp_path / "staff.xlsx"), "--config", config, "--json"))
    assert [(one["sheet"], one["cell"], one["code"]) for one in told["faults"]] == [
        ("人员", "E1", "unknown-column"),
        ("委派", "", "unknown-sheet"),
    ]


def test_a_full_width_code_is_the_half_width_one_and_a_blank_in_it_is_refused(config: str, tmp_path: Path) -> None:
    file = tmp_path / "人员.csv"
    lines = ["人员编号,姓名,所在机关,任职起", f"Ｐ１８,丁,{BUREAU},2024-06-01", f"P 19,戊,{BUREAU},2024-06-01"]
    file.write_text("\n".join(lines), encoding="utf-8")
    told = json_of(run("import", str(file), "--config", config, "--json"))
    assert [(one["cell"], one["code"]) for one in told["faults"]] == [("A3", "not-code")]
    file.write_text("\n".join(lines[:2]), encoding="utf-8")
    told = json_of(run("import", str(file), "--config", config, "--apply", "--json"))
    assert told["applied"] and not told["faults"]
    with open_office(read_settings(config), read_only=True) as office:
        assert "P18" in {one.code for one in office.staffing.people}


@pytest.mark.parametrize("text", ["", "人员编号,姓名,所在机关,任职起\n"])
def test_a_file_without_a_record_is_said_to_be_empty(config: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    given = ("import", str(tmp_path / "people.csv"), "--config", config)
    said = run(*given)
    assert said.exit_code == 0
    assert "no row with a record was read" in said.output or "没有读到任何一行记录" in said.output
    assert [one["code"] for one in json.loads(run(*given, "--json").stdout)["faults"]] == ["nothing-read"]


def test_a_csv_file_is_the_sheet_it_is_named_after(config: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("人员编号,姓名,所在机关,任职起\nr9,丙,bureau,2024-01-01\n", encoding="utf-8")
    (tmp_path / "授权.csv").write_text("人员编号,角色,机关,起始日\nr9,受理,bureau,2024-01-01\n", encoding="utf-8")
    files = (str(tmp_path / "people.csv"), str(tmp_path / "授权.csv"))
    told = json_of(run("import", *files, "--apply", "--config", config, "--json"))
    assert told["applied"] and [one["code"] for one in told["new"]] == ["r9", "r9:INTAKE:bureau:2024-01-01"]


def test_a_file_that_is_not_there_is_said_in_a_sentence(config: str) -> None:
    refused = run("import", "nowhere.xlsx", "--config", config)
    assert refused.exit_code == 1 and "nowhere.xlsx" in refused.stderr


NAMES = st.text("甲乙丙abc019-", min_size=1, max_size=5)
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))
SETS = st.just(frozenset("*")) | st.frozensets(NAMES, min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Grant,
            person=NAMES,
            role=st.sampled_from(Role),
            organ=NAMES,
            items=SETS,
            steps=st.just(frozenset("*")) | st.frozensets(st.sampled_from(["acceptance", "review", "x"]), min_size=1),
            valid_from=DATES,
            valid_to=st.none() | DATES,
            basis=st.none() | st.builds(LegalBasis, instrument=NAMES, article=st.just("") | NAMES),
            number=st.just("") | NAMES,
        ),
        max_size=4,
    ),
    st.lists(
        st.builds(
            StandIn,
            absent=NAMES,
            deputy=NAMES,
            valid_from=DATES,
            valid_to=DATES,
            roles=st.frozensets(st.sampled_from(Role), max_size=3),
            items=SETS,
        ),
        max_size=3,
    ),
)
def test_what_is_written_is_read_back(grants: list[Grant], stand_ins: list[StandIn]) -> None:
    staffing = Staffing(grants=tuple(dict.fromkeys(grants)), stand_ins=tuple(dict.fromkeys(stand_ins)))
    data = write_workbook(staff_workbook(staffing, blank=2))
    found = read_staff(read_tables(data, name="staff.xlsx"), Staffing())
    assert (found.staffing, found.faults) == (staffing, ())
