"""Quarantine: what the office keeps of plugins that failed, and letting one be asked again.

Rules of this room: a failure is written as reference data with an event in the chain of plugins, so that every process
of the office knows it and nobody can say afterwards that nothing was wrong. Releasing is an act of a person.
"""

from __future__ import annotations

import attrs

from egov_core.domain.people import SYSTEM, Actor
from egov_core.errors import UnknownError
from egov_core.hooks.calls import PluginState
from egov_core.ports.storage import Unit
from egov_core.usecases.foundation.establishing import Entry, record
from egov_core.usecases.foundation.registry import PLUGIN
from egov_core.usecases.foundation.services import Services

LONGEST = 500
"""Characters kept of an error."""


def keep_failure(services: Services, name: str, hook: str, strikes: int, error: str, *, quarantined: bool) -> None:
    """Write that a plugin failed; with the third failure in a row it is in quarantine."""
    now = services.clock.now()
    said = error.encode("utf-8", "replace").decode().replace("\x00", "")[:LONGEST]
    state = PluginState(name=name, hook=hook, strikes=strikes, error=said, at=now, quarantined=quarantined)
    _write(services, state, "plugin-quarantined" if quarantined else "plugin-failed", SYSTEM)


def release(services: Services, name: str, *, actor: Actor) -> PluginState:
    """Let a plugin be asked again. Raises UnknownError where it is not in quarantine."""
    state = services.registry().plugins.get(name)
    if state is None or not state.quarantined:
        raise UnknownError(
            f"plugin {name} is not in quarantine",
            remedy="egov plugins list --config FILE shows those that are",
            plugin=name,
        )
    released = attrs.evolve(state, strikes=0, quarantined=False, at=services.clock.now())
    _write(services, released, "plugin-released", actor)
    return released


def _write(services: Services, state: PluginState, happened: str, actor: Actor) -> None:
    def commit(unit: Unit) -> None:
        entry = Entry(stream=f"plugin:{state.name}", kind=PLUGIN, code=state.name, happened=happened, value=state)
        record(unit, services.area, [entry], actor=actor, now=state.at)

    services.storage.write(commit)
