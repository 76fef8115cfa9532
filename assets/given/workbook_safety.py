"""Whether a workbook may be opened: what it unpacks to, the room its cells take, and no tricks of XML.

Here: looking through the archive without keeping any of it. Not here: its cells (`tables.py`).
"""

from __future__ import annotations

import io
import re
import string
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from assets.given.json_file import bomb, is_bomb
from assets.given.unreadable import UnreadableExportError
from warehouse_sql.messages import message

#: What a workbook may unpack to, also the texts of all its cells together; how many cells all its worksheets may
#: span (it is read whole, about 125 bytes a cell: these take less than 1 GB); and how many parts it may have.
MAX_XLSX_BYTES = 1024**3
MAX_CELLS = 6_000_000
MAX_PARTS = 10_000
_CHUNK = 1024**2
_LOCAL_HEADER = 30
_STORED, _DEFLATED = 0, 8
# Looking back for the start of the word finds cells twice as fast as looking for it first. A row has no letters.
_REFERENCE = re.compile(rb"""r=(?<=\br=)["']([A-Za-z]{0,7}\d{1,12})["']""")
_ROW_OR_CELL = re.compile(rb"<(?:[\w.-]{1,20}:)?(row|c)(?=[\s/>])")
_STRING = re.compile(rb"<(?:[\w.-]{1,20}:)?si(?=[\s/>])")
_VALUE = re.compile(rb"<(?:[\w.-]{1,20}:)?v\b[^>]{0,99}>\s*(\d{1,9})\s*<")
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_SPACED_REFERENCE = re.compile(rb"r(?<=\br)(?:\s+=|=\s)")
_DIGITS, _LETTERS = string.digits.encode(), string.ascii_uppercase.encode()
_OVERLAP = 48  # bytes of the longest of these, for one that lies across two chunks


def not_a_workbook() -> UnreadableExportError:
    """Returns the error for a file that ends in .xlsx and is none."""
    return UnreadableExportError(
        message(
            "Tệp không phải sổ tính XLSX hoặc đã hỏng; hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
        )
    )


def must_be_safe_to_open(content: bytes) -> None:
    """Refuses a workbook that would unpack, or spread its cells, beyond the limits.

    Every part is read through, because the sizes an archive states of itself need not be true.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        _must_be_few(parts)
        contents = _Contents()
        unpacked = 0
        for part in parts:
            is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
            sheet = _Sheet()
            for chunk in _chunks(content, part):
                unpacked += len(chunk)
                _must_not_be_too_large(unpacked, len(content))
                sheet.add(chunk, is_xml)
            contents.add(sheet)
            _must_not_spread(contents.span)
        if max(contents.strings, default=0) * contents.cells > MAX_XLSX_BYTES:
            _must_not_repeat(content, parts, contents.strings)
    except UnreadableExportError:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, KeyError) as error:
        raise not_a_workbook() from error
    except (RuntimeError, NotImplementedError) as error:
        raise _packed_oddly() from error


def _must_be_few(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise UnreadableExportError(
            message(
                "Sổ tính có quá {limit:number} phần bên trong; hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi "
                "lại.",
                limit=MAX_PARTS,
            )
        )
    _must_not_be_too_large(sum(part.file_size for part in parts), None)


def _must_not_be_too_large(unpacked: int, packed: int | None) -> None:
    if unpacked > MAX_XLSX_BYTES:
        raise UnreadableExportError(
            message(
                "Sổ tính giải nén ra quá {limit:number} byte là giới hạn cho phép; hãy xuất theo kỳ "
                "ngắn hơn rồi gửi lại.",
                limit=MAX_XLSX_BYTES,
            )
        )
    if packed is not None and is_bomb(packed, unpacked):
        raise bomb(unpacked)


def _must_not_spread(span: int) -> None:
    if span > MAX_CELLS:
        raise UnreadableExportError(
            message(
                "Trang tính trải rộng quá {limit:number} ô; hãy xóa các hàng, cột thừa ở xa bảng, hoặc xuất theo kỳ ngắn hơn"
                " hay dạng CSV, rồi gửi lại.",
                limit=MAX_CELLS,
            )
        )


def _must_not_repeat(content: bytes, parts: list[zipfile.ZipInfo], strings: list[int]) -> None:
    """Refuses a workbook in which many cells show the same long texts: each cell takes a copy."""
    shown = 0
    for part in parts:
        tail = b""
        for chunk in _chunks(content, part):
            for index, count in Counter(_VALUE.findall(tail + chunk)).items():
                place = int(index)
                shown += count * strings[place] if place < len(strings) else 0
            tail = chunk[-_OVERLAP:]
            if shown > MAX_XLSX_BYTES:
                raise UnreadableExportError(
                    message(
                        "Chữ trong các ô của sổ tính dài hơn {limit:number} byte; hãy xuất theo kỳ ngắn hơn rồi "
                        "gửi lại.",
                        limit=MAX_XLSX_BYTES,
                    )
                )


def _packed_oddly() -> UnreadableExportError:
    return UnreadableExportError(
        message("Sổ tính có mật khẩu hoặc cách nén lạ; hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi lại.")
    )


def _chunks(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yields the bytes of a part as they really unpack, which must be as many as the archive says."""
    if part.flag_bits & 1 or part.compress_type not in (_STORED, _DEFLATED):
        raise _packed_oddly()
    header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if header[:4] != b"PK\x03\x04":
        raise not_a_workbook()
    name, extra = struct.unpack("<HH", header[26:30])
    start = part.header_offset + _LOCAL_HEADER + name + extra
    packed = memoryview(content)[start : start + part.compress_size]
    count = 0
    for chunk in _inflated(packed) if part.compress_type == _DEFLATED else _cut(packed):
        count += len(chunk)
        if count > part.file_size:
            break
        yield chunk
    if count != part.file_size:
        raise UnreadableExportError(
            message(
                "Sổ tính khai sai kích thước phần bên trong; hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
            )
        )


