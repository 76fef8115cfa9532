"""Time limits as people write them: "07 ngày làm việc", "Trong ngày", "Không quy định".

Here: a text to a number and a unit. Not here: what follows from a limit (due dates, lateness).

What is not certain is not guessed: the catalogue's import lists it with its row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from assets.given import texts
from warehouse_sql.messages import message

#: All that a limit is counted in, in every table.
LIMIT_UNITS = ("working_day", "day", "hour")
_LONGEST = 3650  # ten years of days: a larger number is a slip

_UNITS_VI = {"working_day": message("ngày làm việc"), "day": message("ngày"), "hour": message("giờ")}
# unit as written -> how many of ours one of it is
_UNITS: dict[str, tuple[Fraction, str]] = {
    **dict.fromkeys(
        ("working_day", "ngay lam viec", "ngay lv", "ngay hanh chinh"), (Fraction(1), "working_day")
    ),
    **dict.fromkeys(("day", "ngay", "ngay lich"), (Fraction(1), "day")),
    **dict.fromkeys(("hour", "gio", "gio lam viec", "h", "tieng"), (Fraction(1), "hour")),
    "phut": (Fraction(1, 60), "hour"),
    "tuan": (Fraction(7), "day"),
}

# Number words are read before the diacritics go: "sáu" is six, "sau" is after.
_ONES = {
    **{"một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7},
    **{"bẩy": 7, "tám": 8, "chín": 9},
}
_DIGIT = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_SPELT = re.compile(
    rf"\b(?:(?:(?P<tens>{_DIGIT})\s+mươi|(?P<ten>mười))(?:\s+(?P<ones>{'|'.join(_ONES)}))?|(?P<one>{_DIGIT})|(?P<half>nửa))"
    r"(?=\s*(?:\(|\)|ngày|giờ|tuần|đến|tới|-))"
)
_NUMBER = r"(?:\d+\s*/\s*\d+|\d+(?:[.,]\d+)?)"
_AGAIN = r"(?:\s*\([^()]*\))?"  # "10 (mười)", "Năm (05)"
_UNIT = (
    r"(?:ngay(?:\s*\(?\s*(?:lam viec|lv|l/v|hanh chinh)\b\)?)?|gio(?:\s+lam viec)?|tieng|phut|tuan|h)(?!\w)"
)
_QUANTITY = re.compile(
    rf"(?P<first>{_NUMBER}){_AGAIN}(?:\s*(?P<first_unit>{_UNIT}))?"
    rf"(?:\s*(?:-|den|toi)\s*(?P<last>{_NUMBER}){_AGAIN})?\s*(?P<unit>{_UNIT})?"
)
_ANY_QUANTITY = re.compile(rf"(?<![\w/.,])(?:{_NUMBER}){_AGAIN}\s*{_UNIT}")
_LEAD = re.compile(
    r"(?:[-+*•–\s]+(?=[^\d\s])|[-–]\s+|thoi (?:han|gian)(?: (?:giai quyet|thuc hien))?\s*:?\s*"
    r"|trong (?:thoi (?:han|gian)|vong)\s+(?:la\s+)?"
    r"|(?:la\s+)?(?:khong qua|khong vuot qua|toi da|cham nhat|nhieu nhat|tu)\s+)"
)
_SAME_DAY = re.compile(
    r"(?:(?:giai quyet|tra ket qua|tra|thuc hien|cap)\s+)?(?:ngay(?:\s+(?:trong|sau|khi|lap tuc)\b|\s*$|\s*[,;.])"
    r"|trong (?:ngay|buoi)(?:\s+(?:lam viec|tiep nhan|nhan)\b|\s*$|\s*[,;.(]))"
)
_NO_LIMIT = re.compile(
    r"(?:phap luat\s+)?(?:khong|chua)(?:\s+(?:co|quy dinh|xac dinh))?(?:\s+(?:ve\s+)?(?:thoi han|thoi gian|cu the))*"
)
# What may follow a quantity without making it another one.
_FOLLOWS = re.compile(
    r"\s*(?:$|[,;.(:]|/\s*ho so|ke tu|tinh tu|tu (?:ngay|khi)|sau khi|khi|doi voi|lam viec)"
)
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Limit:
    """A limit; value None: the text says that there is none. `has_other_cases`: the ordinary one stands here."""

    value: float | None
    unit: str | None
    has_other_cases: bool = False


def parse_limit(written: str | None, unit: str | None = None) -> Limit | None:
    """Returns the limit that `written` states, or None when it is not certain.

    `unit` is what the row or the heading says of a bare number.
    """
    text = _folded(written or "")
    if not text.strip(" -–.") or _NO_LIMIT.fullmatch(text.rstrip(" .")):
        return Limit(None, None)
    if unit is not None and re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        known, number = limit_unit(unit), _number(text)
        return None if known is None or number is None else _limit(number * Fraction(known[0]), known[1])
    if _SAME_DAY.match(text):
        return Limit(0, "working_day", bool(_ANY_QUANTITY.search(text)))
    start = 0
    while lead := _LEAD.match(text, start):
        start = lead.end()
    quantity = _quantity(text, start)
    if quantity is None:
        places = list(_ANY_QUANTITY.finditer(_BRACKETS.sub(lambda part: " " * len(part[0]), text)))
        if len(places) != 1 or not text[: places[0].start()].startswith(("ke tu", "tinh tu", "sau khi")):
            return None
        quantity = _quantity(text, places[0].start())
    if quantity is None:
        return None
    limit, end = quantity
    rest = _BRACKETS.sub("", text[end:])
    return Limit(limit.value, limit.unit, bool(_ANY_QUANTITY.search(rest)))


def limit_unit(written: str) -> tuple[float, str] | None:
    """Returns a unit as written: how many of our units it is and which, or None when it is none."""
    unit = _UNITS.get(" ".join(re.sub(r"[().]", " ", _folded(written)).split()))
    return None if unit is None else (float(unit[0]), unit[1])


def written(value: float | None, unit: str | None) -> str:
    """Returns a limit in Vietnamese: "7 ngày làm việc"; a dash for none."""
    if value is None or unit is None:
        return "–"
    if value == 0:
        return message("trong ngày")
    return message("{length:short} {unit}", length=value, unit=_UNITS_VI[unit])


def _quantity(text: str, start: int) -> tuple[Limit, int] | None:
    match = _QUANTITY.match(text, start)
    unit = match and (match["unit"] or (None if match["last"] else match["first_unit"]))
    if match is None or not unit or not _FOLLOWS.match(text, match.end()):
        return None
    first, last = _number(match["first"]), _number(match["last"] or match["first"])
    if first is None or last is None or last < first:
        return None
    factor, name = _UNITS[" ".join(re.sub(r"[()]", " ", unit).replace("l/v", "lv").split())]
    limit = _limit(last * factor, name)
    return None if limit is None else (limit, match.end())


def _limit(value: Fraction, unit: str) -> Limit | None:
    return Limit(float(value), unit) if value <= _LONGEST else None


def _number(text: str) -> Fraction | None:
    over, _, under = text.replace(" ", "").replace(",", ".").partition("/")
    return Fraction(over) / int(under or 1) if int(under or 1) else None


def _in_digits(spelt: re.Match[str]) -> str:
    """ "mười lăm" -> "15", "ba mươi mốt" -> "31", "nửa" -> "1/2"."""
    if spelt["half"]:
        return "1/2"
    if spelt["one"]:
        return str(_ONES[spelt["one"]])
    tens = 1 if spelt["ten"] else _ONES[spelt["tens"]]
    return str(10 * tens + _ONES.get(spelt["ones"] or "", 0))


def _folded(text: str) -> str:
    """Case-folded, numbers in digits, without diacritics, blanks squeezed; punctuation stays."""
    digits = _SPELT.sub(_in_digits, unicodedata.normalize("NFC", texts.key(text)))
    apart = digits.replace("đ", "d").replace("½", " ½")  # or "5½" would become "51/2"
    taken_apart = unicodedata.normalize("NFKD", apart).replace("\u2044", "/")
    bare = "".join(mark for mark in taken_apart if not unicodedata.combining(mark))
    return " ".join(bare.replace("–", "-").split())
