"""Lists of the board: what is asked, its columns, its order, a page of it by key, and the whole for a file.

Here: SQL around a statement of `warehouse_sql/board`. Not here: how a list looks (`drawing.py`), or which there are (`lists.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assets.board.choice import Choice, ChoiceError
from assets.board.reading import Reader, Row
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file

#: How values are written: `share` is a part of 1, `days` working days, `change` a count with its sign, `hours` hours of office
#: time, `named` a name that rows have in both languages, `word` a value that the texts have a word for.
Kind = Literal[
    "text", "code", "count", "change", "share", "day", "instant", "days", "hours", "flag", "named", "word"
]
ROWS_OF_A_PAGE = 50
#: So many rows a file holds at most; a list that has more is asked for in parts.
MOST_ROWS_OF_A_FILE = 1_000_000
# Columns that a statement gets besides its own.
_WHOLE, _IS_ROW = "whole_", "is_row"
_TYPES: dict[Kind, str] = {
    "text": "text",
    "code": "text",
    "named": "text",
    "word": "text",
    "day": "date",
    "instant": "timestamp",
    "flag": "boolean",
}


@dataclass(frozen=True)
class Column:
    """A column of a list: its name in the rows and in the texts, how it is written, and what a click on it opens.

    `is_long`: sentences or long names, which need room also on a telephone.
    """

    name: str
    kind: Kind = "text"
    opens: Callable[[Row, Choice], str | None] | None = None
    is_summed: bool = False
    is_long: bool = False

    def source(self, lang: str) -> str:
        """Returns the column of the statement that holds it in a language."""
        return f"{self.name}_{lang}" if self.kind == "named" else self.name


@dataclass(frozen=True)
class Listing:
    """A list that pages show, sort, page and write to files.

    `file` is below warehouse_sql/, `order` a column's name, with - before it the highest first, `key` what makes the order
    total. `parameters` says what the statement takes of a choice. `has_both_times`: its figures can be had as known at a
    past moment.
    """

    name: str
    file: str
    columns: tuple[Column, ...]
    order: str
    key: tuple[Column, ...]
    parameters: Callable[[Reader, Choice], Mapping[str, Any]]
    has_both_times: bool = False


@dataclass(frozen=True)
class Shown:
    """A page of a list: its rows, where the next page begins (None: this is the last), the order, and sums over all rows."""

    listing: Listing
    rows: Sequence[Row]
    following: str | None
    order: str
    row_count: int
    sums: Mapping[str, Any]


def read_listing(
    reader: Reader, listing: Listing, choice: Choice, size: int | None = ROWS_OF_A_PAGE
) -> Shown:
    """Returns a page of a list, all of it without a size. Raises ChoiceError for an order or place that it does not have."""
    parameters = dict(listing.parameters(reader, choice))
    (statement,) = statements_of_file(listing.file)
    order = (
        choice.more.get("sort", listing.order)
        if choice.more.get("list", listing.name) == listing.name
        else listing.order
    )
    columns = _ordered(listing, order)
    condition = ""
    if size is not None and (after := choice.more.get("after")):
        condition = "where " + _behind(listing, columns, after, parameters)
    ordered = ", ".join(f"{name} {way} nulls last" for name, way in columns)
    limit = f" limit {size + 1}" if size is not None else ""
    summed = "".join(
        f", coalesce(sum({column.name}), 0) as {_WHOLE}{column.name}"
        for column in listing.columns
        if column.is_summed
    )
    # Asked once: counts and sums are of all rows, whatever page of them is shown.
    asked = (
        f"with t as materialized ({statement}), w as (select count(*) as {_WHOLE}rows{summed} from t),"
        f" p as (select t.*, true as {_IS_ROW} from t {condition} order by {ordered}{limit})"
        f" select * from w left join p on true order by {ordered}"
    )
    answered = reader.ask(asked, parameters)
    rows = [row for row in answered if row[_IS_ROW]]
    following = None
    if size is not None and len(rows) > size:
        rows = rows[:size]
        following = _place(rows[-1], columns)
    sums = {
        name.removeprefix(_WHOLE): value for name, value in answered[0].items() if name.startswith(_WHOLE)
    }
    return Shown(listing, rows, following, order, sums.pop("rows"), sums)


def whole_statement(listing: Listing, choice: Choice) -> str:
    """Returns the statement of the whole list in the chosen order, for a file."""
    (statement,) = statements_of_file(listing.file)
    ordered = ", ".join(
        f"t.{name} {way} nulls last"
        for name, way in _ordered(listing, choice.more.get("sort", listing.order))
    )
    names = ", ".join(f"t.{column.source(choice.lang)}" for column in listing.columns)
    return f"select {names} from ({statement}) as t order by {ordered} limit {MOST_ROWS_OF_A_FILE}"


def _ordered(listing: Listing, order: str) -> list[tuple[str, str]]:
    """Returns columns with their ways, the key behind the chosen one."""
    name, way = order.removeprefix("-"), "desc" if order.startswith("-") else "asc"
    if name not in {column.source("vi") for column in listing.columns}:
        raise ChoiceError(message("Danh sách này không sắp xếp được theo “{name}”.", name=name))
    return [(name, way), *((key.name, "asc") for key in listing.key if key.name != name)]


def _place(row: Row, columns: Sequence[tuple[str, str]]) -> str:
    """Returns where a page ends, as an address holds it: the values of its last row in the columns of the order."""
    values = [row[name] for name, _ in columns]
    return json.dumps([None if value is None else str(value) for value in values], separators=(",", ":"))


def _values(after: str, count: int) -> list[str | None]:
    try:
        values = json.loads(after)
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != count:
        raise ChoiceError(message("Vị trí trong danh sách không hợp lệ; hãy mở lại danh sách từ đầu."))
    return [None if value is None else str(value) for value in values]


def _behind(
    listing: Listing, columns: Sequence[tuple[str, str]], after: str, parameters: dict[str, Any]
) -> str:
    """Returns the condition of rows behind a place; values go into the parameters."""
    values = _values(after, len(columns))
    kinds = {column.source("vi"): column.kind for column in (*listing.columns, *listing.key)}
    alternatives = []
    same: list[str] = []
    for place, ((name, way), value) in enumerate(zip(columns, values, strict=True)):
        bound = f"cast(:after_{place} as {_TYPES.get(kinds[name], 'numeric')})"
        parameters[f"after_{place}"] = value
        if value is not None:
            sign = ">" if way == "asc" else "<"
            alternatives.append(" and ".join([*same, f"({name} {sign} {bound} or {name} is null)"]))
            same.append(f"{name} = {bound}")
        else:
            same.append(f"{name} is null")
    return (
        "(" + " or ".join(f"({alternative})" for alternative in alternatives) + ")"
        if alternatives
        else "false"
    )
