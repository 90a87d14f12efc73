"""A plugin that fails cannot hurt the county: what it needs is refused, it is set aside, and a person lets it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

from egov_core import Office, hookimpl, open_office
from egov_core.cli import main
from egov_core.domain.cases import commands as c
from egov_core.errors import PluginError, QuarantineError, UnknownError
from egov_core.hooks.calls import HookCall
from egov_core.hooks.manager import Hooks
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.health import HealthFinding, PlaceView
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA


class Water:
    """A check that does what it is told to."""

    def __init__(self, does: Callable[[], Any] = lambda: None, items: tuple[str, ...] = ()) -> None:
        self.does = does
        self.egov_items = items
        self.asked = 0

    @hookimpl
    def egov_check_application(self, application: ApplicationView) -> Any:
        del application
        self.asked += 1
        return self.does()


def boom() -> None:
    raise RuntimeError("the table of rivers is gone")


def fail_often(office: Office, times: int) -> list[PluginError]:
    errors = []
    for _ in range(times):
        with pytest.raises(PluginError) as told:
            county.submit(office)
        errors.append(told.value)
    return errors


def test_the_third_failure_in_a_row_sets_a_plugin_aside_and_what_needs_it_is_refused_at_once() -> None:
    water = Water(boom)
    office = county.open_small_county(plugins=((water, "water"),))
    errors = fail_often(office, 5)
    assert [type(error) for error in errors] == [PluginError] * 3 + [QuarantineError] * 2
    assert water.asked == 3, "it is not called any more"
    assert "the table of rivers is gone" in errors[-1].message
    assert "egov plugins release water --config FILE" in errors[-1].remedy
    assert [event.type for event in office.storage.events(AREA, "plugin:water")] == [
        "plugin-failed",
        "plugin-failed",
        "plugin-quarantined",
    ]
    assert office.verify().ok
    found = {one.code: one for one in diagnose(office)}
    assert found["plugin-quarantined"].severity == "error"
    assert "the table of rivers is gone" in found["plugin-quarantined"].message


def test_a_whole_answer_between_failures_begins_the_count_anew() -> None:
    water = Water(boom)
    office = county.open_small_county(plugins=((water, "water"),))
    for _ in range(3):
        water.does = boom
        fail_often(office, 2)
        water.does = lambda: None
        county.submit(office)
    assert water.asked == 9


def test_a_plugin_that_names_its_items_is_asked_about_no_other_and_hurts_no_other() -> None:
    item = county.open_small_county().catalogue.items[county.LICENCE][0]
    water = Water(boom, items=(item.name,))
    office = county.open_small_county(plugins=((water, "water"),))
    fail_often(office, 4)
    other = next(code for code in office.catalogue.items if code != county.LICENCE)
    assert county.submit(office, other, materials=()).state == "submitted"
    assert water.asked == 3


def test_a_release_lets_it_be_asked_again_and_only_where_it_was_set_aside() -> None:
    water = Water(boom)
    office = county.open_small_county(plugins=((water, "water"),))
    with pytest.raises(UnknownError):
        office.release("water")
    fail_often(office, 3)
    assert office.release("water").quarantined is False
    water.does = lambda: None
    assert county.submit(office).state == "submitted"
    assert office.storage.events(AREA, "plugin:water")[-1].type == "plugin-released"


def test_a_slow_answer_is_taken_and_counted_as_a_failure() -> None:
    seconds = iter([0.0, 2.5] * 9)
    calls: list[HookCall] = []
    hooks = Hooks(meter=lambda: next(seconds), budget=1.0, trace=calls.append)
    hooks.register(Water(lambda: [Finding(field="form.x", message="x")]), "water")
    office = county.open_small_county()
    item = office.catalogue.items[county.LICENCE][0]
    view = ApplicationView(area=AREA, stage="submit", item=item, materials=(), form={}, applicant=None, at=office.now())
    for _ in range(3):
        assert len(hooks.check_application(view)) == 1
    assert hooks.use("water", "egov_check_application").overruns == 3
    assert [(call.plugin, call.seconds, call.error) for call in calls] == [("water", 2.5, "")] * 3
    with pytest.raises(QuarantineError, match=r"took 2.50 s of 1 s"):
        hooks.check_application(view)


def test_an_advisory_answer_that_fails_is_left_out_and_the_rest_is_told() -> None:
    class Sick:
        @hookimpl
        def egov_health(self, place: PlaceView) -> Any:
            raise OSError(place.area)

    class Well:
        @hookimpl
        def egov_health(self, place: PlaceView) -> list[HealthFinding]:
            return [HealthFinding(code="cases", severity="ok", message=str(place.counts["cases"]))]

    office = county.open_small_county(plugins=((Sick(), "sick"), (Well(), "well")))
    codes: list[str] = []
    for _ in range(4):
        codes = [one.code for one in diagnose(office)]
        assert "well/cases" in codes
    assert office.hooks.use("sick", "egov_health").calls == 3
    assert "plugin-quarantined" in codes


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ValueError("我坏了"), "failed in egov_health: ValueError: 我坏了"),
        ("abc", "answered egov_health"),
        ([HealthFinding(code="x", severity="error", message=" ")], "not a text that says something"),
    ],
)
def test_an_examination_that_fails_is_a_finding_of_its_own(answer: Any, told: str) -> None:
    class Sick:
        @hookimpl
        def egov_health(self, place: PlaceView) -> Any:
            del place
            if isinstance(answer, Exception):
                raise answer
            return answer

    office = county.open_small_county(plugins=((Sick(), "sick"),))
    [found] = [one for one in diagnose(office) if one.code.startswith("sick/")]
    assert (found.code, found.severity) == ("sick/health-failed", "error")
    assert told in found.message
    assert found.remedy


def test_an_examination_that_takes_too_long_is_a_warning_beside_what_it_found() -> None:
    class Slow:
        @hookimpl
        def egov_health(self, place: PlaceView) -> list[HealthFinding]:
            del place
            return [HealthFinding(code="line", severity="ok", message="the line stands")]

    seconds = iter([0.0, 2.5])
    hooks = Hooks(meter=lambda: next(seconds), budget=1.0)
    hooks.register(Slow(), "slow")
    found = hooks.health(PlaceView(area=AREA, now=county.MONDAY, counts={}))
    assert [(one.code, one.severity) for one in found] == [("slow/line", "ok"), ("slow/health-slow", "warning")]
    assert "took 2.50 s of 1 s" in found[1].message


def test_materials_are_checked_at_each_of_the_three_stages() -> None:
    stages: list[tuple[str, int]] = []

    class Materials:
        @hookimpl
        def egov_check_materials(self, materials: MaterialsView) -> list[Finding]:
            stages.append((materials.stage, len(materials.missing)))
            return []

    office = county.open_small_county(plugins=((Materials(), "materials"),))
    intake = county.staff("intake")
    case_id = county.submit(office, materials=()).case_id
    office.do(c.RequestCorrection(case_id=case_id, notice="补1", missing=("form", "plan")), actor=intake)
    office.do(c.Supplement(case_id=case_id, materials=("form", "plan")), actor=intake)
    county.accept(office, case_id)
    assert stages == [("submit", 2), ("supplement", 0), ("accept", 0)]


# --- as the command line tells it -------------------------------------------------------------------------------------

SICK = """
from egov_core import hookimpl
egov_api = "1.0"


