"""`egov calendar add`: look, ask, adopt, recount; refusals change nothing; what was provisional is so nowhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from egov_core.cli import main
from egov_core.domain.legal import CHINA
from egov_core.errors import ConflictError, SettingsError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.office import Office
from egov_core.runtime.settings import Settings, read_settings
from egov_core.server.app import create_app
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU
from egov_core.usecases.calendar.recounting import recounted_to
from tests.cli.test_calendar import NOTICE

OFF = """
number = "县〔2026〕1号"
title = "临时放假（虚构）"
year = 2027
published = 2026-12-22
rest = ["2026-12-25"]
"""
NOW = datetime(2026, 12, 22, 15, tzinfo=CHINA)  # a Tuesday


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with three cases filed on the day before: one accepted (due in 2027), one submitted, one withdrawn."""
    text = f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n[plugins]\ndiscover = false\n'
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    (tmp_path / "2027.toml").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "off.toml").write_text(OFF, encoding="utf-8")
    clock = ManualClock(NOW - timedelta(days=1))
    with county.found(open_office(read_settings(tmp_path / "egov.toml"), clock=clock)) as office:
        county.accepted(office)
        county.submit(office)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Any:
    def run(*arguments: str, given: str | None = None, locale: str = "C.UTF-8") -> Result:
        words = [str(folder / one) if one.endswith((".toml", ".csv")) else one for one in arguments]
        return CliRunner().invoke(main, words, input=given, env={"LC_ALL": locale})

    return run


def add(run: Any, *arguments: str, **other: Any) -> Result:
    result: Result = run("calendar", "add", *arguments, "--config", "egov.toml", **other)
    return result


def opened(folder: Path) -> Any:
    return open_office(read_settings(folder / "egov.toml"), read_only=True)


def stored(folder: Path) -> Any:
    """Everything of the cases, and the revisions."""
    with opened(folder) as office:
        rows = [(office.storage.case(AREA, one), office.storage.timers(AREA, one)) for one in streams(office)]
        return rows, [one.number for one in office.services.calendars().revisions]


def streams(office: Office) -> Iterator[str]:
    return (one for one in office.storage.streams(AREA) if ":" not in one)


def test_yes_adopts_recounts_and_says_what_was_done(folder: Path, run: Any) -> None:
    result = add(run, "off.toml", "--yes")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "2026-12-25  counts (weekday) → not counted (holiday)  县〔2026〕1号"
    assert sorted(line.partition("  ")[2] for line in lines[2:4]) == [
        "case  2027-01-05 → 2027-01-06",
        "correction-notice  2026-12-28 → 2026-12-29",
    ]
    assert "cases recounted 2" in lines[-2]
    assert lines[-1] == "revision 2 of the calendar is in force"
    assert "recounting" in result.stderr
    with opened(folder) as office:
        assert [one.number for one in office.services.calendars().revisions] == [1, 2]
        assert recounted_to(office.services) == 2
        assert office.verify().violations == ()


def test_a_date_that_becomes_provisional_is_said_to_be(folder: Path, run: Any) -> None:
    rest = '"2026-12-25", "2026-12-28..2026-12-31"'
    (folder / "many.toml").write_text(OFF.replace('"2026-12-25"', rest), encoding="utf-8")
    shown = add(run, "many.toml", "--preview")
    [line] = [one for one in shown.stdout.splitlines() if "correction-notice" in one]
    assert line.endswith("correction-notice  2026-12-28 → 2027-01-05  now provisional")
    assert "no longer provisional 0  now provisional 1" in shown.stdout
    told = json.loads(add(run, "many.toml", "--yes", "--json").stdout)
    assert (told["totals"]["firm"], told["totals"]["provisional"]) == (0, 1)
    again = add(run, "many.toml", locale="zh_CN.UTF-8")
    assert "不再暂定 0  变为暂定 0" in again.stdout


