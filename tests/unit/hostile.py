"""Files that no portal writes: bombs, lies and tricks, small enough to be made in a test."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib

from tests.fuzz.bases import Grid, xlsx_parts

HEADING = [
    *(
        "STT",
        "Đơn vị tiếp nhận",
        "Tên thủ tục hành chính",
        "Mã hồ sơ",
        "Trạng thái",
        "Ngày nhận",
        "Ngày hẹn trả",
    ),
]
CODE = "000.26.33.H01-230717-0001"
ROW = [
    "1",
    "UBND phường Thới Sơn",
    "Đăng ký khai sinh",
    CODE,
    "Đang xử lý",
    "17/07/2023 09:00:00",
    "18/07/2023",
]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def rows(*changed: dict[int, str]) -> Grid:
    """Headings and one dossier for each of the changes (column -> text)."""
    listed = [list(HEADING)]
    for number, change in enumerate(changed or ({},), start=1):
        row = [*ROW[:3], f"000.26.33.H01-230717-{number:04}", *ROW[4:]]
        for place, cell in change.items():
            row[place] = cell
        listed.append(row)
    return listed


def csv_of(listed: Grid, delimiter: str = ";") -> bytes:
    """The rows as a text file, without any quotes."""
    return "\r\n".join(delimiter.join(row) for row in listed).encode("utf-8", "surrogatepass")


def parts(**changed: bytes) -> dict[str, bytes]:
    """The parts of a good workbook, with `sheet` or `strings` in the place of its own."""
    result = xlsx_parts(rows())
    names = {"sheet": SHEET, "strings": STRINGS}
    return result | {names[name]: content for name, content in changed.items()}


def zeros(count: int, byte: bytes = b" ") -> bytes:
    """A deflate stream of `count` equal bytes, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = byte * 1024**2
    packed = b"".join(packer.compress(block) for _ in range(count // len(block)))
    return packed + packer.flush()


def gzip_bomb(count: int) -> bytes:
    """JSON of that many blanks."""
    block = gzip.compress(b" " * 1024**2, 9, mtime=0)
    return block * (count // 1024**2)


def gzip_bomb_once(count: int) -> bytes:
    """The same in one member."""
    crc = 0
    for _ in range(count // 1024**2):
        crc = zlib.crc32(b" " * 1024**2, crc)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + zeros(count) + struct.pack("<II", crc, count & 0xFFFFFFFF)


def zip_of(expected: dict[str, bytes], raw: dict[str, tuple[bytes, int, int]] | None = None) -> bytes:
    """A zip archive; `raw` are parts given as (deflate stream, the size to state, the checksum to state)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in expected.items():
            archive.writestr(name, content)
        for name, (packed, size, crc) in (raw or {}).items():
            info = zipfile.ZipInfo(name)
            info.header_offset = stream.tell()
            info.compress_type, info.compress_size, info.file_size, info.CRC = (
                zipfile.ZIP_DEFLATED,
                len(packed),
                size,
                crc,
            )
            stream.write(info.FileHeader(zip64=False))
            stream.write(packed)
            archive.filelist.append(info)
            archive.NameToInfo[name] = info
            archive.start_dir = stream.tell()
            archive._didModify = True
    return stream.getvalue()


def bomb_workbook(count: int, stated: int | None = None) -> bytes:
    """A worksheet of that many blanks; `stated` is the size its directory states, if not the true one."""
    result = parts()
    del result[SHEET]
    size = count if stated is None else stated
    return zip_of(result, {SHEET: (zeros(count), size, zlib.crc32(b" " * min(size, 1024**2)))})
