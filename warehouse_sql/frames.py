"""Frames of Polars into tables by COPY, and results of queries as frames.

Not here: what a table means.
"""

from __future__ import annotations

import io
import json
from collections.abc import Generator, Iterator, Sequence
from typing import Any
from uuid import UUID

import polars as pl
import psycopg
from psycopg import sql
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from psycopg.waiting import Ready, Wait
from sqlalchemy import Connection

from warehouse_sql.engine import driver_connection
from warehouse_sql.sql_files import prepared
from warehouse_sql.vietnam_time import TIME_ZONE


def copy_frame(
    connection: Connection, frame: pl.DataFrame, table: str, columns: Sequence[str] | None = None
) -> int:
    """COPY of a frame into a table, in the connection's transaction; nulls stay null, empty texts empty.

    Lists become arrays. The number of rows. psycopg.Error when the server refuses a value.
    """
    names = list(columns or frame.columns)
    statement = sql.SQL("copy {} ({}) from stdin (format csv, null {})").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, names)), sql.Literal(_NULL)
    )
    written, kinds = io.BytesIO(), frame.schema
    # Texts are always in quotes, so none is taken for a null or for the end of the data.
    frame.select(_as_csv(name, kinds[name]) for name in names).write_csv(
        written, include_header=False, quote_style="non_numeric", null_value=_NULL
    )
    with driver_connection(connection).cursor().copy(statement) as copy:
        copy.write(written.getbuffer())
    return frame.height


_NULL = "~"  # not in quotes; in a frame of one column an empty line would not do


def _as_csv(name: str, kind: pl.DataType) -> pl.Expr:
    if not isinstance(kind, pl.List):
        return pl.col(name)
    item = pl.element().cast(pl.String).str.replace_all(r"([\\\"])", r"\$1")
    items = pl.concat_str(pl.lit('"'), item, pl.lit('"')).fill_null("NULL")
    return pl.concat_str(pl.lit("{"), pl.col(name).list.eval(items).list.join(","), pl.lit("}")).alias(name)


def read_frame(connection: Connection, query: str, /, **parameters: Any) -> pl.DataFrame:
    """Returns the rows of a query as a frame, for results that fit into memory; types are the query's, rows or not.

    Instants are in Vietnam's time, numerics are Decimal, JSON is text. psycopg.DataError for an infinite time.
    """
    clause, _ = prepared(query)
    result = connection.execute(clause, parameters)
    described: Any = result.cursor
    kinds = {column.name: _kind(column.type_code) for column in described.description}
    rows = [tuple(map(_plain, row, kinds.values())) for row in result]
    schema = {name: _polars_type(*kind) for name, kind in kinds.items()}
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)


def copy_out(connection: Connection, query: str, /, **parameters: Any) -> pl.DataFrame:
    """Returns the rows of a query by COPY, for results of many rows: as `read_frame`, of texts, numbers, booleans, dates and
    timestamps without a time zone, and lists of timestamps or of texts that hold no comma, quote or brace.
    """
    return pl.concat(copy_out_by_parts(connection, query, **parameters))


def copy_out_by_parts(connection: Connection, query: str, /, **parameters: Any) -> Iterator[pl.DataFrame]:
    """Yields the same as frames of some 16 MB of text, one at least: whoever holds them shorter needs no memory for all of it."""
    clause, _ = prepared(query)
    compiled = clause.compile(dialect=connection.dialect)
    values = compiled.construct_params(parameters)
    statement = str(compiled)
    cursor = driver_connection(connection).cursor()
    described = cursor.execute(f"select * from ({statement}) as q limit 0", values).description or []
    kinds = {column.name: _kind(column.type_code) for column in described}
    is_first, is_last = True, False
    with cursor.copy(f"copy ({statement}) to stdout (format csv)", values):
        while not is_last:
            copied = io.BytesIO()
            is_last = cursor.connection.wait(_next_rows(cursor.connection.pgconn, copied))
            if is_first or copied.tell():
                yield _out_of_copy(copied, kinds)
            is_first = False


_PART_BYTES = 16 << 20


def _next_rows(server: PGconn, copied: io.BytesIO) -> Generator[Wait, Ready | int, bool]:
    """Writes down the next part of what a COPY sends, whole rows. True where these are the last.

    Row by row through psycopg's own iterator takes several times as long.
    """
    while copied.tell() < _PART_BYTES:
        size, data = server.get_copy_data(1)
        if size > 0:
            copied.write(data)
        elif size == 0:
            while not (yield Wait.R):
                continue
            server.consume_input()
        else:
            break
    else:
        return False
    for result in (yield from fetch_many(server)):
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
    return True


def _out_of_copy(copied: io.BytesIO, kinds: dict[str, tuple[str, bool]]) -> pl.DataFrame:
    schema = {name: _CSV_TYPES.get(kind, pl.String) for name, (kind, _) in kinds.items()}
    if not copied.tell():
        rows = pl.DataFrame(schema=dict.fromkeys(kinds, pl.String))
    else:
        copied.seek(0)
        rows = pl.read_csv(copied, has_header=False, schema=schema)
    return rows.select(_out_of_csv(name, *kind) for name, kind in kinds.items())


_INSTANT = "%Y-%m-%d %H:%M:%S%.f"
_CSV_TYPES: dict[str, Any] = {
    **{"int2": pl.Int16, "int4": pl.Int32, "int8": pl.Int64, "float8": pl.Float64},
}


def _out_of_csv(name: str, kind: str, is_array: bool) -> pl.Expr:
    if is_array:
        return _array_out_of_csv(name, kind)
    column = pl.col(name)
    if kind == "bool":
        return column == "t"
    if kind == "timestamp":
        return column.str.to_datetime(_INSTANT, time_unit="us")
    if kind == "date":
        return column.str.to_date("%Y-%m-%d")
    if kind == "time":
        return column.str.to_time("%H:%M:%S")
    return column.cast(_CSV_TYPES.get(kind, pl.String))


def _array_out_of_csv(name: str, kind: str) -> pl.Expr:
    column = pl.col(name)
    inner = column.str.strip_prefix("{").str.strip_suffix("}")
    filled = pl.when(inner != "").then(inner.str.split(","))
    if kind == "timestamp":
        instant = pl.element().str.strip_chars('"').replace("NULL", None)
        return filled.list.eval(instant.str.to_datetime(_INSTANT, time_unit="us")).alias(name)
    whole = filled.fill_null(pl.lit([], dtype=pl.List(pl.String)))
    return pl.when(column.is_not_null()).then(whole).alias(name)


# Others, as numerics with their scale, are typed by their values.
_POLARS_TYPES: dict[str, Any] = {
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "json", "jsonb", "uuid"), pl.String),
    **dict.fromkeys(("int2", "int4", "int8"), pl.Int64),
    **dict.fromkeys(("float4", "float8"), pl.Float64),
    **{"bool": pl.Boolean, "date": pl.Date, "timestamp": pl.Datetime("us"), "interval": pl.Duration("us")},
    "timestamptz": pl.Datetime("us", TIME_ZONE),
}


def _kind(oid: int) -> tuple[str, bool]:
    """Returns the name of a type of PostgreSQL, and whether it is an array of it."""
    known = psycopg.adapters.types.get(oid)
    return (known.name, known.oid != oid) if known else ("", False)


def _polars_type(name: str, is_array: bool) -> Any:
    polars_type = _POLARS_TYPES.get(name)
    return pl.List(polars_type) if is_array and polars_type is not None else polars_type


def _plain(value: Any, kind: tuple[str, bool]) -> Any:
    if value is not None and kind[0] in ("json", "jsonb"):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, UUID) else value
