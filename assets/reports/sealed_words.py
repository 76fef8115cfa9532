"""Words, numbers and days of the sealed issue in the language of the report (texts/sealed.*.yaml)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.reports import vietnamese

_TEXTS = Path(__file__).with_name("texts")
#: Languages that a report can be in.
LANGUAGES = ("vi", "en")


@cache
def texts(lang: str) -> dict[str, Any]:
    """All texts of a language."""
    found: dict[str, Any] = yaml.safe_load((_TEXTS / f"sealed.{lang}.yaml").read_text(encoding="utf-8"))
    return found


class Words:
    """Texts of one language, and its ways of writing figures."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.texts = texts(lang)

    def say(self, key: str, **values: Any) -> str:
        """A text with its values put in."""
        return str(self.texts[key]).format(**values)

    def number(self, value: int) -> str:
        """70.426, in English 70,426; a negative one with a proper minus."""
        said = vietnamese.number(abs(value)) if self.lang == "vi" else f"{abs(value):,}"
        return f"−{said}" if value < 0 else said

    def percent(self, part: int, whole: int) -> str:
        """96,2 %, in English 96.2%."""
        said = vietnamese.percent(part, whole)
        return said if self.lang == "vi" else said.replace(",", ".").replace(" %", "%")

    def share(self, value: Decimal | None, decimals: int = 1) -> str:
        """A share of 1 as per cent; a dash for none."""
        if value is None:
            return "–"
        said = f"{abs(value) * 100:.{decimals}f}"
        said = ("−" if value < 0 else "") + said
        return f"{said} %".replace(".", ",") if self.lang == "vi" else f"{said}%"

    def day(self, value: date | None) -> str:
        """30/08/2023, in English 2023-08-30; a dash for none."""
        if value is None:
            return "–"
        return vietnamese.day(value) if self.lang == "vi" else f"{value:%Y-%m-%d}"

    def instant(self, value: datetime | None) -> str:
        """30/08/2023 17:00, in English 2023-08-30 17:00; a dash for none."""
        if value is None:
            return "–"
        return vietnamese.instant(value) if self.lang == "vi" else f"{value:%Y-%m-%d %H:%M}"
