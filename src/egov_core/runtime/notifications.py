"""What the settings choose to tell, checked against the policies of the place before the office opens.

Rules of this room: it reads settings and decides nothing; whether somebody offers a channel is the doctor's question,
since what is told can wait for one.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.timers.kinds import TimerKind
from egov_core.errors import Fault, SettingsError
from egov_core.runtime.policies import load_policy
from egov_core.runtime.settings import Settings
from egov_core.usecases.foundation.notifying import NotificationChoice


def notification_choice(settings: Settings, policy: CardPolicy, kinds: Mapping[str, TimerKind]) -> NotificationChoice:
    """What is told, by which channels; `policy` is that of cases submitted from now on.

    Raises SettingsError naming every level that neither it nor an earlier policy has. In safe mode another one may
    stand in for it, and nobody is told anything, so levels are taken as they are.
    """
    levels = settings.notification_levels
    if levels and not settings.safe_mode:
        own = (policy, *(load_policy(one, kinds) for one in settings.earlier_policies))
        known = list(dict.fromkeys(level for one in own for level in one.levels))
        faults = [
            Fault("notifications.levels", "unknown", f"{level!r} is none of {', '.join(known)}")
            for level in levels
            if level not in known
        ]
        if faults:
            raise SettingsError(
                "; ".join(f"{fault.path} {fault.message}" for fault in faults),
                remedy="name levels of the card policy of the place, or leave the key out for all of them",
                faults=[attrs.asdict(fault) for fault in faults],
            )
    return NotificationChoice(channels=settings.notification_channels, types=settings.notification_types, levels=levels)
