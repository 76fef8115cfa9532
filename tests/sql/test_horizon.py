"""The last day that figures count: one for all of them, as known now and as known then."""

from __future__ import annotations

from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.rebuild import COMPARED, table_digest
from tests.worlds import World, at, provincial
from warehouse_sql.sql_files import run_file
from warehouse_sql.vietnam_time import VIETNAM

pytestmark = pytest.mark.both_servers
_OTHER = "000.26.33.H01-230718-0001"
_COUNTS = (
    "received_total",
    "carried_over",
    "resolved_total",
    "pending_total",
    "pending_in_time",
    "pending_overdue",
)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _arrive(world: World, arrived: str) -> None:
    moment = at(arrived).replace(tzinfo=VIETNAM)
    world.run(arrived_when_exported=False, clock=lambda: moment)


def _untimed(world: World, name: str, *dossiers: dict[str, object]) -> None:
    """A page that says nowhere when it was exported."""
    path = world.say_provincial("2023-07-17 18:30", *dossiers)
    content = (world.landing / path).read_bytes().replace(b'"exportedAt"', b'"noteAt"')
    (world.landing / path).unlink()
    world.put(f"igate/{name}.json", content)


def _horizon(world: World, known_at: str = "infinity") -> str | None:
    ((day,),) = world.ask("select landing.horizon(cast(:at as timestamptz))::text", at=known_at)
    return day


def test_a_form_that_ends_later_counts_up_to_the_horizon(world: World) -> None:
    # Due on 18 July and open in the last export, of that day: nobody knows whether it became overdue.
    world.say_provincial("2023-07-18 18:30", provincial())
    world.run()
    full, cut = world.form("2023-07-01", "2023-07-31"), world.form("2023-07-01", "2023-07-18")
    assert full == cut
    assert [row["pending_overdue"] for row in full.values()] == [0]
    assert world.form("2023-08-01", "2023-08-31") == {
        unit: row | {"received_direct_postal": 0, "carried_over": 1} for unit, row in cut.items()
    }
    assert world.ask(
        "select distinct counted_to::text from mart.form_ii06_marked('2023-07-01', '2023-07-31')"
    ) == [("2023-07-18",)]
    assert world.ask(
        "select distinct counted_to::text from mart.form_ii06_marked('2023-07-01', '2023-07-17')"
    ) == [("2023-07-17",)]


@pytest.mark.parametrize("rule_set", ["ii06", "qd766", "opencps"])
def test_the_running_month_and_its_form_give_the_same(world: World, rule_set: str) -> None:
    world.say_provincial("2023-07-18 18:30", provincial(), provincial(_OTHER, received="2023-07-18 08:00"))
    world.run()
    months = world.ask(
        "select calendar, month, sum(received_total)::int, sum(carried_over)::int, sum(resolved_total)::int,"
        " sum(pending_total)::int, sum(pending_in_time)::int, sum(pending_overdue)::int, min(counted_to)::text"
        " from mart.timeliness_month where rule_set = :rule_set group by 1, 2 order by 1",
        rule_set=rule_set,
    )
    periods = [("2023-07-01", "2023-07-31"), ("2023-07-15", "2023-08-14")]
    assert [tuple(row[2:8]) for row in months] == [
        tuple(sum(row[name] for row in world.form(*period, rule_set=rule_set).values()) for name in _COUNTS)
        for period in periods
    ]
    assert [row[:2] + row[8:] for row in months] == [
        ("calendar", date(2023, 7, 1), "2023-07-18"),
        ("reporting", date(2023, 8, 1), "2023-07-18"),
    ]


def test_months_of_a_cell_are_summed_again_where_something_happens_or_a_month_begins(world: World) -> None:
    rows = (
        "select calendar, month::text, ctid::text from mart.timeliness_count"
        " where procedure_code = '1.001193' and rule_sets & 1 <> 0 order by 1, 2"
    )

    def another(number: int, exported: str) -> None:
        received = f"{exported[:10]} 08:00"
        statement = provincial(
            f"{_OTHER[:-1]}{number}", received=received, due="2023-12-29 17:00", procedure="1.000894"
        )
        world.say_provincial(exported, statement)
        world.run()

    world.say_provincial("2023-07-18 18:30", provincial(due="2023-12-29 17:00"))
    world.run()
    before = world.ask(rows)
    another(1, "2023-07-19 18:30")
    assert world.ask(rows) == before
    another(2, "2023-08-02 18:30")
    in_august = world.ask(rows)
    assert [row[:2] for row in in_august] == [
        ("calendar", "2023-07-01"),
        ("calendar", "2023-08-01"),
        ("reporting", "2023-08-01"),
    ]
    another(3, "2023-08-14 18:30")
    assert world.ask(rows) == in_august
    # The days from the 15th on are of the reporting month of September.
    another(4, "2023-08-16 18:30")
    assert [row[:2] for row in world.ask(rows)] == [
        *[row[:2] for row in in_august],
        ("reporting", "2023-09-01"),
    ]


def test_a_file_without_export_time_moves_the_horizon_only_where_no_other_is(world: World) -> None:
    _untimed(world, "a", provincial())
    _arrive(world, "2023-07-25 08:00")
    assert _horizon(world) == "2023-07-25"
    world.say_provincial("2023-07-18 18:30", provincial(_OTHER, received="2023-07-18 08:00"))
    _arrive(world, "2023-07-26 08:00")
    assert _horizon(world) == "2023-07-18"
    assert (_horizon(world, "2023-07-25 12:00+07"), _horizon(world, "2023-07-24 12:00+07")) == (
        "2023-07-25",
        None,
    )


