"""What becomes of posts, of who fills them, and of who stands in for whom.

Rules of this room: a post goes with the people who fill it, and under the same code; where they part, with the rest.
Whoever stood together on the day before and does not on the day has lost what rested on it: a person the post, a deputy
the stand-in. Nothing is taken from whom the plan does not touch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import ALL_ITEMS, Appointment, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.authority.chains import of_one_home
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Move, Person
from egov_core.domain.reorganisation.changes import LostAuthority, Remark

ONE_DAY = timedelta(days=1)
GoneTo = Callable[[str, str], str | None]
"""To which successor of an organ (the second) whoever serves in an organ (the first) has gone; None: to none."""


@attrs.frozen
class Held:
    """Posts, appointments and stand-ins as they will be, those that change first and last, and what is left open."""

    posts: Mapping[Post, Post]
    appointments: Mapping[Appointment, Appointment]
    stand_ins: Mapping[StandIn, StandIn]
    lost: tuple[LostAuthority, ...]
    remarks: tuple[Remark, ...]


def lasts(record: Appointment | Grant | Post | StandIn, day: date) -> bool:
    """Whether a record has a day from `day` on."""
    return record.valid_to is None or record.valid_to > day


def follow_holders(
    staffing: Staffing,
    *,
    day: date,
    people: Mapping[str, Person],
    organisation: Organisation,
    ended: frozenset[str],
    rest: Mapping[str, str],
    gone_to: GoneTo,
) -> Held:
    """What becomes of posts and of who fills them; `people` and `organisation` are as they will be."""
    remarks: list[Remark] = []
    posts: dict[Post, Post] = {}
    for post in staffing.posts:
        source = post.organ_on(day)
        if source not in ended or not lasts(post, day):
            continue
        target = _of_holders(post, source, staffing.appointments, people, day, gone_to) or rest.get(source)
        if target is None:
            message = f"post {post.name} ({post.code}) is of {source}, which ends, and no act says where it goes"
            remarks.append(Remark(code="post-without-organ", subject=post.code, message=message))
            posts[post] = attrs.evolve(post, valid_to=max(post.valid_from, day))
        else:
            earlier = tuple(move for move in post.moves if move.valid_from < day)
            posts[post] = attrs.evolve(post, moves=(*earlier, Move(organ=target, valid_from=day)))
    after = {post.code: posts.get(post, post) for post in staffing.posts}
    left = {
        one: attrs.evolve(one, valid_to=max(one.valid_from, day))
        for one in staffing.appointments
        if lasts(one, day) and _leaves(people.get(one.person), after.get(one.post), organisation, day)
    }
    parted = {
        one: attrs.evolve(one, valid_to=max(one.valid_from, day))
        for one in staffing.stand_ins
        if lasts(one, day) and _part(people.get(one.absent), people.get(one.deputy), organisation, day)
    }
    lost = (*_lost_posts(left, staffing.grants, day), *_lost_stand_ins(parted, staffing, day))
    return Held(posts, left, parted, lost, tuple(remarks))


def _of_holders(
    post: Post,
    source: str,
    appointments: Iterable[Appointment],
    people: Mapping[str, Person],
    day: date,
    gone_to: GoneTo,
) -> str | None:
    """Where everybody who fills a post goes; None where nobody does, or not all of them to one."""
    holders = [
        people[one.person] for one in appointments if one.post == post.code and lasts(one, day) and one.person in people
    ]
    targets = {gone_to(person.organ_on(day), source) for person in holders if person.serves_on(day)}
    return targets.pop() if len(targets) == 1 else None


def _leaves(person: Person | None, post: Post | None, organisation: Organisation, day: date) -> bool:
    if person is None or post is None or not lasts(post, day):
        return False

    def together(on: date) -> bool:
        here, there = person.organ_on(on), post.organ_on(on)
        return organisation.is_within(here, there, on) or organisation.is_within(there, here, on)

    return together(day - ONE_DAY) and not together(day)


def _part(absent: Person | None, deputy: Person | None, organisation: Organisation, day: date) -> bool:
    if absent is None or deputy is None:
        return False
    before, after = (of_one_home(absent, deputy, organisation, on) for on in (day - ONE_DAY, day))
    return before and not after


def _lost_posts(left: Iterable[Appointment], grants: Iterable[Grant], day: date) -> Iterator[LostAuthority]:
    given = tuple(grants)
    for one in left:
        for grant in given:
            if grant.post == one.post and lasts(grant, day):
                yield LostAuthority(
                    person=one.person,
                    post=one.post,
                    role=grant.role.name.lower(),
                    organ=grant.organ,
                    items=tuple(sorted(grant.items - {ALL_ITEMS})),
                    why="person-moved",
                )


def _lost_stand_ins(parted: Iterable[StandIn], staffing: Staffing, day: date) -> Iterator[LostAuthority]:
    for one in parted:
        filled = {held.post for held in staffing.appointments if held.person == one.absent and lasts(held, day)}
        lent: dict[tuple[Role, str], None] = {
            (grant.role, grant.organ): None
            for grant in staffing.grants
            if (grant.person == one.absent or (grant.post and grant.post in filled))
            and lasts(grant, day)
            and (not one.roles or grant.role in one.roles)
        }
        for role, organ in lent:
            items = tuple(sorted(one.items - {ALL_ITEMS}))
            yield LostAuthority(
                person=one.deputy, role=role.name.lower(), organ=organ, items=items, why="deputy-parted"
            )
