"""How long Dagster's records of runs are kept. Ticks of schedules and sensors Dagster itself deletes (`dagster.yaml`).

Here: deleting runs with their events. What runs made stays in the warehouse, and so does `ops.run`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

# A tick of a sensor has a minute; a night adds one run.
_AT_ONCE = 50
#: The newest stay however old they are: they say what an asset was last made by.
_KEPT = 10


def delete_old_runs(instance: dg.DagsterInstance, before: datetime, at_once: int = _AT_ONCE) -> int:
    """Deletes the oldest runs that were created before that moment, with their events. Returns how many they were."""
    finished = list(FINISHED_STATUSES)
    newest = {
        record.dagster_run.run_id
        for record in instance.get_run_records(dg.RunsFilter(statuses=finished), limit=_KEPT)
    }
    old = instance.get_run_records(
        dg.RunsFilter(statuses=finished, created_before=before), limit=at_once + _KEPT, ascending=True
    )
    run_ids = [record.dagster_run.run_id for record in old if record.dagster_run.run_id not in newest]
    for run_id in run_ids[:at_once]:
        instance.delete_run(run_id)
        _delete_what_dagster_leaves(instance, run_id)
    return len(run_ids[:at_once])


def _delete_what_dagster_leaves(instance: dg.DagsterInstance, run_id: str) -> None:
    """The results of asset checks and, in SQLite, the file of the run, which is empty by now."""
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):
        with storage.index_connection() as connection:
            connection.execute(
                AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id)
            )
    if isinstance(storage, SqliteEventLogStorage):
        for suffix in ("", "-wal", "-shm"):
            Path(storage.path_for_shard(run_id) + suffix).unlink(missing_ok=True)
