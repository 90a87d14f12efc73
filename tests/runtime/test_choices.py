"""What an office is measured with: the settings first, then the place's plugin, then the library; and who chose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

from egov_core import hookimpl, open_office
from egov_core.cli import main
from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.timers.kinds import LimitSource, TimerKind
from egov_core.errors import PluginError, UnknownError
from egov_core.ports.place import PlaceDefaults
from egov_core.runtime.choices import Whose
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.settings import Settings
from egov_core.runtime.shipped import office_hours
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA

POLICY = """
name = "{name}"
version = {version}
title = "演示县发牌办法"
levels = ["yellow", "red"]

[basis]
instrument = "演示县发牌办法（虚构）"

[[rule]]
code = "late"
level = "red"
timers = ["{timer}"]
base = ["promised", "statutory"]
when = {{ overdue = true }}
"""


def text(name: str = "ours", version: int = 1, timer: str = "case") -> str:
    return POLICY.format(name=name, version=version, timer=timer)


class Place:
    """A place that chooses, and offers what it is told to."""

    def __init__(self, defaults: Any = None, policies: Any = None, hours: str = "") -> None:
        self.defaults, self.policies, self.hours = defaults, policies, hours
        self.asked_for: list[str] = []

    @hookimpl
    def egov_place_defaults(self, area: str) -> Any:
        self.asked_for.append(area)
        return self.defaults

    @hookimpl
    def egov_card_policies(self) -> Any:
        return self.policies

    @hookimpl
    def egov_office_hours(self, name: str) -> OfficeHours | None:
        return attrs.evolve(office_hours("hengyang"), name=name) if name == self.hours else None


def opened(place: Place, **changes: Any) -> Any:
    return open_office(attrs.evolve(county.settings(), **changes), plugins=[(place, "place")])


def refused(*places: Place, **changes: Any) -> PluginError:
    given = attrs.evolve(county.settings(), **changes)
    with pytest.raises(PluginError) as told:
        open_office(given, plugins=[(place, f"place-{number}") for number, place in enumerate(places, 1)])
    return told.value


# --- who chooses ------------------------------------------------------------------------------------------------------


def test_where_nobody_chooses_the_library_does() -> None:
    with open_office(county.settings()) as office:
        assert office.services.policy.ref == "notice@1"
        assert office.ruler.clock.hours.name == "standard"
        assert {office.choices.policy.by, office.choices.office_hours.by} == {Whose.LIBRARY}


def test_the_place_chooses_what_the_settings_leave_open_and_nothing_else() -> None:
    place = Place(PlaceDefaults(policy="hunan-2018", office_hours="hengyang"))
    with opened(place) as office:
        assert office.services.policy.ref == "hunan-2018@1"
        assert office.ruler.clock.hours.name == "hengyang"
        assert (office.choices.policy.by, office.choices.policy.plugin) == (Whose.PLUGIN, "place")
    assert place.asked_for == [AREA]
    with opened(place, policy="notice") as office:
        assert office.services.policy.ref == "notice@1"
        assert office.choices.policy.by is Whose.SETTINGS
        assert office.ruler.clock.hours.name == "hengyang"
    with opened(place, office_hours="standard") as office:
        assert (office.services.policy.ref, office.ruler.clock.hours.name) == ("hunan-2018@1", "standard")


def test_a_place_may_leave_a_choice_to_the_library() -> None:
    with opened(Place(PlaceDefaults(policy="hunan-2018"))) as office:
        assert office.ruler.clock.hours.name == "standard"
        assert office.choices.office_hours.by is Whose.LIBRARY


def test_the_first_place_that_chooses_is_followed() -> None:
    plugins = [(Place(PlaceDefaults(policy="notice")), "later"), (Place(PlaceDefaults(policy="hunan-2018")), "first")]
    with open_office(county.settings(), plugins=plugins) as office:
        assert (office.choices.policy.name, office.choices.policy.plugin) == ("hunan-2018", "first")
    plugins[1] = (Place(None), "first")
    with open_office(county.settings(), plugins=plugins) as office:
        assert (office.choices.policy.name, office.choices.policy.plugin) == ("notice", "later")


def test_a_place_that_chooses_what_nobody_offers_is_told_all_of_it_and_the_settings_still_win() -> None:
    place = Place(PlaceDefaults(policy="hunan-2081", office_hours="henyang"))
    error = refused(place)
    assert "plugin place-1 chooses for the place what is not there" in error.message
    assert "hunan-2081" in error.message
    assert "henyang" in error.message
    assert [fault["path"] for fault in error.data["faults"]] == ["policy", "office_hours"]
    assert "settings come first" in error.remedy
    with opened(place, policy="notice", office_hours="standard") as office:
        assert office.choices.policy.by is Whose.SETTINGS


@pytest.mark.parametrize("answer", ["hunan-2018", {"policy": "notice"}])
def test_an_answer_that_is_no_choice_stops_the_opening(answer: Any) -> None:
    assert f"with {type(answer).__name__}, not PlaceDefaults" in refused(Place(answer)).message


@pytest.mark.parametrize("name", ["ours.toml", " notice", None, 3])
def test_a_choice_is_a_name_and_never_a_path(name: Any) -> None:
    for key in ("policy", "office_hours"):
        with pytest.raises(ValueError, match=f"{key} is .* never a path"):
            PlaceDefaults(**{key: name})


def test_a_place_chooses_what_it_offers_itself() -> None:
    place = Place(PlaceDefaults(policy="ours", office_hours="town"), {"ours": text()}, hours="town")
    with opened(place) as office:
        assert (office.services.policy.ref, office.ruler.clock.hours.name) == ("ours@1", "town")


# --- the policies of plugins ------------------------------------------------------------------------------------------


def test_the_settings_choose_a_plugins_policy_by_its_name_and_cases_are_judged_by_it() -> None:
    with county.found(opened(Place(policies={"ours": text()}), policy="ours")) as office:
        filed = county.submit(office)
        row = office.storage.case(office.area, filed.case_id)
        assert row is not None
        assert office.case_of(row).policy == "ours@1"


def test_every_version_that_a_plugin_offers_is_known() -> None:
    policies = {"ours": text(version=2), "ours-2025": text(version=1)}
    with opened(Place(policies=policies), policy="ours") as office:
        assert office.services.policy.ref == "ours@2"
        assert office.policy("ours@1").version == 1


def test_a_rule_may_name_a_plugins_own_kind_of_timer() -> None:
    class Visits(Place):
        @hookimpl
        def egov_timer_kinds(self) -> list[TimerKind]:
            return [
                TimerKind(
                    code="site-visit",
                    name="现场踏勘",
                    starts_on=("accepted",),
                    stops_on=("reviewed",),
                    limit_source=LimitSource.SERVICE,
                )
            ]

    with opened(Visits(policies={"ours": text(timer="site-visit")}), policy="ours") as office:
        assert office.services.policy.ref == "ours@1"
    assert "there is no timer kind 'site-visit'" in refused(Place(policies={"ours": text(timer="site-visit")})).message


def test_everything_wrong_with_a_plugins_policies_is_said_at_once_with_its_name() -> None:
    error = refused(
        Place(
            policies={
                "notice": text("notice-of-ours"),
                "mine": text("hunan-2018", version=9),
                "path.toml": text("path"),
                "broken": "name = ",
                "empty": text("empty", timer="cases").replace('"red"\n', '"orange"\n'),
                "one": text("same"),
                "two": text("same"),
            }
        )
    )
    assert error.message.startswith("plugin place-1 answered egov_card_policies with card policies that cannot be: ")
    faults = error.data["faults"]
    for said in (
        "notice is taken: it is the library's",
        "mine: name 'hunan-2018' is taken: it is the library's",
        "'path.toml' is no name",
        "broken: is not TOML",
        "empty: rule[0].level 'orange' is not one of the levels yellow, red",
        "empty: rule[0].timers there is no timer kind 'cases'",
        "two: version makes it same@1, which another one of these is",
    ):
        assert [fault for fault in faults if fault.startswith(said)], (said, faults)
        assert said in error.message
    assert len(faults) == 7


def test_what_one_plugin_offers_no_other_can_take() -> None:
    for first, second in (
        ({"ours": text()}, {"ours": text("mine")}),
        ({"earlier": text("ours")}, {"mine": text("ours", version=2)}),
    ):
        error = refused(Place(policies=second), Place(policies=first))
        assert error.data["plugin"] == "place-1"
        assert "is taken: it is plugin place-2's" in error.message


@pytest.mark.parametrize("answer", [[text()], {"ours": b"x"}, {1: text()}, "ours"])
def test_an_answer_that_is_no_table_of_texts_stops_the_opening(answer: Any) -> None:
    assert "not names with the texts of policies" in refused(Place(policies=answer)).message


def test_an_unknown_name_is_refused_with_those_that_plugins_offer() -> None:
    with pytest.raises(UnknownError) as told:
        opened(Place(policies={"ours": text()}), policy="uors")
    assert "hunan-2018, notice, ours" in told.value.remedy


# --- safe mode, and who is told ---------------------------------------------------------------------------------------

FILE = f'''
from egov_core import hookimpl
from egov_core.ports.place import PlaceDefaults

egov_api = "1.0"
POLICY = """{text()}"""


@hookimpl
def egov_card_policies():
    return {{"ours": POLICY}}


@hookimpl
def egov_place_defaults():
    return PlaceDefaults(policy="CHOSEN", office_hours="hengyang")
'''


def county_with(folder: Path, chosen: str = "ours", more: str = "") -> Path:
    """The settings file of a county whose plugin is a single file; its store holds one organ."""
    (folder / "plugins.d").mkdir()
    (folder / "plugins.d" / "place.py").write_text(FILE.replace("CHOSEN", chosen), encoding="utf-8")
    config = folder / "egov.toml"
    config.write_text(
        f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n{more}'
        '[plugins]\ndiscover = false\nplugins-dir = "plugins.d"\n',
        encoding="utf-8",
    )
    county.found(open_office(Settings(area=AREA, storage=f"sqlite:///{folder}/county.db", plugins=False))).close()
    return config


def egov(*args: str, locale: str = "C.UTF-8") -> Any:
    return CliRunner().invoke(main, [*args], env={"LC_ALL": locale})


def findings(*args: str) -> dict[str, dict[str, str]]:
    told = egov("doctor", *args, "--json")
    return {one["code"]: one for one in json.loads(told.stdout)["findings"]}


def test_the_doctor_says_who_chose(tmp_path: Path) -> None:
    found = findings("--config", str(county_with(tmp_path)))
    assert found["policy"]["message"] == "card policy ours@1, chosen by plugin place"
    assert found["office-hours"]["message"] == "office hours hengyang, chosen by plugin place"
    with open_office(attrs.evolve(county.settings(), policy="hunan-2018")) as office:
        told = {one.code: one.message for one in diagnose(office)}
    assert told["policy"] == "card policy hunan-2018@1, chosen by the settings"
    assert told["office-hours"] == "office hours standard, chosen by the library, because nobody else did"


def test_the_doctor_of_plugins_says_who_chose_and_what_cannot_be_chosen(tmp_path: Path) -> None:
    config = county_with(tmp_path)
    told = json.loads(egov("plugins", "doctor", "--config", str(config), "--json").stdout)
    assert told["choices"] == {
        "policy": {"name": "ours", "by": "plugin", "plugin": "place"},
        "office_hours": {"name": "hengyang", "by": "plugin", "plugin": "place"},
    }
    assert "card policy: ours  chosen by plugin place" in egov("plugins", "doctor", "--config", str(config)).stdout
    chinese = egov("plugins", "doctor", "--config", str(config), locale="zh_CN.UTF-8").stdout
    assert "发牌办法: ours  插件place选定" in chinese
    file = tmp_path / "plugins.d" / "place.py"
    file.write_text(FILE.replace("CHOSEN", "uors"), encoding="utf-8")
    result = egov("plugins", "doctor", "--config", str(config), "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert "uors" in told["error"]["message"]
    assert "place" in [one["name"] for one in told["plugins"]]
    result = egov("plugins", "doctor", "--config", str(config))
    assert result.exit_code == 1
    assert "what is not there" in result.stderr
    assert "place" in result.stdout


def test_in_safe_mode_the_librarys_own_stands_in_and_whoever_looks_is_told(tmp_path: Path) -> None:
    config = county_with(tmp_path, more='[time]\npolicy = "ours"\n')
    found = findings("--config", str(config), "--safe-mode")
    assert found["policy-stands-in"]["severity"] == "warning"
    assert "card policy notice@1, chosen to stand in" in found["policy-stands-in"]["message"]
    told = egov("verify", "--config", str(config), "--safe-mode")
    assert "verified by notice, standard" in told.stderr
    assert "verified by" not in egov("verify", "--config", str(config)).stderr
    with pytest.raises(UnknownError):  # nothing stands in for an office that writes
        open_office(attrs.evolve(county.settings(), policy="ours", safe_mode=True))


# --- egov cards -------------------------------------------------------------------------------------------------------

TIMER = ("--timer", "case", "--start", "2018-10-15T10:00", "--promised", "7wd", "--statutory", "10wd")


def test_cards_takes_the_policies_and_the_choices_of_an_office(tmp_path: Path) -> None:
    config = str(county_with(tmp_path, chosen="hunan-2018"))
    for args, ref in (
        (("--config", config), "hunan-2018@1"),
        (("--config", config, "--policy", "ours"), "ours@1"),
        (("--config", config, "--policy", "notice"), "notice@1"),
        ((), "notice@1"),
    ):
        assert json.loads(egov("cards", *args, *TIMER, "--json").stdout)["policy"] == ref
    told = egov("cards", "--policy", "ours", *TIMER)
    assert told.exit_code == 1
    assert "there is no card policy 'ours'" in told.stderr
