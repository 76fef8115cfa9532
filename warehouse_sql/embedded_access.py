"""Who may log in to the embedded server: nobody without a password, and no program of ours as its superuser but here.

The superuser makes and mends the cluster: roles, the database and its owner, passwords, pg_hba.conf. They lie in the
home for its owner alone (`passwords.py`). Also brings clusters of older versions, which trusted whoever reached their
socket, to this. Not here: starting and stopping (`embedded.py`, `cluster.py`), rights inside the warehouse (`roles.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from warehouse_sql.cluster import LOOPBACK, SUPERUSER
from warehouse_sql.embedded_port import named_port, served_port
from warehouse_sql.engine import open_engine
from warehouse_sql.passwords import keep_password, new_password, read_passwords
from warehouse_sql.roles import DEFAULT_PREFIX, Roles, missing_statements, own_everything

DATABASE = "motcua"
SERVER = "embedded"
ROLES = Roles(DEFAULT_PREFIX)
_LOGINS = (SUPERUSER, ROLES.run, ROLES.query, ROLES.board)
_GROUPS = (ROLES.owner, ROLES.analyst, ROLES.unit_reader, ROLES.mart)
_HBA = """\
# motcua: nobody gets in without a password. It is written again when it is changed.
local all all scram-sha-256
"""
# By the port, only logins of people: not those of motcua itself, and no superuser.
_HBA_OF_PORT = f"""\
host all {SUPERUSER},{ROLES.query},{ROLES.board},+{ROLES.loader},+{ROLES.owner} {LOOPBACK}/32 reject
host {DATABASE} +{ROLES.reader},+{ROLES.unit_reader} {LOOPBACK}/32 scram-sha-256
"""


def login_url(home: Path, sockets: Path, login: str = ROLES.run, database: str = DATABASE) -> str:
    """Returns the address of a login of the embedded server, with its password."""
    return URL.create(
        "postgresql", login, read_passwords(home, SERVER).get(login), database=database,
        query={"host": str(sockets), "port": str(named_port(home))},
    ).render_as_string(hide_password=False)  # fmt: skip


def is_closed_and_ready(home: Path, data: Path, sockets: Path) -> bool:
    """Returns whether the server asks for passwords, knows ours, and has the database with its roles."""
    kept = read_passwords(home, SERVER)
    if (data / "pg_hba.conf").read_text(encoding="utf-8") != _hba(home) or any(
        login not in kept for login in _LOGINS
    ):
        return False
    try:
        with psycopg.connect(login_url(home, sockets), connect_timeout=10) as connection:
            row = connection.execute(
                "select count(*) from pg_roles where rolname = any(%s)",
                [[*_LOGINS, *_GROUPS]],
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return row == (len(_LOGINS) + len(_GROUPS),)


def close_and_make_ready(
    home: Path, data: Path, sockets: Path, set_password_alone: Callable[[str], Path]
) -> Path:
    """Makes or mends passwords, roles, the database, its owner and pg_hba.conf; returns the folder of the socket.

    It can be cut off anywhere and begun again. `set_password_alone` runs a statement while the server is stopped, and
    starts it again: the way in when the superuser's password is lost. psycopg.Error for what the server refuses.
    """
    kept = read_passwords(home, SERVER)
    for login in _LOGINS:
        if login not in kept:
            keep_password(home, SERVER, login, new_password())
    kept = read_passwords(home, SERVER)
    if not _lets_in(login_url(home, sockets, SUPERUSER, "postgres")):
        sockets = set_password_alone(f"alter role {SUPERUSER} password '{kept[SUPERUSER]}'")
    _make_logins(login_url(home, sockets, SUPERUSER, "postgres"), kept)
    _make_owner(login_url(home, sockets, SUPERUSER))
    _write_hba(data, _hba(home))
    with psycopg.connect(login_url(home, sockets, SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("select pg_reload_conf()")
    return sockets


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_logins(url: str, passwords: dict[str, str]) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        for login in _LOGINS:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [login]).fetchone():
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(login)))
            # Plain in the statement, which no log keeps: libpq could make the verifier only for a password of its own.
            connection.execute(
                sql.SQL("alter role {} login password {}").format(
                    sql.Identifier(login), sql.Literal(passwords[login])
                )
            )
        # `warehouse check` makes a database beside this one.
        connection.execute(sql.SQL("alter role {} createdb").format(sql.Identifier(ROLES.run)))
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(
                f"create database {DATABASE} template template0 encoding 'UTF8'"
                " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
            )
        for database in ("postgres", "template1"):
            connection.execute(
                sql.SQL("revoke connect on database {} from public").format(sql.Identifier(database))
            )


def _make_owner(url: str) -> None:
    """Gives the database, and all that an older version made in it as the superuser, to its owner group."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            for statement in missing_statements(connection, ROLES, ROLES.run):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"alter database {DATABASE} owner to {ROLES.owner}")
            # Temporary files of one question end here; only a superuser can say so.
            for login in (ROLES.query, ROLES.board):
                connection.exec_driver_sql(f"alter role {login} set temp_file_limit = '4GB'")
            own_everything(connection, ROLES)
            connection.exec_driver_sql(f"alter table if exists public.alembic_version owner to {ROLES.owner}")
    finally:
        engine.dispose()


def _hba(home: Path) -> str:
    return _HBA if served_port(home) is None else _HBA + _HBA_OF_PORT


def _write_hba(data: Path, text: str) -> None:
    file = data / "pg_hba.conf"
    status, fresh = file.stat(), data / "pg_hba.conf.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(fresh, status.st_uid, status.st_gid)
    fresh.replace(file)
