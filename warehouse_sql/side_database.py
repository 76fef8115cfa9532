"""A second database on the warehouse's server for as long as something is compared with it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text

from warehouse_sql.engine import driver_connection, open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message


@contextmanager
def side_database(engine: Engine, purpose: str) -> Iterator[Engine]:
    """An empty database next to the warehouse on the same server, with its order of text; dropped afterwards.

    Raises WarehouseError when the user may not create databases.
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
    side_engine = open_engine(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield side_engine
    finally:
        side_engine.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _drop(connection, name)


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


def _drop(connection: Connection, name: str) -> None:
    """Drops the database of a comparison, after ending our own sessions in it.

    Not by force: an autovacuum worker belongs to a superuser, and PostgreSQL refuses a forced drop to whoever may not end
    its session; a plain drop ends autovacuum by itself. If another session stays for more than five seconds, the database
    is left, and the next comparison drops it.
    """
    connection.execute(
        text(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = :name and usename = current_user"
        ),
        {"name": name},
    )
    with contextlib.suppress(psycopg.errors.ObjectInUse):
        driver_connection(connection).execute(
            sql.SQL("drop database if exists {}").format(sql.Identifier(name))
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
