"""The connection to the warehouse: engines, SQL files with bound parameters, COPY of frames, the run lock.

Here: what every layer uses of PostgreSQL. Not here: what a table means, or anything that knows a portal.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import polars as pl
import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from warehouse_sql.masking import masked, remember
from warehouse_sql.messages import message

_ROOT = Path(__file__).parent
OLDEST_SERVER = 15
_SESSION = {"timezone": "Asia/Ho_Chi_Minh", "jit": "off", "client_min_messages": "warning"}
# "motcua" in the high bytes: one lock for all who write to a warehouse.
_RUN_LOCK = 0x6D6F7463_0001
_POLL_SECONDS = 0.2
_CHECK_CLIENT_MILLISECONDS = 1000
_LONGEST_DYING_SECONDS = 30


class WarehouseError(RuntimeError):
    """The warehouse can't be used. The message is one Vietnamese sentence that says what to do."""


def open_engine(url: str) -> Engine:
    """An engine for a PostgreSQL address of any spelling, socket addresses included; nothing is connected yet.

    Sessions are in Vietnam's time. WarehouseError when the address is none.
    """
    address = _parsed(url)
    engine = create_engine(
        address,
        pool_size=4,
        pool_pre_ping=True,  # the embedded server may have been stopped and started in between
        connect_args={
            "options": session_options(),
            "application_name": "motcua",
            "connect_timeout": 10,
            "client_encoding": "utf8",
        },
    )
    event.listen(engine, "connect", _end_with_us)
    return engine


def _parsed(url: str) -> URL:
    remember(url)
    try:
        address = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url))
    except (ArgumentError, ValueError) as error:
        raise WarehouseError(
            message(
                "Địa chỉ kho không đúng dạng postgresql://người_dùng:mật_khẩu@máy:cổng/cơ_sở_dữ_liệu; hãy sửa "
                "MOTCUA_WAREHOUSE_URL."
            )
        ) from error
    if not address.drivername.startswith("postgresql"):
        raise WarehouseError(
            message("Kho phải là PostgreSQL; hãy sửa MOTCUA_WAREHOUSE_URL thành postgresql://….")
        )
    return address


def libpq_address(url: str) -> str:
    """Returns the address as libpq reads it, password included. WarehouseError when it is none."""
    return _parsed(url).set(drivername="postgresql").render_as_string(hide_password=False)


def shown_address(url: str) -> str:
    """Returns the address without its password."""
    return _shown(_parsed(url))


def session_options(**more: str) -> str:
    """Returns libpq's options of every session, and more settings on top."""
    return " ".join(f"-c {name}={value}" for name, value in {**_SESSION, **more}.items())


def _end_with_us(connection: psycopg.Connection[Any], _: Any) -> None:
    """A statement of a process that was killed stops soon after it, and does not run on to its end with its locks."""
    connection.autocommit = True  # a refusal then leaves nothing to roll back
    with contextlib.suppress(psycopg.errors.InvalidParameterValue):  # not every server's system can tell
        connection.execute(f"set client_connection_check_interval = {_CHECK_CLIENT_MILLISECONDS}")
    connection.autocommit = False


def check_server(engine: Engine, oldest: int = OLDEST_SERVER) -> int:
    """Major version of the server; WarehouseError when it can't be reached, is older than `oldest` or not in UTF-8."""
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
            message(
                "Không kết nối được kho {url}: {reason} Hãy kiểm tra máy chủ và MOTCUA_WAREHOUSE_URL.",
                url=_shown(engine.url),
                reason=masked(reason),
            )
        ) from error
    if version < oldest:
        raise WarehouseError(
            message(
                "Máy chủ là PostgreSQL {version}; hãy dùng bản {oldest} trở lên.",
                version=version,
                oldest=oldest,
            )
        )
    if encoding != "UTF8":
        raise WarehouseError(
            message(
                "Cơ sở dữ liệu dùng bảng mã {encoding}; hãy tạo cơ sở dữ liệu với encoding UTF8.",
                encoding=encoding,
            )
        )
    return int(version)


def _shown(url: URL) -> str:
    return masked(url.render_as_string(hide_password=True))


