"""Dossiers that vanish from a complete list of their source, and those that come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds import CODE, World, national, provincial, world_of_complete_lists

pytestmark = pytest.mark.both_servers
OTHER = "000.26.33.H01-230717-0002"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return world_of_complete_lists(warehouse, tmp_path)


def _vanish(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(), provincial(OTHER))
    world.say_provincial("2023-07-19 18:30", provincial(), provincial(OTHER))
    world.say_provincial("2023-07-20 18:30", provincial(OTHER))
    world.say_provincial("2023-07-21 18:30", provincial(OTHER))


def test_an_open_dossier_that_vanishes_is_open_no_more_from_the_first_list_without_it(world: World) -> None:
    _vanish(world)
    world.run()
    assert world.spans() == [
        ("processing", "17 09:00", "20 18:30", "18 09:00"),
        ("vanished", "20 18:30", "∞", "18 09:00"),
    ]
    assert world.events() == [
        ("17/07", "received", 1),
        ("19/07", "became_overdue", 1),
        ("20/07", "overdue_cleared", 1),
        ("20/07", "received", -1),
    ]
    assert world.ask("select dossier_code from mart.open_dossier") == [(OTHER,)]
    (before,) = world.form("2023-07-17", "2023-07-19").values()
    (after,) = world.form("2023-07-17", "2023-07-20").values()
    (next_days,) = world.form("2023-07-20", "2023-07-21").values()
    assert (before["received_total"], before["pending_overdue"]) == (2, 2)
    assert (after["received_total"], after["pending_total"], after["pending_overdue"]) == (1, 1, 1)
    assert next_days["carried_over"] == before["pending_total"]
    assert next_days["pending_total"] == 1


def test_one_that_comes_back_had_never_been_away_but_is_reported(world: World) -> None:
    _vanish(world)
    world.run()
    world.say_provincial("2023-07-24 18:30", provincial(), provincial(OTHER))
    world.run()
    assert world.spans() == [("processing", "17 09:00", "∞", "18 09:00")]
    assert world.ask(
        "select kind, last_seen_before::text, first_seen_at::text, new_value::text, message_vi like '%cần kiểm tra%'"
        " from mart.edited_after_the_fact"
    ) == [
        ("vanished_and_came_back", "2023-07-19 18:30:00", "2023-07-20 18:30:00", "2023-07-24 18:30:00", True)
    ]


def test_a_refused_row_shows_that_the_dossier_is_there(world: World) -> None:
    _vanish(world)
    world.run()
    world.say_provincial("2023-07-24 18:30", provincial(received=""), provincial(OTHER))
    world.run()
    assert world.spans() == [("processing", "17 09:00", "∞", "18 09:00")]


def test_a_page_of_the_same_moment_that_comes_later_brings_it_back(world: World) -> None:
    _vanish(world)
    world.run()
    page = world.landing / "igate/2023-07-20/183000.json"
    world.put("igate/2023-07-20/trang-2.json", page.read_bytes().replace(OTHER.encode(), CODE.encode()))
    page = world.landing / "igate/2023-07-21/183000.json"
    world.put("igate/2023-07-21/trang-2.json", page.read_bytes().replace(OTHER.encode(), CODE.encode()))
    world.run()
    assert world.spans() == [("processing", "17 09:00", "∞", "18 09:00")]
    assert world.ask("select * from mart.edited_after_the_fact") == []


def test_a_late_list_moves_the_day_on_which_it_vanished(world: World) -> None:
    _vanish(world)
    world.run()
    world.say_provincial("2023-07-20 08:00", provincial(OTHER))
    world.run()
    assert world.spans()[-1][:2] == ("vanished", "20 08:00")


def test_a_finished_dossier_that_vanishes_stays_finished_and_is_reported(world: World) -> None:
    world.say_provincial(
        "2023-07-18 18:30", provincial(status=4, ended="2023-07-18 08:00"), provincial(OTHER)
    )
    world.say_provincial("2023-07-20 18:30", provincial(OTHER))
    world.run()
    assert world.spans()[-1][:3] == ("resolved", "18 08:00", "∞")
    assert world.ask("select dossier_code, kind from mart.edited_after_the_fact") == [(CODE, "vanished")]


def test_what_only_the_national_portal_goes_on_naming_is_vanished_all_the_same(world: World) -> None:
    world.say_national("2023-07-18 18:30", national(), national(OTHER))
    _vanish(world)
    world.say_national("2023-07-22 18:30", national(KenhThucHien="2"), national(OTHER))
    world.run()
    assert world.ask("select dossier_code, state, channel from core.fct_dossier order by 1") == [
        (CODE, "vanished", 1),
        (OTHER, "processing", 1),
    ]


def test_one_that_moved_to_another_system_of_the_province_is_not_missed_by_the_old_one(world: World) -> None:
    _vanish(world)
    world.say_list("2023-07-20 08:00", {"Mã hồ sơ": CODE})
    world.run()
    assert [state for state, *_ in world.spans()] == ["processing"]


def test_whoever_asks_for_all_dossiers_is_told_of_the_same_absences(world: World) -> None:
    _vanish(world)
    world.say_provincial("2023-07-24 18:30", provincial(OTHER), provincial())
    world.say_provincial("2023-07-26 18:30", provincial(OTHER))
    world.run()
    asked = "select * from history.absence({codes}, 'infinity') order by 1, 3, 4"
    absences = world.ask(asked.format(codes="null"))
    assert len(absences) == 2
    assert absences == world.ask(asked.format(codes=f"array['{CODE}', '{OTHER}']"))


def test_files_that_tell_changes_say_nothing_by_silence(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    _vanish(world)
    world.run()
    assert [state for state, *_ in world.spans()] == ["processing"]


def test_a_list_of_a_period_misses_only_what_was_received_in_it(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.sources["angiang"] = replace(world.sources["angiang"], coverage="period")
    of_the_18th = {"Mã hồ sơ": OTHER, "Ngày nhận": "18/07/2023 09:00"}
    world.say_list("2023-07-18 18:30", {}, of_the_18th, days="Từ ngày 01/07/2023 đến ngày 31/07/2023")
    world.say_list("2023-07-19 18:30", of_the_18th, days="(Từ ngày 18/7/2023 đến hết ngày 19/7/2023)")
    world.run()
    assert world.ask("select state from core.fct_dossier") == [("processing",)] * 2
    world.say_list("2023-07-20 18:30", of_the_18th, days="Từ ngày 17/07/2023 đến ngày 20/07/2023")
    of_the_21st = {"Mã hồ sơ": CODE.replace("-0001", "-0003"), "Ngày nhận": "21/07/2023 09:00"}
    world.say_list("2023-07-21 18:30", of_the_21st, days="Kỳ báo cáo tháng 7")
    intake = world.run()
    assert world.ask(
        "select dossier_code, state from core.fct_dossier where dossier_code = any(:codes) order by 1",
        codes=[CODE, OTHER],
    ) == [
        (CODE, "vanished"),
        (OTHER, "processing"),
    ]
    assert any("Từ ngày … đến ngày …" in remark for remark in intake.remarks)


def test_the_trace_names_the_list_that_does_not_name_it(world: World) -> None:
    _vanish(world)
    world.run()
    assert world.ask(
        "select value, stands, file from mart.dossier_trace(:code) where attribute = 'missing_since'",
        code=CODE,
    ) == [("2023-07-20T18:30:00", True, "igate/2023-07-20/183000.json")]


def test_two_issues_of_a_form_differ_because_it_vanished_and_came_back(world: World) -> None:
    _vanish(world)
    world.say_provincial("2023-07-24 18:30", provincial(), provincial(OTHER))
    world.run()
    ask = (
        "select figure, reason, difference, dossier_codes from mart.form_diff('2023-07-17', '2023-07-20',"
        " cast(:one as timestamptz), cast(:two as timestamptz)) order by figure"
    )
    then, later = "2023-07-19 20:00+07", "2023-07-22 00:00+07"
    assert world.ask(ask, one=then, two=later) == [
        ("pending_overdue", "vanished", -1, [CODE]),
        ("received_direct_postal", "vanished", -1, [CODE]),
    ]
    assert world.ask(ask, one=later, two="2023-07-25 00:00+07") == [
        ("pending_overdue", "came_back", 1, [CODE]),
        ("received_direct_postal", "came_back", 1, [CODE]),
    ]


def test_nothing_vanishes_for_a_list_that_was_cut_off(world: World) -> None:
    world.sources["angiang"] = replace(world.sources["angiang"], coverage="full")
    heading = "Mã hồ sơ;Trạng thái;Ngày nhận;Đơn vị tiếp nhận\r\n"
    row = "{};Đang xử lý;17/07/2023 09:00:00;UBND phường Thới Sơn\r\n"
    whole = heading + row.format(CODE) + row.format(OTHER)
    world.put("angiang/Danh sách hồ sơ_2023_07_17_18_30.csv", whole.encode())
    # in the second record, and in its last cell
    for day, cut in (
        (18, whole.index(OTHER) + 5),
        (19, len(whole) - 4),
        (20, len(whole) - len("07/2023\r\n") - 30),
    ):
        world.put(f"angiang/Danh sách hồ sơ_2023_07_{day}_18_30.csv", whole[:cut].encode())
    intake = world.run()
    assert intake.files_failed == 2
    assert [span[0] for span in world.spans(OTHER)] == ["processing"]
    world.put("angiang/Danh sách hồ sơ_2023_07_21_18_30.csv", (heading + row.format(CODE)).encode())
    world.run()
    assert [span[0] for span in world.spans(OTHER)] == ["processing", "vanished"]
