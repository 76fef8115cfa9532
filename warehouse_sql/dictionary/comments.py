"""Descriptions in the database in both languages: the English line of `comment on`, below it the Vietnamese one."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import sql
from sqlalchemy import Connection, text

from warehouse_sql.dictionary.texts import texts
from warehouse_sql.engine import driver_connection
from warehouse_sql.lineage import column_origins
from warehouse_sql.sql_files import statements_of_file


class Description(NamedTuple):
    """A description in both languages; `vi` is empty where nobody has written it."""

    en: str
    vi: str


def described(comment: str | None) -> Description:
    """Returns both languages of a comment of the database."""
    en, _, vi = (comment or "").partition("\n")
    return Description(en, vi)


def inherit_descriptions(connection: Connection) -> None:
    """Gives each column that a view passes on unchanged, and that has no description, that of its origin.

    In the caller's transaction. What means the same is so described once.
    """
    (query,) = statements_of_file("ops/column_description.sql")
    rows = connection.execute(text(query)).all()
    known = {(row.name, row.column_name): row.description for row in rows if row.description}
    missing = [(row.name, row.column_name) for row in rows if row.is_of_view and not row.description]
    views = sorted({name for name, _ in missing})
    origins = {
        (view, column): (table, name) for view, column, table, name in column_origins(connection, views)
    }
    raw = driver_connection(connection)
    for view, column in missing:
        origin = origins.get((view, column))
        while origin is not None and origin not in known:
            origin = origins.get(origin)
        if origin is not None:
            what = sql.SQL("comment on column {} is {}").format(
                sql.Identifier(*view.split("."), column), sql.Literal(known[origin])
            )
            raw.execute(what)


def describe_in_both_languages(connection: Connection) -> None:
    """Adds the Vietnamese line to every description that lacks it or has another, in the caller's transaction."""
    (query,) = statements_of_file("ops/description.sql")
    commands = []
    for what, comment in connection.execute(text(query)):
        en = described(comment).en
        wanted = f"{en}\n{texts()[en]}" if en in texts() else en
        if wanted != comment:
            raw = driver_connection(connection)
            commands.append(f"comment on {what} is {sql.Literal(wanted).as_string(raw)}")
    if commands:
        driver_connection(connection).execute(";\n".join(commands).encode())
