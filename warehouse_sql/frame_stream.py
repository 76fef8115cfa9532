"""The answer of a query as frames, one after another: memory does not grow with the number of rows.

Here: COPY out of the server, and the type of each column. Not here: what a login may ask (`analyst.py`), or what files
are made of the rows.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl
import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus

from warehouse_sql.analyst import first_word, reading, single_question
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.vietnam_time import TIME_ZONE

#: What files hold where PostgreSQL has an infinite time: they have no word for it, and comparisons stay right.
ENDLESS, BEGINLESS = "9999-12-31", "0001-01-01"
_FRAME_BYTES = 32 << 20
_ONLY_SHOWN = ("explain", "show")
_INSTANT = "%Y-%m-%d %H:%M:%S%.f"
_DECIMAL_DIGITS = 38
_SIMPLE: dict[str, Any] = {
    **{"int2": pl.Int16, "int4": pl.Int32, "int8": pl.Int64, "oid": pl.Int64},
    **{"float4": pl.Float32, "float8": pl.Float64},
}
_PARSED: dict[str, Any] = {
    **{"bool": pl.Boolean, "date": pl.Date, "time": pl.Time, "timestamp": pl.Datetime("us")},
    "timestamptz": pl.Datetime("us", TIME_ZONE),
}
_OF_ARRAYS: dict[str, Any] = _SIMPLE | {"bool": pl.Boolean}

T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """A column of an answer.

    Without a type it is a numeric whose digits nobody declared, such as a sum: its values come as text.
    """

    name: str
    kind: str
    is_array: bool
    type: Any

    @property
    def is_text(self) -> bool:
        """Whether PostgreSQL has words here, which may begin as a formula does."""
        return self.type == pl.String or self.is_array


def ask_for_frames(
    url: str, query: str, timeout_seconds: float, take: Callable[[list[Column], Iterator[pl.DataFrame]], T]
) -> T:
    """Returns what `take` makes of a read-only statement's columns and rows, which it gets as frames one after another.

    Raises as `ask` does, and WarehouseError for a statement that is no query, such as `explain`.
    """
    statement = single_question(query)
    if first_word(statement) in _ONLY_SHOWN:
        raise WarehouseError(
            message(
                "--out chỉ ghi kết quả của select, with, values hoặc table; hãy bỏ --out để xem câu trả lời này."
            )
        )
    with reading(url, timeout_seconds) as connection:
        columns, frames = stream_frames(connection, statement)
        with closing(frames):  # an open COPY holds the connection
            return take(columns, frames)


def stream_frames(
    connection: psycopg.Connection[Any], statement: str
) -> tuple[list[Column], Generator[pl.DataFrame, None, None]]:
    """Returns the columns of a query's answer and its rows as frames of some 32 MB, read from the server as they are taken.

    The statement is parsed alone, before it becomes part of another. Raises psycopg.Error when the server refuses it.
    Frames name their columns by place: `c0`, `c1`, …, since two columns of an answer may have one name.
    """
    columns = _described(connection, statement)
    copied = ", ".join(_selected(place, column) for place, column in enumerate(columns))
    places = ", ".join(f"c{place}" for place in range(len(columns)))
    # The first column keeps a row of one null from being an empty line.
    query = f"copy (select 0, {copied} from (\n{statement}\n) as answer ({places})) to stdout (format csv)"
    return columns, _frames(connection, query, columns)


def _described(connection: psycopg.Connection[Any], statement: str) -> list[Column]:
    connection.execute("select 1")  # opens the transaction, as it was set up
    server = connection.pgconn
    for result in (server.prepare(b"", statement.encode()), server.describe_prepared(b"")):
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
    return [
        _column((result.fname(place) or b"").decode(), result.ftype(place), result.fmod(place))
        for place in range(result.nfields)
    ]


def _column(name: str, oid: int, modifier: int) -> Column:
    known = psycopg.adapters.types.get(oid)
    kind, is_array = (known.name, known.oid != oid) if known else ("", False)
    if is_array:
        return Column(name, kind, True, pl.List(_OF_ARRAYS.get(kind, pl.String)))
    if kind == "numeric":
        return Column(name, kind, False, _declared_decimal(modifier))
    return Column(name, kind, False, (_SIMPLE | _PARSED).get(kind, pl.String))


def _declared_decimal(modifier: int) -> Any:
    """Returns the type of `numeric(precision, scale)` by PostgreSQL's code for the two, None where it has none."""
    if modifier < 4:
        return None
    precision, scale = ((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF
    return pl.Decimal(precision, scale) if scale <= precision <= _DECIMAL_DIGITS else None


def _selected(place: int, column: Column) -> str:
    return f"to_jsonb(c{place})" if column.is_array else f"c{place}"


def _frames(
    connection: psycopg.Connection[Any], query: str, columns: Sequence[Column]
) -> Generator[pl.DataFrame, None, None]:
    raw = {"_": pl.Int8} | {
        f"c{place}": _SIMPLE.get(column.kind, pl.String) if not column.is_array else pl.String
        for place, column in enumerate(columns)
    }
    typed = [_typed(f"c{place}", column) for place, column in enumerate(columns)]
    with connection.cursor() as cursor, cursor.copy(sql.SQL(query)) as copy:
        for piece in _pieces(copy):
            yield pl.read_csv(piece, has_header=False, schema=raw).select(typed)


def _pieces(copy: psycopg.Copy) -> Iterator[io.BytesIO]:
    """Yields whole rows of CSV: the server sends each row as a message of its own."""
    piece = io.BytesIO()
    for row in copy:
        piece.write(row)
        if piece.tell() >= _FRAME_BYTES:
            piece.seek(0)
            yield piece
            piece = io.BytesIO()
    if piece.tell():
        piece.seek(0)
        yield piece


def _typed(place: str, column: Column) -> pl.Expr:
    written = pl.col(place)
    if column.is_array:
        return written.str.json_decode(column.type)
    if column.kind == "bool":
        return written == "t"
    if column.kind == "time":
        return written.str.to_time("%H:%M:%S%.f")
    if isinstance(column.type, pl.Decimal):
        number = pl.when(written != "NaN").then(written)
        return number.str.to_decimal(scale=column.type.scale).cast(column.type)
    return _day_or_instant(written, column.kind)


def _day_or_instant(written: pl.Expr, kind: str) -> pl.Expr:
    if kind == "date":
        return _without_infinity(written, "").str.to_date("%Y-%m-%d")
    if kind == "timestamp":
        return _without_infinity(written, " 00:00:00").str.to_datetime(_INSTANT, time_unit="us")
    if kind == "timestamptz":
        shown = _without_infinity(written, " 00:00:00+07")
        return shown.str.to_datetime(f"{_INSTANT}%#z", time_unit="us").dt.convert_time_zone(TIME_ZONE)
    return written


def _without_infinity(written: pl.Expr, clock: str) -> pl.Expr:
    return written.replace({"infinity": f"{ENDLESS}{clock}", "-infinity": f"{BEGINLESS}{clock}"})
