"""`egov demo`, `verify`, `doctor`, `explain`: shapes of JSON, exit statuses, and refusals that write nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY

HEADER = "row,item_name,department,statutory_limit,promised_limit\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": "C.UTF-8"})


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A small county on a file, with an overdue case that has its cards."""
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as office:
        county.accepted(office)
        clock.advance(timedelta(days=60))
        office.sweep()
    return str(tmp_path / "egov.toml")


NUMBER = f"{AREA}-bureau-2024-00001"


def test_verify_says_what_was_checked(config: str) -> None:
    result = run("verify", "--config", config, "--json")
    assert result.exit_code == 0, result.output
    told = json_of(result)
    assert set(told) == {"verify", "checked", "pending_timers", "violations", "digests"}
    assert (told["verify"], told["violations"], told["pending_timers"]) == ("ok", [], 0)
    assert {name: told["checked"][name] for name in ("cases", "cards", "timers")} == {
        "cases": 1,
        "cards": 2,
        "timers": 2,
    }
    assert "verify: ok" in run("verify", "--config", config).stdout


def test_verify_of_a_damaged_county_exits_with_one_and_names_what_is_broken(config: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "county.db")) as database, database:
        database.execute("UPDATE cases SET state = 'approved'")
    result = run("verify", "--config", config, "--json")
    assert result.exit_code == 1
    (violation,) = json_of(result)["violations"]
    assert set(violation) == {"invariant", "stream", "message"}
    assert violation["invariant"] == "I5"
    assert "I5" in run("verify", "--config", config).stderr


def test_doctor_lists_findings(config: str) -> None:
    findings = json_of(run("doctor", "--config", config, "--json"))["findings"]
    assert all(set(one) == {"code", "severity", "message", "remedy"} for one in findings)
    assert {"python", "store", "plugins"} <= {one["code"] for one in findings}
    assert "[ok] Python" in run("doctor", "--config", config).stdout


def test_explain_deadline_shows_each_timer_with_its_days(config: str) -> None:
    told = json_of(run("explain", "deadline", NUMBER, "--config", config, "--json"))
    assert set(told) == {"case", "item", "timers"}
    timer = next(one for one in told["timers"] if one["kind"] == "case")
    assert (timer["due"], timer["last_day"]) == ("2024-07-01T23:59:59+08:00", "2024-07-01")
    assert set(timer["limits"]) == {"promised", "statutory"}
    assert sum(line["counts"] for line in timer["ledger"]) == 10
    one = json_of(run("explain", "deadline", timer["id"], "--config", config, "--json"))
    assert [each["id"] for each in one["timers"]] == [timer["id"]]
    assert "2024-07-01" in run("explain", "deadline", NUMBER, "--config", config).stdout


