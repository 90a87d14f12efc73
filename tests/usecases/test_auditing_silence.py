"""`verify` finds what silence brought and is missing, and what it is said to have brought and did not.

The damage is recorded past the law: rows and chain are made by the office's own functions from events that nobody
decided, as somebody would do who knows the library, so that nothing else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs
import pytest

from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import case, do, file, move, time
from egov_core.usecases.cases import recording

RECEIPT, LAPSE, LATER = "2021-04-22 09:00:00", "2021-04-29 00:00:00", "2021-05-10 10:00:00"
CLERK = Actor(kind=ActorKind.STAFF, code="intake", name="姓intake", organ=county.BUREAU)
Told = tuple[e.CaseEvent, str]


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office of 22 April 2021 whose rules also close what is not answered."""
    rules = tmp_path / "silence.toml"
    rules.write_text(
        "".join(
            f'[[rule]]\ntimer = "{timer}"\neffect = "{effect}"\nbasis = {{ instrument = "x" }}\n'
            for timer, effect in (
                ("correction-notice", "deemed-acceptance"),
                ("renewal", "deemed-renewal"),
                ("correction", "closure"),
            )
        ),
        encoding="utf-8",
    )
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/county.db"
    with timed.open_timed_county(url, start=time(RECEIPT), silence=str(rules)) as opened:
        yield opened


def record(office: Office, case_id: str, *told: Told, actor: Actor = SYSTEM, deaf: bool = False) -> None:
    """Write these events as if they had been decided; `deaf` to what silence brings besides."""
    row = office.storage.case(office.area, case_id)
    assert row is not None
    with pytest.MonkeyPatch.context() as patch:
        if deaf:
            patch.setattr(recording, "lapses", lambda _services, found, _until: ([], found))
        change = recording.prepare(
            office.services,
            stream=case_id,
            before=case(office, case_id),
            head=row.head,
            decided=[(event, time(at), actor) for event, at in told],
            now=office.now(),
        )
    assert office.storage.write(change.write)


def broken(office: Office) -> list[tuple[str, str]]:
    """What `verify` says: the invariant and the words."""
    return [(one.invariant, one.message) for one in office.verify().violations]


def accepted_by_law(since: str = RECEIPT) -> e.Accepted:
    return e.Accepted(
        item_version=1,
        promised=county.working_days(10),
        statutory=county.working_days(20),
        deemed=True,
        since=time(since),
    )


NOTICE = e.CorrectionRequested(notice="补1", missing=("plan",))


def test_what_the_office_itself_records_is_sound(office: Office) -> None:
    case_id = file(office)
    move(office, LATER)
    record(office, case_id, (accepted_by_law(), LAPSE))
    assert broken(office) == [], "the very event that silence brings, recorded by hand, is the same"


def test_a_late_notice_that_was_honoured_is_a_missing_acceptance(office: Office) -> None:
    case_id = file(office)
    move(office, LATER)
    record(office, case_id, (NOTICE, LAPSE), actor=CLERK)
    [(invariant, words)] = broken(office)
    assert invariant == "I6"
    assert "position 2: correction-requested comes after silence had its effect, which is missing" in words


def test_a_notice_of_the_last_second_is_sound(office: Office) -> None:
    case_id = file(office)
    move(office, LATER)
    record(office, case_id, (NOTICE, "2021-04-28 23:59:59"), actor=CLERK)
    assert broken(office) == []


def test_an_acceptance_by_silence_that_was_left_out_is_missing(office: Office) -> None:
    case_id = file(office)
    move(office, LATER)
    record(
        office, case_id, (a.StepHandedOver(unit=timed.FRONT, reason="x"), "2021-04-23 09:00"), actor=CLERK, deaf=True
    )
    found = broken(office)
    assert ("I9", "accepted at 2021-04-29T00:00:00+08:00, which silence brought, is missing") in found


@pytest.mark.parametrize(
    ("at", "since"),
    [
        ("2021-04-28 23:59:59", RECEIPT),  # within the five days
        ("2021-04-29 00:00:01", RECEIPT),  # a second after
        (LAPSE, "2021-04-23 09:00:00"),  # reaching back to another day
    ],
)
def test_an_acceptance_by_silence_at_another_instant_has_no_basis(office: Office, at: str, since: str) -> None:
    case_id = file(office)
    move(office, LATER)
    record(office, case_id, (accepted_by_law(since), at))
    [(invariant, words)] = broken(office)
    assert invariant == "I6" and f"accepted by silence at {time(at).isoformat()} rests on no limit" in words


