"""`egov staff`: who, what and why, in both languages, and handing over."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.cli.staff.shown import ROLES
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.authority import Delegation, Grant, Role, Staffing
from egov_core.domain.authority.powers import SENTENCES
from egov_core.domain.people import SYSTEM, Person
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.server.sentences import HOLE, sentences
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, LICENCE, MONDAY, OTHER, SINCE
from egov_core.usecases.staff.appointing import appoint


def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["staff", *arguments], env={"LC_ALL": locale})


def json_of(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A small county on a file; the other bureau is entrusted with taking in licences."""
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    entrusted = Delegation(
        code="演委1号",
        organ=BUREAU,
        delegate=OTHER,
        items=frozenset({LICENCE}),
        basis=county.BASIS,
        announcement="演示公告1号",
        published_on=date(2024, 1, 1),
        valid_from=date(2024, 1, 1),
        valid_to=date(2025, 1, 1),
    )
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)) as office:
        second = Person(code="second", name="乙", organ=BUREAU, valid_from=SINCE)
        grant = Grant(person="second", role=Role.REVIEWER, organ=BUREAU, valid_from=SINCE, basis=county.BASIS)
        given = Staffing(people=(second,), grants=(grant,), delegations=(entrusted,))
        office.change(lambda services: appoint(services, given, actor=SYSTEM))
        county.accepted(office)
    return str(tmp_path / "egov.toml")


DAY = ("--day", "2024-06-17")


def test_who_names_everybody_with_the_chain(config: str) -> None:
    told = json_of("who", LICENCE, "--step", "acceptance", *DAY, "--config", config)
    assert (told["organ"], told["day"]) == (BUREAU, "2024-06-17")
    [act] = told["acts"]
    assert (act["role"], act["step"]) == ("intake", "acceptance")
    assert {one["person"]: one["under"] for one in act["people"]} == {"intake": [], "stranger": ["delegation 演委1号"]}
    stranger = next(one for one in act["people"] if one["person"] == "stranger")
    assert [link["kind"] for link in stranger["chain"]] == ["person", "grant", "delegation", "organ", "organ"]
    delegation = stranger["chain"][2]
    assert (delegation["basis"], delegation["document"], delegation["to"]) == (
        "《演示条例》第一条",
        "演示公告1号",
        "2025-01-01",
    )
    everything = json_of("who", LICENCE, *DAY, "--config", config)
    assert {(act["role"], act["step"]) for act in everything["acts"]} >= {
        ("approver", "conclusion"),
        ("head", "review"),
    }
    after = json_of("who", LICENCE, "--role", "受理", "--step", "acceptance", "--day", "2025-01-01", "--config", config)
    assert [one["person"] for one in after["acts"][0]["people"]] == ["intake"]


@pytest.mark.parametrize("asked", [("who", LICENCE), ("why", "intake", "intake", LICENCE)])
def test_a_step_that_is_not_there_is_refused_with_those_that_are(config: str, asked: tuple[str, ...]) -> None:
    refused = run(*asked, "--step", "bogus", *DAY, "--config", config, "--json")
    error = json.loads(refused.stdout)["error"]
    assert (refused.exit_code, error["code"]) == (1, "unknown")
    assert "bogus" in error["message"] and "acceptance, review, conclusion" in error["remedy"]


def test_what_lists_the_powers_of_a_day(config: str) -> None:
    told = json_of("what", "乙", *DAY, "--config", config)
    assert [(one["role"], one["organ"], one["items"], one["steps"]) for one in told["powers"]] == [
        ("reviewer", BUREAU, ["*"], ["*"])
    ]
    assert json_of("what", "retired", *DAY, "--config", config)["powers"] == []
    assert "没有任何权限" in run("what", "retired", *DAY, "--config", config, locale="zh_CN.UTF-8").output
    refused = run("what", "谁", *DAY, "--config", config, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["code"]) == (1, "unknown")


def test_why_says_the_chain_or_everything_that_fails(config: str) -> None:
    yes = json_of("why", "stranger", "intake", LICENCE, *DAY, "--config", config)
    assert yes["permitted"] and yes["power"]["organ"] == BUREAU and yes["tried"] == []
    no = json_of("why", "stranger", "approver", LICENCE, "--day", "2025-02-01", "--config", config)
    assert not no["permitted"] and "grant stranger" in no["needed"]
    codes = [{gap["code"] for gap in one["gaps"]} for one in no["tried"]]
    assert {"delegation-role", "ended"} in codes
    said = run("why", "stranger", "批准", LICENCE, *DAY, "--config", config, locale="zh_CN.UTF-8").output
    assert "不可以" in said and "委托 演委1号：未委托批准，只委托受理" in said
    english = run("why", "stranger", "intake", LICENCE, *DAY, "--config", config).output
    assert "permitted" in english and f"in the name of {BUREAU}" in english


def test_work_is_listed_and_handed_over_only_when_asked_to(config: str) -> None:
    [case] = json_of("work", "intake", "--config", config)["work"]
    assert (case["by"], case["next"]) == ("intake", [{"step": "review", "role": "reviewer"}])
    shown = json_of("hand-over", "intake", "second", "--reason", "调离", "--config", config)
    assert (shown["applied"], [one["number"] for one in shown["work"]]) == (False, [case["number"]])
    assert json_of("work", "second", "--config", config)["work"] == []
    assert json_of("hand-over", "intake", "second", "--reason", "调离", "--apply", "--config", config)["applied"]
    assert [one["handed"] for one in json_of("work", "second", "--config", config)["work"]] == [True]
    refused = run("hand-over", "second", "stranger", "--reason", "调离", "--apply", "--config", config, "--json")
    assert refused.exit_code == 1
    assert [fault["code"] for fault in json.loads(refused.stdout)["error"]["faults"]] == ["no-authority"]
    verified = CliRunner().invoke(main, ["verify", "--config", config, "--json"])
    assert json.loads(verified.stdout)["verify"] == "ok"


@pytest.mark.parametrize(("by", "recorded"), [("", "system"), ("head", "head")])
def test_the_chain_names_who_decided_the_hand_over(config: str, by: str, recorded: str) -> None:
    who = ("--by", by) if by else ()
    arguments = ("hand-over", "intake", "second", "--reason", "调离", "--apply", "--config", config)
    assert json_of(*arguments, *who)["applied"]
    with open_office(read_settings(config)) as office:
        assert office.storage.events(office.area, "person:intake")[-1].actor == recorded


@pytest.mark.parametrize(
    ("by", "code"), [("retired", "no-authority"), ("approver", "no-authority"), ("nobody", "unknown")]
)
def test_nobody_decides_who_is_not_in_office_or_gives_out_no_work(config: str, by: str, code: str) -> None:
    for arguments in (("--apply",), ()):
        refused = run(
            "hand-over", "intake", "second", "--reason", "调离", *arguments, "--by", by, "--config", config, "--json"
        )
        error = json.loads(refused.stdout)["error"]
        assert (refused.exit_code, error["code"], bool(error["remedy"])) == (1, code, True)
    assert json_of("work", "second", "--config", config)["work"] == []


def test_every_condition_is_said_in_chinese_too() -> None:
    known = {one.english for one in sentences().patterns}
    assert {re.sub(r"{\w+}", HOLE, text) for text in SENTENCES.values()} <= known
    assert set(ROLES.values()) == set(Role)
