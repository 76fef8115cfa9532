"""The database of a warehouse dumped in one snapshot, with the digest of what is in it.

Not here: the folder of a backup, its manifest and the archive (`assets/backup.py`), and bringing a dump back (`restore.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, text

from warehouse_sql.content import SCHEMAS, TableContent, table_contents
from warehouse_sql.dump_programs import Program, dump_program, run_dump
from warehouse_sql.engine import check_server
from warehouse_sql.migrate import revision_of
from warehouse_sql.roles import roles_of

_OPTIONS = (
    *("--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-unlogged-table-data"),
    *("--lock-wait-timeout=60s", *(f"--schema={schema}" for schema in SCHEMAS)),
)
_MEMBERS = """
select g.rolname as granted, m.rolname as member
from pg_auth_members as a
inner join pg_roles as g on a.roleid = g.oid
inner join pg_roles as m on a.member = m.oid
where g.rolname = any(:groups) and m.rolcanlogin and m.rolname not in (:query, :board, current_user)
order by 1, 2
"""


class Dump(NamedTuple):
    """What was dumped: the content of each table, the revision of the schema, versions, and the logins in its groups.

    `members` are pairs of a group without the prefix of the roles (reader, unit_reader, analyst, loader, owner) and a login.
    """

    contents: dict[str, TableContent]
    revision: str
    server_version: int
    program: Program
    members: list[tuple[str, str]]


def dump_warehouse(engine: Engine, file: Path, role_prefix: str | None, is_embedded: bool) -> Dump:
    """Dumps all tables of the warehouse into the file, as they stand in one snapshot.

    Raises WarehouseError when there is no suitable pg_dump, or it fails.
    """
    version = check_server(engine)
    program = dump_program("pg_dump", version, is_embedded)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        run_dump(program, engine.url, file, [*_OPTIONS, f"--snapshot={snapshot}"])
        roles = roles_of(connection, role_prefix)
        groups = {
            roles.reader: "reader",
            roles.unit_reader: "unit_reader",
            roles.analyst: "analyst",
            roles.loader: "loader",
            roles.owner: "owner",
        }
        members = connection.execute(
            text(_MEMBERS), {"groups": list(groups), "query": roles.query, "board": roles.board}
        ).all()
        return Dump(
            contents=table_contents(connection),
            revision=revision_of(connection) or "",
            server_version=version,
            program=program,
            members=[(groups[granted], member) for granted, member in members],
        )
