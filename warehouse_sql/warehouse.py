"""The connection to the warehouse: engines, SQL files with bound parameters, COPY of frames, the run lock.

Here: what every layer uses of PostgreSQL. Not here: what a table means, or anything that knows a portal.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString, cast

import polars as pl
import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

_ROOT = Path(__file__).parent
OLDEST_SERVER = 15
ANALYST_ROLE = "motcua_analyst"
_SESSION = "-c timezone=Asia/Ho_Chi_Minh -c jit=off -c client_min_messages=warning"
# "motcua" in the high bytes: one lock for all who write to a warehouse.
_RUN_LOCK = 0x6D6F7463_0001
_POLL_SECONDS = 0.2


class WarehouseError(RuntimeError):
    """The warehouse can't be used. The message is one Vietnamese sentence that says what to do."""


def open_engine(url: str) -> Engine:
    """An engine for a PostgreSQL address of any spelling, socket addresses included; nothing is connected yet.

    Sessions are in Vietnam's time. WarehouseError when the address is none.
    """
    try:
        address = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url))
    except ArgumentError as error:
        raise WarehouseError(
            "Địa chỉ kho không đúng dạng postgresql://người_dùng:mật_khẩu@máy:cổng/cơ_sở_dữ_liệu;"
            " hãy sửa MOTCUA_WAREHOUSE_URL."
        ) from error
    if not address.drivername.startswith("postgresql"):
        raise WarehouseError("Kho phải là PostgreSQL; hãy sửa MOTCUA_WAREHOUSE_URL thành postgresql://….")
    return create_engine(
        address,
        pool_size=4,
        connect_args={"options": _SESSION, "application_name": "motcua", "connect_timeout": 10},
    )


def check_server(engine: Engine) -> int:
    """Major version of the server; WarehouseError when it can't be reached, is too old or not in UTF-8."""
    try:
        with engine.connect() as connection:
            version, encoding = connection.execute(
                text(
                    "select current_setting('server_version_num')::int / 10000,"
                    " (select pg_encoding_to_char(encoding) from pg_database where datname = current_database())"
                )
            ).one()
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise WarehouseError(
            f"Không kết nối được kho {_shown(engine.url)}: {reason} Hãy kiểm tra máy chủ và MOTCUA_WAREHOUSE_URL."
        ) from error
    if version < OLDEST_SERVER:
        raise WarehouseError(f"Máy chủ là PostgreSQL {version}; cần bản {OLDEST_SERVER} trở lên.")
    if encoding != "UTF8":
        raise WarehouseError(f"Cơ sở dữ liệu dùng bảng mã {encoding}; hãy tạo cơ sở dữ liệu với encoding UTF8.")
    return int(version)


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


# A statement ends at a semicolon outside of quotes, dollar quotes and comments.
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|;""", re.DOTALL
)


def statements_of(source: str) -> list[str]:
    """The statements of a SQL text, without the comments around them."""
    found, start = [], 0
    for token in _TOKEN.finditer(source):
        if token.group() == ";":
            found.append(source[start : token.start()])
            start = token.end()
    found.append(source[start:])
    bare = [re.sub(r"\A(?:\s+|--[^\n]*\n?|/\*.*?\*/)+", "", part, flags=re.DOTALL).strip() for part in found]
    return [statement for statement in bare if statement]


@cache
def statements_of_file(name: str) -> tuple[str, ...]:
    """The statements of warehouse_sql/`name`."""
    return tuple(statements_of((_ROOT / name).read_text(encoding="utf-8")))


@cache
def _prepared(statement: str) -> tuple[Any, frozenset[str]]:
    clause = text(statement)
    return clause, frozenset(clause._bindparams)


def run_file(connection: Connection, name: str, **parameters: Any) -> int:
    """Runs warehouse_sql/`name` statement by statement with its :parameters bound; rows of the last one."""
    count = 0
    for statement in statements_of_file(name):
        clause, names = _prepared(statement)
        result = connection.execute(clause, {key: parameters[key] for key in names})
        count = result.rowcount
    return count


def run_script(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements as they are, without parameters: a colon or a percent sign in them means itself."""
    for statement in statements:
        _raw(connection).execute(cast(LiteralString, statement))


