"""Taking in exports: every new file archived, read and staged, all rows judged, then published together.

Here: the order of these steps (write, audit, publish). Not here: what rows are worth (`quality/`), how a file gets into
the history (`publish.py`), and what is made of the history (`assets/facts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, Row, text

from assets.dimensions.load import NewNames, forget_names, resolve_new_names
from assets.exports.content import look_at
from assets.exports.landed import LandedFile, RefusedFileError
from assets.exports.landing import LandingZone
from assets.exports.publish import publish
from assets.exports.register import VIETNAM, Entry, is_known, known_files, note_new_stat
from assets.exports.staging import stage_reading
from assets.given.archive import Archive
from assets.given.unreadable import UnreadableExportError
from assets.run_log import Intake
from assets.sources.canonical import Reading
from assets.sources.shapes import read_export
from assets.sources.source import Source
from quality.gate import judge
from warehouse_sql.boundaries import reached
from warehouse_sql.masking import masked
from warehouse_sql.messages import message, message_of

_READ_AHEAD = 3
Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
#: Looks at the staged rows that the gate let pass, by the paths of their files; raises to stop the run unpublished.
Audit = Callable[[Mapping[int, str]], None]
_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


def now() -> datetime:
    """The present instant, in Vietnam's time."""
    return datetime.now(VIETNAM)


@dataclass(frozen=True)
class _Read:
    """A file whose bytes are archived; `reading` or `error` says what was in it. `pending`: it is to be replayed."""

    file: LandedFile
    sha256: str
    source: Source | None
    reading: Reading | None
    error: str | None
    pending_id: int | None = None
    received_at: datetime | None = None


def take_in(
    engine: Engine,
    zone: LandingZone,
    archive: Archive,
    sources: Mapping[str, Source],
    *,
    arrived_when_exported: bool = False,
    audit: Audit | None = None,
    progress: Progress | None = None,
    clock: Clock = now,
) -> Intake:
    """Takes in every whole new file below the landing root; running it again changes nothing.

    A file that can't be read is registered with its error and does not stop the others. `progress` is told (files
    done, files to do), a file counting half when it is read. Before anything is published: OSError when the archive
    can't be written, and whatever `audit` raises.
    """
    scan = zone.scan(sources)
    archive.sweep()
    # A rebuild that was cut off goes on here.
    result = replay(engine, archive, sources, progress=progress, clock=clock)
    result.left_for_next_run += scan.unfinished
    result.remarks += [
        message(
            "Thư mục “{name}” không có trong danh sách nguồn, chưa đọc; hãy khai nguồn này hoặc chuyển tệp "
            "đi.",
            name=name,
        )
        for name in scan.unknown_folders
    ]
    result.errors += map(masked, scan.errors)
    result.files_failed += len(scan.errors)
    known = known_files(engine)
    contents = {(path, each.sha256) for path, listed in known.items() for each in listed}
    new = [file for file in scan.files if not is_known(file, known.get(file.path, ()))]
    result.files_known = len(scan.files) - len(new)

    def read(file: LandedFile) -> _Read | str | None:
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
        return _read(whole, archive.keep(content), content, sources[file.source])

    def fresh() -> Iterator[_Read | None]:
        for file, found in _ahead(new, read):
            if found is None:
                result.left_for_next_run.append(file.path)
                yield None
            elif isinstance(found, str):
                result.files_failed += 1
                result.errors.append(found)
                yield None
            elif (file.path, found.sha256) in contents:
                known_again.append(found)
                yield None
            else:
                contents.add((file.path, found.sha256))
                yield found

    known_again: list[_Read] = []
    _pass_through(engine, fresh(), len(new), result, arrived_when_exported, audit, progress, clock)
    for found in known_again:
        note_new_stat(engine, found.file, found.sha256)
    result.files_known += len(known_again)
    return result


def replay(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    *,
    progress: Progress | None = None,
    clock: Clock = now,
) -> Intake:
    """Takes in again, from the archive, every registered file that has no loaded_at; known times are kept.

    They were audited when they came. A file whose bytes are gone from the archive, or whose source is no longer listed,
    is registered as failed.
    """
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select file_id, source, path, sha256, size_bytes, modified_ns, received_at"
                " from landing.export_file where loaded_at is null order by received_at, file_id"
            )
        ).all()

    def read(row: Row[Any]) -> _Read:
        file = LandedFile(row.source, row.path, row.size_bytes, row.modified_ns)
        source = sources.get(row.source)
        if source is None:
            why = message("Nguồn {source} không còn trong danh sách nguồn; hãy khai lại.", source=row.source)
            found = _Read(file, row.sha256, None, None, why)
        else:
            try:
                found = _read(file, row.sha256, archive.read(row.sha256), source)
            except OSError:
                why = message("Tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận.")
                found = _Read(file, row.sha256, source, None, why)
        return replace(found, pending_id=row.file_id, received_at=row.received_at.astimezone(VIETNAM))

    result = Intake()
    again = (found for _, found in _ahead(rows, read))
    _pass_through(engine, again, len(rows), result, False, None, progress, clock)
    return result


