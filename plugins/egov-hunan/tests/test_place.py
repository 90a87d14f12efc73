"""A county of Hunan in memory: its numbers, its choices, and that its settings come first."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core import Settings, open_office
from egov_core.domain.legal import CHINA
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.errors import EgovError, OfficeError, PluginError
from egov_core.hooks.plugin import faults_of
from egov_core.ports.numbering import NumberRequest
from egov_core.runtime.choices import Whose
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, LICENCE, OTHER, SINCE
from egov_hunan.numbering import LONGEST_NUMBER, hunan_number
from egov_hunan.place import Hunan, HunanSettings

GIVEN = re.compile(rf"{AREA}-(\d{{4}})-([a-z-]+)-(\d{{5}})", re.ASCII)


def hunan(at: str = "2024-06-17 09:00", given: HunanSettings | None = None, **changes: Any) -> Office:
    """The small county with the plugin, at a time in China."""
    clock = ManualClock(datetime.fromisoformat(at).replace(tzinfo=CHINA))
    settings = attrs.evolve(county.settings(), policy="", office_hours="", **changes)
    return county.found(open_office(settings, clock=clock, plugins=[(Hunan(given), "hunan")]))


def later(office: Office, at: str) -> None:
    clock = office.clock
    assert isinstance(clock, ManualClock)
    clock.move_to(datetime.fromisoformat(at).replace(tzinfo=CHINA))


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_case_is_numbered_by_area_year_organ_and_count() -> None:
    office = hunan()
    assert [county.submit(office).number for _ in range(3)] == [
        f"{AREA}-2024-{BUREAU}-0000{number}" for number in (1, 2, 3)
    ]


def test_each_year_counts_anew_and_the_year_is_that_of_the_county() -> None:
    office = hunan("2024-12-31 23:59:59")
    assert county.submit(office).number == f"{AREA}-2024-{BUREAU}-00001"
    later(office, "2025-01-01 00:00:00")
    assert county.submit(office).number == f"{AREA}-2025-{BUREAU}-00001"
    request = NumberRequest(
        area=AREA,
        item=office.catalogue.items[LICENCE][0],
        organ=office.organisation.get(BUREAU),
        at=datetime(2024, 12, 31, 17, tzinfo=timezone(timedelta(0))),
    )
    assert hunan_number(request, "organ").prefix == f"{AREA}-2025-{BUREAU}-"


def of_two_organs(office: Office) -> list[str]:
    """The numbers of four cases, of two organs in turn; the second has an item of its own."""
    item = attrs.evolve(county.item("other-licence"), organ=OTHER, materials=())
    office.establish(items=[item])
    pairs = ((LICENCE, county.MATERIALS), ("other-licence", ())) * 2
    return [county.submit(office, code, materials=materials).number for code, materials in pairs]


def test_two_organs_count_apart_or_together_and_no_number_is_given_twice() -> None:
    assert of_two_organs(hunan()) == [f"{AREA}-2024-{organ}-0000{n}" for n in (1, 2) for organ in (BUREAU, OTHER)]
    together = of_two_organs(hunan(given=HunanSettings(counted_by="area")))
    assert together == [f"{AREA}-2024-{organ}-0000{n}" for n, organ in enumerate((BUREAU, OTHER) * 2, 1)]
    assert len(set(together)) == 4


def test_a_refused_application_leaves_no_gap() -> None:
    office = hunan()
    assert county.submit(office).number.endswith("-00001")
    with pytest.raises(EgovError):
        county.submit(office, "nothing")
    assert county.submit(office).number.endswith("-00002")


def test_a_number_goes_into_the_field_of_the_standard_also_when_the_count_has_grown() -> None:
    office = hunan()
    found = office.hooks.case_number(request_of(office, "a" * 28))
    assert found is not None
    assert len(found.number(999_999_999)) == LONGEST_NUMBER
    assert re.fullmatch(r"[A-Za-z0-9-]+", found.number(1))


@pytest.mark.parametrize("code", ["a" * 29, "水利局", "jg/101", "jg 101", "jg--1", "-jg", "jg_1", ""])
def test_a_code_that_does_not_go_into_the_field_is_refused_with_what_to_do(code: str) -> None:
    office = hunan()
    with pytest.raises(OfficeError, match="cannot be numbered") as told:
        office.hooks.case_number(request_of(office, code))
    assert "numbering = false" in told.value.remedy
    assert told.value.data["plugin"] == "hunan"
    free = hunan(given=HunanSettings(numbering=False))
    if code:
        assert free.hooks.case_number(request_of(free, code)) is not None


def request_of(office: Office, code: str) -> NumberRequest:
    organ = Organ(code=code, name="演示局", kind=OrganKind.DEPARTMENT, parent=None, valid_from=SINCE)
    return NumberRequest(area=AREA, item=office.catalogue.items[LICENCE][0], organ=organ, at=office.now())


def test_a_county_may_leave_the_numbers_to_the_library() -> None:
    assert county.submit(hunan(given=HunanSettings(numbering=False))).number == f"{AREA}-{BUREAU}-2024-00001"


# --- choices ----------------------------------------------------------------------------------------------------------


def test_the_county_has_the_rules_of_2018_and_hours_by_season() -> None:
    office = hunan()
    assert office.services.policy.ref == "hunan-2018@1"
    assert (office.choices.policy.by, office.choices.policy.plugin) == (Whose.PLUGIN, "hunan")
    hours = office.ruler.clock.hours
    afternoons = {season.windows[-1] for season in hours.seasons}
    assert hours.name == "hengyang"
    assert len(afternoons) == 2


def test_a_case_filed_here_is_judged_by_them() -> None:
    office = hunan()
    row = office.storage.case(AREA, county.accepted(office).case_id)
    assert row is not None
    assert office.case_of(row).policy == "hunan-2018@1"


def test_the_settings_come_first() -> None:
    clock = ManualClock(county.MONDAY)
    given = attrs.evolve(county.settings(), policy="notice", office_hours="standard")
    with open_office(given, clock=clock, plugins=[(Hunan(), "hunan")]) as office:
        assert (office.services.policy.ref, office.ruler.clock.hours.name) == ("notice@1", "standard")


# --- as it is installed -----------------------------------------------------------------------------------------------


def test_the_entry_point_leads_to_a_plugin_that_can_be_registered() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["egov_core"]["hunan"].partition(":")
    plugin = getattr(import_module(module), name)
    assert plugin is Hunan
    assert list(faults_of(plugin, discovered=True)) == []


def written(folder: Path, table: str) -> Settings:
    file = folder / "egov.toml"
    file.write_text(
        f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\nload = ["egov_hunan.place:Hunan"]\n{table}',
        encoding="utf-8",
    )
    return read_settings(file)


def test_its_table_in_the_settings_is_read_strictly(tmp_path: Path) -> None:
    clock = ManualClock(county.MONDAY)
    with county.found(open_office(written(tmp_path, ""), clock=clock)) as office:
        assert office.services.policy.ref == "hunan-2018@1"
        assert GIVEN.fullmatch(county.submit(office).number)
    table = "[plugins.settings.Hunan]\n"
    with county.found(open_office(written(tmp_path, f"{table}numbering = false\n"), clock=clock)) as office:
        assert not GIVEN.fullmatch(county.submit(office).number)
    with pytest.raises(PluginError) as told:
        open_office(written(tmp_path, f'{table}counted_by = "town"\nnumberings = true\n'))
    assert '[plugins.settings.Hunan] counted_by must be "organ" or "area"' in told.value.message
    assert "[plugins.settings.Hunan] numberings is no key; known are numbering, counted_by" in told.value.message
