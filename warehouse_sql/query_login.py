"""The logins of `motcua sql` and of the board: where they connect, and their passwords where motcua made them.

Here: the address, made from the warehouse's own. Not here: what a login may do (`roles.py`), or how `motcua sql` asks
(`analyst.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import psycopg
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError

from warehouse_sql.analyst import single_question
from warehouse_sql.embedded import embedded_url
from warehouse_sql.embedded_access import ROLES as EMBEDDED_ROLES
from warehouse_sql.embedded_access import SERVER as EMBEDDED
from warehouse_sql.engine import driver_connection, libpq_address, open_engine, shown_address
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.migrate import migrate
from warehouse_sql.passwords import keep_password, new_password, read_passwords
from warehouse_sql.roles import Roles, dba_sentence, mend_server_roles, quoted, roles_of

_NAMES_USER = ("user", "password", "passfile", "service", "sslcert", "sslkey", "sslpassword", "options")
T = TypeVar("T")
#: Asks as the login of an address: the question, and the seconds that it may take.
Asking = Callable[[str, str, float], T]


class MadeLogin(NamedTuple):
    """A login that motcua makes for itself: its name, and what else helps where it can't be used."""

    name: Callable[[Roles], str]
    or_else: str


_QUERY = MadeLogin(lambda roles: roles.query, message(", hoặc đặt MOTCUA_ANALYST_URL"))
_BOARD = MadeLogin(lambda roles: roles.board, "")


def ask_given_login(url: str, query: str, timeout_seconds: float, asking: Asking[T]) -> T:
    """Asks as the login of MOTCUA_ANALYST_URL.

    Raises WarehouseError when it can't log in, or for what `asking` refuses.
    """
    try:
        return asking(libpq_address(url, "MOTCUA_ANALYST_URL"), query, timeout_seconds)
    except psycopg.OperationalError as error:
        if not _is_no_login(error):
            raise
        raise WarehouseError(
            message(
                "Không đăng nhập được kho bằng MOTCUA_ANALYST_URL ({address}): {reason} Hãy kiểm tra địa chỉ, mật khẩu và"
                " quyền CONNECT của người dùng đó.",
                address=shown_address(url),
                reason=_words(error),
            )
        ) from error


def ask_embedded(home: Path, query: str, timeout_seconds: float, asking: Asking[T]) -> T:
    """Asks the embedded warehouse as its query login; roles and passwords that were lost are put right first."""
    single_question(query)
    return _as_embedded_login(home, _QUERY, lambda url: asking(url, query, timeout_seconds))


def ask_made_login(
    url: str, home: Path, query: str, timeout_seconds: float, asking: Asking[T], prefix: str | None = None
) -> T:
    """Asks as the query login that `migrate` makes in the warehouse of the address; its password is kept in the home.

    A login that is not there or whose password is lost is mended where the user of the address may do that.
    Raises WarehouseError with the statements for a database administrator where it may not: nothing is ever asked as the user
    of the address.
    """
    single_question(query)
    return _as_made_login(url, home, prefix, _QUERY, lambda login: asking(login, query, timeout_seconds))


def board_url(warehouse_url: str | None, home: Path, prefix: str | None = None) -> str:
    """Returns the address at which the login of the board gets into the warehouse: the one given, or the embedded one.

    A login that is not there or whose password is lost is mended as for `ask_made_login`, and refused alike.
    """
    if warehouse_url is None:
        return _as_embedded_login(home, _BOARD, _tried)
    return _as_made_login(warehouse_url, home, prefix, _BOARD, _tried)


def _tried(url: str) -> str:
    """Returns the address. psycopg.OperationalError when it can't log in."""
    psycopg.connect(url, connect_timeout=10).close()
    return url


def _as_embedded_login(home: Path, login: MadeLogin, use: Callable[[str], T]) -> T:
    _bring_up(embedded_url(home), None)
    try:
        return use(_embedded_login(embedded_url(home), home, login))
    except psycopg.OperationalError as error:
        if not _is_no_login(error):
            raise
    return use(_embedded_login(embedded_url(home, mend=True), home, login))


