"""From the fold into the warehouse: buckets write to staging under the number of their fold; one transaction publishes them.

What a worker of a dead fold still writes is under another number, and changes nothing.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, text

from assets.dimensions.members import refuse_unknown_members_of_fold
from assets.facts.changes import changes_alike
from assets.facts.fold import Facts
from assets.facts.lives import NEVER
from warehouse_sql.frames import copy_frame
from warehouse_sql.laid_out import is_distributed
from warehouse_sql.sql_files import run_file

#: The frame of each table of core.
_FRAMES = {
    "fct_dossier": "dossiers",
    "fct_dossier_span": "spans",
    "fct_dossier_event": "events",
    "fct_stage": "stages",
    "fct_dossier_edit": "edits",
    "fct_portal_delay": "delays",
}
#: Of what is known now alone.
_NOW_ALONE = {"fct_due": "due"}
TWO_TIMED = tuple(_FRAMES)
TABLES = (*TWO_TIMED, *_NOW_ALONE)
_INFINITE = ("valid_to", "known_to")
# Of so few, deleting them costs less than truncating a table.
_FEW = 20_000
_ZONED = ("known_from", "known_to")


def stage(connection: Connection, run_no: int, bucket: int, facts: Facts) -> None:
    """Writes the facts of a bucket under the number of the fold; once more, if it was written before."""
    is_first = connection.execute(
        text(
            "insert into core.staged_bucket (run_no, bucket) values (:run_no, :bucket) on conflict do nothing"
        ),
        {"run_no": run_no, "bucket": bucket},
    ).rowcount
    for table, frame in (_FRAMES | _NOW_ALONE).items():
        staged = f"core.staged_{table}"
        # Staging has no index, so that writing it is cheap: nothing is looked for where nothing can be.
        if not is_first:
            connection.execute(
                text(f"delete from {staged} where run_no = :run_no and bucket = :bucket"),
                {"run_no": run_no, "bucket": bucket},
            )
        rows: pl.DataFrame = getattr(facts, frame)
        if rows.height:
            # Staged in the order in which it is to lie, so that publishing need not sort.
            rows = rows.sort("dossier_code").with_columns(run_no=pl.lit(run_no), bucket=pl.lit(bucket))
            copy_frame(connection, rows.select(_written(rows)), staged)


def _written(rows: pl.DataFrame) -> list[pl.Expr]:
    """Returns the columns as PostgreSQL reads them: NEVER is infinity, known moments are UTC."""
    columns = []
    for name in rows.columns:
        column = pl.col(name)
        if name in _ZONED:
            column = column.dt.strftime("%Y-%m-%d %H:%M:%S%.6f+00")
        elif name in _INFINITE:
            column = column.dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
        if name in _INFINITE:
            column = pl.when(pl.col(name) == NEVER).then(pl.lit("infinity")).otherwise(column)
        columns.append(column.alias(name))
    return columns


def publish(connection: Connection, run_no: int) -> bool:
    """Puts what the fold has staged in place of the facts of its dossiers, in the transaction of the connection.

    Returns True where it is known that flows sum up to the facts afterwards. WarehouseError, for the caller to roll back, when a
    unit or procedure of them is no longer there.
    """
    refuse_unknown_members_of_fold(connection, run_no)
    connection.execute(
        text("create temporary table folded_dossier (dossier_code text primary key) on commit drop")
    )
    folded = connection.execute(
        text(
            "insert into folded_dossier select dossier_code from core.bucket_dossier where run_no = :run_no order by dossier_code"
        ),
        {"run_no": run_no},
    ).rowcount
    # How few they are among all events decides how these are looked up.
    connection.execute(
        text("analyze folded_dossier, core.staged_fct_dossier_event, core.staged_fct_dossier_span")
    )
    run_file(connection, "core/publish_facts.sql", run_no=run_no)
    run_file(connection, "core/publish_due.sql", run_no=run_no)
    alike = changes_alike(connection, run_no)
    connection.execute(text("drop table flow_change"))
    for table in _FRAMES:
        for stored, known in ((table, "= 'infinity'"), (f"{table}_past", "< 'infinity'")):
            _replace(connection, table, stored, run_no, f" and known_to {known}")
    for table in _NOW_ALONE:
        _replace(connection, table, table, run_no)
    # Citus does not ask which of its rows are not in a table of the coordinator.
    if folded <= _FEW or is_distributed(connection) or not _none_touched_since(connection):
        connection.execute(
            text(
                "delete from history.touched_dossier as t using folded_dossier as f"
                " where t.dossier_code = f.dossier_code"
            )
        )
    return alike


def _none_touched_since(connection: Connection) -> bool:
    """Empties the list of touched dossiers where all are folded: else what a first load filled keeps its size on disk."""
    # Whoever touches another one waits, so that it is not taken off with the rest.
    connection.execute(text("lock table history.touched_dossier in share row exclusive mode"))
    others = (
        "select exists (select 1 from history.touched_dossier as t"
        " where not exists (select 1 from folded_dossier as f where f.dossier_code = t.dossier_code))"
    )
    if connection.execute(text(others)).scalar_one():
        return False
    connection.execute(text("truncate history.touched_dossier"))
    return True


def _replace(connection: Connection, table: str, stored: str, run_no: int, known: str = "") -> None:
    columns = ", ".join(_columns(connection, table))
    connection.execute(
        text(
            f"delete from core.{stored} as s using folded_dossier as f where s.dossier_code = f.dossier_code"
        )
    )
    connection.execute(
        text(
            # In the order of the key, so that its index is written from one end to the other: a third less of it.
            f"insert into core.{stored} ({columns}) select {columns} from core.staged_{table}"
            f" where run_no = :run_no{known} order by dossier_code"
        ),
        {"run_no": run_no},
    )


def _columns(connection: Connection, table: str) -> list[str]:
    names = connection.execute(
        text(
            "select attname from pg_attribute where attrelid = cast(:table as regclass) and attnum > 0"
            " and not attisdropped order by attnum"
        ),
        {"table": f"core.{table}"},
    ).scalars()
    return list(names)


def empty_staging(connection: Connection) -> None:
    """Takes away what folds have staged, dead ones' too."""
    tables = ["core.bucket_dossier", "core.staged_bucket", *(f"core.staged_{table}" for table in TABLES)]
    # To truncate a table costs several writes to disk, also where it is empty.
    filled = connection.execute(
        text(" union all ".join(f"select '{table}' where exists (select 1 from {table})" for table in tables))
    ).scalars()
    if names := ", ".join(filled):
        connection.execute(text(f"truncate {names}"))
