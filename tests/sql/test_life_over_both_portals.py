"""Where one portal's word ends or moves what the other began: requests, due dates, stops and acceptances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from assets.exports.backfill import read_days_again
from assets.rebuild import finish_waiting
from tests.worlds import CODE, World, national, provincial

pytestmark = pytest.mark.both_servers
WAITS, GOES_ON, FINISHED = 1, 2, 4
OTHER_CODE = "000.26.33.H01-230717-0002"
_ENDS: dict[str, Any] = {"status": FINISHED, "ended": "2023-07-18 06:00:00"}
_OPEN_REQUEST = ("2023-07-17 19:00", "", "2023-07-18 09:00", "")


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _same_everywhere(world: World, code: str = CODE) -> None:
    """Lists, the dossier and its last span show one status, one state and one due date."""
    differing = world.ask(
        "select d.status, s.status, d.state, s.state, d.due_at, s.due_at from core.fct_dossier as d"
        " inner join core.fct_dossier_span as s on d.dossier_code = s.dossier_code and s.valid_to = 'infinity'"
        " where d.dossier_code = :code and (d.status, d.state, d.due_at) is distinct from (s.status, s.state, s.due_at)",
        code=code,
    )
    assert differing == []


def _as_folded_again(world: World) -> None:
    """What a run made of the dossiers that it touched is what the fold makes of all."""
    facts = ("fct_dossier", "fct_dossier_span", "fct_dossier_past", "fct_dossier_span_past")
    of_the_run = {name: sorted(world.ask(f"select cast(f as text) from core.{name} as f")) for name in facts}
    with world.engine.begin() as connection:
        connection.execute(
            text("insert into history.touched_dossier select dossier_code from core.fct_dossier")
        )
    world.run()
    assert of_the_run == {
        name: sorted(world.ask(f"select cast(f as text) from core.{name} as f")) for name in facts
    }


def test_an_open_request_ends_with_the_first_repeat_of_the_province_that_says_it_goes_on(
    world: World,
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.run()
    assert world.spans()[-1] == ("suspended", "18 08:00", "∞", "18 09:00")
    world.say_provincial("2023-07-19 18:30", provincial())
    world.run()
    assert world.spans()[-2:] == [
        ("suspended", "18 08:00", "19 18:30", "18 09:00"),
        ("processing", "19 18:30", "∞", "18 09:00"),
    ]
    assert ("19/07", "became_overdue", 1) in world.events()
    _same_everywhere(world)


def test_what_a_late_file_turned_into_a_repeat_still_says_that_it_goes_on(world: World) -> None:
    """History has it as a statement, since it came first."""
    world.say_provincial("2023-07-19 18:30", provincial())
    world.run()
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.run()
    assert world.spans()[-2:] == [
        ("suspended", "18 08:00", "19 18:30", "18 09:00"),
        ("processing", "19 18:30", "∞", "18 09:00"),
    ]
    _same_everywhere(world)


def test_a_repeat_that_comes_late_ends_the_request_when_the_province_said_it(world: World) -> None:
    for day in (17, 21):
        world.say_provincial(f"2023-07-{day} 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.run()
    assert world.spans()[-1][1] == "21 18:30"
    world.say_provincial("2023-07-19 18:30", provincial())
    world.run()
    assert world.spans()[-1][1] == "19 18:30"
    _same_everywhere(world)


def test_a_repeat_of_one_system_ends_the_request_that_another_shows_as_waiting(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.say_list("2023-07-19 18:30", {"Trạng thái": "Chờ bổ sung"})
    world.run()
    assert world.spans()[-1][0] == "suspended"
    world.say_provincial("2023-07-21 18:30", provincial())
    world.run()
    _as_folded_again(world)


@pytest.mark.parametrize(("code", "national_code"), [(CODE, CODE), (CODE, OTHER_CODE), (OTHER_CODE, CODE)])
def test_a_repeat_within_a_request_of_what_has_an_end_ends_it_when_the_province_said_it(
    world: World, code: str, national_code: str
) -> None:
    """The province states an end that is still to come, so that the dossier is not among those that wait."""
    world.say_provincial("2023-07-17 18:30", provincial(code, **_ENDS))
    world.say_national(
        "2023-07-17 20:00", national(national_code, supplements=[_OPEN_REQUEST], MaHoSoKhac=code)
    )
    world.run()
    ((own_code,),) = world.ask("select dossier_code from core.fct_dossier")
    assert world.spans(own_code)[-2][:3] == ("suspended", "17 19:00", "18 06:00")
    world.say_provincial("2023-07-17 22:00", provincial(code, **_ENDS))
    world.run()
    assert [span[:3] for span in world.spans(own_code)[-3:-1]] == [
        ("suspended", "17 19:00", "17 22:00"),
        ("processing", "17 22:00", "18 06:00"),
    ]
    _as_folded_again(world)


def test_a_repeat_that_could_not_be_read_when_it_came_ends_a_request_as_it_was_known_then(
    world: World,
) -> None:
    can_be_read = world.sources["igate"]
    world.say_provincial("2023-07-17 18:30", provincial(**_ENDS))
    world.arrive(17)
    world.say_national("2023-07-17 20:00", national(supplements=[_OPEN_REQUEST]))
    world.arrive(18)
    world.say_provincial("2023-07-17 22:00", provincial(**_ENDS))
    world.sources["igate"] = replace(can_be_read, shape="angiang")
    world.arrive(19)
    world.sources["igate"] = can_be_read
    world.say_list("2023-07-17 19:30", {})
    world.arrive(20)
    requests = (
        "select to_char(valid_to, 'HH24:MI'), cast(cast(known_from as date) as text) from core.fct_dossier_span_past"
        " where state = 'suspended' order by 2"
    )
    assert world.ask(requests) == [("06:00", "2023-07-18")]
    read_days_again(world.engine, world.archive, world.sources, [date(2023, 7, 19)])
    finish_waiting(world.engine)
    assert world.ask(requests) == [("06:00", "2023-07-18"), ("22:00", "2023-07-19")]
    _as_folded_again(world)


def test_what_waits_after_an_open_request_has_ended_waits_again(world: World) -> None:
    """The request is over: it does not tell why the province states later that the dossier waits."""
    for day in (17, 19):
        world.say_provincial(f"2023-07-{day} 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.say_provincial("2023-07-21 18:30", provincial(status=WAITS))
    world.run()
    assert world.spans()[-3:] == [
        ("suspended", "18 08:00", "19 18:30", "18 09:00"),
        ("processing", "19 18:30", "21 18:30", "18 09:00"),
        ("suspended", "21 18:30", "∞", "18 09:00"),
    ]
    _same_everywhere(world)


def test_a_repeat_of_the_province_that_it_waits_does_not_end_a_request(world: World) -> None:
    for day in (17, 19, 20):
        world.say_provincial(f"2023-07-{day} 18:30", provincial(status=WAITS if day > 17 else GOES_ON))
    world.say_national(
        "2023-07-18 18:30", national(supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.run()
    assert world.spans()[-1] == ("suspended", "18 08:00", "∞", "18 09:00")


def test_what_the_province_moved_itself_stands_against_a_window_that_is_closed_afterwards(
    world: World,
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-28 09:00"))
    window = ("2023-07-18 08:00", "2023-07-20 08:00", "2023-07-20 09:00", "2023-07-24 09:00")
    world.say_national("2023-07-20 18:30", national(due="2023-07-24 09:00", supplements=[window]))
    world.run()
    assert world.spans()[-1][3] == "28 09:00"
    _same_everywhere(world)


def test_a_reopened_dossier_has_the_due_date_last_said_of_it_also_where_the_end_said_the_same(
    world: World,
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-18 09:00"))
    world.say_provincial(
        "2023-07-18 18:30", provincial(status=FINISHED, due="2023-07-25 09:00", ended="2023-07-18 17:00")
    )
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    # The end is dated after the reopening, so it is none; the due date stated with it was stated all the same.
    world.say_provincial(
        "2023-07-21 18:30", provincial(status=FINISHED, due="2023-07-25 09:00", ended="2023-07-21 10:00")
    )
    world.say_provincial("2023-07-22 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    assert world.spans()[-1] == ("processing", "22 18:30", "∞", "25 09:00")
    _same_everywhere(world)


def test_a_reception_that_is_stated_again_has_the_due_date_stated_with_it(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(received="2023-07-17 09:00", due="2023-07-18 09:00"))
    world.say_provincial("2023-07-20 18:30", provincial(received="2023-07-20 09:00", due="2023-07-27 09:00"))
    world.run()
    assert world.spans() == [("processing", "20 09:00", "∞", "27 09:00")]
    _same_everywhere(world)


def test_the_national_end_is_when_it_stopped_between_the_last_going_on_and_the_first_stop(
    world: World,
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-18 12:00", national(status=9, ended="2023-07-18 08:00"))
    world.say_provincial("2023-07-18 18:30", provincial(status=WAITS))
    world.run()
    assert world.spans()[-1] == ("suspended", "18 08:00", "∞", "18 09:00")


def test_a_national_end_before_the_province_last_repeated_that_it_goes_on_is_none(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-18 12:00", national(status=9, ended="2023-07-18 08:00"))
    world.say_provincial("2023-07-18 13:00", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=WAITS))
    world.run()
    assert world.spans()[-1] == ("suspended", "18 18:30", "∞", "18 09:00")


def test_a_national_nine_without_an_end_and_with_an_open_request_waits(world: World) -> None:
    world.say_national("2023-07-17 18:30", national())
    world.say_national(
        "2023-07-18 18:30", national(status=9, supplements=[("2023-07-18 08:00", "", "2023-07-18 09:00", "")])
    )
    world.run()
    assert world.ask("select count(*) from landing.quarantine") == [(0,)]
    assert world.spans()[-1] == ("suspended", "18 08:00", "∞", "18 09:00")
    _same_everywhere(world)


@pytest.mark.parametrize("status", [1, 3])
def test_accepted_then_set_back_counts_less_from_that_day_and_more_from_the_next_acceptance(
    world: World, status: int
) -> None:
    world.say_national("2023-07-17 18:30", national(due="2023-07-28 09:00"))
    world.say_national("2023-07-19 18:30", national(status=status, received="", due=""))
    world.run()
    assert world.events() == [("17/07", "received", 1), ("19/07", "received", -1)]
    assert world.form("2023-07-17", "2023-07-18")["30517@2024"]["pending_total"] == 1
    assert world.ask("select status, state, is_counted from core.fct_dossier") == [
        (status, "not_received", False)
    ]
    world.say_national("2023-07-21 18:30", national(received="2023-07-21 10:00", due="2023-07-31 09:00"))
    world.run()
    counted = [("17/07", 1), ("19/07", -1), ("21/07", 1)]
    assert [(day, quantity) for day, kind, quantity in world.events() if kind == "received"] == counted
    assert world.form("2023-07-17", "2023-07-18")["30517@2024"]["pending_total"] == 1
    assert world.spans()[-1] == ("processing", "21 18:30", "∞", "31 09:00")
    _same_everywhere(world)


@pytest.mark.parametrize("rule_set", ["ii06", "qd766", "opencps", "opencps_v1", "opencps_v2"])
def test_a_due_date_without_a_clock_lasts_its_whole_day(world: World, rule_set: str) -> None:
    world.say_national("2023-07-17 18:30", national(NgayHenTra="20230718"))
    world.say_national(
        "2023-07-18 23:00", national(NgayHenTra="20230718", status=9, ended="2023-07-18 22:00")
    )
    world.run()
    kinds = [kind for _, kind, _ in world.events(rule_set=rule_set) if kind.startswith("resolved")]
    assert kinds == ["resolved_on_time"]


@pytest.mark.parametrize("rule_set", ["ii06", "qd766", "opencps", "opencps_v1", "opencps_v2"])
def test_an_end_without_a_clock_is_late_only_on_a_later_day(world: World, rule_set: str) -> None:
    world.say_national("2023-07-17 18:30", national(due="2023-07-18 09:00"))
    world.say_national(
        "2023-07-18 23:00", national(due="2023-07-18 09:00", status=9, NgayKetThucXuLy="20230718")
    )
    world.run()
    kinds = [kind for _, kind, _ in world.events(rule_set=rule_set) if kind.startswith("resolved")]
    assert kinds == ["resolved_on_time"]
    world.say_national(
        "2023-07-19 23:00", national(due="2023-07-18 09:00", status=9, NgayKetThucXuLy="20230719")
    )
    world.run()
    assert ("19/07", "resolved_late", 1) in world.events(rule_set=rule_set)


OTHER = "000.26.33.H01-230717-9001"


@pytest.mark.parametrize("national_first", [False, True])
def test_a_dossier_that_travels_under_another_code_is_one_from_when_the_link_is_known(
    world: World, national_first: bool
) -> None:
    files = [
        lambda: world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-28 09:00")),
        lambda: world.say_national("2023-07-17 20:00", national(OTHER, due="2023-07-28 09:00")),
        lambda: world.say_national(
            "2023-07-18 20:00", national(OTHER, due="2023-07-28 09:00", MaHoSoKhac=CODE)
        ),
    ]
    for lay_down in reversed(files) if national_first else files:
        lay_down()
        world.run()
    assert world.ask(
        "select dossier_code, province_status, national_status, other_codes from core.fct_dossier"
    ) == [(CODE, 4, 4, [OTHER])]
    assert world.form("2023-07-01", "2023-07-31")["30517@2024"]["received_total"] == 1
    before = world.form("2023-07-01", "2023-07-31", known_at="2023-07-18 00:00+07")
    assert before["30517@2024"]["received_total"] == 2
    assert world.ask("select dossier_code, other_code from history.dossier_link") == [(OTHER, CODE)]


def test_the_trace_of_either_code_shows_what_was_stated_under_both(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-18 20:00", national(OTHER, MaHoSoKhac=CODE))
    world.run()
    query = "select distinct source from mart.dossier_trace(:code) order by 1"
    assert world.ask(query, code=OTHER) == world.ask(query, code=CODE) == [("dvcqg",), ("igate",)]
