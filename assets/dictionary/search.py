"""The dictionary searched in either language, with accents or without."""

from __future__ import annotations

import re
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
    """Returns what has every word, or its beginning, in its name or description.

    First whose name they are, then whose name holds them, then whose description holds them one after the other.
    """
    wanted = plain_letters(words)
    if not wanted:
        return []
    ranked = []
    for place, match in enumerate(_all(entries)):
        name = plain_letters(match.column or match.entry.name.split(".")[1])
        whole = f"{plain_letters(match.entry.name)} {name} {plain_letters(' '.join(match.meaning))}"
        if _holds(whole, wanted):
            ranks = (name == wanted, _holds(name, wanted), f" {wanted} " in f" {whole} ")
            ranked.append((tuple(not rank for rank in ranks), match.column is not None, place, match))
    return [match for *_, match in sorted(ranked, key=lambda each: each[:3])]


def plain_letters(written: str) -> str:
    """Returns the words in small letters without accents or signs: "Hồ sơ" and "ho_so" are "ho so"."""
    parts = unicodedata.normalize("NFD", written.lower().replace("đ", "d"))
    bare = "".join(each for each in parts if not unicodedata.combining(each))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def _holds(text: str, wanted: str) -> bool:
    return all(f" {word}" in f" {text}" for word in wanted.split())


def _all(entries: Iterable[Entry]) -> Iterable[Match]:
    for entry in entries:
        yield Match(entry, None, entry.kind, entry.meaning)
        for column in entry.columns:
            yield Match(entry, column.name, column.type, column.meaning)
