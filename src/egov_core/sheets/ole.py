"""The old binary files of Office: which kind one is, and what an XLS would become.

Rules of this room: the compound file is read only as far as its directory and the one stream of the workbook, with a
bound on every chain; of the workbook only records are counted. Old Word files are named as such and refused by the
caller, with the step that turns them into DOCX.

Source: [MS-CFB] and [MS-XLS], the published formats.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

import attrs

from egov_core.sheets.archive import locked
from egov_core.sheets.faults import unusable
from egov_core.sheets.grid_watch import Extent, address, external, macros

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_SINGLE = frozenset({0x0203, 0x0204, 0x027E, 0x00FD, 0x0205, 0x00D6})
_MULTIPLE = frozenset({0x00BD})
_TRUE_OR_ERROR = 0x0205
_ROW, _FONT, _STYLE = 0x0208, 0x0031, 0x00E0
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"
}  # fmt: skip


@attrs.frozen
class Compound:
    """The streams of a compound file, by name."""

    source: str
    data: bytes
    sector: int
    table: tuple[int, ...]
    streams: Mapping[str, tuple[int, int]]

    def names(self) -> frozenset[str]:
        """The names of streams and folders."""
        return frozenset(self.streams)

    def stream(self, name: str) -> bytes:
        """One stream of ordinary size; workbooks are never so small that they lie in the stream of small ones."""
        first, size = self.streams[name]
        return _chain(self.data, self.table, self.sector, first)[:size]


def open_compound(data: bytes, *, source: str) -> Compound:
    """Read the directory. Raises CatalogueError when it cannot be followed."""
    try:
        sector = 1 << struct.unpack_from("<H", data, 30)[0]
        if sector not in (512, 4096):
            raise ValueError(sector)
        first_directory, first_more = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 68)[0]
        listed = list(struct.unpack_from("<109I", data, 76))
        for _ in range(len(data) // sector):
            if first_more >= _END:
                break
            more = struct.unpack_from(f"<{sector // 4}I", data, (first_more + 1) * sector)
            listed += more[:-1]
            first_more = more[-1]
        table: list[int] = []
        for number in listed:
            if number < _END:
                table += struct.unpack_from(f"<{sector // 4}I", data, (number + 1) * sector)
        folder = _chain(data, tuple(table), sector, first_directory)
        streams = {}
        for at in range(0, len(folder) - 127, 128):
            length = struct.unpack_from("<H", folder, at + 64)[0]
            name = folder[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
            if name:
                streams[name] = struct.unpack_from("<II", folder, at + 116)
    except (struct.error, ValueError, IndexError) as error:
        raise unusable(
            source,
            "is damaged: it is an old Office file whose directory cannot be followed",
            code="file-damaged",
            remedy="open it in the program that made it and save it as .xlsx or .docx",
        ) from error
    return Compound(source, data, sector, tuple(table), streams)


def _chain(data: bytes, table: tuple[int, ...], sector: int, first: int) -> bytes:
    out: list[bytes] = []
    number = first
    for _ in range(len(data) // sector + 1):
        if number >= _END:
            return b"".join(out)
        out.append(data[(number + 1) * sector : (number + 2) * sector])
        number = table[number]
    raise ValueError("a chain that has no end")


def kind_of(compound: Compound) -> str:
    """`xls`, `doc`, `locked` or empty for anything else."""
    names = compound.names()
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return "locked"
    if "WordDocument" in names:
        return "doc"
    return "xls" if names & {"Workbook", "Book"} else ""


def watch_workbook(compound: Compound) -> dict[str, Extent]:
    """How far each sheet of an XLS reaches. Raises CatalogueError when it may not be read."""
    if "_VBA_PROJECT" in compound.names():
        raise macros(compound.source)
    stream = compound.stream("Workbook" if "Workbook" in compound.names() else "Book")
    sheets: dict[int, str] = {}
    extents: dict[str, Extent] = {}
    strings: list[int] = []
    fonts: list[bool] = []
    struck: list[bool] = []
    here: Extent | None = None
    for at, kind, body in _records(stream):
        if kind == 0x002F:
            raise locked(compound.source)
        if kind == 0x01AE and len(body) >= 4 and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            raise external(compound.source, "a linked workbook")
        if kind == 0x0085 and len(body) > 8:
            sheets[struct.unpack_from("<I", body)[0]] = _sheet_name(body)
        elif kind == 0x00FC:
            strings = _lengths(stream, at)
        elif kind == _FONT and len(body) >= 4:
            fonts.append(bool(body[2] & 0x08))
        elif kind == _STYLE and len(body) >= 2:
            # There is no font of the number 4; what comes behind it is counted one higher than it stands.
            font = struct.unpack_from("<H", body)[0]
            place = font - (font > 4)
            struck.append(place < len(fonts) and fonts[place])
        elif kind == 0x0809:
            here = None
            if at in sheets:
                here = extents.setdefault(sheets[at], Extent(compound.source, sheets[at]))
        elif here is not None and len(body) >= 4:
            _count(here, kind, body, strings, struck)
    return extents


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _count(here: Extent, kind: int, body: bytes, strings: list[int], struck: Sequence[bool] = ()) -> None:
    if kind in _SINGLE or kind in _FORMULAS:
        row, column = struct.unpack_from("<HH", body)
        style = struct.unpack_from("<H", body, 4)[0] if len(body) >= 6 else len(struck)
        if style < len(struck) and struck[style]:
            here.struck.add(address(row + 1, column))
        text = len(body)
        if kind == 0x00FD and len(body) >= 10:
            index = struct.unpack_from("<I", body, 6)[0]
            text = strings[index] if index < len(strings) else 0
        here.cell(row + 1, column, text=text)
        if kind in _FORMULAS:
            here.formula(row + 1, column)
        elif kind == _TRUE_OR_ERROR and len(body) >= 8 and body[7]:
            here.error(row + 1, column, _ERRORS.get(body[6], "an error"))
    elif kind == _ROW and len(body) >= 16 and body[12] & 0x20:
        here.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind in _MULTIPLE:
        row, first = struct.unpack_from("<HH", body)
        count = max((len(body) - 6) // 6, 0)
        here.cell(row + 1, first + max(count - 1, 0), text=1, times=count)  # numbers


def _sheet_name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * 2].decode("utf-16-le", "replace") if wide else body[8 : 8 + length].decode("latin-1")


def _lengths(stream: bytes, at: int) -> list[int]:
    """How long each shared string is. One may run on in the next record, which then begins with its own width."""
    blocks: list[bytes] = []
    for _, kind, body in _records(stream[at:]):
        if blocks and kind != 0x003C:
            break
        blocks.append(body)
    reader = _Blocks(blocks)
    count = struct.unpack_from("<I", blocks[0], 4)[0] if len(blocks[0]) >= 8 else 0
    reader.skip(8)
    lengths: list[int] = []
    while len(lengths) < count and not reader.at_end():
        head = reader.take(3)
        if len(head) < 3:
            break
        length, flags = struct.unpack("<HB", head)
        runs = struct.unpack("<H", reader.take(2).ljust(2, b"\0"))[0] if flags & 8 else 0
        phonetic = struct.unpack("<I", reader.take(4).ljust(4, b"\0"))[0] if flags & 4 else 0
        reader.characters(length, wide=bool(flags & 1))
        reader.skip(4 * runs + phonetic)
        lengths.append(length)
    return lengths


@attrs.define
class _Blocks:
    """A record and those that continue it, read from front to back."""

    blocks: list[bytes]
    index: int = 0
    at: int = 0

    def at_end(self) -> bool:
        while self.index < len(self.blocks) and self.at >= len(self.blocks[self.index]):
            self.index, self.at = self.index + 1, 0
        return self.index >= len(self.blocks)

    def take(self, count: int) -> bytes:
        out = b""
        while count > len(out) and not self.at_end():
            piece = self.blocks[self.index][self.at : self.at + count - len(out)]
            out, self.at = out + piece, self.at + len(piece)
        return out

    def skip(self, count: int) -> None:
        while count > 0 and not self.at_end():
            step = min(count, len(self.blocks[self.index]) - self.at)
            self.at, count = self.at + step, count - step

    def characters(self, count: int, *, wide: bool) -> None:
        while count > 0 and not self.at_end():
            size = 2 if wide else 1
            here = min(count, (len(self.blocks[self.index]) - self.at) // size)
            if here == 0:
                self.at = len(self.blocks[self.index])
            else:
                self.at, count = self.at + here * size, count - here
            if count > 0 and not self.at_end():
                wide = bool(self.take(1)[0] & 1)
