"""Taking in exports: each new file archived, read, gated and put into the history, one transaction a file.

Here: the way of one file from the landing zone into landing.* and history.*. Not here: what rows are worth
(`quality/`), and what is made of the history (`assets/facts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import Connection, Engine, Row, text

from assets.dimensions.load import resolve_new_names
from assets.exports.archive import Archive
from assets.exports.canonical import DOSSIER_SCHEMA, LIFE_ORDER, STEP_SCHEMA, Reading, UnreadableExportError
from assets.exports.landing import LandedFile, LandingZone
from assets.exports.readers import read_export
from assets.exports.sources import Source
from assets.exports.texts import plain, safe_to_show
from quality.gate import pass_gate
from warehouse_sql.boundaries import reached
from warehouse_sql.warehouse import copy_frame, run_file

#: Vietnam has kept this offset all year in all years that are read.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_READ_AHEAD = 3
_CODE = r"^((?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3})*)-(\d{6}|\d{8})-(\d{4,7})$"
_STATUS_WORDS = (
    *("xu ly", "tiep nhan", "bo sung", "ket qua", "ho so", "giai quyet", "tu choi", "duyet", "cho ", "dung"),
    *("huy", "rut", "tra", "ky", "moi", "luu", "chuyen", "tham dinh"),
)
Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


def now() -> datetime:
    """The present instant, in Vietnam's time."""
    return datetime.now(VIETNAM)


@dataclass
class Intake:
    """What came of one run over the landing zone. Counts are rows; the lists are sentences in Vietnamese."""

    files_loaded: int = 0
    files_failed: int = 0
    files_known: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_unchanged: int = 0
    rows_duplicate: int = 0
    rows_quarantined: int = 0
    errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    left_for_next_run: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """A file on its way: its bytes are archived; `reading` or `error` says what was in it."""

    file: LandedFile
    sha256: str
    reading: Reading | None
    error: str | None


@dataclass(frozen=True)
class _Pending:
    """A file of the register that is to be replayed, and its known time."""

    file_id: int
    received_at: datetime


def take_in(
    engine: Engine,
    zone: LandingZone,
    archive: Archive,
    sources: Mapping[str, Source],
    *,
    arrived_when_exported: bool = False,
    progress: Progress | None = None,
    clock: Clock = now,
) -> Intake:
    """Takes in every whole new file below the landing root; running it again changes nothing.

    A file that can't be read is registered with its error and does not stop the others. `progress` is told
    (files done, files to do). OSError when the archive can't be written: the files before are in.
    """
    scan = zone.scan(sources)
    archive.sweep()
    # A rebuild that was cut off goes on here.
    result = replay(engine, archive, sources, progress=progress, clock=clock)
    result.left_for_next_run += scan.unfinished
    result.remarks += [
        f"Thư mục “{name}” không có trong danh sách nguồn, chưa đọc; hãy khai nguồn này hoặc chuyển tệp đi."
        for name in scan.unknown_folders
    ]
    stats, contents = _known(engine)
    new = [file for file in scan.files if (file.path, file.size, file.modified_ns) not in stats]
    result.files_known = len(scan.files) - len(new)

    def read(file: LandedFile) -> _Read | str | None:
        try:
            content = zone.read(file)
        except OSError as error:
            # Its bytes are unknown, so it cannot be registered; it is tried again at every run.
            return (
                f"{file.path}: không mở được tệp ({error.strerror or error}); hãy kiểm tra quyền đọc của tệp."
            )
        return None if content is None else _read(file, archive.keep(content), content, sources[file.source])

    for done, (file, found) in enumerate(_ahead(new, read), start=1):
        if found is None:
            result.left_for_next_run.append(file.path)
        elif isinstance(found, str):
            result.files_failed += 1
            result.errors.append(found)
        elif (file.path, found.sha256) in contents:
            _note_new_stat(engine, found)
            result.files_known += 1
        else:
            contents.add((file.path, found.sha256))
            _take_in_one(engine, found, sources[file.source], arrived_when_exported, clock(), result)
        if progress:
            progress(done, len(new))
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

    A file whose bytes are gone from the archive, or whose source is no longer listed, is registered as failed.
    """
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select file_id, source, path, sha256, size_bytes, modified_ns, received_at"
                " from landing.export_file where loaded_at is null order by received_at, file_id"
            )
        ).all()
    pending = {
        (row.path, row.sha256): _Pending(row.file_id, row.received_at.astimezone(VIETNAM)) for row in rows
    }

    def read(row: Row[Any]) -> _Read:
        file = LandedFile(row.source, row.path, row.size_bytes, row.modified_ns)
        if row.source not in sources:
            return _Read(
                file, row.sha256, None, f"Nguồn {row.source} không còn trong danh sách nguồn; hãy khai lại."
            )
        try:
            content = archive.read(row.sha256)
        except OSError:
            return _Read(file, row.sha256, None, "Tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận.")
        return _read(file, row.sha256, content, sources[row.source])

    result = Intake()
    for done, (row, found) in enumerate(_ahead(rows, read), start=1):
        _take_in_one(
            engine, found, sources.get(row.source), False, clock(), result, pending[row.path, row.sha256]
        )
        if progress:
            progress(done, len(rows))
    return result


def _known(engine: Engine) -> tuple[set[tuple[str, int, int]], set[tuple[str, str]]]:
    """What the register has seen: (path, size, modified_ns), which spares reading, and (path, sha256)."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("select path, sha256, size_bytes, modified_ns from landing.export_file")
        ).all()
    return (
        {(row.path, row.size_bytes, row.modified_ns) for row in rows},
        {(row.path, row.sha256) for row in rows},
    )


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
        return _Read(file, sha256, read_export(content, source, file.path), None)
    except UnreadableExportError as error:
        return _Read(file, sha256, None, str(error))