def _cut(plain: memoryview) -> Iterator[bytes]:
    return (bytes(plain[start : start + _CHUNK]) for start in range(0, len(plain), _CHUNK))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), _CHUNK):
        rest = bytes(packed[start : start + _CHUNK])
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
    while not unpacker.eof:
        chunk = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
        if not chunk:
            raise not_a_workbook()  # cut off
        yield chunk


@dataclass
class _Sheet:
    """What is known of a part so far: the farthest cell named, the rows and cells counted, the texts' lengths."""

    widest: bytes = b""
    lowest: int = 0
    rows: int = 0
    cells: int = 0
    in_row: int = 0
    most_in_row: int = 0
    starts: list[int] = field(default_factory=list)
    read: int = 0
    tail: bytes = b""

    def add(self, chunk: bytes, is_xml: bool) -> None:
        """Looks through the next bytes of the part."""
        seen = self.tail + chunk
        if is_xml and (any(word in seen for word in _DECLARATIONS) or _SPACED_REFERENCE.search(seen)):
            raise UnreadableExportError(
                message(
                    "Sổ tính có khai báo XML mà Excel không ghi (DTD); hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi "
                    "lại."
                )
            )
        # All references together, since a loop over every cell is slower.
        references = b" ".join(_REFERENCE.findall(seen)).upper()
        columns = set(references.translate(None, _DIGITS).split())
        self.widest = max(self.widest, *columns, b"", key=lambda letters: (len(letters), letters))
        self.lowest = max(self.lowest, *map(int, set(references.translate(None, _LETTERS).split())), 0)
        # Cells and rows need not say where they stand: then they follow the one before.
        for place, segment in enumerate(b"".join(_ROW_OR_CELL.findall(seen)).split(b"row")):
            count = len(segment)
            self.cells += count
            self.rows += place > 0
            self.in_row = count if place else self.in_row + count
            self.most_in_row = max(self.most_in_row, self.in_row)
        offset = self.read - len(self.tail)
        last = self.starts[-1] if self.starts else -1
        if b"si" in seen:
            self.starts += [at for match in _STRING.finditer(seen) if (at := offset + match.start()) > last]
        self.read += len(chunk)
        self.tail = seen[-_OVERLAP:]

    @property
    def span(self) -> int:
        """Cells of the rectangle from A1 to the farthest cell: the library makes room for all of it."""
        width = 0
        for letter in self.widest:
            width = width * 26 + letter - ord("A") + 1
        return max(width, self.most_in_row) * max(self.lowest, self.rows)


@dataclass
class _Contents:
    """All parts of a workbook together; `strings` are bytes of the shared texts, in order."""

    span: int = 0
    cells: int = 0
    strings: list[int] = field(default_factory=list)

    def add(self, sheet: _Sheet) -> None:
        """Takes in one part."""
        self.span += sheet.span
        self.cells += sheet.cells
        if sheet.starts:
            ends = [*sheet.starts[1:], sheet.read]
            self.strings = [end - start for start, end in zip(sheet.starts, ends, strict=True)]
