"""`egov catalogue`: shapes of JSON, exit statuses, and the life of an item from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_population, demo_settings, found_office, write_settings
from egov_core.domain.periods import parse_limit
from egov_core.errors import SettingsError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.settings import read_settings


def run(*arguments: str, lang: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["catalogue", *arguments], env={"LC_ALL": lang})


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented county, founded now, and nothing filed."""
    folder = tmp_path_factory.mktemp("county")
    settings = demo_settings(str(folder / "county.db"))
    write_settings(settings, folder / "egov.toml", "county.db")
    with open_office(settings, clock=SystemClock()) as office:
        found_office(office, demo_population())
    return folder


@pytest.fixture
def config(founded: Path, tmp_path: Path) -> str:
    """A copy that a test may write to."""
    for file in founded.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return str(tmp_path / "egov.toml")


CLERKS = [one.person for one in demo_population().grants if one.role.name == "CLERK_OF_CATALOGUE"]
ONE, TWO = CLERKS
CODE = "sx2028"


def today() -> str:
    return SystemClock().now().date().isoformat()


def act(*arguments: str, config: str, by: str) -> Result:
    return run(*arguments, "--config", config, "--by", by, "--json")


def test_a_version_is_drafted_returned_and_published(config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"name": "企业投资项目核准（县级）", "guide": {"visits": 0}}), encoding="utf-8")

    drafted = json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))
    assert (drafted["state"], drafted["happened"]) == ("in-use", ["item-drafted"])
    assert drafted["draft"] == {"version": 2, "state": "draft", "hands": [ONE], "reason": ""}
    early = json_of(act("publish", CODE, config=config, by=TWO))["error"]
    assert early["message"] == f"item {CODE} cannot be published now: its draft has not been handed in for review"
    assert f"egov catalogue submit {CODE} --by PERSON --config {config}" in early["remedy"]
    assert act("submit", CODE, config=config, by=ONE).exit_code == 0

    own = act("publish", CODE, config=config, by=ONE)
    assert (own.exit_code, json_of(own)["error"]["code"]) == (1, "law")
    returned = json_of(act("return", CODE, "--reason", "到场次数有误", config=config, by=TWO))
    assert (returned["draft"]["state"], returned["draft"]["reason"]) == ("returned", "到场次数有误")

    file.write_text(json.dumps({"guide": {"visits": 1}}), encoding="utf-8")
    act("draft", CODE, "--file", str(file), config=config, by=ONE)
    act("submit", CODE, config=config, by=ONE)
    published = json_of(act("publish", CODE, config=config, by=TWO))
    assert published["happened"] == ["draft-published", "item-published"]
    assert [(one["version"], one["name"]) for one in published["versions"]] == [
        (1, "企业投资项目核准"),
        (2, "企业投资项目核准（县级）"),
    ]
    history = json_of(run("history", CODE, "--config", config, "--json"))
    assert [one["type"] for one in history["events"]] == [
        "item-published",
        "item-drafted",
        "item-submitted",
        "item-returned",
        "item-drafted",
        "item-submitted",
        "draft-published",
        "item-published",
    ]
    verified = CliRunner().invoke(main, ["verify", "--config", config, "--json"])
    assert json_of(verified)["violations"] == []


def test_a_file_that_is_not_there_is_a_matter_of_its_name(config: str, tmp_path: Path) -> None:
    told = json_of(act("draft", CODE, "--file", str(tmp_path / "nofile.json"), config=config, by=ONE))["error"]
    assert "nofile.json" in told["message"] and told["remedy"] == "check the name and the folder"


