"""Open cases of an earlier system 原系统在办件, and how one becomes a case here.

Rules of this room: pure. What was done is decided again by `decide`, act by act with its own time, so that a case taken
over is a case like any other; nothing here knows a second law of pauses, extensions or transitions. A refusal names the
cell the act was read from. What the earlier system alone can know (limits it had promised, the organ it referred to)
is written over what the catalogue says, and frozen.

Silence is not asked between these acts: who was accepted there on the eighth day was told that day, and the dates
follow from it. What silence brings to the case as it stands at the end, it brings as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, decide
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.steps import check_table, check_time
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cells import Cell, CellFault
from egov_core.domain.people import Actor, ActorKind, Applicant
from egov_core.domain.periods import Limit, NoLimit, Period
from egov_core.errors import ClaimError, EgovError

FORMER = "former-system"
"""The code under which the acts of an earlier system are recorded: who there did them is not ours to vouch for."""


@attrs.frozen(kw_only=True)
class OldAct:
    """One act of an earlier system: the command it was (without a case id), when, and where it stands."""

    command: c.Command
    at: datetime
    cell: Cell


@attrs.frozen(kw_only=True)
class OldCase:
    """An open case of an earlier system as a file tells it.

    `acts` are in the order of their times, the submission not among them. `statutory` and `promised` are limits that
    differ from the catalogue's, None where nothing is said. `upper` is the organ it was referred to, `state` where it
    is said to stand. `said` is every cell that says something, by column, and `cells` where each of them stands.
    """

    number: str
    item: str
    received: datetime
    applicant: Applicant
    materials: tuple[str, ...] = ()
    channel: str = "window"
    renews: date | None = None
    query_code: str = attrs.field(default="", repr=False)
    statutory: Limit | None = None
    promised: Limit | None = None
    upper: str = ""
    state: str = ""
    acts: tuple[OldAct, ...] = ()
    said: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    cells: Mapping[str, Cell] = attrs.field(factory=dict, repr=False)

    def cell(self, column: str) -> Cell:
        """Where a column of this case stands; the cell of its number where it has none of its own."""
        return self.cells.get(column) or self.cells["number"]

    @property
    def submission(self) -> c.Submit:
        """The command that filed it."""
        return c.Submit(
            item=self.item,
            applicant=self.applicant,
            materials=self.materials,
            channel=self.channel,
            renews=self.renews,
        )


@attrs.frozen(kw_only=True)
class CutOver:
    """The change from an earlier system to this one 切换: when, from which, and whether earlier cards are confirmed."""

    at: datetime
    source: str
    cards_confirmed: bool = False

    @property
    def actor(self) -> Actor:
        """As whom the acts of the earlier system are recorded."""
        return Actor(kind=ActorKind.SYSTEM, code=FORMER, name=self.source)


class OldActRefusedError(Exception):
    """An act of an earlier system that the law of cases refuses, with the fault at its cell. Caught by `usecases`."""

    def __init__(self, fault: CellFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@attrs.frozen(kw_only=True)
class Refold:
    """What deciding an old case again has given: its events with their times, and the case after them."""

    events: tuple[tuple[e.CaseEvent, datetime], ...]
    case: Case


def refolded(
    old: OldCase,
    cut_over: CutOver,
    *,
    case_id: str,
    first: Context,
    context_of: Callable[[Case, OldAct], Context],
    cells: Mapping[str, str],
) -> Refold:
    """The events of an old case, decided again. `first` is the context of its submission, `cells` goes into the chain.

    Raises OldActRefusedError with the fault at the cell of the first act that is refused: what follows rests on it.
    """
    events: list[tuple[e.CaseEvent, datetime]] = []
    case: Case | None = None

    def take(event: e.CaseEvent, at: datetime) -> Case:
        nonlocal case
        events.append((event, at))
        position = 1 if case is None else case.version + 1
        recorded = e.RecordedEvent(
            stream=case_id, position=position, event=event, at=at, entered_at=first.now, actor=cut_over.actor
        )
        case = evolve(case, recorded)
        return case

    said_at = {"$.materials": old.cell("materials"), "$.renews": old.cell("renews")}
    with _told_at(old.cell("received"), said_at):
        (submitted,) = decide(None, old.submission, first)
        standing = take(submitted, old.received)
    taken = TakenOver(
        source=cut_over.source,
        number=old.number,
        cut_over=cut_over.at,
        acts=1 + len(old.acts),
        cards_confirmed=cut_over.cards_confirmed,
        cells=cells,
    )
    standing = take(taken, cut_over.at)
    for act in old.acts:
        with _told_at(act.cell):
            event = _decided(standing, act, old, context_of(standing, act))
            standing = take(event, act.at)
    return Refold(events=tuple(events), case=standing)


def _decided(case: Case, act: OldAct, old: OldCase, context: Context) -> e.CaseEvent:
    command = act.command
    if isinstance(command, c.Supplement) and not command.materials:
        # the earlier system knows that it was handed in, and not what
        check_table(case, command, context.item)
        check_time(case, context.at, context.now)
        return e.Supplemented(materials=())
    (event,) = decide(case, command, context)
    if isinstance(event, e.Accepted):
        counted = context.yardstick.policy.counted
        return attrs.evolve(
            event,
            statutory=event.statutory if old.statutory is None else counted(_kept(old.statutory, event.statutory)),
            promised=event.promised if old.promised is None else _promise(old.promised, event.promised, counted),
        )
    if isinstance(event, e.Referred) and old.upper:
        return attrs.evolve(event, to=old.upper)
    return event


def _promise(given: Limit, known: Limit | None, counted: Callable[[Limit], Limit]) -> Limit | None:
    return None if isinstance(given, NoLimit) else counted(_kept(given, known))


def _kept(given: Limit, known: Limit | None) -> Limit:
    """The catalogue's own limit, with its basis, where the file says the same."""
    if isinstance(given, Period) and isinstance(known, Period):
        return known if (given.amount, given.unit) == (known.amount, known.unit) else given
    return known if known is not None and type(given) is type(known) else given


@contextmanager
def _told_at(cell: Cell, said_at: Mapping[str, Cell] | None = None) -> Iterator[None]:
    """A refusal of the domain becomes a fault at a cell: the one of the field it names, where `said_at` has that."""
    try:
        yield
    except EgovError as error:
        faults = error.faults if isinstance(error, ClaimError) else ()
        message = "; ".join([error.message, *(one.message for one in faults)])
        if faults and said_at is not None:
            cell = said_at.get(faults[0].path, cell)
        raise OldActRefusedError(cell.error(error.code, message, error.remedy)) from error
