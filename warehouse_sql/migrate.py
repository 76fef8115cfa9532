"""The schema brought up to date: Alembic for tables, then views, functions and the analyst's rights anew.

Views and functions have no history: all of them are dropped and made again when one of their files changes.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from warehouse_sql.boundaries import reached
from warehouse_sql.objects import object_files
from warehouse_sql.warehouse import WarehouseError, check_server, run_script, statements_of_file

_ROOT = Path(__file__).parent
HEAD = "0003_etag"
_MIGRATE_LOCK = 0x6D6F7463_0002


def migrate(engine: Engine) -> list[str]:
    """Brings the schema up to date; what was applied, empty when nothing was. Two processes may do so at once.

    All or nothing, in one transaction. WarehouseError when the server can't be used, or its schema is newer than this
    version of motcua.
    """
    check_server(engine)
    with engine.connect() as connection:
        if _state(connection) == _wanted():
            return []
    applied: list[str] = []
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATE_LOCK})
        before, digest = _state(connection)
        if (before, digest) == _wanted():
            return []
        if before != HEAD:
            # Tables can be changed only while no view stands on them.
            if before:
                run_script(connection, statements_of_file("drop_objects.sql"))
            applied.append(f"{before or '∅'} → {_upgrade(connection, before)}")
        _make_objects(connection)
        applied.append("views and functions")
        reached("migration.before_commit")
    reached("migration.committed")
    return applied


def _wanted() -> tuple[str | None, str | None]:
    return HEAD, objects_digest()


def _state(connection: Connection) -> tuple[str | None, str | None]:
    """The revision and the digest of views and functions that the warehouse has."""
    tables = connection.execute(
        text(
            "select to_regclass('public.alembic_version') is not null, to_regclass('ops.setting') is not null"
        )
    ).one()
    queries = (
        "select version_num from public.alembic_version",
        "select value from ops.setting where name = 'objects_digest'",
    )
    revision, digest = (
        connection.execute(text(query)).scalar_one_or_none() if there else None
        for query, there in zip(queries, tables, strict=True)
    )
    return revision, digest


def _upgrade(connection: Connection, before: str | None) -> str | None:
    # Alembic costs a third of a second to import: only a warehouse that is behind pays it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    configuration = Config()
    configuration.set_main_option("script_location", str(_ROOT / "migrations").replace("%", "%%"))
    configuration.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(configuration).walk_revisions()}
    if before is not None and before not in known:
        raise WarehouseError(
            f"Cấu trúc kho ({before}) mới hơn motcua này ({HEAD}); hãy dùng bản motcua mới nhất."
        )
    command.upgrade(configuration, "head")
    return _state(connection)[0]


@cache
def objects_digest() -> str:
    """SHA-256 over the files of all views and functions and of the rights."""
    digest = hashlib.sha256()
    for name in (*object_files(), "roles.sql"):
        digest.update(name.encode() + b"\0" + (_ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _make_objects(connection: Connection) -> None:
    run_script(connection, statements_of_file("drop_objects.sql"))
    for name in (*object_files(), "roles.sql"):
        run_script(connection, statements_of_file(name))
    connection.execute(
        text(
            "insert into ops.setting values ('objects_digest', :digest)"
            " on conflict (name) do update set value = excluded.value"
        ),
        {"digest": objects_digest()},
    )
