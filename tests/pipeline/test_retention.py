"""Dagster's records of old runs: deleted with all that belongs to them, the newest kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from sqlalchemy import func, select

from pipelines.dagster_home import prepare_dagster_home
from pipelines.dagster_records import open_records
from pipelines.retention import delete_old_runs
from pipelines.settings import Settings

_RUNS = 14


@pytest.fixture(params=["sqlite", "postgres"])
def records(
    request: pytest.FixtureRequest,
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dg.DagsterInstance]:
    if request.param == "postgres":
        monkeypatch.setenv("MOTCUA_DAGSTER_URL", empty_database_url)
    with open_records(prepare_dagster_home(Settings(home=tmp_path))) as instance:
        yield instance


def test_old_runs_go_with_their_events_and_the_newest_stay(
    records: dg.DagsterInstance, tmp_path: Path
) -> None:
    runs = [_job().execute_in_process(instance=records).run_id for _ in range(_RUNS)]
    now = datetime.now().astimezone()

    assert delete_old_runs(records, now - timedelta(days=1)) == 0
    assert delete_old_runs(records, now, at_once=3) == 3
    assert delete_old_runs(records, now) == 1
    assert delete_old_runs(records, now) == 0

    kept = set(runs[4:])
    assert {run.run_id for run in records.get_runs()} == kept
    storage = records.event_log_storage
    with storage.index_connection() as connection:
        for table in (SqlEventLogStorageTable, AssetCheckExecutionsTable):
            of_runs = connection.execute(select(table.c.run_id).distinct()).scalars()
            assert set(of_runs) <= kept, table.name
        assert (
            connection.execute(select(func.count()).select_from(AssetCheckExecutionsTable)).scalar_one() == 10
        )
    files = [*(tmp_path / "dagster" / "history" / "runs").glob("*.db")]
    assert {file.stem for file in files} - {"index"} in (kept, set())
    assert records.get_latest_materialization_event(dg.AssetKey("table")) is not None


def test_runs_on_their_way_are_never_deleted(records: dg.DagsterInstance) -> None:
    on_its_way = records.create_run_for_job(_job(), status=dg.DagsterRunStatus.STARTED)
    for _ in range(11):
        _job().execute_in_process(instance=records)
    assert delete_old_runs(records, datetime.now().astimezone()) == 1
    assert records.get_run_by_id(on_its_way.run_id)


def _job() -> dg.JobDefinition:
    @dg.asset(check_specs=[dg.AssetCheckSpec("is_right", asset="table")])
    def table() -> Iterator[dg.Output[None] | dg.AssetCheckResult]:
        yield dg.Output(None)
        yield dg.AssetCheckResult(passed=True)

    return dg.Definitions(
        assets=[table], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor
    ).resolve_job_def("job")
