"""Dagster's records as a run in this process writes them, and as Dagster's own processes read them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.dagster_records import open_records

_KEY = dg.AssetKey(["a", "table"])


@pytest.fixture
def job() -> dg.JobDefinition:
    @dg.multi_asset(specs=[dg.AssetSpec(_KEY)], check_specs=[dg.AssetCheckSpec("is_right", asset=_KEY)])
    def make() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        yield dg.MaterializeResult(asset_key=_KEY)
        yield dg.AssetCheckResult(check_name="is_right", asset_key=_KEY, passed=True)

    return dg.Definitions(
        assets=[make], jobs=[dg.define_asset_job("job", executor_def=dg.in_process_executor)]
    ).resolve_job_def("job")


def test_what_a_run_records_is_seen_at_once_by_others_and_all_of_it(
    tmp_path: Path, job: dg.JobDefinition
) -> None:
    with open_records(tmp_path) as ours, dg.DagsterInstance.from_config(str(tmp_path)) as other:
        result = job.execute_in_process(instance=ours)
        run = other.get_run_by_id(result.run_id)
        assert run and run.status == dg.DagsterRunStatus.SUCCESS
        assert _messages(other, result.run_id) == _messages(ours, result.run_id)
        assert other.get_latest_materialization_event(_KEY) is not None
        again = job.execute_in_process(instance=other)
        assert {each.run_id for each in ours.get_runs()} == {result.run_id, again.run_id}


def test_the_files_of_the_records_are_closed_and_whole_after_a_run(
    tmp_path: Path, job: dg.JobDefinition
) -> None:
    with open_records(tmp_path) as ours:
        job.execute_in_process(instance=ours)
    files = list(tmp_path.rglob("*.db"))
    assert len(files) >= 3
    assert not [*tmp_path.rglob("*.db-wal"), *tmp_path.rglob("*.db-shm")]
    for file in files:
        with sqlite3.connect(file) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


def test_an_office_that_keeps_its_records_elsewhere_gets_what_it_chose(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "dagster.yaml").write_text(
        "event_log_storage:\n  module: dagster._core.storage.event_log\n  class: ConsolidatedSqliteEventLogStorage\n"
        f"  config:\n    base_dir: {elsewhere}\n"
    )
    with open_records(tmp_path):
        assert [file.name for file in elsewhere.glob("*.db")] == ["event_log.db"]


def _messages(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    return [record.message for record in instance.all_logs(run_id)]
