"""`egov catalogue search`: found and why, as lines and as JSON; nothing found is no failure."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core import open_office
from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.catalogue import Guide
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY


def run(*arguments: str, lang: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["catalogue", "search", *arguments], env={"LC_ALL": lang})


@pytest.fixture
def found(tmp_path: Path) -> tuple[str, str, str]:
    """The settings of a small county, and the code and the name of one of its items."""
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)) as office:
        item = next(iter(office.catalogue.items.values()))[-1]
    return str(tmp_path / "egov.toml"), item.code, item.name


def test_an_item_is_a_line(found: tuple[str, str, str]) -> None:
    config, code, name = found
    told = run(name, "--config", config)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[0].startswith(f"{code}  {name}  ")


def test_programs_are_told_why(found: tuple[str, str, str]) -> None:
    config, code, name = found
    told = run(name, "--config", config, "--limit", "1", "--json")
    answer = json.loads(told.stdout)
    assert (answer["q"], [hit["code"] for hit in answer["hits"]], answer["nearest"]) == (name, [code], [])
    assert answer["hits"][0]["found"][0]["field"] == "name"


def test_nothing_found_is_said_and_no_failure(found: tuple[str, str, str]) -> None:
    told = run("量子纠缠望远镜", "--config", found[0])
    assert (told.exit_code, told.stdout) == (0, "nothing was found for '量子纠缠望远镜'\n")
    assert "没有找到" in run("量子纠缠望远镜", "--config", found[0], lang="zh_CN.UTF-8").stdout


def test_what_cannot_be_asked_is_refused(found: tuple[str, str, str], tmp_path: Path) -> None:
    assert run("许可", "--config", found[0], "--limit", "0").exit_code == 2
    refused = run("许可", "--config", str(tmp_path / "none.toml"), "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["remedy"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_county_with_hardly_any_item_is_searched(tmp_path: Path, count: int) -> None:
    """A new county has no item at first: every search of it is answered, and one item is found among one or two."""
    begun = ("--area", AREA, "--name", "演示县", "--head", "P1=甲某", "--clerk", "P2=乙某", "--clerk", "P3=丙某")
    told = CliRunner().invoke(main, ["init", str(tmp_path / "county"), *begun], env={"LC_ALL": "C.UTF-8"})
    assert told.exit_code == 0, told.output
    config = str(tmp_path / "county" / "egov.toml")
    with open_office(read_settings(config)) as office:
        organ = Organ(code="D1", name="水利局", kind=OrganKind.DEPARTMENT, parent=AREA, valid_from=office.now().date())
        items = [
            attrs.evolve(county.item(f"i{number}"), name=name, organ="D1", valid_from=organ.valid_from)
            for number, name in enumerate(("取水许可", "林木采伐许可")[:count])
        ]
        office.establish(organs=[organ], items=items)
    for text in ("取水", "取", "a", "水利局", "想在河边打井取水要办什么", "许可"):
        answered = run(text, "--config", config, "--json")
        assert answered.exit_code == 0, answered.output
        assert len(json.loads(answered.stdout)["hits"]) <= count
        for language in ("C.UTF-8", "zh_CN.UTF-8"):
            assert run(text, "--config", config, lang=language).exit_code == 0
    hits = json.loads(run("取水", "--config", config, "--json").stdout)["hits"]
    assert [hit["name"] for hit in hits] == ["取水许可"][:count]


def test_items_of_one_name_are_told_apart_by_their_sub_items(tmp_path: Path) -> None:
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)) as office:
        pair = [
            attrs.evolve(county.item(code), name="婚姻登记", guide=Guide(subitem=part))
            for code, part in (("i-1", "离婚"), ("i-2", "结婚"))
        ]
        office.establish(items=pair)
    config = str(tmp_path / "egov.toml")
    for text, code in (("结婚", "i-2"), ("离婚", "i-1"), ("婚姻登记结婚", "i-2")):
        first = run(text, "--config", config).stdout.splitlines()[0]
        assert first.startswith(f"{code}  婚姻登记（{text[-2:]}）  ")
    hit = json.loads(run("结婚", "--config", config, "--json").stdout)["hits"][0]
    assert (hit["name"], hit["subitem"]) == ("婚姻登记", "结婚")
