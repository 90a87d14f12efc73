"""How deep the laws of time are searched.

A law in CI is one property among others: the profile's examples. At night it is searched with a hundred thousand
examples, in ten searches of ten thousand, because one search remembers every example that it has tried (7 kB each).
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings

AT_NIGHT = settings.get_current_profile_name() == "nightly"
EXAMPLES = 100_000
SEARCHES = 10

Law = Callable[[], None]


def law(test: Law) -> Law:
    """Mark a property (above `@given`) as a law."""
    if not AT_NIGHT:
        return test
    searched = settings(max_examples=EXAMPLES // SEARCHES)(test)

    def all_searches() -> None:
        for _ in range(SEARCHES):
            searched()

    all_searches.__doc__ = test.__doc__
    return all_searches
