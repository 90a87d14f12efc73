"""Refolding: one open case of an earlier system made into the rows of a case here, or into faults at its cells.

Rules of this room: nothing is written. The case goes through `decide`, `evolve` and `prepare` like any other; what can
be seen before that is looked at in `old_case_checks`. The checks of plugins are not asked: they guard decisions that
are still to be made, and these were made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from egov_core.domain.audit import GENESIS, personal_digest
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, Filing
from egov_core.domain.cases.lapses import pending_lapse
from egov_core.domain.cases.old_cases import CutOver, OldAct, OldActRefusedError, OldCase, Refold, refolded
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.cells import CellFault
from egov_core.domain.periods import Period
from egov_core.domain.timers.kinds import Expiry
from egov_core.errors import EgovError, LawError
from egov_core.ports.storage import SubjectRow
from egov_core.usecases.cases.applications import SubjectFile, personal_digests, query_digest
from egov_core.usecases.cases.recording import Change, prepare
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.takeover.old_case_checks import OldCaseChecks
from egov_core.wire.codec import encode

_DIGEST_KEPT = 16
"""Digits of the digest of a cell that are kept: enough to notice that it was changed."""


def cell_digests(secret: bytes, said: Mapping[str, str]) -> dict[str, str]:
    """What the chain holds of the cells a case was read from; without the subject's key it says nothing."""
    return {key: personal_digest(secret, f"{key}\n{text}")[:_DIGEST_KEPT] for key, text in sorted(said.items())}


BROUGHT: Mapping[str, Expiry] = {
    e.Accepted.type: Expiry.DEEMED_ACCEPTANCE,
    e.Approved.type: Expiry.DEEMED_RENEWAL,
    "closed-unanswered": Expiry.CLOSURE,
}
"""What silence brings, by the event that it is."""


@attrs.frozen(kw_only=True)
class PreparedCase:
    """An old case ready to be written, and what its refolding has warned of."""

    change: Change
    subject: SubjectRow
    warnings: tuple[CellFault, ...]

    @property
    def brought(self) -> tuple[tuple[str, datetime], ...]:
        """What silence has brought to the case as it stands, each with its instant."""
        taken = 0 if self.change.case.takeover is None else self.change.case.takeover.acts + 1
        return tuple((one.type, one.at) for one in self.change.events[taken:] if one.type in BROUGHT)


