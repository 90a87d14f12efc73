"""A CSV file as a table of cells, or one sentence why not.

Rules of this room: bytes in, cells out, no meaning. What makes the whole file unusable (encoding, quoting, missing
columns, nothing in it) is refused here, with the remedy, before a single row is looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import attrs

from egov_core.errors import CatalogueError, Fault

LARGEST = 20_000_000
"""Bytes. A county's catalogue has a few thousand rows; twenty million bytes are some other file."""


@attrs.frozen
class Row:
    """One row: its ordinal (1 for the first below the header), how many cells it has, and its cells by column."""

    ordinal: int
    width: int
    cells: Mapping[str, str]


@attrs.frozen
class Table:
    """The header and the rows of a file. Rows whose cells are all empty are left out: spreadsheets leave them.

    `guessed`: it is not UTF-8 and was read as GB18030, which may be wrong.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    guessed: bool = False


def read_table(data: bytes, *, source: str, required: Sequence[str]) -> Table:
    """The cells of `data`, trimmed. Raises CatalogueError when the file cannot be used as a whole."""
    text, guessed = _decode(data, source)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        if "field larger" in str(error):
            raise CatalogueError(
                f"{source} has a cell of more than {csv.field_size_limit()} characters",
                remedy="shorten the cell; a list of items holds names and limits, not documents",
            ) from None
        raise CatalogueError(
            f"{source} is not a well-formed CSV file: {error}",
            remedy="save it again as CSV UTF-8 from the spreadsheet, without editing the quotes by hand",
        ) from error
    filled = [[cell.strip() for cell in line] for line in lines]
    filled = [line for line in filled if any(line)]
    header = tuple(filled[0]) if filled else ()
    _check_header(header, source, required)
    rows = tuple(
        Row(ordinal, len(line), dict(zip(header, line, strict=False))) for ordinal, line in enumerate(filled[1:], 1)
    )
    if not rows:
        raise CatalogueError(f"{source} has a header but no rows", remedy="add one row for each item")
    return Table(header, rows, guessed)


def _decode(data: bytes, source: str) -> tuple[str, bool]:
    """The text, and whether its encoding is a guess: UTF-8, or GB18030 as Chinese spreadsheets write by default."""
    if len(data) > LARGEST:
        raise CatalogueError(
            f"{source} has {len(data)} bytes; at most {LARGEST} are read",
            remedy="give the catalogue of one county, without pictures or other sheets",
        )
    remedy, guessed = "save it as “CSV UTF-8” and give it again", False
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CatalogueError(f"{source} is UTF-16 and not UTF-8", remedy=remedy)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guessed = True
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise CatalogueError(f"{source} is neither UTF-8 nor GB18030", remedy=remedy) from None
    if "\0" in text:
        raise CatalogueError(
            f"{source} contains NUL bytes, so it is not a text file", remedy="save the sheet as “CSV UTF-8”"
        )
    return text, guessed


def _check_header(header: tuple[str, ...], source: str, required: Sequence[str]) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        raise CatalogueError(
            f"{source} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"it has {', '.join(filter(None, header)) or 'none'}",
            faults=[
                Fault(f"header / {column}", "column-missing", f"there is no column {column}") for column in missing
            ],
            remedy=f"name the columns in the first line; needed are {', '.join(required)}",
            missing=missing,
        )
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise CatalogueError(
            f"{source} has more than one column {', '.join(repeated)}",
            faults=[Fault(f"header / {column}", "column-repeated", f"{column} is there twice") for column in repeated],
            remedy="keep one column of each name",
        )
