"""The schema brought up to date: Alembic for tables, then views and functions, their owner and everybody's rights.

Views and functions have no history: all of them are dropped and made again when one of their files changes. So are the rows
that motcua itself defines (`definitions.py`).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from warehouse_sql.boundaries import reached
from warehouse_sql.definitions import definition_files, load_definitions
from warehouse_sql.dictionary.comments import describe_in_both_languages, inherit_descriptions
from warehouse_sql.dictionary.texts import text_files
from warehouse_sql.distribute import lay_out
from warehouse_sql.engine import check_server
from warehouse_sql.errors import WarehouseError
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.laid_out import is_distributed
from warehouse_sql.messages import message
from warehouse_sql.objects import object_files
from warehouse_sql.roles import (
    Roles,
    grant_rights,
    is_side_database,
    mend_server_roles,
    owns_warehouse,
    rights_digest,
    roles_of,
)
from warehouse_sql.sql_files import run_script, statements_of_file

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).parent
#: The last revision; the name of its file is that of the revision turned round: etag_0003.py makes 0003_etag.
HEAD = max(
    "_".join(reversed(file.stem.rsplit("_", 1)))
    for file in (_ROOT / "migrations" / "versions").glob("*_[0-9]*.py")
)
_MIGRATE_LOCK = 0x6D6F7463_0002


def migrate(engine: Engine, role_prefix: str | None = None) -> list[str]:
    """Brings schema, roles and rights up to date; returns what was applied to the schema, empty when nothing was.

    Tables, views and functions change all or nothing, in one transaction; two processes may do so at once. Roles and
    rights are made or mended as far as the connected user may: `missing_rights` tells the rest. Raises WarehouseError when the
    server can't be used, its schema is newer than this version of motcua, or the user may not change an older one.
    """
    check_server(engine)
    with engine.connect() as connection:
        is_side = is_side_database(connection)
        roles = roles_of(connection, role_prefix)
        is_current = _state(connection) == _wanted()
        if is_current and (is_side or _has_rights(connection, roles) or not owns_warehouse(connection)):
            return []
    if not is_side:
        mend_server_roles(engine, roles)
    applied: list[str] = []
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATE_LOCK})
            applied += _bring_up(connection)
            if not is_side and (applied or not _has_rights(connection, roles)):
                grant_rights(connection, roles)
                keep_setting(connection, "role_prefix", roles.prefix)
                keep_setting(connection, "rights_digest", rights_digest(connection, roles))
            if applied:
                reached("migration.before_commit")
    except psycopg.errors.InsufficientPrivilege as error:
        raise _not_the_owner(error) from error
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise _not_the_owner(error.orig) from error
    if applied:
        reached("migration.committed")
    return applied


def is_up_to_date(engine: Engine) -> bool:
    """Returns True if the schema is that of this version of motcua; False if it is older, newer or not there."""
    with engine.connect() as connection:
        return _state(connection) == _wanted()


def missing_rights(engine: Engine, role_prefix: str | None = None) -> list[str]:
    """Returns the statements that somebody with more rights than the connected user has to run for the roles."""
    with engine.connect() as connection:
        roles = roles_of(connection, role_prefix)
    return mend_server_roles(engine, roles)


def _not_the_owner(error: BaseException) -> WarehouseError:
    return WarehouseError(
        message(
            "Người dùng kho không được đổi cấu trúc kho ({reason}); hãy chạy motcua warehouse migrate bằng người dùng thuộc"
            " nhóm chủ kho.",
            reason=" ".join(str(error).split()),
        )
    )


def _has_rights(connection: Connection, roles: Roles) -> bool:
    """Returns whether owners and rights are as the last migration of this warehouse left them."""
    return kept_setting(connection, "rights_digest") == rights_digest(connection, roles)


def _bring_up(connection: Connection) -> list[str]:
    before, digest = _state(connection)
    if (before, digest) == _wanted():
        return []
    applied = []
    if before != HEAD:
        # Tables can be changed only while no view stands on them.
        if before:
            run_script(connection, statements_of_file("drop_objects.sql"))
        applied.append(f"{before or '∅'} → {_upgrade(connection, before)}")
    _make_objects(connection)
    return [*applied, "views and functions"]


def _wanted() -> tuple[str | None, str | None]:
    return HEAD, objects_digest()


def _state(connection: Connection) -> tuple[str | None, str | None]:
    """Returns the revision and the digest of views and functions that the warehouse has."""
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


def revision_of(connection: Connection) -> str | None:
    """Returns the revision of the warehouse's schema, None where there is none."""
    return _state(connection)[0]


def is_known_revision(revision: str) -> bool:
    """Returns True if this version of motcua can make the schema of that revision."""
    from alembic.config import Config

    return revision in _known_revisions(Config())


def make_tables(connection: Connection, revision: str) -> None:
    """Makes the tables of a revision in a database that has none, without views and functions."""
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    _known_revisions(configuration)
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def _known_revisions(configuration: Config) -> set[str]:
    """Returns all revisions; the configuration leads to them afterwards."""
    from alembic.script import ScriptDirectory

    configuration.set_main_option("script_location", str(_ROOT / "migrations").replace("%", "%%"))
    return {script.revision for script in ScriptDirectory.from_config(configuration).walk_revisions()}


def _upgrade(connection: Connection, before: str | None) -> str | None:
    # Alembic costs a third of a second to import: only a warehouse that is behind pays it.
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.attributes["connection"] = connection
    known = _known_revisions(configuration)
    if before is not None and before not in known:
        raise WarehouseError(
            message(
                "Cấu trúc kho ({before}) mới hơn motcua này ({head}); hãy dùng bản motcua mới nhất.",
                before=before,
                head=HEAD,
            )
        )
    command.upgrade(configuration, "head")
    return _state(connection)[0]


@cache
def objects_digest() -> str:
    """Returns SHA-256 over the files of all views and functions, of the definitions and descriptions, and of owner and rights."""
    digest = hashlib.sha256()
    files = (*object_files(), *definition_files(), *text_files())
    for name in (*files, "roles/own.sql", "roles/rows.sql", "roles/grant.sql"):
        digest.update(name.encode() + b"\0" + (_ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _make_objects(connection: Connection) -> None:
    run_script(connection, statements_of_file("drop_objects.sql"))
    for name in object_files():
        run_script(connection, statements_of_file(name))
    if is_distributed(connection):
        lay_out(connection)
    load_definitions(connection)
    inherit_descriptions(connection)
    describe_in_both_languages(connection)
    keep_setting(connection, "objects_digest", objects_digest())
