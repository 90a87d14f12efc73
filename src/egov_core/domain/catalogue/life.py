"""What is known of one item over its life: its versions, the draft in hand, how it stands, when it was looked at.

Rules of this room: values only; what may follow what stands in `publication`. Nothing here is overwritten: a draft has
its chain, a change of standing and a review have numbers.
"""

from __future__ import annotations

import enum
from datetime import date

import attrs

from egov_core.domain.catalogue.items import ItemVersion
from egov_core.domain.catalogue.standing import ItemState, StandingChange, standing_on
from egov_core.domain.catalogue.versions_to_come import Published, carried, publish_over, version_from


class DraftState(enum.Enum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    PUBLISHED = "published"


@attrs.frozen(kw_only=True)
class Draft:
    """A version that is being prepared 草稿. `hands` are all who have worked on it; `reason` why it was returned."""

    item: ItemVersion
    state: DraftState
    hands: tuple[str, ...]
    reason: str = ""
    published_by: str = ""

    @property
    def code(self) -> str:
        """The code of its item."""
        return self.item.code

    @property
    def version(self) -> int:
        """Which version it is to be."""
        return self.item.version


@attrs.frozen(kw_only=True)
class ItemReview:
    """That somebody looked at an item and found it right 年度核查; `version` is the one that was looked at."""

    code: str
    number: int
    version: int
    on: date
    by: str
    note: str = ""


@attrs.frozen(kw_only=True)
class Happening:
    """What an act on an item led to: what is written in its chain, and the value that says it whole."""

    type: str
    value: Draft | ItemVersion | StandingChange | ItemReview


@attrs.frozen(kw_only=True)
class ItemLife:
    """Everything known about one item: versions, oldest first, the draft in hand, standings and reviews by number."""

    code: str
    versions: tuple[ItemVersion, ...] = ()
    drafts: tuple[Draft, ...] = ()
    standings: tuple[StandingChange, ...] = ()
    reviews: tuple[ItemReview, ...] = ()

    @property
    def draft(self) -> Draft | None:
        """The draft in hand: the last one, unless it has been published."""
        last = self.drafts[-1] if self.drafts else None
        return None if last is None or last.state is DraftState.PUBLISHED else last

    @property
    def next_version(self) -> int:
        """The number that the next version has."""
        return max((one.version for one in self.versions), default=0) + 1

    def to_write_over(self, day: date) -> ItemVersion | None:
        """What a draft that is to hold from `day` on is written over; None where nothing is known of the item.

        The draft in hand, brought over to the version of that day; else that version. It begins on `day`, or where the
        version does, so that whoever publishes can tell over which version it was written.
        """
        onto = version_from(self.versions, day)
        draft = self.draft
        if onto is None:
            return None if draft is None else draft.item
        item = onto
        if draft is not None:
            over = version_from(self.versions, draft.item.valid_from) or onto
            item, _ = carried(draft.item, over=over, onto=onto)
            if draft.item.valid_to != over.valid_to:
                item = attrs.evolve(item, valid_to=draft.item.valid_to)
        begins = max(day, onto.valid_from)
        ended = item.valid_to is not None and item.valid_to <= begins
        return attrs.evolve(item, valid_from=begins, valid_to=None if ended else item.valid_to)

    def published(self, item: ItemVersion, today: date) -> Published:
        """What publishing a draft of `item` today comes to, with the versions that are to come."""
        over = version_from(self.versions, item.valid_from)
        return publish_over(self.versions, item, begins=max(item.valid_from, today), over=over)

    def state_on(self, day: date) -> ItemState | None:
        """How the item stands on a day; None where nothing of it has been published."""
        if not self.versions:
            return None
        change = standing_on(self.standings, day)
        return ItemState.IN_USE if change is None else change.state
