"""URLs, servers and databases that cannot be used are one clear error, without the password; and what is set anew."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import egov_storage_postgresql
from egov_core import Settings, open_office
from egov_core.errors import EgovError, StorageError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.doctor import diagnose
from egov_core.storage.sql import schema
from egov_core.storage.sql.storage import SqlStorage
from egov_core.storage.sql.tables import metadata
from egov_core.testing.storage_rows import AREA
from egov_storage_postgresql import opening, testing
from egov_storage_postgresql.opening import open_postgresql, read_url
from egov_storage_postgresql.testing import LOCKED, PASSWORD, PostgresqlServer

Behind = Callable[[str], list[tuple[Any, ...]]]


def refused(url: str) -> StorageError:
    """The error of an opening, which must name a remedy."""
    with pytest.raises(StorageError) as caught:
        open_postgresql(url).close()
    assert caught.value.remedy
    return caught.value


def everything_told(error: EgovError) -> str:
    """All that a user or a log may see of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.as_dict())


# --- the hook ---------------------------------------------------------------------------------------------------------


def test_the_hook_answers_for_its_scheme_only(postgresql_url: str) -> None:
    hooks = Hooks()
    hooks.register(egov_storage_postgresql, "postgresql")
    assert hooks.storage_backend("sqlite:///county.db") is None
    storage = hooks.storage_backend(postgresql_url)
    assert storage is not None
    assert storage.name == "postgresql"
    storage.close()
    for url in ("postgres://h/d", "postgresql+psycopg://u:geheim@h/d", "postgresql:h"):
        with pytest.raises(StorageError, match="postgresql://") as caught:
            hooks.storage_backend(url)
        assert "geheim" not in everything_told(caught.value)


def test_an_office_finds_the_installed_plugin_by_the_url(postgresql_url: str) -> None:
    with open_office(Settings(area="990101", storage=postgresql_url)) as office:
        assert office.storage.name == "postgresql"
        assert "postgresql" in office.hooks.names()


def test_the_doctor_speaks_of_the_server_and_not_of_sqlite(postgresql_url: str) -> None:
    with open_office(Settings(area="990101", storage=postgresql_url)) as office:
        told = {one.code: one for one in diagnose(office)}
    assert told["postgresql"].message.startswith("PostgreSQL ")
    assert not [code for code in told if code.startswith("sqlite")]


def test_a_server_that_would_lose_data_or_is_full_is_told_of() -> None:
    sound = opening._findings("17.2", "on", "on", 3, 97)
    assert [one.code for one in sound] == ["postgresql"]
    failing = [*opening._findings("17.2", "off", "off", 95, 97)]
    assert [(one.code, one.severity) for one in failing[1:]] == [
        ("postgresql-not-durable", "error"),
        ("postgresql-not-durable", "error"),
        ("postgresql-connections", "warning"),
    ]
    assert "fsync = off" in failing[1].message and "full_page_writes = on" in failing[2].remedy


def test_an_office_on_another_database_imports_neither_driver_nor_sqlalchemy() -> None:
    script = "import sys, egov_storage_postgresql as p; p.egov_storage_backend('memory:'); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "egov_storage_postgresql" in told
    assert not {"psycopg", "sqlalchemy"} & set(told)


# --- the password -----------------------------------------------------------------------------------------------------

WITH_PASSWORDS = [
    "postgresql://{user}:{secret}@/nothing?host={host}",
    "postgresql://{user}:{secret}@127.0.0.1:1/x",
    "postgresql://{user}:{secret}@nowhere.invalid/x",
    "postgresql://{user}:{secret}@h:port/x",
    "postgresql://{user}:{secret}@h/x?sslmod=require",
    "postgresql://{user}:{secret}@h/x?sslmode=sure",
    "postgresql://{user}:{secret}%zz@h/x",
    "postgresql://h/x?password={secret}%zz",
    "postgresql://{user}:{secret}/more@h/x",
    "postgresql://{user}:{secret}?more@h/x",
    "postgresql://{user}:{secret}#more@h/x",
    "postgresql://{user}:{secret}@more@h/x",
    "postgresql://{user}:{secret}@[h/x",
]


@pytest.mark.parametrize("url", WITH_PASSWORDS)
def test_no_error_shows_the_password(postgresql_server: PostgresqlServer, url: str) -> None:
    secret = "geheimnis"  # noqa: S105 -- invented
    error = refused(url.format(user=LOCKED, secret=secret, host=quote(str(postgresql_server.folder), safe="")))
    assert secret not in everything_told(error)


def test_a_wrong_password_is_told_as_such_and_the_right_one_lets_in(postgresql_server: PostgresqlServer) -> None:
    name = postgresql_server.new_database(f"OWNER {LOCKED}")
    wrong = refused(postgresql_server.url(name, LOCKED, PASSWORD + "x"))
    assert ("authentication failed" in wrong.message, "user or password" in wrong.remedy) == (True, True)
    missing = refused(postgresql_server.url(name, LOCKED))
    assert "user or password" in missing.remedy
    assert "PGPASSWORD" in missing.remedy
    right = postgresql_server.url(name, LOCKED, PASSWORD)
    storage = open_postgresql(right)
    shown = repr(storage) + repr(storage._readers) + repr(storage._writer()) + repr(read_url(right))
    storage.close()
    postgresql_server.drop_database(name)
    for told in (everything_told(wrong), everything_told(missing), shown):
        assert PASSWORD not in told
        assert quote(PASSWORD, safe="") not in told


def test_an_address_is_shown_without_its_password() -> None:
    assert repr(read_url("postgresql://clerk:geheim@db.example:5433/county")) == (
        "postgresql://clerk@db.example:5433/county"
    )
    assert repr(read_url("postgresql://clerk:geheim@/county?host=/run/pg")) == (
        "postgresql://clerk@/county?host=/run/pg"
    )


