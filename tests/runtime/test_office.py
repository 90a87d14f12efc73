"""Opening an office, its settings, its schedule, its worker and its doctor."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from egov_core import Office, Settings, hookimpl, open_office
from egov_core.demo.founding import demo_population, demo_settings, found_office
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.legal import CHINA
from egov_core.errors import ClockError, OfficeError, PolicyError, SettingsError, StorageError, UnknownError
from egov_core.ports.queries import BoardQuery
from egov_core.runtime.clock import ManualClock, SystemClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.runtime.schedule import Schedule
from egov_core.runtime.settings import read_settings, shown_url
from egov_core.runtime.worker import Worker
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.calendar.recounting import left_to_recount, recounted_to
from egov_core.usecases.foundation.notifying import NotificationChoice

POLICY_FILE = (files("egov_core") / "data" / "policies" / "notice.toml").read_text(encoding="utf-8")

# --- settings ---------------------------------------------------------------------------------------------------------


def settings_file(folder: Path, text: str) -> Path:
    file = folder / "egov.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_fault_of_the_settings_is_named_at_once_with_its_key(tmp_path: Path) -> None:
    text = """
    [county]
    aera = "990121"
    demo = "yes"
    title = ""
    [storage]
    url = 5
    [time]
    calendar-files = "one.toml"
    region-files = ["one.toml"]
    organ-files = {jg102 = "one.toml"}
    [schedule]
    sweep = "0 0 30 2 *"
    dispatch = "often"
    [notifications]
    channels = ["Web hook", "sms"]
    types = ["card"]
    levels = []
    [weather]
    rain = true
    """
    file = settings_file(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        read_settings(file)
    faults = {fault["path"]: fault["code"] for fault in refused.value.data["faults"]}
    assert faults == {
        "county.aera": "unknown",
        "county.demo": "type",
        "county.title": "type",
        "county.area": "required",
        "storage.url": "type",
        "time.calendar-files": "type",
        "time.region-files": "type",
        "time.organ-files": "type",
        "schedule.sweep": "type",
        "schedule.dispatch": "type",
        "notifications.channels": "name",
        "notifications.types": "unknown",
        "notifications.levels": "empty",
        "weather": "unknown",
    }
    assert str(file) in refused.value.message
    assert all(path in refused.value.message for path in faults)


def test_what_is_told_is_chosen_in_the_file(tmp_path: Path) -> None:
    told = '[county]\narea = "990121"\n[notifications]\nchannels = ["webhook", "duty-phone"]\n'
    settings = read_settings(settings_file(tmp_path, told))
    assert settings.notification_channels == ("webhook", "duty-phone")
    assert (settings.notification_types, settings.notification_levels) == (
        ("card-issued", "case-decided", "unit-reminded"),
        (),
    )
    settings = read_settings(settings_file(tmp_path, told + 'types = ["card-issued"]\nlevels = ["red"]\n'))
    assert (settings.notification_types, settings.notification_levels) == (("card-issued",), ("red",))
    with open_office(settings) as office:
        assert office.services.notifications == NotificationChoice(
            channels=("webhook", "duty-phone"), types=("card-issued",), levels=("red",)
        )


def test_what_plugins_are_told_is_not_shown() -> None:
    settings = Settings(area="990121", plugins_settings={"webhook": {"secret": "whsec_of_the_test"}})
    assert "whsec" not in repr(settings)
    assert "webhook" in repr(settings)


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
    [county]
    area = "990121"
    [storage]
    url = "sqlite:///county.db"
    [time]
    policy = "own.toml"
    office-hours = "hours/winter.toml"
    calendar-files = ["2027.toml", "/etc/2028.toml"]
    region-files = {"自治区" = ["region.toml"]}
    [time.organ-files]
    jg102 = ["one.toml", "/etc/two.toml"]
    """
    file = settings_file(tmp_path, text)
    monkeypatch.chdir(tmp_path.parent)
    settings = read_settings(file.relative_to(tmp_path.parent))
    assert settings.storage == f"sqlite:///{tmp_path}/county.db"
    assert settings.policy == f"{tmp_path}/own.toml"
    assert settings.office_hours == f"{tmp_path}/hours/winter.toml"
    assert settings.calendar_files == (f"{tmp_path}/2027.toml", "/etc/2028.toml")
    assert settings.region_files == {"自治区": (f"{tmp_path}/region.toml",)}
    assert settings.organ_files == {"jg102": (f"{tmp_path}/one.toml", "/etc/two.toml")}


