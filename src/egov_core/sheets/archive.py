"""The parts of a workbook or a Word file, unpacked without trusting a number in it.

Rules of this room: XLSX, ODS and DOCX are ZIP archives of XML. An archive is refused by what its directory declares,
and again by what really comes out while it is unpacked, so that a false directory gains nothing. Every XML part is
read to its end by a parser that refuses a DTD: nothing is expanded, nothing is fetched. What has been looked at is
packed anew (`Archive.packed`), because two readers of one crooked archive need not see the same parts; the reader of
cells gets the new one and never the file.

The bounds are far above a county's catalogue (2 MB unpacked) and far below what hurts a small server.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from xml.parsers import expat

import attrs

from egov_core.errors import CatalogueError
from egov_core.sheets.faults import unusable

LARGEST_FILE = 20_000_000
"""Bytes of a file. A county's catalogue has a few thousand rows; twenty million bytes are some other file."""
LARGEST_UNPACKED = 50_000_000
MOST_PARTS = 2_000
STEEPEST = 100
"""How many times larger a part may become, beyond the first megabyte. Sheets of text come to ten or twenty."""
_FREE = 1_000_000
_CHUNK = 65_536

Attributes = Mapping[str, str]


@attrs.define
class Watcher:
    """Somebody who is told the elements of one part, by tags with their prefix (`local` takes it off)."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text between two tags."""


def local(tag: str) -> str:
    """A name without its prefix; which prefix a file uses is its own affair."""
    return tag.rpartition(":")[2] if ":" in tag else tag


@attrs.frozen
class Archive:
    """The checked parts by name."""

    source: str
    parts: Mapping[str, bytes]

    def packed(self, *, only_xml: bool) -> bytes:
        """The parts as a new archive, uncompressed: what was looked at is what is read."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for name, data in self.parts.items():
                if not only_xml or looks_like_xml(data) or name == "mimetype":
                    made.writestr(zipfile.ZipInfo(name), data)
        return out.getvalue()


def open_archive(data: bytes, *, source: str) -> Archive:
    """Unpack `data` within the bounds. Raises CatalogueError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, source)
            parts: dict[str, bytes] = {}
            left = LARGEST_UNPACKED
            for entry in entries:
                if not entry.is_dir():
                    parts[entry.filename] = _unpack(archive, entry, left, source)
                    left -= len(parts[entry.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise unusable(
            source,
            "is damaged: it cannot be unpacked",
            code="file-damaged",
            remedy="open it in the spreadsheet and save it again; if that fails, fetch the file once more",
        ) from error
    return Archive(source, parts)


def _check_directory(entries: list[zipfile.ZipInfo], source: str) -> None:
    if len(entries) > MOST_PARTS:
        raise _bomb(source, f"has {len(entries)} parts, and at most {MOST_PARTS} are read")
    seen: set[str] = set()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise locked(source)
        name = entry.filename.casefold()
        if name in seen:
            raise unusable(
                source,
                f"has the part {entry.filename} twice, so that nobody knows which one counts",
                code="file-damaged",
                remedy="open it in the spreadsheet and save it again",
            )
        seen.add(name)
        if entry.file_size > _FREE and entry.file_size > STEEPEST * max(entry.compress_size, 1):
            raise _bomb(source, f"has a part that grows to {entry.file_size} bytes from {entry.compress_size}")
    declared = sum(entry.file_size for entry in entries)
    if declared > LARGEST_UNPACKED:
        raise _bomb(source, f"unpacks to {declared} bytes, and at most {LARGEST_UNPACKED} are read")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, source: str) -> bytes:
    out = bytearray()
    allowed = min(left, max(_FREE, STEEPEST * max(entry.compress_size, 1)))
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            out += chunk
            if len(out) > allowed:
                raise _bomb(source, f"has a part that grows beyond {allowed} bytes from {entry.compress_size}")
    return bytes(out)


def _bomb(source: str, why: str) -> CatalogueError:
    return unusable(
        source, why, code="file-too-large", remedy="give the tables alone, without pictures and without empty rows"
    )


def locked(source: str) -> CatalogueError:
    """The error for a file that a password protects."""
    return unusable(
        source,
        "is protected by a password, so it cannot be read",
        code="file-locked",
        remedy="open it with the password, take the password off (file, information, protect) and save it again",
    )


def looks_like_xml(data: bytes) -> bool:
    """Whether a part is XML, whatever its name says."""
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return head.startswith((b"<", b"\x00<"))


def walk(archive: Archive, watcher_of: Callable[[str, str], Watcher | None]) -> None:
    """Read every XML part to its end; `watcher_of(part, root)` says who is told its elements.

    Raises CatalogueError when a part has a DTD or is no XML although it is named so.
    """
    for name, data in archive.parts.items():
        named = name.lower().endswith((".xml", ".rels", ".vml"))
        if named or looks_like_xml(data):
            _walk_part(archive.source, name, data, watcher_of, must=named)


def _walk_part(
    source: str, name: str, data: bytes, watcher_of: Callable[[str, str], Watcher | None], *, must: bool
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(tag: str, attributes: Attributes) -> None:
        parser.StartElementHandler = None
        watcher = watcher_of(name, local(tag))
        if watcher is None:
            return
        parser.StartElementHandler = watcher.start
        parser.EndElementHandler = watcher.end
        parser.CharacterDataHandler = watcher.text
        watcher.start(tag, attributes)

    def doctype(*_: object) -> None:
        raise unusable(
            source,
            f"declares a document type or entities in {name}; spreadsheets never do",
            code="file-entities",
            remedy="open it in the spreadsheet and save it again; be wary of where it came from",
        )

    parser.StartElementHandler = root
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003 -- expat takes it by position only
    except expat.ExpatError as error:
        if must:
            raise unusable(
                source,
                f"is damaged: {name} ends early or is not well-formed",
                code="file-damaged",
                remedy="open it in the spreadsheet and save it again",
            ) from error
