"""How the questions are put to SQLite: a fixed number of statements, each on an index, from one snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import event

from egov_core.domain.catalogue import ItemState, StandingChange
from egov_core.errors import StorageError, UnknownError
from egov_core.ports.queries import BoardQuery, CardsQuery, CaseFileQuery, CasesQuery, ProgressQuery, Query, SearchItems
from egov_core.ports.storage import ReferenceRow
from egov_core.storage.sql.queries import SqlQueries
from egov_core.storage.sql.search_index import STANDING
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing import search_rows as found
from egov_core.testing import storage_rows as new
from egov_core.testing.query_county import settle
from egov_core.testing.storage_rows import AREA
from egov_core.wire.codec import encode


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    storage = open_sqlite(tmp_path / "county.db")
    storage.write(settle)
    yield storage
    storage.close()


ASKED: list[tuple[Query, int, set[str]]] = [
    (BoardQuery(area=AREA), 4, {"cases_organ", "cards_level"}),
    (CardsQuery(area=AREA), 2, {"cards_at"}),
    (CardsQuery(area=AREA, level="red", organ="health"), 2, {"cards_level"}),
    (CardsQuery(area=AREA, level="red", scope="ledger"), 2, {"cards_level"}),
    (CasesQuery(area=AREA), 3, {"cases_received", "timers_case"}),
    (CasesQuery(area=AREA, whole="open"), 3, {"cases_whole", "timers_case"}),
    (CasesQuery(area=AREA, whole="open", organ="health"), 3, {"cases_organ", "timers_case"}),
    (CaseFileQuery(area=AREA, case_id="case-07"), 5, {"timers_case", "cards_case", "outbox_case"}),
    (ProgressQuery(area=AREA, number="N-case-07", query_digest="digest of case-07"), 5, {"timers_case", "cards_case"}),
    (ProgressQuery(area=AREA, number="N-case-07", query_digest="wrong"), 1, {"sqlite_autoindex_cases"}),
    (ProgressQuery(area=AREA, number="unknown", query_digest="wrong"), 1, {"sqlite_autoindex_cases"}),
]


SEARCHED: list[tuple[str, int, int]] = [
    ("食品 许可", 6, 3),
    ("食品竞营许可", 7, 3),
    ("水务局", 7, 4),
    ("", 0, 0),
]
"""What is typed, and the statements it takes: version, items, organs, counts, terms that may be meant, postings, the
items of an organ, versions; asked again while nothing was written, version, postings, the items of an organ, versions.
"""


@pytest.mark.parametrize(("text", "statements", "again"), SEARCHED)
def test_a_search_is_a_few_statements_on_the_index(tmp_path: Path, text: str, statements: int, again: int) -> None:
    asked: list[tuple[str, Any]] = []
    storage = open_sqlite(tmp_path / "found.db")
    storage.write(lambda unit: unit.put_references(found.rows()))
    event.listen(storage._readers, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    query = SearchItems(area=AREA, text=text, day=found.DAY, synonyms=found.SYNONYMS)
    queries = SqlQueries(storage)
    first = queries.answer(query)
    selects = [one for one in asked if one[0].startswith("SELECT")]
    assert len(selects) == statements
    asked.clear()
    assert queries.answer(query) == first
    assert len([one for one in asked if one[0].startswith("SELECT")]) == again
    with closing(sqlite3.connect(tmp_path / "found.db")) as connection:
        for statement, parameters in selects:
            plan = [str(step[3]) for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            looked = [step for step in plan if "search_terms" in step]
            assert all("SEARCH" in step and "area=? AND term" in step for step in looked), plan
            named = [step for step in plan if "search_names" in step]
            assert all("SEARCH" in step and "area=? AND code" in step for step in named), plan
    storage.close()


@pytest.mark.parametrize(("query", "statements", "indexes"), ASKED, ids=range(len(ASKED)))
def test_a_question_is_a_fixed_number_of_statements_on_indexes(
    storage: SqlStorage, tmp_path: Path, query: Query, statements: int, indexes: set[str]
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(storage._readers, "before_cursor_execute", note)
    SqlQueries(storage).answer(query)
    assert len(asked) == statements
    with sqlite3.connect(tmp_path / "county.db") as connection:
        plans = [
            str(step[3])
            for statement, parameters in asked
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    connection.close()
    assert not [plan for plan in plans if plan.startswith("SCAN")]
    # `PRIMARY KEY (area=?)` alone would be a walk over the county.
    assert not [plan for plan in plans if "PRIMARY KEY (area=?)" in plan and "areas" not in plan], plans
    assert {index for index in indexes if any(index in plan for plan in plans)} == indexes, plans


def test_an_answer_is_of_one_moment(storage: SqlStorage) -> None:
    """A case written between two statements of one answer is in none of them."""

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM cards" in statement and not storage.case(AREA, "new"):
            storage.write(lambda unit: unit.save_case(new.case_row("new", organ="new"), expected=0))
            storage.write(lambda unit: unit.issue_cards([new.card_row("new", "red", case_id="new", organ="new")]))

    event.listen(storage._readers, "after_cursor_execute", meanwhile)
    queries = SqlQueries(storage)
    before = queries.answer(BoardQuery(area=AREA))
    after = queries.answer(BoardQuery(area=AREA))
    assert "new" not in {figures.organ for figures in before.organs}
    assert sum(before.total.ledger.values()) == sum(figures.ledger["red"] for figures in before.organs) + sum(
        before.total.ledger[level] for level in ("warning", "yellow")
    )
    assert "new" in {figures.organ for figures in after.organs}


def test_a_level_that_the_place_does_not_define_is_shown_and_is_the_mildest(storage: SqlStorage) -> None:
    queries = SqlQueries(storage, levels=("yellow", "red"))
    board = queries.answer(BoardQuery(area=AREA))
    assert board.total.ledger["warning"] == SqlQueries(storage).answer(BoardQuery(area=AREA)).total.ledger["warning"]
    for level, figure in board.total.running.items():
        assert queries.answer(CardsQuery(area=AREA, level=level)).total == figure


def test_what_is_no_query_is_refused_and_so_is_everything_after_closing(storage: SqlStorage) -> None:
    unknown: Any = object()
    with pytest.raises(UnknownError):
        SqlQueries(storage).answer(unknown)
    storage.close()
    with pytest.raises(StorageError):
        SqlQueries(storage).answer(BoardQuery(area=AREA))


@pytest.mark.parametrize(
    ("state", "told"), [(ItemState.IN_USE, [False]), (ItemState.SUSPENDED, [True]), (ItemState.WITHDRAWN, [])]
)
def test_a_suspended_item_is_told_so_and_a_withdrawn_one_is_not_offered(
    tmp_path: Path, state: ItemState, told: list[bool]
) -> None:
    """From its day on; the catalogue says the same."""
    change = StandingChange(
        code="i-food", number=1, state=state, on=found.DAY, reason="停办", prepared_by="a", decided_by="b"
    )
    row = ReferenceRow(area=AREA, kind=STANDING, code="i-food", version=1, data=encode(change))
    storage = open_sqlite(tmp_path / "county.db")
    storage.write(lambda unit: unit.put_references([*found.rows(), row]))
    for day, expected in ((found.DAY, told), (found.DAY - timedelta(days=1), [False])):
        query = SearchItems(area=AREA, text="食品经营许可", day=day, synonyms=found.SYNONYMS)
        hits = [hit for hit in SqlQueries(storage).answer(query).hits if hit.code == "i-food"]
        assert [hit.suspended for hit in hits] == expected
    storage.close()


def test_what_is_taken_away_or_replaced_leaves_no_terms(tmp_path: Path) -> None:
    storage = open_sqlite(tmp_path / "found.db")
    rows = found.rows()
    named = next(row for row in rows if row.code == "i-food")
    renamed = attrs.evolve(named, data=named.data.replace("食品经营许可".encode(), "食品经营备案".encode()))
    storage.write(lambda unit: unit.put_references(rows))
    storage.write(lambda unit: unit.put_references([renamed]))
    with closing(sqlite3.connect(tmp_path / "found.db")) as connection:
        held = connection.execute(
            "SELECT terms FROM search_names WHERE code = ? AND version = ?", (named.code, named.version)
        ).fetchall()
        assert renamed.data != named.data
        assert [("许可" in terms, "备案" in terms) for (terms,) in held] == [(False, True)]
    storage.write(lambda unit: unit.drop_references([renamed, *(row for row in rows if row != named)]))
    with closing(sqlite3.connect(tmp_path / "found.db")) as connection:
        for table in ("search_terms", "search_names"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608 - ours
    storage.close()
