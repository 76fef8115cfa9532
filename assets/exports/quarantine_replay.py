"""Quarantined rows taken in again, after a rule, a code map or a correction was mended.

What comes of it is what a rebuild would give: the file's own arrival stays the known time of its rows. One transaction a
file. Not here: deriving facts of the dossiers that this touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from assets.dimensions.load import resolve_new_names
from assets.exports.clock_ahead import ACCEPTED, as_arrived
from assets.exports.content import look_at, note_content_again
from assets.exports.landed import LandedFile
from assets.exports.publish import name_run_files, take_in_rows
from assets.exports.register import Entry
from assets.exports.staging import empty_staging, staging
from assets.given.archive import Archive
from assets.given.unreadable import UnreadableExportError
from assets.sources.shapes import read_export
from assets.sources.source import Source
from quality.gate import judge, quarantine_again
from warehouse_sql.boundaries import reached
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file
from warehouse_sql.vietnam_time import VIETNAM


@dataclass
class Replayed:
    """Files looked at again, rows that came in and rows that still do not pass; errors name file and remedy."""

    files: int
    rows_taken_in: int
    rows_refused: int
    errors: list[str]


def replay_quarantine(
    engine: Engine, archive: Archive, sources: Mapping[str, Source], at: datetime, source: str | None = None
) -> Replayed:
    """Takes in again what was refused of every file, or of one source's; the run lock is held by the caller."""
    with engine.connect() as connection:
        files = connection.execute(
            text(
                "select f.file_id, f.source, f.path, f.sha256, f.size_bytes, f.modified_ns, f.exported_at,"
                " f.received_at, f.kind, f.columns, f.clock_ahead from landing.export_file as f where exists (select 1"
                " from landing.quarantine as q where q.file_id = f.file_id"
                " and q.resolved_by is distinct from 'replay' and q.resolved_by is distinct from 'correction')"
                " and (cast(:source as text) is null or f.source = :source) order by f.received_at, f.file_id"
            ),
            {"source": source},
        ).all()
    result = Replayed(0, 0, 0, [])
    for file in files:
        known = sources.get(file.source)
        if known is None:
            result.errors.append(
                message(
                    "{path}: nguồn {source} không còn trong danh sách nguồn; hãy khai lại.",
                    path=file.path,
                    source=file.source,
                )
            )
            continue
        try:
            reading = read_export(archive.read(file.sha256), known, file.path)
        except OSError:
            result.errors.append(
                message("{path}: tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận.", path=file.path)
            )
            continue
        except UnreadableExportError as error:
            result.errors.append(f"{file.path}: {error}")
            continue
        if file.clock_ahead == ACCEPTED and file.exported_at == file.received_at:
            reading = as_arrived(reading, file.received_at.astimezone(VIETNAM))
        entry = _entry(file, reading.row_count, at)
        with engine.begin() as connection:
            empty_staging(connection)
            with staging(connection) as stage:
                stage(reading, known, entry)
            note_content_again(connection, look_at(reading, known, file.path), file.file_id)
            taken, refused = _again(connection, entry, file.file_id, at)
            empty_staging(connection)
            reached("replay.before_commit")
        reached("replay.committed")
        result.files += 1
        result.rows_taken_in += taken
        result.rows_refused += refused
    return result


def _entry(file: Row[Any], rows: int, at: datetime) -> Entry:
    return Entry(
        file=LandedFile(file.source, file.path, file.size_bytes, file.modified_ns),
        sha256=file.sha256,
        file_no=0,
        rows=rows,
        received_at=file.received_at.astimezone(VIETNAM),
        loaded_at=at,
        exported_at=file.exported_at,
        kind=file.kind,
        columns=tuple(file.columns),
        pending_id=file.file_id,
    )


def _again(connection: Connection, entry: Entry, file_id: int, at: datetime) -> tuple[int, int]:
    """Returns the numbers of rows taken in and refused again, of those that were refused when the file came."""
    resolve_new_names(connection)
    judge(connection)
    # What was let in stays as it is; it had to be there to tell duplicates.
    run_file(connection, "landing/keep_refused_rows.sql", file_id=file_id)
    quarantine_again(connection, file_id)
    name_run_files(connection, {entry.file_no: file_id}, is_new=False)
    take_in_rows(connection)
    run_file(connection, "landing/account_replay.sql", file_id=file_id, at=at)
    counts = connection.execute(
        text(
            "select count(*) filter (where verdict is distinct from 'quarantined') as taken,"
            " count(*) filter (where verdict = 'quarantined') as refused from landing.staged_row"
        )
    ).one()
    return int(counts.taken), int(counts.refused)
