"""Files of the landing zone and of the archive: archived and read before anything is done with their rows.

Not here: how a shape is read (`assets/sources/shapes.py`), and what becomes of the rows (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Row

from assets.exports.landed import LandedFile, RefusedFileError
from assets.exports.landing import LandingZone
from assets.given.archive import Archive
from assets.given.manifest import Origin
from assets.given.unreadable import UnreadableExportError
from assets.sources.reading import Reading, Rows
from assets.sources.shapes import read_export
from assets.sources.source import Source
from warehouse_sql.masking import masked
from warehouse_sql.messages import message, message_of
from warehouse_sql.vietnam_time import VIETNAM

#: Archives and reads new files; yields them in order, each read, or as `take_new` returns it.
ReadFiles = Callable[[Sequence[LandedFile]], Iterator[tuple[LandedFile, "ReadFile | str | None"]]]


@dataclass(frozen=True)
class ReadFile:
    """A file whose bytes are archived; `reading` or `error` says what was in it.

    `pending_id`: it is in the register, to be replayed. `refused_time`: the export time that is ahead of the arrival.
    """

    file: LandedFile
    sha256: str
    source: Source | None
    reading: Reading | None
    error: str | None
    pending_id: int | None = None
    received_at: datetime | None = None
    clock_ahead: str | None = None
    refused_time: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """The bytes of a file, which are archived; of a file of the register with what is known of it there."""

    file: LandedFile
    sha256: str
    content: bytes = field(repr=False)
    source: Source
    pending_id: int | None = None
    received_at: datetime | None = None
    clock_ahead: str | None = None


def take_new(
    file: LandedFile, zone: LandingZone, archive: Archive, sources: Mapping[str, Source]
) -> Taken | str | None:
    """Returns the bytes of a file, archived; None when it still changes, and a sentence when it can't be opened.

    OSError when the archive can't be written.
    """
    try:
        content = zone.read(file)
    except RefusedFileError as error:
        return message("{path}: {error}", path=file.path, error=message_of(error))
    except OSError as error:
        # Its bytes are unknown, so it cannot be registered; it is tried again at every run.
        return message(
            "{path}: không mở được tệp ({reason}); hãy kiểm tra quyền đọc của tệp.",
            path=file.path,
            reason=masked(error.strerror or str(error)),
        )
    if content is None:
        return None
    # A web server may not say the size.
    whole = replace(file, size=len(content))
    sha256 = archive.keep(content, Origin(file.path, file.source, file.modified_ns))
    return Taken(whole, sha256, content, sources[file.source])


def take_again(row: Row[Any], archive: Archive, sources: Mapping[str, Source]) -> Taken | ReadFile:
    """Returns the bytes of a file of the register; the file with its error when its bytes or its source are gone."""
    file = LandedFile(row.source, row.path, row.size_bytes, row.modified_ns)
    source = sources.get(row.source)
    known = (row.file_id, row.received_at.astimezone(VIETNAM), row.clock_ahead)
    if source is None:
        why = message("Nguồn {source} không còn trong danh sách nguồn; hãy khai lại.", source=row.source)
        return ReadFile(file, row.sha256, None, None, why, *known)
    try:
        return Taken(file, row.sha256, archive.read(row.sha256), source, *known)
    except OSError:
        why = message("Tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận.")
        return ReadFile(file, row.sha256, source, None, why, *known)


def read_taken(taken: Taken) -> ReadFile:
    """Returns the file with what the reader of its shape made of the bytes, or with the reason why it could not."""
    known = (taken.pending_id, taken.received_at, taken.clock_ahead)
    try:
        reading = read_export(taken.content, taken.source, taken.file.path)
    except UnreadableExportError as error:
        return ReadFile(taken.file, taken.sha256, taken.source, None, masked(str(error)), *known)
    return ReadFile(taken.file, taken.sha256, taken.source, reading, None, *known)


def read_new(
    file: LandedFile, zone: LandingZone, archive: Archive, sources: Mapping[str, Source]
) -> ReadFile | str | None:
    """Returns the file, archived and read, or as `take_new` returns it."""
    taken = take_new(file, zone, archive, sources)
    return read_taken(taken) if isinstance(taken, Taken) else taken


def packed(read: ReadFile) -> ReadFile:
    """Returns the file as it travels to another process: its rows as frames, without its source."""
    if read.reading is not None:
        rows: Any = _Packed(read.reading.rows.height, list(read.reading.rows.pieces()))
        read = replace(read, reading=replace(read.reading, rows=rows))
    return replace(read, source=None)


def unpacked(read: ReadFile, source: Source) -> ReadFile:
    """Returns the file as it was before it was packed."""
    if read.reading is not None:
        sent: Any = read.reading.rows
        read = replace(read, reading=replace(read.reading, rows=sent.rows()))
    return replace(read, source=source)


@dataclass(frozen=True)
class _Packed:
    """Rows of a file as they travel."""

    height: int
    frames: Sequence[pl.DataFrame]

    def rows(self) -> Rows:
        """Returns them as a reader does."""
        return Rows(self.height, lambda: iter(self.frames))
