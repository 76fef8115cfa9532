"""Taking in exports: every new file archived, read and staged, all rows judged, then published together.

Here: the order of these steps (write, audit, publish). Not here: how a file is archived and read (`reading.py`), what rows
are worth (`quality/`), how a file gets into the history (`publish.py`), and what is made of the history (`assets/facts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Engine, Row, text

from assets.dimensions.load import NewNames, forget_names, resolve_new_names
from assets.exports.archived import complete_both, note_register
from assets.exports.clock_ahead import (
    ACCEPTED,
    REFUSED,
    accept_counted,
    as_arrived,
    counted_sentence,
    is_ahead,
    refusal,
    refused_files,
    refused_sentence,
)
from assets.exports.content import FileContent, look_at
from assets.exports.landed import LandedFile
from assets.exports.landing import LandingZone, Scan
from assets.exports.new_files_guess import FEW_FILES
from assets.exports.publish import publish
from assets.exports.read_ahead import read_again, read_ahead
from assets.exports.reading import ReadFile, ReadFiles, take_new
from assets.exports.register import Entry, KnownFile, is_known, known_files, note_new_stat
from assets.exports.reread import reread
from assets.exports.staging import empty_staging, staging
from assets.given.archive import Archive
from assets.run_log import Intake
from assets.sources.source import Source
from quality.gate import judge
from warehouse_sql.boundaries import reached
from warehouse_sql.errors import is_connection_lost
from warehouse_sql.masking import masked
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file
from warehouse_sql.vietnam_time import VIETNAM

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
#: Looks at the staged rows that the gate let pass, by the paths of their files; raises to stop the run unpublished.
Audit = Callable[[Mapping[int, str]], None]


def now() -> datetime:
    """Returns the present instant, in Vietnam's time."""
    return datetime.now(VIETNAM)


@dataclass(frozen=True)
class _How:
    """When files of a run arrived: now by the `clock`, or when they were exported; and what a person accepts of it."""

    arrived_when_exported: bool
    accepts_clock_ahead: bool
    clock: Clock


def take_in(
    engine: Engine,
    zone: LandingZone,
    archive: Archive,
    sources: Mapping[str, Source],
    *,
    arrived_when_exported: bool = False,
    accepts_clock_ahead: bool = False,
    read_files: ReadFiles | None = None,
    audit: Audit | None = None,
    prepare_audit: Callable[[], None] | None = None,
    progress: Progress | None = None,
    clock: Clock = now,
) -> Intake:
    """Takes in every whole new file below the landing root; running it again changes nothing.

    A file that can't be read, or was exported after its arrival, is registered with its error and does not stop the
    others. `read_files` reads them where this process is not to.
    `accepts_clock_ahead`: a person lets in the latter, those of former runs too (`clock_ahead.py`). `prepare_audit` and
    `audit` are called by a thread, the former as soon as there are rows of new files, the latter when they are judged.
    `progress` receives (files done, files to do), a file counting half when it is read. Before anything is published: OSError
    when the archive can't be written, and whatever `audit` raises.
    """
    scan = zone.scan(sources)
    archive.sweep()
    from_archive = complete_both(engine, archive)
    # A rebuild that was cut off goes on here, and what a new or restored warehouse does not know yet comes in.
    result = replay(engine, archive, sources, progress=progress, clock=clock)
    if from_archive:
        result.remarks.append(
            message(
                "{count:number} tệp mà kho này chưa biết được nhận lại từ kho lưu, thời điểm đến được giữ nguyên.",
                count=from_archive,
            )
        )
    # Before new files are compared with what they may repeat.
    result.remarks += reread(engine, archive, sources, clock(), progress)
    _note_scan(scan, result)
    known = known_files(engine)
    new = [file for file in scan.files if not is_known(file, known.get(file.path, ()))]
    known_paths = {file.path for file in scan.files} - {file.path for file in new}
    known_again: list[ReadFile] = []
    here = partial(
        read_ahead, take=lambda file: take_new(file, zone, archive, sources), size_of=lambda file: file.size
    )
    read = (read_files or here)(new)
    fresh = _unknown_contents(read, known, known_again, result)
    refused = _note_acceptance(engine) if accepts_clock_ahead else []
    again = (file for _, file in read_again(refused, archive, sources))
    how = _How(arrived_when_exported, accepts_clock_ahead, clock)
    _stage_audit_publish(
        engine, chain(fresh, again), len(new) + len(refused), result, how, audit, progress, prepare_audit
    )
    for file in known_again:
        note_new_stat(engine, file.file, file.sha256)
    note_register(engine, archive)
    # A file that was refused before and is let in now is a new one.
    result.files_known = len(known_paths - {row.path for row in refused}) + len(known_again)
    with engine.connect() as connection:
        sentences = (counted_sentence(connection), refused_sentence(connection, known_paths))
        result.remarks += [sentence for sentence in sentences if sentence]
    return result


