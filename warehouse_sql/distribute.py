"""The warehouse laid out over the servers of a Citus, table by table as `distribution.py` says.

Not here: the servers themselves, which their administrator installs and joins.
"""

from __future__ import annotations

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from warehouse_sql.distribution import DISTRIBUTION_COLUMN, PLACES, Place
from warehouse_sql.errors import WarehouseError
from warehouse_sql.laid_out import FIRST_DISTRIBUTED
from warehouse_sql.messages import message
from warehouse_sql.roles import grant_rights, roles_of
from warehouse_sql.sql_files import run_script, statements_of_file
from warehouse_sql.vietnam_time import TIME_ZONE

#: What sessions need in a database whose tables are on several servers, and why.
_SETTINGS = {
    # Rows of one dossier are mostly joined where they lie; a few joins are by other keys.
    "citus.enable_repartition_joins": "on",
    # A transaction that changes reference data changes facts as well: shards one by one see what it did before.
    "citus.multi_shard_modify_mode": "sequential",
    # A full list of a million dossiers is compared with history in one statement.
    "citus.max_intermediate_result_size": "-1",
    # On the other servers, too, days are Vietnam's: sessions of Citus there have the time zone of the database.
    "timezone": TIME_ZONE,
}


def distribute(engine: Engine, parts: int, role_prefix: str | None = None) -> list[str]:
    """Distributes or copies every table that is still on one server alone; returns these, empty when there was none.

    `parts`: into how many parts distributed tables are cut. All or nothing, rows included. Raises WarehouseError where the
    server has no Citus, or the user may not do so.
    """
    try:
        with engine.begin() as connection:
            if not _has_citus(connection):
                raise WarehouseError(
                    message(
                        "Cơ sở dữ liệu {database} không có Citus; hãy cài Citus trên mọi máy chủ, chạy create extension citus"
                        " rồi chạy lại.",
                        database=engine.url.database,
                    )
                )
            # No policies on tables of several servers, and views and functions of the marts as their owner's.
            grant_rights(connection, roles_of(connection, role_prefix))
            moved = lay_out(connection, parts)
            for name, value in _SETTINGS.items():
                connection.execute(
                    text(f"alter database {_quoted_database(connection)} set {name} = '{value}'")
                )
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise WarehouseError(
            message(
                "Người dùng kho không được trải bảng ra các máy chủ ({reason}); hãy chạy bằng chủ của cơ sở dữ liệu.",
                reason=" ".join(str(error.orig).split()),
            )
        ) from error
    engine.dispose()  # sessions that are open have neither the settings nor the news
    return moved


def lay_out(connection: Connection, parts: int = 1) -> list[str]:
    """Returns the tables that were on one server alone, now where they belong; functions are as several servers need them.

    `parts` matters the first time only: tables to come lie like those that are there.
    """
    there = set(
        connection.execute(
            text(
                "select n.nspname || '.' || c.relname from pg_dist_partition as p"
                " inner join pg_class as c on p.logicalrelid = c.oid inner join pg_namespace as n on c.relnamespace = n.oid"
                # a table of the coordinator that refers to reference data has a row as well
                " where p.partmethod = 'h' or p.repmodel = 't'"
            )
        ).scalars()
    )
    copied = [table for table, place in PLACES if place is Place.EVERYWHERE and table not in there]
    spread = [table for table, place in PLACES if place is Place.DISTRIBUTED and table not in there]
    connection.execute(text("set local citus.multi_shard_modify_mode = 'sequential'"))
    keys = _foreign_keys(connection, spread)
    for table, name, _ in keys:
        connection.execute(text(f"alter table {table} drop constraint {name}"))
    for table in copied:
        connection.execute(text("select create_reference_table(:table)"), {"table": table})
    for table in spread:
        _spread(connection, table, parts)
    for table, name, definition in keys:
        connection.execute(text(f"alter table {table} add constraint {name} {definition}"))
    run_script(connection, statements_of_file("several_servers/functions.sql"))
    return [*copied, *spread]


def _foreign_keys(connection: Connection, tables: list[str]) -> list[tuple[str, str, str]]:
    """Returns (table, name, definition): Citus takes a table that refers to reference data for one of the coordinator."""
    rows = connection.execute(
        text(
            "select cast(k.conrelid as regclass)\\:\\:text, quote_ident(k.conname), pg_get_constraintdef(k.oid)"
            " from pg_constraint as k where k.contype = 'f' and k.conrelid = any(cast(:tables as regclass[])) order by 1, 2"
        ),
        {"tables": tables},
    )
    return [(str(table), str(name), str(definition)) for table, name, definition in rows]


def _spread(connection: Connection, table: str, parts: int) -> None:
    like = {"shards": parts} if table == FIRST_DISTRIBUTED else {"like": FIRST_DISTRIBUTED}
    how = "shard_count := :shards" if table == FIRST_DISTRIBUTED else "colocate_with := :like"
    connection.execute(
        text(f"select create_distributed_table(:table, :column, {how})"),
        {"table": table, "column": DISTRIBUTION_COLUMN, **like},
    )


def _has_citus(connection: Connection) -> bool:
    return bool(
        connection.execute(
            text("select exists (select from pg_extension where extname = 'citus')")
        ).scalar_one()
    )


def _quoted_database(connection: Connection) -> str:
    return str(connection.execute(text("select quote_ident(current_database())")).scalar_one())
