"""Bytes to text, and text that was garbled on its way made whole again where nothing of it is lost.

Here: UTF-8, UTF-16 with or without its mark, code page 1258, and the letters of two old families of Vietnamese fonts (TCVN3,
VNI) in the place of Latin ones; UTF-8 that was read as another code page and written as UTF-8 again. Not here: cells.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from assets.given.unreadable import UnreadableExportError
from warehouse_sql.messages import message

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
_LEAST_ZEROS, _MOST_ZEROS = 0.3, 0.05
_LONGEST_LETTER = 4
_RESAVE = message("hãy lưu lại dạng “CSV UTF-8” hoặc .xlsx rồi gửi lại")
_LOST_IN_DECODING = message(
    "Chữ trong tệp bị giải mã hai lần và đã mất một phần, không khôi phục được; {resave}.", resave=_RESAVE
)

# What the letters of TCVN3 (ABC, fonts named .Vn…) are in a Latin code page.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ".replace(
            "\\xad", "\xad"
        ),
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
#: Signs among the letters of TCVN3: in a word of another text they do not stand.
TCVN3_SIGNS = "¨©ª«¬\xad®µ¶·¸¹»¼½¾"
_LETTER = f"[a-z{re.escape(''.join(_TCVN3))}]"
_TCVN3_WORD = re.compile(f"{_LETTER}[{TCVN3_SIGNS}]|[{TCVN3_SIGNS}]{_LETTER}", re.IGNORECASE)
_NOT_TCVN3 = re.compile(f"[^\x00-\x7f{re.escape(''.join(_TCVN3))}\u2010-\u2027]")
_LEAST_TCVN3 = 3
_TCVN3_TABLE = str.maketrans(_TCVN3)


def _vni() -> Iterator[tuple[str, str]]:
    """Yields pairs of VNI-Windows: a letter and the sign behind it, and the letter that both stand for."""
    tones = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
    hats = {
        "â": "\u0302",
        "á": "\u0302\u0301",
        "à": "\u0302\u0300",
        "å": "\u0302\u0309",
        "ã": "\u0302\u0303",
        "ä": "\u0302\u0323",
    }
    breves = {
        "ê": "\u0306",
        "é": "\u0306\u0301",
        "è": "\u0306\u0300",
        "ú": "\u0306\u0309",
        "ü": "\u0306\u0303",
        "ë": "\u0306\u0323",
    }
    alone = {
        "ô": "ơ",
        "ö": "ư",
        "ñ": "đ",
        "æ": "ỉ",
        "ó": "ĩ",
        "ò": "ị",
        "î": "ỵ",
    }
    for base, signs in (
        *(("a", tones | hats | breves), ("e", tones | hats), ("o", tones | hats), ("u", tones)),
        *(
            ("y", {sign: tone for sign, tone in tones.items() if sign != "ï"}),
            ("ô", tones),
            ("ö", tones),
        ),
    ):
        for sign, marks in signs.items():
            yield base + sign, alone.get(base, base) + marks
    yield from alone.items()


_VNI = {pair: unicodedata.normalize("NFC", letter) for pair, letter in _vni()}
_VNI |= {pair.upper(): letter.upper() for pair, letter in _VNI.items()}
_VNI_LETTERS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

# UTF-8 read as code page 1252 (or Latin-1, or 1258) and written as UTF-8: "ồ" became "á»“".
_BYTE_OF = {chr(byte): byte for byte in range(256)}
_BYTE_OF |= {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_BYTE_OF |= {"Ă": 0xC3, "\u0300": 0xCC}  # code page 1258
#: What only such text has: a letter of NFC, or a tone or shape of NFD, in three or two signs.
TWICE = "á[º»]|[Ì\u0300][\u0080-\u0083\u0086\u0089\u009b\u00a3€‚ƒ†‰›]"
_TWICE = re.compile(TWICE)
#: What is left of a letter of which a byte is gone; and letters that no text has which was decoded twice as a whole:
#: where they stand, only some of the cells were garbled.
LOST = "[ÄÆ]|á[º»]"
PROPER = "[ĐđƠơƯưẠ-ỹ]"
_RUNS = re.compile(f"[{re.escape(''.join(mark for mark in _BYTE_OF if not mark.isascii()))}]+")
# Quick to look for in a large file; what has one of them is looked at closely.
_HINTS = ("áº", "á»", "Ì", "\u0300")
_HINTS_IN_UTF8 = tuple(hint.encode() for hint in _HINTS)
_HINTS_IN_BYTES = (
    *("áº".encode(), "á»".encode(), b"\xc3\x8c\xc2", b"\xc3\x8c\xe2", b"\xc3\x8c\xc6"),
    *(
        b"\xcc\x80\xc2",
        b"\xcc\x80\xe2",
        b"\xcc\x80\xc6",
        b"\\u00e1\\u00b",
        b"\\u00E1\\u00B",
        b"\\u00cc",
        b"\\u00CC",
    ),
    b"\\u0300",
)
# Each with the byte of it that is rarest in Vietnamese texts: looking for a single byte takes a tenth of the time.
_SHORT_HINTS = ((b"\xc2", b"\xc3\xa1\xc2"), (b"\x8c", b"\xc3\x8c"), (b"\xcc", b"\xcc\x80"), (b"\\", b"\\u"))
_TWICE_IN_BYTES = re.compile(
    b"\xc3\xa1\xc2[\xba\xbb]"
    b"|(?:\xc3\x8c|\xcc\x80)(?:\xc2[\x80-\x83\x86\x89\x9b\xa3]|\xe2\x82\xac|\xe2\x80[\x9a\xa0\xb0\xba]|\xc6\x92)"
    rb"|\\u00(?:e1\\u00b[ab]|cc\\u(?:00[89a]|20|01))|\\u0300\\u(?:00[89a]|20|01)",
    re.IGNORECASE,
)


def decoded(content: bytes) -> list[str]:
    """Returns the texts that the bytes may be: as they are, and last with Latin letters that a font may show as
    others.
    """
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    encoding = marked or _without_mark(content)
    if encoding:
        try:
            return [content.decode(encoding)]
        except UnicodeDecodeError as error:
            raise _cut_or_other(content, error, encoding) from None
    try:
        return [content.decode("utf-8")]
    except UnicodeDecodeError as error:
        if error.start and _is_cut(content, error):
            raise _cut_or_other(content, error, "utf-8") from None
    if 0 in content:
        raise UnreadableExportError(message("Bảng mã chữ của tệp không đọc được; {resave}.", resave=_RESAVE))
    latin = content.decode("latin-1")
    try:
        return [content.decode("cp1258"), latin]
    except UnicodeDecodeError:
        return [latin]


def start_of_utf8(content: bytes) -> int | None:
    """Returns where the text begins; None where the first bytes show another encoding than UTF-8."""
    if content.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8)
    is_other = any(content.startswith(mark) for mark, _ in _MARKS) or _without_mark(content)
    return None if is_other else 0


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of a list is zero, for most of its letters are Latin."""
    sample = content[:_SAMPLE]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd >= _LEAST_ZEROS and even <= _MOST_ZEROS:
        return "utf-16-le"
    return "utf-16-be" if even >= _LEAST_ZEROS and odd <= _MOST_ZEROS else None


