"""`egov init` with its data in PostgreSQL: from an empty database to an office that works."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_storage_postgresql.testing import LOCKED, PASSWORD, PostgresqlServer

AREA = "990199"
PEOPLE = ("--head", "P1=甲某", "--clerk", "P2=乙某", "--clerk", "P3=丙某")
CONFIG = ("--config", "county/egov.toml")
FOUND = ("--since", "2020-01-01", "--json")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": "C.UTF-8"})


def init_of(storage: str, *more: str, folder: str = "county", area: str = AREA) -> tuple[str, ...]:
    return ("init", folder, "--area", area, "--name", "演示县", *PEOPLE, "--storage", storage, *more)


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(result: Result) -> Any:
    assert result.exit_code == 1, result.output
    return json.loads(result.stdout)["error"]


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_from_an_empty_database_to_items_staff_a_case_and_a_clean_verify(postgresql_url: str) -> None:
    told(run(*init_of(postgresql_url, *FOUND)))
    assert stat.S_IMODE(Path("county/egov.toml").stat().st_mode) == 0o600, "the URL may hold a password"
    items = write(
        "items.csv",
        "事项名称,实施主体,法定办结时限,承诺办结时限,事项类型,办件类型\n"
        "取水许可,水利局,20个工作日,9个工作日,行政许可,承诺件\n",
    )
    two = ("--prepared-by", "P2", "--published-by", "P3", "--valid-from", "2020-01-01")
    taken = told(run("catalogue", "import", items, "--found-organs", *two, "--apply", *CONFIG, "--json"))
    bureau = taken["organs"][0]["code"]
    staff = write("人员.csv", f"人员编号,姓名,所在机关,任职起\nP8,戊某,{bureau},2020-01-01\n")
    assert told(run("staff", "import", staff, "--by", "P1", "--apply", *CONFIG, "--json"))["applied"]
    case = write(
        "cases.csv",
        "原办件编号,事项编码,收件时间,申请人,证件号码,受理时间\n"
        "旧-1,取水许可,2025-12-29 09:00,周小满,990199199001011236,2025-12-30 10:00\n",
    )
    moved = ("--cut-over", "2026-01-05", "--source", "旧系统", "--apply")
    assert told(run("cases", "import", case, *moved, *CONFIG, "--json"))["written"] == 1
    assert told(run("verify", *CONFIG, "--json"))["verify"] == "ok"
    found = json.loads(run("doctor", *CONFIG, "--json").stdout)["findings"]
    wrong = {one["code"] for one in found if one["severity"] == "error"}
    assert wrong <= {"postgresql-not-durable"}, "the server of the tests keeps nothing over a power failure"


def test_an_area_is_set_up_once_and_another_beside_it(postgresql_url: str) -> None:
    told(run(*init_of(postgresql_url, *FOUND)))
    again = refused(run(*init_of(postgresql_url, *FOUND, folder="again")))
    assert [(one["path"], one["code"]) for one in again["faults"]] == [("storage", "there-already")]
    assert not Path("again").exists()
    told(run(*init_of(postgresql_url, *FOUND, folder="other", area="990198")))
    for folder in ("county", "other"):
        assert told(run("verify", "--config", f"{folder}/egov.toml", "--json"))["verify"] == "ok"


@pytest.mark.parametrize("more", [("--policy", "none"), ("--head", "nobody"), ("--since", "2999-01-01")])
def test_a_refusal_leaves_the_database_as_empty_as_it_was(
    postgresql_server: PostgresqlServer, more: tuple[str, str]
) -> None:
    name = postgresql_server.new_database()
    refused(run(*init_of(postgresql_server.url(name), *FOUND, *more)))
    assert postgresql_server.execute(TABLES, name) == []
    assert not Path("county").exists()
    postgresql_server.drop_database(name)


def test_a_database_that_cannot_be_had_is_an_error_without_its_password(postgresql_server: PostgresqlServer) -> None:
    name = postgresql_server.new_database(f"OWNER {LOCKED}")
    for url in (
        postgresql_server.url(name, LOCKED, "geheim"),
        "postgresql://egov:geheim@127.0.0.1:1/county",
        "postgres://egov:geheim@h/county",
    ):
        result = run(*init_of(url, *FOUND))
        error = refused(result)
        assert (error["code"], bool(error["remedy"]), "geheim" in result.output) == ("storage", True, False)
        assert not Path("county").exists()
    told(run(*init_of(postgresql_server.url(name, LOCKED, PASSWORD), *FOUND)))
    assert PASSWORD not in run("doctor", *CONFIG).output
    postgresql_server.drop_database(name)


def test_of_two_who_set_up_the_same_area_at_once_one_does(postgresql_url: str) -> None:
    """The chains have one founding, whoever came first."""
    program = (sys.executable, "-c", "from egov_core.cli import main; main()")
    started = [
        subprocess.Popen(
            [*program, *init_of(postgresql_url, *FOUND, folder=folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for folder in ("one", "two")
    ]
    said = [one.communicate(timeout=120) for one in started]
    assert sorted(one.returncode for one in started) == [0, 1], said
    (there,) = [folder for folder in ("one", "two") if Path(folder).exists()]
    assert told(run("verify", "--config", f"{there}/egov.toml", "--json"))["checked"]["events"] == 8
