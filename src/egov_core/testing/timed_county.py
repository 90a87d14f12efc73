"""The small county under all the law of time: units below the bureau, a head of government, rules of the place.

Rules of this room: builders and short ways to act and to look, as in `small_county`. What two offices have to agree on,
however differently they were looked at, is said in `Outlook`; what a refusal owes everybody, in `refused`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import attrs

from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case, Mark
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import ItemVersion, PowerClass, Procedure, Step
from egov_core.domain.legal import CHINA
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.periods import Limit, Period, parse_limit
from egov_core.errors import ClaimError, EgovError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.usecases.cases.handling import Outcome
from egov_core.usecases.cases.recording import prepare_cards
from egov_core.wire.codec import decode_case, decode_event

FRONT, TECH = "bureau-front", "bureau-tech"
"""Internal units of the bureau: its window and its technical section."""

CONFIRMATION, STEPPED, JOINT = "confirmation", "stepped", "joint"


def time(text: str) -> datetime:
    """An instant of the law from `2021-04-22 09:00` or, to the second, `2021-04-28 23:59:59`."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def limit(text: str) -> Limit:
    """A limit with a basis."""
    return parse_limit(text, basis=county.BASIS)


def period(text: str) -> Period:
    """A limit that is a period."""
    found = limit(text)
    assert isinstance(found, Period), text
    return found


def units() -> tuple[Organ, ...]:
    """The window and the technical section."""
    return tuple(
        Organ(code=code, name=code, kind=OrganKind.DEPARTMENT, parent=county.BUREAU, valid_from=county.SINCE)
        for code in (FRONT, TECH)
    )


def steps(acceptance: str = "3wd", review: str = "5wd", conclusion: str = "3wd") -> tuple[Step, ...]:
    """The three steps with their limits: the window accepts, the technical section reviews, the bureau concludes."""
    return (
        Step(code="acceptance", name="受理", limit=limit(acceptance), unit=FRONT),
        Step(code="review", name="审核", limit=limit(review), unit=TECH),
        Step(code="conclusion", name="办结", limit=limit(conclusion)),
    )


def items() -> tuple[ItemVersion, ...]:
    """A confirmation, which is no licence; an item with limits on its steps; a joint one."""
    confirmation = attrs.evolve(county.item(CONFIRMATION), power_class=PowerClass.CONFIRMATION)
    stepped = attrs.evolve(county.item(STEPPED, promised=county.working_days(15)), steps=steps())
    joint = attrs.evolve(county.item(JOINT, statutory=county.working_days(45)), procedure=Procedure.JOINT)
    return confirmation, stepped, joint


def open_timed_county(
    storage: str = "memory:",
    *,
    start: datetime,
    more: Iterable[ItemVersion] = (),
    plugins: tuple[tuple[object, str], ...] = (),
    fresh: bool = True,
    seed: int = 1,
    **place: Any,
) -> Office:
    """An office at `start`; `more` are further items, `place` further settings.

    With `fresh` its reference data are founded; where they are there already, `seed` must be another than before.
    """
    settings = attrs.evolve(county.settings(storage), **place)
    office = open_office(settings, clock=ManualClock(start), ids=SeededIds(seed), plugins=plugins)
    if fresh:
        county.found(office)
        mayor = Person(code="mayor", name="姓mayor", organ=county.COUNTY, valid_from=county.SINCE)
        power = Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=county.COUNTY, valid_from=county.SINCE)
        office.establish(organs=units(), people=[mayor], grants=[power], items=[*items(), *more])
    return office


class Opener(Protocol):
    """`open_timed_county` with the storage chosen by somebody else, who also closes and verifies."""

    def __call__(
        self,
        start: str,
        *,
        more: Iterable[ItemVersion] = (),
        plugins: tuple[tuple[object, str], ...] = (),
        fresh: bool = True,
        **place: Any,
    ) -> Office:
        """An office at `start`."""


# --- acting -----------------------------------------------------------------------------------------------------------

_POST: Mapping[Role, str] = {role: person for person, role in county.POSTS.items()}


def move(office: Office, at: str | datetime) -> None:
    """Put the office's clock forward."""
    assert isinstance(office.clock, ManualClock), "a story is told with a clock that stands"
    office.clock.move_to(time(at) if isinstance(at, str) else at)


def file(office: Office, item: str = county.LICENCE, *, at: str = "", key: str = "", **said: Any) -> str:
    """The applicant files an application, entered now; the case's id."""
    command = c.Submit(item=item, applicant=county.APPLICANT, materials=county.MATERIALS, **said)
    return office.do(command, actor=county.CITIZEN, key=key, at=time(at) if at else None).case_id