def _is_cut(content: bytes, error: UnicodeDecodeError) -> bool:
    """Returns whether all is well but for the last letter, of which bytes are missing."""
    return len(content) - error.start < _LONGEST_LETTER and error.reason == "unexpected end of data"


def _cut_or_other(content: bytes, error: UnicodeDecodeError, encoding: str) -> UnreadableExportError:
    if len(content) - error.start <= _LONGEST_LETTER:
        return UnreadableExportError(
            message(
                "Bảng mã {encoding}: tệp bị cắt cụt giữa một chữ ở cuối; hãy xuất lại từ hệ thống và gửi lại tệp.",
                encoding=encoding.upper(),
            )
        )
    return UnreadableExportError(
        message(
            "Bảng mã chữ của tệp không đọc được: không đúng {encoding} từ byte thứ {byte}; {resave}.",
            encoding=encoding.upper(),
            byte=error.start + 1,
            resave=_RESAVE,
        )
    )


def from_tcvn3(text: str) -> str:
    """Returns the text whose letters are those of a TCVN3 font."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """Returns the text whose letters are those of a VNI font."""
    return _VNI_LETTERS.sub(lambda match: _VNI[match[0]], text)


def looks_decoded_twice(text: str) -> bool:
    """Returns whether the text has signs that only UTF-8 read as another code page has."""
    return any(hint in text for hint in _HINTS) and _TWICE.search(text) is not None


def holds_text_decoded_twice(content: bytes) -> bool:
    """Returns the same of the bytes of a JSON file, letters spelt out as numbers included."""
    # Quicker to look for, and most files have none.
    if not any(byte in content and hint in content for byte, hint in _SHORT_HINTS):
        return False
    return any(hint in content for hint in _HINTS_IN_BYTES) and _TWICE_IN_BYTES.search(content) is not None


def may_be_decoded_twice(block: bytes) -> bool:
    """Returns whether a part of a UTF-8 file has such signs, or is no UTF-8."""
    if not any(hint in block for hint in _HINTS_IN_UTF8):
        return False
    try:
        return looks_decoded_twice(block.decode())
    except UnicodeDecodeError:
        return True


def decoded_once(text: str) -> str | None:
    """Returns the text as it was before it was read as another code page, or None when it was not, or not all of it
    is there.
    """
    if text.isascii():
        return None
    try:
        return bytes(_BYTE_OF[mark] for mark in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def mended_text(text: str) -> str:
    """Returns the text with what was decoded twice as it was before: all of it, or the words that show it."""
    if text.isascii():
        return text
    whole = decoded_once(text)
    if whole is not None:
        return whole
    # In a text that has Vietnamese letters, too, only some of the cells were garbled.
    return _RUNS.sub(lambda run: decoded_once(run[0]) or run[0], text) if looks_decoded_twice(text) else text


def lost_in_decoding() -> UnreadableExportError:
    """Returns the refusal of a text that was decoded twice as a whole, and of which letters are gone even when mended."""
    return UnreadableExportError(_LOST_IN_DECODING)


def remark_on_decoding(count: int, what: str) -> str:
    """Returns the remark on text that was decoded twice."""
    return message(
        "Chữ ở {count} {what} bị giải mã hai lần (UTF-8 đọc theo bảng mã khác), đã khôi phục; hãy xuất "
        "lại tệp dạng UTF-8.",
        count=count,
        what=what,
    )


def remark_on_font(name: str) -> str:
    """Returns the remark on text in the letters of an old family of fonts."""
    return message(
        "Chữ của danh sách theo bảng mã {name}, đã chuyển sang Unicode; hãy xuất lại tệp dạng Unicode "
        "(UTF-8).",
        name=name,
    )


def garbled(texts: list[str]) -> str | None:
    """Returns why no heading is found among texts: the sentence that names their encoding, or None where it is not
    that.
    """
    if any(map(looks_decoded_twice, texts)):
        return _LOST_IN_DECODING
    if sum(map(looks_tcvn3, texts)) >= _LEAST_TCVN3:
        return message(
            "Chữ trong tệp theo bảng mã TCVN3 (ABC, .VnTime), không phải Unicode; hãy chuyển sang Unicode, "
            "{resave}.",
            resave=_RESAVE,
        )
    return None


def looks_tcvn3(text: str) -> bool:
    """Returns whether a word of the text has a sign of TCVN3 next to a letter, and no word has a letter that TCVN3
    lacks.
    """
    return _TCVN3_WORD.search(text) is not None and not lacks_in_tcvn3(text)


def lacks_in_tcvn3(text: str) -> bool:
    """Returns whether the text has letters that no TCVN3 font has: it is Unicode."""
    return _NOT_TCVN3.search(text) is not None
