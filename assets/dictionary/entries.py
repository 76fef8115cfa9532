"""What the warehouse says of its tables, views and functions, read into one list: the dictionary.

Here: the list, out of the database and the texts in both languages. Not here: searching it (`search.py`), or writing it as pages
(`page.py`), a site (`site.py`) or a workbook (`workbook.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from assets.dictionary.lineage import reads_of
from assets.dictionary.notes import example_of, portals_of, result_text, unit_of
from warehouse_sql.dictionary.comments import Description, described
from warehouse_sql.lineage import column_origins
from warehouse_sql.roles import roles_of
from warehouse_sql.sql_files import statements_of_file

#: In the order of the way of the data.
SCHEMAS = ("landing", "history", "core", "mart", "vi", "ops")
#: What a run keeps for itself between two steps; analysts may look, and learn nothing from it.
_WORKING = re.compile(r"\w+\.(staged_|touched_|unchecked_|bucket_)")
_GRAIN_EN = re.compile(r"\b[Gg]rain (one (?:[^.:;(]|\.(?=\w))+)")
_GRAIN_VI = re.compile(r"\bmỗi dòng(?: ở đây)? là ((?:[^.:;(]|\.(?=\w))+)")


@dataclass(frozen=True)
class Column:
    """A column: type, meaning, unit, a made-up example.

    `portals` are the shapes of files that state it, `origin` is the column that a view passes on, `refers_to` the table whose key
    it is.
    """

    name: str
    type: str
    is_nullable: bool
    meaning: Description
    unit: Description
    portals: tuple[str, ...]
    example: str
    origin: str
    refers_to: str


@dataclass(frozen=True)
class Entry:
    """A table, view or function: `arguments` and `result` are those of a function; `reads` and `read_by` name neighbours."""

    name: str
    kind: str
    for_readers: bool
    arguments: str
    result: str
    meaning: Description
    keys: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    read_by: tuple[str, ...]
    rule_sets: tuple[str, ...]

    @property
    def schema(self) -> str:
        """Returns the schema it is in."""
        return self.name.split(".")[0]

    @property
    def grain(self) -> Description:
        """Returns what a row is, as the description says it; empty where it does not."""
        en, vi = _GRAIN_EN.search(self.meaning.en), _GRAIN_VI.search(self.meaning.vi)
        return Description(en[1].strip() if en else "", vi[1].strip() if vi else "")


def read_entries(connection: Connection) -> list[Entry]:
    """Returns what analysts may read, in the order of the way of the data, then by name."""
    objects, columns, keys = statements_of_file("ops/dictionary.sql")
    roles = roles_of(connection)
    rows = connection.execute(text(objects), {"analyst": roles.analyst, "reader": roles.reader}).all()
    by_object: dict[int, list[Row[Any]]] = defaultdict(list)
    for column in connection.execute(text(columns)):
        by_object[column.oid].append(column)
    keys_of: dict[int, list[Row[Any]]] = defaultdict(list)
    for key in connection.execute(text(keys)):
        keys_of[key.oid].append(key)
    rule_sets = tuple(connection.execute(text("select rule_set from core.rule_set order by bit")).scalars())
    shown = [row for row in rows if not _WORKING.match(_name(row))]
    shown.sort(key=lambda row: (SCHEMAS.index(row.schema_name), row.name, row.arguments))
    reads = reads_of({_name(row): row.body for row in shown})
    meanings = {
        (_name(row), column.name): described(column.description)
        for row in rows
        if row.kind != "function"
        for column in by_object[row.oid]
    }
    origins = _origins(connection, [_name(row) for row in shown if row.kind == "view"])
    return [
        _entry(
            row,
            by_object[row.columns_of or row.oid],
            keys_of[row.oid],
            _Notes(reads, meanings, origins, rule_sets),
        )
        for row in shown
    ]


class _Notes(NamedTuple):
    """What is known of all objects together."""

    reads: Mapping[str, frozenset[str]]
    meanings: Mapping[tuple[str, str], Description]
    origins: Mapping[tuple[str, str], str]
    rule_sets: tuple[str, ...]


def _origins(connection: Connection, views: list[str]) -> dict[tuple[str, str], str]:
    return {
        (view, column): f"{table}.{name}" for view, column, table, name in column_origins(connection, views)
    }


def _name(row: Row[Any]) -> str:
    return f"{row.schema_name}.{row.name}"


def _entry(row: Row[Any], columns: list[Row[Any]], keys: list[Row[Any]], notes: _Notes) -> Entry:
    name = _name(row)
    foreign = {key.columns[0]: key.refers_to for key in keys if key.kind == "f" and len(key.columns) == 1}
    is_by_rule_set = "rule_set " in row.arguments or any(
        each.name in ("rule_set", "rule_sets") for each in columns
    )
    return Entry(
        name=name,
        kind=row.kind,
        for_readers=row.for_readers,
        arguments=row.arguments,
        result=row.result,
        meaning=described(row.description),
        keys=tuple(tuple(key.columns) for key in keys if key.kind != "f"),
        columns=tuple(_column(name, each, foreign.get(each.name, ""), notes) for each in columns),
        reads=tuple(sorted(notes.reads[name])),
        read_by=tuple(sorted(other for other, needed in notes.reads.items() if name in needed)),
        rule_sets=notes.rule_sets if is_by_rule_set else (),
    )


def _column(owner: str, row: Row[Any], refers_to: str, notes: _Notes) -> Column:
    meaning = described(row.description) if row.description else result_text(owner, row.name, notes.meanings)
    return Column(
        name=row.name,
        type=_short_type(row.type),
        is_nullable=row.is_nullable,
        meaning=meaning,
        unit=unit_of(row.name, row.type),
        portals=portals_of(row.name, meaning.en),
        example=example_of(owner, row.name, row.type),
        origin=notes.origins.get((owner, row.name), ""),
        refers_to=refers_to,
    )


def _short_type(name: str) -> str:
    return name.replace(" without time zone", "").replace("timestamp with time zone", "timestamptz")