def _ahead(items: Sequence[_Item], read: Callable[[_Item], _Found]) -> Iterator[tuple[_Item, _Found]]:
    """The items in order, read a few ahead while the warehouse works on the one before."""
    with ThreadPoolExecutor(1, thread_name_prefix="reader") as pool:
        waiting: list[tuple[_Item, Future[_Found]]] = []
        for item in items:
            waiting.append((item, pool.submit(read, item)))
            if len(waiting) > _READ_AHEAD:
                done, future = waiting.pop(0)
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def _read(file: LandedFile, sha256: str, content: bytes, source: Source) -> _Read:
    try:
        return _Read(file, sha256, source, read_export(content, source, file.path), None)
    except UnreadableExportError as error:
        return _Read(file, sha256, source, None, masked(str(error)))


def _pass_through(
    engine: Engine,
    files: Iterable[_Read | None],
    total: int,
    result: Intake,
    arrived_when_exported: bool,
    audit: Audit | None,
    progress: Progress | None,
    clock: Clock,
) -> None:
    """Write, audit, publish."""
    if not total:
        return

    def told(halves: int) -> None:
        if progress:
            progress(halves // 2, total)

    entries, names = _stage(engine, files, arrived_when_exported, clock, told)
    paths = {entry.file_no: entry.file.path for entry in entries if entry.kind is not None}
    if audit is not None and paths:
        try:
            audit(paths)
        except BaseException:
            with engine.begin() as connection:
                forget_names(connection, names)
            raise
    accounts: list[Mapping[str, int]] = []
    with engine.begin() as connection:
        for done, entry in enumerate(entries, start=1):
            accounts.append(publish(connection, entry))
            told(total + done + total - len(entries))
        reached("publication.before_commit")
    reached("publication.committed")
    for entry, counts in zip(entries, accounts, strict=True):
        _tell(counts, entry, result)


def _stage(
    engine: Engine,
    files: Iterable[_Read | None],
    arrived_when_exported: bool,
    clock: Clock,
    told: Callable[[int], None],
) -> tuple[list[Entry], NewNames]:
    """All rows of the files into landing.staged_row, each with its verdict or its flags."""
    entries: list[Entry] = []
    rows = 0
    with engine.begin() as connection:
        connection.execute(text("truncate landing.staged_row"))
        for done, read in enumerate(files, start=1):
            if read is not None:
                entry = _entry(read, len(entries), arrived_when_exported, clock())
                if read.reading is not None and read.source is not None:
                    stage_reading(connection, read.reading, read.source, entry, rows)
                    rows += read.reading.row_count
                entries.append(entry)
            told(done)
        connection.execute(text("analyze landing.staged_row"))
        names = resolve_new_names(connection)
        judge(connection)
        reached("staging.before_commit")
    reached("staging.committed")
    return entries, names


def _entry(read: _Read, file_no: int, arrived_when_exported: bool, at: datetime) -> Entry:
    reading = read.reading
    exported = reading.exported_at if reading else None
    exported_at = exported.replace(tzinfo=VIETNAM) if exported else None
    received_at = exported_at if arrived_when_exported and exported_at else at
    return Entry(
        file=read.file,
        sha256=read.sha256,
        file_no=file_no,
        rows=reading.row_count if reading else 0,
        received_at=read.received_at or received_at,
        loaded_at=at,
        exported_at=exported_at,
        kind=None if reading is None else ("steps" if reading.steps is not None else "dossiers"),
        columns=tuple(sorted(reading.columns)) if reading else (),
        complete=reading.complete if reading else None,
        remarks=list(reading.remarks) if reading else [],
        error=read.error,
        pending_id=read.pending_id,
        content=look_at(reading, read.source, read.file.path),
    )


def _tell(counts: Mapping[str, int], entry: Entry, result: Intake) -> None:
    if entry.error is not None:
        result.files_failed += 1
        result.errors.append(f"{entry.file.path}: {entry.error}")
        return
    result.files_loaded += 1
    for name, count in counts.items():
        setattr(result, name, getattr(result, name) + count)
    result.remarks += [f"{entry.file.path}: {remark}" for remark in entry.remarks]
