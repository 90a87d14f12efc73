"""Items of the catalogue 事项, in versions.

Rules of this room: an item is never edited, a new version starts; a case keeps the version of its time. Limits carry
their bases; where an item's own limit is unknown the default of 行政许可法 42 is set and marked as a default.

Sources: 行政许可法 30, 42; GB/T 39046-2020 table 4 and A.1, A.6; the three steps 受理—审核—办结 of the notice (N11).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.catalogue.guide import Fees, Guide, Material, with_subitem
from egov_core.domain.catalogue.procedures import PROCEDURES, ExtensionTerms, Procedure
from egov_core.domain.catalogue.standing import ItemState, StandingChange, standing_on
from egov_core.domain.legal import LegalBasis, is_in_force
from egov_core.domain.periods import Limit, Period
from egov_core.errors import ClaimError, Fault, ItemStateError, LawError, UnknownError


class PowerClass(enum.Enum):
    """The ten classes of powers and public services (GB/T 39046-2020 A.1)."""

    LICENCE = "行政许可"
    PENALTY = "行政处罚"
    COMPULSION = "行政强制"
    LEVY = "行政征收"
    PAYMENT = "行政给付"
    INSPECTION = "行政检查"
    CONFIRMATION = "行政确认"
    AWARD = "行政奖励"
    RULING = "行政裁决"
    OTHER_POWER = "其他行政权力"
    PUBLIC_SERVICE = "公共服务"


class CaseType(enum.Enum):
    """How cases of an item are handled: on the spot, within a promise, or passed to the level above."""

    IMMEDIATE = "即办件"
    PROMISE = "承诺件"
    FORWARD = "转报件"


class PauseKind(enum.Enum):
    """The procedures whose time is not counted: the eight of 行政许可法 45, and local ones that a place switches on."""

    HEARING = "听证"
    TENDER = "招标"
    AUCTION = "拍卖"
    INSPECTION = "检验"
    TESTING = "检测"
    QUARANTINE = "检疫"
    APPRAISAL = "鉴定"
    EXPERT_REVIEW = "专家评审"
    PUBLIC_NOTICE = "公示"
    SITE_VISIT = "现场踏勘"
    CORRECTION_IN_REVIEW = "审查补正"
    OTHER = "其它"

    @property
    def is_local(self) -> bool:
        """Whether the law does not name it, so that it stops the clock only where a place's own rule says so."""
        return self in _LOCAL_PAUSES


_LOCAL_PAUSES = frozenset(
    {PauseKind.PUBLIC_NOTICE, PauseKind.SITE_VISIT, PauseKind.CORRECTION_IN_REVIEW, PauseKind.OTHER}
)


@attrs.frozen(kw_only=True)
class PauseTerms:
    """How far an item's special procedure of one kind may go: the longest declared days, and how often."""

    kind: PauseKind
    longest: Period | None = None
    times: int | None = None


@attrs.frozen(kw_only=True)
class Step:
    """One of an item's steps 环节; the default three are 受理, 审核, 办结.

    `limit` is how long the step may take, None where the item does not say. `unit` is the internal unit that takes it,
    an organ below the item's; empty for the item's organ itself.
    """

    code: str
    name: str
    limit: Limit | None = None
    unit: str = ""


DEFAULT_STEPS = (
    Step(code="acceptance", name="受理"),
    Step(code="review", name="审核"),
    Step(code="conclusion", name="办结"),
)


@attrs.frozen(kw_only=True)
class ItemVersion:
    """One version of an item 事项: who does what on which basis, within which limits, from which materials.

    `statutory` is the legal limit, `promised` the published promise (None where none is given: the statutory limit then
    counts). `statutory_is_default` marks the limit of Art. 42 set in place of an unknown one. `forward_to` names the
    upper organ of a 转报件. `procedure` and `extension` say how its limit is extended, `pause_terms` how far its
    special procedures may go, `limits` the service standards of other timers by kind (`licence`, `forward`).
    `forward_item` is the code under which the upper organ keeps the item. `windows` are the organs at whose windows
    it is accepted besides its own. `guide` is what else its guide tells the applicant, `fees` what it costs (`fee`
    is the text of a catalogue that does not say it by fields). `reviewed_on` is the day of the last yearly review.
    `form_values` are cells of a form that nothing here means, by their heading, so that an export loses none. Validity
    is [`valid_from`, `valid_to`).
    """

    code: str
    version: int
    name: str
    organ: str
    power_class: PowerClass
    case_type: CaseType
    statutory: Limit
    promised: Limit | None
    valid_from: date
    valid_to: date | None = None
    statutory_is_default: bool = False
    basis: tuple[LegalBasis, ...] = ()
    materials: tuple[Material, ...] = ()
    steps: tuple[Step, ...] = DEFAULT_STEPS
    pause_kinds: frozenset[PauseKind] = frozenset()
    forward_to: str | None = None
    fee: str = ""
    procedure: Procedure = Procedure.SINGLE
    extension: ExtensionTerms | None = None
    pause_terms: tuple[PauseTerms, ...] = ()
    limits: Mapping[str, Limit] = attrs.field(factory=dict)
    forward_item: str = ""
    windows: frozenset[str] = frozenset()
    guide: Guide = attrs.field(factory=Guide)
    fees: Fees | None = None
    reviewed_on: date | None = None
    form_values: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def full_name(self) -> str:
        """The name with the sub-item 子项 behind it, which alone tells 婚姻登记（结婚） from 婚姻登记（离婚）."""
        return with_subitem(self.name, self.guide.subitem)

    @property
    def extension_terms(self) -> ExtensionTerms:
        """The item's own terms of extension, else those of its procedure."""
        return self.extension or PROCEDURES[self.procedure].extension

    def pause_terms_of(self, kind: PauseKind) -> PauseTerms:
        """How far a special procedure of this kind may go; without bounds where the item sets none."""
        return next((terms for terms in self.pause_terms if terms.kind is kind), PauseTerms(kind=kind))

    def in_force_on(self, day: date) -> bool:
        """Whether this version holds on `day`."""
        return is_in_force(day, self.valid_from, self.valid_to)

    def says_what(self, other: ItemVersion) -> bool:
        """Whether both say the same about the item: everything but number, days and review is the same."""
        return self == attrs.evolve(
            other,
            version=self.version,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            reviewed_on=self.reviewed_on,
        )


