"""What a warehouse holds, as a number of rows and a digest for each table: equal on every server and after every restore."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from warehouse_sql.sql_files import statements_of_file

SCHEMAS = ("landing", "history", "core", "mart", "ops", "vi")
#: Settings that are of one server and one version of motcua; `migrate` makes them.
OWN_SETTINGS = ("objects_digest", "rights_digest", "role_prefix")


class TableContent(NamedTuple):
    """A table's rows, in whatever order they lie and its columns stand."""

    rows: int
    digest: str


def table_contents(connection: Connection) -> dict[str, TableContent]:
    """Returns the content of every table that survives a crash of the server, by its name with its schema."""
    tables = connection.execute(text(statements_of_file("ops/kept_table.sql")[0])).scalars().all()
    return {table: _content(connection, table) for table in tables}


def digest_of(contents: Mapping[str, TableContent]) -> str:
    """Returns one digest of all tables."""
    lines = "".join(f"{table} {rows} {digest}\n" for table, (rows, digest) in sorted(contents.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _content(connection: Connection, table: str) -> TableContent:
    own = f" where name not in {OWN_SETTINGS}" if table == "ops.setting" else ""
    # By the names of columns, which an upgraded warehouse has in another order than a new one.
    row = connection.execute(
        text(
            "select count(*), coalesce(sum(cast(cast('x' || left(encode(sha256(convert_to(cast(to_jsonb(t) as text),"
            f" 'UTF8')), 'hex'), 15) as bit(60)) as bigint)), 0) from {table} as t{own}"
        )
    ).one()
    return TableContent(int(row[0]), format(int(row[1]), "x"))
