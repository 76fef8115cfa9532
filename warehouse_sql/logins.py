"""Logins of people: made, given a new password, limited to units, and taken back.

A login has a role (reader or analyst) and its password, of which the server keeps a verifier alone. A reader may be limited to
units: `ops.login_unit`, which policies of tables ask (`roles/rows.sql`). Not here: what the groups may do (`roles.py`).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, text

from warehouse_sql.engine import driver_connection
from warehouse_sql.errors import WarehouseError
from warehouse_sql.laid_out import is_distributed
from warehouse_sql.messages import message
from warehouse_sql.roles import Roles, quoted

Role = Literal["reader", "analyst"]
SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Wanted(NamedTuple):
    """A login as it is to be; without units a reader sees all of them."""

    name: str
    role: Role
    units: tuple[str, ...]
    password: str


class Granted(NamedTuple):
    """What came of a grant: whether the login is new, and what an administrator has to run; empty when all is done."""

    is_new: bool
    left: list[str]


def grant_login(engine: Engine, roles: Roles, wanted: Wanted) -> Granted:
    """Makes the login, or gives the one that is there this role, these units and this password.

    Raises WarehouseError for a name, a password or units that can't be, and for a login that may do more than read.
    """
    _check(roles, wanted)
    with engine.begin() as connection:
        check_units(connection, wanted.units)
        is_new = not _is_there(connection, roles, wanted.name)
        statements = _statements(connection, roles, wanted, is_new)
        # Kept whatever comes of the rest: a login may see less for a while, never more.
        connection.execute(text("delete from ops.login_unit where login = :login"), {"login": wanted.name})
        if wanted.units:
            connection.execute(
                text("insert into ops.login_unit values (:login, :unit)"),
                [{"login": wanted.name, "unit": unit} for unit in dict.fromkeys(wanted.units)],
            )
    return Granted(is_new, _run(engine, statements))


def revoke_login(engine: Engine, roles: Roles, name: str) -> list[str]:
    """Takes a login back: it is in no group, its sessions end, it is gone, and so are its units.

    Returns what an administrator has to run; empty when all is done. Raises WarehouseError when there is no such login, or one
    that holds other rights on the server: then it is in no group of the warehouse and can't log in any more.
    """
    with engine.connect() as connection:
        if not _is_there(connection, roles, name):
            raise WarehouseError(
                message("Không có người dùng {name} trong kho; hãy kiểm tra lại tên.", name=name)
            )
        groups = sorted(_groups_of(connection, name))
    login = quoted(name)
    shut = [
        f"alter role {login} nologin password null",
        *(f"revoke {quoted(group)} from {login}" for group in groups),
    ]
    if _run(engine, shut):
        return [*shut, f"drop role {login}"]
    _end_sessions(engine, name)
    with engine.begin() as connection:
        connection.execute(text("delete from ops.login_unit where login = :login"), {"login": name})
    try:
        return _run(engine, [f"drop role {login}"])
    except psycopg.errors.DependentObjectsStillExist as error:
        raise WarehouseError(
            message(
                "Người dùng {name} không đăng nhập được nữa, nhưng chưa xóa được vì còn giữ quyền khác trên máy chủ"
                " ({reason}); nhờ người quản trị gỡ các quyền đó rồi xóa (drop role).",
                name=name,
                reason=" ".join(str(error).split()),
            )
        ) from error


def check_units(connection: Connection, units: Sequence[str]) -> None:
    """Raises WarehouseError for a code that is no unit's, and for any where rows can't be limited to units."""
    if units and is_distributed(connection):
        raise WarehouseError(
            message(
                "Kho trải trên nhiều máy chủ (Citus) không giới hạn được người đọc theo đơn vị; hãy cấp quyền không có"
                " --unit hoặc dùng kho trên một máy chủ."
            )
        )
    known = set(
        connection.execute(
            text("select unit_code from core.dim_unit where unit_code = any(:units)"), {"units": list(units)}
        ).scalars()
    )
    if unknown := [unit for unit in units if unit not in known]:
        raise WarehouseError(
            message(
                "Không có đơn vị mã {units}; hãy xem mã trong core.dim_unit (motcua sql).",
                units=", ".join(unknown),
            )
        )


def _check(roles: Roles, wanted: Wanted) -> None:
    if not _NAME.fullmatch(wanted.name) or wanted.name.startswith(("pg_", f"{roles.prefix}_")):
        raise WarehouseError(
            message(
                "Tên người dùng “{name}” không dùng được; hãy dùng chữ thường không dấu, chữ số và dấu gạch dưới, bắt đầu"
                " bằng chữ, không bắt đầu bằng {prefix}_ hay pg_.",
                name=wanted.name,
                prefix=roles.prefix,
            )
        )
    if len(wanted.password) < SHORTEST_PASSWORD or not wanted.password.isprintable():
        raise WarehouseError(
            message(
                "Mật khẩu phải có ít nhất {shortest} ký tự in được, trên dòng đầu của tệp.",
                shortest=SHORTEST_PASSWORD,
            )
        )
    if wanted.units and wanted.role != "reader":
        raise WarehouseError(
            message(
                "--unit chỉ dùng với --role reader: người phân tích đọc bảng gốc của mọi đơn vị; hãy bỏ --unit hoặc dùng"
                " --role reader."
            )
        )


def _is_there(connection: Connection, roles: Roles, name: str) -> bool:
    """Returns True if there is such a login that reads this warehouse and nothing else, False if there is none.

    Raises WarehouseError if it may do more, or is one of motcua itself.
    """
    mighty = connection.execute(
        text(
            "select not rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls"
            " from pg_roles where rolname = :name"
        ),
        {"name": name},
    ).scalar_one_or_none()
    if mighty is None:
        return False
    groups = _groups_of(connection, name)
    if mighty or not groups or not groups <= set(_reading(roles)) or name.startswith(f"{roles.prefix}_"):
        raise WarehouseError(
            message(
                "Máy chủ đã có người dùng {name} không phải là người chỉ đọc kho này; hãy chọn tên khác.",
                name=name,
            )
        )
    return True


def _reading(roles: Roles) -> tuple[str, ...]:
    return (roles.reader, roles.unit_reader, roles.analyst)


def _groups_of(connection: Connection, name: str) -> set[str]:
    return set(
        connection.execute(
            text(
                "select g.rolname::text from pg_auth_members as a inner join pg_roles as g on a.roleid = g.oid"
                " inner join pg_roles as m on a.member = m.oid where m.rolname = :name"
            ),
            {"name": name},
        ).scalars()
    )


def _statements(connection: Connection, roles: Roles, wanted: Wanted, is_new: bool) -> list[str]:
    """Returns what makes the login what it is to be; the password is in them as the verifier that the server keeps."""
    login = quoted(wanted.name)
    group = roles.analyst if wanted.role == "analyst" else roles.unit_reader if wanted.units else roles.reader
    verifier = driver_connection(connection).pgconn.encrypt_password(
        wanted.password.encode(), wanted.name.encode(), b"scram-sha-256"
    )
    former = _groups_of(connection, wanted.name) - {group}
    return [
        *([f"create role {login} connection limit 20"] if is_new else []),
        *(f"revoke {quoted(other)} from {login}" for other in sorted(former)),
        f"grant {quoted(group)} to {login}",
        f"alter role {login} set default_transaction_read_only = on",
        f"alter role {login} login password '{verifier.decode()}'",
    ]


def _run(engine: Engine, statements: Sequence[str]) -> list[str]:
    """Runs the statements in one transaction; returns them where the connected user may not, with nothing done."""
    try:
        with engine.begin() as connection:
            for statement in statements:
                driver_connection(connection).execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return list(statements)
    return []


def _end_sessions(engine: Engine, name: str) -> None:
    # Where the user may not, they still are in no group any more: whatever they ask is refused.
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege), engine.begin() as connection:
        driver_connection(connection).execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [name]
        )
