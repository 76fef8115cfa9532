"""What a run of the daily job tells: progress to whoever started it, and its row in ops.run.

Here: what came of the steps of one run. Not here: the run lock (with the warehouse), the steps themselves.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse_sql.boundaries import reached
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import joined, message
from warehouse_sql.run_lock import run_lock
from warehouse_sql.sql_files import statements_of_file

_LOG = logging.getLogger("motcua.run")
Tell = Callable[[str, int, int], None]
#: The table of runs as an asset: its step is the last one of the daily job.
RUN = ["ops", "run"]
_DEAD = message("Lần chạy bị ngắt giữa chừng (máy tắt hoặc tiến trình bị dừng); lần chạy sau đã làm tiếp.")

_KILLED = message("Lần chạy bị ngắt giữa chừng (máy tắt hoặc tiến trình bị dừng); lần chạy sau sẽ làm tiếp.")
_MARK_DEAD = "update ops.run set status = 'failed', message = :message where status = 'running'"

#: Statuses of ops.run as people read them.
RUN_STATUSES = {
    "running": message("đang chạy hoặc bị ngắt"),
    "success": message("thành công"),
    "failed": message("thất bại"),
}


def mark_killed(engine: Engine) -> int:
    """Marks runs without an end as failed and returns how many there were; none while a run holds the lock.

    Their time of ending stays empty: nobody knows it.
    """
    with engine.connect() as connection:
        if not connection.execute(
            text("select exists (select from ops.run where status = 'running')")
        ).scalar_one():
            return 0
    try:
        with run_lock(engine), engine.begin() as connection:
            return connection.execute(text(_MARK_DEAD), {"message": str(_KILLED)}).rowcount
    except WarehouseError:  # a run is on its way; it has marked those before it
        return 0


@dataclass
class Intake:
    """What came of one run over the landing zone. Counts are rows; the lists are sentences in Vietnamese."""

    files_loaded: int = 0
    files_failed: int = 0
    files_known: int = 0
    bytes_read: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_unchanged: int = 0
    rows_duplicate: int = 0
    rows_quarantined: int = 0
    errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    left_for_next_run: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StepMeasure:
    """What one step took."""

    step: str
    started_at: datetime
    seconds: float
    status: str
    peak_memory_bytes: int


@dataclass(frozen=True)
class PartsMeasure:
    """What the parts of a step took that workers did: `worker_seconds` of all parts together, the memory of the one that held
    the most. `seconds` passed from handing them out until the last came back.
    """

    step: str
    started_at: datetime
    seconds: float
    status: str
    part_count: int
    worker_seconds: float
    row_count: int
    peak_memory_bytes: int | None


#: Receives what handed out parts took.
PartsEnded = Callable[[PartsMeasure], None]


class RunLog:
    """One run. Its row in ops.run exists from `begin` on and has an end after `complete` or `fail`.

    A run is a success only after its last step: `complete` is called by that step alone.
    """

    def __init__(self, tell: Tell | None = None) -> None:
        self._tell = tell
        self._engine: Engine | None = None
        self._row: int | None = None
        self._wal_position: str | None = None
        self._is_published = False
        self.intake = Intake()
        self.dossiers_derived: int | None = None
        self.covered_through: date | None = None
        self.error: BaseException | None = None
        self.message: str | None = None

    def progress(self, stage: str) -> Callable[[int, int], None] | None:
        """Returns what a step is to call with (done, total)."""
        tell = self._tell
        return None if tell is None else lambda done, total: tell(stage, done, total)

    def begin(self, engine: Engine) -> None:
        """Writes the row, unless this is another try of a step that had. The run lock is held: a run that still has no end was
        killed, which its row then says.
        """
        self._engine = engine
        if self._row is not None:
            return
        with engine.begin() as connection:
            connection.execute(text(_MARK_DEAD), {"message": str(_DEAD)})
            self._row, self._wal_position = connection.execute(
                text(
                    "insert into ops.run (started_at, status) values (now(), 'running')"
                    " returning run_id, cast(pg_current_wal_insert_lsn() as text)"
                )
            ).one()
        self._log("run begun")
        reached("run.begun")

    @property
    def is_begun(self) -> bool:
        """True from `begin` on."""
        return self._row is not None

    def step_ended(self, measure: StepMeasure) -> None:
        """Writes the row of a step, also after `complete` or `fail`. What it took is worth no failed run."""
        if self._engine is None or self._row is None:
            return
        self._log("step ended", **vars(measure))
        (statement,) = statements_of_file("ops/record_run_step.sql")
        counts = {"take_in_exports": self.intake.rows_read, "derive_facts": self.dossiers_derived}
        values = {**vars(measure), "run_id": self._row, "wal_before": self._wal_position}
        with contextlib.suppress(DBAPIError, WarehouseError), self._engine.begin() as connection:
            self._wal_position = connection.execute(
                text(statement), values | {"row_count": counts.get(measure.step)}
            ).scalar_one()

    def parts_ended(self, measure: PartsMeasure) -> None:
        """Writes the row of parts that workers did, next to that of the step that handed them out."""
        if self._engine is None or self._row is None:
            return
        self._log("parts ended", **vars(measure))
        (statement,) = statements_of_file("ops/record_parts.sql")
        with contextlib.suppress(DBAPIError, WarehouseError), self._engine.begin() as connection:
            connection.execute(text(statement), vars(measure) | {"run_id": self._row})

    def published(self, through: date | None) -> None:
        """The figures are up to date through that day and stay so, whatever becomes of the steps after them."""
        self._is_published = True
        self.covered_through = through

    def complete(self) -> None:
        """The last step ended well."""
        self._end("success", None)

    def fail(self, error: BaseException, reason: str) -> None:
        """The run stopped; the first reason stays."""
        if self.error is None:
            self.error = error
            self.message = joined(" ", [reason, self.what_stays]) if self.what_stays else reason
            # Where the warehouse itself is gone, the row stays without an end, as after a kill.
            with contextlib.suppress(DBAPIError, WarehouseError):
                self._end("failed", self.message)

    @property
    def what_stays(self) -> str:
        """A sentence on figures that were published before the run failed; empty when none were."""
        if not self._is_published:
            return ""
        if self.covered_through is None:
            return message("Lần chạy này đã công bố xong; chỉ các bước cuối chưa xong.")
        return message(
            "Số liệu của lần chạy này đến hết ngày {through:day} đã công bố và giữ nguyên; chỉ các bước cuối chưa xong.",
            through=self.covered_through,
        )

    def _end(self, status: str, message: str | None) -> None:
        if self._engine is None or self._row is None:
            return
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update ops.run set ended_at = now(), status = :status, files_read = :files_read,"
                    " files_failed = :files_failed, rows_read = :rows_read, bytes_read = :bytes_read,"
                    " dossiers_derived = :dossiers_derived, message = :message"
                    " where run_id = :run_id and ended_at is null"
                ),
                {
                    "run_id": self._row,
                    "status": status,
                    "message": message,
                    "files_read": self.intake.files_loaded,
                    "files_failed": self.intake.files_failed,
                    "rows_read": self.intake.rows_read,
                    "bytes_read": self.intake.bytes_read,
                    "dossiers_derived": self.dossiers_derived,
                },
            )
        self._log("run ended", status=status)
        reached("run.ended")

    def _log(self, event: str, **fields: object) -> None:
        """Logs what programs that collect logs are to see of a run; nothing of any file's content is in it."""
        _LOG.info(event, extra={"fields": {"run_id": self._row, **fields}})
