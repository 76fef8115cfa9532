"""Dagster's home: what its settings say, whose they are, and that records last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import dagster as dg
import pytest
import yaml
from dagster._core.instance.ref import InstanceRef
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext

from pipelines.dagster_home import prepare_dagster_home
from pipelines.run_coordinator import WRITES
from pipelines.run_launcher import WatchedRunLauncher
from pipelines.settings import Settings
from tests.command_line import own_environment, run_process

_ROOT = Path(__file__).parents[2]
_BEFORE_0_2 = """\
telemetry:
  enabled: false
nux:
  enabled: false
freshness:
  enabled: true
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def test_dagster_sends_nothing_keeps_no_output_and_watches_and_queues_runs(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(Settings(home=tmp_path)))) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"
        assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
        assert isinstance(instance.run_launcher, WatchedRunLauncher)
        assert instance.run_monitoring_enabled
        queue = instance.get_concurrency_config().run_queue_config
        ((key, value),) = WRITES.items()
        assert queue and queue.tag_concurrency_limits == [{"key": key, "value": value, "limit": 1}]
        assert (instance.run_retries_max_retries, instance.run_retries_retry_on_asset_or_op_failure) == (
            1,
            False,
        )


def test_assets_that_a_person_selects_stand_in_the_queue_of_runs_that_write(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(Settings(home=tmp_path)))) as instance:
        jobs = (_definitions().resolve_implicit_global_asset_job_def(), _empty_job())
        of_assets, of_a_job = (
            instance.create_run_for_job(job, remote_job_origin=_origin(job.name)) for job in jobs
        )
        for run in (of_assets, of_a_job):
            instance.run_coordinator.submit_run(SubmitRunContext(run, workspace=cast("Any", None)))
        assert {
            run.run_id: (run.status, WRITES.items() <= run.tags.items()) for run in instance.get_runs()
        } == {
            of_assets.run_id: (dg.DagsterRunStatus.QUEUED, True),
            of_a_job.run_id: (dg.DagsterRunStatus.QUEUED, False),
        }


def test_settings_that_motcua_wrote_are_renewed_and_those_of_an_office_are_kept(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    file = prepare_dagster_home(settings) / "dagster.yaml"
    current = file.read_text(encoding="utf-8")
    for of_motcua in (_BEFORE_0_2, current + "# more\n"):
        file.write_text(of_motcua, encoding="utf-8")
        prepare_dagster_home(settings)
        assert file.read_text(encoding="utf-8") == current
    own = current.partition("\n")[2] + "# ours\n"
    file.write_text(own, encoding="utf-8")
    prepare_dagster_home(settings)
    assert file.read_text(encoding="utf-8") == own


def test_dagster_dev_has_the_same_settings_and_a_home_that_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_home = yaml.safe_load((_ROOT / "pipelines/dagster.yaml").read_text(encoding="utf-8"))
    for_dagster_dev = yaml.safe_load((_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert for_dagster_dev.pop("storage") == {"sqlite": {"base_dir": ".motcua/dagster"}}
    assert for_dagster_dev == of_the_home
    monkeypatch.chdir(tmp_path)
    with dg.DagsterInstance.from_ref(
        InstanceRef.from_dir(str(tmp_path / "thrown-away"), config_dir=str(_ROOT))
    ) as instance:
        instance.create_run_for_job(_empty_job())
    with dg.DagsterInstance.from_config(
        str(prepare_dagster_home(Settings(home=tmp_path / ".motcua")))
    ) as later:
        assert later.get_runs_count() == 1


def test_the_address_of_records_in_postgresql_stands_in_no_file(
    tmp_path: Path, empty_database_url: str
) -> None:
    environment = os.environ | {"MOTCUA_HOME": str(tmp_path), "MOTCUA_DAGSTER_URL": empty_database_url}
    code = (
        "from pipelines.settings import Settings; from pipelines.dagster_home import prepare_dagster_home;"
        "from pipelines.dagster_records import open_records\n"
        "with open_records(prepare_dagster_home(Settings())) as instance:\n"
        "    print(type(instance.run_storage).__name__, instance.get_runs_count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["PostgresRunStorage", "0"]
    written = [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]
    assert written and not any(empty_database_url in text for text in written)


def test_records_that_are_out_of_reach_are_named_in_one_sentence(tmp_path: Path) -> None:
    address = "postgresql://anna:BiMat9Xyz@127.0.0.1:1/none"
    environment = own_environment(tmp_path / "home", "") | {"MOTCUA_DAGSTER_URL": address}
    done = run_process(("run",), environment, tmp_path)
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Lỗi:")]
    assert line.startswith("Lỗi: Không mở được nơi Dagster ghi các lần chạy (MOTCUA_DAGSTER_URL)")
    assert "BiMat9Xyz" not in done.stderr and "Traceback" not in done.stderr


def _empty_job() -> dg.JobDefinition:
    return _definitions().resolve_job_def("job")


def _origin(job: str) -> RemoteJobOrigin:
    """Where Dagster's pages say that they know a job from."""
    location = RegisteredCodeLocationOrigin("motcua")
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job)


def _definitions() -> dg.Definitions:
    @dg.asset
    def nothing() -> None: ...

    return dg.Definitions(assets=[nothing], jobs=[dg.define_asset_job("job")])
