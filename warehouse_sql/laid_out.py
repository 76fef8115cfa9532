"""Statements of a take-in as they run where the warehouse is on several servers (`distribute.py`).

A temporary table is on the server that is connected to alone, and can't be joined with rows on others in every way. Where the
warehouse is distributed, what a statement keeps of dossiers for the next one is therefore distributed like the rest: each
server compares its own dossiers. On one server statements are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from warehouse_sql.distribution import DISTRIBUTION_COLUMN, PLACES, Place

#: All distributed tables lie where the parts of this one lie.
FIRST_DISTRIBUTED = "history.dossier_version"
#: The temporary tables that have a row for each row of a run; what has one for each difference stays where it is.
_BY_DOSSIER = frozenset(
    (
        *("staged_of_dossier", "staged_statement", "staged_parted", "staged_several", "staged_chain"),
        *("staged_naming", "staged_step", "row_read_again"),
    )
)
_STAGED, _HANDED_OUT = "landing.staged_row", "staged_of_dossier"
_IS_HANDED_OUT = "motcua.staged_rows_are_handed_out"
_READ_STAGED = re.compile(r"(?<!delete )\b(from|join) landing\.staged_row as\b")
_NAMED = re.compile(r"\b(?:from|join)\s+([\w.]+) as (\w+)")
_JOINED = re.compile(r"\b(\w+)\.staged_id = (\w+)\.staged_id\b")
_CHANGED = re.compile(
    r"\s*with (?P<name>\w+) as materialized \((?P<query>.*)\n\)\s+(?P<change>(?:update|delete from) [\w.]+ .*)",
    re.DOTALL,
)
_MADE = re.compile(r"\s*create temporary table (\w+) on commit drop as\s+(?P<query>.*)", re.DOTALL)


def is_distributed(connection: Connection) -> bool:
    """Returns whether the warehouse is laid out over several servers; the server is asked once a session."""
    known: bool | None = connection.info.get("motcua.is_distributed")
    if known is None:
        has_citus = connection.execute(text("select to_regclass('pg_catalog.pg_dist_partition') is not null"))
        known = bool(has_citus.scalar_one()) and bool(
            connection.execute(
                text(
                    "select exists (select from pg_dist_partition where logicalrelid = to_regclass(:first))"
                ),
                {"first": FIRST_DISTRIBUTED},
            ).scalar_one()
        )
        connection.info["motcua.is_distributed"] = known
    return known


def analyze(connection: Connection, *tables: str) -> None:
    """Has the planner learn now what these tables hold: it is far from what it last saw, and autovacuum would come too late.

    Where the warehouse is on several servers, only what is distributed: Citus does not analyse the other tables in a transaction
    that has read any of them.
    """
    distributed = {name for name, place in PLACES if place is Place.DISTRIBUTED}
    for table in tables:
        if table in distributed or not is_distributed(connection):
            connection.execute(text(f"analyze {table}"))


def laid_out(connection: Connection, statement: str) -> Iterator[str]:
    """Yields the statements to run for this one; on one server, this one."""
    if not is_distributed(connection):
        yield statement
        return
    if connection.info.get(_IS_HANDED_OUT):
        statement = _joined_by_dossier(_READ_STAGED.sub(rf"\1 {_HANDED_OUT} as", statement))
    if change := _CHANGED.fullmatch(statement):
        yield _by_values(connection, change)
        return
    made = _MADE.fullmatch(statement)
    if made is None or made[1] not in _BY_DOSSIER:
        yield statement
        return
    table, query = made[1], made["query"]
    yield f"create unlogged table {table} as {query} with no data"
    yield (
        f"select create_distributed_table('{table}', '{DISTRIBUTION_COLUMN}', colocate_with := '{FIRST_DISTRIBUTED}')"
    )
    yield f"insert into {table} {query}"


def _joined_by_dossier(statement: str) -> str:
    """Joins of staged rows say that the dossier is the same, which the number of a row implies, but no server knows.

    On one server the statement gets no further condition: it would take the two for independent, and expect too few rows.
    """
    tables: dict[str, set[str]] = {}
    for table, alias in _NAMED.findall(statement):
        tables.setdefault(alias, set()).add(table)
    by_dossier = {alias for alias, those in tables.items() if those <= _BY_DOSSIER}

    def with_dossier(join: re.Match[str]) -> str:
        left, right = join.groups()
        if not {left, right} <= by_dossier:
            return join[0]
        return f"{join[0]} and {left}.{DISTRIBUTION_COLUMN} = {right}.{DISTRIBUTION_COLUMN}"

    return _JOINED.sub(with_dossier, statement)


def _by_values(connection: Connection, change: re.Match[str]) -> str:
    """Returns an update with the rows it is made of written into it: a copy on every server can't be changed by a query."""
    name = change["name"]
    connection.execute(text(f"create temporary table {name} on commit drop as {change['query']}"))
    columns, rows = connection.execute(
        text(
            "select (select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ')"
            " from pg_attribute as a where a.attrelid = cast(:name as regclass) and a.attnum > 0),"
            f" (select quote_literal(coalesce(jsonb_agg(to_jsonb(q)), '[]')) from {name} as q)"
        ),
        {"name": f"pg_temp.{name}"},
    ).one()
    connection.execute(text(f"drop table {name}"))
    return re.sub(
        rf"\b(from|using) {name} as (\w+)",
        lambda use: f"{use[1]} jsonb_to_recordset({rows}) as {use[2]} ({columns})",
        change["change"],
    )


@contextmanager
def staged_rows_handed_out(connection: Connection) -> Iterator[None]:
    """Meanwhile statements read the staged rows of a dossier where its history is; on one server nothing is done.

    Rows without a code of a dossier are left out: nothing in history could be compared with them.
    """
    if not is_distributed(connection):
        yield
        return
    made = f"create temporary table {_HANDED_OUT} on commit drop as"
    for part in laid_out(
        connection, f"{made} select * from {_STAGED} where {DISTRIBUTION_COLUMN} is not null"
    ):
        connection.execute(text(part))
    connection.info[_IS_HANDED_OUT] = True
    try:
        yield
        connection.execute(text(f"drop table {_HANDED_OUT}"))
    finally:
        connection.info[_IS_HANDED_OUT] = False