@hookimpl
def egov_check_application(application):
    raise RuntimeError("the table of rivers is gone")
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office on a file with a plugin in a folder beside it, that fails."""
    (tmp_path / "plugins.d").mkdir()
    (tmp_path / "plugins.d" / "rivers.py").write_text(SICK, encoding="utf-8")
    file = tmp_path / "egov.toml"
    text = f"""[county]
area = "{AREA}"
[storage]
url = "sqlite:///county.db"
[plugins]
discover = false
plugins-dir = "plugins.d"
"""
    file.write_text(text, encoding="utf-8")
    return file


def egov(*arguments: str) -> tuple[int, Any]:
    found = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(main, [*arguments, "--json"])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, json.loads(found.stdout)


def test_every_process_knows_who_is_set_aside_and_a_person_lets_it_back(config: Path) -> None:
    settings = read_settings(config)
    with county.found(open_office(settings, clock=ManualClock(county.MONDAY))) as office:
        fail_often(office, 3)
    status, shown = egov("plugins", "doctor", "--config", str(config))
    rivers = next(one for one in shown["plugins"] if one["name"] == "rivers")
    assert status == 1
    assert (rivers["quarantined"], rivers["strikes"], rivers["origin"]) == (True, 3, "folder")
    assert "the table of rivers is gone" in rivers["last_error"]
    with open_office(settings, clock=ManualClock(county.MONDAY)) as office, pytest.raises(QuarantineError):
        county.submit(office)
    status, shown = egov("plugins", "release", "rivers", "--config", str(config))
    assert (status, shown["released"]) == (0, "rivers")
    assert egov("plugins", "doctor", "--config", str(config))[0] == 0
    with open_office(attrs.evolve(settings, safe_mode=True), read_only=True) as office:
        assert "rivers" not in office.hooks.names()


def test_of_a_plugin_that_is_gone_or_switched_off_nothing_is_told_until_it_is_back(config: Path) -> None:
    settings = read_settings(config)
    with county.found(open_office(settings, clock=ManualClock(county.MONDAY))) as office:
        fail_often(office, 3)
    for without in (attrs.evolve(settings, plugins_disabled=("rivers",)), attrs.evolve(settings, plugins_dir="")):
        with open_office(without, clock=ManualClock(county.MONDAY)) as office:
            assert [one.code for one in diagnose(office) if one.code.startswith("plugin-")] == []
            assert office.quarantined() == ()
    for back in (settings, attrs.evolve(settings, safe_mode=True)):
        with open_office(back, clock=ManualClock(county.MONDAY)) as office:
            assert [one.code for one in diagnose(office) if one.code.startswith("plugin-")] == ["plugin-quarantined"]
            assert [one.name for one in office.quarantined()] == ["rivers"]


def test_what_a_plugin_says_stands_on_one_line_of_the_doctor() -> None:
    def nasty() -> None:
        raise RuntimeError("gone\n[ok] all is well\x1b[2J" + "x" * 5000)

    class Loud:
        @hookimpl
        def egov_health(self, place: PlaceView) -> list[HealthFinding]:
            del place
            return [HealthFinding(code="a\nb", severity="ok", message="one\ntwo", remedy="\x07")]

    office = county.open_small_county(plugins=((Water(nasty), "water"), (Loud(), "loud")))
    fail_often(office, 3)
    found = {one.code: one for one in diagnose(office)}
    assert all(text.isprintable() for one in found.values() for text in (one.code, one.message, one.remedy))
    assert "gone\\n[ok] all is well\\x1b[2J" in found["plugin-quarantined"].message
    assert len(found["plugin-quarantined"].message) < 700
    assert found["loud/a\\nb"].message == "one\\ntwo"
