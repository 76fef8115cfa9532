"""What the board says, and how it writes values, in the language of an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from assets.board.listing import Column, Kind
from warehouse_sql.messages import spoken, writing
from warehouse_sql.yaml_files import read_yaml

_FOLDER = Path(__file__).with_name("texts")
#: What stands where there is no value.
NOTHING = "–"
#: Kinds that stand to the right, so that their digits stand below each other.
NUMBERS: frozenset[Kind] = frozenset({"count", "change", "share", "days", "hours"})


@cache
def texts(lang: str) -> dict[str, Any]:
    """Returns the texts of one language: texts/vi.yaml or texts/en.yaml, both with the same keys."""
    loaded: dict[str, Any] = read_yaml(_FOLDER / f"{lang}.yaml")
    return loaded


@dataclass(frozen=True)
class Words:
    """Texts and ways of writing of one language."""

    lang: str

    def __getitem__(self, path: str) -> Any:
        """Returns the text at `pages.morning.title`. Raises KeyError when there is none."""
        place: Any = texts(self.lang)
        for name in path.split("."):
            place = place[name]
        return place

    def say(self, path: str, **values: Any) -> str:
        """Returns the text with its values, whose places may say how each is written: {rows:number}."""
        return writing.write(self[path], values, self.lang)

    def value(self, value: Any, kind: Kind) -> str:
        """Returns a value as people read it; a dash for none."""
        if value is None or (isinstance(value, str) and not value):
            return NOTHING
        match kind:
            case "count" | "days":
                written = self._written(int(value), "number").replace("-", "−")
            case "change":
                written = self.change(int(value))
            case "share":
                written = self._share(Decimal(value))
            case "hours":
                written = self._written(float(value), "decimal")
            case "day":
                written = self._written(value, "day")
            case "instant":
                written = self._instant(value)
            case "flag":
                written = str(self["flags.yes" if value else "flags.no"])
            case _:
                written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        return written

    def of_column(self, column: Column, value: Any) -> str:
        """Returns a value as a column of a list writes it."""
        if column.kind == "word" and value is not None:
            words = self["words"].get(column.name, {})
            return str(words.get(value, value))
        if column.name == "reason" and isinstance(value, str):
            return spoken(value)
        return self.value(value, column.kind)

    def change(self, value: int) -> str:
        """Returns a change with its sign."""
        written = self._written(abs(value), "number")
        return f"+{written}" if value > 0 else f"−{written}" if value < 0 else written

    def _share(self, share: Decimal) -> str:
        parts = 1_000_000
        return writing.write("{share:percent}", {"share": (round(share * parts), parts)}, self.lang)

    def _instant(self, value: datetime | date) -> str:
        if not isinstance(value, datetime):
            return self._written(value, "day")
        if value.year >= 9999:
            return NOTHING
        return self._written(value, "instant")

    def _written(self, value: Any, way: str) -> str:
        return writing.write(f"{{value:{way}}}", {"value": value}, self.lang)
