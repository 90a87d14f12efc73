"""One seeded history on two backends: every stored byte is the same (must-show 8)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.demo.collecting import diary_of
from egov_core.demo.founding import demo_population, demo_settings, found_office
from egov_core.demo.replay import Replayed, replay
from egov_core.domain.legal import start_of
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.shipped import national_calendar
from egov_core.testing.short_demo import simulator_of

REFERENCES = ("organ", "person", "item", "grant", "campaign", "invitation")
CASES = 150
WORKING_DAYS = 120
TODAY = date(2024, 11, 20)


def replayed_on(storage: str, *, policy: str, seed: int = 7, count: int = CASES) -> tuple[Office, Replayed]:
    population = demo_population()
    settings = attrs.evolve(demo_settings("unused"), storage=storage, policy=policy, notification_channels=("webhook",))
    clock = ManualClock(start_of(national_calendar().add(TODAY, -WORKING_DAYS) - timedelta(days=1)))
    office = open_office(settings, clock=clock, ids=SeededIds(seed))
    found_office(office, population)
    simulator = simulator_of(office, population, seed)
    first, last = (office.ruler.calendar.add(TODAY, days) for days in (-WORKING_DAYS, -1))
    plans = list(simulator.plans(count, first, last))
    return office, replay(office, clock, population, plans, today=TODAY, diary=diary_of(office, population, TODAY))


def everything(office: Office) -> dict[str, Any]:
    """All that is stored, as it comes back; events with their payloads and heads."""
    area, store = office.area, office.storage
    streams = tuple(store.streams(area))
    cases = [stream for stream in streams if ":" not in stream]
    campaigns = [stream for stream in streams if stream.startswith("campaign:")]
    events = {stream: store.events(area, stream) for stream in streams}
    rows = [store.case(area, case_id) for case_id in cases]
    return {
        "streams": streams,
        "events": events,
        "heads": {stream: found[-1].head for stream, found in events.items()},
        "cases": rows,
        "timers": {case_id: store.timers(area, case_id) for case_id in cases},
        "cards": {case_id: store.cards(area, case_id) for case_id in cases},
        "outbox": {case_id: store.outbox_of(area, case_id) for case_id in (*cases, *campaigns)},
        "subjects": [store.subject(area, office.case_of(row).subject) for row in rows if row is not None],
        "references": {kind: store.references(area, kind) for kind in REFERENCES},
        "counts": store.counts(area),
        "last": store.last_instant(area),
    }


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_the_same_history_is_byte_for_byte_the_same_in_memory_and_on_sqlite(policy: str, tmp_path: Path) -> None:
    memory, first = replayed_on("memory:", policy=policy)
    sqlite, second = replayed_on(f"sqlite:///{tmp_path}/county.db", policy=policy)
    with memory, sqlite:
        assert first == second
        left, right = everything(memory), everything(sqlite)
        for part, value in left.items():
            assert value == right[part], part
        assert len(left["events"]) > CASES
        assert left["counts"]["cases"] == CASES
        assert all(left["references"].values()), "the diary is part of the history"
        kinds = {row.kind for rows in left["outbox"].values() for row in rows}
        assert kinds == {"referral", "notification"}, "the history sends too little"
        assert any(left["cards"].values()), "the history earns no card: it shows too little"
        assert memory.verify() == sqlite.verify()
        assert memory.verify().ok


def test_another_seed_gives_another_history() -> None:
    (one, _), (other, _) = (replayed_on("memory:", policy="notice", seed=seed, count=30) for seed in (7, 8))
    assert everything(one)["heads"] != everything(other)["heads"]


def test_reopened_sqlite_answers_what_it_answered_before(tmp_path: Path) -> None:
    office, _ = replayed_on(f"sqlite:///{tmp_path}/county.db", policy="notice", count=60)
    with office:
        before = everything(office)
    with open_office(office.settings, read_only=True) as again:
        assert everything(again) == before
