"""The yardstick 尺度 of a case: everything besides its events that its timers and cards depend on.

Rules of this room: a value, nothing is computed here. It is put together for one case, from what is frozen into that
case, by whoever reads the case; two readers with the same yardstick find the same timers and the same cards.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.organisation import NO_ORGANS, Organisation
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.domain.timers.reckoning import Ruler


@attrs.frozen(kw_only=True)
class Yardstick:
    """The card policy frozen into the case, the place's ruler under its readings, and the kinds of timers 计时种类.

    `revision` numbers the calendar of `ruler`; `earlier` are the rulers of the revisions that the case was measured by
    before, by their numbers. `organisation` says who has succeeded the organ of the case.
    """

    policy: CardPolicy
    ruler: Ruler
    kinds: Mapping[str, TimerKind] = attrs.field(factory=lambda: KINDS)
    revision: int = 1
    earlier: Mapping[int, Ruler] = attrs.field(factory=dict)
    organisation: Organisation = NO_ORGANS

    @classmethod
    def of(
        cls,
        policy: CardPolicy,
        place: Ruler,
        kinds: Mapping[str, TimerKind] = KINDS,
        *,
        revision: int = 1,
        earlier: Mapping[int, Ruler] | None = None,
        organisation: Organisation = NO_ORGANS,
    ) -> Yardstick:
        """The yardstick of a case under `policy` in a place that measures with `place`."""
        return cls(
            policy=policy,
            ruler=policy.ruler(place),
            kinds=kinds,
            revision=revision,
            earlier={number: policy.ruler(ruler) for number, ruler in (earlier or {}).items()},
            organisation=organisation,
        )
