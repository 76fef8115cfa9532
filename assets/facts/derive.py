"""Facts of the dossiers of which something new was said, and what that changes in the daily flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, text

from assets.dimensions.load_procedures import refresh_procedures
from assets.facts.changes import note_change
from assets.facts.due import office_of, write_due
from warehouse_sql.boundaries import reached
from warehouse_sql.sql_files import run_file

# Dossiers derived by one pass of the statements: large enough to spread its cost, small enough for its sorts to
# stay in memory.
_BATCH = 20_000
_STEPS = ("core/derive_dossiers.sql", "core/derive_stages.sql", "core/derive_facts.sql")


@dataclass(frozen=True)
class Derived:
    """Dossiers derived again."""

    dossiers: int


def derive_facts(
    engine: Engine, progress: Callable[[int, int], None] | None = None, batch_size: int = _BATCH
) -> Derived:
    """Derives core.fct_* of every touched dossier and the difference this makes to mart.daily_flow.

    All in one transaction, so that nobody reads some dossiers of today together with others of yesterday: a crash leaves them
    touched, for the next run. `progress` receives (dossiers done, dossiers to do).
    """
    with engine.begin() as connection:
        refresh_procedures(connection)
        run_file(connection, "history/touch_absent.sql")
        codes: list[str] = list(
            connection.execute(text("select dossier_code from history.touched_dossier order by 1")).scalars()
        )
        office = office_of(connection) if codes else None
        reached("procedures.before_commit")
    reached("procedures.committed")
    is_large = len(codes) > batch_size
    if is_large:
        _analyze(engine, "history.dossier_version", "history.process_step")
    with engine.begin() as connection:
        for start in range(0, len(codes), batch_size):
            assert office is not None
            batch = codes[start : start + batch_size]
            for step in _STEPS:
                run_file(connection, step, codes=batch, known_at="infinity")
            write_due(connection, batch, office)
            reached("facts.batch")
            if progress:
                progress(start + len(batch), len(codes))
        run_file(connection, "core/drop_unsaid_procedures.sql")
        if codes:
            note_change(connection)
        reached("facts.before_commit")
    reached("facts.committed")
    if is_large:
        _analyze(engine, "core.fct_dossier", "core.fct_dossier_span", "core.fct_stage", "mart.daily_flow")
    return Derived(len(codes))


def _analyze(engine: Engine, *tables: str) -> None:
    # A first load is far larger than what the planner last saw; autovacuum would come too late.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"analyze {table}"))
