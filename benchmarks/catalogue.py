"""How long a catalogue of a thousand items takes: `python benchmarks/catalogue.py [ITEMS]`.

Three filled-in forms (汇总表, 信息表, 转报件目录表) are read, checked against each other and compared with what is
published: the dry run; then taken in, in one commit; then given out; then read again over what is published. SQLite,
one process.
"""

from __future__ import annotations

import functools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from egov_core.domain.authority import Grant, Role
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import Person
from egov_core.runtime.office import Office
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.elements import Names
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import SET, shipped_form
from egov_core.sheets.forms.writing import columns_of, sheet_of
from egov_core.sheets.workbook import SheetToWrite, write_workbook
from egov_core.testing import small_county as county
from egov_core.usecases.catalogue.cataloguing import take_in

ROUNDS = 5


def said(number: int) -> dict[str, str]:
    forward = number % 10 == 0
    return {
        "name": f"第{number}号事项审批",
        "number": f"11430499MB0L0744714000122{number:06}",
        "organ": f"第{number % 39}局",
        "case_type": "转报件" if forward else "承诺件",
        "forward_to": "市主管局" if forward else "",
        "has-forward_to": "是" if forward else "否",
        "statutory": "20个工作日",
        "promised": "自受理之日起10个工作日内办结",
        "basis": "《水法》第四十八条\n《取水许可和水资源费征收管理条例》第二条",
        "power_class": "行政许可",
        "fees.charged": "否",
        "guide.conditions": "符合规划\n材料齐全",
        "materials": "1.申请书\n2.身份证明\n3.图纸",
        "guide.place": "政务中心一楼",
        "guide.audiences": "自然人、企业法人",
        "form": "—",
    }


def handed_in(count: int) -> list[tuple[str, bytes]]:
    files = []
    for form in forms():
        rows = [
            [row.get(field.element, "") for field in form.fields]
            for row in map(said, range(count))
            if not form.only or row["case_type"] == form.only
        ]
        sheet = SheetToWrite(name=form.title, columns=columns_of(form), rows=rows)
        files.append((f"{form.title}.xlsx", write_workbook([sheet])))
    return files


def forms() -> tuple[Form, ...]:
    return tuple(shipped_form(name) for name in SET)


def ground(office: Office) -> Ground:
    registry = office.services.registry()
    return Ground(
        area=office.area,
        valid_from=office.now().date(),
        organisation=registry.organisation,
        catalogue=registry.catalogue,
        founding=True,
        parent=county.COUNTY,
    )


def taken_in(office: Office, found: Intake) -> None:
    office.change(
        lambda services: take_in(services, found.items, prepared_by="a", published_by="b", organs=found.organs)
    )


def dry_run(files: list[tuple[str, bytes]], office: Office) -> Intake:
    return take_up(files, forms(), ground(office))


def given_out(items: list[ItemVersion], names: Names) -> bytes:
    return write_workbook([sheet_of(one, items, names) for one in forms()])


def timed(what: Callable[[], object], into: list[float]) -> object:
    began = time.perf_counter()
    result = what()
    into.append(time.perf_counter() - began)
    return result


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    files = handed_in(count)
    took: dict[str, list[float]] = {"dry run": [], "import": [], "export": [], "dry run, published": []}
    for _ in range(ROUNDS):
        with (
            tempfile.TemporaryDirectory() as folder,
            county.open_small_county(f"sqlite:///{Path(folder) / 'county.db'}") as office,
        ):
            office.establish(
                people=[Person(code=one, name=one, organ=county.COUNTY, valid_from=county.SINCE) for one in "ab"],
                grants=[
                    Grant(
                        person=one,
                        role=Role.CLERK_OF_CATALOGUE,
                        organ=county.COUNTY,
                        valid_from=county.SINCE,
                    )
                    for one in "ab"
                ],
            )
            found = timed(functools.partial(dry_run, files, office), took["dry run"])
            assert isinstance(found, Intake)
            assert len(found.items) == count, found.faults[:3]

            def both(office: Office = office) -> None:
                taken_in(office, take_up(files, forms(), ground(office)))

            timed(both, took["import"])
            items = [held[-1] for held in office.services.registry().catalogue.items.values()]
            names = ground(office).names
            timed(functools.partial(given_out, items, names), took["export"])
            timed(functools.partial(dry_run, files, office), took["dry run, published"])
    for what, seconds in took.items():
        print(f"{count} items, {what}: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
