"""Facts of the dossiers of which something new was said, and what that changes in the daily flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.dimensions.load_procedures import refresh_procedures
from assets.facts.buckets import FoldBuckets, begin_fold, fold_in_threads
from assets.facts.changes import note_change
from assets.facts.links import components_of
from assets.facts.publish import TABLES, empty_staging, publish
from quality.published import note_unchecked
from warehouse_sql.boundaries import reached
from warehouse_sql.frames import copy_out
from warehouse_sql.laid_out import analyze
from warehouse_sql.sql_files import run_file, statements_of_file

#: Makes sums of facts in the transaction that publishes these.
SumUp = Callable[[Connection], object]

# Rows that are folded together, of dossiers and of what was stated of them at each known moment: enough to spread the cost of
# reading, few enough for the memory of any office (3 to 4 kB each).
_BUCKET = 30_000


_READ_BY_BUCKETS = (
    *("history.dossier_version", "history.process_step", "history.repeat_range"),
    "landing.export_file",
)

_FLOWS = ("mart.daily_flow", "mart.daily_due")
_SUMS = ("mart.overdue_stock", "mart.timeliness_count")


@dataclass(frozen=True)
class Derived:
    """Dossiers derived again."""

    dossiers: int


def derive_facts(
    engine: Engine,
    sum_up: SumUp,
    progress: Callable[[int, int], None] | None = None,
    bucket_size: int = _BUCKET,
    fold_buckets: FoldBuckets = fold_in_threads,
) -> Derived:
    """Folds every touched dossier whole into core.fct_*, and adds the difference this makes to mart.daily_flow and
    mart.daily_due.

    Buckets of dossiers, each of about `bucket_size` rows laid out, are folded into staging by `fold_buckets`; one
    transaction publishes them all and what `sum_up` makes of them, so that nobody reads some dossiers of today together with
    others, or with sums, of yesterday: a crash leaves them touched, for the next run. `progress` receives (dossiers done,
    dossiers to do).
    """
    with engine.begin() as connection:
        refresh_procedures(connection)
        run_file(connection, "history/touch_linked.sql")
        buckets = _touched_buckets(connection, bucket_size)
        reached("procedures.before_commit")
    reached("procedures.committed")
    if not buckets:
        return Derived(0)
    is_large = len(buckets) > 1
    if is_large:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            analyze(connection, *_READ_BY_BUCKETS)
    with engine.begin() as connection:
        run_no = begin_fold(connection, buckets)
    codes = pl.concat(buckets)
    done = 0
    for count in fold_buckets(engine, run_no, len(buckets)):
        done += count
        if progress:
            progress(done, len(codes))
    with engine.begin() as connection:
        if not is_large:
            # Of what is looked at in this transaction a tenth of the usual sample tells how few rows there are.
            connection.execute(text("set local default_statistics_target = 10"))
        alike = publish(connection, run_no)
        reached("facts.published")
        run_file(connection, "core/drop_unsaid_procedures.sql")
        note_change(connection, alike)
        note_unchecked(connection, codes.to_list())
        empty_staging(connection)
        if is_large:
            analyze(connection, *(f"core.{table}" for table in TABLES), *_FLOWS)
        sum_up(connection)
        if is_large:
            analyze(connection, *_SUMS)
        reached("facts.before_commit")
    reached("facts.committed")
    return Derived(len(codes))


def _touched_buckets(connection: Connection, size: int) -> list[pl.Series]:
    """Returns the touched dossiers in buckets, ranges of their codes; linked ones are in one bucket.

    Each has about `size` rows laid out (statements and steps for each known moment, and the dossiers): the memory of a fold grows
    with these.
    """
    # Few or all of them: that decides how they are counted.
    analyze(connection, "history.touched_dossier")
    (statement,) = statements_of_file("history/touched_size.sql")
    # The order is the server's, in which its indexes are read.
    touched = copy_out(connection, statement)
    links = copy_out(connection, "select dossier_code, other_code from history.dossier_link")
    ordered = (
        touched.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64))
        .join(components_of(links), on="dossier_code", how="left")
        .with_columns(first=pl.col("place").min().over(pl.coalesce("root", "dossier_code")))
        .sort("first", "place")
        .with_columns(before=pl.col("size").cum_sum() - pl.col("size"))
        .with_columns(bucket=pl.col("before").first().over("first") // size)
    )
    return [part["dossier_code"] for part in ordered.partition_by("bucket", maintain_order=True)]