# --- what cannot be opened --------------------------------------------------------------------------------------------


def test_each_way_of_not_getting_in_has_its_remedy(postgresql_server: PostgresqlServer) -> None:
    urls = {
        postgresql_server.url("nothing_here"): "createdb --encoding=UTF8 --template=template0 --owner=",
        postgresql_server.url("postgres", "nobody_known"): "createuser nobody_known",
        "postgresql://clerk@127.0.0.1:1/county": "start the server",
        "postgresql://clerk@/county?host=/nowhere": "start the server",
        "postgresql://clerk@nowhere.invalid/county": "host and port",
        "postgresql://clerk@h/county?sslmod=require": "percent-encoded",
    }
    assert {url: remedy in refused(url).remedy for url, remedy in urls.items()} == dict.fromkeys(urls, True)
    assert "sslmod" in refused("postgresql://clerk@h/county?sslmod=require").message


def test_a_database_that_keeps_no_utf8_is_refused(postgresql_server: PostgresqlServer) -> None:
    name = postgresql_server.new_database("ENCODING 'SQL_ASCII' TEMPLATE template0")
    error = refused(postgresql_server.url(name))
    postgresql_server.drop_database(name)
    assert ("SQL_ASCII" in error.message, "--encoding=UTF8" in error.remedy) == (True, True)


def test_a_user_who_may_not_make_tables_is_told_what_to_grant(
    postgresql_server: PostgresqlServer, postgresql_url: str, behind: Behind
) -> None:
    behind("REVOKE ALL ON SCHEMA public FROM public")
    name = postgresql_url.partition("@/")[2].partition("?")[0]
    error = refused(postgresql_server.url(name, LOCKED, PASSWORD))
    assert "search_path" in error.message or "GRANT" in error.remedy
    behind(f"GRANT USAGE ON SCHEMA public TO {LOCKED}")
    assert "GRANT" in refused(postgresql_server.url(name, LOCKED, PASSWORD)).remedy


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("UPDATE meta SET value = '99'", "newer program"),
        ("UPDATE meta SET value = '0'", "before the first release"),
        ("UPDATE meta SET value = 'x'", "backup"),
        ("DELETE FROM meta", "backup"),
        ("DROP TABLE meta", "another database"),
    ],
)
def test_a_schema_that_is_not_this_one_is_refused(
    postgresql_url: str, behind: Behind, statement: str, remedy: str
) -> None:
    open_postgresql(postgresql_url).close()
    behind(statement)
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' ORDER BY 1"
    before = behind(tables)
    assert remedy in refused(postgresql_url).remedy
    assert behind(tables) == before


def test_a_schema_that_cannot_be_made_whole_is_not_made_at_all(
    postgresql_url: str, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = schema.create_all

    def half(connection: Any) -> None:
        plain(connection)
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    monkeypatch.setattr(schema, "create_all", half)
    refused(postgresql_url)
    assert behind("SELECT relname FROM pg_class WHERE relname = 'cases'") == []


# --- what is set anew -------------------------------------------------------------------------------------------------


def test_what_the_promises_rest_on_does_not_depend_on_the_server_s_configuration(
    postgresql_url: str, behind: Behind
) -> None:
    name = behind("SELECT current_database()")[0][0]
    for setting in (
        "synchronous_commit = off",
        "default_transaction_isolation = serializable",
        "client_encoding = latin1",
        "bytea_output = escape",
        "datestyle = 'SQL, DMY'",
        "default_transaction_read_only = on",
    ):
        behind(f"ALTER DATABASE {name} SET {setting}")
    storage = open_postgresql(postgresql_url)
    found: list[Any] = []
    transactions: Any = storage._writer()
    taken = transactions._take(transactions._engine)
    for setting in ("synchronous_commit", "lock_timeout", "client_encoding"):
        found.append(taken.driver_connection.execute(f"SHOW {setting}").fetchone()[0])
    taken.close()
    assert found == ["on", "10s", "UTF8"]
    storage.write(lambda unit: unit.next_number(AREA, "许可"))
    with storage.snapshot() as connection, pytest.raises(Exception, match="read-only"):
        connection.exec_driver_sql("DELETE FROM series")
    storage.close()


def test_texts_are_sorted_by_their_bytes_and_numbers_have_eight(storage: SqlStorage, behind: Behind) -> None:
    assert storage.counts(AREA)["cases"] == 0
    columns = behind(
        "SELECT c.relname, a.attname, t.typname, l.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation "
        "WHERE c.relkind = 'r' AND a.attnum > 0 AND c.relnamespace = 'public'::regnamespace"
    )
    assert {column[0] for column in columns} == {table.name for table in metadata.sorted_tables}
    assert {(kind, collation) for _, _, kind, collation in columns} == {
        ("text", "C"),
        ("int8", None),
        ("bytea", None),
    }


def test_two_offices_may_share_a_database_by_schemas(postgresql_url: str, behind: Behind) -> None:
    behind("CREATE SCHEMA north")
    one = open_postgresql(postgresql_url)
    other = open_postgresql(postgresql_url + "&options=-csearch_path%3Dnorth")
    one.write(lambda unit: unit.next_number(AREA, "2016"))
    assert other.write(lambda unit: unit.next_number(AREA, "2016")) == 1
    one.close()
    other.close()
    assert behind("SELECT count(*) FROM north.series") == [(1,)]


# --- the server of the tests ------------------------------------------------------------------------------------------


def test_where_there_is_no_postgresql_the_command_that_installs_one_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "DEBIAN", tmp_path)
    monkeypatch.setattr(testing, "WHEEL", "no_such_wheel")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="apt-get install -y postgresql"):
        testing.programs()
