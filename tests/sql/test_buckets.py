"""Buckets of a fold, as workers take them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, text

import assets.facts.publish
from assets.aggregates.refresh import sum_up
from assets.facts.buckets import begin_fold, fold_bucket, fold_in_threads
from assets.facts.derive import derive_facts
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


@pytest.mark.parametrize("few", [0, 1])
def test_what_is_touched_during_a_fold_waits_for_the_next(
    warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(assets.facts.publish, "_FEW", few)
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()

    def touch(code: str) -> None:
        with world.engine.begin() as connection:
            connection.execute(text("insert into history.touched_dossier values (:code)"), {"code": code})

    def fold_and_touch(engine: Engine, run_no: int, count: int) -> Iterator[int]:
        yield from fold_in_threads(engine, run_no, count)
        touch("another")

    touch(CODE)
    derive_facts(world.engine, sum_up, fold_buckets=fold_and_touch)
    assert world.ask("select dossier_code from history.touched_dossier") == [("another",)]
    derive_facts(world.engine, sum_up)
    assert world.ask("select dossier_code from history.touched_dossier") == []


def test_a_dossier_of_which_much_became_known_takes_the_room_of_many(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    many, *others = (f"000.21.33.H01-230710-000{number}" for number in range(1, 6))
    for day in range(17, 23):
        world.say_provincial(f"2023-07-{day} 18:30", provincial(code=many, status=2 + day % 2))
        world.run()
    world.say_provincial("2023-07-24 18:30", *(provincial(code=code) for code in others))
    world.take_in()
    with world.engine.begin() as connection:
        connection.execute(text("insert into history.touched_dossier values (:code)"), {"code": many})
    sizes: list[int] = []

    def fold_and_note(engine: Engine, run_no: int, count: int) -> Iterator[int]:
        for size in fold_in_threads(engine, run_no, count):
            sizes.append(size)
            yield size

    # Six statements at six moments are 21 rows laid out and the dossier; a dossier of one statement is two.
    derive_facts(world.engine, sum_up, bucket_size=11, fold_buckets=fold_and_note)
    assert sizes == [1, 4]


def test_after_a_large_load_the_planner_knows_what_analysts_ask(warehouse: Engine, tmp_path: Path) -> None:
    """Until autovacuum came by, it took 40,000 months for one: a question of theirs took nine times as long."""
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(), provincial(CODE.replace("0001", "0002")))
    world.take_in()
    derive_facts(world.engine, sum_up, bucket_size=1)
    asked = [
        "mart.period",
        "mart.daily_flow",
        "mart.timeliness_count",
        "mart.overdue_stock",
        "core.fct_dossier",
    ]
    unknown = "select relname from pg_class where reltuples <= 0 and oid = any(cast(:tables as regclass[]))"
    assert world.ask(unknown, tables=asked) == []
