"""mart.dossier: one flat row per dossier, whose sums are the figures of the form."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.older_versions import make_older
from tests.worlds import CODE, World, national, provincial
from warehouse_sql.definitions import definitions
from warehouse_sql.migrate import migrate

pytestmark = pytest.mark.both_servers
_OTHER = "000.26.33.H01-230717-0002"
_STORED = [str(row["rule_set"]) for row in definitions("rule_set") if row["is_stored"]]


def test_the_bits_in_the_view_are_those_of_the_rule_sets() -> None:
    assert {row["rule_set"]: row["bit"] for row in definitions("rule_set") if row["is_stored"]} == {
        "ii06": 1,
        "qd766": 2,
        "opencps": 4,
    }


def _agrees_with_the_form(world: World, rule_set: str) -> bool:
    form = world.ask(
        "select coalesce(sum(resolved_early + resolved_on_time), 0), coalesce(sum(resolved_late), 0),"
        f" coalesce(sum(pending_overdue), 0) from mart.form_ii06('2000-01-01', '2099-12-31', '{rule_set}')"
    )
    return form == world.ask(
        f"select count(*) filter (where is_on_time_{rule_set}), count(*) filter (where not is_on_time_{rule_set}),"
        f" count(*) filter (where is_overdue_{rule_set}) from mart.dossier"
    )


@pytest.mark.parametrize("rule_set", _STORED)
def test_its_sums_are_the_figures_of_the_form(sample: World, rule_set: str) -> None:
    assert _agrees_with_the_form(sample, rule_set)


@pytest.mark.parametrize("rule_set", _STORED)
def test_its_sums_are_the_figures_of_the_form_over_three_portals(july: World, rule_set: str) -> None:
    assert _agrees_with_the_form(july, rule_set)


@pytest.mark.parametrize("rule_set", _STORED)
def test_its_sums_are_the_figures_of_the_form_across_the_change_of_units(
    divided: World, rule_set: str
) -> None:
    assert _agrees_with_the_form(divided, rule_set)


@pytest.mark.parametrize("rule_set", _STORED)
def test_they_are_so_before_the_first_run_of_a_version_that_keeps_how_a_dossier_stands(
    sample: World, rule_set: str
) -> None:
    with sample.engine.begin() as connection:
        make_older(connection, "0022_waiting_dossiers")
    migrate(sample.engine)
    assert _agrees_with_the_form(sample, rule_set)


def test_an_end_after_the_last_day_that_is_counted_does_not_count_yet(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(status=4, ended="2023-07-18 08:00"))
    world.run()
    standing = "select is_on_time_ii06, resolved_on_ii06 from mart.dossier"
    assert world.ask("select resolved_on from core.fct_dossier") == [(date(2023, 7, 18),)]
    assert world.ask(standing) == [(None, None)]
    assert all(_agrees_with_the_form(world, rule_set) for rule_set in _STORED)
    world.say_provincial("2023-07-18 18:30", provincial(_OTHER))
    world.run()
    assert (True, date(2023, 7, 18)) in world.ask(standing)
    assert all(_agrees_with_the_form(world, rule_set) for rule_set in _STORED)


def test_a_unit_and_a_period_agree_with_the_form(sample: World) -> None:
    form = sample.ask(
        "select unit_code, resolved_early + resolved_on_time, resolved_late"
        " from mart.form_ii06('2023-02-01', '2023-02-14') where resolved_early + resolved_on_time + resolved_late > 0 order by 1"
    )
    assert form
    assert form == sample.ask(
        "select unit_code, count(*) filter (where is_on_time_ii06), count(*) filter (where not is_on_time_ii06)"
        " from mart.dossier where resolved_on_ii06 between '2023-02-01' and '2023-02-14' group by 1 order by 1"
    )


def test_every_dossier_has_one_row(divided: World) -> None:
    assert divided.ask("select count(*), count(distinct dossier_code) from mart.dossier") == divided.ask(
        "select count(*), count(*) from core.fct_dossier"
    )
    assert divided.ask(
        "select count(*) from mart.dossier where unit_name is null or procedure_name is null"
    ) == [(0,)]


def test_a_dossier_of_a_divided_unit_says_that_its_successor_is_an_estimate(divided: World) -> None:
    assert divided.ask("select count(*) from mart.dossier where is_unit_divided")[0][0] > 0
    assert divided.ask(
        "select count(*) from mart.dossier as d inner join core.dim_unit as u on d.current_unit_code = u.unit_code"
        " and u.valid_to = '9999-12-31' where u.unit_name = d.current_unit_name and d.is_unit_divided"
    ) == divided.ask("select count(*) from mart.dossier where is_unit_divided")


def test_since_when_a_dossier_waits(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(status=2, due="2023-07-21 09:00"))
    world.say_provincial("2023-07-18 18:30", provincial(status=1, due="2023-07-21 09:00"))
    world.say_provincial("2023-07-19 18:30", provincial(status=1, due="2023-07-28 09:00"))
    world.say_national(
        "2023-07-20 18:30", national(_OTHER, status=9, ended="2023-07-18 08:00", due="2023-07-19 09:00")
    )
    world.run()
    rows = world.ask(
        "select dossier_code, suspended_since::text, waiting_for_hand_over_since::text, working_days_taken,"
        " working_days_left, is_open from mart.dossier order by 1".replace("::", r"\:\:")
    )
    assert rows == [
        # asked for papers once, however often the due date moved meanwhile; Monday to Thursday
        (CODE, "2023-07-18 18:30:00", None, 3, None, True),
        (_OTHER, None, "2023-07-18 08:00:00", 1, None, False),
    ]


def test_nothing_that_a_query_does_not_ask_for_is_read(sample: World) -> None:
    plan = "\n".join(
        line for (line,) in sample.ask("explain select count(*) from mart.dossier where unit_code = '30517'")
    )
    assert "fct_dossier_event" not in plan
    assert "dim_" not in plan and "unit_successor" not in plan
