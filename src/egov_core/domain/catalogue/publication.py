"""The life of an item: how a version comes to be published, and how the item stands afterwards.

Rules of this room: what may follow what stands in two tables, `DRAFTING` for a version that is being prepared and
`STANDING` for the item as applicants meet it; nothing else may answer that question. A published version is never
edited: a change is the next version. Whoever prepares is not the one who makes it hold (`KEPT_APART`, as data).

Theory. A draft is prepared, handed in for review, returned with a reason or published. Publishing makes a version of
the catalogue; the draft is over then. Beside that the item stands: in use, suspended or withdrawn, each from a day on.
A change of standing is a record of its own with a number, never an overwritten field, so that how an item stood on a
day can be told for ever. A version holds from the day on which it was published at the earliest: whatever it says of a
day before that would change what applicants were told. Versions that are to come are no reason to wait: what a draft
changes holds until the next of them begins, and is carried into each (`versions_to_come`).

Sources: 国办函〔2016〕108号 (新增, 变更, 拆分, 合并, 暂停, 取消, each reviewed); 行政许可法 30; the notice, N2, N11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from egov_core.domain.catalogue.items import ItemVersion
from egov_core.domain.catalogue.life import Draft, DraftState, Happening, ItemLife, ItemReview
from egov_core.domain.catalogue.out_of_order import STANDS, out_of_order
from egov_core.domain.catalogue.standing import ItemState, StandingChange, Succession
from egov_core.errors import ClaimError, Fault, ItemStateError, LawError

# --- what may be asked ------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class PrepareDraft:
    """Write down the next version of an item, or write it anew."""

    item: ItemVersion


@attrs.frozen(kw_only=True)
class SubmitDraft:
    """Hand a draft in for review."""


@attrs.frozen(kw_only=True)
class ReturnDraft:
    """Send a draft back; `reason` says everything that has to be corrected."""

    reason: str


@attrs.frozen(kw_only=True)
class PublishDraft:
    """Make the draft that is in review a version of the catalogue."""


@attrs.frozen(kw_only=True)
class SuspendItem:
    """Take no further cases from a day on 暂停. `prepared_by` is who asked for it; whoever decides is another."""

    reason: str
    on: date
    prepared_by: str


@attrs.frozen(kw_only=True)
class ResumeItem:
    """Take cases again from a day on 恢复."""

    reason: str
    on: date
    prepared_by: str


@attrs.frozen(kw_only=True)
class WithdrawItem:
    """End an item for good from a day on 取消; `succession` says what took its place, where anything did."""

    reason: str
    on: date
    prepared_by: str
    succession: Succession | None = None


@attrs.frozen(kw_only=True)
class ConfirmItem:
    """Say after the yearly look that the item is still right as it is; `note` is what was looked at."""

    note: str = ""


ItemCommand = (
    PrepareDraft | SubmitDraft | ReturnDraft | PublishDraft | SuspendItem | ResumeItem | WithdrawItem | ConfirmItem
)

# --- the tables -------------------------------------------------------------------------------------------------------

DRAFTING: Mapping[DraftState | None, Mapping[type, DraftState]] = {
    None: {PrepareDraft: DraftState.DRAFT},
    DraftState.DRAFT: {PrepareDraft: DraftState.DRAFT, SubmitDraft: DraftState.IN_REVIEW},
    DraftState.IN_REVIEW: {ReturnDraft: DraftState.RETURNED, PublishDraft: DraftState.PUBLISHED},
    DraftState.RETURNED: {PrepareDraft: DraftState.DRAFT},
    DraftState.PUBLISHED: {},
}
STANDING: Mapping[ItemState, Mapping[type, ItemState]] = {
    ItemState.IN_USE: {SuspendItem: ItemState.SUSPENDED, WithdrawItem: ItemState.WITHDRAWN},
    ItemState.SUSPENDED: {ResumeItem: ItemState.IN_USE, WithdrawItem: ItemState.WITHDRAWN},
    ItemState.WITHDRAWN: {},
}
_FOUR_EYES = "经办人与批准人不得为同一人"
KEPT_APART: Mapping[type, str] = dict.fromkeys(
    (PublishDraft, ReturnDraft, SuspendItem, ResumeItem, WithdrawItem), _FOUR_EYES
)
"""The acts that decide, each with the reason why whoever has prepared the change may not do it."""

TYPES: Mapping[type, str] = {
    PrepareDraft: "item-drafted",
    SubmitDraft: "item-submitted",
    ReturnDraft: "item-returned",
    PublishDraft: "draft-published",
    SuspendItem: "item-suspended",
    ResumeItem: "item-resumed",
    WithdrawItem: "item-withdrawn",
    ConfirmItem: "item-reviewed",
}
"""What each act is written down as. Publishing also writes the version itself, as every catalogue does."""
ITEM_PUBLISHED = "item-published"


# --- deciding and folding ---------------------------------------------------------------------------------------------


def decide(life: ItemLife, command: ItemCommand, *, by: str, today: date) -> tuple[Happening, ...]:
    """What the act of a person leads to, today. Pure.

    Raises ItemStateError where the item stands otherwise, LawError where the person may not both prepare and decide,
    ClaimError for what is missing or wrong.
    """
    kind = type(command)
    match command:
        case PrepareDraft() | SubmitDraft() | ReturnDraft() | PublishDraft():
            return _drafted(life, command, by=by, today=today)
        case ConfirmItem():
            return (Happening(type=TYPES[kind], value=_confirmed(life, command, by=by, today=today)),)
        case _:
            return (Happening(type=TYPES[kind], value=_changed(life, command, by=by, today=today)),)


def evolve(life: ItemLife, happened: Happening) -> ItemLife:
    """The item after something has happened."""
    match happened.value:
        case ItemVersion() as version:
            return attrs.evolve(life, versions=(*life.versions, version))
        case Draft() as draft:
            others = tuple(one for one in life.drafts if one.version != draft.version)
            return attrs.evolve(life, drafts=(*others, draft))
        case StandingChange() as change:
            return attrs.evolve(life, standings=(*life.standings, change))
        case ItemReview() as review:
            return attrs.evolve(life, reviews=(*life.reviews, review))


def _drafted(
    life: ItemLife, command: PrepareDraft | SubmitDraft | ReturnDraft | PublishDraft, *, by: str, today: date
) -> tuple[Happening, ...]:
    draft, kind = life.draft, type(command)
    _refuse_ended(life, kind, today)
    row = DRAFTING[draft.state if draft is not None else None]
    if kind not in row:
        raise _out_of_order(life.code, kind, STANDS[draft.state if draft is not None else None], row)
    if isinstance(command, PrepareDraft):
        item = command.item
        if life.versions:  # from when it is to hold also says over which version it was written
            item = attrs.evolve(item, valid_from=max(item.valid_from, today))
        _refuse_claims(_draft_faults(life, item, today))
        hands = dict.fromkeys((*(draft.hands if draft is not None else ()), by))
        return (Happening(type=TYPES[kind], value=Draft(item=item, state=row[kind], hands=tuple(hands))),)
    assert draft is not None, "the table has a row for none that holds preparing alone"
    if not isinstance(command, ReturnDraft):
        _refuse_claims(_draft_faults(life, draft.item, today))  # another version may have been published meanwhile
    if isinstance(command, SubmitDraft):
        hands = dict.fromkeys((*draft.hands, by))
        return (Happening(type=TYPES[kind], value=attrs.evolve(draft, state=row[kind], hands=tuple(hands))),)
    _keep_apart(kind, by, draft.hands, life.code)
    if isinstance(command, ReturnDraft):
        _refuse_claims(_reason_faults(command.reason))
        returned = attrs.evolve(draft, state=row[kind], reason=command.reason.strip())
        return (Happening(type=TYPES[kind], value=returned),)
    versions = life.published(draft.item, today).versions
    done = attrs.evolve(draft, item=versions[0], state=row[kind], published_by=by)
    published = (Happening(type=ITEM_PUBLISHED, value=version) for version in versions)
    return (Happening(type=TYPES[kind], value=done), *published)


def _changed(
    life: ItemLife, command: SuspendItem | ResumeItem | WithdrawItem, *, by: str, today: date
) -> StandingChange:
    kind = type(command)
    last = life.standings[-1] if life.standings else None
    state = life.state_on(date.max)  # what is settled for a later day counts: nothing is settled twice
    if state is None:
        raise _unpublished(life.code)
    row = STANDING[state]
    if kind not in row:
        raise _out_of_order(life.code, kind, f"it is {state.value}", row)
    faults = [*_reason_faults(command.reason)]
    if command.on < today:
        faults.append(
            Fault("$.on", "past", f"{command.on} is past: cases were taken then; give {today} or a later day")
        )
    if last is not None and command.on < last.on:
        faults.append(Fault("$.on", "order", f"the item becomes {last.state.value} on {last.on}; give no earlier day"))
    if not command.prepared_by.strip():
        faults.append(Fault("$.prepared_by", "missing", "must name who asked for it, another person than who decides"))
    succession = command.succession if isinstance(command, WithdrawItem) else None
    if succession is not None and life.code in succession.new:
        faults.append(Fault("$.succession", "itself", "an item does not succeed itself: that is its next version"))
    _refuse_claims(faults)
    _keep_apart(kind, by, (command.prepared_by,), life.code)
    return StandingChange(
        code=life.code,
        number=len(life.standings) + 1,
        state=row[kind],
        on=command.on,
        reason=command.reason.strip(),
        prepared_by=command.prepared_by,
        decided_by=by,
        succession=succession,
    )


def _confirmed(life: ItemLife, command: ConfirmItem, *, by: str, today: date) -> ItemReview:
    if not life.versions:
        raise _unpublished(life.code)
    _refuse_ended(life, ConfirmItem, today)
    looked_at = next((one for one in reversed(life.versions) if one.in_force_on(today)), life.versions[-1])
    return ItemReview(
        code=life.code,
        number=len(life.reviews) + 1,
        version=looked_at.version,
        on=today,
        by=by,
        note=command.note.strip(),
    )


def _refuse_ended(life: ItemLife, kind: type, today: date) -> None:
    state = life.state_on(today)
    if state is ItemState.WITHDRAWN and kind is not ReturnDraft:
        raise _out_of_order(life.code, kind, "it is withdrawn", STANDING[state])


def _draft_faults(life: ItemLife, item: ItemVersion, today: date) -> Iterator[Fault]:
    if item.code != life.code:
        yield Fault("$.code", "other-item", f"is {item.code!r}, and the draft is one of {life.code!r}")
    if item.version != life.next_version:
        yield Fault("$.version", "version", f"must be {life.next_version}: the one after what is published")
    if item.valid_to is not None and item.valid_to <= item.valid_from:
        yield Fault("$.valid_to", "order", "must lie after valid_from")
    for one in life.published(item, today).clashes:
        yield Fault("$", "version-to-come", f"{one.message}: {one.remedy}")


def _reason_faults(reason: str) -> Iterator[Fault]:
    if not reason.strip():
        yield Fault("$.reason", "missing", "must say why, in words that whoever reads it later understands")


def _refuse_claims(faults: Iterator[Fault] | Sequence[Fault]) -> None:
    found = list(faults)
    if found:
        raise ClaimError(
            "; ".join(f"{fault.path} {fault.message}" for fault in found),
            faults=found,
            remedy="correct every place named",
        )


def _keep_apart(decides: type, by: str, hands: Sequence[str], code: str) -> None:
    reason = KEPT_APART.get(decides)
    if reason is not None and by in hands:
        raise LawError(
            f"{by} has prepared this change of item {code} and may not decide it: {reason}",
            remedy="have another clerk of the catalogue decide it",
            item=code,
            person=by,
        )


def _unpublished(code: str) -> ItemStateError:
    return ItemStateError(
        f"item {code} has not been published", remedy="draft it, have it reviewed and published first", item=code
    )


def _out_of_order(code: str, kind: type, stands: str, row: Mapping[type, object]) -> ItemStateError:
    return out_of_order(code, TYPES[kind], stands, [TYPES[one] for one in row])