def test_json_has_the_days_the_cases_and_the_totals(run: Any) -> None:
    result = add(run, "off.toml", "--yes", "--json")
    told = json.loads(result.stdout)
    assert [one["number"] for one in told["notices"]] == ["县〔2026〕1号"]
    assert [one["day"] for one in told["days"]] == ["2026-12-25"]
    assert (told["revision"], told["done"], told["left_out"]) == ({"old": 1, "new": 2}, True, 0)
    assert told["totals"] == {
        "looked_at": 2,
        "cases": 2,
        "moved": 2,
        "told": 0,
        "firm": 0,
        "provisional": 0,
        "revoked": 0,
        "issued": 0,
    }
    [shift] = [one for case in told["cases"] for one in case["timers"] if one["kind"] == "correction-notice"]
    assert (shift["old"], shift["new"], shift["told"]) == ("2026-12-28", "2026-12-29", False)


def test_a_preview_shows_the_same_and_writes_nothing(folder: Path, run: Any) -> None:
    before = stored(folder)
    foreseen = json.loads(add(run, "off.toml", "--preview", "--json").stdout)
    result = add(run, "off.toml", "--preview", "--report", "foreseen.csv")
    assert result.stdout.endswith("a preview: nothing was written\n")
    assert stored(folder) == before
    done = json.loads(add(run, "off.toml", "--yes", "--json", "--report", "done.csv").stdout)
    assert (foreseen.pop("done"), done.pop("done")) == (False, True)
    assert foreseen == done
    assert (folder / "foreseen.csv").read_bytes() == (folder / "done.csv").read_bytes()


def test_the_report_has_a_line_for_every_date_that_moves(folder: Path, run: Any) -> None:
    add(run, "off.toml", "--yes", "--report", "report.csv")
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["kind"], row["old"], row["new"], row["told"]) for row in rows) == [
        ("case", "2027-01-05", "2027-01-06", "False"),
        ("correction-notice", "2026-12-28", "2026-12-29", "False"),
    ]
    assert {row["organ"] for row in rows} == {BUREAU}


def test_nobody_to_ask_is_refused_and_nothing_changes(folder: Path, run: Any) -> None:
    before = stored(folder)
    result = add(run, "off.toml", given="y\n")
    assert result.exit_code == 1
    assert "--yes" in result.stderr
    assert "--yes" in json.loads(add(run, "off.toml", "--json").stdout)["error"]["remedy"]
    assert stored(folder) == before


@pytest.mark.parametrize(("answer", "adopted"), [("y\n", True), ("n\n", False), ("", False)])
def test_on_a_terminal_it_shows_and_asks(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch, answer: str, adopted: bool
) -> None:
    monkeypatch.setattr("egov_core.cli.calendar.adoption._somebody_is_there", lambda: True)
    before = stored(folder)
    result = add(run, "off.toml", given=answer)
    assert "adopt and recount?" in result.stderr
    assert "2026-12-28 → 2026-12-29" in result.stdout
    assert (result.exit_code == 0) is adopted
    assert (stored(folder) != before) is adopted
    assert result.stdout.count("2026-12-28 → 2026-12-29") == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("title = ", "calendar-data"),
        (OFF.replace("2026-12-25", "2026-12-24"), "calendar-data"),  # the number of the one in force, other days
        (OFF.replace("1号", "2号").replace("rest", "work").replace("2026-12-25", "2026-12-25"), "calendar-data"),
        (None, "calendar-data"),
    ],
)
def test_a_wrong_or_contradictory_file_is_one_error_and_changes_nothing(
    folder: Path, run: Any, text: str | None, code: str
) -> None:
    assert add(run, "off.toml", "--yes").exit_code == 0
    before = stored(folder)
    if text is not None:
        (folder / "bad.toml").write_text(text, encoding="utf-8")
    result = add(run, "2027.toml", "bad.toml", "--yes", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == code
    assert stored(folder) == before


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("year = 2027", 'year = 2027\namends = "国办〔2099〕1号"'), "国办〔2099〕1号"),
        (("published = 2026-12-22", "published = 2026-12-23"), "not published yet"),
        (("临时放假（虚构）", " "), "title"),
        (('"2026-12-25"', '"2027-02-30"'), "there is no day 2027-02-30"),
        (("year = 2027", ""), "year: is missing"),
        (("published = 2026-12-22", "published = 2026-12-22T09:00:00"), "'2026-12-22T09:00:00' is not a date"),
        (("县〔2026〕1号", ""), "number: is empty"),
        (("县〔2026〕1号", " "), "number: is empty"),
    ],
)
def test_a_slip_in_a_notice_is_refused_for_it_could_not_be_taken_back(
    folder: Path, run: Any, changed: tuple[str, str], says: str
) -> None:
    before = stored(folder)
    (folder / "slip.toml").write_text(OFF.replace(*changed), encoding="utf-8")
    result = add(run, "slip.toml", "--yes")
    assert (result.exit_code, says in result.stderr) == (1, True), result.output
    assert stored(folder) == before


