"""Parts of a run handed out to workers, and waited for: as a run of Dagster of its own, below the run that asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster_shared.error import SerializableErrorInfo
from sqlalchemy import Engine, text

from assets.exports.landed import LandedFile
from assets.exports.reading import ReadFile
from assets.run_log import PartsEnded, PartsMeasure
from pipelines.dagster_home import prepare_dagster_home
from pipelines.liveness import shown_alive
from pipelines.settings import Settings, variable_of
from pipelines.workers.broker import broker_of, celery_settings
from pipelines.workers.jobs import MEASURED, PEAK_MEMORY, ROWS, SECONDS, fold_buckets, read_files
from pipelines.workers.spool import parts_of, spool
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message

_SILENT = {"console": {"config": {"log_level": "CRITICAL"}}}


def folded_by_workers(
    settings: Settings, ended: PartsEnded, engine: Engine, run_no: int, count: int
) -> Iterator[int]:
    """Has workers fold the buckets of a fold; yields the number of dossiers of each. WarehouseError where one is missing."""
    _hand_out(settings, ended, fold_buckets, count, {"fold_part": {"config": {"run_no": run_no}}})
    with engine.connect() as connection:
        sizes = connection.execute(
            text(
                "select count(*) from core.bucket_dossier as d inner join core.staged_bucket as s"
                " on d.run_no = s.run_no and d.bucket = s.bucket where d.run_no = :run_no group by d.bucket"
            ),
            {"run_no": run_no},
        ).scalars()
        folded = list(sizes)
    if len(folded) != count:
        raise WarehouseError(
            message(
                "Các tiến trình chỉ dựng xong {done:number} trên {count:number} phần hồ sơ; hãy chạy lại.",
                done=len(folded),
                count=count,
            )
        )
    yield from folded


def read_by_workers(
    settings: Settings, landing: str, ended: PartsEnded, files: Sequence[LandedFile]
) -> Iterator[tuple[LandedFile, ReadFile | str | None]]:
    """Has workers archive and read files; yields them in order with what came of each."""
    if not files:
        return
    with spool(settings, landing, files) as name:
        _hand_out(settings, ended, read_files, len(files), {"read_file_part": {"config": {"folder": name}}})
        yield from parts_of(settings, name, files)


def _hand_out(
    settings: Settings, ended: PartsEnded, job: dg.JobDefinition, count: int, ops: dict[str, Any]
) -> None:
    started_at, begun = datetime.now(UTC), monotonic()
    broker_of(settings)
    address = {"env": variable_of("broker")}  # Dagster keeps the name of the variable, not the address
    configuration = {
        "ops": {"parts": {"config": {"count": count}}, **ops},
        "loggers": _SILENT,
        "execution": {
            "config": {
                "broker": address,
                "backend": address,
                "config_source": celery_settings(settings),
            }
        },
    }
    home = prepare_dagster_home(settings)
    with (
        dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home))) as instance,
        shown_alive(home) as tags,
        dg.execute_job(
            dg.reconstructable(job), instance, configuration, tags=tags, raise_on_error=False
        ) as result,
    ):
        ended(_measure(job.name, started_at, monotonic() - begun, result))
        if result.success:
            return
        failures = [event for event in result.all_events if event.is_failure]
        errors = [getattr(event.event_specific_data, "error", None) for event in failures]
        reasons = [_root(error).message.strip() for error in errors if error is not None]
    raise WarehouseError(
        message(
            "Các tiến trình không làm xong phần việc được giao ({reason}); hãy chạy lại.",
            reason=reasons[0] if reasons else message("không rõ lý do"),
        )
    )


def _measure(name: str, started_at: datetime, seconds: float, result: dg.JobExecutionResult) -> PartsMeasure:
    """Returns what workers measured of the parts that they did to the end."""
    parts = [
        metadata
        for event in result.all_events
        if event.is_successful_output and (metadata := event.step_output_data.metadata).keys() >= MEASURED
    ]

    def values(of: str) -> list[Any]:
        return [metadata[of].value for metadata in parts]

    return PartsMeasure(
        step=name,
        started_at=started_at,
        seconds=seconds,
        status="success" if result.success else "failed",
        part_count=len(parts),
        worker_seconds=sum(values(SECONDS)),
        row_count=sum(values(ROWS)),
        peak_memory_bytes=max(values(PEAK_MEMORY), default=None),
    )


def _root(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """Returns what was raised in the first place: Dagster wraps it."""
    return _root(error.cause) if error.cause is not None else error
