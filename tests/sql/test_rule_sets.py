"""Named rule sets side by side: what each of them makes of the same life. Sources: domain notes on the ministry's
form, QĐ 766/QĐ-TTg indicator 2.1 and the statistics of OpenCPS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tests.worlds import CODE, World, national, provincial, step

pytestmark = pytest.mark.both_servers
STORED = ("ii06", "opencps", "qd766")
_OTHER = CODE[:-1] + "9"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _figures(world: World, rule_set: str, end: str = "2023-07-31", **options: Any) -> dict[str, int]:
    """What is not 0 in the form of July 2023."""
    (row,) = world.form("2023-07-01", end, rule_set=rule_set, **options).values()
    return {name: value for name, value in row.items() if value}


def _resolved(world: World, rule_set: str, end: str = "2023-07-31") -> dict[str, int]:
    return {name: n for name, n in _figures(world, rule_set, end).items() if name.startswith("resolved")}


def _finished(world: World, ended: str, due: str = "2023-07-18 09:00") -> None:
    world.say_provincial("2023-07-17 18:30", provincial(due=due))
    world.say_provincial("2023-07-31 18:30", provincial(status=4, ended=ended, due=due))
    world.run()


@pytest.mark.parametrize(
    ("ended", "kinds"),
    [
        # a day before
        ("2023-07-17 16:00", {"ii06": "early", "qd766": "early", "opencps": "early", "opencps_v1": "early"}),
        # on the due day, an hour before the due time, in its half-day
        (
            "2023-07-18 08:00",
            {"ii06": "on_time", "qd766": "on_time", "opencps": "on_time", "opencps_v1": "early"},
        ),
        # to the second
        (
            "2023-07-18 09:00",
            {"ii06": "on_time", "qd766": "on_time", "opencps": "on_time", "opencps_v1": "on_time"},
        ),
        # on the due day, after the due time
        ("2023-07-18 16:00", {"ii06": "on_time", "qd766": "late", "opencps": "late", "opencps_v1": "late"}),
        ("2023-07-19 08:00", {"ii06": "late", "qd766": "late", "opencps": "late", "opencps_v1": "late"}),
    ],
)
def test_when_a_dossier_was_finished(world: World, ended: str, kinds: dict[str, str]) -> None:
    _finished(world, ended)
    for rule_set, kind in kinds.items():
        assert _resolved(world, rule_set) == {"resolved_total": 1, f"resolved_{kind}": 1}, rule_set


def test_the_half_day_of_an_afternoon_begins_at_half_past_one(world: World) -> None:
    _finished(world, "2023-07-18 13:29", due="2023-07-18 15:00")
    assert _resolved(world, "opencps") == {"resolved_total": 1, "resolved_early": 1}


def test_in_the_half_day_of_the_due_time_is_on_time(world: World) -> None:
    _finished(world, "2023-07-18 13:30", due="2023-07-18 15:00")
    assert _resolved(world, "opencps") == {"resolved_total": 1, "resolved_on_time": 1}


@pytest.mark.both_servers
@pytest.mark.parametrize(
    ("ended", "due", "kinds"),
    [
        # the afternoon: from 13:30; the second version says 13:00
        (
            "2023-07-18 13:15",
            "2023-07-18 15:00",
            {"opencps": "early", "opencps_v1": "early", "opencps_v2": "on_time"},
        ),
        (
            "2023-07-18 12:59",
            "2023-07-18 15:00",
            {"opencps": "early", "opencps_v1": "early", "opencps_v2": "early"},
        ),
        # due as the afternoon begins
        (
            "2023-07-18 13:10",
            "2023-07-18 13:30",
            {"opencps": "early", "opencps_v1": "early", "opencps_v2": "on_time"},
        ),
        # due after hours: the afternoon before it; the second version says the whole day
        (
            "2023-07-18 10:00",
            "2023-07-18 18:00",
            {"opencps": "early", "opencps_v1": "early", "opencps_v2": "on_time"},
        ),
        # due at midnight: the afternoon of the day before; the second version says anything before that day
        (
            "2023-07-17 15:00",
            "2023-07-18 00:00",
            {"opencps": "on_time", "opencps_v1": "early", "opencps_v2": "early"},
        ),
        # none promised: the two versions disagree
        ("2023-07-18 10:00", "", {"opencps": "on_time", "opencps_v1": "on_time", "opencps_v2": "early"}),
        (
            "2023-07-18 15:01",
            "2023-07-18 15:00",
            {"opencps": "late", "opencps_v1": "late", "opencps_v2": "late"},
        ),
    ],
)
def test_what_the_versions_of_opencps_make_of_the_half_day(
    world: World, ended: str, due: str, kinds: dict[str, str]
) -> None:
    _finished(world, ended, due)
    for rule_set, kind in kinds.items():
        assert _resolved(world, rule_set) == {"resolved_total": 1, f"resolved_{kind}": 1}, rule_set


def test_withdrawn(world: World) -> None:
    _withdrawn = provincial(status=6, ended="2023-07-25 08:00")
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-31 18:30", _withdrawn)
    world.run()
    assert _resolved(world, "ii06") == {"resolved_total": 1, "resolved_on_time": 1}
    assert _resolved(world, "qd766") == {"resolved_total": 1, "resolved_late": 1}
    # not timed, but gone: what came is what is resolved and what is open
    assert _resolved(world, "opencps") == {"resolved_total": 1}
    assert _figures(world, "opencps")["received_total"] == 1
    assert world.ask(
        "select sum(resolved_untimed) from mart.timeliness_month where rule_set = 'opencps' and calendar = 'calendar'"
    ) == [(1,)]


def test_open_on_the_due_day(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    assert world.events(rule_set="ii06")[1] == ("19/07", "became_overdue", 1)
    assert world.events(rule_set="qd766")[1] == ("18/07", "became_overdue", 1)
    assert world.events(rule_set="opencps")[1] == ("18/07", "became_overdue", 1)


def test_waiting_for_a_supplement(world: World) -> None:
    """Asked in time: never overdue while it waits. Asked after the due time: late by qd766 from the start."""
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-20 18:30", provincial(status=1, requested="2023-07-20 08:00"))
    world.run()
    assert world.events(rule_set="ii06")[-1] == ("20/07", "overdue_cleared", 1)
    assert world.events(rule_set="opencps")[-1] == ("20/07", "overdue_cleared", 1)
    assert world.events(rule_set="qd766")[-1] == ("18/07", "became_overdue", 1)


def test_the_request_counts_as_the_end(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 08:00"))
    world.run()
    assert world.events(rule_set="qd766") == [("17/07", "received", 1)]


def test_a_second_request_makes_it_late(world: World) -> None:
    windows = [
        ("2023-07-18 08:00", "2023-07-19 08:00", "2023-07-25 09:00", "2023-07-26 09:00"),
        ("2023-07-20 08:00", "2023-07-21 08:00", "2023-07-26 09:00", "2023-07-27 09:00"),
    ]
    world.say_national("2023-07-22 18:30", national(due="2023-07-27 09:00", supplements=windows))
    world.say_national(
        "2023-07-31 18:30",
        national(status=9, ended="2023-07-24 08:00", due="2023-07-27 09:00", supplements=windows),
    )
    world.run()
    assert _resolved(world, "ii06") == {"resolved_total": 1, "resolved_early": 1}
    assert _resolved(world, "qd766") == {"resolved_total": 1, "resolved_late": 1}
    assert ("20/07", "became_overdue", 1) in world.events(rule_set="qd766")


def test_a_financial_obligation_and_a_stop(world: World) -> None:
    """6 waits by the form alone; 8 is an end by the other two, taken back when it goes on."""
    world.say_national("2023-07-17 18:30", national(due="2023-07-21 09:00"))
    world.say_national("2023-07-18 18:30", national(status=6, due="2023-07-21 09:00"))
    world.run()
    assert world.events(rule_set="ii06") == [("17/07", "received", 1)]
    for rule_set in ("qd766", "opencps"):
        assert world.events(rule_set=rule_set)[1] == ("21/07", "became_overdue", 1), rule_set
    world.say_national("2023-07-19 18:30", national(status=8, due="2023-07-21 09:00"))
    world.run()
    assert _figures(world, "ii06")["pending_in_time"] == 1
    for rule_set in ("qd766", "opencps"):
        assert world.events(rule_set=rule_set) == [
            ("17/07", "received", 1),
            ("19/07", "resolved_early", 1),
        ], rule_set
    world.say_national("2023-07-20 18:30", national(due="2023-07-21 09:00"))
    world.run()
    for rule_set in ("qd766", "opencps"):
        assert ("20/07", "resolved_early", -1) in world.events(rule_set=rule_set), rule_set


def test_the_end_of_processing_takes_the_place_of_a_stop_by_qd766(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(due="2023-07-21 09:00"))
    world.say_national("2023-07-19 18:30", national(status=8, due="2023-07-21 09:00"))
    world.say_national(
        "2023-07-31 18:30", national(status=9, ended="2023-07-25 09:00", due="2023-07-21 09:00")
    )
    world.run()
    assert _resolved(world, "qd766") == {"resolved_total": 1, "resolved_late": 1}
    assert _resolved(world, "opencps") == {"resolved_total": 1, "resolved_early": 1}


@pytest.mark.parametrize("rule_set", ["ii06", "qd766", "opencps", "opencps_v1", "opencps_v2"])
def test_no_due_date_and_no_known_limit(world: World, rule_set: str) -> None:
    world.say_national("2023-07-17 18:30", national(due="", MaTTHC="9.000001.000.00.00.H01", TenTTHC="Lạ"))
    world.say_national(
        "2023-07-19 18:30",
        national(
            "000.26.33.H01-230717-0002",
            due="",
            status=9,
            ended="2023-07-18 09:00",
            MaTTHC="9.000001.000.00.00.H01",
            TenTTHC="Lạ",
        ),
    )
    world.run()
    actual = _figures(world, rule_set)
    kind = "resolved_early" if rule_set == "opencps_v2" else "resolved_on_time"
    assert (actual["pending_in_time"], actual[kind]) == (1, 1)


def test_an_unknown_rule_set_is_refused_with_the_names_of_the_known(world: World) -> None:
    _finished(world, "2023-07-18 08:00")
    with pytest.raises(
        DBAPIError, match=r"“x” không có; hiện có: ii06, (.*, )?opencps, opencps_v1, opencps_v2, qd766"
    ):
        world.form("2023-07-01", "2023-07-31", rule_set="x")


def test_every_mart_holds_the_stored_rule_sets_and_the_form_repeats_them_as_known_then(world: World) -> None:
    _finished(world, "2023-07-18 16:00")
    for rule_sets in (
        "select distinct r.rule_set from mart.daily_flow as f inner join core.rule_set as r on f.rule_sets & r.bit <> 0",
        "select distinct rule_set from mart.overdue_daily",
        "select distinct rule_set from mart.timeliness_month",
    ):
        assert {name for (name,) in world.ask(rule_sets)} >= set(STORED), rule_sets
    for rule_set in (*STORED, "opencps_v1", "opencps_v2"):
        assert _figures(world, rule_set, known_at="2023-08-01 00:00+07") == _figures(world, rule_set)
        assert _figures(world, rule_set, known_at="2023-07-18 00:00+07")["pending_total"] == 1


def test_two_issues_under_other_rules_differ_by_the_rules_then_by_what_came(world: World) -> None:
    _finished(world, "2023-07-18 16:00")
    # Whoever asks on 20 July knows the days to the 19th.
    world.say_steps("2023-07-19 18:30", step())
    world.run()
    rows = world.ask(
        "select figure, reason, reason_vi, difference, dossier_codes from mart.form_diff('2023-07-01', '2023-07-18',"
        " '2023-07-20 00:00+07', '2023-08-01 00:00+07', 'ii06', 'qd766') order by reason, figure"
    )
    assert [(figure, reason, difference) for figure, reason, _, difference, _ in rows] == [
        ("pending_overdue", "news_arrived_late", -1),
        ("resolved_late", "news_arrived_late", 1),
        ("pending_in_time", "rule_set_changed", -1),
        ("pending_overdue", "rule_set_changed", 1),
    ]
    assert {tuple(codes) for *_, codes in rows} == {(CODE,)}
    first = _figures(world, "ii06", "2023-07-18", known_at="2023-07-20 00:00+07")
    two = _figures(world, "qd766", "2023-07-18", known_at="2023-08-01 00:00+07")
    for figure in ("pending_in_time", "pending_overdue", "resolved_late"):
        change = sum(row[3] for row in rows if row[0] == figure)
        assert two.get(figure, 0) - first.get(figure, 0) == change, figure


def test_months_that_are_the_same_under_several_rule_sets_are_one_row(world: World) -> None:
    # Stopped is open under one rule set and ended under two, which have nothing in August before the other comes.
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-28 09:00"))
    world.say_provincial("2023-07-20 18:30", provincial(status=3, due="2023-07-28 09:00"))
    world.say_provincial(
        "2023-08-01 18:30", provincial(_OTHER, received="2023-08-01 08:00", due="2023-09-01 09:00")
    )
    world.run()
    stored = (
        "select month::text, array(select r.rule_set from core.rule_set as r where t.rule_sets & r.bit <> 0 order by 1),"
        " received_total, carried_over, pending_total from mart.timeliness_count as t where calendar = 'calendar' order by 1, 2"
    )
    assert world.ask(stored) == [
        ("2023-07-01", ["ii06"], 1, 0, 1),
        ("2023-07-01", ["opencps", "qd766"], 1, 0, 0),
        ("2023-08-01", ["ii06"], 2, 1, 2),
        ("2023-08-01", ["opencps", "qd766"], 1, 0, 1),
    ]
    before = _months(world)
    # What each had open at the end of July is found in the row that it shares, where August alone is summed.
    world.say_provincial(
        "2023-08-02 18:30", provincial(_OTHER, received="2023-08-01 08:00", due="2023-09-04 09:00")
    )
    world.run()
    assert _months(world) == before
    for rule_set in STORED:
        (form,) = world.form("2023-08-01", "2023-08-31", rule_set=rule_set).values()
        assert before["2023-08-01", rule_set] == (
            form["received_total"],
            form["carried_over"],
            form["pending_total"],
        )


def _months(world: World) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = world.ask(
        "select month::text, rule_set, received_total, carried_over, pending_total from mart.timeliness_month"
        " where calendar = 'calendar'"
    )
    return {(month, rule_set): tuple(counts) for month, rule_set, *counts in rows}
