"""Export days are read again from the archive: what is missing is added, what is right stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.exports.backfill import ReadAgain, read_days_again
from assets.exports.intake import now
from assets.rebuild import COMPARED, finish_waiting, table_digest
from tests.worlds import World, provincial

_DAYS = [date(2023, 7, 17), date(2023, 7, 18)]
_CODES = [f"000.26.33.H01-230717-{number:04}" for number in range(1, 4)]
_TABLES = (*COMPARED, "landing.export_file", "history.dossier_version", "landing.quarantine")
_FORGET = """
update history.dossier_version set due_has_clock = null;
update landing.export_file set reader_version = 0
"""


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Three exports, one a day."""
    world = World(warehouse, tmp_path)
    for day, code in zip(("17", "18", "19"), _CODES, strict=True):
        world.say_provincial(f"2023-07-{day} 18:30", provincial(code, due="2023-07-20 09:00"))
    return world


def _again(
    world: World, shown: list[tuple[str, int, int]] | None = None, days: Sequence[date] = _DAYS
) -> ReadAgain:
    def note(what: str, done: int, total: int) -> None:
        if shown is not None:
            shown.append((what, done, total))

    return read_days_again(world.engine, world.archive, world.sources, days, progress=note)


def _digests(world: World) -> dict[str, tuple[int, int]]:
    with world.engine.connect() as connection:
        return {table: table_digest(connection, table) for table in _TABLES}


def _make_as_an_older_reader_left_it(world: World) -> None:
    with world.engine.begin() as connection:
        for statement in _FORGET.split(";"):
            connection.exec_driver_sql(statement)


def _versions(world: World) -> list[tuple[object, ...]]:
    return world.ask(
        "select f.reader_version, v.due_has_clock from landing.export_file as f"
        " inner join history.dossier_version as v on f.file_id = v.file_id order by f.effective_at"
    )


def test_what_is_right_stays_to_the_last_row(world: World) -> None:
    world.run()
    before = _digests(world)
    assert _again(world) == ReadAgain(0, 0, [])
    assert _digests(world) == before


def test_files_that_an_older_version_read_are_completed_up_to_the_last_day_and_no_further(
    world: World,
) -> None:
    world.run()
    right = _versions(world)
    _make_as_an_older_reader_left_it(world)
    result = _again(world)
    assert _versions(world) == [*right[:2], (0, None)]
    assert (result.files_recovered, result.dossiers_waiting, result.remarks) == (0, 2, [])


def test_a_file_that_can_be_read_now_comes_in_as_if_it_always_could(world: World) -> None:
    """Nobody knows the export time of a file that can't be read, so its day is that of its arrival."""
    right = world.sources["igate"]
    world.sources["igate"] = replace(right, shape="angiang")
    assert world.run().files_failed == 3
    arrivals = world.ask("select path, received_at from landing.export_file order by path")
    world.sources["igate"] = right
    assert _again(world) == ReadAgain(0, 0, [])
    assert _again(world, days=[now().date()]) == ReadAgain(3, 3, [])
    assert world.ask("select path, received_at from landing.export_file order by path") == arrivals
    finish_waiting(world.engine)
    assert world.ask("select dossier_code from core.fct_dossier order by 1") == [(code,) for code in _CODES]


def test_what_still_cant_be_read_and_what_the_archive_lacks_stay_as_they_are(world: World) -> None:
    right = world.sources["igate"]
    world.sources["igate"] = replace(right, shape="angiang")
    world.run()
    before = _digests(world)
    today = [now().date()]
    assert _again(world, days=today) == ReadAgain(0, 0, [])
    world.sources["igate"] = right
    for (sha256,) in world.ask("select sha256 from landing.export_file"):
        world.archive.path_of(str(sha256)).unlink()
    assert _again(world, days=today) == ReadAgain(0, 0, [])
    assert _digests(world) == before


def test_a_run_that_was_stopped_goes_on_with_the_next_file(world: World) -> None:
    world.run()
    right = _versions(world)
    _make_as_an_older_reader_left_it(world)

    def stop(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_days_again(world.engine, world.archive, world.sources, _DAYS, progress=stop)
    assert _versions(world) == [right[0], (0, None), (0, None)]
    shown: list[tuple[str, int, int]] = []
    _again(world, shown)
    assert shown == [("read by an older version", 1, 1)]
    assert _versions(world) == [*right[:2], (0, None)]
