"""Where columns come from, as far as PostgreSQL knows it: no list of it is kept by hand.

A column that a view passes on unchanged has its origin in the description of the view's query; a foreign key is a key of the
table that it refers to. What is computed has no origin here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from warehouse_sql.engine import driver_connection
from warehouse_sql.sql_files import statements_of_file

#: (table, column, table of the origin, column of the origin), tables with their schemas.
Origin = tuple[str, str, str, str]


def column_origins(connection: Connection, names: Sequence[str]) -> list[Origin]:
    """Returns the origins of the columns of those tables and views (schema.table)."""
    keys, views, columns = statements_of_file("ops/column_origin.sql")
    origins: list[Origin] = [
        (row[0], row[1], row[2], row[3]) for row in connection.execute(text(keys), {"names": list(names)})
    ]
    passed_on = [
        (row.name, *column)
        for row in connection.execute(text(views), {"names": list(names)}).all()
        for column in _passed_on(connection, row.definition)
    ]
    if not passed_on:
        return origins
    tables = sorted({table for _, _, table, _ in passed_on})
    known = {
        (row.table_oid, row.column_no): (row.name, row.column_name)
        for row in connection.execute(text(columns), {"tables": tables})
    }
    return origins + [(name, column, *known[table, number]) for name, column, table, number in passed_on]


def _passed_on(connection: Connection, query: str) -> Iterator[tuple[str, int, int]]:
    """Yields (column, table, number of the column in the table) of the query, which is described and not run."""
    pgconn: Any = driver_connection(connection).pgconn
    pgconn.prepare(b"", query.rstrip("; \n").encode())
    described = pgconn.describe_prepared(b"")
    for place in range(described.nfields):
        if described.ftable(place):
            yield described.fname(place).decode(), described.ftable(place), described.ftablecol(place)
