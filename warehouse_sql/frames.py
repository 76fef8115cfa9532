"""Frames of Polars into tables by COPY, and results of queries as frames.

Not here: what a table means.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import polars as pl
import psycopg
from psycopg import sql
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
    written = io.BytesIO()
    # Texts are always in quotes, so none is taken for a null or for the end of the data.
    frame.select(_as_csv(name, frame.schema[name]) for name in names).write_csv(
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