def test_an_item_is_suspended_resumed_and_withdrawn_by_two_persons(config: str) -> None:
    two = ("--reason", "系统改造", "--prepared-by", ONE)
    assert json_of(act("suspend", CODE, *two, config=config, by=TWO))["state"] == "suspended"
    assert json_of(act("resume", CODE, *two, config=config, by=TWO))["state"] == "in-use"
    into = ("--into", "sx2035", "--as", "merge", "--basis", "云政发〔2026〕1号（演示）")
    gone = json_of(act("withdraw", CODE, *two, *into, config=config, by=TWO))
    assert (gone["state"], gone["successors"]) == ("withdrawn", ["sx2035"])
    told = run("history", CODE, "--config", config, lang="zh_CN.UTF-8").stdout
    assert "取消" in told
    assert "承接事项 sx2035" in told
    again = act("suspend", CODE, *two, config=config, by=TWO)
    assert (again.exit_code, json_of(again)["error"]["code"]) == (1, "item-state")


def test_a_succession_is_said_whole(config: str) -> None:
    told = act("withdraw", CODE, "--reason", "合并", "--prepared-by", ONE, "--into", "sx2035", config=config, by=TWO)
    assert {one["path"] for one in json_of(told)["error"]["faults"]} == {"--as", "--basis"}


def test_the_yearly_look_is_written_down(config: str) -> None:
    told = json_of(act("review", CODE, "--note", "逐项核对", config=config, by=ONE))
    assert [one["note"] for one in told["reviews"]] == ["逐项核对"]


def test_everything_wrong_with_a_draft_is_said_with_its_path(config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(
        json.dumps({"nam": "x", "version": 9, "statutory": 5, "materials": [{"code": "m"}], "guide": {"visits": "1"}}),
        encoding="utf-8",
    )
    told = json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))["error"]
    assert {one["path"] for one in told["faults"]} == {
        "$.nam",
        "$.version",
        "$.statutory",
        "$.materials[0].name",
        "$.guide.visits",
    }
    new = json_of(act("draft", "sx9999", config=config, by=ONE))["error"]
    assert {one["path"] for one in new["faults"]} == {
        f"$.{name}" for name in ("name", "organ", "power_class", "case_type", "statutory", "valid_from")
    }


@pytest.mark.parametrize("begins", ["2020-01-01", "2026-01-01"])
def test_a_draft_that_is_dated_back_is_refused_and_not_moved(begins: str, config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"valid_from": begins, "guide": {"visits": "1"}}), encoding="utf-8")
    refused = json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))["error"]
    told = {one["path"]: one["message"] for one in refused["faults"]}
    assert told["$.valid_from"].startswith(f"{begins} is past: no draft is dated back; give 20"), refused
    assert len(told) > 1, "everything wrong is said at once"
    assert act("submit", CODE, config=config, by=ONE).exit_code == 1, "nothing is drafted"

    file.write_text(json.dumps({"valid_from": today()}), encoding="utf-8")
    assert json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))["draft"]["state"] == "draft"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("7个工作日", "7wd"), ("７个工作日", "7wd"), ("20个自然日", "20d"), ("即办", "immediate"), ("7wd", "7wd")],
)
def test_a_limit_may_be_written_as_an_office_writes_it(written: str, meant: str, config: str, tmp_path: Path) -> None:
    basis = {"instrument": "县政务服务承诺（演示）"}
    file = tmp_path / "draft.json"
    for limit in (written, {"limit": written, "basis": basis}):
        file.write_text(json.dumps({"promised": limit}), encoding="utf-8")
        assert act("draft", CODE, "--file", str(file), config=config, by=ONE).exit_code == 0
        with open_office(read_settings(config), read_only=True) as office:
            draft = office.life_of(CODE).draft
        assert draft is not None and draft.item.promised is not None
        assert draft.item.promised == parse_limit(meant, basis=draft.item.promised.basis)
        assert (draft.item.promised.basis.instrument == basis["instrument"]) is isinstance(limit, dict)


def test_a_limit_that_does_not_say_which_days_is_refused(config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"promised": "20日", "statutory": {"limit": "20天"}}), encoding="utf-8")
    told = json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))["error"]
    assert [one["path"] for one in told["faults"]] == ["$.promised", "$.statutory"]
    assert all("does not say which days" in one["message"] for one in told["faults"])
    assert "docs/" not in told["remedy"], "an installation has no docs"
    said = run("draft", CODE, "--file", str(file), "--config", config, "--by", ONE, lang="zh_CN.UTF-8").stderr
    assert "20个工作日" in said and "does not" not in said


