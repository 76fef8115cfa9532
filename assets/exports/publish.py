"""Staged files into the register and the history.

Here: what becomes of rows that the gate has judged. Not here: reading and staging them (`staging.py`), and the one
transaction that publishes all files of a run together (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from assets.exports.content import note_content, note_content_again
from assets.exports.register import Entry, register
from quality.gate import quarantine
from warehouse_sql.boundaries import reached
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file


def publish(connection: Connection, entry: Entry) -> Mapping[str, int]:
    """Writes the register, the rows and the account of one file. Returns its counts by the names of landing.export_file.

    WarehouseError, for the caller to roll back, when its staged rows are not all there any more.
    """
    file_id = register(connection, entry)
    # A file that was refused has a row already, by the day it came.
    note = note_content if entry.pending_id is None else note_content_again
    note(connection, entry.content, file_id)
    reached("file.registered")
    if entry.kind is not None:
        quarantine(connection, entry.file_no, file_id, entry.file.path, entry.received_at)
        take_in_rows(connection, entry, file_id)
        if entry.kind == "dossiers" and entry.complete:
            connection.execute(
                text("insert into history.unchecked_list values (:file_id)"), {"file_id": file_id}
            )
        run_file(
            connection,
            "landing/account_file.sql",
            file_no=entry.file_no,
            file_id=file_id,
            known_from=entry.received_at,
        )
    counts = connection.execute(
        text(
            "select rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined"
            " from landing.export_file where file_id = :file_id"
        ),
        {"file_id": file_id},
    ).one()
    if counts.rows_read != entry.rows:
        # A server that crashed empties what is only staged.
        raise WarehouseError(
            message(
                "{path}: máy chủ đã mất {rows} dòng đang chờ; hãy chạy lại.",
                path=entry.file.path,
                rows=entry.rows - counts.rows_read,
            )
        )
    reached("file.taken_in")
    return dict(counts._mapping)


def take_in_rows(connection: Connection, entry: Entry, file_id: int) -> None:
    """The staged rows of one file that were not refused, into the history."""
    names = {"file_no": entry.file_no, "file_id": file_id, "known_from": entry.received_at}
    run_file(connection, "core/remember_procedures.sql", file_no=entry.file_no)
    if entry.kind == "dossiers":
        run_file(
            connection,
            "history/take_in_dossiers.sql",
            **names,
            file_rank=entry.sha256[:16],
            columns=list(entry.columns),
        )
    else:
        run_file(connection, "history/take_in_steps.sql", **names)