@pytest.mark.parametrize("text", ["area = ", "[county]\narea='1'\narea='2'"])
def test_a_file_that_is_no_toml_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="is not TOML"):
        read_settings(settings_file(tmp_path, text))
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('title = "云岫县"'.encode("gbk"))
    with pytest.raises(SettingsError, match="is not UTF-8: line 1 "):
        read_settings(tmp_path / "gbk.toml")


# --- schedule and policies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expression", ["0 0 30 2 *", "", "* * *", "61 * * * *", "now"])
def test_a_schedule_that_never_fires_is_refused(expression: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Schedule(expression)
    assert refused.value.remedy


def test_a_schedule_fires_in_the_zone_of_the_law() -> None:
    assert Schedule("30 8 * * *").after(MONDAY) == datetime(2024, 6, 18, 8, 30, tzinfo=CHINA)
    assert Schedule("*/5 * * * *").after(MONDAY) == MONDAY + timedelta(minutes=5)  # after, not at
    assert Schedule("0 0 29 2 *").after(MONDAY) == datetime(2028, 2, 29, tzinfo=CHINA)


def test_policies_are_found_by_name_and_by_file_and_refused_with_what_there_is(tmp_path: Path) -> None:
    assert {"notice", "hunan-2018"} <= set(shipped_policies())
    assert [load_policy(name).name for name in shipped_policies()] == list(shipped_policies())
    with pytest.raises(UnknownError, match="no card policy 'notise'") as refused:
        load_policy("notise")
    assert "hunan-2018" in refused.value.remedy
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(PolicyError, match="is not TOML"):
        load_policy(str(tmp_path / "bad.toml"))


# --- opening ----------------------------------------------------------------------------------------------------------


def test_an_office_opens_in_memory_and_on_a_file_and_reads_beside_its_writer(tmp_path: Path) -> None:
    with county.open_small_county() as office:
        assert county.submit(office).number == f"{AREA}-bureau-2024-00001"
        with pytest.raises(OfficeError, match="does not answer BoardQuery"):
            office.answer(BoardQuery(area=AREA))
    url = f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as office, open_office(county.settings(url), read_only=True) as reader:
        case_id = county.submit(office).case_id
        assert reader.storage.case(AREA, case_id) == office.storage.case(AREA, case_id)
        assert reader.answer(BoardQuery(area=AREA)) == office.answer(BoardQuery(area=AREA))
        office.establish(items=[county.item("later")])
        assert "later" in reader.catalogue.items  # read at first use
        with pytest.raises(StorageError):
            county.submit(reader)
        office.establish(items=[county.item("latest")])
        assert "latest" not in reader.catalogue.items
        reader.refresh()
        assert "latest" in reader.catalogue.items
    with pytest.raises(StorageError):
        county.submit(office)


def test_a_manual_clock_stands_until_it_is_moved_and_is_never_put_back() -> None:
    clock = ManualClock(MONDAY)
    clock.advance(timedelta(hours=1))
    assert clock.now() == MONDAY + timedelta(hours=1)
    with pytest.raises(ClockError):
        clock.move_to(MONDAY)
    now = SystemClock().now()
    assert (now.tzinfo, now.microsecond) == (CHINA, 0)


HEAVY = ("sqlalchemy", "starlette", "croniter", "click", "cattrs", "orjson", "pluggy", "jinja2", "uvicorn")


def test_importing_the_library_imports_nothing_large() -> None:
    script = "import sys; import egov_core; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(told.stdout.split()).isdisjoint(HEAVY)
    script = (
        "import sys; from egov_core.testing import small_county; small_county.submit(small_county.open_small_county());"
        "print(*sorted(name.partition('.')[0] for name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(told.stdout.split()).isdisjoint({"sqlalchemy", "starlette", "click", "jinja2", "uvicorn"})


# --- the worker -------------------------------------------------------------------------------------------------------


class Ticking(ManualClock):
    """A clock on which each reading is a minute later."""

    def now(self) -> datetime:
        self.advance(timedelta(minutes=1))
        return super().now()


def test_the_worker_sweeps_and_dispatches_and_survives_errors(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    office = county.open_small_county(clock=Ticking(MONDAY))
    done: list[str] = []
    enough = threading.Event()

    def task(name: str) -> object:
        done.append(name)
        if len(done) >= 8:
            enough.set()
        if len(done) == 2:
            raise StorageError("the disk is full", remedy="make room")
        if len(done) == 3:
            raise RuntimeError("a bug")
        return name

    monkeypatch.setattr(office, "sweep", lambda: task("sweep"))
    monkeypatch.setattr(office, "dispatch", lambda *, wait: task("dispatch" if not wait else "waits"))
    monkeypatch.setattr(office, "recount", lambda: None)
    worker = Worker(office)
    worker.start()
    assert enough.wait(20)
    worker.stop()
    assert {"sweep", "dispatch"} == set(done)
    assert done[:2] == ["dispatch", "sweep"]  # at once, before any schedule
    assert "the disk is full; make room" in caplog.text
    assert "a bug" in caplog.text
    ended = len(done)
    worker.stop()
    assert len(done) == ended


def test_once_delivers_and_issues() -> None:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.referred(office).case_id
    overdue = county.accepted(office).case_id
    clock.advance(timedelta(days=60))
    Worker(office).once()
    assert "receipt-recorded" in [one.type for one in office.storage.events(AREA, case_id)]
    assert [card.level for card in office.storage.cards(AREA, overdue)] == ["yellow", "red"]


def test_once_finishes_a_recount_that_was_cut_off_before_it_sweeps() -> None:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    rest = [date(2024, 6, 26), date(2024, 6, 27)]
    notice = Notice(title="临时", number="县〔2024〕1号", year=2024, published=date(2024, 6, 17), rest=rest)
    office.adopt(office.propose([Proposal(what=notice)]))
    clock.advance(timedelta(days=14))
    Worker(office).once()
    assert [one.type for one in office.storage.events(AREA, case_id)][2:] == ["calendar-applied"]
    assert left_to_recount(office.services) == 0
    assert recounted_to(office.services) == 2
    clock.advance(timedelta(days=3))
    Worker(office).once()
    assert [card.at.date() for card in office.storage.cards(AREA, case_id)] == [date(2024, 7, 2), date(2024, 7, 4)]


def test_an_office_is_founded_with_the_layers_of_its_settings_and_keeps_them(tmp_path: Path) -> None:
    for name, day in (("region", "2024-06-26"), ("organ", "2024-06-27")):
        text = f'title = "{name}"\nyear = 2024\npublished = 2024-06-01\nrest = ["{day}"]\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    given = attrs.evolve(
        county.settings(f"sqlite:///{tmp_path}/county.db"),
        region_files={"自治区": (f"{tmp_path}/region.toml",)},
        organ_files={county.BUREAU: (f"{tmp_path}/organ.toml",)},
    )
    with county.found(open_office(given, clock=ManualClock(MONDAY))) as office:
        ours = county.accepted(office).case_id
        assert timers(office, ours)["case"] == date(2024, 7, 3)  # both days
        assert not office.ruler.calendar.is_workday(date(2024, 6, 26))
        assert office.ruler.calendar.is_workday(date(2024, 6, 27))
    bare = attrs.evolve(given, region_files={}, organ_files={})
    with open_office(bare, clock=ManualClock(MONDAY)) as office:
        assert timers(office, county.accepted(office).case_id)["case"] == date(2024, 7, 3)
        assert office.verify().violations == ()


def timers(office: Office, case_id: str) -> dict[str, date]:
    return {one.kind: one.last_day for one in office.storage.timers(AREA, case_id) if one.last_day is not None}


# --- the doctor -------------------------------------------------------------------------------------------------------


def codes(office: object) -> dict[str, str]:
    return {finding.code: finding.severity for finding in diagnose(office)}  # type: ignore[arg-type]  # an office that stands for one


@pytest.mark.parametrize(
    ("today", "code", "severity"),
    [
        (datetime(2026, 10, 31, 9, tzinfo=CHINA), "calendar", "ok"),
        (datetime(2026, 11, 1, 9, tzinfo=CHINA), "calendar-next-year", "warning"),
        (datetime(2026, 12, 31, 9, tzinfo=CHINA), "calendar-next-year", "warning"),
        (datetime(2027, 1, 1, 9, tzinfo=CHINA), "calendar-past", "error"),
        (MONDAY, "calendar", "ok"),
    ],
)
def test_the_doctor_asks_for_next_years_notice_from_november_on(today: datetime, code: str, severity: str) -> None:
    found = codes(county.open_small_county(clock=ManualClock(today)))
    assert {name: value for name, value in found.items() if name.startswith("calendar")} == {code: severity}


def test_the_doctor_finds_a_clock_behind_a_sweep_behind_and_a_missing_adapter() -> None:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock, loopback=False)
    found = codes(office)
    assert (found["clock"], found["adapter-missing"], found["python"], found["store"]) == ("ok", "warning", "ok", "ok")
    assert "sweep-behind" not in found
    assert "adapter-missing" not in codes(county.open_small_county())
    county.accepted(office)
    clock.advance(timedelta(days=60))
    assert codes(office)["sweep-behind"] == "warning"
    office.storage.write(lambda unit: unit.advance(AREA, clock.now() + timedelta(days=1)))
    assert codes(office)["clock"] == "error"
    for finding in diagnose(office):
        assert finding.severity == "ok" or finding.remedy


def test_the_doctor_speaks_of_the_database_that_is_in_use(tmp_path: Path) -> None:
    def of_a_database(office: Office) -> list[str]:
        return [one.code for one in diagnose(office) if one.code.startswith(("sqlite", "postgresql"))]

    with open_office(Settings(area=AREA, plugins=False), clock=ManualClock(MONDAY)) as in_memory:
        assert of_a_database(in_memory) == [], "there is no file that anybody could write"
    url = f"sqlite:///{tmp_path}/county.db"
    with open_office(Settings(area=AREA, plugins=False, storage=url), clock=ManualClock(MONDAY)) as on_file:
        (code,) = of_a_database(on_file)
        assert code in ("sqlite", "sqlite-wal-reset")


def test_the_doctor_tells_a_broken_adapter_once_for_all_its_organs() -> None:
    class Broken:
        @hookimpl
        def egov_forwarding_adapter(self) -> object:
            raise ValueError("no table of addresses")

    settings = attrs.evolve(demo_settings("unused"), storage="memory:", plugins=False)
    with open_office(settings, clock=ManualClock(MONDAY), plugins=[(Broken(), "province-line")]) as office:
        found_office(office, demo_population())
        wanted = {item.forward_to for of in office.catalogue.items.values() for item in of if item.forward_to}
        (told,) = (one for one in diagnose(office) if one.code == "adapter-broken")
    assert "plugin province-line failed in egov_forwarding_adapter: ValueError: no table of addresses" in told.message
    assert f"{len(wanted)} upper organs" in told.message
    assert len(wanted) > 1
    assert "waits in the outbox" in told.remedy
    assert "refused" not in told.remedy


def test_settings_from_code_need_nothing_but_the_area() -> None:
    settings = Settings(area=AREA, plugins=False)
    assert settings.storage == "memory:"
    with open_office(attrs.evolve(settings, policy="hunan-2018")) as office:
        assert office.services.policy.ref == "hunan-2018@1"
        assert office.title == office.title_en == AREA
        assert json.loads(json.dumps(office.storage.counts(AREA)))["cases"] == 0


def test_a_raised_policy_keeps_the_cases_of_the_earlier_one_when_its_file_is_named(tmp_path: Path) -> None:
    text = POLICY_FILE.replace('name = "notice"', 'name = "own"')
    old, new = tmp_path / "own-1.toml", tmp_path / "own-2.toml"
    old.write_text(text, encoding="utf-8")
    new.write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    url = f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url, policy=str(old)) as office:
        case_id = county.submit(office).case_id
    raised = attrs.evolve(county.settings(url), policy=str(new))
    with open_office(raised, clock=ManualClock(county.MONDAY)) as office, pytest.raises(UnknownError, match="own@1"):
        county.accept(office, case_id)
    kept = attrs.evolve(raised, earlier_policies=(str(old),))
    with open_office(kept, clock=ManualClock(county.MONDAY)) as office:
        assert county.accept(office, case_id).state == "accepted"
        assert office.verify().ok