def test_a_mark_in_front_of_utf_8_changes_nothing_and_utf_16_is_named(config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"promised": "7wd"}), encoding="utf-8-sig")
    assert act("draft", CODE, "--file", str(file), config=config, by=ONE).exit_code == 0
    file.write_text(json.dumps({"name": "取水"}, ensure_ascii=False), encoding="utf-16")
    refused = json_of(act("draft", CODE, "--file", str(file), config=config, by=ONE))["error"]
    assert refused["message"] == "the body is UTF-16 and not UTF-8"


def test_the_same_draft_twice_by_the_same_person_is_one_event(config: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"promised": "7wd"}), encoding="utf-8")
    asked = ("draft", CODE, "--file", str(file))
    assert json_of(act(*asked, config=config, by=ONE))["happened"] == ["item-drafted"]
    again = json_of(act(*asked, config=config, by=ONE))
    assert again["happened"] == [] and again["draft"]["state"] == "draft"
    assert again["findings"] == json_of(act(*asked, config=config, by=ONE))["findings"]
    said = run(*asked, "--config", config, "--by", ONE, lang="zh_CN.UTF-8").stdout
    assert said.startswith("草稿原来就是这样，什么也没有写入")
    # another person takes a hand in it, who then may not publish it
    other = json_of(act(*asked, config=config, by=TWO))
    assert other["happened"] == ["item-drafted"] and other["draft"]["hands"] == [ONE, TWO]
    events = json_of(run("history", CODE, "--config", config, "--json"))["events"]
    assert [one["type"] for one in events].count("item-drafted") == 2


