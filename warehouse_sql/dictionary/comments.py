"""Descriptions in the database in both languages: the English line of `comment on`, below it the Vietnamese one."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import sql
from sqlalchemy import Connection, text

from warehouse_sql.dictionary.texts import texts
from warehouse_sql.engine import driver_connection
from warehouse_sql.sql_files import statements_of_file


class Description(NamedTuple):
    """A description in both languages; `vi` is empty where nobody has written it."""

    en: str
    vi: str


def described(comment: str | None) -> Description:
    """Returns both languages of a comment of the database."""
    en, _, vi = (comment or "").partition("\n")
    return Description(en, vi)


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