def test_explain_card_says_why_it_exists(config: str) -> None:
    told = json_of(run("explain", "card", NUMBER, "--config", config, "--json"))
    assert [(one["level"], one["at"]) for one in told["cards"]] == [
        ("yellow", "2024-06-28T00:00:00+08:00"),
        ("red", "2024-07-02T00:00:00+08:00"),
    ]
    red = told["cards"][1]
    assert (red["rule"], red["policy"], red["due"]) == ("notice-red", "notice@1", "2024-07-01T23:59:59+08:00")
    one = json_of(run("explain", "card", red["id"], "--config", config, "--json"))
    assert [each["id"] for each in one["cards"]] == [red["id"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "card", "none", "--json"),
        ("explain", "deadline", "none", "--json"),
        ("explain", "card", f"{NUMBER}#none#0", "--json"),
    ],
)
def test_what_does_not_exist_is_one_error_with_a_remedy(config: str, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--config", config)
    assert result.exit_code == 1
    error = json_of(result)["error"]
    assert (error["code"], bool(error["message"]), bool(error["remedy"])) == ("unknown", True, True)


def test_settings_that_cannot_be_read_are_one_error(tmp_path: Path) -> None:
    for command in (("verify",), ("doctor",), ("explain", "card", "x")):
        result = run(*command, "--config", str(tmp_path / "none.toml"), "--json")
        assert result.exit_code == 1
        assert json_of(result)["error"]["code"] == "settings"


# --- the demonstration ------------------------------------------------------------------------------------------------


FEW = ("demo", "--check", "--cases", "40", "--no-plugins", "--today", "2024-11-20")
"""A small demonstration that does not depend on the plugins that happen to be installed."""


def test_demo_check_prints_one_object_and_the_same_seed_gives_the_same_counts(tmp_path: Path) -> None:
    told = []
    for folder in ("one", "two"):
        keep = tmp_path / folder
        result = run(*FEW, "--seed", "3", "--keep", str(keep))
        assert result.exit_code == 0, result.output
        told.append(json_of(result))
    first, second = told
    assert first.pop("seconds") >= 0
    second.pop("seconds")
    assert first == second
    assert (first["departments"], first["cases"], first["verify"], first["violations"]) == (39, 40, "ok", [])
    assert set(first["cards"]) == {"yellow", "red"}
    assert first["items"] >= 150
    assert first["forwarded"] == first["forwarding"]["delivered"] > 0
    assert sum(first["forwarding"].values()) == first["checked"]["referrals"]
    assert sum(first["behaviours"].values()) == first["cases"]
    assert first["not_filed"] == {"cases": 0, "reasons": []}
    assert first["quarantined"] == []
    assert re.fullmatch("[0-9a-f]{64}", first["heads"])
    assert first["plugins"] == {}
    (campaign,) = first["campaigns"]
    assert set(campaign) == {"campaign", "last_day", "units", "counts", "to_review", "overdue", "handed_in_late"}
    assert (campaign["campaign"], campaign["units"], campaign["overdue"]) == ("2024-items", 51, 2)
    assert sum(campaign["counts"].values()) == first["enrolment"]["units"] == 51
    assert sum(first["enrolment"]["counts"].values()) == 51
    kept = read_settings(tmp_path / "one" / "egov.toml")
    assert kept.storage == f"sqlite:///{tmp_path}/one/county.db"
    assert run("verify", "--config", str(tmp_path / "one" / "egov.toml")).exit_code == 0


def test_demo_keeps_its_data_in_a_database_of_ones_own_only_when_it_is_empty(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    keep = tmp_path / "kept"
    result = run(*FEW, "--seed", "3", "--storage", url, "--keep", str(keep))
    assert result.exit_code == 0, result.output
    assert not (keep / "county.db").exists()
    assert read_settings(keep / "egov.toml").storage == url
    assert (keep / "egov.toml").stat().st_mode & 0o077 == 0
    assert run("verify", "--config", str(keep / "egov.toml")).exit_code == 0
    plain = run(*FEW, "--seed", "3")
    assert json_of(plain)["heads"] == json_of(result)["heads"]
    other = run(*FEW, "--seed", "4")
    assert json_of(other)["heads"] != json_of(plain)["heads"]
    again = run(*FEW, "--storage", url)
    assert again.exit_code == 1
    assert "already holds rows of area 990121" in again.stderr
    assert "empty database" in again.stderr


def test_nothing_invented_is_written_beside_a_real_county(tmp_path: Path) -> None:
    begun = ("--area", "990199", "--name", "演示县", "--head", "P01=甲某", "--clerk", "P02=乙某", "--clerk", "P03=丙某")
    assert run("init", str(tmp_path / "county"), *begun).exit_code == 0
    file = tmp_path / "county" / "county.db"

    def rows() -> list[str]:
        with closing(sqlite3.connect(file)) as connection:
            return list(connection.iterdump())

    before = rows()
    copy = tmp_path / "kept" / "county.db.old"
    copy.parent.mkdir()
    copy.write_bytes(b"a copy")
    refused = run(*FEW, "--storage", f"sqlite:///{file}", "--keep", str(copy.parent))
    assert refused.exit_code == 1
    assert "already holds rows of area 990199" in refused.stderr
    assert rows() == before
    assert list(copy.parent.iterdir()) == [copy], "what the folder held before stays, and nothing else"


def test_demo_says_at_once_when_a_database_cannot_be_used() -> None:
    unknown = run("demo", "--check", "--storage", "oracle://clerk:geheim@h/county")
    assert unknown.exit_code == 1
    assert "no storage backend knows 'oracle://clerk:***@h/county'" in unknown.stderr
    assert "pip install ./plugins/egov-storage-postgresql" in unknown.stderr
    boardless = run("demo", "--check", "--storage", "memory:")
    assert boardless.exit_code == 1
    assert "does not answer BoardQuery" in boardless.stderr


PLUGIN = """
from egov_core import hookimpl
from egov_core.ports.checks import Finding

egov_api = "1.0"
egov_items = ("{item}",)


@hookimpl
def egov_check_application(application):
    {answer}
"""
REFUSES = 'return [Finding(field="form.purpose", message="请填写用途。"), Finding(field="form.x", message="请填写。")]'


@pytest.mark.parametrize(
    ("answer", "refused", "counted"),
    [
        (REFUSES, {"hook-refused": 5}, {"calls": 5, "findings": 10, "refusals": 5, "failures": 0}),
        ("raise ValueError", {"plugin": 3, "plugin-quarantined": 2}, {"calls": 3, "findings": 0, "refusals": 0}),
    ],
)
def test_demo_asks_plugins_and_goes_on_when_one_refuses_or_fails(
    tmp_path: Path, answer: str, refused: dict[str, int], counted: dict[str, int]
) -> None:
    sheet, folder, keep = tmp_path / "items.csv", tmp_path / "plugins.d", tmp_path / "kept"
    sheet.write_text(f"{HEADER}1,甲,民政局,20个工作日,10个工作日\n", encoding="utf-8")
    folder.mkdir()
    (folder / "civil_affairs.py").write_text(PLUGIN.format(item="甲", answer=answer), encoding="utf-8")
    (folder / "idle.py").write_text(PLUGIN.format(item="乙", answer="return []"), encoding="utf-8")
    options = ("--check", "--cases", "5", "--today", "2024-11-20", "--catalogue", str(sheet))
    result = run("demo", *options, "--plugins-dir", str(folder), "--keep", str(keep))
    told = json_of(result)
    assert (told["verify"], told["cases"], told["behaviours"], told["refused"]) == ("ok", 0, {}, refused)
    assert (result.exit_code, told["not_filed"]["cases"]) == (1, 5), "nothing that was planned was filed"
    assert "5 application(s) that were planned could not be filed" in result.stderr
    assert all(one["reason"] in result.stderr for one in told["not_filed"]["reasons"])
    assert sum(one["cases"] for one in told["not_filed"]["reasons"]) == 5
    assert [one["plugin"] for one in told["quarantined"]] == (["civil-affairs"] if "plugin" in refused else [])
    assert told["plugins"]["civil-affairs"] == {**told["plugins"]["civil-affairs"], **counted}
    assert "idle" not in told["plugins"]
    kept = read_settings(keep / "egov.toml")
    assert (kept.plugins, kept.plugins_dir) == (True, str(folder))
    listed = json_of(run("plugins", "doctor", "--config", str(keep / "egov.toml"), "--json"))["plugins"]
    assert {one["name"]: one["quarantined"] for one in listed}["civil-affairs"] is ("plugin" in refused)


NOWHERE = """
from egov_core import hookimpl

egov_api = "1.0"


class Cut:
    name = "cut"

    def send(self, envelope):
        raise ValueError("the line is cut")


@hookimpl
def egov_forwarding_adapter(target):
    return Cut()
"""


def test_demo_counts_as_forwarded_only_what_was_received(tmp_path: Path) -> None:
    (tmp_path / "cut.py").write_text(NOWHERE, encoding="utf-8")
    told = json_of(
        run("demo", "--check", "--cases", "40", "--today", "2024-11-20", "--seed", "3", "--plugins-dir", str(tmp_path))
    )
    assert told["forwarded"] == told["forwarding"]["delivered"] == 0
    forwarding = told["forwarding"]
    assert forwarding["waiting"] == told["checked"]["referrals"] > 0, "what a quarantine holds up is not given up"
    assert [one["plugin"] for one in told["quarantined"]] == ["cut"]


def test_a_number_that_cannot_be_is_told_when_the_demo_ends(tmp_path: Path) -> None:
    numbers = "from egov_core import hookimpl\nfrom egov_core.ports.numbering import Numbering\n\negov_api = '1.0'\n"
    numbers += (
        "\n\n@hookimpl(tryfirst=True)\ndef egov_case_number(request):\n    return Numbering(prefix='x-', digits=-1)\n"
    )
    (tmp_path / "numbers.py").write_text(numbers, encoding="utf-8")
    result = run("demo", "--check", "--cases", "8", "--today", "2024-11-20", "--plugins-dir", str(tmp_path))
    assert result.exit_code == 1
    assert "8 application(s) that were planned could not be filed: 3 × plugin numbers failed" in result.stderr
    assert "-1 digits" in result.stderr
    assert "--no-plugins" in result.stderr
    assert json_of(result)["behaviours"] == {}


def test_a_demo_that_the_system_stops_ends_without_an_error() -> None:
    program = "from egov_core.cli import main; main()"
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", program, "demo", "--cases", "1", "--no-plugins", "--port", port],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as demo:
        assert demo.stdout is not None
        told = iter(demo.stdout.readline, "")
        lines = []
        for line in told:
            lines.append(line)
            if "Ctrl+C ends it" in line:
                break
        page = f"http://127.0.0.1:{port}/supervision/campaigns   51 units, 5 to review, 2 overdue\n"
        assert any(line.endswith(page) for line in lines), "".join(lines)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                    break
            time.sleep(0.05)
        demo.terminate()
        _, errors = demo.communicate(timeout=30)
    assert demo.returncode == 128 + signal.SIGTERM
    assert "error" not in errors


def test_demo_without_plugins_asks_none_and_says_so_in_its_settings(tmp_path: Path) -> None:
    assert json_of(run(*FEW, "--keep", str(tmp_path / "kept")))["plugins"] == {}
    assert read_settings(tmp_path / "kept" / "egov.toml").plugins is False
    both = run(*FEW, "--plugins-dir", str(tmp_path))
    assert both.exit_code == 2
    assert "contradict" in both.stderr
    nowhere = run("demo", "--check", "--plugins-dir", str(tmp_path / "none"), "--keep", str(tmp_path / "other"))
    assert nowhere.exit_code == 1
    assert "there is no folder" in nowhere.stderr
    assert not list((tmp_path / "other").iterdir())


def test_demo_on_a_catalogue_shows_items_and_faults(tmp_path: Path) -> None:
    sheet = tmp_path / "items.csv"
    rows = "1,甲,民政局,20个工作日,10个工作日\n2,乙,民政局,,\n3,丙,教育局,十五日,\n"
    sheet.write_text(HEADER + rows, encoding="utf-8")
    result = run(*FEW, "--catalogue", str(sheet))
    assert result.exit_code == 0, result.output
    told = json_of(result)
    in_error = {fault["row"] for fault in told["faults"] if fault["severity"] == "error"}
    assert told["items"] + len(in_error) == told["rows"] == 3
    assert all(set(fault) == {"row", "column", "severity", "code", "message"} for fault in told["faults"])
    (campaign,) = told["campaigns"]
    assert campaign["units"] == told["departments"] + 12, "the campaign asks the departments of the catalogue"
    assert campaign["counts"]["returned"] == 1


BAD = {
    "a missing column": b"row,item_name,department,statutory_limit\n1,a,b,c\n",
    "UTF-16 that was cut": (HEADER + "1,甲,民政局,20个工作日,10个工作日\n").encode("utf-16")[:-1],
    "no rows": HEADER.encode(),
    "nothing": b"",
    "only rows in error": (HEADER + "1,甲,民政局,十五日,\n").encode(),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("check", [True, False])
def test_a_catalogue_that_cannot_be_used_is_refused_and_nothing_is_written(
    tmp_path: Path, what: str, *, check: bool
) -> None:
    sheet, keep = tmp_path / "items.csv", tmp_path / "kept" / "here"
    sheet.write_bytes(BAD[what])
    options = ["--check"] if check else ["--port", free_port()]  # a busy port is refused before the catalogue is read
    result = run("demo", *options, "--catalogue", str(sheet), "--keep", str(keep))
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stderr.count("error [catalogue]:") == 1
    assert result.stderr.count("what to do:") == 1
    assert str(sheet) in result.stderr
    assert not (tmp_path / "kept").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["items.csv"]


def test_a_catalogue_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("demo", "--check", "--catalogue", str(tmp_path / "none.csv"), "--keep", str(tmp_path / "kept"))
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("there", ["county.db", "egov.toml"])
def test_a_demonstration_never_writes_into_an_existing_office(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    result = run("demo", "--check", "--keep", str(tmp_path))
    assert result.exit_code == 1
    assert there in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in ("file", "file/below"):
        result = run("demo", "--check", "--keep", str(tmp_path / folder))
        assert result.exit_code == 1
        assert "cannot be made" in result.stderr
