"""A dump brought back into a database: the schema is made by the migrations, the data are read from the dump.

All of it is one transaction: where anything fails, what was there before is there still. Not here: checking the files of a
backup (`assets/backup.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, text

from warehouse_sql.boundaries import reached
from warehouse_sql.content import OWN_SETTINGS, SCHEMAS, TableContent, table_contents
from warehouse_sql.dump_programs import Program, dump_as_script
from warehouse_sql.engine import driver_connection
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.migrate import is_known_revision, make_tables, revision_of
from warehouse_sql.roles import Roles, quoted
from warehouse_sql.sql_files import statements_of_file

# What pg_restore writes for data; nothing else of its script is run.
_COPY = re.compile(rf"COPY (?:{'|'.join(SCHEMAS)})\.\w+ \([^()]*\) FROM stdin;")
_SEQUENCE = re.compile(rf"SELECT pg_catalog\.setval\('(?:{'|'.join(SCHEMAS)})\.\w+', \d+, (?:true|false)\);")
_END_OF_COPY = b"\\.\n"
_CHUNK = 1 << 20
#: Tables of which a single row means that somebody uses the warehouse.
_IN_USE = (
    *("landing.export_file", "core.catalogue_import", "mart.target", "ops.run", "ops.alert", "ops.finding"),
    "ops.report_issue",
    "ops.inspection_answer",
)


class Wanted(NamedTuple):
    """What is to be there after a restore."""

    revision: str
    contents: Mapping[str, TableContent]


def is_empty(engine: Engine) -> bool:
    """Returns True if the database has no warehouse, or one that nobody has used yet."""
    with engine.connect() as connection:
        return not any(
            connection.execute(text("select to_regclass(:table) is not null"), {"table": table}).scalar_one()
            and connection.execute(text(f"select exists (select 1 from {table})")).scalar_one()
            for table in _IN_USE
        )


def restore_warehouse(engine: Engine, program: Program, dump: Path, wanted: Wanted) -> None:
    """Puts the content of the dump in the place of whatever the warehouse holds; nothing is changed unless all of it comes.

    Its schema is that of the dump afterwards, without views and functions: `migrate` is next. Raises WarehouseError when the
    schema is of a newer version, the user may not do this, or what came is not what was dumped.
    """
    if not is_known_revision(wanted.revision):
        raise WarehouseError(
            message(
                "Bản sao lưu có cấu trúc kho {revision}, mới hơn motcua này; hãy dùng bản motcua mới nhất.",
                revision=wanted.revision,
            )
        )
    try:
        with engine.begin() as connection:
            connection.execute(text("set local lock_timeout = '60s'"))
            connection.execute(text(f"drop schema if exists {', '.join(SCHEMAS)} cascade"))
            if revision_of(connection):
                connection.execute(text("delete from public.alembic_version"))
            make_tables(connection, wanted.revision)
            _fill(connection, program, dump)
            _check(connection, wanted.contents)
            reached("restore.before_commit")
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseError(
            message(
                "Người dùng kho không được khôi phục vào cơ sở dữ liệu này ({reason}); hãy dùng người dùng thuộc nhóm chủ"
                " kho.",
                reason=" ".join(str(error).split()),
            )
        ) from error
    reached("restore.committed")
    with engine.begin() as connection:
        for table in table_names(connection):
            connection.execute(text(f"analyze {table}"))


def table_names(connection: Connection) -> Sequence[str]:
    """Returns the tables of the warehouse that survive a crash, with their schemas."""
    return connection.execute(text(statements_of_file("ops/kept_table.sql")[0])).scalars().all()


def _fill(connection: Connection, program: Program, dump: Path) -> None:
    # A dump is not in the order of foreign keys, and checking them once is faster.
    keys = connection.execute(text(statements_of_file("ops/foreign_key.sql")[0])).all()
    for key in keys:
        connection.execute(text(f"alter table {key.table_name} drop constraint {key.name}"))
    connection.execute(text(f"truncate {', '.join(table_names(connection))}"))
    raw = driver_connection(connection)
    with dump_as_script(program, dump) as script:
        for line in script:
            statement = line.decode().rstrip("\n")
            if _COPY.fullmatch(statement):
                with raw.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                    for piece in _rows(script):
                        copy.write(piece)
            elif _SEQUENCE.fullmatch(statement):
                raw.execute(statement.encode())
    for key in keys:
        raw.execute(f"alter table {key.table_name} add constraint {key.name} {key.definition}".encode())
    connection.execute(text("delete from ops.setting where name = any(:own)"), {"own": list(OWN_SETTINGS)})


def _rows(script: IO[bytes]) -> Iterator[bytes]:
    """Yields the rows of one table in pieces, up to the line that ends them."""
    piece, size = [], 0
    for line in script:
        if line == _END_OF_COPY:
            break
        piece.append(line)
        size += len(line)
        if size > _CHUNK:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join(piece)


def _check(connection: Connection, wanted: Mapping[str, TableContent]) -> None:
    restored = table_contents(connection)
    different = sorted(
        table
        for table in chain(wanted, restored.keys() - wanted.keys())
        if restored.get(table) != wanted.get(table)
    )
    if different:
        raise WarehouseError(
            message(
                "Nội dung khôi phục khác bản sao lưu ở {tables}; chưa có gì thay đổi, hãy dùng bản sao lưu khác.",
                tables=", ".join(different),
            )
        )


def grant_memberships(engine: Engine, roles: Roles, members: Sequence[tuple[str, str]]) -> list[str]:
    """Lets the logins into their groups again, where both are there and the user may.

    Returns the statements that an administrator has to run for the others.
    """
    left: list[str] = []
    for group, member in members:
        statement = f"grant {quoted(f'{roles.prefix}_{group}')} to {quoted(member)}"
        try:
            with engine.begin() as connection:
                driver_connection(connection).execute(statement.encode())
        except psycopg.errors.UndefinedObject:
            left += [f"create role {quoted(member)} login", statement]
        except psycopg.errors.InsufficientPrivilege:
            left.append(statement)
    return list(dict.fromkeys(left))
