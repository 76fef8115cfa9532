"""Addresses of a warehouse, and engines whose sessions are in Vietnam's time and end with their process.

Not here: where the warehouse is (`pipelines/settings.py`), or the embedded server (`embedded.py`).
"""

from __future__ import annotations

import contextlib
import re
import time
from typing import Any, cast

import psycopg
from psycopg.pq import PGconn, Ping
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from warehouse_sql.errors import WarehouseError, WarehouseOutOfReachError
from warehouse_sql.masking import masked, remember
from warehouse_sql.messages import message
from warehouse_sql.vietnam_time import TIME_ZONE

OLDEST_SERVER = 15
_WAREHOUSE = "MOTCUA_WAREHOUSE_URL"
_SESSION = {
    "timezone": TIME_ZONE,
    "jit": "off",
    "client_min_messages": "warning",
    # At most so much for the tables of one transaction, and only what they fill: reports and sums make some of a million rows.
    "temp_buffers": "256MB",
}
_CHECK_CLIENT_MILLISECONDS = 1000
_RECOVERS_WITHIN_SECONDS = 60.0
_PAUSE_SECONDS = 0.1
_ASKED_AGAIN = 5
_SILENT = (Ping.REJECT, Ping.NO_RESPONSE)


def open_engine(url: str, pool_size: int = 4) -> Engine:
    """Returns an engine for a PostgreSQL address of any spelling, socket addresses included; nothing is connected yet.

    Sessions are in Vietnam's time. Raises WarehouseError when the address is none.
    """
    address = _parsed(url)
    engine = create_engine(
        address,
        pool_size=pool_size,
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


def _parsed(url: str, variable: str = _WAREHOUSE) -> URL:
    remember(url)
    try:
        address = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url))
    except (ArgumentError, ValueError) as error:
        raise WarehouseError(
            message(
                "Địa chỉ kho không đúng dạng postgresql://người_dùng:mật_khẩu@máy:cổng/cơ_sở_dữ_liệu; hãy sửa "
                "{variable}.",
                variable=variable,
            )
        ) from error
    if not address.drivername.startswith("postgresql"):
        raise WarehouseError(
            message("Kho phải là PostgreSQL; hãy sửa {variable} thành postgresql://….", variable=variable)
        )
    return address


def libpq_address(url: str, variable: str = _WAREHOUSE) -> str:
    """Returns the address as libpq reads it, password included. WarehouseError, which names the variable, when it is none."""
    return _parsed(url, variable).set(drivername="postgresql").render_as_string(hide_password=False)


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
    """Returns the major version of the server.

    A server that starts or recovers from a crash is waited for. Raises WarehouseError when it can't be reached, is older than
    `oldest` or not in UTF-8.
    """
    version, encoding = _version_and_encoding(engine, time.monotonic() + _RECOVERS_WITHIN_SECONDS)
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
    return version


def _version_and_encoding(engine: Engine, deadline: float) -> tuple[int, str]:
    """Returns both, once the server admits sessions. Raises WarehouseError."""
    again = _ASKED_AGAIN
    while True:
        try:
            with engine.connect() as connection:
                version, encoding = connection.execute(
                    text(
                        "select current_setting('server_version_num')::int / 10000,"
                        " (select pg_encoding_to_char(encoding) from pg_database where datname = current_database())"
                    )
                ).one()
                return int(version), str(encoding)
        except OperationalError as error:
            address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            answer = PGconn.ping(address.encode())
            # A server that recovers may have ended in between, or broken off the very session that asks: one answer alone
            # does not say that it is away.
            again = _ASKED_AGAIN if answer == Ping.REJECT else again - 1
            if again and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
                continue
            reason = " ".join(str(error.orig).split())
            # A server that answers but does not let us in will not think better of it.
            kind = WarehouseOutOfReachError if answer in _SILENT else WarehouseError
            raise kind(
                message(
                    "Không kết nối được kho {url}: {reason} Hãy kiểm tra máy chủ và MOTCUA_WAREHOUSE_URL.",
                    url=_shown(engine.url),
                    reason=masked(reason),
                )
            ) from error


def _shown(url: URL) -> str:
    return masked(url.render_as_string(hide_password=True))


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """Returns psycopg's connection below SQLAlchemy's, in its transaction."""
    if not connection.in_transaction():
        connection.begin()  # or SQLAlchemy would not know that there is something to commit
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
