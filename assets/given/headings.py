"""The headings of a list: where they stand, and which column of ours each one names.

Here: the way of looking; each kind of list brings its own `Vocabulary`. One to three rows. A merged heading
stands in the first of its cells; under a heading of a group ("Thời gian") the lower cell names the column, by itself or
with the group's words before it; elsewhere the upper one does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from assets.given.csv_records import Row
from assets.given.remarks import HEADING, Unknown, safe_heading
from assets.given.tables import TOP_ROWS, Table
from assets.given.texts import key, normalise, plain, shown
from warehouse_sql.yaml_files import read_yaml

_DIGIT = re.compile(r"\d")
_LAST_HEADING_ROW = 200  # a list whose headings stand lower is something else
_MOST_HEADING_ROWS = 3
# "(1) (2) (3)", "A B 1 2", "(1)=(2)+(3)" under the headings, as printed forms have it.
_ORDINAL = re.compile(
    r"\(?\s*(?:\d{1,2}(?:\.0)?|\d{0,2}[A-Za-z]|[IVXivx]{1,5})\s*\)?(?:\s*[=+-]\s*\(?\d{1,2}[a-z]?\)?)*"
)


@dataclass(frozen=True)
class Vocabulary:
    """The headings of one kind of list: canonical column -> headings for it, better ones first."""

    headings: Mapping[str, tuple[str, ...]]
    not_read: tuple[str, ...]
    key_column: str  # the one whose heading tells the row of headings

    @cached_property
    def column_of(self) -> dict[str, str]:
        """Key of a heading -> canonical column."""
        return {_key(heading): column for column, listed in self.headings.items() for heading in listed}

    @cached_property
    def rank(self) -> dict[str, int]:
        """Key of a heading -> its place among those of its column."""
        return {
            _key(heading): rank for listed in self.headings.values() for rank, heading in enumerate(listed)
        }

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Keys of headings that are known and left alone."""
        return frozenset(_key(heading) for heading in self.not_read)

    def column_named(self, name: str) -> str | None:
        """Returns the canonical column that a heading names, None where it names none."""
        return self.column_of.get(_key(name))

    def with_more(self, headings: Mapping[str, Sequence[str]], not_read: Sequence[str]) -> Vocabulary:
        """Returns the vocabulary with more words, which come first: a heading that is moved leaves its former column."""
        moved = {_key(word) for words in (*headings.values(), not_read) for word in words}

        def kept(words: Sequence[str]) -> tuple[str, ...]:
            return tuple(word for word in words if _key(word) not in moved)

        return Vocabulary(
            {column: (*headings.get(column, ()), *kept(words)) for column, words in self.headings.items()},
            (*not_read, *kept(self.not_read)),
            self.key_column,
        )

    def knows(self, cell: str | None) -> bool:
        """Returns whether the cell is a heading."""
        text = _key(cell)
        return text in self.column_of or text in self.ignored


def read_vocabulary(file: Path, key_column: str) -> Vocabulary:
    """Returns the vocabulary in a YAML file with the keys `headings` and `not_read`."""
    listed = read_yaml(file)
    headings = {column: tuple(words) for column, words in listed["headings"].items()}
    return Vocabulary(headings, tuple(listed["not_read"]), key_column)


#: What a heading of a small file names, by the heading as `plain` writes it.
Names = Mapping[str, str]


def names_of(listed: Mapping[str, Sequence[str]]) -> Names:
    """Returns what each heading names, from lists of headings for each name."""
    return {plain(heading): name for name, headings in listed.items() for heading in headings}


