"""What a plugin may choose for a place where the settings leave it open 地方默认.

Rules of this room: values only. A choice is a name of something that is offered (shipped, or a plugin's), never a path
and never the thing itself: `egov_card_policies` and `egov_office_hours` are the doors for what is new.
"""

from __future__ import annotations

from typing import Any

import attrs


def _name(_owner: Any, field: attrs.Attribute[str], value: Any) -> None:
    if not isinstance(value, str) or value != value.strip() or value.endswith(".toml"):
        raise ValueError(
            f"{field.name} is {value!r}: the name of what is offered, or empty for no choice, never a path"
        )


@attrs.frozen(kw_only=True)
class PlaceDefaults:
    """What holds in a place where its settings file says nothing: the card policy and the office hours, by name.

    An empty name leaves the choice to the library.
    """

    policy: str = attrs.field(default="", validator=_name)
    office_hours: str = attrs.field(default="", validator=_name)
