"""The dictionary searched in either language, with accents or without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assets.dictionary.entries import Entry
from assets.given.texts import plain
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
    wanted = plain(words)
    if not wanted:
        return []
    ranked = []
    for place, match in enumerate(_all(entries)):
        name = plain(match.column or match.entry.name.split(".")[1])
        whole = f"{plain(match.entry.name)} {name} {plain(' '.join(match.meaning))}"
        if _holds(whole, wanted):
            ranks = (name == wanted, _holds(name, wanted), f" {wanted} " in f" {whole} ")
            ranked.append((tuple(not rank for rank in ranks), match.column is not None, place, match))
    return [match for *_, match in sorted(ranked, key=lambda each: each[:3])]


def _holds(text: str, wanted: str) -> bool:
    return all(f" {word}" in f" {text}" for word in wanted.split())


def _all(entries: Iterable[Entry]) -> Iterable[Match]:
    for entry in entries:
        yield Match(entry, None, entry.kind, entry.meaning)
        for column in entry.columns:
            yield Match(entry, column.name, column.type, column.meaning)
