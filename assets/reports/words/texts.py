"""What a report says, and how it writes numbers and days, in the language that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from warehouse_sql.messages import writing
from warehouse_sql.yaml_files import read_yaml

_FOLDER = Path(__file__).with_name("texts")


@cache
def texts(lang: str) -> dict[str, Any]:
    """Returns the catalogue of one language: texts/vi.yaml or texts/en.yaml, both with the same keys."""
    loaded: dict[str, Any] = read_yaml(_FOLDER / f"{lang}.yaml")
    return loaded


class Count(str):
    """A count as a language writes it. In a text it chooses the noun that goes with it: {count:dossier|dossiers}."""

    __slots__ = ()

    def __format__(self, nouns: str, /) -> str:
        singular, bar, plural = nouns.partition("|")
        if not bar:
            return super().__format__(nouns)
        return singular if self == "1" else plural


@dataclass(frozen=True)
class Manner:
    """Numbers, shares, days and instants as a language writes them; the same calls as `vietnamese` has."""

    lang: str

    @property
    def _signs(self) -> dict[str, str]:
        signs: dict[str, str] = texts(self.lang)["numbers"]
        return signs

    def number(self, value: int) -> Count:
        """70426 -> 70.426 or 70,426."""
        return Count(f"{value:,}".replace(",", self._signs["thousands"]))

    def percent(self, part: int, whole: int) -> str:
        """Returns one decimal; a dash when there is no whole. Only all of it is 100, and only nothing is 0."""
        return writing.percent(part, whole, self._signs["decimal"], self._signs["percent"])

    def per_thousand(self, part: int, whole: int) -> str:
        """Returns how many of a thousand, with one decimal; a dash when there is no whole."""
        if not whole:
            return "–"
        tenths = (20_000 * part + whole) // (2 * whole)
        return f"{self.number(tenths // 10)}{self._signs['decimal']}{tenths % 10}"

    def decimal(self, hundredths: int) -> str:
        """250 -> 2,5 or 2.5, 125 -> 1,25; nothing after the comma for whole ones."""
        whole, rest = divmod(hundredths, 100)
        return self.number(whole) + (f"{self._signs['decimal']}{rest:02}".rstrip("0") if rest else "")

    def tenths(self, value: int) -> str:
        """12 -> 1,2: always one decimal."""
        return f"{value // 10}{self._signs['decimal']}{value % 10}"

    def probability(self, value: float | None) -> str:
        """Returns three decimals; what is less is written as less, and none is a dash."""
        if value is None:
            return "–"
        written = "< 0.001" if value < 0.001 else f"{value:.3f}"
        return written.replace(".", self._signs["decimal"])

    def day(self, value: date | None) -> str:
        """30/08/2023 or 30 Aug 2023; a dash for none."""
        return value.strftime(self._signs["date"]) if value else "–"

    def instant(self, value: datetime | None) -> str:
        """Returns a day and its minute; a dash for none."""
        return value.strftime(self._signs["instant"]) if value else "–"

    def exact_instant(self, value: datetime) -> str:
        """To the second; the last moment of a day is its end."""
        known = texts(self.lang)["known"]
        if (value.hour, value.minute, value.second, value.microsecond) == (23, 59, 59, 999999):
            return str(known["end_of_day"]).format(day=self.day(value))
        return str(known["instant"]).format(time=f"{value:%H:%M:%S}", day=self.day(value))
