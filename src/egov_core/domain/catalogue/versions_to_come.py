"""What a change of an item comes to where later versions of it are published already.

Rules of this room: versions only, no person and no draft. A change is what an item says otherwise than the version it
was written over. It holds from its day on, in every version of that time: until the next version begins, and then in
that one too. Where a later version changes the very same field, nobody can say which of the two is meant, and the two
are named.

Theory. A reform that is to come has published versions for its day. Whoever corrects a telephone number before that
day means the item as it is now, and as it will be: the correction neither waits for the reform nor is lost to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs

from egov_core.domain.catalogue.comparison import is_surely_within
from egov_core.domain.catalogue.guide import Guide
from egov_core.domain.catalogue.items import ItemVersion

_OWN = frozenset({"code", "version", "valid_from", "valid_to", "guide", "form_values"})
"""What a version has for itself, and what is compared part by part."""
_FIELDS = tuple(field.name for field in attrs.fields(ItemVersion) if field.name not in _OWN)
_PARTS = tuple(field.name for field in attrs.fields(Guide))
_NEWEST_COUNTS = "reviewed_on"
"""The day of a look is no statement about the item: the newer one counts."""


@attrs.frozen(kw_only=True)
class Clash:
    """A later version that changes what a change is about as well: from which day it holds, and the fields of both."""

    over: ItemVersion
    later: ItemVersion
    begins: date
    fields: tuple[str, ...]

    @property
    def message(self) -> str:
        """Both versions and the fields, in words."""
        return (
            f"changes {', '.join(self.fields)} of version {self.over.version}, and version {self.later.version}, "
            f"which holds from {self.begins} on, says something else there"
        )

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return f"leave these fields as they are, or let the change hold from {self.begins} on"


@attrs.frozen(kw_only=True)
class Published:
    """The versions that a change leads to, the first of them the change itself, and what stands against it."""

    versions: tuple[ItemVersion, ...]
    clashes: tuple[Clash, ...] = ()


def stretches(versions: Sequence[ItemVersion], day: date) -> Iterator[tuple[ItemVersion, date, date | None]]:
    """Which version holds from `day` on, stretch by stretch: the version, its first day, the day it ends (None: never).

    A later version prevails while it holds, as in `Catalogue.on`.
    """
    days = {day}
    for version in versions:
        days |= {one for one in (version.valid_from, version.valid_to) if one is not None and one > day}
    order = sorted(days)
    held: tuple[ItemVersion, date] | None = None
    for begins in order:
        now = next((version for version in reversed(versions) if version.in_force_on(begins)), None)
        if held is not None and held[0] is not now:
            yield *held, begins
            held = None
        if now is not None and held is None:
            held = now, begins
    if held is not None:
        yield *held, None


def version_from(versions: Sequence[ItemVersion], day: date) -> ItemVersion | None:
    """The version that holds on `day`, else the next one that will, else the last there was."""
    return next((one for one, _, _ in stretches(versions, day)), versions[-1] if versions else None)


def is_as_published(versions: Sequence[ItemVersion], item: ItemVersion, day: date) -> bool:
    """Whether an item says what holds on `day`, or what will first hold after it: publishing it would say nothing."""
    ahead = next(stretches(versions, day), None)
    return ahead is not None and item.says_what(ahead[0])


def publish_over(
    versions: Sequence[ItemVersion], item: ItemVersion, *, begins: date, over: ItemVersion | None = None
) -> Published:
    """The versions by which `item` holds from `begins` on, over those that are published.

    `over` is the version that `item` was written over; that of `begins` where nothing is said. The first version always
    comes of it; one for a later stretch only where the change alters it. An end that `item` has from `over` stays that
    of each stretch.
    """
    if not versions:
        return Published(versions=(attrs.evolve(item, version=1, valid_from=begins),))
    number = max(one.version for one in versions) + 1
    over = over or version_from(versions, begins)
    ahead = list(stretches(versions, begins))
    if over is None or not ahead:
        return Published(versions=(attrs.evolve(item, version=number, valid_from=begins),))
    made: list[ItemVersion] = []
    clashes: list[Clash] = []
    for version, start, end in ahead:
        if item.valid_to is not None and item.valid_to <= start and item.valid_to != over.valid_to:
            break
        after, fields = carried(item, over=over, onto=version)
        if fields and version is not over:
            clashes.append(Clash(over=over, later=version, begins=start, fields=fields))
        elif version is ahead[0][0] or not after.says_what(version):
            last = _end(end, item, over, is_last=version is ahead[-1][0])
            made.append(attrs.evolve(after, version=number + len(made), valid_from=start, valid_to=last))
    return Published(versions=tuple(made), clashes=tuple(clashes))


def carried(item: ItemVersion, *, over: ItemVersion, onto: ItemVersion) -> tuple[ItemVersion, tuple[str, ...]]:
    """`onto` with what `item` says otherwise than `over`; and the fields in which both do: there `item` is followed."""
    if onto is over:
        return attrs.evolve(item, valid_from=over.valid_from, valid_to=over.valid_to), ()
    fields: list[str] = []
    values = {name: _merged(name, item, over, onto, fields) for name in _FIELDS}
    guide = {name: _merged(name, item.guide, over.guide, onto.guide, fields, "guide.") for name in _PARTS}
    cells: dict[str, str] = {}
    for heading in dict.fromkeys((*onto.form_values, *item.form_values)):
        was, new, then = (one.form_values.get(heading) for one in (over, item, onto))
        text = then if new in (was, then) else new
        if new not in (was, then) and then != was:
            fields.append(heading)
        if text is not None:
            cells[heading] = text
    after = attrs.evolve(onto, **values, guide=attrs.evolve(onto.guide, **guide), form_values=cells)
    if _exceeds(after) and not (_exceeds(item) or _exceeds(onto)):
        fields += ["promised", "statutory"]  # each of them is lawful, and the two together are not
    return after, tuple(dict.fromkeys(fields))


def _merged(name: str, item: Any, over: Any, onto: Any, fields: list[str], prefix: str = "") -> Any:
    was, new, then = (getattr(one, name) for one in (over, item, onto))
    if new in (was, then):
        return then
    if then != was and name != _NEWEST_COUNTS:
        fields.append(prefix + name)
    return new


def _exceeds(item: ItemVersion) -> bool:
    return item.promised is not None and not is_surely_within(item.promised, item.statutory)


def _end(end: date | None, item: ItemVersion, over: ItemVersion, *, is_last: bool) -> date | None:
    """Where a stretch ends: where it did, unless the item says another end than the version it was written over."""
    if item.valid_to == over.valid_to:
        return end
    if is_last:
        return item.valid_to
    return end if item.valid_to is None or end is None else min(end, item.valid_to)