def _note_new_stat(engine: Engine, read: _Read) -> None:
    """A known content that was written again: remembered, so that it is not read once more."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "update landing.export_file set size_bytes = :size, modified_ns = :modified"
                " where path = :path and sha256 = :sha256"
            ),
            {
                "size": read.file.size,
                "modified": read.file.modified_ns,
                "path": read.file.path,
                "sha256": read.sha256,
            },
        )
        reached("known_file.before_commit")


def _take_in_one(
    engine: Engine,
    read: _Read,
    source: Source | None,
    arrived_when_exported: bool,
    at: datetime,
    result: Intake,
    pending: _Pending | None = None,
) -> None:
    """One transaction: the register, the rows and the account of a file. `pending`: it is in the register."""
    exported = read.reading.exported_at if read.reading else None
    exported_at = exported.replace(tzinfo=VIETNAM) if exported else None
    received_at = exported_at if arrived_when_exported and exported_at else at
    if pending:
        received_at = pending.received_at
    with engine.begin() as connection:
        file_id = _register(connection, read, exported_at, received_at, at, pending)
        reached("file.registered")
        if read.reading is not None and source is not None:
            _load(connection, read, read.reading, source.name, file_id, received_at)
        reached("file.before_commit")
        counts = connection.execute(
            text(
                "select rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined"
                " from landing.export_file where file_id = :file_id"
            ),
            {"file_id": file_id},
        ).one()
    reached("file.committed")
    if read.reading is None:
        result.files_failed += 1
        result.errors.append(f"{read.file.path}: {read.error}")
        return
    result.files_loaded += 1
    for name, count in counts._mapping.items():
        setattr(result, name, getattr(result, name) + count)
    result.remarks += [f"{read.file.path}: {remark}" for remark in read.reading.remarks]


def _register(
    connection: Connection,
    read: _Read,
    exported_at: datetime | None,
    received_at: datetime,
    at: datetime,
    pending: _Pending | None,
) -> int:
    reading = read.reading
    said = {
        "kind": None if reading is None else ("steps" if reading.steps is not None else "dossiers"),
        "exported_at": exported_at,
        "loaded_at": at,
        "status": "failed" if reading is None else "loaded",
        "columns": sorted(reading.columns) if reading else [],
        "complete_from": _open_ended(reading.complete[0]) if reading and reading.complete else None,
        "complete_to": _open_ended(reading.complete[1]) if reading and reading.complete else None,
        "error": read.error,
        "remarks": reading.remarks if reading else [],
    }
    if pending:
        connection.execute(
            text(
                "update landing.export_file set kind = :kind, exported_at = :exported_at, status = :status,"
                " columns = :columns, complete_from = cast(:complete_from as date),"
                " complete_to = cast(:complete_to as date), error = :error, remarks = :remarks,"
                " loaded_at = :loaded_at where file_id = :file_id"
            ),
            said | {"file_id": pending.file_id},
        )
        return pending.file_id
    file_id: int = connection.execute(
        text(
            "insert into landing.export_file (source, path, sha256, kind, size_bytes, modified_ns, exported_at,"
            " received_at, loaded_at, status, columns, complete_from, complete_to, error, remarks) values (:source,"
            " :path, :sha256, :kind, :size, :modified, :exported_at, :received_at, :loaded_at, :status, :columns,"
            " cast(:complete_from as date), cast(:complete_to as date), :error, :remarks) returning file_id"
        ),
        said
        | {
            "source": read.file.source,
            "path": read.file.path,
            "sha256": read.sha256,
            "size": read.file.size,
            "modified": read.file.modified_ns,
            "received_at": received_at,
        },
    ).scalar_one()
    return file_id


def _open_ended(day: date) -> str:
    """The first and the last day that Python knows are the warehouse's infinities."""
    return {date.min: "-infinity", date.max: "infinity"}.get(day, day.isoformat())


