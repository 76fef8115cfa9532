"""Files of the landing zone and of the archive: archived and read before anything is done with their rows.

Not here: how a shape is read (`assets/sources/shapes.py`), and what becomes of the rows (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row

from assets.exports.landed import LandedFile, RefusedFileError
from assets.exports.landing import LandingZone
from assets.given.archive import Archive
from assets.given.manifest import Origin
from assets.given.unreadable import UnreadableExportError
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.source import Source
from warehouse_sql.masking import masked
from warehouse_sql.messages import message, message_of
from warehouse_sql.vietnam_time import VIETNAM

#: Archives and reads new files; yields them in order with what came of each, as `read_new` returns it.
ReadFiles = Callable[[Sequence[LandedFile]], Iterator[tuple[LandedFile, "ReadFile | str | None"]]]

_READ_AHEAD = 3
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


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


def read_new(
    file: LandedFile, zone: LandingZone, archive: Archive, sources: Mapping[str, Source]
) -> ReadFile | str | None:
    """Returns the file, archived and read; None when it still changes, and a sentence when it can't be opened.

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
    return _read_content(whole, sha256, content, sources[file.source])


def read_again(row: Row[Any], archive: Archive, sources: Mapping[str, Source]) -> ReadFile:
    """Returns a file of the register, read from the archive; with its error when its bytes or its source are gone."""
    file = LandedFile(row.source, row.path, row.size_bytes, row.modified_ns)
    source = sources.get(row.source)
    if source is None:
        why = message("Nguồn {source} không còn trong danh sách nguồn; hãy khai lại.", source=row.source)
        read = ReadFile(file, row.sha256, None, None, why)
    else:
        try:
            read = _read_content(file, row.sha256, archive.read(row.sha256), source)
        except OSError:
            why = message("Tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận.")
            read = ReadFile(file, row.sha256, source, None, why)
    return replace(
        read,
        pending_id=row.file_id,
        received_at=row.received_at.astimezone(VIETNAM),
        clock_ahead=row.clock_ahead,
    )


def _read_content(file: LandedFile, sha256: str, content: bytes, source: Source) -> ReadFile:
    """Returns the file with what the reader of its shape made of the bytes, or with the reason why it could not."""
    try:
        return ReadFile(file, sha256, source, read_export(content, source, file.path), None)
    except UnreadableExportError as error:
        return ReadFile(file, sha256, source, None, masked(str(error)))


def read_ahead(items: Sequence[_Item], read: Callable[[_Item], _Result]) -> Iterator[tuple[_Item, _Result]]:
    """Yields the items in order with what `read` returns of them.

    A few are read ahead while the warehouse works on the one before.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="reader") as pool:
        waiting: list[tuple[_Item, Future[_Result]]] = []
        for item in items:
            waiting.append((item, pool.submit(read, item)))
            if len(waiting) > _READ_AHEAD:
                done, future = waiting.pop(0)
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()
