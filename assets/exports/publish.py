"""Staged files into the register and the history.

Here: what becomes of rows that the gate has judged, all files of a run at once. Not here: reading and staging them
(`staging.py`), and the transaction in which this happens (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from assets.exports.content import note_content_again, note_contents
from assets.exports.register import Entry, register
from assets.sources.canonical import STATE_INSTANTS, STATED
from quality.gate import quarantine
from warehouse_sql.boundaries import reached
from warehouse_sql.errors import WarehouseError
from warehouse_sql.laid_out import staged_rows_handed_out
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file

# Nothing says until which arrival figures go that an older version summed (landing.known_through): until what is there now.
_KNOWN_THROUGH = """
insert into ops.setting
select 'known_through', max(f.received_at)
from landing.export_file as f
where f.status = 'loaded' and exists (select from ops.setting as s where s.name = 'covered_through')
having max(f.received_at) is not null
on conflict do nothing
"""


def publish(connection: Connection, entries: Sequence[Entry]) -> list[Mapping[str, int]]:
    """Writes the register, the rows and the accounts of all files of a run.

    Returns the counts of each file by the names of landing.export_file. WarehouseError, for the caller to roll back, when
    the staged rows of a file are not all there any more.
    """
    connection.execute(text(_KNOWN_THROUGH))
    file_ids = [_register(connection, entry) for entry in entries]
    new = zip(file_ids, entries, strict=True)
    note_contents(connection, {file_id: entry.content for file_id, entry in new if entry.pending_id is None})
    name_run_files(connection, dict(zip((entry.file_no for entry in entries), file_ids, strict=True)))
    quarantine(connection)
    take_in_rows(connection)
    run_file(connection, "landing/account_files.sql")
    counts = _accounts(connection)
    return [_checked(entry, counts[file_id]) for entry, file_id in zip(entries, file_ids, strict=True)]


def _register(connection: Connection, entry: Entry) -> int:
    file_id = register(connection, entry)
    if entry.pending_id is not None:  # a file that was refused has a row already, by the day it came
        note_content_again(connection, entry.content, file_id)
    reached("file.registered")
    return file_id


def name_run_files(connection: Connection, files: Mapping[int, int], is_new: bool = True) -> None:
    """Makes the tables that the statements of a publication share; `files` are the files' keys by file_no.

    `is_new`: False for files that were taken in before and of which some rows are looked at again.
    """
    run_file(
        connection,
        "landing/name_run_files.sql",
        file_nos=list(files),
        file_ids=list(files.values()),
        is_new=is_new,
    )


def take_in_rows(connection: Connection) -> None:
    """Takes the staged rows that were not refused into the history."""
    run_file(connection, "core/remember_procedures.sql")
    with staged_rows_handed_out(connection):
        columns = {"every_attribute": STATED, "every_instant": STATE_INSTANTS}
        run_file(connection, "history/take_in_dossiers.sql", columns)
        run_file(connection, "history/keep_repeats.sql")
        run_file(connection, "history/touch_missed.sql")
        run_file(connection, "history/take_in_steps.sql")


def _accounts(connection: Connection) -> dict[int, Mapping[str, int]]:
    rows = connection.execute(
        text(
            "select f.file_id, f.rows_read, f.rows_loaded, f.rows_unchanged, f.rows_duplicate, f.rows_quarantined"
            " from landing.export_file as f inner join run_file as n on f.file_id = n.file_id"
        )
    )
    return {
        row["file_id"]: {name: count for name, count in row.items() if name != "file_id"}
        for row in rows.mappings()
    }


def _checked(entry: Entry, counts: Mapping[str, int]) -> Mapping[str, int]:
    if counts["rows_read"] != entry.rows:
        # A server that crashed empties what is only staged.
        raise WarehouseError(
            message(
                "{path}: máy chủ đã mất {rows} dòng đang chờ; hãy chạy lại.",
                path=entry.file.path,
                rows=entry.rows - counts["rows_read"],
            )
        )
    reached("file.taken_in")
    return counts
