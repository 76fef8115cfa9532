"""Accounts of the board: made, checked and closed; and who looked at which dossier.

A password is kept as an argon2id hash alone. Units of a limited account stand in `ops.login_unit` under `board:` and its name,
which policies of tables ask. Not here: sessions (`session.py`), or what the login of the board may do (`warehouse_sql/roles.py`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, text

from warehouse_sql.errors import WarehouseError
from warehouse_sql.logins import SHORTEST_PASSWORD, check_units
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file

_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,62}")
_UNITS_OF = "board:"
_hasher = PasswordHasher()


@dataclass(frozen=True)
class Account:
    """An account that is open. `stamp` changes with its password."""

    name: str
    sees_every_unit: bool
    may_acknowledge: bool
    stamp: str


class Wanted(NamedTuple):
    """An account as it is to be; without units it sees all of them."""

    name: str
    units: tuple[str, ...]
    may_acknowledge: bool
    password: str


class Listed(NamedTuple):
    """An account as a list shows it; no unit: all of them."""

    name: str
    units: list[str]
    may_acknowledge: bool
    made_at: datetime
    closed_at: datetime | None


class Look(NamedTuple):
    """One time that the card of a dossier was opened."""

    at: datetime
    account: str
    dossier_code: str


def verified(connection: Connection, name: str, password: str) -> Account | None:
    """Returns the account whose password this is; None for a wrong name or password, and both take the same time.

    Raises WarehouseError for an account that is limited to units where the warehouse can't limit rows.
    """
    row = connection.execute(
        text(statements_of_file("ops/open_board_account.sql")[0]), {"name": name}
    ).one_or_none()
    nobody = _nobody()
    try:
        _hasher.verify(row.password_hash if row else nobody, _normal(password))
    except (VerificationError, InvalidHashError):
        return None
    return open_account(connection, name) if row else None


def open_account(connection: Connection, name: str) -> Account | None:
    """Returns the account of that name, None where there is none or it is closed.

    Raises WarehouseError for an account that is limited to units where the warehouse can't limit rows.
    """
    row = connection.execute(
        text(statements_of_file("ops/open_board_account.sql")[0]), {"name": name}
    ).one_or_none()
    if row is None:
        return None
    if not (row.sees_every_unit or row.limits_rows):
        raise WarehouseError(
            message(
                "Kho này không giới hạn được người xem theo đơn vị nên tài khoản {name} chưa xem được; hãy chạy motcua"
                " warehouse migrate, hoặc cấp lại tài khoản không có --unit.",
                name=name,
            )
        )
    stamp = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    return Account(row.name, row.sees_every_unit, row.may_acknowledge, stamp)


def make_account(connection: Connection, wanted: Wanted) -> bool:
    """Makes the account, or gives the one that is there these units, this right and this password; opens a closed one again.

    Returns True if it is new. Raises WarehouseError for a name, a password or units that can't be.
    """
    _check(wanted)
    check_units(connection, wanted.units)
    made = {
        "name": wanted.name,
        "hash": _hasher.hash(_normal(wanted.password)),
        "all": not wanted.units,
        "may_acknowledge": wanted.may_acknowledge,
    }
    is_new: bool = connection.execute(
        text(statements_of_file("ops/make_board_account.sql")[0]), made
    ).scalar_one()
    _forget_units(connection, wanted.name)
    for unit in dict.fromkeys(wanted.units):
        connection.execute(
            text("insert into ops.login_unit values (:login, :unit)"),
            {"login": _UNITS_OF + wanted.name, "unit": unit},
        )
    return is_new


def close_account(connection: Connection, name: str) -> None:
    """Closes the account: its sessions end, and its units are forgotten. Raises WarehouseError when none of that name is open."""
    closed = connection.execute(
        text("update ops.board_account set closed_at = now() where name = :name and closed_at is null"),
        {"name": name},
    )
    if not closed.rowcount:
        raise WarehouseError(
            message(
                "Không có tài khoản {name} đang mở; hãy xem danh sách bằng motcua board account list.",
                name=name,
            )
        )
    _forget_units(connection, name)


def list_accounts(connection: Connection) -> list[Listed]:
    """Returns all accounts by name, closed ones too."""
    rows = connection.execute(text(statements_of_file("ops/board_account.sql")[0]))
    return [Listed(*row) for row in rows]


def note_look(connection: Connection, account: str, dossier_code: str) -> None:
    """Notes that the account opened the card of a dossier; the transaction must be one that writes.

    sqlalchemy.exc.ProgrammingError where the one who is served does not see that dossier, or is another.
    """
    connection.execute(
        text("insert into ops.board_access (account, dossier_code) values (:account, :code)"),
        {"account": account, "code": dossier_code},
    )


def looks(
    connection: Connection, dossier: str | None = None, account: str | None = None, since: date | None = None
) -> list[Look]:
    """Returns who opened which dossier's card, the newest first: all of it, or of a dossier, an account, and from a day on."""
    rows = connection.execute(
        text(statements_of_file("ops/board_look.sql")[0]),
        {"dossier": dossier, "account": account, "since": since},
    )
    return [Look(*row) for row in rows]


def _check(wanted: Wanted) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise WarehouseError(
            message(
                "Tên tài khoản “{name}” không dùng được; hãy dùng chữ thường không dấu, chữ số và _ . -, bắt đầu bằng chữ,"
                " không quá 63 ký tự.",
                name=wanted.name,
            )
        )
    if len(wanted.password) < SHORTEST_PASSWORD or not wanted.password.isprintable():
        raise WarehouseError(
            message("Mật khẩu phải có ít nhất {shortest} ký tự in được.", shortest=SHORTEST_PASSWORD)
        )


def _forget_units(connection: Connection, name: str) -> None:
    connection.execute(text("delete from ops.login_unit where login = :login"), {"login": _UNITS_OF + name})


def _normal(password: str) -> str:
    """Returns the password in one form: keyboards compose the letters of Vietnamese in several."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    """Returns a hash that takes as long to compare with as that of an account."""
    return _hasher.hash("nobody")