class Refolder:
    """Refolds the cases of one file: what all of them ask of the registry is looked up once."""

    def __init__(self, services: Services, cut_over: CutOver, now: datetime) -> None:
        self.services, self.cut_over, self.now = services, cut_over, now
        self._registry = services.registry()
        self._yardsticks: dict[str, Yardstick] = {}
        self._fresh = services.yardstick()
        self._checks = OldCaseChecks(services, self._registry, cut_over)

    def at(self, now: datetime, *, anew: bool = False) -> Refolder:
        """The same at a later instant; `anew`: with registry and calendar as they stand now."""
        if anew:
            return Refolder(self.services, self.cut_over, now)
        self.now = now
        return self

    def prepared(self, old: OldCase) -> PreparedCase | tuple[CellFault, ...]:
        """The rows of the case, or what is wrong with it.

        That is everything that can be seen without asking the law, else the first act that the law refuses: what
        follows rests on it.
        """
        faults: list[CellFault] = []
        resolved = self._checks.resolved(old, faults)
        faults += self._checks.faults(resolved or old)
        if resolved is None or any(one.severity == "error" for one in faults):
            return tuple(faults)
        try:
            return self._prepared(resolved, faults)
        except OldActRefusedError as refused:
            return (*faults, refused.fault)
        except EgovError as error:
            return (*faults, old.cell("number").error(error.code, error.message, error.remedy))

    def _prepared(self, old: OldCase, warnings: list[CellFault]) -> PreparedCase | tuple[CellFault, ...]:
        services = self.services
        case_id, subject = services.ids.new_id(), services.ids.new_id()
        code, secret = old.query_code or services.ids.query_code(), services.ids.secret()
        filing = Filing(
            number=old.number,
            subject=subject,
            digests=personal_digests(secret, old.submission),
            query_digest=query_digest(services.area, old.number, code),
        )
        first = self._context(self._item(old, "received", old.received, warnings), old.received, self._fresh, filing)
        refold = refolded(
            old,
            self.cut_over,
            case_id=case_id,
            first=first,
            context_of=lambda case, act: self._context_of(old, case, act, warnings),
            cells=cell_digests(secret, old.said),
        )
        warnings += self._doubts(old, refold)
        if any(one.severity == "error" for one in warnings):
            return tuple(warnings)
        actor = self.cut_over.actor
        decided = [(event, at, actor) for event, at in refold.events]
        change = prepare(services, stream=case_id, before=None, head=GENESIS, decided=decided, now=self.now)
        filed = SubjectFile(applicant=old.applicant, form={}, query_code=code)
        prepared = PreparedCase(
            change=change,
            subject=SubjectRow(area=services.area, subject=subject, secret=secret, data=encode(filed)),
            warnings=tuple(warnings),
        )
        brought = (
            old.cell("number").warning(
                "silence",
                f"silence brings {BROUGHT[kind].value} at {at.isoformat()}",
                "if something was done in time, put it into the file",
            )
            for kind, at in prepared.brought
        )
        return attrs.evolve(prepared, warnings=(*warnings, *brought))

    def _context_of(self, old: OldCase, case: Case, act: OldAct, warnings: list[CellFault]) -> Context:
        yardstick = self.yardstick(case)
        pending = pending_lapse(case, yardstick)
        if pending is not None and pending.at <= act.at:
            warnings.append(
                act.cell.warning(
                    "after-silence",
                    f"by {pending.lapse.basis} silence had brought {pending.lapse.effect.value} at "
                    f"{pending.at.isoformat()} already; what the earlier system did then is taken as it was done",
                    "look at the time; the dates follow from what was done",
                )
            )
        if isinstance(act.command, c.Accept):
            item = self._item(old, "accepted", act.at, warnings)
        else:
            item = self._registry.catalogue.version(case.item, case.item_version)
        return self._context(item, act.at, yardstick, None)

    def _context(self, item: ItemVersion, at: datetime, yardstick: Yardstick, filing: Filing | None) -> Context:
        return Context(at=at, now=self.now, item=item, yardstick=yardstick, filing=filing, place=self.services.place)

    def yardstick(self, case: Case) -> Yardstick:
        """What a case of this file is measured with; only its organ makes a difference."""
        found = self._yardsticks.get(case.organ)
        if found is None:
            found = self._yardsticks[case.organ] = self.services.yardstick(case)
        return found

    def _item(self, old: OldCase, column: str, at: datetime, warnings: list[CellFault]) -> ItemVersion:
        """The version in force then; the first one where the catalogue begins later, with a warning."""
        try:
            return self._registry.catalogue.on(old.item, at.date())
        except LawError:
            versions = self._registry.catalogue.items[old.item]
            earlier = [one for one in versions if one.valid_from <= at.date()]
            item = earlier[-1] if earlier else versions[0]
            warnings.append(
                old.cell(column).warning(
                    "item-not-in-force",
                    f"the item was not in force on {at.date()}; its version {item.version} is taken",
                    "give the limits of that day in the file where they were others",
                )
            )
            return item

    def _doubts(self, old: OldCase, refold: Refold) -> Iterator[CellFault]:
        """What the file says and the refolded case does not."""
        case = refold.case
        if old.state and old.state != case.state.value:
            yield old.cell("state").error(
                "state-differs",
                f"the file says {old.state}, and what was done leads to {case.state.value}",
                "complete what was done, or correct the state",
            )
        if (old.statutory is not None or old.promised is not None) and case.statutory is None:
            yield old.cell("statutory" if old.statutory is not None else "promised").warning(
                "limit-unused", "limits are frozen on acceptance, and the case is not accepted", "leave them out"
            )
        limits = case.promised, case.statutory
        if isinstance(limits[0], Period) and isinstance(limits[1], Period):
            promised, statutory = limits[0], limits[1]
            if promised.unit is statutory.unit and promised.amount > statutory.amount:
                yield old.cell("promised").error(
                    "promise-above-statutory",
                    f"{promised} is promised, and the law allows {statutory}",
                    "give the statutory limit of that day too, or correct the promise",
                )