def test_a_notice_that_takes_back_days_of_the_schedule_is_warned_of(folder: Path, run: Any) -> None:
    contrary = OFF.replace("1号", "5号").replace("2026-12-25", "2027-02-20")
    (folder / "contrary.toml").write_text(contrary, encoding="utf-8")
    (folder / "amending.toml").write_text(contrary + 'amends = "虚构〔2026〕1号"\n', encoding="utf-8")
    looked = add(run, "2027.toml", "contrary.toml", "--preview")
    assert (looked.exit_code, "note:" in looked.stderr, "2027-02-20" in looked.stderr) == (0, True, True)
    assert add(run, "2027.toml", "--yes").exit_code == 0
    told = run("calendar", "diff", "contrary.toml", "--config", "egov.toml", "--json")
    assert ("note:" in told.stderr, json.loads(told.stdout)["days"][0]["day"]) == (True, "2027-02-20")
    assert "note:" not in run("calendar", "diff", "amending.toml", "--config", "egov.toml").stderr
    adopted = add(run, "contrary.toml", "--yes", locale="zh_CN.UTF-8")
    assert (adopted.exit_code, adopted.stderr.count("请用 amends 写明")) == (0, 1)


@pytest.mark.parametrize("report", ["no/such/folder.csv", "."])
def test_a_report_that_cannot_be_written_is_said_before_anything_changes(folder: Path, run: Any, report: str) -> None:
    before = stored(folder)
    result = add(run, "off.toml", "--yes", "--report", str(folder / report))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert str(folder / report) in result.stderr
    assert stored(folder) == before


def test_a_notice_in_force_is_nothing_to_do(folder: Path, run: Any) -> None:
    add(run, "off.toml", "--yes")
    before = stored(folder)
    again = add(run, "off.toml")  # nothing to ask about either
    assert again.exit_code == 0
    assert again.stdout.startswith("in force already: nothing to adopt\n")
    assert stored(folder) == before