def _note_scan(scan: Scan, result: Intake) -> None:
    """Notes what of the landing zone is left out, and why."""
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


def _unknown_contents(
    files: Iterable[tuple[LandedFile, ReadFile | str | None]],
    known: Mapping[str, Sequence[KnownFile]],
    known_again: list[ReadFile],
    result: Intake,
) -> Iterator[ReadFile | None]:
    """Yields each file whose content did not come under its path before, and None in place of the others.

    Those that did are put into `known_again`; those that can't be opened or still change are noted in the result.
    """
    contents = {(path, each.sha256) for path, listed in known.items() for each in listed}
    for file, read in files:
        if read is None:
            result.left_for_next_run.append(file.path)
            yield None
        elif isinstance(read, str):
            result.files_failed += 1
            result.errors.append(read)
            yield None
        elif (file.path, read.sha256) in contents:
            known_again.append(read)
            yield None
        else:
            contents.add((file.path, read.sha256))
            yield read


def _note_acceptance(engine: Engine) -> Sequence[Row[Any]]:
    """A person lets in files whose clock ran ahead. Returns those that were refused, to be read again."""
    with engine.begin() as connection:
        accept_counted(connection)
        return refused_files(connection)


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
                "select file_id, source, path, sha256, size_bytes, modified_ns, received_at, clock_ahead"
                " from landing.export_file where loaded_at is null order by received_at, file_id"
            )
        ).all()

    result = Intake()
    again = (file for _, file in read_again(rows, archive, sources))
    _stage_audit_publish(engine, again, len(rows), result, _How(False, False, clock), None, progress)
    return result


def take_in_failed(
    engine: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    days: Sequence[date],
    *,
    audit: Audit | None = None,
    progress: Progress | None = None,
    clock: Clock = now,
) -> Intake:
    """Takes in, from the archive, files of those export days that could not be read and can be read now; known times are
    kept.

    Those that still can't be read stay as they are. Raises what `audit` raises, before anything is published.
    """
    with engine.connect() as connection:
        (statement,) = statements_of_file("landing/failed_file.sql")
        rows = connection.execute(text(statement), {"days": list(days)}).all()
    result = Intake()
    again = (file if file.reading is not None else None for _, file in read_again(rows, archive, sources))
    _stage_audit_publish(engine, again, len(rows), result, _How(False, False, clock), audit, progress)
    return result


