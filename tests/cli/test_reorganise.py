"""`egov reorganise`: preview, apply, undo and list; refusals change nothing; a card says why it is the successor's."""

from __future__ import annotations

import csv
import json
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.domain.authority import Grant, Role
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Person
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, OTHER, SINCE
from tests.reforms import merger_of

NOW = datetime(2024, 6, 17, 15, tzinfo=CHINA)
PLAN = merger_of(BUREAU, OTHER)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The clock of the commands; a test may move it."""
    moved = {"now": NOW}
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: moved["now"])
    return moved


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n[plugins]\ndiscover = false\n'
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(
        PLAN.replace(f'"{OTHER}"', '"nobody"').replace("06-24", "06-01"), encoding="utf-8"
    )
    with county.found(open_office(read_settings(tmp_path / "egov.toml"), clock=ManualClock(NOW))) as office:
        mayor = Person(code="mayor", name="姓mayor", organ=COUNTY, valid_from=SINCE)
        power = Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)
        office.establish(people=[mayor], grants=[power])
        county.accepted(office)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Any:
    def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
        words = [str(folder / one) if one.endswith((".toml", ".csv", ".xlsx")) else one for one in arguments]
        config = [] if "template" in arguments else ["--config", str(folder / "egov.toml")]
        return CliRunner().invoke(main, [*words, *config], env={"LC_ALL": locale})

    return run


def answer(result: Result, status: int = 0) -> Any:
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def test_a_plan_is_looked_at_carried_through_listed_and_taken_back(run: Any, folder: Path) -> None:
    before = answer(run("verify", "--json"))
    seen = answer(run("reorganise", "preview", "plan.toml", "--report", "cases.csv", "--json"))
    assert seen["totals"]["cases"] == 1
    assert seen["cases"][0]["from"] == BUREAU
    assert {one["kind"] for one in seen["changes"]} == {"organ", "item", "person", "grant"}
    with (folder / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == [f"{AREA}-bureau-2024-00001"]
    assert answer(run("verify", "--json"))["digests"] == before["digests"], "a preview writes nothing"
    done = answer(
        run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes", "--expect", seen["state"], "--json")
    )
    assert (done["done"], done["applied_by"], done["digest"]) == (True, "mayor", seen["digest"])
    assert [one["plan"] for one in answer(run("reorganise", "list", "--json"))["plans"]] == ["merger"]
    assert answer(run("verify", "--json"))["verify"] == "ok"
    assert answer(run("reorganise", "undo", "merger", "--by", "mayor", "--json"))["undone"] is True
    assert answer(run("verify", "--json")) == {**before, "checked": answer(run("verify", "--json"))["checked"]}
    assert answer(run("reorganise", "list", "--json"))["plans"] == []


def test_the_card_of_a_later_breach_says_why_it_is_the_successors(
    run: Any, folder: Path, today: dict[str, Any]
) -> None:
    done = run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes")
    assert done.exit_code == 0
    assert "looking at cases" in done.stderr and "carrying it through" in done.stderr, "it says how far it is"
    today["now"] = NOW + timedelta(days=40)
    with open_office(read_settings(folder / "egov.toml")) as office:
        office.sweep()
    cards = answer(run("explain", "card", f"{AREA}-bureau-2024-00001", "--json"))["cards"]
    assert {card["organ"] for card in cards} == {"new"}
    assert cards[0]["succession"] == [
        {
            "source": BUREAU,
            "target": "new",
            "effective": "2024-06-24",
            "plan": "merger",
            "basis": "演示机构改革方案",
        }
    ]
    shown = run("explain", "card", f"{AREA}-bureau-2024-00001", locale="zh_CN.UTF-8").output
    assert "自 2024-06-24 起由 new 承接 bureau 的职责，依据：演示机构改革方案（方案 merger）" in shown
    refused = answer(run("reorganise", "undo", "merger", "--by", "mayor", "--json"), 1)["error"]
    assert refused["code"] == "reorganisation"
    assert "card-to-successor" in {fault["code"] for fault in refused["faults"]}


def test_every_fault_of_a_plan_is_said_and_nothing_written(run: Any) -> None:
    before = answer(run("verify", "--json"))["digests"]
    seen = answer(run("reorganise", "preview", "bad.toml", "--json"), 1)
    assert {fault["code"] for fault in seen["faults"]} == {"past", "unknown-organ"}
    refused = answer(run("reorganise", "apply", "bad.toml", "--by", "mayor", "--yes", "--json"), 1)["error"]
    assert {fault["code"] for fault in refused["faults"]} == {"past", "unknown-organ"}
    assert answer(run("verify", "--json"))["digests"] == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("apply", "plan.toml", "--by", "mayor"), "claim"),
        (("apply", "plan.toml", "--by", "retired", "--yes"), "no-authority"),
        (("apply", "plan.toml", "--by", "head", "--yes"), "no-authority"),
        (("apply", "plan.toml", "--by", "mayor", "--yes", "--expect", "0" * 64), "conflict"),
        (("apply", "plan.toml", "--by", "mayor", "--yes", "--expect", "abc"), "claim"),
        (("undo", "plan.toml", "--by", "mayor"), "unknown"),
        (("preview", "plan.csv"), "reorganisation"),
        (("preview", "missing.toml"), "reorganisation"),
    ],
)
def test_a_refusal_says_what_to_do_and_changes_nothing(run: Any, arguments: tuple[str, ...], code: str) -> None:
    refused = answer(run("reorganise", *arguments, "--json"), 1)["error"]
    assert (refused["code"], bool(refused["remedy"])) == (code, True)
    assert answer(run("reorganise", "list", "--json"))["plans"] == []


@pytest.mark.parametrize(
    "refused", [("--by", "nobody"), ("--by", "head"), ("--by", "mayor", "--expect", "another")], ids=" ".join
)
def test_nobody_reads_a_preview_that_they_could_not_carry_through(run: Any, refused: tuple[str, ...]) -> None:
    shown = run("reorganise", "apply", "plan.toml", *refused)
    assert (shown.exit_code, shown.stdout) == (1, "")


@pytest.mark.parametrize(
    ("locale", "words"), [("zh_CN.UTF-8", "在办件换承办机关"), ("C.UTF-8", "open cases that pass")]
)
def test_the_preview_speaks_the_readers_language(run: Any, locale: str, words: str) -> None:
    shown = run("reorganise", "preview", "plan.toml", locale=locale).output
    assert words in shown
    assert "新局(new)" in shown
    assert run("reorganise", "list", locale=locale).exit_code == 0


def test_the_same_plan_in_a_workbook_changes_the_same_rows(run: Any) -> None:
    assert answer(run("reorganise", "template", "plan.xlsx", "--plan", "plan.toml", "--json"))["files"]
    seen, same = (answer(run("reorganise", "preview", file, "--json")) for file in ("plan.toml", "plan.xlsx"))
    assert seen == same
    done = answer(run("reorganise", "apply", "plan.xlsx", "--by", "mayor", "--yes", "--json"))
    assert done["digest"] == seen["digest"]
    assert answer(run("reorganise", "undo", "plan.xlsx", "--by", "mayor", "--json"))["undone"] is True


def test_faults_of_a_workbook_name_the_cell(run: Any) -> None:
    answer(run("reorganise", "template", "bad.xlsx", "--plan", "bad.toml", "--json"))
    seen = answer(run("reorganise", "preview", "bad.xlsx", "--json"), 1)
    assert {(one["sheet"], one["cell"], one["code"]) for one in seen["faults"]} == {
        ("方案", "D2", "past"),
        ("合并", "A2", "unknown-organ"),
    }
    assert "bad.xlsx / 合并!A2: there is no organ 'nobody'" in run("reorganise", "preview", "bad.xlsx").stderr
    refused = answer(run("reorganise", "apply", "bad.xlsx", "--by", "mayor", "--yes", "--json"), 1)["error"]
    assert {fault["path"] for fault in refused["faults"]} == {"bad.xlsx / 方案!D2", "bad.xlsx / 合并!A2"}


def test_the_empty_workbook_says_what_is_missing_and_is_not_written_over(run: Any) -> None:
    assert run("reorganise", "template", "empty.xlsx").exit_code == 0
    refused = answer(run("reorganise", "preview", "empty.xlsx", "--json"), 1)["error"]
    assert [fault["code"] for fault in refused["faults"]] == ["no-plan"]
    again = answer(run("reorganise", "template", "empty.xlsx", "--json"), 1)["error"]
    assert "--force" in again["remedy"]
    assert run("reorganise", "template", "empty.xlsx", "--force").exit_code == 0
    assert run("reorganise", "template", "empty.csv").exit_code == 1


def test_what_cannot_be_read_is_told_together_with_what_does_not_fit(run: Any, folder: Path) -> None:
    text = PLAN.replace(f'"{OTHER}"', '"nobody"').replace("06-24", "06-01").replace('title = "合并"', "")
    (folder / "both.toml").write_text(text.replace('name = "新局"', "name = 7"), encoding="utf-8")
    before = answer(run("verify", "--json"))
    for command in (["preview", "both.toml"], ["apply", "both.toml", "--by", "mayor", "--yes"]):
        refused = answer(run("reorganise", *command, "--json"), 1)
        assert {(one["path"], one["code"]) for one in refused["error"]["faults"]} == {
            ("both.toml: title", "missing"),
            ("both.toml: found[1].name", "type"),
            ("both.toml: effective", "past"),
            ("both.toml: merge[1]: nobody", "unknown-organ"),
        }
    assert answer(run("verify", "--json"))["digests"] == before["digests"]


def test_what_follows_from_what_cannot_be_read_is_not_told(run: Any, folder: Path) -> None:
    (folder / "both.toml").write_text(PLAN.replace('organ = "new"', "organ = 7"), encoding="utf-8")
    refused = answer(run("reorganise", "preview", "both.toml", "--json"), 1)
    assert [one["path"] for one in refused["error"]["faults"]] == ["both.toml: found[1].organ"], "it may be founded"
    (folder / "both.toml").write_text(PLAN.replace("effective = ", 'effective = "x" # '), encoding="utf-8")
    refused = answer(run("reorganise", "preview", "both.toml", "--json"), 1)
    assert [one["path"] for one in refused["error"]["faults"]] == ["both.toml: effective"], "it has no day"


def test_a_plan_that_overtakes_one_that_was_applied_is_refused(run: Any, folder: Path) -> None:
    assert run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes").exit_code == 0
    earlier = PLAN.replace("merger", "earlier").replace('"new"', '"newer"').replace("06-24", "06-20")
    (folder / "earlier.toml").write_text(earlier, encoding="utf-8")
    refused = run("reorganise", "apply", "earlier.toml", "--by", "mayor", "--yes")
    assert refused.exit_code == 1
    assert f"organ '{BUREAU}' ends on 2024-06-24 by plan merger: undo plan merger first" in refused.output
    assert run("reorganise", "undo", "merger", "--by", "mayor").exit_code == 0
    assert run("reorganise", "apply", "earlier.toml", "--by", "mayor", "--yes").exit_code == 0


def test_what_is_printed_to_take_it_back_takes_it_back_as_it_stands(run: Any) -> None:
    shown = run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes").stdout
    _, told = shown.rsplit("to take it back: ", 1)
    program, *arguments = shlex.split(told)
    assert program == "egov"
    undone = CliRunner().invoke(main, arguments, env={"LC_ALL": "C.UTF-8"})
    assert undone.exit_code == 0, undone.output


def test_a_state_that_was_mistyped_is_no_change_of_the_reference_data(run: Any) -> None:
    refused = run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes", "--expect", "abc", locale="zh_CN.UTF-8")
    assert "不是预览给出的状态" in refused.output and "变动" not in refused.output


def test_a_plan_that_is_taken_back_twice_is_told_that_none_is_left(run: Any) -> None:
    assert run("reorganise", "apply", "plan.toml", "--by", "mayor", "--yes").exit_code == 0
    misnamed = answer(run("reorganise", "undo", "merge", "--by", "mayor", "--json"), 1)["error"]
    assert misnamed["remedy"] == "name one of those that are: merger"
    assert run("reorganise", "undo", "merger", "--by", "mayor").exit_code == 0
    again = run("reorganise", "undo", "merger", "--by", "mayor", locale="zh_CN.UTF-8")
    assert again.exit_code == 1 and "没有已实施的方案，无可撤回" in again.stderr
