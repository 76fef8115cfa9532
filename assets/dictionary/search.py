"""The dictionary searched in either language, with accents or without."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from assets.dictionary.entries import Entry
from warehouse_sql.dictionary.comments import Description


@dataclass(frozen=True)
class Match:
    """A table, view or function, or one of its columns (`column` is None otherwise)."""

    entry: Entry
    column: str | None
    type: str
    meaning: Description


def search(entries: Iterable[Entry], words: str) -> list[Match]:
    """Returns what holds every word in its name or description: first whose name they are, then whose name holds them."""
    wanted = plain_letters(words).split()
    if not wanted:
        return []
    ranked = []
    for place, match in enumerate(_all(entries)):
        name = plain_letters(match.column or match.entry.name.split(".")[1])
        whole = f"{plain_letters(match.entry.name)} {name} {plain_letters(' '.join(match.meaning))}"
        if all(word in whole for word in wanted):
            rank = 0 if name == " ".join(wanted) else 1 if all(word in name for word in wanted) else 2
            ranked.append((rank, match.column is not None, place, match))
    return [match for *_, match in sorted(ranked, key=lambda each: each[:3])]


def plain_letters(written: str) -> str:
    """Returns the text in small letters without accents, its underscores as blanks: "Hồ sơ" and "ho_so" are "ho so"."""
    parts = unicodedata.normalize("NFD", written.lower().replace("đ", "d").replace("_", " "))
    return " ".join("".join(each for each in parts if not unicodedata.combining(each)).split())


def _all(entries: Iterable[Entry]) -> Iterable[Match]:
    for entry in entries:
        yield Match(entry, None, entry.kind, entry.meaning)
        for column in entry.columns:
            yield Match(entry, column.name, column.type, column.meaning)
