"""The warehouse made again from the archive, in place or next to the live one to compare the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.dimensions.catalogue_import import reread_catalogues
from assets.dimensions.load import check_office_files, load_reference
from assets.exports.archived import REGISTER, complete_both, note_register, require_bytes
from assets.exports.intake import replay
from assets.facts.derive import derive_facts
from assets.facts.publish import TWO_TIMED
from assets.given.archive import Archive
from assets.given.office_file import NO_OFFICE_FILES, OfficeFiles
from assets.run_log import Intake
from assets.sources.source import Source
from warehouse_sql.boundaries import reached
from warehouse_sql.frames import copy_frame, read_frame
from warehouse_sql.sql_files import run_file

Progress = Callable[[str, int, int], None]

#: What the archive must be able to tell again to the last row; moments of loading are not among the columns.
COMPARED = (
    "core.dim_procedure",
    *(f"core.{table}{past}" for table in TWO_TIMED for past in ("", "_past")),
    "core.fct_due",
    *("mart.daily_flow", "mart.daily_due", "mart.overdue_daily", "mart.timeliness_month"),
    *("ops.feed_day", "ops.drift"),
)


@dataclass(frozen=True)
class Comparison:
    """One table: its rows and whether every one of them is the same, live and rebuilt."""

    table: str
    live_rows: int
    rebuilt_rows: int
    is_equal: bool


def rebuild(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    progress: Progress | None = None,
    office: OfficeFiles = NO_OFFICE_FILES,
    allows_missing: bool = False,
) -> Intake:
    """Forgets all that was made of the exports and replays the archive; arrivals (known times) are kept.

    What the register of this warehouse does not know comes from the manifest of the archive. A crash on the way loses
    nothing: the next run goes on with the replay. Before anything is forgotten: OfficeFileError when a file of the office
    can't be used, WarehouseError when the archive lacks bytes, unless that is allowed.
    """
    check_office_files(office)
    complete_both(engine, archive)
    if not allows_missing:
        require_bytes(engine, archive)
    with engine.begin() as connection:
        run_file(connection, "history/forget.sql")
        reached("rebuild.before_commit")
    reached("rebuild.committed")
    intake = bring_up_to_date(engine, archive, sources, progress, office)
    note_register(engine, archive)
    return intake


def bring_up_to_date(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    progress: Progress | None = None,
    office: OfficeFiles = NO_OFFICE_FILES,
) -> Intake:
    """Replays what waits for it, then derives facts and stocks."""
    with engine.begin() as connection:
        unread = reread_catalogues(connection, archive)
        load_reference(connection, sources, office)
    intake = replay(engine, archive, sources, progress=_of_stage(progress, "files"))
    intake.errors += unread
    finish_waiting(engine, progress)
    return intake


def finish_waiting(engine: Engine, progress: Progress | None = None) -> None:
    """Derives the dossiers that wait for the next run, after a catalogue was taken over or a run was cut off, and the stocks."""
    derive_facts(engine, sum_up, progress=_of_stage(progress, "dossiers"))
    refresh_aggregates(engine)


def _of_stage(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(stage, done, total)


def compare_with_rebuilt(
    engine: Engine,
    rebuilt_engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    progress: Progress | None = None,
    office: OfficeFiles = NO_OFFICE_FILES,
) -> list[Comparison]:
    """Rebuilds the archive in the empty, migrated warehouse `rebuilt_engine` and compares it table by table."""
    replay_next_to(engine, rebuilt_engine, archive, sources, progress, office)
    with engine.connect() as live, rebuilt_engine.connect() as rebuilt:
        return [_compared(table, live, rebuilt) for table in COMPARED]


def replay_next_to(
    engine: Engine,
    side: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    progress: Progress | None = None,
    office: OfficeFiles = NO_OFFICE_FILES,
) -> None:
    """Replays what the warehouse knows of into the empty, migrated warehouse `side`; the first is only read."""
    with engine.connect() as connection:
        register = read_frame(connection, REGISTER)
        catalogues = read_frame(connection, "select * from core.catalogue_import order by import_id")
    with side.begin() as connection:
        copy_frame(connection, register, "landing.export_file", register.columns)
        copy_frame(connection, catalogues, "core.catalogue_import", catalogues.columns)
    bring_up_to_date(side, archive, sources, progress, office)


def _compared(table: str, live: Connection, rebuilt: Connection) -> Comparison:
    kept, replayed = table_digest(live, table), table_digest(rebuilt, table)
    return Comparison(table, kept[0], replayed[0], kept == replayed)


def table_digest(connection: Connection, table: str) -> tuple[int, int]:
    """Returns number of rows and a sum of their hashes, whatever order they lie in."""
    rows, digest = connection.execute(
        text(f"select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {table} as t")
    ).one()
    return int(rows), int(digest)
