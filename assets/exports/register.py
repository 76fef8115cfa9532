"""The register of export files: which contents were met, and the row of each in landing.export_file.

Here: reading and writing that row. Not here: the rows of a file (`staging.py`, `publish.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, Engine, text

from assets.exports.content import FileContent
from assets.exports.landed import LandedFile
from assets.sources.canonical import READER_VERSION
from warehouse_sql.boundaries import reached

#: Vietnam has kept this offset all year in all years that are read.


@dataclass(frozen=True)
class Entry:
    """One file on its way into the warehouse: its bytes are archived, its rows (if it could be read) are staged.

    `exported_at` and `received_at` have a time zone; `kind` is dossiers or steps, None where `error` says why the file
    can't be read. `pending_id`: it is in the register already, to be replayed. `clock_ahead`: as in
    `clock_ahead.py`. `file_no` names its `rows` staged rows.
    """

    file: LandedFile
    sha256: str
    file_no: int
    rows: int
    received_at: datetime
    loaded_at: datetime
    exported_at: datetime | None = None
    kind: str | None = None
    columns: tuple[str, ...] = ()
    complete: tuple[date, date] | None = None
    remarks: list[str] = field(default_factory=list)
    error: str | None = None
    pending_id: int | None = None
    clock_ahead: str | None = None
    content: FileContent = field(default_factory=FileContent)


@dataclass(frozen=True)
class KnownFile:
    """A content of a path that is registered, and how its file looked when it was last seen."""

    sha256: str
    size: int
    modified_ns: int
    etag: str | None


def known_files(engine: Engine) -> dict[str, list[KnownFile]]:
    """Returns the registered contents of every path."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("select path, sha256, size_bytes, modified_ns, etag from landing.export_file")
        ).all()
    known: dict[str, list[KnownFile]] = {}
    for row in rows:
        known.setdefault(row.path, []).append(
            KnownFile(row.sha256, row.size_bytes, row.modified_ns, row.etag)
        )
    return known


def is_known(file: LandedFile, known: Iterable[KnownFile]) -> bool:
    """Returns True if the file need not be read, because it looks as one of the known contents did.

    A size alone proves nothing; without time and ETag only the content does.
    """
    return any(_looks_like(file, each) for each in known)


def _looks_like(file: LandedFile, known: KnownFile) -> bool:
    if file.sha256 is not None:
        return file.sha256 == known.sha256
    if not file.modified_ns and not file.etag:
        return False
    return (
        file.size in {None, known.size} and file.modified_ns == known.modified_ns and file.etag == known.etag
    )


def note_new_stat(engine: Engine, file: LandedFile, sha256: str) -> None:
    """A known content that was written again: remembered, so that it is not read once more."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "update landing.export_file set size_bytes = :size, modified_ns = :modified, etag = :etag"
                " where path = :path and sha256 = :sha256"
            ),
            {
                "size": file.size,
                "modified": file.modified_ns,
                "etag": file.etag,
                "path": file.path,
                "sha256": sha256,
            },
        )
        reached("known_file.before_commit")


def register(connection: Connection, entry: Entry) -> int:
    """Writes the file's row, its counts still to come; its file_id."""
    values = {
        "kind": entry.kind,
        "exported_at": entry.exported_at,
        "loaded_at": entry.loaded_at,
        "status": "failed" if entry.error else "loaded",
        "columns": list(entry.columns),
        "complete_from": _open_ended(entry.complete[0]) if entry.complete else None,
        "complete_to": _open_ended(entry.complete[1]) if entry.complete else None,
        "error": entry.error,
        "clock_ahead": entry.clock_ahead,
        "remarks": [str(remark) for remark in entry.remarks],
        "reader_version": READER_VERSION,
    }
    if entry.pending_id is not None:
        connection.execute(
            text(
                "update landing.export_file set kind = :kind, exported_at = :exported_at, status = :status,"
                " columns = :columns, complete_from = cast(:complete_from as date),"
                " complete_to = cast(:complete_to as date), error = :error, remarks = :remarks,"
                " clock_ahead = :clock_ahead, reader_version = :reader_version,"
                " loaded_at = :loaded_at where file_id = :file_id"
            ),
            values | {"file_id": entry.pending_id},
        )
        return entry.pending_id
    file_id: int = connection.execute(
        text(
            "insert into landing.export_file (source, path, sha256, kind, size_bytes, modified_ns, etag, exported_at,"
            " received_at, loaded_at, status, columns, complete_from, complete_to, error, clock_ahead, remarks,"
            " reader_version)"
            " values (:source, :path, :sha256, :kind, :size, :modified, :etag, :exported_at, :received_at, :loaded_at,"
            " :status, :columns, cast(:complete_from as date), cast(:complete_to as date), :error, :clock_ahead,"
            " :remarks, :reader_version) returning file_id"
        ),
        values
        | {
            "source": entry.file.source,
            "path": entry.file.path,
            "sha256": entry.sha256,
            "size": entry.file.size,
            "modified": entry.file.modified_ns,
            "etag": entry.file.etag,
            "received_at": entry.received_at,
        },
    ).scalar_one()
    return file_id


def _open_ended(day: date) -> str:
    """Returns the day as the warehouse reads it: Python's first and last day are its infinities."""
    return {date.min: "-infinity", date.max: "infinity"}.get(day, day.isoformat())