def named_columns(row: Row, names: Names) -> dict[str, int]:
    """Returns the place of each column that a row of headings names; of two with one name the first."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        if cell and (name := names.get(plain(cell))):
            places.setdefault(name, place)
    return places


@dataclass(frozen=True)
class Headings:
    """Canonical column -> (heading as written, column of the table), better headings first."""

    columns: Mapping[str, list[tuple[str, str]]]
    first_row: int  # 0-based, upper heading row
    data_from: int  # 0-based
    remarks: list[str]
    rows: frozenset[Row] = frozenset()  # the rows of headings themselves, cut off behind the last filled cell

    @property
    def widest(self) -> Row:
        """The row of headings with the last filled cell furthest to the right."""
        return max(self.rows, key=len)

    def repeats(self, row: Row) -> bool:
        """Returns whether a row below is a row of headings or of ordinals once more, as at the head of a printed
        page.
        """
        return _cut(row) in self.rows or _is_ordinal_row(row)


def _cut(row: Row) -> Row:
    """Returns the row without the empty cells at its end: pieces of a list differ in them."""
    return row[: max((at for at, cell in enumerate(row) if cell), default=-1) + 1]


def _key(cell: str | None) -> str:
    return key(cell or "").rstrip(" :*()")


def is_code_heading(cell: str | None, words: Vocabulary) -> bool:
    """Returns whether a cell is a heading of the column of codes."""
    if not cell or _DIGIT.search(cell):  # none of them has a digit, nearly all codes have
        return False
    return words.column_of.get(_key(cell)) == words.key_column


def is_heading_row(row: Row, words: Vocabulary) -> bool:
    """Returns whether a row is the one with the heading of the codes."""
    return any(is_code_heading(cell, words) for cell in row)


def find_headings(table: Table, words: Vocabulary) -> Headings | None:
    """Returns the headings of the table, or None when none of its upper rows names the codes."""
    rows: list[Row] = table.cells.head(TOP_ROWS).rows()
    for place, row in enumerate(rows[:_LAST_HEADING_ROW]):
        if is_heading_row(row, words):
            return _headings(table.sheet, rows, place, words)
    return None


def _headings(sheet: str | None, rows: Sequence[Row], place: int, words: Vocabulary) -> Headings:
    last = _last_row(rows, place, words)
    first = _first_row(rows, place, last, words)
    names = _folded(rows[first : last + 1], words)
    columns, remarks = _columns(sheet, names, words)
    data_from = last + 1
    below = next((at for at in range(data_from, len(rows)) if any(rows[at])), data_from)
    if below < len(rows) and _is_ordinal_row(rows[below]):
        data_from = below + 1
    return Headings(columns, first, data_from, remarks, frozenset(map(_cut, rows[first : last + 1])))


def _last_row(rows: Sequence[Row], place: int, words: Vocabulary) -> int:
    """Returns the lowest row of headings, from the one that names the codes on; a row of groups alone may stand
    between.
    """
    code_at = next(column for column, cell in enumerate(rows[place]) if is_code_heading(cell, words))
    for last in (place + 2, place + 1):
        below = rows[place + 1 : last + 1]
        if len(below) < last - place or not all(_is_group_row(row, code_at) for row in below[:-1]):
            continue
        names = zip(below[-1], _folded(rows[place : last + 1], words), strict=True)
        if below[-1][code_at] is None and any(cell and words.knows(name) for cell, name in names):
            return last
    return place


def _first_row(rows: Sequence[Row], place: int, last: int, words: Vocabulary) -> int:
    """Returns the highest row of headings, up from the one that names the codes."""
    for first in (place - 2, place - 1):
        if first < 0 or last - first >= _MOST_HEADING_ROWS or not any(map(words.knows, rows[first])):
            continue
        if all(_is_group_row(row) for row in rows[first + 1 : place]):
            return first
    return place


def _folded(rows: Sequence[Row], words: Vocabulary) -> Row:
    """Returns one heading a column, of all rows of headings."""
    names = rows[-1]
    for upper in reversed(rows[:-1]):
        names = _names(upper, names, words)
    return names


def _names(upper: Row, lower: Row, words: Vocabulary) -> Row:
    """Returns one heading a column: the lower cell, after the words of its group where only both together are known."""
    names: list[str | None] = []
    group = None
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else None)
        whole = f"{group} {below}" if group and below else None
        if whole and whole != below and _key(whole) in words.column_of:
            names.append(whole)
        elif above and below and below.startswith("(") and words.knows(above):
            names.append(above)  # "(dd/MM/yyyy)" only tells how to fill the column in
        else:
            names.append(below or above)
    return tuple(names)


def _is_group_row(row: Row, code_at: int | None = None) -> bool:
    """Returns whether a row may hold nothing but names of groups of columns."""
    given = [cell for cell in row if cell]
    return bool(given) and not any(map(_DIGIT.search, given)) and (code_at is None or row[code_at] is None)


def _is_ordinal_row(row: Row) -> bool:
    given = [cell for cell in row if cell]
    return len(given) >= 3 and all(_ORDINAL.fullmatch(cell) for cell in given)


def _columns(
    sheet: str | None, names: Sequence[str | None], words: Vocabulary
) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    by_column: dict[str, list[tuple[str, str]]] = {}
    remarks: list[str] = []
    for place, name in enumerate(names):
        text = _key(name)
        if text in words.column_of and name:
            by_column.setdefault(words.column_of[text], []).append((normalise(name), str(place)))
        elif text and text not in words.ignored and name:
            where = f" ở trang tính “{shown(sheet)}”" if sheet else ""
            remarks.append(
                Unknown(
                    f"Cột “{shown(safe_heading(name))}”{where} không có trong mô tả danh sách, không đọc.",
                    HEADING,
                    name,
                )
            )
    for named in by_column.values():
        named.sort(key=lambda entry: (words.rank[_key(entry[0])], int(entry[1])))
    return by_column, remarks


def column_of(cells: pl.DataFrame, named: Sequence[tuple[str, str]]) -> pl.Series:
    """Returns the first of the columns that has something in the row."""
    if len(named) == 1:
        return cells[named[0][1]].alias("text")
    return cells.select(pl.coalesce([pl.col(place) for _, place in named]).alias("text"))["text"]
