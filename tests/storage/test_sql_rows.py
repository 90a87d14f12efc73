"""Every row type goes through its table unaltered, and the statements use the indexes they were made for."""

# ruff: noqa: S608 - statements over our own names

from __future__ import annotations

import sqlite3
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

from egov_core.domain.legal import CHINA
from egov_core.ports import storage as ports
from egov_core.storage.sql import rows as r
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.columns import moment, seconds
from egov_core.storage.sql.sqlite import open_sqlite, sqlite_statements

S = sqlite_statements()

KINDS: list[tuple[Any, Table, Callable[[Any], tuple[Any, ...]], Callable[[Any], Any], str]] = [
    (ports.StoredEvent, t.events, r.event_columns, r.event, S.append),
    (ports.CaseRow, t.cases, r.case_columns, r.case, S.insert_case),
    (ports.TimerRow, t.timers, r.timer_columns, r.timer, S.put_timer),
    (ports.CardRow, t.cards, r.card_columns, r.card, S.issue_card),
    (ports.OutboxRow, t.outbox, r.outbox_columns, r.outbox, S.enqueue),
    (ports.IdempotencyRow, t.keys, r.key_columns, r.key, S.remember),
    (ports.SubjectRow, t.subjects, r.subject_columns, r.subject, S.put_subject),
    (ports.ReferenceRow, t.reference_data, r.reference_columns, r.reference, S.put_reference),
]

TEXTS = st.text(st.characters(codec="utf-8"))
INSTANTS = st.integers(-3_000_000_000, 30_000_000_000).map(
    lambda n: datetime(1970, 1, 1, tzinfo=CHINA) + timedelta(seconds=n)
)
OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    bytes: st.binary(),
    datetime: INSTANTS,
    date: st.dates(),
}


def strategy(kind: Any) -> st.SearchStrategy[Any]:
    """Rows of a type, from the types of its fields."""
    fields: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(kind).items():
        parts = typing.get_args(hint) or (hint,)
        fields[name] = st.one_of(*(st.none() if part is type(None) else OF_TYPE[part] for part in parts))
    return st.builds(kind, **fields)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file = tmp_path_factory.mktemp("rows") / "county.db"
    open_sqlite(file).close()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("kind", "table", "columns", "row", "insert"), KINDS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_row_comes_back_as_it_was_put(
    connection: sqlite3.Connection, kind: Any, table: Table, columns: Any, row: Any, insert: str
) -> None:
    @given(value=strategy(kind))
    @settings(max_examples=100, deadline=None)
    def check(value: Any) -> None:
        connection.execute(f"DELETE FROM {table.name}")
        connection.execute(insert, columns(value))
        found = connection.execute(f"SELECT * FROM {table.name}").fetchone()
        assert row(found) == value
        assert repr(row(found)) == repr(value)

    check()


@pytest.mark.parametrize(
    ("kind", "table"), [(kind, table) for kind, table, *_ in KINDS], ids=lambda v: getattr(v, "name", "")
)
def test_a_table_has_the_fields_of_its_row_in_order(kind: Any, table: Table) -> None:
    assert [column.name for column in table.columns] == [field.name for field in attrs.fields(kind)]
    assert next(iter(table.primary_key)).name == "area"


def test_every_table_but_meta_has_the_area_first_in_its_key_and_indexes() -> None:
    for table in t.metadata.sorted_tables:
        if table is t.meta:
            continue
        assert next(iter(table.primary_key)).name == "area"
        for index in table.indexes:
            assert next(iter(index.columns)).name == "area"


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (S.due_timers, "timers_due"),
        (S.due_outbox, "outbox_due"),
        (S.outbox_of, "outbox_case"),
        (S.running_timers, "timers_running"),
        (S.case_by_number, "sqlite_autoindex_cases_2"),
        (S.cases, "sqlite_autoindex_cases_1"),
        (S.timers, "timers_case"),
        (S.cards, "cards_case"),
        (S.head, "sqlite_autoindex_events_1"),
        (S.streams, "sqlite_autoindex_events_1"),
        (S.recall, "sqlite_autoindex_keys_1"),
    ],
)
def test_a_statement_uses_its_index(connection: sqlite3.Connection, statement: str, index: str) -> None:
    parameters = [1] * statement.count("?")
    plan = " / ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
    assert "SCAN" not in plan
    assert index in plan, plan
    if index.endswith(("_due", "_running")):
        assert "TEMP B-TREE" not in plan, plan


def test_fractions_are_dropped_downwards_before_and_after_1970() -> None:
    for year in (1960, 2016):
        at = datetime(year, 1, 1, 0, 0, 0, 999_999, tzinfo=CHINA)
        assert moment(seconds(at)) == at.replace(microsecond=0)