def _load(
    connection: Connection,
    read: _Read,
    reading: Reading,
    source: str,
    file_id: int,
    received_at: datetime,
) -> None:
    """Rows of one file through the gate into the history, and the file's account."""
    effective = reading.exported_at or received_at.astimezone(VIETNAM).replace(tzinfo=None)
    connection.execute(text("truncate landing.staged_row"))
    frame = _staged(reading, source, effective)
    if frame.height:
        copy_frame(connection, frame, "landing.staged_row", frame.columns)
        resolve_new_names(connection)
        pass_gate(connection, file_id, read.file.path, received_at)
        run_file(connection, "landing/mark_duplicates.sql")
        if reading.dossiers is not None:
            run_file(
                connection,
                "history/take_in_dossiers.sql",
                file_id=file_id,
                known_from=received_at,
                file_rank=read.sha256[:16],
                columns=sorted(reading.columns),
            )
            if reading.complete:
                connection.execute(
                    text("insert into history.unchecked_list values (:file_id)"), {"file_id": file_id}
                )
        else:
            run_file(connection, "history/take_in_steps.sql", file_id=file_id, known_from=received_at)
    run_file(connection, "landing/account_file.sql", file_id=file_id, known_from=received_at)


def _staged(reading: Reading, source: str, effective: datetime) -> pl.DataFrame:
    """The rows as landing.staged_row has them; what might name a citizen in a misplaced value is taken out."""
    if reading.dossiers is not None:
        kind, frame, schema = "dossiers", reading.dossiers, DOSSIER_SCHEMA
    elif reading.steps is not None:
        kind, frame, schema = "steps", reading.steps, STEP_SCHEMA
    else:
        raise AssertionError("a reading has dossiers or steps")
    state = _state(effective) if kind == "dossiers" else {}
    misplaced = ~pl.col("dossier_code").str.contains(_CODE)
    return frame.select(
        pl.int_range(pl.len()).cast(pl.Int32).alias("staged_id"),
        pl.lit(kind).alias("kind"),
        pl.lit(source).alias("source"),
        pl.lit(effective).alias("exported_at"),
        *(pl.col(name) for name in schema if name not in ("dossier_code", "status_raw")),
        pl.when(misplaced)
        .then(pl.col("dossier_code").map_elements(_safe_code, return_dtype=pl.String))
        .otherwise(pl.col("dossier_code"))
        .alias("dossier_code"),
        pl.when(pl.col("status").is_null())
        .then(pl.col("status_raw").map_elements(_safe_status, return_dtype=pl.String))
        .otherwise(pl.col("status_raw"))
        .alias("status_raw"),
        **state,
    )


def _state(effective: datetime) -> dict[str, pl.Expr]:
    """The latest instant a row speaks of, and the place of its status in a dossier's life: what orders states."""
    asked = (
        pl.col("supplements")
        .str.extract_all(r'"(?:requested_at|resumed_at)": "[^"]+"')
        .list.eval(pl.element().str.extract(r': "([^"]+)"'))
        .list.max()
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us")
    )
    instants = [pl.col(name) for name in DOSSIER_SCHEMA if name.endswith("_at") and name != "due_at"]
    return {
        "state_at": pl.max_horizontal(*instants, asked).fill_null(pl.lit(effective)),
        "state_rank": pl.col("status").replace_strict(LIFE_ORDER, default=0, return_dtype=pl.Int16),
    }


def _safe_code(code: str) -> str:
    """A malformed code as it is, unless it reads like a name, a telephone or an identity number."""
    if len(code) <= 60 and not any(mark.isspace() for mark in code) and any(mark in "-/." for mark in code):
        return code
    return safe_to_show(code)


def _safe_status(status: str) -> str:
    words = plain(status) + " "
    return (
        status if len(status) <= 60 and any(word in words for word in _STATUS_WORDS) else safe_to_show(status)
    )