@attrs.frozen
class Catalogue:
    """The items of one area: code → versions, oldest first; and code → how they stand, where that was ever changed."""

    items: Mapping[str, tuple[ItemVersion, ...]]
    standings: Mapping[str, tuple[StandingChange, ...]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, versions: Iterable[ItemVersion], standings: Iterable[StandingChange] = ()) -> Catalogue:
        """Group versions by item code, oldest first. Raises ClaimError naming every version that is there twice."""
        grouped: dict[str, list[ItemVersion]] = {}
        for version in versions:
            grouped.setdefault(version.code, []).append(version)
        faults = [
            Fault(code, "version-twice", f"version {number} of item {code} is there {times} times")
            for code, found in grouped.items()
            for number, times in Counter(version.version for version in found).items()
            if times > 1
        ]
        if faults:
            raise ClaimError("an item has one version of each number", faults=faults, remedy="correct the items named")
        changes: dict[str, list[StandingChange]] = {}
        for change in standings:
            changes.setdefault(change.code, []).append(change)
        return cls(
            {code: tuple(sorted(found, key=lambda item: item.version)) for code, found in grouped.items()},
            {code: tuple(sorted(found, key=lambda change: change.number)) for code, found in changes.items()},
        )

    def on(self, code: str, day: date) -> ItemVersion:
        """The version of item `code` under which an application is taken on `day`.

        Raises UnknownError when there is no such item, LawError when none of its versions is in force, and
        ItemStateError when it is suspended or withdrawn on that day: since when, why, and what took its place.
        """
        versions = self.items.get(code)
        if not versions:
            raise UnknownError(f"there is no item {code!r}", remedy="use the code of a published item", item=code)
        change = standing_on(self.standings.get(code, ()), day)
        if change is not None and change.state is not ItemState.IN_USE:
            raise self._closed(versions[-1], change, day)
        found = self.in_force(code, day)
        if found is None:
            raise LawError(
                f"item {versions[-1].name} ({code}) is not in force on {day}",
                remedy="look up the item that succeeds it",
                item=code,
                day=day.isoformat(),
            )
        return found

    def in_force(self, code: str, day: date) -> ItemVersion | None:
        """The version of item `code` whose days include `day`, however the item stands; None where there is none."""
        return next((one for one in reversed(self.items.get(code, ())) if one.in_force_on(day)), None)

    def state_on(self, code: str, day: date) -> ItemState:
        """How item `code` stands on `day`; in use, where nobody ever said otherwise."""
        change = standing_on(self.standings.get(code, ()), day)
        return ItemState.IN_USE if change is None else change.state

    def in_use(self, day: date) -> Iterator[ItemVersion]:
        """The versions under which applications are taken on `day`, in the order of the items."""
        for code in self.items:
            found = self.in_force(code, day)
            if found is not None and self.state_on(code, day) is ItemState.IN_USE:
                yield found

    def successors(self, code: str, day: date) -> tuple[str, ...]:
        """The codes that stand in the place of item `code` on `day`, through every succession that lies between."""
        found: dict[str, None] = {}
        waiting, seen = [code], {code}
        while waiting:
            change = standing_on(self.standings.get(waiting.pop(0), ()), day)
            if change is None or change.succession is None:
                continue
            for new in change.succession.new:
                followed = standing_on(self.standings.get(new, ()), day)
                if followed is None or followed.succession is None:
                    found[new] = None
                elif new not in seen:
                    waiting.append(new)
                seen.add(new)
        return tuple(found)

    def _closed(self, item: ItemVersion, change: StandingChange, day: date) -> ItemStateError:
        new = self.successors(item.code, day)
        named = ", ".join(f"{self.items[code][-1].name} ({code})" if code in self.items else code for code in new)
        return ItemStateError(
            f"item {item.full_name} ({item.code}) takes no applications: {change.state.value} since {change.on}, "
            f"because {change.reason}",
            remedy=f"apply for {named}, which took its place"
            if named
            else "ask the organ of the item when it will be taken up again"
            if change.state is ItemState.SUSPENDED
            else "no other item took its place; ask the organ of the item",
            item=item.code,
            state=change.state.value,
            since=change.on.isoformat(),
            reason=change.reason,
            successors=list(new),
        )

    def version(self, code: str, number: int) -> ItemVersion:
        """Version `number` of item `code`. Raises UnknownError."""
        for found in self.items.get(code, ()):
            if found.version == number:
                return found
        raise UnknownError(f"there is no version {number} of item {code!r}", item=code, version=number)

    def __len__(self) -> int:
        return len(self.items)
