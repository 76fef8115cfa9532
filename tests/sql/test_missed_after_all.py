"""Dossiers that a complete list does not name any more: the run that first sees it folds them, as a rebuild would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.exports.backfill import read_days_again
from assets.rebuild import finish_waiting
from tests.worlds import CODE, World, provincial, step, world_of_complete_lists
from warehouse_sql.vietnam_time import VIETNAM

pytestmark = pytest.mark.both_servers
OTHER = "000.26.33.H01-230717-0002"
LINKED = "000.26.33.H01-230717-0003"
REFUSED: dict[str, Any] = {"received": ""}


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return world_of_complete_lists(warehouse, tmp_path)


def _list(world: World, day: int, *own: dict[str, Any]) -> None:
    """A list of iGate that names OTHER, too."""
    world.say_provincial(f"2023-07-{day} 18:30", provincial(OTHER), *own)


def _elsewhere(world: World, day: int, *codes: str, other_code: str = "") -> None:
    """A list of another system of the province, which is no complete one unless a test declares it so."""
    rows = [{"Mã hồ sơ": code, "Mã hồ sơ khác": other_code} for code in codes]
    world.say_list(f"2023-07-{day} 18:30", *rows)


def _states(world: World, code: str = CODE) -> list[str]:
    return [state for state, *_ in world.spans(code)]


def _touched(world: World) -> int:
    ((count,),) = world.ask("select count(*) from history.touched_dossier")
    return int(count)


def test_one_whose_row_was_refused_last_is_missed_by_the_next_list(world: World) -> None:
    _list(world, 17, provincial())
    world.run()
    _list(world, 18, provincial(**REFUSED))
    world.run()
    assert _states(world) == ["processing"]
    _list(world, 19)
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "19 18:30")


@pytest.mark.parametrize("at_once", [False, True])
def test_one_that_its_source_named_in_refused_rows_alone_is_missed_by_it(world: World, at_once: bool) -> None:
    _elsewhere(world, 17, CODE)
    world.run()
    _list(world, 18, provincial(**REFUSED))
    if not at_once:
        world.run()
        assert _states(world) == ["processing"]
    _list(world, 19)
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "19 18:30")


def test_a_refused_row_that_comes_late_shows_who_missed_it(world: World) -> None:
    _elsewhere(world, 17, CODE)
    _list(world, 19)
    world.run()
    assert _states(world) == ["processing"]
    _list(world, 18, provincial(**REFUSED))
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "19 18:30")


@pytest.mark.parametrize("at_once", [False, True])
def test_a_repeat_from_before_a_list_shows_who_missed_it(world: World, at_once: bool) -> None:
    _list(world, 17, provincial())
    _list(world, 18)
    _elsewhere(world, 19, CODE)
    world.run()
    assert _states(world) == ["processing"]
    _list(world, 21)
    if not at_once:
        world.run()
        assert _states(world) == ["processing"]
    _list(world, 20, provincial())
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "21 18:30")


def test_whom_a_list_before_missed_already_is_folded_no_more(world: World) -> None:
    _list(world, 17, provincial(**REFUSED))
    _list(world, 18)
    _elsewhere(world, 19, CODE)
    world.run()
    assert _states(world) == ["processing"]
    _list(world, 20)
    world.take_in()
    assert _touched(world) == 0


def test_one_that_is_refused_night_after_night_is_not_folded_for_that(world: World) -> None:
    _list(world, 17, provincial())
    _list(world, 18, provincial(**REFUSED))
    world.run()
    _list(world, 19, provincial(**REFUSED))
    world.take_in()
    assert _touched(world) == 0


@pytest.fixture
def period(warehouse: Engine, tmp_path: Path) -> World:
    """Lists of angiang name all that was received on the days that stand above them."""
    world = World(warehouse, tmp_path)
    world.sources["angiang"] = replace(world.sources["angiang"], coverage="period")
    return world


def _of_days(world: World, day: int, days: tuple[int, int], received: str | None = None) -> None:
    """Takes in a list of dossiers received on these days: OTHER of the 18th, and CODE where `received` is given."""
    rows = [{"Mã hồ sơ": OTHER, "Ngày nhận": "18/07/2023 09:00"}]
    if received is not None:
        rows.append({"Mã hồ sơ": CODE, "Ngày nhận": received})
    above = "Từ ngày {:02}/07/2023 đến ngày {:02}/07/2023".format(*days)
    world.say_list(f"2023-07-{day} 18:30", *rows, days=above)
    world.run()


@pytest.mark.parametrize("received_next", [None, "ngày mai"])
def test_lists_of_other_days_in_between_do_not_hide_that_one_is_missed(
    period: World, received_next: str | None
) -> None:
    _of_days(period, 18, (1, 18), "17/07/2023 09:00")
    if received_next is not None:
        _of_days(period, 19, (1, 19), received_next)
    _of_days(period, 20, (18, 20))
    assert _states(period) == ["processing"]
    _of_days(period, 21, (17, 21))
    assert period.spans()[-1][:2] == ("vanished", "21 18:30")


def test_one_whom_only_a_list_without_days_names_is_missed_by_the_next(period: World) -> None:
    _of_days(period, 17, (1, 17))
    period.say_list("2023-07-18 18:30", {"Mã hồ sơ": CODE})
    period.run()
    assert _states(period) == ["processing"]
    _of_days(period, 19, (1, 19))
    assert period.spans()[-1][:2] == ("vanished", "19 18:30")


def test_one_that_goes_by_two_codes_is_missed_and_seen_again_under_either(world: World) -> None:
    world.sources["angiang"] = replace(world.sources["angiang"], coverage="full")
    _elsewhere(world, 17, CODE)
    world.run()
    _elsewhere(world, 18, LINKED, other_code=CODE)
    world.run()
    (dossier,) = world.ask("select dossier_code, state from core.fct_dossier")
    assert dossier == (CODE, "processing")
    _elsewhere(world, 19, OTHER)
    world.run()
    assert _states(world)[-1] == "vanished"
    _elsewhere(world, 20, LINKED, other_code=CODE)
    world.run()
    assert _states(world) == ["processing"]


def test_one_that_goes_by_two_codes_is_missed_by_whoever_named_it_last_under_either(world: World) -> None:
    world.sources["angiang"] = replace(world.sources["angiang"], coverage="period")
    _list(world, 17, provincial())
    _elsewhere(world, 18, LINKED, other_code=CODE)
    world.run()
    assert _states(world) == ["processing"]
    # The file before names no days, so that its silence says nothing; this one does.
    world.say_list("2023-07-19 18:30", {"Mã hồ sơ": OTHER}, days="Từ ngày 01/07/2023 đến ngày 31/07/2023")
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "19 18:30")


def test_naming_that_was_known_early_ends_an_absence_as_it_was_known_then(world: World) -> None:
    for day in (18, 19, 21):
        _list(world, day, *([provincial()] if day != 19 else []))
        world.run()
    absences = (
        "select known_from::text, known_to::text from core.fct_dossier_past"
        " where dossier_code = :code and vanished_at is not null".replace("::", r"\:\:")
    )
    assert world.ask(absences, code=CODE) == [("2023-07-19 18:30:00+07", "2023-07-21 18:30:00+07")]
    _list(world, 20, provincial())
    world.run()
    assert world.ask(absences, code=CODE) == [("2023-07-19 18:30:00+07", "2023-07-20 18:30:00+07")]


def test_a_step_that_was_known_earlier_than_thought_was_known_then(world: World) -> None:
    _list(world, 17, provincial())
    world.say_steps("2023-07-20 20:00", step())
    world.run()
    known = (
        "select known_from::text from core.fct_dossier where dossier_code = :code"
        " and last_step_at is not null".replace("::", r"\:\:")
    )
    assert world.ask(known, code=CODE) == [("2023-07-20 20:00:00+07",)]
    world.say_steps("2023-07-18 20:00", step())
    world.run()
    assert world.ask(known, code=CODE) == [("2023-07-18 20:00:00+07",)]


@pytest.mark.parametrize("in_pages", [False, True])
def test_a_list_that_could_not_be_read_when_it_came_missed_whom_it_missed_then(
    world: World, in_pages: bool
) -> None:
    can_be_read = world.sources["igate"]
    _list(world, 17, provincial())
    if in_pages:
        page = world.landing / "igate/2023-07-17/183000.json"
        world.put("igate/2023-07-17/trang-2.json", page.read_bytes().replace(b"-0002", b"-0004"))
    world.arrive(17)
    _list(world, 20)
    world.sources["igate"] = replace(can_be_read, shape="angiang")
    world.arrive(20)
    world.sources["igate"] = can_be_read
    _list(world, 19)
    world.arrive(21)
    past = (
        "select vanished_at::text, known_from::date::text from core.fct_dossier_past where dossier_code = :code"
        " union all select vanished_at::text, known_from::date::text from core.fct_dossier"
        " where dossier_code = :code order by 2".replace("::", r"\:\:")
    )
    assert world.ask(past, code=CODE) == [(None, "2023-07-17"), ("2023-07-19 18:30:00", "2023-07-21")]
    read_days_again(world.engine, world.archive, world.sources, [date(2023, 7, 20)])
    finish_waiting(world.engine)
    assert world.ask(past, code=CODE) == [
        (None, "2023-07-17"),
        ("2023-07-20 18:30:00", "2023-07-20"),
        ("2023-07-19 18:30:00", "2023-07-21"),
    ]


@pytest.mark.parametrize("status", [2, 4])
def test_a_page_that_could_not_be_read_when_it_came_missed_whom_a_page_after_it_named(
    world: World, status: int
) -> None:
    can_be_read = world.sources["igate"]
    _list(world, 17, provincial())
    world.arrive(17)
    _list(world, 19)
    page = (world.landing / "igate/2023-07-19/183000.json").read_bytes()
    world.sources["igate"] = replace(can_be_read, shape="angiang")
    world.arrive(19)
    world.sources["igate"] = can_be_read
    _list(world, 19, provincial(status=status, ended="2023-07-19 10:00:00" if status == 4 else ""))
    named = world.landing / "igate/2023-07-19/183000.json"
    world.put("igate/2023-07-19/trang-2.json", named.read_bytes())
    named.write_bytes(page)
    world.arrive(20)
    read_days_again(world.engine, world.archive, world.sources, [date(2023, 7, 19)])
    finish_waiting(world.engine)
    assert world.ask(
        "select vanished_at::text, known_from::date::text, known_to::date::text from core.fct_dossier_past"
        " where dossier_code = :code and vanished_at is not null".replace("::", r"\:\:"),
        code=CODE,
    ) == [("2023-07-19 18:30:00", "2023-07-19", "2023-07-20")]


def test_pages_of_one_run_are_known_together(world: World) -> None:
    ticks = count(1)
    _list(world, 17, provincial())
    world.run()
    _list(world, 19)
    page = (world.landing / "igate/2023-07-19/183000.json").read_bytes()
    _list(world, 19, provincial())
    world.put("igate/2023-07-19/trang-0.json", page)
    world.run(
        arrived_when_exported=False,
        clock=lambda: datetime(2023, 7, 20, 5, 30, tzinfo=VIETNAM) + timedelta(seconds=next(ticks)),
    )
    assert world.ask("select count(distinct received_at) from landing.export_file") == [(2,)]
    assert world.ask("select 1 from core.fct_dossier_past where vanished_at is not null") == []