@pytest.mark.long
def test_a_horizon_that_moves_back_leaves_what_another_order_leaves(world: World) -> None:
    # What the untimed file says is dated by its arrival, so that alone is kept from order to order.
    ends = []
    for order in permutations(["untimed", "timed", "later"]):
        _forget_all(world)
        for name in order:
            if name == "untimed":
                _untimed(world, "a", provincial())
            elif name == "timed":
                world.say_provincial(
                    "2023-07-18 18:30",
                    provincial(_OTHER, received="2023-07-17 08:00", due="2023-07-18 17:00"),
                )
            else:
                world.say_provincial(
                    "2023-07-20 18:30",
                    provincial(
                        _OTHER,
                        received="2023-07-17 08:00",
                        due="2023-07-18 17:00",
                        status=4,
                        ended="2023-07-20 09:00",
                    ),
                )
            _arrive(world, "2023-08-25 08:00")
        with world.engine.connect() as connection:
            ends.append([table_digest(connection, table) for table in COMPARED])
    assert all(end == ends[0] for end in ends[1:])
    assert world.ask("select max(date)::text from mart.overdue_daily") == [("2023-07-20",)]
    assert world.ask(
        "select distinct month::text from mart.timeliness_month where calendar = 'calendar'"
    ) == [("2023-07-01",)]


def _forget_all(world: World) -> None:
    with world.engine.begin() as connection:
        for file in world.landing.rglob("*.json"):
            file.unlink()
        run_file(connection, "history/forget.sql")
        connection.exec_driver_sql("truncate landing.export_file cascade")


def test_as_known_then_figures_count_up_to_the_horizon_of_then(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    _arrive(world, "2023-07-17 19:00")
    then = world.form("2023-07-01", "2023-07-31")
    world.say_provincial(
        "2023-07-25 18:30", provincial(_OTHER, received="2023-07-25 08:00", due="2023-07-31 08:00")
    )
    _arrive(world, "2023-07-25 19:00")
    known_at = datetime(2023, 7, 18, tzinfo=VIETNAM)
    assert world.form("2023-07-01", "2023-07-31", known_at=known_at) == then
    assert [row["pending_overdue"] for row in then.values()] == [0]
    assert sum(row["pending_overdue"] for row in world.form("2023-07-01", "2023-07-31").values()) == 1


def test_two_issues_of_a_running_month_differ_by_the_days_that_only_one_counts(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    _arrive(world, "2023-07-17 19:00")
    world.say_provincial(
        "2023-07-25 18:30", provincial(_OTHER, received="2023-07-17 10:00", due="2023-07-31 08:00")
    )
    _arrive(world, "2023-07-25 19:00")
    assert world.ask(
        "select figure, reason, reason_vi, difference, dossier_codes[1] from mart.form_diff('2023-07-01', '2023-07-31',"
        " '2023-07-18 00:00+07', 'infinity') order by figure, reason"
    ) == [
        ("pending_in_time", "arrived_late", "hồ sơ đến muộn", 1, _OTHER),
        ("pending_in_time", "counted_further", "kỳ được tính đến ngày khác", -1, "000.26.33.H01-230717-0001"),
        ("pending_overdue", "counted_further", "kỳ được tính đến ngày khác", 1, "000.26.33.H01-230717-0001"),
        ("received_direct_postal", "arrived_late", "hồ sơ đến muộn", 1, _OTHER),
    ]


def test_what_happened_in_days_that_only_the_second_issue_counts_is_no_late_news(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    _arrive(world, "2023-07-17 19:00")
    world.say_provincial("2023-07-18 18:30", provincial(status=4, ended="2023-07-18 08:00"))
    world.say_provincial(
        "2023-07-18 18:31", provincial(_OTHER, received="2023-07-18 10:00", due="2023-07-31 08:00")
    )
    _arrive(world, "2023-07-18 19:00")
    ask = (
        "select reason, figure, difference from mart.form_diff('2023-07-01', '2023-07-31',"
        " cast(:one as timestamptz), cast(:two as timestamptz)) order by figure"
    )
    rows = world.ask(ask, one="2023-07-18 00:00+07", two="infinity")
    assert {reason for reason, *_ in rows} == {"counted_further"}
    first, two = (
        world.form("2023-07-01", "2023-07-31", known_at=at) for at in ("2023-07-18 00:00+07", "infinity")
    )
    for figure in ("received_direct_postal", "resolved_on_time", "pending_in_time"):
        change = sum(row[2] for row in rows if row[1] == figure)
        assert sum(row[figure] for row in two.values()) - sum(row[figure] for row in first.values()) == change
    back = world.ask(ask, one="infinity", two="2023-07-18 00:00+07")
    assert [(figure, -difference) for _, figure, difference in back] == [row[1:] for row in rows]


def test_readers_of_marts_see_how_far_months_and_open_dossiers_reach(world: World) -> None:
    world.say_provincial("2023-07-18 18:30", provincial())
    world.run()
    with world.engine.begin() as connection:
        connection.exec_driver_sql("set local role motcua_reader")
        for asked in (
            "select mart.horizon()",
            "select distinct counted_to from mart.timeliness_month",
            "select as_of from mart.open_dossier",
            "select distinct counted_to from mart.form_ii06_marked('2023-07-01', '2023-07-31')",
        ):
            assert connection.exec_driver_sql(asked).scalar_one() == date(2023, 7, 18), asked