@pytest.mark.parametrize("code", ["sx 9", "ｓｘ9", "sx\u200b9"])
def test_a_new_item_has_a_code_that_can_be_typed_again(code: str, config: str, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    new = {"name": "新事项", "organ": "jg102", "power_class": "公共服务", "case_type": "承诺件", "statutory": "20wd"}
    file.write_text(json.dumps({**new, "valid_from": today()}), encoding="utf-8")
    told = json_of(act("draft", code, "--file", str(file), config=config, by=ONE))["error"]
    assert [(one["path"], one["code"]) for one in told["faults"]] == [("$.code", "code-form")]


def test_a_new_item_is_drafted_from_a_file_alone(config: str, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    basis = {"instrument": "《演示条例》", "article": "第二条"}
    new = {
        "name": "新事项",
        "organ": "jg102",
        "power_class": "公共服务",
        "case_type": "承诺件",
        "statutory": {"limit": "20wd", "basis": basis},
        "promised": "5wd",
        "valid_from": today(),
        "basis": [basis],
        "materials": [{"code": "m1", "name": "申请表", "basis": basis}],
    }
    file.write_text(json.dumps(new), encoding="utf-8")
    told = json_of(act("draft", "sx9999", "--file", str(file), config=config, by=ONE))
    assert (told["state"], told["draft"]["version"]) == (None, 1)
    assert {one["code"] for one in told["findings"]} >= {"missing-place", "missing-flow"}
    refused = act("submit", "sx9999", config=config, by=ONE)
    assert refused.exit_code == 1
    assert "missing-place" in {one["code"] for one in json_of(refused)["error"]["faults"]}


def test_the_check_up_of_the_invented_county(config: str) -> None:
    result = run("checkup", "--config", config, "--json")
    told = json_of(result)
    assert result.exit_code == 0, "nothing is an error in it"
    assert {one["severity"] for one in told["findings"]} == {"warning", "info"}
    assert told["total"]["items"] == len(told["total"]["codes"]["items"]) == 205
    assert len(told["departments"]) == 39
    chinese = run("checkup", "--config", config, "--organ", "jg102", lang="zh_CN.UTF-8").stdout
    assert chinese.startswith("事项体检")
    assert "怎么办" in chinese
    assert "警告 [material-without-basis]" in chinese


def test_an_error_in_the_catalogue_is_told_by_the_exit_status(config: str) -> None:
    text = Path(config).read_text(encoding="utf-8")
    Path(config).write_text(f'{text}\n[catalogue.lints]\nmaterial-without-basis = "error"\n', encoding="utf-8")
    assert run("checkup", "--config", config, "--json").exit_code == 1
    Path(config).write_text(f'{text}\n[catalogue.lints]\nmaterial-without-bases = "fatal"\n', encoding="utf-8")
    told = json_of(run("checkup", "--config", config, "--json"))["error"]
    assert [one["code"] for one in told["data"]["faults"]] == ["unknown", "severity"]
    assert "did you mean material-without-basis?" in told["message"]


# --- code lists -------------------------------------------------------------------------------------------------------


def test_code_lists_are_looked_up_and_mapped() -> None:
    lists = json_of(run("codes", "--json"))["lists"]
    assert {"list": "case-type", "version": "hunan-old", "name": "办件类型", "source": "湖南省政务服务事项库"} in lists
    old = json_of(run("codes", "case-type", "--version", "hunan-old", "--of", "2", "--to", "gbt-39046-2020", "--json"))
    assert old["entries"] == [
        {"code": "2", "name": "上报件", "note": "", "to_code": "9", "to_name": "其他", "lost": "标准没有上报件"}
    ]
    refused = run("codes", "case-type", "--version", "hunan-old", "--of", "3", "--to", "hunan-new", "--json")
    assert "no counterpart" in json_of(refused)["error"]["message"]
    assert "several versions" in json_of(run("codes", "case-type", "--json"))["error"]["message"]
    assert "丢失" in run("codes", "audience", "--version", "c0109", "--to", "gbt-39046-2020", lang="zh_CN.UTF-8").stdout


def test_a_place_has_lists_and_areas_of_its_own(config: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'list = "village-mode"\nversion = "1"\nname = "村级办理方式"\nsource = { instrument = "县政务办（演示）" }\n'
        '[[entry]]\ncode = "1"\nname = "代办"\n',
        encoding="utf-8",
    )
    (tmp_path / "areas.toml").write_text(
        '[[area]]\ncode = "990121200"\nname = "旧乡"\nvalid-from = 2010-01-01\nvalid-to = 2016-01-01\n'
        'successors = ["990121101"]\n[[area]]\ncode = "990121101"\nname = "新镇"\nvalid-from = 2016-01-01\n',
        encoding="utf-8",
    )
    text = Path(config).read_text(encoding="utf-8")
    own = text.replace("[catalogue]", '[catalogue]\ncode-lists = ["own.toml"]')
    Path(config).write_text(own, encoding="utf-8")

    assert json_of(run("codes", "village-mode", "--config", config, "--json"))["entries"][0]["name"] == "代办"
    area = ("codes", "area", "--of", "990121200", "--config", config, "--json")
    assert json_of(run(*area, "--on", "2015-12-31"))["areas"][0]["name"] == "旧乡"
    refused = json_of(run(*area, "--on", "2016-01-01"))["error"]
    assert "retired since 2016-01-01" in refused["message"]
    assert "新镇 (990121101)" in refused["remedy"]


def test_the_invented_county_knows_its_retired_codes(config: str) -> None:
    now = json_of(run("codes", "area", "--config", config, "--json"))["areas"]
    assert len(now) == 13
    old = ("codes", "area", "--of", "990121290", "--config", config, "--json")
    assert json_of(run(*old, "--on", "2015-11-30"))["areas"][0]["name"] == "枫岭乡"
    assert json_of(run(*old))["error"]["code"] == "unknown"


def test_settings_of_a_catalogue_that_cannot_be_are_said_at_once() -> None:
    settings = attrs.evolve(demo_settings("x"), storage="memory:", item_codes="mine", item_lints={"unreviewd": "error"})
    with pytest.raises(SettingsError, match="item-codes") as refused:
        open_office(settings)
    assert "did you mean unreviewed?" in str(refused.value)
