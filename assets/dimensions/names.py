"""Keys under which names of offices and of procedures are compared.

One office is written in many ways: "UBND phường Thới Sơn", "P. Thới Sơn", "BPMC PHƯỜNG THỚI SƠN", with
"hoà" or "hòa". Here: one key for all of them. Not here: which units exist (`units.py`).

A key keeps the level word, because "thị xã Tịnh Biên" and "phường Tịnh Biên" are two units; `bare_key`
and `plain_key` are weaker keys, for names that come without a level or without diacritics.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assets.given import texts

# What an office is called besides its unit. "Ủy ban" alone is not in it: the Fatherland Front has one too;
# "văn phòng" alone neither: the land registry is a "văn phòng" of its own.
_OFFICE_WORDS = (
    r"(?:ubnd|u\.\s?b\.\s?n\.\s?d|(?:ủy|uỷ) ban nhân dân|hđnd|hội đồng nhân dân"
    r"|(?:văn phòng|vp)(?=\s+(?:hđnd|hội đồng nhân dân|ubnd|(?:ủy|uỷ) ban nhân dân))"
    r"|bp\s?mc|(?:bộ phận )?(?:một|1) cửa(?: điện tử| hiện đại| liên thông)*"
    r"|(?:bộ phận|bp) (?:tiếp nhận|tn)\s?(?:và|&)\s?(?:trả kết quả|tkq)"
    r"(?: giải quyết)?(?: hồ sơ| thủ tục hành chính| tthc)?"
    r"|(?:trung tâm|tt) (?:phục vụ )?hành chính công|(?:trung tâm|tt) ?(?:pv)?hcc)"
)
# The same words typed without diacritics.
_OFFICE = rf"(?:{_OFFICE_WORDS}|{texts.without_marks(_OFFICE_WORDS)})"
_OFFICE_AHEAD = re.compile(
    rf"^[\s.,:;&-]*{_OFFICE}(?!\w)[\s.,:;&-]*(?:(?:và|của|tại|cấp)\s+)?", re.IGNORECASE
)
_OFFICE_BEHIND = re.compile(rf"[\s.,:;&-]+(?:(?:và|của|tại)\s+)?{_OFFICE}[\s.]*$", re.IGNORECASE)

_PROVINCE_LEVEL = ("tỉnh",)
_DISTRICT_LEVEL = ("thành phố", "thị xã", "huyện", "quận")
_COMMUNE_LEVEL = ("thị trấn", "đặc khu", "phường", "xã")
_LEVEL = re.compile(
    rf"^({'|'.join(_COMMUNE_LEVEL + _DISTRICT_LEVEL + _PROVINCE_LEVEL)})(?:\s*[.:]\s*|\s+)(?=\w)"
)
_RANK = (
    dict.fromkeys(_COMMUNE_LEVEL, 3) | dict.fromkeys(_DISTRICT_LEVEL, 2) | dict.fromkeys(_PROVINCE_LEVEL, 1)
)

# An abbreviation ends at a dot or a blank; before a number ("P1", "Q.3") it needs neither. The order
# matters: "T.P." is a city before "T." is a province.
_ENDS = r"(?:\.\s*|\s+)(?=\w)"
_ABBREVIATIONS = [
    (re.compile(rf"^t\.?p{_ENDS}"), "thành phố "),
    (re.compile(rf"^t\.?x{_ENDS}"), "thị xã "),
    (re.compile(rf"^t\.?tr?{_ENDS}"), "thị trấn "),
    (re.compile(rf"^đ\.?k{_ENDS}"), "đặc khu "),
    (re.compile(rf"^ph?(?:{_ENDS}|(?=\d))"), "phường "),
    (re.compile(rf"^q(?:{_ENDS}|(?=\d))"), "quận "),
    (re.compile(rf"^x{_ENDS}"), "xã "),
    (re.compile(rf"^h{_ENDS}"), "huyện "),
    (re.compile(rf"^t{_ENDS}"), "tỉnh "),
]

# Where one unit ends and the one above it begins. A hyphen alone does not part ("Bà Rịa - Vũng Tàu",
# "Văn Miếu - Quốc Tử Giám"): a level word or an office must follow it.
_UNIT_AHEAD = (
    rf"(?:{_OFFICE}(?!\w)|(?:{'|'.join(_COMMUNE_LEVEL + _DISTRICT_LEVEL + _PROVINCE_LEVEL)})\s"
    r"|(?:t\.?p|t\.?x|t\.?tr?|đ\.?k|ph?|x|h|q|t)[.\s]|[pq]\d)"
)
_BREAK = re.compile(
    rf"[,;/|()]+|\s*[-–—]+\s*(?={_UNIT_AHEAD})|\s+(?=(?:{'|'.join(_DISTRICT_LEVEL + _PROVINCE_LEVEL)})\s)"
    r"|\s+(?=t\.?[px][.\s])",
    re.IGNORECASE,
)

_APOSTROPHES = re.compile("[’‘ʼ`´′]")
_HYPHEN = re.compile(r"\s*[-‐‑–—−]+\s*")
_LEADING_ZERO = re.compile(r"\b0+(?=\d)")
_WORD = re.compile(r"[^\W_]+")
_EDGE = " .,:;-_"
_CODE = re.compile(r"(\d\.\d{6})(?:\.000\.00\.00)?(?:\.[A-Z]\d{2})?")

_TONES = "\u0300\u0301\u0309\u0303\u0323"


def _toned(letter: str) -> list[str]:
    return [unicodedata.normalize("NFC", letter + tone) for tone in _TONES]


# "hòa" and "hoà" are one word in the two schools of spelling; the statistical office writes "hòa". Before a
# consonant there is one way only ("hoàn"), and after q the u bears no tone ("quý").
_TONE_ON_SECOND = {
    first + second: toned_first + plain_second
    for first, plain_second in (("o", "a"), ("o", "e"), ("u", "y"))
    for second, toned_first in zip(_toned(plain_second), _toned(first), strict=True)
}
_TONE_ON_FIRST = {old: new for new, old in _TONE_ON_SECOND.items()}
_BARE_U = dict(zip(_toned("u"), _TONES, strict=True))
_AT_END = re.compile(rf"(?<!q)({'|'.join(_TONE_ON_SECOND)})(?!\w)")
_INSIDE = re.compile(rf"({'|'.join(_TONE_ON_FIRST)})(?=[^\W\d_])")
_AFTER_Q = re.compile(rf"q([{''.join(_BARE_U)}])([aâăeêioôơuy])")


def unify_tones(text: str) -> str:
    """Returns lower-case NFC `text` with each tone mark where the statistical office puts it."""
    text = _AFTER_Q.sub(lambda m: unicodedata.normalize("NFC", f"qu{m[2]}{_BARE_U[m[1]]}"), text)
    text = _INSIDE.sub(lambda m: _TONE_ON_FIRST[m[1]], text)
    text = _AT_END.sub(lambda m: _TONE_ON_SECOND[m[1]], text)
    # A stray mark may have found a letter that it now goes with.
    return unicodedata.normalize("NFC", text)


def _common(text: str) -> str:
    """Returns the text with case, blanks, signs and tone marks made alike; the eth of old fonts stands for đ."""
    folded = _APOSTROPHES.sub("'", texts.key(text)).replace("ð", "đ")
    # Case folding may take a letter apart again.
    return unify_tones(unicodedata.normalize("NFC", folded))


def _without_office(text: str) -> str:
    """Returns `text` without office words at either end; empty when there is nothing else."""
    before = None
    while before != text:
        before = text
        text = _OFFICE_BEHIND.sub("", _OFFICE_AHEAD.sub("", text))
    return text.strip(_EDGE)


@lru_cache(maxsize=65536)
def unit_key(name: str) -> str:
    """Returns the key of one unit with its level word: "UBND P. Thới Sơn" -> "phường thới sơn".

    A name without a level keeps none; a text that names an office but no unit ("Bộ phận một cửa") is "".
    For a name that carries the unit above it, `split_unit_name` comes first.
    """
    key = _without_office(_HYPHEN.sub(" - ", _common(name)))
    key = _LEADING_ZERO.sub("", key)
    for abbreviation, word in _ABBREVIATIONS:
        key, replaced = abbreviation.subn(word, key)
        if replaced:
            break
    return _LEVEL.sub(r"\1 ", key)


def split_unit_name(name: str) -> tuple[str, str | None]:
    """Returns a unit's own name and the next unit above it, or None, both without office words.

    "UBND xã An Cư - TX Tịnh Biên" -> ("xã An Cư", "TX Tịnh Biên"); the wider unit may also come first.
    """
    pieces = (_without_office(piece) for piece in _BREAK.split(texts.normalise(name)))
    parts = [piece for piece in pieces if piece]
    if not parts:
        return "", None
    ranks = [_rank(part) for part in parts]
    # Without a level word nothing tells which is the wider one: then the order of writing holds.
    if all(ranks):
        parts = [part for _, part in sorted(zip(ranks, parts, strict=True), key=lambda pair: -pair[0])]
    return parts[0], parts[1] if len(parts) > 1 else None


def _rank(part: str) -> int:
    match = _LEVEL.match(unit_key(part))
    return _RANK[match[1]] if match else 0


def bare_key(key: str) -> str:
    """Returns a `unit_key` without its level word: "phường thới sơn" -> "thới sơn"."""
    return _LEVEL.sub("", key)


def plain_key(key: str) -> str:
    """Returns a key without diacritics and signs: "phường thới sơn" -> "phuong thoi son"."""
    return texts.plain(key)


def differs_by_missing_marks(written: str, full: str) -> bool:
    """Returns whether the last words of `written` are those of `full`, some diacritics perhaps left out.

    "Vĩnh Thanh" can be a careless "Vĩnh Thạnh", "Vĩnh Thành" cannot: a mark that `full` does not have there names
    another place. Both are keys, with the same letters in the words of `full`.
    """
    wanted = _WORD.findall(full)
    given = _WORD.findall(written)[-len(wanted) :] if wanted else []
    return len(given) == len(wanted) and all(map(_lacks_marks_of, given, wanted))


def _lacks_marks_of(word: str, full: str) -> bool:
    letters, tones = _letters_and_tones(word)
    full_letters, full_tones = _letters_and_tones(full)
    # The tone belongs to the syllable, whichever of its letters bears it.
    return (
        tones in ("", full_tones)
        and len(letters) == len(full_letters)
        and all(letter in (other, other[0]) for letter, other in zip(letters, full_letters, strict=True))
    )


@lru_cache(maxsize=65536)
def _letters_and_tones(word: str) -> tuple[tuple[str, ...], str]:
    """Returns the letters, each with what makes ă, â, ê, ô, ơ, ư, đ of it but without its tone; and the tones in
    order.
    """
    letters: list[str] = []
    tones = ""
    for mark in unicodedata.normalize("NFD", word.replace("đ", "d\u0335")):
        if mark in _TONES:
            tones += mark
        elif unicodedata.combining(mark) and letters:
            letters[-1] += mark
        else:
            letters.append(mark)
    return tuple(letters), tones


@lru_cache(maxsize=65536)
def procedure_key(name: str) -> str:
    """Returns a procedure's name in NFC, case-folded, squeezed, tones unified, without punctuation at its end."""
    return _common(name).rstrip(" .,:;-–—…")


def alias_key(name: str) -> str:
    """Returns what an office's own names are compared by: as written, but for case, blanks, tone marks and end
    signs.
    """
    return _common(name).strip(_EDGE)


def procedure_core(code: str) -> str | None:
    """Returns the national part of a procedure code: "1.001612.000.00.00.H48" -> "1.001612"; None if it is no code."""
    match = _CODE.fullmatch(texts.normalise(code).upper())
    return match[1] if match else None
