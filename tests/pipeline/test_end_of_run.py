"""A run is a success when its last step ended well, and only then: for ops.run, the exit code and the dead man."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.alerts.resources import Notifier
from assets.exports.resources import Landing
from assets.given.archive import Archive
from assets.run_log import RUN, RunLog
from pipelines.definitions import build_definitions
from tests.alert_worlds import VIETNAM
from tests.command_line import Motcua
from tests.receivers import Hook
from tests.worlds import World, provincial, work_today
from warehouse_sql.resources import Warehouse

_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
#: What is taken away from the warehouse so that a step after the aggregates fails.
_BREAKS = {
    "overdue_alerts": "alter table ops.alert rename fingerprint to fingerprint_that_is_gone",
    "due_soon": "alter table mart.due_soon rename to due_soon_that_is_gone",
}
_LAST_RUN = "select status, message, ended_at is not null from ops.run order by run_id desc limit 1"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


def _break(world: World, step: str) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql(_BREAKS[step])


def _execute(world: World, url: str, steps: list[str] | None = None) -> dg.ExecuteInProcessResult:
    """A job as Dagster's daemon has it, without `motcua run` around it."""
    definitions = build_definitions(
        {
            "warehouse": Warehouse(lambda: url, lock_wait_seconds=0),
            "landing": Landing(str(world.landing), Archive(world.archive.root), arrived_when_exported=True),
        }
    )
    result = definitions.resolve_job_def("daily_run")
    with dg.DagsterInstance.ephemeral() as instance:
        return result.execute_in_process(
            instance=instance,
            run_config=_SILENT,
            raise_on_error=False,
            asset_selection=[dg.AssetKey(step.split("/")) for step in steps] if steps else None,
        )


@pytest.mark.parametrize("step", _BREAKS)
def test_motcua_run_whose_last_steps_fail_is_a_failed_run(
    world: World, motcua: Motcua, web: Hook, step: str
) -> None:
    motcua("warehouse", "migrate")
    _break(world, step)
    shown = motcua("run", "--landing", str(world.landing), "--json", MOTCUA_NOTIFY=web.address)
    assert shown.returncode == 1, shown.stderr
    result = json.loads(shown.stdout)
    stays = "Số liệu của lần chạy này đến hết ngày 17/07/2023 đã công bố và giữ nguyên"
    assert not result["ok"] and stays in result["error"]
    ((status, message, has_end),) = world.ask(_LAST_RUN)
    assert (status, message, has_end) == ("failed", result["error"], True)
    assert stays in next(post for post in web.posts if "thất bại" in post["title"])["message"]
    # What the steps before had published is there.
    assert world.ask("select count(*) from mart.overdue_daily")[0][0] > 0


@pytest.mark.parametrize("step", _BREAKS)
def test_dagsters_own_run_whose_last_steps_fail_is_a_failed_run(
    world: World, warehouse_url: str, step: str
) -> None:
    _break(world, step)
    assert not _execute(world, warehouse_url).success
    ((status, message, has_end),) = world.ask(_LAST_RUN)
    assert (status, has_end) == ("failed", True)
    assert "đã công bố và giữ nguyên" in message


@pytest.mark.long
def test_the_dead_man_speaks_of_a_run_whose_alert_step_failed(
    world: World, warehouse_url: str, web: Hook
) -> None:
    now = datetime.now(VIETNAM)
    work_today(world.engine)  # he rests on days off
    watch = Notifier(addresses=web.address, now=lambda: now.replace(hour=23, minute=59))
    watch.by = now.replace(minute=0, second=0, microsecond=0).time()
    assert _execute(world, warehouse_url).success
    assert watch.watch_runs(world.engine) == 0
    with world.engine.begin() as connection:
        connection.exec_driver_sql("delete from ops.run")
    _break(world, "overdue_alerts")
    assert not _execute(world, warehouse_url).success
    assert watch.watch_runs(world.engine) == 1
    ((body,),) = world.ask("select body from ops.notice where kind = 'dead_man'")
    assert "thất bại" in body


def test_a_run_that_ends_well_is_a_success_for_whoever_started_it(world: World, warehouse_url: str) -> None:
    assert _execute(world, warehouse_url).success
    assert world.ask(_LAST_RUN) == [("success", None, True)]


def test_the_end_comes_after_every_other_step() -> None:
    definitions = build_definitions()
    graph, end = definitions.resolve_asset_graph(), dg.AssetKey(RUN)
    before, unseen = {end}, [end]
    while unseen:
        new = graph.get(unseen.pop()).parent_keys - before
        before |= new
        unseen += new
    steps = [step for step in definitions.assets or [] if isinstance(step, dg.AssetsDefinition)]
    late = [step.op.name for step in steps if step.is_executable and not step.keys & before]
    assert late == ["landing__export_day"]  # a job of its own


@pytest.mark.parametrize("step", ["load_dimensions", "due_soon", "end_run"])
def test_a_step_materialised_by_hand_is_no_run_of_the_day(
    world: World, warehouse_url: str, step: str
) -> None:
    world.run()
    steps = [actual for actual in build_definitions().assets or [] if isinstance(actual, dg.AssetsDefinition)]
    (keys,) = (actual.keys for actual in steps if actual.is_executable and actual.op.name == step)
    result = _execute(world, warehouse_url, steps=[key.to_user_string() for key in keys])
    assert result.success and result.get_asset_materialization_events()
    assert world.ask("select * from ops.run") == []


def test_a_killed_run_stays_running_and_the_next_says_that_it_is_dead(
    world: World, warehouse_url: str
) -> None:
    RunLog().begin(world.engine)
    assert world.ask("select status, ended_at from ops.run") == [("running", None)]
    assert _execute(world, warehouse_url).success
    killed, well = world.ask("select status, message, ended_at is not null from ops.run order by run_id")
    assert (killed[0], killed[2]) == ("failed", False)
    assert killed[1].startswith("Lần chạy bị ngắt giữa chừng")
    assert well == ("success", None, True)


def test_a_run_gives_back_the_room_of_dead_rows(world: World, warehouse_url: str) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.setting select 'n' || n, '' from generate_series(1, 1000) as n"
        )
        connection.exec_driver_sql("update ops.setting set value = 'x' where name like 'n%%'")
        connection.exec_driver_sql("select pg_stat_force_next_flush()")
    world.engine.dispose()  # what a session has counted is with the server when it ends
    dead = "select n_dead_tup >= 1000 from pg_stat_user_tables where relid = 'ops.setting'::regclass"
    assert world.ask(dead.replace("::", r"\:\:")) == [(True,)]
    assert _execute(world, warehouse_url).success
    assert world.ask(dead.replace("::", r"\:\:")) == [(False,)]
