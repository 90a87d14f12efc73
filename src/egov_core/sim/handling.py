"""The course of a case from its acceptance on: hand-over, special procedures, hearings, extension, decision, delivery.

Rules of this room: steps in the order in which people would take them, and none that the law no longer allows; the
times come from the diary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Place
from egov_core.domain.catalogue import CaseType, ItemVersion, PauseKind
from egov_core.runtime.script import PlannedStep
from egov_core.sim.diary import Diary, working_days

SHARE_OF_PROMISE: Mapping[str, tuple[float, float]] = {
    "early": (0.15, 0.75),
    "on-time": (0.75, 1.0),
    "late": (1.1, 1.9),
    "extended": (1.0, 1.2),
}
"""Between which shares of its promise a case is decided; others in the middle."""


@attrs.frozen(kw_only=True)
class Handling:
    """Handles accepted cases.

    `place` says which local procedures stop the clock; `commitments` are the items granted on a commitment; `units` the
    internal units of an organ.
    """

    diary: Diary
    place: Place
    commitments: frozenset[str]
    units: Mapping[str, tuple[str, ...]]

    def course(self, item: ItemVersion, behaviour: str, accepted: datetime, seen: datetime) -> Iterator[PlannedStep]:
        """The steps of a case whose limits run since `accepted` and whom somebody looks at from `seen` on."""
        if behaviour == "withdrawn":
            at = self.diary.later(seen, 1)
            yield step(at, None, lambda i: c.Withdraw(case_id=i, reason="申请人不再办理"))
            return
        if behaviour == "forgotten":
            return
        low, high = SHARE_OF_PROMISE.get(behaviour, (0.4, 0.95))
        share = self.diary.random.uniform(low, high)
        extra = 3 if behaviour == "extended" else 0
        # whoever has to keep to the limits of steps leaves some time for the last one
        reviewed = max(self.diary.at_share(item, accepted, share * 0.75 if limits_steps(item) else low * 0.5), seen)
        begun = max(reviewed, self.diary.later(seen, 1))
        if behaviour == "paused":
            took, steps = self._paused(item, begun)
            yield from steps
            reviewed, extra = self.diary.later(steps[-1].at, 1), took
        elif behaviour == "heard":
            took, steps = self._heard(self.diary.later(seen, 1))
            yield from steps
            reviewed, extra = self.diary.later(steps[-1].at, 1), took
        else:
            yield from self._handed_over(item, seen, reviewed)
        if not is_immediate(item):
            yield step(reviewed, Role.REVIEWER, lambda i: c.Review(case_id=i, opinion="符合法定条件"))
        if behaviour == "extended":
            yield self._extension(item, max(self.diary.at_share(item, accepted, 0.7), reviewed))
        decided = max(self.diary.at_share(item, accepted, share, extra), reviewed)
        if item.forward_to is not None:
            yield from self._referral(decided)
        else:
            yield from self._decision(item, behaviour, decided)

    def renewed_by_law(self, expires: datetime) -> Iterator[PlannedStep]:
        """What is left to do where nobody decided before the licence expired."""
        yield from self._after_grant(self.diary.later(expires, self.diary.random.randint(1, 3)))

    # -- on the way ----------------------------------------------------------------------------------------------

    def _handed_over(self, item: ItemVersion, seen: datetime, reviewed: datetime) -> Iterator[PlannedStep]:
        """Now and then another unit takes the review on."""
        holder = next((one.unit for one in item.steps if one.code == "review"), "")
        others = [unit for unit in self.units.get(item.organ, ()) if unit != holder]
        at = self.diary.later(seen, 1)
        if not holder or not others or at >= reviewed or self.diary.random.random() > 0.3:
            return
        unit = self.diary.random.choice(others)
        yield step(at, Role.REVIEWER, lambda i: c.HandOver(case_id=i, unit=unit, reason="需现场核验"))

    def _paused(self, item: ItemVersion, begun: datetime) -> tuple[int, list[PlannedStep]]:
        kinds = pause_kinds(item, self.place)
        kind = self.diary.random.choice(kinds)
        declared = self.diary.random.choice((3, 5, 10))
        late = self.diary.random.random() >= 0.8
        took = declared + self.diary.random.randint(1, 3) if late else declared
        notice = self.diary.document("特", begun)
        ended = self.diary.later(begun, took)
        return took, [
            _pause(begun, kind, notice, declared),
            step(ended, Role.REVIEWER, lambda i: c.Resume(case_id=i, result="程序已完成")),
        ]

    def _heard(self, offered: datetime) -> tuple[int, list[PlannedStep]]:
        """A hearing: told, asked for, fixed more than seven working days ahead, held; its time is not counted."""
        diary = self.diary
        asked = diary.later(offered, diary.random.randint(1, 4))
        told = diary.later(asked, diary.random.randint(1, 2))
        took = diary.random.randint(8, 10)
        held = diary.later(told, took)
        papers = {kind: diary.document(kind, told) for kind in ("听告", "听通", "特", "听录")}
        reason, place = "对拟作出的决定有异议", "县政务服务中心三楼会议室"

        def fixed(case_id: str) -> c.Command:
            return c.ScheduleHearing(case_id=case_id, day=held.date(), place=place, notice=papers["听通"])

        return took, [
            step(offered, Role.REVIEWER, lambda i: c.OfferHearing(case_id=i, notice=papers["听告"])),
            step(asked, None, lambda i: c.RequestHearing(case_id=i, reason=reason)),
            step(told, Role.REVIEWER, fixed),
            _pause(told, PauseKind.HEARING, papers["特"], 15),
            step(held, Role.REVIEWER, lambda i: c.HoldHearing(case_id=i, record=papers["听录"])),
            step(held, Role.REVIEWER, lambda i: c.Resume(case_id=i, result="听证已经举行")),
        ]

    def _extension(self, item: ItemVersion, at: datetime) -> PlannedStep:
        longest = item.extension_terms.longest
        assert longest is not None, "an item that is not extended is never planned to be"
        days = working_days(self.diary.random.choice((int(longest.amount) // 2, int(longest.amount))))
        notice = self.diary.document("延", at)
        role = c.needed_role(c.Extend, item)
        return step(at, role, lambda i: c.Extend(case_id=i, amount=days, reason="案情复杂", notice=notice))

    # -- the end -------------------------------------------------------------------------------------------------

    def _decision(self, item: ItemVersion, behaviour: str, at: datetime) -> Iterator[PlannedStep]:
        if behaviour == "rejected":
            refusal = self.diary.document("不许", at)
            yield step(at, Role.APPROVER, lambda i: c.Reject(case_id=i, document=refusal, reason="不符合法定条件"))
            return
        document = self.diary.document("许", at)
        promised = item.code in self.commitments
        yield step(at, Role.APPROVER, lambda i: c.Approve(case_id=i, document=document, on_commitment=promised))
        yield from self._after_grant(at)
        if promised:
            checked = self.diary.later(at, self.diary.random.randint(8, 45))
            kept = self.diary.random.random() < 0.93
            finding = "现场核查与承诺相符" if kept else "现场核查与承诺不符，责令限期整改"
            yield step(checked, Role.REVIEWER, lambda i: c.CheckCommitment(case_id=i, kept=kept, finding=finding))

    def _referral(self, at: datetime) -> Iterator[PlannedStep]:
        yield step(at, Role.REVIEWER, lambda i: c.ReferUpward(case_id=i, opinion="初审同意，报上级审批"))
        if self.diary.random.random() < 0.25:
            return
        seen = self.diary.later(at, self.diary.random.randint(1, 4))
        yield step(seen, Role.REVIEWER, lambda i: c.RecordUpperProgress(case_id=i, progress="上级已受理"))
        answered = self.diary.later(seen, self.diary.random.randint(3, 15))
        granted = self.diary.random.random() < 0.92
        document = self.diary.document("上批", answered)
        yield step(
            answered, Role.REVIEWER, lambda i: c.RecordUpperDecision(case_id=i, granted=granted, document=document)
        )
        if granted:
            yield from self._after_grant(answered)

    def _after_grant(self, decided: datetime) -> Iterator[PlannedStep]:
        """The licence is made out, and delivered."""
        issued = self.diary.soon(decided, (0, 1, 2, 4), (80, 15, 4, 1))
        paper = self.diary.document("证", issued)
        yield step(issued, Role.INTAKE, lambda i: c.IssueLicence(case_id=i, document=paper))
        delivered = max(self.diary.soon(decided, (0, 1, 3, 7, 12), (45, 30, 16, 7, 2)), issued)
        method = self.diary.random.choice(("window", "post", "online"))
        yield step(delivered, Role.INTAKE, lambda i: c.Deliver(case_id=i, method=method))


def _pause(at: datetime, kind: PauseKind, notice: str, declared: int) -> PlannedStep:
    days = working_days(declared)
    return step(at, Role.REVIEWER, lambda i: c.Pause(case_id=i, kind=kind, notice=notice, declared=days))


def pause_kinds(item: ItemVersion, place: Place) -> list[PauseKind]:
    """The procedures that may stop the clock of an item in this place."""
    able = [kind for kind in PauseKind if not kind.is_local or kind in place.local_pauses]
    return [kind for kind in able if kind in item.pause_kinds] if item.pause_kinds else able


def limits_steps(item: ItemVersion) -> bool:
    """Whether the item says how long its review may take."""
    return any(one.code == "review" and one.limit is not None for one in item.steps)


def is_immediate(item: ItemVersion) -> bool:
    """Whether the item is decided on the spot."""
    return item.case_type is CaseType.IMMEDIATE


def step(at: datetime, role: Role | None, command: Callable[[str], c.Command]) -> PlannedStep:
    """One step of a plan."""
    return PlannedStep(at=at, role=role, command=command)