def _embedded_login(url: str, home: Path, login: MadeLogin) -> str:
    name = login.name(EMBEDDED_ROLES)
    return _address(make_url(url), name, read_passwords(home, EMBEDDED).get(name))


def _as_made_login(url: str, home: Path, prefix: str | None, login: MadeLogin, use: Callable[[str], T]) -> T:
    roles = _bring_up(url, prefix)
    name = login.name(roles)
    owner = make_url(libpq_address(url))
    server = _server(owner)
    try:
        return use(_address(owner, name, read_passwords(home, server).get(name)))
    except psycopg.OperationalError as error:
        if not _is_no_login(error):
            raise
    address = _address(owner, name, _new_password(url, home, server, roles, login))
    try:
        return use(address)
    except psycopg.OperationalError as error:
        if not _is_no_login(error):
            raise
        raise WarehouseError(
            message(
                "Không đăng nhập được kho bằng người dùng {login}: {reason} Hãy để máy chủ (pg_hba.conf) cho người dùng này"
                " vào{or_else}.",
                login=name,
                reason=_words(error),
                or_else=login.or_else,
            )
        ) from error


def _bring_up(url: str, prefix: str | None) -> Roles:
    engine = open_engine(url)
    try:
        migrate(engine, prefix)
        with engine.connect() as connection:
            return roles_of(connection, prefix)
    finally:
        engine.dispose()


def _new_password(url: str, home: Path, server: str, roles: Roles, login: MadeLogin) -> str:
    """Sets and keeps a new password of the login.

    Raises WarehouseError where the user of the address may not do that: with the statements that an administrator runs,
    after which a password that is kept already opens the login.
    """
    engine = open_engine(url)
    database, name = engine.url.database or "", login.name(roles)
    try:
        missing = mend_server_roles(engine, roles)
        if any(name in statement for statement in missing):
            raise WarehouseError(
                dba_sentence([*missing, _for_administrator(engine, home, server, name)], database)
            )
        password = new_password()
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"alter role {quoted(name)} password '{password}'")
        except DBAPIError as error:
            # From none: the statement must not travel with the error.
            raise WarehouseError(
                message(
                    "Không đặt được mật khẩu cho người dùng {login} ({reason}); nhờ người quản trị máy chủ chạy:"
                    " {statement}; rồi chạy lại{or_else}.",
                    login=name,
                    reason=" ".join(str(error.orig).split("\n")[0].split()),
                    statement=_for_administrator(engine, home, server, name),
                    or_else=login.or_else,
                )
            ) from None
    finally:
        engine.dispose()
    keep_password(home, server, name, password)
    return password


def _for_administrator(engine: Engine, home: Path, server: str, login: str) -> str:
    """Returns the statement that gives the login the password that the home keeps, by what PostgreSQL stores of it.

    A password that is kept already stays: statements that were printed before stay good.
    """
    password = read_passwords(home, server).get(login)
    if password is None:
        password = new_password()
        keep_password(home, server, login, password)
    with engine.connect() as connection:
        stored = driver_connection(connection).pgconn.encrypt_password(
            password.encode(), login.encode(), b"scram-sha-256"
        )
    return f"alter role {quoted(login)} password '{stored.decode()}'"


def _address(url: URL, login: str, password: str | None) -> str:
    # What tells who the owner is does not go with the login.
    rest = {name: value for name, value in url.query.items() if name not in _NAMES_USER}
    address = URL.create("postgresql", login, password, url.host, url.port, url.database, rest)
    return address.render_as_string(hide_password=False)


def _server(url: URL) -> str:
    """Returns what passwords are kept under: the server and the database, whoever connects."""
    host = url.host or url.query.get("host") or ""
    port = url.port or url.query.get("port") or ""
    return f"{host}:{port}/{url.database or ''}"


def _is_no_login(error: psycopg.OperationalError) -> bool:
    """An error while connecting has no state of SQL; one of a statement has."""
    return error.sqlstate is None or error.sqlstate.startswith("28")


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())
