"""The plan of a reorganisation: the acts of a reform, of a merger of towns or of an abolition, as values.

Rules of this room: what the document says and nothing else; what follows from it for organs, items, people and grants
is `compiling`. One plan has one effective day. 合乡并村 is a merger like any other: towns and villages are organs.

    found      a new organ, with a code that was never used
    rename     another name, or another parent, under the same code
    merge      organs end, and everything of theirs goes to one that stays or is founded
    split      an organ ends, and its items, units and people go to several
    transfer   items, units and people of an organ go to another; the organ stays
    abolish    an organ ends; what it has left goes to a successor, if there is one
    authorise  a grant that the reform gives; grants that follow a person are narrowed to what the person brought along
    delegate   a delegation that the reform makes; one by or to an organ that ends lapses with it
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import OrganKind


@attrs.frozen(kw_only=True)
class Found:
    """A new organ 新设."""

    organ: str
    name: str
    kind: OrganKind
    parent: str
    name_en: str = ""


@attrs.frozen(kw_only=True)
class Rename:
    """An organ bears another name, or stands below another parent 更名、改隶; empty: as it was."""

    organ: str
    name: str = ""
    name_en: str = ""
    parent: str = ""


@attrs.frozen(kw_only=True)
class Merge:
    """`sources` end, and everything they have goes to `into` 合并; an `into` among them stays.

    `keep` are the roles that their people, and whoever fills their posts, keep in `into` where nothing passes that a
    grant could be narrowed to, as with towns that have no items of their own: never for more than each had.
    """

    sources: tuple[str, ...]
    into: str
    basis: str = ""
    keep: tuple[Role, ...] = ()


@attrs.frozen(kw_only=True)
class Share:
    """What one successor gets of a split organ; `rest`: and everything that no share names."""

    to: str
    items: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rest: bool = False


@attrs.frozen(kw_only=True)
class Split:
    """`organ` ends, and its work goes to several 分立. Every item is named by a share, or one share takes the rest."""

    organ: str
    shares: tuple[Share, ...]
    basis: str = ""


@attrs.frozen(kw_only=True)
class Transfer:
    """Items, units and people go from one organ to another 职责划转.

    `duty` is how the document calls what passes; with a duty alone nothing changes here, and the preview says so.
    """

    source: str
    to: str
    items: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    duty: str = ""
    basis: str = ""


@attrs.frozen(kw_only=True)
class Abolish:
    """An organ ends 撤销; what it has left goes to `to`. Empty: it has nothing left."""

    organ: str
    to: str = ""
    basis: str = ""


@attrs.frozen(kw_only=True)
class Authorise:
    """A grant that the plan gives 授权, from its effective day on; `items` empty: all items of the organ."""

    person: str
    role: Role
    organ: str
    items: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Delegate:
    """A delegation that the plan makes 委托, from its effective day on, as the announcement says it.

    It is a new one, with a code of its own: what an organ that ends had entrusted ends with it, and its successor
    decides anew, and publishes it, whether it entrusts anybody (行政许可法 24).
    """

    code: str
    organ: str
    delegate: str
    items: tuple[str, ...]
    roles: tuple[Role, ...] = (Role.INTAKE,)
    unit: str = ""
    steps: tuple[str, ...] = ()
    basis: LegalBasis
    announcement: str
    published_on: date


@attrs.frozen(kw_only=True)
class Plan:
    """A reorganisation plan 机构改革方案: its code, title, basis and effective day, and its acts in order."""

    code: str
    title: str
    basis: str
    effective: date
    found: tuple[Found, ...] = ()
    rename: tuple[Rename, ...] = ()
    merge: tuple[Merge, ...] = ()
    split: tuple[Split, ...] = ()
    transfer: tuple[Transfer, ...] = ()
    abolish: tuple[Abolish, ...] = ()
    authorise: tuple[Authorise, ...] = ()
    delegate: tuple[Delegate, ...] = ()

    def passing(self) -> Iterator[Passing]:
        """What passes from whom to whom, act by act, each with the place in the plan that says so."""
        for number, merge in enumerate(self.merge, 1):
            for source in merge.sources:
                if source != merge.into:
                    share, where, kept = Share(to=merge.into, rest=True), f"merge[{number}]", frozenset(merge.keep)
                    yield Passing(where, source, share, merge.basis, ends=True, field="into", keep=kept)
        for number, split in enumerate(self.split, 1):
            for place, share in enumerate(split.shares, 1):
                yield Passing(f"split[{number}].share[{place}]", split.organ, share, split.basis, ends=True)
        for number, one in enumerate(self.transfer, 1):
            share = Share(to=one.to, items=one.items, units=one.units, people=one.people)
            yield Passing(f"transfer[{number}]", one.source, share, one.basis, ends=False)
        for number, end in enumerate(self.abolish, 1):
            share = Share(to=end.to, rest=bool(end.to))
            yield Passing(f"abolish[{number}]", end.organ, share, end.basis, ends=True)


@attrs.frozen
class Passing:
    """One act, reduced to what passes: `share` of `source`, said at `where` of the plan; whether the source ends.

    `field` is the one in which the act says to whom, `keep` are the roles that go along (`Merge`).
    """

    where: str
    source: str
    share: Share
    basis: str
    ends: bool = attrs.field(kw_only=True)
    field: str = attrs.field(kw_only=True, default="to")
    keep: frozenset[Role] = attrs.field(kw_only=True, default=frozenset())
