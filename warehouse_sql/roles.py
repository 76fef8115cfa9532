"""Who may do what in a warehouse: its groups, the logins of `motcua sql` and of the board, and the rights of each.

Groups: `_reader` (marts), `_unit_reader` (marts, rows of some units alone), `_analyst` (marts and core), `_loader` (writes,
changes no structure), `_owner` (owns the warehouse, no superuser), `_mart` (views and functions of the marts run as it).
Roles belong to the whole server, so their names start with a prefix of the warehouse. Here: which roles and rights are
missing, and making them where the right is there. Not here: passwords, or the embedded server's superuser
(`embedded_access.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse_sql.engine import driver_connection
from warehouse_sql.errors import WarehouseError
from warehouse_sql.kept_settings import kept_setting
from warehouse_sql.messages import Message, message
from warehouse_sql.side_database import SIDE_DATABASE
from warehouse_sql.sql_files import run_script, statements_of_file

DEFAULT_PREFIX = "motcua"
_LONGEST_PREFIX = 40
_TRIES, _PAUSE_SECONDS = 40, 0.05


class Roles(NamedTuple):
    """The names of the roles of one warehouse."""

    prefix: str

    @property
    def reader(self) -> str:
        """The group that reads the marts."""
        return f"{self.prefix}_reader"

    @property
    def analyst(self) -> str:
        """The group that reads the marts, the facts, their history and the register of files."""
        return f"{self.prefix}_analyst"

    @property
    def loader(self) -> str:
        """The group that writes what a run writes, and changes no structure."""
        return f"{self.prefix}_loader"

    @property
    def owner(self) -> str:
        """The group to which the warehouse belongs."""
        return f"{self.prefix}_owner"

    @property
    def unit_reader(self) -> str:
        """The group of readers who see the dossiers of their units alone; with no unit, none."""
        return f"{self.prefix}_unit_reader"

    @property
    def mart(self) -> str:
        """The group to which views and functions of the marts belong; it only reads."""
        return f"{self.prefix}_mart"

    @property
    def query(self) -> str:
        """The login of `motcua sql`."""
        return f"{self.prefix}_query"

    @property
    def board(self) -> str:
        """The login of the board: a reader that also acknowledges alerts and notes who looked at a dossier."""
        return f"{self.prefix}_board"

    @property
    def run(self) -> str:
        """The login of nightly runs in the embedded server."""
        return f"{self.prefix}_run"


def checked_prefix(prefix: str) -> str:
    """Returns the prefix. Raises WarehouseError when role names can't start with it."""
    if re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST_PREFIX - 1}}}", prefix) and not prefix.startswith("pg_"):
        return prefix
    raise WarehouseError(
        message(
            "MOTCUA_ROLE_PREFIX “{prefix}” không dùng được; hãy dùng chữ thường không dấu, chữ số và dấu gạch dưới,"
            " bắt đầu bằng chữ, không quá {longest} ký tự.",
            prefix=prefix,
            longest=_LONGEST_PREFIX,
        )
    )


def roles_of(connection: Connection, given: str | None = None) -> Roles:
    """Returns the roles of the connected warehouse.

    Their prefix is the given one, else the server's setting motcua.role_prefix, else the one that the warehouse keeps,
    else `motcua`. A prefix that was not given and that another database of this server uses already becomes
    `motcua_` and the name of this database: two warehouses do not open each other.
    """
    explicit = (
        given or connection.execute(text("select current_setting('motcua.role_prefix', true)")).scalar()
    )
    if explicit:
        return Roles(checked_prefix(explicit))
    kept = _kept_prefix(connection)
    database, oid = connection.execute(
        text("select datname, oid::text from pg_database where datname = current_database()")
    ).one()
    own = f"{DEFAULT_PREFIX}_{re.sub('[^a-z0-9_]', '_', database.lower())}"[: _LONGEST_PREFIX - len(oid) - 1]
    candidates = [*([kept] if kept else []), DEFAULT_PREFIX, own, f"{own}_{oid}"]
    return Roles(
        next(name for name in candidates if name == candidates[-1] or not _is_taken(connection, name))
    )


def _kept_prefix(connection: Connection) -> str | None:
    if connection.execute(text("select to_regclass('ops.setting') is null")).scalar_one():
        return None
    return kept_setting(connection, "role_prefix")


