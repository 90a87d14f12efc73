"""Pauses and extensions: whether the clock of a case may stop, or its limit grow.

Rules of this room: pure; refusals name the article or the item's own term and what to do. Bounds are the item's
(`PauseTerms`, `ExtensionTerms`) and the place's (which local procedures stop the clock), never numbers here.

Sources: 行政许可法 42 (once, before the limit has passed, by whom, with reasons told), 45 (the time needed is told in
writing; the eight procedures).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion, PauseKind
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.reckoning import Extension, extension_refusal
from egov_core.errors import ExtensionRefusedError, PauseRefusedError


def paused(case: Case, command: c.Pause, item: ItemVersion, local: Collection[PauseKind]) -> e.Paused:
    """The pause that follows. Raises PauseRefusedError; `local` are the local procedures the place has switched on."""
    if not command.notice.strip():
        raise PauseRefusedError(
            "the clock stops only when the time needed was told to the applicant in writing (行政许可法第四十五条)",
            remedy="give the number of the notice 特别程序告知书",
            kind=command.kind.value,
            notice=command.notice,
        )
    kind, declared = command.kind, command.declared
    if kind.is_local and kind not in local:
        raise PauseRefusedError(
            f"{kind.value} is none of the procedures of 行政许可法第四十五条, and this place has not switched it on",
            remedy="go on without stopping the clock; where the place has a rule, name it in [time] local-pauses",
            kind=kind.value,
            switched_on=sorted(one.value for one in local),
        )
    if item.pause_kinds and kind not in item.pause_kinds:
        raise PauseRefusedError(
            f"{kind.value} is not one of the item's special procedures",
            remedy=f"choose one of {'、'.join(sorted(one.value for one in item.pause_kinds))}",
            kind=kind.value,
            allowed=sorted(one.value for one in item.pause_kinds),
        )
    if declared.unit is not Unit.WORKING_DAY:
        raise PauseRefusedError(
            f"a special procedure is declared in working days, not {declared}",
            remedy="give the working days told to the applicant, for example 10wd",
            kind=kind.value,
            declared=str(declared),
        )
    terms = item.pause_terms_of(kind)
    if terms.longest is not None and declared.amount > terms.longest.amount:
        raise PauseRefusedError(
            f"{kind.value} is declared with {declared}, and the item allows {terms.longest} ({terms.longest.basis})",
            remedy=f"declare at most {terms.longest}",
            kind=kind.value,
            declared=str(declared),
            longest=str(terms.longest),
        )
    before = sum(1 for one in case.pauses if one.kind == kind.value)
    if terms.times is not None and before >= terms.times:
        raise PauseRefusedError(
            f"{kind.value} has stopped the clock {before} time(s), and the item allows {terms.times}",
            remedy="go on without stopping the clock",
            kind=kind.value,
            before=before,
            times=terms.times,
        )
    return e.Paused(kind=kind.value, notice=command.notice, declared=declared)


def extended(case: Case, command: c.Extend, item: ItemVersion, yardstick: Yardstick, at: datetime) -> e.Extended:
    """The extension that follows, approved at `at`. Raises ExtensionRefusedError."""
    terms = item.extension_terms
    if case.extensions:
        raise ExtensionRefusedError(
            f"case {case.number} was already extended on {case.extensions[0].approved_at.date()}",
            remedy=f"a limit is extended once ({terms.basis}); decide the case",
            approved_at=case.extensions[0].approved_at.isoformat(),
        )
    longest = terms.longest
    if longest is None:
        raise ExtensionRefusedError(
            f"the limit of this item is not extended ({terms.basis})",
            remedy="decide the case within its limit",
            item=item.code,
            basis=str(terms.basis),
        )
    if command.amount.unit is not longest.unit or command.amount.amount > longest.amount:
        raise ExtensionRefusedError(
            f"an extension of {command.amount} is not allowed",
            remedy=f"at most {longest} ({terms.basis})",
            amount=str(command.amount),
            longest=str(longest),
        )
    run = next(run for run in reversed(runs_of(case, yardstick)) if run.kind == "case")
    bases = ("statutory", "promised")
    limit = run.limit(bases)
    if not isinstance(limit, Period) or limit.unit is not longest.unit:
        raise ExtensionRefusedError(
            f"the limit of the case is {limit}; an extension of {longest.unit.value}s does not lengthen it",
            remedy="decide the case within its limit",
            limit=str(limit),
        )
    asked = Extension(amount=command.amount, approved_at=at)
    stands = run.as_known_at(at).due(yardstick.ruler, bases).due if run.recounts else None
    refusal = extension_refusal(yardstick.ruler, run.start, limit, run.pauses, asked, stands)
    if refusal:
        raise ExtensionRefusedError(
            f"the extension is void: {refusal}",
            remedy=f"an extension is approved while the limit still runs ({terms.basis})",
            approved_at=at.isoformat(),
        )
    return e.Extended(amount=command.amount, reason=command.reason, notice=command.notice)
