"""Buckets of a fold, as workers take them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from sqlalchemy import Engine

from assets.facts.buckets import begin_fold, fold_bucket
from assets.facts.publish import TABLES
from tests.worlds import CODE, World, provincial


def _begin(world: World) -> int:
    with world.engine.begin() as connection:
        return begin_fold(connection, [pl.Series([CODE])])


def _staged(world: World) -> list[int]:
    return [int(world.ask(f"select count(*) from core.staged_{table}")[0][0]) for table in TABLES]


def test_a_bucket_that_is_folded_twice_is_staged_once(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    run_no = _begin(world)
    assert fold_bucket(world.engine, run_no, 0) == 1
    once = _staged(world)
    assert fold_bucket(world.engine, run_no, 0) == 1
    assert _staged(world) == once and once[0] == 1


def test_a_worker_of_a_dead_fold_writes_nothing(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    dead = _begin(world)
    _begin(world)
    assert fold_bucket(world.engine, dead, 0) == 0
    assert _staged(world) == [0] * len(TABLES)
