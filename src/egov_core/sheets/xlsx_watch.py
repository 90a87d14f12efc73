"""An XLSX file gone through before it is read: which part is which sheet, and what each would become.

Rules of this room: a part is what its first element says, whatever its name; names of sheets come from the workbook.
"""

from __future__ import annotations

from pathlib import PurePath

from egov_core.sheets.archive import Archive, Watcher, walk
from egov_core.sheets.faults import unusable
from egov_core.sheets.grid_watch import Extent, Relations, SheetNames, XlsxSheet
from egov_core.sheets.strikes import SharedStrings, Styles


def watch_xlsx(archive: Archive) -> dict[str, Extent]:
    """How far each sheet reaches, by its name. Raises CatalogueError for what may not be read."""
    source, strings, styles = archive.source, SharedStrings(), Styles()
    relations, names = Relations(source), SheetNames(source)
    watchers: dict[str, Watcher] = {"sst": strings, "styleSheet": styles, "workbook": names}

    def first(name: str, root: str) -> Watcher | None:
        if root == "Relationships":
            return relations if name.lower() == "xl/_rels/workbook.xml.rels" else Relations(source)
        if root == "externalLink":
            raise unusable(source, "has links to other workbooks", code="file-links", remedy="break them, save again")
        return watchers.get(root)

    walk(archive, first)
    extents: dict[str, Extent] = {}
    called = {_part(target): names.names.get(key, "") for key, target in relations.targets.items()}

    def second(name: str, root: str) -> Watcher | None:
        if root != "worksheet":
            return None
        sheet = called.get(name, "") or PurePath(name).stem
        extents[sheet] = Extent(source, sheet)
        return XlsxSheet(extents[sheet], strings.lengths, strings.struck, styles.struck)

    walk(archive, second)
    return extents


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
