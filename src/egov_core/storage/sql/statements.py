"""The statements of the write contract, written in SQLAlchemy Core and compiled once per dialect to text.

Rules of this room: every statement of units and point reads stands here; it takes positional parameters, and
compiling refuses a statement whose parameters do not stand in the order said here.

Reason. A command is about ten small statements, and most of what a Core statement costs is not the database: measured
on 2 cores with `synchronous=FULL`, ten statements a commit, 3,400 commits a second through `exec_driver_sql` and
5,400 through the driver's cursor with the same text. So the text goes to the cursor (`runner.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Delete,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from egov_core.storage.sql import tables as t

NONE: ColumnElement[int] = literal_column("0")
"""Said openly, since the SQLite dialect would add an offset of its own as a parameter."""


@attrs.frozen(kw_only=True)
class Statements:
    """The texts for one dialect. Parameters of an insert are the columns of its table in order."""

    case: str
    case_by_number: str
    cases: str
    insert_case: str
    update_case: str
    events: str
    streams: str
    head: str
    append: str
    timers: str
    due_timers: str
    running_timers: str
    put_timer: str
    cards: str
    issue_card: str
    revoke_card: str
    outbox: str
    due_outbox: str
    outbox_of: str
    enqueue: str
    settle: str
    recall: str
    remember: str
    remembered: str
    subject: str
    put_subject: str
    references: str
    reference: str
    put_reference: str
    put_posting: str
    drop_posting: str
    put_name: str
    drop_name: str
    drop_reference: str
    reference_version: str
    count_references: str
    last_instant: str
    advance: str
    next_number: str
    areas: str
    counts: str


def statements(dialect: Dialect, upsert: Any) -> Statements:
    """Compile everything for `dialect`, which has positional parameters; `upsert` is its own `insert` construct."""

    def text(statement: ClauseElement, *order: str) -> str:
        compiled: Any = statement.compile(dialect=dialect)
        if tuple(compiled.positiontup or ()) != order:
            raise AssertionError(f"parameters are {compiled.positiontup}, not {order}: {compiled}")
        return str(compiled)

    def get(table: Table, *by: str, order: Sequence[Any] = ()) -> str:
        return text(_where(select(table), table, by).order_by(*order), *by)

    def put(table: Table, *, known: str) -> str:
        """Insert; a known key is passed over (`nothing`: the row count tells) or its row replaced (`replace`)."""
        statement = upsert(table).values(_all(table))
        names = [column.name for column in table.primary_key]
        if known == "nothing":
            # Without naming the constraint: a number that another case has counts as known, too.
            return text(statement.on_conflict_do_nothing(), *_all(table))
        fresh = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
        return text(statement.on_conflict_do_update(index_elements=names, set_=fresh), *_all(table))

    def replace(table: Table, *, only_if: str, number_is_free: bool = False) -> str:
        """Update all but the key where `only_if` has the value given last."""
        names = [column.name for column in table.primary_key]
        rest = [column.name for column in table.columns if not column.primary_key]
        statement = update(table).values({name: bindparam(name) for name in rest})
        where = [*names, only_if]
        for name in where:
            statement = statement.where(table.c[name] == bindparam(f"old_{name}"))
        order = [*rest, *(f"old_{name}" for name in where)]
        if number_is_free:
            other = table.alias()
            same = [other.c.area == bindparam("n_area"), other.c.number == bindparam("n_number")]
            taken = select(other.c.case_id).where(*same, other.c.case_id != bindparam("n_case_id"))
            statement = statement.where(~taken.exists())
            order += ["n_area", "n_number", "n_case_id"]
        return text(statement, *order)

    def due(table: Table, at: str, key: str, *conditions: ColumnElement[bool]) -> str:
        statement = (
            select(table)
            .where(table.c.area == bindparam("area"), table.c[at] <= bindparam("until"), *conditions)
            .order_by(table.c[at], table.c[key])
            .limit(bindparam("limit", type_=Integer))
            .offset(NONE)
        )
        return text(statement, "area", "until", "limit")

    revoke = update(t.cards).values(revoked_at=bindparam("revoked_at"), revoke_reason=bindparam("revoke_reason"))
    card_key = [column.name for column in t.cards.primary_key]
    for name in card_key:
        revoke = revoke.where(t.cards.c[name] == bindparam(f"old_{name}"))

    first_number = upsert(t.series).values({**_all(t.series), "last": literal_column("1")})
    moved = upsert(t.areas).values({**_all(t.areas), "reference_version": literal_column("0")})
    counted = upsert(t.areas).values(
        {**_all(t.areas), "last_instant": literal_column("NULL"), "reference_version": literal_column("1")}
    )
    later = t.areas.c.last_instant.is_(None) | (t.areas.c.last_instant < moved.excluded.last_instant)

    return Statements(
        case=get(t.cases, "area", "case_id"),
        case_by_number=get(t.cases, "area", "number"),
        cases=text(
            _where(select(t.cases), t.cases, ("area",))
            .where(t.cases.c.case_id > bindparam("after"))
            .order_by(t.cases.c.case_id)
            .limit(bindparam("limit", type_=Integer))
            .offset(NONE),
            "area",
            "after",
            "limit",
        ),
        insert_case=put(t.cases, known="nothing"),
        update_case=replace(t.cases, only_if="version", number_is_free=True),
        events=get(t.events, "area", "stream", order=[t.events.c.position]),
        streams=text(
            select(t.events.c.stream)
            .distinct()
            .where(t.events.c.area == bindparam("area"), t.events.c.stream > bindparam("after"))
            .order_by(t.events.c.stream)
            .limit(bindparam("limit", type_=Integer))
            .offset(NONE),
            "area",
            "after",
            "limit",
        ),
        head=text(
            _where(select(t.events.c.position, t.events.c.head), t.events, ("area", "stream"))
            .order_by(t.events.c.position.desc())
            .limit(literal_column("1"))
            .offset(NONE),
            "area",
            "stream",
        ),
        append=text(insert(t.events).values(_all(t.events)), *_all(t.events)),
        timers=get(t.timers, "area", "case_id", order=[t.timers.c.timer_id]),
        due_timers=due(t.timers, "next_fire_at", "timer_id", t.timers.c.stopped_at.is_(None)),
        running_timers=text(
            _where(select(t.timers), t.timers, ("area",))
            .where(
                t.timers.c.timer_id > bindparam("after"),
                t.timers.c.stopped_at.is_(None),
                t.timers.c.covers_to >= bindparam("first"),
                t.timers.c.started_at < bindparam("end"),
            )
            .order_by(t.timers.c.timer_id)
            .limit(bindparam("limit", type_=Integer))
            .offset(NONE),
            "area",
            "after",
            "first",
            "end",
            "limit",
        ),
        put_timer=put(t.timers, known="replace"),
        cards=get(
            t.cards, "area", "case_id", order=[t.cards.c[name] for name in ("at", *card_key[1:3], "epoch", "level")]
        ),
        issue_card=put(t.cards, known="nothing"),
        revoke_card=text(revoke, "revoked_at", "revoke_reason", *(f"old_{name}" for name in card_key)),
        outbox=get(t.outbox, "area", "key"),
        # Literally, so that the planner may use the index over pending rows.
        due_outbox=due(t.outbox, "next_attempt_at", "key", t.outbox.c.state == literal_column("'pending'")),
        outbox_of=get(t.outbox, "area", "case_id", order=[t.outbox.c.key]),
        enqueue=put(t.outbox, known="nothing"),
        settle=replace(t.outbox, only_if="fence"),
        recall=get(t.keys, "area", "actor", "key"),
        remember=put(t.keys, known="nothing"),
        remembered=get(t.keys, "area", order=[t.keys.c.actor, t.keys.c.key]),
        subject=get(t.subjects, "area", "subject"),
        put_subject=put(t.subjects, known="replace"),
        references=get(t.reference_data, "area", "kind", order=[t.reference_data.c.code, t.reference_data.c.version]),
        reference=get(t.reference_data, "area", "kind", "code", "version"),
        put_reference=put(t.reference_data, known="replace"),
        put_posting=put(t.search_terms, known="replace"),
        drop_posting=text(_all_of_key(delete(t.search_terms), t.search_terms), *_names_of_key(t.search_terms)),
        put_name=put(t.search_names, known="replace"),
        drop_name=text(_all_of_key(delete(t.search_names), t.search_names), *_names_of_key(t.search_names)),
        drop_reference=text(
            delete(t.reference_data).where(*(column == bindparam(column.name) for column in t.reference_data.columns)),
            *_all(t.reference_data),
        ),
        reference_version=text(_where(select(t.areas.c.reference_version), t.areas, ("area",)), "area"),
        count_references=text(
            counted.on_conflict_do_update(
                index_elements=["area"], set_={"reference_version": t.areas.c.reference_version + literal_column("1")}
            ),
            "area",
        ),
        last_instant=text(_where(select(t.areas.c.last_instant), t.areas, ("area",)), "area"),
        advance=text(
            moved.on_conflict_do_update(
                index_elements=["area"], set_={"last_instant": moved.excluded.last_instant}, where=later
            ),
            "area",
            "last_instant",
        ),
        next_number=text(
            first_number.on_conflict_do_update(
                index_elements=["area", "series"], set_={"last": t.series.c.last + literal_column("1")}
            ).returning(t.series.c.last),
            "area",
            "series",
        ),
        areas=text(select(t.areas.c.area).order_by(t.areas.c.area)),
        counts=text(
            select(*(_count(table) for table in (t.cases, t.events, t.timers, t.cards, t.outbox))),
            *("area",) * 5,
        ),
    )


def _all(table: Table) -> dict[str, Any]:
    return {column.name: bindparam(column.name) for column in table.columns}


def _where(statement: Select[Any], table: Table, by: Sequence[str]) -> Select[Any]:
    for name in by:
        statement = statement.where(table.c[name] == bindparam(name))
    return statement


def _names_of_key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _all_of_key(statement: Delete, table: Table) -> Delete:
    for name in _names_of_key(table):
        statement = statement.where(table.c[name] == bindparam(name))
    return statement


def _count(table: Table) -> Any:
    return select(func.count()).select_from(table).where(table.c.area == bindparam("area")).scalar_subquery()
