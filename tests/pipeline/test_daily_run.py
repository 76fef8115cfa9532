"""The daily job on a few files of a sample: what it does, what it tells Dagster, what it says when it can't."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.exports.resources import Landing
from assets.given.archive import Archive
from assets.rebuild import COMPARED, table_digest
from pipelines.definitions import build_definitions
from pipelines.run import RunResult, run_daily
from pipelines.settings import Settings
from quality.page import CATEGORIES
from tests.worlds import CODE, SAMPLES, World, provincial
from warehouse_sql.resources import Warehouse
from warehouse_sql.run_lock import run_lock

_ANOTHER = CODE[:-1] + "9"
_EXPORT_DAY = dg.AssetKey(["landing", "export_day"])
_TABLES = (
    *COMPARED,
    *("landing.export_file", "landing.quarantine", "history.dossier_version", "history.process_step"),
)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


@pytest.fixture
def settings(warehouse_url: str, world: World) -> Settings:
    return Settings(
        home=world.landing.parent / "home", warehouse_url=warehouse_url, landing=str(world.landing)
    )


def _lay(world: World, *days: str) -> None:
    """The sample's files of those days of February 2023."""
    files = (SAMPLES / "tinh_bien_2023_02_csv/landing").rglob("*.*")
    for file in files:
        if any(f"202302{day}" in file.name or f"2023_02_{day}" in file.name for day in days):
            path = file.relative_to(SAMPLES / "tinh_bien_2023_02_csv/landing")
            world.put(str(path), file.read_bytes())


def _definitions(settings: Settings) -> dg.Definitions:
    """As `dagster dev` has them, for these settings."""
    return build_definitions(
        {
            "warehouse": Warehouse(settings.url, lock_wait_seconds=0),
            "landing": Landing(settings.landing_url, Archive(settings.archive)),
        }
    )


def _instance(settings: Settings) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(settings.dagster_home))


def _metadata(instance: dg.DagsterInstance, *key: str) -> dict[str, object]:
    event = instance.get_latest_materialization_event(dg.AssetKey(list(key)))
    assert event and event.asset_materialization
    return {name: result.value for name, result in event.asset_materialization.metadata.items()}


def _checks(instance: dg.DagsterInstance, run_id: str) -> dict[str, bool]:
    records = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    result = [record.get_dagster_event().asset_check_evaluation_data for record in records]
    return {evaluation.check_name: evaluation.passed for evaluation in result}


def _last_run(world: World) -> tuple[object, ...]:
    return world.ask(
        "select status, files_read, files_failed, dossiers_derived, message, ended_at is not null"
        " from ops.run order by run_id desc limit 1"
    )[0]


def _digests(world: World) -> dict[str, tuple[int, int]]:
    with world.engine.connect() as connection:
        return {table: table_digest(connection, table) for table in _TABLES}


