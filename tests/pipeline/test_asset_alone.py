"""Each asset can be materialised by itself: its step does all it does, and reports what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.exports.resources import Landing
from assets.given.archive import Archive
from pipelines.definitions import build_definitions
from pipelines.settings import Settings
from tests.worlds import World, provincial
from warehouse_sql.resources import Warehouse

_ALONE = [
    *("core/fct_dossier", "core/fct_stage", "core/dim_unit", "mart/daily_flow", "mart/timeliness_month"),
    *("mart/open_dossier", "landing/quarantine", "landing/export_file", "history/process_step"),
    *("mart/due_soon", "ops/alert", "ops/run"),
]


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    return world


@pytest.fixture
def definitions(warehouse_url: str, world: World) -> dg.Definitions:
    home = world.landing.parent / "home"
    settings = Settings(home=home, warehouse_url=warehouse_url, landing=str(world.landing))
    return build_definitions(
        {
            "warehouse": Warehouse(settings.url, lock_wait_seconds=0),
            "landing": Landing(settings.landing_url, Archive(settings.archive)),
        }
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def _materialise(
    definitions: dg.Definitions, instance: dg.DagsterInstance, *keys: str
) -> dg.ExecuteInProcessResult:
    """As Dagster's pages do it when somebody selects these assets."""
    job = definitions.resolve_implicit_global_asset_job_def()
    selection = [dg.AssetKey.from_user_string(key) for key in keys]
    return job.get_subset(asset_selection=set(selection)).execute_in_process(instance=instance)


def test_an_asset_is_materialised_by_itself(
    world: World, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    for key in _ALONE:
        result = _materialise(definitions, instance, key)
        made = [event.asset_key.to_user_string() for event in result.get_asset_materialization_events()]
        # The intake reports the portals in any case: they are not its own.
        ours = [each for each in made if not each.startswith("portal/")]
        assert (result.success, ours) == (True, [key])
    assert world.ask("select count(*) from ops.run") == [(0,)]


def test_its_step_does_all_that_it_does(
    world: World, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    world.say_provincial("2023-07-18 18:30", provincial("000.26.33.H01-230718-0001"))
    _materialise(definitions, instance, "history/dossier_version")
    assert world.ask("select count(*) from landing.export_file") == [(2,)]
    result = _materialise(definitions, instance, "core/fct_dossier", "mart/overdue_daily")
    assert world.ask("select count(*) from core.fct_dossier_span") == [(2,)]
    checks = {check.check_name for check in result.get_asset_check_evaluations()}
    # Those of the assets that were selected, and no others.
    assert "sums_equal_facts" not in checks and "received_is_resolved_and_pending" not in checks


def test_rows_that_nothing_accounts_for_stop_the_run_before_figures_are_derived(
    world: World, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    before = world.ask("select count(*) from core.fct_dossier_span")
    with world.engine.begin() as connection:
        connection.exec_driver_sql("alter table landing.export_file drop constraint every_row_accounted")
        connection.exec_driver_sql("update landing.export_file set rows_loaded = rows_loaded + 1")
    world.say_provincial("2023-07-18 18:30", provincial("000.26.33.H01-230718-0001"))
    job = definitions.resolve_job_def("daily_run")
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert [check.check_name for check in result.get_asset_check_evaluations() if not check.passed] == [
        "every_row_accounted"
    ]
    assert world.ask("select count(*) from core.fct_dossier_span") == before
    (message,) = world.ask("select message from ops.run")[0]
    assert message.startswith("Có tệp mà số dòng đọc được khác tổng số dòng")


def test_checks_that_stop_a_run_are_marked_and_none_shows_a_placeholder(definitions: dg.Definitions) -> None:
    specs = [spec for each in definitions.asset_checks or [] for spec in each.check_specs]
    specs += [spec for each in definitions.assets or [] for spec in getattr(each, "check_specs", [])]
    blocking = {spec.name for spec in specs if spec.blocking}
    assert blocking == {"every_row_accounted"} | {
        spec.name for spec in specs if spec.name.endswith("_stops_run")
    }
    assert len(blocking) > 1
    assert not [spec.name for spec in specs if "{" in (spec.description or "")]
