"""`egov init`: from nothing to an office that works; everything wrong is told at once, and then nothing is there."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.domain.authority import Role
from egov_core.domain.organisation import OrganKind
from egov_core.domain.people import SYSTEM
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.enrolment_rows import blank_enrolment
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import write_workbook
from egov_core.testing.small_county import open_small_county
from egov_core.usecases.foundation.calendars import REVISIONS_STREAM
from egov_core.usecases.staff.setting_up import set_up

AREA = "430423"
PEOPLE = ("--head", "P1=甲某", "--clerk", "P2=乙某", "--clerk", "P3=丙某")
ITEMS = (
    "事项名称,实施主体,法定办结时限,承诺办结时限,事项类型,办件类型\n"
    "取水许可,水利局,20个工作日,9个工作日,行政许可,承诺件\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": "C.UTF-8"})


def init(*more: str, folder: str = "county", area: str = AREA, people: tuple[str, ...] = PEOPLE) -> Result:
    return run("init", folder, "--area", area, "--name", "某县", *people, *more)


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(result: Result) -> set[tuple[str, str]]:
    """The faults of a refusal, each with its place."""
    assert result.exit_code == 1, result.output
    return {(one["path"], one["code"]) for one in json.loads(result.stdout)["error"]["faults"]}


def write(name: str, *rows: list[str]) -> str:
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return name


def test_an_office_is_founded_in_one_commit_and_the_chains_say_by_whom() -> None:
    shown = told(init("--since", "2020-01-01", "--json"))
    assert (shown["area"], shown["organ"], shown["since"]) == (AREA, AREA, "2020-01-01")
    with open_office(read_settings("county/egov.toml"), read_only=True) as office:
        (county,) = office.organisation.organs.values()
        assert (county.code, county.name, county.kind, county.parent) == (AREA, "某县", OrganKind.COUNTY, None)
        assert {(one.person, one.role, one.organ) for one in office.staffing.grants} == {
            ("P1", Role.GOVERNMENT_HEAD, AREA),
            ("P2", Role.CLERK_OF_CATALOGUE, AREA),
            ("P3", Role.CLERK_OF_CATALOGUE, AREA),
        }
        assert office.storage.reference_version(AREA) == 1, "one commit"
        adopted = office.storage.events(AREA, REVISIONS_STREAM)
        assert [one.type for one in adopted] == ["calendar-adopted"], "the shipped calendar, with the rest"
        events = office.storage.events(AREA, f"organ:{AREA}")
        assert [one.type for one in events] == ["organ-recorded", *["person-appointed"] * 3, *["authority-granted"] * 3]
        assert {one.actor for one in (*events, *adopted)} == {SYSTEM.code}


def test_from_nothing_to_items_staff_and_units() -> None:
    commands = told(init("--since", "2020-01-01", "--json"))["next"]
    assert any("--valid-from 2020-01-01" in one for one in commands), "items hold from the day that was given"
    config = ("--config", "county/egov.toml")
    assert run("doctor", *config).exit_code == 0
    assert run("verify", *config).exit_code == 0

    for line in commands:  # as they are printed; where a file is to be filled in, it is
        words = shlex.split(line)[1:]
        if words[:2] == ["catalogue", "import"]:
            Path("forms", "list.csv").write_text(ITEMS, encoding="utf-8")
        if words[:2] == ["enrol", "import"]:
            head = ["单位编码", "单位名称", "单位类型", "上级单位编码", "人员编码", "姓名", "职责"]
            row = ["T1", "某镇", "乡镇", AREA, "P9", "己某", "责任领导"]
            blank = read_tables(Path("units.xlsx").read_bytes(), name="units.xlsx")[0].rows[0].texts
            assert list(blank) == head, "the blank file has the columns that are read"
            Path("units.xlsx").write_bytes(write_workbook([attrs.evolve(blank_enrolment(blank=0), rows=[row])]))
        done = run(*words)
        assert done.exit_code == 0, f"{line}\n{done.output}"

    found = told(run("catalogue", "search", "取水", *config, "--json"))
    assert "取水许可" in json.dumps(found, ensure_ascii=False)
    with open_office(read_settings("county/egov.toml"), read_only=True) as office:
        (bureau,) = [one for one in office.organisation.organs.values() if one.name == "水利局"]
        assert bureau.parent == AREA and office.organisation.organs["T1"].parent == AREA
    staff = write("人员.csv", ["人员编号", "姓名", "所在机关", "任职起"], ["P8", "戊某", bureau.code, "2020-01-01"])
    roles = write("授权.csv", ["人员编号", "角色", "机关", "起始日"], ["P8", "机关负责人", bureau.code, "2020-01-01"])
    assert told(run("staff", "import", staff, roles, "--by", "P1", "--apply", *config, "--json"))["applied"]
    assert run("doctor", *config).exit_code == 0
    assert run("verify", *config).exit_code == 0


def test_the_forms_that_are_written_blank_are_those_that_are_taken_in() -> None:
    told(init("--json"))
    assert run("catalogue", "template", "forms").exit_code == 0
    assert len(list(Path("forms").iterdir())) == len([one for one in shipped_forms() if one.name != "national"])


def test_nobody_publishes_alone() -> None:
    told(init("--json"))
    Path("list.csv").write_text(ITEMS, encoding="utf-8")
    both = ("--prepared-by", "P2", "--published-by", "P2", "--apply", "--found-organs")
    alone = run("catalogue", "import", "list.csv", "--config", "county/egov.toml", *both)
    assert alone.exit_code == 1 and "alone" in alone.output


def test_everything_wrong_is_told_at_once_and_nothing_is_there() -> None:
    wrong = ("--head", "nobody", "--clerk", "P2=乙某", "--clerk", "P2=丙某")
    # Of two names the last one counts.
    more = ("--name", " ", "--storage", "memory:", "--policy", "none.toml", "--since", "2999-01-01", "--json")
    assert refused(init(*more, folder="no/county", area="12", people=wrong)) == {
        ("county", "no-name"),
        ("--head", "person"),
        ("--area", "area"),
        ("FOLDER", "missing"),
        ("--storage", "memory"),
        ("--policy", "policy"),
        ("since", "to-come"),
        ("clerks", "too-few"),
        ("P2", "person-twice"),
    }
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("area", ["12", "43042", "430423000", "430423000000", "430423001", "000000", "４３０４２３"])
def test_an_area_code_that_is_no_countys_is_refused(area: str) -> None:
    assert refused(init("--json", area=area)) == {("--area", "area")}
    assert list(Path().iterdir()) == []


def test_codes_that_nobody_could_type_again_are_refused() -> None:
    wrong = ("--head", "Ｐ1=甲某", "--clerk", "P 2=乙某", "--clerk", "P3=丙\t某")
    assert refused(init("--json", "--organ", "A B", people=wrong)) == {
        ("--head", "code-form"),
        ("--clerk", "code-form"),
        ("--clerk", "unseen-character"),
    }
    assert refused(init("--json", "--organ", "２")) == {("county", "code-form")}
    error = json.loads(init("--json", people=("--head", "Ｐ1=甲某", *PEOPLE[2:])).stdout)["error"]
    assert "write 'P1'" in error["faults"][0]["message"]
    assert list(Path().iterdir()) == []


def test_one_clerk_is_too_few_and_the_head_has_a_code_of_his_own() -> None:
    one = ("--head", "P1=甲某", "--clerk", "P2=乙某")
    assert refused(init("--json", people=one)) == {("clerks", "too-few")}
    same = ("--head", "P1=甲某", "--clerk", "P1=甲某", "--clerk", "P2=乙某")
    assert refused(init("--json", people=same)) == {("P1", "person-twice")}
    assert list(Path().iterdir()) == []


def test_nothing_is_overwritten() -> None:
    told(init("--json"))
    before = {file: file.read_bytes() for file in Path("county").iterdir() if file.suffix in (".toml", ".db")}
    assert refused(init("--json")) == {("FOLDER", "exists"), ("storage", "there-already")}
    assert refused(init("--json", "--storage", "sqlite:///../county/county.db", folder="other")) == {
        ("storage", "there-already")
    }
    assert {file: file.read_bytes() for file in before} == before
    assert not Path("other").exists()
    # another area in the same store is another office
    told(init("--json", "--storage", "sqlite:///../county/county.db", folder="other", area="430424"))


@pytest.mark.parametrize("written", [0, -30, None], ids=["nothing", "a part", "the settings"])
@pytest.mark.parametrize("store", [False, True], ids=["no store", "an empty store"])
def test_where_the_power_failed_the_same_command_goes_on(written: int | None, store: bool) -> None:
    """The settings are written first, and the county comes with one commit: in between, nothing is lost."""
    told(init("--json"))
    settings = Path("county/egov.toml").read_bytes()
    for file in Path("county").iterdir():
        file.unlink()
    Path("county/egov.toml").write_bytes(settings)
    if store:
        open_office(read_settings("county/egov.toml")).close()
    Path("county/egov.toml").write_bytes(settings[:written])
    if written != 0:
        assert refused(init("--json", "--name", "别县")) == {("FOLDER", "exists")}, "other settings"
    told(init("--json"))
    assert Path("county/egov.toml").read_bytes() == settings
    assert run("verify", "--config", "county/egov.toml").exit_code == 0


def test_what_is_wrong_with_a_persons_code_is_what_is_said() -> None:
    refusal = json.loads(init("--json", people=("--head", "P 1=甲某", *PEOPLE[2:])).stdout)["error"]
    (fault,) = [one for one in refusal["faults"] if one["path"] == "--head"]
    assert fault["message"] == "'P 1' is no code: character 2 is a blank"


def test_a_folder_for_the_settings_file_names_the_file_in_it() -> None:
    told(init("--json"))
    error = json.loads(run("verify", "--config", "county", "--json").stdout)["error"]
    assert error["message"] == "county is a folder" and "county/egov.toml" in error["remedy"]
    missing = json.loads(run("verify", "--config", "nowhere.toml", "--json").stdout)["error"]
    assert "egov init DIR" in missing["remedy"]
    folder = json.loads(
        run("cases", "import", "county", "--cut-over", "2026-01-05", "--config", "county/egov.toml", "--json").stdout
    )["error"]
    assert (folder["message"], folder["remedy"]) == ("county is a folder", "name the file in it")


def test_what_was_made_is_taken_away_where_the_store_cannot_be() -> None:
    failed = init("--storage", "sqlite:///nowhere/county.db")
    assert failed.exit_code == 1 and "nowhere" in failed.output
    assert list(Path().iterdir()) == []
    Path("county").mkdir()
    Path("county", "notes.txt").write_text("kept", encoding="utf-8")
    assert init("--storage", "sqlite:///nowhere/county.db").exit_code == 1
    assert [file.name for file in Path("county").iterdir()] == ["notes.txt"]


def test_an_office_that_has_data_is_not_set_up_whoever_asks() -> None:
    with open_small_county() as office:
        county = office.organisation.get("county")
        head, *clerks = office.authority.people.values()
        with pytest.raises(ClaimError, match="is not set up") as error:
            office.change(lambda services: set_up(services, county=county, head=head, clerks=clerks))
        assert [one.code for one in error.value.faults] == ["there-already"]


@pytest.mark.parametrize(
    "command",
    [
        ("doctor",),
        ("staff", "import", "人员.csv"),
        ("catalogue", "import", "list.csv", "--found-organs"),
        ("catalogue", "import", "list.csv", "--found-organs", "--parent", "xian"),
        ("catalogue", "import", "list.csv", "--apply", "--prepared-by", "P1", "--published-by", "P2"),
        ("enrol", "import", "units.csv", "--document", "x", "--as", "P1"),
        ("enrol", "import", "units.csv", "--document", "x", "--as", "P1", "--apply"),
        ("enrol", "invite", "D1", "--document", "x", "--as", "P1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("laid_out", [False, True], ids=["no store", "an empty store"])
def test_whoever_has_no_office_yet_is_told_how_to_get_one(command: tuple[str, ...], laid_out: bool) -> None:
    Path("egov.toml").write_text(f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n', "utf-8")
    Path("list.csv").write_text(ITEMS, encoding="utf-8")
    write("人员.csv", ["人员编号", "姓名", "所在机关", "任职起"])
    write("units.csv", ["单位编码", "单位名称"], ["D1", "某局"])
    if laid_out:
        open_office(read_settings("egov.toml")).close()
    result = run(*command, "--config", "egov.toml")
    assert result.exit_code == 1
    assert "egov init DIR --area CODE" in result.output, result.output
