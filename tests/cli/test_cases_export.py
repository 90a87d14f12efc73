"""`egov cases export`: who may, what is said, what the chain keeps; and in again by `egov cases import`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Person
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, OTHER, SINCE
from egov_core.usecases.takeover.giving_out import GIVEN_OUT_STREAM

NOON = datetime(2024, 6, 17, 12, tzinfo=CHINA)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cases", *arguments], env={"LC_ALL": "C.UTF-8"})


def told(*arguments: str, code: int = 0) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def founded(folder: Path) -> str:
    folder.mkdir()
    write_settings(attrs.evolve(demo_settings(""), area=AREA), folder / "egov.toml", "county.db")
    with open_office(read_settings(folder / "egov.toml")) as office:
        county.found(office)
    return str(folder / "egov.toml")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small county on a file with two open cases and one decided against, at noon."""
    clock = ManualClock(county.MONDAY)
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: clock.now())
    config = founded(tmp_path / "here")
    with open_office(read_settings(config), clock=clock) as office:
        county.submit(office)
        county.reviewed(office)
        office.do(
            c.Reject(case_id=county.reviewed(office).case_id, document="演不许1号", reason="不符合条件"),
            actor=county.staff("approver"),
        )
        clock.move_to(NOON)
    return config


def with_mayor(config: str) -> None:
    with open_office(read_settings(config)) as office:
        office.establish(
            people=[Person(code="mayor", name="县长", organ=COUNTY, valid_from=SINCE)],
            grants=[Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)],
        )


def test_what_is_given_out_is_taken_in_and_given_out_the_same(config: str, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    shown = told("export", str(first), "--config", config, "--prefix", "旧-")
    assert (shown["cases"], shown["left_out"], shown["faults"]) == (2, 1, [])
    assert [one["code"] for one in shown["unsaid"]] == ["rejected"]
    other = founded(tmp_path / "there")
    cut_over = ("--cut-over", "2024-06-17 11:00", "--config", other)
    taken = told("import", str(first), *cut_over, "--apply")
    assert (taken["written"], taken["faults"]) == (2, [])
    again = told("export", str(second), "--config", other)
    assert first.read_bytes() == second.read_bytes() and again["digest"] == shown["digest"]


def test_no_personal_value_is_shown_and_the_chain_keeps_that_it_left(config: str, tmp_path: Path) -> None:
    result = run("export", str(tmp_path / "a.csv"), "--config", config)
    assert result.exit_code == 0 and "2 open cases, 1 left out" in result.stdout
    assert county.NAME not in result.output and county.ID_NUMBER not in result.output
    assert county.NAME in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    with open_office(read_settings(config)) as office:
        (event,) = office.storage.events(AREA, GIVEN_OUT_STREAM)
        said = json.loads(event.payload)["data"]
        assert (said["cases"], event.actor) == (2, "system") and len(said["digest"]) == 64
        assert office.verify().ok


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ((), False),
        (("--by", "head"), False),
        (("--by", "retired"), False),
        (("--by", "reviewer", "--organ", BUREAU), False),
        (("--by", "head", "--organ", OTHER), False),
        (("--by", "head", "--organ", BUREAU), True),
        (("--by", "mayor", "--organ", OTHER), True),
        (("--by", "mayor"), True),
    ],
)
def test_who_may_decide_that_the_cases_leave(config: str, tmp_path: Path, more: tuple[str, ...], may: bool) -> None:
    with_mayor(config)
    file = tmp_path / "a.csv"
    shown = told("export", str(file), "--config", config, *more, code=0 if may else 1)
    assert file.exists() is may
    if not may:
        assert shown["error"]["code"] == "no-authority"
    with open_office(read_settings(config)) as office:
        assert len(office.storage.events(AREA, GIVEN_OUT_STREAM)) == may


def test_a_file_that_is_there_is_kept(config: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    assert "is there already" in run("export", str(file), "--config", config).stderr
    assert run("export", str(file), "--config", config, "--force").exit_code == 0
    assert run("export", str(tmp_path / "a.pdf"), "--config", config).exit_code == 1
    assert told("export", str(tmp_path / "b.csv"), "--config", config, "--organ", "nobody", code=1)["error"]


def test_the_own_export_is_not_taken_in_again_under_any_number(config: str, tmp_path: Path) -> None:
    """The cases are those of this office: a prefix would make each of them two."""
    for file, prefix in (("own.xlsx", ""), ("renamed.xlsx", "旧-")):
        told("export", str(tmp_path / file), "--config", config, "--prefix", prefix)
        asked = ("import", str(tmp_path / file), "--cut-over", "2024-06-17 11:00", "--config", config)
        for more in ((), ("--apply",)):
            faults = told(*asked, *more, code=1)["faults"]
            assert [one["code"] for one in faults] == ["already-here"] * 2
            assert all("prefix" not in one["remedy"] for one in faults)
    with open_office(read_settings(config), read_only=True) as office:
        assert office.storage.counts(AREA)["cases"] == 3