def test_silence_in_a_case_that_none_of_its_rules_speaks_about_has_no_basis(office: Office) -> None:
    with timed.open_timed_county(start=time(RECEIPT), silence="none") as quiet:
        case_id = file(quiet)
        move(quiet, LATER)
        record(quiet, case_id, (accepted_by_law(), LAPSE))
        assert [invariant for invariant, _ in broken(quiet)] == ["I6"]
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    record(office, case_id, (e.Approved(document="x", by_law=True), RECEIPT))
    [(_, words)] = broken(office)
    assert "approved by silence" in words and "rests on no limit that passed then" in words


@pytest.mark.parametrize(
    ("at", "document", "sound"),
    [("2021-06-01 00:00:00", "x", False), ("2021-06-02 00:00:00", "y", False), ("2021-06-02 00:00:00", "x", True)],
)
def test_a_renewal_before_its_day_or_on_another_basis_has_none(
    office: Office, at: str, document: str, sound: bool
) -> None:
    case_id = file(office, renews=date(2021, 6, 1))
    do(office, c.Accept(case_id=case_id))
    move(office, "2021-06-10 09:00")
    record(office, case_id, (e.Approved(document=document, by_law=True), at))
    assert [invariant for invariant, _ in broken(office)] == ([] if sound else ["I6"])


def test_a_closure_before_its_limit_has_no_basis(office: Office) -> None:
    case_id = file(office)
    do(office, c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",), within=timed.period("10d")))
    record(office, case_id, (a.ClosedUnanswered(basis="x"), RECEIPT))
    [(_, words)] = broken(office)
    assert "closed-unanswered by silence" in words


@pytest.mark.parametrize(("swept", "effect"), [(True, "approved"), (False, "accepted"), (False, "approved")])
def test_a_set_aside_that_finds_nothing_of_its_kind_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, swept: bool, effect: str
) -> None:
    case_id = file(office)
    if swept:
        move(office, LATER)
        office.sweep()
    else:
        do(office, c.Accept(case_id=case_id))
    monkeypatch.setattr(recording, "evolve", blind)
    record(office, case_id, (a.LapseSetAside(effect=effect, act="x"), RECEIPT), actor=CLERK, deaf=True)
    [(invariant, words)] = broken(office)
    assert invariant == "I6" and f"lapse-set-aside finds no {effect} to set aside" in words


def blind(found: Case | None, recorded: e.RecordedEvent) -> Case:
    """Folding that makes nothing of what is set aside, as there is nothing to be made of it."""
    if found is not None and isinstance(recorded.event, a.LapseSetAside):
        return attrs.evolve(found, version=recorded.position)
    return evolve(found, recorded)


def test_an_acceptance_that_an_act_after_it_set_aside_is_found(office: Office) -> None:
    case_id = file(office)
    move(office, LATER)
    office.sweep()
    record(office, case_id, (a.LapseSetAside(effect="accepted", act="x"), LAPSE), (NOTICE, LAPSE), actor=CLERK)
    [(invariant, words)] = broken(office)
    assert invariant == "I6" and "is set aside by what came after it" in words


def test_an_acceptance_twice_is_found(office: Office) -> None:
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    again = e.Accepted(item_version=1, promised=None, statutory=county.working_days(20))
    record(office, case_id, (again, RECEIPT), actor=CLERK)
    assert ("I6", "position 3: accepted does not follow accepted") in broken(office)


def test_an_acceptance_by_the_law_after_one_by_the_clerk_is_found(office: Office) -> None:
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    move(office, LATER)
    record(office, case_id, (accepted_by_law(), LAPSE))
    assert "I6" in {invariant for invariant, _ in broken(office)}


def test_what_is_noted_above_after_a_missing_renewal_is_found(office: Office) -> None:
    case_id = file(office, county.UPWARD, renews=date(2021, 6, 1))
    do(office, c.Accept(case_id=case_id))
    county.review(office, case_id)
    do(office, c.ReferUpward(case_id=case_id, opinion="同意"))
    office.dispatch()
    move(office, "2021-06-10 09:00")
    progress = e.UpperProgressRecorded(progress="已受理", source="manual")
    record(office, case_id, (progress, "2021-06-03 09:00"), actor=CLERK)
    assert "comes after silence had its effect, which is missing" in broken(office)[0][1]
