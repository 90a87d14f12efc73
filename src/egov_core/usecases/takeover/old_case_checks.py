"""An old case before the law is asked: its names as codes of the registry, and what can be seen to be wrong with it.

Rules of this room: everything is said at once, at its cell, with the way out. What follows from one act to the next is
not looked at here; that is the law's (`refolding`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.old_cases import CutOver, OldAct, OldCase
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.cells import CellFault
from egov_core.ports.numbering import Numbering, NumberRequest
from egov_core.usecases.foundation.naming import with_organs
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.takeover.filed_here import FiledHere

LONGEST_NUMBER, SHORTEST_CODE = 100, 6


class OldCaseChecks:
    """Looks at the cases of one file: what all of them ask of the registry is looked up once."""

    def __init__(self, services: Services, registry: Registry, cut_over: CutOver) -> None:
        self._services, self._registry, self._cut_over = services, registry, cut_over
        self._filed_here = FiledHere(services)
        self._series: tuple[Numbering, ...] | None = None
        self._named: dict[str, list[str]] = {}
        for code, versions in self._registry.catalogue.items.items():
            for name in {version.name for version in versions}:
                self._named.setdefault(name, []).append(code)

    def faults(self, old: OldCase) -> Iterator[CellFault]:
        """What can be seen to be wrong with times, number and query code, all of it; or that it is a case of ours."""
        own = self._filed_here.fault(old)
        if own is not None:
            yield own
            if own.is_error:
                return
        cut_over = self._cut_over.at
        if old.received >= cut_over:
            yield old.cell("received").error(
                "after-cut-over",
                f"received at {old.received.isoformat()}, after the cut-over of {cut_over.isoformat()}",
                "file it here as a new application, or give the cut-over as it was",
            )
        for act in old.acts:
            if act.at >= cut_over:
                yield act.cell.error(
                    "after-cut-over",
                    f"this was done at {act.at.isoformat()}, after the cut-over of {cut_over.isoformat()}",
                    "leave it out and record it here once the case is taken over, or give the cut-over as it was",
                )
        if len(old.number) > LONGEST_NUMBER or not old.number.isprintable():
            yield old.cell("number").error(
                "number", f"a number has at most {LONGEST_NUMBER} printable characters", "shorten it"
            )
        elif (series := self._own_series(old)) is not None:
            yield old.cell("number").error(
                "number-of-own-series",
                f"the number is one that this office would give itself, in its series {series.counted_by}",
                "put a prefix before the old numbers, or number new cases otherwise (hook egov_case_number)",
            )
        code = old.query_code
        if code and (len(code) < SHORTEST_CODE or len(code) > LONGEST_NUMBER or not code.isprintable()):
            yield old.cell("query_code").error(
                "query-code",
                f"a query code has {SHORTEST_CODE} to {LONGEST_NUMBER} characters",
                "leave it empty, and a new one is made",
            )

    def resolved(self, old: OldCase, faults: list[CellFault]) -> OldCase | None:
        """The case with codes in place of names; None, and a fault more, where one cannot be told."""
        codes = [old.item] if old.item in self._registry.catalogue.items else self._named.get(old.item, [])
        if len(codes) != 1:
            what = "there is no item of this code or name" if not codes else f"{len(codes)} items have this name"
            remedy = "import the catalogue first, or give the code"
            if codes:
                remedy = f"give one of {with_organs(self._registry.catalogue, self._registry.organisation, codes)}"
            faults.append(old.cell("item").error("item-unknown" if not codes else "item-ambiguous", what, remedy))
            return None
        known = {one.name: one.code for one in self._registry.catalogue.items[codes[0]][-1].materials}
        organs = self._registry.organisation.organs
        upper = old.upper
        if upper and upper not in organs:
            found = [code for code, organ in organs.items() if organ.name == upper]
            if len(found) != 1:
                faults.append(
                    old.cell("upper").error("organ-unknown", f"there is no organ “{upper[:40]}”", "give its code")
                )
                return None
            upper = found[0]

        def named(act: OldAct) -> OldAct:
            if not isinstance(act.command, c.Supplement):
                return act
            materials = tuple(known.get(one, one) for one in act.command.materials)
            return attrs.evolve(act, command=attrs.evolve(act.command, materials=materials))

        return attrs.evolve(
            old,
            item=codes[0],
            upper=upper,
            materials=tuple(known.get(one, one) for one in old.materials),
            acts=tuple(named(act) for act in old.acts),
        )

    def _own_series(self, old: OldCase) -> Numbering | None:
        """The series of ours that would give this number one day."""
        if not old.number[-1:].isdigit():
            return None
        if self._series is None:
            found = (self._numbering(versions[-1], self._cut_over.at) for versions in self._items())
            self._series = tuple(dict.fromkeys(found))
        at_receipt = (
            self._numbering(versions[-1], old.received) for versions in self._items() if versions[-1].code == old.item
        )
        for one in (*self._series, *at_receipt):
            rest = old.number.removeprefix(one.prefix)
            if rest != old.number and rest.isascii() and rest.isdigit() and one.number(int(rest)) == old.number:
                return one
        return None

    def _items(self) -> Iterator[tuple[ItemVersion, ...]]:
        yield from self._registry.catalogue.items.values()

    def _numbering(self, item: ItemVersion, at: datetime) -> Numbering:
        organ = self._registry.organisation.get(item.organ)
        numbering = self._services.hooks.case_number(
            NumberRequest(area=self._services.area, item=item, organ=organ, at=at)
        )
        assert numbering is not None, "the library has a numbering of its own"
        return numbering
