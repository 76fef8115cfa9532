"""A warehouse of an older version is, after it is migrated and run once, what it would have been all along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.facts.publish import TWO_TIMED as FACTS
from assets.given.manifest import FILE as MANIFEST
from assets.rebuild import rebuild
from tests.conftest import own_database
from tests.older_versions import RELEASED, REVISIONS, make_older
from tests.worlds import CODE, World, national, provincial, step
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import HEAD, migrate

_TABLES = (
    *(f"core.{fact}{past}" for fact in FACTS for past in ("", "_past")),
    *("core.rule_set", "core.indicator", "core.dim_status", "core.dim_channel"),
    *("history.dossier_version", "history.process_step", "mart.daily_flow"),
)
OTHER = "000.26.33.H01-230717-0002"
_MAY_BE_EMPTY = {"core.fct_stage_past"} | {
    f"core.{fact}{past}" for fact in ("fct_dossier_edit", "fct_portal_delay") for past in ("", "_past")
}


def _rows(world: World) -> dict[str, list[str]]:
    """Returns all rows by table, whatever the order of their columns."""
    return {
        table: [row for (row,) in world.ask(f"select to_jsonb(t)::text from {table} as t order by 1")]
        for table in _TABLES
    }


def _world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    world.say_national("2023-07-18 18:30", national(HinhThuc="1", due="2023-07-20 09:00"))
    world.say_steps("2023-07-18 19:30", step(status=4, processed="2023-07-17 14:00"))
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    world.say_provincial("2023-07-24 18:30", provincial(due="2023-07-26 09:00"))
    return world


def test_every_version_of_the_changelog_is_upgraded_below() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (\d+\.\d+\.\d+)", changelog, re.M)) == RELEASED.keys()
    assert set(RELEASED.values()) <= set(REVISIONS)


def test_every_revision_can_be_taken_back() -> None:
    assert REVISIONS[-1] == HEAD, f"tests/older_versions.py has to say how {HEAD} is taken back"


# Offices have what was released; of what only developers ever had, the last few are tried in every run.
_IN_EVERY_RUN = {*RELEASED.values(), *REVISIONS[-4:]}


@pytest.mark.parametrize(
    "revision",
    [
        revision if revision in _IN_EVERY_RUN else pytest.param(revision, marks=pytest.mark.long)
        for revision in REVISIONS[:-1]
    ],
)
def test_a_warehouse_of_an_older_version_has_everything_after_its_next_run(
    warehouse: Engine, tmp_path: Path, revision: str
) -> None:
    world = _world(warehouse, tmp_path)
    world.run()
    before = _rows(world)
    assert {table for table, rows in before.items() if not rows} <= _MAY_BE_EMPTY
    with warehouse.begin() as connection:
        make_older(connection, revision)
    assert migrate(warehouse)[0] == f"{revision} → {HEAD}"
    world.run()
    assert _rows(world) == before


def test_whom_a_list_may_miss_that_waited_for_the_next_run_is_folded_after_the_upgrade(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = _world(warehouse, tmp_path)
    world.say_national("2023-07-20 18:30", national(OTHER))
    world.run()
    with warehouse.begin() as connection:
        make_older(connection, "0031_month_rule_sets")
        waiting = "select min(file_id) from landing.export_file where source = 'igate'"
        connection.exec_driver_sql(f"insert into history.unchecked_list {waiting}")
    migrate(warehouse)
    assert world.ask("select dossier_code from history.touched_dossier") == [(CODE,)]


@pytest.mark.both_servers
def test_warehouse_and_archive_of_0_1_0_are_upgraded_and_then_the_archive_alone_is_enough(
    request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path
) -> None:
    world = _world(warehouse, tmp_path)
    world.run()
    before = _rows(world)
    with warehouse.begin() as connection:
        make_older(connection, RELEASED["0.1.0"])
    (world.archive.root / MANIFEST).unlink()  # that version wrote none
    migrate(warehouse)
    world.run()
    assert _rows(world) == before
    with own_database(request.config, server) as url:
        fresh = open_engine(url)
        rebuild(fresh, world.archive, world.sources)
        rebuilt = _rows(World(fresh, tmp_path))
        fresh.dispose()
    drawn = "history."  # its keys and moments of loading
    assert {table: rows for table, rows in rebuilt.items() if not table.startswith(drawn)} == {
        table: rows for table, rows in before.items() if not table.startswith(drawn)
    }
