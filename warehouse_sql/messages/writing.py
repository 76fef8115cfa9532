"""Templates with their values, numbers and days as each language writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from string import Formatter
from typing import Any


@dataclass(frozen=True)
class _Signs:
    thousands: str
    decimal: str
    percent: str
    day: str


_WITHOUT_DECIMALS = 100
_SIGNS = {"vi": _Signs(".", ",", "%", "%d/%m/%Y"), "en": _Signs(",", ".", "%", "%d %b %Y")}


def _number(value: Any, signs: _Signs) -> str:
    return f"{value:,}".replace(",", signs.thousands)


def _decimal(value: float, signs: _Signs) -> str:
    """Returns one decimal; a dash for what is no number."""
    written = str.maketrans(",.", signs.thousands + signs.decimal)
    return "–" if math.isnan(value) else f"{value:,.1f}".translate(written)


def _short(value: float, signs: _Signs) -> str:
    """As many decimals as it has: 3, 0,5."""
    return f"{value:g}".replace(".", signs.decimal)


def _amount(value: float, signs: _Signs) -> str:
    """One decimal where it is worth telling: 2,1, but 13 and 1.235."""
    if round(value * 10) % 10 == 0 or abs(value) >= _WITHOUT_DECIMALS:
        return _number(round(value), signs)
    return _decimal(value, signs)


def _capital(value: str, signs: _Signs) -> str:
    """As the first word of a sentence."""
    return value[:1].upper() + value[1:]


def _exact_percent(value: Decimal, signs: _Signs) -> str:
    """0.955 -> 95,5%, with all its decimals."""
    return f"{(value * 100).normalize():f}".replace(".", signs.decimal) + signs.percent


def _percent(value: tuple[int, int], signs: _Signs) -> str:
    return percent(*value, decimal=signs.decimal, sign=signs.percent)


def percent(part: int, whole: int, decimal: str, sign: str) -> str:
    """Returns a share with one decimal; a dash when there is no whole. Only all of it is 100, and only nothing is 0."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths // 10}{decimal}{tenths % 10}{sign}"


def _day(value: date | None, signs: _Signs) -> str:
    return value.strftime(signs.day) if value else "–"


def _instant(value: datetime | None, signs: _Signs) -> str:
    return value.strftime(f"{signs.day} %H:%M") if value else "–"


#: How a value is written whose place says so: {rows:number}.
_WAYS: dict[str, Callable[[Any, _Signs], str]] = {
    "number": _number,
    "decimal": _decimal,
    "short": _short,
    "amount": _amount,
    "capital": _capital,
    "exact_percent": _exact_percent,
    "percent": _percent,
    "day": _day,
    "instant": _instant,
}


class _InLanguage(Formatter):
    def __init__(self, language: str) -> None:
        self._signs = _SIGNS[language]

    def format_field(self, value: Any, format_spec: str) -> str:
        if way := _WAYS.get(format_spec):
            return way(value, self._signs)
        return format(value, format_spec)


def write(template: str, values: Mapping[str, object], language: str) -> str:
    """Returns the template with its values as that language writes them."""
    return _InLanguage(language).vformat(template, (), values)


def places(template: str) -> list[tuple[str, str | None, str]]:
    """Returns the parts of a template: the text before a place, the place's name (None after the last text), how it
    is written.
    """
    return [(text, name, way or "") for text, name, way, _ in Formatter().parse(template)]


def _day_of(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


#: How a value that Vietnamese wrote is recognised, and read again.
WRITTEN_IN_VIETNAMESE: dict[str, tuple[str, Callable[[str], object]]] = {
    "number": (r"-?\d+(?:\.\d{3})*", lambda text: int(text.replace(".", ""))),
    "decimal": (r"-?\d+(?:\.\d{3})*,\d", lambda text: float(text.replace(".", "").replace(",", "."))),
    "amount": (
        r"-?\d+(?:\.\d{3})*(?:,\d)?",
        lambda text: float(text.replace(".", "").replace(",", ".")),
    ),
    "short": (r"-?\d+(?:,\d+)?", lambda text: float(text.replace(",", "."))),
    "percent": (r"\d+,\d ?%", lambda text: (int(re.sub(r"\D", "", text)), 1000)),
    "day": (r"\d\d/\d\d/\d{4}", _day_of),
    "instant": (
        r"\d\d/\d\d/\d{4} \d\d:\d\d",
        lambda text: datetime.combine(_day_of(text[:10]), time.fromisoformat(text[11:])),
    ),
}