# What may hold a semicolon, a colon or a quote that means nothing: comments (they nest), texts, quoted names, dollar
# quotes. A $ or an e at the end of a name opens nothing.
_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*)
    |(?P<quoted>(?<![\w$])[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"
        |(?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
    |(?P<end>;)
    """,
    re.DOTALL | re.VERBOSE,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _tokens(source: str) -> Iterator[tuple[str, int, int]]:
    """(kind, start, end) of comments, quoted texts and statement ends."""
    place = 0
    while token := _TOKEN.search(source, place):
        kind = next(name for name in ("comment", "quoted", "end") if token[name] is not None)
        place = _comment_end(source, token.end()) if token.group() == "/*" else token.end()
        yield kind, token.start(), place


def _comment_end(source: str, place: int) -> int:
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(source, place)
        if edge is None:
            return len(source)
        depth += 1 if edge.group() == "/*" else -1
        place = edge.end()
    return place


def statements_of(source: str) -> list[str]:
    """The statements of a SQL text, cut at its top-level semicolons; comments between them are left out.

    A body `begin atomic … end` is not understood: write bodies in dollar quotes.
    """
    parts: list[str] = [""]
    place = 0
    for kind, start, end in _tokens(source):
        parts[-1] += source[place:start]
        if kind == "end":
            parts.append("")
        elif kind == "quoted" or parts[-1].strip():
            parts[-1] += source[start:end]
        place = end
    parts[-1] += source[place:]
    return [part.strip() for part in parts if part.strip()]


@cache
def statements_of_file(name: str) -> tuple[str, ...]:
    """The statements of warehouse_sql/`name`."""
    return tuple(statements_of((_ROOT / name).read_text(encoding="utf-8")))


@cache
def _prepared(statement: str) -> tuple[Any, frozenset[str]]:
    clause = text(_colons_escaped(statement))
    return clause, frozenset(clause._bindparams)


def _colons_escaped(statement: str) -> str:
    """In quotes, comments and casts a colon is a colon, not the start of a parameter."""
    written, place = [], 0
    for _, start, end in _tokens(statement):
        written += [_casts_escaped(statement[place:start]), statement[start:end].replace(":", r"\:")]
        place = end
    return "".join([*written, _casts_escaped(statement[place:])])


def _casts_escaped(code: str) -> str:
    return code.replace("::", r"\:\:")


def run_file(connection: Connection, name: str, /, **parameters: Any) -> int:
    """Runs warehouse_sql/`name` statement by statement with its :parameters bound; rows of the last one.

    TypeError when a parameter is missing, DBAPIError when a statement fails; the transaction is the caller's.
    """
    count = 0
    for statement in statements_of_file(name):
        clause, names = _prepared(statement)
        if missing := names - parameters.keys():
            raise TypeError(f"warehouse_sql/{name} needs the parameters {', '.join(sorted(missing))}")
        result = connection.execute(clause, {key: parameters[key] for key in names})
        count = result.rowcount
    return count


def run_script(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements as they are, without parameters: a colon or a percent sign in them means itself."""
    for statement in statements:
        driver_connection(connection).execute(statement)


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


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """Returns psycopg's connection below SQLAlchemy's, in its transaction."""
    if not connection.in_transaction():
        connection.begin()  # or SQLAlchemy would not know that there is something to commit
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def read_frame(connection: Connection, query: str, /, **parameters: Any) -> pl.DataFrame:
    """The rows of a query as a frame, for results that fit into memory; types are the query's, rows or not.

    Instants are in Vietnam's time, numerics are Decimal, JSON is text. psycopg.DataError for an infinite time.
    """
    clause, _ = _prepared(query)
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
    "timestamptz": pl.Datetime("us", "Asia/Ho_Chi_Minh"),
}


def _kind(oid: int) -> tuple[str, bool]:
    """Name of a type of PostgreSQL, and whether it is an array of it."""
    known = psycopg.adapters.types.get(oid)
    return (known.name, known.oid != oid) if known else ("", False)


def _polars_type(name: str, is_array: bool) -> Any:
    found = _POLARS_TYPES.get(name)
    return pl.List(found) if is_array and found is not None else found


def _plain(value: Any, kind: tuple[str, bool]) -> Any:
    if value is not None and kind[0] in ("json", "jsonb"):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, UUID) else value


@contextmanager
def run_lock(engine: Engine, wait_seconds: float = 0) -> Iterator[None]:
    """The one lock of a warehouse, held by a session of its own and freed with it, also by a crash.

    Meanwhile no transaction of the engine begins unless the lock is still held. WarehouseError naming who holds it
    when it is not free within `wait_seconds`, and in `engine.begin()` when it was lost.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + wait_seconds
        while not connection.execute(
            text("select pg_try_advisory_lock(:key)"), {"key": _RUN_LOCK}
        ).scalar_one():
            if time.monotonic() >= deadline:
                raise WarehouseError(_holder(connection))
            time.sleep(_POLL_SECONDS)
        held = driver_connection(connection)
        # Never back into the pool: whatever happens, the lock ends with this session.
        connection.detach()
        held.execute("set idle_session_timeout = 0")
        _wait_for_the_dead(connection, deadline)

        def still_held(_: Connection) -> None:
            try:
                held.execute("select 1")
            except psycopg.Error as error:
                raise WarehouseError(_LOST) from error

        # The server may have been started anew in between: the pool connects again, and another run may be on its way.
        event.listen(engine, "begin", still_held)
        try:
            yield
        finally:
            event.remove(engine, "begin", still_held)
            with contextlib.suppress(DBAPIError):  # the session is gone, and the lock with it
                connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _RUN_LOCK})


_LOST = message(
    "Kho đã ngắt phiên giữ khóa của lần chạy này (máy chủ khởi động lại giữa chừng?); hãy chạy lại, "
    "việc dở sẽ được làm tiếp."
)


def _wait_for_the_dead(connection: Connection, deadline: float) -> None:
    """A run that was killed may have a commit on its way: until it is through or gone, nothing can be read for sure."""
    while pid := connection.execute(
        text(
            "select min(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and application_name = 'motcua' and backend_xid is not null"
        )
    ).scalar_one():
        if time.monotonic() >= deadline + _LONGEST_DYING_SECONDS:
            raise WarehouseError(
                message(
                    "Phiên {pid} của một lần chạy đã bị ngắt còn đang dở trong kho; hãy đợi ít phút rồi chạy lại.",
                    pid=pid,
                )
            )
        time.sleep(_POLL_SECONDS)


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
    if not row:
        return message("Một lần chạy khác đang giữ kho; hãy đợi lần chạy đó xong rồi chạy lại.")
    return message(
        "Một lần chạy khác đang giữ kho (phiên {pid} của {program}, từ {since}); hãy đợi lần chạy đó xong rồi chạy"
        " lại.",
        pid=row.pid,
        program=row.application_name or "?",
        since=row.since,
    )


@contextmanager
def side_database(engine: Engine, purpose: str) -> Iterator[Engine]:
    """An empty database beside the warehouse on the same server, with its order of text; dropped afterwards.

    WarehouseError when the user may not create databases.
    """
    name = f"{engine.url.database}_{purpose}_{os.getpid()}"[-63:]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _drop_left_over(connection, f"{SIDE_DATABASE} {engine.url.database} {purpose}")
        try:
            driver_connection(connection).execute(_create_like_this(connection, name))
        except psycopg.Error as error:
            raise WarehouseError(
                message(
                    "Không tạo được cơ sở dữ liệu {name} để so sánh; hãy cho người dùng kho quyền CREATEDB.",
                    name=name,
                )
            ) from error
        driver_connection(connection).execute(
            sql.SQL("comment on database {} is {}").format(
                sql.Identifier(name), sql.Literal(f"{SIDE_DATABASE} {engine.url.database} {purpose}")
            )
        )
    beside = open_engine(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield beside
    finally:
        beside.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver_connection(connection).execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )


#: How the comment of a database that stands beside a warehouse for a while begins.
SIDE_DATABASE = "motcua, beside"


def _create_like_this(connection: Connection, name: str) -> sql.Composed:
    """Text must be compared alike in both, or what is picked by order differs."""
    own = json.loads(
        connection.execute(
            text("select to_jsonb(d)::text from pg_database as d where datname = current_database()")
        ).scalar_one()
    )
    options = [
        sql.SQL("lc_collate {}").format(sql.Literal(own["datcollate"])),
        sql.SQL("lc_ctype {}").format(sql.Literal(own["datctype"])),
    ]
    locale = own.get("datlocale") or own.get("daticulocale")  # 17 renamed it
    if own["datlocprovider"] == "i":
        options.append(sql.SQL("locale_provider icu icu_locale {}").format(sql.Literal(locale)))
    if own["datlocprovider"] == "b":
        options.append(sql.SQL("locale_provider builtin builtin_locale {}").format(sql.Literal(locale)))
    return sql.SQL("create database {} template template0 encoding 'UTF8' {}").format(
        sql.Identifier(name), sql.SQL(" ").join(options)
    )


def _drop_left_over(connection: Connection, mark: str) -> None:
    """Of a process that was killed: marked as ours, and with nobody in it."""
    left = connection.execute(
        text(
            "select datname from pg_database where shobj_description(oid, 'pg_database') = :mark"
            " and not exists (select 1 from pg_stat_activity as a where a.datname = pg_database.datname)"
        ),
        {"mark": mark},
    ).scalars()
    for name in left.all():
        with contextlib.suppress(psycopg.Error):  # somebody came in, or it is not ours to drop
            driver_connection(connection).execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
