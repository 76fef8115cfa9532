"""What a run of the daily job tells: progress to whoever started it, and its row in ops.run.

Here: what came of the steps of one run. Not here: the run lock (with the warehouse), the steps themselves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from assets.exports.intake import Intake
from warehouse_sql.boundaries import reached
from warehouse_sql.warehouse import WarehouseError

Tell = Callable[[str, int, int], None]

#: Statuses of ops.run as people read them.
RUN_STATUSES = {"running": "đang chạy hoặc bị ngắt", "success": "thành công", "failed": "thất bại"}


class RunLog:
    """One run. Its row in ops.run is there from `begin` on and has an end after `complete` or `fail`."""

    def __init__(self, tell: Tell | None = None) -> None:
        self._tell = tell
        self._engine: Engine | None = None
        self._row: int | None = None
        self.intake = Intake()
        self.dossiers_derived: int | None = None
        self.covered_through: date | None = None
        self.error: BaseException | None = None

    def progress(self, stage: str) -> Callable[[int, int], None] | None:
        """What a step is to call with (done, total)."""
        tell = self._tell
        return None if tell is None else lambda done, total: tell(stage, done, total)

    def begin(self, engine: Engine) -> None:
        """Writes the row. The run lock is held: no other run is on its way."""
        self._engine = engine
        with engine.begin() as connection:
            self._row = connection.execute(
                text("insert into ops.run (started_at, status) values (now(), 'running') returning run_id")
            ).scalar_one()
        reached("run.begun")

    def complete(self, through: date | None) -> None:
        """All is up to date through that day."""
        self.covered_through = through
        self._end("success", None)

    def fail(self, error: BaseException, message: str) -> None:
        """The run stopped; the first reason stays."""
        if self.error is None:
            self.error = error
            # Where the warehouse itself is gone, the row stays without an end, as after a kill.
            with contextlib.suppress(DBAPIError, WarehouseError):
                self._end("failed", message)

    def _end(self, status: str, message: str | None) -> None:
        if self._engine is None or self._row is None:
            return
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update ops.run set ended_at = now(), status = :status, files_read = :files_read,"
                    " files_failed = :files_failed, dossiers_derived = :dossiers_derived, message = :message"
                    " where run_id = :run_id and ended_at is null"
                ),
                {
                    "run_id": self._row,
                    "status": status,
                    "message": message,
                    "files_read": self.intake.files_loaded,
                    "files_failed": self.intake.files_failed,
                    "dossiers_derived": self.dossiers_derived,
                },
            )
        reached("run.ended")
