"""Files that mean harm, or are simply broken, are refused quickly and in little memory, with a way out.

Each is read in a process of its own, which says how long it took and how much memory it ever held.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pytest

from egov_core.errors import CatalogueError
from egov_core.sheets.tables import read_tables
from egov_core.sheets.workbook import Column, SheetToWrite, write_workbook

SECONDS = 5.0
MEGABYTES = 256
DATA = Path(__file__).parent / "data"
PLAIN = write_workbook([SheetToWrite(name="表", columns=(Column(heading="甲"),), rows=[("一",), ("二",)])])

CHILD = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from egov_core.errors import EgovError
from egov_core.sheets.tables import read_tables
file = sys.argv[1]
with open(file, "rb") as opened:
    data = opened.read()
began = time.perf_counter()
try:
    codes = [fault.code for table in read_tables(data, name=file) for fault in table.faults]
    remedy = ""
except EgovError as error:
    codes, remedy = [fault.code for fault in error.faults], error.remedy
took = time.perf_counter() - began
with open("/proc/self/status") as opened:  # not ru_maxrss, which a child has from whoever started it
    held = next(int(line.split()[1]) for line in opened if line.startswith("VmHWM")) // 1024
print(json.dumps({"codes": codes, "remedy": remedy, "seconds": took, "megabytes": held}))
"""


