"""What a dossier's life is made of: statements of the portals in, spans and events out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds import CODE, World, national, provincial, step

pytestmark = pytest.mark.both_servers


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def test_finished_before_the_due_date(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial(
        "2023-07-18 18:30", provincial(status=5, ended="2023-07-17 15:00", returned="2023-07-18 08:00")
    )
    world.run()
    assert world.spans() == [
        ("processing", "17 09:00", "17 15:00", "18 09:00"),
        ("resolved", "17 15:00", "∞", "18 09:00"),
    ]
    assert world.events() == [("17/07", "received", 1), ("17/07", "resolved_early", 1)]


def test_finished_on_the_due_date_after_the_due_time_is_on_time(world: World) -> None:
    world.say_provincial("2023-07-18 18:30", provincial(status=4, ended="2023-07-18 16:00"))
    world.run()
    assert world.events() == [("17/07", "received", 1), ("18/07", "resolved_on_time", 1)]


def test_finished_late_was_overdue_until_then(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-21 18:30", provincial(status=4, ended="2023-07-21 10:00"))
    world.run()
    assert world.events() == [
        ("17/07", "received", 1),
        ("19/07", "became_overdue", 1),
        ("21/07", "overdue_cleared", 1),
        ("21/07", "resolved_late", 1),
    ]


def test_open_without_news_becomes_overdue_on_the_day_after_the_due_date(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    assert world.events() == [("17/07", "received", 1), ("19/07", "became_overdue", 1)]


def test_no_due_date_is_on_time(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(due=""))
    world.say_provincial("2023-07-31 18:30", provincial(due="", status=4, ended="2023-07-31 10:00"))
    world.run()
    assert world.events() == [("17/07", "received", 1), ("31/07", "resolved_on_time", 1)]


def test_withdrawn_late_counts_as_on_time(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-21 18:30", provincial(status=6, ended="2023-07-21 10:00"))
    world.run()
    assert ("21/07", "resolved_on_time", 1) in world.events()
    assert world.spans()[-1][0] == "withdrawn"


def test_refused_is_not_counted(world: World) -> None:
    world.say_national(
        "2023-07-17 18:30", national(status=3, received="", due="", NgayTuChoi="20230717100000")
    )
    world.run()
    assert world.spans() == []
    assert world.events() == []
    assert world.ask("select state, is_counted from core.fct_dossier") == [("not_received", False)]


def test_waiting_for_a_supplement_stops_the_clock_and_moves_the_due_date(world: World) -> None:
    asked = ("2023-07-18 08:00", "", "2023-07-18 09:00", "")
    back = ("2023-07-18 08:00", "2023-07-21 08:15", "2023-07-18 09:00", "2023-07-24 09:00")
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-17 18:30", national())
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 08:00"))
    world.say_national("2023-07-18 18:30", national(status=9, ended="2023-07-18 08:00", supplements=[asked]))
    world.say_provincial("2023-07-21 18:30", provincial(due="2023-07-24 09:00", requested="2023-07-18 08:00"))
    world.say_national("2023-07-21 18:30", national(due="2023-07-24 09:00", supplements=[back]))
    world.run()
    assert world.spans() == [
        ("processing", "17 09:00", "18 08:00", "18 09:00"),
        ("suspended", "18 08:00", "21 08:15", "18 09:00"),
        ("processing", "21 08:15", "∞", "24 09:00"),
    ]
    assert world.events() == [("17/07", "received", 1), ("25/07", "became_overdue", 1)]
    assert world.ask(
        "select supplement_count, first_due_at::date::text, portal_disagreements from core.fct_dossier"
    ) == [(1, "2023-07-18", [])]


def test_the_national_copy_alone_tells_a_waiting_dossier_from_a_finished_one(world: World) -> None:
    asked = ("2023-07-18 08:00", "", "2023-07-18 09:00", "")
    world.say_national("2023-07-17 18:30", national())
    world.say_national("2023-07-18 18:30", national(status=9, ended="2023-07-18 08:00", supplements=[asked]))
    world.run()
    assert [span[0] for span in world.spans()] == ["processing", "suspended"]
    assert world.ask("select status, national_status from core.fct_dossier") == [(5, 9)]
    assert world.events() == [("17/07", "received", 1)]


def test_waiting_without_a_listed_request_counts_from_the_first_export_that_shows_it(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=1))
    world.say_provincial("2023-07-20 18:30", provincial(status=2, due="2023-07-21 09:00"))
    world.run()
    assert world.spans() == [
        ("processing", "17 09:00", "18 18:30", "18 09:00"),
        ("suspended", "18 18:30", "20 18:30", "18 09:00"),
        ("processing", "20 18:30", "∞", "21 09:00"),
    ]


def test_resumed_after_the_due_date_is_overdue_from_then(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 08:00"))
    world.say_provincial("2023-07-24 18:30", provincial(status=2, requested="2023-07-18 08:00"))
    world.run()
    assert world.events() == [("17/07", "received", 1), ("24/07", "became_overdue", 1)]


def test_extended_after_it_had_passed_was_overdue_in_between(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-20 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    assert world.events() == [
        ("17/07", "received", 1),
        ("19/07", "became_overdue", 1),
        ("20/07", "overdue_cleared", 1),
        ("26/07", "became_overdue", 1),
    ]


def test_an_extension_told_together_with_the_end_is_the_due_date_of_the_end(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial(
        "2023-07-19 18:30", provincial(status=4, due="2023-07-19 09:00", ended="2023-07-19 08:00")
    )
    world.run()
    assert ("19/07", "resolved_on_time", 1) in world.events()


def test_opened_again_takes_the_resolution_back_on_that_day(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(status=4, ended="2023-07-17 15:00"))
    world.say_provincial("2023-07-20 18:30", provincial(status=2, due="2023-07-25 09:00"))
    world.say_provincial(
        "2023-07-24 18:30", provincial(status=4, due="2023-07-25 09:00", ended="2023-07-24 10:00")
    )
    world.run()
    assert world.events() == [
        ("17/07", "received", 1),
        ("17/07", "resolved_early", 1),
        ("20/07", "resolved_early", -1),
        ("24/07", "resolved_early", 1),
    ]


def test_an_end_that_is_corrected_replaces_the_old_one(world: World) -> None:
    world.say_provincial("2023-07-18 18:30", provincial(status=4, ended="2023-07-18 15:00"))
    world.say_provincial(
        "2023-07-19 18:30", provincial(status=5, ended="2023-07-17 15:00", returned="2023-07-19 08:00")
    )
    world.run()
    assert world.events() == [("17/07", "received", 1), ("17/07", "resolved_early", 1)]


def test_the_province_tells_the_life_and_the_national_copy_fills_in(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(channel=None) | {"applyMethod": None})
    world.say_national(
        "2023-07-18 18:30",
        national(status=10, KenhThucHien="2", ended="2023-07-18 08:00", returned="2023-07-18 09:00"),
    )
    world.run()
    assert world.ask("select state, channel, portal_disagreements from core.fct_dossier") == [
        ("processing", 2, ["status"])
    ]


def test_the_national_copy_stands_alone_where_the_province_is_silent(world: World) -> None:
    world.say_national(
        "2023-07-18 18:30", national(status=10, ended="2023-07-18 08:00", returned="2023-07-18 09:00")
    )
    world.run()
    assert world.ask("select state, portal_disagreements from core.fct_dossier") == [
        ("resolved", ["missing_provincial"])
    ]


def test_an_unknown_channel_counts_as_direct(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial() | {"applyMethod": None})
    world.run()
    (row,) = world.form("2023-07-17", "2023-07-17").values()
    assert (row["received_online"], row["received_direct_postal"]) == (0, 1)


def test_a_list_without_a_column_does_not_empty_what_another_said(world: World) -> None:
    register = (
        "STT;Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n1;{};17/07/2023 09:00:00;18/07/2023 09:00:00;\n"
    )
    world.say_provincial("2023-07-18 18:30", provincial(status=4, ended="2023-07-18 08:00"))
    world.put(
        "angiang/Sổ theo dõi hồ sơ_2023_07_19_18_30.csv",
        register.format(CODE).encode("utf-8-sig"),
    )
    world.run()
    # The register only says that nothing was handed over yet.
    assert world.ask("select state, ended_at::text from core.fct_dossier") == [
        ("resolved", "2023-07-18 08:00:00")
    ]


def test_a_register_alone_tells_handed_over_from_in_hand(world: World) -> None:
    lines = [
        "STT;Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả",
        f"1;{CODE};17/07/2023 09:00:00;18/07/2023 09:00:00;19/07/2023 10:00:00",
        "2;000.26.33.H01-230717-0002;17/07/2023 09:30:00;18/07/2023 09:30:00;",
    ]
    world.put("angiang/Sổ theo dõi hồ sơ_2023_07_19_18_30.csv", "\n".join(lines).encode("utf-8-sig"))
    world.run()
    assert world.events() == [
        ("17/07", "received", 1),
        ("19/07", "resolved_late", 1),
    ]
    assert world.ask("select dossier_code, state from core.fct_dossier order by 1") == [
        (CODE, "resolved"),
        ("000.26.33.H01-230717-0002", "processing"),
    ]


def test_the_last_step_is_the_latest_whatever_the_order_of_files(world: World) -> None:
    world.say_provincial("2023-07-18 18:30", provincial())
    world.say_steps("2023-07-18 18:30", step(status=4, processed="2023-07-18 08:00"))
    world.run()
    world.say_steps("2023-07-17 18:30", step(status=2, processed="2023-07-17 09:00"))
    world.run()
    assert world.ask("select last_step_status, last_step_at::text from core.fct_dossier") == [
        (4, "2023-07-18 08:00:00")
    ]


def test_a_late_file_parts_a_statement_from_its_repeat(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-19 18:30", provincial())
    world.run()
    assert world.ask("select rows_unchanged from landing.export_file order by path") == [(0,), (1,)]
    # What was said in between comes last: the repeat is a statement of its own now.
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 10:00"))
    world.run()
    assert [(state, since) for state, since, _, _ in world.spans()] == [
        ("processing", "17 09:00"),
        ("suspended", "18 10:00"),
        ("processing", "19 18:30"),
    ]


@pytest.mark.parametrize("late", [0, 1])
def test_a_repeat_says_nothing_even_when_it_came_first(late: int, world: World) -> None:
    shown = [("2023-07-17 18:30", provincial(status=1)), ("2023-07-20 18:30", provincial(status=1))]
    # Between the two another export of the province says that it goes on.
    world.say_list("2023-07-18 18:30", {"Trạng thái": "Đang xử lý"})
    world.say_provincial(*shown[1 - late])
    world.run()
    world.say_provincial(*shown[late])
    world.run()
    assert [(state, since) for state, since, _, _ in world.spans()] == [
        ("processing", "17 09:00"),
        ("suspended", "17 18:30"),
        ("processing", "18 18:30"),
    ]
    assert world.ask("select province_said_at::text from core.fct_dossier") == [("2023-07-18 18:30:00",)]


def test_a_unit_that_lost_its_only_dossier_leaves_no_days_behind(world: World) -> None:
    register = (
        f"STT;Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n1;{CODE};17/07/2023 09:00;18/07/2023 09:00;"
    )
    world.put("angiang/Sổ theo dõi hồ sơ_2023_07_19_18_30.csv", register.encode("utf-8-sig"))
    world.run()
    assert world.ask("select distinct unit_code from mart.overdue_daily") == [("x-unknown",)]
    world.say_provincial("2023-07-18 18:30", provincial())
    world.run()
    assert world.ask("select distinct unit_code from mart.overdue_daily") == [("30517",)]


def test_a_procedure_known_by_name_alone_is_forgotten_once_its_code_is_reported(world: World) -> None:
    world.say_list("2023-07-17 18:30", {"Tên thủ tục hành chính": "Cấp phép thả đèn trời"})
    world.run()
    ((by_name,),) = world.ask("select procedure_code from mart.unknown_procedure")
    assert by_name.startswith("x-")
    other = provincial("000.26.33.H01-230717-0002", procedure="7.700001.000.00.00.H01")
    other["procedure"]["translate"][0]["name"] = "Cấp phép thả đèn trời"
    world.say_provincial("2023-07-18 18:30", other)
    world.run()
    assert world.ask("select procedure_code, dossier_count from mart.unknown_procedure") == [("7.700001", 2)]
    assert world.ask(
        "select count(*) from core.dim_procedure where procedure_code = :code", code=by_name
    ) == [(0,)]


def test_a_resolution_taken_back_and_made_good_late_in_one_month_stands_in_both_columns(world: World) -> None:
    world.say_provincial(
        "2023-07-31 18:30",
        provincial(status=4, ended="2023-07-17 15:00"),
        # in the same unit, under another procedure
        provincial("000.26.33.H01-230717-0002", procedure="1.004873.000.00.00.H01", due="2023-09-01"),
    )
    world.say_provincial("2023-08-02 18:30", provincial(status=2))
    world.say_provincial("2023-08-04 18:30", provincial(status=4, ended="2023-08-04 10:00"))
    world.run()
    (form,) = world.form("2023-08-01", "2023-08-04").values()
    assert (form["resolved_total"], form["resolved_early"], form["resolved_late"]) == (0, -1, 1)
    months = "select sum(resolved_early)::int, sum(resolved_late)::int from mart.timeliness_month"
    assert world.ask(
        f"{months} where rule_set = 'ii06' and calendar = 'calendar' and month = '2023-08-01'"
    ) == [(-1, 1)]


def test_each_listed_move_counts_from_its_resumption_though_only_the_last_was_exported(world: World) -> None:
    first = ("2023-07-18 08:00", "2023-07-19 08:15", "2023-07-20 09:00", "2023-07-24 09:00")
    second = ("2023-07-24 10:00", "2023-07-25 08:15", "2023-07-24 09:00", "2023-07-28 09:00")
    world.say_national("2023-07-17 18:30", national(due="2023-07-20 09:00"))
    world.say_national("2023-07-26 18:30", national(due="2023-07-28 09:00", supplements=[first, second]))
    world.run()
    assert [(state, since, due) for state, since, _, due in world.spans()] == [
        ("processing", "17 09:00", "20 09:00"),
        ("suspended", "18 08:00", "20 09:00"),
        ("processing", "19 08:15", "24 09:00"),
        ("suspended", "24 10:00", "24 09:00"),
        ("processing", "25 08:15", "28 09:00"),
    ]
    assert world.events() == [("17/07", "received", 1), ("29/07", "became_overdue", 1)]


def test_a_listed_move_that_the_province_denies_does_not_count(world: World) -> None:
    window = ("2023-07-18 08:00", "2023-07-19 08:15", "2023-07-20 09:00", "2023-07-24 09:00")
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    world.say_provincial("2023-07-18 18:30", provincial(status=1, due="2023-07-20 09:00"))
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-20 09:00"))
    world.say_national("2023-07-19 18:30", national(due="2023-07-24 09:00", supplements=[window]))
    world.run()
    assert {due for *_, due in world.spans()} == {"20 09:00"}


def test_the_steps_tell_a_waiting_dossier_whose_request_is_not_listed(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(due="2023-07-24 09:00"))
    world.say_national(
        "2023-07-18 18:30", national(status=9, ended="2023-07-18 08:00", due="2023-07-24 09:00")
    )
    world.say_steps("2023-07-18 18:30", step(status=8, processed="2023-07-18 08:00"))
    world.run()
    assert [(state, since) for state, since, *_ in world.spans()] == [
        ("processing", "17 09:00"),
        ("suspended", "18 08:00"),
    ]
    assert world.events() == [("17/07", "received", 1)]


def test_a_new_spelling_that_renames_an_unknown_unit_renames_it_everywhere(world: World) -> None:
    """Whatever spelling came first: all marts call the unit as core.dim_unit does."""
    world.say_provincial("2023-07-17 18:30", provincial(unit_name="UBND phường Lạ Lùng"))
    world.run()
    world.say_provincial("2023-07-17 18:00", provincial(unit_name="UBND  PHƯỜNG LẠ LÙNG"))
    world.run()
    ((name,),) = world.ask(
        "select unit_name from core.dim_unit where unit_code = any(select unit_code from core.fct_dossier)"
    )
    assert name == "UBND  PHƯỜNG LẠ LÙNG"
    for mart in ("mart.overdue_daily", "mart.timeliness_month"):
        assert world.ask(f"select distinct unit_name from {mart}") == [(name,)], mart
