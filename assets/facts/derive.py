"""Facts of the dossiers of which something new was said, and what that changes in the daily flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, text

from assets.dimensions.load_procedures import refresh_procedures
from assets.facts.changes import note_change
from assets.facts.due import office_of, write_due
from assets.facts.fold import fold
from assets.facts.publish import TABLES, empty_staging, next_run, publish, stage
from assets.facts.read import read_bucket, read_reference
from warehouse_sql.boundaries import reached
from warehouse_sql.sql_files import run_file

# Dossiers folded together: large enough to spread the cost of reading, small enough for the memory of any office.
_BUCKET = 50_000


@dataclass(frozen=True)
class Derived:
    """Dossiers derived again."""

    dossiers: int


def derive_facts(
    engine: Engine, progress: Callable[[int, int], None] | None = None, bucket_size: int = _BUCKET
) -> Derived:
    """Folds every touched dossier whole into core.fct_*, and adds the difference this makes to mart.daily_flow.

    Buckets of dossiers are folded one after the other into staging; one transaction publishes them all, so that nobody reads some
    dossiers of today together with others of yesterday: a crash leaves them touched, for the next run. `progress` receives
    (dossiers done, dossiers to do).
    """
    with engine.begin() as connection:
        refresh_procedures(connection)
        run_file(connection, "history/touch_absent.sql")
        codes: list[str] = list(
            connection.execute(text("select dossier_code from history.touched_dossier order by 1")).scalars()
        )
        reached("procedures.before_commit")
    reached("procedures.committed")
    if not codes:
        return Derived(0)
    is_large = len(codes) > bucket_size
    if is_large:
        _analyze(engine, "history.dossier_version", "history.process_step")
    run_no = _fold_into_staging(engine, list(_cut(codes, bucket_size)), progress)
    with engine.begin() as connection:
        publish(connection, run_no, codes)
        reached("facts.published")
        for bucket in _cut(codes, bucket_size):
            write_due(connection, bucket, office_of(connection))
        run_file(connection, "core/drop_unsaid_procedures.sql")
        note_change(connection)
        empty_staging(connection)
        reached("facts.before_commit")
    reached("facts.committed")
    if is_large:
        _analyze(engine, *(f"core.{table}" for table in TABLES), "mart.daily_flow")
    return Derived(len(codes))


def _fold_into_staging(
    engine: Engine, buckets: list[list[str]], progress: Callable[[int, int], None] | None
) -> int:
    """Returns the number under which the buckets have been staged."""
    with engine.begin() as connection:
        run_no = next_run(connection)
        empty_staging(connection)
        reference = read_reference(connection)
    done, to_do = 0, sum(map(len, buckets))
    for number, codes in enumerate(buckets):
        with engine.begin() as connection:
            stage(connection, run_no, number, fold(read_bucket(connection, codes), reference))
            reached("facts.bucket")
        done += len(codes)
        if progress:
            progress(done, to_do)
    return run_no


def _cut(codes: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(codes), size):
        yield codes[start : start + size]


def _analyze(engine: Engine, *tables: str) -> None:
    # A first load is far larger than what the planner last saw; autovacuum would come too late.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"analyze {table}"))