def test_a_run_brings_all_up_to_date_and_a_second_changes_nothing(
    world: World, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    _lay(world, "01", "03")
    shown: list[tuple[str, int, int]] = []
    first = run_daily(settings, arrived_when_exported=True, progress=lambda *stage: shown.append(stage))

    assert (first.ok, first.error) == (True, None)
    assert first.intake.files_loaded == 6
    assert first.intake.rows_read == first.intake.rows_loaded + 1 + first.intake.rows_quarantined
    assert first.covered_through == date(2023, 2, 3)
    assert {stage for stage, _, _ in shown} == {"files", "dossiers"}
    assert _last_run(world) == ("success", 6, 0, first.dossiers_derived, None, True)
    with _instance(settings) as instance:
        _sees_the_first_run(instance, world, first)

    before = _digests(world)
    second = run_daily(settings)
    assert (second.ok, second.intake.files_loaded, second.dossiers_derived) == (True, 0, 0)
    assert second.covered_through == first.covered_through
    assert _digests(world) == before
    with _instance(settings) as instance:
        run = instance.get_run_by_id(second.run_id)
        assert run and run.status == dg.DagsterRunStatus.SUCCESS
        assert "data:image/svg+xml" in str(_metadata(instance, "mart", "overdue_daily")["daily_flow"])
        # The days of the first run are not told again.
        assert len(instance.fetch_materializations(_EXPORT_DAY, limit=10).records) == 2
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def _sees_the_first_run(instance: dg.DagsterInstance, world: World, result: RunResult) -> None:
    run = instance.get_run_by_id(result.run_id)
    assert run and run.status == dg.DagsterRunStatus.SUCCESS and run.job_name == "daily_run"
    checks = _checks(instance, result.run_id)
    assert {name for name in checks if name.removesuffix("_stops_run") not in CATEGORIES} == {
        *(
            "every_row_accounted",
            "nothing_new_in_exports",
            "sums_equal_facts",
            "received_is_resolved_and_pending",
            "overdue_is_usual",
        ),
    }
    # What flags a row is told and stops nothing.
    assert {name for name, passed in checks.items() if not passed} <= CATEGORIES.keys()
    assert instance.get_materialized_partitions(_EXPORT_DAY) == {"2023-02-01", "2023-02-03"}

    files = _metadata(instance, "landing", "export_file")
    assert (files["dagster/row_count"], files["rows_read"]) == (6, result.intake.rows_read)
    facts = _metadata(instance, "core", "fct_dossier")
    assert [facts["dagster/row_count"]] == [*world.ask("select count(*) from core.fct_dossier")[0]]
    assert facts["dossiers_derived"] == result.dossiers_derived
    schema = facts["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert all(column.description for column in schema.columns)
    (code,) = (column for column in schema.columns if column.name == "dossier_code")
    assert (code.type, code.constraints.nullable) == ("text", False)
    assert "data:image/svg+xml" in str(_metadata(instance, "mart", "overdue_daily")["daily_flow"])
    opened = world.ask("select count(*) from mart.open_dossier")[0][0]
    assert _metadata(instance, "mart", "open_dossier")["dagster/row_count"] == opened


@pytest.mark.long
def test_something_new_in_an_export_is_a_warning_and_told_once(world: World, settings: Settings) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(KhoaMoi="x"))
    actual = [run_daily(settings), run_daily(settings)]
    assert [result.ok for result in actual] == [True, True]
    with _instance(settings) as instance:
        for result, passed in zip(actual, (False, True), strict=True):
            records = instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
            shown = [record.get_dagster_event().asset_check_evaluation_data for record in records]
            (check,) = (item for item in shown if item.check_name == "nothing_new_in_exports")
            assert (check.passed, check.severity) == (passed, dg.AssetCheckSeverity.WARN)
            lines = check.metadata.get("first")
            assert (lines.value if lines else None) == (
                None if passed else ["igate: cột hoặc trường lạ “KhoaMoi”"]
            )


def test_a_file_that_cant_be_read_does_not_fail_the_run(world: World, settings: Settings) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.put("igate/2023-07-18/broken.json", b'{"content": [{"code": ')
    result = run_daily(settings)
    assert (result.ok, result.error) == (True, None)
    assert (result.intake.files_loaded, result.intake.files_failed) == (1, 1)
    assert result.intake.errors[0].startswith("igate/2023-07-18/broken.json: ")
    assert _last_run(world) == ("success", 1, 1, 1, None, True)


def test_a_run_that_fails_says_why_in_one_sentence(
    world: World, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(world.landing)
    result = run_daily(settings)
    assert not result.ok
    assert result.error and result.error.startswith(f"Không thấy thư mục nhận tệp {world.landing};")
    assert _last_run(world) == ("failed", 0, 0, None, result.error, True)
    with _instance(settings) as instance:
        run = instance.get_run_by_id(result.run_id)
        assert run and run.status == dg.DagsterRunStatus.FAILURE
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_a_warehouse_that_is_not_there_is_told_without_its_password(settings: Settings) -> None:
    settings.warehouse_url = "postgresql://anna:hemlig@127.0.0.1:1/none"
    result = run_daily(settings)
    assert not result.ok
    assert result.error and result.error.startswith("Không kết nối được kho")
    assert "hemlig" not in result.error
    kept = [file.read_bytes() for file in settings.dagster_home.rglob("*") if file.is_file()]
    assert not any(b"hemlig" in content for content in kept)


def test_runs_exclude_each_other_however_they_were_started(world: World, settings: Settings) -> None:
    job = _definitions(settings).resolve_job_def("daily_run")
    with run_lock(world.engine), dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    (failure, *_) = [event for event in result.all_events if event.is_step_failure]
    assert "Một lần chạy khác đang giữ kho" in str(failure.step_failure_data.error)
    assert world.ask("select count(*) from ops.run") == [(0,)]


def test_a_flow_that_does_not_add_up_is_seen_and_stops_nothing(world: World, settings: Settings) -> None:
    _lay(world, "01")
    world.run()
    with world.engine.begin() as connection:
        connection.exec_driver_sql("update core.fct_dossier set is_counted = false where state = 'resolved'")
    with dg.DagsterInstance.ephemeral() as instance:
        result = _definitions(settings).resolve_job_def("daily_run").execute_in_process(instance=instance)
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert result.success
    assert [name for name, check in checks.items() if not check.passed] == ["sums_equal_facts"]
    (row, *_) = checks["sums_equal_facts"].metadata["first_rows"].value
    assert row["received_in_flow"] != row["received_in_facts"]
    assert _last_run(world)[0] == "success"


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_run_sums_what_it_changes_and_all_when_that_does_not_hold_or_a_week_begins(
    world: World, settings: Settings, is_changed: bool
) -> None:
    def sums_are_equal() -> bool:
        with dg.DagsterInstance.ephemeral() as instance:
            result = _definitions(settings).resolve_job_def("daily_run").execute_in_process(instance=instance)
        (check,) = [
            check for check in result.get_asset_check_evaluations() if check.check_name == "sums_equal_facts"
        ]
        return check.passed

    world.say_provincial("2023-07-18 18:30", provincial(), provincial(_ANOTHER))
    assert sums_are_equal()
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-28 09:00"))
    assert sums_are_equal()
    wrong = CODE if is_changed else _ANOTHER
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            f"update core.fct_dossier set is_counted = false where dossier_code = '{wrong}'"
        )
    # What the run puts right by the way had been wrong, so all are looked at, and are right.
    world.say_provincial("2023-07-20 18:30", provincial(due="2023-07-27 09:00"))
    assert sums_are_equal()
    world.say_provincial("2023-07-24 18:30", provincial(due="2023-07-26 09:00"))
    assert sums_are_equal() == is_changed
    world.say_provincial("2023-07-25 18:30", provincial(due="2023-07-31 09:00"))
    assert sums_are_equal() == is_changed


def test_the_account_of_export_days_by_the_settings_of_the_environment(
    world: World, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(world, "01", "03")
    world.run()
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    with dg.DagsterInstance.ephemeral() as instance:
        result = (
            build_definitions()
            .resolve_job_def("export_day")
            .execute_in_process(
                instance=instance,
                tags={
                    "dagster/asset_partition_range_start": "2023-02-01",
                    "dagster/asset_partition_range_end": "2023-02-03",
                },
            )
        )
    values = {
        event.partition: event.materialization.metadata for event in result.get_asset_materialization_events()
    }
    assert {day: metadata["files_loaded"].value for day, metadata in values.items()} == {
        "2023-02-01": 3,
        "2023-02-02": 0,
        "2023-02-03": 3,
    }
    assert values["2023-02-01"]["rows_read"].value == _read_on(world, "2023-02-01") > 0
    assert values["2023-02-03"]["rows_read"].value == _read_on(world, "2023-02-03") > 0


def _read_on(world: World, day: str) -> int:
    result: int = world.ask(
        "select sum(rows_read)::int from landing.export_file where exported_at::date = cast(:day as date)",
        day=day,
    )[0][0]
    return result
