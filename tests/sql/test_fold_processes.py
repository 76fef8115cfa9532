"""A large fold with the help of processes: the same facts, whatever becomes of these."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text

from assets.aggregates.refresh import sum_up
from assets.facts import fold_processes
from assets.facts.buckets import FoldBuckets, fold_bucket, fold_in_threads
from assets.facts.derive import derive_facts
from assets.facts.fold_processes import MANY_BUCKETS, fold_here
from assets.facts.publish import TABLES
from tests.children import children_running
from tests.worlds import World, provincial

_WAITS_SECONDS = 60.0


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(fold_processes.os, "cpu_count", lambda: 2)
    world = World(warehouse, tmp_path)
    codes = [f"000.21.33.H01-230710-{number:04d}" for number in range(1, MANY_BUCKETS + 3)]
    world.say_provincial("2023-07-17 18:30", *(provincial(code=code) for code in codes))
    world.take_in()
    return world


def _helpers() -> list[psutil.Process]:
    return children_running("assets.facts.fold_processes")


def _facts(world: World, fold: FoldBuckets) -> list[list[object]]:
    """Folds all dossiers, each a bucket, and returns what is published of them."""
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into history.touched_dossier select distinct dossier_code from history.dossier_version"
                " on conflict do nothing"
            )
        )
    count = len(world.ask("select distinct dossier_code from history.dossier_version"))
    assert derive_facts(world.engine, sum_up, bucket_size=1, fold_buckets=fold).dossiers == count
    return [
        sorted(str(row) for (row,) in world.ask(f"select to_jsonb(t) from core.{table} as t"))
        for table in TABLES
    ]


def _after(done: Callable[[], bool], patch: pytest.MonkeyPatch) -> list[int]:
    """Lets this process fold only when `done`. Returns the numbers of the buckets that it folds, as they are begun."""
    here: list[int] = []

    def fold(engine: Engine, run_no: int, bucket: int, *more: object) -> int:
        here.append(bucket)
        waiting = threading.Event()
        for _ in range(round(_WAITS_SECONDS / 0.05)):
            if done():
                return fold_bucket(engine, run_no, bucket, *more)  # type: ignore[arg-type]
            waiting.wait(0.05)
        raise TimeoutError

    patch.setattr(fold_processes, "fold_bucket", fold)
    return here


def test_processes_fold_what_this_one_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def most_are_folded() -> bool:
        return bool(world.ask("select count(*) >= 5 from core.staged_bucket")[0][0])

    here = _after(most_are_folded, monkeypatch)
    by_processes = _facts(world, fold_here)
    assert 0 < len(here) <= MANY_BUCKETS - 3
    assert not _helpers()
    assert by_processes == _facts(world, fold_in_threads)


def test_buckets_of_a_process_that_died_are_folded_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill() -> bool:
        for helper in _helpers():
            helper.kill()
        return True

    here = _after(kill, monkeypatch)
    facts = _facts(world, fold_here)
    assert len(here) >= MANY_BUCKETS
    assert facts == _facts(world, fold_in_threads)


def test_where_no_process_can_be_started_threads_fold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Cannot allocate memory")

    with_processes = _facts(world, fold_here)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert _facts(world, fold_here) == with_processes


def test_a_few_buckets_start_no_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[psutil.Process] = []

    def fold(engine: Engine, run_no: int, count: int) -> Iterator[int]:
        for size in fold_here(engine, run_no, count):
            seen.extend(_helpers())
            yield size

    monkeypatch.setattr(fold_processes, "MANY_BUCKETS", 100)
    _facts(world, fold)
    assert not seen


def test_an_error_of_a_bucket_is_raised_here_and_ends_the_processes(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(text("alter table core.staged_fct_dossier rename to away"))
    with pytest.raises(Exception, match="staged_fct_dossier"):
        _facts(world, fold_here)
    assert not _helpers()
