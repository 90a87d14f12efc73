"""Every case of the area, one after the other: for what has to look at all of them.

Rules of this room: reading only, and page by page: a county's cases do not fit into memory at once, and asking for each
of them by itself takes four times as long.
"""

from __future__ import annotations

from collections.abc import Iterator

from egov_core.ports.storage import CaseRow
from egov_core.usecases.foundation.services import Services

CASES_AT_ONCE = 500


def every_case(services: Services) -> Iterator[CaseRow]:
    """The cases in order of their ids, each as it is stored when its page is read."""
    after = ""
    while page := services.storage.cases(services.area, after, CASES_AT_ONCE):
        yield from page
        after = page[-1].case_id
