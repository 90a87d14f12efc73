"""What is left with organs that end: items that nobody takes along, people, posts and grants.

Rules of this room: reading only; findings as the rules of the check-up word them. A plan takes along what was there
when it was carried through; what is written for an organ after that stays behind unless somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from egov_core.domain.authority import Grant
from egov_core.domain.catalogue import CHECKUP_RULES, ItemFinding, ItemVersion
from egov_core.domain.legal import is_in_force
from egov_core.domain.organisation import OrganEnd
from egov_core.usecases.foundation.registry import Registry


def organ_ends(registry: Registry, item: ItemVersion, day: date) -> Iterator[ItemFinding]:
    """That an organ ends while this version of an item still holds, as known on a day before."""
    end = registry.organisation.ending(item.organ, max(day, item.valid_from))
    if end is not None and (item.valid_to is None or item.valid_to > end.day):
        plan = (
            {"plan": f"（方案{end.plan}）", "plan_en": f" by plan {end.plan}"}
            if end.plan
            else {"plan": "", "plan_en": ""}
        )
        yield CHECKUP_RULES["organ-ends"].found("organ", **_said(registry, end), **plan)


def left_without_organ(registry: Registry, item: ItemVersion, day: date) -> Iterator[ItemFinding]:
    """The same of a published version, unless a further one holds when its organ ends."""
    end = registry.organisation.ending(item.organ, day)
    then = None if end is None else registry.catalogue.in_force(item.code, end.day)
    if then is not None and then.organ == item.organ:
        yield from organ_ends(registry, item, day)


def people_left(
    registry: Registry, held: Mapping[str, Iterable[Grant]], day: date
) -> Iterator[tuple[str, ItemFinding]]:
    """Each person who serves in an organ that has ended, or holds a grant in one, and what was found."""
    ended = _ended(registry, day)
    for code, person in sorted(registry.people.items() if ended else ()):
        if not person.serves_on(day):
            continue
        own = ended.get(person.organ_on(day))
        if own is not None:
            yield code, CHECKUP_RULES["person-organ-gone"].found("organ", **_said(registry, own))
        for grant in held.get(code, ()):
            if grant.organ in ended:
                said = _said(registry, ended[grant.organ])
                yield code, CHECKUP_RULES["grant-organ-gone"].found("grants", role=grant.role.value, **said)


def posts_left(registry: Registry, day: date) -> Iterator[tuple[str, ItemFinding]]:
    """Each organ that has ended and still has a post, and what was found."""
    ended = _ended(registry, day)
    for post in registry.staffing.posts if ended else ():
        organ = post.organ_on(day)
        if organ in ended and is_in_force(day, post.valid_from, post.valid_to):
            said = _said(registry, ended[organ])
            yield organ, CHECKUP_RULES["post-organ-gone"].found("posts", post=f"{post.name}（{post.code}）", **said)


def _ended(registry: Registry, day: date) -> dict[str, OrganEnd]:
    return {end.organ: end for end in registry.organisation.ends if end.day <= day}


def _said(registry: Registry, end: OrganEnd) -> dict[str, object]:
    organs = registry.organisation.organs
    names = [organs[code].as_on(end.day).name if code in organs else code for code in end.heirs]
    return {"organ": organs[end.organ].as_on(end.day).name, "day": end.day, "heirs": "、".join(names) or "—"}
