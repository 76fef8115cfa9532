"""Words, numbers and days of the sealed issue in the language of the report (below `sealed` in the catalogue)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assets.reports.words.texts import Count, Manner
from assets.reports.words.texts import texts as catalogue


def texts(lang: str) -> dict[str, Any]:
    """Returns what the catalogue of a language has for the sealed issue."""
    sealed: dict[str, Any] = catalogue(lang)["sealed"]
    return sealed


class SealedWords(Manner):
    """Texts of the sealed issue, claims and findings, with figures as the language writes them."""

    @property
    def texts(self) -> dict[str, Any]:
        """All texts of the language."""
        return texts(self.lang)

    def say(self, key: str, **values: Any) -> str:
        """Returns a text with its values put in."""
        return str(self.texts[key]).format(**values)

    def number(self, value: int) -> Count:
        """As everywhere, a negative one with a proper minus."""
        digits = super().number(abs(value))
        return Count(f"−{digits}") if value < 0 else digits

    def share(self, value: Decimal | None, decimals: int = 1) -> str:
        """Returns a share of 1 as per cent; a dash for none."""
        if value is None:
            return "–"
        return self._hundredfold(value, decimals) + self._signs["percent"]

    def points(self, value: Decimal, decimals: int = 1) -> str:
        """Returns a difference of two shares of 1: 1,2 điểm %."""
        return str(catalogue(self.lang)["forms"]["comparison"]["points"]).format(
            count=self._hundredfold(value, decimals)
        )

    def _hundredfold(self, value: Decimal, decimals: int) -> str:
        digits = f"{abs(value) * 100:.{decimals}f}".replace(".", self._signs["decimal"])
        return f"−{digits}" if value < 0 else digits
