"""`egov explain deadline` knows every kind of timer: of the law, of a service standard, of a place's own file."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from egov_core.cli import main
from egov_core.domain.cases import commands as c
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY

SETTINGS = f"""[county]
area = "{AREA}"
[storage]
url = "sqlite:///county.db"
[time]
timer-kinds = ["kinds.toml"]
[time.service-limits]
licence = "3wd"
[plugins]
discover = false
loopback = true
"""
OWN = """[[kind]]
code = "site-visit"
name = "现场核验"
name-en = "site inspection"
starts-on = ["accepted"]
stops-on = ["reviewed", "withdrawn"]
limit = "2wd"
basis = { instrument = "《演示规程》", article = "第三条" }
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An office with a case that was granted after a hearing had been offered, and one that nobody looked at."""
    folder = tmp_path_factory.mktemp("county")
    (folder / "egov.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "kinds.toml").write_text(OWN, encoding="utf-8")
    clock = ManualClock(MONDAY)
    settings = read_settings(folder / "egov.toml")
    with county.found(open_office(settings, clock=clock, ids=SeededIds(1))) as office:
        case_id = county.accepted(office).case_id
        county.submit(office)
        clock.advance(timedelta(days=4))
        reviewer = county.staff("reviewer")
        office.do(c.OfferHearing(case_id=case_id, notice="听告1号"), actor=reviewer)
        county.review(office, case_id)
        county.approve(office, case_id)
        clock.advance(timedelta(days=30))
        office.sweep()
    return str(folder / "egov.toml")


def explained(config: str, *asked: str) -> dict[str, Any]:
    told = CliRunner().invoke(main, ["explain", *asked, "--config", config, "--json"], env={"LC_ALL": "C.UTF-8"})
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


NUMBER, SILENT = (f"{AREA}-bureau-2024-{n:05d}" for n in (1, 2))


def test_every_timer_of_a_case_is_explained_whatever_its_kind(config: str) -> None:
    timers = {one["kind"]: one for one in explained(config, "deadline", NUMBER)["timers"]}
    assert set(timers) == {"correction-notice", "case", "hearing-request", "licence", "delivery", "site-visit"}
    assert timers["licence"]["limits"] == {"promised": f"3wd ({AREA} 服务标准)"}
    assert timers["hearing-request"]["limits"] == {"statutory": "5wd (《中华人民共和国行政许可法》第四十七条)"}
    assert timers["site-visit"]["limits"] == {"statutory": "2wd (《演示规程》第三条)"}
    assert timers["site-visit"]["last_day"] == "2024-06-19"
    for one in timers.values():
        alone = explained(config, "deadline", one["id"])["timers"]
        assert [each["id"] for each in alone] == [one["id"]]
        assert one["ledger"]


def test_a_card_of_a_places_own_kind_is_explained(config: str) -> None:
    cards = explained(config, "card", NUMBER)["cards"]
    late = [one for one in cards if one["timer"]["kind"] == "site-visit" and one["level"] == "red"]
    assert [one["at"] for one in late] == ["2024-06-20T00:00:00+08:00"]
    assert not [one for one in cards if one["timer"]["kind"] == "hearing-request"], "the applicant's time earns no card"


def test_the_limits_of_a_deemed_acceptance_run_from_the_receipt(config: str) -> None:
    timers = {one["kind"]: one for one in explained(config, "deadline", SILENT)["timers"]}
    assert timers["correction-notice"]["stopped"] == "2024-06-25T00:00:00+08:00"
    assert timers["case"]["start"] == MONDAY.isoformat()
    assert timers["case"]["last_day"] == "2024-07-01"


def test_a_place_without_the_standard_keeps_no_such_timer(tmp_path: Path) -> None:
    settings = county.settings(f"sqlite:///{tmp_path}/county.db")
    with county.found(open_office(settings, clock=ManualClock(MONDAY), ids=SeededIds(1))) as office:
        county.approve(office, county.reviewed(office).case_id)
    text = SETTINGS.replace('timer-kinds = ["kinds.toml"]\n', "").replace(
        '[time.service-limits]\nlicence = "3wd"\n', ""
    )
    (tmp_path / "egov.toml").write_text(text, encoding="utf-8")
    kinds = {one["kind"] for one in explained(str(tmp_path / "egov.toml"), "deadline", NUMBER)["timers"]}
    assert kinds == {"correction-notice", "case", "delivery"}