def _is_taken(connection: Connection, prefix: str) -> bool:
    """Returns whether another database of this server is open to the analysts of that prefix."""
    return bool(
        connection.execute(
            text(
                "select exists (select 1 from pg_database as d, aclexplode(d.datacl) as a"
                " where d.datname <> current_database() and a.grantee ="
                " (select oid from pg_roles where rolname = :analyst))"
            ),
            {"analyst": Roles(prefix).analyst},
        ).scalar_one()
    )


def rights_digest(connection: Connection, roles: Roles) -> str:
    """Returns a digest of all owners and rights of the warehouse and of its roles: it changes when one of them does."""
    return str(
        connection.execute(
            text(statements_of_file("roles/digest.sql")[0]), {"prefix": roles.prefix}
        ).scalar_one()
    )


def is_side_database(connection: Connection) -> bool:
    """Returns whether this is a warehouse for comparison only, which nobody is to be let into."""
    return bool(
        connection.execute(
            text(
                "select starts_with(coalesce(shobj_description(oid, 'pg_database'), ''), :side)"
                " from pg_database where datname = current_database()"
            ),
            {"side": SIDE_DATABASE},
        ).scalar_one()
    )


def missing_statements(connection: Connection, roles: Roles, run_login: str | None = None) -> list[str]:
    """Returns the statements that roles and rights of the server and of the database still need, in their order.

    `run_login` is who loads the warehouse, by default the connected user. They can be run by hand as they are.
    """
    rows = connection.execute(
        text(statements_of_file("roles/missing.sql")[0]),
        {"prefix": roles.prefix, "run_login": run_login},
    ).scalars()
    return list(rows)


def mend_server_roles(engine: Engine, roles: Roles) -> list[str]:
    """Makes what is missing of roles and of rights on the database, as far as the connected user may.

    Returns the statements that somebody with more rights has to run; empty when nothing is missing. Several processes
    may do this at once.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with engine.begin() as connection:
                for statement in missing_statements(connection, roles):
                    _try(connection, statement)
            break
        except DBAPIError as error:
            _wait_for_others(error.orig, attempt)
        except psycopg.Error as error:
            _wait_for_others(error, attempt)
    with engine.connect() as connection:
        return missing_statements(connection, roles)


def _try(connection: Connection, statement: str) -> None:
    raw = driver_connection(connection)
    try:
        with raw.transaction():  # a savepoint: what one may not do does not keep the rest from being done
            raw.execute(statement.encode())
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.DuplicateObject,
        psycopg.errors.UndefinedObject,
    ):
        pass


def _wait_for_others(error: BaseException | None, attempt: int) -> None:
    """Another process changes the same role at this moment: PostgreSQL says so by an error, and it passes."""
    at_once = (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject)
    if attempt == _TRIES or not isinstance(error, at_once):
        assert error is not None
        raise error
    time.sleep(_PAUSE_SECONDS)


def own_everything(connection: Connection, roles: Roles) -> None:
    """Hands what is in the warehouse to its owner group, in the caller's transaction; not where that group is not there."""
    connection.execute(
        text("select set_config('motcua.granted_prefix', :prefix, true)"), {"prefix": roles.prefix}
    )
    run_script(connection, statements_of_file("roles/own.sql"))


def grant_rights(connection: Connection, roles: Roles) -> None:
    """Hands everything to its owner, grants each group what it may, and limits rows, in the caller's transaction.

    Groups that are not there are left out. The connected user must own the warehouse.
    """
    own_everything(connection, roles)
    run_script(connection, statements_of_file("roles/rows.sql"))
    run_script(connection, statements_of_file("roles/grant.sql"))


def owns_warehouse(connection: Connection) -> bool:
    """Returns whether the connected user may change owners and rights of what is in the warehouse."""
    return bool(
        connection.execute(
            text(
                "select bool_and(pg_has_role(nspowner, 'usage')) from pg_namespace"
                " where nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')"
            )
        ).scalar()
    )


def dba_sentence(statements: Sequence[str], database: str) -> Message:
    """Returns one sentence with the statements that a database administrator has to run.

    As one transaction: where somebody took the names meanwhile, no login becomes a member of a stranger's group.
    """
    return message(
        "Người dùng kho không đủ quyền tạo các vai trò; nhờ người quản trị máy chủ chạy trong cơ sở dữ liệu {database}:"
        " {statements} rồi chạy lại motcua warehouse migrate.",
        database=database,
        statements=" ".join(f"{statement};" for statement in ("begin", *statements, "commit")),
    )


def quoted(name: str) -> str:
    """Returns the name as an identifier of SQL."""
    return sql.Identifier(name).as_string(None)
