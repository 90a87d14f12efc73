"""Offered notices: what the library ships and what the settings name, beside what an office has adopted.

Rules of this room: reading and naming only. Revision 1 of an office is made of what is offered when it is founded; what
is offered later is adopted by somebody, or changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from egov_core.domain.calendar.layering import NATIONAL, Layer
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.revisions import CalendarRevision
from egov_core.errors import CalendarDataError, Fault
from egov_core.hooks.manager import Hooks
from egov_core.runtime.settings import Settings
from egov_core.runtime.shipped import REGULATION, SHIPPED, notice_files, read_notice_file, regulation
from egov_core.usecases.calendar.adopting import Proposal


@attrs.frozen(kw_only=True)
class Offered:
    """A notice with where it stands (`shipped:NAME`, or a path) and whose it is."""

    file: str
    notice: Notice
    layer: str = NATIONAL
    organ: str = ""

    @property
    def options(self) -> str:
        """What `egov calendar add` is told besides the file."""
        if self.organ:
            return f" --organ {self.organ}"
        return "" if self.layer == NATIONAL else f" --layer {self.layer}"


def offered_notices(settings: Settings, hooks: Hooks | None = None) -> tuple[Offered, ...]:
    """Every notice that is offered. Raises CalendarDataError where a file of the settings cannot be read."""
    return (
        *(Offered(file=f"{SHIPPED}{name}", notice=notice) for name, notice in notice_files()),
        *_read(settings.calendar_files),
        *(one for layer, files in settings.region_files.items() for one in _read(files, layer=layer)),
        *(one for organ, files in settings.organ_files.items() for one in _read(files, layer=organ, organ=organ)),
        *(
            Offered(file=f"plugin:{name}", notice=notice, layer=layer)
            for name, layer, notice in ([] if hooks is None else hooks.calendar_notices())
        ),
    )


def _read(files: Iterable[str], *, layer: str = NATIONAL, organ: str = "") -> Iterator[Offered]:
    for path in files:
        yield Offered(file=path, notice=read_notice_file(path), layer=layer, organ=organ)


def offered_calendar(settings: Settings, now: datetime, hooks: Hooks | None = None) -> CalendarRevision:
    """Revision 1 of an office that is founded now. Raises CalendarDataError where notices contradict each other."""
    offered = offered_notices(settings, hooks)
    layers: dict[tuple[str, str], list[Notice]] = {}
    for one in offered:
        layers.setdefault((one.layer, one.organ), []).append(one.notice)
    national = layers.pop((NATIONAL, ""))
    return CalendarRevision.first(
        now,
        regulation=regulation(),
        notices=national,
        layers=[Layer(name=name, organ=organ, notices=notices) for (name, organ), notices in layers.items()],
    )


def read_proposal(file: str, *, layer: str = NATIONAL, organ: str = "") -> Proposal:
    """What is to be adopted, from a path or from `shipped:NAME`. Raises CalendarDataError where it cannot be read."""
    if file == f"{SHIPPED}{REGULATION}":
        return Proposal(what=regulation(), layer=layer, organ=organ)
    if not file.startswith(SHIPPED):
        return Proposal(what=read_notice_file(file), layer=layer, organ=organ)
    known = dict(notice_files())
    found = known.get(file.removeprefix(SHIPPED))
    if found is None:
        raise CalendarDataError(
            f"the library ships no {file.removeprefix(SHIPPED)}",
            faults=[Fault(path=file, code="unreadable", message="there is no such file")],
            remedy="egov calendar list shows what it ships",
        )
    return Proposal(what=found, layer=layer, organ=organ)
