"""The schema brought up to date: Alembic for tables, then views, functions and the analyst's rights anew.

Views and functions have no history: all of them are dropped and made again when one of their files changes.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from warehouse_sql.warehouse import check_server, run_script, statements_of_file

_ROOT = Path(__file__).parent
HEAD = "0001_first"
_MIGRATE_LOCK = 0x6D6F7463_0002


def migrate(engine: Engine) -> list[str]:
    """Brings the schema up to date; what was applied, empty when nothing was. Two processes may do so at once.

    WarehouseError when the server can't be used, or is ahead of this version.
    """
    check_server(engine)
    with engine.connect() as connection:
        if _is_current(connection):
            return []
    applied: list[str] = []
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATE_LOCK})
        if _is_current(connection):
            return []
        applied += _upgrade(connection)
        if _stored_digest(connection) != objects_digest():
            _make_objects(connection)
            applied.append("views and functions")
    return applied


def _is_current(connection: Connection) -> bool:
    return _revision(connection) == HEAD and _stored_digest(connection) == objects_digest()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version", schema="public"):
        return None
    revision: str | None = connection.execute(
        text("select version_num from public.alembic_version")
    ).scalar_one_or_none()
    return revision


def _stored_digest(connection: Connection) -> str | None:
    if not inspect(connection).has_table("setting", schema="ops"):
        return None
    digest: str | None = connection.execute(
        text("select value from ops.setting where name = 'objects_digest'")
    ).scalar_one_or_none()
    return digest


def _upgrade(connection: Connection) -> list[str]:
    before = _revision(connection)
    if before == HEAD:
        return []
    # Alembic costs a third of a second to import: only a warehouse that is behind pays it.
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_ROOT / "migrations"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
    return [f"{before or '∅'} → {_revision(connection)}"]


@cache
def _objects() -> tuple[str, ...]:
    lines = (_ROOT / "objects.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def objects_digest() -> str:
    """SHA-256 over the files of all views and functions and of the rights."""
    digest = hashlib.sha256()
    for name in (*_objects(), "roles.sql"):
        digest.update(name.encode() + b"\0" + (_ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _make_objects(connection: Connection) -> None:
    run_script(connection, statements_of_file("drop_objects.sql"))
    for name in (*_objects(), "roles.sql"):
        run_script(connection, statements_of_file(name))
    connection.execute(
        text(
            "insert into ops.setting values ('objects_digest', :digest)"
            " on conflict (name) do update set value = excluded.value"
        ),
        {"digest": objects_digest()},
    )
