"""Reorganisation: carrying a plan through in one commit.

Rules of this room: what is written is what the plan was compiled to, and nothing else; cases, timers and cards are not
touched. Every row is also an event of its own organ or item, and the plan is one in a stream of its own, so that the
chains say what happened. What was looked at is what is written: where the reference data have changed since, it is
refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from egov_core.domain.calendar.workdays import LAST_DAY
from egov_core.domain.people import Actor
from egov_core.domain.reorganisation.changes import Changes, Reference
from egov_core.domain.reorganisation.checking import check_plan
from egov_core.domain.reorganisation.compiling import compile_plan
from egov_core.domain.reorganisation.plan import Plan
from egov_core.domain.reorganisation.record import ChangedRow, Reorganisation
from egov_core.errors import ClaimError, ConflictError, Fault, ReorganisationError
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.usecases.audit.traces import KIND_OF
from egov_core.usecases.authority.reorganisations import require_in_office, require_reorganiser
from egov_core.usecases.foundation.establishing import Entry, entry_of, record
from egov_core.usecases.foundation.registry import REORGANISATION, Registry
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.usecases.foundation.state_digest import references_digest
from egov_core.wire.codec import encode

APPLIED = "reorganisation-applied"


@attrs.frozen(kw_only=True)
class RowChange:
    """A row of reference data as it is (None: it is new) and as it will be."""

    kind: str
    code: str
    version: int
    before: bytes | None
    after: bytes


@attrs.frozen(kw_only=True)
class Planned:
    """What applying a plan would do to the reference data as they are: the very list that it writes.

    `state` is the digest of the reference data that this was made from, `digest` what it would be afterwards.
    """

    changes: Changes
    rows: tuple[RowChange, ...]
    entries: tuple[Entry, ...]
    state: str
    digest: str
    version: int


def planned(services: Services, plan: Plan) -> Planned:
    """Compile a plan against what is stored now. Nothing is written, and faults are in the answer.

    Raises ReorganisationError for a plan that was applied already: its faults would be those of its own effects.
    """
    now = services.clock.now()
    version, stored = read_references(services)
    registry = services.registry()
    if registry.version != version:
        raise ConflictError("the reference data changed while they were read", remedy="try again")
    _refuse_applied(registry, plan)
    changes = compile_plan(plan, _reference(registry), today=now.date())
    entries = tuple(entry_of(one.after) for one in changes.values)
    rows = []
    for entry in entries:
        before = stored.get((entry.kind, entry.code, entry.version))
        rows.append(
            RowChange(
                kind=entry.kind,
                code=entry.code,
                version=entry.version,
                before=None if before is None else before.data,
                after=encode(entry.value),
            )
        )
    after = {**stored, **{(one.kind, one.code, one.version): _row(services, one, one.after) for one in rows}}
    return Planned(
        changes=changes,
        rows=tuple(rows),
        entries=entries,
        state=digest_of(stored.values()),
        digest=digest_of(after.values()),
        version=version,
    )


_STATE = re.compile(r"[0-9a-f]{64}")
"""What the digest of the reference data looks like."""
LASTING = frozenset({"past", "too-far", "code-taken", "unknown-organ", "unknown-item", "unknown-person", "ends-later"})
"""What is wrong with a plan whatever else it says: faults that do not follow from an act that could not be read."""


def faults_besides(services: Services, plan: Plan) -> tuple[Fault, ...]:
    """What is wrong with as much of a plan as could be read, so that it is told together with what could not.

    An organ that the plan may be founding is none that is not known: where such an act was not read, none is.
    """
    if plan.effective == date.min:
        return ()  # it could not be read, and without the day nothing can be looked up
    found = check_plan(plan, _reference(services.registry()), services.clock.now().date())
    unsaid = any(not one.organ for one in plan.found)
    return tuple(one for one in found if one.code in LASTING and not (unsaid and one.code == "unknown-organ"))


def _reference(registry: Registry) -> Reference:
    return Reference(
        organisation=registry.organisation,
        catalogue=registry.catalogue,
        staffing=registry.staffing,
        drafts=registry.drafts,
        applied=tuple(one.plan for one in registry.reorganisations),
        last_day=LAST_DAY,
    )


def apply(services: Services, plan: Plan, *, actor: Actor, expected: str = "") -> Reorganisation:
    """Carry a plan through, atomically; `expected` is the `state` that was looked at.

    Raises ReorganisationError with every fault of the plan, ClaimError for an `expected` that is no state,
    ConflictError where the reference data are not those that were looked at, NoAuthorityError where whoever asks may
    not decide it.
    """
    now = check_clock(services)
    found = planned(services, plan)
    check_decision(services, found, actor=actor, expected=expected)
    carried = Reorganisation(
        code=plan.code,
        number=max((one.number for one in services.registry().reorganisations), default=0) + 1,
        plan=plan,
        successions=found.changes.successions,
        rows=tuple(
            ChangedRow(
                kind=row.kind,
                code=row.code,
                version=row.version,
                before="" if row.before is None else row.before.decode(),
                after=hashlib.sha256(row.after).hexdigest(),
            )
            for row in found.rows
        ),
        digest_before=found.state,
        digest_after=found.digest,
        applied_at=now,
        applied_by=actor.code,
    )
    entry = Entry(
        stream=stream_of_plan(plan.code), kind=REORGANISATION, code=plan.code, happened=APPLIED, value=carried
    )

    def commit(unit: Unit) -> Reorganisation:
        record(unit, services.area, [*found.entries, entry], actor=actor, now=now)
        if unit.reference_version(services.area) != found.version + 1:
            raise changed_since(plan)
        return carried

    return services.storage.write(commit)


def check_decision(services: Services, found: Planned, *, actor: Actor, expected: str = "") -> None:
    """Whether this actor may carry through what was planned, and whether it is what was looked at.

    Raises what `apply` raises. It is asked before a preview is shown too, so that nobody reads one in vain.
    """
    now, plan = services.clock.now(), found.changes.plan
    require_in_office(services.registry(), actor, now)
    if found.changes.faults:
        raise refusal(plan, found.changes.faults)
    require_reorganiser(services.registry(), actor, [one.after for one in found.changes.values], now)
    if expected and not _STATE.fullmatch(expected):
        raise ClaimError(
            f"{expected[:80]!r} is no state that a preview shows: that has 64 digits from 0 to f",
            remedy="copy the state that the preview shows, whole",
        )
    if expected and expected != found.state:
        raise changed_since(plan)


def refusal(plan: Plan, faults: Sequence[Fault]) -> ReorganisationError:
    """The error that says everything that forbids a plan."""
    return ReorganisationError(
        f"plan {plan.code} cannot be applied: {len(faults)} fault(s), the first at {faults[0].path}: "
        f"{faults[0].message}",
        faults=faults,
        remedy="correct every place named, and look at the preview again",
    )


def _refuse_applied(registry: Registry, plan: Plan) -> None:
    applied = next((one for one in registry.reorganisations if one.code == plan.code), None)
    if applied is not None:
        raise ReorganisationError(
            f"plan {plan.code} is applied already, by {applied.applied_by} on {applied.applied_at.date()}",
            remedy="nothing is left to do; undo it before it is applied again, or give another plan another code",
        )


def read_references(services: Services) -> tuple[int, dict[tuple[str, str, int], ReferenceRow]]:
    """All reference data of one version. Raises ConflictError where somebody keeps writing them."""
    for _ in range(3):
        version = services.storage.reference_version(services.area)
        rows = {
            (row.kind, row.code, row.version): row
            for kind in sorted(set(KIND_OF.values()))
            for row in services.storage.references(services.area, kind)
        }
        if version == services.storage.reference_version(services.area):
            return version, rows
    raise ConflictError("the reference data keep changing", remedy="try again when nobody else changes them")


def digest_of(rows: Iterable[ReferenceRow]) -> str:
    """The digest of the reference data without the reorganisations themselves, which say when they were applied."""
    return references_digest(row for row in rows if row.kind != REORGANISATION)


def _row(services: Services, change: RowChange, data: bytes) -> ReferenceRow:
    return ReferenceRow(area=services.area, kind=change.kind, code=change.code, version=change.version, data=data)


def stream_of_plan(code: str) -> str:
    """The stream of what happens to a plan."""
    return f"reorganisation:{code}"


def changed_since(plan: Plan) -> ConflictError:
    """The refusal of what was looked at before somebody else wrote."""
    return ConflictError(
        f"the reference data have changed since the preview of {plan.code}; nothing was written",
        remedy="look at the preview again, and apply what it shows",
        plan=plan.code,
    )