def altered(changes: Mapping[str, bytes | None], *, data: bytes = PLAIN, level: int = 9) -> bytes:
    """The workbook with parts replaced, added, or (None) taken away."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made,
    ):
        for name in given.namelist():
            if name not in changes:
                made.writestr(name, given.read(name))
        for name, part in changes.items():
            if part is not None:
                made.writestr(name, part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_END = b"</sheetData></worksheet>"


def with_rows(rows: bytes) -> bytes:
    return altered({SHEET: _MAIN + rows + _END})


def compound(*names: str) -> bytes:
    """A compound file with empty streams of these names."""
    entries = b""
    for name in ("Root Entry", *names):
        encoded = name.encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, 2, 1) + b"\xff" * 12 + bytes(36)
        entries += struct.pack("<II", 0xFFFFFFFE, 0) + bytes(4)
    entries = entries.ljust(512 * (-(-len(entries) // 512)), b"\0")
    sectors = len(entries) // 512
    table = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    allocation = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return header + allocation + entries


def lying(data: bytes) -> bytes:
    """The archive whose directory says that each part is tiny."""
    out = bytearray(data)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = struct.pack("<I", 10)
        at += 4
    return bytes(out)


def word(body: bytes) -> bytes:
    document = docx.Document()
    document.add_table(1, 1)
    out = io.BytesIO()
    document.save(out)
    return altered({"word/document.xml": body}, data=out.getvalue())


_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(9)
)
_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
_KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb-declared.xlsx": (lambda: altered({SHEET: _MAIN + b" " * 80_000_000 + _END}), "file-too-large"),
    "bomb-lying.xlsx": (lambda: lying(altered({SHEET: _MAIN + b" " * 80_000_000 + _END})), "file-"),
    "bomb-of-many.xlsx": (lambda: altered({f"xl/media/{n}.bin": b"\0" * 990_000 for n in range(60)}), "file-too-large"),
    "many-parts.xlsx": (lambda: altered({f"xl/{n}.xml": b"<a/>" for n in range(2_100)}), "file-too-large"),
    "empty-rows.xlsx": (
        lambda: with_rows(b"".join(b'<row r="%d"/>' % n for n in range(1, 1_000_001))),
        "sheet-too-large|file-too-large",
    ),
    "empty-rows-unnumbered.xlsx": (lambda: with_rows(b"<row/>" * 1_000_000), "sheet-too-large|file-too-large"),
    "last-corner.xlsx": (
        lambda: with_rows(
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "sheet-too-large",
    ),
    "wide.xlsx": (lambda: with_rows(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'), "sheet-too-large"),
    "shared-text.xlsx": (
        lambda: altered(
            {
                "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
                + bytes(97 + n % 26 for n in range(32_000))
                + b"</t></si></sst>",
                SHEET: _MAIN
                + b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>' * 1
                + b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(2, 40_000))
                + _END,
            },
            level=6,
        ),
        "sheet-too-large",
    ),
    "entities.xlsx": (
        lambda: altered({SHEET: _ENTITIES + b"]>" + _MAIN + b"<row><c><v>&j;</v></c></row>" + _END}),
        "file-entities",
    ),
    "entities-in-styles.xlsx": (
        lambda: altered({"xl/styles.xml": _ENTITIES + b"]><styleSheet>&j;</styleSheet>"}),
        "file-entities",
    ),
    "outside-entity.xlsx": (
        lambda: altered({"docProps/core.xml": b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>'}),
        "file-entities",
    ),
    "external-workbook.xlsx": (
        lambda: altered({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "file-links",
    ),
    "external-relation.xlsx": (
        lambda: altered(
            {
                "xl/worksheets/_rels/sheet1.xml.rels": _RELATIONS
                % (
                    b'<Relationship Id="r1" TargetMode="External" Type="%simage" Target="http://example.invalid/"/>'
                    % _KIND
                )
            }
        ),
        "file-links",
    ),
    "macros.xlsx": (lambda: altered({"xl/vbaProject.bin": b"\0"}), "file-macros"),
    "formula.xlsx": (lambda: with_rows(b'<row r="7"><c r="B7"><f>1+1</f><v>2</v></c></row>'), "formula"),
    "truncated.xlsx": (lambda: PLAIN[: len(PLAIN) // 2], "file-damaged"),
    "broken-part.xlsx": (lambda: altered({SHEET: _MAIN}), "file-damaged"),
    "no-sheets.xlsx": (lambda: altered({"xl/workbook.xml": b"<workbook/>", SHEET: None}), "file-no-table"),
    "web-page.xls": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "file-kind"),
    "renamed.xls": (lambda: PLAIN, "file-kind"),
    "renamed.docx": (lambda: PLAIN, "file-kind"),
    "renamed.csv": (lambda: PLAIN, "file-kind"),
    "text.xlsx": (lambda: b"a,b\n1,2\n", "file-kind"),
    "picture.png": (lambda: b"\x89PNG", "file-kind"),
    "nothing.xlsx": (lambda: b"", "file-damaged"),
    "locked.xlsx": (lambda: compound("EncryptionInfo", "EncryptedPackage"), "file-locked"),
    "form.doc": (lambda: compound("WordDocument", "1Table"), "file-doc"),
    "renamed-form.docx": (lambda: compound("WordDocument", "1Table"), "file-doc"),
    "cut.xls": (lambda: (DATA / "plain.xls").read_bytes()[:700], "file-damaged"),
    "corner.xls": ((DATA / "corner.xls").read_bytes, "sheet-too-large"),
    "spans.docx": (
        lambda: word(
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr><w:tc>'
            b'<w:tcPr><w:gridSpan w:val="900000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>'
        ),
        "sheet-too-large",
    ),
    "entities.docx": (lambda: word(_ENTITIES + b"]><w:document/>"), "file-entities"),
    "nul.csv": (lambda: b"a,b\n\0,1\n", "file-kind"),
    "rows.csv": (lambda: b"a\n" + b"b\n" * 1_000_000, "sheet-too-large"),
    "empty-rows.csv": (lambda: b"a\n" + b"\n" * 1_000_000, "sheet-too-large"),
    "utf16.csv": (lambda: "事项\n".encode("utf-16")[:-1], "file-encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name: str, tmp_path: Path) -> None:
    make, code = HOSTILE[name]
    (tmp_path / name).write_bytes(make())
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / name)], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    said = json.loads(run.stdout)
    assert said["codes"] and all(any(found.startswith(one) for one in code.split("|")) for found in said["codes"]), said
    assert said["seconds"] <= SECONDS and said["megabytes"] <= MEGABYTES, said


def test_the_refusal_of_an_old_word_file_says_how_to_convert_it() -> None:
    with pytest.raises(CatalogueError) as caught:
        read_tables(compound("WordDocument"), name="附件2.doc")
    assert "save it as .docx" in caught.value.remedy and "soffice" in caught.value.remedy


def test_the_largest_ordinary_workbook_stays_within_the_memory(tmp_path: Path) -> None:
    """Refusing is easy; what is just allowed has to fit as well."""
    columns = tuple(Column(heading=f"列{n}") for n in range(40))
    rows = [tuple(f"{n}行{m}的内容" for m in range(40)) for n in range(7_000)]
    (tmp_path / "large.xlsx").write_bytes(write_workbook([SheetToWrite(name="表", columns=columns, rows=rows)]))
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "large.xlsx")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = json.loads(run.stdout)
    assert said["codes"] == [] and said["megabytes"] <= MEGABYTES