def copy_frame(
    connection: Connection, frame: pl.DataFrame, table: str, columns: Sequence[str] | None = None
) -> int:
    """COPY of a frame into a table, in the connection's transaction; nulls stay null, empty texts empty.

    Lists of text become text[]. The number of rows.
    """
    names = list(columns or frame.columns)
    lists = [name for name in names if isinstance(frame.schema[name], pl.List)]
    buffer = io.BytesIO()
    frame.select(names).with_columns(_array_text(name) for name in lists).write_csv(buffer, include_header=False)
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with _raw(connection).cursor().copy(statement) as copy:
        copy.write(buffer.getbuffer())
    return frame.height


def _array_text(name: str) -> pl.Expr:
    quoted = pl.element().str.replace_all(r"([\\\"])", r"\$1")
    inner = pl.col(name).list.eval(pl.concat_str(pl.lit('"'), quoted, pl.lit('"'))).list.join(",")
    return pl.concat_str(pl.lit("{"), inner, pl.lit("}")).alias(name)


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def read_frame(connection: Connection, query: str, **parameters: Any) -> pl.DataFrame:
    """The rows of a query as a frame, for results that fit into memory; types follow the values."""
    result = connection.execute(text(query), parameters)
    names = list(result.keys())
    rows = [tuple(row) for row in result]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def ask_as_analyst(engine: Engine, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of one read-only statement asked as the analyst role; nothing it does can stay.

    Where the server has no such role (it may not be allowed to be made), read-only alone protects.
    """
    check_server(engine)
    with engine.connect() as connection, _raw(connection).cursor() as cursor:
        cursor.execute("set transaction read only")
        cursor.execute("select 1 from pg_roles where rolname = %s and pg_has_role(rolname, 'member')", [ANALYST_ROLE])
        if cursor.fetchone():
            cursor.execute(sql.SQL("set local role {}").format(sql.Identifier(ANALYST_ROLE)))
        # Prepared: the server then refuses more than one statement.
        cursor.execute(cast(LiteralString, query), prepare=True)
        if cursor.description is None:
            raise WarehouseError("Câu lệnh không trả về dòng nào; motcua sql chỉ dùng để hỏi (select).")
        names = [column.name for column in cursor.description]
        return names, list(cursor.fetchall())


@contextmanager
def run_lock(engine: Engine, wait_seconds: float = 0) -> Iterator[None]:
    """The one lock of a warehouse, held by a session of its own and freed with it, also by a crash.

    WarehouseError naming who holds it when it is not free within `wait_seconds`.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + wait_seconds
        while not connection.execute(
            text("select pg_try_advisory_lock(:key)"), {"key": _RUN_LOCK}
        ).scalar_one():
            if time.monotonic() >= deadline:
                raise WarehouseError(_holder(connection))
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _RUN_LOCK})


def _holder(connection: Connection) -> str:
    row = connection.execute(
        text(
            "select a.pid, a.application_name, to_char(a.backend_start, 'HH24:MI:SS DD/MM/YYYY') as since"
            " from pg_locks as l inner join pg_stat_activity as a on l.pid = a.pid"
            " where l.locktype = 'advisory' and l.granted and l.objsubid = 1"
            " and l.database = (select oid from pg_database where datname = current_database())"
            " and (l.classid::bigint << 32) | l.objid::bigint = :key"
        ),
        {"key": _RUN_LOCK},
    ).one_or_none()
    who = f" (phiên {row.pid} của {row.application_name or '?'}, từ {row.since})" if row else ""
    return f"Một lần chạy khác đang giữ kho{who}; hãy đợi lần chạy đó xong rồi chạy lại."


@contextmanager
def side_database(engine: Engine, purpose: str) -> Iterator[Engine]:
    """An empty database beside the warehouse on the same server, dropped afterwards."""
    name = f"{engine.url.database}_{purpose}_{os.getpid()}"
    quoted = engine.dialect.identifier_preparer.quote(name)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.execute(text(f"create database {quoted} template template0 encoding 'UTF8'"))
        except DBAPIError as error:
            raise WarehouseError(
                f"Không tạo được cơ sở dữ liệu {name} để so sánh; hãy cho người dùng kho quyền CREATEDB."
            ) from error
    beside = open_engine(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield beside
    finally:
        beside.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"drop database if exists {quoted} with (force)"))
