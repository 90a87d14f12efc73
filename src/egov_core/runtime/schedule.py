"""When the worker does what. croniter lives in this room only.

Rules of this room: an expression is checked by stepping it once, because some valid-looking ones never fire (30
February).
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.legal import instant
from egov_core.errors import SettingsError

SWEEP, DISPATCH = "*/5 * * * *", "* * * * *"
"""The schedules of a place that sets none. They do fire: no command waits for croniter to be told so."""


@attrs.frozen
class Schedule:
    """A cron expression in the zone of the law."""

    expression: str

    def __attrs_post_init__(self) -> None:
        if self.expression in (SWEEP, DISPATCH):
            return
        from croniter import croniter
        from croniter.croniter import CroniterError

        try:
            croniter(self.expression, datetime(2016, 1, 1)).get_next(datetime)  # noqa: DTZ001  (only checks)
        except (CroniterError, ValueError) as error:
            raise SettingsError(
                f"{self.expression!r} is not a schedule that ever fires: {error}",
                remedy='write a cron expression of five fields, for example "*/5 * * * *"',
            ) from None

    def after(self, at: datetime) -> datetime:
        """The first instant after `at` at which the schedule fires."""
        from croniter import croniter

        following: datetime = croniter(self.expression, instant(at)).get_next(datetime)
        return instant(following)
