"""What the warehouse says of its own tables and views: descriptions, columns, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from warehouse_sql.sql_files import statements_of_file

# Above this, counting costs more than the exact figure is worth in a run's metadata: a night without news counts as well.
_COUNTED_UP_TO = 100_000


@dataclass(frozen=True)
class Column:
    """A column as PostgreSQL describes it."""

    name: str
    type: str
    is_nullable: bool
    description: str | None


@dataclass(frozen=True)
class TableNote:
    """A table or view: its comment, its columns in order, its rows (of a table above 100,000 an estimate)."""

    description: str | None
    columns: tuple[Column, ...]
    row_count: int


def read_tables(connection: Connection, names: Sequence[str]) -> dict[str, TableNote]:
    """Returns the tables and views of those names (schema.table) in that order. Raises KeyError when there is none."""
    (statement,) = statements_of_file("ops/table_note.sql")
    rows = {row.name: row for row in connection.execute(text(statement), {"names": list(names)})}
    exact = [name for name in names if rows[name].estimated_rows <= _COUNTED_UP_TO]
    counted = _count(connection, exact)
    return {
        name: TableNote(
            description=rows[name].description,
            columns=tuple(Column(*column) for column in rows[name].columns),
            row_count=counted.get(name, int(rows[name].estimated_rows)),
        )
        for name in names
    }


def _count(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    if not names:
        return {}
    # The names are those of the catalogue: they were found there.
    query = "select " + ", ".join(f"(select count(*) from {name})" for name in names)
    return dict(zip(names, connection.execute(text(query)).one(), strict=True))


def failing_rows(connection: Connection, file: str) -> list[dict[str, object]]:
    """Returns the rows of a check: what warehouse_sql/`file` selects ought not to be."""
    (statement,) = statements_of_file(file)
    return [dict(row) for row in connection.execute(text(statement)).mappings()]
