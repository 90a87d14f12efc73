"""Marks: what a kind of timer may ask of an event.

Rules of this room: a mark is an event's type, or narrower with a tag (`submitted:online`); the tags stand here and
nowhere else, so that a kind that asks for anything else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from egov_core.domain.cases.events import EVENT_TYPES, Accepted, Approved, CaseEvent, Submitted

TAGS: Mapping[str, tuple[str, ...]] = {
    Submitted.type: ("online", "renewal"),
    Accepted.type: ("forward", "short"),
    Approved.type: ("by-law", "commitment"),
}
"""The tags that marks of these events may bear."""

ONLINE = frozenset({"web", "mobile", "online"})
"""Channels by which an application comes in without anybody at the window seeing it."""


def tags_of(event: CaseEvent) -> tuple[str, ...]:
    """What kinds of timers may ask about an event besides its type."""
    asked = {
        "online": isinstance(event, Submitted) and event.channel in ONLINE,
        "renewal": isinstance(event, Submitted) and event.renewal is not None and event.renewal.in_time,
        "forward": isinstance(event, Accepted) and event.forward,
        "short": isinstance(event, Accepted) and event.short,
        "by-law": isinstance(event, Approved) and event.by_law,
        "commitment": isinstance(event, Approved) and event.on_commitment,
    }
    return tuple(tag for tag, holds in asked.items() if holds)


MARKS = frozenset(EVENT_TYPES) | {f"{kind}:{tag}" for kind, tags in TAGS.items() for tag in tags}
"""Everything a kind of timer may start or stop on."""
