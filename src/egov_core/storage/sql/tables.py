"""The tables and their indexes.

Rules of this room: columns stand in the order of the row's fields, and every key begins with the area, so that one
database can hold a county or a province of them. Instants are whole seconds since 1970 and dates ISO texts: both sort
as they mean. A county's rows never refer to each other by foreign key, since the contract lets rows arrive in any
order.

Small rows whose key is long live in their key's tree (`WITHOUT ROWID`); rows that carry documents do not.

Every database sorts and compares texts by their bytes, as SQLite does by itself, and keeps numbers of eight bytes: the
same rows come in the same order wherever they lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

metadata = MetaData()

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
NUMBER = Integer().with_variant(BigInteger(), "postgresql")


def _key(name: str, kind: Text | Integer = TEXT) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, NUMBER, nullable=False)


def _instant(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


meta = Table("meta", metadata, _key("name"), _text("value"))
"""About the file itself, hence without an area: the version of the schema."""

areas = Table(
    "areas",
    metadata,
    _key("area"),
    _instant("last_instant", optional=True),
    _number("reference_version"),
    sqlite_with_rowid=False,
)

series = Table("series", metadata, _key("area"), _key("series"), _number("last"), sqlite_with_rowid=False)

cases = Table(
    "cases",
    metadata,
    _key("area"),
    _key("case_id"),
    _number("version"),
    _text("number"),
    _text("query_digest"),
    _text("item"),
    _text("item_name"),
    _text("organ"),
    _text("state"),
    _text("whole"),
    _instant("received_at"),
    _instant("accepted_at", optional=True),
    _instant("concluded_at", optional=True),
    _bytes("data"),
    _text("head"),
    UniqueConstraint("area", "number", name="cases_number"),
)
Index("cases_received", cases.c.area, cases.c.received_at.desc(), cases.c.case_id)
Index("cases_whole", cases.c.area, cases.c.whole, cases.c.received_at.desc(), cases.c.case_id)
Index("cases_organ", cases.c.area, cases.c.organ, cases.c.whole, cases.c.received_at.desc(), cases.c.case_id)

events = Table(
    "events",
    metadata,
    _key("area"),
    _key("stream"),
    _key("position", NUMBER),
    _text("type"),
    _instant("at"),
    _instant("entered_at"),
    _text("actor"),
    _bytes("payload"),
    _text("head"),
)

timers = Table(
    "timers",
    metadata,
    _key("area"),
    _key("timer_id"),
    _text("case_id"),
    _text("kind"),
    _text("organ"),
    _instant("started_at"),
    _instant("stopped_at", optional=True),
    _instant("due_at", optional=True),
    Column("last_day", TEXT),
    _instant("next_fire_at", optional=True),
    _number("provisional"),
    _text("days_digest"),
    _text("covers_to"),
    _text("policy"),
    sqlite_with_rowid=False,
)
Index("timers_case", timers.c.area, timers.c.case_id, timers.c.timer_id)
_timers_due = Index("timers_due", timers.c.area, timers.c.next_fire_at, timers.c.timer_id)
_timers_running = Index("timers_running", timers.c.area, timers.c.timer_id, timers.c.covers_to, timers.c.started_at)

cards = Table(
    "cards",
    metadata,
    _key("area"),
    _key("timer_id"),
    _key("rule"),
    _key("level"),
    _key("epoch", NUMBER),
    _text("case_id"),
    _text("timer_kind"),
    _text("organ"),
    _instant("at"),
    _instant("issued_at"),
    _instant("due_at", optional=True),
    _text("policy"),
    _number("provisional"),
    _instant("revoked_at", optional=True),
    _text("revoke_reason"),
    sqlite_with_rowid=False,
)
Index("cards_case", cards.c.area, cards.c.case_id)
Index("cards_level", cards.c.area, cards.c.level, cards.c.organ, cards.c.revoked_at, cards.c.at)
Index("cards_at", cards.c.area, cards.c.at)

outbox = Table(
    "outbox",
    metadata,
    _key("area"),
    _key("key"),
    _text("kind"),
    _text("target"),
    _text("case_id"),
    _bytes("body"),
    _instant("created_at"),
    _instant("next_attempt_at", optional=True),
    _number("attempts"),
    _text("state"),
    _bytes("answer"),
    _number("fence"),
)
Index("outbox_case", outbox.c.area, outbox.c.case_id)
_outbox_due = Index("outbox_due", outbox.c.area, outbox.c.next_attempt_at, outbox.c.key)

keys = Table(
    "keys",
    metadata,
    _key("area"),
    _key("actor"),
    _key("key"),
    _text("digest"),
    _bytes("answer"),
    _instant("at"),
)

subjects = Table("subjects", metadata, _key("area"), _key("subject"), _bytes("secret"), _bytes("data"))

search_terms = Table(
    "search_terms",
    metadata,
    _key("area"),
    _key("term"),
    _key("field"),
    _key("code"),
    _key("version", NUMBER),
    _text("valid_from"),
    _text("valid_to"),
    sqlite_with_rowid=False,
)
"""The index of the search (`search_index.py`): a term stands in a field of a version of an item, or of an organ."""

search_names = Table(
    "search_names",
    metadata,
    _key("area"),
    _key("code"),
    _key("version", NUMBER),
    _text("terms"),
    _text("valid_from"),
    _text("valid_to"),
    sqlite_with_rowid=False,
)
"""The same the other way round, of names only: which terms the name of a version of an item has, divided by spaces."""

reference_data = Table(
    "reference_data",
    metadata,
    _key("area"),
    _key("kind"),
    _key("code"),
    _key("version", NUMBER),
    _bytes("data"),
)

PARTIAL: Mapping[Index, ColumnElement[bool] | TextClause] = {
    _timers_due: timers.c.next_fire_at.is_not(None),
    _timers_running: timers.c.stopped_at.is_(None),
    _outbox_due: text("state = 'pending'"),
}
"""Indexes of some rows only, and which. Said here, not in the words of each database (`sqlite_where`): SQLAlchemy loads
the whole dialect of a database whose word it meets, also where that one is not used. `schema.create_all` says them."""