def do(office: Office, command: Any, *, at: str = "", key: str = "", by: str = "") -> Outcome:
    """The post that the command belongs to acts, entered now; `at` is when it happened, `by` another person."""
    return office.do(command, actor=county.staff(by or post(command)), key=key, at=time(at) if at else None)


def post(command: Any) -> str:
    """The post of the bureau that a command belongs to."""
    return _POST[c.NEEDED_ROLE[type(command)]]


# --- looking ----------------------------------------------------------------------------------------------------------


def case(office: Office, case_id: str) -> Case:
    """The case as it is stored."""
    row = office.storage.case(office.area, case_id)
    assert row is not None, "the case was filed"
    return decode_case(row.data)


def chain(office: Office, case_id: str) -> list[tuple[str, str, str]]:
    """What happened: type, event time and actor, in order."""
    stored = office.storage.events(office.area, case_id)
    told = [decode_event(one.stream, one.position, one.payload) for one in stored]
    return [(one.event.type, f"{one.at:%Y-%m-%d %H:%M:%S}", one.actor.code) for one in told]


def cards(office: Office, case_id: str, kind: str = "", *, revoked: bool = False) -> list[tuple[str, str, str]]:
    """The cards of a case, or of its timers of one kind: level, instant, organ; those that stand, or the revoked."""
    return [
        (card.level, f"{card.at:%Y-%m-%d %H:%M:%S}", card.organ)
        for card in office.storage.cards(office.area, case_id)
        if kind in ("", card.timer_kind) and (card.revoked_at is not None) is revoked
    ]


def dues(office: Office, case_id: str, kind: str) -> list[str]:
    """When the timers of one kind are due, as they are stored; `-` for one that is not."""
    return [
        "-" if row.due_at is None else f"{row.due_at:%Y-%m-%d %H:%M:%S}"
        for row in office.storage.timers(office.area, case_id)
        if row.kind == kind
    ]


def everything(office: Office) -> object:
    """All that is stored, which a refused command leaves as it was."""
    store, area = office.storage, office.area
    streams = list(store.streams(area))
    return (
        store.counts(area),
        store.last_instant(area),
        [
            (store.case(area, one), store.events(area, one), store.timers(area, one), store.cards(area, one))
            for one in streams
        ],
    )


class Told:
    """The refusal that was caught, once it was."""

    error: EgovError

    @property
    def data(self) -> Mapping[str, Any]:
        """What the refusal tells a program."""
        return self.error.data

    @property
    def paths(self) -> list[str]:
        """The places it names."""
        assert isinstance(self.error, ClaimError), "only claims name places"
        return [fault.path for fault in self.error.faults]


@contextmanager
def refused(office: Office, error: type[EgovError], *words: str) -> Iterator[Told]:
    """What is done inside is refused: with this error, its code, data and remedy, these words, and nothing changed."""
    before, told = everything(office), Told()
    try:
        yield told
    except error as caught:
        told.error = caught
    else:
        raise AssertionError(f"{error.__name__} was expected, and nothing was refused")
    found = told.error
    assert type(found) is error, f"{type(found).__name__} instead of {error.__name__}"
    assert found.code == error.code
    assert found.remedy, found
    assert found.data or (isinstance(found, ClaimError) and found.faults), f"{found} names no data"
    said = f"{found.message} | {found.remedy}"
    assert all(word in said for word in words), f"{words} not in {said!r}"
    assert everything(office) == before, "a refused command has changed something"


@attrs.frozen(kw_only=True)
class Outlook:
    """What a case is and which cards stand, without a trace of when anybody looked.

    Left out are what depends on that by right: version, what was set aside or revoked, the numbers and epochs that it
    used up, and what a card said of the due date when it was issued.
    """

    case: Case
    marks: tuple[Mark, ...]
    runs: tuple[tuple[Any, ...], ...]
    cards: tuple[tuple[Any, ...], ...]


def outlook(office: Office, case_id: str) -> Outlook:
    """What a sweep would find now, without sweeping."""
    row = office.storage.case(office.area, case_id)
    assert row is not None, "the case was filed"
    stored = decode_case(row.data)
    change = prepare_cards(office.services, stored, row.head, office.now())
    now = stored if change is None else change.case
    runs = [run for run in runs_of(now, office.yardstick(now)) if run.limits]
    key = now.referral_key.rpartition(":")[0]  # without the version, which counts what a sweep has entered
    return Outlook(
        case=attrs.evolve(now, version=0, history=(), cards=(), void_steps=(), referral_key=key),
        marks=tuple(mark for mark in now.history if mark.void_at is None),
        runs=tuple((run.kind, run.start, run.stopped_at, sorted(run.limits.items())) for run in runs),
        cards=tuple(
            sorted(
                (card.timer_kind, card.rule, card.level, card.at, card.organ or now.organ)
                for card in now.cards
                if not card.revoked
            )
        ),
    )
