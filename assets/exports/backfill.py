"""Export days read again from the archive: what is missing of them is added, what is right stays.

Here: which files of a range of days are read again. A run that was killed goes on where it was: each file is marked in the
register when it is done. Not here: how a file is completed (`reread.py`) or taken in (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, text

from assets.exports.intake import Audit, Clock, now, take_in_failed
from assets.exports.reread import reread
from assets.given.archive import Archive
from assets.sources.source import Source
from warehouse_sql.sql_files import statements_of_file

#: Receives what is being done, how many files of it are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ReadAgain:
    """What came of it: files that can be read now, dossiers that the next run derives, and sentences on what is left."""

    files_recovered: int
    dossiers_waiting: int
    remarks: list[str]


def read_days_again(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    days: Sequence[date],
    *,
    audit: Audit | None = None,
    progress: Progress | None = None,
    clock: Clock = now,
) -> ReadAgain:
    """Takes in files of these export days that could not be read, then completes those that older readers read.

    With the latter go the files that their sources exported before these days and that are not completed yet.
    """

    def of(what: str) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, total: progress(what, done, total)

    failed = take_in_failed(
        engine, archive, sources, days, audit=audit, progress=of("not readable before"), clock=clock
    )
    remarks = reread(engine, archive, sources, clock(), of("read by an older version"), through=max(days))
    with engine.connect() as connection:
        (statement,) = statements_of_file("history/waiting_dossiers.sql")
        waiting = int(connection.execute(text(statement)).scalar_one())
    return ReadAgain(failed.files_loaded, waiting, failed.errors + remarks)
