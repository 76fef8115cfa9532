"""Files that an older version of the readers read, read again from the archive for what it left out.

Arrivals and all that was read before stay. One transaction a file, in the order in which a source exported them: a run that
was killed goes on with the next file. Not here: which attributes are added (`history/complete_statements.sql`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, text

from assets.exports.publish import name_run_files, take_in_rows
from assets.exports.read_ahead import read_again
from assets.exports.reading import ReadFile
from assets.exports.register import Entry
from assets.exports.staging import empty_staging, staging
from assets.given.archive import Archive
from assets.sources.canonical import READER_VERSION
from assets.sources.source import Source
from quality.gate import judge
from warehouse_sql.boundaries import reached
from warehouse_sql.laid_out import staged_rows_handed_out
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file

_OF_OLDER_READERS = """
select file_id, source, path, sha256, size_bytes, modified_ns, received_at, effective_at, clock_ahead
from landing.export_file
where reader_version < :reader_version and kind = 'dossiers' and status = 'loaded'
    and effective_at < cast(:before as timestamp)
order by effective_at, left(sha256, 16), file_id
"""
# Steps, and files that could not be read, have nothing to be added.
_NOTHING_TO_ADD = """
update landing.export_file set reader_version = :reader_version
where reader_version < :reader_version and not (kind is not distinct from 'dossiers' and status = 'loaded')
    and effective_at < cast(:before as timestamp)
"""

_ACCOUNT = """
update landing.export_file as f
set
    reader_version = :reader_version,
    rows_loaded = f.rows_loaded + :loaded, rows_unchanged = f.rows_unchanged - :loaded
where f.file_id = :file_id
"""


def reread(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
    through: date | None = None,
) -> list[str]:
    """Completes the statements of all files that older readers read, or of those exported up to the day `through`.

    A file needs what its source exported before it, so these come first. Returns a sentence for each file that can't be
    read again: what was read of it stays, and the next run tries once more.
    """
    before = "infinity" if through is None else str(through + timedelta(days=1))
    values = {"reader_version": READER_VERSION, "before": before}
    with engine.begin() as connection:
        files = connection.execute(text(_OF_OLDER_READERS), values).all()
        connection.execute(text(_NOTHING_TO_ADD), values)
    pruned = archive.manifest().pruned if files else set()
    gone = [row for row in files if row.sha256 in pruned and not archive.has(row.sha256)]
    files = [row for row in files if row not in gone]
    remarks = [_pruned(len(gone))] if gone else []
    again = read_again(files, archive, sources)
    for done, (row, read) in enumerate(again, start=1):
        if read.error is None:
            _complete(engine, row, read, at)
        else:
            remarks.append(_not_read_again(read.file.path, read.error))
        if progress:
            progress(done, len(files))
    return remarks


def _pruned(count: int) -> str:
    return message(
        "{count:number} tệp đã xóa khỏi kho lưu theo thời hạn giữ nên không đọc lại được; những gì đã đọc trước đây được giữ"
        " nguyên.",
        count=count,
    )


def _not_read_again(path: str, error: str) -> str:
    return message(
        "{path}: không đọc lại được từ kho lưu nên những gì đã đọc trước đây của tệp này được giữ nguyên. {error}",
        path=path,
        error=error,
    )


def _complete(engine: Engine, row: Row[Any], read: ReadFile, at: datetime) -> None:
    assert read.reading is not None and read.source is not None and read.received_at is not None
    reading = replace(read.reading, exported_at=row.effective_at)
    entry = Entry(read.file, read.sha256, 0, reading.row_count, read.received_at, at)
    with engine.begin() as connection:
        empty_staging(connection)
        with staging(connection) as stage:
            stage(reading, read.source, entry)
        connection.execute(text("analyze landing.staged_row"))
        judge(connection)  # of rows with one code, which one stands
        name_run_files(connection, {entry.file_no: row.file_id}, is_new=False)
        with staged_rows_handed_out(connection):
            run_file(
                connection,
                "history/complete_statements.sql",
                file_id=row.file_id,
                columns=sorted(reading.columns),
                reader_version=READER_VERSION,
            )
        take_in_rows(connection)
        loaded = connection.execute(text("select count(*) from staged_news")).scalar_one()
        connection.execute(
            text(_ACCOUNT), {"file_id": row.file_id, "reader_version": READER_VERSION, "loaded": loaded}
        )
        empty_staging(connection)
        reached("reread.before_commit")
    reached("reread.committed")