def test_a_policy_edited_without_raising_its_version_is_refused_beside_the_earlier_file(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(POLICY_FILE.replace('name = "notice"', 'name = "own"'), encoding="utf-8")
    new.write_text(old.read_text(encoding="utf-8").replace("已经超过", "超过"), encoding="utf-8")
    given = attrs.evolve(county.settings(), policy=str(new), earlier_policies=(str(old),))
    with pytest.raises(SettingsError, match="own@1 and say different things"):
        open_office(given)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("memory:", "memory:"),
        ("sqlite:///a:b@c/county.db", "sqlite:///a:b@c/county.db"),
        ("postgresql://clerk@h/county", "postgresql://clerk@h/county"),
        ("postgresql://clerk:geheim@h:5432/county?a=b", "postgresql://clerk:***@h:5432/county?a=b"),
        ("postgresql://clerk:ge@he/im@h/county", "postgresql://clerk:***@h/county"),
        ("postgresql://h/county?user=clerk&password=geheim&a=b", "postgresql://h/county?user=clerk&password=***&a=b"),
    ],
)
def test_no_representation_nor_error_shows_the_password_of_a_store(url: str, shown: str) -> None:
    settings = Settings(area="990101", storage=url, plugins=False)
    assert shown_url(url) == shown
    assert f"storage={shown!r}" in repr(settings)
    assert attrs.evolve(settings, title="x").storage == url
    if url.startswith("postgresql"):
        with pytest.raises(SettingsError, match="no storage backend") as caught:
            open_office(settings)
        assert repr(shown) in caught.value.message


def test_after_a_change_only_what_has_changed_is_read_anew() -> None:
    settings = attrs.evolve(demo_settings("unused"), storage="memory:", plugins=False)
    with open_office(settings) as office:
        found_office(office, demo_population())
        before = office.services.registry()
        [clerk, *_] = before.people.values()
        office.establish(people=[attrs.evolve(clerk, code="one-more")])
        after = office.services.registry()
        assert after.version > before.version
        assert (before.catalogue, before.organisation) == (after.catalogue, after.organisation)
        assert after.catalogue is before.catalogue
        assert after.organisation is before.organisation
        assert all(after.people[code] is person for code, person in before.people.items())
        assert set(after.people) - set(before.people) == {"one-more"}
        assert after.authority is not before.authority, "it was made of other people"
        assert "one-more" in after.authority.people
