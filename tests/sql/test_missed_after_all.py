"""Dossiers that a complete list misses though its source repeated nothing of them last, so that no range ends: the run that first
sees it folds them, as a rebuild would.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.worlds import CODE, World, provincial, step, world_of_complete_lists

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
    head = (
        "STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Mã hồ sơ khác;Trạng thái;Ngày nhận;Ngày hẹn trả"
    )
    lines = [
        f"{n};UBND phường Thới Sơn;Đăng ký khai sinh;{code};{other_code};Đang xử lý;17/07/2023 09:00;18/07/2023 09:00"
        for n, code in enumerate(codes, start=1)
    ]
    world.put(f"angiang/Danh sách hồ sơ_2023_07_{day}_18_30.csv", "\n".join([head, *lines, ""]).encode())


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


def _of_days(world: World, day: int, days: tuple[int, int], *rows: tuple[str, str]) -> None:
    head = "STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Trạng thái;Ngày nhận;Ngày hẹn trả"
    lines = [
        f"{n};UBND phường Thới Sơn;Đăng ký khai sinh;{code};Đang xử lý;{received};28/07/2023 09:00"
        for n, (code, received) in enumerate([*rows, (OTHER, "18/07/2023 09:00")], start=1)
    ]
    above = ["DANH SÁCH HỒ SƠ", "Từ ngày {:02}/07/2023 đến ngày {:02}/07/2023".format(*days)]
    content = "\n".join([*above, head, *lines, ""])
    world.put(f"angiang/Danh sách hồ sơ_2023_07_{day}_18_30.csv", content.encode())
    world.run()


def test_a_list_of_a_period_misses_whom_it_refused_and_that_was_received_in_it(period: World) -> None:
    _of_days(period, 18, (1, 18), (CODE, "17/07/2023 09:00"))
    _of_days(period, 19, (1, 19), (CODE, "ngày mai"))
    _of_days(period, 20, (18, 20))
    assert _states(period) == ["processing"]
    _of_days(period, 21, (1, 21))
    assert period.spans()[-1][:2] == ("vanished", "21 18:30")


def test_a_list_of_other_days_in_between_does_not_hide_that_one_is_missed(period: World) -> None:
    _of_days(period, 18, (1, 18), (CODE, "17/07/2023 09:00"))
    _of_days(period, 19, (18, 19))
    assert _states(period) == ["processing"]
    _of_days(period, 20, (17, 20))
    assert period.spans()[-1][:2] == ("vanished", "20 18:30")


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
    head = "DANH SÁCH HỒ SƠ\nTừ ngày 01/07/2023 đến ngày 31/07/2023\nMã hồ sơ;Trạng thái;Ngày nhận;Đơn vị tiếp nhận"
    row = f"{OTHER};Đang xử lý;17/07/2023 09:00;UBND phường Thới Sơn"
    world.put("angiang/Danh sách hồ sơ_2023_07_19_18_30.csv", f"{head}\n{row}\n".encode())
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
