"""Who takes the steps of items: whether there is anybody at all, asked of a whole catalogue.

Rules of this room: reading only; the register answers. What was answered is kept for as long as one look lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from egov_core.domain.authority import Act, Role
from egov_core.domain.catalogue import ItemVersion
from egov_core.usecases.foundation.registry import Registry


def handlers_of(registry: Registry, role: Role, item: ItemVersion, day: date, step: str = "") -> Iterator[str]:
    """The people who may act in a role on an item, in one step of it or in every one, by code."""
    act = Act(role=role, item=item.code, organ=item.organ, day=day, step=step)
    for person in registry.people:
        if registry.authority.permits(person, act, registry.organisation) is not None:
            yield person


@attrs.define
class Handlers:
    """Whether anybody may take a step of an item on `day`, asked of item after item.

    Whoever could do it in the last item of the organ is asked first. Of an item that is not published yet nobody holds
    a grant of its own, so that where the organ has nobody for one such item it has nobody for another.
    """

    registry: Registry
    day: date
    _last: dict[tuple[str, Role, str], str] = attrs.field(factory=dict, init=False)
    _nobody: set[tuple[str, Role, str]] = attrs.field(factory=set, init=False)

    def any_for(self, role: Role, item: ItemVersion, step: str) -> bool:
        """Whether there is somebody."""
        key = (item.organ, role, step)
        last, unknown = self._last.get(key), item.code not in self.registry.catalogue.items
        if unknown and key in self._nobody:
            return False
        act = Act(role=role, item=item.code, organ=item.organ, day=self.day, step=step)
        authority, tree = self.registry.authority, self.registry.organisation
        if last is not None and authority.permits(last, act, tree) is not None:
            return True
        found = next(handlers_of(self.registry, role, item, self.day, step), None)
        if found is not None:
            self._last[key] = found
        elif unknown:
            self._nobody.add(key)
        return found is not None