def _stage_audit_publish(
    engine: Engine,
    files: Iterable[ReadFile | None],
    total: int,
    result: Intake,
    how: _How,
    audit: Audit | None,
    progress: Progress | None,
    prepare_audit: Callable[[], None] | None = None,
) -> None:
    """Stages and judges all files, then publishes them in one transaction, which ends only after they were audited.

    Whatever `audit` raises leaves nothing behind. It works while the publication does, in a session of its own.
    """
    if not total:
        return

    def report_halves(halves: int) -> None:
        if progress:
            progress(halves // 2, total)

    with ThreadPoolExecutor(1, thread_name_prefix="audit") as thread:
        prepare = partial(thread.submit, prepare_audit) if prepare_audit else None
        entries, names = _stage(engine, files, how, report_halves, prepare, total <= FEW_FILES)
        paths = {entry.file_no: entry.file.path for entry in entries if entry.kind is not None}
        verdict = thread.submit(audit, paths) if audit is not None and paths else None
        accounts = _publish(engine, entries, names, verdict)
    report_halves(2 * total)
    for entry, counts in zip(entries, accounts, strict=True):
        _add_to_result(counts, entry, result)


def _publish(
    engine: Engine, entries: Sequence[Entry], names: NewNames, verdict: Future[None] | None
) -> list[Mapping[str, int]]:
    """Publishes what is staged. Returns the counts of each file by the names of landing.export_file.

    `verdict`: of the audit, which looks at the staged rows meanwhile. The transaction waits for it before it ends, and raises
    what the audit raised.
    """
    try:
        with engine.begin() as connection:
            accounts = publish(connection, entries)
            if verdict is not None:
                verdict.result()
            empty_staging(connection)
            reached("publication.before_commit")
    except BaseException as error:
        stopped = verdict.exception() if verdict is not None else None
        # A lost server ends the audit as well, and a run that lost its server is tried again.
        if stopped is None or is_connection_lost(error):
            raise
        with engine.begin() as connection:
            forget_names(connection, names)
        # Rows that fail the audit may be the reason why they could not be published.
        if stopped is not error and isinstance(error, Exception):
            raise stopped from error
        raise
    reached("publication.committed")
    return accounts


def _stage(
    engine: Engine,
    files: Iterable[ReadFile | None],
    how: _How,
    progress: Callable[[int], None],
    prepare_audit: Callable[[], object] | None,
    are_few: bool,
) -> tuple[list[Entry], NewNames]:
    """Copies all rows of the files into landing.staged_row, each with its verdict or its flags."""
    entries: list[Entry] = []
    # One arrival for all: nobody ever saw some of them without the others.
    at = how.clock()
    with engine.begin() as connection:
        empty_staging(connection)
        with staging(connection) as stage:
            for done, read in enumerate(files, start=1):
                if read is not None:
                    held = _held_to_clock(read, at, how.accepts_clock_ahead)
                    entry = _entry(held, len(entries), how.arrived_when_exported, at)
                    if held.reading is not None and held.source is not None:
                        # Publishing so few rows takes less time than importing what the audit needs.
                        if prepare_audit and are_few and entry.rows:
                            prepare_audit()
                            prepare_audit = None
                        stage(held.reading, held.source, entry)
                    entries.append(entry)
                progress(done)
        connection.execute(text("analyze landing.staged_row"))
        names = resolve_new_names(connection)
        # From here on the server works and this process waits; before, reading many files takes all processors.
        if prepare_audit and any(entry.rows for entry in entries):
            prepare_audit()
        judge(connection)
        reached("staging.before_commit")
    reached("staging.committed")
    return entries, names


def _held_to_clock(read: ReadFile, at: datetime, accepts: bool) -> ReadFile:
    """Returns the file as its export time lets it in: not at all where that lies after the arrival, unless a person
    accepts it.

    `at` is the present: a file that counts as arrived when it was exported can't have come later.
    """
    if read.reading is None or read.reading.exported_at is None:
        return replace(read, clock_ahead=None)
    arrived_at = min(read.received_at or at, at).astimezone(VIETNAM)
    exported_at = read.reading.exported_at.replace(tzinfo=VIETNAM)
    if not is_ahead(exported_at, arrived_at):
        return replace(read, clock_ahead=None)
    ahead = replace(read, received_at=arrived_at)
    if accepts or read.clock_ahead == ACCEPTED:
        return replace(ahead, reading=as_arrived(read.reading, arrived_at), clock_ahead=ACCEPTED)
    why = refusal(exported_at, arrived_at)
    return replace(ahead, reading=None, error=why, clock_ahead=REFUSED, refused_time=exported_at)


def _entry(read: ReadFile, file_no: int, arrived_when_exported: bool, at: datetime) -> Entry:
    reading = read.reading
    exported = reading.exported_at if reading else None
    exported_at = exported.replace(tzinfo=VIETNAM) if exported else None
    received_at = min(exported_at, at) if arrived_when_exported and exported_at else at
    # The day on which a refused file came is the day of which something is missing.
    refused_on = FileContent(read.received_at.date()) if read.refused_time and read.received_at else None
    return Entry(
        file=read.file,
        sha256=read.sha256,
        file_no=file_no,
        rows=reading.row_count if reading else 0,
        received_at=read.received_at or received_at,
        loaded_at=at,
        exported_at=read.refused_time or exported_at,
        kind=reading.kind if reading else None,
        columns=tuple(sorted(reading.columns)) if reading else (),
        complete=reading.complete if reading else None,
        remarks=list(reading.remarks) if reading else [],
        error=read.error,
        pending_id=read.pending_id,
        clock_ahead=read.clock_ahead,
        content=refused_on or look_at(reading, read.source, read.file.path),
    )


def _add_to_result(counts: Mapping[str, int], entry: Entry, result: Intake) -> None:
    """Adds the account of one file, or why it could not be read."""
    if entry.error is not None:
        result.files_failed += 1
        result.errors.append(f"{entry.file.path}: {entry.error}")
        return
    result.files_loaded += 1
    result.bytes_read += entry.file.size or 0
    for name, count in counts.items():
        setattr(result, name, getattr(result, name) + count)
    result.remarks += [f"{entry.file.path}: {remark}" for remark in entry.remarks]