def test_the_same_command_finishes_a_recount_that_was_cut_off(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise ConflictError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr("egov_core.runtime.office.recount", cut)
        broken = add(run, "off.toml", "--yes")
    assert broken.exit_code == 1
    assert "the same command goes on with it" in broken.stderr
    with opened(folder) as office:
        found = {one.code: one for one in diagnose(office)}
    assert "2 case(s)" in found["recount-unfinished"].message
    cut_off = stored(folder)
    foreseen = add(run, "off.toml", "--preview")
    assert "would go on with an unfinished recount" in foreseen.stdout
    assert "cases recounted 2" in foreseen.stdout
    told = json.loads(add(run, "off.toml", "--preview", "--json").stdout)
    assert (told["totals"]["cases"], len(told["cases"])) == (2, 2)
    assert stored(folder) == cut_off
    again = add(run, "off.toml")
    assert "going on with an unfinished recount" in again.stdout
    assert "cases recounted 2" in again.stdout
    with opened(folder) as office:
        assert "recount-unfinished" not in {one.code for one in diagnose(office)}
        assert office.verify().violations == ()


def test_a_region_or_an_organ_adopts_days_of_its_own(folder: Path, run: Any) -> None:
    assert add(run, "off.toml", "--organ", "nobody", "--yes").exit_code == 1
    assert add(run, "off.toml", "--organ", BUREAU, "--layer", "自治区", "--yes").exit_code == 2
    assert add(run, "off.toml", "--organ", BUREAU, "--yes").exit_code == 0
    (folder / "region.toml").write_text(OFF.replace("12-25", "12-28").replace("1号", "3号"), encoding="utf-8")
    assert add(run, "region.toml", "--layer", "自治区", "--yes").exit_code == 0
    listed = json.loads(run("calendar", "list", "--config", "egov.toml", "--json").stdout)
    own = [(one["number"], one["layer"], one["organ"], one["revision"]) for one in listed["notices"] if one["organ"]]
    assert own == [("县〔2026〕1号", BUREAU, BUREAU, 2)]
    assert [(one["number"], one["layer"]) for one in listed["revisions"]] == [
        (1, "national"),
        (2, BUREAU),
        (3, "自治区"),
    ]
    assert listed["recounted_to"] == 3
    assert [one["file"] for one in listed["notices"] if one["layer"] == "自治区"] == ["revision:3"]
    plain = run("calendar", "list", "--config", "egov.toml").stdout
    assert "[自治区]" in plain and "revision 3  2026-12-22" in plain
    compared = run("calendar", "diff", "2027.toml", "--config", "egov.toml", "--organ", BUREAU, "--json")
    assert json.loads(compared.stdout)["days"][0]["day"] == "2027-02-11"


@pytest.mark.parametrize("option", ["--organ", "--layer"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_the_nation(folder: Path, run: Any, option: str, name: str) -> None:
    before = stored(folder)
    for command in (["add", "off.toml", "--yes"], ["diff", "off.toml"]):
        result = run("calendar", *command, "--config", "egov.toml", option, name)
        assert (result.exit_code, "is empty" in result.stderr) == (2, True), result.output
    assert stored(folder) == before


@pytest.mark.parametrize("key", ["region-files", "organ-files"])
def test_an_empty_name_in_the_settings_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "egov.toml").write_text(f'[county]\narea = "990121"\n[time]\n{key} = {{ "" = [] }}\n', "utf-8")
    with pytest.raises(SettingsError, match=f"time.{key} has an entry with an empty name"):
        read_settings(tmp_path / "egov.toml")
    given: dict[str, Any] = {key.replace("-", "_"): {" ": ()}}
    with pytest.raises(SettingsError, match=f"time.{key} has an entry with an empty name"):
        attrs.evolve(Settings(area="990121"), **given)


def test_an_office_without_data_has_nothing_to_adopt_for(tmp_path: Path) -> None:
    (tmp_path / "egov.toml").write_text('[county]\narea = "990121"\n', encoding="utf-8")
    (tmp_path / "off.toml").write_text(OFF, encoding="utf-8")
    result = CliRunner().invoke(
        main, ["calendar", "add", str(tmp_path / "off.toml"), "--config", str(tmp_path / "egov.toml"), "--yes"]
    )
    assert result.exit_code == 1
    assert "[settings]" in result.stderr


# --- provisional, from the command line to the pages ------------------------------------------------------------------


def test_after_adding_the_notice_nothing_is_provisional_any_more(folder: Path, run: Any) -> None:
    (before_cli, before_api, before_pages) = provisional_everywhere(folder, run)
    assert before_cli == {"explain": True, "doctor": "calendar-next-year", "plain": True}
    assert before_api == {"cases": True, "case": True, "progress": True}
    assert before_pages == {"cases": True, "case": True, "progress": True}
    result = add(run, "2027.toml", "--yes", "--json")
    told = json.loads(result.stdout)
    assert (told["horizon"], told["totals"]["firm"]) == ({"old": "2026-12-31", "new": "2027-12-31"}, 1)
    (after_cli, after_api, after_pages) = provisional_everywhere(folder, run)
    assert after_cli == {"explain": False, "doctor": "calendar", "plain": False}
    assert after_api == {"cases": False, "case": False, "progress": False}
    assert after_pages == {"cases": False, "case": False, "progress": False}
    with opened(folder) as office:
        assert office.verify().violations == ()


def provisional_everywhere(folder: Path, run: Any) -> tuple[dict[str, Any], dict[str, bool], dict[str, bool]]:
    """Where the accepted case says that its date is provisional: command line, API, pages."""
    with opened(folder) as office:
        row = next(
            row for one in streams(office) if (row := office.storage.case(AREA, one)) and row.state == "accepted"
        )
        office.clock = ManualClock(NOW)
        client = TestClient(create_app(office))
        listed = client.get("/api/cases").json()["cases"]
        case = client.get(f"/api/cases/{row.case_id}").json()
        asked = {"number": row.number, "code": code_of(office, row.case_id)}
        progress = client.post("/api/progress", json=asked).json()
        api = {
            "cases": next(one["provisional"] for one in listed if one["case_id"] == row.case_id),
            "case": any(one["provisional"] for one in case["timers"] if one["kind"] == "case"),
            "progress": progress["provisional"],
        }
        shown = {
            "cases": client.get("/supervision/cases?lang=en"),
            "case": client.get(f"/cases/{row.case_id}?lang=en"),
            "progress": client.post("/progress?lang=en", data=asked),
        }
        pages = {name: 'provisional"' in page.text for name, page in shown.items()}
    doctor = json.loads(run("doctor", "--config", "egov.toml", "--json").stdout)["findings"]
    explained = run("explain", "deadline", row.number, "--config", "egov.toml", "--json")
    timers = json.loads(explained.stdout)["timers"]
    plain = run("explain", "deadline", row.number, "--config", "egov.toml").stdout
    cli = {
        "explain": any(one["provisional"] for one in timers if one["kind"] == "case"),
        "doctor": next(one["code"] for one in doctor if one["code"].startswith("calendar")),
        "plain": "(provisional)" in plain,
    }
    return cli, api, pages


def code_of(office: Office, case_id: str) -> str:
    row = office.storage.case(AREA, case_id)
    assert row is not None
    subject = office.storage.subject(AREA, office.case_of(row).subject)
    assert subject is not None
    return str(json.loads(subject.data)["query_code"])


def test_a_card_beyond_the_horizon_is_said_to_be_provisional_on_the_command_line(run: Any) -> None:
    asked = ("cards", "--timer", "case", "--promised", "10wd", "--start")
    assert json.loads(run(*asked, "2027-02-01", "--json").stdout)["provisional"] is True
    assert "provisional" in run(*asked, "2027-02-01").stdout
    assert json.loads(run(*asked, "2026-02-02", "--json").stdout)["provisional"] is False
    assert "provisional" not in run(*asked, "2026-02-02").stdout


# --- the doctor -------------------------------------------------------------------------------------------------------


def codes(folder: Path, now: datetime = NOW) -> dict[str, str]:
    with opened(folder) as office:
        office.clock = ManualClock(now)
        return {one.code: one.remedy for one in diagnose(office)}


def test_the_doctor_warns_from_november_while_next_year_is_missing(folder: Path, run: Any) -> None:
    assert "calendar-next-year" not in codes(folder, datetime(2026, 10, 31, 23, tzinfo=CHINA))
    assert "egov calendar add" in codes(folder, datetime(2026, 11, 1, tzinfo=CHINA))["calendar-next-year"]
    add(run, "2027.toml", "--yes")
    assert "calendar-next-year" not in codes(folder, datetime(2026, 11, 1, tzinfo=CHINA))
    assert "calendar-next-year" in codes(folder, datetime(2027, 11, 1, tzinfo=CHINA))
    assert "calendar-past" in codes(folder, datetime(2028, 1, 1, tzinfo=CHINA))


def test_what_the_settings_name_later_changes_nothing_and_is_said(folder: Path, run: Any) -> None:
    settings = folder / "egov.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text + f'[time]\ncalendar-files = ["2027.toml"]\n[time.organ-files]\n{BUREAU} = ["off.toml"]\n',
        encoding="utf-8",
    )
    before = stored(folder)
    found = codes(folder)
    assert stored(folder) == before
    assert found["calendar-not-adopted"].endswith(f"off.toml --organ {BUREAU} --config FILE")
    with opened(folder) as office:
        said = [one.message for one in diagnose(office) if one.code == "calendar-not-adopted"]
        assert office.ruler.calendar.horizon == date(2026, 12, 31)
    assert len(said) == 2
    assert add(run, "2027.toml", "--yes").exit_code == 0
    assert add(run, "off.toml", "--organ", BUREAU, "--yes").exit_code == 0
    assert "calendar-not-adopted" not in codes(folder)


def test_a_notice_that_is_shipped_later_is_the_same_or_is_said(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from egov_core.runtime import offered
    from egov_core.runtime.shipped import notice_files, read_notice_file

    add(run, "2027.toml", "--yes")
    shipped = (*notice_files(), ("2027.toml", read_notice_file(folder / "2027.toml")))
    monkeypatch.setattr(offered, "notice_files", lambda: shipped)
    assert not {"calendar-not-adopted", "calendar-differs"} & codes(folder).keys()
    (folder / "other.toml").write_text(NOTICE.replace('"2027-06-09", ', ""), encoding="utf-8")
    other = (*notice_files(), ("2027.toml", read_notice_file(folder / "other.toml")))
    monkeypatch.setattr(offered, "notice_files", lambda: other)
    before = stored(folder)
    assert "calendar-differs" in codes(folder)
    assert stored(folder) == before


def test_a_shipped_notice_is_adopted_by_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from egov_core.runtime import offered
    from egov_core.runtime.shipped import notice_files, read_notice_file

    shipped = (*notice_files(), ("2027.toml", read_notice_file(folder / "2027.toml")))
    monkeypatch.setattr(offered, "notice_files", lambda: shipped)
    assert codes(folder)["calendar-not-adopted"] == "egov calendar add shipped:2027.toml --config FILE"
    result = CliRunner().invoke(
        main, ["calendar", "add", "shipped:2027.toml", "--config", str(folder / "egov.toml"), "--yes"]
    )
    assert result.exit_code == 0, result.output
    assert "calendar-not-adopted" not in codes(folder)
    missing = CliRunner().invoke(
        main, ["calendar", "add", "shipped:2099.toml", "--config", str(folder / "egov.toml"), "--yes"]
    )
    assert (missing.exit_code, "[calendar-data]" in missing.stderr) == (1, True)


def test_another_text_of_the_regulation_is_said_and_adopted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import attrs

    from egov_core.runtime import doctor, offered
    from egov_core.runtime.shipped import regulation

    longer = attrs.evolve(
        regulation().texts[-1],
        number="国务院令第999号",
        published=date(2026, 12, 1),
        in_force=date(2027, 1, 1),
        fixed=(*regulation().texts[-1].fixed, (1, 4)),
    )
    newer = attrs.evolve(regulation(), texts=(*regulation().texts, longer))
    for module in (offered, doctor):
        monkeypatch.setattr(module, "regulation", lambda: newer)
    assert "shipped:regulation.toml" in codes(folder)["regulation-not-adopted"]
    result = CliRunner().invoke(
        main, ["calendar", "add", "shipped:regulation.toml", "--config", str(folder / "egov.toml"), "--yes"]
    )
    assert result.exit_code == 0, result.output
    assert "2027-01-04  counts (weekday) → not counted" in result.stdout
    assert "regulation-not-adopted" not in codes(folder)
    with opened(folder) as office:
        assert office.verify().violations == ()
