"""Kinds of timers that keep every promise, and ones that are broken in one way each. Not a test."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs

from egov_core import hookimpl
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import NoLimit, Period, parse_limit
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Party, Per, TimerKind

BASIS = LegalBasis(instrument="《云岫县现场踏勘工作规则（演示）》", article="第六条", in_force=date(2015, 1, 1))
DECIDED = frozenset({"approved", "rejected", "withdrawn"})

VISIT = TimerKind(
    code="site-visit",
    name="现场踏勘",
    name_en="site visit",
    starts_on={"accepted"},
    stops_on={"reviewed", *DECIDED},
    limit_source=LimitSource.LAW,
    limit=parse_limit("5wd", basis=BASIS),
    pausable=True,
)
PRINT = TimerKind(
    code="print",
    name="印制",
    name_en="printing",
    starts_on={"approved"},
    stops_on={"licence-issued"},
    limit_source=LimitSource.SERVICE,
)
ANSWER = TimerKind(
    code="answer",
    name="申请人答复",
    name_en="the applicant's answer",
    starts_on={"hearing-offered"},
    stops_on={"hearing-requested", *DECIDED},
    limit_source=LimitSource.LAW,
    limit=parse_limit("15d", basis=BASIS),
    party=Party.APPLICANT,
)


class WholeKinds:
    """A site visit, the printing of licences, an applicant's answer."""

    @hookimpl
    def egov_timer_kinds(self, marks: frozenset[str]) -> Sequence[TimerKind] | None:
        found: Sequence[TimerKind] | None = self.answer(self.kinds())
        return found if marks else None

    # --- one seam for each promise ------------------------------------------------------------------------------------

    def answer(self, kinds: list[TimerKind]) -> Any:
        return kinds

    def kinds(self) -> list[TimerKind]:
        return [self.visit(), self.print(), ANSWER]

    def visit(self) -> TimerKind:
        return VISIT

    def print(self) -> TimerKind:
        return PRINT


def visit(**changes: Any) -> type[WholeKinds]:
    """A plugin whose site visit is another."""
    return type("Other", (WholeKinds,), {"visit": lambda _: attrs.evolve(VISIT, **changes)})


def printing(**changes: Any) -> type[WholeKinds]:
    """A plugin whose printing is another."""
    return type("Other", (WholeKinds,), {"print": lambda _: attrs.evolve(PRINT, **changes)})


class AnswersWithAGenerator(WholeKinds):
    def answer(self, kinds: list[TimerKind]) -> Any:
        return (one for one in kinds)


class AnswersByCode(WholeKinds):
    def answer(self, kinds: list[TimerKind]) -> Any:
        return {one.code: one for one in kinds}


class AnswersWithTables(WholeKinds):
    def answer(self, kinds: list[TimerKind]) -> Any:
        return [attrs.asdict(one) for one in kinds]


class HandsOutItsOwnList(WholeKinds):
    def __init__(self) -> None:
        self.kept = super().kinds()

    def kinds(self) -> list[TimerKind]:
        return self.kept


class AsksTheEnvironment(WholeKinds):
    def kinds(self) -> list[TimerKind]:
        return super().kinds() if os.environ["PATH"] else []


class OnlyTheFirstTime(WholeKinds):
    asked = False

    def kinds(self) -> list[TimerKind]:
        first, self.asked = not self.asked, True
        return super().kinds() if first else []


class LessThanClaimed(WholeKinds):
    def kinds(self) -> list[TimerKind]:
        return super().kinds()[:1]


class TheSameTwice(WholeKinds):
    def kinds(self) -> list[TimerKind]:
        return [VISIT, attrs.evolve(PRINT, code="site-visit"), ANSWER]


class Misspelt(WholeKinds):
    @hookimpl
    def egov_timer_kind(self) -> list[TimerKind]:
        return []


def _limit(**changes: Any) -> Any:
    assert isinstance(VISIT.limit, Period)
    return attrs.evolve(VISIT.limit, **changes)


BROKEN: list[tuple[str, type[WholeKinds], str]] = [
    ("generator", AnswersWithAGenerator, "K1"),
    ("dictionary", AnswersByCode, "K1"),
    ("tables", AnswersWithTables, "K1"),
    ("its own list", HandsOutItsOwnList, "K1"),
    ("environment", AsksTheEnvironment, "K1"),
    ("only the first time", OnlyTheFirstTime, "K1"),
    ("less than claimed", LessThanClaimed, "K1"),
    ("one code twice", TheSameTwice, "K2"),
    ("a shipped code", visit(code="case"), "K2"),
    ("no code", visit(code="Site Visit"), "K2"),
    ("English name", visit(name="site visit"), "K2"),
    ("no English name", visit(name_en=""), "K2"),
    ("an empty basis", visit(limit=_limit(basis=LegalBasis(instrument=" "))), "K2"),
    ("a limit that is a text", visit(limit="5wd"), "K2"),
    ("no limit", visit(limit=NoLimit(basis=BASIS)), "K2"),
    ("a limit from nowhere", visit(limit=None), "K2"),
    ("a limit of the caller", visit(limit_source=LimitSource.CALLER), "K2"),
    ("silence brings acceptance", visit(expiry=Expiry.DEEMED_ACCEPTANCE), "K2"),
    ("for each step", visit(per=Per.STEP), "K2"),
    ("a mark that is none", visit(starts_on={"acepted"}), "K2"),
    ("no mark to stop on", visit(stops_on=()), "K2"),
    ("starts and stops on one mark", visit(stops_on={"accepted", "reviewed"}), "K2"),
    ("a standard that is not claimed", visit(limit_source=LimitSource.SERVICE, limit=None), "K2"),
    ("a standard that is a law", printing(limit_source=LimitSource.LAW, limit=_limit()), "K2"),
    ("stops only before it starts", visit(starts_on={"approved"}, stops_on={"submitted"}), "K3"),
    ("starts on nobody's act", visit(starts_on={"card-revoked"}), "K3"),
    ("outlives a withdrawal", visit(stops_on={"reviewed", "approved", "rejected"}), "K8"),
    ("outlives a decision", visit(stops_on={"paused", "withdrawn"}), "K8"),
    ("outlives a delivery", printing(stops_on={"withdrawn", "commitment-checked"}), "K8"),
    ("misspelt", Misspelt, "K10"),
    ("the law's own kind by another name", visit(**attrs.asdict(KINDS["correction-notice"], recurse=False)), "K2"),
]
"""How they are broken, and the promise whose tests have to catch it."""
