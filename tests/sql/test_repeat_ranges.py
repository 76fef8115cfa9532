"""What a source repeats list after list is kept as ranges, and shown by file; a list costs what it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.older_versions import make_older
from tests.worlds import CODE, World, provincial, world_of_complete_lists
from warehouse_sql.migrate import migrate

pytestmark = pytest.mark.both_servers
OTHER = "000.26.33.H01-230717-0002"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return world_of_complete_lists(warehouse, tmp_path)


def _lists(world: World, *days: int, names: tuple[str, ...] = (CODE, OTHER), **stated: Any) -> None:
    for day in days:
        world.say_provincial(f"2023-07-{day} 18:30", *(provincial(code, **stated) for code in names))


def _ranges(world: World, code: str = CODE) -> list[tuple[Any, ...]]:
    """(first day, last day or None while open, the day of the statement, whether it begins with it)."""
    return world.ask(
        "select extract(day from r.first_at)::int, case when r.last_file_id is not null then extract(day from r.last_at)::int"
        " end, extract(day from v.effective_from)::int, r.begins_with_statement from history.repeat_range as r"
        " inner join history.dossier_version as v using (dossier_code, source, version_id)"
        " where dossier_code = :code order by r.first_at".replace("::", r"\:\:"),
        code=code,
    )


def _repeats(world: World, code: str = CODE) -> list[int]:
    return [
        day
        for (day,) in world.ask(
            "select cast(extract(day from effective_from) as integer) from history.dossier_repeat"
            " where dossier_code = :code order by 1",
            code=code,
        )
    ]


def test_a_dossier_that_every_list_names_alike_has_one_range_that_is_open(world: World) -> None:
    for day in (17, 18, 19):
        _lists(world, day)
        world.run()
    _lists(world, 20, 21)
    world.run()
    assert _ranges(world) == [(17, None, 17, True)]
    assert _repeats(world) == [18, 19, 20, 21]


def test_a_list_that_says_nothing_new_writes_no_row_of_a_dossier_and_touches_none(world: World) -> None:
    _lists(world, 17)
    world.run()
    rows = "select ctid::text, xmin::text from history.repeat_range order by 1".replace("::", r"\:\:")
    before = world.ask(rows)
    _lists(world, 18)
    intake = world.run()
    assert (intake.rows_loaded, intake.rows_unchanged) == (0, 2)
    assert world.ask(rows) == before
    assert world.ask("select count(*) from landing.staged_row") == [(0,)]


def test_another_statement_ends_the_range_and_begins_the_next(world: World) -> None:
    _lists(world, 17, 18)
    _lists(world, 19, 20, due="2023-07-25 09:00")
    world.run()
    assert _ranges(world) == [(17, 18, 17, True), (19, None, 19, True)]
    assert _repeats(world) == [18, 20]


def test_a_list_that_does_not_name_it_ends_the_range(world: World) -> None:
    _lists(world, 17, 18)
    world.run()
    _lists(world, 19, names=(OTHER,))
    world.run()
    assert _ranges(world) == [(17, 18, 17, True)]
    _lists(world, 20, 21)
    world.run()
    assert _ranges(world) == [(17, 18, 17, True), (20, None, 17, False)]
    assert _repeats(world) == [18, 20, 21]
    assert [state for state, *_ in world.spans()] == ["processing"]


def test_a_late_list_that_names_it_changes_nothing_and_one_that_does_not_splits_the_range(
    world: World,
) -> None:
    _lists(world, 17, 21)
    world.run()
    _lists(world, 19)
    world.run()
    assert _ranges(world) == [(17, None, 17, True)]
    _lists(world, 20, names=(OTHER,))
    world.run()
    assert _ranges(world) == [(17, 19, 17, True), (21, None, 17, False)]
    assert _ranges(world, OTHER) == [(17, None, 17, True)]
    assert _repeats(world, OTHER) == [19, 20, 21]


def test_a_late_statement_parts_a_range_and_its_next_list_is_a_statement_again(world: World) -> None:
    _lists(world, 17, 18, 20, 21)
    world.run()
    _lists(world, 19, due="2023-07-25 09:00")
    world.run()
    assert _ranges(world) == [(17, 18, 17, True), (19, 19, 19, True), (20, None, 20, True)]
    assert _repeats(world) == [18, 21]
    # Rows of lists inside a range are not kept.
    assert world.ask(
        "select effective_from::date::text, row_number from history.dossier_version where dossier_code = :code"
        " order by effective_from".replace("::", r"\:\:"),
        code=CODE,
    ) == [("2023-07-17", 1), ("2023-07-19", 1), ("2023-07-20", None)]


@pytest.mark.parametrize("coverage", ["changes", "full"])
def test_a_repeat_without_any_instant_that_is_a_statement_again_is_of_the_moment_of_its_export(
    world: World, coverage: str
) -> None:
    world.sources["angiang"] = replace(world.sources["angiang"], coverage=coverage)
    registered = {"Trạng thái": "Mới đăng ký", "Ngày nhận": "", "Ngày hẹn trả": ""}
    world.say_list("2023-07-17 18:30", registered)
    world.say_list("2023-07-20 18:30", registered)
    world.run()
    world.say_list("2023-07-18 18:30", {"Trạng thái": "Đang xử lý"})
    world.run()
    assert world.ask(
        "select effective_from::text, state_at::text from history.dossier_version order by 1".replace(
            "::", r"\:\:"
        )
    ) == [
        ("2023-07-17 18:30:00", "2023-07-17 18:30:00"),
        ("2023-07-18 18:30:00", "2023-07-17 09:00:00"),
        ("2023-07-20 18:30:00", "2023-07-20 18:30:00"),
    ]


def test_lists_of_one_run_in_any_order_make_the_ranges_of_lists_one_by_one(world: World) -> None:
    _lists(world, 21, 23)
    world.run()
    _lists(world, 22, names=(CODE,))
    _lists(world, 17, 20)
    _lists(world, 19, due="2023-07-25 09:00")
    world.run()
    assert _ranges(world) == [
        (17, 17, 17, True),
        (19, 19, 19, True),
        (20, 20, 20, True),
        (21, None, 21, True),
    ]
    assert _ranges(world, OTHER)[-2:] == [(21, 21, 21, True), (23, None, 21, False)]


def test_a_repeat_outside_of_complete_lists_stands_alone_with_its_row(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    _lists(world, 17, 18, 19)
    world.run()
    assert _ranges(world, OTHER) == [(18, 18, 17, False), (19, 19, 17, False)]
    assert world.ask(
        "select row_number from history.dossier_repeat where dossier_code = :code", code=OTHER
    ) == [(2,), (2,)]


def test_a_warehouse_that_kept_repeats_by_file_has_the_same_ranges(world: World) -> None:
    _lists(world, 17, 18)
    _lists(world, 19, names=(OTHER,))
    _lists(world, 20, 21)
    _lists(world, 22, due="2023-07-25 09:00")
    world.run()
    before = [(_ranges(world, code), _repeats(world, code)) for code in (CODE, OTHER)]
    with world.engine.begin() as connection:
        make_older(connection, "0008_known_facts")
        (kept,) = connection.execute(text("select count(*) from history.dossier_repeat")).one()
    assert kept == 7
    migrate(world.engine)
    assert [(_ranges(world, code), _repeats(world, code)) for code in (CODE, OTHER)] == before
    _lists(world, 23, due="2023-07-25 09:00")
    assert world.run().rows_unchanged == 2
    assert _ranges(world)[-1] == (22, None, 22, True)
