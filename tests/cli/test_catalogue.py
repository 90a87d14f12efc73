"""`egov catalogue`: blank forms, checked, taken in by two persons, given out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.domain.authority import Grant, Role
from egov_core.domain.catalogue import CaseType, PowerClass
from egov_core.domain.people import Person
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.sheets.tables import read_tables
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, MONDAY, SINCE

Run = Callable[..., Result]
BOTH = ("--apply", "--prepared-by", "preparer", "--published-by", "publisher")
LIST = "事项名称,办理主体,法定期限,承诺期限,事项类型,办件类型\n"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: MONDAY + timedelta(hours=1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n[plugins]\ndiscover = false\n'
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    clerks = ("preparer", "publisher")
    with county.found(open_office(read_settings(tmp_path / "egov.toml"), clock=ManualClock(MONDAY))) as office:
        office.establish(
            people=[Person(code=one, name=f"姓{one}", organ=BUREAU, valid_from=SINCE) for one in clerks],
            grants=[
                Grant(person=one, role=Role.CLERK_OF_CATALOGUE, organ=county.COUNTY, valid_from=SINCE) for one in clerks
            ],
        )
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(folder)

    def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
        return CliRunner().invoke(main, ["catalogue", *arguments], env={"LC_ALL": locale})

    return run


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def write(folder: Path, rows: str, name: str = "list.csv") -> None:
    (folder / name).write_text(LIST + rows, encoding="utf-8")


def items(folder: Path) -> dict[str, Any]:
    with open_office(read_settings(folder / "egov.toml"), read_only=True) as office:
        return {code: held[-1] for code, held in office.services.registry().catalogue.items.items()}


def test_templates_are_blank_forms_and_blank_ones_are_not_taken_for_filled_in_ones(folder: Path, run: Run) -> None:
    result = run("template", "blank", "--json")
    assert result.exit_code == 0, result.output
    assert [Path(one).name for one in told(result)["files"]] == [
        "政务服务事项汇总表.xlsx",
        "政务服务事项信息表.xlsx",
        "转报件目录表.xlsx",
    ]
    for file in (folder / "blank").iterdir():
        to_fill, on_paper = read_tables(file.read_bytes(), name=file.name)
        assert to_fill.find_header(["事项名称"]) is not None
        assert any("单位盖章：" in row.texts for row in on_paper.rows)
    checked = run("check", "blank", "--json")
    assert checked.exit_code == 1 and (told(checked)["items"], told(checked)["rows"]) == (0, 0)
    assert [one["code"] for one in told(checked)["faults"]] == ["nothing-read"] * 3, "no cell of them is at fault"
    assert run("template", "--form", "national", "one.xlsx").exit_code == 0
    assert run("template", "x.csv").exit_code == 1


def test_check_names_every_cell_at_once_and_needs_no_office(folder: Path, run: Run) -> None:
    write(
        folder,
        "甲,,20个工作日,30个工作日,行政许可,承诺件\n乙,局,很快,,怪,承诺件\n丙,局,20个工作日,3个工作日,行政许可,承诺件\n",
    )
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    result = run("check", "list.csv", "old.doc", "--json")
    assert result.exit_code == 1
    found = told(result)
    assert (found["items"], found["rows"]) == (1, 3)
    assert {(one["file"], one["cell"], one["severity"], one["code"]) for one in found["faults"]} == {
        ("list.csv", "B2", "error", "empty"),
        ("list.csv", "C3", "error", "limit-not-plain"),
        ("list.csv", "E3", "error", "item-type"),
        ("old.doc", "", "error", "file-doc"),
    }
    assert all(
        set(one) == {"sheet", "cell", "severity", "code", "message", "remedy", "file"} for one in found["faults"]
    )
    shown = run("check", "list.csv", locale="zh_CN.UTF-8").output
    assert "错误 list.csv / B2" in shown and "1 个事项可以导入" in shown


def test_an_import_is_looked_at_first_then_taken_in_and_the_second_time_nothing_changes(folder: Path, run: Run) -> None:
    write(folder, f"取水许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    dry = run("import", "list.csv", "--config", "egov.toml", "--json")
    assert dry.exit_code == 0, dry.output
    assert told(dry)["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "unread": 0, "missing": 3}
    assert not told(dry)["applied"] and len(items(folder)) == 3
    done = run("import", "list.csv", "--config", "egov.toml", "--json", *BOTH)
    assert done.exit_code == 0, done.output
    assert told(done)["applied"]
    (added,) = [one for one in items(folder).values() if one.name == "取水许可"]
    assert (added.power_class, added.case_type, str(added.promised)) == (PowerClass.LICENCE, CaseType.PROMISE, "9wd")
    again = run("import", "list.csv", "--config", "egov.toml", "--json", *BOTH)
    assert told(again)["counts"]["unchanged"] == 1
    assert items(folder)[added.code] == added
    assert not told(again)["applied"] and not told(again)["refused"]
    for plain in (run("import", "list.csv", "--config", "egov.toml", *one).output for one in ((), BOTH)):
        assert "nothing changes" in plain and "taken in" not in plain and "dry run" not in plain

    write(folder, f"取水许可,{BUREAU},20个工作日,5个工作日,行政许可,承诺件\n")
    changed = told(run("import", "list.csv", "--config", "egov.toml", "--json", *BOTH))["differences"][0]
    assert (changed["kind"], changed["fields"]) == (
        "changed",
        [{"field": "promised", "before": "9个工作日", "after": "5个工作日"}],
    )
    assert items(folder)[added.code].version == 2
    verified = CliRunner().invoke(main, ["verify", "--config", "egov.toml"])
    assert verified.exit_code == 0, verified.output


def test_an_import_says_what_the_check_up_will_find_and_the_check_up_finds_it(folder: Path, run: Run) -> None:
    write(folder, f"取水许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    plain = run("import", "list.csv", "--config", "egov.toml")
    dry = told(run("import", "list.csv", "--config", "egov.toml", "--json"))["checkup"]
    done = told(run("import", "list.csv", "--config", "egov.toml", "--json", *BOTH))["checkup"]
    assert dry == done, "the look says what the import says"
    (added,) = [one for one in items(folder).values() if one.name == "取水许可"]
    found = [
        one for one in told(run("checkup", "--config", "egov.toml", "--json"))["findings"] if one["kind"] == "item"
    ]
    of_it = Counter((one["severity"], one["code"]) for one in found if one["subject"] == added.code)
    foreseen = {
        (severity, code): count for severity in ("error", "warning") for code, count in dry[severity]["rules"].items()
    }
    assert {key: count for key, count in of_it.items() if key[0] != "info"} == foreseen
    errors = dry["error"]["findings"]
    assert errors >= 9 and dry["items_with_errors"] == 1
    assert f"the check-up will find {errors} error(s) in 1 item(s)" in plain.output
    assert "egov catalogue checkup --config egov.toml" in plain.output
    assert "[missing-place] × 1" in plain.output


def test_check_and_import_warn_of_the_same_cells_also_of_what_is_published_already(folder: Path, run: Run) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "notes.txt").write_text("not a table", encoding="utf-8")
    write(
        folder / "in",
        f"取水许可,{BUREAU},,9个工作日,行政许可,承诺件\n"
        f"打井许可,{BUREAU},20个工作日,9个工作日,行政许可,即办件\n"
        f"排水登记,{BUREAU},20个工作日,即办,行政确认,收\n",
    )
    said = told(run("check", "in", "--json"))["faults"]
    assert [(one["cell"], one["code"]) for one in said] == [
        ("", "file-kind"),
        ("F4", "case-type"),
        ("C2", "limit-default"),
        ("F3", "case-type-conflict"),
    ]
    assert told(run("import", "in", "--config", "egov.toml", "--json"))["faults"] == said
    done, again = (told(run("import", "in", "--config", "egov.toml", "--json", *BOTH)) for _ in range(2))
    assert (done["applied"], again["applied"]) == (True, False)
    assert done["faults"] == again["faults"] == said


def test_nothing_is_written_while_a_cell_has_an_error(folder: Path, run: Run) -> None:
    write(folder, f"取水许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n甲,没有的局,20个工作日,,行政许可,承诺件\n")
    before = items(folder)
    result = run("import", "list.csv", "--config", "egov.toml", "--json", *BOTH)
    assert result.exit_code == 1
    assert [(one["cell"], one["code"]) for one in told(result)["faults"]] == [("B3", "organ-unknown")]
    assert told(result)["refused"] and items(folder) == before
    founded = run("import", "list.csv", "--config", "egov.toml", "--found-organs", "--json", *BOTH)
    assert founded.exit_code == 0 and [one["name"] for one in told(founded)["organs"]] == ["没有的局"]
    assert len(items(folder)) == len(before) + 2


@pytest.mark.parametrize(
    ("persons", "code"),
    [
        (("publisher", "publisher"), "law"),
        (("intake", "publisher"), "no-authority"),
        (("preparer", "reviewer"), "no-authority"),
        (("preparer", "nobody"), "unknown"),
    ],
)
def test_two_persons_who_keep_the_catalogue_are_needed(
    folder: Path, run: Run, persons: tuple[str, str], code: str
) -> None:
    write(folder, f"取水许可,{BUREAU},20个工作日,,行政许可,承诺件\n")
    given = ("--apply", "--prepared-by", persons[0], "--published-by", persons[1])
    result = run("import", "list.csv", "--config", "egov.toml", "--json", *given)
    assert result.exit_code == 1 and told(result)["error"]["code"] == code and told(result)["error"]["remedy"]
    assert len(items(folder)) == 3
    assert run("import", "list.csv", "--config", "egov.toml", "--apply").exit_code == 2


def test_folders_within_a_folder_are_not_read_and_said(folder: Path, run: Run) -> None:
    unit = folder / "水利局"
    (unit / "作废" / "2019").mkdir(parents=True)
    (unit / "照片").mkdir()
    (unit / "照片" / "a.txt").write_text("x", encoding="utf-8")
    write(unit, f"打井许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    write(unit / "作废" / "2019", f"打井许可,{BUREAU},20个工作日,19个工作日,行政许可,承诺件\n")
    found = told(run("import", "水利局", "--config", "egov.toml", "--json"))
    assert [(one["file"], one["code"], one["severity"]) for one in found["faults"]] == [
        ("水利局/作废", "folder-not-read", "warning")
    ]
    assert [one["name"] for one in found["differences"] if one["kind"] == "new"] == ["打井许可"]
    assert found["counts"]["missing"] == 0, "what was left out may hold the others"
    for locale, words in (
        ("zh_CN.UTF-8", ("有表未读取，未比较  ", "未读取未比较 ", "错误 0，提醒 1")),
        ("C.UTF-8", ("not compared: tables were not read  ", "not compared as they were not read", "0 error(s)")),
    ):
        shown = run("import", "水利局", "--config", "egov.toml", locale=locale).output
        assert all(one in shown for one in words), shown
    assert told(run("check", "水利局", "--json"))["items"] == 1
    (unit / "list.csv").unlink()
    refused = told(run("check", "水利局", "--json"))["error"]
    assert [(one["path"], one["code"]) for one in refused["faults"]] == [
        ("水利局", "nothing-to-read"),
        ("水利局/作废", "folder-not-read"),
    ]
    assert told(run("check", "水利局/作废/2019", "--json"))["items"] == 1


def test_files_of_one_name_are_named_by_their_paths(folder: Path, run: Run) -> None:
    for unit in ("水利局", "林业局"):
        (folder / unit).mkdir()
        write(folder / unit, f"{unit}许可,{BUREAU},20天,9个工作日,行政许可,承诺件\n")
    write(folder / "林业局", f"又一许可,{BUREAU},20天,9个工作日,行政许可,承诺件\n", "又一.csv")
    found = told(run("check", "水利局", "林业局", "水利局/list.csv", "--json"))
    assert [(one["file"], one["cell"]) for one in found["faults"]] == [
        ("水利局/list.csv", "C2"),
        ("林业局/list.csv", "C2"),
        ("又一.csv", "C2"),
    ]
    shown = run("check", "水利局", "林业局").output
    assert "水利局/list.csv / C2" in shown and "林业局/list.csv / C2" in shown


def test_where_a_file_lay_is_not_the_basis_of_its_limits(folder: Path, run: Run) -> None:
    for unit in ("甲", "乙"):
        (folder / unit).mkdir()
        write(folder / unit, f"{unit}许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    assert run("import", "甲", "乙", "--config", "egov.toml", *BOTH).exit_code == 0
    for unit in ("甲", "乙"):
        again = told(run("import", unit, "--config", "egov.toml", "--json"))
        assert again["counts"]["changed"] == 0, again["differences"]


def test_headings_alone_are_an_error_where_nothing_else_was_handed_in(folder: Path, run: Run) -> None:
    write(folder, "", "空.csv")
    for asked in (("check", "空.csv"), ("import", "空.csv", "--config", "egov.toml")):
        result = run(*asked, "--json")
        assert result.exit_code == 1
        assert [(one["file"], one["code"], one["severity"]) for one in told(result)["faults"]] == [
            ("空.csv", "nothing-read", "error")
        ]
    assert run("template", "blank.xlsx", "--form", "summary").exit_code == 0
    blank = run("check", "blank.xlsx", "--json")
    assert "nothing-read" in {one["code"] for one in told(blank)["faults"]} and blank.exit_code == 1
    write(folder, f"打井许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    both = told(run("check", "空.csv", "list.csv", "--json"))
    assert (both["items"], both["faults"]) == (1, []), "a form may have nothing to enter"


def test_a_folder_is_taken_as_a_whole_and_forms_that_disagree_name_both_cells(folder: Path, run: Run) -> None:
    handed_in = folder / "handed-in"
    handed_in.mkdir()
    write(handed_in, f"取水许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n", "汇总表.csv")
    form = docx.Document()
    table = form.add_table(0, 2)
    for label, text in (
        ("填表单位（公章）", BUREAU),
        ("事项名称：", "取水许可"),
        ("办件类型", "□转报件 ☑承诺件 □即办件"),
        ("法定期限", "20个工作日"),
        ("承诺期限", "10个工作日"),
        ("是否收费", "□是 ☑否"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    form.save(str(handed_in / "信息表.docx"))
    (handed_in / "notes.txt").write_text("x", encoding="utf-8")
    found = told(run("check", "handed-in", "--json"))
    assert [(one["file"], one["sheet"], one["cell"], one["code"]) for one in found["faults"]] == [
        ("notes.txt", "", "", "file-kind"),
        ("汇总表.csv", "", "D2", "cells-disagree"),
    ]
    assert "信息表.docx / 表1!B5" in found["faults"][1]["message"]
    assert (found["items"], found["rows"]) == (0, 2)


def test_a_dry_run_with_an_error_says_so_of_the_item_and_points_to_no_apply(folder: Path, run: Run) -> None:
    assert run("export", "--config", "egov.toml", "--form", "summary", "all.csv").exit_code == 0
    text = (folder / "all.csv").read_text(encoding="utf-8-sig")
    (folder / "all.csv").write_text(text.replace("10个工作日", "很快", 1), encoding="utf-8")
    for locale, label, ending in (
        ("C.UTF-8", "not compared: has errors  ", "correct the errors first"),
        ("zh_CN.UTF-8", "有错误，未比较  ", "请先更正错误"),
    ):
        shown = run("import", "all.csv", "--config", "egov.toml", locale=locale)
        assert shown.exit_code == 1 and label in shown.stdout and ending in shown.stdout, shown.output
        assert "--apply" not in shown.output and "not in the files  " not in shown.stdout
    counts = told(run("import", "all.csv", "--config", "egov.toml", "--json"))["counts"]
    assert counts == {"new": 0, "changed": 0, "unchanged": 2, "unread": 1, "missing": 0}


def test_an_export_can_be_taken_in_and_changes_nothing(run: Run) -> None:
    for out in ("all.xlsx", "given-out", "summary.csv"):
        form = ("--form", "summary") if out.endswith(".csv") else ()
        result = run("export", "--config", "egov.toml", *form, out, "--json")
        assert result.exit_code == 0, result.output
        again = told(run("import", out, "--config", "egov.toml", "--json"))
        assert again["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "unread": 0, "missing": 0}, again
    assert run("export", "--config", "egov.toml", "many.csv").exit_code == 1


def test_an_export_writes_over_nothing_and_counts_the_rows_of_each_form(run: Run) -> None:
    export = ("export", "--config", "egov.toml", "given-out")
    assert run(*export).exit_code == 0
    corrected = min(Path("given-out").iterdir())
    corrected.write_bytes(b"corrected by hand")
    refused = run(*export)
    assert refused.exit_code == 1 and "--force" in refused.output and corrected.name in refused.output
    assert corrected.read_bytes() == b"corrected by hand"
    shown = run(*export, "--force")
    assert shown.exit_code == 0 and corrected.read_bytes() != b"corrected by hand"
    rows = told(run(*export, "--force", "--json"))["rows"]
    assert len(rows) == 3 and len(set(rows.values())) > 1
    lines = shown.stdout.splitlines()
    for file, line in zip(told(run(*export, "--force", "--json"))["files"], lines, strict=True):
        (table,) = [one for one in read_tables(Path(file).read_bytes(), name=file) if one.sheet in rows]
        assert f"{table.sheet}: {rows[table.sheet]} rows" in line
        # the title and the headings stand above
        assert len(table.rows) - 2 == rows[table.sheet]
    assert "行" in run(*export, "--force", locale="zh_CN.UTF-8").stdout


def test_an_export_of_an_unknown_organ_is_refused(run: Run) -> None:
    assert run("export", "--config", "egov.toml", "--organ", "none", "x.xlsx").exit_code == 1


def test_a_file_with_nothing_in_it_is_no_file_in_order(run: Any) -> None:
    Path("nothing.csv").write_bytes(b"")
    checked = run("check", "nothing.csv", "--json")
    assert checked.exit_code == 1
    assert [(one["file"], one["code"]) for one in told(checked)["faults"]] == [("nothing.csv", "file-empty")]


def test_only_a_first_publication_is_dated_back_and_it_is_named(folder: Path, run: Run) -> None:
    write(folder, f"取水许可,{BUREAU},20个工作日,9个工作日,行政许可,承诺件\n")
    back = ("import", "list.csv", "--config", "egov.toml", "--valid-from", "2023-01-01")
    for more in ((), BOTH):
        shown = run(*back, *more, locale="zh_CN.UTF-8")
        assert shown.exit_code == 0, shown.output
        assert "首次公布的 1 项追溯自 2023-01-01 起生效：取水许可" in shown.stderr
    write(folder, f"取水许可,{BUREAU},20个工作日,5个工作日,行政许可,承诺件\n")
    for more in ((), BOTH):
        refused = run(*back, *more, "--json")
        assert refused.exit_code == 1
        assert [one["code"] for one in told(refused)["error"]["faults"]] == ["dated-back"]
