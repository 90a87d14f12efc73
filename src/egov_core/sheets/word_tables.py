"""The tables of a Word file (DOCX), cell by cell.

Rules of this room: a cell keeps its place in the grid, so that an address means the same here as in a spreadsheet; a
merged cell has its text in its first place and is empty in the others, and what is merged downwards is told as in a
spreadsheet. Ticked boxes become ☑ and ☐. What tracked changes have deleted is not read. python-docx finds the tables;
it is given only what `archive` has looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from egov_core.sheets.archive import Archive, Attributes, Watcher, local, walk
from egov_core.sheets.extra import needed
from egov_core.sheets.faults import unusable
from egov_core.sheets.grid_watch import MOST_CELLS, MOST_COLUMNS, Relations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TICKED = frozenset({"F0FE", "F052", "F0FC", "F0FD", "F053"})
_UNTICKED = frozenset({"F0A8", "F06F", "F0A3", "F071"})


@attrs.define
class _Spans(Watcher):
    source: str
    cells: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = local(tag)
        if name == "tc":
            self.cells += 1
        elif name in ("gridSpan", "gridBefore"):
            given = next((value for key, value in attributes.items() if key.endswith("val")), "1")
            if not given.isdigit() or int(given) > MOST_COLUMNS:
                raise self._too_much(f"has a cell that spans {given[:20]} columns")
            self.cells += int(given)
        if self.cells > MOST_CELLS:
            raise self._too_much(f"has more than {MOST_CELLS} cells in its tables")

    def _too_much(self, why: str) -> Exception:
        return unusable(self.source, why, code="sheet-too-large", remedy="copy the form's table alone into a new file")


@attrs.define
class WordTable:
    """One table: its rows of texts, cells merged downwards as in `grid.Table`, and those struck through as a whole."""

    rows: list[list[str]] = attrs.field(factory=list)
    merged_down: list[tuple[int, int, int]] = attrs.field(factory=list)
    struck: list[tuple[int, int]] = attrs.field(factory=list)
    above: str = ""
    """The last paragraph with a text between it and the table before."""


def read_word(archive: Archive) -> list[WordTable]:
    """The tables in their order. Raises CatalogueError."""
    source = archive.source

    def watcher_of(name: str, root: str) -> Watcher | None:
        if root == "Relationships":
            return Relations(source)
        return _Spans(source) if root == "document" and name.startswith("word/") else None

    walk(archive, watcher_of)
    docx = needed("docx", source)
    try:
        document = docx.Document(io.BytesIO(archive.packed(only_xml=False)))
        # The elements behind the tables, for which there is no public way: `row.cells` repeats merged cells.
        return list(_tables(document.element.body))
    except Exception as error:
        raise unusable(
            source,
            "is damaged: it is packed like a Word file but cannot be read as one",
            code="file-damaged",
            remedy="open it in the word processor and save it again as .docx",
        ) from error


def _tables(body: Any) -> Iterator[WordTable]:
    """The tables of the body, each with the paragraph right above it."""
    above = ""
    for element in body:
        if element.tag == f"{_W}p":
            above = "".join(_texts(element)).strip() or above
        elif element.tag == f"{_W}tbl":
            table = _table(element.tr_lst)
            table.above, above = above, ""
            yield table


def _table(lines: Iterable[Any]) -> WordTable:
    table = WordTable()
    begun: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        texts = [""] * line.grid_before
        going_on: dict[int, int] = {}
        for cell in line.tc_lst:
            column = len(texts)
            if cell.vMerge == "continue":
                texts.append("")
                going_on[column] = begun.get(column, number)
            else:
                texts.append("".join(_texts(cell)).strip())
                if cell.vMerge == "restart":
                    going_on[column] = number
                if _is_struck(cell):
                    table.struck.append((number, column))
            texts += [""] * (max(cell.grid_span, 1) - 1)
        table.merged_down += [
            (top, number - 1, at) for at, top in begun.items() if going_on.get(at) != top < number - 1
        ]
        begun = going_on
        table.rows.append(texts)
    last = len(table.rows)
    table.merged_down += [(top, last, at) for at, top in begun.items() if top < last]
    return table


def _is_struck(cell: Any) -> bool:
    """Whether all that a cell says is struck through: a word inside it may be crossed out for many reasons."""
    runs = [run for run in cell.iter(f"{_W}r") if "".join(_texts(run)).strip()]
    return bool(runs) and all(_strikes(run) for run in runs)


def _strikes(run: Any) -> bool:
    marks = [mark for name in ("strike", "dstrike") for mark in run.findall(f"{_W}rPr/{_W}{name}")]
    return any(mark.get(f"{_W}val", "1") not in ("0", "false", "off") for mark in marks)


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield " "
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}sym":
            sign = (child.get(f"{_W}char") or "").upper()
            yield "☑" if sign in _TICKED else "☐" if sign in _UNTICKED else ""
        elif tag not in (f"{_W}tbl", f"{_W}del", f"{_W}tcPr", f"{_W}pPr", f"{_W}rPr"):
            yield from _texts(child)
            if tag == f"{_W}p":
                yield "\n"
